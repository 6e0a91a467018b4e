/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef DESK_WEB_H
#define DESK_WEB_H

#include "web/request.h"

/* Where phones reach the pages ("https://luyue.example.com"), for what hangs on site; "": the name
 * by which the page of the code was asked for. Once at start. */
void issue_links_use(const char *site);
/* Where a code leads, as a phone needs it: the prefix "/r/" and the code's token. */
const char *site_address(struct request *rq, const char *prefix, const char *token);

extern const struct route DESK_ROUTES[], ISSUE_LINK_ROUTES[], REPORT_ROUTES[];

#endif
