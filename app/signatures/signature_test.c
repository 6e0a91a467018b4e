/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/records/trail.h"
#include "app/signatures/signature.h"

#include "app/test_world.h"
#include "base/hash.h"

struct signing {
    int64_t id;
    const char *party, *sha256;
};

static enum result put(struct ctx *cx, void *host)
{
    const struct signing *signing = host;
    return signature_put(cx, &BRIEFINGS, signing->id, signing->party, signing->sha256);
}

static enum result sign(struct world *world, int64_t id, const char *party)
{
    struct signing signing = {id, party, "digest"};
    return attempt(world, put, &signing);
}

static int64_t standing(struct world *world, int64_t id, const char *party)
{
    int64_t signature;
    assert_int_equal(signature_of(&world->test.cx, &BRIEFINGS, id, party, &signature), OK);
    return signature;
}

static enum result void_all(struct ctx *cx, void *host)
{
    return signatures_void(cx, &BRIEFINGS, *(int64_t *)host);
}

static void a_signature_says_who_signed_what_when_and_from_where(void **state)
{
    struct world *world = *state;
    struct signature *signatures;
    size_t count;
    const struct actor *ops = member_of(world, world->headquarters, R(OPS));
    world->test.cx.origin = "10.0.0.7";
    act(world, ops);
    assert_int_equal(sign(world, 7, "briefer"), OK);
    assert_int_equal(signatures_list(&world->test.cx, &BRIEFINGS, 7, &signatures, &count), OK);
    assert_int_equal(count, 1);
    assert_int_equal(signatures->person_id, ops->person_id);
    assert_string_equal(signatures->person_name, ops->person_name);
    assert_string_equal(signatures->account, ops->account);
    assert_string_equal(signatures->party, "briefer");
    assert_string_equal(signatures->sha256, "digest");
    assert_string_equal(signatures->origin, "10.0.0.7");
    assert_int_equal(signatures->signed_at.ms, world->test.cx.now.ms);
    assert_true(signatures->valid);
}

static void a_party_signs_once_and_each_for_itself(void **state)
{
    struct world *world = *state;
    act(world, member_of(world, world->headquarters, R(OPS)));
    assert_int_equal(sign(world, 7, "briefer"), OK);
    assert_int_equal(sign(world, 7, "briefer"), CONFLICT);
    assert_code(world, "signature.twice");
    assert_int_equal(standing(world, 7, "executor"), 0);
    assert_int_equal(sign(world, 7, "executor"), OK);
    assert_int_equal(sign(world, 8, "briefer"), OK); /* of another record */
}

static void void_signatures_stay_readable_and_are_signed_anew(void **state)
{
    struct world *world = *state;
    struct signature *signatures;
    size_t count;
    int64_t id = 7;
    act(world, member_of(world, world->headquarters, R(OPS)));
    assert_int_equal(sign(world, 7, "briefer"), OK);
    assert_int_equal(sign(world, 8, "briefer"), OK);
    assert_int_equal(attempt(world, void_all, &id), OK);
    assert_int_equal(standing(world, 7, "briefer"), 0);
    assert_true(standing(world, 8, "briefer") != 0);
    assert_int_equal(sign(world, 7, "briefer"), OK);
    assert_int_equal(signatures_list(&world->test.cx, &BRIEFINGS, 7, &signatures, &count), OK);
    assert_int_equal(count, 2);
    assert_false(signatures[0].valid);
    assert_true(signatures[1].valid);
    struct event *events;
    assert_int_equal(trail_of(&world->test.cx, &SIGNATURES, signatures[0].id, 10, &events, &count),
                     OK);
    assert_int_equal(count, 2);
    assert_string_equal(events[0].action, "void");
}

/* ---- the digest ---- */

static void a_digest_covers_what_is_signed_and_nothing_else(void **state)
{
    struct world *world = *state;
    struct arena *arena = world->test.arena;
    struct briefing briefing = {.contract_id = 7, .place = "Office", .terms = "1 Clean."}, other;
    fields_blank(BRIEFINGS.fields, &briefing);
    const char *digest = record_digest(arena, &BRIEFINGS, &briefing);
    assert_int_equal(strlen(digest), SHA256_HEX - 1);
    other = briefing;
    other.id = 9;
    other.version = 4;
    other.state = BRIEFING_SIGNED;
    other.sha256 = "anything";
    other.contract_name = "renamed meanwhile";
    assert_string_equal(record_digest(arena, &BRIEFINGS, &other), digest);
    other = briefing;
    other.terms = "1 Clean!";
    assert_string_not_equal(record_digest(arena, &BRIEFINGS, &other), digest);
    other = briefing;
    other.contract_id = 8;
    assert_string_not_equal(record_digest(arena, &BRIEFINGS, &other), digest);
}

static void a_value_does_not_run_into_the_next(void **state)
{
    struct world *world = *state;
    struct briefing first = {.place = "Office\",\"terms\":\"x"}, second = {.place = "Office"};
    fields_blank(BRIEFINGS.fields, &first);
    fields_blank(BRIEFINGS.fields, &second);
    second.terms = "x";
    assert_string_not_equal(record_digest(world->test.arena, &BRIEFINGS, &first),
                            record_digest(world->test.arena, &BRIEFINGS, &second));
}

static void a_digest_stays_the_same_for_ever(void **state)
{
    struct world *world = *state;
    static const char CANONICAL[] =
        "{\"record\":\"briefings\",\"contract_id\":\"7\",\"number\":\"1\",\"briefer_id\":\"2\","
        "\"executor_id\":\"3\",\"held_on\":\"2026-03-01\",\"place\":\"会议室\","
        "\"terms\":\"1 范围\\n2 标准\",\"questions\":\"\"}";
    struct briefing briefing = {.contract_id = 7,
                                .number = 1,
                                .briefer_id = 2,
                                .executor_id = 3,
                                .held_on = date_of(2026, 3, 1),
                                .place = "会议室",
                                .terms = "1 范围\n2 标准"};
    char hex[SHA256_HEX];
    fields_blank(BRIEFINGS.fields, &briefing);
    sha256_hex(CANONICAL, sizeof CANONICAL - 1, hex);
    assert_string_equal(record_digest(world->test.arena, &BRIEFINGS, &briefing), hex);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_signature_says_who_signed_what_when_and_from_where),
        WORLD_TEST(a_party_signs_once_and_each_for_itself),
        WORLD_TEST(void_signatures_stay_readable_and_are_signed_anew),
        WORLD_TEST(a_digest_covers_what_is_signed_and_nothing_else),
        WORLD_TEST(a_value_does_not_run_into_the_next),
        WORLD_TEST(a_digest_stays_the_same_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
