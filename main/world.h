/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The opened data: keys, store and clock, as every command needs them. */
#ifndef WORLD_H
#define WORLD_H

#include "base/hash.h"
#include "main/config.h"
#include "store/months.h"

struct world {
    struct config config;
    struct arena *arena; /* as long as the program */
    struct ctx cx;       /* of the main thread, as the system itself */
    struct keys keys;
    struct store *store;
    struct months *months; /* of calls */
};

/* Opens (and with `create` makes) the data folder, its keys and the store. Says on standard error
 * why it cannot; false then. */
bool world_open(struct world *world, const struct config *config, bool create);
/* Refuses a schema that is not this program's; `migrate` brings it up to date first. */
bool world_schema(struct world *world, bool migrate);
void world_close(struct world *world);

/* The one clock: real, or set by --clock and running on from there. */
struct instant world_now(void);

/* Run work in a transaction as the system, with its entries in the trail; false says why on stderr.
 */
bool world_write(struct world *world, enum result (*work)(struct ctx *cx, void *host), void *host);
/* Say a fault in words on standard error. */
void world_complain(struct world *world, const struct ctx *cx, const char *what);

#endif
