/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/records/record_page.h"

#include "app/records/record_private.h"
#include "base/json.h"
#include "base/texts.h"

#include <string.h>

#define OPTIONS_MOST 500

/* "executor_id" is shown by its joined name "executor_name", if the table has it. */
static const struct field *joined_name(const struct resource *resource, const struct field *field)
{
    size_t len = strlen(field->name);
    char name[80];
    if (!field->refers || len < 4 || len > sizeof name - 3)
        return NULL;
    memcpy(name, field->name, len - 2);
    memcpy(name + len - 2, "name", 5);
    return field_find(resource->fields, name, len + 2);
}

/* A number of a letter or contract, which is read in one piece. */
static bool is_reference(const struct field *field)
{
    static const char END[] = "number";
    const size_t len = strlen(field->name);
    return len >= sizeof END - 1 && strcmp(field->name + len - (sizeof END - 1), END) == 0;
}

static bool is_number(const struct field *field)
{
    return field->type == FIELD_MONEY || field->type == FIELD_INT || field->type == FIELD_POINTS;
}

/* ---- links ---- */

void doc_link(struct request *rq, struct doc *doc, const char *name, const char *href)
{
    if (link_leads(rq, href))
        doc_text(doc, name, href);
}

bool record_is_seen(struct request *rq, const struct resource *resource, int64_t id)
{
    struct fault kept = fault_take(&rq->cx);
    const bool seen = record_seen(&rq->cx, resource, id) == OK;
    rq->cx.fault = kept;
    return seen;
}

/* ---- links that keep the query ---- */

const char *link_with(struct request *rq, const char *name, const char *value)
{
    struct text link = text_new(rq->cx.mem, 128);
    char sign = '?';
    text_puts(&link, rq->path);
    for (const struct part *part = rq->query; part; part = part->next) {
        if (strcmp(part->name, name) == 0 || strcmp(part->name, "after") == 0 || !*part->value)
            continue;
        text_putc(&link, sign);
        text_url(&link, part->name, strlen(part->name));
        text_putc(&link, '=');
        text_url(&link, part->value, strlen(part->value));
        sign = '&';
    }
    if (value) {
        text_printf(&link, "%c%s=", sign, name);
        text_url(&link, value, strlen(value));
    }
    return text_end(&link);
}

/* ---- list ---- */

struct columns {
    const struct field *fields[FIELDS_MAX];
    size_t count;
};

static bool is_title(const struct resource *resource, const struct field *field)
{
    return resource->title && strcmp(resource->title, field->name) == 0;
}

/* The title first: it carries the row's link. Under its parent ("contract_id") a part does not
 * repeat what names the parent: contract_number. */
static struct columns listed_columns(const struct resource *resource, const char *parent_field)
{
    struct columns columns = {.count = 0};
    const size_t stem = parent_field ? strlen(parent_field) - strlen("id") : 0;
    for (int titles = 1; titles >= 0; titles--)
        for (const struct field *field = resource->fields; field->name; field++)
            if ((field->use & LISTED) && !(field->use & HIDDEN) &&
                is_title(resource, field) == titles &&
                !(stem && strncmp(field->name, parent_field, stem) == 0))
                columns.fields[columns.count++] = field;
    return columns;
}

/* The other direction where the list is sorted by this field already. */
static const char *sort_link(struct request *rq, const struct field *field, const char *sort)
{
    const bool turn = sort && strcmp(sort, field->name) == 0;
    return link_with(rq, "sort", turn ? arena_printf(rq->cx.mem, "-%s", field->name) : field->name);
}

/* sort_links.ends_on: for pages that lay out their own table head. */
static void put_sort_links(struct request *rq, const struct resource *resource, const char *sort)
{
    struct doc *links = doc_new(rq->cx.mem);
    for (const struct field *field = resource->fields; field->name; field++)
        if (field->use & SORTED)
            doc_text(links, field->name, sort_link(rq, field, sort));
    doc_doc(rq->doc, "sort_links", links);
}

