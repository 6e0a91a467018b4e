/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Working out days and months anew, from what is known of them. */
#include "app/attendance/attendance.h"

#include "app/attendance/attendance.sql.h"

#include <string.h>

#define DAYS_MOST 4000 /* of a person, worked out at once */

struct fact_row {
    struct date day;
    int64_t organisation_id, shift_kind_id;
    bool planned, judged, clocked;
    const char *starts, *ends;
    int32_t break_min, late_grace, early_grace;
    const char *came, *went;
    int32_t on_leave;
};
static const struct field FACT_FIELDS[] = {
    FIELD(fact_row, day),
    FIELD(fact_row, organisation_id),
    FIELD(fact_row, shift_kind_id),
    FIELD(fact_row, planned),
    FIELD(fact_row, judged),
    FIELD(fact_row, starts),
    FIELD(fact_row, ends),
    FIELD(fact_row, break_min),
    FIELD(fact_row, late_grace),
    FIELD(fact_row, early_grace),
    FIELD(fact_row, came),
    FIELD(fact_row, went),
    FIELD(fact_row, on_leave),
    FIELD(fact_row, clocked),
    FIELDS_END,
};

static bool is_over(const struct ctx *cx, const struct fact_row *row)
{
    const int32_t starts = clock_minutes(row->starts), ends = clock_minutes(row->ends);
    const int32_t midnights = row->shift_kind_id ? shift_midnights(starts, ends) : 1;
    return cx->now.ms >= instant_of(date_add(row->day, midnights), 0, SHANGHAI_OFFSET_MIN).ms;
}

static struct day_facts facts_of(const struct ctx *cx, const struct fact_row *row)
{
    return (struct day_facts){
        .has_shift = row->shift_kind_id != 0,
        .is_free = row->planned && !row->shift_kind_id,
        .starts = clock_minutes(row->starts),
        .ends = clock_minutes(row->ends),
        .break_min = row->break_min,
        .late_grace = row->late_grace,
        .early_grace = row->early_grace,
        .came = clock_minutes(row->came),
        .went = clock_minutes(row->went),
        .leave = (unsigned)row->on_leave & LEAVE_WHOLE,
        .is_over = is_over(cx, row),
        .is_clocked = row->clocked,
    };
}

#define DAY_COLUMNS 17

static void day_params(struct ctx *cx, int64_t person_id, const struct fact_row *row,
                       const struct day_verdict *day, struct param *out)
{
    const struct param params[DAY_COLUMNS] = {
        param_number(attendance_id(person_id, row->day)),
        param_instant(cx->now),
        param_id(row->organisation_id),
        param_id(person_id),
        param_date(row->day),
        param_id(row->shift_kind_id),
        param_bool(!row->planned && row->shift_kind_id),
        param_text(choice_name(ATTENDANCE_KINDS, day->kind)),
        param_int(day->minutes),
        param_text(row->came),
        param_text(row->went),
        param_int(day->late_min),
        param_int(day->early_min),
        param_int(day->due),
        param_int(day->attended),
        param_int(day->absent),
        param_int(day->on_leave),
    };
    memcpy(out, params, sizeof params);
}

/* ---- months ---- */

static void add_day(struct attendance_month *month, char *letters, const struct attendance *day)
{
    letters[date_ymd(day->day).day - 1] = ATTENDANCE_LETTERS[day->kind];
    month->organisation_id = day->organisation_id;
    month->due.hundredths += day->due.hundredths;
    month->attended.hundredths += day->attended.hundredths;
    month->absent.hundredths += day->absent.hundredths;
    month->on_leave.hundredths += day->on_leave.hundredths;
    month->late += day->late_min > 0;
    month->late_min += day->late_min;
    month->early += day->early_min > 0;
    month->early_min += day->early_min;
    month->missing += day->kind == DAY_MISSING;
    month->unjudged += day->kind == DAY_UNJUDGED || day->kind == DAY_UNCLOCKED;
    month->known_days++;
    month->absent_days += day->absent.hundredths > 0;
    month->leave_days += day->on_leave.hundredths > 0;
}

