/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "sheets/sheets_private.h"

#include <stdlib.h>
#include <string.h>

/* ---- numbers ---- */

#define DIGITS_MAX 40
#define POINT_MAX 330      /* a double ends at 1E308 */
#define DOUBLE_DIGITS 15   /* so many digits always survive a double */
#define SPREADSHEET_MAX 17 /* and so many name one without doubt */

/* 0.d1d2d3… * 10^point, without leading or trailing zeros. */
struct decimal {
    bool negative;
    int count, point;
    char digits[DIGITS_MAX];
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool decimal_digit(struct decimal *decimal, char digit, bool fraction)
{
    bool leading_zero = decimal->count == 0 && digit == '0';
    if (fraction)
        decimal->point -= leading_zero;
    else
        decimal->point += !leading_zero;
    if (leading_zero)
        return true;
    if (decimal->count == DIGITS_MAX)
        return false;
    decimal->digits[decimal->count++] = digit;
    return true;
}

/* E, a sign, up to four digits; nothing at all is 0. */
static bool exponent_read(const char *at, const char *end, int *out)
{
    *out = 0;
    if (at == end)
        return true;
    if (*at != 'E' && *at != 'e')
        return false;
    at++;
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    if (at == end || end - at > 4)
        return false;
    for (; at < end; at++) {
        if (!is_digit(*at))
            return false;
        *out = *out * 10 + (*at - '0');
    }
    if (negative)
        *out = -*out;
    return true;
}

/* Digits with at most one point, some at least; where they end, or NULL. */
static const char *digits_read(const char *at, const char *end, struct decimal *out)
{
    bool any = false, fraction = false;
    for (; at < end && (is_digit(*at) || (*at == '.' && !fraction)); at++) {
        if (*at == '.')
            fraction = true;
        else if (!decimal_digit(out, *at, fraction))
            return NULL;
        else
            any = true;
    }
    return any ? at : NULL;
}

static bool decimal_read(const char *at, const char *end, struct decimal *out)
{
    *out = (struct decimal){0};
    if (at < end && (*at == '-' || *at == '+'))
        out->negative = *at++ == '-';
    int exponent;
    const char *rest = digits_read(at, end, out);
    if (!rest || !exponent_read(rest, end, &exponent))
        return false;
    out->point += exponent;
    while (out->count > 0 && out->digits[out->count - 1] == '0')
        out->count--;
    return out->count == 0 || (out->point >= -POINT_MAX && out->point <= POINT_MAX);
}

static void zeros_put(struct text *out, int count)
{
    for (int i = 0; i < count; i++)
        text_putc(out, '0');
}

static void decimal_put(const struct decimal *decimal, struct text *out)
{
    if (decimal->count == 0) {
        text_putc(out, '0');
        return;
    }
    if (decimal->negative)
        text_putc(out, '-');
    int whole = decimal->point < 0 ? 0 : decimal->point;
    if (whole > decimal->count)
        whole = decimal->count;
    if (whole == 0)
        text_putc(out, '0');
    text_put(out, decimal->digits, (size_t)whole);
    zeros_put(out, decimal->point - decimal->count);
    if (whole == decimal->count)
        return;
    text_putc(out, '.');
    zeros_put(out, -decimal->point);
    text_put(out, decimal->digits + whole, (size_t)(decimal->count - whole));
}

/* Spreadsheets write the double they hold: 1.1 becomes 1.1000000000000001. What was meant is the
 * shortest decimal that is the same double. */
static void decimal_undouble(struct decimal *decimal)
{
    char text[DIGITS_MAX + 16];
    snprintf(text, sizeof text, "%s0.%.*sE%d", decimal->negative ? "-" : "", decimal->count,
             decimal->digits, decimal->point);
    double value = strtod(text, NULL);
    for (int digits = DOUBLE_DIGITS; digits <= SPREADSHEET_MAX; digits++) {
        int len = snprintf(text, sizeof text, "%.*E", digits - 1, value);
        if (strtod(text, NULL) == value) {
            (void)decimal_read(text, text + len, decimal);
            return;
        }
    }
}

bool number_shortest(struct span written, struct text *out)
{
    struct decimal decimal;
    if (!decimal_read(written.at, written.at + written.len, &decimal))
        return false;
    bool has_fraction = decimal.count > decimal.point;
    if (has_fraction && decimal.count > DOUBLE_DIGITS)
        decimal_undouble(&decimal);
    decimal_put(&decimal, out);
    return true;
}

/* ---- days ---- */

/* Elapsed time (46, and [h] in codes) is neither a day nor a time of day: 30:15 stays a number. */
bool format_is_date(unsigned id)
{
    static const struct {
        unsigned first, last;
    } RANGES[] = {
        {14, 22}, /* everywhere */
        {27, 36}, /* Chinese and Japanese dates */
        {45, 45}, /* mm:ss */
        {47, 47}, /* mm:ss.0 */
        {50, 58}, /* Chinese and Japanese dates */
    };
    for (size_t i = 0; i < sizeof RANGES / sizeof *RANGES; i++)
        if (id >= RANGES[i].first && id <= RANGES[i].last)
            return true;
    return false;
}

bool format_code_is_date(struct span code)
{
    const char *end = code.at + code.len;
    for (const char *at = code.at; at < end; at++) {
        if (*at == '\\' || *at == '_' || *at == '*') {
            at++; /* the character after it is shown as it is */
        } else if (*at == '"' || *at == '[') {
            char closing = *at == '"' ? '"' : ']';
            const char *close = memchr(at + 1, closing, (size_t)(end - at - 1));
            if (!close || (closing == ']' && strchr("hHmMsS", at[1])))
                return false;
            at = close;
        } else if (strchr("yYmMdDhH", *at)) {
            return true;
        }
    }
    return false;
}

/* Day 60 is 29 February 1900, which never was: an error of the first spreadsheets, kept since. */
static bool day_put(long day, bool since_1904, struct text *out)
{
    static const struct {
        long last;
        int year, month, day;
    } EPOCHS[] = {
        {2957003, 1904, 1, 1},
        {2958465, 1899, 12, 30},
        {59, 1899, 12, 31},
    };
    if (!since_1904 && day == 60) {
        text_puts(out, "1900-02-29");
        return true;
    }
    int epoch = since_1904 ? 0 : day < 60 ? 2 : 1;
    if (day > EPOCHS[epoch].last)
        return false;
    char text[DATE_MAX_TEXT];
    struct date start = date_of(EPOCHS[epoch].year, EPOCHS[epoch].month, EPOCHS[epoch].day);
    date_format(date_add(start, (int)day), text);
    text_puts(out, text);
    return true;
}

/* `fraction`: the digits of a fraction of a day. */
static bool time_put(struct span fraction, struct text *out)
{
    int64_t billionths = 0;
    for (size_t i = 0; i < 9; i++)
        billionths = billionths * 10 + (i < fraction.len ? fraction.at[i] - '0' : 0);
    int64_t seconds = (billionths * 86400 + 500000000) / 1000000000;
    if (seconds == 86400)
        return false;
    text_printf(out, "%02d:%02d", (int)(seconds / 3600), (int)(seconds / 60 % 60));
    if (seconds % 60)
        text_printf(out, ":%02d", (int)(seconds % 60));
    return true;
}

enum cell_kind serial_date(struct span number, bool since_1904, struct text *out)
{
    long day = 0;
    size_t at = 0;
    for (; at < number.len && at < 8 && is_digit(number.at[at]); at++)
        day = day * 10 + (number.at[at] - '0');
    bool has_fraction = at < number.len && number.at[at] == '.';
    if (at == 0 || (at < number.len && !has_fraction))
        return CELL_NUMBER; /* negative, or far from any day */
    if (day >= 1)
        return day_put(day, since_1904, out) ? CELL_DATE : CELL_NUMBER;
    struct span fraction =
        has_fraction ? (struct span){number.at + at + 1, number.len - at - 1} : SPAN("");
    return time_put(fraction, out) ? CELL_TEXT : CELL_NUMBER;
}

/* ---- texts ---- */

#define ESCAPE_LEN 7 /* _xHHHH_ */

static bool escape_read(const char *at, size_t len, uint32_t *out)
{
    if (len < ESCAPE_LEN || at[0] != '_' || at[1] != 'x' || at[6] != '_')
        return false;
    uint32_t code = 0;
    for (int i = 2; i < 6; i++) {
        static const char HEX[] = "0123456789abcdefABCDEF";
        const char *digit = strchr(HEX, at[i]);
        if (!digit || *digit == '\0')
            return false;
        uint32_t value = (uint32_t)(digit - HEX);
        code = code * 16 + (value < 16 ? value : value - 6);
    }
    *out = code;
    bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    return code != 0 && !surrogate && code < 0xFFFE;
}

void unescape(struct span escaped, struct text *out)
{
    const char *at = escaped.at, *end = escaped.at + escaped.len;
    while (at < end) {
        uint32_t code;
        if (escape_read(at, (size_t)(end - at), &code)) {
            utf8_put(out, code);
            at += ESCAPE_LEN;
            continue;
        }
        const char *next = memchr(at + 1, '_', (size_t)(end - at - 1));
        if (!next)
            next = end;
        text_put(out, at, (size_t)(next - at));
        at = next;
    }
}
