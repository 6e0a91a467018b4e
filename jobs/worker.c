/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "jobs/worker.h"

#include "base/log.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#define LOOK_MS 100         /* at the number of commits */
#define LOOK_ANYWAY_MS 1000 /* what other processes commit is in force within a second */
#define WRITING_MS                                                                                 \
    8 /* of work; its entries in the trail and the commit take about as long again                 \
       */

struct worker {
    const char *name;
    worker_turn turn;
    struct clockwork_host host;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t stirred;
    atomic_bool stopping;
    int64_t writing_since_ms; /* of the writer's thread alone */
};

static int64_t monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct ctx ctx_new(const struct worker *worker, struct arena *arena)
{
    return (struct ctx){
        .mem = arena,
        .now = worker->host.now(),
        .db = store_reader(worker->host.store),
        .actor = worker->host.actor,
        .keys = worker->host.keys,
        .origin = "",
        .request = worker->name,
    };
}

/* One turn in a fresh arena; true when there may be more to do. */
static bool take_turn(struct worker *worker, struct arena *arena)
{
    bool found = false;
    arena_reset(arena);
    struct ctx cx = ctx_new(worker, arena);
    enum result result = cx.db ? worker->turn(worker, &cx, &found) : BUSY;
    if (result == OK)
        return found;
    if (!worker_stopping(worker))
        log_error("worker %s: %s", worker->name, cx.fault.code ? cx.fault.code : "failed");
    return false;
}

/* Until somebody commits, time passes, or the worker stops. */
static void wait_for_work(struct worker *worker, uint64_t commits)
{
    pthread_mutex_lock(&worker->mutex);
    for (int waited = 0; waited < LOOK_ANYWAY_MS && !worker->stopping &&
                         store_commits(worker->host.store) == commits;
         waited += LOOK_MS) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += LOOK_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_cond_timedwait(&worker->stirred, &worker->mutex, &until);
    }
    pthread_mutex_unlock(&worker->mutex);
}

static void *loop(void *host)
{
    struct worker *worker = host;
    struct arena *arena = arena_new();
    while (!worker->stopping) {
        uint64_t commits = store_commits(worker->host.store);
        if (!take_turn(worker, arena))
            wait_for_work(worker, commits);
    }
    arena_free(arena);
    return NULL;
}

struct worker *worker_start(const char *name, worker_turn turn, const struct clockwork_host *host)
{
    struct worker *worker = calloc(1, sizeof *worker);
    if (!worker)
        abort();
    worker->name = name;
    worker->turn = turn;
    worker->host = *host;
    pthread_mutex_init(&worker->mutex, NULL);
    pthread_cond_init(&worker->stirred, NULL);
    if (pthread_create(&worker->thread, NULL, loop, worker) != 0)
        abort();
    return worker;
}

bool worker_stopping(const struct worker *worker)
{
    return worker && worker->stopping;
}

void worker_stop(struct worker *worker)
{
    if (!worker)
        return;
    pthread_mutex_lock(&worker->mutex);
    worker->stopping = true;
    pthread_cond_signal(&worker->stirred);
    pthread_mutex_unlock(&worker->mutex);
    pthread_join(worker->thread, NULL);
    pthread_cond_destroy(&worker->stirred);
    pthread_mutex_destroy(&worker->mutex);
    free(worker);
}

/* ---- writing ---- */

struct writing {
    struct worker *worker;
    const struct ctx *asked;
    struct ctx cx;
    struct arena_mark mark;
    enum result (*work)(struct ctx *cx, void *host);
    void *host;
};

/* May run again after a clash: what the former try left is given back first. */
static enum result run_writing(struct db *db, void *host)
{
    struct writing *writing = host;
    arena_rewind(writing->asked->mem, writing->mark);
    writing->cx = *writing->asked;
    writing->cx.db = db;
    writing->cx.now = writing->worker->host.now();
    writing->cx.fault = (struct fault){.result = OK};
    writing->cx.pending = NULL;
    writing->worker->writing_since_ms = monotonic_ms();
    TRY(writing->work(&writing->cx, writing->host));
    return writing->worker->host.finish(&writing->cx);
}

enum result worker_write(struct worker *worker, struct ctx *cx,
                         enum result (*work)(struct ctx *cx, void *host), void *host)
{
    struct writing writing = {
        .worker = worker, .asked = cx, .mark = arena_mark(cx->mem), .work = work, .host = host};
    enum result result = store_write_now(worker->host.store, run_writing, &writing);
    if (result == OK)
        arena_rewind(cx->mem, writing.mark);
    else
        cx->fault = writing.cx.fault;
    return result;
}

bool worker_had_its_time(const struct worker *worker)
{
    return worker && monotonic_ms() - worker->writing_since_ms >= WRITING_MS;
}
