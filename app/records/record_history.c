/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/records/record_page.h"
#include "base/texts.h"

#include "base/json.h"

#include <string.h>

static const char *money_words(struct request *rq, const char *value)
{
    int64_t fen;
    char shown[MONEY_MAX_TEXT];
    if (!int_parse(value, &fen))
        return value;
    if (!fen)
        return "";
    money_format((struct money){fen}, true, shown);
    return arena_dup(rq->cx.mem, shown);
}

static const char *points_words(struct request *rq, const char *value)
{
    int64_t hundredths;
    char shown[POINTS_MAX_TEXT];
    if (!int_parse(value, &hundredths))
        return value;
    points_format((struct points){hundredths}, shown);
    return arena_dup(rq->cx.mem, shown);
}

static const char *title_words(struct request *rq, const struct field *field, const char *value)
{
    const struct resource *target = field->refers ? resource_find(field->refers) : NULL;
    int64_t id;
    if (!target || !int_parse(value, &id))
        return value;
    void *record = arena_alloc(rq->cx.mem, target->size);
    struct fault kept = fault_take(&rq->cx);
    enum result found = record_get(&rq->cx, target, id, record);
    rq->cx.fault = kept;
    return found == OK ? record_title(rq->cx.mem, target, record) : value;
}

/* Digests are for programs: a person tells them apart by how they begin. */
static const char *digests_short(struct arena *arena, const char *words)
{
    enum { DIGEST = 64, SHOWN = 12 };
    struct text out = text_new(arena, 128);
    while (*words) {
        const size_t hex = strspn(words, "0123456789abcdef");
        const size_t len = hex ? hex : strcspn(words, "0123456789abcdef");
        text_put(&out, words, hex == DIGEST ? SHOWN : len);
        text_puts(&out, hex == DIGEST ? "…" : "");
        words += len;
    }
    return text_end(&out);
}

/* A canonical value as a person reads it. */
static const char *canonical_words(struct request *rq, const struct resource *resource,
                                   const struct field *field, const char *value)
{
    int64_t number;
    if (!*value)
        return "";
    switch (field->type) {
    case FIELD_MONEY:
        return money_words(rq, value);
    case FIELD_POINTS:
        return points_words(rq, value);
    case FIELD_BOOL:
        return word(rq, *value == '1' ? "yes" : "no");
    case FIELD_ENUM:
        return choice_words(rq, resource, field, value);
    case FIELD_SET: {
        const struct field_reading reading = {.arena = rq->cx.mem};
        void *scratch = arena_alloc(rq->cx.mem, resource->size);
        (void)field_read(field, value, &reading, scratch);
        return field_words(rq, resource, field, scratch);
    }
    case FIELD_INSTANT:
        if (int_parse(value, &number)) {
            void *scratch = arena_alloc(rq->cx.mem, resource->size);
            ((struct instant *)((char *)scratch + field->offset))->ms = number;
            return field_words(rq, resource, field, scratch);
        }
        return value;
    case FIELD_ID:
        return title_words(rq, field, value);
    default:
        return digests_short(rq->cx.mem, value);
    }
}

/* A list of rows that a record keeps as JSON: its text is for programs, and its length for people.
 */
static const char *rows_words(struct request *rq, const char *value)
{
    struct json_reader json;
    int rows = 0;
    json_start(&json, rq->cx.mem, value, strlen(value));
    if (json_next(&json) != JSON_ARRAY)
        return value;
    while (json_next(&json) == JSON_OBJECT) {
        rows++;
        while (json_next(&json) == JSON_KEY)
            (void)json_skip(&json);
    }
    return texts_fill(rq->cx.mem, "record.rows", rq->cx.lang,
                      (const char *const[]){arena_printf(rq->cx.mem, "%d", rows), NULL, NULL});
}

static void change_words(struct request *rq, const struct resource *resource, struct doc *doc,
                         const char *name, const char *before, const char *after)
{
    const struct field *field = field_find(resource->fields, name, strlen(name));
    doc_text(doc, "label", own_word(rq, resource, name));
    if (field && field->use & TRAILED && field->type == FIELD_TEXT) {
        doc_text(doc, "before", "");
        doc_text(doc, "after", rows_words(rq, after));
        return;
    }
    /* Points of nothing yet are no points before. */
    if (field && field->type == FIELD_POINTS && strcmp(before, "0") == 0)
        before = "";
    doc_text(doc, "before", field ? canonical_words(rq, resource, field, before) : before);
    doc_text(doc, "after", field ? canonical_words(rq, resource, field, after) : after);
}

