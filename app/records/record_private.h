/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What record.c and record_list.c share: the composition of SQL from a resource. */
#ifndef RECORDS_RECORD_PRIVATE_H
#define RECORDS_RECORD_PRIVATE_H

#include "app/records/record.h"

/* "SELECT t.id, …, p.name AS provider_name FROM contracts t JOIN …", made once at start. */
const char *resource_select(const struct resource *resource);

/* "$n" for a new parameter. */
void sql_param(struct text *sql, struct param_list *params, struct param param);

/* `t.column`, or the expression of a joined field. */
void sql_column(struct text *sql, const struct field *field);

/* The column that follows must not choose the index (see record_lead.c). */
void sql_unindexed(struct ctx *cx, struct text *sql);

/* ---- lists ---- */

struct order {
    const struct field *field;
    struct list_order own; /* `by`: instead of the field */
    bool down;
};
bool order_by_id(const struct order *order);

/* The one index by which the rows of a list are found; without field and scope it is that of the
 * list's order. */
struct lead {
    const struct field *field; /* that of the filters of this field, or */
    bool scope;                /* that of the scope */
    bool few;                  /* it leads to few rows in another order: they are sorted */
};
/* `order`: NULL where none is asked for. */
MUST_USE enum result lead_choose(struct ctx *cx, const struct resource *resource,
                                 const struct list_query *query, const struct order *order,
                                 struct lead *out);

/* " AND t.id = ANY (…)": PostgreSQL finds few rows by what leads. */
void sql_few(struct ctx *cx, const struct resource *resource, const struct list_query *query,
             const struct lead *lead, struct param_list *params, struct text *sql);

/* " AND …" for each condition (of field `only`, unless it is NULL). Only the field `leading` may
 * choose the index. */
void sql_conditions(struct ctx *cx, const struct resource *resource, const struct list_query *query,
                    const struct field *only, const struct field *leading,
                    struct param_list *params, struct text *sql);

/* Does the scope leave out most of a large table, and has it an index that finds the rest? */
bool scope_narrows(const struct ctx *cx, const struct resource *resource);
/* The part of it that its index knows. */
void scope_narrow(struct ctx *cx, const struct resource *resource, struct param_list *params,
                  struct text *sql);
/* Do the rows that its index leads to come by id? */
bool scope_is_by_id(const struct ctx *cx, const struct resource *resource);

struct query sql_query(const struct resource *resource, const char *verb, struct text *sql,
                       const struct param_list *params, struct ctx *cx);

/* Does ?q= find its rows, by a key of their own or of what is joined to them? */
bool is_searched(const struct resource *resource);
/* May it be filtered by a range? */
bool field_has_order(const struct field *field);

static inline struct params params_of(const struct param_list *list)
{
    return (struct params){list->at, list->count};
}

#endif
