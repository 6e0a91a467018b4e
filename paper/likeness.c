/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "paper/likeness.h"

#include <png.h>
#include <string.h>
#include <turbojpeg.h>

#define ACROSS 9
#define DOWN 8
#define EVEN 2           /* brightness levels between neighbours that say nothing */
#define TELLING_LEAST 12 /* spots of 64 that have to say something */

/* Grey values, one byte each, row by row. */
struct grey {
    unsigned char *at;
    int width, height;
};

static bool fits(int64_t width, int64_t height)
{
    return width >= ACROSS && height >= DOWN && width * height <= LIKENESS_PIXELS;
}

/* The decoder shrinks it to an eighth on its way, where enough is left of it. */
static bool jpeg_grey(struct arena *arena, tjhandle decoder, const void *bytes, size_t len,
                      struct grey *out)
{
    static const tjscalingfactor EIGHTH = {1, 8}, WHOLE = {1, 1};
    int width, height, sampling, colours;
    if (tjDecompressHeader3(decoder, bytes, len, &width, &height, &sampling, &colours) != 0 ||
        !fits(width, height))
        return false;
    const tjscalingfactor scale =
        width >= 8 * 8 * ACROSS && height >= 8 * 8 * DOWN ? EIGHTH : WHOLE;
    *out = (struct grey){.width = TJSCALED(width, scale), .height = TJSCALED(height, scale)};
    out->at = arena_alloc(arena, (size_t)out->width * (size_t)out->height);
    return tjDecompress2(decoder, bytes, len, out->at, out->width, 0, out->height, TJPF_GRAY, 0) ==
               0 ||
           tjGetErrorCode(decoder) == TJERR_WARNING;
}

static bool png_grey(struct arena *arena, png_image *image, const void *bytes, size_t len,
                     struct grey *out)
{
    if (!png_image_begin_read_from_memory(image, bytes, len) || !fits(image->width, image->height))
        return false;
    image->format = PNG_FORMAT_GRAY;
    *out = (struct grey){.width = (int)image->width, .height = (int)image->height};
    out->at = arena_alloc(arena, PNG_IMAGE_SIZE(*image));
    const png_color white = {255, 255, 255}; /* under what is transparent */
    return png_image_finish_read(image, &white, out->at, 0, NULL) != 0;
}

static bool picture_grey(struct arena *arena, const void *bytes, size_t len, struct grey *out)
{
    bool read = false;
    if (len > 8 && memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) == 0) {
        png_image image = {.version = PNG_IMAGE_VERSION};
        read = png_grey(arena, &image, bytes, len, out);
        png_image_free(&image);
    } else if (len > 4 && memcmp(bytes, "\xFF\xD8\xFF", 3) == 0) {
        tjhandle decoder = tjInitDecompress();
        read = decoder && jpeg_grey(arena, decoder, bytes, len, out);
        if (decoder)
            tjDestroy(decoder);
    }
    return read;
}

/* The mean brightness of one spot of the grid. */
static int spot(const struct grey *grey, int across, int down)
{
    const int left = grey->width * across / ACROSS, right = grey->width * (across + 1) / ACROSS;
    const int top = grey->height * down / DOWN, bottom = grey->height * (down + 1) / DOWN;
    int64_t sum = 0;
    for (int y = top; y < bottom; y++)
        for (int x = left; x < right; x++)
            sum += grey->at[(size_t)y * (size_t)grey->width + (size_t)x];
    return (int)(sum / ((int64_t)(right - left) * (bottom - top)));
}

bool picture_likeness(struct arena *arena, const void *bytes, size_t len, uint64_t *out)
{
    struct grey grey;
    int telling = 0;
    *out = 0;
    if (!picture_grey(arena, bytes, len, &grey))
        return false;
    for (int down = 0; down < DOWN; down++) {
        int before = spot(&grey, 0, down);
        for (int across = 1; across < ACROSS; across++) {
            const int here = spot(&grey, across, down);
            telling += here - before > EVEN || before - here > EVEN;
            *out = *out << 1 | (before > here + EVEN);
            before = here;
        }
    }
    return telling >= TELLING_LEAST;
}

int likeness_distance(uint64_t a, uint64_t b)
{
    return __builtin_popcountll(a ^ b);
}
