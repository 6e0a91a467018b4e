/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Queries and forms, urlencoded or multipart, over bytes that are all there. */
#include "base/text.h"
#include "web/server_private.h"

#include <string.h>
#include <strings.h>

/* What all texts of a form may take together; files are not counted. */
#define TEXTS_MAX ((size_t)4 << 20)
#define HEADER_LINE_MAX 1024 /* of a part's headers */

/* ---- percent-encoding ---- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct span url_decode(struct arena *arena, struct span text, bool plus)
{
    char *to = arena_copy(arena, text.at, text.len);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '%' && i + 2 < text.len && hex_digit(text.at[i + 1]) >= 0 &&
            hex_digit(text.at[i + 2]) >= 0) {
            c = (char)(hex_digit(text.at[i + 1]) * 16 + hex_digit(text.at[i + 2]));
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        to[len++] = c;
    }
    to[len] = '\0';
    return (struct span){to, len};
}

static bool text_valid(struct span text)
{
    return !memchr(text.at, '\0', text.len) && utf8_valid(text.at, text.len);
}

bool url_valid(struct arena *arena, struct span text)
{
    return text_valid(memchr(text.at, '%', text.len) ? url_decode(arena, text, false) : text);
}

/* ---- lists of parts ---- */

struct part *part_new(struct arena *arena, const char *name, const char *value)
{
    struct part *part = ARENA_NEW(arena, struct part);
    *part = (struct part){.name = name, .value = value};
    return part;
}

const struct part *part_find(const struct part *parts, const char *name)
{
    for (const struct part *part = parts; part; part = part->next)
        if (strcmp(part->name, name) == 0)
            return part;
    return NULL;
}

/* The bytes up to `stop`, which is left out; *rest is what follows. */
static struct span cut(struct span *rest, char stop)
{
    const char *at = rest->len ? memchr(rest->at, stop, rest->len) : NULL;
    struct span first = {rest->at, at ? (size_t)(at - rest->at) : rest->len};
    size_t used = first.len + (at != NULL);
    *rest = (struct span){rest->at + used, rest->len - used};
    return first;
}

enum result form_urlencoded(struct ctx *cx, struct span text, struct part **out)
{
    size_t count = 0;
    *out = NULL;
    while (text.len) {
        struct span pair = cut(&text, '&');
        if (!pair.len)
            continue;
        if (++count > PARTS_MAX)
            return fail(cx, INVALID, "request.too_many_fields", text_count(cx->mem, PARTS_MAX));
        struct span name = url_decode(cx->mem, cut(&pair, '='), true);
        struct span value = url_decode(cx->mem, pair, true);
        if (!text_valid(name) || !text_valid(value))
            return fail(cx, INVALID, "request.bad_utf8");
        struct part *part = part_new(cx->mem, name.at, value.at);
        part->len = value.len;
        *out = part;
        out = &part->next;
    }
    return OK;
}

/* ---- multipart/form-data ---- */

struct multipart {
    struct ctx *cx;
    const char *delimiter; /* CR LF -- boundary */
    size_t delimiter_len;
    struct span rest;
    struct part **end; /* where the next part is hung */
    size_t count, texts;
};

static struct span trimmed(struct span text)
{
    while (text.len && (*text.at == ' ' || *text.at == '\t'))
        text = (struct span){text.at + 1, text.len - 1};
    while (text.len && (text.at[text.len - 1] == ' ' || text.at[text.len - 1] == '\t'))
        text.len--;
    return text;
}

static bool is_word(struct span text, const char *word)
{
    return text.len == strlen(word) && strncasecmp(text.at, word, text.len) == 0;
}

/* A value at the start of *rest as it is written, in quotes or not, up to the next semicolon. */
static struct span cut_value(struct span *rest)
{
    *rest = trimmed(*rest);
    if (!rest->len || *rest->at != '"')
        return trimmed(cut(rest, ';'));
    size_t len = 1;
    while (len < rest->len && rest->at[len] != '"')
        len += rest->at[len] == '\\' ? 2 : 1;
    len = len < rest->len ? len + 1 : rest->len;
    struct span value = {rest->at, len};
    *rest = (struct span){rest->at + len, rest->len - len};
    cut(rest, ';');
    return value;
}

/* Browsers write a quote inside quotes as %22, which is left as it is; others as \". */
static struct span unquoted(struct arena *arena, struct span value)
{
    char *to = arena_copy(arena, value.at, value.len);
    size_t len = 0;
    if (!value.len || *value.at != '"')
        return value;
    for (size_t i = 1; i < value.len && value.at[i] != '"'; i++) {
        if (value.at[i] == '\\' && i + 1 < value.len)
            i++;
        to[len++] = value.at[i];
    }
    return (struct span){to, len};
}

/* The parameter `name` of a header like `form-data; name="a"; filename="b.pdf"`. */
static bool parameter(struct arena *arena, struct span header, const char *name, struct span *out)
{
    cut(&header, ';');
    while (header.len) {
        struct span key = trimmed(cut(&header, '='));
        struct span value = cut_value(&header);
        if (!is_word(key, name))
            continue;
        *out = unquoted(arena, value);
        return true;
    }
    return false;
}

