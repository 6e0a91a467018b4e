/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How often a number was called in the last seven days. Memory is bounded: a number has its place
 * among the four of its bucket, which are one line of memory, and where they are full the one goes
 * that was called longest ago: of half a million numbers in a week one in two hundred and fifty. */
#include "app/gate/gate_private.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define DAYS 7
#define WAYS 4
#define BUCKETS (UINT64_C(1) << 19)

/* What seals a number is as random as any hash: its lower bits say the bucket, the others stand
 * here above the day of the last call. */
struct tally {
    uint64_t mark_and_day;
    uint8_t counts[DAYS + 1]; /* on that day, and those before it; the last one is not used */
};
#define DAY_BITS 20
struct frequency {
    _Alignas(64) struct tally at[BUCKETS][WAYS];
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
    return frequency->at[(uint64_t)callee_key & (BUCKETS - 1)];
}

static uint64_t mark_and_day(int64_t callee_key, int32_t day)
{
    return (uint64_t)callee_key / BUCKETS << DAY_BITS | (uint64_t)day;
}

static int32_t day_of(const struct tally *tally)
{
    return (int32_t)(tally->mark_and_day & ((1 << DAY_BITS) - 1));
}

void frequency_expect(struct frequency *frequency, int64_t callee_key)
{
    __builtin_prefetch(bucket_of(frequency, callee_key));
}

static struct tally *tally_find(struct frequency *frequency, int64_t callee_key)
{
    struct tally *bucket = bucket_of(frequency, callee_key);
    for (int i = 0; i < WAYS; i++)
        if (bucket[i].mark_and_day == mark_and_day(callee_key, day_of(&bucket[i])))
            return &bucket[i];
    return NULL;
}

/* The day becomes the last one; what is older than a week falls away. */
static void turn_to(struct tally *tally, int32_t day)
{
    const int32_t by = day - day_of(tally);
    if (by <= 0)
        return;
    const size_t kept = by < DAYS ? (size_t)(DAYS - by) : 0;
    memmove(tally->counts + (DAYS - kept), tally->counts, kept);
    memset(tally->counts, 0, DAYS - kept);
    tally->mark_and_day += (uint64_t)by;
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
            if (day_of(&bucket[i]) < day_of(tally))
                tally = &bucket[i];
        *tally = (struct tally){.mark_and_day = mark_and_day(callee_key, day.days)};
    }
    turn_to(tally, day.days);
    /* decisions of another process, or of a start */
    const int32_t back = day_of(tally) - day.days;
    if (back < DAYS && tally->counts[back] < UINT8_MAX)
        tally->counts[back]++;
}
