/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Areas and their persons as records. */
#include "app/areas/area.h"

#include "app/access/password.h"
#include "app/areas/area.sql.h"
#include "app/standards/standard.h"

#include <string.h>

#define M2_MOST 10000000

static const struct field AREA_FIELDS[] = {
    RECORD_FIELDS(area),
    FIELD(area, name, .in = MUST, .max = 60, .use = LISTED),
    FIELD(area, place, .in = MAY, .max = 200, .use = LISTED),
    FIELD_REF(area, contract_id, "contracts", .in = MUST, .use = FIXED | FILTERED,
              .among = "state=active,suspended,draft&kind=continuous&"
                       "service=engineering,cleaning,greening,pest_control,other",
              .clause = "V6.1.2.2"),
    FIELD(area, contract_number, .column = "c.number"),
    FIELD(area, contract_name, .column = "c.name", .use = LISTED),
    FIELD_ENUM(area, service, SERVICES, .use = LISTED | FILTERED),
    FIELD(area, size_m2, .in = MUST, .min = 1, .max = M2_MOST, .use = LISTED, .clause = "V6.1.2.2"),
    FIELD(area, from, .in = MUST, .use = LISTED),
    FIELD(area, to, .in = MAY, .use = LISTED),
    FIELD_REF(area, unit_id, "units", .use = FILTERED | NO_DIFF),
    FIELD(area, unit_name, .column = "u.name", .use = LISTED),
    FIELD_REF(area, provider_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(area, client_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD(area, token, .use = HIDDEN),
    FIELD_REF(area, link_id, "issue_links", .use = HIDDEN | TRAILED),
    FIELD(area, changed_at),
    FIELDS_END,
};

static enum result begin(struct ctx *cx, struct area *area)
{
    struct contract contract;
    char token[TOKEN_TEXT];
    if (!area->contract_id)
        return OK; /* refused as required */
    TRY(record_get(cx, &CONTRACTS, area->contract_id, &contract));
    if (!service_is_inspected(contract.service))
        reject_clause(cx, "V6.1.2.2", "contract_id", "not_inspected");
    if (contract.state == CONTRACT_ENDED || contract.state == CONTRACT_TERMINATED)
        reject_clause(cx, "V6.1.2.2", "contract_id", "closed");
    random_token(token);
    area->token = arena_dup(cx->mem, token);
    area->service = contract.service;
    area->client_id = contract.client_id;
    area->provider_id = contract.provider_id;
    area->unit_id = contract.unit_id;
    return OK;
}

/* Does it differ in what is published? */
static bool differs(const struct area *a, const struct area *b)
{
    return strcmp(a->name, b->name) != 0 || strcmp(a->place, b->place) != 0 ||
           a->size_m2 != b->size_m2 || a->from.days != b->from.days || a->to.days != b->to.days;
}

static enum result area_check(struct ctx *cx, void *record, const void *former)
{
    struct area *area = record;
    const struct area *before = former;
    if (!before)
        TRY(begin(cx, area));
    if (area->to.days && area->to.days < area->from.days)
        reject_clause(cx, "V6.1.2.2", "to", "ends_before_start");
    if (!before || differs(area, before))
        area->changed_at = cx->now;
    return OK;
}

const struct resource AREAS = {
    .name = "areas",
    .clause = "V6.1.2.2",
    .fields = AREA_FIELDS,
    .size = sizeof(struct area),
    .joins = "JOIN contracts c ON c.id = t.contract_id JOIN units u ON u.id = t.unit_id",
    .title = "name",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@client_id = :org", [SIDE_PROVIDER] = "@provider_id = :org"},
    .unit = "unit_id",
    .check = area_check,
};

/* ---- persons ---- */

static const struct field PERSON_FIELDS[] = {
    RECORD_FIELDS(area_person),
    FIELD_REF(area_person, area_id, "areas", .in = MUST, .use = FIXED | FILTERED),
    FIELD(area_person, area_name, .column = "a.name", .use = LISTED),
    FIELD_REF(area_person, person_id, "people", .in = MUST, .use = FIXED | FILTERED,
              .clause = "V6.1.2.2"),
    FIELD(area_person, person_name, .column = "p.name", .use = LISTED),
    FIELD_ENUM(area_person, job, JOBS, .column = "p.job", .use = LISTED),
    FIELD(area_person, from, .in = MUST, .use = LISTED),
    FIELD(area_person, to, .in = MAY, .use = LISTED),
    FIELDS_END,
};

/* Supervision is the company's own work: a person of the client, who is there on the first day. */
static enum result person_check(struct ctx *cx, void *record, const void *before)
{
    struct area_person *person = record;
    struct area area;
    int64_t organisation, twice;
    if (!person->area_id || !person->person_id)
        return OK; /* refused as required */
    TRY(record_get(cx, &AREAS, person->area_id, &area));
    TRY(person_works(cx, person->person_id, person->from, &organisation));
    if (!before && organisation != area.client_id)
        reject_clause(cx, "V6.1.2.2", "person_id", "not_clients_person");
    if (person->to.days && person->to.days < person->from.days)
        reject_clause(cx, "V6.1.2.2", "to", "ends_before_start");
    if (person->from.days < area.from.days)
        reject_clause(cx, "V6.1.2.2", "from", "before_area");
    TRY(db_int(cx, &q_area_person_twice,
               PARAMS(P(person->area_id), P(person->person_id), P(person->from), P(person->to),
                      P(person->id)),
               &twice));
    if (twice)
        reject_clause(cx, "V6.1.2.2", "person_id", "named_already");
    return OK;
}

/* Forms offer those alone. */
static enum result person_open(struct ctx *cx, const void *record)
{
    const struct area_person *person = record;
    int64_t organisation = cx->actor->organisation_id;
    if (!person->id && person->person_id)
        TRY(person_works(cx, person->person_id, instant_date(cx->now, SHANGHAI_OFFSET_MIN),
                         &organisation));
    return organisation == cx->actor->organisation_id ? OK
                                                      : fail(cx, FORBIDDEN, "area_person.not_ours");
}

/* Who is responsible is part of what was published. */
static enum result person_saved(struct ctx *cx, const void *record, const void *before)
{
    const struct area_person *person = record;
    struct area area, after;
    (void)before;
    TRY(record_get(cx, &AREAS, person->area_id, &area));
    after = area;
    after.changed_at = cx->now;
    return record_change(cx, &AREAS, "persons", &area, &after);
}

const struct resource AREA_PERSONS = {
    .name = "area_persons",
    .clause = "V6.1.2.2",
    .fields = PERSON_FIELDS,
    .size = sizeof(struct area_person),
    .joins = "JOIN areas a ON a.id = t.area_id JOIN people p ON p.id = t.person_id",
    .title = "person_name",
    .sort = "id",
    .parent = &AREAS,
    .parent_field = "area_id",
    .check = person_check,
    .open = person_open,
    .saved = person_saved,
};

/* ---- for those who inspect ---- */

enum result area_by_token(struct ctx *cx, const char *token, struct area *out)
{
    struct list list;
    int64_t id;
    TRY(db_int(cx, &q_area_of_token, PARAMS(P(token)), &id));
    if (!id)
        return fail(cx, NOT_FOUND, "area.no_code");
    TRY(record_select(cx, &AREAS, "one", "t.id = $1", PARAMS(P(id)), &list));
    memcpy(out, list.rows, sizeof *out);
    return OK;
}

enum result areas_on(struct ctx *cx, int64_t unit_id, struct date day, struct area **out,
                     size_t *out_count)
{
    struct list list;
    TRY(record_select(cx, &AREAS, "on_day",
                      "t.unit_id = $1 AND t.\"from\" <= $2 AND (t.\"to\" = '' OR t.\"to\" >= $2) "
                      "ORDER BY t.name, t.service, t.id LIMIT 500",
                      PARAMS(P(unit_id), P(day)), &list));
    *out = list.rows;
    *out_count = list.count;
    return OK;
}

enum result area_persons_on(struct ctx *cx, int64_t area_id, struct date day,
                            struct area_person **out, size_t *out_count)
{
    struct list list;
    TRY(record_select(cx, &AREA_PERSONS, "on_day",
                      "t.area_id = $1 AND t.\"from\" <= $2 AND (t.\"to\" = '' OR t.\"to\" >= $2) "
                      "ORDER BY t.id LIMIT 50",
                      PARAMS(P(area_id), P(day)), &list));
    *out = list.rows;
    *out_count = list.count;
    return OK;
}

enum result area_is_of(struct ctx *cx, int64_t area_id, int64_t person_id, struct date day,
                       bool *out)
{
    int64_t id;
    TRY(db_int(cx, &q_area_is_of, PARAMS(P(area_id), P(person_id), P(day)), &id));
    *out = id != 0;
    return OK;
}

#define R_READS (R_CLIENT_SIDE | R(PROVIDER) | R(CLEANER))
const struct right AREA_RIGHTS[] = {
    {"areas.read", R_READS, "V6.1.2.2"},
    {"areas.write", R(PM) | R(EXECUTOR), "V6.1.2.2"},
    {"area_persons.read", R_READS, "V6.1.2.2"},
    {"area_persons.write", R(PM) | R(EXECUTOR), "V6.1.2.2"},
    {"area_publications.read", R_CLIENT_SIDE, "V6.1.2.2"},
    {"area_publications.write", R(PM), "V6.1.2.2"},
    {"area_publications.receive", R(DIVISION), "V6.1.2.2"},
    RIGHTS_END,
};
