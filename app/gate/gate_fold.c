/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From the journal into the months, and from the months back into the memory after a start. */
#include "app/gate/call_finding.h"
#include "app/gate/gate.sql.h"
#include "app/gate/gate_private.h"

#include <stdlib.h>
#include <string.h>

const struct field CALL_FINDING_FIELDS[] = {
    FIELD(call_finding, id),          FIELD(call_finding, call_id),
    FIELD(call_finding, gate_id),     FIELD_ENUM(call_finding, kind, ALLOWANCES),
    FIELD(call_finding, contract_id), FIELD(call_finding, agent_id),
    FIELD(call_finding, provider_id), FIELD(call_finding, contract),
    FIELD(call_finding, agent),       FIELD(call_finding, caller),
    FIELD(call_finding, withdrawn),   FIELDS_END,
};

#define FINDING_COLUMNS 10

enum result findings_add(struct ctx *cx, const struct call_finding *findings, size_t count)
{
    struct param *rows = ARENA_ARRAY(cx->mem, struct param, count * FINDING_COLUMNS + 1);
    for (size_t i = 0; i < count; i++) {
        const struct call_finding *one = &findings[i];
        char normal[NUMBER_TEXT]; /* so that all that is found about a number is found together */
        const bool is_number = number_normalise(one->caller, normal);
        const struct param row[FINDING_COLUMNS] = {
            param_id(one->call_id),
            param_id(one->gate_id),
            param_text(choice_name(ALLOWANCES, one->kind)),
            param_id(one->contract_id),
            param_id(one->agent_id),
            param_number(one->provider_id),
            param_text(one->contract),
            param_text(one->agent),
            param_text(is_number ? arena_dup(cx->mem, normal) : one->caller),
            param_bool(one->withdrawn),
        };
        memcpy(rows + i * FINDING_COLUMNS, row, sizeof row);
    }
    return db_change_rows(cx, &q_findings_add, rows, FINDING_COLUMNS, count, NULL);
}

/* ---- the entries of one month ---- */

#define DECISION_COLUMNS 12
#define BIND_COLUMNS 5

struct fold {
    const struct ctx *asked;
    const struct journal_entry *entries;
    size_t count;
};

/* What was refused is found once: when its decision, or its bind, is new. */
static enum result put_refused(struct ctx *cx, const struct journal_entry *const *entries,
                               const bool *is_new, size_t count)
{
    struct call_finding *found = ARENA_ARRAY(cx->mem, struct call_finding, count + 1);
    size_t refused = 0;
    for (size_t i = 0; i < count; i++) {
        const struct journal_entry *entry = entries[i];
        if (is_new[i])
            found[refused++] = (struct call_finding){.gate_id = entry->gate_id,
                                                     .kind = entry->reason,
                                                     .contract_id = entry->contract_id,
                                                     .agent_id = entry->agent_id,
                                                     .provider_id = entry->provider_id,
                                                     .contract = entry->contract,
                                                     .agent = entry->agent,
                                                     .caller = entry->caller};
    }
    return findings_add(cx, found, refused);
}

static void put_decision(struct param row[DECISION_COLUMNS], const struct journal_entry *entry)
{
    const struct param values[DECISION_COLUMNS] = {
        param_number(entry->gate_id),
        param_text(entry->node),
        param_text(entry->call_id),
        param_id(entry->contract_id),
        param_id(entry->agent_id),
        param_id(entry->number_id),
        param_number(entry->callee_key),
        param_number(entry->callee_code),
        param_text(choice_name(GATE_MODES, entry->mode)),
        param_text(choice_name(ALLOWANCES, entry->reason)),
        param_int(entry->max_s),
        param_bool(entry->is_recorded),
    };
    memcpy(row, values, sizeof values);
}

static void put_bind(struct param row[BIND_COLUMNS], const struct journal_entry *entry)
{
    const struct param values[BIND_COLUMNS] = {
        param_number(entry->bind_id ? entry->bind_id : entry->gate_id), /* of an older program */
        param_instant(entry->at),
        param_id(entry->agent_id),
        param_text(choice_name(ALLOWANCES, entry->reason)),
        param_number(entry->gate_id),
    };
    memcpy(row, values, sizeof values);
}

static const struct shape {
    enum journal_kind kind;
    const struct query *query;
    int columns;
    void (*put)(struct param *row, const struct journal_entry *entry);
} DECISIONS = {JOURNAL_DECISION, &q_decisions_add, DECISION_COLUMNS, put_decision},
  BINDS = {JOURNAL_BIND, &q_binds_add, BIND_COLUMNS, put_bind};

