/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Suspected subcontracting (V5.1.4): somebody of the provider's is insured by another company,
 * stands on another provider's roster, too, or works on site and stands on no roster. The client's
 * side looks into it and somebody else of it decides; what the rosters say opens by itself
 * (roster_watch.h), what a head-count finds with it (head_count.h). Of a person on two rosters the
 * providers are told nothing: each would learn whom the other employs.
 *
 * A contract's case is its client's and its unit's alone; one of the provider altogether is read by
 * every client's side and decided by the operations centre. */
#ifndef SUBCONTRACTING_H
#define SUBCONTRACTING_H

#include "app/contracts/contract.h"

struct subcontracting_case {
    RECORD_MEMBERS;
    int64_t organisation_id; /* the provider */
    const char *organisation_name;
    int64_t contract_id; /* 0: of the provider altogether */
    const char *contract_name;
    int64_t client_id, unit_id; /* the contract's, when the case was opened */
    int64_t person_id;          /* 0: on no roster */
    const char *person_name, *employed_by;
    enum case_source { CASE_OF_ROSTER = 1, CASE_OF_SITE, CASE_OF_IDENTITY } source;
    int64_t head_count_id;   /* that found the person; its evidence */
    int64_t other_person_id; /* of an identity: who is the same */
    const char *other_organisation;
    const char *note; /* how it was found */
    struct instant found_at;
    const char *findings;
    int64_t investigator_id;
    const char *investigated_by;
    struct instant investigated_at;
    /* Of the decision: what follows from a confirmed one, why, and what else there is to say. */
    enum case_sanction {
        SANCTION_WARNING = 1,
        SANCTION_DEDUCTION,
        SANCTION_TERMINATION, /* proposed */
        SANCTION_BLACKLIST
    } sanction;
    const char *reason, *consequence;
    int64_t decider_id;
    const char *decided_by;
    struct instant decided_at;
    enum case_state { CASE_SUSPECTED = 1, CASE_INVESTIGATED, CASE_CONFIRMED, CASE_DISMISSED } state;
};
extern const struct resource SUBCONTRACTING_CASES;

/* Opens the case that the roster speaks of, unless one about the person is open: insured by another
 * company. */
MUST_USE enum result subcontracting_suspect(struct ctx *cx, const struct person *person,
                                            const struct person *before);

/* suspected -> investigated, and anew while nobody decided. Results: CONFLICT
 * subcontracting.decided; INVALID without findings. */
MUST_USE enum result subcontracting_investigate(struct ctx *cx,
                                                const struct subcontracting_case *before,
                                                const char *findings);
struct case_decision {
    enum case_state state; /* CASE_CONFIRMED, CASE_DISMISSED */
    enum case_sanction sanction;
    const char *reason, *consequence;
};
extern const struct field CASE_DECISION_INPUT[];
/* Has the actor the right to decide this one? Of a provider altogether only who judges those has.
 */
bool subcontracting_may_decide(const struct actor *actor, const struct subcontracting_case *one);

/* investigated -> confirmed, with a sanction and its evidence (the head-count, or what is
 * attached), or dismissed. The black list is judged with it, by who may. Results: CONFLICT
 * subcontracting.not_investigated, subcontracting.decided; FORBIDDEN subcontracting.own_findings,
 * subcontracting.judge_only; INVALID without reason, sanction or evidence. */
MUST_USE enum result subcontracting_decide(struct ctx *cx, const struct subcontracting_case *before,
                                           const struct case_decision *decision);

/* What else follows from a case that was just confirmed. Once at start. */
void subcontracting_follow(enum result (*follow)(struct ctx *cx,
                                                 const struct subcontracting_case *confirmed));

/* The cases of a provider that were confirmed on these days, both with them; of one contract (0:
 * of any) also those of the provider altogether. Ignores the scope: for what is evaluated and
 * settled. */
MUST_USE enum result subcontracting_confirmed(struct ctx *cx, int64_t provider_id,
                                              int64_t contract_id, struct date from, struct date to,
                                              struct subcontracting_case **out, size_t *out_count);

extern const struct duty_rule SUBCONTRACTING_DUTIES[];
extern const struct right SUBCONTRACTING_RIGHTS[];

#endif
