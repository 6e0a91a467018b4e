/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An evaluation as a record, and what it comes to. */
#include "app/evaluation/evaluation_private.h"

#include "app/evaluation/evaluation.sql.h"
#include "base/doc.h"
#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

const char *const EVALUATION_STATES[] = {"drafted",  "submitted", "audited",
                                         "objected", "final",     NULL};

const char *const UNGRADED[] = {"nothing", "needed", "uninspected", "unplanned", NULL};

static const struct field EVALUATION_FIELDS[] = {
    RECORD_FIELDS(evaluation),
    FIELD(evaluation, period, .in = MUST, .max = 7, .use = FIXED | FILTERED | NO_DIFF,
          .clause = "V6.1.1"),
    FIELD(evaluation, name, .column = "COALESCE(c.name, u.name) || ' · ' || t.period",
          .use = LISTED),
    FIELD_ENUM(evaluation, subject, SCHEME_SUBJECTS, .in = MAY, .use = FIXED | FILTERED | NO_DIFF),
    FIELD_REF(evaluation, contract_id, "contracts", .in = MAY, .use = FIXED | FILTERED | NO_DIFF,
              .among = "kind=continuous&state=active,suspended,ended,terminated"),
    FIELD(evaluation, contract_number, .column = "COALESCE(c.number, '')"),
    FIELD(evaluation, contract_name, .column = "COALESCE(c.name, '')"),
    FIELD_REF(evaluation, unit_id, "units", .in = MAY, .use = FIXED | FILTERED | NO_DIFF,
              .among = "kind=project"),
    FIELD(evaluation, unit_name, .column = "u.name", .use = LISTED),
    FIELD_REF(evaluation, provider_id, "organisations", .use = FILTERED | NO_DIFF),
    FIELD(evaluation, provider_name, .column = "COALESCE(o.name, '')", .use = LISTED),
    FIELD_REF(evaluation, client_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_ENUM(evaluation, service, SERVICES, .use = FILTERED | NO_DIFF),
    FIELD_REF(evaluation, campaign_id, "evaluation_campaigns", .use = FILTERED | NO_DIFF),
    FIELD_REF(evaluation, scheme_id, "schemes", .use = NO_DIFF),
    FIELD(evaluation, scheme_name, .column = "s.name"),
    FIELD(evaluation, submit_by, .use = LISTED | NO_DIFF),
    FIELD(evaluation, scored),
    FIELD(evaluation, total, .use = LISTED | FILTERED | SORTED, .known_by = "scored"),
    FIELD(evaluation, total_before),
    FIELD_ENUM(evaluation, grade, GRADES, .use = LISTED | FILTERED),
    FIELD_ENUM(evaluation, ungraded, UNGRADED),
    FIELD(evaluation, vetoed),
    FIELD(evaluation, lines, .use = HIDDEN | TRAILED),
    FIELD(evaluation, given, .use = HIDDEN | TRAILED),
    FIELD(evaluation, note, .use = LONG_TEXT),
    FIELD(evaluation, rule_version),
    FIELD(evaluation, sha256),
    FIELD_REF(evaluation, evaluator_id, "people", .use = NO_DIFF),
    FIELD_REF(evaluation, first_evaluator_id, "people", .use = HIDDEN | NO_DIFF),
    FIELD(evaluation, evaluated_by, .column = "COALESCE(pe.name, '')"),
    FIELD(evaluation, submitted_at, .use = NO_DIFF),
    FIELD(evaluation, audit_by, .use = NO_DIFF, .clause = "V3.2"),
    FIELD(evaluation, audited_at, .use = NO_DIFF),
    FIELD_REF(evaluation, auditor_id, "people", .use = NO_DIFF),
    FIELD(evaluation, audited_by, .column = "COALESCE(pa.name, '')"),
    FIELD(evaluation, told_at, .use = NO_DIFF),
    FIELD(evaluation, object_by, .use = NO_DIFF, .clause = "X4"),
    FIELD(evaluation, heard),
    FIELD(evaluation, final_at, .use = NO_DIFF),
    FIELD_ENUM(evaluation, state, EVALUATION_STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

enum result evaluation_wrong_state(struct ctx *cx, const struct evaluation *evaluation)
{
    return fail(cx, CONFLICT, "evaluation.wrong_state", evaluation->name,
                state_name(cx, &EVALUATIONS, EVALUATION_STATES, evaluation->state));
}

/* ---- which there may be ---- */

static enum result begin_of_contract(struct ctx *cx, struct evaluation *evaluation)
{
    struct contract contract;
    struct period period;
    if (!evaluation->contract_id) {
        reject_clause(cx, "V6.1.1", "contract_id", "required");
        return OK;
    }
    TRY(record_get(cx, &CONTRACTS, evaluation->contract_id, &contract));
    /* One that changed since is briefed anew, and goes on. */
    if (contract.briefing != BRIEFING_DONE && contract.briefing != BRIEFING_SUPERSEDED)
        reject_clause(cx, "V5.1.2", "contract_id", "contract_unbriefed", contract.number);
    else if (contract.kind != CONTRACT_CONTINUOUS || contract.state == CONTRACT_DRAFT)
        reject_clause(cx, "V6.1.1", "contract_id", "not_long_term", contract.number);
    if (period_parse(evaluation->period, &period) &&
        (contract.starts_on.days > period_to(period).days ||
         contract.ends_on.days < period_from(period).days))
        reject_clause(cx, "V6.1.1", "period", "not_in_force_then");
    evaluation->unit_id = contract.unit_id;
    evaluation->provider_id = contract.provider_id;
    evaluation->client_id = contract.client_id;
    evaluation->service = contract.service;
    return OK;
}

static enum result begin_of_project(struct ctx *cx, struct evaluation *evaluation)
{
    struct unit unit;
    if (evaluation->contract_id)
        reject_clause(cx, "V6.1.1", "contract_id", "not_of_this_subject");
    if (!evaluation->unit_id) {
        reject_clause(cx, "V6.1.1", "unit_id", "required");
        return OK;
    }
    TRY(record_get(cx, &UNITS, evaluation->unit_id, &unit));
    if (unit.kind != UNIT_PROJECT)
        reject_clause(cx, "V6.1.1", "unit_id", "not_a_project");
    evaluation->client_id = unit.organisation_id;
    return OK;
}

static enum result find_scheme(struct ctx *cx, struct evaluation *evaluation, struct month month)
{
    struct scheme scheme;
    struct fault kept = fault_take(cx);
    const enum result found = scheme_of_unit(cx, evaluation->subject, evaluation->unit_id,
                                             evaluation->service, month, &scheme);
    if (found != OK && found != NOT_FOUND)
        return found;
    cx->fault = kept;
    if (found == OK)
        evaluation->scheme_id = scheme.id;
    else
        reject_clause(cx, "V6.1.1", "period", "no_scheme");
    return OK;
}

static enum result demand_period(struct ctx *cx, struct evaluation *evaluation)
{
    struct period period;
    int64_t there;
    if (!period_parse(evaluation->period, &period)) {
        reject_clause(cx, "V6.1.1", "period", "not_a_period");
        return OK;
    }
    if (!period_is_over(cx->now, period))
        reject_clause(cx, "V6.1.1", "period", "period_runs");
    TRY(db_int(cx, &q_evaluation_exists,
               PARAMS(P(evaluation->contract_id), P(evaluation->unit_id), P(evaluation->period)),
               &there));
    if (there)
        reject_clause(cx, "V6.1.1", "period", "evaluated_already");
    return evaluation->unit_id ? find_scheme(cx, evaluation, period_last_month(period)) : OK;
}

static enum result begin(struct ctx *cx, struct evaluation *evaluation)
{
    if (!evaluation->subject)
        evaluation->subject = SCHEME_CONTRACT;
    if (evaluation->subject != SCHEME_CONTRACT && evaluation->subject != SCHEME_PROJECT)
        reject_clause(cx, "V6.1.1", "subject", "not_evaluated");
    else if (evaluation->subject == SCHEME_CONTRACT)
        TRY(begin_of_contract(cx, evaluation));
    else
        TRY(begin_of_project(cx, evaluation));
    return demand_period(cx, evaluation);
}

/* A campaign has looked at whatever it opens. */
static enum result evaluation_check(struct ctx *cx, void *record, const void *before)
{
    struct evaluation *evaluation = record;
    const struct duty_rule *rule = &EVALUATION_DUTIES[SUBMIT_RULE];
    if (before)
        return OK;
    if (!evaluation->campaign_id)
        TRY(begin(cx, evaluation));
    if (!evaluation->submit_by.ms)
        evaluation->submit_by = due_of(cx, rule, cx->now);
    evaluation->rule_version = SCORING_VERSION;
    evaluation->state = EVALUATION_DRAFTED;
    return OK;
}

/* The other party sees its own from when it was told: a provider the evaluation of its contract.
 * Supervision itself is nothing of a provider's. */
const struct resource EVALUATIONS = {
    .name = "evaluations",
    .clause = "V6.1.1",
    .fields = EVALUATION_FIELDS,
    .size = sizeof(struct evaluation),
    .joins = "LEFT JOIN contracts c ON c.id = t.contract_id JOIN units u ON u.id = t.unit_id "
             "LEFT JOIN organisations o ON o.id = t.provider_id JOIN schemes s ON s.id = "
             "t.scheme_id LEFT JOIN people pe ON pe.id = t.evaluator_id "
             "LEFT JOIN people pa ON pa.id = t.auditor_id",
    .title = "name",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@client_id = :org",
              [SIDE_PROVIDER] = "@provider_id = :org AND @told_at > 0"},
    .unit = "unit_id",
    .check = evaluation_check,
};

/* ---- what it comes to ---- */

static const struct field GIVEN_FIELDS[] = {
    FIELD(evaluation_given, indicator, .in = MAY, .max = 30),
    FIELD(evaluation_given, objection_id, .in = MAY),
    FIELD(evaluation_given, points, .in = MAY),
    FIELD(evaluation_given, reason, .in = MAY, .max = 1000),
    FIELD(evaluation_given, giver_id, .in = MAY),
    FIELDS_END,
};

static enum result broken(struct ctx *cx, const struct evaluation *evaluation)
{
    return fail(cx, BROKEN, "evaluation.unreadable", evaluation->name);
}

static enum result read_given(struct ctx *cx, const struct evaluation *evaluation,
                              struct evaluation_given **out, size_t *out_count)
{
    *out_count = 0;
    if (!*evaluation->given)
        return OK;
    return json_rows_read(cx->mem, evaluation->given, GIVEN_FIELDS, sizeof **out, SHEET_LINES_MOST,
                          out, out_count)
               ? OK
               : broken(cx, evaluation);
}

enum result evaluation_put_given(struct ctx *cx, struct evaluation *evaluation,
                                 const struct evaluation_given *given)
{
    struct evaluation_given *rows;
    size_t count, at = 0;
    TRY(read_given(cx, evaluation, &rows, &count));
    struct evaluation_given *all = ARENA_ARRAY(cx->mem, struct evaluation_given, count + 1);
    for (size_t i = 0; i < count; i++) {
        if (!*given->indicator || strcmp(rows[i].indicator, given->indicator) != 0)
            all[at++] = rows[i];
    }
    all[at++] = *given;
    evaluation->given = json_rows_text(cx->mem, GIVEN_FIELDS, all, at, sizeof *all);
    return OK;
}

enum result evaluation_had_hand(struct ctx *cx, const struct evaluation *evaluation,
                                int64_t person_id, bool *out)
{
    struct evaluation_given *given;
    size_t count;
    int64_t answered;
    TRY(read_given(cx, evaluation, &given, &count));
    TRY(db_int(cx, &q_evaluation_answers, PARAMS(P(evaluation->id), P(person_id)), &answered));
    *out = answered || person_id == evaluation->evaluator_id ||
           person_id == evaluation->first_evaluator_id;
    for (size_t i = 0; i < count; i++)
        *out = *out || given[i].giver_id == person_id;
    return OK;
}

/* As the engine takes it. */
static enum result engine_given(struct ctx *cx, const struct evaluation *evaluation,
                                struct trial_row *row)
{
    struct evaluation_given *given;
    TRY(read_given(cx, evaluation, &given, &row->given_count));
    struct given *all = ARENA_ARRAY(cx->mem, struct given, row->given_count + 1);
    for (size_t i = 0; i < row->given_count; i++)
        all[i] = (struct given){.person_id = row->subject_id,
                                .kind = *given[i].indicator ? GIVEN_BY_HAND : GIVEN_ADJUSTMENT,
                                .record_id = given[i].objection_id,
                                .indicator = given[i].indicator,
                                .points = given[i].points,
                                .reason = given[i].reason};
    row->given = all;
    return OK;
}

static const char *digest(struct ctx *cx, const struct evaluation *evaluation)
{
    char total[POINTS_MAX_TEXT], hex[SHA256_HEX];
    points_format(evaluation->total, total);
    const char *why =
        evaluation->ungraded < UNGRADED_UNINSPECTED
            ? ""
            : arena_printf(cx->mem, "ungraded %s\n", choice_name(UNGRADED, evaluation->ungraded));
    const char *text = arena_printf(
        cx->mem,
        "evaluation\n%s %lld\nperiod %s\nscheme %lld\ntotal %s\ngrade %s\nveto %d\nrules "
        "%d\n%s%s",
        choice_name(SCHEME_SUBJECTS, evaluation->subject),
        (long long)(evaluation->contract_id ? evaluation->contract_id : evaluation->unit_id),
        evaluation->period, (long long)evaluation->scheme_id, evaluation->scored ? total : "none",
        choice_name(GRADES, evaluation->grade), evaluation->vetoed, evaluation->rule_version, why,
        evaluation->lines);
    sha256_hex(text, strlen(text), hex);
    return arena_dup(cx->mem, hex);
}

enum result evaluation_scheme(struct ctx *cx, const struct evaluation *evaluation,
                              struct scheme *out)
{
    struct list list;
    TRY(record_select(cx, &SCHEMES, "of_evaluation", "t.id = $1", PARAMS(P(evaluation->scheme_id)),
                      &list));
    if (!list.count)
        return broken(cx, evaluation);
    *out = *(const struct scheme *)list.rows;
    return OK;
}

static enum ungraded why_ungraded(const struct trial *trial, const struct trial_row *row)
{
    if (!row->score.empty)
        return 0;
    if (row->baseless)
        return trial->subject == SCHEME_CONTRACT ? UNGRADED_UNINSPECTED : UNGRADED_UNPLANNED;
    for (size_t i = 0; i < trial->indicator_count; i++)
        if (trial->indicators[i].needed && row->lines[i].nothing)
            return UNGRADED_NEEDED;
    return UNGRADED_NOTHING;
}

static void take_result(struct ctx *cx, const struct trial *trial, const struct trial_row *row,
                        struct evaluation *out)
{
    out->scored = !row->score.empty;
    out->total = row->score.total;
    out->grade = row->grade;
    out->ungraded = why_ungraded(trial, row);
    out->vetoed = row->score.vetoed;
    out->lines = trial_lines_text(cx, trial, row);
    out->rule_version = SCORING_VERSION;
    out->sha256 = digest(cx, out);
}

/* An evaluation of the array, in the order in which the engine takes them. */
struct turn {
    int64_t scheme_id, subject_id;
    size_t at;
};

static int by_scheme(const void *a, const void *b)
{
    const struct turn *left = a, *right = b;
    if (left->scheme_id != right->scheme_id)
        return left->scheme_id < right->scheme_id ? -1 : 1;
    return (left->subject_id > right->subject_id) - (left->subject_id < right->subject_id);
}

/* Those of one scheme. */
static enum result work_out_by(struct ctx *cx, const struct turn *turns, size_t count,
                               struct measuring_memo *memo, struct evaluation *all)
{
    struct trial trial = {
        .rows = ARENA_ARRAY(cx->mem, struct trial_row, count), .count = count, .memo = memo};
    const struct evaluation *first = &all[turns[0].at];
    struct scheme scheme;
    struct period period;
    if (!period_parse(first->period, &period))
        return broken(cx, first);
    TRY(evaluation_scheme(cx, first, &scheme));
    for (size_t i = 0; i < count; i++) {
        trial.rows[i].subject_id = turns[i].subject_id;
        TRY(engine_given(cx, &all[turns[i].at], &trial.rows[i]));
    }
    TRY(scheme_score(cx, &scheme, period_from(period), period_to(period), &trial));
    for (size_t i = 0; i < count; i++)
        take_result(cx, &trial, &trial.rows[i], &all[turns[i].at]);
    return OK;
}

enum result evaluations_work_out(struct ctx *cx, struct evaluation *all, size_t count)
{
    struct measuring_memo memo = {.count = 0};
    struct turn *turns = ARENA_ARRAY(cx->mem, struct turn, count + 1);
    for (size_t i = 0; i < count; i++)
        turns[i] = (struct turn){all[i].scheme_id,
                                 all[i].contract_id ? all[i].contract_id : all[i].unit_id, i};
    qsort(turns, count, sizeof *turns, by_scheme);
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && turns[to].scheme_id == turns[from].scheme_id;)
            to++;
        TRY(work_out_by(cx, &turns[from], to - from, &memo, all));
    }
    return OK;
}

