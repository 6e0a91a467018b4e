/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "sheets/sheets_test.h"

#include <string.h>
#include <zip.h>

/* ---- packages made by hand ---- */

struct part {
    const char *path;
    struct span text; /* without text: the part is left out */
};

#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define RELATION(id, type, target)                                                                 \
    "<Relationship Id='" id "' Type='" OFFICE type "' Target='" target "'/>"
#define SHEET(rows) SPAN("<worksheet><sheetData>" rows "</sheetData></worksheet>")

#define PACKAGE_RELATIONS                                                                          \
    "<Relationships>" RELATION("rId1", "officeDocument", "xl/workbook.xml") "</Relationships>"
#define WORKBOOK(sheets) "<workbook xmlns:r='" OFFICE "'>" sheets "</workbook>"
#define TWO_SHEETS                                                                                 \
    "<sheets><sheet name='a' sheetId='1' r:id='rId1'/><sheet name='b' sheetId='2' r:id='rId2'/>"   \
    "</sheets>"
#define WORKBOOK_RELATIONS                                                                         \
    "<Relationships>" RELATION("rId1", "worksheet", "worksheets/sheet1.xml")                       \
        RELATION("rId2", "worksheet", "/xl/worksheets/sheet2.xml")                                 \
            RELATION("rId3", "styles", "styles.xml")                                               \
                RELATION("rId4", "sharedStrings", "sharedStrings.xml") "</Relationships>"
/* Styles: 0 General, 1 built-in date, 2 yyyy"年"m\月d, 3 money, 4 elapsed time, 5 h:mm. */
#define STYLES                                                                                     \
    "<styleSheet><numFmts><numFmt numFmtId='164' formatCode='yyyy&quot;年&quot;m\\月d'/>"        \
    "<numFmt numFmtId='165' formatCode='#,##0.00 &quot;yd&quot;;[Red]\\d0_d'/>"                    \
    "<numFmt numFmtId='166' formatCode='[h]:mm'/></numFmts>"                                       \
    "<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>"                                             \
    "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='164'/><xf numFmtId='165'/>"       \
    "<xf numFmtId='166'/><xf numFmtId='20'/></cellXfs></styleSheet>"
#define STRINGS                                                                                    \
    "<sst><si><t>zero</t></si><si><r><t>rich </t></r><r><t>text</t></r></si>"                      \
    "<si><t>東京</t><rPh><t>トウキョウ</t></rPh></si><si/>"                                 \
    "<si><t xml:space='preserve'> a_x000D_&amp;_x005F_x000D__x00</t></si></sst>"
#define SHEET_RELATION                                                                             \
    "<Relationships>" RELATION("rId1", "worksheet", "worksheets/sheet1.xml") "</Relationships>"
#define SECOND "<row><c t='inlineStr'><is><t>second</t></is></c></row>"

static const struct part USUAL[] = {
    {"_rels/.rels", SPAN(PACKAGE_RELATIONS)},
    {"xl/workbook.xml", SPAN(WORKBOOK(TWO_SHEETS))},
    {"xl/_rels/workbook.xml.rels", SPAN(WORKBOOK_RELATIONS)},
    {"xl/styles.xml", SPAN(STYLES)},
    {"xl/sharedStrings.xml", SPAN(STRINGS)},
    {"xl/worksheets/sheet1.xml", SHEET("")},
    {"xl/worksheets/sheet2.xml", SHEET(SECOND)},
};
#define USUAL_COUNT (sizeof USUAL / sizeof *USUAL)

static void part_add(zip_t *zip, struct part part)
{
    zip_source_t *source = zip_source_buffer(zip, part.text.at, part.text.len, 0);
    assert_true(part.text.at && zip_file_add(zip, part.path, source, ZIP_FL_OVERWRITE) >= 0);
}

