/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "main/backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUMS "SHA256SUMS"
#define COPY_STEP (1 << 16)

static int complain(const char *what, const char *path)
{
    fprintf(stderr, "luyue: %s %s: %s\n", what, path, strerror(errno));
    return 1;
}

/* ---- files ---- */

static bool copy_bytes(int from, int to, struct sha256 *sum)
{
    static char bytes[COPY_STEP];
    ssize_t len;
    while ((len = read(from, bytes, sizeof bytes)) > 0) {
        sha256_add(sum, bytes, (size_t)len);
        if (to >= 0 && write(to, bytes, (size_t)len) != len)
            return false;
    }
    return len == 0 && (to < 0 || fsync(to) == 0);
}

/* Copies a file (or only reads it, `to` NULL) and gives its sum. */
static bool copy_file(const char *from, const char *to, char hex[SHA256_HEX])
{
    struct sha256 sum;
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = to ? open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;
    sha256_start(&sum);
    bool whole = in >= 0 && (!to || out >= 0) && copy_bytes(in, out, &sum);
    sha256_end(&sum, hex);
    if (in >= 0)
        close(in);
    if (out >= 0 && close(out) != 0)
        whole = false;
    return whole;
}

static bool make_folder(const char *path)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

struct copying {
    struct world *world;
    const char *from, *to;
    FILE *sums; /* where the sums of what was copied go */
};

static bool copy_listed(struct copying *copying, const char *name)
{
    struct arena *arena = copying->world->arena;
    struct arena_mark mark = arena_mark(arena);
    char hex[SHA256_HEX];
    bool copied = copy_file(arena_printf(arena, "%s/%s", copying->from, name),
                            arena_printf(arena, "%s/%s", copying->to, name), hex);
    if (!copied)
        (void)complain("cannot copy", name);
    else if (copying->sums)
        fprintf(copying->sums, "%s  %s\n", hex, name);
    arena_rewind(arena, mark);
    return copied;
}

/* files/ab/cdef…: two levels, as documents lay them. */
static bool copy_shelf(struct copying *copying, const char *shelf)
{
    struct arena *arena = copying->world->arena;
    DIR *folder = opendir(arena_printf(arena, "%s/%s", copying->from, shelf));
    bool whole = folder && make_folder(arena_printf(arena, "%s/%s", copying->to, shelf));
    for (struct dirent *entry; whole && (entry = readdir(folder)) != NULL;)
        if (entry->d_name[0] != '.')
            whole = copy_listed(copying, arena_printf(arena, "%s/%s", shelf, entry->d_name));
    if (folder)
        closedir(folder);
    return whole;
}

static bool is_shelf(const char *name)
{
    return strlen(name) == 2 && strspn(name, "0123456789abcdef") == 2;
}

static bool copy_files(struct copying *copying)
{
    struct arena *arena = copying->world->arena;
    DIR *folder = opendir(arena_printf(arena, "%s/files", copying->from));
    if (!folder)
        return errno == ENOENT; /* no document yet */
    bool whole = make_folder(arena_printf(arena, "%s/files", copying->to));
    for (struct dirent *entry; whole && (entry = readdir(folder)) != NULL;)
        if (is_shelf(entry->d_name))
            whole = copy_shelf(copying, arena_printf(arena, "files/%s", entry->d_name));
    closedir(folder);
    return whole;
}

/* ---- backup ---- */

int backup_command(struct world *world)
{
    const char *folder = world->config.words[0];
    struct arena *arena = world->arena;
    char hex[SHA256_HEX];
    if (!folder || store_engine(world->store) != ENGINE_SQLITE) {
        fprintf(stderr, "luyue: backup wants FOLDER and an embedded store (PostgreSQL: pg_dump)\n");
        return 2;
    }
    if (mkdir(folder, 0700) != 0)
        return complain("cannot make", folder);
    /* The store first, then the files: what it names is there by then and is never altered. */
    const char *copy = arena_printf(arena, "%s/luyue.db", folder);
    if (store_copy(&world->cx, world->store, copy) != OK) {
        world_complain(world, &world->cx, copy);
        return 1;
    }
    FILE *sums = fopen(arena_printf(arena, "%s/" SUMS, folder), "wx");
    if (!sums || !copy_file(copy, NULL, hex))
        return complain("cannot write", SUMS);
    fprintf(sums, "%s  luyue.db\n", hex);
    struct copying copying = {world, world->config.data, folder, sums};
    bool whole = copy_files(&copying);
    if (fclose(sums) != 0 || !whole)
        return complain("incomplete:", folder);
    printf("backup: %s\nThe key is not in it: keep %s/keys/master.key apart.\n", folder,
           world->config.data);
    return 0;
}

/* ---- restore ---- */

/* What a line of SHA256SUMS names, when it is a backup's own; NULL for anything else. */
static const char *listed_name(char *line)
{
    line[strcspn(line, "\n")] = '\0';
    const char *name = strlen(line) > 66 ? line + 66 : "";
    const bool is_own = strcmp(name, "luyue.db") == 0 || strncmp(name, "files/", 6) == 0;
    return is_own && !strstr(name, "..") ? name : NULL;
}

static bool check_listed(struct copying *copying, const char *line, const char *name)
{
    char hex[SHA256_HEX];
    const char *path = arena_printf(copying->world->arena, "%s/%s", copying->from, name);
    if (copy_file(path, NULL, hex) && memcmp(hex, line, SHA256_HEX - 1) == 0)
        return true;
    fprintf(stderr, "luyue: %s does not fit its sum\n", name);
    return false;
}

static bool fetch_listed(struct copying *copying, const char *line, const char *name)
{
    if (strncmp(name, "files/", 6) == 0)
        (void)make_folder(
            arena_printf(copying->world->arena, "%s/%.8s", copying->to, name)); /* files/ab */
    return copy_listed(copying, name);
}

static bool each_listed(struct copying *copying,
                        bool (*each)(struct copying *copying, const char *line, const char *name))
{
    FILE *sums = fopen(arena_printf(copying->world->arena, "%s/" SUMS, copying->from), "r");
    char line[256];
    bool whole = sums != NULL;
    while (whole && fgets(line, sizeof line, sums)) {
        const char *name = listed_name(line);
        if (!name)
            fprintf(stderr, "luyue: %s: a line that is no backup's\n", SUMS);
        whole = name && each(copying, line, name);
    }
    if (sums)
        (void)fclose(sums);
    return whole;
}

int restore_command(struct world *world)
{
    const char *folder = world->config.words[0], *data = world->config.data;
    struct arena *arena = world->arena = arena_new();
    struct stat there;
    int status = 1;
    hash_start();
    if (!folder) {
        fprintf(stderr, "luyue: restore wants FOLDER\n");
        status = 2;
    } else if (stat(arena_printf(arena, "%s/keys/master.key", data), &there) != 0) {
        fprintf(stderr, "luyue: put the key to %s/keys/master.key first\n", data);
    } else if (stat(arena_printf(arena, "%s/luyue.db", data), &there) == 0) {
        fprintf(stderr, "luyue: %s holds a store already\n", data);
    } else {
        struct copying copying = {world, folder, data, NULL};
        bool whole = each_listed(&copying, check_listed) &&
                     make_folder(arena_printf(arena, "%s/files", data)) &&
                     each_listed(&copying, fetch_listed);
        if (whole)
            printf("restored into %s\n", data);
        status = whole ? 0 : 1;
    }
    arena_free(arena);
    return status;
}
