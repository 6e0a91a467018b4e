/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/regulation/regulation.h"

#include "app/contracts/test_contracts.h"
#include "app/duties/duty.h"
#include "app/regulation/own_clause.h"

static struct clause clause_of(struct world *world, const char *id, int64_t contract_id)
{
    struct clause clause;
    assert_int_equal(clause_read(&world->test.cx, id, contract_id, &clause), OK);
    return clause;
}

static struct regulation regulation_of(struct world *world, int64_t contract_id)
{
    struct regulation regulation;
    assert_int_equal(regulation_read(&world->test.cx, contract_id, &regulation), OK);
    return regulation;
}

static enum clause_state state_of(struct world *world, const char *id)
{
    return clause_of(world, id, 0).state;
}

static const struct figure *figure_of(const struct clause *clause, const char *name)
{
    for (size_t i = 0; i < clause->figure_count; i++)
        if (strcmp(clause->figures[i].name, name) == 0)
            return &clause->figures[i];
    return NULL;
}

static int64_t a_complete_draft(struct world *world)
{
    struct contract contract = contract_draft(world);
    contract.executor_id = a_person(world, world->client, world->project);
    contract.contact_id = a_person(world, world->client, world->project);
    contract.service = SERVICE_OUTBOUND_CALL;
    contract.no_subcontracting = true;
    contract.served_party_clause = "The owners judge every quarter.";
    assert_int_equal(add(world, &CONTRACTS, &contract), OK);
    return contract.id;
}

static void alter(struct world *world, int64_t id, const char *assignments)
{
    tamper(world, arena_printf(world->test.arena, "UPDATE contracts SET %s WHERE id = %lld",
                               assignments, (long long)id));
}

/* ---- the words ---- */

static void every_clause_hangs_below_a_known_one_and_says_something_in_both_languages(void **state)
{
    for (size_t i = 0; i < CLAUSE_COUNT; i++) {
        const struct clause_words *words = &CLAUSES[i];
        const bool is_last = i + 1 == CLAUSE_COUNT;
        if (*words->parent && !clause_words_of(words->parent))
            fail_msg("%s hangs below nothing", words->id);
        for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
            assert_true(*words->title[lang]);
            if (is_last || strcmp(CLAUSES[i + 1].parent, words->id) != 0)
                assert_true(*words->text[lang]); /* a chapter may leave it to its clauses */
        }
    }
}

/* ---- the rule ---- */

static void where_there_is_nothing_no_clause_applies_yet(void **state)
{
    static const char *const ABOUT_CONTRACTS[] = {"C2.7", "V1", "V4", "V5.1.1", "V5.1.2", "V5.1.4"};
    struct world *world = *state;
    for (size_t i = 0; i < sizeof ABOUT_CONTRACTS / sizeof ABOUT_CONTRACTS[0]; i++)
        assert_int_equal(state_of(world, ABOUT_CONTRACTS[i]), CLAUSE_IDLE);
}

static void a_clause_is_open_while_a_draft_lacks_what_it_asks_for(void **state)
{
    static const struct {
        const char *clause, *assignments, *figure;
    } CASES[] = {
        {"V5.1.1", "executor_id = NULL", "draft_no_executor"},
        {"V5.1.2", "briefing = 'half'", "draft_unbriefed"},
        {"V5.1.4", "no_subcontracting = FALSE", "draft_undeclared"},
        {"V5.1.5", "served_party_judges = FALSE", "draft_unjudged"},
        {"C2.7", "contact_id = NULL", "draft_no_contact"},
    };
    struct world *world = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        const int64_t id = a_complete_draft(world);
        alter(world, id, "briefing = 'signed'");
        tamper(world, "DELETE FROM duties"); /* the contract's own words alone */
        assert_int_equal(state_of(world, CASES[i].clause), CLAUSE_IDLE);
        alter(world, id, CASES[i].assignments);
        const struct clause clause = clause_of(world, CASES[i].clause, 0);
        assert_int_equal(clause.state, CLAUSE_OPEN);
        assert_int_equal(figure_of(&clause, CASES[i].figure)->count, 1);
        alter(world, id, "state = 'terminated'");
    }
}

