/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How long a month of calls is kept, and its end (app/retention).
 *
 * A month goes as a whole, when the rules of all contracts that called in it are over and no hold
 * covers any of them. It is closed first, in its own part of the store: from then on nothing more
 * is taken, so that what is counted and hashed is what goes. Then the certificates stand, one for
 * each contract, and only then the calls are deleted; whatever ends between finds where it was. The
 * roll-ups stay, and so do the de-duplication's reasons: a call that comes later is refused. */
#ifndef CALL_MONTHS_H
#define CALL_MONTHS_H

#include "app/calls/call.h"
#include "app/retention/retention.h"

enum call_month_state { MONTH_KEPT = 1, MONTH_HELD, MONTH_OVER, MONTH_DELETED };
struct call_month {
    struct month month;
    struct date kept_until; /* by the longest rule */
    int32_t days;
    const char *basis;
    int64_t hold_id; /* a hold that covers it; 0 none */
    enum call_month_state state;
    struct instant deleted_at;
};
extern const struct field CALL_MONTH_FIELDS[];
/* All months that are there, newest first. */
MUST_USE enum result call_months(struct ctx *cx, struct call_month **out, size_t *out_count);

struct month_deleted {
    struct month month;
    struct instant deleted_at;
};
extern const struct field MONTH_DELETED_FIELDS[];
/* Those between whose figures are left alone. */
MUST_USE enum result months_deleted(struct ctx *cx, struct month from, struct month to,
                                    struct month_deleted **out, size_t *out_count);

/* A worker's turn: delete months whose time is over. */
struct worker;
MUST_USE enum result call_months_turn(struct worker *worker, struct ctx *cx, bool *out_found);

#endif
