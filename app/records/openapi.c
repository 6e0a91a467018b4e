/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/records/openapi.h"

#include "app/records/record_private.h"
#include "app/records/trail.h"
#include "base/texts.h"

#include <string.h>

const char *const SCHEMA_SUFFIXES[SCHEMA_KINDS] = {"", "_new", "_change"};

void json_begin(struct json_writer *json, const char *name)
{
    json_key(json, name);
    json_object(json);
}

void json_end(struct json_writer *json, int levels)
{
    while (levels--)
        json_object_end(json);
}

void json_member(struct json_writer *json, const char *name, const char *text)
{
    json_key(json, name);
    json_string(json, text);
}

void json_flag(struct json_writer *json, const char *name, bool value)
{
    json_key(json, name);
    json_bool(json, value);
}

static void number_member(struct json_writer *json, const char *name, int64_t value)
{
    json_key(json, name);
    json_number(json, value);
}

static struct arena *arena_of(const struct json_writer *json)
{
    return json->out->arena;
}

/* ---- one field ---- */

static const struct {
    const char *type, *format, *pattern, *unit;
} TYPES[] = {
    [FIELD_ID] = {.type = "integer"},
    [FIELD_INT] = {.type = "integer"},
    [FIELD_BOOL] = {.type = "boolean"},
    [FIELD_TEXT] = {.type = "string"},
    [FIELD_MONEY] = {.type = "integer", .unit = "fen"},
    [FIELD_POINTS] = {.type = "string", .pattern = "^-?[0-9]+\\.[0-9]{2}$"},
    [FIELD_DATE] = {.type = "string", .format = "date"},
    [FIELD_MONTH] = {.type = "string", .pattern = "^[0-9]{4}-[0-9]{2}$"},
    [FIELD_INSTANT] = {.type = "string", .format = "date-time"},
    [FIELD_ENUM] = {.type = "string"},
    [FIELD_SET] = {.type = "array"},
    [FIELD_SECRET] = {.type = "string"},
};

static void choices(struct json_writer *json, const struct field *field, bool or_null)
{
    json_key(json, "enum");
    json_array(json);
    for (size_t i = 0; field->choices[i]; i++)
        json_string(json, field->choices[i]);
    if (or_null)
        json_null(json);
    json_array_end(json);
}

/* Texts, numbers and flags always have a value; of the others a required one has. */
static bool may_be_null(const struct field *field)
{
    switch (field->type) {
    case FIELD_ID:
        return field->in != MUST && strcmp(field->name, "id") != 0 &&
               strcmp(field->name, "version") != 0;
    case FIELD_DATE:
    case FIELD_MONTH:
    case FIELD_INSTANT:
    case FIELD_ENUM:
        return field->in != MUST;
    case FIELD_POINTS: /* a rate that is worked out may have nothing to divide by */
        return field->use & DERIVED;
    default:
        return false;
    }
}

static void type(struct json_writer *json, const char *name, bool or_null)
{
    json_key(json, "type");
    if (!or_null) {
        json_string(json, name);
        return;
    }
    json_array(json);
    json_string(json, name);
    json_string(json, "null");
    json_array_end(json);
}

static void limits(struct json_writer *json, const struct field *field)
{
    if (field->type == FIELD_TEXT || field->type == FIELD_SECRET) {
        if (field->in != NEVER)
            number_member(json, "maxLength", field_text_most(field));
        if (field->in == MUST)
            number_member(json, "minLength", 1);
        return;
    }
    if (field->min || field->max) {
        number_member(json, "minimum", field->min);
        if (field->max >= field->min)
            number_member(json, "maximum", field->max);
    }
}

/* The value alone, as JSON has it. */
static void value_schema(struct json_writer *json, const struct field *field, bool or_null)
{
    type(json, TYPES[field->type].type, or_null);
    if (TYPES[field->type].format)
        json_member(json, "format", TYPES[field->type].format);
    if (TYPES[field->type].pattern)
        json_member(json, "pattern", TYPES[field->type].pattern);
    if (TYPES[field->type].unit)
        json_member(json, "x-unit", TYPES[field->type].unit);
    if (field->type == FIELD_ENUM)
        choices(json, field, or_null);
    if (field->type == FIELD_SET) {
        json_begin(json, "items");
        choices(json, field, false);
        json_end(json, 1);
    }
}

