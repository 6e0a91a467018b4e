/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* V3.3: the functions of deduction by example and by their properties; amounts in capitals. */
#include "app/settlement/capitals.h"
#include "app/settlement/deduct.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define FEE 9720000 /* fen */
#define ROUNDS 20000

static int64_t off(struct deduct_terms terms, struct deduct_facts facts)
{
    facts.fee.fen = facts.fee.fen ? facts.fee.fen : FEE;
    return deduct(&terms, &facts).fen;
}

static void V3_3_each_function_takes_off_what_its_source_says(void **state)
{
    const struct money stated[] = {{30000}, {100000}, {900000}};
    (void)state;
    /* 85 points are enough; at 80 the fee is paid to (15 + 80) %. */
    const struct deduct_terms linear = {DEDUCT_THRESHOLD_LINEAR, .line = {8500}, .share = {1500}};
    assert_int_equal(off(linear, (struct deduct_facts){.scored = true, .total = {8500}}), 0);
    assert_int_equal(off(linear, (struct deduct_facts){.scored = true, .total = {8000}}), 486000);
    assert_int_equal(off(linear, (struct deduct_facts){.total = {0}}), 0); /* no result */
    const struct deduct_terms point = {DEDUCT_PER_POINT, .line = {8500}, .rate = {20000}};
    assert_int_equal(off(point, (struct deduct_facts){.scored = true, .total = {8250}}), 50000);
    const struct deduct_terms pool = {DEDUCT_POOL, .share = {500}, .step = {5000}, .free = 1};
    assert_int_equal(off(pool, (struct deduct_facts){.events = 1}), 0);
    assert_int_equal(off(pool, (struct deduct_facts){.events = 2}), 243000);
    assert_int_equal(off(pool, (struct deduct_facts){.events = 9}), 486000);
    const struct deduct_terms free = {DEDUCT_ALLOWANCE, .line = {8000}, .rate = {1000}};
    assert_int_equal(off(free, (struct deduct_facts){.taken = {8000}}), 0);
    assert_int_equal(off(free, (struct deduct_facts){.taken = {8150}}), 1500);
    const struct deduct_terms fixed = {DEDUCT_FIXED, .rate = {50000}, .factor = 2};
    assert_int_equal(off(fixed, (struct deduct_facts){.events = 1}), 50000);
    assert_int_equal(off(fixed, (struct deduct_facts){.events = 3}), 250000);
    const struct deduct_terms percent = {DEDUCT_PERCENT, .share = {4000}};
    assert_int_equal(off(percent, (struct deduct_facts){.events = 1}), 3888000);
    assert_int_equal(off(percent, (struct deduct_facts){.events = 3}), FEE);
    const struct deduct_terms days = {DEDUCT_ATTENDANCE};
    assert_int_equal(off(days, (struct deduct_facts){.person_days = 300, .missing = 5}), 162000);
    assert_int_equal(off(days, (struct deduct_facts){.missing = 5}), 0);
    const struct deduct_terms outside = {DEDUCT_EXTERNAL, .rate = {50000}, .most = {500000}};
    assert_int_equal(off(outside, (struct deduct_facts){.events = 3, .amounts = stated}),
                     50000 + 100000 + 500000);
}

static void V3_3_halves_of_a_fen_are_rounded_up(void **state)
{
    (void)state;
    const struct deduct_terms percent = {DEDUCT_PERCENT, .share = {5000}};
    const struct deduct_facts odd = {.fee = {3}, .events = 1};
    assert_int_equal(deduct(&percent, &odd).fen, 2);
}

/* ---- properties ---- */

static uint64_t seed = 20261129;
static int64_t drawn(int64_t below)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)((seed >> 33) % (uint64_t)below);
}

static struct money some_amounts[8];

static struct deduct_terms some_terms(void)
{
    return (struct deduct_terms){.function = (enum deduct_function)(1 + drawn(DEDUCT_EXTERNAL)),
                                 .line = {drawn(10001)},
                                 .share = {drawn(10001)},
                                 .step = {drawn(10001)},
                                 .rate = {drawn(500000)},
                                 .most = {500000 + drawn(500000)},
                                 .free = (int32_t)drawn(3),
                                 .factor = (int32_t)(1 + drawn(4))};
}

static struct deduct_facts some_facts(void)
{
    for (size_t i = 0; i < 8; i++)
        some_amounts[i].fen = drawn(2000000);
    return (struct deduct_facts){.fee = {drawn(20000000)},
                                 .scored = drawn(5) > 0,
                                 .total = {drawn(10001)},
                                 .taken = {drawn(20001)},
                                 .events = (int32_t)drawn(7),
                                 .amounts = some_amounts,
                                 .person_days = (int32_t)drawn(900),
                                 .missing = (int32_t)drawn(900)};
}

