/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "main/demo_picture.h"

#include <string.h>
#include <turbojpeg.h>

#define WIDTH 640
#define HEIGHT 480
#define HORIZON 150

/* Walls above the horizon, tiles below it, and a stain on them, at another place for each kind. */
static int brightness(int x, int y, int kind)
{
    const int stain_x = 180 + kind * 97 % 300, stain_y = 260 + kind * 61 % 140;
    const int dx = (x - stain_x) / 2, dy = y - stain_y;
    if (y < HORIZON)
        return 196 - (x + kind * 83) / 90 % 3 * 14 - (HORIZON - y) / 6;
    const int depth = 6000 / (y - HORIZON + 24);
    const int across = (x - WIDTH / 2) * depth / 100;
    const int tile = (across / 24 + depth / 9 + kind + 1000) % 2;
    if (dx * dx + dy * dy < 900 + kind * 37 % 500)
        return 84 + (x * 7 + y * 3 + kind) % 13;
    return 150 + tile * 22 + (y - HORIZON) / 8;
}

const void *demo_picture(struct arena *arena, int kind, size_t *out_len)
{
    unsigned char *dots = arena_alloc(arena, (size_t)WIDTH * HEIGHT * 3);
    unsigned char *made = NULL;
    unsigned long len = 0;
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            const int light = brightness(x, y, kind);
            unsigned char *dot = dots + ((size_t)y * WIDTH + (size_t)x) * 3;
            dot[0] = (unsigned char)light;
            dot[1] = (unsigned char)(light - 3);
            dot[2] = (unsigned char)(light - 12);
        }
    tjhandle encoder = tjInitCompress();
    (void)tjCompress2(encoder, dots, WIDTH, 0, HEIGHT, TJPF_RGB, &made, &len, TJSAMP_420, 70, 0);
    const void *kept = arena_copy(arena, (const char *)made, len);
    tjFree(made);
    tjDestroy(encoder);
    *out_len = len;
    return kept;
}
