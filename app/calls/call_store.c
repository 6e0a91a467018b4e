/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One month's share of what was reported, in its writer's transaction. */
#include "app/calls/call.sql.h"
#include "app/calls/call_private.h"
#include "app/gate/gate.h"

#include <stdlib.h>
#include <string.h>

/* ---- sources ---- */

#define SOURCES_MOST 64

/* Those of this batch: a call system names itself in every line. */
struct sources {
    struct {
        const char *name;
        int64_t provider_id, id;
    } at[SOURCES_MOST];
    size_t count;
};

enum result call_source_id(struct ctx *cx, const char *name, int64_t provider_id, int64_t *out_id)
{
    const struct params params = PARAMS(P(name), param_number(provider_id));
    TRY(db_int(cx, &q_source_find, params, out_id));
    return *out_id ? OK : db_insert(cx, &q_source_add, params, out_id);
}

static enum result source_of(struct ctx *cx, struct sources *sources, const struct call_row *row,
                             int64_t *out_id)
{
    for (size_t i = 0; i < sources->count; i++) {
        if (sources->at[i].provider_id == row->provider_id &&
            strcmp(sources->at[i].name, row->line->source) == 0) {
            *out_id = sources->at[i].id;
            return OK;
        }
    }
    TRY(call_source_id(cx, row->line->source, row->provider_id, out_id));
    if (sources->count < SOURCES_MOST) {
        const size_t i = sources->count++;
        sources->at[i].name = row->line->source;
        sources->at[i].provider_id = row->provider_id;
        sources->at[i].id = *out_id;
    }
    return OK;
}

/* ---- the calls themselves ---- */

#define CALL_COLUMNS 13

static void put_call(struct param params[CALL_COLUMNS], const struct call_row *row, int64_t source)
{
    const struct call_line *line = row->line;
    const struct param values[CALL_COLUMNS] = {
        param_number(row->id),          param_number(source),
        param_text(line->uid),          param_id(row->contract_id),
        param_id(row->agent_id),        param_id(row->number_id),
        param_id(row->gate_id),         param_number(row->callee_key),
        param_number(row->callee_code), param_int(line->duration_s),
        param_int(line->talk_s),        param_int((int32_t)line->result),
        param_text(line->recording),
    };
    memcpy(params, values, sizeof values);
}

struct place {
    int64_t source_id;
    const char *uid;
};
static const struct field PLACE_FIELDS[] = {FIELD(place, source_id), FIELD(place, uid), FIELDS_END};

/* The next place of the same millisecond. */
static int64_t next_place(int64_t id)
{
    const int64_t slots = (INT64_C(1) << CALL_SLOT_BITS) - 1;
    return (id & ~slots) | ((id + 1) & slots);
}

/* From its first place on, until it is found there already or a place is free. Nothing is ever
 * taken away from between, so that it is found again where it was put. */
static enum result find_place(struct ctx *cx, struct call_row *row, struct param *params,
                              bool *out_new)
{
    const int64_t first = row->id;
    *out_new = false;
    do {
        struct place place;
        enum result there = db_one(cx, &q_call_at, PARAMS(P(row->id)), PLACE_FIELDS, &place);
        if (there == NOT_FOUND) {
            params[0] = param_number(row->id);
            return db_change_rows(cx, &q_calls_add, params, CALL_COLUMNS, 1, out_new);
        }
        if (there != OK ||
            (place.source_id == params[1].number && strcmp(place.uid, row->line->uid) == 0))
            return there;
        row->id = next_place(row->id);
    } while (row->id != first);
    row->fault = "moment_full"; /* 8192 calls of one millisecond: a call system without a clock */
    return OK;
}

/* All that find their first place free go in at once, the others one by one. Of several with the
 * same first place only the first is among them. */
