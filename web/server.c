/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Starting and stopping libmicrohttpd, and who is at the other end. */
#include "web/server.h"

#include "base/hash.h"
#include "base/log.h"
#include "web/exchange.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define CONNECTIONS_MAX 4000u
#define IDLE_SECONDS 60u
#define STOP_SECONDS 10
/* Of a request's headers with what the reply's need. The library clears as much for each request,
 * so that programs, which send few, are given less. */
#define HEADERS_MAX ((size_t)32 << 10)
#define PROGRAM_HEADERS_MAX ((size_t)6 << 10)

/* ---- the other end of a connection ---- */

/* "unix" for all at the Unix socket: whom --proxies may name, too. */
static void address_text(const struct sockaddr *from, char out[ADDRESS_TEXT])
{
    const void *address = from;
    if (from->sa_family == AF_UNIX)
        memcpy(out, "unix", sizeof "unix");
    else if (from->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)address)->sin6_addr, out, ADDRESS_TEXT);
    else
        inet_ntop(AF_INET, &((const struct sockaddr_in *)address)->sin_addr, out, ADDRESS_TEXT);
}

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
    address_text(info->client_addr, peer->address);
    peer->trusted = text_is_one_of(peer->address, server->options.trusted_proxies);
}

/* ---- the library ---- */

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

/* ---- where it listens: sockets of ours, of which the library knows no more than the number ----
 */

/* `path`: of a Unix socket, for its owner and group alone from before anybody can reach it. */
static int listening(int fd, const struct sockaddr *address, socklen_t len, const char *path)
{
    if (fd >= 0 && bind(fd, address, len) == 0 && (!path || chmod(path, 0660) == 0) &&
        listen(fd, SOMAXCONN) == 0)
        return fd;
    const int error = errno;
    if (fd >= 0)
        close(fd);
    errno = error;
    return -1;
}

static int listen_inet(const struct place *place)
{
    const bool is_v6 = strchr(place->address, ':') != NULL;
    const int fd =
        socket(is_v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)place->port)};
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)place->port)};
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (!is_v6 && inet_pton(AF_INET, place->address, &v4.sin_addr) == 1)
        return listening(fd, (const struct sockaddr *)&v4, sizeof v4, NULL);
    if (is_v6 && inet_pton(AF_INET6, place->address, &v6.sin6_addr) == 1) {
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
        return listening(fd, (const struct sockaddr *)&v6, sizeof v6, NULL);
    }
    close(fd);
    errno = EADDRNOTAVAIL;
    return -1;
}

static bool somebody_listens(const struct sockaddr_un *address)
{
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool there = connect(fd, (const struct sockaddr *)address, sizeof *address) == 0;
    close(fd);
    return there;
}

/* What a process that was killed left there is taken away first, but nothing that is no socket, nor
 * one that is in use. */
static int listen_local(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct stat status;
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(address.sun_path, path, strlen(path) + 1);
    if (lstat(path, &status) == 0 && S_ISSOCK(status.st_mode) && !somebody_listens(&address))
        (void)unlink(path);
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    return listening(fd, (const struct sockaddr *)&address, sizeof address, path);
}

/* ---- start and stop ---- */

static int port_of(int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } address = {.any = {0}};
    socklen_t len = sizeof address;
    if (getsockname(fd, &address.any, &len) != 0)
        return 0;
    return ntohs(address.any.sa_family == AF_INET6 ? address.v6.sin6_port : address.v4.sin_port);
}

/* A pool of threads at one place; NULL with errno when it cannot listen there. */
static struct MHD_Daemon *daemon_start(struct server *server, const struct place *place,
                                       size_t headers_max, int *out_port)
{
    const int fd = place->socket ? listen_local(place->socket) : listen_inet(place);
    if (fd < 0)
        return NULL;
    *out_port = place->socket ? 0 : port_of(fd);
    const unsigned flags =
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    const unsigned threads = server->options.threads > 1 ? (unsigned)server->options.threads : 0;
    struct MHD_Daemon *daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, server, MHD_OPTION_EXTERNAL_LOGGER, library_log, NULL,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE, threads,
        MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, headers_max, MHD_OPTION_STRICT_FOR_CLIENT, 0,
        MHD_OPTION_URI_LOG_CALLBACK, request_begin, server, MHD_OPTION_NOTIFY_COMPLETED,
        request_end, server, MHD_OPTION_NOTIFY_CONNECTION, connection_change, server,
        MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL, MHD_OPTION_END);
    if (!daemon)
        close(fd);
    return daemon;
}

/* False with errno when it cannot listen at one of the places, which is then *out_place. */
static bool gate_open(struct server *server, struct place *out_place)
{
    struct gate *gate = server->gate;
    const struct server_options *options = &server->options;
    int port;
    *out_place = (struct place){.address = options->address, .port = options->port};
    gate->daemon = daemon_start(server, out_place, HEADERS_MAX, &server->port);
    if (!gate->daemon || !options->programs)
        return gate->daemon != NULL;
    *out_place = *options->programs;
    gate->programs = daemon_start(server, out_place, PROGRAM_HEADERS_MAX, &port);
    if (gate->programs)
        return true;
    const int error = errno;
    MHD_stop_daemon(gate->daemon);
    errno = error;
    return false;
}

/* Those that this process may use: a container's share, or what taskset leaves. */
static int core_count(void)
{
    cpu_set_t cores;
    return sched_getaffinity(0, sizeof cores, &cores) == 0 ? CPU_COUNT(&cores) : 1;
}

static void options_complete(struct server_options *options)
{
    const int cores = core_count();
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
    struct place place = {.address = ""};
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
    pthread_mutex_init(&server->gate->mutex, NULL);
    pthread_cond_init(&server->gate->changed, NULL);
    server->slow = slow_start(server->options.slow_threads, exchange_work_slowly);
    errno = 0;
    if (server->slow && gate_open(server, &place))
        return server;
    *out_error = place.socket
                     ? arena_printf(arena, "cannot listen on %s: %s", place.socket, strerror(errno))
                     : arena_printf(arena, "cannot listen on %s:%d: %s", place.address, place.port,
                                    strerror(errno));
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

static void quiesce(struct MHD_Daemon *daemon)
{
    const int fd = MHD_quiesce_daemon(daemon);
    if (fd >= 0)
        close(fd);
}

void server_stop(struct server *server)
{
    struct gate *gate = server->gate;
    quiesce(gate->daemon);
    /* While it is ours: once nobody listens there another process may take it over. */
    if (gate->programs && server->options.programs->socket)
        (void)unlink(server->options.programs->socket);
    if (gate->programs)
        quiesce(gate->programs);
    wait_until_idle(gate);
    slow_stop(server->slow);
    MHD_stop_daemon(gate->daemon);
    if (gate->programs)
        MHD_stop_daemon(gate->programs);
    gate_free(gate);
}
