/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/gate/gate_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int setup(void **state)
{
    *state = memory_new();
    return 0;
}

static int teardown(void **state)
{
    memory_free(*state);
    return 0;
}

static struct call_key key_of(uint32_t call)
{
    char text[16];
    snprintf(text, sizeof text, "%u", call);
    return call_key("k1", text, 5);
}

static int64_t id_of(uint32_t call)
{
    return 1000 + (int64_t)call;
}

static struct recent one_of(uint32_t call)
{
    return (struct recent){.key = key_of(call),
                           .gate_id = id_of(call),
                           .at = {1000},
                           .number_id = id_of(call),
                           .max_s = 60,
                           .reason = call % 2 ? REFUSED_HOURS : ALLOWED};
}

static void add_one(struct memory *memory, uint32_t call)
{
    const struct recent recent = one_of(call);
    const struct recent *added = memory_add(memory, &recent);
    assert_memory_equal(added, &recent, sizeof recent);
}

static void add_many(struct memory *memory, uint32_t from, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        add_one(memory, from + i);
}

static bool knows(struct memory *memory, uint32_t call)
{
    const struct recent asked = one_of(call);
    const struct recent *by_call = memory_repeated(memory, &asked, false, 0);
    assert_ptr_equal(by_call, memory_by_gate(memory, id_of(call)));
    return by_call && by_call->gate_id == id_of(call);
}

static void a_decision_is_found_under_its_call_and_its_id(void **state)
{
    add_many(*state, 0, 3);
    assert_true(knows(*state, 0) && knows(*state, 1) && knows(*state, 2));
    assert_false(knows(*state, 3));
}

static void node_and_call_id_are_told_apart(void **state)
{
    const struct call_key one = call_key("ab", "c", 5), other = call_key("a", "bc", 5);
    (void)state;
    assert_true(one.first != other.first && one.second != other.second);
}

/* As many as a generation holds are never forgotten, whenever it is asked. */
static void the_latest_generation_is_kept_whole(void **state)
{
    const uint32_t half = GENERATION / 2;
    add_many(*state, 0, GENERATION);
    assert_true(knows(*state, 0));
    for (uint32_t from = GENERATION; from < 4 * GENERATION; from += half) {
        add_many(*state, from, half);
        assert_true(knows(*state, from + half - GENERATION));
        assert_true(knows(*state, from + half - 1));
    }
    assert_false(knows(*state, GENERATION));
}

static void calls_are_open_until_they_end_or_their_time_is_over(void **state)
{
    struct memory *memory = *state;
    add_many(memory, 0, 6);
    struct open_call longest[2];
    assert_int_equal(memory_open(memory, (struct instant){60999}, NULL, longest, 2), 3);
    assert_true(longest[0].since.ms == 1000 && longest[1].number_id == id_of(2));
    memory_close(memory, memory_by_gate(memory, id_of(2)));
    assert_int_equal(memory_open(memory, (struct instant){60999}, NULL, NULL, 0), 2);
    assert_int_equal(memory_open(memory, (struct instant){61000}, NULL, NULL, 0), 0);
}

static void a_call_of_the_older_generation_ends_too(void **state)
{
    struct memory *memory = *state;
    add_many(memory, 0, GENERATION + 1);
    memory_close(memory, memory_by_gate(memory, id_of(0)));
    assert_int_equal(memory_open(memory, (struct instant){1000}, NULL, NULL, 0), GENERATION / 2);
}

/* ---- how often a number was called ---- */

static int frequency_setup(void **state)
{
    *state = frequency_new();
    return 0;
}

static int frequency_teardown(void **state)
{
    frequency_free(*state);
    return 0;
}

#define MONDAY 740000
/* Numbers that share a bucket: those whose keys end alike. */
static int64_t neighbour(int64_t i)
{
    return (i << 40) + 5;
}

static void call_on(struct frequency *frequency, int64_t callee, int32_t day)
{
    frequency_count(frequency, callee, (struct date){day});
}

static bool may_call(struct frequency *frequency, int64_t callee, int32_t day, int32_t per_day,
                     int32_t per_week)
{
    return frequency_permits(frequency, callee, (struct date){day}, per_day, per_week);
}

static void calls_count_for_a_day_and_for_seven(void **state)
{
    const int64_t callee = neighbour(1);
    call_on(*state, callee, MONDAY);
    call_on(*state, callee, MONDAY);
    assert_false(may_call(*state, callee, MONDAY, 2, 0));
    assert_true(may_call(*state, callee, MONDAY, 3, 3) && may_call(*state, callee, MONDAY, 0, 0));
    assert_true(may_call(*state, callee, MONDAY + 1, 1, 3));
    call_on(*state, callee, MONDAY + 1);
    assert_false(may_call(*state, callee, MONDAY + 6, 0, 3));
    assert_true(may_call(*state, callee, MONDAY + 7, 0, 2)); /* Monday's are over */
    assert_false(may_call(*state, callee, MONDAY + 7, 0, 1));
    assert_true(may_call(*state, neighbour(2), MONDAY, 1, 1)); /* somebody else */
}

static void a_call_of_an_earlier_day_is_counted_there(void **state)
{
    const int64_t callee = neighbour(1);
    call_on(*state, callee, MONDAY + 2);
    call_on(*state, callee, MONDAY); /* heard of later, from another process */
    assert_true(may_call(*state, callee, MONDAY + 2, 2, 3));
    assert_false(may_call(*state, callee, MONDAY + 2, 2, 2));
}

static void where_there_is_no_room_the_one_called_longest_ago_is_forgotten(void **state)
{
    enum { ROOM = 4 };
    for (int i = 1; i <= ROOM; i++)
        call_on(*state, neighbour(i), MONDAY + (i == 2 ? 0 : 1));
    call_on(*state, neighbour(ROOM + 1), MONDAY + 1);
    for (int i = 1; i <= ROOM + 1; i++)
        assert_int_equal(may_call(*state, neighbour(i), MONDAY + 1, 0, 1), i == 2);
}

#define MEMORY_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
#define FREQUENCY_TEST(name)                                                                       \
    cmocka_unit_test_setup_teardown(name, frequency_setup, frequency_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        MEMORY_TEST(a_decision_is_found_under_its_call_and_its_id),
        MEMORY_TEST(node_and_call_id_are_told_apart),
        MEMORY_TEST(the_latest_generation_is_kept_whole),
        MEMORY_TEST(calls_are_open_until_they_end_or_their_time_is_over),
        MEMORY_TEST(a_call_of_the_older_generation_ends_too),
        FREQUENCY_TEST(calls_count_for_a_day_and_for_seven),
        FREQUENCY_TEST(a_call_of_an_earlier_day_is_counted_there),
        FREQUENCY_TEST(where_there_is_no_room_the_one_called_longest_ago_is_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
