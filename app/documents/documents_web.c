/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/documents/documents_web.h"

#include "app/documents/documents.h"
#include "app/documents/sniff.h"
#include "app/records/record_web.h"
#include "base/texts.h"
#include "web/stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *path_of(struct request *rq, const char *resource, int64_t id)
{
    return arena_printf(rq->cx.mem, "/%s/%lld", resource, (long long)id);
}

/* 640 B, 12.3 KB, 4.0 MB */
static const char *size_words(struct arena *arena, int64_t size)
{
    bool mega = size >= INT64_C(1) << 20;
    int64_t unit = INT64_C(1) << (mega ? 20 : 10);
    if (size < 1024)
        return arena_printf(arena, "%lld B", (long long)size);
    long long tenths = (size * 10 + unit / 2) / unit;
    return arena_printf(arena, "%lld.%lld %s", tenths / 10, tenths % 10, mega ? "MB" : "KB");
}

/* Who may write a record may attach to it and take away from it. */
static bool may_at(const struct request *rq, const char *right, const char *subject)
{
    return actor_may(rq->cx.actor, right) &&
           actor_may(rq->cx.actor, arena_printf(rq->cx.mem, "%s.write", subject));
}

/* The same at one record, which may say that its documents stay as they are. */
static bool may_change_at(struct request *rq, const char *right, const struct resource *subject,
                          int64_t id)
{
    struct fault kept = fault_take(&rq->cx);
    bool may = actor_may(rq->cx.actor, right) && documents_change_at(&rq->cx, subject, id) == OK;
    rq->cx.fault = kept;
    return may;
}

