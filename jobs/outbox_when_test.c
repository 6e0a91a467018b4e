/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "jobs/outbox.h" /* after cmocka, whose fail() is not wanted here */

static struct instant at(const char *text)
{
    struct instant instant = {0};
    assert_true(instant_parse(text, &instant));
    return instant;
}

static void assert_instant(struct instant instant, const char *expected)
{
    char text[INSTANT_MAX_TEXT];
    instant_format(instant, text);
    assert_string_equal(text, expected);
}

/* ---- again ---- */

static void tries_come_ever_more_slowly_and_end(void **state)
{
    static const int MINUTES[] = {1, 5, 15, 60, 240, 480, 960};
    struct instant failed = at("2026-11-23T10:00:00+08:00");
    for (int tries = 1; tries <= 7; tries++)
        assert_int_equal(outbox_next_try(tries, 0, failed).ms - failed.ms,
                         MINUTES[tries - 1] * INT64_C(60000));
    assert_int_equal(outbox_next_try(8, 0, failed).ms, 0);
    assert_int_equal(outbox_next_try(0, 0, failed).ms, 0);
}

static void a_receiver_may_ask_for_more_time_but_not_for_ever(void **state)
{
    struct instant failed = at("2026-11-23T10:00:00+08:00");
    assert_instant(outbox_next_try(1, 30, failed), "2026-11-23T10:01:00+08:00");
    assert_instant(outbox_next_try(1, 600, failed), "2026-11-23T10:10:00+08:00");
    assert_instant(outbox_next_try(1, INT32_MAX, failed), "2026-11-24T10:00:00+08:00");
    assert_int_equal(outbox_next_try(8, 600, failed).ms, 0);
}

/* ---- quiet hours ---- */

static void assert_quiet(struct quiet_hours quiet, const char *when, const char *expected)
{
    assert_instant(quiet_hours_end(quiet, at(when), SHANGHAI_OFFSET_MIN), expected);
}

static void what_falls_into_quiet_hours_waits_for_their_end(void **state)
{
    const struct quiet_hours noon = {12 * 60, 14 * 60};
    assert_quiet(noon, "2026-11-23T11:59:59.999+08:00", "2026-11-23T11:59:59.999+08:00");
    assert_quiet(noon, "2026-11-23T12:00:00+08:00", "2026-11-23T14:00:00+08:00");
    assert_quiet(noon, "2026-11-23T13:59:59.999+08:00", "2026-11-23T14:00:00+08:00");
    assert_quiet(noon, "2026-11-23T14:00:00+08:00", "2026-11-23T14:00:00+08:00");
}

static void quiet_hours_may_cross_midnight(void **state)
{
    const struct quiet_hours night = {22 * 60, 7 * 60 + 30};
    assert_quiet(night, "2026-12-31T21:59:00+08:00", "2026-12-31T21:59:00+08:00");
    assert_quiet(night, "2026-12-31T22:00:00+08:00", "2027-01-01T07:30:00+08:00");
    assert_quiet(night, "2027-01-01T00:00:00+08:00", "2027-01-01T07:30:00+08:00");
    assert_quiet(night, "2027-01-01T07:29:59+08:00", "2027-01-01T07:30:00+08:00");
    assert_quiet(night, "2027-01-01T07:30:00+08:00", "2027-01-01T07:30:00+08:00");
}

static void quiet_hours_are_those_of_the_place(void **state)
{
    const struct quiet_hours night = {22 * 60, 7 * 60};
    assert_quiet(night, "2026-11-23T15:00:00Z", "2026-11-24T07:00:00+08:00");
    assert_instant(quiet_hours_end(night, at("2026-11-23T15:00:00Z"), 0),
                   "2026-11-23T23:00:00+08:00");
}

static void without_quiet_hours_nothing_waits(void **state)
{
    assert_quiet((struct quiet_hours){0}, "2026-11-23T00:00:00+08:00", "2026-11-23T00:00:00+08:00");
    assert_int_equal(quiet_hours_end((struct quiet_hours){0, 600}, (struct instant){0}, 480).ms, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tries_come_ever_more_slowly_and_end),
        cmocka_unit_test(a_receiver_may_ask_for_more_time_but_not_for_ever),
        cmocka_unit_test(what_falls_into_quiet_hours_waits_for_their_end),
        cmocka_unit_test(quiet_hours_may_cross_midnight),
        cmocka_unit_test(quiet_hours_are_those_of_the_place),
        cmocka_unit_test(without_quiet_hours_nothing_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
