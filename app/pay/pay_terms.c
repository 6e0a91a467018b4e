/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* By what people are paid: terms of each, rules of each contract, the minimum wage of a place. */
#include "app/pay/pay_private.h"

#include "app/pay/pay.sql.h"
#include "base/texts.h"

#include <string.h>

static const char *const METHODS[] = {"proportional", "banded", NULL};
static const char *const UNSCORED[] = {"full", "none", NULL};

#define AMOUNT_MOST (10 * 1000 * 1000 * INT64_C(100)) /* of a month: more is a slip of the pen */
#define LAWFUL_SHARE 2000 /* 20 %: Interim Provisions on Payment of Wages 16 */
#define SICK_FLOOR 8000   /* 80 %: Ministry of Labour [1995] 309, 59 */
/* 21.75: Ministry of Labour and Social Security [2008] 3; fewer would take more for a day */
#define MONTH_DAYS 2175

enum result pay_demand_unpaid(struct ctx *cx, int64_t provider_id, int64_t contract_id,
                              struct month month, const char *member)
{
    const char *paid;
    TRY(db_text(cx, &q_pay_approved_since,
                PARAMS(P(provider_id), param_number(contract_id), P(month)), &paid));
    if (*paid)
        reject_clause(cx, "C2.4", member, "paid_already", paid);
    return OK;
}

/* The provider that the actor works for, and of whom the record is. */
static void own_provider(struct ctx *cx, int64_t *provider_id)
{
    if (!*provider_id)
        *provider_id = cx->actor->organisation_id;
}

/* What was not said is as usual. */
static void usual_or_more(struct ctx *cx, struct points *value, int64_t usual, const char *member)
{
    char text[POINTS_MAX_TEXT];
    if (!value->hundredths)
        value->hundredths = usual;
    points_format((struct points){usual}, text);
    if (value->hundredths < usual)
        reject_clause(cx, "C2.3", member, "too_small", arena_dup(cx->mem, text));
}

/* ---- a person's terms ---- */