static struct doc *column_doc(struct request *rq, const struct resource *resource,
                              const struct field *field, const char *sort)
{
    struct doc *doc = doc_new(rq->cx.mem);
    bool down = sort && *sort == '-';
    bool is_current = sort && strcmp(sort + down, field->name) == 0;
    doc_text(doc, "name", field->name);
    doc_text(doc, "label", field_label(rq, resource, field));
    doc_flag(doc, "num", is_number(field));
    doc_flag(doc, "sortable", field->use & SORTED);
    if (field->use & SORTED)
        doc_text(doc, "sort_href", sort_link(rq, field, sort));
    doc_text(doc, "sorted", is_current ? (down ? "desc" : "asc") : "");
    return doc;
}

/* On a phone a row is a card without a head: what says too little alone brings its label. */
static bool needs_label(const struct field *field)
{
    return is_number(field) || field->type == FIELD_BOOL || field->type == FIELD_DATE;
}

static const char *blank_words(struct request *rq, const struct resource *resource,
                               const struct field *field)
{
    const char *own = texts_find(
        arena_printf(rq->cx.mem, "%s.%s.blank", resource->name, field->name), rq->cx.lang);
    return own ? own : is_number(field) ? word(rq, "none") : "";
}

static struct doc *row_doc(struct request *rq, const struct resource *resource,
                           const struct columns *columns, const void *row)
{
    struct doc *doc = doc_new(rq->cx.mem);
    struct doc **cells = ARENA_ARRAY(rq->cx.mem, struct doc *, columns->count);
    const char *href = arena_printf(rq->cx.mem, "/%s/%lld", resource->name,
                                    (long long)((const struct record *)row)->id);
    for (size_t i = 0; i < columns->count; i++) {
        const struct field *field = columns->fields[i];
        cells[i] = doc_new(rq->cx.mem);
        const char *words = field_words(rq, resource, field, row);
        if (!*words) /* "contracts: all" where the catalogue says what nothing means */
            words = blank_words(rq, resource, field);
        doc_text(cells[i], "text", words);
        doc_text(cells[i], "label", needs_label(field) ? field_label(rq, resource, field) : "");
        doc_flag(cells[i], "num", is_number(field));
        doc_flag(cells[i], "nowrap",
                 (field->type != FIELD_TEXT && field->type != FIELD_SET) || is_reference(field));
    }
    doc_link(rq, doc, "href", href);
    doc_docs(doc, "cells", cells, columns->count);
    return doc;
}

static void put_table(struct request *rq, struct doc *doc, const struct resource *resource,
                      const void *rows, size_t count, const char *sort, const char *parent_field)
{
    struct columns columns = listed_columns(resource, parent_field);
    struct doc **heads = ARENA_ARRAY(rq->cx.mem, struct doc *, columns.count);
    struct doc **lines = ARENA_ARRAY(rq->cx.mem, struct doc *, count);
    for (size_t i = 0; i < columns.count; i++)
        heads[i] = column_doc(rq, resource, columns.fields[i], sort);
    for (size_t i = 0; i < count; i++)
        lines[i] = row_doc(rq, resource, &columns, (const char *)rows + i * resource->size);
    doc_docs(doc, "columns", heads, columns.count);
    doc_docs(doc, "rows", lines, count);
}

struct doc *option_doc(struct request *rq, const char *value, const char *label, bool selected)
{
    struct doc *doc = doc_new(rq->cx.mem);
    doc_text(doc, "value", value);
    doc_text(doc, "label", label);
    doc_flag(doc, "selected", selected);
    return doc;
}

/* Exports take the filters of the list that is shown. */
static void put_export(struct request *rq, const struct resource *resource, const char *name,
                       const char *format)
{
    const char *asked = strchr(rq->target, '?');
    const char *action = arena_printf(rq->cx.mem, "/%s/export?format=%s%s%s", resource->name,
                                      format, asked ? "&" : "", asked ? asked + 1 : "");
    if (form_leads(rq, action))
        doc_text(rq->doc, name, action);
}

