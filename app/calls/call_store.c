/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One month's share of what was reported, in its writer's transaction. */
#include "app/calls/call.sql.h"
#include "app/calls/call_private.h"
#include "app/gate/gate.h"
#include "base/hash.h"

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

/* ---- where they are put ---- */

struct place {
    int64_t id, source_id;
    const char *uid;
};
static const struct field PLACE_FIELDS[] = {FIELD(place, id), FIELD(place, source_id),
                                            FIELD(place, uid), FIELDS_END};

#define SLOTS ((INT64_C(1) << CALL_SLOT_BITS) - 1)

/* Whose places are taken. In the store: all between the first call of the batch and its last; when
 * that is much more than the batch, each is looked for by itself. Among the batch: by a table of
 * row numbers. */
struct taken {
    const struct call_batch *batch;
    struct place *stored;
    size_t count;
    bool is_all;
    uint32_t *rows; /* 0 or the number of a row, from 1 */
    uint64_t mask;
};

static enum result taken_read(struct ctx *cx, const struct call_batch *batch, struct taken *out)
{
    const size_t most = 2 * batch->count + 100;
    size_t places = 16;
    while (places < 2 * batch->count)
        places *= 2;
    *out = (struct taken){
        .batch = batch, .rows = ARENA_ARRAY(cx->mem, uint32_t, places), .mask = places - 1};
    TRY(db_list(cx, &q_calls_between,
                PARAMS(param_number(batch->rows[0].id & ~SLOTS),
                       param_number(batch->rows[batch->count - 1].id | SLOTS),
                       param_number((int64_t)most)),
                PLACE_FIELDS, sizeof *out->stored, most, &out->stored, &out->count));
    out->is_all = out->count < most;
    return OK;
}

/* Where the table has the row with that id, or may have it. */
static uint32_t *taken_row(const struct taken *taken, int64_t id)
{
    uint64_t at = hash_quick(&id, sizeof id);
    while (taken->rows[at & taken->mask] &&
           taken->batch->rows[taken->rows[at & taken->mask] - 1].id != id)
        at++;
    return &taken->rows[at & taken->mask];
}

