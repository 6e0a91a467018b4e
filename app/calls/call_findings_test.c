/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From the gate's decision over the record of the call to what people see of it. */
#include "app/calls/call_exception.h"
#include "app/calls/call_more.h"
#include "app/calls/test_centre.h"
#include "app/gate/callee_list.h"
#include "app/gate/gate.h"
#include "app/records/trail.h"

static struct worker *worker;

static struct instant test_now(void)
{
    return at("2026-02-03T10:00:00+08:00");
}

static enum result finish(struct ctx *cx)
{
    return trail_flush(cx);
}

/* The turns are taken by the test itself; the thread has nothing to do. */
static enum result no_turn(struct worker *idle, struct ctx *cx, bool *out_found)
{
    *out_found = false;
    return OK;
}

static int set_up(void **state)
{
    centre_gate_open(state);
    struct world *world = *state;
    const struct clockwork_host host = {.store = world->test.store,
                                        .actor = &ACTOR_SYSTEM,
                                        .keys = world->test.keys,
                                        .now = test_now,
                                        .finish = finish};
    worker = worker_start("test", no_turn, &host);
    return 0;
}

static int tear_down(void **state)
{
    worker_stop(worker);
    return centre_gate_close(state);
}
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* ---- short ways ---- */

static int64_t ask(struct world *world, const char *call_id, const char *agent)
{
    struct gate_answer answer;
    const struct gate_ask question = {.node = "dialer",
                                      .call_id = call_id,
                                      .contract = centre.contract_number,
                                      .agent = agent,
                                      .caller = "057188881234",
                                      .callee = "13812345678"};
    assert_int_equal(gate_decide(&world->test.cx, &question, &answer), OK);
    return answer.gate_id;
}

static struct call_line record_of(int64_t gate_id, const char *uid)
{
    return (struct call_line){.row = 1,
                              .source = "dialer",
                              .uid = uid,
                              .gate_id = gate_id,
                              .contract = centre.contract_number,
                              .agent = "1001",
                              .caller = "057188881234",
                              .callee = "13812345678",
                              .started_at = at("2026-02-03T10:00:01+08:00"),
                              .duration_s = 30,
                              .talk_s = 10,
                              .result = CALL_CONTACTED,
                              .recording = ""};
}

static void take(struct world *world, const struct call_line *lines, size_t count)
{
    struct call_receipt receipt;
    assert_int_equal(calls_take(&world->test.cx, lines, count, 0, &receipt), OK);
    assert_int_equal(receipt.accepted, count);
}

/* Until there is nothing left to find or to carry. */
static void turn(struct world *world)
{
    bool found = true;
    while (found) {
        found = false;
        world->test.cx.db = store_reader(world->test.store);
        assert_int_equal(call_findings_turn(worker, &world->test.cx, &found), OK);
    }
}

static struct list all(struct world *world, const struct resource *resource)
{
    const struct list_query query = {.limit = 50};
    struct list list;
    assert_int_equal(record_list(&world->test.cx, resource, &query, &list), OK);
    return list;
}

static void assert_exceptions(struct world *world, const char *const *kinds)
{
    const struct list list = all(world, &CALL_EXCEPTIONS);
    const struct call_exception *exceptions = list.rows;
    size_t count = 0;
    while (kinds[count])
        count++;
    assert_int_equal(list.count, count);
    for (size_t i = 0; i < count; i++) /* the newest come first */
        assert_string_equal(choice_name(ALLOWANCES, exceptions[i].kind), kinds[count - 1 - i]);
}
#define KINDS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define NONE ((const char *const[]){NULL})

/* ---- the lawful way ---- */

static void a_record_closes_what_the_gate_allowed(void **state)
{
    struct world *world = *state;
    struct gate_live live;
    const struct call_line line = record_of(ask(world, "1", "1001"), "1");
    gate_live(world->test.cx.now, NULL, &live);
    assert_int_equal(live.open, 1);
    take(world, &line, 1);
    gate_live(world->test.cx.now, NULL, &live);
    assert_int_equal(live.open, 0);
    assert_int_equal(gate_fold(&world->test.cx), OK);
    world->test.cx.now = at("2026-02-03T18:00:00+08:00");
    turn(world);
    assert_exceptions(world, NONE);
    assert_int_equal(all(world, &BREACHES).count, 0);
}

