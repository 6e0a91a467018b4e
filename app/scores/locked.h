/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What happened in a month whose appraisal is locked (C2.4) is neither put in nor changed any more:
 * what proves wrong later is a correction in a month that is still open. The one place that says
 * so; whoever writes facts that results follow from asks it. */
#ifndef LOCKED_H
#define LOCKED_H

#include "app/contracts/contract.h"

struct dated_fact { /* 0: of none in particular */
    int64_t contract_id, person_id, provider_id;
    struct date from, to; /* both days with it */
};
/* The first locked month of these days: of the contract, of any contract of the provider, or of any
 * in which the person has a result or was paid. No month: none. */
MUST_USE enum result fact_locked(struct ctx *cx, const struct dated_fact *fact, struct month *out);
/* Results: CONFLICT month.locked. */
MUST_USE enum result demand_unlocked(struct ctx *cx, const struct dated_fact *fact);
/* The same of one day of a person. */
MUST_USE enum result demand_day_unlocked(struct ctx *cx, int64_t person_id, struct date day);

#endif
