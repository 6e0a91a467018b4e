/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What people ask about their days (C2.3): leave, corrections of punches, swaps of shifts.
 *
 * Asked by the person, or entered by somebody who plans; decided by another person than the one
 * whom it is about and than the one who asked. One life for all three. */
#ifndef ASKED_H
#define ASKED_H

#include "app/attendance/shift.h"

enum asked_state {
    ASKED = 1,
    ASKED_AGREED, /* of swaps: by the other one */
    ASKED_APPROVED,
    ASKED_REFUSED,
    ASKED_WITHDRAWN
};

#define ASKED_MEMBERS                                                                              \
    RECORD_MEMBERS;                                                                                \
    int64_t organisation_id, person_id;                                                            \
    const char *person_name, *reason;                                                              \
    int64_t asked_by;                                                                              \
    const char *asker_name;                                                                        \
    int64_t decided_by;                                                                            \
    const char *decider_name, *decision;                                                           \
    enum asked_state state
struct asked {
    ASKED_MEMBERS;
};

struct leave {
    ASKED_MEMBERS;
    enum leave_kind {
        LEAVE_PERSONAL = 1,
        LEAVE_SICK,
        LEAVE_ANNUAL,
        LEAVE_MARRIAGE,
        LEAVE_MATERNITY,
        LEAVE_BEREAVEMENT,
        LEAVE_INJURY,
        LEAVE_OTHER
    } kind;
    struct date from, to;
    enum leave_part { PART_WHOLE = 1, PART_FIRST_HALF, PART_SECOND_HALF } part;
};
extern const struct resource LEAVES;
/* The machine's row without punches names a kind of leave (事假): it is asked for, and decided like
 * any other. */
MUST_USE enum result leave_noted(struct ctx *cx, const struct clocking *clocking);

struct correction {
    ASKED_MEMBERS;
    struct date day;
    const char *came, *went;         /* "" leaves what was */
    const char *was_came, *was_went; /* what held when it was asked */
};
extern const struct resource ATTENDANCE_CORRECTIONS;

struct swap {
    ASKED_MEMBERS;
    int64_t other_id;
    const char *other_name;
    struct date day, other_day;
    const char *plan;
};
extern const struct resource SHIFT_SWAPS;

/* How often one person may, of a provider. */
struct attendance_rule {
    RECORD_MEMBERS;
    int64_t organisation_id;
    const char *organisation_name;
    int32_t swaps_month, corrections_month;
};
extern const struct resource ATTENDANCE_RULES;
#define SWAPS_MONTH_USUAL 3

/* ---- steps, of records of any of the three resources. Results: CONFLICT asked.wrong_state;
 * FORBIDDEN asked.own, asked.not_yours ---- */

MUST_USE enum result asked_agree(struct ctx *cx, const struct asked *swap);
MUST_USE enum result asked_approve(struct ctx *cx, const struct resource *resource,
                                   const struct asked *asked);
/* By who decides, or of a swap by the other one. Results: INVALID without a reason. */
MUST_USE enum result asked_refuse(struct ctx *cx, const struct resource *resource,
                                  const struct asked *asked, const char *reason);
/* By who asked or whom it is about, before it is decided; what was approved, by who decides. */
MUST_USE enum result asked_withdraw(struct ctx *cx, const struct resource *resource,
                                    const struct asked *asked);
enum asked_step { STEP_AGREE = 1, STEP_APPROVE, STEP_REFUSE, STEP_WITHDRAW };
/* May the actor take this step now? Leaves no fault behind. */
bool asked_may(struct ctx *cx, const struct resource *resource, const struct asked *asked,
               enum asked_step step);

/* Colleagues of a person's day for whom a swap would be another shift: their ids and names. */
struct colleague {
    int64_t person_id;
    const char *person_name, *shift_kind_name;
};
extern const struct field COLLEAGUE_FIELDS[];
#define COLLEAGUES_MOST 500
MUST_USE enum result swap_colleagues(struct ctx *cx, int64_t person_id, struct date day,
                                     struct colleague **out, size_t *out_count);

#endif