/* filename*=UTF-8''%E5%90%88%E5%90%8C.pdf goes before filename="…". */
static bool file_name(struct arena *arena, struct span disposition, struct span *out)
{
    static const char UTF8[] = "UTF-8''";
    if (parameter(arena, disposition, "filename*", out) && out->len >= sizeof UTF8 - 1 &&
        strncasecmp(out->at, UTF8, sizeof UTF8 - 1) == 0) {
        struct span encoded = {out->at + sizeof UTF8 - 1, out->len - (sizeof UTF8 - 1)};
        *out = url_decode(arena, encoded, false);
        return true;
    }
    return parameter(arena, disposition, "filename", out);
}

/* Takes the header lines of a part and the empty line behind them. */
static bool cut_headers(struct multipart *m, struct span *out_disposition, struct span *out_type)
{
    *out_disposition = *out_type = (struct span){"", 0};
    for (;;) {
        const char *end = memmem(m->rest.at, m->rest.len, "\r\n", 2);
        if (!end)
            return false;
        struct span line = {m->rest.at, (size_t)(end - m->rest.at)};
        if (line.len > HEADER_LINE_MAX)
            return false;
        m->rest = (struct span){end + 2, m->rest.len - line.len - 2};
        if (!line.len)
            return true;
        struct span name = cut(&line, ':');
        if (is_word(name, "Content-Disposition"))
            *out_disposition = trimmed(line);
        else if (is_word(name, "Content-Type"))
            *out_type = trimmed(line);
    }
}

static bool cut_content(struct multipart *m, struct span *out)
{
    const char *end = memmem(m->rest.at, m->rest.len, m->delimiter, m->delimiter_len);
    if (!end)
        return false;
    *out = (struct span){m->rest.at, (size_t)(end - m->rest.at)};
    size_t used = out->len + m->delimiter_len;
    m->rest = (struct span){m->rest.at + used, m->rest.len - used};
    return true;
}

static enum result read_part(struct multipart *m)
{
    struct ctx *cx = m->cx;
    struct span disposition, type, content, name, file;
    if (!cut_headers(m, &disposition, &type) || !cut_content(m, &content) ||
        !parameter(cx->mem, disposition, "name", &name))
        return fail(cx, INVALID, "request.malformed");
    if (++m->count > PARTS_MAX)
        return fail(cx, INVALID, "request.too_many_fields", text_count(cx->mem, PARTS_MAX));
    bool is_file = file_name(cx->mem, disposition, &file);
    if (!text_valid(name) || (is_file && !text_valid(file)) || (!is_file && !text_valid(content)) ||
        !text_valid(type))
        return fail(cx, INVALID, "request.bad_utf8");
    m->texts += is_file ? 0 : content.len;
    if (m->texts > TEXTS_MAX)
        return fail(cx, TOO_LARGE, "request.too_large", text_size(cx->mem, TEXTS_MAX));
    struct part *part = part_new(cx->mem, arena_copy(cx->mem, name.at, name.len),
                                 is_file ? "" : arena_copy(cx->mem, content.at, content.len));
    part->len = content.len;
    part->bytes = is_file ? content.at : part->value;
    if (is_file) {
        part->file_name = arena_copy(cx->mem, file.at, file.len);
        part->media_type = arena_copy(cx->mem, type.at, type.len);
    }
    *m->end = part;
    m->end = &part->next;
    return OK;
}

/* Behind a delimiter: CR LF and another part, or -- and the end. */
static bool cut_line_end(struct multipart *m, bool *out_over)
{
    *out_over = m->rest.len >= 2 && memcmp(m->rest.at, "--", 2) == 0;
    if (*out_over)
        return true;
    while (m->rest.len && (*m->rest.at == ' ' || *m->rest.at == '\t'))
        m->rest = (struct span){m->rest.at + 1, m->rest.len - 1};
    if (m->rest.len < 2 || memcmp(m->rest.at, "\r\n", 2) != 0)
        return false;
    m->rest = (struct span){m->rest.at + 2, m->rest.len - 2};
    return true;
}

enum result form_multipart(struct ctx *cx, struct span body, const char *content_type,
                           struct part **out)
{
    struct span boundary;
    *out = NULL;
    if (!parameter(cx->mem, span_of(content_type), "boundary", &boundary) || boundary.len == 0 ||
        boundary.len > 70)
        return fail(cx, INVALID, "request.malformed");
    const char *delimiter = arena_printf(cx->mem, "\r\n--%.*s", (int)boundary.len, boundary.at);
    struct multipart m = {cx, delimiter, strlen(delimiter), body, out, 0, 0};
    bool over = false;
    /* The first delimiter may stand at the very start, without a line break before it. */
    if (body.len >= m.delimiter_len - 2 &&
        memcmp(body.at, delimiter + 2, m.delimiter_len - 2) == 0) {
        m.rest.at += m.delimiter_len - 2;
        m.rest.len -= m.delimiter_len - 2;
    } else {
        struct span before;
        if (!cut_content(&m, &before))
            return fail(cx, INVALID, "request.malformed");
    }
    for (;;) {
        if (!cut_line_end(&m, &over))
            return fail(cx, INVALID, "request.malformed");
        if (over)
            return OK;
        TRY(read_part(&m));
    }
}
