/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Acceptance (验收) of one-off services: nothing of them is paid before (X3).
 *
 * The provider presents its work with documents. The client names a panel of at least three, one of
 * them not of the project, each having said how it stands to the provider. The panel goes through a
 * check list made from the contract's terms, decides, and signs; the provider signs, if need be
 * with an objection. Then the audit centre has its chance (V3.2), and changes nothing. What is
 * final stays: defects are mended within their time, the warranty runs, and claims in it are mended
 * or cost of the money that is kept back. */
#ifndef ACCEPTANCE_H
#define ACCEPTANCE_H

#include "app/evaluation/audit.h"

/* ---- acceptances ---- */

enum acceptance_state {
    ACCEPTANCE_DRAFTED = 1,
    ACCEPTANCE_REQUESTED,
    ACCEPTANCE_CONVENED,
    ACCEPTANCE_DECIDED,  /* frozen; both sides sign */
    ACCEPTANCE_DISPUTED, /* signed by all, by the provider with an objection */
    ACCEPTANCE_SIGNED,   /* before the audit centre */
    ACCEPTANCE_OBJECTED,
    ACCEPTANCE_FINAL,
    ACCEPTANCE_WITHDRAWN
};
enum acceptance_outcome { OUTCOME_ACCEPTED = 1, OUTCOME_WITH_DEFECTS, OUTCOME_REFUSED };
struct acceptance {
    RECORD_MEMBERS;
    const char *name;
    int64_t contract_id, provider_id, client_id, unit_id;
    const char *contract_number, *contract_name, *provider_name, *client_name, *unit_name;
    int32_t round; /* how often the contract's work was presented */
    struct date completed_on;
    const char *work;
    struct money claimed_fen;
    int64_t requester_id;
    const char *requested_by;
    struct instant requested_at;
    const char *returned; /* why the client sent it back, or the provider took it back */
    int64_t lead_id;
    const char *lead_name;
    struct instant convened_at;
    enum acceptance_outcome outcome; /* 0: not decided */
    struct money accepted_fen;
    const char *conclusion;
    struct date checked_on;
    const char *panel, *lines; /* canonical JSON, since it was decided */
    const char *sha256;
    struct instant decided_at;
    struct instant countersign_by; /* the provider's time to sign */
    const char *objection;         /* of the provider, as it signs */
    int64_t objection_decider_id;
    const char *objection_decided_by, *objection_reason;
    struct instant signed_at;
    struct instant audit_by, audited_at;
    int64_t auditor_id; /* 0: its time passed */
    const char *audited_by, *audit_words, *answer;
    struct instant final_at;
    struct date warranty_ends_on;
    enum acceptance_state state;
};
extern const struct resource ACCEPTANCES;
extern const char *const ACCEPTANCE_STATES[];
extern const char *const ACCEPTANCE_OUTCOMES[];

/* Final and not refused, of that contract. *out_id = 0: there is none. */
MUST_USE enum result acceptance_of_contract(struct ctx *cx, int64_t contract_id, int64_t *out_id);

/* ---- the panel ---- */

#define PANEL_LEAST 3
struct acceptance_member {
    RECORD_MEMBERS;
    int64_t acceptance_id, provider_id, client_id, unit_id;
    const char *acceptance_name;
    int64_t person_id; /* of the client; 0: an expert from outside */
    const char *expert_name, *expert_of;
    enum interest expert_interest; /* the expert's own word, as the client has it on paper */
    const char *member_name, *member_of;
    bool from_project;
    enum interest declared; /* by whom it is about; 0: not yet */
    bool removed;
    const char *reason;
};
extern const struct resource ACCEPTANCE_MEMBERS;
MUST_USE enum result acceptance_member_remove(struct ctx *cx,
                                              const struct acceptance_member *member,
                                              const char *reason);
/* Those who are on it now. */
MUST_USE enum result acceptance_panel(struct ctx *cx, int64_t acceptance_id,
                                      struct acceptance_member **out, size_t *out_count);
