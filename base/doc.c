/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/doc.h"

#include <string.h>

struct doc *doc_new(struct arena *arena)
{
    struct doc *doc = ARENA_NEW(arena, struct doc);
    doc->arena = arena;
    return doc;
}

void doc_root(struct doc *doc, const struct field *fields, const void *record)
{
    doc->fields = fields;
    doc->root = record;
}

static void put(struct doc *doc, struct node node)
{
    struct node *copy = ARENA_NEW(doc->arena, struct node);
    *copy = node;
    copy->page_only = doc->page_only;
    if (doc->last)
        doc->last->next = copy;
    else
        doc->first = copy;
    doc->last = copy;
}

void doc_text(struct doc *doc, const char *name, const char *value)
{
    put(doc, (struct node){.name = name, .kind = NODE_TEXT, .text = value});
}

void doc_int(struct doc *doc, const char *name, int64_t value)
{
    put(doc, (struct node){.name = name, .kind = NODE_INT, .number = value});
}

void doc_flag(struct doc *doc, const char *name, bool value)
{
    put(doc, (struct node){.name = name, .kind = NODE_FLAG, .number = value});
}

void doc_record(struct doc *doc, const char *name, const struct field *fields, const void *record)
{
    put(doc, (struct node){.name = name, .kind = NODE_RECORD, .fields = fields, .data = record});
}

void doc_records(struct doc *doc, const char *name, const struct field *fields, const void *records,
                 size_t count, size_t stride)
{
    put(doc, (struct node){.name = name,
                           .kind = NODE_RECORDS,
                           .fields = fields,
                           .data = records,
                           .count = count,
                           .stride = stride});
}

void doc_doc(struct doc *doc, const char *name, const struct doc *inner)
{
    put(doc, (struct node){.name = name, .kind = NODE_DOC, .data = inner});
}

void doc_docs(struct doc *doc, const char *name, struct doc *const *inner, size_t count)
{
    put(doc, (struct node){.name = name, .kind = NODE_DOCS, .data = inner, .count = count});
}

void doc_texts(struct doc *doc, const char *name, const char *const *texts, size_t count)
{
    put(doc, (struct node){.name = name, .kind = NODE_TEXTS, .data = texts, .count = count});
}

const struct node *doc_find(const struct doc *doc, const char *name, size_t len)
{
    for (const struct node *node = doc->first; node; node = node->next)
        if (span_is((struct span){name, len}, node->name))
            return node;
    return NULL;
}

/* ---- JSON ---- */

/* "" stands for none in the formats of days, months, instants and choices. */
static void string_or_null(struct json_writer *writer, const char *s)
{
    if (s[0] != '\0')
        json_string(writer, s);
    else
        json_null(writer);
}

static void json_set(struct json_writer *writer, const struct field *field, struct set set)
{
    json_array(writer);
    for (size_t i = 0; i < 64 && field->choices[i]; i++)
        if (set.bits >> i & 1)
            json_string(writer, field->choices[i]);
    json_array_end(writer);
}

/* The members that JSON shows as a text of few characters. */
static const char *short_text(const struct field *field, const void *record,
                              char buffer[INSTANT_MAX_TEXT])
{
    _Static_assert(INSTANT_MAX_TEXT >= DATE_MAX_TEXT && INSTANT_MAX_TEXT >= MONTH_MAX_TEXT &&
                       INSTANT_MAX_TEXT >= POINTS_MAX_TEXT,
                   "one buffer for all");
    switch (field->type) {
    case FIELD_POINTS:
        buffer[0] = '\0';
        if (!field_is_none(field, record))
            points_format(*FIELD_AT(const struct points, field, record), buffer);
        return buffer;
    case FIELD_DATE:
        date_format(*FIELD_AT(const struct date, field, record), buffer);
        return buffer;
    case FIELD_MONTH:
        month_format(*FIELD_AT(const struct month, field, record), buffer);
        return buffer;
    case FIELD_INSTANT:
        instant_format(*FIELD_AT(const struct instant, field, record), buffer);
        return buffer;
    default:
        return choice_name(field->choices, *FIELD_AT(const unsigned, field, record));
    }
}

void json_field(struct json_writer *writer, const struct field *field, const void *record)
{
    char buffer[INSTANT_MAX_TEXT];
    switch (field->type) {
    case FIELD_ID:
        if (field_is_none(field, record))
            json_null(writer);
        else
            json_number(writer, *FIELD_AT(const int64_t, field, record));
        break;
    case FIELD_INT:
        json_number(writer, *FIELD_AT(const int32_t, field, record));
        break;
    case FIELD_MONEY:
        json_number(writer, FIELD_AT(const struct money, field, record)->fen);
        break;
    case FIELD_BOOL:
        json_bool(writer, *FIELD_AT(const bool, field, record));
        break;
    case FIELD_TEXT:
        json_string(writer, *FIELD_AT(const char *const, field, record));
        break;
    case FIELD_SET:
        json_set(writer, field, *FIELD_AT(const struct set, field, record));
        break;
    case FIELD_SECRET:
        json_string(writer,
                    secret_shown(writer->out->arena, FIELD_AT(const struct secret, field, record)));
        break;
    default:
        string_or_null(writer, short_text(field, record, buffer));
    }
}

static void members(struct json_writer *writer, const struct field *fields, const void *record)
{
    for (const struct field *field = fields; field->name; field++) {
        if (field->use & HIDDEN)
            continue;
        json_key_ready(writer, field->json_key);
        json_field(writer, field, record);
    }
}

