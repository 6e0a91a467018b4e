/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/agents/agent.h"
#include "app/evaluation/test_evaluations.h"

#include "app/notices/notice.h"

/* ---- deeds ---- */

enum step {
    SUBMIT,
    SUBMIT_SO,
    PASS,
    OBJECT,
    ANSWER,
    ACCEPT,
    WITHDRAW,
    GIVE,
    SWEEP,
    UPHOLD,
    REJECT
};
struct deed {
    enum step step;
    int64_t id, out;
    struct points points;
};

static enum result deed_run(struct ctx *cx, void *host)
{
    struct deed *deed = host;
    struct evaluation evaluation;
    struct evaluation_objection objection;
    if (deed->step == SWEEP)
        return evaluations_sweep(cx);
    if (deed->step == UPHOLD || deed->step == REJECT) {
        TRY(record_get(cx, &EVALUATION_OBJECTIONS, deed->id, &objection));
        return deed->step == UPHOLD
                   ? objection_uphold(cx, &objection, deed->points, "The report was ours")
                   : objection_reject(cx, &objection, "The figures are right");
    }
    TRY(record_get(cx, &EVALUATIONS, deed->id, &evaluation));
    switch (deed->step) {
    case SUBMIT:
    case SUBMIT_SO:
        return evaluation_submit(cx, &evaluation, "", deed->step == SUBMIT_SO, "");
    case PASS:
        return evaluation_pass(cx, &evaluation);
    case OBJECT:
        return evaluation_object(cx, &evaluation, "", "It cannot be", &deed->out);
    case ANSWER:
        return evaluation_answer(cx, &evaluation, "We looked again");
    case ACCEPT:
        return evaluation_accept(cx, &evaluation);
    case GIVE:
        return evaluation_give(cx, &evaluation, "hand", deed->points, "As seen");
    default:
        return evaluation_withdraw(cx, &evaluation, "Too early");
    }
}

struct scene {
    struct world *world;
    int64_t contract, id;
    const struct actor *pm, *division, *auditor, *provider;
};

static enum result does_it(const struct scene *scene, const struct actor *actor, struct deed *deed)
{
    act(scene->world, actor);
    return attempt(scene->world, deed_run, deed);
}

static enum result does(const struct scene *scene, const struct actor *actor, enum step step)
{
    struct deed deed = {.step = step, .id = scene->id};
    return does_it(scene, actor, &deed);
}

static struct scene scene_of(void **state, const char *indicators)
{
    struct scene scene = {.world = *state};
    struct world *world = scene.world;
    scene.contract = a_contract(world, world->project, world->provider);
    scene.pm = member_of(world, world->project, R(PM));
    scene.division = member_of(world, world->division, R(DIVISION));
    scene.auditor = member_of(world, world->headquarters, R(AUDIT));
    scene.provider = outsider_of(world, world->provider, R(PROVIDER));
    briefed_contract(world, scene.contract);
    an_evaluation_scheme(world, SCHEME_CONTRACT, indicators);
    inspected_on(world, scene.contract, date_of(2026, 2, 28));
    scene.id = an_evaluation(world, scene.contract, "2026-02");
    declare(world, scene.pm, INTEREST_NONE);
    declare(world, scene.division, INTEREST_NONE);
    return scene;
}

static struct evaluation now_of(const struct scene *scene)
{
    struct evaluation evaluation;
    act(scene->world, &ACTOR_SYSTEM);
    get(scene->world, &EVALUATIONS, scene->id, &evaluation);
    return evaluation;
}

static bool is_seen(const struct scene *scene, const struct actor *actor)
{
    act(scene->world, actor);
    const bool seen = record_seen(&scene->world->test.cx, &EVALUATIONS, scene->id) == OK;
    scene->world->test.cx.fault = (struct fault){.result = OK};
    return seen;
}

static enum result prove_run(struct ctx *cx, void *host)
{
    int64_t *out = host;
    const char *what;
    return evaluations_verify(cx, &out[0], &out[1], &what);
}

/* ---- tests ---- */

