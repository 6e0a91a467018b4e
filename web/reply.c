/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From a result and a document to what HTTP sends: JSON, a page, or a refusal. The only place that
 * knows status numbers. */
#include "base/json.h"
#include "base/log.h"
#include "base/texts.h"
#include "web/server_private.h"

#include <string.h>
#include <strings.h>

#define INPUTS_MAX 200 /* values of a refused form that are shown again */
#define FLASH_MAX 1000 /* bytes */
#define BODY_FIRST ((size_t)16 << 10)
#define REDIRECT 303
#define PLAIN "text/plain; charset=utf-8"

static const struct part PAGE_HEADERS[] = {
    {.name = "Content-Security-Policy",
     .value = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
              "img-src 'self' data: blob:; media-src 'self'; connect-src 'self'; "
              "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"},
    {.name = "X-Content-Type-Options", .value = "nosniff"},
    {.name = "Referrer-Policy", .value = "same-origin"},
    {.name = "Cross-Origin-Opener-Policy", .value = "same-origin"},
    {.name = "Permissions-Policy",
     .value = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"},
    {.name = NULL},
};
/* What a program reads is no page: opened as one it may do nothing at all. */
static const struct part API_HEADERS[] = {
    {.name = "Content-Security-Policy", .value = "default-src 'none'; frame-ancestors 'none'"},
    {.name = "X-Content-Type-Options", .value = "nosniff"},
    {.name = NULL},
};
const struct part *const REPLY_HEADERS[] = {[FACE_PAGE] = PAGE_HEADERS, [FACE_API] = API_HEADERS};

static const struct {
    int status;
    const char *code; /* when nobody said a better one */
    const char *retry_after;
} RESULTS[RESULT_COUNT] = {
    [OK] = {200, "", NULL},
    [NOT_FOUND] = {404, "request.not_found", NULL},
    [INVALID] = {422, "input.invalid", NULL},
    [CONFLICT] = {409, "request.conflict", NULL},
    [UNAUTHENTICATED] = {401, "request.sign_in", NULL},
    [FORBIDDEN] = {403, "request.forbidden", NULL},
    [TOO_LARGE] = {413, "request.too_large", NULL},
    [TOO_MANY] = {429, "request.too_many", "60"},
    [BUSY] = {503, "server.busy", "1"},
    [BROKEN] = {500, "server.broken", NULL},
};

/* Requests that are wrong as HTTP, not in what they say. */
static const struct {
    const char *code;
    int status;
} CODES[] = {
    {"request.bad_utf8", 400},   {"request.malformed", 400},       {"request.too_deep", 400},
    {"request.not_object", 400}, {"request.method", 405},          {"request.too_long", 414},
    {"request.media_type", 415}, {"request.too_many_fields", 400},
};

static bool fault_is(const struct request *rq, const char *code)
{
    return rq->cx.fault.code && strcmp(rq->cx.fault.code, code) == 0;
}

static int status_of(const struct request *rq, enum result result)
{
    if (rq->status && (result == OK || rq->status >= 300)) /* no failure looks like a success */
        return rq->status;
    for (size_t i = 0; result == INVALID && i < sizeof CODES / sizeof CODES[0]; i++)
        if (fault_is(rq, CODES[i].code))
            return CODES[i].status;
    return RESULTS[result].status;
}

/* ---- what handlers say ---- */

/* A place on this site, fit for a header; "/" for everything else. */
static const char *local_place(struct arena *arena, const char *place)
{
    struct text out = text_new(arena, strlen(place) + 16);
    if (place[0] != '/' || place[1] == '/' || place[1] == '\\')
        return "/";
    for (const char *c = place; *c; c++) {
        if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7f || *c == '\\' || *c == '"')
            text_url(&out, c, 1);
        else
            text_putc(&out, *c);
    }
    return text_end(&out);
}

