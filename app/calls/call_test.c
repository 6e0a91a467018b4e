/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/calls/call.sql.h"
#include "app/calls/call_months.sql.h"
#include "app/calls/call_more.h"
#include "app/calls/call_private.h"
#include "app/calls/test_centre.h"
#include "app/gate/call_rule.h"

#include <stdio.h>

static struct call_line line(const char *uid, const char *agent, const char *start)
{
    return (struct call_line){
        .row = 1,
        .source = "dialer",
        .uid = uid,
        .contract = centre.contract_number,
        .agent = agent,
        .caller = "0571-8888 1234",
        .callee = "13812345678",
        .started_at = at(start),
        .duration_s = 40,
        .talk_s = 25,
        .result = CALL_SUCCESS,
        .recording = "",
    };
}

static struct call_receipt take_for(struct world *world, const struct call_line *lines,
                                    size_t count, int64_t reporter)
{
    struct call_receipt receipt;
    assert_int_equal(calls_take(&world->test.cx, lines, count, reporter, &receipt), OK);
    return receipt;
}

static struct call_receipt take(struct world *world, const struct call_line *lines, size_t count)
{
    return take_for(world, lines, count, 0);
}

static struct list list(struct world *world, const char *const *conditions, int limit,
                        const char *after)
{
    struct list_query query = {.limit = limit, .after = after};
    struct list out;
    for (; *conditions; conditions += 2)
        assert_true(list_condition(&world->test.cx, &CALLS, conditions[0], conditions[1], &query));
    assert_int_equal(record_list(&world->test.cx, &CALLS, &query, &out), OK);
    return out;
}
#define WHERE(...) ((const char *const[]){__VA_ARGS__, NULL})
#define ALL ((const char *const[]){NULL})

static struct call_figure *figures(struct world *world, enum figures_by by, size_t *out_count)
{
    struct call_figure *out;
    assert_int_equal(call_figures(&world->test.cx, &centre.contract, 1, date_of(2026, 1, 1),
                                  date_of(2026, 3, 31), by, &out, out_count),
                     OK);
    return out;
}

/* ---- taking in ---- */

static void a_call_is_kept_once_however_often_it_is_sent(void **state)
{
    struct world *world = *state;
    struct call_line lines[] = {line("a", "1001", "2026-02-03T09:00:00+08:00"),
                                line("b", "1001", "2026-02-03T09:00:00+08:00"),
                                line("a", "1001", "2026-02-03T09:00:00+08:00")};
    struct call_receipt receipt = take(world, lines, 3);
    assert_int_equal(receipt.accepted, 2);
    assert_int_equal(receipt.duplicates, 1);
    receipt = take(world, lines, 3);
    assert_int_equal(receipt.accepted, 0);
    assert_int_equal(receipt.duplicates, 3);
    size_t count;
    const struct call_figure *figure = figures(world, BY_AGENT, &count);
    assert_int_equal(count, 1);
    assert_string_equal(figure->key, "1001");
    assert_int_equal(figure->dials, 2);
    assert_int_equal(figure->success, 2);
    assert_int_equal(figure->talk_s, 50);
    assert_int_equal(figure->duration_s, 80);
}

/* Slots are 13 bits of a hash: among these some meet, and each is found again behind the other. */
static void calls_of_one_millisecond_find_a_place_each(void **state)
{
    enum { COUNT = 1500 };
    struct world *world = *state;
    struct call_line *lines = arena_array(world->test.arena, COUNT, sizeof *lines);
    for (int i = 0; i < COUNT; i++)
        lines[i] = line(arena_printf(world->test.arena, "call-%d", i), "1001",
                        "2026-02-03T09:00:00+08:00");
    assert_int_equal(take(world, lines + COUNT / 2, COUNT / 2).accepted, COUNT / 2);
    struct call_receipt receipt = take(world, lines, COUNT);
    assert_int_equal(receipt.accepted, COUNT / 2);
    assert_int_equal(receipt.duplicates, COUNT / 2);
    for (int i = 0; i < COUNT; i += 97)
        assert_int_equal(take(world, lines + i, 1).duplicates, 1);
    size_t count;
    assert_int_equal(figures(world, BY_HOUR, &count)->dials, COUNT);
}

static void a_full_millisecond_refuses_its_line_and_no_other(void **state)
{
    enum { SLOTS = 1 << CALL_SLOT_BITS };
    struct world *world = *state;
    struct call_line *lines = arena_array(world->test.arena, SLOTS + 2, sizeof *lines);
    for (int i = 0; i < SLOTS + 2; i++)
        lines[i] = line(arena_printf(world->test.arena, "call-%d", i), "1001",
                        "2026-02-03T09:00:00+08:00");
    lines[SLOTS + 1].started_at.ms += 1;
    assert_int_equal(take(world, lines, SLOTS).accepted, SLOTS);
    const struct call_receipt receipt = take(world, lines + SLOTS, 2);
    assert_int_equal(receipt.accepted, 1);
    assert_int_equal(receipt.rejected_count, 1);
    assert_string_equal(receipt.rejected[0].code, "moment_full");
}

static void the_same_uid_of_another_source_is_another_call(void **state)
{
    struct world *world = *state;
    struct call_line lines[] = {line("a", "1001", "2026-02-03T09:00:00+08:00"),
                                line("a", "1001", "2026-02-03T09:00:00+08:00")};
    lines[1].source = "other";
    assert_int_equal(take(world, lines, 2).accepted, 2);
}

