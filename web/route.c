/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/route.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/text.h"
#include "web/server_private.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define SEGMENTS 8
#define BUCKETS 256 /* by first segment and number of segments */

/* In the order in which they are tried: /people/new before /people/{id} before /people/{name}. */
enum segment_kind { SEGMENT_WORD, SEGMENT_DIGITS, SEGMENT_ANY };

struct segment {
    enum segment_kind kind;
    struct span text; /* the word itself, or the parameter's name */
};

struct compiled {
    const struct route *route;
    struct segment segments[SEGMENTS];
    size_t count;
    const char *names[ROUTE_PARAMS];
    struct compiled *next; /* in its bucket, the more special ones first */
};

struct router {
    struct compiled *all; /* in table order */
    size_t count;
    struct compiled *buckets[BUCKETS];
};

struct split {
    struct span segments[SEGMENTS];
    size_t count;
};

static bool split_path(const char *path, size_t len, struct split *out)
{
    const char *end = path + len;
    out->count = 0;
    if (len == 0 || *path != '/')
        return false;
    if (len == 1)
        return true;
    while (path < end) {
        const char *start = path + 1;
        const char *slash = memchr(start, '/', (size_t)(end - start));
        if (out->count == SEGMENTS)
            return false;
        path = slash ? slash : end;
        out->segments[out->count++] = (struct span){start, (size_t)(path - start)};
    }
    return true;
}

static size_t bucket_of(const struct split *split)
{
    uint64_t hash =
        split->count ? hash_quick(split->segments[0].at, split->segments[0].len) : UINT64_C(0);
    return (hash + split->count) % BUCKETS;
}

/* ---- compiling ---- */

static bool is_number_name(struct span name)
{
    return span_is(name, "id") || (name.len > 3 && memcmp(name.at + name.len - 3, "_id", 3) == 0);
}

static bool segment_compile(struct arena *arena, struct span text, struct compiled *to)
{
    struct segment *segment = &to->segments[to->count++];
    *segment = (struct segment){SEGMENT_WORD, text};
    if (text.len == 0)
        return false;
    if (text.at[0] != '{')
        return true;
    size_t param = 0;
    while (param < ROUTE_PARAMS && to->names[param])
        param++;
    if (text.len < 3 || text.at[text.len - 1] != '}' || param == ROUTE_PARAMS || to->count == 1)
        return false;
    segment->text = (struct span){text.at + 1, text.len - 2};
    segment->kind = is_number_name(segment->text) ? SEGMENT_DIGITS : SEGMENT_ANY;
    to->names[param] = arena_copy(arena, segment->text.at, segment->text.len);
    return true;
}

static int compare_words(struct span a, struct span b)
{
    int order = memcmp(a.at, b.at, a.len < b.len ? a.len : b.len);
    return order != 0 || a.len == b.len ? order : a.len < b.len ? -1 : 1;
}

/* Which of two routes of a bucket is tried first; 0 when they match the same paths. */
static int compare(const struct compiled *a, const struct compiled *b)
{
    int order = a->count == b->count ? 0 : a->count < b->count ? -1 : 1;
    for (size_t i = 0; order == 0 && i < a->count; i++) {
        const struct segment *x = &a->segments[i], *y = &b->segments[i];
        if (x->kind != y->kind)
            order = (int)x->kind - (int)y->kind;
        else if (x->kind == SEGMENT_WORD)
            order = compare_words(x->text, y->text);
    }
    return order;
}

static const char *route_compile(struct router *router, struct arena *arena,
                                 const struct route *route)
{
    struct compiled *made = &router->all[router->count++];
    struct split split;
    made->route = route;
    if (route->method < GET || route->method >= METHOD_COUNT)
        return "has no method";
    if (!route->right || !*route->right)
        return "has no right (PUBLIC says openly that there is none)";
    if (!route->handle)
        return "has no handler";
    if (!split_path(route->path, strlen(route->path), &split))
        return "has a wrong path";
    for (size_t i = 0; i < split.count; i++)
        if (!segment_compile(arena, split.segments[i], made))
            return "has a wrong path";
    struct compiled **place = &router->buckets[bucket_of(&split)];
    while (*place && compare(*place, made) < 0)
        place = &(*place)->next;
    for (struct compiled *same = *place; same && compare(same, made) == 0; same = same->next)
        if (same->route->method == route->method)
            return "comes twice";
    made->next = *place;
    *place = made;
    return NULL;
}

const char *method_name(enum method method)
{
    static const char *const NAMES[METHOD_COUNT] = {
        [GET] = "GET", [POST] = "POST", [PATCH] = "PATCH", [DELETE] = "DELETE"};
    return method > 0 && method < METHOD_COUNT ? NAMES[method] : "?";
}

bool route_has_face(const struct route *route, enum face face)
{
    if (face == FACE_API)
        return !(route->flags & PAGE_ONLY);
    return !(route->flags & API_ONLY) && (route->page || (route->flags & STREAM));
}

struct router *router_new(struct arena *arena, const struct route *const *tables, size_t count,
                          const char **out_error)
{
    struct router *router = ARENA_NEW(arena, struct router);
    size_t routes = 0;
    for (size_t i = 0; i < count; i++)
        for (const struct route *route = tables[i]; route->path; route++)
            routes++;
    router->all = ARENA_ARRAY(arena, struct compiled, routes);
    for (size_t i = 0; i < count; i++) {
        for (const struct route *route = tables[i]; route->path; route++) {
            const char *error = route_compile(router, arena, route);
            if (!error)
                continue;
            *out_error = arena_printf(arena, "route %s %s %s", method_name(route->method),
                                      route->path, error);
            return NULL;
        }
    }
    return router;
}

size_t router_count(const struct router *router)
{
    return router->count;
}

const struct route *router_at(const struct router *router, size_t index)
{
    return router->all[index].route;
}

/* ---- finding ---- */

static bool all_digits(struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
    return text.len > 0;
}

static bool fits(const struct compiled *compiled, const struct split *path)
{
    if (compiled->count != path->count)
        return false;
    for (size_t i = 0; i < path->count; i++) {
        const struct segment *segment = &compiled->segments[i];
        struct span sent = path->segments[i];
        if (segment->kind == SEGMENT_WORD &&
            (sent.len != segment->text.len || memcmp(sent.at, segment->text.at, sent.len) != 0))
            return false;
        if (segment->kind == SEGMENT_DIGITS && !all_digits(sent))
            return false;
        if (segment->kind == SEGMENT_ANY && sent.len == 0)
            return false;
    }
    return true;
}

static void read_params(const struct compiled *compiled, const struct split *path,
                        struct arena *arena, struct route_match *out)
{
    size_t param = 0;
    for (size_t i = 0; i < compiled->count; i++) {
        if (compiled->segments[i].kind == SEGMENT_WORD)
            continue;
        out->params[param].name = compiled->names[param];
        out->params[param++].value = url_decode(arena, path->segments[i], false).at;
    }
}

struct route_match router_find(const struct router *router, struct arena *arena, enum method method,
                               const char *path, size_t len)
{
    struct route_match match = {0};
    struct split split = {0};
    if (!split_path(path, len, &split))
        return match;
    for (const struct compiled *c = router->buckets[bucket_of(&split)]; c; c = c->next) {
        if (!fits(c, &split))
            continue;
        match.allowed |= 1u << c->route->method;
        if (c->route->method != method || match.route)
            continue;
        match.route = c->route;
        read_params(c, &split, arena, &match);
    }
    return match;
}