static void put_list_acts(struct request *rq, const struct record_face *face)
{
    const struct resource *resource = face->resource;
    const bool may_write = may_verb(rq, resource, "write");
    if (may_write)
        doc_link(rq, rq->doc, "create_href", arena_printf(rq->cx.mem, "/%s/new", resource->name));
    if (may_write && face->importable && actor_may(rq->cx.actor, "imports.make"))
        doc_text(rq->doc, "import_href",
                 arena_printf(rq->cx.mem, "/imports/new?resource=%s", resource->name));
    put_export(rq, resource, "export_csv_href", "csv");
    put_export(rq, resource, "export_xlsx_href", "xlsx");
}

void page_list(struct request *rq, const struct record_face *face, const struct list_query *query,
               const struct list *list)
{
    const struct resource *resource = face->resource;
    struct doc *doc = rq->doc;
    doc->page_only = true;
    doc_text(doc, "resource", resource->name);
    doc_text(doc, "title", word(rq, resource->name));
    const char *about =
        texts_find(arena_printf(rq->cx.mem, "%s.about", resource->name), rq->cx.lang);
    doc_text(doc, "subtitle", about ? about : "");
    doc_text(doc, "empty", own_word(rq, resource, "empty"));
    doc_text(doc, "q", query->search ? query->search : "");
    doc_flag(doc, "searchable", is_searched(resource));
    doc_flag(doc, "any", list->count > 0);
    put_sort_links(rq, resource, query->sort);
    if (strcmp(rq->route->page, "list") == 0) /* a slice's own page lays out `items` itself */
        put_table(rq, doc, resource, list->rows, list->count, query->sort, NULL);
    page_filters(rq, resource, query);
    if (list->next)
        doc_text(doc, "next_href", link_with(rq, "after", list->next));
    if (query->after)
        doc_text(doc, "first_href", link_with(rq, "after", NULL));
    put_list_acts(rq, face);
    doc->page_only = false;
}

/* ---- record ---- */

static void link_referred(struct request *rq, struct doc *doc, const char *name,
                          const struct field *field, const void *record)
{
    const int64_t id = *FIELD_AT(const int64_t, field, record);
    if (id && record_is_seen(rq, resource_find(field->refers), id))
        doc_link(rq, doc, name, arena_printf(rq->cx.mem, "/%s/%lld", field->refers, (long long)id));
}

/* hrefs.contract_id: for pages that lay out a record themselves. */
static void put_hrefs(struct request *rq, const struct resource *resource, const void *record)
{
    struct doc *hrefs = doc_new(rq->cx.mem);
    for (const struct field *field = resource->fields; field->name; field++)
        if (field->refers && !(field->use & HIDDEN))
            link_referred(rq, hrefs, field->name, field, record);
    doc_doc(rq->doc, "hrefs", hrefs);
}

static struct doc *fact_doc(struct request *rq, const struct resource *resource,
                            const struct field *field, const void *record)
{
    struct doc *doc = doc_new(rq->cx.mem);
    const struct field *named = joined_name(resource, field);
    const bool is_number_none = is_number(field) && field_is_idle(field, record);
    const char *words =
        is_number_none ? ""
        : field->refers && !named
            ? reference_words(rq, field->refers, *FIELD_AT(const int64_t, field, record))
            : field_words(rq, resource, named ? named : field, record);
    doc_text(doc, "label", field_label(rq, resource, field));
    doc_text(doc, "text", words);
    doc_text(doc, "clause", field->clause ? field->clause : "");
    doc_flag(doc, "long", field->use & LONG_TEXT);
    doc_flag(doc, "none", !*words);
    if (field->refers)
        link_referred(rq, doc, "href", field, record);
    if (field->type == FIELD_SECRET && *words && may_verb(rq, resource, "reveal")) {
        doc_text(doc, "reveal_href",
                 arena_printf(rq->cx.mem, "/%s/%lld/reveal", resource->name,
                              (long long)((const struct record *)record)->id));
        doc_text(doc, "field", field->name);
    }
    return doc;
}

/* Ids, versions and joined names are not facts of their own. */
static bool is_fact(const struct field *field)
{
    static const char *const OURS[] = {"id", "version", "created_at", "updated_at"};
    for (size_t i = 0; i < sizeof OURS / sizeof OURS[0]; i++)
        if (strcmp(field->name, OURS[i]) == 0)
            return false;
    if (field->use & (HIDDEN | DERIVED))
        return false;
    return !field->column || !strstr(field->name, "_name");
}

