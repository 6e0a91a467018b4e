/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between duty.c, duty_follow.c and duty_clock.c. */
#ifndef DUTY_PRIVATE_H
#define DUTY_PRIVATE_H

#include "app/duties/duty.h"

/* Judge this record, read as the system, by the rule (for a month: "2026-11") and do what follows.
 * `created`: nothing can be owed about it yet. */
MUST_USE enum result duty_look(struct ctx *cx, const struct duty_rule *rule, const void *record,
                               const char *period, bool created);
/* The month of today, "2026-11". */
const char *duty_month(struct ctx *cx);

#endif
