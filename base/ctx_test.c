/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/ctx.h" /* after cmocka, whose fail() is not wanted here */

static int ctx_setup(void **state)
{
    static struct ctx cx;
    cx = (struct ctx){.mem = arena_new()};
    *state = &cx;
    return 0;
}

static int ctx_teardown(void **state)
{
    struct ctx *cx = *state;
    arena_free(cx->mem);
    return 0;
}

static void a_failure_keeps_its_code_arguments_and_place(void **state)
{
    struct ctx *cx = *state;
    assert_int_equal(fail(cx, CONFLICT, "contract.not_draft", "HT-1", "active"), CONFLICT);
    assert_int_equal(cx->fault.result, CONFLICT);
    assert_string_equal(cx->fault.code, "contract.not_draft");
    assert_string_equal(cx->fault.args[0], "HT-1");
    assert_string_equal(cx->fault.args[1], "active");
    assert_null(cx->fault.args[2]);
    assert_non_null(strstr(cx->fault.where, "ctx_test.c:"));
}

static void a_failure_takes_up_to_three_arguments(void **state)
{
    struct ctx *cx = *state;
    assert_int_equal(fail(cx, BROKEN, "broken", "a", "b", "c"), BROKEN);
    assert_string_equal(cx->fault.args[2], "c");
}

static void the_first_failure_stays(void **state)
{
    struct ctx *cx = *state;
    assert_int_equal(fail(cx, NOT_FOUND, "record.not_found"), NOT_FOUND);
    const char *where = cx->fault.where;
    assert_int_equal(fail(cx, BROKEN, "broken"), BROKEN);
    assert_int_equal(cx->fault.result, NOT_FOUND);
    assert_string_equal(cx->fault.code, "record.not_found");
    assert_ptr_equal(cx->fault.where, where);
}

static void without_wrong_fields_nothing_is_rejected(void **state)
{
    struct ctx *cx = *state;
    assert_int_equal(rejected(cx), OK);
    assert_int_equal(rejected_as(cx, CONFLICT, "contract.not_ready"), OK);
    assert_int_equal(cx->fault.result, OK);
}

static void every_wrong_field_is_kept_in_order(void **state)
{
    struct ctx *cx = *state;
    reject(cx, "ends_on", "before_start", "2026-03-01");
    reject(cx, "ends_on", "too_far");
    reject_clause(cx, "V5.1.2", "", "briefing_missing");
    const struct field_fault *wrong = cx->fault.fields;
    assert_string_equal(wrong->field, "ends_on");
    assert_string_equal(wrong->code, "before_start");
    assert_string_equal(wrong->args[0], "2026-03-01");
    assert_string_equal(wrong->clause, "");
    wrong = wrong->next;
    assert_string_equal(wrong->field, "ends_on");
    assert_string_equal(wrong->code, "too_far");
    assert_null(wrong->args[0]);
    wrong = wrong->next;
    assert_string_equal(wrong->field, "");
    assert_string_equal(wrong->clause, "V5.1.2");
    assert_null(wrong->next);
}

static void wrong_fields_make_the_input_invalid(void **state)
{
    struct ctx *cx = *state;
    reject(cx, "number", "required");
    const char *where = cx->fault.where;
    assert_int_equal(rejected(cx), INVALID);
    assert_int_equal(cx->fault.result, INVALID);
    assert_string_equal(cx->fault.code, "input.invalid");
    assert_ptr_equal(cx->fault.where, where);
}

static void reasons_may_stand_under_an_own_code(void **state)
{
    struct ctx *cx = *state;
    reject(cx, "", "briefing_missing");
    assert_int_equal(rejected_as(cx, CONFLICT, "contract.not_ready"), CONFLICT);
    assert_string_equal(cx->fault.code, "contract.not_ready");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, ctx_setup, ctx_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_failure_keeps_its_code_arguments_and_place),
        TEST(a_failure_takes_up_to_three_arguments),
        TEST(the_first_failure_stays),
        TEST(without_wrong_fields_nothing_is_rejected),
        TEST(every_wrong_field_is_kept_in_order),
        TEST(wrong_fields_make_the_input_invalid),
        TEST(reasons_may_stand_under_an_own_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
