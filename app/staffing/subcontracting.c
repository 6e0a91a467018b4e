/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/staffing/subcontracting.h"

#include "app/contracts/contract.h"
#include "app/staffing/subcontracting.sql.h"

#include <string.h>

static const char *const SOURCES[] = {"roster", "site", NULL};
static const char *const STATES[] = {"suspected", "investigated", "confirmed", "dismissed", NULL};

static const struct field CASE_FIELDS[] = {
    RECORD_FIELDS(subcontracting_case),
    FIELD(subcontracting_case, found_at, .use = LISTED | NO_DIFF),
    FIELD_REF(subcontracting_case, organisation_id, "organisations", .in = MUST,
              .use = FIXED | FILTERED, .among = "side=provider", .clause = "V5.1.4"),
    FIELD(subcontracting_case, organisation_name, .column = "o.name", .use = LISTED),
    FIELD_REF(subcontracting_case, person_id, "people", .use = FILTERED),
    FIELD(subcontracting_case, person_name, .in = MUST, .max = 40, .use = FIXED | LISTED),
    FIELD(subcontracting_case, employed_by, .in = MAY, .max = 100, .use = LISTED,
          .clause = "V5.1.4"),
    FIELD_ENUM(subcontracting_case, source, SOURCES, .use = LISTED | FILTERED),
    FIELD(subcontracting_case, note, .in = MAY, .max = 1000, .use = LONG_TEXT),
    FIELD(subcontracting_case, findings, .use = LONG_TEXT),
    FIELD_REF(subcontracting_case, investigator_id, "people", .use = HIDDEN),
    FIELD(subcontracting_case, investigated_by, .use = NO_DIFF),
    FIELD(subcontracting_case, investigated_at, .use = NO_DIFF),
    FIELD(subcontracting_case, reason, .use = LONG_TEXT),
    FIELD(subcontracting_case, consequence, .use = LONG_TEXT),
    FIELD_REF(subcontracting_case, decider_id, "people", .use = HIDDEN),
    FIELD(subcontracting_case, decided_by, .use = NO_DIFF),
    FIELD(subcontracting_case, decided_at, .use = NO_DIFF),
    FIELD_ENUM(subcontracting_case, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

static bool is_decided(const struct subcontracting_case *one)
{
    return one->state == CASE_CONFIRMED || one->state == CASE_DISMISSED;
}

static enum result demand_undecided(struct ctx *cx, const struct subcontracting_case *one)
{
    return is_decided(one) ? fail(cx, CONFLICT, "subcontracting.decided", one->person_name) : OK;
}

static enum result case_check(struct ctx *cx, void *record, const void *before)
{
    struct subcontracting_case *one = record;
    struct organisation provider;
    if (before)
        return demand_undecided(cx, before);
    if (!one->organisation_id)
        return OK; /* refused as required */
    TRY(record_get(cx, &ORGANISATIONS, one->organisation_id, &provider));
    if (provider.side != SIDE_PROVIDER)
        reject_clause(cx, "V5.1.4", "organisation_id", "not_a_provider");
    one->source = one->person_id ? CASE_OF_ROSTER : CASE_OF_SITE;
    one->found_at = cx->now;
    one->state = CASE_SUSPECTED;
    return OK;
}

static enum result case_open(struct ctx *cx, const void *record)
{
    return demand_undecided(cx, record);
}

/* What was decided stays with its proof. */
static enum result case_attach(struct ctx *cx, int64_t id)
{
    struct subcontracting_case one;
    TRY(record_get(cx, &SUBCONTRACTING_CASES, id, &one));
    return demand_undecided(cx, &one);
}

const struct resource SUBCONTRACTING_CASES = {
    .name = "subcontracting_cases",
    .clause = "V5.1.4",
    .fields = CASE_FIELDS,
    .size = sizeof(struct subcontracting_case),
    .joins = "JOIN organisations o ON o.id = t.organisation_id",
    .title = "person_name",
    .sort = "-id",
    .parent = &ORGANISATIONS,
    .parent_field = "organisation_id",
    .check = case_check,
    .open = case_open,
    .attach = case_attach,
};

/* ---- found in the roster ---- */

/* By its name or its short one, however blanks and brackets are written. */
static bool is_named(struct ctx *cx, const char *name, const struct organisation *organisation)
{
    const char *key = text_search_key(cx->mem, name);
    return strcmp(key, text_search_key(cx->mem, organisation->name)) == 0 ||
           (*organisation->short_name &&
            strcmp(key, text_search_key(cx->mem, organisation->short_name)) == 0);
}

enum result subcontracting_suspect(struct ctx *cx, const struct person *person,
                                   const struct person *before)
{
    struct organisation employer;
    int64_t open;
    if (!*person->employed_by || (before && strcmp(before->employed_by, person->employed_by) == 0))
        return OK;
    TRY(record_get(cx, &ORGANISATIONS, person->organisation_id, &employer));
    if (employer.side != SIDE_PROVIDER || is_named(cx, person->employed_by, &employer))
        return OK;
    TRY(db_int(cx, &q_case_open, PARAMS(P(person->id)), &open));
    if (open)
        return OK;
    struct subcontracting_case one = {
        .organisation_id = person->organisation_id,
        .person_id = person->id,
        .person_name = person->name,
        .employed_by = person->employed_by,
    };
    fields_blank(CASE_FIELDS, &one);
    return record_add(cx, &SUBCONTRACTING_CASES, &one);
}

/* ---- what is done about it ---- */

enum result subcontracting_investigate(struct ctx *cx, const struct subcontracting_case *before,
                                       const char *findings)
{
    struct subcontracting_case after = *before;
    TRY(demand_undecided(cx, before));
    if (!*findings)
        reject_clause(cx, "V5.1.4", "findings", "required");
    TRY(rejected(cx));
    after.findings = findings;
    after.investigator_id = cx->actor->person_id;
    after.investigated_by = cx->actor->person_name;
    after.investigated_at = cx->now;
    after.state = CASE_INVESTIGATED;
    return record_change(cx, &SUBCONTRACTING_CASES, "investigate", before, &after);
}

enum result subcontracting_decide(struct ctx *cx, const struct subcontracting_case *before,
                                  enum case_state state, const char *reason,
                                  const char *consequence)
{
    struct subcontracting_case after = *before;
    int64_t evidence;
    TRY(demand_undecided(cx, before));
    if (before->state != CASE_INVESTIGATED)
        return fail(cx, CONFLICT, "subcontracting.not_investigated", before->person_name);
    if (state != CASE_CONFIRMED && state != CASE_DISMISSED)
        reject_clause(cx, "V5.1.4", "state", "required");
    check_reason(cx, reason);
    TRY(db_int(cx, &q_case_evidence, PARAMS(P(before->id)), &evidence));
    if (state == CASE_CONFIRMED && !*consequence)
        reject_clause(cx, "V5.1.4", "consequence", "required");
    if (state == CASE_CONFIRMED && !evidence)
        reject_clause(cx, "V5.1.4", "documents", "evidence_missing");
    TRY(rejected(cx));
    after.reason = reason;
    after.consequence = state == CASE_CONFIRMED ? consequence : "";
    after.decider_id = cx->actor->person_id;
    after.decided_by = cx->actor->person_name;
    after.decided_at = cx->now;
    after.state = state;
    return record_change(cx, &SUBCONTRACTING_CASES, choice_name(STATES, state), before, &after);
}

/* ---- what is owed ---- */

static enum result owed(struct ctx *cx, const struct subcontracting_case *one, enum case_state from,
                        struct instant start, struct duty *duty, enum owing *out)
{
    *out = one->state == from ? OWING_DUTY : OWING_MET;
    if (one->state < from)
        *out = OWING_NOTHING;
    duty->title = arena_printf(cx->mem, "%s · %s", one->person_name, one->organisation_name);
    duty->owner_side = SIDE_CLIENT;
    duty->owner_role = ROLES[ROLE_OPS - 1];
    duty->due_at = due_of(cx, &SUBCONTRACTING_DUTIES[from - 1], start);
    return client_of_provider(cx, one->organisation_id, &duty->organisation_id);
}

static enum result judge_suspected(struct ctx *cx, const void *record, struct duty *duty,
                                   enum owing *out)
{
    const struct subcontracting_case *one = record;
    return owed(cx, one, CASE_SUSPECTED, one->found_at, duty, out);
}

static enum result judge_investigated(struct ctx *cx, const void *record, struct duty *duty,
                                      enum owing *out)
{
    const struct subcontracting_case *one = record;
    return owed(cx, one, CASE_INVESTIGATED, one->investigated_at, duty, out);
}

const struct duty_rule SUBCONTRACTING_DUTIES[] = {
    {"investigate_case",
     "V5.1.4",
     &SUBCONTRACTING_CASES,
     judge_suspected,
     {.kind = DUE_WORKING_DAYS, .count = 5}},
    {"decide_case",
     "V5.1.4",
     &SUBCONTRACTING_CASES,
     judge_investigated,
     {.kind = DUE_WORKING_DAYS, .count = 3}},
    DUTY_RULES_END,
};

#define R_INVESTIGATORS (R(OPS) | R(DIVISION) | R(PM) | R(EXECUTOR) | R(CLIENT))

const struct right SUBCONTRACTING_RIGHTS[] = {
    {"subcontracting_cases.read", R_CLIENT_SIDE | R(PROVIDER), "V5.1.4"},
    {"subcontracting_cases.write", R_INVESTIGATORS, "V5.1.4"},
    {"subcontracting_cases.investigate", R_INVESTIGATORS, "V5.1.4"},
    {"subcontracting_cases.decide", R(OPS) | R(DIVISION), "V5.1.4"},
    RIGHTS_END,
};