static struct span source_bytes(struct ctx *cx, zip_source_t *source)
{
    zip_stat_t stat;
    assert_int_equal(zip_source_open(source), 0);
    assert_int_equal(zip_source_stat(source, &stat), 0);
    char *bytes = arena_alloc(cx->mem, stat.size + 1);
    assert_int_equal(zip_source_read(source, bytes, stat.size), stat.size);
    zip_source_close(source);
    zip_source_free(source);
    return (struct span){bytes, stat.size};
}

/* The usual package with some parts in the place of others. */
static struct span package(struct ctx *cx, const struct part *changed, size_t count)
{
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_source_keep(source);
    zip_t *zip = zip_open_from_source(source, ZIP_TRUNCATE, NULL);
    assert_non_null(zip);
    for (size_t i = 0; i < USUAL_COUNT; i++) {
        const struct part *part = &USUAL[i];
        for (size_t c = 0; c < count; c++)
            if (strcmp(changed[c].path, part->path) == 0)
                part = &changed[c];
        if (part->text.len)
            part_add(zip, *part);
    }
    assert_int_equal(zip_close(zip), 0);
    return source_bytes(cx, source);
}

static const char *package_lines(struct ctx *cx, const char *path, struct span text)
{
    const struct part part = {path, text};
    return sheet_lines(cx, package(cx, &part, 1));
}

static const char *first_sheet_lines(struct ctx *cx, struct span text)
{
    return package_lines(cx, "xl/worksheets/sheet1.xml", text);
}

static void reads(struct ctx *cx, struct span first_sheet, const char *lines)
{
    assert_string_equal(first_sheet_lines(cx, first_sheet), lines);
}

/* ---- where things are ---- */

static void cells_stand_where_their_references_say(void **state)
{
    struct ctx *cx = *state;
    reads(cx, SHEET("<row r='2'><c r='B2'><v>1</v></c><c r='D2'><v>2</v></c></row>"),
          "2||#1||#2\n");
    reads(cx, SHEET("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"),
          "1|#1|#2\n2|#3\n");
    reads(
        cx,
        SHEET(
            "<row r='3'><c r='A3'><v>1</v></c></row><row r='7'/><row r='9'><c><v>2</v></c></row>"),
        "3|#1\n7\n9|#2\n");
    reads(cx,
          SHEET("<row r='1'/><row r='2'><c r='A2' s='1'/></row><row r='3'><c><v>1</v></c></row>"),
          "3|#1\n");
    reads(cx, SHEET("<row><c r='A1'><v>1</v></c><c r='XFD1' s='1'/></row>"), "1|#1\n");
}

static void only_content_beyond_the_last_column_is_too_wide(void **state)
{
    struct span wide = SHEET("<row><c r='GR1'><v>1</v></c><c r='GS1'/></row>");
    struct span too_wide = SHEET("<row><c r='GS1'><v>1</v></c></row>"); /* the 201st column */
    assert_non_null(strstr(first_sheet_lines(*state, wide), "|#1\n"));
    assert_string_equal(first_sheet_lines(*state, too_wide), "!sheet.too_wide 200");
}

static void rows_elsewhere_in_a_sheet_are_no_rows(void **state)
{
    struct span sheet =
        SPAN("<worksheet xmlns:x='urn:x'><x:row>9</x:row><sheetData><row><c><f>1+1</f>"
             "<v>2</v></c></row></sheetData><row><c><v>7</v></c></row></worksheet>");
    assert_string_equal(first_sheet_lines(*state, sheet), "1|#2\n");
}

static void the_first_visible_sheet_with_content_is_read(void **state)
{
    struct ctx *cx = *state;
    assert_string_equal(first_sheet_lines(cx, SHEET("<row r='4'/>")), "1|second\n");
    assert_string_equal(first_sheet_lines(cx, SHEET("<row><c><v>1</v></c></row>")), "1|#1\n");
    const struct part hidden[] = {
        {"xl/workbook.xml",
         SPAN(
             WORKBOOK("<sheets><sheet r:id='rId1' state='hidden'/><sheet r:id='rId2'/></sheets>"))},
        {"xl/worksheets/sheet1.xml", SHEET("<row><c><v>1</v></c></row>")},
    };
    assert_string_equal(sheet_lines(cx, package(cx, hidden, 2)), "1|second\n");
}

