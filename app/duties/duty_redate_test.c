/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Days of the calendar that become others, and what follows for deadlines. */
#include "app/duties/calendar_day.h"
#include "app/duties/duty.h"
#include "app/records/trail.h"
#include "app/test_world.h"

/* Two rules about contracts: one counts working days from Wednesday 1 July 2026, one does not. */
static enum owing owing;

static struct instant start(void)
{
    return instant_of(date_of(2026, 7, 1), 540, SHANGHAI_OFFSET_MIN);
}

static void owe(const struct contract *contract, struct duty *duty)
{
    duty->contract_id = contract->id;
    duty->organisation_id = contract->client_id;
    duty->unit_id = contract->unit_id;
    duty->owner_side = SIDE_CLIENT;
    duty->owner_role = ROLES[ROLE_PM - 1];
    duty->opened_at = start();
}

static enum result judge_working(struct ctx *cx, const void *record, struct duty *duty,
                                 enum owing *out);
static enum result judge_plain(struct ctx *cx, const void *record, struct duty *duty,
                               enum owing *out);
static const struct duty_rule RULES[] = {
    {"plain", "V5.1.1", &CONTRACTS, judge_plain, {DUE_DAYS, .count = 7}},
    {"working", "V5.1.1", &CONTRACTS, judge_working, {DUE_WORKING_DAYS, .count = 5}},
    DUTY_RULES_END,
};

static enum result judge_working(struct ctx *cx, const void *record, struct duty *duty,
                                 enum owing *out)
{
    *out = owing;
    owe(record, duty);
    duty->due_at = due_of(cx, &RULES[1], start());
    return OK;
}

static enum result judge_plain(struct ctx *cx, const void *record, struct duty *duty,
                               enum owing *out)
{
    *out = owing;
    owe(record, duty);
    duty->due_at = due_of(cx, &RULES[0], start());
    return OK;
}

static int open_world(void **state)
{
    static const struct duty_rule *const tables[] = {RULES};
    if (world_open(state) != 0)
        return 1;
    struct world *world = *state;
    duties_use(tables, 1);
    owing = OWING_DUTY;
    world->test.cx.now = start();
    return 0;
}
#define REDATE_TEST(name) cmocka_unit_test_setup_teardown(name, open_world, world_close)

/* ---- doing ---- */

static enum result tick_run(struct ctx *cx, void *host)
{
    return duties_tick(cx);
}

static void tick(struct world *world)
{
    for (int i = 0; i < 8; i++)
        assert_int_equal(attempt(world, tick_run, NULL), OK);
}

static int64_t owed(struct world *world)
{
    const int64_t contract = a_contract(world, world->project, world->provider);
    tick(world);
    return contract;
}

static struct exception register_day(struct world *world, struct date date, enum day_kind kind)
{
    struct exception day = {.date = date, .kind = kind, .name = "Company day"};
    assert_int_equal(add(world, &CALENDAR_DAYS, &day), OK);
    return day;
}

static enum result remove_run(struct ctx *cx, void *host)
{
    return calendar_day_remove(cx, host);
}

/* ---- what became of it ---- */

static struct duty duty_of(struct world *world, int64_t contract, const char *rule)
{
    struct list_query query = {.limit = 10};
    struct list list;
    assert_true(list_condition(&world->test.cx, &DUTIES, "rule", rule, &query));
    assert_true(list_condition(&world->test.cx, &DUTIES, "subject_id",
                               arena_printf(world->test.arena, "%lld", (long long)contract),
                               &query));
    assert_int_equal(record_list(&world->test.cx, &DUTIES, &query, &list), OK);
    assert_int_equal(list.count, 1);
    return *(const struct duty *)list.rows;
}

static int due_day(struct world *world, int64_t contract, const char *rule)
{
    const struct duty duty = duty_of(world, contract, rule);
    return instant_date(duty.due_at, SHANGHAI_OFFSET_MIN).days - date_of(2026, 7, 1).days + 1;
}

/* The entry that says so; NULL when there is none. */
static const struct event *redated(struct world *world, int64_t duty)
{
    struct event *events;
    size_t count;
    assert_int_equal(trail_of(&world->test.cx, &DUTIES, duty, 20, &events, &count), OK);
    for (size_t i = 0; i < count; i++)
        if (strcmp(events[i].action, "redate") == 0)
            return &events[i];
    return NULL;
}

/* ---- the tests ---- */

static void a_new_holiday_moves_what_is_due_by_working_days_and_says_why(void **state)
{
    struct world *world = *state;
    const int64_t contract = owed(world);
    assert_int_equal(due_day(world, contract, "working"), 8);
    register_day(world, date_of(2026, 7, 6), DAY_HOLIDAY);
    tick(world);
    assert_int_equal(due_day(world, contract, "working"), 9);
    const struct event *event = redated(world, duty_of(world, contract, "working").id);
    assert_non_null(event);
    assert_string_equal(event->note, "2026-07-06 Company day");
    assert_non_null(strstr(event->changes, "due_at"));
}

