/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A hash table that is filled once and then only read: from a hash to the places of items in an
 * array that its owner has. The owner compares, as only it knows the keys:
 *
 *     for (struct seek seek = table_seek(&table, hash); table_next(&seek, &i);)
 *         if (strcmp(items[i].name, name) == 0) …
 */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

struct table {
    uint32_t *slots; /* place + 1; 0: free */
    uint32_t mask;
};

/* For at most `count` items; half of the slots or more stay free. */
struct table table_new(struct arena *arena, size_t count);
void table_add(struct table *table, uint64_t hash, uint32_t place);

struct seek {
    const struct table *table;
    uint32_t at;
};
static inline struct seek table_seek(const struct table *table, uint64_t hash)
{
    return (struct seek){table, (uint32_t)hash & table->mask};
}
/* The next place that may be the one; false when there is none. */
static inline bool table_next(struct seek *seek, uint32_t *out)
{
    const uint32_t slot = seek->table->slots[seek->at];
    if (!slot)
        return false;
    *out = slot - 1;
    seek->at = (seek->at + 1) & seek->table->mask;
    return true;
}

#endif
