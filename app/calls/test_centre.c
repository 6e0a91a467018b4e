/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/calls/test_centre.h"

#include "app/gate/gate.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

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

void centre_month_published(struct world *world)
{
    tamper(world,
           arena_printf(world->test.arena,
                        "INSERT INTO months (version, created_at, updated_at, contract_id, "
                        "unit_id, provider_id, client_id, month, evidence_by, closed_at, "
                        "computed_at, people, sha256, published_at, appeal_by, locked_at, "
                        "reopen_asked_at, reopen_reason, state) VALUES (1, 0, 0, %lld, %lld, "
                        "%lld, %lld, '2026-02', 0, 0, 0, 0, '', 1, 0, 0, 0, '', 'published')",
                        (long long)centre.contract, (long long)world->project,
                        (long long)world->provider, (long long)world->client));
    centre_renew(world);
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

/* ---- with a gate ---- */

char centre_folder[64];

void centre_gate_again(struct world *world)
{
    const struct gate_options options = {
        .store = world->test.store, .months = world->months, .folder = centre_folder};
    assert_int_equal(gate_open(&world->test.cx, &options), OK);
}

int centre_gate_open(void **state)
{
    centre_open(state);
    struct world *world = *state;
    snprintf(centre_folder, sizeof centre_folder, "%s", P_tmpdir "/gate_test_XXXXXX");
    if (!mkdtemp(centre_folder))
        abort();
    world->test.cx.now = at("2026-02-03T10:00:00+08:00");
    centre_gate_again(world);
    return 0;
}

int centre_gate_close(void **state)
{
    char path[600];
    gate_close(&((struct world *)*state)->test.cx);
    DIR *dir = opendir(centre_folder);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        snprintf(path, sizeof path, "%s/%s", centre_folder, entry->d_name);
        (void)unlink(path);
    }
    closedir(dir);
    rmdir(centre_folder);
    return world_close(state);
}

struct gate_ask ask_for(const char *call_id)
{
    return (struct gate_ask){.node = "k1",
                             .call_id = call_id,
                             .contract = centre.contract_number,
                             .agent = "1001",
                             .caller = "0571-88881234",
                             .callee = "13812345678"};
}

struct gate_answer answer_to(struct world *world, const struct gate_ask *ask)
{
    struct gate_answer answer;
    assert_int_equal(gate_decide(&world->test.cx, ask, &answer), OK);
    return answer;
}

enum allowance reason_of(struct world *world, struct gate_ask ask)
{
    static int made;
    ask.call_id = arena_printf(world->test.arena, "reason-%d", ++made);
    const struct gate_answer answer = answer_to(world, &ask);
    assert_int_equal(answer.allow, answer.reason == ALLOWED);
    return answer.reason;
}
