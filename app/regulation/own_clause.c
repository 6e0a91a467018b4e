/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/regulation/own_clause.h"

#include "app/duties/duty.h"
#include "app/regulation/clauses.h"

#include <string.h>

#define RULES_MOST 64 /* a set has no more */

static const char *const STATES[] = {"draft", "in_force", "retired", NULL};
static const char *rule_names[RULES_MOST + 1];

void own_clauses_use(void)
{
    size_t count = 0;
    for (; duty_rule_at(count) && count < RULES_MOST; count++)
        rule_names[count] = duty_rule_at(count)->name;
    rule_names[count] = NULL;
}

/* It stands in addresses and in the order of the regulation. */
static bool number_valid(const char *text)
{
    return !strpbrk(text, " \t/?#");
}

static const struct field OWN_CLAUSE_FIELDS[] = {
    RECORD_FIELDS(own_clause),
    FIELD(own_clause, number, .in = MUST, .max = 20, .use = LISTED | SEARCHED,
          .valid = number_valid),
    FIELD(own_clause, title, .in = MUST, .max = 60, .use = LISTED | SEARCHED),
    FIELD(own_clause, text, .in = MUST, .max = 2000, .use = LISTED | LONG_TEXT),
    FIELD_ENUM(own_clause, parent, CLAUSE_IDS, .in = MUST, .use = LISTED),
    FIELD_CHOICES(own_clause, duty_rules, rule_names, .in = MAY, .use = LISTED),
    FIELD_ENUM(own_clause, state, STATES, .in = MAY, .use = LISTED | FILTERED),
    FIELD_REF(own_clause, organisation_id, "organisations", .use = FILTERED),
    FIELD(own_clause, organisation_name, .column = "o.name"),
    FIELD(own_clause, search_key, .use = HIDDEN),
    FIELDS_END,
};

static enum result own_clause_check(struct ctx *cx, void *record, const void *before)
{
    struct own_clause *clause = record;
    if (!before && !clause->organisation_id)
        clause->organisation_id = cx->actor->organisation_id;
    if (!clause->state)
        clause->state = OWN_CLAUSE_DRAFT;
    if (clause_words_of(clause->number))
        reject(cx, "number", "taken");
    if (clause->state == OWN_CLAUSE_IN_FORCE && !clause->duty_rules.bits)
        reject(cx, "duty_rules", "no_duty");
    return OK;
}

const struct resource OWN_CLAUSES = {
    .name = "own_clauses",
    .clause = "V1",
    .fields = OWN_CLAUSE_FIELDS,
    .size = sizeof(struct own_clause),
    .joins = "JOIN organisations o ON o.id = t.organisation_id",
    .title = "number",
    .sort = "id",
    .scope =
        {
            [SIDE_CLIENT] = "@organisation_id = :org",
            [SIDE_PROVIDER] =
                "@state = 'in_force' AND @organisation_id IN (SELECT c.client_id FROM contracts c "
                "WHERE c.provider_id = :org AND c.state <> 'draft')",
        },
    .check = own_clause_check,
};

const char *own_clause_duties(struct arena *arena, const struct own_clause *clause)
{
    struct text names = text_new(arena, 64);
    for (size_t i = 0; rule_names[i]; i++)
        if (clause->duty_rules.bits >> i & 1)
            text_printf(&names, "%s%s", names.len ? "," : "", rule_names[i]);
    return text_end(&names);
}