enum result evaluation_work_out(struct ctx *cx, const struct evaluation *evaluation,
                                struct evaluation *out)
{
    *out = *evaluation;
    return evaluations_work_out(cx, out, 1);
}

enum result evaluation_now(struct ctx *cx, const struct evaluation *evaluation,
                           struct evaluation *out)
{
    if (evaluation->state == EVALUATION_DRAFTED)
        return evaluation_work_out(cx, evaluation, out);
    *out = *evaluation;
    return OK;
}

enum result evaluation_lines(struct ctx *cx, const struct evaluation *evaluation,
                             struct sheet_line **out, size_t *out_count)
{
    return json_rows_read(cx->mem, evaluation->lines, SHEET_LINE_FIELDS, sizeof **out,
                          SHEET_LINES_MOST, out, out_count)
               ? OK
               : broken(cx, evaluation);
}

enum result evaluation_final_of(struct ctx *cx, int64_t contract_id, const char *period,
                                struct evaluation *out)
{
    struct list list;
    int64_t id;
    TRY(db_int(cx, &q_evaluation_final, PARAMS(P(contract_id), P(period)), &id));
    const struct actor *actor = cx->actor;
    cx->actor = &ACTOR_SYSTEM;
    const enum result read =
        record_select(cx, &EVALUATIONS, "final", "t.id = $1", PARAMS(P(id)), &list);
    cx->actor = actor;
    TRY(read);
    if (!list.count)
        return fail(cx, NOT_FOUND, "evaluation.none_final", period);
    *out = *(const struct evaluation *)list.rows;
    return OK;
}

