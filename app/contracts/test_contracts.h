/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the tests of contracts share beside the world: contracts that are ready or in force, and
 * ways to move them on. */
#ifndef CONTRACTS_TEST_CONTRACTS_H
#define CONTRACTS_TEST_CONTRACTS_H

#include "app/test_world.h"

struct contract contract_of(struct world *world, int64_t id);
/* Everything that activation asks for is there, and the briefing is signed. */
int64_t a_ready_contract(struct world *world);
int64_t an_active_contract(struct world *world);
enum result activate(struct world *world, int64_t id);
enum result step(struct world *world, int64_t id, const char *action, const char *reason);

#endif
