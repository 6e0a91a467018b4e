/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/documents/documents.h"

#include "app/documents/documents.sql.h"
#include "app/documents/sniff.h"
#include "app/records/trail.h"
#include "base/log.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SUBJECTS_MAX 64
#define LIMIT_USUAL ((size_t)64 << 20)
#define SWEEP_MOST 500
#define DAY_MS INT64_C(86400000)

const char *const RETENTIONS[] = {"short", "standard", "long", "permanent", NULL};
static const char *const STATES[] = {"kept", "removed", NULL};

static const struct resource *subjects[SUBJECTS_MAX + 1];
static size_t size_limit = LIMIT_USUAL;

static const struct field DOCUMENT_FIELDS[] = {
    RECORD_FIELDS(document),
    FIELD(document, name, .use = LISTED | SEARCHED),
    FIELD(document, media_type, .use = FILTERED),
    FIELD(document, size, .use = LISTED),
    FIELD(document, sha256, .use = FILTERED),
    FIELD(document, subject, .in = MUST, .use = FILTERED | FIXED),
    FIELD(document, subject_id, .in = MUST, .use = FILTERED | FIXED),
    FIELD_ENUM(document, retention, RETENTIONS, .in = MUST, .use = LISTED | FILTERED | FIXED),
    FIELD(document, keep_until, .use = LISTED | FILTERED),
    FIELD(document, legal_hold, .use = LISTED | FILTERED),
    FIELD(document, reason, .use = LONG_TEXT),
    FIELD(document, uploaded_by, .use = LISTED),
    FIELD_ENUM(document, state, STATES, .use = LISTED | FILTERED),
    FIELD(document, erased),
    FIELD(document, search_key, .use = HIDDEN),
    FIELDS_END,
};

const struct resource DOCUMENTS = {
    .name = "documents",
    .fields = DOCUMENT_FIELDS,
    .size = sizeof(struct document),
    .title = "name",
    .sort = "-id",
    .subjects = subjects,
};

void documents_use(const struct resource *const *list)
{
    size_t count = 0;
    for (; list[count]; count++) {
        if (count == SUBJECTS_MAX) {
            log_error("more than %d kinds of records with documents", SUBJECTS_MAX);
            abort();
        }
        subjects[count] = list[count];
    }
    subjects[count] = NULL;
}

void documents_limit(size_t size)
{
    size_limit = size == 0 ? LIMIT_USUAL : size < INT32_MAX ? size : INT32_MAX;
}

/* ---- upload ---- */

static const struct resource *subject_find(const char *name)
{
    for (size_t i = 0; subjects[i]; i++)
        if (strcmp(subjects[i]->name, name) == 0)
            return subjects[i];
    return NULL;
}

/* Who may write a record may attach to it, unless the record says that its documents stay. */
enum result documents_change_at(struct ctx *cx, const struct resource *subject, int64_t id)
{
    TRY(demand_right(cx, arena_printf(cx->mem, "%s.write", subject->name)));
    return subject->attach ? subject->attach(cx, id) : OK;
}

static enum result check_subject(struct ctx *cx, const struct upload *upload)
{
    const struct resource *subject = subject_find(upload->subject);
    if (!subject)
        return fail(cx, INVALID, "document.subject");
    if (!upload->subject_id)
        reject(cx, "subject_id", "required");
    if (!upload->retention)
        reject(cx, "retention", "required");
    TRY(rejected(cx));
    TRY(record_seen(cx, subject, upload->subject_id));
    return documents_change_at(cx, subject, upload->subject_id);
}

enum result document_stage(struct ctx *cx, struct upload *upload)
{
    if (upload->len == 0)
        return fail(cx, INVALID, "document.empty", upload->name);
    if (upload->len > size_limit)
        return fail(cx, TOO_LARGE, "document.too_large",
                    arena_printf(cx->mem, "%zu", size_limit >> 20));
    const struct file_kind *kind = file_kind_sniff(upload->bytes, upload->len, upload->name);
    if (!kind)
        return fail(cx, INVALID, "document.type", upload->name);
    upload->media_type = kind->media_type;
    upload->clean_name = file_name_clean(cx->mem, upload->name, kind);
    return files_stage(cx, upload->bytes, upload->len, &upload->file);
}