static void what_is_due_by_the_days_of_the_week_stays(void **state)
{
    struct world *world = *state;
    const int64_t contract = owed(world);
    const int day = due_day(world, contract, "plain");
    register_day(world, date_of(2026, 7, 6), DAY_HOLIDAY);
    tick(world);
    assert_int_equal(due_day(world, contract, "plain"), day);
    assert_null(redated(world, duty_of(world, contract, "plain").id));
}

static void a_day_that_becomes_another_or_is_removed_moves_it_again(void **state)
{
    struct world *world = *state;
    const int64_t contract = owed(world);
    struct exception day = register_day(world, date_of(2026, 7, 6), DAY_HOLIDAY), after;
    tick(world);
    after = day;
    after.date = date_of(2026, 7, 11); /* behind it: the 6th is a working day again */
    assert_int_equal(change(world, &CALENDAR_DAYS, &day, &after), OK);
    tick(world);
    assert_int_equal(due_day(world, contract, "working"), 8);
    day = after;
    after.date = date_of(2026, 7, 4); /* a Saturday */
    after.kind = DAY_WORKDAY;
    assert_int_equal(change(world, &CALENDAR_DAYS, &day, &after), OK);
    tick(world);
    assert_int_equal(due_day(world, contract, "working"), 7);
    assert_int_equal(attempt(world, remove_run, &after), OK);
    tick(world);
    assert_int_equal(due_day(world, contract, "working"), 8);
}

static void a_day_behind_the_deadline_moves_nothing(void **state)
{
    struct world *world = *state;
    const int64_t contract = owed(world);
    register_day(world, date_of(2026, 7, 9), DAY_HOLIDAY);
    tick(world);
    assert_int_equal(due_day(world, contract, "working"), 8);
    assert_null(redated(world, duty_of(world, contract, "working").id));
}

static void what_is_met_keeps_its_deadline(void **state)
{
    struct world *world = *state;
    const int64_t contract = owed(world);
    owing = OWING_MET;
    touch_contract(world, contract);
    register_day(world, date_of(2026, 7, 6), DAY_HOLIDAY);
    tick(world);
    assert_int_equal(due_day(world, contract, "working"), 8);
}

static void what_was_overdue_is_in_time_again_when_the_day_was_a_holiday(void **state)
{
    struct world *world = *state;
    const int64_t contract = owed(world);
    world->test.cx.now = instant_of(date_of(2026, 7, 9), 540, SHANGHAI_OFFSET_MIN);
    tick(world);
    assert_int_equal(duty_of(world, contract, "working").state, DUTY_OVERDUE);
    register_day(world, date_of(2026, 7, 8), DAY_HOLIDAY);
    tick(world);
    const struct duty duty = duty_of(world, contract, "working");
    assert_int_equal(duty.state, DUTY_OPEN);
    assert_int_equal(due_day(world, contract, "working"), 9);
    assert_true(duty.live);
}

static void more_than_one_transaction_holds_are_all_dated_anew_and_told_once(void **state)
{
    enum { MANY = 130 };
    struct world *world = *state;
    int64_t contracts[MANY];
    const struct actor *pm = member_of(world, world->project, R(PM));
    for (int i = 0; i < MANY; i++)
        contracts[i] = a_contract(world, world->project, world->provider);
    tick(world);
    register_day(world, date_of(2026, 7, 6), DAY_HOLIDAY);
    assert_int_equal(attempt(world, tick_run, NULL), OK);
    register_day(world, date_of(2026, 7, 7), DAY_HOLIDAY); /* while the walk is under way */
    tick(world);
    for (int i = 0; i < MANY; i++)
        assert_int_equal(due_day(world, contracts[i], "working"), 10);
    assert_string_equal(redated(world, duty_of(world, contracts[MANY - 1], "working").id)->note,
                        "2026-07-06 Company day, 2026-07-07 Company day");
    act(world, pm);
    struct list_query query = {.limit = 200};
    struct list list;
    assert_true(list_condition(&world->test.cx, &NOTICES, "kind", "duty.redated.many", &query));
    assert_int_equal(record_list(&world->test.cx, &NOTICES, &query, &list), OK);
    assert_in_range(list.count, 1, 3); /* of so many transactions */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        REDATE_TEST(a_new_holiday_moves_what_is_due_by_working_days_and_says_why),
        REDATE_TEST(what_is_due_by_the_days_of_the_week_stays),
        REDATE_TEST(a_day_that_becomes_another_or_is_removed_moves_it_again),
        REDATE_TEST(a_day_behind_the_deadline_moves_nothing),
        REDATE_TEST(what_is_met_keeps_its_deadline),
        REDATE_TEST(what_was_overdue_is_in_time_again_when_the_day_was_a_holiday),
        REDATE_TEST(more_than_one_transaction_holds_are_all_dated_anew_and_told_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
