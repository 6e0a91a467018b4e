/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/home/home.h"

#include "app/test_world.h"

/* What waits for this actor: "code title, code title" in the order of the page. */
static const char *tasks_of(struct world *world, const struct actor *actor)
{
    struct text text = text_new(world->test.arena, 128);
    struct task *tasks;
    size_t count;
    act(world, actor);
    assert_int_equal(home_tasks(&world->test.cx, &tasks, &count), OK);
    for (size_t i = 0; i < count; i++)
        text_printf(&text, "%s%s %s", i ? ", " : "", tasks[i].code, tasks[i].title);
    act(world, &ACTOR_SYSTEM);
    return text_end(&text);
}

static struct task only_task_of(struct world *world, const struct actor *actor)
{
    struct task *tasks;
    size_t count;
    act(world, actor);
    assert_int_equal(home_tasks(&world->test.cx, &tasks, &count), OK);
    assert_int_equal(count, 1);
    act(world, &ACTOR_SYSTEM);
    return tasks[0];
}

/* Far from its end, with an executor, briefed and in force: nothing to do. */
static int64_t a_quiet_contract(struct world *world, const char *name)
{
    struct contract contract = contract_draft(world);
    contract.name = name;
    contract.ends_on = date_of(2028, 12, 31);
    contract.executor_id = a_person(world, world->client, world->project);
    assert_int_equal(add(world, &CONTRACTS, &contract), OK);
    tamper(world, arena_printf(world->test.arena,
                               "UPDATE contracts SET state = 'active', briefing = 'signed'"
                               " WHERE id = %lld",
                               (long long)contract.id));
    return contract.id;
}

static void alter(struct world *world, int64_t id, const char *assignments)
{
    tamper(world, arena_printf(world->test.arena, "UPDATE contracts SET %s WHERE id = %lld",
                               assignments, (long long)id));
}

static void whoever_has_nothing_to_do_is_told_nothing(void **state)
{
    struct world *world = *state;
    a_quiet_contract(world, "Quiet");
    assert_string_equal(tasks_of(world, member_of(world, world->division, R(DIVISION))), "");
}

static void each_thing_that_a_contract_waits_for_is_a_task(void **state)
{
    static const struct {
        const char *assignments, *task;
    } CASES[] = {
        {"executor_id = NULL", "name_executor A"},
        {"briefing = 'missing'", "brief A"},
        {"briefing = 'superseded'", "brief_again A"},
        {"state = 'draft'", "activate A"},
        {"ends_on = '2026-03-31'", "contract_ends A"},
        {"ends_on = '2026-03-01'", "contract_over A"},
        {"ends_on = '2026-05-31', alert_days = 60", ""},
        {"ends_on = '2026-05-31', alert_days = 120", "contract_ends A"},
        {"state = 'suspended'", ""},
        {"state = 'ended', executor_id = NULL", ""},
        {"state = 'terminated', ends_on = '2026-03-01'", ""},
        {"briefing = 'open'", ""}, /* waits for others */
    };
    struct world *world = *state;
    const struct actor *division = member_of(world, world->division, R(DIVISION));
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        int64_t id = a_quiet_contract(world, "A");
        alter(world, id, CASES[i].assignments);
        const char *tasks = tasks_of(world, division);
        if (strcmp(tasks, CASES[i].task) != 0)
            fail_msg("%s: %s", CASES[i].assignments, tasks);
        alter(world, id, "state = 'ended'");
    }
}

static void a_task_is_for_whoever_can_do_it_and_sees_it(void **state)
{
    struct world *world = *state;
    const int64_t far_division = a_unit(world, world->headquarters, UNIT_DIVISION);
    alter(world, a_quiet_contract(world, "A"), "executor_id = NULL");
    assert_string_equal(tasks_of(world, member_of(world, world->headquarters, R(OPS))),
                        "name_executor A");
    assert_string_equal(tasks_of(world, member_of(world, world->division, R(DIVISION))),
                        "name_executor A");
    assert_string_equal(tasks_of(world, member_of(world, far_division, R(DIVISION))), "");
    assert_string_equal(tasks_of(world, member_of(world, world->project, R(PM))), "");
    assert_string_equal(tasks_of(world, member_of(world, world->headquarters, R(AUDIT))), "");
    assert_string_equal(tasks_of(world, outsider_of(world, world->provider, R(PROVIDER))), "");
}

static void the_most_urgent_comes_first(void **state)
{
    struct world *world = *state;
    alter(world, a_quiet_contract(world, "later"), "ends_on = '2026-04-20'");
    alter(world, a_quiet_contract(world, "late"), "ends_on = '2026-02-20'");
    alter(world, a_quiet_contract(world, "soon"), "ends_on = '2026-03-09'");
    assert_string_equal(tasks_of(world, member_of(world, world->division, R(DIVISION))),
                        "contract_over late, contract_ends soon, contract_ends later");
}