/* ---- C1.1, C1.2: breaches, from the gate and from records ---- */

static void what_the_gate_refused_is_a_breach_with_a_count(void **state)
{
    struct world *world = *state;
    for (int i = 0; i < 3; i++)
        (void)ask(world, arena_printf(world->test.arena, "%d", i), "9999");
    assert_int_equal(gate_fold(&world->test.cx), OK);
    turn(world);
    (void)ask(world, "later", "9999");
    assert_int_equal(gate_fold(&world->test.cx), OK);
    turn(world);
    const struct list list = all(world, &BREACHES);
    const struct breach *breach = list.rows;
    assert_int_equal(list.count, 1);
    assert_int_equal(breach->kind, REFUSED_AGENT_UNKNOWN);
    assert_int_equal(breach->source, BREACH_GATE);
    assert_int_equal(breach->count, 4);
    assert_string_equal(breach->agent_code, "9999");
}

static void what_records_show_is_a_breach_too(void **state)
{
    struct world *world = *state;
    struct call_line lines[] = {record_of(0, "1"), record_of(0, "2"), record_of(0, "3")};
    lines[0].caller = lines[1].caller = "057100001111";
    lines[2].agent = "9999";
    take(world, lines, 3);
    turn(world);
    turn(world);
    const struct list list = all(world, &BREACHES);
    const struct breach *breaches = list.rows;
    assert_int_equal(list.count, 2);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(breaches[i].source, BREACH_CALLS);
        assert_int_equal(breaches[i].count, breaches[i].kind == REFUSED_NUMBER_UNKNOWN ? 2 : 1);
    }
}

static void a_call_that_was_refused_and_made_all_the_same_is_a_breach(void **state)
{
    struct world *world = *state;
    struct call_line line = record_of(ask(world, "1", "9999"), "1");
    take(world, &line, 1);
    turn(world);
    const struct breach *breach = all(world, &BREACHES).rows;
    assert_int_equal(breach->kind, FOUND_REFUSED);
    assert_exceptions(world, NONE); /* it does not differ from what was not allowed */
}

static void list_number(struct world *world, const char *number, const char *since)
{
    int64_t key, code;
    assert_true(callee_seal(world->test.cx.keys, number, &key, &code));
    tamper(world,
           arena_printf(
               world->test.arena,
               "INSERT INTO do_not_call (version, created_at, updated_at, "
               "organisation_id, callee_key, callee_code, source, reason, until, "
               "lift_reason, state) VALUES (1, %lld, 0, %lld, %lld, %lld, 'called_person', '', "
               "'', '', 'active')",
               (long long)at(since).ms, (long long)world->client, (long long)key, (long long)code));
    callee_lists_forget();
    assert_int_equal(callee_lists_renew(&world->test.cx), OK);
}

static void C3_3_a_call_to_who_refused_is_found_however_it_was_made(void **state)
{
    struct world *world = *state;
    struct call_line lines[] = {record_of(ask(world, "1", "1001"), "1"), record_of(0, "2"),
                                record_of(0, "3")};
    list_number(world, "13900001111", "2026-02-03T10:00:00+08:00");
    lines[0].callee = lines[1].callee = "13900001111";
    lines[2].callee = lines[1].callee; /* before they said so */
    lines[2].started_at = at("2026-02-03T09:59:59+08:00");
    take(world, lines, 3);
    turn(world);
    const struct list list = all(world, &CALL_EXCEPTIONS);
    const struct call_exception *exceptions = list.rows;
    assert_exceptions(world, KINDS("callee_dnc", "other_callee"));
    assert_int_equal(exceptions[1].count, 2);
}

/* ---- exceptions ---- */

static void what_differs_from_the_decision_is_an_exception(void **state)
{
    struct world *world = *state;
    struct call_line lines[] = {record_of(ask(world, "1", "1001"), "1"),
                                record_of(ask(world, "2", "1001"), "2")};
    lines[0].agent = "1002";
    lines[1].duration_s = 7200 + 31;
    take(world, lines, 2);
    turn(world);
    assert_exceptions(world, KINDS("other_agent", "too_long"));
}

static void two_records_of_one_decision_are_an_exception(void **state)
{
    struct world *world = *state;
    const int64_t gate_id = ask(world, "1", "1001");
    const struct call_line lines[] = {record_of(gate_id, "1"), record_of(gate_id, "2")};
    take(world, lines, 1);
    take(world, lines + 1, 1);
    turn(world);
    assert_exceptions(world, KINDS("second_record"));
}

