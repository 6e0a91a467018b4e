/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is found in hours that are sorted, and in those that are not, is the same. */
#include "app/calls/call_hours.h"
#include "app/calls/test_centre.h"

#include <stdio.h>

#define CALLS_OF_TEST 600 /* an agent's make more than a piece */

static struct call_line line_of(struct world *world, int n)
{
    static const char *const CODES[] = {"1001", "1001", "1001", "1001", "1002", "unknown"};
    char start[40];
    snprintf(start, sizeof start, "2026-02-03T%02d:%02d:%02d+08:00", 9 + n / 590, n % 590 / 10,
             n % 10);
    return (struct call_line){
        .row = n + 1,
        .source = "dialer",
        .uid = arena_printf(world->test.arena, "%d", n),
        .contract = centre.contract_number,
        .agent = CODES[n % 6],
        .caller = "0571-8888 1234",
        .callee = arena_printf(world->test.arena, "1381234000%d", n % 7),
        .started_at = at(start),
        .result = n % 2 ? CALL_SUCCESS : CALL_BUSY,
        .recording = "",
    };
}

static void take_calls(struct world *world)
{
    struct call_line *lines = ARENA_ARRAY(world->test.arena, struct call_line, CALLS_OF_TEST);
    struct call_receipt receipt;
    for (int i = 0; i < CALLS_OF_TEST; i++)
        lines[i] = line_of(world, i);
    assert_int_equal(calls_take(&world->test.cx, lines, CALLS_OF_TEST, 0, &receipt), OK);
    assert_int_equal(receipt.accepted, CALLS_OF_TEST);
}

/* ---- asking ---- */

static bool is_first(int n)
{
    return n % 6 < 4;
}

/* Page by page, and each call fits and comes once. */
static int walk(struct world *world, const char *const *conditions, int64_t agent)
{
    const char *after = NULL;
    int64_t before = INT64_MAX;
    int count = 0;
    do {
        struct list_query query = {.limit = 37, .after = after};
        struct list list;
        for (const char *const *at = conditions; *at; at += 2)
            assert_true(list_condition(&world->test.cx, &CALLS, at[0], at[1], &query));
        assert_int_equal(record_list(&world->test.cx, &CALLS, &query, &list), OK);
        const struct call *calls = list.rows;
        for (size_t i = 0; i < list.count; i++) {
            assert_true(calls[i].id < before);
            assert_true(agent < 0 || calls[i].agent_id == agent);
            before = calls[i].id;
        }
        count += (int)list.count;
        after = list.next;
    } while (after);
    return count;
}

static int counted(bool (*fits)(int n))
{
    int count = 0;
    for (int i = 0; i < CALLS_OF_TEST; i++)
        count += fits(i);
    return count;
}

static bool is_first_and_success(int n)
{
    return is_first(n) && n % 2;
}

static bool is_callee_3(int n)
{
    return n % 7 == 3;
}

static bool is_first_and_callee_3(int n)
{
    return is_first(n) && is_callee_3(n);
}

static bool is_second_or_unknown(int n)
{
    return !is_first(n);
}

static bool is_unknown(int n)
{
    return n % 6 == 5;
}

static bool is_first_in_the_first_half(int n)
{
    return is_first(n) && n < 300;
}

static void assert_all_are_found(struct world *world)
{
    static const struct {
        const char *conditions[5];
        int64_t agent;
        bool (*fits)(int n);
    } ASKED[] = {
        {{"agent_id", "71"}, 71, is_first},
        {{"agent_id", "71", "result", "success"}, 71, is_first_and_success},
        {{"agent_id", "none"}, 0, is_unknown},
        {{"callee", "13812340003"}, -1, is_callee_3},
        {{"callee", "13812340003", "agent_id", "71"}, 71, is_first_and_callee_3},
        {{"agent_id", "71", "started_at_to", "2026-02-03T09:29:59+08:00"},
         71,
         is_first_in_the_first_half},
    };
    for (size_t i = 0; i < sizeof ASKED / sizeof ASKED[0]; i++)
        assert_int_equal(walk(world, ASKED[i].conditions, ASKED[i].agent), counted(ASKED[i].fits));
    const char *const both[] = {"agent_id", "72", NULL};
    assert_int_equal(walk(world, both, 72) + counted(is_unknown), counted(is_second_or_unknown));
    const char *const either[] = {"agent_id", "71,72", NULL};
    assert_int_equal(walk(world, either, -1), CALLS_OF_TEST - counted(is_unknown));
}

