/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An empty world for tests: a store in memory with its schema, an arena, a ctx at a fixed time.
 *
 * With LUYUE_TEST_PG=postgres://… the same tests run on that throw-away database (collation C, as
 * tools/pg-temp makes it): each world gets a database of its own there, dropped at the end. A world
 * that cannot be made ends the program. */
#ifndef STORE_TEST_STORE_H
#define STORE_TEST_STORE_H

#include "store/migrate.h"

struct test_world {
    struct arena *arena;
    struct keys *keys;
    struct ctx cx; /* cx.db reads; now is 2026-03-02 09:00 in Shanghai */
    struct store *store;
    const char *url; /* of the store */
    char *database;  /* on PostgreSQL: its name there */
};

void test_store_open(struct test_world *world, const struct migration *all, size_t count);
void test_store_close(struct test_world *world);

/* Run in a transaction with world->cx, whose db writes meanwhile and whose fault starts empty. It
 * runs on a writer's thread, where an assertion of cmocka cannot end the test: assert outside. */
MUST_USE enum result test_write(struct test_world *world,
                                enum result (*run)(struct ctx *cx, void *host), void *host);

/* Prepare every statement of an ALL_…_QUERIES list; the first one refused fails the test. */
void test_queries_prepare(struct test_world *world, const struct query *const *queries);

/* How SQLite carries out the statements that ran on world->cx.db since the last call: the steps of
 * their plans, a line each. SQLite only. */
const char *test_plans(struct test_world *world);

#endif
