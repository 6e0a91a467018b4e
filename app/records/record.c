/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/records/record.h"

#include "app/records/record_private.h"
#include "app/records/trail.h"
#include "base/texts.h"

#include <string.h>

#define RESOURCES_MAX 256

static const struct resource *all[RESOURCES_MAX];
static const char *selects[RESOURCES_MAX];
static size_t all_count;

/* Quoted, as "from" and "to" are words of SQL. */
static void sql_name(struct text *sql, const struct field *field)
{
    text_putc(sql, '"');
    text_puts(sql, field->name);
    text_putc(sql, '"');
}

static const char *compose_select(struct arena *arena, const struct resource *resource)
{
    struct text sql = text_new(arena, 1024);
    text_puts(&sql, "SELECT ");
    for (const struct field *field = resource->fields; field->name; field++) {
        if (field->use & DERIVED)
            continue;
        if (field != resource->fields)
            text_puts(&sql, ", ");
        sql_column(&sql, field);
        if (field->column) {
            text_puts(&sql, " AS ");
            sql_name(&sql, field);
        }
    }
    text_printf(&sql, " FROM %s t %s", resource->name, resource->joins ? resource->joins : "");
    return text_end(&sql);
}

void resources_use(const struct resource *const *list)
{
    static struct arena *arena; /* lives as long as the program */
    if (arena)
        arena_reset(arena);
    else
        arena = arena_new();
    for (all_count = 0; list[all_count] && all_count < RESOURCES_MAX; all_count++) {
        all[all_count] = list[all_count];
        selects[all_count] = compose_select(arena, list[all_count]);
    }
}

size_t resources_count(void)
{
    return all_count;
}

const struct resource *resources_at(size_t index)
{
    return all[index];
}

const struct resource *resource_find(const char *name)
{
    for (size_t i = 0; i < all_count; i++)
        if (strcmp(all[i]->name, name) == 0)
            return all[i];
    return NULL;
}

const char *resource_select(const struct resource *resource)
{
    for (size_t i = 0; i < all_count; i++)
        if (all[i] == resource)
            return selects[i];
    return ""; /* not listed in main/slices.c: the statement fails at once, in the first test */
}

void sql_column(struct text *sql, const struct field *field)
{
    if (field->column) {
        text_puts(sql, field->column);
    } else {
        text_puts(sql, "t.");
        sql_name(sql, field);
    }
}

struct query sql_query(const struct resource *resource, const char *verb, struct text *sql,
                       const struct param_list *params, struct ctx *cx)
{
    struct text name = text_new(cx->mem, 64);
    text_puts(&name, resource->name);
    text_putc(&name, '.');
    text_puts(&name, verb);
    return db_query(text_end(&name), text_end(sql), params->count);
}

static const struct record *head(const void *record)
{
    return record; /* RECORD_MEMBERS come first in every record */
}

static struct field const *field_named(const struct resource *resource, const char *name)
{
    return field_find(resource->fields, name, strlen(name));
}

const char *record_title(struct arena *arena, const struct resource *resource, const void *record)
{
    const struct field *field = resource->title ? field_named(resource, resource->title) : NULL;
    struct text title = text_new(arena, 64);
    if (field)
        field_write(field, record, true, &title);
    else
        text_int(&title, head(record)->id);
    return text_end(&title);
}

/* ---- reading ---- */

static enum result not_found(struct ctx *cx, const struct resource *resource, int64_t id)
{
    return fail(cx, NOT_FOUND, "record.not_found", resource->name,
                arena_printf(cx->mem, "%lld", (long long)id));
}

enum result record_get(struct ctx *cx, const struct resource *resource, int64_t id, void *out)
{
    return resource->apart ? resource->apart->get(cx, resource, id, out)
                           : record_get_here(cx, resource, id, out);
}

enum result record_get_here(struct ctx *cx, const struct resource *resource, int64_t id, void *out)
{
    struct param_list params = {.one = true};
    struct text sql = text_new(cx->mem, 2048);
    text_puts(&sql, resource_select(resource));
    text_puts(&sql, " WHERE t.id = ");
    sql_param(&sql, &params, param_id(id));
    text_puts(&sql, " AND ");
    scope_sql(cx, resource, "t", &params, &sql);
    struct query query = sql_query(resource, "get", &sql, &params, cx);
    memset(out, 0, resource->size);
    enum result result = db_one(cx, &query, params_of(&params), resource->fields, out);
    if (result == OK && resource->derive)
        resource->derive(cx, out);
    return result == NOT_FOUND ? not_found(cx, resource, id) : result;
}

