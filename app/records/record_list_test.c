/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/records/trail.h"
#include "app/test_world.h"

#include <stdlib.h>

/* ---- a ledger in which many things are equal ---- */

#define LEDGER 23

static void fill_ledger(struct world *world)
{
    for (int i = 0; i < LEDGER; i++) {
        struct contract contract = contract_draft(world);
        contract.number = arena_printf(world->test.arena, "HT~%c,%02d", 'c' - i % 3, i);
        contract.starts_on = date_of(2026, 1 + i % 2, 1);
        contract.ends_on = date_of(2026, 10 + i % 3, 1);
        contract.signed_on = i % 4 ? date_of(2025, 12, i % 4) : (struct date){0};
        contract.amount_fen.fen = i % 5 * 1234567;
        contract.service = i % 2 ? SERVICE_GREENING : SERVICE_CLEANING;
        assert_int_equal(add(world, &CONTRACTS, &contract), OK);
    }
}

/* All ids of a query, page by page. */
static size_t walk(struct world *world, const struct resource *resource, struct list_query query,
                   int64_t *ids, size_t most)
{
    size_t count = 0;
    struct list list;
    query.after = NULL;
    do {
        assert_int_equal(record_list(&world->test.cx, resource, &query, &list), OK);
        assert_true(list.count <= (size_t)query.limit);
        for (size_t i = 0; i < list.count && count < most; i++)
            ids[count++] = ((struct record *)((char *)list.rows + i * resource->size))->id;
        query.after = list.next;
    } while (list.next);
    return count;
}

static void assert_each_once(const int64_t *ids, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if (ids[i] == ids[j])
                fail_msg("%lld comes twice", (long long)ids[i]);
}

/* Pages of three, seven and all at once give the same order without gap or repeat. */
static void assert_pages_follow(struct world *world, const struct resource *resource,
                                const char *sort, size_t expected)
{
    int64_t whole[200], paged[200];
    struct list_query query = {.limit = 200, .sort = sort};
    assert_int_equal(walk(world, resource, query, whole, 200), expected);
    assert_each_once(whole, expected);
    static const int LIMITS[] = {1, 3, 7};
    for (size_t i = 0; i < sizeof LIMITS / sizeof LIMITS[0]; i++) {
        query.limit = LIMITS[i];
        assert_int_equal(walk(world, resource, query, paged, 200), expected);
        assert_memory_equal(paged, whole, expected * sizeof *whole);
    }
}

static void assert_pages_follow_in_every_order(struct world *world, const struct resource *resource,
                                               size_t expected)
{
    for (const struct field *field = resource->fields; field->name; field++) {
        if (!(field->use & SORTED))
            continue;
        assert_pages_follow(world, resource, field->name, expected);
        assert_pages_follow(world, resource, arena_printf(world->test.arena, "-%s", field->name),
                            expected);
    }
}

/* ---- order and pages ---- */

static void pages_follow_each_other_without_gap_or_repeat_in_every_order(void **state)
{
    struct world *world = *state;
    fill_ledger(world);
    assert_pages_follow_in_every_order(world, &CONTRACTS, LEDGER);
}

static void equal_and_strange_names_make_no_gap(void **state)
{
    static const char *const NAMES[] = {"王伟", "王伟", "王伟", "A~B",   "A,B", "%",  "_",
                                        "\\",   "7~7",  "ＡＢ", "王 伟", "'",   "\"", "王伟"};
    struct world *world = *state;
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        struct person person = {.organisation_id = world->client, .job = JOB_OTHER};
        fields_blank(PEOPLE.fields, &person);
        person.name = NAMES[i];
        assert_int_equal(add(world, &PEOPLE, &person), OK);
    }
    assert_pages_follow_in_every_order(world, &PEOPLE, sizeof NAMES / sizeof NAMES[0]);
}

static void qualifications_without_end_have_their_place(void **state)
{
    struct world *world = *state;
    for (int i = 0; i < 10; i++) {
        struct qualification qualification = {.organisation_id = world->provider,
                                              .kind = QUALIFICATION_TRADE};
        fields_blank(QUALIFICATIONS.fields, &qualification);
        qualification.name = "Permit";
        qualification.valid_to = i % 3 ? date_of(2026, 5, i % 3) : (struct date){0};
        assert_int_equal(add(world, &QUALIFICATIONS, &qualification), OK);
    }
    assert_pages_follow_in_every_order(world, &QUALIFICATIONS, 10);
}

