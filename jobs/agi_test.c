/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Speaks to the listener as Asterisk does. */
#include "jobs/agi.h"

#include <arpa/inet.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

/* Answers with what was asked. */
static size_t echo(void *app, struct arena *arena, const struct agi_call *call,
                   struct agi_set out[AGI_SETS])
{
    (void)app;
    (void)arena;
    out[0] = (struct agi_set){"SCRIPT", call->script};
    out[1] = (struct agi_set){"CHANNEL", call->unique_id};
    out[2] = (struct agi_set){"FIRST", call->args[0]};
    out[3] = (struct agi_set){"SECOND", call->args[1]};
    return 4;
}

static int call_from(const struct agi *agi, in_addr_t address)
{
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons((uint16_t)agi_port(agi))};
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr = {htonl(address)}};
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&own, sizeof own), 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&place, sizeof place), 0);
    return fd;
}

static int call_up(const struct agi *agi)
{
    return call_from(agi, INADDR_LOOPBACK);
}

static void say(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* One line, or what came until it was hung up. */
static const char *hear(int fd, char out[256])
{
    size_t len = 0;
    while (len < 255 && recv(fd, out + len, 1, 0) == 1 && out[len] != '\n')
        len++;
    out[len] = '\0';
    return out;
}

static void asterisk_is_told_variables_one_by_one(void **state)
{
    char line[256];
    const int fd = call_up(*state);
    say(fd, "agi_network: yes\nagi_network_script: secret\nagi_uniqueid: 17.4\nagi_arg_1: 1001\n"
            "agi_arg_2: 13900000000\n\n");
    assert_string_equal(hear(fd, line), "SET VARIABLE SCRIPT \"secret\"");
    say(fd, "HANGUP\n200 result=1\n");
    assert_string_equal(hear(fd, line), "SET VARIABLE CHANNEL \"17.4\"");
    say(fd, "200 result=1\n");
    assert_string_equal(hear(fd, line), "SET VARIABLE FIRST \"1001\"");
    say(fd, "200 result=1\n");
    assert_string_equal(hear(fd, line), "SET VARIABLE SECOND \"13900000000\"");
    say(fd, "200 result=1\n");
    assert_string_equal(hear(fd, line), "");
    close(fd);
}

static void nothing_that_a_dialplan_could_expand_is_said(void **state)
{
    char line[256];
    const int fd = call_up(*state);
    say(fd, "agi_network_script: a\"b\nagi_uniqueid: ${SHELL(id)}\nagi_arg_1: x;y\n"
            "agi_arg_2: a b\n\n");
    static const char *const NAMES[] = {"SCRIPT", "CHANNEL", "FIRST", "SECOND"};
    for (size_t i = 0; i < 4; i++) {
        char empty[64];
        snprintf(empty, sizeof empty, "SET VARIABLE %s \"\"", NAMES[i]);
        assert_string_equal(hear(fd, line), empty);
        say(fd, "200 result=1\n");
    }
    close(fd);
}

static void who_says_nothing_or_too_much_is_hung_up_on(void **state)
{
    char line[256];
    struct agi *hasty = agi_start("127.0.0.1", 0, &(struct agi_host){.wait_ms = 1, .answer = echo});
    const int silent = call_up(hasty);
    assert_string_equal(hear(silent, line), "");
    close(silent);
    agi_stop(hasty);
    const int endless = call_up(*state);
    char *much = malloc(9000);
    memset(much, 'a', 8999);
    much[8999] = '\0';
    (void)!send(endless, much, 8999, MSG_NOSIGNAL);
    assert_string_equal(hear(endless, line), "");
    free(much);
    close(endless);
}

static void a_refused_line_ends_it(void **state)
{
    char line[256];
    const int fd = call_up(*state);
    say(fd, "agi_network_script: s\n\n");
    (void)hear(fd, line);
    say(fd, "511 Command Not Permitted on a dead channel\n");
    assert_string_equal(hear(fd, line), "");
    close(fd);
}

static void C1_2_one_address_that_says_nothing_keeps_nobody_else_from_asking(void **state)
{
    enum { SILENT = 16, OTHER = INADDR_LOOPBACK + 1 };
    char line[256];
    int silent[SILENT];
    for (size_t i = 0; i < SILENT; i++)
        silent[i] = call_from(*state, OTHER);
    const int fd = call_up(*state);
    say(fd, "agi_network_script: s\n\n");
    assert_string_equal(hear(fd, line), "SET VARIABLE SCRIPT \"s\"");
    close(fd);
    const int waits = call_from(*state, OTHER); /* its turn comes when the others are gone */
    say(waits, "agi_network_script: w\n\n");
    for (size_t i = 0; i < SILENT; i++)
        close(silent[i]);
    assert_string_equal(hear(waits, line), "SET VARIABLE SCRIPT \"w\"");
    close(waits);
}

static void C1_2_of_one_address_so_many_wait_and_the_others_are_hung_up_on(void **state)
{
    enum { AT_ONCE = 8, WAITING = 32, OTHER = INADDR_LOOPBACK + 2, COUNT = AT_ONCE + WAITING + 1 };
    struct pollfd silent[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        silent[i] = (struct pollfd){.fd = call_from(*state, OTHER), .events = POLLIN};
    assert_int_equal(poll(silent, COUNT, 30000), 1);
    for (size_t i = 0; i < COUNT; i++)
        close(silent[i].fd);
}

static int start(void **state)
{
    *state = agi_start("127.0.0.1", 0, &(struct agi_host){.wait_ms = 60000, .answer = echo});
    return *state ? 0 : 1;
}

static int stop(void **state)
{
    agi_stop(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asterisk_is_told_variables_one_by_one),
        cmocka_unit_test(nothing_that_a_dialplan_could_expand_is_said),
        cmocka_unit_test(who_says_nothing_or_too_much_is_hung_up_on),
        cmocka_unit_test(a_refused_line_ends_it),
        cmocka_unit_test(C1_2_one_address_that_says_nothing_keeps_nobody_else_from_asking),
        cmocka_unit_test(C1_2_of_one_address_so_many_wait_and_the_others_are_hung_up_on),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
