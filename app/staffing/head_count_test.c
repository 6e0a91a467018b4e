/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/staffing/head_count.h"

#include "app/staffing/roster_watch.h"
#include "app/staffing/subcontracting.h"
#include "app/test_world.h"

/* A cleaning contract in force for which two workers are asked, and who works for its provider. */
struct scene {
    struct world *world;
    int64_t contract, workers[3];
    const struct actor *inspector, *other, *companion;
};

static int64_t a_worker(struct world *world, int64_t provider, const char *id_card)
{
    struct person person = {.organisation_id = provider,
                            .name = arena_printf(world->test.arena, "Worker %d", world->made++),
                            .job = JOB_WORKER,
                            .id_card = {.plain = id_card}};
    fields_blank(PEOPLE.fields, &person);
    assert_int_equal(add(world, &PEOPLE, &person), OK);
    return person.id;
}

static struct scene a_scene(struct world *world)
{
    struct scene scene = {.world = world};
    scene.contract = a_contract(world, world->project, world->provider);
    tamper(world,
           "UPDATE contracts SET state = 'active', kind = 'continuous', service = 'cleaning', "
           "briefed_on = '2026-01-02', briefing = 'signed'");
    struct staff_requirement asked = {
        .contract_id = scene.contract, .job = JOB_WORKER, .from = date_of(2020, 1, 1), .count = 2};
    fields_blank(STAFF_REQUIREMENTS.fields, &asked);
    assert_int_equal(add(world, &STAFF_REQUIREMENTS, &asked), OK);
    for (size_t i = 0; i < 3; i++)
        scene.workers[i] = a_worker(world, world->provider, "");
    scene.inspector = member_of(world, world->project, R(PM));
    scene.other = member_of(world, world->division, R(DIVISION));
    scene.companion = outsider_of(world, world->provider, R(PROVIDER));
    return scene;
}

struct counting {
    struct head_count count;
    struct head_count_found found;
};

static enum result take(struct ctx *cx, void *host)
{
    struct counting *counting = host;
    return head_count_take(cx, &counting->count, &counting->found);
}

/* Of the scene's workers those at these places; `stranger` NULL: nobody else. */
static enum result count_them(struct scene *scene, const struct actor *by, size_t first,
                              size_t last, const char *stranger, int64_t *out_id)
{
    struct head_count_person present[3] = {{.id = 0}}, strangers[1] = {{.name = stranger}};
    struct counting counting = {.count = {.contract_id = scene->contract, .place = "Lobby"},
                                .found = {present, strangers, last - first, stranger ? 1 : 0}};
    for (size_t i = first; i < last; i++)
        present[i - first].person_id = scene->workers[i];
    fields_blank(HEAD_COUNTS.fields, &counting.count);
    act(scene->world, by);
    enum result result = attempt(scene->world, take, &counting);
    *out_id = counting.count.id;
    return result;
}

static struct head_count count_of(struct scene *scene, int64_t id)
{
    struct head_count count;
    act(scene->world, &ACTOR_SYSTEM);
    get(scene->world, &HEAD_COUNTS, id, &count);
    return count;
}

static int32_t missing(struct scene *scene, int32_t *out_days)
{
    struct ctx *cx = &scene->world->test.cx;
    int32_t days;
    act(scene->world, &ACTOR_SYSTEM);
    assert_int_equal(head_count_missing(cx, scene->contract,
                                        month_of(instant_date(cx->now, SHANGHAI_OFFSET_MIN)),
                                        out_days, &days),
                     OK);
    return days;
}

static void V5_1_4_a_count_is_what_was_asked_for_and_who_was_there(void **state)
{
    struct scene scene = a_scene(*state);
    int64_t id;
    assert_int_equal(count_them(&scene, scene.inspector, 0, 1, NULL, &id), OK);
    struct head_count count = count_of(&scene, id);
    assert_int_equal(count.required, 2);
    assert_int_equal(count.present, 1);
    assert_int_equal(count.shortfall, 1);
    assert_int_equal(count_them(&scene, scene.companion, 0, 1, NULL, &id), FORBIDDEN);
    assert_code(scene.world, "head_count.client_only");
}

