/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* When something is due. The day of the start does not count, and a last day that moves takes the
 * deadline with it to its end (articles 201 and 203 of the Civil Code 民法典). */
#include "base/calendar.h"

#include <assert.h>

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

const char *const DUE_KINDS[] = {
    "working_days",     "days",    "hours", "working_hours", "on_month_day",
    "before_month_day", "minutes", NULL};
const char *const DUE_ROLLS[] = {"keep", "next_working_day", NULL};

/* Day `day` of the month `months` after that of `start`; its last day when it has not so many. */
static struct date month_day(struct date start, int months, int day)
{
    struct ymd ymd = date_ymd(start);
    int month = ymd.year * 12 + ymd.month - 1 + months;
    struct date first = date_of(month / 12, month % 12 + 1, 1);
    struct date next = date_of((month + 1) / 12, (month + 1) % 12 + 1, 1);
    struct date date = date_add(first, day - 1);
    return date.days < next.days ? date : date_add(next, -1);
}

static struct date last_day(const struct calendar *calendar, const struct due_rule *rule,
                            struct date start)
{
    switch (rule->kind) {
    case DUE_WORKING_DAYS:
        return calendar_add(calendar, start, rule->count);
    case DUE_ON_MONTH_DAY:
        return month_day(start, rule->months, rule->count);
    case DUE_BEFORE_MONTH_DAY:
        return date_add(month_day(start, rule->months, rule->count), -1);
    default:
        return date_add(start, rule->count);
    }
}

static struct date rolled(const struct calendar *calendar, const struct due_rule *rule,
                          struct date date)
{
    return rule->roll == DUE_NEXT_WORKING_DAY ? calendar_next(calendar, date) : date;
}

static struct instant by_the_clock(const struct calendar *calendar, const struct due_rule *rule,
                                   struct instant start, int offset_min)
{
    const int64_t unit = rule->kind == DUE_MINUTES ? MINUTE_MS : HOUR_MS;
    struct instant end = {start.ms + rule->count * unit};
    struct date day = instant_date(end, offset_min), moved = rolled(calendar, rule, day);
    return (struct instant){end.ms + (moved.days - day.days) * DAY_MS};
}

static struct instant after_working_hours(const struct calendar *calendar, int hours,
                                          struct instant start, int offset_min)
{
    int64_t left = hours * HOUR_MS;
    assert(calendar->opens_minute < calendar->closes_minute);
    for (struct date day = instant_date(start, offset_min); day.days; day = date_add(day, 1)) {
        if (!calendar_is_working(calendar, day))
            continue;
        int64_t opens = instant_of(day, calendar->opens_minute, offset_min).ms;
        int64_t closes = instant_of(day, calendar->closes_minute, offset_min).ms;
        int64_t from = start.ms > opens ? start.ms : opens;
        if (from >= closes)
            continue;
        if (left <= closes - from)
            return (struct instant){from + left};
        left -= closes - from;
    }
    return (struct instant){0};
}

struct instant due_instant(const struct calendar *calendar, const struct due_rule *rule,
                           struct instant start, int offset_min)
{
    if (!start.ms)
        return start;
    if (rule->kind == DUE_HOURS || rule->kind == DUE_MINUTES)
        return by_the_clock(calendar, rule, start, offset_min);
    if (rule->kind == DUE_WORKING_HOURS)
        return after_working_hours(calendar, rule->count, start, offset_min);
    struct date last = last_day(calendar, rule, instant_date(start, offset_min));
    struct date day = rolled(calendar, rule, last);
    if (rule->minute_of_day || !day.days)
        return instant_of(day, rule->minute_of_day, offset_min);
    return (struct instant){instant_of(date_add(day, 1), 0, offset_min).ms - 1};
}
