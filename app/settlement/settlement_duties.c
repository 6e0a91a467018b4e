/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who owes the next step of a statement, and until when. */
#include "app/settlement/settlement_private.h"

#include "app/evaluation/evaluation.h"
#include "app/settlement/settlement.sql.h"

enum {
    DRAFT_IT,
    DECIDE_EVENT,
    ANSWER_IT,
    DECIDE_IT,
    APPROVE_IT,
    PAY_IT,
    CONSIDER_ENDING,
    SETTLE_IT,
    RELEASE_IT
};

static void owed_by(struct duty *duty, int64_t organisation_id, int64_t unit_id, enum side side,
                    enum role role)
{
    duty->organisation_id = organisation_id;
    duty->unit_id = unit_id;
    duty->owner_side = side;
    duty->owner_role = ROLES[role - 1];
}

/* Each month a contract with rules in force owes the statement of the month before, unless that
 * month has no grade, and nothing can be paid for it. */
static enum result judge_draft(struct ctx *cx, const void *record, struct duty *duty,
                               enum owing *out)
{
    const struct contract *contract = record;
    struct month month = {0};
    char text[MONTH_MAX_TEXT] = "";
    int64_t rules, sent, ungraded;
    if (contract->kind != CONTRACT_CONTINUOUS || contract->state == CONTRACT_DRAFT ||
        !month_parse(duty->period, &month))
        return OK;
    month.months--;
    TRY(db_int(cx, &q_rules_count, PARAMS(P(contract->id), P(month)), &rules));
    TRY(db_int(cx, &q_settlement_sent, PARAMS(P(contract->id), P(month)), &sent));
    TRY(db_int(cx, &q_settlement_ungraded, PARAMS(P(contract->id), P(month)), &ungraded));
    const struct date end = contract_last_day(contract);
    const bool ran = contract->starts_on.days <= month_last(month).days &&
                     (!end.days || end.days >= month_first(month).days);
    *out = sent ? OWING_MET : rules && ran && !ungraded ? OWING_DUTY : OWING_NOTHING;
    month_format(month, text);
    duty->title = arena_printf(cx->mem, "%s %s", contract->name, text);
    duty->contract_id = contract->id;
    owed_by(duty, contract->client_id, contract->unit_id, SIDE_CLIENT, ROLE_PM);
    duty->due_at = due_of(cx, &SETTLEMENT_DUTIES[DRAFT_IT], day_end(month_last(month)));
    return OK;
}

static enum result judge_event(struct ctx *cx, const void *record, struct duty *duty,
                               enum owing *out)
{
    const struct deduction_event *event = record;
    if (!event->objected_at.ms)
        return OK;
    *out = event->state == EVENT_OBJECTED ? OWING_DUTY : OWING_MET;
    duty->contract_id = event->contract_id;
    owed_by(duty, event->client_id, event->unit_id, SIDE_CLIENT, ROLE_DIVISION);
    duty->due_at = due_of(cx, &SETTLEMENT_DUTIES[DECIDE_EVENT], event->objected_at);
    return OK;
}

/* Owed since it came into a state, met once it left it. */
static const struct {
    enum settlement_state state;
    enum side side;
    enum role role;
} STEPS[] = {
    [ANSWER_IT] = {SETTLEMENT_SENT, SIDE_PROVIDER, ROLE_PROVIDER},
    [DECIDE_IT] = {SETTLEMENT_DISPUTED, SIDE_CLIENT, ROLE_DIVISION},
    [APPROVE_IT] = {SETTLEMENT_AGREED, SIDE_CLIENT, ROLE_FINANCE},
    [PAY_IT] = {SETTLEMENT_APPROVED, SIDE_CLIENT, ROLE_FINANCE},
};

static enum result judge_step(struct ctx *cx, const struct settlement *settlement, int step,
                              struct duty *duty, enum owing *out)
{
    *out = settlement->state == STEPS[step].state ? OWING_DUTY : OWING_MET;
    duty->contract_id = settlement->contract_id;
    duty->title = settlement->name;
    if (STEPS[step].side == SIDE_PROVIDER)
        owed_by(duty, settlement->provider_id, 0, SIDE_PROVIDER, STEPS[step].role);
    else
        owed_by(duty, settlement->client_id, settlement->unit_id, SIDE_CLIENT, STEPS[step].role);
    if (*out == OWING_DUTY)
        duty->due_at = due_of(cx, &SETTLEMENT_DUTIES[step], settlement->updated_at);
    return OK;
}

#define JUDGE(name, step)                                                                          \
    static enum result name(struct ctx *cx, const void *record, struct duty *duty,                 \
                            enum owing *out)                                                       \
    {                                                                                              \
        return judge_step(cx, record, step, duty, out);                                            \
    }
