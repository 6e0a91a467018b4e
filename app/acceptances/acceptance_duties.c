/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who owes the next step of an acceptance, and until when. */
#include "app/acceptances/acceptance_private.h"

/* Owed while it is in a state, met once it left it. */
static const struct step {
    enum acceptance_state state;
    enum role role;
    bool by_lead;
} STEPS[] = {
    [CONVENE_IT] = {ACCEPTANCE_REQUESTED, ROLE_DIVISION, false},
    [CHECK_IT] = {ACCEPTANCE_CONVENED, ROLE_PM, true},
    [SIGN_IT] = {ACCEPTANCE_DECIDED, ROLE_PROVIDER, false},
    [SETTLE_IT] = {ACCEPTANCE_DISPUTED, ROLE_DIVISION, false},
    [AUDIT_IT] = {ACCEPTANCE_SIGNED, ROLE_AUDIT, false},
    [ANSWER_AUDIT] = {ACCEPTANCE_OBJECTED, ROLE_PM, true},
};

static struct instant step_due(struct ctx *cx, const struct acceptance *acceptance, int at)
{
    if (at == AUDIT_IT)
        return acceptance->audit_by;
    if (at == SIGN_IT)
        return acceptance->countersign_by;
    return due_of(cx, &ACCEPTANCE_DUTIES[at], acceptance->updated_at);
}

static enum result judge_step(struct ctx *cx, const struct acceptance *acceptance, int at,
                              struct duty *duty, enum owing *out)
{
    const struct step *step = &STEPS[at];
    const bool within = at == AUDIT_IT || at == ANSWER_AUDIT;
    *out = acceptance->state == step->state            ? OWING_DUTY
           : acceptance->state == ACCEPTANCE_WITHDRAWN ? OWING_NOTHING
           : acceptance->state == ACCEPTANCE_DRAFTED   ? OWING_NOTHING
                                                       : OWING_MET;
    duty->title = acceptance->name;
    duty->contract_id = acceptance->contract_id;
    if (step->role == ROLE_PROVIDER) {
        duty->organisation_id = acceptance->provider_id;
        duty->owner_side = SIDE_PROVIDER;
        duty->owner_role = ROLES[ROLE_PROVIDER - 1];
    } else {
        duty_of_client(duty, acceptance->client_id, acceptance->unit_id, step->role);
        duty->internal = within;
    }
    if (step->by_lead)
        duty->owner_id = acceptance->lead_id;
    if (*out == OWING_DUTY)
        duty->due_at = step_due(cx, acceptance, at);
    return OK;
}

#define JUDGE(name, step)                                                                          \
    static enum result name(struct ctx *cx, const void *record, struct duty *duty,                 \
                            enum owing *out)                                                       \
    {                                                                                              \
        return judge_step(cx, record, step, duty, out);                                            \
    }
JUDGE(judge_convening, CONVENE_IT)
JUDGE(judge_checking, CHECK_IT)
JUDGE(judge_signing, SIGN_IT)
JUDGE(judge_dispute, SETTLE_IT)
JUDGE(judge_audit, AUDIT_IT)
JUDGE(judge_answer, ANSWER_AUDIT)

static enum result judge_mending(struct ctx *cx, const void *record, struct duty *duty,
                                 enum owing *out)
{
    const struct acceptance_defect *defect = record;
    (void)cx;
    *out = defect->state == DEFECT_ISSUED                                       ? OWING_DUTY
           : defect->state == DEFECT_ANSWERED || defect->state == DEFECT_CLOSED ? OWING_MET
                                                                                : OWING_NOTHING;
    duty->title = defect->found;
    duty->contract_id = defect->contract_id;
    duty->organisation_id = defect->provider_id;
    duty->owner_side = SIDE_PROVIDER;
    duty->owner_role = ROLES[ROLE_PROVIDER - 1];
    duty->due_at = defect->due_at;
    return OK;
}

static enum result judge_recheck(struct ctx *cx, const void *record, struct duty *duty,
                                 enum owing *out)
{
    const struct acceptance_defect *defect = record;
    *out = defect->state == DEFECT_ANSWERED    ? OWING_DUTY
           : defect->state == DEFECT_WITHDRAWN ? OWING_NOTHING
                                               : OWING_MET;
    duty->title = defect->found;
    duty->contract_id = defect->contract_id;
    duty_of_client(duty, defect->client_id, defect->unit_id, ROLE_PM);
    duty->due_at = due_of(cx, &ACCEPTANCE_DUTIES[RECHECK_IT], defect->answered_at);
    return OK;
}

#define WORKING(days)                                                                              \
    {                                                                                              \
        .kind = DUE_WORKING_DAYS, .count = (days)                                                  \
    }
const struct duty_rule ACCEPTANCE_DUTIES[] = {
    [CONVENE_IT] = {"convene_acceptance", "X3", &ACCEPTANCES, judge_convening, WORKING(5)},
    [CHECK_IT] = {"check_acceptance", "X3", &ACCEPTANCES, judge_checking, WORKING(5)},
    [SIGN_IT] = {"sign_acceptance", "X3", &ACCEPTANCES, judge_signing, WORKING(5)},
    [SETTLE_IT] = {"settle_objection", "X4", &ACCEPTANCES, judge_dispute, WORKING(5)},
    [AUDIT_IT] = {"audit_acceptance", "V3.2", &ACCEPTANCES, judge_audit, WORKING(3)},
    [ANSWER_AUDIT] = {"answer_acceptance_audit", "V3.2", &ACCEPTANCES, judge_answer, WORKING(3)},
    [MEND_IT] = {"mend_defect", "X3", &ACCEPTANCE_DEFECTS, judge_mending, WORKING(5)},
    [RECHECK_IT] = {"recheck_defect", "X3", &ACCEPTANCE_DEFECTS, judge_recheck, WORKING(2)},
    DUTY_RULES_END,
};
