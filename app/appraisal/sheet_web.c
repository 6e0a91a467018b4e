/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sheets on the web: the result table, the own sheet, and appeals. */
#include "app/appraisal/month_web.h"
#include "app/appraisal/sheet.h"
#include "app/appraisal/verdict_web.h"

#include "app/records/record_page.h"
#include "app/scores/scheme_web.h"
#include "base/texts.h"

#include <string.h>

/* ---- a line as whoever looks at it may see it ---- */

struct shown_line {
    const char *indicator, *name;
    enum sheet_line_kind kind;
    struct points value;
    enum measure_unit unit;
    int32_t place, places;
    struct points points, extra, max;
    bool nothing;
    bool withheld; /* value and records: of something that whoever looks may not read */
    const char *formula;
    int32_t evidence_count;
    const char *evidence; /* where they are listed; "" nowhere for whoever looks */
    const char *reason;
};
static const char *const LINE_KINDS[] = {"indicator", "penalty", "adjustment", NULL};
static const struct field SHOWN_FIELDS[] = {
    FIELD(shown_line, indicator),
    FIELD(shown_line, name),
    FIELD_ENUM(shown_line, kind, LINE_KINDS),
    FIELD(shown_line, value),
    FIELD_ENUM(shown_line, unit, MEASURE_UNITS),
    FIELD(shown_line, place),
    FIELD(shown_line, places),
    FIELD(shown_line, points),
    FIELD(shown_line, extra),
    FIELD(shown_line, max),
    FIELD(shown_line, nothing),
    FIELD(shown_line, withheld),
    FIELD(shown_line, formula),
    FIELD(shown_line, evidence_count),
    FIELD(shown_line, evidence),
    FIELD(shown_line, reason),
    FIELDS_END,
};

struct showing {
    struct request *rq;
    const struct sheet *sheet;
    const struct indicator *indicators;
    size_t indicator_count;
};

static const struct indicator *indicator_find(const struct showing *showing, const char *code)
{
    for (size_t i = 0; i < showing->indicator_count; i++) {
        if (strcmp(showing->indicators[i].code, code) == 0)
            return &showing->indicators[i];
    }
    return NULL;
}

static const char *records_of(const struct showing *showing, const struct sheet_line *line,
                              const struct indicator *indicator)
{
    struct arena *mem = showing->rq->cx.mem;
    const struct sheet *sheet = showing->sheet;
    const char *record = line->kind == LINE_PENALTY      ? "penalties"
                         : line->kind == LINE_ADJUSTMENT ? "adjustments"
                                                         : "manual_scores";
    if (line->record_id)
        return arena_printf(mem, "/%s/%lld", record, (long long)line->record_id);
    return measure_records(mem, indicator ? measure_find(indicator->measure) : NULL,
                           sheet->contract_id, sheet->subject_id, month_first(sheet->period),
                           month_last(sheet->period));
}

static const char *line_name(const struct showing *showing, const struct sheet_line *line,
                             const struct indicator *indicator)
{
    if (indicator)
        return indicator->name;
    return word(showing->rq, line->kind == LINE_PENALTY ? "sheets.penalty" : "sheets.adjustment");
}

/* Points are what the parties consented to see; what lies behind them is seen by whoever may read
 * it, and by the person whom it is about. */
static struct shown_line shown_line(const struct showing *showing, const struct sheet_line *line)
{
    const struct indicator *indicator = indicator_find(showing, line->indicator);
    const char *records = records_of(showing, line, indicator);
    const bool leads = *records && link_leads(showing->rq, records);
    const bool own = showing->sheet->subject_id == showing->rq->cx.actor->person_id;
    struct shown_line shown = {.indicator = line->indicator,
                               .name = line_name(showing, line, indicator),
                               .kind = line->kind,
                               .unit = line->unit,
                               .points = line->points,
                               .extra = line->extra,
                               .max = line->max,
                               .nothing = line->nothing,
                               .formula = line->formula,
                               .evidence = leads ? records : "",
                               .reason = "",
                               .withheld = *records && !leads && !own};
    if (shown.withheld)
        return shown;
    shown.value = line->value;
    shown.place = line->place;
    shown.places = line->places;
    shown.evidence_count = line->evidence_count;
    shown.reason = line->reason;
    return shown;
}

/* ---- the page ---- */

static const char *plain_points(struct request *rq, struct points points)
{
    char text[POINTS_MAX_TEXT];
    const int len = points_format(points, text);
    if (points.hundredths % 100 == 0)
        text[len - 3] = '\0';
    return arena_dup(rq->cx.mem, text);
}

