/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Lists: filters, search, sort and keyset paging over any resource. How they stay fast in a large
 * table: record_lead.c. PostgreSQL is told the limit in the text of the statement, where its
 * planner sees it. */
#include "app/records/record.h"

#include "app/records/record_private.h"
#include "base/texts.h"

#include <stdio.h>
#include <string.h>

/* ---- order ---- */

static enum result order_of(struct ctx *cx, const struct resource *resource,
                            const struct list_query *query, struct order *out)
{
    const char *sort = query->sort;
    if (!sort || !*sort)
        sort = resource->sort ? resource->sort : "-id";
    *out = (struct order){.down = *sort == '-'};
    sort += out->down;
    out->field = field_find(resource->fields, sort, strlen(sort));
    if (resource->order)
        TRY(resource->order(cx, query, sort, &out->own));
    if (out->own.by || (out->field && (out->field->use & SORTED)))
        return OK;
    reject(cx, "sort", "not_sortable");
    return rejected(cx);
}

static void sql_ordered(struct text *sql, const struct order *order)
{
    if (order->own.by)
        text_printf(sql, "(%s)", order->own.by);
    else
        sql_column(sql, order->field);
}

static void sql_order(struct ctx *cx, const struct order *order, const struct lead *lead,
                      struct text *sql)
{
    const char *direction = order->down ? " DESC" : "";
    text_puts(sql, " ORDER BY ");
    if (lead->few)
        sql_unindexed(cx, sql);
    if (!order_by_id(order)) {
        sql_ordered(sql, order);
        text_printf(sql, "%s, ", direction);
    }
    text_printf(sql, "t.id%s", direction);
}

/* ---- conditions ---- */

static bool ends_with(const char *name, size_t len, const char *ending, size_t *out_len)
{
    size_t ending_len = strlen(ending);
    if (len <= ending_len || memcmp(name + len - ending_len, ending, ending_len) != 0)
        return false;
    *out_len = len - ending_len;
    return true;
}

bool field_has_order(const struct field *field)
{
    return strcmp(field->name, "id") == 0 || field->type == FIELD_DATE ||
           field->type == FIELD_MONEY || field->type == FIELD_MONTH ||
           field->type == FIELD_INSTANT || field->type == FIELD_INT || field->type == FIELD_POINTS;
}

static const struct field *condition_field(const struct resource *resource, const char *name,
                                           enum compare *out)
{
    size_t len = strlen(name), stem;
    const struct field *field = field_find(resource->fields, name, len);
    *out = IS;
    if (!field && ends_with(name, len, "_from", &stem)) {
        field = field_find(resource->fields, name, stem);
        *out = FROM;
    } else if (!field && ends_with(name, len, "_to", &stem)) {
        field = field_find(resource->fields, name, stem);
        *out = TO;
    } else if (!field && ends_with(name, len, "_under", &stem)) {
        field = field_find(resource->fields, name, stem);
        *out = UNDER;
    }
    if (!field || !(field->use & FILTERED))
        return NULL;
    const bool fits = *out == UNDER ? field->refers && strcmp(field->refers, "units") == 0
                                    : *out == IS || field_has_order(field);
    return fits ? field : NULL;
}

/* The value as its column holds it; false when the field does not take it. */
static bool value_read(struct ctx *cx, const struct resource *resource, const struct field *field,
                       const char *value, struct param *out)
{
    void *scratch = arena_alloc(cx->mem, resource->size);
    struct field_reading reading = {.arena = cx->mem};
    fields_blank(resource->fields, scratch);
    const bool is_read = !field_read(field, value, &reading, scratch);
    *out = param_field(cx, field, scratch);
    return is_read;
}

static struct param value_param(struct ctx *cx, const struct resource *resource,
                                const struct field *field, const char *value)
{
    struct param param;
    (void)value_read(cx, resource, field, value, &param); /* list_condition has looked at it */
    return param;
}

static bool values_fit(struct ctx *cx, const struct resource *resource, const struct field *field,
                       const char *values)
{
    struct param param;
    if (field->type == FIELD_ID && strcmp(values, "none") == 0)
        return true;
    while (true) {
        const size_t len = strcspn(values, ",");
        if (!value_read(cx, resource, field, arena_copy(cx->mem, values, len), &param))
            return false;
        if (!values[len])
            return true;
        values += len + 1;
    }
}

/* A day as the end of a range of instants means all of it. */
static const char *whole_day(struct ctx *cx, const struct field *field, const char *value)
{
    const char *plain = text_plain(cx->mem, value);
    const bool is_day = field->type == FIELD_INSTANT && !strpbrk(plain, " T");
    return is_day ? arena_printf(cx->mem, "%s 23:59:59", plain) : value;
}

