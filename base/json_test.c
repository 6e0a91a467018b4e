/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/json.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static struct arena *arena;

static int arena_setup(void **state)
{
    arena = arena_new();
    return 0;
}

static int arena_teardown(void **state)
{
    arena_free(arena);
    return 0;
}

/* NULL when the whole input is one JSON value, else why not. The bytes are copied to memory that
 * ends where they end, so that reading further is noticed. */
static const char *verdict(const char *bytes, size_t len)
{
    char *exact = malloc(len ? len : 1);
    memcpy(exact, bytes, len);
    struct json_reader reader;
    json_start(&reader, arena, exact, len);
    enum json_token token = json_next(&reader);
    while (token != JSON_DONE && token != JSON_ERROR)
        token = json_next(&reader);
    free(exact);
    return token == JSON_DONE ? NULL : reader.error;
}

static struct json_reader reading(const char *text)
{
    struct json_reader reader;
    json_start(&reader, arena, text, strlen(text));
    return reader;
}

/* ---- the public test suite ---- */

/* By the beginning of the name: verdicts that are ours to choose, valid files that we refuse. */
static const struct choice {
    const char *prefix;
    bool accepted;
    const char *why;
} CHOICES[] = {
    {"i_number_", true, "handed on as written; json_int says what fits"},
    {"i_string_", false, "would become texts that are not UTF-8"},
    {"i_object_key_lone", false, "names are texts too"},
    {"i_structure_500_nested", false, "deeper than JSON_DEPTH"},
    {"i_structure_UTF-8_BOM", false, "RFC 8259 forbids to send one"},
    {"y_object_escaped_null_in_key", false, "NUL would end the text early"},
    {"y_string_null_escape", false, "NUL would end the text early"},
    {"y_", true, "valid"},
    {"n_", false, "not valid"},
};

static const struct choice *choice_for(const char *file)
{
    for (size_t i = 0; i < COUNT(CHOICES); i++)
        if (strncmp(file, CHOICES[i].prefix, strlen(CHOICES[i].prefix)) == 0)
            return &CHOICES[i];
    return NULL;
}

static void judge_file(const char *folder, const char *name)
{
    const struct choice *choice = choice_for(name);
    assert_non_null(choice);
    FILE *file = fopen(arena_printf(arena, "%s/%s", folder, name), "rb");
    assert_non_null(file);
    enum { LARGEST = 1 << 20 };
    char *bytes = arena_alloc(arena, LARGEST);
    size_t len = fread(bytes, 1, LARGEST, file);
    assert_true(feof(file));
    fclose(file);
    const char *error = verdict(bytes, len);
    if ((error == NULL) != choice->accepted)
        fail_msg("%s: %s, though %s", name, error ? error : "accepted", choice->why);
}

static void the_public_suite_gets_the_verdicts_it_asks_for(void **state)
{
    const char *folder = getenv("JSON_TEST_SUITE");
    folder = folder ? folder : "../shared/json-test-suite";
    DIR *dir = opendir(folder);
    if (!dir)
        skip();
    int count = 0;
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
        const char *end = strrchr(entry->d_name, '.');
        if (!end || strcmp(end, ".json") != 0)
            continue;
        judge_file(folder, entry->d_name);
        arena_reset(arena);
        count++;
    }
    closedir(dir);
    assert_true(count > 300);
}

/* ---- reader ---- */

static void tokens_come_in_the_order_of_the_text(void **state)
{
    static const enum json_token EXPECTED[] = {
        JSON_OBJECT,    JSON_KEY,  JSON_ARRAY,  JSON_NUMBER,     JSON_STRING, JSON_TRUE,
        JSON_FALSE,     JSON_NULL, JSON_ARRAY,  JSON_ARRAY_END,  JSON_OBJECT, JSON_OBJECT_END,
        JSON_ARRAY_END, JSON_KEY,  JSON_NUMBER, JSON_OBJECT_END, JSON_DONE,   JSON_DONE,
    };
    struct json_reader reader =
        reading(" {\"a\" : [1, \"x\",true,false,null,[ ],{ }]\n,\"b\":-2.5e+3}\r\n\t");
    for (size_t i = 0; i < COUNT(EXPECTED); i++)
        assert_int_equal(json_next(&reader), EXPECTED[i]);
}

