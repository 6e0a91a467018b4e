/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/store_test.sql.h"
#include "store/test_store.h"

#include <pthread.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>

#include <cmocka.h>

static const struct migration SCHEMA[] = {
    {1, "0001_counters",
     "CREATE TABLE counters (name TEXT PRIMARY KEY, value BIGINT NOT NULL);"
     "INSERT INTO counters (name, value) VALUES ('a', 0), ('b', 0);"},
};

static int set_up(void **state)
{
    struct test_world *world = calloc(1, sizeof *world);
    test_store_open(world, SCHEMA, 1);
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    test_store_close(*state);
    free(*state);
    return 0;
}

static int64_t value_of(struct test_world *world, const char *name)
{
    int64_t value;
    assert_int_equal(db_int(&world->cx, &q_value, PARAMS(P(name)), &value), OK);
    return value;
}

/* Read, then write what was read plus one: loses counts wherever two may do so at once. */
static enum result add_one(struct ctx *cx, void *host)
{
    int64_t value;
    TRY(db_int(cx, &q_value, PARAMS(param_text(host)), &value));
    return db_change_one(cx, &q_set, PARAMS(param_text(host), param_number(value + 1)));
}

static enum result add_one_then_refuse(struct ctx *cx, void *host)
{
    TRY(add_one(cx, host));
    reject(cx, "name", "unwanted");
    return rejected(cx);
}

static enum result go_on_after_a_failure(struct ctx *cx, void *host)
{
    TRY(add_one(cx, host));
    (void)!db_change(cx, &q_new, PARAMS(param_text("a")), NULL);
    return OK;
}

static enum result lose_the_transaction(struct ctx *cx, void *host)
{
    return db_change(cx, &q_lose, PARAMS(param_text("a")), NULL);
}

/* ---- work in a queue ---- */

#define ERRANDS_MAX 100

/* Pieces of work that are queued while the writer is held up, so that they are there together. */
struct errands {
    struct store *store;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_open;
    int held, done;
    struct errand {
        struct errands *all;
        struct store_work work;
        enum result (*run)(struct ctx *cx, void *host);
        enum result result;
        int times_done;
        int told_as; /* the how many-th */
    } at[ERRANDS_MAX];
    int count;
};

static enum result errand_run(struct db *db, void *host)
{
    struct errand *errand = host;
    struct ctx cx = {.mem = arena_new(), .db = db};
    enum result result = errand->run(&cx, "a");
    arena_free(cx.mem);
    return result;
}

static void errand_done(void *host, enum result result)
{
    struct errand *errand = host;
    struct errands *all = errand->all;
    pthread_mutex_lock(&all->lock);
    errand->result = result;
    errand->times_done++;
    errand->told_as = ++all->done;
    pthread_cond_broadcast(&all->changed);
    pthread_mutex_unlock(&all->lock);
}

static enum result hold(struct db *db, void *host)
{
    struct errands *all = ((struct errand *)host)->all;
    pthread_mutex_lock(&all->lock);
    all->held++;
    pthread_cond_broadcast(&all->changed);
    while (!all->is_open)
        pthread_cond_wait(&all->changed, &all->lock);
    pthread_mutex_unlock(&all->lock);
    return NOT_FOUND;
}

static void errand_queue(struct errands *all, enum result (*run)(struct ctx *cx, void *host),
                         bool alone)
{
    struct errand *errand = &all->at[all->count++];
    *errand = (struct errand){.all = all, .run = run};
    errand->work = (struct store_work){
        .run = run ? errand_run : hold, .done = errand_done, .host = errand, .alone = alone};
    store_write(all->store, &errand->work);
}

static void errand_add(struct errands *all, enum result (*run)(struct ctx *cx, void *host))
{
    errand_queue(all, run, false);
}

static void long_errand_add(struct errands *all, enum result (*run)(struct ctx *cx, void *host))
{
    errand_queue(all, run, true);
}

