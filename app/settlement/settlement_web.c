/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/settlement/settlement_web.h"

#include "app/access/access_web.h"
#include "app/contracts/contract_web.h"
#include "app/records/record_page.h"
#include "app/settlement/capitals.h"
#include "app/signatures/signature.h"
#include "base/texts.h"

#include <stdlib.h>
#include <string.h>

/* ---- lines ---- */

const char *settlement_line_name(struct request *rq, const struct settlement_line *line)
{
    if (*line->rule && line->kind != LINE_CAPPED)
        return line->rule;
    return word(rq, arena_printf(rq->cx.mem, "settlements.line.%s",
                                 choice_name(SETTLEMENT_LINE_KINDS, line->kind)));
}

/* The records that a line follows from, as far as the reader may see them. */
static enum result put_evidence(struct request *rq, const struct settlement *settlement,
                                const struct settlement_line *line, struct doc *doc)
{
    struct doc **links = ARENA_ARRAY(rq->cx.mem, struct doc *, 64);
    char month[MONTH_MAX_TEXT];
    size_t count = 0;
    for (const char *at = line->evidence; *at && count < 64;) {
        char *end;
        const int64_t id = strtoll(at, &end, 10);
        at = end + (*end == ' ');
        links[count] = doc_new(rq->cx.mem);
        doc_text(links[count], "label", arena_printf(rq->cx.mem, "#%lld", (long long)id));
        doc_link(rq, links[count++], "href",
                 arena_printf(rq->cx.mem, "/deduction_events/%lld", (long long)id));
    }
    doc_docs(doc, "links", links, count);
    if (line->rule_id)
        doc_link(rq, doc, "rule_href",
                 arena_printf(rq->cx.mem, "/deduction_rules/%lld", (long long)line->rule_id));
    if (line->correction_id)
        doc_link(rq, doc, "correction_href",
                 arena_printf(rq->cx.mem, "/settlement_corrections/%lld",
                              (long long)line->correction_id));
    if (line->defect_id)
        doc_link(rq, doc, "defect_href",
                 arena_printf(rq->cx.mem, "/acceptance_defects/%lld", (long long)line->defect_id));
    const bool by_result =
        line->function == DEDUCT_THRESHOLD_LINEAR || line->function == DEDUCT_PER_POINT;
    if (by_result && settlement->evaluation_id && line->kind == LINE_RULE)
        doc_link(
            rq, doc, "evaluation_href",
            arena_printf(rq->cx.mem, "/evaluations/%lld", (long long)settlement->evaluation_id));
    month_format(line->month, month);
    if (settlement->kind != SETTLEMENT_MONTH)
        *month = 0; /* of all months */
    if (line->events && !*line->evidence)
        doc_link(rq, doc, "findings_href",
                 arena_printf(rq->cx.mem, "/rectifications?contract_id=%lld%s%s",
                              (long long)settlement->contract_id, *month ? "&month=" : "", month));
    return doc_term_link(rq, doc, "term_href", settlement->contract_id, line->term);
}

/* With the sign that says what it does to what is paid: taken off, or given back. */
static const char *effect(struct request *rq, struct money off)
{
    char text[MONEY_MAX_TEXT];
    money_format((struct money){off.fen < 0 ? -off.fen : off.fen}, true, text);
    return off.fen ? arena_printf(rq->cx.mem, "%s%s", off.fen < 0 ? "+" : "−", text)
                   : arena_dup(rq->cx.mem, text);
}

enum { ROWS_DEDUCTIONS, ROWS_SIGNATURES };
static const struct record_rows SETTLEMENT_ROWS[] = {
    [ROWS_DEDUCTIONS] = {"deductions", .fields = SETTLEMENT_LINE_SHOWN,
                         .size = sizeof(struct settlement_line)},
    [ROWS_SIGNATURES] = {"signatures", .fields = SIGNATURE_FIELDS,
                         .size = sizeof(struct signature)},
    RECORD_ROWS_END,
};

