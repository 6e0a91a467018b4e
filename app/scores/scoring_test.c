/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/scores/scoring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define P_(whole) ((struct points){(int64_t)((whole)*100)})

static struct measured count_of(int64_t value)
{
    return (struct measured){.numerator = value, .denominator = 1};
}

static int64_t points_of(struct indicator indicator, struct measured value)
{
    return score_one(&indicator, &value).points.hundredths;
}

/* ---- each method at its edges ---- */

static void deduction_ends_at_nothing(void **state)
{
    (void)state;
    const struct indicator late = {
        .method = METHOD_DEDUCT_PER_EVENT, .weight = P_(20), .step = P_(2)};
    assert_int_equal(points_of(late, count_of(0)), 2000);
    assert_int_equal(points_of(late, count_of(3)), 1400);
    assert_int_equal(points_of(late, count_of(10)), 0);
    assert_int_equal(points_of(late, count_of(1000000)), 0);
}

static void a_band_holds_from_its_value_on(void **state)
{
    (void)state;
    const struct indicator training = {
        .method = METHOD_BANDED, .weight = P_(5), .bands = "90=100, 80=80, 75=60, 66=40, 60=20"};
    static const struct {
        int64_t value, points;
    } EDGES[] = {{0, 0},      {5999, 0},   {6000, 100}, {6599, 100}, {6600, 200}, {7499, 200},
                 {7500, 300}, {7999, 300}, {8000, 400}, {8999, 400}, {9000, 500}, {10000, 500}};
    for (size_t i = 0; i < sizeof EDGES / sizeof EDGES[0]; i++) {
        const struct measured value = {.numerator = EDGES[i].value, .denominator = 100};
        assert_int_equal(points_of(training, value), EDGES[i].points);
    }
}

static void bands_may_rise_where_less_is_better(void **state)
{
    (void)state;
    const struct indicator late = {
        .method = METHOD_BANDED, .weight = P_(10), .bands = "4=60, 1=80, 0=100"};
    assert_int_equal(points_of(late, count_of(0)), 1000);
    assert_int_equal(points_of(late, count_of(3)), 800);
    assert_int_equal(points_of(late, count_of(4)), 600);
}

static void malformed_bands_are_refused(void **state)
{
    (void)state;
    static const char *const WRONG[] = {
        "",        "90",  "90=101",      "90=-1", "80=1,90", "80=80,90=9", "90=100,80=50,70=60",
        "90=100,", "a=b", "90=50,80=50", "90==1"};
    struct band bands[BANDS_MOST];
    size_t count;
    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++)
        assert_false(bands_parse(WRONG[i], 10000, bands, &count));
    assert_true(bands_parse("90=100,80.5=80, 0=0", 10000, bands, &count));
    assert_int_equal(count, 3);
    assert_int_equal(bands[1].from.hundredths, 8050);
}

static void linear_gives_all_at_the_target_and_the_share_at_the_base(void **state)
{
    (void)state;
    const struct indicator hours = {.method = METHOD_LINEAR_BASE_TARGET,
                                    .weight = P_(20),
                                    .base = P_(30),
                                    .target = P_(50),
                                    .share = P_(70)};
    assert_int_equal(points_of(hours, count_of(0)), 1400);
    assert_int_equal(points_of(hours, count_of(30)), 1400);
    assert_int_equal(points_of(hours, count_of(40)), 1700);
    assert_int_equal(points_of(hours, count_of(50)), 2000);
    assert_int_equal(points_of(hours, count_of(51)), 2000);
    /* 40 h and 1 s: 14 + 6 * (10 + 1/3600) / 20, half up. */
    assert_int_equal(
        points_of(hours, (struct measured){.numerator = 40 * 3600 + 1, .denominator = 3600}), 1700);
}

