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

#include <cmocka.h>

#define SERVER_VARIABLE "LUYUE_TEST_PG"

static _Noreturn void give_up(const struct ctx *cx, const char *what)
{
    fprintf(stderr, "test world: %s: %s\n", what, cx->fault.code ? cx->fault.code : "");
    abort();
}

static void server_script(const struct ctx *cx, const char *sql)
{
    struct db *db = db_open(&POSTGRES_DRIVER, getenv(SERVER_VARIABLE), NULL, true);
    if (!db || POSTGRES_DRIVER.script(db, sql) != DONE)
        give_up(cx, db ? db->message : sql);
    db_close(db);
}

/* A schema takes milliseconds where a database takes a third of a second. Its name is also that of
 * the world's connections. */
static const char *place_make(struct test_world *world)
{
    static int made;
    const char *server = getenv(SERVER_VARIABLE);
    if (!server || !*server)
        return "sqlite::memory:";
    world->schema = arena_printf(world->arena, "luyue_test_%ld_%d", (long)getpid(), ++made);
    server_script(&world->cx, arena_printf(world->arena, "CREATE SCHEMA %s", world->schema));
    return arena_printf(world->arena, "%s%coptions=-csearch_path%%3D%s&application_name=%s", server,
                        strchr(server, '?') ? '&' : '?', world->schema, world->schema);
}

void test_store_open(struct test_world *world, const struct migration *all, size_t count)
{
    static const unsigned char MASTER[32] = "only for tests";
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
    world->url = place_make(world);
    struct store_options options = {.url = world->url};
    if (store_open(&world->cx, &options, &world->store) != OK)
        give_up(&world->cx, "open");
    int applied;
    if (schema_migrate(&world->cx, world->store, all, count, &applied) != OK)
        give_up(&world->cx, "migrate");
    world->cx.db = store_reader(world->store);
}

void test_store_close(struct test_world *world)
{
    store_close(world->store);
    if (world->schema)
        server_script(&world->cx, /* its parts are schemas whose names begin with its own */
                      arena_printf(world->arena,
                                   "DO $$ DECLARE s TEXT; BEGIN FOR s IN SELECT nspname FROM "
                                   "pg_namespace WHERE nspname = '%s' OR starts_with(nspname, "
                                   "'%s_') LOOP EXECUTE 'DROP SCHEMA ' || s || ' CASCADE'; END "
                                   "LOOP; END $$",
                                   world->schema, world->schema));
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
