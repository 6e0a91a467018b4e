/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* My account: sessions, second factor, API tokens. */
#include "app/access/access_web.h"
#include "app/access/second_factor.h"
#include "app/access/session.h"
#include "app/access/token.h"
#include "app/records/record_web.h"
#include "base/texts.h"
#include "paper/qr.h"

#include <string.h>

/* ---- the page ---- */

/* What a token's form offers: everything, or everything that is only looked at. */
static struct doc *scope_doc(struct request *rq, const char *value, const char *label_key)
{
    struct doc *doc = doc_new(rq->cx.mem);
    doc_text(doc, "value", value);
    doc_text(doc, "label", texts_get(label_key, rq->cx.lang));
    return doc;
}

static const char *reading_rights(struct request *rq)
{
    struct text names = text_new(rq->cx.mem, 512);
    for (size_t i = 0; i < rights_count(); i++) {
        const char *name = rights_at(i)->name, *verb = strrchr(name, '.');
        if (verb && strcmp(verb, ".read") == 0 && actor_may(rq->cx.actor, name))
            text_printf(&names, "%s%s", names.len ? " " : "", name);
    }
    return text_end(&names);
}

static void put_scopes(struct request *rq)
{
    struct doc **scopes = ARENA_ARRAY(rq->cx.mem, struct doc *, 2);
    const char *reading = reading_rights(rq);
    size_t count = 0;
    if (*reading)
        scopes[count++] = scope_doc(rq, reading, "tokens.scope.read");
    scopes[count++] = scope_doc(rq, "all", "tokens.scope.all");
    rq->doc->page_only = true;
    doc_docs(rq->doc, "scopes", scopes, count);
    rq->doc->page_only = false;
}

/* "Chrome · Windows": what a person calls the device, of all that a browser says of itself. */
static const char *device_words(struct arena *arena, const char *agent)
{
    static const char *const BROWSERS[][2] = {
        {"MicroMessenger", "WeChat"}, {"DingTalk", "DingTalk"}, {"Edg", "Edge"},
        {"Firefox", "Firefox"},       {"Chrome", "Chrome"},     {"Safari", "Safari"}};
    static const char *const SYSTEMS[][2] = {{"Windows", "Windows"},     {"iPhone", "iPhone"},
                                             {"iPad", "iPad"},           {"Android", "Android"},
                                             {"HarmonyOS", "HarmonyOS"}, {"Mac OS X", "macOS"},
                                             {"Linux", "Linux"}};
    const char *browser = NULL, *system = NULL;
    for (size_t i = 0; !browser && i < sizeof BROWSERS / sizeof BROWSERS[0]; i++)
        browser = strstr(agent, BROWSERS[i][0]) ? BROWSERS[i][1] : NULL;
    for (size_t i = 0; !system && i < sizeof SYSTEMS / sizeof SYSTEMS[0]; i++)
        system = strstr(agent, SYSTEMS[i][0]) ? SYSTEMS[i][1] : NULL;
    if (browser && system)
        return arena_printf(arena, "%s · %s", browser, system);
    return arena_copy(arena, agent, strcspn(agent, "/ ")); /* a program's name */
}

static void put_sessions(struct request *rq, const struct session *sessions, size_t count)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count);
    for (size_t i = 0; i < count; i++) {
        struct doc *doc = docs[i] = doc_new(rq->cx.mem);
        doc_root(doc, SESSION_FIELDS, &sessions[i]);
        doc->page_only = true;
        doc_text(doc, "device", device_words(rq->cx.mem, sessions[i].agent));
        doc->page_only = false;
    }
    doc_docs(rq->doc, "sessions", docs, count);
}

