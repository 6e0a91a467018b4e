/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What changes a month's points beside the measures: evidence of the client that the provider
 * upholds (C2.4), corrections, and what a person gives by hand. */
#ifndef PENALTY_H
#define PENALTY_H

#include "app/appraisal/month.h"

/* A line of a letter penalty_evidence. What came after the cut-off is kept and counts nowhere;
 * what came again after its month was published is kept, too, and counts once that is reopened and
 * the provider upholds it. */
struct penalty {
    RECORD_MEMBERS;
    int64_t month_id, contract_id;
    const char *contract_name;
    struct month month;
    int64_t letter_id;
    const char *letter_number;
    const char *agent_code;
    int64_t person_id;
    const char *person_name;
    int64_t call_id;
    int32_t second; /* of the recording */
    const char *fact, *proposal;
    struct instant handed_in_at;
    bool late;
    struct points points;
    const char *reason;
    int64_t decider_id;
    const char *decided_by;
    struct instant decided_at;
    enum penalty_state {
        PENALTY_PROPOSED = 1,
        PENALTY_UPHELD,
        PENALTY_REJECTED,
        PENALTY_VOID,
        PENALTY_KEPT, /* late, or the month was published: there is nothing to verify */
    } state;
};
extern const struct resource PENALTIES;
/* By the provider, while the month is not published. Results: CONFLICT penalty.wrong_state,
 * penalty.late; INVALID without reason or points. */
MUST_USE enum result penalty_uphold(struct ctx *cx, const struct penalty *penalty,
                                    struct points points, const char *reason);
MUST_USE enum result penalty_reject(struct ctx *cx, const struct penalty *penalty,
                                    const char *reason);
extern const struct letter_type LETTER_PENALTY_EVIDENCE;

/* Of a locked month, in one that is still to be computed, once a second person agreed; or what an
 * appeal set right. */
struct adjustment {
    RECORD_MEMBERS;
    int64_t month_id, contract_id;
    enum adjustment_kind { ADJUST_CORRECTION = 1, ADJUST_APPEAL } kind;
    struct month month, about_month;
    int64_t person_id;
    const char *person_name;
    struct points points; /* with sign */
    const char *reason;
    int64_t maker_id;
    const char *made_by;
    int64_t decider_id;
    const char *decided_by;
    struct instant decided_at;
    const char *decision; /* why it was refused */
    enum adjustment_state { ADJUST_PROPOSED = 1, ADJUST_APPROVED, ADJUST_REFUSED } state;
};
extern const struct resource ADJUSTMENTS;
/* By another person than who made it and whom it is about, while the month is not published.
 * Results: FORBIDDEN adjustment.second_person; CONFLICT adjustment.wrong_state; a refusal: INVALID
 * without reason. */
MUST_USE enum result adjustment_approve(struct ctx *cx, const struct adjustment *adjustment);
MUST_USE enum result adjustment_refuse(struct ctx *cx, const struct adjustment *adjustment,
                                       const char *reason);

struct manual_score {
    RECORD_MEMBERS;
    int64_t month_id, contract_id;
    struct month month;
    int64_t person_id;
    const char *person_name;
    const char *indicator; /* its code in the scheme */
    struct points points;
    const char *reason;
    int64_t giver_id;
    const char *given_by;
};
extern const struct resource MANUAL_SCORES;

/* All of it in a month, for the engine (given_use). */
MUST_USE enum result given_of(struct ctx *cx, int64_t contract_id, struct month month,
                              struct given **out, size_t *out_count);

#endif
