/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What happened in a month whose results are published, locked or not (C2.4), is neither put in nor
 * changed any more: what proves wrong is set right by reopening it, or, once it is locked, by a
 * correction in a month that is still open. The one place that says so; whoever writes facts that
 * results follow from asks it. */
#ifndef PUBLISHED_H
#define PUBLISHED_H

#include "app/contracts/contract.h"

struct dated_fact { /* 0: of none in particular */
    int64_t contract_id, person_id, provider_id;
    struct date from, to; /* both days with it */
};
struct published_month {
    struct month month; /* none: none of these days is in one */
    bool locked;
};
/* The first published month of these days: of the contract, of any contract of the provider, or of
 * any in which the person has a result or was paid. */
MUST_USE enum result fact_published(struct ctx *cx, const struct dated_fact *fact,
                                    struct published_month *out);
/* Results: CONFLICT month.published, month.locked. */
MUST_USE enum result demand_unpublished(struct ctx *cx, const struct dated_fact *fact);
/* The same of one day of a person. */
MUST_USE enum result demand_day_unpublished(struct ctx *cx, int64_t person_id, struct date day);

#endif