static enum result put_own(struct request *rq)
{
    struct ctx *cx = &rq->cx;
    const struct list_query newest = {.limit = 100};
    struct account account;
    struct session *sessions;
    struct list tokens;
    size_t count;
    TRY(account_secrets(cx, cx->actor->account, &account));
    TRY(sessions_list(cx, &sessions, &count));
    TRY(record_list(cx, &TOKENS, &newest, &tokens));
    doc_text(rq->doc, "account", cx->actor->account);
    doc_text(rq->doc, "person", cx->actor->person_name);
    doc_text(rq->doc, "organisation", cx->actor->organisation_name);
    doc_text(rq->doc, "unit", cx->actor->unit_name);
    doc_roles(rq, rq->doc, cx->actor->roles);
    int64_t codes;
    TRY(recovery_codes_left(cx, account.id, &codes));
    doc_flag(rq->doc, "otp_on", account.otp_on);
    doc_int(rq->doc, "recovery_codes_left", codes);
    doc_int(rq->doc, "session_id", signed_in(rq)->session_id);
    put_sessions(rq, sessions, count);
    doc_records(rq->doc, "tokens", TOKENS.fields, tokens.rows, tokens.count, TOKENS.size);
    if (rq->face == FACE_PAGE)
        put_scopes(rq);
    return OK;
}

static enum result own_get(struct request *rq)
{
    return put_own(rq);
}

/* A refused form of this page comes back on the whole page. */
static enum result own_again(struct request *rq, enum result result)
{
    if (result != INVALID || rq->face != FACE_PAGE)
        return result;
    struct fault kept = rq->cx.fault;
    rq->cx.fault = (struct fault){.result = OK}; /* lists are refused while there are faults */
    TRY(put_own(rq));
    rq->cx.fault = kept;
    return result;
}

static enum result own_session_end_post(struct request *rq)
{
    int64_t id;
    TRY(path_id(rq, "id", &id));
    TRY(session_end(&rq->cx, id));
    return moved(rq, "flash.session_ended", "/own");
}

/* ---- second factor ---- */

/* The code as a picture within the page: an address of its own would have to say the secret. */
static void put_qr(struct request *rq, const char *uri)
{
    const char *svg;
    struct text source = text_new(rq->cx.mem, 4096);
    struct fault kept = fault_take(&rq->cx);
    if (qr_svg(&rq->cx, uri, texts_get("own.otp.qr", rq->cx.lang), &svg) == OK) {
        text_puts(&source, "data:image/svg+xml,");
        text_url(&source, svg, strlen(svg));
        doc_text(rq->doc, "qr", text_end(&source));
    }
    rq->cx.fault = kept;
}

static void put_secret(struct request *rq, const char *secret, const char *uri)
{
    struct text grouped = text_new(rq->cx.mem, 64);
    for (size_t i = 0; secret[i]; i++) {
        if (i && i % 4 == 0)
            text_putc(&grouped, ' ');
        text_putc(&grouped, secret[i]);
    }
    doc_text(rq->doc, "secret", secret);
    doc_text(rq->doc, "uri", uri);
    rq->doc->page_only = true;
    if (rq->face == FACE_PAGE)
        put_qr(rq, uri);
    doc_text(rq->doc, "grouped", text_end(&grouped));
    rq->doc->page_only = false;
}

static enum result otp_start_post(struct request *rq)
{
    const char *secret, *uri;
    TRY(prove_demand(rq));
    TRY(second_factor_start(&rq->cx, &secret, &uri));
    put_secret(rq, secret, uri);
    rq->page = "own_otp";
    return OK;
}

/* Shown this once. */
static enum result show_codes(struct request *rq)
{
    const char **codes = ARENA_ARRAY(rq->cx.mem, const char *, RECOVERY_CODES);
    TRY(recovery_codes_make(&rq->cx, codes));
    doc_texts(rq->doc, "recovery_codes", codes, RECOVERY_CODES);
    rq->page = "own_codes";
    return OK;
}

