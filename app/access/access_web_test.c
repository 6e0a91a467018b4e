/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/access/access_web.h"
#include "app/access/test_access.h"
#include "base/password.h"

#define PASSWORD "Luyue-demo-1"

/* ---- a request without a server ---- */

static struct request request_new(struct world *world, const char *path)
{
    struct request rq = {.cx = world->test.cx, .method = POST, .face = FACE_API, .path = path};
    access_use(world->test.store, world->test.keys);
    rq.cx.actor = NULL;
    rq.cx.fault = (struct fault){.result = OK};
    rq.doc = doc_new(rq.cx.mem);
    return rq;
}

static enum result identify(struct request *rq, const char *key)
{
    return access_identify(rq, "", key);
}

/* A pm with a real password, and the key of a session. */
static const char *pm_with_password(struct world *world)
{
    static char hash[PASSWORD_TEXT];
    if (!*hash)
        password_hash(PASSWORD, hash);
    struct opening opening = {.name = "pm",
                              .person_id = a_person(world, world->client, 0),
                              .roles = roles(R(PM)),
                              .password = hash};
    assert_int_equal(committed(world, open_account, &opening), OK);
    struct sign_in in = {.account = "pm", .matches = true, .compared = hash};
    assert_int_equal(committed(world, sign_in_run, &in), OK);
    return in.key;
}

/* ---- who asks ---- */

static void a_key_tells_who_asks(void **state)
{
    struct world *world = *state;
    const char *key = pm_with_password(world);
    struct request rq = request_new(world, "/people");
    assert_int_equal(identify(&rq, key), OK);
    assert_string_equal(rq.cx.actor->account, "pm");
    assert_false(rq.from_cookie);
    assert_string_equal(rq.csrf, key_csrf(&world->test.cx, key));
    assert_true(access_has_right(&rq, "people.write"));
    assert_true(access_has_right(&rq, SIGNED_IN));
    assert_false(access_has_right(&rq, "accounts.write"));
}

static void an_unknown_key_is_nobody(void **state)
{
    static const char *const KEYS[] = {
        "", "made up", "ly_", "a key that is much longer than any that was ever given to anybody"};
    struct world *world = *state;
    for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++) {
        struct request rq = request_new(world, "/people");
        assert_int_equal(identify(&rq, KEYS[i]), OK);
        assert_null(rq.cx.actor);
        assert_false(access_has_right(&rq, SIGNED_IN));
        assert_false(access_has_right(&rq, "people.read"));
        assert_true(access_has_right(&rq, PUBLIC));
    }
}

static void who_asks_is_remembered_with_texts_of_its_own(void **state)
{
    struct world *world = *state;
    const char *key = pm_with_password(world);
    struct request first = request_new(world, "/people"), second = first;
    assert_int_equal(identify(&first, key), OK);
    second.cx.db = NULL; /* the database is not asked again */
    assert_int_equal(identify(&second, key), OK);
    assert_string_equal(second.cx.actor->account, "pm");
    assert_string_equal(second.cx.actor->organisation_name, "Company");
    assert_ptr_not_equal(second.cx.actor, first.cx.actor);
    assert_ptr_not_equal(second.cx.actor->account, first.cx.actor->account);
    assert_memory_equal(second.cx.actor->rights, first.cx.actor->rights,
                        sizeof first.cx.actor->rights);
    assert_string_equal(second.csrf, first.csrf);
}

static enum result end_all(struct ctx *cx, void *host)
{
    return password_set(cx, host, "password", HASH, false);
}

static void what_is_remembered_ends_with_the_next_commit(void **state)
{
    struct world *world = *state;
    const char *key = pm_with_password(world);
    struct account account;
    struct request before = request_new(world, "/people"), after = before;
    assert_int_equal(identify(&before, key), OK);
    assert_int_equal(account_secrets(&world->test.cx, "pm", &account), OK);
    assert_int_equal(committed(world, end_all, &account), OK);
    assert_int_equal(identify(&after, key), OK);
    assert_null(after.cx.actor);
}

static void what_is_remembered_ends_with_its_session(void **state)
{
    struct world *world = *state;
    const char *key = pm_with_password(world);
    struct request before = request_new(world, "/people"), after = before;
    before.cx.now.ms += SESSION_MS - 1;
    after.cx.now.ms += SESSION_MS;
    assert_int_equal(identify(&before, key), OK);
    assert_non_null(before.cx.actor);
    assert_int_equal(identify(&after, key), OK);
    assert_null(after.cx.actor);
}

