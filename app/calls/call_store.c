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
        int64_t nobodys_id; /* of that name, of calls whose contract is unknown to the company */
    } at[SOURCES_MOST];
    size_t count;
};

enum result call_source_id(struct ctx *cx, const char *name, int64_t provider_id, int64_t *out_id)
{
    const struct params params = PARAMS(P(name), param_number(provider_id));
    TRY(db_int(cx, &q_source_find, params, out_id));
    return *out_id ? OK : db_insert(cx, &q_source_add, params, out_id);
}

static enum result source_of(struct ctx *cx, struct sources *sources, struct call_row *row,
                             int64_t *out_nobodys)
{
    const struct params nobodys = PARAMS(P(row->line->source), param_number(0));
    size_t i = 0;
    while (i < sources->count && (sources->at[i].provider_id != row->provider_id ||
                                  strcmp(sources->at[i].name, row->line->source) != 0))
        i++;
    if (i == SOURCES_MOST) /* the last place is for those that have none */
        i = --sources->count;
    if (i == sources->count) {
        int64_t id, nobodys_id = 0;
        TRY(call_source_id(cx, row->line->source, row->provider_id, &id));
        if (row->provider_id)
            TRY(db_int(cx, &q_source_find, nobodys, &nobodys_id));
        sources->at[i].name = row->line->source;
        sources->at[i].provider_id = row->provider_id;
        sources->at[i].id = id;
        sources->at[i].nobodys_id = nobodys_id;
        sources->count++;
    }
    row->source_id = sources->at[i].id;
    *out_nobodys = sources->at[i].nobodys_id;
    return OK;
}

/* ---- where they are put ---- */

#define SLOTS ((INT64_C(1) << CALL_SLOT_BITS) - 1)

/* Whose places are taken. In the store: all between the first call of the batch and its last; when
 * that is much more than the batch, each is looked for by itself. Among the batch: by a table of
 * row numbers. */
struct taken {
    const struct call_batch *batch;
    struct call_kept *stored;
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
    const struct param first = param_number(batch->rows[0].id & ~SLOTS),
                       last = param_number(batch->rows[batch->count - 1].id | SLOTS);
    int64_t there; /* mostly none: no memory is taken for those that may be */
    TRY(db_int(cx, &q_calls_many, PARAMS(first, last, param_number((int64_t)most)), &there));
    out->is_all = there < (int64_t)most;
    if (there && out->is_all)
        TRY(db_list(cx, &q_calls_between, PARAMS(first, last, param_number(there)),
                    CALL_KEPT_FIELDS, sizeof *out->stored, (size_t)there, &out->stored,
                    &out->count));
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
                                  struct call_kept *out)
{
    size_t low = 0, high = taken->count;
    if (!taken->is_all)
        return db_one(cx, &q_call_at, PARAMS(P(id)), CALL_KEPT_FIELDS, out);
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
                            struct call_kept *out)
{
    const uint32_t n = *taken_row(taken, id);
    if (!n)
        return taken_in_store(cx, taken, id, out);
    const struct call_row *row = &taken->batch->rows[n - 1];
    *out = (struct call_kept){.id = id,
                              .source_id = row->source_id,
                              .uid = row->line->uid,
                              .contract_id = row->contract_id,
                              .agent_id = row->agent_id,
                              .number_id = row->number_id,
                              .gate_id = row->gate_id,
                              .callee_key = row->callee_key,
                              .duration_s = row->line->duration_s,
                              .talk_s = row->line->talk_s,
                              .result = row->line->result,
                              .recording = row->line->recording};
    return OK;
}

/* The next place of the same millisecond. */
static int64_t next_place(int64_t id)
{
    return (id & ~SLOTS) | ((id + 1) & SLOTS);
}

static bool is_of(const struct call_kept *kept, const struct call_row *row)
{
    return kept->source_id == row->source_id && strcmp(kept->uid, row->line->uid) == 0;
}

/* Nothing is where it belongs: it is new, or was given another start before. Of one month it is
 * that call, at the start that was said first; of another month it is a second one, and found. */
static enum result find_elsewhere(struct ctx *cx, const struct taken *taken, struct call_row *row)
{
    const int64_t known = uid_remember(row->uid_hash, row->id);
    struct call_kept kept;
    row->is_new = true;
    if (!known || known == row->id)
        return OK;
    row->is_elsewhere = true;
    if (call_month(known).months != call_month(row->id).months)
        return OK;
    const enum result there = *taken_row(taken, known) ? taken_at(cx, taken, known, &kept)
                                                       : db_one(cx, &q_call_at, PARAMS(P(known)),
                                                                CALL_KEPT_FIELDS, &kept);
    row->is_new = there != OK || !is_of(&kept, row);
    row->is_elsewhere = row->is_again = !row->is_new;
    if (row->is_again) {
        row->id = known;
        (void)uid_remember(row->uid_hash, known);
    }
    return there == NOT_FOUND ? OK : there;
}