static void units_follow_each_other_along_the_tree(void **state)
{
    struct world *world = *state;
    int64_t ids[20];
    const int64_t second = a_unit(world, world->headquarters, UNIT_DIVISION);
    const int64_t late = a_unit(world, world->division, UNIT_PROJECT);
    const int64_t ORDER[] = {world->headquarters, world->division, world->project, late, second};
    const struct list_query usual = {.limit = 2};
    assert_int_equal(walk(world, &UNITS, usual, ids, 20), 5);
    assert_memory_equal(ids, ORDER, sizeof ORDER);
    assert_pages_follow_in_every_order(world, &UNITS, 5);
}

static void a_row_that_came_meanwhile_shifts_no_page(void **state)
{
    struct world *world = *state;
    struct list first, second;
    struct list_query query = {.limit = 10, .sort = "-id"};
    fill_ledger(world);
    assert_int_equal(record_list(&world->test.cx, &CONTRACTS, &query, &first), OK);
    a_contract(world, world->project, world->provider);
    query.after = first.next;
    assert_int_equal(record_list(&world->test.cx, &CONTRACTS, &query, &second), OK);
    const struct contract *last = (struct contract *)first.rows + 9, *next = second.rows;
    assert_int_equal(next->id, last->id - 1);
}

static void a_list_goes_its_usual_way_unless_it_is_told_otherwise(void **state)
{
    struct world *world = *state;
    struct list list;
    fill_ledger(world);
    const struct list_query usual = {.limit = 0};
    assert_int_equal(record_list(&world->test.cx, &CONTRACTS, &usual, &list), OK);
    assert_int_equal(((struct contract *)list.rows)->id, LEDGER); /* the newest first */
    assert_int_equal(list.count, LEDGER);
    assert_null(list.next);
}

static void only_a_sorted_field_gives_an_order(void **state)
{
    static const char *const SORTS[] = {"remark", "state", "-", "numbers", "number desc", "id;"};
    struct world *world = *state;
    for (size_t i = 0; i < sizeof SORTS / sizeof SORTS[0]; i++) {
        struct list list;
        const struct list_query query = {.limit = 5, .sort = SORTS[i]};
        world->test.cx.fault = (struct fault){0};
        assert_int_equal(record_list(&world->test.cx, &CONTRACTS, &query, &list), INVALID);
        assert_only_fault(world, "sort", "not_sortable", "");
    }
}

static void a_page_mark_that_is_none_is_refused(void **state)
{
    static const struct {
        const char *sort, *after;
    } CASES[] = {
        {"id", "x"},
        {"id", "0"},
        {"id", "-3"},
        {"id", "3~4"},
        {"id", "3 OR 1=1"},
        {"ends_on", "3"},
        {"ends_on", "~2026-01-01"},
        {"ends_on", "3~tomorrow"},
    };
    struct world *world = *state;
    fill_ledger(world);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct list list;
        const struct list_query query = {
            .limit = 5, .sort = CASES[i].sort, .after = CASES[i].after};
        world->test.cx.fault = (struct fault){0};
        assert_int_equal(record_list(&world->test.cx, &CONTRACTS, &query, &list), INVALID);
    }
}

/* ---- filters ---- */

static void a_value_that_is_none_is_said_once_under_the_name_of_the_filter(void **state)
{
    static const char *const NAMES[] = {"ends_on_to", "amount_fen_from", "state"};
    struct world *world = *state;
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        struct list_query query = {.limit = 5};
        struct list list;
        world->test.cx.fault = (struct fault){0};
        assert_true(list_condition(&world->test.cx, &CONTRACTS, NAMES[i], "soon", &query));
        assert_int_equal(record_list(&world->test.cx, &CONTRACTS, &query, &list), INVALID);
        assert_only_fault(world, NAMES[i], "bad_filter", "");
    }
}

