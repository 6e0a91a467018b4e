/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The provider's code of conduct, and what was done against it (C2.3).
 *
 * A rule is never changed once somebody was recorded under it; another edition of its number takes
 * over from a day on. A violation is recorded by one person, the person concerned says the own word
 * within a time, and a third one decides. Only what was confirmed counts, and it counts in points:
 * there are no fines. The client sees no person's conduct. */
#ifndef CONDUCT_H
#define CONDUCT_H

#include "app/contracts/contract.h"
#include "app/duties/duty.h"
#include "app/scores/measure.h"

struct conduct_rule {
    RECORD_MEMBERS;
    int64_t organisation_id;
    const char *organisation_name;
    const char *number;
    int32_t edition;
    const char *text;
    struct points points; /* of one event */
    enum repeat {
        REPEAT_SAME = 1,
        REPEAT_DOUBLED, /* from the second event of a month on, twice the points */
        REPEAT_RISING,  /* the second twice, the third three times … */
    } repeat;
    struct date from, to; /* no end: until another edition */
};
extern const struct resource CONDUCT_RULES;

/* What the nth event of a month costs under the rule. */
struct points conduct_points(const struct conduct_rule *rule, int64_t nth);

enum violation_state {
    VIOLATION_OPEN = 1,
    VIOLATION_STATED,
    VIOLATION_CONFIRMED,
    VIOLATION_DISMISSED,
    VIOLATION_VOID
};
struct violation {
    RECORD_MEMBERS;
    int64_t contract_id, provider_id;
    const char *contract_name;
    int64_t person_id;
    const char *person_name;
    int64_t rule_id;
    const char *rule_number, *rule_text;
    struct instant at;
    const char *fact;
    int64_t recording_id; /* evidence: a recording from this second on, beside its documents */
    int32_t recording_s;
    int64_t finding_id; /* of a patrol, from which it came */
    int64_t recorder_id;
    const char *recorder_name;
    struct instant state_by; /* the last moment for the person's own word */
    const char *statement;
    bool acknowledged; /* the person agrees with the facts */
    struct instant stated_at;
    struct points rule_points; /* of its rule, the first time */
    struct points points;      /* fixed by the decision */
    int64_t decider_id;
    const char *decided_by;
    struct instant decided_at;
    const char *reason;
    enum violation_state state;
};
extern const struct resource VIOLATIONS;

/* open -> stated, by the person concerned. Results: CONFLICT violation.wrong_state,
 * violation.statement_over; FORBIDDEN violation.not_yours; INVALID. */
MUST_USE enum result violation_state(struct ctx *cx, const struct violation *violation,
                                     const char *statement, bool acknowledged);
/* -> confirmed or dismissed, by neither the recorder nor the person, once the person has spoken or
 * let the time pass. Results: CONFLICT violation.wrong_state, violation.statement_awaited;
 * FORBIDDEN violation.own_decision; INVALID. */
MUST_USE enum result violation_decide(struct ctx *cx, const struct violation *violation,
                                      bool confirmed, const char *reason);
/* It never counts, or counts no more. Results: CONFLICT violation.wrong_state; FORBIDDEN
 * violation.own_decision (by the person concerned); INVALID. */
MUST_USE enum result violation_void(struct ctx *cx, const struct violation *violation,
                                    const char *reason);
/* May this actor decide it now? Leaves no fault. */
bool violation_is_decidable(struct ctx *cx, const struct violation *violation);

/* duty rules */
MUST_USE enum result judge_statement(struct ctx *cx, const void *record, struct duty *duty,
                                     enum owing *out);
MUST_USE enum result judge_violation(struct ctx *cx, const void *record, struct duty *duty,
                                     enum owing *out);

extern const struct measure CONDUCT_MEASURES[];

#endif
