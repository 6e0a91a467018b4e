/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/calls/call_board.h"

#include "app/calls/call_day.h"
#include "app/calls/call_measures.h"
#include "app/calls/test_centre.h"

#include <string.h>

static struct world *world;

static struct date day(int month, int day_of_month)
{
    return date_of(2026, month, day_of_month);
}

static int open_in_march(void **state)
{
    centre_open(state);
    world = *state;
    world->test.cx.now = at("2026-03-11T20:00:00+08:00");
    return 0;
}
#define BOARD_TEST(name) cmocka_unit_test_setup_teardown(name, open_in_march, world_close)

static void call(const char *started_at, enum call_result result, int32_t talk_s)
{
    static int made;
    struct call_receipt receipt;
    const struct call_line line = {.source = "dialer",
                                   .uid = arena_printf(world->test.arena, "%d", ++made),
                                   .contract = centre.contract_number,
                                   .agent = "1001",
                                   .caller = "0571-88881234",
                                   .callee = "13812345678",
                                   .started_at = at(started_at),
                                   .duration_s = talk_s + 10,
                                   .talk_s = talk_s,
                                   .result = result,
                                   .recording = ""};
    assert_int_equal(calls_take(&world->test.cx, &line, 1, 0, &receipt), OK);
    assert_int_equal(receipt.accepted, 1);
}

static struct call_board *board_of(const struct call_period *period)
{
    struct call_board *board = ARENA_NEW(world->test.arena, struct call_board);
    assert_int_equal(call_board_read(&world->test.cx, &centre.contract, 1, period, board), OK);
    return board;
}

static int64_t figure(const char *name, const struct call_sums *sums)
{
    int64_t value;
    assert_true(formula_value(call_formula(name), sums, &value));
    return value;
}

/* ---- periods ---- */

static void a_running_month_is_compared_with_as_many_days_of_the_one_before(void **state)
{
    (void)state;
    struct call_period period = period_of_month(month_of(day(3, 1)), day(3, 11));
    assert_int_equal(period.from.days, day(3, 1).days);
    assert_int_equal(period.to.days, day(3, 11).days);
    assert_int_equal(period.before_from.days, day(2, 1).days);
    assert_int_equal(period.before_to.days, day(2, 11).days);
    period = period_of_month(month_of(day(3, 1)), day(3, 30)); /* February has no 30th */
    assert_int_equal(period.before_to.days, day(2, 28).days);
}

static void a_month_that_is_over_is_compared_with_a_whole_one(void **state)
{
    (void)state;
    const struct call_period period = period_of_month(month_of(day(1, 1)), day(3, 11));
    assert_int_equal(period.to.days, day(1, 31).days);
    assert_int_equal(period.before_from.days, date_of(2025, 12, 1).days);
    assert_int_equal(period.before_to.days, date_of(2025, 12, 31).days);
}

static void a_span_is_compared_with_as_many_days_right_before(void **state)
{
    (void)state;
    const struct call_period period = period_of_days(day(3, 3), day(3, 9));
    assert_int_equal(period.before_from.days, day(2, 24).days);
    assert_int_equal(period.before_to.days, day(3, 2).days);
}

/* ---- figures ---- */

static void C2_4_the_board_counts_by_day_hour_and_weekday(void **state)
{
    (void)state;
    const struct call_period period = period_of_days(day(2, 28), day(3, 3)); /* over two months */
    call("2026-02-28T09:10:00+08:00", CALL_SUCCESS, 60);
    call("2026-03-02T09:30:00+08:00", CALL_CONTACTED, 30);
    call("2026-03-02T14:00:00+08:00", CALL_BUSY, 0);
    call("2026-03-04T14:00:00+08:00", CALL_SUCCESS, 99);  /* behind it */
    call("2026-02-26T14:00:00+08:00", CALL_NO_ANSWER, 0); /* the period before */
    const struct call_board *board = board_of(&period);
    assert_int_equal(board->total.at[SUM_DIALS], 3);
    assert_int_equal(board->before.at[SUM_DIALS], 1);
    assert_int_equal(board->days[0].at[SUM_SUCCESS], 1);
    assert_int_equal(board->days[2].at[SUM_DIALS], 2);
    assert_int_equal(board->hours[9].at[SUM_TALK_S], 90);
    assert_int_equal(board->week[0][14].at[SUM_DIALS], 1); /* 2 March is a Monday */
    assert_int_equal(board->week[5][9].at[SUM_DIALS], 1);
    assert_int_equal(board->first_hour, 9);
    assert_int_equal(board->last_hour, 14);
    assert_int_equal(figure("connect_rate", &board->total), 6667);
    assert_int_equal(figure("success_rate", &board->total), 5000);
    assert_int_equal(figure("talk_mean_s", &board->total), 45);
}

