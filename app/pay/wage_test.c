/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/pay/wage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static const struct pay_way IN_PROPORTION = {PAY_PROPORTIONAL, "", UNSCORED_NONE, {2175}, {6000}};
static const struct pay_way BY_BANDS = {
    PAY_BANDED, "95=120, 90=110, 80=100, 60=70, 0=0", UNSCORED_FULL, {2175}, {6000}};

static struct wage_facts usual(int64_t total)
{
    return (struct wage_facts){.base = {260000},
                               .performance_base = {200000},
                               .days = 30,
                               .of_days = 30,
                               .is_scored = true,
                               .total = {total},
                               .minimum = {249000},
                               .deduction_share = {2000},
                               .sick_floor = {8000}};
}

static void C2_4_the_score_moves_the_performance_part_alone(void **state)
{
    (void)state;
    static const struct {
        const struct pay_way *way;
        int64_t total, factor, performance;
    } CASES[] = {
        {&IN_PROPORTION, 8750, 8750, 175000},
        {&IN_PROPORTION, 0, 0, 0},
        {&IN_PROPORTION, 10000, 10000, 200000},
        {&IN_PROPORTION, 8333, 8333, 166660},
        {&BY_BANDS, 9500, 12000, 240000},
        {&BY_BANDS, 9499, 11000, 220000},
        {&BY_BANDS, 9000, 11000, 220000},
        {&BY_BANDS, 8999, 10000, 200000},
        {&BY_BANDS, 8000, 10000, 200000},
        {&BY_BANDS, 7999, 7000, 140000},
        {&BY_BANDS, 6000, 7000, 140000},
        {&BY_BANDS, 5999, 0, 0},
        {&BY_BANDS, 0, 0, 0},
        {&BY_BANDS, 10000, 12000, 240000},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        const struct wage_facts facts = usual(CASES[i].total);
        const struct wage wage = wage_work(CASES[i].way, &facts);
        assert_int_equal(wage.factor.hundredths, CASES[i].factor);
        assert_int_equal(wage.performance.fen, CASES[i].performance);
        assert_int_equal(wage.base.fen, 260000);
        assert_int_equal(wage.total.fen, 260000 + CASES[i].performance);
    }
}

static void who_could_not_be_measured_is_paid_as_was_laid_down(void **state)
{
    (void)state;
    struct wage_facts facts = usual(0);
    facts.is_scored = false;
    assert_int_equal(wage_work(&BY_BANDS, &facts).performance.fen, 200000);
    assert_int_equal(wage_work(&IN_PROPORTION, &facts).performance.fen, 0);
}

static void a_part_of_the_month_is_paid_by_its_days(void **state)
{
    (void)state;
    struct wage_facts facts = usual(10000);
    facts.days = 10;
    facts.of_days = 31;
    const struct wage wage = wage_work(&IN_PROPORTION, &facts);
    assert_int_equal(wage.base.fen, 83871); /* 2,600.00 * 10 / 31 = 838.7096 */
    assert_int_equal(wage.performance.fen, 64516);
    assert_int_equal(wage.made_up.fen, 0);
    facts.base = (struct money){100000};
    facts.total = (struct points){0};
    const struct wage low = wage_work(&IN_PROPORTION, &facts);
    assert_int_equal(low.base.fen + low.made_up.fen, 80323); /* the minimum for these days */
}