bool list_condition(struct ctx *cx, const struct resource *resource, const char *name,
                    const char *value, struct list_query *query)
{
    enum compare compare;
    const struct field *field = condition_field(resource, name, &compare);
    if (!field)
        return false;
    if (compare == IS && strchr(value, ','))
        compare = ANY_OF;
    if (compare == TO)
        value = whole_day(cx, field, value);
    if (!values_fit(cx, resource, field, value)) {
        const char *label =
            texts_find(arena_printf(cx->mem, "%s.%s", resource->name, field->name), cx->lang);
        reject(cx, name, "bad_filter", label ? label : name, value);
        return true;
    }
    struct condition *condition = ARENA_NEW(cx->mem, struct condition);
    *condition = (struct condition){field, compare, value, query->conditions};
    query->conditions = condition;
    return true;
}

void list_conditions(struct ctx *cx, const struct resource *resource, const char *text,
                     struct list_query *query)
{
    char *at = arena_dup(cx->mem, text);
    while (*at) {
        size_t len = strcspn(at, "&");
        char *next = at + len + (at[len] == '&');
        at[len] = '\0';
        char *value = strchr(at, '=');
        if (value && strncmp(at, "sort=", 5) != 0) {
            *value = '\0';
            (void)list_condition(cx, resource, at, value + 1, query);
        }
        at = next;
    }
}

static void sql_any_of(struct ctx *cx, const struct resource *resource,
                       const struct condition *condition, struct param_list *params,
                       struct text *sql)
{
    const char *value = condition->value;
    text_puts(sql, " IN (");
    while (true) {
        size_t len = strcspn(value, ",");
        sql_param(sql, params,
                  value_param(cx, resource, condition->field, arena_copy(cx->mem, value, len)));
        if (!value[len])
            break;
        value += len + 1;
        text_puts(sql, ", ");
    }
    text_putc(sql, ')');
}

/* A unit's path begins those under it; they end before the same with '0' for its last '/'. */
static void sql_under(struct ctx *cx, struct param_list *params, struct param unit,
                      struct text *sql)
{
    const bool is_sqlite = db_engine(cx->db) == ENGINE_SQLITE;
    text_puts(sql, is_sqlite ? " IN (" : " = ANY (ARRAY(");
    text_puts(sql, "SELECT below.id FROM units top JOIN units below ON below.path >= top.path AND "
                   "below.path < substr(top.path, 1, length(top.path) - 1) || '0' WHERE top.id = ");
    sql_param(sql, params, unit);
    text_puts(sql, is_sqlite ? ")" : "))");
}

static void sql_condition(struct ctx *cx, const struct resource *resource,
                          const struct condition *condition, struct param_list *params,
                          struct text *sql)
{
    static const char *const SIGNS[] = {[IS] = " = ", [FROM] = " >= ", [TO] = " <= "};
    const struct field *field = condition->field;
    sql_column(sql, field);
    if (field->type == FIELD_ID && strcmp(condition->value, "none") == 0) {
        text_puts(sql, " IS NULL");
    } else if (condition->compare == ANY_OF) {
        sql_any_of(cx, resource, condition, params, sql);
    } else if (condition->compare == UNDER) {
        sql_under(cx, params, value_param(cx, resource, field, condition->value), sql);
    } else {
        text_puts(sql, SIGNS[condition->compare]);
        sql_param(sql, params, value_param(cx, resource, field, condition->value));
    }
}

void sql_conditions(struct ctx *cx, const struct resource *resource, const struct list_query *query,
                    const struct field *only, const struct field *leading,
                    struct param_list *params, struct text *sql)
{
    for (const struct condition *condition = query->conditions; condition;
         condition = condition->next) {
        if (only && condition->field != only)
            continue;
        text_puts(sql, " AND ");
        if (!condition->field->column && leading != condition->field)
            sql_unindexed(cx, sql);
        sql_condition(cx, resource, condition, params, sql);
    }
}

/* The folded word with LIKE's own signs escaped, between two %. */
static const char *like_pattern(struct ctx *cx, const char *search)
{
    struct text pattern = text_new(cx->mem, 64);
    text_putc(&pattern, '%');
    for (const char *c = text_search_key(cx->mem, search); *c; c++) {
        if (strchr("%_\\", *c))
            text_putc(&pattern, '\\');
        text_putc(&pattern, *c);
    }
    text_putc(&pattern, '%');
    return text_end(&pattern);
}

bool is_searched(const struct resource *resource)
{
    return field_find(resource->fields, "search_key", 10) || resource->search_also;
}

