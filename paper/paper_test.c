/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Paging, wrapping and what is refused. */
#include "paper/paper.h"

#include "paper/paper_test.h"

static const struct paper_head SHEET = {
    .title = "名册", .made = {1772764800000}, .form = PAPER_SHEET};

static void print(struct desk *desk, const struct paper_head *head, paper_compose compose,
                  void *host)
{
    struct span pdf = {0};
    assert_int_equal(paper_bytes(&desk->cx, head, compose, host, &pdf), OK);
    keep(desk, "paper.pdf", pdf);
}

/* The result and the code of the fault. */
static void refused(struct desk *desk, const struct paper_head *head, paper_compose compose,
                    void *host, enum result result, const char *code)
{
    struct span pdf = {0};
    desk->cx.fault = (struct fault){0};
    assert_int_equal(paper_bytes(&desk->cx, head, compose, host, &pdf), result);
    assert_string_equal(desk->cx.fault.code, code);
}

static int pages(struct desk *desk)
{
    return (int)strtol(tool(desk, "pdfinfo paper.pdf | sed -n 's/^Pages: *//p'"), NULL, 10);
}

/* How often the word stands in the document, or on a page. */
static int times(struct desk *desk, const char *word, int page)
{
    const char *range = page ? arena_printf(desk->cx.mem, "-f %d -l %d", page, page) : "";
    const char *text =
        tool(desk, arena_printf(desk->cx.mem, "pdftotext -raw %s paper.pdf - | tr -d '\n'", range));
    int count = 0;
    for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
        count++;
    return count;
}

static char *repeated(struct desk *desk, const char *s, size_t count)
{
    struct text text = text_new(desk->cx.mem, 1024);
    for (size_t i = 0; i < count; i++)
        text_puts(&text, s);
    return (char *)text_end(&text);
}

/* ---- tables ---- */

static const struct paper_column ROSTER[] = {{"人员", 1}, {"次数", 1, PAPER_RIGHT}};

static enum result roster(struct paper *paper, void *host)
{
    const int *rows = host;
    paper_table_begin(paper, ROSTER, COUNT(ROSTER));
    for (int i = 1; i <= *rows; i++) {
        char name[32];
        snprintf(name, sizeof name, "坐席%04d号", i);
        paper_row(paper, (const char *const[]){name, "1,284"});
    }
    paper_table_end(paper);
    return OK;
}

static void a_page_of_a_sheet_holds_35_rows_below_their_titles(void **state)
{
    static const struct {
        int rows, pages;
    } CASES[] = {{0, 1}, {35, 1}, {36, 2}, {70, 2}, {385, 11}};
    struct desk *desk = *state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        int rows = CASES[i].rows;
        print(desk, &SHEET, roster, &rows);
        assert_int_equal(pages(desk), CASES[i].pages);
        assert_int_equal(times(desk, "人员", 0), CASES[i].pages);
        assert_int_equal(times(desk, "坐席", 0), rows);
    }
    assert_int_equal(times(desk, "坐席0385号", 11), 1);
    assert_int_equal(times(desk, "第 11 页", 11), 1);
}

static void many_rows_take_no_more_memory_than_few(void **state)
{
    struct desk *desk = *state;
    FILE *file = tmpfile();
    size_t used[2];
    for (int i = 0; i < 2; i++) {
        int rows = i ? 700 : 1;
        size_t before = arena_used(desk->cx.mem);
        assert_int_equal(paper_write(&desk->cx, &SHEET, roster, &rows, paper_to_file, file), OK);
        used[i] = arena_used(desk->cx.mem) - before;
    }
    assert_int_equal(used[0], used[1]);
    (void)fclose(file);
}

static enum result tall_row_at_the_end(struct paper *paper, void *host)
{
    paper_table_begin(paper, ROSTER, COUNT(ROSTER));
    for (int i = 0; i < 33; i++)
        paper_row(paper, (const char *const[]){"低", ""});
    paper_row(paper, (const char *const[]){"高一\n高二\n高三\n高四", ""});
    paper_table_end(paper);
    return OK;
}

