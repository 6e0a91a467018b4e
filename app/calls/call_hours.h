/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* By whom and whom an hour called. While calls of an hour still come, nothing but the calls
 * themselves is written, and who looks for some reads them all; once it is over and quiet a worker
 * sorts it. What comes later makes it unsorted again in the same transaction, so that what is
 * sorted is always all of it. */
#ifndef CALL_HOURS_H
#define CALL_HOURS_H

#include "app/calls/call_private.h"

#define HOUR_IDS (INT64_C(3600000) << CALL_SLOT_BITS) /* ids of calls that begin in one hour */

struct call_hour {
    int64_t id; /* since 2020, of UTC */
    struct instant touched;
    bool sorted;
};

/* Those between these calls in which any began, newest first; in the month at hand. */
MUST_USE enum result hours_between(struct ctx *cx, int64_t from, int64_t to, struct call_hour **out,
                                   size_t *out_count);

enum hour_key { BY_AGENT_ID, BY_CALLEE_KEY };
/* Calls of a sorted hour that may have one of these keys, between two ids (inclusive), newest
 * first. Few of them may have another key: of keys only some bits are kept. */
MUST_USE enum result hour_find(struct ctx *cx, int64_t hour, enum hour_key kind,
                               const int64_t *keys, size_t key_count, int64_t from, int64_t to,
                               int64_t **out_ids, size_t *out_count);

/* In the writer's transaction of its month. */
MUST_USE enum result hour_sort(struct ctx *cx, int64_t hour);

#endif
