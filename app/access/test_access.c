/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/access/test_access.h"

#include "app/access/token.h"
#include "app/records/trail.h"
#include "store/migrations.h"

static const struct resource *const RESOURCES[] = {&ORGANISATIONS, &QUALIFICATIONS, &UNITS, &PEOPLE,
                                                   &ACCOUNTS,      &TOKENS,         NULL};
static const struct right *const RIGHTS[] = {PARTIES_RIGHTS, ACCESS_RIGHTS, NULL};

/* Do something in a transaction that is committed whatever became of it. */
struct deed {
    enum result (*run)(struct ctx *cx, void *host);
    void *host;
    enum result result;
    struct fault fault;
};

static enum result deed_run(struct ctx *cx, void *host)
{
    struct deed *deed = host;
    trail_forget(cx);
    deed->result = deed->run(cx, deed->host);
    deed->fault = cx->fault;
    return trail_flush(cx);
}

enum result committed(struct world *world, enum result (*run)(struct ctx *cx, void *host),
                      void *host)
{
    struct deed deed = {.run = run, .host = host};
    assert_int_equal(test_write(&world->test, deed_run, &deed), OK);
    world->test.cx.fault = deed.fault;
    return deed.result;
}

/* ---- the people in it ---- */

struct newcomer {
    int64_t organisation_id, unit_id, id;
    const char *name;
};

static enum result add_person(struct ctx *cx, void *host)
{
    struct newcomer *newcomer = host;
    struct person person = {.organisation_id = newcomer->organisation_id,
                            .unit_id = newcomer->unit_id,
                            .job = JOB_MANAGER};
    fields_blank(PEOPLE.fields, &person);
    person.name = newcomer->name;
    TRY(record_add(cx, &PEOPLE, &person));
    newcomer->id = person.id;
    return OK;
}

enum result open_account(struct ctx *cx, void *host)
{
    struct opening *opening = host;
    return account_add(cx, opening->name, opening->person_id, opening->roles,
                       opening->password ? opening->password : HASH, &opening->id);
}

int64_t a_person(struct world *world, int64_t organisation_id, int64_t unit_id)
{
    struct newcomer newcomer = {.organisation_id = organisation_id,
                                .unit_id = unit_id,
                                .name =
                                    arena_printf(world->test.arena, "Person %d", ++world->people)};
    assert_int_equal(committed(world, add_person, &newcomer), OK);
    return newcomer.id;
}

struct set roles(uint64_t mask)
{
    return (struct set){mask >> 1};
}

int64_t an_account(struct world *world, const char *name, uint64_t mask)
{
    struct opening opening = {
        .name = name, .person_id = a_person(world, world->client, 0), .roles = roles(mask)};
    assert_int_equal(committed(world, open_account, &opening), OK);
    return opening.id;
}

static enum result add_parties(struct ctx *cx, void *host)
{
    struct world *world = host;
    struct organisation client = {.side = SIDE_CLIENT}, provider = {.side = SIDE_PROVIDER};
    fields_blank(ORGANISATIONS.fields, &client);
    fields_blank(ORGANISATIONS.fields, &provider);
    client.name = "Company";
    provider.name = "Call centre";
    TRY(record_add(cx, &ORGANISATIONS, &client));
    TRY(record_add(cx, &ORGANISATIONS, &provider));
    world->client = client.id;
    world->provider = provider.id;
    return OK;
}

int set_up(void **state)
{
    static struct world only;
    struct world *world = *state = &only;
    only = (struct world){0};
    resources_use(RESOURCES);
    rights_use(RIGHTS);
    test_store_open(&world->test, MIGRATIONS, MIGRATION_COUNT);
    world->test.cx.actor = &ACTOR_SYSTEM;
    assert_int_equal(committed(world, add_parties, world), OK);
    world->root = an_account(world, "root", R(ADMIN));
    return 0;
}

int tear_down(void **state)
{
    struct world *world = *state;
    test_store_close(&world->test);
    return 0;
}

struct account account_of(struct world *world, int64_t id)
{
    const struct actor *actor = world->test.cx.actor;
    struct account account = {0};
    world->test.cx.actor = &ACTOR_SYSTEM;
    assert_int_equal(record_get(&world->test.cx, &ACCOUNTS, id, &account), OK);
    world->test.cx.actor = actor;
    return account;
}

bool is_rejected(const struct world *world, const char *field, const char *code)
{
    const struct field_fault *fault = world->test.cx.fault.fields;
    for (; fault; fault = fault->next)
        if (strcmp(fault->field, field) == 0 && strcmp(fault->code, code) == 0)
            return true;
    return false;
}

/* ---- signing in ---- */

enum result sign_in_run(struct ctx *cx, void *host)
{
    struct sign_in *in = host;
    const struct proof proof = {.account = in->account,
                                .compared = in->compared ? in->compared : HASH,
                                .matches = in->matches};
    return session_sign_in(cx, &proof, in->otp ? in->otp : "", "Browser", in->former, &in->key);
}

enum result try_password(struct world *world, const char *account, bool matches)
{
    struct sign_in in = {.account = account, .matches = matches};
    const struct actor *actor = world->test.cx.actor;
    world->test.cx.actor = NULL;
    enum result result = committed(world, sign_in_run, &in);
    world->test.cx.actor = actor;
    return result;
}

const char *key_of(struct world *world, const char *account)
{
    struct sign_in in = {.account = account, .matches = true};
    assert_int_equal(committed(world, sign_in_run, &in), OK);
    return in.key;
}

struct identity identity_of(struct world *world, const char *key)
{
    struct identity identity;
    assert_int_equal(identity_of_key(&world->test.cx, key, &identity), OK);
    return identity;
}

bool is_known(struct world *world, const char *key)
{
    struct identity identity;
    return identity_of_key(&world->test.cx, key, &identity) == OK;
}

void act_as(struct world *world, const char *account)
{
    struct identity identity = identity_of(world, key_of(world, account));
    struct actor *actor = ARENA_NEW(world->test.arena, struct actor);
    identity_actor(world->test.arena, &identity, actor);
    world->test.cx.actor = actor;
}

int entries(struct world *world, int64_t account_id, const char *action)
{
    struct event *events;
    size_t count;
    int found = 0;
    assert_int_equal(trail_of(&world->test.cx, &ACCOUNTS, account_id, 200, &events, &count), OK);
    for (size_t i = 0; i < count; i++)
        found += strcmp(events[i].action, action) == 0;
    return found;
}
