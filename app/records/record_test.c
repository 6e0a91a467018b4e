/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/records/trail.h"
#include "app/test_world.h"
#include "base/hash.h"

static int64_t count_of(struct world *world, const char *table)
{
    const char *sql = arena_printf(world->test.arena, "SELECT count(*) FROM %s", table);
    struct query query = db_query("count", sql, 0);
    int64_t count;
    assert_int_equal(db_int(&world->test.cx, &query, NO_PARAMS, &count), OK);
    return count;
}

static const char *stored(struct world *world, const char *column, const char *table)
{
    const char *sql = arena_printf(world->test.arena, "SELECT %s FROM %s ORDER BY id DESC LIMIT 1",
                                   column, table);
    struct query query = db_query("stored", sql, 0);
    const char *text;
    assert_int_equal(db_text(&world->test.cx, &query, NO_PARAMS, &text), OK);
    return text;
}

/* ---- adding ---- */

static void a_new_record_has_an_id_a_version_and_its_time(void **state)
{
    struct world *world = *state;
    struct contract contract = contract_draft(world), read;
    contract.id = 77; /* not ours to choose */
    contract.version = 5;
    assert_int_equal(add(world, &CONTRACTS, &contract), OK);
    assert_int_equal(contract.id, 1);
    get(world, &CONTRACTS, contract.id, &read);
    assert_int_equal(read.version, 1);
    assert_int_equal(read.created_at.ms, world->test.cx.now.ms);
    assert_int_equal(read.updated_at.ms, world->test.cx.now.ms);
}

static void what_was_written_is_read_again(void **state)
{
    struct world *world = *state;
    struct contract contract = contract_draft(world), read;
    contract.number = "外呼-2026-001 %_\\'\"";
    contract.remark = "两行\n第二行";
    contract.deposit_fen.fen = INT64_C(4611686018427387904);
    contract.signed_on = date_of(2025, 12, 31);
    contract.no_subcontracting = true;
    contract.executor_id = a_person(world, world->client, world->project);
    assert_int_equal(add(world, &CONTRACTS, &contract), OK);
    get(world, &CONTRACTS, contract.id, &read);
    assert_string_equal(read.number, contract.number);
    assert_string_equal(read.remark, contract.remark);
    assert_int_equal(read.deposit_fen.fen, contract.deposit_fen.fen);
    assert_int_equal(read.signed_on.days, contract.signed_on.days);
    assert_true(read.no_subcontracting);
    assert_int_equal(read.executor_id, contract.executor_id);
    assert_int_equal(read.contact_id, 0);
    assert_string_equal(read.provider_name, "Call centre"); /* by its reference */
    assert_string_equal(read.contact_name, "");
}

static void everything_wrong_with_the_input_is_said_at_once(void **state)
{
    struct world *world = *state;
    struct contract contract = contract_draft(world);
    contract.number = "";
    contract.name = "far too long for the name of a contract, and on it goes, and on, and on, "
                    "and on, and then a little more";
    contract.kind = 0;
    contract.unit_id = 999999;
    contract.alert_days = 366;
    assert_int_equal(add(world, &CONTRACTS, &contract), INVALID);
    assert_code(world, "input.invalid");
    assert_true(was_rejected(world, "number", "required"));
    assert_true(was_rejected(world, "name", "too_long"));
    assert_true(was_rejected(world, "kind", "required"));
    assert_true(was_rejected(world, "unit_id", "unknown_record"));
    assert_true(was_rejected(world, "alert_days", "too_large"));
    assert_int_equal(count_of(world, "contracts"), 0);
}

static void a_refused_record_leaves_nothing_behind(void **state)
{
    struct world *world = *state;
    const int64_t events = count_of(world, "events");
    struct contract first = contract_draft(world), second = first;
    assert_int_equal(add(world, &CONTRACTS, &first), OK);
    assert_int_equal(add(world, &CONTRACTS, &second), INVALID); /* the same number */
    assert_int_equal(count_of(world, "contracts"), 1);
    assert_int_equal(count_of(world, "events"), events + 1);
}

static void what_only_the_database_knows_to_be_taken_is_a_conflict(void **state)
{
    struct world *world = *state;
    int64_t contract = a_contract(world, world->project, world->provider);
    a_term(world, contract, "1.1");
    struct term again = term_draft(contract, "1.1");
    assert_int_equal(add(world, &TERMS, &again), CONFLICT);
    assert_code(world, "record.exists");
}

/* ---- sensitive values ---- */

static void a_sensitive_value_is_sealed_where_it_lies_and_masked_where_it_is_shown(void **state)
{
    struct world *world = *state;
    struct contract contract = contract_draft(world), read;
    contract.provider_phone.plain = "13812345678";
    assert_int_equal(add(world, &CONTRACTS, &contract), OK);
    get(world, &CONTRACTS, contract.id, &read);
    assert_string_equal(read.provider_phone.masked, "138****5678");
    assert_string_equal(read.provider_phone.plain, "");
    assert_null(strstr(stored(world, "provider_phone", "contracts"), "13812345678"));
    assert_string_equal(open_text(world->test.arena, world->test.keys, "provider_phone",
                                  read.provider_phone.sealed),
                        "13812345678");
}

