/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between the files of this slice. */
#ifndef CALL_PRIVATE_H
#define CALL_PRIVATE_H

#include "app/calls/call.h"
#include "app/gate/call_finding.h"

extern const struct apart CALLS_APART;

/* A call as the month keeps it, made from a line by what the directory knows. */
struct call_row {
    int64_t id; /* the first that it may have; then the one that it has */
    int64_t contract_id, agent_id, person_id, number_id, gate_id;
    int64_t provider_id; /* whose source it is: of the contract, or who reports it */
    int64_t callee_key, callee_code;
    int64_t source_id; /* in its month; found when it is put there */
    const struct call_line *line;
    enum allowance found;
    bool is_anothers;  /* the decision that it names: another provider's, which it leaves alone */
    const char *fault; /* code, when it could not be kept */
    bool is_new;       /* it was kept, and was not there before */
};

/* One month's share, in its writer's transaction: what is new goes in with its roll-ups and
 * findings. */
struct call_batch {
    struct call_row *rows; /* sorted by id */
    size_t count;
};
MUST_USE enum result calls_store(struct ctx *cx, struct call_batch *batch);
/* Its parts: sums of what is new, and the hours in which it began. */
MUST_USE enum result calls_roll_up(struct ctx *cx, const struct call_batch *batch);
/* The month's id of a call system of that provider; made when it is new. */
MUST_USE enum result call_source_id(struct ctx *cx, const char *name, int64_t provider_id,
                                    int64_t *out_id);
/* The first id of that day in agent_days and number_days. */
int64_t rollup_id(struct date day);
MUST_USE enum result hours_touch(struct ctx *cx, const struct call_batch *batch);
/* Once that is committed: hours of that month may be waiting to be sorted. */
void hours_wake(struct month month);
/* In the writer's transaction of a month: is its time over? Then nothing is taken any more
 * (call_months.h). */
MUST_USE enum result month_is_closed(struct ctx *cx, bool *out);
/* In the writer's transaction of its month, too: another result, and the roll-ups with it. */
MUST_USE enum result call_judge(struct ctx *cx, int64_t id, enum call_result result);

/* The id of an agent's day among the roll-ups (agent_days). */
int64_t agent_day_id(struct date day, int64_t agent_id, int64_t contract_id);

#endif
