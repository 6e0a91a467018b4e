/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/duties/calendar_day.h"

#include "app/test_world.h"

static enum result import_run(struct ctx *cx, void *host)
{
    return calendar_import(cx, host);
}

static enum result import(struct world *world, const char *text)
{
    return attempt(world, import_run, (void *)(uintptr_t)text);
}

/* The first working day after Wednesday 1 July 2026. */
static struct date next_day(struct world *world)
{
    const struct due_rule rule = {.kind = DUE_WORKING_DAYS, .count = 1};
    const struct instant start = instant_of(date_of(2026, 7, 1), 540, SHANGHAI_OFFSET_MIN);
    return instant_date(calendar_due(&world->test.cx, &rule, start), SHANGHAI_OFFSET_MIN);
}

static void the_shipped_calendar_holds_while_nothing_is_registered(void **state)
{
    assert_int_equal(next_day(*state).days, date_of(2026, 7, 2).days);
}

static void imported_days_move_what_is_due_at_once(void **state)
{
    struct world *world = *state;
    assert_int_equal(import(world, "2026-07-02,holiday,Company day\n2026-07-03,holiday,Bridge\n"),
                     OK);
    assert_int_equal(next_day(world).days, date_of(2026, 7, 6).days);
    assert_int_equal(import(world, "2026-07-04,workday,Company day\n"), OK);
    assert_int_equal(next_day(world).days, date_of(2026, 7, 4).days);
}

static void a_day_that_is_there_is_replaced(void **state)
{
    struct world *world = *state;
    assert_int_equal(import(world, "2026-07-02,holiday,Company day"), OK);
    assert_int_equal(import(world, "2026-07-02,workday,Company day"), OK);
    assert_int_equal(next_day(world).days, date_of(2026, 7, 2).days);
}

static void a_wrong_line_imports_nothing(void **state)
{
    struct world *world = *state;
    assert_int_equal(import(world, "2026-07-02,holiday,Company day\n2026-07-03,closed,?"), INVALID);
    assert_only_fault(world, "days", "calendar_kind", "");
    assert_int_equal(next_day(world).days, date_of(2026, 7, 2).days);
    assert_int_equal(import(world, "# nothing\n"), INVALID);
    assert_only_fault(world, "days", "required", "");
}

static void the_same_day_is_not_registered_twice(void **state)
{
    struct world *world = *state;
    struct exception day = {.date = date_of(2026, 7, 2), .kind = DAY_HOLIDAY, .name = "A"};
    assert_int_equal(add(world, &CALENDAR_DAYS, &day), OK);
    day.name = "B";
    assert_int_equal(add(world, &CALENDAR_DAYS, &day), INVALID);
    assert_only_fault(world, "date", "taken", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(the_shipped_calendar_holds_while_nothing_is_registered),
        WORLD_TEST(imported_days_move_what_is_due_at_once),
        WORLD_TEST(a_day_that_is_there_is_replaced),
        WORLD_TEST(a_wrong_line_imports_nothing),
        WORLD_TEST(the_same_day_is_not_registered_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
