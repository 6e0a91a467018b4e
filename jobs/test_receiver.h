/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* For tests: who mails and posts are sent to. It listens on loopback, serves one connection in a
 * thread of its own, and keeps all that came. */
#ifndef TEST_RECEIVER_H
#define TEST_RECEIVER_H

#include "base/arena.h"

struct test_receiver;

/* Answers one HTTP request with these bytes; "" says nothing until the client gives up. */
struct test_receiver *receive_http(const char *answer);
/* An SMTP server that takes everything, but answers a command that begins with `command` by
 * `reply` (a line or several, without the last CR LF). */
struct test_receiver *receive_smtp(const char *command, const char *reply);

int receiver_port(const struct test_receiver *receiver);
/* Waits for the end of the connection, if there was any, and returns what came. */
const char *receiver_end(struct test_receiver *receiver, struct arena *arena);

#endif
