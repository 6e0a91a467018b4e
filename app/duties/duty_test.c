/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The mechanism, with a rule of the test's own about contracts that says what it is told to. */
#include "app/duties/duty.h"

#include "app/records/trail.h"
#include "app/test_world.h"

static struct {
    enum owing owing;
    struct instant opened_at, due_at;
    enum role role;
    int64_t owner_id;
    bool internal;
} says;

static enum result judge(struct ctx *cx, const void *record, struct duty *duty, enum owing *out)
{
    const struct contract *contract = record;
    const bool client = says.role < ROLE_PROVIDER;
    *out = says.owing;
    duty->contract_id = contract->id;
    duty->organisation_id = client ? contract->client_id : contract->provider_id;
    duty->unit_id = contract->unit_id;
    duty->owner_side = client ? SIDE_CLIENT : SIDE_PROVIDER;
    duty->owner_role = ROLES[says.role - 1];
    duty->owner_id = says.owner_id;
    duty->internal = says.internal;
    duty->opened_at = says.opened_at;
    duty->due_at = says.due_at;
    return OK;
}

static const struct duty_rule ONE[] = {{"one", "V5.1.1", &CONTRACTS, judge}, DUTY_RULES_END};
static const struct duty_rule MONTHLY[] = {{"month", "V5.1.1", &CONTRACTS, judge, .monthly = true},
                                           DUTY_RULES_END};
static const struct duty_rule *const ONE_TABLE[] = {ONE}, *const MONTHLY_TABLE[] = {MONTHLY};

static int open_world(void **state)
{
    if (world_open(state) != 0)
        return 1;
    duties_use(ONE_TABLE, 1);
    memset(&says, 0, sizeof says);
    says.owing = OWING_DUTY;
    says.role = ROLE_PM;
    says.due_at = day_end(date_of(2026, 9, 30));
    return 0;
}
#define DUTY_TEST(name) cmocka_unit_test_setup_teardown(name, open_world, world_close)

/* ---- doing ---- */

static int64_t owed(struct world *world)
{
    return a_contract(world, world->project, world->provider);
}

static enum result tick_run(struct ctx *cx, void *host)
{
    return duties_tick(cx);
}

/* The clock looks at that moment, until it has nothing to do. */
static void tick_at(struct world *world, struct date date, int minute)
{
    world->test.cx.now = instant_of(date, minute, SHANGHAI_OFFSET_MIN);
    for (int i = 0; i < 5; i++)
        assert_int_equal(attempt(world, tick_run, NULL), OK);
}

struct waiving {
    const struct duty *duty;
    const char *reason;
};
static enum result waive_run(struct ctx *cx, void *host)
{
    const struct waiving *waiving = host;
    return duty_waive(cx, waiving->duty, waiving->reason);
}

static enum result waive(struct world *world, const struct duty *duty, const char *reason)
{
    struct waiving waiving = {duty, reason};
    return attempt(world, waive_run, &waiving);
}

/* ---- what became of it ---- */

static struct list all(struct world *world)
{
    const struct list_query query = {.limit = 200, .sort = "id"};
    struct list list;
    assert_int_equal(record_list(&world->test.cx, &DUTIES, &query, &list), OK);
    return list;
}

static struct duty only(struct world *world)
{
    struct list list = all(world);
    assert_int_equal(list.count, 1);
    return *(const struct duty *)list.rows;
}

static const char *states(struct world *world)
{
    const struct list list = all(world);
    struct text text = text_new(world->test.arena, 64);
    for (size_t i = 0; i < list.count; i++)
        text_printf(&text, "%s%s", i ? " " : "",
                    choice_name(DUTY_STATES, ((const struct duty *)list.rows + i)->state));
    return text_end(&text);
}

static size_t mine(struct world *world, const struct actor *actor)
{
    struct list list;
    act(world, actor);
    assert_int_equal(duties_mine(&world->test.cx, "", &list), OK);
    act(world, &ACTOR_SYSTEM);
    return list.count;
}

static size_t around(struct world *world, const struct actor *actor)
{
    struct list list;
    act(world, actor);
    assert_int_equal(duties_around(&world->test.cx, "", &list), OK);
    act(world, &ACTOR_SYSTEM);
    return list.count;
}

