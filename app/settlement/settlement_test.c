/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* V3.3, X2, X3: what a statement comes to, by whom it goes on, and that nothing of it can be
 * altered unseen. */
#include "app/acceptances/test_acceptances.h"
#include "app/contracts/test_contracts.h"
#include "app/evaluation/test_evaluations.h"
#include "app/inspections/rectification.h"
#include "app/inspections/test_inspections.h"
#include "app/settlement/test_settlements.h"
#include "app/staffing/head_count.h"

static struct {
    struct world *world;
    const struct actor *drafter, *division, *finance, *provider;
    int64_t contract;
} cast;

static void cast_of(void **state)
{
    struct world *world = cast.world = *state;
    cast.contract = an_active_contract(world);
    briefed_contract(world, cast.contract);
    tamper(world, "UPDATE contracts SET monthly_fee_fen = 1000000, amount_fen = 12000000");
    an_evaluation_scheme(world, SCHEME_CONTRACT, EVALUATION_INDICATORS);
    cast.drafter = member_of(world, world->project, R(PM));
    cast.division = member_of(world, world->headquarters, R(DIVISION));
    cast.finance = member_of(world, world->headquarters, R(FINANCE));
    cast.provider = outsider_of(world, world->provider, R(PROVIDER));
    a_deduction_rule(world, cast.contract,
                     (struct deduction_rule){.name = "Score",
                                             .place = 1,
                                             .function = DEDUCT_PER_POINT,
                                             .rests_on = TRIGGER_RESULT,
                                             .line = {8500},
                                             .rate_fen = {20000}});
}

static int64_t a_settlement_of_month(int month)
{
    struct settlement settlement = {.contract_id = cast.contract,
                                    .month = month_of(date_of(2026, month, 1))};
    fields_blank(SETTLEMENTS.fields, &settlement);
    act(cast.world, cast.drafter);
    assert_int_equal(add(cast.world, &SETTLEMENTS, &settlement), OK);
    return settlement.id;
}

static int64_t a_settlement(void)
{
    return a_settlement_of_month(2);
}

static struct settlement settlement_of(int64_t id)
{
    struct settlement settlement;
    act(cast.world, &ACTOR_SYSTEM);
    get(cast.world, &SETTLEMENTS, id, &settlement);
    return settlement;
}

enum doing { SEND, AGREE, APPROVE, PAY, RETURN, DECIDE };
struct deed {
    enum doing doing;
    int64_t id;
};

static enum result deed_run(struct ctx *cx, void *host)
{
    const struct deed *deed = host;
    struct settlement settlement, now;
    TRY(record_get(cx, &SETTLEMENTS, deed->id, &settlement));
    TRY(settlement_now(cx, &settlement, &now));
    switch (deed->doing) {
    case SEND:
        return settlement_send(cx, &settlement, now.sha256);
    case AGREE:
        return settlement_agree(cx, &settlement, now.sha256);
    case APPROVE:
        return settlement_approve(cx, &settlement, now.sha256);
    case PAY:
        return settlement_pay(cx, &settlement, instant_date(cx->now, SHANGHAI_OFFSET_MIN), "V-1");
    case DECIDE:
        return settlement_decide(cx, &settlement, false, "The figures are right");
    default:
        return settlement_return(cx, &settlement, "A figure is missing");
    }
}

static enum result does(const struct actor *actor, enum doing doing, int64_t id)
{
    struct deed deed = {doing, id};
    act(cast.world, actor);
    return attempt(cast.world, deed_run, &deed);
}

static int64_t broken_settlement(void)
{
    int64_t count, broken;
    const char *what;
    act(cast.world, &ACTOR_SYSTEM);
    assert_int_equal(settlements_verify(&cast.world->test.cx, &count, &broken, &what), OK);
    return broken;
}

static int64_t an_approved_settlement(void)
{
    a_final_evaluation(cast.world, cast.contract, "2026-02", 8000);
    const int64_t id = a_settlement();
    assert_int_equal(does(cast.drafter, SEND, id), OK);
    assert_int_equal(does(cast.provider, AGREE, id), OK);
    assert_int_equal(does(cast.finance, APPROVE, id), OK);
    return id;
}

static void V3_3_a_statement_follows_from_fee_grade_and_rules_to_the_payment(void **state)
{
    cast_of(state);
    const int64_t id = an_approved_settlement();
    assert_int_equal(does(cast.finance, PAY, id), OK);
    const struct settlement paid = settlement_of(id);
    assert_int_equal(paid.state, SETTLEMENT_PAID);
    assert_int_equal(paid.deducted_fen.fen, 5 * 20000);
    assert_int_equal(paid.payable_fen.fen, 1000000 - 5 * 20000);
    assert_int_equal(paid.grade, GRADE_GOOD);
    assert_int_equal(broken_settlement(), 0);
}

static void V3_3_without_a_final_evaluation_nothing_is_sent(void **state)
{
    cast_of(state);
    const int64_t id = a_settlement();
    assert_int_equal(does(cast.drafter, SEND, id), CONFLICT);
    assert_code(cast.world, "settlement.not_ready");
    assert_only_fault(cast.world, "evaluation_id", "no_final_evaluation", "V3.3");
}

static enum owing draft_owed(void);

