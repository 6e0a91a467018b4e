/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The pages, compiled once for each language: within the layout, and alone. */
#include "web/server_private.h"

#include <stdlib.h>
#include <string.h>

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

struct sources {
    const struct server_options *options;
    const char *body; /* what stands for {{>@body}} */
};

static const char *source(const void *host, const char *name)
{
    const struct sources *sources = host;
    if (strcmp(name, "@body") == 0)
        return sources->body;
    for (size_t i = 0; i < sources->options->page_count; i++)
        if (strcmp(sources->options->pages[i].name, name) == 0)
            return sources->options->pages[i].text;
    return NULL;
}

static bool is_bare(const char *name)
{
    return strncmp(name, "bare_", 5) == 0;
}

static bool page_compile(struct arena *arena, const struct sources *sources, struct page *page,
                         const char **out_error)
{
    const char *layout = source(sources, "layout");
    for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
        page->body[lang] =
            template_compile(arena, page->name, sources->body, lang, source, sources, out_error);
        if (!page->body[lang])
            return false;
        page->whole[lang] = page->body[lang];
        if (is_bare(page->name) || !layout)
            continue;
        page->whole[lang] =
            template_compile(arena, "layout", layout, lang, source, sources, out_error);
        if (!page->whole[lang])
            return false;
    }
    return true;
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
    for (size_t i = 0; i < options->page_count; i++) {
        const struct web_page *page = &options->pages[i];
        const struct sources sources = {options, page->text};
        if (strcmp(page->name, "layout") == 0 || page->name[0] == '_')
            continue; /* parts of other pages */
        struct page *made = &pages->at[pages->count++];
        made->name = page->name;
        if (!page_compile(arena, &sources, made, out_error))
            return NULL;
    }
    if (pages->count)
        qsort(pages->at, pages->count, sizeof *pages->at, compare_names);
    *out_error = missing_page(arena, pages, router);
    return *out_error ? NULL : pages;
}
