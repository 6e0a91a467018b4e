/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TEST_MONTHS_H
#define TEST_MONTHS_H

#include "app/appraisal/month.h"
#include "app/test_world.h"

/* A scheme for agents that the client consented to, from January 2026 on: its id. `indicators`:
 * canonical JSON; NULL: those of scheme_draft. */
int64_t a_scheme_in_force(struct world *world, int64_t contract, const char *indicators);
/* A month that is open, its evidence until the end of the 2nd of the next one. */
int64_t a_month(struct world *world, int64_t contract, struct month month);
/* One record of each kind that hangs at a month, past the rules. */
void one_of_each_of_a_month(struct world *world, int64_t contract);

#endif
