/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which call a uid was given to, of the quarter to half a million records that this process took
 * last: a record that comes again with another start is no second call. It only ever hints; the
 * month is asked. Two generations, as the gate's memory has them. */
#include "app/calls/call_private.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define GENERATION (UINT32_C(1) << 18)
#define SLOTS (GENERATION * 2)

struct given {
    uint64_t hash;
    int64_t id; /* 0: nothing is here */
};

static struct {
    pthread_mutex_t lock; /* of all that follows */
    struct given *generations[2];
    uint32_t young, count;
} uids = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* Pages are there once they are used. */
static struct given *generation_new(void)
{
    void *memory = mmap(NULL, SLOTS * sizeof(struct given), PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        abort();
    (void)madvise(memory, SLOTS * sizeof(struct given), MADV_HUGEPAGE);
    return memory;
}

void uids_forget(void)
{
    pthread_mutex_lock(&uids.lock);
    for (int i = 0; i < 2; i++) {
        if (uids.generations[i])
            munmap(uids.generations[i], SLOTS * sizeof(struct given));
        uids.generations[i] = generation_new();
    }
    uids.young = uids.count = 0;
    pthread_mutex_unlock(&uids.lock);
}

/* Where it is, or would be. */
static struct given *slot_of(struct given *generation, uint64_t hash)
{
    uint64_t at = hash;
    while (generation[at % SLOTS].id && generation[at % SLOTS].hash != hash)
        at++;
    return &generation[at % SLOTS];
}

void uid_expect(uint64_t uid_hash)
{
    for (int i = 0; i < 2; i++)
        __builtin_prefetch(&uids.generations[i][uid_hash % SLOTS]);
}

void uids_lock(void)
{
    pthread_mutex_lock(&uids.lock);
}

void uids_unlock(void)
{
    pthread_mutex_unlock(&uids.lock);
}

int64_t uid_remember(uint64_t uid_hash, int64_t id)
{
    struct given *slot = slot_of(uids.generations[uids.young], uid_hash);
    const int64_t known =
        slot->id ? slot->id : slot_of(uids.generations[uids.young ^ 1], uid_hash)->id;
    if (!slot->id && uids.count == GENERATION) {
        uids.young ^= 1;
        uids.count = 0;
        memset(uids.generations[uids.young], 0, SLOTS * sizeof *slot);
        slot = slot_of(uids.generations[uids.young], uid_hash);
    }
    uids.count += !slot->id;
    *slot = (struct given){uid_hash, id};
    return known;
}
