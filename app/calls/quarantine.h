/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Records of calls that came from a call system and that nobody could read or take. It cannot mend
 * them, and would send them for ever or never again, so they are acknowledged and kept here as they
 * came: people look, have them read again once the cause is mended, or discard them with a reason.
 */
#ifndef QUARANTINE_H
#define QUARANTINE_H

#include "app/calls/call.h"

enum quarantine_state { QUARANTINE_WAITING = 1, QUARANTINE_TAKEN, QUARANTINE_DISCARDED };

struct quarantined {
    RECORD_MEMBERS;
    int64_t provider_id;
    const char *provider_name, *source;
    enum call_profile profile;
    const char *why;       /* "not_json": its words are "calls.fault.not_json" */
    const char *why_words; /* DERIVED */
    int32_t bytes;
    struct secret record;
    enum quarantine_state state;
    const char *reason;
};
extern const struct resource QUARANTINE;
extern const struct right QUARANTINE_RIGHTS[];

/* Once at start: where they are kept. */
void quarantine_use(struct store *store);

#define QUARANTINE_BYTES 1048576 /* of one record; luyue-ship sends no more at once */
struct quarantine_piece {
    const char *why;
    const char *bytes;
    size_t len;
};
/* Keep bytes that came from `provider_id` (0: the company), a record for each piece; `done` is
 * called once, on another thread, after they are on the disk. Results: TOO_LARGE; BUSY, BROKEN. */
void quarantine_keep(struct ctx *cx, const struct quarantined *about,
                     const struct quarantine_piece *pieces, size_t count,
                     void (*done)(void *host, enum result result), void *host);

/* Read it again, and take what it says as if it came now: for where nothing waits, never within a
 * transaction. Results: CONFLICT quarantine.still_bad, quarantine.wrong_state. */
MUST_USE enum result quarantine_read(struct ctx *cx, const struct quarantined *record);
/* It was taken. */
MUST_USE enum result quarantine_taken(struct ctx *cx, const struct quarantined *before);
/* Nobody needs it. Results: CONFLICT quarantine.wrong_state; INVALID reason. */
MUST_USE enum result quarantine_discard(struct ctx *cx, const struct quarantined *before,
                                        const char *reason);

#endif
