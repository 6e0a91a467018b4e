/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Swaps: two people take each other's shifts of a day, and of another one if they say so. */
#include "app/attendance/asked_private.h"
#include "app/attendance/attendance.sql.h"

#include <string.h>

static const struct field SWAP_FIELDS[] = {
    RECORD_FIELDS(swap),
    ASKED_FIELDS(swap),
    FIELD_REF(swap, other_id, "people", .in = MUST, .use = FIXED | FILTERED),
    FIELD(swap, other_name, .column = "op.name", .use = LISTED),
    FIELD(swap, day, .in = MUST, .use = FIXED | LISTED),
    FIELD(swap, other_day, .in = MAY, .use = FIXED | LISTED),
    FIELD(swap, plan, .use = LISTED),
    ASKED_FIELDS_AFTER(swap),
    FIELDS_END,
};

static enum result both_shifts(struct ctx *cx, const struct swap *swap, struct date day,
                               struct shift *out_own, struct shift *out_other)
{
    TRY(shift_of(cx, swap->person_id, day, out_own));
    return shift_of(cx, swap->other_id, day, out_other);
}

static const char *shift_words(const struct shift *shift)
{
    return *shift->shift_kind_name ? shift->shift_kind_name : "—";
}

static enum result plan_day(struct ctx *cx, const struct swap *swap, struct date day,
                            const char *member, struct text *out)
{
    struct shift own, other;
    char words[DATE_MAX_TEXT];
    TRY(both_shifts(cx, swap, day, &own, &other));
    date_format(day, words);
    text_printf(out, "%s%s %s ⇄ %s", out->len ? "; " : "", words, shift_words(&own),
                shift_words(&other));
    if (own.shift_kind_id == other.shift_kind_id)
        reject_clause(cx, "C2.3", member, "same_shift");
    return OK;
}

enum result swap_plan(struct ctx *cx, const struct swap *swap, const char **out)
{
    struct text plan = text_new(cx->mem, 64);
    TRY(plan_day(cx, swap, swap->day, "day", &plan));
    if (swap->other_day.days)
        TRY(plan_day(cx, swap, swap->other_day, "other_day", &plan));
    *out = text_end(&plan);
    return OK;
}

static enum result exchange(struct ctx *cx, const struct swap *swap, struct date day)
{
    struct shift own, other;
    TRY(both_shifts(cx, swap, day, &own, &other));
    TRY(shift_set(cx, swap->person_id, day, other.shift_kind_id));
    return shift_set(cx, swap->other_id, day, own.shift_kind_id);
}

enum result swap_carry_out(struct ctx *cx, const struct swap *swap)
{
    TRY(exchange(cx, swap, swap->day));
    return swap->other_day.days ? exchange(cx, swap, swap->other_day) : OK;
}

/* ---- rules ---- */

static enum result demand_swaps_left(struct ctx *cx, const struct swap *swap, int64_t person_id,
                                     struct month month, const char *member)
{
    struct attendance_rule rule;
    int64_t made;
    TRY(rule_of(cx, swap->organisation_id, &rule));
    TRY(db_int(
        cx, &q_swaps_of,
        PARAMS(P(person_id), P(month_first(month)), P(month_last(month)), param_number(swap->id)),
        &made));
    if (made >= rule.swaps_month)
        reject_clause(cx, "C2.3", member, "swaps_used_up",
                      arena_printf(cx->mem, "%d", rule.swaps_month));
    return OK;
}

/* A swap of two days counts in the month of each. */
static enum result demand_swaps_of_months(struct ctx *cx, const struct swap *swap)
{
    const struct month month = month_of(swap->day), other = month_of(swap->other_day);
    TRY(demand_swaps_left(cx, swap, swap->person_id, month, "day"));
    TRY(demand_swaps_left(cx, swap, swap->other_id, month, "other_id"));
    if (!swap->other_day.days || other.months == month.months)
        return OK;
    TRY(demand_swaps_left(cx, swap, swap->person_id, other, "other_day"));
    return demand_swaps_left(cx, swap, swap->other_id, other, "other_id");
}

static void check_days(struct ctx *cx, const struct swap *swap)
{
    const struct date today = instant_date(cx->now, SHANGHAI_OFFSET_MIN);
    if (swap->day.days < today.days)
        reject_clause(cx, "C2.3", "day", "day_past");
    if (swap->other_day.days && swap->other_day.days < today.days)
        reject_clause(cx, "C2.3", "other_day", "day_past");
    if (swap->other_day.days == swap->day.days)
        reject(cx, "other_day", "same_day");
}

static enum result swap_new(struct ctx *cx, struct swap *swap)
{
    int64_t employer;
    TRY(asked_begin(cx, (struct asked *)swap, swap->day));
    TRY(person_works(cx, swap->other_id, swap->day, &employer));
    if (employer != swap->organisation_id || swap->other_id == swap->person_id)
        reject_clause(cx, "C2.3", "other_id", "no_colleague");
    check_days(cx, swap);
    TRY(swap_plan(cx, swap, &swap->plan));
    return demand_swaps_of_months(cx, swap);
}

/* When it is approved, the two must still have what they agreed about. */
static enum result swap_check(struct ctx *cx, void *record, const void *former)
{
    const struct swap *before = former;
    struct swap *swap = record;
    const char *now;
    if (!before)
        return swap_new(cx, swap);
    if (swap->state != ASKED_APPROVED && swap->state != ASKED_AGREED)
        return OK;
    check_days(cx, swap); /* shifts that are over are not exchanged */
    TRY(rejected(cx));
    if (swap->state != ASKED_APPROVED)
        return OK;
    TRY(swap_plan(cx, swap, &now));
    return strcmp(now, swap->plan) == 0 ? OK : fail(cx, CONFLICT, "swap.changed", now);
}

static enum result swap_saved(struct ctx *cx, const void *record, const void *former)
{
    const struct swap *swap = record, *before = former;
    TRY(asked_tell(cx, &SHIFT_SWAPS, (const struct asked *)swap, (const struct asked *)before));
    const bool begins = before && before->state != ASKED_APPROVED && swap->state == ASKED_APPROVED;
    return begins ? swap_carry_out(cx, swap) : OK;
}

const struct resource SHIFT_SWAPS = {
    .name = "shift_swaps",
    .clause = "C2.3",
    .fields = SWAP_FIELDS,
    .size = sizeof(struct swap),
    .joins = ASKED_JOINS " JOIN people op ON op.id = t.other_id",
    .title = "person_name",
    .sort = "-id",
    .scope = {[SIDE_PROVIDER] = "@organisation_id = :org AND (@person_id = :person OR "
                                "@other_id = :person OR " OF_PLANNERS ")"},
    .withheld = true,
    .search_also = "p.search_key",
    .check = swap_check,
    .open = asked_open,
    .saved = swap_saved,
};

/* ---- with whom ---- */

const struct field COLLEAGUE_FIELDS[] = {
    FIELD_REF(colleague, person_id, "people"),
    FIELD(colleague, person_name),
    FIELD(colleague, shift_kind_name),
    FIELDS_END,
};

enum result swap_colleagues(struct ctx *cx, int64_t person_id, struct date day,
                            struct colleague **out, size_t *out_count)
{
    return db_list(
        cx, &q_colleagues,
        PARAMS(P(cx->actor->organisation_id), P(person_id), P(day), P((int32_t)COLLEAGUES_MOST)),
        COLLEAGUE_FIELDS, sizeof **out, COLLEAGUES_MOST, out, out_count);
}
