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

void inspected_on(struct world *world, int64_t contract, struct date day)
{
    const long long at = instant_of(day, 720, SHANGHAI_OFFSET_MIN).ms, id = contract;
    tamper(world,
           arena_printf(
               world->test.arena,
               "INSERT INTO areas (version, created_at, updated_at, contract_id, client_id, "
               "provider_id, unit_id, service, name, place, size_m2, \"from\", \"to\", token, "
               "changed_at) SELECT 1, 0, 0, id, client_id, provider_id, unit_id, service, "
               "'A', 'A', 100, '2026-01-01', '', 'seen-%lld-' || id, 0 FROM contracts WHERE "
               "id = %lld",
               at, id));
    tamper(world, arena_printf(
                      world->test.arena,
                      "INSERT INTO standards (version, created_at, updated_at, organisation_id, "
                      "unit_id, service, name, revision, \"from\", \"to\", note, author_name, "
                      "editors, approved_by, approved_at, ended_reason, items, sha256, state) "
                      "SELECT 1, 0, 0, client_id, unit_id, service, 'Standard', 1, '2026-01-01', "
                      "'', '', '', '', '', 0, '', '', '', 'retired' FROM contracts WHERE id = %lld",
                      id));
    tamper(
        world,
        arena_printf(
            world->test.arena,
            "INSERT INTO inspections (version, created_at, updated_at, contract_id, provider_id, "
            "client_id, unit_id, area_id, standard_id, level, uid, inspector_id, started_at, "
            "device_started_at, device_finished_at, finished_at, latitude, longitude, items, "
            "passed, failed, not_applicable, deducted, score, fatal, upheld, month, remark, "
            "appeal_by, countersigned_at, objection, doubtful, void_reason, state) SELECT 1, 0, "
            "0, c.id, c.provider_id, c.client_id, c.unit_id, a.id, (SELECT max(id) FROM "
            "standards), 'owner', a.token, (SELECT min(id) FROM people), 0, 0, 0, %lld, 0, 0, "
            "'[]', 1, 0, 0, 0, 10000, FALSE, '', '2026-01', '', 0, 0, '', FALSE, '', 'finished' "
            "FROM contracts c JOIN areas a ON a.contract_id = c.id WHERE c.id = %lld AND a.id = "
            "(SELECT max(id) FROM areas)",
            at, id));
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