enum result page_record(struct request *rq, const struct record_face *face, const void *record)
{
    const struct resource *resource = face->resource;
    struct doc *doc = rq->doc, **facts = ARENA_ARRAY(rq->cx.mem, struct doc *, FIELDS_MAX);
    long long id = (long long)((const struct record *)record)->id;
    size_t count = 0;
    for (const struct field *field = resource->fields; field->name; field++)
        if (is_fact(field))
            facts[count++] = fact_doc(rq, resource, field, record);
    doc->page_only = true;
    doc_docs(doc, "facts", facts, count);
    put_hrefs(rq, resource, record);
    doc_text(doc, "resource", resource->name);
    doc_text(doc, "title", record_title(rq->cx.mem, resource, record));
    doc_text(doc, "crumb_href", arena_printf(rq->cx.mem, "/%s", resource->name));
    doc_text(doc, "crumb_label", word(rq, resource->name));
    if (may_verb(rq, resource, "write") && record_is_open(&rq->cx, resource, record))
        doc_link(rq, doc, "edit_href",
                 arena_printf(rq->cx.mem, "/%s/%lld/edit", resource->name, id));
    doc_link(rq, doc, "history_href",
             arena_printf(rq->cx.mem, "/%s/%lld/history", resource->name, id));
    struct event *events;
    size_t event_count;
    TRY(trail_of(&rq->cx, resource, id, 12, &events, &event_count));
    page_history(rq, face, record, events, event_count);
    doc->page_only = false;
    return OK;
}

void doc_acts(struct request *rq, const struct act *acts, size_t count)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count);
    size_t shown = 0;
    for (size_t i = 0; i < count; i++) {
        const struct act *act = &acts[i];
        if (!act->label_key || !actor_may(rq->cx.actor, act->right))
            continue;
        struct doc *doc = docs[shown++] = doc_new(rq->cx.mem);
        doc_text(doc, "href", act->href);
        doc_text(doc, "label", word(rq, act->label_key));
        doc_text(doc, "confirm", act->confirm_key ? word(rq, act->confirm_key) : "");
        doc_flag(doc, "primary", act->primary);
        doc_flag(doc, "danger", act->danger);
        doc_text(doc, "method", act->link ? "GET" : "POST");
        doc_flag(doc, "link", act->link);
    }
    bool was = rq->doc->page_only;
    rq->doc->page_only = true;
    doc_docs(rq->doc, "actions", docs, shown);
    rq->doc->page_only = was;
}

enum result doc_part(struct request *rq, const char *name, const struct resource *resource,
                     const char *parent_field, int64_t parent_id)
{
    struct list_query query = {.limit = 200, .sort = "id"};
    struct list list;
    const char *id = arena_printf(rq->cx.mem, "%lld", (long long)parent_id);
    if (!may_verb(rq, resource, "read"))
        return OK;
    if (!list_condition(&rq->cx, resource, parent_field, id, &query))
        return fail(&rq->cx, BROKEN, "record.no_filter", resource->name, parent_field);
    TRY(record_list(&rq->cx, resource, &query, &list));
    doc_records(rq->doc, name, resource->fields, list.rows, list.count, resource->size);
    if (rq->face != FACE_PAGE)
        return OK;
    struct doc *part = doc_new(rq->cx.mem);
    doc_text(part, "title", word(rq, resource->name));
    doc_text(part, "empty", own_word(rq, resource, "empty"));
    doc_int(part, "count", (int64_t)list.count);
    put_table(rq, part, resource, list.rows, list.count, NULL, parent_field);
    void *added = arena_alloc(rq->cx.mem, resource->size);
    fields_blank(resource->fields, added);
    *FIELD_AT(int64_t, field_find(resource->fields, parent_field, strlen(parent_field)), added) =
        parent_id;
    if (may_verb(rq, resource, "write") && record_is_open(&rq->cx, resource, added))
        doc_link(rq, part, "add_href",
                 arena_printf(rq->cx.mem, "/%s/new?%s=%s", resource->name, parent_field, id));
    rq->doc->page_only = true;
    doc_doc(rq->doc, arena_printf(rq->cx.mem, "%s_part", name), part);
    rq->doc->page_only = false;
    return OK;
}

