/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TEST_INSPECTIONS_H
#define TEST_INSPECTIONS_H

#include "app/inspections/inspection.h"
#include "app/test_world.h"

/* One record of each kind that inspections know, at an area and by a standard of this contract;
 * what could be owed about them is over. The contract's service is `service` again afterwards. */
void inspections_of_each(struct world *world, int64_t contract, int64_t area, int64_t standard,
                         const char *service);

/* A notice of something that failed on the contract, issued in that month; nobody may appeal
 * against it any more. Anything about it can be said beforehand. */
struct rectification;
int64_t a_notice(struct world *world, int64_t contract, struct month month,
                 struct rectification notice);

#endif
