/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* C2.2: who trains whom, what counts of it, and who is not opened without it. */
#include "app/staffing/training.h"

#include "app/test_world.h"

#include <string.h>

static struct {
    const struct actor *client, *provider;
    int64_t contract, client_person, duty_manager, qa, agent, subject, manager_subject;
} cast;

static int64_t a_worker(struct world *world, enum job job, const char *name)
{
    struct person person = {.organisation_id = world->provider, .name = name, .job = job};
    fields_blank(PEOPLE.fields, &person);
    assert_int_equal(add(world, &PEOPLE, &person), OK);
    return person.id;
}

static int64_t a_subject(struct world *world, enum training_tier tier, bool required)
{
    struct training_subject subject = {.contract_id = cast.contract,
                                       .tier = tier,
                                       .name = tier == TIER_AGENTS ? "Scripts" : "Leading",
                                       .pass_score = {8000},
                                       .required = required};
    fields_blank(TRAINING_SUBJECTS.fields, &subject);
    assert_int_equal(add(world, &TRAINING_SUBJECTS, &subject), OK);
    return subject.id;
}

static struct world *opened(void **state)
{
    struct world *world = *state;
    act(world, &ACTOR_SYSTEM);
    cast.contract = a_contract(world, world->project, world->provider);
    tamper(world, "UPDATE contracts SET service = 'outbound_call', state = 'active'");
    cast.client = member_of(world, world->headquarters, R(OPS));
    cast.provider = outsider_of(world, world->provider, R(PROVIDER));
    act(world, &ACTOR_SYSTEM);
    cast.client_person = a_person(world, world->client, world->headquarters);
    cast.duty_manager = a_worker(world, JOB_DUTY_MANAGER, "Duty");
    cast.qa = a_worker(world, JOB_QA, "Quality");
    cast.agent = a_worker(world, JOB_AGENT, "Agent");
    cast.subject = a_subject(world, TIER_AGENTS, true);
    cast.manager_subject = a_subject(world, TIER_MANAGERS, false);
    return world;
}

static const char *trained(struct world *world, int64_t person, const char *score)
{
    return arena_printf(world->test.arena, "[{\"person_id\":%lld,\"score\":\"%s\"}]",
                        (long long)person, score);
}

static enum result training_add(struct world *world, const struct actor *actor, int64_t subject,
                                int64_t trainer, const char *trainees, int64_t *out_id)
{
    struct training training = {.subject_id = subject,
                                .trainer_id = trainer,
                                .held_on = instant_date(world->test.cx.now, SHANGHAI_OFFSET_MIN),
                                .trainees = trainees};
    fields_blank(TRAININGS.fields, &training);
    act(world, actor);
    const enum result result = add(world, &TRAININGS, &training);
    *out_id = training.id;
    return result;
}

struct deed {
    int64_t id;
    const char *reason; /* NULL: confirm */
};

static enum result deed_run(struct ctx *cx, void *host)
{
    const struct deed *deed = host;
    struct training training;
    TRY(record_get(cx, &TRAININGS, deed->id, &training));
    return deed->reason ? training_void(cx, &training, deed->reason)
                        : training_confirm(cx, &training);
}

static enum result deed_as(struct world *world, const struct actor *actor, int64_t id,
                           const char *reason)
{
    struct deed deed = {id, reason};
    act(world, actor);
    return attempt(world, deed_run, &deed);
}

static const char *missing(struct world *world)
{
    const char *subject;
    act(world, &ACTOR_SYSTEM);
    assert_int_equal(training_missing(&world->test.cx, cast.contract, cast.agent, &subject), OK);
    return subject;
}

static void C2_2_the_client_trains_managers_and_these_train_agents(void **state)
{
    struct world *world = opened(state);
    int64_t id;
    assert_int_equal(training_add(world, cast.client, cast.manager_subject, cast.client_person,
                                  trained(world, cast.qa, "90.00"), &id),
                     OK);
    assert_int_equal(training_add(world, cast.provider, cast.subject, cast.duty_manager,
                                  trained(world, cast.agent, "90.00"), &id),
                     OK);
    assert_int_equal(training_add(world, cast.provider, cast.manager_subject, cast.duty_manager,
                                  trained(world, cast.qa, "90.00"), &id),
                     FORBIDDEN);
    assert_code(world, "training.other_side");
    assert_int_equal(training_add(world, cast.client, cast.subject, cast.duty_manager,
                                  trained(world, cast.agent, "90.00"), &id),
                     FORBIDDEN);
    assert_int_equal(training_add(world, cast.provider, cast.subject, cast.qa,
                                  trained(world, cast.agent, "90.00"), &id),
                     INVALID);
    assert_true(was_rejected(world, "trainer_id", "trainer_of_provider"));
    assert_int_equal(training_add(world, cast.client, cast.manager_subject, cast.duty_manager,
                                  trained(world, cast.qa, "90.00"), &id),
                     INVALID);
    assert_true(was_rejected(world, "trainer_id", "trainer_of_client"));
    assert_int_equal(training_add(world, cast.client, cast.manager_subject, cast.client_person,
                                  trained(world, cast.agent, "90.00"), &id),
                     INVALID);
    assert_true(was_rejected(world, "trainees.0.person_id", "wrong_trainee"));
}

