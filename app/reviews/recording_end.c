/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The end of recordings: by the rules of retention, unless something holds them, with a
 * certificate. */
#include "app/reviews/recording.h"

#include "app/retention/retention.h"
#include "app/reviews/recording.sql.h"
#include "base/hash.h"

#include <string.h>

#define SWEEP_MOST 300     /* of a step */
#define SWEEPS_MOST 20     /* steps of an hour */
#define CONTRACTS_MOST 200 /* of a step */
#define DAY_MS INT64_C(86400000)

static const struct field ID_FIELDS[] = {FIELD(record, id), FIELDS_END};

static struct date day_of(const struct recording *recording)
{
    return instant_date(recording->started_at, SHANGHAI_OFFSET_MIN);
}

/* ---- until when ---- */

enum result recording_kept_until(struct ctx *cx, struct recording *recording)
{
    struct kept kept;
    const struct date arrived =
        instant_date(recording->arrived_at.ms ? recording->arrived_at : recording->created_at,
                     SHANGHAI_OFFSET_MIN);
    const struct date least = date_add(arrived, RECORDING_DAYS_LEAST);
    TRY(retention_of(cx, RETAIN_RECORDINGS, recording->contract_id, &kept));
    const struct date ruled =
        date_add(instant_date(call_instant(recording->call_id), SHANGHAI_OFFSET_MIN), kept.days);
    recording->kept_days = kept.days;
    recording->kept_until = ruled.days > least.days ? ruled : least;
    return OK;
}

/* A rule was changed: what came under the former one is kept as this one says. The trail has the
 * rule's change. */
