/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/staffing/requirement.h"

#include "app/staffing/requirement.sql.h"

#include <string.h>

#define COUNT_MOST 10000
#define LOOKED_AHEAD 366 /* days */
#define PERIODS_MOST 20000

static const struct field STAFF_REQUIREMENT_FIELDS[] = {
    RECORD_FIELDS(staff_requirement),
    FIELD_REF(staff_requirement, contract_id, "contracts", .in = MUST, .use = FIXED | FILTERED,
              .among = "kind=continuous", .clause = "C2.1"),
    FIELD(staff_requirement, contract_name, .column = "c.name", .use = LISTED),
    FIELD_ENUM(staff_requirement, job, JOBS, .in = MUST, .use = FIXED | LISTED | FILTERED,
               .clause = "C2.1"),
    FIELD(staff_requirement, count, .in = MUST, .min = 1, .max = COUNT_MOST, .use = LISTED,
          .clause = "C2.1"),
    FIELD(staff_requirement, from, .in = MUST, .use = LISTED),
    FIELD(staff_requirement, to, .in = MAY, .use = LISTED),
    FIELD(staff_requirement, note, .in = MAY, .max = 200, .use = LISTED),
    FIELD_REF(staff_requirement, letter_id, "letters", .clause = "C2.9"),
    FIELDS_END,
};

/* Duty managers and QA inspectors are asked for once; more of them come by the letter in which the
 * provider agrees to it. */
static enum result demand_letter(struct ctx *cx, const struct staff_requirement *requirement,
                                 const struct staff_requirement *before)
{
    int64_t others;
    if (requirement->letter_id ||
        (requirement->job != JOB_DUTY_MANAGER && requirement->job != JOB_QA))
        return OK;
    if (before && requirement->count > before->count)
        reject_clause(cx, "C2.9", "count", "by_manager_addition");
    TRY(db_int(cx, &q_requirements_beside,
               PARAMS(P(requirement->contract_id), P(choice_name(JOBS, requirement->job)),
                      P(requirement->from), P(requirement->to), param_number(requirement->id)),
               &others));
    const bool same = before && before->from.days == requirement->from.days &&
                      before->to.days == requirement->to.days;
    if (others && !same)
        reject_clause(cx, "C2.9", "job", "by_manager_addition");
    return OK;
}

static enum result requirement_check(struct ctx *cx, void *record, const void *before)
{
    struct staff_requirement *requirement = record;
    struct contract contract;
    if (requirement->to.days && requirement->to.days < requirement->from.days)
        reject_clause(cx, "C2.1", "to", "ends_before_start");
    if (requirement->job == JOB_RESIDENT)
        reject_clause(cx, "C2.1", "job", "job_not_of_provider");
    if (!requirement->contract_id)
        return OK;
    TRY(record_get(cx, &CONTRACTS, requirement->contract_id, &contract));
    if (contract.service == SERVICE_OUTBOUND_CALL && requirement->job)
        TRY(demand_letter(cx, requirement, before));
    if (before)
        return OK;
    if (contract.kind != CONTRACT_CONTINUOUS)
        reject_clause(cx, "C2.1", "contract_id", "not_continuous", contract.number);
    return OK;
}

const struct resource STAFF_REQUIREMENTS = {
    .name = "staff_requirements",
    .clause = "C2.1",
    .fields = STAFF_REQUIREMENT_FIELDS,
    .size = sizeof(struct staff_requirement),
    .joins = "JOIN contracts c ON c.id = t.contract_id",
    .title = "contract_name",
    .sort = "-id",
    .parent = &CONTRACTS,
    .parent_field = "contract_id",
    .check = requirement_check,
};

/* ---- how many there are ---- */

struct staff_period {
    struct date joined_on, left_on;
    int32_t people;
};
static const struct field PERIOD_FIELDS[] = {FIELD(staff_period, joined_on),
                                             FIELD(staff_period, left_on),
                                             FIELD(staff_period, people), FIELDS_END};

/* Of one job, in some days: when its people came and left. */
struct roster {
    struct staff_period *periods;
    size_t count;
};