static void V3_3_by_an_evaluation_without_a_grade_nothing_is_paid(void **state)
{
    cast_of(state);
    const int64_t id = an_approved_settlement(), other = a_settlement_of_month(1);
    tamper(cast.world, "UPDATE settlements SET scored = FALSE");
    assert_int_equal(does(cast.finance, PAY, id), CONFLICT);
    assert_only_fault(cast.world, "evaluation_id", "no_grade", "V3.3");
    a_final_evaluation(cast.world, cast.contract, "2026-01", 0);
    tamper(cast.world,
           "UPDATE evaluations SET scored = FALSE, grade = '' WHERE period = '2026-01'");
    assert_int_equal(does(cast.drafter, SEND, other), CONFLICT);
    assert_only_fault(cast.world, "evaluation_id", "no_grade", "V3.3");
    tamper(cast.world, "DELETE FROM settlements");
    assert_int_equal(draft_owed(), OWING_DUTY); /* of February */
    tamper(cast.world, "UPDATE evaluations SET scored = FALSE, grade = ''");
    assert_int_equal(draft_owed(), OWING_NOTHING);
}

static void V3_2_who_declared_an_interest_settles_nothing(void **state)
{
    cast_of(state);
    a_final_evaluation(cast.world, cast.contract, "2026-02", 8000);
    const int64_t id = a_settlement();
    declare(cast.world, cast.drafter, INTEREST_KIN);
    assert_int_equal(does(cast.drafter, SEND, id), FORBIDDEN);
    assert_code(cast.world, "evaluation.interested");
    struct settlement other = {.contract_id = cast.contract,
                               .month = month_of(date_of(2026, 1, 1))};
    fields_blank(SETTLEMENTS.fields, &other);
    act(cast.world, cast.drafter);
    assert_int_equal(add(cast.world, &SETTLEMENTS, &other), FORBIDDEN);
    declare(cast.world, cast.drafter, INTEREST_NONE);
    assert_int_equal(does(cast.drafter, SEND, id), OK);
}

static void V5_1_2_without_a_signed_briefing_nothing_is_paid(void **state)
{
    cast_of(state);
    const int64_t id = an_approved_settlement();
    tamper(cast.world, "UPDATE contracts SET briefing = 'superseded'");
    assert_int_equal(does(cast.finance, PAY, id), CONFLICT);
    assert_only_fault(cast.world, "contract_id", "no_signed_briefing", "V5.1.2");
}

static void X3_a_one_off_contract_is_not_paid_before_acceptance(void **state)
{
    cast_of(state);
    tamper(cast.world, "UPDATE contracts SET kind = 'one_off'");
    const int64_t id = a_settlement();
    assert_int_equal(does(cast.drafter, SEND, id), CONFLICT);
    assert_only_fault(cast.world, "acceptance_id", "no_acceptance", "X3");
}

/* ---- one-off contracts ---- */

static int64_t a_settlement_of(enum settlement_kind kind)
{
    struct settlement settlement = {
        .contract_id = cast.contract, .kind = kind, .month = month_of(date_of(2026, 3, 1))};
    fields_blank(SETTLEMENTS.fields, &settlement);
    act(cast.world, cast.drafter);
    assert_int_equal(add(cast.world, &SETTLEMENTS, &settlement), OK);
    return settlement.id;
}

static void goes_to_payment(int64_t id)
{
    assert_int_equal(does(cast.drafter, SEND, id), OK);
    assert_int_equal(does(cast.provider, AGREE, id), OK);
    assert_int_equal(does(cast.finance, APPROVE, id), OK);
    assert_int_equal(does(cast.finance, PAY, id), OK);
}

static struct accepting accepted(void **state, enum check_result found,
                                 enum acceptance_outcome outcome)
{
    struct accepting accepting = accepting_of(*state);
    cast.world = accepting.world;
    cast.contract = accepting.contract;
    cast.drafter = accepting.lead;
    cast.provider = accepting.provider;
    cast.finance = member_of(cast.world, cast.world->headquarters, R(FINANCE));
    a_final_acceptance(&accepting, found, outcome);
    return accepting;
}

static void X3_what_was_accepted_is_paid_less_what_is_kept_and_that_after_the_warranty(void **state)
{
    (void)accepted(state, CHECK_DEFECT, OUTCOME_WITH_DEFECTS);
    const int64_t paid = a_settlement_of(SETTLEMENT_ACCEPTANCE);
    goes_to_payment(paid);
    assert_int_equal(settlement_of(paid).retained_fen.fen, 500000);
    assert_int_equal(settlement_of(paid).payable_fen.fen, 9500000);
    const int64_t id = a_settlement_of(SETTLEMENT_RETENTION);
    assert_int_equal(does(cast.drafter, SEND, id), CONFLICT);
    assert_true(was_rejected(cast.world, "kind", "warranty_runs"));
    assert_true(was_rejected(cast.world, "kind", "defects_open"));
    tamper(cast.world, "UPDATE acceptances SET warranty_ends_on = '2026-01-01'");
    tamper(cast.world, "UPDATE acceptance_defects SET state = 'charged', cost_fen = 30000");
    goes_to_payment(id);
    assert_int_equal(settlement_of(id).payable_fen.fen, 500000 - 30000);
    assert_int_equal(broken_settlement(), 0);
    tamper(cast.world, "UPDATE acceptance_defects SET cost_fen = 1");
    assert_int_equal(broken_settlement(), id);
}

