/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A table from texts to numbers, kept in memory while a file is read. */
#ifndef IMPORTS_LOOKUP_H
#define IMPORTS_LOOKUP_H

#include "base/arena.h"

#include <stdint.h>

struct lookup;

/* In an arena of its own that lives as long as the table is needed. */
struct lookup *lookup_new(struct arena *arena);
/* What stands under the text: entered with 0 when it is not there yet. */
int64_t *lookup_at(struct lookup *lookup, const char *text);

#endif
