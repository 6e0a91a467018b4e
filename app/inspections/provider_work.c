/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/inspections/provider_work.h"

#include "app/inspections/inspection.h"

#include <ctype.h>
#include <string.h>

static const char *const TARGETS[] = {"rats", "mosquitoes", "flies", "cockroaches", "ants", NULL};
static const char *const TREATMENT_STATES[] = {"announced", "done",      "confirmed",
                                               "returned",  "cancelled", NULL};
static const char *const KINDS[] = {"half_month", "quarter", "half_year", "year", "repair", NULL};
static const char *const WORK_STATES[] = {"done", "confirmed", "returned", NULL};

/* What both are about: a contract of that service in force, an area of it. */
struct work_place {
    int64_t contract_id, *provider_id, *client_id, *unit_id, area_id;
    enum service service;
};

static enum result work_check(struct ctx *cx, const struct work_place *place)
{
    struct contract contract;
    TRY(record_get(cx, &CONTRACTS, place->contract_id, &contract));
    if (!cx->actor->is_system && cx->actor->organisation_id != contract.provider_id)
        return fail(cx, FORBIDDEN, "work.provider_records", contract.provider_name);
    if (contract.state != CONTRACT_ACTIVE)
        reject_clause(cx, "V4", "contract_id", "not_active");
    if (contract.service != place->service)
        reject_clause(cx, "V4", "contract_id", "service_differs");
    *place->provider_id = contract.provider_id;
    *place->client_id = contract.client_id;
    *place->unit_id = contract.unit_id;
    return place->area_id ? check_area(cx, place->area_id, &contract) : OK;
}

static enum result demand_client(struct ctx *cx, int64_t client_id)
{
    return cx->actor->organisation_id == client_id ? OK
                                                   : fail(cx, FORBIDDEN, "work.client_confirms");
}

static struct date today(const struct ctx *cx)
{
    return instant_date(cx->now, SHANGHAI_OFFSET_MIN);
}

/* Two letters and eight to ten digits, as the register of pesticides gives them: WP20130123. */
static bool registration_valid(const char *text)
{
    size_t letters = 0, digits = 0;
    while (isupper((unsigned char)text[letters]))
        letters++;
    while (isdigit((unsigned char)text[letters + digits]))
        digits++;
    return letters == 2 && digits >= 8 && digits <= 10 && !text[letters + digits];
}

/* ---- treatments against pests ---- */