static void V3_2_the_same_seed_draws_the_same_sample(void **state)
{
    static const char *const SEEDS[] = {"a", "a", "b"};
    const struct scene scene = scene_of(state, EVALUATION_INDICATORS);
    struct audit_sample samples[3];
    for (size_t i = 0; i < 5; i++) {
        const int64_t other = a_contract(scene.world, scene.world->project, scene.world->provider);
        briefed_contract(scene.world, other);
        (void)an_evaluation(scene.world, other, "2026-02");
    }
    tamper(scene.world, "UPDATE evaluations SET submitted_at = 1772400000000");
    act(scene.world, scene.auditor);
    for (size_t i = 0; i < 3; i++) {
        samples[i] = (struct audit_sample){.source = SAMPLE_EVALUATIONS,
                                           .from = date_of(2026, 3, 1),
                                           .to = date_of(2026, 3, 5),
                                           .count = 3};
        fields_blank(AUDIT_SAMPLES.fields, &samples[i]);
        samples[i].seed = SEEDS[i];
        assert_int_equal(add(scene.world, &AUDIT_SAMPLES, &samples[i]), OK);
    }
    assert_string_equal(samples[0].drawn, samples[1].drawn);
    assert_string_not_equal(samples[0].drawn, samples[2].drawn);
}

static void a_period_is_a_month_a_quarter_or_a_year(void **state)
{
    struct world *world = *state;
    struct arena *arena = world->test.arena;
    static const struct {
        const char *text;
        const char *next;
        int32_t months;
    } PERIODS[] = {{"2026-12", "2027-01", 1}, {"2026-Q4", "2027-Q1", 3}, {"2026", "2027", 12}};
    static const char *const NONE[] = {"", "2026-13", "2026-Q5", "26-Q1", "2026-1", "20261", "Q1"};
    struct period period;
    for (size_t i = 0; i < sizeof PERIODS / sizeof PERIODS[0]; i++) {
        assert_true(period_parse(PERIODS[i].text, &period));
        assert_int_equal(period.months, PERIODS[i].months);
        assert_string_equal(period_text(arena, period), PERIODS[i].text);
        assert_string_equal(period_text(arena, period_add(period, 1)), PERIODS[i].next);
        assert_int_equal(period_to(period).days, date_of(2026, 12, 31).days);
    }
    for (size_t i = 0; i < sizeof NONE / sizeof NONE[0]; i++)
        assert_false(period_parse(NONE[i], &period));
}

static void V3_2_nothing_is_final_before_audit_and_the_other_party_had_their_time(void **state)
{
    const struct scene scene = scene_of(state, EVALUATION_INDICATORS);
    assert_false(is_seen(&scene, scene.provider));
    assert_int_equal(does(&scene, scene.pm, SUBMIT), OK);
    assert_int_equal(does(&scene, scene.pm, ACCEPT), CONFLICT);
    assert_int_equal(does(&scene, &ACTOR_SYSTEM, SWEEP), OK);
    assert_int_equal(now_of(&scene).state, EVALUATION_SUBMITTED);
    scene.world->test.cx.now = (struct instant){now_of(&scene).audit_by.ms + 1};
    assert_false(is_seen(&scene, scene.provider));
    assert_int_equal(does(&scene, &ACTOR_SYSTEM, SWEEP), OK);
    assert_int_equal(now_of(&scene).state, EVALUATION_AUDITED);
    assert_true(is_seen(&scene, scene.provider));
    assert_int_equal(does(&scene, scene.auditor, OBJECT), CONFLICT); /* too late */
    scene.world->test.cx.now = (struct instant){now_of(&scene).object_by.ms + 1};
    assert_int_equal(does(&scene, scene.provider, OBJECT), CONFLICT);
    assert_code(scene.world, "evaluation.time_over");
    assert_int_equal(does(&scene, &ACTOR_SYSTEM, SWEEP), OK);
    assert_int_equal(now_of(&scene).state, EVALUATION_FINAL);
    int64_t proof[2];
    act(scene.world, &ACTOR_SYSTEM);
    assert_int_equal(attempt(scene.world, prove_run, proof), OK);
    assert_int_equal(proof[0], 1);
    assert_int_equal(proof[1], 0);
    tamper(scene.world, "UPDATE evaluations SET grade = 'excellent', total = 9900");
    assert_int_equal(attempt(scene.world, prove_run, proof), OK);
    assert_int_equal(proof[1], scene.id);
}

