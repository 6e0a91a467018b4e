/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How long records of calls and recordings are kept, what stops their deletion, and what a deletion
 * leaves behind.
 *
 * A rule says how many days, of one contract or of all of a client that have no rule of their own,
 * and where it comes from. A legal hold stops every deletion that it covers, whatever the rules
 * say, until whoever placed it ends it. A deletion leaves a certificate: what went, how many, the
 * SHA-256 of it, by which rule; the slice that deletes makes it in its own transaction:
 *
 *     TRY(retention_held(cx, contract_id, first, last, &hold));
 *     if (hold) return OK;
 *     TRY(certificate_add(cx, &certificate));           state underway: it is decided
 *     …delete, as long as that takes…
 *     TRY(certificate_done(cx, &certificate));          state deleted */
#ifndef RETENTION_H
#define RETENTION_H

#include "app/contracts/client_rule.h"

enum retention_kind { RETAIN_CALLS = 1, RETAIN_RECORDINGS };
extern const char *const RETENTION_KINDS[];

/* ---- how long ---- */

struct retention_rule {
    CLIENT_RULE_MEMBERS;
    enum retention_kind kind;
    int32_t days; /* from the record's day; records of calls from the end of their month */
    const char *basis;
};
extern const struct resource RETENTION_RULES;

struct kept {
    int64_t rule_id; /* none: nobody wrote one, it is the usual */
    int32_t days;
    const char *basis;
};
/* The rule for records of that contract; of no contract (0): the longest that any client has for
 * all of its contracts. */
MUST_USE enum result retention_of(struct ctx *cx, enum retention_kind kind, int64_t contract_id,
                                  struct kept *out);

/* ---- what stops it ---- */

enum hold_state { HOLD_ACTIVE = 1, HOLD_RELEASED };
struct legal_hold {
    RECORD_MEMBERS;
    int64_t organisation_id; /* who placed it, and may end it */
    const char *organisation_name;
    int64_t contract_id; /* none: every one of the organisation's */
    int64_t unit_id;
    const char *contract_number, *contract_name;
    struct date from, to; /* of the records, both inclusive; none: without end on that side */
    const char *reason, *placed_by;
    enum hold_state state;
    const char *release_reason;
};
extern const struct resource LEGAL_HOLDS;

/* A hold that covers records of that contract (0: of none that is known) of any of these days, or
 * 0. */
MUST_USE enum result retention_held(struct ctx *cx, int64_t contract_id, struct date from,
                                    struct date to, int64_t *out_hold_id);
/* Results: CONFLICT legal_hold.wrong_state; FORBIDDEN legal_hold.not_yours; INVALID reason. */
MUST_USE enum result hold_release(struct ctx *cx, const struct legal_hold *hold,
                                  const char *reason);

/* ---- what is left of it ---- */

enum certificate_state { CERTIFICATE_UNDERWAY = 1, CERTIFICATE_DELETED };
struct deletion_certificate {
    RECORD_MEMBERS;
    enum retention_kind kind;
    const char *subject; /* "2026-07": what the slice calls it */
    int64_t contract_id; /* none: of contracts that are unknown */
    const char *contract_number, *contract_name;
    int64_t organisation_id, provider_id, unit_id; /* the contract's; filled by certificate_add */
    const char *organisation_name, *provider_name;
    struct date from, to; /* days of what was deleted */
    int32_t count;
    const char *sha256; /* of what was deleted; the slice says how it is made */
    int64_t rule_id;    /* by which rule, as it was then */
    int32_t rule_days;
    const char *rule_basis;
    enum certificate_decider { DECIDED_BY_SYSTEM = 1 } decided_by; /* a job's, never a person's */
    enum certificate_state state;
    struct instant deleted_at;
};
extern const struct resource DELETION_CERTIFICATES;

/* Fills whose it is and by whom; kind, subject, contract, days, count, SHA-256 and the rule are the
 * caller's. `state` may be DELETED at once when nothing is left to do after the commit. */
MUST_USE enum result certificate_add(struct ctx *cx, struct deletion_certificate *certificate);
MUST_USE enum result certificate_done(struct ctx *cx,
                                      const struct deletion_certificate *certificate);
/* Of that kind and subject, past the scope. */
MUST_USE enum result certificates_of(struct ctx *cx, enum retention_kind kind, const char *subject,
                                     struct deletion_certificate **out, size_t *out_count);

extern const struct right RETENTION_RIGHTS[];

#endif