bool acceptance_on_panel(const struct acceptance_member *panel, size_t count, int64_t person_id);

/* ---- the check list ---- */

#define CHECK_LINES_MOST 300
enum check_result { CHECK_PASS = 1, CHECK_DEFECT, CHECK_FAIL, CHECK_NA };
extern const char *const CHECK_RESULTS[];
struct acceptance_item {
    RECORD_MEMBERS;
    int64_t acceptance_id;
    const char *term, *requirement; /* number and text of the contract's term */
    enum check_result result;       /* 0: not judged yet */
    const char *measured, *note;
    struct date due_on; /* of a defect: until when it is to be mended */
    int64_t judge_id;
    const char *judged_by;
    struct instant judged_at;
};
extern const struct resource ACCEPTANCE_ITEMS;
extern const struct field ACCEPTANCE_JUDGING[]; /* of acceptance_item: what a judgement says */
MUST_USE enum result acceptance_items(struct ctx *cx, int64_t acceptance_id,
                                      struct acceptance_item **out, size_t *out_count);
/* By one of the panel. `photos`: how many come with it. Results: FORBIDDEN
 * acceptance.not_on_panel, evaluation.interested; CONFLICT evaluation.declare_first,
 * acceptance.wrong_state; INVALID with X3. */
MUST_USE enum result acceptance_item_judge(struct ctx *cx, const struct acceptance_item *item,
                                           const struct acceptance_item *judgement, size_t photos);
/* A line for each term that has none yet. */
MUST_USE enum result acceptance_build(struct ctx *cx, const struct acceptance *acceptance);

/* What was decided on, with the digests of the photos. */
struct frozen_line {
    const char *term, *requirement;
    enum check_result result;
    const char *measured, *note;
    struct date due_on;
    const char *judged_by, *photos;
};
struct frozen_member {
    const char *name, *organisation;
    bool from_project, expert, lead;
};
extern const struct field FROZEN_LINE_FIELDS[], FROZEN_MEMBER_FIELDS[];

/* ---- steps. All: CONFLICT acceptance.wrong_state ---- */

/* What the next step lacks: rejects all at once, CONFLICT acceptance.not_ready. Of a drafted one
 * its documents, of a requested one its panel, of a convened one lines, terms and declarations. */
MUST_USE enum result acceptance_demand_ready(struct ctx *cx, const struct acceptance *acceptance);

/* drafted -> requested, by the provider. */
MUST_USE enum result acceptance_request(struct ctx *cx, const struct acceptance *acceptance);
/* drafted or requested -> withdrawn, by the provider, with the reason. */
MUST_USE enum result acceptance_withdraw(struct ctx *cx, const struct acceptance *acceptance,
                                         const char *reason);
/* requested -> drafted, by the client, with the reason. */
MUST_USE enum result acceptance_return(struct ctx *cx, const struct acceptance *acceptance,
                                       const char *reason);
/* requested -> convened: the actor leads the panel, and the check list is made. */
MUST_USE enum result acceptance_convene(struct ctx *cx, const struct acceptance *acceptance);
/* convened -> decided, by who leads: outcome, amount and conclusion of `decision`. */
MUST_USE enum result acceptance_decide(struct ctx *cx, const struct acceptance *acceptance,
                                       const struct acceptance *decision);
/* By a member of the panel of the client's side. Results: FORBIDDEN acceptance.not_on_panel;
 * CONFLICT acceptance.changed, signature.twice. */
MUST_USE enum result acceptance_sign(struct ctx *cx, const struct acceptance *acceptance,
                                     const char *sha256_seen);
/* By the provider, with or without an objection. Results: FORBIDDEN acceptance.provider_signs. */
MUST_USE enum result acceptance_countersign(struct ctx *cx, const struct acceptance *acceptance,
                                            const char *sha256_seen, const char *objection);
