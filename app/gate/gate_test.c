/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/calls/test_centre.h"
#include "app/gate/gate.sql.h"
#include "app/gate/gate_private.h"
#include "app/staffing/training.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

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
    assert_int_equal(reason_of(world, ask), REFUSED_CONTRACT_UNKNOWN);
    ask = ask_for("");
    ask.asker = other;
    assert_int_equal(reason_of(world, ask), REFUSED_CONTRACT_UNKNOWN);
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

static void C2_2_without_the_training_that_the_contract_requires_nobody_calls(void **state)
{
    struct world *world = *state;
    struct training_subject subject = {.contract_id = centre.contract,
                                       .tier = TIER_AGENTS,
                                       .name = "Scripts",
                                       .pass_score = {8000},
                                       .required = true};
    fields_blank(TRAINING_SUBJECTS.fields, &subject);
    act(world, &ACTOR_SYSTEM);
    assert_int_equal(add(world, &TRAINING_SUBJECTS, &subject), OK);
    centre_renew(world);
    assert_int_equal(reason_of(world, ask_for("")), REFUSED_UNTRAINED);
    tamper(world,
           "INSERT INTO trainings (version, created_at, updated_at, contract_id, subject_id, "
           "tier, held_on, trainer_id, place, note, trainees, trained, passed, reason, state) "
           "SELECT 1, 0, 0, s.contract_id, s.id, 'agents', '2026-02-01', a.person_id, '', '', "
           "'', 1, 1, '', 'confirmed' FROM training_subjects s JOIN agents a ON a.code = "
           "'1001'");
    tamper(world, "INSERT INTO training_scores (version, created_at, updated_at, training_id, "
                  "person_id, score, absent, passed) SELECT 1, 0, 0, t.id, t.trainer_id, 8000, "
                  "FALSE, TRUE FROM trainings t");
    centre_renew(world);
    assert_int_equal(reason_of(world, ask_for("")), ALLOWED);
    struct gate_ask ask = ask_for("");
    ask.agent = "1002";
    assert_int_equal(reason_of(world, ask), REFUSED_UNTRAINED);
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

static void C1_1_before_its_first_day_and_after_its_last_a_contract_calls_nobody(void **state)
{
    struct world *world = *state;
    tamper(world, "UPDATE contracts SET ends_on = '2026-02-02'");
    centre_renew(world);
    assert_int_equal(reason_of(world, ask_for("")), REFUSED_CONTRACT);
    tamper(world, "UPDATE contracts SET ends_on = '2026-02-03'");
    centre_renew(world);
    assert_int_equal(reason_of(world, ask_for("")), ALLOWED);
    tamper(world, "UPDATE contracts SET starts_on = '2026-02-04', ends_on = '2026-12-31'");
    centre_renew(world);
    assert_int_equal(reason_of(world, ask_for("")), REFUSED_CONTRACT);
}

/* The kernel's clock, and so much more. */
static int64_t clock_ahead_s;
int clock_gettime(clockid_t clock, struct timespec *now)
{
    const int result = (int)syscall(SYS_clock_gettime, clock, now);
    now->tv_sec += clock == CLOCK_BOOTTIME ? clock_ahead_s : 0;
    return result;
}

static void C1_1_what_was_not_compared_with_the_store_for_a_minute_permits_nothing(void **state)
{
    struct world *world = *state;
    struct gate_answer answer;
    bool found;
    const struct gate_ask ask = ask_for("1");
    clock_ahead_s += 61;
    assert_int_equal(process_renew(&world->test.cx), OK); /* its place is its own again */
    assert_int_equal(gate_decide(&world->test.cx, &ask, &answer), BUSY);
    world->test.cx.fault = (struct fault){0};
    assert_int_equal(directory_turn(NULL, &world->test.cx, &found), OK);
    assert_true(answer_to(world, &ask).allow);
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
    world->test.cx.fault = (struct fault){0};
    ask = ask_for("no letter \xff");
    assert_int_equal(gate_decide(&world->test.cx, &ask, &answer), INVALID);
    assert_true(was_rejected(world, "call_id", "malformed"));
}

static const char *chosen_for(struct world *world, const char *callee)
{
    static int made;
    struct gate_ask ask = ask_for(arena_printf(world->test.arena, "chosen-%d", ++made));
    ask.caller = "";
    ask.callee = callee;
    return arena_dup(world->test.arena, answer_to(world, &ask).caller);
}

static void the_same_number_is_chosen_for_the_same_callee_among_those_permitted(void **state)
{
    static const char *const CALLEES[] = {"13800000001", "13800000002", "13800000003",
                                          "13800000004", "13800000005", "13800000006",
                                          "13800000007", "13800000008"};
    struct world *world = *state;
    size_t first = 0;
    struct number number = {.owner_id = world->client,
                            .number = "057188885678",
                            .carrier = "Carrier",
                            .proof = "Contract of the line"};
    assert_int_equal(add(world, &NUMBERS, &number), OK);
    tamper(world, arena_printf(world->test.arena,
                               "INSERT INTO number_permissions (id, version, created_at, "
                               "updated_at, number_id, contract_id, state, \"from\", \"to\") "
                               "VALUES (6, 1, 0, 0, %lld, %lld, 'active', '2026-01-01', '')",
                               (long long)number.id, (long long)centre.contract));
    centre_renew(world);
    for (size_t i = 0; i < 8; i++) {
        assert_string_equal(chosen_for(world, CALLEES[i]), chosen_for(world, CALLEES[i]));
        first += strcmp(chosen_for(world, CALLEES[i]), "+8657188881234") == 0;
    }
    assert_in_range(first, 1, 7); /* both are used */
    tamper(world, "UPDATE number_permissions SET state = 'ended' WHERE id = 6");
    centre_renew(world);
    for (size_t i = 0; i < 8; i++)
        assert_string_equal(chosen_for(world, CALLEES[i]), "+8657188881234");
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

/* What is asked is `changed`; what was decided about `first` is not heard again. */
static void assert_decided_anew(struct world *world, struct gate_answer first,
                                const struct gate_ask *changed, enum allowance reason)
{
    const struct gate_answer answer = answer_to(world, changed), again = answer_to(world, changed);
    assert_int_equal(answer.reason, reason);
    assert_int_not_equal(answer.gate_id, first.gate_id);
    assert_int_equal(again.gate_id, answer.gate_id);
}

static void C1_1_a_call_id_is_no_permission_for_another_call(void **state)
{
    struct world *world = *state;
    const struct gate_ask ask = ask_for("again");
    const struct gate_answer first = answer_to(world, &ask);
    assert_true(first.allow);
    struct gate_ask other = ask;
    other.callee = "13912345678";
    assert_decided_anew(world, first, &other, ALLOWED);
    other = ask;
    other.agent = "1002";
    assert_decided_anew(world, first, &other, ALLOWED);
    other.agent = "9999";
    assert_decided_anew(world, first, &other, REFUSED_AGENT_UNKNOWN);
    other = ask;
    other.contract = "HT-nowhere";
    assert_decided_anew(world, first, &other, REFUSED_CONTRACT_UNKNOWN);
    other = ask;
    other.mode = GATE_PREVIEW;
    assert_decided_anew(world, first, &other, REFUSED_MODE);
    other = ask;
    other.caller = "057100000000";
    assert_decided_anew(world, first, &other, REFUSED_NUMBER_UNKNOWN);
    other.caller = ""; /* the gate chooses: it did */
    assert_int_equal(answer_to(world, &other).gate_id, first.gate_id);
}

static void C1_1_a_question_is_repeated_for_two_minutes_while_its_call_is_not_over(void **state)
{
    struct world *world = *state;
    const struct gate_ask ask = ask_for("long"), ended = ask_for("ended");
    const int64_t first = answer_to(world, &ask).gate_id;
    world->test.cx.now.ms += 120000;
    assert_int_equal(answer_to(world, &ask).gate_id, first);
    world->test.cx.now.ms += 1;
    assert_int_not_equal(answer_to(world, &ask).gate_id, first);
    const int64_t released = answer_to(world, &ended).gate_id;
    assert_int_equal(gate_release(&world->test.cx, 0, released), OK);
    assert_int_not_equal(answer_to(world, &ended).gate_id, released);
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

static void what_one_provider_asked_for_is_unknown_to_another(void **state)
{
    struct world *world = *state;
    enum allowance reason;
    struct gate_ask ask = ask_for("theirs");
    ask.asker = world->provider;
    const struct gate_answer theirs = answer_to(world, &ask);
    assert_true(theirs.allow);
    const int64_t other = an_organisation(world, "Other centre", SIDE_PROVIDER);
    struct gate_ask same = ask;
    same.asker = other;
    const struct gate_answer own = answer_to(world, &same);
    assert_true(!own.allow && own.gate_id != theirs.gate_id);
    assert_string_equal(own.caller, "");
    assert_int_equal(answer_to(world, &same).gate_id, own.gate_id);
    assert_int_equal(answer_to(world, &ask).gate_id, theirs.gate_id);
    assert_int_equal(gate_bind(&world->test.cx, other, theirs.gate_id, "1001", &reason), NOT_FOUND);
    assert_int_equal(gate_release(&world->test.cx, other, theirs.gate_id), NOT_FOUND);
    assert_int_equal(gate_release(&world->test.cx, world->provider, theirs.gate_id), OK);
}

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
    assert_int_equal(gate_bind(&world->test.cx, 0, answer.gate_id, "1001", &reason), OK);
    assert_int_equal(reason, ALLOWED);
    assert_int_equal(gate_bind(&world->test.cx, 0, answer.gate_id, "1002", &reason), OK);
    assert_int_equal(reason, REFUSED_MODE);
    assert_int_equal(gate_bind(&world->test.cx, 0, 5, "1001", &reason), NOT_FOUND);
}

static int64_t asked_for_predictive(struct world *world, const char *call_id)
{
    struct gate_ask ask = ask_for(call_id);
    ask.agent = "";
    ask.mode = GATE_PREDICTIVE;
    const struct gate_answer answer = answer_to(world, &ask);
    assert_true(answer.allow);
    return answer.gate_id;
}

static enum allowance bound_to(struct world *world, int64_t gate_id, const char *agent)
{
    enum allowance reason;
    assert_int_equal(gate_bind(&world->test.cx, 0, gate_id, agent, &reason), OK);
    return reason;
}

static enum result recalled(struct ctx *cx, void *host)
{
    struct gate_known *known = host;
    return gate_recall(cx, known->agent_id, known); /* asked for by its id */
}

static int64_t agent_of_call(struct world *world, int64_t gate_id)
{
    struct gate_known known = {.agent_id = gate_id};
    assert_int_equal(gate_fold(&world->test.cx), OK); /* where none is known here it is looked up */
    assert_int_equal(months_read(&world->test.cx, world->months, month_of(date_of(2026, 2, 3)),
                                 recalled, &known),
                     OK);
    return known.agent_id;
}

static enum result known_in_month(struct ctx *cx, void *host)
{
    struct gate_known *known = host;
    return decision_read(cx, known->agent_id, known); /* asked for by its id */
}

static int64_t agent_in_month(struct world *world, int64_t gate_id)
{
    struct gate_known known = {.agent_id = gate_id};
    assert_int_equal(months_read(&world->test.cx, world->months, month_of(date_of(2026, 2, 3)),
                                 known_in_month, &known),
                     OK);
    return known.agent_id;
}

static void C1_1_of_the_agents_a_call_was_given_to_the_last_that_may_have_it_does(void **state)
{
    struct world *world = *state;
    tamper(world, "UPDATE agents SET permissions = 'predictive'");
    centre_renew(world);
    const int64_t call = asked_for_predictive(world, "p"), late = asked_for_predictive(world, "q");
    assert_int_equal(bound_to(world, late, "9999"), REFUSED_AGENT_UNKNOWN);
    assert_int_equal(agent_of_call(world, late), 0);
    assert_int_equal(bound_to(world, late, "1001"), ALLOWED);
    assert_int_equal(bound_to(world, call, "1001"), ALLOWED);
    assert_int_equal(bound_to(world, call, "1002"), ALLOWED);
    tamper(world, "UPDATE agents SET state = 'disabled' WHERE code = '1001'");
    centre_renew(world);
    assert_int_equal(bound_to(world, call, "1001"), REFUSED_AGENT_DISABLED);
    assert_int_equal(bound_to(world, call, "9998"), REFUSED_AGENT_UNKNOWN);
    assert_int_equal(agent_of_call(world, call), centre.second);
    gate_close(&world->test.cx);
    centre_gate_again(world); /* as the month says */
    assert_int_equal(agent_of_call(world, call), centre.second);
    assert_int_equal(agent_in_month(world, call), centre.second);
    assert_int_equal(agent_in_month(world, late), centre.first);
    assert_month(world, 2, 3); /* every refusal was found */
}

static void C1_1_neither_a_call_that_is_over_nor_an_agents_own_is_given_to_another(void **state)
{
    struct world *world = *state;
    enum allowance reason;
    tamper(world, "UPDATE agents SET permissions = 'manual_dial,predictive'");
    centre_renew(world);
    const struct gate_ask ask = ask_for("manual");
    const int64_t manual = answer_to(world, &ask).gate_id;
    assert_int_equal(bound_to(world, manual, "1002"), REFUSED_MODE);
    assert_int_equal(agent_of_call(world, manual), centre.first);
    const int64_t call = asked_for_predictive(world, "p");
    assert_int_equal(gate_release(&world->test.cx, 0, call), OK);
    assert_int_equal(gate_bind(&world->test.cx, 0, call, "1001", &reason), CONFLICT);
    world->test.cx.fault = (struct fault){0};
    assert_int_equal(agent_of_call(world, call), 0);
}

static enum result provider_found(struct ctx *cx, void *host)
{
    struct query found = db_query("f", "SELECT provider_id FROM call_findings", 0);
    return db_int(cx, &found, NO_PARAMS, host);
}

/* After a start, too, the agent is the one that was bound, and what is refused its provider's. */
static void a_start_forgets_neither_who_was_bound_nor_whose_the_call_is(void **state)
{
    struct world *world = *state;
    enum allowance reason;
    struct gate_known known;
    int64_t provider = 0;
    struct gate_ask ask = ask_for("p");
    ask.agent = "";
    ask.mode = GATE_PREDICTIVE;
    tamper(world, "UPDATE agents SET permissions = 'predictive' WHERE code = '1001'");
    centre_renew(world);
    const int64_t bound = answer_to(world, &ask).gate_id;
    assert_int_equal(gate_bind(&world->test.cx, 0, bound, "1001", &reason), OK);
    ask.call_id = "q";
    const int64_t later = answer_to(world, &ask).gate_id;
    gate_close(&world->test.cx);
    centre_gate_again(world);
    assert_int_equal(gate_recall(&world->test.cx, bound, &known), OK);
    assert_int_equal(known.agent_id, centre.first);
    assert_int_equal(gate_bind(&world->test.cx, world->provider, later, "1002", &reason), OK);
    assert_int_equal(reason, REFUSED_MODE);
    assert_int_equal(gate_fold(&world->test.cx), OK);
    assert_int_equal(months_read(&world->test.cx, world->months, month_of(date_of(2026, 2, 3)),
                                 provider_found, &provider),
                     OK);
    assert_int_equal(provider, world->provider);
}

/* ---- the journal ---- */

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

static void of_any_number_of_decisions_each_is_folded(void **state)
{
    enum { MANY = 4500 }; /* more than at once */
    struct world *world = *state;
    struct gate_ask ask = ask_for("");
    for (int i = 0; i < MANY; i++) {
        ask.call_id = arena_printf(world->test.arena, "%d", i);
        ask.agent = i % 1000 ? "1001" : "9999";
        (void)answer_to(world, &ask);
    }
    assert_int_equal(gate_fold(&world->test.cx), OK);
    assert_month(world, MANY, MANY / 1000 + 1);
}

static const char *journal_path(struct world *world)
{
    const char *found = NULL;
    DIR *dir = opendir(centre_folder);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        if (entry->d_name[0] != '.')
            found = arena_printf(world->test.arena, "%s/%s", centre_folder, entry->d_name);
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
    gate_close(&world->test.cx);
    const char *path = journal_path(world);
    assert_int_equal(stat(path, &status), 0);
    const int fd = open(path, O_WRONLY | O_APPEND);
    assert_int_equal(write(fd, "LYJ1 torn in the middle", 23), 23); /* of a write */
    close(fd);
    centre_gate_again(world);
    assert_month(world, 3, 1);
    assert_int_equal(answer_to(world, &ask).gate_id, first); /* it still knows the call */
    assert_true(access(path, F_OK) != 0);
}

static void what_stands_behind_a_broken_entry_is_not_lost(void **state)
{
    struct world *world = *state;
    const struct gate_ask ask = ask_for("1"), next = ask_for("2");
    (void)answer_to(world, &ask);
    (void)answer_to(world, &next);
    const int fd = open(journal_path(world), O_WRONLY);
    assert_int_equal(pwrite(fd, "not on the disk", 15, 40), 15); /* of the first entry */
    close(fd);
    assert_int_equal(gate_fold(&world->test.cx), OK);
    assert_month(world, 1, 0);
}

static const char *set_aside(struct world *world)
{
    const char *found = "";
    DIR *dir = opendir(centre_folder);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        if (strstr(entry->d_name, ".unread"))
            found = arena_dup(world->test.arena, entry->d_name);
    closedir(dir);
    return found;
}

static void C1_1_what_no_store_takes_is_set_aside_and_holds_up_no_other_decision(void **state)
{
    struct world *world = *state;
    struct journal *poisoned;
    struct journal_entry entry = {.kind = JOURNAL_DECISION,
                                  .gate_id = call_id_at(world->test.cx.now) | 31 << 8,
                                  .mode = GATE_MANUAL,
                                  .reason = ALLOWED,
                                  .node = "k9",
                                  .call_id = "\xff",
                                  .contract = "",
                                  .agent = "",
                                  .caller = ""};
    const struct gate_ask ask = ask_for("1");
    (void)answer_to(world, &ask);
    assert_int_equal(journal_open(&world->test.cx, centre_folder, false, &poisoned), OK);
    assert_true(journal_add(poisoned, &entry));
    entry.gate_id++;
    entry.call_id = "sound";
    assert_true(journal_add(poisoned, &entry));
    journal_close(poisoned);
    assert_int_equal(gate_fold(&world->test.cx), OK);
    assert_month(world, 2, 0);
    assert_string_not_equal(set_aside(world), "");
    gate_close(&world->test.cx);
    centre_gate_again(world);
    assert_month(world, 2, 0);
}

/* As the kernel's, but for once: another process folds just then, and takes the new file for one
 * that was left behind. */
static bool is_taken_away;
int flock(int fd, int operation)
{
    char link[64], path[512] = "";
    if (is_taken_away) {
        is_taken_away = false;
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        assert_true(readlink(link, path, sizeof path - 1) > 0);
        assert_int_equal(unlink(path), 0);
    }
    return (int)syscall(SYS_flock, fd, operation);
}

static void what_is_decided_is_not_written_into_a_file_that_was_taken_away(void **state)
{
    struct world *world = *state;
    const struct gate_ask ask = ask_for("1"), next = ask_for("2");
    (void)answer_to(world, &ask);
    is_taken_away = true;
    assert_int_equal(gate_fold(&world->test.cx), OK);
    assert_false(is_taken_away);
    (void)answer_to(world, &next);
    assert_int_equal(gate_fold(&world->test.cx), OK);
    assert_month(world, 2, 0);
}

static void without_its_journal_the_gate_permits_nothing(void **state)
{
    struct world *world = *state;
    struct gate_answer answer;
    const struct gate_ask ask = ask_for("1");
    assert_int_equal(chmod(centre_folder, 0500), 0);
    rename(centre_folder, arena_printf(world->test.arena, "%s.away", centre_folder));
    (void)!gate_fold(&world->test.cx); /* a new file is due when the old one has entries */
    const struct gate_ask before = ask_for("0");
    (void)!gate_decide(&world->test.cx, &before, &answer);
    (void)!gate_fold(&world->test.cx);
    world->test.cx.fault = (struct fault){0};
    assert_int_equal(gate_decide(&world->test.cx, &ask, &answer), BROKEN);
    rename(arena_printf(world->test.arena, "%s.away", centre_folder), centre_folder);
    assert_int_equal(chmod(centre_folder, 0700), 0);
    assert_int_equal(gate_fold(&world->test.cx), OK);
    assert_true(answer_to(world, &ask).allow);
}

/* ---- a start, and other processes ---- */

static void a_question_repeated_after_a_start_hears_the_same(void **state)
{
    struct world *world = *state;
    const struct gate_ask ask = ask_for("1");
    tamper(world, arena_printf(world->test.arena,
                               "INSERT INTO call_rules (id, version, created_at, updated_at, "
                               "organisation_id, contract_id, unit_id, hours_from, hours_to, "
                               "working_days_only, per_day, per_week, max_s, record, "
                               "consent_required, gated_from, basis) VALUES (9, 1, 0, 0, %lld, "
                               "%lld, NULL, '00:00', '23:59', FALSE, 0, 0, 600, FALSE, FALSE, '', "
                               "'x')",
                               (long long)world->client, (long long)centre.contract));
    centre_renew(world);
    const struct gate_answer first = answer_to(world, &ask);
    assert_true(first.allow && !first.record);
    tamper(world, "DELETE FROM call_rules");
    gate_close(&world->test.cx);
    centre_gate_again(world);
    const struct gate_answer again = answer_to(world, &ask);
    assert_memory_equal(&again, &first, sizeof again);
}

/* The process that is named so holds another place; what it decided lies in the month. */
static void a_process_beside(struct world *world, const char *until)
{
    tamper(world, arena_printf(world->test.arena,
                               "UPDATE gate_processes SET holder = 'beside', until = %lld "
                               "WHERE id = 32",
                               (long long)at(until).ms));
}

static enum result put_elsewhere(struct db *db, void *host)
{
    struct world *world = host;
    struct ctx cx = world->test.cx;
    struct query put = db_query("p",
                                "INSERT INTO gate_decisions (id, node, call_id, contract_id, "
                                "agent_id, number_id, callee_key, callee_code, mode, reason, "
                                "max_s) VALUES ($1, 'k9', 'x', $2, 71, $3, $4, $5, 'manual', 'ok', "
                                "600)",
                                5);
    int64_t key, code;
    callee_seal(cx.keys, ask_for("x").callee, &key, &code);
    cx.db = db;
    cx.mem = arena_new();
    const enum result result =
        db_change_one(&cx, &put,
                      PARAMS(P((call_id_at(world->test.cx.now) | (int64_t)31 << 8)),
                             P(centre.contract), P(centre.number), P(key), P(code)));
    arena_free(cx.mem);
    return result;
}

static void what_another_process_decided_is_known_here_too(void **state)
{
    struct world *world = *state;
    struct store *month;
    struct gate_live live;
    struct gate_ask ask = ask_for("x");
    ask.node = "k9";
    assert_int_equal(
        months_store(&world->test.cx, world->months, month_of(date_of(2026, 2, 3)), true, &month),
        OK);
    assert_int_equal(store_write_now(month, put_elsewhere, world), OK);
    months_release(world->months, month);
    a_process_beside(world, "2026-02-03T10:01:00+08:00");
    assert_int_equal(gate_follow(&world->test.cx), OK);
    assert_int_equal(gate_follow(&world->test.cx), OK);
    gate_live(world->test.cx.now, NULL, &live);
    assert_int_equal(live.open, 1);
    const struct gate_answer answer = answer_to(world, &ask);
    assert_int_equal(answer.gate_id >> 8 & 31, 31);
    assert_int_equal(answer.max_s, 600);
}

struct folding {
    struct world *world;
    struct store *month;
    int folder; /* locked */
};

static enum result nothing(struct db *db, void *host)
{
    (void)db, (void)host;
    return OK;
}

/* It begins once the other one's own file is there, and takes its time. */
static void *fold_elsewhere(void *host)
{
    const struct folding *folding = host;
    for (bool is_there = false; !is_there;) {
        DIR *dir = opendir(centre_folder);
        for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
            is_there = is_there || entry->d_name[0] != '.';
        closedir(dir);
    }
    for (int i = 0; i < 100; i++)
        (void)!store_write_now(folding->month, nothing, NULL);
    if (store_write_now(folding->month, put_elsewhere, folding->world) != OK)
        abort();
    close(folding->folder);
    return NULL;
}

/* The file that it left is not there for it any more, nor in the month yet. */
static void a_process_that_starts_waits_for_the_one_that_folds_what_it_left(void **state)
{
    struct world *world = *state;
    struct folding folding = {.world = world};
    struct gate_ask ask = ask_for("x");
    pthread_t other;
    ask.node = "k9";
    gate_close(&world->test.cx);
    assert_int_equal(months_store(&world->test.cx, world->months, month_of(date_of(2026, 2, 3)),
                                  true, &folding.month),
                     OK);
    folding.folder = open(centre_folder, O_RDONLY | O_DIRECTORY);
    assert_int_equal(flock(folding.folder, LOCK_EX), 0);
    assert_int_equal(pthread_create(&other, NULL, fold_elsewhere, &folding), 0);
    centre_gate_again(world);
    pthread_join(other, NULL);
    months_release(world->months, folding.month);
    assert_int_equal(answer_to(world, &ask).gate_id >> 8 & 31, 31);
}

static void two_processes_never_make_the_same_id(void **state)
{
    struct world *world = *state;
    const struct gate_ask ask = ask_for("1"), next = ask_for("2");
    const int64_t first = answer_to(world, &ask).gate_id;
    gate_close(&world->test.cx);
    centre_gate_again(world);
    assert_true((answer_to(world, &next).gate_id ^ first) >> 8 & 31);
}

static void a_process_without_its_place_decides_nothing(void **state)
{
    struct world *world = *state;
    struct gate_answer answer;
    const struct gate_ask ask = ask_for("1");
    process_leave(&world->test.cx);
    assert_int_equal(gate_decide(&world->test.cx, &ask, &answer), BUSY);
    world->test.cx.fault = (struct fault){0};
    assert_int_equal(process_enter(&world->test.cx), OK);
    assert_true(answer_to(world, &ask).allow);
}

static void a_process_without_a_place_starts_and_permits_nothing_until_it_has_one(void **state)
{
    struct world *world = *state;
    const struct gate_options options = {
        .store = world->test.store, .months = world->months, .folder = centre_folder};
    const struct gate_ask ask = ask_for("waits");
    struct gate_answer answer;
    gate_close(&world->test.cx);
    tamper(world, "UPDATE gate_processes SET until = 9223372036854775807, holder = 'killed'");
    assert_int_equal(gate_open(&world->test.cx, &options), OK);
    assert_int_equal(gate_decide(&world->test.cx, &ask, &answer), BUSY);
    assert_int_equal(process_renew(&world->test.cx), BUSY);
    tamper(world, "UPDATE gate_processes SET until = 0");
    assert_int_equal(process_renew(&world->test.cx), OK);
    world->test.cx.fault = (struct fault){.result = OK};
    assert_true(answer_to(world, &ask).allow);
}

/* ---- the page ---- */

static void the_gate_tells_how_it_is_doing(void **state)
{
    struct world *world = *state;
    struct gate_live live;
    ask_three(world);
    world->test.cx.now.ms += 2000;
    gate_live(world->test.cx.now, NULL, &live);
    assert_int_equal(live.minute, 3);
    assert_int_equal(live.allowed, 2);
    assert_int_equal(live.open, 2);
    assert_int_equal(live.reasons[REFUSED_AGENT_UNKNOWN], 1);
    const struct gate_ask ask = ask_for("1");
    assert_int_equal(gate_release(&world->test.cx, 0, answer_to(world, &ask).gate_id), OK);
    gate_live(world->test.cx.now, NULL, &live);
    assert_int_equal(live.open, 1);
}

/* Of more contracts than are told apart the last ones are counted together, for the company alone.
 */
static void C1_1_no_provider_sees_what_others_asked(void **state)
{
    enum { FIRST = 100000, COUNT = 520 };
    struct world *world = *state;
    struct gate_live live;
    int32_t seen = 0;
    for (int i = 0; i < COUNT; i++) {
        struct gate_ask ask = ask_for(arena_printf(world->test.arena, "%d", i));
        ask.asker = FIRST + i;
        (void)answer_to(world, &ask);
    }
    world->test.cx.now.ms += 2000;
    for (int i = 0; i < COUNT; i++) {
        gate_live(world->test.cx.now, &(struct gate_view){.provider_id = FIRST + i}, &live);
        assert_in_range(live.minute, 0, 1);
        seen += live.minute;
    }
    assert_int_equal(seen, 511);
    gate_live(world->test.cx.now, NULL, &live);
    assert_int_equal(live.minute, COUNT);
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
        GATE_TEST(a_lawful_call_is_allowed_and_told_its_number),
        GATE_TEST(what_is_not_permitted_is_refused_with_its_reason),
        GATE_TEST(C2_2_without_the_training_that_the_contract_requires_nobody_calls),
        GATE_TEST(a_change_is_in_force_once_the_directory_is_renewed),
        GATE_TEST(C1_1_before_its_first_day_and_after_its_last_a_contract_calls_nobody),
        GATE_TEST(C1_1_what_was_not_compared_with_the_store_for_a_minute_permits_nothing),
        GATE_TEST(a_question_that_is_none_is_refused),
        GATE_TEST(the_gate_chooses_a_number_where_none_is_named),
        GATE_TEST(the_same_number_is_chosen_for_the_same_callee_among_those_permitted),
        GATE_TEST(the_same_call_hears_the_same_whatever_changed),
        GATE_TEST(C1_1_a_call_id_is_no_permission_for_another_call),
        GATE_TEST(C1_1_a_question_is_repeated_for_two_minutes_while_its_call_is_not_over),
        GATE_TEST(ids_of_one_millisecond_differ),
        GATE_TEST(what_one_provider_asked_for_is_unknown_to_another),
        GATE_TEST(an_agent_may_be_bound_later_in_predictive_dialling),
        GATE_TEST(C1_1_of_the_agents_a_call_was_given_to_the_last_that_may_have_it_does),
        GATE_TEST(C1_1_neither_a_call_that_is_over_nor_an_agents_own_is_given_to_another),
        GATE_TEST(a_start_forgets_neither_who_was_bound_nor_whose_the_call_is),
        GATE_TEST(decisions_are_folded_once_and_what_was_refused_is_found),
        GATE_TEST(of_any_number_of_decisions_each_is_folded),
        GATE_TEST(a_process_that_was_killed_loses_no_decision),
        GATE_TEST(what_stands_behind_a_broken_entry_is_not_lost),
        GATE_TEST(C1_1_what_no_store_takes_is_set_aside_and_holds_up_no_other_decision),
        GATE_TEST(what_is_decided_is_not_written_into_a_file_that_was_taken_away),
        GATE_TEST(without_its_journal_the_gate_permits_nothing),
        GATE_TEST(a_question_repeated_after_a_start_hears_the_same),
        GATE_TEST(what_another_process_decided_is_known_here_too),
        GATE_TEST(a_process_that_starts_waits_for_the_one_that_folds_what_it_left),
        GATE_TEST(two_processes_never_make_the_same_id),
        GATE_TEST(a_process_without_its_place_decides_nothing),
        GATE_TEST(a_process_without_a_place_starts_and_permits_nothing_until_it_has_one),
        GATE_TEST(the_gate_tells_how_it_is_doing),
        GATE_TEST(C1_1_no_provider_sees_what_others_asked),
        GATE_TEST(every_statement_of_the_gate_is_understood_by_both_engines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
