/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SETTLEMENT_WEB_H
#define SETTLEMENT_WEB_H

#include "app/settlement/settlement.h"
#include "web/route.h"

struct request;

extern const struct route SETTLEMENT_ROUTES[], DEDUCTION_ROUTES[];

/* The statement as a sheet of paper, and as a workbook. (settlement_print_web.c) */
enum result settlement_print_get(struct request *rq);
enum result settlement_workbook_get(struct request *rq);
/* What names a line: the rule, or what it is where it follows from none. */
const char *settlement_line_name(struct request *rq, const struct settlement_line *line);

#endif
