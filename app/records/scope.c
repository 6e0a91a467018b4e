/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The scope: which rows of a resource an actor may know of, as SQL. The one place that says so. */
#include "app/records/record_private.h"

#include <string.h>

void sql_param(struct text *sql, struct param_list *params, struct param param)
{
    if (params->count < (int)(sizeof params->at / sizeof params->at[0]))
        params->at[params->count++] = param;
    else
        params->full = true;
    text_putc(sql, '$');
    text_int(sql, params->count);
}

void sql_unindexed(struct ctx *cx, struct text *sql)
{
    if (db_engine(cx->db) == ENGINE_SQLITE)
        text_putc(sql, '+');
}

/* The end of an EXISTS that PostgreSQL shall ask row by row: without the OFFSET it makes a join of
 * it, may begin there, and then has to sort all rows of the list. */
#define FENCED " LIMIT 1 OFFSET 0)"

/* The actor's value that a :word of a scope stands for. */
static struct param actor_value(const struct actor *actor, const char *word, size_t len)
{
    static const struct {
        const char *word;
        size_t member;
    } WORDS[] = {
        {"org", offsetof(struct actor, organisation_id)},
        {"unit", offsetof(struct actor, unit_id)},
        {"person", offsetof(struct actor, person_id)},
        {"account", offsetof(struct actor, account_id)},
    };
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (strlen(WORDS[i].word) == len && memcmp(WORDS[i].word, word, len) == 0)
            return param_id(*(const int64_t *)((const char *)actor + WORDS[i].member));
    return param_id(0); /* compares as unknown: no row */
}

/* Once for each actor's value, however many scopes of one statement ask for it (documents hang at
 * twenty kinds of records): a statement has room for so many parameters. */
static void sql_actor_value(struct text *sql, struct param_list *params, struct param value)
{
    for (int i = 0; i < params->count; i++)
        if (params->at[i].type == value.type && value.type == PARAM_INT &&
            params->at[i].number == value.number) {
            text_putc(sql, '$');
            text_int(sql, i + 1);
            return;
        }
    sql_param(sql, params, value);
}

/* "@provider_id = :org" -> "t.provider_id = $3" */
static void scope_words(struct ctx *cx, const char *words, const char *alias,
                        struct param_list *params, struct text *sql)
{
    while (*words) {
        size_t plain = strcspn(words, "@:");
        text_put(sql, words, plain);
        words += plain;
        if (*words == '@') {
            if (params->walked)
                sql_unindexed(cx, sql);
            text_puts(sql, alias);
            text_putc(sql, '.');
            words++;
        } else if (*words == ':') {
            size_t len = strspn(++words, "abcdefghijklmnopqrstuvwxyz_");
            sql_actor_value(sql, params, actor_value(cx->actor, words, len));
            words += len;
        }
    }
}

static bool uses_unit(const struct resource *resource, const struct actor *actor)
{
    return resource->unit && actor->side == SIDE_CLIENT && !actor->sees_company;
}

bool scope_narrows(const struct ctx *cx, const struct resource *resource)
{
    const struct actor *actor = cx->actor;
    const char *words = actor ? resource->scope[actor->side] : NULL;
    if (!words || !*words || actor->is_system || resource->parent || resource->subjects)
        return false;
    /* Nearly all that is there belongs to the company itself. */
    return uses_unit(resource, actor) || actor->side != SIDE_CLIENT || !strstr(words, ":org");
}

bool scope_is_by_id(const struct ctx *cx, const struct resource *resource)
{
    return !uses_unit(resource, cx->actor) || (cx->actor->is_leaf_unit && !resource->beyond_units);
}

static void sql_below(const struct actor *actor, struct param_list *params, struct text *sql)
{
    text_puts(sql, "own.path >= ");
    sql_param(sql, params, param_text(actor->path_from));
    text_puts(sql, " AND own.path < ");
    sql_param(sql, params, param_text(actor->path_to));
}

/* A known row's unit is looked up; for a list the units below the actor's are asked for once. */
static void scope_unit(struct ctx *cx, const struct resource *resource, const char *alias,
                       struct param_list *params, struct text *sql)
{
    const struct actor *actor = cx->actor;
    const bool is_sqlite = db_engine(cx->db) == ENGINE_SQLITE;
    if (params->one && !actor->is_leaf_unit) {
        text_printf(sql, "EXISTS (SELECT 1 FROM units own WHERE own.id = %s.%s AND ", alias,
                    resource->unit);
        sql_below(actor, params, sql);
        text_puts(sql, FENCED);
        return;
    }
    if (params->walked)
        sql_unindexed(cx, sql);
    text_printf(sql, "%s.%s ", alias, resource->unit);
    if (actor->is_leaf_unit) {
        text_puts(sql, "= ");
        sql_param(sql, params, param_id(actor->unit_id));
        return;
    }
    text_puts(sql, is_sqlite ? "IN (" : "= ANY (ARRAY(");
    text_puts(sql, "SELECT own.id FROM units own WHERE ");
    sql_below(actor, params, sql);
    text_puts(sql, is_sqlite ? ")" : "))");
}