static void X3_what_others_mended_costs_no_more_than_was_kept(void **state)
{
    (void)accepted(state, CHECK_DEFECT, OUTCOME_WITH_DEFECTS);
    goes_to_payment(a_settlement_of(SETTLEMENT_ACCEPTANCE));
    tamper(cast.world, "UPDATE acceptances SET warranty_ends_on = '2026-01-01'");
    tamper(cast.world, "UPDATE acceptance_defects SET state = 'charged', cost_fen = 600000");
    const int64_t id = a_settlement_of(SETTLEMENT_RETENTION);
    goes_to_payment(id);
    assert_int_equal(settlement_of(id).payable_fen.fen, 0);
    assert_int_equal(broken_settlement(), 0);
}

static void X3_what_was_refused_is_not_paid(void **state)
{
    (void)accepted(state, CHECK_FAIL, OUTCOME_REFUSED);
    const int64_t id = a_settlement_of(SETTLEMENT_ACCEPTANCE);
    assert_int_equal(does(cast.drafter, SEND, id), CONFLICT);
    assert_only_fault(cast.world, "acceptance_id", "no_acceptance", "X3");
}

static void V3_3_the_drafter_does_not_approve(void **state)
{
    cast_of(state);
    a_final_evaluation(cast.world, cast.contract, "2026-02", 9000);
    const int64_t id = a_settlement();
    assert_int_equal(does(cast.drafter, SEND, id), OK);
    assert_int_equal(does(cast.provider, AGREE, id), OK);
    assert_int_equal(does(cast.drafter, APPROVE, id), FORBIDDEN);
    assert_code(cast.world, "settlement.same_person");
    assert_int_equal(does(cast.finance, RETURN, id), OK);
    assert_int_equal(settlement_of(id).state, SETTLEMENT_DRAFTED);
    assert_int_equal(settlement_of(id).round, 2);
}

static void V3_3_an_amount_that_was_altered_past_the_rules_is_found(void **state)
{
    static const char *const ALTERED[] = {
        "UPDATE settlements SET payable_fen = payable_fen + 1",
        "UPDATE settlements SET fee_fen = fee_fen + 1, payable_fen = payable_fen + 1",
        "UPDATE settlements SET lines = ''",
        "UPDATE deduction_rules SET rate_fen = 1",
    };
    cast_of(state);
    const int64_t id = an_approved_settlement();
    const struct settlement right = settlement_of(id);
    for (size_t i = 0; i < sizeof ALTERED / sizeof ALTERED[0]; i++) {
        tamper(cast.world, ALTERED[i]);
        assert_int_equal(broken_settlement(), id);
        tamper(cast.world,
               arena_printf(cast.world->test.arena,
                            "UPDATE settlements SET fee_fen = %lld, payable_fen = %lld, lines = "
                            "'%s'",
                            (long long)right.fee_fen.fen, (long long)right.payable_fen.fen,
                            right.lines));
    }
}

static void X2_the_total_cap_ends_what_can_be_taken_off_and_asks_whether_to_go_on(void **state)
{
    cast_of(state);
    a_deduction_rule(cast.world, cast.contract,
                     (struct deduction_rule){.name = "Cap",
                                             .place = 2,
                                             .function = DEDUCT_CAP,
                                             .rests_on = TRIGGER_ALWAYS,
                                             .share = {2000},
                                             .step = {50}}); /* 0.5 % of 120,000 yuan */
    const int64_t id = an_approved_settlement();
    const struct settlement capped = settlement_of(id);
    assert_int_equal(capped.deducted_fen.fen, 60000);
    assert_true(capped.cap_reached);
    struct list duties;
    assert_int_equal(record_select(&cast.world->test.cx, &DUTIES, "owed",
                                   "t.rule = 'consider_termination' AND t.state = 'open'",
                                   NO_PARAMS, &duties),
                     OK);
    assert_int_equal(duties.count, 1);
    assert_int_equal(broken_settlement(), 0);
}

static void V3_3_a_month_that_was_half_agreed_is_half_paid(void **state)
{
    cast_of(state);
    tamper(cast.world, "UPDATE contracts SET starts_on = '2026-02-15'");
    assert_int_equal(settlement_of(a_settlement()).fee_fen.fen, 500000);
}

static void ended_at(struct date day)
{
    tamper(cast.world, arena_printf(cast.world->test.arena, "UPDATE contracts SET state_at = %lld",
                                    (long long)day_end(day).ms - 1));
}

static void V3_3_a_contract_that_was_terminated_is_paid_until_that_day(void **state)
{
    cast_of(state);
    act(cast.world, cast.division);
    assert_int_equal(step(cast.world, cast.contract, "terminate", "The cleaners left"), OK);
    ended_at(date_of(2026, 2, 7));
    assert_int_equal(settlement_of(a_settlement()).fee_fen.fen, 250000);
}

static void V3_3_what_was_ended_after_its_last_day_is_paid_until_the_last_day(void **state)
{
    cast_of(state);
    act(cast.world, cast.division);
    assert_int_equal(step(cast.world, cast.contract, "end", "It is over"), OK);
    tamper(cast.world, "UPDATE contracts SET ends_on = '2026-02-14'");
    assert_int_equal(settlement_of(a_settlement()).fee_fen.fen, 500000);
}

static enum owing draft_owed(void)
{
    const struct contract contract = contract_of(cast.world, cast.contract);
    struct duty duty = {.period = "2026-03"}; /* the statement of February */
    enum owing owing = OWING_NOTHING;
    assert_int_equal(
        duty_rule_find("draft_settlement")->judge(&cast.world->test.cx, &contract, &duty, &owing),
        OK);
    return owing;
}

