/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* GET /evaluation_ranking: providers of a service beside each other, and each over the last
 * periods. The charts draw what the tables say. */
#include "app/evaluation/evaluation_web.h"
#include "app/records/record_page.h"

#include <string.h>

#define TREND_PERIODS 12

struct ranking_asked {
    enum service service; /* 0: all */
    const char *period;   /* "2026-10", "2026-Q3", "2026"; "": the last month with results */
};
static const struct field RANKING_QUERY[] = {
    FIELD_ENUM(ranking_asked, service, SERVICES, .in = MAY),
    FIELD(ranking_asked, period, .in = MAY, .max = 7),
    FIELDS_END,
};

struct asked {
    enum service service;
    struct period period, first;
    const char *text, *first_text;
};

/* ?service=cleaning&period=2026-10; else the last month with results, over all services. */
static enum result read_asked(struct request *rq, struct asked *out)
{
    const struct month now = month_of(instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN));
    struct ranking_asked asked = {.period = ""};
    TRY(query_read(rq, RANKING_QUERY, &asked));
    const char *period = asked.period;
    if (!*period)
        TRY(evaluation_month_last(&rq->cx, &period));
    out->service = asked.service;
    out->period = (struct period){{now.months - 1}, 1};
    if (*period && !period_parse(period, &out->period))
        reject(&rq->cx, "period", "not_a_period");
    out->first = period_add(out->period, 1 - TREND_PERIODS);
    out->text = period_text(rq->cx.mem, out->period);
    out->first_text = period_text(rq->cx.mem, out->first);
    return rejected(&rq->cx);
}

static void put_services(struct request *rq, enum service chosen)
{
    struct doc **options = ARENA_ARRAY(rq->cx.mem, struct doc *, SERVICE_OTHER + 1);
    options[0] = option_doc(rq, "", word(rq, "evaluation_ranking.all"), !chosen);
    for (unsigned i = 0; SERVICES[i]; i++)
        options[i + 1] =
            option_doc(rq, SERVICES[i],
                       word(rq, arena_printf(rq->cx.mem, "evaluations.service.%s", SERVICES[i])),
                       chosen == (enum service)(i + 1));
    doc_docs(rq->doc, "services", options, SERVICE_OTHER + 1);
}

static const char *points_text(struct request *rq, struct points points)
{
    char text[POINTS_MAX_TEXT];
    points_format(points, text);
    return arena_dup(rq->cx.mem, text);
}

/* A provider's mean in each period, "" where there is none. */
static struct doc *trend_doc(struct request *rq, const struct asked *asked,
                             const struct ranking_row *provider, const struct trend_row *trend,
                             size_t count)
{
    struct doc *doc = doc_new(rq->cx.mem);
    struct doc **cells = ARENA_ARRAY(rq->cx.mem, struct doc *, TREND_PERIODS);
    doc_text(doc, "provider", provider->provider_name);
    for (int32_t n = 0; n < TREND_PERIODS; n++) {
        const char *text = period_text(rq->cx.mem, period_add(asked->first, n));
        const char *mean = "";
        for (size_t i = 0; i < count; i++) {
            if (trend[i].provider_id == provider->provider_id && strcmp(trend[i].period, text) == 0)
                mean = points_text(rq, trend[i].mean);
        }
        cells[n] = doc_new(rq->cx.mem);
        doc_text(cells[n], "mean", mean);
    }
    doc_docs(doc, "cells", cells, TREND_PERIODS);
    return doc;
}

static void put_page(struct request *rq, const struct asked *asked, const struct ranking_row *rows,
                     size_t count, const struct trend_row *trend, size_t trend_count)
{
    struct doc **lines = ARENA_ARRAY(rq->cx.mem, struct doc *, count + 1);
    struct doc **periods = ARENA_ARRAY(rq->cx.mem, struct doc *, TREND_PERIODS);
    for (size_t i = 0; i < count; i++)
        lines[i] = trend_doc(rq, asked, &rows[i], trend, trend_count);
    for (int32_t n = 0; n < TREND_PERIODS; n++) {
        periods[n] = doc_new(rq->cx.mem);
        doc_text(periods[n], "period", period_text(rq->cx.mem, period_add(asked->first, n)));
    }
    doc_docs(rq->doc, "lines", lines, count);
    doc_docs(rq->doc, "periods", periods, TREND_PERIODS);
    doc_flag(rq->doc, "any", count > 0);
    put_services(rq, asked->service);
}

static enum result ranking_get(struct request *rq)
{
    struct asked asked;
    struct ranking_row *rows;
    struct trend_row *trend;
    size_t count, trend_count;
    TRY(read_asked(rq, &asked));
    TRY(evaluation_ranking(&rq->cx, asked.service, asked.text, &rows, &count));
    TRY(evaluation_trend(&rq->cx, asked.service, asked.first_text, asked.text, &trend,
                         &trend_count));
    doc_text(rq->doc, "period", asked.text);
    doc_text(rq->doc, "service", choice_name(SERVICES, asked.service));
    doc_records(rq->doc, "items", RANKING_FIELDS, rows, count, sizeof *rows);
    doc_records(rq->doc, "trend", TREND_FIELDS, trend, trend_count, sizeof *trend);
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    put_page(rq, &asked, rows, count, trend, trend_count);
    rq->doc->page_only = false;
    return OK;
}

const struct route RANKING_ROUTES[] = {
    {GET, "/evaluation_ranking", "evaluations.rank", ranking_get, "evaluation_ranking",
     .query = RANKING_QUERY, .nav = "evaluation_ranking"},
    ROUTES_END,
};
