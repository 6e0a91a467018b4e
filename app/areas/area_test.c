/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* V5.1.6, V6.1.2.2: areas, and who is responsible for them on a day. */
#include "app/areas/area.h"
#include "app/test_world.h"

static int64_t an_area(struct world *world)
{
    struct area area = {.contract_id = a_contract(world, world->project, world->provider),
                        .name = "Hall",
                        .size_m2 = 3000,
                        .from = date_of(2026, 3, 1)};
    fields_blank(AREAS.fields, &area);
    assert_int_equal(add(world, &AREAS, &area), OK);
    return area.id;
}

static enum result name(struct world *world, int64_t area_id, int64_t person_id, struct date from,
                        struct date to)
{
    struct area_person person = {
        .area_id = area_id, .person_id = person_id, .from = from, .to = to};
    fields_blank(AREA_PERSONS.fields, &person);
    return add(world, &AREA_PERSONS, &person);
}

static void an_area_is_found_by_its_code(void **state)
{
    struct world *world = *state;
    struct area area, found;
    get(world, &AREAS, an_area(world), &area);
    assert_int_equal(area_by_token(&world->test.cx, area.token, &found), OK);
    assert_int_equal(found.id, area.id);
    assert_int_equal(found.service, SERVICE_CLEANING);
    assert_int_equal(area_by_token(&world->test.cx, "guessed", &found), NOT_FOUND);
}

static void v6_1_2_2_persons_are_responsible_from_day_to_day(void **state)
{
    struct world *world = *state;
    const int64_t area = an_area(world);
    const int64_t person = a_person(world, world->client, world->project);
    struct area_person *persons;
    size_t count;
    bool is;
    assert_int_equal(name(world, area, person, date_of(2026, 3, 1), date_of(2026, 3, 9)), OK);
    assert_int_equal(area_is_of(&world->test.cx, area, person, date_of(2026, 3, 9), &is), OK);
    assert_true(is);
    assert_int_equal(area_is_of(&world->test.cx, area, person, date_of(2026, 3, 10), &is), OK);
    assert_false(is);
    assert_int_equal(area_persons_on(&world->test.cx, area, date_of(2026, 3, 5), &persons, &count),
                     OK);
    assert_int_equal(count, 1);
    assert_int_equal(name(world, area, person, date_of(2026, 3, 9), (struct date){0}), INVALID);
    assert_only_fault(world, "person_id", "named_already", "V6.1.2.2");
}

static void v6_1_2_2_supervision_is_the_companys_own_work(void **state)
{
    struct world *world = *state;
    const int64_t area = an_area(world);
    const int64_t theirs = a_person(world, world->provider, 0);
    assert_int_equal(name(world, area, theirs, date_of(2026, 3, 1), (struct date){0}), INVALID);
    assert_only_fault(world, "person_id", "not_clients_person", "V6.1.2.2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(an_area_is_found_by_its_code),
        WORLD_TEST(v6_1_2_2_persons_are_responsible_from_day_to_day),
        WORLD_TEST(v6_1_2_2_supervision_is_the_companys_own_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
