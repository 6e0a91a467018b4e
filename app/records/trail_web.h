/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TRAIL_WEB_H
#define TRAIL_WEB_H

#include "app/records/actor.h"
#include "web/route.h"

extern const struct route TRAIL_ROUTES[];
extern const struct right RECORD_RIGHTS[];

#endif