static void a_task_says_when_it_is_due_and_how_urgent_it_is(void **state)
{
    static const struct {
        const char *ends_on;
        int days_left;
        enum urgency urgency;
    } CASES[] = {
        {"2026-03-01", -1, URGENCY_LATE},
        {"2026-03-02", 0, URGENCY_SOON},
        {"2026-03-09", 7, URGENCY_SOON},
        {"2026-03-10", 8, URGENCY_LATER},
    };
    struct world *world = *state;
    const struct actor *division = member_of(world, world->division, R(DIVISION));
    int64_t id = a_quiet_contract(world, "A");
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        alter(world, id, arena_printf(world->test.arena, "ends_on = '%s'", CASES[i].ends_on));
        const struct task task = only_task_of(world, division);
        assert_int_equal(task.days_left, CASES[i].days_left);
        assert_int_equal(task.urgency, CASES[i].urgency);
        assert_string_equal(task.clause, "V5.1.1");
        assert_string_equal(task.href,
                            arena_printf(world->test.arena, "/contracts/%lld", (long long)id));
    }
}

/* ---- briefings ---- */

struct meeting {
    int64_t contract_id;
    struct briefing briefing;
};

static enum result hold(struct ctx *cx, void *host)
{
    struct meeting *meeting = host;
    TRY(briefing_prepare(cx, meeting->contract_id, &meeting->briefing));
    return record_add(cx, &BRIEFINGS, &meeting->briefing);
}

static enum result sign(struct ctx *cx, void *host)
{
    const struct briefing *briefing = host;
    return briefing_sign(cx, briefing->id, briefing->sha256);
}

static void a_briefing_waits_for_the_briefer_and_then_for_the_executor(void **state)
{
    struct world *world = *state;
    const struct actor *briefer = member_of(world, world->division, R(DIVISION));
    const struct actor *executor = member_of(world, world->project, R(EXECUTOR));
    struct meeting meeting = {.contract_id = a_quiet_contract(world, "A"),
                              .briefing = {.held_on = date_of(2026, 3, 1)}};
    fields_blank(BRIEFINGS.fields, &meeting.briefing);
    meeting.briefing.place = "Office";
    a_term(world, meeting.contract_id, "1");
    alter(world, meeting.contract_id,
          arena_printf(world->test.arena, "executor_id = %lld", (long long)executor->person_id));
    act(world, briefer);
    assert_int_equal(attempt(world, hold, &meeting), OK);
    assert_string_equal(tasks_of(world, briefer), "sign_briefing A");
    assert_string_equal(tasks_of(world, executor), "");
    act(world, briefer);
    assert_int_equal(attempt(world, sign, &meeting.briefing), OK);
    assert_string_equal(tasks_of(world, briefer), "");
    assert_string_equal(tasks_of(world, executor), "sign_briefing A");
    act(world, executor);
    assert_int_equal(attempt(world, sign, &meeting.briefing), OK);
    assert_string_equal(tasks_of(world, executor), "");
}

/* ---- qualifications (X5) ---- */

static void a_qualification_that_ends_waits_for_its_provider_and_who_watches_it(void **state)
{
    static const struct {
        int days; /* from today; 0: without end */
        const char *task;
    } CASES[] = {
        {0, ""},
        {-1, "qualification_over Licence"},
        {60, "qualification_ends Licence"},
        {61, ""},
    };
    struct world *world = *state;
    const struct date today = date_of(2026, 3, 2);
    const struct actor *ops = member_of(world, world->headquarters, R(OPS));
    const struct actor *provider = outsider_of(world, world->provider, R(PROVIDER));
    const struct actor *other =
        outsider_of(world, an_organisation(world, "Clean & Co", SIDE_PROVIDER), R(PROVIDER));
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct qualification licence = {.organisation_id = world->provider,
                                        .kind = QUALIFICATION_LICENCE};
        const int days = CASES[i].days;
        fields_blank(QUALIFICATIONS.fields, &licence);
        licence.name = "Licence";
        licence.valid_to = days ? date_add(today, days) : (struct date){0};
        assert_int_equal(add(world, &QUALIFICATIONS, &licence), OK);
        assert_string_equal(tasks_of(world, provider), CASES[i].task);
        assert_string_equal(tasks_of(world, ops), CASES[i].task);
        assert_string_equal(tasks_of(world, other), "");
        tamper(world, "DELETE FROM qualifications");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(whoever_has_nothing_to_do_is_told_nothing),
        WORLD_TEST(each_thing_that_a_contract_waits_for_is_a_task),
        WORLD_TEST(a_task_is_for_whoever_can_do_it_and_sees_it),
        WORLD_TEST(the_most_urgent_comes_first),
        WORLD_TEST(a_task_says_when_it_is_due_and_how_urgent_it_is),
        WORLD_TEST(a_briefing_waits_for_the_briefer_and_then_for_the_executor),
        WORLD_TEST(a_qualification_that_ends_waits_for_its_provider_and_who_watches_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