static void each_month_takes_its_share(void **state)
{
    struct world *world = *state;
    struct call_line lines[] = {line("a", "1001", "2026-01-31T23:59:59+08:00"),
                                line("b", "1001", "2026-02-01T00:00:00+08:00"),
                                line("c", "1002", "2026-03-01T08:00:00+08:00")};
    const struct month *months;
    size_t count;
    assert_int_equal(take(world, lines, 3).accepted, 3);
    assert_int_equal(months_list(&world->test.cx, world->months, &months, &count), OK);
    assert_int_equal(count, 3);
    const struct call_figure *days = figures(world, BY_DAY, &count);
    assert_int_equal(count, 3);
    assert_string_equal(days[0].key, "2026-01-31");
    assert_string_equal(days[1].key, "2026-02-01");
    assert_string_equal(days[2].key, "2026-03-01");
}

static void bad_lines_are_named_and_the_good_ones_kept(void **state)
{
    struct world *world = *state;
    struct call_line lines[] = {line("a", "1001", "2026-02-03T09:00:00+08:00"),
                                line("b", "1001", "2026-02-03T09:00:00+08:00")};
    lines[1].row = 7;
    lines[1].fault = "malformed";
    struct call_receipt receipt = take(world, lines, 2);
    assert_int_equal(receipt.accepted, 1);
    assert_int_equal(receipt.rejected_count, 1);
    assert_int_equal(receipt.rejected[0].row, 7);
    assert_string_equal(receipt.rejected[0].code, "malformed");
}

/* ---- C1.1, C1.2: what nobody permitted was called all the same ---- */

static enum result count_findings(struct ctx *cx, void *host)
{
    struct query query =
        db_query("findings", "SELECT count(*) FROM call_findings WHERE kind = $1", 1);
    struct {
        const char *kind;
        int64_t count;
    } *asked = host;
    return db_int(cx, &query, PARAMS(P(asked->kind)), &asked->count);
}

static int64_t findings(struct world *world, const char *kind)
{
    struct {
        const char *kind;
        int64_t count;
    } asked = {kind, 0};
    assert_int_equal(months_read(&world->test.cx, world->months, month_of(date_of(2026, 2, 3)),
                                 count_findings, &asked),
                     OK);
    return asked.count;
}

static void calls_that_nobody_permitted_are_kept_and_found(void **state)
{
    struct world *world = *state;
    struct call_line lines[5];
    for (int i = 0; i < 5; i++)
        lines[i] =
            line(arena_printf(world->test.arena, "%d", i), "1001", "2026-02-03T09:00:00+08:00");
    lines[1].agent = "9999";
    lines[2].caller = "057100000000";
    lines[3].contract = "HT-unknown";
    lines[4].agent = "";
    assert_int_equal(take(world, lines, 5).accepted, 5);
    assert_int_equal(findings(world, "agent_unknown"), 2);
    assert_int_equal(findings(world, "caller_unknown"), 1);
    assert_int_equal(findings(world, "contract_unknown"), 1);
    assert_int_equal(findings(world, "ok"), 0);
    take(world, lines, 5);
    assert_int_equal(findings(world, "agent_unknown"), 2);
}

static void C1_2_a_call_past_the_gate_is_found_from_its_day_on(void **state)
{
    struct world *world = *state;
    struct call_receipt receipt;
    struct call_rule rule = {.contract_id = centre.contract, .gated_from = date_of(2026, 2, 3)};
    call_rule_begin(&rule);
    assert_int_equal(add(world, &CALL_RULES, &rule), OK);
    centre_renew(world);
    const struct call_line lines[] = {line("before", "1001", "2026-02-02T23:59:59+08:00"),
                                      line("after", "1001", "2026-02-03T00:00:00+08:00")};
    assert_int_equal(calls_take(&world->test.cx, lines, 2, 0, &receipt), OK);
    assert_int_equal(findings(world, "ungated"), 1);
}

static void nobody_writes_into_the_figures_of_another_provider(void **state)
{
    struct world *world = *state;
    const int64_t other = an_organisation(world, "Other centre", SIDE_PROVIDER);
    struct call_line lines[] = {line("a", "1001", "2026-02-03T09:00:00+08:00")};
    size_t count;
    assert_int_equal(take_for(world, lines, 1, other).accepted, 1);
    figures(world, BY_DAY, &count);
    assert_int_equal(count, 0);
    assert_int_equal(findings(world, "contract_unknown"), 1);
    assert_int_equal(take_for(world, lines, 1, world->provider).accepted, 1);
    figures(world, BY_DAY, &count);
    assert_int_equal(count, 1);
}

/* ---- judged anew ---- */

#define CONNECTED "SUM(CASE WHEN result <= 2 THEN 1 ELSE 0 END)"
#define SUCCESSES "SUM(CASE WHEN result = 1 THEN 1 ELSE 0 END)"

#define NUMBER_OF_CONTRACT "COALESCE(number_id, 0) * 1000000 + COALESCE(contract_id, 0)"

/* Rows of a roll-up that a count of the calls does not give. */
static enum result count_wrong_sums(struct ctx *cx, void *host)
{
    static const char *const ROLLUPS[][3] = {
        {"agent_days", "agent_id", "agent_id"},
        {"number_days", NUMBER_OF_CONTRACT, NUMBER_OF_CONTRACT},
        {"contract_hours", "hour", "((id / 8192 + 1577836800000) / 3600000 + 8) % 24"},
    };
    int64_t *wrong = host;
    *wrong = 0;
    for (size_t i = 0; i < sizeof ROLLUPS / sizeof ROLLUPS[0]; i++) {
        int64_t count;
        struct query query = db_query(
            "recount",
            arena_printf(cx->mem,
                         "SELECT count(*) FROM (SELECT %s, SUM(dials), SUM(connected), "
                         "SUM(success) FROM %s GROUP BY 1 EXCEPT SELECT %s, COUNT(*), " CONNECTED
                         ", " SUCCESSES " FROM calls GROUP BY 1) d",
                         ROLLUPS[i][1], ROLLUPS[i][0], ROLLUPS[i][2]),
            0);
        TRY(db_int(cx, &query, NO_PARAMS, &count));
        *wrong += count;
    }
    return OK;
}

