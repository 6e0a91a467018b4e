/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/inspections/inspection.h"
#include "app/inspections/trust.h"

#include "app/test_world.h"

static struct inspection_item an_item(int points, enum item_result result, int deducted)
{
    return (struct inspection_item){.points = {points * 100},
                                    .result = result,
                                    .deducted = {deducted * 100},
                                    .text = "",
                                    .note = ""};
}

static const struct places NONE = {{0}};

static void V3_5_what_could_not_be_judged_weighs_nothing(void **state)
{
    (void)state;
    const struct inspection_item items[] = {
        an_item(30, RESULT_FAIL, 10), an_item(20, RESULT_FAIL, 5), an_item(20, RESULT_PASS, 0),
        an_item(20, RESULT_NA, 0), an_item(10, RESULT_PASS, 0)};
    const struct inspection_score score = inspection_score(items, 5, &NONE);
    assert_int_equal(score.score.hundredths, 8125);
    assert_int_equal(score.deducted.hundredths, 1500);
    assert_int_equal(score.passed, 2);
    assert_int_equal(score.failed, 2);
    assert_int_equal(score.not_applicable, 1);
}

static void V3_5_an_item_never_falls_below_nothing_and_nothing_judged_is_no_score(void **state)
{
    (void)state;
    struct inspection_item items[] = {an_item(30, RESULT_FAIL, 90), an_item(70, RESULT_PASS, 0)};
    assert_int_equal(inspection_score(items, 2, &NONE).score.hundredths, 7000);
    items[0].result = items[1].result = RESULT_NA;
    assert_true(inspection_score(items, 2, &NONE).nothing);
}

/* Whatever is found, the score stays within its range, and one finding more never raises it. */
static void V3_5_a_finding_more_never_raises_the_score(void **state)
{
    (void)state;
    unsigned chance = 7;
    for (int round = 0; round < 5000; round++) {
        struct inspection_item items[12];
        for (int i = 0; i < 12; i++) {
            chance = chance * 1103515245 + 12345;
            items[i] = an_item((int)(chance >> 16) % 20 + 1, (chance >> 20) % 3 + 1,
                               (int)(chance >> 24) % 30);
        }
        const struct inspection_score before = inspection_score(items, 12, &NONE);
        assert_in_range(before.score.hundredths, 0, 10000);
        struct inspection_item *item = &items[chance % 12];
        if (item->result == RESULT_NA)
            continue;
        item->result = RESULT_FAIL;
        item->deducted.hundredths += 100;
        assert_true(inspection_score(items, 12, &NONE).score.hundredths <= before.score.hundredths);
    }
}

static void X1_what_is_linked_costs_nothing_not_even_when_it_is_fatal(void **state)
{
    (void)state;
    struct inspection_item items[] = {an_item(50, RESULT_FAIL, 50), an_item(50, RESULT_PASS, 0)};
    items[0].fatal = true;
    assert_int_equal(inspection_score(items, 2, &NONE).score.hundredths, 0);
    assert_true(inspection_score(items, 2, &NONE).fatal);
    items[0].linked = true;
    assert_int_equal(inspection_score(items, 2, &NONE).score.hundredths, 10000);
}

static void X4_what_is_upheld_counts_as_if_it_had_passed(void **state)
{
    struct world *world = *state;
    struct places upheld = {{0}};
    const struct inspection_item items[] = {an_item(50, RESULT_FAIL, 20),
                                            an_item(50, RESULT_FAIL, 10)};
    places_add(&upheld, 2);
    assert_int_equal(inspection_score(items, 2, &upheld).score.hundredths, 8000);
    places_add(&upheld, 130);
    const char *text = places_text(world->test.arena, &upheld);
    assert_string_equal(text, "2 130");
    const struct places again = places_read(text);
    assert_true(places_has(&again, 130) && places_has(&again, 2) && !places_has(&again, 1));
}

static void V3_5_periods_end_with_the_day_the_week_the_month_and_the_quarter(void **state)
{
    static const struct {
        enum plan_frequency frequency;
        int first_month, first_day, last_month, last_day;
    } CASES[] = {
        {EVERY_DAY, 3, 4, 3, 4},
        {EVERY_WEEK, 3, 2, 3, 8}, /* 2026-03-04 is a Wednesday */
        {EVERY_MONTH, 3, 1, 3, 31},
        {EVERY_QUARTER, 1, 1, 3, 31},
    };
    const struct date day = date_of(2026, 3, 4);
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        assert_int_equal(period_first(CASES[i].frequency, day).days,
                         date_of(2026, CASES[i].first_month, CASES[i].first_day).days);
        assert_int_equal(plan_period_last(CASES[i].frequency, day).days,
                         date_of(2026, CASES[i].last_month, CASES[i].last_day).days);
    }
}

static void V3_5_a_rarer_check_looks_at_what_is_due_more_often_too(void **state)
{
    (void)state;
    assert_true(frequency_is_asked(EVERY_DAY, FREQUENCY_EACH_TIME));
    assert_false(frequency_is_asked(EVERY_DAY, FREQUENCY_WEEKLY));
    assert_true(frequency_is_asked(EVERY_MONTH, FREQUENCY_DAILY));
    assert_false(frequency_is_asked(EVERY_MONTH, FREQUENCY_QUARTERLY));
    assert_true(frequency_is_asked(0, FREQUENCY_YEARLY));
}

static void V6_1_1_metres_are_near_enough_near_by_and_far(void **state)
{
    (void)state;
    assert_int_equal(metres_between(30274085, 120155070, 30274085, 120155070), 0);
    assert_in_range(metres_between(30274085, 120155070, 30294085, 120155070), 2220, 2230);
    assert_in_range(metres_between(30274085, 120155070, 30274085, 120175070), 1915, 1930);
    assert_in_range(metres_between(30274085, 120155070, 31230416, 121473701), 160000, 170000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(V3_5_what_could_not_be_judged_weighs_nothing),
        WORLD_TEST(V3_5_an_item_never_falls_below_nothing_and_nothing_judged_is_no_score),
        WORLD_TEST(V3_5_a_finding_more_never_raises_the_score),
        WORLD_TEST(X1_what_is_linked_costs_nothing_not_even_when_it_is_fatal),
        WORLD_TEST(X4_what_is_upheld_counts_as_if_it_had_passed),
        WORLD_TEST(V3_5_periods_end_with_the_day_the_week_the_month_and_the_quarter),
        WORLD_TEST(V3_5_a_rarer_check_looks_at_what_is_due_more_often_too),
        WORLD_TEST(V6_1_1_metres_are_near_enough_near_by_and_far),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
