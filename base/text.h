/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Text being written (a growing buffer in an arena), and what one asks of UTF-8 text.
 *
 * Strings in records are `const char *`, NUL-terminated, valid UTF-8, never NULL ("" is none). */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    char *at; /* not NUL-terminated; see text_end */
    size_t len, cap;
    size_t max; /* more than this is dropped and sets `full` (0: 64 MiB) */
    struct arena *arena;
    bool full;
};

struct text text_new(struct arena *arena, size_t first);
void text_put(struct text *text, const char *bytes, size_t len);
void text_puts(struct text *text, const char *s);
void text_putc(struct text *text, char c);
void text_int(struct text *text, int64_t value);
void text_printf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Escaped for HTML text and quoted attributes: & < > " ' */
void text_html(struct text *text, const char *bytes, size_t len);
/* Escaped for the inside of a JSON string (no quotes added). */
void text_json(struct text *text, const char *bytes, size_t len);
/* Percent-encoded for one URL component. */
void text_url(struct text *text, const char *bytes, size_t len);
/* Make room for `len` bytes and return where to write them (the caller then adds to `len`). There
 * is always room; beyond `max` the text is marked `full`. */
char *text_room(struct text *text, size_t len);
/* NUL-terminate (the NUL is not counted) and return the start. */
const char *text_end(struct text *text);

/* Constant strings as a pair, where the length is known or the bytes are not NUL-terminated. */
struct span {
    const char *at;
    size_t len;
};
#define SPAN(literal) ((struct span){"" literal, sizeof(literal) - 1})
struct span span_of(const char *s);
bool span_is(struct span span, const char *s);

bool utf8_valid(const char *bytes, size_t len);
/* Characters (code points) in valid UTF-8. */
size_t utf8_count(const char *s);
/* Decode one code point and move on; at the end 0. Input must be valid UTF-8. */
uint32_t utf8_next_long(const char **s); /* one of several bytes */
static inline uint32_t utf8_next(const char **s)
{
    const unsigned char c = (unsigned char)**s;
    if (c >= 0x80)
        return utf8_next_long(s);
    *s += c != '\0';
    return c;
}
void utf8_put(struct text *text, uint32_t code_point);

/* Full-width ASCII, ideographic space and compatibility forms to plain ASCII, surrounding white
 * space removed: what an office typed becomes what it meant. In the arena. */
const char *text_plain(struct arena *arena, const char *s);
/* The same into `out`; false when it does not fit there or is not valid UTF-8. */
bool text_plain_in(const char *s, char *out, size_t cap);
/* text_plain, lower-cased, without inner spaces: the form that searches compare. */
const char *text_search_key(struct arena *arena, const char *s);

/* A limit in words: "64 MB", "8 KB", "300 B"; and a plain number. */
const char *text_size(struct arena *arena, size_t bytes);
const char *text_count(struct arena *arena, int64_t count);

/* GB18030 (GBK, GB2312) to UTF-8. NULL when the bytes are not valid GB18030. */
const char *text_from_gb18030(struct arena *arena, const char *bytes, size_t len, size_t *out_len);

#endif
