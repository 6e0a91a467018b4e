/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Items of a standard on the web: a form that knows the terms, and what comes of it shown in the
 * standard. */
#include "app/standards/standard_web.h"

#include "app/records/record_page.h"

#include <string.h>

static const struct record_face ITEM_FACE = {.resource = &STANDARD_ITEMS, .importable = true};

/* ---- the form ---- */

static void put_choices(struct request *rq, const char *name, const char *const *choices,
                        const char *chosen)
{
    const struct field *field = field_find(STANDARD_ITEMS.fields, name, strlen(name));
    size_t count = 0;
    while (choices[count])
        count++;
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count + 1);
    for (size_t i = 0; i < count; i++)
        docs[i] = option_doc(rq, choices[i], choice_words(rq, &STANDARD_ITEMS, field, choices[i]),
                             strcmp(choices[i], chosen) == 0);
    doc_docs(rq->doc, arena_printf(rq->cx.mem, "%s_options", name), docs, count);
}

static enum result put_term_choices(struct request *rq, const struct standard *standard,
                                    int64_t chosen)
{
    struct covered_term *terms;
    size_t count;
    TRY(standard_terms(&rq->cx, standard, &terms, &count));
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count + 1);
    for (size_t i = 0; i < count; i++) {
        docs[i] = option_doc(rq, arena_printf(rq->cx.mem, "%lld", (long long)terms[i].term_id),
                             arena_printf(rq->cx.mem, "%s %s（%s）", terms[i].number, terms[i].text,
                                          terms[i].contract_name),
                             terms[i].term_id == chosen);
        if (terms[i].term_id == chosen)
            doc_text(rq->doc, "term_text", terms[i].text);
    }
    doc_docs(rq->doc, "term_options", docs, count);
    return OK;
}

static enum result put_form(struct request *rq, const struct standard_item *item)
{
    struct standard standard;
    TRY(record_get(&rq->cx, &STANDARDS, item->standard_id, &standard));
    rq->doc->page_only = true;
    doc_int(rq->doc, "id", item->id);
    doc_int(rq->doc, "version", item->version);
    doc_int(rq->doc, "standard_id", item->standard_id);
    doc_text(rq->doc, "standard_name", standard.name);
    doc_text(rq->doc, "place", item->place);
    doc_text(rq->doc, "text", item->text);
    doc_text(rq->doc, "sample", item->sample);
    doc_text(rq->doc, "points", item->points.hundredths ? points_words(rq, item->points) : "");
    doc_text(rq->doc, "deduction",
             item->deduction.hundredths ? points_words(rq, item->deduction) : "");
    doc_flag(rq->doc, "photo", item->photo);
    doc_flag(rq->doc, "fatal", item->fatal);
    doc_flag(rq->doc, "changing", item->id != 0);
    put_choices(rq, "category", CATEGORIES, choice_name(CATEGORIES, item->category));
    put_choices(rq, "method", ITEM_METHODS, choice_name(ITEM_METHODS, item->method));
    put_choices(rq, "frequency", ITEM_FREQUENCIES, choice_name(ITEM_FREQUENCIES, item->frequency));
    enum result result = put_term_choices(rq, &standard, item->term_id);
    rq->doc->page_only = false;
    return result;
}

/* What was typed again, beside what is wrong with it. */
static enum result form_again(struct request *rq, const struct standard_item *item,
                              enum result result)
{
    struct fault kept = fault_take(&rq->cx);
    if (result != OK && rq->face == FACE_PAGE && item->standard_id && put_form(rq, item) != OK)
        (void)fault_take(&rq->cx);
    rq->cx.fault = kept;
    return result;
}

static int64_t number_asked(struct request *rq, const char *name)
{
    int64_t number = 0;
    (void)int_parse(query_text(rq, name), &number);
    return number;
}

/* The newest draft that the actor sees. */
static enum result newest_draft(struct request *rq, int64_t *out_id)
{
    struct list_query query = {.limit = 1};
    struct list list;
    list_conditions(&rq->cx, &STANDARDS, "state=draft", &query);
    TRY(record_list(&rq->cx, &STANDARDS, &query, &list));
    *out_id = list.count ? ((const struct record *)list.rows)->id : 0;
    return list.count ? OK : fail(&rq->cx, NOT_FOUND, "standard.no_draft");
}

/* ?standard_id=&term_id=&category= */
static enum result item_new_get(struct request *rq)
{
    const char *category = query_text(rq, "category");
    struct standard_item item = {
        .standard_id = number_asked(rq, "standard_id"),
        .term_id = number_asked(rq, "term_id"),
        .category = choice_find(CATEGORIES, category, strlen(category)),
        .method = BY_SIGHT,
        .frequency = FREQUENCY_DAILY,
    };
    fields_blank(STANDARD_ITEMS.fields, &item);
    if (!item.standard_id)
        TRY(newest_draft(rq, &item.standard_id));
    TRY(STANDARD_ITEMS.open(&rq->cx, &item));
    return put_form(rq, &item);
}

