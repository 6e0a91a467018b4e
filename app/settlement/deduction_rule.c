/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* By which functions money is taken off a contract's fee, and how both sides agree on it. */
#include "app/settlement/settlement.h"

#include "app/settlement/settlement.sql.h"
#include "base/texts.h"

#include <string.h>

#define FREE_MOST 99
#define FACTOR_MOST 10
#define PERCENT_MOST 10000
#define POINTS_MOST 100000
#define AMOUNT_MOST (10 * 1000 * 1000 * INT64_C(100))

static const struct field RULE_FIELDS[] = {
    RECORD_FIELDS(deduction_rule),
    FIELD_REF(deduction_rule, contract_id, "contracts", .use = FILTERED | NO_DIFF),
    FIELD(deduction_rule, contract_name, .column = "c.name", .use = LISTED),
    FIELD(deduction_rule, from_month, .use = LISTED),
    FIELD(deduction_rule, place),
    FIELD(deduction_rule, name, .use = LISTED),
    FIELD(deduction_rule, term, .use = LISTED),
    FIELD_ENUM(deduction_rule, function, DEDUCT_FUNCTIONS, .use = LISTED),
    FIELD_ENUM(deduction_rule, rests_on, DEDUCT_TRIGGERS, .use = LISTED),
    FIELD(deduction_rule, line),
    FIELD(deduction_rule, share),
    FIELD(deduction_rule, step),
    FIELD(deduction_rule, rate_fen),
    FIELD(deduction_rule, most_fen),
    FIELD(deduction_rule, free),
    FIELD(deduction_rule, factor),
    FIELD_REF(deduction_rule, letter_id, "letters"),
    FIELD(deduction_rule, letter_number, .column = "COALESCE(l.number, '')", .use = LISTED),
    FIELDS_END,
};

const struct resource DEDUCTION_RULES = {
    .name = "deduction_rules",
    .clause = "V3.3",
    .fields = RULE_FIELDS,
    .size = sizeof(struct deduction_rule),
    .joins = "JOIN contracts c ON c.id = t.contract_id LEFT JOIN letters l ON l.id = t.letter_id",
    .title = "name",
    .sort = "-id",
    .parent = &CONTRACTS,
    .parent_field = "contract_id",
};

struct deduct_terms rule_terms(const struct deduction_rule *rule)
{
    return (struct deduct_terms){.function = rule->function,
                                 .line = rule->line,
                                 .share = rule->share,
                                 .step = rule->step,
                                 .rate = rule->rate_fen,
                                 .most = rule->most_fen,
                                 .free = rule->free,
                                 .factor = rule->factor};
}

enum result deduction_rules_for(struct ctx *cx, int64_t contract_id, struct month month,
                                struct deduction_rule **out, size_t *out_count)
{
    struct list list;
    TRY(record_select(cx, &DEDUCTION_RULES, "for_month",
                      "t.contract_id = $1 AND t.letter_id = (SELECT x.letter_id FROM "
                      "deduction_rules x WHERE x.contract_id = $1 AND x.from_month <= $2 "
                      "ORDER BY x.from_month DESC, x.letter_id DESC LIMIT 1) "
                      "ORDER BY t.place, t.id",
                      PARAMS(P(contract_id), P(month)), &list));
    *out = list.rows;
    *out_count = list.count;
    return OK;
}

/* ---- agreed by letter ---- */

struct rule_line {
    struct month from_month;
    const char *name, *term;
    enum deduct_function function;
    enum deduct_trigger rests_on;
    struct points line, share, step;
    struct money rate_fen, most_fen;
    int32_t free, factor;
};
static const struct field LINE_FIELDS[] = {
    FIELD(rule_line, from_month, .in = MUST, .use = LISTED),
    FIELD(rule_line, name, .in = MUST, .max = 60, .use = LISTED),
    FIELD(rule_line, term, .in = MUST, .max = 20, .use = LISTED, .clause = "V3.3"),
    FIELD_ENUM(rule_line, function, DEDUCT_FUNCTIONS, .in = MUST, .use = LISTED, .clause = "V3.3"),
    FIELD_ENUM(rule_line, rests_on, DEDUCT_TRIGGERS, .in = MUST, .use = LISTED),
    FIELD(rule_line, line, .in = MAY, .max = POINTS_MOST, .use = LISTED),
    FIELD(rule_line, share, .in = MAY, .max = PERCENT_MOST, .use = LISTED),
    FIELD(rule_line, step, .in = MAY, .max = PERCENT_MOST, .use = LISTED),
    FIELD(rule_line, rate_fen, .in = MAY, .max = AMOUNT_MOST, .use = LISTED),
    FIELD(rule_line, most_fen, .in = MAY, .max = AMOUNT_MOST, .use = LISTED),
    FIELD(rule_line, free, .in = MAY, .max = FREE_MOST, .use = LISTED),
    FIELD(rule_line, factor, .in = MAY, .max = FACTOR_MOST, .use = LISTED),
    FIELDS_END,
};

