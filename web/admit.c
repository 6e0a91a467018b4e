/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who may come in, and with what: path, identity, route, right, kind of body, origin. */
#include "base/hash.h"
#include "base/texts.h"
#include "web/server_private.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#define TARGET_MAX 8192

bool text_is_one_of(const char *text, const char *const *list)
{
    for (; list && *list; list++)
        if (strcmp(*list, text) == 0)
            return true;
    return false;
}

/* ---- where it came from ---- */

/* The last address that is not one of our proxies: what stands before it anybody may have written.
 */
static const char *forwarded_for(const struct exchange *x)
{
    const char *from = x->peer->address;
    char *list = arena_dup(x->arena, header_last(&x->rq, "X-Forwarded-For"));
    unsigned char binary[sizeof(struct in6_addr)];
    for (char *comma = list; comma;) {
        comma = strrchr(list, ',');
        const char *address = comma ? comma + 1 : list;
        address += strspn(address, " \t");
        if (comma)
            *comma = '\0';
        if (inet_pton(AF_INET, address, binary) != 1 && inet_pton(AF_INET6, address, binary) != 1)
            break;
        from = address;
        if (!text_is_one_of(address, x->server->options.trusted_proxies))
            break;
    }
    return from;
}

static void read_origin(struct exchange *x)
{
    struct request *rq = &x->rq;
    rq->cx.origin = x->peer->address;
    if (!x->peer->trusted)
        return;
    rq->cx.origin = forwarded_for(x);
    rq->secure = strcasecmp(header_last(rq, "X-Forwarded-Proto"), "https") == 0;
}

/* ---- target ---- */

static enum result read_target(struct exchange *x)
{
    struct request *rq = &x->rq;
    static const char API[] = "/api";
    enum { API_LEN = sizeof API - 1 };
    struct span target = x->target;
    rq->path = rq->target = "/"; /* until it is known to be fit to be shown */
    if (target.len >= API_LEN && memcmp(target.at, API, API_LEN) == 0 &&
        (target.len == API_LEN || target.at[API_LEN] == '/' || target.at[API_LEN] == '?'))
        rq->face = FACE_API;
    if (target.len > TARGET_MAX)
        return fail(&rq->cx, INVALID, "request.too_long", text_count(x->arena, TARGET_MAX));
    if (!url_valid(x->arena, target))
        return fail(&rq->cx, INVALID, "request.bad_utf8");
    rq->target = target.at;
    const char *query = memchr(target.at, '?', target.len);
    size_t skipped = rq->face == FACE_API ? API_LEN : 0;
    size_t len = (query ? (size_t)(query - target.at) : target.len) - skipped;
    rq->path = len ? arena_copy(x->arena, target.at + skipped, len) : "/";
    return OK;
}

/* ---- route ---- */

static bool look_up(struct exchange *x, enum method method)
{
    struct request *rq = &x->rq;
    struct route_match match =
        router_find(x->server->router, x->arena, method, rq->path, strlen(rq->path));
    if (!match.route || !route_has_face(match.route, rq->face))
        return false;
    rq->match = match;
    rq->route = match.route;
    rq->method = method;
    return true;
}

/* The methods that a request may turn out to have: a page's POST may say _method in its form. */
static size_t methods_of(const struct exchange *x, enum method out[3])
{
    static const struct {
        const char *verb;
        enum method method;
    } VERBS[] = {{"GET", GET}, {"HEAD", GET}, {"POST", POST}, {"PATCH", PATCH}, {"DELETE", DELETE}};
    size_t count = 0;
    for (size_t i = 0; i < sizeof VERBS / sizeof VERBS[0]; i++)
        if (strcmp(VERBS[i].verb, x->verb) == 0)
            out[count++] = VERBS[i].method;
    if (count && out[0] == POST && x->rq.face == FACE_PAGE) {
        out[count++] = PATCH;
        out[count++] = DELETE;
    }
    return count;
}

/* The Allow header of a path; false when nothing lives there. */
static bool allow(struct exchange *x)
{
    struct text methods = text_new(x->arena, 64);
    for (enum method method = GET; method < METHOD_COUNT; method++) {
        if (!look_up(x, method))
            continue;
        text_puts(&methods, method == GET ? "GET, HEAD" : method_name(method));
        text_puts(&methods, ", ");
    }
    x->rq.route = NULL;
    if (!methods.len)
        return false;
    text_puts(&methods, "OPTIONS");
    reply_header(&x->rq, "Allow", text_end(&methods));
    return true;
}

static size_t limit_of(const struct exchange *x)
{
    const struct server_options *options = &x->server->options;
    return x->rq.route->flags & (UPLOAD | RAW) ? options->upload_limit : options->body_limit;
}

