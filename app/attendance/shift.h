/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Shifts (C2.3): kinds of shifts with their times and grace, and who works when. */
#ifndef SHIFT_H
#define SHIFT_H

#include "app/attendance/attendance.h"

/* Its times never change, as days were judged by them: other times are another kind. */
struct shift_kind {
    RECORD_MEMBERS;
    int64_t organisation_id, contract_id;
    const char *contract_name;
    const char *name, *starts, *ends;
    int32_t break_min, late_grace, early_grace;
    struct date usual_from, usual_to; /* for whoever has no shift on these days */
    enum shift_kind_state { SHIFT_KIND_IN_FORCE = 1, SHIFT_KIND_RETIRED } state;
};
extern const struct resource SHIFT_KINDS;

struct shift {
    RECORD_MEMBERS;
    int64_t organisation_id, person_id;
    const char *person_name;
    struct date day;
    int64_t shift_kind_id; /* 0: free */
    const char *shift_kind_name, *starts, *ends;
    bool judged;
};
extern const struct resource SHIFTS;

/* The shift of a person's day; id 0 when none is planned. */
MUST_USE enum result shift_of(struct ctx *cx, int64_t person_id, struct date day,
                              struct shift *out);
/* From now on this kind (0: free) holds on that day. Results: INVALID; FORBIDDEN shift.own_past. */
MUST_USE enum result shift_set(struct ctx *cx, int64_t person_id, struct date day,
                               int64_t shift_kind_id);

/* ---- weeks ---- */

struct date week_first(struct date day); /* its Monday */

/* A person's week: kinds of Monday to Sunday, 0 free or not planned. */
struct week_row {
    int64_t person_id;
    const char *person_name;
    enum job job;
    int64_t monday, tuesday, wednesday, thursday, friday, saturday, sunday;
};
extern const struct field WEEK_ROW_FIELDS[];
#define WEEK_ROWS_MOST 100
/* The next people of the actor's organisation who work then, after that one; all, or those whose
 * name has `search` in it. */
MUST_USE enum result week_read(struct ctx *cx, struct date monday, const char *search,
                               int64_t after, int32_t most, struct week_row **out,
                               size_t *out_count);
/* Plan these weeks so, day by day. */
MUST_USE enum result week_plan(struct ctx *cx, struct date monday, const struct week_row *rows,
                               size_t count);
/* What the week before has, where this one has nothing yet. Results: CONFLICT shift.nothing_before.
 */
MUST_USE enum result week_copy(struct ctx *cx, struct date monday, int32_t *out_count);

#endif
