/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between the files of this slice. */
#ifndef SUPERVISION_PRIVATE_H
#define SUPERVISION_PRIVATE_H

#include "app/supervision/supervision_report.h"

#define REPORT_SOON_DAYS 60

/* Midnight, where the company is. */
struct instant day_begin(struct date date);

/* Of a division: the sum of its projects' reports. */
MUST_USE enum result figures_sum(struct ctx *cx, const struct unit *unit, struct month month,
                                 struct report_figure **out, size_t *out_count);
/* What the records say of the month now. */
MUST_USE enum result figures_measure(struct ctx *cx, int64_t unit_id, struct month month,
                                     struct report_figure **out, size_t *out_count);

#endif
