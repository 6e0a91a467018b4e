/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TRAINING_WEB_H
#define TRAINING_WEB_H

#include "web/route.h"

extern const struct route TRAINING_ROUTES[];

#endif
