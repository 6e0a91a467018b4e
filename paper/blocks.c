/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The parts of a letter, in the order in which they stand in one. */
#include "paper/paper_private.h"

#include "base/texts.h"

#define RED 0.80, 0.05, 0.05

static const char *words(const struct paper *paper, const char *key)
{
    return texts_get(key, paper->head->lang);
}

static const char *words_with(struct paper *paper, const char *key, const char *argument)
{
    const char *args[3] = {argument};
    return texts_fill(paper->cx->mem, key, paper->head->lang, args);
}

static void line_flow(struct paper *paper, const char *text, enum style style,
                      enum paper_align align)
{
    struct layout layout = layout_make(paper, text, style, paper->form->width, align);
    layout_flow(paper, &layout, paper->form->left);
}

/* A thick line above a thin one, as the form for letters has it. */
static void double_rule(struct paper *paper)
{
    cairo_t *cairo = paper->cairo;
    cairo_rectangle(cairo, paper->form->left, paper->y, paper->form->width, 2.2);
    cairo_rectangle(cairo, paper->form->left, paper->y + 3.6, paper->form->width, 0.7);
    cairo_fill(cairo);
}

void paper_letterhead(struct paper *paper, const char *issuer)
{
    /* It stands in the upper margin, 30 mm from the edge, when it comes first. */
    if (paper->y <= paper->form->top && MM(30) < paper->y)
        paper->y = MM(30);
    if (paper->cairo)
        cairo_set_source_rgb(paper->cairo, RED);
    line_flow(paper, issuer, STYLE_LETTERHEAD, PAPER_CENTRE);
    paper->y += MM(2);
    if (paper->cairo) {
        double_rule(paper);
        cairo_set_source_rgb(paper->cairo, 0, 0, 0);
    }
    paper->y += MM(4);
}

void paper_number(struct paper *paper, const char *number)
{
    line_flow(paper, number, STYLE_TEXT, PAPER_RIGHT);
}

void paper_title(struct paper *paper, const char *title)
{
    page_skip(paper, em(paper, STYLE_TITLE) / 2);
    page_need(paper, 4 * em(paper, STYLE_TITLE));
    line_flow(paper, title, STYLE_TITLE, PAPER_CENTRE);
    paper->y += em(paper, STYLE_TITLE) / 2;
}

void paper_addressee(struct paper *paper, const char *addressee)
{
    line_flow(paper, addressee, STYLE_TEXT, PAPER_LEFT);
}

static void indented_flow(struct paper *paper, const char *text, enum style style, bool justify)
{
    struct layout layout = layout_make(paper, text, style, paper->form->width, PAPER_LEFT);
    pango_layout_set_indent(layout.pango, (int)(2 * em(paper, style) * PANGO_SCALE));
    pango_layout_set_justify(layout.pango, justify);
    layout.lines = pango_layout_get_line_count(layout.pango);
    layout_flow(paper, &layout, paper->form->left);
}

void paper_heading(struct paper *paper, const char *heading)
{
    page_need(paper, 3 * paper->form->styles[STYLE_HEADING].pitch);
    indented_flow(paper, heading, STYLE_HEADING, false);
}

void paper_text(struct paper *paper, const char *text)
{
    indented_flow(paper, text, STYLE_TEXT, true);
}

void paper_note(struct paper *paper, const char *note)
{
    line_flow(paper, note, STYLE_SMALL, PAPER_LEFT);
}

/* 附件：1. the name, and what does not fit the line below the name. */
void paper_attachments(struct paper *paper, const char *const *names, size_t count)
{
    const struct form *form = paper->form;
    double size = em(paper, STYLE_TEXT), pitch = form->styles[STYLE_TEXT].pitch;
    double word = form->left + 2 * size, number = word + 3 * size;
    if (paper->head->lang != LANG_ZH)
        number += 2 * size;
    double name = number + (count > 9 ? 1.6 : count > 1 ? 1.1 : 0) * size;
    page_skip(paper, pitch);
    for (size_t i = 0; i < count && paper->result == OK; i++) {
        struct arena_mark mark = arena_mark(paper->cx->mem);
        page_need(paper, pitch);
        if (i == 0)
            text_draw(paper, words(paper, "paper.attachment"), STYLE_TEXT, word, paper->y,
                      form->width, PAPER_LEFT);
        if (count > 1)
            text_draw(paper, arena_printf(paper->cx->mem, "%zu.", i + 1), STYLE_TEXT, number,
                      paper->y, form->width, PAPER_LEFT);
        double width = form->left + form->width - name;
        struct layout layout = layout_make(paper, names[i], STYLE_TEXT, width, PAPER_LEFT);
        layout_flow(paper, &layout, name);
        arena_rewind(paper->cx->mem, mark);
    }
}

