/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Figures from the roll-ups: each month's own sums, added up. */
#include "app/calls/call.sql.h"
#include "app/calls/call_private.h"

#include <stdlib.h>
#include <string.h>

#define ROWS_MOST 100000 /* agents of a contract, say: beyond all reason */

const char *const FIGURES_BY[] = {"agent", "day", "number", "hour", NULL};

const struct field CALL_FIGURE_FIELDS[] = {
    FIELD(call_figure, key),
    FIELD(call_figure, name),
    FIELD_REF(call_figure, agent_id, "agents"),
    FIELD_REF(call_figure, number_id, "numbers"),
    FIELD(call_figure, dials),
    FIELD(call_figure, connected),
    FIELD(call_figure, success),
    FIELD(call_figure, talk_s),
    FIELD(call_figure, duration_s),
    FIELDS_END,
};

static const struct query *const QUERIES[] = {
    [BY_AGENT] = &q_figures_by_agent,
    [BY_DAY] = &q_figures_by_day,
    [BY_NUMBER] = &q_figures_by_number,
    [BY_HOUR] = &q_figures_by_hour,
};

struct asked {
    const int64_t *contract_ids;
    size_t contracts;
    struct date from, to;
    enum figures_by by;
    struct call_figure *rows; /* of all months so far */
    size_t count;
};

static enum result contract_figures(struct ctx *cx, struct asked *asked, int64_t contract_id)
{
    struct call_figure *rows;
    size_t count;
    TRY(db_list(cx, QUERIES[asked->by], PARAMS(P(contract_id), P(asked->from), P(asked->to)),
                CALL_FIGURE_FIELDS, sizeof *rows, ROWS_MOST, &rows, &count));
    struct call_figure *all = ARENA_ARRAY(cx->mem, struct call_figure, asked->count + count + 1);
    if (asked->count)
        memcpy(all, asked->rows, asked->count * sizeof *all);
    if (count)
        memcpy(all + asked->count, rows, count * sizeof *all);
    asked->rows = all;
    asked->count += count;
    return OK;
}

static enum result month_figures(struct ctx *cx, void *host)
{
    struct asked *asked = host;
    for (size_t i = 0; i < asked->contracts; i++)
        TRY(contract_figures(cx, asked, asked->contract_ids[i]));
    return OK;
}

static int by_key(const void *a, const void *b)
{
    const struct call_figure *left = a, *right = b;
    const int order = strcmp(left->key, right->key);
    return order ? order : (left->agent_id > right->agent_id) - (left->agent_id < right->agent_id);
}

static int32_t sum(int32_t a, int32_t b)
{
    return a > INT32_MAX - b ? INT32_MAX : a + b;
}

static void merge(struct asked *asked)
{
    size_t kept = 0;
    struct call_figure *rows = asked->rows;
    if (asked->count)
        qsort(rows, asked->count, sizeof *rows, by_key);
    for (size_t i = 0; i < asked->count; i++) {
        if (kept == 0 || by_key(&rows[kept - 1], &rows[i]) != 0) {
            rows[kept++] = rows[i];
            continue;
        }
        struct call_figure *to = &rows[kept - 1];
        to->dials = sum(to->dials, rows[i].dials);
        to->connected = sum(to->connected, rows[i].connected);
        to->success = sum(to->success, rows[i].success);
        to->talk_s = sum(to->talk_s, rows[i].talk_s);
        to->duration_s = sum(to->duration_s, rows[i].duration_s);
    }
    asked->count = kept;
}

enum result call_figures(struct ctx *cx, const int64_t *contract_ids, size_t contracts,
                         struct date from, struct date to, enum figures_by by,
                         struct call_figure **out, size_t *out_count)
{
    struct asked asked = {
        .contract_ids = contract_ids, .contracts = contracts, .from = from, .to = to, .by = by};
    for (struct month month = month_of(from); month.months <= month_of(to).months; month.months++)
        TRY(months_read(cx, calls_months(), month, month_figures, &asked));
    merge(&asked);
    *out = asked.rows;
    *out_count = asked.count;
    return OK;
}

static enum result contracts_seen(struct ctx *cx, int64_t **out_ids, size_t *out_count)
{
    struct list_query query = {.limit = LIST_MOST, .sort = "id"};
    struct list list;
    (void)list_condition(cx, &CONTRACTS, "service", "outbound_call", &query);
    TRY(record_list(cx, &CONTRACTS, &query, &list));
    const struct contract *contracts = list.rows;
    *out_ids = ARENA_ARRAY(cx->mem, int64_t, list.count + 1);
    for (size_t i = 0; i < list.count; i++)
        (*out_ids)[i] = contracts[i].id;
    *out_count = list.count;
    return OK;
}

enum result call_contracts(struct ctx *cx, const char *number, int64_t **out_ids, size_t *out_count)
{
    if (!*number)
        return contracts_seen(cx, out_ids, out_count);
    *out_ids = ARENA_ARRAY(cx->mem, int64_t, 1);
    *out_count = 1;
    TRY(db_int(cx, &q_contract_numbered, PARAMS(P(number)), *out_ids));
    enum result seen = **out_ids ? record_seen(cx, &CONTRACTS, **out_ids) : NOT_FOUND;
    if (seen == NOT_FOUND) {
        cx->fault = (struct fault){.result = OK};
        return fail(cx, NOT_FOUND, "record.not_found", "contracts", number);
    }
    return seen;
}