static enum result roster_of(struct ctx *cx, int64_t provider_id, enum job job, struct date from,
                             struct date to, struct roster *out)
{
    return db_list(cx, &q_staff_periods,
                   PARAMS(P(provider_id), P(choice_name(JOBS, job)), P(from), P(to)), PERIOD_FIELDS,
                   sizeof *out->periods, PERIODS_MOST, &out->periods, &out->count);
}

static int32_t people_on(const struct roster *roster, struct date day)
{
    int32_t people = 0;
    for (size_t i = 0; i < roster->count; i++) {
        const struct staff_period *period = &roster->periods[i];
        if (period->joined_on.days <= day.days &&
            (!period->left_on.days || period->left_on.days >= day.days))
            people += period->people;
    }
    return people;
}

enum result staff_count(struct ctx *cx, int64_t provider_id, enum job job, struct date day,
                        int32_t *out)
{
    struct roster roster;
    TRY(roster_of(cx, provider_id, job, day, day, &roster));
    *out = people_on(&roster, day);
    return OK;
}

/* ---- how many are asked for ---- */

static enum result requirements_of(struct ctx *cx, int64_t contract_id, struct list *out)
{
    return record_select(cx, &STAFF_REQUIREMENTS, "of_contract", "t.contract_id = $1 ORDER BY t.id",
                         PARAMS(P(contract_id)), out);
}

static bool holds_on(const struct staff_requirement *requirement, struct date day)
{
    return requirement->from.days <= day.days &&
           (!requirement->to.days || requirement->to.days >= day.days);
}

/* Of a job, in the first `count` of them. */
static int32_t required_on(const struct staff_requirement *requirements, size_t count, enum job job,
                           struct date day)
{
    int32_t required = 0;
    for (size_t i = 0; i < count; i++)
        if (requirements[i].job == job && holds_on(&requirements[i], day))
            required += requirements[i].count;
    return required;
}

enum result staff_required(struct ctx *cx, int64_t contract_id, enum job job, struct date day,
                           int32_t *out)
{
    struct list list;
    TRY(requirements_of(cx, contract_id, &list));
    *out = required_on(list.rows, list.count, job, day);
    return OK;
}

/* ---- day by day ---- */

const struct field STAFF_DAY_FIELDS[] = {
    FIELD(staff_day, day),    FIELD_ENUM(staff_day, job, JOBS), FIELD(staff_day, required),
    FIELD(staff_day, actual), FIELD(staff_day, shortfall),      FIELDS_END,
};

static bool is_asked_for(const struct staff_requirement *requirements, size_t count, enum job job,
                         struct date from, struct date to)
{
    for (size_t i = 0; i < count; i++)
        if (requirements[i].job == job && requirements[i].from.days <= to.days &&
            (!requirements[i].to.days || requirements[i].to.days >= from.days))
            return true;
    return false;
}

enum result staff_days(struct ctx *cx, const struct contract *contract, struct date from,
                       struct date to, struct staff_day **out, size_t *out_count)
{
    struct list list;
    struct roster roster;
    if (to.days < from.days)
        reject(cx, "to", "ends_before_start");
    else if (to.days - from.days >= STAFF_DAYS_MOST)
        reject(cx, "to", "too_many_days", arena_printf(cx->mem, "%d", STAFF_DAYS_MOST));
    TRY(rejected(cx));
    TRY(requirements_of(cx, contract->id, &list));
    const size_t days = (size_t)(to.days - from.days) + 1;
    *out = ARENA_ARRAY(cx->mem, struct staff_day, days * (JOB_OTHER + 1));
    *out_count = 0;
    for (enum job job = JOB_AGENT; job <= JOB_OTHER; job++) {
        if (!is_asked_for(list.rows, list.count, job, from, to))
            continue;
        TRY(roster_of(cx, contract->provider_id, job, from, to, &roster));
        for (size_t i = 0; i < days; i++) {
            const struct date day = date_add(from, (int)i);
            struct staff_day one = {.day = day, .job = job};
            one.required = required_on(list.rows, list.count, job, day);
            one.actual = people_on(&roster, day);
            one.shortfall = one.required > one.actual ? one.required - one.actual : 0;
            (*out)[(*out_count)++] = one;
        }
    }
    return OK;
}

