/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "jobs/test_receiver.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ROOM 65536

struct test_receiver {
    int listener, client, port;
    pthread_t thread;
    const char *answer;
    const char *command, *reply;
    char came[ROOM + 1];
    size_t len, read; /* up to `read` the server has looked at it */
};

/* ---- both ---- */

static void say(struct test_receiver *receiver, const char *bytes)
{
    for (size_t left = strlen(bytes); left;) {
        ssize_t sent = send(receiver->client, bytes, left, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        bytes += sent;
        left -= (size_t)sent;
    }
}

/* Wait for more bytes; false at the end of the connection. */
static bool hear(struct test_receiver *receiver)
{
    ssize_t len = recv(receiver->client, receiver->came + receiver->len, ROOM - receiver->len, 0);
    if (len <= 0)
        return false;
    receiver->len += (size_t)len;
    return true;
}

/* What came up to the next `end`, or NULL. */
static const char *hear_until(struct test_receiver *receiver, const char *end)
{
    const char *from = receiver->came + receiver->read, *found = strstr(from, end);
    for (; !found; found = strstr(from, end))
        if (!hear(receiver))
            return NULL;
    receiver->read = (size_t)(found - receiver->came) + strlen(end);
    return from;
}

/* ---- HTTP ---- */

static void serve_http(struct test_receiver *receiver)
{
    const char *head = hear_until(receiver, "\r\n\r\n");
    const char *length = head ? strstr(head, "Content-Length: ") : NULL;
    size_t body = length ? strtoul(length + strlen("Content-Length: "), NULL, 10) : 0;
    while (receiver->len < receiver->read + body && hear(receiver))
        ;
    say(receiver, receiver->answer);
    if (*receiver->answer)
        shutdown(receiver->client, SHUT_WR);
    while (hear(receiver))
        ;
}

/* ---- SMTP ---- */

static const char *usual_reply(const char *line)
{
    static const char *const REPLIES[][2] = {
        {"EHLO", "250-post.test\r\n250-AUTH PLAIN\r\n250 8BITMIME"},
        {"AUTH PLAIN\r", "334 "},
        {"AUTH", "235 2.7.0 welcome"},
        {"DATA", "354 go on"},
        {"QUIT", "221 bye"},
    };
    for (size_t i = 0; i < sizeof(REPLIES) / sizeof(REPLIES[0]); i++)
        if (strncmp(line, REPLIES[i][0], strlen(REPLIES[i][0])) == 0)
            return REPLIES[i][1];
    return "250 2.0.0 fine";
}

static void serve_smtp(struct test_receiver *receiver)
{
    const char *line, *reply = "220 post.test ESMTP";
    for (;;) {
        say(receiver, reply);
        say(receiver, "\r\n");
        bool data = strncmp(reply, "354", 3) == 0, secret = strncmp(reply, "334", 3) == 0;
        line = hear_until(receiver, data ? "\r\n.\r\n" : "\r\n");
        if (!line)
            return;
        bool special = *receiver->command && !data &&
                       strncmp(line, receiver->command, strlen(receiver->command)) == 0;
        reply = special  ? receiver->reply
                : data   ? "250 2.0.0 queued"
                : secret ? "235 2.7.0 welcome"
                         : usual_reply(line);
    }
}

/* ---- one connection ---- */

static void *serve(void *host)
{
    struct test_receiver *receiver = host;
    receiver->client = accept(receiver->listener, NULL, NULL);
    if (receiver->client < 0)
        return NULL;
    if (receiver->answer)
        serve_http(receiver);
    else
        serve_smtp(receiver);
    close(receiver->client);
    return NULL;
}

static struct test_receiver *begin(const char *answer, const char *command, const char *reply)
{
    struct test_receiver *receiver = calloc(1, sizeof(*receiver));
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(address);
    if (!receiver)
        abort();
    receiver->answer = answer;
    receiver->command = command;
    receiver->reply = reply;
    receiver->listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(receiver->listener, (struct sockaddr *)&address, len) != 0 ||
        listen(receiver->listener, 1) != 0 ||
        getsockname(receiver->listener, (struct sockaddr *)&address, &len) != 0 ||
        pthread_create(&receiver->thread, NULL, serve, receiver) != 0)
        abort();
    receiver->port = ntohs(address.sin_port);
    return receiver;
}

struct test_receiver *receive_http(const char *answer)
{
    return begin(answer, "", "");
}

struct test_receiver *receive_smtp(const char *command, const char *reply)
{
    return begin(NULL, command, reply);
}

int receiver_port(const struct test_receiver *receiver)
{
    return receiver->port;
}

const char *receiver_end(struct test_receiver *receiver, struct arena *arena)
{
    shutdown(receiver->listener, SHUT_RDWR); /* ends an accept that still waits */
    pthread_join(receiver->thread, NULL);
    close(receiver->listener);
    const char *came = arena_copy(arena, receiver->came, receiver->len);
    free(receiver);
    return came;
}
