/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/evaluation/consequence.h"

#include "app/evaluation/consequence.sql.h"
#include "app/evaluation/evaluation_private.h"
#include "app/letters/letter.h"
#include "base/texts.h"

#include <string.h>

#define GRADES_LOOKED_AT 24

static const char *const STEPS[] = {"reminder",  "warning",     "rectification", "deduction",
                                    "interview", "observation", "termination",   "blacklist",
                                    "renewal",   NULL};
static const char *const STATES[] = {"proposed", "decided", "told", "dropped", "lapsed", NULL};

/* The ladder: of those that hold the highest rung is proposed; a preference goes beside. */
static const struct consequence_rule RULES[] = {
    {.name = "passed", .step = STEP_REMINDER, .grade = GRADE_PASS, .times = 1},
    {.name = "below_good_again",
     .step = STEP_RECTIFICATION,
     .grade = GRADE_PASS,
     .times = 2,
     .among = 3},
    {.name = "below_good_twice", .step = STEP_INTERVIEW, .grade = GRADE_PASS, .times = 2},
    {.name = "failed", .step = STEP_INTERVIEW, .grade = GRADE_FAIL, .times = 1},
    {.name = "below_good_thrice", .step = STEP_OBSERVATION, .grade = GRADE_PASS, .times = 3},
    {.name = "failed_again",
     .step = STEP_TERMINATION,
     .grade = GRADE_FAIL,
     .times = 2,
     .within = 12},
    {.name = "vetoed", .step = STEP_TERMINATION, .vetoed = true},
    {.name = "excellent_year", .step = STEP_RENEWAL, .grade = GRADE_EXCELLENT, .times = 12},
    {.name = NULL},
};

const struct consequence_rule *consequence_rule_at(size_t index)
{
    return index < sizeof RULES / sizeof RULES[0] - 1 ? &RULES[index] : NULL;
}

