/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What holds for the rows of every file, whatever its bytes. */
#ifndef FUZZ_SHEET_CHECK_H
#define FUZZ_SHEET_CHECK_H

#include "base/text.h"
#include "sheets/sheets.h"

#include <assert.h>
#include <string.h>

static inline enum result sheet_row_check(void *host, const struct row *row)
{
    int *last = host;
    assert(row->number > *last);
    assert(row->count >= 0 && row->count <= SHEET_COLUMNS);
    assert(row->count == 0 || row->cells[row->count - 1].text[0] != '\0');
    for (int i = 0; i < row->count; i++) {
        const struct cell *cell = &row->cells[i];
        assert(utf8_valid(cell->text, strlen(cell->text)));
        assert(cell->number || !cell->date || strlen(cell->text) == strlen("2026-03-01"));
    }
    *last = row->number;
    return OK;
}

static inline void sheet_check(struct ctx *cx, const void *bytes, size_t len)
{
    int last = 0;
    enum result result = sheet_read(cx, bytes, len, sheet_row_check, &last);
    assert(result == OK || (result == INVALID && cx->fault.code));
}

#endif
