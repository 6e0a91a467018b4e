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

/* The column that follows must not choose the index (see record_list.c). */
void sql_unindexed(struct ctx *cx, struct text *sql);

struct query sql_query(const struct resource *resource, const char *verb, struct text *sql,
                       const struct param_list *params, struct ctx *cx);

/* May it be filtered by a range? */
bool field_has_order(const struct field *field);

static inline struct params params_of(const struct param_list *list)
{
    return (struct params){list->at, list->count};
}

#endif
