/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/appraisal/test_months.h"

#include "app/appraisal/penalty.h"
#include "app/appraisal/reward.h"
#include "app/scores/test_schemes.h"

int64_t a_scheme_in_force(struct world *world, int64_t contract, const char *indicators)
{
    const struct actor *actor = world->test.cx.actor;
    struct scheme scheme = scheme_draft(contract);
    if (indicators)
        scheme.indicators = indicators;
    act(world, &ACTOR_SYSTEM);
    assert_int_equal(add(world, &SCHEMES, &scheme), OK);
    tamper(world, arena_printf(world->test.arena,
                               "UPDATE schemes SET state = 'in_force', from_month = '2026-01' "
                               "WHERE id = %lld",
                               (long long)scheme.id));
    act(world, actor);
    return scheme.id;
}

int64_t a_month(struct world *world, int64_t contract, struct month month)
{
    struct contract of;
    struct month_rule rule;
    struct appraisal_month opened = {.month = month, .state = MONTH_OPEN};
    const struct actor *actor = world->test.cx.actor;
    fields_blank(MONTHS.fields, &opened);
    act(world, &ACTOR_SYSTEM);
    get(world, &CONTRACTS, contract, &of);
    opened.contract_id = contract;
    opened.unit_id = of.unit_id;
    opened.provider_id = of.provider_id;
    opened.client_id = of.client_id;
    assert_int_equal(month_rule_for(&world->test.cx, contract, month, &rule), OK);
    opened.evidence_by = month_evidence_by(&world->test.cx, &rule, month);
    assert_int_equal(add(world, &MONTHS, &opened), OK);
    act(world, actor);
    return opened.id;
}

static void put(struct world *world, const struct resource *resource, void *record)
{
    fields_blank(resource->fields, record);
    assert_int_equal(add(world, resource, record), OK);
}

static struct sheet sheet_about(const struct world *world, int64_t contract, int64_t person)
{
    return (struct sheet){.contract_id = contract,
                          .unit_id = world->project,
                          .provider_id = world->provider,
                          .client_id = world->client,
                          .subject = SCHEME_AGENT,
                          .subject_id = person,
                          .period = month_of(date_of(2026, 2, 1)),
                          .state = SHEET_COMPUTED};
}

void one_of_each_of_a_month(struct world *world, int64_t contract)
{
    const int64_t person = a_person(world, world->provider, 0);
    const int64_t scheme = a_scheme_in_force(world, contract, NULL);
    const int64_t month = a_month(world, contract, month_of(date_of(2026, 2, 1)));
    struct sheet sheet = sheet_about(world, contract, person);
    struct letter letter = {.type = "general",
                            .contract_id = contract,
                            .from_side = SIDE_CLIENT,
                            .subject = "Evidence"};
    sheet.month_id = month;
    sheet.scheme_id = scheme;
    put(world, &SHEETS, &sheet);
    tamper(world, "UPDATE contracts SET service = 'outbound_call', state = 'active'");
    put(world, &LETTERS, &letter);
    put(world, &MONTH_RULES,
        &(struct month_rule){.contract_id = contract,
                             .from_month = month_of(date_of(2026, 12, 1)),
                             .evidence_day = 2,
                             .appeal_days = 3});
    put(world, &PENALTIES,
        &(struct penalty){.month_id = month,
                          .contract_id = contract,
                          .month = month_of(date_of(2026, 2, 1)),
                          .letter_id = letter.id,
                          .person_id = person,
                          .state = PENALTY_PROPOSED});
    put(world, &ADJUSTMENTS,
        &(struct adjustment){.month_id = month,
                             .contract_id = contract,
                             .kind = ADJUST_APPEAL,
                             .about_month = month_of(date_of(2026, 2, 1)),
                             .person_id = person,
                             .points = {100},
                             .reason = "Set right"});
    put(world, &APPEALS,
        &(struct appeal){.sheet_id = sheet.id,
                         .month_id = month,
                         .contract_id = contract,
                         .unit_id = world->project,
                         .provider_id = world->provider,
                         .client_id = world->client,
                         .person_id = person,
                         .decide_by = world->test.cx.now,
                         .state = APPEAL_REJECTED});
    put(world, &REWARDS,
        &(struct reward){.contract_id = contract,
                         .amount_fen = {10000},
                         .person_id = person,
                         .month = month_of(date_of(2026, 2, 1)),
                         .reason = "Good work"});
    tamper(world, arena_printf(world->test.arena,
                               "INSERT INTO manual_scores (id, version, created_at, updated_at, "
                               "month_id, contract_id, person_id, indicator, points, reason) "
                               "VALUES (1, 1, 0, 0, %lld, %lld, %lld, 'order', 500, 'Seen')",
                               (long long)month, (long long)contract, (long long)person));
}
