/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/access/access.sql.h"
#include "app/access/test_access.h"
#include "base/password.h"
#include "store/migrations.h"

/* ---- accounts ---- */

static void every_statement_is_understood(void **state)
{
    struct world *world = *state;
    test_queries_prepare(&world->test, ALL_ACCESS_QUERIES);
}

static void account_names_have_one_spelling(void **state)
{
    static const struct {
        const char *name;
        enum result result;
    } CASES[] = {
        {"pm", OK},          {"li.wei-2", OK},  {"li_wei", OK}, {"p", INVALID},    {"Pm2", INVALID},
        {"li wei", INVALID}, {"李伟", INVALID}, {"", INVALID},  {"root", INVALID},
    };
    struct world *world = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct opening opening = {.name = CASES[i].name,
                                  .person_id = a_person(world, world->client, 0)};
        assert_int_equal(committed(world, open_account, &opening), CASES[i].result);
    }
    assert_string_equal(account_name_typed(&world->test.cx, " Li.Wei "), "li.wei");
}

static void a_person_has_one_account(void **state)
{
    struct world *world = *state;
    struct opening opening = {.name = "second",
                              .person_id = account_of(world, world->root).person_id};
    assert_int_equal(committed(world, open_account, &opening), INVALID);
    assert_true(was_rejected(world, "person_id", "has_account"));
}

static void roles_that_exclude_each_other_never_meet(void **state)
{
    static const struct {
        uint64_t roles;
        bool allowed;
    } CASES[] = {
        {R(PM) | R(EXECUTOR), true},
        {R(OPS) | R(DIVISION) | R(PM), true},
        {R(CLIENT) | R(RESIDENT) | R(AUDIT), true},
        {R(FINANCE) | R(CLIENT), true},
        {R(ADMIN) | R(SECURITY), false},
        {R(ADMIN) | R(AUDIT), false},
        {R(SECURITY) | R(AUDIT), false},
        {R(ADMIN) | R(PM), false},
        {R(SECURITY) | R(CLIENT), false},
        {R(AUDIT) | R(OPS), false},
        {R(AUDIT) | R(EXECUTOR), false},
        {R(AUDIT) | R(FINANCE), false},
        {R(FINANCE) | R(OPS), false},
        {R(FINANCE) | R(PM), false},
    };
    struct world *world = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct opening opening = {.name = arena_printf(world->test.arena, "case%zu", i),
                                  .person_id = a_person(world, world->client, 0),
                                  .roles = roles(CASES[i].roles)};
        assert_int_equal(committed(world, open_account, &opening), CASES[i].allowed ? OK : INVALID);
        assert_int_equal(was_rejected(world, "roles", "roles_exclude"), !CASES[i].allowed);
    }
}

static void a_role_fits_the_side_of_its_person(void **state)
{
    struct world *world = *state;
    struct opening opening = {.name = "outsider",
                              .person_id = a_person(world, world->provider, 0),
                              .roles = roles(R(PM))};
    assert_int_equal(committed(world, open_account, &opening), INVALID);
    assert_true(was_rejected(world, "roles", "role_side"));
    opening.roles = roles(R(PROVIDER) | R(QA));
    assert_int_equal(committed(world, open_account, &opening), OK);
}

struct giving {
    int64_t account_id;
    struct set roles;
};

static enum result give_roles(struct ctx *cx, void *host)
{
    const struct giving *giving = host;
    struct account account = {0};
    TRY(record_get(cx, &ACCOUNTS, giving->account_id, &account));
    return account_set_roles(cx, &account, giving->roles);
}

static enum result give(struct world *world, int64_t account_id, uint64_t mask)
{
    struct giving giving = {account_id, roles(mask)};
    return committed(world, give_roles, &giving);
}

static void only_the_security_administrator_gives_roles(void **state)
{
    struct world *world = *state;
    int64_t security = an_account(world, "sec", 0), pm = an_account(world, "pm", 0);
    act_as(world, "root");
    assert_int_equal(give(world, pm, R(PM)), FORBIDDEN);
    assert_code(world, "account.roles_by_security");
    assert_int_equal(give(world, security, R(SECURITY)), OK); /* the first one is appointed */
    assert_int_equal(give(world, pm, R(SECURITY)), FORBIDDEN);
    act_as(world, "sec");
    assert_int_equal(give(world, pm, R(PM)), OK);
    assert_int_equal(account_of(world, pm).roles.bits, roles(R(PM)).bits);
    assert_int_equal(give(world, security, R(OPS)), FORBIDDEN);
    assert_code(world, "account.own");
    assert_int_equal(field_find(ACCOUNTS.fields, "roles", 5)->in, NEVER);
}

