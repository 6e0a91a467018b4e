/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/home/home.h"

#include "app/contracts/contract.h"

#include <stdlib.h>
#include <string.h>

#define TASKS_MOST 200
#define EACH_MOST 50
#define SIGN_WITHIN_DAYS 5   /* a briefing is signed within a week of the meeting … */
#define BRIEF_WITHIN_DAYS 30 /* … and held anew within a month of the change that asks for it */

static const char *const URGENCIES[] = {"late", "soon", "later", NULL};
const struct field TASK_FIELDS[] = {
    FIELD(task, code),
    FIELD(task, title),
    FIELD(task, detail),
    FIELD(task, clause),
    FIELD(task, href),
    FIELD(task, due),
    FIELD(task, days_left),
    FIELD_ENUM(task, urgency, URGENCIES),
    FIELDS_END,
};

struct tasks {
    struct ctx *cx;
    struct task *at;
    size_t count;
    struct date today;
};

static enum result add(struct tasks *tasks, struct task task)
{
    if (tasks->count == TASKS_MOST)
        return OK;
    task.days_left = task.due.days - tasks->today.days;
    task.urgency = task.days_left < 0    ? URGENCY_LATE
                   : task.days_left <= 7 ? URGENCY_SOON
                                         : URGENCY_LATER;
    tasks->at[tasks->count++] = task;
    return OK;
}

static const char *text_join(struct ctx *cx, const char *a, const char *b)
{
    return *b ? arena_printf(cx->mem, "%s · %s", a, b) : a;
}

static const char *href(struct ctx *cx, const char *resource, int64_t id)
{
    return arena_printf(cx->mem, "/%s/%lld", resource, (long long)id);
}

/* ---- one gathering a kind of task: a list query, and what each row asks for ---- */

static struct task contract_task(struct ctx *cx, const struct contract *contract, const char *code,
                                 const char *clause, struct date due)
{
    return (struct task){
        .code = code,
        .clause = clause,
        .title = contract->name,
        .detail = text_join(cx, contract->number, contract->provider_name),
        .href = href(cx, "contracts", contract->id),
        .due = due,
    };
}

static enum result owes_executor(struct tasks *tasks, const void *row)
{
    const struct contract *contract = row;
    return add(tasks,
               contract_task(tasks->cx, contract, "name_executor", "V5.1.1", contract->starts_on));
}

static enum result owes_briefing(struct tasks *tasks, const void *row)
{
    const struct contract *contract = row;
    const bool again = contract->briefing == BRIEFING_SUPERSEDED;
    struct date changed_on = instant_date(contract->updated_at, SHANGHAI_OFFSET_MIN);
    if (!contract->executor_id)
        return OK;
    return add(tasks, contract_task(tasks->cx, contract, again ? "brief_again" : "brief", "V5.1.2",
                                    again ? date_add(changed_on, BRIEF_WITHIN_DAYS)
                                          : contract->starts_on));
}

static enum result owes_activation(struct tasks *tasks, const void *row)
{
    const struct contract *contract = row;
    return add(tasks,
               contract_task(tasks->cx, contract, "activate", "V5.1.1", contract->starts_on));
}

static enum result owes_renewal(struct tasks *tasks, const void *row)
{
    const struct contract *contract = row;
    if (contract->days_left > contract->alert_days)
        return OK;
    return add(tasks, contract_task(tasks->cx, contract,
                                    contract->days_left < 0 ? "contract_over" : "contract_ends",
                                    "V5.1.1", contract->ends_on));
}

static enum result owes_signature(struct tasks *tasks, const void *row)
{
    const struct briefing *briefing = row;
    bool awaited;
    TRY(briefing_awaits(tasks->cx, briefing, &awaited));
    if (!awaited)
        return OK;
    return add(tasks,
               (struct task){
                   .code = "sign_briefing",
                   .clause = "V5.1.2",
                   .title = briefing->contract_name,
                   .detail = text_join(tasks->cx, briefing->contract_number, briefing->place),
                   .href = href(tasks->cx, "briefings", briefing->id),
                   .due = date_add(briefing->held_on, SIGN_WITHIN_DAYS),
               });
}

