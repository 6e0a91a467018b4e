/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/surveys/survey.h"

#include "app/surveys/survey.sql.h"
#include "base/doc.h"
#include "base/hash.h"
#include "base/texts.h"

#include <string.h>

#define PEOPLE_MOST 1000000

static const char *const KINDS[] = {"served_party", "third_party", NULL};
static const char *const STATES[] = {"draft", "open", "closed", NULL};
static const char *const QUESTION_KINDS[] = {"five", "ten", "choice", "words", NULL};

static const struct field SURVEY_FIELDS[] = {
    RECORD_FIELDS(survey),
    FIELD(survey, name, .column = "c.name || ' · ' || t.period", .use = LISTED),
    FIELD_ENUM(survey, kind, KINDS, .in = MUST, .use = FIXED | LISTED | FILTERED),
    FIELD_REF(survey, contract_id, "contracts", .in = MUST, .use = FIXED | FILTERED | NO_DIFF,
              .among = "state=active,suspended,ended,terminated"),
    FIELD(survey, contract_number, .column = "c.number"),
    FIELD(survey, contract_name, .column = "c.name"),
    FIELD(survey, period, .in = MUST, .max = 7, .use = FIXED | FILTERED, .clause = "V5.1.5"),
    FIELD(survey, last_day, .use = FILTERED | NO_DIFF),
    FIELD_REF(survey, surveyor_id, "organisations", .in = MAY, .use = FIXED | FILTERED,
              .among = "side=third_party", .clause = "V5.1.7"),
    FIELD(survey, surveyor_name, .column = "COALESCE(s.name, '')"),
    FIELD_REF(survey, client_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(survey, unit_id, "units", .use = FILTERED | NO_DIFF),
    FIELD(survey, unit_name, .column = "u.name", .use = LISTED),
    FIELD_REF(survey, provider_id, "organisations", .use = FILTERED | NO_DIFF),
    FIELD(survey, provider_name, .column = "p.name", .use = LISTED),
    FIELD(survey, ends_on, .in = MUST, .use = LISTED),
    FIELD(survey, population, .in = MAY, .min = 0, .max = PEOPLE_MOST),
    FIELD(survey, intro, .in = MAY, .max = 500, .use = LONG_TEXT),
    FIELD(survey, questions, .use = HIDDEN | TRAILED),
    FIELD(survey, seed),
    FIELD(survey, sample),
    FIELD(survey, drawn_at, .use = NO_DIFF),
    FIELD(survey, drawn_sha256),
    FIELD(survey, token, .use = HIDDEN),
    FIELD(survey, opened_at, .use = NO_DIFF),
    FIELD(survey, closed_at, .use = NO_DIFF),
    FIELD(survey, answered, .use = NO_DIFF),
    FIELD(survey, mean, .use = NO_DIFF),
    FIELD(survey, result, .use = DERIVED | LISTED),
    FIELD(survey, turned_away, .use = NO_DIFF),
    FIELD(survey, representative, .use = LISTED | FILTERED | NO_DIFF, .known_by = "closed_at"),
    FIELD(survey, sha256),
    FIELD_ENUM(survey, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

/* ---- the questionnaire ---- */

const struct field SURVEY_QUESTION_FIELDS[] = {
    FIELD_ENUM(survey_question, kind, QUESTION_KINDS, .in = MAY),
    FIELD(survey_question, text, .in = MAY, .max = 200),
    FIELD(survey_question, options, .in = MAY, .max = 600),
    FIELDS_END,
};

enum result survey_questions(struct ctx *cx, const struct survey *survey,
                             struct survey_question **out, size_t *out_count)
{
    return json_rows_read(cx->mem, survey->questions, SURVEY_QUESTION_FIELDS, sizeof **out,
                          QUESTIONS_MOST, out, out_count)
               ? OK
               : fail(cx, BROKEN, "survey.unreadable", survey->name);
}

const char *survey_usual_questions(struct ctx *cx)
{
    static const struct {
        enum question_kind kind;
        const char *name;
    } USUAL[] = {
        {QUESTION_FIVE, "whole"},   {QUESTION_FIVE, "result"}, {QUESTION_FIVE, "prompt"},
        {QUESTION_FIVE, "manners"}, {QUESTION_TEN, "again"},   {QUESTION_WORDS, "better"},
    };
    enum { COUNT = sizeof USUAL / sizeof USUAL[0] };
    struct survey_question questions[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        questions[i] = (struct survey_question){
            .kind = USUAL[i].kind,
            .text = texts_get(arena_printf(cx->mem, "survey.usual.%s", USUAL[i].name), cx->lang),
            .options = ""};
    return json_rows_text(cx->mem, SURVEY_QUESTION_FIELDS, questions, COUNT, sizeof questions[0]);
}

/* Between its blanks. */
static const char *trimmed(struct arena *arena, const char *from, const char *end)
{
    while (from < end && *from == ' ')
        from++;
    while (end > from && end[-1] == ' ')
        end--;
    return arena_copy(arena, from, (size_t)(end - from));
}

size_t question_options(struct arena *arena, const struct survey_question *question,
                        const char *out[CHOICES_MOST])
{
    static const char *const BETWEEN[] = {"；", ";"};
    const char *rest = question->options;
    size_t count = 0;
    while (*rest && count < CHOICES_MOST) {
        const char *end = rest + strlen(rest), *next = end;
        for (size_t i = 0; i < sizeof BETWEEN / sizeof BETWEEN[0]; i++) {
            const char *found = strstr(rest, BETWEEN[i]);
            if (found && found < end) {
                end = found;
                next = found + strlen(BETWEEN[i]);
            }
        }
        const char *option = trimmed(arena, rest, end);
        if (*option)
            out[count++] = option;
        rest = next;
    }
    return count;
}

struct picks_of question_picks(struct arena *arena, const struct survey_question *question)
{
    const char *options[CHOICES_MOST];
    switch (question->kind) {
    case QUESTION_FIVE:
        return (struct picks_of){1, 5};
    case QUESTION_TEN:
        return (struct picks_of){0, 10};
    case QUESTION_CHOICE:
        return (struct picks_of){1, (int32_t)question_options(arena, question, options)};
    default:
        return (struct picks_of){1, 0};
    }
}

bool question_is_marked(const struct survey_question *question)
{
    return question->kind == QUESTION_FIVE || question->kind == QUESTION_TEN;
}

static void check_question(struct ctx *cx, const struct survey_question *question, size_t index)
{
    const char *options[CHOICES_MOST];
    const size_t count = question_options(cx->mem, question, options);
    if (!question->kind)
        reject(cx, arena_printf(cx->mem, "questions.%zu.kind", index), "required");
    if (!*text_plain(cx->mem, question->text))
        reject(cx, arena_printf(cx->mem, "questions.%zu.text", index), "required");
    if (question->kind == QUESTION_CHOICE && count < 2)
        reject(cx, arena_printf(cx->mem, "questions.%zu.options", index), "options_lacking");
    if (question->kind && question->kind != QUESTION_CHOICE && count)
        reject(cx, arena_printf(cx->mem, "questions.%zu.options", index), "no_options_here");
}

static enum result check_questions(struct ctx *cx, const struct survey *survey)
{
    struct survey_question *questions;
    size_t count;
    TRY(survey_questions(cx, survey, &questions, &count));
    for (size_t i = 0; i < count; i++)
        check_question(cx, &questions[i], i);
    return OK;
}

/* ---- which there may be ---- */

static bool has_role(const struct actor *actor, uint64_t mask)
{
    return actor->is_system || (actor->roles.bits << 1 & mask) != 0;
}

static enum result begin_kind(struct ctx *cx, struct survey *survey)
{
    const bool third = survey->kind == SURVEY_THIRD_PARTY;
    if (third && !has_role(cx->actor, R(DIVISION) | R(OPS)))
        return fail(cx, FORBIDDEN, "survey.not_commissioner");
    if (third && !survey->surveyor_id)
        reject_clause(cx, "V5.1.7", "surveyor_id", "required");
    if (!third && survey->surveyor_id)
        reject_clause(cx, "V5.1.5", "surveyor_id", "not_of_this_kind");
    if (third)
        survey->population = 0; /* the frame says it */
    return OK;
}

static enum result begin_period(struct ctx *cx, struct survey *survey,
                                const struct contract *contract)
{
    const char *clause = survey->kind == SURVEY_THIRD_PARTY ? "V5.1.7" : "V5.1.5";
    struct period period;
    int64_t there;
    if (!period_parse(survey->period, &period)) {
        reject_clause(cx, clause, "period", "not_a_period");
        return OK;
    }
    survey->last_day = period_to(period);
    if (period_from(period).days > instant_date(cx->now, SHANGHAI_OFFSET_MIN).days)
        reject_clause(cx, clause, "period", "not_begun");
    if (contract->starts_on.days > survey->last_day.days ||
        (contract->ends_on.days && contract->ends_on.days < period_from(period).days))
        reject_clause(cx, clause, "period", "not_in_force_then");
    TRY(db_int(cx, &q_survey_exists,
               PARAMS(P(contract->id), P(choice_name(KINDS, survey->kind)), P(survey->period)),
               &there));
    if (there)
        reject_clause(cx, clause, "period", "surveyed_already");
    return OK;
}

static enum result begin(struct ctx *cx, struct survey *survey)
{
    struct contract contract;
    char token[TOKEN_TEXT];
    if (!survey->contract_id || !survey->kind)
        return OK; /* they are asked for beside this */
    TRY(record_get(cx, &CONTRACTS, survey->contract_id, &contract));
    survey->client_id = contract.client_id;
    survey->provider_id = contract.provider_id;
    survey->unit_id = contract.unit_id;
    if (contract.state == CONTRACT_DRAFT)
        reject_clause(cx, "V5.1.5", "contract_id", "not_in_force", contract.number);
    TRY(begin_kind(cx, survey));
    TRY(begin_period(cx, survey, &contract));
    if (!*survey->questions)
        survey->questions = survey_usual_questions(cx);
    random_token(token);
    survey->token = arena_dup(cx->mem, token);
    survey->state = SURVEY_DRAFT;
    return OK;
}

static enum result survey_check(struct ctx *cx, void *record, const void *before)
{
    struct survey *survey = record;
    if (!before)
        TRY(begin(cx, survey));
    if (survey->state != SURVEY_DRAFT)
        return OK;
    if (survey->ends_on.days &&
        survey->ends_on.days < instant_date(cx->now, SHANGHAI_OFFSET_MIN).days)
        reject(cx, "ends_on", "in_the_past");
    return check_questions(cx, survey);
}

enum result survey_demand_runner(struct ctx *cx, const struct survey *survey)
{
    const struct actor *actor = cx->actor;
    const bool its = survey->kind == SURVEY_THIRD_PARTY
                         ? actor->organisation_id == survey->surveyor_id
                         : actor->organisation_id == survey->client_id;
    return its || actor->is_system ? OK : fail(cx, FORBIDDEN, "survey.not_runner", survey->name);
}

/* A draft is written by whoever carries it out. */
static enum result survey_may_change(struct ctx *cx, const void *record)
{
    const struct survey *survey = record;
    if (!survey->id)
        return OK;
    if (survey->state != SURVEY_DRAFT)
        return survey_wrong_state(cx, survey);
    return survey_demand_runner(cx, survey);
}

enum result survey_wrong_state(struct ctx *cx, const struct survey *survey)
{
    return fail(cx, CONFLICT, "survey.wrong_state", survey->name,
                state_name(cx, &SURVEYS, STATES, survey->state));
}

static void survey_derive(struct ctx *cx, void *record)
{
    struct survey *survey = record;
    char mean[POINTS_MAX_TEXT];
    points_format((struct points){(survey->mean + 5) / 10}, mean);
    survey->result = survey->state == SURVEY_CLOSED && survey->answered >= ANSWERS_TOLD
                         ? arena_printf(cx->mem, "%s%%", mean)
                         : "";
}

/* Whoever is to carry it out hears of it. */
static enum result survey_saved(struct ctx *cx, const void *record, const void *before)
{
    const struct survey *survey = record;
    struct contract contract;
    if (before || !survey->surveyor_id)
        return OK;
    TRY(record_get(cx, &CONTRACTS, survey->contract_id, &contract));
    const struct news news = {.kind = "survey.commissioned",
                              .subject = &SURVEYS,
                              .subject_id = survey->id,
                              .title = contract.name,
                              .detail = survey->period};
    return notice_roles(cx, survey->surveyor_id, 0, R(SURVEY), &news);
}

/* A provider sees what was said of it once it is said, and a third party what it was asked for. */
const struct resource SURVEYS = {
    .name = "surveys",
    .clause = "V5.1.5",
    .fields = SURVEY_FIELDS,
    .size = sizeof(struct survey),
    .joins = "JOIN contracts c ON c.id = t.contract_id JOIN units u ON u.id = t.unit_id "
             "JOIN organisations p ON p.id = t.provider_id LEFT JOIN organisations s ON s.id = "
             "t.surveyor_id",
    .title = "name",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@client_id = :org",
              [SIDE_PROVIDER] = "@provider_id = :org AND @state = 'closed'",
              [SIDE_THIRD_PARTY] = "@surveyor_id = :org"},
    .unit = "unit_id",
    .check = survey_check,
    .derive = survey_derive,
    .saved = survey_saved,
    .open = survey_may_change,
    .withheld = true,
};

enum result surveys_compared(struct ctx *cx, const struct survey *survey, struct list *out)
{
    const struct actor *actor = cx->actor;
    const int64_t own = actor->side == SIDE_THIRD_PARTY ? actor->organisation_id : 0;
    return record_select(
        cx, &SURVEYS, "compared",
        "t.contract_id = $1 AND t.kind = $2 AND t.state = 'closed' AND "
        "($3 = 0 OR t.surveyor_id = $3) ORDER BY t.last_day DESC, t.id DESC LIMIT 12",
        PARAMS(P(survey->contract_id), P(choice_name(KINDS, survey->kind)), param_number(own)),
        out);
}

/* ---- results and words ---- */

static const struct field RESULT_FIELDS[] = {
    RECORD_FIELDS(survey_result),
    FIELD_REF(survey_result, survey_id, "surveys", .in = MUST, .use = FIXED | FILTERED),
    FIELD(survey_result, survey_name, .column = "c.name || ' · ' || s.period", .use = LISTED),
    FIELD(survey_result, question),
    FIELD(survey_result, label, .use = LISTED),
    FIELD(survey_result, stratum, .use = LISTED),
    FIELD(survey_result, population, .use = LISTED),
    FIELD(survey_result, sample, .use = LISTED),
    FIELD(survey_result, answered, .use = LISTED),
    FIELD(survey_result, measured),
    FIELD(survey_result, weighted),
    FIELD(survey_result, mean, .use = LISTED),
    FIELD(survey_result, low, .use = LISTED),
    FIELD(survey_result, high, .use = LISTED),
    FIELD(survey_result, representative, .use = LISTED),
    FIELDS_END,
};

const struct resource SURVEY_RESULTS = {
    .name = "survey_results",
    .clause = "V5.1.7",
    .fields = RESULT_FIELDS,
    .size = sizeof(struct survey_result),
    .joins = "JOIN surveys s ON s.id = t.survey_id JOIN contracts c ON c.id = s.contract_id",
    .title = "survey_name",
    .sort = "-id",
    .parent = &SURVEYS,
    .parent_field = "survey_id",
};

static const struct field WORDS_FIELDS[] = {
    RECORD_FIELDS(survey_words),
    FIELD_REF(survey_words, survey_id, "surveys", .in = MUST, .use = FIXED | FILTERED),
    FIELD(survey_words, question, .use = LISTED),
    FIELD(survey_words, words, .in = MUST, .max = 1000, .use = LISTED | LONG_TEXT),
    FIELDS_END,
};

const struct resource SURVEY_WORDS = {
    .name = "survey_words",
    .clause = "V5.1.7",
    .fields = WORDS_FIELDS,
    .size = sizeof(struct survey_words),
    .title = "words",
    .sort = "id",
    .parent = &SURVEYS,
    .parent_field = "survey_id",
};

#define R_READS (R_SUPERVISION | R(AUDIT) | R(FINANCE) | R(CLIENT) | R(PROVIDER) | R(SURVEY))
const struct right SURVEY_RIGHTS[] = {
    {"surveys.read", R_READS, "V5.1.5"},
    {"surveys.write", R(OPS) | R(DIVISION) | R(PM), "V5.1.5"},
    {"surveys.run", R(OPS) | R(DIVISION) | R(PM) | R(SURVEY), "V5.1.7"},
    {"survey_members.read", R(SURVEY) | R(AUDIT), "V5.1.7"},
    {"survey_members.write", R(SURVEY), "V5.1.7"},
    {"survey_results.read", R_READS, "V5.1.7"},
    {"survey_words.read", R_READS, "V5.1.7"},
    RIGHTS_END,
};
