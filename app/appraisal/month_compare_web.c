/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Results beside each other on pages: a month's spread, a person's months, two months. */
#include "app/appraisal/month_compare_web.h"

#include "app/appraisal/month_web.h"
#include "app/records/chart.h"

#include <string.h>

/* ---- how totals are spread ---- */

#define BANDS 11 /* 0 up to 100 in tens, and from 100 on */

/* "Agents", and where units are told apart "Agents · Group A". */
static const char *team_words(struct request *rq, const struct spread_row *row)
{
    const char *subject = word(
        rq, arena_printf(rq->cx.mem, "schemes.subject.%s", choice_name(APPRAISED, row->subject)));
    return *row->team ? arena_printf(rq->cx.mem, "%s · %s", subject, row->team) : subject;
}

static const char *const *band_heads(struct request *rq)
{
    const char **heads = ARENA_ARRAY(rq->cx.mem, const char *, BANDS);
    for (int i = 0; i < BANDS - 1; i++)
        heads[i] = arena_printf(rq->cx.mem, "%d–%d", 10 * i, 10 * i + 10);
    heads[BANDS - 1] = "≥ 100";
    return heads;
}

static const char **zeros(struct request *rq)
{
    const char **cells = ARENA_ARRAY(rq->cx.mem, const char *, BANDS);
    for (int i = 0; i < BANDS; i++)
        cells[i] = "0";
    return cells;
}

static void put_spread_chart(struct request *rq, const struct spread_row *rows, size_t count)
{
    struct chart_line *lines = ARENA_ARRAY(rq->cx.mem, struct chart_line, count + 1);
    size_t line_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (!i || rows[i].subject != rows[i - 1].subject ||
            strcmp(rows[i].team, rows[i - 1].team) != 0)
            lines[line_count++] =
                (struct chart_line){.name = team_words(rq, &rows[i]), .cells = zeros(rq)};
        lines[line_count - 1].cells[rows[i].from / 10] =
            arena_printf(rq->cx.mem, "%d", rows[i].people);
    }
    doc_chart(rq, &(struct chart){.name = "spread_chart",
                                  .title = word(rq, "months.spread"),
                                  .lines_are = word(rq, "months.spread.team"),
                                  .heads_are = word(rq, "months.spread.note"),
                                  .columns = true,
                                  .heads = band_heads(rq),
                                  .head_count = BANDS,
                                  .lines = lines,
                                  .line_count = line_count});
}

bool sees_results(const struct request *rq, const struct appraisal_month *month)
{
    return actor_may(rq->cx.actor, "sheets.read") &&
           (month->state >= MONTH_PUBLISHED ||
            (month->state == MONTH_COMPUTED && rq->cx.actor->side == SIDE_PROVIDER));
}

enum result doc_spread(struct request *rq, const struct appraisal_month *month)
{
    struct spread_row *rows;
    size_t count;
    if (!sees_results(rq, month))
        return OK;
    /* How the provider groups its people is its own. */
    TRY(month_spread(&rq->cx, month, rq->cx.actor->side == SIDE_PROVIDER, &rows, &count));
    doc_records(rq->doc, "spread", SPREAD_FIELDS, rows, count, sizeof *rows);
    rq->doc->page_only = true;
    if (rq->face == FACE_PAGE)
        put_spread_chart(rq, rows, count);
    rq->doc->page_only = false;
    return OK;
}

/* ---- a person's months ---- */

static const char *points_words(struct request *rq, struct points points)
{
    char text[POINTS_MAX_TEXT];
    points_format(points, text);
    return arena_dup(rq->cx.mem, text);
}

#define LINES_MOST (2 + 4 * INDICATORS_MOST)

/* Line by line: the total, each indicator by its name, and the place, which is no number of points.
 */
struct trend {
    struct request *rq;
    struct chart_line lines[LINES_MOST];
    size_t count, months;
};

static struct chart_line *trend_line(struct trend *trend, const char *name)
{
    struct arena *mem = trend->rq->cx.mem;
    for (size_t i = 0; i < trend->count; i++) {
        if (strcmp(trend->lines[i].name, name) == 0)
            return &trend->lines[i];
    }
    if (trend->count == LINES_MOST)
        return NULL;
    struct chart_line *line = &trend->lines[trend->count++];
    *line =
        (struct chart_line){.name = name, .cells = ARENA_ARRAY(mem, const char *, trend->months)};
    for (size_t i = 0; i < trend->months; i++)
        line->cells[i] = "";
    return line;
}

