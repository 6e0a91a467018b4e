/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef CALL_MEASURES_H
#define CALL_MEASURES_H

#include "app/scores/measure.h"

extern const struct measure CALL_MEASURES[];

#endif
