/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/records/openapi_web.h"

#include "app/records/openapi.h"
#include "app/records/record_web.h"
#include "base/texts.h"
#include "web/stream.h"

#include <ctype.h>
#include <string.h>

static struct span description; /* lives as long as the program */
static const struct route *const *described;

static struct arena *arena_of(const struct json_writer *json)
{
    return json->out->arena;
}

/* ---- what a route is about, by the conventions that all keep ---- */

/* "/contracts/{id}/activate" -> contracts, NULL when that is no kind of record. */
static const struct resource *resource_of(struct arena *arena, const struct route *route)
{
    if (route->subject)
        return ((const struct record_face *)route->subject)->resource;
    const char *name = route->path + 1;
    return resource_find(arena_copy(arena, name, strcspn(name, "/")));
}

/* What follows the record's name: "", "/{id}", "/{id}/activate". */
static const char *rest_of(const struct route *route)
{
    const char *slash = strchr(route->path + 1, '/');
    return slash ? slash : "";
}

static bool is_of_one(const struct route *route)
{
    const char *rest = rest_of(route);
    return strstr(rest, "/{id}") == rest;
}

static bool is_list(const struct route *route)
{
    return route->method == GET && (route->handle == record_list_get);
}

static bool is_creation(const struct route *route)
{
    return route->method == POST && *rest_of(route) == '\0';
}

/* Answered with the record: itself, and what is done to it. */
static bool is_record(const struct route *route)
{
    if (is_creation(route) || strcmp(rest_of(route), "/{id}") == 0)
        return true;
    return route->method != GET && is_of_one(route) && route->handle != record_reveal_post;
}

/* ---- parameters ---- */

static void path_parameter(struct json_writer *json, const char *name)
{
    json_object(json);
    json_member(json, "name", name);
    json_member(json, "in", "path");
    json_flag(json, "required", true);
    json_begin(json, "schema");
    json_member(json, "type", strcmp(name, "id") == 0 ? "integer" : "string");
    json_end(json, 2);
}

static void path_parameters(struct json_writer *json, const char *path)
{
    for (const char *open = strchr(path, '{'); open; open = strchr(open + 1, '{'))
        path_parameter(json, arena_copy(arena_of(json), open + 1, strcspn(open + 1, "}")));
}

static void format_parameter(struct json_writer *json)
{
    json_object(json);
    json_member(json, "name", "format");
    json_member(json, "in", "query");
    json_begin(json, "schema");
    json_key(json, "enum");
    json_array(json);
    json_string(json, "csv");
    json_string(json, "xlsx");
    json_array_end(json);
    json_end(json, 2);
}

static void parameters(struct json_writer *json, const struct route *route,
                       const struct resource *resource)
{
    json_key(json, "parameters");
    json_array(json);
    path_parameters(json, route->path);
    if (is_list(route))
        openapi_list_parameters(json, resource, true);
    if (route->handle == record_export_post) {
        openapi_list_parameters(json, resource, false);
        format_parameter(json);
    }
    if (route->query)
        openapi_query(json, route->query);
    json_array_end(json);
}

/* ---- bodies ---- */

static void reference(struct json_writer *json, const char *place, const char *name,
                      const char *suffix)
{
    json_object(json);
    json_member(json, "$ref",
                arena_printf(arena_of(json), "#/components/%s/%s%s", place, name, suffix));
    json_end(json, 1);
}

static bool takes_record(const struct route *route, const struct resource *resource)
{
    return resource && route->handle != record_export_post && route->handle != record_reveal_post &&
           (route->subject || is_creation(route));
}

struct secret_choice {
    const char *field;
};
static const struct field REVEAL_INPUT[] = {
    FIELD(secret_choice, field, .in = MUST),
    FIELDS_END,
};

/* The fields that a route takes beside the record's own. */
static const struct field *input_of(const struct route *route)
{
    return route->handle == record_reveal_post ? REVEAL_INPUT : route->input;
}

