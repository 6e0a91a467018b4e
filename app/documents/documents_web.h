/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef DOCUMENTS_WEB_H
#define DOCUMENTS_WEB_H

#include "app/documents/documents.h"
#include "web/request.h"

extern const struct route DOCUMENTS_ROUTES[];

/* Put the documents kept at a record into the answer, as `documents`; for the page also what the
 * partial documents_part shows: the list with previews, and the form for another one. Nothing for
 * who may not read documents. */
MUST_USE enum result documents_part(struct request *rq, const struct resource *subject, int64_t id);

/* The photos that a form sent, staged: the slow step. Results as of photo_stage; INVALID when there
 * are more than `most`. */
MUST_USE enum result photos_take(struct request *rq, struct upload *out, size_t most,
                                 size_t *out_count);

#endif
