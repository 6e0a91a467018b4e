/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is known of one call beside its record: what the gate decided, and what was found. */
#ifndef CALL_MORE_H
#define CALL_MORE_H

#include "app/calls/call.h"
#include "app/gate/gate.h"

struct call_decision {
    int64_t id, contract_id;
    struct instant decided_at;
    const char *node, *call_id; /* node "": it is not known */
    const char *callee;         /* masked */
    int64_t callee_key, callee_code;
    enum gate_mode mode;
    enum allowance reason;
    int32_t max_s;
};
extern const struct field CALL_DECISION_FIELDS[];

/* What the gate decided, told to whoever sees its contract, or this one. gate_id 0: nothing. */
MUST_USE enum result call_decision_read(struct ctx *cx, int64_t gate_id, int64_t contract_id,
                                        struct call_decision *out);

struct call_found {
    enum allowance kind;
};
/* What it said until then. */
struct call_revision {
    struct instant at;
    enum revision_change { REVISION_REVISED = 1, REVISION_JUDGED } change;
    const char *person_name; /* who sent the later record, or judged; "" the system */
    const char *contract_number, *agent_code, *caller;
    int32_t duration_s, talk_s;
    enum call_result result;
};
extern const struct field CALL_REVISION_FIELDS[];

struct call_more {
    struct call_decision decision;
    struct call_found *found;
    size_t found_count;
    struct call_revision *revisions; /* the latest first */
    size_t revision_count;
};
MUST_USE enum result call_more_read(struct ctx *cx, const struct call *call, struct call_more *out);

#endif
