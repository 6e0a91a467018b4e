/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/imports/lookup.h"

#include "base/hash.h"

#include <string.h>

#define BUCKETS ((size_t)1 << 17) /* a megabyte; a million texts make chains of eight */

struct entry {
    struct entry *next;
    uint64_t hash;
    struct slot slot;
    char text[];
};

struct lookup {
    struct arena *arena;
    struct entry **buckets;
};

struct lookup *lookup_new(struct arena *arena)
{
    struct lookup *lookup = ARENA_NEW(arena, struct lookup);
    *lookup = (struct lookup){arena, ARENA_ARRAY(arena, struct entry *, BUCKETS)};
    return lookup;
}

struct slot *lookup_at(struct lookup *lookup, const char *text)
{
    size_t len = strlen(text);
    uint64_t hash = hash_quick(text, len);
    struct entry **bucket = &lookup->buckets[hash % BUCKETS];
    for (struct entry *entry = *bucket; entry; entry = entry->next)
        if (entry->hash == hash && strcmp(entry->text, text) == 0)
            return &entry->slot;
    struct entry *entry = arena_alloc(lookup->arena, sizeof *entry + len + 1);
    entry->next = *bucket;
    entry->hash = hash;
    memcpy(entry->text, text, len);
    *bucket = entry;
    return &entry->slot;
}
