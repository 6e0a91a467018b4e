/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/calls/test_centre.h"
#include "app/gate/call_rule.h"
#include "app/gate/gate.sql.h"
#include "app/gate/gate_private.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];

static void open_gate(struct world *world)
{
    const struct gate_options options = {.folder = folder};
    assert_int_equal(gate_open(&world->test.cx, world->months, &options), OK);
}

static int set_up(void **state)
{
    centre_open(state);
    struct world *world = *state;
    snprintf(folder, sizeof folder, "/tmp/gate_test_XXXXXX");
    if (!mkdtemp(folder))
        abort();
    world->test.cx.now = at("2026-02-03T10:00:00+08:00");
    open_gate(world);
    return 0;
}

static int tear_down(void **state)
{
    char path[600];
    gate_close();
    DIR *dir = opendir(folder);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        (void)unlink(path);
    }
    closedir(dir);
    rmdir(folder);
    return world_close(state);
}
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static struct gate_ask ask_for(const char *call_id)
{
    return (struct gate_ask){.node = "k1",
                             .call_id = call_id,
                             .contract = centre.contract_number,
                             .agent = "1001",
                             .caller = "0571-88881234",
                             .callee = "13812345678"};
}

static struct gate_answer answer_to(struct world *world, const struct gate_ask *ask)
{
    struct gate_answer answer;
    assert_int_equal(gate_decide(&world->test.cx, ask, &answer), OK);
    return answer;
}

static enum allowance reason_of(struct world *world, struct gate_ask ask)
{
    static int made;
    ask.call_id = arena_printf(world->test.arena, "reason-%d", ++made);
    const struct gate_answer answer = answer_to(world, &ask);
    assert_int_equal(answer.allow, answer.reason == ALLOWED);
    return answer.reason;
}

/* ---- C1.1, C1.2: the lawful call and every refusal ---- */

static void a_lawful_call_is_allowed_and_told_its_number(void **state)
{
    struct world *world = *state;
    const struct gate_ask ask = ask_for("1");
    const struct gate_answer answer = answer_to(world, &ask);
    assert_true(answer.allow && answer.record);
    assert_string_equal(answer.caller, "+8657188881234");
    assert_int_equal(answer.max_s, 7200);
    assert_true(answer.gate_id > 0 && answer.gate_id < INT64_C(1) << 53);
}

static void what_is_not_permitted_is_refused_with_its_reason(void **state)
{
    struct world *world = *state;
    const int64_t other = an_organisation(world, "Other centre", SIDE_PROVIDER);
    struct gate_ask ask = ask_for("");
    ask.contract = "HT-nowhere";
    assert_int_equal(reason_of(world, ask), REFUSED_CONTRACT);
    ask = ask_for("");
    ask.asker = other;
    assert_int_equal(reason_of(world, ask), REFUSED_CONTRACT);
    ask.asker = world->provider;
    assert_int_equal(reason_of(world, ask), ALLOWED);
    ask.agent = "9999";
    assert_int_equal(reason_of(world, ask), REFUSED_AGENT_UNKNOWN);
    ask.agent = "";
    assert_int_equal(reason_of(world, ask), REFUSED_AGENT_UNKNOWN);
    ask = ask_for("");
    ask.mode = GATE_PREVIEW; /* they may dial by hand alone */
    assert_int_equal(reason_of(world, ask), REFUSED_MODE);
    ask = ask_for("");
    ask.caller = "057100000000";
    assert_int_equal(reason_of(world, ask), REFUSED_NUMBER_UNKNOWN);
    ask = ask_for("");
    ask.callee = "anonymous";
    assert_int_equal(reason_of(world, ask), REFUSED_CALLEE);
}