static enum result put_calls(struct ctx *cx, struct call_batch *batch, bool *is_new)
{
    struct param *all = ARENA_ARRAY(cx->mem, struct param, batch->count * CALL_COLUMNS);
    struct param *first = ARENA_ARRAY(cx->mem, struct param, batch->count * CALL_COLUMNS);
    size_t *which = ARENA_ARRAY(cx->mem, size_t, batch->count);
    bool *changed = ARENA_ARRAY(cx->mem, bool, batch->count);
    struct sources sources = {.count = 0};
    size_t firsts = 0;
    for (size_t i = 0; i < batch->count; i++) {
        int64_t source;
        struct param *params = all + i * CALL_COLUMNS;
        TRY(source_of(cx, &sources, &batch->rows[i], &source));
        put_call(params, &batch->rows[i], source);
        if (i > 0 && batch->rows[i].id == batch->rows[i - 1].id)
            continue;
        memcpy(first + firsts * CALL_COLUMNS, params, CALL_COLUMNS * sizeof *params);
        which[firsts++] = i;
    }
    TRY(db_change_rows(cx, &q_calls_add, first, CALL_COLUMNS, firsts, changed));
    for (size_t i = 0; i < firsts; i++)
        is_new[which[i]] = changed[i];
    for (size_t i = 0; i < batch->count; i++)
        if (!is_new[i])
            TRY(find_place(cx, &batch->rows[i], all + i * CALL_COLUMNS, &is_new[i]));
    return OK;
}

/* ---- roll-ups ---- */

struct sum {
    int64_t id;
    struct date day;
    int32_t hour;
    int64_t contract_id, whom, person_id;
    int64_t dials, connected, success, talk_s, duration_s;
};

static int sum_order(const void *a, const void *b)
{
    const int64_t left = ((const struct sum *)a)->id, right = ((const struct sum *)b)->id;
    return (left > right) - (left < right);
}

/* Sums of the same id become one; returns how many are left. */
static size_t sums_merge(struct sum *sums, size_t count)
{
    size_t kept = 0;
    qsort(sums, count, sizeof *sums, sum_order);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || sums[kept - 1].id != sums[i].id) {
            sums[kept++] = sums[i];
            continue;
        }
        struct sum *sum = &sums[kept - 1];
        sum->dials += sums[i].dials;
        sum->connected += sums[i].connected;
        sum->success += sums[i].success;
        sum->talk_s += sums[i].talk_s;
        sum->duration_s += sums[i].duration_s;
    }
    return kept;
}

/* Whom a roll-up counts, in the lower 32 bits of its id; of somebody unknown, the contract's. */
static int64_t sum_id(int64_t time, int64_t whom, int64_t contract_id)
{
    const int64_t low = whom ? whom : contract_id | INT64_C(1) << 31;
    return time << 32 | (low & UINT32_MAX);
}

static struct sum sum_of(const struct call_row *row)
{
    const struct call_line *line = row->line;
    const struct instant start = call_instant(row->id);
    return (struct sum){
        .day = instant_date(start, SHANGHAI_OFFSET_MIN),
        .hour = (int32_t)((start.ms / 60000 + SHANGHAI_OFFSET_MIN) / 60 % 24),
        .contract_id = row->contract_id,
        .dials = 1,
        .connected = line->result == CALL_SUCCESS || line->result == CALL_CONTACTED,
        .success = line->result == CALL_SUCCESS,
        .talk_s = line->talk_s,
        .duration_s = line->duration_s,
    };
}

/* The five figures at the end of a roll-up's parameters. */
static void put_figures(struct param *params, const struct sum *sum)
{
    params[0] = param_number(sum->dials);
    params[1] = param_number(sum->connected);
    params[2] = param_number(sum->success);
    params[3] = param_number(sum->talk_s);
    params[4] = param_number(sum->duration_s);
}

static void put_agent_day(struct param *params, const struct sum *sum)
{
    params[2] = param_id(sum->contract_id);
    params[3] = param_id(sum->whom);
    params[4] = param_id(sum->person_id);
    put_figures(params + 5, sum);
}

static void put_number_day(struct param *params, const struct sum *sum)
{
    params[2] = param_id(sum->contract_id);
    params[3] = param_id(sum->whom);
    put_figures(params + 4, sum);
}

static void put_contract_hour(struct param *params, const struct sum *sum)
{
    params[2] = param_int(sum->hour);
    params[3] = param_id(sum->contract_id);
    put_figures(params + 4, sum);
}

enum rollup { AGENT_DAYS, NUMBER_DAYS, CONTRACT_HOURS, ROLLUP_COUNT };

static const struct {
    const struct query *query, *correct;
    int columns;
    void (*put)(struct param *params, const struct sum *sum);
} ROLLUPS[ROLLUP_COUNT] = {
    [AGENT_DAYS] = {&q_agent_days_add, &q_agent_day_correct, 10, put_agent_day},
    [NUMBER_DAYS] = {&q_number_days_add, &q_number_day_correct, 9, put_number_day},
    [CONTRACT_HOURS] = {&q_contract_hours_add, &q_contract_hour_correct, 9, put_contract_hour},
};

