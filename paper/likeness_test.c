/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "paper/likeness.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <png.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

#define WIDTH 1600
#define HEIGHT 1200

struct bytes {
    unsigned char *at;
    size_t len;
};

/* A floor with lamps, shelves and a stain, seen from another place for each `place`. */
static unsigned char *scene(struct arena *arena, int width, int height, int place, int brighter)
{
    unsigned char *grey = arena_alloc(arena, (size_t)width * (size_t)height);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            const int u = x * 16 / width, v = y * 12 / height;
            const int light = (u * 37 + v * 53 + u * v * (11 + place) + place * 71) % 97 + 60;
            grey[y * width + x] = (unsigned char)(light + brighter);
        }
    return grey;
}

static struct bytes jpeg(struct arena *arena, const unsigned char *grey, int width, int height,
                         int quality)
{
    unsigned char *made = NULL;
    unsigned long len = 0;
    tjhandle encoder = tjInitCompress();
    assert_int_equal(tjCompress2(encoder, grey, width, 0, height, TJPF_GRAY, &made, &len,
                                 TJSAMP_GRAY, quality, 0),
                     0);
    struct bytes out = {(unsigned char *)arena_copy(arena, (const char *)made, len), len};
    tjFree(made);
    tjDestroy(encoder);
    return out;
}

static struct bytes png(struct arena *arena, const unsigned char *grey, int width, int height)
{
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = (unsigned)width,
                       .height = (unsigned)height,
                       .format = PNG_FORMAT_GRAY};
    png_alloc_size_t len = PNG_IMAGE_PNG_SIZE_MAX(image);
    struct bytes out = {arena_alloc(arena, len), 0};
    assert_true(png_image_write_to_memory(&image, out.at, &len, 0, grey, 0, NULL));
    out.len = len;
    return out;
}

static uint64_t likeness(struct arena *arena, struct bytes picture)
{
    uint64_t found;
    assert_true(picture_likeness(arena, picture.at, picture.len, &found));
    return found;
}

static void a_picture_saved_again_shrunk_or_brightened_is_the_same(void **state)
{
    struct arena *arena = *state;
    const unsigned char *whole = scene(arena, WIDTH, HEIGHT, 1, 0);
    const uint64_t first = likeness(arena, jpeg(arena, whole, WIDTH, HEIGHT, 90));
    const struct bytes again[] = {
        jpeg(arena, whole, WIDTH, HEIGHT, 40),
        jpeg(arena, scene(arena, 640, 480, 1, 0), 640, 480, 80),
        jpeg(arena, scene(arena, 120, 90, 1, 0), 120, 90, 80),
        jpeg(arena, scene(arena, WIDTH, HEIGHT, 1, 25), WIDTH, HEIGHT, 80),
        png(arena, whole, WIDTH, HEIGHT),
    };
    for (size_t i = 0; i < sizeof again / sizeof again[0]; i++)
        assert_in_range(likeness_distance(first, likeness(arena, again[i])), 0, LIKENESS_SAME);
}

static void pictures_of_other_places_differ(void **state)
{
    struct arena *arena = *state;
    uint64_t all[8];
    for (int place = 0; place < 8; place++) {
        all[place] =
            likeness(arena, jpeg(arena, scene(arena, WIDTH, HEIGHT, place, 0), WIDTH, HEIGHT, 80));
        for (int other = 0; other < place; other++)
            assert_true(likeness_distance(all[place], all[other]) > LIKENESS_SAME);
    }
}

static void what_shows_nothing_has_no_likeness(void **state)
{
    struct arena *arena = *state;
    uint64_t found;
    unsigned char *wall = arena_alloc(arena, (size_t)WIDTH * HEIGHT);
    memset(wall, 140, (size_t)WIDTH * HEIGHT);
    const struct bytes even = jpeg(arena, wall, WIDTH, HEIGHT, 80);
    const struct bytes tiny = png(arena, wall, 4, 4);
    assert_false(picture_likeness(arena, even.at, even.len, &found));
    assert_false(picture_likeness(arena, tiny.at, tiny.len, &found));
}

static void what_is_no_picture_or_broken_has_none_and_harms_nothing(void **state)
{
    struct arena *arena = *state;
    uint64_t found;
    const struct bytes whole[] = {
        jpeg(arena, scene(arena, 320, 240, 2, 0), 320, 240, 80),
        png(arena, scene(arena, 320, 240, 2, 0), 320, 240),
    };
    assert_false(picture_likeness(arena, "GIF89a trailing", 15, &found));
    assert_false(picture_likeness(arena, "", 0, &found));
    for (size_t i = 0; i < 2; i++) {
        assert_false(picture_likeness(arena, whole[i].at, 20, &found));
        for (size_t len = 0; len < whole[i].len; len += 61) /* cut off anywhere */
            (void)picture_likeness(arena, whole[i].at, len, &found);
        for (size_t at = 8; at < whole[i].len; at += 37) { /* a byte wrong anywhere */
            struct bytes wrong = {
                (unsigned char *)arena_copy(arena, (const char *)whole[i].at, whole[i].len),
                whole[i].len};
            wrong.at[at] ^= 0x55;
            (void)picture_likeness(arena, wrong.at, wrong.len, &found);
        }
    }
}

static int begin(void **state)
{
    *state = arena_new();
    return 0;
}

static int end(void **state)
{
    arena_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_picture_saved_again_shrunk_or_brightened_is_the_same),
        cmocka_unit_test(pictures_of_other_places_differ),
        cmocka_unit_test(what_shows_nothing_has_no_likeness),
        cmocka_unit_test(what_is_no_picture_or_broken_has_none_and_harms_nothing),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
