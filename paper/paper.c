/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Pages: counted once, then written; what stands on each of them. */
#include "paper/paper_private.h"

#include "base/texts.h"

#include <cairo-pdf.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct form FORMS[] = {
    [PAPER_LETTER] = {.left = MM(28),
                      .top = MM(37),
                      .width = MM(156),
                      .height = MM(225),
                      .styles = {[STYLE_LETTERHEAD] = {30, 42},
                                 [STYLE_TITLE] = {22, 32},
                                 [STYLE_HEADING] = {15.75, MM(225) / 22},
                                 [STYLE_TEXT] = {15.75, MM(225) / 22},
                                 [STYLE_LABEL] = {10.5, 15},
                                 [STYLE_CELL] = {10.5, 15},
                                 [STYLE_SMALL] = {8.5, 12},
                                 [STYLE_WATERMARK] = {17, 26}}},
    [PAPER_SHEET] = {.left = MM(20),
                     .top = MM(20),
                     .width = MM(170),
                     .height = MM(246),
                     .styles = {[STYLE_LETTERHEAD] = {24, 34},
                                [STYLE_TITLE] = {18, 28},
                                [STYLE_HEADING] = {12, 20},
                                [STYLE_TEXT] = {12, 20},
                                [STYLE_LABEL] = {9, 13},
                                [STYLE_CELL] = {9, 13},
                                [STYLE_SMALL] = {8, 11},
                                [STYLE_WATERMARK] = {17, 26}}},
};

void paper_fail(struct paper *paper, enum result result)
{
    if (paper->result == OK)
        paper->result = result;
}

/* A hair is added, so that 22 lines of a 22nd of the height fit. */
double paper_bottom(const struct paper *paper)
{
    return paper->form->top + paper->form->height + 0.01;
}

double paper_room(const struct paper *paper)
{
    return paper_bottom(paper) - paper->y;
}

/* ---- what every page has ---- */

static void watermark_draw(struct paper *paper)
{
    const char *text = paper->head->watermark;
    if (!text || !paper->cairo)
        return;
    struct layout layout = layout_make(paper, text, STYLE_WATERMARK, PAGE_HEIGHT, PAPER_CENTRE);
    cairo_t *cairo = paper->cairo;
    cairo_save(cairo);
    cairo_set_source_rgba(cairo, 0.4, 0.4, 0.4, 0.13);
    cairo_translate(cairo, PAGE_WIDTH / 2, PAGE_HEIGHT / 2);
    cairo_rotate(cairo, -M_PI / 6);
    for (int i = -2; i <= 2; i++)
        layout_draw(paper, &layout, 0, layout.lines, -PAGE_HEIGHT / 2, i * PAGE_HEIGHT / 5);
    cairo_restore(cairo);
    layout_free(&layout);
}

static void qr_draw(cairo_t *cairo, const struct qr *qr, double x, double y, double side)
{
    double module = side / qr->size;
    struct qr_run run = {0};
    while (qr_next_run(qr, &run))
        cairo_rectangle(cairo, x + run.column * module, y + run.row * module, run.length * module,
                        module);
    cairo_fill(cairo);
}

static const char *number_text(struct paper *paper, int number)
{
    return arena_printf(paper->cx->mem, "%d", number);
}

static void foot_draw(struct paper *paper)
{
    if (!paper->cairo)
        return;
    const struct paper_head *head = paper->head;
    const struct form *form = paper->form;
    struct arena *mem = paper->cx->mem;
    struct arena_mark mark = arena_mark(mem);
    double pitch = form->styles[STYLE_SMALL].pitch, y = paper_bottom(paper) + MM(7);
    const char *page[3] = {number_text(paper, paper->page), number_text(paper, paper->pages)};
    text_draw(paper, texts_fill(mem, "paper.page", head->lang, page), STYLE_SMALL, form->left, y,
              form->width, head->check_url ? PAPER_RIGHT : PAPER_CENTRE);
    if (head->check_url) {
        double side = MM(17), x = form->left + side + MM(4), width = form->width * 0.75 - side;
        const char *code[3] = {head->check_code};
        qr_draw(paper->cairo, &paper->qr, form->left, y, side);
        text_draw(paper, texts_fill(mem, "paper.check", head->lang, code), STYLE_SMALL, x, y, width,
                  PAPER_LEFT);
        text_draw(paper, texts_get("paper.check_how", head->lang), STYLE_SMALL, x, y + pitch, width,
                  PAPER_LEFT);
        text_draw(paper, head->check_url, STYLE_SMALL, x, y + 2 * pitch, width, PAPER_LEFT);
    }
    arena_rewind(mem, mark);
}

static void page_begin(struct paper *paper)
{
    if (++paper->page > PAPER_PAGES)
        paper_fail(paper, fail(paper->cx, TOO_LARGE, "paper.too_many_pages",
                               text_count(paper->cx->mem, PAPER_PAGES)));
    paper->y = paper->form->top;
}