static enum result put_lines(struct request *rq, const struct settlement *settlement)
{
    struct settlement_line *lines;
    struct doc **docs;
    size_t count;
    TRY(settlement_lines(&rq->cx, settlement, &lines, &count));
    docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count + 1);
    for (size_t i = 0; i < count; i++) {
        TRY(settlement_line_words(&rq->cx, &lines[i], rq->cx.lang, &lines[i].words));
        docs[i] = doc_new(rq->cx.mem);
        doc_root(docs[i], SETTLEMENT_LINE_SHOWN, &lines[i]);
        docs[i]->page_only = rq->face == FACE_PAGE;
        if (rq->face == FACE_PAGE) {
            doc_text(docs[i], "name", settlement_line_name(rq, &lines[i]));
            doc_text(docs[i], "effect", effect(rq, lines[i].amount_fen));
            TRY(put_evidence(rq, settlement, &lines[i], docs[i]));
        }
    }
    doc_docs(rq->doc, SETTLEMENT_ROWS[ROWS_DEDUCTIONS].name, docs, count);
    return OK;
}

/* ---- one statement ---- */

/* To the evaluation that lacks a grade; where there is none, to those of the contract. */
static void put_evaluation_link(struct request *rq, const struct settlement *settlement,
                                struct doc *doc)
{
    const long long contract = settlement->contract_id, evaluation = settlement->evaluation_id;
    doc_link(rq, doc, "href",
             evaluation ? arena_printf(rq->cx.mem, "/evaluations/%lld", evaluation)
                        : arena_printf(rq->cx.mem, "/evaluations?contract_id=%lld", contract));
}

/* What stands in the way of sending it, in words. */
static enum result put_lacks(struct request *rq, const struct settlement *settlement)
{
    struct fault kept = fault_take(&rq->cx);
    const enum result result = settlement_demand_ready(&rq->cx, settlement);
    const struct field_fault *fault = result == CONFLICT ? rq->cx.fault.fields : NULL;
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, 8);
    size_t count = 0;
    for (; fault && count < 8; fault = fault->next) {
        docs[count] = doc_new(rq->cx.mem);
        doc_text(docs[count], "clause", fault->clause);
        if (strcmp(fault->field, "evaluation_id") == 0)
            put_evaluation_link(rq, settlement, docs[count]);
        doc_text(docs[count++], "words",
                 texts_fill(rq->cx.mem, arena_printf(rq->cx.mem, "fault.field.%s", fault->code),
                            rq->cx.lang, fault->args));
    }
    rq->cx.fault = kept;
    doc_docs(rq->doc, "lacks", docs, count);
    doc_flag(rq->doc, "may_send", !count && actor_may(rq->cx.actor, "settlements.write"));
    return result == CONFLICT ? OK : result;
}

static void put_may(struct request *rq, const struct settlement *settlement)
{
    const struct actor *actor = rq->cx.actor;
    const enum settlement_state state = settlement->state;
    const bool other =
        settlement->drafter_id != actor->person_id && settlement->creator_id != actor->person_id;
    const bool silent = state == SETTLEMENT_SENT && rq->cx.now.ms > settlement->answer_by.ms;
    doc_flag(rq->doc, "may_drop",
             state == SETTLEMENT_DRAFTED && !settlement->sent_at.ms &&
                 actor_may(actor, "settlements.write"));
    doc_flag(rq->doc, "may_answer",
             state == SETTLEMENT_SENT && actor_may(actor, "settlements.answer"));
    doc_flag(rq->doc, "may_dispute",
             state == SETTLEMENT_SENT && !silent && actor_may(actor, "settlements.answer"));
    doc_flag(rq->doc, "may_decide",
             other && (state == SETTLEMENT_DISPUTED || silent) &&
                 actor_may(actor, "settlements.decide"));
    doc_flag(rq->doc, "may_approve",
             other && state == SETTLEMENT_AGREED && actor_may(actor, "settlements.approve"));
    doc_flag(rq->doc, "may_pay",
             state == SETTLEMENT_APPROVED && actor_may(actor, "settlements.approve"));
    doc_flag(rq->doc, "may_correct",
             state >= SETTLEMENT_APPROVED && actor_may(actor, "settlement_corrections.write"));
}