static void V5_1_4_whoever_stands_on_no_roster_opens_a_case_with_the_count_as_evidence(void **state)
{
    struct scene scene = a_scene(*state);
    struct list list;
    int64_t id;
    assert_int_equal(count_them(&scene, scene.inspector, 0, 2, "Stranger", &id), OK);
    act(scene.world, &ACTOR_SYSTEM);
    assert_int_equal(record_select(&scene.world->test.cx, &SUBCONTRACTING_CASES, "all",
                                   "1 = 1 ORDER BY t.id", NO_PARAMS, &list),
                     OK);
    const struct subcontracting_case *one = list.rows;
    assert_int_equal(list.count, 1);
    assert_int_equal(one->source, CASE_OF_SITE);
    assert_true(one->head_count_id == id && one->contract_id == scene.contract);
    assert_string_equal(one->person_name, "Stranger");
}

static size_t cases_seen(struct world *world, const struct actor *actor)
{
    const struct list_query query = {.limit = 10};
    struct list list;
    act(world, actor);
    assert_int_equal(record_list(&world->test.cx, &SUBCONTRACTING_CASES, &query, &list), OK);
    return list.count;
}

static enum result dismiss(struct ctx *cx, void *host)
{
    struct subcontracting_case one;
    const int64_t *id = host;
    TRY(record_get(cx, &SUBCONTRACTING_CASES, *id, &one));
    return subcontracting_decide(
        cx, &one,
        &(struct case_decision){.state = CASE_DISMISSED, .reason = "Cleared", .consequence = ""});
}

static void V5_1_4_a_contracts_case_is_its_divisions_and_one_of_none_is_decided_by_operations(
    void **state)
{
    struct scene scene = a_scene(*state);
    struct world *world = scene.world;
    const int64_t elsewhere = a_unit(world, world->headquarters, UNIT_DIVISION);
    const struct actor *other = member_of(world, elsewhere, R(DIVISION)),
                       *ops = member_of(world, world->headquarters, R(OPS));
    int64_t count, id = 1;
    assert_int_equal(count_them(&scene, scene.inspector, 0, 2, "Stranger", &count), OK);
    tamper(world, "UPDATE subcontracting_cases SET state = 'investigated'");
    assert_int_equal(cases_seen(world, other), 0);
    assert_int_equal(attempt(world, dismiss, &id), NOT_FOUND);
    assert_int_equal(cases_seen(world, ops), 1);
    tamper(world, arena_printf(world->test.arena, "UPDATE contracts SET unit_id = %lld",
                               (long long)elsewhere)); /* it stays where it was found */
    assert_int_equal(cases_seen(world, other), 0);
    assert_int_equal(cases_seen(world, scene.other), 1);
    tamper(world, "UPDATE subcontracting_cases SET contract_id = NULL, client_id = NULL, "
                  "unit_id = NULL");
    assert_int_equal(cases_seen(world, other), 1);
    assert_int_equal(attempt(world, dismiss, &id), FORBIDDEN);
    assert_code(world, "subcontracting.judge_only");
    act(world, ops);
    assert_int_equal(attempt(world, dismiss, &id), OK);
}

static size_t confirmed(struct world *world, int64_t contract, int from, int to)
{
    const struct date today = instant_date(world->test.cx.now, SHANGHAI_OFFSET_MIN);
    struct subcontracting_case *cases;
    size_t count;
    assert_int_equal(subcontracting_confirmed(&world->test.cx, world->provider, contract,
                                              date_add(today, from), date_add(today, to), &cases,
                                              &count),
                     OK);
    return count;
}

static void V5_1_4_confirmed_cases_are_of_their_days_and_of_their_contract(void **state)
{
    struct scene scene = a_scene(*state);
    struct world *world = scene.world;
    int64_t id;
    assert_int_equal(count_them(&scene, scene.inspector, 0, 2, "Stranger", &id), OK);
    act(world, &ACTOR_SYSTEM);
    assert_int_equal(confirmed(world, scene.contract, 0, 0), 0); /* a suspicion is none */
    tamper(world, arena_printf(world->test.arena,
                               "UPDATE subcontracting_cases SET state = 'confirmed', "
                               "decided_at = %lld",
                               (long long)world->test.cx.now.ms));
    assert_int_equal(confirmed(world, scene.contract, 0, 0), 1);
    assert_int_equal(confirmed(world, 0, 0, 0), 1);
    assert_int_equal(confirmed(world, scene.contract + 1000, 0, 0), 0);
    assert_int_equal(confirmed(world, scene.contract, -5, -1), 0);
    tamper(world, "UPDATE subcontracting_cases SET contract_id = NULL");
    assert_int_equal(confirmed(world, scene.contract + 1000, 0, 0), 1); /* of the provider */
}

