/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Surveys as the client commissions them and as they are carried out: questionnaire, frame, draw,
 * codes and invitations. */
#include "app/surveys/survey_web.h"

#include "app/desk/desk_web.h"
#include "app/records/export_log.h"
#include "app/records/record_page.h"
#include "app/records/trail.h"
#include "base/texts.h"
#include "sheets/sheets.h"
#include "web/stream.h"

#include <string.h>

#define BLANK_ROWS 2 /* below the questions of a draft */
#define INVITED_A_PAGE 60
#define WRITTEN_AT_ONCE 1000 /* links of a table */

/* ---- the questionnaire ---- */

static const char *kind_label(struct request *rq, enum question_kind kind)
{
    const struct field *field = field_find(SURVEY_QUESTION_FIELDS, "kind", strlen("kind"));
    return kind ? word(rq, arena_printf(rq->cx.mem, "surveys.question.kind.%s",
                                        choice_name(field->choices, kind)))
                : "—";
}

/* A row of the builder; `question` NULL: a blank one. */
static struct doc *row_doc(struct request *rq, const struct survey_question *question, size_t index)
{
    const struct field *field = field_find(SURVEY_QUESTION_FIELDS, "kind", strlen("kind"));
    struct doc *doc = doc_new(rq->cx.mem);
    struct doc **kinds = ARENA_ARRAY(rq->cx.mem, struct doc *, QUESTION_WORDS + 1);
    const enum question_kind chosen = question ? question->kind : 0;
    for (enum question_kind kind = 0; kind <= QUESTION_WORDS; kind++)
        kinds[kind] = option_doc(rq, kind ? choice_name(field->choices, kind) : "",
                                 kind_label(rq, kind), kind == chosen);
    doc_int(doc, "index", (int64_t)index);
    doc_int(doc, "place", (int64_t)index + 1);
    doc_text(doc, "text", question ? question->text : "");
    doc_text(doc, "options", question ? question->options : "");
    doc_text(doc, "kind", kind_label(rq, chosen));
    doc_docs(doc, "kinds", kinds, QUESTION_WORDS + 1);
    return doc;
}

static void put_rows(struct request *rq, const struct survey_question *questions, size_t count,
                     size_t blank)
{
    struct doc **rows = ARENA_ARRAY(rq->cx.mem, struct doc *, count + blank + 1);
    for (size_t i = 0; i < count + blank; i++)
        rows[i] = row_doc(rq, i < count ? &questions[i] : NULL, i);
    doc_docs(rq->doc, "rows", rows, count + blank);
}

/* ---- one survey ---- */

const struct record_rows SURVEY_ROWS[] = {
    [ROWS_QUESTIONS] = {"questions", .fields = SURVEY_QUESTION_FIELDS,
                        .size = sizeof(struct survey_question)},
    [ROWS_RESULTS] = {"results", .records = &SURVEY_RESULTS},
    [ROWS_PICKS] = {"picks", .fields = SURVEY_PICK_FIELDS, .size = sizeof(struct survey_pick)},
    RECORD_ROWS_END,
};

static bool runs(struct request *rq, const struct survey *survey)
{
    struct fault kept = fault_take(&rq->cx);
    const bool its =
        actor_may(rq->cx.actor, "surveys.run") && survey_demand_runner(&rq->cx, survey) == OK;
    rq->cx.fault = kept;
    return its;
}

static enum result put_frame(struct request *rq, const struct survey *survey)
{
    const bool reads = actor_may(rq->cx.actor, "survey_members.read");
    const bool writes = actor_may(rq->cx.actor, "survey_members.write") && runs(rq, survey);
    struct list_query query = {.limit = 1};
    int64_t count = 0;
    if (reads) {
        list_conditions(&rq->cx, &SURVEY_MEMBERS,
                        arena_printf(rq->cx.mem, "survey_id=%lld", (long long)survey->id), &query);
        TRY(record_count(&rq->cx, &SURVEY_MEMBERS, &query, FRAME_MOST, &count));
    }
    const bool third = survey->kind == SURVEY_THIRD_PARTY, drawn = survey->drawn_at.ms != 0;
    doc_flag(rq->doc, "reads_frame", third && reads);
    doc_int(rq->doc, "frame_count", count);
    doc_flag(rq->doc, "may_frame", third && writes && !drawn && survey->state == SURVEY_DRAFT);
    doc_flag(rq->doc, "may_draw",
             third && writes && !drawn && survey->state == SURVEY_DRAFT && count > 0);
    doc_flag(rq->doc, "drawn", drawn);
    doc_flag(rq->doc, "may_check_draw", drawn && reads);
    doc_flag(rq->doc, "may_invite", drawn && writes && survey->state == SURVEY_OPEN);
    return OK;
}