static void two_records_of_one_decision_in_one_batch_are_one_exception(void **state)
{
    struct world *world = *state;
    const int64_t gate_id = ask(world, "1", "1001");
    const struct call_line lines[] = {record_of(gate_id, "1"), record_of(gate_id, "2")};
    take(world, lines, 2);
    turn(world);
    assert_exceptions(world, KINDS("second_record"));
}

static void a_record_that_did_not_come_is_missed_and_one_that_comes_late_settles_it(void **state)
{
    struct world *world = *state;
    const int64_t gate_id = ask(world, "1", "1001");
    assert_int_equal(gate_fold(&world->test.cx), OK);
    world->test.cx.now = at("2026-02-03T12:09:00+08:00"); /* it might still be talking */
    turn(world);
    assert_exceptions(world, NONE);
    world->test.cx.now = at("2026-02-03T12:11:00+08:00");
    turn(world);
    assert_exceptions(world, KINDS("missing_record"));
    const struct call_line line = record_of(gate_id, "1");
    take(world, &line, 1);
    turn(world);
    const struct call_exception *exception = all(world, &CALL_EXCEPTIONS).rows;
    assert_int_equal(exception->count, 0);
    assert_int_equal(exception->state, EXCEPTION_SETTLED);
}

/* A rule of a minute holds by now: what may last two hours is no reason to wait for it. */
static void a_short_call_is_missed_while_longer_ones_may_still_talk(void **state)
{
    struct world *world = *state;
    (void)ask(world, "long", "1001");
    tamper(world, arena_printf(world->test.arena,
                               "INSERT INTO call_rules (version, created_at, updated_at, "
                               "organisation_id, contract_id, hours_from, hours_to, "
                               "working_days_only, per_day, per_week, max_s, record, "
                               "consent_required, gated_from, basis) VALUES (1, 0, 0, %lld, %lld, "
                               "'00:00', '23:59', FALSE, 0, 0, 60, TRUE, FALSE, '', '')",
                               (long long)world->client, (long long)centre.contract));
    centre_renew(world);
    const int64_t gate_id = ask(world, "short", "1002");
    assert_int_equal(gate_fold(&world->test.cx), OK);
    world->test.cx.now = at("2026-02-03T10:11:30+08:00");
    turn(world);
    assert_exceptions(world, KINDS("missing_record"));
    struct call_line line = record_of(gate_id, "1");
    line.agent = "1002";
    take(world, &line, 1);
    turn(world);
    const struct call_exception *exception = all(world, &CALL_EXCEPTIONS).rows;
    assert_int_equal(exception->state, EXCEPTION_SETTLED);
}

static void a_late_record_of_another_agent_settles_the_missing_one(void **state)
{
    struct world *world = *state;
    const int64_t gate_id = ask(world, "1", "1001");
    assert_int_equal(gate_fold(&world->test.cx), OK);
    world->test.cx.now = at("2026-02-03T12:11:00+08:00");
    turn(world);
    assert_exceptions(world, KINDS("missing_record"));
    struct call_line line = record_of(gate_id, "1");
    line.agent = "1002";
    line.started_at = at("2026-02-04T09:00:00+08:00"); /* its clock is wrong, too */
    take(world, &line, 1);
    turn(world);
    const struct list exceptions = all(world, &CALL_EXCEPTIONS);
    const struct call_exception *rows = exceptions.rows;
    bool settled = false;
    for (size_t i = 0; i < exceptions.count; i++)
        settled |= rows[i].kind == FOUND_MISSING && rows[i].count == 0 &&
                   rows[i].state == EXCEPTION_SETTLED;
    assert_true(settled);
}

static void a_call_at_the_end_of_a_month_is_not_missed_in_the_next(void **state)
{
    struct world *world = *state;
    world->test.cx.now = at("2026-02-28T23:59:58+08:00");
    struct call_line line = record_of(ask(world, "1", "1001"), "1");
    line.started_at = at("2026-03-01T00:00:01+08:00");
    assert_int_equal(gate_fold(&world->test.cx), OK);
    take(world, &line, 1);
    world->test.cx.now = at("2026-03-01T09:00:00+08:00");
    turn(world);
    assert_exceptions(world, NONE);
}