static bool begins(const char *text, const char *beginning)
{
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

/* How a document looks, beside its own fields. */
static void put_looks(struct request *rq, struct doc *doc, const struct document *document)
{
    const struct file_kind *kind = file_kind_of(document->media_type);
    bool is_shown = kind && kind->is_shown;
    bool is_sound = is_shown && begins(kind->media_type, "audio/");
    doc_text(doc, "content_href",
             arena_printf(rq->cx.mem, "/documents/%lld/content", (long long)document->id));
    doc_text(doc, "size_words", size_words(rq->cx.mem, document->size));
    doc_text(doc, "icon", kind ? kind->icon : "file");
    doc_flag(doc, "is_picture", is_shown && begins(kind->media_type, "image/"));
    doc_flag(doc, "is_sound", is_sound);
    doc_flag(doc, "opens", is_shown && !is_sound);
}

/* The form for another document at this record. */
static void put_upload(struct request *rq, struct doc *doc, const char *subject, int64_t id,
                       enum retention chosen)
{
    struct doc **options = ARENA_ARRAY(rq->cx.mem, struct doc *, RETENTION_PERMANENT);
    const struct field *field = field_find(DOCUMENTS.fields, "retention", strlen("retention"));
    for (size_t i = 0; i < RETENTION_PERMANENT; i++) {
        options[i] = doc_new(rq->cx.mem);
        doc_text(options[i], "value", RETENTIONS[i]);
        doc_text(options[i], "label",
                 choice_label(rq->cx.mem, &DOCUMENTS, field, RETENTIONS[i], rq->cx.lang));
        doc_flag(options[i], "selected", i + 1 == (chosen ? chosen : RETENTION_STANDARD));
    }
    doc_text(doc, "subject", subject);
    doc_int(doc, "subject_id", id);
    doc_docs(doc, "retentions", options, RETENTION_PERMANENT);
}

/* ---- the documents of a record ---- */

static void put_part(struct request *rq, const struct resource *subject, int64_t id,
                     const struct list *list)
{
    const struct document *documents = list->rows;
    struct doc *part = doc_new(rq->cx.mem);
    struct doc **rows = ARENA_ARRAY(rq->cx.mem, struct doc *, list->count);
    for (size_t i = 0; i < list->count; i++) {
        rows[i] = doc_new(rq->cx.mem);
        doc_root(rows[i], DOCUMENTS.fields, &documents[i]);
        put_looks(rq, rows[i], &documents[i]);
    }
    doc_int(part, "count", (int64_t)list->count);
    doc_docs(part, "rows", rows, list->count);
    if (list->next)
        doc_text(part, "more_href",
                 arena_printf(rq->cx.mem, "/documents?subject=%s&subject_id=%lld&state=kept",
                              subject->name, (long long)id));
    doc_flag(part, "may_upload", may_change_at(rq, "documents.write", subject, id));
    put_upload(rq, part, subject->name, id, 0);
    rq->doc->page_only = true;
    doc_doc(rq->doc, "documents_part", part);
    rq->doc->page_only = false;
}

enum result documents_part(struct request *rq, const struct resource *subject, int64_t id)
{
    const char *number = arena_printf(rq->cx.mem, "%lld", (long long)id);
    struct list_query query = {.limit = 100, .sort = "-id"};
    struct list list;
    if (!actor_may(rq->cx.actor, "documents.read"))
        return OK;
    list_condition(&rq->cx, &DOCUMENTS, "subject", subject->name, &query);
    list_condition(&rq->cx, &DOCUMENTS, "subject_id", number, &query);
    list_condition(&rq->cx, &DOCUMENTS, "state", "kept", &query);
    TRY(record_list(&rq->cx, &DOCUMENTS, &query, &list));
    doc_records(rq->doc, "documents", DOCUMENTS.fields, list.rows, list.count, DOCUMENTS.size);
    if (rq->face == FACE_PAGE)
        put_part(rq, subject, id, &list);
    return OK;
}

/* ---- one document ---- */

static enum result put_subject(struct request *rq, const struct document *document)
{
    const struct resource *subject = resource_find(document->subject);
    void *record = arena_alloc(rq->cx.mem, subject->size);
    TRY(record_get(&rq->cx, subject, document->subject_id, record));
    doc_text(rq->doc, "subject_label", texts_get(subject->name, rq->cx.lang));
    doc_text(rq->doc, "subject_title", record_title(rq->cx.mem, subject, record));
    doc_text(rq->doc, "subject_href", path_of(rq, subject->name, document->subject_id));
    return OK;
}

const char *position_words(struct request *rq, int32_t latitude, int32_t longitude)
{
    char text[2][16];
    const int32_t of[] = {latitude, longitude};
    for (size_t i = 0; i < 2; i++)
        snprintf(text[i], sizeof text[i], "%s%d.%06d", of[i] < 0 ? "−" : "", abs(of[i] / 1000000),
                 abs(of[i] % 1000000));
    return arena_printf(rq->cx.mem, "%s, %s", text[0], text[1]);
}

static enum result put_taken(struct request *rq, const struct document *document)
{
    struct photo_taken *taken = ARENA_NEW(rq->cx.mem, struct photo_taken);
    bool is;
    TRY(document_taken(&rq->cx, document, taken, &is));
    if (!is)
        return OK;
    doc_record(rq->doc, "photo", PHOTO_TAKEN_FIELDS, taken);
    if (taken->latitude || taken->longitude)
        doc_text(rq->doc, "position", position_words(rq, taken->latitude, taken->longitude));
    return OK;
}

static enum result document_show(struct request *rq, void *record)
{
    const struct document *document = record;
    bool is_kept = document->state == DOCUMENT_KEPT;
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    put_looks(rq, rq->doc, document);
    TRY(put_subject(rq, document));
    TRY(put_taken(rq, document));
    doc_flag(rq->doc, "may_hold", is_kept && actor_may(rq->cx.actor, "documents.hold"));
    doc_flag(rq->doc, "may_remove",
             is_kept && !document->legal_hold &&
                 may_change_at(rq, "documents.remove", resource_find(document->subject),
                               document->subject_id));
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face DOCUMENT_FACE = {.resource = &DOCUMENTS, .show = document_show};

static enum result document_content_get(struct request *rq)
{
    struct document document;
    int fd;
    TRY(record_of_path(rq, &DOCUMENTS, &document));
    TRY(document_open(&rq->cx, &document, *query_text(rq, "preview") ? "preview" : "download",
                      &fd));
    const struct file_kind *kind = file_kind_of(document.media_type);
    return reply_file(rq, fd, (uint64_t)document.size, document.media_type, document.name,
                      document.sha256, !kind || !kind->is_shown);
}

/* ---- upload ---- */

/* The lists of records to which the account may attach. */
static void put_places(struct request *rq)
{
    struct doc **places = ARENA_ARRAY(rq->cx.mem, struct doc *, resources_count());
    size_t count = 0;
    for (const struct resource *const *at = DOCUMENTS.subjects; *at; at++) {
        if (!may_at(rq, "documents.write", (*at)->name))
            continue;
        struct doc *place = places[count++] = doc_new(rq->cx.mem);
        doc_text(place, "href", arena_printf(rq->cx.mem, "/%s", (*at)->name));
        doc_text(place, "label", texts_get((*at)->name, rq->cx.lang));
    }
    doc_docs(rq->doc, "places", places, count);
}

/* From a record's page the subject is known; without one the page says where to begin. */
static void put_form(struct request *rq, const char *subject, int64_t id, enum retention chosen)
{
    rq->doc->page_only = true;
    doc_text(rq->doc, "title", texts_get("documents.do.create", rq->cx.lang));
    put_upload(rq, rq->doc, subject, id, chosen);
    put_places(rq);
    rq->doc->page_only = false;
}

static enum result document_new_get(struct request *rq)
{
    int64_t id = 0;
    const char *subject = query_text(rq, "subject");
    const struct resource *known = resource_find(subject);
    if (known && int_parse(query_text(rq, "subject_id"), &id))
        TRY(record_seen(&rq->cx, known, id));
    put_form(rq, id ? subject : "", id, 0);
    return OK;
}

static enum result document_prepare_post(struct request *rq)
{
    struct document *asked = ARENA_NEW(rq->cx.mem, struct document);
    struct upload *upload = ARENA_NEW(rq->cx.mem, struct upload);
    const struct part *file = input_file(rq, "file");
    fields_blank(DOCUMENTS.fields, asked);
    enum result read = body_read(rq, DOCUMENTS.fields, asked, true, NULL);
    put_form(rq, asked->subject, asked->subject_id, asked->retention);
    TRY(read);
    if (!file) {
        reject(&rq->cx, "file", "required");
        return rejected(&rq->cx);
    }
    *upload = (struct upload){
        .name = file->file_name,
        .bytes = file->bytes,
        .len = file->len,
        .subject = asked->subject,
        .subject_id = asked->subject_id,
        .retention = asked->retention,
    };
    rq->prepared = upload;
    return document_prepare(&rq->cx, upload);
}

/* Who attached a file from a record's page goes back to it. */
static enum result document_post(struct request *rq)
{
    struct document *document = ARENA_NEW(rq->cx.mem, struct document);
    TRY(document_add(&rq->cx, rq->prepared, document));
    if (rq->face == FACE_PAGE)
        return moved(rq, "flash.attached", "%s",
                     path_of(rq, document->subject, document->subject_id));
    TRY(record_answer(rq, &DOCUMENT_FACE, document));
    return created(rq, "/documents/%lld", (long long)document->id);
}

/* ---- hold and removal ---- */

struct hold {
    bool on;
    const char *reason;
};
static const struct field HOLD_FIELDS[] = {
    FIELD(hold, on, .in = MUST),
    FIELD(hold, reason, .in = MUST, .max = 500),
    FIELDS_END,
};

static enum result document_hold_post(struct request *rq)
{
    struct document document;
    struct hold hold = {0};
    fields_blank(HOLD_FIELDS, &hold);
    TRY(record_for_action(rq, &DOCUMENTS, &document));
    enum result result = body_read(rq, HOLD_FIELDS, &hold, true, NULL);
    if (result == OK)
        result = document_hold(&rq->cx, &document, hold.on, hold.reason);
    return record_acted(rq, &DOCUMENT_FACE, &document, result,
                        hold.on ? "flash.held" : "flash.released");
}

static enum result document_remove_post(struct request *rq)
{
    struct document document;
    TRY(record_for_action(rq, &DOCUMENTS, &document));
    return record_acted(rq, &DOCUMENT_FACE, &document,
                        document_remove(&rq->cx, &document, input_text(rq, "reason")),
                        "flash.removed");
}

enum result photos_take(struct request *rq, struct upload *out, size_t most, size_t *out_count)
{
    size_t count = 0;
    for (const struct part *part = rq->form; part; part = part->next) {
        if (!part->file_name || !part->len) /* an empty box sends an empty file */
            continue;
        if (count == most) {
            reject(&rq->cx, "photos", "too_many_photos", arena_printf(rq->cx.mem, "%zu", most));
            return rejected(&rq->cx);
        }
        out[count] = (struct upload){
            .field = part->name, .name = part->file_name, .bytes = part->bytes, .len = part->len};
        TRY(photo_stage(&rq->cx, &out[count++]));
    }
    *out_count = count;
    return OK;
}

enum result photos_prepare(struct request *rq)
{
    struct photo_bag *bag = rq->prepared = ARENA_NEW(rq->cx.mem, struct photo_bag);
    return photos_take(rq, bag->photos, PHOTOS_MOST, &bag->count);
}

enum result photos_keep(struct request *rq, const struct resource *subject, int64_t id)
{
    struct photo_bag *bag = rq->prepared;
    for (size_t i = 0; i < bag->count; i++) {
        struct document document;
        bag->photos[i].subject = subject->name;
        bag->photos[i].subject_id = id;
        bag->photos[i].retention = RETENTION_LONG;
        TRY(document_add(&rq->cx, &bag->photos[i], &document));
    }
    return OK;
}

/* clang-format off */
const struct route DOCUMENTS_ROUTES[] = {
    RECORD_LIST("documents", DOCUMENT_FACE, "list"),
    RECORD_SHOW("documents", DOCUMENT_FACE, "document"),
    RECORD_HISTORY("documents", DOCUMENT_FACE),
    RECORD_EXPORT("documents", DOCUMENT_FACE),
    {GET, "/documents/new", "documents.write", document_new_get, "document_new",
     .flags = PAGE_ONLY, .nav = "documents"},
    {POST, "/documents", "documents.write", document_post, "document_new",
     .flags = UPLOAD | RECORDED, .prepare = document_prepare_post, .nav = "documents"},
    {GET, "/documents/{id}/content", "documents.read", document_content_get, "fault",
     .flags = STREAM | TRACED},
    {POST, "/documents/{id}/hold", "documents.hold", document_hold_post, "document",
     .input = HOLD_FIELDS, .nav = "documents"},
    {POST, "/documents/{id}/remove", "documents.remove", document_remove_post, "document",
     .flags = RECORDED, .input = REASON_INPUT, .nav = "documents"},
    ROUTES_END,
};
/* clang-format on */
