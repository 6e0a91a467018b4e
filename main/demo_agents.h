/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demo world's call centre: numbers and their permissions, sixty agents, and what the letters
 * of the past weeks changed. */
#ifndef DEMO_AGENTS_H
#define DEMO_AGENTS_H

#include "base/ctx.h"

/* After people, accounts and contracts are told; `today` is the story's end. */
MUST_USE enum result demo_agents(struct ctx *cx, struct instant today);

#endif
