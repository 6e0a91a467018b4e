/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/agents/agent.h"
#include "app/desk/desk.h"
#include "app/signatures/signature.h"
#include "app/supervision/supervision_report.h"
#include "app/test_world.h"

/* ---- a project with a contract in force, the month after ---- */

struct story {
    struct world *world;
    const struct actor *pm, *division, *ops;
    int64_t contract;
    struct month month;
};

static struct story story_of(void **state)
{
    struct world *world = *state;
    struct story story = {
        .world = world,
        .pm = member_of(world, world->project, R(PM)),
        .division = member_of(world, world->division, R(DIVISION)),
        .ops = member_of(world, world->headquarters, R(OPS)),
        .contract = a_contract(world, world->project, world->provider),
        .month = month_of(date_of(2026, 3, 1)),
    };
    tamper(world, "UPDATE contracts SET state = 'active', starts_on = '2026-01-01', "
                  "ends_on = '2026-12-31'");
    world->test.cx.now = instant_of(date_of(2026, 4, 2), 600, SHANGHAI_OFFSET_MIN);
    return story;
}

static enum result draft_as(const struct story *story, const struct actor *actor, int64_t unit_id,
                            struct month month, int64_t *out_id)
{
    struct supervision_report report = {
        .unit_id = unit_id, .month = month, .body = "All went well."};
    fields_blank(SUPERVISION_REPORTS.fields, &report);
    act(story->world, actor);
    enum result result = add(story->world, &SUPERVISION_REPORTS, &report);
    *out_id = report.id;
    return result;
}

static int64_t a_draft(const struct story *story)
{
    int64_t id;
    assert_int_equal(draft_as(story, story->pm, story->world->project, story->month, &id), OK);
    return id;
}

static struct supervision_report report_of(const struct story *story, int64_t id)
{
    struct supervision_report report;
    const struct actor *actor = story->world->test.cx.actor;
    act(story->world, &ACTOR_SYSTEM);
    get(story->world, &SUPERVISION_REPORTS, id, &report);
    act(story->world, actor);
    return report;
}

struct deed {
    int64_t id, out;
    enum { FILE_IT, RECEIVE, NOTE, CORRECT } step;
    const char *words;
};

static enum result deed_run(struct ctx *cx, void *host)
{
    struct deed *deed = host;
    struct supervision_report report;
    TRY(record_get(cx, &SUPERVISION_REPORTS, deed->id, &report));
    switch (deed->step) {
    case FILE_IT:
        return report_file(cx, &report, deed->words);
    case RECEIVE:
        return report_receive(cx, &report);
    case NOTE:
        return report_note(cx, &report);
    default:
        return report_correct(cx, &report, deed->words, &deed->out);
    }
}

static enum result step_as(const struct story *story, const struct actor *actor, struct deed deed)
{
    act(story->world, actor);
    return attempt(story->world, deed_run, &deed);
}

static const char *digest_of(const struct story *story, int64_t id)
{
    const struct supervision_report report = report_of(story, id);
    const char *out;
    assert_int_equal(report_digest(&story->world->test.cx, &report, &out), OK);
    return out;
}

static enum result file_as(const struct story *story, const struct actor *actor, int64_t id)
{
    return step_as(story, actor,
                   (struct deed){.id = id, .step = FILE_IT, .words = digest_of(story, id)});
}

static int64_t a_filed(const struct story *story)
{
    const int64_t id = a_draft(story);
    assert_int_equal(file_as(story, story->pm, id), OK);
    return id;
}

static const struct report_figure *figure_of(const struct story *story, int64_t id,
                                             const char *name)
{
    const struct supervision_report report = report_of(story, id);
    struct report_figure *figures;
    size_t count;
    assert_int_equal(report_figures(&story->world->test.cx, &report, &figures, &count), OK);
    const struct report_figure *figure = report_figure_find(figures, count, name);
    assert_non_null(figure);
    return figure;
}

static int32_t counted(const struct story *story, int64_t id, const char *name)
{
    return figure_of(story, id, name)->count;
}

/* ---- its life ---- */

