/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/site/conduct.h"

#include "app/documents/documents_web.h"
#include "app/records/record_page.h"
#include "app/site/site_web.h"

#include <string.h>

static enum result rule_begin(struct request *rq, void *record)
{
    struct conduct_rule *rule = record;
    if (!rule->repeat)
        rule->repeat = REPEAT_SAME;
    if (!rule->from.days)
        rule->from = instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN);
    return OK;
}

static const struct record_face RULE_FACE = {.resource = &CONDUCT_RULES, .begin = rule_begin};

/* ---- violations ---- */

static void put_may(struct request *rq, const struct violation *violation)
{
    const struct actor *actor = rq->cx.actor;
    const bool own = violation->person_id == actor->person_id;
    doc_flag(rq->doc, "may_state",
             own && violation->state == VIOLATION_OPEN && rq->cx.now.ms <= violation->state_by.ms &&
                 actor_may(actor, "violations.state"));
    doc_flag(rq->doc, "may_decide",
             actor_may(actor, "violations.decide") && violation_is_decidable(&rq->cx, violation));
    doc_flag(rq->doc, "may_void",
             !own && actor_may(actor, "violations.decide") &&
                 violation->state != VIOLATION_DISMISSED && violation->state != VIOLATION_VOID);
    doc_flag(rq->doc, "waits", violation->state == VIOLATION_OPEN && !own);
}

static enum result violation_show(struct request *rq, void *record)
{
    const struct violation *violation = record;
    if (rq->face == FACE_PAGE) {
        rq->doc->page_only = true;
        put_may(rq, violation);
        if (violation->recording_id)
            doc_link(rq, rq->doc, "recording_href",
                     arena_printf(rq->cx.mem, "/recordings/%lld#%d",
                                  (long long)violation->recording_id, violation->recording_s));
        if (violation->finding_id)
            doc_link(rq, rq->doc, "finding_href",
                     arena_printf(rq->cx.mem, "/patrol_findings/%lld",
                                  (long long)violation->finding_id));
        rq->doc->page_only = false;
    }
    return documents_part(rq, &VIOLATIONS, violation->id);
}

static enum result violation_begin(struct request *rq, void *record)
{
    struct violation *violation = record;
    if (!violation->at.ms)
        violation->at = rq->cx.now;
    return OK;
}

static const struct record_face VIOLATION_FACE = {
    .resource = &VIOLATIONS, .show = violation_show, .begin = violation_begin};

struct stating {
    const char *statement;
    bool acknowledged;
};
static const struct field STATING_INPUT[] = {
    FIELD(stating, statement, .in = MUST, .max = 2000, .use = LONG_TEXT),
    FIELD(stating, acknowledged, .in = MAY),
    FIELDS_END,
};

static enum result violation_state_post(struct request *rq)
{
    struct violation violation;
    struct stating stating = {.statement = ""};
    TRY(record_for_action(rq, &VIOLATIONS, &violation));
    enum result result = body_read(rq, STATING_INPUT, &stating, true, NULL);
    if (result == OK)
        result = violation_state(&rq->cx, &violation, stating.statement, stating.acknowledged);
    return record_acted(rq, &VIOLATION_FACE, &violation, result, "flash.violation.stated");
}

struct deciding {
    enum { DECISION_CONFIRM = 1, DECISION_DISMISS } decision;
    const char *reason;
};
static const char *const DECISIONS[] = {"confirm", "dismiss", NULL};
static const struct field DECIDING_INPUT[] = {
    FIELD_ENUM(deciding, decision, DECISIONS, .in = MUST),
    FIELD(deciding, reason, .in = MUST, .max = 1000, .use = LONG_TEXT),
    FIELDS_END,
};

static enum result violation_decide_post(struct request *rq)
{
    struct violation violation;
    struct deciding deciding = {.reason = ""};
    TRY(record_for_action(rq, &VIOLATIONS, &violation));
    enum result result = body_read(rq, DECIDING_INPUT, &deciding, true, NULL);
    if (result == OK)
        result = violation_decide(&rq->cx, &violation, deciding.decision == DECISION_CONFIRM,
                                  deciding.reason);
    return record_acted(rq, &VIOLATION_FACE, &violation, result, "flash.violation.decided");
}

static enum result violation_void_post(struct request *rq)
{
    struct violation violation;
    TRY(record_for_action(rq, &VIOLATIONS, &violation));
    return record_acted(rq, &VIOLATION_FACE, &violation,
                        violation_void(&rq->cx, &violation, input_text(rq, "reason")),
                        "flash.violation.void");
}

const struct route CONDUCT_ROUTES[] = {
    RECORD_LIST("conduct_rules", RULE_FACE, "list"),
    RECORD_SHOW("conduct_rules", RULE_FACE, "record"),
    RECORD_CREATE("conduct_rules", RULE_FACE),
    RECORD_CHANGE("conduct_rules", RULE_FACE),
    RECORD_HISTORY("conduct_rules", RULE_FACE),
    RECORD_EXPORT("conduct_rules", RULE_FACE),
    RECORD_LIST("violations", VIOLATION_FACE, "list"),
    RECORD_SHOW("violations", VIOLATION_FACE, "violation"),
    RECORD_CREATE("violations", VIOLATION_FACE),
    RECORD_CHANGE("violations", VIOLATION_FACE),
    RECORD_HISTORY("violations", VIOLATION_FACE),
    RECORD_EXPORT("violations", VIOLATION_FACE),
    {POST, "/violations/{id}/state", "violations.state", violation_state_post, "violation",
     .flags = RECORDED, .input = STATING_INPUT, .nav = "violations"},
    {POST, "/violations/{id}/decide", "violations.decide", violation_decide_post, "violation",
     .flags = RECORDED, .input = DECIDING_INPUT, .nav = "violations"},
    {POST, "/violations/{id}/void", "violations.decide", violation_void_post, "violation",
     .flags = RECORDED, .input = REASON_INPUT, .nav = "violations"},
    ROUTES_END,
};