static void C2_3_days_not_worked_are_not_paid_and_cost_no_more_than_that(void **state)
{
    (void)state;
    static const struct {
        int64_t unpaid, absent, sick, missed;
    } CASES[] = {
        {0, 0, 0, 0},         {100, 0, 0, 11954}, /* 2,600.00 / 21.75 = 119.5402 */
        {0, 100, 0, 11954},   {150, 50, 0, 23908},
        {0, 0, 100, 2795}, /* a sick day at 80 % of 2,490.00 / 21.75 = 91.59, not at 60 % of 119.54
                            */
        {100, 0, 100, 14749}, {2300, 0, 0, 260000}, /* never more than the base */
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct wage_facts facts = usual(10000);
        facts.unpaid.hundredths = CASES[i].unpaid;
        facts.absent.hundredths = CASES[i].absent;
        facts.sick.hundredths = CASES[i].sick;
        const struct wage wage = wage_work(&IN_PROPORTION, &facts);
        assert_int_equal(wage.missed.fen, CASES[i].missed);
        assert_int_equal(wage.performance.fen, 200000);
        assert_int_equal(wage.total.fen, 460000 - CASES[i].missed);
    }
    struct wage_facts well = usual(10000);
    well.base = (struct money){800000};
    well.sick.hundredths = 100;
    assert_int_equal(wage_work(&IN_PROPORTION, &well).missed.fen, 14713); /* 40 % of 367.82 */
}

static void the_minimum_is_owed_for_the_days_that_were_worked(void **state)
{
    (void)state;
    struct wage_facts facts = usual(0);
    facts.base = (struct money){249000};
    facts.unpaid.hundredths = 200;
    const struct wage away = wage_work(&IN_PROPORTION, &facts);
    assert_int_equal(away.made_up.fen, 0);
    assert_int_equal(away.total.fen, 249000 - 22897);
    facts.unpaid.hundredths = 0;
    facts.sick.hundredths = 2175;                                          /* all of it */
    assert_int_equal(wage_work(&IN_PROPORTION, &facts).total.fen, 199200); /* 80 % */
}

static void a_month_is_paid_for_its_weekdays(void **state)
{
    (void)state;
    assert_int_equal(pay_days(date_of(2026, 10, 1), date_of(2026, 10, 31)), 22);
    assert_int_equal(pay_days(date_of(2026, 11, 1), date_of(2026, 11, 1)), 0); /* a Sunday */
    assert_int_equal(pay_days(date_of(2026, 11, 2), date_of(2026, 11, 30)), 21);
    assert_int_equal(pay_days(date_of(2026, 11, 2), date_of(2026, 11, 1)), 0);
}

static void C2_4_compensation_stays_within_both_limits(void **state)
{
    (void)state;
    struct wage_facts facts = usual(10000); /* 4,600.00 */
    facts.owed = (struct money){50000};
    assert_int_equal(wage_work(&IN_PROPORTION, &facts).deducted.fen, 50000);
    facts.owed = (struct money){100000};
    struct wage wage = wage_work(&IN_PROPORTION, &facts);
    assert_int_equal(wage.deducted.fen, 92000); /* 20 % */
    assert_int_equal(wage.left_over.fen, 8000);
    facts.total = (struct points){0}; /* 2,600.00, and the minimum is 2,490.00 */
    wage = wage_work(&IN_PROPORTION, &facts);
    assert_int_equal(wage.deducted.fen, 11000);
    assert_int_equal(wage.total.fen, 249000);
    facts.reward = (struct money){500000}; /* does not make room */
    assert_int_equal(wage_work(&IN_PROPORTION, &facts).deducted.fen, 11000);
    facts.base = (struct money){200000};
    wage = wage_work(&IN_PROPORTION, &facts);
    assert_int_equal(wage.made_up.fen, 49000);
    assert_int_equal(wage.deducted.fen, 0);
    assert_int_equal(wage.left_over.fen, 100000);
}

static int64_t up_to(int64_t most)
{
    return rand() % (most + 1);
}