/* The first route that fits; x->limit suits all that may be meant. */
static enum result find_route(struct exchange *x, const enum method *methods, size_t count)
{
    struct request *rq = &x->rq;
    x->limit = x->server->options.body_limit;
    for (size_t i = count; i-- > 0;)
        if (look_up(x, methods[i]) && limit_of(x) > x->limit)
            x->limit = limit_of(x);
    if (rq->route)
        return OK;
    if (!allow(x))
        return fail(&rq->cx, NOT_FOUND, "request.not_found");
    return fail(&rq->cx, INVALID, "request.method");
}

/* ---- identity and right ---- */

/* "Bearer KEY"; or "Basic", as call systems send it: any name, and the key as its password. */
static const char *bearer_of(const struct request *rq)
{
    static const char BEARER[] = "Bearer ", BASIC[] = "Basic ";
    const char *sent = header_text(rq, "Authorization");
    size_t len;
    if (strncasecmp(sent, BEARER, sizeof BEARER - 1) == 0) {
        sent += sizeof BEARER - 1;
        return sent + strspn(sent, " ");
    }
    if (strncasecmp(sent, BASIC, sizeof BASIC - 1) != 0)
        return "";
    const unsigned char *both = base64_read(rq->cx.mem, sent + sizeof BASIC - 1, &len);
    const char *text = both ? arena_copy(rq->cx.mem, (const char *)both, len) : "";
    const char *colon = strchr(text, ':');
    return colon ? colon + 1 : "";
}

static enum result identify(struct exchange *x)
{
    struct request *rq = &x->rq;
    rq->cx.db = x->server->host.reader(rq->app);
    if (!rq->cx.db)
        return fail(&rq->cx, BUSY, "server.busy");
    x->bearer = bearer_of(rq);
    enum result result = x->server->host.identify(rq, header_text(rq, "Cookie"), x->bearer);
    if (result != UNAUTHENTICATED || !rq->route || strcmp(rq->route->right, PUBLIC) != 0)
        return result;
    rq->cx.fault = (struct fault){.result = OK};
    return OK;
}

static enum result demand_route_right(struct exchange *x)
{
    struct request *rq = &x->rq;
    const char *right = rq->route->right;
    if (strcmp(right, PUBLIC) == 0)
        return OK;
    if (!rq->cx.actor)
        return fail(&rq->cx, UNAUTHENTICATED, "request.sign_in");
    if (strcmp(right, SIGNED_IN) != 0 && !x->server->host.has_right(rq, right))
        return x->server->host.refuse(rq, right);
    if (rq->by_token && (rq->route->flags & SESSION_ONLY))
        return fail(&rq->cx, FORBIDDEN, "request.not_by_token");
    return OK;
}

static bool leads(const struct request *rq, enum method method, const char *href)
{
    if (!rq->exchange)
        return true;
    const struct server *server = rq->exchange->server;
    struct route_match match =
        router_find(server->router, rq->cx.mem, method, href, strcspn(href, "?#"));
    if (!match.route || !route_has_face(match.route, FACE_PAGE))
        return false;
    const char *right = match.route->right;
    return strcmp(right, PUBLIC) == 0 || strcmp(right, SIGNED_IN) == 0 ||
           server->host.has_right(rq, right);
}

bool link_leads(const struct request *rq, const char *href)
{
    return leads(rq, GET, href);
}

bool form_leads(const struct request *rq, const char *action)
{
    return leads(rq, POST, action);
}

/* At least one of the routes that may be meant must be allowed. */
static enum result demand_any_right(struct exchange *x, const enum method *methods, size_t count)
{
    struct request *rq = &x->rq;
    enum result refused = NOT_FOUND;
    for (size_t i = count; i-- > 0;) { /* so that the first one is what was refused */
        if (!look_up(x, methods[i]))
            continue;
        rq->cx.fault = (struct fault){.result = OK};
        refused = demand_route_right(x);
        if (refused == OK)
            return OK;
    }
    return refused;
}

enum result admit(struct exchange *x)
{
    struct request *rq = &x->rq;
    enum method methods[3];
    size_t count = 0;
    read_origin(x);
    enum result target = read_target(x);
    if (rq->face == FACE_API && strncasecmp(header_text(rq, "Accept-Language"), "en", 2) == 0)
        rq->cx.lang = LANG_EN;
    TRY(target);
    x->limit = x->server->options.body_limit;
    if (x->is_options)
        return allow(x) ? OK : fail(&rq->cx, NOT_FOUND, "request.not_found");
    count = methods_of(x, methods);
    enum result found = find_route(x, methods, count);
    TRY(identify(x)); /* first, so that also a refusal knows who asks and in which language */
    TRY(found);
    return count == 1 ? demand_route_right(x) : demand_any_right(x, methods, count);
}

/* ---- body ---- */

