/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A call centre for tests of calls and the gate: a contract in force, agents 1001 and 1002, one
 * number that is permitted, and the directory that knows them. */
#ifndef TEST_CENTRE_H
#define TEST_CENTRE_H

#include "app/gate/gate.h"
#include "app/test_world.h"

struct centre {
    int64_t contract, first, second, number; /* agents 71 and 72 */
    const char *contract_number;
};
extern struct centre centre;

int centre_open(void **state);
#define CENTRE_TEST(name) cmocka_unit_test_setup_teardown(name, centre_open, world_close)

/* The same with a gate, whose journal lies in a folder of its own, at 10:00 on 2026-02-03. */
int centre_gate_open(void **state);
int centre_gate_close(void **state);
extern char centre_folder[64];
#define GATE_TEST(name) cmocka_unit_test_setup_teardown(name, centre_gate_open, centre_gate_close)
/* The gate after a new start of the program. */
void centre_gate_again(struct world *world);

/* An instant from its text; it must be one. */
struct instant at(const char *text);
/* What the store says now is what the directory knows. */
void centre_renew(struct world *world);
/* The contract's month of February 2026, published. */
void centre_month_published(struct world *world);

/* Agent 1001 calls a mobile number; asked for as the first time when `call_id` is. */
struct gate_ask ask_for(const char *call_id);
struct gate_answer answer_to(struct world *world, const struct gate_ask *ask);
/* Asked for as another call. */
enum allowance reason_of(struct world *world, struct gate_ask ask);

#endif
