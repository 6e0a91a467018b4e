/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* V3.4, V3.5, V6.1.1, V6.1.2.1, V6.1.2.3: which rules hold, what a standard takes in, and when it
 * is in force. */
#include "app/standards/standard.h"
#include "app/test_world.h"

static int64_t a_standard(struct world *world)
{
    struct standard standard = {.unit_id = world->project,
                                .service = SERVICE_CLEANING,
                                .name = "Cleaning",
                                .from = date_of(2026, 3, 2)};
    fields_blank(STANDARDS.fields, &standard);
    assert_int_equal(add(world, &STANDARDS, &standard), OK);
    return standard.id;
}

static struct standard_item item_draft(int64_t standard_id, enum category category)
{
    struct standard_item item = {.standard_id = standard_id,
                                 .category = category,
                                 .text = "Floors are dry",
                                 .method = BY_SIGHT,
                                 .frequency = FREQUENCY_DAILY,
                                 .points = {1000},
                                 .deduction = {200}};
    fields_blank(STANDARD_ITEMS.fields, &item);
    return item;
}

static void the_rules_of_the_nearest_unit_hold(void **state)
{
    struct world *world = *state;
    struct division_rule rules = {.from = date_of(2026, 1, 1)};
    tamper(world,
           arena_printf(
               world->test.arena,
               "INSERT INTO division_rules (version, created_at, updated_at, organisation_id, "
               "unit_id, name, revision, contracting, standards, evaluation, assessment, "
               "mandatory, m2_cleaning, m2_greening, m2_pest_control, m2_engineering, \"from\", "
               "\"to\", author_name, filed_by, filed_at, year, serial, receipt, received_by, "
               "received_at, sha256, state) "
               "SELECT 1, 1, 1, %lld, u.id, u.name, 1, '', '', '', '', 'personnel', 1000, 0, 0, 0, "
               "'2026-01-01', '', '', '', CASE WHEN u.id = %lld THEN 0 ELSE 1 END, 0, 0, '', '', "
               "0, '', 'filed' FROM units u WHERE u.id IN (%lld, %lld)",
               (long long)world->client, (long long)world->project, (long long)world->headquarters,
               (long long)world->division));
    assert_int_equal(
        division_rule_for(&world->test.cx, world->project, date_of(2026, 3, 1), &rules), OK);
    assert_int_equal(rules.unit_id, world->division);
    assert_int_equal(
        division_rule_for(&world->test.cx, world->project, date_of(2025, 3, 1), &rules), NOT_FOUND);
}

static void the_size_of_an_area_demands_persons(void **state)
{
    const struct division_rule rules = {.m2_cleaning = 5000};
    (void)state;
    assert_int_equal(division_rule_persons(&rules, SERVICE_CLEANING, 5000), 1);
    assert_int_equal(division_rule_persons(&rules, SERVICE_CLEANING, 5001), 2);
    assert_int_equal(division_rule_persons(&rules, SERVICE_GREENING, 900000), 1);
    assert_int_equal(division_rule_persons(NULL, SERVICE_CLEANING, 900000), 1);
}

static void items_stand_in_their_order(void **state)
{
    struct world *world = *state;
    const int64_t standard = a_standard(world);
    struct standard_item *items;
    size_t count;
    for (enum category category = CATEGORY_RECORDS; category >= CATEGORY_SAFETY; category--) {
        struct standard_item item = item_draft(standard, category);
        assert_int_equal(add(world, &STANDARD_ITEMS, &item), OK);
    }
    assert_int_equal(standard_items(&world->test.cx, standard, &items, &count), OK);
    assert_int_equal(count, 2);
    assert_int_equal(items[0].category, CATEGORY_RECORDS);
    assert_int_equal(items[1].number, 2);
}

static void a_finding_deducts_no_more_than_the_item_is_worth(void **state)
{
    struct world *world = *state;
    struct standard_item item = item_draft(a_standard(world), CATEGORY_RESULT);
    item.deduction.hundredths = 1001;
    assert_int_equal(add(world, &STANDARD_ITEMS, &item), INVALID);
    assert_only_fault(world, "deduction", "more_than_points", "V3.5");
}

static void v6_1_2_1_an_item_checks_a_term_of_this_project_and_service(void **state)
{
    struct world *world = *state;
    const int64_t contract = a_contract(world, world->project, world->provider);
    const int64_t standard = a_standard(world);
    struct standard_item item = item_draft(standard, CATEGORY_RESULT);
    item.term_id = a_term(world, contract, "1");
    assert_int_equal(add(world, &STANDARD_ITEMS, &item), OK);
    tamper(world, "UPDATE contracts SET service = 'greening'");
    item = item_draft(standard, CATEGORY_RESULT);
    item.term_id = a_term(world, contract, "2");
    assert_int_equal(add(world, &STANDARD_ITEMS, &item), INVALID);
    assert_only_fault(world, "term_id", "term_elsewhere", "V6.1.2.1");
}

static void v3_5_a_draft_is_in_force_on_no_day(void **state)
{
    struct world *world = *state;
    struct standard standard;
    const int64_t id = a_standard(world);
    assert_int_equal(standard_for(&world->test.cx, world->project, SERVICE_CLEANING,
                                  date_of(2026, 3, 2), &standard),
                     NOT_FOUND);
    tamper(world, "UPDATE standards SET approved_at = 1, state = 'in_force'");
    assert_int_equal(standard_for(&world->test.cx, world->project, SERVICE_CLEANING,
                                  date_of(2026, 3, 2), &standard),
                     OK);
    assert_int_equal(standard.id, id);
    assert_int_equal(standard_for(&world->test.cx, world->project, SERVICE_CLEANING,
                                  date_of(2026, 3, 1), &standard),
                     NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(the_rules_of_the_nearest_unit_hold),
        WORLD_TEST(the_size_of_an_area_demands_persons),
        WORLD_TEST(items_stand_in_their_order),
        WORLD_TEST(a_finding_deducts_no_more_than_the_item_is_worth),
        WORLD_TEST(v6_1_2_1_an_item_checks_a_term_of_this_project_and_service),
        WORLD_TEST(v3_5_a_draft_is_in_force_on_no_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
