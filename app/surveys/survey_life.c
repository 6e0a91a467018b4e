/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A survey is opened, takes answers, and is closed with what they say. */
#include "app/surveys/survey.h"

#include "app/surveys/survey.sql.h"
#include "base/hash.h"
#include "base/texts.h"

#include <string.h>

#define SWEEP_MOST 50
#define STRATA_MOST 1000
#define SUMS_MOST ((QUESTIONS_MOST + 1) * STRATA_MOST)

static struct date today(const struct ctx *cx)
{
    return instant_date(cx->now, SHANGHAI_OFFSET_MIN);
}

static enum result tell(struct ctx *cx, const struct survey *survey, const char *kind,
                        bool to_provider)
{
    const struct news news = {.kind = kind,
                              .subject = &SURVEYS,
                              .subject_id = survey->id,
                              .title = survey->name,
                              .detail = survey->contract_number};
    if (to_provider)
        TRY(notice_roles(cx, survey->provider_id, 0, R(PROVIDER), &news));
    if (survey->surveyor_id)
        TRY(notice_roles(cx, survey->surveyor_id, 0, R(SURVEY), &news));
    return notice_roles(cx, survey->client_id, survey->unit_id, R(PM) | R(DIVISION), &news);
}

/* ---- opening ---- */

static enum result demand_questions(struct ctx *cx, const struct survey *survey)
{
    struct survey_question *questions;
    size_t count;
    bool marked = false;
    TRY(survey_questions(cx, survey, &questions, &count));
    for (size_t i = 0; i < count; i++)
        marked = marked || question_is_marked(&questions[i]);
    if (!marked)
        reject_clause(cx, SURVEYS.clause, "questions", "no_marks");
    return OK;
}

enum result survey_open(struct ctx *cx, const struct survey *survey)
{
    struct survey after = *survey;
    if (survey->state != SURVEY_DRAFT)
        return survey_wrong_state(cx, survey);
    TRY(survey_demand_runner(cx, survey));
    TRY(demand_questions(cx, survey));
    if (survey->ends_on.days < today(cx).days)
        reject(cx, "ends_on", "in_the_past");
    if (survey->kind == SURVEY_THIRD_PARTY && !survey->drawn_at.ms)
        reject_clause(cx, "V5.1.7", "sample", "not_drawn");
    TRY(rejected_as(cx, CONFLICT, "survey.not_ready"));
    after.state = SURVEY_OPEN;
    after.opened_at = cx->now;
    TRY(record_change(cx, &SURVEYS, "open", survey, &after));
    return tell(cx, &after, "survey.opened", false);
}

/* ---- what it says ---- */

struct sums {
    int32_t question;
    const char *stratum;
    int64_t answered, sum, squares, population, sample;
};
static const struct field SUMS_FIELDS[] = {FIELD(sums, question), FIELD(sums, stratum),
                                           FIELD(sums, answered), FIELD(sums, sum),
                                           FIELD(sums, squares),  FIELDS_END};
static const struct field STRATUM_FIELDS[] = {FIELD(sums, stratum), FIELD(sums, population),
                                              FIELD(sums, sample), FIELDS_END};

struct working {
    struct ctx *cx;
    const struct survey *survey;
    struct sums *strata; /* whom there was to ask; one without name where there is no frame */
    size_t stratum_count;
    struct sums *sums;
    size_t sum_count;
    struct estimate whole;
};

static struct stratum_sums sums_of(const struct working *working, int32_t question, size_t stratum)
{
    const struct sums *of = &working->strata[stratum];
    struct stratum_sums out = {.population = of->population, .sample = of->sample};
    for (size_t i = 0; i < working->sum_count; i++) {
        const struct sums *sums = &working->sums[i];
        if (sums->question != question || strcmp(sums->stratum, of->stratum) != 0)
            continue;
        out.answered = sums->answered;
        out.sum = sums->sum;
        out.squares = sums->squares;
    }
    return out;
}

static enum result add_result(const struct working *working, int32_t question, const char *label,
                              const char *stratum, const struct estimate *estimate)
{
    struct survey_result result = {.survey_id = working->survey->id,
                                   .question = question,
                                   .population = (int32_t)estimate->population,
                                   .sample = (int32_t)estimate->sample,
                                   .answered = (int32_t)estimate->answered,
                                   .measured = estimate->measured,
                                   .weighted = estimate->weighted,
                                   .mean = (int32_t)estimate->mean,
                                   .low = (int32_t)estimate->low,
                                   .high = (int32_t)estimate->high,
                                   .representative = estimate->representative};
    fields_blank(SURVEY_RESULTS.fields, &result);
    result.label = label;
    result.stratum = stratum;
    return record_add(working->cx, &SURVEY_RESULTS, &result);
}