static enum result check_term(struct ctx *cx, const struct letter *letter,
                              const struct rule_line *line, const char *prefix)
{
    int64_t term;
    TRY(contract_term(cx, letter->contract_id, line->term, &term));
    if (!term)
        reject_clause(cx, "V3.3", arena_printf(cx->mem, "%sterm", prefix), "no_such_term",
                      line->term);
    return OK;
}

/* All from one month on that has not begun, each resting on a term of the contract. */
static enum result rules_check(struct ctx *cx, const struct letter *letter, const void *rows,
                               size_t count)
{
    const struct rule_line *lines = rows;
    const struct month now = month_of(instant_date(cx->now, SHANGHAI_OFFSET_MIN));
    int caps = 0;
    if (count > DEDUCTION_RULES_MOST)
        reject_clause(cx, "V3.3", "lines", "too_many_rules",
                      arena_printf(cx->mem, "%d", DEDUCTION_RULES_MOST));
    for (size_t i = 0; i < count; i++) {
        const struct rule_line *line = &lines[i];
        const char *prefix = arena_printf(cx->mem, "lines.%zu.", i);
        const struct deduct_terms terms = {line->function, line->line,     line->share,
                                           line->step,     line->rate_fen, line->most_fen,
                                           line->free,     line->factor};
        const char *month = arena_printf(cx->mem, "%sfrom_month", prefix);
        if (line->from_month.months <= now.months)
            reject_clause(cx, "V3.3", month, "month_begun");
        else if (line->from_month.months != lines[0].from_month.months)
            reject_clause(cx, "V3.3", month, "one_month");
        if (!deduct_may_rest_on(line->function, line->rests_on))
            reject_clause(cx, "V3.3", arena_printf(cx->mem, "%srests_on", prefix), "wrong_trigger");
        caps += line->function == DEDUCT_CAP;
        if (caps > 1)
            reject_clause(cx, "V3.3", arena_printf(cx->mem, "%sfunction", prefix), "one_cap");
        deduct_check(cx, &terms, prefix);
        TRY(check_term(cx, letter, line, prefix));
    }
    return OK;
}

static enum result rules_execute(struct ctx *cx, const struct letter *letter, const void *rows,
                                 size_t count, const char **out_answer)
{
    const struct rule_line *lines = rows;
    char month[MONTH_MAX_TEXT];
    for (size_t i = 0; i < count; i++) {
        struct deduction_rule rule = {.contract_id = letter->contract_id,
                                      .from_month = lines[i].from_month,
                                      .place = (int32_t)i + 1,
                                      .name = lines[i].name,
                                      .term = lines[i].term,
                                      .function = lines[i].function,
                                      .rests_on = lines[i].rests_on,
                                      .line = lines[i].line,
                                      .share = lines[i].share,
                                      .step = lines[i].step,
                                      .rate_fen = lines[i].rate_fen,
                                      .most_fen = lines[i].most_fen,
                                      .free = lines[i].free,
                                      .factor = lines[i].factor,
                                      .letter_id = letter->id};
        fields_blank(RULE_FIELDS, &rule);
        TRY(record_add(cx, &DEDUCTION_RULES, &rule));
    }
    month_format(lines[0].from_month, month);
    *out_answer = texts_fill(cx->mem, "deduction_rules.answer", LANG_ZH,
                             (const char *const[]){month, NULL, NULL});
    return OK;
}

const struct letter_type LETTER_DEDUCTION_RULES = {
    .name = "deduction_rules",
    .clause = "V3.3",
    .prefix = "扣款",
    .from = 1u << SIDE_CLIENT | 1u << SIDE_PROVIDER,
    .line_fields = LINE_FIELDS,
    .line_size = sizeof(struct rule_line),
    .needs_lines = true,
    .check = rules_check,
    .execute = rules_execute,
    .decide = {.kind = DUE_WORKING_DAYS, .count = 5},
    .execute_in = {.kind = DUE_WORKING_DAYS, .count = 1},
};
