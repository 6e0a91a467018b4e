/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/records/patience.h"

#include "base/hash.h"

#include <string.h>

bool patience_has(struct patience *patience, const struct ctx *cx, const char *what)
{
    const char *origin = cx->origin ? cx->origin : "";
    const uint64_t key = hash_quick(origin, strlen(origin)) ^ hash_stable(0, what, strlen(what));
    const size_t slot = key % PATIENCE_SLOTS;
    const int64_t span = cx->now.ms / patience->span_ms;
    pthread_mutex_lock(&patience->lock);
    if (patience->span != span) {
        patience->span = span;
        memset(patience->asked, 0, sizeof patience->asked);
    }
    const bool has = patience->asked[slot] < patience->most;
    patience->asked[slot] += has;
    pthread_mutex_unlock(&patience->lock);
    return has;
}
