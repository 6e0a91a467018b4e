/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/calls/call_day.h"

#include "app/calls/call_private.h"

#include <stdlib.h>
#include <string.h>

static const struct field CALL_DAY_FIELDS[] = {
    FIELD(call_day, id, .column = "t.id", .use = FILTERED | SORTED),
    FIELD(call_day, version, .column = "1", .use = NO_DIFF),
    FIELD(call_day, created_at, .column = "0", .use = NO_DIFF | HIDDEN),
    FIELD(call_day, updated_at, .column = "0", .use = NO_DIFF | HIDDEN),
    FIELD(call_day, day, .column = "t.day", .use = LISTED | FILTERED),
    FIELD_REF(call_day, contract_id, "contracts", .column = "t.contract_id",
              .among = "service=outbound_call", .use = FILTERED | CHOSEN),
    FIELD(call_day, contract_number, .column = "c.number"),
    FIELD(call_day, contract_name, .column = "c.name", .use = LISTED),
    FIELD_REF(call_day, agent_id, "agents", .column = "t.agent_id", .use = FILTERED | CHOSEN),
    FIELD(call_day, agent_code, .column = "a.code", .use = LISTED),
    FIELD_REF(call_day, person_id, "people", .column = "a.person_id", .use = FILTERED),
    FIELD(call_day, person_name, .column = "p.name", .use = LISTED),
    FIELD(call_day, dials, .column = "t.dials", .use = LISTED),
    FIELD(call_day, connected, .column = "t.connected", .use = LISTED),
    FIELD(call_day, connect_rate, .use = LISTED | DERIVED),
    FIELD(call_day, success, .column = "t.success", .use = LISTED),
    FIELD(call_day, success_rate, .use = DERIVED),
    FIELD(call_day, talk_s, .column = "t.talk_s", .use = LISTED),
    FIELD(call_day, duration_s, .column = "t.duration_s"),
    FIELD(call_day, signed_s, .column = "t.signed_s", .use = LISTED),
    FIELD(call_day, idle_s, .column = "t.idle_s"),
    FIELD(call_day, pause_s, .column = "t.pause_s", .use = LISTED),
    FIELD(call_day, talking_s, .column = "t.talking_s"),
    FIELD(call_day, wrap_s, .column = "t.wrap_s"),
    FIELD(call_day, overlap_s, .column = "t.overlap_s"),
    FIELD(call_day, unended, .column = "t.unended"),
    FIELD(call_day, occupancy, .use = DERIVED),
    FIELD(call_day, utilisation, .use = LISTED | DERIVED),
    FIELDS_END,
};

/* ---- where they lie: the id is the day above 32 bits of whom it counts ---- */

#define DAY_IDS (INT64_C(1) << 32)

static int64_t first_id(struct date day)
{
    return agent_day_id(day, 1, 0) / DAY_IDS * DAY_IDS;
}

static struct date day_of(int64_t id)
{
    const struct date any = date_of(2026, 1, 1);
    return date_add(any, (int)(id / DAY_IDS - first_id(any) / DAY_IDS));
}

struct walk {
    struct list_query query;
    int64_t from, to; /* ids, both inclusive */
    int wanted;       /* one more than the page */
    char *rows;
    size_t count;
};

static void take_condition(struct ctx *cx, struct walk *walk, const struct condition *condition)
{
    const struct field_reading reading = {.arena = cx->mem};
    struct call_day bound = {.day = {0}};
    if (strcmp(condition->field->name, "day") != 0) {
        struct condition *kept = ARENA_NEW(cx->mem, struct condition);
        *kept = *condition;
        kept->next = walk->query.conditions;
        walk->query.conditions = kept;
        return;
    }
    if (field_read(condition->field, condition->value, &reading, &bound) || !bound.day.days) {
        reject(cx, "day", "malformed");
        return;
    }
    const int64_t from = first_id(bound.day), to = first_id(date_add(bound.day, 1)) - 1;
    if (condition->compare != TO && from > walk->from)
        walk->from = from;
    if (condition->compare != FROM && to < walk->to)
        walk->to = to;
}

