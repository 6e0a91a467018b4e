/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is wrong with a call, kept in its month as it is found: at the gate, or in its record. */
#ifndef GATE_CALL_FINDING_H
#define GATE_CALL_FINDING_H

#include "app/agents/agent.h"

struct call_finding {
    int64_t id, call_id, gate_id; /* one of the last two may be none */
    enum allowance kind;
    int64_t contract_id, agent_id, provider_id; /* as far as they are known */
    const char *contract, *agent, *caller;      /* as the call system said */
    bool withdrawn; /* a later record of the call set it right: it takes away what was found so */
};
extern const struct field CALL_FINDING_FIELDS[];

/* Into the month that cx->db writes. */
MUST_USE enum result findings_add(struct ctx *cx, const struct call_finding *findings,
                                  size_t count);

#endif
