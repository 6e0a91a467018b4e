/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef STANDARD_WEB_H
#define STANDARD_WEB_H

#include "app/records/record_web.h"
#include "app/standards/standard.h"

extern const struct route DIVISION_RULE_ROUTES[], STANDARD_ROUTES[], STANDARD_ITEM_ROUTES[];

/* GET /standards/{id}/print.pdf, GET /division_rules/{id}/print.pdf */
enum result standard_print_get(struct request *rq);
enum result division_rule_print_get(struct request *rq);

/* "Cleaning", "by sight", …: the label of an item's choice. */
const char *item_words(struct request *rq, const struct standard_item *item, const char *field);
/* 37.5, or 40 where there are no hundredths. */
const char *points_words(struct request *rq, struct points points);

#endif
