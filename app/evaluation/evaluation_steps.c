/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The way of an evaluation: the evaluator, then audit (V3.2), then the other party (X4). */
#include "app/evaluation/audit.h"
#include "app/evaluation/consequence.h"
#include "app/evaluation/evaluation.sql.h"
#include "app/evaluation/evaluation_private.h"

#include <string.h>

/* ---- who ---- */

/* A contract is evaluated by its project or division; supervision itself never by the project. */
enum result evaluation_demand_evaluator(struct ctx *cx, const struct evaluation *evaluation)
{
    const uint64_t of_project = R(PM) | R(EXECUTOR), roles = cx->actor->roles.bits << 1;
    const bool beyond = (roles & (R(DIVISION) | R(OPS))) != 0;
    if (cx->actor->is_system)
        return OK;
    if (cx->actor->side != SIDE_CLIENT)
        return fail(cx, FORBIDDEN, "evaluation.not_evaluator");
    if (evaluation->subject == SCHEME_PROJECT && !beyond)
        return fail(cx, FORBIDDEN, "evaluation.own_project", evaluation->unit_name);
    if (evaluation->subject == SCHEME_CONTRACT && !(roles & (of_project | R(DIVISION))))
        return fail(cx, FORBIDDEN, "evaluation.not_evaluator");
    return evaluation->provider_id ? interest_demand(cx, evaluation->provider_id) : OK;
}

enum result evaluation_tell(struct ctx *cx, const struct evaluation *evaluation, const char *kind,
                            uint64_t client_roles, bool provider, const char *detail)
{
    const struct news news = {.kind = kind,
                              .subject = &EVALUATIONS,
                              .subject_id = evaluation->id,
                              .title = evaluation->name,
                              .detail = detail};
    if (evaluation->evaluator_id)
        TRY(notice_person(cx, evaluation->evaluator_id, &news));
    if (provider && evaluation->provider_id)
        TRY(notice_roles(cx, evaluation->provider_id, 0, R(PROVIDER), &news));
    return client_roles
               ? notice_roles(cx, evaluation->client_id, evaluation->unit_id, client_roles, &news)
               : OK;
}

/* ---- the evaluator ---- */

static enum result objection_waiting(struct ctx *cx, const struct evaluation *evaluation,
                                     struct evaluation_objection *out)
{
    int64_t id;
    TRY(db_int(cx, &q_objection_open, PARAMS(P(evaluation->id)), &id));
    return id ? record_get(cx, &EVALUATION_OBJECTIONS, id, out)
              : evaluation_wrong_state(cx, evaluation);
}

/* Drafted, or before the evaluator again by audit's objection. */
static enum result demand_writable(struct ctx *cx, const struct evaluation *evaluation)
{
    struct evaluation_objection objection = {0};
    if (evaluation->state == EVALUATION_DRAFTED)
        return evaluation_demand_evaluator(cx, evaluation);
    if (evaluation->state != EVALUATION_OBJECTED)
        return evaluation_wrong_state(cx, evaluation);
    TRY(objection_waiting(cx, evaluation, &objection));
    if (objection.source != OBJECTION_OF_AUDIT)
        return evaluation_wrong_state(cx, evaluation);
    return evaluation_demand_evaluator(cx, evaluation);
}

static const struct indicator *manual_find(const struct indicator *indicators, size_t count,
                                           const char *code)
{
    for (size_t i = 0; i < count; i++) {
        if (indicators[i].method == METHOD_MANUAL && strcmp(indicators[i].code, code) == 0)
            return &indicators[i];
    }
    return NULL;
}

