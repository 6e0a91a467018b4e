/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Each rule about contracts, briefings and qualifications: when it opens, is met, and lapses. */
#include "app/contracts/contract.h"

#include "app/test_world.h"

/* ---- doing ---- */

/* What the record is, past its rules, and then a change that makes everybody look at it. */
static void alter(struct world *world, const struct resource *resource, int64_t id,
                  const char *assignments)
{
    tamper(world, arena_printf(world->test.arena, "UPDATE %s SET %s WHERE id = %lld",
                               resource->name, assignments, (long long)id));
}

static struct contract an_outbound_contract(struct world *world)
{
    struct contract contract = contract_draft(world);
    contract.service = SERVICE_OUTBOUND_CALL;
    contract.executor_id = a_person(world, world->client, world->project);
    assert_int_equal(add(world, &CONTRACTS, &contract), OK);
    return contract;
}

static int64_t a_briefed_contract(struct world *world)
{
    struct contract contract = contract_draft(world);
    contract.executor_id = a_person(world, world->client, world->project);
    assert_int_equal(add(world, &CONTRACTS, &contract), OK);
    alter(world, &CONTRACTS, contract.id, "briefing = 'signed'");
    touch_contract(world, contract.id);
    return contract.id;
}

/* ---- what is owed ---- */

static struct list duties(struct world *world, const char *rule)
{
    struct list_query query = {.limit = 50, .sort = "id"};
    struct list list;
    assert_true(list_condition(&world->test.cx, &DUTIES, "rule", rule, &query));
    assert_int_equal(record_list(&world->test.cx, &DUTIES, &query, &list), OK);
    return list;
}

static const char *states(struct world *world, const char *rule)
{
    const struct list list = duties(world, rule);
    struct text text = text_new(world->test.arena, 64);
    for (size_t i = 0; i < list.count; i++)
        text_printf(&text, "%s%s", i ? " " : "",
                    choice_name(DUTY_STATES, ((const struct duty *)list.rows + i)->state));
    return text_end(&text);
}

static struct duty only(struct world *world, const char *rule)
{
    const struct list list = duties(world, rule);
    assert_int_equal(list.count, 1);
    return *(const struct duty *)list.rows;
}

static void assert_due(const struct duty *duty, struct date day)
{
    assert_int_equal(duty->due_at.ms, day_end(day).ms);
}

/* ---- an executor is named (V5.1.1) ---- */

static void a_contract_without_executor_owes_one_until_its_first_day(void **state)
{
    struct world *world = *state;
    struct contract contract = contract_draft(world), named;
    contract.starts_on = date_of(2026, 5, 1);
    assert_int_equal(add(world, &CONTRACTS, &contract), OK);
    const struct duty duty = only(world, "name_executor");
    assert_string_equal(duty.clause, "V5.1.1");
    assert_string_equal(duty.owner_role, "division");
    assert_int_equal(duty.contract_id, contract.id);
    assert_due(&duty, date_of(2026, 5, 1));
    get(world, &CONTRACTS, contract.id, &contract);
    named = contract;
    named.executor_id = a_person(world, world->client, world->project);
    assert_int_equal(change(world, &CONTRACTS, &contract, &named), OK);
    assert_string_equal(states(world, "name_executor"), "met");
}

static void a_closed_contract_needs_no_executor_any_more(void **state)
{
    struct world *world = *state;
    struct contract contract = contract_draft(world), before;
    assert_int_equal(add(world, &CONTRACTS, &contract), OK);
    get(world, &CONTRACTS, contract.id, &before);
    contract = before;
    contract.state = CONTRACT_TERMINATED;
    assert_int_equal(change(world, &CONTRACTS, &before, &contract), OK);
    assert_string_equal(states(world, "name_executor"), "waived");
}

static void an_executor_who_leaves_has_to_be_followed_by_another_from_that_day(void **state)
{
    struct world *world = *state;
    struct contract contract = contract_draft(world);
    struct person before, leaving;
    contract.executor_id = a_person(world, world->client, world->project);
    assert_int_equal(add(world, &CONTRACTS, &contract), OK);
    assert_string_equal(states(world, "name_executor"), "");
    get(world, &PEOPLE, contract.executor_id, &before);
    leaving = before;
    leaving.left_on = date_of(2026, 6, 30);
    assert_int_equal(change(world, &PEOPLE, &before, &leaving), OK);
    const struct duty duty = only(world, "name_executor");
    assert_int_equal(duty.opened_at.ms, instant_of(date_of(2026, 7, 1), 0, SHANGHAI_OFFSET_MIN).ms);
    assert_false(duty.live);
    assert_due(&duty, date_of(2026, 7, 1));
}

/* ---- a contact is named (C2.7) ---- */

