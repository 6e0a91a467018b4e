/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which index finds the rows of a list, so that its cost does not grow with the table.
 *
 * A list walks the index of its order and stops after a page. That is slow where a filter or the
 * scope finds few rows only: then their index leads, and what it finds is sorted. SQLite, knowing
 * no statistics, would guess; so it is asked with a bound how many rows each finds, and every
 * column that shall not choose the index is marked (`+column`). PostgreSQL has statistics. */
#include "app/records/record_private.h"

#include <string.h>

/* A page of 50 among FEW rows of a table of n is found after walking 50 n / FEW of them: at this
 * number walking a ledger of 100,000 costs about what sorting does. */
#define FEW 1000

#define LEADS_MOST 8

bool order_by_id(const struct order *order)
{
    return strcmp(order->field->name, "id") == 0;
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
    if (!order || lead->field == order->field)
        return true;
    return order_by_id(order) &&
           (lead->scope ? scope_is_by_id(cx, resource) : is_one_value(query, lead->field));
}

static enum result finds_few(struct ctx *cx, const struct resource *resource,
                             const struct list_query *query, struct lead *lead)
{
    struct param_list params = {.count = 0};
    struct text sql = text_new(cx->mem, 512);
    int64_t there_are_more;
    text_printf(&sql, "SELECT 1 FROM %s t WHERE 1 = 1", resource->name);
    if (lead->scope) {
        text_puts(&sql, " AND ");
        scope_sql(cx, resource, "t", &params, &sql);
    } else {
        sql_conditions(cx, resource, query, lead->field, lead->field, &params, &sql);
    }
    text_printf(&sql, " LIMIT 1 OFFSET %d", FEW - 1);
    if (params.full || cx->fault.fields)
        return OK; /* the statement of the list says so */
    struct query probe = sql_query(resource, "few", &sql, &params, cx);
    TRY(db_int(cx, &probe, params_of(&params), &there_are_more));
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
    if (db_engine(cx->db) != ENGINE_SQLITE)
        return OK;
    const size_t count = leads_possible(cx, resource, query, leads);
    for (size_t i = 0; i < count; i++) {
        const bool keeps = keeps_order(cx, resource, query, order, &leads[i]);
        if (count > 1 || !keeps)
            TRY(finds_few(cx, resource, query, &leads[i]));
        if (keeps || leads[i].few)
            *out = leads[i];
        if (leads[i].few)
            break;
    }
    return OK;
}
