/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/calls/call_months.h"

#include "app/calls/call_months.sql.h"
#include "app/calls/call_private.h"
#include "base/hash.h"
#include "jobs/worker.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#define CONTRACTS_MOST 1000
#define LOOK_EVERY_MS INT64_C(5000)
#define MONTHS_KNOWN 4096

static const char *const MONTH_STATES[] = {"kept", "held", "over", "deleted", NULL};

const struct field CALL_MONTH_FIELDS[] = {
    FIELD(call_month, month),
    FIELD(call_month, kept_until),
    FIELD(call_month, days),
    FIELD(call_month, basis),
    FIELD_REF(call_month, hold_id, "legal_holds"),
    FIELD_ENUM(call_month, state, MONTH_STATES),
    FIELD(call_month, deleted_at),
    FIELDS_END,
};
const struct field MONTH_DELETED_FIELDS[] = {
    FIELD(month_deleted, month),
    FIELD(month_deleted, deleted_at),
    FIELDS_END,
};

/* ---- what a month says of itself ---- */

struct month_end {
    struct instant closed_at, emptied_at;
};
static const struct field END_FIELDS[] = {FIELD(month_end, closed_at), FIELD(month_end, emptied_at),
                                          FIELDS_END};

struct share {
    int64_t contract_id;
    int32_t dials;
    struct sha256 hash;
    int32_t count;
};
static const struct field SHARE_FIELDS[] = {FIELD(share, contract_id), FIELD(share, dials),
                                            FIELDS_END};

struct month_facts {
    struct month_end end;
    struct share *shares; /* of contracts; 0: unknown ones */
    size_t count;
    bool is_whole; /* also those that only asked: this reads every decision */
};

static enum result read_facts(struct ctx *cx, void *host)
{
    struct month_facts *facts = host;
    TRY(db_one(cx, &q_month_end, NO_PARAMS, END_FIELDS, &facts->end));
    return db_list(cx, facts->is_whole ? &q_month_whole : &q_month_contracts, NO_PARAMS,
                   SHARE_FIELDS, sizeof *facts->shares, CONTRACTS_MOST, &facts->shares,
                   &facts->count);
}

static struct date first_day(struct month month)
{
    const int index = month.months - 1;
    return date_of(index / 12, index % 12 + 1, 1);
}

static struct date last_day(struct month month)
{
    return date_add(first_day((struct month){month.months + 1}), -1);
}

static struct date today(const struct ctx *cx)
{
    return instant_date(cx->now, SHANGHAI_OFFSET_MIN);
}

/* The longest rule counts, and a hold of any contract holds all. */
static enum result judge(struct ctx *cx, const struct month_facts *facts, struct call_month *month)
{
    const struct date first = first_day(month->month), last = last_day(month->month);
    month->basis = "";
    for (size_t i = 0; i < facts->count; i++) {
        struct kept kept;
        int64_t hold;
        TRY(retention_of(cx, RETAIN_CALLS, facts->shares[i].contract_id, &kept));
        TRY(retention_held(cx, facts->shares[i].contract_id, first, last, &hold));
        if (kept.days > month->days) {
            month->days = kept.days;
            month->basis = kept.basis;
        }
        month->hold_id = month->hold_id ? month->hold_id : hold;
    }
    month->kept_until = date_add(last, month->days);
    month->deleted_at = facts->end.emptied_at;
    month->state = month->deleted_at.ms                      ? MONTH_DELETED
                   : month->hold_id                          ? MONTH_HELD
                   : month->kept_until.days < today(cx).days ? MONTH_OVER
                                                             : MONTH_KEPT;
    return OK;
}

