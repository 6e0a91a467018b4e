/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/calls/call_more.h"

#include "app/calls/call.sql.h"

#define FOUND_MOST 50 /* of one call */

const struct field CALL_DECISION_FIELDS[] = {
    FIELD(call_decision, id),
    FIELD(call_decision, decided_at),
    FIELD(call_decision, node),
    FIELD(call_decision, call_id),
    FIELD(call_decision, callee),
    FIELD_ENUM(call_decision, mode, GATE_MODES),
    FIELD_ENUM(call_decision, reason, ALLOWANCES),
    FIELD(call_decision, max_s),
    FIELDS_END,
};
static const struct field DECISION_ROW[] = {
    FIELD(call_decision, id),
    FIELD(call_decision, contract_id),
    FIELD(call_decision, node),
    FIELD(call_decision, call_id),
    FIELD(call_decision, callee_key),
    FIELD(call_decision, callee_code),
    FIELD_ENUM(call_decision, mode, GATE_MODES),
    FIELD_ENUM(call_decision, reason, ALLOWANCES),
    FIELD(call_decision, max_s),
    FIELDS_END,
};
static const struct field FOUND_ROW[] = {FIELD_ENUM(call_found, kind, ALLOWANCES), FIELDS_END};

#define UNKNOWN_DECISION ((struct call_decision){.node = "", .call_id = "", .callee = ""})

static const char *const CHANGES[] = {"revised", "judged", NULL};

const struct field CALL_REVISION_FIELDS[] = {
    FIELD(call_revision, at),
    FIELD_ENUM(call_revision, change, CHANGES),
    FIELD(call_revision, person_name),
    FIELD(call_revision, contract_number),
    FIELD(call_revision, agent_code),
    FIELD(call_revision, caller),
    FIELD(call_revision, duration_s),
    FIELD(call_revision, talk_s),
    FIELD_ENUM(call_revision, result, CALL_RESULTS, .use = AS_NUMBER),
    FIELDS_END,
};

struct reading {
    const struct call *call;
    struct call_more *more;
};

static enum result read_decision(struct ctx *cx, void *host)
{
    struct call_decision *decision = host;
    const int64_t id = decision->id;
    enum result there = db_one(cx, &q_call_decision, PARAMS(P(id)), DECISION_ROW, decision);
    return there == NOT_FOUND ? OK : there;
}

static enum result read_found(struct ctx *cx, void *host)
{
    const struct reading *reading = host;
    struct call_more *more = reading->more;
    TRY(db_list(cx, &q_call_found, PARAMS(P(reading->call->id)), FOUND_ROW, sizeof *more->found,
                FOUND_MOST, &more->found, &more->found_count));
    return db_list(cx, &q_call_revisions, PARAMS(P(reading->call->id)), CALL_REVISION_FIELDS,
                   sizeof *more->revisions, FOUND_MOST, &more->revisions, &more->revision_count);
}

/* The record names the decision, and may name another's: that is told to nobody who does not see
 * its contract. */
static enum result hide_anothers(struct ctx *cx, int64_t contract_id,
                                 struct call_decision *decision)
{
    if (!decision->contract_id || decision->contract_id == contract_id)
        return OK;
    const enum result seen = record_seen(cx, &CONTRACTS, decision->contract_id);
    if (seen != NOT_FOUND)
        return seen;
    cx->fault = (struct fault){.result = OK};
    *decision = UNKNOWN_DECISION;
    return OK;
}

enum result call_decision_read(struct ctx *cx, int64_t gate_id, int64_t contract_id,
                               struct call_decision *out)
{
    *out = UNKNOWN_DECISION;
    if (gate_id <= 0)
        return OK;
    out->id = gate_id;
    TRY(months_read(cx, calls_months(), call_month(gate_id), read_decision, out));
    out->decided_at = call_instant(gate_id);
    const char *number = callee_open(cx->mem, cx->keys, out->callee_key, out->callee_code);
    out->callee = secret_mask(cx->mem, callee_dialled(cx->mem, number));
    out->call_id = callee_hide(cx->mem, number, out->call_id);
    return hide_anothers(cx, contract_id, out);
}

enum result call_more_read(struct ctx *cx, const struct call *call, struct call_more *out)
{
    struct reading reading = {call, out};
    *out = (struct call_more){0};
    TRY(call_decision_read(cx, call->gate_id, call->contract_id, &out->decision));
    return months_read(cx, calls_months(), call_month(call->id), read_found, &reading);
}
