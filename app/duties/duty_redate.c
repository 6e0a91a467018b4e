/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* When days of the calendar become others, open duties that are due by working days are dated anew.
 *
 * The change itself leaves only a mark; the clock then walks the open duties of each rule, some at
 * a time, lets the rule judge its record again, and tells who owes what moved. */
#include "app/duties/calendar_day.h"
#include "app/duties/duty.sql.h"
#include "app/duties/duty_private.h"
#include "app/records/trail.h"

#define READ 100       /* rows at a time */
#define DAYS_MOST 1000 /* of the calendar, in one walk */
#define DAYS_NAMED 3   /* in an entry of the trail */

/* ---- how far the walk is ---- */

struct redating {
    int64_t up_to;
    const char *rule;   /* "" before the first one */
    int64_t subject_id; /* of the last duty */
    const char *period;
};
static const struct field REDATING_FIELDS[] = {
    FIELD(redating, up_to),
    FIELD(redating, rule),
    FIELD(redating, subject_id),
    FIELD(redating, period),
    FIELDS_END,
};

enum result redating_waits(struct ctx *cx, bool *out)
{
    int64_t last;
    TRY(db_int(cx, &q_calendar_changes_last, NO_PARAMS, &last));
    *out = last > 0;
    return OK;
}

static bool is_by_calendar(const struct duty_rule *rule)
{
    return rule->due.kind == DUE_WORKING_DAYS || rule->due.kind == DUE_WORKING_HOURS ||
           rule->due.roll == DUE_NEXT_WORKING_DAY;
}

/* The first such rule behind this one ("" any); NULL: none. */
static const struct duty_rule *rule_behind(const char *name)
{
    bool behind = !*name;
    for (size_t i = 0; duty_rule_at(i); i++) {
        const struct duty_rule *rule = duty_rule_at(i);
        if (behind && is_by_calendar(rule))
            return rule;
        behind = behind || rule == duty_rule_find(name);
    }
    return NULL;
}

/* Where the walk goes on; *out NULL: there is none. What changes while one is under way is another
 * one's. */
static enum result walk_on(struct ctx *cx, struct redating *redating, const struct duty_rule **out)
{
    enum result result = db_one(cx, &q_redating, NO_PARAMS, REDATING_FIELDS, redating);
    *out = NULL;
    if (result != OK && result != NOT_FOUND)
        return result;
    if (result == NOT_FOUND) {
        *redating = (struct redating){.rule = "", .period = ""};
        TRY(db_int(cx, &q_calendar_changes_last, NO_PARAMS, &redating->up_to));
        if (!redating->up_to)
            return OK;
    }
    *out = duty_rule_find(redating->rule);
    if (!*out)
        *out = rule_behind("");
    return OK;
}

static enum result walk_stops(struct ctx *cx, const struct redating *redating,
                              const struct duty_rule *next)
{
    TRY(db_change(cx, &q_redating_clear, NO_PARAMS, NULL));
    if (!next)
        return db_change(cx, &q_calendar_changes_done, PARAMS(param_number(redating->up_to)), NULL);
    return db_change_one(cx, &q_redating_set,
                         PARAMS(param_number(redating->up_to), P(next->name),
                                param_number(redating->subject_id), P(redating->period)));
}

/* ---- one duty ---- */

struct changed_day {
    struct date date;
    const char *name;
};
static const struct field CHANGED_DAY_FIELDS[] = {
    FIELD(changed_day, date),
    FIELD(changed_day, name),
    FIELDS_END,
};
struct changed_days {
    struct changed_day *days; /* in order */
    size_t count;
};

static struct date day_of(struct instant at)
{
    return instant_date(at, SHANGHAI_OFFSET_MIN);
}

