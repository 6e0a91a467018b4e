/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What follows from grades (X2): a ladder of steps. A final evaluation proposes one by stated rules
 * over the grades of its contract in sequence, and a confirmed case of subcontracting (V5.1.4) the
 * one that it was confirmed with; people decide, with their reason, and tell the
 * provider by letter. Sending it makes the step true: a provider under watch or on the blacklist
 * (X5), a contract that is terminated. */
#ifndef CONSEQUENCE_H
#define CONSEQUENCE_H

#include "app/evaluation/evaluation.h"
#include "app/staffing/subcontracting.h"

enum consequence_step {
    STEP_REMINDER = 1,
    STEP_WARNING,
    STEP_RECTIFICATION,
    STEP_DEDUCTION,
    STEP_INTERVIEW,
    STEP_OBSERVATION,
    STEP_TERMINATION,
    STEP_BLACKLIST,
    STEP_RENEWAL /* preferred when it is renewed */
};
enum consequence_state {
    CONSEQUENCE_PROPOSED = 1,
    CONSEQUENCE_DECIDED,
    CONSEQUENCE_TOLD,
    CONSEQUENCE_DROPPED,
    CONSEQUENCE_LAPSED /* its evaluation was reopened */
};
struct consequence {
    RECORD_MEMBERS;
    int64_t contract_id, unit_id, provider_id, client_id;
    const char *contract_number, *contract_name, *provider_name;
    int64_t evaluation_id, case_id; /* from which it follows; both 0: proposed by a person */
    enum consequence_step step;
    const char *rule; /* by which it was proposed; "" by a person */
    const char *basis, *note;
    struct instant proposed_at;
    int64_t proposer_id;
    const char *proposed_by;
    int64_t decider_id;
    const char *decided_by;
    struct instant decided_at;
    const char *reason;
    int64_t letter_id;
    const char *letter_number;
    struct instant told_at;
    enum consequence_state state;
};
extern const struct resource CONSEQUENCES;

/* Of a final evaluation of a contract, and of the later ones that were final before it: what they
 * come to with it. */
MUST_USE enum result consequences_propose(struct ctx *cx, const struct evaluation *evaluation);
/* The evaluation is reopened: what follows from it and was not told lapses. */
MUST_USE enum result consequences_lapse(struct ctx *cx, const struct evaluation *evaluation);
/* Of a case that was just confirmed: for its contract, or for each in force of the provider. */
MUST_USE enum result consequences_of_case(struct ctx *cx, const struct subcontracting_case *one);
/* proposed -> decided, with the draft of the letter: *out_letter_id. By another person than the
 * evaluator or who looked into the case, with nothing between it and the provider. Results:
 * CONFLICT consequence.wrong_state; FORBIDDEN consequence.own_evaluation; INVALID without reason.
 */
MUST_USE enum result consequence_decide(struct ctx *cx, const struct consequence *consequence,
                                        const char *reason, int64_t *out_letter_id);
/* proposed -> dropped, with the reason. */
MUST_USE enum result consequence_drop(struct ctx *cx, const struct consequence *consequence,
                                      const char *reason);

/* The rules of the ladder, as they are stated to whoever is evaluated. */
struct consequence_rule {
    const char *name;
    enum consequence_step step;
    enum grade grade; /* this one or worse (of a preference: or better) */
    int32_t times;    /* so many of them … */
    int32_t among;    /* … among the last so many evaluations of the kind, … */
    int32_t within;   /* … or within so many months; both 0: in a row */
    bool vetoed;      /* instead: by a veto */
};
/* NULL at the end. */
const struct consequence_rule *consequence_rule_at(size_t index);

extern const struct letter_type LETTER_CONSEQUENCE;
extern const struct duty_rule CONSEQUENCE_DUTIES[];
extern const struct right CONSEQUENCE_RIGHTS[];

#endif
