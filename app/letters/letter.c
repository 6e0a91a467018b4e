/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/letters/letter_private.h"

#include "app/documents/documents.h"
#include "app/letters/letter.sql.h"
#include "app/records/trail.h"
#include "app/signatures/signature.h"
#include "base/doc.h"
#include "base/log.h"
#include "base/texts.h"

#include <stdlib.h>
#include <string.h>

#define TYPES_MAX 64
#define SUBJECT_MOST 100
#define BODY_MOST 5000

const char *const LETTER_STATES[] = {"draft",    "sent",     "returned",  "approved", "refused",
                                     "executed", "answered", "withdrawn", NULL};

static const struct field LETTER_FIELDS[] = {
    RECORD_FIELDS(letter),
    FIELD(letter, type, .in = MUST, .max = 40, .use = FIXED | FILTERED | SIGNED),
    FIELD(letter, number, .use = LISTED | SEARCHED),
    FIELD_REF(letter, contract_id, "contracts", .among = LETTER_CONTRACTS, .in = MUST,
              .use = FIXED | FILTERED),
    FIELD(letter, contract_number, .column = "c.number", .use = LISTED | SIGNED),
    FIELD(letter, contract_name, .column = "c.name", .use = LISTED),
    FIELD_REF(letter, client_id, "organisations", .use = FILTERED),
    FIELD(letter, client_name, .column = "o.name", .use = SIGNED),
    FIELD_REF(letter, provider_id, "organisations", .use = FILTERED),
    FIELD(letter, provider_name, .column = "p.name", .use = LISTED | SIGNED),
    FIELD_REF(letter, unit_id, "units", .use = FILTERED),
    FIELD_ENUM(letter, from_side, SIDES, .use = LISTED | FILTERED | SIGNED),
    FIELD(letter, subject, .in = MUST, .max = SUBJECT_MOST, .use = LISTED | SEARCHED | SIGNED),
    FIELD(letter, body, .in = MAY, .max = BODY_MOST, .use = LONG_TEXT | SIGNED),
    FIELD(letter, lines, .use = HIDDEN | TRAILED | SIGNED),
    FIELD(letter, attachments, .use = LONG_TEXT | SIGNED),
    FIELD(letter, round, .use = LISTED),
    FIELD_REF(letter, author_id, "people", .use = FILTERED),
    FIELD(letter, author_name, .use = LISTED),
    FIELD(letter, sent_at, .use = LISTED),
    FIELD(letter, decided_at, .use = LISTED),
    FIELD_REF(letter, decider_id, "people", .use = NO_DIFF),
    FIELD(letter, decided_by, .use = LISTED),
    FIELD(letter, decided_for),
    FIELD(letter, reason, .use = LONG_TEXT),
    FIELD(letter, executed_at),
    FIELD(letter, answered_at, .use = LISTED),
    FIELD(letter, answer, .use = LONG_TEXT),
    FIELD(letter, due_at, .use = LISTED | SORTED | FILTERED | NO_DIFF),
    FIELD_ENUM(letter, turn, SIDES, .use = FILTERED | NO_DIFF),
    FIELD(letter, urged_on),
    FIELD(letter, editing, .use = HIDDEN),
    FIELD(letter, sha256),
    FIELD(letter, signed_text, .use = HIDDEN),
    FIELD(letter, code, .use = NO_DIFF),
    FIELD_ENUM(letter, state, LETTER_STATES, .use = LISTED | FILTERED),
    FIELD(letter, countersigned, .column = "c.letters_countersigned"),
    FIELD(letter, to_answer, .use = DERIVED),
    FIELD(letter, search_key, .use = HIDDEN),
    FIELDS_END,
};

bool letter_is_open(const struct letter *letter)
{
    return letter->state == LETTER_DRAFT || letter->state == LETTER_RETURNED;
}

/* ---- types ---- */

static const struct letter_type *types[TYPES_MAX + 1];
static size_t types_count;

void letters_use(const struct letter_type *const *list)
{
    for (types_count = 0; list[types_count]; types_count++) {
        if (types_count == TYPES_MAX) {
            log_error("more than %d types of letters", TYPES_MAX);
            abort();
        }
        types[types_count] = list[types_count];
    }
}

size_t letter_types_count(void)
{
    return types_count;
}

const struct letter_type *letter_types_at(size_t index)
{
    return types[index];
}

const struct letter_type *letter_type_find(const char *name)
{
    for (size_t i = 0; i < types_count; i++)
        if (strcmp(types[i]->name, name) == 0)
            return types[i];
    return NULL;
}