struct reset {
    struct account account;
    const char *key;
};

static enum result reset_and_start(struct ctx *cx, void *host)
{
    struct reset *reset = host;
    TRY(password_set(cx, &reset->account, "reset", HASH, true));
    return session_start(cx, reset->account.id, "", &reset->key);
}

static void an_initial_password_opens_nothing_but_its_change(void **state)
{
    static const struct {
        const char *path;
        enum face face;
        enum result result;
        const char *location;
    } CASES[] = {
        {"/people", FACE_API, FORBIDDEN, NULL}, {"/people", FACE_PAGE, FORBIDDEN, "/password"},
        {"/password", FACE_PAGE, OK, NULL},     {"/password", FACE_API, OK, NULL},
        {"/session", FACE_API, OK, NULL},       {"/session/end", FACE_PAGE, OK, NULL},
    };
    struct world *world = *state;
    struct reset reset;
    pm_with_password(world);
    assert_int_equal(account_secrets(&world->test.cx, "pm", &reset.account), OK);
    assert_int_equal(committed(world, reset_and_start, &reset), OK);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct request rq = request_new(world, CASES[i].path);
        rq.face = CASES[i].face;
        assert_int_equal(identify(&rq, reset.key), CASES[i].result);
        if (CASES[i].result != OK)
            assert_string_equal(rq.cx.fault.code, "access.password_first");
        if (CASES[i].location)
            assert_string_equal(rq.location, CASES[i].location);
        else
            assert_null(rq.location);
    }
}

/* ---- proving the password once more ---- */

static enum result demand(struct ctx *cx, void *host)
{
    struct request *rq = host;
    rq->cx.db = cx->db;
    enum result result = prove_demand(rq);
    cx->fault = rq->cx.fault;
    return result;
}

static enum result prove(struct world *world, const char *key, const char *password,
                         struct request *rq)
{
    struct part *part = ARENA_NEW(world->test.arena, struct part);
    *part = (struct part){.name = "password", .value = password};
    *rq = request_new(world, "/briefings/1/sign");
    rq->form = part;
    assert_int_equal(identify(rq, key), OK);
    TRY(prove_prepare(rq));
    return committed(world, demand, rq);
}

static void signing_takes_the_own_password(void **state)
{
    struct world *world = *state;
    const char *key = pm_with_password(world);
    struct request rq;
    assert_int_equal(prove(world, key, PASSWORD, &rq), OK);
    assert_false(rq.keep);
    assert_int_equal(prove(world, key, "somebody else's", &rq), FORBIDDEN);
    assert_true(rq.keep); /* so that the failure counts */
    assert_code(world, "access.wrong_password");
}

static void proofs_are_delayed_like_sign_ins(void **state)
{
    struct world *world = *state;
    const char *key = pm_with_password(world);
    struct request rq;
    for (int i = 0; i < 5; i++)
        assert_int_equal(prove(world, key, "wrong", &rq), FORBIDDEN);
    assert_int_equal(prove(world, key, PASSWORD, &rq), TOO_MANY);
    assert_string_equal(rq.headers->name, "Retry-After");
    assert_string_equal(rq.headers->value, "1");
    assert_int_equal(try_password(world, "pm", true), TOO_MANY);
}

static void a_request_says_whether_a_person_or_a_token_asks(void **state)
{
    struct world *world = *state;
    struct making making = a_token("all", date_of(2026, 6, 30));
    struct request rq = request_new(world, "/own"), session = request_new(world, "/people");
    assert_int_equal(identify(&session, pm_with_password(world)), OK);
    world->test.cx.actor = session.cx.actor;
    assert_int_equal(committed(world, make_token, &making), OK);
    for (int i = 0; i < 2; i++) { /* as found, and as remembered */
        struct request again = rq;
        assert_int_equal(identify(&again, making.key), OK);
        assert_true(again.by_token);
    }
    assert_false(session.by_token);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_key_tells_who_asks),
        TEST(an_unknown_key_is_nobody),
        TEST(who_asks_is_remembered_with_texts_of_its_own),
        TEST(what_is_remembered_ends_with_the_next_commit),
        TEST(what_is_remembered_ends_with_its_session),
        TEST(an_initial_password_opens_nothing_but_its_change),
        TEST(signing_takes_the_own_password),
        TEST(proofs_are_delayed_like_sign_ins),
        TEST(a_request_says_whether_a_person_or_a_token_asks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
