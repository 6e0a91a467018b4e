/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* API tokens: what a program signs in with instead of a person's password. A token has a part of
 * its account's rights, for a year at most, and can neither sign nor make other tokens. */
#ifndef ACCESS_TOKEN_H
#define ACCESS_TOKEN_H

#include "app/records/record.h"

#define TOKEN_PREFIX "ly_"

enum token_state { TOKEN_ACTIVE = 1, TOKEN_REVOKED };
struct token {
    RECORD_MEMBERS;
    int64_t account_id;
    const char *name;
    const char *key_hash;
    const char *rights; /* names with spaces between, or "all": whatever the account has */
    struct date expires_on;
    enum token_state state;
};
extern const struct resource TOKENS;

/* A token of the actor's account from name, rights and expires_on; *out_key is shown once.
 * Results: INVALID. */
MUST_USE enum result token_add(struct ctx *cx, struct token *token, const char **out_key);
/* Results: CONFLICT token.revoked. */
MUST_USE enum result token_revoke(struct ctx *cx, const struct token *before);

#endif