static void linear_turns_round_where_less_is_better(void **state)
{
    (void)state;
    const struct indicator complaints = {
        .method = METHOD_LINEAR_BASE_TARGET, .weight = P_(10), .base = P_(5), .target = P_(1)};
    assert_int_equal(points_of(complaints, count_of(0)), 1000);
    assert_int_equal(points_of(complaints, count_of(1)), 1000);
    assert_int_equal(points_of(complaints, count_of(3)), 500);
    assert_int_equal(points_of(complaints, count_of(5)), 0);
    assert_int_equal(points_of(complaints, count_of(9)), 0);
}

static void a_ratio_ends_at_its_cap(void **state)
{
    (void)state;
    struct indicator success = {.method = METHOD_RATIO_CAP, .weight = P_(40), .target = P_(300)};
    assert_int_equal(points_of(success, count_of(0)), 0);
    assert_int_equal(points_of(success, count_of(150)), 2000);
    assert_int_equal(points_of(success, count_of(301)), 4000);
    success.share = P_(120);
    const struct measured far = count_of(900);
    const struct scored scored = score_one(&success, &far);
    assert_int_equal(scored.points.hundredths, 4000);
    assert_int_equal(scored.extra.hundredths, 800);
}

/* A draft may lack its target: points all the same, whatever is measured. */
static void without_a_target_nothing_is_divided(void **state)
{
    (void)state;
    const struct indicator success = {.method = METHOD_RATIO_CAP, .weight = P_(40)};
    assert_int_equal(points_of(success, count_of(300)), 0);
    struct indicator hours = {
        .method = METHOD_LINEAR_BASE_TARGET, .weight = P_(20), .share = P_(70)};
    assert_int_equal(points_of(hours, count_of(0)), 2000);
    hours.base = hours.target = P_(30);
    assert_int_equal(points_of(hours, count_of(29)), 1400);
    assert_int_equal(points_of(hours, count_of(30)), 2000);
}

static void alike_values_share_the_better_place(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct measured values[] = {count_of(5), count_of(9), {0}, count_of(9), count_of(1)};
    rank_values(arena, values, 5, false);
    assert_int_equal(values[1].place, 1);
    assert_int_equal(values[3].place, 1);
    assert_int_equal(values[0].place, 3);
    assert_int_equal(values[4].place, 4);
    assert_int_equal(values[4].places, 4);
    assert_int_equal(values[2].place, 0);
    const struct indicator rank = {.method = METHOD_RANK, .weight = P_(30)};
    assert_int_equal(points_of(rank, values[1]), 3000);
    assert_int_equal(points_of(rank, values[0]), 1000);
    assert_int_equal(points_of(rank, values[4]), 0);
    rank_values(arena, values, 5, true);
    assert_int_equal(values[4].place, 1);
    arena_free(arena);
}

static void a_veto_leaves_its_share_of_the_base(void **state)
{
    (void)state;
    const struct indicator indicators[] = {
        {.method = METHOD_RATIO_CAP, .weight = P_(100), .target = P_(10)},
        {.method = METHOD_VETO, .share = P_(60)},
    };
    const struct measured all = count_of(10), none = count_of(0), once = count_of(1);
    struct scored lines[] = {score_one(&indicators[0], &all), score_one(&indicators[1], &none)};
    assert_int_equal(score_all(indicators, lines, 2).total.hundredths, 10000);
    lines[1] = score_one(&indicators[1], &once);
    const struct score score = score_all(indicators, lines, 2);
    assert_int_equal(score.total.hundredths, 6000);
    assert_true(score.vetoed);
    struct score lifted = score;
    score_beside((struct points){2500}, &lifted);
    assert_int_equal(lifted.total.hundredths, 6000); /* no points beside it lift it */
    score_beside((struct points){-2500}, &lifted);
    assert_int_equal(lifted.total.hundredths, 3500);
}

/* ---- nothing to measure ---- */