static void C2_2_only_a_confirmed_and_passed_training_counts(void **state)
{
    struct world *world = opened(state);
    int64_t id;
    assert_string_equal(missing(world), "Scripts");
    assert_int_equal(training_add(world, cast.provider, cast.subject, cast.duty_manager,
                                  trained(world, cast.agent, "79.99"), &id),
                     OK);
    assert_string_equal(missing(world), "Scripts");
    assert_int_equal(deed_as(world, cast.provider, id, NULL), OK);
    assert_string_equal(missing(world), "Scripts");
    assert_int_equal(training_add(world, cast.provider, cast.subject, cast.duty_manager,
                                  trained(world, cast.agent, "80.00"), &id),
                     OK);
    assert_int_equal(deed_as(world, cast.provider, id, NULL), OK);
    assert_string_equal(missing(world), "");
    assert_int_equal(deed_as(world, cast.provider, id, NULL), CONFLICT);
    struct training before, after;
    get(world, &TRAININGS, id, &before);
    after = before;
    after.place = "Elsewhere";
    assert_int_equal(change(world, &TRAININGS, &before, &after), CONFLICT);
    assert_code(world, "training.wrong_state");
    assert_int_equal(deed_as(world, cast.client, id, "Wrong"), FORBIDDEN);
    assert_int_equal(deed_as(world, cast.provider, id, ""), INVALID);
    assert_int_equal(deed_as(world, cast.provider, id, "Wrong list"), OK);
    assert_string_equal(missing(world), "Scripts");
}

static void C2_2_nothing_is_confirmed_without_scores(void **state)
{
    struct world *world = opened(state);
    int64_t id;
    assert_int_equal(training_add(world, cast.provider, cast.subject, cast.duty_manager, "", &id),
                     OK);
    assert_int_equal(deed_as(world, cast.provider, id, NULL), INVALID);
    assert_true(was_rejected(world, "trainees", "required"));
    assert_int_equal(training_add(world, cast.provider, cast.subject, cast.duty_manager,
                                  trained(world, cast.agent, "0.00"), &id),
                     OK);
    assert_int_equal(deed_as(world, cast.provider, id, NULL), INVALID);
    assert_true(was_rejected(world, "trainees.0.score", "score_or_absent"));
}

static void C2_4_the_months_mean_is_measured_and_absence_counts(void **state)
{
    struct world *world = opened(state);
    int64_t id;
    assert_int_equal(training_add(world, cast.provider, cast.subject, cast.duty_manager,
                                  trained(world, cast.agent, "81.00"), &id),
                     OK);
    assert_int_equal(deed_as(world, cast.provider, id, NULL), OK);
    assert_int_equal(
        training_add(world, cast.provider, cast.subject, cast.duty_manager,
                     arena_printf(world->test.arena, "[{\"person_id\":%lld,\"absent\":true}]",
                                  (long long)cast.agent),
                     &id),
        OK);
    assert_int_equal(deed_as(world, cast.provider, id, NULL), OK);
    const struct month month = month_of(instant_date(world->test.cx.now, SHANGHAI_OFFSET_MIN));
    const int64_t people[] = {cast.qa, cast.agent};
    const struct measuring ask = {cast.contract, month_first(month), month_last(month), people, 2};
    struct measured values[2] = {{0}};
    assert_int_equal(TRAINING_MEASURES[0].run(&world->test.cx, &ask, values), OK);
    assert_false(is_measured(&values[0]));
    assert_int_equal(measured_shown(&values[1]).hundredths, 4050);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(C2_2_the_client_trains_managers_and_these_train_agents),
        WORLD_TEST(C2_2_only_a_confirmed_and_passed_training_counts),
        WORLD_TEST(C2_2_nothing_is_confirmed_without_scores),
        WORLD_TEST(C2_4_the_months_mean_is_measured_and_absence_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