static const char *actions_of(struct world *world, const struct resource *resource, int64_t id)
{
    struct text text = text_new(world->test.arena, 64);
    struct event *events;
    size_t count;
    assert_int_equal(trail_of(&world->test.cx, resource, id, 20, &events, &count), OK);
    for (size_t i = count; i-- > 0;)
        text_printf(&text, "%s%s", text.len ? " " : "", events[i].action);
    return text_end(&text);
}

/* ---- opened, met, waived ---- */

static void a_duty_opens_with_what_makes_it_owed_and_is_met_with_what_fulfils_it(void **state)
{
    struct world *world = *state;
    const int64_t contract = owed(world);
    struct duty duty = only(world);
    assert_string_equal(duty.rule, "one");
    assert_string_equal(duty.clause, "V5.1.1");
    assert_string_equal(duty.subject, "contracts");
    assert_int_equal(duty.subject_id, contract);
    assert_string_equal(duty.owner_role, "pm");
    assert_int_equal(duty.unit_id, world->project);
    assert_int_equal(duty.state, DUTY_OPEN);
    says.owing = OWING_MET;
    touch_contract(world, contract);
    duty = only(world);
    assert_int_equal(duty.state, DUTY_MET);
    assert_int_equal(duty.met_at.ms, world->test.cx.now.ms);
}

static void nothing_is_owed_twice_however_often_the_record_changes(void **state)
{
    struct world *world = *state;
    const int64_t contract = owed(world);
    for (int i = 0; i < 3; i++)
        touch_contract(world, contract);
    assert_string_equal(states(world), "open");
}

static void what_is_met_may_be_owed_again(void **state)
{
    struct world *world = *state;
    const int64_t contract = owed(world);
    says.owing = OWING_MET;
    touch_contract(world, contract);
    says.owing = OWING_DUTY;
    touch_contract(world, contract);
    assert_string_equal(states(world), "met open");
}

static void a_duty_that_does_not_apply_any_more_is_waived_by_itself(void **state)
{
    struct world *world = *state;
    const int64_t contract = owed(world);
    says.owing = OWING_NOTHING;
    touch_contract(world, contract);
    assert_string_equal(states(world), "waived");
    assert_string_equal(only(world).reason, "");
}

static void what_is_not_owed_opens_nothing(void **state)
{
    struct world *world = *state;
    says.owing = OWING_NOTHING;
    owed(world);
    says.owing = OWING_MET;
    owed(world);
    assert_int_equal(all(world).count, 0);
}

static void who_owes_it_and_until_when_follow_the_record(void **state)
{
    struct world *world = *state;
    const int64_t contract = owed(world), person = a_person(world, world->client, world->project);
    tick_at(world, date_of(2026, 10, 1), 60);
    assert_string_equal(states(world), "overdue");
    says.owner_id = person;
    says.due_at = day_end(date_of(2026, 12, 31));
    touch_contract(world, contract);
    const struct duty duty = only(world);
    assert_int_equal(duty.state, DUTY_OPEN);
    assert_int_equal(duty.owner_id, person);
    assert_int_equal(duty.due_at.ms, says.due_at.ms);
}

static void what_follows_has_no_entry_of_its_own_and_what_the_clock_does_has(void **state)
{
    struct world *world = *state;
    const int64_t contract = owed(world);
    assert_string_equal(actions_of(world, &CONTRACTS, contract), "create");
    assert_string_equal(actions_of(world, &DUTIES, only(world).id), "");
    tick_at(world, date_of(2026, 10, 1), 0);
    assert_string_equal(actions_of(world, &DUTIES, only(world).id), "overdue");
}

/* ---- waived by somebody ---- */

static void a_waiver_needs_a_reason_and_an_open_duty(void **state)
{
    struct world *world = *state;
    owed(world);
    struct duty duty = only(world);
    assert_int_equal(waive(world, &duty, " "), INVALID);
    assert_only_fault(world, "reason", "required", "");
    assert_int_equal(waive(world, &duty, "Agreed with the centre"), OK);
    duty = only(world);
    assert_int_equal(duty.state, DUTY_WAIVED);
    assert_string_equal(actions_of(world, &DUTIES, duty.id), "waive");
    assert_int_equal(waive(world, &duty, "Again"), CONFLICT);
    assert_code(world, "duty.not_open");
}

static void a_waiver_holds_until_something_else_is_owed(void **state)
{
    struct world *world = *state;
    const int64_t contract = owed(world);
    const struct duty duty = only(world);
    assert_int_equal(waive(world, &duty, "Agreed with the centre"), OK);
    touch_contract(world, contract);
    assert_string_equal(states(world), "waived");
    says.due_at = day_end(date_of(2026, 12, 31));
    touch_contract(world, contract);
    assert_string_equal(states(world), "waived open");
}

