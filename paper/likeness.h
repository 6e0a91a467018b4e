/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Are two pictures the same to the eye, though their bytes differ? A picture that was saved again,
 * shrunk or made a little brighter keeps its likeness: 64 bits, of which each says whether a spot
 * is brighter than the one right of it (a difference hash of 9 x 8 spots). */
#ifndef LIKENESS_H
#define LIKENESS_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* Of a JPEG or PNG. False for what is neither, is broken or larger than LIKENESS_PIXELS; and for a
 * picture so even that every other even one would look like it (a wall, the dark). */
#define LIKENESS_PIXELS (INT64_C(50) * 1000 * 1000)
bool picture_likeness(struct arena *arena, const void *bytes, size_t len, uint64_t *out);

/* In how many of the 64 spots they differ. Pictures of the same thing, taken one after the other by
 * hand, differ in ten and more. */
#define LIKENESS_SAME 3
int likeness_distance(uint64_t a, uint64_t b);

#endif
