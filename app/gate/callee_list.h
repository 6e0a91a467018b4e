/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The numbers that are not to be called, and those that agreed, in memory beside the directory: a
 * million of them cost its renewal nothing, as only what changed is read again. */
#ifndef GATE_CALLEE_LIST_H
#define GATE_CALLEE_LIST_H

#include "base/ctx.h"
#include "base/units.h"

#include <stdbool.h>
#include <stdint.h>

enum callee_list { LIST_DO_NOT_CALL, LIST_CONSENTS, CALLEE_LISTS };

/* Is the number (its key) on the list for that client and contract at that moment, and was it known
 * to be by then? */
bool callee_listed(enum callee_list list, int64_t callee_key, int64_t organisation_id,
                   int64_t contract_id, struct instant at);
/* Were the lists ever read? */
bool callee_lists_ready(void);
/* Take over what changed in cx->db since the last time; everything, the first time. */
MUST_USE enum result callee_lists_renew(struct ctx *cx);
void callee_lists_forget(void);

#endif
