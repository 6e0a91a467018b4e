/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/gate/callee_list.h"

#include "app/gate/directory.sql.h"
#include "base/hash.h"
#include "base/table.h"
#include "store/db.h"

#include <pthread.h>
#include <string.h>

#define MOST 100000000 /* entries: beyond all reason */
#define ROOM_LEAST 1024

struct listed {
    int64_t id, callee_key, organisation_id;
    int64_t contract_id; /* none: all of them */
    struct date from, to;
    struct instant since; /* when it was put there */
    bool holds;
};
static const struct field LISTED_ROW[] = {
    FIELD(listed, id),          FIELD(listed, callee_key), FIELD(listed, organisation_id),
    FIELD(listed, contract_id), FIELD(listed, from),       FIELD(listed, to),
    FIELD(listed, since),       FIELD(listed, holds),      FIELDS_END,
};

/* Filled up to its room, then a larger one takes its place. */
struct entries {
    struct arena *arena;
    struct listed *at;
    size_t count, room;
    struct table by_callee, by_id;
};

static struct {
    pthread_mutex_t renewing; /* one at a time reads the store */
    pthread_rwlock_t lock;    /* of the entries */
    struct entries entries[CALLEE_LISTS];
    int64_t last_event; /* of the trail, up to which they were read */
    bool is_ready;
} lists = {.renewing = PTHREAD_MUTEX_INITIALIZER, .lock = PTHREAD_RWLOCK_INITIALIZER};

static const struct {
    const struct query *all, *changed;
} QUERIES[CALLEE_LISTS] = {
    [LIST_DO_NOT_CALL] = {&q_do_not_call_all, &q_do_not_call_changed},
    [LIST_CONSENTS] = {&q_consents_all, &q_consents_changed},
};

static uint64_t hash_of(int64_t value)
{
    return hash_quick(&value, sizeof value);
}

/* ---- asking ---- */

static bool applies(const struct listed *entry, int64_t callee_key, int64_t organisation_id,
                    int64_t contract_id, struct instant at)
{
    const struct date day = instant_date(at, SHANGHAI_OFFSET_MIN);
    return entry->holds && entry->since.ms <= at.ms && entry->callee_key == callee_key &&
           entry->organisation_id == organisation_id &&
           (!entry->contract_id || entry->contract_id == contract_id) &&
           entry->from.days <= day.days && (!entry->to.days || day.days <= entry->to.days);
}

bool callee_listed(enum callee_list list, int64_t callee_key, int64_t organisation_id,
                   int64_t contract_id, struct instant at)
{
    bool found = false;
    uint32_t i;
    pthread_rwlock_rdlock(&lists.lock);
    const struct entries *entries = &lists.entries[list];
    if (entries->count)
        for (struct seek seek = table_seek(&entries->by_callee, hash_of(callee_key));
             !found && table_next(&seek, &i);)
            found = applies(&entries->at[i], callee_key, organisation_id, contract_id, at);
    pthread_rwlock_unlock(&lists.lock);
    return found;
}

bool callee_lists_ready(void)
{
    pthread_rwlock_rdlock(&lists.lock);
    const bool is_ready = lists.is_ready;
    pthread_rwlock_unlock(&lists.lock);
    return is_ready;
}

/* ---- taking over ---- */

static struct listed *entry_of(const struct entries *entries, int64_t id)
{
    uint32_t i;
    if (entries->count)
        for (struct seek seek = table_seek(&entries->by_id, hash_of(id)); table_next(&seek, &i);)
            if (entries->at[i].id == id)
                return &entries->at[i];
    return NULL;
}

static void put(struct entries *entries, const struct listed *row)
{
    struct listed *known = entry_of(entries, row->id);
    if (known) { /* its number is never changed */
        *known = *row;
        return;
    }
    const uint32_t place = (uint32_t)entries->count++;
    entries->at[place] = *row;
    table_add(&entries->by_callee, hash_of(row->callee_key), place);
    table_add(&entries->by_id, hash_of(row->id), place);
}

/* A copy with room for `more`, made where nobody waits for it. */
static struct entries larger(const struct entries *entries, size_t more)
{
    struct entries made = {.arena = arena_new(), .room = 2 * (entries->count + more) + ROOM_LEAST};
    made.at = ARENA_ARRAY(made.arena, struct listed, made.room);
    made.by_callee = table_new(made.arena, made.room);
    made.by_id = table_new(made.arena, made.room);
    for (size_t i = 0; i < entries->count; i++)
        put(&made, &entries->at[i]);
    return made;
}

static void take_over(enum callee_list list, const struct listed *rows, size_t count)
{
    struct entries *entries = &lists.entries[list], former = *entries;
    const bool grows = former.count + count > former.room;
    struct entries next = grows ? larger(&former, count) : former;
    pthread_rwlock_wrlock(&lists.lock);
    for (size_t i = 0; i < count; i++)
        put(&next, &rows[i]);
    *entries = next;
    pthread_rwlock_unlock(&lists.lock);
    if (grows && former.arena)
        arena_free(former.arena);
}

static enum result read_list(struct ctx *cx, enum callee_list list)
{
    struct listed *rows;
    size_t count;
    const bool whole = !lists.is_ready;
    const struct query *query = whole ? QUERIES[list].all : QUERIES[list].changed;
    TRY(db_list(cx, query, PARAMS(param_number(whole ? MOST : lists.last_event)), LISTED_ROW,
                sizeof *rows, MOST, &rows, &count));
    if (count)
        take_over(list, rows, count);
    return OK;
}

/* One moment's view of the store: the trail's last entry and the rows belong together. */
static enum result read_lists(struct ctx *cx, void *host)
{
    int64_t *last_event = host;
    TRY(db_int(cx, &q_directory_last, NO_PARAMS, last_event));
    for (int i = 0; i < CALLEE_LISTS; i++)
        TRY(read_list(cx, (enum callee_list)i));
    return OK;
}

enum result callee_lists_renew(struct ctx *cx)
{
    struct arena *before = cx->mem;
    int64_t last_event;
    pthread_mutex_lock(&lists.renewing);
    cx->mem = arena_new();
    enum result result = db_snapshot(cx, read_lists, &last_event);
    arena_free(cx->mem);
    cx->mem = before;
    pthread_rwlock_wrlock(&lists.lock);
    if (result == OK) {
        lists.last_event = last_event;
        lists.is_ready = true;
    }
    pthread_rwlock_unlock(&lists.lock);
    pthread_mutex_unlock(&lists.renewing);
    return result;
}

void callee_lists_forget(void)
{
    pthread_mutex_lock(&lists.renewing);
    pthread_rwlock_wrlock(&lists.lock);
    for (int i = 0; i < CALLEE_LISTS; i++) {
        if (lists.entries[i].arena)
            arena_free(lists.entries[i].arena);
        lists.entries[i] = (struct entries){.arena = NULL};
    }
    lists.is_ready = false;
    pthread_rwlock_unlock(&lists.lock);
    pthread_mutex_unlock(&lists.renewing);
}
