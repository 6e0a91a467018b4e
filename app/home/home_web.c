/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The home page answers one question: what do I owe, and by when? For managers also: what is owed
 * around me, and by whom? */
#include "app/home/home_web.h"

#include "app/duties/duty_web.h"
#include "app/records/record_page.h"
#include "base/texts.h"

#include <string.h>

enum urgency { LATE, SOON, LATER, URGENCIES };
static const char *const GROUPS[URGENCIES] = {"late", "soon", "later"};
#define SOON_DAYS 7

static enum urgency urgency_of(const struct duty *duty)
{
    return duty->days_left < 0 ? LATE : duty->days_left <= SOON_DAYS ? SOON : LATER;
}

/* The duties of one urgency, as a panel of the page. */
static size_t put_group(struct request *rq, enum urgency urgency, const struct list *list)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, list->count);
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct duty *duty = (const struct duty *)list->rows + i;
        if (urgency_of(duty) == urgency)
            docs[count++] = duty_doc(rq, duty);
    }
    const char *name = GROUPS[urgency];
    doc_docs(rq->doc, name, docs, count);
    doc_int(rq->doc, arena_printf(rq->cx.mem, "%s_count", name), (int64_t)count);
    doc_flag(rq->doc, arena_printf(rq->cx.mem, "has_%s", name), count > 0);
    return count;
}

/* "53 things, 2 of them overdue"; more than a page of them is "50+". */
static void put_heading(struct request *rq, const struct list *list, size_t late)
{
    const char *more = list->next ? "+" : "";
    const char *key = !list->count ? "home.nothing" : late ? "home.late" : "home.some";
    const char *late_words =
        arena_printf(rq->cx.mem, "%zu%s", late, late == list->count ? more : "");
    doc_text(rq->doc, "heading",
             texts_fill(rq->cx.mem, key, rq->cx.lang,
                        (const char *const[]){arena_printf(rq->cx.mem, "%zu%s", list->count, more),
                                              late_words, NULL}));
}

static void put_page(struct request *rq, const struct list *list, bool around)
{
    size_t counts[URGENCIES];
    rq->doc->page_only = true;
    for (enum urgency urgency = LATE; urgency < URGENCIES; urgency++)
        counts[urgency] = put_group(rq, urgency, list);
    put_heading(rq, list, counts[LATE]);
    doc_flag(rq->doc, "any", list->count > 0);
    doc_flag(rq->doc, "around", around);
    doc_flag(rq->doc, "may_look_around", actor_may(rq->cx.actor, "duties.unit"));
    if (list->next)
        doc_text(
            rq->doc, "next_href",
            arena_printf(rq->cx.mem, "/tasks?%safter=%s", around ? "of=unit&" : "", list->next));
    rq->doc->page_only = false;
}

static enum result home_get(struct request *rq)
{
    const bool around = strcmp(query_text(rq, "of"), "unit") == 0;
    const char *after = query_text(rq, "after");
    struct list list;
    if (around)
        TRY(demand_right(&rq->cx, "duties.unit"));
    TRY(around ? duties_around(&rq->cx, after, &list) : duties_mine(&rq->cx, after, &list));
    doc_records(rq->doc, "items", DUTIES.fields, list.rows, list.count, DUTIES.size);
    doc_text(rq->doc, "next", list.next);
    if (rq->face == FACE_PAGE)
        put_page(rq, &list, around);
    return OK;
}

const struct route HOME_ROUTES[] = {
    {GET, "/", SIGNED_IN, home_get, "home", .flags = PAGE_ONLY, .nav = "home"},
    {GET, "/tasks", SIGNED_IN, home_get, "home", .nav = "home"},
    ROUTES_END,
};
