/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SCHEME_WEB_H
#define SCHEME_WEB_H

#include "web/route.h"

extern const struct route SCHEME_ROUTES[];

#endif