static enum result look_at(struct ctx *cx, struct month month, struct month_facts *out_facts,
                           struct call_month *out)
{
    *out_facts = (struct month_facts){.count = 0};
    *out = (struct call_month){.month = month};
    TRY(months_read(cx, calls_months(), month, read_facts, out_facts));
    TRY(judge(cx, out_facts, out));
    if (out->state != MONTH_OVER)
        return OK;
    *out_facts = (struct month_facts){.is_whole = true}; /* before it goes */
    *out = (struct call_month){.month = month};
    TRY(months_read(cx, calls_months(), month, read_facts, out_facts));
    return judge(cx, out_facts, out);
}

enum result call_months(struct ctx *cx, struct call_month **out, size_t *out_count)
{
    const struct month *months;
    struct month_facts facts;
    TRY(months_list(cx, calls_months(), &months, out_count));
    *out = ARENA_ARRAY(cx->mem, struct call_month, *out_count + 1);
    for (size_t i = 0; i < *out_count; i++)
        TRY(look_at(cx, months[i], &facts, &(*out)[i]));
    return OK;
}

enum result months_deleted(struct ctx *cx, struct month from, struct month to,
                           struct month_deleted **out, size_t *out_count)
{
    *out = ARENA_ARRAY(cx->mem, struct month_deleted, (size_t)(to.months - from.months) + 2);
    *out_count = 0;
    for (struct month month = from; month.months <= to.months; month.months++) {
        struct month_facts facts = {.count = 0};
        TRY(months_read(cx, calls_months(), month, read_facts, &facts));
        if (facts.end.emptied_at.ms)
            (*out)[(*out_count)++] = (struct month_deleted){month, facts.end.emptied_at};
    }
    return OK;
}

/* ---- in the writer's transaction of the month ---- */

static const struct query *const EMPTIED[] = {
    &q_empty_calls,    &q_empty_hours,    &q_empty_places, &q_empty_decisions, &q_empty_binds,
    &q_empty_closings, &q_empty_findings, &q_empty_states, &q_empty_revisions,
};

struct month_step {
    const struct ctx *asked;
    struct instant closed_at; /* none: it is opened again */
};

static enum result close_run(struct db *db, void *host)
{
    const struct month_step *step = host;
    struct ctx cx = *step->asked;
    cx.db = db;
    return db_change_one(&cx, &q_month_close, PARAMS(P(step->closed_at)));
}

static enum result empty_run(struct db *db, void *host)
{
    const struct month_step *step = host;
    struct ctx cx = *step->asked;
    cx.db = db;
    for (size_t i = 0; i < sizeof EMPTIED / sizeof *EMPTIED; i++)
        TRY(db_change(&cx, EMPTIED[i], NO_PARAMS, NULL));
    return db_change_one(&cx, &q_month_emptied, PARAMS(P(cx.now)));
}

static enum result set_closed(struct ctx *cx, struct month month, bool closed)
{
    struct month_step step = {.asked = cx};
    struct store *store;
    if (closed)
        step.closed_at = cx->now;
    TRY(months_store(cx, calls_months(), month, false, &store));
    const enum result result = store_write_now(store, close_run, &step);
    months_release(calls_months(), store);
    return result;
}

/* What was deleted shall be nowhere in the file either. */
static enum result empty(struct ctx *cx, struct month month)
{
    struct month_step step = {.asked = cx};
    struct store *store;
    TRY(months_store(cx, calls_months(), month, false, &store));
    enum result result = store_write_now(store, empty_run, &step);
    if (result == OK)
        result = store_compact(cx, store);
    months_release(calls_months(), store);
    return result;
}

/* ---- what goes, counted and hashed ---- */

struct whole_call {
    int64_t id, contract_id, agent_id, number_id, gate_id, callee_key, callee_code;
    const char *source, *uid, *recording;
    int32_t duration_s, talk_s, result;
};
static const struct field WHOLE_FIELDS[] = {
    FIELD(whole_call, id),          FIELD(whole_call, source),
    FIELD(whole_call, uid),         FIELD(whole_call, contract_id),
    FIELD(whole_call, agent_id),    FIELD(whole_call, number_id),
    FIELD(whole_call, gate_id),     FIELD(whole_call, callee_key),
    FIELD(whole_call, callee_code), FIELD(whole_call, duration_s),
    FIELD(whole_call, talk_s),      FIELD(whole_call, result),
    FIELD(whole_call, recording),   FIELDS_END,
};

