/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef HOME_WEB_H
#define HOME_WEB_H

#include "web/route.h"

extern const struct route HOME_ROUTES[];

#endif
