/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The opened database: a queue of work with its writer, and a reader for each thread. */
#include "base/log.h"
#include "store/db_private.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define GROUP_MAX 512 /* pieces of work that share one commit */

/* A thread's read connection, in the store's list. */
struct reader {
    struct store *store;
    struct db *db;
    struct reader *next;
};

struct queue {
    struct store_work *first, *last;
};

struct store {
    const struct driver *driver;
    char *place;
    char *beside; /* of a part: the main store's place, whose tables its readers see too */
    atomic_uint_fast64_t commits;

    pthread_mutex_t lock; /* of the queue and of the list of readers */
    pthread_cond_t has_work;
    struct queue together, alone;
    bool was_alone; /* the work that was taken last */
    bool is_closing;
    struct db *writer; /* NULL: it could not be opened, and there is no thread */
    pthread_t writer_thread;

    pthread_key_t reader_key;
    struct reader *readers;
};

/* ---- writing ---- */

/* Work that shares a commit, in the order in which it came. */
struct batch {
    struct store_work *works[GROUP_MAX];
    enum result results[GROUP_MAX];
    size_t count;
};

static bool script(struct db *db, const char *sql)
{
    enum outcome outcome = db->driver->script(db, sql);
    if (outcome != DONE)
        log_error("store: %s: %s", sql, db->message);
    if (db->failure == DONE)
        db->failure = outcome;
    return outcome == DONE;
}

/* Between transactions a lost connection costs nothing. */
static bool begin(struct db *db)
{
    enum outcome outcome = db->driver->script(db, db->driver->begin);
    if (outcome == LOST && db_reopen(db))
        outcome = db->driver->script(db, db->driver->begin);
    if (outcome != DONE)
        log_error("store: cannot begin: %s", db->message);
    return outcome == DONE;
}

/* One piece of work. Beside others it has a savepoint, so that its failure is its own. */
static enum result work_run(struct db *db, struct store_work *work, bool has_company)
{
    db->failure = DONE;
    if (has_company && !script(db, "SAVEPOINT work"))
        return BROKEN;
    enum result result = work->run(db, work->host);
    assert(db->running == 0);
    if (result == OK && db->failure != DONE) {
        log_error("store: work went on after a statement had failed: %s", db->message);
        result = BROKEN;
    }
    if (!has_company || !db->driver->in_transaction(db))
        return result;
    if (result != OK)
        (void)script(db, "ROLLBACK TO work");
    return script(db, "RELEASE work") ? result : BROKEN;
}

static void results_fail(struct batch *batch, size_t from, size_t end, enum result result)
{
    for (size_t i = from; i < end; i++) {
        if (batch->results[i] == OK)
            batch->results[i] = result;
    }
}

/* End the transaction of the works from..end; what was OK is BROKEN when it did not get through. */
static void finish(struct store *store, struct db *db, struct batch *batch, size_t from, size_t end)
{
    bool is_any_ok = false;
    for (size_t i = from; i < end; i++)
        is_any_ok = is_any_ok || batch->results[i] == OK;
    if (is_any_ok && db->driver->in_transaction(db) && script(db, "COMMIT")) {
        atomic_fetch_add(&store->commits, 1);
        return;
    }
    results_fail(batch, from, end, BROKEN);
    if (db->driver->in_transaction(db))
        (void)script(db, "ROLLBACK");
}

/* Run work from `from` on in one transaction; returns where the next one starts. An engine gives up
 * a whole transaction when the disk is full, say: then the work before is lost, that behind not. */
static size_t transaction(struct store *store, struct batch *batch, size_t from)
{
    struct db *db = store->writer;
    if (!begin(db)) {
        for (size_t i = from; i < batch->count; i++)
            batch->results[i] = BUSY;
        return batch->count;
    }
    size_t end = from;
    while (end < batch->count && db->driver->in_transaction(db)) {
        batch->results[end] = work_run(db, batch->works[end], batch->count > 1);
        end++;
    }
    finish(store, db, batch, from, end);
    return end;
}

static struct store_work *take(struct queue *queue)
{
    struct store_work *work = queue->first;
    queue->first = work->next;
    return work;
}

/* Wait for work; an empty batch means that the store closes. Long work and what shares commits take
 * turns, so that a change waits for one piece of long work at the most, however many are queued. */
static void batch_take(struct store *store, struct batch *batch)
{
    pthread_mutex_lock(&store->lock);
    while (!store->together.first && !store->alone.first && !store->is_closing)
        pthread_cond_wait(&store->has_work, &store->lock);
    batch->count = 0;
    store->was_alone = store->alone.first && (!store->together.first || !store->was_alone);
    if (store->was_alone)
        batch->works[batch->count++] = take(&store->alone);
    else
        while (store->together.first && batch->count < GROUP_MAX)
            batch->works[batch->count++] = take(&store->together);
    pthread_mutex_unlock(&store->lock);
}

