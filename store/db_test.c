/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/hash.h"
#include "store/db_test.sql.h"
#include "store/migrate.sql.h"
#include "store/test_store.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

enum state { DRAFT = 1, ACTIVE };
static const char *const STATES[] = {"draft", "active", NULL};
static const char *const ROLES[] = {"buyer", "seller", "judge", NULL};

struct thing {
    int64_t id, owner_id;
    const char *name;
    int32_t count;
    bool is_open;
    struct money price;
    struct points score;
    struct date starts_on;
    struct month month;
    struct instant seen_at;
    enum state state;
    struct set roles;
    struct secret phone;
    const char *remark; /* in no query */
};

static const struct field THING_FIELDS[] = {
    FIELD(thing, id),
    FIELD(thing, owner_id),
    FIELD(thing, name),
    FIELD(thing, count),
    FIELD(thing, is_open),
    FIELD(thing, price),
    FIELD(thing, score),
    FIELD(thing, starts_on),
    FIELD(thing, month),
    FIELD(thing, seen_at),
    FIELD_ENUM(thing, state, STATES),
    FIELD_CHOICES(thing, roles, ROLES),
    FIELD(thing, phone),
    FIELD(thing, remark),
    FIELDS_END,
};
#define COLUMNS 12 /* id excepted, remark is none */

static const struct migration SCHEMA[] = {
    {1, "0001_things",
     "CREATE TABLE things (id IDENTITY, owner_id BIGINT REFERENCES things (id),"
     " name TEXT NOT NULL UNIQUE, count BIGINT NOT NULL CHECK (count >= 0),"
     " is_open BOOLEAN NOT NULL, price BIGINT NOT NULL, score BIGINT NOT NULL,"
     " starts_on TEXT NOT NULL, month TEXT NOT NULL, seen_at BIGINT NOT NULL,"
     " state TEXT NOT NULL, roles TEXT NOT NULL, phone TEXT NOT NULL);"
     "CREATE TABLE files (id IDENTITY, content BLOB NOT NULL);"},
};

/* ---- the world of a test ---- */

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

static struct thing a_thing(const char *name)
{
    return (struct thing){
        .name = name,
        .count = 7,
        .is_open = true,
        .price = {259000000},
        .score = {-8750},
        .starts_on = date_of(2026, 2, 28),
        .month = {2026 * 12 + 3},
        .seen_at = {1772413200000},
        .state = ACTIVE,
        .phone = {.plain = "13812345678"},
        .remark = "",
    };
}

static struct params params_of(struct ctx *cx, const struct thing *thing)
{
    struct param *at = ARENA_ARRAY(cx->mem, struct param, COLUMNS);
    for (int i = 0; i < COLUMNS; i++)
        at[i] = param_field(cx, &THING_FIELDS[i + 1], thing);
    return (struct params){at, COLUMNS};
}

static enum result add(struct ctx *cx, void *host)
{
    struct thing *thing = host;
    return db_insert(cx, &q_thing_add, params_of(cx, thing), &thing->id);
}

static enum result add_quietly(struct ctx *cx, void *host)
{
    struct thing *thing = host;
    return db_insert(cx, &q_thing_add_quietly, params_of(cx, thing), &thing->id);
}

static void add_some(struct test_world *world, int count)
{
    for (int i = 1; i <= count; i++) {
        struct thing thing = a_thing(arena_printf(world->arena, "thing %d", i));
        assert_int_equal(test_write(world, add, &thing), OK);
    }
}

static struct thing get(struct test_world *world, const char *name)
{
    struct thing thing = {0};
    assert_int_equal(db_one(&world->cx, &q_thing_get, PARAMS(P(name)), THING_FIELDS, &thing), OK);
    return thing;
}

/* ---- records and rows ---- */

static void a_record_comes_back_as_it_was_written(void **state)
{
    struct test_world *world = *state;
    struct thing written = a_thing("机器 'one' \"two\"");
    const struct field *roles = field_find(THING_FIELDS, "roles", 5);
    struct field_reading reading = {.arena = world->arena};
    assert_null(field_read(roles, "buyer judge", &reading, &written));
    assert_int_equal(test_write(world, add, &written), OK);
    assert_true(written.id > 0);

    struct thing read = get(world, "机器 'one' \"two\"");
    for (const struct field *field = THING_FIELDS; field->name; field++) {
        if (field->type != FIELD_SECRET && !field_equal(field, &written, &read))
            fail_msg("%s differs", field->name);
    }
    assert_int_equal(read.state, ACTIVE);
    assert_true(read.is_open);
    assert_int_equal(read.score.hundredths, -8750);
}

