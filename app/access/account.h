/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Accounts: a person's way in, and the roles that say what this person may do.
 *
 * One account a person. The system administrator creates and disables accounts, the security
 * administrator gives roles, and neither does the other's work. Who scores may neither audit nor
 * apply money (V3.2, V3.3): roles that exclude each other never meet in one person. */
#ifndef ACCESS_ACCOUNT_H
#define ACCESS_ACCOUNT_H

#include "app/records/record.h"

enum account_state { ACCOUNT_ACTIVE = 1, ACCOUNT_DISABLED };

struct account {
    RECORD_MEMBERS;
    const char *name; /* lower-case letters, digits and . _ - */
    int64_t person_id;
    const char *person_name, *organisation_name;
    enum side side;
    struct set roles;
    enum account_state state;
    const char *password; /* argon2id */
    bool must_change;     /* the password is somebody else's choice: nothing else may be done */
    bool otp_on;
    const char *otp_secret; /* sealed */
    int32_t otp_step;
    struct instant last_login_at;
    const char *search_key;
};
extern const struct resource ACCOUNTS;
/* Within a scope: whoever asks is more than an agent, who sees the own records alone. */
#define BEYOND_AGENTS                                                                              \
    "EXISTS (SELECT 1 FROM accounts x WHERE x.id = :account AND x.roles <> 'agent')"
extern const struct right ACCESS_RIGHTS[];

/* An account for a person, active, whose password needs no change: for the command line and the
 * demo world. Results: INVALID (name, person, or roles that do not go together). */
MUST_USE enum result account_add(struct ctx *cx, const char *name, int64_t person_id,
                                 struct set roles, const char *password_hash, int64_t *out_id);

/* The first account of an empty database, with the system administrator's role; its person, unit
 * and organisation are made with it. Hashes the password (80 ms), so for the command line alone.
 * Results: INVALID (name, password); CONFLICT account.not_first. */
MUST_USE enum result account_create_first(struct ctx *cx, const char *name, const char *password);

/* May this actor give this account roles at all? Results: FORBIDDEN as below. */
MUST_USE enum result account_roles_open(struct ctx *cx, const struct account *account);
/* Give these roles instead of those it has. Only a security administrator may, never for the own
 * account; while there is none, the system administrator appoints the first one.
 * Results: FORBIDDEN account.own, account.roles_by_security; INVALID. */
MUST_USE enum result account_set_roles(struct ctx *cx, const struct account *before,
                                       struct set roles);

/* Whoever is in by it is out: its sessions end, its API tokens are revoked. */
MUST_USE enum result account_shut_out(struct ctx *cx, const struct account *account);

/* An initial password, which must be changed at once; the second factor, all sessions and all API
 * tokens end.
 * Results: FORBIDDEN account.own. */
MUST_USE enum result account_reset(struct ctx *cx, const struct account *account,
                                   const char *password_hash);

/* Forget its wrong passwords, so that it need not wait. */
MUST_USE enum result account_unlock(struct ctx *cx, const struct account *account);

/* An account that may sign in (active, its person has not left), with what proves it: id, name,
 * person_id, password, must_change, otp_…. Results: NOT_FOUND without a fault. */
MUST_USE enum result account_secrets(struct ctx *cx, const char *name, struct account *out);

/* What a person typed as account name, folded to the one spelling that names have. */
const char *account_name_typed(struct ctx *cx, const char *typed);

#endif
