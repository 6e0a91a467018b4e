/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/text.h"

#include "base/log.h"

#include <iconv.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TEXT_MAX ((size_t)64 << 20)
#define TEXT_FIRST ((size_t)256)

/* ---- the growing buffer ---- */

struct text text_new(struct arena *arena, size_t first)
{
    return (struct text){.at = arena_buffer(arena, first), .cap = first, .arena = arena};
}

static void grow(struct text *text, size_t len)
{
    size_t cap = text->cap < TEXT_FIRST / 2 ? TEXT_FIRST : text->cap * 2;
    if (cap - text->len < len)
        cap = text->len + len;
    char *at = arena_buffer(text->arena, cap);
    if (text->len)
        memcpy(at, text->at, text->len);
    text->at = at;
    text->cap = cap;
}

/* Once something was dropped everything after it is too: a text has an end but no holes. */
static bool fits(struct text *text, size_t len)
{
    size_t max = text->max ? text->max : TEXT_MAX;
    if (text->full || text->len > max || len > max - text->len) {
        text->full = true;
        return false;
    }
    if (len > text->cap - text->len)
        grow(text, len);
    return true;
}

void text_put(struct text *text, const char *bytes, size_t len)
{
    if (!len || !fits(text, len))
        return;
    memcpy(text->at + text->len, bytes, len);
    text->len += len;
}

void text_puts(struct text *text, const char *s)
{
    text_put(text, s, strlen(s));
}

void text_putc(struct text *text, char c)
{
    if (fits(text, 1))
        text->at[text->len++] = c;
}

void text_int(struct text *text, int64_t value)
{
    char digits[20];
    size_t at = sizeof(digits);
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (value < 0)
        digits[--at] = '-';
    text_put(text, digits + at, sizeof(digits) - at);
}

void text_printf(struct text *text, const char *format, ...)
{
    char small[256];
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(small, sizeof(small), format, args);
    if (len >= 0 && (size_t)len < sizeof(small))
        text_put(text, small, (size_t)len);
    else
        text_puts(text, arena_vprintf(text->arena, format, again));
    va_end(again);
    va_end(args);
}

char *text_room(struct text *text, size_t len)
{
    if (!fits(text, len) && len > text->cap - text->len)
        grow(text, len);
    return text->at + text->len;
}

const char *text_end(struct text *text)
{
    if (text->len == text->cap)
        grow(text, 1);
    text->at[text->len] = '\0';
    return text->at;
}

/* ---- escaping: bytes that mean themselves are copied in runs ---- */

static const bool HTML_SPECIAL[256] = {
    ['&'] = true, ['<'] = true, ['>'] = true, ['"'] = true, ['\''] = true};
static const bool JSON_SPECIAL[256] = {[0 ... 0x1f] = true, ['"'] = true, ['\\'] = true};
static const bool URL_SPECIAL[256] = {[0 ... ','] = true,    ['/'] = true, [':' ... '@'] = true,
                                      ['[' ... '^'] = true,  ['`'] = true, ['{' ... '}'] = true,
                                      [0x7f ... 0xff] = true};

typedef void (*escape_byte)(struct text *text, unsigned char byte);

/* How many bytes at the start mean themselves. Four are asked per branch: most texts have nothing
 * to escape, and this loop is most of the work of writing a page. */
static size_t plain_run(const unsigned char *s, size_t len, const bool special[256])
{
    size_t i = 0;
    while (len - i >= 4 &&
           !(special[s[i]] | special[s[i + 1]] | special[s[i + 2]] | special[s[i + 3]]))
        i += 4;
    while (i < len && !special[s[i]])
        i++;
    return i;
}

static inline void escape(struct text *text, const char *bytes, size_t len, const bool special[256],
                          escape_byte put_escaped)
{
    const char *end = bytes + len;
    while (bytes < end) {
        size_t run = plain_run((const unsigned char *)bytes, (size_t)(end - bytes), special);
        text_put(text, bytes, run);
        bytes += run;
        if (bytes < end)
            put_escaped(text, (unsigned char)*bytes++);
    }
}

static void put_span(struct text *text, struct span span)
{
    text_put(text, span.at, span.len);
}