/* Allowed and refused ones apart: of the refused alone one asks which are new, row by row. */
static enum result put_kind(struct ctx *cx, const struct fold *fold, const struct shape *shape,
                            bool refused)
{
    const struct journal_entry **entries =
        ARENA_ARRAY(cx->mem, const struct journal_entry *, fold->count + 1);
    const size_t columns = (size_t)shape->columns;
    size_t count = 0;
    for (size_t i = 0; i < fold->count; i++)
        if (fold->entries[i].kind == shape->kind && (fold->entries[i].reason != ALLOWED) == refused)
            entries[count++] = &fold->entries[i];
    struct param *rows = ARENA_ARRAY(cx->mem, struct param, count * columns + 1);
    bool *is_new = refused ? ARENA_ARRAY(cx->mem, bool, count + 1) : NULL;
    for (size_t i = 0; i < count; i++)
        shape->put(rows + i * columns, entries[i]);
    TRY(db_change_rows(cx, shape->query, rows, shape->columns, count, is_new));
    return refused ? put_refused(cx, entries, is_new, count) : OK;
}

/* By how long they may last, records are looked for. */
static enum result put_waits(struct ctx *cx, const struct fold *fold)
{
    struct param *rows = ARENA_ARRAY(cx->mem, struct param, fold->count + 1);
    int32_t before = 0;
    size_t count = 0;
    for (size_t i = 0; i < fold->count; i++) {
        const struct journal_entry *entry = &fold->entries[i];
        if (entry->kind != JOURNAL_DECISION || entry->reason != ALLOWED || entry->max_s == before)
            continue;
        before = entry->max_s;
        rows[count++] = param_int(before);
    }
    return db_change_rows(cx, &q_waits_add, rows, 1, count, NULL);
}

static enum result put_both(struct ctx *cx, const struct fold *fold)
{
    TRY(put_waits(cx, fold));
    TRY(put_kind(cx, fold, &DECISIONS, false));
    TRY(put_kind(cx, fold, &DECISIONS, true));
    TRY(put_kind(cx, fold, &BINDS, false));
    return put_kind(cx, fold, &BINDS, true);
}

/* One transaction; so many rows at a time that what is bound stays near the processor. */
static enum result fold_run(struct db *db, void *host)
{
    enum { AT_ONCE = 420 }; /* twenty statements of twenty-one decisions */
    const struct fold *fold = host;
    struct ctx cx = *fold->asked;
    enum result result = OK;
    cx.db = db;
    cx.mem = arena_new();
    cx.fault = (struct fault){.result = OK};
    for (size_t from = 0; from < fold->count && result == OK; from += AT_ONCE) {
        const size_t left = fold->count - from;
        arena_reset(cx.mem);
        result = put_both(&cx, &(struct fold){fold->asked, fold->entries + from,
                                              left < AT_ONCE ? left : AT_ONCE});
    }
    arena_free(cx.mem);
    return result;
}

enum result fold_entries(struct ctx *cx, const struct journal_entry *entries, size_t count)
{
    for (size_t from = 0, end; from < count; from = end) {
        const struct month month = call_month(entries[from].gate_id);
        struct store *store;
        end = from;
        while (end < count && call_month(entries[end].gate_id).months == month.months)
            end++;
        struct fold fold = {cx, entries + from, end - from};
        TRY(months_store(cx, gate_host.months, month, true, &store));
        enum result result = store_write_now(store, fold_run, &fold);
        months_release(gate_host.months, store);
        if (result != OK)
            return fail(cx, result, "gate.journal", "");
    }
    return OK;
}

static enum result each_file(void *host, const struct journal_entry *entries, size_t count)
{
    return fold_entries(host, entries, count);
}

enum result gate_fold(struct ctx *cx)
{
    return journal_fold(cx, gate_host.journal, each_file, cx);
}

enum result gate_turn(struct worker *worker, struct ctx *cx, bool *out_found)
{
    (void)worker;
    *out_found = false; /* once a second is often enough */
    if (!gate_host.journal)
        return OK;
    const enum result renewed = process_renew(cx); /* neither waits for the other to succeed */
    TRY(gate_fold(cx));
    TRY(renewed);
    return gate_follow(cx);
}

/* ---- one decision ---- */

static const struct field KNOWN_FIELDS[] = {
    FIELD(gate_known, contract_id),
    FIELD(gate_known, agent_id),
    FIELD(gate_known, number_id),
    FIELD(gate_known, callee_key),
    FIELD_ENUM(gate_known, reason, ALLOWANCES),
    FIELD(gate_known, max_s),
    FIELDS_END,
};

enum result decision_read(struct ctx *cx, int64_t gate_id, struct gate_known *out)
{
    return db_one(cx, &q_decision, PARAMS(P(gate_id)), KNOWN_FIELDS, out);
}

/* ---- back into the memory ---- */