static void lists_schema(struct json_writer *json, const char *prefix,
                         const struct body_list *lists)
{
    json_object(json);
    json_member(json, "type", "object");
    json_begin(json, "properties");
    for (const struct body_list *list = lists; list->name; list++)
        openapi_rows(json, list->name, prefix, list->fields, SCHEMA_NEW);
    json_end(json, 2);
}

/* The bytes of a file, of one of these types. */
static void media(struct json_writer *json, const char *types)
{
    json_begin(json, "content");
    for (const char *at = types; *at; at += strcspn(at, " "), at += *at == ' ') {
        json_begin(json, arena_copy(arena_of(json), at, strcspn(at, " ")));
        json_begin(json, "schema");
        json_end(json, 2);
    }
    json_end(json, 1);
}

static void body_schema(struct json_writer *json, const struct route *route,
                        const struct resource *resource)
{
    const bool upload = route->flags & UPLOAD, record = takes_record(route, resource);
    const struct field *input = input_of(route);
    const char *prefix = resource ? resource->name : "record";
    json_begin(json, "schema");
    json_key(json, "allOf");
    json_array(json);
    if (record)
        reference(json, "schemas", resource->name,
                  SCHEMA_SUFFIXES[is_creation(route) ? SCHEMA_NEW : SCHEMA_CHANGE]);
    if (upload)
        reference(json, "schemas", "upload", "");
    if (input || !(record || upload || route->lists))
        openapi_body(json, prefix, input, is_of_one(route) && !record);
    if (route->lists)
        lists_schema(json, prefix, route->lists);
    json_array_end(json);
    json_end(json, 1);
}

static void body(struct json_writer *json, const struct route *route,
                 const struct resource *resource)
{
    if (route->method == GET || route->method == DELETE || route->handle == record_export_post)
        return;
    json_begin(json, "requestBody");
    if (route->media) {
        media(json, route->media);
        json_end(json, 1);
        return;
    }
    json_begin(json, "content");
    if (route->flags & UPLOAD) {
        json_begin(json, "multipart/form-data");
        body_schema(json, route, resource);
        json_end(json, 1);
    }
    /* What may come with a file may also come without: rows in the place of a table. */
    if (!(route->flags & UPLOAD) || route->lists) {
        json_begin(json, "application/json");
        body_schema(json, route, resource);
        json_end(json, 1);
    }
    json_end(json, 2);
}

/* ---- replies ---- */

static void list_schema(struct json_writer *json, const char *name)
{
    json_object(json);
    json_member(json, "type", "object");
    json_begin(json, "properties");
    json_begin(json, "items");
    json_member(json, "type", "array");
    json_key(json, "items");
    reference(json, "schemas", name, "");
    json_end(json, 1);
    json_begin(json, "next");
    json_member(json, "description", "What to send as after for the next page; null at the end.");
    json_end(json, 3);
}

/* The page that shows a record says which rows come with it. */
static const struct record_rows *rows_of(const struct resource *resource)
{
    for (const struct route *const *table = described; *table; table++)
        for (const struct route *route = *table; route->path; route++) {
            const struct record_face *face = route->subject;
            if (route->handle == record_show_get && face->resource == resource)
                return face->rows;
        }
    return NULL;
}

static void one_schema(struct json_writer *json, const struct resource *resource)
{
    const struct record_rows *rows = rows_of(resource);
    if (!rows) {
        reference(json, "schemas", resource->name, "");
        return;
    }
    json_object(json);
    json_key(json, "allOf");
    json_array(json);
    reference(json, "schemas", resource->name, "");
    json_object(json);
    json_member(json, "type", "object");
    json_begin(json, "properties");
    for (; rows->name; rows++)
        openapi_rows(json, rows->name, rows->records ? rows->records->name : resource->name,
                     rows->records ? rows->records->fields : rows->fields, SCHEMA_SHOWN);
    json_end(json, 2);
    json_array_end(json);
    json_end(json, 1);
}

