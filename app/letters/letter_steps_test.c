/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/letters/test_letters.h"

/* ---- verifying ---- */

static void each_step_belongs_to_one_side(void **state)
{
    static const char *const RECEIVERS[] = {"approve", "return", "refuse", "execute", "answer"};
    const struct story story = story_of(state);
    const int64_t id = sent_letter(&story);
    for (size_t i = 0; i < sizeof RECEIVERS / sizeof RECEIVERS[0]; i++) {
        assert_int_equal(step_as(&story, story.division, id, RECEIVERS[i], "Because"), FORBIDDEN);
        assert_code(story.world, "letter.other_side");
    }
    assert_int_equal(step_as(&story, story.provider, id, "withdraw", ""), FORBIDDEN);
    assert_code(story.world, "letter.other_side");
    assert_int_equal(letter_of(&story, id).state, LETTER_SENT);
}

static void whoever_has_no_right_to_decide_does_not(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = sent_letter(&story);
    assert_int_equal(step_as(&story, story.agent, id, "approve", "Fine"), FORBIDDEN);
    assert_code(story.world, "request.no_right");
}

static void a_decision_has_a_reason(void **state)
{
    static const char *const DECISIONS[] = {"approve", "return", "refuse"};
    const struct story story = story_of(state);
    const int64_t id = sent_letter(&story);
    for (size_t i = 0; i < sizeof DECISIONS / sizeof DECISIONS[0]; i++) {
        assert_int_equal(step_as(&story, story.provider, id, DECISIONS[i], " "), INVALID);
        assert_only_fault(story.world, "reason", "required", "");
    }
}

static void a_returned_letter_keeps_its_number_and_is_signed_anew(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = sent_letter(&story);
    assert_int_equal(step_as(&story, story.provider, id, "return", "Say how many"), OK);
    assert_int_equal(letter_of(&story, id).turn, SIDE_CLIENT);
    assert_int_equal(valid_signatures(&story, id), 0);
    assert_true(sees_letter(&story, story.provider, id));
    assert_int_equal(rewrite_as(&story, story.division, id, "Twenty."), OK);
    assert_false(sees_letter(&story, story.provider, id));
    assert_int_equal(send_as(&story, story.division, id), OK);
    const struct letter letter = letter_of(&story, id);
    assert_string_equal(letter.number, "函-2026-0001");
    assert_int_equal(letter.round, 2);
    assert_string_equal(letter.reason, "");
    assert_true(sees_letter(&story, story.provider, id));
    assert_int_equal(valid_signatures(&story, id), 1);
}

static void what_is_over_stays_over(void **state)
{
    static const char *const STEPS[] = {"approve", "return", "refuse", "answer"};
    const struct story story = story_of(state);
    const int64_t id = sent_letter(&story);
    assert_int_equal(step_as(&story, story.provider, id, "refuse", "Not ours"), OK);
    for (size_t i = 0; i < sizeof STEPS / sizeof STEPS[0]; i++) {
        assert_int_equal(step_as(&story, story.provider, id, STEPS[i], "Because"), CONFLICT);
        assert_code(story.world, "letter.wrong_state");
    }
    assert_int_equal(send_as(&story, story.division, id), CONFLICT);
    assert_int_equal(step_as(&story, story.division, id, "withdraw", ""), CONFLICT);
}

static void a_letter_is_withdrawn_before_the_decision(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = sent_letter(&story), decided = sent_letter(&story);
    assert_int_equal(step_as(&story, story.pm, id, "withdraw", ""), OK);
    assert_int_equal(letter_of(&story, id).state, LETTER_WITHDRAWN);
    assert_int_equal(step_as(&story, story.provider, id, "approve", "Fine"), CONFLICT);
    assert_int_equal(step_as(&story, story.provider, decided, "approve", "Fine"), OK);
    assert_int_equal(step_as(&story, story.division, decided, "withdraw", ""), CONFLICT);
}

/* ---- answering and executing ---- */

static void a_letter_without_execution_is_answered_in_words(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = sent_letter(&story);
    assert_int_equal(step_as(&story, story.provider, id, "answer", "Well"), CONFLICT);
    assert_int_equal(step_as(&story, story.provider, id, "approve", "Fine"), OK);
    assert_int_equal(step_as(&story, story.provider, id, "execute", ""), CONFLICT);
    assert_code(story.world, "letter.nothing_to_execute");
    assert_int_equal(step_as(&story, story.provider, id, "answer", ""), INVALID);
    assert_only_fault(story.world, "answer", "required", "");
    assert_int_equal(step_as(&story, story.duty, id, "answer", "It goes well"), OK);
    const struct letter letter = letter_of(&story, id);
    assert_int_equal(letter.state, LETTER_ANSWERED);
    assert_string_equal(letter.answer, "It goes well");
    assert_int_equal(letter.executed_at.ms, 0);
    assert_true(letter.answered_at.ms > 0);
    assert_int_equal(letter.turn, 0);
    assert_string_equal(letter.decided_by, story.provider->person_name);
}

