/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/gate/gate_web.h"

#include "app/gate/gate.h"
#include "app/records/record_web.h"
#include "base/texts.h"

#include <string.h>

/* Of a provider only its own contracts are there; the company's own nodes ask for all. */
static int64_t asker_of(const struct request *rq)
{
    const struct actor *actor = rq->cx.actor;
    return actor->side == SIDE_PROVIDER ? actor->organisation_id : 0;
}

/* ---- POST /api/gate ---- */

struct asked {
    const char *node, *call_id, *contract, *agent, *caller, *callee;
    enum gate_mode mode;
};
static const struct field ASKED_FIELDS[] = {
    FIELD(asked, node, .in = MUST, .max = NODE_MOST),
    FIELD(asked, call_id, .in = MUST, .max = CALL_ID_MOST),
    FIELD(asked, contract, .in = MAY, .max = NODE_MOST),
    FIELD(asked, agent, .in = MAY, .max = NODE_MOST),
    FIELD(asked, caller, .in = MAY, .max = NODE_MOST),
    FIELD(asked, callee, .in = MAY, .max = NODE_MOST),
    FIELD_ENUM(asked, mode, GATE_MODES, .in = MAY),
    FIELDS_END,
};

struct told {
    bool allow, record;
    const char *reason, *message, *caller;
    int64_t gate_id;
    int32_t max_s;
};
static const struct field TOLD_FIELDS[] = {
    FIELD(told, allow),  FIELD(told, reason), FIELD(told, message), FIELD(told, gate_id),
    FIELD(told, caller), FIELD(told, max_s),  FIELD(told, record),  FIELDS_END,
};

/* "gate.reason.agent_unknown", as the breaches' kinds are called. */
static const char *reason_words(struct request *rq, enum allowance reason)
{
    return texts_get(arena_printf(rq->cx.mem, "gate.reason.%s", choice_name(ALLOWANCES, reason)),
                     rq->cx.lang);
}

static enum result gate_post(struct request *rq)
{
    struct asked asked = {.node = ""};
    struct gate_answer answer;
    fields_blank(ASKED_FIELDS, &asked);
    TRY(body_read(rq, ASKED_FIELDS, &asked, true, NULL));
    const struct gate_ask ask = {asked.node,   asked.call_id, asked.contract, asked.agent,
                                 asked.caller, asked.callee,  asked.mode,     asker_of(rq)};
    TRY(gate_decide(&rq->cx, &ask, &answer));
    struct told *told = ARENA_NEW(rq->cx.mem, struct told);
    *told = (struct told){.allow = answer.allow,
                          .record = answer.record,
                          .reason = choice_name(ALLOWANCES, answer.reason),
                          .message = reason_words(rq, answer.reason),
                          .caller = arena_dup(rq->cx.mem, answer.caller),
                          .gate_id = answer.gate_id,
                          .max_s = answer.max_s};
    doc_root(rq->doc, TOLD_FIELDS, told);
    return OK;
}

/* ---- afterwards ---- */

struct bound {
    int64_t gate_id;
    const char *agent;
};
static const struct field BOUND_FIELDS[] = {
    FIELD(bound, gate_id, .in = MUST),
    FIELD(bound, agent, .in = MUST, .max = NODE_MOST),
    FIELDS_END,
};
static const struct field RELEASED_FIELDS[] = {FIELD(bound, gate_id, .in = MUST), FIELDS_END};

static enum result bind_post(struct request *rq)
{
    struct bound bound;
    enum allowance reason;
    fields_blank(BOUND_FIELDS, &bound);
    TRY(body_read(rq, BOUND_FIELDS, &bound, true, NULL));
    TRY(gate_bind(&rq->cx, bound.gate_id, bound.agent, &reason));
    struct told *told = ARENA_NEW(rq->cx.mem, struct told);
    *told = (struct told){.allow = reason == ALLOWED,
                          .reason = choice_name(ALLOWANCES, reason),
                          .message = reason_words(rq, reason),
                          .caller = "",
                          .gate_id = bound.gate_id};
    doc_root(rq->doc, TOLD_FIELDS, told);
    return OK;
}

static enum result release_post(struct request *rq)
{
    struct bound *bound = ARENA_NEW(rq->cx.mem, struct bound);
    TRY(body_read(rq, RELEASED_FIELDS, bound, true, NULL));
    TRY(gate_release(&rq->cx, bound->gate_id));
    doc_root(rq->doc, RELEASED_FIELDS, bound);
    return OK;
}

/* ---- how it is doing ---- */

struct reason_row {
    const char *reason, *words;
    int32_t count;
};
static const struct field REASON_FIELDS[] = {FIELD(reason_row, reason), FIELD(reason_row, words),
                                             FIELD(reason_row, count), FIELDS_END};
struct second_row {
    int32_t asked;
};
static const struct field SECOND_FIELDS[] = {FIELD(second_row, asked), FIELDS_END};
static const struct field LIVE_FIELDS[] = {
    FIELD(gate_live, open),   FIELD(gate_live, minute), FIELD(gate_live, allowed),
    FIELD(gate_live, p50_us), FIELD(gate_live, p99_us), FIELDS_END,
};

static enum result live_get(struct request *rq)
{
    struct gate_live *live = ARENA_NEW(rq->cx.mem, struct gate_live);
    struct reason_row *reasons = ARENA_ARRAY(rq->cx.mem, struct reason_row, 32);
    size_t count = 0;
    gate_live(rq->cx.now, live);
    for (int i = ALLOWED + 1; i < 32 && ALLOWANCES[i - 1]; i++)
        if (live->reasons[i])
            reasons[count++] = (struct reason_row){
                ALLOWANCES[i - 1], reason_words(rq, (enum allowance)i), live->reasons[i]};
    doc_root(rq->doc, LIVE_FIELDS, live);
    doc_records(rq->doc, "reasons", REASON_FIELDS, reasons, count, sizeof *reasons);
    doc_records(rq->doc, "seconds", SECOND_FIELDS, live->asked, 60, sizeof(int32_t));
    return OK;
}

const struct right GATE_RIGHTS[] = {
    {"gate.ask", R(OPS) | R(PROVIDER) | R(DUTY), "C1.2"},
    {"gate.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "C1.2"},
    {"call_rules.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "C1.2"},
    {"call_rules.write", R_CALL_CLIENT, "C1.2"},
    {"do_not_call.read", R_CLIENT_SIDE | R_PROVIDER_SIDE | R(AGENT), "C3.3"},
    {"do_not_call.write", R_CALL_CLIENT | R(RESIDENT) | R_PROVIDER_SIDE | R(AGENT), "C3.3"},
    {"do_not_call.lift", R_CALL_CLIENT, "C3.3"},
    {"consents.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "C3.3"},
    {"consents.write", R_CALL_CLIENT | R(PROVIDER) | R(DUTY), "C3.3"},
    RIGHTS_END,
};

const struct route GATE_ROUTES[] = {
    {POST, "/gate", "gate.ask", gate_post, NULL, .flags = API_ONLY | ASKS},
    {POST, "/gate/bind", "gate.ask", bind_post, NULL, .flags = API_ONLY | ASKS},
    {POST, "/gate/release", "gate.ask", release_post, NULL, .flags = API_ONLY | ASKS},
    {GET, "/gate/live", "gate.read", live_get, NULL, .flags = API_ONLY},
    ROUTES_END,
};
