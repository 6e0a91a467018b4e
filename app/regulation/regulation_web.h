/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef REGULATION_WEB_H
#define REGULATION_WEB_H

#include "web/request.h"

extern const struct route REGULATION_ROUTES[];

/* All routes of the program, to name what carries out a clause; once at start. */
void regulation_use(const struct route *const *tables);

/* What the product has for a clause, by the tables that name it: rights with the page where they
 * are used, kinds of records, fields. */
void doc_controls(struct request *rq, const char *clause);

#endif
