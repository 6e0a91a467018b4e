/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PARTIES_WEB_H
#define PARTIES_WEB_H

#include "web/route.h"

extern const struct route PARTIES_ROUTES[];

#endif
