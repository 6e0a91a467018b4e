/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/access/access.sql.h"
#include "app/access/idempotency.h"
#include "app/access/second_factor.h"
#include "app/access/test_access.h"
#include "base/hash.h"

/* ---- failures ---- */

static void wrong_password_and_unknown_account_answer_alike(void **state)
{
    struct world *world = *state;
    assert_int_equal(try_password(world, "root", false), UNAUTHENTICATED);
    assert_code(world, "access.wrong");
    assert_int_equal(try_password(world, "nobody", false), UNAUTHENTICATED);
    assert_code(world, "access.wrong");
    assert_int_equal(entries(world, world->root, "login_failed"), 1);
}

static void the_delay_doubles_up_to_a_quarter_of_an_hour(void **state)
{
    static const int64_t DELAYS[] = {0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900};
    struct world *world = *state;
    for (size_t i = 0; i < sizeof DELAYS / sizeof DELAYS[0]; i++) {
        assert_int_equal(try_password(world, "root", false), UNAUTHENTICATED);
        if (!DELAYS[i])
            continue;
        world->test.cx.now.ms += DELAYS[i] * 1000 - 1;
        assert_int_equal(try_password(world, "root", true), TOO_MANY);
        assert_code(world, "access.locked");
        assert_string_equal(world->test.cx.fault.args[0], "1");
        world->test.cx.now.ms += 1;
    }
    assert_int_equal(try_password(world, "root", true), OK);
    assert_int_equal(entries(world, world->root, "lock"), 12);
}

static void success_and_an_hour_forget_failures(void **state)
{
    struct world *world = *state;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 4; i++)
            assert_int_equal(try_password(world, "root", false), UNAUTHENTICATED);
        if (round == 0)
            assert_int_equal(try_password(world, "root", true), OK);
        else
            world->test.cx.now.ms += HOUR_MS + 1;
    }
}

static enum result unlock(struct ctx *cx, void *host)
{
    const int64_t *id = host;
    struct account account = {0};
    TRY(record_get(cx, &ACCOUNTS, *id, &account));
    return account_unlock(cx, &account);
}

static void unlocking_lifts_the_delay(void **state)
{
    struct world *world = *state;
    for (int i = 0; i < 5; i++)
        assert_int_equal(try_password(world, "root", false), UNAUTHENTICATED);
    assert_int_equal(try_password(world, "root", true), TOO_MANY);
    assert_int_equal(committed(world, unlock, &world->root), OK);
    assert_int_equal(try_password(world, "root", true), OK);
}

static void an_address_that_tries_many_names_has_to_wait(void **state)
{
    struct world *world = *state;
    world->test.cx.origin = "10.0.0.7";
    for (int i = 0; i < 20; i++) {
        const char *name = arena_printf(world->test.arena, "guess%d", i);
        assert_int_equal(try_password(world, name, false), UNAUTHENTICATED);
    }
    assert_int_equal(try_password(world, "root", true), TOO_MANY);
    world->test.cx.origin = "10.0.0.8";
    assert_int_equal(try_password(world, "root", true), OK);
}

struct subject {
    const char *subject;
};
static const struct field SUBJECT_FIELDS[] = {FIELD(subject, subject), FIELDS_END};

static void what_was_typed_as_a_name_is_kept_as_a_keyed_hash(void **state)
{
    struct world *world = *state;
    struct query all = db_query("failures", "SELECT subject FROM failures", 0);
    struct subject *subjects;
    size_t count;
    world->test.cx.origin = "10.0.0.7";
    assert_int_equal(try_password(world, "luyue-demo-1", false), UNAUTHENTICATED);
    assert_int_equal(db_list(&world->test.cx, &all, NO_PARAMS, SUBJECT_FIELDS, sizeof *subjects, 9,
                             &subjects, &count),
                     OK);
    assert_int_equal(count, 2);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(strspn(subjects[i].subject, "0123456789abcdef"), INDEX_HEX - 1);
        assert_int_equal(strlen(subjects[i].subject), INDEX_HEX - 1);
    }
}

/* ---- sessions ---- */

