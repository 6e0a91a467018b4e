/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/gate/journal.h"

#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"

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
#define ASIDE ".unread" /* behind the ending: what is not folded */
#define SYNC_MS 50      /* so that none waits for more than 100 */
#define PATH_MOST 512
#define FOLDER_WAIT_MS 10000
#define FOLDER_PAUSE_MS 5
#define FOLDED_AT_ONCE 4096

/* The file is mapped and made longer before it is full, so that an entry costs a copy and no call
 * of the kernel; what is in the mapping outlives a killed process, and where the disk is full no
 * mapping grows. */
#define STEP ((size_t)1 << 20)

struct journal {
    struct arena *arena;
    const char *folder;
    bool sync_before;
    pthread_mutex_t lock; /* of the file and its mapping */
    int fd;               /* -1: it could not be made */
    char *map;
    size_t size, used;
    uint64_t added, synced; /* entries, over all files; `synced` under sync_lock, too */
    char path[PATH_MOST];
    int files;                 /* made by this process */
    pthread_mutex_t sync_lock; /* whoever syncs or closes a file; taken before `lock` */
    pthread_mutex_t fold_lock;
    atomic_bool is_closing;
    atomic_bool is_lost; /* the disk did not take what it was given: nothing may be answered */
    pthread_t syncer;
};

/* ---- entries as bytes ---- */

#define MAGIC UINT32_C(0x324a594c) /* "LYJ2" */
#define NUMBERS 13
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
        entry->callee_code, (int64_t)entry->mode, (int64_t)entry->reason, entry->max_s,
        entry->is_recorded};
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
        .is_recorded = from[12] != 0,
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
    head.sum = hash_quick(out + sizeof head, head.len);
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
        head.sum != hash_quick(bytes + sizeof head, head.len) || bytes[sizeof head + head.len - 1])
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

static void file_complain(const struct journal *journal)
{
    log_error("gate: %s: %s", journal->path, strerror(errno));
}

/* Room for more, which the disk has promised. */
static bool file_grow(struct journal *journal)
{
    const size_t size = journal->size + STEP;
    if (journal->fd < 0)
        return false;
    errno = posix_fallocate(journal->fd, (off_t)journal->size, (off_t)STEP);
    void *map = errno ? MAP_FAILED
                : journal->map
                    ? mremap(journal->map, journal->size, size, MREMAP_MAYMOVE)
                    : mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, journal->fd, 0);
    if (map == MAP_FAILED) {
        file_complain(journal);
        return false;
    }
    journal->map = map;
    (void)madvise(journal->map + journal->size, STEP, MADV_POPULATE_WRITE); /* all faults at once */
    journal->size = size;
    return true;
}

/* Locked while this process writes it, so that others leave it alone. Until it is, one that folds
 * may take it for left behind and take it away: what was written into it then would be lost. */
static bool file_lock(int fd)
{
    struct stat status;
    return flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &status) == 0 && status.st_nlink > 0;
}

