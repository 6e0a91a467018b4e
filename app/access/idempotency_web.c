/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/access/access_web.h"
#include "app/access/idempotency.h"
#include "base/hash.h"
#include "web/stream.h"

#include <string.h>

/* The key that counts for this request; "" when none does. */
static const char *key_of(const struct request *rq)
{
    if (rq->face != FACE_API || rq->method != POST || !rq->cx.actor)
        return "";
    return header_text(rq, "Idempotency-Key");
}

/* Place and body, each text ended by a NUL so that none runs into the next. */
static const char *digest(struct request *rq)
{
    struct sha256 state;
    char *hex = arena_alloc(rq->cx.mem, SHA256_HEX);
    sha256_start(&state);
    sha256_add(&state, rq->target, strlen(rq->target) + 1);
    sha256_add(&state, rq->body ? rq->body : "", rq->body_len);
    for (const struct part *part = rq->form; !rq->body_len && part; part = part->next) {
        sha256_add(&state, part->name, strlen(part->name) + 1);
        sha256_add(&state, part->value, strlen(part->value) + 1);
        sha256_add(&state, part->bytes ? part->bytes : "", part->len);
    }
    sha256_end(&state, hex);
    return hex;
}

enum result idempotency_before(struct request *rq, bool *out_answered)
{
    const char *key = key_of(rq);
    struct kept_answer kept;
    *out_answered = false;
    if (!*key)
        return OK;
    TRY(key_take(&rq->cx, key, digest(rq), out_answered, &kept));
    if (!*out_answered)
        return OK;
    rq->status = kept.status;
    rq->location = *kept.location ? kept.location : NULL;
    reply_header(rq, "Idempotent-Replayed", "true");
    return reply_bytes(rq, kept.body, strlen(kept.body), "application/json", NULL, false);
}

enum result idempotency_after(struct request *rq, enum result result)
{
    const char *key = key_of(rq);
    if (!*key || (result != OK && !rq->keep))
        return OK; /* what was taken is rolled back with the rest */
    if (result != OK || rq->stream)
        return key_drop(&rq->cx, key);
    struct text body = text_new(rq->cx.mem, 1024);
    struct json_writer json = {.out = &body};
    json_doc(&json, rq->doc);
    const struct kept_answer answer = {
        .status = rq->status ? rq->status : 200,
        .location = rq->location ? rq->location : "",
        .body = text_end(&body),
    };
    return key_keep(&rq->cx, key, &answer);
}
