/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What was found wrong with calls, on the web: exceptions and breaches, each with the last call
 * that it is about, what the gate decided, and the way to the calls of that day. */
#include "app/calls/call_exception.h"
#include "app/calls/call_more.h"
#include "app/calls/call_web.h"
#include "app/letters/letter.h"
#include "app/records/record_page.h"
#include "base/texts.h"

#include <string.h>

/* What both kinds of findings are about. */
struct about {
    int64_t contract_id, agent_id, call_id, gate_id;
    struct date day;
};

void doc_call_decision(struct request *rq, const struct call_decision *decision, int64_t gate_id)
{
    if (*decision->node)
        doc_records(rq->doc, "decision", CALL_DECISION_FIELDS, decision, 1, sizeof *decision);
    rq->doc->page_only = true;
    if (*decision->node)
        doc_text(rq->doc, "decision_words",
                 word(rq, arena_printf(rq->cx.mem, "gate.reason.%s",
                                       choice_name(ALLOWANCES, decision->reason))));
    else if (gate_id)
        doc_text(rq->doc, "gate_said", arena_printf(rq->cx.mem, "%lld", (long long)gate_id));
    rq->doc->page_only = false;
}

static enum result put_decision(struct request *rq, const struct about *about)
{
    struct call_decision *decision = ARENA_NEW(rq->cx.mem, struct call_decision);
    TRY(call_decision_read(&rq->cx, about->gate_id, about->contract_id, decision));
    doc_call_decision(rq, decision, about->gate_id);
    return OK;
}

/* Of whoever sees it: its month may be over. */
static enum result put_last_call(struct request *rq, const struct about *about)
{
    struct call *call = ARENA_NEW(rq->cx.mem, struct call);
    if (!about->call_id)
        return OK;
    struct fault kept = fault_take(&rq->cx);
    enum result there = record_get(&rq->cx, &CALLS, about->call_id, call);
    rq->cx.fault = kept;
    if (there == OK)
        doc_records(rq->doc, "last_call", CALLS.fields, call, 1, sizeof *call);
    return there == NOT_FOUND ? OK : there;
}

static void put_calls_link(struct request *rq, const struct about *about)
{
    char day[DATE_MAX_TEXT];
    const char *agent =
        about->agent_id ? arena_printf(rq->cx.mem, "%lld", (long long)about->agent_id) : "none";
    date_format(about->day, day);
    if (about->contract_id && about->call_id)
        doc_link(rq, rq->doc, "calls_href",
                 arena_printf(rq->cx.mem,
                              "/calls?contract_id=%lld&agent_id=%s&started_at_from=%s"
                              "&started_at_to=%s",
                              (long long)about->contract_id, agent, day, day));
}

static enum result put_about(struct request *rq, const struct about *about)
{
    TRY(put_decision(rq, about));
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    put_calls_link(rq, about);
    enum result result = put_last_call(rq, about);
    rq->doc->page_only = false;
    return result;
}

/* ---- exceptions ---- */

static enum result exception_show(struct request *rq, void *record)
{
    const struct call_exception *exception = record;
    TRY(put_about(rq, &(struct about){exception->contract_id, exception->agent_id,
                                      exception->last_call_id, exception->last_gate_id,
                                      exception->day}));
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    doc_flag(rq->doc, "may_explain",
             exception->state == EXCEPTION_OPEN &&
                 actor_may(rq->cx.actor, "call_exceptions.explain"));
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face EXCEPTION_FACE = {.resource = &CALL_EXCEPTIONS,
                                                  .show = exception_show};

static enum result explain_post(struct request *rq)
{
    struct call_exception exception;
    TRY(record_for_action(rq, &CALL_EXCEPTIONS, &exception));
    return record_acted(rq, &EXCEPTION_FACE, &exception,
                        exception_explain(&rq->cx, &exception, input_text(rq, "reason")),
                        "flash.call_exception.explained");
}

/* ---- breaches ---- */

/* How its letters are found again: in their subjects. */
static const char *breach_words(struct request *rq, const struct breach *breach)
{
    return arena_printf(rq->cx.mem, "%s%lld：", texts_get("breaches.letter.subject", LANG_ZH),
                        (long long)breach->id);
}

static enum result breach_show(struct request *rq, void *record)
{
    const struct breach *breach = record;
    TRY(put_about(rq, &(struct about){breach->contract_id, breach->agent_id, breach->last_call_id,
                                      breach->last_gate_id,
                                      instant_date(breach->at, SHANGHAI_OFFSET_MIN)}));
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    doc_flag(rq->doc, "may_write_letter", actor_may(rq->cx.actor, "letters.write"));
    struct text href = text_new(rq->cx.mem, 128);
    const char *words = breach_words(rq, breach);
    text_printf(&href, "/letters?contract_id=%lld&q=", (long long)breach->contract_id);
    text_url(&href, words, strlen(words));
    doc_link(rq, rq->doc, "letters_href", text_end(&href));
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face BREACH_FACE = {.resource = &BREACHES, .show = breach_show};

/* Explained by the provider, or asked about by the client: a letter, which the other side answers.
 */
static enum result breach_letter(struct request *rq, const struct breach *breach, int64_t *out_id)
{
    char day[DATE_MAX_TEXT];
    const char *kind = texts_get(
        arena_printf(rq->cx.mem, "breaches.kind.%s", choice_name(ALLOWANCES, breach->kind)),
        LANG_ZH);
    date_format(instant_date(breach->at, SHANGHAI_OFFSET_MIN), day);
    struct letter letter = {
        .type = LETTER_GENERAL.name,
        .contract_id = breach->contract_id,
        .from_side = rq->cx.actor->side,
        .subject = arena_printf(rq->cx.mem, "%s%s", breach_words(rq, breach), kind),
        .body = texts_fill(
            rq->cx.mem, "breaches.letter.body", LANG_ZH,
            (const char *[]){arena_printf(rq->cx.mem, "%s %s × %d", day, kind, breach->count),
                             breach->agent_code, breach->number}),
    };
    TRY(record_add(&rq->cx, &LETTERS, &letter));
    *out_id = letter.id;
    return OK;
}

static enum result breach_letter_post(struct request *rq)
{
    struct breach breach;
    int64_t id;
    TRY(record_for_action(rq, &BREACHES, &breach));
    enum result result = breach_letter(rq, &breach, &id);
    if (result != OK)
        return record_acted(rq, &BREACH_FACE, &breach, result, "");
    struct letter *letter = ARENA_NEW(rq->cx.mem, struct letter);
    TRY(record_get(&rq->cx, &LETTERS, id, letter));
    doc_root(rq->doc, LETTERS.fields, letter);
    return created(rq, "/letters/%lld/edit", (long long)id);
}

const struct route FINDING_ROUTES[] = {
    RECORD_LIST("call_exceptions", EXCEPTION_FACE, "list"),
    RECORD_SHOW("call_exceptions", EXCEPTION_FACE, "call_exception"),
    RECORD_HISTORY("call_exceptions", EXCEPTION_FACE),
    RECORD_EXPORT("call_exceptions", EXCEPTION_FACE),
    {POST, "/call_exceptions/{id}/explain", "call_exceptions.explain", explain_post,
     "call_exception", .input = REASON_INPUT, .nav = "call_exceptions"},
    RECORD_LIST("breaches", BREACH_FACE, "list"),
    RECORD_SHOW("breaches", BREACH_FACE, "breach"),
    RECORD_EXPORT("breaches", BREACH_FACE),
    {POST, "/breaches/{id}/letter", "letters.write", breach_letter_post, "breach",
     .nav = "breaches"},
    ROUTES_END,
};
