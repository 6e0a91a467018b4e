/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/contracts/test_contracts.h"
#include "app/desk/desk.h"

#define HOUR_MS (60 * 60 * INT64_C(1000))

/* ---- making and moving issues ---- */

static struct issue issue_draft(int64_t contract_id)
{
    struct issue issue = {.contract_id = contract_id,
                          .kind = ISSUE_PROBLEM,
                          .priority = ISSUE_NORMAL,
                          .source = ISSUE_ON_SITE,
                          .subject = "Water on the floor"};
    fields_blank(ISSUES.fields, &issue);
    return issue;
}

static struct issue issue_of(struct world *world, int64_t id)
{
    struct issue issue;
    get(world, &ISSUES, id, &issue);
    return issue;
}

static int64_t an_issue(struct world *world, int64_t contract_id, enum issue_priority priority)
{
    struct issue issue = issue_draft(contract_id);
    issue.priority = priority;
    assert_int_equal(add(world, &ISSUES, &issue), OK);
    return issue.id;
}

struct stepping {
    enum { ANSWER, ASSIGN, SOLVE, CONFIRM, REOPEN } step;
    int64_t id, person_id, satisfaction;
    enum issue_priority priority;
    const char *words;
    enum responsibility responsibility;
};

static enum result step_run(struct ctx *cx, void *host)
{
    const struct stepping *s = host;
    struct issue issue;
    TRY(record_get(cx, &ISSUES, s->id, &issue));
    switch (s->step) {
    case ANSWER:
        return issue_answer(cx, &issue, s->words);
    case ASSIGN:
        return issue_assign(cx, &issue, s->person_id, s->priority, s->words);
    case SOLVE:
        return issue_solve(cx, &issue, s->words, s->responsibility);
    case CONFIRM:
        return issue_confirm(cx, &issue, s->satisfaction, s->words);
    default:
        return issue_reopen(cx, &issue, s->words);
    }
}

static enum result take(struct world *world, struct stepping stepping)
{
    return attempt(world, step_run, &stepping);
}

static enum result answer(struct world *world, int64_t id)
{
    return take(world, (struct stepping){ANSWER, .id = id, .words = "We are on our way."});
}

static enum result solve(struct world *world, int64_t id)
{
    return take(world, (struct stepping){SOLVE, .id = id, .words = "Dried.",
                                         .responsibility = RESPONSIBLE_PROVIDER});
}

static enum result confirm(struct world *world, int64_t id, int64_t satisfaction)
{
    return take(world,
                (struct stepping){CONFIRM, .id = id, .satisfaction = satisfaction, .words = ""});
}

static enum result reopen(struct world *world, int64_t id)
{
    return take(world, (struct stepping){REOPEN, .id = id, .words = "Wet again."});
}

static enum result assign(struct world *world, int64_t id, int64_t person_id)
{
    return take(world, (struct stepping){ASSIGN, .id = id, .person_id = person_id,
                                         .words = "Nearer to it."});
}

static void later(struct world *world, int64_t ms)
{
    world->test.cx.now.ms += ms;
}

static void assert_at(struct instant at, const char *expected)
{
    char text[INSTANT_MAX_TEXT];
    instant_format(at, text);
    assert_string_equal(text, expected);
}

/* ---- opening ---- */

static void a_new_issue_goes_to_the_contracts_contact(void **state)
{
    struct world *world = *state;
    const int64_t contract = an_active_contract(world);
    const struct issue issue = issue_of(world, an_issue(world, contract, ISSUE_NORMAL));
    assert_int_equal(issue.assigned_id, contract_of(world, contract).contact_id);
    assert_int_equal(issue.state, ISSUE_OPEN);
    assert_string_equal(issue.number, "问题-2026-0001");
}

