/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Passwords: what one must be like, and proving one so that nobody can find it by trying.
 *
 * A proof has two halves. The slow one (argon2) runs outside any transaction and takes the same
 * time whether the account exists or not; the quick one runs in the transaction and counts. From
 * the 5th wrong password of an account on, and the 20th from an address, the next try has to wait:
 * 1, 2, 4 … seconds, at most 15 minutes. An hour without failures is forgotten. */
#ifndef ACCESS_PASSWORD_H
#define ACCESS_PASSWORD_H

#include "app/access/account.h"

#define PASSWORD_LEAST 10 /* characters */
#define PASSWORD_MOST 128

/* Rejects under `field` what speaks against it. */
void password_check(struct ctx *cx, const char *field, const char *account, const char *password);

/* A random password that is easy to read out: "k7fm-2xqe-9hta". */
#define INITIAL_PASSWORD 15
void password_initial(char out[INITIAL_PASSWORD]);

/* Store it, shut out whoever came in by the former one, leave an entry in the trail. */
MUST_USE enum result password_set(struct ctx *cx, const struct account *account, const char *action,
                                  const char *hash, bool must_change);

struct proof {
    const char *account;
    const char *compared; /* the hash that it was compared with */
    bool matches;
};

/* The slow half. Results: TOO_MANY access.locked (seconds); BUSY when it cannot be compared. */
MUST_USE enum result proof_make(struct ctx *cx, const char *account, const char *password,
                                struct proof *out);
/* The quick half: *out_right tells whether it holds, *out_account whose it is (id 0: nobody's). A
 * wrong one has to be reported by failure_count, and committed. Results: TOO_MANY access.locked. */
MUST_USE enum result proof_judge(struct ctx *cx, const struct proof *proof,
                                 struct account *out_account, bool *out_right);

/* One more failure of the account (id 0: a name that nobody has) and of this work's address. */
MUST_USE enum result failure_count(struct ctx *cx, const char *name, const struct account *account,
                                   const char *action);
/* Results: TOO_MANY access.locked while an account's or an address's next try has to wait. */
MUST_USE enum result failure_delay(struct ctx *cx, const char *account);
MUST_USE enum result failures_forget(struct ctx *cx, const char *name);

/* For the operator, when nobody is left who could reset it in the browser: `name` has the password
 * that comes back, to be changed at once, and no second factor. Hashes it (80 ms), so for the
 * command line alone. Results: NOT_FOUND account.none_such. */
MUST_USE enum result account_recover(struct ctx *cx, const char *name,
                                     char out_password[INITIAL_PASSWORD]);

#endif