static void a_change_is_in_force_once_the_directory_is_renewed(void **state)
{
    struct world *world = *state;
    tamper(world, "UPDATE agents SET state = 'disabled' WHERE code = '1001'");
    centre_renew(world);
    assert_int_equal(reason_of(world, ask_for("")), REFUSED_AGENT_DISABLED);
    tamper(world, "UPDATE agents SET state = 'active'");
    tamper(world, "UPDATE number_permissions SET state = 'ended'");
    centre_renew(world);
    assert_int_equal(reason_of(world, ask_for("")), REFUSED_NUMBER_NOT_PERMITTED);
    tamper(world, "UPDATE number_permissions SET state = 'active', \"to\" = '2026-02-02'");
    centre_renew(world);
    assert_int_equal(reason_of(world, ask_for("")), REFUSED_NUMBER_NOT_PERMITTED);
    tamper(world, "UPDATE number_permissions SET \"to\" = '2026-02-03'");
    tamper(world, "UPDATE numbers SET state = 'suspended', updated_at = 0");
    centre_renew(world);
    assert_int_equal(reason_of(world, ask_for("")), REFUSED_NUMBER_SUSPENDED);
    tamper(world, "UPDATE numbers SET state = 'active'");
    tamper(world, "UPDATE contracts SET state = 'suspended', state_at = 0");
    centre_renew(world);
    assert_int_equal(reason_of(world, ask_for("")), REFUSED_CONTRACT);
    tamper(world, "UPDATE contracts SET state = 'active'");
    centre_renew(world);
    assert_int_equal(reason_of(world, ask_for("")), ALLOWED);
}

static void a_question_that_is_none_is_refused(void **state)
{
    struct world *world = *state;
    struct gate_answer answer;
    struct gate_ask ask = ask_for("");
    assert_int_equal(gate_decide(&world->test.cx, &ask, &answer), INVALID);
    assert_true(was_rejected(world, "call_id", "required"));
    world->test.cx.fault = (struct fault){0};
    ask = ask_for("1");
    ask.node = "line\nbreak";
    assert_int_equal(gate_decide(&world->test.cx, &ask, &answer), INVALID);
    assert_true(was_rejected(world, "node", "malformed"));
}

static void the_gate_chooses_a_number_where_none_is_named(void **state)
{
    struct world *world = *state;
    struct gate_ask ask = ask_for("1");
    ask.caller = "";
    assert_string_equal(answer_to(world, &ask).caller, "+8657188881234");
    tamper(world, "UPDATE number_permissions SET state = 'ended'");
    centre_renew(world);
    assert_int_equal(reason_of(world, ask), REFUSED_NUMBER_UNKNOWN);
}

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
    assert_int_equal(reason_at(world, "2026-02-14T10:00:00+08:00"), ALLOWED); /* 调休 */
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
    gate_close(); /* what it counted comes back from the month */
    open_gate(world);
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
    assert_true(was_rejected(world, "hours_to", "before_start"));
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

/* ---- the same call, asked for again ---- */

static void the_same_call_hears_the_same_whatever_changed(void **state)
{
    struct world *world = *state;
    const struct gate_ask ask = ask_for("again"), other = ask_for("other");
    const struct gate_answer first = answer_to(world, &ask);
    tamper(world, "UPDATE agents SET state = 'disabled'");
    centre_renew(world);
    const struct gate_answer again = answer_to(world, &ask);
    assert_true(again.allow && again.gate_id == first.gate_id);
    assert_string_equal(again.caller, first.caller);
    assert_false(answer_to(world, &other).allow);
    struct gate_ask elsewhere = ask;
    elsewhere.node = "k2";
    assert_true(answer_to(world, &elsewhere).gate_id != first.gate_id);
}

static void ids_of_one_millisecond_differ(void **state)
{
    enum { COUNT = 2000 };
    struct world *world = *state;
    int64_t last = 0;
    for (int i = 0; i < COUNT; i++) {
        const struct gate_ask ask = ask_for(arena_printf(world->test.arena, "%d", i));
        const int64_t id = answer_to(world, &ask).gate_id;
        assert_true(id > last);
        last = id;
    }
}

/* ---- predictive dialling ---- */