/* ---- what is owed ---- */

/* Requirements of the same job share the roster in the order in which they were written: each is
 * short of the people that the ones before it leave over. */
struct judging {
    const struct staff_requirement *own, *all;
    size_t count; /* up to its own */
    struct roster roster;
};

static bool is_short(const struct judging *judging, struct date day)
{
    return holds_on(judging->own, day) &&
           people_on(&judging->roster, day) <
               required_on(judging->all, judging->count, judging->own->job, day);
}

static struct date later(struct date a, struct date b)
{
    return a.days > b.days ? a : b;
}

/* When the shortfall began that nobody will have filled in time: one that is over, by people who
 * are on the roster already, before the provider's time for it is, is none. */
static bool shortfall_find(struct ctx *cx, const struct judging *judging, struct date today,
                           struct date first, struct instant *out_due, struct date *out)
{
    const struct date last = date_add(today, LOOKED_AHEAD);
    struct date day = later(today, first);
    while (day.days > first.days && is_short(judging, date_add(day, -1)) && is_short(judging, day))
        day = date_add(day, -1);
    while (day.days <= last.days) {
        struct date end = day;
        *out_due = due_of(cx, &REQUIREMENT_DUTIES[0], instant_of(day, 0, SHANGHAI_OFFSET_MIN));
        const struct date due = later(instant_date(*out_due, SHANGHAI_OFFSET_MIN), today);
        while (end.days <= due.days && is_short(judging, end))
            end = date_add(end, 1);
        if (end.days > due.days) {
            *out = day;
            return true;
        }
        day = date_add(end, 1);
    }
    return false;
}

static enum result judge_filled(struct ctx *cx, const void *record, struct duty *duty,
                                enum owing *out)
{
    const struct staff_requirement *requirement = record;
    const struct date today = instant_date(cx->now, SHANGHAI_OFFSET_MIN);
    struct judging judging = {.own = requirement};
    struct contract contract;
    struct list list;
    struct date since = today; /* until a later one is found */
    TRY(record_get(cx, &CONTRACTS, requirement->contract_id, &contract));
    const bool runs = contract.state == CONTRACT_ACTIVE || contract.state == CONTRACT_SUSPENDED;
    if (contract.service != SERVICE_OUTBOUND_CALL) /* there a head-count on site tells (V5.1.4) */
        return OK;
    if (!runs || (requirement->to.days && requirement->to.days < today.days))
        return OK;
    const struct date first =
        later(requirement->from, instant_date(requirement->updated_at, SHANGHAI_OFFSET_MIN));
    TRY(requirements_of(cx, contract.id, &list));
    judging.all = list.rows;
    while (judging.count < list.count && judging.all[judging.count].id <= requirement->id)
        judging.count++;
    TRY(roster_of(cx, contract.provider_id, requirement->job, first, date_add(today, LOOKED_AHEAD),
                  &judging.roster));
    *out =
        shortfall_find(cx, &judging, today, first, &duty->due_at, &since) ? OWING_DUTY : OWING_MET;
    duty->title = contract.name;
    duty->contract_id = contract.id;
    duty->organisation_id = contract.provider_id;
    duty->owner_side = SIDE_PROVIDER;
    duty->owner_role = ROLES[ROLE_PROVIDER - 1];
    if (*out == OWING_DUTY && since.days > today.days)
        duty->opened_at = instant_of(since, 0, SHANGHAI_OFFSET_MIN);
    return OK;
}

const struct duty_rule REQUIREMENT_DUTIES[] = {
    {"fill_staff",
     "C2.1",
     &STAFF_REQUIREMENTS,
     judge_filled,
     {.kind = DUE_WORKING_DAYS, .count = 5},
     .also = &PEOPLE,
     .also_ids = &q_requirements_of_person,
     .also_new = true},
    DUTY_RULES_END,
};

const struct right REQUIREMENT_RIGHTS[] = {
    {"staff_requirements.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "C2.1"},
    {"staff_requirements.write", R(OPS) | R(DIVISION) | R(CLIENT), "C2.1"},
    RIGHTS_END,
};
