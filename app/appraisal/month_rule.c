/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How the parties read "before the 2nd of each month" (C2.4), and how they agree on it. */
#include "app/appraisal/month.h"

#include "app/appraisal/appraisal.sql.h"
#include "app/duties/calendar_day.h"
#include "base/texts.h"

#define LATEST_DAY 28

static const struct field RULE_FIELDS[] = {
    RECORD_FIELDS(month_rule),
    FIELD_REF(month_rule, contract_id, "contracts", .use = FILTERED | NO_DIFF),
    FIELD(month_rule, contract_name, .column = "c.name", .use = LISTED),
    FIELD(month_rule, from_month, .use = LISTED),
    FIELD(month_rule, evidence_day, .use = LISTED, .clause = "C2.4"),
    FIELD(month_rule, inclusive, .use = LISTED, .clause = "C2.4"),
    FIELD(month_rule, rolls_over, .use = LISTED, .clause = "C2.4"),
    FIELD(month_rule, appeal_days, .use = LISTED, .clause = "X4"),
    FIELD_REF(month_rule, letter_id, "letters"),
    FIELD(month_rule, letter_number, .column = "COALESCE(l.number, '')", .use = LISTED),
    FIELDS_END,
};

const struct resource MONTH_RULES = {
    .name = "month_rules",
    .clause = "C2.4",
    .fields = RULE_FIELDS,
    .size = sizeof(struct month_rule),
    .joins = "JOIN contracts c ON c.id = t.contract_id LEFT JOIN letters l ON l.id = t.letter_id",
    .title = "contract_name",
    .sort = "-id",
    .parent = &CONTRACTS,
    .parent_field = "contract_id",
};

enum result month_rule_for(struct ctx *cx, int64_t contract_id, struct month month,
                           struct month_rule *out)
{
    int64_t id;
    *out = (struct month_rule){.contract_id = contract_id,
                               .evidence_day = 2,
                               .inclusive = true,
                               .rolls_over = false,
                               .appeal_days = 3};
    fields_blank(RULE_FIELDS, out);
    TRY(db_int(cx, &q_month_rule_for, PARAMS(P(contract_id), P(month)), &id));
    return id ? record_get(cx, &MONTH_RULES, id, out) : OK;
}

struct instant month_evidence_by(struct ctx *cx, const struct month_rule *rule, struct month month)
{
    const struct due_rule due = {.kind = rule->inclusive ? DUE_ON_MONTH_DAY : DUE_BEFORE_MONTH_DAY,
                                 .count = rule->evidence_day,
                                 .months = 1,
                                 .roll = rule->rolls_over ? DUE_NEXT_WORKING_DAY : DUE_KEEP};
    return calendar_due(cx, &due, instant_of(month_first(month), 0, SHANGHAI_OFFSET_MIN));
}

/* ---- agreed by letter ---- */

struct rule_line {
    struct month from_month;
    int32_t evidence_day;
    bool inclusive, rolls_over;
    int32_t appeal_days;
};
static const struct field LINE_FIELDS[] = {
    FIELD(rule_line, from_month, .in = MUST, .use = LISTED),
    FIELD(rule_line, evidence_day, .in = MUST, .min = 1, .max = LATEST_DAY, .use = LISTED,
          .clause = "C2.4"),
    FIELD(rule_line, inclusive, .in = MAY, .use = LISTED, .clause = "C2.4"),
    FIELD(rule_line, rolls_over, .in = MAY, .use = LISTED, .clause = "C2.4"),
    FIELD(rule_line, appeal_days, .in = MUST, .min = 1, .max = 10, .use = LISTED, .clause = "X4"),
    FIELDS_END,
};

/* From a month on that has not begun: nobody's time gets shorter while it runs. */
static enum result rule_check(struct ctx *cx, const struct letter *letter, const void *lines,
                              size_t count)
{
    const struct rule_line *line = lines;
    const struct month now = month_of(instant_date(cx->now, SHANGHAI_OFFSET_MIN));
    (void)letter;
    if (count != 1)
        reject_clause(cx, "C2.4", "lines", "one_reading");
    else if (line->from_month.months <= now.months)
        reject_clause(cx, "C2.4", "lines.0.from_month", "month_begun");
    return OK;
}

static enum result rule_execute(struct ctx *cx, const struct letter *letter, const void *lines,
                                size_t count, const char **out_answer)
{
    const struct rule_line *line = lines;
    char month[MONTH_MAX_TEXT];
    (void)count;
    struct month_rule rule = {.contract_id = letter->contract_id,
                              .from_month = line->from_month,
                              .evidence_day = line->evidence_day,
                              .inclusive = line->inclusive,
                              .rolls_over = line->rolls_over,
                              .appeal_days = line->appeal_days,
                              .letter_id = letter->id};
    fields_blank(RULE_FIELDS, &rule);
    month_format(line->from_month, month);
    *out_answer = texts_fill(cx->mem, "month_rules.answer", LANG_ZH,
                             (const char *const[]){month, NULL, NULL});
    return record_add(cx, &MONTH_RULES, &rule);
}

const struct letter_type LETTER_MONTH_RULES = {
    .name = "month_rules",
    .clause = "C2.4",
    .prefix = "月考",
    .from = 1u << SIDE_CLIENT | 1u << SIDE_PROVIDER,
    .service = SERVICE_OUTBOUND_CALL,
    .line_fields = LINE_FIELDS,
    .line_size = sizeof(struct rule_line),
    .needs_lines = true,
    .check = rule_check,
    .execute = rule_execute,
    .decide = {.kind = DUE_WORKING_DAYS, .count = 5},
    .execute_in = {.kind = DUE_WORKING_DAYS, .count = 1},
};
