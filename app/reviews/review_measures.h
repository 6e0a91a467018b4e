/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef REVIEW_MEASURES_H
#define REVIEW_MEASURES_H

#include "app/scores/measure.h"

extern const struct measure REVIEW_MEASURES[];

#endif