const struct letter_type LETTER_GENERAL = {
    .name = "general",
    .clause = "",
    .prefix = "函",
    .from = 1u << SIDE_CLIENT | 1u << SIDE_PROVIDER,
    .decide = {.kind = DUE_WORKING_DAYS, .count = 3},
    .execute_in = {.kind = DUE_WORKING_DAYS, .count = 3},
};

/* ---- lines ---- */

const char *letter_lines_text(struct arena *arena, const struct letter_type *type,
                              const void *lines, size_t count)
{
    return json_rows_text(arena, type->line_fields, lines, count, type->line_size);
}

enum result letter_lines(struct ctx *cx, const struct letter *letter, void *out_lines,
                         size_t *out_count)
{
    const struct letter_type *type = letter_type_find(letter->type);
    *(void **)out_lines = NULL;
    *out_count = 0;
    if (!*letter->lines || !type || !type->line_fields)
        return OK;
    if (!json_rows_read(cx->mem, letter->lines, type->line_fields, type->line_size,
                        LETTER_LINES_MOST, out_lines, out_count))
        return fail(cx, BROKEN, "letter.broken_lines", letter->number);
    return OK;
}

/* ---- attachments ---- */

struct attachment {
    int64_t id;
    const char *name, *sha256;
    enum retention retention;
};
static const struct field ATTACHMENT_FIELDS[] = {
    FIELD(attachment, id),
    FIELD(attachment, name),
    FIELD(attachment, sha256),
    FIELD_ENUM(attachment, retention, RETENTIONS),
    FIELDS_END,
};

#define ATTACHMENTS_MOST 200

static enum result letter_attachments(struct ctx *cx, const struct letter *letter, const char **out)
{
    struct attachment *attachments;
    size_t count;
    struct text text = text_new(cx->mem, 256);
    TRY(db_list(cx, &q_letter_attachments, PARAMS(P(letter->id)), ATTACHMENT_FIELDS,
                sizeof *attachments, ATTACHMENTS_MOST, &attachments, &count));
    for (size_t i = 0; i < count; i++) {
        text_printf(&text, "%s  %s\n", attachments[i].sha256, attachments[i].name);
        if (attachments[i].retention == RETENTION_SHORT)
            reject(cx, "attachments", "kept_too_short", attachments[i].name);
    }
    *out = text_end(&text);
    return OK;
}

enum result letter_compose(struct ctx *cx, struct letter *letter)
{
    if (!letter_is_open(letter))
        return OK;
    TRY(letter_attachments(cx, letter, &letter->attachments));
    letter->signed_text = record_canonical(cx->mem, &LETTERS, letter);
    letter->sha256 = record_digest(cx->mem, &LETTERS, letter);
    return OK;
}

enum result letter_digest(struct ctx *cx, const struct letter *letter, const char **out)
{
    struct letter seen = *letter;
    struct fault kept = fault_take(cx); /* what is wrong with it is said when it is sent */
    TRY(letter_compose(cx, &seen));
    cx->fault = kept;
    *out = seen.sha256;
    return OK;
}

/* ---- rules ---- */

enum side letter_to(const struct letter *letter)
{
    return letter->from_side == SIDE_CLIENT ? SIDE_PROVIDER : SIDE_CLIENT;
}

const char *letter_state_words(struct ctx *cx, const struct letter *letter)
{
    const char *key =
        letter->state != LETTER_APPROVED
            ? arena_printf(cx->mem, "letters.state.%s", choice_name(LETTER_STATES, letter->state))
        : letter->to_answer ? "letters.to_answer"
                            : "letters.to_execute";
    return texts_get(key, cx->lang);
}

enum result demand_side(struct ctx *cx, enum side side)
{
    if (cx->actor->is_system || cx->actor->side == side)
        return OK;
    return fail(
        cx, FORBIDDEN, "letter.other_side",
        texts_get(arena_printf(cx->mem, "letters.turn.%s", choice_name(SIDES, side)), cx->lang));
}

static void check_type(struct ctx *cx, const struct letter *letter, const struct contract *contract)
{
    const struct letter_type *type = letter_type_find(letter->type);
    if (!type)
        reject(cx, "type", "no_such_type");
    else if (!(type->from & 1u << letter->from_side))
        reject_clause(cx, type->clause, "type", "not_your_type");
    else if (type->service && type->service != contract->service)
        reject_clause(cx, type->clause, "contract_id", "other_service");
}