static void a_row_that_fits_a_page_is_not_split(void **state)
{
    struct desk *desk = *state;
    print(desk, &SHEET, tall_row_at_the_end, NULL);
    assert_int_equal(times(desk, "高", 1), 0);
    assert_int_equal(times(desk, "高", 2), 4);
}

struct long_cell {
    const char *title, *text;
    int share;
};

static enum result one_long_cell(struct paper *paper, void *host)
{
    const struct long_cell *cell = host;
    const struct paper_column columns[] = {{cell->title, cell->share}, {"旁", 100}};
    paper_table_begin(paper, columns, COUNT(columns));
    paper_row(paper, (const char *const[]){cell->text, "短"});
    paper_table_end(paper);
    return OK;
}

static void cells_longer_than_a_page_go_on_with_every_character(void **state)
{
    struct desk *desk = *state;
    struct long_cell cell = {"备注", repeated(desk, "长", 5000), 100};
    print(desk, &SHEET, one_long_cell, &cell);
    assert_true(pages(desk) > 1);
    assert_int_equal(times(desk, "长", 0), 5000);
    assert_int_equal(times(desk, "短", 0), 1);
}

static void columns_without_room_still_get_a_character_a_line(void **state)
{
    struct desk *desk = *state;
    struct long_cell cell = {"备", repeated(desk, "x", 300), 0};
    print(desk, &SHEET, one_long_cell, &cell);
    assert_int_equal(times(desk, "x", 0), 300);
}

static void titles_taller_than_a_page_end(void **state)
{
    struct desk *desk = *state;
    struct long_cell cell = {repeated(desk, "题", 5000), repeated(desk, "长", 5000), 100};
    print(desk, &SHEET, one_long_cell, &cell);
    assert_int_equal(times(desk, "题", 0), 5000);
    assert_int_equal(times(desk, "长", 0), 5000);
}

/* ---- texts ---- */

static enum result one_text(struct paper *paper, void *host)
{
    paper_text(paper, host);
    return OK;
}

static void words_without_end_are_broken(void **state)
{
    struct desk *desk = *state;
    print(desk, &SHEET, one_text, repeated(desk, "W", 8000));
    assert_int_equal(times(desk, "W", 0), 8000);
    print(desk, &SHEET, one_text, repeated(desk, "，", 5000));
    assert_int_equal(times(desk, "，", 0), 5000);
}

static void a_letter_has_22_lines_of_28_characters_a_page(void **state)
{
    struct desk *desk = *state;
    struct paper_head letter = {.title = "函", .made = {1}};
    print(desk, &letter, one_text, repeated(desk, "字", 22 * 28 - 2));
    assert_int_equal(pages(desk), 1);
    print(desk, &letter, one_text, repeated(desk, "字", 22 * 28 - 1));
    assert_int_equal(pages(desk), 2);
}

static enum result text_at_the_end(struct paper *paper, void *host)
{
    for (int i = 0; i < 21; i++)
        paper_text(paper, "满");
    paper_text(paper, host);
    return OK;
}

static void no_line_of_a_paragraph_stands_alone_on_its_page(void **state)
{
    struct desk *desk = *state;
    struct paper_head letter = {.title = "函", .made = {1}};
    print(desk, &letter, text_at_the_end, "独");
    assert_int_equal(times(desk, "独", 1), 1);
    print(desk, &letter, text_at_the_end, repeated(desk, "独", 28));
    assert_int_equal(times(desk, "独", 2), 28);
    print(desk, &letter, one_text, repeated(desk, "字", 22 * 28 + 1 - 2));
    assert_int_equal(times(desk, "字", 2), 29);
}

static void lines_do_not_begin_with_a_full_stop(void **state)
{
    struct desk *desk = *state;
    struct paper_head letter = {.title = "函", .made = {1}};
    /* The stop would be the 29th character of its line. */
    print(desk, &letter, one_text, arena_printf(desk->cx.mem, "%s。后", repeated(desk, "字", 26)));
    assert_int_equal(times(desk, "字。后", 0), 1);
    assert_string_equal(tool(desk, "pdftotext -raw paper.pdf - | sed -n 2p"), "字。后\n");
}