static void V3_3_no_statement_is_owed_for_a_month_after_the_contract_was_terminated(void **state)
{
    cast_of(state);
    act(cast.world, cast.division);
    assert_int_equal(step(cast.world, cast.contract, "terminate", "The cleaners left"), OK);
    assert_int_equal(draft_owed(), OWING_DUTY);
    ended_at(date_of(2026, 2, 1));
    assert_int_equal(draft_owed(), OWING_DUTY);
    ended_at(date_of(2026, 1, 31));
    assert_int_equal(draft_owed(), OWING_NOTHING);
}

static void X4_who_sent_a_statement_does_not_decide_about_it(void **state)
{
    cast_of(state);
    a_final_evaluation(cast.world, cast.contract, "2026-02", 8000);
    const int64_t id = a_settlement();
    assert_int_equal(does(cast.division, SEND, id), OK);
    tamper(cast.world, "UPDATE settlements SET answer_by = 1"); /* the provider is silent */
    assert_int_equal(does(cast.division, DECIDE, id), FORBIDDEN);
    assert_code(cast.world, "settlement.same_person");
    assert_int_equal(does(member_of(cast.world, cast.world->headquarters, R(DIVISION)), DECIDE, id),
                     OK);
    assert_int_equal(settlement_of(id).state, SETTLEMENT_AGREED);
}

/* Cleaning up that cost 300 yuan each time; it stands. */
static void an_event(struct date day)
{
    struct list rules;
    assert_int_equal(record_select(&cast.world->test.cx, &DEDUCTION_RULES, "named",
                                   "t.name = 'Rubbish' ORDER BY t.id", NO_PARAMS, &rules),
                     OK);
    const int64_t rule = rules.count
                             ? ((const struct record *)rules.rows)->id
                             : a_deduction_rule(cast.world, cast.contract,
                                                (struct deduction_rule){.name = "Rubbish",
                                                                        .place = 3,
                                                                        .function = DEDUCT_FIXED,
                                                                        .rests_on = TRIGGER_EVENT,
                                                                        .rate_fen = {30000},
                                                                        .factor = 1});
    struct deduction_event event = {
        .contract_id = cast.contract, .rule_id = rule, .day = day, .fact = "Rubbish was left"};
    fields_blank(DEDUCTION_EVENTS.fields, &event);
    act(cast.world, cast.drafter);
    assert_int_equal(add(cast.world, &DEDUCTION_EVENTS, &event), OK);
    tamper(cast.world, arena_printf(cast.world->test.arena,
                                    "UPDATE deduction_events SET state = 'stands', told_at = 1 "
                                    "WHERE id = %lld",
                                    (long long)event.id));
}

static void a_correction(int64_t of, int64_t fen)
{
    struct settlement_correction correction = {
        .settlement_id = of, .amount_fen = {fen}, .reason = "A figure was wrong"};
    fields_blank(SETTLEMENT_CORRECTIONS.fields, &correction);
    act(cast.world, cast.drafter);
    assert_int_equal(add(cast.world, &SETTLEMENT_CORRECTIONS, &correction), OK);
    tamper(cast.world, "UPDATE settlement_corrections SET state = 'approved'");
}

static void X3_what_happened_in_other_months_is_taken_off_what_was_accepted(void **state)
{
    (void)accepted(state, CHECK_DEFECT, OUTCOME_WITH_DEFECTS);
    an_event(date_of(2026, 1, 20));
    an_event(date_of(2026, 2, 20));
    const int64_t paid = a_settlement_of(SETTLEMENT_ACCEPTANCE);
    goes_to_payment(paid);
    assert_int_equal(settlement_of(paid).deducted_fen.fen, 2 * 30000);
    assert_int_equal(settlement_of(paid).payable_fen.fen, 9500000 - 2 * 30000);
    assert_int_equal(broken_settlement(), 0);
}

static void X3_what_comes_after_the_acceptance_was_settled_is_taken_off_what_was_kept(void **state)
{
    (void)accepted(state, CHECK_DEFECT, OUTCOME_WITH_DEFECTS);
    an_event(date_of(2026, 2, 20));
    const int64_t paid = a_settlement_of(SETTLEMENT_ACCEPTANCE);
    goes_to_payment(paid);
    an_event(date_of(2026, 2, 21));
    a_correction(paid, -1000);
    tamper(cast.world, "UPDATE acceptances SET warranty_ends_on = '2026-01-01'");
    tamper(cast.world, "UPDATE acceptance_defects SET state = 'charged', cost_fen = 20000");
    const int64_t id = a_settlement_of(SETTLEMENT_RETENTION);
    goes_to_payment(id);
    assert_int_equal(settlement_of(id).payable_fen.fen, 500000 - 20000 - 30000 - 1000);
    assert_int_equal(broken_settlement(), 0);
}