/* The media type alone, in lower case; false when its charset is not ours. */
static bool read_body_type(struct request *rq)
{
    const char *sent = header_text(rq, "Content-Type");
    size_t len = strcspn(sent, "; \t");
    char *type = arena_copy(rq->cx.mem, sent, len);
    for (char *c = type; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c |= 0x20;
    rq->body_type = type;
    const char *charset = strcasestr(sent + len, "charset=");
    if (!charset)
        return true;
    charset += strlen("charset=");
    charset += *charset == '"';
    return strncasecmp(charset, "utf-8", 5) == 0;
}

static enum result read_body(struct exchange *x)
{
    struct request *rq = &x->rq;
    struct span whole;
    if (spool_whole(&x->spool, &whole) != OK)
        return fail(&rq->cx, BUSY, "server.busy");
    rq->body = whole.at;
    rq->body_len = whole.len;
    rq->body_type = "";
    if (!whole.len || (rq->route->flags & RAW))
        return OK;
    bool charset_fits = read_body_type(rq);
    bool is_json = strcmp(rq->body_type, "application/json") == 0;
    bool is_form = strcmp(rq->body_type, "application/x-www-form-urlencoded") == 0;
    if (charset_fits && (is_json || is_form) && whole.len > x->server->options.body_limit)
        return fail(&rq->cx, TOO_LARGE, "request.too_large",
                    text_size(x->arena, x->server->options.body_limit));
    if (charset_fits && is_json)
        return body_scan(rq);
    if (charset_fits && is_form)
        return form_urlencoded(&rq->cx, whole, &rq->form);
    if (charset_fits && strcmp(rq->body_type, "multipart/form-data") == 0)
        return form_multipart(&rq->cx, whole, header_text(rq, "Content-Type"), &rq->form);
    if (rq->face == FACE_API && (rq->route->flags & UPLOAD))
        return OK; /* a file as it is */
    return fail(&rq->cx, INVALID, "request.media_type", rq->body_type);
}

static enum result read_query(struct exchange *x)
{
    const char *query = strchr(x->rq.target, '?');
    return query ? form_urlencoded(&x->rq.cx, span_of(query + 1), &x->rq.query) : OK;
}

/* A page's form may ask for PATCH or DELETE, which HTML cannot. */
static enum result read_method(struct exchange *x)
{
    struct request *rq = &x->rq;
    if (rq->face != FACE_PAGE || strcmp(x->verb, "POST") != 0)
        return OK;
    const struct part *asked = part_find(rq->form, "_method");
    enum method method = POST;
    if (asked && strcasecmp(asked->value, "PATCH") == 0)
        method = PATCH;
    if (asked && strcasecmp(asked->value, "DELETE") == 0)
        method = DELETE;
    if (!look_up(x, method)) {
        allow(x);
        return fail(&rq->cx, INVALID, "request.method");
    }
    return demand_route_right(x);
}

/* ---- cross-site request forgery ---- */

/* In constant time. */
static bool same_token(const char *a, const char *b)
{
    size_t len = strlen(a);
    unsigned char different = 0;
    if (len != strlen(b))
        return false;
    for (size_t i = 0; i < len; i++)
        different |= (unsigned char)(a[i] ^ b[i]);
    return different == 0;
}

/* What the browser says of the page that sent it. A program says nothing. */
static bool from_our_site(const struct exchange *x)
{
    const struct request *rq = &x->rq;
    static const char *const OURS[] = {"same-origin", "none", NULL};
    const char *site = header_text(rq, "Sec-Fetch-Site");
    if (*site)
        return text_is_one_of(site, OURS);
    const char *origin = header_text(rq, "Origin");
    if (!*origin)
        return true;
    const char *host = x->peer->trusted ? header_text(rq, "X-Forwarded-Host") : "";
    const char *theirs = strstr(origin, "://");
    return theirs && strcasecmp(theirs + 3, *host ? host : header_text(rq, "Host")) == 0;
}

static enum result check_forgery(struct exchange *x)
{
    struct request *rq = &x->rq;
    bool by_browser = rq->from_cookie || !*x->bearer;
    if (rq->method == GET)
        return OK;
    if (by_browser && !from_our_site(x))
        return fail(&rq->cx, FORBIDDEN, "request.cross_site");
    if (!rq->from_cookie)
        return OK;
    const char *token = header_text(rq, "X-CSRF-Token");
    const struct part *field = part_find(rq->form, "_csrf");
    if (!*token && field)
        token = field->value;
    if (!rq->csrf || !*rq->csrf || !same_token(token, rq->csrf))
        return fail(&rq->cx, FORBIDDEN, "request.csrf");
    return OK;
}

enum result admit_body(struct exchange *x)
{
    TRY(read_query(x));
    if (x->rq.method == GET)
        return OK;
    TRY(read_body(x));
    TRY(read_method(x));
    return check_forgery(x);
}
