/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* V3.1, V5.1.3: the sums of projects and months are what the records say, and the board shows
 * everybody the own part of them. */
#include "app/dashboard/dashboard.h"

#include "app/duties/duty.h"
#include "app/evaluation/test_evaluations.h"
#include "app/inspections/rectification.h"
#include "app/settlement/test_settlements.h"
#include "app/staffing/subcontracting.h"
#include "base/doc.h"

/* ---- a project with an area, a standard and a plan; it is March 2026 ---- */

struct place {
    struct world *world;
    int64_t contract, area, standard, plan, inspector;
    struct month march;
};

static int64_t stored(struct world *world, const struct resource *resource, void *record)
{
    fields_blank(resource->fields, record);
    if (add(world, resource, record) != OK)
        fail_msg("%s: %s", resource->name, world->test.cx.fault.code);
    return ((struct record *)record)->id;
}

static struct place place_of(void **state)
{
    struct world *world = *state;
    struct place place = {.world = world,
                          .contract = a_contract(world, world->project, world->provider),
                          .inspector = a_person(world, world->client, world->project),
                          .march = month_of(date_of(2026, 3, 1))};
    world->test.cx.now = instant_of(date_of(2026, 3, 20), 600, SHANGHAI_OFFSET_MIN);
    act(world, &ACTOR_SYSTEM);
    briefed_contract(world, place.contract);
    place.area = stored(world, &AREAS,
                        &(struct area){.contract_id = place.contract,
                                       .name = "Hall",
                                       .size_m2 = 1,
                                       .from = date_of(2026, 1, 5)});
    place.standard = stored(world, &STANDARDS,
                            &(struct standard){.unit_id = world->project,
                                               .service = SERVICE_CLEANING,
                                               .name = "Standard",
                                               .from = date_of(2026, 1, 1)});
    place.plan =
        stored(world, &INSPECTION_PLANS,
               &(struct inspection_plan){
                   .contract_id = place.contract, .level = LEVEL_OWNER, .frequency = EVERY_DAY});
    return place;
}

static struct inspection_task a_task(const struct place *place, int day)
{
    struct inspection_task task = {.plan_id = place->plan,
                                   .contract_id = place->contract,
                                   .client_id = place->world->client,
                                   .unit_id = place->world->project,
                                   .area_id = place->area,
                                   .level = LEVEL_OWNER,
                                   .frequency = EVERY_DAY,
                                   .period = date_of(2026, 3, day),
                                   .month = place->march,
                                   .state = TASK_OPEN};
    stored(place->world, &INSPECTION_TASKS, &task);
    return task;
}

/* Two items, of which the first one fails. */
static struct inspection an_inspection(const struct place *place, const char *uid)
{
    const struct inspection_item items[] = {{.item_id = 1,
                                             .text = "Dry",
                                             .category = CATEGORY_RESULT,
                                             .part = "",
                                             .term = "",
                                             .points = {5000},
                                             .result = RESULT_FAIL,
                                             .deducted = {1000},
                                             .note = "Wet"},
                                            {.item_id = 2,
                                             .text = "Clean",
                                             .category = CATEGORY_RESULT,
                                             .part = "",
                                             .term = "",
                                             .points = {5000},
                                             .result = RESULT_PASS,
                                             .note = ""}};
    struct inspection inspection = {
        .contract_id = place->contract,
        .provider_id = place->world->provider,
        .client_id = place->world->client,
        .unit_id = place->world->project,
        .area_id = place->area,
        .standard_id = place->standard,
        .level = LEVEL_OWNER,
        .uid = uid,
        .inspector_id = place->inspector,
        .items = json_rows_text(place->world->test.arena, INSPECTION_ITEM_FIELDS, items, 2,
                                sizeof *items),
        .state = INSPECTION_OPEN,
    };
    stored(place->world, &INSPECTIONS, &inspection);
    return inspection;
}

static void becomes(const struct place *place, const struct resource *resource, void *before,
                    void *after)
{
    if (change(place->world, resource, before, after) != OK)
        fail_msg("%s: %s", resource->name, place->world->test.cx.fault.code);
    memcpy(before, after, resource->size);
}

