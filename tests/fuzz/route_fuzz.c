/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Any bytes as the path of a request. */
#include "base/arena.h"
#include "web/request.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static enum result nothing(struct request *rq)
{
    return OK;
}

static const struct route ROUTES[] = {
    {GET, "/", PUBLIC, nothing, "page"},
    {GET, "/things", PUBLIC, nothing, "page"},
    {GET, "/things/new", PUBLIC, nothing, "page"},
    {GET, "/things/{id}", PUBLIC, nothing, "page"},
    {POST, "/things/{id}/{step}", PUBLIC, nothing, "page"},
    {GET, "/s/{name}", PUBLIC, nothing, "page"},
    ROUTES_END,
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static struct arena *for_routes;
    static struct router *router;
    const char *error;
    if (!router) {
        for_routes = arena_new();
        router = router_new(for_routes, (const struct route *const[]){ROUTES}, 1, &error);
        if (!router)
            abort();
    }
    struct arena *arena = arena_new();
    /* The server refuses a path with a NUL before it looks for the route. */
    const bool nul = memchr(bytes, '\0', len) || memmem(bytes, len, "%00", 3);
    for (enum method method = GET; method < METHOD_COUNT; method++) {
        struct route_match match = router_find(router, arena, method, (const char *)bytes, len);
        for (size_t i = 0; match.route && i < ROUTE_PARAMS && match.params[i].name; i++)
            if (!*match.params[i].value && !nul)
                abort(); /* a parameter is never empty */
    }
    arena_free(arena);
    return 0;
}