static void errands_start(struct errands *all, struct test_world *world)
{
    *all = (struct errands){.store = world->store,
                            .lock = PTHREAD_MUTEX_INITIALIZER,
                            .changed = PTHREAD_COND_INITIALIZER};
    errand_add(all, NULL);
    pthread_mutex_lock(&all->lock);
    while (!all->held)
        pthread_cond_wait(&all->changed, &all->lock);
    pthread_mutex_unlock(&all->lock);
}

static void errands_let_go(struct errands *all)
{
    pthread_mutex_lock(&all->lock);
    all->is_open = true;
    pthread_cond_broadcast(&all->changed);
    pthread_mutex_unlock(&all->lock);
}

static void errands_wait(struct errands *all)
{
    pthread_mutex_lock(&all->lock);
    while (all->done < all->count)
        pthread_cond_wait(&all->changed, &all->lock);
    pthread_mutex_unlock(&all->lock);
}

static void a_failure_takes_back_its_own_part_alone(void **state)
{
    struct test_world *world = *state;
    struct errands all;
    errands_start(&all, world);
    int first = all.count;
    for (int i = 0; i < 30; i++)
        errand_add(&all, i % 3 == 1 ? add_one_then_refuse : add_one);
    errands_let_go(&all);
    errands_wait(&all);
    for (int i = 0; i < 30; i++) {
        assert_int_equal(all.at[first + i].result, i % 3 == 1 ? INVALID : OK);
        assert_int_equal(all.at[first + i].times_done, 1);
    }
    assert_int_equal(value_of(world, "a"), 20);
}

static void work_that_waited_together_is_committed_together(void **state)
{
    struct test_world *world = *state;
    struct errands all;
    errands_start(&all, world);
    uint64_t before = store_commits(world->store);
    for (int i = 0; i < 50; i++)
        errand_add(&all, add_one);
    errands_let_go(&all);
    errands_wait(&all);
    assert_int_equal(value_of(world, "a"), 50);
    assert_int_equal(store_commits(world->store) - before, 1);
}

static void long_work_shares_no_commit_with_what_waited_beside_it(void **state)
{
    struct test_world *world = *state;
    struct errands all;
    errands_start(&all, world);
    uint64_t before = store_commits(world->store);
    for (int i = 0; i < 7; i++)
        errand_queue(&all, add_one, i == 3);
    errands_let_go(&all);
    errands_wait(&all);
    assert_int_equal(value_of(world, "a"), 7);
    assert_int_equal(store_commits(world->store) - before, 2);
}

static void a_change_waits_for_one_piece_of_long_work_at_the_most(void **state)
{
    struct test_world *world = *state;
    struct errands all;
    errands_start(&all, world);
    for (int i = 0; i < 5; i++)
        long_errand_add(&all, add_one);
    errand_add(&all, add_one);
    errands_let_go(&all);
    errands_wait(&all);
    const struct errand *change = &all.at[all.count - 1];
    assert_int_equal(change->told_as, 3); /* after what was held, and one of the five */
    assert_int_equal(value_of(world, "a"), 6);
}

static void a_lost_transaction_is_told_and_does_not_stop_what_comes_behind(void **state)
{
    struct test_world *world = *state;
    if (store_engine(world->store) != ENGINE_SQLITE)
        skip();
    struct errands all;
    errands_start(&all, world);
    errand_add(&all, add_one);
    errand_add(&all, lose_the_transaction);
    errand_add(&all, add_one);
    errands_let_go(&all);
    errands_wait(&all);
    assert_int_equal(all.at[1].result, BROKEN);
    assert_int_equal(all.at[2].result, CONFLICT);
    assert_int_equal(all.at[3].result, OK);
    assert_int_equal(value_of(world, "a"), 1);
}

static void closing_finishes_what_is_queued(void **state)
{
    struct test_world *world = *state;
    struct errands all;
    errands_start(&all, world);
    for (int i = 0; i < 50; i++)
        errand_add(&all, add_one);
    errands_let_go(&all);
    test_store_close(world);
    assert_int_equal(all.done, all.count);
    assert_int_equal(all.at[all.count - 1].result, OK);
    test_store_open(world, SCHEMA, 1);
}

/* ---- work that is waited for ---- */

