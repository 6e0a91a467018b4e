/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/access/test_access.h"

#include "app/records/trail.h"

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
    cx->pending = NULL;
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

/* ---- accounts ---- */

enum result open_account(struct ctx *cx, void *host)
{
    struct opening *opening = host;
    return account_add(cx, opening->name, opening->person_id, opening->roles,
                       opening->password ? opening->password : HASH, &opening->id);
}

int64_t an_account(struct world *world, const char *name, uint64_t mask)
{
    struct opening opening = {
        .name = name, .person_id = a_person(world, world->client, 0), .roles = roles(mask)};
    assert_int_equal(committed(world, open_account, &opening), OK);
    return opening.id;
}

int set_up(void **state)
{
    int opened = world_open(state);
    struct world *world = *state;
    world->root = an_account(world, "root", R(ADMIN));
    return opened;
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

/* ---- tokens ---- */

struct making a_token(const char *rights, struct date expires_on)
{
    struct making making = {{.expires_on = expires_on}, NULL};
    fields_blank(TOKENS.fields, &making.token);
    making.token.name = "Sync";
    making.token.rights = rights;
    return making;
}

enum result make_token(struct ctx *cx, void *host)
{
    struct making *making = host;
    return token_add(cx, &making->token, &making->key);
}
