/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sheets on the web: the result table, the own sheet, and appeals. */
#include "app/appraisal/month_compare_web.h"
#include "app/appraisal/month_web.h"
#include "app/appraisal/sheet.h"
#include "app/appraisal/verdict_web.h"

#include "app/records/record_page.h"
#include "app/scores/sheet_line_web.h"
#include "base/texts.h"

#include <stdlib.h>
#include <string.h>

/* "newcomer:unranked" in words. */
static void put_options(struct request *rq, const struct sheet *sheet)
{
    const char *at = sheet->options;
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, OPTIONS_MOST);
    size_t count = 0;
    while (*at && count < OPTIONS_MOST) {
        const size_t len = strcspn(at, " "), who = strcspn(at, ":");
        struct doc *doc = docs[count++] = doc_new(rq->cx.mem);
        doc_text(doc, "who", word(rq, arena_printf(rq->cx.mem, "sheets.who.%.*s", (int)who, at)));
        const char *effect = at + who + 1;
        const size_t ends = strcspn(effect, ": ");
        doc_text(doc, "effect",
                 word(rq, arena_printf(rq->cx.mem, "schemes.effect.%.*s", (int)ends, effect)));
        if (effect[ends] == ':')
            doc_text(
                doc, "days",
                arena_printf(rq->cx.mem, "%.*s", (int)(len - who - ends - 2), effect + ends + 1));
        at += len + (at[len] == ' ');
    }
    doc_docs(rq->doc, "option_rows", docs, count);
}

/* The days by which its targets are prorated; 0 of 0: they are not. */
static void prorated_days(const struct sheet *sheet, struct line_showing *out)
{
    static const char WORDS[] = ":prorate:";
    const char *at = strstr(sheet->options, WORDS);
    if (!at)
        return;
    char *end;
    out->days = (int32_t)strtol(at + sizeof WORDS - 1, &end, 10);
    out->of_days = (int32_t)strtol(end + (*end == '/'), NULL, 10);
}

static void put_time(struct request *rq, struct instant appeal_by)
{
    char text[INSTANT_MAX_TEXT];
    instant_format(appeal_by, text);
    doc_text(rq->doc, "appeal_by",
             appeal_by.ms ? arena_printf(rq->cx.mem, "%.10s %.5s", text, text + 11) : "");
}

static enum result put_may(struct request *rq, const struct sheet *sheet)
{
    struct instant appeal_by;
    int64_t places;
    const bool own =
        sheet->subject_id == rq->cx.actor->person_id && actor_may(rq->cx.actor, "sheets.answer");
    struct sheet_steps *steps = ARENA_NEW(rq->cx.mem, struct sheet_steps);
    TRY(sheet_steps(&rq->cx, sheet, steps));
    doc_record(rq->doc, "steps", SHEET_STEP_FIELDS, steps);
    TRY(sheet_appeal_by(&rq->cx, sheet, &appeal_by));
    TRY(sheet_places(&rq->cx, sheet, &places));
    put_time(rq, appeal_by);
    doc_int(rq->doc, "places", places);
    doc_flag(rq->doc, "own", own);
    const bool over = appeal_by.ms && appeal_by.ms < rq->cx.now.ms;
    doc_flag(rq->doc, "may_answer", own && sheet->state == SHEET_PUBLISHED && !over);
    doc_flag(rq->doc, "is_over", own && over);
    doc_flag(rq->doc, "may_appeal",
             own && sheet->state == SHEET_PUBLISHED && appeal_by.ms >= rq->cx.now.ms);
    return doc_part(rq, "appeals", &APPEALS, "sheet_id", sheet->id);
}

