/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef CALL_WEB_H
#define CALL_WEB_H

#include "web/route.h"

extern const struct route CALL_ROUTES[];

#endif
