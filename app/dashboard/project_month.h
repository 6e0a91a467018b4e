/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What supervision came to, summed by project and month (V3.1, V5.1.3), so that a page over a
 * thousand projects reads some thousand rows instead of millions of inspection items.
 *
 * Each record that counts is counted by one function, which says what it adds. Whenever a record is
 * written, what it counted for before is taken off the sums and what it counts for now is put on
 * them, in the same transaction (project_months_follow). So the sums are those of a recount, which
 * `luyue verify` makes. */
#ifndef PROJECT_MONTH_H
#define PROJECT_MONTH_H

#include "app/scores/scheme.h"

struct project_month {
    int64_t unit_id;
    struct month month;
    int32_t planned, done, done_late, missed; /* tasks; those done late count under done, too */
    int32_t inspected, passed, failed;        /* inspections; their items */
    int32_t rectifications, rectified, rectified_late, repeated; /* of the month of issue */
    int32_t evaluated;                                           /* contracts, final */
    struct points total;                                         /* the sum of their totals */
    int32_t excellent, good, pass, fail;
    int32_t settled; /* statements that finance approved */
    struct money fee_fen, deducted_fen;
    int32_t head_counts, required, shortfall, strangers;
    int32_t cases, confirmed; /* of subcontracting: not dismissed */
    int32_t findings;         /* of the audit centre */
};
extern const struct field PROJECT_MONTH_FIELDS[];

/* What is kept beside the records is brought up to date with the one that was just written: for
 * records_follow. */
struct resource;
MUST_USE enum result project_months_follow(struct ctx *cx, const struct resource *resource,
                                           const void *before, const void *after);
/* A job: counts everything once more where that is asked for (table recounts): after an upgrade. */
MUST_USE enum result project_months_sweep(struct ctx *cx);
/* Counts everything once more, and compares. *out_count: how many sums are right; *out_broken: the
 * project of the first one that is not (0: none), and of what. */
MUST_USE enum result project_months_verify(struct ctx *cx, int64_t *out_count, int64_t *out_broken,
                                           const char **out_what);

/* The sums of what the actor sees, month by month from `first` to `last` (unit_id is 0); months
 * without anything are zero. */
#define MONTHS_MOST 36
MUST_USE enum result project_months_summed(struct ctx *cx, struct month first, struct month last,
                                           struct project_month *out);

#endif
