/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is paid or deducted beside the month's result, and how it comes to count. */
#include "app/pay/pay_private.h"

#include "app/pay/pay.sql.h"

#define AMOUNT_MOST (1000 * 1000 * INT64_C(100))

static const char *const KINDS[] = {"adjustment", "compensation", NULL};
static const char *const PARTS[] = {"base", "performance", "adjustment", "made_up", "reward", NULL};
static const char *const STATES[] = {"draft", "agreed", "approved", "void", NULL};

static const struct field ENTRY_FIELDS[] = {
    RECORD_FIELDS(pay_entry),
    FIELD_REF(pay_entry, provider_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(pay_entry, contract_id, "contracts", .in = MUST, .use = FIXED | FILTERED,
              .among = "service=outbound_call"),
    FIELD(pay_entry, contract_name, .column = "c.name"),
    FIELD_REF(pay_entry, person_id, "people", .in = MUST, .use = FIXED | FILTERED),
    FIELD(pay_entry, person_name, .column = "p.name", .use = LISTED),
    FIELD_ENUM(pay_entry, kind, KINDS, .in = MUST, .use = FIXED | LISTED | FILTERED,
               .clause = "C2.4"),
    FIELD(pay_entry, month, .in = MUST, .use = LISTED | FILTERED),
    FIELD(pay_entry, amount_fen, .in = MUST, .min = -AMOUNT_MOST, .max = AMOUNT_MOST,
          .use = LISTED),
    FIELD(pay_entry, corrects_month, .in = MAY, .use = LISTED, .clause = "C2.4"),
    FIELD_ENUM(pay_entry, corrects, PARTS, .in = MAY, .use = LISTED, .clause = "C2.4"),
    FIELD(pay_entry, deducted_fen, .use = LISTED),
    FIELD(pay_entry, fact, .in = MUST, .max = 500, .use = LONG_TEXT),
    FIELD(pay_entry, basis, .in = MUST, .max = 500, .use = LONG_TEXT),
    FIELD_REF(pay_entry, recorder_id, "people"),
    FIELD(pay_entry, recorder_name, .column = "COALESCE(r.name, '')"),
    FIELD(pay_entry, agreed_at),
    FIELD_REF(pay_entry, approver_id, "people"),
    FIELD(pay_entry, approver_name, .column = "COALESCE(a.name, '')"),
    FIELD(pay_entry, reason),
    FIELD_ENUM(pay_entry, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

static enum result wrong_state(struct ctx *cx, const struct pay_entry *entry)
{
    return fail(cx, CONFLICT, "pay_entry.wrong_state", entry->person_name,
                state_name(cx, &PAY_ENTRIES, STATES, entry->state));
}

static enum result entry_begin(struct ctx *cx, struct pay_entry *entry)
{
    struct contract contract;
    struct person person;
    TRY(record_get(cx, &CONTRACTS, entry->contract_id, &contract));
    TRY(record_get(cx, &PEOPLE, entry->person_id, &person));
    if (person.organisation_id != contract.provider_id)
        reject(cx, "person_id", "not_of_provider");
    entry->provider_id = contract.provider_id;
    entry->recorder_id = cx->actor->person_id;
    entry->state = ENTRY_DRAFT;
    return OK;
}

bool pay_entry_takes(const struct pay_entry *entry)
{
    return entry->kind == ENTRY_COMPENSATION || entry->amount_fen.fen < 0;
}

static struct money part_of(const struct pay_line *line, enum pay_part part)
{
    switch (part) {
    case PART_BASE:
        return (struct money){line->base_fen.fen - line->missed_fen.fen};
    case PART_PERFORMANCE:
        return line->performance_fen;
    case PART_ADJUSTMENT:
        return line->adjustment_fen;
    case PART_MADE_UP:
        return line->made_up_fen;
    default:
        return line->reward_fen;
    }
}

/* Nothing is taken back but what a slip paid, and no more than that of it. */
static enum result demand_paid(struct ctx *cx, const struct pay_entry *entry)
{
    struct list list;
    int64_t taken;
    TRY(record_select(cx, &PAY_LINES, "corrected",
                      "t.person_id = $1 AND s.contract_id = $2 AND s.month = $3 AND t.approved = "
                      "TRUE",
                      PARAMS(P(entry->person_id), P(entry->contract_id), P(entry->corrects_month)),
                      &list));
    if (!list.count) {
        reject_clause(cx, "C2.4", "corrects_month", "not_paid_then");
        return OK;
    }
    TRY(db_int(cx, &q_pay_taken_back,
               PARAMS(P(entry->person_id), P(entry->contract_id), P(entry->corrects_month),
                      P(choice_name(PARTS, entry->corrects)), param_number(entry->id)),
               &taken));
    const struct money left = {part_of(list.rows, entry->corrects).fen - taken};
    if (-entry->amount_fen.fen > left.fen) {
        char text[MONEY_MAX_TEXT];
        money_format(left, true, text);
        reject_clause(cx, "C2.4", "amount_fen", "beyond_slip", arena_dup(cx->mem, text));
    }
    return OK;
}

static enum result check_amount(struct ctx *cx, const struct pay_entry *entry)
{
    const bool takes_back = entry->kind == ENTRY_ADJUSTMENT && entry->amount_fen.fen < 0;
    if (!entry->amount_fen.fen || (entry->kind == ENTRY_COMPENSATION && entry->amount_fen.fen < 0))
        reject_clause(cx, "C2.4", "amount_fen", "too_small", "0.01");
    if (takes_back && !entry->corrects_month.months)
        reject_clause(cx, "C2.4", "corrects_month", "corrects_what");
    if (takes_back && !entry->corrects)
        reject_clause(cx, "C2.4", "corrects", "corrects_what");
    return takes_back && entry->corrects_month.months && entry->corrects ? demand_paid(cx, entry)
                                                                         : OK;
}

static enum result entry_check(struct ctx *cx, void *record, const void *former)
{
    struct pay_entry *entry = record;
    const struct pay_entry *before = former;
    if (before && before->state != ENTRY_DRAFT)
        return entry->state != before->state || entry->deducted_fen.fen != before->deducted_fen.fen
                   ? OK
                   : wrong_state(cx, before);
    if (!before)
        TRY(entry_begin(cx, entry));
    TRY(check_amount(cx, entry));
    return pay_demand_unpaid(cx, entry->provider_id, entry->contract_id, entry->month, "month");
}

static enum result entry_open(struct ctx *cx, const void *record)
{
    const struct pay_entry *entry = record;
    return !entry->id || entry->state == ENTRY_DRAFT ? OK : wrong_state(cx, entry);
}

const struct resource PAY_ENTRIES = {
    .name = "pay_entries",
    .clause = "C2.4",
    .fields = ENTRY_FIELDS,
    .size = sizeof(struct pay_entry),
    .joins = "JOIN contracts c ON c.id = t.contract_id JOIN people p ON p.id = t.person_id "
             "LEFT JOIN people r ON r.id = t.recorder_id LEFT JOIN people a ON a.id = "
             "t.approver_id",
    .title = "person_name",
    .sort = "-id",
    .scope = {[SIDE_PROVIDER] = "@provider_id = :org AND (@person_id = :person OR " PAYMASTERS ")"},
    .withheld = true,
    .check = entry_check,
    .open = entry_open,
};

enum result pay_entry_agree(struct ctx *cx, const struct pay_entry *entry)
{
    struct pay_entry after = *entry;
    if (entry->state != ENTRY_DRAFT || !pay_entry_takes(entry))
        return wrong_state(cx, entry);
    if (entry->person_id != cx->actor->person_id)
        return fail(cx, FORBIDDEN, "pay_entry.not_yours");
    after.agreed_at = cx->now;
    after.state = ENTRY_AGREED;
    return record_change(cx, &PAY_ENTRIES, "agree", entry, &after);
}

enum result pay_entry_approve(struct ctx *cx, const struct pay_entry *entry)
{
    struct pay_entry after = *entry;
    if (entry->state != (pay_entry_takes(entry) ? ENTRY_AGREED : ENTRY_DRAFT))
        return wrong_state(cx, entry);
    if (cx->actor->person_id == entry->recorder_id || cx->actor->person_id == entry->person_id)
        return fail(cx, FORBIDDEN, "pay.same_person");
    TRY(pay_demand_unpaid(cx, entry->provider_id, entry->contract_id, entry->month, "month"));
    TRY(rejected(cx));
    after.approver_id = cx->actor->person_id;
    after.state = ENTRY_APPROVED;
    return record_change(cx, &PAY_ENTRIES, "approve", entry, &after);
}

enum result pay_entry_void(struct ctx *cx, const struct pay_entry *entry, const char *reason)
{
    struct pay_entry after = *entry;
    if (entry->state == ENTRY_VOID)
        return wrong_state(cx, entry);
    if (entry->deducted_fen.fen) {
        char taken[MONEY_MAX_TEXT];
        money_format(entry->deducted_fen, true, taken);
        return fail(cx, CONFLICT, "pay_entry.deducted", entry->person_name,
                    arena_dup(cx->mem, taken));
    }
    check_reason(cx, reason);
    if (entry->state == ENTRY_APPROVED && !pay_entry_takes(entry))
        TRY(pay_demand_unpaid(cx, entry->provider_id, entry->contract_id, entry->month, "month"));
    TRY(rejected(cx));
    after.reason = reason;
    after.state = ENTRY_VOID;
    return record_change(cx, &PAY_ENTRIES, "void", entry, &after);
}
