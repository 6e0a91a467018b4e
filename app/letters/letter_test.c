/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/letters/letter.h"

#include "app/documents/documents.h"
#include "app/records/trail.h"
#include "app/signatures/signature.h"
#include "app/test_world.h"

/* ---- types of these tests ---- */

struct wish {
    const char *code;
    int32_t count;
    enum wish_kind { WISH_ADD = 1, WISH_DROP } kind;
    struct set days;
    struct date from;
};
static const char *const WISH_KINDS[] = {"add", "drop", NULL};
static const char *const DAYS[] = {"weekday", "weekend", NULL};
static const struct field WISH_FIELDS[] = {
    FIELD(wish, code, .in = MUST, .max = 10),
    FIELD(wish, count, .in = MAY),
    FIELD_ENUM(wish, kind, WISH_KINDS, .in = MUST),
    FIELD_CHOICES(wish, days, DAYS, .in = MAY),
    FIELD(wish, from, .in = MAY),
    FIELDS_END,
};

static enum result wishes_check(struct ctx *cx, const struct letter *letter, const void *lines,
                                size_t count)
{
    const struct wish *wishes = lines;
    for (size_t i = 0; i < count; i++)
        if (strcmp(wishes[i].code, "bad") == 0)
            reject(cx, arena_printf(cx->mem, "lines.%zu.code", i), "malformed");
    return OK;
}

/* The world's change that stands for any: a term's text. */
static enum result wishes_execute(struct ctx *cx, const struct letter *letter, const void *lines,
                                  size_t count, const char **out_answer)
{
    const struct wish *wishes = lines;
    if (strcmp(wishes[0].code, "fails") == 0)
        return fail_at(cx, "", CONFLICT, "test.fails", NULL, NULL, NULL);
    struct term term = {.contract_id = letter->contract_id,
                        .number = wishes[0].code,
                        .topic = TERM_OTHER,
                        .text = "Wished",
                        .amended_on = date_of(2026, 3, 1),
                        .basis = "Letter"};
    const struct actor *actor = cx->actor;
    cx->actor = &ACTOR_SYSTEM;
    enum result result = record_add(cx, &TERMS, &term);
    cx->actor = actor;
    *out_answer = arena_printf(cx->mem, "%zu done", count);
    return result;
}

static const struct letter_type WISHES = {
    .name = "wishes",
    .clause = "",
    .prefix = "愿",
    .from = 1u << SIDE_CLIENT,
    .line_fields = WISH_FIELDS,
    .line_size = sizeof(struct wish),
    .needs_lines = true,
    .check = wishes_check,
    .execute = wishes_execute,
    .decide = {.kind = DUE_WORKING_DAYS, .count = 2},
    .execute_in = {.kind = DUE_WORKING_DAYS, .count = 1},
};
static const struct letter_type GRAVE = {
    .name = "grave",
    .clause = "",
    .prefix = "重",
    .from = 1u << SIDE_CLIENT | 1u << SIDE_PROVIDER,
    .service = SERVICE_CLEANING,
    .two_signatures = true,
};
static const struct letter_type PROVEN = {
    .name = "proven",
    .clause = "",
    .prefix = "证",
    .from = 1u << SIDE_PROVIDER,
    .service = SERVICE_GREENING,
    .needs_attachment = true,
};
static const struct letter_type *const TYPES[] = {&LETTER_GENERAL, &WISHES, &GRAVE, &PROVEN, NULL};

/* ---- two sides of a contract in force, which agreed to sign electronically ---- */

struct story {
    struct world *world;
    const struct actor *division, *pm, *provider, *duty, *agent;
    int64_t contract, agreement;
};

static struct story story_of(void **state)
{
    struct world *world = *state;
    struct story story = {
        .world = world,
        .division = member_of(world, world->division, R(DIVISION)),
        .pm = member_of(world, world->project, R(PM)),
        .provider = outsider_of(world, world->provider, R(PROVIDER)),
        .duty = outsider_of(world, world->provider, R(DUTY)),
        .agent = outsider_of(world, world->provider, R(SUPERVISOR)),
        .contract = a_contract(world, world->project, world->provider),
    };
    struct signature_agreement agreement = {.client_id = world->client,
                                            .provider_id = world->provider,
                                            .number = "DQ-1",
                                            .signed_on = date_of(2026, 1, 5)};
    letters_use(TYPES);
    tamper(world, "UPDATE contracts SET state = 'active'");
    assert_int_equal(add(world, &SIGNATURE_AGREEMENTS, &agreement), OK);
    story.agreement = agreement.id;
    return story;
}

