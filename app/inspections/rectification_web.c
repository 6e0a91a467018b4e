/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rectification notices and appeals, as both sides see them. */
#include "app/inspections/rectification.h"

#include "app/documents/documents_web.h"
#include "app/inspections/inspections_web.h"
#include "app/inspections/trust.h"
#include "app/records/record_page.h"

#include <stdlib.h>
#include <string.h>

/* ---- notices ---- */

static const char *const LOOKED_WORDS[] = {"pass", "fail", NULL};
static const struct decision LOOK_AGAIN = {LOOKED_WORDS, "judge"};

/* The rounds before and after it. */
static enum result put_rounds(struct request *rq, const struct rectification *notice)
{
    struct list_query query = {.limit = LIST_USUAL, .sort = "id"};
    struct list list;
    (void)list_condition(&rq->cx, &RECTIFICATIONS, "inspection_id",
                         arena_printf(rq->cx.mem, "%lld", (long long)notice->inspection_id),
                         &query);
    TRY(record_list(&rq->cx, &RECTIFICATIONS, &query, &list));
    const struct rectification *rows = list.rows;
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, list.count + 1);
    size_t count = 0;
    for (size_t i = 0; i < list.count; i++) {
        if (rows[i].place != notice->place)
            continue;
        docs[count] = doc_new(rq->cx.mem);
        doc_root(docs[count], RECTIFICATIONS.fields, &rows[i]);
        doc_flag(docs[count], "is_this", rows[i].id == notice->id);
        doc_text(docs[count++], "href",
                 arena_printf(rq->cx.mem, "/rectifications/%lld", (long long)rows[i].id));
    }
    doc_docs(rq->doc, "rounds", docs, count);
    doc_flag(rq->doc, "has_rounds", count > 1);
    return OK;
}

/* The appeal against a later round, or the way to make one. */
static enum result put_appeal(struct request *rq, const struct rectification *notice)
{
    struct list_query query = {.limit = 1};
    struct list list;
    (void)list_condition(&rq->cx, &INSPECTION_APPEALS, "rectification_id",
                         arena_printf(rq->cx.mem, "%lld", (long long)notice->id), &query);
    TRY(record_list(&rq->cx, &INSPECTION_APPEALS, &query, &list));
    if (list.count)
        doc_link(rq, rq->doc, "appealed_href",
                 arena_printf(rq->cx.mem, "/inspection_appeals/%lld",
                              (long long)((const struct record *)list.rows)->id));
    else if (rectification_is_appealable(&rq->cx, notice))
        doc_link(rq, rq->doc, "appeal_href",
                 arena_printf(rq->cx.mem,
                              "/inspection_appeals/new?inspection_id=%lld&place=%d&"
                              "rectification_id=%lld",
                              (long long)notice->inspection_id, notice->place,
                              (long long)notice->id));
    return OK;
}

/* What was found, and by what it was judged. */
static enum result put_finding(struct request *rq, const struct rectification *notice)
{
    struct inspection inspection;
    struct list photos;
    TRY(record_get(&rq->cx, &INSPECTIONS, notice->inspection_id, &inspection));
    TRY(photos_of(&rq->cx, inspection.id, &photos));
    doc_photos(rq, rq->doc, &photos, notice->place);
    return doc_item_links(rq, rq->doc, &inspection, notice->item_id, notice->term);
}

static enum result notice_show(struct request *rq, void *record)
{
    const struct rectification *notice = record;
    if (rq->face == FACE_PAGE) {
        rq->doc->page_only = true;
        doc_link(rq, rq->doc, "inspection_href",
                 arena_printf(rq->cx.mem, "/inspections/%lld", (long long)notice->inspection_id));
        doc_link(rq, rq->doc, "contract_href",
                 arena_printf(rq->cx.mem, "/contracts/%lld", (long long)notice->contract_id));
        doc_flag(rq->doc, "may_answer",
                 actor_may(rq->cx.actor, "rectifications.write") &&
                     rectification_is_answerable(&rq->cx, notice));
        doc_flag(rq->doc, "is_over",
                 notice->state == RECTIFICATION_ISSUED && rq->cx.now.ms > notice->due_at.ms);
        doc_decision(rq, &RECTIFICATIONS, record, &LOOK_AGAIN,
                     rectification_is_judgeable(&rq->cx, notice));
        enum result result = put_finding(rq, notice);
        if (result == OK)
            result = put_rounds(rq, notice);
        if (result == OK)
            result = put_appeal(rq, notice);
        rq->doc->page_only = false;
        TRY(result);
    }
    return documents_part(rq, &RECTIFICATIONS, notice->id);
}

static const struct tab TABS[] = {
    {"all", ""},
    {"issued", "state=issued&sort=due_at"},
    {"answered", "state=answered"},
    {"closed", "state=closed"},
    {"failed", "state=failed"},
    {"late", "late=true"},
};

static enum result notices_list(struct request *rq, const struct list *list)
{
    (void)list;
    doc_tabs(rq, &RECTIFICATIONS, TABS, sizeof TABS / sizeof TABS[0]);
    return OK;
}

static enum result notice_tab_figures_get(struct request *rq)
{
    return doc_tab_figures(rq, &RECTIFICATIONS, TABS, sizeof TABS / sizeof TABS[0]);
}

