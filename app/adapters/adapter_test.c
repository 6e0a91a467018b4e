/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/adapters/adapter.h"

#include "app/calls/quarantine.h"
#include "app/calls/test_centre.h"

#include <string.h>

#define CALLEE "13812345678"

static void only_narrow_words_and_numbers_pass(void **state)
{
    static const char *const WORDS[] = {"1001", "HT-2026.7_a"};
    static const char *const BAD[] = {"",    "${SHELL(id)}", "a b",  "a;b", "a\"b", "<?a",
                                      "a\n", "$${x}",        "坐席", "a|b", "a&b",  "a<b"};
    (void)state;
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        assert_true(adapter_word(WORDS[i]));
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        assert_false(adapter_word(BAD[i]));
        assert_false(adapter_number(BAD[i]));
    }
    assert_true(adapter_number("+8613812345678"));
    assert_false(adapter_number("12"));
    assert_false(adapter_number("123456789012345678901"));
    assert_false(adapter_number("++123"));
}

static void a_telephone_has_a_password_while_its_agent_may_call(void **state)
{
    struct world *world = *state;
    struct ctx *cx = &world->test.cx;
    struct phone first, again, second;
    assert_int_equal(adapter_phone(cx, 0, "", "1001", &first), OK);
    assert_int_equal(adapter_phone(cx, world->provider, centre.contract_number, "1001", &again),
                     OK);
    assert_string_equal(first.password, again.password);
    assert_int_equal(adapter_phone(cx, 0, "", "1002", &second), OK);
    assert_string_not_equal(first.password, second.password);
    assert_int_equal(adapter_phone(cx, 0, "elsewhere", "1001", &first), NOT_FOUND);
    assert_int_equal(adapter_phone(cx, world->provider + 1000, "", "1001", &first), NOT_FOUND);
    assert_int_equal(adapter_phone(cx, 0, "", "1001' OR 1", &first), NOT_FOUND);
    tamper(world, "UPDATE agents SET state = 'disabled' WHERE code = '1001'");
    centre_renew(world);
    assert_int_equal(adapter_phone(cx, 0, "", "1001", &first), NOT_FOUND);
}

static void all_telephones_of_a_beginning_are_listed(void **state)
{
    struct world *world = *state;
    struct phone phones[4];
    size_t count;
    assert_int_equal(adapter_phones(&world->test.cx, 0, "100", phones, 4, &count), OK);
    assert_int_equal(count, 2);
    assert_int_equal(adapter_phones(&world->test.cx, 0, "1002", phones, 4, &count), OK);
    assert_int_equal(count, 1);
    assert_string_equal(phones[0].agent, "1002");
}

/* Without a gate that can write its journal nothing is permitted, and it is said. */
static void a_question_without_a_gate_is_refused(void **state)
{
    struct world *world = *state;
    const struct gate_ask ask = {.node = "pbx",
                                 .call_id = "1",
                                 .contract = "",
                                 .agent = "1001",
                                 .caller = "",
                                 .callee = "${SHELL(reboot)}"};
    const struct verdict verdict = adapter_ask(&world->test.cx, &ask);
    assert_false(verdict.allow);
    assert_string_equal(verdict.reason, "malformed");
    assert_string_equal(verdict.caller, "");
}

/* What a PBX sends is bytes. */
static void C1_2_a_call_whose_name_is_no_text_is_refused(void **state)
{
    struct world *world = *state;
    struct gate_ask ask = {.node = "pbx",
                           .call_id = "17.4\xff",
                           .contract = "",
                           .agent = "1001",
                           .caller = "",
                           .callee = "13812345678"};
    assert_string_equal(adapter_ask(&world->test.cx, &ask).reason, "malformed");
    world->test.cx.fault = (struct fault){0};
    ask.call_id = "17.4";
    ask.contract = "HT\xff";
    assert_string_equal(adapter_ask(&world->test.cx, &ask).reason, "malformed");
}

/* ---- quarantine ---- */

static enum result nothing(struct db *db, void *host)
{
    (void)db;
    (void)host;
    return OK;
}

static void was_kept(void *host, enum result result)
{
    *(_Atomic int *)host = (int)result;
}

