/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A table by texts, kept in memory while a file is read. */
#ifndef IMPORTS_LOOKUP_H
#define IMPORTS_LOOKUP_H

#include "base/arena.h"

#include <stdint.h>

struct lookup;
struct slot { /* zeroed when the text is met for the first time */
    int64_t number;
    void *thing;
};

/* In an arena of its own that lives as long as the table is needed. */
struct lookup *lookup_new(struct arena *arena);
/* What stands under the text, which is entered when it is not there yet. */
struct slot *lookup_at(struct lookup *lookup, const char *text);

#endif
