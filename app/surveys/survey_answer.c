/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers, of nobody (V5.1.5, V5.1.7). What is written here goes past the records and their trail:
 * an entry there would say who was at the door, from which address and when. What is kept is that
 * a phone or a person who was drawn has answered, and, apart from it, what was answered. */
#include "app/surveys/survey.h"

#include "app/records/patience.h"
#include "app/surveys/survey.sql.h"
#include "base/hash.h"

#include <string.h>

#define DAY_MS (24 * 60 * 60 * INT64_C(1000))
#define WORDS_MOST 1000
#define WHOLE 100000 /* thousandths of a per cent */

/* ---- the door ---- */

struct drawn {
    int64_t id, survey_id;
    const char *stratum;
    bool answered;
};
static const struct field DRAWN_FIELDS[] = {FIELD(drawn, id), FIELD(drawn, survey_id),
                                            FIELD(drawn, stratum), FIELD(drawn, answered),
                                            FIELDS_END};

static enum result read_survey(struct ctx *cx, int64_t id, struct survey *out)
{
    struct list list;
    TRY(record_select(cx, &SURVEYS, "door", "t.id = $1", PARAMS(P(id)), &list));
    *out = *(const struct survey *)list.rows;
    return OK;
}

enum result survey_door(struct ctx *cx, const char *token, struct survey_door *out)
{
    int64_t survey, member;
    struct drawn drawn = {.stratum = ""};
    TRY(db_int(cx, &q_survey_of_token, PARAMS(P(token)), &survey));
    TRY(db_int(cx, &q_member_of_token, PARAMS(P(*token ? token : "-")), &member));
    if (!survey && !member)
        return fail(cx, NOT_FOUND, "survey.no_code");
    if (member)
        TRY(db_one(cx, &q_member_door, PARAMS(P(member)), DRAWN_FIELDS, &drawn));
    out->member_id = member;
    out->stratum = drawn.stratum;
    out->answered = drawn.answered;
    return read_survey(cx, member ? drawn.survey_id : survey, &out->survey);
}

enum result survey_demand_open(struct ctx *cx, const struct survey_door *door)
{
    const struct survey *survey = &door->survey;
    int64_t answered;
    if (survey->state != SURVEY_OPEN ||
        survey->ends_on.days < instant_date(cx->now, SHANGHAI_OFFSET_MIN).days)
        return fail(cx, CONFLICT, "survey.closed");
    if (door->member_id)
        return OK; /* each once */
    TRY(survey_answered(cx, survey, &answered));
    return answered >= (survey->population ? survey->population : ANSWERS_MOST)
               ? fail(cx, CONFLICT, "survey.full")
               : OK;
}

/* What is kept of who comes too often is that one more did. */
static enum result demand_patience(struct ctx *cx, const struct survey_door *door)
{
    static struct patience patience = PATIENCE(DAY_MS, ADDRESS_A_DAY);
    if (door->member_id || !*cx->origin || patience_has(&patience, cx, door->survey.token))
        return OK; /* who was drawn answers once, whatever the address */
    TRY(db_change(cx, &q_survey_turned_away, PARAMS(P(door->survey.id)), NULL));
    return fail(cx, TOO_MANY, "survey.too_many", "86400", text_count(cx->mem, ADDRESS_A_DAY));
}

enum result survey_answered(struct ctx *cx, const struct survey *survey, int64_t *out)
{
    return db_int(cx, &q_survey_answered, PARAMS(P(survey->id)), out);
}

/* ---- one answer each ---- */

static const char *once_hash(struct ctx *cx, const char *once)
{
    char *hash = arena_alloc(cx->mem, INDEX_HEX);
    index_hash(cx->keys, "survey_onces.once", once, hash);
    return hash;
}

enum result survey_answered_by(struct ctx *cx, const struct survey_door *door, const char *once,
                               bool *out)
{
    int64_t known = 0;
    if (!door->member_id && *once)
        TRY(db_int(cx, &q_once_known, PARAMS(P(door->survey.id), P(once_hash(cx, once))), &known));
    *out = known || door->answered;
    return OK;
}

static enum result keep_once(struct ctx *cx, const struct survey_door *door, const char *once)
{
    int64_t kept;
    if (!door->member_id && !*once)
        return fail(cx, INVALID, "survey.no_cookie");
    if (door->member_id)
        TRY(db_change(cx, &q_member_answers, PARAMS(P(door->member_id)), &kept));
    else
        TRY(db_change(cx, &q_once_add, PARAMS(P(door->survey.id), P(once_hash(cx, once))), &kept));
    return kept ? OK : fail(cx, CONFLICT, "survey.answered");
}

/* ---- what was answered ---- */

static void check_answer(struct ctx *cx, const struct survey_question *question,
                         const struct survey_answer *answer, size_t index)
{
    const char *member = arena_printf(cx->mem, "answers.%zu", index);
    const struct picks_of picks = question_picks(cx->mem, question);
    if (question->kind == QUESTION_WORDS) {
        if (utf8_count(answer->words) > WORDS_MOST)
            reject(cx, member, "too_long", text_count(cx->mem, WORDS_MOST));
        return;
    }
    if (answer->picked < 0)
        reject(cx, member, "unanswered", arena_printf(cx->mem, "%zu", index + 1));
    else if (answer->picked < picks.least || answer->picked > picks.most)
        reject(cx, member, "malformed");
}

static int32_t value_of(struct ctx *cx, const struct survey_question *question, int32_t picked)
{
    const struct picks_of picks = question_picks(cx->mem, question);
    return question_is_marked(question) && picks.most ? picked * (WHOLE / picks.most) : 0;
}

static enum result add_mark(struct ctx *cx, const struct survey_door *door, int32_t question,
                            int32_t picked, int32_t value, const char *words)
{
    return db_change(
        cx, &q_mark_add,
        PARAMS(P(door->survey.id), P(question), P(door->stratum), P(picked), P(value), P(words)),
        NULL);
}

enum result survey_answer_add(struct ctx *cx, const struct survey_door *door,
                              const struct survey_answer *answers, const char *once)
{
    struct survey_question *questions;
    size_t count;
    int32_t sum = 0, marks = 0;
    TRY(survey_questions(cx, &door->survey, &questions, &count));
    for (size_t i = 0; i < count; i++)
        check_answer(cx, &questions[i], &answers[i], i);
    TRY(rejected(cx));
    TRY(demand_patience(cx, door));
    TRY(keep_once(cx, door, once));
    for (size_t i = 0; i < count; i++) {
        const int32_t value = value_of(cx, &questions[i], answers[i].picked);
        const bool in_words = questions[i].kind == QUESTION_WORDS;
        const char *words = in_words ? answers[i].words : "";
        if (in_words && !*text_plain(cx->mem, words))
            continue;
        TRY(add_mark(cx, door, (int32_t)i + 1, in_words ? 0 : answers[i].picked, value, words));
        sum += value;
        marks += question_is_marked(&questions[i]);
    }
    return add_mark(cx, door, 0, 0, marks ? (sum + marks / 2) / marks : 0, "");
}
