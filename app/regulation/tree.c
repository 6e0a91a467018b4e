/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The clauses of the regulation in their order, and among them the company's own. */
#include "app/duties/duty.h"
#include "app/regulation/own_clause.h"
#include "app/regulation/regulation_private.h"

#include <string.h>

const struct clause_words *clause_words_of(const char *id)
{
    for (size_t i = 0; i < CLAUSE_COUNT; i++)
        if (strcmp(CLAUSES[i].id, id) == 0)
            return &CLAUSES[i];
    return NULL;
}

struct clause *clause_find(struct clause *clauses, size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(clauses[i].id, id) == 0)
            return &clauses[i];
    return NULL;
}

/* The rules of the duties that carry a clause out, with commas between. */
static const char *duties_of(struct ctx *cx, const char *clause)
{
    struct text names = text_new(cx->mem, 64);
    for (size_t i = 0; duty_rule_at(i); i++)
        if (strcmp(duty_rule_at(i)->clause, clause) == 0)
            text_printf(&names, "%s%s", names.len ? "," : "", duty_rule_at(i)->name);
    return text_end(&names);
}

static const char *href_of(struct ctx *cx, const char *id)
{
    struct text href = text_new(cx->mem, 32);
    text_puts(&href, "/regulation/");
    text_url(&href, id, strlen(id));
    return text_end(&href);
}

static void put(struct ctx *cx, struct regulation *regulation, struct clause clause)
{
    const struct clause *parent =
        clause_find(regulation->clauses, regulation->count, clause.parent);
    clause.level = parent ? parent->level + 1 : 0;
    clause.state = CLAUSE_IDLE;
    clause.href = href_of(cx, clause.id);
    regulation->clauses[regulation->count++] = clause;
}

static bool is_chapter(size_t index)
{
    return index + 1 < CLAUSE_COUNT && strcmp(CLAUSES[index + 1].parent, CLAUSES[index].id) == 0;
}

/* Nothing below this clause comes after the one at `index`. */
static bool ends_at(size_t index, const char *id)
{
    const struct clause_words *next = index + 1 < CLAUSE_COUNT ? &CLAUSES[index + 1] : NULL;
    while (next && strcmp(next->id, id) != 0)
        next = clause_words_of(next->parent);
    return next == NULL;
}

static void put_own(struct ctx *cx, struct regulation *regulation, const struct list *own,
                    const char *parent)
{
    for (size_t i = 0; i < own->count; i++) {
        const struct own_clause *clause = (const struct own_clause *)own->rows + i;
        if (strcmp(choice_name(CLAUSE_IDS, clause->parent), parent) == 0)
            put(cx, regulation,
                (struct clause){.id = clause->number,
                                .parent = parent,
                                .title = clause->title,
                                .text = clause->text,
                                .own = true,
                                .own_id = clause->id,
                                .duties = own_clause_duties(cx->mem, clause)});
    }
}

static enum result own_in_force(struct ctx *cx, int64_t organisation_id, struct list *out)
{
    struct list_query query = {.limit = LIST_MOST};
    *out = (struct list){0};
    if (!actor_may(cx->actor, "own_clauses.read"))
        return OK;
    (void)list_condition(cx, &OWN_CLAUSES, "state", "in_force", &query);
    if (organisation_id)
        (void)list_condition(cx, &OWN_CLAUSES, "organisation_id",
                             arena_printf(cx->mem, "%lld", (long long)organisation_id), &query);
    return record_list(cx, &OWN_CLAUSES, &query, out);
}

enum result regulation_tree(struct ctx *cx, int64_t organisation_id, struct regulation *out)
{
    struct list own;
    TRY(own_in_force(cx, organisation_id, &own));
    *out = (struct regulation){ARENA_ARRAY(cx->mem, struct clause, CLAUSE_COUNT + own.count), 0};
    for (size_t i = 0; i < CLAUSE_COUNT; i++) {
        const struct clause_words *words = &CLAUSES[i];
        put(cx, out,
            (struct clause){.id = words->id,
                            .parent = words->parent,
                            .title = words->title[cx->lang],
                            .text = words->text[cx->lang],
                            .chapter = is_chapter(i),
                            .extension = words->id[0] == 'X',
                            .duties = duties_of(cx, words->id)});
        for (const char *id = words->id; *id && ends_at(i, id); id = clause_words_of(id)->parent)
            put_own(cx, out, &own, id);
    }
    return OK;
}
