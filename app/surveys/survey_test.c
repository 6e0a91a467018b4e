/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* V5.1.5, V5.1.7: what answers say of all who are served, the draw, and the quarter's duty. */
#include "app/surveys/survey.h"

#include "app/surveys/survey.sql.h"
#include "app/surveys/test_surveys.h"
#include "base/doc.h"

/* ---- numbers ---- */

/* So many answers of 80 and of 60 per cent by turns, of a sample of a population. */
static struct estimate estimate_by_turns(int64_t answered, int64_t sample, int64_t population)
{
    struct stratum_sums sums = {.population = population, .sample = sample, .answered = answered};
    for (int64_t i = 0; i < answered; i++) {
        const int64_t value = i % 2 ? 60000 : 80000;
        sums.sum += value;
        sums.squares += value * value;
    }
    return estimate_of(&sums, 1);
}

static void V5_1_7_thirty_answers_and_half_of_the_sample_are_representative(void **state)
{
    (void)state;
    static const struct {
        int64_t answered, sample;
        bool measured, representative;
    } CASES[] = {
        {0, 60, false, false},  {1, 60, false, false}, {4, 4, false, false}, {5, 5, true, false},
        {29, 29, true, false},  {29, 0, true, false},  {30, 60, true, true}, {30, 61, true, false},
        {49, 100, true, false}, {50, 100, true, true}, {30, 0, true, false}, {30, 30, true, true},
        {99, 200, true, false},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        const struct estimate estimate =
            estimate_by_turns(CASES[i].answered, CASES[i].sample, CASES[i].sample * 10);
        assert_int_equal(estimate.answered, CASES[i].answered);
        assert_int_equal(estimate.measured, CASES[i].measured);
        assert_int_equal(estimate.representative, CASES[i].representative);
    }
    assert_int_equal(response_of(49, 100), 49);
    assert_int_equal(response_of(0, 0), 0);
}

static void V5_1_7_the_interval_is_students_and_the_population_finite(void **state)
{
    (void)state;
    /* Thirty of 70 +- 10: s = 10.1710, s / sqrt(30) = 1.8570, t(29) = 2.045: 3.797 */
    const struct estimate endless = estimate_by_turns(30, 30, 0);
    assert_int_equal(endless.mean, 70000);
    assert_in_range(endless.low, 66200, 66206);
    assert_in_range(endless.high, 73794, 73800);
    /* Of sixty, half were asked: 3.797 * sqrt(1/2) = 2.685 */
    const struct estimate half = estimate_by_turns(30, 30, 60);
    assert_in_range(half.low, 67312, 67318);
    /* All were asked: nothing is left to guess. */
    const struct estimate all = estimate_by_turns(30, 30, 30);
    assert_int_equal(all.low, 70000);
    assert_int_equal(all.high, 70000);
    /* Nobody is more than satisfied, or less than not at all. */
    const struct stratum_sums best = {.answered = 5, .sum = 480000, .squares = 46400000000};
    const struct estimate capped = estimate_of(&best, 1);
    assert_int_equal(capped.mean, 96000);
    assert_int_equal(capped.high, 100000);
}

static void V5_1_7_strata_count_by_their_share_of_the_frame(void **state)
{
    (void)state;
    /* Three quarters of the frame say 80, one quarter 60; both answered alike often. */
    struct stratum_sums strata[] = {
        {.population = 300, .sample = 30, .answered = 20, .sum = 1600000, .squares = 128000000000},
        {.population = 100, .sample = 30, .answered = 20, .sum = 1200000, .squares = 72000000000},
    };
    const struct estimate weighted = estimate_of(strata, 2);
    assert_true(weighted.weighted);
    assert_int_equal(weighted.mean, 75000);
    assert_int_equal(weighted.low, 75000); /* within a stratum all say the same */
    assert_int_equal(weighted.population, 400);
    /* Of a stratum with a single answer nobody knows how it varies: all count alike. */
    strata[1] = (struct stratum_sums){
        .population = 100, .sample = 30, .answered = 1, .sum = 59000, .squares = 3481000000};
    const struct estimate plain = estimate_of(strata, 2);
    assert_false(plain.weighted);
    assert_int_equal(plain.mean, 79000);
    /* The largest there may be does not overflow. */
    const int64_t most = ANSWERS_MOST;
    const struct stratum_sums large = {.population = 1000000,
                                       .sample = 2 * most,
                                       .answered = most,
                                       .sum = most / 2 * 100000,
                                       .squares = most / 2 * INT64_C(10000000000)};
    const struct estimate estimate = estimate_of(&large, 1);
    assert_int_equal(estimate.mean, 50000);
    assert_in_range(estimate.high - estimate.mean, 680, 700); /* 1.96 * 50 / sqrt(20000) */
}