static enum result taken_in_store(struct ctx *cx, const struct taken *taken, int64_t id,
                                  struct place *out)
{
    size_t low = 0, high = taken->count;
    if (!taken->is_all)
        return db_one(cx, &q_call_at, PARAMS(P(id)), PLACE_FIELDS, out);
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (taken->stored[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == taken->count || taken->stored[low].id != id)
        return NOT_FOUND;
    *out = taken->stored[low];
    return OK;
}

static enum result taken_at(struct ctx *cx, const struct taken *taken, int64_t id,
                            struct place *out)
{
    const uint32_t n = *taken_row(taken, id);
    if (!n)
        return taken_in_store(cx, taken, id, out);
    const struct call_row *row = &taken->batch->rows[n - 1];
    *out = (struct place){id, row->source_id, row->line->uid};
    return OK;
}

/* The next place of the same millisecond. */
static int64_t next_place(int64_t id)
{
    return (id & ~SLOTS) | ((id + 1) & SLOTS);
}

/* From its first place on, until it is found there already or a place is free. Nothing is ever
 * taken away from between, so that it is found again where it was put. */
static enum result find_place(struct ctx *cx, const struct taken *taken, struct call_row *row)
{
    const int64_t first = row->id;
    do {
        struct place place;
        enum result there = taken_at(cx, taken, row->id, &place);
        row->is_new = there == NOT_FOUND;
        if (there == NOT_FOUND)
            return OK;
        if (there != OK ||
            (place.source_id == row->source_id && strcmp(place.uid, row->line->uid) == 0))
            return there;
        row->id = next_place(row->id);
    } while (row->id != first);
    row->fault = "moment_full"; /* 8192 calls of one millisecond: a call system without a clock */
    return OK;
}

static enum result find_places(struct ctx *cx, struct call_batch *batch)
{
    struct sources sources = {.count = 0};
    struct taken taken;
    TRY(taken_read(cx, batch, &taken));
    for (size_t i = 0; i < batch->count; i++) {
        struct call_row *row = &batch->rows[i];
        TRY(source_of(cx, &sources, row, &row->source_id));
        TRY(find_place(cx, &taken, row));
        if (row->is_new)
            *taken_row(&taken, row->id) = (uint32_t)i + 1;
    }
    return OK;
}

/* ---- the calls themselves ---- */

#define CALL_COLUMNS 13
#define AT_ONCE 500 /* rows: their parameters stay in the processor's cache */

static void put_call(struct param params[CALL_COLUMNS], const struct call_row *row)
{
    const struct call_line *line = row->line;
    params[0] = param_number(row->id);
    params[1] = param_number(row->source_id);
    params[2] = param_text(line->uid);
    params[3] = param_id(row->contract_id);
    params[4] = param_id(row->agent_id);
    params[5] = param_id(row->number_id);
    params[6] = param_id(row->gate_id);
    params[7] = param_number(row->callee_key);
    params[8] = param_number(row->callee_code);
    params[9] = param_int(line->duration_s);
    params[10] = param_int(line->talk_s);
    params[11] = param_int((int32_t)line->result);
    params[12] = param_text(line->recording);
}

static enum result put_calls(struct ctx *cx, const struct call_batch *batch)
{
    const size_t room = batch->count < AT_ONCE ? batch->count : AT_ONCE;
    struct param *params = ARENA_ARRAY(cx->mem, struct param, room * CALL_COLUMNS);
    size_t count = 0;
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->rows[i].is_new)
            put_call(params + count++ * CALL_COLUMNS, &batch->rows[i]);
        if (count == AT_ONCE || i + 1 == batch->count) {
            TRY(db_change_rows(cx, &q_calls_add, params, CALL_COLUMNS, count, NULL));
            count = 0;
        }
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

/* Nobody closes another provider's decision, or is told about it: to them there is none. */
static bool is_anothers(const struct gate_known *known, const struct call_row *row)
{
    if (!row->provider_id || !known->contract_id || known->contract_id == row->contract_id)
        return false;
    const struct directory *directory = directory_hold();
    if (!directory)
        return true;
    const struct known_contract *contract = directory_contract_at(directory, known->contract_id);
    const bool is_own = contract && contract->provider_id == row->provider_id;
    directory_let_go(directory);
    return !is_own;
}

static void compare_known(const struct call_row *row, const struct gate_known *known,
                          struct findings *findings)
{
    if (known->reason != ALLOWED)
        found(findings, row, FOUND_UNGATED); /* it was refused, and made all the same */
    if (known->agent_id && known->agent_id != row->agent_id)
        found(findings, row, FOUND_OTHER_AGENT);
    if (known->number_id != row->number_id)
        found(findings, row, FOUND_OTHER_CALLER);
    if (row->line->duration_s > known->max_s + GRACE_S)
        found(findings, row, FOUND_TOO_LONG);
}

/* Was it the call that the gate allowed? One that began in another month than it was asked for in
 * cannot be compared here. */
static enum result compare(struct ctx *cx, struct call_row *row, struct findings *findings)
{
    struct gate_known known;
    const enum result there = gate_recall(cx, row->gate_id, &known);
    const bool is_here = call_month(row->gate_id).months == call_month(row->id).months;
    if (there != OK && there != NOT_FOUND)
        return there;
    row->is_anothers = there == OK && is_anothers(&known, row);
    if (!row->is_new)
        return OK;
    if (row->is_anothers || (there == NOT_FOUND && is_here))
        found(findings, row, FOUND_UNGATED);
    else if (there == OK)
        compare_known(row, &known, findings);
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

static enum result put_findings(struct ctx *cx, struct call_batch *batch)
{
    size_t count = 0;
    for (size_t i = 0; i < batch->count; i++)
        count +=
            batch->rows[i].is_new && (batch->rows[i].gate_id || batch->rows[i].found != ALLOWED);
    struct findings findings = {
        .at = ARENA_ARRAY(cx->mem, struct call_finding, count * FINDINGS_MOST + 1)};
    const struct call_row **gated = ARENA_ARRAY(cx->mem, const struct call_row *, count + 1);
    count = 0;
    for (size_t i = 0; i < batch->count; i++) {
        struct call_row *row = &batch->rows[i];
        if (row->is_new && row->found != ALLOWED)
            found(&findings, row, row->found);
        if (!row->gate_id)
            continue;
        TRY(compare(cx, row, &findings));
        if (row->is_new && !row->is_anothers)
            gated[count++] = row;
    }
    if (count) {
        qsort(gated, count, sizeof *gated, by_gate);
        TRY(close_decisions(cx, gated, count, &findings));
    }
    return findings_add(cx, findings.at, findings.count);
}

enum result month_is_closed(struct ctx *cx, bool *out)
{
    int64_t closed_at;
    TRY(db_int(cx, &q_month_closed, NO_PARAMS, &closed_at));
    *out = closed_at != 0;
    return OK;
}

enum result calls_store(struct ctx *cx, struct call_batch *batch)
{
    bool closed;
    TRY(month_is_closed(cx, &closed));
    for (size_t i = 0; closed && i < batch->count; i++)
        batch->rows[i].fault = "month_over";
    if (closed)
        return OK;
    TRY(find_places(cx, batch));
    TRY(put_calls(cx, batch));
    TRY(calls_roll_up(cx, batch));
    TRY(hours_touch(cx, batch));
    TRY(put_findings(cx, batch));
    for (size_t i = 0; i < batch->count; i++)
        if (batch->rows[i].gate_id && !batch->rows[i].is_anothers)
            gate_closed(batch->rows[i].gate_id);
    return OK;
}
