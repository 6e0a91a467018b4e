/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A table that a page also draws (pages/chart.html, pages/trend.js): each line is a series over the
 * heads. Every number stands in the table, so that the page says the same to whoever sees no
 * chart. All of it is for the page; the API gives the records that the numbers come from. */
#ifndef RECORDS_CHART_H
#define RECORDS_CHART_H

#include "app/records/record_page.h"

struct chart_line {
    const char *name;
    const char **cells; /* one for each head: "87.50"; "" there is none */
    const char **links; /* likewise, where a cell leads; NULL: nowhere */
    bool undrawn;       /* in the table alone: its scale is another one */
};
struct chart {
    const char *name;                  /* of the document's member, and on the page */
    const char *title;                 /* words */
    const char *lines_are, *heads_are; /* words: of what there is a line, and a head */
    bool columns;                      /* each head a column of all lines; else each line a line */
    const char *const *heads;
    size_t head_count;
    const struct chart_line *lines;
    size_t line_count;
};
/* Nothing when there are no lines. */
void doc_chart(struct request *rq, const struct chart *chart);

#endif
