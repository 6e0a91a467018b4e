/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Signing in and out, the own password, and proving it once more. */
#include "app/access/access_web.h"
#include "app/access/second_factor.h"
#include "app/access/session.h"
#include "jobs/hasher.h"

#include <string.h>

/* What a route's prepare leaves for its handler. */
struct prepared {
    struct proof proof;
    char hash[PASSWORD_TEXT]; /* of the new password */
};

enum result with_retry_after(struct request *rq, enum result result)
{
    if (result == TOO_MANY)
        reply_header(rq, "Retry-After", rq->cx.fault.args[0]);
    return result;
}

/* A place on this site: "//elsewhere" and "/\elsewhere" are not. */
static const char *local_path(const char *path)
{
    bool is_local = path[0] == '/' && path[1] != '/' && path[1] != '\\';
    for (const char *c = path; *c; c++)
        is_local = is_local && (unsigned char)*c > ' ';
    return is_local ? path : "/";
}

/* ---- who I am ---- */

void doc_roles(struct request *rq, struct doc *doc, struct set roles)
{
    const char **names = ARENA_ARRAY(rq->cx.mem, const char *, ROLE_COUNT);
    size_t count = 0;
    for (unsigned role = 1; role < ROLE_COUNT; role++)
        if (roles.bits >> (role - 1) & 1)
            names[count++] = choice_name(ROLES, role);
    doc_texts(doc, "roles", names, count);
}

static void doc_actor(struct request *rq, const struct actor *actor, bool must_change,
                      const char *csrf)
{
    doc_text(rq->doc, "account", actor->account);
    doc_text(rq->doc, "person", actor->person_name);
    doc_int(rq->doc, "person_id", actor->person_id);
    doc_text(rq->doc, "organisation", actor->organisation_name);
    doc_text(rq->doc, "side", choice_name(SIDES, actor->side));
    doc_roles(rq, rq->doc, actor->roles);
    doc_flag(rq->doc, "must_change", must_change);
    doc_text(rq->doc, "csrf", csrf);
}

/* A session has just begun: the browser gets its cookie, a program the same key as its token. */
static enum result answer_key(struct request *rq, const char *key, const char *flash_key,
                              const char *next)
{
    struct identity identity;
    struct actor *actor = ARENA_NEW(rq->cx.mem, struct actor);
    TRY(identity_of_key(&rq->cx, key, &identity));
    identity_actor(rq->cx.mem, &identity, actor);
    session_cookie(rq, key);
    doc_actor(rq, actor, identity.must_change, key_csrf(&rq->cx, key));
    doc_text(rq->doc, "token", key);
    return moved(rq, flash_key, "%s", identity.must_change ? "/password" : next);
}

static enum result session_get(struct request *rq)
{
    doc_actor(rq, rq->cx.actor, signed_in(rq)->must_change, rq->csrf);
    return OK;
}

/* ---- in and out ---- */

static enum result login_get(struct request *rq)
{
    const char *next = local_path(query_text(rq, "next"));
    if (rq->cx.actor)
        return moved(rq, NULL, "%s", next);
    rq->doc->page_only = true;
    doc_text(rq->doc, "next", next);
    rq->doc->page_only = false;
    return OK;
}

/* A refused sign-in shows its form again. */
static enum result refused(struct request *rq, enum result result)
{
    if (result == OK || rq->face != FACE_PAGE)
        return with_retry_after(rq, result);
    rq->doc->page_only = true;
    doc_text(rq->doc, "next", local_path(input_text(rq, "next")));
    rq->doc->page_only = false;
    return with_retry_after(rq, result);
}

struct signing_in {
    const char *account, *password, *otp;
};
static const struct field SIGN_IN_INPUT[] = {
    FIELD(signing_in, account, .in = MUST),
    FIELD(signing_in, password, .in = MUST),
    FIELD(signing_in, otp, .in = MAY, .max = 40),
    FIELDS_END,
};

static enum result session_prepare(struct request *rq)
{
    struct prepared *prepared = ARENA_NEW(rq->cx.mem, struct prepared);
    const char *account = account_name_typed(&rq->cx, input_text(rq, "account"));
    rq->prepared = prepared;
    return refused(rq, proof_make(&rq->cx, account, input_text(rq, "password"), &prepared->proof));
}

/* ---- the second step ---- */

static void step_cookie(struct request *rq, const char *key)
{
    rq->set_cookie = arena_printf(
        rq->cx.mem, "luyue_step=%s; Path=/session; HttpOnly; SameSite=Strict%s; Max-Age=%d", key,
        rq->secure ? "; Secure" : "", (int)(SECOND_STEP_MS / 1000));
}

static bool fault_is(const struct request *rq, const char *code)
{
    return rq->cx.fault.code && strcmp(rq->cx.fault.code, code) == 0;
}