enum result evaluation_give(struct ctx *cx, const struct evaluation *evaluation,
                            const char *indicator, struct points points, const char *reason)
{
    struct evaluation after = *evaluation;
    struct scheme scheme;
    struct indicator *indicators;
    size_t count;
    TRY(demand_writable(cx, evaluation));
    TRY(evaluation_scheme(cx, evaluation, &scheme));
    TRY(scheme_indicators(cx, &scheme, &indicators, &count));
    const struct indicator *manual = manual_find(indicators, count, indicator);
    if (!manual)
        reject_clause(cx, "V6.1.1", "indicator", "not_by_hand", indicator);
    else if (points.hundredths < 0 || points.hundredths > manual->weight.hundredths)
        reject_clause(cx, "V6.1.1", "points", "points_of_weight");
    check_reason(cx, reason);
    TRY(rejected(cx));
    TRY(evaluation_put_given(
        cx, &after,
        &(struct evaluation_given){indicator, 0, points, reason, cx->actor->person_id}));
    return record_change(cx, &EVALUATIONS, "give", evaluation, &after);
}

enum result evaluation_freeze(struct ctx *cx, const struct evaluation *before,
                              struct evaluation *after, const char *action)
{
    const struct evaluation given = *after;
    TRY(evaluation_work_out(cx, &given, after));
    after->submitted_at = cx->now;
    after->audit_by = due_of(cx, &EVALUATION_DUTIES[AUDIT_RULE], cx->now);
    after->audited_at = (struct instant){0};
    after->auditor_id = 0;
    after->state = EVALUATION_SUBMITTED;
    TRY(record_change(cx, &EVALUATIONS, action, before, after));
    return evaluation_tell(cx, after, "evaluation.submitted", R(AUDIT), false,
                           cx->actor->person_name);
}

const char *ungraded_clause(enum ungraded ungraded)
{
    return ungraded == UNGRADED_UNINSPECTED ? "V3.5" : "V6.1.1";
}

/* Silence is no word for it: nothing is paid by an evaluation without a grade (V3.3). */
static const char *const UNGRADED_FAULTS[] = {[UNGRADED_NOTHING] = "ungraded_nothing",
                                              [UNGRADED_NEEDED] = "ungraded_needed",
                                              [UNGRADED_UNINSPECTED] = "ungraded_uninspected",
                                              [UNGRADED_UNPLANNED] = "ungraded_unplanned"};

enum result evaluation_submit(struct ctx *cx, const struct evaluation *evaluation, const char *note,
                              bool without_grade, const char *sha256_seen)
{
    struct evaluation now, after = *evaluation;
    if (evaluation->state != EVALUATION_DRAFTED)
        return evaluation_wrong_state(cx, evaluation);
    TRY(evaluation_demand_evaluator(cx, evaluation));
    TRY(evaluation_work_out(cx, evaluation, &now));
    if (*sha256_seen && strcmp(sha256_seen, now.sha256) != 0)
        return fail(cx, CONFLICT, "evaluation.changed", evaluation->name);
    if (utf8_count(note) > REASON_MOST)
        reject(cx, "note", "too_long", "1000");
    if (now.ungraded && !without_grade)
        reject_clause(cx, ungraded_clause(now.ungraded), "without_grade",
                      UNGRADED_FAULTS[now.ungraded]);
    TRY(rejected(cx));
    after.note = note;
    after.evaluator_id = after.first_evaluator_id = cx->actor->person_id;
    return evaluation_freeze(cx, evaluation, &after, "submit");
}

enum result evaluation_withdraw(struct ctx *cx, const struct evaluation *evaluation,
                                const char *reason)
{
    struct evaluation after = *evaluation;
    if (evaluation->state != EVALUATION_SUBMITTED || evaluation->told_at.ms)
        return evaluation_wrong_state(cx, evaluation);
    TRY(evaluation_demand_evaluator(cx, evaluation));
    check_reason(cx, reason);
    TRY(rejected(cx));
    after.note = reason;
    after.state = EVALUATION_DRAFTED;
    TRY(record_change(cx, &EVALUATIONS, "withdraw", evaluation, &after));
    return evaluation_tell(cx, &after, "evaluation.withdrawn", R(AUDIT), false, reason);
}