static void V5_1_4_who_was_found_anywhere_that_day_was_there(void **state)
{
    struct scene scene = a_scene(*state);
    int32_t days;
    int64_t id;
    assert_int_equal(count_them(&scene, scene.inspector, 0, 1, NULL, &id), OK);
    assert_int_equal(missing(&scene, &days), 1);
    assert_int_equal(count_them(&scene, scene.inspector, 0, 1, NULL, &id), OK);
    assert_int_equal(missing(&scene, &days), 1); /* the same one twice */
    assert_int_equal(count_them(&scene, scene.inspector, 1, 2, NULL, &id), OK);
    assert_int_equal(missing(&scene, &days), 0);
    assert_int_equal(days, 1);
}

struct answering {
    int64_t id;
    const char *words;
    bool uphold;
};

static enum result object(struct ctx *cx, void *host)
{
    const struct answering *answering = host;
    struct head_count count;
    TRY(record_get(cx, &HEAD_COUNTS, answering->id, &count));
    return head_count_answer(cx, &count, answering->words);
}

static enum result judge(struct ctx *cx, void *host)
{
    const struct answering *answering = host;
    struct head_count count;
    TRY(record_get(cx, &HEAD_COUNTS, answering->id, &count));
    return head_count_decide(cx, &count, answering->uphold, answering->words);
}

static void V5_1_4_a_count_objected_to_is_held_against_nobody_until_another_rejects_it(void **state)
{
    struct scene scene = a_scene(*state);
    struct answering answering = {.words = "They were below"};
    int32_t days;
    assert_int_equal(count_them(&scene, scene.inspector, 0, 1, NULL, &answering.id), OK);
    act(scene.world, scene.companion);
    assert_int_equal(attempt(scene.world, object, &answering), OK);
    assert_int_equal(missing(&scene, &days), 0);
    act(scene.world, scene.inspector);
    assert_int_equal(attempt(scene.world, judge, &answering), FORBIDDEN);
    assert_code(scene.world, "head_count.own_decision");
    act(scene.world, scene.other);
    assert_int_equal(attempt(scene.world, judge, &answering), OK);
    assert_int_equal(missing(&scene, &days), 1);
    assert_int_equal(count_of(&scene, answering.id).state, HEAD_COUNT_REJECTED);
}

/* ---- the rosters ---- */

#define IDENTITY_NUMBER "11010519491231002X"

static enum result sweep(struct ctx *cx, void *host)
{
    (void)host;
    return roster_sweep(cx);
}

static int64_t cases_of(struct world *world)
{
    struct list list;
    act(world, &ACTOR_SYSTEM);
    assert_int_equal(record_select(&world->test.cx, &SUBCONTRACTING_CASES, "all",
                                   "1 = 1 ORDER BY t.id", NO_PARAMS, &list),
                     OK);
    return (int64_t)list.count;
}

static void V5_1_4_the_same_identity_at_two_providers_opens_one_case_that_the_client_sees(
    void **state)
{
    struct world *world = *state;
    const int64_t other = an_organisation(world, "Other provider", SIDE_PROVIDER);
    const struct actor *of_other = outsider_of(world, other, R(PROVIDER));
    struct subcontracting_case one;
    struct list_query query = {.limit = 10};
    struct list list;
    a_contract(world, world->project, world->provider);
    a_worker(world, world->provider, IDENTITY_NUMBER);
    assert_int_equal(cases_of(world), 0);
    a_worker(world, other, IDENTITY_NUMBER);
    assert_int_equal(cases_of(world), 1);
    assert_int_equal(attempt(world, sweep, NULL), OK);
    assert_int_equal(cases_of(world), 1);
    act(world, member_of(world, world->division, R(DIVISION)));
    assert_int_equal(record_list(&world->test.cx, &SUBCONTRACTING_CASES, &query, &list), OK);
    assert_int_equal(list.count, 1);
    one = *(const struct subcontracting_case *)list.rows;
    assert_int_equal(one.source, CASE_OF_IDENTITY);
    assert_true(one.organisation_id == other && *one.other_organisation);
    act(world, of_other);
    assert_int_equal(record_list(&world->test.cx, &SUBCONTRACTING_CASES, &query, &list), OK);
    assert_int_equal(list.count, 0);
}