static struct inspection finished(const struct place *place, const char *uid)
{
    struct inspection before = an_inspection(place, uid), after = before;
    after.passed = after.failed = 1;
    after.month = place->march;
    after.finished_at = place->world->test.cx.now;
    after.state = INSPECTION_FINISHED;
    becomes(place, &INSPECTIONS, &before, &after);
    return before;
}

static struct project_month sum_of(const struct place *place)
{
    struct project_month sum;
    const struct actor *actor = place->world->test.cx.actor;
    act(place->world, member_of(place->world, place->world->headquarters, R(OPS)));
    assert_int_equal(
        project_months_summed(&place->world->test.cx, place->march, place->march, &sum), OK);
    act(place->world, actor);
    return sum;
}

static struct board *board_of(const struct place *place, const struct actor *actor, int64_t unit)
{
    struct board *board = ARENA_NEW(place->world->test.arena, struct board);
    const struct actor *before = place->world->test.cx.actor;
    act(place->world, actor);
    assert_int_equal(board_read(&place->world->test.cx, unit, BY_CONTRACTS, board), OK);
    act(place->world, before);
    return board;
}

static const struct actor *ops_of(const struct place *place)
{
    return member_of(place->world, place->world->headquarters, R(OPS));
}

/* How often an item failed, as the board says it. */
static int32_t failures(const struct place *place, const char *text)
{
    const struct board *board = board_of(place, ops_of(place), 0);
    for (size_t i = 0; i < board->item_count; i++)
        if (strcmp(board->items[i].item_text, text) == 0)
            return board->items[i].failed;
    return 0;
}

struct verdict {
    int64_t count, broken;
    const char *what;
};

static struct verdict verified(const struct place *place)
{
    struct verdict verdict;
    act(place->world, &ACTOR_SYSTEM);
    assert_int_equal(project_months_verify(&place->world->test.cx, &verdict.count, &verdict.broken,
                                           &verdict.what),
                     OK);
    return verdict;
}

static void assert_right(const struct place *place)
{
    const struct verdict verdict = verified(place);
    if (verdict.broken)
        fail_msg("project %d: %s", (int)verdict.broken, verdict.what);
}

/* ---- sums ---- */

static void V5_1_3_a_task_counts_as_what_it_is_now(void **state)
{
    const struct place place = place_of(state);
    struct inspection_task task = a_task(&place, 2), other = a_task(&place, 3), after = task;
    assert_int_equal(sum_of(&place).planned, 2);
    after.state = TASK_MISSED;
    becomes(&place, &INSPECTION_TASKS, &task, &after);
    assert_int_equal(sum_of(&place).missed, 1);
    after.state = TASK_DONE; /* after its time */
    after.late = true;
    becomes(&place, &INSPECTION_TASKS, &task, &after);
    assert_int_equal(sum_of(&place).missed, 0);
    assert_int_equal(sum_of(&place).done, 1);
    assert_int_equal(sum_of(&place).done_late, 1);
    after = other;
    after.state = TASK_DROPPED;
    becomes(&place, &INSPECTION_TASKS, &other, &after);
    assert_int_equal(sum_of(&place).planned, 1);
    assert_right(&place);
}

static void V5_1_3_an_inspection_counts_from_its_finish_until_it_is_void(void **state)
{
    const struct place place = place_of(state);
    an_inspection(&place, "open");
    assert_int_equal(sum_of(&place).inspected, 0);
    struct inspection one = finished(&place, "one"), two = finished(&place, "two"), after = one;
    assert_int_equal(sum_of(&place).inspected, 2);
    assert_int_equal(sum_of(&place).failed, 2);
    assert_int_equal(failures(&place, "Dry"), 2);
    assert_int_equal(failures(&place, "Clean"), 0);
    after.state = INSPECTION_COUNTERSIGNED;
    becomes(&place, &INSPECTIONS, &one, &after);
    assert_int_equal(failures(&place, "Dry"), 2);
    after.state = INSPECTION_VOID;
    becomes(&place, &INSPECTIONS, &one, &after);
    assert_int_equal(sum_of(&place).inspected, 1);
    assert_int_equal(failures(&place, "Dry"), 1);
    after = two; /* its finding is taken back */
    after.upheld = "1";
    after.passed = 2;
    after.failed = 0;
    becomes(&place, &INSPECTIONS, &two, &after);
    assert_int_equal(sum_of(&place).passed, 2);
    assert_int_equal(sum_of(&place).failed, 0);
    assert_int_equal(failures(&place, "Dry"), 0);
    assert_right(&place);
}

