/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/calls/call_hours.h"

#include "app/calls/call.sql.h"
#include "jobs/worker.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* An entry is the key's lower bits above the place within the hour. */
#define PLACE_BITS 35
#define KEY_BITS 29
#define KEY_MASK ((INT64_C(1) << KEY_BITS) - 1)
#define PLACE_MASK ((UINT64_C(1) << PLACE_BITS) - 1)
/* Entries stand in the database as in memory. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "as on every machine that we run on");
_Static_assert(HOUR_IDS <= INT64_C(1) << PLACE_BITS, "a place fits");

#define PIECE_ENTRIES 480 /* fill a page of SQLite */
#define QUIET_MS INT64_C(10000)

static const struct field HOUR_FIELDS[] = {FIELD(call_hour, id), FIELD(call_hour, touched),
                                           FIELD(call_hour, sorted), FIELDS_END};

static int64_t piece_id(int64_t hour, enum hour_key kind, int64_t key)
{
    return ((hour << 1 | (int64_t)kind) << KEY_BITS) | key;
}

/* ---- that calls came ---- */

#define HOURS_AT_ONCE 24

/* Months, by their number, in which hours may be waiting to be sorted; after a start all. */
#define MONTHS_KNOWN 4096
static atomic_bool is_quiet[MONTHS_KNOWN];

static atomic_bool *quiet_month(struct month month)
{
    return &is_quiet[month.months % MONTHS_KNOWN];
}

/* Not before the commit: the worker would look, see nothing, and take it for quiet. */
void hours_wake(struct month month)
{
    atomic_store(quiet_month(month), false);
}

enum result hours_touch(struct ctx *cx, const struct call_batch *batch)
{
    struct param params[HOURS_AT_ONCE * 2];
    size_t count = 0;
    int64_t before = -1;
    for (size_t i = 0; i < batch->count; i++) {
        const int64_t hour = batch->rows[i].id / HOUR_IDS;
        if ((!batch->rows[i].is_new && !batch->rows[i].before) || hour == before)
            continue;
        if (count == HOURS_AT_ONCE) {
            TRY(db_change_rows(cx, &q_hours_touch, params, 2, count, NULL));
            count = 0;
        }
        params[2 * count] = param_number(hour);
        params[2 * count++ + 1] = param_instant(cx->now);
        before = hour;
    }
    return db_change_rows(cx, &q_hours_touch, params, 2, count, NULL);
}

/* ---- sorting ---- */

struct sorting {
    struct arena *mem;
    int64_t first;        /* id of the hour */
    uint64_t *entries[2]; /* by hour_key */
    uint64_t *other;      /* as long as either */
    size_t count, room;
};

/* A call: its id, its agent, the key of the number called. */
static void gather(void *host, const int64_t *numbers)
{
    struct sorting *sorting = host;
    const uint64_t place = (uint64_t)(numbers[0] - sorting->first);
    if (sorting->count == sorting->room) {
        sorting->room = sorting->room ? 2 * sorting->room : 4096;
        for (int i = 0; i < 2; i++) {
            uint64_t *more = ARENA_ARRAY(sorting->mem, uint64_t, sorting->room);
            if (sorting->count)
                memcpy(more, sorting->entries[i], sorting->count * sizeof *more);
            sorting->entries[i] = more;
        }
    }
    for (int i = 0; i < 2; i++)
        sorting->entries[i][sorting->count] =
            (uint64_t)(numbers[1 + i] & KEY_MASK) << PLACE_BITS | place;
    sorting->count++;
}

/* By digits of the key from the lowest on: they are sorted by place already. */
static void sort_by_key(struct sorting *sorting, enum hour_key kind)
{
    enum { DIGIT_BITS = 10, DIGITS = 3, VALUES = 1 << DIGIT_BITS };
    for (int digit = 0; digit < DIGITS; digit++) {
        const int shift = PLACE_BITS + digit * DIGIT_BITS;
        size_t starts[VALUES + 1] = {0};
        uint64_t *from = sorting->entries[kind], *to = sorting->other;
        for (size_t i = 0; i < sorting->count; i++)
            starts[(from[i] >> shift) % VALUES + 1]++;
        for (int i = 0; i < VALUES; i++)
            starts[i + 1] += starts[i];
        for (size_t i = 0; i < sorting->count; i++)
            to[starts[(from[i] >> shift) % VALUES]++] = from[i];
        sorting->entries[kind] = to;
        sorting->other = from;
    }
}

