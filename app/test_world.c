/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/test_world.h"

#include "app/calls/call.h"

#include "app/access/account.h"
#include "app/access/session.h"
#include "app/records/trail.h"
#include "main/generated.h"
#include "main/slices.h"
#include "store/migrations.h"

/* Rules say codes; their words are the pages' part. */
const struct text_entry TEXTS[] = {{"", {"", ""}}};
const size_t TEXT_COUNT = 0;

/* ---- doing ---- */

struct deed {
    enum result (*run)(struct ctx *cx, void *host);
    void *host;
};

static enum result deed_run(struct ctx *cx, void *host)
{
    const struct deed *deed = host;
    cx->pending = NULL;
    TRY(deed->run(cx, deed->host));
    return trail_flush(cx);
}

enum result attempt(struct world *world, enum result (*run)(struct ctx *cx, void *host), void *host)
{
    struct deed deed = {run, host};
    return test_write(&world->test, deed_run, &deed);
}

struct writing {
    const struct resource *resource;
    const void *before;
    void *record;
};

static enum result add_run(struct ctx *cx, void *host)
{
    struct writing *writing = host;
    return record_add(cx, writing->resource, writing->record);
}

static enum result change_run(struct ctx *cx, void *host)
{
    struct writing *writing = host;
    return record_change(cx, writing->resource, "change", writing->before, writing->record);
}

enum result add(struct world *world, const struct resource *resource, void *record)
{
    struct writing writing = {resource, NULL, record};
    return attempt(world, add_run, &writing);
}

enum result change(struct world *world, const struct resource *resource, const void *before,
                   void *after)
{
    struct writing writing = {resource, before, after};
    return attempt(world, change_run, &writing);
}

void get(struct world *world, const struct resource *resource, int64_t id, void *out)
{
    memset(out, 0, resource->size);
    assert_int_equal(record_get(&world->test.cx, resource, id, out), OK);
}

static enum result tamper_run(struct ctx *cx, void *host)
{
    struct query query = db_query("tamper", host, 0);
    return db_change(cx, &query, NO_PARAMS, NULL);
}

void tamper(struct world *world, const char *sql)
{
    assert_int_equal(test_write(&world->test, tamper_run, (void *)(uintptr_t)sql), OK);
}

/* Make it as the system, whoever acts now. */
static void make(struct world *world, const struct resource *resource, void *record)
{
    const struct actor *actor = world->test.cx.actor;
    world->test.cx.actor = &ACTOR_SYSTEM;
    fields_blank(resource->fields, record);
    enum result result = add(world, resource, record);
    if (result != OK)
        fail_msg("%s is refused: %s", resource->name, world->test.cx.fault.code);
    world->test.cx.actor = actor;
}

/* ---- what became of it ---- */

bool was_rejected(const struct world *world, const char *field, const char *code)
{
    const struct field_fault *fault = world->test.cx.fault.fields;
    for (; fault; fault = fault->next)
        if (strcmp(fault->field, field) == 0 && strcmp(fault->code, code) == 0)
            return true;
    return false;
}

void assert_only_fault(const struct world *world, const char *field, const char *code,
                       const char *clause)
{
    const struct field_fault *fault = world->test.cx.fault.fields;
    assert_non_null(fault);
    assert_string_equal(fault->field, field);
    assert_string_equal(fault->code, code);
    assert_string_equal(fault->clause, clause);
    assert_null(fault->next);
}

/* ---- people and parties ---- */

static const char *numbered(struct world *world, const char *word)
{
    return arena_printf(world->test.arena, "%s %d", word, ++world->made);
}

int64_t an_organisation(struct world *world, const char *name, enum side side)
{
    struct organisation organisation = {.name = name, .side = side};
    make(world, &ORGANISATIONS, &organisation);
    return organisation.id;
}

int64_t a_unit(struct world *world, int64_t parent_id, enum unit_kind kind)
{
    struct unit unit = {.organisation_id = world->client,
                        .parent_id = parent_id,
                        .kind = kind,
                        .name = numbered(world, "Unit")};
    make(world, &UNITS, &unit);
    return unit.id;
}

int64_t a_person(struct world *world, int64_t organisation_id, int64_t unit_id)
{
    struct person person = {.organisation_id = organisation_id,
                            .unit_id = unit_id,
                            .job = JOB_MANAGER,
                            .name = numbered(world, "Person")};
    make(world, &PEOPLE, &person);
    return person.id;
}