static void V5_1_3_a_report_is_filed_received_under_a_number_and_noted(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = a_filed(&story);
    struct supervision_report report = report_of(&story, id);
    assert_int_equal(report.state, REPORT_FILED);
    assert_false(report.late);
    assert_int_equal(strlen(report.sha256), 64);
    assert_int_equal(step_as(&story, story.division, (struct deed){.id = id, .step = RECEIVE}), OK);
    report = report_of(&story, id);
    assert_string_equal(report.receipt, "回执-2026-0001");
    assert_string_equal(report.received_by, story.division->person_name);
    assert_int_equal(step_as(&story, story.ops, (struct deed){.id = id, .step = NOTE}), OK);
    report = report_of(&story, id);
    assert_int_equal(report.state, REPORT_NOTED);
    assert_int_equal(report.noted_at.ms, story.world->test.cx.now.ms);
}

static void V5_1_3_steps_are_refused_out_of_their_order(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = a_draft(&story);
    assert_int_equal(step_as(&story, story.division, (struct deed){.id = id, .step = RECEIVE}),
                     CONFLICT);
    assert_code(story.world, "supervision_report.wrong_state");
    assert_int_equal(file_as(&story, story.pm, id), OK);
    assert_int_equal(file_as(&story, story.pm, id), CONFLICT);
    assert_code(story.world, "supervision_report.wrong_state");
    assert_int_equal(step_as(&story, story.ops, (struct deed){.id = id, .step = NOTE}), CONFLICT);
    assert_code(story.world, "supervision_report.wrong_state");
}

static void V5_1_3_a_month_that_is_not_over_is_not_filed(void **state)
{
    const struct story story = story_of(state);
    int64_t id, later;
    const struct month april = {story.month.months + 1}, may = {story.month.months + 2};
    assert_int_equal(draft_as(&story, story.pm, story.world->project, april, &id), OK);
    assert_int_equal(file_as(&story, story.pm, id), CONFLICT);
    assert_code(story.world, "supervision_report.month_not_over");
    assert_int_equal(draft_as(&story, story.pm, story.world->project, may, &later), INVALID);
    assert_only_fault(story.world, "month", "in_future", "V5.1.3");
}

static void V5_1_3_a_project_manager_reports_on_the_own_project_alone(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = a_draft(&story),
                  other = a_unit(story.world, story.world->division, UNIT_PROJECT);
    const struct actor *stranger = member_of(story.world, other, R(PM));
    int64_t theirs;
    assert_int_equal(file_as(&story, stranger, id), NOT_FOUND);
    assert_int_equal(draft_as(&story, stranger, story.world->project, story.month, &theirs),
                     INVALID);
    assert_true(was_rejected(story.world, "unit_id", "unknown_record"));
    const struct actor *provider = outsider_of(story.world, story.world->provider, R(PROVIDER));
    assert_int_equal(file_as(&story, provider, id), NOT_FOUND);
    act(story.world, story.division);
    assert_int_equal(draft_as(&story, story.division, story.world->project, story.month, &theirs),
                     INVALID);
    assert_true(was_rejected(story.world, "unit_id", "other_level"));
    act(story.world, story.ops);
    assert_int_equal(draft_as(&story, story.ops, story.world->headquarters, story.month, &theirs),
                     INVALID);
    assert_only_fault(story.world, "unit_id", "not_a_project", "V5.1.3");
}

static void V5_1_3_there_is_one_report_a_month_and_it_has_words(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = a_draft(&story);
    int64_t second;
    assert_int_equal(draft_as(&story, story.pm, story.world->project, story.month, &second),
                     INVALID);
    assert_only_fault(story.world, "month", "report_exists", "V5.1.3");
    tamper(story.world, "UPDATE supervision_reports SET body = ''");
    assert_int_equal(file_as(&story, story.pm, id), INVALID);
    assert_only_fault(story.world, "body", "required", "V5.1.3");
}

static void V5_1_3_who_filed_does_not_receive(void **state)
{
    const struct story story = story_of(state);
    const struct actor *both = member_of(story.world, story.world->division, R(PM) | R(DIVISION));
    const int64_t id = a_draft(&story);
    assert_int_equal(file_as(&story, both, id), OK);
    assert_int_equal(step_as(&story, both, (struct deed){.id = id, .step = RECEIVE}), FORBIDDEN);
    assert_code(story.world, "supervision_report.own");
}

static enum result rewrite(const struct story *story, int64_t id, const char *body)
{
    struct supervision_report before = report_of(story, id), after = before;
    after.body = body;
    act(story->world, story->pm);
    return change(story->world, &SUPERVISION_REPORTS, &before, &after);
}