/* ---- proof ---- */

#define AT_ONCE 500
static const struct field ID_FIELDS[] = {FIELD(record, id), FIELDS_END};

/* The values are those that were frozen: records go on changing, and what was final does not. */
static enum result differing(struct ctx *cx, const struct evaluation *evaluation, const char **out)
{
    struct scheme scheme;
    struct indicator *indicators;
    struct grade_from *grades;
    struct sheet_line *lines;
    size_t count, grade_count, line_count;
    struct score score;
    *out = NULL;
    TRY(evaluation_scheme(cx, evaluation, &scheme));
    TRY(scheme_indicators(cx, &scheme, &indicators, &count));
    TRY(scheme_grades(cx, &scheme, &grades, &grade_count));
    TRY(evaluation_lines(cx, evaluation, &lines, &line_count));
    if (strcmp(digest(cx, evaluation), evaluation->sha256) != 0)
        *out = "altered";
    else if (!lines_score(indicators, count, lines, line_count, evaluation->rule_version, &score))
        *out = "lines";
    else if (evaluation->ungraded >= UNGRADED_UNINSPECTED)
        *out = evaluation->scored || evaluation->grade ? "grade" : NULL;
    else if (score.total.hundredths != evaluation->total.hundredths ||
             score.empty == evaluation->scored)
        *out = "total";
    else if (evaluation->scored && grade_of(grades, grade_count, score.total) != evaluation->grade)
        *out = "grade";
    return OK;
}

