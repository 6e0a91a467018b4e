/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/signatures/signature.h"

#include "app/records/trail.h"
#include "app/signatures/signature.sql.h"
#include "base/hash.h"
#include "base/json.h"

#include <string.h>

#define SUBJECTS_MAX 32

static const struct resource *subjects[SUBJECTS_MAX + 1];

const struct field SIGNATURE_FIELDS[] = {
    RECORD_FIELDS(signature),
    FIELD(signature, subject, .use = FILTERED),
    FIELD(signature, subject_id, .use = FILTERED),
    FIELD(signature, party, .use = LISTED),
    FIELD_REF(signature, person_id, "people"),
    FIELD(signature, person_name, .use = LISTED),
    FIELD(signature, account, .use = LISTED),
    FIELD(signature, signed_at, .use = LISTED),
    FIELD(signature, sha256, .use = LISTED),
    FIELD(signature, origin),
    FIELD(signature, valid, .use = LISTED),
    FIELDS_END,
};

const struct resource SIGNATURES = {
    .name = "signatures",
    .fields = SIGNATURE_FIELDS,
    .size = sizeof(struct signature),
    .title = "person_name",
    .subjects = subjects,
};

void signatures_use(const struct resource *const *list)
{
    size_t count = 0;
    for (; list[count] && count < SUBJECTS_MAX; count++)
        subjects[count] = list[count];
    subjects[count] = NULL;
}

enum result signature_of(struct ctx *cx, const struct resource *subject, int64_t id,
                         const char *party, int64_t *out_id)
{
    return db_int(cx, &q_signature_of, PARAMS(P(subject->name), P(id), P(party)), out_id);
}

enum result signature_put(struct ctx *cx, const struct resource *subject, int64_t id,
                          const char *party, const char *sha256)
{
    int64_t standing;
    TRY(signature_of(cx, subject, id, party, &standing));
    if (standing)
        return fail(cx, CONFLICT, "signature.twice");
    struct signature signature = {
        .subject = subject->name,
        .subject_id = id,
        .party = party,
        .person_id = cx->actor->person_id,
        .person_name = cx->actor->person_name,
        .account = cx->actor->account,
        .signed_at = cx->now,
        .sha256 = sha256,
        .origin = cx->origin ? cx->origin : "",
        .valid = true,
    };
    return record_add(cx, &SIGNATURES, &signature);
}

enum result signatures_void(struct ctx *cx, const struct resource *subject, int64_t id)
{
    struct signature *signatures;
    size_t count;
    TRY(signatures_list(cx, subject, id, &signatures, &count));
    for (size_t i = 0; i < count; i++)
        if (signatures[i].valid)
            trail_add(cx, "void", &SIGNATURES, &signatures[i], "", signatures[i].sha256);
    return db_change(cx, &q_signatures_void, PARAMS(P(subject->name), P(id), P(cx->now)), NULL);
}

enum result signatures_list(struct ctx *cx, const struct resource *subject, int64_t id,
                            struct signature **out, size_t *out_count)
{
    return db_list(cx, &q_signatures_list, PARAMS(P(subject->name), P(id)), SIGNATURE_FIELDS,
                   sizeof(struct signature), 200, out, out_count);
}

const char *record_canonical(struct arena *arena, const struct resource *resource,
                             const void *record)
{
    struct text text = text_new(arena, 1024);
    struct json_writer json = {.out = &text};
    json_object(&json);
    json_key(&json, "record");
    json_string(&json, resource->name);
    for (const struct field *field = resource->fields; field->name; field++) {
        if (!(field->use & SIGNED))
            continue;
        struct text value = text_new(arena, 64);
        field_canonical(field, record, &value);
        json_key(&json, field->name);
        json_string(&json, text_end(&value));
    }
    json_object_end(&json);
    return text_end(&text);
}

const char *record_digest(struct arena *arena, const struct resource *resource, const void *record)
{
    char hash[SHA256_HEX];
    const char *canonical = record_canonical(arena, resource, record);
    sha256_hex(canonical, strlen(canonical), hash);
    return arena_dup(arena, hash);
}