/* The field's label, as its page shows it. */
static void title(struct json_writer *json, const char *prefix, const struct field *field)
{
    const char *words =
        texts_find(arena_printf(arena_of(json), "%s.%s", prefix, field->name), LANG_EN);
    if (!words)
        words = texts_find(arena_printf(arena_of(json), "record.%s", field->name), LANG_EN);
    if (words)
        json_member(json, "title", words);
}

static void property(struct json_writer *json, const char *prefix, const struct field *field,
                     enum schema_kind kind)
{
    json_begin(json, field->name);
    value_schema(json, field, may_be_null(field));
    limits(json, field);
    title(json, prefix, field);
    if (kind == SCHEMA_SHOWN && field->in == NEVER)
        json_flag(json, "readOnly", true);
    if (field->type == FIELD_SECRET && kind == SCHEMA_SHOWN)
        json_member(json, "description", "Masked; POST …/reveal shows it.");
    if (field->refers)
        json_member(json, "x-resource", field->refers);
    if (field->clause)
        json_member(json, "x-clause", field->clause);
    json_object_end(json);
}

/* ---- records ---- */

static bool is_part(const struct field *field, enum schema_kind kind)
{
    if (field->use & HIDDEN)
        return false;
    if (kind == SCHEMA_CHANGE && (field->use & FIXED))
        return false;
    return kind == SCHEMA_SHOWN || field->in != NEVER;
}

static void properties(struct json_writer *json, const char *prefix, const struct field *fields,
                       enum schema_kind kind, bool version)
{
    json_begin(json, "properties");
    for (const struct field *field = fields; field->name; field++)
        if (is_part(field, kind))
            property(json, prefix, field, kind);
    if (version) {
        json_begin(json, "version");
        json_member(json, "type", "integer");
        json_member(json, "description",
                    "The version that you saw: 409 when there is a newer one.");
        json_end(json, 1);
    }
    json_object_end(json);
}

static bool is_required(const struct field *field, enum schema_kind kind)
{
    return kind == SCHEMA_NEW && field->in == MUST && is_part(field, kind);
}

static void required(struct json_writer *json, const struct field *fields, enum schema_kind kind)
{
    json_key(json, "required");
    json_array(json);
    for (const struct field *field = fields; field->name; field++)
        if (is_required(field, kind))
            json_string(json, field->name);
    if (kind == SCHEMA_CHANGE)
        json_string(json, "version");
    json_array_end(json);
}

static void record_schema(struct json_writer *json, const struct resource *resource,
                          enum schema_kind kind)
{
    json_begin(json, arena_printf(arena_of(json), "%s%s", resource->name, SCHEMA_SUFFIXES[kind]));
    json_member(json, "type", "object");
    if (resource->clause)
        json_member(json, "x-clause", resource->clause);
    properties(json, resource->name, resource->fields, kind, kind == SCHEMA_CHANGE);
    if (kind != SCHEMA_SHOWN)
        required(json, resource->fields, kind);
    json_object_end(json);
}

/* Whoever may read the trail gets whole events of it. */
static void history_schema(struct json_writer *json)
{
    json_begin(json, "history");
    json_member(json, "type", "object");
    properties(json, EVENTS.name, HISTORY_FIELDS, SCHEMA_SHOWN, false);
    json_object_end(json);
}

void openapi_schemas(struct json_writer *json)
{
    history_schema(json);
    for (size_t i = 0; i < resources_count(); i++)
        for (unsigned kind = 0; kind < SCHEMA_KINDS; kind++)
            record_schema(json, resources_at(i), (enum schema_kind)kind);
}

