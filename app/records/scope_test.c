/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/documents/documents.h"
#include "app/test_world.h"

/* ---- a company with two divisions, five contracts, two providers and a surveyor ---- */

enum { HERE, NEXT_DOOR, OF_DIVISION, ELSEWHERE, DRAFT, CONTRACTS_MADE };
enum { OPS, ALL_UNITS, DIVISION, OTHER_DIVISION, PM, UNPLACED, PROVIDER, OTHER, SURVEY, ACTORS };

struct cast {
    struct world *world;
    int64_t contracts[CONTRACTS_MADE];
    const struct actor *actors[ACTORS];
    int64_t next_door, far_division, far_project, other_provider, surveyor;
};

static void make_contracts(struct cast *cast)
{
    struct world *world = cast->world;
    cast->contracts[HERE] = a_contract(world, world->project, world->provider);
    cast->contracts[NEXT_DOOR] = a_contract(world, cast->next_door, cast->other_provider);
    cast->contracts[OF_DIVISION] = a_contract(world, world->division, world->provider);
    cast->contracts[ELSEWHERE] = a_contract(world, cast->far_project, world->provider);
    tamper(world, "UPDATE contracts SET state = 'active'");
    cast->contracts[DRAFT] = a_contract(world, world->project, world->provider);
}

static struct cast cast_of(void **state)
{
    struct world *world = *state;
    struct cast cast = {.world = world};
    cast.next_door = a_unit(world, world->division, UNIT_PROJECT);
    cast.far_division = a_unit(world, world->headquarters, UNIT_DIVISION);
    cast.far_project = a_unit(world, cast.far_division, UNIT_PROJECT);
    cast.other_provider = an_organisation(world, "Clean & Co", SIDE_PROVIDER);
    cast.surveyor = an_organisation(world, "Surveyors", SIDE_THIRD_PARTY);
    make_contracts(&cast);
    int64_t centre = a_unit(world, world->headquarters, UNIT_AUDIT_CENTRE);
    cast.actors[OPS] = member_of(world, world->headquarters, R(OPS));
    cast.actors[ALL_UNITS] = member_of(world, centre, R(AUDIT));
    cast.actors[DIVISION] = member_of(world, world->division, R(DIVISION));
    cast.actors[OTHER_DIVISION] = member_of(world, cast.far_division, R(DIVISION));
    cast.actors[PM] = member_of(world, world->project, R(PM));
    cast.actors[UNPLACED] = member_of(world, 0, R(PM));
    cast.actors[PROVIDER] = outsider_of(world, world->provider, R(PROVIDER));
    cast.actors[OTHER] = outsider_of(world, cast.other_provider, R(PROVIDER));
    cast.actors[SURVEY] = outsider_of(world, cast.surveyor, R(SURVEY));
    return cast;
}

/* One record alone, and among all: whoever may not see it must not find it in any way. */
static bool sees(struct world *world, const struct resource *resource, int64_t id)
{
    struct ctx *cx = &world->test.cx;
    const struct list_query all = {.limit = 200, .sort = "id"};
    struct list list;
    bool listed = false;
    cx->fault = (struct fault){0};
    assert_int_equal(record_list(cx, resource, &all, &list), OK);
    for (size_t i = 0; i < list.count; i++)
        listed |= ((struct record *)((char *)list.rows + i * resource->size))->id == id;
    void *record = arena_alloc(cx->mem, resource->size);
    assert_int_equal(record_get(cx, resource, id, record), listed ? OK : NOT_FOUND);
    assert_int_equal(record_seen(cx, resource, id), listed ? OK : NOT_FOUND);
    return listed;
}

#define BIT(n) (1u << (n))
#define WHOLE_COMPANY (BIT(CONTRACTS_MADE) - 1)

static void a_contract_is_seen_from_its_unit_upwards_and_by_its_provider(void **state)
{
    static const unsigned SEEN[ACTORS] = {
        [OPS] = WHOLE_COMPANY,
        [ALL_UNITS] = WHOLE_COMPANY,
        [DIVISION] = BIT(HERE) | BIT(NEXT_DOOR) | BIT(OF_DIVISION) | BIT(DRAFT),
        [OTHER_DIVISION] = BIT(ELSEWHERE),
        [PM] = BIT(HERE) | BIT(DRAFT),
        [UNPLACED] = 0,
        [PROVIDER] = BIT(HERE) | BIT(OF_DIVISION) | BIT(ELSEWHERE),
        [OTHER] = BIT(NEXT_DOOR),
        [SURVEY] = 0,
    };
    struct cast cast = cast_of(state);
    for (int actor = 0; actor < ACTORS; actor++) {
        unsigned seen = 0;
        act(cast.world, cast.actors[actor]);
        for (int i = 0; i < CONTRACTS_MADE; i++)
            seen |= sees(cast.world, &CONTRACTS, cast.contracts[i]) ? BIT(i) : 0;
        if (seen != SEEN[actor])
            fail_msg("actor %d sees %x instead of %x", actor, seen, SEEN[actor]);
    }
}

