/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/letters/test_letters.h"

#include "app/documents/documents.h"

/* ---- drafting ---- */

static void a_draft_belongs_to_its_authors_side(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = drafted(&story, story.provider, letter_draft(&story));
    const struct letter letter = letter_of(&story, id);
    assert_int_equal(letter.from_side, SIDE_PROVIDER);
    assert_int_equal(letter.state, LETTER_DRAFT);
    assert_int_equal(letter.author_id, story.provider->person_id);
    assert_int_equal(letter.unit_id, story.world->project);
    assert_string_equal(letter.number, "");
    assert_true(sees_letter(&story, story.duty, id));
    assert_false(sees_letter(&story, story.division, id));
}

static void a_type_says_who_may_send_it_and_on_which_contracts(void **state)
{
    const struct story story = story_of(state);
    struct letter letter = letter_draft(&story);
    letter.type = "wishes";
    act(story.world, story.provider);
    assert_int_equal(add(story.world, &LETTERS, &letter), INVALID);
    assert_only_fault(story.world, "type", "not_your_type", "");
    letter.type = "proven";
    assert_int_equal(add(story.world, &LETTERS, &letter), INVALID);
    assert_only_fault(story.world, "contract_id", "other_service", "");
    letter.type = "unheard_of";
    assert_int_equal(add(story.world, &LETTERS, &letter), INVALID);
    assert_only_fault(story.world, "type", "no_such_type", "");
}

static void nobody_writes_about_anothers_contract(void **state)
{
    struct story story = story_of(state);
    const int64_t other = an_organisation(story.world, "Other", SIDE_PROVIDER);
    const struct actor *stranger = outsider_of(story.world, other, R(PROVIDER));
    struct letter letter = letter_draft(&story);
    act(story.world, stranger);
    assert_int_equal(add(story.world, &LETTERS, &letter), INVALID);
    assert_only_fault(story.world, "contract_id", "unknown_record", "");
    assert_false(sees_letter(&story, stranger, sent_letter(&story)));
}

static void lines_come_back_as_they_were_put(void **state)
{
    const struct story story = story_of(state);
    const struct letter letter = letter_of(&story, a_wish(&story, "8001"));
    struct wish *lines;
    size_t count;
    assert_int_equal(letter_lines(&story.world->test.cx, &letter, &lines, &count), OK);
    assert_int_equal(count, 1);
    assert_string_equal(lines[0].code, "8001");
    assert_int_equal(lines[0].count, 3);
    assert_int_equal(lines[0].kind, WISH_DROP);
    assert_int_equal(lines[0].days.bits, 3);
    assert_int_equal(lines[0].from.days, date_of(2026, 4, 1).days);
}

/* ---- sending ---- */

static void a_sent_letter_is_numbered_signed_and_waits_for_the_other_side(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = sent_letter(&story);
    const struct letter letter = letter_of(&story, id);
    assert_int_equal(letter.state, LETTER_SENT);
    assert_string_equal(letter.number, "函-2026-0001");
    assert_int_equal(letter.round, 1);
    assert_int_equal(letter.turn, SIDE_PROVIDER);
    assert_true(letter.due_at.ms > story.world->test.cx.now.ms);
    assert_int_equal(strlen(letter.code), 14);
    assert_int_equal(valid_signatures(&story, id), 1);
    assert_true(sees_letter(&story, story.provider, id));
    assert_true(sees_letter(&story, story.pm, id));
}

static void numbers_follow_one_another_by_type_whatever_fails_between(void **state)
{
    const struct story story = story_of(state);
    const int64_t failing = a_wish(&story, "bad");
    sent_letter(&story);
    assert_int_equal(send_as(&story, story.division, failing), INVALID);
    assert_int_equal(send_as(&story, story.division, a_wish(&story, "1")), OK);
    const int64_t second = sent_letter(&story), wish = a_wish(&story, "2");
    assert_int_equal(send_as(&story, story.division, wish), OK);
    assert_string_equal(letter_of(&story, second).number, "函-2026-0002");
    assert_string_equal(letter_of(&story, wish).number, "愿-2026-0002");
}

static void what_was_changed_since_it_was_shown_is_not_signed(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = drafted(&story, story.division, letter_draft(&story));
    const char *seen = digest_of(&story, id);
    assert_int_equal(rewrite_as(&story, story.pm, id, "Other words."), OK);
    assert_int_equal(step_as(&story, story.division, id, "send", seen), CONFLICT);
    assert_code(story.world, "letter.changed");
    assert_int_equal(letter_of(&story, id).state, LETTER_DRAFT);
    assert_int_equal(valid_signatures(&story, id), 0);
}

static void without_an_agreement_on_signatures_none_is_sent(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = drafted(&story, story.division, letter_draft(&story));
    tamper(story.world, "UPDATE signature_agreements SET ends_on = '2026-01-31'");
    assert_int_equal(send_as(&story, story.division, id), CONFLICT);
    assert_code(story.world, "letter.no_agreement");
}

static void a_sent_letter_does_not_change(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = sent_letter(&story);
    assert_int_equal(rewrite_as(&story, story.division, id, "Other words."), CONFLICT);
    assert_code(story.world, "letter.sealed");
    act(story.world, story.division);
    assert_int_equal(documents_change_at(&story.world->test.cx, &LETTERS, id), CONFLICT);
    assert_code(story.world, "letter.sealed");
}

