/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Recordings, and how they are taken in. */
#include "app/reviews/recording.h"

#include "app/documents/sniff.h"
#include "app/reviews/arrival.h"
#include "app/reviews/recording.sql.h"

#include <string.h>

const char *const RECORDING_STATES[] = {"referenced", "kept", "deleted", NULL};

static const struct field RECORDING_FIELDS[] = {
    RECORD_FIELDS(recording),
    FIELD(recording, started_at, .use = LISTED | DERIVED),
    FIELD(recording, call_id, .in = MUST, .use = FIXED | FILTERED | NO_DIFF),
    FIELD_REF(recording, contract_id, "contracts", .use = FILTERED | CHOSEN | NO_DIFF,
              .among = "service=outbound_call"),
    FIELD(recording, contract_number, .column = "c.number"),
    FIELD(recording, contract_name, .column = "c.name", .use = LISTED),
    FIELD_REF(recording, provider_id, "organisations", .use = NO_DIFF),
    FIELD_REF(recording, agent_id, "agents", .use = FILTERED | CHOSEN | NO_DIFF),
    FIELD(recording, agent_code, .column = "a.code", .use = LISTED),
    FIELD(recording, agent_name, .column = "p.name", .use = LISTED),
    FIELD(recording, name, .in = MAY, .max = 400, .use = FIXED | LISTED),
    FIELD(recording, sha256),
    FIELD(recording, media_type),
    FIELD(recording, size),
    FIELD(recording, duration_ms),
    FIELD(recording, length, .use = LISTED | DERIVED),
    FIELD(recording, channels),
    FIELD(recording, silent),
    FIELD(recording, kept_until, .use = LISTED | FILTERED, .clause = "C2.4"),
    FIELD(recording, kept_days),
    FIELD(recording, arrived_at),
    FIELD_REF(recording, certificate_id, "deletion_certificates", .use = FILTERED),
    FIELD(recording, reason),
    FIELD(recording, erased),
    FIELD_ENUM(recording, state, RECORDING_STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

/* ---- taking one in ---- */

static void recording_derive(struct ctx *cx, void *record)
{
    struct recording *recording = record;
    const int32_t second = (recording->duration_ms + 500) / 1000;
    recording->started_at = call_instant(recording->call_id);
    recording->length = second ? arena_printf(cx->mem, "%d:%02d", second / 60, second % 60) : "";
}

const struct resource RECORDINGS = {
    .name = "recordings",
    .clause = "C2.4",
    .fields = RECORDING_FIELDS,
    .size = sizeof(struct recording),
    .joins = "JOIN contracts c ON c.id = t.contract_id LEFT JOIN agents a ON a.id = t.agent_id "
             "LEFT JOIN people p ON p.id = a.person_id",
    .title = "name",
    .sort = "-id",
    .parent = &CONTRACTS,
    .parent_field = "contract_id",
    .scope = {[SIDE_PROVIDER] = OWN_CALLS},
    .derive = recording_derive,
};

enum result recording_of_call(struct ctx *cx, int64_t call_id, struct recording *out)
{
    int64_t id;
    TRY(db_int(cx, &q_recording_of_call, PARAMS(P(call_id)), &id));
    return id ? record_get(cx, &RECORDINGS, id, out) : NOT_FOUND;
}

/* By the call system's own name for it; it may not have come yet. */
static enum result stage_named(struct ctx *cx, struct recording_upload *upload)
{
    if (!*upload->source)
        reject(cx, "source", "required");
    if (!upload->started_at.ms)
        reject(cx, "started_at", "required");
    if (!upload->bytes)
        reject(cx, "file", "required");
    TRY(rejected(cx));
    enum result there =
        call_of_source(cx, upload->source, upload->uid, upload->started_at, &upload->call);
    upload->waits = there == NOT_FOUND;
    upload->call_id = there == OK ? upload->call.id : 0;
    return there == NOT_FOUND ? OK : there;
}

/* Calls lie apart from the store: they are read before the transaction. */
static enum result stage_call(struct ctx *cx, struct recording_upload *upload)
{
    if (!upload->call_id && upload->uid && *upload->uid) {
        TRY(stage_named(cx, upload));
        if (upload->waits)
            return OK;
    } else {
        if (!upload->call_id)
            reject(cx, "call_id", "required");
        TRY(rejected(cx));
        TRY(record_get(cx, &CALLS, upload->call_id, &upload->call));
    }
    if (!upload->call.contract_id)
        reject(cx, "call_id", "no_contract");
    if (!upload->bytes && !*upload->call.recording)
        reject(cx, "file", "required");
    return rejected(cx);
}

enum result recording_stage(struct ctx *cx, struct recording_upload *upload)
{
    TRY(stage_call(cx, upload));
    if (!upload->bytes)
        return OK; /* it stays where it is */
    const struct file_kind *kind = file_kind_sniff(upload->bytes, upload->len, upload->name);
    if (!upload->len)
        return fail(cx, INVALID, "document.empty", upload->name);
    if (!kind || strncmp(kind->media_type, "audio/", strlen("audio/")) != 0)
        return fail(cx, INVALID, "recording.no_sound", upload->name);
    upload->media_type = kind->media_type;
    if (!wav_read(upload->bytes, upload->len, upload->len, &upload->wav))
        upload->wav = (struct wav){0};
    upload->silent = upload->wav.channels && !upload->wav.len;
    upload->length_ms = upload->wav.channels ? (int32_t)wav_duration_ms(&upload->wav) : 0;
    return files_stage(cx, upload->bytes, upload->len, &upload->file);
}

static enum result fill(struct ctx *cx, const struct recording_upload *upload,
                        struct recording *recording)
{
    recording->sha256 = upload->file.sha256;
    recording->media_type = upload->media_type;
    recording->size = (int32_t)upload->len;
    recording->channels = upload->wav.channels;
    recording->duration_ms = upload->length_ms;
    recording->silent = upload->silent;
    recording->arrived_at = cx->now;
    recording->state = RECORDING_KEPT;
    return recording_kept_until(cx, recording);
}

static bool has_sound(const struct recording_upload *upload)
{
    return upload->bytes || upload->is_here;
}

static enum result keep_bytes(struct ctx *cx, const struct recording_upload *upload)
{
    return upload->bytes ? files_keep(cx, &upload->file) : OK;
}

static enum result recording_new(struct ctx *cx, const struct recording_upload *upload,
                                 struct recording *out)
{
    const struct call *call = &upload->call;
    struct contract contract;
    TRY(record_get(cx, &CONTRACTS, call->contract_id, &contract));
    *out = (struct recording){
        .call_id = call->id,
        .contract_id = call->contract_id,
        .provider_id = contract.provider_id,
        .agent_id = call->agent_id,
        .name = *call->recording ? call->recording : call->uid,
        .state = RECORDING_REFERENCED,
    };
    if (has_sound(upload))
        TRY(fill(cx, upload, out));
    TRY(record_add(cx, &RECORDINGS, out));
    return keep_bytes(cx, upload);
}

enum result recording_keep(struct ctx *cx, const struct recording_upload *upload,
                           struct recording *out)
{
    struct recording before;
    enum result there = recording_of_call(cx, upload->call_id, &before);
    if (there == NOT_FOUND)
        return recording_new(cx, upload, out);
    TRY(there);
    *out = before;
    if (before.state == RECORDING_DELETED)
        return fail(cx, CONFLICT, "recording.deleted", before.name);
    if (!has_sound(upload))
        return OK;
    if (strcmp(before.sha256, upload->file.sha256) == 0)
        return OK;
    if (before.state == RECORDING_KEPT && !before.silent)
        return fail(cx, CONFLICT, "recording.other_sound", before.name);
    TRY(fill(cx, upload, out));
    TRY(record_change(cx, &RECORDINGS, "keep", &before, out));
    if (before.state == RECORDING_KEPT)
        TRY(recording_bytes_drop(cx, before.sha256, before.id, 0));
    return keep_bytes(cx, upload);
}
