/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Agreed electronic signatures: who put his name, when and from where, under which digest.
 *
 * A signature covers the SHA-256 of a record's canonical text. When the record changes, its
 * signatures stay readable but are no longer valid, and it has to be signed anew. Whoever signs has
 * just proved the password again (the web layer's part; see access). */
#ifndef SIGNATURE_H
#define SIGNATURE_H

#include "app/records/record.h"

struct signature {
    RECORD_MEMBERS;
    const char *subject;
    int64_t subject_id;
    const char *party; /* as what: "briefer", "executor" */
    int64_t person_id;
    const char *person_name, *account;
    struct instant signed_at;
    const char *sha256, *origin;
    bool valid;
};
extern const struct field SIGNATURE_FIELDS[];
extern const struct resource SIGNATURES;

/* The resources whose records are signed, NULL-terminated; once at start. */
void signatures_use(const struct resource *const *subjects);

/* Sign as `party`. Results: CONFLICT signature.twice when that party's signature already stands. */
MUST_USE enum result signature_put(struct ctx *cx, const struct resource *subject, int64_t id,
                                   const char *party, const char *sha256);
/* The valid signature of a party: *out_id = 0 when there is none. */
MUST_USE enum result signature_of(struct ctx *cx, const struct resource *subject, int64_t id,
                                  const char *party, int64_t *out_id);
MUST_USE enum result signatures_void(struct ctx *cx, const struct resource *subject, int64_t id);
/* All, in the order of signing. */
MUST_USE enum result signatures_list(struct ctx *cx, const struct resource *subject, int64_t id,
                                     struct signature **out, size_t *out_count);

/* The canonical text of what people sign: the SIGNED fields by name, as JSON; and its SHA-256. */
const char *record_canonical(struct arena *arena, const struct resource *resource,
                             const void *record);
const char *record_digest(struct arena *arena, const struct resource *resource, const void *record);

#endif