static enum result walk_begin(struct ctx *cx, const struct list_query *query, struct walk *out)
{
    int64_t after;
    const int limit = query->limit < 1 ? LIST_USUAL : query->limit;
    *out = (struct walk){.to = INT64_MAX};
    out->wanted = (limit > LIST_MOST ? LIST_MOST : limit) + 1;
    out->rows = ARENA_ARRAY(cx->mem, char, (size_t)out->wanted * sizeof(struct call_day));
    for (const struct condition *condition = query->conditions; condition;
         condition = condition->next)
        take_condition(cx, out, condition);
    if (query->sort && *query->sort && strcmp(query->sort, "-id") != 0)
        reject(cx, "sort", "not_sortable");
    if (query->after && *query->after) {
        if (!int_parse(query->after, &after) || after <= 0)
            return fail(cx, INVALID, "list.bad_cursor");
        out->to = after - 1 < out->to ? after - 1 : out->to;
    }
    return rejected(cx);
}

struct of_month {
    struct walk *walk;
    int64_t from, to;
};

static enum result walk_month(struct ctx *cx, void *host)
{
    const struct of_month *of = host;
    struct walk *walk = of->walk;
    struct list_query query = walk->query;
    struct list list = {.next = NULL};
    const char *from = arena_printf(cx->mem, "%lld", (long long)of->from);
    const char *to = arena_printf(cx->mem, "%lld", (long long)of->to);
    if (!list_condition(cx, &CALL_DAYS, "id_from", from, &query) ||
        !list_condition(cx, &CALL_DAYS, "id_to", to, &query))
        abort(); /* the names are ours */
    do {
        query.limit = walk->wanted - (int)walk->count;
        query.after = list.next;
        TRY(record_list_here(cx, &CALL_DAYS, &query, &list));
        memcpy(walk->rows + walk->count * sizeof(struct call_day), list.rows,
               list.count * sizeof(struct call_day));
        walk->count += list.count;
    } while (list.next && walk->count < (size_t)walk->wanted);
    return OK;
}

static int64_t month_begin(struct month month)
{
    const int index = month.months - 1;
    return first_id(date_of(index / 12, index % 12 + 1, 1));
}

static enum result days_list(struct ctx *cx, const struct resource *resource,
                             const struct list_query *query, struct list *out)
{
    struct walk walk;
    const struct month *months;
    size_t month_count;
    (void)resource;
    *out = (struct list){0};
    TRY(walk_begin(cx, query, &walk));
    TRY(months_list(cx, calls_months(), &months, &month_count));
    for (size_t i = 0; i < month_count && walk.count < (size_t)walk.wanted; i++) {
        const int64_t begin = month_begin(months[i]);
        const int64_t end = month_begin((struct month){months[i].months + 1}) - 1;
        struct of_month of = {&walk, walk.from > begin ? walk.from : begin,
                              walk.to < end ? walk.to : end};
        if (of.from <= of.to)
            TRY(months_read(cx, calls_months(), months[i], walk_month, &of));
    }
    out->rows = walk.rows;
    out->count = walk.count;
    if (walk.count == (size_t)walk.wanted) {
        const struct call_day *last =
            &((const struct call_day *)(void *)walk.rows)[--out->count - 1];
        out->next = arena_printf(cx->mem, "%lld", (long long)last->id);
    }
    return OK;
}

struct wanted {
    int64_t id;
    void *out;
    enum result result;
};

static enum result get_one(struct ctx *cx, void *host)
{
    struct wanted *wanted = host;
    wanted->result = record_get_here(cx, &CALL_DAYS, wanted->id, wanted->out);
    return wanted->result;
}

static enum result days_get(struct ctx *cx, const struct resource *resource, int64_t id, void *out)
{
    struct wanted wanted = {id, out, NOT_FOUND};
    (void)resource;
    if (id / DAY_IDS < 1 || id / DAY_IDS > 30000) /* no day within a lifetime */
        return fail(cx, NOT_FOUND, "record.not_found");
    TRY(months_read(cx, calls_months(), month_of(day_of(id)), get_one, &wanted));
    return wanted.result == NOT_FOUND ? fail(cx, NOT_FOUND, "record.not_found") : wanted.result;
}

static const struct apart DAYS_APART = {.get = days_get, .list = days_list};

int64_t call_day_id(const struct call *call)
{
    return agent_day_id(instant_date(call->started_at, SHANGHAI_OFFSET_MIN), call->agent_id,
                        call->contract_id);
}

