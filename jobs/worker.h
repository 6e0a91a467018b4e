/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A worker: one thread for work that takes long and outlives the request that asked for it.
 *
 * What is to be done stands in the database, so that a restart finds it again. The worker looks for
 * it after every commit of this process, and every second, as others may share the database.
 * It divides its work into transactions itself. */
#ifndef WORKER_H
#define WORKER_H

#include "jobs/clockwork.h"

struct worker;

/* Look for one piece of work and do it. `cx` reads, in an empty arena. *out_found: there was some,
 * so look again at once. */
typedef enum result (*worker_turn)(struct worker *worker, struct ctx *cx, bool *out_found);

struct worker *worker_start(const char *name, worker_turn turn, const struct clockwork_host *host);
/* Waits for the turn that runs, which hears of it by worker_stopping. */
void worker_stop(struct worker *worker);
/* Without a worker (NULL) never. */
bool worker_stopping(const struct worker *worker);

/* Run `work` in a transaction with what cx has (arena, actor), and its entries in the trail. What
 * went wrong is then in cx->fault. The arena gives back what the work took when it succeeded. */
MUST_USE enum result worker_write(struct worker *worker, struct ctx *cx,
                                  enum result (*work)(struct ctx *cx, void *host), void *host);
/* The work that runs has held the writer for long enough: whoever else writes waits for it, so the
 * rest belongs into the next transaction. Without a worker (NULL) never. */
bool worker_had_its_time(const struct worker *worker);

#endif
