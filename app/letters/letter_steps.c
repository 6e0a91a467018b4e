/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The life of a letter: each step from which states, to which, and whose it is. */
#include "app/letters/letter_private.h"

#include "app/letters/letter.sql.h"
#include "app/records/trail.h"
#include "app/signatures/signature.h"
#include "base/hash.h"

#include <string.h>

static struct date today(const struct ctx *cx)
{
    return instant_date(cx->now, SHANGHAI_OFFSET_MIN);
}

static enum result wrong_state(struct ctx *cx, const struct letter *letter)
{
    return fail(cx, CONFLICT, "letter.wrong_state", letter->subject,
                letter_state_words(cx, letter));
}

/* ---- whose turn it is, and until when ---- */

static enum side next_side(const struct letter *letter)
{
    switch (letter->state) {
    case LETTER_SENT:
    case LETTER_APPROVED:
        return letter_to(letter);
    case LETTER_RETURNED:
        return letter->from_side;
    default:
        return 0;
    }
}

/* The record with everything that follows from its new state. */
static enum result enter(struct ctx *cx, const struct letter *before, struct letter *after,
                         enum letter_state state, const char *action)
{
    after->state = state;
    after->turn = next_side(after);
    after->due_at = letter_due(cx, after);
    after->urged_on = (struct date){0};
    after->editing = false;
    return record_change(cx, &LETTERS, action, before, after);
}

/* What follows for the type. */
static enum result follow(struct ctx *cx, const struct letter *letter)
{
    const struct letter_type *type = letter_type_find(letter->type);
    void *lines;
    size_t count;
    if (!type || !type->stepped || letter->state == LETTER_ANSWERED)
        return OK;
    TRY(letter_lines(cx, letter, &lines, &count));
    return type->stepped(cx, letter, lines, count);
}

/* ---- sending ---- */

#define SENDER "sender"
#define COUNTERSIGNER "countersigner"

/* Rules of the type, and what every letter has to have. */
static enum result check_content(struct ctx *cx, const struct letter *letter,
                                 const struct letter_type *type)
{
    void *lines;
    size_t count;
    TRY(letter_lines(cx, letter, &lines, &count));
    if (type->needs_lines && !count)
        reject_clause(cx, type->clause, "lines", "needs_lines");
    if (type->needs_attachment && !*letter->attachments)
        reject_clause(cx, type->clause, "attachments", "needs_attachment");
    if (!count && !*letter->body)
        reject(cx, "body", "required");
    if (type->check)
        TRY(type->check(cx, letter, lines, count));
    return rejected(cx);
}

static enum result number(struct ctx *cx, const struct letter_type *type, struct letter *letter)
{
    const int32_t year = date_ymd(today(cx)).year;
    int64_t next;
    TRY(db_insert(cx, &q_letter_next_number, PARAMS(P(type->prefix), P(year)), &next));
    letter->number = arena_printf(cx->mem, "%s-%d-%04lld", type->prefix, year, (long long)next);
    return OK;
}