static void activation_makes_the_clauses_that_it_asks_for_kept(void **state)
{
    static const char *const KEPT[] = {"C2.7",   "V1",     "V3.1",   "V4",
                                       "V5.1.1", "V5.1.2", "V5.1.4", "V5.1.5"};
    struct world *world = *state;
    const int64_t id = a_ready_contract(world);
    assert_int_equal(state_of(world, "V5.1.1"), CLAUSE_IDLE);
    assert_int_equal(activate(world, id), OK);
    for (size_t i = 0; i < sizeof KEPT / sizeof KEPT[0]; i++)
        if (state_of(world, KEPT[i]) != CLAUSE_MET)
            fail_msg("%s", KEPT[i]);
}

static void a_contract_in_force_that_lacks_it_breaches_the_clause(void **state)
{
    static const struct {
        const char *clause, *assignments;
    } CASES[] = {
        {"V5.1.1", "executor_id = NULL"},          {"V5.1.1", "ends_on = '2026-03-01'"},
        {"V5.1.2", "briefing = 'missing'"},        {"V5.1.4", "no_subcontracting = FALSE"},
        {"V5.1.5", "served_party_judges = FALSE"}, {"C2.7", "contact_id = NULL"},
    };
    struct world *world = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        const int64_t id = an_active_contract(world);
        tamper(world, "DELETE FROM duties");
        assert_int_equal(state_of(world, CASES[i].clause), CLAUSE_MET);
        alter(world, id, CASES[i].assignments);
        assert_int_equal(state_of(world, CASES[i].clause), CLAUSE_BREACHED);
        alter(world, id, "state = 'ended'"); /* what is over is none of the clause's business */
        assert_int_equal(state_of(world, CASES[i].clause), CLAUSE_IDLE);
    }
}

static void a_chapter_stands_where_the_worst_of_its_clauses_does(void **state)
{
    struct world *world = *state;
    const int64_t id = an_active_contract(world);
    assert_int_equal(state_of(world, "V5.1"), CLAUSE_MET);
    alter(world, id, "briefing = 'superseded'");
    assert_int_equal(state_of(world, "V5.1.2"), CLAUSE_OPEN);
    assert_int_equal(state_of(world, "V5.1"), CLAUSE_OPEN);
    alter(world, id, "executor_id = NULL");
    assert_int_equal(state_of(world, "V5.1"), CLAUSE_BREACHED);
    assert_int_equal(state_of(world, "V5"), CLAUSE_BREACHED);
}

static void a_figure_says_how_many_and_leads_to_them(void **state)
{
    struct world *world = *state;
    an_active_contract(world);
    an_active_contract(world);
    const struct clause clause = clause_of(world, "V5.1.1", 0);
    const struct figure *in_force = figure_of(&clause, "in_force");
    assert_int_equal(in_force->count, 2);
    assert_false(in_force->more);
    assert_string_equal(in_force->href, "/contracts?state=active,suspended");
    assert_string_equal(figure_of(&clause, "past_end")->href,
                        "/contracts?state=active,suspended&ends_on_to=2026-03-01");
}

/* ---- duties ---- */

static enum result tick_run(struct ctx *cx, void *host)
{
    return duties_tick(cx);
}

/* The clock goes on to that day. */
static void live_until(struct world *world, struct date day)
{
    world->test.cx.now = instant_of(day, 0, SHANGHAI_OFFSET_MIN);
    assert_int_equal(attempt(world, tick_run, NULL), OK);
}

static int32_t count_of(struct world *world, const char *id, const char *figure)
{
    const struct clause clause = clause_of(world, id, 0);
    return figure_of(&clause, figure)->count;
}

