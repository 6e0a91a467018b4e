/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Text through Pango, which knows where Chinese lines may break. */
#include "paper/paper_private.h"

#include <pango/pangocairo.h>
#include <string.h>

#define TEXT_FONT "Noto Serif CJK SC"
#define HEADING_FONT "Noto Sans CJK SC"
#define LANGUAGE "zh-cn"
#define WORD_MAX 200

static const struct {
    bool heading; /* the heading family: 黑体, else 宋体 */
    PangoWeight weight;
} FACES[STYLE_COUNT] = {
    [STYLE_LETTERHEAD] = {false, PANGO_WEIGHT_BOLD},
    [STYLE_TITLE] = {false, PANGO_WEIGHT_BOLD},
    [STYLE_HEADING] = {true, PANGO_WEIGHT_NORMAL},
    [STYLE_TEXT] = {false, PANGO_WEIGHT_NORMAL},
    [STYLE_LABEL] = {true, PANGO_WEIGHT_NORMAL},
    [STYLE_CELL] = {false, PANGO_WEIGHT_NORMAL},
    [STYLE_SMALL] = {false, PANGO_WEIGHT_NORMAL},
    [STYLE_WATERMARK] = {true, PANGO_WEIGHT_NORMAL},
};

double em(const struct paper *paper, enum style style)
{
    return paper->form->styles[style].size;
}

/* fontconfig always finds some font; is it the one that was asked for? */
static bool font_is_there(struct paper *paper, const PangoFontDescription *wanted)
{
    PangoFont *font = pango_context_load_font(paper->pango, wanted);
    if (!font)
        return false;
    PangoFontDescription *got = pango_font_describe(font);
    bool there = g_ascii_strcasecmp(pango_font_description_get_family(got),
                                    pango_font_description_get_family(wanted)) == 0;
    pango_font_description_free(got);
    g_object_unref(font);
    return there;
}

enum result fonts_open(struct paper *paper)
{
    const struct paper_head *head = paper->head;
    /* The default map is the thread's own, so its fonts are opened once for all its documents. */
    paper->pango = pango_font_map_create_context(pango_cairo_font_map_get_default());
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(paper->pango, options);
    cairo_font_options_destroy(options);
    pango_cairo_context_set_resolution(paper->pango, 72); /* a unit is a point */
    pango_context_set_round_glyph_positions(paper->pango, FALSE);
    pango_context_set_base_dir(paper->pango, PANGO_DIRECTION_LTR);
    pango_context_set_language(paper->pango, pango_language_from_string(LANGUAGE));
    for (int style = 0; style < STYLE_COUNT; style++) {
        const char *family = FACES[style].heading ? head->heading_font : head->text_font;
        if (!family)
            family = FACES[style].heading ? HEADING_FONT : TEXT_FONT;
        PangoFontDescription *font = pango_font_description_new();
        paper->fonts[style] = font;
        pango_font_description_set_family(font, family);
        pango_font_description_set_weight(font, FACES[style].weight);
        pango_font_description_set_absolute_size(font, em(paper, style) * PANGO_SCALE);
        if (!font_is_there(paper, font))
            return fail(paper->cx, BROKEN, "paper.font", family);
    }
    return OK;
}

void fonts_close(struct paper *paper)
{
    for (int style = 0; style < STYLE_COUNT; style++)
        pango_font_description_free(paper->fonts[style]);
    g_object_unref(paper->pango);
}

/* "" and a failure when it cannot be printed. */
static const char *printable(struct paper *paper, const char *text, size_t *len)
{
    *len = strlen(text);
    if (*len > PAPER_TEXT_MAX)
        paper_fail(paper, fail(paper->cx, TOO_LARGE, "paper.text_too_long",
                               text_size(paper->cx->mem, PAPER_TEXT_MAX)));
    else if (!utf8_valid(text, *len))
        paper_fail(paper, fail(paper->cx, INVALID, "paper.text"));
    else
        return text;
    *len = 0;
    return "";
}

