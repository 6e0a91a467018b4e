/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/adapters/adapter.h"

#include "app/calls/test_centre.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

static void what_nobody_can_read_is_kept_as_it_came(void **state)
{
    struct world *world = *state;
    char folder[] = P_tmpdir "/luyue-quarantine-XXXXXX", kept[512] = "";
    assert_non_null(mkdtemp(folder));
    quarantine_use(folder);
    assert_int_equal(quarantine_keep(&world->test.cx, "freeswitch", "not_json", "{\"a", 3), OK);
    const char *path = arena_printf(world->test.cx.mem, "%s/records.ndjson", folder);
    const int fd = open(path, O_RDONLY);
    assert_true(read(fd, kept, sizeof kept - 1) > 0);
    close(fd);
    assert_non_null(strstr(kept, "\"why\":\"not_json\",\"record\":\"eyJh\"}\n"));
    quarantine_use("/proc/no/such/place");
    assert_int_equal(quarantine_keep(&world->test.cx, "freeswitch", "x", "a", 1), BROKEN);
    unlink(path);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_narrow_words_and_numbers_pass),
        CENTRE_TEST(a_telephone_has_a_password_while_its_agent_may_call),
        CENTRE_TEST(all_telephones_of_a_beginning_are_listed),
        CENTRE_TEST(a_question_without_a_gate_is_refused),
        CENTRE_TEST(what_nobody_can_read_is_kept_as_it_came),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
