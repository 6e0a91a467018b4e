/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* C2.3: what becomes of a day, rule by rule. */
#include "app/attendance/derive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* clang-format off */
static const struct {
    const char *what, *starts, *ends, *came, *went; /* "" missing; starts "": no shift, "-": free */
    unsigned leave;
    bool is_over;
    struct day_verdict day;
    bool nobody_clocked;
} DAYS[] = {
    {"in time",                          "09:00", "18:00", "08:57", "18:25", 0, true,  {DAY_PRESENT, 0, 0, 0, 100, 100, 0, 0}},
    {"on the last minute of the grace",  "09:00", "18:00", "09:05", "18:00", 0, true,  {DAY_PRESENT, 0, 0, 0, 100, 100, 0, 0}},
    {"a minute behind the grace",        "09:00", "18:00", "09:06", "18:00", 0, true,  {DAY_LATE, 6, 6, 0, 100, 100, 0, 0}},
    {"went on the last minute of grace", "09:00", "18:00", "09:00", "17:57", 0, true,  {DAY_PRESENT, 0, 0, 0, 100, 100, 0, 0}},
    {"went a minute before that",        "09:00", "18:00", "09:00", "17:56", 0, true,  {DAY_EARLY, 4, 0, 4, 100, 100, 0, 0}},
    {"late and early",                   "09:00", "18:00", "09:30", "17:00", 0, true,  {DAY_LATE, 30, 30, 60, 100, 100, 0, 0}},
    {"overtime past midnight",           "09:00", "18:00", "09:00", "00:30", 0, true,  {DAY_PRESENT, 0, 0, 0, 100, 100, 0, 0}},
    {"no punch, and over",               "09:00", "18:00", "",      "",      0, true,  {DAY_ABSENT, 480, 0, 0, 100, 0, 100, 0}},
    {"no punch yet",                     "09:00", "18:00", "",      "",      0, false, {0}},
    {"came, and is still there",         "09:00", "18:00", "09:20", "",      0, false, {DAY_LATE, 20, 20, 0, 100, 100, 0, 0}},
    {"no punch at the end",              "09:00", "18:00", "09:00", "",      0, true,  {DAY_MISSING, 0, 0, 0, 100, 100, 0, 0}},
    {"no punch at the beginning",        "09:00", "18:00", "",      "17:00", 0, true,  {DAY_MISSING, 0, 0, 60, 100, 100, 0, 0}},
    {"came when all was over",           "09:00", "18:00", "18:00", "18:05", 0, true,  {DAY_ABSENT, 480, 0, 0, 100, 0, 100, 0}},
    {"a night in time",                  "22:00", "06:00", "21:58", "06:02", 0, true,  {DAY_PRESENT, 0, 0, 0, 100, 100, 0, 0}},
    {"a night, late behind midnight",    "22:00", "06:00", "00:15", "06:00", 0, true,  {DAY_LATE, 135, 135, 0, 100, 100, 0, 0}},
    {"a night, early before midnight",   "22:00", "06:00", "22:00", "23:50", 0, true,  {DAY_EARLY, 370, 0, 370, 100, 100, 0, 0}},
    {"a night until midnight",           "16:00", "00:00", "16:00", "00:00", 0, true,  {DAY_PRESENT, 0, 0, 0, 100, 100, 0, 0}},
    {"a night from midnight on",         "00:00", "08:00", "23:55", "08:00", 0, true,  {DAY_PRESENT, 0, 0, 0, 100, 100, 0, 0}},
    {"leave",                            "09:00", "18:00", "",      "",      LEAVE_WHOLE, true, {DAY_LEAVE, 480, 0, 0, 100, 0, 0, 100}},
    {"leave, and came nevertheless",     "09:00", "18:00", "10:00", "12:00", LEAVE_WHOLE, true, {DAY_LEAVE, 480, 0, 0, 100, 0, 0, 100}},
    {"leave before noon, then in time",  "09:00", "18:00", "13:30", "18:00", LEAVE_FIRST_HALF, true, {DAY_LEAVE, 240, 0, 0, 100, 50, 0, 50}},
    {"leave before noon, then late",     "09:00", "18:00", "13:36", "18:00", LEAVE_FIRST_HALF, true, {DAY_LATE, 6, 6, 0, 100, 50, 0, 50}},
    {"leave after noon",                 "09:00", "18:00", "09:00", "13:30", LEAVE_SECOND_HALF, true, {DAY_LEAVE, 240, 0, 0, 100, 50, 0, 50}},
    {"leave after noon, never came",     "09:00", "18:00", "",      "",      LEAVE_SECOND_HALF, true, {DAY_ABSENT, 240, 0, 0, 100, 0, 50, 50}},
    {"no file of that day",              "09:00", "18:00", "",      "",      0, true,  {DAY_UNCLOCKED, 0, 0, 0, 0, 0, 0, 0}, true},
    {"no file, leave after noon",        "09:00", "18:00", "",      "",      LEAVE_SECOND_HALF, true, {DAY_UNCLOCKED, 0, 0, 0, 50, 0, 0, 50}, true},
    {"no file, and corrected",           "09:00", "18:00", "09:00", "18:00", 0, true,  {DAY_PRESENT, 0, 0, 0, 100, 100, 0, 0}, true},
    {"free",                             "-",     "",      "",      "",      0, true,  {DAY_FREE, 0, 0, 0, 0, 0, 0, 0}},
    {"free, and came",                   "-",     "",      "10:00", "12:00", 0, true,  {DAY_FREE, 0, 0, 0, 0, 0, 0, 0}},
    {"no shift",                         "",      "",      "09:30", "18:00", 0, true,  {DAY_UNJUDGED, 0, 0, 0, 0, 0, 0, 0}},
    {"no shift, on leave",               "",      "",      "",      "",      LEAVE_WHOLE, true, {DAY_LEAVE, 0, 0, 0, 100, 0, 0, 100}},
};
/* clang-format on */

