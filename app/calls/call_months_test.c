/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The end of a month of calls. Each test has a month of its own. */
#include "app/calls/call_months.h"

#include "app/calls/agent_state.h"
#include "app/calls/call_day.h"
#include "app/calls/test_centre.h"
#include "app/records/trail.h"
#include "jobs/worker.h"

#include <stdio.h>

static struct worker *worker;

static struct instant test_now(void)
{
    return at("2026-02-03T10:00:00+08:00");
}

static enum result no_turn(struct worker *idle, struct ctx *cx, bool *out_found)
{
    *out_found = false;
    return OK;
}

static int set_up(void **state)
{
    centre_open(state);
    struct world *world = *state;
    const struct clockwork_host host = {.store = world->test.store,
                                        .actor = &ACTOR_SYSTEM,
                                        .keys = world->test.keys,
                                        .now = test_now,
                                        .finish = trail_flush};
    worker = worker_start("test", no_turn, &host);
    return 0;
}

static int tear_down(void **state)
{
    worker_stop(worker);
    return world_close(state);
}
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* ---- short ways ---- */

static struct call_receipt take(struct world *world, const char *uid, const char *contract,
                                const char *start)
{
    const struct call_line line = {.row = 1,
                                   .source = "dialer",
                                   .uid = uid,
                                   .contract = contract,
                                   .agent = "1001",
                                   .caller = "057188881234",
                                   .callee = "13812345678",
                                   .started_at = at(start),
                                   .duration_s = 30,
                                   .talk_s = 10,
                                   .result = CALL_CONTACTED,
                                   .recording = ""};
    struct call_line *lines = ARENA_NEW(world->test.arena, struct call_line);
    struct call_receipt receipt;
    *lines = line;
    assert_int_equal(calls_take(&world->test.cx, lines, 1, 0, &receipt), OK);
    return receipt;
}

/* The worker looks on that day. */
static void look_on(struct world *world, struct date day)
{
    bool found;
    world->test.cx.now = instant_of(day, 600, SHANGHAI_OFFSET_MIN);
    world->test.cx.db = store_reader(world->test.store);
    assert_int_equal(call_months_turn(worker, &world->test.cx, &found), OK);
}

static struct call_month month_now(struct world *world)
{
    struct call_month *months;
    size_t count;
    assert_int_equal(call_months(&world->test.cx, &months, &count), OK);
    assert_int_equal(count, 1);
    return months[0];
}

static void keep_calls(struct world *world, int64_t contract, int32_t days)
{
    struct retention_rule rule = {.organisation_id = world->client,
                                  .contract_id = contract,
                                  .kind = RETAIN_CALLS,
                                  .days = days,
                                  .basis = "Contract, 7.2"};
    assert_int_equal(add(world, &RETENTION_RULES, &rule), OK);
}

static size_t certificates(struct world *world, const char *subject,
                           struct deletion_certificate **out)
{
    size_t count;
    assert_int_equal(certificates_of(&world->test.cx, RETAIN_CALLS, subject, out, &count), OK);
    return count;
}

static int32_t dials(struct world *world, struct date from, struct date to)
{
    struct call_figure *figures;
    size_t count;
    assert_int_equal(
        call_figures(&world->test.cx, &centre.contract, 1, from, to, BY_AGENT, &figures, &count),
        OK);
    return count ? figures[0].dials : 0;
}

static size_t listed(struct world *world)
{
    const struct list_query query = {.limit = 50};
    struct list list;
    assert_int_equal(record_list(&world->test.cx, &CALLS, &query, &list), OK);
    return list.count;
}

/* ---- the end ---- */

static void C2_4_a_month_goes_after_its_time_with_a_certificate_and_its_sums_stay(void **state)
{
    struct world *world = *state;
    struct deletion_certificate *certificate;
    const struct date last = date_of(2025, 1, 31);
    keep_calls(world, centre.contract, 60);
    take(world, "a", centre.contract_number, "2025-01-07T09:00:00+08:00");
    take(world, "b", centre.contract_number, "2025-01-31T23:59:59+08:00");
    look_on(world, date_add(last, 60));
    assert_int_equal(listed(world), 2);
    assert_int_equal(certificates(world, "2025-01", &certificate), 0);
    look_on(world, date_add(last, 61));
    assert_int_equal(listed(world), 0);
    assert_int_equal(certificates(world, "2025-01", &certificate), 1);
    assert_int_equal(certificate->state, CERTIFICATE_DELETED);
    assert_int_equal(certificate->count, 2);
    assert_int_equal(strlen(certificate->sha256), 64);
    assert_int_equal(certificate->rule_days, 60);
    assert_int_equal(certificate->contract_id, centre.contract);
    assert_int_equal(dials(world, date_of(2025, 1, 1), last), 2);
    assert_int_equal(month_now(world).state, MONTH_DELETED);
}