static const struct field TERMS_FIELDS[] = {
    RECORD_FIELDS(pay_terms),
    FIELD_REF(pay_terms, provider_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD(pay_terms, whose, .use = LISTED),
    FIELD_REF(pay_terms, person_id, "people", .in = MAY, .use = FIXED | FILTERED),
    FIELD_ENUM(pay_terms, job, JOBS, .in = MAY, .use = FIXED | FILTERED),
    FIELD(pay_terms, from_month, .in = MUST, .use = FIXED | LISTED),
    FIELD(pay_terms, base_fen, .in = MUST, .max = AMOUNT_MOST, .use = LISTED),
    FIELD(pay_terms, performance_base_fen, .in = MUST, .max = AMOUNT_MOST, .use = LISTED),
    FIELD(pay_terms, note, .in = MAY, .max = 200, .use = LISTED),
    FIELDS_END,
};

/* A person's own, or a job's. */
static enum result terms_begin(struct ctx *cx, struct pay_terms *terms)
{
    struct person person;
    if (!terms->person_id == !terms->job)
        return reject_clause(cx, "C2.4", "person_id", "person_or_job"), OK;
    if (terms->person_id) {
        TRY(record_get(cx, &PEOPLE, terms->person_id, &person));
        terms->provider_id = person.organisation_id;
        terms->whose = person.name;
        return OK;
    }
    own_provider(cx, &terms->provider_id);
    terms->whose =
        texts_get(arena_printf(cx->mem, "people.job.%s", choice_name(JOBS, terms->job)), LANG_ZH);
    return OK;
}

static enum result terms_check(struct ctx *cx, void *record, const void *before)
{
    struct pay_terms *terms = record;
    if (!before)
        TRY(terms_begin(cx, terms));
    return pay_demand_unpaid(cx, terms->provider_id, 0, terms->from_month, "from_month");
}

const struct resource PAY_TERMS = {
    .name = "pay_terms",
    .clause = "C2.4",
    .fields = TERMS_FIELDS,
    .size = sizeof(struct pay_terms),
    .title = "whose",
    .sort = "-id",
    .scope = {[SIDE_PROVIDER] = "@provider_id = :org"},
    .withheld = true,
    .check = terms_check,
};

/* ---- a contract's rules ---- */

static const struct field RULE_FIELDS[] = {
    RECORD_FIELDS(pay_rule),
    FIELD_REF(pay_rule, provider_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(pay_rule, contract_id, "contracts", .in = MUST, .use = FIXED | FILTERED,
              .among = "service=outbound_call", .clause = "C2.4"),
    FIELD(pay_rule, contract_name, .column = "c.name", .use = LISTED),
    FIELD_ENUM(pay_rule, subject, APPRAISED, .in = MUST, .use = FIXED | LISTED),
    FIELD(pay_rule, from_month, .in = MUST, .use = FIXED | LISTED),
    FIELD_ENUM(pay_rule, method, METHODS, .in = MUST, .use = LISTED),
    FIELD(pay_rule, bands, .in = MAY, .max = 200, .use = LISTED),
    FIELD_ENUM(pay_rule, unscored, UNSCORED, .in = MUST, .use = LISTED),
    FIELD(pay_rule, month_days, .in = MAY, .max = 3100, .clause = "C2.3"),
    FIELD(pay_rule, sick_share, .in = MAY, .max = 10000, .clause = "C2.3"),
    FIELD(pay_rule, region, .in = MUST, .max = 40, .use = LISTED),
    FIELD(pay_rule, note, .in = MAY, .max = 500, .use = LONG_TEXT),
    FIELDS_END,
};

static enum result rule_check(struct ctx *cx, void *record, const void *before)
{
    struct pay_rule *rule = record;
    struct contract contract;
    if (!before) {
        TRY(record_get(cx, &CONTRACTS, rule->contract_id, &contract));
        if (contract.service != SERVICE_OUTBOUND_CALL)
            reject_clause(cx, "C2.4", "contract_id", "not_outbound_call", contract.number);
        rule->provider_id = contract.provider_id;
    }
    usual_or_more(cx, &rule->month_days, MONTH_DAYS, "month_days");
    if (rule->method == PAY_BANDED && !pay_bands_valid(rule->bands))
        reject_clause(cx, "C2.4", "bands", "pay_bands_malformed");
    if (rule->method == PAY_PROPORTIONAL && *rule->bands)
        reject_clause(cx, "C2.4", "bands", "not_of_this_method");
    return pay_demand_unpaid(cx, rule->provider_id, rule->contract_id, rule->from_month,
                             "from_month");
}

const struct resource PAY_RULES = {
    .name = "pay_rules",
    .clause = "C2.4",
    .fields = RULE_FIELDS,
    .size = sizeof(struct pay_rule),
    .joins = "JOIN contracts c ON c.id = t.contract_id",
    .title = "contract_name",
    .sort = "-id",
    .scope = {[SIDE_PROVIDER] = "@provider_id = :org"},
    .withheld = true,
    .check = rule_check,
};

/* ---- minimum wages ---- */

static const struct field MINIMUM_FIELDS[] = {
    RECORD_FIELDS(minimum_wage),
    FIELD_REF(minimum_wage, provider_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD(minimum_wage, region, .in = MUST, .max = 40, .use = FIXED | LISTED),
    FIELD(minimum_wage, from_month, .in = MUST, .use = FIXED | LISTED),
    FIELD(minimum_wage, amount_fen, .in = MUST, .max = AMOUNT_MOST, .use = LISTED),
    FIELD(minimum_wage, deduction_share, .in = MUST, .max = LAWFUL_SHARE, .use = LISTED),
    FIELD(minimum_wage, sick_floor, .in = MAY, .max = 10000, .use = LISTED),
    FIELD(minimum_wage, basis, .in = MUST, .max = 200, .use = LISTED),
    FIELDS_END,
};

static enum result minimum_check(struct ctx *cx, void *record, const void *before)
{
    struct minimum_wage *wage = record;
    (void)before;
    own_provider(cx, &wage->provider_id);
    usual_or_more(cx, &wage->sick_floor, SICK_FLOOR, "sick_floor");
    if (wage->amount_fen.fen <= 0)
        reject(cx, "amount_fen", "too_small", "0.01");
    return pay_demand_unpaid(cx, wage->provider_id, 0, wage->from_month, "from_month");
}

const struct resource MINIMUM_WAGES = {
    .name = "minimum_wages",
    .clause = "C2.4",
    .fields = MINIMUM_FIELDS,
    .size = sizeof(struct minimum_wage),
    .title = "region",
    .sort = "-id",
    .scope = {[SIDE_PROVIDER] = "@provider_id = :org"},
    .withheld = true,
    .check = minimum_check,
};

#define R_PAY (R(PROVIDER) | R(DUTY))

const struct right PAY_RIGHTS[] = {
    {"pay_terms.read", R_PAY, "C2.4", true},
    {"pay_terms.write", R(PROVIDER), "C2.4"},
    {"pay_rules.read", R_PAY, "C2.4", true},
    {"pay_rules.write", R(PROVIDER), "C2.4"},
    {"minimum_wages.read", R_PAY, "C2.4"},
    {"minimum_wages.write", R(PROVIDER), "C2.4"},
    {"pay_entries.read", R_PROVIDER_SIDE | R(AGENT), "C2.4", true},
    {"pay_entries.write", R_PAY, "C2.4"},
    {"pay_entries.agree", R_PROVIDER_SIDE | R(AGENT), "C2.4"},
    {"pay_entries.approve", R(PROVIDER), "C2.4"},
    {"pay_sheets.read", R_PAY, "C2.4", true},
    {"pay_sheets.write", R_PAY, "C2.4"},
    {"pay_sheets.approve", R(PROVIDER), "C2.4"},
    {"pay_lines.read", R_PROVIDER_SIDE | R(AGENT), "C2.4", true},
    RIGHTS_END,
};
