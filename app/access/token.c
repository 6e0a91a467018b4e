/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/access/token.h"

#include "app/access/session.h"
#include "base/hash.h"

#include <string.h>

static const char *const TOKEN_STATES[] = {"active", "revoked", NULL};

static const struct field TOKEN_FIELDS[] = {
    RECORD_FIELDS(token),
    FIELD_REF(token, account_id, "accounts"),
    FIELD(token, name, .in = MUST, .max = 60, .use = LISTED | FIXED),
    FIELD(token, key_hash, .use = HIDDEN),
    FIELD(token, rights, .in = MUST, .max = 8000, .use = LISTED | FIXED | LONG_TEXT),
    FIELD(token, expires_on, .in = MUST, .use = LISTED | FIXED),
    FIELD_ENUM(token, state, TOKEN_STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

/* A misspelt right must not go unnoticed, nor one that the account does not have. */
static void check_rights(struct ctx *cx, const char *rights)
{
    if (strcmp(rights, "all") == 0)
        return;
    while (*rights) {
        size_t len = strcspn(rights, " ");
        const char *name = arena_copy(cx->mem, rights, len);
        if (!actor_may(cx->actor, name))
            reject(cx, "rights", "not_held", name);
        rights += len;
        rights += strspn(rights, " ");
    }
}

static enum result token_check(struct ctx *cx, void *record, const void *before)
{
    struct token *token = record;
    struct date today = instant_date(cx->now, SHANGHAI_OFFSET_MIN);
    if (before)
        return OK;
    token->rights = text_plain(cx->mem, token->rights);
    check_rights(cx, token->rights);
    if (token->expires_on.days && token->expires_on.days < today.days)
        reject(cx, "expires_on", "in_past");
    if (token->expires_on.days > today.days + 366)
        reject(cx, "expires_on", "within_a_year");
    return OK;
}

#define OWN "@account_id = :account"

const struct resource TOKENS = {
    .name = "tokens",
    .fields = TOKEN_FIELDS,
    .size = sizeof(struct token),
    .title = "name",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = OWN, [SIDE_PROVIDER] = OWN, [SIDE_THIRD_PARTY] = OWN},
    .check = token_check,
};

enum result token_add(struct ctx *cx, struct token *token, const char **out_key)
{
    char random[TOKEN_TEXT];
    random_token(random);
    *out_key = arena_printf(cx->mem, TOKEN_PREFIX "%s", random);
    token->account_id = cx->actor->account_id;
    token->key_hash = key_hash(cx, *out_key);
    token->state = TOKEN_ACTIVE;
    return record_add(cx, &TOKENS, token);
}

enum result token_revoke(struct ctx *cx, const struct token *before)
{
    struct token after = *before;
    if (before->state == TOKEN_REVOKED)
        return fail(cx, CONFLICT, "token.revoked");
    after.state = TOKEN_REVOKED;
    return record_change(cx, &TOKENS, "revoke", before, &after);
}