static struct letter letter_of(const struct story *story, int64_t id)
{
    struct letter letter;
    const struct actor *actor = story->world->test.cx.actor;
    act(story->world, &ACTOR_SYSTEM);
    get(story->world, &LETTERS, id, &letter);
    act(story->world, actor);
    return letter;
}

static struct letter letter_draft(const struct story *story)
{
    struct letter letter = {.type = "general",
                            .contract_id = story->contract,
                            .subject = "About the night shift",
                            .body = "Please say how it goes on."};
    fields_blank(LETTERS.fields, &letter);
    return letter;
}

static int64_t drafted(const struct story *story, const struct actor *author, struct letter letter)
{
    act(story->world, author);
    assert_int_equal(add(story->world, &LETTERS, &letter), OK);
    return letter.id;
}

static const char *wishes(const struct story *story, const char *code)
{
    const struct wish wish = {
        .code = code, .count = 3, .kind = WISH_DROP, .days = {3}, .from = date_of(2026, 4, 1)};
    return letter_lines_text(story->world->test.arena, &WISHES, &wish, 1);
}

static int64_t a_wish(const struct story *story, const char *code)
{
    struct letter letter = letter_draft(story);
    letter.type = "wishes";
    letter.lines = wishes(story, code);
    return drafted(story, story->division, letter);
}

/* ---- steps as somebody ---- */

struct deed {
    int64_t id;
    const char *action, *words;
};

static enum result step_run(struct ctx *cx, void *host)
{
    const struct deed *deed = host;
    struct letter letter;
    TRY(record_get(cx, &LETTERS, deed->id, &letter));
    if (strcmp(deed->action, "send") == 0)
        return letter_send(cx, &letter, deed->words);
    if (strcmp(deed->action, "urge") == 0)
        return letter_urge(cx, &letter);
    return letter_step(cx, &letter, deed->action, deed->words);
}

static enum result step(const struct story *story, const struct actor *actor, int64_t id,
                        const char *action, const char *words)
{
    struct deed deed = {id, action, words};
    act(story->world, actor);
    return attempt(story->world, step_run, &deed);
}

static const char *digest(const struct story *story, int64_t id)
{
    const struct letter letter = letter_of(story, id);
    const char *out;
    assert_int_equal(letter_digest(&story->world->test.cx, &letter, &out), OK);
    return out;
}

static enum result send(const struct story *story, const struct actor *actor, int64_t id)
{
    return step(story, actor, id, "send", digest(story, id));
}

static int64_t sent(const struct story *story)
{
    int64_t id = drafted(story, story->division, letter_draft(story));
    assert_int_equal(send(story, story->division, id), OK);
    return id;
}

static enum result rewrite(const struct story *story, const struct actor *actor, int64_t id,
                           const char *body)
{
    struct letter before = letter_of(story, id), after = before;
    after.body = body;
    act(story->world, actor);
    return change(story->world, &LETTERS, &before, &after);
}

static bool sees(const struct story *story, const struct actor *actor, int64_t id)
{
    act(story->world, actor);
    return record_seen(&story->world->test.cx, &LETTERS, id) == OK;
}

static int valid_signatures(const struct story *story, int64_t id)
{
    struct signature *signatures;
    size_t count;
    int valid = 0;
    assert_int_equal(signatures_list(&story->world->test.cx, &LETTERS, id, &signatures, &count),
                     OK);
    for (size_t i = 0; i < count; i++)
        valid += signatures[i].valid;
    return valid;
}

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
    assert_true(sees(&story, story.duty, id));
    assert_false(sees(&story, story.division, id));
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
    assert_false(sees(&story, stranger, sent(&story)));
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
    const int64_t id = sent(&story);
    const struct letter letter = letter_of(&story, id);
    assert_int_equal(letter.state, LETTER_SENT);
    assert_string_equal(letter.number, "函-2026-0001");
    assert_int_equal(letter.round, 1);
    assert_int_equal(letter.turn, SIDE_PROVIDER);
    assert_true(letter.due_at.ms > story.world->test.cx.now.ms);
    assert_int_equal(strlen(letter.code), 14);
    assert_int_equal(valid_signatures(&story, id), 1);
    assert_true(sees(&story, story.provider, id));
    assert_true(sees(&story, story.pm, id));
}