static void a_session_tells_who_asks_and_where_he_belongs(void **state)
{
    struct world *world = *state;
    int64_t id = an_account(world, "pm", R(PM));
    struct identity identity = identity_of(world, key_of(world, "pm"));
    struct actor actor;
    identity_actor(world->test.arena, &identity, &actor);
    assert_int_equal(actor.account_id, id);
    assert_string_equal(actor.account, "pm");
    assert_string_equal(actor.organisation_name, "Company");
    assert_int_equal(actor.side, SIDE_CLIENT);
    assert_true(actor_may(&actor, "people.write"));
    assert_false(actor_may(&actor, "accounts.read"));
    assert_false(actor.sees_company);
    assert_int_equal(entries(world, id, "login"), 1);
    assert_true(account_of(world, id).last_login_at.ms == world->test.cx.now.ms);
}

struct place {
    int64_t organisation_id, parent_id, id;
    enum unit_kind kind;
    const char *name;
};

static enum result add_unit(struct ctx *cx, void *host)
{
    struct place *place = host;
    struct unit unit = {.organisation_id = place->organisation_id,
                        .parent_id = place->parent_id,
                        .kind = place->kind};
    fields_blank(UNITS.fields, &unit);
    unit.name = place->name;
    TRY(record_add(cx, &UNITS, &unit));
    place->id = unit.id;
    return OK;
}

static struct actor actor_in(struct world *world, int64_t unit_id, const char *name)
{
    struct opening opening = {
        .name = name, .person_id = a_person(world, world->client, unit_id), .roles = roles(R(PM))};
    struct actor actor;
    assert_int_equal(committed(world, open_account, &opening), OK);
    struct identity identity = identity_of(world, key_of(world, name));
    identity_actor(world->test.arena, &identity, &actor);
    return actor;
}

static void what_is_seen_follows_from_the_unit(void **state)
{
    struct world *world = *state;
    struct place head = {world->client, 0, 0, UNIT_HEADQUARTERS, "Head"};
    assert_int_equal(committed(world, add_unit, &head), OK);
    struct place division = {world->client, head.id, 0, UNIT_DIVISION, "Division"};
    assert_int_equal(committed(world, add_unit, &division), OK);
    struct place project = {world->client, division.id, 0, UNIT_PROJECT, "Project"};
    assert_int_equal(committed(world, add_unit, &project), OK);
    struct actor chief = actor_in(world, head.id, "chief");
    assert_true(chief.sees_company);
    struct actor leader = actor_in(world, division.id, "leader");
    assert_false(leader.sees_company);
    assert_false(leader.is_leaf_unit);
    assert_string_equal(leader.unit_name, "Division");
    assert_string_equal(leader.path_from,
                        arena_printf(world->test.arena, "/%d/%d/", (int)head.id, (int)division.id));
    assert_string_equal(leader.path_to,
                        arena_printf(world->test.arena, "/%d/%d0", (int)head.id, (int)division.id));
    assert_true(actor_in(world, project.id, "manager").is_leaf_unit);
}

static void a_session_ends_after_twelve_hours(void **state)
{
    struct world *world = *state;
    const char *key = key_of(world, "root");
    world->test.cx.now.ms += 12 * HOUR_MS - 1;
    assert_true(is_known(world, key));
    world->test.cx.now.ms += 1;
    assert_false(is_known(world, key));
    assert_false(is_known(world, "made up"));
}

static enum result end_session(struct ctx *cx, void *host)
{
    return session_end(cx, *(const int64_t *)host);
}

static void one_ends_the_own_sessions_alone(void **state)
{
    struct world *world = *state;
    struct session *sessions;
    size_t count;
    an_account(world, "pm", R(PM));
    const char *key = key_of(world, "root");
    int64_t id = identity_of(world, key).session_id;
    act_as(world, "pm");
    assert_int_equal(committed(world, end_session, &id), NOT_FOUND);
    act_as(world, "root");
    assert_int_equal(sessions_list(&world->test.cx, &sessions, &count), OK);
    assert_int_equal(count, 2);
    assert_string_equal(sessions[0].agent, "Browser");
    assert_int_equal(committed(world, end_session, &id), OK);
    assert_false(is_known(world, key));
}