static void nothing_is_weighed_into_the_others_or_full_or_zero(void **state)
{
    (void)state;
    struct indicator indicators[] = {
        {.method = METHOD_RATIO_CAP, .weight = P_(60), .target = P_(10)},
        {.method = METHOD_RATIO_CAP, .weight = P_(40), .target = P_(10)},
    };
    static const int64_t TOTALS[] = {
        [NOTHING_REWEIGH] = 5000, [NOTHING_FULL] = 7000, [NOTHING_ZERO] = 3000};
    const struct measured half = count_of(5), nothing = {0};
    for (enum nothing_policy policy = NOTHING_REWEIGH; policy <= NOTHING_ZERO; policy++) {
        indicators[1].nothing = policy;
        const struct scored lines[] = {score_one(&indicators[0], &half),
                                       score_one(&indicators[1], &nothing)};
        assert_int_equal(score_all(indicators, lines, 2).total.hundredths, TOTALS[policy]);
        assert_true(lines[1].nothing);
    }
}

static void nothing_at_all_is_no_total(void **state)
{
    (void)state;
    const struct indicator only = {
        .method = METHOD_RATIO_CAP, .weight = P_(100), .target = P_(1), .nothing = NOTHING_REWEIGH};
    const struct measured nothing = {0};
    const struct scored line = score_one(&only, &nothing);
    assert_true(score_all(&only, &line, 1).empty);
}

/* ---- properties, over many random schemes ---- */

#define TRIALS 20000
#define LINES 6

static uint32_t seed;
static int64_t some(int64_t most)
{
    seed = seed * 1664525u + 1013904223u;
    return (int64_t)(seed >> 8) % (most + 1);
}

static struct indicator any_indicator(int64_t weight)
{
    struct indicator indicator = {
        .method = (enum scoring_method)(1 + some(METHOD_MANUAL - 1)),
        .weight = {weight},
        .base = {some(5000)},
        .step = {1 + some(1000)},
        .bands = some(1) ? "90=100, 60=50, 0=10" : "30=10, 3=70, 0=100",
        .nothing = (enum nothing_policy)(1 + some(2)),
        .fewer = some(1) == 1,
    };
    indicator.target.hundredths = indicator.base.hundredths + 1 + some(5000);
    if (indicator.method == METHOD_RATIO_CAP)
        indicator.share.hundredths = 10000 + some(10000);
    else
        indicator.share.hundredths = some(10000);
    if (indicator.method == METHOD_VETO)
        indicator.weight.hundredths = 0;
    return indicator;
}

static struct measured any_value(void)
{
    struct measured value = {.numerator = some(9000), .denominator = some(7) ? 1 + some(99) : 0};
    value.places = 1 + (int32_t)some(9);
    value.place = 1 + (int32_t)some(value.places - 1);
    return value;
}

static struct score scored(const struct indicator *indicators, const struct measured *values)
{
    struct scored lines[LINES];
    for (size_t i = 0; i < LINES; i++)
        lines[i] = score_one(&indicators[i], &values[i]);
    return score_all(indicators, lines, LINES);
}

static void any_total_is_within_what_the_scheme_states(void **state)
{
    (void)state;
    seed = 1;
    for (int trial = 0; trial < TRIALS; trial++) {
        struct indicator indicators[LINES];
        struct measured values[LINES];
        for (size_t i = 0; i < LINES; i++) {
            indicators[i] = any_indicator(some(4000));
            values[i] = any_value();
        }
        const struct score score = scored(indicators, values);
        assert_true(score.total.hundredths >= 0);
        assert_true(score.total.hundredths <= score_most(indicators, LINES).hundredths);
        /* The order does not matter, and a second time gives the same. */
        for (size_t i = 0; i < LINES / 2; i++) {
            const struct indicator indicator = indicators[i];
            const struct measured value = values[i];
            indicators[i] = indicators[LINES - 1 - i];
            values[i] = values[LINES - 1 - i];
            indicators[LINES - 1 - i] = indicator;
            values[LINES - 1 - i] = value;
        }
        const struct score again = scored(indicators, values);
        assert_memory_equal(&again.total, &score.total, sizeof again.total);
        assert_memory_equal(&again.of, &score.of, sizeof again.of);
    }
}