static void *writer_loop(void *host)
{
    struct store *store = host;
    struct batch batch;
    for (batch_take(store, &batch); batch.count > 0; batch_take(store, &batch)) {
        for (size_t from = 0; from < batch.count;)
            from = transaction(store, &batch, from);
        /* Once it is told, a piece of work belongs to its owner again. */
        for (size_t i = 0; i < batch.count; i++)
            batch.works[i]->done(batch.works[i]->host, batch.results[i]);
    }
    return NULL;
}

void store_write(struct store *store, struct store_work *work)
{
    work->next = NULL;
    pthread_mutex_lock(&store->lock);
    struct queue *queue = work->alone ? &store->alone : &store->together;
    bool is_late = store->is_closing;
    if (!is_late) {
        if (queue->first)
            queue->last->next = work;
        else
            queue->first = work;
        queue->last = work;
        pthread_cond_signal(&store->has_work);
    }
    pthread_mutex_unlock(&store->lock);
    if (is_late)
        work->done(work->host, BUSY);
}

/* Somebody who waits for a piece of work. */
struct waiting {
    enum result (*run)(struct db *db, void *host);
    void *host;
    pthread_mutex_t lock;
    pthread_cond_t is_told;
    bool is_done;
    enum result result;
};

static enum result waiting_run(struct db *db, void *host)
{
    struct waiting *waiting = host;
    return waiting->run(db, waiting->host);
}

static void waiting_done(void *host, enum result result)
{
    struct waiting *waiting = host;
    pthread_mutex_lock(&waiting->lock);
    waiting->result = result;
    waiting->is_done = true;
    pthread_cond_signal(&waiting->is_told);
    pthread_mutex_unlock(&waiting->lock);
}

enum result store_write_now(struct store *store, enum result (*run)(struct db *db, void *host),
                            void *host)
{
    struct waiting waiting = {.run = run,
                              .host = host,
                              .lock = PTHREAD_MUTEX_INITIALIZER,
                              .is_told = PTHREAD_COND_INITIALIZER};
    struct store_work work = {
        .run = waiting_run, .done = waiting_done, .host = &waiting, .alone = true};
    store_write(store, &work);
    pthread_mutex_lock(&waiting.lock);
    while (!waiting.is_done)
        pthread_cond_wait(&waiting.is_told, &waiting.lock);
    pthread_mutex_unlock(&waiting.lock);
    pthread_cond_destroy(&waiting.is_told);
    pthread_mutex_destroy(&waiting.lock);
    return waiting.result;
}

uint64_t store_commits(const struct store *store)
{
    return atomic_load(&store->commits);
}

/* ---- reading ---- */

/* A thread ends: its reader goes with it. */
static void reader_end(void *host)
{
    struct reader *reader = host;
    struct store *store = reader->store;
    pthread_mutex_lock(&store->lock);
    struct reader **at = &store->readers;
    while (*at != reader)
        at = &(*at)->next;
    *at = reader->next;
    pthread_mutex_unlock(&store->lock);
    db_close(reader->db);
    free(reader);
}

struct db *store_reader(struct store *store)
{
    struct reader *reader = pthread_getspecific(store->reader_key);
    if (reader)
        return reader->db;
    struct db *db = db_open(store->driver, store->place, store->beside, false);
    if (!db)
        return NULL;
    reader = malloc(sizeof *reader);
    if (!reader)
        abort();
    pthread_mutex_lock(&store->lock);
    *reader = (struct reader){.store = store, .db = db, .next = store->readers};
    store->readers = reader;
    pthread_mutex_unlock(&store->lock);
    pthread_setspecific(store->reader_key, reader);
    return db;
}

/* ---- opening and closing ---- */

enum engine store_engine(const struct store *store)
{
    return store->driver->engine;
}

bool store_in_memory(const struct store *store)
{
    return store_engine(store) == ENGINE_SQLITE && strstr(store->place, "vfs=memdb");
}

static bool begins(const char *s, const char *with)
{
    return strncmp(s, with, strlen(with)) == 0;
}

/* From the options to a driver and what it opens. A database in memory has a name that no other
 * store of this process has, because all its connections find it by that. */
static enum result place_find(struct ctx *cx, const struct store_options *options,
                              const struct driver **out_driver, const char **out_place)
{
    static atomic_int memories;
    *out_driver = &SQLITE_DRIVER;
    if (begins(options->url, "postgres://") || begins(options->url, "postgresql://")) {
        *out_driver = &POSTGRES_DRIVER;
        *out_place = options->url;
    } else if (strcmp(options->url, "sqlite::memory:") == 0) {
        *out_place =
            arena_printf(cx->mem, "file:/luyue%d?vfs=memdb", atomic_fetch_add(&memories, 1));
    } else if (strcmp(options->url, "sqlite") == 0) {
        if (mkdir(options->data_dir, 0700) != 0 && errno != EEXIST)
            return fail(cx, BROKEN, "store.cannot_open", options->data_dir, strerror(errno));
        *out_place = arena_printf(cx->mem, "%s/luyue.db", options->data_dir);
    } else {
        return fail(cx, INVALID, "store.bad_url");
    }
    return OK;
}