enum result created(struct request *rq, const char *location_format, ...)
{
    va_list args;
    va_start(args, location_format);
    rq->location = arena_vprintf(rq->cx.mem, location_format, args);
    va_end(args);
    if (rq->face == FACE_API)
        rq->status = 201;
    return OK;
}

enum result moved(struct request *rq, const char *flash_key, const char *location_format, ...)
{
    va_list args;
    if (rq->face == FACE_API)
        return OK;
    va_start(args, location_format);
    rq->location = arena_vprintf(rq->cx.mem, location_format, args);
    va_end(args);
    if (flash_key)
        rq->flash = texts_get(flash_key, rq->cx.lang);
    return OK;
}

/* ---- faults ---- */

/* What broke goes to the log and never outside. */
static void hide_broken(struct request *rq)
{
    struct fault *fault = &rq->cx.fault;
    log_error("%s: %s at %s (%s)", rq->cx.request, fault->code, fault->where ? fault->where : "?",
              rq->route ? rq->route->path : "-");
    *fault = (struct fault){.result = BROKEN, .code = RESULTS[BROKEN].code};
}

/* Every failure has a code, also one whose cause nobody named. */
static void fault_complete(struct request *rq, enum result result)
{
    struct fault *fault = &rq->cx.fault;
    bool said = false;
    if (fault->result != result || !fault->code)
        *fault = (struct fault){.result = result,
                                .code = RESULTS[result].code,
                                .fields = fault->fields,
                                .where = fault->where};
    if (result == BROKEN)
        hide_broken(rq);
    for (const struct part *header = rq->headers; header; header = header->next)
        said = said || strcmp(header->name, "Retry-After") == 0;
    if (RESULTS[result].retry_after && !said)
        reply_header(rq, "Retry-After", RESULTS[result].retry_after);
}

/* ---- API ---- */

static void put_bytes(struct reply *out, struct text *text, const char *media_type)
{
    out->is_cut = text->full;
    out->bytes = text->at;
    out->len = text->len;
    out->media_type = media_type;
}

static void write_field_fault(struct request *rq, struct json_writer *json,
                              const struct field_fault *field)
{
    json_object(json);
    json_key(json, "field");
    json_string(json, field->field);
    json_key(json, "code");
    json_string(json, field->code);
    json_key(json, "message");
    json_string(json, field_fault_words(rq->cx.mem, field, rq->cx.lang));
    if (*field->clause) {
        json_key(json, "clause");
        json_string(json, field->clause);
    }
    json_object_end(json);
}

static void api_fault(struct request *rq, struct reply *out)
{
    const struct fault *fault = &rq->cx.fault;
    struct text text = text_new(rq->cx.mem, 1024);
    struct json_writer json = {.out = &text};
    json_object(&json);
    json_key(&json, "error");
    json_object(&json);
    json_key(&json, "code");
    json_string(&json, fault->code);
    json_key(&json, "message");
    json_string(&json, fault_words(rq->cx.mem, fault, rq->cx.lang));
    json_key(&json, "fields");
    json_array(&json);
    for (const struct field_fault *field = fault->fields; field; field = field->next)
        write_field_fault(rq, &json, field);
    json_array_end(&json);
    json_key(&json, "request");
    json_string(&json, rq->cx.request);
    json_object_end(&json);
    json_object_end(&json);
    put_bytes(out, &text, "application/json");
}

static void api_reply(struct request *rq, enum result result, struct reply *out)
{
    if (result == UNAUTHENTICATED)
        reply_header(rq, "WWW-Authenticate", "Bearer");
    if (result != OK) {
        api_fault(rq, out);
        return;
    }
    struct text text = text_new(rq->cx.mem, BODY_FIRST);
    struct json_writer json = {.out = &text};
    json_doc(&json, rq->doc);
    put_bytes(out, &text, "application/json");
}

/* ---- pages ---- */

