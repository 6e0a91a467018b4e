/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef DASHBOARD_WEB_H
#define DASHBOARD_WEB_H

#include "app/dashboard/dashboard.h"
#include "web/request.h"

extern const struct route DASHBOARD_ROUTES[];

#endif
