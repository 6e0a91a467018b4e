/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* XLSX through libxlsxwriter in constant memory: a row goes to a temporary file as soon as the next
 * begins. Texts are always written as strings, so nothing in them can run. */
#include "sheets/sheets_private.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <xlsxwriter.h>

#define NAME_MAX_CHARS 31    /* of a worksheet's name */
#define TEXT_MAX_CHARS 32767 /* of a cell */
#define EXACT_DIGITS 15      /* more do not survive the double that a numeric cell is */

struct xlsx_writer {
    FILE *made; /* nameless; libxlsxwriter assembles the workbook there */
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *formats[COLUMN_DATE + 1];
    lxw_row_t header, row; /* of the titles; the next to be written */
};

static const char *temporary_folder(void)
{
    const char *folder = getenv("TMPDIR");
    return folder && *folder ? folder : "/tmp";
}

/* Never more than `max` characters of it. */
static const char *text_cut(struct arena *mem, const char *s, size_t max)
{
    if (utf8_count(s) <= max)
        return s;
    const char *end = s;
    for (size_t i = 0; i < max - 1; i++)
        (void)utf8_next(&end);
    return arena_printf(mem, "%.*s…", (int)(end - s), s);
}

/* Spreadsheets refuse some characters in the name of a sheet. */
static const char *sheet_name(struct arena *mem, const char *title)
{
    char *name = arena_dup(mem, text_cut(mem, title, NAME_MAX_CHARS));
    for (char *c = strpbrk(name, "[]:*?/\\'"); c; c = strpbrk(c, "[]:*?/\\'"))
        *c = ' ';
    return *name ? name : "Sheet1";
}

/* Half-width columns that a title takes, with room for the filter's button. */
static double title_width(const struct sheet_column *column)
{
    static const double LEAST[] = {
        [COLUMN_TEXT] = 10, [COLUMN_INT] = 8, [COLUMN_MONEY] = 16, [COLUMN_DATE] = 12};
    double width = 4;
    const char *at = column->title;
    for (uint32_t c = utf8_next(&at); c; c = utf8_next(&at))
        width += c < 0x1100 ? 1 : 2;
    return width > LEAST[column->kind] ? width : LEAST[column->kind];
}

static void formats_make(struct xlsx_writer *xlsx)
{
    static const char *const CODES[] = {
        [COLUMN_INT] = "0", [COLUMN_MONEY] = "#,##0.00", [COLUMN_DATE] = "yyyy-mm-dd"};
    for (size_t kind = COLUMN_INT; kind <= COLUMN_DATE; kind++) {
        xlsx->formats[kind] = workbook_add_format(xlsx->book);
        format_set_num_format(xlsx->formats[kind], CODES[kind]);
    }
}

static void titles_write(struct sheet_writer *writer)
{
    struct xlsx_writer *xlsx = writer->xlsx;
    lxw_format *bold = workbook_add_format(xlsx->book);
    format_set_bold(bold);
    for (int i = 0; i < writer->count; i++) {
        const struct sheet_column *column = &writer->columns[i];
        lxw_col_t at = (lxw_col_t)i;
        double width = column->width > 0 ? column->width : title_width(column);
        worksheet_set_column(xlsx->sheet, at, at, width, NULL);
        worksheet_write_string(xlsx->sheet, xlsx->header, at, column->title, bold);
    }
    xlsx->row = xlsx->header + 1;
    worksheet_freeze_panes(xlsx->sheet, xlsx->row, 0);
}

static void note_write(struct sheet_writer *writer, const char *title, const char *note)
{
    struct xlsx_writer *xlsx = writer->xlsx;
    lxw_doc_properties properties = {.title = (char *)title,
                                     .comments = (char *)note,
                                     .created = (time_t)(writer->cx->now.ms / 1000)};
    workbook_set_properties(xlsx->book, &properties);
    if (*note)
        worksheet_write_string(xlsx->sheet, xlsx->header++, 0, note, NULL);
}

/* A file without a name, which cannot be left behind. */
static FILE *nameless_file(struct arena *mem)
{
    char *path = arena_printf(mem, "%s/sheet-XXXXXX", temporary_folder());
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0)
        return NULL;
    (void)unlink(path);
    FILE *file = fdopen(fd, "w+b");
    if (!file)
        (void)close(fd);
    return file;
}