static void V3_3_what_comes_late_is_taken_off_by_the_fee_of_its_month(void **state)
{
    cast_of(state);
    a_deduction_rule(cast.world, cast.contract,
                     (struct deduction_rule){.name = "Rubbish",
                                             .place = 3,
                                             .function = DEDUCT_PERCENT,
                                             .rests_on = TRIGGER_EVENT,
                                             .share = {1000}});
    a_final_evaluation(cast.world, cast.contract, "2026-01", 9000);
    a_final_evaluation(cast.world, cast.contract, "2026-02", 9000);
    const int64_t january = a_settlement();
    tamper(cast.world, "UPDATE settlements SET month = '2026-01'");
    assert_int_equal(does(cast.drafter, SEND, january), OK);
    tamper(cast.world, "UPDATE contracts SET monthly_fee_fen = 2000000");
    an_event(date_of(2026, 1, 20));
    const int64_t february = a_settlement();
    assert_int_equal(settlement_of(february).adjusted_fen.fen, 100000);
}

static void X3_no_more_is_kept_back_than_is_left_to_pay(void **state)
{
    (void)accepted(state, CHECK_DEFECT, OUTCOME_WITH_DEFECTS);
    an_event(date_of(2026, 2, 20));
    tamper(cast.world, "UPDATE deduction_rules SET rate_fen = 9800000");
    const int64_t id = a_settlement_of(SETTLEMENT_ACCEPTANCE);
    assert_int_equal(settlement_of(id).retained_fen.fen, 200000);
    assert_int_equal(settlement_of(id).payable_fen.fen, 0);
    goes_to_payment(id);
}

/* A statement of January that was sent, at 10,000 yuan; that of February is drafted later. */
static int64_t a_january(void)
{
    a_final_evaluation(cast.world, cast.contract, "2026-01", 9000);
    a_final_evaluation(cast.world, cast.contract, "2026-02", 9000);
    const int64_t january = a_settlement();
    tamper(cast.world, "UPDATE settlements SET month = '2026-01'");
    assert_int_equal(does(cast.drafter, SEND, january), OK);
    return january;
}

static void V3_3_less_than_nothing_is_neither_sent_nor_paid(void **state)
{
    cast_of(state);
    const int64_t january = a_january();
    tamper(cast.world, "UPDATE settlements SET state = 'paid'");
    a_correction(january, -1000001);
    const int64_t id = a_settlement();
    assert_int_equal(settlement_of(id).payable_fen.fen, -1);
    assert_int_equal(does(cast.drafter, SEND, id), CONFLICT);
    assert_only_fault(cast.world, "payable_fen", "payable_below_nothing", "V3.3");
    tamper(cast.world, "UPDATE settlement_corrections SET amount_fen = -1000000");
    assert_int_equal(does(cast.drafter, SEND, id), OK);
    assert_int_equal(does(cast.provider, AGREE, id), OK);
    assert_int_equal(does(cast.finance, APPROVE, id), OK);
    tamper(cast.world, "UPDATE settlements SET payable_fen = -1");
    assert_int_equal(does(cast.finance, PAY, id), CONFLICT);
    assert_only_fault(cast.world, "payable_fen", "payable_below_nothing", "V3.3");
}

static void V3_3_what_comes_late_costs_no_more_than_was_left_of_its_month(void **state)
{
    cast_of(state);
    (void)a_january();
    an_event(date_of(2026, 1, 20));
    tamper(cast.world, "UPDATE deduction_rules SET rate_fen = 700000 WHERE name = 'Rubbish'");
    an_event(date_of(2026, 1, 21));
    const int64_t id = a_settlement();
    assert_int_equal(settlement_of(id).adjusted_fen.fen, 1000000); /* of 14,000 yuan */
    assert_int_equal(settlement_of(id).payable_fen.fen, 0);
    assert_int_equal(does(cast.drafter, SEND, id), OK);
    assert_int_equal(broken_settlement(), 0);
}

static void X2_what_comes_late_counts_towards_the_total_cap(void **state)
{
    cast_of(state);
    a_deduction_rule(cast.world, cast.contract,
                     (struct deduction_rule){.name = "Cap",
                                             .place = 2,
                                             .function = DEDUCT_CAP,
                                             .rests_on = TRIGGER_ALWAYS,
                                             .share = {2000},
                                             .step = {50}}); /* 600 yuan of the contract */
    (void)a_january();
    an_event(date_of(2026, 1, 20)); /* 300 of it, late */
    an_event(date_of(2026, 2, 20));
    an_event(date_of(2026, 2, 21)); /* 600 more */
    const struct settlement february = settlement_of(a_settlement());
    assert_int_equal(february.adjusted_fen.fen, 30000);
    assert_int_equal(february.deducted_fen.fen, 30000);
    assert_true(february.cap_reached);
}

/* ---- findings ---- */

static void a_rule_on_findings(void)
{
    a_deduction_rule(cast.world, cast.contract,
                     (struct deduction_rule){.name = "Findings",
                                             .place = 4,
                                             .function = DEDUCT_FIXED,
                                             .rests_on = TRIGGER_FINDINGS,
                                             .rate_fen = {30000},
                                             .factor = 1});
}

static int64_t a_finding(int month)
{
    return a_notice(cast.world, cast.contract, month_of(date_of(2026, month, 1)),
                    (struct rectification){.points = {500}});
}

static enum result appeal_run(struct ctx *cx, void *host)
{
    struct inspection_appeal appeal;
    TRY(record_get(cx, &INSPECTION_APPEALS, *(const int64_t *)host, &appeal));
    return finding_appeal_decide(cx, &appeal, true, "The photo is of another hall");
}