static void an_outbound_contract_owes_a_dedicated_contact(void **state)
{
    struct world *world = *state;
    struct contract before = an_outbound_contract(world), after;
    const struct duty duty = only(world, "name_contact");
    assert_string_equal(duty.clause, "C2.7");
    assert_due(&duty, before.starts_on);
    get(world, &CONTRACTS, before.id, &before);
    after = before;
    after.contact_id = a_person(world, world->client, world->project);
    assert_int_equal(change(world, &CONTRACTS, &before, &after), OK);
    assert_string_equal(states(world, "name_contact"), "met");
}

static void other_contracts_owe_no_contact(void **state)
{
    struct world *world = *state;
    a_contract(world, world->project, world->provider);
    assert_string_equal(states(world, "name_contact"), "");
}

/* ---- the executor is briefed (V5.1.2) ---- */

static void an_executor_is_to_be_briefed_until_the_first_day(void **state)
{
    struct world *world = *state;
    const struct contract contract = an_outbound_contract(world);
    const struct duty duty = only(world, "brief_executor");
    assert_string_equal(duty.clause, "V5.1.2");
    assert_due(&duty, contract.starts_on);
    alter(world, &CONTRACTS, contract.id, "briefing = 'signed'");
    touch_contract(world, contract.id);
    assert_string_equal(states(world, "brief_executor"), "met");
}

struct meeting {
    int64_t contract_id;
    struct briefing briefing;
};

static enum result hold(struct ctx *cx, void *host)
{
    struct meeting *meeting = host;
    TRY(briefing_prepare(cx, meeting->contract_id, &meeting->briefing));
    return record_add(cx, &BRIEFINGS, &meeting->briefing);
}

static enum result sign(struct ctx *cx, void *host)
{
    const struct briefing *briefing = host;
    return briefing_sign(cx, briefing->id, briefing->sha256);
}

/* Held on Saturday 28 February 2026, which is worked for the Spring Festival. */
static struct meeting held(struct world *world, const struct actor *briefer,
                           const struct actor *executor)
{
    struct contract contract = contract_draft(world);
    contract.executor_id = executor->person_id;
    act(world, &ACTOR_SYSTEM);
    assert_int_equal(add(world, &CONTRACTS, &contract), OK);
    a_term(world, contract.id, "1");
    struct meeting meeting = {.contract_id = contract.id,
                              .briefing = {.held_on = date_of(2026, 2, 28)}};
    fields_blank(BRIEFINGS.fields, &meeting.briefing);
    meeting.briefing.place = "Office";
    act(world, briefer);
    assert_int_equal(attempt(world, hold, &meeting), OK);
    act(world, &ACTOR_SYSTEM);
    return meeting;
}

static void sign_as(struct world *world, const struct actor *actor, struct meeting *meeting)
{
    act(world, actor);
    assert_int_equal(attempt(world, sign, &meeting->briefing), OK);
    act(world, &ACTOR_SYSTEM);
}

static void the_briefer_and_then_the_executor_sign_within_five_working_days(void **state)
{
    struct world *world = *state;
    const struct actor *briefer = member_of(world, world->division, R(DIVISION));
    const struct actor *executor = member_of(world, world->project, R(EXECUTOR));
    struct meeting meeting = held(world, briefer, executor);
    struct duty duty = only(world, "sign_briefing");
    assert_int_equal(duty.owner_id, briefer->person_id);
    assert_string_equal(duty.subject, "briefings");
    assert_due(&duty, date_of(2026, 3, 6));
    sign_as(world, briefer, &meeting);
    duty = only(world, "sign_briefing");
    assert_int_equal(duty.owner_id, executor->person_id);
    assert_int_equal(duty.state, DUTY_OPEN);
    sign_as(world, executor, &meeting);
    assert_string_equal(states(world, "sign_briefing"), "met");
    assert_string_equal(states(world, "brief_executor"), "met");
}

static void a_change_that_asks_for_a_new_briefing_gives_thirty_days(void **state)
{
    struct world *world = *state;
    const struct actor *briefer = member_of(world, world->division, R(DIVISION));
    const struct actor *executor = member_of(world, world->project, R(EXECUTOR));
    struct meeting meeting = held(world, briefer, executor);
    struct contract before, after;
    sign_as(world, briefer, &meeting);
    sign_as(world, executor, &meeting);
    world->test.cx.now = instant_of(date_of(2026, 4, 1), 540, SHANGHAI_OFFSET_MIN);
    get(world, &CONTRACTS, meeting.contract_id, &before);
    after = before;
    after.executor_id = a_person(world, world->client, world->project);
    assert_int_equal(change(world, &CONTRACTS, &before, &after), OK);
    assert_string_equal(states(world, "brief_executor"), "met open");
    const struct list list = duties(world, "brief_executor");
    assert_due((const struct duty *)list.rows + 1, date_of(2026, 5, 1));
    world->test.cx.now = instant_of(date_of(2026, 4, 20), 540, SHANGHAI_OFFSET_MIN);
    touch_contract(world, meeting.contract_id);
    const struct list later = duties(world, "brief_executor");
    assert_due((const struct duty *)later.rows + 1, date_of(2026, 5, 1));
}

