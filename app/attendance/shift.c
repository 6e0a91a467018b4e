/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/attendance/shift.h"

#include "app/attendance/attendance.sql.h"
#include "app/scores/published.h"

#include <stdlib.h>
#include <string.h>

static const char *const KIND_STATES[] = {"in_force", "retired", NULL};

#define GRACE_MOST 240
#define SHIFTS_MOST 100000 /* of a week */

/* ---- kinds ---- */

static const struct field KIND_FIELDS[] = {
    RECORD_FIELDS(shift_kind),
    FIELD(shift_kind, name, .in = MUST, .max = 20, .use = LISTED),
    FIELD_REF(shift_kind, organisation_id, "organisations", .use = NO_DIFF),
    FIELD_REF(shift_kind, contract_id, "contracts", .in = MAY, .use = FIXED | FILTERED,
              .among = "service=outbound_call"),
    FIELD(shift_kind, contract_name, .column = "c.name", .use = LISTED),
    FIELD(shift_kind, starts, .in = MUST, .max = 5, .use = FIXED | LISTED, .valid = clock_valid),
    FIELD(shift_kind, ends, .in = MUST, .max = 5, .use = FIXED | LISTED, .valid = clock_valid),
    FIELD(shift_kind, break_min, .in = MAY, .max = 480, .use = FIXED | LISTED),
    FIELD(shift_kind, late_grace, .in = MAY, .max = GRACE_MOST, .use = FIXED | LISTED),
    FIELD(shift_kind, early_grace, .in = MAY, .max = GRACE_MOST, .use = FIXED | LISTED),
    FIELD(shift_kind, usual_from, .in = MAY, .use = LISTED),
    FIELD(shift_kind, usual_to, .in = MAY, .use = LISTED),
    FIELD_ENUM(shift_kind, state, KIND_STATES, .in = MAY, .use = LISTED | FILTERED),
    FIELDS_END,
};

/* A retired kind is usual on no day to come; the days before go on being judged by it. */
static void retire(const struct ctx *cx, struct shift_kind *kind)
{
    const struct date today = instant_date(cx->now, SHANGHAI_OFFSET_MIN);
    if (kind->usual_from.days > today.days)
        kind->usual_from = kind->usual_to = (struct date){0};
    else if (kind->usual_from.days && (!kind->usual_to.days || kind->usual_to.days > today.days))
        kind->usual_to = today;
}

static enum result kind_check(struct ctx *cx, void *record, const void *before)
{
    struct shift_kind *kind = record;
    struct contract contract;
    if (!before && !kind->organisation_id)
        kind->organisation_id = cx->actor->organisation_id;
    if (!kind->state)
        kind->state = SHIFT_KIND_IN_FORCE;
    if (kind->state == SHIFT_KIND_RETIRED)
        retire(cx, kind);
    if (kind->usual_to.days && kind->usual_to.days < kind->usual_from.days)
        reject(cx, "usual_to", "before_start");
    if (kind->usual_to.days && !kind->usual_from.days)
        reject(cx, "usual_from", "required");
    if (kind->contract_id && !before) {
        TRY(record_get(cx, &CONTRACTS, kind->contract_id, &contract));
        if (contract.provider_id != kind->organisation_id)
            reject(cx, "contract_id", "other_organisation");
    }
    return OK;
}

/* The first day that it is usual on, or no more: from there on days are judged otherwise. */
static struct date changed_from(const struct shift_kind *kind, const struct shift_kind *before,
                                struct date from)
{
    const bool only_ends = before && before->usual_from.days == kind->usual_from.days;
    if (!only_ends)
        return from;
    const struct date now = kind->usual_to, then = before->usual_to;
    return date_add(!then.days || (now.days && now.days < then.days) ? now : then, 1);
}

/* Which days it is usual on decides what became of them. */
static enum result kind_saved(struct ctx *cx, const void *record, const void *former)
{
    const struct shift_kind *kind = record, *before = former;
    const struct date today = instant_date(cx->now, SHANGHAI_OFFSET_MIN);
    const bool same = before ? before->usual_from.days == kind->usual_from.days &&
                                   before->usual_to.days == kind->usual_to.days
                             : !kind->usual_from.days;
    struct date from = kind->usual_from;
    if (same)
        return OK;
    if (before && before->usual_from.days && (!from.days || before->usual_from.days < from.days))
        from = before->usual_from;
    TRY(demand_unpublished(cx, &(struct dated_fact){.provider_id = kind->organisation_id,
                                                    .from = changed_from(kind, before, from),
                                                    .to = today}));
    return attendance_derive_all(cx, kind->organisation_id, from, today);
}

