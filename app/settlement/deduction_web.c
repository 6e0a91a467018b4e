/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Deduction rules, events and corrections on the web. */
#include "app/contracts/contract_web.h"
#include "app/documents/documents_web.h"
#include "app/records/record_page.h"
#include "app/settlement/settlement_web.h"

static const struct record_face RULE_FACE = {.resource = &DEDUCTION_RULES};

/* ---- events ---- */

static enum result event_show(struct request *rq, void *record)
{
    const struct deduction_event *event = record;
    const struct actor *actor = rq->cx.actor;
    const bool drafted = event->state == EVENT_DRAFTED, told = event->state == EVENT_TOLD;
    const bool in_time = rq->cx.now.ms <= event->object_by.ms;
    if (rq->face == FACE_PAGE) {
        rq->doc->page_only = true;
        doc_flag(rq->doc, "may_tell", drafted && actor_may(actor, "deduction_events.write"));
        doc_flag(rq->doc, "may_drop",
                 (drafted || (told && !event->settlement_id)) &&
                     actor_may(actor, "deduction_events.write"));
        doc_flag(rq->doc, "may_accept", told && actor_may(actor, "deduction_events.object"));
        doc_flag(rq->doc, "may_object",
                 told && in_time && actor_may(actor, "deduction_events.object"));
        doc_flag(rq->doc, "may_decide",
                 event->state == EVENT_OBJECTED && event->recorder_id != actor->person_id &&
                     actor_may(actor, "deduction_events.decide"));
        doc_flag(rq->doc, "suspended", event->state == EVENT_OBJECTED || (told && in_time));
        doc_link(rq, rq->doc, "rule_href",
                 arena_printf(rq->cx.mem, "/deduction_rules/%lld", (long long)event->rule_id));
        doc_link(rq, rq->doc, "contract_href",
                 arena_printf(rq->cx.mem, "/contracts/%lld", (long long)event->contract_id));
        TRY(doc_term_link(rq, rq->doc, "term_href", event->contract_id, event->term));
        if (event->settlement_id && record_is_seen(rq, &SETTLEMENTS, event->settlement_id))
            doc_link(
                rq, rq->doc, "settlement_href",
                arena_printf(rq->cx.mem, "/settlements/%lld", (long long)event->settlement_id));
        rq->doc->page_only = false;
    }
    return documents_part(rq, &DEDUCTION_EVENTS, event->id);
}

static enum result event_begin(struct request *rq, void *record)
{
    struct deduction_event *event = record;
    if (!event->day.days)
        event->day = instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN);
    return OK;
}

static const struct record_face EVENT_FACE = {
    .resource = &DEDUCTION_EVENTS, .show = event_show, .begin = event_begin};

static enum result event_tell_post(struct request *rq)
{
    struct deduction_event event;
    TRY(record_for_action(rq, &DEDUCTION_EVENTS, &event));
    return record_acted(rq, &EVENT_FACE, &event, deduction_event_tell(&rq->cx, &event),
                        "flash.deduction_event.told");
}

static enum result event_accept_post(struct request *rq)
{
    struct deduction_event event;
    TRY(record_for_action(rq, &DEDUCTION_EVENTS, &event));
    return record_acted(rq, &EVENT_FACE, &event, deduction_event_accept(&rq->cx, &event),
                        "flash.deduction_event.accepted");
}

static enum result event_object_post(struct request *rq)
{
    struct deduction_event event;
    TRY(record_for_action(rq, &DEDUCTION_EVENTS, &event));
    return record_acted(rq, &EVENT_FACE, &event,
                        deduction_event_object(&rq->cx, &event, input_text(rq, "objection")),
                        "flash.deduction_event.objected");
}

static enum result event_drop_post(struct request *rq)
{
    struct deduction_event event;
    TRY(record_for_action(rq, &DEDUCTION_EVENTS, &event));
    return record_acted(rq, &EVENT_FACE, &event,
                        deduction_event_drop(&rq->cx, &event, input_text(rq, "reason")),
                        "flash.deduction_event.dropped");
}

static enum result event_decided(struct request *rq, bool upheld)
{
    struct deduction_event event;
    TRY(record_for_action(rq, &DEDUCTION_EVENTS, &event));
    return record_acted(rq, &EVENT_FACE, &event,
                        deduction_event_decide(&rq->cx, &event, upheld, input_text(rq, "reason")),
                        "flash.deduction_event.decided");
}

static enum result event_uphold_post(struct request *rq)
{
    return event_decided(rq, true);
}

static enum result event_reject_post(struct request *rq)
{
    return event_decided(rq, false);
}

/* ---- corrections ---- */