static void numbers_run_without_gaps_and_begin_anew_each_year(void **state)
{
    static const char *const NUMBERS[] = {"问题-2026-0001", "问题-2026-0002", "问题-2027-0001"};
    struct world *world = *state;
    const int64_t contract = an_active_contract(world);
    struct issue refused = issue_draft(contract);
    for (size_t i = 0; i < 3; i++) {
        if (i == 2)
            later(world, 365 * 24 * HOUR_MS);
        refused.subject = "";
        assert_int_equal(add(world, &ISSUES, &refused), INVALID); /* takes no number */
        assert_string_equal(issue_of(world, an_issue(world, contract, ISSUE_LOW)).number,
                            NUMBERS[i]);
    }
}

static void the_priority_sets_both_deadlines(void **state)
{
    static const struct {
        enum issue_priority priority;
        const char *answer, *solution;
    } CASES[] = {
        /* opened on a Monday at 9 */
        {ISSUE_URGENT, "2026-03-02T09:30:00+08:00", "2026-03-02T13:00:00+08:00"},
        {ISSUE_HIGH, "2026-03-02T11:00:00+08:00", "2026-03-02T17:00:00+08:00"},
        {ISSUE_NORMAL, "2026-03-03T23:59:59.999+08:00", "2026-03-05T23:59:59.999+08:00"},
        {ISSUE_LOW, "2026-03-04T23:59:59.999+08:00", "2026-03-09T23:59:59.999+08:00"},
    };
    struct world *world = *state;
    const int64_t contract = an_active_contract(world);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        const struct issue issue = issue_of(world, an_issue(world, contract, CASES[i].priority));
        assert_at(issue.answer_due_at, CASES[i].answer);
        assert_at(issue.due_at, CASES[i].solution);
    }
}

static void the_desk_takes_issues_of_contracts_in_force_alone(void **state)
{
    struct world *world = *state;
    struct issue issue = issue_draft(a_ready_contract(world));
    assert_int_equal(add(world, &ISSUES, &issue), INVALID);
    assert_true(was_rejected(world, "contract_id", "not_in_force"));
    const int64_t contract = an_active_contract(world);
    an_issue(world, contract, ISSUE_NORMAL);
    assert_int_equal(step(world, contract, "suspend", "Short of staff"), OK);
    an_issue(world, contract, ISSUE_NORMAL);
    assert_int_equal(step(world, contract, "end", "Over"), OK);
    issue = issue_draft(contract);
    assert_int_equal(add(world, &ISSUES, &issue), INVALID);
}

/* ---- who ---- */

static void the_contact_and_the_clients_leads_are_in_charge(void **state)
{
    struct world *world = *state;
    const int64_t contract = an_active_contract(world);
    const struct contract known = contract_of(world, contract);
    const struct {
        const struct actor *actor;
        enum result expected;
    } CASES[] = {
        {actor_of(world, known.contact_id, R(RESIDENT)), OK},
        {member_of(world, world->division, R(CLIENT)), OK},
        {member_of(world, world->project, R(PM)), OK},
        {member_of(world, world->division, R(DIVISION)), OK},
        {member_of(world, world->headquarters, R(OPS)), OK},
        {actor_of(world, known.executor_id, R(EXECUTOR)), FORBIDDEN},
        {member_of(world, world->project, R(RESIDENT)), FORBIDDEN},
        {outsider_of(world, world->provider, R(PROVIDER)), FORBIDDEN},
        {outsider_of(world, an_organisation(world, "Other", SIDE_PROVIDER), R(PROVIDER)),
         NOT_FOUND},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        act(world, &ACTOR_SYSTEM);
        const int64_t id = an_issue(world, contract, ISSUE_NORMAL);
        act(world, CASES[i].actor);
        assert_int_equal(answer(world, id), CASES[i].expected);
    }
}

