/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sound for the demo world's recordings: nobody's voice. Two speakers, the agent on the left
 * channel and who was called on the right, take turns in syllables that mean nothing, with pauses.
 */
#ifndef DEMO_SOUND_H
#define DEMO_SOUND_H

#include "base/arena.h"

#include <stdint.h>

/* A WAV of so many seconds; the same `luck` makes the same sound. */
const void *demo_sound(struct arena *arena, int seconds, uint64_t luck, size_t *out_len);

#endif
