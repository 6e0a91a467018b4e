/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Always of what is shipped, whatever the rest of the build hashes passwords with. */
#include "base/password.h"

#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COST "$argon2id$v=19$m=65536,t=2,p=1$"

static int start(void **state)
{
    hash_start();
    return 0;
}

static void a_password_matches_only_itself(void **state)
{
    char stored[PASSWORD_TEXT];
    password_hash("correct horse 电池", stored);
    assert_true(password_matches("correct horse 电池", stored));
    assert_false(password_matches("correct horse", stored));
    assert_false(password_matches("", stored));
    assert_false(password_matches("correct horse 电池", ""));
    assert_false(password_matches("correct horse 电池", "correct horse 电池"));
}

static void it_costs_what_guessing_shall_cost(void **state)
{
    char stored[PASSWORD_TEXT];
    password_hash("correct horse 电池", stored);
    assert_memory_equal(stored, COST, sizeof COST - 1);
    assert_memory_equal(password_of_nobody(), COST, sizeof COST - 1);
    assert_false(password_is_cheap());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_password_matches_only_itself),
        cmocka_unit_test(it_costs_what_guessing_shall_cost),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
