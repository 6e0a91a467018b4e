/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef AREA_WEB_H
#define AREA_WEB_H

#include "web/route.h"

extern const struct route AREA_ROUTES[], AREA_PUBLICATION_ROUTES[];

#endif
