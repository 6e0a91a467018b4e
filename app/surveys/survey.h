/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Surveys (调查): those whom a service is for say what they think of it.
 *
 * The served party judges (V5.1.5): the client asks whoever comes by the code that hangs on site. A
 * third party asks (V5.1.7): an organisation of its own draws a sample from a frame that nobody
 * else sees, and each who was drawn answers once. Both are about one contract and one month,
 * quarter or year, and both are anonymous: an answer is kept without person, address or time, and
 * without an entry in the trail. While a survey is open nobody sees what was answered; closing it
 * works out what it says of all who are served, and that never changes again. */
#ifndef SURVEY_H
#define SURVEY_H

#include "app/contracts/contract.h"
#include "app/evaluation/period.h"
#include "app/scores/measure.h"
#include "app/surveys/estimate.h"

enum survey_kind { SURVEY_SERVED_PARTY = 1, SURVEY_THIRD_PARTY };
enum survey_state { SURVEY_DRAFT = 1, SURVEY_OPEN, SURVEY_CLOSED };
struct survey {
    RECORD_MEMBERS;
    int64_t contract_id, client_id, provider_id, unit_id, surveyor_id;
    const char *name; /* of the contract, with the period */
    const char *contract_number, *contract_name, *unit_name, *provider_name, *surveyor_name;
    enum survey_kind kind;
    const char *period;
    struct date last_day, ends_on;
    const char *intro, *questions;
    int32_t population;
    const char *seed;
    int32_t sample;
    struct instant drawn_at;
    const char *drawn_sha256, *token;
    struct instant opened_at, closed_at;
    int32_t answered, mean;
    int32_t turned_away; /* answers, for the limit by address */
    bool representative;
    const char *result; /* not stored: "75.28%" of a closed one */
    const char *sha256;
    enum survey_state state;
};
extern const struct resource SURVEYS;

/* ---- the questionnaire ---- */

enum question_kind { QUESTION_FIVE = 1, QUESTION_TEN, QUESTION_CHOICE, QUESTION_WORDS };
struct survey_question {
    enum question_kind kind; /* 1 to 5, 0 to 10, one of `options`, words of one's own */
    const char *text;
    const char *options; /* with ； between */
};
extern const struct field SURVEY_QUESTION_FIELDS[];
#define QUESTIONS_MOST 30
#define CHOICES_MOST 12
MUST_USE enum result survey_questions(struct ctx *cx, const struct survey *survey,
                                      struct survey_question **out, size_t *out_count);
/* The questions of a new survey, which its maker alters. */
const char *survey_usual_questions(struct ctx *cx);
/* At most CHOICES_MOST of them, in the arena. */
size_t question_options(struct arena *arena, const struct survey_question *question,
                        const char *out[CHOICES_MOST]);
/* What may be picked, from the least to the most; of words nothing: 1 to 0. */
struct picks_of {
    int32_t least, most;
};
struct picks_of question_picks(struct arena *arena, const struct survey_question *question);
/* Does it give a mark? */
bool question_is_marked(const struct survey_question *question);

/* ---- whose it is ---- */

/* May the actor carry it out: the client its own, the third party those it was commissioned with?
 * Results: FORBIDDEN survey.not_runner. */
MUST_USE enum result survey_demand_runner(struct ctx *cx, const struct survey *survey);

/* ---- the frame of a third party, while nothing is drawn of it ---- */

struct survey_member {
    RECORD_MEMBERS;
    int64_t survey_id, client_id, surveyor_id;
    const char *survey_name, *code, *name;
    struct secret contact;
    const char *stratum;
    bool drawn;
    const char *token;
    bool answered;
};
extern const struct resource SURVEY_MEMBERS;
#define FRAME_MOST 20000

struct frame_row {
    const char *code, *name, *contact, *stratum;
};
extern const struct field FRAME_ROW_FIELDS[];
/* Rows of a table as offices keep it, by the words of its header. Results: INVALID
 * survey.no_header, and those of sheet_read. */
MUST_USE enum result frame_read(struct ctx *cx, const void *bytes, size_t len,
                                struct frame_row **out, size_t *out_count);
/* All rows or none. Results: INVALID with a field fault for each wrong row; CONFLICT survey.drawn,
 * survey.wrong_state. */