static int64_t approved_wish(const struct story *story, const char *code)
{
    const int64_t id = a_wish(story, code);
    assert_int_equal(send_as(story, story->division, id), OK);
    assert_int_equal(step_as(story, story->provider, id, "approve", "Fine"), OK);
    return id;
}

static void executing_does_what_the_type_says_and_answers_at_once(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = approved_wish(&story, "9.9");
    assert_int_equal(step_as(&story, story.provider, id, "answer", "Done"), CONFLICT);
    assert_code(story.world, "letter.to_execute");
    assert_int_equal(step_as(&story, story.provider, id, "execute", ""), OK);
    const struct letter letter = letter_of(&story, id);
    assert_int_equal(letter.state, LETTER_ANSWERED);
    assert_string_equal(letter.answer, "1 done");
    assert_true(letter.executed_at.ms > 0 && letter.executed_at.ms == letter.answered_at.ms);
    struct list_query query = {.limit = 10};
    struct list list;
    act(story.world, &ACTOR_SYSTEM);
    assert_int_equal(record_list(&story.world->test.cx, &TERMS, &query, &list), OK);
    assert_int_equal(list.count, 1);
}

static void an_execution_that_fails_leaves_the_letter_as_it_was(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = approved_wish(&story, "fails");
    assert_int_equal(step_as(&story, story.provider, id, "execute", ""), CONFLICT);
    assert_code(story.world, "test.fails");
    assert_int_equal(letter_of(&story, id).state, LETTER_APPROVED);
}

static void the_types_rules_are_asked_again_at_the_approval(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = a_wish(&story, "good");
    assert_int_equal(send_as(&story, story.division, id), OK);
    tamper(story.world, "UPDATE letters SET lines = '[{\"code\":\"bad\",\"kind\":\"add\"}]'");
    assert_int_equal(step_as(&story, story.provider, id, "approve", "Fine"), INVALID);
    assert_only_fault(story.world, "lines.0.code", "malformed", "");
}

/* ---- in somebody's name ---- */

static void delegate(const struct story *story, struct date from, struct date to)
{
    struct delegation delegation = {.delegate_id = story->agent->person_id,
                                    .starts_on = from,
                                    .ends_on = to,
                                    .reason = "Leave"};
    act(story->world, story->provider);
    assert_int_equal(add(story->world, &DELEGATIONS, &delegation), OK);
}

static void a_delegate_decides_in_the_name_of_the_absent(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = sent_letter(&story);
    delegate(&story, date_of(2026, 3, 1), date_of(2026, 3, 5));
    assert_int_equal(step_as(&story, story.agent, id, "approve", "Fine"), OK);
    const struct letter letter = letter_of(&story, id);
    assert_string_equal(letter.decided_by, story.agent->person_name);
    assert_string_equal(letter.decided_for, story.provider->person_name);
}

static void a_delegation_holds_on_its_days_alone(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = sent_letter(&story);
    delegate(&story, date_of(2026, 2, 1), date_of(2026, 2, 28));
    delegate(&story, date_of(2026, 4, 1), date_of(2026, 4, 5));
    assert_int_equal(step_as(&story, story.agent, id, "approve", "Fine"), FORBIDDEN);
}

static void nobody_gives_anothers_decisions_away(void **state)
{
    const struct story story = story_of(state);
    struct delegation outside = {.delegate_id = story.division->person_id,
                                 .starts_on = date_of(2026, 3, 1),
                                 .ends_on = date_of(2026, 3, 5),
                                 .reason = "Leave"};
    struct delegation before, after;
    act(story.world, story.provider);
    assert_int_equal(add(story.world, &DELEGATIONS, &outside), INVALID);
    delegate(&story, date_of(2026, 3, 1), date_of(2026, 3, 5));
    get(story.world, &DELEGATIONS, 1, &before);
    after = before;
    after.ends_on = date_of(2026, 3, 9);
    act(story.world, story.duty);
    assert_int_equal(change(story.world, &DELEGATIONS, &before, &after), FORBIDDEN);
    assert_code(story.world, "delegation.not_own");
}

/* ---- urging ---- */

static void the_side_whose_turn_it_is_is_urged_once_a_day(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = sent_letter(&story);
    assert_int_equal(step_as(&story, story.division, id, "urge", ""), OK);
    assert_int_equal(step_as(&story, story.division, id, "urge", ""), CONFLICT);
    assert_code(story.world, "letter.urged_today");
    story.world->test.cx.now.ms += INT64_C(86400000);
    assert_int_equal(step_as(&story, story.division, id, "urge", ""), OK);
    assert_int_equal(step_as(&story, story.provider, id, "refuse", "Not ours"), OK);
    assert_int_equal(step_as(&story, story.division, id, "urge", ""), CONFLICT);
    assert_code(story.world, "letter.nothing_due");
}