static enum result begin(struct ctx *cx, struct letter *letter)
{
    const struct actor *actor = cx->actor;
    struct contract contract;
    if (!letter->contract_id)
        return OK; /* refused as required */
    TRY(record_get(cx, &CONTRACTS, letter->contract_id, &contract));
    if (!actor->is_system || !letter->from_side)
        letter->from_side = actor->side;
    letter->client_id = contract.client_id;
    letter->provider_id = contract.provider_id;
    letter->unit_id = contract.unit_id;
    letter->author_id = actor->person_id;
    letter->author_name = actor->person_name;
    letter->state = LETTER_DRAFT;
    if (contract.state == CONTRACT_DRAFT)
        reject(cx, "contract_id", "contract_is_draft");
    check_type(cx, letter, &contract);
    return OK;
}

static bool text_changed(const struct letter *a, const struct letter *b)
{
    return strcmp(a->subject, b->subject) != 0 || strcmp(a->body, b->body) != 0 ||
           strcmp(a->lines, b->lines) != 0;
}

/* Its sender may change it until it is sent, and again when it came back. */
static enum result demand_open(struct ctx *cx, const struct letter *letter)
{
    TRY(demand_side(cx, letter->from_side));
    if (letter_is_open(letter))
        return OK;
    return fail(cx, CONFLICT, "letter.sealed", letter->number, letter_state_words(cx, letter));
}

static enum result letter_check(struct ctx *cx, void *record, const void *before)
{
    struct letter *letter = record;
    if (!before)
        return begin(cx, letter);
    if (!text_changed(letter, before))
        return OK;
    TRY(demand_open(cx, before));
    letter->editing = letter->state == LETTER_RETURNED;
    return OK;
}

/* A first signature was put under another text. */
static enum result letter_saved(struct ctx *cx, const void *record, const void *before)
{
    const struct letter *letter = record;
    if (!before || !text_changed(letter, before))
        return OK;
    return signatures_void(cx, &LETTERS, letter->id);
}

static enum result letter_attach(struct ctx *cx, int64_t id)
{
    struct letter letter;
    TRY(record_get(cx, &LETTERS, id, &letter));
    return demand_open(cx, &letter);
}

/* How a letter came to its words is the sender's own; the other side reads the steps. */
static enum result letter_history(struct ctx *cx, int64_t id, struct event *events, size_t *count)
{
    static const char *const OWN[] = {"create", "change", "sign", "print", "export"};
    struct letter letter;
    size_t kept = 0;
    TRY(record_get(cx, &LETTERS, id, &letter));
    if (cx->actor->is_system || cx->actor->side == letter.from_side)
        return OK;
    for (size_t i = 0; i < *count; i++) {
        bool is_own = false;
        for (size_t n = 0; n < sizeof OWN / sizeof OWN[0]; n++)
            is_own |= strcmp(events[i].action, OWN[n]) == 0;
        if (!is_own)
            events[kept++] = events[i];
    }
    *count = kept;
    return OK;
}

static void letter_derive(struct ctx *cx, void *record)
{
    struct letter *letter = record;
    const struct letter_type *type = letter_type_find(letter->type);
    letter->to_answer = letter->state == LETTER_APPROVED && type && !type->execute;
}

const struct resource LETTERS = {
    .name = "letters",
    .fields = LETTER_FIELDS,
    .size = sizeof(struct letter),
    .joins = "JOIN contracts c ON c.id = t.contract_id JOIN organisations o ON o.id = t.client_id "
             "JOIN organisations p ON p.id = t.provider_id",
    .title = "subject",
    .sort = "-id",
    .scope =
        {
            [SIDE_CLIENT] = "@client_id = :org AND (@from_side = 'client' OR @state <> 'draft' "
                            "AND @editing = FALSE)",
            [SIDE_PROVIDER] = "@provider_id = :org AND (@from_side = 'provider' OR "
                              "@state <> 'draft' AND @editing = FALSE)",
        },
    .unit = "unit_id",
    .check = letter_check,
    .saved = letter_saved,
    .derive = letter_derive,
    .attach = letter_attach,
    .history = letter_history,
    .most = 50,
};

#define R_WRITERS (R(CLIENT) | R(DIVISION) | R(OPS) | R(PM) | R(PROVIDER) | R(DUTY))
#define R_DECIDERS (R(CLIENT) | R(DIVISION) | R(OPS) | R(PROVIDER) | R(DUTY))

const struct right LETTER_RIGHTS[] = {
    {"letters.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, NULL},
    {"letters.write", R_WRITERS, NULL},
    {"letters.decide", R_DECIDERS, NULL},
    {"letters.execute", R_DECIDERS, NULL},
    {"signature_agreements.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, NULL},
    {"signature_agreements.write", R(OPS) | R(DIVISION), NULL},
    {"delegations.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, NULL},
    {"delegations.write", R_DECIDERS, NULL},
    RIGHTS_END,
};