static void one_event_more_never_raises_and_one_success_more_never_lowers(void **state)
{
    (void)state;
    seed = 2;
    for (int trial = 0; trial < TRIALS; trial++) {
        struct indicator indicators[LINES];
        struct measured values[LINES];
        for (size_t i = 0; i < LINES; i++) {
            indicators[i] = any_indicator(some(4000));
            values[i] = any_value();
        }
        struct indicator *first = &indicators[0];
        const bool bad = some(1) == 1;
        *first = bad ? (struct indicator){.method = METHOD_DEDUCT_PER_EVENT,
                                          .weight = {some(4000)},
                                          .step = {1 + some(500)}}
                     : (struct indicator){.method = METHOD_RATIO_CAP,
                                          .weight = {some(4000)},
                                          .target = {1 + some(9000)}};
        values[0] = count_of(some(50));
        const int64_t before = scored(indicators, values).total.hundredths;
        values[0].numerator++;
        const int64_t after = scored(indicators, values).total.hundredths;
        assert_true(bad ? after <= before : after >= before);
    }
}

/* Schemes as they are consented to: each indicator right in itself, weights of 100 together. */

#define DRAWN 1000 /* of each seed */
static const uint32_t SEEDS[] = {1, 7, 42, 2026, 99991};
#define SEED_COUNT (sizeof SEEDS / sizeof SEEDS[0])
#define MOST_LINES 12

struct drawn {
    struct indicator indicators[MOST_LINES];
    struct measured values[MOST_LINES];
    size_t count;
};

/* What its method has no use for is left out. */
static struct indicator lawful_indicator(int64_t weight)
{
    const char *member, *code;
    struct indicator indicator = any_indicator(weight);
    const enum scoring_method method = indicator.method;
    indicator.measure = method == METHOD_MANUAL ? "" : "m";
    if (method != METHOD_BANDED)
        indicator.bands = "";
    if (method != METHOD_DEDUCT_PER_EVENT && method != METHOD_BONUS)
        indicator.step.hundredths = 0;
    if (method != METHOD_LINEAR_BASE_TARGET)
        indicator.base.hundredths = 0;
    if (method != METHOD_LINEAR_BASE_TARGET && method != METHOD_RATIO_CAP && method != METHOD_VETO)
        indicator.target.hundredths = 0;
    if (method != METHOD_LINEAR_BASE_TARGET && method != METHOD_RATIO_CAP && method != METHOD_VETO)
        indicator.share.hundredths = 0;
    assert_true(indicator_check(&indicator, &member, &code));
    return indicator;
}

static struct drawn draw(void)
{
    struct drawn drawn = {.count = 1 + (size_t)some(MOST_LINES - 1)};
    int64_t left = 10000;
    for (size_t i = 0; i < drawn.count; i++) {
        struct indicator *indicator = &drawn.indicators[i];
        do
            *indicator = lawful_indicator(1 + some(left / 2));
        while (i + 1 == drawn.count &&
               (indicator->method == METHOD_BONUS || indicator->method == METHOD_VETO));
        if (i + 1 == drawn.count)
            indicator->weight.hundredths = left;
        if (indicator->method != METHOD_BONUS)
            left -= indicator->weight.hundredths;
        drawn.values[i] = any_value();
    }
    return drawn;
}

static struct score score_drawn(const struct drawn *drawn)
{
    struct scored lines[MOST_LINES];
    for (size_t i = 0; i < drawn->count; i++)
        lines[i] = score_one(&drawn->indicators[i], &drawn->values[i]);
    return score_all(drawn->indicators, lines, drawn->count);
}

