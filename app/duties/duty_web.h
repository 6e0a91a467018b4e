/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef DUTY_WEB_H
#define DUTY_WEB_H

#include "app/duties/duty.h"
#include "web/request.h"

/* A duty as the pages show it (duty_row): its fields, and page_only `words`, `verb`, `when`,
 * `owner`, and `href` of the record that it is about. */
struct doc *duty_doc(struct request *rq, const struct duty *duty);

extern const struct route DUTY_ROUTES[];

#endif