static void a_change_beside_a_sensitive_value_leaves_it_as_it_is(void **state)
{
    struct world *world = *state;
    struct contract contract = contract_draft(world), before, after;
    contract.provider_phone.plain = "13812345678";
    assert_int_equal(add(world, &CONTRACTS, &contract), OK);
    get(world, &CONTRACTS, contract.id, &before);
    after = before;
    after.remark = "called";
    assert_int_equal(change(world, &CONTRACTS, &before, &after), OK);
    get(world, &CONTRACTS, contract.id, &after);
    assert_string_equal(after.provider_phone.sealed, before.provider_phone.sealed);
}

/* ---- changing ---- */

static struct contract added_contract(struct world *world)
{
    struct contract contract;
    get(world, &CONTRACTS, a_contract(world, world->project, world->provider), &contract);
    return contract;
}

static void a_change_raises_the_version_and_keeps_the_rest(void **state)
{
    struct world *world = *state;
    struct contract before = added_contract(world), after = before, read;
    world->test.cx.now.ms += 60000;
    after.name = "Day cleaning";
    assert_int_equal(change(world, &CONTRACTS, &before, &after), OK);
    get(world, &CONTRACTS, before.id, &read);
    assert_string_equal(read.name, "Day cleaning");
    assert_int_equal(read.version, 2);
    assert_int_equal(read.created_at.ms, before.created_at.ms);
    assert_int_equal(read.updated_at.ms, world->test.cx.now.ms);
    assert_string_equal(read.number, before.number);
}

static void nothing_different_is_no_change(void **state)
{
    struct world *world = *state;
    struct contract before = added_contract(world), after = before, read;
    const int64_t events = count_of(world, "events");
    assert_int_equal(change(world, &CONTRACTS, &before, &after), OK);
    get(world, &CONTRACTS, before.id, &read);
    assert_int_equal(read.version, 1);
    assert_int_equal(count_of(world, "events"), events);
}

static void what_the_trail_does_not_tell_is_kept_and_stands_there_as_something_done(void **state)
{
    struct world *world = *state;
    struct contract before = added_contract(world), after = before, read;
    const int64_t events = count_of(world, "events");
    after.state_at = (struct instant){1};
    assert_int_equal(change(world, &CONTRACTS, &before, &after), OK);
    get(world, &CONTRACTS, before.id, &read);
    assert_int_equal(read.state_at.ms, 1);
    assert_int_equal(count_of(world, "events"), events + 1);
}

static void of_two_who_changed_the_same_version_the_second_is_refused(void **state)
{
    struct world *world = *state;
    struct contract before = added_contract(world), first = before, second = before, read;
    first.remark = "first";
    second.remark = "second";
    assert_int_equal(change(world, &CONTRACTS, &before, &first), OK);
    assert_int_equal(change(world, &CONTRACTS, &before, &second), CONFLICT);
    assert_code(world, "record.stale");
    get(world, &CONTRACTS, before.id, &read);
    assert_string_equal(read.remark, "first");
}

static void whoever_saw_another_version_is_told_so(void **state)
{
    struct world *world = *state;
    struct contract contract = added_contract(world);
    assert_int_equal(record_fresh(&world->test.cx, &contract, contract.version), OK);
    assert_int_equal(record_fresh(&world->test.cx, &contract, contract.version + 1), CONFLICT);
    assert_code(world, "record.stale");
}

static void a_required_value_is_not_emptied(void **state)
{
    struct world *world = *state;
    struct contract before = added_contract(world), after = before;
    after.name = "";
    after.starts_on = (struct date){0};
    assert_int_equal(change(world, &CONTRACTS, &before, &after), INVALID);
    assert_true(was_rejected(world, "name", "required"));
    assert_true(was_rejected(world, "starts_on", "required"));
}

/* ---- titles ---- */

static void a_record_is_named_by_its_title(void **state)
{
    struct world *world = *state;
    struct arena *arena = world->test.arena;
    const struct contract contract = {.id = 7, .number = "HT-7"};
    const struct amendment amendment = {.id = 7, .number = 3};
    assert_string_equal(record_title(arena, &CONTRACTS, &contract), "HT-7");
    assert_string_equal(record_title(arena, &AMENDMENTS, &amendment), "3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_new_record_has_an_id_a_version_and_its_time),
        WORLD_TEST(what_was_written_is_read_again),
        WORLD_TEST(everything_wrong_with_the_input_is_said_at_once),
        WORLD_TEST(a_refused_record_leaves_nothing_behind),
        WORLD_TEST(what_only_the_database_knows_to_be_taken_is_a_conflict),
        WORLD_TEST(a_sensitive_value_is_sealed_where_it_lies_and_masked_where_it_is_shown),
        WORLD_TEST(a_change_beside_a_sensitive_value_leaves_it_as_it_is),
        WORLD_TEST(a_change_raises_the_version_and_keeps_the_rest),
        WORLD_TEST(nothing_different_is_no_change),
        WORLD_TEST(what_the_trail_does_not_tell_is_kept_and_stands_there_as_something_done),
        WORLD_TEST(of_two_who_changed_the_same_version_the_second_is_refused),
        WORLD_TEST(whoever_saw_another_version_is_told_so),
        WORLD_TEST(a_required_value_is_not_emptied),
        WORLD_TEST(a_record_is_named_by_its_title),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