MUST_USE enum result frame_add(struct ctx *cx, const struct survey *survey,
                               const struct frame_row *rows, size_t count);

/* ---- the draw, once: by nothing but the seed and the codes ---- */

/* So many of the frame, of each stratum by its share. `seed` "": one by chance, and kept; nobody
 * who draws may state one, or the sample could be picked: only the demo does, to be the same each
 * time. Results: INVALID (count); CONFLICT survey.drawn, survey.no_frame. */
MUST_USE enum result survey_draw(struct ctx *cx, const struct survey *survey, int32_t count,
                                 const char *seed);
/* Draws once more: is it the same? */
MUST_USE enum result survey_draw_again(struct ctx *cx, const struct survey *survey, bool *out);

/* ---- its life ---- */

/* draft -> open. Results: CONFLICT survey.not_ready with every reason. */
MUST_USE enum result survey_open(struct ctx *cx, const struct survey *survey);
/* open -> closed: works out the results. Results: CONFLICT survey.answers_lacking before the last
 * day, while too few have answered. */
MUST_USE enum result survey_close(struct ctx *cx, const struct survey *survey);
/* Would it? */
MUST_USE enum result survey_is_closable(struct ctx *cx, const struct survey *survey, bool *out);
/* A job: closes those whose time is over. */
MUST_USE enum result surveys_sweep(struct ctx *cx);
MUST_USE enum result survey_wrong_state(struct ctx *cx, const struct survey *survey);

/* ---- answers, by whoever has the code or was drawn ---- */

struct survey_door {
    struct survey survey;
    int64_t member_id;   /* who was drawn; 0: whoever came by */
    const char *stratum; /* of who was drawn */
    bool answered;       /* by who was drawn */
};
/* Results: NOT_FOUND survey.no_code. */
MUST_USE enum result survey_door(struct ctx *cx, const char *token, struct survey_door *out);
/* Does it take answers now? Results: CONFLICT survey.closed, survey.full. */
MUST_USE enum result survey_demand_open(struct ctx *cx, const struct survey_door *door);

/* From one address to one survey in a day: enough for a family or a small office behind one router,
 * and far from the thirty that a result with consequences takes. */
#define ADDRESS_A_DAY 10
struct survey_answer {
    int32_t picked; /* the mark, or the number of the choice from 1; -1: none */
    const char *words;
};
/* One for each question. `once`: what the phone alone keeps, of who was not drawn. Results: INVALID
 * with a field fault for each question; CONFLICT survey.answered; TOO_MANY survey.too_many, when
 * the address has given a day's number: that one more was turned away is to be kept. */
MUST_USE enum result survey_answer_add(struct ctx *cx, const struct survey_door *door,
                                       const struct survey_answer *answers, const char *once);
/* Has this phone answered? */
MUST_USE enum result survey_answered_by(struct ctx *cx, const struct survey_door *door,
                                        const char *once, bool *out);
/* How many have answered so far. */
MUST_USE enum result survey_answered(struct ctx *cx, const struct survey *survey, int64_t *out);

/* ---- what it came to ---- */

struct survey_result {
    RECORD_MEMBERS;
    int64_t survey_id;
    const char *survey_name;
    int32_t question;
    const char *label, *stratum;
    int32_t population, sample, answered;
    bool measured, weighted;
    int32_t mean, low, high;
    bool representative;
};
extern const struct resource SURVEY_RESULTS;

struct survey_words {
    RECORD_MEMBERS;
    int64_t survey_id;
    int32_t question;
    const char *words;
};
extern const struct resource SURVEY_WORDS;

/* How often each mark or choice was picked. */
struct survey_pick {
    int32_t question, picked, count;
};
extern const struct field SURVEY_PICK_FIELDS[];
MUST_USE enum result survey_picks(struct ctx *cx, const struct survey *survey,
                                  struct survey_pick **out, size_t *out_count);

/* Closed surveys of the same contract and kind, by period: how it was before. To a third party only
 * its own. */
#define COMPARED_MOST 12
MUST_USE enum result surveys_compared(struct ctx *cx, const struct survey *survey,
                                      struct list *out);

extern const struct measure SURVEY_MEASURES[];
extern const struct duty_rule SURVEY_DUTIES[];
extern const struct right SURVEY_RIGHTS[];

#endif
