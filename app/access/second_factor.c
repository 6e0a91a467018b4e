/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/access/second_factor.h"

#include "app/access/access.sql.h"
#include "app/access/password.h"
#include "app/records/trail.h"
#include "base/hash.h"
#include "base/text.h"

#include <string.h>

#define TOTP_DIGITS 6
#define SECRET "accounts.otp_secret"

/* As an office types it: full width, capitals, with spaces and hyphens. */
static const char *code_typed(struct ctx *cx, const char *code)
{
    const char *key = text_search_key(cx->mem, code);
    struct text out = text_new(cx->mem, 16);
    for (; *key; key++)
        if (*key != '-')
            text_putc(&out, *key);
    return text_end(&out);
}

static enum result own_account(struct ctx *cx, bool on, struct account *out)
{
    enum result found = account_secrets(cx, cx->actor->account, out);
    if (found == NOT_FOUND)
        return fail(cx, NOT_FOUND, "record.not_found", "accounts");
    TRY(found);
    if (out->otp_on != on)
        return fail(cx, CONFLICT, on ? "access.otp_off" : "access.otp_on");
    return OK;
}

static enum result store_secret(struct ctx *cx, const struct account *account, const char *sealed,
                                bool on, int32_t step)
{
    return db_change_one(cx, &q_account_otp,
                         PARAMS(P(account->id), P(sealed), P(on), P(step), P(cx->now)));
}

static enum result open_secret(struct ctx *cx, const struct account *account, const char **out)
{
    *out = open_text(cx->mem, cx->keys, SECRET, account->otp_secret);
    return *out ? OK : fail(cx, BROKEN, "record.seal_broken");
}

static const char *uri_of(struct ctx *cx, const struct account *account, const char *secret)
{
    return arena_printf(cx->mem, "otpauth://totp/Luyue:%s?secret=%s&issuer=Luyue", account->name,
                        secret);
}

enum result second_factor_start(struct ctx *cx, const char **out_secret, const char **out_uri)
{
    struct account account;
    char secret[TOTP_SECRET];
    TRY(own_account(cx, false, &account));
    totp_secret(secret);
    *out_secret = arena_dup(cx->mem, secret);
    *out_uri = uri_of(cx, &account, secret);
    trail_add(cx, "otp_start", &ACCOUNTS, &account, "", "");
    return store_secret(cx, &account, seal_text(cx->mem, cx->keys, SECRET, secret), false, 0);
}

/* The account and its opened secret, started and not in force yet. */
static enum result unconfirmed(struct ctx *cx, struct account *out, const char **out_secret)
{
    TRY(own_account(cx, false, out));
    if (!*out->otp_secret)
        return fail(cx, CONFLICT, "access.otp_off");
    return open_secret(cx, out, out_secret);
}

enum result second_factor_show(struct ctx *cx, const char **out_secret, const char **out_uri)
{
    struct account account;
    TRY(unconfirmed(cx, &account, out_secret));
    *out_uri = uri_of(cx, &account, *out_secret);
    return OK;
}

enum result second_factor_confirm(struct ctx *cx, const char *code)
{
    struct account account;
    const char *secret = "";
    int64_t step = 0;
    TRY(unconfirmed(cx, &account, &secret));
    if (!totp_matches(secret, code_typed(cx, code), cx->now.ms / 1000, &step)) {
        trail_add(cx, "otp_wrong", &ACCOUNTS, &account, "", "");
        reject(cx, "code", "wrong_code");
        return rejected(cx);
    }
    trail_add(cx, "otp_on", &ACCOUNTS, &account, "", "");
    return store_secret(cx, &account, account.otp_secret, true, (int32_t)step);
}

enum result second_factor_stop(struct ctx *cx)
{
    struct account account;
    TRY(own_account(cx, true, &account));
    trail_add(cx, "otp_off", &ACCOUNTS, &account, "", "");
    TRY(recovery_codes_end(cx, account.id));
    return store_secret(cx, &account, "", false, 0);
}

/* ---- recovery codes ---- */

static const char *recovery_hash(struct ctx *cx, const char *code)
{
    char *hash = arena_alloc(cx->mem, INDEX_HEX);
    index_hash(cx->keys, "access.recovery", code, hash);
    return hash;
}

enum result recovery_codes_end(struct ctx *cx, int64_t account_id)
{
    return db_change(cx, &q_recovery_clear, PARAMS(P(account_id)), NULL);
}

enum result recovery_codes_left(struct ctx *cx, int64_t account_id, int64_t *out)
{
    return db_int(cx, &q_recovery_left, PARAMS(P(account_id)), out);
}

enum result recovery_codes_make(struct ctx *cx, const char *out[RECOVERY_CODES])
{
    struct account account;
    char code[INITIAL_PASSWORD];
    int64_t id;
    TRY(own_account(cx, true, &account));
    TRY(recovery_codes_end(cx, account.id));
    for (size_t i = 0; i < RECOVERY_CODES; i++) {
        password_initial(code);
        out[i] = arena_dup(cx->mem, code);
        TRY(db_insert(cx, &q_recovery_add,
                      PARAMS(P(account.id), P(recovery_hash(cx, code_typed(cx, code)))), &id));
    }
    trail_add(cx, "otp_codes", &ACCOUNTS, &account, "", "");
    return OK;
}

static enum result recovery_use(struct ctx *cx, const struct account *account, const char *code,
                                int64_t *out_used)
{
    TRY(db_change(cx, &q_recovery_use,
                  PARAMS(P(account->id), P(recovery_hash(cx, code)), P(cx->now)), out_used));
    if (*out_used)
        trail_add(cx, "otp_recovery", &ACCOUNTS, account, "", "");
    return OK;
}

enum result second_factor_use(struct ctx *cx, const struct account *account, const char *code,
                              bool *out_right)
{
    const char *secret;
    int64_t step, used = 0;
    code = code_typed(cx, code);
    TRY(open_secret(cx, account, &secret));
    if (strlen(code) > TOTP_DIGITS)
        TRY(recovery_use(cx, account, code, &used));
    else if (totp_matches(secret, code, cx->now.ms / 1000, &step))
        TRY(db_change(cx, &q_account_otp_used, PARAMS(P(account->id), P((int32_t)step)), &used));
    *out_right = used == 1;
    return OK;
}
