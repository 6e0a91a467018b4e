/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the parts of this folder share: the page being filled, and how text gets onto it. Lengths
 * are points, from the upper left corner of the page. */
#ifndef PAPER_PRIVATE_H
#define PAPER_PRIVATE_H

#include "paper/paper.h"
#include "paper/qr.h"

#include <cairo.h>
#include <pango/pango.h>

#define MM(length) ((length)*72.0 / 25.4)
#define PAGE_WIDTH MM(210)
#define PAGE_HEIGHT MM(297)

enum style {
    STYLE_LETTERHEAD,
    STYLE_TITLE,
    STYLE_HEADING,
    STYLE_TEXT,
    STYLE_LABEL, /* titles of a table, labels of facts */
    STYLE_CELL,
    STYLE_SMALL,
    STYLE_WATERMARK,
    STYLE_COUNT
};

struct form {
    double left, top, width, height; /* of the area for text */
    struct {
        double size, pitch; /* of the letters; from line to line */
    } styles[STYLE_COUNT];
};

struct paper {
    struct ctx *cx;
    const struct paper_head *head;
    const struct form *form;
    enum result result; /* the first failure */
    PangoContext *pango;
    PangoFontDescription *fonts[STYLE_COUNT];
    cairo_t *cairo; /* NULL while the pages are counted */
    struct qr qr;
    int page, pages;
    double y; /* where the next thing goes */
    const struct paper_column *columns;
    size_t column_count;
    bool repeat_titles; /* a table is open, and its titles leave room for rows */
};

/* ---- the page (paper.c) ---- */
void paper_fail(struct paper *paper, enum result result);
double paper_bottom(const struct paper *paper);
double paper_room(const struct paper *paper);
/* Begins the next page; within a table with its titles. */
void page_break(struct paper *paper);
/* Begins the next page if there is less room than `height` here, but more there. */
void page_need(struct paper *paper, double height);
/* Space between two things; none at the top of a page. */
void page_skip(struct paper *paper, double height);

/* ---- text (layout.c) ---- */
/* All lines of a layout are a style's pitch high, whatever fonts their characters come from. */
struct layout {
    PangoLayout *pango;
    double pitch;
    int lines;
};
/* BROKEN when one of the fonts is not installed. */
MUST_USE enum result fonts_open(struct paper *paper);
void fonts_close(struct paper *paper);
struct layout layout_make(struct paper *paper, const char *text, enum style style, double width,
                          enum paper_align align);
void layout_free(struct layout *layout);
/* Draws `count` lines from `first` on. */
void layout_draw(struct paper *paper, const struct layout *layout, int first, int count, double x,
                 double y);
/* Down the page and over the next ones; frees the layout. */
void layout_flow(struct paper *paper, struct layout *layout, double x);
/* Makes, draws at a place and frees. */
void text_draw(struct paper *paper, const char *text, enum style style, double x, double y,
               double width, enum paper_align align);
double em(const struct paper *paper, enum style style);

/* ---- rows of boxes (grid.c) ---- */
struct box {
    const char *text;
    double width;
    enum style style;
    enum paper_align align;
};
void grid_row(struct paper *paper, const struct box *boxes, size_t count);
/* How high the row will be. */
double grid_height(struct paper *paper, const struct box *boxes, size_t count);
/* The titles of the open table, at the top of a page. */
void grid_titles(struct paper *paper);

#endif
