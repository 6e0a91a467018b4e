/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between regulation.c, measure.c and own_clause.c. */
#ifndef REGULATION_PRIVATE_H
#define REGULATION_PRIVATE_H

#include "app/contracts/contract.h"
#include "app/regulation/regulation.h"

/* Fill the figures of a clause that is no chapter from the records that the actor sees; `contract`:
 * of this one alone, NULL: of all. */
MUST_USE enum result clause_measure(struct ctx *cx, const struct contract *contract,
                                    struct clause *clause);

#endif
