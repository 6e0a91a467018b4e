/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An inspection as it is read, signed, appealed against and taken back; how it is made from a
 * program or a phone. */
#include "app/access/access_web.h"
#include "app/contracts/contract_web.h"
#include "app/documents/documents_web.h"
#include "app/inspections/inspections_web.h"
#include "app/inspections/rectification.h"
#include "app/inspections/trust.h"
#include "app/records/record_page.h"
#include "app/signatures/signature.h"
#include "base/texts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the parts of its document ---- */

/* Of another one that was submitted for the same task. */
static const struct field SAME_TASK_FIELDS[] = {
    FIELD(inspection, id),
    FIELD(inspection, inspector_name),
    FIELD(inspection, finished_at),
    FIELD(inspection, score),
    FIELDS_END,
};

enum { ROWS_ITEMS, ROWS_PHOTOS, ROWS_APPEALS, ROWS_SIGNATURES, ROWS_MARKS, ROWS_SAME_TASK };
static const struct record_rows INSPECTION_ROWS[] = {
    [ROWS_ITEMS] = {"items", .fields = INSPECTION_ITEM_FIELDS,
                    .size = sizeof(struct inspection_item)},
    [ROWS_PHOTOS] = {"photos", .records = &INSPECTION_PHOTOS},
    [ROWS_APPEALS] = {"appeals", .records = &INSPECTION_APPEALS},
    [ROWS_SIGNATURES] = {"signatures", .fields = SIGNATURE_FIELDS,
                         .size = sizeof(struct signature)},
    [ROWS_MARKS] = {"marks", .records = &INSPECTION_MARKS},
    [ROWS_SAME_TASK] = {"same_task", .fields = SAME_TASK_FIELDS, .size = sizeof(struct inspection)},
    RECORD_ROWS_END,
};

struct shown {
    const struct inspection *inspection;
    struct inspection_item *items;
    size_t count;
    struct places upheld, appealed;
    struct list photos;
};

static enum result rows_of(struct request *rq, const struct resource *resource, int64_t id,
                           struct list *out)
{
    struct list_query query = {.limit = LIST_MOST, .sort = "id"};
    (void)list_condition(&rq->cx, resource, "inspection_id",
                         arena_printf(rq->cx.mem, "%lld", (long long)id), &query);
    return record_list(&rq->cx, resource, &query, out);
}

static struct doc *photo_doc(struct request *rq, const struct inspection_photo *photo)
{
    struct doc *doc = doc_new(rq->cx.mem);
    if (photo->latitude || photo->longitude)
        doc_text(doc, "position", position_words(rq, photo->latitude, photo->longitude));
    doc_text(doc, "href",
             arena_printf(rq->cx.mem, "/documents/%lld", (long long)photo->document_id));
    doc_text(doc, "picture",
             arena_printf(rq->cx.mem, "/documents/%lld/content?preview=1",
                          (long long)photo->document_id));
    doc_record(doc, "photo", INSPECTION_PHOTOS.fields, photo);
    return doc;
}

void doc_photos(struct request *rq, struct doc *doc, const struct list *list, int32_t place)
{
    const struct inspection_photo *photos = list->rows;
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, list->count + 1);
    size_t count = 0;
    if (!actor_may(rq->cx.actor, "documents.read"))
        return;
    for (size_t i = 0; i < list->count; i++)
        if (photos[i].place == place)
            docs[count++] = photo_doc(rq, &photos[i]);
    doc_docs(doc, "photos", docs, count);
}

enum result doc_item_links(struct request *rq, struct doc *doc, const struct inspection *inspection,
                           int64_t item_id, const char *term)
{
    doc_link(rq, doc, "standard_href",
             arena_printf(rq->cx.mem, "/standards/%lld#item-%lld",
                          (long long)inspection->standard_id, (long long)item_id));
    return doc_term_link(rq, doc, "term_href", inspection->contract_id, term);
}

