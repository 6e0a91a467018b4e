/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The pages and the layout around them, compiled once for each language. */
#include "web/server_private.h"

#include <stdlib.h>
#include <string.h>

#define BODY "{{>@body}}"

static int compare_names(const void *a, const void *b)
{
    return strcmp(((const struct page *)a)->name, ((const struct page *)b)->name);
}

const struct page *page_find(const struct pages *pages, const char *name)
{
    struct page key = {.name = name};
    return pages->count ? bsearch(&key, pages->at, pages->count, sizeof *pages->at, compare_names)
                        : NULL;
}

/* ---- compiling ---- */

static const char *source(const void *host, const char *name)
{
    const struct server_options *options = host;
    for (size_t i = 0; i < options->page_count; i++)
        if (strcmp(options->pages[i].name, name) == 0)
            return options->pages[i].text;
    return NULL;
}

/* One text in each language. */
static bool compile(struct arena *arena, const struct server_options *options, const char *name,
                    const char *text, const struct template *out[LANG_COUNT],
                    const char **out_error)
{
    for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
        out[lang] = template_compile(arena, name, text, lang, source, options, out_error);
        if (!out[lang])
            return false;
    }
    return true;
}

static bool layout_compile(struct arena *arena, const struct server_options *options,
                           struct pages *pages, const char **out_error)
{
    const char *layout = source(options, "layout"), *body;
    layout = layout ? layout : BODY; /* none: a page is all that is shown */
    body = strstr(layout, BODY);
    if (!body) {
        *out_error = "the layout has no " BODY;
        return false;
    }
    const char *before = arena_copy(arena, layout, (size_t)(body - layout));
    return compile(arena, options, "layout", before, pages->before, out_error) &&
           compile(arena, options, "layout behind " BODY, body + strlen(BODY), pages->behind,
                   out_error);
}

static const char *missing_page(struct arena *arena, const struct pages *pages,
                                const struct router *router)
{
    for (size_t i = 0; i < router_count(router); i++) {
        const struct route *route = router_at(router, i);
        if (route->page && !page_find(pages, route->page))
            return arena_printf(arena, "route %s %s: there is no page \"%s\"",
                                method_name(route->method), route->path, route->page);
    }
    return NULL;
}

struct pages *pages_new(struct arena *arena, const struct server_options *options,
                        const struct router *router, const char **out_error)
{
    struct pages *pages = ARENA_NEW(arena, struct pages);
    pages->at = ARENA_ARRAY(arena, struct page, options->page_count);
    if (!layout_compile(arena, options, pages, out_error))
        return NULL;
    for (size_t i = 0; i < options->page_count; i++) {
        const struct web_page *page = &options->pages[i];
        if (strcmp(page->name, "layout") == 0 || page->name[0] == '_')
            continue; /* parts of other pages */
        struct page *made = &pages->at[pages->count++];
        made->name = page->name;
        made->is_bare = strncmp(page->name, "bare_", 5) == 0;
        if (!compile(arena, options, page->name, page->text, made->in, out_error))
            return NULL;
    }
    if (pages->count)
        qsort(pages->at, pages->count, sizeof *pages->at, compare_names);
    *out_error = missing_page(arena, pages, router);
    return *out_error ? NULL : pages;
}
