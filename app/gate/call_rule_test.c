/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/gate/call_rule.h"

#include "app/calls/test_centre.h"

/* ---- calling rules ---- */

static struct call_rule usual_rule(void)
{
    struct call_rule rule = {.contract_id = centre.contract};
    call_rule_begin(&rule);
    return rule;
}

static void add_rule(struct world *world, struct call_rule rule)
{
    assert_int_equal(add(world, &CALL_RULES, &rule), OK);
    centre_renew(world);
}

static enum allowance reason_at(struct world *world, const char *instant)
{
    world->test.cx.now = at(instant);
    return reason_of(world, ask_for(""));
}

static void outside_its_hours_a_contract_is_not_called_on(void **state)
{
    struct world *world = *state;
    struct call_rule rule = usual_rule();
    rule.per_day = rule.per_week = 0;
    add_rule(world, rule);
    assert_int_equal(reason_at(world, "2026-02-03T08:59:59+08:00"), REFUSED_HOURS);
    assert_int_equal(reason_at(world, "2026-02-03T09:00:00+08:00"), ALLOWED);
    assert_int_equal(reason_at(world, "2026-02-03T20:29:59+08:00"), ALLOWED);
    assert_int_equal(reason_at(world, "2026-02-03T20:30:00+08:00"), REFUSED_HOURS);
    assert_int_equal(reason_at(world, "2026-02-07T10:00:00+08:00"), ALLOWED); /* a Saturday */
}

static void a_rule_for_working_days_knows_the_holidays(void **state)
{
    struct world *world = *state;
    struct call_rule rule = usual_rule();
    rule.per_day = rule.per_week = 0;
    rule.working_days_only = true;
    add_rule(world, rule);
    assert_int_equal(reason_at(world, "2026-02-07T10:00:00+08:00"), REFUSED_HOURS);
    assert_int_equal(reason_at(world, "2026-02-14T10:00:00+08:00"), ALLOWED);       /* 调休 */
    assert_int_equal(reason_at(world, "2026-02-17T10:00:00+08:00"), REFUSED_HOURS); /* 春节 */
    tamper(world, "INSERT INTO calendar_days (version, created_at, updated_at, date, kind, name) "
                  "VALUES (1, 0, 0, '2026-02-04', 'holiday', 'Own')");
    centre_renew(world);
    assert_int_equal(reason_at(world, "2026-02-04T10:00:00+08:00"), REFUSED_HOURS);
}

static void a_number_is_not_called_more_often_than_permitted(void **state)
{
    struct world *world = *state;
    add_rule(world, usual_rule());
    assert_int_equal(reason_at(world, "2026-02-03T10:00:00+08:00"), ALLOWED);
    assert_int_equal(reason_at(world, "2026-02-03T11:00:00+08:00"), ALLOWED);
    assert_int_equal(reason_at(world, "2026-02-03T12:00:00+08:00"), REFUSED_FREQUENCY);
    struct gate_ask other = ask_for("");
    other.callee = "13800000001";
    assert_int_equal(reason_of(world, other), ALLOWED);
    assert_int_equal(reason_at(world, "2026-02-05T10:00:00+08:00"), ALLOWED);
    assert_int_equal(reason_at(world, "2026-02-06T10:00:00+08:00"), REFUSED_FREQUENCY);
    gate_close(&world->test.cx); /* what it counted comes back from the month */
    centre_gate_again(world);
    assert_int_equal(reason_at(world, "2026-02-09T10:00:00+08:00"), REFUSED_FREQUENCY);
    assert_int_equal(reason_at(world, "2026-02-10T10:00:00+08:00"), ALLOWED);
}

static void a_rule_says_how_long_a_call_may_be_and_whether_it_is_recorded(void **state)
{
    struct world *world = *state;
    struct call_rule rule = usual_rule();
    const struct gate_ask ask = ask_for("short");
    rule.contract_id = 0;
    rule.organisation_id = world->client; /* for all of its contracts */
    rule.max_s = 600;
    rule.record = false;
    add_rule(world, rule);
    struct gate_answer answer = answer_to(world, &ask);
    assert_true(answer.allow && !answer.record);
    assert_int_equal(answer.max_s, 600);
    rule = usual_rule();
    rule.max_s = 900;
    add_rule(world, rule); /* its own counts */
    const struct gate_ask next = ask_for("longer");
    answer = answer_to(world, &next);
    assert_true(answer.record);
    assert_int_equal(answer.max_s, 900);
}