#define EPOCH_DAY 737425 /* 2020-01-01 */

int64_t agent_day_id(struct date day, int64_t agent_id, int64_t contract_id)
{
    return sum_id(day.days - EPOCH_DAY, agent_id, contract_id);
}

static void sums_by(const struct call_row *row, struct sum out[ROLLUP_COUNT])
{
    const struct sum sum = sum_of(row);
    const int64_t day = sum.day.days - EPOCH_DAY;
    for (int i = 0; i < ROLLUP_COUNT; i++)
        out[i] = sum;
    out[AGENT_DAYS].whom = row->agent_id;
    out[AGENT_DAYS].person_id = row->person_id;
    out[AGENT_DAYS].id = agent_day_id(sum.day, row->agent_id, row->contract_id);
    out[NUMBER_DAYS].whom = row->number_id;
    out[NUMBER_DAYS].id = sum_id(day, row->number_id, row->contract_id);
    out[CONTRACT_HOURS].id = sum_id(day * 24 + sum.hour, 0, row->contract_id);
}

static enum result roll_up(struct ctx *cx, const struct call_batch *batch, const bool *is_new)
{
    struct sum *sums[ROLLUP_COUNT], one[ROLLUP_COUNT];
    size_t count = 0;
    for (int i = 0; i < ROLLUP_COUNT; i++)
        sums[i] = ARENA_ARRAY(cx->mem, struct sum, batch->count);
    for (size_t i = 0; i < batch->count; i++) {
        if (!is_new[i])
            continue;
        sums_by(&batch->rows[i], one);
        for (int k = 0; k < ROLLUP_COUNT; k++)
            sums[k][count] = one[k];
        count++;
    }
    for (int i = 0; i < ROLLUP_COUNT; i++) {
        const int columns = ROLLUPS[i].columns;
        const size_t kept = sums_merge(sums[i], count);
        struct param *params = ARENA_ARRAY(cx->mem, struct param, kept * (size_t)columns);
        for (size_t k = 0; k < kept; k++) {
            struct param *row = params + k * (size_t)columns;
            row[0] = param_number(sums[i][k].id);
            row[1] = param_date(sums[i][k].day);
            ROLLUPS[i].put(row, &sums[i][k]);
        }
        TRY(db_change_rows(cx, ROLLUPS[i].query, params, columns, kept, NULL));
    }
    return OK;
}

/* ---- findings ---- */

#define FINDINGS_MOST 5 /* of one call */
#define GRACE_S 30      /* a call system hangs up a little later than it was told */

struct findings {
    struct call_finding *at;
    size_t count;
};

static void found(struct findings *findings, const struct call_row *row, enum allowance kind)
{
    findings->at[findings->count++] = (struct call_finding){.call_id = row->id,
                                                            .gate_id = row->gate_id,
                                                            .kind = kind,
                                                            .contract_id = row->contract_id,
                                                            .agent_id = row->agent_id,
                                                            .provider_id = row->provider_id,
                                                            .contract = row->line->contract,
                                                            .agent = row->line->agent,
                                                            .caller = row->line->caller};
}

/* Was it the call that the gate allowed? One that began in another month than it was asked for in
 * cannot be compared here. */
static enum result compare(struct ctx *cx, const struct call_row *row, struct findings *findings)
{
    struct gate_known known;
    enum result there = gate_recall(cx, row->gate_id, &known);
    if (there == NOT_FOUND && call_month(row->gate_id).months == call_month(row->id).months)
        found(findings, row, FOUND_UNGATED);
    if (there != OK)
        return there == NOT_FOUND ? OK : there;
    if (known.reason != ALLOWED)
        found(findings, row, FOUND_UNGATED); /* it was refused, and made all the same */
    if (known.agent_id && known.agent_id != row->agent_id)
        found(findings, row, FOUND_OTHER_AGENT);
    if (known.number_id != row->number_id)
        found(findings, row, FOUND_OTHER_CALLER);
    if (row->line->duration_s > known.max_s + GRACE_S)
        found(findings, row, FOUND_TOO_LONG);
    return OK;
}

/* Close the decisions of the new calls; of two calls that name the same the second is found, and
 * one that was missed by now is no longer. */