static enum result item_doc(struct request *rq, const struct shown *shown, size_t i,
                            struct doc **out)
{
    const struct inspection_item *item = &shown->items[i];
    const int32_t place = (int32_t)i + 1;
    const bool upheld = places_has(&shown->upheld, place);
    struct doc *doc = *out = doc_new(rq->cx.mem);
    doc_int(doc, "number", place);
    doc_record(doc, "item", INSPECTION_ITEM_FIELDS, item);
    doc_flag(doc, "is_pass", item->result == RESULT_PASS);
    doc_flag(doc, "is_fail", item->result == RESULT_FAIL);
    doc_flag(doc, "is_na", item->result == RESULT_NA);
    doc_flag(doc, "upheld", upheld);
    if (item->rectification_id)
        doc_link(
            rq, doc, "notice_href",
            arena_printf(rq->cx.mem, "/rectifications/%lld", (long long)item->rectification_id));
    if (item->result == RESULT_FAIL && !places_has(&shown->appealed, place) &&
        rq->cx.actor->side == SIDE_PROVIDER && rq->cx.now.ms <= shown->inspection->appeal_by.ms)
        doc_link(rq, doc, "appeal_href",
                 arena_printf(rq->cx.mem, "/inspection_appeals/new?inspection_id=%lld&place=%d",
                              (long long)shown->inspection->id, place));
    doc_photos(rq, doc, &shown->photos, place);
    return doc_item_links(rq, doc, shown->inspection, item->item_id, item->term);
}

static enum result put_items(struct request *rq, const struct shown *shown)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, shown->count + 1);
    for (size_t i = 0; i < shown->count; i++)
        TRY(item_doc(rq, shown, i, &docs[i]));
    doc_docs(rq->doc, "rows", docs, shown->count);
    return OK;
}

/* What failed and is being rectified already costs nothing once more, and the head says so. */
static void put_linked(struct request *rq, const struct shown *shown)
{
    int64_t linked = 0;
    for (size_t i = 0; i < shown->count; i++)
        linked += shown->items[i].linked && !places_has(&shown->upheld, (int32_t)i + 1);
    if (linked)
        doc_text(rq->doc, "linked_words",
                 texts_fill(rq->cx.mem, "inspections.linked_words", rq->cx.lang,
                            (const char *const[]){text_count(rq->cx.mem, linked), NULL, NULL}));
}

static enum result put_marks(struct request *rq, const struct inspection *inspection)
{
    struct list marks;
    if (rq->cx.actor->side != SIDE_CLIENT || !actor_may(rq->cx.actor, "inspection_marks.read"))
        return OK;
    TRY(rows_of(rq, &INSPECTION_MARKS, inspection->id, &marks));
    doc_rows(rq->doc, &INSPECTION_ROWS[ROWS_MARKS], marks.rows, marks.count);
    const struct inspection_mark *rows = marks.rows;
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, marks.count + 1);
    for (size_t i = 0; i < marks.count; i++) {
        const struct field *kind = field_find(INSPECTION_MARKS.fields, "kind", strlen("kind"));
        docs[i] = doc_new(rq->cx.mem);
        doc_text(docs[i], "href",
                 arena_printf(rq->cx.mem, "/inspection_marks/%lld", (long long)rows[i].id));
        doc_text(docs[i], "label", field_words(rq, &INSPECTION_MARKS, kind, &rows[i]));
        doc_flag(docs[i], "is_open", rows[i].state == MARK_OPEN);
    }
    rq->doc->page_only = true;
    doc_docs(rq->doc, "mark_rows", docs, marks.count);
    rq->doc->page_only = false;
    return OK;
}

static enum result put_signatures(struct request *rq, const struct inspection *inspection)
{
    struct signature *signatures;
    size_t count;
    TRY(signatures_list(&rq->cx, &INSPECTIONS, inspection->id, &signatures, &count));
    doc_rows(rq->doc, &INSPECTION_ROWS[ROWS_SIGNATURES], signatures, count);
    return OK;
}

/* Of the client's own: that the same task was done twice. Shown to whoever reads it, also on the
 * phone. */