static bool writer_start(struct store *store)
{
    store->writer = db_open(store->driver, store->place, NULL, true);
    if (!store->writer)
        return false;
    if (pthread_create(&store->writer_thread, NULL, writer_loop, store) == 0)
        return true;
    db_close(store->writer);
    store->writer = NULL;
    return false;
}

static enum result open_place(struct ctx *cx, const struct driver *driver, const char *place,
                              const char *beside, struct store **out)
{
    struct store *store = calloc(1, sizeof *store);
    if (!store)
        abort();
    store->driver = driver;
    store->place = strdup(place);
    store->beside = beside ? strdup(beside) : NULL;
    if (!store->place || (beside && !store->beside) ||
        pthread_key_create(&store->reader_key, reader_end) != 0)
        abort();
    pthread_mutex_init(&store->lock, NULL);
    pthread_cond_init(&store->has_work, NULL);
    if (!writer_start(store)) {
        store_close(store);
        return fail(cx, BROKEN, "store.cannot_open");
    }
    *out = store;
    return OK;
}

enum result store_open(struct ctx *cx, const struct store_options *options, struct store **out)
{
    const struct driver *driver;
    const char *place = "";
    TRY(place_find(cx, options, &driver, &place));
    return open_place(cx, driver, place, NULL, out);
}

/* ---- parts ---- */

static enum result with_part(struct ctx *cx, const struct store *main, struct part *part,
                             enum outcome (*run)(struct arena *arena, const char *main,
                                                 struct part *part))
{
    return run(cx->mem, main->place, part) == DONE
               ? OK
               : fail(cx, BROKEN, "store.cannot_open", part->name);
}

enum result store_part(struct ctx *cx, const struct store *main, const char *name, bool make,
                       struct store **out)
{
    struct part part = {.name = name, .place = ""};
    TRY(with_part(cx, main, &part, main->driver->part_find));
    if (!part.is_there && !make)
        return NOT_FOUND;
    if (!part.is_there)
        TRY(with_part(cx, main, &part, main->driver->part_make));
    return open_place(cx, main->driver, part.place, main->place, out);
}

enum result store_parts(struct ctx *cx, const struct store *main, const char *prefix,
                        const char *const **out_names, size_t *out_count)
{
    struct part part = {.name = prefix};
    TRY(with_part(cx, main, &part, main->driver->part_list));
    *out_names = part.names;
    *out_count = part.count;
    return OK;
}

void store_close(struct store *store)
{
    pthread_mutex_lock(&store->lock);
    store->is_closing = true;
    pthread_cond_broadcast(&store->has_work);
    pthread_mutex_unlock(&store->lock);
    if (store->writer) {
        pthread_join(store->writer_thread, NULL);
        db_close(store->writer);
    }
    pthread_key_delete(store->reader_key);
    while (store->readers) {
        struct reader *reader = store->readers;
        store->readers = reader->next;
        db_close(reader->db);
        free(reader);
    }
    pthread_cond_destroy(&store->has_work);
    pthread_mutex_destroy(&store->lock);
    free(store->beside);
    free(store->place);
    free(store);
}

enum result store_compact(struct ctx *cx, struct store *store)
{
    if (!store->driver->compact)
        return OK;
    struct db *db = db_open(store->driver, store->place, NULL, true);
    if (!db)
        return fail(cx, BROKEN, "store.cannot_open");
    const enum outcome outcome = db->driver->script(db, store->driver->compact);
    if (outcome != DONE)
        log_error("store: cannot compact: %s", db->message);
    db_close(db);
    return outcome == DONE ? OK : fail(cx, BUSY, "store.locked", store->place);
}

enum result store_copy(struct ctx *cx, struct store *store, const char *path)
{
    if (!store->driver->copy)
        return fail(cx, INVALID, "store.copy_engine");
    /* An own connection: a copy takes longer than a reader may. */
    struct db *db = db_open(store->driver, store->place, NULL, true);
    if (!db)
        return fail(cx, BROKEN, "store.cannot_open");
    enum outcome outcome = store->driver->copy(cx->mem, db, path);
    if (outcome != DONE)
        log_error("store: cannot copy: %s", db->message);
    db_close(db);
    return outcome == DONE ? OK : fail(cx, CONFLICT, "store.copy_refused", path);
}
