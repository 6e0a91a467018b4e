/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the parts of the web layer share. Only exchange.c and server.c know libmicrohttpd, only
 * reply.c knows HTTP's status numbers. */
#ifndef WEB_SERVER_PRIVATE_H
#define WEB_SERVER_PRIVATE_H

#include "base/text.h"
#include "web/server.h"

#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

/* ---- form.c: what a URL and a form say ---- */
#define PARTS_MAX 1000 /* of one query, form or JSON body */

/* Percent-decoded, NUL-terminated; an escape that is none stands for itself. `plus`: + is a space.
 */
struct span url_decode(struct arena *arena, struct span text, bool plus);
/* False when decoded it would not be UTF-8 without NUL. */
bool url_valid(struct arena *arena, struct span text);
/* Results of both: INVALID request.bad_utf8, request.malformed, request.too_many_fields;
 * TOO_LARGE for texts that no field can take. */
MUST_USE enum result form_urlencoded(struct ctx *cx, struct span text, struct part **out);
MUST_USE enum result form_multipart(struct ctx *cx, struct span body, const char *content_type,
                                    struct part **out);
const struct part *part_find(const struct part *parts, const char *name);
struct part *part_new(struct arena *arena, const char *name, const char *value);

/* ---- body.c ---- */
struct taken {
    const char *name;
    struct taken *next;
};
/* Checks a JSON body as a whole. */
MUST_USE enum result body_scan(struct request *rq);
/* A simple member of a JSON body's object, as text; "" when there is none. */
const char *body_member(struct request *rq, const char *name);
bool body_is_json(const struct request *rq);
void input_taken(struct request *rq, const char *name);

/* ---- spool.c: a body as it arrives, in memory or in an unlinked file ---- */
struct spool_room { /* shared by all requests of a server */
    const char *dir;
    size_t memory_most, disk_most;
    _Atomic size_t memory, disk;
};
struct spool {
    struct spool_room *room;
    char *bytes;  /* while it fits into memory */
    char *mapped; /* the whole file, once complete */
    size_t len, cap;
    int fd; /* -1: in memory */
};
struct spool spool_new(struct spool_room *room);
/* Results: BUSY when all requests together take too much. */
MUST_USE enum result spool_add(struct spool *spool, const char *bytes, size_t len);
MUST_USE enum result spool_whole(struct spool *spool, struct span *out);
void spool_free(struct spool *spool);
/* An empty file without a name; -1 when there can be none. */
int spool_file(const char *dir);

/* ---- pages.c ---- */
struct page {
    const char *name;
    const struct template *in[LANG_COUNT];
    bool is_bare; /* never within the layout: pages named bare_… */
};
struct pages {
    struct page *at; /* sorted by name */
    size_t count;
    /* The layout, written once for all pages: what stands before and behind {{>@body}}. */
    const struct template *before[LANG_COUNT], *behind[LANG_COUNT];
};
/* NULL and *out_error when a page does not compile or a route's page does not exist. */
struct pages *pages_new(struct arena *arena, const struct server_options *options,
                        const struct router *router, const char **out_error);
const struct page *page_find(const struct pages *pages, const char *name);

/* ---- metrics.c ---- */
#define STATUS_CLASSES 6
#define DURATION_BUCKETS 11
struct metrics {
    _Atomic uint64_t requests[2][STATUS_CLASSES]; /* by face and first digit of the status */
    _Atomic uint64_t durations[DURATION_BUCKETS];
    _Atomic uint64_t microseconds;
    _Atomic int64_t in_flight;
};
void metrics_add(struct metrics *metrics, enum face face, int status, uint64_t microseconds);
void metrics_write(const struct metrics *metrics, size_t slow_waiting, struct text *out);

/* ---- slow.c: threads at the lowest priority for what takes long ---- */
struct slow;
struct slow *slow_start(int threads, void (*run)(struct exchange *x));
/* False when too many wait already; never with `always`. */
bool slow_push(struct slow *slow, struct exchange *x, bool always);
size_t slow_waiting(struct slow *slow);
void slow_stop(struct slow *slow);

/* ---- one request on its way ---- */
#define ADDRESS_TEXT 48
struct peer { /* one connection's other end */
    char address[ADDRESS_TEXT];
    bool trusted; /* a proxy whose X-Forwarded-… count */
};

/* The reply as HTTP sees it. */
struct reply {
    int status;
    const char *media_type; /* NULL: no body */
    const char *bytes;
    size_t len;
    int fd; /* -1: `bytes`; otherwise `len` bytes of the file from `offset` on */
    uint64_t offset;
    const char *cache; /* Cache-Control */
    bool is_cut;       /* longer than a text may be */
};
enum step {
    STEP_HEAD,   /* the headers are there, the body is not */
    STEP_BODY,   /* the body arrives */
    STEP_WORK,   /* a writer or a slow thread has it; the connection is suspended */
    STEP_ANSWER, /* `result` stands; the reply can be made */
};

struct exchange {
    struct request rq;
    struct server *server;
    struct arena *arena;
    void *connection; /* exchange.h's */
    const struct peer *peer;
    struct span target; /* as it arrived */
    const char *verb;
    const char *bearer; /* the key that it was sent with; "" when with none */
    bool is_head, is_options;
    bool replied; /* `reply` is made already */
    enum step step;
    enum result result;
    size_t limit, dropped; /* of the body; what of a refused one was thrown away */
    struct spool spool;
    struct timespec started;
    struct reply reply;
    struct exchange *next; /* in the slow queue */
};

struct assets;
struct server {
    struct web_host host;
    struct server_options options;
    struct arena *arena;
    struct router *router;
    struct pages *pages;
    struct assets *assets;
    struct slow *slow;
    struct spool_room room;
    struct metrics metrics;
    _Atomic uint32_t requests; /* numbers them */
    struct gate *gate;         /* exchange.h's */
    int port;
};

/* ---- admit.c: who may come in ---- */

/* After the headers: path, identity, route, right; sets x->limit. */
MUST_USE enum result admit(struct exchange *x);
/* After the body: query and body are read, the form's _method, the right again if that changed the
 * route, and whether a write really comes from our own pages. */
MUST_USE enum result admit_body(struct exchange *x);
bool text_is_one_of(const char *text, const char *const *list);

/* ---- asset.c ---- */
struct assets *assets_new(struct arena *arena, const struct web_asset *assets, size_t count);

/* ---- stream.c ---- */
/* Does the answer still have to be written (on a slow thread)? */
bool stream_waits(const struct request *rq);
MUST_USE enum result stream_write(struct request *rq);
void stream_close(struct request *rq);

/* ---- reply.c, asset.c, stream.c ---- */

/* /healthz, the metrics, an asset: true when the path is one of them. */
bool builtin_reply(struct exchange *x, struct reply *out);
bool asset_reply(struct exchange *x, const char *path, struct reply *out);
/* What of a file was asked for: all of it, one range, or one that lies outside. */
enum portion { PORTION_ALL, PORTION_PART, PORTION_NONE };
enum portion stream_reply(struct exchange *x, struct reply *out);
void reply_make(struct exchange *x, struct reply *out);
/* The headers that every reply has. */
extern const struct part *const REPLY_HEADERS[]; /* by face; each ends with a name NULL */

/* The ETag header; 304 without a body when the client has that very thing already. True then. */
bool reply_tagged(struct request *rq, const char *etag, struct reply *out);

bool header_valid(const char *name, const char *value);
/* The last one of several headers of a name: the one that the nearest proxy wrote. */
const char *header_last(const struct request *rq, const char *name);

#endif
