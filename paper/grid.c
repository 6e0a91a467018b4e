/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of bordered boxes: tables, facts, signatures. */
#include "paper/paper_private.h"

#define PAD_X 4.0
#define PAD_Y 3.0
#define RULE 0.5 /* width of the lines */

/* What the boxes of one row hold while it is drawn. */
struct row_layout {
    struct layout cells[PAPER_COLUMNS];
    const struct box *boxes;
    size_t count;
    int lines; /* of the longest cell */
    double pitch;
};

static struct row_layout row_make(struct paper *paper, const struct box *boxes, size_t count)
{
    struct row_layout row = {.boxes = boxes, .count = count};
    for (size_t i = 0; i < count; i++) {
        const struct box *box = &boxes[i];
        row.cells[i] =
            layout_make(paper, box->text, box->style, box->width - 2 * PAD_X, box->align);
        if (row.cells[i].lines > row.lines)
            row.lines = row.cells[i].lines;
        if (row.cells[i].pitch > row.pitch)
            row.pitch = row.cells[i].pitch;
    }
    return row;
}

static void row_free(struct row_layout *row)
{
    for (size_t i = 0; i < row->count; i++)
        layout_free(&row->cells[i]);
}

static double row_height(const struct row_layout *row, int lines)
{
    return lines * row->pitch + 2 * PAD_Y;
}

static void box_frame(cairo_t *cairo, double x, double y, double width, double height, bool shaded)
{
    cairo_rectangle(cairo, x, y, width, height);
    if (shaded) {
        cairo_set_source_rgb(cairo, 0.95, 0.95, 0.95);
        cairo_fill_preserve(cairo);
        cairo_set_source_rgb(cairo, 0, 0, 0);
    }
    cairo_set_line_width(cairo, RULE);
    cairo_stroke(cairo);
}

/* `count` lines from `first` on; shorter cells of a whole row stand in its middle. */
static void row_draw(struct paper *paper, const struct row_layout *row, int first, int count)
{
    if (!paper->cairo)
        return;
    double x = paper->form->left, height = row_height(row, count);
    for (size_t i = 0; i < row->count; i++) {
        const struct layout *cell = &row->cells[i];
        const struct box *box = &row->boxes[i];
        int left = cell->lines - first;
        int lines = left < count ? left : count;
        double above = count == row->lines ? (height - cell->lines * cell->pitch) / 2 : PAD_Y;
        box_frame(paper->cairo, x, paper->y, box->width, height, box->style == STYLE_LABEL);
        if (lines > 0)
            layout_draw(paper, cell, first, lines, x + PAD_X, paper->y + above);
        x += box->width;
    }
}

/* Over as many pages as it takes. A page always holds a line: titles that do not leave room for
 * rows are not repeated. */
static void row_flow(struct paper *paper, const struct row_layout *row)
{
    int next = 0;
    while (next < row->lines && paper->result == OK) {
        int fit = (int)((paper_room(paper) - 2 * PAD_Y) / row->pitch);
        if (fit < 1) {
            page_break(paper);
            continue;
        }
        int count = fit < row->lines - next ? fit : row->lines - next;
        row_draw(paper, row, next, count);
        paper->y += row_height(row, count);
        next += count;
    }
}

void grid_row(struct paper *paper, const struct box *boxes, size_t count)
{
    struct row_layout row = row_make(paper, boxes, count);
    page_need(paper, row_height(&row, row.lines));
    row_flow(paper, &row);
    row_free(&row);
}

double grid_height(struct paper *paper, const struct box *boxes, size_t count)
{
    struct row_layout row = row_make(paper, boxes, count);
    double height = row_height(&row, row.lines);
    row_free(&row);
    return height;
}

/* ---- tables ---- */

static double column_width(const struct paper *paper, size_t column)
{
    int shares = 0;
    for (size_t i = 0; i < paper->column_count; i++)
        shares += paper->columns[i].share;
    return shares > 0 ? paper->form->width * paper->columns[column].share / shares
                      : paper->form->width / (double)paper->column_count;
}

static size_t title_boxes(const struct paper *paper, struct box boxes[PAPER_COLUMNS])
{
    for (size_t i = 0; i < paper->column_count; i++)
        boxes[i] = (struct box){paper->columns[i].title, column_width(paper, i), STYLE_LABEL,
                                PAPER_CENTRE};
    return paper->column_count;
}

void grid_titles(struct paper *paper)
{
    struct box boxes[PAPER_COLUMNS];
    struct row_layout row = row_make(paper, boxes, title_boxes(paper, boxes));
    row_draw(paper, &row, 0, row.lines);
    paper->y += row_height(&row, row.lines);
    row_free(&row);
}

void paper_table_begin(struct paper *paper, const struct paper_column *columns, size_t count)
{
    struct box boxes[PAPER_COLUMNS];
    paper->columns = columns;
    paper->column_count = count < PAPER_COLUMNS ? count : PAPER_COLUMNS;
    size_t boxed = title_boxes(paper, boxes);
    double height = grid_height(paper, boxes, boxed);
    page_skip(paper, em(paper, STYLE_CELL) / 2);
    page_need(paper, 2 * height); /* titles never stand alone at the end of a page */
    grid_row(paper, boxes, boxed);
    paper->repeat_titles = height <= paper->form->height / 3;
}

void paper_row(struct paper *paper, const char *const *cells)
{
    struct box boxes[PAPER_COLUMNS];
    if (paper->result != OK)
        return;
    for (size_t i = 0; i < paper->column_count; i++)
        boxes[i] =
            (struct box){cells[i], column_width(paper, i), STYLE_CELL, paper->columns[i].align};
    grid_row(paper, boxes, paper->column_count);
}

void paper_table_end(struct paper *paper)
{
    paper->repeat_titles = false;
    paper->column_count = 0;
    paper->y += em(paper, STYLE_CELL) / 2;
}

/* ---- facts ---- */

#define LABEL_PERCENT 18

void paper_facts(struct paper *paper, const struct paper_fact *facts, size_t count)
{
    double label = paper->form->width * LABEL_PERCENT / 100;
    double half = paper->form->width / 2 - label, whole = paper->form->width - label;
    page_skip(paper, em(paper, STYLE_CELL) / 2);
    for (size_t i = 0; i < count && paper->result == OK; i++) {
        const struct paper_fact *fact = &facts[i];
        bool paired = !fact->wide && i + 1 < count && !fact[1].wide;
        struct box boxes[] = {
            {fact->label, label, STYLE_LABEL, PAPER_LEFT},
            {fact->value, paired ? half : whole, STYLE_CELL, PAPER_LEFT},
            {paired ? fact[1].label : "", label, STYLE_LABEL, PAPER_LEFT},
            {paired ? fact[1].value : "", half, STYLE_CELL, PAPER_LEFT},
        };
        grid_row(paper, boxes, paired ? 4 : 2);
        i += paired;
    }
    paper->y += em(paper, STYLE_CELL) / 2;
}
