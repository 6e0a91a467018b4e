/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The schema's history: numbered texts, forward only, the same for both engines.
 *
 * Written as schema/NNNN_name.sql, embedded at build time. Portable words that the engines spell
 * differently: `IDENTITY` (a primary key that the database numbers, never reused), `NUMBER_KEY`
 * (one that we number ourselves), `BLOB`, and `THEN_ID` (behind the columns of an index: it ends
 * with the row's id). What only one of them runs stands between `-- @postgres` or `-- @sqlite` and
 * `-- @end`. What ran is kept in schema_changes with the SHA-256 of its text: a text that
 * was changed after it ran, or one that is missing, is refused. */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include "store/db.h"

struct migration {
    int version;
    const char *name; /* "0001_parties" */
    const char *sql;
};

/* How many are pending. Results: CONFLICT schema.changed (an applied text differs), schema.unknown
 * (the database knows a later version than this program). */
MUST_USE enum result schema_check(struct ctx *cx, struct store *store, const struct migration *all,
                                  size_t count, int *out_pending);
/* Run the pending ones, each in its own transaction. Same results. */
MUST_USE enum result schema_migrate(struct ctx *cx, struct store *store,
                                    const struct migration *all, size_t count, int *out_applied);

#endif