static void none_is_stored_as_null_or_empty_and_read_as_none(void **state)
{
    struct test_world *world = *state;
    struct thing none = {.name = "none", .remark = ""};
    assert_int_equal(test_write(world, add, &none), OK);
    struct thing read = get(world, "none");
    for (const struct field *field = THING_FIELDS; field->name; field++) {
        if (field->type != FIELD_SECRET && !field_equal(field, &none, &read))
            fail_msg("%s differs", field->name);
    }
    assert_string_equal(read.remark, "");
    assert_string_equal(read.phone.plain, "");
    assert_string_equal(read.phone.sealed, "");
    assert_string_equal(read.phone.masked, "");
}

static void a_secret_is_stored_sealed_and_shown_masked(void **state)
{
    struct test_world *world = *state;
    struct thing thing = a_thing("a");
    assert_int_equal(test_write(world, add, &thing), OK);
    struct thing read = get(world, "a");
    assert_string_equal(read.phone.plain, "");
    assert_string_equal(read.phone.masked, "138****5678");
    assert_null(strstr(read.phone.sealed, "13812345678"));
    assert_string_equal(open_text(world->arena, world->keys, "phone", read.phone.sealed),
                        "13812345678");
}

static void a_secret_that_was_not_touched_stays_as_it_is(void **state)
{
    struct test_world *world = *state;
    struct thing thing = a_thing("a");
    assert_int_equal(test_write(world, add, &thing), OK);
    struct thing copy = get(world, "a");
    const char *sealed = copy.phone.sealed;
    copy.name = "b";
    assert_int_equal(test_write(world, add, &copy), OK);
    assert_string_equal(get(world, "b").phone.sealed, sealed);
    assert_string_equal(get(world, "b").phone.masked, "138****5678");
}

static void a_column_without_a_member_is_an_error_of_ours(void **state)
{
    struct test_world *world = *state;
    struct thing thing = {0};
    add_some(world, 1);
    assert_int_equal(db_one(&world->cx, &q_thing_misspelt, NO_PARAMS, THING_FIELDS, &thing),
                     BROKEN);
    assert_string_equal(world->cx.fault.code, "store.unmapped");
}

/* ---- reading ---- */

static void one_row_that_is_not_there_is_not_found_without_a_fault(void **state)
{
    struct test_world *world = *state;
    struct thing thing = {0};
    const char *name = "nobody";
    assert_int_equal(db_one(&world->cx, &q_thing_get, PARAMS(P(name)), THING_FIELDS, &thing),
                     NOT_FOUND);
    assert_null(world->cx.fault.code);
}

static void a_list_keeps_the_order_and_the_limit(void **state)
{
    static const struct {
        int64_t asked;
        size_t limit, count;
    } CASES[] = {{100, 100, 40}, {100, 17, 17}, {5, 100, 5}, {0, 100, 0}, {100, 0, 0}};
    struct test_world *world = *state;
    add_some(world, 40);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct thing *things;
        size_t count;
        assert_int_equal(db_list(&world->cx, &q_things, PARAMS(param_number(CASES[i].asked)),
                                 THING_FIELDS, sizeof *things, CASES[i].limit, &things, &count),
                         OK);
        assert_int_equal(count, CASES[i].count);
        for (size_t k = 0; k < count; k++) {
            assert_string_equal(things[k].name, arena_printf(world->arena, "thing %zu", k + 1));
            assert_int_equal(things[k].count, 7);
        }
    }
}

struct visit {
    struct ctx *cx;
    int seen, stop_after;
    int64_t inner;
    size_t used;
};

static enum result visit(void *host, const void *record)
{
    struct visit *visit = host;
    const struct thing *thing = record;
    assert_non_null(strstr(thing->name, "thing "));
    /* The same statement again, inside its own rows. */
    struct thing *things;
    size_t count;
    TRY(db_list(visit->cx, &q_thing_names, NO_PARAMS, THING_FIELDS, sizeof *things, 100, &things,
                &count));
    visit->inner += (int64_t)count;
    visit->used = arena_used(visit->cx->mem);
    return ++visit->seen == visit->stop_after ? CONFLICT : OK;
}

