/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Letters (函件): everything that one party wants from the other goes in writing.
 *
 * A letter is drafted by one side of a contract, sent with a signature, and from then on never
 * changes. The other side verifies it (approves, returns it for change, or refuses, with a reason);
 * executing an approved letter does what its type says and answers it in the same transaction.
 *
 * The types are data of other slices: an agent change (C1.1) is declared beside the agents. */
#ifndef LETTER_H
#define LETTER_H

#include "app/contracts/contract.h"
#include "app/duties/duty.h"

#include <stdio.h>

enum letter_state {
    LETTER_DRAFT = 1,
    LETTER_SENT,
    LETTER_RETURNED, /* for change: the sender corrects it and sends it anew */
    LETTER_APPROVED,
    LETTER_REFUSED,
    LETTER_EXECUTED,
    LETTER_ANSWERED,
    LETTER_WITHDRAWN
};
struct letter {
    RECORD_MEMBERS;
    const char *type;   /* a letter_type's name */
    const char *number; /* 类型-年-序号, given when it is sent, without gaps */
    int64_t contract_id;
    const char *contract_number, *contract_name;
    int64_t client_id, provider_id, unit_id; /* of the contract, as it is sent */
    const char *client_name, *provider_name;
    enum side from_side;
    const char *subject, *body;
    const char *lines;       /* JSON array, canonical, of the type's line_fields; "" none */
    const char *attachments; /* as sent: lines of SHA-256, two spaces, name, for sha256sum */
    int32_t round;           /* how often it was sent: 2 after one return */
    int64_t author_id;       /* person */
    const char *author_name;
    struct instant sent_at, decided_at, executed_at, answered_at;
    struct instant due_at;           /* of the next step */
    int64_t decider_id;              /* person */
    const char *decided_by, *reason; /* of the decision */
    const char *decided_for;         /* in whose name, during an absence; "" in the own */
    const char *answer;
    enum side turn; /* whose step is the next; 0 when there is none */
    struct date urged_on;
    bool editing;            /* returned, and changed since: the other side waits for it */
    const char *sha256;      /* of signed_text */
    const char *signed_text; /* canonical, as it was signed, attachments' digests in it */
    const char *code;        /* printed on it: whoever holds the paper can check it */
    enum letter_state state;
    bool countersigned; /* the contract asks for two signatures of the sender's side */
    bool to_answer;     /* approved, of a type without anything to execute: words are waited for */
    const char *search_key;
};
extern const struct resource LETTERS;
extern const char *const LETTER_STATES[];

#define LETTER_LINES_MOST 500
#define LETTER_CONTRACTS "state=active,suspended,ended,terminated" /* they are about */

struct letter_type {
    const char *name;     /* "agent_change": words under "letters.type.<name>" */
    const char *clause;   /* "C1.1"; "" none */
    const char *prefix;   /* of its number, in Chinese: "工号" */
    unsigned from;        /* who may send it: bits 1u << SIDE_CLIENT, 1u << SIDE_PROVIDER */
    enum service service; /* only on contracts of this service; 0: any */
    /* The lines: NULL when it has none. Words of the fields under "<name>.<field>". */
    const struct field *line_fields;
    size_t line_size;
    bool needs_lines, needs_attachment;
    bool
        two_signatures; /* countersigned by a second person of the sender's side before it leaves */
    /* Rules beyond the fields' own, when it is sent, approved and executed: reject("lines.3.code",
     * …) what is wrong. */
    enum result (*check)(struct ctx *cx, const struct letter *letter, const void *lines,
                         size_t count);
    /* What executing it does to the world, its lines being right; *out_answer tells the other side
     * what was done. NULL: nothing to execute, the deciding side answers in its own words. */
    enum result (*execute)(struct ctx *cx, const struct letter *letter, const void *lines,
                           size_t count, const char **out_answer);
    struct due_rule decide, execute_in; /* what the other side has time for */
    /* After it was sent, withdrawn, approved, returned or refused, in the same transaction:
     * letter->state says which. NULL: nothing follows. */
    enum result (*stepped)(struct ctx *cx, const struct letter *letter, const void *lines,
                           size_t count);
    /* What whoever writes or reads it has to know ("": nothing), and whether the other side owes a
     * decision. NULL: nothing, and it does. */
    enum result (*look)(struct ctx *cx, const struct letter *letter, const void *lines,
                        size_t count, const char **out_warning, bool *out_owes);
};
/* The type's look at it. */
MUST_USE enum result letter_look(struct ctx *cx, const struct letter *letter,
                                 const char **out_warning, bool *out_owes);
/* Whatever has no type of its own; answered in words. */
extern const struct letter_type LETTER_GENERAL;

