/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/site/leak.h"

#include "app/documents/documents_web.h"
#include "app/records/record_page.h"
#include "app/site/site_web.h"

static enum result leak_show(struct request *rq, void *record)
{
    const struct leak *leak = record;
    const struct actor *actor = rq->cx.actor;
    if (rq->face == FACE_PAGE) {
        rq->doc->page_only = true;
        doc_link(rq, rq->doc, "contract_href",
                 arena_printf(rq->cx.mem, "/contracts/%lld", (long long)leak->contract_id));
        doc_flag(rq->doc, "may_investigate",
                 leak->state == LEAK_OPEN && actor->side == SIDE_PROVIDER &&
                     actor_may(actor, "leaks.investigate"));
        doc_flag(rq->doc, "may_close",
                 leak->state == LEAK_INVESTIGATED && actor->side == leak->liability &&
                     actor_may(actor, "leaks.close"));
        rq->doc->page_only = false;
    }
    return documents_part(rq, &LEAKS, leak->id);
}

static enum result leak_begin(struct request *rq, void *record)
{
    struct leak *leak = record;
    if (!leak->happened_at.ms)
        leak->happened_at = rq->cx.now;
    return OK;
}

static const struct record_face LEAK_FACE = {
    .resource = &LEAKS, .show = leak_show, .begin = leak_begin};

static const struct field INVESTIGATING_INPUT[] = {
    FIELD(leak, investigation, .in = MUST, .max = 2000, .use = LONG_TEXT),
    FIELD_ENUM(leak, liability, SIDES, .in = MUST),
    FIELDS_END,
};

static enum result leak_investigate_post(struct request *rq)
{
    struct leak leak;
    struct leak found = {.investigation = ""};
    TRY(record_for_action(rq, &LEAKS, &leak));
    enum result result = body_read(rq, INVESTIGATING_INPUT, &found, true, NULL);
    if (result == OK)
        result = leak_investigate(&rq->cx, &leak, found.investigation, found.liability);
    return record_acted(rq, &LEAK_FACE, &leak, result, "flash.leak.investigated");
}

static const struct field CLOSING_INPUT[] = {
    FIELD(leak, measures, .in = MUST, .max = 2000, .use = LONG_TEXT), FIELDS_END};

static enum result leak_close_post(struct request *rq)
{
    struct leak leak;
    TRY(record_for_action(rq, &LEAKS, &leak));
    return record_acted(rq, &LEAK_FACE, &leak,
                        leak_close(&rq->cx, &leak, input_text(rq, "measures")),
                        "flash.leak.closed");
}

const struct route LEAK_ROUTES[] = {
    RECORD_LIST("leaks", LEAK_FACE, "list"),
    RECORD_SHOW("leaks", LEAK_FACE, "leak"),
    RECORD_CREATE("leaks", LEAK_FACE),
    RECORD_CHANGE("leaks", LEAK_FACE),
    RECORD_HISTORY("leaks", LEAK_FACE),
    RECORD_EXPORT("leaks", LEAK_FACE),
    {POST, "/leaks/{id}/investigate", "leaks.investigate", leak_investigate_post, "leak",
     .flags = RECORDED, .input = INVESTIGATING_INPUT, .nav = "leaks"},
    {POST, "/leaks/{id}/close", "leaks.close", leak_close_post, "leak", .flags = RECORDED,
     .input = CLOSING_INPUT, .nav = "leaks"},
    ROUTES_END,
};