static void a_refused_work_changes_nothing_and_says_why(void **state)
{
    struct test_world *world = *state;
    uint64_t before = store_commits(world->store);
    assert_int_equal(test_write(world, add_one_then_refuse, "a"), INVALID);
    assert_string_equal(world->cx.fault.fields->code, "unwanted");
    assert_int_equal(value_of(world, "a"), 0);
    assert_int_equal(store_commits(world->store), before);
}

static void a_commit_is_counted_and_seen_by_readers(void **state)
{
    struct test_world *world = *state;
    uint64_t before = store_commits(world->store);
    assert_int_equal(test_write(world, add_one, "a"), OK);
    assert_int_equal(store_commits(world->store), before + 1);
    assert_int_equal(value_of(world, "a"), 1);
}

static void success_after_a_failed_statement_is_not_believed(void **state)
{
    struct test_world *world = *state;
    assert_int_equal(test_write(world, go_on_after_a_failure, "a"), BROKEN);
    assert_int_equal(value_of(world, "a"), 0);
}

#define THREADS 4
#define ROUNDS 25

struct crowd {
    struct store *store;
    int failures;
    int64_t last_sum;
};

static enum result crowd_run(struct db *db, void *host)
{
    struct ctx *cx = host;
    cx->db = db;
    cx->fault = (struct fault){0};
    TRY(add_one(cx, "a"));
    return add_one(cx, "b");
}

static void *crowd_thread(void *host)
{
    struct crowd *crowd = host;
    struct ctx cx = {.mem = arena_new()};
    for (int i = 0; i < ROUNDS; i++) {
        crowd->failures += store_write_now(crowd->store, crowd_run, &cx) != OK;
        cx.db = store_reader(crowd->store);
        crowd->failures += db_int(&cx, &q_sum, NO_PARAMS, &crowd->last_sum) != OK;
        crowd->failures += crowd->last_sum < 2 * (i + 1) || crowd->last_sum % 2 != 0;
    }
    arena_free(cx.mem);
    return NULL;
}