/* Taken in by the company under a contract that it does not have, then under the right one: that is
 * the same call, and lies where nobody's do. */
static enum result find_nobodys(struct ctx *cx, const struct taken *taken, struct call_row *row,
                                int64_t source_id)
{
    struct call_row nobodys = *row;
    nobodys.source_id = source_id;
    nobodys.id = call_first_place(row->line, call_uid_hash(row->line, 0));
    for (const int64_t first = nobodys.id;;) {
        struct call_kept kept;
        const enum result there = taken_at(cx, taken, nobodys.id, &kept);
        if (there != OK)
            return there == NOT_FOUND ? OK : there;
        if (is_of(&kept, &nobodys))
            break;
        nobodys.id = next_place(nobodys.id);
        if (nobodys.id == first)
            return OK;
    }
    row->id = nobodys.id;
    row->is_again = true;
    row->is_new = row->is_elsewhere = false;
    (void)uid_remember(row->uid_hash, row->id);
    return OK;
}

/* From its first place on, until it is found there already or a place is free. Nothing is ever
 * taken away from between, so that it is found again where it was put. */
static enum result find_place(struct ctx *cx, const struct taken *taken, struct call_row *row)
{
    const int64_t first = row->id;
    do {
        struct call_kept kept;
        enum result there = taken_at(cx, taken, row->id, &kept);
        if (there == NOT_FOUND)
            return find_elsewhere(cx, taken, row);
        if (there == OK && is_of(&kept, row)) {
            (void)uid_remember(row->uid_hash, row->id);
            row->is_again = !call_says(&kept, row);
        }
        if (there != OK || is_of(&kept, row))
            return there;
        row->id = next_place(row->id);
    } while (row->id != first);
    row->fault = "moment_full"; /* 8192 calls of one millisecond: a call system without a clock */
    return OK;
}

#define UIDS_AHEAD 8 /* whose memory is on its way to the processor */

