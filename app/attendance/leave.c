/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Leave, and corrections of what the machine says. */
#include "app/attendance/asked_private.h"
#include "app/attendance/attendance.sql.h"
#include "app/scores/published.h"

#include <string.h>

static const char *const LEAVE_KINDS[] = {
    "personal", "sick", "annual", "marriage", "maternity", "bereavement", "injury", "other", NULL};
static const char *const PARTS[] = {"whole", "first_half", "second_half", NULL};

#define LEAVE_DAYS_MOST 366

/* ---- leave ---- */

static const struct field LEAVE_FIELDS[] = {
    RECORD_FIELDS(leave),
    ASKED_FIELDS(leave),
    FIELD_ENUM(leave, kind, LEAVE_KINDS, .in = MUST, .use = FIXED | LISTED | FILTERED),
    FIELD(leave, from, .in = MUST, .use = FIXED | LISTED | FILTERED),
    FIELD(leave, to, .in = MAY, .use = FIXED | LISTED),
    FIELD_ENUM(leave, part, PARTS, .in = MAY, .use = FIXED | LISTED),
    ASKED_FIELDS_AFTER(leave),
    FIELDS_END,
};

/* Does it change what became of days: asked for, approved, or taken back after that? */
static bool decides(enum asked_state state, enum asked_state before)
{
    return !before || state == ASKED_APPROVED || before == ASKED_APPROVED;
}

static struct dated_fact leave_fact(const struct leave *leave)
{
    return (struct dated_fact){.person_id = leave->person_id,
                               .from = leave->from,
                               .to = leave->to.days ? leave->to : leave->from};
}

static enum result leave_check(struct ctx *cx, void *record, const void *former)
{
    struct leave *leave = record;
    const struct leave *before = former;
    int64_t colliding;
    const struct dated_fact fact = leave_fact(leave);
    if (before)
        return decides(leave->state, before->state) ? demand_unpublished(cx, &fact) : OK;
    if (!leave->part)
        leave->part = PART_WHOLE;
    if (!leave->to.days)
        leave->to = leave->from;
    TRY(asked_begin(cx, (struct asked *)leave, leave->from));
    TRY(demand_unpublished(
        cx,
        &(struct dated_fact){.person_id = leave->person_id, .from = leave->from, .to = leave->to}));
    if (leave->to.days < leave->from.days)
        reject(cx, "to", "before_start");
    else if (leave->to.days - leave->from.days >= LEAVE_DAYS_MOST)
        reject(cx, "to", "leave_of_years");
    if (leave->part != PART_WHOLE && leave->to.days != leave->from.days)
        reject(cx, "part", "half_of_one_day");
    TRY(db_int(cx, &q_leaves_colliding,
               PARAMS(P(leave->person_id), P(leave->from), P(leave->to),
                      P(choice_name(PARTS, leave->part)), param_number(leave->id)),
               &colliding));
    if (colliding)
        reject_clause(cx, "C2.3", "from", "leave_collides");
    return OK;
}

static enum result leave_saved(struct ctx *cx, const void *record, const void *former)
{
    const struct leave *leave = record, *before = former;
    TRY(asked_tell(cx, &LEAVES, (const struct asked *)leave, (const struct asked *)before));
    const bool counts =
        leave->state == ASKED_APPROVED || (before && before->state == ASKED_APPROVED);
    return counts ? attendance_derive(cx, leave->person_id, leave->from, leave->to) : OK;
}

const struct resource LEAVES = {
    .name = "leaves",
    .clause = "C2.3",
    .fields = LEAVE_FIELDS,
    .size = sizeof(struct leave),
    .joins = ASKED_JOINS,
    .title = "person_name",
    .sort = "-id",
    .scope = {[SIDE_PROVIDER] = OWN_OR_PLANNED},
    .withheld = true,
    .search_also = "p.search_key",
    .check = leave_check,
    .open = asked_open,
    .saved = leave_saved,
};

/* What machines and offices call it. */
static enum leave_kind kind_of(const char *words)
{
    static const struct {
        const char *words;
        enum leave_kind kind;
    } KINDS[] = {
        {"事假", LEAVE_PERSONAL},  {"病假", LEAVE_SICK},        {"年假", LEAVE_ANNUAL},
        {"年休", LEAVE_ANNUAL},    {"婚假", LEAVE_MARRIAGE},    {"产假", LEAVE_MATERNITY},
        {"陪产", LEAVE_MATERNITY}, {"丧假", LEAVE_BEREAVEMENT}, {"工伤", LEAVE_INJURY},
        {"调休", LEAVE_OTHER},     {"请假", LEAVE_OTHER},
    };
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++)
        if (strstr(words, KINDS[i].words))
            return KINDS[i].kind;
    return 0;
}

