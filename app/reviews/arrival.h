/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Recordings from call systems, which know a call by their own name for it: (source, uid) and when
 * it began. They may come before the call's record; then they wait for it, and a worker brings both
 * together. */
#ifndef ARRIVAL_H
#define ARRIVAL_H

#include "app/reviews/recording.h"

enum arrival_state { ARRIVAL_WAITING = 1, ARRIVAL_MATCHED, ARRIVAL_DROPPED };

struct recording_arrival {
    RECORD_MEMBERS;
    int64_t provider_id;
    const char *source, *uid;
    const char *call_uid; /* the same for people: numbers in it masked */
    struct instant started_at;
    const char *sha256, *media_type;
    int32_t size, duration_ms, channels;
    bool silent;
    struct instant next_at;
    int64_t recording_id;
    enum arrival_state state;
};
extern const struct resource RECORDING_ARRIVALS;

/* How long one waits. */
#define ARRIVAL_DAYS 30

/* The call of that name, among those of its second that the actor sees. Reads where calls lie: not
 * within a transaction. Results: NOT_FOUND without a fault. */
MUST_USE enum result call_of_source(struct ctx *cx, const char *source, const char *uid,
                                    struct instant started_at, struct call *out);

/* Keep what recording_stage found no call for. The same bytes again change nothing. Results:
 * CONFLICT recording.other_sound. */
MUST_USE enum result arrival_keep(struct ctx *cx, const struct recording_upload *upload,
                                  struct recording_arrival *out);

/* A worker's turn: look whether the call of one of them has come. What waited too long is dropped.
 */
struct worker;
MUST_USE enum result arrivals_turn(struct worker *worker, struct ctx *cx, bool *out_found);

#endif
