/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What an earlier statement got wrong: by two people, as a line of a later one. */
#include "app/settlement/settlement.h"

static const char *const STATES[] = {"drafted", "approved", "dropped", NULL};
#define AMOUNT_MOST (100 * 1000 * 1000 * INT64_C(100))

static const struct field CORRECTION_FIELDS[] = {
    RECORD_FIELDS(settlement_correction),
    FIELD_REF(settlement_correction, settlement_id, "settlements", .in = MUST,
              .use = FIXED | FILTERED, .among = "state=approved,paid", .clause = "V3.3"),
    FIELD(settlement_correction, contract_name, .column = "c.name", .use = LISTED),
    FIELD(settlement_correction, month, .use = LISTED),
    FIELD(settlement_correction, amount_fen, .in = MUST, .min = -AMOUNT_MOST, .max = AMOUNT_MOST,
          .use = LISTED),
    FIELD(settlement_correction, reason, .in = MUST, .max = REASON_MOST, .use = LONG_TEXT | LISTED),
    FIELD_REF(settlement_correction, recorder_id, "people", .use = NO_DIFF),
    FIELD(settlement_correction, recorded_by, .column = "p.name", .use = LISTED),
    FIELD_REF(settlement_correction, approver_id, "people", .use = NO_DIFF),
    FIELD(settlement_correction, approved_by, .column = "COALESCE(a.name, '')", .use = LISTED),
    FIELD_REF(settlement_correction, settled_id, "settlements"),
    FIELD_REF(settlement_correction, contract_id, "contracts", .use = FILTERED | NO_DIFF),
    FIELD_REF(settlement_correction, provider_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(settlement_correction, client_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(settlement_correction, unit_id, "units", .use = HIDDEN | NO_DIFF),
    FIELD_ENUM(settlement_correction, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

static enum result correction_check(struct ctx *cx, void *record, const void *before)
{
    struct settlement_correction *correction = record;
    struct settlement settlement;
    if (before || !correction->settlement_id)
        return OK;
    TRY(record_get(cx, &SETTLEMENTS, correction->settlement_id, &settlement));
    if (settlement.state < SETTLEMENT_APPROVED)
        reject_clause(cx, "V3.3", "settlement_id", "not_settled_yet");
    if (!correction->amount_fen.fen)
        reject_clause(cx, "V3.3", "amount_fen", "required");
    correction->contract_id = settlement.contract_id;
    correction->provider_id = settlement.provider_id;
    correction->client_id = settlement.client_id;
    correction->unit_id = settlement.unit_id;
    correction->month = settlement.month;
    correction->recorder_id = cx->actor->person_id;
    correction->state = CORRECTION_DRAFTED;
    return OK;
}

const struct resource SETTLEMENT_CORRECTIONS = {
    .name = "settlement_corrections",
    .clause = "V3.3",
    .fields = CORRECTION_FIELDS,
    .size = sizeof(struct settlement_correction),
    .joins = "JOIN contracts c ON c.id = t.contract_id JOIN people p ON p.id = t.recorder_id "
             "LEFT JOIN people a ON a.id = t.approver_id",
    .title = "reason",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@client_id = :org",
              [SIDE_PROVIDER] = "@provider_id = :org AND @state = 'approved'"},
    .unit = "unit_id",
    .check = correction_check,
};

enum result correction_approve(struct ctx *cx, const struct settlement_correction *correction)
{
    struct settlement_correction after = *correction;
    if (correction->state != CORRECTION_DRAFTED)
        return fail(cx, CONFLICT, "correction.wrong_state", correction->contract_name);
    if (correction->recorder_id == cx->actor->person_id)
        return fail(cx, FORBIDDEN, "settlement.same_person", correction->contract_name);
    after.approver_id = cx->actor->person_id;
    after.state = CORRECTION_APPROVED;
    return record_change(cx, &SETTLEMENT_CORRECTIONS, "approve", correction, &after);
}

enum result correction_drop(struct ctx *cx, const struct settlement_correction *correction,
                            const char *reason)
{
    struct settlement_correction after = *correction;
    if (correction->state == CORRECTION_DROPPED || correction->settled_id)
        return fail(cx, CONFLICT, "correction.wrong_state", correction->contract_name);
    after.reason = text_plain(cx->mem, reason);
    check_reason(cx, after.reason);
    TRY(rejected(cx));
    after.reason = arena_printf(cx->mem, "%s（%s）", correction->reason, after.reason);
    check_words(cx, "reason", after.reason, REASON_MOST);
    TRY(rejected(cx));
    after.state = CORRECTION_DROPPED;
    return record_change(cx, &SETTLEMENT_CORRECTIONS, "drop", correction, &after);
}