#define KEPT_MS INT64_C(600000)    /* for a question that is repeated after a start */
#define FOLLOWED_MS INT64_C(10000) /* within which the others' decisions lie in the months */
#define NO_PLACE (-1)

struct latest {
    int64_t gate_id, contract_id, agent_id, bound_id, number_id, provider_id;
    int64_t callee_key, callee_code, closed_by;
    const char *node, *call_id, *contract, *caller;
    enum gate_mode mode;
    enum allowance reason;
    int32_t max_s;
    bool recorded;
};
static const struct field LATEST_FIELDS[] = {
    FIELD(latest, gate_id),
    FIELD(latest, contract_id),
    FIELD(latest, agent_id),
    FIELD(latest, bound_id),
    FIELD(latest, number_id),
    FIELD(latest, provider_id),
    FIELD(latest, callee_key),
    FIELD(latest, callee_code),
    FIELD(latest, closed_by),
    FIELD(latest, node),
    FIELD(latest, call_id),
    FIELD(latest, contract),
    FIELD(latest, caller),
    FIELD_ENUM(latest, mode, GATE_MODES),
    FIELD_ENUM(latest, reason, ALLOWANCES),
    FIELD(latest, max_s),
    FIELD(latest, recorded),
    FIELDS_END,
};

struct loading {
    int64_t since;
    int place;
    decision_taken take;
    void *host;
};

static enum result load_one(void *host, const void *row)
{
    const struct loading *loading = host;
    const struct latest *latest = row;
    struct recent recent = {
        .key = call_key(latest->node, latest->call_id, latest->callee_key),
        .gate_id = latest->gate_id,
        .at = call_instant(latest->gate_id),
        .contract_id = latest->contract_id,
        .agent_id = latest->agent_id,
        .bound_id = latest->bound_id,
        .number_id = latest->number_id,
        .provider_id = latest->provider_id,
        .callee_key = latest->callee_key,
        .callee_code = latest->callee_code,
        .max_s = latest->max_s,
        .reason = latest->reason,
        .mode = latest->mode,
        .is_recorded = latest->recorded,
    };
    strncpy(recent.contract, latest->contract, sizeof recent.contract - 1);
    strncpy(recent.caller, latest->caller, sizeof recent.caller - 1);
    loading->take(loading->host, &recent, latest->closed_by != 0);
    return OK;
}

static enum result load_month(struct ctx *cx, void *host)
{
    struct loading *loading = host;
    return db_each(cx, &q_decisions_since,
                   PARAMS(param_number(loading->since), param_number(loading->place)),
                   LATEST_FIELDS, sizeof(struct latest), load_one, loading);
}

/* From the months that it lies in. */
static enum result load_since(struct ctx *cx, int64_t since,
                              enum result (*load)(struct ctx *cx, void *host), void *host)
{
    const struct month first = call_month(since), last = call_month(call_id_at(cx->now));
    for (struct month month = first; month.months <= last.months; month.months++)
        TRY(months_read(cx, gate_host.months, month, load, host));
    return OK;
}

static int64_t id_before(const struct ctx *cx, int64_t ms)
{
    return call_id_at((struct instant){cx->now.ms - ms});
}

enum result decisions_load(struct ctx *cx, decision_taken take, void *host)
{
    struct loading loading = {id_before(cx, KEPT_MS), NO_PLACE, take, host};
    return load_since(cx, loading.since, load_month, &loading);
}

enum result decisions_follow(struct ctx *cx, int place, decision_taken take, void *host)
{
    struct loading loading = {id_before(cx, FOLLOWED_MS), place, take, host};
    return load_since(cx, loading.since, load_month, &loading);
}

/* ---- how often numbers were called ---- */

#define WEEK_MS INT64_C(604800000)

struct called {
    int64_t id, callee_key;
};
static const struct field CALLED_FIELDS[] = {FIELD(called, id), FIELD(called, callee_key),
                                             FIELDS_END};

struct counting {
    struct frequency *frequency;
    int64_t since;
};

static enum result count_one(void *host, const void *row)
{
    const struct called *called = row;
    const struct counting *counting = host;
    frequency_count(counting->frequency, called->callee_key,
                    instant_date(call_instant(called->id), SHANGHAI_OFFSET_MIN));
    return OK;
}

static enum result count_month(struct ctx *cx, void *host)
{
    struct counting *counting = host;
    return db_each(cx, &q_called_since, PARAMS(param_number(counting->since)), CALLED_FIELDS,
                   sizeof(struct called), count_one, counting);
}

enum result frequency_load(struct ctx *cx, struct frequency *frequency)
{
    struct counting counting = {frequency, id_before(cx, WEEK_MS)};
    return load_since(cx, counting.since, count_month, &counting);
}
