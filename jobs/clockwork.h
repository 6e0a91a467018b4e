/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The clockwork: one thread that does what has to be done at start and again and again, each job in
 * a transaction of its own. Jobs do no harm when several servers run them at once or one is missed.
 */
#ifndef CLOCKWORK_H
#define CLOCKWORK_H

#include "store/db.h"

struct schedule {
    const char *name;
    int every_s;
    enum result (*run)(struct ctx *cx); /* cx->db is the writer's, cx->actor whoever main says */
};

struct clockwork;
struct clockwork_host {
    struct store *store;
    const struct actor *actor; /* in whose name jobs run */
    const struct keys *keys;
    struct instant (*now)(void);
    /* Before the commit: what the work left to be written (the audit trail). */
    enum result (*finish)(struct ctx *cx);
};
struct clockwork *clockwork_start(const struct schedule *jobs, size_t count,
                                  const struct clockwork_host *host);
void clockwork_stop(struct clockwork *clockwork);

#endif