/* Where one wanted to go, on the way from step to step. */
static const char *with_next(struct request *rq, const char *path, const char *next)
{
    struct text place = text_new(rq->cx.mem, 64);
    text_printf(&place, "%s?next=", path);
    text_url(&place, next, strlen(next));
    return text_end(&place);
}

static enum result to_second_step(struct request *rq, const char *account, const char *next)
{
    const char *key;
    rq->cx.fault = (struct fault){.result = OK};
    TRY(second_step_begin(&rq->cx, account, &key));
    step_cookie(rq, key);
    return moved(rq, NULL, "%s", with_next(rq, "/session/code", next));
}

static enum result code_get(struct request *rq)
{
    const char *next = local_path(query_text(rq, "next"));
    rq->doc->page_only = true;
    doc_text(rq->doc, "next", next);
    rq->doc->page_only = false;
    return OK;
}

struct code_input {
    const char *otp;
};
static const struct field CODE_INPUT[] = {
    FIELD(code_input, otp, .in = MUST, .max = 40),
    FIELDS_END,
};

static enum result code_post(struct request *rq)
{
    const char *key = NULL, *next = local_path(input_text(rq, "next"));
    const int64_t former = rq->cx.actor ? signed_in(rq)->session_id : 0;
    enum result result =
        second_step_finish(&rq->cx, cookie_text(rq, "luyue_step"), input_text(rq, "otp"),
                           header_text(rq, "User-Agent"), former, &key);
    if (fault_is(rq, "access.step_over")) {
        rq->cx.fault = (struct fault){.result = OK};
        return moved(rq, "flash.step_over", "%s", with_next(rq, "/login", next));
    }
    rq->keep = result == UNAUTHENTICATED;
    TRY(refused(rq, result));
    return answer_key(rq, key, NULL, next);
}

static enum result session_post(struct request *rq)
{
    const struct prepared *prepared = rq->prepared;
    const char *key = NULL, *next = local_path(input_text(rq, "next"));
    int64_t former = rq->cx.actor ? signed_in(rq)->session_id : 0;
    enum result result = session_sign_in(&rq->cx, &prepared->proof, input_text(rq, "otp"),
                                         header_text(rq, "User-Agent"), former, &key);
    if (rq->face == FACE_PAGE && fault_is(rq, "access.otp_required"))
        return to_second_step(rq, prepared->proof.account, next);
    rq->keep = result == UNAUTHENTICATED;
    TRY(refused(rq, result));
    return answer_key(rq, key, NULL, next);
}

static enum result session_end_any(struct request *rq)
{
    TRY(session_end(&rq->cx, signed_in(rq)->session_id));
    session_cookie(rq, "");
    return moved(rq, "flash.signed_out", "/login");
}

/* ---- the own password ---- */

static enum result password_get(struct request *rq)
{
    rq->doc->page_only = true;
    doc_flag(rq->doc, "must_change", signed_in(rq)->must_change);
    rq->doc->page_only = false;
    return OK;
}

/* The form again, after a refusal. */
static enum result password_again(struct request *rq, enum result result)
{
    if (result == INVALID && rq->face == FACE_PAGE)
        TRY(password_get(rq));
    return with_retry_after(rq, result);
}

static enum result password_prepare(struct request *rq)
{
    struct prepared *prepared = ARENA_NEW(rq->cx.mem, struct prepared);
    const char *account = rq->cx.actor->account;
    const char *current = input_text(rq, "current"), *wanted = input_text(rq, "new");
    rq->prepared = prepared;
    password_check(&rq->cx, "new", account, wanted);
    if (strcmp(current, wanted) == 0)
        reject(&rq->cx, "new", "same_password");
    TRY(password_again(rq, rejected(&rq->cx)));
    TRY(with_retry_after(rq, proof_make(&rq->cx, account, current, &prepared->proof)));
    return prepared->proof.matches ? hasher_hash(&rq->cx, wanted, prepared->hash) : OK;
}

/* Settles a proof of the actor's own password; *out_right false was counted, to be committed. */
static enum result settle(struct request *rq, const struct proof *proof, struct account *out,
                          bool *out_right)
{
    TRY(with_retry_after(rq, proof_judge(&rq->cx, proof, out, out_right)));
    if (*out_right)
        return failures_forget(&rq->cx, out->name);
    TRY(failure_count(&rq->cx, proof->account, out, "proof_failed"));
    rq->keep = true;
    return OK;
}

static enum result password_post(struct request *rq)
{
    const struct prepared *prepared = rq->prepared;
    struct account account;
    const char *key;
    bool right;
    TRY(settle(rq, &prepared->proof, &account, &right));
    if (!right)
        reject(&rq->cx, "current", "wrong_password");
    TRY(password_again(rq, rejected(&rq->cx)));
    TRY(password_set(&rq->cx, &account, "password", prepared->hash, false));
    TRY(session_start(&rq->cx, account.id, header_text(rq, "User-Agent"), &key));
    return answer_key(rq, key, "flash.password_changed", "/");
}

