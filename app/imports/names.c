/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/imports/names.h"

void names_start(struct names *names, struct arena *arena, struct importer importer)
{
    *names = (struct names){.arena = arena, .importer = importer};
}

static int link_index(struct names *names, const struct import_link *link)
{
    int i = 0;
    while (i < names->link_count && names->made[i].link != link)
        i++;
    if (i == names->link_count && i < LINKS_MAX) {
        names->made[i] = (struct made){.link = link};
        names->lookups[i] = lookup_new(names->arena);
        names->link_count++;
    }
    return i;
}

static void *record_named(struct ctx *cx, const struct names *names, const struct import_link *link,
                          const char *text)
{
    void *record = arena_alloc(cx->mem, link->resource->size);
    fields_blank(link->resource->fields, record);
    link->make(&names->importer, text, record);
    return record;
}

/* What the rules say of a record of that name, without the faults of the row being in the way. */
static enum result judge(struct ctx *cx, const struct names *names, const struct import_link *link,
                         struct name *name)
{
    struct fault kept = cx->fault;
    cx->fault = (struct fault){.result = OK};
    enum result result =
        record_check(cx, link->resource, record_named(cx, names, link, name->text));
    const struct field_fault *fault = cx->fault.fields;
    if (result != OK && result != INVALID)
        return result;
    if (result == INVALID) {
        name->refusal = fault ? fault->code : "malformed";
        name->refusal_arg = fault && fault->args[0] ? arena_dup(names->arena, fault->args[0]) : "";
    }
    cx->fault = kept;
    return OK;
}

static enum result name_new(struct ctx *cx, struct names *names, const struct import_link *link,
                            struct name *name)
{
    TRY(link->find(cx, &names->importer, name->text, &name->id));
    if (name->id)
        return OK;
    const char *right = arena_printf(cx->mem, "%s.write", link->resource->name);
    if (link->make && actor_may(cx->actor, right))
        return judge(cx, names, link, name);
    name->refusal = link->make ? "not_yours_to_make" : "no_such_name";
    name->refusal_arg = name->text;
    return OK;
}

enum result name_find(struct ctx *cx, struct names *names, const struct import_link *link,
                      const char *text, struct name **out)
{
    struct slot *slot = lookup_at(names->lookups[link_index(names, link)], text);
    struct name *name = slot->thing;
    if (!name) {
        name = ARENA_NEW(names->arena, struct name);
        name->text = arena_dup(names->arena, text);
        TRY(name_new(cx, names, link, name));
        slot->thing = name;
    }
    *out = name;
    return OK;
}

void name_want(struct names *names, const struct import_link *link, struct name *name)
{
    struct made *made = &names->made[link_index(names, link)];
    if (name->wanted)
        return;
    name->wanted = true;
    if (made->last)
        made->last->next_wanted = name;
    else
        made->first = name;
    made->last = name;
    made->count++;
}

enum result name_make(struct ctx *cx, struct names *names, const struct import_link *link,
                      struct name *name)
{
    struct record *record = record_named(cx, names, link, name->text);
    TRY(record_add(cx, link->resource, record));
    name->id = record->id;
    return OK;
}
