/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/exchange.h"

#include "base/hash.h"
#include "base/log.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define DRAIN_MAX ((size_t)1 << 20) /* of a refused body, so that the client reads the reply */
#define DRAIN_SMALL ((size_t)64 << 10)
#define LONG_BODY ((size_t)64 << 10)
#define SLOW_MICROSECONDS 1000000u /* requests that take longer are worth a line */

/* ---- begin and end of a request ---- */

static struct arena *arena_borrow(struct gate *gate)
{
    struct arena *arena = NULL;
    pthread_mutex_lock(&gate->mutex);
    gate->running++;
    if (gate->arena_count)
        arena = gate->arenas[--gate->arena_count];
    pthread_mutex_unlock(&gate->mutex);
    return arena ? arena : arena_new();
}

static void arena_return(struct gate *gate, struct arena *arena)
{
    arena_reset(arena);
    pthread_mutex_lock(&gate->mutex);
    if (gate->arena_count < ARENAS_KEPT) {
        gate->arenas[gate->arena_count++] = arena;
        arena = NULL;
    }
    if (--gate->running == 0)
        pthread_cond_broadcast(&gate->changed);
    pthread_mutex_unlock(&gate->mutex);
    arena_free(arena);
}

static const char *request_number(struct server *server, struct arena *arena)
{
    const uint32_t number = htonl(atomic_fetch_add(&server->requests, 1));
    char *text = arena_buffer(arena, 2 * sizeof number + 1);
    hex_text(&number, sizeof number, text);
    return text;
}

void *request_begin(void *host, const char *uri, struct MHD_Connection *connection)
{
    struct server *server = host;
    struct arena *arena = arena_borrow(server->gate);
    struct exchange *x = ARENA_NEW(arena, struct exchange);
    size_t len = strlen(uri);
    x->server = server;
    x->arena = arena;
    x->connection = connection;
    x->target = (struct span){arena_copy(arena, uri, len), len};
    x->spool = spool_new(&server->room);
    x->reply = (struct reply){.fd = -1};
    clock_gettime(CLOCK_MONOTONIC, &x->started);
    x->rq = (struct request){
        .cx = {.mem = arena,
               .now = server->host.now(server->host.app),
               .keys = server->host.keys,
               .request = request_number(server, arena)},
        .doc = doc_new(arena),
        .method = GET,
        .path = "/",
        .target = "/",
        .body = "",
        .body_type = "",
        .app = server->host.app,
        .exchange = x,
    };
    atomic_fetch_add(&server->metrics.in_flight, 1);
    return x;
}

static uint64_t microseconds_since(const struct timespec *start)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)(now.tv_sec - start->tv_sec) * 1000000 +
           (uint64_t)((now.tv_nsec - start->tv_nsec) / 1000);
}

static void log_request(const struct exchange *x, uint64_t microseconds)
{
    enum log_level level = x->reply.status >= 500             ? LOG_WARN
                           : microseconds > SLOW_MICROSECONDS ? LOG_INFO
                                                              : LOG_DEBUG;
    log_line(level, "%s %s %s%s %d %llu us", x->rq.cx.request, x->verb ? x->verb : "?",
             x->rq.face == FACE_API ? "/api" : "", x->rq.route ? x->rq.route->path : "(no route)",
             x->reply.status, (unsigned long long)microseconds);
}

void request_end(void *host, struct MHD_Connection *connection, void **request,
                 enum MHD_RequestTerminationCode code)
{
    struct server *server = host;
    struct exchange *x = *request;
    if (!x)
        return;
    if (x->reply.status) {
        uint64_t microseconds = microseconds_since(&x->started);
        metrics_add(&server->metrics, x->rq.face, x->reply.status, microseconds);
        log_request(x, microseconds);
    }
    stream_close(&x->rq);
    spool_free(&x->spool);
    atomic_fetch_sub(&server->metrics.in_flight, 1);
    *request = NULL;
    arena_return(server->gate, x->arena);
}

/* ---- headers of the request ---- */

const char *header_text(const struct request *rq, const char *name)
{
    const char *value =
        rq->exchange ? MHD_lookup_connection_value(rq->exchange->connection, MHD_HEADER_KIND, name)
                     : NULL;
    return value && utf8_valid(value, strlen(value)) ? value : "";
}

struct last {
    const char *name, *value;
};

static enum MHD_Result each_header(void *host, enum MHD_ValueKind kind, const char *name,
                                   const char *value)
{
    struct last *last = host;
    if (strcasecmp(name, last->name) == 0 && value)
        last->value = value;
    return MHD_YES;
}

const char *header_last(const struct request *rq, const char *name)
{
    struct last last = {name, ""};
    MHD_get_connection_values(rq->exchange->connection, MHD_HEADER_KIND, each_header, &last);
    return last.value;
}