/* A piece ends where a key does, so that the first keys of pieces differ. */
static size_t piece_end(const uint64_t *entries, size_t from, size_t count)
{
    size_t end = from + PIECE_ENTRIES < count ? from + PIECE_ENTRIES : count;
    while (end < count && entries[end] >> PLACE_BITS == entries[end - 1] >> PLACE_BITS)
        end++;
    return end;
}

static enum result put_pieces(struct ctx *cx, int64_t hour, enum hour_key kind,
                              const uint64_t *entries, size_t count)
{
    for (size_t from = 0, end; from < count; from = end) {
        end = piece_end(entries, from, count);
        TRY(db_change(
            cx, &q_places_add,
            PARAMS(param_number(piece_id(hour, kind, (int64_t)(entries[from] >> PLACE_BITS))),
                   param_blob(entries + from, (end - from) * sizeof *entries)),
            NULL));
    }
    return OK;
}

static enum result sort_here(struct ctx *cx, int64_t hour, struct arena *mem)
{
    struct sorting sorting = {.mem = mem, .first = hour * HOUR_IDS};
    TRY(db_each_numbers(cx, &q_hour_calls,
                        PARAMS(param_number(sorting.first), param_number(sorting.first + HOUR_IDS)),
                        gather, &sorting));
    TRY(db_change(cx, &q_places_drop,
                  PARAMS(param_number(piece_id(hour, BY_AGENT_ID, 0)),
                         param_number(piece_id(hour + 1, BY_AGENT_ID, 0))),
                  NULL));
    sorting.other = ARENA_ARRAY(mem, uint64_t, sorting.room + 1);
    for (enum hour_key kind = BY_AGENT_ID; kind <= BY_CALLEE_KEY; kind++) {
        sort_by_key(&sorting, kind);
        TRY(put_pieces(cx, hour, kind, sorting.entries[kind], sorting.count));
    }
    return db_change_one(cx, &q_hour_sorted, PARAMS(param_number(hour)));
}

enum result hour_sort(struct ctx *cx, int64_t hour)
{
    struct arena *mem = arena_new();
    const enum result result = sort_here(cx, hour, mem);
    arena_free(mem);
    return result;
}

/* ---- finding ---- */

enum result hours_between(struct ctx *cx, int64_t from, int64_t to, struct call_hour **out,
                          size_t *out_count)
{
    enum { HOURS_MOST = 800 }; /* of a month */
    return db_list(cx, &q_hours_all,
                   PARAMS(param_number(from / HOUR_IDS), param_number(to / HOUR_IDS)), HOUR_FIELDS,
                   sizeof **out, HOURS_MOST, out, out_count);
}

struct found {
    int64_t first, from, to; /* ids */
    int64_t *ids;
    size_t count, room;
};

static void keep(struct ctx *cx, struct found *found, uint64_t entry)
{
    const int64_t id = found->first + (int64_t)(entry & PLACE_MASK);
    if (id < found->from || id > found->to)
        return;
    if (found->count == found->room) {
        found->room = found->room ? 2 * found->room : 64;
        int64_t *more = ARENA_ARRAY(cx->mem, int64_t, found->room);
        if (found->count)
            memcpy(more, found->ids, found->count * sizeof *more);
        found->ids = more;
    }
    found->ids[found->count++] = id;
}

static uint64_t entry_at(const void *piece, size_t n)
{
    uint64_t entry;
    memcpy(&entry, (const char *)piece + n * sizeof entry, sizeof entry);
    return entry;
}

static int64_t entry_key(uint64_t entry)
{
    return (int64_t)(entry >> PLACE_BITS);
}

