/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/home/home_web.h"

#include "app/home/home.h"
#include "base/texts.h"
#include "web/request.h"

#include <stdlib.h>
#include <string.h>

static struct doc *task_doc(struct request *rq, const struct task *task)
{
    struct doc *doc = doc_new(rq->cx.mem);
    struct arena *mem = rq->cx.mem;
    const char *due = task->urgency == URGENCY_LATE ? "task.late"
                      : task->days_left             ? "task.left"
                                                    : "task.today";
    doc_root(doc, TASK_FIELDS, task);
    doc_text(doc, "words",
             texts_fill(mem, arena_printf(mem, "task.%s", task->code), rq->cx.lang,
                        (const char *const[]){task->title, NULL, NULL}));
    doc_text(doc, "verb", texts_get(arena_printf(mem, "task.%s.verb", task->code), rq->cx.lang));
    doc_text(doc, "when",
             texts_fill(
                 mem, due, rq->cx.lang,
                 (const char *const[]){arena_printf(mem, "%d", abs(task->days_left)), NULL, NULL}));
    return doc;
}

/* The tasks of one urgency, as a panel of the page. */
static void put_group(struct request *rq, const char *name, enum urgency urgency,
                      const struct task *tasks, size_t count)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count);
    size_t shown = 0;
    for (size_t i = 0; i < count; i++)
        if (tasks[i].urgency == urgency)
            docs[shown++] = task_doc(rq, &tasks[i]);
    doc_docs(rq->doc, name, docs, shown);
    doc_int(rq->doc, arena_printf(rq->cx.mem, "%s_count", name), (int64_t)shown);
    doc_flag(rq->doc, arena_printf(rq->cx.mem, "has_%s", name), shown > 0);
}

static size_t count_of(const struct task *tasks, size_t count, enum urgency urgency)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        found += tasks[i].urgency == urgency;
    return found;
}

static void put_heading(struct request *rq, const struct task *tasks, size_t count)
{
    const size_t late = count_of(tasks, count, URGENCY_LATE);
    const char *key = !count ? "home.nothing" : late ? "home.late" : "home.some";
    doc_text(rq->doc, "heading",
             texts_fill(rq->cx.mem, key, rq->cx.lang,
                        (const char *const[]){arena_printf(rq->cx.mem, "%zu", count),
                                              arena_printf(rq->cx.mem, "%zu", late), NULL}));
}

static enum result home_get(struct request *rq)
{
    struct task *tasks;
    size_t count;
    TRY(home_tasks(&rq->cx, &tasks, &count));
    doc_records(rq->doc, "items", TASK_FIELDS, tasks, count, sizeof *tasks);
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    put_heading(rq, tasks, count);
    doc_flag(rq->doc, "any", count > 0);
    put_group(rq, "late", URGENCY_LATE, tasks, count);
    put_group(rq, "soon", URGENCY_SOON, tasks, count);
    put_group(rq, "later", URGENCY_LATER, tasks, count);
    rq->doc->page_only = false;
    return OK;
}

const struct route HOME_ROUTES[] = {
    {GET, "/", SIGNED_IN, home_get, "home", .flags = PAGE_ONLY, .nav = "home"},
    {GET, "/tasks", SIGNED_IN, home_get, "home", .nav = "home"},
    ROUTES_END,
};