static void a_provider_sees_to_what_is_assigned_to_its_people(void **state)
{
    struct world *world = *state;
    const int64_t id = an_issue(world, an_active_contract(world), ISSUE_NORMAL);
    const int64_t foreman = a_person(world, world->provider, 0);
    const int64_t stranger = a_person(world, an_organisation(world, "Other", SIDE_PROVIDER), 0);
    const struct actor *pm = member_of(world, world->project, R(PM));
    const struct actor *provider = outsider_of(world, world->provider, R(PROVIDER));
    act(world, pm);
    assert_int_equal(assign(world, id, stranger), INVALID);
    assert_true(was_rejected(world, "person_id", "not_a_partys_person"));
    assert_int_equal(assign(world, id, foreman), OK);
    act(world, provider);
    assert_int_equal(answer(world, id), OK);
    assert_int_equal(solve(world, id), OK);
    assert_int_equal(confirm(world, id, 5), FORBIDDEN);
    assert_code(world, "issue.own_solution");
    act(world, outsider_of(world, world->provider, R(DUTY)));
    assert_int_equal(confirm(world, id, 5), FORBIDDEN);
    assert_code(world, "issue.not_reporter");
    act(world, pm);
    assert_int_equal(confirm(world, id, 4), OK);
    assert_int_equal(issue_of(world, id).satisfaction, 4);
}

static void whoever_reported_it_confirms_it(void **state)
{
    struct world *world = *state;
    const int64_t contract = an_active_contract(world);
    act(world, outsider_of(world, world->provider, R(DUTY)));
    const int64_t id = an_issue(world, contract, ISSUE_NORMAL);
    act(world, member_of(world, world->division, R(CLIENT)));
    assert_int_equal(solve(world, id), OK);
    act(world, outsider_of(world, world->provider, R(PROVIDER)));
    assert_int_equal(confirm(world, id, 3), OK);
}

/* ---- the order of the steps ---- */

static void each_step_is_taken_from_its_states_alone(void **state)
{
    static const unsigned LAWFUL[] = {
        [ANSWER] = 1u << ISSUE_OPEN | 1u << ISSUE_REOPENED,
        [ASSIGN] = 1u << ISSUE_OPEN | 1u << ISSUE_ANSWERED | 1u << ISSUE_REOPENED,
        [SOLVE] = 1u << ISSUE_OPEN | 1u << ISSUE_ANSWERED | 1u << ISSUE_REOPENED,
        [CONFIRM] = 1u << ISSUE_SOLVED,
        [REOPEN] = 1u << ISSUE_SOLVED | 1u << ISSUE_CLOSED,
    };
    static const char *const STATES[] = {"open", "answered", "solved", "closed", "reopened"};
    struct world *world = *state;
    const int64_t id = an_issue(world, an_active_contract(world), ISSUE_NORMAL);
    for (int step = ANSWER; step <= REOPEN; step++)
        for (int from = ISSUE_OPEN; from <= ISSUE_REOPENED; from++) {
            tamper(world, arena_printf(world->test.arena,
                                       "UPDATE issues SET state = '%s', priority = 'low'",
                                       STATES[from - 1]));
            struct stepping stepping = {.step = step,
                                        .id = id,
                                        .satisfaction = 5,
                                        .priority = ISSUE_HIGH,
                                        .words = "Words",
                                        .responsibility = RESPONSIBLE_NOBODY};
            const bool lawful = LAWFUL[step] >> from & 1;
            assert_int_equal(take(world, stepping), lawful ? OK : CONFLICT);
            if (!lawful)
                assert_code(world, "issue.wrong_state");
        }
}

static void no_step_is_taken_without_its_words(void **state)
{
    static const struct {
        struct stepping stepping;
        const char *state, *field, *code;
    } CASES[] = {
        {{ANSWER, .words = " "}, "open", "answer", "required"},
        {{ASSIGN, .priority = ISSUE_HIGH, .words = ""}, "open", "reason", "required"},
        {{ASSIGN, .priority = ISSUE_NORMAL, .words = "Why"}, "open", "person_id", "same_as_before"},
        {{SOLVE, .words = "", .responsibility = 1}, "open", "solution", "required"},
        {{SOLVE, .words = "Done"}, "open", "responsibility", "required"},
        {{CONFIRM, .words = ""}, "solved", "satisfaction", "one_to_five"},
        {{CONFIRM, .words = "", .satisfaction = 6}, "solved", "satisfaction", "one_to_five"},
        {{REOPEN, .words = ""}, "solved", "reason", "required"},
    };
    struct world *world = *state;
    const int64_t id = an_issue(world, an_active_contract(world), ISSUE_NORMAL);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct stepping stepping = CASES[i].stepping;
        stepping.id = id;
        tamper(world,
               arena_printf(world->test.arena, "UPDATE issues SET state = '%s'", CASES[i].state));
        assert_int_equal(take(world, stepping), INVALID);
        assert_true(was_rejected(world, CASES[i].field, CASES[i].code));
    }
}