static void reply_schema(struct json_writer *json, const struct route *route,
                         const struct resource *resource)
{
    if (is_list(route)) {
        list_schema(json, resource->name);
    } else if (route->handle == record_history_get) {
        list_schema(json, "history");
    } else if (resource && is_record(route)) {
        one_schema(json, resource);
    } else {
        json_object(json);
        json_member(json, "type", "object");
        json_end(json, 1);
    }
}

static void location_header(struct json_writer *json)
{
    json_begin(json, "headers");
    json_begin(json, "Location");
    json_begin(json, "schema");
    json_member(json, "type", "string");
    json_end(json, 3);
}

static void replies(struct json_writer *json, const struct route *route,
                    const struct resource *resource)
{
    const bool made = resource && is_creation(route), is_file = route->flags & STREAM;
    json_begin(json, "responses");
    json_begin(json, made ? "201" : "200");
    json_member(json, "description", made ? "Made" : "Done");
    if (made)
        location_header(json);
    json_begin(json, "content");
    json_begin(json, is_file ? "*/*" : "application/json");
    if (!is_file) {
        json_key(json, "schema");
        reply_schema(json, route, resource);
    }
    json_end(json, 3);
    json_key(json, "default");
    reference(json, "responses", "refused", "");
    json_end(json, 1);
}

/* ---- operations ---- */