static int64_t an_appeal(int64_t notice)
{
    struct rectification about;
    act(cast.world, &ACTOR_SYSTEM);
    get(cast.world, &RECTIFICATIONS, notice, &about);
    struct inspection_appeal appeal = {
        .inspection_id = about.inspection_id, .place = 1, .words = "It rained"};
    fields_blank(INSPECTION_APPEALS.fields, &appeal);
    act(cast.world, cast.provider);
    assert_int_equal(add(cast.world, &INSPECTION_APPEALS, &appeal), OK);
    return appeal.id;
}

static void is_upheld(int64_t appeal)
{
    act(cast.world, cast.division);
    assert_int_equal(attempt(cast.world, appeal_run, &appeal), OK);
}

/* What a drafted statement takes off as things are now. */
static int64_t deducted_now(int64_t id)
{
    const struct settlement drafted = settlement_of(id);
    struct settlement now;
    assert_int_equal(settlement_now(&cast.world->test.cx, &drafted, &now), OK);
    return now.deducted_fen.fen;
}

static void X4_a_finding_costs_nothing_while_it_may_be_appealed_against(void **state)
{
    cast_of(state);
    a_rule_on_findings();
    const int64_t february = a_settlement(), notice = a_finding(2);
    assert_int_equal(deducted_now(february), 30000);
    tamper(cast.world, "UPDATE rectifications SET appeal_by = 4000000000000");
    assert_int_equal(deducted_now(february), 0);
    tamper(cast.world, "UPDATE rectifications SET appeal_by = 1");
    const int64_t appeal = an_appeal(notice);
    assert_int_equal(deducted_now(february), 0);
    tamper(cast.world, "UPDATE inspection_appeals SET state = 'rejected'");
    assert_int_equal(deducted_now(february), 30000);
    tamper(cast.world, "UPDATE inspection_appeals SET state = 'open'");
    is_upheld(appeal);
    assert_int_equal(deducted_now(february), 0);
}

static void X4_a_finding_that_waited_is_charged_late_and_given_back_when_its_appeal_is_upheld(
    void **state)
{
    cast_of(state);
    a_rule_on_findings();
    const int64_t stands = a_finding(1), waits = a_finding(1);
    tamper(cast.world, arena_printf(cast.world->test.arena,
                                    "UPDATE rectifications SET appeal_by = 4000000000000 WHERE "
                                    "id = %lld",
                                    (long long)waits));
    const int64_t january = a_settlement_of_month(1);
    a_final_evaluation(cast.world, cast.contract, "2026-01", 9000);
    a_final_evaluation(cast.world, cast.contract, "2026-02", 9000);
    assert_int_equal(does(cast.drafter, SEND, january), OK);
    assert_int_equal(settlement_of(january).deducted_fen.fen, 30000);
    tamper(cast.world, "UPDATE rectifications SET appeal_by = 1");
    const int64_t february = a_settlement();
    assert_int_equal(settlement_of(february).adjusted_fen.fen, 30000);
    is_upheld(an_appeal(stands));
    is_upheld(an_appeal(waits));
    assert_int_equal(does(cast.drafter, SEND, february), OK);
    const struct settlement sent = settlement_of(february);
    assert_int_equal(sent.adjusted_fen.fen, -30000);
    assert_int_equal(sent.payable_fen.fen, sent.fee_fen.fen + 30000);
    tamper(cast.world, "UPDATE settlements SET state = 'paid'");
    assert_int_equal(broken_settlement(), 0);
    assert_int_equal(settlement_of(a_settlement_of_month(3)).adjusted_fen.fen, 0); /* once */
}

static void X3_findings_of_all_months_are_taken_off_what_was_accepted(void **state)
{
    (void)accepted(state, CHECK_DEFECT, OUTCOME_WITH_DEFECTS);
    cast.division = member_of(cast.world, cast.world->headquarters, R(DIVISION));
    a_rule_on_findings();
    const int64_t first = a_finding(1);
    (void)a_finding(2);
    const int64_t paid = a_settlement_of(SETTLEMENT_ACCEPTANCE);
    goes_to_payment(paid);
    assert_int_equal(settlement_of(paid).deducted_fen.fen, 2 * 30000);
    is_upheld(an_appeal(first));
    tamper(cast.world, "UPDATE acceptances SET warranty_ends_on = '2026-01-01'");
    tamper(cast.world, "UPDATE acceptance_defects SET state = 'charged', cost_fen = 0");
    const int64_t id = a_settlement_of(SETTLEMENT_RETENTION);
    assert_int_equal(settlement_of(id).payable_fen.fen,
                     settlement_of(paid).retained_fen.fen + 30000);
}

/* ---- who was there ---- */

/* The statement of March, with a rule on attendance; so many of a job are asked for from its first
 * day on. */
static int64_t asked_for(enum job job)
{
    a_deduction_rule(cast.world, cast.contract,
                     (struct deduction_rule){.name = "Attendance",
                                             .place = 5,
                                             .function = DEDUCT_ATTENDANCE,
                                             .rests_on = TRIGGER_ATTENDANCE});
    struct staff_requirement asked = {
        .contract_id = cast.contract, .job = job, .count = 1, .from = date_of(2026, 3, 1)};
    fields_blank(STAFF_REQUIREMENTS.fields, &asked);
    act(cast.world, &ACTOR_SYSTEM);
    assert_int_equal(add(cast.world, &STAFF_REQUIREMENTS, &asked), OK);
    return a_settlement_of_month(3);
}