static void X1_a_rectification_counts_for_the_month_of_its_notice(void **state)
{
    const struct place place = place_of(state);
    const struct inspection inspection = finished(&place, "one");
    struct rectification notice = {.inspection_id = inspection.id,
                                   .place = 1,
                                   .item_id = 1,
                                   .item_text = "Dry",
                                   .contract_id = place.contract,
                                   .provider_id = place.world->provider,
                                   .client_id = place.world->client,
                                   .unit_id = place.world->project,
                                   .area_id = place.area,
                                   .inspector_id = place.inspector,
                                   .round = 2,
                                   .due_at = {place.world->test.cx.now.ms - 1000},
                                   .month = place.march,
                                   .state = RECTIFICATION_ISSUED};
    stored(place.world, &RECTIFICATIONS, &notice);
    const struct board *board = board_of(&place, ops_of(&place), 0);
    assert_int_equal(board->whole.open[OPEN_DEFECTS].count, 1);
    assert_int_equal(board->whole.open[OPEN_OVERDUE_DEFECTS].count, 1);
    struct rectification after = notice;
    after.late = true;
    after.state = RECTIFICATION_CLOSED;
    becomes(&place, &RECTIFICATIONS, &notice, &after);
    assert_int_equal(sum_of(&place).rectifications, 1);
    assert_int_equal(sum_of(&place).repeated, 1);
    assert_int_equal(sum_of(&place).rectified_late, 1);
    assert_int_equal(board_of(&place, ops_of(&place), 0)->whole.open[OPEN_DEFECTS].count, 0);
    after.state = RECTIFICATION_WITHDRAWN;
    becomes(&place, &RECTIFICATIONS, &notice, &after);
    assert_int_equal(sum_of(&place).rectifications, 0);
    assert_right(&place);
}

/* ---- grades ---- */

static void graded(const struct place *place, int64_t contract, const char *period,
                   enum grade grade, int64_t total)
{
    struct evaluation before, after;
    const int64_t id = an_evaluation(place->world, contract, period);
    act(place->world, &ACTOR_SYSTEM);
    get(place->world, &EVALUATIONS, id, &before);
    after = before;
    after.scored = true;
    after.total = (struct points){total};
    after.grade = grade;
    after.state = EVALUATION_FINAL;
    becomes(place, &EVALUATIONS, &before, &after);
}

static void V3_1_a_project_stands_at_the_worst_of_the_last_grades_of_its_contracts(void **state)
{
    const struct place place = place_of(state);
    const int64_t second = a_contract(place.world, place.world->project, place.world->provider);
    briefed_contract(place.world, second);
    an_evaluation_scheme(place.world, SCHEME_CONTRACT, EVALUATION_INDICATORS);
    const struct board *board = board_of(&place, ops_of(&place), 0);
    assert_int_equal(board->project_count, 1);
    assert_int_equal(board->projects[0].contracts, 2);
    assert_int_equal(board->projects[0].grade, 0);
    assert_int_equal(board->divisions[0].grades[0], 1);
    graded(&place, place.contract, "2026-02", GRADE_EXCELLENT, 9500);
    graded(&place, place.contract, "2026-01", GRADE_FAIL,
           4000); /* final later, of a month before */
    graded(&place, second, "2026-02", GRADE_PASS, 7000);
    board = board_of(&place, ops_of(&place), 0);
    assert_int_equal(board->projects[0].grade, GRADE_PASS);
    assert_int_equal(board->projects[0].graded_to.days, date_of(2026, 2, 28).days);
    assert_int_equal(board->divisions[0].grades[GRADE_PASS], 1);
    assert_string_equal(board->ranked, "2026-02");
    assert_int_equal(board->providers[0].mean.hundredths, 8250);
    assert_int_equal(board->months[BOARD_MONTHS - 2].evaluated, 2);
    assert_int_equal(board->months[BOARD_MONTHS - 2].total.hundredths, 16500);
    tamper(place.world,
           arena_printf(place.world->test.arena,
                        "UPDATE contracts SET state = 'ended' WHERE id = %lld", (long long)second));
    assert_int_equal(board_of(&place, ops_of(&place), 0)->projects[0].grade, GRADE_EXCELLENT);
    assert_right(&place);
}

