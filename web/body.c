/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From a body, JSON or form, to records by their field tables. */
#include "web/server_private.h"

#include <stdlib.h>
#include <string.h>

/* Somebody who sends more wrong fields than this learns of the first ones only. */
#define FAULTS_MAX 100

/* One record being read. */
struct reading {
    struct request *rq;
    const struct field *fields;
    void *record;
    void *scratch; /* another such record: a wrong value does not get into the first */
    bool creating;
    const char *prefix; /* "terms.2." before the names of fields in faults */
    uint64_t given;
    size_t faults;
};

/* `field` is NULL when there is none of that name. */
static void wrong(struct reading *r, const char *name, const struct field *field, const char *code,
                  const char *arg)
{
    struct ctx *cx = &r->rq->cx;
    if (r->faults++ >= FAULTS_MAX)
        return;
    const char *whole = *r->prefix ? arena_printf(cx->mem, "%s%s", r->prefix, name) : name;
    reject_clause(cx, field && field->clause ? field->clause : "", whole, code, arg);
}

static struct reading reading_new(struct request *rq, const struct field *fields, bool creating)
{
    size_t size = 0;
    for (const struct field *field = fields; field->name; field++)
        if (field->offset + sizeof(struct secret) > size)
            size = field->offset + sizeof(struct secret); /* the largest kind of member */
    return (struct reading){.rq = rq,
                            .fields = fields,
                            .scratch = arena_alloc(rq->cx.mem, size),
                            .creating = creating,
                            .prefix = ""};
}

/* ---- one field ---- */

static uint64_t bit_of(const struct reading *r, const struct field *field)
{
    return UINT64_C(1) << (field - r->fields);
}

/* The field that a client may set under this name; NULL when there is none. */
static const struct field *settable(const struct reading *r, struct span name)
{
    const struct field *field = field_find(r->fields, name.at, name.len);
    if (!field || (field->use & HIDDEN))
        return NULL;
    return field->in != NEVER || span_is(name, "version") ? field : NULL;
}

static const struct field *take(struct reading *r, struct span name)
{
    const struct field *field = settable(r, name);
    if (!field) {
        wrong(r, arena_copy(r->rq->cx.mem, name.at, name.len), NULL, "unknown", NULL);
        return NULL;
    }
    if (r->given & bit_of(r, field)) {
        wrong(r, field->name, field, "repeated", NULL);
        return NULL;
    }
    r->given |= bit_of(r, field);
    field_copy(field, r->scratch, r->record); /* a secret's mask that comes back changes nothing */
    return field;
}

/* The value stands in scratch, read with `verdict`: is it good, and may it be set? */
static void settle(struct reading *r, const struct field *field, field_verdict verdict)
{
    if (!verdict)
        verdict = field_check(field, r->scratch, r->creating);
    if (!verdict && (field->use & FIXED) && !r->creating &&
        !field_equal(field, r->scratch, r->record))
        verdict = "fixed";
    if (verdict)
        wrong(r, field->name, field, verdict, field_limit(r->rq->cx.mem, field, verdict));
    else
        field_copy(field, r->record, r->scratch);
}

/* At creation a required value must have been sent, unless the handler set it before. */
static void demand_required(struct reading *r)
{
    for (const struct field *field = r->fields; r->creating && field->name; field++) {
        if (field->in != MUST || (r->given & bit_of(r, field)))
            continue;
        field_clear(field, r->scratch);
        if (field_equal(field, r->record, r->scratch) || field_is_none(field, r->record))
            wrong(r, field->name, field, "required", NULL);
    }
}

/* Inputs that the handler reads by itself, also the rows of a list: terms.0.text */
static bool is_taken(const struct request *rq, struct span name)
{
    const char *dot = memchr(name.at, '.', name.len);
    if (dot)
        name.len = (size_t)(dot - name.at);
    for (const struct taken *taken = rq->taken; taken; taken = taken->next)
        if (span_is(name, taken->name))
            return true;
    return false;
}

/* ---- JSON ---- */

/* Behind the opening brace. */
static void read_members(struct reading *r, struct json_reader *json)
{
    while (json_next(json) == JSON_KEY) {
        const struct field *field = NULL;
        if (*r->prefix || !is_taken(r->rq, json->text))
            field = take(r, json->text);
        if (field)
            settle(r, field, json_field_read(field, json, r->scratch));
        else
            (void)json_skip(json);
    }
}

/* Starts at the members of the body's object. */
static enum result open_object(struct request *rq, struct json_reader *json)
{
    json_start(json, rq->cx.mem, rq->body, rq->body_len);
    if (json_next(json) != JSON_OBJECT)
        return fail(&rq->cx, INVALID, "request.not_object");
    return OK;
}

/* ---- forms ---- */

