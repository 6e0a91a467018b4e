/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* When, how often and how long may be called on a contract, and from when on every call has to come
 * through the gate. The client's side writes these rules; where no law says so they are the
 * company's own, and each shows where it comes from. */
#ifndef GATE_CALL_RULE_H
#define GATE_CALL_RULE_H

#include "app/contracts/client_rule.h"
#include "app/gate/gate.h"

struct call_rule {
    CLIENT_RULE_MEMBERS;
    const char *hours_from, *hours_to;
    bool working_days_only, record, consent_required;
    int32_t per_day, per_week; /* calls to the same number; 0: any */
    int32_t max_s;
    struct date gated_from; /* none: a call past the gate is no breach */
    const char *basis;
};
extern const struct resource CALL_RULES;

/* What a rule says where nobody said anything else: the company's own usual. */
void call_rule_begin(struct call_rule *rule);

/* ---- numbers that are not to be called, and that may be ---- */

enum refusal_source { SAID_BY_CALLED = 1, SAID_BY_COMPLAINT, SAID_BY_CLIENT, SAID_BY_REGULATOR };
extern const char *const REFUSAL_SOURCES[];

/* First members of both, and how the number that people write is kept. */
#define CALLEE_MEMBERS                                                                             \
    RECORD_MEMBERS;                                                                                \
    int64_t organisation_id, contract_id, unit_id;                                                 \
    const char *contract_name;                                                                     \
    const char *number; /* as written, when it is added; else masked */                            \
    int64_t callee_key, callee_code

struct callee_record {
    CALLEE_MEMBERS;
};

struct do_not_call {
    CALLEE_MEMBERS;
    enum refusal_source source;
    const char *reason;
    struct date until; /* the last day; none: for ever */
    int64_t call_id;
    enum refusal_state { REFUSAL_ACTIVE = 1, REFUSAL_LIFTED } state;
    const char *lift_reason;
};
extern const struct resource DO_NOT_CALL;

/* Results: CONFLICT do_not_call.wrong_state; INVALID reason. */
MUST_USE enum result do_not_call_lift(struct ctx *cx, const struct do_not_call *before,
                                      const char *reason);
/* An entry of that number for all contracts of the client that is in force; 0 none. */
MUST_USE enum result do_not_call_find(struct ctx *cx, int64_t organisation_id, const char *number,
                                      int64_t *out_id);
/* The same by the key that is kept of the number. */
MUST_USE enum result do_not_call_of(struct ctx *cx, int64_t organisation_id, int64_t callee_key,
                                    int64_t *out_id);
/* Whoever was called said so: nobody of that client calls again. The number as it is kept. What was
 * said before stands. Fills *out with the entry. */
MUST_USE enum result do_not_call_said(struct ctx *cx, int64_t client_id, int64_t callee_key,
                                      int64_t callee_code, int64_t call_id, const char *reason,
                                      struct do_not_call *out);

struct consent {
    CALLEE_MEMBERS;
    struct date obtained_on, until;
    const char *proof;
};
extern const struct resource CONSENTS;

#endif