static struct doc *line_doc(const struct showing *showing, const struct shown_line *line)
{
    struct request *rq = showing->rq;
    struct doc *doc = doc_new(rq->cx.mem);
    const struct indicator *indicator = indicator_find(showing, line->indicator);
    const struct measure *measure = indicator ? measure_find(indicator->measure) : NULL;
    doc_text(doc, "indicator", line->indicator);
    doc_text(doc, "name", line->name);
    doc_text(doc, "points", plain_points(rq, line->points));
    doc_text(doc, "extra", line->extra.hundredths ? plain_points(rq, line->extra) : "");
    doc_text(doc, "max", plain_points(rq, line->max));
    doc_int(doc, "now", line->points.hundredths);
    doc_int(doc, "most", line->max.hundredths);
    doc_flag(doc, "bar", line->kind == LINE_INDICATOR && line->max.hundredths > 0);
    doc_flag(doc, "none",
             line->kind == LINE_INDICATOR && !line->max.hundredths && !line->extra.hundredths);
    doc_flag(doc, "given", line->kind != LINE_INDICATOR);
    doc_flag(doc, "less", line->points.hundredths < 0);
    doc_flag(doc, "nothing", line->nothing);
    doc_flag(doc, "withheld", line->withheld);
    doc_text(doc, "value", plain_points(rq, line->value));
    doc_text(doc, "unit",
             word(rq, arena_printf(rq->cx.mem, "sheets.unit.%s",
                                   choice_name(MEASURE_UNITS, line->unit))));
    doc_text(doc, "how", indicator ? indicator_how(rq, indicator) : "");
    doc_text(doc, "policy",
             indicator && line->nothing && indicator->nothing
                 ? word(rq, arena_printf(rq->cx.mem, "schemes.nothing.%s",
                                         choice_name(NOTHING_POLICIES, indicator->nothing)))
                 : "");
    doc_text(doc, "about",
             measure ? word(rq, arena_printf(rq->cx.mem, "measure.%s.about", measure->name)) : "");
    const char *version = strchr(line->formula, '@'); /* "calls.success@1" */
    doc_text(doc, "formula", version ? version + 1 : "");
    doc_text(doc, "evidence", line->evidence);
    doc_int(doc, "evidence_count", line->evidence_count);
    doc_text(doc, "reason", line->reason);
    if (line->place)
        doc_text(doc, "place", arena_printf(rq->cx.mem, "%d / %d", line->place, line->places));
    return doc;
}

/* What the indicators came to, of what could be reached: the ratio to 100 is where a total begins.
 */
static void put_sum(struct request *rq, const struct sheet_line *lines, size_t count)
{
    struct points given = {0}, of = {0};
    for (size_t i = 0; i < count; i++) {
        if (lines[i].kind == LINE_INDICATOR) {
            given.hundredths += lines[i].points.hundredths;
            of.hundredths += lines[i].max.hundredths;
        }
    }
    doc_text(rq->doc, "given", plain_points(rq, given));
    doc_text(rq->doc, "of", plain_points(rq, of));
    doc_flag(rq->doc, "reweighed", of.hundredths != SCORING_BASE * INT64_C(100));
}

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
        doc_text(doc, "effect",
                 word(rq, arena_printf(rq->cx.mem, "schemes.effect.%.*s", (int)(len - who - 1),
                                       at + who + 1)));
        at += len + (at[len] == ' ');
    }
    doc_docs(rq->doc, "option_rows", docs, count);
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
    TRY(sheet_appeal_by(&rq->cx, sheet, &appeal_by));
    TRY(sheet_places(&rq->cx, sheet, &places));
    put_time(rq, appeal_by);
    doc_int(rq->doc, "places", places);
    doc_flag(rq->doc, "own", own);
    doc_flag(rq->doc, "may_answer", own && sheet->state == SHEET_PUBLISHED);
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
    size_t count, indicator_count;
    TRY(sheet_lines(&rq->cx, sheet, &lines, &count));
    TRY(scheme_of_sheet(&rq->cx, sheet, &scheme));
    TRY(scheme_indicators(&rq->cx, &scheme, &indicators, &indicator_count));
    const struct showing showing = {rq, sheet, indicators, indicator_count};
    struct shown_line *shown = ARENA_ARRAY(rq->cx.mem, struct shown_line, count + 1);
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count + 1);
    for (size_t i = 0; i < count; i++) {
        shown[i] = shown_line(&showing, &lines[i]);
        docs[i] = line_doc(&showing, &shown[i]);
    }
    doc_records(rq->doc, "lines", SHOWN_FIELDS, shown, count, sizeof *shown);
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    doc_docs(rq->doc, "rows", docs, count);
    put_sum(rq, lines, count);
    put_options(rq, sheet);
    doc_link(rq, rq->doc, "month_href",
             arena_printf(rq->cx.mem, "/months/%lld", (long long)sheet->month_id));
    doc_link(rq, rq->doc, "scheme_href",
             arena_printf(rq->cx.mem, "/schemes/%lld", (long long)sheet->scheme_id));
    TRY(put_may(rq, sheet));
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face SHEET_FACE = {.resource = &SHEETS, .show = sheet_show};

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

static enum result appeal_show(struct request *rq, void *record)
{
    const struct appeal *appeal = record;
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
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
