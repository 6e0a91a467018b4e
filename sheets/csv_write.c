/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "sheets/sheets_private.h"

#include <string.h>

/* Would a spreadsheet run it? Some versions take the full-width signs too; -5.00 is an amount. */
static bool is_formula(const char *s)
{
    static const char *const STARTS[] = {"=",  "+",  "-",  "@",  "\t", "\r",
                                         "\n", "＝", "＋", "－", "＠"};
    if (number_is_plain(s))
        return false;
    for (size_t i = 0; i < sizeof STARTS / sizeof *STARTS; i++)
        if (strncmp(s, STARTS[i], strlen(STARTS[i])) == 0)
            return true;
    return false;
}

static void cell_write(FILE *file, const char *s)
{
    bool formula = is_formula(s);
    bool quoted = strpbrk(s, ",\"\r\n") != NULL;
    if (quoted)
        putc('"', file);
    if (formula)
        putc('\'', file);
    for (; *s; s++) {
        if (*s == '"')
            putc('"', file);
        putc(*s, file);
    }
    if (quoted)
        putc('"', file);
}

void csv_begin(struct sheet_writer *writer, const char *note)
{
    const char **titles = ARENA_ARRAY(writer->cx->mem, const char *, (size_t)writer->count);
    for (int i = 0; i < writer->count; i++)
        titles[i] = writer->columns[i].title;
    fputs("\xEF\xBB\xBF", writer->file);
    if (*note) {
        cell_write(writer->file, note);
        fputs("\r\n", writer->file);
    }
    csv_write(writer, titles);
}

void csv_write(struct sheet_writer *writer, const char *const *cells)
{
    for (int i = 0; i < writer->count; i++) {
        if (i > 0)
            putc(',', writer->file);
        cell_write(writer->file, cells[i]);
    }
    fputs("\r\n", writer->file);
}