/* The provider's objection, or that it did not sign in its time though the panel did (decided), is
 * decided by somebody of the client who is not on the panel: upheld -> convened, signatures are
 * void; rejected -> signed. FORBIDDEN acceptance.on_panel, evaluation.interested. */
MUST_USE enum result acceptance_uphold(struct ctx *cx, const struct acceptance *acceptance,
                                       const char *reason);
MUST_USE enum result acceptance_reject(struct ctx *cx, const struct acceptance *acceptance,
                                       const char *reason);
bool acceptance_is_disputed(struct ctx *cx, const struct acceptance *acceptance);
/* decided, disputed or objected -> convened, by who leads: signatures are void. */
MUST_USE enum result acceptance_reopen(struct ctx *cx, const struct acceptance *acceptance,
                                       const char *reason);
/* signed -> final, or -> objected with words; by the audit centre. CONFLICT acceptance.time_over.
 */
MUST_USE enum result acceptance_pass(struct ctx *cx, const struct acceptance *acceptance);
MUST_USE enum result acceptance_audit(struct ctx *cx, const struct acceptance *acceptance,
                                      const char *words);
/* objected -> signed: who leads answers, and what was decided stands. */
MUST_USE enum result acceptance_answer(struct ctx *cx, const struct acceptance *acceptance,
                                       const char *answer);
/* A job: ends the audit centre's time. */
MUST_USE enum result acceptances_sweep(struct ctx *cx);

/* ---- defects, and claims in the warranty ---- */

enum defect_kind { DEFECT_OF_ACCEPTANCE = 1, DEFECT_IN_WARRANTY };
enum defect_state {
    DEFECT_ISSUED = 1,
    DEFECT_ANSWERED,
    DEFECT_CLOSED,
    DEFECT_CHARGED, /* others mended it, at this cost */
    DEFECT_WITHDRAWN
};
struct acceptance_defect {
    RECORD_MEMBERS;
    int64_t acceptance_id, contract_id, provider_id, client_id, unit_id;
    const char *contract_name, *provider_name;
    enum acceptance_state acceptance_state;
    enum defect_kind kind;
    const char *term, *found;
    int64_t issuer_id;
    const char *issued_by;
    struct date due_on;
    struct instant due_at;
    int32_t round;
    const char *answer;
    int64_t answerer_id;
    const char *answered_by;
    struct instant answered_at;
    bool late;
    int64_t judge_id;
    const char *judged_by;
    struct instant judged_at;
    const char *reason;
    struct money cost_fen;
    enum defect_state state;
};
extern const struct resource ACCEPTANCE_DEFECTS;
extern const struct field DEFECT_CHARGING[]; /* of acceptance_defect: cost and reason */

/* All: CONFLICT acceptance_defect.wrong_state.
 *
 * issued -> answered, by the provider, with photos. INVALID with X3. */
MUST_USE enum result defect_answer(struct ctx *cx, const struct acceptance_defect *defect,
                                   const char *answer, size_t photos);
/* answered -> closed; or issued once more, with a new time. */
MUST_USE enum result defect_close(struct ctx *cx, const struct acceptance_defect *defect,
                                  const char *reason);
MUST_USE enum result defect_again(struct ctx *cx, const struct acceptance_defect *defect,
                                  const char *reason);
/* issued, its time over and its acceptance final -> charged, with the cost and its evidence.
 * CONFLICT acceptance_defect.in_time, acceptance_defect.not_final, acceptance_defect.no_evidence.
 */
MUST_USE enum result defect_charge(struct ctx *cx, const struct acceptance_defect *defect,
                                   struct money cost, const char *reason);
bool defect_is_late(const struct ctx *cx, const struct acceptance_defect *defect);
bool defect_is_chargeable(const struct ctx *cx, const struct acceptance_defect *defect);

extern const struct duty_rule ACCEPTANCE_DUTIES[];
extern const struct right ACCEPTANCE_RIGHTS[];

#endif