static void a_call_of_an_unknown_contract_is_an_exception_of_who_reports_it(void **state)
{
    struct world *world = *state;
    struct call_receipt receipt;
    struct call_line line = record_of(0, "1");
    line.contract = "HT-nowhere";
    assert_int_equal(calls_take(&world->test.cx, &line, 1, world->provider, &receipt), OK);
    turn(world);
    assert_exceptions(world, KINDS("contract_unknown"));
    act(world, outsider_of(world, world->provider, R(PROVIDER)));
    assert_int_equal(all(world, &CALL_EXCEPTIONS).count, 1);
    act(world, outsider_of(world, an_organisation(world, "Other", SIDE_PROVIDER), R(PROVIDER)));
    assert_int_equal(all(world, &CALL_EXCEPTIONS).count, 0);
}

static void what_a_later_record_sets_right_is_settled(void **state)
{
    struct world *world = *state;
    struct call_line lines[] = {record_of(0, "1"), record_of(0, "2")};
    lines[0].contract = "HT-nowhere";
    lines[1].agent = "9999";
    take(world, lines, 2);
    turn(world);
    assert_exceptions(world, KINDS("contract_unknown"));
    lines[0].contract = centre.contract_number;
    lines[1].agent = "1001";
    struct call_receipt receipt;
    assert_int_equal(calls_take(&world->test.cx, lines, 2, 0, &receipt), OK);
    assert_int_equal(receipt.revised, 2);
    turn(world);
    const struct call_exception *exception = all(world, &CALL_EXCEPTIONS).rows;
    assert_int_equal(exception->count, 0);
    assert_int_equal(exception->state, EXCEPTION_SETTLED);
    const struct breach *breach =
        all(world, &BREACHES).rows; /* stays as what was, without a call */
    assert_int_equal(breach->count, 0);
}

/* ---- explaining ---- */

struct explaining {
    struct call_exception before;
    const char *reason;
};

static enum result explain(struct ctx *cx, void *host)
{
    const struct explaining *explaining = host;
    return exception_explain(cx, &explaining->before, explaining->reason);
}

static void an_exception_is_explained_once_with_a_reason_and_opens_again_with_more(void **state)
{
    struct world *world = *state;
    struct call_line lines[] = {record_of(0, "1"), record_of(0, "2")};
    lines[0].contract = lines[1].contract = "HT-nowhere";
    take(world, lines, 1);
    turn(world);
    struct explaining explaining = {.reason = ""};
    explaining.before = *(const struct call_exception *)all(world, &CALL_EXCEPTIONS).rows;
    assert_int_equal(attempt(world, explain, &explaining), INVALID);
    explaining.reason = "The dialer had the number of last year's contract";
    assert_int_equal(attempt(world, explain, &explaining), OK);
    explaining.before = *(const struct call_exception *)all(world, &CALL_EXCEPTIONS).rows;
    assert_int_equal(attempt(world, explain, &explaining), CONFLICT);
    take(world, lines + 1, 1);
    turn(world);
    const struct call_exception *again = all(world, &CALL_EXCEPTIONS).rows;
    assert_int_equal(again->state, EXCEPTION_OPEN);
    assert_int_equal(again->count, 2);
}

static void nobody_closes_or_reads_the_decision_of_another_provider(void **state)
{
    struct world *world = *state;
    const int64_t other = an_organisation(world, "Other centre", SIDE_PROVIDER);
    const struct call_line line = record_of(ask(world, "1", "1001"), "1");
    struct call_receipt receipt;
    struct gate_live live;
    struct call_more more;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(calls_take(&world->test.cx, &line, 1, other, &receipt), OK);
        gate_live(world->test.cx.now, NULL, &live);
        assert_int_equal(live.open, 1);
    }
    take(world, &line, 1);
    gate_live(world->test.cx.now, NULL, &live);
    assert_int_equal(live.open, 0);
    assert_int_equal(gate_fold(&world->test.cx), OK);
    turn(world);
    assert_exceptions(world, KINDS("ungated", "contract_unknown"));
    assert_int_equal(all(world, &BREACHES).count, 0);
    const struct call of_another = {.id = call_id_at(line.started_at), .gate_id = line.gate_id};
    assert_int_equal(call_more_read(&world->test.cx, &of_another, &more), OK);
    assert_string_equal(more.decision.node, "dialer"); /* whoever sees its contract */
    act(world, outsider_of(world, other, R(PROVIDER)));
    assert_int_equal(call_more_read(&world->test.cx, &of_another, &more), OK);
    assert_string_equal(more.decision.node, "");
}

