/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The business calendar, and when something is due by it.
 *
 * A calendar is the week from Monday to Friday and a list of exceptions: holidays, and Saturdays or
 * Sundays on which people work instead (调休). It is a value: what is shipped for mainland China,
 * with days added to it that somebody imported. */
#ifndef BASE_CALENDAR_H
#define BASE_CALENDAR_H

#include "base/ctx.h"
#include "base/units.h"

#include <stdbool.h>
#include <stddef.h>

struct calendar_day {
    struct date date;
    bool working;
    bool provisional; /* by law, before the State Council announced the days around it */
    const char *name; /* 春节; of a working day the holiday that it makes up for */
};
struct calendar {
    const struct calendar_day *days; /* in order, each day once */
    size_t count;
    int opens_minute, closes_minute; /* working hours of a working day */
};

/* 2025 and 2026 as announced; of 2027 the 13 days of the law, provisional. 09:00 to 18:00. */
struct calendar calendar_china(struct arena *arena);
/* With more exceptions, in any order; they replace those of the same day. */
struct calendar calendar_with(struct arena *arena, struct calendar calendar,
                              const struct calendar_day *added, size_t count);
/* Lines `2027-02-05,holiday,春节` or `2027-02-20,workday,春节`; blank lines and those that begin
 * with # say nothing. Results: INVALID with a field fault for each wrong line ({0} its number). */
MUST_USE enum result calendar_read(struct ctx *cx, const char *bytes, size_t len,
                                   struct calendar_day **out, size_t *out_count);

/* NULL: an ordinary day of the week. */
const struct calendar_day *calendar_find(const struct calendar *calendar, struct date date);
bool calendar_is_working(const struct calendar *calendar, struct date date);
/* Is the year announced? Otherwise what is due in it may still move. */
bool calendar_settled(const struct calendar *calendar, int year);
/* The nth working day after `date`, or before it when n is negative; `date` itself for 0. */
struct date calendar_add(const struct calendar *calendar, struct date date, int working_days);
/* The first working day from `date` on. */
struct date calendar_next(const struct calendar *calendar, struct date date);
/* Working days after `from` up to and with `to`; backwards negative: calendar_add undone. */
int calendar_between(const struct calendar *calendar, struct date from, struct date to);

/* ---- rules ---- */

enum due_kind {
    DUE_WORKING_DAYS = 1, /* `count` after the day of the start, which does not count itself */
    DUE_DAYS,             /* calendar days, likewise */
    DUE_HOURS,            /* by the clock */
    DUE_WORKING_HOURS,    /* of working days */
    DUE_ON_MONTH_DAY,     /* up to the end of day `count` of a month, or of its last day */
    DUE_BEFORE_MONTH_DAY, /* the same, up to the end of the day before */
    DUE_MINUTES,          /* by the clock */
};
extern const char *const DUE_KINDS[];
/* When the last day is no working day. Working days and hours always end on one. */
enum due_roll { DUE_KEEP = 1, DUE_NEXT_WORKING_DAY };
extern const char *const DUE_ROLLS[];

struct due_rule {
    enum due_kind kind;
    int32_t count;
    int32_t months;        /* month days: how many months after that of the start */
    int32_t minute_of_day; /* on the last day, 1 to 1439; 0: its end. Not for hours */
    enum due_roll roll;
};
/* The last moment that is in time (the end of a day is its last millisecond), for days as they are
 * `offset_min` from UTC. None when the start is. */
struct instant due_instant(const struct calendar *calendar, const struct due_rule *rule,
                           struct instant start, int offset_min);

#endif