static enum result find_key(struct ctx *cx, int64_t hour, enum hour_key kind, int64_t key,
                            struct found *found)
{
    const void *piece;
    size_t len;
    enum result there = db_blob(
        cx, &q_places_at,
        PARAMS(param_number(piece_id(hour, kind, 0)), param_number(piece_id(hour, kind, key))),
        &piece, &len);
    if (there != OK)
        return there == NOT_FOUND ? OK : there;
    size_t low = 0, high = len / sizeof(uint64_t);
    const size_t count = high;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (entry_key(entry_at(piece, middle)) < key)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < count && entry_key(entry_at(piece, low)) == key; low++)
        keep(cx, found, entry_at(piece, low));
    return OK;
}

static int newest_first(const void *a, const void *b)
{
    const int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left < right) - (left > right);
}

enum result hour_find(struct ctx *cx, int64_t hour, enum hour_key kind, const int64_t *keys,
                      size_t key_count, int64_t from, int64_t to, int64_t **out_ids,
                      size_t *out_count)
{
    struct found found = {.first = hour * HOUR_IDS, .from = from, .to = to};
    for (size_t i = 0; i < key_count; i++)
        TRY(find_key(cx, hour, kind, keys[i] & KEY_MASK, &found));
    if (found.count)
        qsort(found.ids, found.count, sizeof *found.ids, newest_first);
    *out_ids = found.ids;
    *out_count = found.count;
    return OK;
}

/* ---- the worker ---- */

struct waiting_hours {
    struct call_hour *hours;
    size_t count;
};

static enum result read_waiting(struct ctx *cx, void *host)
{
    struct waiting_hours *waiting = host;
    enum { HOURS_MOST = 800 };
    return db_list(cx, &q_hours_unsorted, NO_PARAMS, HOUR_FIELDS, sizeof *waiting->hours,
                   HOURS_MOST, &waiting->hours, &waiting->count);
}

struct sorting_hour {
    const struct ctx *asked;
    int64_t hour;
};

static enum result sort_run(struct db *db, void *host)
{
    const struct sorting_hour *sorting = host;
    struct ctx cx = *sorting->asked;
    cx.db = db;
    cx.pending = NULL;
    return hour_sort(&cx, sorting->hour);
}

static enum result sort_hour(struct ctx *cx, struct month month, int64_t hour)
{
    struct sorting_hour sorting = {.asked = cx, .hour = hour};
    struct store *store;
    TRY(months_store(cx, calls_months(), month, false, &store));
    const enum result result = store_write_now(store, sort_run, &sorting);
    months_release(calls_months(), store);
    return result;
}

static bool is_ripe(const struct ctx *cx, const struct call_hour *hour)
{
    const int64_t end = call_instant((hour->id + 1) * HOUR_IDS).ms;
    return end <= cx->now.ms && hour->touched.ms + QUIET_MS <= cx->now.ms;
}

static enum result sort_waiting(struct worker *worker, struct ctx *cx, struct month month,
                                bool *out_found, size_t *out_left)
{
    struct waiting_hours waiting = {.count = 0};
    TRY(months_read(cx, calls_months(), month, read_waiting, &waiting));
    *out_left = waiting.count;
    for (size_t i = 0; i < waiting.count && !worker_stopping(worker); i++) {
        if (!is_ripe(cx, &waiting.hours[i]))
            continue;
        TRY(sort_hour(cx, month, waiting.hours[i].id));
        *out_found = true;
        (*out_left)--;
    }
    return OK;
}

/* What comes meanwhile wakes it again. */
static enum result sort_month(struct worker *worker, struct ctx *cx, struct month month,
                              bool *out_found)
{
    size_t left = 0;
    atomic_store(quiet_month(month), true);
    const enum result result = sort_waiting(worker, cx, month, out_found, &left);
    if (result != OK || left)
        atomic_store(quiet_month(month), false);
    return result;
}

enum result call_hours_turn(struct worker *worker, struct ctx *cx, bool *out_found)
{
    const struct month *months;
    size_t count;
    TRY(months_list(cx, calls_months(), &months, &count));
    for (size_t i = 0; i < count && !worker_stopping(worker); i++)
        if (!atomic_load(quiet_month(months[i])))
            TRY(sort_month(worker, cx, months[i], out_found));
    return OK;
}