static void html_byte(struct text *text, unsigned char byte)
{
    static const struct span ENTITIES[256] = {['&'] = {"&amp;", 5},
                                              ['<'] = {"&lt;", 4},
                                              ['>'] = {"&gt;", 4},
                                              ['"'] = {"&quot;", 6},
                                              ['\''] = {"&#39;", 5}};
    put_span(text, ENTITIES[byte]);
}

void text_html(struct text *text, const char *bytes, size_t len)
{
    escape(text, bytes, len, HTML_SPECIAL, html_byte);
}

static void json_byte(struct text *text, unsigned char byte)
{
    static const char SHORT[256] = {['"'] = '"',  ['\\'] = '\\', ['\b'] = 'b', ['\f'] = 'f',
                                    ['\n'] = 'n', ['\r'] = 'r',  ['\t'] = 't'};
    if (SHORT[byte])
        text_put(text, (char[]){'\\', SHORT[byte]}, 2);
    else
        text_printf(text, "\\u%04x", byte);
}

void text_json(struct text *text, const char *bytes, size_t len)
{
    escape(text, bytes, len, JSON_SPECIAL, json_byte);
}

static void url_byte(struct text *text, unsigned char byte)
{
    static const char HEX[] = "0123456789ABCDEF";
    text_put(text, (char[]){'%', HEX[byte >> 4], HEX[byte & 15]}, 3);
}

void text_url(struct text *text, const char *bytes, size_t len)
{
    escape(text, bytes, len, URL_SPECIAL, url_byte);
}

/* ---- spans ---- */

struct span span_of(const char *s)
{
    return (struct span){s, strlen(s)};
}

bool span_is(struct span span, const char *s)
{
    return strlen(s) == span.len && (span.len == 0 || memcmp(span.at, s, span.len) == 0);
}

/* ---- UTF-8 ---- */