static void what_is_owed_under_a_clause_is_open_and_then_breaches_it(void **state)
{
    struct world *world = *state;
    const int64_t id = a_complete_draft(world); /* its executor is to be briefed within a month */
    assert_int_equal(count_of(world, "V5.1.2", "duties_open"), 1);
    assert_int_equal(state_of(world, "V5.1.2"), CLAUSE_OPEN);
    live_until(world, date_of(2027, 1, 1));
    const struct clause late = clause_of(world, "V5.1.2", 0);
    assert_int_equal(late.state, CLAUSE_BREACHED);
    assert_int_equal(figure_of(&late, "duties_overdue")->count, 1);
    assert_string_equal(figure_of(&late, "duties_overdue")->href,
                        "/duties?rule=brief_executor,sign_briefing&state=overdue&live=true");
    assert_int_equal(clause_of(world, "V5.1.2", id).state, CLAUSE_BREACHED);
    assert_int_equal(
        clause_of(world, "V5.1.2", a_contract(world, world->project, world->provider)).state,
        CLAUSE_OPEN);
}

static void a_duty_that_was_met_shows_the_clause_kept(void **state)
{
    struct world *world = *state;
    struct contract draft = contract_draft(world), named;
    assert_int_equal(add(world, &CONTRACTS, &draft), OK);
    assert_int_equal(count_of(world, "V5.1.1", "duties_met"), 0);
    draft = named = contract_of(world, draft.id);
    named.executor_id = a_person(world, world->client, world->project);
    assert_int_equal(change(world, &CONTRACTS, &draft, &named), OK);
    assert_int_equal(count_of(world, "V5.1.1", "duties_met"), 1);
    assert_int_equal(state_of(world, "V5.1.1"), CLAUSE_MET);
}

/* ---- the company's own clauses ---- */

static struct own_clause own_draft(struct world *world, const char *number, const char *parent,
                                   const char *rule)
{
    struct own_clause clause = {.organisation_id = world->client, .state = OWN_CLAUSE_IN_FORCE};
    const struct field *rules = field_find(OWN_CLAUSES.fields, "duty_rules", 10);
    fields_blank(OWN_CLAUSES.fields, &clause);
    clause.number = number;
    clause.title = "Briefed in good time";
    clause.text = "Every executor is briefed within a month.";
    clause.parent = choice_find(CLAUSE_IDS, parent, strlen(parent));
    clause.duty_rules.bits = UINT64_C(1) << (choice_find(rules->choices, rule, strlen(rule)) - 1);
    return clause;
}

static void a_company_clause_stands_where_its_duties_do(void **state)
{
    struct world *world = *state;
    struct own_clause own = own_draft(world, "S-1", "V5.1.2", "brief_executor");
    assert_int_equal(add(world, &OWN_CLAUSES, &own), OK);
    assert_int_equal(state_of(world, "S-1"), CLAUSE_IDLE);
    const int64_t id = a_complete_draft(world);
    assert_int_equal(state_of(world, "S-1"), CLAUSE_OPEN);
    live_until(world, date_of(2027, 1, 1));
    assert_int_equal(state_of(world, "S-1"), CLAUSE_BREACHED);
    assert_int_equal(clause_of(world, "S-1", id).state, CLAUSE_BREACHED);
}

static void a_company_clause_stands_below_the_one_that_it_names(void **state)
{
    struct world *world = *state;
    struct own_clause below = own_draft(world, "S-1", "V5.1.2", "brief_executor"),
                      last = own_draft(world, "S-2", "V5", "activate");
    assert_int_equal(add(world, &OWN_CLAUSES, &last), OK);
    assert_int_equal(add(world, &OWN_CLAUSES, &below), OK);
    const struct regulation all = regulation_of(world, 0);
    for (size_t i = 1; i + 1 < all.count; i++) {
        if (strcmp(all.clauses[i].id, "S-1") == 0) {
            assert_string_equal(all.clauses[i - 1].id, "V5.1.2");
            assert_int_equal(all.clauses[i].level, all.clauses[i - 1].level + 1);
        }
        if (strcmp(all.clauses[i].id, "S-2") == 0)
            assert_string_equal(all.clauses[i + 1].id, "V6");
    }
    assert_true(clause_of(world, "S-1", 0).own && clause_of(world, "S-2", 0).own);
}