enum result photo_stage(struct ctx *cx, struct upload *photo)
{
    const struct file_kind *kind = file_kind_sniff(photo->bytes, photo->len, photo->name);
    if (!kind || strncmp(kind->media_type, "image/", strlen("image/")) != 0) {
        reject(cx, "photos", "no_picture");
        return rejected(cx);
    }
    return document_stage(cx, photo);
}

enum result document_prepare(struct ctx *cx, struct upload *upload)
{
    TRY(check_subject(cx, upload));
    return document_stage(cx, upload);
}

static struct date today(const struct ctx *cx)
{
    return instant_date(cx->now, SHANGHAI_OFFSET_MIN);
}

/* The same day some months later; the month's last day where it has no such day. */
static struct date months_later(struct date date, int months)
{
    struct ymd ymd = date_ymd(date);
    int month = ymd.year * 12 + ymd.month - 1 + months;
    struct date later = {0};
    for (int day = ymd.day; later.days == 0; day--)
        later = date_of(month / 12, month % 12 + 1, day);
    return later;
}

static struct date retained_until(struct date from, enum retention retention)
{
    switch (retention) {
    case RETENTION_SHORT:
        return date_add(from, 30);
    case RETENTION_STANDARD:
        return months_later(from, 6);
    case RETENTION_LONG:
        return months_later(from, 5 * 12);
    case RETENTION_PERMANENT:
        break;
    }
    return (struct date){0};
}

enum result document_add(struct ctx *cx, const struct upload *upload, struct document *out)
{
    TRY(check_subject(cx, upload));
    *out = (struct document){
        .name = upload->clean_name,
        .media_type = upload->media_type,
        .size = (int32_t)upload->len,
        .sha256 = upload->file.sha256,
        .subject = upload->subject,
        .subject_id = upload->subject_id,
        .retention = upload->retention,
        .keep_until = retained_until(today(cx), upload->retention),
        .reason = "",
        .uploaded_by = *cx->actor->person_name ? cx->actor->person_name : cx->actor->account,
        .state = DOCUMENT_KEPT,
        .search_key = "",
    };
    TRY(record_add(cx, &DOCUMENTS, out));
    return files_keep(cx, &upload->file);
}

/* ---- afterwards ---- */

static enum result demand_kept(struct ctx *cx, const struct document *document)
{
    if (document->state == DOCUMENT_KEPT)
        return OK;
    return fail(cx, CONFLICT, "document.removed", document->name);
}

static enum result demand_reason(struct ctx *cx, const char *reason)
{
    if (!*text_plain(cx->mem, reason))
        reject(cx, "reason", "required");
    else if (utf8_count(reason) > 500)
        reject(cx, "reason", "too_long", "500");
    return rejected(cx);
}

const struct field PHOTO_TAKEN_FIELDS[] = {
    FIELD(photo_taken, taken_at),
    FIELD(photo_taken, received_at),
    FIELD(photo_taken, latitude),
    FIELD(photo_taken, longitude),
    FIELDS_END,
};

enum result document_taken(struct ctx *cx, const struct document *document, struct photo_taken *out,
                           bool *out_is)
{
    *out = (struct photo_taken){.latitude = 0};
    *out_is = false;
    if (strcmp(document->subject, "inspections") != 0)
        return OK;
    const enum result found =
        db_one(cx, &q_document_taken, PARAMS(P(document->subject_id), P(document->id)),
               PHOTO_TAKEN_FIELDS, out);
    *out_is = found == OK;
    return found == NOT_FOUND ? OK : found;
}

enum result document_open(struct ctx *cx, const struct document *document, const char *action,
                          int *out_fd)
{
    uint64_t size;
    int fd;
    if (document->state != DOCUMENT_KEPT)
        return fail(cx, NOT_FOUND, "document.removed", document->name);
    TRY(files_open(cx, document->sha256, &fd, &size));
    if (size != (uint64_t)document->size) {
        close(fd);
        return fail(cx, BROKEN, "document.damaged", document->name);
    }
    trail_add(cx, action, &DOCUMENTS, document, "", "");
    *out_fd = fd;
    return OK;
}

enum result document_hold(struct ctx *cx, const struct document *document, bool on,
                          const char *reason)
{
    struct document after = *document;
    TRY(demand_kept(cx, document));
    if (document->legal_hold == on)
        return fail(cx, CONFLICT, on ? "document.on_hold" : "document.not_on_hold", document->name);
    TRY(demand_reason(cx, reason));
    after.legal_hold = on;
    after.reason = reason;
    return record_change(cx, &DOCUMENTS, on ? "hold" : "release", document, &after);
}

