/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/site/patrol.h"

#include "app/site/patrol.sql.h"
#include "app/site/site.h"

#include <string.h>

static const char *const WHOM[] = {"both", "client", "provider", NULL};
static const char *const RULE_STATES[] = {"in_force", "retired", NULL};
static const char *const STATES[] = {"open", "acknowledged", NULL};

/* ---- the check list ---- */

static const struct field RULE_FIELDS[] = {
    RECORD_FIELDS(site_rule),
    FIELD(site_rule, number, .in = MAY, .max = 999, .use = LISTED),
    FIELD(site_rule, text, .in = MUST, .max = 200, .use = LISTED | LONG_TEXT, .clause = "C3.1"),
    FIELD_ENUM(site_rule, whom, WHOM, .in = MAY, .use = LISTED),
    FIELD_REF(site_rule, contract_id, "contracts", .in = MAY, .use = FILTERED,
              .among = "service=outbound_call"),
    FIELD(site_rule, contract_name, .column = "c.name", .use = LISTED),
    FIELD_REF(site_rule, conduct_rule_id, "conduct_rules", .in = MAY, .clause = "C3.2"),
    FIELD(site_rule, conduct_text, .column = "r.text"),
    FIELD_REF(site_rule, organisation_id, "organisations", .use = FILTERED),
    FIELD_ENUM(site_rule, state, RULE_STATES, .in = MAY, .use = LISTED | FILTERED),
    FIELDS_END,
};

static enum result rule_check(struct ctx *cx, void *record, const void *before)
{
    struct site_rule *rule = record;
    int64_t last;
    if (!rule->whom)
        rule->whom = WHOM_BOTH;
    if (!rule->state)
        rule->state = SITE_RULE_IN_FORCE;
    if (before)
        return OK;
    rule->organisation_id = cx->actor->organisation_id;
    TRY(db_int(cx, &q_site_rule_last, PARAMS(P(rule->organisation_id)), &last));
    if (!rule->number)
        rule->number = (int32_t)last + 1;
    return OK;
}

const struct resource SITE_RULES = {
    .name = "site_rules",
    .clause = "C3.1",
    .fields = RULE_FIELDS,
    .size = sizeof(struct site_rule),
    .joins = "LEFT JOIN contracts c ON c.id = t.contract_id "
             "LEFT JOIN conduct_rules r ON r.id = t.conduct_rule_id",
    .title = "text",
    .sort = "id",
    .scope = {[SIDE_CLIENT] = OF_OUR_PROVIDERS("organisation_id"),
              [SIDE_PROVIDER] = "@organisation_id = :org"},
    .check = rule_check,
};

enum result site_rules_begin(struct ctx *cx)
{
    static const char *const FIRST[] = {
        "进入工作区须换拖鞋、着蓝大褂",
        "个人物品不得带入工作区",
        "不喧哗，不随意走动，不无故久站",
        "手机静音，不做与工作无关的事",
    };
    int64_t last;
    TRY(db_int(cx, &q_site_rule_last, PARAMS(P(cx->actor->organisation_id)), &last));
    if (last)
        return fail(cx, CONFLICT, "site_rule.not_first");
    for (size_t i = 0; i < sizeof FIRST / sizeof FIRST[0]; i++) {
        struct site_rule rule = {.text = FIRST[i], .whom = WHOM_BOTH};
        TRY(record_add(cx, &SITE_RULES, &rule));
    }
    return OK;
}

enum result check_list(struct ctx *cx, int64_t contract_id, struct site_rule **out,
                       size_t *out_count)
{
    struct list list;
    TRY(record_select(cx, &SITE_RULES, "check_list",
                      "t.state = 'in_force' AND (t.contract_id IS NULL OR t.contract_id = $1) AND "
                      "t.organisation_id = (SELECT k.provider_id FROM contracts k WHERE k.id = $1) "
                      "ORDER BY t.number, t.id LIMIT 40",
                      PARAMS(P(contract_id)), &list));
    *out = list.rows;
    *out_count = list.count;
    return OK;
}

/* ---- patrols ---- */