static const struct field CONSEQUENCE_FIELDS[] = {
    RECORD_FIELDS(consequence),
    FIELD(consequence, proposed_at, .use = LISTED),
    FIELD_REF(consequence, contract_id, "contracts", .in = MAY,
              .among = "state=active,suspended,ended,terminated",
              .use = FIXED | FILTERED | NO_DIFF),
    FIELD(consequence, contract_number, .column = "c.number"),
    FIELD(consequence, contract_name, .column = "c.name", .use = LISTED),
    FIELD_REF(consequence, unit_id, "units", .use = HIDDEN | NO_DIFF),
    FIELD_REF(consequence, provider_id, "organisations", .use = FILTERED | NO_DIFF),
    FIELD(consequence, provider_name, .column = "o.name", .use = LISTED),
    FIELD_REF(consequence, client_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(consequence, evaluation_id, "evaluations", .in = MAY,
              .use = FIXED | FILTERED | NO_DIFF),
    FIELD_REF(consequence, case_id, "subcontracting_cases", .use = FILTERED | NO_DIFF),
    FIELD_ENUM(consequence, step, STEPS, .in = MUST, .use = FIXED | LISTED | FILTERED,
               .clause = "X2"),
    FIELD(consequence, rule, .use = NO_DIFF),
    FIELD(consequence, basis),
    FIELD(consequence, note, .in = MAY, .max = 1000, .use = FIXED | LONG_TEXT),
    FIELD_REF(consequence, proposer_id, "people", .use = NO_DIFF),
    FIELD(consequence, proposed_by, .column = "COALESCE(pp.name, '')"),
    FIELD_REF(consequence, decider_id, "people", .use = NO_DIFF),
    FIELD(consequence, decided_by, .column = "COALESCE(pd.name, '')"),
    FIELD(consequence, decided_at, .use = LISTED),
    FIELD(consequence, reason, .use = LONG_TEXT),
    FIELD_REF(consequence, letter_id, "letters"),
    FIELD(consequence, letter_number, .column = "COALESCE(l.number, '')"),
    FIELD(consequence, told_at),
    FIELD_ENUM(consequence, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

static enum result consequence_check(struct ctx *cx, void *record, const void *before)
{
    struct consequence *consequence = record;
    struct contract contract;
    struct evaluation evaluation;
    if (before)
        return OK;
    if (consequence->evaluation_id) {
        TRY(record_get(cx, &EVALUATIONS, consequence->evaluation_id, &evaluation));
        consequence->contract_id = evaluation.contract_id;
    }
    if (!consequence->contract_id) {
        reject_clause(cx, "X2", "contract_id", "required");
        return OK;
    }
    TRY(record_get(cx, &CONTRACTS, consequence->contract_id, &contract));
    if (contract.state == CONTRACT_DRAFT)
        reject_clause(cx, "X2", "contract_id", "not_in_force", contract.number);
    if (!*consequence->rule && !*text_plain(cx->mem, consequence->note))
        reject_clause(cx, "X2", "note", "required");
    consequence->unit_id = contract.unit_id;
    consequence->provider_id = contract.provider_id;
    consequence->client_id = contract.client_id;
    consequence->proposer_id = *consequence->rule ? 0 : cx->actor->person_id;
    consequence->proposed_at = cx->now;
    consequence->state = CONSEQUENCE_PROPOSED;
    return OK;
}

/* The provider knows what it was told. */
const struct resource CONSEQUENCES = {
    .name = "consequences",
    .clause = "X2",
    .fields = CONSEQUENCE_FIELDS,
    .size = sizeof(struct consequence),
    .joins = "JOIN contracts c ON c.id = t.contract_id JOIN organisations o ON o.id = "
             "t.provider_id LEFT JOIN letters l ON l.id = t.letter_id LEFT JOIN people pp ON "
             "pp.id = t.proposer_id LEFT JOIN people pd ON pd.id = t.decider_id",
    .title = "contract_name",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@client_id = :org",
              [SIDE_PROVIDER] = "@provider_id = :org AND @state = 'told'"},
    .unit = "unit_id",
    .check = consequence_check,
};

/* ---- proposing: grades in sequence ---- */

struct graded {
    enum grade grade;
    const char *period;
    bool vetoed;
};
static const struct field GRADED_FIELDS[] = {
    FIELD_ENUM(graded, grade, GRADES), FIELD(graded, period), FIELD(graded, vetoed), FIELDS_END};

/* A missing month breaks a row of them. */
static bool follows(const struct graded *later, const struct graded *earlier)
{
    struct period one, other;
    return period_parse(later->period, &one) && period_parse(earlier->period, &other) &&
           period_add(other, 1).first.months == one.first.months;
}

static bool counts(const struct consequence_rule *rule, const struct graded *graded)
{
    return rule->step == STEP_RENEWAL ? graded->grade <= rule->grade : graded->grade >= rule->grade;
}

/* So many of the kind's: a year is twelve months or four quarters, or itself. */
static int32_t wanted(const struct consequence_rule *rule, const struct graded *grades)
{
    struct period period = {.months = 1};
    (void)period_parse(grades[0].period, &period);
    return rule->step == STEP_RENEWAL ? rule->times / period.months : rule->times;
}

static bool looks_at(const struct consequence_rule *rule, const struct graded *grades, size_t at)
{
    struct period last, period;
    if (rule->within)
        return period_parse(grades[0].period, &last) && period_parse(grades[at].period, &period) &&
               last.first.months - period.first.months < rule->within;
    if (rule->among)
        return at < (size_t)rule->among;
    return !at || ((int32_t)at < wanted(rule, grades) && follows(&grades[at - 1], &grades[at]));
}

/* Do so many of `grades`, the last one first, count by the rule? */
static bool holds(const struct consequence_rule *rule, const struct graded *grades, size_t count)
{
    int32_t counted = 0;
    if (!count || rule->vetoed)
        return count && grades[0].vetoed && rule->vetoed;
    if (!counts(rule, &grades[0]))
        return false;
    for (size_t i = 0; i < count && looks_at(rule, grades, i); i++)
        counted += counts(rule, &grades[i]);
    return counted >= wanted(rule, grades);
}

static const char *basis_text(struct ctx *cx, const struct graded *grades, size_t count,
                              const struct consequence_rule *rule)
{
    struct text text = text_new(cx->mem, 128);
    for (size_t i = 0; i < count && looks_at(rule, grades, i); i++)
        text_printf(&text, "%s%s %s", i ? "；" : "", grades[i].period,
                    texts_get(arena_printf(cx->mem, "schemes.grade.%s",
                                           choice_name(GRADES, grades[i].grade)),
                              LANG_ZH));
    return text_end(&text);
}

static const char *step_words(struct ctx *cx, enum consequence_step step)
{
    return texts_get(arena_printf(cx->mem, "consequences.step.%s", choice_name(STEPS, step)),
                     LANG_ZH);
}

/* `proposed` says for which contract and from what: once from each. */
static enum result propose(struct ctx *cx, struct consequence proposed, const char *title)
{
    const char *step = choice_name(STEPS, proposed.step);
    int64_t there;
    TRY(db_int(cx, &q_consequence_of,
               PARAMS(P(proposed.contract_id), param_number(proposed.evaluation_id),
                      param_number(proposed.case_id), P(step)),
               &there));
    if (there)
        return OK;
    fields_blank(CONSEQUENCE_FIELDS, &proposed);
    TRY(record_add(cx, &CONSEQUENCES, &proposed));
    return notice_roles(cx, proposed.client_id, proposed.unit_id, R(DIVISION),
                        &(struct news){.kind = "consequence.proposed",
                                       .subject = &CONSEQUENCES,
                                       .subject_id = proposed.id,
                                       .title = title,
                                       .detail = step_words(cx, proposed.step)});
}

struct final {
    int64_t evaluation_id;
    const char *period;
};
static const struct field FINAL_FIELDS[] = {FIELD(final, evaluation_id), FIELD(final, period),
                                            FIELDS_END};

/* What the contract's grades up to this one come to. `kind`: periods of one length and sign. */
static enum result judge(struct ctx *cx, const struct evaluation *of, const struct final *final,
                         const struct param kind[2])
{
    struct graded *grades;
    size_t count;
    const struct consequence_rule *highest = NULL;
    TRY(db_list(
        cx, &q_grades_before,
        PARAMS(P(of->contract_id), P(final->period), kind[0], kind[1], param_int(GRADES_LOOKED_AT)),
        GRADED_FIELDS, sizeof *grades, GRADES_LOOKED_AT, &grades, &count));
    for (const struct consequence_rule *rule = RULES; rule->name; rule++) {
        if (holds(rule, grades, count) && (!highest || rule->step > highest->step))
            highest = rule;
    }
    if (!highest)
        return OK;
    const struct consequence proposed = {.contract_id = of->contract_id,
                                         .evaluation_id = final->evaluation_id,
                                         .step = highest->step,
                                         .rule = highest->name,
                                         .basis = basis_text(cx, grades, count, highest)};
    return propose(cx, proposed,
                   arena_printf(cx->mem, "%s · %s", of->contract_name, final->period));
}

/* Those that were final before it follow anew with it: the order in which they became final does
 * not matter. */
enum result consequences_propose(struct ctx *cx, const struct evaluation *evaluation)
{
    const size_t length = strlen(evaluation->period);
    const bool quarter = length > 5 && evaluation->period[5] == 'Q';
    const struct param kind[] = {param_number((int64_t)length), P(quarter ? "Q" : "")};
    struct final *finals;
    size_t count;
    if (!evaluation->scored)
        return OK;
    TRY(db_list(cx, &q_finals_from,
                PARAMS(P(evaluation->contract_id), P(evaluation->period), kind[0], kind[1],
                       param_int(GRADES_LOOKED_AT)),
                FINAL_FIELDS, sizeof *finals, GRADES_LOOKED_AT, &finals, &count));
    for (size_t i = 0; i < count; i++)
        TRY(judge(cx, evaluation, &finals[i], kind));
    return OK;
}

enum result consequences_lapse(struct ctx *cx, const struct evaluation *evaluation)
{
    struct list list;
    TRY(record_select(cx, &CONSEQUENCES, "of_evaluation",
                      "t.evaluation_id = $1 AND t.state IN ('proposed', 'decided') ORDER BY t.id",
                      PARAMS(P(evaluation->id)), &list));
    const struct consequence *rows = list.rows;
    for (size_t i = 0; i < list.count; i++) {
        struct consequence after = rows[i];
        after.state = CONSEQUENCE_LAPSED;
        TRY(record_change(cx, &CONSEQUENCES, "lapse", &rows[i], &after));
    }
    return OK;
}

/* ---- proposing: from a case of subcontracting ---- */

/* The blacklist was judged with the case itself. */
static const enum consequence_step STEP_OF_SANCTION[] = {[SANCTION_WARNING] = STEP_WARNING,
                                                         [SANCTION_DEDUCTION] = STEP_DEDUCTION,
                                                         [SANCTION_TERMINATION] = STEP_TERMINATION,
                                                         [SANCTION_BLACKLIST] = 0};
#define CONTRACTS_MOST 200

/* It goes into the letter: of a person whom another provider employs, too, no word. */
static const char *basis_of_case(struct ctx *cx, const struct subcontracting_case *one)
{
    const bool told = one->source != CASE_OF_IDENTITY;
    return texts_fill(
        cx->mem, told ? "consequences.basis.case" : "consequences.basis.untold", LANG_ZH,
        (const char *const[]){one->person_name, *one->employed_by ? one->employed_by : "—", NULL});
}

enum result consequences_of_case(struct ctx *cx, const struct subcontracting_case *one)
{
    struct list list;
    const enum consequence_step step = STEP_OF_SANCTION[one->sanction];
    if (!step)
        return OK;
    TRY(record_select(
        cx, &CONTRACTS, "of_case",
        "t.provider_id = $1 AND (t.id = $2 OR ($2 = 0 AND t.state IN ('active', "
        "'suspended'))) ORDER BY t.id LIMIT $3",
        PARAMS(P(one->organisation_id), param_number(one->contract_id), param_int(CONTRACTS_MOST)),
        &list));
    const struct contract *contracts = list.rows;
    for (size_t i = 0; i < list.count; i++) {
        const struct consequence proposed = {.contract_id = contracts[i].id,
                                             .case_id = one->id,
                                             .step = step,
                                             .rule = "subcontracted",
                                             .basis = basis_of_case(cx, one),
                                             .note = one->consequence};
        TRY(propose(cx, proposed, contracts[i].name));
    }
    return OK;
}

/* ---- the letter ---- */

struct consequence_line {
    int64_t consequence_id;
    const char *step, *basis;
};
static const struct field LINE_FIELDS[] = {
    FIELD(consequence_line, consequence_id, .in = MUST, .use = LISTED),
    FIELD(consequence_line, step, .in = MUST, .max = 40, .use = LISTED, .clause = "X2"),
    FIELD(consequence_line, basis, .in = MAY, .max = 1000, .use = LISTED),
    FIELDS_END,
};

static enum result consequence_find(struct ctx *cx, const struct letter *letter,
                                    const struct consequence_line *line, struct consequence *out)
{
    struct list list;
    TRY(record_select(cx, &CONSEQUENCES, "of_letter", "t.id = $1 AND t.letter_id = $2",
                      PARAMS(P(line->consequence_id), P(letter->id)), &list));
    if (list.count)
        *out = *(const struct consequence *)list.rows;
    return list.count ? OK : NOT_FOUND;
}

static struct consequence_line line_of(struct ctx *cx, const struct consequence *consequence)
{
    return (struct consequence_line){consequence->id, step_words(cx, consequence->step),
                                     consequence->basis};
}

/* The provider reads what takes effect, however the draft was edited. */
static void check_line(struct ctx *cx, const struct consequence *consequence,
                       const struct consequence_line *line)
{
    const struct consequence_line decided = line_of(cx, consequence);
    for (const struct field *field = LINE_FIELDS; field->name; field++) {
        if (!field_equal(field, &decided, line))
            reject_clause(cx, "X2", arena_printf(cx->mem, "lines.0.%s", field->name),
                          "consequence_changed", decided.step);
    }
}

static enum result letter_check(struct ctx *cx, const struct letter *letter, const void *lines,
                                size_t count)
{
    struct consequence consequence = {0};
    if (letter->state > LETTER_SENT || cx->actor->side == SIDE_PROVIDER)
        return OK; /* what it tells is true since it was sent */
    enum result found = count == 1 ? consequence_find(cx, letter, lines, &consequence) : NOT_FOUND;
    if (found != OK && found != NOT_FOUND)
        return found;
    if (found == NOT_FOUND || consequence.state >= CONSEQUENCE_DROPPED ||
        consequence.contract_id != letter->contract_id)
        reject_clause(cx, "X2", "lines", "no_consequence");
    else
        check_line(cx, &consequence, lines);
    return OK;
}

static enum result provider_judged(struct ctx *cx, const struct consequence *consequence,
                                   enum organisation_state state)
{
    struct organisation provider;
    TRY(record_get(cx, &ORGANISATIONS, consequence->provider_id, &provider));
    return provider.state >= state
               ? OK
               : organisation_judge(cx, provider.id, state, consequence->reason);
}

static enum result contract_over(struct ctx *cx, const struct consequence *consequence)
{
    struct contract contract;
    TRY(record_get(cx, &CONTRACTS, consequence->contract_id, &contract));
    return contract.state == CONTRACT_ACTIVE || contract.state == CONTRACT_SUSPENDED
               ? contract_step(cx, &contract, "terminate", consequence->reason)
               : OK;
}

/* Who was terminated is proposed for the blacklist: the next rung, for people to decide. */
static enum result propose_next(struct ctx *cx, const struct consequence *consequence)
{
    const struct consequence proposed = {.contract_id = consequence->contract_id,
                                         .evaluation_id = consequence->evaluation_id,
                                         .case_id = consequence->case_id,
                                         .step = STEP_BLACKLIST,
                                         .rule = "terminated",
                                         .basis = consequence->basis};
    return consequence->evaluation_id || consequence->case_id
               ? propose(cx, proposed, consequence->contract_name)
               : OK;
}

static enum result take_effect(struct ctx *cx, const struct consequence *consequence)
{
    switch (consequence->step) {
    case STEP_OBSERVATION:
        return provider_judged(cx, consequence, ORGANISATION_WATCHED);
    case STEP_TERMINATION:
        TRY(contract_over(cx, consequence));
        return propose_next(cx, consequence);
    case STEP_BLACKLIST:
        return provider_judged(cx, consequence, ORGANISATION_BLACKLISTED);
    default:
        return OK;
    }
}

/* Sent: the provider is told, and it is so. Whatever it answers does not undo it. */
static enum result letter_stepped(struct ctx *cx, const struct letter *letter, const void *lines,
                                  size_t count)
{
    struct consequence before, after;
    if (letter->state != LETTER_SENT || !count)
        return OK;
    TRY(consequence_find(cx, letter, lines, &before));
    if (before.state != CONSEQUENCE_DECIDED)
        return OK; /* sent anew after it was returned */
    after = before;
    after.told_at = cx->now;
    after.state = CONSEQUENCE_TOLD;
    TRY(record_change(cx, &CONSEQUENCES, "tell", &before, &after));
    return take_effect(cx, &after);
}

const struct letter_type LETTER_CONSEQUENCE = {
    .name = "consequence",
    .clause = "X2",
    .prefix = "评价",
    .from = 1u << SIDE_CLIENT,
    .line_fields = LINE_FIELDS,
    .line_size = sizeof(struct consequence_line),
    .needs_lines = true,
    .check = letter_check,
    .stepped = letter_stepped,
    .decide = {.kind = DUE_WORKING_DAYS, .count = 5},
    .execute_in = {.kind = DUE_WORKING_DAYS, .count = 5},
};

/* ---- deciding ---- */

static enum result demand_decider(struct ctx *cx, const struct consequence *consequence)
{
    int64_t evaluator;
    if (consequence->state != CONSEQUENCE_PROPOSED)
        return fail(cx, CONFLICT, "consequence.wrong_state", consequence->contract_name,
                    state_name(cx, &CONSEQUENCES, STATES, consequence->state));
    TRY(db_int(cx, &q_consequence_evaluator, PARAMS(P(consequence->id)), &evaluator));
    if (cx->actor->person_id &&
        (evaluator == cx->actor->person_id || consequence->proposer_id == cx->actor->person_id))
        return fail(cx, FORBIDDEN, "consequence.own_evaluation", consequence->contract_name);
    return interest_demand(cx, consequence->provider_id);
}

enum result consequence_decide(struct ctx *cx, const struct consequence *consequence,
                               const char *reason, int64_t *out_letter_id)
{
    struct consequence after = *consequence;
    TRY(demand_decider(cx, consequence));
    check_reason(cx, reason);
    TRY(rejected(cx));
    const struct consequence_line line = line_of(cx, consequence);
    struct letter letter = {
        .type = LETTER_CONSEQUENCE.name,
        .contract_id = consequence->contract_id,
        .from_side = SIDE_CLIENT,
        .subject = texts_fill(cx->mem,
                              consequence->case_id ? "consequence.about_case" : "consequence.about",
                              LANG_ZH, (const char *const[]){line.step, NULL, NULL}),
        .body = reason,
        .lines = letter_lines_text(cx->mem, &LETTER_CONSEQUENCE, &line, 1),
    };
    TRY(record_add(cx, &LETTERS, &letter));
    after.reason = reason;
    after.decider_id = cx->actor->person_id;
    after.decided_at = cx->now;
    after.letter_id = letter.id;
    after.state = CONSEQUENCE_DECIDED;
    *out_letter_id = letter.id;
    return record_change(cx, &CONSEQUENCES, "decide", consequence, &after);
}

enum result consequence_drop(struct ctx *cx, const struct consequence *consequence,
                             const char *reason)
{
    struct consequence after = *consequence;
    TRY(demand_decider(cx, consequence));
    check_reason(cx, reason);
    TRY(rejected(cx));
    after.reason = reason;
    after.decider_id = cx->actor->person_id;
    after.decided_at = cx->now;
    after.state = CONSEQUENCE_DROPPED;
    return record_change(cx, &CONSEQUENCES, "drop", consequence, &after);
}

/* ---- what is owed ---- */

enum { DECIDE, TELL };

static enum result owed(struct ctx *cx, const struct consequence *consequence, int rule,
                        enum consequence_state state, struct instant since, struct duty *duty,
                        enum owing *out)
{
    if (consequence->state < state)
        return OK;
    *out = consequence->state == state ? OWING_DUTY : OWING_MET;
    duty->title = arena_printf(cx->mem, "%s · %s", consequence->contract_name,
                               step_words(cx, consequence->step));
    duty->contract_id = consequence->contract_id;
    duty->organisation_id = consequence->client_id;
    duty->unit_id = consequence->unit_id;
    duty->owner_side = SIDE_CLIENT;
    duty->owner_role = ROLES[ROLE_DIVISION - 1];
    duty->internal = true;
    duty->due_at = due_of(cx, &CONSEQUENCE_DUTIES[rule], since);
    return OK;
}

static enum result judge_decide(struct ctx *cx, const void *record, struct duty *duty,
                                enum owing *out)
{
    const struct consequence *consequence = record;
    return owed(cx, consequence, DECIDE, CONSEQUENCE_PROPOSED, consequence->proposed_at, duty, out);
}

static enum result judge_tell(struct ctx *cx, const void *record, struct duty *duty,
                              enum owing *out)
{
    const struct consequence *consequence = record;
    if (consequence->state >= CONSEQUENCE_DROPPED)
        return OK;
    return owed(cx, consequence, TELL, CONSEQUENCE_DECIDED, consequence->decided_at, duty, out);
}

const struct duty_rule CONSEQUENCE_DUTIES[] = {
    [DECIDE] = {"decide_consequence",
                "X2",
                &CONSEQUENCES,
                judge_decide,
                {.kind = DUE_WORKING_DAYS, .count = 5}},
    [TELL] = {"tell_consequence",
              "X2",
              &CONSEQUENCES,
              judge_tell,
              {.kind = DUE_WORKING_DAYS, .count = 3}},
    DUTY_RULES_END,
};

const struct right CONSEQUENCE_RIGHTS[] = {
    {"consequences.read", R_SUPERVISION | R(AUDIT) | R(FINANCE) | R(PROVIDER), "X2"},
    {"consequences.write", R(DIVISION) | R(OPS), "X2"},
    {"consequences.decide", R(DIVISION) | R(OPS), "X2"},
    RIGHTS_END,
};