static void a_company_clause_has_a_number_of_its_own_and_a_duty(void **state)
{
    struct world *world = *state;
    struct own_clause taken = own_draft(world, "V5.1.2", "V5.1", "activate");
    assert_int_equal(add(world, &OWN_CLAUSES, &taken), INVALID);
    assert_only_fault(world, "number", "taken", "");
    struct own_clause idle = own_draft(world, "S-1", "V5.1", "activate");
    idle.duty_rules.bits = 0;
    assert_int_equal(add(world, &OWN_CLAUSES, &idle), INVALID);
    assert_only_fault(world, "duty_rules", "no_duty", "");
}

static void drafts_of_company_clauses_are_not_in_the_regulation(void **state)
{
    static const enum own_clause_state STATES[] = {OWN_CLAUSE_DRAFT, OWN_CLAUSE_RETIRED};
    struct world *world = *state;
    struct clause clause;
    for (size_t i = 0; i < 2; i++) {
        struct own_clause own = own_draft(world, i ? "S-2" : "S-1", "V5.1", "activate");
        own.state = STATES[i];
        assert_int_equal(add(world, &OWN_CLAUSES, &own), OK);
        assert_int_equal(clause_read(&world->test.cx, own.number, 0, &clause), NOT_FOUND);
    }
}

static void a_provider_sees_the_company_clauses_of_those_it_works_for(void **state)
{
    struct world *world = *state;
    struct own_clause own = own_draft(world, "S-1", "V5.1", "brief_executor");
    struct clause clause;
    const int64_t other = an_organisation(world, "Other", SIDE_PROVIDER);
    assert_int_equal(add(world, &OWN_CLAUSES, &own), OK);
    an_active_contract(world);
    act(world, outsider_of(world, world->provider, R(PROVIDER)));
    assert_int_equal(clause_read(&world->test.cx, "S-1", 0, &clause), OK);
    act(world, outsider_of(world, other, R(PROVIDER)));
    assert_int_equal(clause_read(&world->test.cx, "S-1", 0, &clause), NOT_FOUND);
}

/* ---- whose records ---- */

static void everybody_sees_the_figures_of_his_own_records(void **state)
{
    struct world *world = *state;
    const int64_t id = an_active_contract(world);
    const int64_t other = an_organisation(world, "Other", SIDE_PROVIDER);
    const struct {
        const struct actor *actor;
        enum clause_state state;
    } CASES[] = {
        {member_of(world, world->headquarters, R(AUDIT)), CLAUSE_BREACHED},
        {member_of(world, world->project, R(PM)), CLAUSE_BREACHED},
        {member_of(world, a_unit(world, world->division, UNIT_PROJECT), R(PM)), CLAUSE_IDLE},
        {outsider_of(world, world->provider, R(PROVIDER)), CLAUSE_BREACHED},
        {outsider_of(world, other, R(PROVIDER)), CLAUSE_IDLE},
    };
    alter(world, id, "executor_id = NULL");
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        act(world, CASES[i].actor);
        assert_int_equal(state_of(world, "V5.1.1"), CASES[i].state);
    }
}

static void what_is_for_others_to_read_is_not_counted_and_said(void **state)
{
    struct world *world = *state;
    act(world, member_of(world, world->headquarters, R(AUDIT)));
    struct clause clause = clause_of(world, "V3.2", 0);
    assert_true(figure_of(&clause, "trail")->count > 0);
    assert_false(clause.withheld);
    act(world, member_of(world, world->project, R(PM)));
    clause = clause_of(world, "V3.2", 0);
    assert_null(figure_of(&clause, "trail"));
    assert_true(clause.withheld);
}

static void a_contract_has_a_regulation_of_its_own(void **state)
{
    struct world *world = *state;
    const int64_t sound = an_active_contract(world), broken = an_active_contract(world);
    alter(world, broken, "executor_id = NULL");
    assert_int_equal(clause_of(world, "V5.1.1", sound).state, CLAUSE_MET);
    const struct clause clause = clause_of(world, "V5.1.1", broken);
    assert_int_equal(clause.state, CLAUSE_BREACHED);
    assert_string_equal(figure_of(&clause, "no_executor")->href,
                        arena_printf(world->test.arena, "/contracts/%lld", (long long)broken));
    const struct clause units = clause_of(world, "V2", sound);
    assert_null(figure_of(&units, "units")); /* they belong to no contract */
}