static void assert_sums_are_a_recount(struct world *world)
{
    int64_t wrong = -1;
    assert_int_equal(months_read(&world->test.cx, world->months, month_of(date_of(2026, 2, 3)),
                                 count_wrong_sums, &wrong),
                     OK);
    assert_int_equal(wrong, 0);
}

static void a_call_that_is_struck_takes_its_figures_with_it(void **state)
{
    static const bool STRUCK[] = {true, true, false, false};
    static const int32_t SUCCESS[] = {1, 1, 2, 2};
    struct world *world = *state;
    struct call_line lines[] = {line("a", "1001", "2026-02-03T09:00:00+08:00"),
                                line("b", "1001", "2026-02-03T09:59:59+08:00"),
                                line("c", "9999", "2026-02-03T10:00:00+08:00")};
    enum call_result result;
    lines[1].result = CALL_BUSY;
    const int64_t id =
        (take(world, lines, 3), ((const struct call *)list(world, ALL, 50, NULL).rows)[2].id);
    for (size_t i = 0; i < sizeof STRUCK / sizeof STRUCK[0]; i++) {
        struct call call;
        size_t count;
        assert_int_equal(call_strike(&world->test.cx, id, STRUCK[i], &result), OK);
        assert_int_equal(result, STRUCK[i] ? CALL_CONTACTED : CALL_SUCCESS);
        get(world, &CALLS, id, &call);
        assert_int_equal(call.result, result);
        assert_sums_are_a_recount(world);
        const struct call_figure *day = figures(world, BY_DAY, &count);
        assert_int_equal(day->success, SUCCESS[i]);
        assert_int_equal(day->connected, 2);
        assert_int_equal(day->dials, 3);
    }
    assert_int_equal(call_strike(&world->test.cx, id + 1, true, &result), NOT_FOUND);
}

/* One number, two contracts, one day; then the second one's call turns out to be the first one's.
 */
static void C2_4_a_numbers_day_is_counted_for_each_contract_by_itself(void **state)
{
    struct world *world = *state;
    struct contract other;
    struct call_figure *figure;
    size_t count;
    const int64_t other_id = a_contract(world, world->project, world->provider);
    tamper(world, "UPDATE contracts SET service = 'outbound_call', state = 'active'");
    get(world, &CONTRACTS, other_id, &other);
    centre_renew(world);
    struct call_line lines[] = {line("a", "1001", "2026-02-03T09:00:00+08:00"),
                                line("b", "1001", "2026-02-03T09:01:00+08:00")};
    lines[1].contract = other.number;
    assert_int_equal(take(world, lines, 2).accepted, 2);
    assert_sums_are_a_recount(world);
    assert_int_equal(figures(world, BY_NUMBER, &count)->dials, 1);
    assert_int_equal(call_figures(&world->test.cx, &other_id, 1, date_of(2026, 2, 1),
                                  date_of(2026, 2, 28), BY_NUMBER, &figure, &count),
                     OK);
    assert_int_equal(count, 1);
    assert_int_equal(figure->dials, 1);
    lines[1].contract = centre.contract_number;
    assert_int_equal(take(world, lines, 2).revised, 1);
    assert_sums_are_a_recount(world);
    assert_int_equal(figures(world, BY_NUMBER, &count)->dials, 2);
}

/* ---- the same call said otherwise ---- */

static const struct call *only(struct world *world)
{
    const struct list all = list(world, ALL, 50, NULL);
    assert_int_equal(all.count, 1);
    return all.rows;
}

static void C2_4_a_record_that_says_something_else_revises_the_call(void **state)
{
    struct world *world = *state;
    struct call_line first = line("a", "", "2026-02-03T09:00:00+08:00");
    struct call_more more;
    size_t count;
    first.result = CALL_NO_ANSWER;
    first.duration_s = first.talk_s = 0;
    struct call_line then = line("a", "1001", "2026-02-03T09:00:00+08:00");
    assert_int_equal(take(world, &first, 1).accepted, 1);
    const int64_t id = only(world)->id;
    for (int i = 0; i < 2; i++) { /* said once more it is a duplicate again */
        const struct call_receipt receipt = take(world, &then, 1);
        assert_int_equal(receipt.accepted, 0);
        assert_int_equal(receipt.revised, i == 0);
        assert_int_equal(receipt.duplicates, i == 1);
    }
    const struct call *call = only(world);
    assert_int_equal(call->id, id);
    assert_int_equal(call->result, CALL_SUCCESS);
    assert_string_equal(call->agent_code, "1001");
    assert_sums_are_a_recount(world);
    const struct call_figure *by_agent = figures(world, BY_AGENT, &count);
    assert_int_equal(by_agent[count - 1].dials, 1);
    assert_int_equal(by_agent[count - 1].success, 1);
    assert_int_equal(by_agent[count - 1].talk_s, 25);
    assert_int_equal(call_more_read(&world->test.cx, call, &more), OK);
    assert_int_equal(more.revision_count, 1);
    assert_int_equal(more.revisions[0].result, CALL_NO_ANSWER);
    assert_string_equal(more.revisions[0].agent_code, "");
    assert_int_equal(more.found_count, 0); /* it had no agent, and has one */
}

static void C2_4_records_of_one_batch_revise_in_their_order(void **state)
{
    struct world *world = *state;
    struct call_line lines[4];
    for (int i = 0; i < 4; i++) {
        lines[i] = line("a", "1001", "2026-02-03T09:00:00+08:00");
        lines[i].row = i + 1;
        lines[i].talk_s = 10 + i % 2;
    }
    const struct call_receipt receipt = take(world, lines, 4);
    assert_int_equal(receipt.accepted, 1);
    assert_int_equal(receipt.revised, 3);
    assert_int_equal(only(world)->talk_s, 11);
    assert_sums_are_a_recount(world);
}