/* ---- what they say ---- */

static void texts_are_read_in_all_their_forms(void **state)
{
    struct ctx *cx = *state;
    reads(cx, SHEET("<row><c t='s'><v>0</v></c><c t='s'><v>1</v></c><c t='s'><v>2</v></c></row>"),
          "1|zero|rich text|東京\n");
    reads(cx, SHEET("<row><c t='s'><v>3</v></c><c t='s'><v>4</v></c></row>"),
          "1|| a\r&_x000D__x00\n");
    reads(cx,
          SHEET("<row><c t='inlineStr'><is><r><t>a</t></r><r><t>&lt;b&#62;</t></r></is></c></row>"),
          "1|a<b>\n");
    reads(cx, SHEET("<row><c t='str'><f>A2&amp;A3</f><v>sum</v></c><c t='e'><v>#N/A</v></c></row>"),
          "1|sum|#N/A\n");
    reads(cx, SHEET("<row><c t='b'><v>1</v></c><c t='b'><v>0</v></c></row>"), "1|TRUE|FALSE\n");
    reads(cx, SHEET("<row><c t='inlineStr'><is><t><![CDATA[a<b]]></t></is></c></row>"), "1|a<b\n");
}

static void numbers_are_their_shortest_decimal_text(void **state)
{
    static const struct {
        const char *written, *read;
    } CASES[] = {
        {"5", "#5"},
        {"5.00", "#5"},
        {"007.50", "#7.5"},
        {"-0.0", "#0"},
        {"-12.30", "#-12.3"},
        {"1284650.1", "#1284650.1"},
        {"12345678901234.56", "#12345678901234.56"},
        {"2.59E6", "#2590000"},
        {"1.5e-3", "#0.0015"},
        {"1.2345678901234568E+19", "#12345678901234568000"},
        {"259000000000000001", "#259000000000000001"},
        {"440304198809261548", "#440304198809261548"},
        {"1.1000000000000001", "#1.1"},
        {"4361.1000000000004", "#4361.1"},
        {"0.30000000000000004", "#0.30000000000000004"},
        {"259000.00000000003", "#259000.00000000003"},
        {"1.7976931348623157E308", NULL},
        {"1E999", "1E999"},
        {"1E", "1E"},
        {"n/a", "n/a"},
        {".", "."},
    };
    struct ctx *cx = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const char *sheet = arena_printf(
            cx->mem, "<w><sheetData><row><c><v>%s</v></c></row></sheetData></w>", CASES[i].written);
        const char *lines = first_sheet_lines(cx, span_of(sheet));
        if (CASES[i].read)
            assert_string_equal(lines, arena_printf(cx->mem, "1|%s\n", CASES[i].read));
        else
            assert_int_equal(strlen(lines), strlen("1|#\n") + 309);
    }
}

static void the_style_decides_what_is_a_date(void **state)
{
    struct ctx *cx = *state;
    reads(cx,
          SHEET("<row><c s='0'><v>46082</v></c><c s='1'><v>46082</v></c><c s='2'><v>46082.0</v></c>"
                "<c s='3'><v>46082</v></c></row>"),
          "1|#46082|@2026-03-01|@2026-03-01|#46082\n");
    reads(
        cx,
        SHEET("<row><c s='1'><v>1</v></c><c s='1'><v>59</v></c><c s='1'><v>60</v></c>"
              "<c s='1'><v>61</v></c><c s='1'><v>2958465</v></c><c s='1'><v>2958466</v></c></row>"),
        "1|@1900-01-01|@1900-02-28|@1900-02-29|@1900-03-01|@9999-12-31|#2958466\n");
    reads(cx, SHEET("<row><c s='1'><v>46082.75</v></c><c s='1'><v>-3</v></c></row>"),
          "1|@2026-03-01|#-3\n");
    reads(
        cx,
        SHEET("<row><c s='5'><v>0.37291666666666667</v></c><c s='5'><v>0.50001157407407406</v></c>"
              "<c s='4'><v>1.25</v></c></row>"),
        "1|08:57|12:00:01|#1.25\n");
    reads(cx, SHEET("<row><c t='d'><v>2026-03-01T00:00:00</v></c><c t='d'><v>soon</v></c></row>"),
          "1|@2026-03-01|soon\n");
    reads(cx, SHEET("<row><c s='1' t='str'><v>46082</v></c><c s='70000'><v>46082</v></c></row>"),
          "1|46082|#46082\n");
}

