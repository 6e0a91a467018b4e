/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* This program is its own hasher. */
#include "jobs/hasher.h"

#include "base/hash.h"

#include <dirent.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#define PASSWORD "correct horse 电池"

static struct ctx cx;

static int start(void **state)
{
    hash_start();
    cx = (struct ctx){.mem = arena_new()};
    hashers_start();
    return 0;
}

static int stop(void **state)
{
    hashers_stop();
    arena_free(cx.mem);
    return 0;
}

/* Our children, zombies too; at most one. */
static pid_t child(void)
{
    pid_t found = 0;
    DIR *processes = opendir("/proc");
    for (struct dirent *entry; (entry = readdir(processes)) != NULL;) {
        char path[300], state;
        int pid, parent;
        snprintf(path, sizeof path, "/proc/%s/stat", entry->d_name);
        FILE *file = fopen(path, "r");
        if (file && fscanf(file, "%d (%*[^)]) %c %d", &pid, &state, &parent) == 3 &&
            parent == getpid()) {
            assert_int_equal(found, 0);
            assert_int_not_equal(state, 'Z');
            found = pid;
        }
        if (file)
            fclose(file);
    }
    closedir(processes);
    return found;
}

static void wait_until_gone(pid_t pid)
{
    while (kill(pid, 0) == 0)
        sched_yield();
}

static bool matches(const char *password, const char *stored)
{
    bool found;
    assert_int_equal(hasher_compare(&cx, password, stored, &found), OK);
    return found;
}

static void a_password_matches_only_itself(void **state)
{
    char stored[PASSWORD_TEXT];
    assert_int_equal(hasher_hash(&cx, PASSWORD, stored), OK);
    assert_true(matches(PASSWORD, stored));
    assert_true(password_matches(PASSWORD, stored));
    assert_false(matches("correct horse", stored));
    assert_false(matches("", stored));
    assert_false(matches(PASSWORD, ""));
    assert_false(matches(PASSWORD, password_of_nobody()));
}

static void one_is_enough_for_those_who_ask_one_after_the_other(void **state)
{
    char stored[PASSWORD_TEXT];
    assert_int_equal(hasher_hash(&cx, PASSWORD, stored), OK);
    const pid_t hasher = child();
    assert_int_not_equal(hasher, 0);
    assert_true(matches(PASSWORD, stored));
    assert_int_equal(child(), hasher);
    assert_int_equal(getpriority(PRIO_PROCESS, (id_t)hasher), 19);
}

static void what_is_longer_than_any_password_matches_none(void **state)
{
    char stored[PASSWORD_TEXT], cut[1024], whole[2048];
    memset(whole, 'x', sizeof whole - 1);
    whole[sizeof whole - 1] = '\0';
    memcpy(cut, whole, sizeof cut - 1);
    cut[sizeof cut - 1] = '\0';
    assert_int_equal(hasher_hash(&cx, cut, stored), OK);
    assert_true(matches(cut, stored));
    assert_false(matches(whole, stored));
    assert_int_equal(hasher_hash(&cx, whole, stored), BUSY);
}

static void one_that_died_is_replaced(void **state)
{
    char stored[PASSWORD_TEXT];
    assert_int_equal(hasher_hash(&cx, PASSWORD, stored), OK);
    const pid_t hasher = child();
    kill(hasher, SIGKILL);
    wait_until_gone(hasher);
    assert_true(matches(PASSWORD, stored));
    assert_int_not_equal(child(), hasher);
    assert_false(matches("correct horse", stored));
}

static void *kill_stopped(void *host)
{
    kill(*(pid_t *)host, SIGKILL);
    return NULL;
}

/* Stopped, it cannot have answered when it is killed. */
static void a_password_that_killed_its_hasher_is_given_to_the_next(void **state)
{
    char stored[PASSWORD_TEXT];
    pthread_t thread;
    assert_int_equal(hasher_hash(&cx, PASSWORD, stored), OK);
    pid_t hasher = child();
    kill(hasher, SIGSTOP);
    pthread_create(&thread, NULL, kill_stopped, &hasher);
    assert_true(matches(PASSWORD, stored));
    pthread_join(thread, NULL);
    wait_until_gone(hasher);
    assert_int_not_equal(child(), hasher);
}

static void where_there_can_be_none_nothing_matches(void **state)
{
    char stored[PASSWORD_TEXT];
    struct rlimit files, none;
    bool found = true;
    assert_int_equal(hasher_hash(&cx, PASSWORD, stored), OK);
    const pid_t hasher = child();
    kill(hasher, SIGKILL);
    wait_until_gone(hasher);
    getrlimit(RLIMIT_NOFILE, &files);
    none = (struct rlimit){0, files.rlim_max};
    setrlimit(RLIMIT_NOFILE, &none);
    const enum result compared = hasher_compare(&cx, PASSWORD, stored, &found);
    const enum result hashed = hasher_hash(&cx, PASSWORD, (char[PASSWORD_TEXT]){""});
    setrlimit(RLIMIT_NOFILE, &files);
    assert_int_equal(compared, BUSY);
    assert_int_equal(hashed, BUSY);
    assert_false(found);
    assert_true(matches(PASSWORD, stored));
}

static void none_is_left_when_the_server_stops(void **state)
{
    char stored[PASSWORD_TEXT];
    assert_int_equal(hasher_hash(&cx, PASSWORD, stored), OK);
    const pid_t hasher = child();
    hashers_stop();
    wait_until_gone(hasher);
    assert_int_equal(child(), 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_password_matches_only_itself),
        cmocka_unit_test(one_is_enough_for_those_who_ask_one_after_the_other),
        cmocka_unit_test(what_is_longer_than_any_password_matches_none),
        cmocka_unit_test(one_that_died_is_replaced),
        cmocka_unit_test(a_password_that_killed_its_hasher_is_given_to_the_next),
        cmocka_unit_test(where_there_can_be_none_nothing_matches),
        cmocka_unit_test(none_is_left_when_the_server_stops),
    };
    if (argc > 1)
        return strcmp(argv[1], HASHER_COMMAND) == 0 ? hasher_main() : 2;
    return cmocka_run_group_tests(tests, start, stop);
}