/* ---- form ---- */

static const char *input_kind(const struct field *field)
{
    switch (field->type) {
    case FIELD_BOOL:
        return "bool";
    case FIELD_ENUM:
        return "choice";
    case FIELD_SET:
        return "set";
    case FIELD_DATE:
        return "date";
    case FIELD_INSTANT:
        return "instant";
    case FIELD_MONTH:
        return "month";
    case FIELD_MONEY:
        return "money";
    case FIELD_INT:
    case FIELD_POINTS:
        return "number";
    case FIELD_SECRET:
        return "secret";
    case FIELD_ID:
        return field->refers ? "choice" : "number";
    default:
        return field->use & LONG_TEXT ? "long" : "text";
    }
}

struct options {
    struct doc **at;
    size_t count;
};

/* What is chosen once for all decides whether there may be such a record. */
static bool is_possible(struct request *rq, const struct resource *resource,
                        const struct field *field, const void *record, int64_t id)
{
    if (!(field->use & FIXED) || field->among || !resource->open)
        return true;
    void *chosen = arena_alloc(rq->cx.mem, resource->size);
    memcpy(chosen, record, resource->size);
    *FIELD_AT(int64_t, field, chosen) = id;
    return record_is_open(&rq->cx, resource, chosen);
}

/* Every record that the actor may refer to, by its title and what that is. */
static enum result reference_options(struct request *rq, const struct resource *resource,
                                     const struct field *field, const void *record,
                                     struct options *options)
{
    const struct resource *target = resource_find(field->refers);
    struct list_query query = {.limit = 200, .sort = "id"};
    int64_t chosen = *(const int64_t *)((const char *)record + field->offset);
    if (field->among)
        list_conditions(&rq->cx, target, field->among, &query);
    while (options->count < OPTIONS_MOST) {
        struct list list;
        struct fault kept = fault_take(&rq->cx); /* a refused form is being shown again */
        TRY(record_list(&rq->cx, target, &query, &list));
        rq->cx.fault = kept;
        for (size_t i = 0; i < list.count && options->count < OPTIONS_MOST; i++) {
            const void *row = (const char *)list.rows + i * target->size;
            int64_t id = ((const struct record *)row)->id;
            if (id != chosen && !is_possible(rq, resource, field, record, id))
                continue;
            options->at[options->count++] =
                option_doc(rq, arena_printf(rq->cx.mem, "%lld", (long long)id),
                           record_called(rq->cx.mem, target, row), id == chosen);
        }
        if (!list.next)
            break;
        query.after = list.next;
    }
    return OK;
}

static enum result field_options(struct request *rq, const struct resource *resource,
                                 const struct field *field, const void *record,
                                 struct options *options)
{
    const char *at = (const char *)record + field->offset;
    options->at = ARENA_ARRAY(rq->cx.mem, struct doc *, OPTIONS_MOST);
    if (field->refers)
        return reference_options(rq, resource, field, record, options);
    for (unsigned i = 0; field->choices && field->choices[i]; i++) {
        bool selected = field->type == FIELD_SET ? ((const struct set *)at)->bits >> i & 1
                                                 : *(const unsigned *)at == i + 1;
        options->at[options->count++] = option_doc(
            rq, field->choices[i], choice_words(rq, resource, field, field->choices[i]), selected);
    }
    return OK;
}

/* In Shanghai, as browsers take it: "2026-11-02T09:30". */
static const char *instant_minute(struct request *rq, struct instant at)
{
    char text[INSTANT_MAX_TEXT] = "";
    instant_format(at, text);
    return arena_printf(rq->cx.mem, "%.16s", text);
}

/* What was typed, when the form comes back; else the record's value. */
static const char *form_value(struct request *rq, const char *name, const struct field *field,
                              const void *record)
{
    for (const struct part *part = rq->form; part; part = part->next)
        if (strcmp(part->name, name) == 0)
            return part->value;
    struct text value = text_new(rq->cx.mem, 32);
    if (field->type == FIELD_INSTANT)
        return instant_minute(rq, *FIELD_AT(const struct instant, field, record));
    if (field->type != FIELD_SECRET && !field_is_idle(field, record))
        field_write(field, record, false, &value);
    return text_end(&value);
}