static void another_priority_counts_from_the_opening(void **state)
{
    struct world *world = *state;
    const int64_t id = an_issue(world, an_active_contract(world), ISSUE_NORMAL);
    later(world, HOUR_MS);
    assert_int_equal(take(world, (struct stepping){ASSIGN, .id = id, .priority = ISSUE_URGENT,
                                                   .words = "People slip."}),
                     OK);
    const struct issue issue = issue_of(world, id);
    assert_at(issue.answer_due_at, "2026-03-02T09:30:00+08:00");
    assert_true(issue.overdue);
}

static void a_reopened_issue_has_its_time_anew_and_stays_late(void **state)
{
    struct world *world = *state;
    const int64_t id = an_issue(world, an_active_contract(world), ISSUE_URGENT);
    later(world, 5 * HOUR_MS);
    assert_int_equal(solve(world, id), OK);
    struct issue issue = issue_of(world, id);
    assert_true(issue.answered_late && issue.solved_late);
    assert_int_equal(reopen(world, id), OK);
    issue = issue_of(world, id);
    assert_int_equal(issue.state, ISSUE_REOPENED);
    assert_int_equal(issue.reopened, 1);
    assert_at(issue.due_at, "2026-03-02T18:00:00+08:00");
    assert_false(issue.overdue);
    assert_int_equal(solve(world, id), OK);
    assert_true(issue_of(world, id).solved_late);
}

/* ---- what is owed ---- */

static enum owing owing_of(struct world *world, size_t rule, int64_t id, struct duty *duty)
{
    struct issue issue = issue_of(world, id);
    enum owing owing = OWING_NOTHING;
    *duty = (struct duty){0};
    assert_int_equal(DESK_DUTIES[rule].judge(&world->test.cx, &issue, duty, &owing), OK);
    return owing;
}

static void the_first_answer_and_the_solution_are_owed_by_whom_it_is_assigned_to(void **state)
{
    struct world *world = *state;
    const int64_t contract = an_active_contract(world);
    const int64_t id = an_issue(world, contract, ISSUE_URGENT);
    const int64_t foreman = a_person(world, world->provider, 0);
    struct duty duty;
    assert_int_equal(owing_of(world, 0, id, &duty), OWING_DUTY);
    assert_at(duty.due_at, "2026-03-02T09:30:00+08:00");
    assert_int_equal(duty.owner_id, contract_of(world, contract).contact_id);
    assert_int_equal(duty.owner_side, SIDE_CLIENT);
    assert_int_equal(answer(world, id), OK);
    assert_int_equal(owing_of(world, 0, id, &duty), OWING_MET);
    assert_int_equal(assign(world, id, foreman), OK);
    assert_int_equal(owing_of(world, 1, id, &duty), OWING_DUTY);
    assert_int_equal(duty.owner_id, foreman);
    assert_int_equal(duty.organisation_id, world->provider);
    assert_int_equal(solve(world, id), OK);
    assert_int_equal(owing_of(world, 1, id, &duty), OWING_MET);
    assert_int_equal(reopen(world, id), OK);
    assert_int_equal(owing_of(world, 1, id, &duty), OWING_DUTY);
}

/* ---- figures ---- */

static struct issue_figure total_of(struct world *world, int64_t contract)
{
    struct issue_figure *figures;
    size_t count;
    const struct month month = month_of(date_of(2026, 3, 1));
    assert_int_equal(issue_figures(&world->test.cx, contract, (struct month){month.months - 1},
                                   month, &figures, &count),
                     OK);
    return figures[0];
}

