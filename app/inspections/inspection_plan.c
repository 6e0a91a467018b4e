/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/inspections/inspection_plan.h"

#include "app/inspections/inspection.h"
#include "app/inspections/inspections.sql.h"

#include <string.h>

#define DAY_MS INT64_C(86400000)

const char *const INSPECTION_LEVELS[] = {"owner", "project", "division", "mystery", NULL};
const char *const PLAN_FREQUENCIES[] = {"daily", "weekly", "monthly", "quarterly", NULL};
static const char *const PLAN_STATES[] = {"active", "ended", NULL};
static const char *const TASK_STATES[] = {"open", "done", "missed", "dropped", NULL};

#define R_OF_PROJECT (R(EXECUTOR) | R(PM) | R(RESIDENT) | R(CLIENT))
const struct level_rule LEVEL_RULES[] = {
    [LEVEL_OWNER] = {ROLE_EXECUTOR, R_OF_PROJECT, .rest_passes = true},
    [LEVEL_PROJECT] = {ROLE_PM, R_OF_PROJECT, .rest_passes = true},
    [LEVEL_DIVISION] = {ROLE_DIVISION, R(DIVISION) | R(OPS)},
    [LEVEL_MYSTERY] = {ROLE_OPS, R(DIVISION) | R(OPS)},
};

static bool may_at(const struct actor *actor, enum inspection_level level)
{
    return actor->is_system || (actor->roles.bits << 1 & LEVEL_RULES[level].may);
}

enum inspection_level level_of_actor(const struct actor *actor)
{
    for (enum inspection_level level = LEVEL_MYSTERY; level >= LEVEL_OWNER; level--)
        if (actor->roles.bits >> (LEVEL_RULES[level].owes - 1) & 1)
            return level;
    return may_at(actor, LEVEL_OWNER) ? LEVEL_OWNER : 0;
}

/* ---- periods ---- */

struct date period_first(enum plan_frequency frequency, struct date day)
{
    const struct month month = month_of(day);
    switch (frequency) {
    case EVERY_DAY:
        return day;
    case EVERY_WEEK:
        return date_add(day, 1 - date_weekday(day));
    case EVERY_MONTH:
        return month_first(month);
    case EVERY_QUARTER:
        break;
    }
    return month_first((struct month){month.months - (date_ymd(day).month - 1) % 3});
}

struct date plan_period_last(enum plan_frequency frequency, struct date day)
{
    const struct date first = period_first(frequency, day);
    switch (frequency) {
    case EVERY_DAY:
        return first;
    case EVERY_WEEK:
        return date_add(first, 6);
    case EVERY_MONTH:
        return month_last(month_of(first));
    case EVERY_QUARTER:
        break;
    }
    return month_last((struct month){month_of(first).months + 2});
}

/* How long what is overdue may still be done before it counts as missed. */
static int64_t grace_ms(enum plan_frequency frequency)
{
    return frequency == EVERY_DAY ? DAY_MS : 3 * DAY_MS;
}

/* ---- plans ---- */

