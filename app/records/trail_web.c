/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/records/trail_web.h"

#include "app/records/export_log.h"
#include "app/records/record_page.h"
#include "app/records/record_web.h"
#include "app/records/trail.h"

static enum result events_list(struct request *rq, const struct list *list)
{
    if (rq->face == FACE_PAGE)
        page_events(rq, list);
    return OK;
}

static enum result event_show(struct request *rq, void *record)
{
    if (rq->face == FACE_PAGE)
        page_event(rq, record);
    return OK;
}

static const struct record_face EVENT_FACE = {
    .resource = &EVENTS, .list = events_list, .show = event_show};

/* The chain's end, signed: whoever keeps it can prove later that nothing before it was altered. */
static enum result event_head_get(struct request *rq)
{
    struct trail_head *head = ARENA_NEW(rq->cx.mem, struct trail_head);
    TRY(trail_head(&rq->cx, head));
    doc_root(rq->doc, TRAIL_HEAD_FIELDS, head);
    doc_int(rq->doc, "entries", head->entries);
    return OK;
}

static const struct record_face EXPORT_FACE = {.resource = &EXPORTS};

const struct route TRAIL_ROUTES[] = {
    RECORD_LIST("events", EVENT_FACE, "events"),
    {GET, "/events/head", "events.read", event_head_get, "event_head", .nav = "events"},
    RECORD_SHOW("events", EVENT_FACE, "event"),
    RECORD_EXPORT("events", EVENT_FACE),
    RECORD_LIST("exports", EXPORT_FACE, "list"),
    RECORD_SHOW("exports", EXPORT_FACE, "record"),
    RECORD_EXPORT("exports", EXPORT_FACE),
    ROUTES_END,
};

const struct right RECORD_RIGHTS[] = {
    {"events.read", R(ADMIN) | R(SECURITY) | R(AUDIT), NULL},
    {"exports.read", R(SECURITY) | R(AUDIT) | R(OPS) | R(PROVIDER), "C3.3"},
    {"exports.make", R(OPS) | R(DIVISION) | R(PM) | R(AUDIT) | R(FINANCE) | R(PROVIDER), "C3.3"},
    /* Whoever may write something that comes as a workbook; what, says the right to write it. */
    {"imports.make", R(OPS) | R(DIVISION) | R(PM) | R(EXECUTOR) | R(PROVIDER), NULL},
    RIGHTS_END,
};