static void figures_count_what_is_in_time_of_what_is_due(void **state)
{
    struct world *world = *state;
    const int64_t contract = an_active_contract(world);
    const int64_t quick = an_issue(world, contract, ISSUE_URGENT);
    const int64_t slow = an_issue(world, contract, ISSUE_URGENT);
    an_issue(world, contract, ISSUE_URGENT); /* nobody cares */
    an_issue(world, contract, ISSUE_LOW);    /* there is time */
    an_issue(world, an_active_contract(world), ISSUE_URGENT);
    assert_int_equal(solve(world, quick), OK);
    assert_int_equal(confirm(world, quick, 4), OK);
    later(world, 5 * HOUR_MS);
    assert_int_equal(solve(world, slow), OK);
    assert_int_equal(confirm(world, slow, 5), OK);
    const struct issue_figure figure = total_of(world, contract);
    assert_int_equal(figure.issues, 4);
    assert_int_equal(figure.open, 2);
    assert_int_equal(figure.overdue, 1);
    assert_int_equal(figure.answer_due, 3);
    assert_int_equal(figure.answered_in_time, 1);
    assert_int_equal(figure.solve_due, 3);
    assert_int_equal(figure.solved_in_time, 1);
    assert_string_equal(figure_ratio(world->test.arena, figure.satisfaction_sum, figure.rated, 1),
                        "4.50");
    assert_string_equal(
        figure_ratio(world->test.arena, figure.solved_in_time, figure.solve_due, 100), "33.33");
    assert_null(figure_ratio(world->test.arena, 0, 0, 100));
    assert_int_equal(total_of(world, 0).issues, 5);
    act(world, outsider_of(world, an_organisation(world, "Other", SIDE_PROVIDER), R(PROVIDER)));
    assert_int_equal(total_of(world, 0).issues, 0);
}

/* ---- codes on site ---- */

static struct issue_link a_link(struct world *world, int64_t contract_id)
{
    struct issue_link link = {.contract_id = contract_id, .place = "Lobby"};
    fields_blank(ISSUE_LINKS.fields, &link);
    assert_int_equal(add(world, &ISSUE_LINKS, &link), OK);
    return link;
}

struct reporting {
    struct issue_link link;
    const char *code;
};

static enum result report_run(struct ctx *cx, void *host)
{
    struct reporting *reporting = host;
    struct issue issue = {.kind = ISSUE_COMPLAINT, .words = "It smells on the third floor."};
    fields_blank(ISSUES.fields, &issue);
    TRY(report_add(cx, &reporting->link, &issue, NULL, 0));
    reporting->code = issue.code;
    return OK;
}

/* Somebody unknown at that address. */
static enum result report(struct world *world, struct reporting *reporting, const char *origin)
{
    world->test.cx.actor = NULL;
    world->test.cx.origin = origin;
    enum result result = attempt(world, report_run, reporting);
    world->test.cx.actor = &ACTOR_SYSTEM;
    return result;
}

static void a_report_is_found_again_by_its_code_at_its_place_alone(void **state)
{
    struct world *world = *state;
    const int64_t contract = an_active_contract(world);
    struct reporting reporting = {.link = a_link(world, contract)};
    const struct issue_link other = a_link(world, contract);
    struct issue issue;
    assert_int_equal(report(world, &reporting, "10.0.0.7"), OK);
    act(world, NULL);
    assert_int_equal(report_get(&world->test.cx, &reporting.link, reporting.code, &issue), OK);
    assert_string_equal(issue.place, "Lobby");
    assert_int_equal(issue.source, ISSUE_BY_QR);
    assert_int_equal(issue.opener_id, 0);
    assert_int_equal(report_get(&world->test.cx, &other, reporting.code, &issue), NOT_FOUND);
    assert_int_equal(report_get(&world->test.cx, &reporting.link, "", &issue), NOT_FOUND);
}