static void V5_1_3_a_filed_report_never_changes_and_a_correction_refers_to_it(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = a_draft(&story);
    assert_int_equal(rewrite(&story, id, "Better words."), OK);
    assert_int_equal(file_as(&story, story.pm, id), OK);
    assert_int_equal(rewrite(&story, id, "Other words."), CONFLICT);
    assert_code(story.world, "supervision_report.sealed");
    struct deed correct = {.id = id, .step = CORRECT, .words = ""};
    assert_int_equal(step_as(&story, story.pm, correct), INVALID);
    correct.words = "An issue was left out.";
    act(story.world, story.pm);
    assert_int_equal(attempt(story.world, deed_run, &correct), OK);
    const struct supervision_report next = report_of(&story, correct.out);
    assert_int_equal(next.corrects_id, id);
    assert_int_equal(next.revision, 2);
    assert_int_equal(next.state, REPORT_DRAFTED);
    assert_int_equal(report_of(&story, id).corrected_by_id, next.id);
    assert_int_equal(step_as(&story, story.pm, correct), CONFLICT);
    assert_code(story.world, "supervision_report.corrected");
    assert_int_equal(file_as(&story, story.pm, next.id), OK);
}

/* ---- figures ---- */

static void an_issue(const struct story *story)
{
    struct issue issue = {.contract_id = story->contract,
                          .kind = ISSUE_PROBLEM,
                          .priority = ISSUE_NORMAL,
                          .source = ISSUE_ON_SITE,
                          .subject = "Water on the floor"};
    fields_blank(ISSUES.fields, &issue);
    act(story->world, &ACTOR_SYSTEM);
    assert_int_equal(add(story->world, &ISSUES, &issue), OK);
}

static void V5_1_3_figures_follow_the_records_until_filing_freezes_them(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = a_draft(&story);
    assert_int_equal(counted(&story, id, "contracts.in_force"), 1);
    assert_int_equal(counted(&story, id, "contracts.unbriefed"), 1);
    assert_int_equal(counted(&story, id, "issues.opened"), 0);
    const char *seen = digest_of(&story, id);
    an_issue(&story); /* in April */
    assert_int_equal(counted(&story, id, "issues.opened"), 0);
    tamper(story.world, "UPDATE issues SET opened_at = 1773000000000"); /* 9 March */
    tamper(story.world, "UPDATE issues SET answered_at = opened_at + 7500000");
    assert_int_equal(counted(&story, id, "issues.opened"), 1);
    assert_int_equal(figure_of(&story, id, "issues.answered")->minutes, 125);
    assert_int_equal(
        step_as(&story, story.pm, (struct deed){.id = id, .step = FILE_IT, .words = seen}),
        CONFLICT);
    assert_code(story.world, "supervision_report.changed");
    assert_int_equal(file_as(&story, story.pm, id), OK);
    tamper(story.world, "DELETE FROM issues");
    assert_int_equal(counted(&story, id, "issues.opened"), 1);
    assert_string_equal(figure_of(&story, id, "issues.opened")->records, "1");
}

static void figures_are_of_the_project_and_the_month_alone(void **state)
{
    const struct story story = story_of(state);
    const int64_t other = a_unit(story.world, story.world->division, UNIT_PROJECT);
    a_contract(story.world, other, story.world->provider);
    tamper(story.world, "UPDATE contracts SET state = 'active', starts_on = '2026-01-01'");
    const int64_t id = a_draft(&story);
    assert_int_equal(counted(&story, id, "contracts.in_force"), 1);
    tamper(story.world, "UPDATE contracts SET starts_on = '2026-04-01'");
    assert_int_equal(counted(&story, id, "contracts.in_force"), 0);
}

/* A slice of tomorrow adds rows. */
static void sections_are_a_table_that_slices_add_to(void **state)
{
    static const struct report_figure_rule FIGURES[] = {
        {"people", &PEOPLE, "t.unit_id = :unit", NULL, false}, {.name = NULL}};
    static const struct report_section SECTION = {"staff", "C2.4", FIGURES};
    const struct report_section *const sections[] = {&SECTION, NULL};
    const struct story story = story_of(state);
    const int64_t id = a_draft(&story);
    const struct report_section *former[32] = {NULL};
    for (size_t i = 0; report_section_at(i); i++)
        former[i] = report_section_at(i);
    reports_use(sections);
    assert_int_equal(counted(&story, id, "staff.people"), 1); /* the project manager */
    reports_use(former);
}

/* ---- what is owed ---- */