static enum result otp_confirm_post(struct request *rq)
{
    const char *secret, *uri;
    TRY(second_factor_show(&rq->cx, &secret, &uri));
    enum result result = second_factor_confirm(&rq->cx, input_text(rq, "code"));
    rq->keep = result == INVALID; /* a wrong code is entered in the trail */
    if (result == INVALID && rq->face == FACE_PAGE)
        put_secret(rq, secret, uri);
    TRY(result);
    doc_flag(rq->doc, "otp_on", true);
    return show_codes(rq);
}

static enum result otp_codes_post(struct request *rq)
{
    TRY(prove_demand(rq));
    return show_codes(rq);
}

static enum result otp_stop_post(struct request *rq)
{
    TRY(prove_demand(rq));
    TRY(second_factor_stop(&rq->cx));
    doc_flag(rq->doc, "otp_on", false);
    return moved(rq, "flash.otp_off", "/own");
}

/* ---- tokens ---- */

static const struct record_face TOKEN_FACE = {.resource = &TOKENS};

static enum result token_create(struct request *rq, struct token *token, const char **out_key)
{
    TRY(body_read(rq, TOKENS.fields, token, true, NULL));
    return token_add(&rq->cx, token, out_key);
}

static enum result token_create_post(struct request *rq)
{
    struct token *token = ARENA_NEW(rq->cx.mem, struct token);
    const char *key;
    fields_blank(TOKENS.fields, token);
    TRY(own_again(rq, token_create(rq, token, &key)));
    doc_root(rq->doc, TOKENS.fields, token);
    doc_text(rq->doc, "token", key);
    TRY(created(rq, "/tokens/%lld", (long long)token->id));
    return show_once(rq);
}

static enum result token_revoke_post(struct request *rq)
{
    struct token *token = ARENA_NEW(rq->cx.mem, struct token);
    TRY(record_for_action(rq, &TOKENS, token));
    TRY(token_revoke(&rq->cx, token));
    TRY(record_get(&rq->cx, &TOKENS, token->id, token));
    doc_root(rq->doc, TOKENS.fields, token);
    return moved(rq, "flash.token_revoked", "/own");
}

/* clang-format off */
const struct route OWN_ROUTES[] = {
    {GET,  "/own",                   SIGNED_IN, own_get,              "own",
     .flags = SESSION_ONLY, .nav = "own"},
    {POST, "/own/sessions/{id}/end", SIGNED_IN, own_session_end_post, "fault",
     .flags = SESSION_ONLY, .nav = "own"},
    {POST, "/own/otp/start",         SIGNED_IN, otp_start_post,       "fault",
     .flags = SESSION_ONLY, .prepare = prove_prepare, .nav = "own"},
    {POST, "/own/otp/confirm",       SIGNED_IN, otp_confirm_post,     "own_otp",
     .flags = SESSION_ONLY, .nav = "own"},
    {POST, "/own/otp/codes",         SIGNED_IN, otp_codes_post,       "fault",
     .flags = SESSION_ONLY, .prepare = prove_prepare, .nav = "own"},
    {POST, "/own/otp/stop",          SIGNED_IN, otp_stop_post,        "fault",
     .flags = SESSION_ONLY, .prepare = prove_prepare, .nav = "own"},
    {GET,  "/tokens",                SIGNED_IN, record_list_get,
     .flags = API_ONLY | SESSION_ONLY, .subject = &TOKEN_FACE},
    {GET,  "/tokens/{id}",           SIGNED_IN, record_show_get,
     .flags = API_ONLY | SESSION_ONLY, .subject = &TOKEN_FACE},
    {POST, "/tokens",                SIGNED_IN, token_create_post,    "own",
     .flags = SESSION_ONLY, .subject = &TOKEN_FACE, .nav = "own"},
    {POST, "/tokens/{id}/revoke",    SIGNED_IN, token_revoke_post,    "fault",
     .flags = SESSION_ONLY, .nav = "own"},
    ROUTES_END,
};
/* clang-format on */
