/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/reviews/arrival.h"

#include "app/reviews/arrival.sql.h"
#include "jobs/worker.h"

#include <string.h>

#define DAY_MS INT64_C(86400000)
#define FIRST_WAIT_MS 1000

static const char *const STATES[] = {"waiting", "matched", "dropped", NULL};

static const struct field ARRIVAL_FIELDS[] = {
    RECORD_FIELDS(recording_arrival),
    FIELD_REF(recording_arrival, provider_id, "organisations", .use = NO_DIFF),
    FIELD(recording_arrival, source, .use = LISTED | NO_DIFF),
    FIELD(recording_arrival, uid, .use = HIDDEN),
    FIELD(recording_arrival, call_uid, .column = "t.uid", .use = LISTED | NO_DIFF),
    FIELD(recording_arrival, started_at, .use = LISTED | NO_DIFF),
    FIELD(recording_arrival, sha256),
    FIELD(recording_arrival, media_type),
    FIELD(recording_arrival, size, .use = LISTED),
    FIELD(recording_arrival, duration_ms),
    FIELD(recording_arrival, channels),
    FIELD(recording_arrival, silent),
    FIELD(recording_arrival, next_at, .use = NO_DIFF),
    FIELD_REF(recording_arrival, recording_id, "recordings"),
    FIELD_ENUM(recording_arrival, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

/* Many call systems name calls after the number that was called, which nobody knows before the call
 * has come: what may be one is masked. */
static const char *numbers_hide(struct arena *arena, const char *text)
{
    static const char DIGITS[] = "0123456789";
    enum { NUMBER_LEAST = 7 };
    struct text hidden = text_new(arena, strlen(text) + 1);
    while (*text) {
        const size_t other = strcspn(text, DIGITS), digits = strspn(text + other, DIGITS);
        const char *run = arena_copy(arena, text + other, digits);
        text_put(&hidden, text, other);
        text_puts(&hidden, digits < NUMBER_LEAST ? run : secret_mask(arena, run));
        text += other + digits;
    }
    return text_end(&hidden);
}

static void arrival_derive(struct ctx *cx, void *record)
{
    struct recording_arrival *arrival = record;
    arrival->call_uid = numbers_hide(cx->mem, arrival->uid);
}

/* Whose call it is only who sent it knows; and whom that provider calls for. */
const struct resource RECORDING_ARRIVALS = {
    .name = "recording_arrivals",
    .clause = "C2.4",
    .fields = ARRIVAL_FIELDS,
    .size = sizeof(struct recording_arrival),
    .title = "call_uid",
    .sort = "-id",
    .derive = arrival_derive,
    .scope = {[SIDE_CLIENT] = "@provider_id IN (SELECT c.provider_id FROM contracts c WHERE "
                              "c.client_id = :org)",
              [SIDE_PROVIDER] = "@provider_id = :org"},
};

static bool is_it(const struct call *call, const char *source, const char *uid)
{
    return strcmp(call->said_uid, uid) == 0 && strcmp(call->source, source) == 0;
}

enum result call_of_source(struct ctx *cx, const char *source, const char *uid,
                           struct instant started_at, struct call *out)
{
    struct list_query query = {.limit = LIST_MOST};
    char second[INSTANT_MAX_TEXT];
    instant_format((struct instant){started_at.ms / 1000 * 1000}, second);
    if (!list_condition(cx, &CALLS, "started_at_from", arena_dup(cx->mem, second), &query) ||
        !list_condition(cx, &CALLS, "started_at_to", arena_dup(cx->mem, second), &query))
        return fail(cx, BROKEN, "record.no_filter", CALLS.name, "started_at");
    for (;;) {
        struct list list;
        TRY(record_list(cx, &CALLS, &query, &list));
        const struct call *calls = list.rows;
        for (size_t i = 0; i < list.count; i++)
            if (is_it(&calls[i], source, uid)) {
                *out = calls[i];
                return OK;
            }
        if (!list.next)
            return NOT_FOUND;
        query.after = list.next;
    }
}

/* ---- waiting ---- */

/* The head of a file came first, as call systems write it. */
static enum result keep_instead(struct ctx *cx, const struct recording_upload *upload,
                                struct recording_arrival *before, struct recording_arrival *out)
{
    const struct recording_arrival came = *out;
    *out = *before;
    out->sha256 = came.sha256;
    out->media_type = came.media_type;
    out->size = came.size;
    out->duration_ms = came.duration_ms;
    out->channels = came.channels;
    out->silent = came.silent;
    TRY(record_change(cx, &RECORDING_ARRIVALS, "keep", before, out));
    if (strcmp(before->sha256, out->sha256) != 0)
        TRY(recording_bytes_drop(cx, before->sha256, 0, before->id));
    return files_keep(cx, &upload->file);
}

enum result arrival_keep(struct ctx *cx, const struct recording_upload *upload,
                         struct recording_arrival *out)
{
    struct recording_arrival before;
    int64_t id;
    *out = (struct recording_arrival){.provider_id = cx->actor->organisation_id,
                                      .source = upload->source,
                                      .uid = upload->uid,
                                      .call_uid = numbers_hide(cx->mem, upload->uid),
                                      .started_at = {upload->started_at.ms / 1000 * 1000},
                                      .sha256 = upload->file.sha256,
                                      .media_type = upload->media_type,
                                      .size = (int32_t)upload->len,
                                      .duration_ms = upload->length_ms,
                                      .channels = upload->wav.channels,
                                      .silent = upload->silent,
                                      .next_at = {cx->now.ms + FIRST_WAIT_MS},
                                      .state = ARRIVAL_WAITING};
    TRY(db_int(cx, &q_arrival_of,
               PARAMS(P(out->provider_id), P(out->source), P(out->uid), P(out->started_at)), &id));
    if (!id) {
        TRY(record_add(cx, &RECORDING_ARRIVALS, out));
        return files_keep(cx, &upload->file);
    }
    TRY(record_get(cx, &RECORDING_ARRIVALS, id, &before));
    if (before.silent && before.state == ARRIVAL_WAITING)
        return keep_instead(cx, upload, &before, out);
    *out = before;
    return strcmp(out->sha256, upload->file.sha256) == 0
               ? OK
               : fail(cx, CONFLICT, "recording.other_sound", out->call_uid);
}

/* ---- brought together ---- */

struct matching {
    struct recording_arrival arrival;
    struct recording_upload upload; /* call_id 0: its call has not come */
};

static enum result drop(struct ctx *cx, const struct recording_arrival *arrival)
{
    struct recording_arrival after = *arrival;
    TRY(recording_bytes_drop(cx, arrival->sha256, 0, arrival->id));
    after.state = ARRIVAL_DROPPED;
    return record_change(cx, &RECORDING_ARRIVALS, "drop", arrival, &after);
}

/* A tenth of the time that it has waited already. */
static enum result wait_on(struct ctx *cx, const struct recording_arrival *arrival)
{
    const int64_t waited = cx->now.ms - arrival->created_at.ms;
    const int64_t more = waited / 10 > FIRST_WAIT_MS ? waited / 10 : FIRST_WAIT_MS;
    if (waited > ARRIVAL_DAYS * DAY_MS)
        return drop(cx, arrival);
    return db_change_one(
        cx, &q_arrival_wait,
        PARAMS(P(arrival->id), P(((struct instant){cx->now.ms + more})), P(cx->now)));
}

static enum result bring_together(struct ctx *cx, void *host)
{
    const struct matching *matching = host;
    struct recording_arrival now, after;
    struct recording recording;
    TRY(record_get(cx, &RECORDING_ARRIVALS, matching->arrival.id, &now));
    if (now.state != ARRIVAL_WAITING)
        return OK;
    if (!matching->upload.call_id)
        return wait_on(cx, &now);
    enum result kept = recording_keep(cx, &matching->upload, &recording);
    if (kept == CONFLICT) { /* another sound is there already, or it was deleted: this is none */
        (void)fault_take(cx);
        return drop(cx, &now);
    }
    TRY(kept);
    after = now;
    after.recording_id = recording.id;
    after.state = ARRIVAL_MATCHED;
    return record_change(cx, &RECORDING_ARRIVALS, "match", &now, &after);
}

/* Whose call it is: the provider's that sent it. */
static enum result find_call(struct ctx *cx, struct matching *matching)
{
    const struct recording_arrival *arrival = &matching->arrival;
    struct contract contract;
    struct call *call = &matching->upload.call;
    enum result there =
        call_of_source(cx, arrival->source, arrival->uid, arrival->started_at, call);
    if (there != OK || !call->contract_id)
        return there == NOT_FOUND ? OK : there;
    TRY(record_get(cx, &CONTRACTS, call->contract_id, &contract));
    if (contract.provider_id == arrival->provider_id)
        matching->upload.call_id = call->id;
    return OK;
}

enum result arrivals_turn(struct worker *worker, struct ctx *cx, bool *out_found)
{
    struct matching *matching = ARENA_NEW(cx->mem, struct matching);
    struct recording_arrival *arrival = &matching->arrival;
    int64_t id;
    TRY(db_int(cx, &q_arrival_due, PARAMS(P(cx->now)), &id));
    *out_found = id != 0;
    if (!id)
        return OK;
    TRY(record_get(cx, &RECORDING_ARRIVALS, id, arrival));
    matching->upload = (struct recording_upload){.name = arrival->uid,
                                                 .len = (size_t)arrival->size,
                                                 .media_type = arrival->media_type,
                                                 .silent = arrival->silent,
                                                 .length_ms = arrival->duration_ms,
                                                 .wav.channels = arrival->channels,
                                                 .file.sha256 = arrival->sha256,
                                                 .is_here = true};
    TRY(find_call(cx, matching));
    return worker_write(worker, cx, bring_together, matching);
}