static enum result close_decisions(struct ctx *cx, const struct call_row *const *rows, size_t count,
                                   struct findings *findings)
{
    struct param *params = ARENA_ARRAY(cx->mem, struct param, 2 * count + 1);
    bool *was_open = ARENA_ARRAY(cx->mem, bool, count + 1);
    int64_t checked;
    for (size_t i = 0; i < count; i++) {
        params[2 * i] = param_number(rows[i]->gate_id);
        params[2 * i + 1] = param_number(rows[i]->id);
    }
    TRY(db_int(cx, &q_checked, NO_PARAMS, &checked));
    TRY(db_change_rows(cx, &q_closings_add, params, 2, count, was_open));
    for (size_t i = 0; i < count; i++) {
        if (!was_open[i] || (i > 0 && rows[i]->gate_id == rows[i - 1]->gate_id))
            found(findings, rows[i], FOUND_SECOND_RECORD);
        else if (rows[i]->gate_id <= checked)
            found(findings, rows[i], FOUND_LATE);
    }
    return OK;
}

static int by_gate(const void *a, const void *b)
{
    const int64_t left = (*(const struct call_row *const *)a)->gate_id,
                  right = (*(const struct call_row *const *)b)->gate_id;
    return (left > right) - (left < right);
}

static enum result put_findings(struct ctx *cx, const struct call_batch *batch, const bool *is_new)
{
    struct findings findings = {
        .at = ARENA_ARRAY(cx->mem, struct call_finding, batch->count * FINDINGS_MOST + 1)};
    const struct call_row **gated = ARENA_ARRAY(cx->mem, const struct call_row *, batch->count + 1);
    size_t count = 0;
    for (size_t i = 0; i < batch->count; i++) {
        const struct call_row *row = &batch->rows[i];
        if (!is_new[i])
            continue;
        if (row->found != ALLOWED)
            found(&findings, row, row->found);
        if (!row->gate_id)
            continue;
        TRY(compare(cx, row, &findings));
        gated[count++] = row;
    }
    if (count) {
        qsort(gated, count, sizeof *gated, by_gate);
        TRY(close_decisions(cx, gated, count, &findings));
    }
    return findings_add(cx, findings.at, findings.count);
}

enum result calls_store(struct ctx *cx, struct call_batch *batch)
{
    bool *is_new = ARENA_ARRAY(cx->mem, bool, batch->count);
    batch->accepted = batch->duplicates = 0;
    TRY(put_calls(cx, batch, is_new));
    TRY(roll_up(cx, batch, is_new));
    TRY(put_findings(cx, batch, is_new));
    for (size_t i = 0; i < batch->count; i++)
        if (batch->rows[i].gate_id)
            gate_closed(batch->rows[i].gate_id);
    for (size_t i = 0; i < batch->count; i++)
        if (!batch->rows[i].fault)
            *(is_new[i] ? &batch->accepted : &batch->duplicates) += 1;
    return OK;
}

/* ---- judged anew ---- */

struct judged {
    int64_t contract_id, agent_id, number_id;
    enum call_result result;
};
static const struct field JUDGED_FIELDS[] = {
    FIELD(judged, contract_id),
    FIELD(judged, agent_id),
    FIELD(judged, number_id),
    FIELD_ENUM(judged, result, CALL_RESULTS, .use = AS_NUMBER),
    FIELDS_END,
};

enum result call_judge(struct ctx *cx, int64_t id, enum call_result result)
{
    struct judged judged;
    struct sum before[ROLLUP_COUNT], after[ROLLUP_COUNT];
    enum result there = db_one(cx, &q_call_judged, PARAMS(P(id)), JUDGED_FIELDS, &judged);
    if (there != OK)
        return there == NOT_FOUND ? fail(cx, NOT_FOUND, "record.not_found") : there;
    if (judged.result == result)
        return OK;
    struct call_line line = {.result = judged.result};
    const struct call_row row = {.id = id,
                                 .contract_id = judged.contract_id,
                                 .agent_id = judged.agent_id,
                                 .number_id = judged.number_id,
                                 .line = &line};
    sums_by(&row, before);
    line.result = result;
    sums_by(&row, after);
    for (int i = 0; i < ROLLUP_COUNT; i++)
        TRY(db_change_one(cx, ROLLUPS[i].correct,
                          PARAMS(param_number(before[i].id),
                                 param_number(after[i].connected - before[i].connected),
                                 param_number(after[i].success - before[i].success))));
    return db_change_one(cx, &q_call_judge, PARAMS(P(id), P((int32_t)result)));
}