static void signing_in_replaces_the_former_session(void **state)
{
    struct world *world = *state;
    const char *former = key_of(world, "root");
    struct sign_in in = {
        .account = "root", .matches = true, .former = identity_of(world, former).session_id};
    act_as(world, "root");
    assert_int_equal(committed(world, sign_in_run, &in), OK);
    assert_false(is_known(world, former));
    assert_true(is_known(world, in.key));
    assert_string_not_equal(key_csrf(&world->test.cx, former), key_csrf(&world->test.cx, in.key));
}

/* ---- second factor ---- */

struct factor {
    const char *secret, *uri, *code;
};

static enum result start_factor(struct ctx *cx, void *host)
{
    struct factor *factor = host;
    return second_factor_start(cx, &factor->secret, &factor->uri);
}

static enum result confirm_factor(struct ctx *cx, void *host)
{
    const struct factor *factor = host;
    return second_factor_confirm(cx, factor->code);
}

static enum result stop_factor(struct ctx *cx, void *host)
{
    return second_factor_stop(cx);
}

/* The secret of RFC 6238's test vectors, and two of their moments with the codes. */
#define KNOWN_SECRET "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
static const struct instant FIRST = {INT64_C(1111111109) * 1000};
static const struct instant SECOND = {INT64_C(1234567890) * 1000};
#define FIRST_CODE "081804"
#define SECOND_CODE "005924"

static enum result start_with_known_secret(struct ctx *cx, void *host)
{
    struct factor *factor = host;
    TRY(second_factor_start(cx, &factor->secret, &factor->uri));
    const char *sealed = seal_text(cx->mem, cx->keys, "accounts.otp_secret", KNOWN_SECRET);
    return db_change_one(cx, &q_account_otp,
                         PARAMS(P(cx->actor->account_id), P(sealed), P(false), P(0), P(cx->now)));
}

static void the_secret_is_new_each_time_and_kept_sealed(void **state)
{
    struct world *world = *state;
    struct factor first, second;
    act_as(world, "root");
    assert_int_equal(committed(world, start_factor, &first), OK);
    assert_int_equal(committed(world, start_factor, &second), OK);
    assert_string_not_equal(first.secret, second.secret);
    assert_non_null(strstr(second.uri, second.secret));
    assert_null(strstr(account_of(world, world->root).otp_secret, second.secret));
}

static void a_second_factor_counts_once_it_is_confirmed(void **state)
{
    struct world *world = *state;
    struct factor factor = {.code = FIRST_CODE};
    world->test.cx.now = FIRST;
    act_as(world, "root");
    assert_int_equal(committed(world, confirm_factor, &factor), CONFLICT);
    assert_code(world, "access.otp_off");
    assert_int_equal(committed(world, start_with_known_secret, &factor), OK);
    factor.code = "12345";
    assert_int_equal(committed(world, confirm_factor, &factor), INVALID);
    assert_true(was_rejected(world, "code", "wrong_code"));
    assert_int_equal(try_password(world, "root", true), OK);
    factor.code = FIRST_CODE;
    assert_int_equal(committed(world, confirm_factor, &factor), OK);
    assert_int_equal(try_password(world, "root", true), UNAUTHENTICATED);
    assert_code(world, "access.otp_required");
    assert_int_equal(committed(world, start_factor, &factor), CONFLICT);
    assert_int_equal(committed(world, stop_factor, NULL), OK);
    assert_int_equal(try_password(world, "root", true), OK);
    assert_int_equal(committed(world, stop_factor, NULL), CONFLICT);
}

static void setting_up_a_second_factor_is_in_the_trail(void **state)
{
    struct world *world = *state;
    struct factor factor = {.code = "000000"};
    world->test.cx.now = FIRST;
    act_as(world, "root");
    assert_int_equal(committed(world, start_with_known_secret, &factor), OK);
    assert_int_equal(entries(world, world->root, "otp_start"), 1);
    assert_int_equal(committed(world, confirm_factor, &factor), INVALID);
    assert_int_equal(entries(world, world->root, "otp_wrong"), 1);
    factor.code = FIRST_CODE;
    assert_int_equal(committed(world, confirm_factor, &factor), OK);
    assert_int_equal(entries(world, world->root, "otp_on"), 1);
}