static void V3_2_what_audit_objects_to_is_answered_and_submitted_anew(void **state)
{
    const struct scene scene = scene_of(state, EVALUATION_INDICATORS);
    struct deed points = {.step = GIVE, .id = scene.id, .points = {1500}};
    assert_int_equal(does(&scene, scene.pm, SUBMIT), OK);
    assert_int_equal(does_it(&scene, scene.pm, &points), CONFLICT); /* it is audit's now */
    assert_int_equal(does(&scene, scene.auditor, OBJECT), OK);
    assert_int_equal(does(&scene, scene.auditor, PASS), CONFLICT);
    assert_int_equal(does_it(&scene, scene.pm, &points), OK);
    assert_int_equal(does(&scene, scene.pm, ANSWER), OK);
    const struct evaluation anew = now_of(&scene);
    assert_int_equal(anew.state, EVALUATION_SUBMITTED);
    assert_int_equal(anew.total_before.hundredths, 10000);
    assert_int_equal(anew.total.hundredths, 9167); /* (40 + 15) of 60 */
    assert_int_equal(does(&scene, scene.auditor, PASS), OK);
    assert_int_equal(now_of(&scene).state, EVALUATION_AUDITED);
}

static void X4_another_one_decides_and_audit_sees_what_was_upheld(void **state)
{
    const struct scene scene = scene_of(state, EVALUATION_INDICATORS);
    struct deed points = {.step = GIVE, .id = scene.id, .points = {200}};
    struct deed object = {.step = OBJECT, .id = scene.id};
    assert_int_equal(does_it(&scene, scene.division, &points), OK);
    assert_int_equal(does(&scene, scene.division, SUBMIT), OK);
    assert_int_equal(does(&scene, scene.auditor, PASS), OK);
    assert_int_equal(does_it(&scene, scene.provider, &object), OK);
    struct deed uphold = {.step = UPHOLD, .id = object.out, .points = {1000}};
    assert_int_equal(does_it(&scene, scene.division, &uphold), FORBIDDEN); /* who evaluated */
    assert_code(scene.world, "evaluation.own_decision");
    const struct actor *other = member_of(scene.world, scene.world->division, R(DIVISION));
    assert_int_equal(does_it(&scene, other, &uphold), CONFLICT);
    assert_code(scene.world, "evaluation.declare_first");
    declare(scene.world, other, INTEREST_KIN);
    assert_int_equal(does_it(&scene, other, &uphold), FORBIDDEN);
    assert_code(scene.world, "evaluation.interested");
    declare(scene.world, other, INTEREST_NONE);
    assert_int_equal(does_it(&scene, other, &uphold), OK);
    const struct evaluation upheld = now_of(&scene);
    assert_int_equal(upheld.state, EVALUATION_SUBMITTED); /* before audit again */
    assert_int_equal(upheld.total.hundredths - upheld.total_before.hundredths, 1000);
    assert_int_equal(does(&scene, scene.auditor, PASS), OK);
    assert_int_equal(now_of(&scene).state, EVALUATION_FINAL); /* it was heard */
}

#define VETOED                                                                                     \
    "[{\"code\":\"hand\",\"name\":\"By hand\",\"method\":\"manual\",\"weight\":\"100.00\","        \
    "\"nothing\":\"zero\"},{\"code\":\"leak\",\"name\":\"Breaches\",\"measure\":"                  \
    "\"contract.breaches\",\"method\":\"veto\",\"target\":\"1.00\",\"share\":\"50.00\"}]"

/* A veto falls with the fact that it rests on, not by points. */
static void X4_no_points_of_an_objection_lift_what_is_vetoed(void **state)
{
    const struct scene scene = scene_of(state, VETOED);
    struct deed points = {.step = GIVE, .id = scene.id, .points = {4000}};
    struct deed object = {.step = OBJECT, .id = scene.id};
    const struct actor *other = member_of(scene.world, scene.world->division, R(DIVISION));
    struct breach breach = {.contract_id = scene.contract,
                            .at = instant_of(date_of(2026, 2, 10), 600, SHANGHAI_OFFSET_MIN),
                            .count = 1,
                            .kind = REFUSED_NUMBER_UNKNOWN,
                            .source = BREACH_CALLS};
    fields_blank(BREACHES.fields, &breach);
    act(scene.world, &ACTOR_SYSTEM);
    assert_int_equal(add(scene.world, &BREACHES, &breach), OK);
    assert_int_equal(does_it(&scene, scene.pm, &points), OK);
    assert_int_equal(does(&scene, scene.pm, SUBMIT), OK);
    assert_true(now_of(&scene).vetoed);
    assert_int_equal(now_of(&scene).total.hundredths, 4000);
    assert_int_equal(does(&scene, scene.auditor, PASS), OK);
    assert_int_equal(does_it(&scene, scene.provider, &object), OK);
    declare(scene.world, other, INTEREST_NONE);
    struct deed uphold = {.step = UPHOLD, .id = object.out, .points = {1001}};
    assert_int_equal(does_it(&scene, other, &uphold), INVALID);
    assert_only_fault(scene.world, "points", "over_lack", "X4");
    uphold.points.hundredths = 1000;
    assert_int_equal(does_it(&scene, other, &uphold), OK);
    assert_int_equal(now_of(&scene).total.hundredths, 5000);
    assert_int_equal(now_of(&scene).grade, GRADE_FAIL);
}

