/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Where records lie on the disk of a call system, and how far they were carried. */
#ifndef SHIP_SOURCE_H
#define SHIP_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#define BATCH_MOST ((size_t)1 << 20)

struct batch {
    const char *path;
    const char *bytes;
    size_t len; /* whole lines, or one whole file */
};
/* True once it is delivered; false ends the round. */
typedef bool (*batch_taker)(void *host, const struct batch *batch);

/* Every file that fits the pattern, from where it was left; the place moves on behind every batch.
 * A last line without its end waits for it, unless the file was rotated away. False, and said on
 * stderr, when it cannot be remembered. */
bool files_follow(const char *pattern, const char *state, batch_taker take, void *host);

/* Every file of the folder that nobody has written to for SPOOL_QUIET_S seconds, the oldest first;
 * taken away when it is delivered. */
#define SPOOL_QUIET_S 5
bool spool_empty(const char *folder, batch_taker take, void *host);

#endif