static void a_contract_has_one_rule_and_it_makes_sense(void **state)
{
    struct world *world = *state;
    struct call_rule rule = usual_rule();
    add_rule(world, rule);
    rule = usual_rule();
    assert_int_equal(add(world, &CALL_RULES, &rule), INVALID);
    assert_true(was_rejected(world, "contract_id", "taken"));
    rule = usual_rule();
    rule.hours_to = "08:00";
    rule.per_week = 1;
    assert_int_equal(add(world, &CALL_RULES, &rule), INVALID);
    assert_true(was_rejected(world, "hours_to", "before_opening"));
    assert_true(was_rejected(world, "per_week", "less_than_day"));
    rule = usual_rule();
    rule.contract_id = a_contract(world, world->project, world->provider);
    assert_int_equal(add(world, &CALL_RULES, &rule), INVALID);
    assert_true(was_rejected(world, "contract_id", "not_calls"));
}

/* ---- who is not to be called ---- */

static struct do_not_call refuse(struct world *world, int64_t contract, const char *number,
                                 struct date until)
{
    struct do_not_call refusal = {.organisation_id = world->client,
                                  .contract_id = contract,
                                  .number = number,
                                  .source = SAID_BY_CALLED,
                                  .until = until};
    assert_int_equal(add(world, &DO_NOT_CALL, &refusal), OK);
    centre_renew(world);
    return refusal;
}

struct lifting {
    const struct do_not_call *refusal;
    const char *reason;
};

static enum result lift(struct ctx *cx, void *host)
{
    const struct lifting *lifting = host;
    return do_not_call_lift(cx, lifting->refusal, lifting->reason);
}

static void C3_3_who_refused_is_not_called_until_it_is_lifted(void **state)
{
    struct world *world = *state;
    struct do_not_call refusal = refuse(world, 0, "138 1234-5678", (struct date){0});
    assert_int_equal(reason_of(world, ask_for("")), REFUSED_DO_NOT_CALL);
    get(world, &DO_NOT_CALL, refusal.id, &refusal);
    assert_string_equal(refusal.number, "138****5678");
    struct lifting lifting = {&refusal, ""};
    assert_int_equal(attempt(world, lift, &lifting), INVALID);
    lifting.reason = "Agreed again";
    assert_int_equal(attempt(world, lift, &lifting), OK);
    centre_renew(world);
    assert_int_equal(reason_of(world, ask_for("")), ALLOWED);
    get(world, &DO_NOT_CALL, refusal.id, &refusal);
    assert_int_equal(attempt(world, lift, &lifting), CONFLICT);
}

static void C3_3_no_spelling_of_a_number_gets_past_the_list(void **state)
{
    static const struct {
        const char *callee;
        enum allowance reason;
    } CASES[] = {
        {"+86013812345678", REFUSED_DO_NOT_CALL}, {"0086 013812345678", REFUSED_DO_NOT_CALL},
        {"013812345678", REFUSED_DO_NOT_CALL},    {"8613812345678", REFUSED_DO_NOT_CALL},
        {"+8602112345678", REFUSED_DO_NOT_CALL},  {"+008613812345678", REFUSED_CALLEE},
        {"138123456781", REFUSED_CALLEE},         {"913812345678", REFUSED_CALLEE},
        {"12345678123", REFUSED_CALLEE},          {"62345678", REFUSED_CALLEE},
    };
    struct world *world = *state;
    (void)refuse(world, 0, "13812345678", (struct date){0});
    (void)refuse(world, 0, "02112345678", (struct date){0});
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct gate_ask ask = ask_for("");
        ask.callee = CASES[i].callee;
        assert_int_equal(reason_of(world, ask), CASES[i].reason);
    }
    struct do_not_call local = {
        .contract_id = centre.contract, .number = "62345678", .source = SAID_BY_CALLED};
    assert_int_equal(add(world, &DO_NOT_CALL, &local), INVALID);
    assert_true(was_rejected(world, "number", "malformed"));
}