static const struct field PLAN_FIELDS[] = {
    RECORD_FIELDS(inspection_plan),
    FIELD_REF(inspection_plan, contract_id, "contracts", .in = MUST, .use = FIXED | FILTERED,
              .among = "state=active&kind=continuous"),
    FIELD(inspection_plan, contract_name, .column = "c.name", .use = LISTED),
    FIELD_REF(inspection_plan, area_id, "areas", .in = MAY, .use = FIXED | FILTERED),
    FIELD(inspection_plan, area_name, .column = "a.name", .use = LISTED),
    FIELD_ENUM(inspection_plan, level, INSPECTION_LEVELS, .in = MUST,
               .use = LISTED | FIXED | FILTERED, .clause = "V3.5"),
    FIELD_ENUM(inspection_plan, frequency, PLAN_FREQUENCIES, .in = MUST, .use = LISTED | FIXED),
    FIELD_REF(inspection_plan, inspector_id, "people", .in = MAY),
    FIELD(inspection_plan, inspector_name, .column = "p.name", .use = LISTED),
    FIELD(inspection_plan, from, .in = MAY, .use = LISTED | FIXED),
    FIELD(inspection_plan, to, .in = MAY, .use = LISTED),
    FIELD(inspection_plan, opened_to, .use = HIDDEN | NO_DIFF),
    FIELD_REF(inspection_plan, client_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(inspection_plan, unit_id, "units", .use = HIDDEN | NO_DIFF),
    FIELD(inspection_plan, unit_name, .column = "u.name", .use = LISTED),
    FIELD_ENUM(inspection_plan, state, PLAN_STATES, .in = MAY, .use = LISTED | FILTERED),
    FIELDS_END,
};

/* Who plans at a level is who may inspect at it, or leads those. */
static enum result plan_of_contract(struct ctx *cx, struct inspection_plan *plan)
{
    struct contract contract;
    TRY(record_get(cx, &CONTRACTS, plan->contract_id, &contract));
    if (contract.state != CONTRACT_ACTIVE)
        reject_clause(cx, "V3.5", "contract_id", "not_active");
    plan->client_id = contract.client_id;
    plan->unit_id = contract.unit_id;
    if (plan->area_id)
        TRY(check_area(cx, plan->area_id, &contract));
    return OK;
}

static enum result plan_check(struct ctx *cx, void *record, const void *before)
{
    struct inspection_plan *plan = record;
    const struct date today = instant_date(cx->now, SHANGHAI_OFFSET_MIN);
    if (!plan->state)
        plan->state = PLAN_ACTIVE;
    if (!before) {
        if (!plan->from.days)
            plan->from = today;
        plan->opened_to = date_add(plan->from, -1);
        if (plan->contract_id)
            TRY(plan_of_contract(cx, plan));
        if (plan->level >= LEVEL_DIVISION && !may_at(cx->actor, plan->level))
            reject_clause(cx, "V3.5", "level", "not_your_level");
    }
    if (plan->to.days && plan->to.days < plan->from.days)
        reject(cx, "to", "before_start");
    return OK;
}

const struct resource INSPECTION_PLANS = {
    .name = "inspection_plans",
    .clause = "V3.5",
    .fields = PLAN_FIELDS,
    .size = sizeof(struct inspection_plan),
    .joins = "JOIN contracts c ON c.id = t.contract_id JOIN units u ON u.id = t.unit_id "
             "LEFT JOIN areas a ON a.id = t.area_id LEFT JOIN people p ON p.id = t.inspector_id",
    .title = "contract_name",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@client_id = :org"},
    .unit = "unit_id",
    .check = plan_check,
};

/* ---- tasks ---- */

static const struct field TASK_FIELDS[] = {
    RECORD_FIELDS(inspection_task),
    FIELD(inspection_task, due_at, .use = LISTED | SORTED | FILTERED),
    FIELD_REF(inspection_task, area_id, "areas", .use = FILTERED | NO_DIFF),
    FIELD(inspection_task, area_name, .column = "a.name", .use = LISTED),
    FIELD_REF(inspection_task, contract_id, "contracts", .use = FILTERED | NO_DIFF),
    FIELD(inspection_task, contract_name, .column = "c.name", .use = LISTED),
    FIELD(inspection_task, provider_name, .column = "o.short_name"),
    FIELD_ENUM(inspection_task, level, INSPECTION_LEVELS, .use = LISTED | FILTERED | NO_DIFF),
    FIELD_ENUM(inspection_task, frequency, PLAN_FREQUENCIES, .use = NO_DIFF),
    FIELD(inspection_task, period, .use = LISTED | NO_DIFF),
    FIELD(inspection_task, month, .use = FILTERED | NO_DIFF),
    FIELD_REF(inspection_task, inspector_id, "people", .use = FILTERED),
    FIELD(inspection_task, inspector_name, .column = "p.name", .use = LISTED),
    FIELD_REF(inspection_task, plan_id, "inspection_plans", .use = NO_DIFF),
    FIELD_REF(inspection_task, inspection_id, "inspections"),
    FIELD(inspection_task, done_at),
    FIELD(inspection_task, late),
    FIELD_REF(inspection_task, client_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(inspection_task, unit_id, "units", .use = FILTERED | NO_DIFF),
    FIELD(inspection_task, unit_name, .column = "u.name", .use = LISTED),
    FIELD_ENUM(inspection_task, state, TASK_STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

const struct resource INSPECTION_TASKS = {
    .name = "inspection_tasks",
    .clause = "V3.5",
    .fields = TASK_FIELDS,
    .size = sizeof(struct inspection_task),
    .joins = "JOIN contracts c ON c.id = t.contract_id "
             "JOIN organisations o ON o.id = c.provider_id JOIN units u ON u.id = t.unit_id "
             "JOIN areas a ON a.id = t.area_id LEFT JOIN people p ON p.id = t.inspector_id",
    .title = "area_name",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@client_id = :org"},
    .unit = "unit_id",
};

/* One task for an area in the period around today, unless it is there. At the lowest level it is
 * the first one's who answers for the area. */
static enum result task_open(struct ctx *cx, const struct inspection_plan *plan,
                             const struct area *area, struct date today)
{
    const struct date last = plan_period_last(plan->frequency, today);
    struct area_person *persons;
    size_t count;
    int64_t there;
    struct inspection_task task = {
        .plan_id = plan->id,
        .contract_id = plan->contract_id,
        .client_id = plan->client_id,
        .unit_id = plan->unit_id,
        .area_id = area->id,
        .area_name = area->name,
        .level = plan->level,
        .frequency = plan->frequency,
        .period = period_first(plan->frequency, today),
        .month = month_of(last),
        .due_at = day_end(last),
        .inspector_id = plan->inspector_id,
        .state = TASK_OPEN,
    };
    if (!task.inspector_id && plan->level == LEVEL_OWNER) {
        TRY(area_persons_on(cx, area->id, today, &persons, &count));
        task.inspector_id = count ? persons[0].person_id : 0;
    }
    TRY(db_int(cx, &q_task_there, PARAMS(P(plan->id), P(area->id), P(task.period)), &there));
    return there ? OK : record_add(cx, &INSPECTION_TASKS, &task);
}

static enum result plan_open(struct ctx *cx, const struct inspection_plan *plan, struct date today)
{
    struct contract contract;
    struct area *areas;
    size_t count;
    TRY(record_get(cx, &CONTRACTS, plan->contract_id, &contract));
    TRY(areas_of_contract(cx, &contract, &areas, &count));
    for (size_t i = 0; i < count; i++)
        if (!plan->area_id || plan->area_id == areas[i].id)
            TRY(task_open(cx, plan, &areas[i], today));
    return db_change_one(cx, &q_plan_opened,
                         PARAMS(P(plan->id), P(plan_period_last(plan->frequency, today))));
}

static enum result tasks_miss(struct ctx *cx)
{
    struct list list;
    TRY(record_select(cx, &INSPECTION_TASKS, "overdue",
                      "t.state = 'open' AND t.due_at < $1 ORDER BY t.due_at, t.id LIMIT 500",
                      PARAMS(P((struct instant){cx->now.ms - DAY_MS})), &list));
    const struct inspection_task *tasks = list.rows;
    for (size_t i = 0; i < list.count; i++) {
        struct inspection_task after = tasks[i];
        if (cx->now.ms <= after.due_at.ms + grace_ms(after.frequency))
            continue;
        after.state = TASK_MISSED;
        TRY(record_change(cx, &INSPECTION_TASKS, "miss", &tasks[i], &after));
    }
    return OK;
}

/* What would fall due after its contract has ended is nobody's any more. */
static enum result tasks_drop(struct ctx *cx)
{
    struct list list;
    TRY(record_select(cx, &INSPECTION_TASKS, "needless",
                      "t.state = 'open' AND t.due_at >= $1 AND c.state IN ('ended', 'terminated') "
                      "ORDER BY t.due_at, t.id LIMIT 500",
                      PARAMS(P(cx->now)), &list));
    const struct inspection_task *tasks = list.rows;
    for (size_t i = 0; i < list.count; i++) {
        struct inspection_task after = tasks[i];
        after.state = TASK_DROPPED;
        TRY(record_change(cx, &INSPECTION_TASKS, "needless", &tasks[i], &after));
    }
    return OK;
}

enum result inspections_sweep(struct ctx *cx)
{
    const struct date today = instant_date(cx->now, SHANGHAI_OFFSET_MIN);
    struct list list;
    TRY(record_select(cx, &INSPECTION_PLANS, "due",
                      "t.state = 'active' AND t.opened_to < $1 AND t.\"from\" <= $1 AND "
                      "(t.\"to\" = '' OR t.\"to\" >= $1) AND c.state = 'active' "
                      "ORDER BY t.opened_to, t.id LIMIT 200",
                      PARAMS(P(today)), &list));
    const struct inspection_plan *plans = list.rows;
    for (size_t i = 0; i < list.count; i++)
        TRY(plan_open(cx, &plans[i], today));
    TRY(tasks_drop(cx));
    return tasks_miss(cx);
}

/* ---- whose they are ---- */

bool task_is_for(const struct actor *actor, const struct inspection_task *task)
{
    return task->inspector_id ? task->inspector_id == actor->person_id : may_at(actor, task->level);
}

static const char *levels_owed(struct ctx *cx)
{
    struct text levels = text_new(cx->mem, 40);
    for (enum inspection_level level = LEVEL_OWNER; level <= LEVEL_MYSTERY; level++)
        if (cx->actor->roles.bits >> (LEVEL_RULES[level].owes - 1) & 1)
            text_printf(&levels, "%s%s", levels.len ? "," : "", INSPECTION_LEVELS[level - 1]);
    return text_end(&levels);
}

static enum result tasks_where(struct ctx *cx, const char *conditions, struct list *out)
{
    struct list_query query = {.limit = OWN_TASKS_MOST, .sort = "due_at"};
    list_conditions(cx, &INSPECTION_TASKS, conditions, &query);
    return record_list(cx, &INSPECTION_TASKS, &query, out);
}

enum result tasks_own(struct ctx *cx, struct inspection_task **out, size_t *out_count)
{
    const char *levels = levels_owed(cx);
    struct list named, open = {.count = 0};
    TRY(tasks_where(
        cx, arena_printf(cx->mem, "state=open&inspector_id=%lld", (long long)cx->actor->person_id),
        &named));
    if (*levels)
        TRY(tasks_where(cx, arena_printf(cx->mem, "state=open&inspector_id=none&level=%s", levels),
                        &open));
    const struct inspection_task *by_name = named.rows, *by_role = open.rows;
    struct inspection_task *all =
        ARENA_ARRAY(cx->mem, struct inspection_task, named.count + open.count + 1);
    size_t count = 0, a = 0, b = 0;
    while (count < OWN_TASKS_MOST && (a < named.count || b < open.count))
        all[count++] =
            b == open.count || (a < named.count && by_name[a].due_at.ms <= by_role[b].due_at.ms)
                ? by_name[a++]
                : by_role[b++];
    *out = all;
    *out_count = count;
    return OK;
}

enum result task_done(struct ctx *cx, int64_t task_id, int64_t inspection_id)
{
    struct inspection_task before, after;
    TRY(record_get(cx, &INSPECTION_TASKS, task_id, &before));
    if (before.state != TASK_OPEN && before.state != TASK_MISSED)
        return OK;
    after = before;
    after.inspection_id = inspection_id;
    after.done_at = cx->now;
    after.late = cx->now.ms > before.due_at.ms;
    after.state = TASK_DONE;
    return record_change(cx, &INSPECTION_TASKS, "done", &before, &after);
}

enum result task_undone(struct ctx *cx, int64_t task_id, int64_t inspection_id, int64_t other_id,
                        struct instant other_at)
{
    struct inspection_task before, after;
    TRY(record_get(cx, &INSPECTION_TASKS, task_id, &before));
    if (before.state != TASK_DONE || before.inspection_id != inspection_id)
        return OK;
    after = before;
    after.inspection_id = other_id;
    after.done_at = other_at;
    after.late = other_id && other_at.ms > before.due_at.ms;
    if (other_id)
        return record_change(cx, &INSPECTION_TASKS, "done", &before, &after);
    after.state = TASK_OPEN; /* the clock says at its next turn when it was missed */
    return record_change(cx, &INSPECTION_TASKS, "reopen", &before, &after);
}

enum result judge_task(struct ctx *cx, const void *record, struct duty *duty, enum owing *out)
{
    static const enum owing OWES[] = {[TASK_OPEN] = OWING_DUTY,
                                      [TASK_DONE] = OWING_MET,
                                      [TASK_MISSED] = OWING_NOTHING,
                                      [TASK_DROPPED] = OWING_NOTHING};
    const struct inspection_task *task = record;
    (void)cx;
    *out = OWES[task->state];
    duty->contract_id = task->contract_id;
    duty->organisation_id = task->client_id;
    duty->unit_id = task->unit_id;
    duty->owner_side = SIDE_CLIENT;
    duty->owner_role = ROLES[LEVEL_RULES[task->level].owes - 1];
    duty->owner_id = task->inspector_id;
    duty->due_at = task->due_at;
    return OK;
}
