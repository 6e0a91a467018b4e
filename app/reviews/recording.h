/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Recordings of calls: referenced by the name that the call system gave, or kept here, until their
 * time is over. Who listens is named.
 *
 * A recording is personal: it is kept as the rules of retention say (app/retention), never less
 * than the thirty days that the ministry asks for, and beyond them only while something holds it: a
 * legal hold, or what is not settled about its call (a review, a calibration, a letter). Its
 * deletion leaves a certificate. */
#ifndef RECORDING_H
#define RECORDING_H

#include "app/calls/call.h"
#include "app/documents/files.h"
#include "app/reviews/wav.h"

enum recording_state {
    RECORDING_REFERENCED = 1, /* the call system has it */
    RECORDING_KEPT,
    RECORDING_DELETED
};

struct recording {
    RECORD_MEMBERS;
    int64_t call_id, contract_id, provider_id, agent_id;
    const char *contract_number, *contract_name, *agent_code, *agent_name;
    struct instant started_at; /* the call; DERIVED */
    const char *name, *sha256, *media_type;
    const char *length; /* 1:05; DERIVED */
    int32_t size, duration_ms, channels;
    bool silent;
    struct date kept_until;
    int32_t kept_days; /* the rule's, by which that is */
    struct instant arrived_at;
    int64_t certificate_id;
    const char *reason;
    bool erased;
    enum recording_state state;
};
extern const struct resource RECORDINGS;
extern const char *const RECORDING_STATES[];

#define RECORDING_DAYS_LEAST 30 /* from its arrival */

/* ---- taking one in, in two steps ---- */

struct recording_upload {
    int64_t call_id; /* or as the call system knows it: */
    const char *source, *uid;
    struct instant started_at;
    const char *name;  /* as sent */
    const void *bytes; /* NULL: the call system keeps it, and it is only referenced */
    size_t len;
    /* From recording_stage: */
    struct call call;
    const char *media_type;
    struct wav wav; /* no channels: not a WAV that we can draw */
    int32_t length_ms;
    bool silent;
    bool waits;   /* its call has not come: for arrival_keep (app/reviews/arrival.h) */
    bool is_here; /* the bytes are kept already */
    struct staged_file file;
};
/* The slow step, outside any transaction. Results: NOT_FOUND for the call; INVALID call_id,
 * source, uid, started_at, or file where the call names no recording of its own either;
 * recording.no_sound, document.empty. */
MUST_USE enum result recording_stage(struct ctx *cx, struct recording_upload *upload);
/* Keep it with its call, one that was referenced before as well, or a head without sound: call
 * systems write that first. The same bytes again change nothing. Results: CONFLICT
 * recording.other_sound, recording.deleted. */
MUST_USE enum result recording_keep(struct ctx *cx, const struct recording_upload *upload,
                                    struct recording *out);
/* The recording of a call: NOT_FOUND without a fault when there is none. */
MUST_USE enum result recording_of_call(struct ctx *cx, int64_t call_id, struct recording *out);

/* ---- listening ---- */

/* Somebody sat down to a recording. A player asks for its sound in parts: what is asked for within
 * half an hour is one listening. */
struct listening {
    RECORD_MEMBERS;
    int64_t recording_id, contract_id, agent_id, account_id, person_id;
    const char *name, *contract_name, *agent_code, *agent_name; /* of the recording */
    const char *listener, *account, *organisation, *origin;
    struct instant began_at, last_at;
    int32_t requests;
};
extern const struct resource LISTENINGS;
#define LISTENING_MS (INT64_C(30) * 60 * 1000)

/* Is there sound in it that can be heard here? */
bool recording_is_here(const struct recording *recording);
/* May the actor, who sees it, hear it? Results: FORBIDDEN recording.may_not_listen: an agent whose
 * id has no permission to (C1.1). */
MUST_USE enum result recording_audible(struct ctx *cx, const struct recording *recording);
/* Its bytes; that somebody listens is entered in the trail as "listen" and among the listenings.
 * The caller closes the descriptor. Results: FORBIDDEN recording.may_not_listen; NOT_FOUND
 * recording.not_here; BROKEN recording.damaged. */
MUST_USE enum result recording_open(struct ctx *cx, const struct recording *recording, int *out_fd);
/* Its waveform; none of what we cannot draw. Reads the whole file. */
MUST_USE enum result recording_peaks(struct ctx *cx, const struct recording *recording,
                                     struct peak **out, size_t *out_count);

/* ---- the end of it ---- */

/* Fills kept_until and kept_days, by the rule as it is now. */
MUST_USE enum result recording_kept_until(struct ctx *cx, struct recording *recording);

/* What keeps it beyond its days: ids, 0 none. */
struct recording_hold {
    int64_t legal_hold_id, review_id, calibration_id, letter_id;
};
MUST_USE enum result recording_held(struct ctx *cx, const struct recording *recording,
                                    struct recording_hold *out);

/* Drop the bytes of a recording or of an arrival (0: none), unless something else needs them: all
 * files that are a head alone are the same. */
MUST_USE enum result recording_bytes_drop(struct ctx *cx, const char *sha256, int64_t recording_id,
                                          int64_t arrival_id);

/* An hourly job: see that changed rules hold, delete what is over, with a certificate for each
 * contract, and erase a day later the bytes that nobody else needs. Each recording has "expire" and
 * "erase" in the trail. */
MUST_USE enum result recordings_sweep(struct ctx *cx);

#endif
