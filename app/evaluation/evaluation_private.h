/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef EVALUATION_PRIVATE_H
#define EVALUATION_PRIVATE_H

#include "app/duties/duty.h"
#include "app/evaluation/evaluation.h"

/* Rules of EVALUATION_DUTIES, whose times these steps have. */
enum { SUBMIT_RULE, AUDIT_RULE, ANSWER_RULE, DECIDE_RULE };
#define OBJECT_DAYS 5 /* working days that the other party has */

extern const char *const EVALUATION_STATES[];
extern const char *const UNGRADED[];
/* Which clause it follows from. */
const char *ungraded_clause(enum ungraded ungraded);
MUST_USE enum result evaluation_wrong_state(struct ctx *cx, const struct evaluation *evaluation);
/* Results: FORBIDDEN evaluation.own_project, evaluation.not_evaluator. */
MUST_USE enum result evaluation_demand_evaluator(struct ctx *cx,
                                                 const struct evaluation *evaluation);
/* `before` with what it is now, submitted, under `action`; audit's time begins. */
MUST_USE enum result evaluation_freeze(struct ctx *cx, const struct evaluation *before,
                                       struct evaluation *after, const char *action);
MUST_USE enum result evaluation_work_out(struct ctx *cx, const struct evaluation *evaluation,
                                         struct evaluation *out);
/* Each of them, of one period: what is measured is read once for all. */
MUST_USE enum result evaluations_work_out(struct ctx *cx, struct evaluation *all, size_t count);
/* Adds what is given, in place of what was given for the same indicator. */
MUST_USE enum result evaluation_put_given(struct ctx *cx, struct evaluation *evaluation,
                                          const struct evaluation_given *given);
/* Did that person submit it, first or last, answer audit about it, or give points that stand? */
MUST_USE enum result evaluation_had_hand(struct ctx *cx, const struct evaluation *evaluation,
                                         int64_t person_id, bool *out);
MUST_USE enum result evaluation_tell(struct ctx *cx, const struct evaluation *evaluation,
                                     const char *kind, uint64_t client_roles, bool provider,
                                     const char *detail);
/* audited -> final, by the party's word or the clock. */
MUST_USE enum result evaluation_finish(struct ctx *cx, const struct evaluation *evaluation,
                                       const char *action);
MUST_USE enum result evaluation_let_pass(struct ctx *cx, const struct evaluation *evaluation,
                                         const char *action);

#endif
