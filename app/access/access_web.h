/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Access on the web: who asks, what he may, signing in and out, the own account, accounts and
 * rights; and what other slices need of it (proving a password, idempotency keys). */
#ifndef ACCESS_WEB_H
#define ACCESS_WEB_H

#include "app/records/actor.h"
#include "web/request.h"

struct store;
struct keys;

extern const struct route SESSION_ROUTES[], ACCOUNT_ROUTES[], OWN_ROUTES[];

/* ---- for the server's host ---- */

/* Once at start, before any request. */
void access_use(struct store *store, const struct keys *keys);
/* Fills cx.actor, cx.lang, from_cookie, by_token, csrf and session. Nobody known is OK without an
 * actor. Results: FORBIDDEN access.password_first (a page is also sent to /password); BUSY. */
enum result access_identify(struct request *rq, const char *cookie, const char *bearer);
bool access_has_right(const struct request *rq, const char *right);
/* FORBIDDEN; whose rights to project data are withheld is led to the undertaking by a page. */
enum result access_refuse(struct request *rq, const char *right);

/* The answer to an API POST that carried an Idempotency-Key, given again when it comes again. */
enum result idempotency_before(struct request *rq, bool *out_answered);
enum result idempotency_after(struct request *rq, enum result result);

/* ---- proving the password once more, before something is signed ---- */

/* As .prepare of a route that is SESSION_ONLY: compares the input `password`. Results: TOO_MANY
 * access.locked. */
enum result prove_prepare(struct request *rq);
/* What such a route takes: the digest of what is signed, and the password. */
extern const struct field SIGNING_INPUT[];
/* The first thing in that route's handler, before it writes: a wrong password is counted, so this
 * refusal is committed. Results: FORBIDDEN access.wrong_password; TOO_MANY access.locked. */
MUST_USE enum result prove_demand(struct request *rq);

/* Somebody else proves who he is on the phone of whoever is signed in, to sign one thing beside:
 * the inputs `account`, `password` and, with a second factor, `otp`. No session follows from it. As
 * above: the first before the transaction, the second before anything is written. Results: those of
 * prove_demand; FORBIDDEN access.otp_required, access.otp_wrong, access.password_first. */
enum result companion_prepare(struct request *rq);
MUST_USE enum result companion_demand(struct request *rq, struct actor *out);

/* ---- shared by the files of this slice ---- */

/* What rq->session points at. */
struct signed_in {
    int64_t session_id; /* 0: an API token */
    bool must_change;
    char csrf[33];
};
static inline const struct signed_in *signed_in(const struct request *rq)
{
    return rq->session;
}
/* The session's cookie; `key` "" takes it away. */
void session_cookie(struct request *rq, const char *key);
/* A page that shows a new password or token, this once, instead of moving on. */
enum result show_once(struct request *rq);
void doc_roles(struct request *rq, struct doc *doc, struct set roles);
/* Pass a result on; after TOO_MANY with the header that says how long. */
enum result with_retry_after(struct request *rq, enum result result);

#endif
