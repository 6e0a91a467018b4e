/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Frozen lines on the web: each with its formula in words, its points, and the way to its records.
 */
#include "app/scores/sheet_line_web.h"

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
    struct points target; /* that was asked of this person; 0: the scheme's own */
    bool nothing;
    bool withheld; /* value and records: of something that whoever looks may not read */
    const char *formula;
    int32_t evidence_count;
    const char *evidence; /* where they are listed; "" nowhere for whoever looks */
    const char *reason;
};
const struct field SHEET_LINE_SHOWN[] = {
    FIELD(shown_line, indicator),
    FIELD(shown_line, name),
    FIELD_ENUM(shown_line, kind, SHEET_LINE_KINDS),
    FIELD(shown_line, value),
    FIELD_ENUM(shown_line, unit, MEASURE_UNITS),
    FIELD(shown_line, place),
    FIELD(shown_line, places),
    FIELD(shown_line, points),
    FIELD(shown_line, extra),
    FIELD(shown_line, max),
    FIELD(shown_line, target),
    FIELD(shown_line, nothing),
    FIELD(shown_line, withheld),
    FIELD(shown_line, formula),
    FIELD(shown_line, evidence_count),
    FIELD(shown_line, evidence),
    FIELD(shown_line, reason),
    FIELDS_END,
};

static const struct indicator *indicator_find(const struct line_showing *showing, const char *code)
{
    for (size_t i = 0; i < showing->indicator_count; i++) {
        if (strcmp(showing->indicators[i].code, code) == 0)
            return &showing->indicators[i];
    }
    return NULL;
}

static const char *records_of(const struct line_showing *showing, const struct sheet_line *line,
                              const struct indicator *indicator)
{
    struct arena *mem = showing->rq->cx.mem;
    const char *record = showing->given[line->kind];
    if (line->record_id && record)
        return arena_printf(mem, "/%s/%lld", record, (long long)line->record_id);
    return measure_records(mem, indicator ? measure_find(indicator->measure) : NULL,
                           showing->contract_id, showing->subject_id, showing->provider_id,
                           showing->from, showing->to);
}

const char *sheet_line_name(const struct line_showing *showing, enum sheet_line_kind kind,
                            const char *code)
{
    const struct indicator *indicator = indicator_find(showing, code);
    if (indicator)
        return indicator->name;
    return word(showing->rq, kind == LINE_PENALTY ? "sheets.penalty" : "sheets.adjustment");
}

/* Points are what the parties consented to see; what lies behind them is seen by whoever may read
 * it, and by the person whom it is about. */
static struct shown_line shown_line(const struct line_showing *showing,
                                    const struct sheet_line *line)
{
    const struct indicator *indicator = indicator_find(showing, line->indicator);
    const char *records = records_of(showing, line, indicator);
    const bool leads = *records && link_leads(showing->rq, records);
    struct shown_line shown = {.indicator = line->indicator,
                               .name = sheet_line_name(showing, line->kind, line->indicator),
                               .kind = line->kind,
                               .unit = line->unit,
                               .points = line->points,
                               .extra = line->extra,
                               .max = line->max,
                               .nothing = line->nothing,
                               .formula = line->formula,
                               .evidence = leads ? records : "",
                               .reason = "",
                               .withheld = *records && !leads && !showing->own};
    if (indicator) {
        const struct indicator asked =
            indicator_prorated(indicator, showing->days, showing->of_days);
        if (asked.target.hundredths != indicator->target.hundredths)
            shown.target = asked.target;
    }
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

/* What becomes of an indicator of which nothing was measured. */
static const char *policy_words(struct request *rq, const struct indicator *indicator)
{
    if (indicator->needed)
        return word(rq, "schemes.needed");
    return indicator->nothing
               ? word(rq, arena_printf(rq->cx.mem, "schemes.nothing.%s",
                                       choice_name(NOTHING_POLICIES, indicator->nothing)))
               : "";
}

static struct doc *line_doc(const struct line_showing *showing, const struct shown_line *line)
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
    if (indicator && line->target.hundredths)
        doc_text(doc, "asked",
                 texts_fill(rq->cx.mem, "sheets.asked", rq->cx.lang,
                            (const char *const[]){
                                plain_points(rq, indicator->target),
                                arena_printf(rq->cx.mem, "%d/%d", showing->days, showing->of_days),
                                plain_points(rq, line->target), NULL}));
    doc_text(doc, "policy", indicator && line->nothing ? policy_words(rq, indicator) : "");
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

void doc_sheet_lines(const struct line_showing *showing, const struct sheet_line *lines,
                     size_t count)
{
    struct request *rq = showing->rq;
    struct shown_line *shown = ARENA_ARRAY(rq->cx.mem, struct shown_line, count + 1);
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count + 1);
    for (size_t i = 0; i < count; i++) {
        shown[i] = shown_line(showing, &lines[i]);
        docs[i] = line_doc(showing, &shown[i]);
    }
    doc_records(rq->doc, "lines", SHEET_LINE_SHOWN, shown, count, sizeof *shown);
    if (rq->face != FACE_PAGE)
        return;
    const bool was = rq->doc->page_only;
    rq->doc->page_only = true;
    doc_docs(rq->doc, "rows", docs, count);
    put_sum(rq, lines, count);
    rq->doc->page_only = was;
}
