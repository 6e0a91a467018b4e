/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between the files of the slice. */
#ifndef ACCEPTANCE_PRIVATE_H
#define ACCEPTANCE_PRIVATE_H

#include "app/acceptances/acceptance.h"

/* Rules of ACCEPTANCE_DUTIES, whose times the steps have. */
enum { CONVENE_IT, CHECK_IT, SIGN_IT, SETTLE_IT, AUDIT_IT, ANSWER_AUDIT, MEND_IT, RECHECK_IT };

#define WORDS_MOST 2000

MUST_USE enum result acceptance_demand_state(struct ctx *cx, const struct acceptance *acceptance,
                                             enum acceptance_state state);
MUST_USE enum result acceptance_tell(struct ctx *cx, const struct acceptance *acceptance,
                                     const char *kind, bool to_provider, uint64_t roles,
                                     const char *detail);
/* Is its check list open to the actor? To the provider since it was decided on. */
bool acceptance_shows_check(const struct actor *actor, const struct acceptance *acceptance);
/* Its defects, from the lines that were decided on; and those of a decision that fell. */
MUST_USE enum result defects_issue(struct ctx *cx, const struct acceptance *acceptance);
MUST_USE enum result defects_withdraw(struct ctx *cx, const struct acceptance *acceptance);

#endif
