/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/units.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct identifier {
    const char *text;
    bool valid;
};

static void check(bool (*valid)(const char *), const struct identifier *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (valid(cases[i].text) != cases[i].valid)
            fail_msg("%s", cases[i].text);
}
#define CHECK(valid, cases) check(valid, cases, sizeof(cases) / sizeof((cases)[0]))

static void a_phone_is_a_mobile_or_has_an_area_code(void **state)
{
    static const struct identifier CASES[] = {
        {"13812345678", true},
        {"19928074703", true},
        {"01012345678", false},
        {"010-62345678", true},
        {"01062345678", true},
        {"0571-87654321", true},
        {"05718765432", true},
        {"021-5432109", true},
        {"", false},
        {"0", false},
        {"1", false},
        {"01-12345678", false},
        {"12812345678", false},
        {"1381234567", false},
        {"138123456789", false},
        {"138-1234-5678", false},
        {"010--62345678", false},
        {"010-623456789", false},
        {"00862345678", false},
        {"62345678", false},
        {"1381234567x", false},
        {"010-", false},
        {"010-6234567 ", false},
    };
    CHECK(phone_valid, CASES);
}

static void an_id_card_needs_its_check_character_and_a_birthday(void **state)
{
    static const struct identifier CASES[] = {
        {"11010519491231002X", true},   {"440524188001010014", false}, /* born in 1880 */
        {"110105194912310021", false},  {"11010519491231002x", false},
        {"11010519490231002X", false},  {"1101051949123100", false},
        {"11010519491231002XX", false}, {"", false},
        {"A1010519491231002X", false},
    };
    CHECK(id_card_valid, CASES);
}

static void one_wrong_or_swapped_digit_spoils_an_id_card(void **state)
{
    static const char VALID[] = "11010519491231002X";
    char card[19];
    for (int i = 0; i < 17; i++) {
        memcpy(card, VALID, sizeof(card));
        for (char digit = '0'; digit <= '9'; digit++) {
            card[i] = digit;
            assert_int_equal(id_card_valid(card), digit == VALID[i]);
        }
        memcpy(card, VALID, sizeof(card));
        card[i] = VALID[i + 1];
        card[i + 1] = VALID[i];
        assert_int_equal(id_card_valid(card), VALID[i] == VALID[i + 1]);
    }
}

static void a_credit_code_needs_its_check_character(void **state)
{
    static const struct identifier CASES[] = {
        {"91350100M000100Y43", true},   {"91350100M000100Y44", false}, {"91350100M000100Y4", false},
        {"91350100M000100Y433", false}, {"91350100I000100Y43", false}, {"", false},
        {"91350100m000100y43", false},
    };
    CHECK(credit_code_valid, CASES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_phone_is_a_mobile_or_has_an_area_code),
        cmocka_unit_test(an_id_card_needs_its_check_character_and_a_birthday),
        cmocka_unit_test(one_wrong_or_swapped_digit_spoils_an_id_card),
        cmocka_unit_test(a_credit_code_needs_its_check_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