static enum result find_places(struct ctx *cx, struct call_batch *batch)
{
    struct sources sources = {.count = 0};
    struct taken taken;
    TRY(taken_read(cx, batch, &taken));
    for (size_t i = 0; i < batch->count; i++) {
        struct call_row *row = &batch->rows[i];
        int64_t nobodys;
        if (i + UIDS_AHEAD < batch->count)
            uid_expect(batch->rows[i + UIDS_AHEAD].uid_hash);
        TRY(source_of(cx, &sources, row, &nobodys));
        TRY(find_place(cx, &taken, row));
        if (row->is_new && nobodys)
            TRY(find_nobodys(cx, &taken, row, nobodys));
        if (i > 0 && row->id == row[-1].id && row[-1].is_again)
            row->is_again = true; /* whatever the call says by then */
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

#define FINDINGS_MOST 10   /* of one call */
#define WITHDRAWN_MOST 100 /* of those that were found before */
#define GRACE_S 30         /* a call system hangs up a little later than it was told */

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
    if (known->callee_key && known->callee_key != row->callee_key)
        found(findings, row, FOUND_OTHER_CALLEE);
    if (known->reason != ALLOWED) { /* and nothing was allowed that it could differ from */
        found(findings, row, FOUND_REFUSED);
        return;
    }
    /* Of none that was bound (predictive dialling) nobody may have talked. */
    if (known->agent_id != row->agent_id && (known->agent_id || row->line->talk_s))
        found(findings, row, FOUND_OTHER_AGENT);
    if (known->number_id != row->number_id)
        found(findings, row, FOUND_OTHER_CALLER);
    if (row->line->duration_s > known->max_s + GRACE_S)
        found(findings, row, FOUND_TOO_LONG);
}

struct recalling {
    int64_t gate_id;
    struct gate_known known;
    enum result there;
};

static enum result recall_there(struct ctx *cx, void *host)
{
    struct recalling *recalling = host;
    recalling->there = gate_recall(cx, recalling->gate_id, &recalling->known);
    if (recalling->there == OK && !recalling->known.agent_id)
        TRY(gate_recall_agent(cx, recalling->gate_id, &recalling->known.agent_id));
    return recalling->there == NOT_FOUND ? OK : recalling->there;
}

static bool is_far(const struct call_row *row)
{
    const int64_t apart = call_instant(row->gate_id).ms - row->line->started_at.ms;
    return apart > GATE_SPAN_MS || apart < -GATE_SPAN_MS;
}

/* In this month or, at its edge, in the one beside it. */
static enum result recall(struct ctx *cx, const struct call_row *row, struct gate_known *out)
{
    struct recalling recalling = {.gate_id = row->gate_id, .there = NOT_FOUND};
    const struct month month = call_month(row->gate_id);
    TRY(month.months == call_month(row->id).months || is_far(row)
            ? recall_there(cx, &recalling)
            : months_read(cx, calls_months(), month, recall_there, &recalling));
    *out = recalling.known;
    return recalling.there;
}

/* Was it the call that the gate allowed? Any other time's is none that it was asked for. */
static enum result compare(struct ctx *cx, struct call_row *row, struct findings *findings)
{
    struct gate_known known;
    const enum result there = recall(cx, row, &known);
    const bool is_ungated = there == NOT_FOUND || is_far(row);
    if (there != OK && there != NOT_FOUND)
        return there;
    row->is_anothers = there == OK && is_anothers(&known, row);
    if (!row->is_new && !row->before)
        return OK;
    if (row->is_anothers || is_ungated)
        found(findings, row, FOUND_UNGATED);
    else
        compare_known(row, &known, findings);
    row->max_s = there == OK ? known.max_s : 0;
    return OK;
}

const struct field GATE_WAIT_FIELDS[] = {FIELD(gate_wait, id), FIELD(gate_wait, checked),
                                         FIELDS_END};

static bool was_missed(const struct gate_wait *waits, size_t count, const struct call_row *row)
{
    for (size_t i = 0; i < count; i++)
        if (waits[i].id == row->max_s)
            return row->gate_id <= waits[i].checked;
    return false;
}

/* Close the decisions of the new calls; of two calls that name the same the second is found, and
 * one that was missed by now is no longer. */
static enum result close_decisions(struct ctx *cx, const struct call_row *const *rows, size_t count,
                                   struct findings *findings)
{
    struct param *params = ARENA_ARRAY(cx->mem, struct param, 2 * count + 1);
    bool *was_open = ARENA_ARRAY(cx->mem, bool, count + 1);
    struct gate_wait *waits;
    size_t wait_count;
    for (size_t i = 0; i < count; i++) {
        params[2 * i] = param_number(rows[i]->gate_id);
        params[2 * i + 1] = param_number(rows[i]->id);
    }
    TRY(db_list(cx, &q_waits, NO_PARAMS, GATE_WAIT_FIELDS, sizeof *waits, GATE_WAITS_MOST, &waits,
                &wait_count));
    TRY(db_change_rows(cx, &q_closings_add, params, 2, count, was_open));
    for (size_t i = 0; i < count; i++) {
        if (!was_open[i] || (i > 0 && rows[i]->gate_id == rows[i - 1]->gate_id))
            found(findings, rows[i], FOUND_SECOND_RECORD);
        else if (was_missed(waits, wait_count, rows[i]))
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

/* ---- of calls that were there already: what is found for the first time, and what no longer ----
 */

static bool is_same_number(const char *a, const char *b)
{
    char left[NUMBER_TEXT], right[NUMBER_TEXT];
    return strcmp(number_normalise(a, left) ? left : a, number_normalise(b, right) ? right : b) ==
           0;
}

static bool is_same(const struct call_finding *a, const struct call_finding *b)
{
    return a->kind == b->kind && a->contract_id == b->contract_id && a->agent_id == b->agent_id &&
           strcmp(a->contract, b->contract) == 0 && strcmp(a->agent, b->agent) == 0 &&
           is_same_number(a->caller, b->caller);
}

/* The last of these that is the same; `count` when none is. */
static size_t same_among(const struct call_finding *all, size_t count,
                         const struct call_finding *one)
{
    size_t i = count;
    while (i > 0 && !is_same(&all[i - 1], one))
        i--;
    return i > 0 ? i - 1 : count;
}

/* What still stands of what was found of a call. */
static enum result read_standing(struct ctx *cx, int64_t call_id, struct call_finding *out,
                                 size_t *out_count)
{
    struct call_finding *all;
    size_t count;
    TRY(db_list(cx, &q_findings_of, PARAMS(P(call_id)), CALL_FINDING_FIELDS, sizeof *all,
                WITHDRAWN_MOST, &all, &count));
    *out_count = 0;
    for (size_t i = 0; i < count; i++) {
        const size_t same = same_among(out, *out_count, &all[i]);
        if (!all[i].withdrawn)
            out[(*out_count)++] = all[i];
        else if (same < *out_count)
            out[same] = out[--*out_count];
    }
    return OK;
}

static bool is_decided_again(const struct call_row *row)
{
    return row->is_new || (row->before && row->before->gate_id != row->gate_id);
}

/* Who called for whom under which number is what it was, and was judged by what was permitted
 * then: permissions may have changed since. */
static bool was_judged(const struct call_row *row, enum allowance kind)
{
    const struct call_kept *before = row->before;
    const bool is_permission = (kind >= REFUSED_CONTRACT && kind <= REFUSED_NUMBER_NOT_PERMITTED) ||
                               kind == REFUSED_UNTRAINED;
    return before && is_permission && row->contract_id && before->contract_id == row->contract_id &&
           row->agent_id && before->agent_id == row->agent_id && row->number_id &&
           before->number_id == row->number_id;
}

/* Does it follow from the record, so that another record may set it right? */
static bool may_withdraw(const struct call_row *row, enum allowance kind)
{
    if (was_judged(row, kind))
        return false;
    if (kind == FOUND_SECOND_RECORD)
        return is_decided_again(row);
    return kind != FOUND_LATE && kind != FOUND_UID_AGAIN && kind != FOUND_LOCKED;
}

/* Those from `from` on are found now: what stood before is not found twice, and what is not found
 * any more is taken back. */
static enum result reconcile(struct ctx *cx, const struct call_row *row, struct findings *findings,
                             size_t from)
{
    struct call_finding *standing = ARENA_ARRAY(cx->mem, struct call_finding, WITHDRAWN_MOST);
    size_t count;
    TRY(read_standing(cx, row->id, standing, &count));
    const size_t until = findings->count;
    for (size_t i = 0, left = until - from; i < count; i++) {
        const size_t same = same_among(findings->at + from, left, &standing[i]);
        if (same < left) {
            findings->at[from + same] = findings->at[from + --left];
            findings->at[from + left] = findings->at[--findings->count];
        } else if (row->before && may_withdraw(row, standing[i].kind)) {
            findings->at[findings->count] = standing[i];
            findings->at[findings->count++].withdrawn = true;
        }
    }
    return OK;
}

static enum result find_all(struct ctx *cx, struct call_row *row, struct findings *findings)
{
    const size_t from = findings->count;
    const bool is_told = row->is_new || row->before; /* what it says counts */
    if (is_told && row->found != ALLOWED && !was_judged(row, row->found))
        found(findings, row, row->found);
    if (is_told && row->is_untalked)
        found(findings, row, FOUND_UNTALKED);
    if (is_told && row->is_listed)
        found(findings, row, REFUSED_DO_NOT_CALL);
    if (row->gate_id)
        TRY(compare(cx, row, findings));
    if (row->is_elsewhere)
        found(findings, row, FOUND_UID_AGAIN);
    if (row->is_settled)
        found(findings, row, FOUND_LOCKED);
    if (row->is_new || (!row->before && findings->count == from))
        return OK;
    if (row->before && row->before->gate_id && is_decided_again(row))
        TRY(db_change(cx, &q_closing_drop, PARAMS(P(row->before->gate_id), P(row->id)), NULL));
    return reconcile(cx, row, findings, from);
}

static size_t findings_room(const struct call_batch *batch)
{
    size_t room = 1;
    for (size_t i = 0; i < batch->count; i++) {
        const struct call_row *row = &batch->rows[i];
        if (row->is_new ? row->gate_id || row->found != ALLOWED || row->is_elsewhere ||
                              row->is_listed || row->is_untalked
                        : row->is_again)
            room += FINDINGS_MOST + (row->is_new ? 0 : WITHDRAWN_MOST);
    }
    return room;
}

static enum result put_findings(struct ctx *cx, struct call_batch *batch)
{
    size_t count = 0;
    struct findings findings = {
        .at = ARENA_ARRAY(cx->mem, struct call_finding, findings_room(batch))};
    for (size_t i = 0; i < batch->count; i++)
        count += batch->rows[i].gate_id != 0;
    const struct call_row **gated = ARENA_ARRAY(cx->mem, const struct call_row *, count + 1);
    count = 0;
    for (size_t i = 0; i < batch->count; i++) {
        struct call_row *row = &batch->rows[i];
        TRY(find_all(cx, row, &findings));
        if (row->gate_id && !row->is_anothers && is_decided_again(row))
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
    uids_lock();
    const enum result places = find_places(cx, batch);
    uids_unlock();
    TRY(places);
    TRY(put_calls(cx, batch));
    TRY(calls_revise(cx, batch));
    TRY(calls_roll_up(cx, batch));
    TRY(hours_touch(cx, batch));
    TRY(put_findings(cx, batch));
    for (size_t i = 0; i < batch->count; i++)
        if (batch->rows[i].gate_id && !batch->rows[i].is_anothers)
            gate_closed(batch->rows[i].gate_id);
    return OK;
}
