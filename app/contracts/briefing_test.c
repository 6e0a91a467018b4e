/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/contracts/contract.h"
#include "app/records/trail.h"
#include "app/signatures/signature.h"
#include "app/test_world.h"

/* ---- a contract with two terms, who briefs and who executes ---- */

struct story {
    struct world *world;
    const struct actor *briefer, *executor;
    int64_t contract;
};

static struct contract contract_of(const struct story *story)
{
    struct contract contract;
    act(story->world, &ACTOR_SYSTEM);
    get(story->world, &CONTRACTS, story->contract, &contract);
    return contract;
}

static struct briefing briefing_of(const struct story *story, int64_t id)
{
    struct briefing briefing;
    act(story->world, &ACTOR_SYSTEM);
    get(story->world, &BRIEFINGS, id, &briefing);
    return briefing;
}

static struct story story_of(void **state)
{
    struct world *world = *state;
    struct story story = {.world = world,
                          .briefer = member_of(world, world->division, R(DIVISION)),
                          .executor = member_of(world, world->project, R(EXECUTOR))};
    struct contract contract = contract_draft(world);
    contract.executor_id = story.executor->person_id;
    assert_int_equal(add(world, &CONTRACTS, &contract), OK);
    story.contract = contract.id;
    a_term(world, contract.id, "1.1");
    a_term(world, contract.id, "1.2");
    return story;
}

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

static enum result brief(const struct story *story, struct briefing *out)
{
    struct meeting meeting = {.contract_id = story->contract,
                              .briefing = {.held_on = date_of(2026, 3, 1)}};
    fields_blank(BRIEFINGS.fields, &meeting.briefing);
    meeting.briefing.place = "Office";
    act(story->world, story->briefer);
    enum result result = attempt(story->world, hold, &meeting);
    *out = meeting.briefing;
    return result;
}

static struct briefing briefed(const struct story *story)
{
    struct briefing briefing;
    assert_int_equal(brief(story, &briefing), OK);
    return briefing;
}

struct signing {
    int64_t id;
    const char *words; /* the digest, or the reason */
};

static enum result sign_run(struct ctx *cx, void *host)
{
    const struct signing *signing = host;
    return briefing_sign(cx, signing->id, signing->words);
}

static enum result refuse_run(struct ctx *cx, void *host)
{
    const struct signing *signing = host;
    return briefing_refuse(cx, signing->id, signing->words);
}

static enum result sign(const struct story *story, const struct actor *actor,
                        const struct briefing *briefing)
{
    struct signing signing = {briefing->id, briefing->sha256};
    act(story->world, actor);
    return attempt(story->world, sign_run, &signing);
}

static enum result refuse(const struct story *story, const struct actor *actor, int64_t id,
                          const char *reason)
{
    struct signing signing = {id, reason};
    act(story->world, actor);
    return attempt(story->world, refuse_run, &signing);
}

static int valid_signatures(const struct story *story, int64_t id)
{
    struct signature *signatures;
    size_t count;
    int valid = 0;
    assert_int_equal(signatures_list(&story->world->test.cx, &BRIEFINGS, id, &signatures, &count),
                     OK);
    for (size_t i = 0; i < count; i++)
        valid += signatures[i].valid;
    return valid;
}

/* ---- holding it ---- */

static void a_briefing_takes_its_terms_and_parties_from_the_contract(void **state)
{
    const struct story story = story_of(state);
    struct briefing briefing = briefed(&story);
    briefing = briefing_of(&story, briefing.id);
    assert_string_equal(briefing.terms, "1.1 Garage and grounds, every night.\n"
                                        "1.2 Garage and grounds, every night.");
    assert_int_equal(briefing.briefer_id, story.briefer->person_id);
    assert_int_equal(briefing.executor_id, story.executor->person_id);
    assert_int_equal(briefing.number, 1);
    assert_int_equal(briefing.state, BRIEFING_DRAFT);
    assert_string_equal(briefing.sha256,
                        record_digest(story.world->test.arena, &BRIEFINGS, &briefing));
    assert_int_equal(contract_of(&story).briefing, BRIEFING_OPEN);
    assert_int_equal(contract_of(&story).briefed_on.days, date_of(2026, 3, 1).days);
}

