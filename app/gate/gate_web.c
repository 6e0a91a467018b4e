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
    static _Atomic(const char *) known[LANG_COUNT][32]; /* looked up once */
    _Atomic(const char *) *words = &known[rq->cx.lang][reason & 31];
    if (!*words)
        *words =
            texts_get(arena_printf(rq->cx.mem, "gate.reason.%s", choice_name(ALLOWANCES, reason)),
                      rq->cx.lang);
    return *words;
}

static enum result gate_post(struct request *rq)
{
    struct asked asked = {.node = ""};
    struct gate_answer answer;
    fields_blank(ASKED_FIELDS, &asked);
    TRY(body_read(rq, ASKED_FIELDS, &asked, true, NULL));
    const int64_t asker = asker_of(rq);
    asked.contract = directory_meant(rq->cx.mem, asker, asked.contract, asked.agent, rq->cx.now);
    const struct gate_ask ask = {asked.node,   asked.call_id, asked.contract, asked.agent,
                                 asked.caller, asked.callee,  asked.mode,     asker};
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
    TRY(gate_bind(&rq->cx, asker_of(rq), bound.gate_id, bound.agent, &reason));
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
    TRY(gate_release(&rq->cx, asker_of(rq), bound->gate_id));
    doc_root(rq->doc, RELEASED_FIELDS, bound);
    return OK;
}

/* ---- how it is doing ---- */

struct reason_row {
    const char *reason, *words;
    int32_t count;
    const char *href; /* where people see what was refused so */
    int32_t width;    /* of its bar, in a hundred */
};
static const struct field REASON_FIELDS[] = {FIELD(reason_row, reason), FIELD(reason_row, words),
                                             FIELD(reason_row, count),  FIELD(reason_row, href),
                                             FIELD(reason_row, width),  FIELDS_END};
struct second_row {
    int32_t asked, refused;
    int32_t x, height, red; /* of its bars, in a picture 60 high */
};
static const struct field SECOND_FIELDS[] = {FIELD(second_row, asked), FIELD(second_row, refused),
                                             FIELD(second_row, x),     FIELD(second_row, height),
                                             FIELD(second_row, red),   FIELDS_END};
static const struct field LIVE_FIELDS[] = {
    FIELD(gate_live, open),   FIELD(gate_live, minute), FIELD(gate_live, allowed),
    FIELD(gate_live, p50_us), FIELD(gate_live, p99_us), FIELDS_END,
};

/* What the regulation forbids is a breach; everything else is to be explained. */
static const char *reason_href(struct request *rq, enum allowance reason)
{
    const bool is_breach = reason <= REFUSED_NUMBER_NOT_PERMITTED;
    const char *list = is_breach ? "breaches" : "call_exceptions";
    return arena_printf(rq->cx.mem, "/%s?kind=%s", list, choice_name(ALLOWANCES, reason));
}

static int32_t largest(const int32_t *values, int count)
{
    int32_t most = 1;
    for (int i = 0; i < count; i++)
        most = values[i] > most ? values[i] : most;
    return most;
}

static const struct field OPEN_FIELDS[] = {
    FIELD(open_call, since),
    FIELD(open_call, seconds),
    FIELD(open_call, lasts),
    FIELD(open_call, contract_id),
    FIELD(open_call, contract_name),
    FIELD(open_call, agent_id),
    FIELD(open_call, agent_code),
    FIELD(open_call, person_name),
    FIELD(open_call, caller),
    FIELD(open_call, callee),
    FIELDS_END,
};

static enum result put_open(struct request *rq, struct gate_live *live)
{
    const int32_t count = live->open < OPEN_CALLS_SHOWN ? live->open : OPEN_CALLS_SHOWN;
    for (int32_t i = 0; i < count; i++)
        TRY(open_call_name(&rq->cx, &live->longest[i]));
    doc_records(rq->doc, "open_calls", OPEN_FIELDS, live->longest, (size_t)count,
                sizeof *live->longest);
    return OK;
}

