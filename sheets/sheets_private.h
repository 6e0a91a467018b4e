/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the parts of this folder share: the row being collected, the XML parts of an XLSX package,
 * and the values of its cells. */
#ifndef SHEETS_PRIVATE_H
#define SHEETS_PRIVATE_H

#include "base/text.h"
#include "sheets/sheets.h"

#include <stdint.h>
#include <zip.h>

#define UNPACKED_MAX (512u << 20) /* bytes read from one file, whatever its kind */
#define CELL_MAX (1u << 20)       /* bytes of one cell: more is a quote that was never closed */

/* ---- the row being collected (sheets.c) ---- */

enum cell_kind { CELL_TEXT, CELL_NUMBER, CELL_DATE };

struct rows {
    struct ctx *cx;
    struct arena *mem; /* of this reading: cx->mem is the host's, who keeps things in it */
    sheet_row each;
    void *host;
    bool any; /* a row with content was delivered */
    int number;
    int count;                    /* cells up to the last non-empty one */
    struct text text;             /* the texts of the row, each with its NUL; at 0 stands "" */
    size_t starts[SHEET_COLUMNS]; /* of the cells in `text`, which moves while it grows */
    struct cell cells[SHEET_COLUMNS];
};

void rows_begin(struct rows *rows, int number);
/* `column` from 0. Empty cells need not be given. */
MUST_USE enum result rows_cell(struct rows *rows, size_t column, struct span text,
                               enum cell_kind kind);
/* Hands the row to the host; blank rows before the first content are dropped. */
MUST_USE enum result rows_end(struct rows *rows);
/* INVALID, with the number of the row. */
#define rows_fail(rows, code) fail((rows)->cx, INVALID, (code), rows_place(rows))
const char *rows_place(const struct rows *rows);
/* INVALID sheet.too_…, with the limit: bytes, or how many of something. */
#define rows_too_large(rows, bytes)                                                                \
    fail((rows)->cx, INVALID, "sheet.too_large", text_size((rows)->cx->mem, (bytes)))
#define rows_too_many(rows, code, most)                                                            \
    fail((rows)->cx, INVALID, (code), text_count((rows)->cx->mem, (most)))

MUST_USE enum result csv_read(struct rows *rows, const char *bytes, size_t len);
MUST_USE enum result xlsx_read(struct rows *rows, const void *bytes, size_t len);

/* ---- an XLSX file: a zip archive of XML parts (xlsx_package.c) ---- */

struct package {
    struct rows *rows; /* whose place faults name */
    zip_t *zip;
    uint64_t unpacked; /* by all walks so far: a part may be walked more than once */
};

enum node_kind { NODE_START, NODE_TEXT, NODE_END };
struct node {
    enum node_kind kind;
    const char *name; /* without its namespace prefix; "" for texts */
    struct span text;
    int attribute_count;
    const unsigned char *const *attributes; /* five pointers each, see node_attribute */
};
typedef enum result (*node_visit)(void *host, const struct node *node);

bool node_is(const struct node *node, enum node_kind kind, const char *name);
/* Empty when the node has no such attribute. */
struct span node_attribute(const struct node *node, const char *name);

MUST_USE enum result package_open(struct rows *rows, const void *bytes, size_t len,
                                  struct package *out);
void package_close(struct package *package);
bool package_has(const struct package *package, const char *path);
/* Every start, text and end of a part in turn; a part larger than `max` is refused. */
MUST_USE enum result package_walk(struct package *package, const char *path, uint64_t max,
                                  node_visit visit, void *host);

/* ---- cell values of XLSX (xlsx_value.c) ---- */

/* The shortest decimal text of a number as a file writes it (1.1000000000000001, 2.59E6); false,
 * and nothing written, when it is no number. */
bool number_shortest(struct span written, struct text *out);
/* Does the number format show a day or a time of day? */
bool format_is_date(unsigned id);
bool format_code_is_date(struct span code);
/* What a date format shows of a day number: CELL_DATE and YYYY-MM-DD, or for one below 1 the time
 * of day, CELL_TEXT and HH:MM or HH:MM:SS. CELL_NUMBER, and nothing written, when it is no day. */
enum cell_kind serial_date(struct span number, bool since_1904, struct text *out);
/* Resolves the escapes _xHHHH_ by which spreadsheets store what XML cannot. */
void unescape(struct span escaped, struct text *out);

/* ---- writing (csv_write.c, xlsx_write.c) ---- */

struct xlsx_writer;
struct sheet_writer {
    struct ctx *cx;
    enum sheet_kind kind;
    FILE *file;
    const struct sheet_column *columns;
    int count;
    int feet; /* rows written that are sums */
    struct xlsx_writer *xlsx;
};

/* Digits with at most one point and a minus sign, nothing else. */
bool number_is_plain(const char *s);

void csv_begin(struct sheet_writer *writer, const char *note);
void csv_write(struct sheet_writer *writer, const char *const *cells);

MUST_USE enum result xlsx_begin(struct sheet_writer *writer, const char *title, const char *note);
MUST_USE enum result xlsx_write(struct sheet_writer *writer, const char *const *cells);
MUST_USE enum result xlsx_end(struct sheet_writer *writer);

#endif
