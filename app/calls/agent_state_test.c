/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/calls/agent_state.h"

#include "app/calls/call_day.h"
#include "app/calls/test_centre.h"

#include <string.h>

#define DAY "2026-02-03"

static struct call_receipt receipt;
static struct world *world;

static enum result keep_line(void *host, const struct state_line *line)
{
    struct state_line **next = host;
    *(*next)++ = *line;
    return OK;
}

static size_t take(enum state_profile profile, const char *text)
{
    struct state_line lines[40], *next = lines;
    assert_int_equal(
        state_lines_read(&world->test.cx, profile, text, strlen(text), keep_line, &next), OK);
    const size_t count = (size_t)(next - lines);
    assert_int_equal(agent_states_take(&world->test.cx, lines, count, 0, &receipt), OK);
    return count;
}

/* "09:00 idle", "09:00-09:05 pause tea": as a line of agent 1001, its uid from its words. */
static const char *line_of(const char *words)
{
    struct arena *arena = world->test.arena;
    const bool ends = words[5] == '-';
    const char *state = words + (ends ? 12 : 6), *reason = strchr(state, ' ');
    return arena_printf(
        arena,
        "{\"source\":\"dialer\",\"uid\":\"%s\",\"contract\":\"%s\",\"agent\":\"1001\",\"at\":\"" DAY
        "T%.5s:00+08:00\",\"state\":\"%.*s\",\"until\":\"%s\",\"reason\":\"%s\"}\n",
        words, centre.contract_number, words,
        (int)(reason ? (size_t)(reason - state) : strlen(state)), state,
        ends ? arena_printf(arena, DAY "T%.5s:00+08:00", words + 6) : "", reason ? reason + 1 : "");
}

static void said(const char *words)
{
    take(STATES_PLAIN, line_of(words));
    assert_int_equal(receipt.rejected_count, 0);
}

static struct call_day the_day(const char *day)
{
    struct list_query query = {.limit = 10};
    struct list list;
    list_conditions(
        &world->test.cx, &CALL_DAYS,
        arena_printf(world->test.arena, "day=%s&agent_id=%lld", day, (long long)centre.first),
        &query);
    assert_int_equal(record_list(&world->test.cx, &CALL_DAYS, &query, &list), OK);
    assert_int_equal(list.count, 1);
    return *(const struct call_day *)list.rows;
}

static int open_in_the_evening(void **state)
{
    centre_open(state);
    world = *state;
    world->test.cx.now = at("2026-02-04T20:00:00+08:00");
    return 0;
}
#define STATE_TEST(name) cmocka_unit_test_setup_teardown(name, open_in_the_evening, world_close)

/* ---- a day ---- */

static void C2_4_a_day_is_the_sum_of_its_states_in_whatever_order_they_come(void **state)
{
    (void)state;
    static const char *const WORDS[] = {"17:00 signed_out", "09:00 signed_in", "12:00 pause lunch",
                                        "13:00 idle",       "09:10 idle",      "10:00 talking",
                                        "10:05 wrap_up",    "10:06 idle"};
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        said(WORDS[i]);
    const struct call_day day = the_day(DAY);
    assert_int_equal(day.signed_s, 8 * 3600);
    assert_int_equal(day.pause_s, 3600);
    assert_int_equal(day.talking_s, 300);
    assert_int_equal(day.wrap_s, 60);
    assert_int_equal(day.idle_s, 8 * 3600 - 600 - 3600 - 360);
    assert_int_equal(day.overlap_s, 0);
    assert_int_equal(day.unended, 0);
    assert_int_equal(day.utilisation.hundredths, 125); /* 360 / 28800 */
}

static void what_is_sent_again_changes_nothing(void **state)
{
    (void)state;
    said("09:00 idle");
    said("10:00 signed_out");
    said("09:00 idle");
    assert_int_equal(receipt.accepted, 0);
    assert_int_equal(receipt.duplicates, 1);
    assert_int_equal(the_day(DAY).idle_s, 3600);
}

static void of_states_that_overlap_the_later_one_counts_and_it_is_said(void **state)
{
    (void)state;
    said("09:00-10:00 pause");
    said("09:50-10:10 talking");
    const struct call_day day = the_day(DAY);
    assert_int_equal(day.pause_s, 50 * 60);
    assert_int_equal(day.talking_s, 20 * 60);
    assert_int_equal(day.overlap_s, 10 * 60);
}

static void a_state_that_nothing_ends_counts_nothing_and_it_is_said(void **state)
{
    (void)state;
    said("09:00 idle");
    assert_int_equal(the_day(DAY).signed_s, 0);
    assert_int_equal(the_day(DAY).unended, 1);
    said("11:00 signed_out"); /* late, and welcome */
    assert_int_equal(the_day(DAY).signed_s, 2 * 3600);
    assert_int_equal(the_day(DAY).unended, 0);
}

