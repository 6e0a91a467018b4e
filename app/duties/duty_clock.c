/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The clock: announces duties, finds what is overdue and climbs the ladder, and opens what comes
 * every month. */
#include "app/duties/calendar_day.h"
#include "app/duties/duty.sql.h"
#include "app/duties/duty_private.h"
#include "jobs/worker.h"

#include <string.h>

#define BATCH 200
#define WAITING "t.next_at > 0 AND t.next_at <= $1 ORDER BY t.next_at, t.id LIMIT 200"

/* ---- the ladder ---- */

/* Working days after the due day, rung by rung. */
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

static struct instant rung_at(struct ctx *cx, const struct duty *duty, int rung)
{
    if (rung > RUNGS || !rung_role(duty, rung))
        return (struct instant){0};
    const struct due_rule rule = {.kind = DUE_WORKING_DAYS, .count = RUNG_DAYS[rung - 1]};
    return calendar_due(cx, &rule, duty->due_at);
}

/* ---- telling ---- */

/* What one batch tells one owner of one thing is one notice: an import may open thousands. */
struct told {
    const char *kind;
    const struct duty *first;
    uint64_t roles; /* 0: the person who owes it */
    int count;
};
struct batch {
    struct ctx *cx;
    struct told told[BATCH];
    int count;
};

static bool same_ear(const struct told *told, const char *kind, const struct duty *duty,
                     uint64_t roles)
{
    const struct duty *first = told->first;
    return strcmp(told->kind, kind) == 0 && told->roles == roles &&
           first->organisation_id == duty->organisation_id && first->unit_id == duty->unit_id &&
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
    for (int i = 0; i < batch->count; i++)
        if (same_ear(&batch->told[i], kind, duty, roles)) {
            batch->told[i].count++;
            return;
        }
    batch->told[batch->count++] = (struct told){kind, duty, roles, 1};
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
    };
    return told->roles ? notice_roles(cx, duty->organisation_id, duty->unit_id, told->roles, &news)
                       : notice_person(cx, duty->owner_id, &news);
}

/* ---- one step of one duty ---- */

static enum result announce(struct batch *batch, const struct duty *duty)
{
    tell(batch, "duty.opened", duty, owner_roles(duty));
    return db_change_one(batch->cx, &q_duty_announced,
                         PARAMS(P(duty->id), P((struct instant){duty->due_at.ms + 1})));
}

static enum result be_overdue(struct batch *batch, const struct duty *duty)
{
    struct duty after = *duty;
    after.state = DUTY_OVERDUE;
    after.live = true;
    after.level = 0;
    after.next_at = rung_at(batch->cx, duty, 1);
    tell(batch, "duty.overdue", duty, owner_roles(duty));
    return record_change(batch->cx, &DUTIES, "overdue", duty, &after);
}

static enum result climb(struct batch *batch, const struct duty *duty)
{
    struct duty after = *duty;
    after.level++;
    after.next_at = rung_at(batch->cx, duty, after.level + 1);
    tell(batch, "duty.escalated", duty, UINT64_C(1) << rung_role(duty, after.level));
    return record_change(batch->cx, &DUTIES, "escalate", duty, &after);
}

static enum result step(struct batch *batch, const struct duty *duty)
{
    if (duty->state == DUTY_OVERDUE)
        return climb(batch, duty);
    return duty->due_at.ms < batch->cx->now.ms ? be_overdue(batch, duty) : announce(batch, duty);
}

static enum result take_waiting(struct ctx *cx)
{
    struct batch *batch = ARENA_NEW(cx->mem, struct batch);
    struct list list;
    batch->cx = cx;
    TRY(record_select(cx, &DUTIES, "waiting", WAITING, PARAMS(P(cx->now)), &list));
    for (size_t i = 0; i < list.count; i++)
        TRY(step(batch, (const struct duty *)list.rows + i));
    for (int i = 0; i < batch->count; i++)
        TRY(tell_one(cx, &batch->told[i]));
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

static enum result take_month(struct ctx *cx)
{
    const struct duty_rule *rule;
    struct progress progress = {.period = ""};
    struct list list;
    TRY(month_waiting(cx, &rule, &progress));
    if (!rule)
        return OK;
    const struct list_query query = {
        .limit = BATCH,
        .sort = "id",
        .after =
            progress.last_id ? arena_printf(cx->mem, "%lld", (long long)progress.last_id) : NULL};
    TRY(record_list(cx, rule->resource, &query, &list));
    for (size_t i = 0; i < list.count; i++) {
        const void *record = (const char *)list.rows + i * rule->resource->size;
        TRY(duty_look(cx, rule, record, progress.period, false));
        progress.last_id = ((const struct record *)record)->id;
    }
    return db_change(cx, &q_duty_month_set,
                     PARAMS(P(rule->name), P(progress.period), param_number(progress.last_id),
                            P(list.next == NULL)),
                     NULL);
}

/* ---- as a job ---- */

enum result duties_tick(struct ctx *cx)
{
    TRY(take_month(cx));
    return take_waiting(cx);
}

static enum result tick(struct ctx *cx, void *host)
{
    return duties_tick(cx);
}

enum result duties_turn(struct worker *worker, struct ctx *cx, bool *out_found)
{
    const struct duty_rule *rule;
    struct progress progress;
    int64_t waiting;
    TRY(db_int(cx, &q_duty_waiting, PARAMS(P(cx->now)), &waiting));
    TRY(month_waiting(cx, &rule, &progress));
    *out_found = waiting > 0 || rule;
    return *out_found ? worker_write(worker, cx, tick, NULL) : OK;
}