static void a_briefing_that_is_replaced_is_not_signed_any_more(void **state)
{
    struct world *world = *state;
    const struct actor *briefer = member_of(world, world->division, R(DIVISION));
    struct meeting meeting = held(world, briefer, member_of(world, world->project, R(EXECUTOR)));
    a_term(world, meeting.contract_id, "2");
    assert_string_equal(states(world, "sign_briefing"), "waived");
}

/* ---- it begins and ends (V5.1.1) ---- */

static void a_briefed_draft_is_to_be_put_into_force(void **state)
{
    struct world *world = *state;
    const int64_t contract = a_briefed_contract(world);
    const struct duty duty = only(world, "activate");
    assert_due(&duty, date_of(2026, 1, 1));
    alter(world, &CONTRACTS, contract, "state = 'active'");
    touch_contract(world, contract);
    assert_string_equal(states(world, "activate"), "met");
}

static void the_end_of_a_contract_in_force_is_announced_before(void **state)
{
    struct world *world = *state;
    const int64_t contract = a_briefed_contract(world);
    assert_string_equal(states(world, "contract_ends"), "");
    alter(world, &CONTRACTS, contract, "state = 'active', alert_days = 90");
    touch_contract(world, contract);
    const struct duty duty = only(world, "contract_ends");
    assert_due(&duty, date_of(2026, 12, 31));
    assert_int_equal(duty.opened_at.ms,
                     instant_of(date_of(2026, 10, 2), 0, SHANGHAI_OFFSET_MIN).ms);
    struct contract before, after;
    get(world, &CONTRACTS, contract, &before);
    after = before;
    after.state = CONTRACT_ENDED;
    assert_int_equal(change(world, &CONTRACTS, &before, &after), OK);
    assert_string_equal(states(world, "contract_ends"), "met");
}

/* ---- certificates (X5) ---- */

static struct qualification a_certificate(struct world *world, struct date valid_to, bool required)
{
    struct qualification licence = {.organisation_id = world->provider,
                                    .kind = QUALIFICATION_LICENCE,
                                    .name = "Licence",
                                    .valid_to = valid_to,
                                    .required = required};
    fields_blank(QUALIFICATIONS.fields, &licence);
    assert_int_equal(add(world, &QUALIFICATIONS, &licence), OK);
    return licence;
}

static void a_required_certificate_is_renewed_by_the_provider_and_watched_by_the_client(
    void **state)
{
    struct world *world = *state;
    a_certificate(world, date_of(2026, 6, 30), true);
    const struct duty renew = only(world, "renew_qualification"),
                      watch = only(world, "watch_qualification");
    assert_string_equal(renew.owner_role, "provider");
    assert_int_equal(renew.organisation_id, world->provider);
    assert_due(&renew, date_of(2026, 6, 30));
    assert_int_equal(renew.opened_at.ms,
                     instant_of(date_of(2026, 5, 1), 0, SHANGHAI_OFFSET_MIN).ms);
    assert_string_equal(watch.owner_role, "ops");
    assert_int_equal(watch.organisation_id, world->client);
}

static void a_certificate_that_takes_over_meets_both(void **state)
{
    struct world *world = *state;
    a_certificate(world, date_of(2026, 6, 30), true);
    a_certificate(world, date_of(2027, 6, 30), true);
    assert_string_equal(states(world, "renew_qualification"), "met open");
    assert_string_equal(states(world, "watch_qualification"), "met open");
}

static void certificates_without_end_or_not_required_are_not_renewed(void **state)
{
    struct world *world = *state;
    a_certificate(world, (struct date){0}, true);
    a_certificate(world, date_of(2026, 6, 30), false);
    assert_string_equal(states(world, "renew_qualification"), "");
    assert_string_equal(states(world, "watch_qualification"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_contract_without_executor_owes_one_until_its_first_day),
        WORLD_TEST(a_closed_contract_needs_no_executor_any_more),
        WORLD_TEST(an_executor_who_leaves_has_to_be_followed_by_another_from_that_day),
        WORLD_TEST(an_outbound_contract_owes_a_dedicated_contact),
        WORLD_TEST(other_contracts_owe_no_contact),
        WORLD_TEST(an_executor_is_to_be_briefed_until_the_first_day),
        WORLD_TEST(the_briefer_and_then_the_executor_sign_within_five_working_days),
        WORLD_TEST(a_change_that_asks_for_a_new_briefing_gives_thirty_days),
        WORLD_TEST(a_briefing_that_is_replaced_is_not_signed_any_more),
        WORLD_TEST(a_briefed_draft_is_to_be_put_into_force),
        WORLD_TEST(the_end_of_a_contract_in_force_is_announced_before),
        WORLD_TEST(a_required_certificate_is_renewed_by_the_provider_and_watched_by_the_client),
        WORLD_TEST(a_certificate_that_takes_over_meets_both),
        WORLD_TEST(certificates_without_end_or_not_required_are_not_renewed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
