/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/records/record_web.h"

#include "app/records/export_log.h"
#include "app/records/record_page.h"
#include "app/records/trail.h"
#include "base/hash.h"
#include "base/texts.h"
#include "sheets/sheets.h"
#include "web/stream.h"

#include <stdlib.h>
#include <string.h>

static const struct record_face *face_of(const struct request *rq)
{
    return rq->route->subject;
}

static void *record_new(struct request *rq, const struct resource *resource)
{
    void *record = arena_alloc(rq->cx.mem, resource->size);
    fields_blank(resource->fields, record);
    return record;
}

/* ---- lists ---- */

static bool comes_again(const struct part *part)
{
    const struct part *later = part->next;
    while (later && strcmp(later->name, part->name) != 0)
        later = later->next;
    return later != NULL;
}

enum result list_query_read(struct request *rq, const struct resource *resource,
                            struct list_query *out)
{
    struct ctx *cx = &rq->cx;
    *out = (struct list_query){.limit = LIST_USUAL};
    for (const struct part *part = rq->query; part; part = part->next) {
        int64_t number;
        if (comes_again(part)) {
            reject(cx, part->name, "repeated");
        } else if (strcmp(part->name, "q") == 0) {
            out->search = part->value;
        } else if (strcmp(part->name, "sort") == 0) {
            out->sort = part->value;
        } else if (strcmp(part->name, "after") == 0) {
            out->after = part->value;
        } else if (strcmp(part->name, "limit") == 0) {
            if (!int_parse(part->value, &number) || number < 1 || number > LIST_MOST)
                reject(cx, "limit", "malformed");
            else
                out->limit = (int)number;
        } else if (strcmp(part->name, "format") != 0 && *part->value &&
                   !list_condition(cx, resource, part->name, part->value, out)) {
            reject(cx, part->name, "no_filter", part->name);
        }
    }
    return rejected(cx);
}

enum result record_list_get(struct request *rq)
{
    const struct record_face *face = face_of(rq);
    struct list_query query;
    struct list list;
    TRY(list_query_read(rq, face->resource, &query));
    TRY(record_list(&rq->cx, face->resource, &query, &list));
    doc_records(rq->doc, "items", face->resource->fields, list.rows, list.count,
                face->resource->size);
    doc_text(rq->doc, "next", list.next);
    if (face->list)
        TRY(face->list(rq, &list));
    if (rq->face == FACE_PAGE)
        page_list(rq, face, &query, &list);
    return OK;
}

/* ---- one record ---- */

enum result record_of_path(struct request *rq, const struct resource *resource, void *out)
{
    int64_t id;
    TRY(path_id(rq, "id", &id));
    return record_get(&rq->cx, resource, id, out);
}

enum result record_answer(struct request *rq, const struct record_face *face, const void *record)
{
    /* The reply is written after the handler has returned: its record may lie on the stack. */
    void *kept = arena_alloc(rq->cx.mem, face->resource->size);
    memcpy(kept, record, face->resource->size);
    doc_root(rq->doc, face->resource->fields, kept);
    if (face->show)
        TRY(face->show(rq, kept));
    if (rq->face == FACE_PAGE)
        TRY(page_record(rq, face, kept));
    return OK;
}

enum result record_show_get(struct request *rq)
{
    const struct record_face *face = face_of(rq);
    void *record = record_new(rq, face->resource);
    TRY(record_of_path(rq, face->resource, record));
    return record_answer(rq, face, record);
}

/* ---- create ---- */

static enum result begin(struct request *rq, const struct record_face *face, void *record)
{
    return face->begin ? face->begin(rq, record) : OK;
}

/* A link to a form may name values: /terms/new?contract_id=7 */
static void begin_from_query(struct request *rq, const struct resource *resource, void *record)
{
    struct field_reading reading = {.arena = rq->cx.mem};
    for (const struct part *part = rq->query; part; part = part->next) {
        const struct field *field = field_find(resource->fields, part->name, strlen(part->name));
        if (field && field->in != NEVER)
            (void)field_read(field, part->value, &reading, record);
    }
}