static void a_state_over_midnight_counts_for_both_days(void **state)
{
    (void)state;
    said("23:00 talking");
    take(
        STATES_PLAIN,
        arena_printf(world->test.arena,
                     "[{\"source\":\"dialer\",\"uid\":\"x\",\"contract\":\"%s\",\"agent\":\"1001\","
                     "\"at\":\"2026-02-04T00:30:00+08:00\",\"state\":\"signed_out\"}]",
                     centre.contract_number));
    assert_int_equal(receipt.accepted, 1);
    assert_int_equal(the_day(DAY).talking_s, 3600);
    assert_int_equal(the_day("2026-02-04").talking_s, 1800);
}

static void states_and_calls_of_a_day_are_one_row(void **state)
{
    (void)state;
    struct call_receipt calls;
    const struct call_line line = {.source = "dialer",
                                   .uid = "1",
                                   .contract = centre.contract_number,
                                   .agent = "1001",
                                   .caller = "0571-88881234",
                                   .callee = "13812345678",
                                   .started_at = at(DAY "T10:00:00+08:00"),
                                   .duration_s = 90,
                                   .talk_s = 60,
                                   .result = CALL_SUCCESS,
                                   .recording = ""};
    said("09:00-11:00 idle");
    assert_int_equal(calls_take(&world->test.cx, &line, 1, 0, &calls), OK);
    const struct call_day day = the_day(DAY);
    assert_int_equal(day.dials, 1);
    assert_int_equal(day.talk_s, 60);
    assert_int_equal(day.idle_s, 7200);
    assert_string_equal(day.agent_code, "1001");
}

static void the_spans_of_a_day_are_read_in_order(void **state)
{
    (void)state;
    struct state_span *spans;
    size_t count;
    said("12:00 pause lunch");
    said("09:00 idle");
    assert_int_equal(agent_states_of(&world->test.cx, centre.first,
                                     instant_date(at(DAY "T12:00:00+08:00"), SHANGHAI_OFFSET_MIN),
                                     &spans, &count),
                     OK);
    assert_int_equal(count, 2);
    assert_int_equal(spans[0].state, WORK_IDLE);
    assert_int_equal(spans[0].to.ms - spans[0].from.ms, 3 * 3600 * 1000);
    assert_string_equal(spans[1].reason, "lunch");
    assert_int_equal(spans[1].to.ms, 0);
}

/* ---- what is refused ---- */

static void bad_rows_are_named_and_the_good_ones_kept(void **state)
{
    (void)state;
    const char *good = line_of("09:00 idle");
    const char *text = arena_printf(
        world->test.arena,
        "%snonsense\n{\"source\":\"d\",\"uid\":\"2\",\"agent\":\"1001\",\"state\":\"idle\"}\n"
        "{\"source\":\"d\",\"uid\":\"3\",\"agent\":\"9999\",\"at\":\"" DAY
        "T09:00:00+08:00\",\"state\":\"idle\"}\n"
        "{\"source\":\"d\",\"uid\":\"4\",\"agent\":\"1001\",\"at\":\"" DAY
        "T09:00:00+08:00\",\"state\":\"asleep\"}\n"
        "{\"source\":\"d\",\"uid\":\"5\",\"agent\":\"1001\",\"contract\":\"HT-0\",\"at\":\"" DAY
        "T09:00:00+08:00\",\"state\":\"idle\"}\n",
        good);
    static const struct call_rejected BAD[] = {{2, "not_json"},
                                               {3, "at_required"},
                                               {4, "agent_unknown"},
                                               {5, "malformed"},
                                               {6, "contract_unknown"}};
    take(STATES_PLAIN, text);
    assert_int_equal(receipt.accepted, 1);
    assert_int_equal(receipt.rejected_count, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(receipt.rejected[i].row, BAD[i].row);
        assert_string_equal(receipt.rejected[i].code, BAD[i].code);
    }
}

static void a_provider_cannot_write_into_the_days_of_another(void **state)
{
    (void)state;
    struct state_line lines[2], *next = lines;
    const char *text = line_of("09:00 idle");
    assert_int_equal(
        state_lines_read(&world->test.cx, STATES_PLAIN, text, strlen(text), keep_line, &next), OK);
    assert_int_equal(agent_states_take(&world->test.cx, lines, 1, world->provider + 1000, &receipt),
                     OK);
    assert_int_equal(receipt.rejected_count, 1);
    assert_string_equal(receipt.rejected[0].code, "contract_unknown");
}

/* ---- call systems ---- */