static void C2_4_what_comes_for_a_deleted_month_is_refused_by_name(void **state)
{
    struct world *world = *state;
    keep_calls(world, centre.contract, 30);
    take(world, "a", centre.contract_number, "2025-02-07T09:00:00+08:00");
    const struct list_query query = {.limit = 1};
    struct list list;
    assert_int_equal(record_list(&world->test.cx, &CALLS, &query, &list), OK);
    const int64_t id = ((const struct call *)list.rows)->id;
    look_on(world, date_of(2025, 4, 1));
    struct call_receipt receipt =
        take(world, "a", centre.contract_number, "2025-02-07T09:00:00+08:00");
    assert_int_equal(receipt.accepted + receipt.duplicates, 0);
    assert_int_equal(receipt.rejected_count, 1);
    assert_string_equal(receipt.rejected[0].code, "month_over");
    assert_int_equal(dials(world, date_of(2025, 2, 1), date_of(2025, 2, 28)), 1);
    struct call call;
    assert_int_equal(record_get(&world->test.cx, &CALLS, id, &call), NOT_FOUND);
    assert_code(world, "calls.deleted");
    struct month_deleted *deleted;
    size_t count;
    assert_int_equal(months_deleted(&world->test.cx, month_of(date_of(2025, 1, 1)),
                                    month_of(date_of(2025, 3, 1)), &deleted, &count),
                     OK);
    assert_int_equal(count, 1);
    assert_int_equal(deleted->month.months, month_of(date_of(2025, 2, 1)).months);
}

static void C2_4_states_for_a_deleted_month_are_refused_and_its_sums_stay(void **state)
{
    struct world *world = *state;
    struct state_line line = {.row = 1,
                              .source = "dialer",
                              .uid = "a",
                              .contract = centre.contract_number,
                              .agent = "1001",
                              .at = at("2024-06-07T09:00:00+08:00"),
                              .until = at("2024-06-07T10:00:00+08:00"),
                              .state = WORK_IDLE,
                              .reason = ""};
    struct call_receipt receipt;
    keep_calls(world, centre.contract, 30);
    take(world, "a", centre.contract_number, "2024-06-07T09:00:00+08:00");
    assert_int_equal(agent_states_take(&world->test.cx, &line, 1, 0, &receipt), OK);
    look_on(world, date_of(2024, 8, 1));
    line.uid = "b";
    line.until = at("2024-06-07T09:05:00+08:00");
    assert_int_equal(agent_states_take(&world->test.cx, &line, 1, 0, &receipt), OK);
    assert_int_equal(receipt.accepted + receipt.duplicates, 0);
    assert_int_equal(receipt.rejected_count, 1);
    assert_string_equal(receipt.rejected[0].code, "month_over");
    const struct list_query query = {.limit = 10};
    struct list list;
    assert_int_equal(record_list(&world->test.cx, &CALL_DAYS, &query, &list), OK);
    assert_int_equal(list.count, 1);
    assert_int_equal(((const struct call_day *)list.rows)->idle_s, 3600);
}

static void the_longest_rule_of_a_month_counts(void **state)
{
    struct world *world = *state;
    keep_calls(world, centre.contract, 30);
    take(world, "a", centre.contract_number, "2025-03-07T09:00:00+08:00");
    take(world, "b", "HT-NOBODY-KNOWS", "2025-03-07T09:00:01+08:00");
    look_on(world, date_of(2025, 9, 1));
    assert_int_equal(listed(world), 2); /* unknown contracts have the usual 731 days */
    assert_int_equal(month_now(world).days, 731);
    keep_calls(world, 0, 90);
    look_on(world, date_of(2025, 9, 2));
    struct deletion_certificate *both;
    assert_int_equal(certificates(world, "2025-03", &both), 2);
    assert_string_not_equal(both[0].sha256, both[1].sha256);
    assert_int_equal(listed(world), 0);
}

static enum result release(struct ctx *cx, void *host)
{
    return hold_release(cx, host, "Settled");
}

