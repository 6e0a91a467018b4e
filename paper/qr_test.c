/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "paper/qr.h"

#include "paper/paper_test.h"

/* The modules as an image that zbarimg reads, eight dots each. */
static void keep_image(struct desk *desk, const struct qr *qr)
{
    struct text image = text_new(desk->cx.mem, 4096);
    int side = (qr->size + 2 * QR_QUIET) * 8;
    text_printf(&image, "P1 %d %d\n", side, side);
    for (int y = 0; y < side; y++)
        for (int x = 0; x < side; x++) {
            int row = y / 8 - QR_QUIET, column = x / 8 - QR_QUIET;
            bool inside = row >= 0 && column >= 0 && row < qr->size && column < qr->size;
            text_puts(&image, inside && qr->dark[row * qr->size + column] ? "1\n" : "0\n");
        }
    keep(desk, "code.pbm", (struct span){image.at, image.len});
}

static void scanners_read_the_text(void **state)
{
    static const char *const TEXTS_READ[] = {"https://luyue.example.cn/s/7K3F92QD", "片区巡查 A-12",
                                             "7"};
    struct desk *desk = *state;
    for (size_t i = 0; i < COUNT(TEXTS_READ); i++) {
        struct qr qr;
        assert_int_equal(qr_make(&desk->cx, TEXTS_READ[i], &qr), OK);
        keep_image(desk, &qr);
        assert_string_equal(tool(desk, SCAN " code.pbm"),
                            arena_printf(desk->cx.mem, "%s\n", TEXTS_READ[i]));
    }
}

static void runs_cover_exactly_the_dark_modules(void **state)
{
    struct desk *desk = *state;
    struct qr qr;
    assert_int_equal(qr_make(&desk->cx, "https://luyue.example.cn/", &qr), OK);
    size_t modules = (size_t)(qr.size * qr.size);
    unsigned char *drawn = arena_alloc(desk->cx.mem, modules);
    struct qr_run run = {0};
    while (qr_next_run(&qr, &run))
        for (int i = 0; i < run.length; i++)
            drawn[run.row * qr.size + run.column + i]++;
    assert_memory_equal(drawn, qr.dark, modules);
}

static void svg_has_one_run_a_piece_inside_its_quiet_zone(void **state)
{
    struct desk *desk = *state;
    const char *svg;
    assert_int_equal(qr_svg(&desk->cx, "7", "扫码<评价>", &svg), OK);
    assert_non_null(strstr(svg, "viewBox=\"0 0 29 29\"")); /* version 1: 21 modules */
    assert_non_null(strstr(svg, "aria-label=\"扫码&lt;评价&gt;\""));
    assert_non_null(strstr(svg, "d=\"M4 4h7v1h-7z")); /* the upper edge of the first finder */
}

static void texts_that_make_no_code_are_refused(void **state)
{
    struct desk *desk = *state;
    struct qr qr;
    char *longest = arena_alloc(desk->cx.mem, QR_TEXT_MAX + 2);
    assert_int_equal(qr_make(&desk->cx, "", &qr), INVALID);
    memset(longest, 'x', QR_TEXT_MAX);
    assert_int_equal(qr_make(&desk->cx, longest, &qr), OK);
    longest[QR_TEXT_MAX] = 'x';
    assert_int_equal(qr_make(&desk->cx, longest, &qr), TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(scanners_read_the_text),
        TEST(runs_cover_exactly_the_dark_modules),
        TEST(svg_has_one_run_a_piece_inside_its_quiet_zone),
        TEST(texts_that_make_no_code_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