enum result record_new_get(struct request *rq)
{
    const struct record_face *face = face_of(rq);
    void *record = record_new(rq, face->resource);
    TRY(begin(rq, face, record));
    begin_from_query(rq, face->resource, record);
    if (face->resource->open)
        TRY(face->resource->open(&rq->cx, record));
    return page_form(rq, face, record, true);
}

enum result record_form_again(struct request *rq, const struct record_face *face,
                              const void *record, bool creating, enum result result)
{
    if (result == OK || rq->face != FACE_PAGE)
        return result;
    struct fault kept = rq->cx.fault;
    enum result shown = page_form(rq, face, record, creating);
    rq->cx.fault = kept;
    return shown == OK ? result : shown;
}

static enum result create(struct request *rq, const struct record_face *face, void *record)
{
    TRY(begin(rq, face, record));
    TRY(body_read(rq, face->resource->fields, record, true, NULL));
    TRY(record_add(&rq->cx, face->resource, record));
    return record_get(&rq->cx, face->resource, ((struct record *)record)->id, record);
}

enum result record_create_post(struct request *rq)
{
    const struct record_face *face = face_of(rq);
    void *record = record_new(rq, face->resource);
    TRY(record_form_again(rq, face, record, true, create(rq, face, record)));
    TRY(record_answer(rq, face, record));
    rq->flash = texts_get("flash.created", rq->cx.lang);
    return created(rq, "/%s/%lld", face->resource->name, (long long)((struct record *)record)->id);
}

/* ---- change ---- */

enum result record_edit_get(struct request *rq)
{
    const struct record_face *face = face_of(rq);
    void *record = record_new(rq, face->resource);
    TRY(record_of_path(rq, face->resource, record));
    if (face->resource->open)
        TRY(face->resource->open(&rq->cx, record));
    return page_form(rq, face, record, false);
}

static enum result change(struct request *rq, const struct record_face *face, void *before,
                          void *after)
{
    const struct resource *resource = face->resource;
    TRY(record_of_path(rq, resource, before));
    memcpy(after, before, resource->size);
    ((struct record *)after)->version = 0;
    enum result read = body_read(rq, resource->fields, after, false, NULL);
    const int64_t seen = ((struct record *)after)->version;
    if (seen) /* first: what stood there when the form was made may be what is now wrong in it */
        TRY(record_fresh(&rq->cx, before, seen));
    TRY(read);
    if (!seen) {
        reject(&rq->cx, "version", "required");
        return rejected(&rq->cx);
    }
    TRY(record_change(&rq->cx, resource, "change", before, after));
    return record_get(&rq->cx, resource, ((struct record *)before)->id, after);
}

enum result record_change_patch(struct request *rq)
{
    const struct record_face *face = face_of(rq);
    void *before = record_new(rq, face->resource), *after = record_new(rq, face->resource);
    TRY(record_form_again(rq, face, after, false, change(rq, face, before, after)));
    TRY(record_answer(rq, face, after));
    return moved(rq, "flash.changed", "/%s/%lld", face->resource->name,
                 (long long)((struct record *)after)->id);
}

/* ---- actions ---- */

struct reasoning {
    const char *reason;
};
const struct field REASON_INPUT[] = {
    FIELD(reasoning, reason, .in = MAY, .max = 1000, .use = LONG_TEXT),
    FIELDS_END,
};

enum result record_for_action(struct request *rq, const struct resource *resource, void *out)
{
    int64_t version;
    TRY(record_of_path(rq, resource, out));
    const char *seen = input_text(rq, "version");
    if (!*seen)
        return OK;
    if (!int_parse(seen, &version)) {
        reject(&rq->cx, "version", "malformed");
        return rejected(&rq->cx);
    }
    return record_fresh(&rq->cx, out, version);
}

