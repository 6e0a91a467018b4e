/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/json.h"

#include "base/units.h"

#include <string.h>

/* What may come next; json_reader.expect. */
enum expect { EXPECT_VALUE, EXPECT_FIRST_ITEM, EXPECT_FIRST_KEY, EXPECT_MORE };

/* Bytes that end a run of plain bytes in a string: controls, the quote, the backslash. */
static const unsigned char STOPS[256] = {[0 ... 0x1f] = 1, ['"'] = 1, ['\\'] = 1};

void json_start(struct json_reader *reader, struct arena *arena, const char *bytes, size_t len)
{
    *reader =
        (struct json_reader){.bytes = bytes, .len = len, .arena = arena, .expect = EXPECT_VALUE};
}

static enum json_token refused(struct json_reader *reader, const char *error)
{
    reader->error = error;
    reader->text = (struct span){"", 0};
    return JSON_ERROR;
}

static char peek(const struct json_reader *reader)
{
    return reader->at < reader->len ? reader->bytes[reader->at] : '\0';
}

static void skip_white(struct json_reader *reader)
{
    for (char c = peek(reader); c == ' ' || c == '\n' || c == '\r' || c == '\t';) {
        reader->at++;
        c = peek(reader);
    }
}

static bool in_object(const struct json_reader *reader)
{
    return reader->depth > 0 && (reader->objects >> (reader->depth - 1) & 1) != 0;
}

static enum json_token opened(struct json_reader *reader, bool object)
{
    if (reader->depth >= JSON_DEPTH)
        return refused(reader, "too_deep");
    uint64_t bit = UINT64_C(1) << reader->depth++;
    reader->objects = object ? reader->objects | bit : reader->objects & ~bit;
    reader->at++;
    reader->expect = object ? EXPECT_FIRST_KEY : EXPECT_FIRST_ITEM;
    return object ? JSON_OBJECT : JSON_ARRAY;
}

static enum json_token closed(struct json_reader *reader)
{
    bool object = in_object(reader);
    reader->depth--;
    reader->at++;
    reader->expect = EXPECT_MORE;
    return object ? JSON_OBJECT_END : JSON_ARRAY_END;
}

/* ---- strings ---- */

static bool hex4(const char *s, const char *end, uint32_t *out)
{
    if (end - s < 4)
        return false;
    *out = 0;
    for (int i = 0; i < 4; i++) {
        unsigned digit = (unsigned char)s[i];
        if (digit >= '0' && digit <= '9')
            digit -= '0';
        else if ((digit | 0x20) >= 'a' && (digit | 0x20) <= 'f')
            digit = (digit | 0x20) - 'a' + 10;
        else
            return false;
        *out = *out << 4 | digit;
    }
    return true;
}

/* Append what \uXXXX (or a surrogate pair of them) at `s` stands for. The place after it; NULL
 * when it is refused. */
static const char *unescape_code(struct json_reader *reader, const char *s, const char *end,
                                 struct text *out)
{
    uint32_t code = 0, low = 0;
    reader->error = "malformed";
    if (!hex4(s + 2, end, &code))
        return NULL;
    s += 6;
    if (code >= 0xD800 && code <= 0xDFFF) {
        reader->error = "bad_utf8";
        if (code >= 0xDC00 || end - s < 6 || s[0] != '\\' || s[1] != 'u' ||
            !hex4(s + 2, end, &low) || low < 0xDC00 || low > 0xDFFF)
            return NULL;
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        s += 6;
    }
    if (code == 0) {
        reader->error = "nul";
        return NULL;
    }
    reader->error = NULL;
    utf8_put(out, code);
    return s;
}

/* The same for any escape. The scan before saw to it that a byte follows the backslash. */
static const char *unescape_one(struct json_reader *reader, const char *s, const char *end,
                                struct text *out)
{
    static const char LETTERS[] = "\"\\/bfnrt", MEANINGS[] = "\"\\/\b\f\n\r\t";
    if (s[1] == 'u')
        return unescape_code(reader, s, end, out);
    const char *letter = memchr(LETTERS, s[1], sizeof LETTERS - 1);
    if (!letter) {
        reader->error = "malformed";
        return NULL;
    }
    text_putc(out, MEANINGS[letter - LETTERS]);
    return s + 2;
}

/* Replace reader->text by its unescaped form, which is never longer. */
static bool unescape(struct json_reader *reader)
{
    const char *s = reader->text.at, *end = s + reader->text.len;
    struct text out = text_new(reader->arena, reader->text.len);
    out.max = reader->text.len;
    while (s < end) {
        const char *slash = memchr(s, '\\', (size_t)(end - s));
        if (!slash) {
            text_put(&out, s, (size_t)(end - s));
            break;
        }
        text_put(&out, s, (size_t)(slash - s));
        s = unescape_one(reader, slash, end, &out);
        if (!s) {
            reader->at = (size_t)(slash - reader->bytes);
            return false;
        }
    }
    reader->text = (struct span){out.at, out.len};
    return true;
}

