/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A month's pay sheet: drafted from what was locked, approved by a second person. */
#include "app/pay/pay_private.h"

#include "app/appraisal/reward.h"
#include "app/pay/pay.sql.h"

#include <stdlib.h>
#include <string.h>

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
    FIELD(pay_sheet, missed_fen),
    FIELD(pay_sheet, performance_fen),
    FIELD(pay_sheet, adjustment_fen),
    FIELD(pay_sheet, made_up_fen),
    FIELD(pay_sheet, reward_fen),
    FIELD(pay_sheet, deducted_fen),
    FIELD(pay_sheet, total_fen, .use = LISTED),
    FIELD(pay_sheet, unclocked, .clause = "C2.3"),
    FIELD(pay_sheet, unclocked_reason, .use = LONG_TEXT, .clause = "C2.3"),
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
    .withheld = true,
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
    FIELD(pay_line, unpaid_days, .clause = "C2.3"),
    FIELD(pay_line, absent_days, .clause = "C2.3"),
    FIELD(pay_line, sick_days, .clause = "C2.3"),
    FIELD(pay_line, month_days, .column = "r.month_days"),
    FIELD(pay_line, sick_share, .column = "r.sick_share"),
    FIELD(pay_line, sick_floor, .column = "w.sick_floor"),
    FIELD(pay_line, month_base_fen, .column = "x.base_fen"),
    FIELD(pay_line, scored),
    FIELD(pay_line, score, .use = LISTED),
    FIELD(pay_line, base_fen, .use = LISTED),
    FIELD(pay_line, missed_fen, .use = LISTED),
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
             "JOIN people p ON p.id = t.person_id JOIN pay_rules r ON r.id = t.rule_id "
             "JOIN minimum_wages w ON w.id = t.minimum_id JOIN pay_terms x ON x.id = t.terms_id",
    .title = "person_name",
    .sort = "id",
    .search_also = "p.search_key || ' ' || t.code",
    .scope = {[SIDE_PROVIDER] = "@provider_id = :org AND ((@person_id = :person AND @approved = "
                                "TRUE) OR " PAYMASTERS ")"},
    .withheld = true,
};

/* ---- who is not on it ---- */

#define UNLISTED_MOST 200

static const char *const UNLISTED_WHY[] = {"no_pay_terms", "no_pay_rule", "elsewhere", NULL};
const struct field PAY_UNLISTED_FIELDS[] = {
    FIELD_REF(pay_unlisted, person_id, "people"),
    FIELD(pay_unlisted, person_name),
    FIELD_ENUM(pay_unlisted, job, JOBS),
    FIELD_ENUM(pay_unlisted, why, UNLISTED_WHY),
    FIELDS_END,
};

enum result pay_unlisted(struct ctx *cx, const struct pay_sheet *sheet, struct pay_unlisted **out,
                         size_t *out_count)
{
    return db_list(cx, &q_pay_not_listed,
                   PARAMS(P(sheet->id), P(sheet->provider_id), P(sheet->contract_id),
                          P(sheet->month), param_int(UNLISTED_MOST)),
                   PAY_UNLISTED_FIELDS, sizeof **out, UNLISTED_MOST, out, out_count);
}

/* ---- drafted ---- */

