/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A standard on the web: its items by category, beside them the terms that they check. */
#include "app/standards/standard_web.h"

#include "app/access/access_web.h"
#include "app/records/record_page.h"
#include "app/signatures/signature.h"

#include <string.h>

const char *item_words(struct request *rq, const struct standard_item *item, const char *field)
{
    return field_words(rq, &STANDARD_ITEMS, field_find(STANDARD_ITEMS.fields, field, strlen(field)),
                       item);
}

const char *points_words(struct request *rq, struct points points)
{
    char text[POINTS_MAX_TEXT];
    const int len = points_format(points, text);
    if (points.hundredths % 100 == 0)
        text[len - 3] = '\0';
    return arena_dup(rq->cx.mem, text);
}

/* ---- items, by category ---- */

static struct doc *item_doc(struct request *rq, const struct standard_item *item)
{
    struct doc *doc = doc_new(rq->cx.mem);
    doc_int(doc, "id", item->id);
    doc_int(doc, "number", item->number);
    doc_text(doc, "place", item->place);
    doc_text(doc, "text", item->text);
    doc_text(doc, "method", item_words(rq, item, "method"));
    doc_text(doc, "frequency", item_words(rq, item, "frequency"));
    doc_text(doc, "sample", item->sample);
    doc_text(doc, "points", points_words(rq, item->points));
    doc_text(doc, "deduction", points_words(rq, item->deduction));
    doc_text(doc, "term", item->term_number);
    if (item->term_id && record_is_seen(rq, &TERMS, item->term_id))
        doc_link(rq, doc, "term_href",
                 arena_printf(rq->cx.mem, "/terms/%lld", (long long)item->term_id));
    doc_flag(doc, "photo", item->photo);
    doc_flag(doc, "fatal", item->fatal);
    return doc;
}

static struct doc *category_doc(struct request *rq, enum category category,
                                const struct standard_item *items, size_t count)
{
    struct doc *doc = doc_new(rq->cx.mem);
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count + 1);
    struct points sum = {0};
    size_t width = 0;
    for (size_t i = 0; i < count; i++) {
        if (items[i].category != category)
            continue;
        sum.hundredths += items[i].points.hundredths;
        docs[width++] = item_doc(rq, &items[i]);
    }
    if (width) {
        doc_flag(docs[0], "is_first", true);
        doc_flag(docs[width - 1], "is_last", true);
    }
    const struct standard_item one = {.category = category};
    doc_text(doc, "name", CATEGORIES[category - 1]);
    doc_text(doc, "label", item_words(rq, &one, "category"));
    doc_text(doc, "points", points_words(rq, sum));
    doc_int(doc, "count", (int64_t)width);
    doc_docs(doc, "items", docs, width);
    return doc;
}

static void put_categories(struct request *rq, const struct standard_item *items, size_t count)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, CATEGORY_RECORDS);
    const struct points sum = standard_points(items, count);
    for (enum category category = CATEGORY_QUALIFICATION; category <= CATEGORY_RECORDS; category++)
        docs[category - 1] = category_doc(rq, category, items, count);
    doc_docs(rq->doc, "categories", docs, CATEGORY_RECORDS);
    doc_int(rq->doc, "item_count", (int64_t)count);
    doc_text(rq->doc, "points", points_words(rq, sum));
    doc_flag(rq->doc, "points_fit", sum.hundredths == STANDARD_BASE * INT64_C(100));
}

/* ---- terms ---- */

static const char *topic_words(struct request *rq, enum term_topic topic)
{
    const struct term term = {.topic = topic};
    return field_words(rq, &TERMS, field_find(TERMS.fields, "topic", strlen("topic")), &term);
}

static struct doc *term_doc(struct request *rq, const struct covered_term *term, bool heads)
{
    struct doc *doc = doc_new(rq->cx.mem);
    doc_int(doc, "term_id", term->term_id);
    doc_text(doc, "number", term->number);
    doc_link(rq, doc, "href", arena_printf(rq->cx.mem, "/terms/%lld", (long long)term->term_id));
    doc_text(doc, "topic", topic_words(rq, term->topic));
    doc_text(doc, "text", term->text);
    doc_int(doc, "items", term->items);
    doc_flag(doc, "covered", term->items > 0);
    if (heads) {
        doc_text(doc, "contract", term->contract_name);
        doc_link(rq, doc, "contract_href",
                 arena_printf(rq->cx.mem, "/contracts/%lld", (long long)term->contract_id));
    }
    return doc;
}

