/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A few threads at the lowest priority, so that what takes long (passwords, exports, big files)
 * does not slow down what is quick, and a bounded queue before them. */
#include "web/server_private.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define WAITING_MAX 64
#define THREADS_MAX 64

struct slow {
    pthread_mutex_t mutex;
    pthread_cond_t filled;
    pthread_t threads[THREADS_MAX];
    int thread_count;
    void (*run)(struct exchange *x);
    struct exchange *first, **end;
    size_t waiting;
    bool stopping;
};

static struct exchange *pop(struct slow *slow)
{
    pthread_mutex_lock(&slow->mutex);
    while (!slow->first && !slow->stopping)
        pthread_cond_wait(&slow->filled, &slow->mutex);
    struct exchange *x = slow->first;
    if (x) {
        slow->first = x->next;
        if (!slow->first)
            slow->end = &slow->first;
        slow->waiting--;
    }
    pthread_mutex_unlock(&slow->mutex);
    return x;
}

static void *thread_main(void *host)
{
    struct slow *slow = host;
    setpriority(PRIO_PROCESS, (id_t)gettid(), 19); /* of this thread alone, on Linux */
    for (struct exchange *x = pop(slow); x; x = pop(slow))
        slow->run(x);
    return NULL;
}

struct slow *slow_start(int threads, void (*run)(struct exchange *x))
{
    struct slow *slow = calloc(1, sizeof *slow);
    if (!slow)
        return NULL;
    slow->run = run;
    slow->end = &slow->first;
    pthread_mutex_init(&slow->mutex, NULL);
    pthread_cond_init(&slow->filled, NULL);
    while (slow->thread_count < threads && slow->thread_count < THREADS_MAX &&
           pthread_create(&slow->threads[slow->thread_count], NULL, thread_main, slow) == 0)
        slow->thread_count++;
    if (slow->thread_count > 0)
        return slow;
    slow_stop(slow);
    return NULL;
}

bool slow_push(struct slow *slow, struct exchange *x, bool always)
{
    pthread_mutex_lock(&slow->mutex);
    bool taken = always || slow->waiting < WAITING_MAX;
    if (taken) {
        x->next = NULL;
        *slow->end = x;
        slow->end = &x->next;
        slow->waiting++;
        pthread_cond_signal(&slow->filled);
    }
    pthread_mutex_unlock(&slow->mutex);
    return taken;
}

size_t slow_waiting(struct slow *slow)
{
    pthread_mutex_lock(&slow->mutex);
    size_t waiting = slow->waiting;
    pthread_mutex_unlock(&slow->mutex);
    return waiting;
}

void slow_stop(struct slow *slow)
{
    if (!slow)
        return;
    pthread_mutex_lock(&slow->mutex);
    slow->stopping = true;
    pthread_cond_broadcast(&slow->filled);
    pthread_mutex_unlock(&slow->mutex);
    for (int i = 0; i < slow->thread_count; i++)
        pthread_join(slow->threads[i], NULL);
    pthread_cond_destroy(&slow->filled);
    pthread_mutex_destroy(&slow->mutex);
    free(slow);
}
