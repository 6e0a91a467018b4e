/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A statement of what is paid: the record, its lines, and what it lacks. */
#include "app/settlement/settlement.h"

#include "app/settlement/settlement.sql.h"
#include "app/settlement/settlement_private.h"
#include "app/signatures/signature.h"
#include "base/doc.h"
#include "base/texts.h"

#include <string.h>

static const char *const KINDS[] = {"month", "acceptance", "retention", NULL};
static const char *const STATES[] = {"dropped",  "drafted",  "sent", "agreed",
                                     "disputed", "approved", "paid", NULL};
const char *const SETTLEMENT_LINE_KINDS[] = {"rule", "late", "correction", "capped", "claim", NULL};

static const struct field SETTLEMENT_FIELDS[] = {
    RECORD_FIELDS(settlement),
    FIELD(settlement, name, .use = LISTED),
    FIELD_REF(settlement, contract_id, "contracts", .in = MUST, .use = FIXED | FILTERED,
              .clause = "V3.3"),
    FIELD(settlement, contract_number, .column = "c.number", .use = SIGNED),
    FIELD(settlement, contract_name, .column = "c.name", .use = SIGNED),
    FIELD(settlement, provider_name, .column = "p.name", .use = LISTED | SIGNED),
    FIELD(settlement, client_name, .column = "k.name", .use = SIGNED),
    FIELD(settlement, month, .in = MUST, .use = FIXED | FILTERED | SIGNED),
    FIELD_ENUM(settlement, kind, KINDS, .in = MAY, .use = FIXED | FILTERED | SIGNED),
    FIELD(settlement, round, .use = SIGNED),
    FIELD(settlement, fee_fen, .use = LISTED | SIGNED),
    FIELD_REF(settlement, evaluation_id, "evaluations", .use = SIGNED, .clause = "V3.3"),
    FIELD_REF(settlement, acceptance_id, "acceptances", .use = SIGNED, .clause = "X3"),
    FIELD(settlement, scored, .use = SIGNED),
    FIELD(settlement, total, .use = SIGNED),
    FIELD_ENUM(settlement, grade, GRADES, .use = LISTED | SIGNED, .known_by = "sha256"),
    FIELD(settlement, deducted_fen, .use = LISTED | SIGNED, .known_by = "sha256"),
    FIELD(settlement, adjusted_fen, .use = SIGNED),
    FIELD(settlement, retention_share, .use = SIGNED, .clause = "X3"),
    FIELD(settlement, retained_fen, .use = SIGNED, .clause = "X3"),
    FIELD(settlement, keeps_back, .use = HIDDEN | FILTERED | NO_DIFF, .clause = "X3",
          .column =
              "(t.retained_fen > 0 AND t.state <> 'drafted' AND t.state <> 'dropped' AND NOT "
              "EXISTS (SELECT 1 FROM "
              "settlements r WHERE r.contract_id = t.contract_id AND r.kind = 'retention' AND "
              "r.state = 'paid'))"),
    FIELD(settlement, payable_fen, .use = LISTED | SIGNED, .known_by = "sha256"),
    FIELD(settlement, cap_reached, .use = FILTERED | SIGNED),
    FIELD(settlement, lines, .use = HIDDEN | SIGNED),
    FIELD(settlement, sha256),
    FIELD_REF(settlement, creator_id, "people", .use = HIDDEN | NO_DIFF),
    FIELD_REF(settlement, drafter_id, "people", .use = NO_DIFF),
    FIELD(settlement, drafted_by, .column = "d.name"),
    FIELD(settlement, sent_at),
    FIELD(settlement, answer_by, .clause = "X4"),
    FIELD(settlement, answered_at),
    FIELD_REF(settlement, answerer_id, "people", .use = NO_DIFF),
    FIELD(settlement, answered_by, .column = "COALESCE(w.name, '')"),
    FIELD(settlement, objection, .clause = "X4"),
    FIELD_REF(settlement, decider_id, "people", .use = NO_DIFF),
    FIELD(settlement, decided_by, .column = "COALESCE(e.name, '')"),
    FIELD(settlement, decision),
    FIELD_REF(settlement, approver_id, "people", .use = NO_DIFF),
    FIELD(settlement, approved_by, .column = "COALESCE(a.name, '')"),
    FIELD(settlement, approved_at),
    FIELD(settlement, returned),
    FIELD(settlement, paid_on),
    FIELD(settlement, voucher),
    FIELD_REF(settlement, payer_id, "people", .use = NO_DIFF),
    FIELD(settlement, paid_by, .column = "COALESCE(y.name, '')"),
    FIELD(settlement, paid_at),
    FIELD_REF(settlement, provider_id, "organisations", .use = FILTERED | NO_DIFF),
    FIELD_REF(settlement, client_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(settlement, unit_id, "units", .use = FILTERED | NO_DIFF),
    FIELD_ENUM(settlement, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

/* clang-format off */
#define LINE_FIELDS \
    FIELD_ENUM(settlement_line, kind, SETTLEMENT_LINE_KINDS), \
    FIELD(settlement_line, month), \
    FIELD(settlement_line, rule_id), \
    FIELD(settlement_line, correction_id), \
    FIELD(settlement_line, defect_id), \
    FIELD(settlement_line, rule), \
    FIELD(settlement_line, term), \
    FIELD_ENUM(settlement_line, function, DEDUCT_FUNCTIONS), \
    FIELD(settlement_line, fee_fen), \
    FIELD(settlement_line, scored), \
    FIELD(settlement_line, total), \
    FIELD(settlement_line, taken), \
    FIELD(settlement_line, events), \
    FIELD(settlement_line, person_days), \
    FIELD(settlement_line, missing), \
    FIELD(settlement_line, former_fen), \
    FIELD(settlement_line, points), \
    FIELD(settlement_line, amount_fen), \
    FIELD(settlement_line, evidence), \
    FIELD(settlement_line, findings), \
    FIELD(settlement_line, stated), \
    FIELD(settlement_line, reason)
/* clang-format on */
const struct field SETTLEMENT_LINE_FIELDS[] = {LINE_FIELDS, FIELDS_END};
const struct field SETTLEMENT_LINE_SHOWN[] = {LINE_FIELDS, FIELD(settlement_line, words),
                                              FIELDS_END};

/* ---- drafted ---- */

/* One of each month; of what was accepted, and of what was kept back, one altogether. */
static enum result demand_first(struct ctx *cx, const struct settlement *settlement)
{
    const struct month any = {0};
    const bool monthly = settlement->kind == SETTLEMENT_MONTH;
    int64_t former;
    TRY(db_int(cx, &q_settlement_of,
               PARAMS(P(settlement->contract_id), P(choice_name(KINDS, settlement->kind)),
                      monthly ? P(settlement->month) : P(any)),
               &former));
    if (former)
        reject_clause(cx, monthly ? "V3.3" : "X3", "month",
                      monthly ? "settlement_exists" : "settled_once");
    return rejected(cx);
}

static enum result settlement_begin(struct ctx *cx, struct settlement *settlement)
{
    const struct month now = month_of(instant_date(cx->now, SHANGHAI_OFFSET_MIN));
    struct settlement_line *lines;
    struct contract contract;
    char month[MONTH_MAX_TEXT];
    size_t count;
    TRY(record_get(cx, &CONTRACTS, settlement->contract_id, &contract));
    TRY(interest_bar(cx, contract.provider_id));
    if (contract.state == CONTRACT_DRAFT)
        reject_clause(cx, "V5.1.2", "contract_id", "not_in_force");
    if (settlement->month.months > now.months)
        reject_clause(cx, "V3.3", "month", "in_the_future");
    if (settlement->kind &&
        (settlement->kind == SETTLEMENT_MONTH) != (contract.kind == CONTRACT_CONTINUOUS))
        reject_clause(cx, "X3", "kind", "not_of_this_contract");
    TRY(rejected(cx));
    settlement->provider_id = contract.provider_id;
    settlement->client_id = contract.client_id;
    settlement->unit_id = contract.unit_id;
    settlement->creator_id = settlement->drafter_id = cx->actor->person_id;
    settlement->round = 1;
    settlement->state = SETTLEMENT_DRAFTED;
    TRY(settlement_basis(cx, &contract, settlement));
    TRY(demand_first(cx, settlement));
    month_format(settlement->month, month);
    settlement->name = arena_printf(cx->mem, "%s %s", month, contract.name);
    return settlement_work(cx, settlement, &lines, &count);
}

static enum result settlement_check(struct ctx *cx, void *record, const void *before)
{
    struct settlement *settlement = record;
    if (before || !settlement->contract_id || !settlement->month.months)
        return OK;
    return settlement_begin(cx, settlement);
}

const struct resource SETTLEMENTS = {
    .name = "settlements",
    .clause = "V3.3",
    .fields = SETTLEMENT_FIELDS,
    .size = sizeof(struct settlement),
    .joins = "JOIN contracts c ON c.id = t.contract_id JOIN organisations p ON p.id = "
             "t.provider_id JOIN organisations k ON k.id = t.client_id JOIN people d ON d.id = "
             "t.drafter_id LEFT JOIN people w ON w.id = t.answerer_id LEFT JOIN people e ON e.id = "
             "t.decider_id LEFT JOIN people a ON a.id = t.approver_id LEFT JOIN people y ON y.id = "
             "t.payer_id",
    .title = "name",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@client_id = :org",
              [SIDE_PROVIDER] =
                  "@provider_id = :org AND @state <> 'drafted' AND @state <> 'dropped'"},
    .unit = "unit_id",
    .check = settlement_check,
    .most = 100,
};

/* ---- what it is ---- */

enum result settlement_now(struct ctx *cx, const struct settlement *settlement,
                           struct settlement *out)
{
    struct settlement_line *lines;
    struct contract contract;
    size_t count;
    *out = *settlement;
    if (settlement->state != SETTLEMENT_DRAFTED)
        return OK;
    TRY(record_get(cx, &CONTRACTS, settlement->contract_id, &contract));
    TRY(settlement_basis(cx, &contract, out));
    TRY(settlement_work(cx, out, &lines, &count));
    out->lines = json_rows_text(cx->mem, SETTLEMENT_LINE_FIELDS, lines, count, sizeof *lines);
    out->sha256 = record_digest(cx->mem, &SETTLEMENTS, out);
    return OK;
}

bool settlement_lines_read(struct ctx *cx, const char *lines, struct settlement_line **out,
                           size_t *out_count)
{
    size_t most = 1; /* each line opens with a brace */
    for (const char *at = lines; *at; at++)
        most += *at == '{';
    return json_rows_read(cx->mem, lines, SETTLEMENT_LINE_FIELDS, sizeof **out, most, out,
                          out_count);
}

enum result settlement_lines(struct ctx *cx, const struct settlement *settlement,
                             struct settlement_line **out, size_t *out_count)
{
    struct settlement now;
    TRY(settlement_now(cx, settlement, &now));
    if (!settlement_lines_read(cx, now.lines, out, out_count))
        return fail(cx, BROKEN, "settlement.broken_lines", settlement->name);
    return OK;
}

/* ---- what it lacks ---- */

/* What was kept back is released when it was kept back, the warranty is over, and nothing of it is
 * still to be mended. */
static enum result demand_released(struct ctx *cx, const struct settlement *settlement,
                                   const struct contract *contract)
{
    struct acceptance acceptance;
    struct settlement kept;
    char until[DATE_MAX_TEXT];
    int64_t open;
    TRY(record_get(cx, &ACCEPTANCES, settlement->acceptance_id, &acceptance));
    TRY(settlement_kept(cx, contract->id, &kept));
    date_format(acceptance.warranty_ends_on, until);
    if (!kept.id || kept.state < SETTLEMENT_APPROVED)
        reject_clause(cx, "X3", "kind", "not_kept_yet", contract->name);
    if (acceptance.warranty_ends_on.days >= instant_date(cx->now, SHANGHAI_OFFSET_MIN).days)
        reject_clause(cx, "X3", "kind", "warranty_runs", arena_dup(cx->mem, until));
    TRY(db_int(cx, &q_defects_open, PARAMS(P(contract->id)), &open));
    if (open)
        reject_clause(cx, "X3", "kind", "defects_open",
                      arena_printf(cx->mem, "%lld", (long long)open));
    return OK;
}

enum result settlement_demand_ready(struct ctx *cx, const struct settlement *settlement)
{
    const struct month now = month_of(instant_date(cx->now, SHANGHAI_OFFSET_MIN));
    struct contract contract;
    TRY(record_get(cx, &CONTRACTS, settlement->contract_id, &contract));
    if (contract.briefing != BRIEFING_DONE)
        reject_clause(cx, "V5.1.2", "contract_id", "no_signed_briefing", contract.name);
    if (contract.kind == CONTRACT_CONTINUOUS && settlement->month.months >= now.months)
        reject_clause(cx, "V3.3", "month", "month_not_over");
    if (contract.kind == CONTRACT_CONTINUOUS && !settlement->evaluation_id)
        reject_clause(cx, "V3.3", "evaluation_id", "no_final_evaluation", contract.name);
    else if (contract.kind == CONTRACT_CONTINUOUS && !settlement->scored)
        reject_clause(cx, "V3.3", "evaluation_id", "no_grade", contract.name);
    if (contract.kind == CONTRACT_ONE_OFF && !settlement->acceptance_id)
        reject_clause(cx, "X3", "acceptance_id", "no_acceptance", contract.name);
    else if (settlement->kind == SETTLEMENT_RETENTION)
        TRY(demand_released(cx, settlement, &contract));
    if (settlement->payable_fen.fen < 0)
        reject_clause(cx, "V3.3", "payable_fen", "payable_below_nothing");
    return rejected_as(cx, CONFLICT, "settlement.not_ready");
}

#define R_DRAFT (R(OPS) | R(DIVISION) | R(PM) | R(CLIENT))
#define R_PROVIDERS (R(PROVIDER) | R(DUTY))
#define R_READ (R_SUPERVISION | R(AUDIT) | R(FINANCE) | R(CLIENT) | R_PROVIDERS)

const struct right SETTLEMENT_RIGHTS[] = {
    {"deduction_rules.read", R_READ, "V3.3"},
    {"deduction_events.read", R_READ, "V3.3"},
    {"deduction_events.write", R_SUPERVISION | R(CLIENT), "V3.3"},
    {"deduction_events.object", R_PROVIDERS, "X4"},
    {"deduction_events.decide", R(OPS) | R(DIVISION), "X4"},
    {"settlement_corrections.read", R_READ, "V3.3"},
    {"settlement_corrections.write", R_DRAFT, "V3.3"},
    {"settlement_corrections.approve", R(OPS) | R(DIVISION), "V3.3"},
    {"settlements.read", R_READ, "V3.3"},
    {"settlements.write", R_DRAFT, "V3.3"},
    {"settlements.answer", R(PROVIDER), "X4"},
    {"settlements.decide", R(OPS) | R(DIVISION), "X4"},
    {"settlements.approve", R(FINANCE), "V3.3"},
    RIGHTS_END,
};
