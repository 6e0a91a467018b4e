/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The controls of a clause: what the tables of the slices name it at. */
#include "app/records/record_page.h"
#include "app/regulation/regulation_web.h"

#include <string.h>

#define CONTROLS_MOST 64

static const struct route *const *routes;

void regulation_use(const struct route *const *tables)
{
    routes = tables;
}

struct controls {
    struct request *rq;
    const char *clause;
    struct doc *docs[CONTROLS_MOST];
    size_t count;
};

static bool names_it(const struct controls *controls, const char *clause)
{
    return clause && strcmp(clause, controls->clause) == 0 && controls->count < CONTROLS_MOST;
}

/* `kind` says which of the four it is; `href` may be "". */
static void put(struct controls *controls, const char *kind, const char *name, const char *words,
                const char *href)
{
    struct doc *doc = doc_new(controls->rq->cx.mem);
    doc_text(doc, "kind", kind);
    doc_text(doc, "name", name);
    doc_text(doc, "words", words);
    doc_text(doc, "href", href);
    controls->docs[controls->count++] = doc;
}

static bool is_plain_page(const struct route *route)
{
    return route->method == GET && route->page && !strchr(route->path, '{') &&
           !(route->flags & (API_ONLY | STREAM));
}

/* The page of a right that whoever looks may open. */
static const char *page_of(const struct controls *controls, const char *right)
{
    if (!actor_may(controls->rq->cx.actor, right))
        return "";
    for (const struct route *const *table = routes; *table; table++)
        for (const struct route *route = *table; route->path; route++)
            if (is_plain_page(route) && strcmp(route->right, right) == 0)
                return route->path;
    return "";
}

static void put_rights(struct controls *controls)
{
    for (size_t i = 0; i < rights_count(); i++) {
        const struct right *right = rights_at(i);
        if (names_it(controls, right->clause))
            put(controls, "right", right->name,
                word(controls->rq, arena_printf(controls->rq->cx.mem, "right.%s", right->name)),
                page_of(controls, right->name));
    }
}

static void put_field(struct controls *controls, const struct resource *resource,
                      const struct field *field)
{
    struct arena *mem = controls->rq->cx.mem;
    put(controls, "field", arena_printf(mem, "%s.%s", resource->name, field->name),
        arena_printf(mem, "%s · %s", word(controls->rq, resource->name),
                     field_label(controls->rq, resource, field)),
        page_of(controls, arena_printf(mem, "%s.read", resource->name)));
}

static void put_resources(struct controls *controls)
{
    for (size_t i = 0; i < resources_count(); i++) {
        const struct resource *resource = resources_at(i);
        const char *right = arena_printf(controls->rq->cx.mem, "%s.read", resource->name);
        if (names_it(controls, resource->clause))
            put(controls, "records", resource->name, word(controls->rq, resource->name),
                page_of(controls, right));
        for (const struct field *field = resource->fields; field->name; field++)
            if (names_it(controls, field->clause))
                put_field(controls, resource, field);
    }
}

void doc_controls(struct request *rq, const char *clause)
{
    struct controls *controls = ARENA_NEW(rq->cx.mem, struct controls);
    *controls = (struct controls){.rq = rq, .clause = clause};
    put_resources(controls);
    put_rights(controls);
    doc_docs(rq->doc, "controls", controls->docs, controls->count);
}
