/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* CSV: RFC 4180 and what offices make of it. A machine of four states is fed with UTF-8, the whole
 * file at once or, from GB18030, piece by piece. */
#include "sheets/sheets_private.h"

#include <string.h>

#define GUESS_LINES 20
#define GUESS_BYTES (64u << 10)
#define PIECE (64u << 10)

enum csv_state {
    AT_START, /* of a cell */
    IN_PLAIN,
    IN_QUOTES,
    AFTER_QUOTE, /* it ends the quotes, or is the first of two that stand for one */
};

struct csv {
    struct rows *rows;
    char delimiter;
    enum csv_state state;
    bool after_cr; /* a line feed now belongs to the line end before */
    size_t column;
    struct text cell;
};

static enum result cell_end(struct csv *csv)
{
    if (csv->cell.full)
        return rows_fail(csv->rows, "sheet.broken");
    TRY(rows_cell(csv->rows, csv->column, (struct span){csv->cell.at, csv->cell.len}, CELL_TEXT));
    csv->cell.len = 0;
    csv->column++;
    csv->state = AT_START;
    return OK;
}

static enum result line_end(struct csv *csv)
{
    TRY(cell_end(csv));
    csv->column = 0;
    TRY(rows_end(csv->rows));
    rows_begin(csv->rows, csv->rows->number + 1);
    return OK;
}

/* The part of the cell up to the next byte that means something. Quotes within count as text. */
static const char *plain_run(struct csv *csv, const char *at, const char *end)
{
    const char *stop = at + 1;
    while (stop < end && *stop != csv->delimiter && *stop != '\n' && *stop != '\r')
        stop++;
    text_put(&csv->cell, at, (size_t)(stop - at));
    csv->state = IN_PLAIN;
    return stop;
}

static const char *quoted_run(struct csv *csv, const char *at, const char *end)
{
    const char *quote = memchr(at, '"', (size_t)(end - at));
    const char *stop = quote ? quote : end;
    text_put(&csv->cell, at, (size_t)(stop - at));
    if (!quote)
        return stop;
    csv->state = AFTER_QUOTE;
    return stop + 1;
}

static void quote_sign(struct csv *csv)
{
    if (csv->state == AFTER_QUOTE)
        text_putc(&csv->cell, '"');
    csv->state = IN_QUOTES;
}

/* Outside quotes: one sign, or a run of text. */
static enum result step(struct csv *csv, const char **at, const char *end)
{
    char sign = **at;
    bool second_half = csv->after_cr && sign == '\n';
    csv->after_cr = sign == '\r';
    bool plain = sign != csv->delimiter && sign != '\n' && sign != '\r' &&
                 (sign != '"' || csv->state == IN_PLAIN);
    *at = plain ? plain_run(csv, *at, end) : *at + 1;
    if (plain || second_half)
        return OK;
    if (sign == csv->delimiter)
        return cell_end(csv);
    if (sign != '"')
        return line_end(csv);
    quote_sign(csv);
    return OK;
}

static enum result csv_feed(struct csv *csv, const char *at, const char *end)
{
    while (at < end) {
        if (csv->state == IN_QUOTES)
            at = quoted_run(csv, at, end);
        else
            TRY(step(csv, &at, end));
    }
    return OK;
}

static enum result csv_finish(struct csv *csv)
{
    if (csv->state == IN_QUOTES)
        return rows_fail(csv->rows, "sheet.broken");
    bool line_open = csv->column > 0 || csv->state != AT_START;
    return line_open ? line_end(csv) : OK;
}

/* ---- which delimiter ---- */

struct guess {
    char delimiter;
    unsigned here;  /* in this line */
    unsigned first; /* in the first line that has any */
    unsigned lines; /* that have any */
    unsigned alike; /* lines that have as many as the first */
    unsigned total;
};

static void guess_line(struct guess *guess)
{
    if (guess->here == 0)
        return;
    if (guess->first == 0)
        guess->first = guess->here;
    guess->lines++;
    guess->alike += guess->here == guess->first;
    guess->total += guess->here;
    guess->here = 0;
}

static bool guess_better(const struct guess *a, const struct guess *b)
{
    if (a->lines != b->lines)
        return a->lines > b->lines;
    if (a->alike != b->alike)
        return a->alike > b->alike;
    return a->total > b->total;
}

/* Works on GB18030 as well: none of these bytes is ever part of a longer character there. */
static char delimiter_guess(const char *bytes, size_t len)
{
    struct guess guesses[] = {{','}, {';'}, {'\t'}};
    const size_t count = sizeof guesses / sizeof *guesses;
    bool quoted = false;
    size_t lines = 0;
    for (size_t i = 0; i < len && i < GUESS_BYTES && lines < GUESS_LINES; i++) {
        bool line_over = !quoted && (bytes[i] == '\n' || bytes[i] == '\r');
        quoted ^= bytes[i] == '"';
        lines += line_over;
        for (size_t g = 0; g < count; g++) {
            guesses[g].here += !quoted && bytes[i] == guesses[g].delimiter;
            if (line_over)
                guess_line(&guesses[g]);
        }
    }
    struct guess *best = guesses;
    for (size_t g = 0; g < count; g++) {
        guess_line(&guesses[g]);
        if (guess_better(&guesses[g], best))
            best = &guesses[g];
    }
    return best->delimiter;
}

/* ---- encodings ---- */

/* Bytes below '0' (line ends, commas, blanks, quotes) are never inside a character of GB18030, so
 * a piece may end after one. 0 when there is none. */
static size_t piece_length(const char *bytes, size_t len)
{
    if (len <= PIECE)
        return len;
    size_t n = PIECE;
    while (n > 0 && (unsigned char)bytes[n - 1] >= '0')
        n--;
    return n;
}

static enum result gb18030_piece(struct csv *csv, struct arena *mem, const char *bytes, size_t len)
{
    size_t n = 0;
    const char *text = len ? text_from_gb18030(mem, bytes, len, &n) : NULL;
    if (!text)
        return rows_fail(csv->rows, "sheet.encoding");
    return csv_feed(csv, text, text + n);
}

static enum result gb18030_feed(struct csv *csv, const char *bytes, size_t len)
{
    struct arena *mem = arena_new();
    enum result result = OK;
    for (size_t at = 0; at < len && result == OK;) {
        size_t n = piece_length(bytes + at, len - at);
        result = gb18030_piece(csv, mem, bytes + at, n);
        arena_reset(mem);
        at += n;
    }
    arena_free(mem);
    return result;
}

enum result csv_read(struct rows *rows, const char *bytes, size_t len)
{
    bool marked = len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0;
    if (marked) {
        bytes += 3;
        len -= 3;
    }
    rows_begin(rows, 1);
    if (len == 0)
        return OK;
    bool utf8 = utf8_valid(bytes, len);
    if ((marked && !utf8) || memchr(bytes, '\0', len))
        return rows_fail(rows, "sheet.encoding");
    struct csv csv = {
        .rows = rows, .delimiter = delimiter_guess(bytes, len), .cell = text_new(rows->mem, 1024)};
    csv.cell.max = CELL_MAX;
    if (utf8)
        TRY(csv_feed(&csv, bytes, bytes + len));
    else
        TRY(gb18030_feed(&csv, bytes, len));
    return csv_finish(&csv);
}