/* ---- one survey ---- */

struct scene {
    struct world *world;
    int64_t contract;
    const struct actor *pm, *division, *surveyor, *provider, *audit;
};

static struct scene scene_of(void **state)
{
    struct world *world = *state;
    struct scene scene = {.world = world};
    scene.contract = a_surveyed_contract(world);
    scene.pm = member_of(world, world->project, R(PM));
    scene.division = member_of(world, world->division, R(DIVISION));
    scene.surveyor =
        outsider_of(world, an_organisation(world, "Surveyors", SIDE_THIRD_PARTY), R(SURVEY));
    scene.provider = outsider_of(world, world->provider, R(PROVIDER));
    scene.audit = member_of(world, world->headquarters, R(AUDIT));
    return scene;
}

struct step {
    struct survey survey;
    const char *seed;
    size_t rows;
    int32_t count;
    struct survey_door door;
    struct survey_answer answers[2];
    const char *once;
};

static enum result do_open(struct ctx *cx, void *host)
{
    return survey_open(cx, &((struct step *)host)->survey);
}

static enum result do_close(struct ctx *cx, void *host)
{
    return survey_close(cx, &((struct step *)host)->survey);
}

static enum result do_frame(struct ctx *cx, void *host)
{
    struct step *step = host;
    struct frame_row *rows = ARENA_ARRAY(cx->mem, struct frame_row, step->rows);
    for (size_t i = 0; i < step->rows; i++)
        rows[i] = (struct frame_row){.code = arena_printf(cx->mem, "%zu", 100 + i),
                                     .name = "",
                                     .contact = "",
                                     .stratum = i % 4 ? "flats" : "shops"};
    return frame_add(cx, &step->survey, rows, step->rows);
}

static enum result do_draw(struct ctx *cx, void *host)
{
    const struct step *step = host;
    return survey_draw(cx, &step->survey, step->count, step->seed);
}

static enum result do_answer(struct ctx *cx, void *host)
{
    const struct step *step = host;
    return survey_answer_add(cx, &step->door, step->answers, step->once);
}

static enum result do_sweep(struct ctx *cx, void *host)
{
    (void)host;
    return surveys_sweep(cx);
}

static struct survey read(const struct scene *scene, int64_t id)
{
    const struct actor *actor = scene->world->test.cx.actor;
    struct survey survey;
    act(scene->world, &ACTOR_SYSTEM);
    get(scene->world, &SURVEYS, id, &survey);
    act(scene->world, actor);
    return survey;
}

static enum result does(const struct scene *scene, const struct actor *actor, int64_t id,
                        enum result (*run)(struct ctx *cx, void *host))
{
    struct step step = {.survey = read(scene, id), .seed = "seed", .rows = 80, .count = 40};
    act(scene->world, actor);
    return attempt(scene->world, run, &step);
}

static void end_today(const struct scene *scene)
{
    char today[DATE_MAX_TEXT];
    date_format(instant_date(scene->world->test.cx.now, SHANGHAI_OFFSET_MIN), today);
    tamper(scene->world,
           arena_printf(scene->world->test.arena, "UPDATE surveys SET ends_on = '%s'", today));
}

/* The first question gives a mark, the second words. */
static enum result answers(const struct scene *scene, int64_t id, int32_t mark, const char *once)
{
    struct step step = {.door = {.survey = read(scene, id), .stratum = ""},
                        .answers = {{.picked = mark, .words = ""}, {.picked = -1, .words = once}},
                        .once = once};
    return attempt(scene->world, do_answer, &step);
}

static void V5_1_5_one_answer_of_each_and_none_by_default(void **state)
{
    const struct scene scene = scene_of(state);
    struct world *world = scene.world;
    const int64_t id = a_survey(world, scene.contract, SURVEY_SERVED_PARTY, 0);
    assert_int_equal(does(&scene, scene.pm, id, do_open), OK);
    assert_int_equal(answers(&scene, id, -1, "a phone"), INVALID);
    assert_true(was_rejected(world, "answers.0", "unanswered"));
    assert_int_equal(answers(&scene, id, 6, "a phone"), INVALID);
    assert_int_equal(answers(&scene, id, 5, "a phone"), OK);
    assert_int_equal(answers(&scene, id, 5, "a phone"), CONFLICT);
    assert_code(world, "survey.answered");
    assert_int_equal(answers(&scene, id, 5, ""), INVALID);
    assert_int_equal(answers(&scene, id, 4, "another"), OK);
    assert_int_equal(does(&scene, scene.surveyor, id, do_close), FORBIDDEN);
    end_today(&scene);
    assert_int_equal(does(&scene, scene.pm, id, do_close), OK);
    assert_int_equal(read(&scene, id).answered, 2);
    assert_false(read(&scene, id).representative);
}