static void put_terms(struct request *rq, const struct covered_term *terms, size_t count)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count + 1);
    int64_t covered = 0;
    for (size_t i = 0; i < count; i++) {
        docs[i] =
            term_doc(rq, &terms[i], i == 0 || terms[i].contract_id != terms[i - 1].contract_id);
        covered += terms[i].items > 0;
    }
    doc_docs(rq->doc, "term_rows", docs, count);
    doc_int(rq->doc, "term_count", (int64_t)count);
    doc_int(rq->doc, "covered_count", covered);
    doc_flag(rq->doc, "all_covered", covered == (int64_t)count);
}

/* ---- one standard ---- */

static void put_may(struct request *rq, const struct standard *standard, size_t item_count)
{
    const struct actor *actor = rq->cx.actor;
    const bool draft = standard->state == STANDARD_DRAFT;
    const bool writes = actor_may(actor, "standards.write");
    const bool wrote =
        strstr(standard->editors, arena_printf(rq->cx.mem, " %lld ", (long long)actor->person_id));
    const bool approves = draft && actor_may(actor, "standards.approve");
    doc_flag(rq->doc, "may_write", draft && actor_may(actor, "standard_items.write"));
    doc_flag(rq->doc, "may_fill", draft && writes && !item_count);
    doc_flag(rq->doc, "may_approve", approves && !wrote);
    doc_flag(rq->doc, "wrote_it", approves && wrote);
    doc_flag(rq->doc, "may_revise", !draft && writes);
    doc_flag(rq->doc, "may_retire",
             standard->state == STANDARD_IN_FORCE && actor_may(actor, "standards.approve"));
    doc_flag(rq->doc, "may_give_up", draft && writes);
    doc_flag(rq->doc, "may_import",
             draft && actor_may(actor, "standard_items.write") && actor_may(actor, "imports.make"));
    doc_flag(rq->doc, "may_export", actor_may(actor, "exports.make"));
}

/* The rules that it is under, or will be. */
static enum result put_rules(struct request *rq, const struct standard *standard)
{
    struct division_rule rules = {.id = standard->rules_id, .name = standard->rules_name};
    if (!rules.id) {
        const enum result found =
            division_rule_for(&rq->cx, standard->unit_id, standard->from, &rules);
        if (found == NOT_FOUND)
            (void)fault_take(&rq->cx);
        else
            TRY(found);
    }
    doc_text(rq->doc, "under", rules.id ? rules.name : "");
    if (rules.id)
        doc_link(rq, rq->doc, "rules_href",
                 arena_printf(rq->cx.mem, "/division_rules/%lld", (long long)rules.id));
    return OK;
}

static enum result standard_show(struct request *rq, void *record)
{
    struct standard *standard = record;
    struct standard_item *items;
    struct covered_term *terms;
    struct signature *signatures;
    size_t count, term_count, signature_count;
    TRY(standard_digest(&rq->cx, standard, &standard->sha256)); /* of a draft: what would be */
    TRY(standard_items(&rq->cx, standard->id, &items, &count));
    TRY(standard_terms(&rq->cx, standard, &terms, &term_count));
    TRY(signatures_list(&rq->cx, &STANDARDS, standard->id, &signatures, &signature_count));
    doc_records(rq->doc, "items", STANDARD_ITEMS.fields, items, count, sizeof *items);
    if (rq->cx.actor->side != SIDE_PROVIDER) /* it may be the contract of another provider */
        doc_records(rq->doc, "terms", COVERED_TERM_FIELDS, terms, term_count, sizeof *terms);
    doc_records(rq->doc, "signatures", SIGNATURE_FIELDS, signatures, signature_count,
                sizeof *signatures);
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    put_categories(rq, items, count);
    if (rq->cx.actor->side != SIDE_PROVIDER)
        put_terms(rq, terms, term_count);
    put_may(rq, standard, count);
    enum result result = put_rules(rq, standard);
    rq->doc->page_only = false;
    return result;
}

static enum result standard_begin(struct request *rq, void *record)
{
    struct standard *standard = record;
    const struct actor *actor = rq->cx.actor;
    if (!standard->unit_id && actor->is_leaf_unit)
        standard->unit_id = actor->unit_id;
    if (!standard->from.days)
        standard->from = date_add(instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN), 1);
    return OK;
}