static void moved(const struct place *place, int64_t contract, int64_t unit)
{
    tamper(place->world, arena_printf(place->world->test.arena,
                                      "UPDATE contracts SET unit_id = %lld WHERE id = %lld",
                                      (long long)unit, (long long)contract));
}

static void V3_1_a_contract_takes_its_grade_to_another_project_and_leaves_its_cases(void **state)
{
    const struct place place = place_of(state);
    struct world *world = place.world;
    const int64_t elsewhere = a_unit(world, world->division, UNIT_PROJECT);
    struct subcontracting_case before = {.organisation_id = world->provider,
                                         .contract_id = place.contract,
                                         .person_name = "Stranger"},
                               after;
    tamper(world, "UPDATE contracts SET state = 'active'");
    an_evaluation_scheme(world, SCHEME_CONTRACT, EVALUATION_INDICATORS);
    graded(&place, place.contract, "2026-01", GRADE_EXCELLENT, 9500);
    stored(world, &SUBCONTRACTING_CASES, &before);
    get(world, &SUBCONTRACTING_CASES, before.id, &before);
    moved(&place, place.contract, elsewhere);
    graded(&place, place.contract, "2026-02", GRADE_FAIL, 4000);
    const struct board *board = board_of(&place, ops_of(&place), 0);
    for (size_t i = 0; i < board->project_count; i++)
        assert_int_equal(board->projects[i].grade,
                         board->projects[i].unit_id == elsewhere ? GRADE_FAIL : 0);
    assert_right(&place);
    assert_int_equal(sum_of(&place).cases, 1);
    act(world, &ACTOR_SYSTEM);
    after = before;
    after.state = CASE_DISMISSED;
    becomes(&place, &SUBCONTRACTING_CASES, &before, &after);
    assert_int_equal(sum_of(&place).cases, 0);
    assert_right(&place);
}

static enum result sweep(struct ctx *cx, void *host)
{
    (void)host;
    return project_months_sweep(cx);
}

static int32_t told(const struct place *place)
{
    return (int32_t)board_of(place, ops_of(place), 0)->whole.open[OPEN_TOLD].count;
}

static int64_t retained(const struct place *place, const char *sql)
{
    tamper(place->world, sql);
    const struct board *board = board_of(place, ops_of(place), 0);
    return board->whole.open[OPEN_RETAINED].amount_fen.fen;
}

/* How many statements the list has that the board leads to. */
static size_t kept_back(const struct place *place)
{
    struct list_query query = {.limit = 10};
    struct list list;
    list_conditions(&place->world->test.cx, &SETTLEMENTS, "keeps_back=true", &query);
    assert_int_equal(record_list(&place->world->test.cx, &SETTLEMENTS, &query, &list), OK);
    return list.count;
}