static enum result put_page(struct request *rq, const struct settlement *settlement)
{
    rq->doc->page_only = true;
    put_may(rq, settlement);
    doc_text(rq->doc, "deducted_effect", effect(rq, settlement->deducted_fen));
    doc_text(rq->doc, "adjusted_effect", effect(rq, settlement->adjusted_fen));
    doc_text(rq->doc, "retained_effect", effect(rq, settlement->retained_fen));
    if (settlement->adjusted_fen.fen)
        doc_text(rq->doc, "adjusted_words",
                 word(rq, settlement->adjusted_fen.fen < 0 ? "settlements.given_back"
                                                           : "settlements.taken_off"));
    doc_text(rq->doc, "capitals", money_capitals(rq->cx.mem, settlement->payable_fen));
    doc_link(rq, rq->doc, "contract_href",
             arena_printf(rq->cx.mem, "/contracts/%lld", (long long)settlement->contract_id));
    if (settlement->evaluation_id)
        doc_link(
            rq, rq->doc, "evaluation_href",
            arena_printf(rq->cx.mem, "/evaluations/%lld", (long long)settlement->evaluation_id));
    if (settlement->acceptance_id)
        doc_link(
            rq, rq->doc, "acceptance_href",
            arena_printf(rq->cx.mem, "/acceptances/%lld", (long long)settlement->acceptance_id));
    if (settlement->state == SETTLEMENT_DRAFTED)
        TRY(put_lacks(rq, settlement));
    rq->doc->page_only = false;
    return OK;
}

static enum result settlement_show(struct request *rq, void *record)
{
    struct settlement *settlement = record;
    struct settlement now;
    struct signature *signatures;
    size_t count;
    TRY(settlement_now(&rq->cx, settlement, &now));
    *settlement = now;
    TRY(put_lines(rq, settlement));
    TRY(signatures_list(&rq->cx, &SETTLEMENTS, settlement->id, &signatures, &count));
    doc_rows(rq->doc, &SETTLEMENT_ROWS[ROWS_SIGNATURES], signatures, count);
    return rq->face == FACE_PAGE ? put_page(rq, settlement) : OK;
}

/* The month before this one. */
static enum result settlement_begin(struct request *rq, void *record)
{
    struct settlement *settlement = record;
    if (!settlement->month.months)
        settlement->month.months =
            month_of(instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN)).months - 1;
    return OK;
}

static const struct tab TABS[] = {
    {"all", ""},
    {"open", "state=drafted,sent,disputed"},
    {"finance", "state=agreed,approved"},
    {"paid", "state=paid"},
};

static enum result settlement_list(struct request *rq, const struct list *list)
{
    (void)list;
    doc_tabs(rq, &SETTLEMENTS, TABS, sizeof TABS / sizeof TABS[0]);
    return OK;
}

static const struct record_face SETTLEMENT_FACE = {.resource = &SETTLEMENTS,
                                                   .show = settlement_show,
                                                   .list = settlement_list,
                                                   .rows = SETTLEMENT_ROWS,
                                                   .begin = settlement_begin};

static enum result figures_get(struct request *rq)
{
    return doc_tab_figures(rq, &SETTLEMENTS, TABS, sizeof TABS / sizeof TABS[0]);
}

/* ---- steps ---- */

typedef enum result (*signed_step)(struct ctx *cx, const struct settlement *settlement,
                                   const char *sha256_seen);

static enum result sign(struct request *rq, signed_step step, const char *flash_key)
{
    struct settlement settlement;
    TRY(record_of_path(rq, &SETTLEMENTS, &settlement));
    enum result result = prove_demand(rq);
    if (result == OK)
        result = step(&rq->cx, &settlement, input_text(rq, "sha256"));
    return record_acted(rq, &SETTLEMENT_FACE, &settlement, result, flash_key);
}

static enum result send_post(struct request *rq)
{
    return sign(rq, settlement_send, "flash.settlement.sent");
}

static enum result agree_post(struct request *rq)
{
    return sign(rq, settlement_agree, "flash.settlement.agreed");
}

static enum result approve_post(struct request *rq)
{
    return sign(rq, settlement_approve, "flash.settlement.approved");
}

static enum result dispute_post(struct request *rq)
{
    struct settlement settlement;
    TRY(record_for_action(rq, &SETTLEMENTS, &settlement));
    return record_acted(rq, &SETTLEMENT_FACE, &settlement,
                        settlement_dispute(&rq->cx, &settlement, input_text(rq, "objection")),
                        "flash.settlement.disputed");
}

static enum result decided(struct request *rq, bool upheld)
{
    struct settlement settlement;
    TRY(record_for_action(rq, &SETTLEMENTS, &settlement));
    return record_acted(rq, &SETTLEMENT_FACE, &settlement,
                        settlement_decide(&rq->cx, &settlement, upheld, input_text(rq, "reason")),
                        "flash.settlement.decided");
}

