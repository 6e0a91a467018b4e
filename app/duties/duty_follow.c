/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What follows for duties from the records of a transaction. */
#include "app/duties/duty.sql.h"
#include "app/duties/duty_private.h"
#include "app/records/trail.h"

#include <string.h>

const char *duty_month(struct ctx *cx)
{
    char month[MONTH_MAX_TEXT];
    month_format(month_of(instant_date(cx->now, SHANGHAI_OFFSET_MIN)), month);
    return arena_dup(cx->mem, month);
}

/* ---- one duty ---- */

static struct duty duty_new(struct ctx *cx, const struct duty_rule *rule, const void *record,
                            const char *period)
{
    struct duty duty = {.rule = rule->name,
                        .clause = rule->clause,
                        .subject = rule->resource->name,
                        .subject_id = ((const struct record *)record)->id,
                        .title = record_title(cx->mem, rule->resource, record),
                        .period = period,
                        .state = DUTY_OPEN};
    fields_blank(DUTIES.fields, &duty);
    return duty;
}

/* From when it is on a list, and when the clock looks at it first. */
static void begin(struct ctx *cx, struct duty *duty)
{
    duty->live = duty->opened_at.ms <= cx->now.ms;
    duty->next_at = duty->live ? cx->now : duty->opened_at;
}

static enum result open_duty(struct ctx *cx, struct duty *duty)
{
    if (!duty->opened_at.ms)
        duty->opened_at = cx->now;
    begin(cx, duty);
    return db_change(cx, &q_duty_open,
                     PARAMS(P(cx->now), P(duty->rule), P(duty->clause), P(duty->subject),
                            P(duty->subject_id), P(duty->title), P(duty->period),
                            P(duty->contract_id), P(duty->organisation_id), P(duty->unit_id),
                            P(choice_name(SIDES, duty->owner_side)), P(duty->owner_role),
                            P(duty->owner_id), P(duty->opened_at), P(duty->due_at),
                            P(duty->next_at), P(duty->live), P(duty->internal)),
                     NULL);
}

static bool same_owner(const struct duty *a, const struct duty *b)
{
    return a->owner_id == b->owner_id && a->owner_side == b->owner_side &&
           a->organisation_id == b->organisation_id && strcmp(a->owner_role, b->owner_role) == 0;
}

/* Who owes it, or until when, is another: it begins anew. */
static enum result refresh(struct ctx *cx, const struct duty *open, struct duty *duty)
{
    const bool timed = duty->opened_at.ms != 0;
    if (!timed)
        duty->opened_at = open->opened_at;
    const bool same = same_owner(open, duty) && open->due_at.ms == duty->due_at.ms &&
                      open->opened_at.ms == duty->opened_at.ms;
    if (same && open->unit_id == duty->unit_id && open->contract_id == duty->contract_id &&
        strcmp(open->title, duty->title) == 0)
        return OK;
    if (same) {
        duty->state = open->state;
        duty->next_at = open->next_at;
        duty->level = open->level;
        duty->live = open->live;
    } else {
        begin(cx, duty);
    }
    return db_change_one(cx, &q_duty_refresh,
                         PARAMS(P(open->id), P(cx->now), P(duty->title), P(duty->contract_id),
                                P(duty->organisation_id), P(duty->unit_id),
                                P(choice_name(SIDES, duty->owner_side)), P(duty->owner_role),
                                P(duty->owner_id), P(duty->opened_at), P(duty->due_at),
                                P(duty->next_at), P(choice_name(DUTY_STATES, duty->state)),
                                P(duty->level), P(duty->live)));
}

static enum result close_duty(struct ctx *cx, const struct duty *open, enum duty_state state)
{
    return db_change_one(cx, &q_duty_close,
                         PARAMS(P(open->id), P(cx->now), P(choice_name(DUTY_STATES, state))));
}

/* What is known of a duty already: open, and waived by somebody until this moment. */
struct known {
    const struct duty *open;
    bool waived;
};

static enum result find_known(struct ctx *cx, const struct duty *duty, struct known *out)
{
    struct list list;
    TRY(record_select(cx, &DUTIES, "known",
                      "t.subject_id = $1 AND t.subject = $2 AND t.rule = $3 AND t.period = $4 AND "
                      "(t.state IN ('open', 'overdue') OR t.reason <> '') ORDER BY t.id",
                      PARAMS(P(duty->subject_id), P(duty->subject), P(duty->rule), P(duty->period)),
                      &list));
    const struct duty *rows = list.rows;
    for (size_t i = 0; i < list.count; i++) {
        if (rows[i].state != DUTY_WAIVED)
            out->open = &rows[i];
        else if (rows[i].due_at.ms == duty->due_at.ms)
            out->waived = true;
    }
    return OK;
}

enum result duty_look(struct ctx *cx, const struct duty_rule *rule, const void *record,
                      const char *period, bool created)
{
    struct duty duty = duty_new(cx, rule, record, period);
    struct known known = {NULL, false};
    enum owing owing = OWING_NOTHING;
    TRY(rule->judge(cx, record, &duty, &owing));
    if (!created)
        TRY(find_known(cx, &duty, &known));
    if (owing != OWING_DUTY)
        return known.open ? close_duty(cx, known.open, owing == OWING_MET ? DUTY_MET : DUTY_WAIVED)
                          : OK;
    if (known.open)
        return refresh(cx, known.open, &duty);
    return known.waived ? OK : open_duty(cx, &duty);
}