enum result evaluation_answer(struct ctx *cx, const struct evaluation *evaluation,
                              const char *answer)
{
    struct evaluation after = *evaluation;
    struct evaluation_objection objection, answered;
    if (evaluation->state != EVALUATION_OBJECTED)
        return evaluation_wrong_state(cx, evaluation);
    TRY(demand_writable(cx, evaluation));
    TRY(objection_waiting(cx, evaluation, &objection));
    check_words(cx, "answer", answer, REASON_MOST);
    TRY(rejected(cx));
    after.total_before = evaluation->total;
    after.evaluator_id = cx->actor->person_id;
    TRY(evaluation_freeze(cx, evaluation, &after, "resubmit"));
    answered = objection;
    answered.reason = answer;
    answered.decider_id = cx->actor->person_id;
    answered.decided_at = cx->now;
    answered.total_after = after.total;
    answered.state = OBJECTION_ANSWERED;
    return record_change(cx, &EVALUATION_OBJECTIONS, "answer", &objection, &answered);
}

/* ---- audit ---- */

static const char *time_text(struct ctx *cx, struct instant at)
{
    char text[INSTANT_MAX_TEXT];
    instant_format(at, text);
    return arena_printf(cx->mem, "%.10s %.5s", text, text + 11);
}

enum result evaluation_let_pass(struct ctx *cx, const struct evaluation *evaluation,
                                const char *action)
{
    struct evaluation after = *evaluation;
    const struct duty_rule time = {.due = {.kind = DUE_WORKING_DAYS, .count = OBJECT_DAYS}};
    after.state = EVALUATION_AUDITED;
    after.audited_at = cx->now;
    after.auditor_id = cx->actor->person_id;
    after.object_by = due_of(cx, &time, cx->now);
    if (!after.told_at.ms)
        after.told_at = cx->now;
    TRY(record_change(cx, &EVALUATIONS, action, evaluation, &after));
    TRY(evaluation_tell(cx, &after, "evaluation.told", R(PM), true,
                        time_text(cx, after.object_by)));
    return after.heard ? evaluation_finish(cx, &after, "make_final") : OK;
}

enum result evaluation_pass(struct ctx *cx, const struct evaluation *evaluation)
{
    return evaluation->state == EVALUATION_SUBMITTED ? evaluation_let_pass(cx, evaluation, "pass")
                                                     : evaluation_wrong_state(cx, evaluation);
}

/* ---- objections of either ---- */

static enum result demand_line(struct ctx *cx, const struct evaluation *evaluation,
                               const char *line)
{
    struct sheet_line *lines;
    size_t count;
    bool there = !*line;
    TRY(evaluation_lines(cx, evaluation, &lines, &count));
    for (size_t i = 0; i < count; i++)
        there = there || strcmp(lines[i].indicator, line) == 0;
    if (!there)
        reject_clause(cx, "X4", "line", "no_such_line", line);
    return OK;
}

enum result evaluation_may_reopen(struct ctx *cx, const struct evaluation *evaluation,
                                  const char **out_fault)
{
    int64_t used;
    *out_fault = "";
    TRY(db_int(cx, &q_evaluation_paid, PARAMS(P(evaluation->id)), &used));
    if (used)
        *out_fault = "evaluation.paid_by";
    TRY(db_int(cx, &q_evaluation_told, PARAMS(P(evaluation->id)), &used));
    if (used)
        *out_fault = "evaluation.consequence_told";
    return OK;
}

/* Whose word it is, and whether its time is not over. Audit holds up a final one, too, as long as
 * nothing rests on it. */