static void the_other_side_does_not_change_a_returned_one(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = sent_letter(&story);
    assert_int_equal(step_as(&story, story.provider, id, "return", "Say how many"), OK);
    assert_int_equal(rewrite_as(&story, story.provider, id, "My words."), FORBIDDEN);
    act(story.world, story.provider);
    assert_int_equal(documents_change_at(&story.world->test.cx, &LETTERS, id), FORBIDDEN);
    act(story.world, story.division);
    assert_int_equal(documents_change_at(&story.world->test.cx, &LETTERS, id), OK);
}

static void a_letter_says_something(void **state)
{
    const struct story story = story_of(state);
    struct letter letter = letter_draft(&story);
    letter.body = "";
    assert_int_equal(send_as(&story, story.division, drafted(&story, story.division, letter)),
                     INVALID);
    assert_only_fault(story.world, "body", "required", "");
    letter.type = "wishes";
    letter.body = "Some.";
    assert_int_equal(send_as(&story, story.division, drafted(&story, story.division, letter)),
                     INVALID);
    assert_only_fault(story.world, "lines", "needs_lines", "");
}

/* ---- attachments ---- */

static void attach(const struct story *story, int64_t id, const char *name, const char *sha256,
                   enum retention retention)
{
    struct document document = {.name = name,
                                .sha256 = sha256,
                                .subject = "letters",
                                .subject_id = id,
                                .retention = retention,
                                .state = DOCUMENT_KEPT};
    act(story->world, &ACTOR_SYSTEM);
    fields_blank(DOCUMENTS.fields, &document);
    assert_int_equal(add(story->world, &DOCUMENTS, &document), OK);
}

static void attachments_are_signed_with_the_letter(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = drafted(&story, story.division, letter_draft(&story));
    const char *seen = digest_of(&story, id);
    attach(&story, id, "list.xlsx", "aa11", RETENTION_LONG);
    assert_int_equal(step_as(&story, story.division, id, "send", seen), CONFLICT);
    assert_code(story.world, "letter.changed");
    assert_int_equal(send_as(&story, story.division, id), OK);
    assert_string_equal(letter_of(&story, id).attachments, "aa11  list.xlsx\n");
}

static void attachments_are_kept_as_long_as_letters_matter(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = drafted(&story, story.division, letter_draft(&story));
    attach(&story, id, "list.xlsx", "aa11", RETENTION_SHORT);
    assert_int_equal(send_as(&story, story.division, id), INVALID);
    assert_only_fault(story.world, "attachments", "kept_too_short", "");
}

static void a_type_may_demand_an_attachment(void **state)
{
    const struct story story = story_of(state);
    struct letter letter = letter_draft(&story);
    letter.type = "proven";
    tamper(story.world, "UPDATE contracts SET service = 'greening'");
    const int64_t id = drafted(&story, story.provider, letter);
    assert_int_equal(send_as(&story, story.provider, id), INVALID);
    assert_only_fault(story.world, "attachments", "needs_attachment", "");
    attach(&story, id, "proof.pdf", "bb22", RETENTION_LONG);
    assert_int_equal(send_as(&story, story.provider, id), OK);
}

/* ---- two signatures ---- */

static int64_t a_grave_one(const struct story *story)
{
    struct letter letter = letter_draft(story);
    letter.type = "grave";
    return drafted(story, story->division, letter);
}

static void a_grave_letter_leaves_with_the_second_persons_signature(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = a_grave_one(&story);
    assert_int_equal(send_as(&story, story.division, id), OK);
    assert_int_equal(letter_of(&story, id).state, LETTER_DRAFT);
    assert_false(sees_letter(&story, story.provider, id));
    assert_int_equal(send_as(&story, story.division, id), CONFLICT);
    assert_code(story.world, "letter.same_signer");
    assert_int_equal(send_as(&story, story.pm, id), OK);
    assert_int_equal(letter_of(&story, id).state, LETTER_SENT);
    assert_int_equal(valid_signatures(&story, id), 2);
}

static void a_change_between_the_signatures_voids_the_first(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = a_grave_one(&story);
    assert_int_equal(send_as(&story, story.division, id), OK);
    attach(&story, id, "late.pdf", "cc33", RETENTION_LONG);
    assert_int_equal(send_as(&story, story.pm, id), OK);
    assert_int_equal(letter_of(&story, id).state, LETTER_DRAFT);
    assert_int_equal(rewrite_as(&story, story.pm, id, "Other words."), OK);
    assert_int_equal(valid_signatures(&story, id), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_draft_belongs_to_its_authors_side),
        WORLD_TEST(a_type_says_who_may_send_it_and_on_which_contracts),
        WORLD_TEST(nobody_writes_about_anothers_contract),
        WORLD_TEST(lines_come_back_as_they_were_put),
        WORLD_TEST(a_sent_letter_is_numbered_signed_and_waits_for_the_other_side),
        WORLD_TEST(numbers_follow_one_another_by_type_whatever_fails_between),
        WORLD_TEST(what_was_changed_since_it_was_shown_is_not_signed),
        WORLD_TEST(without_an_agreement_on_signatures_none_is_sent),
        WORLD_TEST(a_sent_letter_does_not_change),
        WORLD_TEST(the_other_side_does_not_change_a_returned_one),
        WORLD_TEST(a_letter_says_something),
        WORLD_TEST(attachments_are_signed_with_the_letter),
        WORLD_TEST(attachments_are_kept_as_long_as_letters_matter),
        WORLD_TEST(a_type_may_demand_an_attachment),
        WORLD_TEST(a_grave_letter_leaves_with_the_second_persons_signature),
        WORLD_TEST(a_change_between_the_signatures_voids_the_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