static void there_is_nothing_to_brief_without_executor_or_terms(void **state)
{
    const struct story story = story_of(state);
    struct briefing briefing;
    tamper(story.world, "UPDATE contracts SET executor_id = NULL");
    assert_int_equal(brief(&story, &briefing), CONFLICT);
    assert_code(story.world, "briefing.no_executor");
    tamper(story.world,
           arena_printf(story.world->test.arena, "UPDATE contracts SET executor_id = %lld",
                        (long long)story.executor->person_id));
    tamper(story.world, "DELETE FROM terms");
    assert_int_equal(brief(&story, &briefing), CONFLICT);
    assert_code(story.world, "briefing.no_terms");
}

static void nobody_briefs_oneself(void **state)
{
    struct story story = story_of(state);
    struct briefing briefing;
    story.briefer = story.executor;
    assert_int_equal(brief(&story, &briefing), CONFLICT);
    assert_code(story.world, "briefing.same_person");
}

static void a_closed_contract_is_not_briefed(void **state)
{
    static const char *const STATES[] = {"ended", "terminated"};
    const struct story story = story_of(state);
    struct briefing briefing;
    for (size_t i = 0; i < sizeof STATES / sizeof STATES[0]; i++) {
        tamper(story.world, arena_printf(story.world->test.arena,
                                         "UPDATE contracts SET state = '%s'", STATES[i]));
        assert_int_equal(brief(&story, &briefing), CONFLICT);
        assert_code(story.world, "contract.wrong_state");
    }
}

static void a_briefing_is_not_held_in_the_future(void **state)
{
    const struct story story = story_of(state);
    struct meeting meeting = {.contract_id = story.contract,
                              .briefing = {.held_on = date_of(2026, 3, 3)}};
    fields_blank(BRIEFINGS.fields, &meeting.briefing);
    meeting.briefing.place = "Office";
    act(story.world, story.briefer);
    assert_int_equal(attempt(story.world, hold, &meeting), INVALID);
    assert_only_fault(story.world, "held_on", "in_future", "");
}

static void a_second_briefing_replaces_the_first(void **state)
{
    const struct story story = story_of(state);
    const struct briefing first = briefed(&story);
    assert_int_equal(sign(&story, story.briefer, &first), OK);
    const struct briefing second = briefed(&story);
    assert_int_equal(second.number, 2);
    assert_int_equal(briefing_of(&story, first.id).state, BRIEFING_REPLACED);
    assert_int_equal(valid_signatures(&story, first.id), 0);
    assert_int_equal(contract_of(&story).briefing, BRIEFING_OPEN);
    assert_int_equal(sign(&story, story.briefer, &first), CONFLICT);
    assert_code(story.world, "briefing.not_open");
}

/* ---- signing it ---- */

static void both_sign_in_order_and_then_the_contract_is_briefed(void **state)
{
    const struct story story = story_of(state);
    const struct briefing briefing = briefed(&story);
    assert_int_equal(sign(&story, story.executor, &briefing), CONFLICT);
    assert_code(story.world, "briefing.order");
    assert_int_equal(sign(&story, story.briefer, &briefing), OK);
    assert_int_equal(contract_of(&story).briefing, BRIEFING_HALF);
    assert_int_equal(briefing_of(&story, briefing.id).state, BRIEFING_DRAFT);
    assert_int_equal(sign(&story, story.briefer, &briefing), CONFLICT);
    assert_code(story.world, "signature.twice");
    assert_int_equal(sign(&story, story.executor, &briefing), OK);
    assert_int_equal(contract_of(&story).briefing, BRIEFING_DONE);
    assert_int_equal(briefing_of(&story, briefing.id).state, BRIEFING_SIGNED);
    assert_int_equal(valid_signatures(&story, briefing.id), 2);
    assert_int_equal(sign(&story, story.executor, &briefing), CONFLICT);
    assert_code(story.world, "briefing.not_open");
}

