/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A month's pay sheet: drafted from what was locked, approved by a second person. */
#include "app/pay/pay_private.h"

#include "app/appraisal/month.h"
#include "app/pay/pay.sql.h"
#include "base/doc.h"
#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

#define PEOPLE_MOST 20000
#define NAMED_MOST 20 /* of those who lack something */

static const char *const STATES[] = {"drafted", "approved", NULL};

static const struct field SHEET_FIELDS[] = {
    RECORD_FIELDS(pay_sheet),
    FIELD_REF(pay_sheet, provider_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(pay_sheet, month_id, "months", .in = MUST, .use = FIXED | FILTERED,
              .among = "state=locked", .clause = "C2.4"),
    FIELD(pay_sheet, month, .use = LISTED | FILTERED),
    FIELD_REF(pay_sheet, contract_id, "contracts", .use = FILTERED),
    FIELD(pay_sheet, contract_name, .column = "c.name", .use = LISTED),
    FIELD(pay_sheet, people, .use = LISTED),
    FIELD(pay_sheet, base_fen),
    FIELD(pay_sheet, performance_fen),
    FIELD(pay_sheet, adjustment_fen),
    FIELD(pay_sheet, made_up_fen),
    FIELD(pay_sheet, reward_fen),
    FIELD(pay_sheet, deducted_fen),
    FIELD(pay_sheet, total_fen, .use = LISTED),
    FIELD(pay_sheet, sha256),
    FIELD_REF(pay_sheet, drafter_id, "people"),
    FIELD(pay_sheet, drafter_name, .column = "COALESCE(d.name, '')", .use = LISTED),
    FIELD_REF(pay_sheet, approver_id, "people"),
    FIELD(pay_sheet, approver_name, .column = "COALESCE(a.name, '')", .use = LISTED),
    FIELD(pay_sheet, approved_at),
    FIELD_ENUM(pay_sheet, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

const struct resource PAY_SHEETS = {
    .name = "pay_sheets",
    .clause = "C2.4",
    .fields = SHEET_FIELDS,
    .size = sizeof(struct pay_sheet),
    .joins = "JOIN contracts c ON c.id = t.contract_id LEFT JOIN people d ON d.id = t.drafter_id "
             "LEFT JOIN people a ON a.id = t.approver_id",
    .title = "month",
    .sort = "-id",
    .scope = {[SIDE_PROVIDER] = "@provider_id = :org"},
};

static const struct field LINE_FIELDS[] = {
    RECORD_FIELDS(pay_line),
    FIELD_REF(pay_line, pay_sheet_id, "pay_sheets", .use = FILTERED),
    FIELD_REF(pay_line, provider_id, "organisations", .use = HIDDEN),
    FIELD(pay_line, month, .column = "s.month", .use = LISTED),
    FIELD_REF(pay_line, contract_id, "contracts", .column = "s.contract_id"),
    FIELD(pay_line, contract_name, .column = "c.name"),
    FIELD_REF(pay_line, person_id, "people", .use = FILTERED),
    FIELD(pay_line, code, .use = LISTED),
    FIELD(pay_line, person_name, .column = "p.name", .use = LISTED),
    FIELD_REF(pay_line, sheet_id, "sheets"),
    FIELD_REF(pay_line, terms_id, "pay_terms"),
    FIELD_REF(pay_line, rule_id, "pay_rules"),
    FIELD_REF(pay_line, minimum_id, "minimum_wages"),
    FIELD(pay_line, bands, .column = "r.bands"),
    FIELD(pay_line, region, .column = "r.region"),
    FIELD(pay_line, days),
    FIELD(pay_line, scored),
    FIELD(pay_line, score, .use = LISTED),
    FIELD(pay_line, base_fen, .use = LISTED),
    FIELD(pay_line, performance_base_fen, .use = LISTED),
    FIELD(pay_line, factor, .use = LISTED),
    FIELD(pay_line, performance_fen, .use = LISTED),
    FIELD(pay_line, adjustment_fen, .use = LISTED),
    FIELD(pay_line, made_up_fen, .use = LISTED),
    FIELD(pay_line, reward_fen, .use = LISTED),
    FIELD(pay_line, deducted_fen, .use = LISTED),
    FIELD(pay_line, left_over_fen),
    FIELD(pay_line, total_fen, .use = LISTED | SORTED),
    FIELD(pay_line, approved),
    FIELDS_END,
};

const struct resource PAY_LINES = {
    .name = "pay_lines",
    .clause = "C2.4",
    .fields = LINE_FIELDS,
    .size = sizeof(struct pay_line),
    .joins = "JOIN pay_sheets s ON s.id = t.pay_sheet_id JOIN contracts c ON c.id = s.contract_id "
             "JOIN people p ON p.id = t.person_id JOIN pay_rules r ON r.id = t.rule_id",
    .title = "person_name",
    .sort = "id",
    .search_also = "p.search_key || ' ' || t.code",
    .scope = {[SIDE_PROVIDER] = "@provider_id = :org AND ((@person_id = :person AND @approved = "
                                "TRUE) OR " PAYMASTERS ")"},
};

/* What a line says, in the order in which it is written and digested. */
static const struct field SAID_FIELDS[] = {
    FIELD(pay_line, person_id),
    FIELD(pay_line, sheet_id),
    FIELD(pay_line, terms_id),
    FIELD(pay_line, rule_id),
    FIELD(pay_line, minimum_id),
    FIELD(pay_line, code),
    FIELD(pay_line, days),
    FIELD(pay_line, scored),
    FIELD(pay_line, score),
    FIELD(pay_line, base_fen),
    FIELD(pay_line, performance_base_fen),
    FIELD(pay_line, factor),
    FIELD(pay_line, performance_fen),
    FIELD(pay_line, adjustment_fen),
    FIELD(pay_line, made_up_fen),
    FIELD(pay_line, reward_fen),
    FIELD(pay_line, deducted_fen),
    FIELD(pay_line, left_over_fen),
    FIELD(pay_line, total_fen),
    FIELDS_END,
};

/* ---- what it follows from ---- */

struct payee {
    int64_t person_id;
    const char *name, *code;
    int64_t sheet_id, terms_id;
    enum scheme_subject subject;
    bool scored;
    struct points score;
    struct date joined_on, left_on;
    struct money base_fen, performance_base_fen, reward_fen, adjustment_fen, owed_fen;
};
static const struct field PAYEE_FIELDS[] = {
    FIELD(payee, person_id),  FIELD(payee, name),
    FIELD(payee, code),       FIELD(payee, sheet_id),
    FIELD(payee, terms_id),   FIELD_ENUM(payee, subject, SCHEME_SUBJECTS),
    FIELD(payee, scored),     FIELD(payee, score),
    FIELD(payee, joined_on),  FIELD(payee, left_on),
    FIELD(payee, base_fen),   FIELD(payee, performance_base_fen),
    FIELD(payee, reward_fen), FIELD(payee, adjustment_fen),
    FIELD(payee, owed_fen),   FIELDS_END,
};

struct paying {
    struct pay_sheet *sheet;
    struct payee *payees;
    struct pay_line *lines; /* one for each payee */
    size_t count;
    struct pay_rule rules[SCHEME_MANAGER + 1]; /* by subject; id 0: none */
    struct minimum_wage minimums[SCHEME_MANAGER + 1];
};

static enum result find_rule(struct ctx *cx, struct paying *paying, enum scheme_subject subject)
{
    const struct pay_sheet *sheet = paying->sheet;
    const char *kind = choice_name(SCHEME_SUBJECTS, subject);
    int64_t rule_id, minimum_id = 0;
    TRY(db_int(cx, &q_pay_rule_for, PARAMS(P(sheet->contract_id), P(kind), P(sheet->month)),
               &rule_id));
    if (rule_id) {
        TRY(record_get(cx, &PAY_RULES, rule_id, &paying->rules[subject]));
        TRY(db_int(cx, &q_pay_minimum_for,
                   PARAMS(P(sheet->provider_id), P(paying->rules[subject].region), P(sheet->month)),
                   &minimum_id));
    }
    return minimum_id ? record_get(cx, &MINIMUM_WAGES, minimum_id, &paying->minimums[subject]) : OK;
}

/* All that is missing at once: rules, the guard, and people's terms. */
static enum result demand_all(struct ctx *cx, const struct paying *paying)
{
    size_t named = 0;
    bool said[SCHEME_MANAGER + 1] = {false};
    for (size_t i = 0; i < paying->count; i++) {
        const struct payee *payee = &paying->payees[i];
        const struct pay_rule *rule = &paying->rules[payee->subject];
        if (!payee->terms_id && named++ < NAMED_MOST)
            reject_clause(cx, "C2.4", "pay_terms", "no_pay_terms", payee->name);
        if (said[payee->subject])
            continue;
        said[payee->subject] = true;
        if (!rule->id)
            reject_clause(cx, "C2.4", "pay_rules", "no_pay_rule");
        else if (!paying->minimums[payee->subject].id)
            reject_clause(cx, "C2.4", "minimum_wages", "no_minimum_wage", rule->region);
    }
    if (!paying->count)
        reject_clause(cx, "C2.4", "month_id", "nobody_to_pay");
    return rejected(cx);
}

/* Days of the month on which the person was employed. */
static int32_t days_of(const struct payee *payee, struct month month)
{
    struct date from = month_first(month), to = month_last(month);
    if (payee->joined_on.days > from.days)
        from = payee->joined_on;
    if (payee->left_on.days && payee->left_on.days < to.days)
        to = payee->left_on;
    return to.days < from.days ? 0 : to.days - from.days + 1;
}

static struct pay_line line_of(const struct paying *paying, const struct payee *payee)
{
    const struct pay_rule *rule = &paying->rules[payee->subject];
    const struct minimum_wage *minimum = &paying->minimums[payee->subject];
    const struct month month = paying->sheet->month;
    const struct pay_way way = {rule->method, rule->bands, rule->unscored};
    const struct wage_facts facts = {
        .base = payee->base_fen,
        .performance_base = payee->performance_base_fen,
        .days = days_of(payee, month),
        .of_days = month_last(month).days - month_first(month).days + 1,
        .is_scored = payee->scored,
        .total = payee->score,
        .reward = payee->reward_fen,
        .adjustment = payee->adjustment_fen,
        .owed = payee->owed_fen,
        .minimum = minimum->amount_fen,
        .deduction_share = minimum->deduction_share,
    };
    const struct wage wage = wage_work(&way, &facts);
    return (struct pay_line){.person_id = payee->person_id,
                             .code = payee->code,
                             .sheet_id = payee->sheet_id,
                             .terms_id = payee->terms_id,
                             .rule_id = rule->id,
                             .minimum_id = minimum->id,
                             .days = facts.days,
                             .scored = payee->scored,
                             .score = payee->score,
                             .base_fen = wage.base,
                             .performance_base_fen = wage.performance_base,
                             .factor = wage.factor,
                             .performance_fen = wage.performance,
                             .adjustment_fen = wage.adjustment,
                             .made_up_fen = wage.made_up,
                             .reward_fen = wage.reward,
                             .deducted_fen = wage.deducted,
                             .left_over_fen = wage.left_over,
                             .total_fen = wage.total};
}

static const char *digest_of(struct ctx *cx, const struct pay_line *lines, size_t count)
{
    char hex[SHA256_HEX];
    const char *text = json_rows_text(cx->mem, SAID_FIELDS, lines, count, sizeof *lines);
    sha256_hex(text, strlen(text), hex);
    return arena_dup(cx->mem, hex);
}

static void add_up(struct pay_sheet *sheet, const struct pay_line *lines, size_t count)
{
    sheet->people = (int32_t)count;
    sheet->base_fen = sheet->performance_fen = sheet->adjustment_fen = sheet->made_up_fen =
        sheet->reward_fen = sheet->deducted_fen = sheet->total_fen = (struct money){0};
    for (size_t i = 0; i < count; i++) {
        sheet->base_fen.fen += lines[i].base_fen.fen;
        sheet->performance_fen.fen += lines[i].performance_fen.fen;
        sheet->adjustment_fen.fen += lines[i].adjustment_fen.fen;
        sheet->made_up_fen.fen += lines[i].made_up_fen.fen;
        sheet->reward_fen.fen += lines[i].reward_fen.fen;
        sheet->deducted_fen.fen += lines[i].deducted_fen.fen;
        sheet->total_fen.fen += lines[i].total_fen.fen;
    }
}

/* Everything of it, from the facts as they are now. */
static enum result work_out(struct ctx *cx, struct pay_sheet *sheet, struct paying *paying)
{
    *paying = (struct paying){.sheet = sheet};
    TRY(db_list(cx, &q_payees, PARAMS(P(sheet->month_id), P(sheet->contract_id), P(sheet->month)),
                PAYEE_FIELDS, sizeof *paying->payees, PEOPLE_MOST, &paying->payees,
                &paying->count));
    TRY(find_rule(cx, paying, SCHEME_AGENT));
    TRY(find_rule(cx, paying, SCHEME_MANAGER));
    TRY(demand_all(cx, paying));
    paying->lines = ARENA_ARRAY(cx->mem, struct pay_line, paying->count);
    for (size_t i = 0; i < paying->count; i++)
        paying->lines[i] = line_of(paying, &paying->payees[i]);
    add_up(sheet, paying->lines, paying->count);
    sheet->sha256 = digest_of(cx, paying->lines, paying->count);
    return OK;
}

/* ---- drafted ---- */

static enum result write_lines(struct ctx *cx, const struct pay_sheet *sheet,
                               const struct paying *paying)
{
    const size_t said = field_count(SAID_FIELDS), columns = said + 3;
    struct param *params = ARENA_ARRAY(cx->mem, struct param, columns * paying->count);
    struct param *at = params;
    TRY(db_change(cx, &q_pay_lines_clear, PARAMS(P(sheet->id)), NULL));
    for (size_t i = 0; i < paying->count; i++) {
        *at++ = P(sheet->id);
        *at++ = P(sheet->provider_id);
        *at++ = P(cx->now);
        for (size_t f = 0; f < said; f++)
            *at++ = param_field(cx, &SAID_FIELDS[f], &paying->lines[i]);
    }
    return db_change_rows(cx, &q_pay_lines_add, params, (int)columns, paying->count, NULL);
}

static enum result sheet_begin(struct ctx *cx, int64_t month_id, struct pay_sheet *out)
{
    struct appraisal_month month;
    struct contract contract;
    TRY(record_get(cx, &MONTHS, month_id, &month));
    TRY(record_get(cx, &CONTRACTS, month.contract_id, &contract));
    if (month.state != MONTH_LOCKED)
        return fail(cx, CONFLICT, "pay.month_not_locked", contract.name);
    fields_blank(SHEET_FIELDS, out);
    out->provider_id = contract.provider_id;
    out->contract_id = contract.id;
    out->month_id = month_id;
    out->month = month.month;
    out->state = PAY_DRAFTED;
    return OK;
}

enum result pay_draft(struct ctx *cx, int64_t month_id, int64_t *out_id)
{
    struct pay_sheet before = {0}, sheet = {0};
    struct paying paying;
    int64_t id;
    TRY(sheet_begin(cx, month_id, &sheet));
    TRY(db_int(cx, &q_pay_sheet_of, PARAMS(P(month_id)), &id));
    if (id) {
        TRY(record_get(cx, &PAY_SHEETS, id, &before));
        sheet = before;
    }
    if (id && before.state == PAY_APPROVED)
        return fail(cx, CONFLICT, "pay.approved", before.contract_name);
    TRY(work_out(cx, &sheet, &paying));
    sheet.drafter_id = cx->actor->person_id;
    TRY(id ? record_change(cx, &PAY_SHEETS, "draft", &before, &sheet)
           : record_add(cx, &PAY_SHEETS, &sheet));
    *out_id = sheet.id;
    return write_lines(cx, &sheet, &paying);
}

/* ---- approved ---- */

/* What was deducted of a person's compensations, the oldest first. */
static enum result settle(struct ctx *cx, const struct pay_sheet *sheet,
                          const struct pay_line *line)
{
    int64_t left = line->deducted_fen.fen;
    struct list list;
    TRY(record_select(cx, &PAY_ENTRIES, "owed",
                      "t.person_id = $1 AND t.contract_id = $2 AND t.kind = 'compensation' AND "
                      "t.state = 'approved' AND t.month <= $3 AND t.deducted_fen < t.amount_fen "
                      "ORDER BY t.month, t.id",
                      PARAMS(P(line->person_id), P(sheet->contract_id), P(sheet->month)), &list));
    const struct pay_entry *entries = list.rows;
    for (size_t i = 0; i < list.count && left > 0; i++) {
        struct pay_entry after = entries[i];
        const int64_t open = after.amount_fen.fen - after.deducted_fen.fen;
        const int64_t now = open < left ? open : left;
        after.deducted_fen.fen += now;
        left -= now;
        TRY(record_change(cx, &PAY_ENTRIES, "deduct", &entries[i], &after));
    }
    return OK;
}

enum result pay_approve(struct ctx *cx, const struct pay_sheet *sheet)
{
    struct pay_sheet after = *sheet;
    struct appraisal_month month;
    struct paying paying;
    if (sheet->state != PAY_DRAFTED)
        return fail(cx, CONFLICT, "pay.approved", sheet->contract_name);
    if (cx->actor->person_id == sheet->drafter_id)
        return fail(cx, FORBIDDEN, "pay.same_person");
    TRY(record_get(cx, &MONTHS, sheet->month_id, &month));
    if (month.state != MONTH_LOCKED)
        return fail(cx, CONFLICT, "pay.month_not_locked", sheet->contract_name);
    TRY(work_out(cx, &after, &paying));
    if (strcmp(after.sha256, sheet->sha256) != 0)
        return fail(cx, CONFLICT, "pay.stale", sheet->contract_name);
    for (size_t i = 0; i < paying.count; i++)
        if (paying.lines[i].deducted_fen.fen)
            TRY(settle(cx, sheet, &paying.lines[i]));
    TRY(db_change(cx, &q_pay_lines_approve, PARAMS(P(sheet->id)), NULL));
    after.approver_id = cx->actor->person_id;
    after.approved_at = cx->now;
    after.state = PAY_APPROVED;
    return record_change(cx, &PAY_SHEETS, "approve", sheet, &after);
}

/* ---- verified ---- */

static enum result is_as_approved(struct ctx *cx, const struct pay_sheet *sheet, bool *out)
{
    struct pay_line *lines;
    size_t count;
    struct pay_sheet sums = *sheet;
    TRY(db_list(cx, &q_pay_lines_said, PARAMS(P(sheet->id)), SAID_FIELDS, sizeof *lines,
                PEOPLE_MOST, &lines, &count));
    add_up(&sums, lines, count);
    *out = strcmp(digest_of(cx, lines, count), sheet->sha256) == 0 &&
           sums.total_fen.fen == sheet->total_fen.fen && sums.people == sheet->people;
    return OK;
}

enum result pay_verify(struct ctx *cx, struct pay_fault *out, size_t most, size_t *out_count)
{
    struct list list;
    *out_count = 0;
    TRY(record_select(cx, &PAY_SHEETS, "approved", "t.state = 'approved' ORDER BY t.id", NO_PARAMS,
                      &list));
    const struct pay_sheet *sheets = list.rows;
    for (size_t i = 0; i < list.count && *out_count < most; i++) {
        bool fine;
        TRY(is_as_approved(cx, &sheets[i], &fine));
        if (!fine)
            out[(*out_count)++] = (struct pay_fault){.pay_sheet_id = sheets[i].id};
    }
    return OK;
}
