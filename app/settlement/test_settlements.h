/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TEST_SETTLEMENTS_H
#define TEST_SETTLEMENTS_H

#include "app/settlement/settlement.h"
#include "app/test_world.h"

/* In force since January 2026, resting on term 1.1, by a letter of the contract's. */
int64_t a_deduction_rule(struct world *world, int64_t contract, struct deduction_rule rule);
/* Final, of that contract and month ("2026-02"), of so many hundredths of points. */
int64_t a_final_evaluation(struct world *world, int64_t contract, const char *month, int64_t total);
/* One record of each kind of the slice. */
void one_of_each_of_a_settlement(struct world *world, int64_t contract);

#endif
