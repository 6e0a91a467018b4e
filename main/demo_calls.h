/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef DEMO_CALLS_H
#define DEMO_CALLS_H

#include "main/world.h"

/* What the sixty agents called since they have their ids, as their call system reported it: so many
 * calls a working day each (config.demo_calls). Into the months, after the rest is committed. */
MUST_USE enum result demo_calls(struct world *world);

#endif