static void V5_1_5_before_its_last_day_it_is_closed_only_when_enough_have_answered(void **state)
{
    const struct scene scene = scene_of(state);
    struct world *world = scene.world;
    const int64_t id = a_survey(world, scene.contract, SURVEY_SERVED_PARTY, 0);
    assert_int_equal(does(&scene, scene.pm, id, do_open), OK);
    for (int i = 0; i < ANSWERS_LEAST - 1; i++)
        assert_int_equal(answers(&scene, id, 5, arena_printf(world->test.arena, "phone %d", i)),
                         OK);
    assert_int_equal(does(&scene, scene.pm, id, do_close), CONFLICT);
    assert_code(world, "survey.answers_lacking");
    assert_only_fault(world, "answered", "too_few_yet", "V5.1.5");
    tamper(world, "UPDATE surveys SET population = 29"); /* all of them have */
    assert_int_equal(does(&scene, scene.pm, id, do_close), OK);
    tamper(world, "UPDATE surveys SET state = 'open', population = 30");
    assert_int_equal(does(&scene, scene.pm, id, do_close), CONFLICT);
    assert_int_equal(answers(&scene, id, 5, "the thirtieth"), OK);
    assert_int_equal(does(&scene, scene.pm, id, do_close), OK);
    assert_true(read(&scene, id).representative);
}

static void V5_1_5_nobody_judges_a_period_that_has_not_begun(void **state)
{
    const struct scene scene = scene_of(state);
    struct world *world = scene.world;
    struct survey survey = {.contract_id = scene.contract,
                            .kind = SURVEY_SERVED_PARTY,
                            .ends_on = date_of(2027, 1, 31)};
    fields_blank(SURVEYS.fields, &survey);
    act(world, &ACTOR_SYSTEM);
    const struct month now = month_of(instant_date(world->test.cx.now, SHANGHAI_OFFSET_MIN));
    survey.period = period_text(world->test.arena, (struct period){{now.months + 1}, 1});
    assert_int_equal(add(world, &SURVEYS, &survey), INVALID);
    assert_only_fault(world, "period", "not_begun", "V5.1.5");
    survey.period = period_text(world->test.arena, (struct period){now, 1});
    assert_int_equal(add(world, &SURVEYS, &survey), OK);
}

static void V5_1_5_what_nobody_answered_does_not_meet_the_duty(void **state)
{
    const struct scene scene = scene_of(state);
    struct world *world = scene.world;
    const struct params quarter =
        PARAMS(P(scene.contract), P(date_of(2026, 1, 1)), P(date_of(2026, 3, 31)));
    const int64_t id = a_survey(world, scene.contract, SURVEY_SERVED_PARTY, 0);
    int64_t covers;
    tamper(world, "UPDATE surveys SET state = 'closed'");
    assert_int_equal(db_int(&world->test.cx, &q_survey_covers, quarter, &covers), OK);
    assert_int_equal(covers, 0);
    tamper(world, "UPDATE surveys SET answered = 1");
    assert_int_equal(db_int(&world->test.cx, &q_survey_covers, quarter, &covers), OK);
    assert_int_equal(covers, id);
}

static void V5_1_5_what_is_over_is_closed_by_the_clock(void **state)
{
    const struct scene scene = scene_of(state);
    struct world *world = scene.world;
    const int64_t id = a_survey(world, scene.contract, SURVEY_SERVED_PARTY, 0);
    assert_int_equal(does(&scene, scene.pm, id, do_open), OK);
    act(world, &ACTOR_SYSTEM);
    assert_int_equal(attempt(world, do_sweep, NULL), OK);
    assert_int_equal(read(&scene, id).state, SURVEY_OPEN);
    tamper(world, "UPDATE surveys SET ends_on = '2026-02-01'");
    act(world, &ACTOR_SYSTEM);
    assert_int_equal(attempt(world, do_sweep, NULL), OK);
    assert_int_equal(read(&scene, id).state, SURVEY_CLOSED);
}