static void put_cell(struct trend *trend, const char *name, size_t at, const char *text)
{
    struct chart_line *line = trend_line(trend, name);
    if (line)
        line->cells[at] = text;
}

static enum result put_month(struct trend *trend, const struct sheet *sheet, size_t at,
                             struct doc *doc)
{
    struct request *rq = trend->rq;
    struct scheme scheme;
    struct indicator *indicators;
    struct sheet_line *lines;
    size_t count, indicator_count;
    char month[MONTH_MAX_TEXT];
    TRY(sheet_lines(&rq->cx, sheet, &lines, &count));
    TRY(scheme_of_sheet(&rq->cx, sheet, &scheme));
    TRY(scheme_indicators(&rq->cx, &scheme, &indicators, &indicator_count));
    month_format(sheet->period, month);
    doc_int(doc, "sheet_id", sheet->id);
    doc_text(doc, "month", arena_dup(rq->cx.mem, month));
    doc_text(doc, "total", sheet->appraised ? points_words(rq, sheet->total) : NULL);
    doc_int(doc, "rank", sheet->rank);
    if (sheet->appraised)
        put_cell(trend, word(rq, "sheets.total"), at, points_words(rq, sheet->total));
    for (size_t i = 0; i < count && i < indicator_count; i++) /* in the order of the indicators */
        put_cell(trend, indicators[i].name, at,
                 lines[i].max.hundredths || lines[i].extra.hundredths
                     ? points_words(rq, (struct points){lines[i].points.hundredths +
                                                        lines[i].extra.hundredths})
                     : "");
    return OK;
}

static void put_places(struct trend *trend, const struct sheet *sheets)
{
    const char *name = word(trend->rq, "sheets.rank");
    for (size_t i = 0; i < trend->months; i++) {
        if (sheets[i].rank)
            put_cell(trend, name, i, arena_printf(trend->rq->cx.mem, "%d", sheets[i].rank));
    }
    struct chart_line *line = trend_line(trend, name);
    if (line)
        line->undrawn = true;
}

/* Each month's head, and the way to its sheet below its total. */
static const char *const *trend_heads(struct trend *trend, const struct sheet *sheets)
{
    struct arena *mem = trend->rq->cx.mem;
    const char **heads = ARENA_ARRAY(mem, const char *, trend->months);
    struct chart_line *total = trend_line(trend, word(trend->rq, "sheets.total"));
    const char **links = ARENA_ARRAY(mem, const char *, trend->months);
    for (size_t i = 0; i < trend->months; i++) {
        char month[MONTH_MAX_TEXT];
        month_format(sheets[i].period, month);
        heads[i] = arena_dup(mem, month);
        links[i] = arena_printf(mem, "/sheets/%lld", (long long)sheets[i].id);
    }
    total->links = links;
    return heads;
}

enum result doc_sheet_trend(struct request *rq, const struct sheet *sheet)
{
    struct sheet *sheets;
    size_t count;
    TRY(sheets_until(&rq->cx, sheet, &sheets, &count));
    struct trend *trend = ARENA_NEW(rq->cx.mem, struct trend);
    struct doc **months = ARENA_ARRAY(rq->cx.mem, struct doc *, count + 1);
    *trend = (struct trend){.rq = rq, .months = count};
    trend_line(trend, word(rq, "sheets.total"));
    for (size_t i = 0; i < count; i++) {
        months[i] = doc_new(rq->cx.mem);
        TRY(put_month(trend, &sheets[i], i, months[i]));
    }
    doc_docs(rq->doc, "trend", months, count);
    if (rq->face != FACE_PAGE || count < 2)
        return OK;
    put_places(trend, sheets);
    rq->doc->page_only = true;
    doc_chart(rq, &(struct chart){.name = "trend_chart",
                                  .title = word(rq, "sheets.trend"),
                                  .lines_are = word(rq, "sheets.trend.of"),
                                  .heads_are = word(rq, "sheets.trend.note"),
                                  .heads = trend_heads(trend, sheets),
                                  .head_count = count,
                                  .lines = trend->lines,
                                  .line_count = trend->count});
    rq->doc->page_only = false;
    return OK;
}

/* ---- two months ---- */