static void confirmed_case(const struct scene *scene, const char *client)
{
    tamper(scene->world,
           arena_printf(scene->world->test.arena,
                        "INSERT INTO subcontracting_cases (version, created_at, updated_at, "
                        "organisation_id, client_id, person_name, employed_by, source, note, "
                        "found_at, findings, investigated_by, investigated_at, reason, "
                        "consequence, decided_by, decided_at, state) VALUES (1, 0, 0, %lld, %s, "
                        "'Zhou', '', 'site', '', 0, '', '', 0, '', '', '', %lld, 'confirmed')",
                        (long long)scene->world->provider, client,
                        (long long)instant_of(date_of(2026, 2, 10), 600, SHANGHAI_OFFSET_MIN).ms));
}

static int64_t total_now(const struct scene *scene)
{
    struct evaluation evaluation = now_of(scene), out;
    assert_int_equal(evaluation_now(&scene->world->test.cx, &evaluation, &out), OK);
    return out.total.hundredths;
}

static void V5_1_4_a_case_of_another_client_costs_this_one_nothing(void **state)
{
    const struct scene scene =
        scene_of(state, "[{\"code\":\"cases\",\"name\":\"Cases\",\"measure\":"
                        "\"contract.subcontracting\",\"method\":\"deduct_per_event\","
                        "\"weight\":\"100.00\",\"step\":\"30.00\",\"nothing\":\"full\"}]");
    struct arena *arena = scene.world->test.arena;
    const int64_t other = an_organisation(scene.world, "Another client", SIDE_CLIENT);
    confirmed_case(&scene, arena_printf(arena, "%lld", (long long)other));
    assert_int_equal(total_now(&scene), 10000);
    confirmed_case(&scene, arena_printf(arena, "%lld", (long long)scene.world->client));
    assert_int_equal(total_now(&scene), 7000);
    confirmed_case(&scene, "NULL"); /* of the provider altogether */
    assert_int_equal(total_now(&scene), 4000);
}

static void X4_nobody_with_a_hand_in_an_evaluation_decides_the_objection_to_it(void **state)
{
    const struct scene scene = scene_of(state, EVALUATION_INDICATORS);
    struct world *world = scene.world;
    const struct actor *giver = member_of(world, world->division, R(DIVISION)),
                       *answerer = member_of(world, world->division, R(DIVISION)),
                       *other = member_of(world, world->division, R(DIVISION));
    struct deed points = {.step = GIVE, .id = scene.id, .points = {200}};
    struct deed object = {.step = OBJECT, .id = scene.id};
    declare(world, giver, INTEREST_NONE);
    declare(world, answerer, INTEREST_NONE);
    declare(world, other, INTEREST_NONE);
    assert_int_equal(does_it(&scene, giver, &points), OK);
    assert_int_equal(does(&scene, scene.division, SUBMIT), OK);
    assert_int_equal(does(&scene, scene.auditor, OBJECT), OK);
    assert_int_equal(does(&scene, answerer, ANSWER), OK);
    assert_int_equal(does(&scene, scene.auditor, OBJECT), OK);
    assert_int_equal(does(&scene, scene.pm, ANSWER), OK);
    assert_int_equal(does(&scene, scene.auditor, PASS), OK);
    assert_int_equal(does_it(&scene, scene.provider, &object), OK);
    const struct actor *const hands[] = {giver, scene.division, answerer};
    for (size_t i = 0; i < 3; i++) {
        struct deed reject = {.step = REJECT, .id = object.out};
        assert_int_equal(does_it(&scene, hands[i], &reject), FORBIDDEN);
        assert_code(world, "evaluation.own_decision");
    }
    struct deed reject = {.step = REJECT, .id = object.out};
    assert_int_equal(does_it(&scene, other, &reject), OK);
}

