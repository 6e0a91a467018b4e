/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* JSON without trees: a strict pull reader (RFC 8259) over bytes in memory, and a writer.
 *
 * The reader neither allocates (but for unescaped strings, in the arena) nor recurses; nesting is
 * limited to JSON_DEPTH. It accepts exactly one value with white space around it, refuses broken
 * UTF-8, lone surrogates and (as our records are NUL-terminated) \u0000. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JSON_DEPTH 64

enum json_token {
    JSON_ERROR, /* reader->error says what, reader->at where */
    JSON_DONE,  /* the one value is over, and nothing but white space followed */
    JSON_OBJECT,
    JSON_OBJECT_END,
    JSON_ARRAY,
    JSON_ARRAY_END,
    JSON_KEY,    /* text = the name; the value follows */
    JSON_STRING, /* text = the unescaped string */
    JSON_NUMBER, /* text = the number as written */
    JSON_TRUE,
    JSON_FALSE,
    JSON_NULL,
};

struct json_reader {
    const char *bytes;
    size_t len, at;
    struct arena *arena;
    struct span text;  /* of the last KEY, STRING or NUMBER; in bytes unless escaped */
    const char *error; /* "malformed", "too_deep", "bad_utf8", "nul" */
    unsigned depth;
    uint64_t objects;     /* bit d: level d is an object */
    unsigned char expect; /* private */
};

void json_start(struct json_reader *reader, struct arena *arena, const char *bytes, size_t len);
enum json_token json_next(struct json_reader *reader);
/* After a KEY or inside an array, when the value is not wanted: skip it whole. False on error, and
 * when it was the array's end. */
bool json_skip(struct json_reader *reader);
/* The last NUMBER as a whole number; false when it has a fraction, an exponent or does not fit. */
bool json_int(const struct json_reader *reader, int64_t *out);
/* The last token's text, NUL-terminated in the arena. */
const char *json_text(const struct json_reader *reader);

/* ---- writer: commas and colons put themselves ---- */
struct json_writer {
    struct text *out;
    bool comma; /* private: a comma is due before the next item */
};
void json_object(struct json_writer *writer);
void json_object_end(struct json_writer *writer);
void json_array(struct json_writer *writer);
void json_array_end(struct json_writer *writer);
void json_key(struct json_writer *writer, const char *name);
/* The same, when `,"name":` is at hand. */
void json_key_ready(struct json_writer *writer, struct span key);
void json_string(struct json_writer *writer, const char *s); /* NULL: null */
void json_number(struct json_writer *writer, int64_t value);
void json_bool(struct json_writer *writer, bool value);
void json_null(struct json_writer *writer);
/* A value that is JSON already. */
void json_ready(struct json_writer *writer, const char *json);

#endif