static void only_the_clients_operations_and_divisions_waive(void **state)
{
    struct world *world = *state;
    static const uint64_t NOT[] = {R(PROVIDER), R(DUTY), R(PM), R(EXECUTOR), R(AUDIT)};
    for (size_t i = 0; i < sizeof NOT / sizeof NOT[0]; i++) {
        const bool provider = NOT[i] & R_PROVIDER_SIDE;
        const struct actor *actor = provider ? outsider_of(world, world->provider, NOT[i])
                                             : member_of(world, world->project, NOT[i]);
        assert_false(actor_may(actor, "duties.waive"));
    }
    assert_true(actor_may(member_of(world, world->headquarters, R(OPS)), "duties.waive"));
    assert_true(actor_may(member_of(world, world->division, R(DIVISION)), "duties.waive"));
}

/* ---- lists ---- */

static void a_role_owes_where_its_scope_reaches(void **state)
{
    struct world *world = *state;
    const int64_t other = a_unit(world, world->headquarters, UNIT_DIVISION);
    owed(world);
    assert_int_equal(mine(world, member_of(world, world->project, R(PM))), 1);
    assert_int_equal(mine(world, member_of(world, world->division, R(PM))), 1);
    assert_int_equal(mine(world, member_of(world, other, R(PM))), 0);
    assert_int_equal(mine(world, member_of(world, world->project, R(EXECUTOR))), 0);
    assert_int_equal(mine(world, outsider_of(world, world->provider, R(PROVIDER))), 0);
}

static void a_person_owes_wherever_it_is(void **state)
{
    struct world *world = *state;
    const int64_t other = a_unit(world, world->headquarters, UNIT_DIVISION);
    const struct actor *person = member_of(world, other, R(EXECUTOR));
    says.owner_id = person->person_id;
    owed(world);
    assert_int_equal(mine(world, person), 1);
    assert_int_equal(mine(world, member_of(world, world->project, R(PM))), 0);
}

static void a_provider_owes_its_own_and_the_client_sees_it(void **state)
{
    struct world *world = *state;
    const int64_t other = an_organisation(world, "Clean & Co", SIDE_PROVIDER);
    struct duty duty;
    says.role = ROLE_PROVIDER;
    owed(world);
    assert_int_equal(mine(world, outsider_of(world, world->provider, R(PROVIDER))), 1);
    assert_int_equal(mine(world, outsider_of(world, other, R(PROVIDER))), 0);
    const int64_t id = only(world).id;
    act(world, outsider_of(world, other, R(PROVIDER)));
    assert_int_equal(record_get(&world->test.cx, &DUTIES, id, &duty), NOT_FOUND);
    act(world, member_of(world, world->project, R(EXECUTOR)));
    get(world, &DUTIES, id, &duty);
    assert_string_equal(duty.organisation_name, "Call centre");
}

static void what_is_internal_to_a_provider_the_client_does_not_see(void **state)
{
    struct world *world = *state;
    struct duty duty;
    says.role = ROLE_PROVIDER;
    says.internal = true;
    owed(world);
    const int64_t id = only(world).id;
    assert_int_equal(mine(world, outsider_of(world, world->provider, R(PROVIDER))), 1);
    act(world, member_of(world, world->headquarters, R(OPS)));
    assert_int_equal(record_get(&world->test.cx, &DUTIES, id, &duty), NOT_FOUND);
}

static void managers_see_what_is_owed_around_them(void **state)
{
    struct world *world = *state;
    const int64_t other = a_unit(world, world->headquarters, UNIT_DIVISION);
    owed(world);
    assert_int_equal(around(world, member_of(world, world->headquarters, R(OPS))), 1);
    assert_int_equal(around(world, member_of(world, world->division, R(DIVISION))), 1);
    assert_int_equal(around(world, member_of(world, world->project, R(PM))), 1);
    assert_int_equal(around(world, member_of(world, other, R(DIVISION))), 0);
    assert_int_equal(around(world, outsider_of(world, world->provider, R(PROVIDER))), 0);
}