/* A field's value in a form: a set is sent as often as it has choices. */
static const char *form_text(struct reading *r, const struct field *field, const struct part *first)
{
    if (field->type != FIELD_SET)
        return first->value;
    struct text all = text_new(r->rq->cx.mem, 64);
    for (const struct part *part = first; part; part = part->next) {
        if (strcmp(part->name, first->name) != 0)
            continue;
        text_puts(&all, part->value);
        text_putc(&all, ' ');
    }
    return text_end(&all);
}

/* Boxes that were not ticked are not sent; "_fields" says that they were shown. */
static void read_unticked(struct reading *r, const char *names)
{
    while (*names) {
        size_t len = strcspn(names, ",");
        const struct field *field = settable(r, (struct span){names, len});
        names += len + (names[len] == ',');
        if (!field || (field->type != FIELD_BOOL && field->type != FIELD_SET) ||
            (r->given & bit_of(r, field)))
            continue;
        r->given |= bit_of(r, field);
        field_clear(field, r->scratch);
        settle(r, field, NULL);
    }
}

static void read_parts(struct reading *r, const struct part *parts)
{
    const struct field_reading how = {.arena = r->rq->cx.mem};
    for (const struct part *part = parts; part; part = part->next) {
        const struct span name = span_of(part->name);
        if (part->name[0] == '_' || part->file_name || (!*r->prefix && is_taken(r->rq, name)))
            continue;
        const struct field *field = settable(r, name);
        if (field && field->type == FIELD_SET && (r->given & bit_of(r, field)))
            continue;
        field = take(r, name);
        if (field)
            settle(r, field, field_read(field, form_text(r, field, part), &how, r->scratch));
    }
    const struct part *shown = part_find(parts, "_fields");
    if (shown)
        read_unticked(r, shown->value);
}

/* ---- records ---- */

bool body_is_json(const struct request *rq)
{
    return rq->body_len > 0 && strcmp(rq->body_type, "application/json") == 0;
}

enum result body_read(struct request *rq, const struct field *fields, void *record, bool creating,
                      uint64_t *given)
{
    struct reading r = reading_new(rq, fields, creating);
    struct json_reader json;
    r.record = record;
    fields_blank(fields, record);
    if (body_is_json(rq)) {
        TRY(open_object(rq, &json));
        read_members(&r, &json);
    } else {
        read_parts(&r, rq->form);
    }
    demand_required(&r);
    if (given)
        *given = r.given;
    return rejected(&rq->cx);
}

/* ---- lists of records ---- */

struct rows {
    struct reading reading;
    const char *name;
    size_t size, limit, count;
    char *at;
};

static void row_begin(struct rows *rows, const char *index)
{
    struct reading *r = &rows->reading;
    r->given = 0;
    r->prefix = arena_printf(r->rq->cx.mem, "%s.%s.", rows->name, index);
    r->record = rows->at + rows->count++ * rows->size;
    fields_blank(r->fields, r->record);
}

static bool too_many(struct rows *rows, size_t count)
{
    struct ctx *cx = &rows->reading.rq->cx;
    if (count <= rows->limit)
        return false;
    reject(cx, rows->name, "too_many", arena_printf(cx->mem, "%zu", rows->limit));
    return true;
}

static size_t count_items(struct json_reader json)
{
    size_t count = 0;
    while (json_skip(&json))
        count++;
    return count;
}

/* The value behind the key. */
static void read_rows(struct rows *rows, struct json_reader *json)
{
    struct reading *r = &rows->reading;
    struct json_reader before = *json;
    enum json_token token = json_next(json);
    if (token == JSON_NULL)
        return;
    size_t count = token == JSON_ARRAY ? count_items(*json) : 0;
    if (token != JSON_ARRAY || too_many(rows, count)) {
        if (token != JSON_ARRAY)
            reject(&r->rq->cx, rows->name, "malformed");
        *json = before;
        (void)json_skip(json);
        return;
    }
    rows->at = arena_array(r->rq->cx.mem, count, rows->size);
    for (size_t i = 0; i < count; i++) {
        row_begin(rows, arena_printf(r->rq->cx.mem, "%zu", i));
        before = *json;
        if (json_next(json) == JSON_OBJECT) {
            read_members(r, json);
            demand_required(r);
            continue;
        }
        reject(&r->rq->cx, arena_printf(r->rq->cx.mem, "%s.%zu", rows->name, i), "malformed");
        *json = before;
        (void)json_skip(json);
    }
    (void)json_next(json); /* the closing bracket */
}

static enum result read_json_list(struct rows *rows)
{
    struct request *rq = rows->reading.rq;
    struct json_reader json;
    bool seen = false;
    TRY(open_object(rq, &json));
    while (json_next(&json) == JSON_KEY) {
        bool wanted = span_is(json.text, rows->name);
        if (wanted && seen)
            reject(&rq->cx, rows->name, "repeated");
        if (wanted && !seen)
            read_rows(rows, &json);
        else
            (void)json_skip(&json);
        seen = seen || wanted;
    }
    return OK;
}

/* The parts of one row of a form, with their fields' names alone. */
struct form_row {
    struct span index;
    struct part *parts, **end;
    bool filled;
};

