/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static int arena_setup(void **state)
{
    *state = arena_new();
    return 0;
}

static int arena_teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static void a_text_grows_as_it_is_written(void **state)
{
    struct text text = text_new(*state, 0);
    for (int i = 0; i < 10000; i++) {
        text_puts(&text, "ab");
        text_putc(&text, 'c');
    }
    assert_int_equal(text.len, 30000);
    const char *s = text_end(&text);
    assert_int_equal(strlen(s), 30000);
    assert_string_equal(s + 29997, "abc");
}

static void what_is_beyond_the_maximum_is_dropped(void **state)
{
    struct text text = text_new(*state, 4);
    text.max = 10;
    text_puts(&text, "0123456789");
    assert_false(text.full);
    text_putc(&text, 'x');
    assert_true(text.full);
    assert_string_equal(text_end(&text), "0123456789");

    text = text_new(*state, 4);
    text.max = 10;
    text_puts(&text, "01234");
    text_puts(&text, "too long for it");
    text_puts(&text, "5");
    assert_string_equal(text_end(&text), "01234");
}

static void whole_numbers_are_written_to_their_ends(void **state)
{
    static const struct {
        int64_t value;
        const char *words;
    } CASES[] = {
        {0, "0"},
        {-7, "-7"},
        {1284650, "1284650"},
        {INT64_MAX, "9223372036854775807"},
        {INT64_MIN, "-9223372036854775808"},
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct text text = text_new(*state, 0);
        text_int(&text, CASES[i].value);
        assert_string_equal(text_end(&text), CASES[i].words);
    }
}

static void formatted_text_may_have_any_length(void **state)
{
    for (int len = 250; len < 260; len++) {
        struct text text = text_new(*state, 0);
        text_printf(&text, "<%*d>", len, 5);
        assert_int_equal(text.len, len + 2);
        assert_string_equal(text_end(&text) + len, "5>");
    }
}

static void room_is_written_by_the_caller(void **state)
{
    struct text text = text_new(*state, 0);
    memcpy(text_room(&text, 5), "hello", 5);
    text.len += 5;
    assert_string_equal(text_end(&text), "hello");

    text.max = 6;
    memset(text_room(&text, 5000), 'x', 5000);
    assert_true(text.full);
}

typedef void (*escaper)(struct text *text, const char *bytes, size_t len);

static const char *escaped(struct arena *arena, escaper escape, const char *bytes, size_t len)
{
    struct text text = text_new(arena, 0);
    escape(&text, bytes, len);
    return text_end(&text);
}

static void html_is_escaped_in_text_and_attributes(void **state)
{
    static const char *const CASES[][2] = {
        {"", ""},
        {"合同", "合同"},
        {"<script>", "&lt;script&gt;"},
        {"a & \"b\" 'c'", "a &amp; &quot;b&quot; &#39;c&#39;"},
        {"&&", "&amp;&amp;"},
    };
    for (size_t i = 0; i < COUNT(CASES); i++)
        assert_string_equal(escaped(*state, text_html, CASES[i][0], strlen(CASES[i][0])),
                            CASES[i][1]);
}

static void json_escapes_quotes_and_every_control_character(void **state)
{
    static const char *const CASES[][2] = {
        {"合同\x7f", "合同\x7f"},
        {"\"\\/", "\\\"\\\\/"},
        {"\b\f\n\r\t", "\\b\\f\\n\\r\\t"},
        {"\x01\x1f", "\\u0001\\u001f"},
    };
    for (size_t i = 0; i < COUNT(CASES); i++)
        assert_string_equal(escaped(*state, text_json, CASES[i][0], strlen(CASES[i][0])),
                            CASES[i][1]);
    assert_string_equal(escaped(*state, text_json, "a\0b", 3), "a\\u0000b");
}

static void urls_keep_only_unreserved_characters(void **state)
{
    static const char KEPT[] = "ABCXYZabcxyz0189-._~";
    assert_string_equal(escaped(*state, text_url, KEPT, strlen(KEPT)), KEPT);
    char every[256];
    for (int byte = 0; byte < 256; byte++)
        every[byte] = (char)byte;
    assert_int_equal(strlen(escaped(*state, text_url, every, 256)), 66 + 3 * (256 - 66));
    assert_string_equal(escaped(*state, text_url, "a b/约+", strlen("a b/约+")),
                        "a%20b%2F%E7%BA%A6%2B");
}

static void spans_compare_with_strings(void **state)
{
    assert_true(span_is(SPAN("number"), "number"));
    assert_false(span_is(SPAN("number"), "numbers"));
    assert_false(span_is(SPAN("numbers"), "number"));
    assert_true(span_is((struct span){NULL, 0}, ""));
    assert_int_equal(span_of("履约").len, 6);
}

static void only_well_formed_utf8_is_valid(void **state)
{
    static const struct {
        const char *bytes;
        bool valid;
    } CASES[] = {
        {"", true},
        {"plain ascii, longer than eight", true},
        {"履约 é 😀", true},
        {"\x7f\xc2\x80\xdf\xbf", true},
        {"\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf", true},
        {"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", true},
        {"\x80", false},
        {"\xbf", false},
        {"\xc0\x80", false},         /* overlong */
        {"\xc1\xbf", false},         /* overlong */
        {"\xe0\x9f\xbf", false},     /* overlong */
        {"\xf0\x8f\xbf\xbf", false}, /* overlong */
        {"\xed\xa0\x80", false},     /* surrogate */
        {"\xed\xbf\xbf", false},     /* surrogate */
        {"\xf4\x90\x80\x80", false}, /* beyond U+10FFFF */
        {"\xf5\x80\x80\x80", false},
        {"\xff", false},
        {"\xc2", false}, /* cut off */
        {"\xe5\xb1", false},
        {"\xf0\x9f\x98", false},
        {"\xe5\xb1x", false},
        {"12345678\xe5\xb1", false},
        {"1234567\xe5\xb1\xa5"
         "12345678\x80",
         false},
    };
    for (size_t i = 0; i < COUNT(CASES); i++)
        assert_int_equal(utf8_valid(CASES[i].bytes, strlen(CASES[i].bytes)), CASES[i].valid);
    assert_false(utf8_valid("履约", 5));
    assert_true(utf8_valid("a\0b", 3));
}

