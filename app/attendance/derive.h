/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What becomes of a day (C2.3): late, early, absent and the rest follow from the shift and its
 * grace, what the clocking machine says, and leave. Knows no database, so that every rule is a line
 * of a test's table. */
#ifndef DERIVE_H
#define DERIVE_H

#include <stdbool.h>
#include <stdint.h>

enum attendance_kind {
    DAY_PRESENT = 1,
    DAY_LATE,
    DAY_EARLY,
    DAY_MISSING, /* one of the two punches is not there */
    DAY_ABSENT,
    DAY_LEAVE,
    DAY_FREE,      /* by the plan; whoever came nevertheless is neither late nor early */
    DAY_UNJUDGED,  /* neither a shift nor a usual kind: nobody can say what was due */
    DAY_UNCLOCKED, /* nobody has a clocking that day: nobody can say who was there */
};
extern const char *const ATTENDANCE_KINDS[];

#define DAY_MINUTES 1440
/* 540 of "09:00"; -1 of "" and of whatever is no time of day. */
int32_t clock_minutes(const char *text);
/* HH:MM, and nothing else. */
bool clock_valid(const char *text);

/* Parts of a day that leave takes. */
#define LEAVE_FIRST_HALF 1u
#define LEAVE_SECOND_HALF 2u
#define LEAVE_WHOLE (LEAVE_FIRST_HALF | LEAVE_SECOND_HALF)

struct day_facts {
    bool has_shift;
    bool is_free;         /* the plan says so */
    int32_t starts, ends; /* minutes of the day; an end that is not later is on the next day */
    int32_t break_min, late_grace, early_grace;
    int32_t came, went; /* minutes of the day, as written; -1: missing */
    unsigned leave;
    bool is_over;    /* nothing will be added to it by itself */
    bool is_clocked; /* somebody of the organisation has a clocking that day */
};

struct day_verdict {
    enum attendance_kind kind; /* 0: nothing to be said yet */
    int32_t minutes;           /* late, early, absent or on leave, by its kind */
    int32_t late_min, early_min;
    int32_t due, attended, absent, on_leave; /* hundredths of a day */
};

struct day_verdict day_judge(const struct day_facts *facts);

/* How many midnights after the one of its beginning the day is over. */
int32_t shift_midnights(int32_t starts, int32_t ends);

#endif
