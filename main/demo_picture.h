/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef DEMO_PICTURE_H
#define DEMO_PICTURE_H

#include "base/arena.h"

/* A photo as somebody takes it of a floor: a JPEG, another one for each `kind`. */
const void *demo_picture(struct arena *arena, int kind, size_t *out_len);

#endif
