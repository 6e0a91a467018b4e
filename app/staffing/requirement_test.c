/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* C2.1: when a shortfall is owed, to when, and what fills it. */
#include "app/staffing/requirement.h"
#include "app/test_world.h"

static int64_t outbound_contract(struct world *world)
{
    const int64_t id = a_contract(world, world->project, world->provider);
    tamper(world, "UPDATE contracts SET service = 'outbound_call', state = 'active'");
    return id;
}

static int64_t asked(struct world *world, int64_t contract, int32_t count)
{
    struct staff_requirement requirement = {
        .contract_id = contract,
        .job = JOB_SUPERVISOR,
        .from = instant_date(world->test.cx.now, SHANGHAI_OFFSET_MIN),
        .count = count};
    fields_blank(STAFF_REQUIREMENTS.fields, &requirement);
    act(world, &ACTOR_SYSTEM);
    assert_int_equal(add(world, &STAFF_REQUIREMENTS, &requirement), OK);
    return requirement.id;
}

/* Joins so many days from now. */
static void joins(struct world *world, int days)
{
    struct person person = {
        .organisation_id = world->provider, .name = "New", .job = JOB_SUPERVISOR};
    fields_blank(PEOPLE.fields, &person);
    person.joined_on = date_add(instant_date(world->test.cx.now, SHANGHAI_OFFSET_MIN), days);
    act(world, &ACTOR_SYSTEM);
    assert_int_equal(add(world, &PEOPLE, &person), OK);
}

static struct duty newest_of(struct world *world, int64_t requirement)
{
    struct list list;
    const char *where = "t.rule = 'fill_staff' AND t.subject_id = $1 ORDER BY t.id DESC LIMIT 1";
    act(world, &ACTOR_SYSTEM);
    assert_int_equal(
        record_select(&world->test.cx, &DUTIES, "newest", where, PARAMS(P(requirement)), &list),
        OK);
    assert_int_equal(list.count, 1);
    return *(const struct duty *)list.rows;
}

static void C2_1_who_joins_within_the_providers_time_fills_it_who_joins_later_does_not(void **state)
{
    struct world *world = *state;
    const int64_t id = asked(world, outbound_contract(world), 1);
    const struct duty duty = newest_of(world, id);
    assert_int_equal(duty.state, DUTY_OPEN);
    joins(world, 60);
    assert_int_equal(newest_of(world, id).state, DUTY_OPEN);
    joins(world, 2);
    assert_int_equal(newest_of(world, id).state, DUTY_MET);
}

static void C2_1_the_deadline_stays_where_it_was_however_often_the_roster_changes(void **state)
{
    struct world *world = *state;
    const int64_t id = asked(world, outbound_contract(world), 2);
    const struct instant start = world->test.cx.now;
    const struct duty duty = newest_of(world, id);
    world->test.cx.now.ms += INT64_C(3) * 86400000;
    joins(world, -30);
    assert_int_equal(newest_of(world, id).state, DUTY_OPEN);
    assert_int_equal(newest_of(world, id).due_at.ms, duty.due_at.ms);
    world->test.cx.now = start;
}

static void C2_1_of_two_requirements_the_later_one_is_short(void **state)
{
    struct world *world = *state;
    const int64_t contract = outbound_contract(world);
    const int64_t first = asked(world, contract, 1), second = asked(world, contract, 1);
    assert_int_equal(newest_of(world, second).state, DUTY_OPEN);
    joins(world, -1);
    assert_int_equal(newest_of(world, first).state, DUTY_MET);
    assert_int_equal(newest_of(world, second).state, DUTY_OPEN);
}

static enum result ask(struct world *world, int64_t contract, enum job job, int32_t count)
{
    struct staff_requirement requirement = {
        .contract_id = contract,
        .job = job,
        .from = instant_date(world->test.cx.now, SHANGHAI_OFFSET_MIN),
        .count = count};
    fields_blank(STAFF_REQUIREMENTS.fields, &requirement);
    act(world, member_of(world, world->headquarters, R(CLIENT)));
    return add(world, &STAFF_REQUIREMENTS, &requirement);
}

static void C2_9_more_duty_managers_and_inspectors_come_by_letter_alone(void **state)
{
    struct world *world = *state;
    struct staff_requirement before, after;
    struct list list;
    const int64_t contract = outbound_contract(world);
    assert_int_equal(ask(world, contract, JOB_QA, 2), OK);
    assert_int_equal(ask(world, contract, JOB_QA, 5), INVALID);
    assert_true(was_rejected(world, "job", "by_manager_addition"));
    assert_int_equal(ask(world, contract, JOB_AGENT, 60), OK);
    assert_int_equal(ask(world, contract, JOB_AGENT, 5),
                     OK); /* C2.1: to the client's requirement */
    world->test.cx.db = store_reader(world->test.store);
    assert_int_equal(
        record_select(&world->test.cx, &STAFF_REQUIREMENTS, "qa", "t.job = 'qa'", NO_PARAMS, &list),
        OK);
    before = after = *(const struct staff_requirement *)list.rows;
    after.count = 7;
    assert_int_equal(change(world, &STAFF_REQUIREMENTS, &before, &after), INVALID);
    assert_true(was_rejected(world, "count", "by_manager_addition"));
    after.count = 1;
    assert_int_equal(change(world, &STAFF_REQUIREMENTS, &before, &after), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(C2_1_who_joins_within_the_providers_time_fills_it_who_joins_later_does_not),
        WORLD_TEST(C2_1_the_deadline_stays_where_it_was_however_often_the_roster_changes),
        WORLD_TEST(C2_9_more_duty_managers_and_inspectors_come_by_letter_alone),
        WORLD_TEST(C2_1_of_two_requirements_the_later_one_is_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
