/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The HTTP server: libmicrohttpd with epoll and a few threads, and everything between a socket and
 * a handler: limits, routing, the right, CSRF, the transaction, the two faces, errors.
 *
 * It knows nothing of databases and accounts: main hands in what it needs as a `struct web_host`.
 */
#ifndef WEB_SERVER_H
#define WEB_SERVER_H

#include "web/request.h"
#include "web/template.h"

struct web_asset {
    const char *path; /* "/assets/luyue.1f3c….css" */
    const char *media_type;
    const unsigned char *bytes, *br, *gz; /* compressed forms may be NULL */
    size_t len, br_len, gz_len;
};
struct web_page {
    const char *name; /* "contract": pages/contract.html, app/contracts/pages/contract.html */
    const char *text;
};

struct web_host {
    void *app;
    /* ---- who asks: fills cx.actor, from_cookie, by_token, csrf, session, cx.lang; on the server
     * thread. `cookie` is the whole Cookie header (see cookie_text), `bearer` the token; "" when
     * not sent. OK without an actor is somebody unknown; so is UNAUTHENTICATED, on a PUBLIC route.
     * ---- */
    enum result (*identify)(struct request *rq, const char *cookie, const char *bearer);
    bool (*has_right)(const struct request *rq, const char *right);
    /* Fails with why somebody has it not. */
    enum result (*refuse)(struct request *rq, const char *right);
    /* ---- database ---- */
    struct db *(*reader)(void *app); /* this thread's; NULL -> 503 */
    /* Run `work` on a writer in a transaction, then `done`; see store/db.h. */
    void (*write)(void *app, enum result (*work)(struct db *db, void *host),
                  void (*done)(void *host, enum result result), void *host);
    /* Within the transaction, before and after the handler: idempotency keys, the audit trail's
     * entries. `before` may answer by itself (sets *out_answered): neither handler nor `after` is
     * then called. `after` also hears of refusals; what was written is committed only after OK, or
     * when the request says `keep`. Both may be NULL. */
    enum result (*before_write)(struct request *rq, bool *out_answered);
    enum result (*after_write)(struct request *rq, enum result result);
    /* FORBIDDEN, UNAUTHENTICATED or TOO_MANY is about to be answered, on a RECORDED route any
     * refusal: for the trail; on the server
     * thread, not in a transaction, so it copies what it keeps and does not wait. May be NULL. */
    void (*refused)(struct request *rq, enum result result);
    /* What every page shows beside its document: account, navigation. page_only. On error pages
     * there may be no actor. The server itself puts flash, csrf, path, target, lang, request, and
     * after a failure `fault` and `input`. May be NULL. */
    void (*dress)(struct request *rq, struct doc *doc);
    struct instant (*now)(void *app);
    const struct keys *keys;
};

struct place {
    const char *socket;  /* the path of a Unix socket; NULL: */
    const char *address; /* "127.0.0.1" */
    int port;            /* 0: any free one */
};
struct server_options {
    const char *address;
    int port;
    /* Another place, for programs: the same routes, with threads of its own, so that nobody's page
     * stands before them, and little room for headers. NULL: none. */
    const struct place *programs;
    int threads;         /* 0: number of cores */
    int slow_threads;    /* 0: cores, at nice 19: passwords, exports */
    size_t body_limit;   /* 0: 1 MiB */
    size_t upload_limit; /* 0: 64 MiB */
    const char *spool_dir;
    const char *const
        *trusted_proxies; /* their X-Forwarded-For and -Proto are believed; NULL-terminated */
    const struct route *const *routes; /* NULL-terminated list of tables */
    const struct web_asset *assets;
    size_t asset_count;
    const struct web_page *pages;
    size_t page_count;
    const char *metrics_path; /* NULL: none */
};

struct server;
/* NULL and *out_error (in `arena`) when routes or templates are wrong or the port is taken. */
struct server *server_start(struct arena *arena, const struct server_options *options,
                            const struct web_host *host, const char **out_error);
int server_port(const struct server *server);
const struct router *server_router(const struct server *server);
/* Take no new connections, finish the running requests (at most 10 s), stop. */
void server_stop(struct server *server);

#endif