void scope_narrow(struct ctx *cx, const struct resource *resource, struct param_list *params,
                  struct text *sql)
{
    if (uses_unit(resource, cx->actor) && !resource->beyond_units)
        scope_unit(cx, resource, "t", params, sql);
    else
        scope_sql(cx, resource, "t", params, sql);
}

static void scope_own(struct ctx *cx, const struct resource *resource, const char *alias,
                      struct param_list *params, struct text *sql)
{
    const struct actor *actor = cx->actor;
    const char *words = actor ? resource->scope[actor->side] : NULL;
    const char *beyond = actor && actor->side == SIDE_CLIENT ? resource->beyond_units : NULL;
    if (!words) {
        text_puts(sql, "1 = 0");
        return;
    }
    const bool by_unit = uses_unit(resource, actor), walked = params->walked;
    params->walked = walked || (by_unit && !beyond); /* the unit's index finds fewer */
    text_puts(sql, beyond ? "((" : "(");
    scope_words(cx, *words ? words : "1 = 1", alias, params, sql);
    text_putc(sql, ')');
    params->walked = walked;
    if (by_unit) {
        text_puts(sql, " AND ");
        scope_unit(cx, resource, alias, params, sql);
    }
    if (!beyond)
        return;
    text_puts(sql, " OR ");
    scope_words(cx, beyond, alias, params, sql);
    text_putc(sql, ')');
}

/* EXISTS (SELECT 1 FROM contracts s1 WHERE s1.id = t.contract_id AND <scope of contracts>) */
static void scope_through(struct ctx *cx, const struct resource *owner, const char *link,
                          const char *alias, struct param_list *params, struct text *sql)
{
    /* One level of parents hangs on another at most three times; the alias grows with the depth. */
    const char *inner = arena_printf(cx->mem, "%ss", alias);
    text_printf(sql, "EXISTS (SELECT 1 FROM %s %s WHERE %s.id = %s.%s AND ", owner->name, inner,
                inner, alias, link);
    const bool one = params->one;
    params->one = true;
    scope_sql(cx, owner, inner, params, sql);
    params->one = one;
    text_puts(sql, FENCED);
}

static void scope_part(struct ctx *cx, const struct resource *resource, const char *alias,
                       struct param_list *params, struct text *sql)
{
    const struct actor *actor = cx->actor;
    const char *words = actor ? resource->scope[actor->side] : NULL;
    const char *beyond = actor && actor->side == SIDE_CLIENT ? resource->beyond_units : NULL;
    if (beyond)
        text_puts(sql, "((");
    scope_through(cx, resource->parent, resource->parent_field, alias, params, sql);
    if (words) {
        text_puts(sql, " AND (");
        scope_words(cx, words, alias, params, sql);
        text_putc(sql, ')');
    }
    if (!beyond)
        return;
    text_puts(sql, ") OR ");
    scope_words(cx, beyond, alias, params, sql);
    text_putc(sql, ')');
}

static void scope_subjects(struct ctx *cx, const struct resource *resource, const char *alias,
                           struct param_list *params, struct text *sql)
{
    text_puts(sql, "(1 = 0");
    for (const struct resource *const *subject = resource->subjects; *subject; subject++) {
        if (!actor_may(cx->actor, arena_printf(cx->mem, "%s.read", (*subject)->name)))
            continue; /* who may not read contracts sees nothing that hangs at them */
        text_printf(sql, " OR (%s.subject = '%s' AND ", alias, (*subject)->name);
        scope_through(cx, *subject, "subject_id", alias, params, sql);
        text_putc(sql, ')');
    }
    text_putc(sql, ')');
}

void scope_sql(struct ctx *cx, const struct resource *resource, const char *alias,
               struct param_list *params, struct text *sql)
{
    if (cx->actor && cx->actor->is_system)
        text_puts(sql, "1 = 1");
    else if (resource->parent)
        scope_part(cx, resource, alias, params, sql);
    else if (resource->subjects)
        scope_subjects(cx, resource, alias, params, sql);
    else
        scope_own(cx, resource, alias, params, sql);
}
