/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "sheets/sheets_test.h"

#include <string.h>
#include <zip.h>

static const struct sheet_column COLUMNS[] = {
    {"名称", COLUMN_TEXT},
    {"次数", COLUMN_INT},
    {"金额", COLUMN_MONEY},
    {"日期", COLUMN_DATE},
};
#define COLUMN_COUNT 4

typedef const char *cells[COLUMN_COUNT];

static struct span written(struct ctx *cx, enum sheet_kind kind, const char *note,
                           const cells *rows, size_t count)
{
    struct sheet_writer *writer;
    FILE *file = tmpfile();
    cx->now.ms = 1767225600000;
    assert_int_equal(
        sheet_begin(cx, kind, file, "合同[台账]", note, COLUMNS, COLUMN_COUNT, &writer), OK);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(sheet_write(writer, rows[i]), OK);
    assert_int_equal(sheet_end(writer), OK);
    struct span bytes = file_bytes(cx, file);
    fclose(file);
    return bytes;
}

/* The cell as CSV shows it, without the columns after it. */
static const char *csv_cell(struct ctx *cx, const char *text)
{
    const cells row = {text, "", "", ""};
    struct span file = written(cx, SHEET_CSV, "", &row, 1);
    const char *line = strstr(file.at, "\r\n") + 2;
    return arena_copy(cx->mem, line, strlen(line) - strlen(",,,\r\n"));
}

static void csv_has_a_mark_titles_and_line_ends_of_spreadsheets(void **state)
{
    const cells row = {"甲", "3", "-5.00", "2026-03-01"};
    struct span file = written(*state, SHEET_CSV, "", &row, 1);
    assert_string_equal(file.at, "\xEF\xBB\xBF名称,次数,金额,日期\r\n甲,3,-5.00,2026-03-01\r\n");
}

