/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef AREA_WEB_H
#define AREA_WEB_H

#include "app/areas/area.h"
#include "web/route.h"

/* Puts `outdated.since`, if the areas changed since that publication, and `publish_href` for
 * whoever publishes them anew. */
MUST_USE enum result doc_outdated(struct request *rq, const struct area_publication *publication);

extern const struct route AREA_ROUTES[], AREA_PUBLICATION_ROUTES[];

#endif
