/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef NOTICE_WEB_H
#define NOTICE_WEB_H

#include "web/request.h"

extern const struct route NOTICE_ROUTES[], ROBOT_ROUTES[];

/* The bell of every page: the number of the actor's unread notices, as `bell` of the document. */
void put_bell(struct request *rq, struct doc *doc);

#endif
