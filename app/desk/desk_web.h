/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef DESK_WEB_H
#define DESK_WEB_H

#include "web/route.h"

extern const struct route DESK_ROUTES[], ISSUE_LINK_ROUTES[], REPORT_ROUTES[];

#endif
