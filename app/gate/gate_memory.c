/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The latest decisions, in two generations: new ones are added to the young one, and when it is
 * full it becomes the old one, whose places and table are taken for the next. So nothing is ever
 * taken out by itself, and what a decision touches is a few lines of memory. */
#include "app/gate/gate_private.h"
#include "base/hash.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Of an open-addressing table; each decision stands in it under its call and under its id. */
struct slot {
    uint32_t mark;  /* the upper half of the key */
    uint32_t place; /* in its generation, + 1; 0: free */
};
#define SLOTS (GENERATION * 4)
#define REPEATED_MS INT64_C(120000) /* within which a question that comes again is the same */

struct generation {
    struct recent at[GENERATION];
    int64_t open_until[GENERATION]; /* ms, when a call is over at the latest; 0: it is over */
    struct slot slots[SLOTS];
    uint32_t count;
};
struct memory {
    struct generation generations[2];
    uint32_t young; /* which of them */
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

/* With the number, so that those of a node that calls every call the same are told apart at once.
 */
struct call_key call_key(const char *node, const char *call_id, int64_t callee_key)
{
    const size_t node_len = strlen(node) + 1, id_len = strlen(call_id);
    return (struct call_key){hash_quick(node, node_len) ^ hash_quick(call_id, id_len) ^
                                 hash_quick(&callee_key, sizeof callee_key),
                             hash_stable(hash_stable(0, node, node_len), call_id, id_len)};
}

static uint64_t gate_key(int64_t gate_id)
{
    return hash_quick(&gate_id, sizeof gate_id);
}

static struct slot *slot_of(struct generation *generation, uint64_t key, uint32_t further)
{
    return &generation->slots[((uint32_t)key + further) & (SLOTS - 1)];
}

/* The next one that may stand under the key, from *further on; NULL: there is none. */
static struct recent *next_under(struct generation *generation, uint64_t key, uint32_t *further)
{
    for (struct slot *slot; (slot = slot_of(generation, key, *further))->place;) {
        ++*further;
        if (slot->mark == (uint32_t)(key >> 32))
            return &generation->at[slot->place - 1];
    }
    return NULL;
}

int64_t recent_agent(const struct recent *recent)
{
    return recent->bound_id ? recent->bound_id : recent->agent_id;
}

bool recent_is_for(const struct recent *recent, int64_t asker)
{
    return !asker || recent->provider_id == asker;
}

/* Whoever hears a decision again may ask about nothing but what was decided. */
static bool is_same_question(const struct recent *one, const struct recent *asked, bool any_caller)
{
    return one->key.first == asked->key.first && one->key.second == asked->key.second &&
           one->callee_key == asked->callee_key && one->contract_id == asked->contract_id &&
           one->agent_id == asked->agent_id && one->mode == asked->mode &&
           (any_caller || one->number_id == asked->number_id) &&
           asked->at.ms - one->at.ms <= REPEATED_MS;
}

struct recent *memory_repeated(struct memory *memory, const struct recent *asked, bool any_caller,
                               int64_t asker)
{
    for (uint32_t age = 0; age < 2; age++) {
        struct generation *generation = &memory->generations[memory->young ^ age];
        uint32_t further = 0;
        for (struct recent *one; (one = next_under(generation, asked->key.first, &further));)
            if (is_same_question(one, asked, any_caller) && recent_is_for(one, asker) &&
                (one->reason != ALLOWED || memory_is_open(memory, one, asked->at)))
                return one;
    }
    return NULL;
}

struct recent *memory_by_gate(struct memory *memory, int64_t gate_id)
{
    for (uint32_t age = 0; age < 2; age++) {
        struct generation *generation = &memory->generations[memory->young ^ age];
        uint32_t further = 0;
        for (struct recent *one;
             (one = next_under(generation, gate_key(gate_id), &further)) != NULL;)
            if (one->gate_id == gate_id)
                return one;
    }
    return NULL;
}

/* Reading ahead what a decision will need while it is judged; both generations, as without the lock
 * nobody knows which of them is young. */
void memory_expect(struct memory *memory, struct call_key key)
{
    for (uint32_t i = 0; i < 2; i++)
        __builtin_prefetch(slot_of(&memory->generations[i], key.first, 0));
}

static void put_under(struct generation *generation, uint64_t key, uint32_t place)
{
    uint32_t further = 0;
    while (slot_of(generation, key, further)->place)
        further++;
    *slot_of(generation, key, further) = (struct slot){(uint32_t)(key >> 32), place + 1};
}

struct recent *memory_add(struct memory *memory, const struct recent *recent)
{
    struct generation *generation = &memory->generations[memory->young];
    if (generation->count == GENERATION) {
        memory->young ^= 1;
        generation = &memory->generations[memory->young];
        memset(generation->slots, 0, sizeof generation->slots);
        generation->count = 0;
    }
    const uint32_t place = generation->count++;
    generation->at[place] = *recent;
    generation->open_until[place] =
        recent->reason == ALLOWED ? recent->at.ms + (int64_t)recent->max_s * 1000 : 0;
    put_under(generation, recent->key.first, place);
    put_under(generation, gate_key(recent->gate_id), place);
    return &generation->at[place];
}

static int64_t *open_until_of(struct memory *memory, const struct recent *recent)
{
    const bool is_first =
        recent >= memory->generations[0].at && recent < memory->generations[0].at + GENERATION;
    struct generation *generation = &memory->generations[is_first ? 0 : 1];
    return &generation->open_until[recent - generation->at];
}

void memory_close(struct memory *memory, const struct recent *recent)
{
    *open_until_of(memory, recent) = 0;
}

bool memory_is_open(struct memory *memory, const struct recent *recent, struct instant now)
{
    return *open_until_of(memory, recent) > now.ms;
}

bool view_has(const struct gate_view *view, int64_t contract_id, int64_t provider_id)
{
    if (!view || (!contract_id && provider_id && provider_id == view->provider_id))
        return true;
    for (size_t i = 0; contract_id && i < view->count; i++)
        if (view->contract_ids[i] == contract_id)
            return true;
    return false;
}

int32_t memory_open(const struct memory *memory, struct instant now, const struct gate_view *view,
                    struct open_call *longest, int32_t most)
{
    int32_t count = 0;
    for (uint32_t i = 1; i <= 2; i++) { /* the older ones first */
        const struct generation *generation = &memory->generations[(memory->young + i) & 1];
        for (uint32_t k = 0; k < generation->count; k++) {
            const struct recent *at = &generation->at[k];
            if (generation->open_until[k] <= now.ms ||
                !view_has(view, at->contract_id, at->provider_id))
                continue;
            if (count < most) {
                longest[count] = (struct open_call){.since = at->at,
                                                    .contract_id = at->contract_id,
                                                    .number_id = at->number_id,
                                                    .agent_id = recent_agent(at),
                                                    .callee_key = at->callee_key,
                                                    .callee_code = at->callee_code};
            }
            count++;
        }
    }
    return count;
}
