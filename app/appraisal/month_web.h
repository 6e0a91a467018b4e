/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef MONTH_WEB_H
#define MONTH_WEB_H

#include "web/route.h"

extern const struct route MONTH_ROUTES[], SHEET_ROUTES[], REWARD_ROUTES[], MONTH_COMPARE_ROUTES[];

#endif
