/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/calls/quarantine.h"

#include "app/records/trail.h"
#include "base/log.h"
#include "base/texts.h"

#include <string.h>

static const char *const STATES[] = {"waiting", "taken", "discarded", NULL};

static const struct field QUARANTINE_FIELDS[] = {
    RECORD_FIELDS(quarantined),
    FIELD_REF(quarantined, provider_id, "organisations", .use = FILTERED),
    FIELD(quarantined, provider_name, .column = "o.name", .use = LISTED),
    FIELD(quarantined, source, .use = LISTED | FILTERED),
    FIELD_ENUM(quarantined, profile, CALL_PROFILES, .use = LISTED),
    FIELD(quarantined, why),
    FIELD(quarantined, why_words, .use = LISTED | DERIVED),
    FIELD(quarantined, bytes, .use = LISTED),
    FIELD(quarantined, record, .max = QUARANTINE_BYTES * 2),
    FIELD_ENUM(quarantined, state, STATES, .use = LISTED | FILTERED),
    FIELD(quarantined, reason, .max = 1000, .use = LONG_TEXT),
    FIELDS_END,
};

static void quarantine_derive(struct ctx *cx, void *record)
{
    struct quarantined *quarantined = record;
    quarantined->why_words =
        texts_get(arena_printf(cx->mem, "calls.fault.%s", quarantined->why), cx->lang);
}

const struct resource QUARANTINE = {
    .name = "quarantine",
    .clause = "C2.4",
    .fields = QUARANTINE_FIELDS,
    .size = sizeof(struct quarantined),
    .joins = "LEFT JOIN organisations o ON o.id = t.provider_id",
    .title = "source",
    .sort = "-id",
    .derive = quarantine_derive,
    .scope = {[SIDE_CLIENT] = "", [SIDE_PROVIDER] = "@provider_id = :org"},
};

const struct right QUARANTINE_RIGHTS[] = {
    {"quarantine.read", R(OPS) | R(AUDIT) | R(PROVIDER) | R(DUTY), "C2.4", true},
    {"quarantine.reveal", R(OPS) | R(PROVIDER) | R(DUTY), "C2.4", true},
    {"quarantine.settle", R(OPS) | R(PROVIDER) | R(DUTY), "C2.4"},
    RIGHTS_END,
};

/* ---- keeping ---- */

static struct store *kept_in;

void quarantine_use(struct store *store)
{
    kept_in = store;
}

/* What is no text is kept as base64 behind this word. */
#define CODED "base64:"

struct keeping {
    struct store_work work;
    struct ctx cx;
    struct quarantined *records;
    size_t count;
    void (*done)(void *host, enum result result);
    void *host;
};

static enum result keeping_run(struct db *db, void *host)
{
    struct keeping *keeping = host;
    keeping->cx.db = db;
    keeping->cx.pending = NULL;
    for (size_t i = 0; i < keeping->count; i++) {
        struct quarantined record = keeping->records[i]; /* as it is, should it be run again */
        TRY(record_add(&keeping->cx, &QUARANTINE, &record));
    }
    return trail_flush(&keeping->cx);
}

static void keeping_done(void *host, enum result result)
{
    struct keeping *keeping = host;
    if (result != OK)
        log_error("a record of %s that cannot be read could not be kept", keeping->records->source);
    keeping->done(keeping->host, result);
}

static struct quarantined record_of(struct ctx *cx, const struct quarantined *about,
                                    const struct quarantine_piece *piece)
{
    const char *bytes = piece->bytes;
    const size_t len = piece->len;
    const bool is_text = len > 0 && utf8_valid(bytes, len) && !memchr(bytes, '\0', len);
    struct quarantined record = *about;
    record.why = piece->why;
    record.bytes = (int32_t)len;
    record.reason = "";
    record.state = QUARANTINE_WAITING;
    record.record = (struct secret){
        .plain = is_text ? arena_copy(cx->mem, bytes, len)
                         : arena_printf(cx->mem, CODED "%s", base64_text(cx->mem, bytes, len)),
        .sealed = "",
        .masked = ""};
    return record;
}

void quarantine_keep(struct ctx *cx, const struct quarantined *about,
                     const struct quarantine_piece *pieces, size_t count,
                     void (*done)(void *host, enum result result), void *host)
{
    struct keeping *keeping = ARENA_NEW(cx->mem, struct keeping);
    *keeping = (struct keeping){.cx = *cx,
                                .records = ARENA_ARRAY(cx->mem, struct quarantined, count),
                                .count = count,
                                .done = done,
                                .host = host};
    for (size_t i = 0; i < count; i++) {
        if (pieces[i].len > QUARANTINE_BYTES) {
            done(host, fail(cx, TOO_LARGE, "quarantine.too_large", "1024"));
            return;
        }
        keeping->records[i] = record_of(cx, about, &pieces[i]);
    }
    keeping->work = (struct store_work){.run = keeping_run, .done = keeping_done, .host = keeping};
    store_write(kept_in, &keeping->work);
}

/* ---- again ---- */

struct again {
    struct ctx *cx;
    struct lines lines; /* of struct call_line */
    const char *fault;  /* the first one's */
};

static enum result keep_line(void *host, const struct call_line *line)
{
    struct again *again = host;
    if (!again->fault)
        again->fault = line->fault;
    return lines_add(again->cx, &again->lines, line, sizeof *line);
}

static enum result is_waiting(struct ctx *cx, const struct quarantined *record)
{
    return record->state == QUARANTINE_WAITING ? OK : fail(cx, CONFLICT, "quarantine.wrong_state");
}

static enum result still_bad(struct ctx *cx, const char *code)
{
    cx->fault = (struct fault){.result = OK};
    return fail(cx, CONFLICT, "quarantine.still_bad",
                texts_get(arena_printf(cx->mem, "calls.fault.%s", code), cx->lang));
}

enum result quarantine_read(struct ctx *cx, const struct quarantined *record)
{
    struct again again = {.cx = cx};
    struct call_receipt receipt;
    TRY(is_waiting(cx, record));
    const char *plain = open_text(cx->mem, cx->keys, "record", record->record.sealed);
    if (!plain)
        return fail(cx, BROKEN, "record.seal_broken");
    if (strncmp(plain, CODED, strlen(CODED)) == 0)
        return still_bad(cx, "not_text"); /* no call system of ours writes anything else */
    if (call_lines_read(cx, record->profile, plain, strlen(plain), keep_line, &again) != OK)
        return still_bad(cx, "not_json");
    if (again.fault || !again.lines.count)
        return still_bad(cx, again.fault ? again.fault : "empty");
    TRY(calls_take(cx, again.lines.at, again.lines.count, record->provider_id, &receipt));
    return receipt.rejected_count ? still_bad(cx, receipt.rejected[0].code) : OK;
}

enum result quarantine_taken(struct ctx *cx, const struct quarantined *before)
{
    struct quarantined after = *before;
    TRY(is_waiting(cx, before));
    after.state = QUARANTINE_TAKEN;
    return record_change(cx, &QUARANTINE, "take", before, &after);
}

enum result quarantine_discard(struct ctx *cx, const struct quarantined *before, const char *reason)
{
    struct quarantined after = *before;
    TRY(is_waiting(cx, before));
    check_reason(cx, reason);
    TRY(rejected(cx));
    after.state = QUARANTINE_DISCARDED;
    after.reason = reason;
    return record_change(cx, &QUARANTINE, "discard", before, &after);
}