static void strike(struct world *world, bool is_struck, enum call_result result)
{
    enum call_result counts;
    assert_int_equal(call_strike(&world->test.cx, only(world)->id, is_struck, &counts), OK);
    assert_int_equal(counts, result);
    assert_int_equal(only(world)->result, result);
    assert_sums_are_a_recount(world);
}

static void say(struct world *world, struct call_line *line_, enum call_result says,
                enum call_result result)
{
    line_->result = says;
    assert_int_equal(take(world, line_, 1).revised, 1);
    assert_int_equal(take(world, line_, 1).duplicates, 1);
    assert_int_equal(only(world)->result, result);
    assert_sums_are_a_recount(world);
}

static void C2_4_what_was_struck_stays_struck_whatever_is_sent_again(void **state)
{
    struct world *world = *state;
    struct call_line line_ = line("a", "1001", "2026-02-03T09:00:00+08:00");
    take(world, &line_, 1);
    strike(world, true, CALL_CONTACTED);
    assert_int_equal(take(world, &line_, 1).duplicates, 1);
    line_.talk_s = 24;
    say(world, &line_, CALL_SUCCESS, CALL_CONTACTED);
    assert_int_equal(only(world)->talk_s, 24);
    say(world, &line_, CALL_NO_ANSWER, CALL_NO_ANSWER);
    say(world, &line_, CALL_SUCCESS, CALL_CONTACTED);
    strike(world, false, CALL_SUCCESS); /* an appeal gave it back */
    say(world, &line_, CALL_BUSY, CALL_BUSY);
}

static void C2_4_a_call_that_was_struck_as_no_success_never_becomes_one(void **state)
{
    struct world *world = *state;
    struct call_line line_ = line("a", "1001", "2026-02-03T09:00:00+08:00");
    line_.result = CALL_CONTACTED;
    take(world, &line_, 1);
    strike(world, true, CALL_CONTACTED);
    say(world, &line_, CALL_SUCCESS, CALL_CONTACTED);
    say(world, &line_, CALL_NO_ANSWER, CALL_NO_ANSWER);
    strike(world, false, CALL_NO_ANSWER); /* an appeal gives nothing back that its record took */
}

static void C2_4_a_published_month_keeps_its_calls_and_shows_the_correction(void **state)
{
    struct world *world = *state;
    struct call_line line_ = line("a", "1001", "2026-02-03T09:00:00+08:00");
    take(world, &line_, 1);
    centre_month_published(world);
    line_.talk_s = 1;
    for (int i = 0; i < 2; i++) {
        const struct call_receipt receipt = take(world, &line_, 1);
        assert_int_equal(receipt.revised, 0);
        assert_string_equal(receipt.rejected[0].code, "month_published");
        assert_int_equal(findings(world, "revised_locked"), 1);
        tamper(world, "UPDATE months SET state = 'locked'");
        centre_renew(world);
    }
    assert_int_equal(only(world)->talk_s, 25);
    assert_sums_are_a_recount(world);
    tamper(world, "UPDATE months SET state = 'evidence_closed'"); /* as when it is reopened */
    centre_renew(world);
    assert_int_equal(take(world, &line_, 1).revised, 1);
    assert_int_equal(only(world)->talk_s, 1);
}

static void C2_4_one_uid_is_one_call_whatever_start_is_said(void **state)
{
    struct world *world = *state;
    struct call_line first = line("a", "1001", "2026-02-03T09:00:00+08:00"), again = first;
    take(world, &first, 1);
    static const char *const STARTS[] = {"2026-02-03T09:00:01+08:00", "2026-02-02T09:00:00+08:00"};
    for (int i = 0; i < 2; i++) {
        again.started_at = at(STARTS[i]);
        assert_int_equal(take(world, &again, 1).duplicates, 1);
        assert_int_equal(findings(world, "uid_again"), 1);
    }
    again.talk_s = 30;
    assert_int_equal(take(world, &again, 1).revised, 1);
    assert_int_equal(only(world)->talk_s, 30);
    assert_int_equal(only(world)->started_at.ms, first.started_at.ms);
    again.started_at = at("2026-01-31T09:00:00+08:00"); /* of another month: a second one, shown */
    assert_int_equal(take(world, &again, 1).accepted, 1);
    struct call_line both[2] = {line("b", "1001", "2026-02-03T09:00:00+08:00"),
                                line("b", "1001", "2026-02-03T09:00:01+08:00")};
    const struct call_receipt receipt = take(world, both, 2);
    assert_int_equal(receipt.accepted, 1);
    assert_int_equal(receipt.duplicates, 1);
    assert_sums_are_a_recount(world);
}

static void C2_4_a_wrong_contract_is_set_right_by_the_same_call_under_the_right_one(void **state)
{
    struct world *world = *state;
    const int64_t reporters[] = {world->provider, 0};
    for (int i = 0; i < 2; i++) {
        struct call_line line_ = line(i ? "b" : "a", "1001", "2026-02-03T09:00:00+08:00");
        line_.contract = "HT-wrong";
        assert_int_equal(take_for(world, &line_, 1, reporters[i]).accepted, 1);
        line_.contract = centre.contract_number;
        assert_int_equal(take_for(world, &line_, 1, reporters[i]).revised, 1);
        assert_int_equal(take_for(world, &line_, 1, reporters[i]).duplicates, 1);
    }
    const struct list all = list(world, ALL, 50, NULL);
    assert_int_equal(all.count, 2);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(((const struct call *)all.rows)[i].agent_id, centre.first);
    assert_sums_are_a_recount(world);
}

/* ---- the months' own statements ---- */