static void put_limited(struct request *rq, const struct survey *survey)
{
    struct arena *mem = rq->cx.mem;
    if (survey->turned_away)
        doc_text(rq->doc, "limited",
                 texts_fill(mem, "surveys.limited", rq->cx.lang,
                            (const char *const[]){text_count(mem, survey->turned_away),
                                                  text_count(mem, ADDRESS_A_DAY), NULL}));
}

static enum result put_page(struct request *rq, const struct survey *survey,
                            const struct survey_question *questions, size_t count)
{
    const bool its = runs(rq, survey);
    const bool third = survey->kind == SURVEY_THIRD_PARTY;
    bool closable;
    TRY(survey_is_closable(&rq->cx, survey, &closable));
    put_rows(rq, questions, count, its && survey->state == SURVEY_DRAFT ? BLANK_ROWS : 0);
    put_limited(rq, survey);
    doc_flag(rq->doc, "third", third);
    doc_flag(rq->doc, "may_change", its && survey->state == SURVEY_DRAFT);
    doc_flag(rq->doc, "may_open",
             its && survey->state == SURVEY_DRAFT && (!third || survey->drawn_at.ms));
    doc_flag(rq->doc, "may_close", its && closable);
    doc_flag(rq->doc, "may_close_later", its && !closable && survey->state == SURVEY_OPEN);
    doc_flag(rq->doc, "may_post", its && !third && survey->state == SURVEY_OPEN);
    if (its && !third && survey->state == SURVEY_OPEN)
        doc_text(rq->doc, "posted", survey->token);
    doc_link(rq, rq->doc, "contract_href",
             arena_printf(rq->cx.mem, "/contracts/%lld", (long long)survey->contract_id));
    return put_frame(rq, survey);
}

static enum result survey_show(struct request *rq, void *record)
{
    const struct survey *survey = record;
    struct survey_question *questions;
    size_t count;
    int64_t answered = survey->answered;
    TRY(survey_questions(&rq->cx, survey, &questions, &count));
    doc_rows(rq->doc, &SURVEY_ROWS[ROWS_QUESTIONS], questions, count);
    if (survey->state == SURVEY_OPEN)
        TRY(survey_answered(&rq->cx, survey, &answered));
    const int64_t asked = survey->kind == SURVEY_THIRD_PARTY ? survey->sample : survey->population;
    doc_int(rq->doc, "asked", asked);
    doc_int(rq->doc, "answered_now", answered);
    doc_int(rq->doc, "response", response_of(answered, asked));
    if (survey->kind == SURVEY_SERVED_PARTY && survey->state == SURVEY_OPEN && runs(rq, survey))
        doc_text(rq->doc, "url", site_address(rq, "/s/", survey->token));
    if (survey->state == SURVEY_CLOSED)
        TRY(survey_put_results(rq, survey));
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    enum result result = put_page(rq, survey, questions, count);
    rq->doc->page_only = false;
    return result;
}

static const struct tab TABS[] = {
    {"all", ""}, {"draft", "state=draft"}, {"open", "state=open"}, {"closed", "state=closed"}};
#define TAB_COUNT (sizeof TABS / sizeof TABS[0])

static enum result survey_list(struct request *rq, const struct list *list)
{
    (void)list;
    doc_tabs(rq, &SURVEYS, TABS, TAB_COUNT);
    return OK;
}

static enum result figures_get(struct request *rq)
{
    return doc_tab_figures(rq, &SURVEYS, TABS, TAB_COUNT);
}

#define DAYS_USUAL 14
static enum result survey_begin(struct request *rq, void *record)
{
    struct survey *survey = record;
    const struct date today = instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN);
    const struct month month = month_of(today);
    const int32_t first = month.months - (month.months - 1) % 3;
    survey->kind = SURVEY_SERVED_PARTY;
    survey->period = period_text(rq->cx.mem, (struct period){{first}, 3});
    survey->ends_on = date_add(today, DAYS_USUAL);
    return OK;
}

static const struct record_face SURVEY_FACE = {.resource = &SURVEYS,
                                               .show = survey_show,
                                               .rows = SURVEY_ROWS,
                                               .list = survey_list,
                                               .begin = survey_begin};