/* ---- the records of a transaction ---- */

struct period {
    const char *period;
};
static const struct field PERIOD_FIELDS[] = {FIELD(period, period), FIELDS_END};

/* This month's, and those of the months before that are still open. */
static enum result look_monthly(struct ctx *cx, const struct duty_rule *rule, const void *record,
                                bool created)
{
    const char *now = duty_month(cx);
    struct period *periods;
    size_t count;
    TRY(duty_look(cx, rule, record, now, created));
    if (created)
        return OK;
    TRY(db_list(cx, &q_duty_periods,
                PARAMS(P(((const struct record *)record)->id), P(rule->resource->name),
                       P(rule->name), P(now)),
                PERIOD_FIELDS, sizeof *periods, 100, &periods, &count));
    for (size_t i = 0; i < count; i++)
        TRY(duty_look(cx, rule, record, periods[i].period, false));
    return OK;
}

static enum result look(struct ctx *cx, const struct duty_rule *rule, const void *record,
                        bool created)
{
    return rule->monthly ? look_monthly(cx, rule, record, created)
                         : duty_look(cx, rule, record, "", created);
}

enum result duty_subject(struct ctx *cx, const struct resource *resource, int64_t id, void **out)
{
    *out = arena_alloc(cx->mem, resource->size);
    enum result result = record_get(cx, resource, id, *out);
    if (result != NOT_FOUND)
        return result;
    (void)fault_take(cx);
    *out = NULL;
    return OK;
}

static enum result look_at_own(struct ctx *cx, const struct resource *resource,
                               const struct touched *touched)
{
    void *record = NULL;
    for (size_t i = 0; duty_rule_at(i); i++) {
        if (duty_rule_at(i)->resource != resource)
            continue;
        if (!record)
            TRY(duty_subject(cx, resource, touched->id, &record));
        if (!record)
            return OK; /* what is there no more owes nothing */
        /* Somebody new may have opened it already, before its own turn. */
        TRY(look(cx, duty_rule_at(i), record, touched->created && !duty_rule_at(i)->also_new));
    }
    return OK;
}

/* What others decided and was looked at once already, as the records are what they are by now: a
 * file of a thousand people is one look. */
#define LOOKED_MOST 64
struct looked {
    size_t count;
    struct {
        const struct duty_rule *rule;
        int64_t id;
    } at[LOOKED_MOST];
};

static bool looked_before(struct looked *looked, const struct duty_rule *rule, int64_t id)
{
    for (size_t i = 0; i < looked->count; i++)
        if (looked->at[i].rule == rule && looked->at[i].id == id)
            return true;
    if (looked->count < LOOKED_MOST) {
        looked->at[looked->count].rule = rule;
        looked->at[looked->count++].id = id;
    }
    return false;
}

struct decided {
    struct ctx *cx;
    const struct duty_rule *rule;
    struct looked *looked;
};
static const struct field ID_FIELDS[] = {FIELD(record, id), FIELDS_END};

static enum result look_at_decided(void *host, const void *row)
{
    const struct decided *decided = host;
    const int64_t id = ((const struct record *)row)->id;
    void *record;
    if (looked_before(decided->looked, decided->rule, id))
        return OK;
    TRY(duty_subject(decided->cx, decided->rule->resource, id, &record));
    return record ? look(decided->cx, decided->rule, record, false) : OK;
}

/* A new record can only matter to others of its own kind, as nothing refers to it yet, unless the
 * rule says otherwise. */
static enum result look_at_others(struct ctx *cx, const struct resource *resource,
                                  const struct touched *touched, struct looked *looked)
{
    for (size_t i = 0; duty_rule_at(i); i++) {
        struct decided decided = {cx, duty_rule_at(i), looked};
        const struct query *ids = decided.rule->also == resource       ? decided.rule->also_ids
                                  : decided.rule->and_also == resource ? decided.rule->and_also_ids
                                                                       : NULL;
        if (!ids ||
            (touched->created && decided.rule->resource != resource && !decided.rule->also_new))
            continue;
        TRY(db_each(cx, ids, PARAMS(P(touched->id)), ID_FIELDS, sizeof(struct record),
                    look_at_decided, &decided));
    }
    return OK;
}

static enum result look_at_all(struct ctx *cx)
{
    struct looked looked = {.count = 0};
    struct touched *touched;
    size_t count;
    trail_touched(cx, &touched, &count);
    for (size_t i = 0; i < count; i++) {
        const struct resource *resource = resource_find(touched[i].resource);
        const struct arena_mark mark = arena_mark(cx->mem);
        if (!resource)
            continue;
        TRY(look_at_own(cx, resource, &touched[i]));
        TRY(look_at_others(cx, resource, &touched[i], &looked));
        arena_rewind(cx->mem, mark);
    }
    return OK;
}

enum result duties_follow(struct ctx *cx)
{
    const struct actor *actor = cx->actor;
    const struct fault kept = fault_take(cx);
    cx->actor = &ACTOR_SYSTEM;
    enum result result = look_at_all(cx);
    cx->actor = actor;
    if (result == OK)
        cx->fault = kept;
    return result;
}