static void every_code_point_survives_writing_and_reading(void **state)
{
    struct arena *arena = *state;
    for (uint32_t c = 1; c <= 0x10ffff; c++) {
        if (c == 0xd800)
            c = 0xe000;
        struct arena_mark mark = arena_mark(arena);
        struct text text = text_new(arena, 8);
        utf8_put(&text, c);
        const char *s = text_end(&text);
        if (!utf8_valid(s, text.len) || utf8_count(s) != 1 || utf8_next(&s) != c || *s)
            fail_msg("U+%04X", c);
        arena_rewind(arena, mark);
    }
}

static void reading_stops_at_the_end(void **state)
{
    const char *s = "约a";
    assert_int_equal(utf8_next(&s), 0x7ea6);
    assert_int_equal(utf8_next(&s), 'a');
    assert_int_equal(utf8_next(&s), 0);
    assert_int_equal(utf8_next(&s), 0);
    assert_int_equal(utf8_count("约a😀"), 3);
}

static void plain_text_is_what_the_office_meant(void **state)
{
    static const char *const CASES[][2] = {
        {"", ""},
        {"  \t 张三\r\n", "张三"},
        {"\xe3\x80\x80张　三\xe3\x80\x80", "张 三"},
        {"ＨＴ－２０２６", "HT-2026"},
        {"（甲）：￥１，２", "(甲):\xc2\xa5"
                             "1,2"},
        {"﹙a﹚﹛﹜﹫﹪﹐", "(a){}@%,"},
        {"a\xc2\xa0"
         "b\xe2\x80\x83",
         "a b"},
        {"\xef\xbb\xbf首", "首"},
        {"\xe2\x80\x8b 首", "首"},
        {"−5", "-5"},
        {"、。", "、。"},
    };
    for (size_t i = 0; i < COUNT(CASES); i++)
        assert_string_equal(text_plain(*state, CASES[i][0]), CASES[i][1]);
}

static void plain_text_in_a_buffer_is_whole_or_refused(void **state)
{
    char out[8];
    assert_false(text_plain_in("１２３４５６７８", out, sizeof(out)));
    assert_true(text_plain_in("１２３４５６７", out, sizeof(out)));
    assert_true(text_plain_in(" １２３４５６ ", out, sizeof(out)));
    assert_string_equal(out, "123456");
    assert_true(text_plain_in("", out, sizeof(out)));
    assert_string_equal(out, "");
    assert_false(text_plain_in("\xe5\xb1", out, sizeof(out)));
}

static void a_search_key_has_neither_case_nor_spaces(void **state)
{
    assert_string_equal(text_search_key(*state, " ＨＴ 2026　翠湖 Garden "), "ht2026翠湖garden");
    assert_string_equal(text_search_key(*state, "　"), "");
}

static void gb18030_becomes_utf8(void **state)
{
    static const struct {
        const char *bytes, *utf8;
    } CASES[] = {
        {"", ""},
        {"abc", "abc"},
        {"\xba\xcf\xcd\xac", "合同"},
        {"\x95\x34\xb2\x35", "𠮷"}, /* four bytes, beyond GBK */
        {"\xff\xff", NULL},
        {"\xba", NULL}, /* cut off */
        {"\xba\xcf\xcd", NULL},
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        size_t len = 99;
        const char *utf8 = text_from_gb18030(*state, CASES[i].bytes, strlen(CASES[i].bytes), &len);
        if (!CASES[i].utf8) {
            assert_null(utf8);
            continue;
        }
        assert_string_equal(utf8, CASES[i].utf8);
        assert_int_equal(len, strlen(CASES[i].utf8));
    }
}

static void a_limit_is_named_in_the_largest_unit_that_fits(void **state)
{
    assert_string_equal(text_size(*state, 300), "300 B");
    assert_string_equal(text_size(*state, 8 << 10), "8 KB");
    assert_string_equal(text_size(*state, (64 << 20) + 1024), "65537 KB");
    assert_string_equal(text_size(*state, 512u << 20), "512 MB");
    assert_string_equal(text_count(*state, 1048576), "1048576");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, arena_setup, arena_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_text_grows_as_it_is_written),
        TEST(what_is_beyond_the_maximum_is_dropped),
        TEST(whole_numbers_are_written_to_their_ends),
        TEST(formatted_text_may_have_any_length),
        TEST(room_is_written_by_the_caller),
        TEST(html_is_escaped_in_text_and_attributes),
        TEST(json_escapes_quotes_and_every_control_character),
        TEST(urls_keep_only_unreserved_characters),
        TEST(spans_compare_with_strings),
        TEST(only_well_formed_utf8_is_valid),
        TEST(every_code_point_survives_writing_and_reading),
        TEST(reading_stops_at_the_end),
        TEST(plain_text_is_what_the_office_meant),
        TEST(plain_text_in_a_buffer_is_whole_or_refused),
        TEST(a_search_key_has_neither_case_nor_spaces),
        TEST(a_limit_is_named_in_the_largest_unit_that_fits),
        TEST(gb18030_becomes_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
