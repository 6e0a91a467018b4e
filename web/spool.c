/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/log.h"
#include "web/server_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MEMORY_MAX ((size_t)64 << 10)  /* of one body; beyond it goes to a file */
#define MEMORY_FIRST ((size_t)1 << 10) /* what the allocator keeps at hand */

int spool_file(const char *dir)
{
    if (!dir)
        return -1;
    int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
        return fd;
    char path[4096]; /* a file system without nameless files */
    int len = snprintf(path, sizeof path, "%s/spool-XXXXXX", dir);
    if (len < 0 || (size_t)len >= sizeof path)
        return -1;
    fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        unlink(path);
    return fd;
}

struct spool spool_new(struct spool_room *room)
{
    return (struct spool){.room = room, .fd = -1};
}

/* Takes `size` of what all requests may use together. */
static bool claim(_Atomic size_t *used, size_t most, size_t size)
{
    if (atomic_fetch_add(used, size) + size <= most)
        return true;
    atomic_fetch_sub(used, size);
    return false;
}

static bool write_whole(int fd, const char *bytes, size_t len)
{
    while (len) {
        ssize_t written = write(fd, bytes, len);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        len -= (size_t)written;
    }
    return true;
}

static void drop_memory(struct spool *spool)
{
    free(spool->bytes);
    atomic_fetch_sub(&spool->room->memory, spool->cap);
    spool->bytes = NULL;
    spool->cap = 0;
}

static bool grow(struct spool *spool, size_t wanted)
{
    size_t cap = spool->cap ? spool->cap : MEMORY_FIRST;
    while (cap < wanted)
        cap *= 2;
    if (cap == spool->cap)
        return true;
    if (!claim(&spool->room->memory, spool->room->memory_most, cap - spool->cap))
        return false;
    char *bytes = realloc(spool->bytes, cap);
    if (!bytes) {
        atomic_fetch_sub(&spool->room->memory, cap - spool->cap);
        return false;
    }
    spool->bytes = bytes;
    spool->cap = cap;
    return true;
}

static bool to_file(struct spool *spool)
{
    if (!claim(&spool->room->disk, spool->room->disk_most, spool->len))
        return false;
    spool->fd = spool_file(spool->room->dir);
    if (spool->fd >= 0 && write_whole(spool->fd, spool->bytes, spool->len)) {
        drop_memory(spool);
        return true;
    }
    log_error("cannot spool to %s: %s", spool->room->dir ? spool->room->dir : "(none)",
              strerror(errno));
    atomic_fetch_sub(&spool->room->disk, spool->len);
    if (spool->fd >= 0)
        close(spool->fd);
    spool->fd = -1;
    return false;
}

enum result spool_add(struct spool *spool, const char *bytes, size_t len)
{
    if (spool->fd < 0 && spool->len + len <= MEMORY_MAX) {
        if (!grow(spool, spool->len + len))
            return BUSY;
        memcpy(spool->bytes + spool->len, bytes, len);
        spool->len += len;
        return OK;
    }
    if (spool->fd < 0 && !to_file(spool))
        return BUSY;
    if (!claim(&spool->room->disk, spool->room->disk_most, len))
        return BUSY;
    spool->len += len;
    if (write_whole(spool->fd, bytes, len))
        return OK;
    log_error("cannot spool to %s: %s", spool->room->dir, strerror(errno));
    return BUSY;
}

enum result spool_whole(struct spool *spool, struct span *out)
{
    *out = (struct span){spool->bytes ? spool->bytes : "", spool->len};
    if (spool->fd < 0)
        return OK;
    spool->mapped = mmap(NULL, spool->len, PROT_READ, MAP_PRIVATE, spool->fd, 0);
    if (spool->mapped == MAP_FAILED) {
        spool->mapped = NULL;
        return BUSY;
    }
    out->at = spool->mapped;
    return OK;
}

void spool_free(struct spool *spool)
{
    if (spool->mapped)
        munmap(spool->mapped, spool->len);
    if (spool->fd >= 0) {
        close(spool->fd);
        atomic_fetch_sub(&spool->room->disk, spool->len);
    }
    drop_memory(spool);
    *spool = spool_new(spool->room);
}