static void a_renewed_code_leads_nowhere_and_a_switched_off_one_takes_nothing(void **state)
{
    struct world *world = *state;
    const struct issue_link link = a_link(world, an_active_contract(world));
    struct issue_link found;
    struct reporting reporting;
    tamper(world, "UPDATE issue_links SET state = 'off'");
    assert_int_equal(report_link(&world->test.cx, link.token, &reporting.link), OK);
    assert_int_equal(report(world, &reporting, "10.0.0.7"), CONFLICT);
    assert_code(world, "report.closed");
    tamper(world, "UPDATE issue_links SET token = 'another'");
    assert_int_equal(report_link(&world->test.cx, link.token, &found), NOT_FOUND);
}

static void only_so_many_reports_come_from_one_address_within_an_hour(void **state)
{
    struct world *world = *state;
    struct reporting reporting = {.link = a_link(world, an_active_contract(world))};
    for (int i = 0; i < 10; i++)
        assert_int_equal(report(world, &reporting, "10.0.0.7"), OK);
    later(world, HOUR_MS / 2);
    assert_int_equal(report(world, &reporting, "10.0.0.7"), TOO_MANY);
    assert_string_equal(world->test.cx.fault.args[0], "1800");
    assert_int_equal(report(world, &reporting, "10.0.0.8"), OK);
    later(world, HOUR_MS / 2);
    assert_int_equal(report(world, &reporting, "10.0.0.7"), OK);
}

static void only_so_many_reports_come_by_one_code_within_an_hour(void **state)
{
    struct world *world = *state;
    struct reporting reporting = {.link = a_link(world, an_active_contract(world))};
    for (int i = 0; i < 60; i++)
        assert_int_equal(report(world, &reporting, arena_printf(world->test.arena, "10.0.1.%d", i)),
                         OK);
    assert_int_equal(report(world, &reporting, "10.0.2.1"), TOO_MANY);
}

static void codes_are_kept_by_the_contact_and_the_clients_leads(void **state)
{
    struct world *world = *state;
    const int64_t contract = an_active_contract(world);
    const struct contract known = contract_of(world, contract);
    const struct actor *contact = actor_of(world, known.contact_id, R(RESIDENT));
    const struct actor *executor = actor_of(world, known.executor_id, R(EXECUTOR));
    struct issue_link link = {.contract_id = contract};
    act(world, executor);
    assert_int_equal(add(world, &ISSUE_LINKS, &link), FORBIDDEN);
    assert_code(world, "issue_link.not_lead");
    act(world, contact);
    a_link(world, contract);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_new_issue_goes_to_the_contracts_contact),
        WORLD_TEST(numbers_run_without_gaps_and_begin_anew_each_year),
        WORLD_TEST(the_priority_sets_both_deadlines),
        WORLD_TEST(the_desk_takes_issues_of_contracts_in_force_alone),
        WORLD_TEST(the_contact_and_the_clients_leads_are_in_charge),
        WORLD_TEST(a_provider_sees_to_what_is_assigned_to_its_people),
        WORLD_TEST(whoever_reported_it_confirms_it),
        WORLD_TEST(each_step_is_taken_from_its_states_alone),
        WORLD_TEST(no_step_is_taken_without_its_words),
        WORLD_TEST(another_priority_counts_from_the_opening),
        WORLD_TEST(a_reopened_issue_has_its_time_anew_and_stays_late),
        WORLD_TEST(the_first_answer_and_the_solution_are_owed_by_whom_it_is_assigned_to),
        WORLD_TEST(figures_count_what_is_in_time_of_what_is_due),
        WORLD_TEST(a_report_is_found_again_by_its_code_at_its_place_alone),
        WORLD_TEST(a_renewed_code_leads_nowhere_and_a_switched_off_one_takes_nothing),
        WORLD_TEST(only_so_many_reports_come_from_one_address_within_an_hour),
        WORLD_TEST(only_so_many_reports_come_by_one_code_within_an_hour),
        WORLD_TEST(codes_are_kept_by_the_contact_and_the_clients_leads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