static enum result put_same_task(struct request *rq, const struct inspection *inspection)
{
    struct inspection *others;
    size_t count;
    if (rq->cx.actor->side != SIDE_CLIENT ||
        (inspection->state != INSPECTION_FINISHED && inspection->state != INSPECTION_COUNTERSIGNED))
        return OK;
    TRY(inspections_of_task(&rq->cx, inspection, &others, &count));
    doc_rows(rq->doc, &INSPECTION_ROWS[ROWS_SAME_TASK], others, count);
    return OK;
}

static void put_may(struct request *rq, const struct inspection *inspection)
{
    const struct actor *actor = rq->cx.actor;
    const bool finished = inspection->state == INSPECTION_FINISHED;
    doc_flag(rq->doc, "may_sign",
             finished && actor->organisation_id == inspection->provider_id &&
                 actor_may(actor, "inspections.countersign"));
    doc_flag(rq->doc, "may_void",
             actor_may(actor, "inspections.write") && inspection_is_voidable(&rq->cx, inspection));
    doc_flag(rq->doc, "goes_on",
             inspection->state == INSPECTION_OPEN && inspection->inspector_id == actor->person_id);
    doc_link(rq, rq->doc, "area_href",
             arena_printf(rq->cx.mem, "/areas/%lld", (long long)inspection->area_id));
    doc_link(rq, rq->doc, "contract_href",
             arena_printf(rq->cx.mem, "/contracts/%lld", (long long)inspection->contract_id));
    doc_link(rq, rq->doc, "standard_href",
             arena_printf(rq->cx.mem, "/standards/%lld", (long long)inspection->standard_id));
}

static enum result find_appealed(struct request *rq, struct shown *shown)
{
    struct list list;
    TRY(rows_of(rq, &INSPECTION_APPEALS, shown->inspection->id, &list));
    doc_rows(rq->doc, &INSPECTION_ROWS[ROWS_APPEALS], list.rows, list.count);
    const struct inspection_appeal *appeals = list.rows;
    for (size_t i = 0; i < list.count; i++)
        if (!appeals[i].rectification_id)
            places_add(&shown->appealed, appeals[i].place);
    return OK;
}

static enum result inspection_show(struct request *rq, void *record)
{
    struct shown shown = {.inspection = record};
    TRY(inspection_items(&rq->cx, shown.inspection, &shown.items, &shown.count));
    TRY(rows_of(rq, &INSPECTION_PHOTOS, shown.inspection->id, &shown.photos));
    shown.upheld = places_read(shown.inspection->upheld);
    doc_rows(rq->doc, &INSPECTION_ROWS[ROWS_ITEMS], shown.items, shown.count);
    doc_rows(rq->doc, &INSPECTION_ROWS[ROWS_PHOTOS], shown.photos.rows, shown.photos.count);
    TRY(find_appealed(rq, &shown));
    TRY(put_signatures(rq, shown.inspection));
    TRY(put_marks(rq, shown.inspection));
    TRY(put_same_task(rq, shown.inspection));
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    put_linked(rq, &shown);
    TRY(put_items(rq, &shown));
    put_may(rq, shown.inspection);
    rq->doc->page_only = false;
    return OK;
}

static const struct tab TABS[] = {
    {"all", ""},
    {"finished", "state=finished"},
    {"countersigned", "state=countersigned"},
    {"fatal", "fatal=true"},
    {"open", "state=open"},
    {"void", "state=void"},
};

static enum result inspections_list(struct request *rq, const struct list *list)
{
    static const struct act ACTS[] = {
        {"inspections.write", "/inspections/phone", "inspections.do.begin", NULL, .primary = true,
         .link = true},
        {"inspection_tasks.read", "/inspection_figures", "inspection_figures", NULL, .link = true}};
    (void)list;
    doc_acts(rq, ACTS, 2);
    doc_tabs(rq, &INSPECTIONS, TABS, sizeof TABS / sizeof TABS[0]);
    return OK;
}

