/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Routes: what a slice offers, on one screen. One handler, two faces: GET /contracts/7 is the page
 * (cookie, CSRF on writes), GET /api/contracts/7 the same document as JSON (cookie or bearer
 * token).
 *
 *     const struct route CONTRACT_ROUTES[] = {
 *         {POST, "/contracts/{id}/activate", "contracts.activate", contract_activate_post,
 * "contract"}, ROUTES_END,
 *     };
 *
 * A route without a right does not start the server; PUBLIC says openly that there is none. GET
 * runs on a read-only connection, everything else inside one transaction on a writer. */
#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include "base/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct field;
struct request;

enum method { GET = 1, POST, PATCH, DELETE, METHOD_COUNT };
enum face { FACE_PAGE, FACE_API };

#define PUBLIC "public"       /* anybody, signed in or not */
#define SIGNED_IN "signed_in" /* any account */

enum route_flag {
    API_ONLY = 1 << 0,
    PAGE_ONLY = 1 << 1,
    UPLOAD = 1 << 2, /* multipart up to the upload limit, spooled to a file beyond 64 KiB */
    STREAM = 1 << 3, /* the handler hands over a body of its own (files, exports) */
    TRACED =
        1 << 4, /* a GET that leaves an entry in the trail: runs as a write, without CSRF token */
    SESSION_ONLY = 1 << 5, /* takes a person's own sign-in: refused to API tokens */
    RECORDED = 1 << 6,     /* what is refused by its rules is told to web_host.refused, too */
    RAW = 1 << 9, /* the body is taken as it is, up to the upload limit: what machines send */
    /* No transaction: the handler begins work on other threads, returns OK, and request_done says
     * later what became of it. */
    DEFERS = 1 << 7,
    ASKS = 1 << 8, /* a POST that writes nothing into the store: runs as a read */
};

typedef enum result (*handler)(struct request *rq);

/* Rows that a body holds as an array of objects, {"items": [{…}, …]}: read by body_read_rows, and
 * described by the same. `fields` NULL: which they are, says another field of the body. */
struct body_list {
    const char *name;
    const struct field *fields;
    size_t size, most;
};
#define BODY_LISTS_END                                                                             \
    {                                                                                              \
        .name = NULL                                                                               \
    }

struct route {
    enum method method;
    const char *path;  /* "/contracts/{id}/terms"; {id} matches digits, {name} a word without / */
    const char *right; /* "contracts.read", PUBLIC or SIGNED_IN */
    handler handle;
    const char *page; /* template of the page face; NULL: no page face (API_ONLY) */
    unsigned flags;
    /* Runs before `handle` on a slow thread with a read connection and outside any transaction:
     * passwords (argon2), parsing of big files. */
    handler prepare;
    const void *subject; /* for handlers that serve many resources: its struct resource */
    const char *nav;     /* entry of the navigation that is current on this page */
    /* What the body holds beside the fields of the subject; for the description of the API. */
    const struct field *input;
    const struct body_list *lists; /* and its arrays */
    const struct field *query;     /* parameters beside those of lists: read by query_read */
    const char *media; /* of a RAW body: "image/jpeg image/png"; NULL: application/json */
};
#define ROUTES_END                                                                                 \
    {                                                                                              \
        .path = NULL                                                                               \
    }

const char *method_name(enum method method);
bool route_has_face(const struct route *route, enum face face);

#define ROUTE_PARAMS 4
struct route_match {
    const struct route *route;
    struct {
        const char *name, *value;
    } params[ROUTE_PARAMS];
    unsigned allowed; /* when no route has the method: bit m = method m is allowed (405) */
};

/* All tables compiled into one matcher; `error` names the first wrong route (no right, no handler,
 * twice the same). */
struct router;
struct arena;
struct router *router_new(struct arena *arena, const struct route *const *tables, size_t count,
                          const char **out_error);
/* `path` without /api. Values are percent-decoded into the arena. Route NULL when nothing fits. */
struct route_match router_find(const struct router *router, struct arena *arena, enum method method,
                               const char *path, size_t len);
/* Every route in table order, for the route list, OpenAPI and the tests. */
size_t router_count(const struct router *router);
const struct route *router_at(const struct router *router, size_t index);

#endif
