/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/records/trail.h"

#include "app/test_world.h"
#include "base/hash.h"
#include "base/json.h"

struct verdict {
    int64_t entries, broken;
    const char *reason;
    char head[SHA256_HEX];
};

static struct verdict verdict_of(struct world *world)
{
    struct verdict verdict;
    assert_int_equal(trail_verify(&world->test.cx, &verdict.entries, &verdict.broken,
                                  &verdict.reason, verdict.head),
                     OK);
    return verdict;
}

static struct event newest_of(struct world *world, const struct resource *resource, int64_t id)
{
    struct event *events;
    size_t count;
    assert_int_equal(trail_of(&world->test.cx, resource, id, 1, &events, &count), OK);
    assert_int_equal(count, 1);
    return events[0];
}

/* ---- what is entered ---- */

static void an_entry_says_who_did_what_to_which_record_and_when(void **state)
{
    struct world *world = *state;
    const struct actor *ops = member_of(world, world->headquarters, R(OPS));
    world->test.cx.origin = "10.0.0.7";
    act(world, ops);
    struct contract contract = contract_draft(world);
    assert_int_equal(add(world, &CONTRACTS, &contract), OK);
    const struct event event = newest_of(world, &CONTRACTS, contract.id);
    assert_string_equal(event.action, "create");
    assert_string_equal(event.resource, "contracts");
    assert_int_equal(event.record_id, contract.id);
    assert_string_equal(event.title, contract.number);
    assert_int_equal(event.account_id, ops->account_id);
    assert_string_equal(event.account, ops->account);
    assert_string_equal(event.person_name, ops->person_name);
    assert_string_equal(event.origin, "10.0.0.7");
    assert_string_equal(event.request, "test");
    assert_int_equal(event.at.ms, world->test.cx.now.ms);
}

static void a_change_is_entered_with_what_was_and_what_is(void **state)
{
    struct world *world = *state;
    struct contract before, after;
    get(world, &CONTRACTS, a_contract(world, world->project, world->provider), &before);
    after = before;
    after.name = "Say \"night\"";
    after.amount_fen.fen = 100;
    after.no_subcontracting = true;
    assert_int_equal(change(world, &CONTRACTS, &before, &after), OK);
    const struct event event = newest_of(world, &CONTRACTS, before.id);
    assert_string_equal(event.action, "change");
    assert_string_equal(
        event.changes,
        "[{\"field\":\"name\",\"before\":\"Night cleaning\",\"after\":\"Say \\\"night\\\"\"},"
        "{\"field\":\"amount_fen\",\"before\":\"12000000\",\"after\":\"100\"},"
        "{\"field\":\"no_subcontracting\",\"before\":\"0\",\"after\":\"1\"}]");
}

static void a_sensitive_value_is_entered_as_its_mask(void **state)
{
    struct world *world = *state;
    struct contract contract = contract_draft(world), before, after;
    contract.provider_phone.plain = "13812345678";
    assert_int_equal(add(world, &CONTRACTS, &contract), OK);
    struct event event = newest_of(world, &CONTRACTS, contract.id);
    assert_non_null(strstr(event.changes, "138****5678"));
    assert_null(strstr(event.changes, "13812345678"));
    get(world, &CONTRACTS, contract.id, &before);
    after = before;
    after.provider_phone = (struct secret){"13999995678", "", ""};
    assert_int_equal(change(world, &CONTRACTS, &before, &after), OK);
    event = newest_of(world, &CONTRACTS, contract.id);
    assert_string_equal(event.changes, "[{\"field\":\"provider_phone\",\"before\":\"138****5678\","
                                       "\"after\":\"139****5678\"}]");
}

static void hidden_and_joined_values_are_not_entered(void **state)
{
    struct world *world = *state;
    struct person person = {
        .organisation_id = world->client, .job = JOB_OTHER, .id_card.plain = "11010519491231002X"};
    fields_blank(PEOPLE.fields, &person);
    person.name = "Li Wei";
    assert_int_equal(add(world, &PEOPLE, &person), OK);
    const struct event event = newest_of(world, &PEOPLE, person.id);
    assert_null(strstr(event.changes, "id_card_hash"));
    assert_null(strstr(event.changes, "search_key"));
    assert_null(strstr(event.changes, "organisation_name"));
    assert_null(strstr(event.changes, "11010519491231002X"));
}

static enum result add_and_fail(struct ctx *cx, void *host)
{
    trail_add(cx, "look", NULL, NULL, "", "");
    return CONFLICT;
}

static void work_that_fails_leaves_no_entry(void **state)
{
    struct world *world = *state;
    const int64_t entries = verdict_of(world).entries;
    assert_int_equal(attempt(world, add_and_fail, NULL), CONFLICT);
    assert_int_equal(verdict_of(world).entries, entries);
}