static void row_add(struct arena *arena, struct form_row *row, const struct part *part,
                    const char *name)
{
    struct part *copy = ARENA_NEW(arena, struct part);
    *copy = *part;
    copy->name = name;
    copy->next = NULL;
    *row->end = copy;
    row->end = &copy->next;
    row->filled = row->filled || (*name != '_' && part->value[strspn(part->value, " \t\r\n")]);
}

static size_t collect_rows(struct request *rq, const char *name, struct form_row *found)
{
    size_t count = 0, len = strlen(name);
    for (const struct part *part = rq->form; part; part = part->next) {
        if (part->file_name || strncmp(part->name, name, len) != 0 || part->name[len] != '.')
            continue;
        struct span index = {part->name + len + 1, strcspn(part->name + len + 1, ".")};
        if (index.at[index.len] != '.')
            continue;
        size_t i = 0;
        while (i < count && (found[i].index.len != index.len ||
                             memcmp(found[i].index.at, index.at, index.len) != 0))
            i++;
        if (i == count)
            found[count++] = (struct form_row){.index = index, .end = &found[i].parts};
        row_add(rq->cx.mem, &found[i], part, index.at + index.len + 1);
    }
    return count;
}

static void read_form_list(struct rows *rows)
{
    struct reading *r = &rows->reading;
    struct arena *mem = r->rq->cx.mem;
    struct form_row *found = ARENA_ARRAY(mem, struct form_row, PARTS_MAX);
    size_t count = collect_rows(r->rq, rows->name, found), filled = 0;
    for (size_t i = 0; i < count; i++)
        filled += found[i].filled;
    if (too_many(rows, filled))
        return;
    rows->at = arena_array(mem, filled, rows->size);
    for (size_t i = 0; i < count; i++) {
        if (!found[i].filled)
            continue;
        row_begin(rows, arena_copy(mem, found[i].index.at, found[i].index.len));
        read_parts(r, found[i].parts);
        demand_required(r);
    }
}

enum result body_read_list(struct request *rq, const char *name, const struct field *fields,
                           size_t size, size_t limit, void *out_rows, size_t *out_count)
{
    struct rows rows = {
        .reading = reading_new(rq, fields, true), .name = name, .size = size, .limit = limit};
    input_taken(rq, name);
    if (body_is_json(rq))
        TRY(read_json_list(&rows));
    else
        read_form_list(&rows);
    *(void **)out_rows = rows.at;
    *out_count = rows.count;
    return rejected(&rq->cx);
}

enum result body_read_rows(struct request *rq, const struct body_list *list, void *out_rows,
                           size_t *out_count)
{
    return body_read_list(rq, list->name, list->fields, list->size, list->most, out_rows,
                          out_count);
}

enum result query_read(struct request *rq, const struct field *fields, void *record)
{
    const struct field_reading reading = {.arena = rq->cx.mem};
    for (const struct field *field = fields; field->name; field++) {
        const char *text = query_text(rq, field->name);
        field_verdict verdict = *text ? field_read(field, text, &reading, record) : NULL;
        if (!verdict && *text)
            verdict = field_check(field, record, true);
        else if (!verdict && field->in == MUST)
            verdict = "required";
        if (verdict)
            reject(&rq->cx, field->name, verdict, field_limit(rq->cx.mem, field, verdict));
    }
    return rejected(&rq->cx);
}

/* ---- the whole body, before any handler ---- */

static enum result json_refused(struct ctx *cx, const struct json_reader *json)
{
    if (strcmp(json->error, "bad_utf8") == 0)
        return fail(cx, INVALID, "request.bad_utf8");
    if (strcmp(json->error, "too_deep") == 0)
        return fail(cx, INVALID, "request.too_deep", text_count(cx->mem, JSON_DEPTH));
    return fail(cx, INVALID, "request.malformed");
}

enum result body_scan(struct request *rq)
{
    struct json_reader json;
    size_t members = 0;
    json_start(&json, rq->cx.mem, rq->body, rq->body_len);
    for (;;) {
        enum json_token token = json_next(&json);
        if (token == JSON_ERROR)
            return json_refused(&rq->cx, &json);
        if (token == JSON_DONE)
            return OK;
        if (token == JSON_KEY && json.depth == 1 && ++members > PARTS_MAX)
            return fail(&rq->cx, INVALID, "request.too_many_fields",
                        text_count(rq->cx.mem, PARTS_MAX));
    }
}

const char *body_member(struct request *rq, const char *name)
{
    struct json_reader json;
    json_start(&json, rq->cx.mem, rq->body, rq->body_len);
    if (json_next(&json) != JSON_OBJECT)
        return "";
    while (json_next(&json) == JSON_KEY && !span_is(json.text, name))
        (void)json_skip(&json);
    switch (json_next(&json)) {
    case JSON_STRING:
    case JSON_NUMBER:
        return json_text(&json);
    case JSON_TRUE:
        return "true";
    case JSON_FALSE:
        return "false";
    default:
        return "";
    }
}
