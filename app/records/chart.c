/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/records/chart.h"

static struct doc *line_doc(struct request *rq, const struct chart *chart,
                            const struct chart_line *line)
{
    struct doc *doc = doc_new(rq->cx.mem);
    struct doc **cells = ARENA_ARRAY(rq->cx.mem, struct doc *, chart->head_count + 1);
    for (size_t i = 0; i < chart->head_count; i++) {
        cells[i] = doc_new(rq->cx.mem);
        doc_text(cells[i], "value", line->cells[i]);
        if (line->links)
            doc_link(rq, cells[i], "href", line->links[i]);
    }
    doc_text(doc, "name", line->name);
    doc_flag(doc, "undrawn", line->undrawn);
    doc_docs(doc, "cells", cells, chart->head_count);
    return doc;
}

void doc_chart(struct request *rq, const struct chart *chart)
{
    struct doc *doc = doc_new(rq->cx.mem);
    struct doc **lines = ARENA_ARRAY(rq->cx.mem, struct doc *, chart->line_count + 1);
    if (!chart->line_count)
        return;
    for (size_t i = 0; i < chart->line_count; i++)
        lines[i] = line_doc(rq, chart, &chart->lines[i]);
    doc_text(doc, "chart", chart->name);
    doc_text(doc, "chart_title", chart->title);
    doc_text(doc, "lines_are", chart->lines_are);
    doc_text(doc, "heads_are", chart->heads_are);
    doc_flag(doc, "columns", chart->columns);
    doc_texts(doc, "heads", chart->heads, chart->head_count);
    doc_docs(doc, "lines", lines, chart->line_count);
    doc_doc(rq->doc, chart->name, doc);
}
