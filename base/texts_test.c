/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/texts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct text_entry ENTRIES[] = {
    {"contracts", {"合同", "Contracts"}},
    {"contracts.number", {"合同编号", "Number"}},
    {"fault.contract.not_draft", {"合同 {0} 已是{1}", "Contract {0} is {1}"}},
    {"fault.field.required", {"必填", "is required"}},
    {"fault.field.too_long", {"最多 {0} 个字", "at most {0} characters"}},
    {"fault.too_long", {"太长，最多 {0}", "too long, at most {0}"}},
    {"page.braces", {"{} {3} {x} {0", "{1}{0}{1}"}},
};

static int texts_setup(void **state)
{
    texts_use(ENTRIES, COUNT(ENTRIES));
    *state = arena_new();
    return 0;
}

static int texts_teardown(void **state)
{
    arena_free(*state);
    texts_use(NULL, 0);
    return 0;
}

static void words_are_found_in_both_languages(void **state)
{
    for (size_t i = 0; i < COUNT(ENTRIES); i++)
        for (int lang = 0; lang < LANG_COUNT; lang++)
            assert_ptr_equal(texts_find(ENTRIES[i].key, lang), ENTRIES[i].words[lang]);
}

static void an_unknown_key_has_no_words_and_shows_itself(void **state)
{
    assert_null(texts_find("contracts.none", LANG_ZH));
    assert_null(texts_find("", LANG_ZH));
    assert_string_equal(texts_get("contracts.none", LANG_ZH), "contracts.none");
}

static void every_key_of_a_large_catalogue_is_found(void **state)
{
    enum { MANY = 20000 };
    struct text_entry *entries = ARENA_ARRAY(*state, struct text_entry, MANY);
    for (int i = 0; i < MANY; i++) {
        const char *key = arena_printf(*state, "key.%05d", i);
        entries[i] = (struct text_entry){key, {key, "x"}};
    }
    texts_use(entries, MANY);
    for (int i = 0; i < MANY; i++)
        assert_ptr_equal(texts_find(entries[i].key, LANG_ZH), entries[i].key);
    assert_null(texts_find("key.20000", LANG_ZH));
    assert_null(texts_find("key", LANG_ZH));
}

static void an_empty_catalogue_knows_nothing(void **state)
{
    texts_use(NULL, 0);
    assert_null(texts_find("contracts", LANG_EN));
}

static void arguments_take_their_places(void **state)
{
    const char *const args[3] = {"HT-1", "生效"};
    assert_string_equal(texts_fill(*state, "fault.contract.not_draft", LANG_ZH, args),
                        "合同 HT-1 已是生效");
    assert_string_equal(texts_fill(*state, "page.braces", LANG_EN, args), "生效HT-1生效");
}

static void a_missing_argument_is_empty_and_other_braces_stay(void **state)
{
    const char *const args[3] = {NULL};
    assert_string_equal(texts_fill(*state, "fault.field.too_long", LANG_EN, args),
                        "at most  characters");
    assert_string_equal(texts_fill(*state, "page.braces", LANG_ZH, args), "{} {3} {x} {0");
}

static void a_fault_is_put_into_words(void **state)
{
    struct fault fault = {.code = "contract.not_draft", .args = {"HT-1", "active"}};
    assert_string_equal(fault_words(*state, &fault, LANG_EN), "Contract HT-1 is active");
    fault.code = "unheard_of";
    assert_string_equal(fault_words(*state, &fault, LANG_EN), "fault.unheard_of");
}

static void a_field_fault_prefers_its_own_words(void **state)
{
    struct field_fault fault = {.code = "too_long", .args = {"40"}};
    assert_string_equal(field_fault_words(*state, &fault, LANG_EN), "too long, at most 40");
    fault.code = "required";
    assert_string_equal(field_fault_words(*state, &fault, LANG_ZH), "必填");
    fault.code = "unheard_of";
    assert_string_equal(field_fault_words(*state, &fault, LANG_ZH), "unheard_of");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, texts_setup, texts_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(words_are_found_in_both_languages),
        TEST(an_unknown_key_has_no_words_and_shows_itself),
        TEST(every_key_of_a_large_catalogue_is_found),
        TEST(an_empty_catalogue_knows_nothing),
        TEST(arguments_take_their_places),
        TEST(a_missing_argument_is_empty_and_other_braces_stay),
        TEST(a_fault_is_put_into_words),
        TEST(a_field_fault_prefers_its_own_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
