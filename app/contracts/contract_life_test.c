/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/contracts/test_contracts.h"

/* ---- what activation asks for ---- */

static void a_contract_with_everything_takes_effect(void **state)
{
    struct world *world = *state;
    int64_t id = a_ready_contract(world);
    const struct actor *division = member_of(world, world->division, R(DIVISION));
    act(world, division);
    assert_int_equal(activate(world, id), OK);
    const struct contract contract = contract_of(world, id);
    assert_int_equal(contract.state, CONTRACT_ACTIVE);
    assert_string_equal(contract.state_by, division->person_name);
    assert_int_equal(contract.state_at.ms, world->test.cx.now.ms);
}

/* What alone is taken from a contract that is ready, and what is then said to be missing. */
static const struct {
    const char *sql, *code, *clause;
} LACKING[] = {
    {"UPDATE contracts SET executor_id = NULL", "no_executor", "V5.1.1"},
    {"UPDATE people SET left_on = '2026-03-01' WHERE id = (SELECT executor_id FROM contracts)",
     "no_executor", "V5.1.1"},
    {"UPDATE people SET left_on = '2026-03-01' WHERE id = (SELECT contact_id FROM contracts)",
     "no_contact", "C2.7"},
    {"DELETE FROM terms", "no_terms", "V5.1.2"},
    {"UPDATE contracts SET briefing = 'missing'", "no_briefing", "V5.1.2"},
    {"UPDATE contracts SET briefing = 'open'", "no_briefing", "V5.1.2"},
    {"UPDATE contracts SET briefing = 'half'", "no_briefing", "V5.1.2"},
    {"UPDATE contracts SET briefing = 'superseded'", "no_briefing", "V5.1.2"},
    {"UPDATE contracts SET no_subcontracting = FALSE", "no_declaration", "V5.1.4"},
    {"UPDATE contracts SET served_party_clause = ''", "no_served_party_clause", "V5.1.5"},
    {"UPDATE contracts SET served_party_clause = ' \u3000 '", "no_served_party_clause", "V5.1.5"},
    {"UPDATE contracts SET contact_id = NULL", "no_contact", "C2.7"},
    {"UPDATE organisations SET state = 'candidate' WHERE id = 2", "provider_not_admitted", "X5"},
    {"UPDATE organisations SET state = 'suspended' WHERE id = 2", "provider_not_fit", "X5"},
};
#define LACKING_COUNT (sizeof LACKING / sizeof LACKING[0])

static void each_thing_that_alone_is_missing_stands_in_the_way(void **state)
{
    for (size_t i = 0; i < LACKING_COUNT; i++) {
        world_open(state);
        struct world *world = *state;
        int64_t id = a_ready_contract(world);
        tamper(world, LACKING[i].sql);
        assert_int_equal(activate(world, id), CONFLICT);
        assert_code(world, "contract.not_ready");
        assert_only_fault(world, "", LACKING[i].code, LACKING[i].clause);
        assert_int_equal(contract_of(world, id).state, CONTRACT_DRAFT);
        world_close(state);
    }
}

static void an_executor_who_will_leave_is_still_in_post(void **state)
{
    struct world *world = *state;
    int64_t id = a_ready_contract(world);
    tamper(world, "UPDATE people SET left_on = '2026-03-02'"); /* today is the last day */
    assert_int_equal(activate(world, id), OK);
}

static void what_is_not_asked_of_a_kind_of_contract_is_not_missing(void **state)
{
    static const char *const CASES[] = {
        "UPDATE contracts SET served_party_clause = '', kind = 'one_off'",
        "UPDATE contracts SET contact_id = NULL, service = 'cleaning'",
    };
    struct world *world = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        int64_t id = a_ready_contract(world);
        tamper(world,
               arena_printf(world->test.arena, "%s WHERE id = %lld", CASES[i], (long long)id));
        assert_int_equal(activate(world, id), OK);
    }
}

static void everything_missing_is_said_at_once_in_the_order_of_the_clauses(void **state)
{
    static const char *const CODES[] = {"no_executor",
                                        "no_terms",
                                        "no_briefing",
                                        "no_declaration",
                                        "no_served_party_clause",
                                        "provider_not_admitted"};
    struct world *world = *state;
    int64_t id = a_contract(world, world->project, world->provider);
    assert_int_equal(activate(world, id), CONFLICT);
    const struct field_fault *fault = world->test.cx.fault.fields;
    for (size_t i = 0; i < sizeof CODES / sizeof CODES[0]; i++, fault = fault->next) {
        assert_non_null(fault);
        assert_string_equal(fault->code, CODES[i]);
    }
    assert_null(fault);
}

