/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Asks a server as fast as it answers, or at a given rate, over connections that stay open, and
 * prints what came of it as JSON. It never sleeps, so that no server pays for waking it, and one
 * that answers late is asked late: at a rate, waiting counts from the moment that was planned.
 *
 *     load PEER PORT|SOCKET SECONDS CONNECTIONS RATE [KEY CONTRACT AGENT AGENTS]
 *
 * PEER: gate (each question is about a new call), same (the same bytes again and again, for a
 * server that looks at none of them), redis (GET). RATE 0: as fast as it goes. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS_MOST 256
#define ANSWER_MOST 4096
#define BUCKETS 2000000 /* of half a microsecond: a second */

enum peer { GATE, SAME, REDIS };

struct connection {
    int fd;
    bool is_busy;
    int64_t asked_ns;
    size_t len;
    char answer[ANSWER_MOST];
};

static struct {
    enum peer peer;
    const char *place, *key, *contract;
    int agent, agents, connections; /* agent: the code of the first */
    int64_t rate, asked, answered, refused;
    int64_t run; /* so that the calls of two runs differ, and whom they call */
    struct connection at[CONNECTIONS_MOST];
} load;
static uint32_t waits[BUCKETS];

static int64_t clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void give_up(const char *what)
{
    perror(what);
    exit(1);
}

static int dial(void)
{
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    struct sockaddr_in inet = {.sin_family = AF_INET,
                               .sin_port = htons((uint16_t)atoi(load.place)),
                               .sin_addr = {htonl(INADDR_LOOPBACK)}};
    const bool is_local = strchr(load.place, '/') != NULL;
    const int fd = socket(is_local ? AF_UNIX : AF_INET, SOCK_STREAM, 0), one = 1;
    snprintf(local.sun_path, sizeof local.sun_path, "%s", load.place);
    if (connect(fd, is_local ? (void *)&local : (void *)&inet,
                is_local ? sizeof local : sizeof inet) != 0)
        give_up(load.place);
    if (!is_local)
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

static int question(char *out, size_t size)
{
    static const char REDIS_GET[] = "*2\r\n$3\r\nGET\r\n$4\r\ncall\r\n";
    char body[400];
    if (load.peer == REDIS)
        return snprintf(out, size, "%s", REDIS_GET);
    const long long call = load.peer == GATE ? load.asked : 0;
    const long long callee = 3000000000 + (load.run / 1000 + call) * 7919 % 6000000000;
    const int len =
        snprintf(body, sizeof body,
                 "{\"node\":\"bench\",\"call_id\":\"%llx-%lld\",\"contract\":\"%s\","
                 "\"agent\":\"%lld\",\"callee\":\"1%lld\"}",
                 (long long)load.run, call, load.contract, load.agent + call % load.agents, callee);
    return snprintf(out, size,
                    "POST /api/gate HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
                    "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
                    load.key, len, body);
}

static void ask(struct connection *connection, int64_t planned_ns)
{
    char bytes[1024];
    const int len = question(bytes, sizeof bytes);
    connection->asked_ns = planned_ns;
    connection->is_busy = true;
    connection->len = 0;
    load.asked++;
    if (send(connection->fd, bytes, (size_t)len, MSG_NOSIGNAL) != len)
        give_up("send");
}

/* Is it there as a whole? */
static bool is_whole(const struct connection *connection)
{
    const char *bytes = connection->answer;
    if (load.peer == REDIS)
        return connection->len > 2 && strchr(bytes, '\n') != bytes + connection->len - 1;
    const char *body = strstr(bytes, "\r\n\r\n"), *length = strcasestr(bytes, "content-length:");
    return body && length &&
           connection->len >= (size_t)(body + 4 - bytes) + strtoul(length + 15, NULL, 10);
}

static void take(struct connection *connection)
{
    const ssize_t len = recv(connection->fd, connection->answer + connection->len,
                             sizeof connection->answer - 1 - connection->len, 0);
    if (len <= 0)
        give_up("recv");
    connection->len += (size_t)len;
    connection->answer[connection->len] = '\0';
    if (!is_whole(connection))
        return;
    const int64_t half_us = (clock_ns() - connection->asked_ns) / 500;
    waits[half_us < BUCKETS ? half_us : BUCKETS - 1]++;
    load.answered++;
    load.refused += load.peer != REDIS && (strncmp(connection->answer, "HTTP/1.1 200", 12) != 0 ||
                                           !strstr(connection->answer, "\"allow\":true"));
    connection->is_busy = false;
}

static double wait_us(double share)
{
    int64_t seen = 0;
    for (int64_t i = 0; i < BUCKETS; i++) {
        seen += waits[i];
        if ((double)seen >= share * (double)load.answered)
            return (double)i / 2;
    }
    return 0;
}

static void ask_those_due(int64_t began, int64_t now)
{
    for (int i = 0; i < load.connections; i++) {
        const int64_t planned = load.rate ? began + load.asked * 1000000000 / load.rate : now;
        if (planned > now)
            return;
        if (!load.at[i].is_busy)
            ask(&load.at[i], planned);
    }
}

static void run(double seconds)
{
    struct epoll_event events[CONNECTIONS_MOST];
    const int poll = epoll_create1(0);
    for (int i = 0; i < load.connections; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &load.at[i]};
        load.at[i].fd = dial();
        epoll_ctl(poll, EPOLL_CTL_ADD, load.at[i].fd, &event);
    }
    const int64_t began = clock_ns(), end = began + (int64_t)(seconds * 1e9);
    int64_t now = began;
    for (; now < end || load.answered < load.asked; now = clock_ns()) {
        if (now < end)
            ask_those_due(began, now);
        const int count = epoll_wait(poll, events, CONNECTIONS_MOST, 0);
        for (int i = 0; i < count; i++)
            take(events[i].data.ptr);
    }
    printf("{\"answered\":%lld,\"refused\":%lld,\"rate\":%.0f,\"p50\":%.1f,\"p99\":%.1f,"
           "\"most\":%.1f}\n",
           (long long)load.answered, (long long)load.refused,
           (double)load.answered * 1e9 / (double)(now - began), wait_us(0.5), wait_us(0.99),
           wait_us(1));
}

int main(int count, char **words)
{
    if (count < 6) {
        fputs("load gate|same|redis PORT|SOCKET SECONDS CONNECTIONS RATE [KEY CONTRACT AGENT "
              "AGENTS]\n",
              stderr);
        return 2;
    }
    load.peer = *words[1] == 'g' ? GATE : *words[1] == 's' ? SAME : REDIS;
    load.place = words[2];
    load.connections = atoi(words[4]);
    load.rate = atoll(words[5]);
    load.key = count > 6 ? words[6] : "";
    load.contract = count > 7 ? words[7] : "";
    load.agent = count > 8 ? atoi(words[8]) : 1;
    load.agents = count > 9 ? atoi(words[9]) : 1;
    load.run = clock_ns();
    if (load.connections < 1 || load.connections > CONNECTIONS_MOST)
        return 2;
    run(atof(words[3]));
    return 0;
}
