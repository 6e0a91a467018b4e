/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Handovers on the web: who is to be replaced and waits for a successor stands above those that are
 * written. */
#include "app/agents/handover.h"

#include "app/agents/agent_web.h"
#include "app/records/record_page.h"

static enum result handover_list(struct request *rq, const struct list *list)
{
    struct awaited *awaited;
    size_t count;
    (void)list;
    if (rq->face != FACE_PAGE || !may_verb(rq, &LETTERS, "read"))
        return OK;
    TRY(handovers_awaited(&rq->cx, &awaited, &count));
    rq->doc->page_only = true;
    doc_records(rq->doc, "awaited", AWAITED_FIELDS, awaited, count, sizeof *awaited);
    doc_flag(rq->doc, "may_write", may_verb(rq, &HANDOVERS, "write"));
    rq->doc->page_only = false;
    return OK;
}

static enum result handover_begin(struct request *rq, void *record)
{
    struct handover *handover = record;
    if (!handover->handed_on.days)
        handover->handed_on = instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN);
    return OK;
}

static const struct record_face HANDOVER_FACE = {
    .resource = &HANDOVERS, .begin = handover_begin, .list = handover_list};

const struct route HANDOVER_ROUTES[] = {
    RECORD_LIST("handovers", HANDOVER_FACE, "handovers"),
    RECORD_SHOW("handovers", HANDOVER_FACE, "record"),
    RECORD_CREATE("handovers", HANDOVER_FACE),
    RECORD_CHANGE("handovers", HANDOVER_FACE),
    RECORD_HISTORY("handovers", HANDOVER_FACE),
    RECORD_EXPORT("handovers", HANDOVER_FACE),
    ROUTES_END,
};
