/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demo world's recordings and quality reviews: calls of one weekend, drawn, listened to and
 * judged, with an appeal in every state. After demo_calls, as calls come first. */
#ifndef DEMO_REVIEWS_H
#define DEMO_REVIEWS_H

#include "main/world.h"

/* False says why on standard error. */
bool demo_reviews(struct world *world);

#endif
