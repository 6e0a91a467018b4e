/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Holidays and make-up days beside the shipped calendar: announced since, or the company's own.
 * They replace what is shipped for the same day. What is owed by working days follows their
 * changes: the clock dates open duties anew. */
#ifndef CALENDAR_DAY_H
#define CALENDAR_DAY_H

#include "app/records/record.h"
#include "base/calendar.h"

enum day_kind { DAY_HOLIDAY = 1, DAY_WORKDAY };
struct exception {
    RECORD_MEMBERS;
    struct date date;
    enum day_kind kind;
    const char *name;
};
extern const struct resource CALENDAR_DAYS;

/* Add the lines of a text (as calendar_read takes them) and change the days that are there.
 * Results: INVALID with a field fault for each wrong line. */
MUST_USE enum result calendar_import(struct ctx *cx, const char *text);

/* It is as the shipped calendar says again. */
MUST_USE enum result calendar_day_remove(struct ctx *cx, const struct exception *day);

/* When it is due by the calendar as it is now. */
struct instant calendar_due(struct ctx *cx, const struct due_rule *rule, struct instant start);

extern const struct right CALENDAR_RIGHTS[];

#endif