static enum result owes_qualification(struct tasks *tasks, const void *row)
{
    const struct qualification *qualification = row;
    return add(
        tasks,
        (struct task){
            .code = qualification->valid_to.days < tasks->today.days ? "qualification_over"
                                                                     : "qualification_ends",
            .clause = "X5",
            .title = qualification->name,
            .detail = text_join(tasks->cx, qualification->organisation_name, qualification->number),
            .href = href(tasks->cx, "qualifications", qualification->id),
            .due = qualification->valid_to,
        });
}

/* In a condition's value: $me the actor's person, $60 the day sixty days from now. */
static const struct gathering {
    const struct resource *resource;
    const char *right; /* who can do something about it */
    const char *conditions[3][2];
    const char *sort;
    enum result (*each)(struct tasks *tasks, const void *row);
} GATHERINGS[] = {
    {&CONTRACTS,
     "contracts.write",
     {{"state", "draft,active,suspended"}, {"executor_id", "none"}},
     "starts_on",
     owes_executor},
    {&CONTRACTS,
     "briefings.write",
     {{"state", "draft,active"}, {"briefing", "missing,superseded"}},
     "starts_on",
     owes_briefing},
    {&CONTRACTS,
     "contracts.activate",
     {{"state", "draft"}, {"briefing", "signed"}},
     "starts_on",
     owes_activation},
    {&CONTRACTS,
     "contracts.write",
     {{"state", "active,suspended"}, {"ends_on_to", "$365"}},
     "ends_on",
     owes_renewal},
    {&BRIEFINGS,
     "briefings.sign",
     {{"state", "draft"}, {"briefer_id", "$me"}},
     "-id",
     owes_signature},
    {&BRIEFINGS,
     "briefings.sign",
     {{"state", "draft"}, {"executor_id", "$me"}},
     "-id",
     owes_signature},
    {&QUALIFICATIONS,
     "qualifications.write",
     {{"valid_to_from", "1900-01-01"}, {"valid_to_to", "$60"}},
     "valid_to",
     owes_qualification},
};

static const char *value_of(struct tasks *tasks, const char *value)
{
    char day[DATE_MAX_TEXT] = "";
    int64_t days;
    if (*value != '$')
        return value;
    if (strcmp(value, "$me") == 0)
        return arena_printf(tasks->cx->mem, "%lld", (long long)tasks->cx->actor->person_id);
    if (int_parse(value + 1, &days))
        date_format(date_add(tasks->today, (int)days), day);
    return arena_dup(tasks->cx->mem, day);
}

static enum result gather(struct tasks *tasks, const struct gathering *gathering)
{
    struct list_query query = {.limit = EACH_MOST, .sort = gathering->sort};
    struct list list;
    if (!actor_may(tasks->cx->actor, gathering->right))
        return OK;
    for (size_t i = 0; i < 3 && gathering->conditions[i][0]; i++)
        if (!list_condition(tasks->cx, gathering->resource, gathering->conditions[i][0],
                            value_of(tasks, gathering->conditions[i][1]), &query))
            return fail(tasks->cx, BROKEN, "home.bad_condition", gathering->conditions[i][0]);
    TRY(record_list(tasks->cx, gathering->resource, &query, &list));
    for (size_t i = 0; i < list.count; i++)
        TRY(gathering->each(tasks, (const char *)list.rows + i * gathering->resource->size));
    return OK;
}

static int by_due(const void *a, const void *b)
{
    const struct task *left = a, *right = b;
    return (left->due.days > right->due.days) - (left->due.days < right->due.days);
}

enum result home_tasks(struct ctx *cx, struct task **out, size_t *out_count)
{
    struct tasks tasks = {cx, ARENA_ARRAY(cx->mem, struct task, TASKS_MOST), 0,
                          instant_date(cx->now, SHANGHAI_OFFSET_MIN)};
    for (size_t i = 0; i < sizeof GATHERINGS / sizeof GATHERINGS[0]; i++)
        TRY(gather(&tasks, &GATHERINGS[i]));
    qsort(tasks.at, tasks.count, sizeof *tasks.at, by_due);
    *out = tasks.at;
    *out_count = tasks.count;
    return OK;
}