static void flash_cookie(struct request *rq, const char *words, int seconds)
{
    struct text cookie = text_new(rq->cx.mem, 256);
    text_puts(&cookie, "flash=");
    text_url(&cookie, words, strlen(words));
    text_printf(&cookie, "; Path=/; HttpOnly; SameSite=Lax; Max-Age=%d%s", seconds,
                rq->secure ? "; Secure" : "");
    reply_header(rq, "Set-Cookie", text_end(&cookie));
}

static void redirect(struct request *rq, const char *place, struct reply *out)
{
    /* htmx follows a redirect by itself and would put the login page into a part of this one. */
    if (*header_text(rq, "HX-Request") && fault_is(rq, "request.sign_in"))
        reply_header(rq, "HX-Redirect", local_place(rq->cx.mem, place));
    else
        out->status = REDIRECT;
    reply_header(rq, "Location", local_place(rq->cx.mem, place));
    if (rq->flash && strlen(rq->flash) <= FLASH_MAX)
        flash_cookie(rq, rq->flash, 60);
}

static void put_flash(struct request *rq, struct doc *doc)
{
    const char *sent = cookie_text(rq, "flash");
    if (!*sent)
        return;
    struct span words = url_decode(rq->cx.mem, span_of(sent), false);
    if (strlen(words.at) == words.len && utf8_valid(words.at, words.len))
        doc_text(doc, "flash", words.at);
    flash_cookie(rq, "", 0);
}

static void put_fault(struct request *rq, struct doc *doc)
{
    const struct fault *fault = &rq->cx.fault;
    struct doc *one = doc_new(rq->cx.mem);
    size_t count = 0;
    for (const struct field_fault *field = fault->fields; field; field = field->next)
        count++;
    struct doc **fields = ARENA_ARRAY(rq->cx.mem, struct doc *, count);
    count = 0;
    for (const struct field_fault *field = fault->fields; field; field = field->next) {
        struct doc *wrong = fields[count++] = doc_new(rq->cx.mem);
        doc_text(wrong, "field", field->field);
        doc_text(wrong, "code", field->code);
        doc_text(wrong, "message", field_fault_words(rq->cx.mem, field, rq->cx.lang));
        doc_text(wrong, "clause", field->clause);
    }
    doc_text(one, "code", fault->code);
    doc_text(one, "message", fault_words(rq->cx.mem, fault, rq->cx.lang));
    doc_docs(one, "fields", fields, count);
    doc_doc(doc, "fault", one);
}

/* What was typed: a text, or texts where a name came more than once. */
static void put_input(struct request *rq, struct doc *doc)
{
    struct doc *input = doc_new(rq->cx.mem);
    size_t shown = 0;
    for (const struct part *part = rq->form; part && shown < INPUTS_MAX; part = part->next) {
        size_t count = 0, same_count = 0;
        if (part->file_name || part->name[0] == '_' ||
            doc_find(input, part->name, strlen(part->name)))
            continue;
        shown++;
        for (const struct part *same = part; same; same = same->next)
            same_count += strcmp(same->name, part->name) == 0;
        if (same_count == 1) {
            doc_text(input, part->name, part->value);
            continue;
        }
        const char **values = ARENA_ARRAY(rq->cx.mem, const char *, same_count);
        for (const struct part *same = part; same; same = same->next)
            if (strcmp(same->name, part->name) == 0)
                values[count++] = same->value;
        doc_texts(input, part->name, values, count);
    }
    doc_doc(doc, "input", input);
}

/* Where the language switch comes back to: this page or, where a refused POST shows it at an
 * address that cannot be asked for, the nearest page above it. */
static const char *place_to_return(const struct exchange *x)
{
    const struct request *rq = &x->rq;
    if (rq->method == GET || !rq->route)
        return rq->target;
    char *path = arena_dup(rq->cx.mem, rq->path);
    for (char *end = path + strlen(path); end > path; end = strrchr(path, '/')) {
        *end = '\0';
        struct route_match found =
            router_find(x->server->router, rq->cx.mem, GET, path, strlen(path));
        if (found.route && route_has_face(found.route, FACE_PAGE))
            return path;
    }
    return "/";
}