static void csv_with_our_names_is_read(void **state)
{
    (void)state;
    take(STATES_PLAIN, "source,uid,contract,agent,at,until,state,reason\n"
                       "d,1,,1001," DAY "T09:00:00+08:00," DAY "T10:00:00+08:00,pause,tea\n");
    assert_int_equal(receipt.accepted, 1);
    assert_int_equal(the_day(DAY).pause_s, 3600);
}

/* 1770080400 = 2026-02-03 09:00:00 in Shanghai. */
static void asterisk_queue_log_is_read(void **state)
{
    (void)state;
    take(STATES_ASTERISK_QUEUE,
         "1770080400|NONE|NONE|NONE|QUEUESTART|\n"
         "1770080400|NONE|sales|PJSIP/1001|ADDMEMBER|\n"
         "1770081000|1770081000.7|sales|PJSIP/1001|CONNECT|3|1770080997.8|2\n"
         "1770081060|1770081000.7|sales|PJSIP/1001|COMPLETECALLER|3|60|1\n"
         "1770084000|NONE|NONE|PJSIP/1001|PAUSEALL|lunch\n"
         "1770087600|NONE|NONE|PJSIP/1001|UNPAUSEALL|\n"
         "1770091200|NONE|sales|PJSIP/1001|REMOVEMEMBER|\n");
    assert_int_equal(receipt.rejected_count, 0);
    assert_int_equal(receipt.accepted, 6);
    const struct call_day day = the_day(DAY);
    assert_int_equal(day.signed_s, 3 * 3600);
    assert_int_equal(day.talking_s, 60);
    assert_int_equal(day.pause_s, 3600);
}

static void a_row_of_vicidial_is_up_to_four_states(void **state)
{
    (void)state;
    assert_int_equal(take(STATES_VICIDIAL, "41|1001|OUT|1770080400|60|1770080460|120|1770080580|"
                                           "90|1770080670|30|LOGIN\n"
                                           "42|1001|OUT|1770080700|10|0|0|0|0|0|0|TEA\n"),
                     5);
    const struct call_day day = the_day(DAY);
    assert_int_equal(day.pause_s, 70);
    assert_int_equal(day.idle_s, 120);
    assert_int_equal(day.talking_s, 90);
    assert_int_equal(day.wrap_s, 30);
    assert_int_equal(day.overlap_s, 0);
}

static void events_of_freeswitch_are_read(void **state)
{
    (void)state;
    take(STATES_FREESWITCH,
         "{\"Core-UUID\":\"c\",\"Event-Sequence\":\"1\",\"Event-Date-Timestamp\":"
         "\"1770080400000000\",\"CC-Action\":\"agent-status-change\",\"CC-Agent\":\"1001@default\","
         "\"CC-Agent-Status\":\"Available\",\"unknown\":\"x\"}\n"
         "{\"Core-UUID\":\"c\",\"Event-Sequence\":\"2\",\"Event-Date-Timestamp\":"
         "\"1770080460000000\",\"CC-Action\":\"agent-state-change\",\"CC-Agent\":\"1001@default\","
         "\"CC-Agent-State\":\"In a queue call\"}\n"
         "{\"Core-UUID\":\"c\",\"Event-Sequence\":\"3\",\"Event-Date-Timestamp\":"
         "\"1770080520000000\",\"CC-Action\":\"members-count\",\"CC-Count\":\"0\"}\n"
         "{\"Core-UUID\":\"c\",\"Event-Sequence\":\"4\",\"Event-Date-Timestamp\":"
         "\"1770080520000000\",\"CC-Action\":\"agent-status-change\",\"CC-Agent\":\"1001@default\","
         "\"CC-Agent-Status\":\"Logged Out\"}\n");
    assert_int_equal(receipt.accepted, 3);
    assert_int_equal(the_day(DAY).talking_s, 60);
    assert_int_equal(the_day(DAY).idle_s, 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STATE_TEST(C2_4_a_day_is_the_sum_of_its_states_in_whatever_order_they_come),
        STATE_TEST(what_is_sent_again_changes_nothing),
        STATE_TEST(of_states_that_overlap_the_later_one_counts_and_it_is_said),
        STATE_TEST(a_state_that_nothing_ends_counts_nothing_and_it_is_said),
        STATE_TEST(a_state_over_midnight_counts_for_both_days),
        STATE_TEST(states_and_calls_of_a_day_are_one_row),
        STATE_TEST(the_spans_of_a_day_are_read_in_order),
        STATE_TEST(bad_rows_are_named_and_the_good_ones_kept),
        STATE_TEST(a_provider_cannot_write_into_the_days_of_another),
        STATE_TEST(csv_with_our_names_is_read),
        STATE_TEST(asterisk_queue_log_is_read),
        STATE_TEST(a_row_of_vicidial_is_up_to_four_states),
        STATE_TEST(events_of_freeswitch_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
