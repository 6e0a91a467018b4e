/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The worker behind the months: which allowed calls were never reported, and what was found since
 * the last time. Both remember how far they came in the transaction that uses what they read. */
#include "app/calls/call.sql.h"
#include "app/calls/call_exception.h"
#include "app/calls/call_exception.sql.h"
#include "app/calls/call_private.h"
#include "app/gate/call_finding.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define AT_ONCE 2000
#define MONTHS_WATCHED 3 /* in which decisions may still wait; of others, when calls come */

/* ---- allowed, and never reported ---- */

struct unchecked {
    int64_t gate_id, contract_id, agent_id, provider_id, closed_by;
    int32_t max_s;
    const char *contract, *agent, *caller;
};
static const struct field UNCHECKED_FIELDS[] = {
    FIELD(unchecked, gate_id),   FIELD(unchecked, contract_id),
    FIELD(unchecked, agent_id),  FIELD(unchecked, max_s),
    FIELD(unchecked, contract),  FIELD(unchecked, provider_id),
    FIELD(unchecked, agent),     FIELD(unchecked, caller),
    FIELD(unchecked, closed_by), FIELDS_END,
};

struct checking {
    struct ctx *asked;
    struct instant now;
    struct gate_wait wait;
    int32_t most; /* rows to read */
    struct unchecked *rows;
    size_t count;
    int64_t up_to; /* the last decision that is due */
};

static enum result read_unchecked(struct ctx *cx, void *host)
{
    struct checking *checking = host;
    return db_list(cx, &q_decisions_unchecked,
                   PARAMS(param_number(checking->wait.checked), P(checking->most),
                          param_number(checking->wait.id)),
                   UNCHECKED_FIELDS, sizeof *checking->rows, (size_t)checking->most,
                   &checking->rows, &checking->count);
}

/* Those at the front whose time is over: all may last equally long. */
static void keep_due(struct checking *checking)
{
    size_t due = 0;
    for (; due < checking->count; due++) {
        const struct unchecked *row = &checking->rows[due];
        const int64_t over = call_instant(row->gate_id).ms + (int64_t)row->max_s * 1000;
        if (over + GATE_SPAN_MS > checking->now.ms)
            break;
        checking->up_to = row->gate_id;
    }
    checking->count = due;
}

struct elsewhere {
    int64_t gate_id, call_id;
};

static enum result read_closing(struct ctx *cx, void *host)
{
    struct elsewhere *elsewhere = host;
    return db_int(cx, &q_closed_here, PARAMS(P(elsewhere->gate_id)), &elsewhere->call_id);
}

/* A call that was asked for in the last minutes of a month may have begun in the next. */
static enum result look_in_next_month(struct ctx *cx, struct unchecked *row)
{
    const struct month month = call_month(row->gate_id);
    const int64_t latest =
        call_id_at((struct instant){call_instant(row->gate_id).ms + GATE_SPAN_MS});
    struct elsewhere elsewhere = {.gate_id = row->gate_id};
    if (row->closed_by || call_month(latest).months == month.months)
        return OK;
    TRY(months_read(cx, calls_months(), call_month(latest), read_closing, &elsewhere));
    row->closed_by = elsewhere.call_id;
    return OK;
}

static enum result write_missing(struct db *db, void *host)
{
    const struct checking *checking = host;
    struct ctx cx = *checking->asked;
    struct call_finding *found = ARENA_ARRAY(cx.mem, struct call_finding, checking->count + 1);
    size_t count = 0;
    cx.db = db;
    for (size_t i = 0; i < checking->count; i++) {
        const struct unchecked *row = &checking->rows[i];
        int64_t closed_by = row->closed_by;
        if (!closed_by) /* its record may have come since it was looked for */
            TRY(db_int(&cx, &q_closed_here, PARAMS(P(row->gate_id)), &closed_by));
        if (!closed_by)
            found[count++] = (struct call_finding){.gate_id = row->gate_id,
                                                   .kind = FOUND_MISSING,
                                                   .contract_id = row->contract_id,
                                                   .agent_id = row->agent_id,
                                                   .provider_id = row->provider_id,
                                                   .contract = row->contract,
                                                   .agent = row->agent,
                                                   .caller = row->caller};
    }
    TRY(findings_add(&cx, found, count));
    return db_change_one(&cx, &q_check_to,
                         PARAMS(param_number(checking->wait.id), param_number(checking->up_to)));
}