static struct estimate estimate_question(const struct working *working, int32_t question)
{
    struct stratum_sums *strata =
        ARENA_ARRAY(working->cx->mem, struct stratum_sums, working->stratum_count + 1);
    for (size_t i = 0; i < working->stratum_count; i++)
        strata[i] = sums_of(working, question, i);
    return estimate_of(strata, working->stratum_count);
}

/* Whether what is not told of small strata stays untold: of fewer answers together than may be told
 * the rest, taken from the whole, would tell. */
static bool may_tell_strata(const struct working *working)
{
    int64_t untold = 0;
    for (size_t i = 0; i < working->stratum_count; i++) {
        const int64_t answered = sums_of(working, 0, i).answered;
        untold += answered < ANSWERS_TOLD ? answered : 0;
    }
    return working->stratum_count > 1 && (!untold || untold >= ANSWERS_TOLD);
}

static enum result add_strata(const struct working *working, const char *label)
{
    if (!may_tell_strata(working))
        return OK;
    for (size_t i = 0; i < working->stratum_count; i++) {
        const struct stratum_sums sums = sums_of(working, 0, i);
        const struct estimate estimate = estimate_of(&sums, 1);
        TRY(add_result(working, 0, label, working->strata[i].stratum, &estimate));
    }
    return OK;
}

/* As a whole, then its strata, then question by question. */
static enum result add_results(struct working *working)
{
    struct ctx *cx = working->cx;
    const char *label = texts_get("survey_results.whole", LANG_ZH);
    struct survey_question *questions;
    size_t count;
    TRY(survey_questions(cx, working->survey, &questions, &count));
    working->whole = estimate_question(working, 0);
    TRY(add_result(working, 0, label, "", &working->whole));
    TRY(add_strata(working, label));
    for (size_t i = 0; i < count; i++) {
        const struct estimate estimate = estimate_question(working, (int32_t)i + 1);
        if (question_is_marked(&questions[i]))
            TRY(add_result(working, (int32_t)i + 1, questions[i].text, "", &estimate));
    }
    return OK;
}

static enum result read_sums(struct working *working)
{
    struct ctx *cx = working->cx;
    const struct survey *survey = working->survey;
    const struct params params = PARAMS(P(survey->id));
    TRY(db_list(cx, &q_survey_strata, params, STRATUM_FIELDS, sizeof *working->strata, STRATA_MOST,
                &working->strata, &working->stratum_count));
    TRY(db_list(cx, &q_survey_sums, params, SUMS_FIELDS, sizeof *working->sums, SUMS_MOST,
                &working->sums, &working->sum_count));
    if (working->stratum_count)
        return OK;
    working->strata = ARENA_NEW(cx->mem, struct sums);
    *working->strata = (struct sums){
        .stratum = "", .population = survey->population, .sample = survey->population};
    working->stratum_count = 1;
    return OK;
}

/* ---- what it was worked out from ---- */

struct mark {
    int32_t question;
    const char *stratum;
    int32_t picked, value;
    const char *words;
};
static const struct field MARK_FIELDS[] = {FIELD(mark, question), FIELD(mark, stratum),
                                           FIELD(mark, picked),   FIELD(mark, value),
                                           FIELD(mark, words),    FIELDS_END};
struct digesting {
    struct ctx *cx;
    struct sha256 state;
};

static enum result digest_mark(void *host, const void *record)
{
    struct digesting *digesting = host;
    const struct mark *mark = record;
    const char *line = arena_printf(digesting->cx->mem, "%d\t%s\t%d\t%d\t%s\n", mark->question,
                                    mark->stratum, mark->picked, mark->value, mark->words);
    sha256_add(&digesting->state, line, strlen(line));
    return OK;
}

static enum result digest(struct ctx *cx, const struct survey *survey, const char **out)
{
    struct digesting digesting = {.cx = cx};
    char hex[SHA256_HEX];
    sha256_start(&digesting.state);
    TRY(db_each(cx, &q_survey_marks, PARAMS(P(survey->id)), MARK_FIELDS, sizeof(struct mark),
                digest_mark, &digesting));
    sha256_end(&digesting.state, hex);
    *out = arena_dup(cx->mem, hex);
    return OK;
}

