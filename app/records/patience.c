/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/records/patience.h"

#include "base/hash.h"

#include <string.h>

#define MINUTE_MS INT64_C(60000)

bool patience_has(struct patience *patience, const struct ctx *cx, const char *what)
{
    char key[INDEX_HEX];
    index_hash(cx->keys, "patience",
               arena_printf(cx->mem, "%s %s", cx->origin ? cx->origin : "", what), key);
    const uint64_t hash = hash_quick(key, strlen(key));
    const int64_t span = (cx->now.ms + SHANGHAI_OFFSET_MIN * MINUTE_MS) / patience->span_ms;
    pthread_mutex_lock(&patience->lock);
    if (patience->span != span) {
        patience->span = span;
        memset(patience->asked, 0, sizeof patience->asked);
    }
    int32_t *one = &patience->asked[0][hash % PATIENCE_SLOTS],
            *other = &patience->asked[1][(hash >> 32) % PATIENCE_SLOTS];
    const bool has = *one < patience->most || *other < patience->most;
    *one += has;
    *other += has;
    pthread_mutex_unlock(&patience->lock);
    return has;
}
