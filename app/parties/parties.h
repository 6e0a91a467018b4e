/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The parties: organisations on either side with their qualifications (X5), the unit tree (V2) and
 * people. What everything else belongs to and is seen by. */
#ifndef PARTIES_H
#define PARTIES_H

#include "app/records/record.h"

/* Kinds of service; contracts use the same words. */
enum service {
    SERVICE_ENGINEERING = 1,
    SERVICE_CLEANING,
    SERVICE_GREENING,
    SERVICE_PEST_CONTROL,
    SERVICE_OUTBOUND_CALL,
    SERVICE_OTHER
};
extern const char *const SERVICES[];

/* Where a provider stands in the list of approved providers. */
enum organisation_state {
    ORGANISATION_CANDIDATE = 1,
    ORGANISATION_APPROVED,
    ORGANISATION_WATCHED,
    ORGANISATION_SUSPENDED,
    ORGANISATION_REMOVED,
    ORGANISATION_BLACKLISTED
};

struct organisation {
    RECORD_MEMBERS;
    const char *name, *short_name;
    enum side side;
    const char *credit_code;
    enum organisation_state state;
    const char *state_reason;
    struct set services;
    const char *address, *contact_name;
    struct secret contact_phone;
    const char *search_key;
};
extern const struct resource ORGANISATIONS;

struct qualification {
    RECORD_MEMBERS;
    int64_t organisation_id;
    const char *organisation_name;
    enum qualification_kind {
        QUALIFICATION_LICENCE = 1,
        QUALIFICATION_TRADE,
        QUALIFICATION_SAFETY,
        QUALIFICATION_INSURANCE,
        QUALIFICATION_OTHER
    } kind;
    const char *name, *number, *issued_by;
    struct date valid_from, valid_to;
    bool required;
};
extern const struct resource QUALIFICATIONS;

enum unit_kind {
    UNIT_HEADQUARTERS = 1,
    UNIT_OPERATIONS_CENTRE,
    UNIT_AUDIT_CENTRE,
    UNIT_FINANCE_CENTRE,
    UNIT_DIVISION,
    UNIT_SUBSIDIARY,
    UNIT_PROJECT
};
struct unit {
    RECORD_MEMBERS;
    int64_t organisation_id, parent_id;
    const char *organisation_name, *parent_name;
    enum unit_kind kind;
    const char *name, *path, *search_key;
};
extern const struct resource UNITS;
extern const char *const UNIT_KINDS[];

struct person {
    RECORD_MEMBERS;
    int64_t organisation_id, unit_id;
    const char *organisation_name, *unit_name;
    const char *name;
    struct secret id_card, phone;
    const char *id_card_hash, *phone_hash;
    enum job {
        JOB_AGENT = 1,
        JOB_DUTY_MANAGER,
        JOB_SUPERVISOR,
        JOB_QA,
        JOB_MANAGER,
        JOB_RESIDENT,
        JOB_WORKER,
        JOB_OTHER
    } job;
    const char *employed_by;
    const char *staff_number; /* personnel's: by it a row of the roster is known again */
    struct date joined_on, left_on;
    const char *search_key;
};
extern const struct resource PEOPLE;
extern const char *const JOBS[];

/* Put a provider into another state of the approved list, with the reason (X5).
 * Results: INVALID without reason; CONFLICT organisation.not_provider. */
MUST_USE enum result organisation_judge(struct ctx *cx, int64_t id, enum organisation_state state,
                                        const char *reason);

/* Was it ever let into the list of approved providers (X5)? A candidate may stand on a draft, while
 * its papers are examined, and on nothing that is in force. */
MUST_USE enum result provider_admitted(struct ctx *cx, int64_t organisation_id, bool *out);

/* May it take on a contract? Rejects under `field` what speaks against it: blacklisted, suspended
 * or removed, a required qualification that does not hold on `day` (X5): expired and not renewed by
 * another of its kind and name, or not valid yet. */
MUST_USE enum result provider_fitness(struct ctx *cx, int64_t organisation_id, struct date day,
                                      const char *field);

/* By exact name, within an organisation (0: any for organisations); 0 when there is none. Ignores
 * the scope: for imports, which show nothing of what they found. */
MUST_USE enum result organisation_by_name(struct ctx *cx, const char *name, int64_t *out_id);
MUST_USE enum result unit_by_name(struct ctx *cx, int64_t organisation_id, const char *name,
                                  int64_t *out_id);
MUST_USE enum result person_by_name(struct ctx *cx, int64_t organisation_id, const char *name,
                                    int64_t *out_id);
/* By the number that personnel of that organisation gave; the same otherwise. */
MUST_USE enum result person_by_staff_number(struct ctx *cx, int64_t organisation_id,
                                            const char *number, int64_t *out_id);

/* What another slice makes of a person that was written (`before` NULL: a new one), in the same
 * transaction; once at start. */
void people_follow(enum result (*follow)(struct ctx *cx, const struct person *person,
                                         const struct person *before));

/* How many people but this one (0: nobody excepted) hold a role and can use it: their account is
 * active, and no day on which they leave is known. */
MUST_USE enum result role_holders(struct ctx *cx, enum role role, int64_t except_person_id,
                                  int64_t *out);
/* Rejects under `field` when this person is the last one with any of `roles` (bit n: role n)
 * without which nobody could manage accounts, or roles, any more. */
MUST_USE enum result check_last_holder(struct ctx *cx, int64_t person_id, uint64_t roles,
                                       const char *field);
/* For which organisation the person works on that day; 0: has left. */
MUST_USE enum result person_works(struct ctx *cx, int64_t person_id, struct date day, int64_t *out);

extern const struct right PARTIES_RIGHTS[];

#endif