static const struct body_list QUESTION_LISTS[] = {
    {"questions", SURVEY_QUESTION_FIELDS, sizeof(struct survey_question), QUESTIONS_MOST},
    BODY_LISTS_END,
};

static enum result read_survey(struct request *rq, struct survey *survey, bool creating)
{
    struct survey_question *questions = NULL;
    size_t count;
    enum result read = body_read_rows(rq, &QUESTION_LISTS[0], &questions, &count);
    enum result result = body_read(rq, SURVEYS.fields, survey, creating, NULL);
    if (questions)
        survey->questions =
            json_rows_text(rq->cx.mem, SURVEY_QUESTION_FIELDS, questions, count, sizeof *questions);
    return read == OK ? result : read;
}

static enum result survey_post(struct request *rq)
{
    struct survey *survey = ARENA_NEW(rq->cx.mem, struct survey);
    fields_blank(SURVEYS.fields, survey);
    enum result result = read_survey(rq, survey, true);
    if (result == OK)
        result = record_add(&rq->cx, &SURVEYS, survey);
    TRY(record_form_again(rq, &SURVEY_FACE, survey, true, result));
    TRY(record_get(&rq->cx, &SURVEYS, survey->id, survey));
    TRY(record_answer(rq, &SURVEY_FACE, survey));
    return created(rq, "/surveys/%lld", (long long)survey->id);
}

static enum result survey_patch(struct request *rq)
{
    struct survey before, after;
    TRY(record_for_action(rq, &SURVEYS, &before));
    after = before;
    enum result result = SURVEYS.open(&rq->cx, &before);
    if (result == OK)
        result = read_survey(rq, &after, false);
    if (result == OK)
        result = record_change(&rq->cx, &SURVEYS, "change", &before, &after);
    return record_acted(rq, &SURVEY_FACE, result == INVALID ? &after : &before, result,
                        "flash.changed");
}

static enum result open_post(struct request *rq)
{
    struct survey survey;
    TRY(record_for_action(rq, &SURVEYS, &survey));
    return record_acted(rq, &SURVEY_FACE, &survey, survey_open(&rq->cx, &survey),
                        "flash.survey.opened");
}

static enum result close_post(struct request *rq)
{
    struct survey survey;
    TRY(record_for_action(rq, &SURVEYS, &survey));
    return record_acted(rq, &SURVEY_FACE, &survey, survey_close(&rq->cx, &survey),
                        "flash.survey.closed");
}

/* ---- the frame, and the draw ---- */

struct framing {
    struct survey survey;
    struct frame_row *rows;
    size_t count;
};

static const struct body_list FRAME_LISTS[] = {
    {"rows", FRAME_ROW_FIELDS, sizeof(struct frame_row), FRAME_MOST},
    BODY_LISTS_END,
};

/* A table of thousands of rows is read beside any transaction. */
static enum result frame_prepare(struct request *rq)
{
    struct framing *framing = rq->prepared = ARENA_NEW(rq->cx.mem, struct framing);
    const struct part *file = input_file(rq, "file");
    TRY(record_of_path(rq, &SURVEYS, &framing->survey));
    enum result result =
        file ? frame_read(&rq->cx, file->bytes, file->len, &framing->rows, &framing->count)
             : body_read_rows(rq, &FRAME_LISTS[0], &framing->rows, &framing->count);
    return result == OK ? OK : record_acted(rq, &SURVEY_FACE, &framing->survey, result, "");
}

static enum result frame_post(struct request *rq)
{
    const struct framing *framing = rq->prepared;
    struct survey survey;
    TRY(record_of_path(rq, &SURVEYS, &survey));
    return record_acted(rq, &SURVEY_FACE, &survey,
                        frame_add(&rq->cx, &survey, framing->rows, framing->count),
                        "flash.survey.framed");
}

struct drawing {
    int32_t count;
};
static const struct field DRAW_INPUT[] = {
    FIELD(drawing, count, .in = MUST, .min = 1, .max = FRAME_MOST),
    FIELDS_END,
};

static enum result draw_post(struct request *rq)
{
    struct survey survey;
    struct drawing drawing = {0};
    TRY(record_for_action(rq, &SURVEYS, &survey));
    enum result result = body_read(rq, DRAW_INPUT, &drawing, true, NULL);
    if (result == OK)
        result = survey_draw(&rq->cx, &survey, drawing.count, "");
    return record_acted(rq, &SURVEY_FACE, &survey, result, "flash.survey.drawn");
}

