/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Head-counts (V5.1.4): an inspector of the client counts on the spot who of the provider works
 * there for a long-term contract.
 *
 * Who stands on the provider's roster is ticked; who does not is written down and opens a case of
 * suspected subcontracting, with the count as its evidence. What was required and present by job is
 * frozen into the count. The provider's companion takes note, if need be with an objection;
 * somebody else of the client than who counted decides on it. Until then, and when it is upheld,
 * the count is held against nobody. */
#ifndef HEAD_COUNT_H
#define HEAD_COUNT_H

#include "app/staffing/requirement.h"

enum head_count_state {
    HEAD_COUNT_COUNTED = 1,
    HEAD_COUNT_ACKNOWLEDGED,
    HEAD_COUNT_OBJECTED,
    HEAD_COUNT_UPHELD, /* the objection is: the count is worth nothing */
    HEAD_COUNT_REJECTED
};
struct head_count {
    RECORD_MEMBERS;
    int64_t contract_id, provider_id, client_id, unit_id;
    const char *contract_name, *provider_name, *unit_name;
    struct instant at; /* by the server's clock */
    struct date day;
    const char *place;
    int64_t counter_id;
    const char *counter_name, *note;
    const char *lines; /* JSON of head_count_line */
    int32_t required, present, shortfall, strangers;
    int64_t companion_id;
    const char *companion_name;
    struct instant answered_at;
    const char *objection;
    int64_t decider_id;
    const char *decider_name;
    struct instant decided_at;
    const char *reason;
    enum head_count_state state;
};
extern const struct resource HEAD_COUNTS;

/* Of a job: asked for by the contract's requirements of that day, and there. */
struct head_count_line {
    enum job job;
    int32_t required, present, shortfall;
};
extern const struct field HEAD_COUNT_LINE_FIELDS[];
MUST_USE enum result head_count_lines(struct ctx *cx, const struct head_count *count,
                                      struct head_count_line **out, size_t *out_count);

/* Who was there. */
struct head_count_person {
    RECORD_MEMBERS;
    int64_t head_count_id;
    int64_t person_id; /* 0: on no roster */
    const char *name;
    enum job job; /* as it was then */
    const char *employer, *note;
    bool lapsed; /* a certificate that the job needs had expired */
    int64_t case_id;
};
extern const struct resource HEAD_COUNT_PEOPLE;
/* The roster's, then the others. */
MUST_USE enum result head_count_people(struct ctx *cx, int64_t head_count_id, struct list *out);

/* Who could be ticked today for a contract: by job and name. */
struct roster_person {
    int64_t id;
    const char *name, *staff_number;
    enum job job;
    int32_t lapsed; /* certificates that the job needs and that have expired */
};
#define ROSTER_MOST 1000
MUST_USE enum result head_count_roster(struct ctx *cx, const struct contract *contract,
                                       struct roster_person **out, size_t *out_count);

/* What a client says of somebody there. */
extern const struct field PRESENT_INPUT[], STRANGER_INPUT[]; /* of head_count_person */
#define STRANGERS_MOST 20
struct head_count_found {
    struct head_count_person *present, *strangers;
    size_t present_count, stranger_count;
};
/* Results: FORBIDDEN head_count.client_only; INVALID with V5.1.4 or V5.1.2, "present.3.person_id",
 * "strangers.0.name". */
MUST_USE enum result head_count_take(struct ctx *cx, struct head_count *count,
                                     const struct head_count_found *found);
/* May it be counted on this contract? Rejects contract_id. */
MUST_USE enum result head_count_check(struct ctx *cx, const struct contract *contract);

/* By the provider; objection "": none. Results: CONFLICT head_count.wrong_state; FORBIDDEN
 * head_count.provider_only. */
MUST_USE enum result head_count_answer(struct ctx *cx, const struct head_count *count,
                                       const char *objection);
/* By somebody else of the client than who counted. Results: CONFLICT head_count.wrong_state;
 * FORBIDDEN head_count.own_decision; INVALID without reason. */
MUST_USE enum result head_count_decide(struct ctx *cx, const struct head_count *count, bool uphold,
                                       const char *reason);
bool head_count_is_decidable(const struct ctx *cx, const struct head_count *count);

/* Person-days missing of a contract in a month: of each day that was counted, what the jobs were
 * short of. Whoever was found anywhere that day was there; counts objected to are left out unless
 * the objection was rejected. *out_days: on how many days it was counted at all. Ignores the scope:
 * for what is settled. */
MUST_USE enum result head_count_missing(struct ctx *cx, int64_t contract_id, struct month month,
                                        int32_t *out_days, int32_t *out_missing);

extern const struct duty_rule HEAD_COUNT_DUTIES[];
extern const struct right HEAD_COUNT_RIGHTS[];

#endif