static void an_agent_may_be_bound_later_in_predictive_dialling(void **state)
{
    struct world *world = *state;
    enum allowance reason;
    struct gate_ask ask = ask_for("p");
    ask.agent = "";
    ask.mode = GATE_PREDICTIVE;
    tamper(world, "UPDATE agents SET permissions = 'predictive' WHERE code = '1001'");
    centre_renew(world);
    const struct gate_answer answer = answer_to(world, &ask);
    assert_true(answer.allow);
    assert_int_equal(gate_bind(&world->test.cx, answer.gate_id, "1001", &reason), OK);
    assert_int_equal(reason, ALLOWED);
    assert_int_equal(gate_bind(&world->test.cx, answer.gate_id, "1002", &reason), OK);
    assert_int_equal(reason, REFUSED_MODE);
    assert_int_equal(gate_bind(&world->test.cx, 5, "1001", &reason), NOT_FOUND);
}

/* ---- the journal ---- */

static enum result count_in_month(struct ctx *cx, void *host)
{
    int64_t *counts = host;
    struct query decisions = db_query("d", "SELECT count(*) FROM gate_decisions", 0);
    struct query findings = db_query("f", "SELECT count(*) FROM call_findings", 0);
    TRY(db_int(cx, &decisions, NO_PARAMS, &counts[0]));
    return db_int(cx, &findings, NO_PARAMS, &counts[1]);
}

static void assert_month(struct world *world, int64_t decisions, int64_t findings)
{
    int64_t counts[2] = {0, 0};
    assert_int_equal(months_read(&world->test.cx, world->months, month_of(date_of(2026, 2, 3)),
                                 count_in_month, counts),
                     OK);
    assert_int_equal(counts[0], decisions);
    assert_int_equal(counts[1], findings);
}

static void ask_three(struct world *world)
{
    struct gate_ask ask = ask_for("1");
    (void)answer_to(world, &ask);
    ask.call_id = "2";
    ask.agent = "9999";
    (void)answer_to(world, &ask);
    ask.call_id = "3";
    ask.agent = "1002";
    (void)answer_to(world, &ask);
    (void)answer_to(world, &ask);
}

static void decisions_are_folded_once_and_what_was_refused_is_found(void **state)
{
    struct world *world = *state;
    ask_three(world);
    assert_int_equal(gate_fold(&world->test.cx), OK);
    assert_month(world, 3, 1);
    assert_int_equal(gate_fold(&world->test.cx), OK);
    assert_month(world, 3, 1);
}

static const char *journal_path(struct world *world)
{
    const char *found = NULL;
    DIR *dir = opendir(folder);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        if (entry->d_name[0] != '.')
            found = arena_printf(world->test.arena, "%s/%s", folder, entry->d_name);
    closedir(dir);
    assert_non_null(found);
    return found;
}

/* A process that was killed leaves its file; the next one takes what it was told. */
static void a_process_that_was_killed_loses_no_decision(void **state)
{
    struct world *world = *state;
    struct stat status;
    ask_three(world);
    const struct gate_ask ask = ask_for("1");
    const int64_t first = answer_to(world, &ask).gate_id;
    gate_close();
    const char *path = journal_path(world);
    assert_int_equal(stat(path, &status), 0);
    const int fd = open(path, O_WRONLY | O_APPEND);
    assert_int_equal(write(fd, "LYJ1 torn in the middle", 23), 23); /* of a write */
    close(fd);
    open_gate(world);
    assert_month(world, 3, 1);
    assert_int_equal(answer_to(world, &ask).gate_id, first); /* it still knows the call */
    assert_true(access(path, F_OK) != 0);
}

static void what_stands_behind_a_broken_entry_is_not_lost(void **state)
{
    struct world *world = *state;
    const struct gate_ask ask = ask_for("1"), next = ask_for("2");
    (void)answer_to(world, &ask);
    const int fd = open(journal_path(world), O_WRONLY | O_APPEND);
    assert_int_equal(write(fd, "half an entry", 13), 13);
    close(fd);
    (void)answer_to(world, &next);
    assert_int_equal(gate_fold(&world->test.cx), OK);
    assert_month(world, 2, 0);
}