static void every_statement_of_a_month_is_understood_by_both_engines(void **state)
{
    struct world *world = *state;
    struct test_world month = world->test;
    assert_int_equal(months_store(&world->test.cx, world->months, month_of(date_of(2026, 2, 3)),
                                  true, &month.store),
                     OK);
    test_queries_prepare(&month, ALL_CALL_QUERIES);
    test_queries_prepare(&month, ALL_CALL_MONTHS_QUERIES);
    months_release(world->months, month.store);
}

/* Walking to a page's rows must not be a walk through all of them. */
static enum result plans_of_lists(struct ctx *cx, void *host)
{
    static const char *const LED[][2] = {{"id_from", "5"}, {"id", "5,7,9"}};
    const char **plans = host;
    struct world *world = (struct world *)(uintptr_t)cx->pending;
    for (int i = 0; i < 2; i++) {
        struct list_query query = {.limit = 50};
        struct list out;
        assert_true(list_condition(cx, &CALLS, "agent_id", "71", &query));
        assert_true(list_condition(cx, &CALLS, LED[i][0], LED[i][1], &query));
        assert_int_equal(record_list_here(cx, &CALLS, &query, &out), OK);
        world->test.cx.db = cx->db;
        plans[i] = test_plans(&world->test);
    }
    return OK;
}

static void a_page_of_calls_is_led_by_its_time(void **state)
{
    struct world *world = *state;
    const char *plans[2];
    struct call_line lines[] = {line("a", "1001", "2026-02-03T09:00:00+08:00")};
    if (store_engine(world->test.store) != ENGINE_SQLITE)
        return;
    take(world, lines, 1);
    struct ctx cx = world->test.cx;
    cx.pending = world;
    assert_int_equal(
        months_read(&cx, world->months, month_of(date_of(2026, 2, 3)), plans_of_lists, plans), OK);
    world->test.cx.db = store_reader(world->test.store);
    assert_non_null(strstr(plans[0], "SEARCH t USING INTEGER PRIMARY KEY (rowid>?)"));
    assert_non_null(strstr(plans[1], "SEARCH t USING INTEGER PRIMARY KEY (rowid=?)"));
}

/* ---- lists ---- */

static void calls_are_listed_newest_first_over_the_months_page_by_page(void **state)
{
    struct world *world = *state;
    struct call_line lines[7];
    for (int i = 0; i < 7; i++)
        lines[i] =
            line(arena_printf(world->test.arena, "%d", i), "1001",
                 arena_printf(world->test.arena, "2026-0%d-03T09:00:0%d+08:00", 1 + i / 3, i));
    take(world, lines, 7);
    const char *after = NULL;
    int seen = 7;
    for (int page = 0; page < 4; page++) {
        struct list found = list(world, ALL, 2, after);
        const struct call *calls = found.rows;
        for (size_t i = 0; i < found.count; i++) {
            char uid[2] = {(char)('0' + --seen), '\0'};
            assert_string_equal(calls[i].uid, uid);
        }
        after = found.next;
    }
    assert_null(after);
    assert_int_equal(seen, 0);
}

static void calls_are_found_by_agent_number_called_and_span(void **state)
{
    struct world *world = *state;
    struct call_line lines[] = {line("a", "1001", "2026-02-03T09:00:00+08:00"),
                                line("b", "1002", "2026-02-03T11:00:00+08:00"),
                                line("c", "1001", "2026-02-04T09:00:00+08:00"),
                                line("d", "1001", "2026-03-01T09:00:00+08:00")};
    lines[2].callee = "+86 139-0000 1111";
    take(world, lines, 4);
    assert_int_equal(list(world, WHERE("agent_id", "71"), 50, NULL).count, 3);
    assert_int_equal(list(world, WHERE("agent_id", "72"), 50, NULL).count, 1);
    assert_int_equal(list(world, WHERE("callee", "13900001111"), 50, NULL).count, 1);
    assert_int_equal(list(world, WHERE("callee", "13900001112"), 50, NULL).count, 0);
    assert_int_equal(
        list(world, WHERE("started_at_from", "2026-02-03", "started_at_to", "2026-02-03"), 50, NULL)
            .count,
        2);
    assert_int_equal(
        list(world, WHERE("started_at_from", "2026-02-04T09:00:00+08:00"), 50, NULL).count, 2);
    assert_int_equal(list(world, WHERE("result", "busy"), 50, NULL).count, 0);
    const struct call *call = list(world, WHERE("callee", "13900001111"), 50, NULL).rows;
    assert_string_equal(call->callee, "139****1111");
    assert_string_equal(call->agent_code, "1001");
    assert_string_equal(call->caller, "057188881234");
    struct call one;
    get(world, &CALLS, call->id, &one);
    assert_string_equal(one.uid, "c");
    assert_int_equal(one.started_at.ms, lines[2].started_at.ms);
}

static void another_provider_sees_none_of_them(void **state)
{
    struct world *world = *state;
    struct call_line lines[] = {line("a", "1001", "2026-02-03T09:00:00+08:00")};
    take(world, lines, 1);
    const struct call *call = list(world, ALL, 50, NULL).rows;
    act(world,
        outsider_of(world, an_organisation(world, "Other centre", SIDE_PROVIDER), R(PROVIDER)));
    assert_int_equal(list(world, ALL, 50, NULL).count, 0);
    struct call none;
    assert_int_equal(record_get(&world->test.cx, &CALLS, call->id, &none), NOT_FOUND);
    act(world, outsider_of(world, world->provider, R(PROVIDER)));
    assert_int_equal(list(world, ALL, 50, NULL).count, 1);
}

/* ---- what call systems write ---- */

static struct call_line read[16];
static size_t read_count;

static enum result keep(void *host, const struct call_line *one)
{
    (void)host;
    read[read_count++] = *one;
    return OK;
}

static enum result read_lines(struct world *world, enum call_profile profile, const char *text)
{
    read_count = 0;
    world->test.cx.fault = (struct fault){0};
    world->test.cx.now = at("2026-12-01T00:00:00+08:00");
    return call_lines_read(&world->test.cx, profile, text, strlen(text), keep, NULL);
}