static void days_may_be_counted_from_1904(void **state)
{
    struct ctx *cx = *state;
    const struct part parts[] = {
        {"xl/workbook.xml", SPAN(WORKBOOK("<workbookPr date1904='1'/>" TWO_SHEETS))},
        {"xl/worksheets/sheet1.xml",
         SHEET("<row><c s='1'><v>44620</v></c><c s='1'><v>60</v></c></row>")},
    };
    assert_string_equal(sheet_lines(cx, package(cx, parts, 2)), "1|@2026-03-01|@1904-03-01\n");
}

/* ---- what is refused ---- */

static void broken_sheets_are_refused(void **state)
{
    struct ctx *cx = *state;
    reads(cx, SPAN("<worksheet><sheetData><row><c><v>1</v></c></row>"), "1|#1\n!sheet.broken 1");
    reads(cx, SHEET("<row r='2'><c t='s'><v>5</v></c></row>"), "!sheet.broken 2");
    reads(cx, SHEET("<row><c t='s'><v>-1</v></c></row>"), "!sheet.broken 1");
    reads(cx, SHEET("<row r='0'/>"), "!sheet.broken 0");
    reads(cx, SHEET("<row r='1048577'/>"), "!sheet.broken 0");
    reads(cx, SHEET("<row r='5'/><row r='5'/>"), "!sheet.broken 5");
    reads(cx, SHEET("<row><c r='7'/></row>"), "!sheet.broken 1");
    reads(cx, SHEET("<row><c r='ABCD1'/></row>"), "!sheet.broken 1");
    reads(cx, SHEET("<row><c r='XFE1'/></row>"), "!sheet.broken 1");
    reads(cx, SHEET("<row><c><v>&unknown;</v></c></row>"), "!sheet.broken 1");
    reads(cx, SPAN("<!DOCTYPE w><worksheet/>"), "!sheet.broken 0");
    reads(cx, SPAN("<!DOCTYPE w [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><w>&b;</w>"),
          "!sheet.broken 0");
    reads(cx, SPAN("<!DOCTYPE w SYSTEM 'file:///etc/passwd'><w/>"), "!sheet.broken 0");
    reads(cx, SPAN("not XML"), "!sheet.broken 0");
}

static void archives_that_are_no_workbooks_are_refused(void **state)
{
    struct ctx *cx = *state;
    assert_string_equal(package_lines(cx, "_rels/.rels", (struct span){0}), "!sheet.kind");
    assert_string_equal(package_lines(cx, "_rels/.rels", SPAN("<Relationships/>")), "!sheet.kind");
    assert_string_equal(package_lines(cx, "xl/workbook.xml", SPAN("<document/>")), "!sheet.kind");
    assert_string_equal(package_lines(cx, "xl/workbook.xml", (struct span){0}), "!sheet.broken 0");
    assert_string_equal(package_lines(cx, "xl/_rels/workbook.xml.rels", (struct span){0}),
                        "!sheet.broken 0");
    assert_string_equal(first_sheet_lines(cx, (struct span){0}), "!sheet.broken 0");
}

static void a_workbook_without_content_is_empty(void **state)
{
    const struct part parts[] = {
        {"xl/worksheets/sheet2.xml", SHEET("<row><c s='1'/></row>")},
    };
    assert_string_equal(sheet_lines(*state, package(*state, parts, 1)), "!sheet.empty");
}