static void sql_search(struct ctx *cx, const struct resource *resource, const char *search,
                       struct param_list *params, struct text *sql)
{
    const char *const keys[] = {
        field_find(resource->fields, "search_key", 10) ? "t.search_key" : NULL,
        resource->search_also,
    };
    if (!search || !*search || !is_searched(resource))
        return;
    text_puts(sql, " AND (1 = 0");
    const struct param pattern = param_text(like_pattern(cx, search));
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (!keys[i])
            continue;
        text_printf(sql, " OR %s LIKE ", keys[i]);
        sql_param(sql, params, pattern);
        text_puts(sql, " ESCAPE '\\'");
    }
    text_putc(sql, ')');
}

/* ---- the cursor ---- */

/* "17~2026-05-01": the last row's id, then its value in the order; of an order of the resource's
 * own the row says it. */
static const char *cursor_of(struct ctx *cx, const struct order *order, const void *row)
{
    struct text cursor = text_new(cx->mem, 64);
    text_int(&cursor, ((const struct record *)row)->id);
    if (!order_by_id(order) && !order->own.by) {
        text_putc(&cursor, '~');
        field_write(order->field, row, false, &cursor);
    }
    return text_end(&cursor);
}

/* `+`: where few rows are sorted, the cursor must not choose the index either. */
static enum result sql_after(struct ctx *cx, const struct resource *resource,
                             const struct order *order, const struct lead *lead, const char *after,
                             struct param_list *params, struct text *sql)
{
    if (!after || !*after)
        return OK;
    size_t len = strcspn(after, "~");
    int64_t id;
    if (!int_parse(arena_copy(cx->mem, after, len), &id) || id <= 0 ||
        (order_by_id(order) || order->own.by) == !!after[len])
        return fail(cx, INVALID, "list.bad_cursor");
    const char *sign = order->down ? "<" : ">";
    if (order_by_id(order)) {
        text_puts(sql, " AND ");
        if (lead->few)
            sql_unindexed(cx, sql);
        text_printf(sql, "t.id %s ", sign);
        sql_param(sql, params, param_id(id));
        return OK;
    }
    struct param value = {0};
    if (!order->own.by && !value_read(cx, resource, order->field, after + len + 1, &value))
        return fail(cx, INVALID, "list.bad_cursor");
    text_puts(sql, " AND (");
    if (lead->few)
        sql_unindexed(cx, sql);
    sql_ordered(sql, order);
    text_printf(sql, ", t.id) %s (", sign);
    if (order->own.by) {
        text_printf(sql, "(SELECT %s FROM %s t WHERE t.id = ", order->own.by, resource->name);
        sql_param(sql, params, param_id(id));
        text_putc(sql, ')');
    } else {
        sql_param(sql, params, value);
    }
    text_puts(sql, ", ");
    sql_param(sql, params, param_id(id));
    /* SQLite seeks by the id, too, once it is told how to compare it. */
    text_puts(sql, db_engine(cx->db) == ENGINE_SQLITE ? " COLLATE BINARY)" : ")");
    return OK;
}

/* ---- the verbs ---- */

/* WHERE with scope, conditions and search. */
static void sql_where(struct ctx *cx, const struct resource *resource,
                      const struct list_query *query, const struct lead *lead,
                      struct param_list *params, struct text *sql)
{
    params->walked = !lead->scope;
    text_puts(sql, " WHERE ");
    scope_sql(cx, resource, "t", params, sql);
    sql_conditions(cx, resource, query, NULL, lead->field, params, sql);
    sql_few(cx, resource, query, lead, params, sql);
    sql_search(cx, resource, query->search, params, sql);
}

/* Joins only add columns: every row has its partner. */
static bool needs_joins(const struct resource *resource, const struct list_query *query)
{
    bool needs = query->search && *query->search && resource->search_also;
    for (const struct condition *condition = query->conditions; condition;
         condition = condition->next)
        needs = needs || condition->field->column;
    return needs;
}

/* The rows of a page are chosen among all by their ids alone, so that an index has all that is
 * asked; what is shown of them is read afterwards. */
static void sql_chosen(const struct resource *resource, const struct list_query *query,
                       struct text *sql)
{
    text_printf(sql, " WHERE t.id IN (SELECT t.id FROM %s t %s", resource->name,
                resource->joins && needs_joins(resource, query) ? resource->joins : "");
}

/* The statement is whole: every value was one, and all of them found their place. */
static enum result accepted(struct ctx *cx, const struct param_list *params)
{
    if (params->full)
        return fail(cx, INVALID, "list.too_many_conditions",
                    text_count(cx->mem, sizeof params->at / sizeof *params->at));
    return rejected(cx);
}

enum result record_list(struct ctx *cx, const struct resource *resource,
                        const struct list_query *query, struct list *out)
{
    return resource->apart ? resource->apart->list(cx, resource, query, out)
                           : record_list_here(cx, resource, query, out);
}