static void V5_1_7_the_same_seed_draws_the_same_sample(void **state)
{
    const struct scene scene = scene_of(state);
    struct world *world = scene.world;
    const int64_t id =
        a_survey(world, scene.contract, SURVEY_THIRD_PARTY, scene.surveyor->organisation_id);
    bool same;
    assert_int_equal(does(&scene, scene.pm, id, do_frame), FORBIDDEN);
    assert_int_equal(does(&scene, scene.surveyor, id, do_draw), CONFLICT);
    assert_code(world, "survey.no_frame");
    assert_int_equal(does(&scene, scene.surveyor, id, do_frame), OK);
    assert_int_equal(does(&scene, scene.surveyor, id, do_open), CONFLICT);
    assert_true(was_rejected(world, "sample", "not_drawn"));
    assert_int_equal(does(&scene, scene.surveyor, id, do_draw), OK);
    assert_int_equal(does(&scene, scene.surveyor, id, do_draw), CONFLICT);
    assert_int_equal(does(&scene, scene.surveyor, id, do_frame), CONFLICT);
    struct survey survey = read(&scene, id);
    assert_int_equal(survey.population, 80);
    assert_int_equal(survey.sample, 40);
    assert_int_equal(survey_draw_again(&world->test.cx, &survey, &same), OK);
    assert_true(same);
    survey.seed = "another";
    assert_int_equal(survey_draw_again(&world->test.cx, &survey, &same), OK);
    assert_false(same);
    survey = read(&scene, id);
    tamper(world, "UPDATE survey_members SET code = '999' WHERE code = '100'");
    assert_int_equal(survey_draw_again(&world->test.cx, &survey, &same), OK);
    assert_false(same);
}

static bool sees(const struct scene *scene, const struct actor *actor, int64_t id)
{
    act(scene->world, actor);
    return record_seen(&scene->world->test.cx, &SURVEYS, id) == OK;
}

static void V5_1_7_a_provider_sees_what_is_closed_and_a_third_party_its_own(void **state)
{
    const struct scene scene = scene_of(state);
    struct world *world = scene.world;
    const struct actor *other =
        outsider_of(world, an_organisation(world, "Others", SIDE_THIRD_PARTY), R(SURVEY));
    const struct actor *rival =
        outsider_of(world, an_organisation(world, "Rivals", SIDE_PROVIDER), R(PROVIDER));
    const int64_t id =
        a_survey(world, scene.contract, SURVEY_THIRD_PARTY, scene.surveyor->organisation_id);
    assert_true(sees(&scene, scene.surveyor, id));
    assert_true(sees(&scene, scene.audit, id));
    assert_false(sees(&scene, other, id));
    assert_false(sees(&scene, scene.provider, id));
    tamper(world, "UPDATE surveys SET state = 'closed'");
    assert_true(sees(&scene, scene.provider, id));
    assert_false(sees(&scene, rival, id));
    assert_false(actor_may(scene.provider, "survey_members.read"));
    assert_false(actor_may(scene.division, "survey_members.read"));
    assert_false(actor_may(scene.audit, "surveys.run"));
}

static void V5_1_7_a_third_party_compares_with_its_own_surveys_alone(void **state)
{
    const struct scene scene = scene_of(state);
    struct world *world = scene.world;
    const int64_t others = an_organisation(world, "Others", SIDE_THIRD_PARTY);
    const int64_t theirs = a_survey(world, scene.contract, SURVEY_THIRD_PARTY, others);
    tamper(world, "UPDATE surveys SET state = 'closed', period = '2026-01'");
    const int64_t own =
        a_survey(world, scene.contract, SURVEY_THIRD_PARTY, scene.surveyor->organisation_id);
    tamper(world, "UPDATE surveys SET state = 'closed'");
    const struct survey survey = read(&scene, own);
    struct list list;
    act(world, scene.surveyor);
    assert_int_equal(surveys_compared(&world->test.cx, &survey, &list), OK);
    assert_int_equal(list.count, 1);
    assert_int_equal(((const struct survey *)list.rows)->id, own);
    act(world, scene.division);
    assert_int_equal(surveys_compared(&world->test.cx, &survey, &list), OK);
    assert_int_equal(list.count, 2);
    assert_int_equal(((const struct survey *)list.rows)[1].id, theirs);
}

struct strata_case {
    int32_t shops, flats;
    size_t told;
};

