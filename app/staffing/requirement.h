/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How many people of which job the client asks for, and how many there are (C2.1).
 *
 * Of any long-term service; that the roster is filled is owed of calls alone, elsewhere people are
 * counted on site (head_count.h).
 * Requirements of a contract and a job that hold on the same day add up: more managers by letter
 * (C2.9) are another one beside the first. The head-count is the provider's roster as it was or
 * will be that day; whose shift it is does not count here. */
#ifndef REQUIREMENT_H
#define REQUIREMENT_H

#include "app/contracts/contract.h"
#include "app/duties/duty.h"
#include "app/parties/parties.h"

struct staff_requirement {
    RECORD_MEMBERS;
    int64_t contract_id;
    const char *contract_name;
    enum job job;
    struct date from, to; /* both with it; to none: until further notice */
    int32_t count;
    const char *note;
    int64_t letter_id; /* that asked for it; 0: written by the client's side itself */
};
extern const struct resource STAFF_REQUIREMENTS;

/* A job on a day. */
struct staff_day {
    struct date day;
    enum job job;
    int32_t required, actual, shortfall;
};
extern const struct field STAFF_DAY_FIELDS[];
#define STAFF_DAYS_MOST 92

/* Day by day, the jobs with a requirement in these days: for each job `to - from + 1` rows, in the
 * order of JOBS. Results: INVALID for a period that is none or longer than STAFF_DAYS_MOST. */
MUST_USE enum result staff_days(struct ctx *cx, const struct contract *contract, struct date from,
                                struct date to, struct staff_day **out, size_t *out_count);

/* The people of a job at a provider on a day. */
MUST_USE enum result staff_count(struct ctx *cx, int64_t provider_id, enum job job, struct date day,
                                 int32_t *out);

/* How many of a job a contract asks for on a day. */
MUST_USE enum result staff_required(struct ctx *cx, int64_t contract_id, enum job job,
                                    struct date day, int32_t *out);

extern const struct duty_rule REQUIREMENT_DUTIES[];
extern const struct right REQUIREMENT_RIGHTS[];

#endif