static const struct field TREATMENT_FIELDS[] = {
    RECORD_FIELDS(pest_treatment),
    FIELD_REF(pest_treatment, contract_id, "contracts", .in = MUST, .use = FILTERED | FIXED,
              .among = "service=pest_control&state=active"),
    FIELD(pest_treatment, planned_on, .in = MUST, .use = LISTED | SORTED | FILTERED,
          .clause = "V4"),
    FIELD(pest_treatment, contract_name, .column = "c.name", .use = LISTED),
    FIELD_REF(pest_treatment, area_id, "areas", .in = MAY, .use = FILTERED),
    FIELD(pest_treatment, area_name, .column = "a.name", .use = LISTED),
    FIELD(pest_treatment, places, .in = MUST, .max = 300, .use = LISTED | LONG_TEXT),
    FIELD_CHOICES(pest_treatment, targets, TARGETS, .in = MUST, .use = LISTED),
    FIELD(pest_treatment, agent, .in = MUST, .max = 80, .use = LISTED),
    FIELD(pest_treatment, registration, .in = MUST, .max = 12, .valid = registration_valid,
          .clause = "V4"),
    FIELD(pest_treatment, concentration, .in = MUST, .max = 60),
    FIELD(pest_treatment, method, .in = MUST, .max = 120),
    FIELD(pest_treatment, first_aid, .in = MUST, .max = 300, .use = LONG_TEXT),
    FIELD(pest_treatment, announced_on),
    FIELD(pest_treatment, treated_on),
    FIELD(pest_treatment, amount),
    FIELD(pest_treatment, workers),
    FIELD(pest_treatment, follower),
    FIELD(pest_treatment, remains),
    FIELD(pest_treatment, provider_name, .column = "o.name"),
    FIELD_REF(pest_treatment, judge_id, "people"),
    FIELD(pest_treatment, judge_name, .column = "j.name"),
    FIELD(pest_treatment, judged_at),
    FIELD(pest_treatment, reason),
    FIELD_REF(pest_treatment, provider_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(pest_treatment, client_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(pest_treatment, unit_id, "units", .use = HIDDEN | NO_DIFF),
    FIELD_ENUM(pest_treatment, state, TREATMENT_STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

const struct field TREATMENT_REPORT[] = {
    FIELD(pest_treatment, treated_on, .in = MUST),
    FIELD(pest_treatment, amount, .in = MUST, .max = 60),
    FIELD(pest_treatment, workers, .in = MUST, .max = 120),
    FIELD(pest_treatment, follower, .in = MUST, .max = 60),
    FIELD(pest_treatment, remains, .in = MUST, .max = 500, .use = LONG_TEXT),
    FIELDS_END,
};

/* The clock of the system says when it was announced, not the provider. Another day is announced
 * anew: three days before it, too. */
static enum result treatment_check(struct ctx *cx, void *record, const void *before)
{
    struct pest_treatment *treatment = record;
    const struct pest_treatment *was = before;
    const struct work_place place = {
        .contract_id = treatment->contract_id,
        .provider_id = &treatment->provider_id,
        .client_id = &treatment->client_id,
        .unit_id = &treatment->unit_id,
        .area_id = treatment->area_id,
        .service = SERVICE_PEST_CONTROL,
    };
    const bool announced = !was || (was->state == TREATMENT_ANNOUNCED &&
                                    was->planned_on.days != treatment->planned_on.days);
    if (!was)
        treatment->state = TREATMENT_ANNOUNCED;
    if (announced) {
        treatment->announced_on = today(cx);
        if (treatment->planned_on.days &&
            treatment->planned_on.days < treatment->announced_on.days + NOTICE_DAYS)
            reject_clause(cx, "V4", "planned_on", "three_days_ahead");
    }
    return was || !treatment->contract_id ? OK : work_check(cx, &place);
}

static enum result treatment_open(struct ctx *cx, const void *record)
{
    const struct pest_treatment *treatment = record;
    return !treatment->id || treatment->state == TREATMENT_ANNOUNCED
               ? OK
               : fail(cx, CONFLICT, "pest_treatment.wrong_state", treatment->places);
}

const struct resource PEST_TREATMENTS = {
    .name = "pest_treatments",
    .clause = "V4",
    .fields = TREATMENT_FIELDS,
    .size = sizeof(struct pest_treatment),
    .joins = "JOIN contracts c ON c.id = t.contract_id "
             "JOIN organisations o ON o.id = t.provider_id LEFT JOIN areas a ON a.id = t.area_id "
             "LEFT JOIN people j ON j.id = t.judge_id",
    .title = "places",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@client_id = :org", [SIDE_PROVIDER] = "@provider_id = :org"},
    .unit = "unit_id",
    .check = treatment_check,
    .open = treatment_open,
};

static enum result treatment_wrong(struct ctx *cx, const struct pest_treatment *treatment)
{
    return fail(cx, CONFLICT, "pest_treatment.wrong_state", treatment->places);
}

enum result treatment_report(struct ctx *cx, const struct pest_treatment *treatment,
                             const struct pest_treatment *report)
{
    struct pest_treatment after = *treatment;
    if (cx->actor->organisation_id != treatment->provider_id)
        return fail(cx, FORBIDDEN, "work.provider_records", treatment->provider_name);
    if (treatment->state != TREATMENT_ANNOUNCED && treatment->state != TREATMENT_RETURNED)
        return treatment_wrong(cx, treatment);
    if (report->treated_on.days > today(cx).days)
        reject(cx, "treated_on", "in_the_future");
    else if (report->treated_on.days < treatment->planned_on.days)
        reject_clause(cx, "V4", "treated_on", "before_announced");
    TRY(rejected(cx));
    after.treated_on = report->treated_on;
    after.amount = report->amount;
    after.workers = report->workers;
    after.follower = report->follower;
    after.remains = report->remains;
    after.state = TREATMENT_DONE;
    return record_change(cx, &PEST_TREATMENTS, "report", treatment, &after);
}

enum result treatment_cancel(struct ctx *cx, const struct pest_treatment *treatment,
                             const char *reason)
{
    struct pest_treatment after = *treatment;
    if (cx->actor->organisation_id != treatment->provider_id)
        return fail(cx, FORBIDDEN, "work.provider_records", treatment->provider_name);
    if (treatment->state != TREATMENT_ANNOUNCED)
        return treatment_wrong(cx, treatment);
    check_reason(cx, reason);
    TRY(rejected(cx));
    after.reason = reason;
    after.state = TREATMENT_CANCELLED;
    return record_change(cx, &PEST_TREATMENTS, "cancel", treatment, &after);
}

enum result treatment_judge(struct ctx *cx, const struct pest_treatment *treatment, bool confirmed,
                            const char *reason)
{
    struct pest_treatment after = *treatment;
    TRY(demand_client(cx, treatment->client_id));
    if (treatment->state != TREATMENT_DONE)
        return treatment_wrong(cx, treatment);
    if (!confirmed)
        check_reason(cx, reason);
    TRY(rejected(cx));
    after.reason = reason;
    after.judge_id = cx->actor->person_id;
    after.judged_at = cx->now;
    after.state = confirmed ? TREATMENT_CONFIRMED : TREATMENT_RETURNED;
    return record_change(cx, &PEST_TREATMENTS, confirmed ? "confirm" : "return", treatment, &after);
}

/* ---- maintenance of equipment ---- */

static const struct field WORK_FIELDS[] = {
    RECORD_FIELDS(maintenance_work),
    FIELD_REF(maintenance_work, contract_id, "contracts", .in = MUST, .use = FILTERED | FIXED,
              .among = "service=engineering&state=active"),
    FIELD(maintenance_work, finished_at, .in = MUST, .use = LISTED | SORTED | FILTERED),
    FIELD(maintenance_work, equipment, .in = MUST, .max = 60, .use = LISTED | FILTERED),
    FIELD_ENUM(maintenance_work, kind, KINDS, .in = MUST, .use = LISTED | FILTERED),
    FIELD(maintenance_work, contract_name, .column = "c.name", .use = LISTED),
    FIELD_REF(maintenance_work, area_id, "areas", .in = MAY, .use = FILTERED),
    FIELD(maintenance_work, area_name, .column = "a.name"),
    FIELD(maintenance_work, planned_on, .in = MAY, .use = LISTED),
    FIELD(maintenance_work, arrived_at, .in = MUST),
    FIELD(maintenance_work, results, .in = MUST, .max = 1000, .use = LONG_TEXT),
    FIELD(maintenance_work, parts, .in = MAY, .max = 500, .use = LONG_TEXT),
    FIELD(maintenance_work, worker, .in = MUST, .max = 60, .use = LISTED),
    FIELD(maintenance_work, licence, .in = MUST, .max = 40, .clause = "V4"),
    FIELD(maintenance_work, provider_name, .column = "o.name"),
    FIELD_REF(maintenance_work, judge_id, "people"),
    FIELD(maintenance_work, judge_name, .column = "j.name"),
    FIELD(maintenance_work, judged_at),
    FIELD(maintenance_work, reason),
    FIELD_REF(maintenance_work, provider_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(maintenance_work, client_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(maintenance_work, unit_id, "units", .use = HIDDEN | NO_DIFF),
    FIELD_ENUM(maintenance_work, state, WORK_STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

/* Returned, it is written anew by changing it. */
static enum result maintenance_check(struct ctx *cx, void *record, const void *before)
{
    struct maintenance_work *work = record;
    const struct maintenance_work *was = before;
    const struct work_place place = {
        .contract_id = work->contract_id,
        .provider_id = &work->provider_id,
        .client_id = &work->client_id,
        .unit_id = &work->unit_id,
        .area_id = work->area_id,
        .service = SERVICE_ENGINEERING,
    };
    if (!was)
        work->state = MAINTENANCE_DONE;
    else if (was->state == MAINTENANCE_RETURNED && work->state == MAINTENANCE_RETURNED)
        work->state = MAINTENANCE_DONE;
    if (work->finished_at.ms > cx->now.ms)
        reject(cx, "finished_at", "in_the_future");
    if (work->finished_at.ms && work->finished_at.ms <= work->arrived_at.ms)
        reject(cx, "finished_at", "before_start");
    return was || !work->contract_id ? OK : work_check(cx, &place);
}

static enum result maintenance_open(struct ctx *cx, const void *record)
{
    const struct maintenance_work *work = record;
    return !work->id || work->state != MAINTENANCE_CONFIRMED
               ? OK
               : fail(cx, CONFLICT, "maintenance_work.wrong_state", work->equipment);
}

const struct resource MAINTENANCE_WORKS = {
    .name = "maintenance_works",
    .clause = "V4",
    .fields = WORK_FIELDS,
    .size = sizeof(struct maintenance_work),
    .joins = "JOIN contracts c ON c.id = t.contract_id "
             "JOIN organisations o ON o.id = t.provider_id LEFT JOIN areas a ON a.id = t.area_id "
             "LEFT JOIN people j ON j.id = t.judge_id",
    .title = "equipment",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@client_id = :org", [SIDE_PROVIDER] = "@provider_id = :org"},
    .unit = "unit_id",
    .check = maintenance_check,
    .open = maintenance_open,
};

enum result maintenance_judge(struct ctx *cx, const struct maintenance_work *work, bool confirmed,
                              const char *reason)
{
    struct maintenance_work after = *work;
    TRY(demand_client(cx, work->client_id));
    if (work->state != MAINTENANCE_DONE)
        return fail(cx, CONFLICT, "maintenance_work.wrong_state", work->equipment);
    if (!confirmed)
        check_reason(cx, reason);
    TRY(rejected(cx));
    after.reason = reason;
    after.judge_id = cx->actor->person_id;
    after.judged_at = cx->now;
    after.state = confirmed ? MAINTENANCE_CONFIRMED : MAINTENANCE_RETURNED;
    return record_change(cx, &MAINTENANCE_WORKS, confirmed ? "confirm" : "return", work, &after);
}

/* ---- what is owed ---- */

static void owed_by_project(struct duty *duty, int64_t contract_id, int64_t client_id,
                            int64_t unit_id)
{
    duty->contract_id = contract_id;
    duty->organisation_id = client_id;
    duty->unit_id = unit_id;
    duty->owner_side = SIDE_CLIENT;
    duty->owner_role = ROLES[ROLE_EXECUTOR - 1];
}

static enum result executor_of(struct ctx *cx, struct duty *duty)
{
    struct contract contract;
    TRY(record_get(cx, &CONTRACTS, duty->contract_id, &contract));
    duty->owner_id = contract.executor_id;
    return OK;
}

enum result judge_treatment(struct ctx *cx, const void *record, struct duty *duty, enum owing *out)
{
    static const enum owing OWES[] = {[TREATMENT_ANNOUNCED] = OWING_NOTHING,
                                      [TREATMENT_DONE] = OWING_DUTY,
                                      [TREATMENT_CONFIRMED] = OWING_MET,
                                      [TREATMENT_RETURNED] = OWING_MET,
                                      [TREATMENT_CANCELLED] = OWING_NOTHING};
    const struct pest_treatment *treatment = record;
    *out = OWES[treatment->state];
    owed_by_project(duty, treatment->contract_id, treatment->client_id, treatment->unit_id);
    duty->due_at = due_of(cx, &INSPECTION_DUTIES[DUTY_CONFIRM_TREATMENT], treatment->updated_at);
    return executor_of(cx, duty);
}

enum result judge_maintenance(struct ctx *cx, const void *record, struct duty *duty,
                              enum owing *out)
{
    static const enum owing OWES[] = {[MAINTENANCE_DONE] = OWING_DUTY,
                                      [MAINTENANCE_CONFIRMED] = OWING_MET,
                                      [MAINTENANCE_RETURNED] = OWING_MET};
    const struct maintenance_work *work = record;
    *out = OWES[work->state];
    owed_by_project(duty, work->contract_id, work->client_id, work->unit_id);
    duty->due_at = due_of(cx, &INSPECTION_DUTIES[DUTY_CONFIRM_MAINTENANCE], work->finished_at);
    return executor_of(cx, duty);
}
