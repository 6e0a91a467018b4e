/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/access/password.h"

#include "app/access/access.sql.h"
#include "app/records/trail.h"
#include "base/hash.h"
#include "jobs/hasher.h"

#include <string.h>

#define LONGEST_DELAY_S 900
#define FORGOTTEN_MS (60 * 60 * 1000)

static const struct {
    const char *kind;
    int64_t free; /* failures before the first delay */
} SUBJECTS[] = {
    {"account", 5},
    {"address", 20},
};
enum { BY_ACCOUNT, BY_ADDRESS };

/* ---- what a password must be like ---- */

#define DIFFERENT_LEAST 5

/* What is tried first: figures alone, or a few letters again and again. */
static bool is_easy(const char *password)
{
    bool seen[256] = {false};
    int different = 0;
    for (const char *s = password; *s; s++) {
        different += !seen[(unsigned char)*s];
        seen[(unsigned char)*s] = true;
    }
    return different < DIFFERENT_LEAST || !password[strspn(password, "0123456789")];
}

void password_check(struct ctx *cx, const char *field, const char *account, const char *password)
{
    size_t length = utf8_count(password);
    if (length < PASSWORD_LEAST)
        reject(cx, field, "too_short", arena_printf(cx->mem, "%d", PASSWORD_LEAST));
    if (length > PASSWORD_MOST)
        reject(cx, field, "too_long", arena_printf(cx->mem, "%d", PASSWORD_MOST));
    if (length >= PASSWORD_LEAST && is_easy(password))
        reject(cx, field, "easily_guessed");
    if (strstr(text_search_key(cx->mem, password), account))
        reject(cx, field, "contains_name");
}

void password_initial(char out[INITIAL_PASSWORD])
{
    /* 32 characters that cannot be taken for one another */
    static const char LETTERS[] = "abcdefghijkmnpqrstuvwxyz23456789";
    unsigned char random[INITIAL_PASSWORD];
    random_bytes(random, sizeof random);
    for (size_t i = 0; i < INITIAL_PASSWORD - 1; i++)
        out[i] = i % 5 == 4 ? '-' : LETTERS[random[i] % 32];
    out[INITIAL_PASSWORD - 1] = '\0';
}

enum result password_set(struct ctx *cx, const struct account *account, const char *action,
                         const char *hash, bool must_change)
{
    TRY(db_change_one(cx, &q_account_password,
                      PARAMS(P(account->id), P(hash), P(must_change), P(cx->now))));
    trail_add(cx, action, &ACCOUNTS, account, "", "");
    return account_shut_out(cx, account);
}

/* ---- failures and delays ---- */

/* Hashed with our key: people type passwords into the box for the account name. */
static const char *subject(struct ctx *cx, int kind, const char *name)
{
    char *hash = arena_alloc(cx->mem, INDEX_HEX);
    index_hash(cx->keys, "access.failures",
               arena_printf(cx->mem, "%s:%s", SUBJECTS[kind].kind, name), hash);
    return hash;
}

enum result failure_delay(struct ctx *cx, const char *account)
{
    int64_t until;
    TRY(db_int(cx, &q_failure_until,
               PARAMS(P(subject(cx, BY_ACCOUNT, account)), P(subject(cx, BY_ADDRESS, cx->origin))),
               &until));
    if (until <= cx->now.ms)
        return OK;
    long long seconds = (until - cx->now.ms + 999) / 1000;
    return fail(cx, TOO_MANY, "access.locked", arena_printf(cx->mem, "%lld", seconds));
}

static int64_t delay_s(int64_t failures, int64_t free)
{
    int64_t doublings = failures - free;
    if (doublings < 0)
        return 0;
    return doublings < 10 && (1 << doublings) < LONGEST_DELAY_S ? 1 << doublings : LONGEST_DELAY_S;
}

static enum result count_one(struct ctx *cx, int kind, const char *name,
                             const struct account *account)
{
    const char *who = subject(cx, kind, name);
    struct instant forgotten = {cx->now.ms - FORGOTTEN_MS};
    int64_t failures;
    TRY(db_int(cx, &q_failure_add, PARAMS(P(who), P(cx->now), P(forgotten)), &failures));
    int64_t delay = delay_s(failures, SUBJECTS[kind].free);
    if (!delay)
        return OK;
    trail_add(cx, "lock", &ACCOUNTS, account, "",
              arena_printf(cx->mem, "%s, %lld s", SUBJECTS[kind].kind, (long long)delay));
    struct instant until = {cx->now.ms + delay * 1000};
    return db_change_one(cx, &q_failure_delay, PARAMS(P(who), P(until)));
}

enum result failure_count(struct ctx *cx, const char *name, const struct account *account,
                          const char *action)
{
    /* A name that nobody has is not written down: it may be a password in the wrong box. */
    const struct account *known = account->id ? account : NULL;
    trail_add(cx, action, &ACCOUNTS, known, "", "");
    TRY(count_one(cx, BY_ACCOUNT, name, known));
    return *cx->origin ? count_one(cx, BY_ADDRESS, cx->origin, NULL) : OK;
}

enum result failures_forget(struct ctx *cx, const char *name)
{
    return db_change(cx, &q_failure_clear, PARAMS(P(subject(cx, BY_ACCOUNT, name))), NULL);
}

/* ---- proofs ---- */

enum result proof_make(struct ctx *cx, const char *account, const char *password, struct proof *out)
{
    struct account known;
    TRY(failure_delay(cx, account));
    enum result found = account_secrets(cx, account, &known);
    if (found != OK && found != NOT_FOUND)
        return found;
    out->account = account;
    out->compared = found == OK ? known.password : password_of_nobody();
    TRY(hasher_compare(cx, password, out->compared, &out->matches));
    out->matches = out->matches && found == OK;
    return OK;
}

enum result proof_judge(struct ctx *cx, const struct proof *proof, struct account *out_account,
                        bool *out_right)
{
    /* Tries that ran side by side are counted one after the other: the delay may have begun. */
    TRY(failure_delay(cx, proof->account));
    enum result found = account_secrets(cx, proof->account, out_account);
    if (found != OK && found != NOT_FOUND)
        return found;
    *out_right =
        found == OK && proof->matches && strcmp(proof->compared, out_account->password) == 0;
    return OK;
}

enum result account_recover(struct ctx *cx, const char *name, char out_password[INITIAL_PASSWORD])
{
    struct account account;
    char hash[PASSWORD_TEXT];
    enum result found = account_secrets(cx, name, &account);
    if (found == NOT_FOUND)
        return fail(cx, NOT_FOUND, "account.none_such", name);
    TRY(found);
    password_initial(out_password);
    password_hash(out_password, hash);
    return account_reset(cx, &account, hash);
}