static enum result sheet_show(struct request *rq, void *record)
{
    const struct sheet *sheet = record;
    struct scheme scheme;
    struct sheet_line *lines;
    struct indicator *indicators;
    struct later_records *later;
    size_t count, indicator_count, later_count;
    TRY(sheet_lines(&rq->cx, sheet, &lines, &count));
    TRY(scheme_of_sheet(&rq->cx, sheet, &scheme));
    TRY(scheme_indicators(&rq->cx, &scheme, &indicators, &indicator_count));
    struct line_showing showing = {rq,
                                   indicators,
                                   indicator_count,
                                   sheet->contract_id,
                                   sheet->subject_id,
                                   month_first(sheet->period),
                                   month_last(sheet->period),
                                   {[LINE_INDICATOR] = "manual_scores",
                                    [LINE_PENALTY] = "penalties",
                                    [LINE_ADJUSTMENT] = "adjustments"},
                                   sheet->subject_id == rq->cx.actor->person_id};
    prorated_days(sheet, &showing);
    doc_sheet_lines(&showing, lines, count);
    TRY(sheet_later(&rq->cx, sheet, indicators, indicator_count, &later, &later_count));
    doc_records(rq->doc, "later", LATER_FIELDS, later, later_count, sizeof *later);
    TRY(doc_sheet_trend(rq, sheet));
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    put_options(rq, sheet);
    doc_link(rq, rq->doc, "month_href",
             arena_printf(rq->cx.mem, "/months/%lld", (long long)sheet->month_id));
    doc_link(rq, rq->doc, "scheme_href",
             arena_printf(rq->cx.mem, "/schemes/%lld", (long long)sheet->scheme_id));
    TRY(put_may(rq, sheet));
    rq->doc->page_only = false;
    return OK;
}

/* ---- the result table: what each indicator gave, beside the total ---- */

struct table {
    struct request *rq;
    bool in_one_month;
    int64_t schemes[4]; /* whose indicators are heads already */
    size_t scheme_count;
    const char *codes[2 * INDICATORS_MOST];
    struct doc *heads[2 * INDICATORS_MOST];
    size_t head_count;
};

static size_t head_of(const struct table *table, const char *code)
{
    size_t at = 0;
    while (at < table->head_count && strcmp(table->codes[at], code) != 0)
        at++;
    return at;
}

/* The most points first; the other way round where it is sorted so already. */
static void put_sort(struct request *rq, struct doc *head, const char *code)
{
    const char *up = arena_printf(rq->cx.mem, "%s%s", SHEETS_BY_POINTS, code);
    const char *down = arena_printf(rq->cx.mem, "-%s", up), *sort = query_text(rq, "sort");
    const bool is_down = strcmp(sort, down) == 0;
    doc_text(head, "sort_href", link_with(rq, "sort", is_down ? up : down));
    doc_text(head, "sorted", is_down ? "desc" : strcmp(sort, up) == 0 ? "asc" : "");
}

static enum result put_heads(struct table *table, const struct sheet *sheet)
{
    struct scheme scheme;
    struct indicator *indicators;
    size_t count;
    for (size_t i = 0; i < table->scheme_count; i++) {
        if (table->schemes[i] == sheet->scheme_id)
            return OK;
    }
    if (table->scheme_count == sizeof table->schemes / sizeof table->schemes[0])
        return OK;
    table->schemes[table->scheme_count++] = sheet->scheme_id;
    TRY(scheme_of_sheet(&table->rq->cx, sheet, &scheme));
    TRY(scheme_indicators(&table->rq->cx, &scheme, &indicators, &count));
    for (size_t i = 0; i < count; i++) {
        const size_t at = head_of(table, indicators[i].code);
        if (at < table->head_count || at == 2 * INDICATORS_MOST)
            continue;
        table->codes[at] = indicators[i].code;
        table->heads[at] = doc_new(table->rq->cx.mem);
        doc_text(table->heads[at], "name", indicators[i].name);
        if (table->in_one_month && *sheet->sort_points)
            put_sort(table->rq, table->heads[at], indicators[i].code);
        table->head_count++;
    }
    return OK;
}