static enum result disable(struct ctx *cx, void *host)
{
    const int64_t *id = host;
    struct account before = {0}, after;
    TRY(record_get(cx, &ACCOUNTS, *id, &before));
    after = before;
    after.state = ACCOUNT_DISABLED;
    return record_change(cx, &ACCOUNTS, "change", &before, &after);
}

static void the_last_administrator_stays(void **state)
{
    struct world *world = *state;
    int64_t second;
    assert_int_equal(committed(world, disable, &world->root), INVALID);
    assert_true(was_rejected(world, "state", "last_holder"));
    assert_int_equal(give(world, world->root, 0), INVALID);
    assert_true(was_rejected(world, "roles", "last_holder"));
    second = an_account(world, "root2", R(ADMIN));
    assert_int_equal(committed(world, disable, &world->root), OK);
    act_as(world, "root2");
    assert_int_equal(committed(world, disable, &second), INVALID);
    assert_true(was_rejected(world, "state", "own_account"));
}

static void a_disabled_account_is_out_at_once(void **state)
{
    struct world *world = *state;
    int64_t pm = an_account(world, "pm", R(PM));
    const char *key = key_of(world, "pm");
    assert_true(is_known(world, key));
    assert_int_equal(committed(world, disable, &pm), OK);
    assert_false(is_known(world, key));
    assert_int_equal(try_password(world, "pm", true), UNAUTHENTICATED);
}

static enum result leave_today(struct ctx *cx, void *host)
{
    const int64_t *id = host;
    struct person before = {0}, after;
    TRY(record_get(cx, &PEOPLE, *id, &before));
    after = before;
    after.left_on = date_of(2026, 3, 2);
    return record_change(cx, &PEOPLE, "change", &before, &after);
}

static void whoever_is_about_to_leave_is_no_administrator_who_stays(void **state)
{
    struct world *world = *state;
    int64_t person = account_of(world, an_account(world, "root2", R(ADMIN))).person_id;
    assert_int_equal(committed(world, leave_today, &person), OK);
    assert_int_equal(committed(world, disable, &world->root), INVALID);
    assert_true(was_rejected(world, "state", "last_holder"));
}

static void the_last_administrators_do_not_leave(void **state)
{
    struct world *world = *state;
    const int64_t accounts[] = {world->root, an_account(world, "guard", R(SECURITY))};
    for (size_t i = 0; i < sizeof accounts / sizeof accounts[0]; i++) {
        int64_t person = account_of(world, accounts[i]).person_id;
        assert_int_equal(committed(world, leave_today, &person), INVALID);
        assert_only_fault(world, "left_on", "last_holder", "");
    }
    int64_t second = account_of(world, an_account(world, "guard2", R(SECURITY))).person_id;
    assert_int_equal(committed(world, leave_today, &second), OK);
}

static void whoever_has_left_is_out_from_the_next_day(void **state)
{
    struct world *world = *state;
    int64_t person = account_of(world, an_account(world, "pm", R(PM))).person_id;
    assert_int_equal(committed(world, leave_today, &person), OK);
    world->test.cx.now.ms += 14 * HOUR_MS; /* 23:00 */
    const char *key = key_of(world, "pm");
    assert_true(is_known(world, key));
    world->test.cx.now.ms += 2 * HOUR_MS;
    assert_false(is_known(world, key));
    assert_int_equal(try_password(world, "pm", true), UNAUTHENTICATED);
}

/* ---- passwords ---- */

static void a_password_is_long_and_without_the_name(void **state)
{
    static const struct {
        const char *password, *code;
    } CASES[] = {
        {"Luyue-demo-1", NULL},
        {"十个汉字也是一个好密码", NULL},
        {"short-one", "too_short"},
        {"", "too_short"},
        {"my name is LI.WEI ok", "contains_name"},
        {"1234567890", "easily_guessed"},
        {"abcabcabcabc", "easily_guessed"},
    };
    struct world *world = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        world->test.cx.fault = (struct fault){0};
        password_check(&world->test.cx, "new", "li.wei", CASES[i].password);
        if (CASES[i].code)
            assert_true(was_rejected(world, "new", CASES[i].code));
        else
            assert_null(world->test.cx.fault.fields);
    }
}

static void initial_passwords_differ_and_are_good_ones(void **state)
{
    struct world *world = *state;
    char first[INITIAL_PASSWORD], second[INITIAL_PASSWORD];
    password_initial(first);
    password_initial(second);
    assert_string_not_equal(first, second);
    password_check(&world->test.cx, "new", "pm", first);
    assert_null(world->test.cx.fault.fields);
}

static enum result create_first(struct ctx *cx, void *host)
{
    return account_create_first(cx, "admin", host);
}