/* The slices' types, NULL-terminated; once at start. */
void letters_use(const struct letter_type *const *types);
size_t letter_types_count(void);
const struct letter_type *letter_types_at(size_t index);
const struct letter_type *letter_type_find(const char *name);

/* Its lines as structs of the type's line_fields (no secrets in them): *out_lines in the arena. */
MUST_USE enum result letter_lines(struct ctx *cx, const struct letter *letter, void *out_lines,
                                  size_t *out_count);
/* The way back: as letter->lines keeps them. */
const char *letter_lines_text(struct arena *arena, const struct letter_type *type,
                              const void *lines, size_t count);

/* ---- what sending rests on ---- */

/* The parties agreed to sign electronically: on paper, kept as a document at the record. */
struct signature_agreement {
    RECORD_MEMBERS;
    int64_t client_id, provider_id;
    const char *client_name, *provider_name;
    const char *number;
    struct date signed_on, ends_on; /* none: until further notice */
};
extern const struct resource SIGNATURE_AGREEMENTS;

/* Who decides on letters in whose name during an absence. */
struct delegation {
    RECORD_MEMBERS;
    int64_t organisation_id, person_id, delegate_id;
    const char *person_name, *delegate_name;
    struct date starts_on, ends_on; /* both days with it */
    const char *reason;
};
extern const struct resource DELEGATIONS;

/* ---- steps; each belongs to one side, and demands it. All CONFLICT letter.wrong_state ---- */

/* Does its type, or its contract, ask for a second signature of the sender's side? */
bool letter_takes_two(const struct letter *letter, const struct letter_type *type);
/* Draft or returned: its sender may still change it. */
bool letter_is_open(const struct letter *letter);
/* Its state in words: what is approved waits for being executed or, without that, for an answer. */
const char *letter_state_words(struct ctx *cx, const struct letter *letter);
/* The digest that the sender signs; also of a draft. */
MUST_USE enum result letter_digest(struct ctx *cx, const struct letter *letter, const char **out);
/* draft or returned -> sent; of a type with two signatures the first one is put, and the letter
 * leaves with the second. `sha256_seen`: the digest that was shown. Results: CONFLICT
 * letter.changed, letter.wrong_state, letter.no_agreement, letter.same_signer; INVALID with what is
 * wrong in it; FORBIDDEN letter.other_side. */
MUST_USE enum result letter_send(struct ctx *cx, const struct letter *letter,
                                 const char *sha256_seen);
/* "withdraw" (sender, before the decision), "approve", "return", "refuse" (the other side; with a
 * reason), "execute", "answer" (with words). Whoever decides has the right letters.decide or
 * letters.execute, or stands in for somebody absent who has. Results: FORBIDDEN letter.other_side;
 * CONFLICT letter.to_execute, letter.nothing_to_execute; what the type's rules say. */
MUST_USE enum result letter_step(struct ctx *cx, const struct letter *letter, const char *action,
                                 const char *words);
/* What the actor may do about it now: names of steps, with "send", "change" and "urge". */
MUST_USE enum result letter_may(struct ctx *cx, const struct letter *letter,
                                const char *const **out, size_t *out_count);
/* Urge the other side, its turn being it: a notice to all concerned, once a day. Results: CONFLICT
 * letter.nothing_due, letter.urged_today; FORBIDDEN letter.other_side. */
MUST_USE enum result letter_urge(struct ctx *cx, const struct letter *letter);

/* ---- proof for those outside ---- */

/* The letter, its attachments, signatures and trail as a ZIP that explains itself, into a file that
 * is empty and can be sought in; of a draft as it would be signed now. */
MUST_USE enum result letter_evidence(struct ctx *cx, const struct letter *letter, FILE *file);

/* What anybody may know who holds a printed letter. */
struct letter_checked {
    const char *type, *number, *client_name, *provider_name;
    enum side from_side;
    struct instant sent_at, answered_at;
    const char *sha256;
    bool current; /* neither withdrawn nor returned */
    const char *attachments;
};
extern const struct field LETTER_CHECKED_FIELDS[];
/* By the code printed on it. Results: NOT_FOUND letter.no_such_code; TOO_MANY
 * letter.too_many_checks of one origin in a minute. */
MUST_USE enum result letter_by_code(struct ctx *cx, const char *code, struct letter_checked *out);
enum letter_match { MATCH_NONE, MATCH_TEXT, MATCH_ATTACHMENT };
/* What of the letter has this SHA-256? */
enum letter_match letter_match(const struct letter_checked *letter, const char *sha256);

extern const struct duty_rule LETTER_DUTIES[];
extern const struct right LETTER_RIGHTS[];

#endif
