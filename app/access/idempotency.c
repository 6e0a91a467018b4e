/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/access/idempotency.h"

#include "app/access/access.sql.h"
#include "app/records/actor.h"
#include "base/hash.h"

#include <string.h>

#define BODY "idempotency_keys.body"
#define KEPT_MS (24 * 60 * 60 * INT64_C(1000))

static const struct field ANSWER_FIELDS[] = {
    FIELD(kept_answer, request),
    FIELD(kept_answer, status),
    FIELD(kept_answer, location),
    FIELD(kept_answer, body),
    FIELDS_END,
};

enum result key_take(struct ctx *cx, const char *key, const char *request, bool *out_known,
                     struct kept_answer *out)
{
    int64_t account = cx->actor->account_id, taken;
    struct instant kept_since = {cx->now.ms - KEPT_MS};
    *out = (struct kept_answer){0};
    if (strlen(key) > IDEMPOTENCY_KEY_MOST)
        return fail(cx, INVALID, "request.key_malformed");
    TRY(db_change(cx, &q_key_take,
                  PARAMS(P(account), P(key), P(request), P(cx->now), P(kept_since)), &taken));
    *out_known = taken == 0;
    if (taken)
        return OK;
    TRY(db_one(cx, &q_key_answer, PARAMS(P(account), P(key)), ANSWER_FIELDS, out));
    if (strcmp(out->request, request) != 0)
        return fail(cx, CONFLICT, "request.key_reused");
    out->body = open_text(cx->mem, cx->keys, BODY, out->body);
    return out->body ? OK : fail(cx, BROKEN, "record.seal_broken");
}

enum result key_keep(struct ctx *cx, const char *key, const struct kept_answer *answer)
{
    return db_change_one(cx, &q_key_keep,
                         PARAMS(P(cx->actor->account_id), P(key), P(answer->status),
                                P(answer->location),
                                P(seal_text(cx->mem, cx->keys, BODY, answer->body))));
}

enum result key_drop(struct ctx *cx, const char *key)
{
    return db_change(cx, &q_key_drop, PARAMS(P(cx->actor->account_id), P(key)), NULL);
}
