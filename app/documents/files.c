/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/documents/files.h"

#include "app/documents/documents.sql.h"
#include "base/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static char root[PATH_MAX]; /* "": the table */

void files_use(const char *dir)
{
    size_t len = dir ? strlen(dir) : 0;
    if (len >= sizeof root) {
        log_error("the folder for files has too long a name");
        abort();
    }
    memcpy(root, dir ? dir : "", len + 1);
}

/* Names no file: a hash says what somebody keeps. */
static enum result broken(struct ctx *cx, const char *doing)
{
    log_error("files: cannot %s: %s", doing, strerrordesc_np(errno));
    return fail(cx, BROKEN, "document.storage");
}

/* ---- paths ---- */

static const char *folder_of(struct ctx *cx, const char *sha256)
{
    return arena_printf(cx->mem, "%s/%.2s", root, sha256);
}

static const char *path_of(struct ctx *cx, const char *sha256)
{
    return arena_printf(cx->mem, "%s/%.2s/%s", root, sha256, sha256 + 2);
}

static const char *staging(struct ctx *cx)
{
    return arena_printf(cx->mem, "%s/new", root);
}

static bool make_folder(const char *path)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

/* What was entered into or taken from a folder is durable only after this. */
static bool sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return synced;
}

static bool write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t written = write(fd, bytes, len);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        bytes += written;
        len -= (size_t)written;
    }
    return true;
}

/* ---- upload ---- */

/* The file's time is the work's, as files_settle compares it with another's. */
static bool write_staged(struct ctx *cx, const struct staged_file *staged)
{
    struct timespec at = {.tv_sec = cx->now.ms / 1000};
    int fd = open(staged->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool written = write_all(fd, staged->bytes, staged->len) &&
                   futimens(fd, (const struct timespec[]){at, at}) == 0 && fsync(fd) == 0;
    return close(fd) == 0 && written;
}

enum result files_stage(struct ctx *cx, const void *bytes, size_t len, struct staged_file *out)
{
    char sha256[SHA256_HEX], token[TOKEN_TEXT];
    sha256_hex(bytes, len, sha256);
    *out = (struct staged_file){.sha256 = arena_dup(cx->mem, sha256), .bytes = bytes, .len = len};
    if (!*root)
        return OK;
    random_token(token);
    out->path = arena_printf(cx->mem, "%s/%s.%s", staging(cx), sha256, token);
    if (!make_folder(root) || !make_folder(staging(cx)))
        return broken(cx, "make the folder");
    if (write_staged(cx, out))
        return OK;
    enum result result = broken(cx, "write");
    unlink(out->path);
    return result;
}

enum result files_keep(struct ctx *cx, const struct staged_file *staged)
{
    if (!staged->path)
        return db_change(cx, &q_blob_put,
                         PARAMS(P(staged->sha256), param_blob(staged->bytes, staged->len)), NULL);
    const char *folder = folder_of(cx, staged->sha256);
    if (!make_folder(folder))
        return broken(cx, "make a folder");
    if (link(staged->path, path_of(cx, staged->sha256)) != 0 && errno != EEXIST)
        return broken(cx, "keep");
    return sync_folder(folder) && sync_folder(root) ? OK : broken(cx, "sync");
}

/* ---- reading ---- */

static enum result open_blob(struct ctx *cx, const char *sha256, int *out_fd, uint64_t *out_size)
{
    const void *bytes;
    size_t len;
    enum result result = db_blob(cx, &q_blob, PARAMS(P(sha256)), &bytes, &len);
    if (result == NOT_FOUND) {
        errno = ENOENT;
        return broken(cx, "read");
    }
    TRY(result);
    int fd = memfd_create("document", MFD_CLOEXEC);
    if (fd < 0)
        return broken(cx, "read");
    if (!write_all(fd, bytes, len) || lseek(fd, 0, SEEK_SET) != 0) {
        result = broken(cx, "read");
        close(fd);
        return result;
    }
    *out_fd = fd;
    *out_size = len;
    return OK;
}

enum result files_open(struct ctx *cx, const char *sha256, int *out_fd, uint64_t *out_size)
{
    struct stat status;
    if (!*root)
        return open_blob(cx, sha256, out_fd, out_size);
    int fd = open(path_of(cx, sha256), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return broken(cx, "read");
    if (fstat(fd, &status) != 0) {
        enum result result = broken(cx, "read");
        close(fd);
        return result;
    }
    *out_fd = fd;
    *out_size = (uint64_t)status.st_size;
    return OK;
}

/* ---- removal ---- */

enum result files_drop(struct ctx *cx, const char *sha256)
{
    if (!*root)
        return db_change(cx, &q_blob_drop, PARAMS(P(sha256)), NULL);
    if (unlink(path_of(cx, sha256)) != 0)
        return errno == ENOENT ? OK : broken(cx, "drop");
    return sync_folder(folder_of(cx, sha256)) ? OK : broken(cx, "sync");
}

static enum result settle_one(struct ctx *cx, const char *name, struct instant before,
                              enum result (*settle)(struct ctx *cx, const char *sha256))
{
    const char *path = arena_printf(cx->mem, "%s/%s", staging(cx), name);
    struct stat status;
    if (strlen(name) < SHA256_HEX || name[SHA256_HEX - 1] != '.')
        return OK; /* not ours */
    if (stat(path, &status) != 0 || status.st_mtim.tv_sec >= before.ms / 1000)
        return OK;
    TRY(settle(cx, arena_copy(cx->mem, name, SHA256_HEX - 1)));
    return unlink(path) == 0 ? OK : broken(cx, "settle");
}

enum result files_settle(struct ctx *cx, struct instant before,
                         enum result (*settle)(struct ctx *cx, const char *sha256))
{
    enum result result = OK;
    DIR *folder = *root ? opendir(staging(cx)) : NULL;
    if (!folder) /* nothing was ever staged */
        return OK;
    for (struct dirent *entry = readdir(folder); entry && result == OK; entry = readdir(folder))
        result = settle_one(cx, entry->d_name, before, settle);
    closedir(folder);
    return result;
}
