/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the tests of this folder share: a whole file read into one text, so that a test is a
 * comparison of texts.
 *
 * Each row becomes a line "number|cell|cell", numbers marked by # and dates by @. A failure becomes
 * the last line: "!code {0}". */
#ifndef SHEETS_TEST_H
#define SHEETS_TEST_H

#include "base/text.h"
#include "sheets/sheets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static inline int set_up(void **state)
{
    struct ctx *cx = calloc(1, sizeof *cx);
    cx->mem = arena_new();
    *state = cx;
    return 0;
}

static inline int tear_down(void **state)
{
    struct ctx *cx = *state;
    arena_free(cx->mem);
    free(cx);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static inline enum result row_line(void *host, const struct row *row)
{
    struct text *lines = host;
    text_int(lines, row->number);
    for (int i = 0; i < row->count; i++) {
        const struct cell *cell = &row->cells[i];
        text_puts(lines, "|");
        text_puts(lines, cell->date ? "@" : cell->number ? "#" : "");
        text_puts(lines, cell->text);
    }
    text_puts(lines, "\n");
    return OK;
}

static inline const char *sheet_lines(struct ctx *cx, struct span file)
{
    struct text lines = text_new(cx->mem, 256);
    cx->fault = (struct fault){0};
    enum result result = sheet_read(cx, file.at, file.len, row_line, &lines);
    if (result != OK) {
        assert_int_equal(result, INVALID);
        text_puts(&lines, "!");
        text_puts(&lines, cx->fault.code);
        if (cx->fault.args[0])
            text_printf(&lines, " %s", cx->fault.args[0]);
    }
    return text_end(&lines);
}

static inline struct span file_bytes(struct ctx *cx, FILE *file)
{
    fseek(file, 0, SEEK_END);
    size_t len = (size_t)ftell(file);
    rewind(file);
    char *bytes = arena_alloc(cx->mem, len + 1);
    assert_int_equal(fread(bytes, 1, len, file), len);
    return (struct span){bytes, len};
}

/* A file as offices send it; the test is skipped where there are none. */
static inline struct span sample(struct ctx *cx, const char *name)
{
    const char *folder = getenv("LUYUE_SAMPLES");
    const char *path = arena_printf(cx->mem, "%s/%s", folder ? folder : "../shared/samples", name);
    FILE *file = fopen(path, "rb");
    if (!file)
        skip();
    struct span bytes = file_bytes(cx, file);
    fclose(file);
    return bytes;
}

#endif
