/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between the files of this slice. */
#ifndef STANDARD_PRIVATE_H
#define STANDARD_PRIVATE_H

#include "app/standards/standard.h"

MUST_USE enum result division_rule_wrong_state(struct ctx *cx, const struct division_rule *rules);
MUST_USE enum result standard_wrong_state(struct ctx *cx, const struct standard *standard);

#endif