/* The page from which a form was sent, where the browser says it and it is one of ours: the way
 * back to what was typed there. NULL: not known. */
static const char *form_place(const struct exchange *x)
{
    const struct request *rq = &x->rq;
    const char *from = header_text(rq, "Referer"), *host = strstr(from, "://");
    const char *ours = x->peer->trusted ? header_text(rq, "X-Forwarded-Host") : "";
    ours = *ours ? ours : header_text(rq, "Host");
    const size_t len = strlen(ours);
    if (rq->method == GET || !host || !len || strncasecmp(host + 3, ours, len) != 0 ||
        host[3 + len] != '/')
        return NULL;
    const char *place = host + 3 + len;
    struct route_match found =
        router_find(x->server->router, rq->cx.mem, GET, place, strcspn(place, "?#"));
    return found.route && route_has_face(found.route, FACE_PAGE) ? place : NULL;
}

/* What every page has beside its document. */
static void put_surroundings(struct exchange *x, enum result result)
{
    struct request *rq = &x->rq;
    struct doc *doc = rq->doc;
    doc->page_only = true;
    if (x->server->host.dress)
        x->server->host.dress(rq, doc);
    doc->page_only = true;
    put_flash(rq, doc);
    doc_text(doc, "csrf", rq->csrf ? rq->csrf : "");
    doc_text(doc, "path", rq->path);
    doc_text(doc, "back", place_to_return(x));
    doc_text(doc, "lang", rq->cx.lang == LANG_EN ? "en" : "zh");
    doc_text(doc, "request", rq->cx.request);
    if (result == OK)
        return;
    doc_int(doc, "status", status_of(rq, result));
    doc_text(doc, "form_href", form_place(x));
    put_fault(rq, doc);
    put_input(rq, doc);
}

static void render(struct exchange *x, const struct page *page, enum result result,
                   struct reply *out)
{
    struct request *rq = &x->rq;
    struct text text = text_new(rq->cx.mem, BODY_FIRST);
    const bool fragment = *header_text(rq, "HX-Request") && !*header_text(rq, "HX-Boosted"),
               alone = fragment || page->is_bare;
    const struct pages *pages = x->server->pages;
    put_surroundings(x, result);
    if (!alone)
        template_render(pages->before[rq->cx.lang], rq->doc, &text);
    template_render(page->in[rq->cx.lang], rq->doc, &text);
    if (!alone)
        template_render(pages->behind[rq->cx.lang], rq->doc, &text);
    put_bytes(out, &text, "text/html; charset=utf-8");
}

/* The page where the form that was refused can be shown again. */
static const char *form_page(const struct request *rq, enum result result)
{
    bool again =
        result == INVALID || result == CONFLICT || result == UNAUTHENTICATED || result == TOO_MANY;
    if (!again || !rq->route || (rq->method == GET && !rq->page))
        return NULL;
    return rq->page ? rq->page : rq->route->page;
}

/* Also on a server without pages, which says what is wrong in plain words. */
static void refuse(struct exchange *x, const char *name, enum result result, struct reply *out)
{
    struct request *rq = &x->rq;
    const struct page *page = page_find(x->server->pages, name);
    out->status = status_of(rq, result);
    if (page) {
        render(x, page, result, out);
        return;
    }
    struct text text = text_new(rq->cx.mem, 256);
    text_puts(&text, fault_words(rq->cx.mem, &rq->cx.fault, rq->cx.lang));
    put_bytes(out, &text, PLAIN);
}

static void page_fault(struct exchange *x, enum result result, struct reply *out)
{
    struct request *rq = &x->rq;
    const char *form = form_page(rq, result);
    if (rq->location && rq->status == REDIRECT) {
        redirect(rq, rq->location, out);
    } else if (fault_is(rq, "request.sign_in")) {
        struct text place = text_new(rq->cx.mem, 128);
        const char *next = rq->method == GET ? rq->target : form_place(x);
        text_puts(&place, "/login");
        if (next) {
            text_puts(&place, "?next=");
            text_url(&place, next, strlen(next));
        }
        redirect(rq, text_end(&place), out);
    } else {
        refuse(x, form ? form : "fault", result, out);
    }
}