static enum result demand_objector(struct ctx *cx, const struct evaluation *evaluation, bool audit)
{
    const char *fault;
    if (audit && evaluation->state == EVALUATION_FINAL) {
        TRY(evaluation_may_reopen(cx, evaluation, &fault));
        return *fault ? fail(cx, CONFLICT, fault, evaluation->name) : OK;
    }
    const enum evaluation_state state = audit ? EVALUATION_SUBMITTED : EVALUATION_AUDITED;
    const struct instant by = audit ? evaluation->audit_by : evaluation->object_by;
    const bool provider = cx->actor->side == SIDE_PROVIDER;
    if (!audit && provider != (evaluation->subject == SCHEME_CONTRACT))
        return fail(cx, FORBIDDEN, "evaluation.not_party");
    if (evaluation->state != state)
        return evaluation_wrong_state(cx, evaluation);
    if (!audit && evaluation->heard)
        return fail(cx, CONFLICT, "evaluation.heard_already", evaluation->name);
    return by.ms < cx->now.ms ? fail(cx, CONFLICT, "evaluation.time_over", time_text(cx, by)) : OK;
}

enum result evaluation_object(struct ctx *cx, const struct evaluation *evaluation, const char *line,
                              const char *words, int64_t *out_id)
{
    struct evaluation after = *evaluation;
    const bool audit = actor_may(cx->actor, "evaluations.audit");
    const bool reopens = evaluation->state == EVALUATION_FINAL;
    TRY(demand_objector(cx, evaluation, audit));
    TRY(demand_line(cx, evaluation, line));
    check_words(cx, "words", words, REASON_MOST);
    TRY(rejected(cx));
    struct evaluation_objection objection = {
        .evaluation_id = evaluation->id,
        .contract_id = evaluation->contract_id,
        .unit_id = evaluation->unit_id,
        .provider_id = evaluation->provider_id,
        .client_id = evaluation->client_id,
        .source = audit ? OBJECTION_OF_AUDIT : OBJECTION_OF_PARTY,
        .maker_id = cx->actor->person_id,
        .decide_by = due_of(cx, &EVALUATION_DUTIES[audit ? ANSWER_RULE : DECIDE_RULE], cx->now),
        .total_before = evaluation->total,
        .total_after = evaluation->total,
        .state = OBJECTION_OPEN};
    fields_blank(EVALUATION_OBJECTIONS.fields, &objection);
    objection.line = line;
    objection.words = words;
    after.state = EVALUATION_OBJECTED;
    after.final_at = (struct instant){0};
    after.heard = evaluation->heard && !reopens; /* who is told anew may object anew */
    TRY(record_change(cx, &EVALUATIONS,
                      reopens ? "audit_reopen"
                      : audit ? "audit_object"
                              : "object",
                      evaluation, &after));
    if (reopens)
        TRY(consequences_lapse(cx, evaluation));
    TRY(record_add(cx, &EVALUATION_OBJECTIONS, &objection));
    *out_id = objection.id;
    return evaluation_tell(cx, &after, reopens ? "evaluation.reopened" : "evaluation.objected",
                           audit ? R(PM) | R(DIVISION) : R(DIVISION) | R(AUDIT), reopens, words);
}

/* ---- the end ---- */

enum result evaluation_finish(struct ctx *cx, const struct evaluation *evaluation,
                              const char *action)
{
    struct evaluation before, after;
    TRY(record_get(cx, &EVALUATIONS, evaluation->id, &before));
    after = before;
    after.state = EVALUATION_FINAL;
    after.final_at = cx->now;
    TRY(record_change(cx, &EVALUATIONS, action, &before, &after));
    TRY(evaluation_tell(cx, &after, "evaluation.final", R(PM) | R(DIVISION) | R(FINANCE), true,
                        after.scored ? choice_name(GRADES, after.grade) : ""));
    return after.subject == SCHEME_CONTRACT ? consequences_propose(cx, &after) : OK;
}

enum result evaluation_accept(struct ctx *cx, const struct evaluation *evaluation)
{
    if (evaluation->state != EVALUATION_AUDITED)
        return evaluation_wrong_state(cx, evaluation);
    if ((cx->actor->side == SIDE_PROVIDER) != (evaluation->subject == SCHEME_CONTRACT))
        return fail(cx, FORBIDDEN, "evaluation.not_party");
    return evaluation_finish(cx, evaluation, "accept");
}