/* Every other thread writes through the second store. */
static void crowd_both(struct store *first, struct store *second)
{
    pthread_t threads[THREADS];
    struct crowd crowds[THREADS];
    for (int i = 0; i < THREADS; i++) {
        crowds[i] = (struct crowd){.store = i % 2 ? second : first};
        assert_int_equal(pthread_create(&threads[i], NULL, crowd_thread, &crowds[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(crowds[i].failures, 0);
    }
}

static void many_threads_read_and_write_without_losing_a_count(void **state)
{
    struct test_world *world = *state;
    crowd_both(world->store, world->store);
    assert_int_equal(value_of(world, "a"), THREADS * ROUNDS);
    assert_int_equal(value_of(world, "b"), THREADS * ROUNDS);
}

static enum result kill_all(struct ctx *cx, void *host)
{
    return db_int(cx, &q_disconnect, NO_PARAMS, host);
}

static void lost_connections_are_made_anew(void **state)
{
    struct test_world *world = *state;
    if (store_engine(world->store) != ENGINE_POSTGRES)
        skip();
    int64_t killed;
    assert_int_equal(value_of(world, "a"), 0);
    assert_int_equal(test_write(world, kill_all, &killed), OK);
    assert_true(killed >= 1);
    assert_int_equal(value_of(world, "a"), 0);
    for (int i = 1; i <= 6; i++) {
        assert_int_equal(test_write(world, add_one, "a"), OK);
        assert_int_equal(value_of(world, "a"), i);
    }
}

/* ---- stores ---- */

static void two_stores_know_nothing_of_each_other(void **state)
{
    struct test_world *world = *state, other;
    test_store_open(&other, SCHEMA, 1);
    assert_int_equal(test_write(&other, add_one, "a"), OK);
    assert_int_equal(value_of(&other, "a"), 1);
    assert_int_equal(value_of(world, "a"), 0);
    test_store_close(&other);
}

static void an_unknown_url_is_invalid(void **state)
{
    static const char *const URLS[] = {"", "mysql://x", "sqlite:/etc/passwd", "postgres"};
    struct test_world *world = *state;
    for (size_t i = 0; i < sizeof URLS / sizeof *URLS; i++) {
        struct store *store;
        struct store_options options = {.url = URLS[i], .data_dir = "/nonexistent"};
        world->cx.fault = (struct fault){0};
        assert_int_equal(store_open(&world->cx, &options, &store), INVALID);
        assert_string_equal(world->cx.fault.code, "store.bad_url");
    }
}

static void a_store_that_cannot_be_opened_says_so(void **state)
{
    static const struct store_options CASES[] = {
        {.url = "sqlite", .data_dir = "/nonexistent/folder"},
        {.url = "postgres://nobody@/nowhere?host=/nonexistent"},
    };
    struct test_world *world = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct store *store;
        world->cx.fault = (struct fault){0};
        assert_int_equal(store_open(&world->cx, &CASES[i], &store), BROKEN);
        assert_string_equal(world->cx.fault.code, "store.cannot_open");
    }
}

static int64_t count_in(struct ctx *cx, const char *dir)
{
    struct store *store;
    int applied;
    int64_t value;
    struct store_options options = {.url = "sqlite", .data_dir = dir};
    assert_int_equal(store_open(cx, &options, &store), OK);
    assert_int_equal(schema_migrate(cx, store, SCHEMA, 1, &applied), OK);
    cx->mem = arena_new();
    assert_int_equal(store_write_now(store, crowd_run, cx), OK);
    cx->db = store_reader(store);
    assert_int_equal(db_int(cx, &q_sum, NO_PARAMS, &value), OK);
    arena_free(cx->mem);
    store_close(store);
    return value;
}

static void remove_files(struct test_world *world, const char *dir)
{
    static const char *const NAMES[] = {"luyue.db", "luyue.db-wal", "luyue.db-shm"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        (void)unlink(arena_printf(world->arena, "%s/%s", dir, NAMES[i]));
    assert_int_equal(rmdir(dir), 0);
}

/* As several processes do that share a database. */
static void two_stores_on_one_database_take_turns(void **state)
{
    struct test_world *world = *state;
    char dir[] = P_tmpdir "/luyue_store_XXXXXX";
    assert_non_null(mkdtemp(dir));
    struct store_options options = {.url = world->database ? world->url : "sqlite",
                                    .data_dir = dir};
    struct store *first, *second;
    int applied;
    int64_t sum;
    assert_int_equal(store_open(&world->cx, &options, &first), OK);
    assert_int_equal(schema_migrate(&world->cx, first, SCHEMA, 1, &applied), OK);
    assert_int_equal(store_open(&world->cx, &options, &second), OK);
    crowd_both(first, second);
    struct ctx cx = {.mem = world->arena, .db = store_reader(second)};
    assert_int_equal(db_int(&cx, &q_sum, NO_PARAMS, &sum), OK);
    assert_int_equal(sum, 2 * THREADS * ROUNDS);
    store_close(second);
    store_close(first);
    remove_files(world, dir);
}

static void a_folder_keeps_what_was_written_and_is_private(void **state)
{
    struct test_world *world = *state;
    char dir[] = P_tmpdir "/luyue_store_XXXXXX";
    assert_non_null(mkdtemp(dir));
    assert_int_equal(rmdir(dir), 0);
    struct ctx cx = {.mem = world->arena};
    assert_int_equal(count_in(&cx, dir), 2);
    struct stat stat_of;
    assert_int_equal(stat(dir, &stat_of), 0);
    assert_int_equal(stat_of.st_mode & 0777, 0700);
    cx.mem = world->arena;
    assert_int_equal(count_in(&cx, dir), 4);
    remove_files(world, dir);
}

static void a_copy_is_a_whole_store_and_never_overwrites(void **state)
{
    struct test_world *world = *state;
    char dir[] = P_tmpdir "/luyue_store_XXXXXX";
    assert_non_null(mkdtemp(dir));
    char *path = arena_printf(world->arena, "%s/luyue.db", dir);
    assert_int_equal(test_write(world, add_one, "a"), OK);
    enum result result = store_copy(&world->cx, world->store, path);
    if (store_engine(world->store) == ENGINE_POSTGRES) {
        assert_int_equal(result, INVALID);
        assert_int_equal(rmdir(dir), 0);
        return;
    }
    assert_int_equal(result, OK);
    assert_int_equal(store_copy(&world->cx, world->store, path), CONFLICT);
    assert_string_equal(world->cx.fault.code, "store.copy_refused");
    struct ctx cx = {.mem = world->arena};
    assert_int_equal(count_in(&cx, dir), 3);
    remove_files(world, dir);
}

/* ---- snapshots ---- */

struct moment {
    struct store *store;
    int64_t before, after; /* the sum, read before and after somebody else added to it */
};

static enum result write_meanwhile(struct db *db, void *host)
{
    struct ctx cx = {.mem = arena_new(), .db = db};
    enum result result = add_one(&cx, host);
    arena_free(cx.mem);
    return result;
}

static enum result read_around_a_write(struct ctx *cx, void *host)
{
    struct moment *moment = host;
    TRY(db_int(cx, &q_sum, NO_PARAMS, &moment->before));
    TRY(store_write_now(moment->store, write_meanwhile, "a"));
    return db_int(cx, &q_sum, NO_PARAMS, &moment->after);
}

static enum result refuse(struct ctx *cx, void *host)
{
    reject(cx, "name", "unwanted");
    return rejected(cx);
}

static void assert_one_moment(struct ctx *cx, struct store *store)
{
    struct moment moment = {.store = store};
    cx->db = store_reader(store);
    assert_int_equal(db_snapshot(cx, read_around_a_write, &moment), OK);
    assert_int_equal(moment.before, moment.after);
    assert_int_equal(read_around_a_write(cx, &moment), OK);
    assert_int_equal(moment.after, moment.before + 1);
    assert_int_equal(db_snapshot(cx, refuse, NULL), INVALID);
    assert_int_equal(db_snapshot(cx, read_around_a_write, &moment),
                     OK); /* the last one has ended */
}

/* On SQLite it is the log of a file that lets others write meanwhile. */
static void a_snapshot_is_of_one_moment(void **state)
{
    struct test_world *world = *state;
    char dir[] = P_tmpdir "/luyue_store_XXXXXX";
    if (store_engine(world->store) == ENGINE_POSTGRES) {
        assert_one_moment(&world->cx, world->store);
        return;
    }
    assert_non_null(mkdtemp(dir));
    struct ctx cx = {.mem = world->arena};
    struct store *store;
    int applied;
    assert_int_equal(
        store_open(&cx, &(struct store_options){.url = "sqlite", .data_dir = dir}, &store), OK);
    assert_int_equal(schema_migrate(&cx, store, SCHEMA, 1, &applied), OK);
    assert_one_moment(&cx, store);
    store_close(store);
    remove_files(world, dir);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_failure_takes_back_its_own_part_alone),
        TEST(work_that_waited_together_is_committed_together),
        TEST(long_work_shares_no_commit_with_what_waited_beside_it),
        TEST(a_change_waits_for_one_piece_of_long_work_at_the_most),
        TEST(a_lost_transaction_is_told_and_does_not_stop_what_comes_behind),
        TEST(closing_finishes_what_is_queued),
        TEST(a_refused_work_changes_nothing_and_says_why),
        TEST(a_commit_is_counted_and_seen_by_readers),
        TEST(success_after_a_failed_statement_is_not_believed),
        TEST(many_threads_read_and_write_without_losing_a_count),
        TEST(lost_connections_are_made_anew),
        TEST(two_stores_know_nothing_of_each_other),
        TEST(an_unknown_url_is_invalid),
        TEST(a_store_that_cannot_be_opened_says_so),
        TEST(two_stores_on_one_database_take_turns),
        TEST(a_folder_keeps_what_was_written_and_is_private),
        TEST(a_copy_is_a_whole_store_and_never_overwrites),
        TEST(a_snapshot_is_of_one_moment),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