static void the_first_account_is_made_once(void **state)
{
    struct world *world = *state;
    assert_int_equal(committed(world, create_first, "Luyue-demo-1"), CONFLICT);
    assert_code(world, "account.not_first");
}

static void a_proof_compares_what_is_stored(void **state)
{
    struct test_world test;
    struct proof proof;
    test_store_open(&test, MIGRATIONS, MIGRATION_COUNT);
    test.cx.actor = &ACTOR_SYSTEM;
    assert_int_equal(test_write(&test, create_first, "Luyue-demo-1"), OK);
    assert_int_equal(proof_make(&test.cx, "admin", "Luyue-demo-1", &proof), OK);
    assert_true(proof.matches);
    assert_int_equal(proof_make(&test.cx, "admin", "Luyue-demo-2", &proof), OK);
    assert_false(proof.matches);
    assert_int_equal(proof_make(&test.cx, "nobody", "Luyue-demo-1", &proof), OK);
    assert_false(proof.matches);
    assert_string_equal(proof.compared, password_of_nobody());
    test_store_close(&test);
}

static enum result change_password(struct ctx *cx, void *host)
{
    struct account account;
    TRY(account_secrets(cx, host, &account));
    return password_set(cx, &account, "password", "another hash", false);
}

static void a_new_password_ends_all_sessions_and_running_proofs(void **state)
{
    struct world *world = *state;
    int64_t pm = an_account(world, "pm", R(PM));
    const char *key = key_of(world, "pm");
    assert_int_equal(committed(world, change_password, "pm"), OK);
    assert_false(is_known(world, key));
    assert_int_equal(try_password(world, "pm", true), UNAUTHENTICATED); /* compared the old hash */
    assert_int_equal(entries(world, pm, "password"), 1);
}

/* The key of a token that may do whatever the actor may. */
static const char *key_of_token(struct world *world)
{
    struct making making = a_token("all", date_of(2026, 6, 30));
    assert_int_equal(committed(world, make_token, &making), OK);
    return making.key;
}

static enum result reset(struct ctx *cx, void *host)
{
    const int64_t *id = host;
    struct account account = {0};
    TRY(record_get(cx, &ACCOUNTS, *id, &account));
    return account_reset(cx, &account, HASH);
}

static void a_reset_demands_an_own_password(void **state)
{
    struct world *world = *state;
    int64_t pm = an_account(world, "pm", R(PM));
    const char *key = key_of(world, "pm");
    assert_int_equal(committed(world, reset, &pm), OK);
    assert_false(is_known(world, key));
    assert_true(identity_of(world, key_of(world, "pm")).must_change);
    act_as(world, "pm");
    assert_int_equal(committed(world, reset, &pm), FORBIDDEN);
    assert_code(world, "account.own");
}

static void tokens_end_with_the_password_and_with_the_account(void **state)
{
    struct world *world = *state;
    int64_t pm = an_account(world, "pm", R(PM));
    const struct {
        enum result (*end)(struct ctx *cx, void *host);
        void *host;
    } CASES[] = {{change_password, "pm"}, {reset, &pm}, {disable, &pm}};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        if (i > 0)
            tamper(world, "UPDATE accounts SET password = '" HASH "', must_change = FALSE");
        act_as(world, "pm");
        const char *first = key_of_token(world), *second = key_of_token(world);
        act_as(world, "root");
        const char *others = key_of_token(world);
        world->test.cx.actor = &ACTOR_SYSTEM;
        assert_true(is_known(world, first));
        assert_int_equal(committed(world, CASES[i].end, CASES[i].host), OK);
        assert_int_equal(entries(world, pm, "tokens_revoked"), i + 1);
        assert_true(is_known(world, others));
        tamper(world, "UPDATE accounts SET state = 'active'");
        assert_false(is_known(world, first));
        assert_false(is_known(world, second));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_statement_is_understood),
        TEST(account_names_have_one_spelling),
        TEST(a_person_has_one_account),
        TEST(roles_that_exclude_each_other_never_meet),
        TEST(a_role_fits_the_side_of_its_person),
        TEST(only_the_security_administrator_gives_roles),
        TEST(the_last_administrator_stays),
        TEST(whoever_is_about_to_leave_is_no_administrator_who_stays),
        TEST(the_last_administrators_do_not_leave),
        TEST(a_disabled_account_is_out_at_once),
        TEST(whoever_has_left_is_out_from_the_next_day),
        TEST(a_password_is_long_and_without_the_name),
        TEST(initial_passwords_differ_and_are_good_ones),
        TEST(the_first_account_is_made_once),
        TEST(a_proof_compares_what_is_stored),
        TEST(a_new_password_ends_all_sessions_and_running_proofs),
        TEST(a_reset_demands_an_own_password),
        TEST(tokens_end_with_the_password_and_with_the_account),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