static void V6_1_1_without_what_is_necessary_there_is_no_grade(void **state)
{
    const struct scene scene =
        scene_of(state, "[{\"code\":\"served\",\"name\":\"Served\",\"measure\":"
                        "\"contract.judged\",\"method\":\"banded\",\"weight\":\"50.00\","
                        "\"bands\":\"80=100, 60=50\",\"nothing\":\"reweigh\",\"needed\":true},"
                        "{\"code\":\"complaints\",\"name\":\"Complaints\",\"measure\":"
                        "\"contract.complaints\",\"method\":\"deduct_per_event\",\"weight\":"
                        "\"50.00\",\"step\":\"5.00\",\"nothing\":\"full\"}]");
    assert_int_equal(does(&scene, scene.pm, SUBMIT), INVALID);
    assert_only_fault(scene.world, "without_grade", "ungraded_needed", "V6.1.1");
    assert_int_equal(does(&scene, scene.pm, SUBMIT_SO), OK);
    assert_false(now_of(&scene).scored);
    assert_int_equal(now_of(&scene).grade, 0);
    assert_int_equal(now_of(&scene).ungraded, UNGRADED_NEEDED);
}

static int64_t proved(const struct scene *scene)
{
    int64_t proof[2];
    act(scene->world, &ACTOR_SYSTEM);
    assert_int_equal(attempt(scene->world, prove_run, proof), OK);
    return proof[1];
}

static void V3_5_what_nobody_inspected_has_no_grade(void **state)
{
    struct scene scene = scene_of(state, EVALUATION_INDICATORS);
    assert_int_equal(does(&scene, scene.pm, SUBMIT), OK);
    assert_int_equal(now_of(&scene).grade, GRADE_EXCELLENT);
    scene.id = an_evaluation(scene.world, scene.contract, "2026-01");
    assert_int_equal(does(&scene, scene.pm, SUBMIT), INVALID);
    assert_only_fault(scene.world, "without_grade", "ungraded_uninspected", "V3.5");
    assert_int_equal(does(&scene, scene.pm, SUBMIT_SO), OK);
    const struct evaluation submitted = now_of(&scene);
    assert_false(submitted.scored);
    assert_int_equal(submitted.grade, 0);
    assert_int_equal(submitted.ungraded, UNGRADED_UNINSPECTED);
    assert_int_equal(proved(&scene), 0);
    tamper(scene.world, "UPDATE evaluations SET ungraded = 'needed' WHERE scored = FALSE");
    assert_int_equal(proved(&scene), scene.id);
    tamper(scene.world, "DELETE FROM evaluations");
    tamper(scene.world, "UPDATE contracts SET service = 'outbound_call'");
    scene.id = an_evaluation(scene.world, scene.contract, "2026-01");
    assert_int_equal(does(&scene, scene.pm, SUBMIT), OK); /* calling is supervised by its calls */
    assert_int_equal(now_of(&scene).grade, GRADE_EXCELLENT);
}