/* V5.1.1: or nobody could brief an executor of another unit. */
static void an_executor_sees_the_contract_that_he_supervises_wherever_it_belongs(void **state)
{
    struct cast cast = cast_of(state);
    const struct actor *pm = cast.actors[PM];
    int64_t term = a_term(cast.world, cast.contracts[ELSEWHERE], "1");
    tamper(cast.world,
           arena_printf(cast.world->test.arena,
                        "UPDATE contracts SET executor_id = %lld WHERE id = %lld",
                        (long long)pm->person_id, (long long)cast.contracts[ELSEWHERE]));
    act(cast.world, pm);
    assert_true(sees(cast.world, &CONTRACTS, cast.contracts[ELSEWHERE]));
    assert_true(sees(cast.world, &CONTRACTS, cast.contracts[HERE]));
    assert_true(sees(cast.world, &TERMS, term));
    assert_false(sees(cast.world, &CONTRACTS, cast.contracts[NEXT_DOOR]));
}

static void a_part_is_seen_by_whoever_sees_the_whole(void **state)
{
    struct cast cast = cast_of(state);
    int64_t terms[CONTRACTS_MADE];
    for (int i = 0; i < CONTRACTS_MADE; i++)
        terms[i] = a_term(cast.world, cast.contracts[i], "1");
    for (int actor = 0; actor < ACTORS; actor++) {
        act(cast.world, cast.actors[actor]);
        for (int i = 0; i < CONTRACTS_MADE; i++)
            assert_int_equal(sees(cast.world, &TERMS, terms[i]),
                             sees(cast.world, &CONTRACTS, cast.contracts[i]));
    }
}

static void what_hangs_at_a_record_is_seen_by_whoever_sees_that_one(void **state)
{
    struct cast cast = cast_of(state);
    struct document document = {.name = "scan.pdf",
                                .subject = "contracts",
                                .subject_id = cast.contracts[HERE],
                                .retention = RETENTION_LONG,
                                .state = DOCUMENT_KEPT};
    fields_blank(DOCUMENTS.fields, &document);
    assert_int_equal(add(cast.world, &DOCUMENTS, &document), OK);
    for (int actor = 0; actor < ACTORS; actor++) {
        act(cast.world, cast.actors[actor]);
        assert_int_equal(sees(cast.world, &DOCUMENTS, document.id),
                         sees(cast.world, &CONTRACTS, cast.contracts[HERE]));
    }
    /* A quality inspector may read documents, but not contracts. */
    act(cast.world, outsider_of(cast.world, cast.world->provider, R(QA)));
    assert_true(actor_may(cast.world->test.cx.actor, "documents.read"));
    assert_false(sees(cast.world, &DOCUMENTS, document.id));
}

static void organisations_people_and_units_have_their_own_circles(void **state)
{
    struct cast cast = cast_of(state);
    struct world *world = cast.world;
    const int64_t clerk = a_person(world, world->client, world->project);
    const int64_t neighbour = a_person(world, world->client, cast.next_door);
    const int64_t agent = a_person(world, world->provider, 0);
    const struct {
        const struct resource *resource;
        int64_t id;
        unsigned seen; /* by OPS, PM, PROVIDER, OTHER, SURVEY */
    } CASES[] = {
        {&ORGANISATIONS, world->client, BIT(OPS) | BIT(PM) | BIT(PROVIDER) | BIT(OTHER)},
        {&ORGANISATIONS, world->provider, BIT(OPS) | BIT(PM) | BIT(PROVIDER)},
        {&ORGANISATIONS, cast.other_provider, BIT(OPS) | BIT(PM) | BIT(OTHER)},
        {&ORGANISATIONS, cast.surveyor, BIT(OPS) | BIT(PM) | BIT(SURVEY)},
        {&PEOPLE, clerk, BIT(OPS) | BIT(PM)},
        {&PEOPLE, neighbour, BIT(OPS)},
        {&PEOPLE, cast.actors[PM]->person_id, BIT(OPS) | BIT(PM)},
        {&PEOPLE, agent, BIT(OPS) | BIT(PM) | BIT(PROVIDER)},
        {&UNITS, world->project, BIT(OPS) | BIT(PM)},
        {&UNITS, cast.next_door, BIT(OPS)},
        {&UNITS, world->headquarters, BIT(OPS)},
    };
    static const int ASKED[] = {OPS, PM, PROVIDER, OTHER, SURVEY};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        for (size_t a = 0; a < sizeof ASKED / sizeof ASKED[0]; a++) {
            act(world, cast.actors[ASKED[a]]);
            if (sees(world, CASES[i].resource, CASES[i].id) != (CASES[i].seen >> ASKED[a] & 1))
                fail_msg("actor %d, case %zu", ASKED[a], i);
        }
}