static void the_end_of_a_range_of_instants_is_the_end_of_its_day(void **state)
{
    struct world *world = *state;
    struct list list;
    struct list_query query = {.limit = 5};
    a_contract(world, world->project, world->provider);
    assert_true(list_condition(&world->test.cx, &EVENTS, "at_to", "2026-03-02", &query));
    assert_int_equal(record_list(&world->test.cx, &EVENTS, &query, &list), OK);
    assert_true(list.count > 0);
}

static int found(struct world *world, const char *name, const char *value)
{
    struct list_query query = {.limit = 200};
    struct list list;
    world->test.cx.fault = (struct fault){0};
    if (!list_condition(&world->test.cx, &CONTRACTS, name, value, &query))
        return -1;
    if (record_list(&world->test.cx, &CONTRACTS, &query, &list) != OK)
        return -2;
    int64_t count;
    assert_int_equal(record_count(&world->test.cx, &CONTRACTS, &query, 1000, &count), OK);
    assert_int_equal(count, list.count);
    return (int)list.count;
}

static void a_filter_is_a_value_several_a_range_or_none(void **state)
{
    static const struct {
        const char *name, *value;
        int found; /* -1: no filter, -2: not a value */
    } CASES[] = {
        {"service", "cleaning", 12},
        {"service", "cleaning,greening", LEDGER},
        {"service", "greening,other", 11},
        {"service", "cooking", -2},
        {"service", "cleaning,cooking", -2},
        {"starts_on", "2026-01-01", 12},
        {"starts_on_from", "2026-01-02", 11},
        {"starts_on_to", "2026-01-31", 12},
        {"ends_on_from", "2026-11-01", 15},
        {"ends_on_to", "2026年10月1日", 8},
        {"ends_on_to", "soon", -2},
        {"amount_fen_from", "24691.34", 13},
        {"amount_fen_to", "0", 5},
        {"executor_id", "none", LEDGER - 1},
        {"executor_id", "some", -2},
        {"provider_id", "999999", 0},
        {"remark", "x", -1},
        {"search_key", "x", -1},
        {"state_from", "draft", -1},
        {"provider_name", "Call centre", -1},
        {"1=1; --", "x", -1},
    };
    struct world *world = *state;
    fill_ledger(world);
    const int64_t executor = a_person(world, world->client, world->project);
    tamper(world,
           arena_printf(world->test.arena, "UPDATE contracts SET executor_id = %lld WHERE id = 3",
                        (long long)executor));
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        if (found(world, CASES[i].name, CASES[i].value) != CASES[i].found)
            fail_msg("%s=%s: %d", CASES[i].name, CASES[i].value,
                     found(world, CASES[i].name, CASES[i].value));
    assert_int_equal(
        found(world, "executor_id", arena_printf(world->test.arena, "%lld", (long long)executor)),
        1);
}

static void conditions_hold_together_in_every_order_and_on_every_page(void **state)
{
    struct world *world = *state;
    int64_t ids[LEDGER];
    fill_ledger(world);
    for (const struct field *field = CONTRACTS.fields; field->name; field++) {
        struct list_query query = {.limit = 2, .sort = field->name};
        if (!(field->use & SORTED))
            continue;
        assert_true(list_condition(&world->test.cx, &CONTRACTS, "service", "greening", &query));
        assert_true(
            list_condition(&world->test.cx, &CONTRACTS, "ends_on_to", "2026-11-30", &query));
        assert_int_equal(walk(world, &CONTRACTS, query, ids, LEDGER), 8);
        assert_each_once(ids, 8);
    }
}

static void more_values_than_a_statement_takes_are_refused(void **state)
{
    struct world *world = *state;
    struct text many = text_new(world->test.arena, 512);
    fill_ledger(world);
    text_puts(&many, "1");
    for (int i = 2; i < 100; i++)
        text_printf(&many, ",%d", i);
    assert_int_equal(found(world, "provider_id", text_end(&many)), -2);
    assert_code(world, "list.too_many_conditions");
}

static void a_count_stops_where_it_is_told_to(void **state)
{
    struct world *world = *state;
    const struct list_query all = {.limit = 1};
    int64_t count;
    fill_ledger(world);
    assert_int_equal(record_count(&world->test.cx, &CONTRACTS, &all, 10, &count), OK);
    assert_int_equal(count, 10);
}