enum result record_seen(struct ctx *cx, const struct resource *resource, int64_t id)
{
    if (resource->apart)
        return record_get(cx, resource, id, arena_alloc(cx->mem, resource->size));
    struct param_list params = {.one = true};
    struct text sql = text_new(cx->mem, 512);
    text_printf(&sql, "SELECT count(*) FROM %s t WHERE t.id = ", resource->name);
    sql_param(&sql, &params, param_id(id));
    text_puts(&sql, " AND ");
    scope_sql(cx, resource, "t", &params, &sql);
    struct query query = sql_query(resource, "seen", &sql, &params, cx);
    int64_t count;
    TRY(db_int(cx, &query, params_of(&params), &count));
    return count ? OK : not_found(cx, resource, id);
}

#define SELECT_MOST 1000

enum result record_select(struct ctx *cx, const struct resource *resource, const char *name,
                          const char *where, struct params params, struct list *out)
{
    struct text text = text_new(cx->mem, 2048);
    text_printf(&text, "%s WHERE %s", resource_select(resource), where);
    struct query query = db_query(arena_printf(cx->mem, "%s.%s", resource->name, name),
                                  text_end(&text), params.count);
    *out = (struct list){0};
    TRY(db_list(cx, &query, params, resource->fields, resource->size, SELECT_MOST, &out->rows,
                &out->count));
    for (size_t i = 0; resource->derive && i < out->count; i++)
        resource->derive(cx, (char *)out->rows + i * resource->size);
    return OK;
}

/* ---- writing ---- */

/* Every reference that was set or changed must lead to a record that the actor may know of: an id
 * of somebody else's record is answered like one that does not exist. */
static enum result check_references(struct ctx *cx, const struct resource *resource,
                                    const void *before, const void *after, bool *out_known)
{
    *out_known = true;
    for (const struct field *field = resource->fields; field->name; field++) {
        if (!field->refers || field->column || field->in == NEVER || field_is_none(field, after))
            continue;
        if (before && field_equal(field, before, after))
            continue;
        int64_t id = *(const int64_t *)((const char *)after + field->offset);
        struct fault kept = fault_take(cx);
        enum result result = record_seen(cx, resource_find(field->refers), id);
        if (result != OK && result != NOT_FOUND)
            return result;
        cx->fault = kept;
        if (result == OK)
            continue;
        reject(cx, field->name, "unknown_record");
        *out_known = false;
    }
    return OK;
}

static void check_fields(struct ctx *cx, const struct resource *resource, const void *before,
                         const void *after)
{
    for (const struct field *field = resource->fields; field->name; field++) {
        if (field->in == NEVER || field->column)
            continue;
        if (before && field_equal(field, before, after))
            continue;
        const char *code = field_check(field, after, before == NULL);
        if (code)
            reject(cx, field->name, code, field_limit(cx->mem, field, code));
    }
}

/* What ?q= looks into: the SEARCHED texts, folded. */
static void fill_search_key(struct ctx *cx, const struct resource *resource, void *record)
{
    const struct field *key = field_named(resource, "search_key");
    if (!key)
        return;
    struct text all_texts = text_new(cx->mem, 128);
    for (const struct field *field = resource->fields; field->name; field++)
        if ((field->use & SEARCHED) && field->type == FIELD_TEXT) {
            text_puts(&all_texts,
                      text_search_key(cx->mem, *(const char **)((char *)record + field->offset)));
            text_putc(&all_texts, ' ');
        }
    *(const char **)((char *)record + key->offset) = text_end(&all_texts);
}

/* The rules follow references, so they are asked only when each leads somewhere. */
static enum result check_record(struct ctx *cx, const struct resource *resource, const void *before,
                                void *after)
{
    bool known;
    check_fields(cx, resource, before, after);
    TRY(check_references(cx, resource, before, after, &known));
    if (known && resource->check)
        TRY(resource->check(cx, after, before));
    fill_search_key(cx, resource, after);
    return rejected(cx);
}

/* `id` is the database's, joined fields are another table's. */
static bool is_stored(const struct field *field)
{
    return !field->column && !(field->use & DERIVED) && strcmp(field->name, "id") != 0;
}