static void another_clients_records_are_nobodys_business(void **state)
{
    struct cast cast = cast_of(state);
    int64_t rival = an_organisation(cast.world, "Rival", SIDE_CLIENT);
    act(cast.world, outsider_of(cast.world, rival, R(OPS)));
    assert_false(sees(cast.world, &ORGANISATIONS, cast.world->client));
    assert_false(sees(cast.world, &UNITS, cast.world->headquarters));
    for (int i = 0; i < CONTRACTS_MADE; i++)
        assert_false(sees(cast.world, &CONTRACTS, cast.contracts[i]));
}

static void nobody_sees_nothing_and_the_system_everything(void **state)
{
    struct cast cast = cast_of(state);
    act(cast.world, NULL);
    assert_false(sees(cast.world, &CONTRACTS, cast.contracts[HERE]));
    assert_false(sees(cast.world, &ORGANISATIONS, cast.world->client));
    act(cast.world, &ACTOR_SYSTEM);
    assert_true(sees(cast.world, &CONTRACTS, cast.contracts[DRAFT]));
}

/* ---- what a refusal tells ---- */

static void a_foreign_id_is_answered_like_one_that_does_not_exist(void **state)
{
    struct cast cast = cast_of(state);
    struct ctx *cx = &cast.world->test.cx;
    struct contract contract;
    const int64_t IDS[] = {cast.contracts[NEXT_DOOR], 999999, 0, -1};
    act(cast.world, cast.actors[PROVIDER]);
    for (size_t i = 0; i < sizeof IDS / sizeof IDS[0]; i++) {
        cx->fault = (struct fault){0};
        assert_int_equal(record_get(cx, &CONTRACTS, IDS[i], &contract), NOT_FOUND);
        assert_code(cast.world, "record.not_found");
        assert_null(cx->fault.fields);
    }
}

static void a_reference_to_a_foreign_record_is_refused_like_one_that_does_not_exist(void **state)
{
    struct cast cast = cast_of(state);
    const struct {
        const char *field;
        int64_t unit, provider, executor;
    } CASES[] = {
        {"unit_id", cast.far_project, cast.world->provider, 0},
        {"unit_id", 999999, cast.world->provider, 0},
        {"provider_id", cast.world->project, 999999, 0},
        {"executor_id", cast.world->project, cast.world->provider, 999999},
    };
    act(cast.world, cast.actors[DIVISION]);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct contract contract = contract_draft(cast.world);
        contract.unit_id = CASES[i].unit;
        contract.provider_id = CASES[i].provider;
        contract.executor_id = CASES[i].executor;
        assert_int_equal(add(cast.world, &CONTRACTS, &contract), INVALID);
        assert_only_fault(cast.world, CASES[i].field, "unknown_record", "");
    }
}

static void a_part_cannot_be_put_under_a_foreign_record(void **state)
{
    struct cast cast = cast_of(state);
    const int64_t IDS[] = {cast.contracts[ELSEWHERE], 999999};
    act(cast.world, cast.actors[DIVISION]);
    for (size_t i = 0; i < sizeof IDS / sizeof IDS[0]; i++) {
        struct term term = term_draft(IDS[i], "1");
        assert_int_equal(add(cast.world, &TERMS, &term), INVALID);
        assert_only_fault(cast.world, "contract_id", "unknown_record", "");
    }
}

static void a_reference_that_stays_as_it_was_is_not_judged_again(void **state)
{
    struct cast cast = cast_of(state);
    struct contract before, after;
    tamper(cast.world, arena_printf(cast.world->test.arena,
                                    "UPDATE contracts SET executor_id = %lld WHERE id = %lld",
                                    (long long)cast.actors[PROVIDER]->person_id,
                                    (long long)cast.contracts[DRAFT]));
    act(cast.world, cast.actors[DIVISION]);
    get(cast.world, &CONTRACTS, cast.contracts[DRAFT], &before);
    after = before;
    after.remark = "The executor was named by somebody who sees more.";
    assert_int_equal(change(cast.world, &CONTRACTS, &before, &after), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_contract_is_seen_from_its_unit_upwards_and_by_its_provider),
        WORLD_TEST(an_executor_sees_the_contract_that_he_supervises_wherever_it_belongs),
        WORLD_TEST(a_part_is_seen_by_whoever_sees_the_whole),
        WORLD_TEST(what_hangs_at_a_record_is_seen_by_whoever_sees_that_one),
        WORLD_TEST(organisations_people_and_units_have_their_own_circles),
        WORLD_TEST(another_clients_records_are_nobodys_business),
        WORLD_TEST(nobody_sees_nothing_and_the_system_everything),
        WORLD_TEST(a_foreign_id_is_answered_like_one_that_does_not_exist),
        WORLD_TEST(a_reference_to_a_foreign_record_is_refused_like_one_that_does_not_exist),
        WORLD_TEST(a_part_cannot_be_put_under_a_foreign_record),
        WORLD_TEST(a_reference_that_stays_as_it_was_is_not_judged_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