static void V3_3_what_is_settled_in_dispute_and_deducted_is_money_at_risk(void **state)
{
    const struct place place = place_of(state);
    const int64_t rule = a_deduction_rule(place.world, place.contract,
                                          (struct deduction_rule){.name = "Rubbish",
                                                                  .function = DEDUCT_FIXED,
                                                                  .rests_on = TRIGGER_EVENT,
                                                                  .rate_fen = {50000},
                                                                  .factor = 2});
    act(place.world, ops_of(&place));
    struct settlement before = {.contract_id = place.contract, .month = place.march}, after;
    stored(place.world, &SETTLEMENTS, &before);
    stored(place.world, &DEDUCTION_EVENTS,
           &(struct deduction_event){.contract_id = place.contract,
                                     .rule_id = rule,
                                     .day = date_of(2026, 3, 10),
                                     .fact = "Bins ran over"});
    tamper(place.world, arena_printf(place.world->test.arena,
                                     "UPDATE deduction_events SET state = 'told', object_by = %lld",
                                     (long long)place.world->test.cx.now.ms));
    assert_int_equal(told(&place), 1);
    tamper(place.world, "UPDATE deduction_events SET object_by = object_by - 1");
    assert_int_equal(told(&place), 0); /* nobody may object any more */
    tamper(place.world, "UPDATE deduction_events SET object_by = object_by + 1, settlement_id = "
                        "(SELECT id FROM settlements)");
    assert_int_equal(told(&place), 0); /* it was settled */
    tamper(place.world, "UPDATE deduction_events SET settlement_id = NULL, state = 'objected'");
    get(place.world, &SETTLEMENTS, before.id, &before);
    after = before;
    after.fee_fen.fen = 1000000;
    after.deducted_fen.fen = 20000;
    after.payable_fen.fen = 980000;
    after.state = SETTLEMENT_DISPUTED;
    becomes(&place, &SETTLEMENTS, &before, &after);
    const struct board *board = board_of(&place, ops_of(&place), 0);
    assert_int_equal(board->whole.open[OPEN_DISPUTED].amount_fen.fen, 980000);
    assert_int_equal(board->whole.open[OPEN_OBJECTED].amount_fen.fen, 50000);
    assert_int_equal(sum_of(&place).settled, 0);
    after.state = SETTLEMENT_APPROVED;
    becomes(&place, &SETTLEMENTS, &before, &after);
    assert_int_equal(sum_of(&place).deducted_fen.fen, 20000);
    after.state = SETTLEMENT_PAID;
    becomes(&place, &SETTLEMENTS, &before, &after);
    assert_int_equal(sum_of(&place).settled, 1);
    assert_int_equal(sum_of(&place).fee_fen.fen, 1000000);
    assert_right(&place);
}

static void X3_what_is_kept_back_counts_until_it_is_released_and_its_fee_once(void **state)
{
    const struct place place = place_of(state);
    struct settlement kept = {.contract_id = place.contract, .month = {place.march.months - 1}},
                      before = {.contract_id = place.contract, .month = place.march}, after;
    act(place.world, ops_of(&place));
    stored(place.world, &SETTLEMENTS, &kept);
    stored(place.world, &SETTLEMENTS, &before);
    assert_int_equal(retained(&place, "UPDATE settlements SET retained_fen = 5000, fee_fen = 5000 "
                                      "WHERE id = (SELECT MIN(id) FROM settlements)"),
                     0);
    assert_int_equal(retained(&place,
                              "UPDATE settlements SET kind = 'acceptance', state = 'agreed' "
                              "WHERE id = (SELECT MIN(id) FROM settlements)"),
                     5000);
    assert_int_equal(retained(&place, "UPDATE settlements SET kind = 'retention', fee_fen = 5000 "
                                      "WHERE id = (SELECT MAX(id) FROM settlements)"),
                     5000);
    assert_int_equal(kept_back(&place), 1);
    get(place.world, &SETTLEMENTS, before.id, &before);
    after = before;
    after.state = SETTLEMENT_PAID;
    becomes(&place, &SETTLEMENTS, &before, &after);
    assert_int_equal(retained(&place, "UPDATE contracts SET id = id"), 0);
    assert_int_equal(kept_back(&place), 0);
    assert_int_equal(sum_of(&place).settled, 0);
    assert_int_equal(sum_of(&place).fee_fen.fen, 0);
    assert_right(&place);
}

/* ---- counting once more ---- */

static void a_sum_that_is_not_what_the_records_say_is_found_and_counted_anew(void **state)
{
    const struct place place = place_of(state);
    finished(&place, "one");
    a_task(&place, 2);
    assert_int_equal(verified(&place).count, 1);
    tamper(place.world, "UPDATE project_months SET failed = failed + 1");
    assert_int_equal(verified(&place).broken, place.world->project);
    assert_string_equal(verified(&place).what, "failed");
    assert_int_equal(attempt(place.world, sweep, NULL), OK); /* nobody asked for it */
    assert_int_equal(sum_of(&place).failed, 2);
    tamper(place.world, "INSERT INTO recounts (id) VALUES (1)");
    assert_int_equal(attempt(place.world, sweep, NULL), OK);
    assert_int_equal(sum_of(&place).failed, 1);
    assert_int_equal(failures(&place, "Dry"), 1);
    assert_right(&place);
    tamper(place.world, "UPDATE item_failures SET failed = 5");
    assert_string_equal(verified(&place).what, "item_failures");
    tamper(place.world, "DELETE FROM project_months");
    assert_string_equal(verified(&place).what, "month");
}

