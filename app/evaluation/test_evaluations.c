/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/evaluation/test_evaluations.h"

static int64_t put(struct world *world, const struct resource *resource, void *record)
{
    assert_int_equal(add(world, resource, record), OK);
    return ((struct record *)record)->id;
}

int64_t an_evaluation_scheme(struct world *world, enum scheme_subject subject,
                             const char *indicators)
{
    const struct actor *actor = world->test.cx.actor;
    struct scheme scheme = {.subject = subject,
                            .unit_id = world->division,
                            .from_month = month_of(date_of(2026, 1, 1))};
    fields_blank(SCHEMES.fields, &scheme);
    scheme.name = "Evaluation";
    scheme.indicators = indicators;
    act(world, &ACTOR_SYSTEM);
    put(world, &SCHEMES, &scheme);
    tamper(world,
           arena_printf(world->test.arena, "UPDATE schemes SET state = 'in_force' WHERE id = %lld",
                        (long long)scheme.id));
    act(world, actor);
    return scheme.id;
}

void briefed_contract(struct world *world, int64_t contract)
{
    tamper(
        world,
        arena_printf(
            world->test.arena,
            "UPDATE contracts SET kind = 'continuous', state = 'active', "
            "briefing = 'signed', briefed_on = '2025-01-02', starts_on = '2025-01-01', ends_on = "
            "'2027-12-31' WHERE id = %lld",
            (long long)contract));
}

int64_t an_evaluation(struct world *world, int64_t contract, const char *period)
{
    const struct actor *actor = world->test.cx.actor;
    struct evaluation evaluation = {.subject = SCHEME_CONTRACT, .contract_id = contract};
    fields_blank(EVALUATIONS.fields, &evaluation);
    evaluation.period = period;
    act(world, &ACTOR_SYSTEM);
    put(world, &EVALUATIONS, &evaluation);
    act(world, actor);
    return evaluation.id;
}

void declare(struct world *world, const struct actor *actor, enum interest interest)
{
    const struct actor *before = world->test.cx.actor;
    struct interest_declaration declaration = {.provider_id = world->provider,
                                               .interest = interest};
    fields_blank(INTEREST_DECLARATIONS.fields, &declaration);
    declaration.words = interest == INTEREST_NONE ? "" : "A brother works there";
    act(world, actor);
    put(world, &INTEREST_DECLARATIONS, &declaration);
    act(world, before);
}

void one_of_each_of_an_evaluation(struct world *world, int64_t contract)
{
    const struct actor *before = world->test.cx.actor,
                       *auditor = member_of(world, world->headquarters, R(AUDIT));
    briefed_contract(world, contract);
    an_evaluation_scheme(world, SCHEME_CONTRACT, EVALUATION_INDICATORS);
    const int64_t id = an_evaluation(world, contract, "2026-02");
    struct evaluation_objection objection = {.evaluation_id = id,
                                             .unit_id = world->project,
                                             .provider_id = world->provider,
                                             .client_id = world->client,
                                             .source = OBJECTION_OF_PARTY,
                                             .state = OBJECTION_REJECTED};
    struct consequence consequence = {.contract_id = contract, .step = STEP_REMINDER};
    struct evaluation_campaign campaign = {.subject = SCHEME_CONTRACT};
    struct audit_sample sample = {.source = SAMPLE_EVALUATIONS,
                                  .from = date_of(2026, 2, 1),
                                  .to = date_of(2026, 2, 28),
                                  .count = 1};
    struct audit_finding finding = {.unit_id = world->project, .severity = FINDING_MINOR};
    fields_blank(EVALUATION_OBJECTIONS.fields, &objection);
    fields_blank(CONSEQUENCES.fields, &consequence);
    fields_blank(EVALUATION_CAMPAIGNS.fields, &campaign);
    fields_blank(AUDIT_SAMPLES.fields, &sample);
    fields_blank(AUDIT_FINDINGS.fields, &finding);
    consequence.note = "Late every day";
    campaign.period = "2026-02";
    finding.subject = "No photographs";
    finding.words = "The evaluation rests on none";
    act(world, &ACTOR_SYSTEM);
    put(world, &EVALUATION_OBJECTIONS, &objection);
    put(world, &CONSEQUENCES, &consequence);
    act(world, auditor);
    put(world, &EVALUATION_CAMPAIGNS, &campaign);
    tamper(world, "UPDATE evaluations SET submitted_at = 1771113600000"); /* 2026-02-15 */
    put(world, &AUDIT_SAMPLES, &sample);
    put(world, &AUDIT_FINDINGS, &finding);
    declare(world, auditor, INTEREST_NONE);
    act(world, before);
}