static enum result inspection_tab_figures_get(struct request *rq)
{
    return doc_tab_figures(rq, &INSPECTIONS, TABS, sizeof TABS / sizeof TABS[0]);
}

const struct record_face INSPECTION_FACE = {.resource = &INSPECTIONS,
                                            .show = inspection_show,
                                            .rows = INSPECTION_ROWS,
                                            .list = inspections_list};

/* ---- making one ---- */

static enum result inspection_post(struct request *rq)
{
    struct inspection *inspection = ARENA_NEW(rq->cx.mem, struct inspection);
    fields_blank(INSPECTIONS.fields, inspection);
    TRY(body_read(rq, INSPECTION_BEGINNING, inspection, true, NULL));
    TRY(inspection_begin(&rq->cx, inspection));
    TRY(record_answer(rq, &INSPECTION_FACE, inspection));
    return created(rq, "/inspections/%lld", (long long)inspection->id);
}

struct photo_sent {
    struct photo_said said;
    struct upload upload;
    struct inspection_photo photo;
};

static enum result photo_prepare(struct request *rq)
{
    struct photo_sent *bag = rq->prepared = ARENA_NEW(rq->cx.mem, struct photo_sent);
    /* The body is the picture itself. */
    TRY(query_read(rq, PHOTO_SAID, &bag->said));
    bag->upload =
        (struct upload){.field = "photo",
                        .name = arena_printf(rq->cx.mem, "%s-%lld.jpg", path_text(rq, "id"),
                                             (long long)bag->said.item_id),
                        .bytes = rq->body,
                        .len = rq->body_len};
    return inspection_photo_prepare(&rq->cx, &bag->upload, &bag->photo);
}

static enum result photo_post(struct request *rq)
{
    struct photo_sent *bag = rq->prepared;
    struct inspection inspection;
    TRY(record_of_path(rq, &INSPECTIONS, &inspection));
    TRY(inspection_photo_add(&rq->cx, &inspection, &bag->said, &bag->upload, &bag->photo));
    doc_root(rq->doc, INSPECTION_PHOTOS.fields, &bag->photo);
    return created(rq, "/documents/%lld", (long long)bag->photo.document_id);
}

struct finishing {
    bool rest_passes;
    const char *remark;
    struct instant device_finished_at;
};
static const struct field FINISHING_INPUT[] = {
    FIELD(finishing, rest_passes, .in = MAY),
    FIELD(finishing, remark, .in = MAY, .max = REASON_MOST),
    FIELD(finishing, device_finished_at, .in = MAY),
    FIELDS_END,
};

static const struct body_list FINISHING_LISTS[] = {
    {"items", INSPECTION_ANSWER_FIELDS, sizeof(struct inspection_answer), INSPECTION_ITEMS_MOST},
    BODY_LISTS_END,
};

static enum result finish_post(struct request *rq)
{
    struct inspection inspection;
    struct inspection_answer *answers = NULL;
    struct finishing finishing = {.remark = ""};
    size_t count;
    TRY(record_of_path(rq, &INSPECTIONS, &inspection));
    enum result result = body_read_rows(rq, &FINISHING_LISTS[0], &answers, &count);
    if (result == OK)
        result = body_read(rq, FINISHING_INPUT, &finishing, true, NULL);
    if (result == OK)
        result = inspection_finish(
            &rq->cx, &inspection,
            &(struct inspection_finish){answers, count, finishing.rest_passes, finishing.remark,
                                        finishing.device_finished_at});
    return record_acted(rq, &INSPECTION_FACE, &inspection, result, "flash.inspection.finished");
}

/* ---- signing ---- */

struct signing {
    const char *account, *otp, *sha256, *password, *objection;
};
static const struct field COUNTERSIGNING_INPUT[] = {
    FIELD(signing, sha256, .in = MUST, .max = 64),
    FIELD(signing, password, .in = MUST),
    FIELD(signing, objection, .in = MAY, .max = REASON_MOST, .use = LONG_TEXT),
    FIELDS_END,
};