static void V5_1_4_who_joins_later_is_found_by_the_clock(void **state)
{
    struct world *world = *state;
    const int64_t other = an_organisation(world, "Other provider", SIDE_PROVIDER);
    a_contract(world, world->project, world->provider);
    a_worker(world, world->provider, IDENTITY_NUMBER);
    tamper(world, "UPDATE people SET joined_on = '2199-01-01' WHERE id_card_hash <> ''");
    a_worker(world, other, IDENTITY_NUMBER);
    assert_int_equal(cases_of(world), 0);
    tamper(world, "UPDATE people SET joined_on = ''");
    assert_int_equal(attempt(world, sweep, NULL), OK);
    assert_int_equal(cases_of(world), 1);
}

static struct work_certificate certificate(struct world *world, int64_t person, struct date to)
{
    struct work_certificate one = {.person_id = person, .kind = WORKS_AT_HEIGHT, .valid_to = to};
    fields_blank(WORK_CERTIFICATES.fields, &one);
    act(world, &ACTOR_SYSTEM);
    assert_int_equal(add(world, &WORK_CERTIFICATES, &one), OK);
    get(world, &WORK_CERTIFICATES, one.id, &one);
    return one;
}

static void V5_1_4_an_expired_certificate_is_owed_until_a_newer_one_is_there(void **state)
{
    struct scene scene = a_scene(*state);
    struct world *world = scene.world;
    const struct date today = instant_date(world->test.cx.now, SHANGHAI_OFFSET_MIN);
    struct work_certificate old = certificate(world, scene.workers[0], date_add(today, -1));
    struct contract contract;
    struct roster_person *roster;
    struct list duties;
    size_t count, lapsed = 0;
    assert_true(old.needed && old.expired);
    get(world, &CONTRACTS, scene.contract, &contract);
    assert_int_equal(head_count_roster(&world->test.cx, &contract, &roster, &count), OK);
    for (size_t i = 0; i < count; i++)
        lapsed += roster[i].lapsed > 0;
    assert_int_equal(lapsed, 1);
    assert_int_equal(cases_of(world), 0); /* a mark, no case */
    certificate(world, scene.workers[0], date_add(today, 300));
    get(world, &WORK_CERTIFICATES, old.id, &old);
    assert_true(!old.needed && !old.expired);
    assert_int_equal(record_select(&world->test.cx, &DUTIES, "owed",
                                   "t.rule = 'renew_work_certificate' ORDER BY t.id", NO_PARAMS,
                                   &duties),
                     OK);
    assert_int_equal(((const struct duty *)duties.rows)->state, DUTY_MET);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(V5_1_4_a_count_is_what_was_asked_for_and_who_was_there),
        WORLD_TEST(V5_1_4_whoever_stands_on_no_roster_opens_a_case_with_the_count_as_evidence),
        WORLD_TEST(
            V5_1_4_a_contracts_case_is_its_divisions_and_one_of_none_is_decided_by_operations),
        WORLD_TEST(V5_1_4_confirmed_cases_are_of_their_days_and_of_their_contract),
        WORLD_TEST(V5_1_4_who_was_found_anywhere_that_day_was_there),
        WORLD_TEST(V5_1_4_a_count_objected_to_is_held_against_nobody_until_another_rejects_it),
        WORLD_TEST(V5_1_4_the_same_identity_at_two_providers_opens_one_case_that_the_client_sees),
        WORLD_TEST(V5_1_4_who_joins_later_is_found_by_the_clock),
        WORLD_TEST(V5_1_4_an_expired_certificate_is_owed_until_a_newer_one_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
