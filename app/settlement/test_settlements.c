/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/settlement/test_settlements.h"

#include "app/evaluation/test_evaluations.h"

static int64_t put(struct world *world, const struct resource *resource, void *record)
{
    fields_blank(resource->fields, record);
    if (add(world, resource, record) != OK)
        fail_msg("%s: %s", resource->name, world->test.cx.fault.code);
    return ((struct record *)record)->id;
}

int64_t a_deduction_rule(struct world *world, int64_t contract, struct deduction_rule rule)
{
    const struct actor *actor = world->test.cx.actor;
    struct list letters;
    act(world, &ACTOR_SYSTEM);
    assert_int_equal(record_select(&world->test.cx, &LETTERS, "of_contract",
                                   "t.contract_id = $1 ORDER BY t.id LIMIT 1", PARAMS(P(contract)),
                                   &letters),
                     OK);
    struct letter letter = {
        .type = "general", .contract_id = contract, .from_side = SIDE_CLIENT, .subject = "Rules"};
    rule.letter_id =
        letters.count ? ((const struct record *)letters.rows)->id : put(world, &LETTERS, &letter);
    rule.contract_id = contract;
    rule.from_month = month_of(date_of(2026, 1, 1));
    rule.term = "1.1";
    put(world, &DEDUCTION_RULES, &rule);
    act(world, actor);
    return rule.id;
}

int64_t a_final_evaluation(struct world *world, int64_t contract, const char *month, int64_t total)
{
    const int64_t id = an_evaluation(world, contract, month);
    tamper(world, arena_printf(world->test.arena,
                               "UPDATE evaluations SET state = 'final', scored = TRUE, grade = "
                               "'good', total = %lld WHERE id = %lld",
                               (long long)total, (long long)id));
    return id;
}

void one_of_each_of_a_settlement(struct world *world, int64_t contract)
{
    const struct actor *before = world->test.cx.actor;
    const int64_t rule = a_deduction_rule(world, contract,
                                          (struct deduction_rule){.name = "Rubbish",
                                                                  .function = DEDUCT_FIXED,
                                                                  .rests_on = TRIGGER_EVENT,
                                                                  .rate_fen = {50000},
                                                                  .factor = 2});
    act(world, member_of(world, world->headquarters, R(OPS)));
    put(world, &DEDUCTION_EVENTS,
        &(struct deduction_event){.contract_id = contract,
                                  .rule_id = rule,
                                  .day = date_of(2026, 1, 20),
                                  .fact = "Bins ran over"});
    struct settlement settlement = {.contract_id = contract,
                                    .month = month_of(date_of(2026, 1, 1))};
    put(world, &SETTLEMENTS, &settlement);
    tamper(world, "UPDATE settlements SET state = 'approved', cap_reached = FALSE");
    put(world, &SETTLEMENT_CORRECTIONS,
        &(struct settlement_correction){
            .settlement_id = settlement.id, .amount_fen = {100}, .reason = "One bin less"});
    act(world, before);
}