static void show_refused(struct request *rq, const struct record_face *face, const void *record)
{
    struct fault kept = fault_take(&rq->cx);
    rq->doc = doc_new(rq->cx.mem);
    if (record_answer(rq, face, record) != OK)
        rq->doc = doc_new(rq->cx.mem); /* the fault alone */
    rq->cx.fault = kept;
}

enum result record_acted(struct request *rq, const struct record_face *face, const void *record,
                         enum result result, const char *flash_key)
{
    const int64_t id = ((const struct record *)record)->id;
    void *now = record_new(rq, face->resource);
    if (result != OK && rq->face == FACE_PAGE)
        show_refused(rq, face, record);
    TRY(result);
    TRY(record_get(&rq->cx, face->resource, id, now));
    TRY(record_answer(rq, face, now));
    return moved(rq, flash_key, "/%s/%lld", face->resource->name, (long long)id);
}

enum result record_history_get(struct request *rq)
{
    const struct record_face *face = face_of(rq);
    void *record = record_new(rq, face->resource);
    struct event *events;
    size_t count;
    TRY(record_of_path(rq, face->resource, record));
    TRY(trail_of(&rq->cx, face->resource, ((struct record *)record)->id, 200, &events, &count));
    doc_records(rq->doc, "items",
                actor_may(rq->cx.actor, "events.read") ? EVENT_FIELDS : HISTORY_FIELDS, events,
                count, sizeof *events);
    if (rq->face == FACE_PAGE)
        page_history(rq, face, record, events, count);
    return OK;
}

enum result record_reveal_post(struct request *rq)
{
    const struct record_face *face = face_of(rq);
    const struct resource *resource = face->resource;
    void *record = record_new(rq, resource);
    const char *name = input_text(rq, "field");
    const struct field *field = field_find(resource->fields, name, strlen(name));
    TRY(record_of_path(rq, resource, record));
    if (!field || field->type != FIELD_SECRET) {
        reject(&rq->cx, "field", "unknown");
        return rejected(&rq->cx);
    }
    const struct secret *secret = (const struct secret *)((const char *)record + field->offset);
    const char *plain =
        *secret->sealed ? open_text(rq->cx.mem, rq->cx.keys, field->name, secret->sealed) : "";
    if (!plain)
        return fail(&rq->cx, BROKEN, "record.seal_broken");
    trail_add(&rq->cx, "reveal", resource, record, "", field->name);
    doc_text(rq->doc, "field", field->name);
    doc_text(rq->doc, "value", plain);
    return OK;
}

/* ---- export ---- */

struct export
{
    struct request *rq;
    const struct record_face *face;
    struct list_query query;
    enum sheet_kind kind;
    struct sheet_writer *writer;
    const struct field *fields[FIELDS_MAX];
    struct sheet_column columns[FIELDS_MAX];
    int count;
    struct money sums[FIELDS_MAX]; /* of the money */
};

static enum column_kind column_kind(const struct field *field)
{
    switch (field->type) {
    case FIELD_MONEY:
    case FIELD_POINTS:
        return COLUMN_MONEY;
    case FIELD_DATE:
        return COLUMN_DATE;
    case FIELD_INT:
    case FIELD_ID:
        return COLUMN_INT;
    default:
        return COLUMN_TEXT;
    }
}

/* Is it among the words of the list? */
static bool is_named(const char *list, const char *name)
{
    const size_t len = strlen(name);
    for (const char *at = strstr(list, name); at; at = strstr(at + 1, name))
        if ((at == list || at[-1] == ' ') && (at[len] == ' ' || !at[len]))
            return true;
    return false;
}

/* Listed fields first, in the order of the table; then the others. A reference stands there by its
 * name, which the table has beside it. */
static void export_columns(struct export *export)
{
    const struct resource *resource = export->face->resource;
    for (int listed = 1; listed >= 0; listed--)
        for (const struct field *field = resource->fields; field->name; field++) {
            if (!!(field->use & LISTED) != listed || (field->use & HIDDEN) || field->refers)
                continue;
            if (!listed && export->face->office && !is_named(export->face->office, field->name))
                continue;
            export->fields[export->count] = field;
            export->columns[export->count++] = (struct sheet_column){
                .title = field_label(export->rq, resource, field), .kind = column_kind(field)};
        }
}