static void a_page_ends_with_the_cursor_of_the_next_one(void **state)
{
    struct world *world = *state;
    struct list first, second;
    for (int i = 0; i < DUTY_PAGE + 3; i++) {
        says.due_at = day_end(date_of(2026, 9, 30 - i % 7));
        owed(world);
    }
    act(world, member_of(world, world->project, R(PM)));
    assert_int_equal(duties_mine(&world->test.cx, "", &first), OK);
    assert_int_equal(first.count, DUTY_PAGE);
    assert_int_equal(duties_mine(&world->test.cx, first.next, &second), OK);
    assert_int_equal(second.count, 3);
    assert_null(second.next);
    const struct duty *last = (const struct duty *)first.rows + DUTY_PAGE - 1;
    assert_true(last->due_at.ms <= ((const struct duty *)second.rows)->due_at.ms);
    assert_int_equal(duties_mine(&world->test.cx, "yesterday", &first), INVALID);
}

/* ---- the clock ---- */

static void a_duty_is_on_a_list_from_its_day_on(void **state)
{
    struct world *world = *state;
    const struct actor *pm = member_of(world, world->project, R(PM));
    says.opened_at = instant_of(date_of(2026, 6, 1), 0, SHANGHAI_OFFSET_MIN);
    owed(world);
    tick_at(world, date_of(2026, 5, 31), 1439);
    assert_int_equal(mine(world, pm), 0);
    tick_at(world, date_of(2026, 6, 1), 0);
    assert_int_equal(mine(world, pm), 1);
}

static void a_duty_is_in_time_until_its_last_moment_and_then_overdue(void **state)
{
    struct world *world = *state;
    owed(world);
    tick_at(world, date_of(2026, 9, 30), 1439);
    assert_string_equal(states(world), "open");
    tick_at(world, date_of(2026, 10, 1), 0);
    assert_string_equal(states(world), "overdue");
}

/* The due day is the last one before the holiday of 1 to 7 October 2026; Saturday 10 October is
 * worked for it: the second working day after is the 9th, the fifth the 13th. */
static void the_ladder_is_climbed_after_two_and_five_working_days(void **state)
{
    static const struct {
        int day, level;
    } CLIMB[] = {{1, 0}, {9, 0}, {10, 1}, {13, 1}, {14, 2}, {31, 2}};
    struct world *world = *state;
    owed(world);
    for (size_t i = 0; i < sizeof CLIMB / sizeof CLIMB[0]; i++) {
        tick_at(world, date_of(2026, 10, CLIMB[i].day), 9 * 60);
        assert_int_equal(only(world).level, CLIMB[i].level);
    }
    assert_int_equal(only(world).next_at.ms, 0);
    assert_string_equal(actions_of(world, &DUTIES, only(world).id), "overdue escalate escalate");
}

/* Opened on Monday 12 October when it had been due for eleven days. */
static void what_was_overdue_before_it_was_opened_climbs_from_then_on(void **state)
{
    static const struct {
        int day, level;
    } CLIMB[] = {{12, 0}, {14, 0}, {15, 1}, {19, 1}, {20, 2}};
    struct world *world = *state;
    world->test.cx.now = instant_of(date_of(2026, 10, 12), 540, SHANGHAI_OFFSET_MIN);
    owed(world);
    for (size_t i = 0; i < sizeof CLIMB / sizeof CLIMB[0]; i++) {
        tick_at(world, date_of(2026, 10, CLIMB[i].day), 10 * 60);
        assert_string_equal(states(world), "overdue");
        assert_int_equal(only(world).level, CLIMB[i].level);
    }
}

static void the_ladder_has_as_many_rungs_as_there_are_managers_above(void **state)
{
    static const struct {
        enum role role;
        int level;
    } LADDERS[] = {
        {ROLE_EXECUTOR, 2}, {ROLE_DIVISION, 1}, {ROLE_OPS, 0},
        {ROLE_QA, 2},       {ROLE_DUTY, 1},     {ROLE_PROVIDER, 0},
    };
    struct world *world = *state;
    for (size_t i = 0; i < sizeof LADDERS / sizeof LADDERS[0]; i++) {
        says.role = LADDERS[i].role;
        world->test.cx.now = instant_of(date_of(2026, 3, 2), 540, SHANGHAI_OFFSET_MIN);
        owed(world);
        tick_at(world, date_of(2026, 12, 1), 0);
        const struct list list = all(world);
        assert_int_equal(((const struct duty *)list.rows + list.count - 1)->level,
                         LADDERS[i].level);
    }
}

static void what_is_met_does_not_become_overdue(void **state)
{
    struct world *world = *state;
    const int64_t contract = owed(world);
    says.owing = OWING_MET;
    touch_contract(world, contract);
    tick_at(world, date_of(2026, 12, 31), 0);
    assert_string_equal(states(world), "met");
}