static enum result put_cells(const struct table *table, const struct sheet *sheet, struct doc *row)
{
    struct arena *mem = table->rq->cx.mem;
    struct doc **cells = ARENA_ARRAY(mem, struct doc *, table->head_count + 1);
    struct sheet_line *lines;
    size_t count;
    char text[POINTS_MAX_TEXT];
    TRY(sheet_lines(&table->rq->cx, sheet, &lines, &count));
    for (size_t i = 0; i < table->head_count; i++)
        cells[i] = doc_new(mem);
    for (size_t i = 0; i < count; i++) {
        const size_t at = head_of(table, lines[i].indicator);
        const struct points points = {lines[i].points.hundredths + lines[i].extra.hundredths};
        const bool counts = lines[i].max.hundredths || lines[i].extra.hundredths;
        if (lines[i].kind != LINE_INDICATOR || !counts || at == table->head_count)
            continue;
        points_format(points, text);
        doc_text(cells[at], "points", arena_dup(mem, text));
    }
    doc_docs(row, "cells", cells, table->head_count);
    return OK;
}

static enum result sheets_list(struct request *rq, const struct list *list)
{
    struct table table = {.rq = rq, .in_one_month = *query_text(rq, "month_id")};
    const struct sheet *sheets = list->rows;
    struct doc **rows = ARENA_ARRAY(rq->cx.mem, struct doc *, list->count + 1);
    if (rq->face != FACE_PAGE)
        return OK;
    for (size_t i = 0; i < list->count; i++)
        TRY(put_heads(&table, &sheets[i]));
    for (size_t i = 0; i < list->count; i++) {
        rows[i] = doc_new(rq->cx.mem);
        doc_root(rows[i], SHEETS.fields, &sheets[i]);
        TRY(put_cells(&table, &sheets[i], rows[i]));
    }
    struct doc **heads = ARENA_ARRAY(rq->cx.mem, struct doc *, table.head_count + 1);
    memcpy(heads, table.heads, table.head_count * sizeof *heads);
    rq->doc->page_only = true;
    doc_docs(rq->doc, "heads", heads, table.head_count);
    doc_docs(rq->doc, "rows", rows, list->count);
    rq->doc->page_only = false;
    return OK;
}

static const struct record_rows SHEET_ROWS[] = {
    {"lines", .fields = SHEET_LINE_SHOWN},
    {"later", .fields = LATER_FIELDS, .size = sizeof(struct later_records)},
    RECORD_ROWS_END,
};

static const struct record_face SHEET_FACE = {
    .resource = &SHEETS, .show = sheet_show, .rows = SHEET_ROWS, .list = sheets_list};

/* ---- what the person does about it ---- */

static enum result acknowledge_post(struct request *rq)
{
    struct sheet *sheet = ARENA_NEW(rq->cx.mem, struct sheet);
    TRY(record_for_action(rq, &SHEETS, sheet));
    return record_acted(rq, &SHEET_FACE, sheet, sheet_acknowledge(&rq->cx, sheet),
                        "flash.sheet.acknowledged");
}

struct appeal_input {
    const char *line, *words;
};
static const struct field APPEAL_INPUT[] = {
    FIELD(appeal_input, line, .in = MAY, .max = 40),
    FIELD(appeal_input, words, .in = MUST, .max = 1000, .use = LONG_TEXT),
    FIELDS_END,
};

static enum result appeal_post(struct request *rq)
{
    struct sheet *sheet = ARENA_NEW(rq->cx.mem, struct sheet);
    struct appeal_input input = {"", ""};
    int64_t id = 0;
    TRY(record_for_action(rq, &SHEETS, sheet));
    enum result result = body_read(rq, APPEAL_INPUT, &input, true, NULL);
    if (result == OK)
        result = appeal_make(&rq->cx, sheet, input.line, input.words, &id);
    return record_acted(rq, &SHEET_FACE, sheet, result, "flash.sheet.appealed");
}

/* ---- appeals ---- */

/* What people call the line that is appealed against. */
static enum result put_line_name(struct request *rq, const struct appeal *appeal)
{
    struct sheet sheet;
    struct scheme scheme;
    struct indicator *indicators;
    size_t count;
    TRY(record_get(&rq->cx, &SHEETS, appeal->sheet_id, &sheet));
    TRY(scheme_of_sheet(&rq->cx, &sheet, &scheme));
    TRY(scheme_indicators(&rq->cx, &scheme, &indicators, &count));
    const bool is_penalty = strncmp(appeal->line, "penalty.", 8) == 0;
    const struct line_showing showing = {
        .rq = rq, .indicators = indicators, .indicator_count = count};
    doc_text(rq->doc, "line_name",
             *appeal->line ? sheet_line_name(&showing, is_penalty ? LINE_PENALTY : LINE_ADJUSTMENT,
                                             appeal->line)
                           : word(rq, "appeals.line.all"));
    return OK;
}

