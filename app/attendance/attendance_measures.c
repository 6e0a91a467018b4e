/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What attendance says of people's work (C2.4), of a whole month or of a part of it. */
#include "app/attendance/attendance.h"
#include "app/attendance/attendance.sql.h"

#include <string.h>

#define PEOPLE_MOST 20000

struct person_days {
    int64_t person_id;
    struct points due, attended, absent, on_leave;
    int32_t late, late_min, early, early_min, missing;
    int32_t known_days, absent_days, leave_days;
};
static const struct field PERSON_DAYS_FIELDS[] = {
    FIELD(person_days, person_id),  FIELD(person_days, due),
    FIELD(person_days, attended),   FIELD(person_days, absent),
    FIELD(person_days, on_leave),   FIELD(person_days, late),
    FIELD(person_days, late_min),   FIELD(person_days, early),
    FIELD(person_days, early_min),  FIELD(person_days, missing),
    FIELD(person_days, known_days), FIELD(person_days, absent_days),
    FIELD(person_days, leave_days), FIELDS_END,
};

struct summing {
    const struct measuring *ask;
    struct measured *out;
    struct person_days *sums; /* one for each person asked for */
    int32_t sign;             /* -1: these days are taken away */
};

static struct person_days *sum_of(const struct summing *summing, int64_t person_id)
{
    const struct measured *at = measured_of(summing->ask, summing->out, person_id);
    return at ? &summing->sums[at - summing->out] : NULL;
}

static void add_day_numbers(void *host, const int64_t *numbers)
{
    const struct summing *summing = host;
    struct person_days *sum = sum_of(summing, numbers[0]);
    if (!sum)
        return;
    sum->due.hundredths += summing->sign * numbers[1];
    sum->attended.hundredths += summing->sign * numbers[2];
    sum->late += summing->sign * (numbers[3] > 0);
    sum->late_min += summing->sign * (int32_t)numbers[3];
    sum->early += summing->sign * (numbers[4] > 0);
    sum->early_min += summing->sign * (int32_t)numbers[4];
    sum->absent.hundredths += summing->sign * numbers[5];
    sum->on_leave.hundredths += summing->sign * numbers[6];
    sum->missing += summing->sign * (int32_t)numbers[7];
    sum->known_days += summing->sign;
    sum->absent_days += summing->sign * (numbers[5] > 0);
    sum->leave_days += summing->sign * (numbers[6] > 0);
}

static enum result add_days(struct ctx *cx, struct summing *summing, struct date from,
                            struct date to)
{
    return from.days > to.days
               ? OK
               : db_each_numbers(cx, &q_measure_days,
                                 PARAMS(P(summing->ask->contract_id), P(from), P(to)),
                                 add_day_numbers, summing);
}

static enum result add_month(struct ctx *cx, const struct summing *summing, struct month month)
{
    struct person_days *rows;
    size_t count;
    TRY(db_list(cx, &q_measure_months, PARAMS(P(summing->ask->contract_id), P(month)),
                PERSON_DAYS_FIELDS, sizeof *rows, PEOPLE_MOST, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        struct person_days *sum = sum_of(summing, rows[i].person_id);
        if (sum)
            *sum = rows[i];
    }
    return OK;
}

/* A month is read from its sums, most of one from the sums and the days beside it. */
static enum result sum_days(struct ctx *cx, struct summing *summing)
{
    const struct date from = summing->ask->from, to = summing->ask->to;
    const struct month month = month_of(from);
    const struct date first = month_first(month), last = month_last(month);
    const int inside = to.days - from.days + 1, all = last.days - first.days + 1;
    summing->sign = 1;
    if (month_of(to).months != month.months || inside * 2 < all)
        return add_days(cx, summing, from, to);
    TRY(add_month(cx, summing, month));
    summing->sign = -1;
    TRY(add_days(cx, summing, first, date_add(from, -1)));
    return add_days(cx, summing, date_add(to, 1), last);
}

typedef struct measured (*of_days)(const struct person_days *days);

/* Of whom nothing was due nothing is measured. */
static enum result run(struct ctx *cx, const struct measuring *ask, of_days of,
                       struct measured *out)
{
    struct summing summing = {
        .ask = ask, .out = out, .sums = ARENA_ARRAY(cx->mem, struct person_days, ask->count + 1)};
    memset(summing.sums, 0, (ask->count + 1) * sizeof *summing.sums);
    TRY(sum_days(cx, &summing));
    for (size_t i = 0; i < ask->count; i++) {
        if (summing.sums[i].due.hundredths)
            out[i] = of(&summing.sums[i]);
    }
    return OK;
}

/* By the top and bottom of its formula, and how many days its list of records has. */
#define DAY_MEASURE(name, top, bottom, days_listed)                                                \
    static struct measured name##_of(const struct person_days *days)                               \
    {                                                                                              \
        return (struct measured){                                                                  \
            .numerator = (top), .denominator = (bottom), .records = (days_listed)};                \
    }                                                                                              \
    static enum result name##_run(struct ctx *cx, const struct measuring *ask,                     \
                                  struct measured *out)                                            \
    {                                                                                              \
        return run(cx, ask, name##_of, out);                                                       \
    }

DAY_MEASURE(rate, days->attended.hundredths * 100, days->due.hundredths, days->known_days)
DAY_MEASURE(late, days->late, 1, days->late)
DAY_MEASURE(late_minutes, days->late_min, 1, days->late)
DAY_MEASURE(early, days->early, 1, days->early)
DAY_MEASURE(early_minutes, days->early_min, 1, days->early)
DAY_MEASURE(missing, days->missing, 1, days->missing)
DAY_MEASURE(absent_days, days->absent.hundredths, 100, days->absent_days)
DAY_MEASURE(leave_days, days->on_leave.hundredths, 100, days->leave_days)

#define DAYS_OF "attendance?person_id={person}&day_from={from}&day_to={to}"

const struct measure ATTENDANCE_MEASURES[] = {
    {"attendance.rate", "C2.3", IN_PERCENT, 1, rate_run, DAYS_OF},
    {"attendance.late", "C2.3", IN_COUNT, 1, late_run, DAYS_OF "&late_min_from=1"},
    {"attendance.late_minutes", "C2.3", IN_COUNT, 1, late_minutes_run, DAYS_OF "&late_min_from=1"},
    {"attendance.early", "C2.3", IN_COUNT, 1, early_run, DAYS_OF "&early_min_from=1"},
    {"attendance.early_minutes", "C2.3", IN_COUNT, 1, early_minutes_run,
     DAYS_OF "&early_min_from=1"},
    {"attendance.missing", "C2.3", IN_COUNT, 1, missing_run, DAYS_OF "&kind=missing"},
    {"attendance.absent", "C2.3", IN_COUNT, 1, absent_days_run, DAYS_OF "&absent_from=0.01"},
    {"attendance.leave_days", "C2.3", IN_COUNT, 1, leave_days_run, DAYS_OF "&on_leave_from=0.01"},
    MEASURES_END,
};
