/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between the files of this slice. */
#ifndef STANDARD_PRIVATE_H
#define STANDARD_PRIVATE_H

#include "app/standards/standard.h"

MUST_USE enum result division_rule_wrong_state(struct ctx *cx, const struct division_rule *rules);
MUST_USE enum result standard_wrong_state(struct ctx *cx, const struct standard *standard);

/* The actor wrote in the draft: it is not the actor's to approve. */
MUST_USE enum result standard_written(struct ctx *cx, const struct standard *standard);
/* Did the actor write it, or in it? */
bool standard_is_of(const struct ctx *cx, const struct standard *standard);

/* What practice begins with for that service; NULL: we have none. */
const struct standard_item *standard_library(enum service service, size_t *out_count);

#endif
