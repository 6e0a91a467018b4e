/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reviews on the web: forms, samples, a reviewer's next call, and the steps after it. */
#include "app/reviews/review_web.h"
#include "app/reviews/review.h"

#include "app/records/record_web.h"
#include "base/texts.h"

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
    put_item_rows(rq, items, count, form->state == FORM_DRAFT ? BLANK_ROWS : 0);
    doc_flag(rq->doc, "may_enforce", writes && form->state == FORM_DRAFT);
    doc_flag(rq->doc, "may_revise", writes && form->state == FORM_IN_FORCE);
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face FORM_FACE = {.resource = &REVIEW_FORMS, .show = form_show};

static enum result read_form(struct request *rq, struct review_form *form, bool creating)
{
    struct form_item *items = NULL;
    size_t count;
    enum result read = body_read_list(rq, "items", FORM_ITEM_FIELDS, sizeof *items, FORM_ITEMS_MOST,
                                      &items, &count);
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
    return record_acted(rq, &FORM_FACE, &before, result, "flash.changed");
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

static enum result sample_show(struct request *rq, void *record)
{
    return doc_part(rq, "reviews_part", &REVIEWS, "sample_id",
                    ((const struct review_sample *)record)->id);
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

/* ---- a review ---- */

static const char *mark_label(struct request *rq, enum item_mark mark)
{
    return texts_get(arena_printf(rq->cx.mem, "reviews.mark.%s", choice_name(ITEM_MARKS, mark)),
                     rq->cx.lang);
}

static struct doc *choice_doc(struct request *rq, enum item_mark mark, enum item_mark chosen)
{
    struct doc *doc = doc_new(rq->cx.mem);
    doc_text(doc, "value", choice_name(ITEM_MARKS, mark));
    doc_text(doc, "label", mark_label(rq, mark));
    doc_flag(doc, "selected", mark == chosen);
    return doc;
}

static const char *second_words(struct request *rq, int32_t at_ms)
{
    const int32_t second = at_ms / 1000;
    return arena_printf(rq->cx.mem, "%d:%02d", second / 60, second % 60);
}

/* A row of the form: the item, what may be said of it, and what was. */
static struct doc *row_doc(struct request *rq, const struct review_item *item, size_t index)
{
    static const enum item_mark CHOICES[][2] = {
        [ITEM_SCORE] = {MARK_POINTS, MARK_NA}, [ITEM_FATAL] = {MARK_CLEAR, MARK_HIT}};
    struct doc *doc = doc_new(rq->cx.mem);
    struct doc **marks = ARENA_ARRAY(rq->cx.mem, struct doc *, 2);
    char points[POINTS_MAX_TEXT] = "";
    for (int i = 0; i < 2; i++)
        marks[i] = choice_doc(rq, CHOICES[item->kind][i], item->mark);
    if (item->mark == MARK_POINTS)
        points_format(item->points, points);
    doc_int(doc, "index", (int64_t)index);
    doc_int(doc, "place", (int64_t)index + 1);
    doc_text(doc, "name", item->name);
    doc_text(doc, "text", item->text);
    doc_flag(doc, "is_fatal", item->kind == ITEM_FATAL);
    doc_flag(doc, "is_hit", item->mark == MARK_HIT);
    doc_int(doc, "weight", item->weight);
    doc_text(doc, "points", arena_dup(rq->cx.mem, points));
    doc_text(doc, "mark", item->mark ? mark_label(rq, item->mark) : "");
    doc_text(doc, "comment", item->comment);
    doc_int(doc, "at_ms", item->at_ms);
    if (item->at_ms)
        doc_text(doc, "at_words", second_words(rq, item->at_ms));
    doc_int(doc, "at_s", item->at_ms / 1000);
    doc_docs(doc, "marks", marks, 2);
    return doc;
}

static void put_may(struct request *rq, const struct review *review)
{
    const struct actor *actor = rq->cx.actor;
    const int64_t person = actor->person_id;
    doc_flag(rq->doc, "may_mark",
             review->state == REVIEW_DRAFT && review->reviewer_id == person &&
                 actor_may(actor, "reviews.write"));
    doc_flag(rq->doc, "may_appeal",
             review->state == REVIEW_PUBLISHED && review->person_id == person &&
                 rq->cx.now.ms <= review->appeal_by.ms && actor_may(actor, "reviews.appeal"));
    doc_flag(rq->doc, "may_decide",
             review->state == REVIEW_APPEALED && review->reviewer_id != person &&
                 review->person_id != person && actor_may(actor, "reviews.decide"));
    doc_flag(rq->doc, "may_write_letter",
             actor->side == SIDE_CLIENT && actor_may(actor, "letters.write"));
}

static enum result review_show(struct request *rq, void *record)
{
    const struct review *review = record;
    struct review_item *items;
    size_t count;
    TRY(review_items(&rq->cx, review, &items, &count));
    doc_records(rq->doc, "items", REVIEW_ITEM_FIELDS, items, count, sizeof *items);
    if (rq->face != FACE_PAGE)
        return OK;
    struct doc **rows = ARENA_ARRAY(rq->cx.mem, struct doc *, count + 1);
    for (size_t i = 0; i < count; i++)
        rows[i] = row_doc(rq, &items[i], i);
    rq->doc->page_only = true;
    doc_docs(rq->doc, "rows", rows, count);
    put_may(rq, review);
    TRY(recording_player(rq, review->call_id));
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face REVIEW_FACE = {.resource = &REVIEWS, .show = review_show};

static enum result read_marks(struct request *rq, struct review_mark **out, size_t *out_count)
{
    *out = NULL;
    return body_read_list(rq, "items", REVIEW_MARK_FIELDS, sizeof **out, FORM_ITEMS_MOST, out,
                          out_count);
}

/* Marks are kept with every save; "publish" among the buttons publishes them, too. */
static enum result review_mark_post(struct request *rq)
{
    struct review review, marked;
    struct review_mark *marks;
    size_t count;
    const bool publish = *input_text(rq, "publish") != '\0';
    TRY(record_for_action(rq, &REVIEWS, &review));
    marked = review;
    enum result result = read_marks(rq, &marks, &count);
    if (result == OK)
        result = review_mark(&rq->cx, &review, marks, count, input_text(rq, "remark"));
    if (result == OK)
        result = record_get(&rq->cx, &REVIEWS, review.id, &marked);
    if (result == OK && publish)
        result = review_publish(&rq->cx, &marked);
    return record_acted(rq, &REVIEW_FACE, &marked, result,
                        publish ? "flash.review.published" : "flash.changed");
}

static enum result review_publish_post(struct request *rq)
{
    struct review review;
    TRY(record_for_action(rq, &REVIEWS, &review));
    return record_acted(rq, &REVIEW_FACE, &review, review_publish(&rq->cx, &review),
                        "flash.review.published");
}

static enum result review_appeal_post(struct request *rq)
{
    struct review review;
    TRY(record_for_action(rq, &REVIEWS, &review));
    return record_acted(rq, &REVIEW_FACE, &review,
                        review_appeal(&rq->cx, &review, input_text(rq, "appeal")),
                        "flash.review.appealed");
}

/* decision: uphold, or change with marks. */
static enum result review_decide_post(struct request *rq)
{
    struct review review;
    struct review_mark *marks;
    size_t count;
    const bool change = strcmp(input_text(rq, "decision"), "change") == 0;
    TRY(record_for_action(rq, &REVIEWS, &review));
    enum result result = read_marks(rq, &marks, &count);
    if (result == OK)
        result =
            review_decide(&rq->cx, &review, marks, change ? count : 0, input_text(rq, "reason"));
    return record_acted(rq, &REVIEW_FACE, &review, result, "flash.review.final");
}

static enum result review_next_get(struct request *rq)
{
    struct review *review = ARENA_NEW(rq->cx.mem, struct review);
    TRY(review_next(&rq->cx, review));
    return record_answer(rq, &REVIEW_FACE, review);
}

static enum result review_letter_post(struct request *rq)
{
    struct review review;
    struct review_item *items;
    size_t count, worst = 0;
    int64_t id;
    TRY(record_for_action(rq, &REVIEWS, &review));
    TRY(review_items(&rq->cx, &review, &items, &count));
    while (worst + 1 < count && !*items[worst].comment && items[worst].mark != MARK_HIT)
        worst++;
    struct evidence evidence = {.call_id = review.call_id,
                                .contract_id = review.contract_id,
                                .agent_code = review.agent_code,
                                .agent_name = review.agent_name,
                                .fact = ""};
    if (count) {
        evidence.at_ms = items[worst].at_ms;
        evidence.fact = arena_printf(rq->cx.mem, "%s：%s", items[worst].name, items[worst].comment);
    }
    enum result result = evidence_begin(&rq->cx, evidence, &id);
    if (result != OK)
        return record_acted(rq, &REVIEW_FACE, &review, result, "");
    struct letter *letter = ARENA_NEW(rq->cx.mem, struct letter);
    TRY(record_get(&rq->cx, &LETTERS, id, letter));
    doc_root(rq->doc, LETTERS.fields, letter);
    return created(rq, "/letters/%lld/edit", (long long)id);
}

struct appealing {
    const char *appeal;
};
static const struct field APPEAL_INPUT[] = {FIELD(appealing, appeal, .in = MUST, .max = 1000),
                                            FIELDS_END};
struct deciding {
    const char *decision, *reason;
};
static const struct field DECISION_INPUT[] = {FIELD(deciding, decision, .in = MAY),
                                              FIELD(deciding, reason, .in = MUST, .max = 1000),
                                              FIELDS_END};
struct marking {
    const char *remark;
};
static const struct field MARKING_INPUT[] = {FIELD(marking, remark, .in = MAY, .max = 1000),
                                             FIELDS_END};

/* clang-format off */
const struct route REVIEW_ROUTES[] = {
    RECORD_LIST("review_forms", FORM_FACE, "list"),
    RECORD_SHOW("review_forms", FORM_FACE, "review_form"),
    {GET, "/review_forms/new", "review_forms.write", record_new_get, "form", .flags = PAGE_ONLY,
     .subject = &FORM_FACE, .nav = "review_forms"},
    {POST, "/review_forms", "review_forms.write", form_post, "form", .subject = &FORM_FACE,
     .nav = "review_forms"},
    {PATCH, "/review_forms/{id}", "review_forms.write", form_patch, "review_form",
     .subject = &FORM_FACE, .nav = "review_forms"},
    {POST, "/review_forms/{id}/enforce", "review_forms.write", form_enforce_post, "review_form",
     .flags = RECORDED, .nav = "review_forms"},
    {POST, "/review_forms/{id}/revise", "review_forms.write", form_revise_post, "review_form",
     .flags = RECORDED, .nav = "review_forms"},
    RECORD_HISTORY("review_forms", FORM_FACE),
    RECORD_LIST("review_samples", SAMPLE_FACE, "list"),
    RECORD_SHOW("review_samples", SAMPLE_FACE, "record"),
    {GET, "/review_samples/new", "review_samples.write", record_new_get, "form",
     .flags = PAGE_ONLY, .subject = &SAMPLE_FACE, .nav = "review_samples"},
    {POST, "/review_samples", "review_samples.write", sample_post, "form",
     .flags = RECORDED, .prepare = sample_prepare_post, .subject = &SAMPLE_FACE,
     .nav = "review_samples"},
    RECORD_HISTORY("review_samples", SAMPLE_FACE),
    RECORD_LIST("reviews", REVIEW_FACE, "list"),
    RECORD_SHOW("reviews", REVIEW_FACE, "review"),
    RECORD_HISTORY("reviews", REVIEW_FACE),
    RECORD_EXPORT("reviews", REVIEW_FACE),
    {GET, "/reviews/next", "reviews.write", review_next_get, "review", .nav = "reviews"},
    {POST, "/reviews/{id}/mark", "reviews.write", review_mark_post, "review", .flags = RECORDED,
     .input = MARKING_INPUT, .nav = "reviews"},
    {POST, "/reviews/{id}/publish", "reviews.write", review_publish_post, "review",
     .flags = RECORDED, .nav = "reviews"},
    {POST, "/reviews/{id}/appeal", "reviews.appeal", review_appeal_post, "review",
     .flags = RECORDED, .input = APPEAL_INPUT, .nav = "reviews"},
    {POST, "/reviews/{id}/decide", "reviews.decide", review_decide_post, "review",
     .flags = RECORDED, .input = DECISION_INPUT, .nav = "reviews"},
    {POST, "/reviews/{id}/letter", "letters.write", review_letter_post, "review",
     .nav = "reviews"},
    ROUTES_END,
};
/* clang-format on */