static void V3_3_what_is_taken_off_lies_between_nothing_and_the_fee(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        const struct deduct_terms terms = some_terms();
        const struct deduct_facts facts = some_facts();
        const int64_t amount = deduct(&terms, &facts).fen;
        assert_true(amount >= 0 && amount <= facts.fee.fen);
    }
}

static void V3_3_worse_never_costs_less(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        const struct deduct_terms terms = some_terms();
        const struct deduct_facts facts = some_facts();
        struct deduct_facts worse = facts;
        worse.events++;
        worse.taken.hundredths += drawn(500);
        worse.missing += (int32_t)drawn(5);
        worse.total.hundredths -= drawn(worse.total.hundredths + 1);
        /* of a sum that stays below its line, the share of the threshold only falls with points */
        if (terms.function == DEDUCT_THRESHOLD_LINEAR && !facts.scored)
            continue;
        assert_true(deduct(&terms, &worse).fen >= deduct(&terms, &facts).fen);
    }
}

static void V3_3_the_order_of_events_does_not_matter(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        struct deduct_terms terms = some_terms();
        struct deduct_facts facts = some_facts();
        terms.function = DEDUCT_EXTERNAL;
        const int64_t before = deduct(&terms, &facts).fen;
        for (int32_t a = 0; a + 1 < facts.events; a++) {
            const int32_t b = a + (int32_t)drawn(facts.events - a);
            const struct money kept = some_amounts[a];
            some_amounts[a] = some_amounts[b];
            some_amounts[b] = kept;
        }
        assert_int_equal(deduct(&terms, &facts).fen, before);
    }
}

static void V3_3_caps_hold_in_a_month_and_in_all(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        const struct deduct_terms cap = {DEDUCT_CAP, .share = {1 + drawn(10000)},
                                         .step = {1 + drawn(10000)}};
        const struct money fee = {drawn(20000000)}, whole = {1 + drawn(200000000)};
        const struct money before = {drawn(20000000)}, sum = {drawn(40000000)};
        bool reached;
        const int64_t left = deduct_capped(&cap, sum, fee, before, whole, &reached).fen;
        const int64_t all = money_share(whole, cap.step.hundredths, 10000).fen;
        assert_true(left >= 0 && left <= sum.fen && left <= fee.fen);
        assert_true(left <= money_share(fee, cap.share.hundredths, 10000).fen);
        assert_true(!left || before.fen + left <= all);
        assert_int_equal(reached, before.fen + left >= all);
    }
}

static void amounts_are_written_in_capitals(void **state)
{
    static const struct {
        int64_t fen;
        const char *words;
    } CASES[] = {
        {0, "人民币零元整"},
        {5, "人民币伍分"},
        {50, "人民币伍角整"},
        {55, "人民币伍角伍分"},
        {100, "人民币壹元整"},
        {105, "人民币壹元零伍分"},
        {150, "人民币壹元伍角整"},
        {1000, "人民币壹拾元整"},
        {140950, "人民币壹仟肆佰零玖元伍角整"},
        {600714, "人民币陆仟零柒元壹角肆分"},
        {10700053, "人民币壹拾万柒仟元伍角叁分"},
        {168032, "人民币壹仟陆佰捌拾元叁角贰分"},
        {1000100, "人民币壹万零壹元整"},
        {10010000, "人民币壹拾万零壹佰元整"},
        {10000000100, "人民币壹亿零壹元整"},
        {10000500000, "人民币壹亿零伍仟元整"},
        {100050000000, "人民币壹拾亿零伍拾万元整"},
        {-9234000, "人民币负玖万贰仟叁佰肆拾元整"},
        {123456789012, "人民币壹拾贰亿叁仟肆佰伍拾陆万柒仟捌佰玖拾元壹角贰分"},
    };
    struct arena *arena = arena_new();
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        assert_string_equal(money_capitals(arena, (struct money){CASES[i].fen}), CASES[i].words);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(V3_3_each_function_takes_off_what_its_source_says),
        cmocka_unit_test(V3_3_halves_of_a_fen_are_rounded_up),
        cmocka_unit_test(V3_3_what_is_taken_off_lies_between_nothing_and_the_fee),
        cmocka_unit_test(V3_3_worse_never_costs_less),
        cmocka_unit_test(V3_3_the_order_of_events_does_not_matter),
        cmocka_unit_test(V3_3_caps_hold_in_a_month_and_in_all),
        cmocka_unit_test(amounts_are_written_in_capitals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
