/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between regulation.c, measure.c and own_clause.c. */
#ifndef REGULATION_PRIVATE_H
#define REGULATION_PRIVATE_H

#include "app/contracts/contract.h"
#include "app/regulation/regulation.h"

struct clause *clause_find(struct clause *clauses, size_t count, const char *id);
/* All clauses without their figures, each after the one that it hangs below; of the company's own
 * those of this organisation (0: all that the actor sees) that are in force. */
MUST_USE enum result regulation_tree(struct ctx *cx, int64_t organisation_id,
                                     struct regulation *out);

/* Fill the figures of a clause from the records that the actor sees; `contract`:
 * of this one alone, NULL: of all. */
MUST_USE enum result clause_measure(struct ctx *cx, const struct contract *contract,
                                    struct clause *clause);

#endif