/* docs/operations.md has this form. */
static void hash_call(struct ctx *cx, struct sha256 *hash, const struct whole_call *call)
{
    const char *line = arena_printf(
        cx->mem, "%lld\t%s\t%s\t%lld\t%lld\t%lld\t%lld\t%lld\t%lld\t%d\t%d\t%d\t%s\n",
        (long long)call->id, call->source, call->uid, (long long)call->contract_id,
        (long long)call->agent_id, (long long)call->number_id, (long long)call->gate_id,
        (long long)call->callee_key, (long long)call->callee_code, call->duration_s, call->talk_s,
        call->result, call->recording);
    sha256_add(hash, line, strlen(line));
}

static struct share *share_of(struct month_facts *facts, int64_t contract_id)
{
    for (size_t i = 0; i < facts->count; i++)
        if (facts->shares[i].contract_id == contract_id)
            return &facts->shares[i];
    return NULL;
}

/* A page at a time, so that no month is too large for the memory. */
static enum result count_calls(struct ctx *cx, void *host)
{
    enum { AT_ONCE = 5000 };
    struct month_facts *facts = host;
    int64_t last = 0;
    size_t count;
    do {
        const struct arena_mark mark = arena_mark(cx->mem);
        struct whole_call *calls;
        TRY(db_list(cx, &q_month_calls, PARAMS(param_number(last), P((int32_t)AT_ONCE)),
                    WHOLE_FIELDS, sizeof *calls, AT_ONCE, &calls, &count));
        for (size_t i = 0; i < count; i++) {
            struct share *share = share_of(facts, calls[i].contract_id);
            if (!share) /* what is not in the roll-ups was never taken in */
                return fail(cx, BROKEN, "calls.not_rolled_up");
            hash_call(cx, &share->hash, &calls[i]);
            share->count++;
            last = calls[i].id;
        }
        arena_rewind(cx->mem, mark);
    } while (count == AT_ONCE);
    return OK;
}

/* ---- the certificates, in the main store ---- */

struct certifying {
    struct call_month *month;
    const struct month_facts *facts;
    const char *subject;
};

static enum result certify_one(struct ctx *cx, const struct certifying *certifying,
                               const struct share *share)
{
    struct kept kept;
    struct sha256 hash = share->hash;
    char hex[SHA256_HEX];
    sha256_end(&hash, hex);
    TRY(retention_of(cx, RETAIN_CALLS, share->contract_id, &kept));
    struct deletion_certificate certificate = {.kind = RETAIN_CALLS,
                                               .subject = certifying->subject,
                                               .contract_id = share->contract_id,
                                               .from = first_day(certifying->month->month),
                                               .to = last_day(certifying->month->month),
                                               .count = share->count,
                                               .sha256 = hex,
                                               .rule_id = kept.rule_id,
                                               .rule_days = kept.days,
                                               .rule_basis = kept.basis};
    return certificate_add(cx, &certificate);
}

/* Has it been decided, and is it not done yet? */
static enum result is_decided(struct ctx *cx, const char *subject, bool *out, bool *out_underway)
{
    struct deletion_certificate *certificates;
    size_t count;
    TRY(certificates_of(cx, RETAIN_CALLS, subject, &certificates, &count));
    *out = count > 0;
    *out_underway = false;
    for (size_t i = 0; i < count; i++)
        *out_underway = *out_underway || certificates[i].state == CERTIFICATE_UNDERWAY;
    return OK;
}

/* A hold or a rule may have come since it was looked at, or another server have decided it; from
 * this commit on it is too late. */