struct signing {
    const char *sha256, *password;
};
const struct field SIGNING_INPUT[] = {
    FIELD(signing, sha256, .in = MUST, .max = 64),
    FIELD(signing, password, .in = MUST),
    FIELDS_END,
};

enum result prove_prepare(struct request *rq)
{
    struct prepared *prepared = ARENA_NEW(rq->cx.mem, struct prepared);
    rq->prepared = prepared;
    return with_retry_after(rq, proof_make(&rq->cx, rq->cx.actor->account,
                                           input_text(rq, "password"), &prepared->proof));
}

enum result prove_demand(struct request *rq)
{
    const struct prepared *prepared = rq->prepared;
    struct account account;
    bool right;
    TRY(settle(rq, &prepared->proof, &account, &right));
    return right ? OK : fail(&rq->cx, FORBIDDEN, "access.wrong_password");
}

/* ---- somebody else beside whoever is signed in ---- */

enum result companion_prepare(struct request *rq)
{
    struct prepared *prepared = ARENA_NEW(rq->cx.mem, struct prepared);
    const char *account = account_name_typed(&rq->cx, input_text(rq, "account"));
    rq->prepared = prepared;
    return with_retry_after(
        rq, proof_make(&rq->cx, account, input_text(rq, "password"), &prepared->proof));
}

static enum result companion_code(struct request *rq, const struct account *account)
{
    const char *otp = input_text(rq, "otp");
    bool right;
    if (!account->otp_on)
        return OK;
    if (!*otp)
        return fail(&rq->cx, FORBIDDEN, "access.otp_required");
    TRY(second_factor_use(&rq->cx, account, otp, &right));
    if (right)
        return OK;
    TRY(failure_count(&rq->cx, account->name, account, "proof_failed"));
    rq->keep = true;
    return fail(&rq->cx, FORBIDDEN, "access.otp_wrong");
}

enum result companion_demand(struct request *rq, struct actor *out)
{
    const struct prepared *prepared = rq->prepared;
    struct account account;
    struct identity identity;
    bool right;
    TRY(settle(rq, &prepared->proof, &account, &right));
    if (!right)
        return fail(&rq->cx, FORBIDDEN, "access.wrong_password");
    TRY(companion_code(rq, &account));
    enum result found = identity_of_account(&rq->cx, account.id, &identity);
    if (found == NOT_FOUND || (found == OK && identity.must_change))
        return fail(&rq->cx, FORBIDDEN, "access.password_first");
    TRY(found);
    identity_actor(rq->cx.mem, &identity, out);
    return OK;
}

/* ---- language ---- */

static enum result language_post(struct request *rq)
{
    const char *lang = strcmp(input_text(rq, "lang"), "en") == 0 ? "en" : "zh";
    rq->set_cookie =
        arena_printf(rq->cx.mem, "lang=%s; Path=/; HttpOnly; SameSite=Lax%s; Max-Age=31536000",
                     lang, rq->secure ? "; Secure" : "");
    doc_text(rq->doc, "lang", lang);
    return moved(rq, NULL, "%s", local_path(input_text(rq, "back")));
}

/* clang-format off */
const struct route SESSION_ROUTES[] = {
    {GET,    "/login",       PUBLIC,    login_get,       "bare_login", .flags = PAGE_ONLY},
    {POST,   "/session",     PUBLIC,    session_post,    "bare_login", .prepare = session_prepare,
     .input = SIGN_IN_INPUT},
    {GET,    "/session/code", PUBLIC,   code_get,        "bare_code", .flags = PAGE_ONLY},
    {POST,   "/session/code", PUBLIC,   code_post,       "bare_code", .flags = PAGE_ONLY,
     .input = CODE_INPUT},
    {GET,    "/session",     SIGNED_IN, session_get,     .flags = API_ONLY},
    {DELETE, "/session",     SIGNED_IN, session_end_any, .flags = API_ONLY | SESSION_ONLY},
    {POST,   "/session/end", SIGNED_IN, session_end_any, "fault", .flags = SESSION_ONLY},
    {GET,    "/password",    SIGNED_IN, password_get,    "password",
     .flags = PAGE_ONLY | SESSION_ONLY, .nav = "own"},
    {POST,   "/password",    SIGNED_IN, password_post,   "password", .flags = SESSION_ONLY,
     .prepare = password_prepare, .nav = "own"},
    {POST,   "/language",    PUBLIC,    language_post,   "fault"},
    ROUTES_END,
};
/* clang-format on */