/* ---- closing ---- */

/* What joins an answer to who gave it, though neither row names the other: the order in which rows
 * were written, and the transaction that wrote them. From now on it is that of the closing. */
static enum result forget_order(struct ctx *cx, const struct survey *survey)
{
    const struct params params = PARAMS(P(survey->id));
    int64_t last;
    TRY(db_int(cx, &q_marks_last, params, &last));
    TRY(db_change(cx, &q_marks_anew, params, NULL));
    TRY(db_change(cx, &q_marks_forget, PARAMS(P(survey->id), param_number(last)), NULL));
    TRY(db_change(cx, &q_onces_forget, params, NULL));
    return db_change(cx, &q_members_anew, params, NULL);
}

static enum result close_it(struct ctx *cx, const struct survey *survey, const char *action)
{
    struct survey after = *survey;
    struct working working = {.cx = cx, .survey = survey};
    TRY(read_sums(&working));
    TRY(add_results(&working));
    if (working.whole.measured)
        TRY(db_change(cx, &q_words_release, PARAMS(P(survey->id), P(cx->now)), NULL));
    TRY(digest(cx, survey, &after.sha256));
    TRY(forget_order(cx, survey));
    after.state = SURVEY_CLOSED;
    after.closed_at = cx->now;
    after.answered = (int32_t)working.whole.answered;
    after.mean = (int32_t)working.whole.mean;
    after.representative = working.whole.representative;
    TRY(record_change(cx, &SURVEYS, action, survey, &after));
    return tell(cx, &after, "survey.closed", true);
}

/* Before its last day it may be closed once enough have answered, or all who were asked. */
static enum result demand_answers(struct ctx *cx, const struct survey *survey)
{
    const int64_t asked = survey->kind == SURVEY_THIRD_PARTY ? survey->sample : survey->population;
    int64_t answered;
    TRY(survey_answered(cx, survey, &answered));
    if (answered < ANSWERS_LEAST && (!asked || answered < asked) &&
        survey->ends_on.days > today(cx).days)
        reject_clause(cx, survey->kind == SURVEY_THIRD_PARTY ? "V5.1.7" : "V5.1.5", "answered",
                      "too_few_yet", text_count(cx->mem, ANSWERS_LEAST));
    return rejected_as(cx, CONFLICT, "survey.answers_lacking");
}

static enum result demand_closable(struct ctx *cx, const struct survey *survey)
{
    if (survey->state != SURVEY_OPEN)
        return survey_wrong_state(cx, survey);
    TRY(survey_demand_runner(cx, survey));
    return demand_answers(cx, survey);
}

enum result survey_is_closable(struct ctx *cx, const struct survey *survey, bool *out)
{
    struct fault kept = fault_take(cx);
    enum result result = demand_closable(cx, survey);
    *out = result == OK;
    if (result == OK || result == CONFLICT || result == FORBIDDEN)
        cx->fault = kept;
    return result == CONFLICT || result == FORBIDDEN ? OK : result;
}

enum result survey_close(struct ctx *cx, const struct survey *survey)
{
    TRY(demand_closable(cx, survey));
    return close_it(cx, survey, "close");
}

enum result surveys_sweep(struct ctx *cx)
{
    static const struct field ID_FIELDS[] = {FIELD(record, id), FIELDS_END};
    struct record *rows;
    size_t count;
    TRY(db_list(cx, &q_surveys_over, PARAMS(P(today(cx)), param_int(SWEEP_MOST)), ID_FIELDS,
                sizeof *rows, SWEEP_MOST, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        struct survey survey;
        TRY(record_get(cx, &SURVEYS, rows[i].id, &survey));
        TRY(close_it(cx, &survey, "time_over"));
    }
    return OK;
}

/* ---- how often each was picked ---- */

const struct field SURVEY_PICK_FIELDS[] = {FIELD(survey_pick, question), FIELD(survey_pick, picked),
                                           FIELD(survey_pick, count), FIELDS_END};

enum result survey_picks(struct ctx *cx, const struct survey *survey, struct survey_pick **out,
                         size_t *out_count)
{
    *out_count = 0;
    if (survey->state != SURVEY_CLOSED || survey->answered < ANSWERS_TOLD)
        return OK;
    return db_list(cx, &q_survey_picks, PARAMS(P(survey->id)), SURVEY_PICK_FIELDS, sizeof **out,
                   QUESTIONS_MOST * CHOICES_MOST, out, out_count);
}