static const struct peer *peer_of(struct MHD_Connection *connection)
{
    static const struct peer UNKNOWN = {.address = ""};
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info && info->socket_context ? info->socket_context : &UNKNOWN;
}

/* ---- the reply ---- */

static struct MHD_Response *response_new(struct reply *reply)
{
    if (reply->fd < 0)
        return MHD_create_response_from_buffer(reply->len, (void *)reply->bytes,
                                               MHD_RESPMEM_PERSISTENT);
    struct MHD_Response *response =
        MHD_create_response_from_fd_at_offset64(reply->len, reply->fd, reply->offset);
    if (!response)
        close(reply->fd);
    return response;
}

static void put_headers(struct MHD_Response *response, const struct exchange *x)
{
    const struct reply *reply = &x->reply;
    for (const struct part *header = REPLY_HEADERS[x->rq.face]; header->name; header++)
        MHD_add_response_header(response, header->name, header->value);
    MHD_add_response_header(response, "Cache-Control", reply->cache);
    if (reply->media_type && header_valid("Content-Type", reply->media_type))
        MHD_add_response_header(response, "Content-Type", reply->media_type);
    for (const struct part *header = x->rq.headers; header; header = header->next)
        if (MHD_add_response_header(response, header->name, header->value) != MHD_YES)
            log_warn("%s: the header %s was not taken", x->rq.cx.request, header->name);
}

