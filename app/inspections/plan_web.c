/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Plans, their tasks, and what became of them. */
#include "app/inspections/inspections_web.h"
#include "app/records/record_page.h"

#include <stdlib.h>
#include <string.h>

static enum result plan_begin(struct request *rq, void *record)
{
    struct inspection_plan *plan = record;
    if (!plan->from.days)
        plan->from = instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN);
    if (!plan->level)
        plan->level = LEVEL_OWNER;
    if (!plan->frequency)
        plan->frequency = EVERY_DAY;
    if (!plan->state)
        plan->state = PLAN_ACTIVE;
    return OK;
}

static const struct record_face PLAN_FACE = {.resource = &INSPECTION_PLANS, .begin = plan_begin};

static const struct tab TABS[] = {
    {"all", ""},
    {"open", "state=open&sort=due_at"},
    {"done", "state=done"},
    {"missed", "state=missed"},
};

static enum result tasks_list(struct request *rq, const struct list *list)
{
    static const struct act ACTS[] = {
        {"inspections.write", "/inspections/phone", "inspections.do.begin", NULL, .primary = true,
         .link = true},
        {"inspection_tasks.read", "/inspection_figures", "inspection_figures", NULL, .link = true}};
    (void)list;
    doc_acts(rq, ACTS, 2);
    doc_tabs(rq, &INSPECTION_TASKS, TABS, sizeof TABS / sizeof TABS[0]);
    return OK;
}

static enum result task_tab_figures_get(struct request *rq)
{
    return doc_tab_figures(rq, &INSPECTION_TASKS, TABS, sizeof TABS / sizeof TABS[0]);
}

static enum result task_show(struct request *rq, void *record)
{
    const struct inspection_task *task = record;
    const struct act begin = {"inspections.write",
                              arena_printf(rq->cx.mem, "/inspections/phone?contract_id=%lld",
                                           (long long)task->contract_id),
                              "inspections.do.begin",
                              NULL,
                              .primary = true,
                              .link = true};
    const bool may =
        (task->state == TASK_OPEN || task->state == TASK_MISSED) && task_is_for(rq->cx.actor, task);
    struct inspection *submitted;
    size_t count;
    TRY(inspections_of_task(&rq->cx, &(struct inspection){.task_id = task->id}, &submitted,
                            &count));
    doc_flag(rq->doc, "twice", count > 1);
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    if (count > 1)
        doc_text(rq->doc, "subtitle", word(rq, "inspection_tasks.twice"));
    enum result result = doc_part(rq, "inspections", &INSPECTIONS, "task_id", task->id);
    rq->doc->page_only = false;
    doc_acts(rq, &begin, may ? 1 : 0);
    return result;
}

static const struct record_face TASK_FACE = {
    .resource = &INSPECTION_TASKS, .show = task_show, .list = tasks_list};

/* ---- planned and done ---- */

static struct doc *figure_doc(struct request *rq, const struct supervision_figure *figure,
                              const char *month)
{
    struct doc *doc = doc_new(rq->cx.mem);
    doc_record(doc, "figure", SUPERVISION_FIGURE_FIELDS, figure);
    doc_text(doc, "tasks_href",
             arena_printf(rq->cx.mem, "/inspection_tasks?unit_id=%lld&month=%s",
                          (long long)figure->unit_id, month));
    doc_text(doc, "inspections_href",
             arena_printf(rq->cx.mem, "/inspections?unit_id=%lld&month=%s",
                          (long long)figure->unit_id, month));
    doc_text(doc, "rectifications_href",
             arena_printf(rq->cx.mem, "/rectifications?unit_id=%lld&month=%s",
                          (long long)figure->unit_id, month));
    doc_int(doc, "per_cent", figure->planned ? (int64_t)figure->done * 100 / figure->planned : 0);
    return doc;
}

static const char *month_words(struct request *rq, struct month month)
{
    char text[MONTH_MAX_TEXT] = "";
    month_format(month, text);
    return arena_dup(rq->cx.mem, text);
}

struct figures_asked {
    struct month month; /* none: this one */
    int64_t unit_id;
};
static const struct field FIGURES_QUERY[] = {
    FIELD(figures_asked, month, .in = MAY),
    FIELD_REF(figures_asked, unit_id, "units", .in = MAY),
    FIELDS_END,
};

static enum result figures_get(struct request *rq)
{
    struct supervision_figure *figures;
    size_t count;
    struct figures_asked asked = {.month = {0}};
    TRY(query_read(rq, FIGURES_QUERY, &asked));
    const struct month month =
        asked.month.months ? asked.month : month_of(instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN));
    TRY(supervision_figures(&rq->cx, month, asked.unit_id, &figures, &count));
    doc_text(rq->doc, "month", month_words(rq, month));
    doc_records(rq->doc, "items", SUPERVISION_FIGURE_FIELDS, figures, count, sizeof *figures);
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count + 1);
    for (size_t i = 0; i < count; i++)
        docs[i] = figure_doc(rq, &figures[i], month_words(rq, month));
    rq->doc->page_only = true;
    doc_docs(rq->doc, "rows", docs, count);
    doc_text(rq->doc, "month_before", month_words(rq, (struct month){month.months - 1}));
    doc_text(rq->doc, "month_after", month_words(rq, (struct month){month.months + 1}));
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face POSITION_FACE = {.resource = &AREA_POSITIONS};

/* clang-format off */
const struct route INSPECTION_PLAN_ROUTES[] = {
    RECORD_LIST("inspection_plans", PLAN_FACE, "list"),
    RECORD_SHOW("inspection_plans", PLAN_FACE, "record"),
    RECORD_CREATE("inspection_plans", PLAN_FACE),
    RECORD_CHANGE("inspection_plans", PLAN_FACE),
    RECORD_HISTORY("inspection_plans", PLAN_FACE),
    RECORD_EXPORT("inspection_plans", PLAN_FACE),
    RECORD_LIST("inspection_tasks", TASK_FACE, "list"),
    {GET, "/inspection_tasks/figures", "inspection_tasks.read", task_tab_figures_get, "tabs", .nav = "inspection_tasks"},
    RECORD_SHOW("inspection_tasks", TASK_FACE, "record"),
    RECORD_HISTORY("inspection_tasks", TASK_FACE),
    RECORD_EXPORT("inspection_tasks", TASK_FACE),
    RECORD_LIST("area_positions", POSITION_FACE, "list"),
    RECORD_SHOW("area_positions", POSITION_FACE, "record"),
    RECORD_CREATE("area_positions", POSITION_FACE),
    RECORD_CHANGE("area_positions", POSITION_FACE),
    RECORD_HISTORY("area_positions", POSITION_FACE),
    RECORD_EXPORT("area_positions", POSITION_FACE),
    {GET, "/inspection_figures", "inspection_tasks.read", figures_get, "inspection_figures", .query = FIGURES_QUERY,
     .nav = "inspection_figures"},
    ROUTES_END,
};
/* clang-format on */