static struct quarantined put_aside(struct world *world, const char *bytes, size_t len)
{
    const struct quarantined about = {
        .provider_id = world->provider, .source = "freeswitch", .profile = PROFILE_FREESWITCH_JSON};
    const struct quarantine_piece piece = {"not_json", bytes, len};
    _Atomic int result = -1;
    struct list list;
    quarantine_use(world->test.store);
    quarantine_keep(&world->test.cx, &about, &piece, 1, was_kept, &result);
    assert_int_equal(store_write_now(world->test.store, nothing, NULL), OK); /* behind it */
    assert_int_equal(result, OK);
    assert_int_equal(
        record_list(&world->test.cx, &QUARANTINE, &(struct list_query){.limit = 1}, &list), OK);
    return *(const struct quarantined *)list.rows;
}

static const char *opened(struct world *world, const struct quarantined *record)
{
    return open_text(world->test.arena, world->test.cx.keys, "record", record->record.sealed);
}

static void what_nobody_can_read_is_kept_as_it_came(void **state)
{
    struct world *world = *state;
    const struct quarantined text = put_aside(world, "{\"a", 3);
    assert_string_equal(opened(world, &text), "{\"a");
    assert_int_equal(text.bytes, 3);
    assert_int_equal(text.state, QUARANTINE_WAITING);
    const struct quarantined binary = put_aside(world, "\xff\0x", 3);
    assert_string_equal(opened(world, &binary), "base64:/wB4");
    assert_int_equal(quarantine_read(&world->test.cx, &binary), CONFLICT);
}

static void a_record_beyond_all_reason_is_not_kept(void **state)
{
    struct world *world = *state;
    const struct quarantined about = {.source = "freeswitch"};
    const struct quarantine_piece piece = {"not_json", "", QUARANTINE_BYTES + 1};
    _Atomic int result = -1;
    quarantine_keep(&world->test.cx, &about, &piece, 1, was_kept, &result);
    assert_int_equal(result, TOO_LARGE);
}

static void what_is_read_again_becomes_a_call_or_says_what_is_wrong(void **state)
{
    struct world *world = *state;
    struct ctx *cx = &world->test.cx;
    const char *whole = arena_printf(
        world->test.arena,
        "{\"variables\":{\"uuid\":\"u-1\",\"cc_contract\":\"%s\",\"cc_agent\":\"1001\","
        "\"start_uepoch\":\"%lld000\",\"hangup_cause\":\"USER_BUSY\"},\"callflow\":[{"
        "\"caller_profile\":{\"destination_number\":\"" CALLEE "\"}}]}",
        centre.contract_number, (long long)cx->now.ms);
    struct quarantined record = put_aside(world, "{}", 2);
    assert_int_equal(quarantine_read(cx, &record), CONFLICT);
    assert_string_equal(cx->fault.code, "quarantine.still_bad");
    cx->fault = (struct fault){.result = OK};
    record = put_aside(world, whole, strlen(whole));
    struct list list;
    for (int i = 0; i < 2; i++) /* however often */
        assert_int_equal(quarantine_read(cx, &record), OK);
    assert_int_equal(record_list(cx, &CALLS, &(struct list_query){.limit = 9}, &list), OK);
    assert_int_equal(list.count, 1);
    record.state = QUARANTINE_DISCARDED;
    assert_int_equal(quarantine_read(cx, &record), CONFLICT);
    assert_string_equal(cx->fault.code, "quarantine.wrong_state");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_narrow_words_and_numbers_pass),
        CENTRE_TEST(a_telephone_has_a_password_while_its_agent_may_call),
        CENTRE_TEST(all_telephones_of_a_beginning_are_listed),
        CENTRE_TEST(a_question_without_a_gate_is_refused),
        CENTRE_TEST(C1_2_a_call_whose_name_is_no_text_is_refused),
        CENTRE_TEST(what_nobody_can_read_is_kept_as_it_came),
        CENTRE_TEST(a_record_beyond_all_reason_is_not_kept),
        CENTRE_TEST(what_is_read_again_becomes_a_call_or_says_what_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