static void a_history_begins_with_the_newest_and_is_the_records_own(void **state)
{
    struct world *world = *state;
    struct contract before, after;
    struct event *events;
    size_t count;
    int64_t id = a_contract(world, world->project, world->provider);
    a_contract(world, world->project, world->provider);
    for (int i = 0; i < 3; i++) {
        get(world, &CONTRACTS, id, &before);
        after = before;
        after.remark = arena_printf(world->test.arena, "remark %d", i);
        assert_int_equal(change(world, &CONTRACTS, &before, &after), OK);
    }
    assert_int_equal(trail_of(&world->test.cx, &CONTRACTS, id, 200, &events, &count), OK);
    assert_int_equal(count, 4);
    assert_non_null(strstr(events[0].changes, "remark 2"));
    assert_string_equal(events[3].action, "create");
    assert_int_equal(trail_of(&world->test.cx, &CONTRACTS, id, 2, &events, &count), OK);
    assert_int_equal(count, 2);
}

/* ---- the chain ---- */

static void a_chain_that_nobody_touched_is_whole(void **state)
{
    struct world *world = *state;
    a_contract(world, world->project, world->provider);
    const struct verdict verdict = verdict_of(world);
    assert_true(verdict.entries > 5);
    assert_int_equal(verdict.broken, 0);
    assert_string_equal(verdict.reason, "");
    struct trail_head head;
    assert_int_equal(trail_head(&world->test.cx, &head), OK);
    assert_int_equal(head.entries, verdict.entries);
    assert_string_equal(head.hash, verdict.head);
}

static void entries_are_numbered_without_gap_though_work_failed_between(void **state)
{
    struct world *world = *state;
    const int64_t before = verdict_of(world).entries;
    assert_int_equal(attempt(world, add_and_fail, NULL), CONFLICT);
    a_contract(world, world->project, world->provider);
    const struct verdict verdict = verdict_of(world);
    assert_int_equal(verdict.entries, before + 1);
    assert_int_equal(verdict.broken, 0);
}