/* Twelve characters that nobody mistakes for one another: 60 random bits. */
static const char *new_code(struct arena *arena)
{
    static const char SIGNS[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    unsigned char bytes[12];
    char code[sizeof bytes];
    random_bytes(bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        code[i] = SIGNS[bytes[i] % 32];
    return arena_printf(arena, "%.4s-%.4s-%.4s", code, code + 4, code + 8);
}

static enum result leave(struct ctx *cx, const struct letter *before, struct letter *after,
                         const struct letter_type *type)
{
    if (!*before->number) {
        TRY(number(cx, type, after));
        after->code = new_code(cx->mem);
    }
    after->round++;
    after->sent_at = cx->now;
    after->decided_at = (struct instant){0};
    after->decider_id = 0;
    after->decided_by = after->decided_for = after->reason = "";
    TRY(enter(cx, before, after, LETTER_SENT, "send"));
    TRY(follow(cx, after));
    return letter_tell(cx, after, "letter.sent", after->contract_name);
}

bool letter_takes_two(const struct letter *letter, const struct letter_type *type)
{
    return type->two_signatures || letter->countersigned;
}

/* *out_whole: all the signatures stand that type and contract ask for. */
static enum result sign(struct ctx *cx, const struct letter *letter, const struct letter_type *type,
                        const char *sha256, bool *out_whole)
{
    const bool takes_two = letter_takes_two(letter, type);
    struct signature *signatures;
    const struct signature *first = NULL;
    size_t count;
    TRY(signatures_list(cx, &LETTERS, letter->id, &signatures, &count));
    for (size_t i = 0; i < count; i++)
        if (signatures[i].valid && strcmp(signatures[i].sha256, sha256) == 0)
            first = &signatures[i];
    if (!first)
        TRY(signatures_void(cx, &LETTERS, letter->id)); /* of another text */
    else if (takes_two && first->person_id == cx->actor->person_id)
        return fail(cx, CONFLICT, "letter.same_signer", first->person_name);
    *out_whole = first || !takes_two;
    trail_add(cx, "sign", &LETTERS, letter, "", sha256);
    return signature_put(cx, &LETTERS, letter->id, first ? COUNTERSIGNER : SENDER, sha256);
}

/* Parties and project, as the contract names them now. */
static enum result take_contract(struct ctx *cx, struct letter *letter)
{
    struct contract contract;
    TRY(record_get(cx, &CONTRACTS, letter->contract_id, &contract));
    letter->client_id = contract.client_id;
    letter->provider_id = contract.provider_id;
    letter->unit_id = contract.unit_id;
    return demand_agreement(cx, letter);
}

enum result letter_send(struct ctx *cx, const struct letter *letter, const char *sha256_seen)
{
    const struct letter_type *type = letter_type_find(letter->type);
    struct letter after = *letter;
    bool whole = false;
    TRY(demand_side(cx, letter->from_side));
    if (!letter_is_open(letter) || !type)
        return wrong_state(cx, letter);
    TRY(take_contract(cx, &after));
    TRY(letter_compose(cx, &after));
    TRY(check_content(cx, &after, type));
    if (strcmp(after.sha256, sha256_seen) != 0)
        return fail(cx, CONFLICT, "letter.changed");
    TRY(sign(cx, letter, type, after.sha256, &whole));
    return whole ? leave(cx, letter, &after, type) : OK;
}

/* ---- the other steps ---- */

#define FROM_STATE(state) (1u << (state))
enum whose { SENDERS, RECEIVERS };
static const struct step {
    const char *action;
    unsigned from;
    enum letter_state to;
    enum whose whose;
    const char *right, *words; /* words: the input that has to be given; NULL: none */
} STEPS[] = {
    {"withdraw", FROM_STATE(LETTER_SENT) | FROM_STATE(LETTER_RETURNED), LETTER_WITHDRAWN, SENDERS,
     "letters.write", NULL},
    {"approve", FROM_STATE(LETTER_SENT), LETTER_APPROVED, RECEIVERS, "letters.decide", "reason"},
    {"return", FROM_STATE(LETTER_SENT), LETTER_RETURNED, RECEIVERS, "letters.decide", "reason"},
    {"refuse", FROM_STATE(LETTER_SENT), LETTER_REFUSED, RECEIVERS, "letters.decide", "reason"},
    {"execute", FROM_STATE(LETTER_APPROVED), LETTER_ANSWERED, RECEIVERS, "letters.execute", NULL},
    {"answer", FROM_STATE(LETTER_APPROVED), LETTER_ANSWERED, RECEIVERS, "letters.decide", "answer"},
};

static const struct step *step_find(const char *action)
{
    for (size_t i = 0; i < sizeof STEPS / sizeof STEPS[0]; i++)
        if (strcmp(STEPS[i].action, action) == 0)
            return &STEPS[i];
    return NULL;
}

/* The decision stays true only as long as the type's rules hold. */
static enum result decide(struct ctx *cx, const struct letter_type *type, struct letter *after,
                          enum letter_state to, const char *words)
{
    after->decided_at = cx->now;
    after->decider_id = cx->actor->person_id;
    after->decided_by = cx->actor->person_name;
    after->reason = words;
    return to == LETTER_APPROVED ? check_content(cx, after, type) : OK;
}

/* What was approved is checked once more: the world may have changed since. */
static enum result execute(struct ctx *cx, const struct letter_type *type, struct letter *after)
{
    void *lines;
    size_t count;
    if (!type->execute)
        return fail(cx, CONFLICT, "letter.nothing_to_execute", after->number);
    TRY(check_content(cx, after, type));
    TRY(letter_lines(cx, after, &lines, &count));
    TRY(type->execute(cx, after, lines, count, &after->answer));
    after->executed_at = after->answered_at = cx->now;
    return OK;
}

static enum result answer(struct ctx *cx, const struct letter_type *type, struct letter *after,
                          const char *words)
{
    if (type->execute)
        return fail(cx, CONFLICT, "letter.to_execute", after->number);
    after->answer = words;
    after->answered_at = cx->now;
    return OK;
}

static enum result effect(struct ctx *cx, const struct step *step, struct letter *after,
                          const char *words)
{
    const struct letter_type *type = letter_type_find(after->type);
    if (!type)
        return wrong_state(cx, after); /* no slice declares it any more */
    if (step->to == LETTER_WITHDRAWN)
        return OK;
    if (step->to != LETTER_ANSWERED)
        return decide(cx, type, after, step->to, words);
    return step->words ? answer(cx, type, after, words) : execute(cx, type, after);
}

enum result letter_step(struct ctx *cx, const struct letter *letter, const char *action,
                        const char *words)
{
    const struct step *step = step_find(action);
    struct letter after = *letter;
    if (!step)
        return fail(cx, NOT_FOUND, "letter.no_such_step", action);
    TRY(demand_side(cx, step->whose == SENDERS ? letter->from_side : letter_to(letter)));
    TRY(demand_decider(cx, letter, step->right, &after.decided_for));
    if (!(step->from & FROM_STATE(letter->state)))
        return wrong_state(cx, letter);
    if (step->words)
        check_words(cx, step->words, words,
                    strcmp(step->words, "reason") == 0 ? REASON_MOST : 2000);
    TRY(rejected(cx));
    TRY(effect(cx, step, &after, words));
    TRY(enter(cx, letter, &after, step->to, action));
    TRY(follow(cx, &after));
    if (step->to == LETTER_RETURNED)
        TRY(signatures_void(cx, &LETTERS, letter->id));
    return letter_tell(cx, &after, arena_printf(cx->mem, "letter.%s", action),
                       step->to == LETTER_ANSWERED ? after.answer : words);
}

/* ---- what may be done ---- */

static bool may_step(struct ctx *cx, const struct letter *letter, const struct step *step)
{
    const struct letter_type *type = letter_type_find(letter->type);
    const char *in_whose_name;
    if (!type || !(step->from & FROM_STATE(letter->state)))
        return false;
    if (step->to == LETTER_ANSWERED && (step->words != NULL) != (type->execute == NULL))
        return false;
    struct fault kept = fault_take(cx);
    enum result result =
        demand_side(cx, step->whose == SENDERS ? letter->from_side : letter_to(letter));
    if (result == OK)
        result = demand_decider(cx, letter, step->right, &in_whose_name);
    cx->fault = kept;
    return result == OK;
}

enum result letter_may(struct ctx *cx, const struct letter *letter, const char *const **out,
                       size_t *out_count)
{
    enum { STEPS_COUNT = sizeof STEPS / sizeof STEPS[0] };
    const char **names = ARENA_ARRAY(cx->mem, const char *, STEPS_COUNT + 3);
    const bool writes = actor_may(cx->actor, "letters.write");
    const bool own = cx->actor->is_system || cx->actor->side == letter->from_side;
    size_t count = 0;
    if (writes && own && letter_is_open(letter)) {
        names[count++] = "change";
        names[count++] = "send";
    }
    for (size_t i = 0; i < STEPS_COUNT; i++)
        if (may_step(cx, letter, &STEPS[i]))
            names[count++] = STEPS[i].action;
    if (writes && letter->turn && letter->turn != cx->actor->side &&
        letter->urged_on.days != today(cx).days)
        names[count++] = "urge";
    *out = names;
    *out_count = count;
    return OK;
}

/* ---- urging ---- */

enum result letter_urge(struct ctx *cx, const struct letter *letter)
{
    struct letter after = *letter;
    if (!letter->turn)
        return fail(cx, CONFLICT, "letter.nothing_due", letter->number);
    TRY(demand_side(cx, letter->turn == SIDE_CLIENT ? SIDE_PROVIDER : SIDE_CLIENT));
    if (letter->urged_on.days == today(cx).days)
        return fail(cx, CONFLICT, "letter.urged_today", letter->number);
    after.urged_on = today(cx);
    TRY(record_change(cx, &LETTERS, "urge", letter, &after));
    return letter_tell(cx, &after, "letter.urged", cx->actor->person_name);
}