/* Every reason stands in its place from the start, so that nothing on the page moves. */
static void put_reasons(struct request *rq, const struct gate_live *live)
{
    struct reason_row *rows = ARENA_ARRAY(rq->cx.mem, struct reason_row, 32);
    const int32_t most = largest(live->reasons + ALLOWED + 1, 30);
    int64_t refused = 0;
    size_t count = 0;
    for (int i = ALLOWED + 1; i < 32 && ALLOWANCES[i - 1]; i++) {
        const enum allowance reason = (enum allowance)i;
        const bool is_refusal = reason <= REFUSED_FREQUENCY ||
                                (reason >= REFUSED_CONSENT && reason <= REFUSED_CONTRACT_UNKNOWN);
        refused += live->reasons[i];
        if (is_refusal && (rq->face == FACE_PAGE || live->reasons[i]))
            rows[count++] = (struct reason_row){ALLOWANCES[i - 1], reason_words(rq, reason),
                                                live->reasons[i], reason_href(rq, reason),
                                                (int32_t)(live->reasons[i] * INT64_C(100) / most)};
    }
    doc_records(rq->doc, "reasons", REASON_FIELDS, rows, count, sizeof *rows);
    doc_int(rq->doc, "refused", refused);
}

#define PICTURE INT64_C(60)

static void put_seconds(struct request *rq, const struct gate_live *live)
{
    struct second_row *rows = ARENA_ARRAY(rq->cx.mem, struct second_row, 60);
    const int32_t most = largest(live->asked, 60);
    for (int i = 0; i < 60; i++)
        rows[i] = (struct second_row){live->asked[i], live->refused[i], i * 10 + 1,
                                      (int32_t)(live->asked[i] * PICTURE / most),
                                      (int32_t)(live->refused[i] * PICTURE / most)};
    doc_records(rq->doc, "seconds", SECOND_FIELDS, rows, 60, sizeof *rows);
    doc_int(rq->doc, "most", most);
}

/* 0.41 of a thousandth of a second, as people read it. */
static const char *milliseconds(struct request *rq, int32_t us)
{
    return arena_printf(rq->cx.mem, "%d.%02d", us / 1000, us % 1000 / 10);
}

static enum result live_get(struct request *rq)
{
    struct gate_live *live = ARENA_NEW(rq->cx.mem, struct gate_live);
    const struct gate_view *view;
    TRY(gate_view_of(&rq->cx, &view));
    gate_live(rq->cx.now, view, live);
    doc_root(rq->doc, LIVE_FIELDS, live);
    put_reasons(rq, live);
    put_seconds(rq, live);
    TRY(put_open(rq, live));
    doc_int(rq->doc, "minute_refused", live->minute - live->allowed);
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    doc_int(rq->doc, "open_more", live->open > OPEN_CALLS_SHOWN);
    doc_text(rq->doc, "p50", live->measured ? milliseconds(rq, live->p50_us) : "");
    doc_text(rq->doc, "p99", live->measured ? milliseconds(rq, live->p99_us) : "");
    doc_text(rq->doc, "allowed_share",
             live->minute ? arena_printf(rq->cx.mem, "%.1f", 100.0 * live->allowed / live->minute)
                          : "");
    rq->doc->page_only = false;
    return OK;
}

const struct right GATE_RIGHTS[] = {
    {"gate.ask", R(OPS) | R(PROVIDER) | R(DUTY), "C1.2"},
    {"gate.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "C1.2"},
    {"call_rules.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "C1.2"},
    {"call_rules.write", R_CALL_CLIENT, "C1.2"},
    {"do_not_call.read", R_CLIENT_SIDE | R_PROVIDER_SIDE | R(AGENT), "C3.3", true},
    {"do_not_call.write", R_CALL_CLIENT | R(RESIDENT) | R_PROVIDER_SIDE | R(AGENT), "C3.3"},
    {"do_not_call.lift", R_CALL_CLIENT, "C3.3"},
    {"consents.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "C3.3", true},
    {"consents.write", R_CALL_CLIENT | R(PROVIDER) | R(DUTY), "C3.3"},
    RIGHTS_END,
};

const struct route GATE_ROUTES[] = {
    {POST, "/gate", "gate.ask", gate_post, NULL, .flags = API_ONLY | ASKS},
    {POST, "/gate/bind", "gate.ask", bind_post, NULL, .flags = API_ONLY | ASKS},
    {POST, "/gate/release", "gate.ask", release_post, NULL, .flags = API_ONLY | ASKS},
    {GET, "/gate", "gate.read", live_get, "gate", .flags = PAGE_ONLY, .nav = "gate"},
    {GET, "/gate/live", "gate.read", live_get, "gate_live", .nav = "gate"},
    ROUTES_END,
};
