/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Any bytes as the body of a request, read into a record with every kind of field. The first byte
 * says what the body claims to be. What was read is written again, as JSON and as text. */
#include "base/doc.h"
#include "web/server_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static const char *const COLOURS[] = {"red", "green", NULL};

struct thing {
    int64_t id, version, other_id;
    const char *name, *note;
    int32_t count;
    bool is_open;
    struct money price_fen;
    struct points score;
    struct date day;
    struct month month;
    struct instant at;
    enum colour { RED = 1, GREEN } colour;
    struct set colours;
    struct secret phone;
};
static const struct field THING_FIELDS[] = {
    FIELD(thing, id),
    FIELD(thing, version),
    FIELD_REF(thing, other_id, "things", .in = MAY),
    FIELD(thing, name, .in = MUST, .max = 40),
    FIELD(thing, note, .in = MAY, .use = LONG_TEXT),
    FIELD(thing, count, .in = MAY, .max = 1000),
    FIELD(thing, is_open, .in = MAY),
    FIELD(thing, price_fen, .in = MAY),
    FIELD(thing, score, .in = MAY),
    FIELD(thing, day, .in = MAY),
    FIELD(thing, month, .in = MAY),
    FIELD(thing, at, .in = MAY),
    FIELD_ENUM(thing, colour, COLOURS, .in = MAY),
    FIELD_CHOICES(thing, colours, COLOURS, .in = MAY),
    FIELD(thing, phone, .in = MAY, .valid = phone_valid),
    FIELDS_END,
};

static void write_again(struct arena *arena, const struct thing *thing)
{
    struct text text = text_new(arena, 256);
    struct json_writer json = {.out = &text};
    json_record(&json, THING_FIELDS, thing);
    for (const struct field *field = THING_FIELDS; field->name; field++) {
        field_write(field, thing, true, &text);
        field_canonical(field, thing, &text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct arena *arena = arena_new();
    struct request rq = {.cx = {.mem = arena}, .method = POST, .face = FACE_API};
    struct thing thing = {0};
    fields_blank(THING_FIELDS, &thing);
    if (!len) {
        arena_free(arena);
        return 0;
    }
    rq.body = arena_copy(arena, (const char *)bytes + 1, len - 1);
    rq.body_len = len - 1;
    enum result result;
    if (bytes[0] & 1) {
        rq.face = FACE_PAGE;
        rq.body_type = "application/x-www-form-urlencoded";
        result = form_urlencoded(&rq.cx, (struct span){rq.body, rq.body_len}, &rq.form);
    } else {
        rq.body_type = "application/json";
        result = body_scan(&rq);
    }
    if (result == OK && body_read(&rq, THING_FIELDS, &thing, bytes[0] & 2, NULL) == OK)
        write_again(arena, &thing);
    arena_free(arena);
    return 0;
}