static void page_end(struct paper *paper)
{
    foot_draw(paper);
    watermark_draw(paper); /* last, so that pictures do not hide it */
    if (paper->cairo)
        cairo_show_page(paper->cairo);
}

void page_break(struct paper *paper)
{
    page_end(paper);
    page_begin(paper);
    if (paper->repeat_titles && paper->result == OK)
        grid_titles(paper);
}

void page_need(struct paper *paper, double height)
{
    if (paper_room(paper) < height && paper->y > paper->form->top && height <= paper->form->height)
        page_break(paper);
}

void page_skip(struct paper *paper, double height)
{
    if (paper->y > paper->form->top)
        paper->y += height;
}

/* ---- the two runs ---- */

static enum result pages_run(struct paper *paper, paper_compose compose, void *host)
{
    paper->page = 0;
    page_begin(paper);
    enum result said = compose(paper, host);
    TRY(paper->result);
    TRY(said);
    page_end(paper);
    return paper->result;
}

struct outlet {
    paper_sink sink;
    void *to;
    enum result result;
};

static cairo_status_t outlet_write(void *closure, const unsigned char *bytes, unsigned len)
{
    struct outlet *outlet = closure;
    if (outlet->result == OK)
        outlet->result = outlet->sink(outlet->to, bytes, len);
    return outlet->result == OK ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static void properties_set(cairo_surface_t *pdf, const struct paper_head *head)
{
    char made[INSTANT_MAX_TEXT];
    instant_format(head->made, made);
    cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_TITLE, head->title);
    cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_CREATOR, "Luyue");
    cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_CREATE_DATE, made);
}

static enum result pages_write(struct paper *paper, paper_compose compose, void *host,
                               struct outlet *outlet)
{
    cairo_surface_t *pdf =
        cairo_pdf_surface_create_for_stream(outlet_write, outlet, PAGE_WIDTH, PAGE_HEIGHT);
    properties_set(pdf, paper->head);
    paper->cairo = cairo_create(pdf);
    enum result result = pages_run(paper, compose, host);
    cairo_status_t drawn = cairo_status(paper->cairo);
    cairo_destroy(paper->cairo);
    cairo_surface_finish(pdf);
    cairo_status_t written = cairo_surface_status(pdf);
    cairo_surface_destroy(pdf);
    if (outlet->result != OK)
        return fail(paper->cx, outlet->result, "paper.write");
    TRY(result);
    if (drawn != CAIRO_STATUS_SUCCESS || written != CAIRO_STATUS_SUCCESS)
        return fail(paper->cx, BROKEN, "paper.write");
    return paper->page == paper->pages ? OK : fail(paper->cx, BROKEN, "paper.unsteady");
}

static enum result paper_run(struct paper *paper, paper_compose compose, void *host,
                             struct outlet *outlet)
{
    TRY(fonts_open(paper));
    TRY(pages_run(paper, compose, host));
    paper->pages = paper->page;
    return pages_write(paper, compose, host, outlet);
}

static enum result head_check(struct ctx *cx, const struct paper_head *head)
{
    const char *texts[] = {head->title, head->watermark, head->check_code, head->check_url};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i] && !utf8_valid(texts[i], strlen(texts[i])))
            return fail(cx, INVALID, "paper.text");
    return OK;
}

enum result paper_write(struct ctx *cx, const struct paper_head *head, paper_compose compose,
                        void *host, paper_sink sink, void *to)
{
    struct paper paper = {.cx = cx, .head = head, .form = &FORMS[head->form]};
    struct outlet outlet = {.sink = sink, .to = to};
    TRY(head_check(cx, head));
    if (head->check_url)
        TRY(qr_make(cx, head->check_url, &paper.qr));
    enum result result = paper_run(&paper, compose, host, &outlet);
    fonts_close(&paper);
    return result;
}

struct bytes_sink {
    struct ctx *cx;
    struct text bytes;
};

static enum result to_bytes(void *to, const void *bytes, size_t len)
{
    struct bytes_sink *sink = to;
    text_put(&sink->bytes, bytes, len);
    return sink->bytes.full ? fail(sink->cx, TOO_LARGE, "paper.too_many_pages",
                                   text_count(sink->cx->mem, PAPER_PAGES))
                            : OK;
}

enum result paper_bytes(struct ctx *cx, const struct paper_head *head, paper_compose compose,
                        void *host, struct span *out)
{
    struct bytes_sink sink = {.cx = cx, .bytes = text_new(cx->mem, 64 << 10)};
    TRY(paper_write(cx, head, compose, host, to_bytes, &sink));
    *out = (struct span){sink.bytes.at, sink.bytes.len};
    return OK;
}

enum result paper_to_file(void *to, const void *bytes, size_t len)
{
    return fwrite(bytes, 1, len, to) == len ? OK : BROKEN;
}
