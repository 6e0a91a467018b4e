/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Objections to an evaluation, by audit or by whom it is about, and what is owed on its way. */
#include "app/evaluation/evaluation.sql.h"
#include "app/evaluation/evaluation_private.h"

#include <string.h>

static const char *const SOURCES[] = {"audit", "party", NULL};
static const char *const STATES[] = {"open", "answered", "upheld", "rejected", NULL};

static const struct field OBJECTION_FIELDS[] = {
    RECORD_FIELDS(evaluation_objection),
    FIELD(evaluation_objection, period, .column = "e.period", .use = LISTED),
    FIELD(evaluation_objection, subject_name, .column = "COALESCE(c.name, u.name)", .use = LISTED),
    FIELD_REF(evaluation_objection, evaluation_id, "evaluations", .use = FILTERED | NO_DIFF),
    FIELD_REF(evaluation_objection, contract_id, "contracts", .use = FILTERED | NO_DIFF),
    FIELD_REF(evaluation_objection, unit_id, "units", .use = HIDDEN | NO_DIFF),
    FIELD_REF(evaluation_objection, provider_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(evaluation_objection, client_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_ENUM(evaluation_objection, source, SOURCES, .use = LISTED | FILTERED | NO_DIFF),
    FIELD(evaluation_objection, line, .use = NO_DIFF),
    FIELD(evaluation_objection, words, .use = LONG_TEXT | NO_DIFF),
    FIELD_REF(evaluation_objection, maker_id, "people", .use = NO_DIFF),
    FIELD(evaluation_objection, made_by, .column = "COALESCE(pm.name, '')", .use = LISTED),
    FIELD(evaluation_objection, decide_by, .use = LISTED | NO_DIFF, .clause = "X4"),
    FIELD_REF(evaluation_objection, decider_id, "people"),
    FIELD(evaluation_objection, decided_by, .column = "COALESCE(pd.name, '')"),
    FIELD(evaluation_objection, decided_at),
    FIELD(evaluation_objection, reason, .use = LONG_TEXT),
    FIELD(evaluation_objection, points),
    FIELD(evaluation_objection, total_before),
    FIELD(evaluation_objection, total_after),
    FIELD_ENUM(evaluation_objection, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

/* Between audit and the evaluator the provider has no place. */
const struct resource EVALUATION_OBJECTIONS = {
    .name = "evaluation_objections",
    .clause = "X4",
    .fields = OBJECTION_FIELDS,
    .size = sizeof(struct evaluation_objection),
    .joins = "JOIN evaluations e ON e.id = t.evaluation_id LEFT JOIN contracts c ON c.id = "
             "e.contract_id JOIN units u ON u.id = e.unit_id LEFT JOIN people pm ON pm.id = "
             "t.maker_id LEFT JOIN people pd ON pd.id = t.decider_id",
    .title = "subject_name",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@client_id = :org",
              [SIDE_PROVIDER] = "@provider_id = :org AND @source = 'party'"},
    .unit = "unit_id",
};

/* ---- decided by somebody else ---- */

enum result objection_may_decide(struct ctx *cx, const struct evaluation_objection *objection,
                                 bool *out)
{
    const int64_t actor = cx->actor->person_id;
    struct evaluation evaluation;
    TRY(record_get(cx, &EVALUATIONS, objection->evaluation_id, &evaluation));
    TRY(evaluation_had_hand(cx, &evaluation, actor, out));
    *out = !actor || (!*out && actor != objection->maker_id);
    return OK;
}

static enum result demand_other(struct ctx *cx, const struct evaluation_objection *objection)
{
    bool may;
    if (objection->state != OBJECTION_OPEN || objection->source != OBJECTION_OF_PARTY)
        return fail(cx, CONFLICT, "objection.wrong_state",
                    state_name(cx, &EVALUATION_OBJECTIONS, STATES, objection->state));
    TRY(objection_may_decide(cx, objection, &may));
    if (!may)
        return fail(cx, FORBIDDEN, "evaluation.own_decision");
    return objection->provider_id ? interest_demand(cx, objection->provider_id) : OK;
}

static void decided(struct ctx *cx, struct evaluation_objection *objection,
                    enum objection_state state, const char *reason)
{
    objection->state = state;
    objection->reason = reason;
    objection->decider_id = cx->actor->person_id;
    objection->decided_at = cx->now;
}

enum result objection_most(struct ctx *cx, const struct evaluation_objection *objection,
                           struct points *out)
{
    struct evaluation evaluation;
    struct scheme scheme;
    struct indicator *indicators;
    struct sheet_line *lines;
    size_t indicator_count, count;
    TRY(record_get(cx, &EVALUATIONS, objection->evaluation_id, &evaluation));
    TRY(evaluation_scheme(cx, &evaluation, &scheme));
    TRY(scheme_indicators(cx, &scheme, &indicators, &indicator_count));
    TRY(evaluation_lines(cx, &evaluation, &lines, &count));
    *out = lines_lack(indicators, indicator_count, lines, count, objection->line);
    return OK;
}

static enum result check_points(struct ctx *cx, const struct evaluation_objection *objection,
                                struct points points)
{
    struct points most;
    TRY(objection_most(cx, objection, &most));
    points_given_check(cx, points, most);
    return OK;
}

enum result objection_uphold(struct ctx *cx, const struct evaluation_objection *objection,
                             struct points points, const char *reason)
{
    struct evaluation before, after;
    struct evaluation_objection upheld = *objection;
    TRY(demand_other(cx, objection));
    check_reason(cx, reason);
    TRY(check_points(cx, objection, points));
    TRY(rejected(cx));
    TRY(record_get(cx, &EVALUATIONS, objection->evaluation_id, &before));
    after = before;
    if (points.hundredths)
        TRY(evaluation_put_given(
            cx, &after,
            &(struct evaluation_given){"", objection->id, points, reason, cx->actor->person_id}));
    after.total_before = before.total;
    after.heard = true;
    TRY(evaluation_freeze(cx, &before, &after, "objection_upheld"));
    decided(cx, &upheld, OBJECTION_UPHELD, reason);
    upheld.points.hundredths = after.total.hundredths - before.total.hundredths;
    upheld.total_after = after.total;
    TRY(record_change(cx, &EVALUATION_OBJECTIONS, "uphold", objection, &upheld));
    return evaluation_tell(cx, &after, "evaluation.upheld", R(PM), true, reason);
}

/* What audit saw stands as it was; told of it, audit may reopen what is final. */
enum result objection_reject(struct ctx *cx, const struct evaluation_objection *objection,
                             const char *reason)
{
    struct evaluation before, after;
    struct evaluation_objection turned_down = *objection;
    TRY(demand_other(cx, objection));
    check_reason(cx, reason);
    TRY(rejected(cx));
    TRY(record_get(cx, &EVALUATIONS, objection->evaluation_id, &before));
    after = before;
    after.heard = true;
    after.state = EVALUATION_AUDITED;
    TRY(record_change(cx, &EVALUATIONS, "objection_rejected", &before, &after));
    decided(cx, &turned_down, OBJECTION_REJECTED, reason);
    TRY(record_change(cx, &EVALUATION_OBJECTIONS, "reject", objection, &turned_down));
    TRY(evaluation_tell(cx, &after, "evaluation.rejected", R(PM) | R(AUDIT), true, reason));
    return evaluation_finish(cx, &after, "make_final");
}

/* ---- what is owed ---- */

static void owed_by(struct duty *duty, int64_t client_id, int64_t unit_id, enum role role)
{
    duty->organisation_id = client_id;
    duty->unit_id = unit_id;
    duty->owner_side = SIDE_CLIENT;
    duty->owner_role = ROLES[role - 1];
    duty->internal = true; /* what the client's house owes itself */
}

static enum result judge_submit(struct ctx *cx, const void *record, struct duty *duty,
                                enum owing *out)
{
    const struct evaluation *evaluation = record;
    (void)cx;
    *out = evaluation->state == EVALUATION_DRAFTED ? OWING_DUTY : OWING_MET;
    owed_by(duty, evaluation->client_id, evaluation->unit_id,
            evaluation->subject == SCHEME_PROJECT ? ROLE_DIVISION : ROLE_PM);
    duty->title = evaluation->name;
    duty->contract_id = evaluation->contract_id;
    duty->due_at = evaluation->submit_by;
    return OK;
}

static enum result judge_audit(struct ctx *cx, const void *record, struct duty *duty,
                               enum owing *out)
{
    const struct evaluation *evaluation = record;
    (void)cx;
    *out = evaluation->state == EVALUATION_SUBMITTED ? OWING_DUTY
           : evaluation->state == EVALUATION_DRAFTED ? OWING_NOTHING
                                                     : OWING_MET;
    owed_by(duty, evaluation->client_id, evaluation->unit_id, ROLE_AUDIT);
    duty->title = evaluation->name;
    duty->contract_id = evaluation->contract_id;
    duty->due_at = evaluation->audit_by;
    return OK;
}

static enum result judge_objection(const struct evaluation_objection *objection,
                                   enum objection_source source, enum role role, struct duty *duty,
                                   enum owing *out)
{
    if (objection->source != source)
        return OK;
    *out = objection->state == OBJECTION_OPEN ? OWING_DUTY : OWING_MET;
    owed_by(duty, objection->client_id, objection->unit_id, role);
    duty->contract_id = objection->contract_id;
    duty->due_at = objection->decide_by;
    return OK;
}

static enum result judge_answer(struct ctx *cx, const void *record, struct duty *duty,
                                enum owing *out)
{
    const struct evaluation_objection *objection = record;
    duty->title = arena_printf(cx->mem, "%s · %s", objection->subject_name, objection->period);
    return judge_objection(objection, OBJECTION_OF_AUDIT,
                           objection->contract_id ? ROLE_PM : ROLE_DIVISION, duty, out);
}

static enum result judge_decision(struct ctx *cx, const void *record, struct duty *duty,
                                  enum owing *out)
{
    const struct evaluation_objection *objection = record;
    duty->title = arena_printf(cx->mem, "%s · %s", objection->subject_name, objection->period);
    return judge_objection(objection, OBJECTION_OF_PARTY,
                           objection->contract_id ? ROLE_DIVISION : ROLE_OPS, duty, out);
}

const struct duty_rule EVALUATION_DUTIES[] = {
    [SUBMIT_RULE] = {"submit_evaluation",
                     "V3.1",
                     &EVALUATIONS,
                     judge_submit,
                     {.kind = DUE_WORKING_DAYS, .count = 5}},
    [AUDIT_RULE] = {"audit_evaluation",
                    "V3.2",
                    &EVALUATIONS,
                    judge_audit,
                    {.kind = DUE_WORKING_DAYS, .count = 3}},
    [ANSWER_RULE] = {"answer_audit",
                     "V3.2",
                     &EVALUATION_OBJECTIONS,
                     judge_answer,
                     {.kind = DUE_WORKING_DAYS, .count = 3}},
    [DECIDE_RULE] = {"decide_evaluation_objection",
                     "X4",
                     &EVALUATION_OBJECTIONS,
                     judge_decision,
                     {.kind = DUE_WORKING_DAYS, .count = 5}},
    DUTY_RULES_END,
};