static const char *form_error(struct request *rq, const char *name)
{
    for (const struct field_fault *fault = rq->cx.fault.fields; fault; fault = fault->next)
        if (strcmp(fault->field, name) == 0)
            return field_fault_words(rq->cx.mem, fault, rq->cx.lang);
    return "";
}

static enum result field_doc(struct request *rq, const struct resource *resource,
                             const char *prefix, const struct field *field, const void *record,
                             struct doc **out)
{
    struct doc *doc = *out = doc_new(rq->cx.mem);
    const char *name = arena_printf(rq->cx.mem, "%s%s", prefix, field->name);
    struct options options = {.count = 0};
    const char *hint = texts_find(
        arena_printf(rq->cx.mem, "%s.%s.hint", resource->name, field->name), rq->cx.lang);
    TRY(field_options(rq, resource, field, record, &options));
    doc_text(doc, "name", name);
    doc_text(doc, "label", field_label(rq, resource, field));
    doc_text(doc, "hint", hint ? hint : "");
    doc_text(doc, "kind", input_kind(field));
    doc_text(doc, "value", form_value(rq, name, field, record));
    doc_text(doc, "masked",
             field->type == FIELD_SECRET ? field_words(rq, resource, field, record) : "");
    doc_flag(doc, "checked",
             field->type == FIELD_BOOL && *(const bool *)((const char *)record + field->offset));
    doc_flag(doc, "required", field->in == MUST);
    doc_int(doc, "max", field->max ? field->max : 200);
    doc_text(doc, "error", form_error(rq, name));
    doc_text(doc, "clause", field->clause ? field->clause : "");
    doc_docs(doc, "options", options.at, options.count);
    return OK;
}

enum result page_fields(struct request *rq, const struct resource *resource, const void *record,
                        bool creating)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, FIELDS_MAX);
    struct text names = text_new(rq->cx.mem, 256);
    size_t count = 0;
    for (const struct field *field = resource->fields; field->name; field++) {
        if (field->in == NEVER || ((field->use & FIXED) && !creating))
            continue;
        TRY(field_doc(rq, resource, "", field, record, &docs[count++]));
        text_printf(&names, "%s%s", names.len ? "," : "", field->name);
    }
    doc_docs(rq->doc, "fields", docs, count);
    doc_text(rq->doc, "field_names", text_end(&names));
    return OK;
}

enum result page_row(struct request *rq, const struct resource *resource, const char *prefix,
                     const void *row, struct doc *out)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, FIELDS_MAX);
    size_t count = 0;
    for (const struct field *field = resource->fields; field->name; field++)
        if (field->in != NEVER)
            TRY(field_doc(rq, resource, prefix, field, row, &docs[count++]));
    doc_docs(out, "fields", docs, count);
    return OK;
}

enum result page_form(struct request *rq, const struct record_face *face, const void *record,
                      bool creating)
{
    const struct resource *resource = face->resource;
    const struct record *own = record;
    const char *path =
        creating ? arena_printf(rq->cx.mem, "/%s", resource->name)
                 : arena_printf(rq->cx.mem, "/%s/%lld", resource->name, (long long)own->id);
    struct doc *doc = rq->doc;
    doc->page_only = true;
    TRY(page_fields(rq, resource, record, creating));
    doc_text(doc, "title", own_word(rq, resource, creating ? "do.create" : "do.change"));
    doc_text(doc, "action", path);
    doc_text(doc, "method", creating ? "" : "PATCH");
    doc_int(doc, "version", own->version);
    doc_text(doc, "submit_label", word(rq, creating ? "record.save_new" : "record.save"));
    doc_text(doc, "cancel_href", path);
    doc_text(doc, "crumb_href", arena_printf(rq->cx.mem, "/%s", resource->name));
    doc_text(doc, "crumb_label", word(rq, resource->name));
    doc->page_only = false;
    return OK;
}
