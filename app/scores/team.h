/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a team came to, for those who lead it (C2.4): of all who had an id on the contract, the same
 * for each of its managers. */
#ifndef TEAM_H
#define TEAM_H

#include "app/scores/measure.h"

extern const struct measure TEAM_MEASURES[];

#endif