/* ---- the worker ---- */

static enum result count_unsorted(struct ctx *cx, void *host)
{
    struct query query =
        db_query("unsorted", "SELECT count(*) FROM call_hours WHERE sorted = FALSE", 0);
    return db_int(cx, &query, NO_PARAMS, host);
}

static int64_t unsorted(struct world *world)
{
    int64_t count = -1;
    assert_int_equal(months_read(&world->test.cx, world->months, month_of(date_of(2026, 2, 3)),
                                 count_unsorted, &count),
                     OK);
    return count;
}

static bool turn_at(struct world *world, const char *now)
{
    bool found = false;
    world->test.cx.now = at(now);
    assert_int_equal(call_hours_turn(NULL, &world->test.cx, &found), OK);
    return found;
}

static void an_hour_is_sorted_once_it_is_over_and_quiet(void **state)
{
    struct world *world = *state;
    world->test.cx.now = at("2026-02-03T09:59:00+08:00");
    take_calls(world);
    assert_int_equal(unsorted(world), 2);
    assert_false(turn_at(world, "2026-02-03T09:59:59+08:00"));
    assert_true(turn_at(world, "2026-02-03T10:00:00+08:00"));
    assert_int_equal(unsorted(world), 1);
    assert_false(turn_at(world, "2026-02-03T10:59:59+08:00"));
    assert_true(turn_at(world, "2026-02-03T11:00:00+08:00"));
    assert_int_equal(unsorted(world), 0);
    assert_false(turn_at(world, "2026-02-03T12:00:00+08:00"));
}

static void what_is_found_is_the_same_before_and_after(void **state)
{
    struct world *world = *state;
    world->test.cx.now = at("2026-02-03T10:30:00+08:00");
    take_calls(world);
    assert_all_are_found(world);
    assert_true(turn_at(world, "2026-02-03T10:31:00+08:00")); /* one of the two */
    assert_int_equal(unsorted(world), 1);
    assert_all_are_found(world);
    assert_true(turn_at(world, "2026-02-03T11:31:00+08:00"));
    assert_all_are_found(world);
}

static void a_call_that_comes_late_is_found_at_once(void **state)
{
    struct world *world = *state;
    struct call_receipt receipt;
    world->test.cx.now = at("2026-02-03T12:00:00+08:00");
    take_calls(world);
    assert_true(turn_at(world, "2026-02-04T09:00:00+08:00"));
    struct call_line late = line_of(world, 0);
    late.uid = "late";
    late.agent = "1002";
    const char *const of_second[] = {"agent_id", "72", NULL};
    const int before = walk(world, of_second, 72);
    assert_int_equal(calls_take(&world->test.cx, &late, 1, 0, &receipt), OK);
    assert_int_equal(walk(world, of_second, 72), before + 1);
    assert_int_equal(unsorted(world), 1);
    assert_true(turn_at(world, "2026-02-04T09:01:00+08:00"));
    assert_int_equal(walk(world, of_second, 72), before + 1);
    assert_int_equal(calls_take(&world->test.cx, &late, 1, 0, &receipt), OK);
    assert_int_equal(receipt.duplicates, 1);
    assert_int_equal(unsorted(world), 0); /* nothing new came */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CENTRE_TEST(an_hour_is_sorted_once_it_is_over_and_quiet),
        CENTRE_TEST(what_is_found_is_the_same_before_and_after),
        CENTRE_TEST(a_call_that_comes_late_is_found_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
