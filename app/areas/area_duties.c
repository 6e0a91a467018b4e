/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A project owes areas for each contract in force (V5.1.6), persons for each area by its size, and
 * their publication after every change; the division owes its receipt (V6.1.2.2). */
#include "app/areas/area.h"
#include "app/areas/area.sql.h"
#include "app/standards/standard.h"

enum { COVER_CONTRACT, NAME_PERSONS, PUBLISH_AREAS, RECEIVE_AREAS };

static struct date today(const struct ctx *cx)
{
    return instant_date(cx->now, SHANGHAI_OFFSET_MIN);
}

static struct instant day_start(struct date date)
{
    return instant_of(date, 0, SHANGHAI_OFFSET_MIN);
}

static void owed_by(int64_t organisation_id, int64_t unit_id, enum role role, const char *title,
                    struct duty *duty)
{
    duty->organisation_id = organisation_id;
    duty->unit_id = unit_id;
    duty->owner_side = SIDE_CLIENT;
    duty->owner_role = ROLES[role - 1];
    duty->title = title;
}

/* ---- from when on something lacks ---- */

struct period {
    struct date from, to;
};
static const struct field PERIOD_FIELDS[] = {FIELD(period, from), FIELD(period, to), FIELDS_END};
#define PERIODS_MOST 500

static int32_t there_on(const struct period *periods, size_t count, struct date day)
{
    int32_t there = 0;
    for (size_t i = 0; i < count; i++)
        there += periods[i].from.days <= day.days &&
                 (!periods[i].to.days || periods[i].to.days >= day.days);
    return there;
}

/* The first day from `day` until `last` (none: without end) on which fewer than `needed` are there;
 * none when that never is. It can only be the day itself, or one after something ended. */
static struct date first_lacking(const struct period *periods, size_t count, int32_t needed,
                                 struct date day, struct date last)
{
    struct date first = {0};
    if (there_on(periods, count, day) < needed)
        return day;
    for (size_t i = 0; i < count; i++) {
        const struct date next = date_add(periods[i].to, 1);
        if (periods[i].to.days && next.days > day.days && (!last.days || next.days <= last.days) &&
            (!first.days || next.days < first.days) && there_on(periods, count, next) < needed)
            first = next;
    }
    return first;
}

/* Lacking from a day on that is still to come, it is owed on that day; now, within the rule's time
 * after `since`. */
static void owed_from(struct ctx *cx, struct date lacking, struct instant since, int rule,
                      struct duty *duty, enum owing *out)
{
    *out = lacking.days ? OWING_DUTY : OWING_MET;
    duty->due_at = due_of(cx, &AREA_DUTIES[rule], since);
    if (lacking.days > today(cx).days) {
        duty->opened_at = day_start(lacking);
        duty->due_at = day_end(lacking);
    }
}

/* ---- every contract in force has areas ---- */

static enum result judge_cover(struct ctx *cx, const void *record, struct duty *duty,
                               enum owing *out)
{
    const struct contract *contract = record;
    struct period *periods;
    size_t count;
    if (contract->kind != CONTRACT_CONTINUOUS || contract->state != CONTRACT_ACTIVE ||
        !service_is_inspected(contract->service))
        return OK;
    TRY(db_list(cx, &q_contract_area_periods, PARAMS(P(contract->id), P(today(cx))), PERIOD_FIELDS,
                sizeof *periods, PERIODS_MOST, &periods, &count));
    owed_by(contract->client_id, contract->unit_id, ROLE_PM,
            arena_printf(cx->mem, "%s · %s", contract->name, contract->number), duty);
    duty->contract_id = contract->id;
    owed_from(cx, first_lacking(periods, count, 1, today(cx), contract->ends_on),
              contract->state_at, COVER_CONTRACT, duty, out);
    return OK;
}

/* ---- every area has its persons ---- */

static enum result judge_persons(struct ctx *cx, const void *record, struct duty *duty,
                                 enum owing *out)
{
    const struct area *area = record;
    struct division_rule rules;
    struct period *periods;
    size_t count;
    if (area->to.days && area->to.days < today(cx).days)
        return OK;
    const enum result found = division_rule_for(cx, area->unit_id, today(cx), &rules);
    if (found != OK && found != NOT_FOUND)
        return found;
    (void)fault_take(cx);
    const int32_t needed =
        division_rule_persons(found == OK ? &rules : NULL, area->service, area->size_m2);
    const struct date day = area->from.days > today(cx).days ? area->from : today(cx);
    TRY(db_list(cx, &q_area_person_periods, PARAMS(P(area->id), P(day)), PERIOD_FIELDS,
                sizeof *periods, PERIODS_MOST, &periods, &count));
    owed_by(area->client_id, area->unit_id, ROLE_PM, area->name, duty);
    duty->contract_id = area->contract_id;
    owed_from(cx, first_lacking(periods, count, needed, day, area->to), area->changed_at,
              NAME_PERSONS, duty, out);
    return OK;
}

/* ---- published and filed ---- */

static enum result judge_publishing(struct ctx *cx, const void *record, struct duty *duty,
                                    enum owing *out)
{
    const struct unit *unit = record;
    struct instant changed, published;
    if (unit->kind != UNIT_PROJECT)
        return OK;
    TRY(db_int(cx, &q_areas_changed, PARAMS(P(unit->id)), &changed.ms));
    TRY(db_int(cx, &q_areas_published, PARAMS(P(unit->id)), &published.ms));
    if (!changed.ms)
        return OK;
    *out = published.ms >= changed.ms ? OWING_MET : OWING_DUTY;
    owed_by(unit->organisation_id, unit->id, ROLE_PM, unit->name, duty);
    duty->due_at = due_of(cx, &AREA_DUTIES[PUBLISH_AREAS], changed);
    return OK;
}

static enum result judge_receipt(struct ctx *cx, const void *record, struct duty *duty,
                                 enum owing *out)
{
    const struct area_publication *publication = record;
    if (publication->state == AREAS_SUPERSEDED)
        return OK;
    *out = publication->state == AREAS_PUBLISHED ? OWING_DUTY : OWING_MET;
    owed_by(publication->organisation_id, publication->unit_id, ROLE_DIVISION, publication->name,
            duty);
    duty->due_at = due_of(cx, &AREA_DUTIES[RECEIVE_AREAS], publication->published_at);
    return OK;
}

const struct duty_rule AREA_DUTIES[] = {
    [COVER_CONTRACT] = {"cover_contract",
                        "V5.1.6",
                        &CONTRACTS,
                        judge_cover,
                        {.kind = DUE_WORKING_DAYS, .count = 5},
                        .also = &AREAS,
                        .also_ids = &q_contract_of_area},
    [NAME_PERSONS] = {"name_persons",
                      "V6.1.2.2",
                      &AREAS,
                      judge_persons,
                      {.kind = DUE_WORKING_DAYS, .count = 3},
                      .also = &PEOPLE,
                      .also_ids = &q_areas_of_person},
    [PUBLISH_AREAS] = {"publish_areas",
                       "V6.1.2.2",
                       &UNITS,
                       judge_publishing,
                       {.kind = DUE_WORKING_DAYS, .count = 5},
                       .also = &AREAS,
                       .also_ids = &q_unit_of_area},
    [RECEIVE_AREAS] = {"receive_areas",
                       "V6.1.2.2",
                       &AREA_PUBLICATIONS,
                       judge_receipt,
                       {.kind = DUE_WORKING_DAYS, .count = 3}},
    DUTY_RULES_END,
};
