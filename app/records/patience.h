/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Nobody who is not known tries things by the thousand: a limit by address, of which a keyed hash
 * is kept in memory alone, so that nothing says afterwards who came by. */
#ifndef RECORDS_PATIENCE_H
#define RECORDS_PATIENCE_H

#include "base/ctx.h"

#include <pthread.h>

#define PATIENCE_SLOTS 8192
struct patience {
    int64_t span_ms; /* a day is one of Shanghai */
    int32_t most;    /* within a span */
    pthread_mutex_t lock;
    int64_t span;
    int32_t asked[2][PATIENCE_SLOTS]; /* by two parts of the hash */
};
#define PATIENCE(span, count)                                                                      \
    {                                                                                              \
        .span_ms = (span), .most = (count), .lock = PTHREAD_MUTEX_INITIALIZER                      \
    }

/* One more by this work's address, about `what` ("" anything). False when there were too many.
 * Two addresses would have to meet in both parts of their hashes for one to be refused for what the
 * other did, and nobody is let through by that. */
bool patience_has(struct patience *patience, const struct ctx *cx, const char *what);

#endif
