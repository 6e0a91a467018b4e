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

/* The gate's journal. A file that is gone since the folder was listed lies in the months by now;
 * one that is written meanwhile may end in a broken entry, which the gate leaves out. */
static bool copy_journal(struct copying *copying)
{
    struct arena *arena = copying->world->arena;
    struct stat there;
    DIR *folder = opendir(arena_printf(arena, "%s/gate", copying->from));
    if (!folder)
        return errno == ENOENT; /* never served */
    bool whole = make_folder(arena_printf(arena, "%s/gate", copying->to));
    for (struct dirent *entry; whole && (entry = readdir(folder)) != NULL;) {
        const char *name = arena_printf(arena, "gate/%s", entry->d_name);
        if (entry->d_name[0] != '.' &&
            stat(arena_printf(arena, "%s/%s", copying->from, name), &there) == 0)
            whole = copy_listed(copying, name);
    }
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

static bool copy_store(struct copying *copying, struct store *store, const char *name)
{
    struct world *world = copying->world;
    const char *copy = arena_printf(world->arena, "%s/%s", copying->to, name);
    char hex[SHA256_HEX];
    if (store_copy(&world->cx, store, copy) != OK) {
        world_complain(world, &world->cx, copy);
        return false;
    }
    if (!copy_file(copy, NULL, hex)) {
        (void)complain("cannot read", copy);
        return false;
    }
    fprintf(copying->sums, "%s  %s\n", hex, name);
    return true;
}

/* A month that was dropped since they were listed is none. */
static bool copy_month(struct copying *copying, struct month month)
{
    struct world *world = copying->world;
    struct store *store;
    const enum result found = months_store(&world->cx, world->months, month, false, &store);
    if (found != OK && found != NOT_FOUND)
        world_complain(world, &world->cx, "months");
    if (found != OK)
        return found == NOT_FOUND;
    const char *name = months_part(&world->cx, world->months, month);
    const bool whole = copy_store(copying, store, arena_printf(world->arena, "%s.db", name));
    months_release(world->months, store);
    return whole;
}

static bool copy_months(struct copying *copying)
{
    struct world *world = copying->world;
    const struct month *months;
    size_t count;
    if (months_list(&world->cx, world->months, &months, &count) != OK) {
        world_complain(world, &world->cx, "months");
        return false;
    }
    bool whole = true;
    for (size_t i = 0; whole && i < count; i++)
        whole = copy_month(copying, months[i]);
    return whole;
}

/* Each before what it names or moves into: the store names calls and files, what was found wrong
 * with calls is carried from the months into it, the journal is folded into the months. */
static bool copy_all(struct copying *copying)
{
    return copy_store(copying, copying->world->store, "luyue.db") && copy_journal(copying) &&
           copy_months(copying) && copy_files(copying);
}

int backup_command(struct world *world)
{
    const char *folder = world->config.words[0];
    if (!folder || store_engine(world->store) != ENGINE_SQLITE) {
        fprintf(stderr, "luyue: backup wants FOLDER and an embedded store (PostgreSQL: pg_dump)\n");
        return 2;
    }
    if (mkdir(folder, 0700) != 0)
        return complain("cannot make", folder);
    FILE *sums = fopen(arena_printf(world->arena, "%s/" SUMS, folder), "wx");
    if (!sums)
        return complain("cannot write", SUMS);
    struct copying copying = {world, world->config.data, folder, sums};
    bool whole = copy_all(&copying);
    if (fclose(sums) != 0 || !whole)
        return complain("incomplete:", folder);
    printf("backup: %s\nThe key is not in it: keep %s/keys/master.key apart.\n", folder,
           world->config.data);
    return 0;
}

/* ---- restore ---- */

static const char *const OWN[] = {"luyue.db", "calls_", "gate/", "files/"};

/* What a line of SHA256SUMS names, when it is a backup's own; NULL for anything else. */
static const char *listed_name(char *line)
{
    line[strcspn(line, "\n")] = '\0';
    const char *name = strlen(line) > 66 ? line + 66 : "";
    for (size_t i = 0; i < sizeof OWN / sizeof OWN[0]; i++)
        if (strncmp(name, OWN[i], strlen(OWN[i])) == 0 && !strstr(name, ".."))
            return name;
    return NULL;
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
    for (const char *end = strchr(name, '/'); end; end = strchr(end + 1, '/'))
        (void)make_folder(
            arena_printf(copying->world->arena, "%s/%.*s", copying->to, (int)(end - name), name));
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
        bool whole = each_listed(&copying, check_listed) && each_listed(&copying, fetch_listed);
        if (whole)
            printf("restored into %s\n", data);
        status = whole ? 0 : 1;
    }
    arena_free(arena);
    return status;
}