enum result leave_noted(struct ctx *cx, const struct clocking *clocking)
{
    struct leave leave = {.person_id = clocking->person_id,
                          .from = clocking->day,
                          .to = clocking->day,
                          .part = PART_WHOLE,
                          .kind = kind_of(clocking->note)};
    const struct dated_fact fact = leave_fact(&leave);
    struct published_month published;
    int64_t colliding;
    if (!leave.kind)
        return OK;
    TRY(fact_published(cx, &fact, &published));
    if (published.month.months) /* the row is kept, and nothing follows from it */
        return OK;
    TRY(db_int(cx, &q_leaves_colliding,
               PARAMS(P(leave.person_id), P(leave.from), P(leave.to), P("whole"), param_number(0)),
               &colliding));
    if (colliding)
        return OK;
    fields_blank(LEAVE_FIELDS, &leave);
    leave.reason = clocking->note;
    return record_add(cx, &LEAVES, &leave);
}

/* ---- corrections ---- */

static const struct field CORRECTION_FIELDS[] = {
    RECORD_FIELDS(correction),
    ASKED_FIELDS(correction),
    FIELD(correction, day, .in = MUST, .use = FIXED | LISTED | FILTERED),
    FIELD(correction, came, .in = MAY, .max = 5, .use = FIXED | LISTED, .valid = clock_valid),
    FIELD(correction, went, .in = MAY, .max = 5, .use = FIXED | LISTED, .valid = clock_valid),
    FIELD(correction, was_came, .use = LISTED),
    FIELD(correction, was_went, .use = LISTED),
    ASKED_FIELDS_AFTER(correction),
    FIELDS_END,
};

static enum result demand_corrections_left(struct ctx *cx, const struct correction *correction)
{
    const struct month month = month_of(correction->day);
    struct attendance_rule rule;
    int64_t made;
    TRY(rule_of(cx, correction->organisation_id, &rule));
    TRY(db_int(cx, &q_corrections_of,
               PARAMS(P(correction->person_id), P(month_first(month)), P(month_last(month)),
                      param_number(correction->id)),
               &made));
    if (rule.corrections_month && made >= rule.corrections_month)
        reject_clause(cx, "C2.3", "day", "corrections_used_up",
                      arena_printf(cx->mem, "%d", rule.corrections_month));
    return OK;
}

static enum result correction_check(struct ctx *cx, void *record, const void *former)
{
    struct correction *correction = record;
    const struct correction *before = former;
    if (before)
        return decides(correction->state, before->state)
                   ? demand_day_unpublished(cx, correction->person_id, correction->day)
                   : OK;
    TRY(asked_begin(cx, (struct asked *)correction, correction->day));
    TRY(demand_day_unpublished(cx, correction->person_id, correction->day));
    if (!*correction->came && !*correction->went)
        reject_clause(cx, "C2.3", "came", "nothing_corrected");
    if (correction->day.days > instant_date(cx->now, SHANGHAI_OFFSET_MIN).days)
        reject_clause(cx, "C2.3", "day", "not_yet");
    TRY(attendance_punches(cx, correction->person_id, correction->day, &correction->was_came,
                           &correction->was_went));
    return demand_corrections_left(cx, correction);
}

static enum result correction_saved(struct ctx *cx, const void *record, const void *former)
{
    const struct correction *correction = record, *before = former;
    TRY(asked_tell(cx, &ATTENDANCE_CORRECTIONS, (const struct asked *)correction,
                   (const struct asked *)before));
    const bool counts =
        correction->state == ASKED_APPROVED || (before && before->state == ASKED_APPROVED);
    return counts ? attendance_derive(cx, correction->person_id, correction->day, correction->day)
                  : OK;
}

const struct resource ATTENDANCE_CORRECTIONS = {
    .name = "attendance_corrections",
    .clause = "C2.3",
    .fields = CORRECTION_FIELDS,
    .size = sizeof(struct correction),
    .joins = ASKED_JOINS,
    .title = "person_name",
    .sort = "-id",
    .scope = {[SIDE_PROVIDER] = OWN_OR_PLANNED},
    .withheld = true,
    .search_also = "p.search_key",
    .check = correction_check,
    .open = asked_open,
    .saved = correction_saved,
};