/* ---- scopes ---- */

static void V2_everybody_sees_the_own_part_of_the_board(void **state)
{
    const struct place place = place_of(state);
    struct world *world = place.world;
    const int64_t division = a_unit(world, world->headquarters, UNIT_DIVISION);
    const int64_t project = a_unit(world, division, UNIT_PROJECT);
    const struct actor *other = member_of(world, division, R(DIVISION)),
                       *own = member_of(world, world->division, R(DIVISION)),
                       *pm = member_of(world, world->project, R(PM));
    finished(&place, "one");
    assert_int_equal(board_of(&place, ops_of(&place), 0)->project_count, 2);
    assert_int_equal(board_of(&place, ops_of(&place), 0)->division_count, 2);
    assert_int_equal(board_of(&place, own, 0)->project_count, 1);
    assert_int_equal(board_of(&place, own, 0)->item_count, 1);
    assert_int_equal(board_of(&place, pm, 0)->projects[0].unit_id, world->project);
    const struct board *theirs = board_of(&place, other, 0);
    assert_int_equal(theirs->project_count, 1);
    assert_int_equal(theirs->projects[0].unit_id, project);
    assert_int_equal(theirs->item_count, 0);
    assert_int_equal(theirs->months[BOARD_MONTHS - 1].inspected, 0);
    assert_int_equal(board_of(&place, ops_of(&place), division)->project_count, 1);
    struct board board;
    act(world, other);
    assert_int_equal(board_read(&world->test.cx, world->division, BY_CONTRACTS, &board), NOT_FOUND);
    assert_int_equal(board_read(&world->test.cx, world->project, BY_CONTRACTS, &board), NOT_FOUND);
}

static void a_list_may_be_of_a_unit_with_what_hangs_under_it(void **state)
{
    const struct place place = place_of(state);
    struct ctx *cx = &place.world->test.cx;
    const int64_t empty = a_unit(place.world, place.world->headquarters, UNIT_DIVISION);
    const struct {
        int64_t unit;
        size_t count;
    } CASES[] = {{place.world->project, 1},
                 {place.world->division, 1},
                 {place.world->headquarters, 1},
                 {empty, 0}};
    finished(&place, "one");
    for (size_t i = 0; i < 4; i++) {
        struct list_query query = {.limit = 5};
        struct list list;
        assert_true(list_condition(
            cx, &INSPECTIONS, "unit_id_under",
            arena_printf(place.world->test.arena, "%lld", (long long)CASES[i].unit), &query));
        assert_int_equal(record_list(cx, &INSPECTIONS, &query, &list), OK);
        assert_int_equal(list.count, CASES[i].count);
    }
    struct list_query query = {.limit = 5};
    assert_false(list_condition(cx, &INSPECTIONS, "contract_id_under", "1", &query));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(V5_1_3_a_task_counts_as_what_it_is_now),
        WORLD_TEST(V5_1_3_an_inspection_counts_from_its_finish_until_it_is_void),
        WORLD_TEST(X1_a_rectification_counts_for_the_month_of_its_notice),
        WORLD_TEST(V3_1_a_project_stands_at_the_worst_of_the_last_grades_of_its_contracts),
        WORLD_TEST(V3_1_a_contract_takes_its_grade_to_another_project_and_leaves_its_cases),
        WORLD_TEST(X3_what_is_kept_back_counts_until_it_is_released_and_its_fee_once),
        WORLD_TEST(V3_3_what_is_settled_in_dispute_and_deducted_is_money_at_risk),
        WORLD_TEST(a_sum_that_is_not_what_the_records_say_is_found_and_counted_anew),
        WORLD_TEST(V2_everybody_sees_the_own_part_of_the_board),
        WORLD_TEST(a_list_may_be_of_a_unit_with_what_hangs_under_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
