/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "jobs/agi.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define THREADS 16
#define AT_ONCE (THREADS / 2) /* of them for one address */
#define WAITING 64            /* connections that nobody has taken yet */
#define WAITING_EACH 32       /* of one address, because it has all that it may have */
#define ASKED_MOST 8192       /* bytes of it */
#define VALUE_MOST 64         /* long lines have crashed Asterisk */

struct caller {
    int fd;
    in_addr_t address;
};

struct agi {
    int listener, end; /* `end` becomes readable when it is over */
    struct agi_host host;
    pthread_t threads[THREADS];
    size_t thread_count;
    pthread_mutex_t lock; /* of all that follows */
    struct caller served[THREADS], waiting[WAITING];
    size_t served_count, waiting_count;
};

/* ---- one connection ---- */

struct talk {
    int fd;
    int64_t until_ms;
    char bytes[ASKED_MOST + 1];
    size_t len, at; /* read so far, and how far they are used */
};

static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Ready before its time is over? */
static bool wait_for(const struct talk *talk, short what)
{
    for (;;) {
        struct pollfd one = {.fd = talk->fd, .events = what};
        const int64_t left = talk->until_ms - clock_ms();
        const int ready = left > 0 ? poll(&one, 1, (int)left) : 0;
        if (ready >= 0 || errno != EINTR)
            return ready > 0;
    }
}

/* The next line without its end; NULL when none comes in time. */
static char *next_line(struct talk *talk)
{
    for (;;) {
        char *line = talk->bytes + talk->at;
        char *end = memchr(line, '\n', talk->len - talk->at);
        if (end) {
            talk->at = (size_t)(end - talk->bytes) + 1;
            *end = '\0';
            if (end > line && end[-1] == '\r')
                end[-1] = '\0';
            return line;
        }
        if (talk->len == ASKED_MOST || !wait_for(talk, POLLIN))
            return NULL;
        const ssize_t got = recv(talk->fd, talk->bytes + talk->len, ASKED_MOST - talk->len, 0);
        if (got <= 0)
            return NULL;
        talk->len += (size_t)got;
    }
}

static bool send_all(const struct talk *talk, const char *bytes, size_t len)
{
    while (len > 0) {
        if (!wait_for(talk, POLLOUT))
            return false;
        const ssize_t sent = send(talk->fd, bytes, len, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes += sent;
        len -= (size_t)sent;
    }
    return true;
}

/* ---- what it asks ---- */

static void read_pair(struct agi_call *call, const char *line)
{
    static const char ARG[] = "agi_arg_";
    const char *colon = strstr(line, ": ");
    const char *value = colon ? colon + 2 : "";
    if (strncmp(line, "agi_network_script: ", 20) == 0)
        call->script = value;
    else if (strncmp(line, "agi_uniqueid: ", 14) == 0)
        call->unique_id = value;
    else if (strncmp(line, ARG, sizeof ARG - 1) == 0) {
        const long place = strtol(line + sizeof ARG - 1, NULL, 10);
        if (place >= 1 && place <= AGI_ARGS) {
            call->args[place - 1] = value;
            if ((size_t)place > call->arg_count)
                call->arg_count = (size_t)place;
        }
    }
}

/* Up to the empty line. */
static bool read_call(struct talk *talk, struct agi_call *call)
{
    *call = (struct agi_call){.script = "", .unique_id = ""};
    for (size_t i = 0; i < AGI_ARGS; i++)
        call->args[i] = "";
    for (const char *line; (line = next_line(talk));) {
        if (!*line)
            return true;
        read_pair(call, line);
    }
    return false;
}

/* ---- what it is told ---- */

static bool harmless(const char *value)
{
    static const char LETTERS[] =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+-._";
    const size_t len = strspn(value, LETTERS);
    return !value[len] && len <= VALUE_MOST;
}

/* Lines may stand between that answer nothing: HANGUP. */
static bool acknowledged(struct talk *talk)
{
    for (const char *line; (line = next_line(talk));)
        if (strncmp(line, "HANGUP", 6) != 0)
            return strncmp(line, "200 ", 4) == 0;
    return false;
}

static void tell(struct talk *talk, const struct agi_set *sets, size_t count)
{
    char line[2 * VALUE_MOST + 32];
    for (size_t i = 0; i < count; i++) {
        const int len = snprintf(line, sizeof line, "SET VARIABLE %s \"%s\"\n", sets[i].name,
                                 harmless(sets[i].value) ? sets[i].value : "");
        if (!send_all(talk, line, (size_t)len) || !acknowledged(talk))
            return;
    }
}

static void serve(const struct agi *agi, struct arena *arena, int fd)
{
    struct talk *talk = ARENA_NEW(arena, struct talk);
    struct agi_call call;
    struct agi_set sets[AGI_SETS];
    talk->fd = fd;
    talk->len = talk->at = 0;
    talk->until_ms = clock_ms() + agi->host.wait_ms;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    if (!read_call(talk, &call))
        return;
    const size_t count = agi->host.answer(agi->host.app, arena, &call, sets);
    /* Too late is no answer: Asterisk is not to go on with a decision that it no longer waits for.
     */
    if (clock_ms() >= talk->until_ms)
        return;
    talk->until_ms = clock_ms() + agi->host.wait_ms;
    tell(talk, sets, count);
}

/* ---- whose turn it is ---- */

static size_t count_of(const struct caller *callers, size_t count, in_addr_t address)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        found += callers[i].address == address;
    return found;
}

