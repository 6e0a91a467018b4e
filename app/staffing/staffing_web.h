/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef STAFFING_WEB_H
#define STAFFING_WEB_H

#include "web/route.h"

extern const struct route TRAINING_ROUTES[];
extern const struct route SUBCONTRACTING_ROUTES[];
extern const struct route REQUIREMENT_ROUTES[];
extern const struct route HEAD_COUNT_ROUTES[];
extern const struct route ROSTER_ROUTES[];
extern const struct route BUSINESS_CHANGE_ROUTES[];

#endif