static size_t length_by_lead(unsigned char lead)
{
    return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/* Unicode, table 3-7: here overlong forms, surrogates and what is beyond U+10FFFF are refused. */
static bool second_fits(unsigned char lead, unsigned char second)
{
    switch (lead) {
    case 0xe0:
        return second >= 0xa0 && second <= 0xbf;
    case 0xed:
        return second >= 0x80 && second <= 0x9f;
    case 0xf0:
        return second >= 0x90 && second <= 0xbf;
    case 0xf4:
        return second >= 0x80 && second <= 0x8f;
    default:
        return lead >= 0xc2 && lead <= 0xf4 && second >= 0x80 && second <= 0xbf;
    }
}

/* Length of the sequence that starts here, 0 when it is not well-formed. */
static size_t sequence_length(const unsigned char *s, size_t left)
{
    size_t len = length_by_lead(s[0]);
    if (len == 1)
        return 1;
    if (len > left || !second_fits(s[0], s[1]))
        return 0;
    for (size_t i = 2; i < len; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    return len;
}

bool utf8_valid(const char *bytes, size_t len)
{
    const unsigned char *s = (const unsigned char *)bytes;
    size_t i = 0;
    while (i < len) {
        uint64_t eight;
        if (len - i >= sizeof(eight)) {
            memcpy(&eight, s + i, sizeof(eight));
            if (!(eight & UINT64_C(0x8080808080808080))) {
                i += sizeof(eight);
                continue;
            }
        }
        size_t step = sequence_length(s + i, len - i);
        if (!step)
            return false;
        i += step;
    }
    return true;
}

size_t utf8_count(const char *s)
{
    size_t count = 0;
    for (; *s; s++)
        count += ((unsigned char)*s & 0xc0) != 0x80;
    return count;
}

uint32_t utf8_next_long(const char **s)
{
    const unsigned char *at = (const unsigned char *)*s;
    size_t len = length_by_lead(*at);
    uint32_t code_point = *at & (0x7fu >> len);
    for (size_t i = 1; i < len; i++)
        code_point = code_point << 6 | (at[i] & 0x3fu);
    *s += len;
    return code_point;
}

void utf8_put(struct text *text, uint32_t c)
{
    if (c < 0x80)
        text_putc(text, (char)c);
    else if (c < 0x800)
        text_put(text, (char[]){(char)(0xc0 | c >> 6), (char)(0x80 | (c & 0x3f))}, 2);
    else if (c < 0x10000)
        text_put(text,
                 (char[]){(char)(0xe0 | c >> 12), (char)(0x80 | (c >> 6 & 0x3f)),
                          (char)(0x80 | (c & 0x3f))},
                 3);
    else
        text_put(text,
                 (char[]){(char)(0xf0 | c >> 18), (char)(0x80 | (c >> 12 & 0x3f)),
                          (char)(0x80 | (c >> 6 & 0x3f)), (char)(0x80 | (c & 0x3f))},
                 4);
}

/* ---- what an office types ---- */

/* The plain form of one character; 0 for those that are invisible (U+200B, U+FEFF). */
static uint32_t plain_of(uint32_t c)
{
    /* U+FE50..U+FE6B, the small forms; those without an ASCII twin stay. */
    static const char SMALL[] = ",\0.\0;:?!\0(){}\0\0#&*+-<>=\0\\$%@";
    if (c >= 0xff01 && c <= 0xff5e)
        return c - 0xfee0;
    if (c >= 0xfe50 && c <= 0xfe6b && SMALL[c - 0xfe50])
        return (unsigned char)SMALL[c - 0xfe50];
    if (c == 0x3000 || c == 0xa0 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x205f)
        return ' ';
    if (c == 0xffe5) /* full-width yen sign */
        return 0xa5;
    if (c == 0x2212) /* minus sign */
        return '-';
    return c == 0x200b || c == 0xfeff ? 0 : c;
}

static bool is_space(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static void put_plain(struct text *out, const char *s)
{
    size_t end = 0; /* after the last character that is not white space */
    for (uint32_t c = utf8_next(&s); c; c = utf8_next(&s)) {
        c = plain_of(c);
        if (!c || (is_space(c) && !out->len))
            continue;
        utf8_put(out, c);
        if (!is_space(c))
            end = out->len;
    }
    out->len = end;
}

const char *text_plain(struct arena *arena, const char *s)
{
    struct text out = text_new(arena, strlen(s) + 1);
    put_plain(&out, s);
    return text_end(&out);
}

bool text_plain_in(const char *s, char *out, size_t cap)
{
    if (!utf8_valid(s, strlen(s)))
        return false;
    struct text text = {.at = out, .cap = cap, .max = cap - 1};
    put_plain(&text, s);
    text_end(&text);
    return !text.full;
}

/* Only A to Z have a lower case that matters here: Chinese has none. */
static char lower_of(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

const char *text_search_key(struct arena *arena, const char *s)
{
    const char *plain = text_plain(arena, s);
    char *key = arena_dup(arena, plain), *end = key;
    for (; *plain; plain++)
        if (!is_space((unsigned char)*plain))
            *end++ = lower_of(*plain);
    *end = '\0';
    return key;
}

const char *text_from_gb18030(struct arena *arena, const char *bytes, size_t len, size_t *out_len)
{
    iconv_t converter = iconv_open("UTF-8", "GB18030");
    if (converter == (iconv_t)-1) {
        log_error("the C library cannot convert GB18030");
        return NULL;
    }
    size_t room = 2 * len + 1; /* two bytes become at most three, four at most four */
    char *out = arena_alloc(arena, room), *to = out;
    char *from = (char *)bytes; /* iconv does not write to it */
    size_t left = len, free_bytes = room - 1;
    size_t failed = iconv(converter, &from, &left, &to, &free_bytes);
    iconv_close(converter);
    if (failed == (size_t)-1 || left)
        return NULL;
    *out_len = (size_t)(to - out);
    return out;
}

/* ---- limits ---- */

const char *text_size(struct arena *arena, size_t bytes)
{
    static const char *const UNITS[] = {"B", "KB", "MB", "GB"};
    size_t unit = 0;
    while (unit < 3 && bytes >= 1024 && bytes % 1024 == 0) {
        bytes /= 1024;
        unit++;
    }
    return arena_printf(arena, "%zu %s", bytes, UNITS[unit]);
}

const char *text_count(struct arena *arena, int64_t count)
{
    return arena_printf(arena, "%lld", (long long)count);
}