static int32_t breaches_of(struct world *world, enum allowance kind)
{
    const struct list list = all(world, &BREACHES);
    const struct breach *breaches = list.rows;
    int32_t count = 0;
    for (size_t i = 0; i < list.count; i++)
        count += breaches[i].kind == kind ? breaches[i].count : 0;
    return count;
}

/* An invented id, and a real one of another time: of last month, and of eleven minutes ago. */
static void C1_2_a_decision_that_was_not_about_the_call_lets_none_past_the_gate(void **state)
{
    struct world *world = *state;
    world->test.cx.now = at("2026-01-20T10:00:00+08:00");
    struct call_line lines[] = {record_of(1, "1"), record_of(ask(world, "1", "1001"), "2"),
                                record_of(0, "3"), record_of(0, "4")};
    world->test.cx.now = at("2026-02-03T10:00:00+08:00");
    lines[2].gate_id = ask(world, "2", "1001");
    lines[2].started_at = at("2026-02-03T10:11:00+08:00");
    lines[3].gate_id = ask(world, "3", "1001");
    lines[3].started_at = at("2026-02-03T10:09:00+08:00");
    take(world, lines, 4);
    turn(world);
    assert_int_equal(breaches_of(world, FOUND_UNGATED), 3);
}

static void C1_2_at_the_edge_of_a_month_the_decision_is_compared_too(void **state)
{
    struct world *world = *state;
    world->test.cx.now = at("2026-02-28T23:59:58+08:00");
    struct call_line line = record_of(ask(world, "1", "1001"), "1");
    assert_int_equal(gate_fold(&world->test.cx), OK);
    gate_close(&world->test.cx); /* and of an invented one nothing is known, either */
    centre_gate_again(world);
    line.started_at = at("2026-03-01T00:00:01+08:00");
    line.agent = "1002";
    take(world, &line, 1);
    line.uid = "2";
    line.gate_id += 1000;
    take(world, &line, 1);
    turn(world);
    assert_exceptions(world, KINDS("other_agent"));
    assert_int_equal(breaches_of(world, FOUND_UNGATED), 1);
}

/* The dialer asked for the call; who talks is to be judged before. */
static void C1_1_an_agent_that_was_never_bound_is_found_once_somebody_talked(void **state)
{
    struct world *world = *state;
    struct call_line lines[3];
    enum allowance reason;
    tamper(world, "UPDATE agents SET permissions = 'manual_dial predictive'");
    centre_renew(world);
    for (int i = 0; i < 3; i++) {
        struct gate_ask question = ask_for(arena_printf(world->test.arena, "%d", i));
        question.agent = "";
        question.mode = GATE_PREDICTIVE;
        const struct gate_answer answer = answer_to(world, &question);
        assert_true(answer.allow);
        lines[i] = record_of(answer.gate_id, question.call_id);
    }
    lines[1].talk_s = 0;
    lines[1].result = CALL_NO_ANSWER;
    assert_int_equal(gate_bind(&world->test.cx, 0, lines[2].gate_id, "1001", &reason), OK);
    assert_int_equal(reason, ALLOWED);
    take(world, lines, 3);
    turn(world);
    assert_exceptions(world, KINDS("other_agent"));
    const struct call_exception *exception = all(world, &CALL_EXCEPTIONS).rows;
    assert_int_equal(exception->count, 1);
}

static void revise(struct world *world, struct call_line *line, int32_t talk_s)
{
    struct call_receipt receipt;
    line->talk_s = talk_s;
    assert_int_equal(calls_take(&world->test.cx, line, 1, 0, &receipt), OK);
    assert_int_equal(receipt.revised, 1);
    turn(world);
}