const struct resource SHIFT_KINDS = {
    .name = "shift_kinds",
    .clause = "C2.3",
    .fields = KIND_FIELDS,
    .size = sizeof(struct shift_kind),
    .joins = "LEFT JOIN contracts c ON c.id = t.contract_id",
    .title = "name",
    .sort = "-id",
    .scope = {[SIDE_PROVIDER] = "@organisation_id = :org"},
    .withheld = true,
    .check = kind_check,
    .saved = kind_saved,
};

/* ---- shifts ---- */

static const struct field SHIFT_FIELDS[] = {
    RECORD_FIELDS(shift),
    FIELD(shift, day, .in = MUST, .use = FIXED | LISTED | FILTERED | SORTED),
    FIELD_REF(shift, organisation_id, "organisations", .use = NO_DIFF),
    FIELD_REF(shift, person_id, "people", .in = MUST, .use = FIXED | FILTERED),
    FIELD(shift, person_name, .column = "p.name", .use = LISTED),
    FIELD_REF(shift, shift_kind_id, "shift_kinds", .in = MAY, .use = FILTERED | CHOSEN,
              .among = "state=in_force"),
    FIELD(shift, shift_kind_name, .column = "COALESCE(k.name, '')", .use = LISTED),
    FIELD(shift, starts, .column = "COALESCE(k.starts, '')", .use = LISTED),
    FIELD(shift, ends, .column = "COALESCE(k.ends, '')", .use = LISTED),
    FIELD(shift, judged, .use = HIDDEN),
    FIELDS_END,
};

static enum result demand_own_kind(struct ctx *cx, const struct shift *shift)
{
    struct shift_kind kind;
    if (!shift->shift_kind_id)
        return OK;
    TRY(record_get(cx, &SHIFT_KINDS, shift->shift_kind_id, &kind));
    if (kind.organisation_id != shift->organisation_id)
        reject(cx, "shift_kind_id", "other_organisation");
    if (kind.state != SHIFT_KIND_IN_FORCE)
        reject(cx, "shift_kind_id", "shift_kind_retired", kind.name);
    return OK;
}

/* What was planned decides what became of the day, so nobody plans the own past. */
static enum result shift_check(struct ctx *cx, void *record, const void *before)
{
    struct shift *shift = record;
    const struct date today = instant_date(cx->now, SHANGHAI_OFFSET_MIN);
    int64_t employer;
    TRY(person_works(cx, shift->person_id, shift->day, &employer));
    if (!before)
        shift->organisation_id = cx->actor->is_system ? employer : cx->actor->organisation_id;
    if (!employer || employer != shift->organisation_id)
        reject_clause(cx, "C2.3", "person_id", "works_elsewhere");
    if (!cx->actor->is_system && shift->person_id == cx->actor->person_id &&
        shift->day.days < today.days)
        return fail(cx, FORBIDDEN, "shift.own_past");
    if (shift->day.days < today.days)
        TRY(demand_day_unpublished(cx, shift->person_id, shift->day));
    shift->judged = false;
    return demand_own_kind(cx, shift);
}

static enum result shift_saved(struct ctx *cx, const void *record, const void *before)
{
    const struct shift *shift = record;
    (void)before;
    return attendance_derive(cx, shift->person_id, shift->day, shift->day);
}

const struct resource SHIFTS = {
    .name = "shifts",
    .clause = "C2.3",
    .fields = SHIFT_FIELDS,
    .size = sizeof(struct shift),
    .joins =
        "JOIN people p ON p.id = t.person_id LEFT JOIN shift_kinds k ON k.id = t.shift_kind_id",
    .title = "person_name",
    .sort = "-day",
    .scope = {[SIDE_PROVIDER] = OWN_OR_PLANNED},
    .withheld = true,
    .search_also = "p.search_key",
    .check = shift_check,
    .saved = shift_saved,
};

enum result shift_of(struct ctx *cx, int64_t person_id, struct date day, struct shift *out)
{
    struct list list;
    *out = (struct shift){.person_id = person_id, .day = day};
    fields_blank(SHIFT_FIELDS, out);
    TRY(record_select(cx, &SHIFTS, "of_day", "t.person_id = $1 AND t.day = $2",
                      PARAMS(P(person_id), P(day)), &list));
    if (list.count)
        *out = *(const struct shift *)list.rows;
    return OK;
}