static enum result tick(struct ctx *cx, void *host)
{
    (void)host;
    return duties_tick(cx);
}

static void tick_at(const struct story *story, struct date day)
{
    story->world->test.cx.now = instant_of(day, 60, SHANGHAI_OFFSET_MIN);
    act(story->world, &ACTOR_SYSTEM);
    for (int rule = 0; rule < 10; rule++) /* one that comes every month at a time */
        assert_int_equal(attempt(story->world, tick, NULL), OK);
}

static const struct duty *duty_of(const struct story *story, const char *rule)
{
    struct list list;
    struct list_query query = {.limit = 5};
    act(story->world, &ACTOR_SYSTEM);
    assert_true(list_condition(&story->world->test.cx, &DUTIES, "rule", rule, &query));
    assert_int_equal(record_list(&story->world->test.cx, &DUTIES, &query, &list), OK);
    return list.count ? list.rows : NULL;
}

static void V5_1_3_a_project_owes_it_by_the_fifth_working_day(void **state)
{
    const struct story story = story_of(state);
    tick_at(&story, date_of(2026, 4, 1));
    const struct duty *duty = duty_of(&story, "file_report");
    assert_non_null(duty);
    assert_string_equal(duty->owner_role, "pm");
    assert_int_equal(duty->unit_id, story.world->project);
    /* 6 April is a holiday of the Qingming days: 1, 2, 3, 7 and 8 April */
    assert_int_equal(duty->due_at.ms, day_end(date_of(2026, 4, 8)).ms);
    const int64_t id = a_filed(&story);
    assert_int_equal(duty_of(&story, "file_report")->state, DUTY_MET);
    assert_int_equal(duty_of(&story, "receive_report")->state, DUTY_OPEN);
    assert_string_equal(duty_of(&story, "receive_report")->owner_role, "division");
    assert_int_equal(step_as(&story, story.division, (struct deed){.id = id, .step = RECEIVE}), OK);
    assert_int_equal(duty_of(&story, "receive_report")->state, DUTY_MET);
    assert_string_equal(duty_of(&story, "note_report")->owner_role, "ops");
    assert_int_equal(step_as(&story, story.ops, (struct deed){.id = id, .step = NOTE}), OK);
    assert_int_equal(duty_of(&story, "note_report")->state, DUTY_MET);
}

static void V5_1_3_what_is_filed_after_its_day_is_late(void **state)
{
    const struct story story = story_of(state);
    tick_at(&story, date_of(2026, 4, 1));
    tick_at(&story, date_of(2026, 4, 9));
    assert_int_equal(duty_of(&story, "file_report")->state, DUTY_OVERDUE);
    assert_true(report_of(&story, a_filed(&story)).late);
    assert_int_equal(duty_of(&story, "file_report")->state, DUTY_MET);
}

static void V5_1_3_a_project_without_contract_in_force_owes_none(void **state)
{
    const struct story story = story_of(state);
    tamper(story.world, "UPDATE contracts SET state = 'ended', state_at = 1");
    tick_at(&story, date_of(2026, 4, 1));
    assert_null(duty_of(&story, "file_report"));
}

/* ---- of a division ---- */

static int64_t a_division_draft(const struct story *story)
{
    int64_t id;
    assert_int_equal(draft_as(story, story->division, story->world->division, story->month, &id),
                     OK);
    return id;
}

static void V5_1_3_a_division_sums_up_what_its_projects_filed(void **state)
{
    const struct story story = story_of(state);
    const int64_t other = a_unit(story.world, story.world->division, UNIT_PROJECT);
    a_contract(story.world, other, story.world->provider);
    tamper(story.world, "UPDATE contracts SET state = 'active', starts_on = '2026-01-01'");
    const int64_t id = a_division_draft(&story);
    assert_int_equal(counted(&story, id, "reports.projects"), 2);
    assert_int_equal(counted(&story, id, "reports.missing"), 2);
    const int64_t draft = a_draft(&story); /* not filed yet */
    act(story.world, story.division);
    assert_int_equal(counted(&story, id, "contracts.in_force"), 0);
    assert_int_equal(file_as(&story, story.pm, draft), OK);
    const struct actor *second = member_of(story.world, other, R(PM));
    int64_t theirs;
    assert_int_equal(draft_as(&story, second, other, story.month, &theirs), OK);
    act(story.world, story.division);
    assert_int_equal(counted(&story, id, "reports.filed"), 1);
    assert_int_equal(counted(&story, id, "reports.missing"), 1);
    assert_int_equal(counted(&story, id, "contracts.in_force"), 1);
    assert_int_equal(file_as(&story, second, theirs), OK);
    act(story.world, story.division);
    assert_int_equal(counted(&story, id, "contracts.in_force"), 2);
    const struct report_figure *figure = figure_of(&story, id, "contracts.in_force");
    assert_string_equal(figure->resource, "supervision_reports");
    assert_string_equal(figure->records, arena_printf(story.world->test.arena, "%lld %lld",
                                                      (long long)draft, (long long)theirs));
}

