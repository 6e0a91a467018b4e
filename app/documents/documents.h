/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Documents: files at records, kept as long as their retention says and no longer.
 *
 * A document hangs at one record (its subject) and is seen by whoever sees that one. Its type is
 * told from its content, its bytes are stored once by their SHA-256. It leaves by its retention
 * running out or by being removed, never while it is on legal hold; the row stays, and the trail
 * has the SHA-256 of what was expired and erased. */
#ifndef DOCUMENTS_H
#define DOCUMENTS_H

#include "app/documents/files.h"
#include "app/records/record.h"

enum retention { RETENTION_SHORT = 1, RETENTION_STANDARD, RETENTION_LONG, RETENTION_PERMANENT };
extern const char *const RETENTIONS[];

enum document_state { DOCUMENT_KEPT = 1, DOCUMENT_REMOVED };

struct document {
    RECORD_MEMBERS;
    const char *name, *media_type;
    int32_t size; /* bytes */
    const char *sha256;
    const char *subject; /* a resource's name */
    int64_t subject_id;
    enum retention retention;
    struct date keep_until; /* none: for good */
    bool legal_hold;
    const char *reason; /* of the hold, its end, or the removal */
    const char *uploaded_by;
    enum document_state state;
    bool erased; /* removed, and its bytes are gone from the store */
    const char *search_key;
};
extern const struct resource DOCUMENTS;

/* The resources whose records may hold documents, NULL-terminated; once at start. */
void documents_use(const struct resource *const *subjects);
/* The largest file, in bytes (0: 64 MiB). */
void documents_limit(size_t size);

/* May the actor add documents to that record, or take them away? Results: FORBIDDEN; what the
 * record itself says against it. */
MUST_USE enum result documents_change_at(struct ctx *cx, const struct resource *subject,
                                         int64_t id);

/* ---- upload, in two steps ---- */

struct upload {
    const char *field; /* of the form in which it came */
    const char *name;  /* as sent */
    const void *bytes;
    size_t len;
    const char *subject;
    int64_t subject_id;
    enum retention retention;
    /* From document_stage: */
    const char *media_type, *clean_name;
    struct staged_file file;
};

/* The slow step, outside any transaction: may it be attached there, is it fit to be kept, hash and
 * stage it. Who may write the subject may attach to it. Results: INVALID document.type,
 * document.empty, document.subject, or fields; TOO_LARGE document.too_large; NOT_FOUND, FORBIDDEN
 * for the subject. */
MUST_USE enum result document_prepare(struct ctx *cx, struct upload *upload);
/* The part of it that needs no subject: for a record that is made together with its files. */
MUST_USE enum result document_stage(struct ctx *cx, struct upload *upload);
/* The same of what has to be a picture. Results: INVALID also for `photos`. */
MUST_USE enum result photo_stage(struct ctx *cx, struct upload *photo);
/* The document itself. Results: NOT_FOUND, FORBIDDEN for the subject, as it stands by now. */
MUST_USE enum result document_add(struct ctx *cx, const struct upload *upload,
                                  struct document *out);

/* What is known of a photo that was taken during an inspection. */
struct photo_taken {
    struct instant taken_at, received_at; /* by the phone's clock, and by ours */
    int32_t latitude, longitude;          /* millionths of a degree; both 0: not told */
};
extern const struct field PHOTO_TAKEN_FIELDS[];
/* *out_is: it is such a photo. */
MUST_USE enum result document_taken(struct ctx *cx, const struct document *document,
                                    struct photo_taken *out, bool *out_is);

/* ---- afterwards ---- */

/* The bytes, entered in the trail as `action`: "download", or "preview" where a page shows a small
 * picture of it among others; the caller closes the descriptor.
 * Results: NOT_FOUND document.removed; BROKEN document.damaged when the size is not the one kept.
 */
MUST_USE enum result document_open(struct ctx *cx, const struct document *document,
                                   const char *action, int *out_fd);

/* Put it on legal hold, or end that. Results: INVALID without reason; CONFLICT document.removed,
 * document.on_hold, document.not_on_hold. */
MUST_USE enum result document_hold(struct ctx *cx, const struct document *document, bool on,
                                   const char *reason);

/* Take it away before its time (short retention only) or after. Results: INVALID without reason;
 * FORBIDDEN without the right to write its subject; CONFLICT document.removed, document.on_hold,
 * document.retained, document.permanent. */
MUST_USE enum result document_remove(struct ctx *cx, const struct document *document,
                                     const char *reason);

/* An hourly job: remove documents whose retention has run out, and erase the bytes of those removed
 * for a day that no other document needs; some hundreds at a time. Each leaves an entry in the
 * trail
 * ("expire", "erase") with the SHA-256. */
MUST_USE enum result documents_sweep(struct ctx *cx);

extern const struct right DOCUMENTS_RIGHTS[];

#endif
