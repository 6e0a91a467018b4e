/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/gate/call_rule.h"

#include "app/gate/directory.sql.h"
#include "app/gate/gate_private.h"
#include "app/notices/notice_choice.h"

#include <string.h>

/* The company's own usual (企业内控): no law says these hours and numbers. */
#define USUAL_FROM "09:00"
#define USUAL_TO "20:30"
#define USUAL_PER_DAY 2
#define USUAL_PER_WEEK 3
#define USUAL_BASIS "企业内控"

static const struct field CALL_RULE_FIELDS[] = {
    CLIENT_RULE_FIELDS(call_rule),
    FIELD(call_rule, hours_from, .in = MUST, .max = 5, .use = LISTED, .valid = time_of_day_valid),
    FIELD(call_rule, hours_to, .in = MUST, .max = 5, .use = LISTED, .valid = time_of_day_valid),
    FIELD(call_rule, working_days_only, .in = MAY, .use = LISTED),
    FIELD(call_rule, per_day, .in = MAY, .min = 0, .max = PER_MOST, .use = LISTED),
    FIELD(call_rule, per_week, .in = MAY, .min = 0, .max = PER_MOST, .use = LISTED),
    FIELD(call_rule, max_s, .in = MUST, .min = 30, .max = USUAL_MAX_S),
    FIELD(call_rule, record, .in = MAY, .use = LISTED),
    FIELD(call_rule, consent_required, .in = MAY, .use = LISTED),
    FIELD(call_rule, gated_from, .in = MAY, .use = LISTED, .clause = "C1.2"),
    FIELD(call_rule, basis, .in = MUST, .max = 200, .use = LISTED),
    FIELDS_END,
};

void call_rule_begin(struct call_rule *rule)
{
    rule->hours_from = USUAL_FROM;
    rule->hours_to = USUAL_TO;
    rule->per_day = USUAL_PER_DAY;
    rule->per_week = USUAL_PER_WEEK;
    rule->max_s = USUAL_MAX_S;
    rule->record = true;
    rule->basis = USUAL_BASIS;
}

static enum result call_rule_check(struct ctx *cx, void *record, const void *before)
{
    struct call_rule *rule = record;
    int64_t known;
    if (!before)
        TRY(client_rule_whose(cx, (struct client_rule *)record));
    if (strcmp(rule->hours_from, rule->hours_to) >= 0)
        reject(cx, "hours_to", "before_opening");
    if (rule->per_week && rule->per_week < rule->per_day)
        reject(cx, "per_week", "less_than_day");
    TRY(db_int(cx, &q_call_rule_of,
               PARAMS(P(rule->organisation_id), param_number(rule->contract_id)), &known));
    if (known && known != rule->id)
        reject(cx, "contract_id", "taken");
    return OK;
}

const struct resource CALL_RULES = {
    .name = "call_rules",
    .clause = "C1.2",
    .fields = CALL_RULE_FIELDS,
    .size = sizeof(struct call_rule),
    CLIENT_RULE_RESOURCE,
    .check = call_rule_check,
};