static struct wage_facts any_facts(void)
{
    struct wage_facts facts = {
        .base = {up_to(800000)},
        .performance_base = {up_to(500000)},
        .of_days = 28 + (int32_t)up_to(3),
        .is_scored = up_to(9) > 0,
        .total = {up_to(12000)},
        .reward = {up_to(3) ? 0 : up_to(100000)},
        .adjustment = {up_to(3) ? 0 : up_to(100000) - 50000},
        .owed = {up_to(2) ? 0 : up_to(400000)},
        .minimum = {up_to(300000)},
        .deduction_share = {up_to(2000)},
        .unpaid = {up_to(2) ? 0 : up_to(1500)},
        .absent = {up_to(2) ? 0 : up_to(1000)},
        .sick = {up_to(2) ? 0 : up_to(1000)},
        .sick_floor = {8000 + up_to(2000)},
    };
    facts.days = up_to(3) ? facts.of_days : 1 + (int32_t)up_to(facts.of_days - 1);
    return facts;
}

/* The minimum for the days employed, less what its own days of absence and illness take. */
static int64_t least_due(const struct wage_facts *facts)
{
    const int64_t ill =
        money_share(facts->minimum, 10000 - facts->sick_floor.hundredths, 10000).fen;
    return money_share(facts->minimum, facts->days, facts->of_days).fen -
           money_share(facts->minimum, facts->unpaid.hundredths + facts->absent.hundredths, 2175)
               .fen -
           money_share((struct money){ill}, facts->sick.hundredths, 2175).fen;
}

static void whatever_the_facts_the_sums_are_right_and_the_guards_hold(void **state)
{
    (void)state;
    srand(20261129);
    for (int i = 0; i < 50000; i++) {
        const struct wage_facts facts = any_facts();
        const struct wage wage = wage_work(i % 2 ? &BY_BANDS : &IN_PROPORTION, &facts);
        const int64_t due = wage.base.fen - wage.missed.fen + wage.performance.fen +
                            wage.adjustment.fen + wage.made_up.fen;
        assert_int_equal(wage.total.fen, due + wage.reward.fen - wage.deducted.fen);
        assert_int_equal(wage.deducted.fen + wage.left_over.fen, facts.owed.fen);
        assert_true(due - wage.deducted.fen >= least_due(&facts));
        assert_true(wage.missed.fen >= 0 && wage.missed.fen <= wage.base.fen);
        assert_true(wage.deducted.fen * 10000 <= due * facts.deduction_share.hundredths);
        assert_true(wage.made_up.fen >= 0 && wage.deducted.fen >= 0 && wage.left_over.fen >= 0);
        struct wage_facts worse = facts;
        *(i % 3 ? i % 2 ? &worse.unpaid : &worse.absent : &worse.sick) = (struct points){1600};
        assert_true(wage_work(i % 2 ? &BY_BANDS : &IN_PROPORTION, &worse).total.fen <=
                    wage.total.fen);
        struct wage_facts better = facts;
        better.total.hundredths += up_to(500);
        assert_true(wage_work(i % 2 ? &BY_BANDS : &IN_PROPORTION, &better).total.fen >=
                    wage.total.fen);
    }
}

static void bands_of_pay_reach_to_twice_the_base(void **state)
{
    (void)state;
    assert_true(pay_bands_valid("95=120, 0=0"));
    assert_true(pay_bands_valid("95=200"));
    assert_false(pay_bands_valid("95=201"));
    assert_false(pay_bands_valid("80=100, 95=120"));
    assert_false(pay_bands_valid(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(C2_4_the_score_moves_the_performance_part_alone),
        cmocka_unit_test(who_could_not_be_measured_is_paid_as_was_laid_down),
        cmocka_unit_test(a_part_of_the_month_is_paid_by_its_days),
        cmocka_unit_test(C2_3_days_not_worked_are_not_paid_and_cost_no_more_than_that),
        cmocka_unit_test(the_minimum_is_owed_for_the_days_that_were_worked),
        cmocka_unit_test(a_month_is_paid_for_its_weekdays),
        cmocka_unit_test(C2_4_compensation_stays_within_both_limits),
        cmocka_unit_test(whatever_the_facts_the_sums_are_right_and_the_guards_hold),
        cmocka_unit_test(bands_of_pay_reach_to_twice_the_base),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
