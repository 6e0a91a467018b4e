/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "sheets/sheets_test.h"

#include <string.h>

static void rows_are_read_as_a_spreadsheet_shows_them(void **state)
{
    static const struct {
        struct span file;
        const char *lines;
    } CASES[] = {
        {SPAN("a,b\nc,d\n"), "1|a|b\n2|c|d\n"},
        {SPAN("a,b\r\nc,d"), "1|a|b\n2|c|d\n"},
        {SPAN("a,b\rc,d\r"), "1|a|b\n2|c|d\n"},
        {SPAN("\xEF\xBB\xBF"
              "甲,乙\n"),
         "1|甲|乙\n"},
        {SPAN("a,\"b,c\",d"), "1|a|b,c|d\n"},
        {SPAN("\"a \"\"b\"\" c\",d"), "1|a \"b\" c|d\n"},
        {SPAN("a,\"two\nlines\"\nb"), "1|a|two\nlines\n2|b\n"},
        {SPAN("a\n\nb"), "1|a\n2\n3|b\n"},
        {SPAN("\r\n\r\na"), "3|a\n"},
        {SPAN("a,,,\n,b,"), "1|a\n2||b\n"},
        {SPAN("\"\",\"x\"\n"), "1||x\n"},
        {SPAN("6\" pipe,\"x\"y"), "1|6\" pipe|xy\n"},
        {SPAN(" a , b "), "1| a | b \n"},
        {SPAN("-5,=1+1"), "1|-5|=1+1\n"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        assert_string_equal(sheet_lines(*state, CASES[i].file), CASES[i].lines);
}

static void the_delimiter_is_guessed(void **state)
{
    static const struct {
        struct span file;
        const char *lines;
    } CASES[] = {
        {SPAN("a;b\nc;d"), "1|a|b\n2|c|d\n"},
        {SPAN("a\tb\nc\td"), "1|a|b\n2|c|d\n"},
        {SPAN("n;m\n1,5;2,5\n2,5;3,5"), "1|n|m\n2|1,5|2,5\n3|2,5|3,5\n"},
        {SPAN("a,\";;;\",b\nc,\";\",d"), "1|a|;;;|b\n2|c|;|d\n"},
        {SPAN("台账\na;b;c\nd;e;f"), "1|台账\n2|a|b|c\n3|d|e|f\n"},
        {SPAN("a,b,c;d\ne,f,g;h"), "1|a|b|c;d\n2|e|f|g;h\n"},
        {SPAN("one"), "1|one\n"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        assert_string_equal(sheet_lines(*state, CASES[i].file), CASES[i].lines);
}

static void what_is_no_table_is_refused(void **state)
{
    static const struct {
        struct span file;
        const char *lines;
    } CASES[] = {
        {SPAN(""), "!sheet.empty"},
        {SPAN("\xEF\xBB\xBF"), "!sheet.empty"},
        {SPAN(",,\n,\n\n"), "!sheet.empty"},
        {SPAN("a\nb,\"open"), "1|a\n!sheet.broken 2"},
        {SPAN("\xFF\xFE"
              "a\0,\0"),
         "!sheet.encoding 1"},
        {SPAN("\xEF\xBB\xBF\xC4\xE3"), "!sheet.encoding 1"},
        {SPAN("a,\xFF\n"), "!sheet.encoding 1"},
        {SPAN("\x89PNG\0\0"), "!sheet.kind"},
        {SPAN("\xD0\xCF\x11\xE0"), "!sheet.kind"},
        {SPAN("<HTML><table>"), "!sheet.kind"},
        {SPAN("%PDF-1.7"), "!sheet.kind"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        assert_string_equal(sheet_lines(*state, CASES[i].file), CASES[i].lines);
}

static void a_nul_far_in_the_text_is_an_encoding_fault(void **state)
{
    char file[4096];
    memset(file, 'a', sizeof file);
    file[3000] = '\0';
    assert_string_equal(sheet_lines(*state, (struct span){file, sizeof file}), "!sheet.encoding 1");
}

static void gb18030_is_understood(void **state)
{
    /* 你好,世界 and 𠮷 (four bytes) */
    struct span file = SPAN("\xC4\xE3\xBA\xC3,\xCA\xC0\xBD\xE7\r\n\x95\x34\xB2\x35\r\n");
    assert_string_equal(sheet_lines(*state, file), "1|你好|世界\n2|𠮷\n");
}

static void gb18030_is_the_same_across_pieces(void **state)
{
    struct ctx *cx = *state;
    struct text file = text_new(cx->mem, 1 << 20), want = text_new(cx->mem, 1 << 20);
    for (int i = 1; i <= 40000; i++) {
        text_printf(&file, "%d,\xC4\xE3\xBA\xC3\r\n", i);
        text_printf(&want, "%d|%d|你好\n", i, i);
    }
    const char *lines = sheet_lines(cx, (struct span){file.at, file.len});
    assert_string_equal(lines, text_end(&want));
}

static void only_content_beyond_the_last_column_is_too_wide(void **state)
{
    char file[SHEET_COLUMNS + 2];
    memset(file, ',', sizeof file);
    file[0] = 'a';
    assert_string_equal(sheet_lines(*state, (struct span){file, sizeof file}), "1|a\n");
    file[SHEET_COLUMNS + 1] = 'b';
    assert_string_equal(sheet_lines(*state, (struct span){file, sizeof file}),
                        "!sheet.too_wide 200");
}

static void a_cell_without_end_is_broken(void **state)
{
    struct ctx *cx = *state;
    size_t len = 2 << 20;
    char *file = arena_alloc(cx->mem, len);
    memset(file, 'x', len);
    file[0] = file[len - 1] = '"';
    assert_string_equal(sheet_lines(cx, (struct span){file, len}), "!sheet.broken 1");
}

static enum result stop_at_two(void *host, const struct row *row)
{
    *(int *)host = row->number;
    return row->number == 2 ? CONFLICT : OK;
}

static void the_host_can_end_the_reading(void **state)
{
    int last = 0;
    struct span file = SPAN("a\nb\nc\n");
    assert_int_equal(sheet_read(*state, file.at, file.len, stop_at_two, &last), CONFLICT);
    assert_int_equal(last, 2);
}

static enum result keep_something(void *host, const struct row *row)
{
    struct ctx *cx = host;
    cx->pending =
        arena_printf(cx->mem, "%s%s", cx->pending ? (char *)cx->pending : "", row->cells[0].text);
    return OK;
}

static void the_host_may_keep_things_in_its_memory(void **state)
{
    struct ctx *cx = *state;
    struct span file = SPAN("a\nb\nc\n");
    assert_int_equal(sheet_read(cx, file.at, file.len, keep_something, cx), OK);
    assert_string_equal(cx->pending, "abc");
}

static void both_encodings_of_a_ledger_read_alike(void **state)
{
    struct ctx *cx = *state;
    const char *utf8 = sheet_lines(cx, sample(cx, "contract-ledger.utf8.csv"));
    const char *gbk = sheet_lines(cx, sample(cx, "contract-ledger.gbk.csv"));
    assert_string_equal(utf8, gbk);
    assert_non_null(strstr(utf8, "\n4|1|HT-2026-1001|翠湖花园保洁服务合同|"));
    assert_null(strstr(utf8, "!sheet"));
}

static void large_samples_are_read_to_the_end(void **state)
{
    struct ctx *cx = *state;
    static const char *const NAMES[] = {"attendance.gbk.csv", "roster.gbk.csv", "calls-plain.csv"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        assert_null(strstr(sheet_lines(cx, sample(cx, NAMES[i])), "!sheet"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(rows_are_read_as_a_spreadsheet_shows_them),
        TEST(the_delimiter_is_guessed),
        TEST(what_is_no_table_is_refused),
        TEST(a_nul_far_in_the_text_is_an_encoding_fault),
        TEST(gb18030_is_understood),
        TEST(gb18030_is_the_same_across_pieces),
        TEST(only_content_beyond_the_last_column_is_too_wide),
        TEST(a_cell_without_end_is_broken),
        TEST(the_host_can_end_the_reading),
        TEST(the_host_may_keep_things_in_its_memory),
        TEST(both_encodings_of_a_ledger_read_alike),
        TEST(large_samples_are_read_to_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
