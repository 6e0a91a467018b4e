/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/gate/gate_private.h"
#include "base/hash.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct memory {
    struct recent at[RECENT_MOST];
    uint32_t by_call[RECENT_MOST], by_gate[RECENT_MOST]; /* first of a bucket: place + 1 */
    uint32_t next;                                       /* the place of the next one */
};

/* Pages are there once they are used: most call centres never fill it. */
struct memory *memory_new(void)
{
    void *memory = mmap(NULL, sizeof(struct memory), PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        abort();
    return memory;
}

void memory_free(struct memory *memory)
{
    munmap(memory, sizeof *memory);
}

struct call_key call_key(const char *node, const char *call_id)
{
    const size_t node_len = strlen(node) + 1, id_len = strlen(call_id);
    const uint64_t first = hash_quick(node, node_len) ^ hash_quick(call_id, id_len);
    return (struct call_key){first | 1,
                             hash_stable(hash_stable(0, node, node_len), call_id, id_len)};
}

static uint32_t *call_bucket(struct memory *memory, struct call_key key)
{
    return &memory->by_call[(key.first >> 1) & (RECENT_MOST - 1)];
}

static uint32_t *gate_bucket(struct memory *memory, int64_t gate_id)
{
    return &memory->by_gate[hash_quick(&gate_id, sizeof gate_id) & (RECENT_MOST - 1)];
}

struct recent *memory_by_call(struct memory *memory, struct call_key key)
{
    for (uint32_t place = *call_bucket(memory, key); place; place = memory->at[place - 1].next_call)
        if (memory->at[place - 1].key.first == key.first &&
            memory->at[place - 1].key.second == key.second)
            return &memory->at[place - 1];
    return NULL;
}

struct recent *memory_by_gate(struct memory *memory, int64_t gate_id)
{
    for (uint32_t place = *gate_bucket(memory, gate_id); place;
         place = memory->at[place - 1].next_gate)
        if (memory->at[place - 1].gate_id == gate_id)
            return &memory->at[place - 1];
    return NULL;
}

void memory_take_back(struct memory *memory, struct recent *recent)
{
    const uint32_t place = (uint32_t)(recent - memory->at) + 1;
    uint32_t *at = call_bucket(memory, recent->key);
    while (*at && *at != place)
        at = &memory->at[*at - 1].next_call;
    *at = *at ? recent->next_call : 0;
    at = gate_bucket(memory, recent->gate_id);
    while (*at && *at != place)
        at = &memory->at[*at - 1].next_gate;
    *at = *at ? recent->next_gate : 0;
    *recent = (struct recent){.is_open = false};
}

struct recent *memory_add(struct memory *memory, const struct recent *recent)
{
    const uint32_t place = memory->next;
    struct recent *added = &memory->at[place];
    memory->next = (place + 1) & (RECENT_MOST - 1);
    if (added->gate_id)
        memory_take_back(memory, added);
    *added = *recent;
    uint32_t *bucket = call_bucket(memory, added->key);
    added->next_call = *bucket;
    *bucket = place + 1;
    bucket = gate_bucket(memory, added->gate_id);
    added->next_gate = *bucket;
    *bucket = place + 1;
    return added;
}

int32_t memory_open(const struct memory *memory, struct instant now)
{
    int32_t count = 0;
    /* From the newest back to the first place that was never used. */
    for (uint32_t back = 1; back <= RECENT_MOST; back++) {
        const struct recent *recent = &memory->at[(memory->next - back) & (RECENT_MOST - 1)];
        if (!recent->gate_id)
            break;
        count += recent->is_open && recent->at.ms + (int64_t)recent->max_s * 1000 > now.ms;
    }
    return count;
}