#define SHOWN_MOST 1000
#define SHOWN_USUAL 200

struct asked {
    struct appraisal_month *month, *before;
    enum scheme_subject subject;
    int64_t limit;
    bool found; /* there is a month to compare with */
};

/* ?with=2026-09: the one before when none is asked for; ?subject=manager; ?limit=. */
static enum result read_asked(struct request *rq, struct asked *out)
{
    const char *with = query_text(rq, "with"), *subject = query_text(rq, "subject");
    const char *limit = query_text(rq, "limit");
    struct month month;
    out->month = ARENA_NEW(rq->cx.mem, struct appraisal_month);
    out->before = ARENA_NEW(rq->cx.mem, struct appraisal_month);
    TRY(record_of_path(rq, &MONTHS, out->month));
    month.months = out->month->month.months - 1;
    if (*with && !month_parse(with, &month))
        reject(&rq->cx, "with", "malformed");
    out->subject = *subject ? choice_find(APPRAISED, subject, strlen(subject)) : SCHEME_AGENT;
    if (!out->subject)
        reject(&rq->cx, "subject", "unknown");
    out->limit = SHOWN_USUAL;
    if (*limit && (!int_parse(limit, &out->limit) || out->limit < 1 || out->limit > SHOWN_MOST))
        reject(&rq->cx, "limit", "malformed");
    TRY(rejected(&rq->cx));
    const enum result found =
        month_of_contract(&rq->cx, out->month->contract_id, month, out->before);
    if (found != OK && found != NOT_FOUND)
        return found;
    out->found = found == OK && sees_results(rq, out->month) && sees_results(rq, out->before);
    out->before->month = month;
    return OK;
}

static enum result put_rows(struct request *rq, const struct asked *asked,
                            const struct month_comparison *comparison)
{
    const size_t shown = (size_t)comparison->people < (size_t)asked->limit
                             ? (size_t)comparison->people
                             : (size_t)asked->limit;
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, shown + 1);
    struct compared_line *lines, *heads = NULL;
    size_t count, head_count = 0;
    for (size_t i = 0; i < shown; i++) {
        docs[i] = doc_new(rq->cx.mem);
        doc_root(docs[i], COMPARED_FIELDS, &comparison->rows[i]);
        TRY(compared_lines(&rq->cx, &comparison->rows[i], &lines, &count));
        doc_records(docs[i], "lines", COMPARED_LINE_FIELDS, lines, count, sizeof *lines);
        if (count)
            heads = lines;
        head_count = count ? count : head_count;
    }
    doc_docs(rq->doc, "items", docs, shown);
    rq->doc->page_only = true;
    if (heads)
        doc_records(rq->doc, "heads", COMPARED_LINE_FIELDS, heads, head_count, sizeof *heads);
    doc_int(rq->doc, "head_count", (int64_t)head_count);
    doc_int(rq->doc, "shown", (int64_t)shown);
    doc_flag(rq->doc, "has_more", shown < (size_t)comparison->people);
    rq->doc->page_only = false;
    return OK;
}

static enum result compare_get(struct request *rq)
{
    struct asked *asked = ARENA_NEW(rq->cx.mem, struct asked);
    struct month_comparison comparison = {0};
    char month[MONTH_MAX_TEXT], with[MONTH_MAX_TEXT];
    TRY(read_asked(rq, asked));
    month_format(asked->month->month, month);
    month_format(asked->before->month, with);
    doc_int(rq->doc, "month_id", asked->month->id);
    doc_text(rq->doc, "month", arena_dup(rq->cx.mem, month));
    doc_text(rq->doc, "with", arena_dup(rq->cx.mem, with));
    doc_text(rq->doc, "subject", choice_name(APPRAISED, asked->subject));
    doc_text(rq->doc, "contract_name", asked->month->contract_name);
    doc_flag(rq->doc, "found", asked->found);
    if (asked->found)
        TRY(months_compare(&rq->cx, asked->month, asked->before, asked->subject, &comparison));
    doc_int(rq->doc, "people", comparison.people);
    doc_int(rq->doc, "up", comparison.up);
    doc_int(rq->doc, "down", comparison.down);
    return put_rows(rq, asked, &comparison);
}

const struct route MONTH_COMPARE_ROUTES[] = {
    {GET, "/months/{id}/compare", "months.read", compare_get, "month_compare", .nav = "months"},
    ROUTES_END,
};