static enum result countersign_post(struct request *rq)
{
    struct inspection inspection;
    TRY(record_of_path(rq, &INSPECTIONS, &inspection));
    enum result result = prove_demand(rq);
    if (result == OK)
        result = inspection_countersign(&rq->cx, &inspection, input_text(rq, "sha256"),
                                        input_text(rq, "objection"));
    return record_acted(rq, &INSPECTION_FACE, &inspection, result, "flash.inspection.signed");
}

/* On the inspector's phone: what is signed is signed by the companion's account, and by no other.
 */
static const struct field COMPANION_SIGNING[] = {
    FIELD(signing, account, .in = MUST),
    FIELD(signing, password, .in = MUST),
    FIELD(signing, otp, .in = MAY, .max = 40),
    FIELD(signing, sha256, .in = MUST, .max = 64),
    FIELD(signing, objection, .in = MAY, .max = REASON_MOST, .use = LONG_TEXT),
    FIELDS_END,
};

static enum result companion_post(struct request *rq)
{
    struct inspection inspection;
    struct actor *companion = ARENA_NEW(rq->cx.mem, struct actor);
    const struct actor *inspector = rq->cx.actor;
    TRY(record_of_path(rq, &INSPECTIONS, &inspection));
    enum result result = companion_demand(rq, companion);
    if (result == OK) {
        rq->cx.actor = companion;
        result = demand_right(&rq->cx, "inspections.countersign");
        if (result == OK)
            result = inspection_countersign(&rq->cx, &inspection, input_text(rq, "sha256"),
                                            input_text(rq, "objection"));
        rq->cx.actor = inspector;
    }
    return record_acted(rq, &INSPECTION_FACE, &inspection, result, "flash.inspection.signed");
}

static enum result void_post(struct request *rq)
{
    struct inspection inspection;
    TRY(record_for_action(rq, &INSPECTIONS, &inspection));
    return record_acted(rq, &INSPECTION_FACE, &inspection,
                        inspection_void(&rq->cx, &inspection, input_text(rq, "reason")),
                        "flash.inspection.void");
}

/* ---- photos and marks by themselves ---- */

static const struct record_face PHOTO_FACE = {.resource = &INSPECTION_PHOTOS};

static const char *const MARK_WORDS[] = {"explained", "false_record", NULL};
static const struct decision JUDGE_MARK = {MARK_WORDS, "judge"};

/* Both pictures, to be looked at beside each other. */
static enum result put_compared(struct request *rq, const struct inspection_mark *mark)
{
    const struct inspection_photo *photos[2];
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, 2);
    const bool of_photos = mark->kind == MARK_SAME_PHOTO || mark->kind == MARK_LIKE_PHOTO;
    if (!of_photos || !actor_may(rq->cx.actor, "documents.read") ||
        !record_is_seen(rq, &INSPECTIONS, mark->other_id))
        return OK;
    TRY(mark_photos(&rq->cx, mark, &photos[0], &photos[1]));
    if (!photos[1])
        return OK;
    for (size_t i = 0; i < 2; i++) {
        docs[i] = photo_doc(rq, photos[i]);
        doc_text(
            docs[i], "inspection_href",
            arena_printf(rq->cx.mem, "/inspections/%lld", (long long)photos[i]->inspection_id));
        doc_flag(docs[i], "is_this", !i);
    }
    doc_docs(rq->doc, "compared", docs, 2);
    return OK;
}