/* Of the words of the scheme alone: what may come on top of 100. */
static int64_t stated_bonus(const struct drawn *drawn)
{
    int64_t bonus = 0;
    for (size_t i = 0; i < drawn->count; i++) {
        const struct indicator *one = &drawn->indicators[i];
        const int64_t weight = one->weight.hundredths, share = one->share.hundredths;
        if (one->method == METHOD_BONUS)
            bonus += weight;
        if (one->method == METHOD_RATIO_CAP && share > 10000)
            bonus += (2 * weight * share + 10000) / 20000 - weight;
    }
    return bonus;
}

static void each_drawn(void (*check)(struct drawn *drawn))
{
    for (size_t at = 0; at < SEED_COUNT; at++) {
        seed = SEEDS[at];
        for (int i = 0; i < DRAWN; i++) {
            struct drawn drawn = draw();
            check(&drawn);
        }
    }
}

static void check_bounds(struct drawn *drawn)
{
    const struct score score = score_drawn(drawn);
    assert_in_range(score.total.hundredths, 0, 10000 + stated_bonus(drawn));
    assert_int_equal(score_most(drawn->indicators, drawn->count).hundredths,
                     10000 + stated_bonus(drawn));
    const struct score again = score_drawn(drawn);
    assert_int_equal(again.total.hundredths, score.total.hundredths);
}

static void weights_and_policies_never_give_more_than_100_and_the_stated_bonus(void **state)
{
    (void)state;
    each_drawn(check_bounds);
}

/* Nothing to measure: none of its points is the least, all of them the most, and between them what
 * the others give when they weigh more. */
static void check_policies(struct drawn *drawn)
{
    int64_t totals[NOTHING_ZERO + 1];
    const size_t at = (size_t)some((int64_t)drawn->count - 1);
    drawn->values[at].denominator = 0;
    for (enum nothing_policy policy = NOTHING_REWEIGH; policy <= NOTHING_ZERO; policy++) {
        drawn->indicators[at].nothing = policy;
        const struct score score = score_drawn(drawn);
        if (score.empty)
            return; /* there is no total to compare */
        totals[policy] = score.total.hundredths;
    }
    assert_true(totals[NOTHING_ZERO] <= totals[NOTHING_REWEIGH]);
    assert_true(totals[NOTHING_REWEIGH] <= totals[NOTHING_FULL]);
}

static void a_policy_of_none_gives_least_and_of_all_most(void **state)
{
    (void)state;
    each_drawn(check_policies);
}

/* Evidence takes, corrections give or take: whatever comes first. */
static void check_beside(struct drawn *drawn)
{
    const struct score bare = score_drawn(drawn);
    const int64_t deducted = some(5000), adjusted = some(4000) - 2000, more = some(3000);
    const int64_t besides[] = {adjusted - deducted, adjusted - deducted - more, adjusted};
    int64_t totals[3];
    for (size_t i = 0; i < 3; i++) {
        struct score score = bare;
        score_beside((struct points){besides[i]}, &score);
        totals[i] = score.total.hundredths;
        assert_in_range(totals[i], 0, 10000 + stated_bonus(drawn));
        if (score.vetoed)
            assert_in_range(totals[i], 0, score.most.hundredths);
    }
    assert_true(totals[1] <= totals[0]); /* a deduction more */
    assert_true(totals[2] >= totals[0]); /* the evidence taken back */
}

static void a_deduction_never_raises_and_evidence_taken_back_never_lowers(void **state)
{
    (void)state;
    each_drawn(check_beside);
}

#define PEOPLE_RANKED 40

static void shuffle(size_t *order, size_t count)
{
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    for (size_t i = count; i > 1; i--) {
        const size_t other = (size_t)some((int64_t)i - 1), kept = order[i - 1];
        order[i - 1] = order[other];
        order[other] = kept;
    }
}

