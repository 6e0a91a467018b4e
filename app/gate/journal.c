/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/gate/journal.h"

#include "base/hash.h"
#include "base/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define ENDING ".journal"
#define SYNC_MS 50 /* so that none waits for more than 100 */
#define PATH_MOST 512

struct journal {
    struct arena *arena;
    const char *folder;
    bool sync_before;
    pthread_rwlock_t lock; /* readers write entries, writers change the file */
    int fd;                /* -1: it could not be made */
    char path[PATH_MOST];
    int files; /* made by this process */
    atomic_bool is_dirty, is_empty, is_closing;
    pthread_t syncer;
    pthread_mutex_t fold_lock;
};

/* ---- entries as bytes ---- */

#define MAGIC UINT32_C(0x314a594c) /* "LYJ1" */
#define NUMBERS 12
#define TEXTS 5
#define ENTRY_MOST 1024

struct head {
    uint32_t magic, len; /* of what follows the head */
    uint64_t sum;
};

static void numbers_of(const struct journal_entry *entry, int64_t out[NUMBERS])
{
    const int64_t numbers[NUMBERS] = {
        entry->kind,        entry->gate_id,       entry->at.ms,           entry->contract_id,
        entry->agent_id,    entry->number_id,     entry->provider_id,     entry->callee_key,
        entry->callee_code, (int64_t)entry->mode, (int64_t)entry->reason, entry->max_s};
    memcpy(out, numbers, sizeof numbers);
}

static void numbers_into(const int64_t from[NUMBERS], struct journal_entry *out)
{
    *out = (struct journal_entry){
        .kind = (enum journal_kind)from[0],
        .gate_id = from[1],
        .at = {from[2]},
        .contract_id = from[3],
        .agent_id = from[4],
        .number_id = from[5],
        .provider_id = from[6],
        .callee_key = from[7],
        .callee_code = from[8],
        .mode = (enum gate_mode)from[9],
        .reason = (enum allowance)from[10],
        .max_s = (int32_t)from[11],
    };
}

/* 0 when the texts are longer than any that the gate lets through. */
static size_t encode(const struct journal_entry *entry, char out[ENTRY_MOST])
{
    const char *const texts[TEXTS] = {entry->node, entry->call_id, entry->contract, entry->agent,
                                      entry->caller};
    struct head head = {.magic = MAGIC};
    int64_t numbers[NUMBERS];
    size_t len = sizeof head + sizeof numbers;
    numbers_of(entry, numbers);
    memcpy(out + sizeof head, numbers, sizeof numbers);
    for (int i = 0; i < TEXTS; i++) {
        const size_t text = strlen(texts[i]) + 1;
        if (len + text > ENTRY_MOST)
            return 0;
        memcpy(out + len, texts[i], text);
        len += text;
    }
    head.len = (uint32_t)(len - sizeof head);
    head.sum = hash_stable(0, out + sizeof head, head.len);
    memcpy(out, &head, sizeof head);
    return len;
}

/* An entry at `bytes`, texts still there; 0 when there is none, else its length. */
static size_t decode(const char *bytes, size_t len, struct journal_entry *out)
{
    struct head head;
    int64_t numbers[NUMBERS];
    if (len < sizeof head)
        return 0;
    memcpy(&head, bytes, sizeof head);
    if (head.magic != MAGIC || head.len > len - sizeof head || head.len < sizeof numbers ||
        head.sum != hash_stable(0, bytes + sizeof head, head.len))
        return 0;
    memcpy(numbers, bytes + sizeof head, sizeof numbers);
    numbers_into(numbers, out);
    const char **const texts[TEXTS] = {&out->node, &out->call_id, &out->contract, &out->agent,
                                       &out->caller};
    const char *at = bytes + sizeof head + sizeof numbers, *end = bytes + sizeof head + head.len;
    for (int i = 0; i < TEXTS; i++) {
        *texts[i] = at < end ? at : "";
        at += at < end ? strnlen(at, (size_t)(end - at)) + 1 : 0;
    }
    return sizeof head + head.len;
}

/* ---- the file that is written ---- */

