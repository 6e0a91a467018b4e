/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/months.h"
#include "store/months_test.sql.h"
#include "store/test_store.h"

#include <dirent.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>

#include <cmocka.h>

static const struct migration MAIN[] = {
    {1, "0001_kinds", "CREATE TABLE kinds (id NUMBER_KEY); INSERT INTO kinds (id) VALUES (1)"},
};
static const struct migration MONTH[] = {
    {1, "0001_notes", "CREATE TABLE notes (id NUMBER_KEY, words TEXT NOT NULL)"},
};
#define JULY ((struct month){2026 * 12 + 7})
#define AUGUST ((struct month){2026 * 12 + 8})

struct fixture {
    struct test_world test;
    struct months *months;
    char folder[32]; /* "" unless the store is in a file */
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    test_store_open(&fixture->test, MAIN, 1);
    fixture->months = months_open(fixture->test.store, "notes", MONTH, 1);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    months_close(fixture->months);
    test_store_close(&fixture->test);
    free(fixture);
    return 0;
}

struct note {
    struct fixture *fixture;
    int64_t id;
};

static enum result note_run(struct db *db, void *host)
{
    struct note *note = host;
    struct ctx *cx = &note->fixture->test.cx;
    cx->db = db;
    cx->fault = (struct fault){0};
    return db_change_one(cx, &q_note, PARAMS(P(note->id), P("words")));
}

static void add_note(struct fixture *fixture, struct month month, int64_t id)
{
    struct note note = {fixture, id};
    struct store *store;
    assert_int_equal(months_store(&fixture->test.cx, fixture->months, month, true, &store), OK);
    assert_int_equal(store_write_now(store, note_run, &note), OK);
    months_release(fixture->months, store);
}

static enum result count_notes(struct ctx *cx, void *host)
{
    return db_int(cx, &q_notes, NO_PARAMS, host);
}

static enum result count_known(struct ctx *cx, void *host)
{
    return db_int(cx, &q_main_beside, NO_PARAMS, host);
}

static int64_t notes_of(struct fixture *fixture, struct month month)
{
    int64_t count = -1;
    assert_int_equal(months_read(&fixture->test.cx, fixture->months, month, count_notes, &count),
                     OK);
    return count;
}

static size_t month_count(struct fixture *fixture, struct month *out_newest)
{
    const struct month *list;
    size_t count;
    assert_int_equal(months_list(&fixture->test.cx, fixture->months, &list, &count), OK);
    *out_newest = count ? list[0] : (struct month){0};
    return count;
}

static void each_month_holds_its_own(void **state)
{
    struct fixture *fixture = *state;
    struct month newest;
    assert_int_equal(month_count(fixture, &newest), 0);
    add_note(fixture, JULY, 1);
    add_note(fixture, AUGUST, 1);
    add_note(fixture, AUGUST, 2);
    assert_int_equal(notes_of(fixture, JULY), 1);
    assert_int_equal(notes_of(fixture, AUGUST), 2);
    assert_int_equal(month_count(fixture, &newest), 2);
    assert_int_equal(newest.months, AUGUST.months);
}

static void a_month_that_is_not_there_reads_as_nothing(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(notes_of(fixture, JULY), -1);
    struct store *store;
    assert_int_equal(months_store(&fixture->test.cx, fixture->months, JULY, false, &store),
                     NOT_FOUND);
}

static void a_months_reader_sees_the_main_store_too(void **state)
{
    struct fixture *fixture = *state;
    int64_t count = -1;
    add_note(fixture, JULY, 1);
    add_note(fixture, JULY, 7);
    assert_int_equal(months_read(&fixture->test.cx, fixture->months, JULY, count_known, &count),
                     OK);
    assert_int_equal(count, 1);
}

/* ---- in files, as an operator has them ---- */

static int set_up_files(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    snprintf(fixture->folder, sizeof fixture->folder, P_tmpdir "/months_test_XXXXXX");
    if (!mkdtemp(fixture->folder))
        abort();
    test_store_open(&fixture->test, MAIN, 1);
    store_close(fixture->test.store);
    struct ctx *cx = &fixture->test.cx;
    struct store_options options = {.url = "sqlite", .data_dir = fixture->folder};
    int applied;
    if (store_open(cx, &options, &fixture->test.store) != OK ||
        schema_migrate(cx, fixture->test.store, MAIN, 1, &applied) != OK)
        abort();
    cx->db = store_reader(fixture->test.store);
    fixture->months = months_open(fixture->test.store, "notes", MONTH, 1);
    *state = fixture;
    return 0;
}

static int tear_down_files(void **state)
{
    struct fixture *fixture = *state;
    char folder[sizeof fixture->folder], path[600];
    memcpy(folder, fixture->folder, sizeof folder);
    tear_down(state);
    DIR *dir = opendir(folder);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        (void)unlink(path);
    }
    closedir(dir);
    return rmdir(folder);
}

static void months_in_files_are_found_again(void **state)
{
    struct fixture *fixture = *state;
    struct month newest;
    add_note(fixture, JULY, 1);
    add_note(fixture, AUGUST, 1);
    months_close(fixture->months);
    fixture->months = months_open(fixture->test.store, "notes", MONTH, 1);
    assert_int_equal(month_count(fixture, &newest), 2);
    assert_int_equal(notes_of(fixture, AUGUST), 1);
    assert_int_equal(newest.months, AUGUST.months);
    int64_t count = -1;
    assert_int_equal(months_read(&fixture->test.cx, fixture->months, JULY, count_known, &count),
                     OK);
    assert_int_equal(count, 1);
}

#define FIXTURE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(each_month_holds_its_own),
        FIXTURE_TEST(a_month_that_is_not_there_reads_as_nothing),
        FIXTURE_TEST(a_months_reader_sees_the_main_store_too),
        cmocka_unit_test_setup_teardown(months_in_files_are_found_again, set_up_files,
                                        tear_down_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
