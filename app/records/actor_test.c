/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/test_world.h"

static struct actor with_roles(uint64_t mask)
{
    struct actor actor = {.side = SIDE_CLIENT};
    actor_grant(&actor, roles(mask));
    return actor;
}

static void each_role_holds_its_own_rights_and_no_others(void **state)
{
    static const struct {
        const char *right;
        uint64_t holders;
    } CASES[] = {
        {"contracts.read", R_CLIENT_SIDE | R(PROVIDER) | R(DUTY)},
        {"contracts.activate", R(OPS) | R(DIVISION)},
        {"contracts.amend", R(OPS) | R(DIVISION)},
        {"briefings.sign", R(OPS) | R(DIVISION) | R(PM) | R(EXECUTOR)},
        {"briefings.read", R_CLIENT_SIDE},
        {"organisations.judge", R(OPS)},
        {"qualifications.write", R(OPS) | R(DIVISION) | R(PROVIDER)},
        {"people.reveal", R(OPS) | R(DIVISION) | R(PROVIDER)},
        {"units.write", R(OPS) | R(DIVISION) | R(ADMIN)},
        {"accounts.write", R(ADMIN)},
        {"accounts.reset", R(SECURITY)},
        {"events.read", R(ADMIN) | R(SECURITY) | R(AUDIT)},
        {"no.such_right", 0},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        for (unsigned role = 1; role < ROLE_COUNT; role++) {
            const struct actor actor = with_roles(UINT64_C(1) << role);
            const bool expected = CASES[i].holders >> role & 1;
            if (actor_may(&actor, CASES[i].right) != expected)
                fail_msg("%s and %s", ROLES[role - 1], CASES[i].right);
        }
}

static void who_keeps_the_trail_changes_nothing(void **state)
{
    const struct actor audit = with_roles(R(AUDIT));
    for (size_t i = 0; i < rights_count(); i++) {
        const char *name = rights_at(i)->name, *verb = strrchr(name, '.');
        const bool own = strncmp(name, "audit_", 6) == 0; /* its samples and findings */
        if (!own && (strcmp(verb, ".write") == 0 || strcmp(verb, ".activate") == 0))
            assert_false(actor_may(&audit, name));
    }
}

static void rights_of_several_roles_add_up(void **state)
{
    const struct actor both = with_roles(R(PM) | R(FINANCE));
    assert_true(actor_may(&both, "briefings.sign")); /* as project manager */
    assert_true(actor_may(&both, "exports.make"));
    assert_false(actor_may(&both, "contracts.write"));
}

static void new_roles_replace_the_former_rights(void **state)
{
    struct actor actor = with_roles(R(OPS));
    actor_grant(&actor, roles(R(EXECUTOR)));
    assert_false(actor_may(&actor, "contracts.write"));
    assert_true(actor_may(&actor, "briefings.sign"));
}

static void a_token_keeps_only_the_rights_that_it_names(void **state)
{
    struct actor actor = with_roles(R(DIVISION));
    actor_restrict(&actor, "contracts.read terms.read accounts.write no.such_right");
    assert_true(actor_may(&actor, "contracts.read"));
    assert_true(actor_may(&actor, "terms.read"));
    assert_false(actor_may(&actor, "contracts.write"));
    assert_false(actor_may(&actor, "accounts.write")); /* naming a right does not give it */
    actor_restrict(&actor, "");
    assert_false(actor_may(&actor, "contracts.read"));
}

static void nobody_has_no_right_and_the_system_has_every_one(void **state)
{
    assert_false(actor_may(NULL, "contracts.read"));
    for (size_t i = 0; i < rights_count(); i++)
        assert_true(actor_may(&ACTOR_SYSTEM, rights_at(i)->name));
}

static void a_rule_demands_a_right_of_whoever_acts(void **state)
{
    struct world *world = *state;
    const struct actor pm = with_roles(R(PM));
    act(world, &pm);
    assert_int_equal(demand_right(&world->test.cx, "contracts.read"), OK);
    assert_int_equal(demand_right(&world->test.cx, "contracts.write"), FORBIDDEN);
    assert_code(world, "request.no_right");
    assert_string_equal(world->test.cx.fault.args[0], "contracts.write");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(each_role_holds_its_own_rights_and_no_others),
        WORLD_TEST(who_keeps_the_trail_changes_nothing),
        WORLD_TEST(rights_of_several_roles_add_up),
        WORLD_TEST(new_roles_replace_the_former_rights),
        WORLD_TEST(a_token_keeps_only_the_rights_that_it_names),
        WORLD_TEST(nobody_has_no_right_and_the_system_has_every_one),
        WORLD_TEST(a_rule_demands_a_right_of_whoever_acts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
