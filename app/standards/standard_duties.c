/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Divisions owe their rules, the operations centre their receipt (V3.4); a project owes a standard
 * that covers the terms of each contract in force (V3.5, V6.1.2.1). */
#include "app/standards/division_rule.sql.h"
#include "app/standards/standard.sql.h"
#include "app/standards/standard_private.h"

enum { FILE_RULES, RECEIVE_RULES, WRITE_STANDARD };

static void owed_by(int64_t organisation_id, int64_t unit_id, enum role role, const char *title,
                    struct duty *duty)
{
    duty->organisation_id = organisation_id;
    duty->unit_id = unit_id;
    duty->owner_side = SIDE_CLIENT;
    duty->owner_role = ROLES[role - 1];
    duty->title = title;
}

static struct date today(const struct ctx *cx)
{
    return instant_date(cx->now, SHANGHAI_OFFSET_MIN);
}

/* Once a project under it has a contract in force. Rules of the company hold until it has its own.
 */
static enum result judge_filing(struct ctx *cx, const void *record, struct duty *duty,
                                enum owing *out)
{
    const struct unit *unit = record;
    struct division_rule rules;
    struct instant since;
    if (unit->kind != UNIT_DIVISION && unit->kind != UNIT_SUBSIDIARY)
        return OK;
    TRY(db_int(cx, &q_division_since, PARAMS(P(unit->id)), &since.ms));
    if (!since.ms)
        return OK;
    const enum result found = division_rule_for(cx, unit->id, today(cx), &rules);
    if (found != OK && found != NOT_FOUND)
        return found;
    (void)fault_take(cx);
    *out = found == OK ? OWING_MET : OWING_DUTY;
    owed_by(unit->organisation_id, unit->id, ROLE_DIVISION, unit->name, duty);
    duty->due_at = due_of(cx, &STANDARD_DUTIES[FILE_RULES], since);
    return OK;
}

static enum result judge_receipt(struct ctx *cx, const void *record, struct duty *duty,
                                 enum owing *out)
{
    const struct division_rule *rules = record;
    if (rules->state == RULES_DRAFT)
        return OK;
    *out = rules->state == RULES_FILED ? OWING_DUTY : OWING_MET;
    owed_by(rules->organisation_id, 0, ROLE_OPS, rules->name, duty);
    duty->due_at = due_of(cx, &STANDARD_DUTIES[RECEIVE_RULES], rules->filed_at);
    return OK;
}

static enum result judge_standard(struct ctx *cx, const void *record, struct duty *duty,
                                  enum owing *out)
{
    const struct contract *contract = record;
    int64_t standard, uncovered;
    struct instant since;
    if (contract->kind != CONTRACT_CONTINUOUS || contract->state != CONTRACT_ACTIVE ||
        !service_is_inspected(contract->service))
        return OK;
    TRY(db_int(cx, &q_standard_of_contract, PARAMS(P(contract->id), P(today(cx))), &standard));
    TRY(db_int(cx, &q_standard_uncovered, PARAMS(P(contract->id), P(today(cx))), &uncovered));
    *out = standard && !uncovered ? OWING_MET : OWING_DUTY;
    owed_by(contract->client_id, contract->unit_id, ROLE_PM,
            arena_printf(cx->mem, "%s · %s", contract->name, contract->number), duty);
    duty->contract_id = contract->id;
    TRY(db_int(cx, &q_standard_owed_since, PARAMS(P(contract->id), P(today(cx))), &since.ms));
    duty->due_at = due_of(cx, &STANDARD_DUTIES[WRITE_STANDARD], since);
    return OK;
}

const struct duty_rule STANDARD_DUTIES[] = {
    [FILE_RULES] = {"file_rules",
                    "V3.4",
                    &UNITS,
                    judge_filing,
                    {.kind = DUE_WORKING_DAYS, .count = 20},
                    .also = &CONTRACTS,
                    .also_ids = &q_divisions_of_contract},
    [RECEIVE_RULES] = {"receive_rules",
                       "V3.4",
                       &DIVISION_RULES,
                       judge_receipt,
                       {.kind = DUE_WORKING_DAYS, .count = 3}},
    [WRITE_STANDARD] = {"write_standard",
                        "V3.5",
                        &CONTRACTS,
                        judge_standard,
                        {.kind = DUE_WORKING_DAYS, .count = 10},
                        .also = &STANDARDS,
                        .also_ids = &q_contracts_of_standard},
    DUTY_RULES_END,
};
