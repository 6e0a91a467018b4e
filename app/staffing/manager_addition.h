/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* More duty managers, supervisors or QA inspectors where the load calls for them (C2.9): the client
 * asks in writing with the figures of the load, and with the provider's agreement that many more
 * are required. */
#ifndef MANAGER_ADDITION_H
#define MANAGER_ADDITION_H

#include "app/letters/letter.h"
#include "app/parties/parties.h"

/* What somebody of a job has to carry, as it is now: agents for each supervisor or duty manager,
 * reviews of the last 30 days for each QA inspector. */
struct workload {
    enum job job;
    int32_t staffed, work;
    struct points load; /* work for each; 0 where nobody is there */
};
extern const struct field WORKLOAD_FIELDS[];
#define WORKLOADS 3
MUST_USE enum result workloads_of(struct ctx *cx, const struct contract *contract,
                                  struct workload out[WORKLOADS]);

/* A draft of the letter with the figures of today in it. Results: FORBIDDEN without letters.write;
 * INVALID. */
MUST_USE enum result manager_addition_begin(struct ctx *cx, int64_t contract_id, enum job job,
                                            int32_t count, const char *reason, int64_t *out_id);
extern const struct letter_type LETTER_MANAGER_ADDITION;

#endif
