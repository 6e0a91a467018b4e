/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between duty.c, duty_follow.c, duty_clock.c and duty_redate.c. */
#ifndef DUTY_PRIVATE_H
#define DUTY_PRIVATE_H

#include "app/duties/duty.h"
#include "jobs/worker.h"

/* Judge this record, read as the system, by the rule (for a month: "2026-11") and do what follows.
 * `created`: nothing can be owed about it yet. */
MUST_USE enum result duty_look(struct ctx *cx, const struct duty_rule *rule, const void *record,
                               const char *period, bool created);
/* A record of this kind as it is now, in the arena; NULL when it is there no more. */
MUST_USE enum result duty_subject(struct ctx *cx, const struct resource *resource, int64_t id,
                                  void **out);
/* The month of today, "2026-11". */
const char *duty_month(struct ctx *cx);

/* ---- one transaction of the clock ---- */

#define STEPS_MOST 250 /* however fast they are */

/* What one batch tells one owner of one thing is one notice: an import may open thousands. */
struct told {
    const char *kind;
    const struct duty *first;
    uint64_t roles; /* 0: the person who owes it */
    int count;
};
/* When a duty whose days count from then climbs to this rung. */
struct rung {
    int rung;
    struct instant from, at;
};
struct batch {
    struct ctx *cx;
    const struct worker *worker; /* whose time it is; NULL: a test has all of it */
    int steps;
    struct told told[STEPS_MOST];
    int told_count;
    struct rung rung; /* the last one that was asked for */
};
/* One more step belongs into this transaction (the first one always does): it is counted. */
bool batch_has_room(struct batch *batch);
/* A notice to who owes it, when the batch ends: many of one kind become one. `kind` has the words
 * "notice.<kind>" and "notice.<kind>.many". */
void batch_tell(struct batch *batch, const char *kind, const struct duty *duty);

/* Is there a change of the calendar that open duties do not follow yet? */
MUST_USE enum result redating_waits(struct ctx *cx, bool *out);
/* Go on with it. */
MUST_USE enum result take_redating(struct batch *batch);

#endif
