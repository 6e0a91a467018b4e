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

/* In a note: a person tells digests apart by how they begin. */
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
        return value;
    }
}

/* ---- lists of rows that a record keeps as JSON ---- */

#define ROWS_MOST 300
#define NAMED_MOST 5 /* of rows that changed; of more their number is told */

struct kept_row {
    const char *name;
    struct span text;
    bool found; /* on the other side, too */
};
struct kept_rows {
    struct kept_row at[ROWS_MOST];
    size_t count;
};

/* What people call a row: by the first of these members that it has, else by where it stands. */
static const char *row_name(struct request *rq, struct json_reader *json, size_t number)
{
    static const char *const NAMES[] = {"name", "text",       "person_name", "topic",
                                        "fact", "agent_code", "number"};
    enum { NAME_COUNT = sizeof NAMES / sizeof NAMES[0] };
    size_t best = NAME_COUNT;
    const char *name = "";
    while (json_next(json) == JSON_KEY) {
        size_t i = 0;
        while (i < best && !span_is(json->text, NAMES[i]))
            i++;
        if (i == best) {
            (void)json_skip(json);
        } else if (json_next(json) == JSON_STRING && json->text.len) {
            best = i;
            name = json_text(json);
        } else if (json->depth > 2) {
            return ""; /* no row of ours */
        }
    }
    return *name ? name
                 : texts_fill(
                       rq->cx.mem, "record.rows.row", rq->cx.lang,
                       (const char *const[]){arena_printf(rq->cx.mem, "%zu", number), NULL, NULL});
}

/* False: the value is no such list, or too long a one. */
static bool read_rows(struct request *rq, const char *value, struct kept_rows *out)
{
    struct json_reader json;
    out->count = 0;
    if (!*value)
        return true;
    json_start(&json, rq->cx.mem, value, strlen(value));
    enum json_token token = json_next(&json);
    if (token != JSON_ARRAY)
        return false;
    while ((token = json_next(&json)) == JSON_OBJECT && out->count < ROWS_MOST) {
        struct kept_row *row = &out->at[out->count++];
        const char *start = value + json.at - 1;
        row->name = row_name(rq, &json, out->count);
        row->text = (struct span){start, (size_t)(value + json.at - start)};
        row->found = false;
    }
    return token == JSON_ARRAY_END;
}

struct named_rows {
    struct text text;
    size_t count;
};

static void put_row(struct request *rq, struct named_rows *rows, const char *name)
{
    if (rows->count < NAMED_MOST)
        text_printf(&rows->text, "%s%s", rows->count ? word(rq, "record.rows.comma") : "", name);
    rows->count++;
}

static void put_kind(struct request *rq, struct text *out, const char *key, struct named_rows *rows)
{
    if (!rows->count)
        return;
    text_printf(out, "%s%s %s", out->len ? word(rq, "record.rows.semicolon") : "", word(rq, key),
                text_end(&rows->text));
    if (rows->count > NAMED_MOST)
        text_printf(out, "… (%zu)", rows->count);
}

static struct kept_row *row_named(struct kept_rows *rows, const char *name)
{
    for (size_t i = 0; i < rows->count; i++)
        if (!rows->at[i].found && strcmp(rows->at[i].name, name) == 0)
            return &rows->at[i];
    return NULL;
}

/* Which rows were changed, added or left out; their text is for programs. */
static const char *rows_words(struct request *rq, const char *before, const char *after)
{
    struct kept_rows *then = ARENA_NEW(rq->cx.mem, struct kept_rows);
    struct kept_rows *now = ARENA_NEW(rq->cx.mem, struct kept_rows);
    struct named_rows changed = {text_new(rq->cx.mem, 64), 0}, added = changed, gone = changed;
    struct text words = text_new(rq->cx.mem, 128);
    added.text = text_new(rq->cx.mem, 64);
    gone.text = text_new(rq->cx.mem, 64);
    if (!read_rows(rq, before, then) || !read_rows(rq, after, now))
        return word(rq, "record.rows.changed");
    for (size_t i = 0; i < now->count; i++) {
        struct kept_row *row = row_named(then, now->at[i].name);
        if (!row)
            put_row(rq, &added, now->at[i].name);
        else if (row->text.len != now->at[i].text.len ||
                 memcmp(row->text.at, now->at[i].text.at, row->text.len) != 0)
            put_row(rq, &changed, row->name);
        if (row)
            row->found = true;
    }
    for (size_t i = 0; i < then->count; i++)
        if (!then->at[i].found)
            put_row(rq, &gone, then->at[i].name);
    put_kind(rq, &words, "record.rows.changed", &changed);
    put_kind(rq, &words, "record.rows.added", &added);
    put_kind(rq, &words, "record.rows.gone", &gone);
    return words.len ? text_end(&words) : word(rq, "record.rows.order");
}

static void change_words(struct request *rq, const struct resource *resource, struct doc *doc,
                         const char *name, const char *before, const char *after)
{
    const struct field *field = field_find(resource->fields, name, strlen(name));
    doc_text(doc, "label", own_word(rq, resource, name));
    if (field && field->use & TRAILED && field->type == FIELD_TEXT) {
        doc_text(doc, "before", "");
        doc_text(doc, "after", rows_words(rq, before, after));
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
        /* A digest follows from what is told beside it, and is for programs: the trail has it. */
        else if (token == JSON_OBJECT_END && count < FIELDS_MAX &&
                 strcmp(values[0], "sha256") != 0) {
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
