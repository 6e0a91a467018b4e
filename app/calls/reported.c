/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/calls/reported.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

char reported_first(const char **bytes, size_t *len)
{
    static const char BOM[] = "\xef\xbb\xbf";
    const size_t mark = sizeof BOM - 1;
    if (*len >= mark && memcmp(*bytes, BOM, mark) == 0) {
        *bytes += mark;
        *len -= mark;
    }
    for (size_t i = 0; i < *len; i++)
        if (!strchr(" \t\r\n", (*bytes)[i]))
            return (*bytes)[i];
    return '\0';
}

enum result reported_lines(const char *bytes, size_t len, int64_t *row, reported_line read,
                           void *host)
{
    for (const char *end = bytes + len; bytes < end;) {
        const char *stop = memchr(bytes, '\n', (size_t)(end - bytes));
        const size_t whole = (size_t)((stop ? stop : end) - bytes);
        const size_t line = whole - (whole > 0 && bytes[whole - 1] == '\r');
        ++*row;
        if (line > 0)
            TRY(read(host, bytes, line));
        bytes += whole + (stop != NULL);
    }
    return OK;
}

enum result lines_add(struct ctx *cx, struct lines *lines, const void *line, size_t size)
{
    if (lines->count == CALL_LINES_MOST)
        return fail(cx, TOO_LARGE, "calls.too_many", "100000");
    if (lines->count == lines->room) {
        const void *before = lines->at;
        lines->room = lines->room ? 2 * lines->room : 64;
        lines->at = ARENA_ARRAY(cx->mem, char, lines->room *size);
        if (before)
            memcpy(lines->at, before, lines->count * size);
    }
    memcpy((char *)lines->at + lines->count++ * size, line, size);
    return OK;
}

bool reported_seconds(const char *text, int64_t parts, int64_t *out)
{
    char *end;
    const int64_t whole = strtoll(text, &end, 10);
    int64_t part = 0, scale = parts;
    if (end == text || whole < 0 || whole > INT64_MAX / (parts * 10))
        return false;
    if (*end == '.')
        for (end++; *end >= '0' && *end <= '9'; end++) {
            scale /= 10;
            part += scale * (*end - '0');
        }
    *out = whole * parts + part;
    return *end == '\0';
}

const char *reported_fault(const char *uid, const char *source, const char *const *names)
{
    if (!*uid)
        return "uid_required";
    if (!*source)
        return "source_required";
    bool fits = strlen(uid) <= REPORTED_UID_MOST && strlen(source) <= REPORTED_NAME_MOST;
    bool is_text = utf8_valid(uid, strlen(uid)) && utf8_valid(source, strlen(source));
    for (; *names; names++) {
        fits = fits && strlen(*names) <= REPORTED_NAME_MOST;
        is_text = is_text && utf8_valid(*names, strlen(*names));
    }
    return !fits ? "too_long" : !is_text ? "not_text" : NULL;
}

bool reported_in_time(struct instant at, struct instant now)
{
    static const int64_t DAY_MS = 86400000;
    return at.ms >= CALL_EPOCH_MS && at.ms <= now.ms + DAY_MS;
}
