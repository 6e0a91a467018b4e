/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What anybody sees who scans the code or was drawn: the questions, on a phone, and nothing of who
 * answers them. */
#include "app/access/access_web.h"
#include "app/desk/desk_web.h"
#include "app/records/record_page.h"
#include "app/surveys/survey_web.h"
#include "base/hash.h"
#include "paper/qr.h"
#include "web/stream.h"

#include <string.h>

#define COOKIE_DAYS 400
#define DAY_S (24 * 60 * 60)

struct answering {
    struct survey_door door;
    struct survey_question *questions;
    size_t count;
    struct survey_answer answers[QUESTIONS_MOST];
};

/* ---- the phone that answers is known again by a value of its own, for this survey alone ---- */

static const char *cookie_name(struct request *rq, const struct survey *survey)
{
    return arena_printf(rq->cx.mem, "luyue_s_%lld", (long long)survey->id);
}

static void give_cookie(struct request *rq, const struct survey_door *door)
{
    char once[TOKEN_TEXT];
    const char *name = cookie_name(rq, &door->survey);
    if (door->member_id || door->survey.state != SURVEY_OPEN || *cookie_text(rq, name))
        return;
    random_token(once);
    rq->set_cookie =
        arena_printf(rq->cx.mem, "%s=%s; Path=/s/%s; HttpOnly; SameSite=Lax%s; Max-Age=%d", name,
                     once, door->survey.token, rq->secure ? "; Secure" : "", COOKIE_DAYS * DAY_S);
}

/* ---- the questions ---- */

static struct doc *choice_doc(struct request *rq, size_t index, int32_t value, const char *label,
                              bool checked)
{
    struct doc *doc = doc_new(rq->cx.mem);
    doc_int(doc, "number", (int64_t)index + 1); /* of the question */
    doc_int(doc, "value", value);
    doc_text(doc, "label", label);
    doc_flag(doc, "checked", checked);
    return doc;
}

static size_t put_choices(struct request *rq, const struct survey_question *question, size_t index,
                          int32_t picked, struct doc **out)
{
    const char *options[CHOICES_MOST] = {NULL};
    const struct picks_of range = question_picks(rq->cx.mem, question);
    const bool marked = question_is_marked(question);
    size_t count = 0;
    (void)question_options(rq->cx.mem, question, options);
    for (int32_t value = range.least; value <= range.most; value++, count++)
        out[count] = choice_doc(rq, index, value,
                                marked ? arena_printf(rq->cx.mem, "%d", value) : options[count],
                                picked == value);
    return count;
}

static struct doc *question_doc(struct request *rq, const struct survey_question *question,
                                size_t index, int32_t picked, const char *words)
{
    struct doc *doc = doc_new(rq->cx.mem);
    struct doc **choices = ARENA_ARRAY(rq->cx.mem, struct doc *, CHOICES_MOST);
    const bool in_words = question->kind == QUESTION_WORDS;
    doc_int(doc, "number", (int64_t)index + 1);
    doc_text(doc, "text", question->text);
    doc_flag(doc, "in_words", in_words);
    doc_flag(doc, "five", question->kind == QUESTION_FIVE);
    doc_flag(doc, "ten", question->kind == QUESTION_TEN);
    doc_text(doc, "words", words);
    doc_docs(doc, "choices", choices, put_choices(rq, question, index, picked, choices));
    return doc;
}

/* ---- the page ---- */

static enum result put_page(struct request *rq, struct answering *answering)
{
    const struct survey *survey = &answering->door.survey;
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, answering->count + 1);
    bool answered;
    TRY(survey_answered_by(&rq->cx, &answering->door, cookie_text(rq, cookie_name(rq, survey)),
                           &answered));
    for (size_t i = 0; i < answering->count; i++)
        docs[i] = question_doc(rq, &answering->questions[i], i, answering->answers[i].picked,
                               answering->answers[i].words);
    const bool over = survey->ends_on.days < instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN).days;
    const bool open = survey->state == SURVEY_OPEN && !over;
    rq->doc->page_only = true;
    doc_text(rq->doc, "token", path_text(rq, "survey"));
    doc_text(rq->doc, "unit_name", survey->unit_name);
    doc_text(rq->doc, "contract_name", survey->contract_name);
    doc_text(rq->doc, "period", survey->period);
    doc_text(rq->doc, "intro", survey->intro);
    doc_text(rq->doc, "surveyor_name", survey->surveyor_name);
    doc_flag(rq->doc, "not_yet", survey->state == SURVEY_DRAFT);
    doc_flag(rq->doc, "over", survey->state == SURVEY_CLOSED || (over && !open));
    doc_flag(rq->doc, "answered", answered && open);
    doc_flag(rq->doc, "takes", open && !answered);
    doc_docs(rq->doc, "questions", docs, answering->count);
    rq->doc->page_only = false;
    return OK;
}

static enum result answering_of(struct request *rq, struct answering **out)
{
    struct answering *answering = *out = ARENA_NEW(rq->cx.mem, struct answering);
    TRY(survey_door(&rq->cx, path_text(rq, "survey"), &answering->door));
    TRY(survey_questions(&rq->cx, &answering->door.survey, &answering->questions,
                         &answering->count));
    for (size_t i = 0; i < answering->count; i++) {
        answering->answers[i] = (struct survey_answer){.picked = -1, .words = ""};
        if (rq->method != POST)
            continue;
        int64_t picked = -1;
        const char *text = input_text(rq, arena_printf(rq->cx.mem, "q%zu", i + 1));
        if (answering->questions[i].kind == QUESTION_WORDS)
            answering->answers[i].words = text;
        else if (*text && int_parse(text, &picked) && picked >= 0 && picked <= CHOICES_MOST)
            answering->answers[i].picked = (int32_t)picked;
    }
    return OK;
}

static enum result door_get(struct request *rq)
{
    struct answering *answering;
    TRY(answering_of(rq, &answering));
    give_cookie(rq, &answering->door);
    return put_page(rq, answering);
}

static enum result door_post(struct request *rq)
{
    struct answering *answering;
    TRY(answering_of(rq, &answering));
    const char *once = cookie_text(rq, cookie_name(rq, &answering->door.survey));
    TRY(put_page(rq, answering));
    if (*input_text(rq, "website")) /* no person sees that box */
        return fail(&rq->cx, INVALID, "report.refused");
    TRY(survey_demand_open(&rq->cx, &answering->door));
    enum result kept = survey_answer_add(&rq->cx, &answering->door, answering->answers, once);
    rq->keep = kept == TOO_MANY; /* that one more was turned away */
    TRY(with_retry_after(rq, kept));
    return moved(rq, NULL, "/s/%s", path_text(rq, "survey"));
}

static enum result door_qr_get(struct request *rq)
{
    struct survey_door door;
    const char *token = path_text(rq, "survey"), *svg;
    TRY(survey_door(&rq->cx, token, &door));
    TRY(qr_svg(&rq->cx, site_address(rq, "/s/", token), word(rq, "surveys.qr"), &svg));
    return reply_bytes(rq, svg, strlen(svg), "image/svg+xml", "qr.svg", false);
}

const struct route SURVEY_DOOR_ROUTES[] = {
    {GET, "/s/{survey}", PUBLIC, door_get, "bare_survey", .flags = PAGE_ONLY},
    {POST, "/s/{survey}", PUBLIC, door_post, "bare_survey", .flags = PAGE_ONLY},
    {GET, "/s/{survey}/qr", PUBLIC, door_qr_get, "fault", .flags = PAGE_ONLY | STREAM},
    ROUTES_END,
};
