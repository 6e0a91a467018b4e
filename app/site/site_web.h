/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SITE_WEB_H
#define SITE_WEB_H

#include "app/site/site.h"
#include "web/route.h"

extern const struct route CONDUCT_ROUTES[], PATROL_ROUTES[], UNDERTAKING_ROUTES[], LEAK_ROUTES[];

#endif