static void V5_1_4_confirmed_subcontracting_fails_also_what_nobody_inspected(void **state)
{
    struct scene scene =
        scene_of(state, "[{\"code\":\"served\",\"name\":\"Served party\",\"measure\":"
                        "\"contract.judged\",\"method\":\"banded\",\"weight\":\"100.00\",\"bands\":"
                        "\"80=100, 60=50\",\"nothing\":\"reweigh\"},{\"code\":\"passed\",\"name\":"
                        "\"Passed on\",\"measure\":\"contract.subcontracting\",\"method\":\"veto\","
                        "\"weight\":\"0.00\",\"target\":\"1.00\",\"share\":\"90.00\"}]");
    struct world *world = scene.world;
    scene.id = an_evaluation(world, scene.contract, "2026-01"); /* nobody inspected then */
    assert_int_equal(does(&scene, scene.pm, SUBMIT), INVALID);
    assert_only_fault(world, "without_grade", "ungraded_uninspected", "V3.5");
    const struct instant decided = instant_of(date_of(2026, 1, 20), 600, SHANGHAI_OFFSET_MIN);
    tamper(world, arena_printf(
                      world->test.arena,
                      "INSERT INTO subcontracting_cases (version, created_at, updated_at, "
                      "organisation_id, person_name, employed_by, source, note, found_at, "
                      "findings, investigated_by, investigated_at, reason, consequence, "
                      "decided_by, decided_at, state) VALUES (1, 0, 0, %lld, 'Somebody', 'Other', "
                      "'site', '', 0, '', '', 0, '', '', '', %lld, 'confirmed')",
                      (long long)world->provider, (long long)decided.ms));
    assert_int_equal(does(&scene, scene.pm, SUBMIT), OK); /* without a word about a grade */
    const struct evaluation now = now_of(&scene);
    assert_true(now.scored);
    assert_true(now.vetoed);
    assert_int_equal(now.grade, GRADE_FAIL);
    assert_int_equal(now.ungraded, 0);
    assert_int_equal(proved(&scene), 0);
}

static void V6_1_1_supervision_that_planned_nothing_has_no_grade(void **state)
{
    struct scene scene = scene_of(state, EVALUATION_INDICATORS);
    struct world *world = scene.world;
    struct evaluation evaluation = {.subject = SCHEME_PROJECT, .unit_id = world->project};
    an_evaluation_scheme(world, SCHEME_PROJECT,
                         "[{\"code\":\"found\",\"name\":\"Found\",\"measure\":\"project.found\","
                         "\"method\":\"deduct_per_event\",\"weight\":\"100.00\",\"step\":"
                         "\"30.00\",\"nothing\":\"full\"}]");
    fields_blank(EVALUATIONS.fields, &evaluation);
    evaluation.period = "2026-02";
    act(world, scene.division);
    assert_int_equal(add(world, &EVALUATIONS, &evaluation), OK);
    scene.id = evaluation.id;
    assert_int_equal(does(&scene, scene.division, SUBMIT), INVALID);
    assert_only_fault(world, "without_grade", "ungraded_unplanned", "V6.1.1");
    assert_int_equal(does(&scene, scene.division, SUBMIT_SO), OK);
    assert_int_equal(now_of(&scene).ungraded, UNGRADED_UNPLANNED);
}

static void V5_1_2_who_was_not_briefed_is_not_evaluated(void **state)
{
    const struct scene scene = scene_of(state, EVALUATION_INDICATORS);
    struct world *world = scene.world;
    struct evaluation evaluation = {.contract_id = scene.contract};
    tamper(world, "UPDATE contracts SET briefing = 'open'");
    fields_blank(EVALUATIONS.fields, &evaluation);
    evaluation.period = "2026-01";
    act(world, scene.pm);
    assert_int_equal(add(world, &EVALUATIONS, &evaluation), INVALID);
    assert_only_fault(world, "contract_id", "contract_unbriefed", "V5.1.2");
    tamper(world, "UPDATE contracts SET briefing = 'signed'");
    assert_int_equal(add(world, &EVALUATIONS, &evaluation), OK);
    evaluation.period = "2026-03";
    assert_int_equal(add(world, &EVALUATIONS, &evaluation), INVALID);
    assert_only_fault(world, "period", "period_runs", "V6.1.1");
}

/* ---- the ladder ---- */

static void final_grade(const struct scene *scene, const char *period, const char *grade,
                        const char *total)
{
    struct world *world = scene->world;
    const int64_t id = an_evaluation(world, scene->contract, period);
    tamper(world, arena_printf(world->test.arena,
                               "UPDATE evaluations SET state = 'final', scored = TRUE, grade = "
                               "'%s', total = %s WHERE id = %lld",
                               grade, total, (long long)id));
}

static enum result propose_run(struct ctx *cx, void *host)
{
    const struct scene *scene = host;
    struct evaluation evaluation;
    TRY(record_get(cx, &EVALUATIONS, scene->id, &evaluation));
    return consequences_propose(cx, &evaluation);
}

