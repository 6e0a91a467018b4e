/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The contract ledger (V5.1.1): a contract is drafted, briefed (V5.1.2), activated when everything
 * that the regulation demands is there, and later suspended, ended or terminated. After activation
 * its substance changes only by an amendment, and then it has to be briefed anew. */
#ifndef CONTRACT_H
#define CONTRACT_H

#include "app/duties/duty.h"
#include "app/parties/parties.h"

enum contract_kind { CONTRACT_CONTINUOUS = 1, CONTRACT_ONE_OFF }; /* V4 */
enum contract_state {
    CONTRACT_DRAFT = 1,
    CONTRACT_ACTIVE,
    CONTRACT_SUSPENDED,
    CONTRACT_ENDED,
    CONTRACT_TERMINATED
};
enum contract_briefing {
    BRIEFING_MISSING = 1,
    BRIEFING_OPEN,      /* written, nobody has signed */
    BRIEFING_HALF,      /* one side has signed */
    BRIEFING_DONE,      /* both have */
    BRIEFING_SUPERSEDED /* the contract or its executor changed since: brief anew */
};
enum expiry { EXPIRY_NONE = 1, EXPIRY_FAR, EXPIRY_SOON, EXPIRY_NEAR, EXPIRY_PAST };

/* Form F01, in the order of its columns. */
struct contract {
    RECORD_MEMBERS;
    const char *number, *name;
    enum contract_kind kind;
    enum service service;
    int64_t client_id, provider_id, unit_id;
    const char *client_name, *provider_name, *unit_name;
    const char *provider_contact;
    struct secret provider_phone;
    struct date signed_on, starts_on, ends_on;
    struct money amount_fen, net_amount_fen, monthly_fee_fen, deposit_fen;
    const char *payment_terms, *assessment_clause, *served_party_clause;
    bool served_party_judges; /* the clause says something */
    bool no_subcontracting;
    bool letters_countersigned; /* what either side sends about it takes two of its people */
    int32_t warranty_months;
    struct points retention_share; /* kept back until the warranty is over; 5.00 is 5 % */
    int64_t executor_id, contact_id;
    const char *executor_name, *contact_name;
    int32_t alert_days;
    const char *remark;
    enum contract_state state;
    struct instant state_at;
    const char *state_by, *state_reason;
    enum contract_briefing briefing;
    struct date briefed_on;
    int32_t days_left; /* until ends_on, while it matters */
    enum expiry expiry;
    const char *search_key;
    bool amending; /* not stored: this change is an amendment */
};
extern const struct resource CONTRACTS;
/* The last day on which it runs: the agreed one, or that on which it was ended or terminated
 * before; none: it has no end yet. */
struct date contract_last_day(const struct contract *contract);
/* 0 when there is none. Ignores the scope, as numbers are unique across it. */
MUST_USE enum result contract_by_number(struct ctx *cx, const char *number, int64_t *out_id);
/* Who sees to what a provider owes beyond a single contract: the client of its latest one. */
MUST_USE enum result client_of_provider(struct ctx *cx, int64_t provider_id, int64_t *out);
extern const char *const CONTRACT_STATES[];

struct term {
    RECORD_MEMBERS;
    int64_t contract_id;
    const char *contract_name, *number;
    enum term_topic {
        TERM_SCOPE = 1,
        TERM_FREQUENCY,
        TERM_STANDARD,
        TERM_STAFFING,
        TERM_DEDUCTION,
        TERM_SAFETY,
        TERM_BREACH,
        TERM_PAYMENT,
        TERM_OTHER
    } topic;
    const char *text;
    struct date amended_on; /* when and why it was changed in force; none: as first agreed */
    const char *basis;
};
extern const struct resource TERMS;
/* The contract's term of that number; 0: none. */
MUST_USE enum result contract_term(struct ctx *cx, int64_t contract_id, const char *number,
                                   int64_t *out_id);

struct amendment {
    RECORD_MEMBERS;
    int64_t contract_id;
    const char *contract_name;
    int32_t number;
    struct date signed_on;
    const char *reason, *changes, *made_by;
};
extern const struct resource AMENDMENTS;

/* ---- what a contract still lacks ---- */
enum requirement_state { REQUIREMENT_MISSING = 1, REQUIREMENT_PARTLY, REQUIREMENT_MET };
struct requirement {
    const char *code, *clause;
    enum requirement_state state;
    const char *detail; /* a name, a number: what makes it met, or what is in the way */
};
extern const struct field REQUIREMENT_FIELDS[];
/* Everything that activation asks for, met or not, in the order of the clauses. */
MUST_USE enum result contract_requirements(struct ctx *cx, const struct contract *contract,
                                           struct requirement **out, size_t *out_count);

/* ---- its life ---- */

/* draft -> active. Results: CONFLICT contract.not_ready with every reason at once. */
MUST_USE enum result contract_activate(struct ctx *cx, const struct contract *contract);
/* "suspend", "resume", "end", "terminate". Results: CONFLICT contract.wrong_state; INVALID without
 * the reason that it needs. */
MUST_USE enum result contract_step(struct ctx *cx, const struct contract *contract,
                                   const char *action, const char *reason);
/* Change what was agreed: `after` differs from `before` in the amended fields. Results: CONFLICT
 * contract.not_amendable; INVALID without reason or difference. */
MUST_USE enum result contract_amend(struct ctx *cx, const struct contract *before,
                                    struct contract *after, struct date amended_on,
                                    const char *reason);
/* The state of its briefing changed (briefing.c). */
MUST_USE enum result contract_briefing_set(struct ctx *cx, int64_t contract_id,
                                           enum contract_briefing state, struct date briefed_on);

/* ---- briefings (V5.1.2, form F02) ---- */
enum briefing_state { BRIEFING_DRAFT = 1, BRIEFING_SIGNED, BRIEFING_REPLACED };
struct briefing {
    RECORD_MEMBERS;
    int64_t contract_id;
    const char *contract_number, *contract_name;
    int32_t number;
    int64_t briefer_id, executor_id;
    const char *briefer_name, *executor_name;
    struct date held_on;
    const char *place, *terms, *questions;
    enum briefing_state state;
    const char *sha256;
};
extern const struct resource BRIEFINGS;

/* A new briefing of the contract, by the actor, for its executor, over its terms as they stand.
 * Results: CONFLICT contract.wrong_state, briefing.no_executor, briefing.no_terms,
 * briefing.same_person. */
MUST_USE enum result briefing_prepare(struct ctx *cx, int64_t contract_id,
                                      struct briefing *briefing);
/* Sign as briefer or executor, in this order. `sha256_seen`: the digest that the signer was shown.
 * Results: FORBIDDEN briefing.not_party; CONFLICT briefing.order, briefing.changed,
 * briefing.not_open, signature.twice. */
MUST_USE enum result briefing_sign(struct ctx *cx, int64_t id, const char *sha256_seen);
/* Is the actor's signature the next one that an open briefing needs? */
MUST_USE enum result briefing_awaits(struct ctx *cx, const struct briefing *briefing, bool *out);
/* A party refuses to sign and says why: kept in the trail, shown to the other. */
MUST_USE enum result briefing_refuse(struct ctx *cx, int64_t id, const char *reason);

extern const struct right CONTRACT_RIGHTS[];
extern const struct duty_rule CONTRACT_DUTIES[];

#endif