static void a_code_works_once(void **state)
{
    struct world *world = *state;
    struct factor factor = {.code = FIRST_CODE};
    struct sign_in in = {.account = "root", .matches = true, .otp = FIRST_CODE};
    world->test.cx.now = FIRST;
    act_as(world, "root");
    assert_int_equal(committed(world, start_with_known_secret, &factor), OK);
    assert_int_equal(committed(world, confirm_factor, &factor), OK);
    assert_int_equal(committed(world, sign_in_run, &in), UNAUTHENTICATED);
    assert_code(world, "access.otp_wrong");
    world->test.cx.now = SECOND;
    in.otp = SECOND_CODE;
    assert_int_equal(committed(world, sign_in_run, &in), OK);
    assert_int_equal(committed(world, sign_in_run, &in), UNAUTHENTICATED);
}

static void wrong_codes_are_delayed_like_wrong_passwords(void **state)
{
    struct world *world = *state;
    struct factor factor = {.code = FIRST_CODE};
    struct sign_in in = {.account = "root", .matches = true, .otp = "000000"};
    world->test.cx.now = FIRST;
    act_as(world, "root");
    assert_int_equal(committed(world, start_with_known_secret, &factor), OK);
    assert_int_equal(committed(world, confirm_factor, &factor), OK);
    for (int i = 0; i < 5; i++)
        assert_int_equal(committed(world, sign_in_run, &in), UNAUTHENTICATED);
    assert_int_equal(committed(world, sign_in_run, &in), TOO_MANY);
}

/* ---- tokens ---- */

static enum result revoke(struct ctx *cx, void *host)
{
    struct token before = {0};
    TRY(record_get(cx, &TOKENS, *(const int64_t *)host, &before));
    return token_revoke(cx, &before);
}

static void a_token_has_a_part_of_the_rights_until_it_is_revoked(void **state)
{
    struct world *world = *state;
    struct making making = a_token("people.read", date_of(2026, 6, 30));
    struct actor actor;
    an_account(world, "pm", R(PM));
    act_as(world, "pm");
    assert_int_equal(committed(world, make_token, &making), OK);
    assert_memory_equal(making.key, TOKEN_PREFIX, 3);
    struct identity identity = identity_of(world, making.key);
    identity_actor(world->test.arena, &identity, &actor);
    assert_int_equal(identity.session_id, 0);
    assert_true(actor_may(&actor, "people.read"));
    assert_false(actor_may(&actor, "people.write"));
    act_as(world, "root");
    assert_int_equal(committed(world, revoke, &making.token.id), NOT_FOUND);
    act_as(world, "pm");
    assert_int_equal(committed(world, revoke, &making.token.id), OK);
    assert_false(is_known(world, making.key));
    assert_int_equal(committed(world, revoke, &making.token.id), CONFLICT);
}

static void a_token_is_checked_when_it_is_made(void **state)
{
    static const struct {
        const char *rights;
        int year, month, day;
        const char *field, *code;
    } CASES[] = {
        {"all", 2027, 3, 2, NULL, NULL},
        {"people.read people.write", 2026, 3, 2, NULL, NULL},
        {"accounts.write", 2026, 12, 31, "rights", "not_held"},
        {"people.raed", 2026, 12, 31, "rights", "not_held"},
        {"", 2026, 12, 31, "rights", "required"},
        {"all", 2026, 3, 1, "expires_on", "in_past"},
        {"all", 2027, 3, 5, "expires_on", "within_a_year"},
    };
    struct world *world = *state;
    an_account(world, "pm", R(PM));
    act_as(world, "pm");
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct making making =
            a_token(CASES[i].rights, date_of(CASES[i].year, CASES[i].month, CASES[i].day));
        enum result result = committed(world, make_token, &making);
        assert_int_equal(result, CASES[i].code ? INVALID : OK);
        if (CASES[i].code)
            assert_true(was_rejected(world, CASES[i].field, CASES[i].code));
    }
}

static void a_token_ends_on_its_day(void **state)
{
    struct world *world = *state;
    struct making making = a_token("all", date_of(2026, 3, 3));
    act_as(world, "root");
    assert_int_equal(committed(world, make_token, &making), OK);
    world->test.cx.now.ms += 24 * HOUR_MS;
    assert_true(is_known(world, making.key));
    world->test.cx.now.ms += 24 * HOUR_MS;
    assert_false(is_known(world, making.key));
}