static enum result mark_show(struct request *rq, void *record)
{
    const struct inspection_mark *mark = record;
    const char *kind = choice_name(
        field_find(INSPECTION_MARKS.fields, "kind", strlen("kind"))->choices, mark->kind);
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    doc_text(rq->doc, "meaning",
             word(rq, arena_printf(rq->cx.mem, "inspection_marks.means.%s", kind)));
    if (mark->amount || mark->kind == MARK_TOO_FAST)
        doc_text(
            rq->doc, "amount_words",
            texts_fill(rq->cx.mem, arena_printf(rq->cx.mem, "inspection_marks.seen.%s", kind),
                       rq->cx.lang,
                       (const char *const[]){text_count(rq->cx.mem, mark->amount), NULL, NULL}));
    TRY(put_compared(rq, mark));
    doc_link(rq, rq->doc, "inspection_href",
             arena_printf(rq->cx.mem, "/inspections/%lld", (long long)mark->inspection_id));
    if (mark->other_id && record_is_seen(rq, &INSPECTIONS, mark->other_id))
        doc_link(rq, rq->doc, "other_href",
                 arena_printf(rq->cx.mem, "/inspections/%lld", (long long)mark->other_id));
    doc_decision(rq, &INSPECTION_MARKS, record, &JUDGE_MARK, mark_is_judgeable(&rq->cx, mark));
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face MARK_FACE = {.resource = &INSPECTION_MARKS, .show = mark_show};

static enum result mark_judge_post(struct request *rq)
{
    struct inspection_mark mark;
    const char *reason;
    bool explained;
    TRY(record_for_action(rq, &INSPECTION_MARKS, &mark));
    enum result result = decided_read(rq, &JUDGE_MARK, &explained, &reason);
    if (result == OK)
        result = mark_judge(&rq->cx, &mark, explained, reason);
    return record_acted(rq, &MARK_FACE, &mark, result, "flash.inspection_mark.judged");
}

/* clang-format off */
const struct route INSPECTION_ROUTES[] = {
    RECORD_LIST("inspections", INSPECTION_FACE, "list"),
    {GET, "/inspections/figures", "inspections.read", inspection_tab_figures_get, "tabs", .nav = "inspections"},
    RECORD_SHOW("inspections", INSPECTION_FACE, "inspection"),
    RECORD_HISTORY("inspections", INSPECTION_FACE),
    RECORD_EXPORT("inspections", INSPECTION_FACE),
    {POST, "/inspections", "inspections.write", inspection_post, NULL, .flags = API_ONLY | RECORDED,
     .subject = &INSPECTION_FACE, .input = INSPECTION_BEGINNING},
    {POST, "/inspections/{id}/photos", "inspections.write", photo_post, NULL, .flags = API_ONLY | RAW,
     .prepare = photo_prepare, .query = PHOTO_SAID, .media = "image/jpeg image/png"},
    {POST, "/inspections/{id}/finish", "inspections.write", finish_post, NULL, .flags = API_ONLY | RECORDED,
     .input = FINISHING_INPUT, .lists = FINISHING_LISTS},
    {POST, "/inspections/{id}/countersign", "inspections.countersign", countersign_post, "inspection",
     .flags = SESSION_ONLY | RECORDED, .prepare = prove_prepare, .input = COUNTERSIGNING_INPUT, .nav = "inspections"},
    {POST, "/inspections/{id}/companion", "inspections.write", companion_post, NULL,
     .flags = API_ONLY | SESSION_ONLY | RECORDED, .prepare = companion_prepare, .input = COMPANION_SIGNING},
    {POST, "/inspections/{id}/void", "inspections.write", void_post, "inspection", .flags = RECORDED,
     .input = REASON_INPUT, .nav = "inspections"},
    RECORD_LIST("inspection_photos", PHOTO_FACE, "list"),
    RECORD_SHOW("inspection_photos", PHOTO_FACE, "record"),
    RECORD_LIST("inspection_marks", MARK_FACE, "list"),
    RECORD_SHOW("inspection_marks", MARK_FACE, "inspection_mark"),
    RECORD_HISTORY("inspection_marks", MARK_FACE),
    RECORD_EXPORT("inspection_marks", MARK_FACE),
    {POST, "/inspection_marks/{id}/judge", "inspection_marks.judge", mark_judge_post, "inspection_mark",
     .flags = RECORDED, .input = DECIDED_INPUT, .nav = "inspection_marks"},
    ROUTES_END,
};
/* clang-format on */