#define PLAIN_JSON                                                                                 \
    "{\"source\":\"dialer\",\"uid\":\"u1\",\"contract\":\"C\",\"agent\":\"1001\",\"caller\":"      \
    "\"0571\",\"callee\":\"13812345678\",\"started_at\":\"2026-09-02T12:38:54+08:00\","            \
    "\"duration_s\":36,\"talk_s\":20,\"result\":\"contacted\",\"gate_id\":12}"

static void assert_plain(const struct call_line *one)
{
    assert_null(one->fault);
    assert_string_equal(one->source, "dialer");
    assert_string_equal(one->uid, "u1");
    assert_string_equal(one->callee, "13812345678");
    assert_int_equal(one->started_at.ms, at("2026-09-02T12:38:54+08:00").ms);
    assert_int_equal(one->duration_s, 36);
    assert_int_equal(one->talk_s, 20);
    assert_int_equal(one->result, CALL_CONTACTED);
}

/* PostgreSQL takes nothing but text, and one sender's bytes are not to stop what others send with
 * it; a decision's id counts from 1. */
static void X4_a_line_that_is_no_text_or_names_no_decision_is_refused_alone(void **state)
{
    static const char LINES[] =
        "1796000000|1796000001|1.5|u\xff|c|G12|1001|0571|13812345678|C|200|x|1796000000.5\n"
        "1796000000|1796000001|1.5|u|c|12|\xe4\xbd|0571|13812345678|C|200|x|1796000000.5\n"
        "1796000000|1796000001|1.5|u|c|-5|1001|0571|13812345678|C|200|x|1796000000.5\n"
        "1796000000|1796000001|1.5|u|c|12|1001|0571|1381234\xff|C|200|x|1796000000.5\n"
        "1796000000|1796000001|1.5|工|c|12|1001|0571|13812345678|C|200|x|1796000000.5\n";
    static const char *const FAULTS[] = {"not_text", "not_text", "malformed", "callee_malformed"};
    struct world *world = *state;
    assert_int_equal(read_lines(world, PROFILE_KAMAILIO_FLAT, LINES), OK);
    assert_int_equal(read_count, 5);
    for (size_t i = 0; i < 4; i++) {
        const struct call_rejected said = call_rejection(&read[i]);
        assert_string_equal(said.code, FAULTS[i]);
        assert_true(utf8_valid(said.value, strlen(said.value)));
    }
    assert_null(read[4].fault);
}

static void plain_lines_come_as_ndjson_array_or_csv(void **state)
{
    struct world *world = *state;
    assert_int_equal(read_lines(world, PROFILE_PLAIN, PLAIN_JSON "\n\n" PLAIN_JSON "\r\n"), OK);
    assert_int_equal(read_count, 2);
    assert_plain(&read[0]);
    assert_int_equal(read[1].row, 3);
    assert_int_equal(read[0].gate_id, 12);
    assert_int_equal(read_lines(world, PROFILE_PLAIN, " [" PLAIN_JSON "," PLAIN_JSON "]"), OK);
    assert_int_equal(read_count, 2);
    assert_plain(&read[1]);
    assert_int_equal(read_lines(world, PROFILE_PLAIN,
                                "uid,source,contract,agent,caller,callee,started_at,duration_s,"
                                "talk_s,result\nu1,dialer,C,1001,0571,13812345678,"
                                "2026-09-02T12:38:54+08:00,36,20,contacted\n"),
                     OK);
    assert_int_equal(read_count, 1);
    assert_plain(&read[0]);
    assert_int_equal(read_lines(world, PROFILE_PLAIN, "a,b\n1,2\n"), INVALID);
    assert_int_equal(read_lines(world, PROFILE_PLAIN, "[{\"uid\":1}, 5"), INVALID);
    assert_int_equal(read_lines(world, PROFILE_PLAIN, ""), OK);
    assert_int_equal(read_count, 0);
}

static void a_line_that_is_wrong_says_why(void **state)
{
    static const struct {
        const char *line, *code;
    } WRONG[] = {
        {"{\"uid\":", "not_json"},
        {"{\"source\":\"d\"}", "uid_required"},
        {"{\"uid\":\"1\"}", "source_required"},
        {"{\"uid\":\"1\",\"source\":\"d\",\"started_at\":\"yesterday\"}", "malformed"},
        {"{\"uid\":\"1\",\"source\":\"d\"}", "started_at_required"},
        {"{\"uid\":\"1\",\"source\":\"d\",\"started_at\":\"2036-09-02T12:38:54+08:00\"}",
         "started_at_range"},
        {"{\"uid\":\"1\",\"source\":\"d\",\"started_at\":\"2026-09-02T12:38:54+08:00\","
         "\"callee\":\"Robert'); DROP\"}",
         "callee_malformed"},
        {"{\"uid\":\"1\",\"source\":\"d\",\"started_at\":\"2026-09-02T12:38:54+08:00\","
         "\"callee\":\"13812345678\"}",
         "result_required"},
        {"{\"uid\":\"1\",\"source\":\"d\",\"started_at\":\"2026-09-02T12:38:54+08:00\","
         "\"callee\":\"13812345678\",\"result\":\"busy\",\"talk_s\":-3}",
         "malformed"},
        {"{\"uid\":\"1\",\"source\":\"d\",\"started_at\":\"2026-09-02T12:38:54+08:00\","
         "\"callee\":\"13812345678\",\"result\":\"busy\",\"talk_s\":3}",
         "talk_longer_than_call"},
    };
    struct world *world = *state;
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        assert_int_equal(read_lines(world, PROFILE_PLAIN, WRONG[i].line), OK);
        assert_int_equal(read_count, 1);
        if (!read[0].fault)
            fail_msg("%s is taken", WRONG[i].line);
        assert_string_equal(read[0].fault, WRONG[i].code);
    }
}

