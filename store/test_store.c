/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/test_store.h"

#include "base/hash.h"
#include "base/log.h"
#include "store/db_private.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <sqlite3.h>

#include <cmocka.h>

#define SERVER_VARIABLE "LUYUE_TEST_PG"

static _Noreturn void give_up(const struct ctx *cx, const char *what)
{
    fprintf(stderr, "test world: %s: %s\n", what, cx->fault.code ? cx->fault.code : "");
    abort();
}

/* ---- the schema, made once and copied: its migrations take most of a test's time ---- */

/* Empty lists and parts of the history are made anew: they are what their tests are about. */
#define WORTH_COPYING 8

static void migrate(struct test_world *world, const struct migration *all, size_t count)
{
    int applied;
    if (schema_migrate(&world->cx, world->store, all, count, &applied) != OK)
        give_up(&world->cx, "migrate");
}

static void open_store(struct test_world *world)
{
    struct store_options options = {.url = world->url};
    if (store_open(&world->cx, &options, &world->store) != OK)
        give_up(&world->cx, "open");
}

/* ---- PostgreSQL ---- */

static void server_script(const struct ctx *cx, struct db *db, const char *sql)
{
    if (POSTGRES_DRIVER.script(db, sql) != DONE)
        give_up(cx, db->message);
}

static struct db *server_open(const struct ctx *cx)
{
    struct db *db = db_open(&POSTGRES_DRIVER, getenv(SERVER_VARIABLE), NULL, true);
    if (!db)
        give_up(cx, "server");
    return db;
}

/* The server's URL with another database: "postgres://user@/postgres?host=…". */
static const char *url_of(struct test_world *world, const char *database)
{
    const char *server = getenv(SERVER_VARIABLE);
    const char *host = server ? strstr(server, "://") : NULL;
    const char *slash = host ? strchr(host + 3, '/') : NULL;
    if (!slash)
        give_up(&world->cx, SERVER_VARIABLE);
    const char *rest = slash + strcspn(slash, "?");
    return arena_printf(world->arena, "%.*s/%s%s%capplication_name=%s", (int)(slash - server),
                        server, database, rest, *rest ? '&' : '?', database);
}

static bool has_database(struct test_world *world, struct db *db, const char *name)
{
    struct statement *statement;
    const char *sql =
        arena_printf(world->arena, "SELECT 1 FROM pg_database WHERE datname = '%s'", name);
    world->cx.db = db;
    if (statement_take(db, sql, &statement) != DONE ||
        db->driver->start(&world->cx, statement, (struct params){NULL, 0}, false) != DONE)
        give_up(&world->cx, db->message);
    const bool there = db->driver->next(db, statement) == ROW;
    statement_give_back(db, statement);
    return there;
}

/* Every program of a run copies the same one; who comes first makes it. */
static const char *template_database(struct test_world *world, struct db *server,
                                     const struct migration *all, size_t count)
{
    uint64_t history = 0;
    for (size_t i = 0; i < count; i++)
        history = hash_stable(history, all[i].sql, strlen(all[i].sql));
    const char *name =
        arena_printf(world->arena, "luyue_schema_%016llx", (unsigned long long)history);
    server_script(&world->cx, server, "SELECT pg_advisory_lock(1)");
    if (!has_database(world, server, name)) {
        const char *making = arena_printf(world->arena, "%s_making", name);
        server_script(&world->cx, server,
                      arena_printf(world->arena, "DROP DATABASE IF EXISTS %s", making));
        server_script(&world->cx, server, arena_printf(world->arena, "CREATE DATABASE %s", making));
        struct test_world maker = *world;
        maker.url = url_of(world, making);
        open_store(&maker);
        migrate(&maker, all, count);
        store_close(maker.store);
        server_script(&world->cx, server,
                      arena_printf(world->arena, "ALTER DATABASE %s RENAME TO %s", making, name));
    }
    server_script(&world->cx, server, "SELECT pg_advisory_unlock(1)");
    return name;
}

static void open_postgres(struct test_world *world, const struct migration *all, size_t count)
{
    static int made;
    struct db *server = server_open(&world->cx);
    const bool copies = count >= WORTH_COPYING;
    const char *from = copies ? template_database(world, server, all, count) : "template0";
    world->database = arena_printf(world->arena, "luyue_test_%ld_%d", (long)getpid(), ++made);
    server_script(
        &world->cx, server,
        arena_printf(world->arena, "CREATE DATABASE %s TEMPLATE %s", world->database, from));
    db_close(server);
    world->url = url_of(world, world->database);
    open_store(world);
    if (!copies)
        migrate(world, all, count);
}

