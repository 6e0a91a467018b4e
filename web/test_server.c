/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/test_server.h"

#include "base/hash.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- the host ---- */

static struct db *reader(void *app)
{
    struct test_server *test = app;
    return test->no_reader ? NULL : (struct db *)app;
}

/* The server only asks whether there is an actor. */
static const struct actor *actor_named(const char *name)
{
    return (const struct actor *)name;
}

static enum result identify(struct request *rq, const char *cookie, const char *bearer)
{
    struct test_server *test = rq->app;
    const char *who = *bearer ? bearer : cookie_text(rq, "who");
    if (strcmp(who, "stale") == 0)
        return fail(&rq->cx, UNAUTHENTICATED, "request.sign_in");
    if (strcmp(who, "admin") != 0 && strcmp(who, "clerk") != 0 && strcmp(who, "robot") != 0)
        return OK;
    rq->cx.actor = actor_named(who);
    rq->from_cookie = !*bearer;
    rq->by_token = strcmp(who, "robot") == 0;
    rq->csrf = "token-of-admin";
    strncpy(test->log.origin, rq->cx.origin, sizeof test->log.origin - 1);
    return *cookie || *bearer ? OK : fail(&rq->cx, BROKEN, "test.nobody");
}

static bool has_right(const struct request *rq, const char *right)
{
    return strcmp((const char *)rq->cx.actor, "admin") == 0 || strncmp(right, "things.", 7) == 0;
}

static enum result refuse(struct request *rq, const char *right)
{
    return fail(&rq->cx, FORBIDDEN, "request.no_right", right);
}

struct handed {
    struct test_server *test;
    enum result (*work)(struct db *db, void *host);
    void (*done)(void *host, enum result result);
    void *host;
};

static void *writer(void *host)
{
    struct handed handed = *(struct handed *)host;
    struct test_server *test = handed.test;
    free(host);
    enum result result = handed.work((struct db *)test, handed.host);
    if (result == OK)
        result = test->commit;
    if (result == OK)
        test->log.committed++;
    else
        test->log.rolled_back++;
    handed.done(handed.host, result);
    return NULL;
}

static void hand_to_writer(void *app, enum result (*work)(struct db *db, void *host),
                           void (*done)(void *host, enum result result), void *host)
{
    pthread_t thread;
    struct handed *handed = calloc(1, sizeof *handed);
    *handed = (struct handed){app, work, done, host};
    if (pthread_create(&thread, NULL, writer, handed) != 0)
        abort();
    pthread_detach(thread);
}

static enum result before_write(struct request *rq, bool *out_answered)
{
    static const char KEPT[] = "{\"kept\":true}";
    struct test_server *test = rq->app;
    if (!test->replay)
        return OK;
    *out_answered = true;
    rq->status = 201;
    rq->location = "/things/1";
    return reply_bytes(rq, KEPT, sizeof KEPT - 1, "application/json", NULL, false);
}

static enum result after_write(struct request *rq, enum result result)
{
    return OK;
}

static void refused(struct request *rq, enum result result)
{
    ((struct test_server *)rq->app)->log.refused++;
}

static void dress(struct request *rq, struct doc *doc)
{
    ((struct test_server *)rq->app)->log.dressed++;
    doc_text(doc, "me", rq->cx.actor ? (const char *)rq->cx.actor : "nobody");
}

static struct instant now(void *app)
{
    return (struct instant){INT64_C(1772326800000)};
}

static struct server *start(struct test_server *test, const struct server_options *options,
                            const char **out_error)
{
    static const struct keys KEYS;
    struct server_options own = *options;
    const struct web_host host = {
        .app = test,
        .identify = identify,
        .has_right = has_right,
        .refuse = refuse,
        .reader = reader,
        .write = hand_to_writer,
        .before_write = before_write,
        .after_write = after_write,
        .refused = refused,
        .dress = dress,
        .now = now,
        .keys = &KEYS,
    };
    const char *folder = getenv("TMPDIR");
    own.address = "127.0.0.1";
    own.spool_dir = folder ? folder : P_tmpdir;
    return server_start(test->arena, &own, &host, out_error);
}

struct test_server *test_server_start(const struct server_options *options)
{
    const char *error = NULL;
    struct arena *arena = arena_new();
    struct test_server *test = ARENA_NEW(arena, struct test_server);
    hash_start();
    test->arena = arena;
    test->server = start(test, options, &error);
    if (!test->server)
        print_error("%s\n", error);
    assert_non_null(test->server);
    return test;
}

void test_server_stop(struct test_server *test)
{
    server_stop(test->server);
    arena_free(test->arena);
}

const char *test_server_error(struct arena *arena, const struct server_options *options)
{
    struct test_server test = {.arena = arena};
    const char *error = NULL;
    assert_null(start(&test, options, &error));
    assert_non_null(error);
    return error;
}

/* ---- the client ---- */

int ask_begin(struct test_server *test, const char *bytes, size_t len)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)server_port(test->server)),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    while (len) { /* the server may refuse before it has read all */
        ssize_t sent = send(fd, bytes, len, MSG_NOSIGNAL);
        if (sent <= 0)
            break;
        bytes += sent;
        len -= (size_t)sent;
    }
    return fd;
}

struct answer ask_end(struct test_server *test, int fd)
{
    struct answer answer = {0};
    struct text got = text_new(test->arena, 4096);
    for (;;) {
        ssize_t len = recv(fd, text_room(&got, 65536), 65536, 0);
        if (len <= 0)
            break;
        got.len += (size_t)len;
    }
    close(fd);
    char *all = arena_copy(test->arena, got.at, got.len);
    char *end = strstr(all, "\r\n\r\n");
    answer.head = all;
    answer.body = "";
    if (!end || strncmp(all, "HTTP/1.1 ", 9) != 0)
        return answer;
    end[2] = '\0';
    answer.status = (int)strtol(all + 9, NULL, 10);
    answer.body = end + 4;
    answer.len = got.len - (size_t)(end + 4 - all);
    return answer;
}

struct answer ask_bytes(struct test_server *test, const char *bytes, size_t len)
{
    return ask_end(test, ask_begin(test, bytes, len));
}

struct answer ask(struct test_server *test, const char *method, const char *path,
                  const char *headers, const char *body)
{
    const char *bytes = arena_printf(
        test->arena,
        "%s %s HTTP/1.1\r\nHost: site.test\r\nConnection: close\r\nContent-Length: %zu\r\n%s\r\n%s",
        method, path, strlen(body), headers, body);
    return ask_bytes(test, bytes, strlen(bytes));
}

const char *answer_header(struct test_server *test, struct answer answer, const char *name)
{
    size_t len = strlen(name);
    for (const char *line = strstr(answer.head, "\r\n"); line; line = strstr(line + 2, "\r\n")) {
        if (strncasecmp(line + 2, name, len) != 0 || line[2 + len] != ':')
            continue;
        const char *value = line + 2 + len + 1;
        value += strspn(value, " ");
        return arena_copy(test->arena, value, strcspn(value, "\r"));
    }
    return NULL;
}
