/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Tabs above a list: queries by name. */
#include "app/records/record_web.h"

#include "base/texts.h"

#include <string.h>

#define COUNT_MOST 1000

/* The tab that stands for the page's query, by name; "" when the query is another. */
static const char *current_tab(struct request *rq, const struct tab *tabs, size_t count)
{
    const char *asked = strchr(rq->target, '?');
    for (size_t i = 0; i < count; i++)
        if (strcmp(asked ? asked + 1 : "", tabs[i].query) == 0)
            return tabs[i].name;
    return "";
}

static struct doc *tab_doc(struct request *rq, const struct resource *resource,
                           const struct tab *tab, const char *current)
{
    struct doc *doc = doc_new(rq->cx.mem);
    doc_text(doc, "name", tab->name);
    doc->page_only = true;
    doc_text(
        doc, "label",
        texts_get(arena_printf(rq->cx.mem, "%s.tab.%s", resource->name, tab->name), rq->cx.lang));
    doc_text(
        doc, "href",
        arena_printf(rq->cx.mem, "/%s%s%s", resource->name, *tab->query ? "?" : "", tab->query));
    doc_flag(doc, "current", strcmp(tab->name, current) == 0);
    doc->page_only = false;
    return doc;
}

void doc_tabs(struct request *rq, const struct resource *resource, const struct tab *tabs,
              size_t count)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count);
    const char *current = current_tab(rq, tabs, count);
    if (rq->face != FACE_PAGE)
        return;
    for (size_t i = 0; i < count; i++)
        docs[i] = tab_doc(rq, resource, &tabs[i], current);
    rq->doc->page_only = true;
    doc_docs(rq->doc, "tabs", docs, count);
    doc_text(rq->doc, "uncounted", *current ? current : "none");
    rq->doc->page_only = false;
}

enum result doc_tab_figures(struct request *rq, const struct resource *resource,
                            const struct tab *tabs, size_t count)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count);
    for (size_t i = 0; i < count; i++) {
        struct list_query query = {.limit = 1};
        int64_t found;
        list_conditions(&rq->cx, resource, tabs[i].query, &query);
        TRY(record_count(&rq->cx, resource, &query, COUNT_MOST, &found));
        docs[i] = tab_doc(rq, resource, &tabs[i], query_text(rq, "tab"));
        doc_int(docs[i], "count", found);
        doc_flag(docs[i], "more", found == COUNT_MOST);
    }
    doc_docs(rq->doc, "tabs", docs, count);
    return OK;
}