static void page_reply(struct exchange *x, enum result result, struct reply *out)
{
    struct request *rq = &x->rq;
    const char *name = rq->page ? rq->page : rq->route && rq->route->page ? rq->route->page : "";
    const struct page *page = page_find(x->server->pages, name);
    if (result != OK) {
        page_fault(x, result, out);
    } else if (rq->location) {
        redirect(rq, rq->location, out);
    } else if (page) {
        render(x, page, result, out);
    } else {
        result = fail(&rq->cx, BROKEN, "server.no_page");
        fault_complete(rq, result);
        refuse(x, "fault", result, out);
    }
}

/* ---- all ---- */

bool builtin_reply(struct exchange *x, struct reply *out)
{
    struct server *server = x->server;
    const char *metrics = server->options.metrics_path;
    const char *path = arena_copy(x->arena, x->target.at, strcspn(x->target.at, "?"));
    bool is_health = strcmp(path, "/healthz") == 0;
    out->status = RESULTS[OK].status;
    if (!is_health && (!metrics || strcmp(path, metrics) != 0))
        return asset_reply(x, path, out);
    struct text text = text_new(x->arena, 64);
    bool healthy = !is_health || server->host.reader(server->host.app);
    if (is_health)
        text_puts(&text, healthy ? "ok" : "no database");
    else
        metrics_write(&server->metrics, slow_waiting(server->slow), &text);
    out->status = RESULTS[healthy ? OK : BUSY].status;
    out->cache = "no-store";
    put_bytes(out, &text, PLAIN);
    return true;
}

bool reply_tagged(struct request *rq, const char *etag, struct reply *out)
{
    const char *quoted = arena_printf(rq->cx.mem, "\"%s\"", etag);
    const char *known = header_text(rq, "If-None-Match");
    reply_header(rq, "ETag", quoted);
    if (!strstr(known, quoted) && strcmp(known, "*") != 0)
        return false;
    out->status = 304;
    out->media_type = NULL;
    out->len = 0;
    return true;
}

static void stream_answer(struct exchange *x, struct reply *out)
{
    switch (stream_reply(x, out)) {
    case PORTION_ALL:
        break;
    case PORTION_PART:
        out->status = 206;
        break;
    case PORTION_NONE:
        out->status = 416;
        break;
    }
}

static void answer(struct exchange *x, struct reply *out)
{
    struct request *rq = &x->rq;
    if (x->result != OK)
        fault_complete(rq, x->result);
    out->status = status_of(rq, x->result);
    if (out->status == NO_CONTENT)
        return;
    if (rq->location && x->result == OK && rq->face == FACE_API)
        reply_header(rq, "Location",
                     arena_printf(rq->cx.mem, "/api%s", local_place(rq->cx.mem, rq->location)));
    if (rq->stream && x->result == OK)
        stream_answer(x, out);
    else if (rq->face == FACE_API)
        api_reply(rq, x->result, out);
    else
        page_reply(x, x->result, out);
}

void reply_make(struct exchange *x, struct reply *out)
{
    struct request *rq = &x->rq;
    out->cache = "no-store";
    if (x->is_options && x->result == OK) {
        out->status = NO_CONTENT;
        return;
    }
    answer(x, out);
    if (out->is_cut) { /* half an answer would pass for a whole one */
        rq->doc = doc_new(rq->cx.mem);
        x->result = fail(&rq->cx, BROKEN, "server.too_long");
        answer(x, out);
    }
    if (rq->set_cookie && (x->result == OK || rq->keep))
        reply_header(rq, "Set-Cookie", rq->set_cookie);
}