static enum result drop_post(struct request *rq)
{
    struct settlement settlement;
    TRY(record_for_action(rq, &SETTLEMENTS, &settlement));
    return record_acted(rq, &SETTLEMENT_FACE, &settlement,
                        settlement_drop(&rq->cx, &settlement, input_text(rq, "reason")),
                        "flash.settlement.dropped");
}

static enum result uphold_post(struct request *rq)
{
    return decided(rq, true);
}

static enum result reject_post(struct request *rq)
{
    return decided(rq, false);
}

static enum result return_post(struct request *rq)
{
    struct settlement settlement;
    TRY(record_for_action(rq, &SETTLEMENTS, &settlement));
    return record_acted(rq, &SETTLEMENT_FACE, &settlement,
                        settlement_return(&rq->cx, &settlement, input_text(rq, "reason")),
                        "flash.settlement.returned");
}

static const struct field PAYING_INPUT[] = {
    FIELD(settlement, paid_on, .in = MUST),
    FIELD(settlement, voucher, .in = MUST, .max = 60),
    FIELDS_END,
};

static enum result pay_post(struct request *rq)
{
    struct settlement settlement, paying = {.voucher = ""};
    TRY(record_for_action(rq, &SETTLEMENTS, &settlement));
    enum result result = body_read(rq, PAYING_INPUT, &paying, true, NULL);
    if (result == OK)
        result = settlement_pay(&rq->cx, &settlement, paying.paid_on, paying.voucher);
    return record_acted(rq, &SETTLEMENT_FACE, &settlement, result, "flash.settlement.paid");
}

static const struct field OBJECTION_INPUT[] = {
    FIELD(settlement, objection, .in = MUST, .max = REASON_MOST, .use = LONG_TEXT),
    FIELDS_END,
};

#define NAV .nav = "settlements"
#define SIGNED_STEP                                                                                \
    .flags = SESSION_ONLY | RECORDED, .prepare = prove_prepare, .input = SIGNING_INPUT, NAV
/* clang-format off */
const struct route SETTLEMENT_ROUTES[] = {
    RECORD_LIST("settlements", SETTLEMENT_FACE, "list"),
    {GET, "/settlements/figures", "settlements.read", figures_get, "tabs", NAV},
    RECORD_SHOW("settlements", SETTLEMENT_FACE, "settlement"),
    RECORD_CREATE("settlements", SETTLEMENT_FACE),
    RECORD_HISTORY("settlements", SETTLEMENT_FACE),
    RECORD_EXPORT("settlements", SETTLEMENT_FACE),
    {GET, "/settlements/{id}/print.pdf", "settlements.read", settlement_print_get, "fault", .flags = STREAM | TRACED},
    {GET, "/settlements/{id}/statement.xlsx", "settlements.read", settlement_workbook_get, "fault", .flags = STREAM | TRACED},
    {POST, "/settlements/{id}/send", "settlements.write", send_post, "settlement", SIGNED_STEP},
    {POST, "/settlements/{id}/drop", "settlements.write", drop_post, "settlement", .flags = RECORDED, .input = REASON_INPUT, NAV},
    {POST, "/settlements/{id}/agree", "settlements.answer", agree_post, "settlement", SIGNED_STEP},
    {POST, "/settlements/{id}/dispute", "settlements.answer", dispute_post, "settlement", .flags = RECORDED, .input = OBJECTION_INPUT, NAV},
    {POST, "/settlements/{id}/uphold", "settlements.decide", uphold_post, "settlement", .flags = RECORDED, .input = REASON_INPUT, NAV},
    {POST, "/settlements/{id}/reject", "settlements.decide", reject_post, "settlement", .flags = RECORDED, .input = REASON_INPUT, NAV},
    {POST, "/settlements/{id}/approve", "settlements.approve", approve_post, "settlement", SIGNED_STEP},
    {POST, "/settlements/{id}/return", "settlements.approve", return_post, "settlement", .flags = RECORDED, .input = REASON_INPUT, NAV},
    {POST, "/settlements/{id}/pay", "settlements.approve", pay_post, "settlement", .flags = RECORDED, .input = PAYING_INPUT, NAV},
    ROUTES_END,
};
/* clang-format on */