static const struct record_face NOTICE_FACE = {
    .resource = &RECTIFICATIONS, .show = notice_show, .list = notices_list};

static enum result answer_post(struct request *rq)
{
    struct rectification notice;
    struct rectification answer = {0};
    const struct photo_bag *bag = rq->prepared;
    fields_blank(RECTIFICATIONS.fields, &answer);
    TRY(record_for_action(rq, &RECTIFICATIONS, &notice));
    enum result result = body_read(rq, RECTIFICATION_ANSWER, &answer, true, NULL);
    if (result == OK)
        result = rectification_answer(&rq->cx, &notice, &answer, bag->count);
    if (result == OK)
        result = photos_keep(rq, &RECTIFICATIONS, notice.id);
    return record_acted(rq, &NOTICE_FACE, &notice, result, "flash.rectification.answered");
}

static enum result judge_post(struct request *rq)
{
    struct rectification notice;
    const char *reason;
    bool passed;
    int64_t next = 0;
    TRY(record_for_action(rq, &RECTIFICATIONS, &notice));
    enum result result = decided_read(rq, &LOOK_AGAIN, &passed, &reason);
    if (result == OK)
        result = rectification_judge(&rq->cx, &notice, passed, reason, &next);
    if (result == OK && next)
        doc_int(rq->doc, "next_id", next);
    return record_acted(rq, &NOTICE_FACE, &notice, result,
                        next ? "flash.rectification.again" : "flash.rectification.closed");
}

/* ---- appeals ---- */

static const char *const APPEAL_WORDS[] = {"uphold", "reject", NULL};
static const struct decision DECIDE_APPEAL = {APPEAL_WORDS, "decide"};

static enum result appeal_begin(struct request *rq, void *record)
{
    struct inspection_appeal *appeal = record;
    int64_t place = 0;
    if (!appeal->place && int_parse(query_text(rq, "place"), &place) && place > 0 &&
        place <= INSPECTION_ITEMS_MOST)
        appeal->place = (int32_t)place;
    return OK;
}

static enum result appeal_show(struct request *rq, void *record)
{
    const struct inspection_appeal *appeal = record;
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    doc_link(rq, rq->doc, "inspection_href",
             arena_printf(rq->cx.mem, "/inspections/%lld", (long long)appeal->inspection_id));
    if (appeal->rectification_id)
        doc_link(
            rq, rq->doc, "round_href",
            arena_printf(rq->cx.mem, "/rectifications/%lld", (long long)appeal->rectification_id));
    doc_decision(rq, &INSPECTION_APPEALS, record, &DECIDE_APPEAL,
                 finding_appeal_is_decidable(&rq->cx, appeal));
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face APPEAL_FACE = {
    .resource = &INSPECTION_APPEALS, .show = appeal_show, .begin = appeal_begin};

static enum result decide_post(struct request *rq)
{
    struct inspection_appeal appeal;
    const char *reason;
    bool upheld;
    TRY(record_for_action(rq, &INSPECTION_APPEALS, &appeal));
    enum result result = decided_read(rq, &DECIDE_APPEAL, &upheld, &reason);
    if (result == OK)
        result = finding_appeal_decide(&rq->cx, &appeal, upheld, reason);
    return record_acted(rq, &APPEAL_FACE, &appeal, result, "flash.inspection_appeal.decided");
}

/* clang-format off */
const struct route RECTIFICATION_ROUTES[] = {
    RECORD_LIST("rectifications", NOTICE_FACE, "list"),
    {GET, "/rectifications/figures", "rectifications.read", notice_tab_figures_get, "tabs", .nav = "rectifications"},
    RECORD_SHOW("rectifications", NOTICE_FACE, "rectification"),
    RECORD_HISTORY("rectifications", NOTICE_FACE),
    RECORD_EXPORT("rectifications", NOTICE_FACE),
    {POST, "/rectifications/{id}/answer", "rectifications.write", answer_post, "rectification",
     .flags = UPLOAD | RECORDED, .prepare = photos_prepare, .input = RECTIFICATION_ANSWER, .nav = "rectifications"},
    {POST, "/rectifications/{id}/judge", "rectifications.judge", judge_post, "rectification",
     .flags = RECORDED, .input = DECIDED_INPUT, .nav = "rectifications"},
    RECORD_LIST("inspection_appeals", APPEAL_FACE, "list"),
    RECORD_SHOW("inspection_appeals", APPEAL_FACE, "inspection_appeal"),
    {GET, "/inspection_appeals/new", "inspection_appeals.write", record_new_get, "form", .flags = PAGE_ONLY,
     .subject = &APPEAL_FACE, .nav = "inspection_appeals"},
    {POST, "/inspection_appeals", "inspection_appeals.write", record_create_post, "form",
     .subject = &APPEAL_FACE, .nav = "inspection_appeals"},
    RECORD_HISTORY("inspection_appeals", APPEAL_FACE),
    RECORD_EXPORT("inspection_appeals", APPEAL_FACE),
    {POST, "/inspection_appeals/{id}/decide", "inspection_appeals.decide", decide_post, "inspection_appeal",
     .flags = RECORDED, .input = DECIDED_INPUT, .nav = "inspection_appeals"},
    ROUTES_END,
};
/* clang-format on */
