/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How a file is read: which row is its header, and which column goes where. Guessed from the first
 * rows, corrected by whoever imports. */
#ifndef IMPORTS_PLAN_H
#define IMPORTS_PLAN_H

#include "app/imports/spec.h"
#include "sheets/sheets.h"

#define PREVIEW_ROWS 20

/* The first rows that are not blank. */
struct preview_row {
    int number, count;
    const char **cells;
};
struct preview {
    struct preview_row rows[PREVIEW_ROWS];
    int count;
};
/* Results: INVALID sheet.…; what is wrong further down is found when the file is read whole. */
MUST_USE enum result preview_read(struct ctx *cx, const void *bytes, size_t len,
                                  struct preview *out);
const struct preview_row *preview_find(const struct preview *preview, int number);
/* As JSON, and back. */
const char *preview_write(struct arena *arena, const struct preview *preview);
bool preview_parse(struct arena *arena, const char *json, struct preview *out);

struct plan {
    int header_row; /* 0: there is none among the first rows */
    int width;      /* columns of the header */
    const char *titles[SHEET_COLUMNS];
    const struct import_column *columns[SHEET_COLUMNS];              /* NULL: not imported */
    const struct field *fields[SHEET_COLUMNS], *also[SHEET_COLUMNS]; /* theirs */
    bool in_wan[SHEET_COLUMNS]; /* amounts without a unit are 万元 */
};
/* `header_row`: 0 to find it. */
void plan_guess(struct arena *arena, const struct import_spec *spec, const struct preview *preview,
                int header_row, struct plan *out);
/* The columns as a text to be kept, ",number,name,,unit_id", and from one. */
const char *plan_mapping(struct arena *arena, const struct plan *plan);
void plan_map(struct arena *arena, const struct import_spec *spec, const char *mapping,
              struct plan *plan);
/* The file's column that holds a field; -1 when none does. */
int plan_column_of(const struct plan *plan, const char *field);
/* The name by which a column is known in a mapping: its field, both of them when it holds two. */
const char *column_name(struct arena *arena, const struct import_column *column);

#endif
