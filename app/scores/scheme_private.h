/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SCHEME_PRIVATE_H
#define SCHEME_PRIVATE_H

#include "app/scores/scheme.h"

/* The clause under which a scheme stands. */
#define SCHEME_CLAUSE(scheme) (scheme_evaluates(scheme) ? "V6.1.1" : "C2.4")

/* Appraisal schemes are the provider's, evaluation schemes the client's. Results: FORBIDDEN
 * scheme.client_only, scheme.provider_only. */
MUST_USE enum result scheme_demand_writer(struct ctx *cx, const struct scheme *scheme);
MUST_USE enum result scheme_wrong_state(struct ctx *cx, const struct scheme *scheme);
/* Is it whole, so that consent can be asked? Results: INVALID with all that is not. */
MUST_USE enum result scheme_demand(struct ctx *cx, const struct scheme *scheme);
/* The indicators that a new one about these people begins with, as canonical JSON. */
const char *scheme_usual(struct ctx *cx, enum scheme_subject subject);
/* Can points be worked out by it? Results: INVALID with all that is not right. */
MUST_USE enum result scheme_demand_tried(struct ctx *cx, const struct scheme *scheme);
/* Rejects `member` unless the scheme begins with a month to come. */
void scheme_demand_month(struct ctx *cx, const struct scheme *scheme, const char *member);

#endif