struct waits {
    struct gate_wait *at;
    size_t count;
};

static enum result read_waits(struct ctx *cx, void *host)
{
    struct waits *waits = host;
    return db_list(cx, &q_waits, NO_PARAMS, GATE_WAIT_FIELDS, sizeof *waits->at, GATE_WAITS_MOST,
                   &waits->at, &waits->count);
}

/* Of calls that may last that long. */
static enum result find_missing_of(struct ctx *cx, struct month month, struct gate_wait wait,
                                   bool *out_found)
{
    struct checking checking = {.asked = cx, .now = cx->now, .wait = wait, .most = 1};
    struct store *store;
    TRY(months_read(cx, calls_months(), month, read_unchecked, &checking));
    keep_due(&checking);
    if (!checking.count)
        return OK; /* mostly, as this is looked at after each commit */
    checking.most = AT_ONCE;
    TRY(months_read(cx, calls_months(), month, read_unchecked, &checking));
    keep_due(&checking);
    for (size_t i = 0; i < checking.count; i++)
        TRY(look_in_next_month(cx, &checking.rows[i]));
    *out_found = true;
    TRY(months_store(cx, calls_months(), month, false, &store));
    enum result result = store_write_now(store, write_missing, &checking);
    months_release(calls_months(), store);
    return result;
}

static enum result find_missing(struct ctx *cx, struct month month, bool *out_found)
{
    struct waits waits = {.count = 0};
    TRY(months_read(cx, calls_months(), month, read_waits, &waits));
    for (size_t i = 0; i < waits.count; i++)
        TRY(find_missing_of(cx, month, waits.at[i], out_found));
    return OK;
}

/* ---- what was found, to where people see it ---- */

struct group {
    struct date day;
    struct call_finding first, last;
    int32_t count; /* less for what came late */
};

struct carrying {
    struct month month;
    int64_t carried;
    struct call_finding *findings;
    size_t count;
    struct group *groups;
    size_t group_count;
};

/* What came late settles what was missed, whatever agent or number the record names: the decision
 * says of whom it was missed, and when. */
static enum result settle_missed(struct ctx *cx, struct call_finding *late)
{
    struct unchecked missed = {.contract = ""};
    const enum result there =
        db_one(cx, &q_decisions_unchecked,
               PARAMS(param_number(late->gate_id - 1), P((int32_t)1), param_number(0)),
               UNCHECKED_FIELDS, &missed);
    if (there != OK || missed.gate_id != late->gate_id)
        return there == NOT_FOUND ? OK : there;
    late->call_id = 0;
    late->contract_id = missed.contract_id;
    late->agent_id = missed.agent_id;
    late->provider_id = missed.provider_id;
    late->contract = missed.contract;
    late->agent = missed.agent;
    late->caller = missed.caller;
    return OK;
}

static enum result read_findings(struct ctx *cx, void *host)
{
    struct carrying *carrying = host;
    TRY(db_list(cx, &q_findings_after, PARAMS(param_number(carrying->carried), P((int32_t)AT_ONCE)),
                CALL_FINDING_FIELDS, sizeof *carrying->findings, AT_ONCE, &carrying->findings,
                &carrying->count));
    for (size_t i = 0; i < carrying->count; i++)
        if (carrying->findings[i].kind == FOUND_LATE)
            TRY(settle_missed(cx, &carrying->findings[i]));
    return OK;
}

static struct instant finding_at(const struct call_finding *finding)
{
    return call_instant(finding->call_id ? finding->call_id : finding->gate_id);
}

/* What came late takes one away from those that were missing; what was taken back, from its like.
 */