/* At the opening quote: the string into reader->text, the place behind the closing quote. */
static bool read_string(struct json_reader *reader)
{
    const unsigned char *bytes = (const unsigned char *)reader->bytes;
    size_t start = reader->at + 1, at = start, len = reader->len;
    unsigned char seen = 0;
    bool escaped = false;
    for (;;) {
        while (at < len && !STOPS[bytes[at]])
            seen |= bytes[at++];
        if (at >= len || bytes[at] != '\\')
            break;
        escaped = true;
        at += 2;
    }
    if (at >= len || bytes[at] != '"') {
        reader->at = at < len ? at : len;
        refused(reader, "malformed");
        return false;
    }
    reader->text = (struct span){reader->bytes + start, at - start};
    if (seen >= 0x80 && !utf8_valid(reader->text.at, reader->text.len)) {
        refused(reader, "bad_utf8");
        return false;
    }
    if (escaped && !unescape(reader))
        return false;
    reader->at = at + 1;
    return true;
}

/* ---- numbers and words ---- */

static bool skip_digits(struct json_reader *reader)
{
    size_t start = reader->at;
    while (peek(reader) >= '0' && peek(reader) <= '9')
        reader->at++;
    return reader->at > start;
}

static enum json_token read_number(struct json_reader *reader)
{
    size_t start = reader->at;
    bool good = true;
    if (peek(reader) == '-')
        reader->at++;
    if (peek(reader) == '0')
        reader->at++;
    else
        good = skip_digits(reader);
    if (good && peek(reader) == '.') {
        reader->at++;
        good = skip_digits(reader);
    }
    if (good && (peek(reader) | 0x20) == 'e') {
        reader->at++;
        if (peek(reader) == '+' || peek(reader) == '-')
            reader->at++;
        good = skip_digits(reader);
    }
    if (!good)
        return refused(reader, "malformed");
    reader->text = (struct span){reader->bytes + start, reader->at - start};
    reader->expect = EXPECT_MORE;
    return JSON_NUMBER;
}

static enum json_token read_word(struct json_reader *reader, struct span word,
                                 enum json_token token)
{
    if (reader->len - reader->at < word.len ||
        memcmp(reader->bytes + reader->at, word.at, word.len) != 0)
        return refused(reader, "malformed");
    reader->at += word.len;
    reader->expect = EXPECT_MORE;
    return token;
}

/* ---- tokens ---- */

static enum json_token read_value(struct json_reader *reader)
{
    switch (peek(reader)) {
    case '"':
        reader->expect = EXPECT_MORE;
        return read_string(reader) ? JSON_STRING : JSON_ERROR;
    case '{':
        return opened(reader, true);
    case '[':
        return opened(reader, false);
    case 't':
        return read_word(reader, SPAN("true"), JSON_TRUE);
    case 'f':
        return read_word(reader, SPAN("false"), JSON_FALSE);
    case 'n':
        return read_word(reader, SPAN("null"), JSON_NULL);
    default:
        return read_number(reader);
    }
}

/* A name and its colon. */
static enum json_token read_key(struct json_reader *reader)
{
    if (peek(reader) != '"')
        return refused(reader, "malformed");
    if (!read_string(reader))
        return JSON_ERROR;
    skip_white(reader);
    if (peek(reader) != ':')
        return refused(reader, "malformed");
    reader->at++;
    reader->expect = EXPECT_VALUE;
    return JSON_KEY;
}

/* After a value: a comma and the next one, the end of the container, or the end of it all. */
static enum json_token read_more(struct json_reader *reader)
{
    if (reader->depth == 0)
        return reader->at == reader->len ? JSON_DONE : refused(reader, "malformed");
    bool object = in_object(reader);
    char c = peek(reader);
    if (c == (object ? '}' : ']'))
        return closed(reader);
    if (c != ',')
        return refused(reader, "malformed");
    reader->at++;
    skip_white(reader);
    return object ? read_key(reader) : read_value(reader);
}

enum json_token json_next(struct json_reader *reader)
{
    if (reader->error)
        return JSON_ERROR;
    skip_white(reader);
    switch ((enum expect)reader->expect) {
    case EXPECT_FIRST_ITEM:
        return peek(reader) == ']' ? closed(reader) : read_value(reader);
    case EXPECT_FIRST_KEY:
        return peek(reader) == '}' ? closed(reader) : read_key(reader);
    case EXPECT_MORE:
        return read_more(reader);
    default:
        return read_value(reader);
    }
}

bool json_skip(struct json_reader *reader)
{
    unsigned depth = reader->depth;
    enum json_token token = json_next(reader);
    while (reader->depth > depth && token != JSON_ERROR)
        token = json_next(reader);
    return token != JSON_ERROR && token != JSON_DONE && reader->depth == depth;
}

bool json_int(const struct json_reader *reader, int64_t *out)
{
    char digits[24]; /* the longest, -9223372036854775808, has 20 */
    if (reader->text.len >= sizeof digits)
        return false;
    memcpy(digits, reader->text.at, reader->text.len);
    digits[reader->text.len] = '\0';
    return int_parse(digits, out);
}

const char *json_text(const struct json_reader *reader)
{
    return arena_copy(reader->arena, reader->text.at, reader->text.len);
}