static void csv_cells_are_quoted_where_needed_and_never_run(void **state)
{
    static const struct {
        const char *text, *shown;
    } CASES[] = {
        {"plain", "plain"},
        {"a,b", "\"a,b\""},
        {"say \"so\"", "\"say \"\"so\"\"\""},
        {"two\nlines", "\"two\nlines\""},
        {"=1+1", "'=1+1"},
        {"+8613800000000", "'+8613800000000"},
        {"@SUM(A1)", "'@SUM(A1)"},
        {"\tcmd", "'\tcmd"},
        {"\rcmd", "\"'\rcmd\""},
        {"=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""},
        {"＝1+1", "'＝1+1"},
        {"-5.00", "-5.00"},
        {"-5", "-5"},
        {"-5+cmd", "'-5+cmd"},
        {"-", "'-"},
        {"a=b", "a=b"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        assert_string_equal(csv_cell(*state, CASES[i].text), CASES[i].shown);
}

static void csv_begins_with_the_note(void **state)
{
    const cells row = {"甲", "", "", ""};
    struct span file = written(*state, SHEET_CSV, "张三, 2026-01-01", &row, 1);
    assert_string_equal(file.at,
                        "\xEF\xBB\xBF\"张三, 2026-01-01\"\r\n名称,次数,金额,日期\r\n甲,,,\r\n");
}

static const cells LEDGER[] = {
    {"翠湖花园保洁", "3", "1284650.00", "2026-03-01"},
    {"=1+1", "", "-0.10", ""},
    {"a\nb & <c>", "1234567890123456", "12345678901234.56", "1899-12-31"},
    {" \x01 ", "many", "4361.10", "soon"},
};
#define LEDGER_COUNT (sizeof LEDGER / sizeof *LEDGER)

static void xlsx_reads_back_with_its_types(void **state)
{
    struct ctx *cx = *state;
    const char *lines = sheet_lines(cx, written(cx, SHEET_XLSX, "", LEDGER, LEDGER_COUNT));
    assert_string_equal(lines, "1|名称|次数|金额|日期\n"
                               "2|翠湖花园保洁|#3|#1284650|@2026-03-01\n"
                               "3|=1+1||#-0.1\n"
                               "4|a\nb & <c>|1234567890123456|12345678901234.56|1899-12-31\n"
                               "5| \x01 |many|#4361.1|soon\n");
}

static void csv_reads_back_as_it_was(void **state)
{
    struct ctx *cx = *state;
    const char *lines = sheet_lines(cx, written(cx, SHEET_CSV, "", LEDGER, LEDGER_COUNT));
    assert_string_equal(lines, "1|名称|次数|金额|日期\n"
                               "2|翠湖花园保洁|3|1284650.00|2026-03-01\n"
                               "3|'=1+1||-0.10\n"
                               "4|a\nb & <c>|1234567890123456|12345678901234.56|1899-12-31\n"
                               "5| \x01 |many|4361.10|soon\n");
}

/* A part of the package, as text. */
static const char *xlsx_part(struct ctx *cx, struct span file, const char *path)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(file.at, file.len, 0, &error);
    zip_t *zip = zip_open_from_source(source, ZIP_RDONLY, &error);
    zip_stat_t stat;
    assert_int_equal(zip_stat(zip, path, 0, &stat), 0);
    char *text = arena_alloc(cx->mem, stat.size + 1);
    zip_file_t *part = zip_fopen(zip, path, 0);
    assert_int_equal(zip_fread(part, text, stat.size), stat.size);
    zip_fclose(part);
    zip_discard(zip);
    return text;
}

static void the_note_comes_first_and_into_the_properties(void **state)
{
    struct ctx *cx = *state;
    struct span file = written(cx, SHEET_XLSX, "张三 2026-01-01 导出", LEDGER, 1);
    assert_string_equal(sheet_lines(cx, file), "1|张三 2026-01-01 导出\n"
                                               "2|名称|次数|金额|日期\n"
                                               "3|翠湖花园保洁|#3|#1284650|@2026-03-01\n");
    const char *core = xlsx_part(cx, file, "docProps/core.xml");
    assert_non_null(strstr(core, "张三 2026-01-01 导出"));
    assert_non_null(strstr(core, "2026-01-01T00:00:00Z"));
}

static void the_titles_stay_in_sight_and_filter(void **state)
{
    struct ctx *cx = *state;
    struct span file = written(cx, SHEET_XLSX, "who", LEDGER, 2);
    const char *sheet = xlsx_part(cx, file, "xl/worksheets/sheet1.xml");
    assert_non_null(strstr(sheet, "<pane ySplit=\"2\" topLeftCell=\"A3\""));
    assert_non_null(strstr(sheet, "<autoFilter ref=\"A2:D4\"/>"));
    assert_null(strstr(sheet, "<f>"));
    assert_non_null(strstr(xlsx_part(cx, file, "xl/styles.xml"), "formatCode=\"yyyy-mm-dd\""));
    assert_non_null(strstr(xlsx_part(cx, file, "xl/workbook.xml"), "sheet name=\"合同 台账 \""));
}

static void a_table_without_rows_has_its_titles(void **state)
{
    struct ctx *cx = *state;
    assert_string_equal(sheet_lines(cx, written(cx, SHEET_XLSX, "", NULL, 0)),
                        "1|名称|次数|金额|日期\n");
}

static void texts_too_long_for_a_cell_are_cut_where_it_shows(void **state)
{
    struct ctx *cx = *state;
    struct text text = text_new(cx->mem, 1 << 17);
    for (int i = 0; i < 40000; i++)
        text_puts(&text, "长");
    const cells row = {text_end(&text), "", "", ""};
    const char *lines = sheet_lines(cx, written(cx, SHEET_XLSX, "", &row, 1));
    assert_non_null(strstr(lines, "长长…\n"));
}

static void a_full_disk_is_told(void **state)
{
    static const enum sheet_kind KINDS[] = {SHEET_CSV, SHEET_XLSX};
    for (size_t i = 0; i < 2; i++) {
        struct ctx *cx = *state;
        struct sheet_writer *writer;
        FILE *file = fopen("/dev/full", "wb");
        assert_int_equal(sheet_begin(cx, KINDS[i], file, "", "", COLUMNS, COLUMN_COUNT, &writer),
                         OK);
        assert_int_equal(sheet_write(writer, LEDGER[0]), OK);
        cx->fault = (struct fault){0};
        assert_int_equal(sheet_end(writer), BROKEN);
        assert_string_equal(cx->fault.code, "sheet.write");
        fclose(file);
    }
}

static void a_missing_temporary_folder_is_told(void **state)
{
    struct ctx *cx = *state;
    struct sheet_writer *writer;
    char *before = getenv("TMPDIR");
    setenv("TMPDIR", "/nowhere", 1);
    enum result result =
        sheet_begin(cx, SHEET_XLSX, stdout, "", "", COLUMNS, COLUMN_COUNT, &writer);
    if (before)
        setenv("TMPDIR", before, 1);
    else
        unsetenv("TMPDIR");
    assert_int_equal(result, BROKEN);
}

/* Memory must not grow with the rows; what an arena hands out is where it would show. */
static void many_rows_take_no_more_memory_than_few(void **state)
{
    static const enum sheet_kind KINDS[] = {SHEET_CSV, SHEET_XLSX};
    for (size_t i = 0; i < 2; i++) {
        struct ctx *cx = *state;
        struct sheet_writer *writer;
        FILE *file = tmpfile();
        assert_int_equal(sheet_begin(cx, KINDS[i], file, "t", "", COLUMNS, COLUMN_COUNT, &writer),
                         OK);
        size_t before = arena_used(cx->mem);
        for (int row = 0; row < 5000; row++)
            assert_int_equal(sheet_write(writer, LEDGER[row % 2]), OK);
        assert_int_equal(arena_used(cx->mem), before);
        assert_int_equal(sheet_end(writer), OK);
        fclose(file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(csv_has_a_mark_titles_and_line_ends_of_spreadsheets),
        TEST(csv_cells_are_quoted_where_needed_and_never_run),
        TEST(csv_begins_with_the_note),
        TEST(csv_reads_back_as_it_was),
        TEST(xlsx_reads_back_with_its_types),
        TEST(the_note_comes_first_and_into_the_properties),
        TEST(the_titles_stay_in_sight_and_filter),
        TEST(a_table_without_rows_has_its_titles),
        TEST(texts_too_long_for_a_cell_are_cut_where_it_shows),
        TEST(a_full_disk_is_told),
        TEST(a_missing_temporary_folder_is_told),
        TEST(many_rows_take_no_more_memory_than_few),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
