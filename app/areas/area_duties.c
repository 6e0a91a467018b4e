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

/* Something ends with that day ("": nothing does): owed from the day after it, on which it is. */
static void owed_after(const char *last, struct duty *duty, enum owing *out)
{
    struct date day = {0};
    if (!*last || !date_parse(last, &day))
        return;
    *out = OWING_DUTY;
    duty->opened_at = day_start(date_add(day, 1));
    duty->due_at = day_end(date_add(day, 1));
}

/* ---- every contract in force has areas ---- */

static enum result judge_cover(struct ctx *cx, const void *record, struct duty *duty,
                               enum owing *out)
{
    const struct contract *contract = record;
    const char *until;
    int64_t areas;
    if (contract->kind != CONTRACT_CONTINUOUS || contract->state != CONTRACT_ACTIVE ||
        !service_is_inspected(contract->service))
        return OK;
    TRY(db_int(cx, &q_contract_areas, PARAMS(P(contract->id), P(today(cx))), &areas));
    TRY(db_text(cx, &q_contract_area_until, PARAMS(P(contract->id), P(today(cx))), &until));
    owed_by(contract->client_id, contract->unit_id, ROLE_PM,
            arena_printf(cx->mem, "%s · %s", contract->name, contract->number), duty);
    duty->contract_id = contract->id;
    *out = areas ? OWING_MET : OWING_DUTY;
    duty->due_at = due_of(cx, &AREA_DUTIES[COVER_CONTRACT], contract->state_at);
    if (areas)
        owed_after(until, duty, out);
    return OK;
}

/* ---- every area has its persons ---- */

static enum result judge_persons(struct ctx *cx, const void *record, struct duty *duty,
                                 enum owing *out)
{
    const struct area *area = record;
    struct division_rule rules;
    const char *until;
    int64_t there;
    if (area->to.days && area->to.days < today(cx).days)
        return OK;
    const enum result found = division_rule_for(cx, area->unit_id, today(cx), &rules);
    if (found != OK && found != NOT_FOUND)
        return found;
    (void)fault_take(cx);
    const int32_t needed =
        division_rule_persons(found == OK ? &rules : NULL, area->service, area->size_m2);
    const struct date day = area->from.days > today(cx).days ? area->from : today(cx);
    TRY(db_int(cx, &q_area_persons_there, PARAMS(P(area->id), P(day)), &there));
    TRY(db_text(cx, &q_area_persons_until, PARAMS(P(area->id), P(day)), &until));
    owed_by(area->client_id, area->unit_id, ROLE_PM, area->name, duty);
    duty->contract_id = area->contract_id;
    *out = there >= needed ? OWING_MET : OWING_DUTY;
    duty->due_at = due_of(cx, &AREA_DUTIES[NAME_PERSONS], area->changed_at);
    if (there == needed) /* whoever ends first is missed */
        owed_after(until, duty, out);
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
