/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* RFC 6238, appendix B: the secret "12345678901234567890", codes cut to six digits. */
static const char SECRET[] = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
static const struct {
    int64_t unix_s;
    const char *code;
} VECTORS[] = {
    {59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
    {1234567890, "005924"}, {2000000000, "279037"}, {INT64_C(20000000000), "353130"},
};

static void the_codes_of_the_standard_match(void **state)
{
    for (size_t i = 0; i < sizeof(VECTORS) / sizeof(VECTORS[0]); i++) {
        int64_t step = -1;
        assert_true(totp_matches(SECRET, VECTORS[i].code, VECTORS[i].unix_s, &step));
        assert_int_equal(step, VECTORS[i].unix_s / 30);
    }
}

static void a_code_fits_one_step_before_and_after_and_says_which(void **state)
{
    int64_t step = -1;
    assert_true(totp_matches(SECRET, "005924", 1234567890 + 30, &step));
    assert_int_equal(step, 1234567890 / 30);
    assert_true(totp_matches(SECRET, "005924", 1234567890 - 30, &step));
    assert_int_equal(step, 1234567890 / 30);
    step = -1;
    assert_false(totp_matches(SECRET, "005924", 1234567890 + 60, &step));
    assert_false(totp_matches(SECRET, "005924", 1234567890 - 60, &step));
    assert_int_equal(step, -1);
}

static void what_is_no_code_or_no_secret_is_refused(void **state)
{
    int64_t step;
    static const char *const CODES[] = {"", "00592", "0059245", "00592x", " 05924", "005925"};
    for (size_t i = 0; i < sizeof(CODES) / sizeof(CODES[0]); i++)
        assert_false(totp_matches(SECRET, CODES[i], 1234567890, &step));
    assert_false(totp_matches("", "005924", 1234567890, &step));
    assert_false(totp_matches("GEZDGNBVGY3TQOJQ", "005924", 1234567890, &step));
    assert_false(totp_matches("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1", "005924", 1234567890, &step));
    assert_false(totp_matches("gezdgnbvgy3tqojqgezdgnbvgy3tqojq", "005924", 1234567890, &step));
}

static void secrets_are_base32_and_differ(void **state)
{
    char one[TOTP_SECRET], other[TOTP_SECRET];
    totp_secret(one);
    totp_secret(other);
    assert_int_equal(strlen(one), 32);
    assert_int_equal(strspn(one, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), 32);
    assert_string_not_equal(one, other);
}

static int start(void **state)
{
    hash_start();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_codes_of_the_standard_match),
        cmocka_unit_test(a_code_fits_one_step_before_and_after_and_says_which),
        cmocka_unit_test(what_is_no_code_or_no_secret_is_refused),
        cmocka_unit_test(secrets_are_base32_and_differ),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
