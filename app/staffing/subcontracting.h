/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Suspected subcontracting (V5.1.4): somebody of the provider's is insured by another company, or
 * works on site and stands on no roster. The client's side looks into it and decides; the first
 * kind opens by itself when the roster says so. */
#ifndef SUBCONTRACTING_H
#define SUBCONTRACTING_H

#include "app/duties/duty.h"
#include "app/parties/parties.h"

struct subcontracting_case {
    RECORD_MEMBERS;
    int64_t organisation_id; /* the provider */
    const char *organisation_name;
    int64_t person_id; /* 0: on no roster */
    const char *person_name, *employed_by;
    enum case_source { CASE_OF_ROSTER = 1, CASE_OF_SITE } source;
    const char *note; /* how it was found */
    struct instant found_at;
    const char *findings;
    int64_t investigator_id;
    const char *investigated_by;
    struct instant investigated_at;
    const char *reason, *consequence; /* of the decision; what follows from a confirmed one */
    int64_t decider_id;
    const char *decided_by;
    struct instant decided_at;
    enum case_state { CASE_SUSPECTED = 1, CASE_INVESTIGATED, CASE_CONFIRMED, CASE_DISMISSED } state;
};
extern const struct resource SUBCONTRACTING_CASES;

/* Opens a case when a provider's person is insured by another company, unless one is open: for
 * people_follow. */
MUST_USE enum result subcontracting_suspect(struct ctx *cx, const struct person *person,
                                            const struct person *before);

/* suspected -> investigated, and anew while nobody decided. Results: CONFLICT
 * subcontracting.decided; INVALID without findings. */
MUST_USE enum result subcontracting_investigate(struct ctx *cx,
                                                const struct subcontracting_case *before,
                                                const char *findings);
/* investigated -> confirmed, with its consequence and evidence attached, or dismissed. Results:
 * CONFLICT subcontracting.not_investigated, subcontracting.decided; INVALID without reason,
 * consequence or evidence. */
MUST_USE enum result subcontracting_decide(struct ctx *cx, const struct subcontracting_case *before,
                                           enum case_state state, const char *reason,
                                           const char *consequence);

extern const struct duty_rule SUBCONTRACTING_DUTIES[];
extern const struct right SUBCONTRACTING_RIGHTS[];

#endif
