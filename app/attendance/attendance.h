/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Attendance (C2.3): what the clocking machine says of each person's day, and what follows from it
 * by the shift, corrections and leave.
 *
 * The punches are facts and never change; every day in `attendance` is worked out anew whenever
 * something that it follows from does. All of it is the provider's own affair: the client's side
 * reads none of it. Of the provider's people those who plan shifts see everybody's, everybody else
 * the own. */
#ifndef ATTENDANCE_H
#define ATTENDANCE_H

#include "app/attendance/derive.h"
#include "app/contracts/contract.h"
#include "app/scores/measure.h"

#define R_STAFF (R_PROVIDER_SIDE | R(AGENT))
#define R_PLANNERS (R(PROVIDER) | R(DUTY) | R(SUPERVISOR))
/* The scope of records of a person: the own, and for planners everybody's. */
#define OF_PLANNERS                                                                                \
    "EXISTS (SELECT 1 FROM accounts x WHERE x.id = :account AND (x.roles LIKE '%provider%' OR "    \
    "x.roles LIKE '%duty%' OR x.roles LIKE '%supervisor%'))"
#define OWN_OR_PLANNED "@organisation_id = :org AND (@person_id = :person OR " OF_PLANNERS ")"
/* Does the actor plan for others? */
bool attendance_plans(const struct ctx *cx);

/* ---- facts ---- */

/* One row of the machine: one person's day. Who it is follows from the number: personnel's, or one
 * that the machine alone knows, which is that of the one person of this name, and stays so. */
struct clocking {
    RECORD_MEMBERS;
    int64_t organisation_id, person_id;
    const char *person_name;
    const char *number, *said_name; /* as the machine has them */
    const char *code;               /* "81001 2026-09-01": knows the row again */
    struct date day;
    const char *came, *went; /* HH:MM, "" missing */
    const char *note;
};
extern const struct resource CLOCKINGS;
/* Its code, from number and day. */
void clocking_code(struct ctx *cx, struct clocking *clocking);
/* The row of that code of an organisation (0: of any); 0 when there is none. */
MUST_USE enum result clocking_find(struct ctx *cx, int64_t organisation_id, const char *code,
                                   int64_t *out_id);
/* HH:MM of what machines and spreadsheets write ("8:57", "08:57:31", a day's fraction); the text
 * itself when it is no time of day. */
const char *clock_meaning(struct arena *arena, const char *cell);

/* ---- what follows ---- */

struct attendance {
    RECORD_MEMBERS;
    int64_t organisation_id, person_id;
    const char *person_name;
    enum job job;
    struct date day;
    int64_t shift_kind_id;
    const char *shift_kind_name, *starts, *ends;
    bool usual; /* no shift was planned: the usual kind holds */
    enum attendance_kind kind;
    int32_t minutes;
    const char *came, *went; /* as corrected */
    int32_t late_min, early_min;
    struct points due, attended, absent, on_leave; /* days */
};
extern const struct resource ATTENDANCE;

struct attendance_month {
    RECORD_MEMBERS;
    int64_t organisation_id, person_id;
    const char *person_name;
    enum job job;
    struct month month;
    const char *days; /* a letter of ATTENDANCE_LETTERS for each day */
    struct points due, attended;
    int32_t late, late_min, early, early_min, missing, unjudged;
    struct points absent, on_leave;
    int32_t known_days, absent_days, leave_days; /* so many records, however long each is */
    struct points rate;                          /* per cent */
};
extern const struct resource ATTENDANCE_MONTHS;
/* By kind; [0] for a day of which there is nothing. */
extern const char ATTENDANCE_LETTERS[];

/* Their ids. */
int64_t attendance_id(int64_t person_id, struct date day);
int64_t attendance_month_id(int64_t person_id, struct month month);

/* Work out a person's days anew, and the months that they lie in. */
MUST_USE enum result attendance_derive(struct ctx *cx, int64_t person_id, struct date from,
                                       struct date to);
/* The same of everybody of an organisation who has a clocking then. */
MUST_USE enum result attendance_derive_all(struct ctx *cx, int64_t organisation_id,
                                           struct date from, struct date to);
/* A clocking of these days is there: whoever stood without one is judged anew. */
MUST_USE enum result attendance_clocked(struct ctx *cx, int64_t organisation_id, struct date from,
                                        struct date to);
/* Days of a month on which people had shifts and nobody of the organisation has a clocking: who was
 * away cannot be said of them. */
struct unclocked_day {
    struct date day;
    int32_t people;
};
extern const struct field UNCLOCKED_FIELDS[];
MUST_USE enum result attendance_unclocked(struct ctx *cx, int64_t organisation_id,
                                          struct month month, struct unclocked_day **out,
                                          size_t *out_count);
/* Many days of a person at once, in order of the day, where nothing was before: shifts planned, and
 * what the machine says. It leaves no entry in the trail. */
struct day_fill {
    struct date day;
    int64_t shift_kind_id;
    const char *came, *went, *note; /* all "": the machine says nothing */
};
MUST_USE enum result attendance_fill(struct ctx *cx, int64_t organisation_id, int64_t person_id,
                                     const char *number, const struct day_fill *days, size_t count);
/* What holds of a person's day: the punches as corrected so far; "" none. */
MUST_USE enum result attendance_punches(struct ctx *cx, int64_t person_id, struct date day,
                                        const char **out_came, const char **out_went);
/* The job: planned days that are over, whether anybody clocked or not. */
MUST_USE enum result attendance_sweep(struct ctx *cx);

extern const struct measure ATTENDANCE_MEASURES[];
extern const struct right ATTENDANCE_RIGHTS[];

#endif
