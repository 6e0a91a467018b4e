/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/table.h"

struct table table_new(struct arena *arena, size_t count)
{
    uint32_t size = 8;
    while (size < 2 * count)
        size *= 2;
    return (struct table){ARENA_ARRAY(arena, uint32_t, size), size - 1};
}

void table_add(struct table *table, uint64_t hash, uint32_t place)
{
    uint32_t at = (uint32_t)hash & table->mask;
    while (table->slots[at])
        at = (at + 1) & table->mask;
    table->slots[at] = place + 1;
}
