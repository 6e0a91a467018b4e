/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/json.h"

#include <string.h>

static void item(struct json_writer *writer)
{
    if (writer->comma)
        text_putc(writer->out, ',');
    writer->comma = true;
}

static void opened(struct json_writer *writer, char bracket)
{
    item(writer);
    text_putc(writer->out, bracket);
    writer->comma = false;
}

static void closed(struct json_writer *writer, char bracket)
{
    text_putc(writer->out, bracket);
    writer->comma = true;
}

/* Most strings need no escape. The loop looks at every byte without leaving early, so that the
 * compiler turns it into vector instructions. */
static bool is_plain(const char *s, size_t len)
{
    const unsigned char *bytes = (const unsigned char *)s;
    unsigned char special = 0;
    for (size_t i = 0; i < len; i++)
        special |= (bytes[i] < 0x20) | (bytes[i] == '"') | (bytes[i] == '\\');
    return !special;
}

/* The item `"s"` or `"s":`. Lists consist of little else, so it makes room once for all of it. */
static void quoted(struct json_writer *writer, const char *s, bool is_key)
{
    struct text *out = writer->out;
    size_t len = strlen(s);
    if (!is_plain(s, len)) {
        item(writer);
        text_putc(out, '"');
        text_json(out, s, len);
        text_puts(out, is_key ? "\":" : "\"");
    } else {
        char *start = text_room(out, len + 4), *to = start;
        if (writer->comma)
            *to++ = ',';
        *to++ = '"';
        memcpy(to, s, len);
        to += len;
        *to++ = '"';
        if (is_key)
            *to++ = ':';
        if (!out->full)
            out->len += (size_t)(to - start);
    }
    writer->comma = !is_key;
}

void json_object(struct json_writer *writer)
{
    opened(writer, '{');
}

void json_object_end(struct json_writer *writer)
{
    closed(writer, '}');
}

void json_array(struct json_writer *writer)
{
    opened(writer, '[');
}

void json_array_end(struct json_writer *writer)
{
    closed(writer, ']');
}

void json_key(struct json_writer *writer, const char *name)
{
    quoted(writer, name, true);
}

void json_key_ready(struct json_writer *writer, struct span key)
{
    size_t skipped = writer->comma ? 0 : 1;
    text_put(writer->out, key.at + skipped, key.len - skipped);
    writer->comma = false;
}

void json_string(struct json_writer *writer, const char *s)
{
    if (s)
        quoted(writer, s, false);
    else
        json_null(writer);
}

void json_number(struct json_writer *writer, int64_t value)
{
    item(writer);
    text_int(writer->out, value);
}

void json_bool(struct json_writer *writer, bool value)
{
    item(writer);
    text_puts(writer->out, value ? "true" : "false");
}

void json_null(struct json_writer *writer)
{
    item(writer);
    text_puts(writer->out, "null");
}

void json_ready(struct json_writer *writer, const char *json)
{
    item(writer);
    text_puts(writer->out, json);
}