static const struct field PATROL_FIELDS[] = {
    RECORD_FIELDS(patrol),
    FIELD(patrol, at, .use = LISTED | FILTERED),
    FIELD_REF(patrol, contract_id, "contracts", .in = MUST, .use = FIXED | FILTERED,
              .among = "service=outbound_call"),
    FIELD(patrol, contract_name, .column = "c.name", .use = LISTED),
    FIELD(patrol, site, .in = MUST, .max = 60, .use = LISTED),
    FIELD_REF(patrol, patroller_id, "people", .use = FILTERED),
    FIELD(patrol, patroller_name, .column = "p.name", .use = LISTED),
    FIELD(patrol, checked, .use = LISTED),
    FIELD(patrol, note, .in = MAY, .max = 500, .use = LONG_TEXT),
    FIELD_REF(patrol, provider_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(patrol, client_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(patrol, unit_id, "units", .use = HIDDEN | NO_DIFF),
    FIELDS_END,
};

/* By the provider, now, on a contract in force that has a check list. */
static enum result patrol_check(struct ctx *cx, void *record, const void *before)
{
    struct patrol *patrol = record;
    struct site_rule *rules;
    struct contract contract;
    size_t count;
    if (before || !patrol->contract_id)
        return OK;
    TRY(record_get(cx, &CONTRACTS, patrol->contract_id, &contract));
    TRY(check_list(cx, contract.id, &rules, &count));
    if (!cx->actor->is_system && cx->actor->organisation_id != contract.provider_id)
        return fail(cx, FORBIDDEN, "patrol.provider_only");
    if (contract.state != CONTRACT_ACTIVE)
        reject_clause(cx, "C3.1", "contract_id", "not_active");
    if (!count)
        reject_clause(cx, "C3.1", "contract_id", "no_site_rules");
    patrol->provider_id = contract.provider_id;
    patrol->client_id = contract.client_id;
    patrol->unit_id = contract.unit_id;
    patrol->patroller_id = cx->actor->person_id;
    patrol->checked = (int32_t)count;
    patrol->at = cx->now;
    return OK;
}

const struct resource PATROLS = {
    .name = "patrols",
    .clause = "C3.1",
    .fields = PATROL_FIELDS,
    .size = sizeof(struct patrol),
    .joins = "JOIN contracts c ON c.id = t.contract_id JOIN people p ON p.id = t.patroller_id",
    .title = "site",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@client_id = :org", [SIDE_PROVIDER] = "@provider_id = :org"},
    .unit = "unit_id",
    .check = patrol_check,
};

static bool same_day(const struct ctx *cx, struct instant at)
{
    return instant_date(at, SHANGHAI_OFFSET_MIN).days ==
           instant_date(cx->now, SHANGHAI_OFFSET_MIN).days;
}

bool patrol_is_open(const struct ctx *cx, const struct patrol *patrol)
{
    return cx->actor->person_id == patrol->patroller_id && same_day(cx, patrol->at);
}

/* ---- findings ---- */

static const struct field FINDING_FIELDS[] = {
    RECORD_FIELDS(patrol_finding),
    FIELD_REF(patrol_finding, patrol_id, "patrols", .use = FILTERED | NO_DIFF),
    FIELD(patrol_finding, at, .column = "w.at", .use = LISTED),
    FIELD(patrol_finding, site, .column = "w.site", .use = LISTED),
    FIELD_ENUM(patrol_finding, side, SIDES, .use = LISTED | FILTERED),
    FIELD_REF(patrol_finding, person_id, "people", .use = FILTERED | NO_DIFF),
    FIELD(patrol_finding, person_name, .column = "p.name", .use = LISTED),
    FIELD_REF(patrol_finding, rule_id, "site_rules"),
    FIELD(patrol_finding, rule_text, .use = LISTED),
    FIELD(patrol_finding, words),
    FIELD(patrol_finding, answer),
    FIELD(patrol_finding, acknowledged_at),
    FIELD_REF(patrol_finding, acknowledged_by_id, "people"),
    FIELD(patrol_finding, acknowledged_by, .column = "a.name"),
    FIELD_REF(patrol_finding, violation_id, "violations"),
    FIELD_REF(patrol_finding, contract_id, "contracts", .use = FILTERED | NO_DIFF),
    FIELD(patrol_finding, contract_name, .column = "c.name"),
    FIELD_REF(patrol_finding, provider_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(patrol_finding, client_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(patrol_finding, unit_id, "units", .use = HIDDEN | NO_DIFF),
    FIELD_ENUM(patrol_finding, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

const struct field FINDING_INPUT[] = {
    FIELD_REF(patrol_finding, rule_id, "site_rules", .in = MUST),
    FIELD_REF(patrol_finding, person_id, "people", .in = MUST),
    FIELD(patrol_finding, words, .in = MAY, .max = 500),
    FIELDS_END,
};

static enum result finding_attach(struct ctx *cx, int64_t id)
{
    struct patrol_finding finding;
    TRY(record_get(cx, &PATROL_FINDINGS, id, &finding));
    return same_day(cx, finding.created_at) ? OK : fail(cx, CONFLICT, "patrol.over");
}

/* Of the provider's people the client hears nothing, and an agent of the own ones alone. */
const struct resource PATROL_FINDINGS = {
    .name = "patrol_findings",
    .clause = "C3.1",
    .fields = FINDING_FIELDS,
    .size = sizeof(struct patrol_finding),
    .joins = "JOIN patrols w ON w.id = t.patrol_id JOIN contracts c ON c.id = t.contract_id "
             "JOIN people p ON p.id = t.person_id "
             "LEFT JOIN people a ON a.id = t.acknowledged_by_id",
    .title = "person_name",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@client_id = :org AND @side = 'client'",
              [SIDE_PROVIDER] =
                  "@provider_id = :org AND (@person_id = :person OR " BEYOND_AGENTS ")"},
    .unit = "unit_id",
    .beyond_units = "@person_id = :person", /* whom it is about, wherever the contract is */
    .attach = finding_attach,
};

/* ---- who can be found ---- */

const struct field ON_SITE_FIELDS[] = {FIELD(on_site, id), FIELD(on_site, name),
                                       FIELD_ENUM(on_site, job, JOBS),
                                       FIELD_ENUM(on_site, side, SIDES), FIELDS_END};

enum result people_on_site(struct ctx *cx, int64_t contract_id, struct on_site **out,
                           size_t *out_count)
{
    struct contract contract;
    TRY(record_get(cx, &CONTRACTS, contract_id, &contract));
    return db_list(cx, &q_people_on_site,
                   PARAMS(P(contract.client_id), P(contract.provider_id),
                          P(instant_date(cx->now, SHANGHAI_OFFSET_MIN)), P((int32_t)ON_SITE_MOST)),
                   ON_SITE_FIELDS, sizeof **out, ON_SITE_MOST, out, out_count);
}

/* ---- finding ---- */

static enum result tell_found(struct ctx *cx, const struct patrol_finding *finding)
{
    struct contract contract;
    const struct news news = {.kind = "finding.made",
                              .subject = &PATROL_FINDINGS,
                              .subject_id = finding->id,
                              .title = finding->person_name,
                              .detail = finding->rule_text};
    TRY(notice_person(cx, finding->person_id, &news));
    if (finding->side == SIDE_PROVIDER)
        return notice_roles(cx, finding->provider_id, 0, R(DUTY) | R(SUPERVISOR), &news);
    TRY(record_get(cx, &CONTRACTS, finding->contract_id, &contract));
    if (contract.contact_id)
        TRY(notice_person(cx, contract.contact_id, &news));
    return notice_roles(cx, finding->client_id, finding->unit_id, R(CLIENT) | R(PM), &news);
}

static const struct site_rule *rule_of(const struct site_rule *rules, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (rules[i].id == id)
            return &rules[i];
    return NULL;
}

/* Completes one from its rule and its person; rejects under "findings.2". */
static enum result finding_complete(struct ctx *cx, const struct patrol *patrol,
                                    const struct site_rule *rule, size_t place,
                                    struct patrol_finding *finding)
{
    static const enum side KEEPS[] = {[WHOM_CLIENT] = SIDE_CLIENT, [WHOM_PROVIDER] = SIDE_PROVIDER};
    const char *prefix = arena_printf(cx->mem, "findings.%zu", place);
    struct on_site person = {.name = ""};
    enum result found =
        db_one(cx, &q_person_on_site,
               PARAMS(P(finding->person_id), P(patrol->client_id), P(patrol->provider_id),
                      P(instant_date(patrol->at, SHANGHAI_OFFSET_MIN))),
               ON_SITE_FIELDS, &person);
    if (found != OK && found != NOT_FOUND)
        return found;
    if (found == NOT_FOUND)
        reject_clause(cx, "C3.1", arena_printf(cx->mem, "%s.person_id", prefix), "not_on_site");
    if (!rule)
        reject_clause(cx, "C3.1", arena_printf(cx->mem, "%s.rule_id", prefix), "not_on_list");
    else if (found == OK && rule->whom != WHOM_BOTH && KEEPS[rule->whom] != person.side)
        reject_clause(cx, "C3.1", arena_printf(cx->mem, "%s.rule_id", prefix), "not_for_them");
    finding->patrol_id = patrol->id;
    finding->contract_id = patrol->contract_id;
    finding->provider_id = patrol->provider_id;
    finding->client_id = patrol->client_id;
    finding->unit_id = patrol->unit_id;
    finding->side = person.side;
    finding->rule_text = rule ? rule->text : "";
    finding->person_name = person.name;
    finding->state = FINDING_OPEN;
    return OK;
}

enum result patrol_find(struct ctx *cx, const struct patrol *patrol,
                        struct patrol_finding *findings, size_t count)
{
    struct site_rule *rules;
    size_t rule_count;
    if (!same_day(cx, patrol->at))
        return fail(cx, CONFLICT, "patrol.over");
    if (!patrol_is_open(cx, patrol))
        return fail(cx, FORBIDDEN, "patrol.not_yours");
    TRY(check_list(cx, patrol->contract_id, &rules, &rule_count));
    for (size_t i = 0; i < count; i++)
        TRY(finding_complete(cx, patrol, rule_of(rules, rule_count, findings[i].rule_id), i,
                             &findings[i]));
    TRY(rejected(cx));
    for (size_t i = 0; i < count; i++) {
        TRY(record_add(cx, &PATROL_FINDINGS, &findings[i]));
        TRY(tell_found(cx, &findings[i]));
    }
    return OK;
}

/* ---- what becomes of it ---- */

/* The client's contact takes note for the client; where none is named, its manager of the business.
 */
static enum result demand_acknowledger(struct ctx *cx, const struct patrol_finding *finding)
{
    const struct actor *actor = cx->actor;
    struct contract contract;
    if (finding->state != FINDING_OPEN)
        return fail(cx, CONFLICT, "finding.wrong_state", finding->person_name);
    if (actor->side != finding->side)
        return fail(cx, FORBIDDEN, "finding.other_side");
    TRY(record_get(cx, &CONTRACTS, finding->contract_id, &contract));
    if (finding->side == SIDE_CLIENT)
        return actor->person_id == contract.contact_id ||
                       (!contract.contact_id && actor->roles.bits << 1 & R(CLIENT))
                   ? OK
                   : fail(cx, FORBIDDEN, "finding.contact_only", contract.contact_name);
    struct patrol patrol;
    TRY(record_get(cx, &PATROLS, finding->patrol_id, &patrol));
    return actor->person_id == patrol.patroller_id ? fail(cx, FORBIDDEN, "finding.own") : OK;
}

bool finding_is_acknowledgeable(struct ctx *cx, const struct patrol_finding *finding)
{
    struct fault kept = fault_take(cx);
    const bool may = demand_acknowledger(cx, finding) == OK;
    cx->fault = kept;
    return may;
}

enum result finding_acknowledge(struct ctx *cx, const struct patrol_finding *finding,
                                const char *answer)
{
    struct patrol_finding after = *finding;
    TRY(demand_acknowledger(cx, finding));
    check_words(cx, "answer", answer, WORDS_MOST);
    TRY(rejected(cx));
    after.answer = answer;
    after.acknowledged_at = cx->now;
    after.acknowledged_by_id = cx->actor->person_id;
    after.state = FINDING_ACKNOWLEDGED;
    return record_change(cx, &PATROL_FINDINGS, "acknowledge", finding, &after);
}

enum result finding_violation(struct ctx *cx, const struct patrol_finding *finding,
                              int64_t conduct_rule_id, int64_t *out_id)
{
    struct patrol_finding after = *finding;
    struct site_rule rule;
    if (finding->side != SIDE_PROVIDER)
        return fail(cx, CONFLICT, "finding.clients_person", finding->person_name);
    if (finding->violation_id)
        return fail(cx, CONFLICT, "finding.has_violation", finding->person_name);
    TRY(record_get(cx, &SITE_RULES, finding->rule_id, &rule));
    struct violation violation = {
        .contract_id = finding->contract_id,
        .person_id = finding->person_id,
        .rule_id = conduct_rule_id ? conduct_rule_id : rule.conduct_rule_id,
        .at = finding->at,
        .fact = *finding->words ? finding->words : finding->rule_text,
        .finding_id = finding->id,
    };
    if (!violation.rule_id) {
        reject_clause(cx, "C3.2", "rule_id", "required");
        return rejected(cx);
    }
    TRY(record_add(cx, &VIOLATIONS, &violation));
    *out_id = after.violation_id = violation.id;
    return record_change(cx, &PATROL_FINDINGS, "record_violation", finding, &after);
}

enum result judge_acknowledgement(struct ctx *cx, const void *record, struct duty *duty,
                                  enum owing *out)
{
    const struct patrol_finding *finding = record;
    struct contract contract;
    const bool by_client = finding->side == SIDE_CLIENT;
    *out = OWING_MET;
    if (finding->state != FINDING_OPEN)
        return OK;
    TRY(record_get(cx, &CONTRACTS, finding->contract_id, &contract));
    *out = OWING_DUTY;
    duty->title = arena_printf(cx->mem, "%s · %s", finding->person_name, finding->rule_text);
    duty->contract_id = finding->contract_id;
    duty->organisation_id = by_client ? finding->client_id : finding->provider_id;
    duty->unit_id = by_client ? finding->unit_id : 0;
    duty->owner_side = finding->side;
    duty->internal = !by_client;
    duty->owner_role = ROLES[(by_client ? ROLE_CLIENT : ROLE_SUPERVISOR) - 1];
    duty->owner_id = by_client ? contract.contact_id : 0;
    duty->due_at = due_of(cx, &SITE_DUTIES[DUTY_ACKNOWLEDGE], finding->created_at);
    return OK;
}
