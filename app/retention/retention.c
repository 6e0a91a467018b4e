/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rules and holds: how long, and what stops it. */
#include "app/retention/retention.h"

#include "app/retention/retention.sql.h"

const char *const RETENTION_KINDS[] = {"calls", "recordings", NULL};

/* The least is the ministry's (工信部, 2020). */
#define DAYS_LEAST 30
#define DAYS_MOST 3660

/* Where nobody wrote a rule. Pay follows from calls, and what pay follows from is kept two years.
 */
static const struct kept USUAL[] = {
    [RETAIN_CALLS] = {.days = 731, .basis = "《工资支付暂行规定》第六条：保存两年以上备查"},
    [RETAIN_RECORDINGS] = {.days = 183, .basis = "企业内控"},
};

/* ---- rules ---- */

static const struct field RULE_FIELDS[] = {
    CLIENT_RULE_FIELDS(retention_rule),
    FIELD_ENUM(retention_rule, kind, RETENTION_KINDS, .in = MUST, .use = FIXED | LISTED),
    FIELD(retention_rule, days, .in = MUST, .min = DAYS_LEAST, .max = DAYS_MOST, .use = LISTED),
    FIELD(retention_rule, basis, .in = MUST, .max = 200, .use = LISTED),
    FIELDS_END,
};

static enum result rule_check(struct ctx *cx, void *record, const void *before)
{
    struct retention_rule *rule = record;
    int64_t known;
    if (!before)
        TRY(client_rule_whose(cx, (struct client_rule *)record));
    TRY(db_int(cx, &q_retention_rule_of,
               PARAMS(P(choice_name(RETENTION_KINDS, rule->kind)), P(rule->organisation_id),
                      param_number(rule->contract_id)),
               &known));
    if (known && known != rule->id)
        reject(cx, "contract_id", "taken");
    return OK;
}

const struct resource RETENTION_RULES = {
    .name = "retention_rules",
    .clause = "C2.4",
    .fields = RULE_FIELDS,
    .size = sizeof(struct retention_rule),
    CLIENT_RULE_RESOURCE,
    .check = rule_check,
};

static const struct field KEPT_FIELDS[] = {FIELD(kept, rule_id), FIELD(kept, days),
                                           FIELD(kept, basis), FIELDS_END};

enum result retention_of(struct ctx *cx, enum retention_kind kind, int64_t contract_id,
                         struct kept *out)
{
    enum result there = db_one(
        cx, &q_retention_of,
        PARAMS(P(choice_name(RETENTION_KINDS, kind)), param_number(contract_id)), KEPT_FIELDS, out);
    if (there == NOT_FOUND)
        *out = USUAL[kind];
    return there == NOT_FOUND ? OK : there;
}

/* ---- holds ---- */

static const char *const HOLD_STATES[] = {"active", "released", NULL};

static const struct field HOLD_FIELDS[] = {
    RECORD_FIELDS(legal_hold),
    FIELD_REF(legal_hold, organisation_id, "organisations", .use = NO_DIFF),
    FIELD(legal_hold, organisation_name, .column = "o.name", .use = LISTED),
    FIELD_REF(legal_hold, contract_id, "contracts", .in = MAY, .use = FIXED | FILTERED,
              .among = "service=outbound_call"),
    FIELD(legal_hold, contract_number, .column = "COALESCE(c.number, '')"),
    FIELD(legal_hold, contract_name, .column = "COALESCE(c.name, '')", .use = LISTED),
    FIELD_REF(legal_hold, unit_id, "units", .use = NO_DIFF | HIDDEN),
    FIELD(legal_hold, from, .in = MAY, .use = LISTED | FIXED),
    FIELD(legal_hold, to, .in = MAY, .use = LISTED | FIXED),
    FIELD(legal_hold, reason, .in = MUST, .max = 500, .use = LISTED | LONG_TEXT | FIXED),
    FIELD(legal_hold, placed_by, .use = LISTED),
    FIELD_ENUM(legal_hold, state, HOLD_STATES, .use = LISTED | FILTERED),
    FIELD(legal_hold, release_reason, .use = LONG_TEXT),
    FIELDS_END,
};

/* A provider holds what was called for its clients by itself; the client's side below the centres
 * what was called on its contracts. */
static enum result hold_check(struct ctx *cx, void *record, const void *before)
{
    struct legal_hold *hold = record;
    const struct actor *actor = cx->actor;
    int64_t client_id;
    if (before)
        return OK;
    hold->state = HOLD_ACTIVE;
    hold->organisation_id = actor->is_system ? hold->organisation_id : actor->organisation_id;
    hold->placed_by = actor->person_name;
    if (hold->from.days && hold->to.days && hold->to.days < hold->from.days)
        reject(cx, "to", "before_start");
    if (hold->contract_id)
        return contract_owner(cx, hold->contract_id, &client_id, &hold->unit_id);
    if (!actor->is_system && !actor->sees_company)
        reject(cx, "contract_id", "required");
    return OK;
}

const struct resource LEGAL_HOLDS = {
    .name = "legal_holds",
    .clause = "X4",
    .fields = HOLD_FIELDS,
    .size = sizeof(struct legal_hold),
    .joins = "JOIN organisations o ON o.id = t.organisation_id "
             "LEFT JOIN contracts c ON c.id = t.contract_id",
    .title = "reason",
    .sort = "-id",
    .scope =
        {
            [SIDE_CLIENT] = "(@organisation_id = :org OR @contract_id IN (SELECT oc.id FROM "
                            "contracts oc WHERE oc.client_id = :org))",
            [SIDE_PROVIDER] = "(@organisation_id = :org OR @contract_id IN (SELECT pc.id FROM "
                              "contracts pc WHERE pc.provider_id = :org AND pc.state <> 'draft'))",
        },
    .unit = "unit_id",
    .beyond_units = "@contract_id IS NULL",
    .check = hold_check,
};

enum result retention_held(struct ctx *cx, int64_t contract_id, struct date from, struct date to,
                           int64_t *out_hold_id)
{
    return db_int(cx, &q_hold_over, PARAMS(param_number(contract_id), P(from), P(to)), out_hold_id);
}

enum result hold_release(struct ctx *cx, const struct legal_hold *hold, const char *reason)
{
    struct legal_hold after = *hold;
    if (!cx->actor->is_system && hold->organisation_id != cx->actor->organisation_id)
        return fail(cx, FORBIDDEN, "legal_hold.not_yours", hold->organisation_name);
    if (hold->state != HOLD_ACTIVE)
        return fail(cx, CONFLICT, "legal_hold.wrong_state");
    check_reason(cx, reason);
    TRY(rejected(cx));
    after.state = HOLD_RELEASED;
    after.release_reason = reason;
    return record_change(cx, &LEGAL_HOLDS, "release", hold, &after);
}

const struct right RETENTION_RIGHTS[] = {
    {"retention_rules.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "C2.4"},
    {"retention_rules.write", R(OPS) | R(CLIENT), "C2.4"},
    {"legal_holds.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "X4"},
    {"legal_holds.write", R(OPS) | R(CLIENT) | R(PROVIDER), "X4"},
    {"legal_holds.release", R(OPS) | R(CLIENT) | R(PROVIDER), "X4"},
    {"deletion_certificates.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "C2.4"},
    RIGHTS_END,
};