static enum result item_edit_get(struct request *rq)
{
    struct standard_item item;
    TRY(record_of_path(rq, &STANDARD_ITEMS, &item));
    TRY(STANDARD_ITEMS.open(&rq->cx, &item));
    return put_form(rq, &item);
}

/* ---- writing: a page goes back to the standard ---- */

static enum result shown_in_standard(struct request *rq, const struct standard_item *item,
                                     const char *flash_key)
{
    return moved(rq, flash_key, "/standards/%lld#item-%lld", (long long)item->standard_id,
                 (long long)item->id);
}

static enum result item_post(struct request *rq)
{
    struct standard_item *item = ARENA_NEW(rq->cx.mem, struct standard_item);
    fields_blank(STANDARD_ITEMS.fields, item);
    enum result result = body_read(rq, STANDARD_ITEMS.fields, item, true, NULL);
    if (result == OK)
        result = record_add(&rq->cx, &STANDARD_ITEMS, item);
    TRY(form_again(rq, item, result));
    TRY(record_get(&rq->cx, &STANDARD_ITEMS, item->id, item));
    if (rq->face == FACE_PAGE)
        return shown_in_standard(rq, item, "flash.standard_item.added");
    TRY(record_answer(rq, &ITEM_FACE, item));
    return created(rq, "/standard_items/%lld", (long long)item->id);
}

static enum result item_patch(struct request *rq)
{
    struct standard_item before, *after = ARENA_NEW(rq->cx.mem, struct standard_item);
    TRY(record_for_action(rq, &STANDARD_ITEMS, &before));
    *after = before;
    enum result result = body_read(rq, STANDARD_ITEMS.fields, after, false, NULL);
    if (result == OK)
        result = record_change(&rq->cx, &STANDARD_ITEMS, "change", &before, after);
    TRY(form_again(rq, after, result));
    TRY(record_get(&rq->cx, &STANDARD_ITEMS, after->id, after));
    TRY(record_answer(rq, &ITEM_FACE, after));
    return shown_in_standard(rq, after, "flash.changed");
}

static enum result item_move(struct request *rq, bool up)
{
    struct standard_item *item = ARENA_NEW(rq->cx.mem, struct standard_item);
    TRY(record_for_action(rq, &STANDARD_ITEMS, item));
    TRY(standard_item_move(&rq->cx, item, up));
    TRY(record_get(&rq->cx, &STANDARD_ITEMS, item->id, item));
    TRY(record_answer(rq, &ITEM_FACE, item));
    return shown_in_standard(rq, item, NULL);
}

static enum result item_up_post(struct request *rq)
{
    return item_move(rq, true);
}

static enum result item_down_post(struct request *rq)
{
    return item_move(rq, false);
}

static enum result item_remove_post(struct request *rq)
{
    struct standard_item *item = ARENA_NEW(rq->cx.mem, struct standard_item);
    TRY(record_for_action(rq, &STANDARD_ITEMS, item));
    TRY(standard_item_remove(&rq->cx, item));
    doc_root(rq->doc, STANDARD_ITEMS.fields, item);
    return moved(rq, "flash.standard_item.removed", "/standards/%lld",
                 (long long)item->standard_id);
}

#define NAV .nav = "standards"
/* clang-format off */
const struct route STANDARD_ITEM_ROUTES[] = {
    RECORD_LIST("standard_items", ITEM_FACE, "list"),
    RECORD_SHOW("standard_items", ITEM_FACE, "record"),
    {GET, "/standard_items/new", "standard_items.write", item_new_get, "standard_item_form",
     .flags = PAGE_ONLY, .subject = &ITEM_FACE, NAV},
    {POST, "/standard_items", "standard_items.write", item_post, "standard_item_form",
     .subject = &ITEM_FACE, NAV},
    {GET, "/standard_items/{id}/edit", "standard_items.write", item_edit_get, "standard_item_form",
     .flags = PAGE_ONLY, .subject = &ITEM_FACE, NAV},
    {PATCH, "/standard_items/{id}", "standard_items.write", item_patch, "standard_item_form",
     .subject = &ITEM_FACE, NAV},
    {POST, "/standard_items/{id}/up", "standard_items.write", item_up_post, "fault",
     .flags = RECORDED, .subject = &ITEM_FACE, NAV},
    {POST, "/standard_items/{id}/down", "standard_items.write", item_down_post, "fault",
     .flags = RECORDED, .subject = &ITEM_FACE, NAV},
    {POST, "/standard_items/{id}/remove", "standard_items.write", item_remove_post, "fault",
     .flags = RECORDED, .subject = &ITEM_FACE, NAV},
    RECORD_HISTORY("standard_items", ITEM_FACE),
    RECORD_EXPORT("standard_items", ITEM_FACE),
    ROUTES_END,
};
/* clang-format on */
