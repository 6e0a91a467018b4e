/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sessions: who signed in, and who therefore asks.
 *
 * A browser or program holds a random key; the database holds its keyed hash. A session ends after
 * 12 hours, at sign-out, and whenever the password changes; signing in always makes a new one. */
#ifndef ACCESS_SESSION_H
#define ACCESS_SESSION_H

#include "app/access/password.h"

#define SESSION_MS (12 * 60 * 60 * INT64_C(1000))
#define SESSION_AGENT_MOST 200

/* Sign in with a proof made before, and a code when the account has a second factor ("" without).
 * `former` is the session that the new one replaces, or 0. *out_key is what the browser keeps.
 * Results: UNAUTHENTICATED access.wrong, access.otp_required, access.otp_wrong (to be committed: it
 * was counted); TOO_MANY access.locked. */
MUST_USE enum result session_sign_in(struct ctx *cx, const struct proof *proof, const char *otp,
                                     const char *agent, int64_t former, const char **out_key);

/* The second step, for a browser: the password was right, the code is asked for on a page of its
 * own. *out_key is what the browser keeps for these minutes. */
#define SECOND_STEP_MS (5 * 60 * INT64_C(1000))
MUST_USE enum result second_step_begin(struct ctx *cx, const char *account, const char **out_key);
/* Results: UNAUTHENTICATED access.step_over (too late, or begun anew), access.otp_wrong (to be
 * committed: it was counted); TOO_MANY access.locked. */
MUST_USE enum result second_step_finish(struct ctx *cx, const char *key, const char *code,
                                        const char *agent, int64_t former, const char **out_key);

/* A new session of an account, nothing asked. */
MUST_USE enum result session_start(struct ctx *cx, int64_t account_id, const char *agent,
                                   const char **out_key);

/* Sign out: end one of the actor's sessions. Results: NOT_FOUND record.not_found. */
MUST_USE enum result session_end(struct ctx *cx, int64_t id);

struct session {
    int64_t id;
    struct instant created_at, expires_at;
    const char *origin, *agent;
};
extern const struct field SESSION_FIELDS[];
/* The actor's own that have not ended, newest first. */
MUST_USE enum result sessions_list(struct ctx *cx, struct session **out, size_t *out_count);

/* ---- who asks ---- */

struct identity {
    int64_t session_id; /* 0: an API token */
    const char *rights; /* of a token: names with spaces between; "all" */
    struct instant expires_at;
    int64_t account_id, person_id, organisation_id, unit_id;
    const char *account, *person_name, *organisation_name, *unit_name, *unit_path;
    enum side side;
    struct set roles;
    bool must_change, sees_company, has_units_below;
    int64_t undertaking_id; /* in force, and not signed by this account; 0 none (C3.3) */
};

/* Whose session or token `key` is. Results: NOT_FOUND without a fault: nobody's, or ended, or the
 * account is disabled, or its person has left. */
MUST_USE enum result identity_of_key(struct ctx *cx, const char *key, struct identity *out);
/* An account for which a job does what was asked for before, though nobody asks now. Results as
 * above. */
MUST_USE enum result identity_of_account(struct ctx *cx, int64_t account_id, struct identity *out);
/* As an actor with its rights; texts are shared or in the arena. */
void identity_actor(struct arena *arena, const struct identity *identity, struct actor *out);

/* The keyed hash under which a session's or token's key is stored. */
const char *key_hash(struct ctx *cx, const char *key);
/* What a form of this session must send along: it follows from the key, so it is stored nowhere. */
const char *key_csrf(struct ctx *cx, const char *key);

/* Clear away ended sessions, forgotten failures and answers that are kept no longer. */
MUST_USE enum result access_sweep(struct ctx *cx);

#endif