/* "2026-12-08 Company day": the days between its beginning and the later of its deadlines. */
static const char *because_of(struct ctx *cx, const struct changed_days *changed,
                              const struct duty *before, const struct duty *after)
{
    const struct date last =
        day_of(before->due_at.ms > after->due_at.ms ? before->due_at : after->due_at);
    struct text text = text_new(cx->mem, 64);
    int named = 0;
    for (size_t i = 0; i < changed->count; i++) {
        char day[DATE_MAX_TEXT];
        if (changed->days[i].date.days < day_of(before->opened_at).days ||
            changed->days[i].date.days > last.days)
            continue;
        date_format(changed->days[i].date, day);
        if (named < DAYS_NAMED)
            text_printf(&text, "%s%s %s", named ? ", " : "", day, changed->days[i].name);
        else if (named == DAYS_NAMED)
            text_puts(&text, " …");
        named++;
    }
    return text_end(&text);
}

/* Who owes it learns of the new deadline, unless the clock has something else to say of it. */
static enum result tell_moved(struct batch *batch, const struct duty *duty)
{
    if (!duty->live || duty->due_at.ms < batch->cx->now.ms)
        return OK;
    batch_tell(batch, "duty.redated", duty);
    return db_change_one(batch->cx, &q_duty_next,
                         PARAMS(P(duty->id), P((struct instant){duty->due_at.ms + 1})));
}

static enum result redate(struct batch *batch, const struct duty_rule *rule,
                          const struct changed_days *changed, const struct duty *duty)
{
    struct ctx *cx = batch->cx;
    struct duty *after = ARENA_NEW(cx->mem, struct duty); /* the batch tells of it later */
    void *record;
    if (day_of(duty->due_at).days < changed->days[0].date.days)
        return OK; /* it was due before */
    TRY(duty_subject(cx, rule->resource, duty->subject_id, &record));
    if (!record)
        return OK;
    if (rule->redate)
        TRY(rule->redate(cx, record));
    TRY(duty_look(cx, rule, record, duty->period, false));
    TRY(record_get(cx, &DUTIES, duty->id, after));
    if (after->due_at.ms == duty->due_at.ms)
        return OK;
    trail_add(cx, "redate", &DUTIES, after, trail_diff(cx->mem, DUTIES.fields, duty, after),
              because_of(cx, changed, duty, after));
    return tell_moved(batch, after);
}

/* ---- the walk ---- */

static enum result walk(struct batch *batch, const struct duty_rule *rule,
                        struct redating *redating)
{
    struct ctx *cx = batch->cx;
    struct changed_days changed;
    struct list list;
    size_t taken;
    TRY(db_list(cx, &q_calendar_changes, NO_PARAMS, CHANGED_DAY_FIELDS, sizeof *changed.days,
                DAYS_MOST, &changed.days, &changed.count));
    TRY(record_select(cx, &DUTIES, "to_redate",
                      "t.id IN (SELECT w.id FROM duties w WHERE w.subject = $1 AND w.rule = $2 AND "
                      "(w.subject_id, w.period) > ($3, $4) AND w.state IN ('open', 'overdue') "
                      "ORDER BY w.subject_id, w.period LIMIT 100) ORDER BY t.subject_id, t.period",
                      PARAMS(P(rule->resource->name), P(rule->name),
                             param_number(redating->subject_id), P(redating->period)),
                      &list));
    for (taken = 0; taken < list.count && batch_has_room(batch); taken++) {
        const struct duty *duty = (const struct duty *)list.rows + taken;
        TRY(redate(batch, rule, &changed, duty));
        redating->subject_id = duty->subject_id;
        redating->period = duty->period;
    }
    if (taken < list.count || list.count == READ)
        return walk_stops(cx, redating, rule);
    redating->subject_id = 0;
    redating->period = "";
    return walk_stops(cx, redating, rule_behind(rule->name));
}

enum result take_redating(struct batch *batch)
{
    struct redating redating;
    const struct duty_rule *rule;
    TRY(walk_on(batch->cx, &redating, &rule));
    if (rule)
        return walk(batch, rule, &redating);
    return redating.up_to ? walk_stops(batch->cx, &redating, NULL) : OK;
}