static void parts_that_are_not_needed_may_be_missing(void **state)
{
    struct ctx *cx = *state;
    const struct part parts[] = {
        {"xl/_rels/workbook.xml.rels", SPAN(SHEET_RELATION)},
        {"xl/styles.xml", {0}},
        {"xl/sharedStrings.xml", {0}},
        {"xl/worksheets/sheet1.xml", SHEET("<row><c s='1'><v>7</v></c></row>")},
    };
    assert_string_equal(sheet_lines(cx, package(cx, parts, 4)), "1|#7\n");
}

static void bombs_are_refused(void **state)
{
    struct ctx *cx = *state;
    size_t len = 8 << 20;
    char *blanks = arena_alloc(cx->mem, len);
    memset(blanks, ' ', len);
    assert_string_equal(first_sheet_lines(cx, (struct span){blanks, len}),
                        "!sheet.too_large 512 MB");
}

/* The list at the end of an archive says how large a part is; that is what limits are checked by.
 */
static void parts_larger_than_they_say_are_refused(void **state)
{
    struct ctx *cx = *state;
    struct text sheet = text_new(cx->mem, 1 << 20);
    text_puts(&sheet, "<worksheet><sheetData>");
    for (int i = 0; i < 5000; i++)
        text_printf(&sheet, "<row><c><v>%d</v></c></row>", i * 7919 % 5003);
    text_puts(&sheet, "</sheetData></worksheet>");
    const struct part part = {"xl/worksheets/sheet1.xml", {sheet.at, sheet.len}};
    struct span file = package(cx, &part, 1);
    unsigned char *bytes = (unsigned char *)file.at;
    uint32_t size = (uint32_t)sheet.len, lie = 100;
    int changed = 0;
    for (size_t i = 0; i + 4 <= file.len; i++) {
        if (memcmp(bytes + i, &size, sizeof size) == 0) {
            memcpy(bytes + i, &lie, sizeof lie);
            changed++;
        }
    }
    assert_true(changed >= 1);
    assert_non_null(strstr(sheet_lines(cx, file), "!sheet.too_large"));
}

static void damaged_archives_are_refused(void **state)
{
    struct ctx *cx = *state;
    struct span file = package(cx, NULL, 0);
    assert_string_equal(sheet_lines(cx, (struct span){file.at, file.len / 2}), "!sheet.broken 0");
    assert_string_equal(sheet_lines(cx, SPAN("PK\x03\x04")), "!sheet.broken 0");
    for (size_t i = 30; i < file.len; i += 7) {
        char *copy = arena_copy(cx->mem, file.at, file.len);
        copy[i] ^= 0x55;
        (void)sheet_lines(cx, (struct span){copy, file.len}); /* anything but a crash */
    }
}

static void samples_read_like_their_csv(void **state)
{
    struct ctx *cx = *state;
    const char *ledger = sheet_lines(cx, sample(cx, "contract-ledger.xlsx"));
    assert_null(strstr(ledger, "!sheet"));
    assert_non_null(strstr(ledger, "HT-2026-1001|翠湖花园保洁服务合同"));
    assert_non_null(strstr(ledger, "|@2026-01-31|"));
    assert_null(strstr(sheet_lines(cx, sample(cx, "roster.xlsx")), "!sheet"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(cells_stand_where_their_references_say),
        TEST(only_content_beyond_the_last_column_is_too_wide),
        TEST(rows_elsewhere_in_a_sheet_are_no_rows),
        TEST(the_first_visible_sheet_with_content_is_read),
        TEST(texts_are_read_in_all_their_forms),
        TEST(numbers_are_their_shortest_decimal_text),
        TEST(the_style_decides_what_is_a_date),
        TEST(days_may_be_counted_from_1904),
        TEST(broken_sheets_are_refused),
        TEST(archives_that_are_no_workbooks_are_refused),
        TEST(a_workbook_without_content_is_empty),
        TEST(parts_that_are_not_needed_may_be_missing),
        TEST(bombs_are_refused),
        TEST(parts_larger_than_they_say_are_refused),
        TEST(damaged_archives_are_refused),
        TEST(samples_read_like_their_csv),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
