/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/contracts/test_contracts.h"

struct contract contract_of(struct world *world, int64_t id)
{
    struct contract contract;
    get(world, &CONTRACTS, id, &contract);
    return contract;
}

/* Everything is there, and the briefing is signed. */
int64_t a_ready_contract(struct world *world)
{
    struct contract contract = contract_draft(world);
    tamper(world, "UPDATE organisations SET state = 'approved' WHERE state = 'candidate'");
    contract.service = SERVICE_OUTBOUND_CALL;
    contract.executor_id = a_person(world, world->client, world->project);
    contract.contact_id = a_person(world, world->client, world->project);
    contract.no_subcontracting = true;
    contract.served_party_clause = "The owners judge every quarter.";
    assert_int_equal(add(world, &CONTRACTS, &contract), OK);
    a_term(world, contract.id, "1");
    tamper(world, arena_printf(world->test.arena,
                               "UPDATE contracts SET briefing = 'signed', briefed_on = '2026-03-01'"
                               " WHERE id = %lld",
                               (long long)contract.id));
    return contract.id;
}

static enum result activate_run(struct ctx *cx, void *host)
{
    struct contract contract;
    TRY(record_get(cx, &CONTRACTS, *(int64_t *)host, &contract));
    return contract_activate(cx, &contract);
}

enum result activate(struct world *world, int64_t id)
{
    return attempt(world, activate_run, &id);
}

int64_t an_active_contract(struct world *world)
{
    int64_t id = a_ready_contract(world);
    assert_int_equal(activate(world, id), OK);
    return id;
}

struct stepping {
    int64_t id;
    const char *action, *reason;
};

static enum result step_run(struct ctx *cx, void *host)
{
    const struct stepping *stepping = host;
    struct contract contract;
    TRY(record_get(cx, &CONTRACTS, stepping->id, &contract));
    return contract_step(cx, &contract, stepping->action, stepping->reason);
}

enum result step(struct world *world, int64_t id, const char *action, const char *reason)
{
    struct stepping stepping = {id, action, reason};
    return attempt(world, step_run, &stepping);
}