enum result xlsx_begin(struct sheet_writer *writer, const char *title, const char *note)
{
    struct arena *mem = writer->cx->mem;
    struct xlsx_writer *xlsx = ARENA_NEW(mem, struct xlsx_writer);
    writer->xlsx = xlsx;
    xlsx->made = nameless_file(mem);
    if (!xlsx->made)
        return fail(writer->cx, BROKEN, "sheet.write");
    lxw_workbook_options options = {.constant_memory = LXW_TRUE,
                                    .tmpdir = (char *)temporary_folder()};
    /* libxlsxwriter knows only paths. */
    char *path = arena_printf(mem, "/proc/self/fd/%d", fileno(xlsx->made));
    xlsx->book = workbook_new_opt(path, &options);
    xlsx->sheet = xlsx->book ? workbook_add_worksheet(xlsx->book, sheet_name(mem, title)) : NULL;
    if (!xlsx->sheet) {
        lxw_workbook_free(xlsx->book);
        (void)fclose(xlsx->made);
        return fail(writer->cx, BROKEN, "sheet.write");
    }
    formats_make(xlsx);
    note_write(writer, title, note);
    titles_write(writer);
    return OK;
}

/* Does a double hold this number, digit for digit? */
static bool is_exact(const char *s)
{
    size_t digits = 0;
    for (const char *c = s; *c; c++)
        digits += *c >= '0' && *c <= '9';
    return number_is_plain(s) && digits <= EXACT_DIGITS;
}

static lxw_error cell_write(struct sheet_writer *writer, lxw_col_t column, const char *s)
{
    struct xlsx_writer *xlsx = writer->xlsx;
    enum column_kind kind = writer->columns[column].kind;
    lxw_format *format = xlsx->formats[kind];
    struct date date;
    if (*s == '\0')
        return LXW_NO_ERROR;
    if (kind == COLUMN_DATE && date_parse(s, &date) && date_ymd(date).year >= 1900) {
        struct ymd day = date_ymd(date);
        lxw_datetime at = {.year = day.year, .month = day.month, .day = day.day};
        return worksheet_write_datetime(xlsx->sheet, xlsx->row, column, &at, format);
    }
    if ((kind == COLUMN_INT || kind == COLUMN_MONEY) && is_exact(s))
        return worksheet_write_number(xlsx->sheet, xlsx->row, column, strtod(s, NULL), format);
    const char *text = text_cut(writer->cx->mem, s, TEXT_MAX_CHARS);
    return worksheet_write_string(xlsx->sheet, xlsx->row, column, text, NULL);
}

enum result xlsx_write(struct sheet_writer *writer, const char *const *cells)
{
    struct xlsx_writer *xlsx = writer->xlsx;
    if (xlsx->row == LXW_ROW_MAX)
        return fail(writer->cx, TOO_LARGE, "sheet.too_many_rows",
                    text_count(writer->cx->mem, LXW_ROW_MAX));
    for (int i = 0; i < writer->count; i++)
        if (cell_write(writer, (lxw_col_t)i, cells[i]) != LXW_NO_ERROR)
            return fail(writer->cx, BROKEN, "sheet.write");
    xlsx->row++;
    return OK;
}

static bool file_copy(FILE *from, FILE *to)
{
    char buffer[64 << 10];
    rewind(from);
    size_t got = fread(buffer, 1, sizeof buffer, from);
    for (; got > 0; got = fread(buffer, 1, sizeof buffer, from))
        if (fwrite(buffer, 1, got, to) != got)
            return false;
    return !ferror(from);
}

enum result xlsx_end(struct sheet_writer *writer)
{
    struct xlsx_writer *xlsx = writer->xlsx;
    worksheet_autofilter(xlsx->sheet, xlsx->header, 0, xlsx->row - 1 - (lxw_row_t)writer->feet,
                         (lxw_col_t)(writer->count - 1));
    bool done = workbook_close(xlsx->book) == LXW_NO_ERROR && file_copy(xlsx->made, writer->file);
    (void)fclose(xlsx->made);
    return done ? OK : fail(writer->cx, BROKEN, "sheet.write");
}
