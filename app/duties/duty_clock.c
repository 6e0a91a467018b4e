/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The clock: announces duties, finds what is overdue and climbs the ladder, opens what comes every
 * month, and dates anew what a change of the calendar moves. */
#include "app/duties/calendar_day.h"
#include "app/duties/duty.sql.h"
#include "app/duties/duty_private.h"
#include "jobs/worker.h"

#include <string.h>

#define READ 100 /* rows at a time */
/* The ids first: PostgreSQL expects few to wait, and would join and sort all of many. */
#define WAITING                                                                                    \
    "t.id IN (SELECT w.id FROM duties w WHERE w.next_at > 0 AND w.next_at <= $1 "                  \
    "ORDER BY w.next_at, w.id LIMIT 100) ORDER BY t.next_at, t.id"

/* ---- the ladder ---- */

/* Working days after the due day, rung by rung. What was due before anybody owed it (an old draft
 * is imported) gives its owner as many days from when it was opened. */
static const int RUNG_DAYS[] = {2, 5};
#define RUNGS (int)(sizeof RUNG_DAYS / sizeof RUNG_DAYS[0])

static const enum role CLIENT_LADDER[] = {ROLE_PM, ROLE_DIVISION, ROLE_OPS};
static const enum role PROVIDER_LADDER[] = {ROLE_DUTY, ROLE_PROVIDER};

/* The role on the nth rung above the owner, from 1; 0: there is none. Roles beside the ladder stand
 * at its foot. */
static enum role rung_role(const struct duty *duty, int rung)
{
    const bool client = duty->owner_side == SIDE_CLIENT;
    const enum role *ladder = client ? CLIENT_LADDER : PROVIDER_LADDER;
    const int length = client ? 3 : 2;
    int at = rung - 1;
    for (int i = 0; i < length; i++)
        if (strcmp(ROLES[ladder[i] - 1], duty->owner_role) == 0)
            at = i + rung;
    return at >= 0 && at < length ? ladder[at] : 0;
}

/* Many of one day are due at its end: the calendar is asked once for all of them. */
static struct instant rung_at(struct batch *batch, const struct duty *duty, int rung)
{
    struct rung *known = &batch->rung;
    if (rung > RUNGS || !rung_role(duty, rung))
        return (struct instant){0};
    const struct instant from = {duty->opened_at.ms > duty->due_at.ms ? duty->opened_at.ms
                                                                      : duty->due_at.ms};
    if (known->rung != rung || known->from.ms != from.ms) {
        const struct due_rule rule = {.kind = DUE_WORKING_DAYS, .count = RUNG_DAYS[rung - 1]};
        *known = (struct rung){rung, from, calendar_due(batch->cx, &rule, from)};
    }
    return known->at;
}

/* ---- one transaction ---- */

bool batch_has_room(struct batch *batch)
{
    const int before = batch->steps++;
    return !before || (before < STEPS_MOST && !worker_had_its_time(batch->worker));
}

static bool is_delegable(const struct duty *duty)
{
    const struct duty_rule *rule = duty_rule_find(duty->rule);
    return rule && rule->delegable;
}

static bool same_ear(const struct told *told, const char *kind, const struct duty *duty,
                     uint64_t roles)
{
    const struct duty *first = told->first;
    return strcmp(told->kind, kind) == 0 && told->roles == roles &&
           first->organisation_id == duty->organisation_id && first->unit_id == duty->unit_id &&
           is_delegable(first) == is_delegable(duty) &&
           (roles || first->owner_id == duty->owner_id);
}

static uint64_t owner_roles(const struct duty *duty)
{
    return duty->owner_id
               ? 0
               : UINT64_C(1) << choice_find(ROLES, duty->owner_role, strlen(duty->owner_role));
}

static void tell(struct batch *batch, const char *kind, const struct duty *duty, uint64_t roles)
{
    for (int i = 0; i < batch->told_count; i++)
        if (same_ear(&batch->told[i], kind, duty, roles)) {
            batch->told[i].count++;
            return;
        }
    batch->told[batch->told_count++] = (struct told){kind, duty, roles, 1};
}

void batch_tell(struct batch *batch, const char *kind, const struct duty *duty)
{
    tell(batch, kind, duty, owner_roles(duty));
}

static enum result tell_one(struct ctx *cx, const struct told *told)
{
    const struct duty *duty = told->first;
    const bool alone = told->count == 1;
    char day[DATE_MAX_TEXT];
    date_format(instant_date(duty->due_at, SHANGHAI_OFFSET_MIN), day);
    const struct news news = {
        .kind = alone ? told->kind : arena_printf(cx->mem, "%s.many", told->kind),
        .subject = alone ? &DUTIES : NULL,
        .subject_id = alone ? duty->id : 0,
        .title = duty->title,
        .detail = alone ? arena_dup(cx->mem, day) : arena_printf(cx->mem, "%d", told->count),
        .stand_ins = is_delegable(duty),
    };
    return told->roles ? notice_roles(cx, duty->organisation_id, duty->unit_id, told->roles, &news)
                       : notice_person(cx, duty->owner_id, &news);
}

/* ---- one step of one duty ---- */