static void a_plain_string_points_into_the_input(void **state)
{
    struct json_reader reader = reading("\"合同 HT-1\"");
    assert_int_equal(json_next(&reader), JSON_STRING);
    assert_ptr_equal(reader.text.at, reader.bytes + 1);
    assert_true(span_is(reader.text, "合同 HT-1"));
    assert_string_equal(json_text(&reader), "合同 HT-1");
}

static void escapes_are_replaced(void **state)
{
    static const struct {
        const char *json, *text;
    } CASES[] = {
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t"},
        {"\"\\u5c65\\u7EA6\"", "履约"},
        {"\"a\\u00e9z\"", "a\xC3\xA9z"},
        {"\"\\ud834\\udD1E\"", "\xF0\x9D\x84\x9E"},
        {"\"\\\\u0000\"", "\\u0000"},
        {"\"\"", ""},
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct json_reader reader = reading(CASES[i].json);
        assert_int_equal(json_next(&reader), JSON_STRING);
        assert_string_equal(json_text(&reader), CASES[i].text);
    }
}

static void a_refusal_names_its_reason(void **state)
{
    static const struct {
        const char *json, *error;
    } CASES[] = {
        {"", "malformed"},           {"[1,]", "malformed"},
        {"{\"a\":1,}", "malformed"}, {"{\"a\"}", "malformed"},
        {"[1}", "malformed"},        {"[1] 2", "malformed"},
        {"01", "malformed"},         {"1.", "malformed"},
        {"-", "malformed"},          {"1e", "malformed"},
        {"nul", "malformed"},        {"\"a", "malformed"},
        {"\"a\\", "malformed"},      {"\"\\x\"", "malformed"},
        {"\"\\u12\"", "malformed"},  {"\"a\tb\"", "malformed"},
        {"\"\xFF\"", "bad_utf8"},    {"\"\xE5\x90\"", "bad_utf8"},
        {"\"\\ud800\"", "bad_utf8"}, {"\"\\ud800\\u0041\"", "bad_utf8"},
        {"\"\\udc00\"", "bad_utf8"}, {"\"\\u0000\"", "nul"},
        {"{\"\\u0000\":1}", "nul"},
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        const char *error = verdict(CASES[i].json, strlen(CASES[i].json));
        assert_non_null(error);
        assert_string_equal(error, CASES[i].error);
    }
}

static void a_refusal_stays_and_says_where(void **state)
{
    struct json_reader reader = reading("[1 2]");
    assert_int_equal(json_next(&reader), JSON_ARRAY);
    assert_int_equal(json_next(&reader), JSON_NUMBER);
    assert_int_equal(json_next(&reader), JSON_ERROR);
    assert_int_equal(json_next(&reader), JSON_ERROR);
    assert_int_equal(reader.at, 3);
}

static const char *nested(unsigned depth)
{
    struct text out = text_new(arena, 0);
    for (unsigned i = 0; i < depth; i++)
        text_puts(&out, i % 2 ? "{\"a\":" : "[");
    text_puts(&out, "0");
    for (unsigned i = depth; i > 0; i--)
        text_putc(&out, i % 2 ? ']' : '}');
    return text_end(&out);
}

static void nesting_has_a_limit(void **state)
{
    const char *deepest = nested(JSON_DEPTH), *deeper = nested(JSON_DEPTH + 1);
    assert_null(verdict(deepest, strlen(deepest)));
    assert_string_equal(verdict(deeper, strlen(deeper)), "too_deep");
}

