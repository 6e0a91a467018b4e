/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Calls are found month by month, newest first: each month by its primary key, which is the time;
 * or, when an agent or a number that was called is asked for, hour by hour, by what the hour was
 * sorted by (call_hours.h). So a page costs the same however many calls there are. */
#include "app/calls/call.sql.h"
#include "app/calls/call_hours.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEYS_MOST 50 /* agents of one filter; of more, every call of the span is looked at */
#define IDS_AT_ONCE 24
#define CALLEE_LEAST 7 /* digits: it is kept sealed, and found only whole */

/* By which key the hours are asked, and what they answered so far. */
struct by_key {
    enum hour_key kind;
    int64_t keys[KEYS_MOST];
    size_t key_count; /* 0: no key is asked for */
    int64_t ids[IDS_AT_ONCE];
    size_t id_count;
};

struct walk {
    const struct resource *resource;
    struct list_query query; /* without the span */
    int64_t from, to;        /* ids, both inclusive */
    struct by_key by;
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

/* "71", "71,72"; "none" of them. */
static void take_agents(struct by_key *by, const char *value)
{
    by->kind = BY_AGENT_ID;
    for (const char *at = value; *at; at += strcspn(at, ","), at += *at == ',') {
        if (by->key_count == KEYS_MOST) {
            by->key_count = 0;
            return;
        }
        by->keys[by->key_count++] = strtoll(at, NULL, 10);
    }
}

static const struct field ID_FIELDS[] = {FIELD(record, id), FIELDS_END};

/* Somebody's calls are those of the ids that they have or had; without any there are none. */
static enum result take_person(struct ctx *cx, struct by_key *by, int64_t person_id)
{
    struct record *agents;
    size_t count;
    TRY(db_list(cx, &q_agents_of_person, PARAMS(P(person_id)), ID_FIELDS, sizeof *agents, KEYS_MOST,
                &agents, &count));
    *by = (struct by_key){.kind = BY_AGENT_ID, .key_count = count ? count : 1};
    for (size_t i = 0; i < count; i++)
        by->keys[i] = agents[i].id;
    return OK;
}

static enum result take_condition(struct ctx *cx, struct walk *walk,
                                  const struct condition *condition)
{
    const char *name = condition->field->name;
    int64_t key, code;
    if (strcmp(name, "started_at") == 0) {
        narrow(cx, walk, condition);
    } else if (strcmp(name, "callee") == 0) {
        if (!callee_fits(condition->value))
            reject(cx, "callee", "malformed");
        else if (strlen(condition->value) < CALLEE_LEAST)
            reject(cx, "callee", "whole_number");
        callee_seal(cx->keys, condition->value, &key, &code);
        add(cx, &walk->query, "callee_key", key);
        walk->by = (struct by_key){.kind = BY_CALLEE_KEY, .keys = {key}, .key_count = 1};
    } else {
        struct condition *kept = ARENA_NEW(cx->mem, struct condition);
        *kept = *condition;
        kept->next = walk->query.conditions;
        walk->query.conditions = kept;
        if (strcmp(name, "agent_id") == 0 && !walk->by.key_count)
            take_agents(&walk->by, condition->value);
        if (strcmp(name, "person_id") == 0 && !walk->by.key_count &&
            int_parse(condition->value, &key))
            TRY(take_person(cx, &walk->by, key));
    }
    return OK;
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
        TRY(take_condition(cx, out, condition));
    if (!out->by.key_count && actor_is_only(cx->actor, ROLE_AGENT))
        TRY(take_person(cx, &out->by, cx->actor->person_id));
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

static enum result collect(struct ctx *cx, struct walk *walk, struct list_query query)
{
    struct list list = {.next = NULL};
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

static enum result stretch(struct ctx *cx, struct walk *walk, int64_t from, int64_t to)
{
    struct list_query query = walk->query;
    add(cx, &query, "id_from", from);
    add(cx, &query, "id_to", to);
    return collect(cx, walk, query);
}

/* ---- or the calls that its hours name ---- */

static enum result look_up(struct ctx *cx, struct walk *walk)
{
    struct by_key *by = &walk->by;
    struct list_query query = walk->query;
    struct text ids = text_new(cx->mem, IDS_AT_ONCE * 20);
    if (!by->id_count || walk->count == walk->wanted)
        return OK;
    for (size_t i = 0; i < by->id_count; i++) {
        text_puts(&ids, i ? "," : "");
        text_int(&ids, by->ids[i]);
    }
    by->id_count = 0;
    if (!list_condition(cx, &CALLS, "id", text_end(&ids), &query))
        abort(); /* the name is ours */
    return collect(cx, walk, query);
}

static enum result walk_sorted(struct ctx *cx, struct walk *walk, int64_t hour, int64_t from,
                               int64_t to)
{
    struct by_key *by = &walk->by;
    int64_t *ids;
    size_t count;
    TRY(hour_find(cx, hour, by->kind, by->keys, by->key_count, from, to, &ids, &count));
    for (size_t i = 0; i < count && walk->count < walk->wanted; i++) {
        by->ids[by->id_count++] = ids[i];
        if (by->id_count == IDS_AT_ONCE)
            TRY(look_up(cx, walk));
    }
    return OK;
}

/* An hour that is not sorted yet is read. */
static enum result walk_hours(struct ctx *cx, struct walk *walk, int64_t from, int64_t to)
{
    struct call_hour *hours;
    size_t count;
    TRY(hours_between(cx, from, to, &hours, &count));
    for (size_t i = 0; i < count && walk->count < walk->wanted; i++) {
        const int64_t first = later(from, hours[i].id * HOUR_IDS),
                      last = earlier(to, (hours[i].id + 1) * HOUR_IDS - 1);
        if (hours[i].sorted) {
            TRY(walk_sorted(cx, walk, hours[i].id, first, last));
            continue;
        }
        TRY(look_up(cx, walk));
        if (walk->count < walk->wanted)
            TRY(stretch(cx, walk, first, last));
    }
    return look_up(cx, walk);
}

/* ---- the months ---- */

struct of_month {
    struct walk *walk;
    int64_t from, to;
};

static enum result walk_month(struct ctx *cx, void *host)
{
    struct of_month *of = host;
    return of->walk->by.key_count ? walk_hours(cx, of->walk, of->from, of->to)
                                  : stretch(cx, of->walk, of->from, of->to);
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
    int64_t gone;
    TRY(db_int(cx, &q_month_gone, NO_PARAMS, &gone));
    if (gone)
        return fail(cx, NOT_FOUND, "calls.deleted");
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