static enum result announce(struct batch *batch, const struct duty *duty)
{
    batch_tell(batch, "duty.opened", duty);
    return db_change_one(batch->cx, &q_duty_next,
                         PARAMS(P(duty->id), P((struct instant){duty->due_at.ms + 1})));
}

static enum result be_overdue(struct batch *batch, const struct duty *duty)
{
    struct duty after = *duty;
    after.state = DUTY_OVERDUE;
    after.live = true;
    after.level = 0;
    after.next_at = rung_at(batch, duty, 1);
    batch_tell(batch, "duty.overdue", duty);
    return record_change(batch->cx, &DUTIES, "overdue", duty, &after);
}

static enum result climb(struct batch *batch, const struct duty *duty)
{
    struct duty after = *duty;
    const struct instant at = rung_at(batch, duty, duty->level + 1);
    if (at.ms > batch->cx->now.ms) /* the calendar has become another since */
        return db_change_one(batch->cx, &q_duty_next, PARAMS(P(duty->id), P(at)));
    after.level++;
    after.next_at = rung_at(batch, duty, after.level + 1);
    tell(batch, "duty.escalated", duty, UINT64_C(1) << rung_role(duty, after.level));
    return record_change(batch->cx, &DUTIES, "escalate", duty, &after);
}

static enum result step(struct batch *batch, const struct duty *duty)
{
    if (duty->state == DUTY_OVERDUE)
        return climb(batch, duty);
    return duty->due_at.ms < batch->cx->now.ms ? be_overdue(batch, duty) : announce(batch, duty);
}

static enum result take_waiting(struct batch *batch)
{
    struct list list;
    size_t taken;
    do {
        TRY(record_select(batch->cx, &DUTIES, "waiting", WAITING, PARAMS(P(batch->cx->now)),
                          &list));
        for (taken = 0; taken < list.count && batch_has_room(batch); taken++)
            TRY(step(batch, (const struct duty *)list.rows + taken));
    } while (taken == READ);
    return OK;
}

/* ---- every month ---- */

struct progress {
    const char *period;
    int64_t last_id;
    bool done;
};
static const struct field PROGRESS_FIELDS[] = {
    FIELD(progress, period),
    FIELD(progress, last_id),
    FIELD(progress, done),
    FIELDS_END,
};

/* The first monthly rule that is not done with this month; NULL: none. */
static enum result month_waiting(struct ctx *cx, const struct duty_rule **out,
                                 struct progress *progress)
{
    const char *month = duty_month(cx);
    *out = NULL;
    for (size_t i = 0; duty_rule_at(i); i++) {
        const struct duty_rule *rule = duty_rule_at(i);
        if (!rule->monthly)
            continue;
        enum result result =
            db_one(cx, &q_duty_month, PARAMS(P(rule->name)), PROGRESS_FIELDS, progress);
        if (result != OK && result != NOT_FOUND)
            return result;
        if (result == NOT_FOUND || strcmp(progress->period, month) != 0)
            *progress = (struct progress){.period = month};
        if (progress->done)
            continue;
        *out = rule;
        return OK;
    }
    return OK;
}

static enum result take_month(struct batch *batch)
{
    struct ctx *cx = batch->cx;
    const struct duty_rule *rule;
    struct progress progress = {.period = ""};
    struct list list;
    TRY(month_waiting(cx, &rule, &progress));
    if (!rule)
        return OK;
    const struct list_query query = {
        .limit = READ,
        .sort = "id",
        .after =
            progress.last_id ? arena_printf(cx->mem, "%lld", (long long)progress.last_id) : NULL};
    TRY(record_list(cx, rule->resource, &query, &list));
    size_t taken;
    for (taken = 0; taken < list.count && batch_has_room(batch); taken++) {
        const void *record = (const char *)list.rows + taken * rule->resource->size;
        TRY(duty_look(cx, rule, record, progress.period, false));
        progress.last_id = ((const struct record *)record)->id;
    }
    return db_change(cx, &q_duty_month_set,
                     PARAMS(P(rule->name), P(progress.period), param_number(progress.last_id),
                            P(taken == list.count && list.next == NULL)),
                     NULL);
}

/* ---- as a job ---- */

/* A worker (NULL none) and its part of the work. */
static enum result tick(struct ctx *cx, void *host)
{
    struct batch *batch = ARENA_NEW(cx->mem, struct batch);
    batch->cx = cx;
    batch->worker = host;
    TRY(take_month(batch));
    TRY(take_redating(batch));
    TRY(take_waiting(batch));
    for (int i = 0; i < batch->told_count; i++)
        TRY(tell_one(cx, &batch->told[i]));
    return OK;
}

enum result duties_tick(struct ctx *cx)
{
    return tick(cx, NULL);
}

enum result duties_turn(struct worker *worker, struct ctx *cx, bool *out_found)
{
    const struct duty_rule *rule;
    struct progress progress;
    int64_t waiting;
    bool redating;
    TRY(redating_waits(cx, &redating));
    TRY(db_int(cx, &q_duty_waiting, PARAMS(P(cx->now)), &waiting));
    TRY(month_waiting(cx, &rule, &progress));
    *out_found = waiting > 0 || redating || rule;
    return *out_found ? worker_write(worker, cx, tick, worker) : OK;
}
