/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How often a number was called in the last seven days. Memory is bounded: a number has its place
 * among the eight of its bucket, and where they are full the one goes that was called longest ago.
 * Two million numbers in a week are remembered; who calls more forgets the oldest of them. */
#include "app/gate/gate_private.h"
#include "base/hash.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define DAYS 7
#define WAYS 8
#define BUCKETS (UINT32_C(1) << 18)

struct tally {
    int64_t callee_key;   /* 0: free */
    int32_t day;          /* of the last call */
    uint8_t counts[DAYS]; /* on that day, and those before it */
};
struct frequency {
    struct tally at[BUCKETS][WAYS];
};

/* Pages are there once they are used. */
struct frequency *frequency_new(void)
{
    void *frequency = mmap(NULL, sizeof(struct frequency), PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (frequency == MAP_FAILED)
        abort();
    return frequency;
}

void frequency_free(struct frequency *frequency)
{
    munmap(frequency, sizeof *frequency);
}

static struct tally *bucket_of(struct frequency *frequency, int64_t callee_key)
{
    return frequency->at[hash_quick(&callee_key, sizeof callee_key) & (BUCKETS - 1)];
}

void frequency_expect(struct frequency *frequency, int64_t callee_key)
{
    const char *bucket = (const char *)bucket_of(frequency, callee_key);
    for (size_t at = 0; at < sizeof frequency->at[0]; at += 64)
        __builtin_prefetch(bucket + at);
}

static struct tally *tally_find(struct frequency *frequency, int64_t callee_key)
{
    struct tally *bucket = bucket_of(frequency, callee_key);
    for (int i = 0; i < WAYS; i++)
        if (bucket[i].callee_key == callee_key)
            return &bucket[i];
    return NULL;
}

/* The day becomes the last one; what is older than a week falls away. */
static void turn_to(struct tally *tally, int32_t day)
{
    const int32_t by = day - tally->day;
    if (by <= 0)
        return;
    const size_t kept = by < DAYS ? (size_t)(DAYS - by) : 0;
    memmove(tally->counts + (DAYS - kept), tally->counts, kept);
    memset(tally->counts, 0, DAYS - kept);
    tally->day = day;
}

bool frequency_permits(struct frequency *frequency, int64_t callee_key, struct date day,
                       int32_t per_day, int32_t per_week)
{
    struct tally *tally = tally_find(frequency, callee_key);
    int32_t week = 0;
    if (!tally)
        return true;
    turn_to(tally, day.days);
    for (int i = 0; i < DAYS; i++)
        week += tally->counts[i];
    return (!per_day || tally->counts[0] < per_day) && (!per_week || week < per_week);
}

void frequency_count(struct frequency *frequency, int64_t callee_key, struct date day)
{
    struct tally *tally = tally_find(frequency, callee_key);
    if (!tally) {
        struct tally *bucket = bucket_of(frequency, callee_key);
        tally = bucket;
        for (int i = 1; i < WAYS; i++)
            if (bucket[i].day < tally->day)
                tally = &bucket[i];
        *tally = (struct tally){.callee_key = callee_key, .day = day.days};
    }
    turn_to(tally, day.days);
    const int32_t back = tally->day - day.days; /* decisions of another process, or of a start */
    if (back < DAYS && tally->counts[back] < UINT8_MAX)
        tally->counts[back]++;
}