static void without_its_journal_the_gate_permits_nothing(void **state)
{
    struct world *world = *state;
    struct gate_answer answer;
    const struct gate_ask ask = ask_for("1");
    assert_int_equal(chmod(folder, 0500), 0);
    rename(folder, arena_printf(world->test.arena, "%s.away", folder));
    (void)!gate_fold(&world->test.cx); /* a new file is due when the old one has entries */
    const struct gate_ask before = ask_for("0");
    (void)!gate_decide(&world->test.cx, &before, &answer);
    (void)!gate_fold(&world->test.cx);
    world->test.cx.fault = (struct fault){0};
    assert_int_equal(gate_decide(&world->test.cx, &ask, &answer), BROKEN);
    rename(arena_printf(world->test.arena, "%s.away", folder), folder);
    assert_int_equal(chmod(folder, 0700), 0);
    assert_int_equal(gate_fold(&world->test.cx), OK);
    assert_true(answer_to(world, &ask).allow);
}

/* ---- the page ---- */

static void the_gate_tells_how_it_is_doing(void **state)
{
    struct world *world = *state;
    struct gate_live live;
    ask_three(world);
    world->test.cx.now.ms += 2000;
    gate_live(world->test.cx.now, &live);
    assert_int_equal(live.minute, 3);
    assert_int_equal(live.allowed, 2);
    assert_int_equal(live.open, 2);
    assert_int_equal(live.reasons[REFUSED_AGENT_UNKNOWN], 1);
    const struct gate_ask ask = ask_for("1");
    assert_int_equal(gate_release(&world->test.cx, answer_to(world, &ask).gate_id), OK);
    gate_live(world->test.cx.now, &live);
    assert_int_equal(live.open, 1);
}

static void every_statement_of_the_gate_is_understood_by_both_engines(void **state)
{
    struct world *world = *state;
    struct test_world month = world->test;
    assert_int_equal(months_store(&world->test.cx, world->months, month_of(date_of(2026, 2, 3)),
                                  true, &month.store),
                     OK);
    test_queries_prepare(&month, ALL_GATE_QUERIES);
    months_release(world->months, month.store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_lawful_call_is_allowed_and_told_its_number),
        TEST(what_is_not_permitted_is_refused_with_its_reason),
        TEST(a_change_is_in_force_once_the_directory_is_renewed),
        TEST(a_question_that_is_none_is_refused),
        TEST(the_gate_chooses_a_number_where_none_is_named),
        TEST(outside_its_hours_a_contract_is_not_called_on),
        TEST(a_rule_for_working_days_knows_the_holidays),
        TEST(a_number_is_not_called_more_often_than_permitted),
        TEST(a_rule_says_how_long_a_call_may_be_and_whether_it_is_recorded),
        TEST(a_contract_has_one_rule_and_it_makes_sense),
        TEST(C3_3_who_refused_is_not_called_until_it_is_lifted),
        TEST(a_refusal_holds_for_its_contract_and_its_days),
        TEST(a_long_list_is_taken_over_as_it_grows),
        TEST(where_consent_is_required_nobody_else_is_called),
        TEST(the_same_call_hears_the_same_whatever_changed),
        TEST(ids_of_one_millisecond_differ),
        TEST(an_agent_may_be_bound_later_in_predictive_dialling),
        TEST(decisions_are_folded_once_and_what_was_refused_is_found),
        TEST(a_process_that_was_killed_loses_no_decision),
        TEST(what_stands_behind_a_broken_entry_is_not_lost),
        TEST(without_its_journal_the_gate_permits_nothing),
        TEST(the_gate_tells_how_it_is_doing),
        TEST(every_statement_of_the_gate_is_understood_by_both_engines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
