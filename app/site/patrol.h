/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Site rules and patrols (C3.1, C3.2, form C08): the provider looks after its site by a check list.
 *
 * A finding is about somebody of either party and is acknowledged by that party. What is found of
 * the client's resident goes to the client and into no provider's score; what is found of the
 * provider's own people becomes a violation of its code of conduct when the provider says so. */
#ifndef PATROL_H
#define PATROL_H

#include "app/site/conduct.h"

enum site_whom { WHOM_BOTH = 1, WHOM_CLIENT, WHOM_PROVIDER };
struct site_rule {
    RECORD_MEMBERS;
    int64_t organisation_id;
    int64_t contract_id; /* 0: of all sites of the provider */
    const char *contract_name;
    int32_t number;
    const char *text;
    enum site_whom whom;     /* whose people keep it */
    int64_t conduct_rule_id; /* what the provider's people answer for */
    const char *conduct_text;
    enum site_rule_state { SITE_RULE_IN_FORCE = 1, SITE_RULE_RETIRED } state;
};
extern const struct resource SITE_RULES;
/* The four of C3.1. Results: CONFLICT site_rule.not_first when the provider has any. */
MUST_USE enum result site_rules_begin(struct ctx *cx);

struct patrol {
    RECORD_MEMBERS;
    int64_t contract_id, provider_id, client_id, unit_id;
    const char *contract_name, *site;
    struct instant at;
    int64_t patroller_id;
    const char *patroller_name, *note;
    int32_t checked; /* rules on the check list */
};
extern const struct resource PATROLS;

struct patrol_finding {
    RECORD_MEMBERS;
    int64_t patrol_id, contract_id, provider_id, client_id, unit_id;
    const char *contract_name, *site;
    struct instant at;
    enum side side; /* whose person it is about */
    int64_t rule_id;
    const char *rule_text; /* as it was then */
    int64_t person_id;
    const char *person_name, *words, *answer;
    struct instant acknowledged_at;
    int64_t acknowledged_by_id;
    const char *acknowledged_by;
    int64_t violation_id; /* what became of it at the provider's */
    enum finding_state { FINDING_OPEN = 1, FINDING_ACKNOWLEDGED } state;
};
extern const struct resource PATROL_FINDINGS;

/* Who and what may stand in a finding of this contract. */
#define CHECK_LIST_MOST 40
MUST_USE enum result check_list(struct ctx *cx, int64_t contract_id, struct site_rule **out,
                                size_t *out_count);
struct on_site {
    int64_t id;
    const char *name;
    enum job job;
    enum side side;
};
extern const struct field ON_SITE_FIELDS[];
#define ON_SITE_MOST 1000
/* The client's residents, then the provider's people, by name. */
MUST_USE enum result people_on_site(struct ctx *cx, int64_t contract_id, struct on_site **out,
                                    size_t *out_count);

/* What a patrol found: who, against which rule, and what was seen. */
extern const struct field FINDING_INPUT[]; /* of patrol_finding */
#define FINDINGS_MOST 40
/* Adds them to the patrol; their ids in `findings`. By who patrolled, on the same day. Results:
 * INVALID ("findings.2.person_id"); FORBIDDEN patrol.not_yours; CONFLICT patrol.over. */
MUST_USE enum result patrol_find(struct ctx *cx, const struct patrol *patrol,
                                 struct patrol_finding *findings, size_t count);
bool patrol_is_open(const struct ctx *cx, const struct patrol *patrol);

/* The person's party has taken note. For the client its contact does. Results: CONFLICT
 * finding.wrong_state; FORBIDDEN finding.other_side, finding.contact_only, finding.own. */
MUST_USE enum result finding_acknowledge(struct ctx *cx, const struct patrol_finding *finding,
                                         const char *answer);
bool finding_is_acknowledgeable(struct ctx *cx, const struct patrol_finding *finding);
/* A violation under this rule of conduct; 0: the one that the site rule names. Results: CONFLICT
 * finding.clients_person, finding.has_violation; INVALID. */
MUST_USE enum result finding_violation(struct ctx *cx, const struct patrol_finding *finding,
                                       int64_t conduct_rule_id, int64_t *out_id);

MUST_USE enum result judge_acknowledgement(struct ctx *cx, const void *record, struct duty *duty,
                                           enum owing *out);

#endif
