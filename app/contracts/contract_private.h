/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between the files of the slice. */
#ifndef CONTRACT_PRIVATE_H
#define CONTRACT_PRIVATE_H

#include "app/contracts/contract.h"

/* The contract's briefings no longer say what holds: close them and void their signatures. */
MUST_USE enum result briefings_supersede(struct ctx *cx, int64_t contract_id);

/* Draft, in force or suspended: something may still change. */
bool contract_is_open(const struct contract *contract);
/* Active or suspended: what was agreed changes by an amendment alone. */
bool contract_is_in_force(const struct contract *contract);
/* Its state as people read it. */
const char *contract_state_words(struct ctx *cx, const struct contract *contract);

/* The amendment that a new (before = NULL) or changed term of a contract in force is. */
MUST_USE enum result amendment_of_term(struct ctx *cx, const struct term *after,
                                       const struct term *before);

#endif