static enum result draw_again_get(struct request *rq)
{
    struct survey *survey = ARENA_NEW(rq->cx.mem, struct survey);
    bool same;
    TRY(record_of_path(rq, &SURVEYS, survey));
    if (!survey->drawn_at.ms)
        return record_answer(rq, &SURVEY_FACE, survey);
    TRY(survey_draw_again(&rq->cx, survey, &same));
    TRY(record_answer(rq, &SURVEY_FACE, survey));
    doc_flag(rq->doc, "same", same);
    rq->doc->page_only = true;
    doc_flag(rq->doc, "again", same);
    doc_flag(rq->doc, "again_differs", !same);
    rq->doc->page_only = false;
    return OK;
}

/* ---- the code that hangs on site ---- */

static enum result poster_get(struct request *rq)
{
    struct survey *survey = ARENA_NEW(rq->cx.mem, struct survey);
    TRY(record_of_path(rq, &SURVEYS, survey));
    return record_answer(rq, &SURVEY_FACE, survey);
}

/* ---- invitations ---- */

static const struct record_face MEMBER_FACE = {.resource = &SURVEY_MEMBERS};

/* Whoever invites is the surveyor, while answers are taken. */
static bool invites(struct request *rq, const struct survey *survey)
{
    return survey->kind == SURVEY_THIRD_PARTY && survey->state == SURVEY_OPEN && runs(rq, survey);
}

static enum result members_drawn(struct request *rq, const struct survey *survey, int64_t after,
                                 int limit, struct list *out)
{
    return record_select(&rq->cx, &SURVEY_MEMBERS, "drawn",
                         "t.survey_id = $1 AND t.drawn = TRUE AND t.id > $2 ORDER BY t.id LIMIT $3",
                         PARAMS(P(survey->id), param_number(after), param_int(limit)), out);
}

/* So many a page, to print: each with a code of its own. */
static enum result invitations_get(struct request *rq)
{
    struct survey *survey = ARENA_NEW(rq->cx.mem, struct survey);
    struct list list = {0};
    int64_t after = 0;
    TRY(record_of_path(rq, &SURVEYS, survey));
    (void)int_parse(query_text(rq, "after"), &after);
    if (invites(rq, survey))
        TRY(members_drawn(rq, survey, after, INVITED_A_PAGE, &list));
    const struct survey_member *members = list.rows;
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, list.count + 1);
    for (size_t i = 0; i < list.count; i++) {
        docs[i] = doc_new(rq->cx.mem);
        doc_text(docs[i], "token", members[i].token);
        doc_text(docs[i], "code", members[i].code);
        doc_text(docs[i], "name", members[i].name);
        doc_text(docs[i], "url", site_address(rq, "/s/", members[i].token));
        doc_flag(docs[i], "answered", members[i].answered);
    }
    TRY(record_answer(rq, &SURVEY_FACE, survey));
    doc_docs(rq->doc, "invitations", docs, list.count);
    if (list.count == INVITED_A_PAGE)
        doc_text(rq->doc, "next_href",
                 arena_printf(rq->cx.mem, "/surveys/%lld/invitations?after=%lld",
                              (long long)survey->id, (long long)members[list.count - 1].id));
    return OK;
}

struct inviting {
    struct survey survey;
    bool xlsx;
};

/* All who were drawn, so many at a time. */
static enum result write_links(struct request *rq, const struct survey *survey,
                               struct sheet_writer *writer)
{
    struct list list = {.count = WRITTEN_AT_ONCE};
    for (int64_t after = 0; list.count == WRITTEN_AT_ONCE;) {
        TRY(members_drawn(rq, survey, after, WRITTEN_AT_ONCE, &list));
        const struct survey_member *members = list.rows;
        for (size_t i = 0; i < list.count; i++) {
            const char *const cells[] = {members[i].code, members[i].name, members[i].stratum,
                                         site_address(rq, "/s/", members[i].token)};
            TRY(sheet_write(writer, cells));
            after = members[i].id;
        }
    }
    return OK;
}

static enum result write_invitations(struct request *rq, FILE *file, void *host)
{
    static const char *const NAMES[] = {"survey_members.code", "survey_members.name",
                                        "survey_members.stratum", "survey_members.link"};
    const struct inviting *inviting = host;
    struct sheet_column columns[4];
    struct sheet_writer *writer;
    for (size_t i = 0; i < 4; i++)
        columns[i] = (struct sheet_column){.title = word(rq, NAMES[i])};
    TRY(sheet_begin(&rq->cx, inviting->xlsx ? SHEET_XLSX : SHEET_CSV, file,
                    word(rq, "surveys.invitations"), inviting->survey.name, columns, 4, &writer));
    enum result result = write_links(rq, &inviting->survey, writer);
    enum result ended = sheet_end(writer);
    return result == OK ? ended : result;
}

