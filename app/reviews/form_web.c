/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Forms of reviews and samples of calls on the web. */
#include "app/records/record_web.h"
#include "app/reviews/review.h"
#include "app/reviews/review_web.h"

#include <string.h>

/* ---- forms ---- */

#define BLANK_ROWS 3 /* below the items of a draft */

static struct doc *kind_doc(struct request *rq, const struct field *field, enum item_kind kind,
                            enum item_kind chosen)
{
    struct doc *doc = doc_new(rq->cx.mem);
    const char *name = choice_name(field->choices, kind);
    doc_text(doc, "value", name);
    doc_text(doc, "label",
             kind ? choice_label(rq->cx.mem, &REVIEW_FORMS, field, name, rq->cx.lang) : "—");
    doc_flag(doc, "selected", kind == chosen);
    return doc;
}

static struct doc *item_doc(struct request *rq, const struct form_item *item, size_t index)
{
    const struct field *field = field_find(FORM_ITEM_FIELDS, "kind", strlen("kind"));
    struct doc *doc = doc_new(rq->cx.mem);
    struct doc **kinds = ARENA_ARRAY(rq->cx.mem, struct doc *, ITEM_FATAL + 1);
    for (enum item_kind kind = 0; kind <= ITEM_FATAL; kind++)
        kinds[kind] = kind_doc(rq, field, kind, item ? item->kind : 0);
    doc_int(doc, "index", (int64_t)index);
    doc_int(doc, "place", (int64_t)index + 1);
    doc_text(doc, "name", item ? item->name : "");
    doc_text(doc, "text", item ? item->text : "");
    doc_text(doc, "kind",
             item ? choice_label(rq->cx.mem, &REVIEW_FORMS, field,
                                 choice_name(field->choices, item->kind), rq->cx.lang)
                  : "");
    if (item && item->weight)
        doc_int(doc, "weight", item->weight);
    doc_docs(doc, "kinds", kinds, ITEM_FATAL + 1);
    return doc;
}

static void put_item_rows(struct request *rq, const struct form_item *items, size_t count,
                          size_t blank)
{
    struct doc **rows = ARENA_ARRAY(rq->cx.mem, struct doc *, count + blank + 1);
    for (size_t i = 0; i < count + blank; i++)
        rows[i] = item_doc(rq, i < count ? &items[i] : NULL, i);
    doc_docs(rq->doc, "rows", rows, count + blank);
}

static int64_t weights_sum(const struct form_item *items, size_t count)
{
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += items[i].weight;
    return sum;
}