static void the_checklist_says_what_is_met_and_by_what(void **state)
{
    struct world *world = *state;
    const struct contract contract = contract_of(world, a_ready_contract(world));
    struct requirement *requirements;
    size_t count;
    assert_int_equal(contract_requirements(&world->test.cx, &contract, &requirements, &count), OK);
    assert_int_equal(count, 8);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(requirements[i].state, REQUIREMENT_MET);
    assert_string_equal(requirements[0].detail, contract.executor_name);
    assert_string_equal(requirements[1].detail, "1");
    assert_string_equal(requirements[2].detail, "2026-03-01");
}

/* ---- steps ---- */

static void each_step_is_lawful_from_some_states_and_not_from_others(void **state)
{
    static const struct {
        const char *action;
        enum contract_state to[CONTRACT_TERMINATED + 1]; /* by the state before; 0: refused */
    } STEPS[] = {
        {"suspend", {[CONTRACT_ACTIVE] = CONTRACT_SUSPENDED}},
        {"resume", {[CONTRACT_SUSPENDED] = CONTRACT_ACTIVE}},
        {"end", {[CONTRACT_ACTIVE] = CONTRACT_ENDED, [CONTRACT_SUSPENDED] = CONTRACT_ENDED}},
        {"terminate",
         {[CONTRACT_ACTIVE] = CONTRACT_TERMINATED, [CONTRACT_SUSPENDED] = CONTRACT_TERMINATED}},
    };
    struct world *world = *state;
    for (size_t i = 0; i < sizeof STEPS / sizeof STEPS[0]; i++)
        for (unsigned from = CONTRACT_DRAFT; from <= CONTRACT_TERMINATED; from++) {
            int64_t id = an_active_contract(world);
            tamper(world, arena_printf(world->test.arena,
                                       "UPDATE contracts SET state = '%s' WHERE id = %lld",
                                       CONTRACT_STATES[from - 1], (long long)id));
            const enum contract_state to = STEPS[i].to[from];
            assert_int_equal(step(world, id, STEPS[i].action, "because"), to ? OK : CONFLICT);
            if (!to)
                assert_code(world, "contract.wrong_state");
            assert_int_equal(contract_of(world, id).state, to ? to : from);
        }
}

static void resuming_asks_for_what_activation_asked_for(void **state)
{
    for (size_t i = 0; i < LACKING_COUNT; i++) {
        world_open(state);
        struct world *world = *state;
        int64_t id = an_active_contract(world);
        assert_int_equal(step(world, id, "suspend", "Short of staff"), OK);
        tamper(world, LACKING[i].sql);
        assert_int_equal(step(world, id, "resume", ""), CONFLICT);
        assert_code(world, "contract.not_ready");
        assert_only_fault(world, "", LACKING[i].code, LACKING[i].clause);
        assert_int_equal(contract_of(world, id).state, CONTRACT_SUSPENDED);
        world_close(state);
    }
}

static void a_contract_that_is_no_draft_does_not_take_effect_again(void **state)
{
    struct world *world = *state;
    int64_t id = an_active_contract(world);
    assert_int_equal(activate(world, id), CONFLICT);
    assert_code(world, "contract.wrong_state");
}

static void whoever_stops_a_contract_says_why(void **state)
{
    static const struct {
        const char *action;
        bool needs_reason;
    } CASES[] = {{"suspend", true}, {"resume", false}, {"end", true}};
    struct world *world = *state;
    int64_t id = an_active_contract(world);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        if (CASES[i].needs_reason) {
            assert_int_equal(step(world, id, CASES[i].action, " "), INVALID);
            assert_only_fault(world, "reason", "required", "");
        }
        const char *reason = CASES[i].needs_reason ? "Short of staff" : "";
        assert_int_equal(step(world, id, CASES[i].action, reason), OK);
        assert_string_equal(contract_of(world, id).state_reason, reason);
    }
}

static void there_are_no_other_steps(void **state)
{
    struct world *world = *state;
    int64_t id = an_active_contract(world);
    assert_int_equal(step(world, id, "activate", ""), NOT_FOUND);
    assert_int_equal(step(world, id, "", ""), NOT_FOUND);
    assert_code(world, "contract.no_such_step");
}
int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_contract_with_everything_takes_effect),
        cmocka_unit_test(each_thing_that_alone_is_missing_stands_in_the_way),
        WORLD_TEST(an_executor_who_will_leave_is_still_in_post),
        WORLD_TEST(what_is_not_asked_of_a_kind_of_contract_is_not_missing),
        WORLD_TEST(everything_missing_is_said_at_once_in_the_order_of_the_clauses),
        WORLD_TEST(the_checklist_says_what_is_met_and_by_what),
        WORLD_TEST(each_step_is_lawful_from_some_states_and_not_from_others),
        cmocka_unit_test(resuming_asks_for_what_activation_asked_for),
        WORLD_TEST(a_contract_that_is_no_draft_does_not_take_effect_again),
        WORLD_TEST(whoever_stops_a_contract_says_why),
        WORLD_TEST(there_are_no_other_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