static void numbers_follow_one_another_by_type_whatever_fails_between(void **state)
{
    const struct story story = story_of(state);
    const int64_t failing = a_wish(&story, "bad");
    sent(&story);
    assert_int_equal(send(&story, story.division, failing), INVALID);
    assert_int_equal(send(&story, story.division, a_wish(&story, "1")), OK);
    const int64_t second = sent(&story), wish = a_wish(&story, "2");
    assert_int_equal(send(&story, story.division, wish), OK);
    assert_string_equal(letter_of(&story, second).number, "函-2026-0002");
    assert_string_equal(letter_of(&story, wish).number, "愿-2026-0002");
}

static void what_was_changed_since_it_was_shown_is_not_signed(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = drafted(&story, story.division, letter_draft(&story));
    const char *seen = digest(&story, id);
    assert_int_equal(rewrite(&story, story.pm, id, "Other words."), OK);
    assert_int_equal(step(&story, story.division, id, "send", seen), CONFLICT);
    assert_code(story.world, "letter.changed");
    assert_int_equal(letter_of(&story, id).state, LETTER_DRAFT);
    assert_int_equal(valid_signatures(&story, id), 0);
}

static void without_an_agreement_on_signatures_none_is_sent(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = drafted(&story, story.division, letter_draft(&story));
    tamper(story.world, "UPDATE signature_agreements SET ends_on = '2026-01-31'");
    assert_int_equal(send(&story, story.division, id), CONFLICT);
    assert_code(story.world, "letter.no_agreement");
}

static void a_sent_letter_does_not_change(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = sent(&story);
    assert_int_equal(rewrite(&story, story.division, id, "Other words."), CONFLICT);
    assert_code(story.world, "letter.sealed");
    act(story.world, story.division);
    assert_int_equal(documents_change_at(&story.world->test.cx, &LETTERS, id), CONFLICT);
    assert_code(story.world, "letter.sealed");
}