/* ---- what may be done, and what is owed ---- */

static bool may(const struct story *story, const struct actor *actor, int64_t id,
                const char *action)
{
    const struct letter letter = letter_of(story, id);
    const char *const *steps;
    size_t count;
    bool found = false;
    act(story->world, actor);
    assert_int_equal(letter_may(&story->world->test.cx, &letter, &steps, &count), OK);
    for (size_t i = 0; i < count; i++)
        found |= strcmp(steps[i], action) == 0;
    return found;
}

static void each_side_is_offered_what_it_may_do(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = drafted(&story, story.division, letter_draft(&story));
    assert_true(may(&story, story.division, id, "send"));
    assert_int_equal(send_as(&story, story.division, id), OK);
    assert_false(may(&story, story.division, id, "send"));
    assert_true(may(&story, story.division, id, "withdraw"));
    assert_true(may(&story, story.division, id, "urge"));
    assert_false(may(&story, story.division, id, "approve"));
    assert_true(may(&story, story.provider, id, "approve"));
    assert_false(may(&story, story.agent, id, "approve"));
    assert_false(may(&story, story.provider, id, "answer"));
    assert_int_equal(step_as(&story, story.provider, id, "approve", "Fine"), OK);
    assert_true(may(&story, story.provider, id, "answer"));
    assert_false(may(&story, story.provider, id, "execute"));
}

static enum owing owing(const struct story *story, int64_t id, const char *rule, struct duty *duty)
{
    const struct letter letter = letter_of(story, id);
    enum owing owing = 0;
    *duty = (struct duty){0};
    for (const struct duty_rule *at = LETTER_DUTIES; at->name; at++)
        if (strcmp(at->name, rule) == 0)
            assert_int_equal(at->judge(&story->world->test.cx, &letter, duty, &owing), OK);
    return owing;
}

static void the_next_step_is_a_duty_of_its_side(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = sent_letter(&story);
    struct duty duty;
    assert_int_equal(owing(&story, id, "decide_letter", &duty), OWING_DUTY);
    assert_int_equal(duty.owner_side, SIDE_PROVIDER);
    assert_string_equal(duty.owner_role, "provider");
    assert_int_equal(duty.organisation_id, story.world->provider);
    assert_int_equal(duty.due_at.ms, letter_of(&story, id).due_at.ms);
    assert_int_equal(step_as(&story, story.provider, id, "return", "Say how many"), OK);
    assert_int_equal(owing(&story, id, "decide_letter", &duty), OWING_MET);
    assert_int_equal(owing(&story, id, "correct_letter", &duty), OWING_DUTY);
    assert_int_equal(duty.owner_side, SIDE_CLIENT);
    assert_int_equal(duty.owner_id, story.division->person_id);
    assert_int_equal(send_as(&story, story.division, id), OK);
    assert_int_equal(owing(&story, id, "correct_letter", &duty), OWING_MET);
    assert_int_equal(step_as(&story, story.provider, id, "approve", "Fine"), OK);
    assert_int_equal(owing(&story, id, "answer_letter", &duty), OWING_DUTY);
    assert_int_equal(owing(&story, id, "execute_letter", &duty), OWING_NOTHING);
    assert_int_equal(owing(&story, approved_wish(&story, "1"), "execute_letter", &duty),
                     OWING_DUTY);
    const int64_t back = sent_letter(&story);
    assert_int_equal(step_as(&story, story.division, back, "withdraw", ""), OK);
    assert_int_equal(owing(&story, back, "decide_letter", &duty), OWING_NOTHING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(each_step_belongs_to_one_side),
        WORLD_TEST(whoever_has_no_right_to_decide_does_not),
        WORLD_TEST(a_decision_has_a_reason),
        WORLD_TEST(a_returned_letter_keeps_its_number_and_is_signed_anew),
        WORLD_TEST(what_is_over_stays_over),
        WORLD_TEST(a_letter_is_withdrawn_before_the_decision),
        WORLD_TEST(a_letter_without_execution_is_answered_in_words),
        WORLD_TEST(executing_does_what_the_type_says_and_answers_at_once),
        WORLD_TEST(an_execution_that_fails_leaves_the_letter_as_it_was),
        WORLD_TEST(the_types_rules_are_asked_again_at_the_approval),
        WORLD_TEST(a_delegate_decides_in_the_name_of_the_absent),
        WORLD_TEST(a_delegation_holds_on_its_days_alone),
        WORLD_TEST(nobody_gives_anothers_decisions_away),
        WORLD_TEST(the_side_whose_turn_it_is_is_urged_once_a_day),
        WORLD_TEST(each_side_is_offered_what_it_may_do),
        WORLD_TEST(the_next_step_is_a_duty_of_its_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