static void take_out(struct caller *callers, size_t *count, size_t at)
{
    memmove(callers + at, callers + at + 1, (--*count - at) * sizeof *callers);
}

/* True when it is served now; else it waits, or is hung up on. */
static bool admit(struct agi *agi, const struct caller *caller)
{
    pthread_mutex_lock(&agi->lock);
    const bool is_next = count_of(agi->served, agi->served_count, caller->address) < AT_ONCE;
    if (is_next)
        agi->served[agi->served_count++] = *caller;
    else if (agi->waiting_count < WAITING &&
             count_of(agi->waiting, agi->waiting_count, caller->address) < WAITING_EACH)
        agi->waiting[agi->waiting_count++] = *caller;
    else
        close(caller->fd);
    pthread_mutex_unlock(&agi->lock);
    return is_next;
}

/* It was served: in its place the next of its address that waits, which becomes *caller. */
static bool next_of(struct agi *agi, struct caller *caller)
{
    size_t served = 0, next = 0;
    pthread_mutex_lock(&agi->lock);
    while (agi->served[served].fd != caller->fd)
        served++;
    while (next < agi->waiting_count && agi->waiting[next].address != caller->address)
        next++;
    close(caller->fd);
    const bool is_there = next < agi->waiting_count;
    if (is_there) {
        *caller = agi->served[served] = agi->waiting[next];
        take_out(agi->waiting, &agi->waiting_count, next);
    } else
        take_out(agi->served, &agi->served_count, served);
    pthread_mutex_unlock(&agi->lock);
    return is_there;
}

static void hang_up_waiting(struct agi *agi)
{
    pthread_mutex_lock(&agi->lock);
    while (agi->waiting_count)
        close(agi->waiting[--agi->waiting_count].fd);
    pthread_mutex_unlock(&agi->lock);
}

static void serve_all(struct agi *agi, struct arena *arena, struct caller caller)
{
    if (!admit(agi, &caller))
        return;
    do {
        serve(agi, arena, caller.fd);
        arena_reset(arena);
    } while (next_of(agi, &caller));
}

/* ---- the threads ---- */

static void *run(void *host)
{
    struct agi *agi = host;
    struct arena *arena = arena_new();
    struct pollfd both[] = {{.fd = agi->listener, .events = POLLIN},
                            {.fd = agi->end, .events = POLLIN}};
    for (;;) {
        if (poll(both, 2, -1) < 0 && errno != EINTR)
            break;
        if (both[1].revents)
            break;
        struct sockaddr_in from = {.sin_family = AF_INET};
        socklen_t len = sizeof from;
        const int fd =
            accept4(agi->listener, (struct sockaddr *)&from, &len, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd >= 0) /* else another thread was first */
            serve_all(agi, arena, (struct caller){fd, from.sin_addr.s_addr});
    }
    arena_free(arena);
    return NULL;
}

static int listen_at(const char *address, int port)
{
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (inet_pton(AF_INET, address, &place.sin_addr) == 1 &&
        bind(fd, (struct sockaddr *)&place, sizeof place) == 0 && listen(fd, WAITING) == 0)
        return fd;
    close(fd);
    return -1;
}

struct agi *agi_start(const char *address, int port, const struct agi_host *host)
{
    const int listener = listen_at(address, port);
    const int end = listener >= 0 ? eventfd(0, EFD_CLOEXEC) : -1;
    struct agi *agi = end >= 0 ? calloc(1, sizeof *agi) : NULL;
    if (!agi) {
        if (listener >= 0)
            close(listener);
        if (end >= 0)
            close(end);
        return NULL;
    }
    *agi = (struct agi){.listener = listener, .end = end, .host = *host};
    pthread_mutex_init(&agi->lock, NULL);
    while (agi->thread_count < THREADS &&
           pthread_create(&agi->threads[agi->thread_count], NULL, run, agi) == 0)
        agi->thread_count++;
    return agi;
}

int agi_port(const struct agi *agi)
{
    struct sockaddr_in place = {.sin_port = 0};
    socklen_t len = sizeof place;
    return getsockname(agi->listener, (struct sockaddr *)&place, &len) == 0 ? ntohs(place.sin_port)
                                                                            : 0;
}

void agi_stop(struct agi *agi)
{
    if (!agi)
        return;
    const uint64_t one = 1;
    (void)!write(agi->end, &one, sizeof one);
    hang_up_waiting(agi);
    for (size_t i = 0; i < agi->thread_count; i++)
        pthread_join(agi->threads[i], NULL);
    hang_up_waiting(agi);
    pthread_mutex_destroy(&agi->lock);
    close(agi->listener);
    close(agi->end);
    free(agi);
}