void doc_changes(struct request *rq, const struct resource *resource, struct doc *doc,
                 const char *changes)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, FIELDS_MAX);
    const char *values[3] = {"", "", ""};
    size_t count = 0;
    struct json_reader json;
    int member = 0;
    json_start(&json, rq->cx.mem, changes, strlen(changes));
    for (enum json_token token = json_next(&json); token != JSON_DONE && token != JSON_ERROR;
         token = json_next(&json)) {
        if (token == JSON_KEY)
            member = span_is(json.text, "field") ? 0 : span_is(json.text, "before") ? 1 : 2;
        else if (token == JSON_STRING)
            values[member] = json_text(&json);
        else if (token == JSON_OBJECT_END && count < FIELDS_MAX) {
            docs[count] = doc_new(rq->cx.mem);
            change_words(rq, resource, docs[count++], values[0], values[1], values[2]);
        }
    }
    doc_docs(doc, "changes", docs, count);
}

static const char *event_who(struct request *rq, const struct event *event)
{
    if (*event->person_name)
        return event->person_name;
    const bool is_system = strcmp(event->account, ACTOR_SYSTEM.account) == 0;
    return is_system ? word(rq, "page.system") : event->account;
}

/* Notes are what people wrote, but for: a refusal's path and code, and the field that was shown. */
static const char *note_words(struct request *rq, const struct resource *resource,
                              const struct event *event)
{
    static const char *const LEFT_OUT[] = {"…", "…", "…"};
    const char *code = strrchr(event->note, ' ');
    if (strcmp(event->action, "reveal") == 0 && *event->note)
        return own_word(rq, resource, event->note);
    if (strcmp(event->action, "refused") != 0 || !code)
        return digests_short(rq->cx.mem, event->note);
    const char *key = arena_printf(rq->cx.mem, "fault.%s", code + 1);
    return arena_printf(rq->cx.mem, "%.*s %s", (int)(code - event->note), event->note,
                        texts_find(key, rq->cx.lang)
                            ? texts_fill(rq->cx.mem, key, rq->cx.lang, LEFT_OUT)
                            : code + 1);
}

static struct doc *event_doc(struct request *rq, const struct resource *resource,
                             const struct event *event)
{
    struct doc *doc = doc_new(rq->cx.mem);
    const struct field *at = field_find(EVENT_FIELDS, "at", 2);
    bool is_creation = strcmp(event->action, "create") == 0;
    doc_text(doc, "at", field_words(rq, &EVENTS, at, event));
    doc_text(doc, "who", event_who(rq, event));
    doc_text(doc, "words",
             own_word(rq, resource, arena_printf(rq->cx.mem, "did.%s", event->action)));
    doc_text(doc, "note", note_words(rq, resource, event));
    doc_changes(rq, resource, doc, is_creation ? "" : event->changes);
    return doc;
}

void page_history(struct request *rq, const struct record_face *face, const void *record,
                  const struct event *events, size_t count)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count);
    bool was = rq->doc->page_only;
    for (size_t i = 0; i < count; i++)
        docs[i] = event_doc(rq, face->resource, &events[i]);
    rq->doc->page_only = true;
    doc_docs(rq->doc, "history", docs, count);
    if (strcmp(rq->route->page ? rq->route->page : "", "history") == 0) {
        doc_text(rq->doc, "title", record_title(rq->cx.mem, face->resource, record));
        doc_text(rq->doc, "crumb_href",
                 arena_printf(rq->cx.mem, "/%s/%lld", face->resource->name,
                              (long long)((const struct record *)record)->id));
        doc_text(rq->doc, "crumb_label", word(rq, face->resource->name));
    }
    rq->doc->page_only = was;
}

static struct doc *entry_doc(struct request *rq, const struct event *event)
{
    const struct resource *resource = resource_find(event->resource);
    struct doc *doc = event_doc(rq, resource ? resource : &EVENTS, event);
    doc_int(doc, "id", event->id);
    doc_text(doc, "account", event->account);
    doc_text(doc, "origin", event->origin);
    doc_text(doc, "request", event->request);
    doc_text(doc, "kind", resource ? word(rq, resource->name) : "");
    doc_text(doc, "title", event->title);
    if (resource && event->record_id && may_verb(rq, resource, "read") &&
        record_is_seen(rq, resource, event->record_id))
        doc_link(rq, doc, "href",
                 arena_printf(rq->cx.mem, "/%s/%lld", resource->name, (long long)event->record_id));
    return doc;
}

void page_events(struct request *rq, const struct list *list)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, list->count);
    for (size_t i = 0; i < list->count; i++)
        docs[i] = entry_doc(rq, (const struct event *)list->rows + i);
    rq->doc->page_only = true;
    doc_docs(rq->doc, "entries", docs, list->count);
    rq->doc->page_only = false;
}

void page_event(struct request *rq, const struct event *event)
{
    rq->doc->page_only = true;
    doc_doc(rq->doc, "entry", entry_doc(rq, event));
    rq->doc->page_only = false;
}