/* Held locked while this process writes it, so that others leave it alone. */
static bool file_make(struct journal *journal)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    snprintf(journal->path, sizeof journal->path, "%s/%lld-%ld-%d" ENDING, journal->folder,
             (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000, (long)getpid(),
             ++journal->files);
    journal->fd = open(journal->path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
    if (journal->fd >= 0 && flock(journal->fd, LOCK_EX | LOCK_NB) == 0)
        return true;
    log_error("gate: %s: %s", journal->path, strerror(errno));
    if (journal->fd >= 0)
        close(journal->fd);
    journal->fd = -1;
    return false;
}

/* From now on a new file is written; the former one is on the disk and free to be folded. */
static void file_change(struct journal *journal)
{
    pthread_rwlock_wrlock(&journal->lock);
    const int former = journal->fd;
    atomic_store(&journal->is_empty, true);
    (void)file_make(journal);
    pthread_rwlock_unlock(&journal->lock);
    if (former >= 0 && fdatasync(former) != 0)
        log_error("gate: the journal could not be synced: %s", strerror(errno));
    if (former >= 0)
        close(former);
}

bool journal_add(struct journal *journal, const struct journal_entry *entry)
{
    char bytes[ENTRY_MOST];
    const size_t len = encode(entry, bytes);
    pthread_rwlock_rdlock(&journal->lock);
    bool written = len > 0 && journal->fd >= 0 && write(journal->fd, bytes, len) == (ssize_t)len;
    atomic_store_explicit(&journal->is_empty, false, memory_order_relaxed);
    atomic_store_explicit(&journal->is_dirty, true, memory_order_release);
    pthread_rwlock_unlock(&journal->lock);
    return written;
}

bool journal_settle(struct journal *journal)
{
    if (!journal->sync_before)
        return true;
    pthread_rwlock_rdlock(&journal->lock);
    const bool settled = journal->fd >= 0 && fdatasync(journal->fd) == 0;
    pthread_rwlock_unlock(&journal->lock);
    return settled;
}

static void *sync_loop(void *host)
{
    struct journal *journal = host;
    const struct timespec pause = {.tv_nsec = SYNC_MS * 1000000L};
    while (!atomic_load(&journal->is_closing)) {
        nanosleep(&pause, NULL);
        if (!atomic_exchange(&journal->is_dirty, false))
            continue;
        pthread_rwlock_rdlock(&journal->lock);
        if (journal->fd >= 0 && fdatasync(journal->fd) != 0)
            log_error("gate: the journal could not be synced: %s", strerror(errno));
        pthread_rwlock_unlock(&journal->lock);
    }
    return NULL;
}

enum result journal_open(struct ctx *cx, const char *folder, bool sync_before, struct journal **out)
{
    struct arena *arena = arena_new();
    struct journal *journal = ARENA_NEW(arena, struct journal);
    journal->arena = arena;
    journal->folder = arena_dup(arena, folder);
    journal->sync_before = sync_before;
    atomic_init(&journal->is_empty, true);
    pthread_rwlock_init(&journal->lock, NULL);
    pthread_mutex_init(&journal->fold_lock, NULL);
    if ((mkdir(folder, 0700) == 0 || errno == EEXIST) && file_make(journal) &&
        pthread_create(&journal->syncer, NULL, sync_loop, journal) == 0) {
        *out = journal;
        return OK;
    }
    arena_free(arena);
    return fail(cx, BROKEN, "gate.journal", folder);
}

void journal_close(struct journal *journal)
{
    atomic_store(&journal->is_closing, true);
    pthread_join(journal->syncer, NULL);
    if (journal->fd >= 0)
        close(journal->fd);
    if (atomic_load(&journal->is_empty))
        (void)unlink(journal->path);
    pthread_rwlock_destroy(&journal->lock);
    pthread_mutex_destroy(&journal->fold_lock);
    arena_free(journal->arena);
}

/* ---- folding ---- */

/* The entries of a file. Where one is broken the next whole one is looked for: a write that did not
 * get through may stand before others that did. */
static size_t entries_of(struct ctx *cx, const char *bytes, size_t len, struct journal_entry **out)
{
    size_t room = len / (sizeof(struct head) + NUMBERS * sizeof(int64_t)) + 1, count = 0;
    *out = ARENA_ARRAY(cx->mem, struct journal_entry, room);
    for (size_t at = 0; at < len;) {
        const size_t one = decode(bytes + at, len - at, &(*out)[count]);
        count += one > 0;
        at += one ? one : 1;
    }
    return count;
}

static enum result fold_bytes(struct ctx *cx, const char *bytes, size_t len, journal_each each,
                              void *host)
{
    struct journal_entry *entries;
    const size_t count = entries_of(cx, bytes, len, &entries);
    return count ? each(host, entries, count) : OK;
}

/* A file that nobody writes any more; false when somebody does. */
static bool fold_file(struct ctx *cx, const char *path, journal_each each, void *host,
                      enum result *out)
{
    struct stat status;
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) != 0 || fstat(fd, &status) != 0) {
        if (fd >= 0)
            close(fd);
        return false;
    }
    const size_t len = (size_t)status.st_size;
    void *bytes = len ? mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0) : NULL;
    *out = bytes == MAP_FAILED ? fail(cx, BROKEN, "gate.journal", path)
           : len               ? fold_bytes(cx, bytes, len, each, host)
                               : OK;
    if (*out == OK)
        (void)unlink(path);
    if (bytes && bytes != MAP_FAILED)
        munmap(bytes, len);
    close(fd);
    return true;
}

static bool is_journal(const char *name)
{
    const size_t len = strlen(name), ending = sizeof ENDING - 1;
    return len > ending && strcmp(name + len - ending, ENDING) == 0;
}

static enum result fold_folder(struct ctx *cx, const struct journal *journal, journal_each each,
                               void *host, bool *out_any)
{
    enum result result = OK;
    DIR *folder = opendir(journal->folder);
    for (struct dirent *entry; folder && result == OK && (entry = readdir(folder)) != NULL;) {
        const char *path = arena_printf(cx->mem, "%s/%s", journal->folder, entry->d_name);
        if (is_journal(entry->d_name) && strcmp(path, journal->path) != 0)
            *out_any = fold_file(cx, path, each, host, &result) || *out_any;
    }
    if (folder)
        closedir(folder);
    return result;
}

enum result journal_fold(struct ctx *cx, struct journal *journal, journal_each each, void *host,
                         bool *out_any)
{
    *out_any = false;
    pthread_mutex_lock(&journal->fold_lock);
    if (!atomic_load(&journal->is_empty) || journal->fd < 0)
        file_change(journal);
    enum result result = fold_folder(cx, journal, each, host, out_any);
    pthread_mutex_unlock(&journal->fold_lock);
    return result;
}
