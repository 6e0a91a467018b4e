/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Records by month: a part of the store for each (store/db.h), made when its first record comes.
 * All have the same schema. */
#ifndef STORE_MONTHS_H
#define STORE_MONTHS_H

#include "store/migrate.h"

struct months;

/* `name`: "calls"; the parts are called calls_2026_07. `all` outlives them. */
struct months *months_open(struct store *main, const char *name, const struct migration *all,
                           size_t count);
void months_close(struct months *months);

/* The store of a month, with its schema up to date; give it back with months_release. Any thread.
 * Results: NOT_FOUND when there is none and none is to be made. */
MUST_USE enum result months_store(struct ctx *cx, struct months *months, struct month month,
                                  bool make, struct store **out);
void months_release(struct months *months, struct store *store);

/* The name of a month's part. */
const char *months_part(struct ctx *cx, const struct months *months, struct month month);

/* The months that are there, newest first; of those that other processes made within a second. */
MUST_USE enum result months_list(struct ctx *cx, struct months *months, const struct month **out,
                                 size_t *out_count);

/* Run `read` on this thread's reader of the month, in cx->db; nothing is done when there is no such
 * month. What it gives is in cx->mem. */
MUST_USE enum result months_read(struct ctx *cx, struct months *months, struct month month,
                                 enum result (*read)(struct ctx *cx, void *host), void *host);

#endif
