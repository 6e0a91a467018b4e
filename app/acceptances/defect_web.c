/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Defects and claims on the web, as both sides see them. */
#include "app/acceptances/acceptance_web.h"
#include "app/documents/documents_web.h"
#include "app/records/record_page.h"

static enum result defect_show(struct request *rq, void *record)
{
    const struct acceptance_defect *defect = record;
    const struct actor *actor = rq->cx.actor;
    if (rq->face == FACE_PAGE) {
        const bool late = defect_is_late(&rq->cx, defect);
        const bool answered = defect->state == DEFECT_ANSWERED;
        rq->doc->page_only = true;
        doc_flag(rq->doc, "is_late", late);
        doc_flag(rq->doc, "may_answer",
                 defect->state == DEFECT_ISSUED && actor_may(actor, "acceptance_defects.answer"));
        doc_flag(rq->doc, "may_judge", answered && actor_may(actor, "acceptance_defects.judge"));
        doc_flag(rq->doc, "may_charge",
                 defect_is_chargeable(&rq->cx, defect) &&
                     actor_may(actor, "acceptance_defects.charge"));
        doc_link(rq, rq->doc, "acceptance_href",
                 arena_printf(rq->cx.mem, "/acceptances/%lld", (long long)defect->acceptance_id));
        doc_link(rq, rq->doc, "contract_href",
                 arena_printf(rq->cx.mem, "/contracts/%lld", (long long)defect->contract_id));
        rq->doc->page_only = false;
    }
    return documents_part(rq, &ACCEPTANCE_DEFECTS, defect->id);
}

static const struct tab TABS[] = {
    {"all", ""},
    {"issued", "state=issued"},
    {"answered", "state=answered"},
    {"closed", "state=closed"},
    {"charged", "state=charged"},
    {"claims", "kind=claim"},
};

static enum result defect_list(struct request *rq, const struct list *list)
{
    (void)list;
    doc_tabs(rq, &ACCEPTANCE_DEFECTS, TABS, sizeof TABS / sizeof TABS[0]);
    return OK;
}

static const struct record_face DEFECT_FACE = {
    .resource = &ACCEPTANCE_DEFECTS, .show = defect_show, .list = defect_list};

static enum result figures_get(struct request *rq)
{
    return doc_tab_figures(rq, &ACCEPTANCE_DEFECTS, TABS, sizeof TABS / sizeof TABS[0]);
}

/* ---- steps ---- */

static enum result answer_post(struct request *rq)
{
    struct acceptance_defect defect;
    const struct photo_bag *bag = rq->prepared;
    TRY(record_for_action(rq, &ACCEPTANCE_DEFECTS, &defect));
    enum result result = defect_answer(&rq->cx, &defect, input_text(rq, "answer"), bag->count);
    if (result == OK)
        result = photos_keep(rq, &ACCEPTANCE_DEFECTS, defect.id);
    return record_acted(rq, &DEFECT_FACE, &defect, result, "flash.acceptance_defect.answered");
}

typedef enum result (*defect_step)(struct ctx *cx, const struct acceptance_defect *defect,
                                   const char *reason);

static enum result judged(struct request *rq, defect_step step, const char *flash)
{
    struct acceptance_defect defect;
    TRY(record_for_action(rq, &ACCEPTANCE_DEFECTS, &defect));
    return record_acted(rq, &DEFECT_FACE, &defect, step(&rq->cx, &defect, input_text(rq, "reason")),
                        flash);
}

static enum result close_post(struct request *rq)
{
    return judged(rq, defect_close, "flash.acceptance_defect.closed");
}

static enum result again_post(struct request *rq)
{
    return judged(rq, defect_again, "flash.acceptance_defect.again");
}

static enum result charge_post(struct request *rq)
{
    struct acceptance_defect defect, charge = {0};
    fields_blank(ACCEPTANCE_DEFECTS.fields, &charge);
    TRY(record_for_action(rq, &ACCEPTANCE_DEFECTS, &defect));
    enum result result = body_read(rq, DEFECT_CHARGING, &charge, true, NULL);
    if (result == OK)
        result = defect_charge(&rq->cx, &defect, charge.cost_fen, charge.reason);
    return record_acted(rq, &DEFECT_FACE, &defect, result, "flash.acceptance_defect.charged");
}

static const struct field ANSWER_INPUT[] = {
    FIELD(acceptance_defect, answer, .in = MUST, .max = 2000, .use = LONG_TEXT),
    FIELDS_END,
};

#define NAV .nav = "acceptance_defects"
/* clang-format off */
const struct route DEFECT_ROUTES[] = {
    RECORD_LIST("acceptance_defects", DEFECT_FACE, "list"),
    {GET, "/acceptance_defects/figures", "acceptance_defects.read", figures_get, "tabs", NAV},
    RECORD_SHOW("acceptance_defects", DEFECT_FACE, "acceptance_defect"),
    {GET, "/acceptance_defects/new", "acceptance_defects.claim", record_new_get, "form", .flags = PAGE_ONLY, .subject = &DEFECT_FACE, NAV},
    {POST, "/acceptance_defects", "acceptance_defects.claim", record_create_post, "form", .subject = &DEFECT_FACE, NAV},
    RECORD_HISTORY("acceptance_defects", DEFECT_FACE),
    RECORD_EXPORT("acceptance_defects", DEFECT_FACE),
    {POST, "/acceptance_defects/{id}/answer", "acceptance_defects.answer", answer_post, "acceptance_defect", .flags = UPLOAD | RECORDED,
     .prepare = photos_prepare, .input = ANSWER_INPUT, NAV},
    {POST, "/acceptance_defects/{id}/close", "acceptance_defects.judge", close_post, "acceptance_defect", .flags = RECORDED, .input = REASON_INPUT, NAV},
    {POST, "/acceptance_defects/{id}/again", "acceptance_defects.judge", again_post, "acceptance_defect", .flags = RECORDED, .input = REASON_INPUT, NAV},
    {POST, "/acceptance_defects/{id}/charge", "acceptance_defects.charge", charge_post, "acceptance_defect", .flags = RECORDED, .input = DEFECT_CHARGING, NAV},
    ROUTES_END,
};
/* clang-format on */
