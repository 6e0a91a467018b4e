/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "main/world.h"

#include "app/calls/call.h"
#include "app/documents/files.h"
#include "app/records/trail.h"
#include "base/log.h"
#include "base/texts.h"
#include "main/slices.h"
#include "store/migrations.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* ---- time ---- */

static int64_t clock_shift_ms; /* --clock: what is to be added to the real time */

static int64_t real_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct instant world_now(void)
{
    return (struct instant){real_ms() + clock_shift_ms};
}

static bool set_clock(const char *text)
{
    struct instant at;
    if (!*text)
        return true;
    if (!instant_parse(text, &at))
        return false;
    clock_shift_ms = at.ms - real_ms();
    return true;
}

/* ---- keys ---- */

static bool write_key(const char *path)
{
    unsigned char master[32];
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (fd < 0)
        return errno == EEXIST;
    random_bytes(master, sizeof master);
    bool written = write(fd, master, sizeof master) == sizeof master && fsync(fd) == 0;
    close(fd);
    return written;
}

static bool read_key(const char *path, unsigned char master[32])
{
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        return false;
    bool whole = read(fd, master, 32) == 32;
    close(fd);
    return whole;
}

static bool open_keys(struct world *world, bool create)
{
    unsigned char master[32];
    const char *folder = arena_printf(world->arena, "%s/keys", world->config.data);
    const char *path = arena_printf(world->arena, "%s/master.key", folder);
    if (create && ((mkdir(world->config.data, 0700) != 0 && errno != EEXIST) ||
                   (mkdir(folder, 0700) != 0 && errno != EEXIST) || !write_key(path))) {
        fprintf(stderr, "luyue: cannot write %s: %s\n", path, strerror(errno));
        return false;
    }
    if (!read_key(path, master)) {
        fprintf(stderr, "luyue: cannot read %s: %s\n", path, strerror(errno));
        return false;
    }
    keys_derive(&world->keys, master);
    return true;
}

/* ---- open and close ---- */

static void set_log_level(const char *name)
{
    static const char *const LEVELS[] = {"error", "warn", "info", "debug"};
    for (size_t i = 0; i < sizeof LEVELS / sizeof LEVELS[0]; i++)
        if (strcmp(LEVELS[i], name) == 0)
            log_level_set((enum log_level)i);
}

bool world_open(struct world *world, const struct config *config, bool create)
{
    *world = (struct world){.config = *config, .arena = arena_new()};
    hash_start();
    slices_start();
    set_log_level(config->log);
    if (!set_clock(config->clock)) {
        fprintf(stderr, "luyue: --clock wants an instant like 2026-01-31T09:00:00+08:00\n");
        return false;
    }
    if (!open_keys(world, create))
        return false;
    world->cx = (struct ctx){
        .mem = world->arena,
        .now = world_now(),
        .actor = &ACTOR_SYSTEM,
        .keys = &world->keys,
        .origin = "",
        .request = "command",
        .lang = LANG_ZH,
    };
    struct store_options options = {.url = config->db, .data_dir = config->data};
    if (store_open(&world->cx, &options, &world->store) != OK) {
        world_complain(world, &world->cx, config->db);
        return false;
    }
    world->months = months_open(world->store, "calls", MONTH_MIGRATIONS, MONTH_MIGRATION_COUNT);
    calls_use(world->months, &world->keys);
    /* Several servers share a PostgreSQL store, and no disk: the files lie in it too. */
    files_use(store_engine(world->store) == ENGINE_SQLITE
                  ? arena_printf(world->arena, "%s/files", config->data)
                  : NULL);
    return true;
}

void world_complain(struct world *world, const struct ctx *cx, const char *what)
{
    fprintf(stderr, "luyue: %s: %s\n", what, fault_words(world->arena, &cx->fault, cx->lang));
    for (const struct field_fault *fault = cx->fault.fields; fault; fault = fault->next)
        fprintf(stderr, "  %s: %s\n", fault->field,
                field_fault_words(world->arena, fault, cx->lang));
}

bool world_schema(struct world *world, bool migrate)
{
    int count;
    enum result result =
        migrate ? schema_migrate(&world->cx, world->store, MIGRATIONS, MIGRATION_COUNT, &count)
                : schema_check(&world->cx, world->store, MIGRATIONS, MIGRATION_COUNT, &count);
    if (result != OK) {
        world_complain(world, &world->cx, "schema");
        return false;
    }
    if (migrate && count)
        fprintf(stderr, "luyue: %d migrations applied\n", count);
    if (!migrate && count) {
        fprintf(stderr, "luyue: %d migrations are pending: run `luyue migrate`\n", count);
        return false;
    }
    world->cx.db = store_reader(world->store);
    return world->cx.db != NULL;
}

void world_close(struct world *world)
{
    directory_forget();
    if (world->months)
        months_close(world->months);
    if (world->store)
        store_close(world->store);
    arena_free(world->arena);
}

/* ---- writing ---- */

struct writing {
    struct world *world;
    struct ctx cx;
    enum result (*work)(struct ctx *cx, void *host);
    void *host;
};

static enum result run_writing(struct db *db, void *host)
{
    struct writing *writing = host;
    writing->cx = writing->world->cx;
    writing->cx.db = db;
    writing->cx.now = world_now();
    writing->cx.fault = (struct fault){0};
    TRY(writing->work(&writing->cx, writing->host));
    return trail_flush(&writing->cx);
}

bool world_write(struct world *world, enum result (*work)(struct ctx *cx, void *host), void *host)
{
    struct writing writing = {.world = world, .work = work, .host = host};
    if (store_write_now(world->store, run_writing, &writing) == OK)
        return true;
    world_complain(world, &writing.cx, "refused");
    return false;
}