static enum result month_write(struct ctx *cx, const struct attendance_month *month)
{
    const struct points rate = month->due.hundredths
                                   ? points_share((struct points){10000},
                                                  month->attended.hundredths, month->due.hundredths)
                                   : (struct points){0};
    return db_change_one(cx, &q_month_add,
                         PARAMS(param_number(month->id), P(cx->now), P(month->organisation_id),
                                P(month->person_id), P(month->month), P(month->days), P(month->due),
                                P(month->attended), P(month->late), P(month->late_min),
                                P(month->early), P(month->early_min), P(month->missing),
                                P(month->unjudged), P(month->absent), P(month->on_leave), P(rate),
                                P(month->known_days), P(month->absent_days), P(month->leave_days)));
}

static enum result derive_month(struct ctx *cx, int64_t person_id, struct month of)
{
    struct attendance *days;
    size_t count;
    const struct date first = month_first(of), last = month_last(of);
    const int length = last.days - first.days + 1;
    char *letters = arena_alloc(cx->mem, (size_t)length + 1);
    struct attendance_month month = {
        .id = attendance_month_id(person_id, of), .person_id = person_id, .month = of};
    TRY(db_list(cx, &q_month_days, PARAMS(P(person_id), P(first), P(last)), ATTENDANCE.fields,
                sizeof *days, 31, &days, &count));
    memset(letters, ATTENDANCE_LETTERS[0], (size_t)length);
    letters[length] = '\0';
    month.days = letters;
    for (size_t i = 0; i < count; i++)
        add_day(&month, letters, &days[i]);
    TRY(db_change(cx, &q_month_clear, PARAMS(param_number(month.id)), NULL));
    return count ? month_write(cx, &month) : OK;
}

/* ---- days ---- */

static enum result derive_days(struct ctx *cx, int64_t person_id, const struct fact_row *rows,
                               size_t count)
{
    struct param *params = ARENA_ARRAY(cx->mem, struct param, count * DAY_COLUMNS + 1);
    size_t judged = 0;
    for (size_t i = 0; i < count; i++) {
        const struct day_facts facts = facts_of(cx, &rows[i]);
        const struct day_verdict day = day_judge(&facts);
        if (day.kind)
            day_params(cx, person_id, &rows[i], &day, params + judged++ * DAY_COLUMNS);
        if (rows[i].planned && !rows[i].judged && facts.is_over)
            TRY(db_change_one(cx, &q_shift_judged, PARAMS(P(person_id), P(rows[i].day))));
    }
    return judged ? db_change_rows(cx, &q_days_add, params, DAY_COLUMNS, judged, NULL) : OK;
}

enum result attendance_derive(struct ctx *cx, int64_t person_id, struct date from, struct date to)
{
    struct fact_row *rows;
    size_t count;
    TRY(db_list(cx, &q_day_facts, PARAMS(P(person_id), P(from), P(to)), FACT_FIELDS, sizeof *rows,
                DAYS_MOST, &rows, &count));
    TRY(db_change(cx, &q_days_clear, PARAMS(P(person_id), P(from), P(to)), NULL));
    TRY(derive_days(cx, person_id, rows, count));
    for (struct month month = month_of(from); month.months <= month_of(to).months; month.months++)
        TRY(derive_month(cx, person_id, month));
    return OK;
}

static const struct field ID_FIELDS[] = {FIELD(record, id), FIELDS_END};
#define PEOPLE_MOST 20000

enum result attendance_derive_all(struct ctx *cx, int64_t organisation_id, struct date from,
                                  struct date to)
{
    struct record *people;
    size_t count;
    TRY(db_list(cx, &q_clocked_people, PARAMS(P(organisation_id), P(from), P(to)), ID_FIELDS,
                sizeof *people, PEOPLE_MOST, &people, &count));
    for (size_t i = 0; i < count; i++)
        TRY(attendance_derive(cx, people[i].id, from, to));
    return OK;
}

enum result attendance_punches(struct ctx *cx, int64_t person_id, struct date day,
                               const char **out_came, const char **out_went)
{
    struct fact_row *rows;
    size_t count;
    TRY(db_list(cx, &q_day_facts, PARAMS(P(person_id), P(day), P(day)), FACT_FIELDS, sizeof *rows,
                1, &rows, &count));
    *out_came = count ? rows->came : "";
    *out_went = count ? rows->went : "";
    return OK;
}