static struct group group_of(const struct call_finding *finding)
{
    struct group group = {.day = instant_date(finding_at(finding), SHANGHAI_OFFSET_MIN),
                          .first = *finding,
                          .last = *finding,
                          .count = 1};
    if (finding->kind == FOUND_LATE) {
        group.first.kind = FOUND_MISSING;
        group.count = -1;
    }
    if (finding->withdrawn)
        group.count = -group.count;
    return group;
}

static int group_order(const void *a, const void *b)
{
    const struct group *left = a, *right = b;
    const int numbers[] = {
        left->day.days - right->day.days,
        (int)left->first.kind - (int)right->first.kind,
        (left->first.provider_id > right->first.provider_id) -
            (left->first.provider_id < right->first.provider_id),
        (left->first.call_id != 0) - (right->first.call_id != 0),
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (numbers[i])
            return numbers[i];
    const int contract = strcmp(left->first.contract, right->first.contract);
    const int agent = strcmp(left->first.agent, right->first.agent);
    return contract ? contract : agent ? agent : strcmp(left->first.caller, right->first.caller);
}

static void group_all(struct ctx *cx, struct carrying *carrying)
{
    struct group *groups = ARENA_ARRAY(cx->mem, struct group, carrying->count + 1);
    size_t kept = 0;
    for (size_t i = 0; i < carrying->count; i++)
        groups[i] = group_of(&carrying->findings[i]);
    if (carrying->count)
        qsort(groups, carrying->count, sizeof *groups, group_order);
    for (size_t i = 0; i < carrying->count; i++) {
        if (kept && group_order(&groups[kept - 1], &groups[i]) == 0) {
            groups[kept - 1].count += groups[i].count;
            if (groups[i].count > 0)
                groups[kept - 1].last = groups[i].last;
        } else {
            groups[kept++] = groups[i];
        }
    }
    carrying->groups = groups;
    carrying->group_count = kept;
}

/* C1.1, C1.2: an agent or a number that was not permitted, a call past the gate or against it. */
static bool is_breach(const struct call_finding *finding)
{
    const bool forbidden =
        finding->kind >= REFUSED_CONTRACT && finding->kind <= REFUSED_NUMBER_NOT_PERMITTED;
    return finding->contract_id &&
           (forbidden || finding->kind == FOUND_UNGATED || finding->kind == FOUND_REFUSED);
}

static enum result carry_breach(struct ctx *cx, const struct group *group)
{
    const struct call_finding *first = &group->first;
    const enum breach_source source = first->call_id ? BREACH_CALLS : BREACH_GATE;
    const struct instant day = instant_of(group->day, 0, SHANGHAI_OFFSET_MIN);
    const bool is_more = group->count > 0; /* what was taken back is not the latest */
    char normal[NUMBER_TEXT];
    int64_t id;
    const char *number = number_normalise(first->caller, normal) ? normal : first->caller;
    TRY(db_int(cx, &q_breach_find,
               PARAMS(P(first->contract_id), P(choice_name(ALLOWANCES, first->kind)),
                      P(first->agent), P(number), P(choice_name(BREACH_SOURCES, source)), P(day),
                      P(((struct instant){day.ms + INT64_C(86400000)}))),
               &id));
    if (id)
        return db_change_one(cx, &q_breach_count,
                             PARAMS(P(id), P(group->count), P(is_more ? group->last.call_id : 0),
                                    P(is_more ? group->last.gate_id : 0), P(cx->now)));
    if (!is_more)
        return OK;
    return breach_add(cx, (struct breach){.kind = first->kind,
                                          .contract_id = first->contract_id,
                                          .agent_id = first->agent_id,
                                          .agent_code = first->agent,
                                          .number = first->caller,
                                          .at = finding_at(first),
                                          .source = source,
                                          .count = group->count,
                                          .last_call_id = group->last.call_id,
                                          .last_gate_id = group->last.gate_id});
}

static enum result exception_new(struct ctx *cx, const struct group *group)
{
    const struct call_finding *first = &group->first;
    struct contract contract = {0};
    if (first->contract_id)
        TRY(record_get(cx, &CONTRACTS, first->contract_id, &contract));
    struct call_exception exception = {.day = group->day,
                                       .kind = first->kind,
                                       .contract_id = first->contract_id,
                                       .unit_id = contract.unit_id,
                                       .provider_id = first->provider_id,
                                       .agent_id = first->agent_id,
                                       .contract_said = first->contract,
                                       .agent_said = first->agent,
                                       .caller_said = first->caller,
                                       .count = group->count,
                                       .last_call_id = group->last.call_id,
                                       .last_gate_id = group->last.gate_id,
                                       .state = EXCEPTION_OPEN,
                                       .reason = "",
                                       .search_key = ""};
    return record_add(cx, &CALL_EXCEPTIONS, &exception);
}

/* More of them open it again, and it is owed again; none left settle it. Neither more nor less than
 * that is worth an entry in the trail. */
static enum result exception_again(struct ctx *cx, int64_t id, const struct group *group)
{
    struct call_exception before, after;
    TRY(db_change_one(cx, &q_exception_count,
                      PARAMS(P(id), P(group->count), P(group->last.call_id), P(group->last.gate_id),
                             P(cx->now))));
    TRY(record_get(cx, &CALL_EXCEPTIONS, id, &before));
    after = before;
    if (before.count <= 0)
        after.state = EXCEPTION_SETTLED;
    else if (group->count > 0)
        after.state = EXCEPTION_OPEN;
    return after.state == before.state
               ? OK
               : record_change(cx, &CALL_EXCEPTIONS,
                               after.state == EXCEPTION_OPEN ? "reopen" : "settle", &before,
                               &after);
}

static enum result carry_exception(struct ctx *cx, const struct group *group)
{
    const struct call_finding *first = &group->first;
    int64_t id;
    TRY(db_int(cx, &q_exception_find,
               PARAMS(P(group->day), P(choice_name(ALLOWANCES, first->kind)), P(first->contract),
                      P(first->agent), P(first->caller), param_number(first->provider_id)),
               &id));
    return id ? exception_again(cx, id, group) : group->count > 0 ? exception_new(cx, group) : OK;
}

static enum result carry_all(struct ctx *cx, void *host)
{
    const struct carrying *carrying = host;
    for (size_t i = 0; i < carrying->group_count; i++) {
        const struct group *group = &carrying->groups[i];
        TRY(is_breach(&group->first) ? carry_breach(cx, group) : carry_exception(cx, group));
    }
    return db_change_one(
        cx, &q_carry_to,
        PARAMS(P(carrying->month), param_number(carrying->findings[carrying->count - 1].id)));
}

static enum result carry(struct worker *worker, struct ctx *cx, struct month month, bool *out_found)
{
    struct carrying carrying = {.month = month};
    TRY(db_int(cx, &q_carried, PARAMS(P(month)), &carrying.carried));
    TRY(months_read(cx, calls_months(), month, read_findings, &carrying));
    if (!carrying.count)
        return OK;
    group_all(cx, &carrying);
    *out_found = true;
    return worker_write(worker, cx, carry_all, &carrying);
}

/* Of older months nothing is asked again until calls come for them; after a start, once. */
#define MONTHS_KNOWN 4096
static atomic_bool is_carried[MONTHS_KNOWN];

void findings_wake(struct month month)
{
    atomic_store(&is_carried[month.months % MONTHS_KNOWN], false);
}

static enum result look_at(struct worker *worker, struct ctx *cx, struct month month,
                           bool *out_found)
{
    TRY(find_missing(cx, month, out_found));
    return carry(worker, cx, month, out_found);
}

enum result call_findings_turn(struct worker *worker, struct ctx *cx, bool *out_found)
{
    const struct month *months;
    size_t count;
    enum result result = OK;
    TRY(months_list(cx, calls_months(), &months, &count));
    for (size_t i = 0; i < count && result == OK && !worker_stopping(worker); i++) {
        bool found = false;
        const bool was_carried =
            atomic_exchange(&is_carried[months[i].months % MONTHS_KNOWN], true);
        if (i >= MONTHS_WATCHED && was_carried)
            continue;
        result = look_at(worker, cx, months[i], &found);
        *out_found = *out_found || found;
        if (found || result != OK)
            findings_wake(months[i]);
    }
    return result;
}