static enum result correction_show(struct request *rq, void *record)
{
    const struct settlement_correction *correction = record;
    const struct actor *actor = rq->cx.actor;
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    doc_flag(rq->doc, "may_approve",
             correction->state == CORRECTION_DRAFTED &&
                 correction->recorder_id != actor->person_id &&
                 actor_may(actor, "settlement_corrections.approve"));
    doc_flag(rq->doc, "may_drop",
             correction->state != CORRECTION_DROPPED && !correction->settled_id &&
                 actor_may(actor, "settlement_corrections.write"));
    if (record_is_seen(rq, &SETTLEMENTS, correction->settlement_id))
        doc_link(
            rq, rq->doc, "settlement_href",
            arena_printf(rq->cx.mem, "/settlements/%lld", (long long)correction->settlement_id));
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face CORRECTION_FACE = {.resource = &SETTLEMENT_CORRECTIONS,
                                                   .show = correction_show};

static enum result correction_approve_post(struct request *rq)
{
    struct settlement_correction correction;
    TRY(record_for_action(rq, &SETTLEMENT_CORRECTIONS, &correction));
    return record_acted(rq, &CORRECTION_FACE, &correction, correction_approve(&rq->cx, &correction),
                        "flash.correction.approved");
}

static enum result correction_drop_post(struct request *rq)
{
    struct settlement_correction correction;
    TRY(record_for_action(rq, &SETTLEMENT_CORRECTIONS, &correction));
    return record_acted(rq, &CORRECTION_FACE, &correction,
                        correction_drop(&rq->cx, &correction, input_text(rq, "reason")),
                        "flash.correction.dropped");
}

static const struct field OBJECTION_INPUT[] = {
    FIELD(deduction_event, objection, .in = MUST, .max = REASON_MOST, .use = LONG_TEXT),
    FIELDS_END,
};

#define EVENT .nav = "deduction_events"
#define CORRECTION .nav = "settlement_corrections"
/* clang-format off */
const struct route DEDUCTION_ROUTES[] = {
    RECORD_LIST("deduction_rules", RULE_FACE, "list"),
    RECORD_SHOW("deduction_rules", RULE_FACE, "record"),
    RECORD_HISTORY("deduction_rules", RULE_FACE),
    RECORD_EXPORT("deduction_rules", RULE_FACE),
    RECORD_LIST("deduction_events", EVENT_FACE, "list"),
    RECORD_SHOW("deduction_events", EVENT_FACE, "deduction_event"),
    RECORD_CREATE("deduction_events", EVENT_FACE),
    RECORD_CHANGE("deduction_events", EVENT_FACE),
    RECORD_HISTORY("deduction_events", EVENT_FACE),
    RECORD_EXPORT("deduction_events", EVENT_FACE),
    {POST, "/deduction_events/{id}/tell", "deduction_events.write", event_tell_post, "deduction_event", .flags = RECORDED, EVENT},
    {POST, "/deduction_events/{id}/accept", "deduction_events.object", event_accept_post, "deduction_event", .flags = RECORDED, EVENT},
    {POST, "/deduction_events/{id}/object", "deduction_events.object", event_object_post, "deduction_event", .flags = RECORDED, .input = OBJECTION_INPUT, EVENT},
    {POST, "/deduction_events/{id}/uphold", "deduction_events.decide", event_uphold_post, "deduction_event", .flags = RECORDED, .input = REASON_INPUT, EVENT},
    {POST, "/deduction_events/{id}/reject", "deduction_events.decide", event_reject_post, "deduction_event", .flags = RECORDED, .input = REASON_INPUT, EVENT},
    {POST, "/deduction_events/{id}/drop", "deduction_events.write", event_drop_post, "deduction_event", .flags = RECORDED, .input = REASON_INPUT, EVENT},
    RECORD_LIST("settlement_corrections", CORRECTION_FACE, "list"),
    RECORD_SHOW("settlement_corrections", CORRECTION_FACE, "settlement_correction"),
    RECORD_CREATE("settlement_corrections", CORRECTION_FACE),
    RECORD_HISTORY("settlement_corrections", CORRECTION_FACE),
    RECORD_EXPORT("settlement_corrections", CORRECTION_FACE),
    {POST, "/settlement_corrections/{id}/approve", "settlement_corrections.approve", correction_approve_post, "settlement_correction", .flags = RECORDED, CORRECTION},
    {POST, "/settlement_corrections/{id}/drop", "settlement_corrections.write", correction_drop_post, "settlement_correction", .flags = RECORDED, .input = REASON_INPUT, CORRECTION},
    ROUTES_END,
};
/* clang-format on */