static void a_refusal_holds_for_its_contract_and_its_days(void **state)
{
    struct world *world = *state;
    const int64_t other = a_contract(world, world->project, world->provider);
    tamper(world, arena_printf(world->test.arena,
                               "UPDATE contracts SET service = 'outbound_call' WHERE id = %lld",
                               (long long)other));
    (void)refuse(world, other, "13812345678", (struct date){0});
    assert_int_equal(reason_of(world, ask_for("")), ALLOWED);
    (void)refuse(world, centre.contract, "13812345678", date_of(2026, 2, 4));
    assert_int_equal(reason_at(world, "2026-02-04T23:00:00+08:00"), REFUSED_DO_NOT_CALL);
    assert_int_equal(reason_at(world, "2026-02-05T00:00:00+08:00"), ALLOWED);
    struct do_not_call wrong = {.contract_id = centre.contract,
                                .number = "anonymous",
                                .source = SAID_BY_CALLED,
                                .until = date_of(2026, 1, 1)};
    assert_int_equal(add(world, &DO_NOT_CALL, &wrong), INVALID);
    assert_true(was_rejected(world, "number", "malformed"));
    assert_true(was_rejected(world, "until", "in_the_past"));
}

static void a_long_list_is_taken_over_as_it_grows(void **state)
{
    enum { COUNT = 3000 };
    struct world *world = *state;
    for (int i = 0; i < COUNT; i++) {
        struct do_not_call refusal = {
            .organisation_id = world->client,
            .number = arena_printf(world->test.arena, "139%08d", i),
            .source = SAID_BY_CLIENT,
        };
        assert_int_equal(add(world, &DO_NOT_CALL, &refusal), OK);
        if (i == COUNT / 2)
            centre_renew(world);
    }
    centre_renew(world);
    struct gate_ask ask = ask_for("");
    for (int i = 0; i < COUNT; i += 7) {
        ask.callee = arena_printf(world->test.arena, "139%08d", i);
        assert_int_equal(reason_of(world, ask), REFUSED_DO_NOT_CALL);
    }
    assert_int_equal(reason_of(world, ask_for("")), ALLOWED);
}

static void where_consent_is_required_nobody_else_is_called(void **state)
{
    struct world *world = *state;
    struct call_rule rule = usual_rule();
    struct consent consent = {.contract_id = centre.contract,
                              .number = "13812345678",
                              .obtained_on = date_of(2026, 2, 1),
                              .until = date_of(2026, 2, 3),
                              .proof = "Form of the shop"};
    rule.consent_required = true;
    add_rule(world, rule);
    assert_int_equal(reason_of(world, ask_for("")), REFUSED_CONSENT);
    assert_int_equal(add(world, &CONSENTS, &consent), OK);
    centre_renew(world);
    assert_int_equal(reason_of(world, ask_for("")), ALLOWED);
    assert_int_equal(reason_at(world, "2026-02-04T10:00:00+08:00"), REFUSED_CONSENT);
    consent = (struct consent){.contract_id = centre.contract,
                               .number = "13812345678",
                               .obtained_on = date_of(2027, 2, 1),
                               .until = date_of(2026, 2, 3),
                               .proof = "Form"};
    assert_int_equal(add(world, &CONSENTS, &consent), INVALID);
    assert_true(was_rejected(world, "obtained_on", "in_the_future"));
    assert_true(was_rejected(world, "until", "before_start"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        GATE_TEST(outside_its_hours_a_contract_is_not_called_on),
        GATE_TEST(a_rule_for_working_days_knows_the_holidays),
        GATE_TEST(a_number_is_not_called_more_often_than_permitted),
        GATE_TEST(a_rule_says_how_long_a_call_may_be_and_whether_it_is_recorded),
        GATE_TEST(a_contract_has_one_rule_and_it_makes_sense),
        GATE_TEST(C3_3_who_refused_is_not_called_until_it_is_lifted),
        GATE_TEST(C3_3_no_spelling_of_a_number_gets_past_the_list),
        GATE_TEST(a_refusal_holds_for_its_contract_and_its_days),
        GATE_TEST(a_long_list_is_taken_over_as_it_grows),
        GATE_TEST(where_consent_is_required_nobody_else_is_called),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