/* The number is permitted from March on by now; what was right before is not wrong since. */
static void C1_2_a_call_that_is_revised_is_judged_by_what_was_permitted_when_it_came(void **state)
{
    struct world *world = *state;
    struct call_line line = record_of(0, "1"), wrong = record_of(0, "2");
    wrong.caller = "057100001111";
    take(world, &line, 1);
    tamper(world, "UPDATE number_permissions SET \"from\" = '2026-03-01'");
    centre_renew(world);
    revise(world, &line, 11);
    assert_int_equal(all(world, &BREACHES).count, 0);
    take(world, &wrong, 1);
    turn(world);
    assert_int_equal(breaches_of(world, REFUSED_NUMBER_UNKNOWN), 1);
    line.agent = "1002"; /* another call than was judged */
    revise(world, &line, 12);
    assert_int_equal(breaches_of(world, REFUSED_NUMBER_NOT_PERMITTED), 1);
    tamper(world, "UPDATE number_permissions SET \"from\" = '2026-01-01'");
    centre_renew(world);
    revise(world, &line, 13); /* nor is what was wrong right */
    assert_int_equal(breaches_of(world, REFUSED_NUMBER_NOT_PERMITTED), 1);
}

/* However old: behind three months that are newer, and once more when all was carried. */
static void C1_1_a_record_of_any_month_is_a_breach(void **state)
{
    static const char *const STARTS[] = {"2026-02-03T09:00:00+08:00", "2026-01-03T09:00:00+08:00",
                                         "2025-12-03T09:00:00+08:00", "2025-02-03T09:00:00+08:00",
                                         "2024-02-03T09:00:00+08:00"};
    struct world *world = *state;
    for (int i = 0; i < 5; i++) {
        struct call_line line = record_of(0, arena_printf(world->test.arena, "%d", i));
        line.agent = "9999";
        line.started_at = at(STARTS[i]);
        take(world, &line, 1);
    }
    turn(world);
    assert_int_equal(breaches_of(world, REFUSED_AGENT_UNKNOWN), 2);
    assert_int_equal(breaches_of(world, REFUSED_CONTRACT), 3); /* before it began */
    struct call_line again = record_of(0, "again");
    again.agent = "9998";
    again.started_at = at(STARTS[4]);
    take(world, &again, 1);
    turn(world);
    assert_int_equal(breaches_of(world, REFUSED_CONTRACT), 4);
}

static void X4_a_decision_named_after_the_number_called_does_not_tell_it(void **state)
{
    struct world *world = *state;
    struct call_decision decision;
    const int64_t gate_id = ask(world, "out-13812345678-17", "1001");
    assert_int_equal(gate_fold(&world->test.cx), OK);
    assert_int_equal(call_decision_read(&world->test.cx, gate_id, centre.contract, &decision), OK);
    assert_string_equal(decision.call_id, "out-138****5678-17");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_record_closes_what_the_gate_allowed),
        TEST(what_the_gate_refused_is_a_breach_with_a_count),
        TEST(what_records_show_is_a_breach_too),
        TEST(a_call_that_was_refused_and_made_all_the_same_is_a_breach),
        TEST(C3_3_a_call_to_who_refused_is_found_however_it_was_made),
        TEST(what_differs_from_the_decision_is_an_exception),
        TEST(two_records_of_one_decision_are_an_exception),
        TEST(two_records_of_one_decision_in_one_batch_are_one_exception),
        TEST(a_record_that_did_not_come_is_missed_and_one_that_comes_late_settles_it),
        TEST(a_short_call_is_missed_while_longer_ones_may_still_talk),
        TEST(a_late_record_of_another_agent_settles_the_missing_one),
        TEST(a_call_at_the_end_of_a_month_is_not_missed_in_the_next),
        TEST(a_call_of_an_unknown_contract_is_an_exception_of_who_reports_it),
        TEST(nobody_closes_or_reads_the_decision_of_another_provider),
        TEST(what_a_later_record_sets_right_is_settled),
        TEST(an_exception_is_explained_once_with_a_reason_and_opens_again_with_more),
        TEST(C1_2_a_decision_that_was_not_about_the_call_lets_none_past_the_gate),
        TEST(C1_2_at_the_edge_of_a_month_the_decision_is_compared_too),
        TEST(C1_1_an_agent_that_was_never_bound_is_found_once_somebody_talked),
        TEST(C1_2_a_call_that_is_revised_is_judged_by_what_was_permitted_when_it_came),
        TEST(C1_1_a_record_of_any_month_is_a_breach),
        TEST(X4_a_decision_named_after_the_number_called_does_not_tell_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