static void more_than_a_batch_is_taken_in_several(void **state)
{
    struct world *world = *state;
    struct list list;
    for (int i = 0; i < 255; i++)
        owed(world);
    world->test.cx.now = instant_of(date_of(2026, 10, 1), 0, SHANGHAI_OFFSET_MIN);
    assert_int_equal(attempt(world, tick_run, NULL), OK);
    struct list_query query = {.limit = 200};
    assert_true(list_condition(&world->test.cx, &DUTIES, "state", "open", &query));
    assert_int_equal(record_list(&world->test.cx, &DUTIES, &query, &list), OK);
    assert_int_equal(list.count, 5);
    assert_int_equal(attempt(world, tick_run, NULL), OK);
    assert_int_equal(record_list(&world->test.cx, &DUTIES, &query, &list), OK);
    assert_int_equal(list.count, 0);
}

/* ---- every month ---- */

static enum result meet_run(struct ctx *cx, void *host)
{
    return duty_meet(cx, "month", *(const int64_t *)host, "2026-03");
}

static void a_monthly_duty_opens_at_the_start_of_each_month_and_is_met_for_itself(void **state)
{
    struct world *world = *state;
    duties_use(MONTHLY_TABLE, 1);
    int64_t contract = owed(world);
    assert_string_equal(only(world).period, "2026-03");
    tick_at(world, date_of(2026, 3, 31), 1439);
    assert_int_equal(all(world).count, 1);
    tick_at(world, date_of(2026, 4, 1), 0);
    assert_string_equal(states(world), "open open");
    assert_int_equal(attempt(world, meet_run, &contract), OK);
    assert_string_equal(states(world), "met open");
    tick_at(world, date_of(2026, 4, 30), 0);
    assert_string_equal(states(world), "met open");
}

static void an_earlier_month_is_judged_for_itself_when_the_record_changes(void **state)
{
    struct world *world = *state;
    duties_use(MONTHLY_TABLE, 1);
    const int64_t contract = owed(world);
    tick_at(world, date_of(2026, 4, 1), 0);
    says.owing = OWING_NOTHING;
    touch_contract(world, contract);
    assert_string_equal(states(world), "waived waived");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DUTY_TEST(a_duty_opens_with_what_makes_it_owed_and_is_met_with_what_fulfils_it),
        DUTY_TEST(nothing_is_owed_twice_however_often_the_record_changes),
        DUTY_TEST(what_is_met_may_be_owed_again),
        DUTY_TEST(a_duty_that_does_not_apply_any_more_is_waived_by_itself),
        DUTY_TEST(what_is_not_owed_opens_nothing),
        DUTY_TEST(who_owes_it_and_until_when_follow_the_record),
        DUTY_TEST(what_follows_has_no_entry_of_its_own_and_what_the_clock_does_has),
        DUTY_TEST(a_waiver_needs_a_reason_and_an_open_duty),
        DUTY_TEST(a_waiver_holds_until_something_else_is_owed),
        DUTY_TEST(only_the_clients_operations_and_divisions_waive),
        DUTY_TEST(a_role_owes_where_its_scope_reaches),
        DUTY_TEST(a_person_owes_wherever_it_is),
        DUTY_TEST(a_provider_owes_its_own_and_the_client_sees_it),
        DUTY_TEST(what_is_internal_to_a_provider_the_client_does_not_see),
        DUTY_TEST(managers_see_what_is_owed_around_them),
        DUTY_TEST(a_page_ends_with_the_cursor_of_the_next_one),
        DUTY_TEST(a_duty_is_on_a_list_from_its_day_on),
        DUTY_TEST(a_duty_is_in_time_until_its_last_moment_and_then_overdue),
        DUTY_TEST(the_ladder_is_climbed_after_two_and_five_working_days),
        DUTY_TEST(what_was_overdue_before_it_was_opened_climbs_from_then_on),
        DUTY_TEST(the_ladder_has_as_many_rungs_as_there_are_managers_above),
        DUTY_TEST(what_is_met_does_not_become_overdue),
        DUTY_TEST(more_than_a_batch_is_taken_in_several),
        DUTY_TEST(a_monthly_duty_opens_at_the_start_of_each_month_and_is_met_for_itself),
        DUTY_TEST(an_earlier_month_is_judged_for_itself_when_the_record_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
