/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which index finds the rows of a list, so that its cost does not grow with the table.
 *
 * A list walks the index of its order and stops after a page. That is slow where a filter or the
 * scope finds few rows only: then their index leads, and what it finds is sorted. Both engines
 * would guess which it is (SQLite keeps no statistics, PostgreSQL plans a kept statement for any
 * value), so each is asked first, with a bound, how many rows there are. Then SQLite is told by
 * marking every column that shall not choose the index (`+column`), PostgreSQL by the few ids. */
#include "app/records/record_private.h"

#include <string.h>

/* A page of 50 among FEW rows of a table of n is found after walking 50 n / FEW of them: at this
 * number walking a ledger of 100,000 costs some milliseconds, as sorting does. */
#define FEW 300

#define LEADS_MOST 8
#define ASKED_FOR_MS 10000 /* how many rows there are changes slowly */

bool order_by_id(const struct order *order)
{
    return !order->own.by && strcmp(order->field->name, "id") == 0;
}

/* The field's filters are one that asks for one value: its index, which ends with the id, gives the
 * rows by id. */
static bool is_one_value(const struct list_query *query, const struct field *field)
{
    bool is = true;
    for (const struct condition *condition = query->conditions; condition;
         condition = condition->next)
        is = is && (condition->field != field || condition->compare == IS);
    return is;
}

static bool keeps_order(const struct ctx *cx, const struct resource *resource,
                        const struct list_query *query, const struct order *order,
                        const struct lead *lead)
{
    if (!order || (lead->field == order->field && !order->own.by))
        return true;
    return order_by_id(order) &&
           (lead->scope ? scope_is_by_id(cx, resource) : is_one_value(query, lead->field));
}

/* "FROM contracts t WHERE …" with what leads, and nothing else. */
static void sql_led(struct ctx *cx, const struct resource *resource, const struct list_query *query,
                    const struct lead *lead, struct param_list *params, struct text *sql)
{
    text_printf(sql, "FROM %s t WHERE ", resource->name);
    if (lead->scope) {
        scope_narrow(cx, resource, params, sql);
    } else {
        text_puts(sql, "1 = 1");
        sql_conditions(cx, resource, query, lead->field, lead->field, params, sql);
    }
}

void sql_few(struct ctx *cx, const struct resource *resource, const struct list_query *query,
             const struct lead *lead, struct param_list *params, struct text *sql)
{
    if (!lead->few || db_engine(cx->db) == ENGINE_SQLITE)
        return;
    text_puts(sql, " AND t.id = ANY (ARRAY(SELECT t.id ");
    sql_led(cx, resource, query, lead, params, sql);
    text_puts(sql, "))");
}

/* PostgreSQL guesses well what the scope leaves of a list by id, and each question costs it a way
 * there and back. */
static bool is_asked(const struct ctx *cx, const struct order *order, const struct lead *lead,
                     bool keeps, size_t count)
{
    if (db_engine(cx->db) == ENGINE_SQLITE)
        return count > 1 || !keeps;
    return !lead->scope || !order || !order_by_id(order);
}

static enum result finds_few(struct ctx *cx, const struct resource *resource,
                             const struct list_query *query, struct lead *lead)
{
    struct param_list params = {.count = 0};
    struct text sql = text_new(cx->mem, 512);
    int64_t there_are_more;
    text_puts(&sql, "SELECT 1 ");
    sql_led(cx, resource, query, lead, &params, &sql);
    text_printf(&sql, " LIMIT 1 OFFSET %d", FEW - 1);
    if (params.full || cx->fault.fields)
        return OK; /* the statement of the list says so */
    struct query probe = sql_query(resource, "few", &sql, &params, cx);
    TRY(db_int_lately(cx, &probe, params_of(&params), ASKED_FOR_MS, &there_are_more));
    lead->few = !there_are_more;
    return OK;
}

/* Each filtered field once, and the scope. */
static size_t leads_possible(const struct ctx *cx, const struct resource *resource,
                             const struct list_query *query, struct lead *leads)
{
    size_t count = 0;
    for (const struct condition *condition = query->conditions; condition;
         condition = condition->next) {
        bool is_new = !condition->field->column; /* a joined one has no index */
        for (size_t i = 0; i < count; i++)
            is_new = is_new && leads[i].field != condition->field;
        if (is_new && count < LEADS_MOST)
            leads[count++] = (struct lead){.field = condition->field};
    }
    if (scope_narrows(cx, resource)) /* last: its words may need the rows themselves */
        leads[count++] = (struct lead){.scope = true};
    return count;
}

enum result lead_choose(struct ctx *cx, const struct resource *resource,
                        const struct list_query *query, const struct order *order, struct lead *out)
{
    struct lead leads[LEADS_MOST + 1];
    *out = (struct lead){0};
    const size_t count = leads_possible(cx, resource, query, leads);
    for (size_t i = 0; i < count; i++) {
        const bool keeps = keeps_order(cx, resource, query, order, &leads[i]);
        if (is_asked(cx, order, &leads[i], keeps, count))
            TRY(finds_few(cx, resource, query, &leads[i]));
        if (keeps || leads[i].few)
            *out = leads[i];
        if (leads[i].few)
            break;
    }
    if (order && order->own.within && !out->few)
        *out = (struct lead){
            .field = field_find(resource->fields, order->own.within, strlen(order->own.within))};
    return OK;
}
