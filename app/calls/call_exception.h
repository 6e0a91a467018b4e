/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What was found wrong with calls, carried from the months to where people see it: what the
 * regulation forbids as breaches (C1.1, C1.2), the rest as exceptions that the provider explains. A
 * day's findings of one kind about one agent and number are one record with a count. */
#ifndef CALL_EXCEPTION_H
#define CALL_EXCEPTION_H

#include "app/calls/call.h"
#include "app/duties/duty.h"

enum exception_state { EXCEPTION_OPEN = 1, EXCEPTION_EXPLAINED, EXCEPTION_SETTLED };

struct call_exception {
    RECORD_MEMBERS;
    struct date day;
    enum allowance kind;
    int64_t contract_id, unit_id, provider_id, agent_id, last_call_id, last_gate_id;
    const char *contract_number, *contract_name, *agent_code, *agent_name;
    const char *contract_said, *agent_said, *caller_said;
    int32_t count;
    enum exception_state state;
    const char *reason, *search_key;
};
extern const struct resource CALL_EXCEPTIONS;

/* The provider says how it came. Results: CONFLICT call_exception.wrong_state; INVALID reason. */
MUST_USE enum result exception_explain(struct ctx *cx, const struct call_exception *before,
                                       const char *reason);

extern const struct duty_rule CALL_DUTIES[];

/* A worker's turn: look for records that did not come for what the gate allowed, and carry what was
 * found. */
MUST_USE enum result call_findings_turn(struct worker *worker, struct ctx *cx, bool *out_found);

#endif