/* ---- idempotency keys, and clearing away ---- */

struct taking {
    const char *key, *request;
    bool known, drop;
    struct kept_answer kept;
};

static enum result take_key(struct ctx *cx, void *host)
{
    struct taking *taking = host;
    const struct kept_answer answer = {
        .status = 201, .location = "/people/7", .body = "{\"id\":7}"};
    TRY(key_take(cx, taking->key, taking->request, &taking->known, &taking->kept));
    if (taking->known)
        return OK;
    return taking->drop ? key_drop(cx, taking->key) : key_keep(cx, taking->key, &answer);
}

static void a_repeated_request_gets_its_first_answer(void **state)
{
    struct world *world = *state;
    struct taking first = {.key = "k1", .request = "abc"}, again = first, other = first;
    act_as(world, "root");
    assert_int_equal(committed(world, take_key, &first), OK);
    assert_false(first.known);
    assert_int_equal(committed(world, take_key, &again), OK);
    assert_true(again.known);
    assert_int_equal(again.kept.status, 201);
    assert_string_equal(again.kept.location, "/people/7");
    assert_string_equal(again.kept.body, "{\"id\":7}");
    other.request = "xyz";
    assert_int_equal(committed(world, take_key, &other), CONFLICT);
    assert_code(world, "request.key_reused");
}

static void a_key_is_free_again_after_a_refusal_or_a_day(void **state)
{
    struct world *world = *state;
    struct taking refused = {.key = "k1", .request = "abc", .drop = true};
    struct taking done = {.key = "k1", .request = "def"}, later = {.key = "k1", .request = "ghi"};
    act_as(world, "root");
    assert_int_equal(committed(world, take_key, &refused), OK);
    assert_int_equal(committed(world, take_key, &done), OK);
    assert_false(done.known);
    world->test.cx.now.ms += 24 * HOUR_MS + 1;
    assert_int_equal(committed(world, take_key, &later), OK);
    assert_false(later.known);
}

static enum result sweep(struct ctx *cx, void *host)
{
    return access_sweep(cx);
}

static void sweeping_leaves_what_still_counts(void **state)
{
    struct world *world = *state;
    const char *old = key_of(world, "root");
    struct taking taking = {.key = "k1", .request = "abc"};
    world->test.cx.now.ms += 11 * HOUR_MS;
    const char *young = key_of(world, "root");
    act_as(world, "root");
    assert_int_equal(committed(world, take_key, &taking), OK);
    world->test.cx.now.ms += 2 * HOUR_MS;
    assert_int_equal(committed(world, sweep, NULL), OK);
    assert_true(is_known(world, young));
    assert_int_equal(committed(world, take_key, &taking), OK);
    assert_true(taking.known);
    world->test.cx.now.ms -= 2 * HOUR_MS; /* as if it were still open */
    assert_false(is_known(world, old));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(wrong_password_and_unknown_account_answer_alike),
        TEST(the_delay_doubles_up_to_a_quarter_of_an_hour),
        TEST(success_and_an_hour_forget_failures),
        TEST(unlocking_lifts_the_delay),
        TEST(an_address_that_tries_many_names_has_to_wait),
        TEST(what_was_typed_as_a_name_is_kept_as_a_keyed_hash),
        TEST(a_session_tells_who_asks_and_where_he_belongs),
        TEST(what_is_seen_follows_from_the_unit),
        TEST(a_session_ends_after_twelve_hours),
        TEST(one_ends_the_own_sessions_alone),
        TEST(signing_in_replaces_the_former_session),
        TEST(the_secret_is_new_each_time_and_kept_sealed),
        TEST(a_second_factor_counts_once_it_is_confirmed),
        TEST(setting_up_a_second_factor_is_in_the_trail),
        TEST(a_code_works_once),
        TEST(wrong_codes_are_delayed_like_wrong_passwords),
        TEST(a_token_has_a_part_of_the_rights_until_it_is_revoked),
        TEST(a_token_is_checked_when_it_is_made),
        TEST(a_token_ends_on_its_day),
        TEST(a_repeated_request_gets_its_first_answer),
        TEST(a_key_is_free_again_after_a_refusal_or_a_day),
        TEST(sweeping_leaves_what_still_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