enum result evaluations_verify(struct ctx *cx, int64_t *out_evaluations, int64_t *out_broken,
                               const char **out_what)
{
    struct record *rows;
    int64_t last = 0;
    size_t count = 1;
    *out_evaluations = *out_broken = 0;
    *out_what = "";
    while (count && !*out_broken) {
        const struct arena_mark mark = arena_mark(cx->mem);
        TRY(db_list(cx, &q_evaluations_frozen, PARAMS(param_number(last), param_int(AT_ONCE)),
                    ID_FIELDS, sizeof *rows, AT_ONCE, &rows, &count));
        for (size_t i = 0; i < count && !*out_broken; i++) {
            struct evaluation evaluation;
            const char *what;
            last = rows[i].id;
            TRY(record_get(cx, &EVALUATIONS, last, &evaluation));
            TRY(differing(cx, &evaluation, &what));
            *out_evaluations += !what;
            *out_broken = what ? last : 0;
            *out_what = what ? what : "";
        }
        arena_rewind(cx->mem, mark);
    }
    return OK;
}

const struct right EVALUATION_RIGHTS[] = {
    {"evaluation_campaigns.read", R_SUPERVISION | R(AUDIT) | R(FINANCE), "V3.1"},
    {"evaluation_campaigns.write", R(OPS), "V3.1"},
    {"evaluations.read", R_SUPERVISION | R(AUDIT) | R(FINANCE) | R(CLIENT) | R(PROVIDER), "V6.1.1"},
    {"evaluations.write", R_SUPERVISION, "V6.1.1"},
    {"evaluations.audit", R(AUDIT), "V3.2"},
    {"evaluations.object", R(PROVIDER) | R(PM), "X4"},
    {"evaluations.rank", R_SUPERVISION | R(AUDIT) | R(FINANCE), "V3.1"},
    {"evaluation_objections.read", R_SUPERVISION | R(AUDIT) | R(FINANCE) | R(PROVIDER), "X4"},
    {"evaluation_objections.decide", R(DIVISION) | R(OPS), "X4"},
    RIGHTS_END,
};