static const char *lower(struct arena *arena, const char *name)
{
    char *text = arena_dup(arena, name);
    for (char *c = text; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return text;
}

/* POST /contracts/{id}/activate -> post_contracts_id_activate */
static const char *operation_id(struct arena *arena, const struct route *route)
{
    struct text id = text_new(arena, 64);
    text_puts(&id, lower(arena, method_name(route->method)));
    for (const char *c = route->path; *c; c++)
        if (isalnum((unsigned char)*c))
            text_putc(&id, *c);
        else if (*c == '/' || *c == '.' || *c == '_' || *c == '-')
            text_putc(&id, '_');
    return text_end(&id);
}

static const char *clause_of(const struct route *route, const struct resource *resource)
{
    for (size_t i = 0; i < rights_count(); i++)
        if (strcmp(rights_at(i)->name, route->right) == 0 && rights_at(i)->clause)
            return rights_at(i)->clause;
    return resource ? resource->clause : NULL;
}

static void operation(struct json_writer *json, const struct route *route)
{
    const struct resource *resource = resource_of(arena_of(json), route);
    const char *clause = clause_of(route, resource);
    json_begin(json, lower(arena_of(json), method_name(route->method)));
    json_member(json, "operationId", operation_id(arena_of(json), route));
    json_key(json, "tags");
    json_array(json);
    json_string(json, arena_copy(arena_of(json), route->path + 1, strcspn(route->path + 1, "/")));
    json_array_end(json);
    json_member(json, "x-right", route->right);
    if (route->flags & SESSION_ONLY)
        json_member(json, "description", "Takes a person's sign-in, not an API token.");
    if (clause && *clause)
        json_member(json, "x-clause", clause);
    if (strcmp(route->right, PUBLIC) == 0) {
        json_key(json, "security");
        json_array(json);
        json_array_end(json);
    }
    parameters(json, route, resource);
    body(json, route, resource);
    replies(json, route, resource);
    json_object_end(json);
}

/* All routes of the API with this path; nothing unless `first` is the first of them. */
static void path_item(struct json_writer *json, const struct route *const *tables,
                      const struct route *first)
{
    bool begun = false;
    for (; *tables; tables++)
        for (const struct route *route = *tables; route->path; route++) {
            if ((route->flags & PAGE_ONLY) || strcmp(route->path, first->path) != 0)
                continue;
            if (!begun && route != first)
                return;
            if (!begun) {
                json_begin(json, arena_printf(arena_of(json), "/api%s", route->path));
            }
            begun = true;
            operation(json, route);
        }
    json_object_end(json);
}

static void paths(struct json_writer *json, const struct route *const *tables)
{
    json_begin(json, "paths");
    for (const struct route *const *table = tables; *table; table++)
        for (const struct route *route = *table; route->path; route++)
            if (!(route->flags & PAGE_ONLY))
                path_item(json, tables, route);
    json_object_end(json);
}

/* ---- what all share ---- */

static const char INFO[] = "{\"title\":\"Luyue 履约\",\"version\":\"1\",\"license\":{"
                           "\"name\":\"AGPL-3.0-or-later\",\"identifier\":\"AGPL-3.0-or-later\"}}";
static const char UPLOAD_SCHEMA[] =
    "{\"type\":\"object\",\"properties\":{\"file\":{\"type\":\"string\","
    "\"contentMediaType\":\"application/octet-stream\"}},\"required\":[\"file\"]}";
static const char REFUSED_SCHEMA[] =
    "{\"type\":\"object\",\"required\":[\"error\"],\"properties\":{\"error\":{\"type\":\"object\","
    "\"required\":[\"code\",\"message\",\"fields\",\"request\"],\"properties\":{"
    "\"code\":{\"type\":\"string\"},\"message\":{\"type\":\"string\"},"
    "\"fields\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
    "\"required\":[\"field\",\"code\",\"message\"],\"properties\":{\"field\":{\"type\":\"string\"},"
    "\"code\":{\"type\":\"string\"},\"message\":{\"type\":\"string\"},"
    "\"clause\":{\"type\":\"string\"}}}},\"request\":{\"type\":\"string\"}}}}}";
static const char RESPONSES[] =
    "{\"refused\":{\"description\":\"401: sign in; 403: no right; 404: not there, or not yours to "
    "see; 409: not in this state, or a newer version; 422: wrong input\",\"content\":"
    "{\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/refused\"}}}}}";
static const char SECURITY_SCHEMES[] = "{\"token\":{\"type\":\"http\",\"scheme\":\"bearer\"}}";

static void ready_member(struct json_writer *json, const char *name, const char *value)
{
    json_key(json, name);
    json_ready(json, value);
}

static void components(struct json_writer *json)
{
    json_begin(json, "components");
    json_begin(json, "schemas");
    openapi_schemas(json);
    ready_member(json, "upload", UPLOAD_SCHEMA);
    ready_member(json, "refused", REFUSED_SCHEMA);
    json_end(json, 1);
    ready_member(json, "responses", RESPONSES);
    ready_member(json, "securitySchemes", SECURITY_SCHEMES);
    json_end(json, 1);
}

void openapi_use(const struct route *const *tables)
{
    static struct arena *arena;
    struct arena *rough = arena_new(); /* what the description needs while it is written */
    struct text written = text_new(rough, (size_t)256 << 10);
    struct json_writer json = {.out = &written};
    described = tables;
    json_object(&json);
    json_member(&json, "openapi", "3.1.0");
    ready_member(&json, "info", INFO);
    ready_member(&json, "servers", "[{\"url\":\"/\"}]");
    ready_member(&json, "security", "[{\"token\":[]}]");
    paths(&json, tables);
    components(&json);
    json_end(&json, 1);
    arena_free(arena);
    arena = arena_new();
    description = (struct span){arena_copy(arena, text_end(&written), written.len), written.len};
    arena_free(rough);
}

const char *openapi_text(void)
{
    return description.at;
}

static enum result openapi_get(struct request *rq)
{
    return reply_bytes(rq, description.at, description.len, "application/json", "openapi.json",
                       false);
}

const struct route OPENAPI_ROUTES[] = {
    {GET, "/openapi.json", PUBLIC, openapi_get, NULL, .flags = API_ONLY | STREAM},
    ROUTES_END,
};