enum result shift_set(struct ctx *cx, int64_t person_id, struct date day, int64_t shift_kind_id)
{
    struct shift before, after;
    TRY(shift_of(cx, person_id, day, &before));
    if (before.shift_kind_id == shift_kind_id)
        return OK;
    after = before;
    after.shift_kind_id = shift_kind_id;
    return before.id ? record_change(cx, &SHIFTS, "change", &before, &after)
                     : record_add(cx, &SHIFTS, &after);
}

/* ---- weeks ---- */

struct date week_first(struct date day)
{
    return date_add(day, 1 - date_weekday(day));
}

const struct field WEEK_ROW_FIELDS[] = {
    FIELD_REF(week_row, person_id, "people", .in = MUST),
    FIELD(week_row, person_name),
    FIELD_ENUM(week_row, job, JOBS),
    FIELD_REF(week_row, monday, "shift_kinds", .in = MAY),
    FIELD_REF(week_row, tuesday, "shift_kinds", .in = MAY),
    FIELD_REF(week_row, wednesday, "shift_kinds", .in = MAY),
    FIELD_REF(week_row, thursday, "shift_kinds", .in = MAY),
    FIELD_REF(week_row, friday, "shift_kinds", .in = MAY),
    FIELD_REF(week_row, saturday, "shift_kinds", .in = MAY),
    FIELD_REF(week_row, sunday, "shift_kinds", .in = MAY),
    FIELDS_END,
};
static const char *const DAY_NAMES[] = {"monday", "tuesday",  "wednesday", "thursday",
                                        "friday", "saturday", "sunday"};

static int64_t kind_of_day(const struct week_row *row, int day)
{
    const struct field *field = field_find(WEEK_ROW_FIELDS, DAY_NAMES[day], strlen(DAY_NAMES[day]));
    return *FIELD_AT(const int64_t, field, row);
}

enum result week_read(struct ctx *cx, struct date monday, const char *search, int64_t after,
                      int32_t most, struct week_row **out, size_t *out_count)
{
    const char *pattern = arena_printf(cx->mem, "%%%s%%", text_search_key(cx->mem, search));
    struct param params[12] = {param_id(cx->actor->organisation_id), param_number(after),
                               param_text(pattern), param_int(most),
                               param_number(attendance_plans(cx) ? 0 : cx->actor->person_id)};
    for (int day = 0; day < 7; day++)
        params[5 + day] = param_date(date_add(monday, day));
    return db_list(cx, &q_week, (struct params){params, 12}, WEEK_ROW_FIELDS, sizeof **out,
                   WEEK_ROWS_MOST, out, out_count);
}

enum result week_plan(struct ctx *cx, struct date monday, const struct week_row *rows, size_t count)
{
    if (!monday.days)
        reject(cx, "week", "required");
    TRY(rejected(cx));
    for (size_t i = 0; i < count; i++) {
        for (int day = 0; day < 7; day++)
            TRY(shift_set(cx, rows[i].person_id, date_add(monday, day),
                          kind_of_day(&rows[i], day)));
    }
    return OK;
}

/* People who left, and kinds that are used no more, stay behind; so do the own shifts of a week
 * that has begun. */
enum result week_copy(struct ctx *cx, struct date monday, int32_t *out_count)
{
    const bool has_begun = monday.days < instant_date(cx->now, SHANGHAI_OFFSET_MIN).days;
    struct shift *shifts;
    size_t count;
    if (!monday.days)
        reject(cx, "week", "required");
    TRY(rejected(cx));
    TRY(db_list(cx, &q_week_uncopied,
                PARAMS(P(cx->actor->organisation_id), P(date_add(monday, -7)),
                       P(date_add(monday, -1)), param_number(has_begun ? cx->actor->person_id : 0),
                       P(date_add(monday, 6))),
                SHIFT_FIELDS, sizeof *shifts, SHIFTS_MOST, &shifts, &count));
    *out_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct shift shift = {.person_id = shifts[i].person_id,
                              .day = date_add(shifts[i].day, 7),
                              .shift_kind_id = shifts[i].shift_kind_id};
        struct shift there;
        fields_blank(SHIFT_FIELDS, &shift);
        TRY(shift_of(cx, shift.person_id, shift.day, &there));
        if (there.id)
            continue;
        TRY(record_add(cx, &SHIFTS, &shift));
        ++*out_count;
    }
    return *out_count ? OK : fail(cx, CONFLICT, "shift.nothing_before");
}