static enum result export_row(void *host, const void *record)
{
    struct export *export = host;
    struct request *rq = export->rq;
    const struct resource *resource = export->face->resource;
    const char *cells[FIELDS_MAX];
    for (int i = 0; i < export->count; i++) {
        const struct field *field = export->fields[i];
        struct text cell = text_new(rq->cx.mem, 32);
        if (field->type == FIELD_ENUM || field->type == FIELD_BOOL || field->type == FIELD_SET) {
            cells[i] = field_is_none(field, record) ? "" : field_words(rq, resource, field, record);
            continue;
        }
        if (!field_is_unstated(field, record))
            field_write(field, record, false, &cell);
        cells[i] = text_end(&cell);
        if (field->type == FIELD_MONEY)
            export->sums[i].fen += FIELD_AT(const struct money, field, record)->fen;
    }
    return sheet_write(export->writer, cells);
}

static enum result export_sums(struct export *export)
{
    const char *cells[FIELDS_MAX];
    for (int i = 0; i < export->count; i++) {
        char amount[MONEY_MAX_TEXT] = "";
        if (export->fields[i]->type == FIELD_MONEY)
            money_format(export->sums[i], false, amount);
        cells[i] = i ? arena_dup(export->rq->cx.mem, amount)
                     : texts_get("export.sums", export->rq->cx.lang);
    }
    return sheet_foot(export->writer, cells);
}

static enum result export_write(struct request *rq, FILE *file, void *host)
{
    struct export *export = host;
    char at[INSTANT_MAX_TEXT];
    instant_format(rq->cx.now, at);
    const char *who =
        arena_printf(rq->cx.mem, "%s %s", rq->cx.actor->account, rq->cx.actor->person_name);
    const char *note =
        texts_fill(rq->cx.mem, "export.note", rq->cx.lang,
                   (const char *const[]){who, arena_printf(rq->cx.mem, "%.10s %.8s", at, at + 11),
                                         rq->cx.request});
    export->rq = rq;
    TRY(sheet_begin(&rq->cx, export->kind, file,
                    texts_get(export->face->resource->name, rq->cx.lang), note, export->columns,
                    export->count, &export->writer));
    enum result result =
        record_each(&rq->cx, export->face->resource, &export->query, export_row, export);
    if (result == OK && export->face->office)
        result = export_sums(export);
    enum result ended = sheet_end(export->writer); /* in any case: it holds files open */
    return result == OK ? ended : result;
}

static enum result export_read(struct request *rq, const struct record_face *face,
                               enum sheet_kind kind, struct export **out)
{
    struct export *export = *out = ARENA_NEW(rq->cx.mem, struct export);
    *export = (struct export){.rq = rq, .face = face, .kind = kind};
    TRY(list_query_read(rq, face->resource, &export->query));
    export_columns(export);
    return OK;
}

enum result record_export(struct request *rq, const struct record_face *face, enum sheet_kind kind,
                          FILE *file)
{
    struct export *export;
    TRY(export_read(rq, face, kind, &export));
    return export_write(rq, file, export);
}

enum result record_export_post(struct request *rq)
{
    const struct record_face *face = face_of(rq);
    struct export *export;
    const bool xlsx = strcmp(query_text(rq, "format"), "xlsx") == 0;
    TRY(demand_right(&rq->cx, arena_printf(rq->cx.mem, "%s.read", face->resource->name)));
    TRY(export_read(rq, face, xlsx ? SHEET_XLSX : SHEET_CSV, &export));
    TRY(export_note(&rq->cx, EXPORT_FILE, face->resource, NULL, &export->query, rq->target));
    return reply_written(rq, export_write, export,
                         xlsx ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                              : "text/csv; charset=utf-8",
                         arena_printf(rq->cx.mem, "%s.%s",
                                      texts_get(face->resource->name, rq->cx.lang),
                                      xlsx ? "xlsx" : "csv"));
}