static enum result form_show(struct request *rq, void *record)
{
    const struct review_form *form = record;
    struct form_item *items;
    size_t count;
    const bool writes = actor_may(rq->cx.actor, "review_forms.write");
    TRY(form_items(&rq->cx, form, &items, &count));
    doc_records(rq->doc, "items", FORM_ITEM_FIELDS, items, count, sizeof *items);
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    doc_int(rq->doc, "sum", weights_sum(items, count));
    put_item_rows(rq, items, count, form->state == FORM_DRAFT ? BLANK_ROWS : 0);
    doc_flag(rq->doc, "may_enforce", writes && form->state == FORM_DRAFT);
    doc_flag(rq->doc, "may_revise", writes && form->state == FORM_IN_FORCE);
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face FORM_FACE = {.resource = &REVIEW_FORMS, .show = form_show};

static const struct body_list FORM_LISTS[] = {
    {"items", FORM_ITEM_FIELDS, sizeof(struct form_item), FORM_ITEMS_MOST},
    BODY_LISTS_END,
};

static enum result read_form(struct request *rq, struct review_form *form, bool creating)
{
    struct form_item *items = NULL;
    size_t count;
    enum result read = body_read_rows(rq, &FORM_LISTS[0], &items, &count);
    enum result result = body_read(rq, REVIEW_FORMS.fields, form, creating, NULL);
    if (items)
        form->items = form_items_text(rq->cx.mem, items, count);
    return read == OK ? result : read;
}

static enum result form_post(struct request *rq)
{
    struct review_form *form = ARENA_NEW(rq->cx.mem, struct review_form);
    fields_blank(REVIEW_FORMS.fields, form);
    enum result result = read_form(rq, form, true);
    if (result == OK)
        result = record_add(&rq->cx, &REVIEW_FORMS, form);
    TRY(record_form_again(rq, &FORM_FACE, form, true, result));
    TRY(record_get(&rq->cx, &REVIEW_FORMS, form->id, form));
    TRY(record_answer(rq, &FORM_FACE, form));
    return created(rq, "/review_forms/%lld", (long long)form->id);
}

static enum result form_patch(struct request *rq)
{
    struct review_form before, after;
    TRY(record_for_action(rq, &REVIEW_FORMS, &before));
    after = before;
    enum result result = read_form(rq, &after, false);
    if (result == OK)
        result = record_change(&rq->cx, &REVIEW_FORMS, "change", &before, &after);
    return record_acted(rq, &FORM_FACE, result == OK ? &before : &after, result, "flash.changed");
}

static enum result form_enforce_post(struct request *rq)
{
    struct review_form form;
    TRY(record_for_action(rq, &REVIEW_FORMS, &form));
    return record_acted(rq, &FORM_FACE, &form, form_enforce(&rq->cx, &form),
                        "flash.review_form.enforced");
}

static enum result form_revise_post(struct request *rq)
{
    struct review_form form;
    int64_t id;
    TRY(record_for_action(rq, &REVIEW_FORMS, &form));
    enum result result = form_revise(&rq->cx, &form, &id);
    if (result != OK)
        return record_acted(rq, &FORM_FACE, &form, result, "");
    struct review_form *next = ARENA_NEW(rq->cx.mem, struct review_form);
    TRY(record_get(&rq->cx, &REVIEW_FORMS, id, next));
    TRY(record_answer(rq, &FORM_FACE, next));
    return created(rq, "/review_forms/%lld", (long long)id);
}

/* ---- samples ---- */

static int64_t words_count(const char *text)
{
    int64_t count = *text != '\0';
    for (; *text; text++)
        count += *text == ' ';
    return count;
}

static enum result sample_show(struct request *rq, void *record)
{
    const struct review_sample *sample = record;
    const int64_t drawn = words_count(sample->drawn);
    struct sample_progress progress;
    TRY(doc_part(rq, "reviews", &REVIEWS, "sample_id", sample->id));
    TRY(sample_progress(&rq->cx, sample->id, &progress));
    rq->doc->page_only = true;
    doc_int(rq->doc, "drawn_count", drawn);
    doc_text(rq->doc, "judged", arena_printf(rq->cx.mem, "%d", progress.judged));
    doc_text(rq->doc, "waiting", arena_printf(rq->cx.mem, "%d", progress.waiting));
    if (progress.skipped)
        doc_int(rq->doc, "skipped", progress.skipped);
    rq->doc->page_only = false;
    return OK;
}

static enum result sample_begin(struct request *rq, void *record)
{
    struct review_sample *sample = record;
    sample->to = date_add(instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN), -1);
    sample->from = date_add(sample->to, -6);
    sample->newcomer_calls = 5;
    sample->other_calls = 2;
    return OK;
}

static const struct record_face SAMPLE_FACE = {
    .resource = &REVIEW_SAMPLES, .show = sample_show, .begin = sample_begin};

struct sampling {
    struct review_sample sample;
    struct call *calls;
    size_t count;
};

static enum result sample_prepare_post(struct request *rq)
{
    struct sampling *sampling = ARENA_NEW(rq->cx.mem, struct sampling);
    fields_blank(REVIEW_SAMPLES.fields, &sampling->sample);
    rq->prepared = sampling;
    enum result result = body_read(rq, REVIEW_SAMPLES.fields, &sampling->sample, true, NULL);
    if (result == OK)
        result = sample_prepare(&rq->cx, &sampling->sample, &sampling->calls, &sampling->count);
    return record_form_again(rq, &SAMPLE_FACE, &sampling->sample, true, result);
}