/* So many of the shops and of the flats answer; how many strata are told then? */
static size_t strata_told(const struct scene *scene, const struct strata_case *of)
{
    struct world *world = scene->world;
    const int64_t id = a_survey(world, a_surveyed_contract(world), SURVEY_THIRD_PARTY,
                                scene->surveyor->organisation_id);
    struct step step = {.survey = read(scene, id), .seed = "seed", .rows = 80, .count = 80};
    const char *const strata[] = {"shops", "flats"};
    const int32_t counts[] = {of->shops, of->flats};
    struct list list;
    act(world, scene->surveyor);
    assert_int_equal(attempt(world, do_frame, &step), OK);
    assert_int_equal(attempt(world, do_draw, &step), OK);
    assert_int_equal(does(scene, scene->surveyor, id, do_open), OK);
    for (size_t s = 0; s < 2; s++)
        for (int32_t i = 0; i < counts[s]; i++)
            tamper(world, arena_printf(world->test.arena,
                                       "INSERT INTO survey_marks (survey_id, question, stratum, "
                                       "picked, value, words) VALUES (%lld, 0, '%s', 0, 80000, '')",
                                       (long long)id, strata[s]));
    end_today(scene);
    assert_int_equal(does(scene, scene->surveyor, id, do_close), OK);
    assert_int_equal(record_select(&world->test.cx, &SURVEY_RESULTS, "told",
                                   "t.survey_id = $1 AND t.stratum <> '' ORDER BY t.id LIMIT 9",
                                   PARAMS(P(id)), &list),
                     OK);
    return list.count;
}

static void V5_1_7_no_stratum_is_told_where_the_whole_would_give_a_small_one_away(void **state)
{
    const struct scene scene = scene_of(state);
    static const struct strata_case CASES[] = {
        {5, 5, 2}, {4, 20, 0}, {1, 20, 0}, {0, 20, 2}, {3, 3, 2}, {2, 2, 0},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        assert_int_equal(strata_told(&scene, &CASES[i]), CASES[i].told);
}

static void V5_1_5_a_survey_counts_where_its_period_ends(void **state)
{
    const struct scene scene = scene_of(state);
    struct world *world = scene.world;
    const struct measure *measure = measure_find("contract.judged");
    (void)a_survey(world, scene.contract, SURVEY_SERVED_PARTY, 0); /* of February 2026 */
    static const struct {
        const char *state;
        int month, of; /* asked for; 0: no value */
        bool representative;
    } CASES[] = {{"closed", 2, 8234, true},
                 {"closed", 1, 0, true},
                 {"closed", 2, 0, false},
                 {"open", 2, 0, true}};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct measured value = {0};
        const struct date first = date_of(2026, CASES[i].month, 1);
        const struct measuring ask = {
            .from = first, .to = month_last(month_of(first)), .ids = &scene.contract, .count = 1};
        tamper(world, arena_printf(world->test.arena,
                                   "UPDATE surveys SET state = '%s', answered = 40, mean = 82340, "
                                   "representative = %s",
                                   CASES[i].state, CASES[i].representative ? "TRUE" : "FALSE"));
        assert_int_equal(measure->run(&world->test.cx, &ask, &value), OK);
        assert_int_equal(value.denominator ? value.numerator * 100 / value.denominator : 0,
                         CASES[i].of);
        assert_int_equal(value.records, CASES[i].of ? 1 : 0);
    }
}

static void V5_1_5_options_stand_between_semicolons_of_either_kind(void **state)
{
    struct world *world = *state;
    const char *options[CHOICES_MOST];
    const struct survey_question question = {.kind = QUESTION_CHOICE,
                                             .options = "daily； weekly;；rarely"};
    assert_int_equal(question_options(world->test.arena, &question, options), 3);
    assert_string_equal(options[0], "daily");
    assert_string_equal(options[1], "weekly");
    assert_string_equal(options[2], "rarely");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(V5_1_7_thirty_answers_and_half_of_the_sample_are_representative),
        cmocka_unit_test(V5_1_7_the_interval_is_students_and_the_population_finite),
        cmocka_unit_test(V5_1_7_strata_count_by_their_share_of_the_frame),
        WORLD_TEST(V5_1_5_one_answer_of_each_and_none_by_default),
        WORLD_TEST(V5_1_5_before_its_last_day_it_is_closed_only_when_enough_have_answered),
        WORLD_TEST(V5_1_5_nobody_judges_a_period_that_has_not_begun),
        WORLD_TEST(V5_1_5_what_nobody_answered_does_not_meet_the_duty),
        WORLD_TEST(V5_1_7_a_third_party_compares_with_its_own_surveys_alone),
        WORLD_TEST(V5_1_7_no_stratum_is_told_where_the_whole_would_give_a_small_one_away),
        WORLD_TEST(V5_1_5_what_is_over_is_closed_by_the_clock),
        WORLD_TEST(V5_1_7_the_same_seed_draws_the_same_sample),
        WORLD_TEST(V5_1_7_a_provider_sees_what_is_closed_and_a_third_party_its_own),
        WORLD_TEST(V5_1_5_a_survey_counts_where_its_period_ends),
        WORLD_TEST(V5_1_5_options_stand_between_semicolons_of_either_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
