/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Plans of inspections, and the tasks that the clock makes of them: for each area of a contract one
 * in each period. So it is known per project and month what was planned, what was done, and what
 * late or never (V6.1.1). Providers know of neither: nobody cleans for the inspector. */
#ifndef INSPECTION_PLAN_H
#define INSPECTION_PLAN_H

#include "app/duties/duty.h"

/* Who inspects, from the area's own person up to a mystery check. */
enum inspection_level { LEVEL_OWNER = 1, LEVEL_PROJECT, LEVEL_DIVISION, LEVEL_MYSTERY };
extern const char *const INSPECTION_LEVELS[];
/* The role that owes it where nobody is named, the roles that may, and whether an inspector may say
 * "all the rest passes". */
struct level_rule {
    enum role owes;
    uint64_t may;
    bool rest_passes;
};
extern const struct level_rule LEVEL_RULES[];
/* The level at which the actor inspects unasked; 0: at none. */
enum inspection_level level_of_actor(const struct actor *actor);

enum plan_frequency { EVERY_DAY = 1, EVERY_WEEK, EVERY_MONTH, EVERY_QUARTER };
extern const char *const PLAN_FREQUENCIES[];
/* The first and the last day of the period around a day: weeks begin on Monday. */
struct date period_first(enum plan_frequency frequency, struct date day);
struct date plan_period_last(enum plan_frequency frequency, struct date day);

struct inspection_plan {
    RECORD_MEMBERS;
    int64_t contract_id, client_id, unit_id;
    const char *contract_name, *unit_name;
    int64_t area_id; /* 0: each area of the contract */
    const char *area_name;
    enum inspection_level level;
    enum plan_frequency frequency;
    int64_t inspector_id; /* 0: whoever answers for the area, or holds the level's role */
    const char *inspector_name;
    struct date from, to;
    struct date opened_to;
    enum plan_state { PLAN_ACTIVE = 1, PLAN_ENDED } state;
};
extern const struct resource INSPECTION_PLANS;

struct inspection_task {
    RECORD_MEMBERS;
    int64_t plan_id, contract_id, client_id, unit_id, area_id;
    const char *contract_name, *provider_name, *unit_name, *area_name;
    enum inspection_level level;
    enum plan_frequency frequency;
    struct date period; /* its first day */
    struct month month; /* in which it is due */
    struct instant due_at;
    int64_t inspector_id; /* 0: any holder of the level's role */
    const char *inspector_name;
    int64_t inspection_id;
    struct instant done_at;
    bool late;
    enum task_state { TASK_OPEN = 1, TASK_DONE, TASK_MISSED, TASK_DROPPED } state;
};
extern const struct resource INSPECTION_TASKS;

/* A job: opens what is due by the plans, and says of what is over that it was missed. */
MUST_USE enum result inspections_sweep(struct ctx *cx);

/* The actor's own, the most urgent first: named, or of a role that the actor holds within the own
 * units. */
#define OWN_TASKS_MOST 100
MUST_USE enum result tasks_own(struct ctx *cx, struct inspection_task **out, size_t *out_count);
/* May the actor do it? */
bool task_is_for(const struct actor *actor, const struct inspection_task *task);
/* An inspection did it. A missed one is done late. */
MUST_USE enum result task_done(struct ctx *cx, int64_t task_id, int64_t inspection_id);
/* The inspection that did it is void. `other` did it, too (0: none), at that moment. */
MUST_USE enum result task_undone(struct ctx *cx, int64_t task_id, int64_t inspection_id,
                                 int64_t other_id, struct instant other_at);

/* ---- what became of the plans: of each project, in one month ---- */

struct supervision_figure {
    int64_t unit_id;
    const char *unit_name;
    int32_t planned, done, late, missed, open; /* tasks; those done late count under done, too */
    int32_t inspections, unplanned, failed;    /* finished; without a task; failed items */
    int32_t rectifications, rectified, rectified_late, overdue, repeated;
};
extern const struct field SUPERVISION_FIGURE_FIELDS[];
#define FIGURE_UNITS_MOST 2000
/* `unit_id` 0: each project that the actor sees. */
MUST_USE enum result supervision_figures(struct ctx *cx, struct month month, int64_t unit_id,
                                         struct supervision_figure **out, size_t *out_count);

MUST_USE enum result judge_task(struct ctx *cx, const void *record, struct duty *duty,
                                enum owing *out);

#endif