static enum result certify(struct ctx *cx, void *host)
{
    const struct certifying *certifying = host;
    struct call_month now = {.month = certifying->month->month};
    bool decided, underway;
    TRY(is_decided(cx, certifying->subject, &decided, &underway));
    if (decided)
        return OK;
    TRY(judge(cx, certifying->facts, &now));
    *certifying->month = now;
    if (now.state != MONTH_OVER)
        return OK;
    for (size_t i = 0; i < certifying->facts->count; i++)
        TRY(certify_one(cx, certifying, &certifying->facts->shares[i]));
    return OK;
}

static enum result finish(struct ctx *cx, void *host)
{
    struct deletion_certificate *certificates;
    size_t count;
    TRY(certificates_of(cx, RETAIN_CALLS, host, &certificates, &count));
    for (size_t i = 0; i < count; i++)
        if (certificates[i].state == CERTIFICATE_UNDERWAY)
            TRY(certificate_done(cx, &certificates[i]));
    return OK;
}

/* ---- the worker ---- */

static enum result decide(struct worker *worker, struct ctx *cx, struct call_month *month,
                          struct month_facts *facts, const char *subject)
{
    struct certifying certifying = {month, facts, subject};
    TRY(set_closed(cx, month->month, true));
    for (size_t i = 0; i < facts->count; i++)
        sha256_start(&facts->shares[i].hash);
    TRY(months_read(cx, calls_months(), month->month, count_calls, facts));
    return worker_write(worker, cx, certify, &certifying);
}

static enum result end_month(struct worker *worker, struct ctx *cx, struct month month,
                             struct call_month *out)
{
    struct month_facts facts;
    char subject[MONTH_MAX_TEXT];
    bool decided, underway;
    month_format(month, subject);
    TRY(look_at(cx, month, &facts, out));
    TRY(is_decided(cx, subject, &decided, &underway));
    if (!underway && out->state == MONTH_OVER)
        TRY(decide(worker, cx, out, &facts, subject));
    if (!underway && out->state != MONTH_OVER)
        return facts.end.closed_at.ms && out->state != MONTH_DELETED ? set_closed(cx, month, false)
                                                                     : OK;
    TRY(empty(cx, month));
    out->state = MONTH_DELETED;
    return worker_write(worker, cx, finish, subject);
}

/* The youngest month whose time may be over by any rule. */
static enum result youngest(struct ctx *cx, struct month *out)
{
    struct kept usual;
    int64_t least;
    TRY(db_int(cx, &q_days_least, PARAMS(P(choice_name(RETENTION_KINDS, RETAIN_CALLS))), &least));
    TRY(retention_of(cx, RETAIN_CALLS, 0, &usual));
    if (!least || least > usual.days)
        least = usual.days;
    *out = (struct month){month_of(date_add(today(cx), -(int)least)).months - 1};
    return OK;
}

enum result call_months_turn(struct worker *worker, struct ctx *cx, bool *out_found)
{
    static atomic_bool is_gone[MONTHS_KNOWN]; /* of what is gone nothing is asked again */
    static _Atomic int64_t looked_ms;
    const struct month *months;
    size_t count;
    struct month from;
    if (cx->now.ms < atomic_load(&looked_ms) + LOOK_EVERY_MS &&
        cx->now.ms >= atomic_load(&looked_ms))
        return OK;
    atomic_store(&looked_ms, cx->now.ms);
    TRY(youngest(cx, &from));
    TRY(months_list(cx, calls_months(), &months, &count));
    for (size_t i = 0; i < count && !worker_stopping(worker); i++) {
        atomic_bool *gone = &is_gone[months[i].months % MONTHS_KNOWN];
        struct call_month month;
        if (months[i].months > from.months || atomic_load(gone))
            continue;
        TRY(end_month(worker, cx, months[i], &month));
        atomic_store(gone, month.state == MONTH_DELETED);
    }
    return OK;
}