static void each_row_may_ask_further_and_gives_its_memory_back(void **state)
{
    struct test_world *world = *state;
    add_some(world, 30);
    struct visit first = {.cx = &world->cx, .stop_after = 1};
    assert_int_equal(db_each(&world->cx, &q_thing_names, NO_PARAMS, THING_FIELDS,
                             sizeof(struct thing), visit, &first),
                     CONFLICT);
    assert_int_equal(first.seen, 1);
    struct visit all = {.cx = &world->cx};
    size_t before = arena_used(world->arena);
    assert_int_equal(db_each(&world->cx, &q_thing_names, NO_PARAMS, THING_FIELDS,
                             sizeof(struct thing), visit, &all),
                     OK);
    assert_int_equal(all.seen, 30);
    assert_int_equal(all.inner, 900);
    assert_true(arena_used(world->arena) < before + 1024);
}

static void a_single_value_is_zero_or_empty_without_a_row(void **state)
{
    struct test_world *world = *state;
    const char *name;
    int64_t count = -1;
    assert_int_equal(db_text(&world->cx, &q_thing_first, NO_PARAMS, &name), OK);
    assert_string_equal(name, "");
    add_some(world, 3);
    assert_int_equal(db_text(&world->cx, &q_thing_first, NO_PARAMS, &name), OK);
    assert_string_equal(name, "thing 1");
    assert_int_equal(db_int(&world->cx, &q_things_count, NO_PARAMS, &count), OK);
    assert_int_equal(count, 3);
}

static int64_t counted_lately(struct test_world *world, int64_t age_ms)
{
    int64_t count;
    assert_int_equal(db_int_lately(&world->cx, &q_things_count, NO_PARAMS, age_ms, &count), OK);
    return count;
}

static void an_answer_of_lately_is_as_old_as_it_may_be(void **state)
{
    struct test_world *world = *state;
    assert_int_equal(counted_lately(world, 1000), 0);
    add_some(world, 3);
    world->cx.now.ms += 1000;
    assert_int_equal(counted_lately(world, 1000), 0);
    assert_int_equal(counted_lately(world, 999), 3);
    world->cx.now.ms -= 1; /* a clock that was set back */
    assert_int_equal(counted_lately(world, 1000), 3);
}

static void questions_of_lately_are_told_apart_by_their_parameters(void **state)
{
    struct test_world *world = *state;
    struct query twice = db_query("twice", "SELECT 2 * CAST($1 AS BIGINT)", 1);
    for (int32_t i = 0; i < 300; i++) {
        int64_t value;
        assert_int_equal(db_int_lately(&world->cx, &twice, PARAMS(P(i)), 1000, &value), OK);
        assert_int_equal(value, 2 * i);
    }
}

static void parameters_go_by_number_not_by_place(void **state)
{
    struct test_world *world = *state;
    const char *text;
    assert_int_equal(
        db_text(&world->cx, &q_turned, PARAMS(param_text("one"), param_text("two")), &text), OK);
    assert_string_equal(text, "two-one-two");
}

static enum result file_add(struct ctx *cx, void *host)
{
    static const char BYTES[] = "\0\x01\xff\\x41'\0end";
    int64_t *ids = host;
    TRY(db_insert(cx, &q_file_add, PARAMS(param_blob(BYTES, sizeof BYTES)), &ids[0]));
    return db_insert(cx, &q_file_add, PARAMS(param_blob(NULL, 0)), &ids[1]);
}

static void a_blob_keeps_every_byte(void **state)
{
    struct test_world *world = *state;
    int64_t ids[2];
    const void *bytes;
    size_t len;
    assert_int_equal(test_write(world, file_add, ids), OK);
    assert_int_equal(db_blob(&world->cx, &q_file_get, PARAMS(P(ids[0])), &bytes, &len), OK);
    assert_int_equal(len, 13);
    assert_memory_equal(bytes, "\0\x01\xff\\x41'\0end", 13);
    assert_int_equal(db_blob(&world->cx, &q_file_get, PARAMS(P(ids[1])), &bytes, &len), OK);
    assert_int_equal(len, 0);
    assert_int_equal(db_blob(&world->cx, &q_file_get, PARAMS(P((int64_t)99)), &bytes, &len),
                     NOT_FOUND);
}