enum result record_list_here(struct ctx *cx, const struct resource *resource,
                             const struct list_query *query, struct list *out)
{
    struct param_list params = {.count = 0};
    struct text sql = text_new(cx->mem, 2048);
    struct order order;
    const int most = resource->most ? resource->most : LIST_MOST;
    int limit = query->limit < 1 ? LIST_USUAL : query->limit;
    limit = limit > most ? most : limit;
    *out = (struct list){0};
    struct lead lead;
    TRY(order_of(cx, resource, query, &order));
    TRY(lead_choose(cx, resource, query, &order, &lead));
    text_puts(&sql, resource_select(resource));
    if (order.own.within)
        sql_chosen(resource, query, &sql);
    sql_where(cx, resource, query, &lead, &params, &sql);
    TRY(sql_after(cx, resource, &order, &lead, query->after, &params, &sql));
    sql_order(cx, &order, &lead, &sql);
    /* One more tells whether there is a next page. */
    text_puts(&sql, " LIMIT ");
    text_int(&sql, limit + 1);
    if (order.own.within) {
        text_putc(&sql, ')');
        sql_order(cx, &order, &lead, &sql);
    }
    TRY(accepted(cx, &params));
    struct query sought = sql_query(resource, "list", &sql, &params, cx);
    TRY(db_list(cx, &sought, params_of(&params), resource->fields, resource->size,
                (size_t)limit + 1, &out->rows, &out->count));
    for (size_t i = 0; resource->derive && i < out->count; i++)
        resource->derive(cx, (char *)out->rows + i * resource->size);
    if (out->count > (size_t)limit) {
        out->count = (size_t)limit;
        out->next = cursor_of(cx, &order, (char *)out->rows + (out->count - 1) * resource->size);
    }
    return OK;
}

struct each_row {
    struct ctx *cx;
    const struct resource *resource;
    db_row each;
    void *host;
};

static enum result each_derived(void *host, const void *row)
{
    struct each_row *each = host;
    void *record = arena_alloc(each->cx->mem, each->resource->size);
    memcpy(record, row, each->resource->size);
    each->resource->derive(each->cx, record);
    return each->each(each->host, record);
}

/* Page by page: the rows lie in several places. */
static enum result each_apart(struct ctx *cx, const struct resource *resource,
                              const struct list_query *query, db_row each, void *host)
{
    struct list_query page = *query;
    struct list list = {.next = ""};
    const struct arena_mark mark = arena_mark(cx->mem);
    char after[64] = "";
    for (page.limit = LIST_MOST; list.next; page.after = after) {
        TRY(record_list(cx, resource, &page, &list));
        for (size_t i = 0; i < list.count; i++)
            TRY(each(host, (const char *)list.rows + i * resource->size));
        snprintf(after, sizeof after, "%s", list.next ? list.next : "");
        list.next = list.next ? after : NULL;
        arena_rewind(cx->mem, mark);
    }
    return OK;
}

enum result record_each(struct ctx *cx, const struct resource *resource,
                        const struct list_query *query, db_row each, void *host)
{
    if (resource->apart)
        return each_apart(cx, resource, query, each, host);

    struct param_list params = {.count = 0};
    struct text sql = text_new(cx->mem, 2048);
    struct order order;
    struct lead lead;
    TRY(order_of(cx, resource, query, &order));
    TRY(lead_choose(cx, resource, query, &order, &lead));
    text_puts(&sql, resource_select(resource));
    sql_where(cx, resource, query, &lead, &params, &sql);
    TRY(accepted(cx, &params));
    sql_order(cx, &order, &lead, &sql);
    struct query sought = sql_query(resource, "each", &sql, &params, cx);
    struct each_row row = {cx, resource, each, host};
    return db_each(cx, &sought, params_of(&params), resource->fields, resource->size,
                   resource->derive ? each_derived : each, resource->derive ? &row : host);
}

enum result record_count(struct ctx *cx, const struct resource *resource,
                         const struct list_query *query, int64_t most, int64_t *out)
{
    struct param_list params = {.count = 0};
    struct text sql = text_new(cx->mem, 1024);
    struct lead lead;
    TRY(lead_choose(cx, resource, query, NULL, &lead));
    text_printf(&sql, "SELECT count(*) FROM (SELECT 1 FROM %s t %s", resource->name,
                resource->joins && needs_joins(resource, query) ? resource->joins : "");
    sql_where(cx, resource, query, &lead, &params, &sql);
    text_puts(&sql, " LIMIT ");
    text_int(&sql, most);
    TRY(accepted(cx, &params));
    text_puts(&sql, ") counted");
    struct query sought = sql_query(resource, "count", &sql, &params, cx);
    return db_int(cx, &sought, params_of(&params), out);
}