/* Are there more than WORD_MAX characters in a row between which a line may not break? */
static bool has_endless_word(const char *text, size_t len)
{
    if (len <= WORD_MAX)
        return false;
    int count = (int)utf8_count(text) + 1, word = 0, longest = 0;
    PangoLogAttr *breaks = g_new0(PangoLogAttr, count);
    pango_get_log_attrs(text, (int)len, -1, pango_language_from_string(LANGUAGE), breaks, count);
    for (int i = 0; i < count; i++) {
        word = breaks[i].is_line_break ? 0 : word + 1;
        longest = word > longest ? word : longest;
    }
    g_free(breaks);
    return longest > WORD_MAX;
}

struct layout layout_make(struct paper *paper, const char *text, enum style style, double width,
                          enum paper_align align)
{
    static const PangoAlignment ALIGNMENTS[] = {[PAPER_LEFT] = PANGO_ALIGN_LEFT,
                                                [PAPER_CENTRE] = PANGO_ALIGN_CENTER,
                                                [PAPER_RIGHT] = PANGO_ALIGN_RIGHT};
    size_t len;
    text = printable(paper, text, &len);
    double least = em(paper, style); /* a character on each line at least */
    PangoLayout *pango = pango_layout_new(paper->pango);
    pango_layout_set_font_description(pango, paper->fonts[style]);
    pango_layout_set_width(pango, (int)((width > least ? width : least) * PANGO_SCALE));
    /* Pango's time for words that do not fit a line grows with their square. */
    pango_layout_set_wrap(pango,
                          has_endless_word(text, len) ? PANGO_WRAP_CHAR : PANGO_WRAP_WORD_CHAR);
    pango_layout_set_auto_dir(pango, FALSE);
    pango_layout_set_alignment(pango, ALIGNMENTS[align]);
    pango_layout_set_text(pango, text, (int)len);
    return (struct layout){
        .pango = pango,
        .pitch = paper->form->styles[style].pitch,
        .lines = pango_layout_get_line_count(pango),
    };
}

void layout_free(struct layout *layout)
{
    g_object_unref(layout->pango);
}

void layout_draw(struct paper *paper, const struct layout *layout, int first, int count, double x,
                 double y)
{
    if (!paper->cairo)
        return;
    PangoLayoutIter *at = pango_layout_get_iter(layout->pango);
    for (int i = 0; i < first; i++)
        (void)pango_layout_iter_next_line(at);
    for (int i = 0; i < count; i++) {
        PangoRectangle box;
        pango_layout_iter_get_line_extents(at, NULL, &box);
        double height = (double)box.height / PANGO_SCALE;
        double ascent = (double)(pango_layout_iter_get_baseline(at) - box.y) / PANGO_SCALE;
        cairo_move_to(paper->cairo, x + (double)box.x / PANGO_SCALE,
                      y + i * layout->pitch + (layout->pitch - height) / 2 + ascent);
        pango_cairo_show_layout_line(paper->cairo, pango_layout_iter_get_line_readonly(at));
        (void)pango_layout_iter_next_line(at);
    }
    pango_layout_iter_free(at);
}

/* A paragraph leaves no single line at the end of a page or at the top of the next. */
void layout_flow(struct paper *paper, struct layout *layout, double x)
{
    int next = 0;
    while (next < layout->lines && paper->result == OK) {
        int fit = (int)(paper_room(paper) / layout->pitch);
        int left = layout->lines - next;
        bool lonely = fit == 1 && next == 0 && left > 1 && paper->y > paper->form->top;
        if (fit < 1 || lonely) {
            page_break(paper);
            continue;
        }
        int count = fit < left ? fit : left;
        if (left - count == 1 && count > 2)
            count--;
        layout_draw(paper, layout, next, count, x, paper->y);
        paper->y += count * layout->pitch;
        next += count;
        if (next < layout->lines)
            page_break(paper);
    }
    layout_free(layout);
}

void text_draw(struct paper *paper, const char *text, enum style style, double x, double y,
               double width, enum paper_align align)
{
    struct layout layout = layout_make(paper, text, style, width, align);
    layout_draw(paper, &layout, 0, layout.lines, x, y);
    layout_free(&layout);
}