static const char *date_words(struct paper *paper, struct date date)
{
    struct ymd ymd = date_ymd(date);
    struct arena *mem = paper->cx->mem;
    const char *args[3] = {arena_printf(mem, "%d", ymd.year), arena_printf(mem, "%d", ymd.month),
                           arena_printf(mem, "%d", ymd.day)};
    return texts_fill(mem, "paper.date", paper->head->lang, args);
}

/* The date ends four characters from the edge, and the issuer is centred above it; a longer issuer
 * ends two characters from the edge instead. */
void paper_closing(struct paper *paper, const char *issuer, struct date date)
{
    struct arena_mark mark = arena_mark(paper->cx->mem);
    double size = em(paper, STYLE_TEXT), pitch = paper->form->styles[STYLE_TEXT].pitch;
    double right = paper->form->left + paper->form->width;
    const char *day = date_words(paper, date);
    double day_width = 0.55 * size * (double)utf8_count(day) + 1.5 * size;
    double issuer_width = size * (double)utf8_count(issuer);
    double middle = right - 4 * size - day_width / 2;
    if (middle + issuer_width / 2 > right - 2 * size)
        middle = right - 2 * size - issuer_width / 2;
    page_skip(paper, pitch);
    page_need(paper, 2 * pitch);
    double half = right - middle;
    if (issuer_width > paper->form->width - 2 * size)
        line_flow(paper, issuer, STYLE_TEXT, PAPER_RIGHT);
    else {
        text_draw(paper, issuer, STYLE_TEXT, middle - half, paper->y, 2 * half, PAPER_CENTRE);
        paper->y += pitch;
    }
    text_draw(paper, day, STYLE_TEXT, right - 4 * size - day_width, paper->y, day_width,
              PAPER_CENTRE);
    paper->y += pitch;
    arena_rewind(paper->cx->mem, mark);
}

/* ---- signatures ---- */

/* YYYY-MM-DD HH:MM:SS +08:00, to the second */
static const char *clock_text(struct paper *paper, struct instant at)
{
    char text[INSTANT_MAX_TEXT];
    instant_format(at, text);
    return arena_printf(paper->cx->mem, "%.10s %.8s +08:00", text, text + 11);
}

static const char *signature_words(struct paper *paper, const struct paper_signature *signature)
{
    struct text text = text_new(paper->cx->mem, 512);
    if (signature->at.ms == 0) {
        text_printf(&text, "%s\n\n\n%s", words(paper, "paper.unsigned"),
                    words(paper, "paper.unsigned_date"));
        return text_end(&text);
    }
    const char *at = clock_text(paper, signature->at);
    text_printf(&text, "%s\n%s\n%s\n%s\n%s", words_with(paper, "paper.signed", signature->name),
                words_with(paper, "paper.signed_at", at), words(paper, "paper.signed_how"),
                words(paper, "paper.signed_hash"), signature->hash);
    return text_end(&text);
}

/* One or two, whose boxes stay on one page. */
static void signature_pair(struct paper *paper, const struct paper_signature *signatures,
                           size_t count)
{
    double width = paper->form->width / (double)count;
    struct box parties[2], details[2];
    for (size_t i = 0; i < count; i++) {
        parties[i] = (struct box){signatures[i].party, width, STYLE_LABEL, PAPER_LEFT};
        details[i] =
            (struct box){signature_words(paper, &signatures[i]), width, STYLE_CELL, PAPER_LEFT};
    }
    page_need(paper, grid_height(paper, parties, count) + grid_height(paper, details, count));
    grid_row(paper, parties, count);
    grid_row(paper, details, count);
}

void paper_signatures(struct paper *paper, const struct paper_signature *signatures, size_t count)
{
    struct arena_mark mark = arena_mark(paper->cx->mem);
    bool any = false;
    page_skip(paper, em(paper, STYLE_TEXT));
    for (size_t i = 0; i < count && paper->result == OK; i += 2) {
        size_t side = count - i < 2 ? 1 : 2;
        for (size_t k = i; k < i + side; k++)
            any |= signatures[k].at.ms != 0;
        signature_pair(paper, signatures + i, side);
    }
    page_skip(paper, em(paper, STYLE_SMALL) / 2);
    if (any)
        paper_note(paper, words(paper, "paper.signed_law"));
    arena_rewind(paper->cx->mem, mark);
}