static const struct tab TABS[] = {
    {"in_force", "state=in_force"}, {"draft", "state=draft"}, {"all", ""}};

static enum result standards_list(struct request *rq, const struct list *list)
{
    (void)list;
    doc_tabs(rq, &STANDARDS, TABS, sizeof TABS / sizeof TABS[0]);
    return OK;
}

static enum result standard_figures_get(struct request *rq)
{
    return doc_tab_figures(rq, &STANDARDS, TABS, sizeof TABS / sizeof TABS[0]);
}

static const struct record_face STANDARD_FACE = {
    .resource = &STANDARDS, .show = standard_show, .list = standards_list, .begin = standard_begin};

/* ---- steps ---- */

static enum result standard_fill_post(struct request *rq)
{
    struct standard standard;
    TRY(record_for_action(rq, &STANDARDS, &standard));
    return record_acted(rq, &STANDARD_FACE, &standard, standard_fill(&rq->cx, &standard),
                        "flash.standard.filled");
}

static enum result standard_approve_post(struct request *rq)
{
    struct standard standard;
    TRY(record_of_path(rq, &STANDARDS, &standard));
    enum result result = prove_demand(rq);
    if (result == OK)
        result = standard_approve(&rq->cx, &standard, input_text(rq, "sha256"));
    return record_acted(rq, &STANDARD_FACE, &standard, result, "flash.standard.approved");
}

static enum result standard_revise_post(struct request *rq)
{
    struct standard standard;
    int64_t id;
    TRY(record_for_action(rq, &STANDARDS, &standard));
    enum result result = standard_revise(&rq->cx, &standard, &id);
    if (result != OK)
        return record_acted(rq, &STANDARD_FACE, &standard, result, "");
    struct standard *next = ARENA_NEW(rq->cx.mem, struct standard);
    TRY(record_get(&rq->cx, &STANDARDS, id, next));
    TRY(record_answer(rq, &STANDARD_FACE, next));
    return created(rq, "/standards/%lld", (long long)id);
}

static enum result standard_retire_post(struct request *rq)
{
    struct standard standard;
    TRY(record_for_action(rq, &STANDARDS, &standard));
    return record_acted(rq, &STANDARD_FACE, &standard,
                        standard_retire(&rq->cx, &standard, input_text(rq, "reason")),
                        "flash.standard.retired");
}

static enum result standard_give_up_post(struct request *rq)
{
    struct standard standard;
    TRY(record_for_action(rq, &STANDARDS, &standard));
    return record_acted(rq, &STANDARD_FACE, &standard,
                        standard_give_up(&rq->cx, &standard, input_text(rq, "reason")),
                        "flash.standard.given_up");
}

#define NAV .nav = "standards"
/* clang-format off */
const struct route STANDARD_ROUTES[] = {
    RECORD_LIST("standards", STANDARD_FACE, "list"),
    {GET, "/standards/figures", "standards.read", standard_figures_get, "tabs", NAV},
    RECORD_SHOW("standards", STANDARD_FACE, "standard"),
    RECORD_CREATE("standards", STANDARD_FACE),
    RECORD_CHANGE("standards", STANDARD_FACE),
    RECORD_HISTORY("standards", STANDARD_FACE),
    RECORD_EXPORT("standards", STANDARD_FACE),
    {GET, "/standards/{id}/print.pdf", "standards.read", standard_print_get, "fault",
     .flags = STREAM | TRACED},
    {POST, "/standards/{id}/fill", "standards.write", standard_fill_post, "standard",
     .flags = RECORDED, NAV},
    {POST, "/standards/{id}/approve", "standards.approve", standard_approve_post, "standard",
     .flags = SESSION_ONLY | RECORDED, .prepare = prove_prepare, .input = SIGNING_INPUT, NAV},
    {POST, "/standards/{id}/revise", "standards.write", standard_revise_post, "standard",
     .flags = RECORDED, NAV},
    {POST, "/standards/{id}/retire", "standards.approve", standard_retire_post, "standard",
     .flags = RECORDED, .input = REASON_INPUT, NAV},
    {POST, "/standards/{id}/give_up", "standards.write", standard_give_up_post, "standard",
     .flags = RECORDED, .input = REASON_INPUT, NAV},
    ROUTES_END,
};
/* clang-format on */
