/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef GATE_WEB_H
#define GATE_WEB_H

#include "web/route.h"

extern const struct route GATE_ROUTES[];
extern const struct route CALL_RULE_ROUTES[];

#endif
