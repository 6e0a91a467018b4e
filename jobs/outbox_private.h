/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the parts of the outbox share. */
#ifndef OUTBOX_PRIVATE_H
#define OUTBOX_PRIVATE_H

#include "jobs/outbox.h"

/* INVALID outbox.id when it could not stand in a header. */
MUST_USE enum result outbox_id_check(struct ctx *cx, const struct outgoing *message);

#endif
