/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/months.h"

#include "store/db_private.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define OPEN_MOST 64
#define NAME_MOST 64

/* Looking for the parts takes a connection: what others made is seen within a second. */
#define LISTED_MS 1000

/* A connection to PostgreSQL is a process there; a file that is open costs little. */
static const size_t KEPT_OPEN[ENGINE_COUNT] = {[ENGINE_SQLITE] = 36, [ENGINE_POSTGRES] = 4};

struct open_month {
    struct month month;
    struct store *store;
    int users;
    uint64_t last_use;
};

struct months {
    struct store *main;
    char name[NAME_MOST];
    const struct migration *all;
    size_t count;
    pthread_mutex_t lock; /* of what follows */
    struct open_month open[OPEN_MOST];
    size_t open_count;
    uint64_t uses;
    struct month *listed; /* newest first, as of then; NULL: they are to be looked for */
    size_t listed_count;
    int64_t listed_ms;
};

struct months *months_open(struct store *main, const char *name, const struct migration *all,
                           size_t count)
{
    struct months *months = calloc(1, sizeof *months);
    if (!months)
        abort();
    months->main = main;
    snprintf(months->name, sizeof months->name, "%s_", name);
    months->all = all;
    months->count = count;
    pthread_mutex_init(&months->lock, NULL);
    return months;
}

void months_close(struct months *months)
{
    for (size_t i = 0; i < months->open_count; i++)
        store_close(months->open[i].store);
    pthread_mutex_destroy(&months->lock);
    free(months->listed);
    free(months);
}

/* ---- names ---- */

const char *months_part(struct ctx *cx, const struct months *months, struct month month)
{
    char text[MONTH_MAX_TEXT];
    month_format(month, text);
    text[4] = '_';
    return arena_printf(cx->mem, "%s%s", months->name, text);
}

static bool name_month(const struct months *months, const char *name, struct month *out)
{
    char text[MONTH_MAX_TEXT];
    snprintf(text, sizeof text, "%s", name + strlen(months->name));
    if (text[4] == '_')
        text[4] = '-';
    return month_parse(text, out);
}

/* ---- those that are open ---- */

static struct open_month *find(struct months *months, struct month month)
{
    for (size_t i = 0; i < months->open_count; i++)
        if (months->open[i].month.months == month.months)
            return &months->open[i];
    return NULL;
}

static void close_one(struct months *months, struct open_month *one)
{
    store_close(one->store);
    *one = months->open[--months->open_count];
}

static void forget_list(struct months *months)
{
    free(months->listed);
    months->listed = NULL;
}

/* Room for one more: the one that nobody has used for the longest time goes. */
static bool make_room(struct months *months)
{
    struct open_month *oldest = NULL;
    if (months->open_count < KEPT_OPEN[store_engine(months->main)])
        return true;
    for (size_t i = 0; i < months->open_count; i++) {
        struct open_month *one = &months->open[i];
        if (one->users == 0 && (!oldest || one->last_use < oldest->last_use))
            oldest = one;
    }
    /* In memory it would be gone. */
    if (oldest && !store_in_memory(months->main))
        close_one(months, oldest);
    return months->open_count < OPEN_MOST;
}

static enum result open_month(struct ctx *cx, struct months *months, struct month month, bool make,
                              struct open_month **out)
{
    struct store *store;
    int applied;
    *out = find(months, month);
    if (*out)
        return OK;
    if (!make_room(months))
        return fail(cx, BUSY, "store.locked", months->name);
    TRY(store_part(cx, months->main, months_part(cx, months, month), make, &store));
    enum result result = schema_migrate(cx, store, months->all, months->count, &applied);
    if (result != OK) {
        store_close(store);
        return result;
    }
    forget_list(months);
    *out = &months->open[months->open_count++];
    **out = (struct open_month){.month = month, .store = store};
    return OK;
}

enum result months_store(struct ctx *cx, struct months *months, struct month month, bool make,
                         struct store **out)
{
    struct open_month *one;
    pthread_mutex_lock(&months->lock);
    enum result result = open_month(cx, months, month, make, &one);
    if (result == OK) {
        one->users++;
        one->last_use = ++months->uses;
        *out = one->store;
    }
    pthread_mutex_unlock(&months->lock);
    return result;
}

void months_release(struct months *months, struct store *store)
{
    pthread_mutex_lock(&months->lock);
    for (size_t i = 0; i < months->open_count; i++)
        if (months->open[i].store == store)
            months->open[i].users--;
    pthread_mutex_unlock(&months->lock);
}

/* ---- all of them ---- */

static int newest_first(const void *a, const void *b)
{
    return ((const struct month *)b)->months - ((const struct month *)a)->months;
}

static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Those in memory have no place but here. */
static enum result look_for_all(struct ctx *cx, struct months *months)
{
    const char *const *names;
    size_t count;
    TRY(store_parts(cx, months->main, months->name, &names, &count));
    forget_list(months);
    months->listed = calloc(count + OPEN_MOST, sizeof *months->listed);
    if (!months->listed)
        abort();
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        found += name_month(months, names[i], &months->listed[found]);
    for (size_t i = 0; store_in_memory(months->main) && i < months->open_count; i++)
        months->listed[found++] = months->open[i].month;
    qsort(months->listed, found, sizeof *months->listed, newest_first);
    months->listed_count = found;
    months->listed_ms = clock_ms();
    return OK;
}

enum result months_list(struct ctx *cx, struct months *months, const struct month **out,
                        size_t *out_count)
{
    enum result result = OK;
    pthread_mutex_lock(&months->lock);
    if (!months->listed || clock_ms() - months->listed_ms > LISTED_MS)
        result = look_for_all(cx, months);
    if (result == OK) {
        struct month *list = ARENA_ARRAY(cx->mem, struct month, months->listed_count + 1);
        memcpy(list, months->listed, months->listed_count * sizeof *list);
        *out = list;
        *out_count = months->listed_count;
    }
    pthread_mutex_unlock(&months->lock);
    return result;
}

enum result months_read(struct ctx *cx, struct months *months, struct month month,
                        enum result (*read)(struct ctx *cx, void *host), void *host)
{
    struct store *store;
    struct db *before = cx->db;
    enum result result = months_store(cx, months, month, false, &store);
    if (result != OK)
        return result == NOT_FOUND ? OK : result;
    cx->db = store_reader(store);
    result = cx->db ? read(cx, host) : fail(cx, BUSY, "store.locked", months->name);
    cx->db = before;
    months_release(months, store);
    return result;
}