struct set roles(uint64_t mask)
{
    return (struct set){mask >> 1};
}

struct sign_up {
    const char *name;
    int64_t person_id;
    struct set roles;
    const char *key;
};

static enum result sign_up(struct ctx *cx, void *host)
{
    struct sign_up *up = host;
    int64_t account_id;
    TRY(account_add(cx, up->name, up->person_id, up->roles, "no password", &account_id));
    return session_start(cx, account_id, "test", &up->key);
}

const struct actor *actor_of(struct world *world, int64_t person_id, uint64_t mask)
{
    const struct actor *before = world->test.cx.actor;
    struct actor *actor = ARENA_NEW(world->test.arena, struct actor);
    struct sign_up up = {.name = arena_printf(world->test.arena, "account%d", ++world->made),
                         .person_id = person_id,
                         .roles = roles(mask)};
    struct identity identity;
    world->test.cx.actor = &ACTOR_SYSTEM;
    assert_int_equal(attempt(world, sign_up, &up), OK);
    assert_int_equal(identity_of_key(&world->test.cx, up.key, &identity), OK);
    identity_actor(world->test.arena, &identity, actor);
    world->test.cx.actor = before;
    return actor;
}

const struct actor *member_of(struct world *world, int64_t unit_id, uint64_t mask)
{
    return actor_of(world, a_person(world, world->client, unit_id), mask);
}

const struct actor *outsider_of(struct world *world, int64_t organisation_id, uint64_t mask)
{
    return actor_of(world, a_person(world, organisation_id, 0), mask);
}

void act(struct world *world, const struct actor *actor)
{
    world->test.cx.actor = actor;
}

/* ---- contracts ---- */

struct contract contract_draft(struct world *world)
{
    struct contract contract = {
        .number = numbered(world, "HT"),
        .name = "Night cleaning",
        .kind = CONTRACT_CONTINUOUS,
        .service = SERVICE_CLEANING,
        .client_id = world->client,
        .provider_id = world->provider,
        .unit_id = world->project,
        .starts_on = date_of(2026, 1, 1),
        .ends_on = date_of(2026, 12, 31),
        .amount_fen = {12000000},
    };
    fields_blank(CONTRACTS.fields, &contract);
    return contract;
}

int64_t a_contract(struct world *world, int64_t unit_id, int64_t provider_id)
{
    struct contract contract = contract_draft(world);
    contract.unit_id = unit_id;
    contract.provider_id = provider_id;
    make(world, &CONTRACTS, &contract);
    return contract.id;
}

void touch_contract(struct world *world, int64_t id)
{
    struct contract before, after;
    get(world, &CONTRACTS, id, &before);
    after = before;
    after.remark = arena_printf(world->test.arena, "%s.", before.remark);
    assert_int_equal(change(world, &CONTRACTS, &before, &after), OK);
}

struct term term_draft(int64_t contract_id, const char *number)
{
    return (struct term){.contract_id = contract_id,
                         .number = number,
                         .topic = TERM_SCOPE,
                         .text = "Garage and grounds, every night."};
}

int64_t a_term(struct world *world, int64_t contract_id, const char *number)
{
    struct term term = term_draft(contract_id, number);
    term.amended_on = date_of(2026, 3, 1); /* in case the contract is in force */
    term.basis = "Supplement";
    make(world, &TERMS, &term);
    return term.id;
}

/* ---- open and close ---- */

int world_open(void **state)
{
    static struct world only;
    struct world *world = *state = &only;
    only = (struct world){0};
    slices_start();
    test_store_open(&world->test, MIGRATIONS, MIGRATION_COUNT);
    world->test.cx.actor = &ACTOR_SYSTEM;
    world->months =
        months_open(world->test.store, "calls", MONTH_MIGRATIONS, MONTH_MIGRATION_COUNT);
    calls_use(world->months, world->test.keys);
    world->client = an_organisation(world, "Company", SIDE_CLIENT);
    world->provider = an_organisation(world, "Call centre", SIDE_PROVIDER);
    world->headquarters = a_unit(world, 0, UNIT_HEADQUARTERS);
    world->division = a_unit(world, world->headquarters, UNIT_DIVISION);
    world->project = a_unit(world, world->division, UNIT_PROJECT);
    return 0;
}

int world_close(void **state)
{
    struct world *world = *state;
    directory_forget();
    months_close(world->months);
    test_store_close(&world->test);
    return 0;
}
