/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Starting and stopping libmicrohttpd, and who is at the other end. */
#include "web/server.h"

#include "base/hash.h"
#include "base/log.h"
#include "web/exchange.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CONNECTIONS_MAX 4000u
#define IDLE_SECONDS 60u
#define STOP_SECONDS 10
#define HEADERS_MAX ((size_t)16 << 10) /* the library clears them for each request */

/* ---- the other end of a connection ---- */

static void connection_change(void *host, struct MHD_Connection *connection, void **context,
                              enum MHD_ConnectionNotificationCode code)
{
    struct server *server = host;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        free(*context);
        *context = NULL;
        return;
    }
    struct peer *peer = calloc(1, sizeof *peer);
    *context = peer;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (!peer || !info || !info->client_addr)
        return;
    const void *address = info->client_addr;
    const void *binary = info->client_addr->sa_family == AF_INET6
                             ? (const void *)&((const struct sockaddr_in6 *)address)->sin6_addr
                             : (const void *)&((const struct sockaddr_in *)address)->sin_addr;
    inet_ntop(info->client_addr->sa_family, binary, peer->address, sizeof peer->address);
    peer->trusted = text_is_one_of(peer->address, server->options.trusted_proxies);
}

/* ---- start and stop ---- */

static void library_log(void *host, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
static void library_log(void *host, const char *format, va_list args)
{
    char line[512];
    vsnprintf(line, sizeof line, format, args);
    log_debug("libmicrohttpd: %s", line);
}

/* Paths and queries are taken as they were sent: url_decode knows what each of them means. */
static size_t keep_escapes(void *host, struct MHD_Connection *connection, char *text)
{
    return strlen(text);
}

struct listen_at {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } address;
    bool is_v6;
};

static bool read_address(const struct server_options *options, struct listen_at *out)
{
    *out = (struct listen_at){.is_v6 = strchr(options->address, ':') != NULL};
    if (out->is_v6) {
        out->address.v6.sin6_family = AF_INET6;
        out->address.v6.sin6_port = htons((uint16_t)options->port);
        return inet_pton(AF_INET6, options->address, &out->address.v6.sin6_addr) == 1;
    }
    out->address.v4.sin_family = AF_INET;
    out->address.v4.sin_port = htons((uint16_t)options->port);
    return inet_pton(AF_INET, options->address, &out->address.v4.sin_addr) == 1;
}

static bool gate_open(struct server *server, const struct listen_at *at)
{
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG |
                     (at->is_v6 ? MHD_USE_IPv6 : 0u);
    unsigned threads = server->options.threads > 1 ? (unsigned)server->options.threads : 0;
    struct gate *gate = server->gate;
    gate->daemon = MHD_start_daemon(
        flags, (uint16_t)server->options.port, NULL, NULL, on_request, server,
        MHD_OPTION_EXTERNAL_LOGGER, library_log, NULL, MHD_OPTION_SOCK_ADDR, &at->address.any,
        MHD_OPTION_THREAD_POOL_SIZE, threads, MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX,
        MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        HEADERS_MAX, MHD_OPTION_STRICT_FOR_CLIENT, 0, MHD_OPTION_URI_LOG_CALLBACK, request_begin,
        server, MHD_OPTION_NOTIFY_COMPLETED, request_end, server, MHD_OPTION_NOTIFY_CONNECTION,
        connection_change, server, MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL,
        MHD_OPTION_END);
    if (!gate->daemon)
        return false;
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(gate->daemon, MHD_DAEMON_INFO_BIND_PORT);
    server->port = info ? info->port : server->options.port;
    return true;
}

static void options_complete(struct server_options *options)
{
    int cores = (int)sysconf(_SC_NPROCESSORS_ONLN);
    if (!options->address)
        options->address = "127.0.0.1";
    if (!options->threads)
        options->threads = cores;
    if (!options->slow_threads)
        options->slow_threads = cores;
    if (!options->body_limit)
        options->body_limit = (size_t)1 << 20;
    if (!options->upload_limit)
        options->upload_limit = (size_t)64 << 20;
}

/* Routes, pages and assets: all that may be wrong before a socket is opened. */
static bool compile(struct server *server, struct arena *arena, const char **out_error)
{
    const struct server_options *options = &server->options;
    size_t tables = 0;
    while (options->routes[tables])
        tables++;
    server->router = router_new(arena, options->routes, tables, out_error);
    server->pages = server->router ? pages_new(arena, options, server->router, out_error) : NULL;
    server->assets = assets_new(arena, options->assets, options->asset_count);
    return server->pages != NULL;
}

static void gate_free(struct gate *gate)
{
    while (gate->arena_count)
        arena_free(gate->arenas[--gate->arena_count]);
    pthread_cond_destroy(&gate->changed);
    pthread_mutex_destroy(&gate->mutex);
}

struct server *server_start(struct arena *arena, const struct server_options *options,
                            const struct web_host *host, const char **out_error)
{
    struct server *server = ARENA_NEW(arena, struct server);
    struct listen_at at;
    uint32_t first;
    server->host = *host;
    server->options = *options;
    options_complete(&server->options);
    server->room = (struct spool_room){.dir = options->spool_dir,
                                       .memory_most = (size_t)64 << 20,
                                       .disk_most = 16 * server->options.upload_limit};
    random_bytes(&first, sizeof first);
    atomic_store(&server->requests, first);
    server->gate = ARENA_NEW(arena, struct gate);
    if (!compile(server, arena, out_error))
        return NULL;
    *out_error = arena_printf(arena, "cannot listen on %s:%d: no such address",
                              server->options.address, server->options.port);
    if (!read_address(&server->options, &at))
        return NULL;
    pthread_mutex_init(&server->gate->mutex, NULL);
    pthread_cond_init(&server->gate->changed, NULL);
    server->slow = slow_start(server->options.slow_threads, exchange_work_slowly);
    errno = 0;
    if (server->slow && gate_open(server, &at))
        return server;
    *out_error = arena_printf(arena, "cannot listen on %s:%d: %s", server->options.address,
                              server->options.port, strerror(errno));
    slow_stop(server->slow);
    gate_free(server->gate);
    return NULL;
}

int server_port(const struct server *server)
{
    return server->port;
}

const struct router *server_router(const struct server *server)
{
    return server->router;
}

/* Requests that are with a writer or a slow thread are waited for in any case: they hold the
 * exchange. Those whose client is slow are not. */
static void wait_until_idle(struct gate *gate)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += STOP_SECONDS;
    pthread_mutex_lock(&gate->mutex);
    while (gate->running &&
           pthread_cond_clockwait(&gate->changed, &gate->mutex, CLOCK_MONOTONIC, &until) == 0)
        continue;
    gate->closing = true;
    while (gate->suspended)
        pthread_cond_wait(&gate->changed, &gate->mutex);
    pthread_mutex_unlock(&gate->mutex);
}

void server_stop(struct server *server)
{
    struct gate *gate = server->gate;
    int listening = MHD_quiesce_daemon(gate->daemon);
    if (listening >= 0)
        close(listening);
    wait_until_idle(gate);
    slow_stop(server->slow);
    MHD_stop_daemon(gate->daemon);
    gate_free(gate);
}