JUDGE(judge_answer, ANSWER_IT)
JUDGE(judge_decide, DECIDE_IT)
JUDGE(judge_approve, APPROVE_IT)
JUDGE(judge_pay, PAY_IT)

/* The total cap of the contract is used up: nothing more can be taken off, whatever happens. */
static enum result judge_ending(struct ctx *cx, const void *record, struct duty *duty,
                                enum owing *out)
{
    const struct settlement *settlement = record;
    struct contract contract;
    if (!settlement->cap_reached || settlement->state < SETTLEMENT_APPROVED)
        return OK;
    TRY(record_get(cx, &CONTRACTS, settlement->contract_id, &contract));
    const bool runs = contract.state == CONTRACT_ACTIVE || contract.state == CONTRACT_SUSPENDED;
    *out = runs ? OWING_DUTY : OWING_MET;
    duty->contract_id = contract.id;
    duty->title = contract.name;
    owed_by(duty, settlement->client_id, settlement->unit_id, SIDE_CLIENT, ROLE_DIVISION);
    duty->due_at = due_of(cx, &SETTLEMENT_DUTIES[CONSIDER_ENDING], settlement->approved_at);
    return OK;
}

/* What was accepted is settled (X3); and when the warranty is over, what was kept back. */
static enum result judge_accepted(struct ctx *cx, const struct acceptance *acceptance, int rule,
                                  struct duty *duty, enum owing *out)
{
    const bool release = rule == RELEASE_IT;
    struct settlement kept;
    int64_t sent;
    if (acceptance->state != ACCEPTANCE_FINAL || acceptance->outcome == OUTCOME_REFUSED)
        return OK;
    TRY(settlement_kept(cx, acceptance->contract_id, &kept));
    TRY(db_int(cx, &q_settlement_of_kind,
               PARAMS(P(acceptance->contract_id), P(release ? "retention" : "acceptance")), &sent));
    if (release && !sent && !kept.retained_fen.fen)
        return OK;
    *out = sent ? OWING_MET : OWING_DUTY;
    duty->title = acceptance->name;
    duty->contract_id = acceptance->contract_id;
    duty_of_client(duty, acceptance->client_id, acceptance->unit_id, ROLE_PM);
    const struct instant from =
        release ? day_end(acceptance->warranty_ends_on) : acceptance->final_at;
    if (release)
        duty->opened_at = from;
    duty->due_at = due_of(cx, &SETTLEMENT_DUTIES[rule], from);
    return OK;
}

static enum result judge_settling(struct ctx *cx, const void *record, struct duty *duty,
                                  enum owing *out)
{
    return judge_accepted(cx, record, SETTLE_IT, duty, out);
}

static enum result judge_release(struct ctx *cx, const void *record, struct duty *duty,
                                 enum owing *out)
{
    return judge_accepted(cx, record, RELEASE_IT, duty, out);
}

#define WORKING(days)                                                                              \
    {                                                                                              \
        .kind = DUE_WORKING_DAYS, .count = (days)                                                  \
    }
const struct duty_rule SETTLEMENT_DUTIES[] = {
    [DRAFT_IT] = {"draft_settlement", "V3.3", &CONTRACTS, judge_draft, WORKING(10), .monthly = true,
                  .also = &SETTLEMENTS, .also_ids = &q_contract_of_settlement,
                  .and_also = &EVALUATIONS, .and_also_ids = &q_contract_of_evaluation},
    [DECIDE_EVENT] = {"decide_deduction", "X4", &DEDUCTION_EVENTS, judge_event, WORKING(5)},
    [ANSWER_IT] = {"answer_settlement", "X4", &SETTLEMENTS, judge_answer, WORKING(5)},
    [DECIDE_IT] = {"decide_settlement", "X4", &SETTLEMENTS, judge_decide, WORKING(5)},
    [APPROVE_IT] = {"approve_settlement", "V3.3", &SETTLEMENTS, judge_approve, WORKING(5)},
    [PAY_IT] = {"pay_settlement", "V3.3", &SETTLEMENTS, judge_pay, WORKING(10)},
    [CONSIDER_ENDING] = {"consider_termination", "X2", &SETTLEMENTS, judge_ending, WORKING(5),
                         .also = &CONTRACTS, .also_ids = &q_settlements_capped},
    [SETTLE_IT] = {"settle_acceptance", "X3", &ACCEPTANCES, judge_settling, WORKING(10),
                   .also = &SETTLEMENTS, .also_ids = &q_acceptance_of_settlement},
    [RELEASE_IT] = {"release_retention", "X3", &ACCEPTANCES, judge_release, WORKING(10),
                    .also = &SETTLEMENTS, .also_ids = &q_acceptance_of_settlement},
    DUTY_RULES_END,
};
