/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "ship/source.h"

#include <fcntl.h>
#include <glob.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PATH_MOST 4096

static bool complain(const char *what, const char *path)
{
    fprintf(stderr, "luyue-ship: %s: %s\n", path, what);
    return false;
}

/* ---- how far ---- */

/* A file for each inode: "OFFSET DIGEST\n". The digest is of what stands before the place: an inode
 * that is used again for another file begins anew. */
static bool place_path(const char *state, const struct stat *of, char out[PATH_MOST])
{
    const int len = snprintf(out, PATH_MOST, "%s/%llx-%llx", state, (unsigned long long)of->st_dev,
                             (unsigned long long)of->st_ino);
    return len > 0 && len < PATH_MOST;
}

#define PLACE_TEXT 64

static uint64_t digest_before(int fd, off_t at)
{
    unsigned char bytes[256];
    const off_t from = at > (off_t)sizeof bytes ? at - (off_t)sizeof bytes : 0;
    const ssize_t got = pread(fd, bytes, (size_t)(at - from), from);
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    for (ssize_t i = 0; i < got; i++)
        hash = (hash ^ bytes[i]) * UINT64_C(1099511628211);
    return hash;
}

static off_t place_read(const char *path, int fd, off_t size)
{
    char text[PLACE_TEXT] = "", *end;
    FILE *file = fopen(path, "r");
    if (file) {
        (void)!fread(text, 1, sizeof text - 1, file);
        fclose(file);
    }
    const long long at = strtoll(text, &end, 10);
    if (at < 0 || at > size)
        return 0;
    return *end != ' ' || strtoull(end, NULL, 16) == digest_before(fd, at) ? at : 0;
}

/* The new place stands whole on the disk, or the former one does. */
static bool place_write(const char *path, int file, off_t at)
{
    char made[PATH_MOST + 8], text[PLACE_TEXT];
    const int len = snprintf(text, sizeof text, "%lld %llx\n", (long long)at,
                             (unsigned long long)digest_before(file, at));
    snprintf(made, sizeof made, "%s.new", path);
    const int fd = open(made, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const bool written = fd >= 0 && write(fd, text, (size_t)len) == len && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return written && rename(made, path) == 0;
}

/* ---- files that grow ---- */

struct following {
    const char *state;
    batch_taker take;
    void *host;
    char *buffer; /* BATCH_MOST */
};

#define ROTATED_QUIET_S 60 /* and a newer one stands beside it: nobody writes to it any more */

/* How much of it is whole lines; a line longer than everything goes as it is, and so does the end
 * of a file that is over. */
static size_t whole_lines(const char *bytes, size_t len, bool is_over)
{
    const char *last = memrchr(bytes, '\n', len);
    return last ? (size_t)(last - bytes) + 1 : is_over || len == BATCH_MOST ? len : 0;
}

static bool follow_open(struct following *following, const char *path, int fd, bool is_newest)
{
    struct stat stat;
    char place[PATH_MOST];
    if (fstat(fd, &stat) != 0 || !S_ISREG(stat.st_mode) ||
        !place_path(following->state, &stat, place))
        return true;
    const bool is_over = !is_newest && time(NULL) - stat.st_mtime >= ROTATED_QUIET_S;
    off_t at = place_read(place, fd, stat.st_size);
    while (at < stat.st_size) {
        const ssize_t got = pread(fd, following->buffer, BATCH_MOST, at);
        const size_t len = got > 0 ? whole_lines(following->buffer, (size_t)got, is_over) : 0;
        const struct batch batch = {path, following->buffer, len};
        if (len == 0 || !following->take(following->host, &batch))
            return true;
        at += (off_t)len;
        if (!place_write(place, fd, at))
            return complain("cannot remember the place", place);
    }
    return true;
}

static int by_age(const void *a, const void *b)
{
    struct stat left, right;
    const char *const *first = a, *const *second = b;
    if (stat(*first, &left) != 0 || stat(*second, &right) != 0)
        return 0;
    const int64_t difference = left.st_mtim.tv_sec != right.st_mtim.tv_sec
                                   ? left.st_mtim.tv_sec - right.st_mtim.tv_sec
                                   : left.st_mtim.tv_nsec - right.st_mtim.tv_nsec;
    return (difference > 0) - (difference < 0);
}

static bool each_file(const char *pattern,
                      bool (*use)(void *host, const char *path, bool is_newest), void *host)
{
    glob_t found;
    bool fine = true;
    if (glob(pattern, GLOB_NOSORT, NULL, &found) != 0)
        return true;
    qsort(found.gl_pathv, found.gl_pathc, sizeof *found.gl_pathv, by_age);
    for (size_t i = 0; i < found.gl_pathc && fine; i++)
        fine = use(host, found.gl_pathv[i], i + 1 == found.gl_pathc);
    globfree(&found);
    return fine;
}

static bool follow_one(void *host, const char *path, bool is_newest)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return true; /* gone, or not ours */
    const bool fine = follow_open(host, path, fd, is_newest);
    close(fd);
    return fine;
}

bool files_follow(const char *pattern, const char *state, batch_taker take, void *host)
{
    struct following following = {state, take, host, malloc(BATCH_MOST)};
    if (!following.buffer)
        return complain("no memory", pattern);
    (void)mkdir(state, 0700);
    const bool fine = each_file(pattern, follow_one, &following);
    free(following.buffer);
    return fine;
}

/* ---- spool folders ---- */

struct emptying {
    batch_taker take;
    void *host;
};

static char *read_whole(int fd, size_t len)
{
    char *bytes = malloc(len + 1);
    size_t done = 0;
    while (bytes && done < len) {
        const ssize_t got = read(fd, bytes + done, len - done);
        if (got <= 0) {
            free(bytes);
            return NULL;
        }
        done += (size_t)got;
    }
    return bytes;
}

static bool empty_one(void *host, const char *path, bool is_newest)
{
    (void)is_newest; /* none of them grows */
    const struct emptying *emptying = host;
    struct stat stat;
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return true;
    char *bytes = NULL;
    if (fstat(fd, &stat) == 0 && S_ISREG(stat.st_mode) && stat.st_size > 0 &&
        time(NULL) - stat.st_mtime >= SPOOL_QUIET_S)
        bytes = read_whole(fd, (size_t)stat.st_size);
    close(fd);
    if (!bytes)
        return true;
    const struct batch batch = {path, bytes, (size_t)stat.st_size};
    const bool taken = emptying->take(emptying->host, &batch);
    free(bytes);
    if (taken && unlink(path) != 0)
        return complain("cannot be taken away", path);
    return true;
}

bool spool_empty(const char *folder, batch_taker take, void *host)
{
    char pattern[PATH_MOST];
    struct emptying emptying = {take, host};
    if (snprintf(pattern, sizeof pattern, "%s/*", folder) >= PATH_MOST)
        return complain("too long", folder);
    return each_file(pattern, empty_one, &emptying);
}
