/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Listening to recordings, and who did. */
#include "app/agents/agent.h"
#include "app/records/trail.h"
#include "app/reviews/recording.h"
#include "app/reviews/recording.sql.h"

#include <sys/mman.h>
#include <unistd.h>

static const struct field LISTENING_FIELDS[] = {
    RECORD_FIELDS(listening),
    FIELD(listening, began_at, .use = LISTED | FILTERED | SORTED),
    FIELD(listening, last_at),
    FIELD_REF(listening, recording_id, "recordings", .use = FILTERED | NO_DIFF),
    FIELD(listening, name, .column = "r.name", .use = LISTED),
    FIELD_REF(listening, contract_id, "contracts", .use = FILTERED | CHOSEN | NO_DIFF,
              .among = "service=outbound_call"),
    FIELD(listening, contract_name, .column = "c.name"),
    FIELD_REF(listening, agent_id, "agents", .use = FILTERED | CHOSEN | NO_DIFF),
    FIELD(listening, agent_code, .column = "a.code", .use = LISTED),
    FIELD(listening, agent_name, .column = "p.name", .use = LISTED),
    FIELD(listening, account_id, .use = HIDDEN),
    FIELD_REF(listening, person_id, "people", .use = FILTERED | CHOSEN | NO_DIFF),
    FIELD(listening, listener, .column = "l.name", .use = LISTED),
    FIELD(listening, account, .use = LISTED),
    FIELD(listening, organisation, .use = LISTED),
    FIELD(listening, origin),
    FIELD(listening, requests, .use = LISTED),
    FIELDS_END,
};

const struct resource LISTENINGS = {
    .name = "listenings",
    .clause = "C2.4",
    .fields = LISTENING_FIELDS,
    .size = sizeof(struct listening),
    .joins = "JOIN recordings r ON r.id = t.recording_id JOIN contracts c ON c.id = t.contract_id "
             "LEFT JOIN agents a ON a.id = t.agent_id LEFT JOIN people p ON p.id = a.person_id "
             "LEFT JOIN people l ON l.id = t.person_id",
    .title = "name",
    .sort = "-began_at",
    .parent = &CONTRACTS,
    .parent_field = "contract_id",
};

bool recording_is_here(const struct recording *recording)
{
    return recording->state == RECORDING_KEPT;
}

/* The scope shows an agent the own recordings; hearing them is a permission of the id. */
enum result recording_audible(struct ctx *cx, const struct recording *recording)
{
    struct agent agent = {0};
    if (!actor_is_only(cx->actor, ROLE_AGENT))
        return OK;
    if (recording->agent_id)
        TRY(record_get(cx, &AGENTS, recording->agent_id, &agent));
    return agent.permissions.bits & UINT64_C(1) << (MAY_LISTEN - 1)
               ? OK
               : fail(cx, FORBIDDEN, "recording.may_not_listen", recording->agent_code);
}

static enum result open_bytes(struct ctx *cx, const struct recording *recording, int *out_fd)
{
    uint64_t size;
    TRY(recording_audible(cx, recording));
    if (!recording_is_here(recording))
        return fail(cx, NOT_FOUND, "recording.not_here", recording->name);
    TRY(files_open(cx, recording->sha256, out_fd, &size));
    if (size == (uint64_t)recording->size)
        return OK;
    close(*out_fd);
    return fail(cx, BROKEN, "recording.damaged", recording->name);
}

/* A new listening, or more of the one that goes on. */
static enum result note(struct ctx *cx, const struct recording *recording)
{
    const struct actor *actor = cx->actor;
    const struct instant since = {cx->now.ms - LISTENING_MS};
    int64_t going_on;
    TRY(db_int(cx, &q_listening_open, PARAMS(P(recording->id), P(actor->account), P(since)),
               &going_on));
    if (going_on)
        return db_change_one(cx, &q_listening_again, PARAMS(P(going_on), P(cx->now)));
    trail_add(cx, "listen", &RECORDINGS, recording, "", "");
    return db_change_one(cx, &q_listening_begin,
                         PARAMS(P(cx->now), P(recording->id), P(recording->contract_id),
                                P(recording->agent_id), P(actor->account_id), P(actor->person_id),
                                P(actor->account), P(actor->organisation_name), P(cx->origin)));
}

enum result recording_open(struct ctx *cx, const struct recording *recording, int *out_fd)
{
    TRY(open_bytes(cx, recording, out_fd));
    enum result noted = note(cx, recording);
    if (noted != OK)
        close(*out_fd);
    return noted;
}

enum result recording_peaks(struct ctx *cx, const struct recording *recording, struct peak **out,
                            size_t *out_count)
{
    struct wav wav;
    int fd = -1;
    *out = NULL;
    *out_count = 0;
    TRY(open_bytes(cx, recording, &fd));
    const size_t size = (size_t)recording->size;
    const void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (bytes == MAP_FAILED)
        return fail(cx, BROKEN, "recording.damaged", recording->name);
    if (wav_read(bytes, size, size, &wav) && wav.len) {
        *out = ARENA_ARRAY(cx->mem, struct peak, PEAKS_MOST);
        *out_count = PEAKS_MOST;
        wav_peaks(&wav, bytes, *out, PEAKS_MOST);
    }
    munmap((void *)(uintptr_t)bytes, size);
    return OK;
}