static void X4_a_month_that_is_held_stays_until_the_hold_ends(void **state)
{
    struct world *world = *state;
    struct legal_hold hold = {.organisation_id = world->client,
                              .contract_id = centre.contract,
                              .from = date_of(2025, 4, 30),
                              .reason = "Case 12"};
    keep_calls(world, centre.contract, 30);
    take(world, "a", centre.contract_number, "2025-04-07T09:00:00+08:00");
    assert_int_equal(add(world, &LEGAL_HOLDS, &hold), OK);
    look_on(world, date_of(2025, 12, 1));
    assert_int_equal(listed(world), 1);
    assert_int_equal(month_now(world).state, MONTH_HELD);
    assert_int_equal(month_now(world).hold_id, hold.id);
    assert_int_equal(take(world, "b", centre.contract_number, "2025-04-08T09:00:00+08:00").accepted,
                     1);
    get(world, &LEGAL_HOLDS, hold.id, &hold);
    assert_int_equal(attempt(world, release, &hold), OK);
    look_on(world, date_of(2025, 12, 2));
    assert_int_equal(listed(world), 0);
}

static enum result decide(struct db *db, void *host)
{
    struct ctx cx = *(const struct ctx *)host;
    const struct query decision =
        db_query("decision",
                 "INSERT INTO gate_decisions (id, node, call_id, contract_id, callee_key, "
                 "callee_code, mode, reason, max_s) VALUES ($1, 'k1', '1', $2, 1, 1, 'manual', "
                 "'agent_unknown', 0)",
                 2);
    cx.db = db;
    return db_change_one(
        &cx, &decision, PARAMS(P(call_id_at(at("2024-09-07T09:00:00+08:00"))), P(centre.contract)));
}

/* Nothing but what the gate decided: no call, no sums. */
static void X4_a_month_of_decisions_alone_has_its_time_its_hold_and_its_certificate(void **state)
{
    struct world *world = *state;
    struct deletion_certificate *certificate;
    struct store *store;
    struct legal_hold hold = {
        .organisation_id = world->client, .contract_id = centre.contract, .reason = "Case 12"};
    keep_calls(world, centre.contract, 60);
    assert_int_equal(
        months_store(&world->test.cx, calls_months(), month_of(date_of(2024, 9, 1)), true, &store),
        OK);
    assert_int_equal(store_write_now(store, decide, &world->test.cx), OK);
    months_release(calls_months(), store);
    look_on(world, date_of(2024, 11, 29));
    assert_int_equal(month_now(world).state, MONTH_KEPT);
    assert_int_equal(add(world, &LEGAL_HOLDS, &hold), OK);
    look_on(world, date_of(2024, 12, 1));
    assert_int_equal(month_now(world).state, MONTH_HELD);
    get(world, &LEGAL_HOLDS, hold.id, &hold);
    assert_int_equal(attempt(world, release, &hold), OK);
    look_on(world, date_of(2024, 12, 2));
    assert_int_equal(month_now(world).state, MONTH_DELETED);
    assert_int_equal(certificates(world, "2024-09", &certificate), 1);
    assert_int_equal(certificate->contract_id, centre.contract);
}

/* Killed between the certificates and the deletion. */
static enum result certify(struct ctx *cx, void *host)
{
    return certificate_add(cx, host);
}

static void a_deletion_that_was_cut_short_is_finished(void **state)
{
    struct world *world = *state;
    struct deletion_certificate certificate = {.kind = RETAIN_CALLS,
                                               .subject = "2025-05",
                                               .contract_id = centre.contract,
                                               .count = 1,
                                               .sha256 = "ab",
                                               .rule_basis = ""},
                                *known;
    struct legal_hold hold = {.organisation_id = world->client, .reason = "Too late"};
    take(world, "a", centre.contract_number, "2025-05-07T09:00:00+08:00");
    assert_int_equal(attempt(world, certify, &certificate), OK);
    assert_int_equal(add(world, &LEGAL_HOLDS, &hold), OK); /* what is decided is decided */
    look_on(world, date_of(2027, 12, 1));
    assert_int_equal(listed(world), 0);
    assert_int_equal(certificates(world, "2025-05", &known), 1);
    assert_int_equal(known->state, CERTIFICATE_DELETED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(C2_4_a_month_goes_after_its_time_with_a_certificate_and_its_sums_stay),
        TEST(C2_4_what_comes_for_a_deleted_month_is_refused_by_name),
        TEST(C2_4_states_for_a_deleted_month_are_refused_and_its_sums_stay),
        TEST(the_longest_rule_of_a_month_counts),
        TEST(X4_a_month_that_is_held_stays_until_the_hold_ends),
        TEST(X4_a_month_of_decisions_alone_has_its_time_its_hold_and_its_certificate),
        TEST(a_deletion_that_was_cut_short_is_finished),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