struct person_day {
    int64_t person_id;
    struct date day;
};
static const struct field PERSON_DAY_FIELDS[] = {FIELD(person_day, person_id),
                                                 FIELD(person_day, day), FIELDS_END};

static enum result derive_each(struct ctx *cx, const struct person_day *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        TRY(attendance_derive(cx, rows[i].person_id, rows[i].day, rows[i].day));
    return OK;
}

enum result attendance_clocked(struct ctx *cx, int64_t organisation_id, struct date from,
                               struct date to)
{
    struct person_day *rows;
    size_t count;
    TRY(db_list(cx, &q_days_clocked_since, PARAMS(P(organisation_id), P(from), P(to)),
                PERSON_DAY_FIELDS, sizeof *rows, PEOPLE_MOST, &rows, &count));
    return derive_each(cx, rows, count);
}

const struct field UNCLOCKED_FIELDS[] = {FIELD(unclocked_day, day), FIELD(unclocked_day, people),
                                         FIELDS_END};

enum result attendance_unclocked(struct ctx *cx, int64_t organisation_id, struct month month,
                                 struct unclocked_day **out, size_t *out_count)
{
    return db_list(cx, &q_days_unclocked,
                   PARAMS(P(organisation_id), P(month_first(month)), P(month_last(month))),
                   UNCLOCKED_FIELDS, sizeof **out, 31, out, out_count);
}

/* ---- many days at once ---- */

#define SHIFT_COLUMNS 5
#define CLOCKING_COLUMNS 9

enum result attendance_fill(struct ctx *cx, int64_t organisation_id, int64_t person_id,
                            const char *number, const struct day_fill *days, size_t count)
{
    const struct date today = instant_date(cx->now, SHANGHAI_OFFSET_MIN);
    struct param *shifts = ARENA_ARRAY(cx->mem, struct param, count * SHIFT_COLUMNS + 1);
    struct param *clockings = ARENA_ARRAY(cx->mem, struct param, count * CLOCKING_COLUMNS + 1);
    size_t clocked = 0;
    for (size_t i = 0; i < count; i++) {
        const struct day_fill *day = &days[i];
        struct clocking clocking = {.number = number, .day = day->day};
        const struct param shift[] = {P(cx->now), P(organisation_id), P(person_id), P(day->day),
                                      P(day->shift_kind_id)};
        memcpy(shifts + i * SHIFT_COLUMNS, shift, sizeof shift);
        if (!*day->came && !*day->went && !*day->note)
            continue;
        clocking_code(cx, &clocking);
        const struct param row[] = {P(cx->now),   P(organisation_id), P(person_id),
                                    P(number),    P(clocking.code),   P(day->day),
                                    P(day->came), P(day->went),       P(day->note)};
        memcpy(clockings + clocked++ * CLOCKING_COLUMNS, row, sizeof row);
    }
    if (!count)
        return OK;
    TRY(db_change_rows(cx, &q_shifts_fill, shifts, SHIFT_COLUMNS, count, NULL));
    if (clocked)
        TRY(db_change_rows(cx, &q_clockings_fill, clockings, CLOCKING_COLUMNS, clocked, NULL));
    TRY(db_change(cx, &q_shifts_judged,
                  PARAMS(P(person_id), P(days[0].day), P(date_add(today, -1))), NULL));
    TRY(attendance_derive(cx, person_id, days[0].day, days[count - 1].day));
    return attendance_clocked(cx, organisation_id, days[0].day, days[count - 1].day);
}

/* ---- the clock ---- */

#define SWEEP_MOST 2000

enum result attendance_sweep(struct ctx *cx)
{
    const struct date today = instant_date(cx->now, SHANGHAI_OFFSET_MIN);
    struct person_day *rows;
    size_t count;
    TRY(db_list(cx, &q_shifts_over, PARAMS(P(today), P(date_add(today, -1)), param_int(SWEEP_MOST)),
                PERSON_DAY_FIELDS, sizeof *rows, SWEEP_MOST, &rows, &count));
    return derive_each(cx, rows, count);
}