static void asterisks_lines_are_understood(void **state)
{
    struct world *world = *state;
    assert_int_equal(
        read_lines(world, PROFILE_ASTERISK_CSV,
                   "\"81032\",\"057183310204\",\"18640398611\",\"outbound\",\"\"\"81032\"\" "
                   "<057183310204>\",\"PJSIP/81032-3\",\"PJSIP/trunk-3\",\"Dial\",\"x,40\","
                   "\"2026-09-28 14:45:23\",\"2026-09-28 14:45:44\",\"2026-09-28 14:49:16\","
                   "\"233\",\"212\",\"ANSWERED\",\"DOCUMENTATION\",\"1790577923.3\","
                   "\"contract=HT-2026-1005;result=success\"\n"),
        OK);
    assert_null(read[0].fault);
    assert_string_equal(read[0].agent, "81032");
    assert_string_equal(read[0].contract, "HT-2026-1005");
    assert_string_equal(read[0].uid, "1790577923.3");
    assert_int_equal(read[0].started_at.ms, at("2026-09-28T14:45:23+08:00").ms);
    assert_int_equal(read[0].talk_s, 212);
    assert_int_equal(read[0].result, CALL_SUCCESS);
    assert_int_equal(
        read_lines(world, PROFILE_ASTERISK_CUSTOM,
                   "\"1795424221.16\",\"1795424221.16\",0,\"1001\",\"40012345000\",\"13900000000\","
                   "1795424221.266825,1795424221.399198,1795424222.907495,1.640670,1.508297,"
                   "\"ANSWERED\",\"PJSIP/1001-0\",\"PJSIP/c-1\",\"gate=G000000001;contract=;"
                   "rec=1795424221.16.wav\"\n"),
        OK);
    assert_null(read[0].fault);
    assert_int_equal(read[0].gate_id, 1);
    assert_int_equal(read[0].started_at.ms, INT64_C(1795424221266));
    assert_int_equal(read[0].duration_s, 2);
    assert_string_equal(read[0].recording, "1795424221.16.wav");
    assert_int_equal(read[0].result, CALL_CONTACTED);
}

static void freeswitchs_and_kamailios_lines_are_understood(void **state)
{
    struct world *world = *state;
    assert_int_equal(
        read_lines(world, PROFILE_FREESWITCH_JSON,
                   "{\"switchname\":\"fs1\",\"variables\":{\"uuid\":\"fs-1\",\"sip_auth_username\":"
                   "\"81045\",\"cc_contract\":\"HT-1\",\"cc_result\":\"\","
                   "\"effective_caller_id_number\":\"057183214546\",\"start_uepoch\":"
                   "\"1788331960000001\",\"duration\":\"32\",\"billsec\":\"0\",\"hangup_cause\":"
                   "\"USER_BUSY\",\"record_path\":\"\"},\"callflow\":[{\"caller_profile\":{"
                   "\"caller_id_number\":\"0571\",\"destination_number\":\"15051390170\"}},"
                   "{\"caller_profile\":{\"destination_number\":\"1\"}}]}\n"),
        OK);
    assert_null(read[0].fault);
    assert_string_equal(read[0].source, "fs1");
    assert_string_equal(read[0].agent, "81045");
    assert_string_equal(read[0].caller, "057183214546");
    assert_string_equal(read[0].callee, "15051390170");
    assert_int_equal(read[0].started_at.ms, INT64_C(1788331960000));
    assert_int_equal(read[0].result, CALL_BUSY);
    static const char *const KAMAILIO[] = {
        "{\"start_time\": \"1795424253.524\", \"end_time\": \"1795424255.026\", \"duration\": "
        "\"1.502\", \"idem_key\": \"1-24989@127.0.0.1;T1\", \"gate_id\": \"G000000001\", "
        "\"agent\": \"1001\", \"caller\": \"40012345000\", \"callee\": \"13900000000\", "
        "\"contract\": \"C001\", \"sip_code\": \"200\", \"invite_at\": \"1795424253.417248\"}",
        "1795424253.524|1795424255.026|1.502|1-24989@127.0.0.1;T1|1-24989|G000000001|1001|"
        "40012345000|13900000000|C001|200|caller|1795424253.417248",
    };
    for (int i = 0; i < 2; i++) {
        assert_int_equal(read_lines(world, PROFILE_KAMAILIO_FLAT, KAMAILIO[i]), OK);
        assert_null(read[0].fault);
        assert_string_equal(read[0].uid, "1-24989@127.0.0.1;T1");
        assert_int_equal(read[0].started_at.ms, INT64_C(1795424253417));
        assert_int_equal(read[0].talk_s, 2);
        assert_int_equal(read[0].result, CALL_CONTACTED);
    }
}

static void vicidials_rows_become_lines(void **state)
{
    struct world *world = *state;
    assert_int_equal(
        read_lines(world, PROFILE_VICIDIAL,
                   "1795424253.17|C001|1795424253|1795424290|37|31|SALE|13900000000|"
                   "1001|4008261166|http://dialer/RECORDINGS/17.mp3|1788000000000\n"
                   "1795424254.18|C001|1795424254|1795424270|16|0|NA|13900000001|||\n"
                   "1795424255.19|C001|1795424255|1795424256|1|0|OWN|13900000002|||\n"),
        OK);
    assert_string_equal(read[0].source, "vicidial");
    assert_string_equal(read[0].uid, "1795424253.17");
    assert_string_equal(read[0].contract, "C001");
    assert_string_equal(read[0].agent, "1001");
    assert_string_equal(read[0].caller, "4008261166");
    assert_int_equal(read[0].duration_s, 37);
    assert_int_equal(read[0].talk_s, 31);
    assert_int_equal(read[0].result, CALL_SUCCESS);
    assert_int_equal(read[1].result, CALL_NO_ANSWER);
    assert_int_equal(read[0].gate_id, INT64_C(1788000000000));
    assert_int_equal(read[1].gate_id, 0);
    assert_string_equal(read[1].agent, "");
    assert_int_equal(read[2].result, CALL_FAILED); /* a status that nobody told us of */
}

