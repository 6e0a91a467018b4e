/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the parts of the demo world share: who is who in its story, and when something happens. */
#ifndef DEMO_STORY_H
#define DEMO_STORY_H

#include "app/access/account.h"
#include "app/parties/parties.h"
#include "base/password.h"
#include "main/world.h"

enum { GROUP, CLEANER, GREENER, ENGINEER, CALLER, SURVEYOR, ORGANISATION_COUNT };
enum { HQ, OPS, AUDIT, FINANCE, EAST, SOUTH, CENTRE, GARDEN, PARK, CALL_SITE, UNIT_COUNT };
enum {
    ADMIN,
    SECURITY,
    OPS_LEAD,
    AUDITOR,
    FINANCER,
    DIVISION,
    PM,
    EXECUTOR,
    CLIENT,
    RESIDENT,
    CALL_LEAD,
    DUTY_LEAD,
    SUPERVISOR,
    AGENT = 14,
    CLEAN_LEAD,
    ASKER,
    CHEN = 17,
    LIANG,
    GREEN_LEAD,
    LIFT_LEAD,
    STAFF_COUNT = 22
};

struct story {
    struct ctx *cx;
    struct instant today;
    int64_t organisations[ORGANISATION_COUNT], units[UNIT_COUNT], people[STAFF_COUNT];
    char password[PASSWORD_TEXT];
    struct actor teller;
};

/* What becomes of a person's working day, by chance that can be told again. */
enum story_day_kind { DAY_AS_USUAL, DAY_ON_LEAVE, DAY_AWAY, DAY_TOO_LATE, DAY_TOO_EARLY, DAY_HALF };
enum story_day_kind story_person_day(int64_t person_id, struct date day);

struct story_organisation {
    const char *name, *short_name, *services;
    enum side side;
    const char *contact;
};
extern const struct story_organisation STORY_ORGANISATIONS[ORGANISATION_COUNT];
const char *story_unit_name(int unit);
/* The name of a contract by its row in the ledger. */
const char *story_contract_name(int entry);
struct contract;
MUST_USE enum result story_contract(struct story *story, int entry, struct contract *out);

/* The contract of the call centre. */
MUST_USE enum result story_call_centre(struct story *story, int64_t *out_contract);

/* What follows happens `days` from today at an hour of that day, by this member of the staff. */
void story_at(struct story *story, int staff, int days, int hour);
struct date story_day(const struct story *story, int days);
/* A mobile number that belongs to nobody in particular, different for each n. */
const char *story_phone(struct ctx *cx, int n);

/* ---- the parts, in the order in which they are told ---- */
MUST_USE enum result demo_contracts(struct story *story); /* and what the group asks for beyond */
MUST_USE enum result demo_letters(struct story *story);
MUST_USE enum result demo_notices(struct story *story); /* last: of all that was told before */
MUST_USE enum result demo_standards(struct story *story);
MUST_USE enum result demo_rounds(struct story *story); /* after the standards */
MUST_USE enum result demo_hold(struct story *story);   /* after the rounds: nobody inspects it */
MUST_USE enum result demo_inspections(struct story *story); /* after the rounds */
MUST_USE enum result demo_supervision(struct story *story); /* last: reports of all that */
MUST_USE enum result demo_surveys(struct story *story);
MUST_USE enum result demo_evaluation(struct story *story); /* after the surveys */
MUST_USE enum result demo_settlement(struct story *story); /* after the evaluations */
MUST_USE enum result demo_acceptances(struct story *story);
MUST_USE enum result demo_scores(struct story *story);
MUST_USE enum result demo_attendance(struct story *story);
MUST_USE enum result demo_staffing(struct story *story);
MUST_USE enum result demo_on_site(struct story *story);
MUST_USE enum result demo_site(struct story *story);
/* After the calls and their reviews; false says why on standard error. */
bool demo_months(struct world *world, struct story *story);

#endif