static enum result insert(struct ctx *cx, const struct resource *resource, void *record)
{
    struct param_list params = {.count = 0};
    struct text sql = text_new(cx->mem, 1024), values = text_new(cx->mem, 256);
    text_printf(&sql, "INSERT INTO %s (", resource->name);
    for (const struct field *field = resource->fields; field->name; field++) {
        if (!is_stored(field))
            continue;
        if (params.count) {
            text_puts(&sql, ", ");
            text_puts(&values, ", ");
        }
        sql_name(&sql, field);
        sql_param(&values, &params, param_field(cx, field, record));
    }
    /* To SQLite RETURNING is a trigger: it would keep a copy of every page that the row touches. */
    text_printf(&sql, ") VALUES (%s)%s", text_end(&values),
                db_engine(cx->db) == ENGINE_SQLITE ? "" : " RETURNING id");
    struct query query = sql_query(resource, "insert", &sql, &params, cx);
    return db_insert(cx, &query, params_of(&params), &((struct record *)record)->id);
}

enum result record_check(struct ctx *cx, const struct resource *resource, void *record)
{
    struct record *own = record;
    fields_blank(resource->fields, record); /* the caller named only what is there */
    own->id = 0;
    own->version = 1;
    own->created_at = own->updated_at = cx->now;
    return check_record(cx, resource, NULL, record);
}

static record_follower follow_record;

void records_follow(record_follower follow)
{
    follow_record = follow;
}

static enum result written(struct ctx *cx, const struct resource *resource, const void *before,
                           const void *after)
{
    if (follow_record)
        TRY(follow_record(cx, resource, before, after));
    return resource->saved ? resource->saved(cx, after, before) : OK;
}

enum result record_add(struct ctx *cx, const struct resource *resource, void *record)
{
    TRY(record_check(cx, resource, record));
    TRY(insert(cx, resource, record));
    trail_add(cx, "create", resource, record, trail_diff(cx->mem, resource->fields, NULL, record),
              "");
    return written(cx, resource, NULL, record);
}

static enum result update(struct ctx *cx, const struct resource *resource, const void *before,
                          const void *after)
{
    struct param_list params = {.count = 0};
    struct text sql = text_new(cx->mem, 512);
    text_printf(&sql, "UPDATE %s SET ", resource->name);
    for (const struct field *field = resource->fields; field->name; field++) {
        if (!is_stored(field) || field_equal(field, before, after))
            continue;
        text_puts(&sql, params.count ? ", " : "");
        sql_name(&sql, field);
        text_puts(&sql, " = ");
        sql_param(&sql, &params, param_field(cx, field, after));
    }
    text_puts(&sql, " WHERE id = ");
    sql_param(&sql, &params, param_id(head(before)->id));
    text_puts(&sql, " AND version = ");
    sql_param(&sql, &params, param_id(head(before)->version));
    struct query query = sql_query(resource, "update", &sql, &params, cx);
    return db_change_one(cx, &query, params_of(&params));
}

/* Also where the trail does not tell the difference: that something was done stands there. */
static bool differs(const struct resource *resource, const void *before, const void *after)
{
    for (const struct field *field = resource->fields; field->name; field++)
        if (is_stored(field) && !field_equal(field, before, after))
            return true;
    return false;
}

enum result record_change(struct ctx *cx, const struct resource *resource, const char *action,
                          const void *before, void *after)
{
    TRY(check_record(cx, resource, before, after));
    if (!differs(resource, before, after))
        return OK;
    struct record *own = after;
    own->version = head(before)->version + 1;
    own->updated_at = cx->now;
    TRY(update(cx, resource, before, after));
    trail_add(cx, action, resource, after, trail_diff(cx->mem, resource->fields, before, after),
              "");
    return written(cx, resource, before, after);
}

void check_words(struct ctx *cx, const char *member, const char *words, size_t most)
{
    if (!*text_plain(cx->mem, words))
        reject(cx, member, "required");
    else if (utf8_count(words) > most)
        reject(cx, member, "too_long", arena_printf(cx->mem, "%zu", most));
}

void check_reason(struct ctx *cx, const char *reason)
{
    check_words(cx, "reason", reason, REASON_MOST);
}

enum result record_fresh(struct ctx *cx, const void *record, int64_t version_seen)
{
    if (head(record)->version == version_seen)
        return OK;
    return fail(cx, CONFLICT, "record.stale");
}

bool record_is_open(struct ctx *cx, const struct resource *resource, const void *record)
{
    if (!resource->open)
        return true;
    struct fault kept = fault_take(cx);
    const bool is_open = resource->open(cx, record) == OK && !cx->fault.fields;
    cx->fault = kept;
    return is_open;
}

const char *state_name(const struct ctx *cx, const struct resource *resource,
                       const char *const *states, unsigned state)
{
    return texts_get(
        arena_printf(cx->mem, "%s.state.%s", resource->name, choice_name(states, state)), cx->lang);
}