/* `early`: before the body came, which then is not read, nor anything else on this connection. */
static enum MHD_Result send_reply(struct exchange *x, bool early)
{
    struct request *rq = &x->rq;
    const struct web_host *host = &x->server->host;
    if (!x->replied) {
        rq->cx.db = host->reader(rq->app);
        const bool recorded = rq->route && rq->route->flags & RECORDED && x->result != OK;
        if (host->refused && (recorded || x->result == FORBIDDEN || x->result == UNAUTHENTICATED ||
                              x->result == TOO_MANY))
            host->refused(rq, x->result);
        reply_make(x, &x->reply);
    }
    struct MHD_Response *response = response_new(&x->reply);
    if (!response)
        return MHD_NO;
    put_headers(response, x);
    if (early)
        MHD_add_response_header(response, "Connection", "close");
    enum MHD_Result queued = MHD_queue_response(x->connection, (unsigned)x->reply.status, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result answer(struct exchange *x, enum result result)
{
    x->result = result;
    x->step = STEP_ANSWER;
    return send_reply(x, false);
}

/* ---- to other threads and back ---- */

static bool suspend(struct exchange *x)
{
    struct gate *gate = x->server->gate;
    pthread_mutex_lock(&gate->mutex);
    bool open = !gate->closing;
    gate->suspended += open;
    pthread_mutex_unlock(&gate->mutex);
    if (!open)
        return false;
    x->step = STEP_WORK;
    MHD_suspend_connection(x->connection);
    return true;
}

/* From here on the exchange belongs to its server thread again. */
static void resume(struct exchange *x)
{
    struct gate *gate = x->server->gate;
    x->step = STEP_ANSWER;
    MHD_resume_connection(x->connection);
    pthread_mutex_lock(&gate->mutex);
    if (--gate->suspended == 0)
        pthread_cond_broadcast(&gate->changed);
    pthread_mutex_unlock(&gate->mutex);
}

static bool is_write(const struct request *rq)
{
    return (rq->method != GET && !(rq->route->flags & ASKS)) || (rq->route->flags & TRACED);
}

/* A handler that tried to send what cannot be sent has failed. */
static enum result handle(struct request *rq)
{
    enum result result = rq->route->handle(rq);
    return result == OK && rq->cx.fault.result == BROKEN ? BROKEN : result;
}

/* In a transaction of the writer's thread. */
static enum result write_run(struct db *db, void *host)
{
    struct exchange *x = host;
    struct request *rq = &x->rq;
    const struct web_host *web = &x->server->host;
    bool answered = false;
    rq->cx.db = db;
    x->result = web->before_write ? web->before_write(rq, &answered) : OK;
    if (x->result != OK || answered)
        return x->result;
    x->result = handle(rq);
    enum result after = web->after_write ? web->after_write(rq, x->result) : OK;
    if (x->result != OK && rq->keep && after == OK)
        return OK;
    if (x->result == OK)
        x->result = after;
    return x->result;
}

static void write_done(void *host, enum result result)
{
    struct exchange *x = host;
    if (result != OK)
        x->result = result;
    x->rq.cx.db = NULL;
    if (x->result == OK && stream_waits(&x->rq))
        slow_push(x->server->slow, x, true); /* what was committed must be answered */
    else
        resume(x);
}

static void write_begin(struct exchange *x)
{
    x->server->host.write(x->rq.app, write_run, write_done, x);
}

void request_done(struct request *rq, enum result result)
{
    struct exchange *x = rq->exchange;
    x->result = result;
    rq->cx.db = NULL;
    resume(x);
}

/* What is refused at once is over. */
static void defer_begin(struct exchange *x)
{
    enum result result = handle(&x->rq);
    if (result != OK)
        request_done(&x->rq, result);
}

void exchange_work_slowly(struct exchange *x)
{
    struct request *rq = &x->rq;
    rq->cx.db = x->server->host.reader(rq->app);
    if (!rq->cx.db) {
        x->result = fail(&rq->cx, BUSY, "server.busy");
    } else if (rq->route->flags & DEFERS) {
        defer_begin(x);
        return;
    } else if (!stream_waits(rq)) {
        x->result = rq->route->prepare(rq);
        if (x->result == OK && is_write(rq)) {
            write_begin(x);
            return;
        }
        if (x->result == OK)
            x->result = handle(rq);
    }
    if (x->result == OK && stream_waits(rq))
        x->result = stream_write(rq);
    resume(x);
}

static enum MHD_Result work_elsewhere(struct exchange *x, bool slow)
{
    if (!suspend(x))
        return answer(x, fail(&x->rq.cx, BUSY, "server.busy"));
    if (!slow) {
        write_begin(x);
    } else if (!slow_push(x->server->slow, x, false)) {
        x->result = fail(&x->rq.cx, BUSY, "server.busy");
        resume(x);
    }
    return MHD_YES;
}

/* A long body is taken apart where it keeps nobody waiting. */
static enum MHD_Result work_deferred(struct exchange *x)
{
    if (x->rq.body_len > LONG_BODY)
        return work_elsewhere(x, true);
    if (!suspend(x))
        return answer(x, fail(&x->rq.cx, BUSY, "server.busy"));
    defer_begin(x);
    return MHD_YES;
}

static enum MHD_Result work(struct exchange *x)
{
    struct request *rq = &x->rq;
    if (x->result == OK && !x->is_options && !x->replied)
        x->result = admit_body(x);
    if (x->result != OK || x->is_options || x->replied)
        return answer(x, x->result);
    if (rq->route->flags & DEFERS)
        return work_deferred(x);
    if (rq->route->prepare || is_write(rq))
        return work_elsewhere(x, rq->route->prepare != NULL);
    x->result = handle(rq);
    if (x->result == OK && stream_waits(rq))
        return work_elsewhere(x, true);
    return answer(x, x->result);
}

/* ---- the request as it arrives ---- */

static enum MHD_Result head(struct exchange *x, const char *verb)
{
    struct request *rq = &x->rq;
    x->verb = arena_dup(x->arena, verb);
    x->is_head = strcmp(verb, "HEAD") == 0;
    x->is_options = strcmp(verb, "OPTIONS") == 0;
    x->peer = peer_of(x->connection);
    x->step = STEP_BODY;
    if ((x->is_head || strcmp(verb, "GET") == 0) && builtin_reply(x, &x->reply)) {
        x->replied = true;
        return MHD_YES;
    }
    x->result = admit(x);
    unsigned long long length = strtoull(header_text(rq, "Content-Length"), NULL, 10);
    if (x->result == OK && length > x->limit)
        x->result = fail(&rq->cx, TOO_LARGE, "request.too_large", text_size(x->arena, x->limit));
    if (x->result == OK || (length <= DRAIN_SMALL && !*header_text(rq, "Expect")))
        return MHD_YES;
    x->step = STEP_ANSWER;
    return send_reply(x, true);
}

/* What a refused request goes on sending is thrown away, up to a point. */
static enum MHD_Result take(struct exchange *x, const char *bytes, size_t len)
{
    if (x->result == OK && !x->replied) {
        if (x->spool.len + len > x->limit)
            x->result =
                fail(&x->rq.cx, TOO_LARGE, "request.too_large", text_size(x->arena, x->limit));
        else if (spool_add(&x->spool, bytes, len) != OK)
            x->result = fail(&x->rq.cx, BUSY, "server.busy");
        else
            return MHD_YES;
    }
    x->dropped += len;
    return x->dropped <= DRAIN_MAX ? MHD_YES : MHD_NO;
}

enum MHD_Result on_request(void *host, struct MHD_Connection *connection, const char *url,
                           const char *method, const char *version, const char *bytes, size_t *len,
                           void **request)
{
    struct exchange *x = *request;
    enum MHD_Result going = MHD_YES;
    switch (x->step) {
    case STEP_HEAD:
        return head(x, method);
    case STEP_BODY:
        if (!*len)
            return work(x);
        going = take(x, bytes, *len);
        *len = 0;
        return going;
    case STEP_WORK:
        return MHD_YES;
    case STEP_ANSWER:
        return send_reply(x, false);
    }
    return MHD_NO;
}