static void drop_postgres(struct test_world *world)
{
    struct db *server = server_open(&world->cx);
    server_script(&world->cx, server,
                  arena_printf(world->arena, "DROP DATABASE %s WITH (FORCE)", world->database));
    db_close(server);
}

/* ---- SQLite ---- */

static void copy_main(const struct ctx *cx, sqlite3 *to, sqlite3 *from)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (!backup || sqlite3_backup_step(backup, -1) != SQLITE_DONE)
        give_up(cx, sqlite3_errmsg(to));
    sqlite3_backup_finish(backup);
}

static void open_sqlite(struct test_world *world, const struct migration *all, size_t count)
{
    static sqlite3 *made;
    static const struct migration *made_of;
    world->url = "sqlite::memory:";
    open_store(world);
    sqlite3 *own = store_reader(world->store)->handle;
    if (made && made_of == all) {
        copy_main(&world->cx, own, made);
        return;
    }
    migrate(world, all, count);
    if (made || count < WORTH_COPYING)
        return;
    if (sqlite3_open(":memory:", &made) != SQLITE_OK)
        give_up(&world->cx, "template");
    copy_main(&world->cx, made, own);
    made_of = all;
}

/* ---- both ---- */

void test_store_open(struct test_world *world, const struct migration *all, size_t count)
{
    static const unsigned char MASTER[32] = "only for tests";
    const char *server = getenv(SERVER_VARIABLE);
    hash_start();
    log_level_set(LOG_ERROR);
    *world = (struct test_world){.arena = arena_new()};
    world->keys = ARENA_NEW(world->arena, struct keys);
    keys_derive(world->keys, MASTER);
    world->cx = (struct ctx){
        .mem = world->arena,
        .now = instant_of(date_of(2026, 3, 2), 9 * 60, SHANGHAI_OFFSET_MIN),
        .keys = world->keys,
        .origin = "",
        .request = "test",
    };
    if (server && *server)
        open_postgres(world, all, count);
    else
        open_sqlite(world, all, count);
    world->cx.db = store_reader(world->store);
}

void test_store_close(struct test_world *world)
{
    store_close(world->store);
    if (world->database)
        drop_postgres(world);
    arena_free(world->arena);
    *world = (struct test_world){0};
}

struct write {
    struct ctx *cx;
    enum result (*run)(struct ctx *cx, void *host);
    void *host;
};

static enum result write_run(struct db *db, void *host)
{
    struct write *write = host;
    write->cx->db = db;
    write->cx->fault = (struct fault){0};
    return write->run(write->cx, write->host);
}

enum result test_write(struct test_world *world, enum result (*run)(struct ctx *cx, void *host),
                       void *host)
{
    struct write write = {.cx = &world->cx, .run = run, .host = host};
    enum result result = store_write_now(world->store, write_run, &write);
    world->cx.db = store_reader(world->store);
    return result;
}

void test_queries_prepare(struct test_world *world, const struct query *const *queries)
{
    struct db *db = store_reader(world->store);
    for (; *queries; queries++) {
        struct statement *statement;
        if (statement_take(db, (*queries)->sql[db_engine(db)], &statement) != DONE)
            fail_msg("%s: %s", (*queries)->name, db->message);
        statement_give_back(db, statement);
    }
}

/* Plans do not depend on values. */
static void put_plan(struct test_world *world, const char *sql, struct text *plans)
{
    static const struct param NONE[64];
    struct db *db = world->cx.db;
    struct statement *statement;
    size_t len;
    if (statement_take(db, arena_printf(world->arena, "EXPLAIN QUERY PLAN %s", sql), &statement) !=
            DONE ||
        db->driver->start(&world->cx, statement, (struct params){NONE, 64}, false) != DONE)
        fail_msg("%s: %s", sql, db->message);
    while (db->driver->next(db, statement) == ROW) {
        text_puts(plans, db->driver->bytes(statement, 3, &len));
        text_putc(plans, '\n');
    }
    statement_give_back(db, statement);
}

const char *test_plans(struct test_world *world)
{
    struct db *db = world->cx.db;
    const char *ran[STATEMENTS_MAX];
    int count = 0;
    struct text plans = text_new(world->arena, 1024);
    for (size_t i = 0; i < STATEMENT_BUCKETS; i++)
        for (const struct statement *statement = db->buckets[i]; statement;
             statement = statement->next)
            ran[count++] = arena_copy(world->arena, statement->sql, strlen(statement->sql));
    statements_forget(db);
    for (int i = 0; i < count; i++)
        put_plan(world, ran[i], &plans);
    statements_forget(db);
    return text_end(&plans);
}