void json_record(struct json_writer *writer, const struct field *fields, const void *record)
{
    json_object(writer);
    members(writer, fields, record);
    json_object_end(writer);
}

static void json_list(struct json_writer *writer, const struct node *node)
{
    json_array(writer);
    for (size_t i = 0; i < node->count; i++) {
        if (node->kind == NODE_RECORDS)
            json_record(writer, node->fields, (const char *)node->data + i * node->stride);
        else if (node->kind == NODE_DOCS)
            json_doc(writer, ((struct doc *const *)node->data)[i]);
        else
            json_string(writer, ((const char *const *)node->data)[i]);
    }
    json_array_end(writer);
}

static void json_node(struct json_writer *writer, const struct node *node)
{
    switch (node->kind) {
    case NODE_TEXT:
        json_string(writer, node->text);
        break;
    case NODE_INT:
        json_number(writer, node->number);
        break;
    case NODE_FLAG:
        json_bool(writer, node->number != 0);
        break;
    case NODE_RECORD:
        if (node->data)
            json_record(writer, node->fields, node->data);
        else
            json_null(writer);
        break;
    case NODE_DOC:
        if (node->data)
            json_doc(writer, node->data);
        else
            json_null(writer);
        break;
    case NODE_RECORDS:
    case NODE_DOCS:
    case NODE_TEXTS:
        json_list(writer, node);
        break;
    }
}

void json_doc(struct json_writer *writer, const struct doc *doc)
{
    json_object(writer);
    if (doc->root)
        members(writer, doc->fields, doc->root);
    for (const struct node *node = doc->first; node; node = node->next) {
        if (node->page_only)
            continue;
        json_key(writer, node->name);
        json_node(writer, node);
    }
    json_object_end(writer);
}

const char *json_rows_text(struct arena *arena, const struct field *fields, const void *rows,
                           size_t count, size_t stride)
{
    struct text text = text_new(arena, 1024);
    struct json_writer json = {.out = &text};
    if (!count)
        return "";
    json_array(&json);
    for (size_t i = 0; i < count; i++)
        json_record(&json, fields, (const char *)rows + i * stride);
    json_array_end(&json);
    return text_end(&text);
}

/* NULL: the names. */
static void table_row(struct json_writer *json, const struct field *fields, const void *record)
{
    json_array(json);
    for (const struct field *field = fields; field->name; field++) {
        if (field->use & HIDDEN)
            continue;
        if (record)
            json_field(json, field, record);
        else
            json_string(json, field->name);
    }
    json_array_end(json);
}

const char *json_table_text(struct arena *arena, const struct field *fields, const void *rows,
                            size_t count, size_t stride)
{
    struct text text = text_new(arena, 1024);
    struct json_writer json = {.out = &text};
    if (!count)
        return "";
    json_array(&json);
    table_row(&json, fields, NULL);
    for (size_t i = 0; i < count; i++)
        table_row(&json, fields, (const char *)rows + i * stride);
    json_array_end(&json);
    return text_end(&text);
}

static void read_member(const struct field *field, struct json_reader *json, void *row)
{
    if (!field)
        (void)json_skip(json);
    else if (json_field_read(field, json, row))
        field_clear(field, row);
}

/* Behind the opening brace of a row. */
static bool read_object(const struct field *fields, struct json_reader *json, void *row)
{
    while (json_next(json) == JSON_KEY)
        read_member(field_find(fields, json->text.at, json->text.len), json, row);
    return !json->error;
}

/* The columns of a table, behind the opening bracket of its first row. */
struct columns {
    const struct field *at[FIELDS_MAX];
    size_t count;
};

static bool read_columns(const struct field *fields, struct json_reader *json, struct columns *out)
{
    enum json_token token;
    while ((token = json_next(json)) == JSON_STRING && out->count < FIELDS_MAX)
        out->at[out->count++] = field_find(fields, json->text.at, json->text.len);
    return token == JSON_ARRAY_END;
}

static bool read_values(const struct columns *columns, struct json_reader *json, void *row)
{
    for (size_t i = 0; i < columns->count; i++)
        read_member(columns->at[i], json, row);
    return json_next(json) == JSON_ARRAY_END;
}

bool json_rows_read(struct arena *arena, const char *text, const struct field *fields, size_t size,
                    size_t most, void *out_rows, size_t *out_count)
{
    struct json_reader json;
    struct columns columns = {.count = 0};
    size_t count = 0;
    char *rows = arena_array(arena, most, size);
    *(void **)out_rows = rows;
    *out_count = 0;
    if (!*text)
        return true;
    json_start(&json, arena, text, strlen(text));
    bool good = json_next(&json) == JSON_ARRAY;
    enum json_token row = good ? json_next(&json) : JSON_ERROR;
    const bool is_table = row == JSON_ARRAY;
    if (is_table) {
        good = read_columns(fields, &json, &columns);
        row = json_next(&json);
    }
    for (; good && count < most && row == (is_table ? JSON_ARRAY : JSON_OBJECT);
         row = json_next(&json)) {
        void *at = rows + count++ * size;
        fields_blank(fields, at);
        good = is_table ? read_values(&columns, &json, at) : read_object(fields, &json, at);
    }
    *out_count = count;
    return good && (count == most || row == JSON_ARRAY_END);
}
