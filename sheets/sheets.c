/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "sheets/sheets_private.h"

#include <string.h>
#include <strings.h>

#define ROW_MAX (8u << 20) /* bytes of one row */
#define KIND_PROBE 1024    /* bytes in which a binary file shows itself by a NUL */

enum sheet_kind sheet_kind(const void *bytes, size_t len)
{
    static const struct {
        const char *start;
        enum sheet_kind kind;
    } SIGNATURES[] = {
        {"PK\x03\x04", SHEET_XLSX},
        {"PK\x05\x06", SHEET_XLSX},          /* an archive of nothing: broken rather than unknown */
        {"\xD0\xCF\x11\xE0", SHEET_UNKNOWN}, /* Excel before 2007, or a file with a password */
        {"%PDF", SHEET_UNKNOWN},
        {"<html", SHEET_UNKNOWN}, /* what some office systems call .xls */
        {"<!doctype", SHEET_UNKNOWN},
        {"<?xml", SHEET_UNKNOWN},
        {"\xFF\xFE", SHEET_CSV}, /* UTF-16: refused for its encoding, not its kind */
        {"\xFE\xFF", SHEET_CSV},
    };
    for (size_t i = 0; i < sizeof SIGNATURES / sizeof *SIGNATURES; i++) {
        size_t n = strlen(SIGNATURES[i].start);
        if (len >= n && strncasecmp(bytes, SIGNATURES[i].start, n) == 0)
            return SIGNATURES[i].kind;
    }
    bool binary = len > 0 && memchr(bytes, '\0', len < KIND_PROBE ? len : KIND_PROBE);
    return binary ? SHEET_UNKNOWN : SHEET_CSV;
}

enum result sheet_read(struct ctx *cx, const void *bytes, size_t len, sheet_row each, void *host)
{
    enum sheet_kind kind = sheet_kind(bytes, len);
    if (kind == SHEET_UNKNOWN)
        return fail(cx, INVALID, "sheet.kind");
    if (len > UNPACKED_MAX)
        return fail(cx, INVALID, "sheet.too_large", text_size(cx->mem, UNPACKED_MAX));
    struct rows rows = {.cx = cx, .mem = arena_new(), .each = each, .host = host};
    rows.text = text_new(rows.mem, 4096);
    rows.text.max = ROW_MAX;
    text_putc(&rows.text, '\0');
    enum result result =
        kind == SHEET_CSV ? csv_read(&rows, bytes, len) : xlsx_read(&rows, bytes, len);
    if (result == OK && !rows.any)
        result = fail(cx, INVALID, "sheet.empty");
    arena_free(rows.mem);
    return result;
}

/* ---- the row being collected ---- */

void rows_begin(struct rows *rows, int number)
{
    rows->number = number;
    rows->count = 0;
    rows->text.len = 1; /* the NUL that empty cells show */
    memset(rows->starts, 0, sizeof rows->starts);
    memset(rows->cells, 0, sizeof rows->cells);
}

enum result rows_cell(struct rows *rows, size_t column, struct span text, enum cell_kind kind)
{
    if (text.len == 0)
        return OK;
    if (column >= SHEET_COLUMNS)
        return rows_too_many(rows, "sheet.too_wide", SHEET_COLUMNS);
    rows->starts[column] = rows->text.len;
    text_put(&rows->text, text.at, text.len);
    text_putc(&rows->text, '\0');
    if (rows->text.full)
        return rows_too_large(rows, ROW_MAX);
    rows->cells[column].number = kind != CELL_TEXT;
    rows->cells[column].date = kind == CELL_DATE;
    if (rows->count <= (int)column)
        rows->count = (int)column + 1;
    return OK;
}

enum result rows_end(struct rows *rows)
{
    if (rows->count == 0 && !rows->any)
        return OK;
    rows->any = true;
    for (int i = 0; i < rows->count; i++)
        rows->cells[i].text = rows->text.at + rows->starts[i];
    struct row row = {.number = rows->number, .cells = rows->cells, .count = rows->count};
    return rows->each(rows->host, &row);
}

const char *rows_place(const struct rows *rows)
{
    return arena_printf(rows->cx->mem, "%d", rows->number);
}

/* ---- writing ---- */

bool number_is_plain(const char *s)
{
    static const char DIGITS[] = "0123456789";
    s += *s == '-';
    size_t whole = strspn(s, DIGITS);
    s += whole;
    if (*s == '.')
        s += 1 + strspn(s + 1, DIGITS);
    return whole > 0 && *s == '\0';
}

enum result sheet_begin(struct ctx *cx, enum sheet_kind kind, FILE *file, const char *title,
                        const char *note, const struct sheet_column *columns, int count,
                        struct sheet_writer **out)
{
    struct sheet_writer *writer = ARENA_NEW(cx->mem, struct sheet_writer);
    struct sheet_column *own = ARENA_ARRAY(cx->mem, struct sheet_column, (size_t)count);
    memcpy(own, columns, (size_t)count * sizeof *own);
    *writer =
        (struct sheet_writer){.cx = cx, .kind = kind, .file = file, .columns = own, .count = count};
    *out = writer;
    if (kind == SHEET_XLSX)
        return xlsx_begin(writer, title, note);
    csv_begin(writer, note);
    return OK;
}

static enum result writer_check(struct sheet_writer *writer)
{
    return ferror(writer->file) ? fail(writer->cx, BROKEN, "sheet.write") : OK;
}

enum result sheet_write(struct sheet_writer *writer, const char *const *cells)
{
    if (writer->kind == SHEET_XLSX)
        return xlsx_write(writer, cells);
    csv_write(writer, cells);
    return writer_check(writer);
}

enum result sheet_foot(struct sheet_writer *writer, const char *const *cells)
{
    writer->feet++;
    return sheet_write(writer, cells);
}

enum result sheet_end(struct sheet_writer *writer)
{
    if (writer->kind == SHEET_XLSX)
        TRY(xlsx_end(writer));
    (void)fflush(writer->file);
    return writer_check(writer);
}
