/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A server for tests on a port of its own, with a host of a few lines instead of database and
 * accounts, and a client that sends bytes and shows what came back.
 *
 * Who asks: the cookie `who=admin` or the bearer token `admin` is somebody with every right,
 * `clerk` has the rights that begin with "things.", `robot`, who comes by a token, too;
 * everybody else is unknown. */
#ifndef WEB_TEST_SERVER_H
#define WEB_TEST_SERVER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* After cmocka, so that fail() is ours. */
#include "web/server.h"
#include "web/stream.h"

#define COOKIE "Cookie: a=b; who=admin\r\n"
#define BEARER "Authorization: Bearer admin\r\n"
#define CSRF "X-CSRF-Token: token-of-admin\r\n"
#define JSON "Content-Type: application/json\r\n"
#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"

struct host_log { /* what the host was asked to do; read between requests */
    _Atomic int committed, rolled_back, refused, dressed;
    char origin[64];
};

struct test_server {
    struct arena *arena;
    struct server *server;
    struct host_log log;
    enum result commit; /* what becomes of a write that went well */
    bool no_reader;     /* the database is gone */
    bool replay;        /* before_write answers by itself */
};

/* `options` but for address, port and spool folder, which are set here. */
struct test_server *test_server_start(const struct server_options *options);
void test_server_stop(struct test_server *test);
/* The error of a server that must not start. */
const char *test_server_error(struct arena *arena, const struct server_options *options);

struct answer {
    int status;
    const char *head; /* status line and headers */
    const char *body;
    size_t len;
};
/* One request on a connection of its own; `headers` are whole lines. */
struct answer ask(struct test_server *test, const char *method, const char *path,
                  const char *headers, const char *body);
struct answer ask_bytes(struct test_server *test, const char *bytes, size_t len);
/* The same in two steps. */
int ask_begin(struct test_server *test, const char *bytes, size_t len);
struct answer ask_end(struct test_server *test, int fd);
/* A header's value, NULL when there is none. */
const char *answer_header(struct test_server *test, struct answer answer, const char *name);

#endif
