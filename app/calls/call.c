/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A call as people read it. Its columns are expressions, so that no list takes them for indexes of
 * their own: call_list.c knows by what a call is found. */
#include "app/calls/call_private.h"
#include "base/hash.h"

static const struct field CALL_FIELDS[] = {
    FIELD(call, id, .column = "t.id", .use = FILTERED | SORTED),
    FIELD(call, version, .column = "1", .use = NO_DIFF),
    FIELD(call, created_at, .column = "0", .use = NO_DIFF | HIDDEN),
    FIELD(call, updated_at, .column = "0", .use = NO_DIFF | HIDDEN),
    FIELD(call, started_at, .column = "t.id / 8192 + 1577836800000", .use = LISTED | FILTERED),
    FIELD_REF(call, contract_id, "contracts", .column = "t.contract_id",
              .among = "service=outbound_call", .use = FILTERED | CHOSEN),
    FIELD(call, contract_number, .column = "c.number"),
    FIELD(call, contract_name, .column = "c.name", .use = LISTED),
    FIELD_REF(call, agent_id, "agents", .column = "t.agent_id", .use = FILTERED | CHOSEN),
    FIELD(call, agent_code, .column = "a.code", .use = LISTED),
    FIELD_REF(call, person_id, "people", .column = "a.person_id", .use = FILTERED),
    FIELD(call, agent_name, .column = "p.name", .use = LISTED),
    FIELD_REF(call, number_id, "numbers", .column = "t.number_id", .use = FILTERED | CHOSEN),
    FIELD(call, caller, .column = "n.shown", .use = LISTED),
    FIELD(call, callee, .use = LISTED | FILTERED | DERIVED),
    FIELD(call, callee_key, .column = "t.callee_key", .use = FILTERED | HIDDEN),
    FIELD(call, callee_code, .column = "t.callee_code", .use = HIDDEN),
    FIELD(call, duration_s, .column = "t.duration_s", .use = LISTED),
    FIELD(call, talk_s, .column = "t.talk_s", .use = LISTED),
    FIELD_ENUM(call, result, CALL_RESULTS, .column = "t.result",
               .use = LISTED | FILTERED | AS_NUMBER),
    FIELD(call, source, .column = "s.name"),
    FIELD(call, uid, .column = "t.uid"),
    FIELD(call, said_uid, .column = "t.uid", .use = HIDDEN),
    FIELD(call, recording, .column = "t.recording"),
    FIELD(call, gate_id, .column = "t.gate_id"),
    FIELDS_END,
};

static void call_derive(struct ctx *cx, void *record)
{
    struct call *call = record;
    const char *number = callee_open(cx->mem, cx->keys, call->callee_key, call->callee_code);
    call->callee = secret_mask(cx->mem, callee_dialled(cx->mem, number));
    call->uid = callee_hide(cx->mem, number, call->uid);
    call->recording = callee_hide(cx->mem, number, call->recording);
    number_mask(cx, &call->caller);
}

const struct resource CALLS = {
    .name = "calls",
    .clause = "C2.4",
    .fields = CALL_FIELDS,
    .size = sizeof(struct call),
    .joins = "JOIN call_sources s ON s.id = t.source_id "
             "LEFT JOIN contracts c ON c.id = t.contract_id "
             "LEFT JOIN agents a ON a.id = t.agent_id "
             "LEFT JOIN people p ON p.id = a.person_id "
             "LEFT JOIN numbers n ON n.id = t.number_id",
    .title = "uid",
    .sort = "-id",
    .parent = &CONTRACTS,
    .parent_field = "contract_id",
    .scope = {[SIDE_PROVIDER] = OWN_CALLS},
    .derive = call_derive,
    .apart = &CALLS_APART,
};

const struct right CALL_RIGHTS[] = {
    {"calls.read", R_CLIENT_SIDE | R_PROVIDER_SIDE | R(AGENT), "C2.4", true},
    {"call_figures.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "C2.4", true},
    {"call_days.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "C2.4", true},
    {"calls.send", R(OPS) | R(PROVIDER) | R(DUTY), "C2.4"},
    {"call_months.read", R(OPS) | R(AUDIT) | R(CLIENT), "C2.4"},
    {"call_exceptions.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "C1.2", true},
    {"call_exceptions.explain", R(PROVIDER) | R(DUTY) | R(SUPERVISOR), "C1.2"},
    RIGHTS_END,
};