static void C2_3_late_and_early_follow_from_the_shift_and_its_grace(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof DAYS / sizeof DAYS[0]; i++) {
        const struct day_facts facts = {.has_shift = clock_valid(DAYS[i].starts),
                                        .is_free = DAYS[i].starts[0] == '-',
                                        .starts = clock_minutes(DAYS[i].starts),
                                        .ends = clock_minutes(DAYS[i].ends),
                                        .break_min = strcmp(DAYS[i].starts, "09:00") ? 0 : 60,
                                        .late_grace = 5,
                                        .early_grace = 3,
                                        .came = clock_minutes(DAYS[i].came),
                                        .went = clock_minutes(DAYS[i].went),
                                        .leave = DAYS[i].leave,
                                        .is_over = DAYS[i].is_over,
                                        .is_clocked = !DAYS[i].nobody_clocked};
        const struct day_verdict found = day_judge(&facts), *expected = &DAYS[i].day;
        const bool same = found.kind == expected->kind && found.minutes == expected->minutes &&
                          found.late_min == expected->late_min &&
                          found.early_min == expected->early_min && found.due == expected->due &&
                          found.attended == expected->attended &&
                          found.absent == expected->absent && found.on_leave == expected->on_leave;
        if (!same)
            fail_msg("%s: kind %d, %d min, late %d, early %d, due %d, attended %d, absent %d, "
                     "leave %d",
                     DAYS[i].what, (int)found.kind, found.minutes, found.late_min, found.early_min,
                     found.due, found.attended, found.absent, found.on_leave);
        assert_true(same);
    }
}

static void a_time_of_day_is_written_with_four_digits(void **state)
{
    (void)state;
    assert_int_equal(clock_minutes("23:59"), 1439);
    assert_int_equal(clock_minutes("00:00"), 0);
    assert_false(clock_valid("24:00"));
    assert_false(clock_valid("9:00"));
    assert_false(clock_valid("09:60"));
    assert_false(clock_valid("0a:00"));
    assert_false(clock_valid(":9:00"));
    assert_false(clock_valid(""));
}

static void a_day_is_over_at_the_midnight_behind_its_shift(void **state)
{
    (void)state;
    assert_int_equal(shift_midnights(540, 1080), 1);
    assert_int_equal(shift_midnights(960, 0), 1);    /* until midnight */
    assert_int_equal(shift_midnights(1320, 360), 2); /* into the next day */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(C2_3_late_and_early_follow_from_the_shift_and_its_grace),
        cmocka_unit_test(a_time_of_day_is_written_with_four_digits),
        cmocka_unit_test(a_day_is_over_at_the_midnight_behind_its_shift),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
