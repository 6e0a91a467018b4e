/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Calling rules, numbers that are not to be called, and consents. */
#include "app/documents/documents_web.h"
#include "app/gate/call_rule.h"
#include "app/gate/gate_web.h"
#include "app/records/record_web.h"

/* ---- rules ---- */

static enum result rule_begin(struct request *rq, void *record)
{
    (void)rq;
    call_rule_begin(record);
    return OK;
}

static const struct record_face RULE_FACE = {
    .resource = &CALL_RULES, .begin = rule_begin, .icon = "clock"};

/* ---- not to be called ---- */

static enum result refusal_begin(struct request *rq, void *record)
{
    struct do_not_call *refusal = record;
    (void)rq;
    refusal->source = SAID_BY_CALLED;
    return OK;
}

static enum result refusal_show(struct request *rq, void *record)
{
    const struct do_not_call *refusal = record;
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    doc_flag(rq->doc, "may_lift",
             refusal->state == REFUSAL_ACTIVE && actor_may(rq->cx.actor, "do_not_call.lift"));
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face REFUSAL_FACE = {.resource = &DO_NOT_CALL,
                                                .show = refusal_show,
                                                .begin = refusal_begin,
                                                .importable = true,
                                                .icon = "phone-off"};

static enum result lift_post(struct request *rq)
{
    struct do_not_call refusal;
    TRY(record_for_action(rq, &DO_NOT_CALL, &refusal));
    return record_acted(rq, &REFUSAL_FACE, &refusal,
                        do_not_call_lift(&rq->cx, &refusal, input_text(rq, "reason")),
                        "flash.do_not_call.lifted");
}

/* ---- consents ---- */

static enum result consent_show(struct request *rq, void *record)
{
    return documents_part(rq, &CONSENTS, ((const struct consent *)record)->id);
}

static const struct record_face CONSENT_FACE = {
    .resource = &CONSENTS, .show = consent_show, .icon = "checks"};

const struct route CALL_RULE_ROUTES[] = {
    RECORD_LIST("call_rules", RULE_FACE, "list"),
    RECORD_SHOW("call_rules", RULE_FACE, "record"),
    RECORD_CREATE("call_rules", RULE_FACE),
    RECORD_CHANGE("call_rules", RULE_FACE),
    RECORD_HISTORY("call_rules", RULE_FACE),
    RECORD_EXPORT("call_rules", RULE_FACE),
    RECORD_LIST("do_not_call", REFUSAL_FACE, "list"),
    RECORD_SHOW("do_not_call", REFUSAL_FACE, "do_not_call"),
    RECORD_CREATE("do_not_call", REFUSAL_FACE),
    RECORD_HISTORY("do_not_call", REFUSAL_FACE),
    RECORD_EXPORT("do_not_call", REFUSAL_FACE),
    {POST, "/do_not_call/{id}/lift", "do_not_call.lift", lift_post, "do_not_call",
     .input = REASON_INPUT, .nav = "do_not_call"},
    RECORD_LIST("consents", CONSENT_FACE, "list"),
    RECORD_SHOW("consents", CONSENT_FACE, "record"),
    RECORD_CREATE("consents", CONSENT_FACE),
    RECORD_CHANGE("consents", CONSENT_FACE),
    RECORD_HISTORY("consents", CONSENT_FACE),
    RECORD_EXPORT("consents", CONSENT_FACE),
    ROUTES_END,
};