static enum result rule_anew(struct ctx *cx, int64_t contract_id)
{
    struct kept kept;
    struct record *rows;
    size_t count;
    TRY(retention_of(cx, RETAIN_RECORDINGS, contract_id, &kept));
    TRY(db_list(cx, &q_recordings_ruled_otherwise,
                PARAMS(P(contract_id), param_int(kept.days), param_int(SWEEP_MOST * SWEEPS_MOST)),
                ID_FIELDS, sizeof *rows, SWEEP_MOST * SWEEPS_MOST, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        struct recording recording;
        TRY(record_get(cx, &RECORDINGS, rows[i].id, &recording));
        TRY(recording_kept_until(cx, &recording));
        TRY(db_change_one(cx, &q_recording_ruled,
                          PARAMS(P(recording.id), P(recording.kept_until),
                                 param_int(recording.kept_days), P(cx->now))));
    }
    return OK;
}

/* ---- what stops it ---- */

enum result recording_held(struct ctx *cx, const struct recording *recording,
                           struct recording_hold *out)
{
    const struct date day = day_of(recording);
    const char *line =
        arena_printf(cx->mem, "%%\"call_id\":%lld,%%", (long long)recording->call_id);
    *out = (struct recording_hold){0};
    TRY(retention_held(cx, recording->contract_id, day, day, &out->legal_hold_id));
    TRY(db_int(cx, &q_review_open_of_call, PARAMS(P(recording->call_id)), &out->review_id));
    TRY(db_int(cx, &q_calibration_open_of_call, PARAMS(P(recording->call_id)),
               &out->calibration_id));
    return db_int(cx, &q_letter_open_of_call, PARAMS(P(recording->contract_id), P(line)),
                  &out->letter_id);
}

static bool is_held(const struct recording_hold *hold)
{
    return hold->legal_hold_id || hold->review_id || hold->calibration_id || hold->letter_id;
}

/* ---- deletion, a certificate for each contract ---- */

/* SHA-256 over a line for each, as sha256sum writes it: whoever has the list can check it. */
static const char *list_digest(struct ctx *cx, const struct recording *gone, size_t count)
{
    struct sha256 state;
    char hex[SHA256_HEX];
    sha256_start(&state);
    for (size_t i = 0; i < count; i++) {
        const char *line = arena_printf(cx->mem, "%s  %s\n", gone[i].sha256, gone[i].name);
        sha256_add(&state, line, strlen(line));
    }
    sha256_end(&state, hex);
    return arena_dup(cx->mem, hex);
}

static const char *span_words(struct ctx *cx, struct date from, struct date to)
{
    char first[DATE_MAX_TEXT], last[DATE_MAX_TEXT];
    date_format(from, first);
    date_format(to, last);
    return from.days == to.days ? arena_dup(cx->mem, first)
                                : arena_printf(cx->mem, "%s – %s", first, last);
}

static enum result certify(struct ctx *cx, const struct recording *gone, size_t count,
                           int64_t *out_id)
{
    struct kept kept;
    struct date from = day_of(&gone[0]), to = from;
    for (size_t i = 1; i < count; i++) {
        const struct date day = day_of(&gone[i]);
        from = day.days < from.days ? day : from;
        to = day.days > to.days ? day : to;
    }
    TRY(retention_of(cx, RETAIN_RECORDINGS, gone[0].contract_id, &kept));
    struct deletion_certificate certificate = {.kind = RETAIN_RECORDINGS,
                                               .subject = span_words(cx, from, to),
                                               .contract_id = gone[0].contract_id,
                                               .from = from,
                                               .to = to,
                                               .count = (int32_t)count,
                                               .sha256 = list_digest(cx, gone, count),
                                               .rule_id = kept.rule_id,
                                               .rule_days = kept.days,
                                               .rule_basis = kept.basis};
    TRY(certificate_add(cx, &certificate));
    *out_id = certificate.id;
    return OK;
}

static enum result expire(struct ctx *cx, const struct recording *gone, size_t count)
{
    int64_t certificate_id;
    if (!count)
        return OK;
    TRY(certify(cx, gone, count, &certificate_id));
    for (size_t i = 0; i < count; i++) {
        struct recording after = gone[i];
        after.state = RECORDING_DELETED;
        after.certificate_id = certificate_id;
        TRY(record_change(cx, &RECORDINGS, "expire", &gone[i], &after));
    }
    return OK;
}

/* What is over and held by nothing, from `after` on; *out_last tells where to go on. What is not
 * ruled anew yet (rule_anew takes several hours for many) waits: by a longer rule it may not be
 * over. */
static enum result over(struct ctx *cx, int64_t contract_id, int64_t after, struct recording *gone,
                        size_t *out_count, int64_t *out_last)
{
    struct kept kept;
    const struct date today = instant_date(cx->now, SHANGHAI_OFFSET_MIN);
    struct record *rows;
    size_t count;
    *out_count = 0;
    *out_last = 0;
    TRY(retention_of(cx, RETAIN_RECORDINGS, contract_id, &kept));
    TRY(db_list(cx, &q_recordings_expired,
                PARAMS(P(contract_id), param_int(kept.days), P(today), param_number(after),
                       param_int(SWEEP_MOST)),
                ID_FIELDS, sizeof *rows, SWEEP_MOST, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        struct recording recording;
        struct recording_hold hold;
        TRY(record_get(cx, &RECORDINGS, rows[i].id, &recording));
        TRY(recording_held(cx, &recording, &hold));
        if (!is_held(&hold))
            gone[(*out_count)++] = recording;
    }
    if (count == SWEEP_MOST)
        *out_last = rows[count - 1].id;
    return OK;
}

static enum result expire_of(struct ctx *cx, int64_t contract_id)
{
    struct recording *gone = ARENA_ARRAY(cx->mem, struct recording, SWEEP_MOST);
    int64_t last = 0;
    for (int step = 0; step < SWEEPS_MOST; step++) {
        size_t count;
        TRY(over(cx, contract_id, last, gone, &count, &last));
        TRY(expire(cx, gone, count));
        if (!last)
            break;
    }
    return OK;
}

/* ---- erasing ---- */

enum result recording_bytes_drop(struct ctx *cx, const char *sha256, int64_t recording_id,
                                 int64_t arrival_id)
{
    int64_t others;
    TRY(db_int(cx, &q_bytes_needed,
               PARAMS(P(sha256), param_number(recording_id), param_number(arrival_id)), &others));
    return others ? OK : files_drop(cx, sha256);
}

/* The last of a certificate's: now it is true. */
static enum result finish(struct ctx *cx, int64_t certificate_id)
{
    struct deletion_certificate certificate;
    int64_t left;
    TRY(db_int(cx, &q_recordings_unerased, PARAMS(P(certificate_id)), &left));
    if (left)
        return OK;
    TRY(record_get(cx, &DELETION_CERTIFICATES, certificate_id, &certificate));
    return certificate.state == CERTIFICATE_UNDERWAY ? certificate_done(cx, &certificate) : OK;
}

/* Bytes outlive the deletion by a day, as those of documents do: who listens is done by then. */
static enum result erase_all(struct ctx *cx)
{
    struct record *rows;
    size_t count;
    const struct instant before = {cx->now.ms - DAY_MS};
    TRY(db_list(cx, &q_recordings_to_erase, PARAMS(P(before), param_int(SWEEP_MOST)), ID_FIELDS,
                sizeof *rows, SWEEP_MOST, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        struct recording recording, after;
        TRY(record_get(cx, &RECORDINGS, rows[i].id, &recording));
        after = recording;
        TRY(recording_bytes_drop(cx, recording.sha256, recording.id, 0));
        after.erased = true;
        TRY(record_change(cx, &RECORDINGS, "erase", &recording, &after));
        if (recording.certificate_id)
            TRY(finish(cx, recording.certificate_id));
    }
    return OK;
}

enum result recordings_sweep(struct ctx *cx)
{
    struct record *contracts;
    size_t count;
    int64_t last = 0;
    do {
        TRY(db_list(cx, &q_contracts_with_recordings,
                    PARAMS(param_number(last), param_int(CONTRACTS_MOST)), ID_FIELDS,
                    sizeof *contracts, CONTRACTS_MOST, &contracts, &count));
        for (size_t i = 0; i < count; i++) {
            last = contracts[i].id;
            TRY(rule_anew(cx, last));
            TRY(expire_of(cx, last));
        }
    } while (count == CONTRACTS_MOST);
    return erase_all(cx);
}