static enum result write_lines(struct ctx *cx, const struct pay_sheet *sheet,
                               const struct paying *paying)
{
    const size_t said = field_count(PAY_SAID_FIELDS), columns = said + 3;
    struct param *params = ARENA_ARRAY(cx->mem, struct param, columns * paying->count);
    struct param *at = params;
    TRY(db_change(cx, &q_pay_lines_clear, PARAMS(P(sheet->id)), NULL));
    for (size_t i = 0; i < paying->count; i++) {
        *at++ = P(sheet->id);
        *at++ = P(sheet->provider_id);
        *at++ = P(cx->now);
        for (size_t f = 0; f < said; f++)
            *at++ = param_field(cx, &PAY_SAID_FIELDS[f], &paying->lines[i]);
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
    TRY(pay_work_out(cx, &sheet, &paying));
    sheet.drafter_id = cx->actor->person_id;
    TRY(id ? record_change(cx, &PAY_SHEETS, "draft", &before, &sheet)
           : record_add(cx, &PAY_SHEETS, &sheet));
    *out_id = sheet.id;
    return write_lines(cx, &sheet, &paying);
}

/* ---- approved ---- */

/* What was deducted of what a person owes, the oldest first. */
static enum result settle(struct ctx *cx, const struct pay_sheet *sheet,
                          const struct pay_line *line)
{
    int64_t left = line->deducted_fen.fen;
    struct list list;
    TRY(record_select(cx, &PAY_ENTRIES, "owed",
                      "t.person_id = $1 AND t.contract_id = $2 AND (t.kind = 'compensation' OR "
                      "t.amount_fen < 0) AND t.state = 'approved' AND t.month <= $3 AND "
                      "t.deducted_fen < ABS(t.amount_fen) ORDER BY t.month, t.id",
                      PARAMS(P(line->person_id), P(sheet->contract_id), P(sheet->month)), &list));
    const struct pay_entry *entries = list.rows;
    for (size_t i = 0; i < list.count && left > 0; i++) {
        struct pay_entry after = entries[i];
        const int64_t open = llabs(after.amount_fen.fen) - after.deducted_fen.fen;
        const int64_t now = open < left ? open : left;
        after.deducted_fen.fen += now;
        left -= now;
        TRY(record_change(cx, &PAY_ENTRIES, "deduct", &entries[i], &after));
    }
    return OK;
}

/* What its lines paid of rewards is paid. */
static enum result settle_rewards(struct ctx *cx, const struct pay_sheet *sheet)
{
    struct list list;
    TRY(record_select(cx, &REWARDS, "paid",
                      "t.contract_id = $1 AND t.channel = 'provider' AND t.paid_month = '' AND "
                      "((t.month = $2 AND t.state IN ('agreed', 'settled')) OR (t.month < $2 AND "
                      "t.state = 'agreed')) ORDER BY t.id",
                      PARAMS(P(sheet->contract_id), P(sheet->month)), &list));
    const struct reward *rewards = list.rows;
    for (size_t i = 0; i < list.count; i++) {
        struct reward after = rewards[i];
        after.paid_month = sheet->month;
        TRY(record_change(cx, &REWARDS, "pay", &rewards[i], &after));
    }
    return OK;
}

/* Nobody is taken to be away on a day of which nothing is known, and nobody overlooks the day. */
static enum result demand_clockings(struct ctx *cx, struct pay_sheet *sheet, const char *reason)
{
    sheet->unclocked_reason = *sheet->unclocked ? reason : "";
    if (!*sheet->unclocked)
        return OK;
    if (*reason)
        check_reason(cx, reason);
    else
        reject_clause(cx, "C2.3", "reason", "no_clockings", sheet->unclocked);
    return rejected(cx);
}

enum result pay_approve(struct ctx *cx, const struct pay_sheet *sheet, const char *reason)
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
    TRY(pay_work_out(cx, &after, &paying));
    if (strcmp(after.sha256, sheet->sha256) != 0)
        return fail(cx, CONFLICT, "pay.stale", sheet->contract_name);
    TRY(demand_clockings(cx, &after, reason));
    for (size_t i = 0; i < paying.count; i++)
        if (paying.lines[i].deducted_fen.fen)
            TRY(settle(cx, sheet, &paying.lines[i]));
    TRY(settle_rewards(cx, sheet));
    TRY(db_change(cx, &q_pay_lines_approve, PARAMS(P(sheet->id)), NULL));
    after.approver_id = cx->actor->person_id;
    after.approved_at = cx->now;
    after.state = PAY_APPROVED;
    return record_change(cx, &PAY_SHEETS, "approve", sheet, &after);
}