static void every_alteration_shows_with_its_place(void **state)
{
    static const struct {
        const char *sql;
        int64_t broken;
        const char *reason;
    } CASES[] = {
        {"UPDATE events SET person_name = 'Somebody else' WHERE id = 3", 3, "altered"},
        {"UPDATE events SET at = at + 1 WHERE id = 3", 3, "altered"},
        {"UPDATE events SET account_id = 7 WHERE id = 3", 3, "altered"},
        {"UPDATE events SET changes = '' WHERE id = 3", 3, "altered"},
        {"UPDATE events SET note = 'x', action = '' WHERE id = 1", 1, "altered"},
        {"UPDATE events SET hash = '' WHERE id = 3", 3, "altered"},
        {"UPDATE events SET hash = 'x' WHERE id = 5", 5, "altered"},
        {"UPDATE events SET previous = '' WHERE id = 4", 4, "order"},
        {"DELETE FROM events WHERE id = 3", 4, "missing"},
        {"DELETE FROM events WHERE id = 1", 2, "missing"},
        {"DELETE FROM events WHERE id = 5", 5, "missing"},
        {"DELETE FROM events WHERE id > 2", 3, "missing"},
        {"DELETE FROM events", 1, "missing"},
        {"UPDATE events SET id = 9 WHERE id = 2", 3, "missing"},
        {"UPDATE trail_heads SET hash = '', last_event = 0", 6, "missing"},
        {"INSERT INTO events SELECT 6, at, account_id, account, person_name, origin, request, "
         "action,"
         " resource, record_id, title, changes, note, hash, hash FROM events WHERE id = 5",
         6, "altered"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct world *world;
        world_open(state);
        world = *state;
        assert_int_equal(verdict_of(world).entries, 5);
        tamper(world, CASES[i].sql);
        const struct verdict verdict = verdict_of(world);
        if (verdict.broken != CASES[i].broken || strcmp(verdict.reason, CASES[i].reason) != 0)
            fail_msg("%s: entry %lld (%s)", CASES[i].sql, (long long)verdict.broken,
                     verdict.reason);
        world_close(state);
    }
}

/* As docs/trail.md describes it, so that anyone can recompute it. */
static const char *hash_of(struct world *world, const struct event *event)
{
    const char *const WORDS[] = {event->account, event->person_name, event->origin,
                                 event->request, event->action,      event->resource};
    const char *const REST[] = {event->title, event->changes, event->note, event->previous};
    struct text text = text_new(world->test.arena, 512);
    struct json_writer json = {.out = &text};
    char hex[SHA256_HEX];
    json_array(&json);
    json_string(&json, "luyue-event-1");
    json_number(&json, event->id);
    json_number(&json, event->at.ms);
    json_number(&json, event->account_id);
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        json_string(&json, WORDS[i]);
    json_number(&json, event->record_id);
    for (size_t i = 0; i < sizeof REST / sizeof REST[0]; i++)
        json_string(&json, REST[i]);
    json_array_end(&json);
    sha256_hex(text.at, text.len, hex);
    return arena_dup(world->test.arena, hex);
}

static void the_hash_covers_every_value_and_the_entry_before(void **state)
{
    struct world *world = *state;
    const char *previous = "";
    for (int64_t id = 1; id <= 5; id++) {
        struct event event;
        get(world, &EVENTS, id, &event);
        assert_string_equal(event.previous, previous);
        assert_string_equal(event.hash, hash_of(world, &event));
        previous = event.hash;
    }
}

static void an_alteration_with_its_hash_made_anew_breaks_the_next_entry(void **state)
{
    struct world *world = *state;
    struct event event;
    get(world, &EVENTS, 3, &event);
    event.person_name = "Somebody else";
    tamper(world, arena_printf(world->test.arena,
                               "UPDATE events SET person_name = '%s', hash = '%s' WHERE id = 3",
                               event.person_name, hash_of(world, &event)));
    assert_int_equal(verdict_of(world).broken, 4);
    assert_string_equal(verdict_of(world).reason, "order");
}

static void the_head_is_signed_so_that_it_proves_the_chain_later(void **state)
{
    struct world *world = *state;
    struct trail_head head;
    char at[INSTANT_MAX_TEXT];
    assert_int_equal(trail_head(&world->test.cx, &head), OK);
    instant_format(head.at, at);
    const char *words = arena_printf(world->test.arena, "luyue-head-1 %lld %s %s",
                                     (long long)head.entries, head.hash, at);
    assert_true(signature_valid(head.public_key, words, head.signature));
    words = arena_printf(world->test.arena, "luyue-head-1 %lld %s %s", (long long)head.entries - 1,
                         head.hash, at);
    assert_false(signature_valid(head.public_key, words, head.signature));
}

static void a_head_counts_beyond_what_an_int_holds(void **state)
{
    struct world *world = *state;
    struct trail_head head;
    tamper(world, "UPDATE trail_heads SET last_event = 5000000000");
    assert_int_equal(trail_head(&world->test.cx, &head), OK);
    assert_true(head.entries == INT64_C(5000000000));
}

static void a_history_names_no_account_address_or_place_in_the_chain(void **state)
{
    static const char *const SHOWN[] = {"at", "person_name", "action", "changes", "note"};
    const size_t count = sizeof SHOWN / sizeof SHOWN[0];
    assert_int_equal(field_count(HISTORY_FIELDS), count);
    for (size_t i = 0; i < count; i++)
        assert_non_null(field_find(HISTORY_FIELDS, SHOWN[i], strlen(SHOWN[i])));
}

/* ---- differences ---- */

static void a_difference_names_only_what_differs(void **state)
{
    struct world *world = *state;
    struct term before = term_draft(1, "1.1"), after = before;
    before.id = after.id = 4;
    after.version = 9;
    after.updated_at.ms = 5;
    assert_string_equal(trail_diff(world->test.arena, TERMS.fields, &before, &after), "");
    after.number = "1.2";
    assert_string_equal(trail_diff(world->test.arena, TERMS.fields, &before, &after),
                        "[{\"field\":\"number\",\"before\":\"1.1\",\"after\":\"1.2\"}]");
}

static void a_new_record_differs_from_none_by_what_is_set(void **state)
{
    struct world *world = *state;
    const struct term term = {.contract_id = 7, .number = "1.1", .topic = TERM_SAFETY, .text = ""};
    assert_string_equal(trail_diff(world->test.arena, TERMS.fields, NULL, &term),
                        "[{\"field\":\"contract_id\",\"before\":\"\",\"after\":\"7\"},"
                        "{\"field\":\"number\",\"before\":\"\",\"after\":\"1.1\"},"
                        "{\"field\":\"topic\",\"before\":\"\",\"after\":\"safety\"}]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(an_entry_says_who_did_what_to_which_record_and_when),
        WORLD_TEST(a_change_is_entered_with_what_was_and_what_is),
        WORLD_TEST(a_sensitive_value_is_entered_as_its_mask),
        WORLD_TEST(hidden_and_joined_values_are_not_entered),
        WORLD_TEST(work_that_fails_leaves_no_entry),
        WORLD_TEST(a_history_begins_with_the_newest_and_is_the_records_own),
        WORLD_TEST(a_chain_that_nobody_touched_is_whole),
        WORLD_TEST(entries_are_numbered_without_gap_though_work_failed_between),
        cmocka_unit_test(every_alteration_shows_with_its_place),
        WORLD_TEST(the_hash_covers_every_value_and_the_entry_before),
        WORLD_TEST(an_alteration_with_its_hash_made_anew_breaks_the_next_entry),
        WORLD_TEST(the_head_is_signed_so_that_it_proves_the_chain_later),
        WORLD_TEST(a_head_counts_beyond_what_an_int_holds),
        WORLD_TEST(a_history_names_no_account_address_or_place_in_the_chain),
        WORLD_TEST(a_difference_names_only_what_differs),
        WORLD_TEST(a_new_record_differs_from_none_by_what_is_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