static void places_do_not_depend_on_the_order_of_people(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    seed = 3;
    for (int trial = 0; trial < 2000; trial++) {
        struct measured values[PEOPLE_RANKED], others[PEOPLE_RANKED];
        size_t order[PEOPLE_RANKED];
        const struct arena_mark mark = arena_mark(arena);
        const size_t count = 1 + (size_t)some(PEOPLE_RANKED - 1);
        const bool fewer = some(1) == 1;
        shuffle(order, count);
        for (size_t i = 0; i < count; i++)
            values[i] = (struct measured){.numerator = some(30), .denominator = some(4)};
        for (size_t i = 0; i < count; i++)
            others[i] = values[order[i]];
        rank_values(arena, values, count, fewer);
        rank_values(arena, others, count, fewer);
        for (size_t i = 0; i < count; i++)
            assert_memory_equal(&others[i], &values[order[i]], sizeof others[i]);
        arena_rewind(arena, mark);
    }
    arena_free(arena);
}

/* ---- what a scheme may not say ---- */

static void an_indicator_says_what_its_method_needs(void **state)
{
    (void)state;
    static const struct {
        struct indicator indicator;
        const char *member, *code; /* NULL: it is right */
    } CASES[] = {
        {{.method = METHOD_DEDUCT_PER_EVENT, .measure = "m", .weight = {1}, .step = {1}},
         NULL,
         NULL},
        {{.method = METHOD_DEDUCT_PER_EVENT, .measure = "m", .weight = {1}}, "step", "required"},
        {{.method = METHOD_DEDUCT_PER_EVENT, .measure = "", .weight = {1}}, "measure", "required"},
        {{.method = METHOD_MANUAL, .measure = "m", .weight = {1}}, "measure", "not_of_this_method"},
        {{.method = METHOD_VETO, .measure = "m", .weight = {1}}, "weight", "not_of_this_method"},
        {{.method = METHOD_VETO, .measure = "m", .share = {10001}}, "share", "over_hundred"},
        {{.method = METHOD_RATIO_CAP,
          .measure = "m",
          .weight = {1},
          .target = {1},
          .share = {9999}},
         "share",
         "under_hundred"},
        {{.method = METHOD_LINEAR_BASE_TARGET, .measure = "m", .weight = {1}},
         "target",
         "same_as_base"},
        {{.method = METHOD_BANDED, .measure = "m", .weight = {1}, .bands = "1"},
         "bands",
         "bands_malformed"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct indicator indicator = CASES[i].indicator;
        const char *member, *code;
        if (!indicator.bands)
            indicator.bands = "";
        assert_int_equal(indicator_check(&indicator, &member, &code), !CASES[i].code);
        if (CASES[i].code) {
            assert_string_equal(member, CASES[i].member);
            assert_string_equal(code, CASES[i].code);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deduction_ends_at_nothing),
        cmocka_unit_test(a_band_holds_from_its_value_on),
        cmocka_unit_test(bands_may_rise_where_less_is_better),
        cmocka_unit_test(malformed_bands_are_refused),
        cmocka_unit_test(linear_gives_all_at_the_target_and_the_share_at_the_base),
        cmocka_unit_test(linear_turns_round_where_less_is_better),
        cmocka_unit_test(a_ratio_ends_at_its_cap),
        cmocka_unit_test(without_a_target_nothing_is_divided),
        cmocka_unit_test(alike_values_share_the_better_place),
        cmocka_unit_test(a_veto_leaves_its_share_of_the_base),
        cmocka_unit_test(nothing_is_weighed_into_the_others_or_full_or_zero),
        cmocka_unit_test(nothing_at_all_is_no_total),
        cmocka_unit_test(any_total_is_within_what_the_scheme_states),
        cmocka_unit_test(one_event_more_never_raises_and_one_success_more_never_lowers),
        cmocka_unit_test(weights_and_policies_never_give_more_than_100_and_the_stated_bonus),
        cmocka_unit_test(a_policy_of_none_gives_least_and_of_all_most),
        cmocka_unit_test(a_deduction_never_raises_and_evidence_taken_back_never_lowers),
        cmocka_unit_test(places_do_not_depend_on_the_order_of_people),
        cmocka_unit_test(an_indicator_says_what_its_method_needs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
