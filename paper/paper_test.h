/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the tests of this folder share: a context with the real words, a folder of its own for each
 * test, and what the tools that offices have say of a file that was made there. */
#ifndef PAPER_TEST_H
#define PAPER_TEST_H

#include "base/hash.h"
#include "base/text.h"
#include "base/texts.h"
#include "main/generated.h"
#include "paper/leaks_test.h"

#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* zbar has much to say about what else it sees. */
#define SCAN "zbarimg -q --raw -Sdisable -Sqrcode.enable 2>scan.txt"
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

struct desk {
    struct ctx cx;
    struct keys keys;
    char folder[64];
};

static inline int set_up(void **state)
{
    struct desk *desk = calloc(1, sizeof *desk);
    hash_start();
    texts_use(TEXTS, TEXT_COUNT);
    desk->cx.mem = arena_new();
    keys_derive(&desk->keys, (const unsigned char[32]){1});
    desk->cx.keys = &desk->keys;
    snprintf(desk->folder, sizeof desk->folder, P_tmpdir "/paper-XXXXXX");
    if (!mkdtemp(desk->folder))
        return -1;
    *state = desk;
    return 0;
}

static inline const char *at_path(struct desk *desk, const char *name)
{
    return arena_printf(desk->cx.mem, "%s/%s", desk->folder, name);
}

/* What a command says, run in the folder of the test; it must succeed. */
static inline const char *tool(struct desk *desk, const char *command)
{
    struct text said = text_new(desk->cx.mem, 4096);
    FILE *pipe = popen(arena_printf(desk->cx.mem, "cd '%s' && %s", desk->folder, command), "r");
    assert_non_null(pipe);
    size_t got;
    do {
        got = fread(text_room(&said, 4096), 1, 4096, pipe);
        said.len += got;
    } while (got > 0);
    assert_int_equal(pclose(pipe), 0);
    return text_end(&said);
}

static inline void keep(struct desk *desk, const char *name, struct span bytes)
{
    FILE *file = fopen(at_path(desk, name), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.at, 1, bytes.len, file), bytes.len);
    assert_int_equal(fclose(file), 0);
}

static inline int tear_down(void **state)
{
    struct desk *desk = *state;
    (void)tool(desk, "rm -rf \"$PWD\"");
    arena_free(desk->cx.mem);
    free(desk);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* Lets go of the caches that Pango, cairo and fontconfig keep as long as the program runs. */
static inline int fonts_forget(void **state)
{
    (void)state;
    pango_cairo_font_map_set_default(NULL);
    cairo_debug_reset_static_data();
    FcFini();
    return 0;
}

#endif