/* ---- figures ---- */

struct call_sums call_day_sums(const struct call_day *day)
{
    return (struct call_sums){{[SUM_DIALS] = day->dials,
                               [SUM_CONNECTED] = day->connected,
                               [SUM_SUCCESS] = day->success,
                               [SUM_TALK_S] = day->talk_s,
                               [SUM_DURATION_S] = day->duration_s,
                               [SUM_SIGNED_S] = day->signed_s,
                               [SUM_IDLE_S] = day->idle_s,
                               [SUM_PAUSE_S] = day->pause_s,
                               [SUM_TALKING_S] = day->talking_s,
                               [SUM_WRAP_S] = day->wrap_s}};
}

static void day_derive(struct ctx *cx, void *record)
{
    struct call_day *day = record;
    const struct call_sums sums = call_day_sums(day);
    const struct {
        const char *name;
        struct points *to;
    } RATES[] = {{"connect_rate", &day->connect_rate},
                 {"success_rate", &day->success_rate},
                 {"occupancy", &day->occupancy},
                 {"utilisation", &day->utilisation}};
    (void)cx;
    for (size_t i = 0; i < sizeof RATES / sizeof RATES[0]; i++)
        if (!formula_value(call_formula(RATES[i].name), &sums, &RATES[i].to->hundredths))
            RATES[i].to->hundredths = POINTS_NONE;
}

const struct resource CALL_DAYS = {
    .name = "call_days",
    .clause = "C2.4",
    .fields = CALL_DAY_FIELDS,
    .size = sizeof(struct call_day),
    .joins = "LEFT JOIN contracts c ON c.id = t.contract_id "
             "LEFT JOIN agents a ON a.id = t.agent_id "
             "LEFT JOIN people p ON p.id = a.person_id",
    .title = "person_name",
    .sort = "-id",
    .parent = &CONTRACTS,
    .parent_field = "contract_id",
    .derive = day_derive,
    .apart = &DAYS_APART,
};

/* ---- what it is made of ---- */

static int by_start(const void *a, const void *b)
{
    const struct call *left = a, *right = b;
    return (left->id > right->id) - (left->id < right->id);
}

/* Of nobody known, and on no contract, as lists are asked for it. */
static const char *id_or_none(struct ctx *cx, int64_t id)
{
    return id ? arena_printf(cx->mem, "%lld", (long long)id) : "none";
}

enum result call_day_calls(struct ctx *cx, const struct call_day *day, int most, struct call **out,
                           size_t *out_count)
{
    char text[DATE_MAX_TEXT];
    struct list_query query = {.limit = LIST_MOST};
    struct list list = {.next = NULL};
    *out = ARENA_ARRAY(cx->mem, struct call, (size_t)most + LIST_MOST);
    *out_count = 0;
    date_format(day->day, text);
    list_conditions(cx, &CALLS,
                    arena_printf(cx->mem,
                                 "agent_id=%s&contract_id=%s&started_at_from=%sT00:00:00+08:00&"
                                 "started_at_to=%sT23:59:59+08:00",
                                 id_or_none(cx, day->agent_id), id_or_none(cx, day->contract_id),
                                 text, text),
                    &query);
    do {
        query.after = list.next;
        TRY(record_list(cx, &CALLS, &query, &list));
        memcpy(*out + *out_count, list.rows, list.count * sizeof **out);
        *out_count += list.count;
    } while (list.next && *out_count < (size_t)most);
    qsort(*out, *out_count, sizeof **out, by_start);
    return OK;
}

enum result call_day_others(struct ctx *cx, const struct call_day *day, struct call_day **out,
                            size_t *out_count)
{
    char text[DATE_MAX_TEXT];
    struct list_query query = {.limit = LIST_MOST};
    struct list list = {.count = 0};
    date_format(day->day, text);
    *out_count = 0;
    if (!day->person_id)
        return OK;
    list_conditions(cx, &CALL_DAYS,
                    arena_printf(cx->mem, "day=%s&person_id=%lld", text, (long long)day->person_id),
                    &query);
    TRY(record_list(cx, &CALL_DAYS, &query, &list));
    *out = list.rows;
    for (size_t i = 0; i < list.count; i++)
        if ((*out)[i].id != day->id)
            (*out)[(*out_count)++] = (*out)[i];
    return OK;
}
