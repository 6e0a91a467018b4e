/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Tables as offices keep them: CSV (UTF-8 with or without BOM, GB18030) and XLSX, read as rows of
 * texts and written as they are made. Knows nothing of fields or records. */
#ifndef SHEETS_H
#define SHEETS_H

#include "base/ctx.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define SHEET_COLUMNS 200

struct cell {
    const char *text; /* "" when empty; a number of a spreadsheet as its shortest decimal text */
    bool number;      /* it was a number: may be a day number; style decides `date` */
    bool date;        /* its style shows a date; text is then YYYY-MM-DD (a time of day alone:
                       * neither number nor date, HH:MM or HH:MM:SS) */
    bool mended;      /* somebody wrote it anew since */
};
struct row {
    int number; /* in the file, from 1, as a spreadsheet shows it */
    const struct cell *cells;
    int count; /* cells up to the last non-empty one; 0: a blank row */
};

enum sheet_kind { SHEET_UNKNOWN, SHEET_CSV, SHEET_XLSX };
enum sheet_kind sheet_kind(const void *bytes, size_t len); /* by content */

/* Called for each row; its cells are gone after the call. A result other than OK ends it. */
typedef enum result (*sheet_row)(void *host, const struct row *row);

/* Reads the first visible sheet with content, from its first row with content on. `bytes` is the
 * whole file (mapped); memory stays flat however many rows there are (shared strings excepted,
 * limited). Results: INVALID with codes sheet.kind, sheet.encoding, sheet.broken, sheet.too_large
 * (zip bombs: more than 512 MiB unpacked or a ratio over 200:1), sheet.too_wide, sheet.empty;
 * argument {0} is the number of the row where there is one. The rows before it have been handed
 * out by then. */
MUST_USE enum result sheet_read(struct ctx *cx, const void *bytes, size_t len, sheet_row each,
                                void *host);

/* ---- writing ---- */
enum column_kind { COLUMN_TEXT, COLUMN_INT, COLUMN_MONEY, COLUMN_DATE };
struct sheet_column {
    const char *title;
    enum column_kind kind;
    double width; /* characters; 0: from the title */
};
struct sheet_writer;
/* CSV: UTF-8 with BOM, CRLF, quoted where needed, cells that a spreadsheet would run as a formula
 * get a leading apostrophe. XLSX: constant memory, typed cells, header row frozen and filtered.
 * `note` (watermark: who, when, request) is the first row of both, and in XLSX also a property of
 * the document. CSV goes to `file`; XLSX needs a path-less `file` too (written when it ends). */
MUST_USE enum result sheet_begin(struct ctx *cx, enum sheet_kind kind, FILE *file,
                                 const char *title, const char *note,
                                 const struct sheet_column *columns, int count,
                                 struct sheet_writer **out);
/* `cells`: texts as field_write makes them (money 1284650.00, dates YYYY-MM-DD), "" = empty. */
MUST_USE enum result sheet_write(struct sheet_writer *writer, const char *const *cells);
/* A row of sums below the others, no part of what is filtered and sorted. */
MUST_USE enum result sheet_foot(struct sheet_writer *writer, const char *const *cells);
/* Must be called once sheet_begin was OK, even after a failure: it releases the writer. Results of
 * all three: BROKEN sheet.write; of sheet_write also TOO_LARGE sheet.too_large (1,048,576 rows). */
MUST_USE enum result sheet_end(struct sheet_writer *writer);

#endif
