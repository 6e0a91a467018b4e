/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The plans of the ledger's lists on SQLite: their cost must not grow with the table. */
#include "app/test_world.h"

/* ---- a ledger whose usual values are common and whose others are rare ---- */

#define MANY 400 /* more than a list sorts */

static const struct {
    const char *name, *common, *rare;
} FILTERS[] = {
    {"state", "active", "suspended"},
    {"state", "active,ended", "suspended,ended"},
    {"kind", "continuous", "one_off"},
    {"service", "cleaning", "greening"},
    {"briefing", "missing", "signed"},
    {"client_id", "1", "999"},
    {"provider_id", "2", "999"},
    {"unit_id", "3", "999"},
    {"executor_id", "none", "999"},
    {"signed_on_to", "2025-01-01", "1999-01-01"},
    {"starts_on_from", "2025-01-01", "2099-01-01"},
    {"ends_on_from", "2025-01-01", "2099-01-01"},
    {"amount_fen_from", "0", "999999"},
};
enum { FILTER_COUNT = sizeof FILTERS / sizeof FILTERS[0] };

static const char *columns_but(struct world *world, const char *const *left_out)
{
    struct text columns = text_new(world->test.arena, 1024);
    for (const struct field *field = CONTRACTS.fields; field->name; field++) {
        bool is_out = field->column || (field->use & DERIVED);
        for (const char *const *out = left_out; *out; out++)
            is_out = is_out || strcmp(field->name, *out) == 0;
        if (!is_out)
            text_printf(&columns, ", %s", field->name);
    }
    return text_end(&columns);
}

static void fill_ledger(struct world *world)
{
    const char *rest = columns_but(world, (const char *const[]){"id", "number", "state", NULL});
    a_contract(world, world->project, world->provider);
    tamper(world, "UPDATE contracts SET signed_on = '2024-12-01'");
    tamper(world, arena_printf(world->test.arena,
                               "INSERT INTO contracts (number, state%s) "
                               "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                               "WHERE i < %d) SELECT 'HT-' || i, 'active'%s FROM n, contracts",
                               rest, MANY, rest));
}

enum { COMPANY, DIVISION, PROJECT, PROVIDER, ACTORS };

static void act_as(struct world *world, int actor)
{
    const struct actor *const CAST[ACTORS] = {
        [COMPANY] = member_of(world, world->headquarters, R(OPS)),
        [DIVISION] = member_of(world, world->division, R(DIVISION)),
        [PROJECT] = member_of(world, world->project, R(PM)),
        [PROVIDER] = outsider_of(world, world->provider, R(PROVIDER)),
    };
    act(world, CAST[actor]);
    (void)test_plans(&world->test);
}

/* The plans of a page, and of the one that follows it. */
static const char *plans_of(struct world *world, struct list_query query, bool *out_any)
{
    struct ctx *cx = &world->test.cx;
    struct list list;
    query.limit = 5;
    assert_int_equal(record_list(cx, &CONTRACTS, &query, &list), OK);
    query.after = list.next;
    *out_any = list.count > 0;
    if (list.next)
        assert_int_equal(record_list(cx, &CONTRACTS, &query, &list), OK);
    return test_plans(&world->test);
}

static void assert_plan_has_no(struct world *world, const char *step, struct list_query query,
                               bool expected_any)
{
    bool any;
    const char *plans = plans_of(world, query, &any);
    assert_int_equal(any, expected_any);
    if (strstr(plans, step))
        fail_msg("%s=%s, sort=%s:\n%s", query.conditions ? query.conditions->field->name : "",
                 query.conditions ? query.conditions->value : "", query.sort, plans);
}

/* For every filter with its rare or common value, and for none. */
static void assert_plans_have_no(struct world *world, const char *step, const char *sort, bool rare)
{
    for (size_t i = 0; i < FILTER_COUNT; i++) {
        struct list_query query = {.sort = sort};
        assert_true(list_condition(&world->test.cx, &CONTRACTS, FILTERS[i].name,
                                   rare ? FILTERS[i].rare : FILTERS[i].common, &query));
        assert_plan_has_no(world, step, query, !rare);
    }
    if (!rare)
        assert_plan_has_no(world, step, (struct list_query){.sort = sort}, true);
}

static void assert_in_every_order(struct world *world, const char *step, bool rare)
{
    for (const struct field *field = CONTRACTS.fields; field->name; field++) {
        if (!(field->use & SORTED))
            continue;
        assert_plans_have_no(world, step, field->name, rare);
        assert_plans_have_no(world, step, arena_printf(world->test.arena, "-%s", field->name),
                             rare);
    }
}

/* SQLite alone: PostgreSQL's plans follow its statistics too. */
static struct world *full_world(void **state)
{
    struct world *world = *state;
    if (world->test.database)
        skip();
    fill_ledger(world);
    return world;
}

static void what_many_rows_fit_is_walked_in_the_order_of_the_list(void **state)
{
    struct world *world = full_world(state);
    for (int actor = 0; actor < ACTORS; actor++) {
        act_as(world, actor);
        assert_in_every_order(world, "TEMP B-TREE", false);
    }
}

static void what_few_rows_fit_is_found_by_its_index(void **state)
{
    struct world *world = full_world(state);
    for (int actor = 0; actor < ACTORS; actor++) {
        act_as(world, actor);
        assert_in_every_order(world, "SCAN t", true);
    }
}

/* A division with three contracts among four hundred, a provider with as many. */
static void who_sees_few_rows_has_them_found_by_the_index_of_the_scope(void **state)
{
    struct world *world = full_world(state);
    const int64_t division = a_unit(world, world->headquarters, UNIT_DIVISION);
    const int64_t provider = an_organisation(world, "Clean & Co", SIDE_PROVIDER);
    for (int i = 0; i < 3; i++)
        a_contract(world, division, provider);
    tamper(world, "UPDATE contracts SET state = 'active'");
    const struct actor *const FEW[] = {member_of(world, division, R(DIVISION)),
                                       outsider_of(world, provider, R(PROVIDER))};
    for (size_t i = 0; i < sizeof FEW / sizeof FEW[0]; i++) {
        act(world, FEW[i]);
        (void)test_plans(&world->test);
        for (const struct field *field = CONTRACTS.fields; field->name; field++)
            if (field->use & SORTED)
                assert_plan_has_no(world, "SCAN t", (struct list_query){.sort = field->name}, true);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(what_many_rows_fit_is_walked_in_the_order_of_the_list),
        WORLD_TEST(what_few_rows_fit_is_found_by_its_index),
        WORLD_TEST(who_sees_few_rows_has_them_found_by_the_index_of_the_scope),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