static void the_other_side_does_not_change_a_returned_one(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = sent(&story);
    assert_int_equal(step(&story, story.provider, id, "return", "Say how many"), OK);
    assert_int_equal(rewrite(&story, story.provider, id, "My words."), FORBIDDEN);
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
    assert_int_equal(send(&story, story.division, drafted(&story, story.division, letter)),
                     INVALID);
    assert_only_fault(story.world, "body", "required", "");
    letter.type = "wishes";
    letter.body = "Some.";
    assert_int_equal(send(&story, story.division, drafted(&story, story.division, letter)),
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
    const char *seen = digest(&story, id);
    attach(&story, id, "list.xlsx", "aa11", RETENTION_LONG);
    assert_int_equal(step(&story, story.division, id, "send", seen), CONFLICT);
    assert_code(story.world, "letter.changed");
    assert_int_equal(send(&story, story.division, id), OK);
    assert_string_equal(letter_of(&story, id).attachments, "aa11  list.xlsx\n");
}

static void attachments_are_kept_as_long_as_letters_matter(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = drafted(&story, story.division, letter_draft(&story));
    attach(&story, id, "list.xlsx", "aa11", RETENTION_SHORT);
    assert_int_equal(send(&story, story.division, id), INVALID);
    assert_only_fault(story.world, "attachments", "kept_too_short", "");
}

static void a_type_may_demand_an_attachment(void **state)
{
    const struct story story = story_of(state);
    struct letter letter = letter_draft(&story);
    letter.type = "proven";
    tamper(story.world, "UPDATE contracts SET service = 'greening'");
    const int64_t id = drafted(&story, story.provider, letter);
    assert_int_equal(send(&story, story.provider, id), INVALID);
    assert_only_fault(story.world, "attachments", "needs_attachment", "");
    attach(&story, id, "proof.pdf", "bb22", RETENTION_LONG);
    assert_int_equal(send(&story, story.provider, id), OK);
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
    assert_int_equal(send(&story, story.division, id), OK);
    assert_int_equal(letter_of(&story, id).state, LETTER_DRAFT);
    assert_false(sees(&story, story.provider, id));
    assert_int_equal(send(&story, story.division, id), CONFLICT);
    assert_code(story.world, "letter.same_signer");
    assert_int_equal(send(&story, story.pm, id), OK);
    assert_int_equal(letter_of(&story, id).state, LETTER_SENT);
    assert_int_equal(valid_signatures(&story, id), 2);
}

static void a_change_between_the_signatures_voids_the_first(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = a_grave_one(&story);
    assert_int_equal(send(&story, story.division, id), OK);
    attach(&story, id, "late.pdf", "cc33", RETENTION_LONG);
    assert_int_equal(send(&story, story.pm, id), OK);
    assert_int_equal(letter_of(&story, id).state, LETTER_DRAFT);
    assert_int_equal(rewrite(&story, story.pm, id, "Other words."), OK);
    assert_int_equal(valid_signatures(&story, id), 0);
}

/* ---- verifying ---- */

static void each_step_belongs_to_one_side(void **state)
{
    static const char *const RECEIVERS[] = {"approve", "return", "refuse", "execute", "answer"};
    const struct story story = story_of(state);
    const int64_t id = sent(&story);
    for (size_t i = 0; i < sizeof RECEIVERS / sizeof RECEIVERS[0]; i++) {
        assert_int_equal(step(&story, story.division, id, RECEIVERS[i], "Because"), FORBIDDEN);
        assert_code(story.world, "letter.other_side");
    }
    assert_int_equal(step(&story, story.provider, id, "withdraw", ""), FORBIDDEN);
    assert_code(story.world, "letter.other_side");
    assert_int_equal(letter_of(&story, id).state, LETTER_SENT);
}

static void whoever_has_no_right_to_decide_does_not(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = sent(&story);
    assert_int_equal(step(&story, story.agent, id, "approve", "Fine"), FORBIDDEN);
    assert_code(story.world, "request.no_right");
}

static void a_decision_has_a_reason(void **state)
{
    static const char *const DECISIONS[] = {"approve", "return", "refuse"};
    const struct story story = story_of(state);
    const int64_t id = sent(&story);
    for (size_t i = 0; i < sizeof DECISIONS / sizeof DECISIONS[0]; i++) {
        assert_int_equal(step(&story, story.provider, id, DECISIONS[i], " "), INVALID);
        assert_only_fault(story.world, "reason", "required", "");
    }
}

static void a_returned_letter_keeps_its_number_and_is_signed_anew(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = sent(&story);
    assert_int_equal(step(&story, story.provider, id, "return", "Say how many"), OK);
    assert_int_equal(letter_of(&story, id).turn, SIDE_CLIENT);
    assert_int_equal(valid_signatures(&story, id), 0);
    assert_true(sees(&story, story.provider, id));
    assert_int_equal(rewrite(&story, story.division, id, "Twenty."), OK);
    assert_false(sees(&story, story.provider, id));
    assert_int_equal(send(&story, story.division, id), OK);
    const struct letter letter = letter_of(&story, id);
    assert_string_equal(letter.number, "函-2026-0001");
    assert_int_equal(letter.round, 2);
    assert_string_equal(letter.reason, "");
    assert_true(sees(&story, story.provider, id));
    assert_int_equal(valid_signatures(&story, id), 1);
}

static void what_is_over_stays_over(void **state)
{
    static const char *const STEPS[] = {"approve", "return", "refuse", "answer"};
    const struct story story = story_of(state);
    const int64_t id = sent(&story);
    assert_int_equal(step(&story, story.provider, id, "refuse", "Not ours"), OK);
    for (size_t i = 0; i < sizeof STEPS / sizeof STEPS[0]; i++) {
        assert_int_equal(step(&story, story.provider, id, STEPS[i], "Because"), CONFLICT);
        assert_code(story.world, "letter.wrong_state");
    }
    assert_int_equal(send(&story, story.division, id), CONFLICT);
    assert_int_equal(step(&story, story.division, id, "withdraw", ""), CONFLICT);
}

static void a_letter_is_withdrawn_before_the_decision(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = sent(&story), decided = sent(&story);
    assert_int_equal(step(&story, story.pm, id, "withdraw", ""), OK);
    assert_int_equal(letter_of(&story, id).state, LETTER_WITHDRAWN);
    assert_int_equal(step(&story, story.provider, id, "approve", "Fine"), CONFLICT);
    assert_int_equal(step(&story, story.provider, decided, "approve", "Fine"), OK);
    assert_int_equal(step(&story, story.division, decided, "withdraw", ""), CONFLICT);
}

/* ---- answering and executing ---- */

static void a_letter_without_execution_is_answered_in_words(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = sent(&story);
    assert_int_equal(step(&story, story.provider, id, "answer", "Well"), CONFLICT);
    assert_int_equal(step(&story, story.provider, id, "approve", "Fine"), OK);
    assert_int_equal(step(&story, story.provider, id, "execute", ""), CONFLICT);
    assert_code(story.world, "letter.nothing_to_execute");
    assert_int_equal(step(&story, story.provider, id, "answer", ""), INVALID);
    assert_only_fault(story.world, "answer", "required", "");
    assert_int_equal(step(&story, story.duty, id, "answer", "It goes well"), OK);
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
    assert_int_equal(send(story, story->division, id), OK);
    assert_int_equal(step(story, story->provider, id, "approve", "Fine"), OK);
    return id;
}

static void executing_does_what_the_type_says_and_answers_at_once(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = approved_wish(&story, "9.9");
    assert_int_equal(step(&story, story.provider, id, "answer", "Done"), CONFLICT);
    assert_code(story.world, "letter.to_execute");
    assert_int_equal(step(&story, story.provider, id, "execute", ""), OK);
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
    assert_int_equal(step(&story, story.provider, id, "execute", ""), CONFLICT);
    assert_code(story.world, "test.fails");
    assert_int_equal(letter_of(&story, id).state, LETTER_APPROVED);
}

static void the_types_rules_are_asked_again_at_the_approval(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = a_wish(&story, "good");
    assert_int_equal(send(&story, story.division, id), OK);
    tamper(story.world, "UPDATE letters SET lines = '[{\"code\":\"bad\",\"kind\":\"add\"}]'");
    assert_int_equal(step(&story, story.provider, id, "approve", "Fine"), INVALID);
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
    const int64_t id = sent(&story);
    delegate(&story, date_of(2026, 3, 1), date_of(2026, 3, 5));
    assert_int_equal(step(&story, story.agent, id, "approve", "Fine"), OK);
    const struct letter letter = letter_of(&story, id);
    assert_string_equal(letter.decided_by, story.agent->person_name);
    assert_string_equal(letter.decided_for, story.provider->person_name);
}

static void a_delegation_holds_on_its_days_alone(void **state)
{
    const struct story story = story_of(state);
    const int64_t id = sent(&story);
    delegate(&story, date_of(2026, 2, 1), date_of(2026, 2, 28));
    delegate(&story, date_of(2026, 4, 1), date_of(2026, 4, 5));
    assert_int_equal(step(&story, story.agent, id, "approve", "Fine"), FORBIDDEN);
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
    const int64_t id = sent(&story);
    assert_int_equal(step(&story, story.division, id, "urge", ""), OK);
    assert_int_equal(step(&story, story.division, id, "urge", ""), CONFLICT);
    assert_code(story.world, "letter.urged_today");
    story.world->test.cx.now.ms += INT64_C(86400000);
    assert_int_equal(step(&story, story.division, id, "urge", ""), OK);
    assert_int_equal(step(&story, story.provider, id, "refuse", "Not ours"), OK);
    assert_int_equal(step(&story, story.division, id, "urge", ""), CONFLICT);
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
    assert_int_equal(send(&story, story.division, id), OK);
    assert_false(may(&story, story.division, id, "send"));
    assert_true(may(&story, story.division, id, "withdraw"));
    assert_true(may(&story, story.division, id, "urge"));
    assert_false(may(&story, story.division, id, "approve"));
    assert_true(may(&story, story.provider, id, "approve"));
    assert_false(may(&story, story.agent, id, "approve"));
    assert_false(may(&story, story.provider, id, "answer"));
    assert_int_equal(step(&story, story.provider, id, "approve", "Fine"), OK);
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
    const int64_t id = sent(&story);
    struct duty duty;
    assert_int_equal(owing(&story, id, "decide_letter", &duty), OWING_DUTY);
    assert_int_equal(duty.owner_side, SIDE_PROVIDER);
    assert_string_equal(duty.owner_role, "provider");
    assert_int_equal(duty.organisation_id, story.world->provider);
    assert_int_equal(duty.due_at.ms, letter_of(&story, id).due_at.ms);
    assert_int_equal(step(&story, story.provider, id, "return", "Say how many"), OK);
    assert_int_equal(owing(&story, id, "decide_letter", &duty), OWING_MET);
    assert_int_equal(owing(&story, id, "correct_letter", &duty), OWING_DUTY);
    assert_int_equal(duty.owner_side, SIDE_CLIENT);
    assert_int_equal(duty.owner_id, story.division->person_id);
    assert_int_equal(send(&story, story.division, id), OK);
    assert_int_equal(owing(&story, id, "correct_letter", &duty), OWING_MET);
    assert_int_equal(step(&story, story.provider, id, "approve", "Fine"), OK);
    assert_int_equal(owing(&story, id, "answer_letter", &duty), OWING_DUTY);
    assert_int_equal(owing(&story, id, "execute_letter", &duty), OWING_NOTHING);
    assert_int_equal(owing(&story, approved_wish(&story, "1"), "execute_letter", &duty),
                     OWING_DUTY);
    const int64_t back = sent(&story);
    assert_int_equal(step(&story, story.division, back, "withdraw", ""), OK);
    assert_int_equal(owing(&story, back, "decide_letter", &duty), OWING_NOTHING);
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
