/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef ATTENDANCE_WEB_H
#define ATTENDANCE_WEB_H

#include "web/route.h"

extern const struct route SHIFT_ROUTES[], ATTENDANCE_ROUTES[], ASKED_ROUTES[];

#endif