static int64_t employed(enum job job)
{
    struct person person = {.organisation_id = cast.world->provider, .name = "Wu", .job = job};
    fields_blank(PEOPLE.fields, &person);
    person.joined_on = date_of(2026, 1, 1);
    act(cast.world, &ACTOR_SYSTEM);
    assert_int_equal(add(cast.world, &PEOPLE, &person), OK);
    return person.id;
}

static void C2_1_an_agent_is_there_for_the_contract_that_gave_an_id(void **state)
{
    cast_of(state);
    tamper(cast.world, "UPDATE contracts SET service = 'outbound_call'");
    const int64_t march = asked_for(JOB_AGENT), agent = employed(JOB_AGENT);
    assert_int_equal(deducted_now(march), 1000000); /* employed, but for whom? */
    tamper(cast.world,
           arena_printf(cast.world->test.arena,
                        "INSERT INTO agents (version, created_at, updated_at, contract_id, "
                        "person_id, code, permissions, state, \"from\", \"to\", search_key) "
                        "VALUES (1, 1, 1, %lld, %lld, '1001', '', 'active', '2026-01-01', "
                        "'2026-03-30', '')",
                        (long long)cast.contract, (long long)agent));
    assert_int_equal(deducted_now(march), 32258); /* one day of 31 */
}

static void C2_1_one_person_does_not_fill_two_contracts(void **state)
{
    cast_of(state);
    const int64_t other = cast.contract;
    cast.contract = an_active_contract(cast.world);
    tamper(cast.world, "UPDATE contracts SET service = 'outbound_call', state = 'active', "
                       "monthly_fee_fen = 1000000");
    (void)employed(JOB_SUPERVISOR);
    const int64_t later = asked_for(JOB_SUPERVISOR);
    assert_int_equal(deducted_now(later), 0);
    cast.contract = other;
    (void)asked_for(JOB_SUPERVISOR);
    assert_int_equal(deducted_now(later), 1000000);
}

struct counting {
    struct head_count count;
    struct head_count_person present;
    size_t there;
};

static enum result count_run(struct ctx *cx, void *host)
{
    struct counting *counting = host;
    const struct head_count_found found = {&counting->present, NULL, counting->there, 0};
    return head_count_take(cx, &counting->count, &found);
}

static void V5_1_4_on_site_who_was_not_found_is_missing_though_employed(void **state)
{
    cast_of(state);
    tamper(cast.world, "UPDATE contracts SET service = 'cleaning'");
    const int64_t march = asked_for(JOB_WORKER), worker = employed(JOB_WORKER);
    assert_int_equal(deducted_now(march), 0); /* nobody counted */
    struct counting counting = {.count = {.contract_id = cast.contract, .place = "Lobby"},
                                .present = {.person_id = worker}};
    fields_blank(HEAD_COUNTS.fields, &counting.count);
    act(cast.world, cast.drafter);
    assert_int_equal(attempt(cast.world, count_run, &counting), OK);
    assert_int_equal(deducted_now(march), 32258);
    counting.there = 1;
    counting.count.id = 0;
    act(cast.world, cast.drafter);
    assert_int_equal(attempt(cast.world, count_run, &counting), OK);
    assert_int_equal(deducted_now(march), 0); /* found later that day */
}

/* ---- caps ---- */

static void a_cap(int64_t share, int64_t step)
{
    a_deduction_rule(cast.world, cast.contract,
                     (struct deduction_rule){.name = "Cap",
                                             .place = 2,
                                             .function = DEDUCT_CAP,
                                             .rests_on = TRIGGER_ALWAYS,
                                             .share = {share},
                                             .step = {step}});
}

static void X2_what_comes_late_passes_neither_cap(void **state)
{
    cast_of(state);
    a_cap(300, 25); /* 300 yuan in a month, 300 yuan in all */
    an_event(date_of(2026, 1, 20));
    const int64_t january = a_january();
    assert_int_equal(settlement_of(january).deducted_fen.fen, 30000);
    an_event(date_of(2026, 1, 21));
    an_event(date_of(2026, 1, 22));
    const struct settlement february = settlement_of(a_settlement());
    assert_int_equal(february.adjusted_fen.fen, 0);
    tamper(cast.world, "UPDATE deduction_rules SET step = 100 WHERE name = 'Cap'");
    tamper(cast.world, "UPDATE deduction_rules SET share = 500 WHERE name = 'Cap'");
    tamper(cast.world, "DELETE FROM settlements WHERE month = '2026-02'");
    const struct settlement anew = settlement_of(a_settlement());
    assert_int_equal(anew.adjusted_fen.fen, 20000); /* until the 500 yuan of January */
}

static void X2_what_the_cap_took_off_is_not_given_back_again(void **state)
{
    cast_of(state);
    a_cap(500, 10000);
    a_rule_on_findings();
    const int64_t notice = a_finding(1);
    (void)a_finding(1);
    const int64_t january = a_january();
    assert_int_equal(settlement_of(january).deducted_fen.fen, 50000); /* of 600 yuan */
    is_upheld(an_appeal(notice));
    assert_int_equal(settlement_of(a_settlement()).adjusted_fen.fen, -20000); /* 300 are left */
}

