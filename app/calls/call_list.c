/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Calls are found month by month, newest first: each month by its primary key, which is the time;
 * or, when an agent or a number that was called is asked for, hour by hour by the index that begins
 * with the hour. So a page costs the same however many calls there are. */
#include "app/calls/call_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOUR_IDS (INT64_C(3600000) << CALL_SLOT_BITS)

struct walk {
    const struct resource *resource;
    struct list_query query; /* without the span */
    int64_t from, to;        /* ids, both inclusive */
    bool by_hour;
    size_t wanted; /* one more than the page: it tells whether there is a next one */
    char *rows;
    size_t count;
};

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* ---- what is asked for ---- */

/* An end is meant to the whole second, as people write it. */
static void narrow(struct ctx *cx, struct walk *walk, const struct condition *condition)
{
    const struct field_reading reading = {.arena = cx->mem};
    struct call bound = {.started_at = {0}};
    const bool is_end = condition->compare == TO;
    if ((!is_end && condition->compare != FROM) ||
        field_read(condition->field, condition->value, &reading, &bound)) {
        reject(cx, condition->field->name, "malformed");
        return;
    }
    const int64_t second = bound.started_at.ms / 1000 * 1000;
    if (is_end)
        walk->to = earlier(walk->to, call_id_at((struct instant){second + 1000}) - 1);
    else
        walk->from = later(walk->from, call_id_at(bound.started_at));
}

static void add(struct ctx *cx, struct list_query *query, const char *name, int64_t value)
{
    if (!list_condition(cx, &CALLS, name, arena_printf(cx->mem, "%lld", (long long)value), query))
        abort(); /* the names are ours */
}

static void take_condition(struct ctx *cx, struct walk *walk, const struct condition *condition)
{
    const char *name = condition->field->name;
    int64_t key, code;
    if (strcmp(name, "started_at") == 0) {
        narrow(cx, walk, condition);
    } else if (strcmp(name, "callee") == 0) {
        if (!callee_fits(condition->value))
            reject(cx, "callee", "malformed");
        callee_seal(cx->keys, condition->value, &key, &code);
        add(cx, &walk->query, "callee_key", key);
        walk->by_hour = true;
    } else {
        struct condition *kept = ARENA_NEW(cx->mem, struct condition);
        *kept = *condition;
        kept->next = walk->query.conditions;
        walk->query.conditions = kept;
        walk->by_hour = walk->by_hour || strcmp(name, "agent_id") == 0;
    }
}

static enum result walk_begin(struct ctx *cx, const struct resource *resource,
                              const struct list_query *query, struct walk *out)
{
    int64_t after;
    const int limit = query->limit < 1 ? LIST_USUAL : query->limit;
    *out = (struct walk){.resource = resource, .to = INT64_MAX};
    out->wanted = (size_t)(limit > LIST_MOST ? LIST_MOST : limit) + 1;
    out->rows = ARENA_ARRAY(cx->mem, char, out->wanted * resource->size);
    for (const struct condition *condition = query->conditions; condition;
         condition = condition->next)
        take_condition(cx, out, condition);
    if (query->sort && *query->sort && strcmp(query->sort, "-id") != 0)
        reject(cx, "sort", "not_sortable");
    if (query->after && *query->after) {
        if (!int_parse(query->after, &after) || after <= 0)
            return fail(cx, INVALID, "list.bad_cursor");
        out->to = earlier(out->to, after - 1);
    }
    return rejected(cx);
}

/* ---- one stretch of ids in the month at hand ---- */

static enum result stretch(struct ctx *cx, struct walk *walk, int64_t from, int64_t to,
                           int64_t hour)
{
    struct list_query query = walk->query;
    struct list list = {.next = NULL};
    add(cx, &query, "id_from", from);
    add(cx, &query, "id_to", to);
    if (hour >= 0)
        add(cx, &query, "hour", hour);
    do {
        query.limit = (int)(walk->wanted - walk->count);
        query.after = list.next;
        TRY(record_list_here(cx, walk->resource, &query, &list));
        memcpy(walk->rows + walk->count * walk->resource->size, list.rows,
               list.count * walk->resource->size);
        walk->count += list.count;
    } while (list.next && walk->count < walk->wanted);
    return OK;
}

static enum result walk_hours(struct ctx *cx, struct walk *walk, int64_t from, int64_t to)
{
    for (int64_t hour = to / HOUR_IDS; hour >= from / HOUR_IDS && walk->count < walk->wanted;
         hour--)
        TRY(stretch(cx, walk, from, to, hour));
    return OK;
}

/* ---- the months ---- */

struct of_month {
    struct walk *walk;
    int64_t from, to;
};

static enum result walk_month(struct ctx *cx, void *host)
{
    struct of_month *of = host;
    return of->walk->by_hour ? walk_hours(cx, of->walk, of->from, of->to)
                             : stretch(cx, of->walk, of->from, of->to, -1);
}

static int64_t month_begin(struct month month)
{
    const int index = month.months - 1;
    return call_id_at(instant_of(date_of(index / 12, index % 12 + 1, 1), 0, SHANGHAI_OFFSET_MIN));
}

static enum result calls_list(struct ctx *cx, const struct resource *resource,
                              const struct list_query *query, struct list *out)
{
    struct walk walk;
    const struct month *months;
    size_t month_count;
    *out = (struct list){0};
    TRY(walk_begin(cx, resource, query, &walk));
    TRY(months_list(cx, calls_months(), &months, &month_count));
    for (size_t i = 0; i < month_count && walk.count < walk.wanted; i++) {
        const int64_t begin = month_begin(months[i]);
        const int64_t end = month_begin((struct month){months[i].months + 1}) - 1;
        struct of_month of = {&walk, later(walk.from, begin), earlier(walk.to, end)};
        if (of.from <= of.to)
            TRY(months_read(cx, calls_months(), months[i], walk_month, &of));
    }
    out->rows = walk.rows;
    out->count = walk.count;
    if (walk.count == walk.wanted) {
        out->count--;
        const struct call *last = (const void *)(walk.rows + (out->count - 1) * resource->size);
        out->next = arena_printf(cx->mem, "%lld", (long long)last->id);
    }
    return OK;
}

/* ---- one call ---- */

struct wanted {
    const struct resource *resource;
    int64_t id;
    void *out;
    enum result result;
};

static enum result get_one(struct ctx *cx, void *host)
{
    struct wanted *wanted = host;
    wanted->result = record_get_here(cx, wanted->resource, wanted->id, wanted->out);
    return wanted->result;
}

static enum result calls_get(struct ctx *cx, const struct resource *resource, int64_t id, void *out)
{
    struct wanted wanted = {resource, id, out, NOT_FOUND};
    TRY(months_read(cx, calls_months(), call_month(id), get_one, &wanted));
    return wanted.result == NOT_FOUND ? fail(cx, NOT_FOUND, "record.not_found") : wanted.result;
}

const struct apart CALLS_APART = {.get = calls_get, .list = calls_list};
