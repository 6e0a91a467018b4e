/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The steps of an issue's life: who may take them, and what they ask for. */
#include "app/desk/desk_private.h"

#define WORDS_MOST 2000

bool desk_serves(const struct contract *contract)
{
    return contract->state == CONTRACT_ACTIVE || contract->state == CONTRACT_SUSPENDED;
}

/* ---- who ---- */

static bool holds(const struct actor *actor, uint64_t roles)
{
    return (actor->roles.bits << 1 & roles) != 0;
}

bool desk_leads(const struct actor *actor, const struct contract *contract)
{
    const bool lead =
        actor->side == SIDE_CLIENT && holds(actor, R(CLIENT) | R(PM) | R(DIVISION) | R(OPS));
    return actor->is_system || lead ||
           (actor->person_id && actor->person_id == contract->contact_id);
}

/* 0: nobody, or somebody who has left. */
static enum result organisation_of(struct ctx *cx, int64_t person_id, int64_t *out)
{
    *out = 0;
    return person_id ? person_works(cx, person_id, instant_date(cx->now, SHANGHAI_OFFSET_MIN), out)
                     : OK;
}

enum result issue_demand_charge(struct ctx *cx, const struct issue *issue)
{
    struct contract contract;
    int64_t organisation;
    TRY(record_get(cx, &CONTRACTS, issue->contract_id, &contract));
    TRY(organisation_of(cx, issue->assigned_id, &organisation));
    const struct actor *actor = cx->actor;
    const bool own = actor->person_id && actor->person_id == issue->assigned_id;
    const bool theirs =
        actor->side == SIDE_PROVIDER && organisation && organisation == actor->organisation_id;
    if (own || theirs || desk_leads(actor, &contract))
        return OK;
    return fail(cx, FORBIDDEN, "issue.not_in_charge", issue->number);
}

enum result issue_demand_judge(struct ctx *cx, const struct issue *issue)
{
    const struct actor *actor = cx->actor;
    int64_t organisation;
    if (actor->person_id && actor->person_id == issue->solver_id)
        return fail(cx, FORBIDDEN, "issue.own_solution", issue->number);
    if (actor->is_system || actor->side == SIDE_CLIENT)
        return OK;
    TRY(organisation_of(cx, issue->opener_id, &organisation));
    return organisation && organisation == actor->organisation_id
               ? OK
               : fail(cx, FORBIDDEN, "issue.not_reporter", issue->number);
}

/* ---- what each asks for ---- */

#define FROM_STATE(state) (1u << (state))
#define UNSOLVED (FROM_STATE(ISSUE_OPEN) | FROM_STATE(ISSUE_ANSWERED) | FROM_STATE(ISSUE_REOPENED))

static enum result demand_state(struct ctx *cx, const struct issue *issue, unsigned from)
{
    if (from & FROM_STATE(issue->state))
        return OK;
    return fail(cx, CONFLICT, "issue.wrong_state", issue->number,
                state_name(cx, &ISSUES, ISSUE_STATES, issue->state));
}

/* ---- telling ---- */

enum result issue_tell(struct ctx *cx, const struct issue *issue, const char *kind,
                       const char *detail)
{
    struct contract contract;
    const struct news news = {
        .kind = kind,
        .subject = &ISSUES,
        .subject_id = issue->id,
        .title = arena_printf(cx->mem, "%s · %s", issue->subject, issue->number),
        .detail = detail,
        .urgent = issue->priority == ISSUE_URGENT,
    };
    if (issue->opener_id)
        TRY(notice_person(cx, issue->opener_id, &news));
    if (issue->assigned_id)
        return notice_person(cx, issue->assigned_id, &news);
    TRY(record_get(cx, &CONTRACTS, issue->contract_id, &contract));
    return notice_roles(cx, contract.client_id, contract.unit_id, R(CLIENT) | R(PM) | R(DIVISION),
                        &news);
}

/* ---- the steps ---- */

static void mark_answered(struct ctx *cx, struct issue *issue)
{
    if (issue->answered_at.ms)
        return;
    issue->answered_at = cx->now;
    issue->answered_late = cx->now.ms > issue->answer_due_at.ms;
}

enum result issue_answer(struct ctx *cx, const struct issue *before, const char *answer)
{
    struct issue after = *before;
    TRY(issue_demand_charge(cx, before));
    TRY(demand_state(cx, before, FROM_STATE(ISSUE_OPEN) | FROM_STATE(ISSUE_REOPENED)));
    check_words(cx, "answer", answer, WORDS_MOST);
    TRY(rejected(cx));
    mark_answered(cx, &after);
    after.answer = answer;
    after.state = ISSUE_ANSWERED;
    TRY(record_change(cx, &ISSUES, "answer", before, &after));
    return issue_tell(cx, &after, "issue.answered", answer);
}