/* ---- changing ---- */

static enum result recount(struct ctx *cx, void *host)
{
    return db_change_one(cx, &q_thing_recount, PARAMS(param_text(host), P((int32_t)8)));
}

static enum result recount_below_zero(struct ctx *cx, void *host)
{
    return db_change_one(cx, &q_thing_recount, PARAMS(param_text(host), P((int32_t)-1)));
}

static enum result give_to_nobody(struct ctx *cx, void *host)
{
    int64_t *count = host;
    return db_change(cx, &q_things_give, PARAMS(P((int64_t)99)), count);
}

static enum result give_to_none(struct ctx *cx, void *host)
{
    int64_t *count = host;
    return db_change(cx, &q_things_give, PARAMS(P((int64_t)0)), count);
}

static void a_change_tells_how_many_rows(void **state)
{
    struct test_world *world = *state;
    int64_t count;
    add_some(world, 4);
    assert_int_equal(test_write(world, give_to_none, &count), OK);
    assert_int_equal(count, 4);
    assert_int_equal(test_write(world, recount, "thing 2"), OK);
    assert_int_equal(get(world, "thing 2").count, 8);
}

static void assert_fault(struct test_world *world, enum result got, enum result expected,
                         const char *code)
{
    assert_int_equal(got, expected);
    assert_string_equal(world->cx.fault.code, code);
}

/* ---- many rows ---- */

#define THREE 3
struct rows_of_three {
    const struct query *query;
    struct param params[THREE * THREE];
    bool changed[THREE];
};

static enum result change_three(struct ctx *cx, void *host)
{
    struct rows_of_three *rows = host;
    return db_change_rows(cx, rows->query, rows->params, THREE, THREE, rows->changed);
}

static void many_rows_tell_which_of_them_changed_something(void **state)
{
    struct test_world *world = *state;
    struct rows_of_three rows = {
        .query = &q_things_add_new,
        .params = {param_number(11), param_text("say \"a\\b\", {twice}"), param_number(1),
                   param_number(12), param_text("灯"), param_number(2), /* */
                   param_number(13), param_text("灯"), param_number(3)},
    };
    assert_int_equal(test_write(world, change_three, &rows), OK);
    assert_true(rows.changed[0] && rows.changed[1] && !rows.changed[2]);
    assert_int_equal(test_write(world, change_three, &rows), OK);
    assert_false(rows.changed[0] || rows.changed[1] || rows.changed[2]);
    struct thing thing;
    assert_int_equal(
        db_one(&world->cx, &q_thing_get, PARAMS(P("say \"a\\b\", {twice}")), THING_FIELDS, &thing),
        OK);
    assert_int_equal(thing.id, 11);
    assert_int_equal(thing.count, 1);
}

static void many_rows_add_to_what_is_there(void **state)
{
    struct test_world *world = *state;
    struct rows_of_three rows = {
        .query = &q_things_count_up,
        .params = {param_number(1), param_text("a"), param_number(10), /* */
                   param_number(2), param_text("b"), param_number(20), /* */
                   param_number(3), param_text("c"), param_number(30)},
    };
    struct thing thing;
    assert_int_equal(test_write(world, change_three, &rows), OK);
    assert_int_equal(test_write(world, change_three, &rows), OK);
    assert_int_equal(db_one(&world->cx, &q_thing_get, PARAMS(P("b")), THING_FIELDS, &thing), OK);
    assert_int_equal(thing.count, 40);
}

/* More than go into one statement on SQLite, and a rest. */
static enum result count_up_a_hundred(struct ctx *cx, void *host)
{
    struct param params[100 * THREE];
    for (int i = 0; i < 100; i++) {
        params[i * THREE] = param_number(i + 1);
        params[i * THREE + 1] = param_text(arena_printf(cx->mem, "%d", i));
        params[i * THREE + 2] = param_number(i + *(const int *)host);
    }
    return db_change_rows(cx, &q_things_count_up, params, THREE, 100, NULL);
}