static void only_the_two_parties_sign(void **state)
{
    const struct story story = story_of(state);
    const struct briefing briefing = briefed(&story);
    const struct actor *pm = member_of(story.world, story.world->project, R(PM));
    const struct actor *elsewhere = member_of(
        story.world, a_unit(story.world, story.world->headquarters, UNIT_DIVISION), R(DIVISION));
    assert_int_equal(sign(&story, pm, &briefing), FORBIDDEN);
    assert_code(story.world, "briefing.not_party");
    assert_int_equal(sign(&story, elsewhere, &briefing), NOT_FOUND);
}

static void one_signs_what_one_was_shown(void **state)
{
    const struct story story = story_of(state);
    struct briefing briefing = briefed(&story);
    static const char *const DIGESTS[] = {
        "", "0000000000000000000000000000000000000000000000000000000000000000"};
    for (size_t i = 0; i < sizeof DIGESTS / sizeof DIGESTS[0]; i++) {
        briefing.sha256 = DIGESTS[i];
        assert_int_equal(sign(&story, story.briefer, &briefing), CONFLICT);
        assert_code(story.world, "briefing.changed");
    }
    assert_int_equal(valid_signatures(&story, briefing.id), 0);
}

static void a_changed_briefing_is_signed_anew_by_both(void **state)
{
    const struct story story = story_of(state);
    const struct briefing made = briefed(&story);
    assert_int_equal(sign(&story, story.briefer, &made), OK);
    assert_int_equal(sign(&story, story.executor, &made), OK);
    const struct briefing before = briefing_of(&story, made.id);
    struct briefing after = before;
    after.questions = "Who holds the keys?";
    assert_int_equal(change(story.world, &BRIEFINGS, &before, &after), OK);
    after = briefing_of(&story, made.id);
    assert_string_not_equal(after.sha256, before.sha256);
    assert_int_equal(after.state, BRIEFING_DRAFT);
    assert_int_equal(valid_signatures(&story, made.id), 0);
    assert_int_equal(contract_of(&story).briefing, BRIEFING_OPEN);
    assert_int_equal(sign(&story, story.briefer, &made), CONFLICT); /* over the former text */
    assert_int_equal(sign(&story, story.briefer, &after), OK);
}

static void what_the_briefer_signed_is_signed_anew_when_it_changes(void **state)
{
    const struct story story = story_of(state);
    const struct briefing made = briefed(&story);
    assert_int_equal(sign(&story, story.briefer, &made), OK);
    assert_int_equal(contract_of(&story).briefing, BRIEFING_HALF);
    const struct briefing before = briefing_of(&story, made.id);
    struct briefing after = before;
    after.place = "Elsewhere";
    assert_int_equal(change(story.world, &BRIEFINGS, &before, &after), OK);
    after = briefing_of(&story, made.id);
    assert_int_equal(valid_signatures(&story, made.id), 0);
    assert_int_equal(contract_of(&story).briefing, BRIEFING_OPEN);
    assert_int_equal(sign(&story, story.executor, &after), CONFLICT);
    assert_code(story.world, "briefing.order");
    assert_int_equal(sign(&story, story.briefer, &after), OK);
    assert_int_equal(sign(&story, story.executor, &after), OK);
}

