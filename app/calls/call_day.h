/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A person's day on a contract: how many calls, how long, in which states; from the roll-ups. */
#ifndef CALL_DAY_H
#define CALL_DAY_H

#include "app/calls/agent_state.h"
#include "app/calls/call_formula.h"

struct call_day {
    RECORD_MEMBERS;
    struct date day;
    int64_t contract_id, agent_id, person_id;
    const char *contract_number, *contract_name, *agent_code, *person_name;
    int32_t dials, connected, success, talk_s, duration_s;
    int32_t signed_s, idle_s, pause_s, talking_s, wrap_s, overlap_s, unended;
    struct points connect_rate, success_rate, occupancy, utilisation; /* percent, or none */
};
extern const struct resource CALL_DAYS;
/* The day that a call counts for. */
int64_t call_day_id(const struct call *call);
struct call_sums call_day_sums(const struct call_day *day);

/* The calls of that day, by time; at most `most`. */
MUST_USE enum result call_day_calls(struct ctx *cx, const struct call_day *day, int most,
                                    struct call **out, size_t *out_count);
/* The same person's days on other contracts that the actor sees. */
MUST_USE enum result call_day_others(struct ctx *cx, const struct call_day *day,
                                     struct call_day **out, size_t *out_count);

#endif