void openapi_body(struct json_writer *json, const char *prefix, const struct field *fields,
                  bool version)
{
    static const struct field NONE[] = {FIELDS_END};
    fields = fields ? fields : NONE;
    json_object(json);
    json_member(json, "type", "object");
    properties(json, prefix, fields, SCHEMA_NEW, version);
    required(json, fields, SCHEMA_NEW);
    json_object_end(json);
}

void openapi_rows(struct json_writer *json, const char *name, const char *prefix,
                  const struct field *fields, enum schema_kind kind)
{
    json_begin(json, name);
    json_member(json, "type", "array");
    json_begin(json, "items");
    json_member(json, "type", "object");
    if (fields) {
        properties(json, prefix, fields, kind, false);
        if (kind == SCHEMA_NEW)
            required(json, fields, kind);
    }
    json_end(json, 2);
}

/* ---- lists ---- */

/* The start of a query parameter; its schema object is left open. */
static void parameter(struct json_writer *json, const char *name, const char *meaning)
{
    json_object(json);
    json_member(json, "name", name);
    json_member(json, "in", "query");
    if (meaning)
        json_member(json, "description", meaning);
    json_begin(json, "schema");
}

/* Several values are written with commas between. */
static void list_parameter(struct json_writer *json, const char *name, const struct field *field)
{
    parameter(json, name, NULL);
    json_member(json, "type", "array");
    json_begin(json, "items");
    value_schema(json, field, false);
    json_end(json, 2);
    json_member(json, "style", "form");
    json_flag(json, "explode", false);
    json_end(json, 1);
}

static void filter(struct json_writer *json, const struct field *field, const char *ending)
{
    const char *name = arena_printf(arena_of(json), "%s%s", field->name, ending);
    if (field->type == FIELD_ENUM) {
        list_parameter(json, name, field);
        return;
    }
    if (field->type == FIELD_MONEY || field->type == FIELD_ID) {
        parameter(json, name, field->type == FIELD_ID ? "An id, or none." : "In yuan.");
        json_member(json, "type", "string");
    } else {
        parameter(json, name, NULL);
        value_schema(json, field, false);
    }
    json_end(json, 2);
}

static void filters(struct json_writer *json, const struct resource *resource)
{
    for (const struct field *field = resource->fields; field->name; field++) {
        if (!(field->use & FILTERED))
            continue;
        filter(json, field, "");
        if (field_has_order(field)) {
            filter(json, field, "_from");
            filter(json, field, "_to");
        }
    }
}

static void sorts(struct json_writer *json, const struct resource *resource)
{
    parameter(json, "sort", "- before the name: descending.");
    json_member(json, "type", "string");
    json_key(json, "enum");
    json_array(json);
    for (const struct field *field = resource->fields; field->name; field++)
        if (field->use & SORTED) {
            json_string(json, field->name);
            json_string(json, arena_printf(arena_of(json), "-%s", field->name));
        }
    json_array_end(json);
    json_member(json, "default", resource->sort ? resource->sort : "-id");
    json_end(json, 2);
}

void openapi_query(struct json_writer *json, const struct field *fields)
{
    for (const struct field *field = fields; field->name; field++) {
        parameter(json, field->name, NULL);
        value_schema(json, field, false);
        json_object_end(json);
        json_flag(json, "required", field->in == MUST);
        json_end(json, 1);
    }
}

void openapi_list_parameters(struct json_writer *json, const struct resource *resource, bool pages)
{
    filters(json, resource);
    sorts(json, resource);
    if (field_find(resource->fields, "search_key", strlen("search_key"))) {
        parameter(json, "q", "Part of a text, whatever its case, width and spaces.");
        json_member(json, "type", "string");
        json_end(json, 2);
    }
    if (!pages)
        return;
    parameter(json, "limit", NULL);
    json_member(json, "type", "integer");
    number_member(json, "minimum", 1);
    number_member(json, "maximum", LIST_MOST);
    number_member(json, "default", LIST_USUAL);
    json_end(json, 2);
    parameter(json, "after", "What the page before gave as next.");
    json_member(json, "type", "string");
    json_end(json, 2);
}