static void V5_1_3_the_operations_centre_receives_a_divisions_report(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = a_division_draft(&story);
    const struct actor *no_manager = member_of(story.world, story.world->division, R(PM));
    const struct deed file = {.id = id, .step = FILE_IT, .words = digest_of(&story, id)};
    assert_int_equal(step_as(&story, story.pm, file), NOT_FOUND);
    assert_int_equal(step_as(&story, no_manager, file), FORBIDDEN);
    assert_code(story.world, "supervision_report.other_level");
    act(story.world, story.division);
    assert_int_equal(file_as(&story, story.division, id), OK);
    assert_string_equal(duty_of(&story, "receive_report")->owner_role, "ops");
    const struct actor *colleague = member_of(story.world, story.world->division, R(DIVISION));
    assert_int_equal(step_as(&story, colleague, (struct deed){.id = id, .step = RECEIVE}),
                     FORBIDDEN);
    assert_int_equal(step_as(&story, story.ops, (struct deed){.id = id, .step = RECEIVE}), OK);
    const struct supervision_report report = report_of(&story, id);
    assert_string_equal(report.receipt, "回执-2026-0001");
    assert_int_equal(report.state, REPORT_NOTED);
    assert_int_equal(duty_of(&story, "receive_report")->state, DUTY_MET);
    assert_null(duty_of(&story, "note_report"));
}

static void V5_1_3_a_project_is_received_by_its_division_alone(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = a_filed(&story);
    assert_int_equal(step_as(&story, story.ops, (struct deed){.id = id, .step = RECEIVE}),
                     FORBIDDEN);
    assert_code(story.world, "supervision_report.other_level");
}

static void V5_1_3_a_division_owes_it_three_days_after_its_projects(void **state)
{
    const struct story story = story_of(state);
    tick_at(&story, date_of(2026, 4, 1));
    const struct duty *duty = duty_of(&story, "file_division_report");
    assert_non_null(duty);
    assert_string_equal(duty->owner_role, "division");
    assert_int_equal(duty->unit_id, story.world->division);
    assert_int_equal(duty->due_at.ms, day_end(date_of(2026, 4, 13)).ms);
    assert_int_equal(file_as(&story, story.division, a_division_draft(&story)), OK);
    assert_int_equal(duty_of(&story, "file_division_report")->state, DUTY_MET);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(V5_1_3_a_report_is_filed_received_under_a_number_and_noted),
        WORLD_TEST(V5_1_3_steps_are_refused_out_of_their_order),
        WORLD_TEST(V5_1_3_a_month_that_is_not_over_is_not_filed),
        WORLD_TEST(V5_1_3_a_project_manager_reports_on_the_own_project_alone),
        WORLD_TEST(V5_1_3_there_is_one_report_a_month_and_it_has_words),
        WORLD_TEST(V5_1_3_who_filed_does_not_receive),
        WORLD_TEST(V5_1_3_a_filed_report_never_changes_and_a_correction_refers_to_it),
        WORLD_TEST(V5_1_3_figures_follow_the_records_until_filing_freezes_them),
        WORLD_TEST(figures_are_of_the_project_and_the_month_alone),
        WORLD_TEST(sections_are_a_table_that_slices_add_to),
        WORLD_TEST(V5_1_3_a_project_owes_it_by_the_fifth_working_day),
        WORLD_TEST(V5_1_3_what_is_filed_after_its_day_is_late),
        WORLD_TEST(V5_1_3_a_project_without_contract_in_force_owes_none),
        WORLD_TEST(V5_1_3_a_division_sums_up_what_its_projects_filed),
        WORLD_TEST(V5_1_3_the_operations_centre_receives_a_divisions_report),
        WORLD_TEST(V5_1_3_a_project_is_received_by_its_division_alone),
        WORLD_TEST(V5_1_3_a_division_owes_it_three_days_after_its_projects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
