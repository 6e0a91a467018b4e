/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/standards/division_rule.h"

#include "app/standards/division_rule.sql.h"
#include "app/standards/standard_private.h"

#include <string.h>

#define PART_MOST 5000
#define M2_MOST 10000000

const char *const CATEGORIES[] = {"qualification", "personnel", "equipment", "process",
                                  "result",        "safety",    "records",   NULL};
static const char *const STATES[] = {"draft", "filed", "received", "retired", NULL};

/* A part that V6.1.1 asks for. */
#define PART(member)                                                                               \
    FIELD(division_rule, member, .in = MAY, .max = PART_MOST, .use = LONG_TEXT | SIGNED,           \
          .clause = "V6.1.1")
#define M2(member)                                                                                 \
    FIELD(division_rule, member, .in = MAY, .max = M2_MOST, .use = SIGNED, .clause = "V6.1.2.2")

static const struct field RULE_FIELDS[] = {
    RECORD_FIELDS(division_rule),
    FIELD(division_rule, name, .in = MUST, .max = 80, .use = LISTED | SIGNED),
    FIELD_REF(division_rule, organisation_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(division_rule, unit_id, "units", .in = MUST, .use = FIXED | FILTERED,
              .among = "kind=division,subsidiary,headquarters", .clause = "V3.4"),
    FIELD(division_rule, unit_name, .column = "u.name", .use = LISTED | SIGNED),
    FIELD(division_rule, revision, .use = LISTED | SIGNED),
    FIELD_REF(division_rule, former_id, "division_rules"),
    FIELD(division_rule, from, .in = MUST, .use = LISTED | SIGNED),
    FIELD(division_rule, to, .use = LISTED),
    PART(contracting),
    PART(standards),
    PART(evaluation),
    PART(assessment),
    FIELD_CHOICES(division_rule, mandatory, CATEGORIES, .in = MAY, .use = SIGNED,
                  .clause = "V6.1.2.3"),
    M2(m2_cleaning),
    M2(m2_greening),
    M2(m2_pest_control),
    M2(m2_engineering),
    FIELD_REF(division_rule, author_id, "people", .use = NO_DIFF),
    FIELD(division_rule, author_name),
    FIELD_REF(division_rule, filer_id, "people", .use = NO_DIFF),
    FIELD(division_rule, filed_by),
    FIELD(division_rule, filed_at, .use = LISTED),
    FIELD(division_rule, year, .use = HIDDEN),
    FIELD(division_rule, serial, .use = HIDDEN),
    FIELD(division_rule, receipt, .use = LISTED),
    FIELD(division_rule, received_by),
    FIELD(division_rule, received_at),
    FIELD(division_rule, sha256),
    FIELD_ENUM(division_rule, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

enum result division_rule_wrong_state(struct ctx *cx, const struct division_rule *rules)
{
    return fail(cx, CONFLICT, "division_rule.wrong_state", rules->name,
                state_name(cx, &DIVISION_RULES, STATES, rules->state));
}

/* Whoever writes rules for a unit: a division, a subsidiary, or the company for all of them. */
static bool writes_rules(enum unit_kind kind)
{
    return kind == UNIT_DIVISION || kind == UNIT_SUBSIDIARY || kind == UNIT_HEADQUARTERS;
}

static enum result begin(struct ctx *cx, struct division_rule *rules)
{
    struct unit unit;
    int64_t draft;
    if (!rules->unit_id)
        return OK; /* refused as required */
    TRY(record_get(cx, &UNITS, rules->unit_id, &unit));
    if (!writes_rules(unit.kind))
        reject_clause(cx, "V3.4", "unit_id", "writes_no_rules", unit.name);
    TRY(db_int(cx, &q_division_rule_draft, PARAMS(P(rules->unit_id)), &draft));
    if (draft)
        reject_clause(cx, "V3.4", "unit_id", "rules_drafted", unit.name);
    if (!rules->mandatory.bits)
        rules->mandatory.bits = CATEGORY_ALL;
    if (!rules->revision)
        rules->revision = 1;
    rules->organisation_id = unit.organisation_id;
    rules->author_id = cx->actor->person_id;
    rules->author_name = cx->actor->person_name;
    rules->state = RULES_DRAFT;
    return OK;
}

/* The regulation itself names these two (V6.1.2.3); the others are the division's to choose. */
static void check_mandatory(struct ctx *cx, const struct division_rule *rules)
{
    const uint64_t least = UINT64_C(1) << CATEGORY_QUALIFICATION | UINT64_C(1)
                                                                       << CATEGORY_PERSONNEL;
    if ((rules->mandatory.bits & least) != least)
        reject_clause(cx, "V6.1.2.3", "mandatory", "categories_least");
}

/* What was filed never changes but in its state and its end. */
static enum result rule_check(struct ctx *cx, void *record, const void *former)
{
    struct division_rule *rules = record;
    const struct division_rule *before = former;
    if (!before)
        TRY(begin(cx, rules));
    else if (before->state != RULES_DRAFT && rules->state == before->state)
        return division_rule_wrong_state(cx, before);
    check_mandatory(cx, rules);
    return OK;
}

static enum result rule_open(struct ctx *cx, const void *record)
{
    const struct division_rule *rules = record;
    return !rules->id || rules->state == RULES_DRAFT ? OK : division_rule_wrong_state(cx, rules);
}

static enum result rule_attach(struct ctx *cx, int64_t id)
{
    struct division_rule rules;
    TRY(record_get(cx, &DIVISION_RULES, id, &rules));
    return rule_open(cx, &rules);
}

/* All of the company read them, whatever their unit: they are guided from above and followed below.
 */
const struct resource DIVISION_RULES = {
    .name = "division_rules",
    .clause = "V3.4",
    .fields = RULE_FIELDS,
    .size = sizeof(struct division_rule),
    .joins = "JOIN units u ON u.id = t.unit_id",
    .title = "name",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@organisation_id = :org"},
    .unit = "unit_id",
    .beyond_units = "@organisation_id = :org AND @state <> 'draft'",
    .check = rule_check,
    .open = rule_open,
    .attach = rule_attach,
    .most = 50,
};

/* ---- which hold ---- */

enum result division_rule_for(struct ctx *cx, int64_t unit_id, struct date day,
                              struct division_rule *out)
{
    struct list list;
    int64_t id;
    TRY(db_int(cx, &q_division_rule_for, PARAMS(P(unit_id), P(day)), &id));
    if (!id)
        return fail(cx, NOT_FOUND, "division_rule.none_for");
    TRY(record_select(cx, &DIVISION_RULES, "one", "t.id = $1", PARAMS(P(id)), &list));
    memcpy(out, list.rows, sizeof *out);
    return OK;
}

int32_t division_rule_persons(const struct division_rule *rules, enum service service,
                              int32_t size_m2)
{
    const int32_t enough[] = {
        [SERVICE_ENGINEERING] = rules ? rules->m2_engineering : 0,
        [SERVICE_CLEANING] = rules ? rules->m2_cleaning : 0,
        [SERVICE_GREENING] = rules ? rules->m2_greening : 0,
        [SERVICE_PEST_CONTROL] = rules ? rules->m2_pest_control : 0,
    };
    const bool known = service && (size_t)service < sizeof enough / sizeof enough[0];
    const int32_t m2 = known ? enough[service] : 0;
    return m2 && size_m2 > m2 ? (size_m2 + m2 - 1) / m2 : 1;
}