/* As a table, for whoever sends them by mail or message. Leaves an entry in the trail. */
static enum result invitations_post(struct request *rq)
{
    struct inviting *inviting = ARENA_NEW(rq->cx.mem, struct inviting);
    TRY(record_of_path(rq, &SURVEYS, &inviting->survey));
    if (!invites(rq, &inviting->survey))
        return survey_wrong_state(&rq->cx, &inviting->survey);
    inviting->xlsx = strcmp(query_text(rq, "format"), "xlsx") == 0;
    TRY(export_note(&rq->cx, EXPORT_FILE, &SURVEYS, &inviting->survey, NULL, rq->target));
    return reply_written(rq, write_invitations, inviting,
                         inviting->xlsx
                             ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                             : "text/csv; charset=utf-8",
                         inviting->xlsx ? "invitations.xlsx" : "invitations.csv");
}

static const struct record_face RESULT_FACE = {.resource = &SURVEY_RESULTS};
static const struct record_face WORDS_FACE = {.resource = &SURVEY_WORDS};

#define NAV .nav = "surveys"
/* clang-format off */
const struct route SURVEY_ROUTES[] = {
    RECORD_LIST("surveys", SURVEY_FACE, "list"),
    {GET, "/surveys/figures", "surveys.read", figures_get, "tabs", .flags = PAGE_ONLY, NAV},
    RECORD_SHOW("surveys", SURVEY_FACE, "survey"),
    {GET, "/surveys/new", "surveys.write", record_new_get, "form", .flags = PAGE_ONLY,
     .subject = &SURVEY_FACE, NAV},
    {POST, "/surveys", "surveys.write", survey_post, "form", .subject = &SURVEY_FACE, .lists = QUESTION_LISTS, NAV},
    {PATCH, "/surveys/{id}", "surveys.run", survey_patch, "survey", .subject = &SURVEY_FACE, .lists = QUESTION_LISTS, NAV},
    {POST, "/surveys/{id}/open", "surveys.run", open_post, "survey", .flags = RECORDED,
     .subject = &SURVEY_FACE, NAV},
    {POST, "/surveys/{id}/close", "surveys.run", close_post, "survey", .flags = RECORDED,
     .subject = &SURVEY_FACE, NAV},
    {POST, "/surveys/{id}/frame", "survey_members.write", frame_post, "survey", .flags = UPLOAD,
     .prepare = frame_prepare, .subject = &SURVEY_FACE, .lists = FRAME_LISTS, NAV},
    {POST, "/surveys/{id}/draw", "survey_members.write", draw_post, "survey", .flags = RECORDED,
     .subject = &SURVEY_FACE, .input = DRAW_INPUT, NAV},
    {GET, "/surveys/{id}/draw_again", "survey_members.read", draw_again_get, "survey",
     .subject = &SURVEY_FACE, NAV},
    {GET, "/surveys/{id}/poster", "surveys.run", poster_get, "bare_survey_poster",
     .flags = PAGE_ONLY, NAV},
    {GET, "/surveys/{id}/invitations", "survey_members.write", invitations_get,
     "bare_survey_invitations", .flags = PAGE_ONLY, NAV},
    {POST, "/surveys/{id}/invitations", "survey_members.write", invitations_post, "fault",
     .flags = STREAM, NAV},
    RECORD_HISTORY("surveys", SURVEY_FACE),
    RECORD_EXPORT("surveys", SURVEY_FACE),
    RECORD_LIST("survey_results", RESULT_FACE, "list"),
    RECORD_SHOW("survey_results", RESULT_FACE, "record"),
    RECORD_EXPORT("survey_results", RESULT_FACE),
    RECORD_LIST("survey_words", WORDS_FACE, "list"),
    RECORD_SHOW("survey_words", WORDS_FACE, "record"),
    RECORD_EXPORT("survey_words", WORDS_FACE),
    ROUTES_END,
};
const struct route SURVEY_MEMBER_ROUTES[] = {
    RECORD_LIST("survey_members", MEMBER_FACE, "list"),
    RECORD_SHOW("survey_members", MEMBER_FACE, "record"),
    RECORD_HISTORY("survey_members", MEMBER_FACE),
    RECORD_EXPORT("survey_members", MEMBER_FACE),
    ROUTES_END,
};
/* clang-format on */
