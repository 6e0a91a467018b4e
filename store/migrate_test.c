/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/migrate.sql.h"
#include "store/migrate_test.sql.h"
#include "store/test_store.h"

#include <pthread.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <setjmp.h>

#include <cmocka.h>

/* Words that only look portable stand in comments, texts and names. */
static const struct migration SCHEMA[] = {
    {1, "0001_things",
     "-- IDENTITY; it's a comment\n"
     "CREATE TABLE things (id IDENTITY, kind TEXT NOT NULL DEFAULT 'IDENTITY; BLOB''s',\n"
     "    \"BLOB\" BIGINT NOT NULL DEFAULT 0, BLOB_ID BIGINT);\n"},
    {2, "0002_files",
     "/* a BLOB; see below */ CREATE TABLE files (content BLOB NOT NULL);\n"
     "INSERT INTO things (kind) VALUES ('first'); INSERT INTO things (\"BLOB\") VALUES (2);\n"},
    {3, "0003_notes",
     "CREATE TABLE notes (id IDENTITY, words TEXT NOT NULL);\n"
     "CREATE INDEX notes_words ON notes (words THEN_ID);\n"
     "-- @sqlite\nINSERT INTO notes (words) VALUES ('sqlite');\n-- @end\n"
     "-- @postgres\nINSERT INTO notes (words) VALUES ('postgres');\n-- @end\n"
     "INSERT INTO notes (words) VALUES ('both');"},
};
#define COUNT 3

static int set_up(void **state)
{
    struct test_world *world = calloc(1, sizeof *world);
    test_store_open(world, NULL, 0);
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    test_store_close(*state);
    free(*state);
    return 0;
}

static int migrate(struct test_world *world, size_t count)
{
    int applied;
    assert_int_equal(schema_migrate(&world->cx, world->store, SCHEMA, count, &applied), OK);
    return applied;
}

static int pending(struct test_world *world)
{
    int count;
    assert_int_equal(schema_check(&world->cx, world->store, SCHEMA, COUNT, &count), OK);
    return count;
}

static void every_text_runs_once(void **state)
{
    struct test_world *world = *state;
    int64_t things;
    assert_int_equal(pending(world), 3);
    assert_int_equal(migrate(world, 2), 2);
    assert_int_equal(pending(world), 1);
    assert_int_equal(migrate(world, COUNT), 1);
    assert_int_equal(migrate(world, COUNT), 0);
    assert_int_equal(pending(world), 0);
    assert_int_equal(db_int(&world->cx, &q_things_count, NO_PARAMS, &things), OK);
    assert_int_equal(things, 2);
}

static void words_in_texts_names_and_comments_stay(void **state)
{
    struct test_world *world = *state;
    const char *kind;
    migrate(world, COUNT);
    assert_int_equal(db_text(&world->cx, &q_thing_kind, NO_PARAMS, &kind), OK);
    assert_string_equal(kind, "IDENTITY; BLOB's");
}

static void what_stands_for_one_engine_runs_on_that_one(void **state)
{
    static const char *const WORDS[] = {[ENGINE_SQLITE] = "sqlite", [ENGINE_POSTGRES] = "postgres"};
    struct test_world *world = *state;
    const char *words;
    int64_t notes;
    migrate(world, COUNT);
    assert_int_equal(db_text(&world->cx, &q_notes_first, NO_PARAMS, &words), OK);
    assert_string_equal(words, WORDS[store_engine(world->store)]);
    assert_int_equal(db_int(&world->cx, &q_notes_count, NO_PARAMS, &notes), OK);
    assert_int_equal(notes, 2);
}

static enum result clear_and_add(struct ctx *cx, void *host)
{
    TRY(db_change(cx, &q_things_clear, NO_PARAMS, NULL));
    return db_insert(cx, &q_thing_add, NO_PARAMS, host);
}

static void an_identity_is_never_used_again(void **state)
{
    struct test_world *world = *state;
    int64_t first, second;
    migrate(world, COUNT);
    assert_int_equal(test_write(world, clear_and_add, &first), OK);
    assert_int_equal(test_write(world, clear_and_add, &second), OK);
    assert_int_equal(second, first + 1);
}

static void a_history_that_does_not_fit_is_refused(void **state)
{
    static const struct {
        struct migration all[COUNT];
        size_t count;
        const char *code, *name;
    } CASES[] = {
        {{{1, "0001_things", "SELECT 1"}, {2}, {3}}, 3, "schema.changed", "0001_things"},
        {{{1}, {3, "0003_notes", "SELECT 1"}}, 2, "schema.changed", "0002_files"},
        {{{1}, {2}}, 2, "schema.unknown", "0003_notes"},
        {{{0}}, 0, "schema.unknown", "0001_things"},
    };
    struct test_world *world = *state;
    migrate(world, COUNT);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct migration all[COUNT];
        int number;
        for (size_t k = 0; k < COUNT; k++)
            all[k] = CASES[i].all[k].sql ? CASES[i].all[k] : SCHEMA[k];
        world->cx.fault = (struct fault){0};
        assert_int_equal(schema_check(&world->cx, world->store, all, CASES[i].count, &number),
                         CONFLICT);
        assert_string_equal(world->cx.fault.code, CASES[i].code);
        assert_string_equal(world->cx.fault.args[0], CASES[i].name);
        assert_int_equal(schema_migrate(&world->cx, world->store, all, CASES[i].count, &number),
                         CONFLICT);
    }
}

static void a_text_that_fails_leaves_nothing_and_keeps_those_before(void **state)
{
    struct test_world *world = *state;
    struct migration all[COUNT] = {
        SCHEMA[0], SCHEMA[1], {3, "0003_notes", "CREATE TABLE notes (id IDENTITY); NONSENSE"}};
    int applied;
    int64_t notes;
    assert_int_equal(schema_migrate(&world->cx, world->store, all, COUNT, &applied), BROKEN);
    assert_int_equal(applied, 2);
    assert_int_equal(pending(world), 1);
    assert_int_equal(migrate(world, COUNT), 1);
    assert_int_equal(db_int(&world->cx, &q_notes_count, NO_PARAMS, &notes), OK);
}

struct migrator {
    struct store *store;
    enum result result;
    int applied;
};

static void *migrator_thread(void *host)
{
    struct migrator *migrator = host;
    struct ctx cx = {.mem = arena_new(), .now = {1}};
    migrator->result = schema_migrate(&cx, migrator->store, SCHEMA, COUNT, &migrator->applied);
    arena_free(cx.mem);
    return NULL;
}

static void two_that_migrate_at_once_run_each_text_once(void **state)
{
    struct test_world *world = *state;
    pthread_t threads[2];
    struct migrator migrators[2];
    for (int i = 0; i < 2; i++) {
        migrators[i] = (struct migrator){.store = world->store};
        assert_int_equal(pthread_create(&threads[i], NULL, migrator_thread, &migrators[i]), 0);
    }
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(migrators[i].result, OK);
    }
    assert_int_equal(migrators[0].applied + migrators[1].applied, COUNT);
    assert_int_equal(pending(world), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_text_runs_once),
        TEST(words_in_texts_names_and_comments_stay),
        TEST(what_stands_for_one_engine_runs_on_that_one),
        TEST(an_identity_is_never_used_again),
        TEST(a_history_that_does_not_fit_is_refused),
        TEST(a_text_that_fails_leaves_nothing_and_keeps_those_before),
        TEST(two_that_migrate_at_once_run_each_text_once),
    };
    return cmocka_run_group_tests_name("migrate", tests, NULL, NULL);
}