/* Somebody of either party, whom the actor may know of. */
static enum result check_assigned(struct ctx *cx, const struct issue *issue, int64_t person_id)
{
    struct contract contract;
    int64_t organisation;
    struct fault kept = fault_take(cx);
    enum result seen = record_seen(cx, &PEOPLE, person_id);
    if (seen != OK && seen != NOT_FOUND)
        return seen;
    cx->fault = kept;
    TRY(record_get(cx, &CONTRACTS, issue->contract_id, &contract));
    TRY(organisation_of(cx, person_id, &organisation));
    if (seen == NOT_FOUND || !organisation ||
        (organisation != contract.client_id && organisation != contract.provider_id))
        reject(cx, "person_id", "not_a_partys_person");
    return OK;
}

enum result issue_assign(struct ctx *cx, const struct issue *before, int64_t person_id,
                         enum issue_priority priority, const char *reason)
{
    struct issue after = *before;
    TRY(issue_demand_charge(cx, before));
    TRY(demand_state(cx, before, UNSOLVED));
    check_reason(cx, reason);
    if (person_id && person_id != before->assigned_id)
        TRY(check_assigned(cx, before, person_id));
    if ((!person_id || person_id == before->assigned_id) &&
        (!priority || priority == before->priority))
        reject(cx, "person_id", "same_as_before");
    TRY(rejected(cx));
    after.reason = reason;
    if (person_id)
        after.assigned_id = person_id;
    if (priority && priority != before->priority) {
        after.priority = priority;
        issue_date(cx, &after);
    }
    TRY(record_change(cx, &ISSUES, "assign", before, &after));
    return issue_tell(cx, &after, "issue.assigned", reason);
}

enum result issue_solve(struct ctx *cx, const struct issue *before, const char *solution,
                        enum responsibility responsibility)
{
    struct issue after = *before;
    TRY(issue_demand_charge(cx, before));
    TRY(demand_state(cx, before, UNSOLVED));
    check_words(cx, "solution", solution, WORDS_MOST);
    if (!responsibility)
        reject(cx, "responsibility", "required");
    TRY(rejected(cx));
    mark_answered(cx, &after);
    after.solved_at = cx->now;
    after.solved_late = before->solved_late || cx->now.ms > before->due_at.ms;
    after.solver_id = cx->actor->person_id;
    after.solution = solution;
    after.responsibility = responsibility;
    after.state = ISSUE_SOLVED;
    TRY(record_change(cx, &ISSUES, "solve", before, &after));
    return issue_tell(cx, &after, "issue.solved", solution);
}

enum result issue_confirm(struct ctx *cx, const struct issue *before, int64_t satisfaction,
                          const char *remark)
{
    struct issue after = *before;
    TRY(demand_state(cx, before, FROM_STATE(ISSUE_SOLVED)));
    TRY(issue_demand_judge(cx, before));
    if (satisfaction < 1 || satisfaction > 5)
        reject(cx, "satisfaction", "one_to_five");
    if (utf8_count(remark) > WORDS_MOST)
        reject(cx, "remark", "too_long", arena_printf(cx->mem, "%d", WORDS_MOST));
    TRY(rejected(cx));
    after.satisfaction = (int32_t)satisfaction;
    after.remark = remark;
    after.closed_at = cx->now;
    after.state = ISSUE_CLOSED;
    TRY(record_change(cx, &ISSUES, "confirm", before, &after));
    return issue_tell(cx, &after, "issue.confirmed",
                      arena_printf(cx->mem, "%d", after.satisfaction));
}

enum result issue_reopen(struct ctx *cx, const struct issue *before, const char *reason)
{
    struct issue after = *before;
    TRY(demand_state(cx, before, FROM_STATE(ISSUE_SOLVED) | FROM_STATE(ISSUE_CLOSED)));
    TRY(issue_demand_judge(cx, before));
    check_reason(cx, reason);
    TRY(rejected(cx));
    after.reason = reason;
    after.solved_at = after.closed_at = (struct instant){0};
    after.satisfaction = 0;
    after.reopened_at = cx->now;
    after.reopened++;
    after.state = ISSUE_REOPENED;
    issue_date(cx, &after);
    TRY(record_change(cx, &ISSUES, "reopen", before, &after));
    return issue_tell(cx, &after, "issue.reopened", reason);
}