static enum result every_block(struct paper *paper, void *host)
{
    static const struct paper_fact FACTS[] = {{"合同编号", "HT-2026-012"},
                                              {"月份", "2026-03"},
                                              {"说明", "整行", true},
                                              {"得分", "92.50"}};
    const struct paper_signature one = {.party = "丙方"};
    paper_title(paper, "月度考核表");
    paper_facts(paper, FACTS, COUNT(FACTS));
    paper_heading(paper, "一、结论");
    paper_note(paper, "小字说明");
    paper_attachments(paper, (const char *const[]){"录音清单"}, 1);
    paper_closing(paper, repeated(host, "长", 60), date_of(2026, 3, 5));
    paper_signatures(paper, &one, 1);
    return OK;
}

static void every_block_shows_what_it_was_given(void **state)
{
    static const char *const SHOWN[] = {"月度考核表", "HT-2026-012", "2026-03",     "整行",
                                        "92.50",      "一、结论",    "小字说明",    "录音清单",
                                        "2026-3-5",   "丙方",        "Page 1 of 1", "甲乙丙"};
    struct desk *desk = *state;
    struct paper_head head = SHEET;
    head.lang = LANG_EN;
    head.watermark = "甲乙丙 09:12";
    print(desk, &head, every_block, desk);
    for (size_t i = 0; i < COUNT(SHOWN); i++)
        if (!times(desk, SHOWN[i], 0))
            fail_msg("%s is missing", SHOWN[i]);
    assert_int_equal(times(desk, "电子签名", 0), 0); /* nobody signed */
}

/* ---- pictures ---- */

static enum result one_picture(struct paper *paper, void *host)
{
    const struct span *picture = host;
    paper_picture(paper, picture->at, picture->len, 60, "现场照片");
    return OK;
}

static struct span file_bytes(struct desk *desk, const char *name)
{
    struct text bytes = text_new(desk->cx.mem, 4096);
    FILE *file = fopen(at_path(desk, name), "rb");
    assert_non_null(file);
    size_t got;
    do {
        got = fread(text_room(&bytes, 4096), 1, 4096, file);
        bytes.len += got;
    } while (got > 0);
    (void)fclose(file);
    return (struct span){bytes.at, bytes.len};
}

static void pictures_are_in_the_document(void **state)
{
    static const char *const NAMES[] = {"photo-1.png", "photo-1.jpg"};
    static const char *const KINDS[] = {"image", "jpeg"};
    struct desk *desk = *state;
    print(desk, &SHEET, one_text, "照片");
    (void)tool(desk, "pdftoppm -r 40 -png paper.pdf photo; pdftoppm -r 40 -jpeg paper.pdf photo");
    for (size_t i = 0; i < COUNT(NAMES); i++) {
        struct span picture = file_bytes(desk, NAMES[i]);
        print(desk, &SHEET, one_picture, &picture);
        const char *list = tool(desk, "pdfimages -list paper.pdf | sed 1,2d");
        assert_non_null(strstr(list, KINDS[i]));
        assert_non_null(strstr(list, " 331   468 "));
        assert_int_equal(times(desk, "现场照片", 0), 1);
    }
}

static void damaged_pictures_are_refused(void **state)
{
    struct desk *desk = *state;
    print(desk, &SHEET, one_text, "照片");
    (void)tool(desk, "pdftoppm -r 40 -png paper.pdf photo");
    struct span picture = file_bytes(desk, "photo-1.png");
    static const size_t CUTS[] = {0, 7, 20, 200};
    for (size_t i = 0; i < COUNT(CUTS); i++) {
        struct span cut = {arena_copy(desk->cx.mem, picture.at, CUTS[i]), CUTS[i]};
        refused(desk, &SHEET, one_picture, &cut, INVALID, "paper.picture");
    }
    struct span text = SPAN("no picture at all"), frameless = SPAN("\xFF\xD8\xFF\xE0\xFF\xFF....");
    refused(desk, &SHEET, one_picture, &text, INVALID, "paper.picture");
    refused(desk, &SHEET, one_picture, &frameless, INVALID, "paper.picture");
    char *huge = arena_copy(desk->cx.mem, picture.at, picture.len);
    memcpy(huge + 16, "\0\0\x7F\xFF\0\0\x7F\xFF", 8);
    struct span bomb = {huge, picture.len};
    refused(desk, &SHEET, one_picture, &bomb, TOO_LARGE, "paper.picture_too_large");
}

