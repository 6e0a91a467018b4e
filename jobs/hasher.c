/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "jobs/hasher.h"

#include "base/hash.h"
#include "base/log.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define PASSWORD_BYTES 1024 /* longer ones are never set */
#define IDLE_MOST 64

struct job {
    bool compares; /* else it is to be hashed */
    char password[PASSWORD_BYTES], stored[PASSWORD_TEXT];
};
struct verdict {
    bool matches;
    char hash[PASSWORD_TEXT];
};

/* As many as are asked at once; who asks next takes the one that was used last. */
static struct {
    pthread_mutex_t lock;
    bool are_used;
    int idle[IDLE_MOST]; /* their sockets */
    size_t idle_count;
} hashers = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void work(const struct job *job, struct verdict *out)
{
    *out = (struct verdict){.matches = false};
    if (job->compares)
        out->matches = password_matches(job->password, job->stored);
    else
        password_hash(job->password, out->hash);
}

/* ---- the hasher ---- */

int hasher_main(void)
{
    struct job job;
    struct verdict verdict;
    hash_start();
    setpriority(PRIO_PROCESS, 0, 19);
    while (recv(STDIN_FILENO, &job, sizeof job, 0) == sizeof job) {
        work(&job, &verdict);
        explicit_bzero(&job, sizeof job);
        if (send(STDIN_FILENO, &verdict, sizeof verdict, MSG_NOSIGNAL) != sizeof verdict)
            break;
    }
    return 0;
}

/* ---- the server ---- */

/* The socket of a new one; -1 when there can be none. */
static int hasher_new(void)
{
    static char program[] = "luyue", command[] = HASHER_COMMAND;
    char *const words[] = {program, command, NULL};
    posix_spawn_file_actions_t actions;
    int ends[2];
    pid_t pid;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        log_error("no hasher of passwords: %s", strerror(errno));
        return -1;
    }
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    const int error = posix_spawn(&pid, "/proc/self/exe", &actions, NULL, words, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (!error)
        return ends[0];
    log_error("no hasher of passwords: %s", strerror(error));
    close(ends[0]);
    return -1;
}

static int hasher_take(void)
{
    pthread_mutex_lock(&hashers.lock);
    const int fd = hashers.idle_count ? hashers.idle[--hashers.idle_count] : -1;
    pthread_mutex_unlock(&hashers.lock);
    return fd >= 0 ? fd : hasher_new();
}

static void hasher_keep(int fd)
{
    pthread_mutex_lock(&hashers.lock);
    const bool kept = hashers.idle_count < IDLE_MOST;
    if (kept)
        hashers.idle[hashers.idle_count++] = fd;
    pthread_mutex_unlock(&hashers.lock);
    if (!kept)
        close(fd);
}

/* Whatever is not a whole answer ends that hasher, so that no later one is taken for it. */
static bool ask(int fd, const struct job *job, struct verdict *out)
{
    if (fd < 0)
        return false;
    if (send(fd, job, sizeof *job, MSG_NOSIGNAL) == sizeof *job &&
        recv(fd, out, sizeof *out, 0) == sizeof *out) {
        hasher_keep(fd);
        return true;
    }
    close(fd);
    return false;
}

/* One that died, or dies over it, is replaced once. */
static enum result have_done(struct ctx *cx, struct job *job, const char *password,
                             struct verdict *out)
{
    const size_t len = strlen(password);
    bool done = len < sizeof job->password;
    if (done) {
        memcpy(job->password, password, len + 1);
        if (hashers.are_used)
            done = ask(hasher_take(), job, out) || ask(hasher_new(), job, out);
        else
            work(job, out);
        explicit_bzero(job, sizeof *job);
    }
    return done ? OK : fail(cx, BUSY, "password.unavailable");
}

enum result hasher_hash(struct ctx *cx, const char *password, char out[PASSWORD_TEXT])
{
    struct job job = {.compares = false};
    struct verdict verdict = {.matches = false};
    TRY(have_done(cx, &job, password, &verdict));
    memcpy(out, verdict.hash, PASSWORD_TEXT);
    return OK;
}

enum result hasher_compare(struct ctx *cx, const char *password, const char *stored,
                           bool *out_matches)
{
    struct job job = {.compares = true};
    struct verdict verdict = {.matches = false};
    *out_matches = false;
    if (strlen(password) >= sizeof job.password)
        return OK; /* like every wrong one */
    strncpy(job.stored, stored, sizeof job.stored - 1);
    TRY(have_done(cx, &job, password, &verdict));
    *out_matches = verdict.matches;
    return OK;
}

void hashers_start(void)
{
    signal(SIGCHLD, SIG_IGN); /* their sockets tell that they ended */
    hashers.are_used = true;
}

void hashers_stop(void)
{
    hashers.are_used = false;
    while (hashers.idle_count)
        close(hashers.idle[--hashers.idle_count]);
}