static enum result sample_post(struct request *rq)
{
    struct sampling *sampling = rq->prepared;
    struct review_sample *sample = &sampling->sample;
    TRY(record_form_again(rq, &SAMPLE_FACE, sample, true,
                          sample_add(&rq->cx, sample, sampling->calls, sampling->count)));
    TRY(record_get(&rq->cx, &REVIEW_SAMPLES, sample->id, sample));
    TRY(record_answer(rq, &SAMPLE_FACE, sample));
    return created(rq, "/review_samples/%lld", (long long)sample->id);
}

/* ---- drawn once more by the same seed ---- */

struct redrawing {
    struct review_sample sample;
    bool same;
    int32_t pool;
};
static const struct field REDRAWN_FIELDS[] = {FIELD(redrawing, same), FIELD(redrawing, pool),
                                              FIELDS_END};

/* Reads every call of the days: beside the server's thread. */
static enum result sample_again_prepare(struct request *rq)
{
    struct redrawing *again = ARENA_NEW(rq->cx.mem, struct redrawing);
    TRY(record_of_path(rq, &REVIEW_SAMPLES, &again->sample));
    rq->prepared = again;
    return sample_again(&rq->cx, &again->sample, &again->same, &again->pool);
}

static enum result sample_again_get(struct request *rq)
{
    struct redrawing *again = rq->prepared;
    TRY(record_answer(rq, &SAMPLE_FACE, &again->sample));
    doc_records(rq->doc, "redrawn", REDRAWN_FIELDS, again, 1, sizeof *again);
    rq->doc->page_only = true;
    doc_flag(rq->doc, "again", again->same);
    doc_flag(rq->doc, "again_differs", !again->same);
    rq->doc->page_only = false;
    return OK;
}

/* clang-format off */
const struct route REVIEW_FORM_ROUTES[] = {
    RECORD_LIST("review_forms", FORM_FACE, "list"),
    RECORD_SHOW("review_forms", FORM_FACE, "review_form"),
    {GET, "/review_forms/new", "review_forms.write", record_new_get, "form", .flags = PAGE_ONLY,
     .subject = &FORM_FACE, .nav = "review_forms"},
    {POST, "/review_forms", "review_forms.write", form_post, "form", .subject = &FORM_FACE, .lists = FORM_LISTS,
     .nav = "review_forms"},
    {PATCH, "/review_forms/{id}", "review_forms.write", form_patch, "review_form", .lists = FORM_LISTS,
     .subject = &FORM_FACE, .nav = "review_forms"},
    {POST, "/review_forms/{id}/enforce", "review_forms.write", form_enforce_post, "review_form",
     .flags = RECORDED, .nav = "review_forms"},
    {POST, "/review_forms/{id}/revise", "review_forms.write", form_revise_post, "review_form",
     .flags = RECORDED, .nav = "review_forms"},
    RECORD_HISTORY("review_forms", FORM_FACE),
    RECORD_EXPORT("review_forms", FORM_FACE),
    RECORD_LIST("review_samples", SAMPLE_FACE, "list"),
    RECORD_SHOW("review_samples", SAMPLE_FACE, "review_sample"),
    {GET, "/review_samples/new", "review_samples.write", record_new_get, "form",
     .flags = PAGE_ONLY, .subject = &SAMPLE_FACE, .nav = "review_samples"},
    {POST, "/review_samples", "review_samples.write", sample_post, "form",
     .flags = RECORDED, .prepare = sample_prepare_post, .subject = &SAMPLE_FACE,
     .nav = "review_samples"},
    {GET, "/review_samples/{id}/again", "review_samples.read", sample_again_get, "review_sample",
     .prepare = sample_again_prepare, .nav = "review_samples"},
    RECORD_HISTORY("review_samples", SAMPLE_FACE),
    RECORD_EXPORT("review_samples", SAMPLE_FACE),
    ROUTES_END,
};
/* clang-format on */
