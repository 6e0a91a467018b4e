/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SUPERVISION_WEB_H
#define SUPERVISION_WEB_H

#include "app/records/record_web.h"
#include "app/supervision/supervision_report.h"

/* GET /supervision_reports/{id}/print.pdf */
enum result report_print_get(struct request *rq);
/* How a figure reads: "3", "3 · 平均 2 小时 5 分". */
const char *report_figure_words(struct request *rq, const struct report_figure *figure);
/* Words of a section and of its figure: "supervision_reports.<section>" and ".<section>.<name>". */
const char *report_section_label(struct request *rq, const struct report_figure *figure);
const char *report_figure_label(struct request *rq, const struct report_figure *figure);

extern const struct route SUPERVISION_ROUTES[];

#endif