/* The step that follows from these grades, the last one that of 2026-02. */
static enum consequence_step step_after(void **state, const char *const *grades)
{
    static const char *const PERIODS[] = {"2025-11", "2025-12", "2026-01"};
    struct scene scene = scene_of(state, EVALUATION_INDICATORS);
    struct list list;
    tamper(scene.world, "UPDATE schemes SET from_month = '2025-01'");
    for (size_t i = 0; i < 3; i++) {
        if (*grades[i])
            final_grade(&scene, PERIODS[i], grades[i], "7500");
    }
    tamper(scene.world,
           arena_printf(scene.world->test.arena,
                        "UPDATE evaluations SET state = 'final', scored = TRUE, grade = '%s' "
                        "WHERE id = %lld",
                        grades[3], (long long)scene.id));
    act(scene.world, &ACTOR_SYSTEM);
    assert_int_equal(attempt(scene.world, propose_run, &scene), OK);
    assert_int_equal(attempt(scene.world, propose_run, &scene), OK); /* not twice */
    assert_int_equal(record_select(&scene.world->test.cx, &CONSEQUENCES, "proposed",
                                   "t.contract_id = $1", PARAMS(P(scene.contract)), &list),
                     OK);
    assert_true(list.count <= 1);
    return list.count ? ((const struct consequence *)list.rows)->step : 0;
}

static int64_t a_final(const struct scene *scene, const char *period, const char *grade)
{
    final_grade(scene, period, grade, "4000");
    struct list list;
    act(scene->world, &ACTOR_SYSTEM);
    assert_int_equal(record_select(&scene->world->test.cx, &EVALUATIONS, "last", "t.period = $1",
                                   PARAMS(P(period)), &list),
                     OK);
    struct scene of = *scene;
    of.id = ((const struct evaluation *)list.rows)->id;
    assert_int_equal(attempt(scene->world, propose_run, &of), OK);
    return of.id;
}

static bool is_proposed(const struct scene *scene, int64_t evaluation, enum consequence_step step)
{
    struct list list;
    act(scene->world, &ACTOR_SYSTEM);
    assert_int_equal(record_select(&scene->world->test.cx, &CONSEQUENCES, "of",
                                   "t.evaluation_id = $1", PARAMS(P(evaluation)), &list),
                     OK);
    const struct consequence *rows = list.rows;
    bool found = false;
    for (size_t i = 0; i < list.count; i++)
        found = found || rows[i].step == step;
    return found;
}

static void V3_2_audit_reopens_what_is_final_while_nothing_rests_on_it(void **state)
{
    const struct scene scene = scene_of(state, EVALUATION_INDICATORS);
    struct deed points = {.step = GIVE, .id = scene.id, .points = {0}};
    assert_int_equal(does(&scene, scene.pm, SUBMIT), OK);
    assert_int_equal(does(&scene, scene.auditor, PASS), OK);
    assert_int_equal(does(&scene, scene.provider, ACCEPT), OK);
    tamper(scene.world, "UPDATE evaluations SET grade = 'fail', vetoed = TRUE");
    act(scene.world, &ACTOR_SYSTEM);
    assert_int_equal(attempt(scene.world, propose_run, (void *)(uintptr_t)&scene), OK);
    assert_true(is_proposed(&scene, scene.id, STEP_TERMINATION));
    assert_int_equal(does(&scene, scene.provider, OBJECT), CONFLICT);
    tamper(scene.world, "UPDATE consequences SET state = 'told'");
    assert_int_equal(does(&scene, scene.auditor, OBJECT), CONFLICT);
    assert_code(scene.world, "evaluation.consequence_told");
    tamper(scene.world, "UPDATE consequences SET state = 'proposed'");
    assert_int_equal(does(&scene, scene.auditor, OBJECT), OK);
    assert_int_equal(now_of(&scene).state, EVALUATION_OBJECTED);
    struct consequence lapsed;
    get(scene.world, &CONSEQUENCES, 1, &lapsed);
    assert_int_equal(lapsed.state, CONSEQUENCE_LAPSED);
    assert_int_equal(does_it(&scene, scene.pm, &points), OK);
    assert_int_equal(does(&scene, scene.pm, ANSWER), OK);
    assert_int_equal(does(&scene, scene.auditor, PASS), OK);
    assert_int_equal(now_of(&scene).state, EVALUATION_AUDITED); /* the provider has its time anew */
    assert_int_equal(does(&scene, scene.provider, ACCEPT), OK);
    assert_int_equal(now_of(&scene).state, EVALUATION_FINAL);
    assert_int_equal(now_of(&scene).total.hundredths, 6667); /* 40 of 60 */
}