static enum result put_most(struct request *rq, const struct appeal *appeal)
{
    struct points most;
    char text[POINTS_MAX_TEXT];
    if (appeal->state != APPEAL_OPEN || !actor_may(rq->cx.actor, "appeals.decide"))
        return OK;
    TRY(appeal_most(&rq->cx, appeal, &most));
    points_format(most, text);
    doc_text(rq->doc, "points_most", arena_dup(rq->cx.mem, text));
    return OK;
}

static enum result appeal_show(struct request *rq, void *record)
{
    const struct appeal *appeal = record;
    TRY(put_most(rq, appeal));
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    TRY(put_line_name(rq, appeal));
    doc_flag(rq->doc, "may_decide",
             appeal->state == APPEAL_OPEN && appeal->person_id != rq->cx.actor->person_id &&
                 actor_may(rq->cx.actor, "appeals.decide"));
    doc_flag(rq->doc, "is_penalty", strncmp(appeal->line, "penalty.", 8) == 0);
    doc_link(rq, rq->doc, "sheet_href",
             arena_printf(rq->cx.mem, "/sheets/%lld", (long long)appeal->sheet_id));
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face APPEAL_FACE = {.resource = &APPEALS, .show = appeal_show};

static enum result uphold_post(struct request *rq)
{
    struct appeal *appeal = ARENA_NEW(rq->cx.mem, struct appeal);
    struct verdict verdict = {.reason = ""};
    TRY(record_for_action(rq, &APPEALS, appeal));
    enum result result = body_read(rq, VERDICT_INPUT, &verdict, true, NULL);
    if (result == OK)
        result = appeal_uphold(&rq->cx, appeal, verdict.points, verdict.reason);
    return record_acted(rq, &APPEAL_FACE, appeal, result, "flash.appeal.upheld");
}

static enum result reject_post(struct request *rq)
{
    struct appeal *appeal = ARENA_NEW(rq->cx.mem, struct appeal);
    const char *reason = input_text(rq, "reason");
    TRY(record_for_action(rq, &APPEALS, appeal));
    return record_acted(rq, &APPEAL_FACE, appeal, appeal_reject(&rq->cx, appeal, reason),
                        "flash.appeal.rejected");
}

/* clang-format off */
const struct route SHEET_ROUTES[] = {
    RECORD_LIST("sheets", SHEET_FACE, "sheets"),
    RECORD_SHOW("sheets", SHEET_FACE, "sheet"),
    {POST, "/sheets/{id}/acknowledge", "sheets.answer", acknowledge_post, "sheet", .flags = RECORDED, .nav = "sheets"},
    {POST, "/sheets/{id}/appeal", "sheets.answer", appeal_post, "sheet", .flags = RECORDED, .input = APPEAL_INPUT,
     .nav = "sheets"},
    RECORD_HISTORY("sheets", SHEET_FACE),
    RECORD_EXPORT("sheets", SHEET_FACE),
    RECORD_LIST("appeals", APPEAL_FACE, "list"),
    RECORD_EXPORT("appeals", APPEAL_FACE),
    RECORD_SHOW("appeals", APPEAL_FACE, "appeal"),
    {POST, "/appeals/{id}/uphold", "appeals.decide", uphold_post, "appeal", .flags = RECORDED, .input = VERDICT_INPUT,
     .nav = "appeals"},
    {POST, "/appeals/{id}/reject", "appeals.decide", reject_post, "appeal", .flags = RECORDED, .input = REASON_INPUT,
     .nav = "appeals"},
    RECORD_HISTORY("appeals", APPEAL_FACE),
    ROUTES_END,
};
/* clang-format on */
