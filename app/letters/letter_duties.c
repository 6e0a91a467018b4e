/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who has to do something about a letter, and who learns of what was done. */
#include "app/letters/letter_private.h"

#include "app/letters/letter.sql.h"

#include <string.h>

/* ---- duties ---- */

/* One of the roles of the side that answers letters on such a contract. */
static enum result owner_role(struct ctx *cx, const struct letter *letter, enum side side,
                              const char **out)
{
    struct contract contract;
    *out = ROLES[ROLE_PROVIDER - 1];
    if (side == SIDE_PROVIDER)
        return OK;
    TRY(record_get(cx, &CONTRACTS, letter->contract_id, &contract));
    *out = ROLES[(contract.service == SERVICE_OUTBOUND_CALL ? ROLE_CLIENT : ROLE_DIVISION) - 1];
    return OK;
}

static enum result owe(struct ctx *cx, const struct letter *letter, enum side side,
                       struct duty *duty)
{
    if (*letter->number)
        duty->title = arena_printf(cx->mem, "%s %s", letter->number, letter->subject);
    duty->contract_id = letter->contract_id;
    duty->organisation_id = side == SIDE_CLIENT ? letter->client_id : letter->provider_id;
    duty->unit_id = side == SIDE_CLIENT ? letter->unit_id : 0;
    duty->owner_side = side;
    duty->due_at = letter->due_at;
    return owner_role(cx, letter, side, &duty->owner_role);
}

/* Owed in `state`; met by leaving it, whichever way but one. */
static enum result judge(struct ctx *cx, const struct letter *letter, enum letter_state state,
                         struct duty *duty, enum owing *out)
{
    const bool never = letter->state == LETTER_DRAFT || letter->state == LETTER_WITHDRAWN;
    *out = never ? OWING_NOTHING : OWING_MET;
    if (letter->state != state)
        return OK;
    *out = OWING_DUTY;
    return owe(cx, letter, letter->turn, duty);
}

static bool is_executed(const struct letter *letter)
{
    const struct letter_type *type = letter_type_find(letter->type);
    return type && type->execute;
}

enum result letter_look(struct ctx *cx, const struct letter *letter, const char **out_warning,
                        bool *out_owes)
{
    const struct letter_type *type = letter_type_find(letter->type);
    void *lines;
    size_t count;
    *out_warning = "";
    *out_owes = true;
    if (!type || !type->look)
        return OK;
    TRY(letter_lines(cx, letter, &lines, &count));
    return type->look(cx, letter, lines, count, out_warning, out_owes);
}

static enum result judge_decide(struct ctx *cx, const void *record, struct duty *duty,
                                enum owing *out)
{
    const struct letter *letter = record;
    const char *warning;
    bool owes;
    TRY(judge(cx, letter, LETTER_SENT, duty, out));
    TRY(letter_look(cx, letter, &warning, &owes));
    if (letter->state == LETTER_SENT && !owes)
        *out = OWING_NOTHING;
    return OK;
}

static enum result judge_correct(struct ctx *cx, const void *record, struct duty *duty,
                                 enum owing *out)
{
    const struct letter *letter = record;
    duty->owner_id = letter->author_id;
    return judge(cx, letter, LETTER_RETURNED, duty, out);
}

static enum result judge_execute(struct ctx *cx, const void *record, struct duty *duty,
                                 enum owing *out)
{
    *out = OWING_NOTHING;
    return is_executed(record) ? judge(cx, record, LETTER_APPROVED, duty, out) : OK;
}

static enum result judge_answer(struct ctx *cx, const void *record, struct duty *duty,
                                enum owing *out)
{
    *out = OWING_NOTHING;
    return is_executed(record) ? OK : judge(cx, record, LETTER_APPROVED, duty, out);
}

static enum result redate(struct ctx *cx, void *record)
{
    struct letter *letter = record;
    letter->due_at = letter_due(cx, letter);
    return db_change_one(cx, &q_letter_redate, PARAMS(P(letter->id), P(letter->due_at)));
}

/* Their time is the type's: this is what it is for letters of a type that says nothing. */
#define USUAL .due = {.kind = DUE_WORKING_DAYS, .count = 3}, .redate = redate
const struct duty_rule LETTER_DUTIES[] = {
    {"decide_letter", "", &LETTERS, judge_decide, USUAL, .delegable = true},
    {"correct_letter", "", &LETTERS, judge_correct, USUAL},
    {"execute_letter", "", &LETTERS, judge_execute, USUAL, .delegable = true},
    {"answer_letter", "", &LETTERS, judge_answer, USUAL, .delegable = true},
    DUTY_RULES_END,
};

static const struct duty_rule *rule_of(const struct letter *letter)
{
    switch (letter->state) {
    case LETTER_SENT:
        return &LETTER_DUTIES[0];
    case LETTER_RETURNED:
        return &LETTER_DUTIES[1];
    default:
        return &LETTER_DUTIES[is_executed(letter) ? 2 : 3];
    }
}

struct instant letter_due(struct ctx *cx, const struct letter *letter)
{
    const struct letter_type *type = letter_type_find(letter->type);
    if (!letter->turn || !type)
        return (struct instant){0};
    struct duty_rule rule = *rule_of(letter);
    const struct due_rule *own =
        letter->state == LETTER_APPROVED ? &type->execute_in : &type->decide;
    if (own->kind)
        rule.due = *own;
    return due_of(cx, &rule, letter->state == LETTER_SENT ? letter->sent_at : letter->decided_at);
}

/* ---- notices ---- */

#define R_CLIENTS_CLERKS (R(CLIENT) | R(DIVISION) | R(PM))
#define R_PROVIDERS_CLERKS (R(PROVIDER) | R(DUTY))

struct signer {
    int64_t person_id;
};
static const struct field SIGNER_FIELDS[] = {FIELD(signer, person_id), FIELDS_END};

static enum result tell_people(struct ctx *cx, const struct letter *letter, const struct news *news)
{
    struct signer *signers;
    size_t count;
    bool author_signed = false, decider_signed = false;
    TRY(db_list(cx, &q_letter_signers, PARAMS(P(letter->id)), SIGNER_FIELDS, sizeof *signers, 20,
                &signers, &count));
    for (size_t i = 0; i < count; i++) {
        author_signed |= signers[i].person_id == letter->author_id;
        decider_signed |= signers[i].person_id == letter->decider_id;
        TRY(notice_person(cx, signers[i].person_id, news));
    }
    if (letter->author_id && !author_signed)
        TRY(notice_person(cx, letter->author_id, news));
    if (letter->decider_id && !decider_signed)
        TRY(notice_person(cx, letter->decider_id, news));
    return OK;
}

enum result letter_tell(struct ctx *cx, const struct letter *letter, const char *kind,
                        const char *detail)
{
    const struct news news = {
        .kind = kind,
        .subject = &LETTERS,
        .subject_id = letter->id,
        .title = arena_printf(cx->mem, "%s %s", letter->number, letter->subject),
        .detail = detail,
        .stand_ins = true,
    };
    const bool to_receiver = letter->turn != letter->from_side;
    const enum side side = to_receiver ? letter_to(letter) : letter->from_side;
    TRY(tell_people(cx, letter, &news));
    if (letter->state != LETTER_SENT && letter->state != LETTER_WITHDRAWN && !letter->turn)
        return OK; /* over: those who took part know */
    return side == SIDE_CLIENT
               ? notice_roles(cx, letter->client_id, letter->unit_id, R_CLIENTS_CLERKS, &news)
               : notice_roles(cx, letter->provider_id, 0, R_PROVIDERS_CLERKS, &news);
}