static void a_refusal_is_kept_with_its_reason_and_voids_what_was_signed(void **state)
{
    const struct story story = story_of(state);
    const struct briefing briefing = briefed(&story);
    struct event *events;
    size_t count;
    assert_int_equal(sign(&story, story.briefer, &briefing), OK);
    assert_int_equal(refuse(&story, story.executor, briefing.id, " "), INVALID);
    assert_only_fault(story.world, "reason", "required", "");
    assert_int_equal(refuse(&story, story.executor, briefing.id, "Term 1.2 is unclear"), OK);
    assert_int_equal(valid_signatures(&story, briefing.id), 0);
    assert_int_equal(contract_of(&story).briefing, BRIEFING_OPEN);
    assert_int_equal(trail_of(&story.world->test.cx, &BRIEFINGS, briefing.id, 1, &events, &count),
                     OK);
    assert_string_equal(events->action, "refuse");
    assert_string_equal(events->note, "Term 1.2 is unclear");
    assert_string_equal(events->account, story.executor->account);
}

static void only_the_parties_of_an_open_briefing_refuse_it(void **state)
{
    const struct story story = story_of(state);
    const struct briefing briefing = briefed(&story);
    const struct actor *pm = member_of(story.world, story.world->project, R(PM));
    assert_int_equal(refuse(&story, pm, briefing.id, "because"), FORBIDDEN);
    assert_int_equal(sign(&story, story.briefer, &briefing), OK);
    assert_int_equal(sign(&story, story.executor, &briefing), OK);
    assert_int_equal(refuse(&story, story.executor, briefing.id, "too late"), CONFLICT);
    assert_code(story.world, "briefing.not_open");
}

/* ---- what supersedes it ---- */

static void another_executor_closes_the_briefing_and_its_signatures(void **state)
{
    const struct story story = story_of(state);
    const struct briefing briefing = briefed(&story);
    assert_int_equal(sign(&story, story.briefer, &briefing), OK);
    const struct contract before = contract_of(&story);
    struct contract after = before;
    after.executor_id = a_person(story.world, story.world->client, story.world->project);
    assert_int_equal(change(story.world, &CONTRACTS, &before, &after), OK);
    assert_int_equal(contract_of(&story).briefing, BRIEFING_SUPERSEDED);
    assert_int_equal(briefing_of(&story, briefing.id).state, BRIEFING_REPLACED);
    assert_int_equal(valid_signatures(&story, briefing.id), 0);
}

static void a_changed_term_closes_the_briefing_that_keeps_the_old_text(void **state)
{
    const struct story story = story_of(state);
    const struct briefing briefing = briefed(&story);
    act(story.world, &ACTOR_SYSTEM);
    a_term(story.world, story.contract, "2");
    assert_int_equal(contract_of(&story).briefing, BRIEFING_SUPERSEDED);
    const struct briefing closed = briefing_of(&story, briefing.id);
    assert_int_equal(closed.state, BRIEFING_REPLACED);
    assert_string_equal(closed.terms, briefing.terms);
    struct briefing changed = closed;
    changed.questions = "Too late?";
    assert_int_equal(change(story.world, &BRIEFINGS, &closed, &changed), CONFLICT);
    assert_code(story.world, "briefing.not_open");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_briefing_takes_its_terms_and_parties_from_the_contract),
        WORLD_TEST(there_is_nothing_to_brief_without_executor_or_terms),
        WORLD_TEST(nobody_briefs_oneself),
        WORLD_TEST(a_closed_contract_is_not_briefed),
        WORLD_TEST(a_briefing_is_not_held_in_the_future),
        WORLD_TEST(a_second_briefing_replaces_the_first),
        WORLD_TEST(both_sign_in_order_and_then_the_contract_is_briefed),
        WORLD_TEST(only_the_two_parties_sign),
        WORLD_TEST(one_signs_what_one_was_shown),
        WORLD_TEST(a_changed_briefing_is_signed_anew_by_both),
        WORLD_TEST(what_the_briefer_signed_is_signed_anew_when_it_changes),
        WORLD_TEST(a_refusal_is_kept_with_its_reason_and_voids_what_was_signed),
        WORLD_TEST(only_the_parties_of_an_open_briefing_refuse_it),
        WORLD_TEST(another_executor_closes_the_briefing_and_its_signatures),
        WORLD_TEST(a_changed_term_closes_the_briefing_that_keeps_the_old_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