static void X2_what_follows_does_not_depend_on_which_period_became_final_first(void **state)
{
    const struct scene scene = scene_of(state, EVALUATION_INDICATORS);
    tamper(scene.world, "UPDATE schemes SET from_month = '2024-01'");
    tamper(scene.world, "UPDATE contracts SET starts_on = '2024-01-01'");
    const int64_t january = a_final(&scene, "2026-01", "fail");
    assert_true(is_proposed(&scene, january, STEP_INTERVIEW));
    assert_false(is_proposed(&scene, january, STEP_TERMINATION));
    const int64_t december = a_final(&scene, "2025-12", "fail"); /* it was disputed */
    assert_true(is_proposed(&scene, december, STEP_INTERVIEW));
    assert_true(is_proposed(&scene, january, STEP_TERMINATION));
}

static void X2_two_fails_count_within_twelve_months_whatever_is_missing_between(void **state)
{
    const struct scene scene = scene_of(state, EVALUATION_INDICATORS);
    tamper(scene.world, "UPDATE schemes SET from_month = '2024-01'");
    tamper(scene.world, "UPDATE contracts SET starts_on = '2024-01-01'");
    (void)a_final(&scene, "2024-Q4", "fail");
    const int64_t year_after = a_final(&scene, "2025-Q4", "fail");
    assert_false(is_proposed(&scene, year_after, STEP_TERMINATION));
    assert_true(is_proposed(&scene, a_final(&scene, "2025-Q3", "fail"), STEP_TERMINATION));
    assert_true(is_proposed(&scene, year_after, STEP_TERMINATION)); /* with the third quarter */
}

static void X2_the_highest_rung_that_the_grades_reach_is_proposed(void **state)
{
    static const struct {
        const char *grades[4];
        enum consequence_step step;
    } CASES[] = {
        {{"good", "good", "good", "good"}, 0},
        {{"good", "good", "good", "pass"}, STEP_REMINDER},
        {{"good", "pass", "good", "pass"}, STEP_RECTIFICATION},
        {{"good", "good", "pass", "pass"}, STEP_INTERVIEW},
        {{"good", "good", "good", "fail"}, STEP_INTERVIEW},
        {{"good", "pass", "pass", "pass"}, STEP_OBSERVATION},
        {{"pass", "pass", "", "pass"}, STEP_RECTIFICATION}, /* a missing month breaks the row */
        {{"fail", "good", "good", "fail"}, STEP_TERMINATION},
        {{"fail", "fail", "fail", "good"}, 0},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        if (step_after(state, CASES[i].grades) != CASES[i].step)
            fail_msg("case %zu", i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(V3_2_the_same_seed_draws_the_same_sample),
        WORLD_TEST(a_period_is_a_month_a_quarter_or_a_year),
        WORLD_TEST(V3_2_nothing_is_final_before_audit_and_the_other_party_had_their_time),
        WORLD_TEST(V3_2_what_audit_objects_to_is_answered_and_submitted_anew),
        WORLD_TEST(X4_another_one_decides_and_audit_sees_what_was_upheld),
        WORLD_TEST(X4_no_points_of_an_objection_lift_what_is_vetoed),
        WORLD_TEST(V5_1_4_a_case_of_another_client_costs_this_one_nothing),
        WORLD_TEST(X4_nobody_with_a_hand_in_an_evaluation_decides_the_objection_to_it),
        WORLD_TEST(V6_1_1_without_what_is_necessary_there_is_no_grade),
        WORLD_TEST(V3_5_what_nobody_inspected_has_no_grade),
        WORLD_TEST(V5_1_4_confirmed_subcontracting_fails_also_what_nobody_inspected),
        WORLD_TEST(V6_1_1_supervision_that_planned_nothing_has_no_grade),
        WORLD_TEST(V5_1_2_who_was_not_briefed_is_not_evaluated),
        WORLD_TEST(V3_2_audit_reopens_what_is_final_while_nothing_rests_on_it),
        WORLD_TEST(X2_what_follows_does_not_depend_on_which_period_became_final_first),
        WORLD_TEST(X2_two_fails_count_within_twelve_months_whatever_is_missing_between),
        WORLD_TEST(X2_the_highest_rung_that_the_grades_reach_is_proposed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
