/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What call systems' lines have alike, be they about calls or about agents' states. */
#ifndef REPORTED_H
#define REPORTED_H

#include "app/calls/call.h"

#define REPORTED_UID_MOST 200 /* bytes, and of a recording's name */
#define REPORTED_NAME_MOST 60 /* of every other name */

/* The first character that is no blank, or '\0'; a byte order mark is left behind. */
char reported_first(const char **bytes, size_t *len);

typedef enum result (*reported_line)(void *host, const char *line, size_t len);
/* Each line that is not empty; `row` counts them all. */
MUST_USE enum result reported_lines(const char *bytes, size_t len, int64_t *row, reported_line read,
                                    void *host);

/* "37.5" in parts of a second; false when it is none. */
bool reported_seconds(const char *text, int64_t parts, int64_t *out);

/* What is missing, too long or no text (the store takes nothing else), NULL nothing. `names`: the
 * others, behind them NULL. */
const char *reported_fault(const char *uid, const char *source, const char *const *names);
/* Since the first call that there can be, and until tomorrow: clocks differ. */
bool reported_in_time(struct instant at, struct instant now);

#endif
