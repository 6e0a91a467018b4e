/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a statement rests on: the contract's fee, the final evaluation of its month, and the
 * findings of inspections, and who was there. */
#include "app/settlement/settlement_private.h"

#include "app/contracts/contract_fee.h"
#include "app/evaluation/evaluation.h"
#include "app/settlement/settlement.sql.h"
#include "app/staffing/head_count.h"

/* What the days of a month cost in which the contract runs, by the fee that held on each. */
static enum result month_fee(struct ctx *cx, const struct contract *contract, struct month month,
                             struct money *out)
{
    const struct date first = month_first(month), last = month_last(month);
    const struct date end = contract_last_day(contract);
    const struct date from = contract->starts_on.days > first.days ? contract->starts_on : first;
    const struct date to = end.days && end.days < last.days ? end : last;
    TRY(contract_fee_sum(cx, contract, from, to, out));
    *out = money_share(*out, 1, last.days - first.days + 1);
    return OK;
}

static enum result evaluation_basis(struct ctx *cx, struct settlement *settlement)
{
    struct evaluation evaluation;
    char month[MONTH_MAX_TEXT];
    struct fault kept = fault_take(cx);
    month_format(settlement->month, month);
    const enum result result = evaluation_final_of(cx, settlement->contract_id, month, &evaluation);
    settlement->evaluation_id = 0;
    settlement->scored = false;
    settlement->total = (struct points){0};
    settlement->grade = 0;
    if (result != OK && result != NOT_FOUND)
        return result;
    cx->fault = kept;
    if (result == NOT_FOUND)
        return OK;
    settlement->evaluation_id = evaluation.id;
    settlement->scored = evaluation.scored;
    settlement->total = evaluation.total;
    settlement->grade = evaluation.grade;
    return OK;
}

enum result settlement_kept(struct ctx *cx, int64_t contract_id, struct settlement *out)
{
    struct list list;
    TRY(record_select(cx, &SETTLEMENTS, "kept",
                      "t.contract_id = $1 AND t.kind = 'acceptance' AND t.state <> 'dropped' ORDER "
                      "BY t.id LIMIT 1",
                      PARAMS(P(contract_id)), &list));
    *out = list.count ? *(const struct settlement *)list.rows : (struct settlement){0};
    return OK;
}

/* What was accepted, and what of it is kept back; or what was kept back of it. */
static enum result acceptance_basis(struct ctx *cx, const struct contract *contract,
                                    struct settlement *settlement)
{
    struct acceptance acceptance;
    struct settlement kept;
    if (!settlement->kind)
        settlement->kind = SETTLEMENT_ACCEPTANCE;
    settlement->fee_fen = contract->amount_fen;
    settlement->retention_share = contract->retention_share;
    TRY(acceptance_of_contract(cx, contract->id, &settlement->acceptance_id));
    if (settlement->acceptance_id) {
        TRY(record_get(cx, &ACCEPTANCES, settlement->acceptance_id, &acceptance));
        settlement->fee_fen = acceptance.accepted_fen;
    }
    if (settlement->kind == SETTLEMENT_RETENTION) {
        TRY(settlement_kept(cx, contract->id, &kept));
        settlement->fee_fen = kept.retained_fen;
        settlement->retention_share = (struct points){0};
    }
    return OK;
}

enum result settlement_basis(struct ctx *cx, const struct contract *contract,
                             struct settlement *settlement)
{
    if (contract->kind == CONTRACT_ONE_OFF)
        return acceptance_basis(cx, contract, settlement);
    settlement->kind = SETTLEMENT_MONTH;
    TRY(month_fee(cx, contract, settlement->month, &settlement->fee_fen));
    return evaluation_basis(cx, settlement);
}

static const struct field FINDING_FIELDS[] = {FIELD(finding, id), FIELD(finding, month),
                                              FIELD(finding, points), FIELDS_END};
#define FINDINGS_MOST 1000000 /* more than a contract ever has */

enum result settlement_findings(struct ctx *cx, int64_t contract_id, struct finding **out,
                                size_t *out_count)
{
    return db_list(cx, &q_findings, PARAMS(P(contract_id), P(cx->now)), FINDING_FIELDS,
                   sizeof **out, FINDINGS_MOST, out, out_count);
}

/* ---- who was there ---- */

/* So many of a job from a day to another: none: without end. */
struct held {
    enum job job;
    struct date from, to;
    int32_t count;
    int64_t person_id;
};
static const struct field HELD_FIELDS[] = {
    FIELD_ENUM(held, job, JOBS), FIELD(held, from),      FIELD(held, to),
    FIELD(held, count),          FIELD(held, person_id), FIELDS_END};
#define HELD_MOST 100000

/* Rows of one person stand together: he or she counts once. */
static int32_t held_on(const struct held *held, size_t count, enum job job, struct date day)
{
    int64_t person = 0;
    int32_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        if (held[i].job != job || held[i].from.days > day.days ||
            (held[i].to.days && held[i].to.days < day.days) ||
            (person && held[i].person_id == person))
            continue;
        person = held[i].person_id;
        sum += held[i].count;
    }
    return sum;
}

static enum result missing_calling(struct ctx *cx, const struct contract *contract,
                                   struct month month, const struct staff_day *days, size_t count,
                                   int32_t *out)
{
    const struct params asked =
        PARAMS(P(contract->id), P(month_first(month)), P(month_last(month)));
    struct held *ids, *before;
    size_t id_count, before_count;
    TRY(db_list(cx, &q_agents_held, asked, HELD_FIELDS, sizeof *ids, HELD_MOST, &ids, &id_count));
    TRY(db_list(cx, &q_asked_before, asked, HELD_FIELDS, sizeof *before, HELD_MOST, &before,
                &before_count));
    for (size_t i = 0; i < count; i++) {
        const struct staff_day *day = &days[i];
        const int32_t there = day->job == JOB_AGENT
                                  ? held_on(ids, id_count, day->job, day->day)
                                  : day->actual - held_on(before, before_count, day->job, day->day);
        if (there < day->required)
            *out += day->required - (there > 0 ? there : 0);
    }
    return OK;
}

enum result settlement_person_days(struct ctx *cx, const struct contract *contract,
                                   struct month month, int32_t *out_asked, int32_t *out_missing)
{
    struct staff_day *days;
    size_t count;
    int32_t counted;
    *out_asked = *out_missing = 0;
    TRY(staff_days(cx, contract, month_first(month), month_last(month), &days, &count));
    for (size_t i = 0; i < count; i++)
        *out_asked += days[i].required;
    return contract->service == SERVICE_OUTBOUND_CALL
               ? missing_calling(cx, contract, month, days, count, out_missing)
               : head_count_missing(cx, contract->id, month, &counted, out_missing);
}
