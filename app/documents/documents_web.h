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

/* "31.230420, 121.473700", of millionths of a degree. */
const char *position_words(struct request *rq, int32_t latitude, int32_t longitude);

/* The photos that come with a form. For its route's .prepare: they become rq->prepared, a struct
 * photo_bag. Results as of photos_take. */
#define PHOTOS_MOST 12
struct photo_bag {
    struct upload photos[PHOTOS_MOST];
    size_t count;
};
MUST_USE enum result photos_prepare(struct request *rq);
/* Keep them all, and long, at one record. */
MUST_USE enum result photos_keep(struct request *rq, const struct resource *subject, int64_t id);

/* The photos that a form sent, staged: the slow step. Results as of photo_stage; INVALID when there
 * are more than `most`. */
MUST_USE enum result photos_take(struct request *rq, struct upload *out, size_t most,
                                 size_t *out_count);

#endif