/* ---- refusals ---- */

static enum result one_row(struct paper *paper, void *host)
{
    paper_table_begin(paper, ROSTER, COUNT(ROSTER));
    paper_row(paper, (const char *const[]){host, ""});
    paper_table_end(paper);
    return OK;
}

static void broken_utf8_is_refused(void **state)
{
    struct desk *desk = *state;
    char broken[] = "坐席\xE5\x9D";
    struct paper_head titled = SHEET, marked = SHEET;
    titled.title = marked.watermark = broken;
    refused(desk, &SHEET, one_text, broken, INVALID, "paper.text");
    refused(desk, &SHEET, one_row, broken, INVALID, "paper.text");
    refused(desk, &titled, one_text, "好", INVALID, "paper.text");
    refused(desk, &marked, one_text, "好", INVALID, "paper.text");
}

static enum result two_texts(struct paper *paper, void *host)
{
    paper_text(paper, host);
    paper_text(paper, host);
    return OK;
}

static void texts_and_documents_have_limits(void **state)
{
    struct desk *desk = *state;
    refused(desk, &SHEET, one_text, repeated(desk, "x", PAPER_TEXT_MAX + 1), TOO_LARGE,
            "paper.text_too_long");
    refused(desk, &SHEET, two_texts, repeated(desk, "\n", PAPER_TEXT_MAX), TOO_LARGE,
            "paper.too_many_pages");
}

static void a_font_that_is_not_installed_is_named(void **state)
{
    struct desk *desk = *state;
    struct paper_head head = SHEET;
    head.heading_font = "Nobody Has This Song";
    refused(desk, &head, one_text, "好", BROKEN, "paper.font");
    assert_string_equal(desk->cx.fault.args[0], "Nobody Has This Song");
}

static enum result compose_fails(struct paper *paper, void *host)
{
    paper_text(paper, "好");
    return fail_at(host, FAIL_PLACE(__LINE__), CONFLICT, "letter.not_sent", NULL, NULL, NULL);
}

static enum result longer_each_time(struct paper *paper, void *host)
{
    int *rows = host;
    *rows += 35;
    return roster(paper, rows);
}

static enum result disk_full(void *to, const void *bytes, size_t len)
{
    return BUSY;
}

static void failures_of_others_are_passed_on(void **state)
{
    struct desk *desk = *state;
    int rows = 1;
    refused(desk, &SHEET, compose_fails, &desk->cx, CONFLICT, "letter.not_sent");
    refused(desk, &SHEET, longer_each_time, &rows, BROKEN, "paper.unsteady");
    desk->cx.fault = (struct fault){0};
    assert_int_equal(paper_write(&desk->cx, &SHEET, one_text, "好", disk_full, NULL), BUSY);
    assert_string_equal(desk->cx.fault.code, "paper.write");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_page_of_a_sheet_holds_35_rows_below_their_titles),
        TEST(many_rows_take_no_more_memory_than_few),
        TEST(a_row_that_fits_a_page_is_not_split),
        TEST(cells_longer_than_a_page_go_on_with_every_character),
        TEST(columns_without_room_still_get_a_character_a_line),
        TEST(titles_taller_than_a_page_end),
        TEST(words_without_end_are_broken),
        TEST(a_letter_has_22_lines_of_28_characters_a_page),
        TEST(no_line_of_a_paragraph_stands_alone_on_its_page),
        TEST(lines_do_not_begin_with_a_full_stop),
        TEST(every_block_shows_what_it_was_given),
        TEST(pictures_are_in_the_document),
        TEST(damaged_pictures_are_refused),
        TEST(broken_utf8_is_refused),
        TEST(texts_and_documents_have_limits),
        TEST(a_font_that_is_not_installed_is_named),
        TEST(failures_of_others_are_passed_on),
    };
    return cmocka_run_group_tests(tests, NULL, fonts_forget);
}
