/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The provider's own records of its work, which the client confirms: treatments against pests (form
 * F13), announced three days ahead, with agents that are registered; and maintenance of equipment
 * (form F14), by who has the licence. */
#ifndef PROVIDER_WORK_H
#define PROVIDER_WORK_H

#include "app/contracts/contract.h"

#define NOTICE_DAYS 3

struct pest_treatment {
    RECORD_MEMBERS;
    int64_t contract_id, provider_id, client_id, unit_id, area_id;
    const char *contract_name, *provider_name, *area_name;
    const char *places;
    struct set targets;
    const char *agent, *registration, *concentration, *amount, *method, *first_aid;
    struct date announced_on, planned_on, treated_on;
    const char *workers, *follower, *remains;
    int64_t judge_id;
    const char *judge_name;
    struct instant judged_at;
    const char *reason;
    enum treatment_state {
        TREATMENT_ANNOUNCED = 1,
        TREATMENT_DONE,
        TREATMENT_CONFIRMED,
        TREATMENT_RETURNED,
        TREATMENT_CANCELLED
    } state;
};
extern const struct resource PEST_TREATMENTS;
/* What is written down once it was carried out. Results: CONFLICT pest_treatment.wrong_state,
 * pest_treatment.too_early; FORBIDDEN work.provider_records; INVALID. */
extern const struct field TREATMENT_REPORT[]; /* of pest_treatment */
MUST_USE enum result treatment_report(struct ctx *cx, const struct pest_treatment *treatment,
                                      const struct pest_treatment *report);
MUST_USE enum result treatment_cancel(struct ctx *cx, const struct pest_treatment *treatment,
                                      const char *reason);
/* By the client: confirmed, or returned to be written anew. Results: CONFLICT
 * pest_treatment.wrong_state; FORBIDDEN work.client_confirms; INVALID a return without reason. */
MUST_USE enum result treatment_judge(struct ctx *cx, const struct pest_treatment *treatment,
                                     bool confirmed, const char *reason);

struct maintenance_work {
    RECORD_MEMBERS;
    int64_t contract_id, provider_id, client_id, unit_id, area_id;
    const char *contract_name, *provider_name, *area_name;
    const char *equipment;
    enum maintenance_kind {
        MAINTENANCE_HALF_MONTH = 1,
        MAINTENANCE_QUARTER,
        MAINTENANCE_HALF_YEAR,
        MAINTENANCE_YEAR,
        MAINTENANCE_REPAIR
    } kind;
    struct date planned_on;
    struct instant arrived_at, finished_at;
    const char *results, *parts, *worker, *licence;
    int64_t judge_id;
    const char *judge_name;
    struct instant judged_at;
    const char *reason;
    enum maintenance_state {
        MAINTENANCE_DONE = 1,
        MAINTENANCE_CONFIRMED,
        MAINTENANCE_RETURNED
    } state;
};
extern const struct resource MAINTENANCE_WORKS;
/* Results: as of treatment_judge, under maintenance_work. */
MUST_USE enum result maintenance_judge(struct ctx *cx, const struct maintenance_work *work,
                                       bool confirmed, const char *reason);

MUST_USE enum result judge_treatment(struct ctx *cx, const void *record, struct duty *duty,
                                     enum owing *out);
MUST_USE enum result judge_maintenance(struct ctx *cx, const void *record, struct duty *duty,
                                       enum owing *out);

#endif