static enum result take_away(struct ctx *cx, const struct document *document, const char *action,
                             const char *reason)
{
    struct document after = *document;
    after.state = DOCUMENT_REMOVED;
    after.reason = reason;
    return record_change(cx, &DOCUMENTS, action, document, &after);
}

static enum result demand_removable(struct ctx *cx, const struct document *document)
{
    char until[DATE_MAX_TEXT];
    TRY(demand_kept(cx, document));
    if (document->legal_hold)
        return fail(cx, CONFLICT, "document.on_hold", document->name);
    if (document->retention == RETENTION_PERMANENT)
        return fail(cx, CONFLICT, "document.permanent", document->name);
    date_format(document->keep_until, until);
    if (document->retention != RETENTION_SHORT && today(cx).days <= document->keep_until.days)
        return fail(cx, CONFLICT, "document.retained", document->name, arena_dup(cx->mem, until));
    return OK;
}

enum result document_remove(struct ctx *cx, const struct document *document, const char *reason)
{
    TRY(documents_change_at(cx, subject_find(document->subject), document->subject_id));
    TRY(demand_removable(cx, document));
    TRY(demand_reason(cx, reason));
    return take_away(cx, document, "remove", reason);
}

/* ---- the sweep ---- */

struct due {
    int64_t id;
};
static const struct field DUE_FIELDS[] = {
    FIELD(due, id),
    FIELDS_END,
};

/* How a file is named in the trail once it is gone. */
static const char *certificate(struct ctx *cx, const struct document *document)
{
    return arena_printf(cx->mem, "SHA-256 %s, %d bytes", document->sha256, document->size);
}

static enum result expire(struct ctx *cx)
{
    struct due *due;
    size_t count;
    struct document document;
    TRY(db_list(cx, &q_documents_expired, PARAMS(P(today(cx)), param_int(SWEEP_MOST)), DUE_FIELDS,
                sizeof *due, SWEEP_MOST, &due, &count));
    for (size_t i = 0; i < count; i++) {
        TRY(record_get(cx, &DOCUMENTS, due[i].id, &document));
        TRY(take_away(cx, &document, "expire", certificate(cx, &document)));
    }
    return OK;
}

/* Bytes outlive the removal by a day: work that is not committed yet is over by then, and so are
 * downloads that run. */
static struct instant grace(const struct ctx *cx)
{
    return (struct instant){cx->now.ms - DAY_MS};
}

static enum result erase_one(struct ctx *cx, int64_t id)
{
    struct document document;
    TRY(record_get(cx, &DOCUMENTS, id, &document));
    TRY(files_drop(cx, document.sha256));
    TRY(db_change_one(cx, &q_document_erased, PARAMS(P(id), P(cx->now))));
    trail_add(cx, "erase", &DOCUMENTS, &document, "", certificate(cx, &document));
    return OK;
}

static enum result erase(struct ctx *cx)
{
    struct due *due;
    size_t count;
    TRY(db_list(cx, &q_documents_to_erase, PARAMS(P(grace(cx)), param_int(SWEEP_MOST)), DUE_FIELDS,
                sizeof *due, SWEEP_MOST, &due, &count));
    for (size_t i = 0; i < count; i++)
        TRY(erase_one(cx, due[i].id));
    return OK;
}

/* An upload that came to nothing leaves bytes without a document. */
static enum result drop_unused(struct ctx *cx, const char *sha256)
{
    int64_t used;
    TRY(db_int(cx, &q_document_bytes_used, PARAMS(P(sha256), P(grace(cx))), &used));
    return used ? OK : files_drop(cx, sha256);
}

enum result documents_sweep(struct ctx *cx)
{
    TRY(expire(cx));
    TRY(erase(cx));
    return files_settle(cx, grace(cx), drop_unused);
}

#define R_UPLOADERS (R_SUPERVISION | R(FINANCE) | R(CLIENT) | R(RESIDENT) | R_PROVIDER_SIDE)

const struct right DOCUMENTS_RIGHTS[] = {
    {"documents.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, NULL},
    {"documents.write", R_UPLOADERS, NULL},
    {"documents.hold", R(OPS) | R(AUDIT) | R(DIVISION), "V3.2"},
    {"documents.remove", R_UPLOADERS, NULL},
    RIGHTS_END,
};
