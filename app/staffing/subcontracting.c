/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/staffing/subcontracting.h"

#include "app/records/trail.h"
#include "app/staffing/subcontracting.sql.h"

#include <string.h>

static const char *const SOURCES[] = {"roster", "site", "identity", NULL};
static const char *const SANCTIONS[] = {"warning", "deduction", "termination", "blacklist", NULL};
static const char *const STATES[] = {"suspected", "investigated", "confirmed", "dismissed", NULL};

static const struct field CASE_FIELDS[] = {
    RECORD_FIELDS(subcontracting_case),
    FIELD(subcontracting_case, found_at, .use = LISTED | NO_DIFF),
    FIELD_REF(subcontracting_case, organisation_id, "organisations", .in = MUST,
              .use = FIXED | FILTERED, .among = "side=provider", .clause = "V5.1.4"),
    FIELD(subcontracting_case, organisation_name, .column = "o.name", .use = LISTED),
    FIELD_REF(subcontracting_case, contract_id, "contracts", .in = MAY, .use = FIXED | FILTERED,
              .among = "state=active"),
    FIELD(subcontracting_case, contract_name, .column = "k.name"),
    FIELD_REF(subcontracting_case, client_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(subcontracting_case, unit_id, "units", .use = HIDDEN | FILTERED | NO_DIFF),
    FIELD_REF(subcontracting_case, person_id, "people", .use = FILTERED),
    FIELD(subcontracting_case, person_name, .in = MUST, .max = 40, .use = FIXED | LISTED),
    FIELD(subcontracting_case, employed_by, .in = MAY, .max = 100, .use = LISTED,
          .clause = "V5.1.4"),
    FIELD_ENUM(subcontracting_case, source, SOURCES, .use = LISTED | FILTERED),
    FIELD_REF(subcontracting_case, head_count_id, "head_counts", .use = FILTERED),
    FIELD_REF(subcontracting_case, other_person_id, "people"),
    FIELD(subcontracting_case, other_organisation, .column = "m.name"),
    FIELD(subcontracting_case, note, .in = MAY, .max = 1000, .use = LONG_TEXT),
    FIELD(subcontracting_case, findings, .use = LONG_TEXT),
    FIELD_REF(subcontracting_case, investigator_id, "people", .use = HIDDEN),
    FIELD(subcontracting_case, investigated_by, .use = NO_DIFF),
    FIELD(subcontracting_case, investigated_at, .use = NO_DIFF),
    FIELD_ENUM(subcontracting_case, sanction, SANCTIONS, .use = LISTED),
    FIELD(subcontracting_case, reason, .use = LONG_TEXT),
    FIELD(subcontracting_case, consequence, .use = LONG_TEXT),
    FIELD_REF(subcontracting_case, decider_id, "people", .use = HIDDEN),
    FIELD(subcontracting_case, decided_by, .use = NO_DIFF),
    FIELD(subcontracting_case, decided_at, .use = FILTERED | NO_DIFF),
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

static enum result follow_contract(struct ctx *cx, struct subcontracting_case *one)
{
    struct contract contract;
    if (!one->contract_id)
        return OK;
    TRY(record_get(cx, &CONTRACTS, one->contract_id, &contract));
    if (contract.provider_id != one->organisation_id)
        reject_clause(cx, "V5.1.4", "contract_id", "of_another_provider", contract.number);
    one->client_id = contract.client_id;
    one->unit_id = contract.unit_id;
    return OK;
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
    TRY(follow_contract(cx, one));
    if (!one->source)
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

static bool is_kept_from(const struct actor *actor, const struct subcontracting_case *one)
{
    return !actor->is_system && actor->side == SIDE_PROVIDER && !is_decided(one);
}

/* What was looked into the provider reads with the decision. */
static void case_derive(struct ctx *cx, void *record)
{
    struct subcontracting_case *one = record;
    if (is_kept_from(cx->actor, one))
        one->findings = "";
}

static enum result case_history(struct ctx *cx, int64_t id, struct event *events, size_t *count)
{
    struct subcontracting_case one;
    TRY(record_get(cx, &SUBCONTRACTING_CASES, id, &one));
    for (size_t i = 0; i < *count && is_kept_from(cx->actor, &one); i++)
        event_leave_out(cx, &events[i], "findings");
    return OK;
}

const struct resource SUBCONTRACTING_CASES = {
    .name = "subcontracting_cases",
    .clause = "V5.1.4",
    .fields = CASE_FIELDS,
    .size = sizeof(struct subcontracting_case),
    .joins = "JOIN organisations o ON o.id = t.organisation_id "
             "LEFT JOIN contracts k ON k.id = t.contract_id "
             "LEFT JOIN people n ON n.id = t.other_person_id "
             "LEFT JOIN organisations m ON m.id = n.organisation_id",
    .title = "person_name",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@client_id = :org OR @contract_id IS NULL",
              [SIDE_PROVIDER] = "@organisation_id = :org AND @source <> 'identity'"},
    .unit = "unit_id",
    .beyond_units = "@contract_id IS NULL OR (SELECT c.executor_id FROM contracts c WHERE c.id = "
                    "@contract_id) = :person", /* who supervises it, of whatever unit */
    .check = case_check,
    .open = case_open,
    .attach = case_attach,
    .derive = case_derive,
    .history = case_history,
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

const struct field CASE_DECISION_INPUT[] = {
    FIELD_ENUM(case_decision, state, STATES, .in = MUST),
    FIELD_ENUM(case_decision, sanction, SANCTIONS, .in = MAY),
    FIELD(case_decision, reason, .in = MUST, .max = REASON_MOST, .use = LONG_TEXT),
    FIELD(case_decision, consequence, .in = MAY, .max = 1000, .use = LONG_TEXT),
    FIELDS_END,
};

/* The black list is the operations centre's to judge. */
static enum result check_confirmation(struct ctx *cx, const struct subcontracting_case *before,
                                      enum case_sanction sanction)
{
    int64_t evidence;
    TRY(db_int(cx, &q_case_evidence, PARAMS(P(before->id)), &evidence));
    if (!sanction)
        reject_clause(cx, "V5.1.4", "sanction", "required");
    if (sanction == SANCTION_BLACKLIST && !actor_may(cx->actor, "organisations.judge"))
        reject_clause(cx, "X5", "sanction", "judge_only");
    if (!evidence && !before->head_count_id)
        reject_clause(cx, "V5.1.4", "documents", "evidence_missing");
    return OK;
}

static enum result (*follow_case)(struct ctx *cx, const struct subcontracting_case *confirmed);

void subcontracting_follow(enum result (*follow)(struct ctx *cx,
                                                 const struct subcontracting_case *confirmed))
{
    follow_case = follow;
}

/* The provider hears of it, unless the case tells of another one's people. */
static enum result apply_sanction(struct ctx *cx, const struct subcontracting_case *one)
{
    const struct news news = {.kind = "case.confirmed",
                              .subject = &SUBCONTRACTING_CASES,
                              .subject_id = one->id,
                              .title = one->person_name,
                              .detail = one->reason};
    if (one->sanction == SANCTION_BLACKLIST)
        TRY(organisation_judge(cx, one->organisation_id, ORGANISATION_BLACKLISTED, one->reason));
    if (follow_case)
        TRY(follow_case(cx, one));
    return one->source == CASE_OF_IDENTITY
               ? OK
               : notice_roles(cx, one->organisation_id, 0, R(PROVIDER), &news);
}

/* What is said of a provider altogether is for whoever judges it. */
bool subcontracting_may_decide(const struct actor *actor, const struct subcontracting_case *one)
{
    return actor_may(actor, "subcontracting_cases.decide") &&
           (one->contract_id || actor_may(actor, "organisations.judge"));
}

enum result subcontracting_decide(struct ctx *cx, const struct subcontracting_case *before,
                                  const struct case_decision *decision)
{
    struct subcontracting_case after = *before;
    const bool confirmed = decision->state == CASE_CONFIRMED;
    TRY(demand_undecided(cx, before));
    if (before->state != CASE_INVESTIGATED)
        return fail(cx, CONFLICT, "subcontracting.not_investigated", before->person_name);
    if (before->investigator_id == cx->actor->person_id)
        return fail(cx, FORBIDDEN, "subcontracting.own_findings", before->person_name);
    if (!subcontracting_may_decide(cx->actor, before))
        return fail(cx, FORBIDDEN, "subcontracting.judge_only", before->person_name);
    if (!confirmed && decision->state != CASE_DISMISSED)
        reject_clause(cx, "V5.1.4", "state", "required");
    check_reason(cx, decision->reason);
    if (confirmed)
        TRY(check_confirmation(cx, before, decision->sanction));
    TRY(rejected(cx));
    after.reason = decision->reason;
    after.sanction = confirmed ? decision->sanction : 0;
    after.consequence = confirmed ? decision->consequence : "";
    after.decider_id = cx->actor->person_id;
    after.decided_by = cx->actor->person_name;
    after.decided_at = cx->now;
    after.state = decision->state;
    TRY(record_change(cx, &SUBCONTRACTING_CASES, choice_name(STATES, after.state), before, &after));
    return confirmed ? apply_sanction(cx, &after) : OK;
}

enum result subcontracting_confirmed(struct ctx *cx, int64_t provider_id, int64_t contract_id,
                                     struct date from, struct date to,
                                     struct subcontracting_case **out, size_t *out_count)
{
    struct list list;
    TRY(record_select(cx, &SUBCONTRACTING_CASES, "confirmed",
                      "t.organisation_id = $1 AND t.state = 'confirmed' AND t.decided_at >= $2 AND "
                      "t.decided_at < $3 AND ($4 = 0 OR t.contract_id IS NULL OR "
                      "t.contract_id = $4) ORDER BY t.decided_at, t.id",
                      PARAMS(P(provider_id), P(instant_of(from, 0, SHANGHAI_OFFSET_MIN)),
                             P(instant_of(date_add(to, 1), 0, SHANGHAI_OFFSET_MIN)),
                             param_number(contract_id)),
                      &list));
    *out = list.rows;
    *out_count = list.count;
    return OK;
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
    duty->organisation_id = one->client_id;
    return one->client_id ? OK
                          : client_of_provider(cx, one->organisation_id, &duty->organisation_id);
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
