/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef MONTH_COMPARE_WEB_H
#define MONTH_COMPARE_WEB_H

#include "app/appraisal/sheet.h"
#include "web/request.h"

/* Are the month's results for whoever asks: published, or computed by the own side? */
bool sees_results(const struct request *rq, const struct appraisal_month *month);
/* `spread` of a month, and the chart of it. */
enum result doc_spread(struct request *rq, const struct appraisal_month *month);
/* `trend` of a person up to this sheet, and from two months on the chart of it. */
enum result doc_sheet_trend(struct request *rq, const struct sheet *sheet);

#endif