static void whole_numbers_are_told_from_others(void **state)
{
    static const struct {
        const char *json;
        bool whole;
        int64_t value;
    } CASES[] = {
        {"0", true, 0},
        {"-0", true, 0},
        {"1284650", true, 1284650},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0},
        {"100000000000000000000000000000000000", false, 0},
        {"1.0", false, 0},
        {"1e2", false, 0},
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct json_reader reader = reading(CASES[i].json);
        int64_t value = 0;
        assert_int_equal(json_next(&reader), JSON_NUMBER);
        assert_int_equal(json_int(&reader, &value), CASES[i].whole);
        if (CASES[i].whole)
            assert_true(value == CASES[i].value);
    }
}

static void an_unwanted_value_is_skipped_whole(void **state)
{
    struct json_reader reader = reading("{\"x\":{\"a\":[1,{\"b\":2}],\"c\":[]},\"y\":7}");
    assert_int_equal(json_next(&reader), JSON_OBJECT);
    assert_int_equal(json_next(&reader), JSON_KEY);
    assert_true(json_skip(&reader));
    assert_int_equal(json_next(&reader), JSON_KEY);
    assert_true(span_is(reader.text, "y"));
    assert_true(json_skip(&reader));
    assert_int_equal(json_next(&reader), JSON_OBJECT_END);
    assert_int_equal(json_next(&reader), JSON_DONE);
}

static void skipping_stops_at_the_end_of_an_array_and_at_errors(void **state)
{
    struct json_reader reader = reading("[1,[2],{}]");
    int items = 0;
    assert_int_equal(json_next(&reader), JSON_ARRAY);
    while (json_skip(&reader))
        items++;
    assert_int_equal(items, 3);
    assert_null(reader.error);
    assert_int_equal(json_next(&reader), JSON_DONE);

    reader = reading("[[1,");
    assert_int_equal(json_next(&reader), JSON_ARRAY);
    assert_false(json_skip(&reader));
    assert_string_equal(reader.error, "malformed");
}

/* ---- writer ---- */

static void commas_and_colons_put_themselves(void **state)
{
    struct text out = text_new(arena, 0);
    struct json_writer writer = {.out = &out};
    json_object(&writer);
    json_key(&writer, "items");
    json_array(&writer);
    json_number(&writer, INT64_MIN);
    json_object(&writer);
    json_object_end(&writer);
    json_array(&writer);
    json_array_end(&writer);
    json_string(&writer, "引\"号\"\n");
    json_string(&writer, NULL);
    json_array_end(&writer);
    json_key(&writer, "next");
    json_null(&writer);
    json_key(&writer, "ok");
    json_bool(&writer, true);
    json_key(&writer, "b\"d");
    json_bool(&writer, false);
    json_object_end(&writer);
    assert_string_equal(text_end(&out),
                        "{\"items\":[-9223372036854775808,{},[],\"引\\\"号\\\"\\n\",null],"
                        "\"next\":null,\"ok\":true,\"b\\\"d\":false}");
    assert_null(verdict(out.at, out.len));
}

static void what_is_written_reads_back_the_same(void **state)
{
    char all[128];
    for (int i = 0; i < 127; i++)
        all[i] = (char)(i + 1);
    all[127] = '\0';
    struct text out = text_new(arena, 0);
    struct json_writer writer = {.out = &out};
    json_string(&writer, all);
    struct json_reader reader = reading(text_end(&out));
    assert_int_equal(json_next(&reader), JSON_STRING);
    assert_string_equal(json_text(&reader), all);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, arena_setup, arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_public_suite_gets_the_verdicts_it_asks_for),
        TEST(tokens_come_in_the_order_of_the_text),
        TEST(a_plain_string_points_into_the_input),
        TEST(escapes_are_replaced),
        TEST(a_refusal_names_its_reason),
        TEST(a_refusal_stays_and_says_where),
        TEST(nesting_has_a_limit),
        TEST(whole_numbers_are_told_from_others),
        TEST(an_unwanted_value_is_skipped_whole),
        TEST(skipping_stops_at_the_end_of_an_array_and_at_errors),
        TEST(commas_and_colons_put_themselves),
        TEST(what_is_written_reads_back_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