static bool file_make(struct journal *journal)
{
    struct timespec now;
    journal->map = NULL;
    journal->size = journal->used = 0;
    for (int tries = 0; tries < 10; tries++) {
        clock_gettime(CLOCK_REALTIME, &now);
        snprintf(journal->path, sizeof journal->path, "%s/%lld-%ld-%d" ENDING, journal->folder,
                 (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000, (long)getpid(),
                 ++journal->files);
        journal->fd = open(journal->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (journal->fd < 0)
            break;
        if (file_lock(journal->fd))
            return true;
        close(journal->fd);
        journal->fd = -1;
    }
    file_complain(journal);
    return false;
}

static void file_sync(struct journal *journal, int fd)
{
    if (fdatasync(fd) == 0)
        return;
    log_error("gate: the journal could not be synced: %s", strerror(errno));
    atomic_store(&journal->is_lost, true);
}

/* What was promised and not used is given back. */
static void file_end(struct journal *journal, int fd, char *map, size_t size, size_t used)
{
    if (map)
        munmap(map, size);
    if (fd < 0)
        return;
    (void)!ftruncate(fd, (off_t)used); /* zeros behind the entries are none */
    if (used)
        file_sync(journal, fd);
    close(fd);
}

/* From now on a new file is written; the former one is on the disk and free to be folded. */
static void file_change(struct journal *journal)
{
    pthread_mutex_lock(&journal->sync_lock);
    pthread_mutex_lock(&journal->lock);
    const int fd = journal->fd;
    char *map = journal->map;
    const size_t size = journal->size, used = journal->used;
    const uint64_t added = journal->added;
    (void)file_make(journal);
    pthread_mutex_unlock(&journal->lock);
    file_end(journal, fd, map, size, used);
    journal->synced = added;
    pthread_mutex_unlock(&journal->sync_lock);
}

bool journal_add(struct journal *journal, const struct journal_entry *entry)
{
    char bytes[ENTRY_MOST];
    const size_t len = encode(entry, bytes);
    pthread_mutex_lock(&journal->lock);
    const bool fits = len && !atomic_load(&journal->is_lost) &&
                      (journal->used + len <= journal->size || file_grow(journal));
    if (fits) {
        memcpy(journal->map + journal->used, bytes, len);
        journal->used += len;
        journal->added++;
    }
    pthread_mutex_unlock(&journal->lock);
    return fits;
}

/* Until what was added by now is on the disk; those who wait meanwhile are served by one sync. */
static void sync_all(struct journal *journal)
{
    pthread_mutex_lock(&journal->lock);
    const uint64_t wanted = journal->added;
    pthread_mutex_unlock(&journal->lock);
    pthread_mutex_lock(&journal->sync_lock);
    pthread_mutex_lock(&journal->lock);
    const uint64_t added = journal->added;
    const int fd = journal->fd;
    pthread_mutex_unlock(&journal->lock);
    if (journal->synced < wanted) {
        file_sync(journal, fd);
        journal->synced = added;
    }
    pthread_mutex_unlock(&journal->sync_lock);
}

bool journal_settle(struct journal *journal)
{
    if (journal->sync_before)
        sync_all(journal);
    return !atomic_load(&journal->is_lost);
}

static void *sync_loop(void *host)
{
    struct journal *journal = host;
    const struct timespec pause = {.tv_nsec = SYNC_MS * 1000000L};
    while (!atomic_load(&journal->is_closing)) {
        nanosleep(&pause, NULL);
        sync_all(journal);
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
    pthread_mutex_init(&journal->lock, NULL);
    pthread_mutex_init(&journal->sync_lock, NULL);
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
    file_end(journal, journal->fd, journal->map, journal->size, journal->used);
    if (!journal->used)
        (void)unlink(journal->path);
    pthread_mutex_destroy(&journal->lock);
    pthread_mutex_destroy(&journal->sync_lock);
    pthread_mutex_destroy(&journal->fold_lock);
    arena_free(journal->arena);
}

/* ---- folding ---- */

static bool texts_valid(const struct journal_entry *entry)
{
    const char *const texts[TEXTS] = {entry->node, entry->call_id, entry->contract, entry->agent,
                                      entry->caller};
    bool are_valid = true;
    for (int i = 0; i < TEXTS; i++)
        are_valid = are_valid && utf8_valid(texts[i], strlen(texts[i]));
    return are_valid;
}

/* So many entries of a file at a time that they stay near the processor. Where one is broken the
 * next whole one is looked for: when the machine went down, a page that did not reach the disk may
 * stand before others that did. */
static enum result fold_bytes(struct ctx *cx, const char *bytes, size_t len, journal_each each,
                              void *host, size_t *out_unread)
{
    struct journal_entry *entries = ARENA_ARRAY(cx->mem, struct journal_entry, FOLDED_AT_ONCE);
    for (size_t at = 0; at < len;) {
        size_t count = 0;
        while (at < len && count < FOLDED_AT_ONCE) {
            const size_t one = decode(bytes + at, len - at, &entries[count]);
            const bool is_text = one && texts_valid(&entries[count]);
            count += is_text;
            *out_unread += one && !is_text;
            at += one ? one : 1;
        }
        if (count)
            TRY(each(host, entries, count));
    }
    return OK;
}

/* All of it lies in the store but for what no store takes. */
static void file_put_away(struct ctx *cx, const char *path, size_t unread)
{
    if (!unread) {
        (void)unlink(path);
        return;
    }
    const char *aside = arena_printf(cx->mem, "%s" ASIDE, path);
    (void)rename(path, aside);
    log_error("gate: %zu entries that are no text were left out of the store: %s", unread, aside);
}

/* A file that nobody writes any more; nothing happens while somebody does. */
static enum result fold_file(struct ctx *cx, const char *path, journal_each each, void *host)
{
    struct stat status;
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) != 0 || fstat(fd, &status) != 0) {
        if (fd >= 0)
            close(fd);
        return OK;
    }
    const size_t len = (size_t)status.st_size;
    size_t unread = 0;
    void *bytes = len ? mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0) : NULL;
    enum result result = bytes == MAP_FAILED ? fail(cx, BROKEN, "gate.journal", path)
                         : len               ? fold_bytes(cx, bytes, len, each, host, &unread)
                                             : OK;
    if (result == OK)
        file_put_away(cx, path, unread);
    if (bytes && bytes != MAP_FAILED)
        munmap(bytes, len);
    close(fd);
    return result;
}

/* One process at a time folds what lies in a folder: whoever starts waits for the one that is just
 * taking up what it left when it was killed, and finds it in the store. But not for ever, as a
 * process may hang; the files' own locks stand then, too. The folder, to be closed. */
static int folder_hold(const struct journal *journal)
{
    const struct timespec pause = {.tv_nsec = FOLDER_PAUSE_MS * 1000000L};
    const int fd = open(journal->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int waited = 0;
    while (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK &&
           waited < FOLDER_WAIT_MS) {
        nanosleep(&pause, NULL);
        waited += FOLDER_PAUSE_MS;
    }
    if (waited >= FOLDER_WAIT_MS)
        log_warn("gate: another process has been folding %s for %d s", journal->folder,
                 FOLDER_WAIT_MS / 1000);
    return fd;
}

static bool is_journal(const char *name)
{
    const size_t len = strlen(name), ending = sizeof ENDING - 1;
    return len > ending && strcmp(name + len - ending, ENDING) == 0;
}

static enum result fold_folder(struct ctx *cx, const struct journal *journal, journal_each each,
                               void *host)
{
    enum result result = OK;
    const int held = folder_hold(journal);
    DIR *folder = opendir(journal->folder);
    for (struct dirent *entry; folder && result == OK && (entry = readdir(folder)) != NULL;) {
        const char *path = arena_printf(cx->mem, "%s/%s", journal->folder, entry->d_name);
        if (is_journal(entry->d_name) && strcmp(path, journal->path) != 0)
            result = fold_file(cx, path, each, host);
    }
    if (folder)
        closedir(folder);
    if (held >= 0)
        close(held);
    return result;
}

enum result journal_fold(struct ctx *cx, struct journal *journal, journal_each each, void *host)
{
    pthread_mutex_lock(&journal->fold_lock);
    pthread_mutex_lock(&journal->lock);
    const bool is_due = journal->used || journal->fd < 0;
    pthread_mutex_unlock(&journal->lock);
    if (is_due)
        file_change(journal);
    enum result result = fold_folder(cx, journal, each, host);
    pthread_mutex_unlock(&journal->fold_lock);
    return result;
}
