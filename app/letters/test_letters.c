/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/letters/test_letters.h"

#include "app/signatures/signature.h"

/* ---- types of these tests ---- */

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

void letter_line_read(struct world *world, const struct letter_type *type, const char *text,
                      void *out_line)
{
    struct field_reading reading = {.arena = world->test.arena};
    fields_blank(type->line_fields, out_line);
    while (*text) {
        size_t name = strcspn(text, "="), value = strcspn(text, ";");
        const struct field *field = field_find(type->line_fields, text, name);
        const char *word = arena_copy(world->test.arena, text + name + 1, value - name - 1);
        assert_non_null(field);
        assert_null(field_read(field, word, &reading, out_line));
        text += value + (text[value] == ';');
    }
}

/* ---- two sides of a contract in force, which agreed to sign electronically ---- */

struct story story_of(void **state)
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

struct letter letter_of(const struct story *story, int64_t id)
{
    struct letter letter;
    const struct actor *actor = story->world->test.cx.actor;
    act(story->world, &ACTOR_SYSTEM);
    get(story->world, &LETTERS, id, &letter);
    act(story->world, actor);
    return letter;
}

struct letter letter_draft(const struct story *story)
{
    struct letter letter = {.type = "general",
                            .contract_id = story->contract,
                            .subject = "About the night shift",
                            .body = "Please say how it goes on."};
    fields_blank(LETTERS.fields, &letter);
    return letter;
}

int64_t drafted(const struct story *story, const struct actor *author, struct letter letter)
{
    act(story->world, author);
    assert_int_equal(add(story->world, &LETTERS, &letter), OK);
    return letter.id;
}

const char *wish_lines(const struct story *story, const char *code)
{
    const struct wish wish = {
        .code = code, .count = 3, .kind = WISH_DROP, .days = {3}, .from = date_of(2026, 4, 1)};
    return letter_lines_text(story->world->test.arena, &WISHES, &wish, 1);
}

int64_t a_wish(const struct story *story, const char *code)
{
    struct letter letter = letter_draft(story);
    letter.type = "wishes";
    letter.lines = wish_lines(story, code);
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

enum result step_as(const struct story *story, const struct actor *actor, int64_t id,
                    const char *action, const char *words)
{
    struct deed deed = {id, action, words};
    act(story->world, actor);
    return attempt(story->world, step_run, &deed);
}

const char *digest_of(const struct story *story, int64_t id)
{
    const struct letter letter = letter_of(story, id);
    const char *out;
    assert_int_equal(letter_digest(&story->world->test.cx, &letter, &out), OK);
    return out;
}

enum result send_as(const struct story *story, const struct actor *actor, int64_t id)
{
    return step_as(story, actor, id, "send", digest_of(story, id));
}

int64_t sent_letter(const struct story *story)
{
    int64_t id = drafted(story, story->division, letter_draft(story));
    assert_int_equal(send_as(story, story->division, id), OK);
    return id;
}

enum result rewrite_as(const struct story *story, const struct actor *actor, int64_t id,
                       const char *body)
{
    struct letter before = letter_of(story, id), after = before;
    after.body = body;
    act(story->world, actor);
    return change(story->world, &LETTERS, &before, &after);
}

bool sees_letter(const struct story *story, const struct actor *actor, int64_t id)
{
    act(story->world, actor);
    return record_seen(&story->world->test.cx, &LETTERS, id) == OK;
}

int valid_signatures(const struct story *story, int64_t id)
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
