/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Idempotency keys: a program that does not know whether its POST arrived sends it again under the
 * same key, and gets the first answer again instead of a second record. Kept 24 hours per account.
 * The key is taken before the work and the answer kept after it, in the same transaction. */
#ifndef ACCESS_IDEMPOTENCY_H
#define ACCESS_IDEMPOTENCY_H

#include "base/ctx.h"

#define IDEMPOTENCY_KEY_MOST 100

struct kept_answer {
    const char *request;
    int32_t status;
    const char *location, *body;
};

/* Take a key for a request (its SHA-256). *out_known: it was taken before, by the same request, and
 * *out is the answer. Results: INVALID request.key_malformed; CONFLICT request.key_reused. */
MUST_USE enum result key_take(struct ctx *cx, const char *key, const char *request, bool *out_known,
                              struct kept_answer *out);
MUST_USE enum result key_keep(struct ctx *cx, const char *key, const struct kept_answer *answer);
/* The work was refused, or its answer cannot be kept: the key is free again. */
MUST_USE enum result key_drop(struct ctx *cx, const char *key);

#endif