static void a_contract_that_one_may_not_see_shows_nothing(void **state)
{
    struct world *world = *state;
    const int64_t id = an_active_contract(world);
    struct regulation regulation;
    act(world, outsider_of(world, an_organisation(world, "Other", SIDE_PROVIDER), R(PROVIDER)));
    assert_int_equal(regulation_read(&world->test.cx, id, &regulation), NOT_FOUND);
}

/* ---- the whole ---- */

static void what_is_sought_comes_with_the_chapters_above_it(void **state)
{
    struct world *world = *state;
    a_complete_draft(world);
    const struct regulation all = regulation_of(world, 0);
    const struct set open = {UINT64_C(1) << (CLAUSE_OPEN - 1)};
    struct regulation found = regulation_seek(&world->test.cx, &all, open, "交底");
    assert_int_equal(found.count, 4);
    assert_string_equal(found.clauses[0].id, "V");
    assert_string_equal(found.clauses[1].id, "V5");
    assert_string_equal(found.clauses[2].id, "V5.1");
    assert_string_equal(found.clauses[3].id, "V5.1.2");
    found = regulation_seek(&world->test.cx, &all, (struct set){0}, "");
    assert_int_equal(found.count, all.count);
    found = regulation_seek(&world->test.cx, &all, (struct set){0}, "no such words");
    assert_int_equal(found.count, 0);
}

static void the_counts_are_of_clauses_and_not_of_chapters(void **state)
{
    struct world *world = *state;
    const struct regulation all = regulation_of(world, 0);
    int32_t sum = 0, clauses = 0;
    for (size_t i = 0; i < all.count; i++)
        clauses += !all.clauses[i].chapter;
    for (enum clause_state each = CLAUSE_MET; each <= CLAUSE_IDLE; each++)
        sum += regulation_count(&all, each);
    assert_int_equal(sum, clauses);
    assert_int_equal(regulation_count(&all, 0), clauses);
}

static void there_is_no_clause_that_the_regulation_has_not(void **state)
{
    struct world *world = *state;
    struct clause clause;
    assert_int_equal(clause_read(&world->test.cx, "V9", 0, &clause), NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(every_clause_hangs_below_a_known_one_and_says_something_in_both_languages),
        WORLD_TEST(where_there_is_nothing_no_clause_applies_yet),
        WORLD_TEST(a_clause_is_open_while_a_draft_lacks_what_it_asks_for),
        WORLD_TEST(activation_makes_the_clauses_that_it_asks_for_kept),
        WORLD_TEST(a_contract_in_force_that_lacks_it_breaches_the_clause),
        WORLD_TEST(a_chapter_stands_where_the_worst_of_its_clauses_does),
        WORLD_TEST(a_figure_says_how_many_and_leads_to_them),
        WORLD_TEST(what_is_owed_under_a_clause_is_open_and_then_breaches_it),
        WORLD_TEST(a_duty_that_was_met_shows_the_clause_kept),
        WORLD_TEST(a_company_clause_stands_where_its_duties_do),
        WORLD_TEST(a_company_clause_stands_below_the_one_that_it_names),
        WORLD_TEST(a_company_clause_has_a_number_of_its_own_and_a_duty),
        WORLD_TEST(drafts_of_company_clauses_are_not_in_the_regulation),
        WORLD_TEST(a_provider_sees_the_company_clauses_of_those_it_works_for),
        WORLD_TEST(everybody_sees_the_figures_of_his_own_records),
        WORLD_TEST(what_is_for_others_to_read_is_not_counted_and_said),
        WORLD_TEST(a_contract_has_a_regulation_of_its_own),
        WORLD_TEST(a_contract_that_one_may_not_see_shows_nothing),
        WORLD_TEST(what_is_sought_comes_with_the_chapters_above_it),
        WORLD_TEST(the_counts_are_of_clauses_and_not_of_chapters),
        WORLD_TEST(there_is_no_clause_that_the_regulation_has_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