static void a_number_called_is_sealed_and_opens_again(void **state)
{
    static const char *const NUMBERS_CALLED[][2] = {{"13812345678", "+8613812345678"},
                                                    {"057188881234", "+8657188881234"},
                                                    {"+1 212 555 0100", "+12125550100"},
                                                    {"95588", "+8695588"},
                                                    {"0012", "0012"}};
    struct world *world = *state;
    for (size_t i = 0; i < sizeof NUMBERS_CALLED / sizeof *NUMBERS_CALLED; i++) {
        int64_t key, code;
        callee_seal(world->test.keys, NUMBERS_CALLED[i][0], &key, &code);
        assert_string_equal(callee_open(world->test.arena, world->test.keys, key, code),
                            NUMBERS_CALLED[i][1]);
        assert_string_equal(callee_open(world->test.arena, world->test.keys, key, code ^ 2), "");
    }
    assert_false(callee_fits(""));
    assert_false(callee_fits("anonymous"));
    assert_false(callee_fits("123456789012345678"));
}

static void a_number_called_is_hidden_however_a_file_is_named_after_it(void **state)
{
    static const char *const NAMES[][3] = {
        {"+8613812345678", "/rec/13812345678-7.wav", "/rec/138****5678-7.wav"},
        {"+8613812345678", "013812345678_+8613812345678.wav", "0138****5678_+86138****5678.wav"},
        {"+8613812345678", "138-1234-5678/138 1234 5678", "138-****-5678/138 **** 5678"},
        {"+8657188881234", "0571-88881234.wav", "0571-******34.wav"},
        {"+8657188881234", "8657188881234", "86571******34"},
        {"+12125550100", "0012125550100.wav", "00***********.wav"},
        {"+8613812345678", "1795424253.17.wav", "1795424253.17.wav"},
        {"", "1.wav", "1.wav"},
        {"+8613812345678", "", ""},
    };
    struct world *world = *state;
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        assert_string_equal(callee_hide(world->test.arena, NAMES[i][0], NAMES[i][1]), NAMES[i][2]);
}

static void X4_a_call_named_after_the_number_called_does_not_tell_it(void **state)
{
    struct world *world = *state;
    struct call_line lines[] = {
        line("out-13812345678-1795424253.17", "1001", "2026-02-03T09:00:00+08:00")};
    struct call call;
    assert_int_equal(take(world, lines, 1).accepted, 1);
    const struct list all = list(world, ALL, 9, NULL);
    call = *(const struct call *)all.rows;
    assert_string_equal(call.uid, "out-138****5678-1795424253.17");
    get(world, &CALLS, call.id, &call);
    assert_string_equal(call.uid, "out-138****5678-1795424253.17");
    assert_string_equal(call.said_uid, lines[0].uid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CENTRE_TEST(C1_2_a_call_past_the_gate_is_found_from_its_day_on),
        CENTRE_TEST(X4_a_call_named_after_the_number_called_does_not_tell_it),
        CENTRE_TEST(X4_a_line_that_is_no_text_or_names_no_decision_is_refused_alone),
        CENTRE_TEST(a_call_is_kept_once_however_often_it_is_sent),
        CENTRE_TEST(calls_of_one_millisecond_find_a_place_each),
        CENTRE_TEST(a_full_millisecond_refuses_its_line_and_no_other),
        CENTRE_TEST(the_same_uid_of_another_source_is_another_call),
        CENTRE_TEST(each_month_takes_its_share),
        CENTRE_TEST(bad_lines_are_named_and_the_good_ones_kept),
        CENTRE_TEST(calls_that_nobody_permitted_are_kept_and_found),
        CENTRE_TEST(nobody_writes_into_the_figures_of_another_provider),
        CENTRE_TEST(a_call_that_is_struck_takes_its_figures_with_it),
        CENTRE_TEST(C2_4_a_record_that_says_something_else_revises_the_call),
        CENTRE_TEST(C2_4_records_of_one_batch_revise_in_their_order),
        CENTRE_TEST(C2_4_a_numbers_day_is_counted_for_each_contract_by_itself),
        CENTRE_TEST(C2_4_what_was_struck_stays_struck_whatever_is_sent_again),
        CENTRE_TEST(C2_4_a_call_that_was_struck_as_no_success_never_becomes_one),
        CENTRE_TEST(C2_4_a_published_month_keeps_its_calls_and_shows_the_correction),
        CENTRE_TEST(C2_4_one_uid_is_one_call_whatever_start_is_said),
        CENTRE_TEST(C2_4_a_wrong_contract_is_set_right_by_the_same_call_under_the_right_one),
        CENTRE_TEST(every_statement_of_a_month_is_understood_by_both_engines),
        CENTRE_TEST(a_page_of_calls_is_led_by_its_time),
        CENTRE_TEST(calls_are_listed_newest_first_over_the_months_page_by_page),
        CENTRE_TEST(calls_are_found_by_agent_number_called_and_span),
        CENTRE_TEST(another_provider_sees_none_of_them),
        CENTRE_TEST(plain_lines_come_as_ndjson_array_or_csv),
        CENTRE_TEST(a_line_that_is_wrong_says_why),
        CENTRE_TEST(asterisks_lines_are_understood),
        CENTRE_TEST(freeswitchs_and_kamailios_lines_are_understood),
        CENTRE_TEST(vicidials_rows_become_lines),
        CENTRE_TEST(a_number_called_is_sealed_and_opens_again),
        CENTRE_TEST(a_number_called_is_hidden_however_a_file_is_named_after_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