static void rows_that_nobody_asks_about_go_in_together(void **state)
{
    struct test_world *world = *state;
    struct thing thing;
    assert_int_equal(test_write(world, count_up_a_hundred, &(int){1000}), OK);
    assert_int_equal(test_write(world, count_up_a_hundred, &(int){7}), OK);
    for (int i = 0; i < 100; i++) {
        const char *name = arena_printf(world->cx.mem, "%d", i);
        assert_int_equal(db_one(&world->cx, &q_thing_get, PARAMS(P(name)), THING_FIELDS, &thing),
                         OK);
        assert_int_equal(thing.count, 1007 + 2 * i);
    }
}

static void what_the_schema_forbids_is_a_conflict(void **state)
{
    struct test_world *world = *state;
    int64_t count;
    add_some(world, 1);
    struct thing again = a_thing("thing 1");
    assert_fault(world, test_write(world, add, &again), CONFLICT, "record.exists");
    assert_fault(world, test_write(world, add_quietly, &again), CONFLICT, "record.exists");
    assert_fault(world, test_write(world, recount, "thing 9"), CONFLICT, "record.stale");
    assert_fault(world, test_write(world, recount_below_zero, "thing 1"), CONFLICT,
                 "record.refused");
    assert_fault(world, test_write(world, give_to_nobody, &count), CONFLICT, "record.refused");
}

static void a_reader_cannot_write(void **state)
{
    struct test_world *world = *state;
    add_some(world, 1);
    assert_int_equal(recount(&world->cx, "thing 1"), BROKEN);
    assert_int_equal(get(world, "thing 1").count, 7);
}

static void nonsense_is_broken_and_leaves_the_connection_usable(void **state)
{
    struct test_world *world = *state;
    struct query nonsense = db_query("nonsense", "SELECT nothing FROM nowhere", 0);
    int64_t count;
    assert_fault(world, db_int(&world->cx, &nonsense, NO_PARAMS, &count), BROKEN, "store.broken");
    assert_int_equal(db_int(&world->cx, &q_things_count, NO_PARAMS, &count), OK);
}

/* ---- statements ---- */

static void more_statements_than_are_kept_still_work(void **state)
{
    struct test_world *world = *state;
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 600; i++) {
            char *sql = arena_printf(world->arena, "SELECT CAST($1 AS BIGINT) + %d", i);
            struct query query = db_query("sum", sql, 1);
            int64_t sum;
            assert_int_equal(db_int(&world->cx, &query, PARAMS(P((int32_t)1)), &sum), OK);
            assert_int_equal(sum, i + 1);
        }
    }
}

static void every_statement_of_the_store_prepares(void **state)
{
    test_queries_prepare(*state, ALL_MIGRATE_QUERIES);
    test_queries_prepare(*state, ALL_DB_TEST_QUERIES);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_record_comes_back_as_it_was_written),
        TEST(none_is_stored_as_null_or_empty_and_read_as_none),
        TEST(a_secret_is_stored_sealed_and_shown_masked),
        TEST(a_secret_that_was_not_touched_stays_as_it_is),
        TEST(a_column_without_a_member_is_an_error_of_ours),
        TEST(one_row_that_is_not_there_is_not_found_without_a_fault),
        TEST(a_list_keeps_the_order_and_the_limit),
        TEST(each_row_may_ask_further_and_gives_its_memory_back),
        TEST(a_single_value_is_zero_or_empty_without_a_row),
        TEST(an_answer_of_lately_is_as_old_as_it_may_be),
        TEST(questions_of_lately_are_told_apart_by_their_parameters),
        TEST(parameters_go_by_number_not_by_place),
        TEST(a_blob_keeps_every_byte),
        TEST(a_change_tells_how_many_rows),
        TEST(many_rows_tell_which_of_them_changed_something),
        TEST(many_rows_add_to_what_is_there),
        TEST(rows_that_nobody_asks_about_go_in_together),
        TEST(what_the_schema_forbids_is_a_conflict),
        TEST(a_reader_cannot_write),
        TEST(nonsense_is_broken_and_leaves_the_connection_usable),
        TEST(more_statements_than_are_kept_still_work),
        TEST(every_statement_of_the_store_prepares),
    };
    return cmocka_run_group_tests_name("db", tests, NULL, NULL);
}