static void calls_of_other_contracts_are_left_out(void **state)
{
    (void)state;
    const struct call_period period = period_of_days(day(3, 1), day(3, 3));
    struct call_board *board = ARENA_NEW(world->test.arena, struct call_board);
    const int64_t others = centre.contract + 1000;
    call("2026-03-02T09:30:00+08:00", CALL_CONTACTED, 30);
    assert_int_equal(call_board_read(&world->test.cx, &others, 1, &period, board), OK);
    assert_int_equal(board->total.at[SUM_DIALS], 0);
    assert_int_equal(board->last_hour, -1);
    assert_int_equal(call_board_read(&world->test.cx, NULL, 0, &period, board), OK);
    assert_int_equal(board->total.at[SUM_DIALS], 0);
}

/* ---- formulas ---- */

static void a_figure_without_what_it_is_made_of_is_none(void **state)
{
    (void)state;
    const struct call_sums none = {{0}};
    int64_t value;
    assert_false(formula_value(call_formula("connect_rate"), &none, &value));
    assert_false(formula_value(call_formula("signed_s"), &none, &value));
    assert_true(formula_value(call_formula("dials"), &none, &value));
    assert_string_equal(formula_words(world->test.arena, call_formula("connect_rate"), &none), "");
}

static void a_formula_says_what_is_computed(void **state)
{
    (void)state;
    const struct call_sums sums = {{[SUM_DIALS] = 1234567,
                                    [SUM_TALK_S] = 7509,
                                    [SUM_SIGNED_S] = 1000,
                                    [SUM_TALKING_S] = 400,
                                    [SUM_WRAP_S] = 100,
                                    [SUM_IDLE_S] = 125}};
    struct arena *arena = world->test.arena;
    assert_string_equal(formula_text(arena, call_formula("occupancy"), false, LANG_EN),
                        "(talking_s + wrap_s) / (idle_s + talking_s + wrap_s)");
    assert_string_equal(formula_words(arena, call_formula("occupancy"), &sums), "80.00%");
    assert_string_equal(formula_words(arena, call_formula("utilisation"), &sums), "50.00%");
    assert_string_equal(formula_words(arena, call_formula("dials"), &sums), "1,234,567");
    assert_string_equal(formula_words(arena, call_formula("talk_s"), &sums), "2:05:09");
    assert_null(call_formula("mood"));
}

/* What people are appraised by is what the board shows, whichever of them is asked. */
static void C2_4_measures_are_the_figures_of_the_board(void **state)
{
    static const struct {
        const char *measure, *figure;
        int64_t unit; /* of the measure, in those of the figure */
    } SAME[] = {{"calls.dials", "dials", 1},
                {"calls.connected", "connected", 1},
                {"calls.success", "success", 1},
                {"calls.talk_hours", "talk_s", 3600},
                {"calls.duration_hours", "duration_s", 3600},
                {"calls.connect_rate", "connect_rate", 100},
                {"calls.success_rate", "success_rate", 100}};
    struct ctx *cx = &world->test.cx;
    const struct call_period period = period_of_days(day(3, 1), day(3, 31));
    (void)state;
    call("2026-03-02T09:10:00+08:00", CALL_SUCCESS, 60);
    call("2026-03-02T09:30:00+08:00", CALL_CONTACTED, 30);
    call("2026-03-02T14:00:00+08:00", CALL_BUSY, 0);
    const struct call_board *board = board_of(&period);
    struct list days;
    assert_int_equal(record_list(cx, &CALL_DAYS, &(struct list_query){.limit = 1}, &days), OK);
    const int64_t person = ((const struct call_day *)days.rows)->person_id;
    for (size_t i = 0; i < sizeof SAME / sizeof SAME[0]; i++) {
        const struct measure *measure = CALL_MEASURES;
        while (strcmp(measure->name, SAME[i].measure) != 0)
            measure++;
        const struct call_formula *formula = call_formula(SAME[i].figure);
        const struct measuring ask = {centre.contract, period.from, period.to, &person, 1};
        struct measured out = {.denominator = 0};
        assert_int_equal(measure->run(cx, &ask, &out), OK);
        assert_true(is_measured(&out));
        const int64_t value = figure(SAME[i].figure, &board->total);
        assert_int_equal(
            (2 * out.numerator * SAME[i].unit + out.denominator) / (2 * out.denominator), value);
        assert_int_equal(measure->version, formula->version);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOARD_TEST(a_running_month_is_compared_with_as_many_days_of_the_one_before),
        BOARD_TEST(a_month_that_is_over_is_compared_with_a_whole_one),
        BOARD_TEST(a_span_is_compared_with_as_many_days_right_before),
        BOARD_TEST(C2_4_the_board_counts_by_day_hour_and_weekday),
        BOARD_TEST(calls_of_other_contracts_are_left_out),
        BOARD_TEST(a_figure_without_what_it_is_made_of_is_none),
        BOARD_TEST(a_formula_says_what_is_computed),
        BOARD_TEST(C2_4_measures_are_the_figures_of_the_board),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
