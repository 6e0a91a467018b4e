/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Telling the call system: what an executed letter changed is queued in the same transaction and
 * pushed by a worker, at least once and in order, until the call system acknowledges it. */
#ifndef PROVISION_H
#define PROVISION_H

#include "app/agents/agent.h"
#include "jobs/outbox.h"
#include "jobs/worker.h"

enum provisioning_state {
    PROVISIONING_WAITING = 1,
    PROVISIONING_SENT,
    PROVISIONING_ACKNOWLEDGED,
    PROVISIONING_FAILED, /* given up, or refused by the call system */
};

struct provisioning {
    RECORD_MEMBERS;
    int64_t contract_id, agent_id, number_id; /* one of the last two */
    const char *contract_number, *code, *number;
    enum provisioning_change {
        PROVISION_AGENT_ADD = 1,
        PROVISION_AGENT_CHANGE,
        PROVISION_AGENT_DISABLE,
        PROVISION_NUMBER_ADD,
        PROVISION_NUMBER_CHANGE,
        PROVISION_NUMBER_STOP,
    } change;
    const char *payload; /* JSON: {"contract":…,"change":…,"agent" or "number":{…}} */
    enum provisioning_state state;
    int32_t tries;
    struct instant next_at, sent_at, acknowledged_at;
    const char *failure;
};
extern const struct resource PROVISIONINGS;
extern const char *const PROVISIONING_CHANGES[];

/* The call system did it; or could not, and says why. Results: CONFLICT provisioning.wrong_state
 * when it is acknowledged already. */
MUST_USE enum result provisioning_acknowledge(struct ctx *cx,
                                              const struct provisioning *provisioning,
                                              const char *failure);
/* Push a failed one again. Results: CONFLICT provisioning.wrong_state. */
MUST_USE enum result provisioning_retry(struct ctx *cx, const struct provisioning *provisioning);

/* ---- to where ---- */

struct provision_target {
    const char *place;  /* a folder or an http(s) URL; "" none: what is queued waits */
    const char *secret; /* http: signs what is posted (Standard Webhooks); "" unsigned */
};
/* What a call system says of earlier pushes. */
typedef enum result (*provision_ack)(void *host, int64_t id, const char *failure);

/* One kind of call system. */
struct provisioner {
    const char *name;
    /* Results: OK, it has it; BUSY and TOO_MANY are worth another try. */
    enum result (*push)(struct ctx *cx, const struct provision_target *target,
                        const struct provisioning *provisioning, struct outbox_answer *out);
    /* Everything as it now is, when nothing waits any more; NULL: it is told changes alone. */
    enum result (*settle)(struct ctx *cx, const struct provision_target *target,
                          const char *snapshot);
    /* Hand over what it acknowledged by itself; NULL: it calls our API. */
    enum result (*collect)(struct ctx *cx, const struct provision_target *target,
                           provision_ack each, void *host);
};
extern const struct provisioner FILE_DROP, HTTP_PUSH;

/* Once at start, before the worker. */
void provisionings_use(const struct provision_target *target);
/* A worker's turn. */
MUST_USE enum result provisionings_turn(struct worker *worker, struct ctx *cx, bool *out_found);

/* Every agent and permission that is in effect, as JSON: {"at","agents":[…],"numbers":[…]}. In
 * `arena`, which is not cx->mem. */
MUST_USE enum result provision_snapshot(struct ctx *cx, struct arena *arena, const char **out);

#endif