static void V3_3_no_event_of_a_statement_is_left_out_however_many_there_are(void **state)
{
    cast_of(state);
    an_event(date_of(2026, 2, 20));
    for (int i = 0; i < 11; i++)
        tamper(cast.world,
               "INSERT INTO deduction_events (version, created_at, updated_at, contract_id, "
               "provider_id, client_id, unit_id, rule_id, day, month, fact, points, amount_fen, "
               "recorder_id, told_at, object_by, objection, objected_at, reason, decided_at, "
               "state) SELECT version, created_at, updated_at, contract_id, provider_id, "
               "client_id, unit_id, rule_id, day, month, fact, points, amount_fen, recorder_id, "
               "told_at, object_by, objection, objected_at, reason, decided_at, state FROM "
               "deduction_events");
    tamper(cast.world, "UPDATE deduction_rules SET rate_fen = 1 WHERE name = 'Rubbish'");
    assert_int_equal(settlement_of(a_settlement()).deducted_fen.fen, 2048);
}

static enum result fee_run(struct ctx *cx, void *host)
{
    const struct contract *after = host;
    struct contract before, changed;
    TRY(record_get(cx, &CONTRACTS, cast.contract, &before));
    changed = before;
    changed.monthly_fee_fen = after->monthly_fee_fen;
    return contract_amend(cx, &before, &changed, after->signed_on, "Another fee");
}

static void the_fee_becomes(int64_t fen, struct date day)
{
    struct contract after = {.monthly_fee_fen = {fen}, .signed_on = day};
    act(cast.world, cast.division);
    tamper(cast.world, "UPDATE contracts SET signed_on = '2026-01-01'");
    assert_int_equal(attempt(cast.world, fee_run, &after), OK);
}

static void V3_3_a_month_is_paid_by_the_fee_that_held_then(void **state)
{
    cast_of(state);
    the_fee_becomes(2000000, date_of(2026, 3, 1));
    assert_int_equal(settlement_of(a_settlement()).fee_fen.fen, 1000000);
    tamper(cast.world, "DELETE FROM settlements");
    the_fee_becomes(1400000,
                    date_of(2026, 2, 15)); /* signed before the other, written down later */
    assert_int_equal(settlement_of(a_settlement()).fee_fen.fen, (1000000 + 1400000) / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(V3_3_a_statement_follows_from_fee_grade_and_rules_to_the_payment),
        WORLD_TEST(V3_3_without_a_final_evaluation_nothing_is_sent),
        WORLD_TEST(V3_3_by_an_evaluation_without_a_grade_nothing_is_paid),
        WORLD_TEST(V3_2_who_declared_an_interest_settles_nothing),
        WORLD_TEST(V5_1_2_without_a_signed_briefing_nothing_is_paid),
        WORLD_TEST(X3_a_one_off_contract_is_not_paid_before_acceptance),
        WORLD_TEST(X3_what_was_accepted_is_paid_less_what_is_kept_and_that_after_the_warranty),
        WORLD_TEST(X3_what_others_mended_costs_no_more_than_was_kept),
        WORLD_TEST(X3_what_was_refused_is_not_paid),
        WORLD_TEST(V3_3_the_drafter_does_not_approve),
        WORLD_TEST(V3_3_an_amount_that_was_altered_past_the_rules_is_found),
        WORLD_TEST(X2_the_total_cap_ends_what_can_be_taken_off_and_asks_whether_to_go_on),
        WORLD_TEST(V3_3_a_month_that_was_half_agreed_is_half_paid),
        WORLD_TEST(V3_3_a_contract_that_was_terminated_is_paid_until_that_day),
        WORLD_TEST(V3_3_what_was_ended_after_its_last_day_is_paid_until_the_last_day),
        WORLD_TEST(V3_3_no_statement_is_owed_for_a_month_after_the_contract_was_terminated),
        WORLD_TEST(X4_who_sent_a_statement_does_not_decide_about_it),
        WORLD_TEST(X3_what_happened_in_other_months_is_taken_off_what_was_accepted),
        WORLD_TEST(X3_what_comes_after_the_acceptance_was_settled_is_taken_off_what_was_kept),
        WORLD_TEST(V3_3_what_comes_late_is_taken_off_by_the_fee_of_its_month),
        WORLD_TEST(X3_no_more_is_kept_back_than_is_left_to_pay),
        WORLD_TEST(V3_3_less_than_nothing_is_neither_sent_nor_paid),
        WORLD_TEST(V3_3_what_comes_late_costs_no_more_than_was_left_of_its_month),
        WORLD_TEST(X2_what_comes_late_counts_towards_the_total_cap),
        WORLD_TEST(X4_a_finding_costs_nothing_while_it_may_be_appealed_against),
        WORLD_TEST(
            X4_a_finding_that_waited_is_charged_late_and_given_back_when_its_appeal_is_upheld),
        WORLD_TEST(X3_findings_of_all_months_are_taken_off_what_was_accepted),
        WORLD_TEST(C2_1_an_agent_is_there_for_the_contract_that_gave_an_id),
        WORLD_TEST(C2_1_one_person_does_not_fill_two_contracts),
        WORLD_TEST(V5_1_4_on_site_who_was_not_found_is_missing_though_employed),
        WORLD_TEST(X2_what_comes_late_passes_neither_cap),
        WORLD_TEST(X2_what_the_cap_took_off_is_not_given_back_again),
        WORLD_TEST(V3_3_no_event_of_a_statement_is_left_out_however_many_there_are),
        WORLD_TEST(V3_3_a_month_is_paid_by_the_fee_that_held_then),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
