/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/calls/test_centre.h"

struct centre centre;

static int64_t an_agent(struct world *world, int64_t id, const char *code)
{
    const int64_t person = a_person(world, world->provider, 0);
    tamper(world, arena_printf(world->test.arena,
                               "INSERT INTO agents (id, version, created_at, updated_at, "
                               "contract_id, person_id, code, permissions, state, \"from\", "
                               "\"to\", search_key) VALUES (%lld, 1, 0, 0, %lld, %lld, '%s', "
                               "'manual_dial', 'active', '2026-01-01', '', '')",
                               (long long)id, (long long)centre.contract, (long long)person, code));
    return id;
}

void centre_renew(struct world *world)
{
    assert_int_equal(directory_renew(&world->test.cx), OK);
}

int centre_open(void **state)
{
    world_open(state);
    struct world *world = *state;
    struct contract contract;
    centre.contract = a_contract(world, world->project, world->provider);
    tamper(world, arena_printf(world->test.arena,
                               "UPDATE contracts SET service = 'outbound_call', state = 'active' "
                               "WHERE id = %lld",
                               (long long)centre.contract));
    get(world, &CONTRACTS, centre.contract, &contract);
    centre.contract_number = contract.number;
    centre.first = an_agent(world, 71, "1001");
    centre.second = an_agent(world, 72, "1002");
    struct number number = {.owner_id = world->client,
                            .number = "057188881234",
                            .carrier = "Carrier",
                            .proof = "Contract of the line"};
    assert_int_equal(add(world, &NUMBERS, &number), OK);
    centre.number = number.id;
    tamper(world, arena_printf(world->test.arena,
                               "INSERT INTO number_permissions (id, version, created_at, "
                               "updated_at, number_id, contract_id, state, \"from\", \"to\") "
                               "VALUES (5, 1, 0, 0, %lld, %lld, 'active', '2026-01-01', '')",
                               (long long)number.id, (long long)centre.contract));
    centre_renew(world);
    return 0;
}
struct instant at(const char *text)
{
    struct instant instant;
    assert_true(instant_parse(text, &instant));
    return instant;
}
