/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Pictures: PNG is drawn, JPEG goes into the file as it is. */
#include "paper/paper_private.h"

#include <string.h>

#define DOTS_PER_INCH 150.0 /* a small picture is not blown up beyond this */

struct picture {
    const unsigned char *at;
    size_t len;
    bool jpeg;
    int width, height;
};

static unsigned big_endian(const unsigned char *at, int bytes)
{
    unsigned value = 0;
    for (int i = 0; i < bytes; i++)
        value = value << 8 | at[i];
    return value;
}

/* A segment that begins a frame (SOF) and thus tells the size, not one of DHT, JPG, DAC. */
static bool is_frame(unsigned char marker)
{
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

static bool jpeg_size(struct picture *picture)
{
    size_t at = 2;
    while (at + 9 < picture->len && picture->at[at] == 0xFF) {
        const unsigned char *segment = picture->at + at;
        if (is_frame(segment[1])) {
            picture->height = (int)big_endian(segment + 5, 2);
            picture->width = (int)big_endian(segment + 7, 2);
            return true;
        }
        at += segment[1] == 0xFF ? 1 : 2 + big_endian(segment + 2, 2);
    }
    return false;
}

static bool png_size(struct picture *picture)
{
    if (picture->len < 24)
        return false;
    unsigned width = big_endian(picture->at + 16, 4), height = big_endian(picture->at + 20, 4);
    if (width > INT16_MAX || height > INT16_MAX) /* more than cairo's images hold */
        return false;
    picture->width = (int)width;
    picture->height = (int)height;
    return true;
}

static bool picture_open(const void *bytes, size_t len, struct picture *out)
{
    *out = (struct picture){.at = bytes, .len = len};
    bool known = false;
    if (len > 8 && memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) == 0)
        known = png_size(out);
    else if (len > 4 && memcmp(bytes, "\xFF\xD8\xFF", 3) == 0) {
        out->jpeg = true;
        known = jpeg_size(out);
    }
    return known && out->width > 0 && out->height > 0 && out->width <= INT16_MAX &&
           out->height <= INT16_MAX;
}

static cairo_status_t png_next(void *closure, unsigned char *out, unsigned len)
{
    struct picture *rest = closure;
    if (len > rest->len)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(out, rest->at, len);
    rest->at += len;
    rest->len -= len;
    return CAIRO_STATUS_SUCCESS;
}

/* The surface of a JPEG has its size only; cairo puts the file's bytes in its place. */
static cairo_surface_t *jpeg_surface(const struct picture *picture)
{
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, picture->width, picture->height);
    unsigned char *copy = g_memdup2(picture->at, picture->len);
    cairo_status_t set = cairo_surface_set_mime_data(surface, CAIRO_MIME_TYPE_JPEG, copy,
                                                     picture->len, g_free, copy);
    if (set != CAIRO_STATUS_SUCCESS)
        g_free(copy);
    return surface;
}

static void picture_draw(struct paper *paper, struct picture *picture, double width, double height)
{
    cairo_t *cairo = paper->cairo;
    cairo_surface_t *surface = picture->jpeg
                                   ? jpeg_surface(picture)
                                   : cairo_image_surface_create_from_png_stream(png_next, picture);
    if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS) {
        paper_fail(paper, fail(paper->cx, INVALID, "paper.picture"));
    } else {
        cairo_save(cairo);
        cairo_translate(cairo, paper->form->left + (paper->form->width - width) / 2, paper->y);
        cairo_scale(cairo, width / picture->width, height / picture->height);
        cairo_set_source_surface(cairo, surface, 0, 0);
        cairo_paint(cairo);
        cairo_restore(cairo);
    }
    cairo_surface_destroy(surface);
}

static double least(double a, double b)
{
    return a < b ? a : b;
}

void paper_picture(struct paper *paper, const void *bytes, size_t len, int percent,
                   const char *caption)
{
    struct picture picture;
    if (paper->result != OK)
        return;
    if (!picture_open(bytes, len, &picture)) {
        paper_fail(paper, fail(paper->cx, INVALID, "paper.picture"));
        return;
    }
    if ((int64_t)picture.width * picture.height > PAPER_PICTURE_PIXELS) {
        paper_fail(paper, fail(paper->cx, TOO_LARGE, "paper.picture_too_large",
                               text_count(paper->cx->mem, PAPER_PICTURE_PIXELS / 1000000)));
        return;
    }
    const struct form *form = paper->form;
    struct layout words = layout_make(paper, caption, STYLE_SMALL, form->width, PAPER_CENTRE);
    double below = least(words.lines * words.pitch, form->height / 2);
    double width = least(form->width * percent / 100, picture.width * 72 / DOTS_PER_INCH);
    double scale =
        least(width / picture.width, (form->height - below - words.pitch) / picture.height);
    double height = picture.height * scale;
    page_skip(paper, words.pitch / 2);
    page_need(paper, height + words.pitch / 2 + below);
    if (paper->cairo)
        picture_draw(paper, &picture, picture.width * scale, height);
    paper->y += height + words.pitch / 2;
    layout_flow(paper, &words, form->left);
}