static enum result sum_up(void *host, const void *record)
{
    *(int64_t *)host += ((const struct record *)record)->id;
    return OK;
}

static void an_export_takes_every_row_of_its_query(void **state)
{
    struct world *world = *state;
    struct list_query query = {.limit = 1, .sort = "-ends_on", .after = "1~2026-01-01"};
    int64_t sum = 0;
    fill_ledger(world);
    assert_int_equal(record_each(&world->test.cx, &CONTRACTS, &query, sum_up, &sum), OK);
    assert_int_equal(sum, LEDGER * (LEDGER + 1) / 2);
}

/* ---- search ---- */

static int searched(struct world *world, const struct resource *resource, const char *words)
{
    const struct list_query query = {.limit = 200, .search = words};
    struct list list;
    assert_int_equal(record_list(&world->test.cx, resource, &query, &list), OK);
    return (int)list.count;
}

static void a_search_finds_parts_whatever_their_width_case_and_spaces(void **state)
{
    static const struct {
        const char *words;
        int found;
    } CASES[] = {
        {"", 4},        {"   ", 4}, {"HT-A", 1},        {"ht-a", 1}, {"ＨＴ－Ａ", 1}, {"H T-A", 1},
        {"夜间", 1},    {"%", 1},   {"_", 1},           {"\\", 1},   {"100%", 1},     {"1_0", 0},
        {"a%b", 0},     {"'", 0},   {"call centre", 4}, /* the provider's name */
        {"nowhere", 0},
    };
    static const char *const NUMBERS[][2] = {
        {"HT-A", "夜间 保洁"}, {"HT-100%", "x"}, {"HT_B", "y"}, {"HT\\C", "z"}};
    struct world *world = *state;
    for (size_t i = 0; i < sizeof NUMBERS / sizeof NUMBERS[0]; i++) {
        struct contract contract = contract_draft(world);
        contract.number = NUMBERS[i][0];
        contract.name = NUMBERS[i][1];
        assert_int_equal(add(world, &CONTRACTS, &contract), OK);
    }
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        if (searched(world, &CONTRACTS, CASES[i].words) != CASES[i].found)
            fail_msg("\"%s\": %d", CASES[i].words, searched(world, &CONTRACTS, CASES[i].words));
}

static void a_search_follows_a_changed_name(void **state)
{
    struct world *world = *state;
    struct contract before, after;
    get(world, &CONTRACTS, a_contract(world, world->project, world->provider), &before);
    after = before;
    after.name = "Window cleaning";
    assert_int_equal(change(world, &CONTRACTS, &before, &after), OK);
    assert_int_equal(searched(world, &CONTRACTS, "night"), 0);
    assert_int_equal(searched(world, &CONTRACTS, "WINDOW"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(pages_follow_each_other_without_gap_or_repeat_in_every_order),
        WORLD_TEST(equal_and_strange_names_make_no_gap),
        WORLD_TEST(qualifications_without_end_have_their_place),
        WORLD_TEST(units_follow_each_other_along_the_tree),
        WORLD_TEST(a_row_that_came_meanwhile_shifts_no_page),
        WORLD_TEST(a_list_goes_its_usual_way_unless_it_is_told_otherwise),
        WORLD_TEST(only_a_sorted_field_gives_an_order),
        WORLD_TEST(a_page_mark_that_is_none_is_refused),
        WORLD_TEST(a_filter_is_a_value_several_a_range_or_none),
        WORLD_TEST(a_value_that_is_none_is_said_once_under_the_name_of_the_filter),
        WORLD_TEST(the_end_of_a_range_of_instants_is_the_end_of_its_day),
        WORLD_TEST(conditions_hold_together_in_every_order_and_on_every_page),
        WORLD_TEST(more_values_than_a_statement_takes_are_refused),
        WORLD_TEST(a_count_stops_where_it_is_told_to),
        WORLD_TEST(an_export_takes_every_row_of_its_query),
        WORLD_TEST(a_search_finds_parts_whatever_their_width_case_and_spaces),
        WORLD_TEST(a_search_follows_a_changed_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
