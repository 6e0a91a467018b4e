/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "jobs/clockwork.h"

#include "base/log.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

struct clockwork {
    const struct schedule *jobs;
    size_t count;
    struct clockwork_host host;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t stirred;
    bool stopping;
    int64_t *next_s; /* of each job, on the monotonic clock */
};

struct run {
    struct clockwork *clockwork;
    const struct schedule *job;
    struct arena *arena;
};

static enum result run_job(struct db *db, void *host)
{
    struct run *run = host;
    struct clockwork_host *clockwork = &run->clockwork->host;
    arena_reset(run->arena);
    struct ctx cx = {
        .mem = run->arena,
        .now = clockwork->now(),
        .db = db,
        .actor = clockwork->actor,
        .keys = clockwork->keys,
        .origin = "",
        .request = run->job->name,
    };
    enum result result = run->job->run(&cx);
    if (result == OK)
        result = clockwork->finish(&cx);
    if (result != OK)
        log_error("job %s: %s", run->job->name, cx.fault.code ? cx.fault.code : "failed");
    return result;
}

static int64_t monotonic_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* The next job that is due, or NULL and how many seconds there are until one is. */
static const struct schedule *due_job(struct clockwork *clockwork, int64_t *out_wait_s)
{
    int64_t now = monotonic_s();
    *out_wait_s = 60;
    for (size_t i = 0; i < clockwork->count; i++) {
        int64_t wait = clockwork->next_s[i] - now;
        if (wait <= 0) {
            clockwork->next_s[i] = now + clockwork->jobs[i].every_s;
            return &clockwork->jobs[i];
        }
        if (wait < *out_wait_s)
            *out_wait_s = wait;
    }
    return NULL;
}

static void *turn(void *host)
{
    struct clockwork *clockwork = host;
    struct run run = {.clockwork = clockwork, .arena = arena_new()};
    pthread_mutex_lock(&clockwork->mutex);
    while (!clockwork->stopping) {
        int64_t wait_s;
        run.job = due_job(clockwork, &wait_s);
        if (run.job) {
            pthread_mutex_unlock(&clockwork->mutex);
            (void)!store_write_now(clockwork->host.store, run_job, &run);
            pthread_mutex_lock(&clockwork->mutex);
            continue;
        }
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += wait_s;
        pthread_cond_timedwait(&clockwork->stirred, &clockwork->mutex, &until);
    }
    pthread_mutex_unlock(&clockwork->mutex);
    arena_free(run.arena);
    return NULL;
}

struct clockwork *clockwork_start(const struct schedule *jobs, size_t count,
                                  const struct clockwork_host *host)
{
    struct clockwork *clockwork = calloc(1, sizeof *clockwork);
    int64_t *next_s = calloc(count + 1, sizeof *next_s);
    if (!clockwork || !next_s)
        abort();
    *clockwork = (struct clockwork){.jobs = jobs, .count = count, .host = *host, .next_s = next_s};
    for (size_t i = 0; i < count; i++)
        next_s[i] = monotonic_s(); /* at once: a server may never run for as long as the interval */
    pthread_mutex_init(&clockwork->mutex, NULL);
    pthread_cond_init(&clockwork->stirred, NULL);
    if (pthread_create(&clockwork->thread, NULL, turn, clockwork) != 0)
        abort();
    return clockwork;
}

void clockwork_stop(struct clockwork *clockwork)
{
    if (!clockwork)
        return;
    pthread_mutex_lock(&clockwork->mutex);
    clockwork->stopping = true;
    pthread_cond_signal(&clockwork->stirred);
    pthread_mutex_unlock(&clockwork->mutex);
    pthread_join(clockwork->thread, NULL);
    pthread_cond_destroy(&clockwork->stirred);
    pthread_mutex_destroy(&clockwork->mutex);
    free(clockwork->next_s);
    free(clockwork);
}
