/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/surveys/test_surveys.h"

static int64_t put(struct world *world, const struct resource *resource, void *record)
{
    assert_int_equal(add(world, resource, record), OK);
    return ((struct record *)record)->id;
}

int64_t a_surveyed_contract(struct world *world)
{
    const int64_t contract = a_contract(world, world->project, world->provider);
    tamper(world, arena_printf(world->test.arena,
                               "UPDATE contracts SET kind = 'continuous', state = 'active', "
                               "starts_on = '2025-01-01', ends_on = '2027-12-31' WHERE id = %lld",
                               (long long)contract));
    return contract;
}

int64_t a_survey(struct world *world, int64_t contract, enum survey_kind kind, int64_t surveyor)
{
    const struct actor *actor = world->test.cx.actor;
    struct survey survey = {.contract_id = contract,
                            .kind = kind,
                            .surveyor_id = surveyor,
                            .ends_on = date_of(2027, 1, 31)};
    fields_blank(SURVEYS.fields, &survey);
    survey.period = "2026-02";
    survey.questions = "[{\"kind\":\"five\",\"text\":\"Satisfied?\",\"options\":\"\"},"
                       "{\"kind\":\"words\",\"text\":\"Why?\",\"options\":\"\"}]";
    act(world, &ACTOR_SYSTEM);
    put(world, &SURVEYS, &survey);
    act(world, actor);
    return survey.id;
}

void one_of_each_of_a_survey(struct world *world, int64_t contract)
{
    const struct actor *actor = world->test.cx.actor;
    const int64_t surveyor = an_organisation(world, "Askers", SIDE_THIRD_PARTY);
    const int64_t survey = a_survey(world, contract, SURVEY_THIRD_PARTY, surveyor);
    struct survey_member member = {
        .survey_id = survey, .client_id = world->client, .surveyor_id = surveyor};
    struct survey_result result = {.survey_id = survey, .answered = 1};
    struct survey_words words = {.survey_id = survey, .question = 2};
    fields_blank(SURVEY_MEMBERS.fields, &member);
    fields_blank(SURVEY_RESULTS.fields, &result);
    fields_blank(SURVEY_WORDS.fields, &words);
    member.code = "101";
    result.label = "As a whole";
    words.words = "Brighter lamps, please";
    act(world, &ACTOR_SYSTEM);
    put(world, &SURVEY_MEMBERS, &member);
    put(world, &SURVEY_RESULTS, &result);
    put(world, &SURVEY_WORDS, &words);
    act(world, actor);
}
