/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Standards (form F04) and rules of divisions on paper. */
#include "app/standards/standard_web.h"

#include "app/records/export_log.h"
#include "app/records/paper_web.h"
#include "app/records/record_page.h"
#include "app/signatures/signature.h"

#include <string.h>

struct printing {
    struct request *rq;
    const struct resource *resource;
    const void *record;
    const char *const *facts;
    size_t fact_count;
    enum result (*body)(struct paper *paper, const struct printing *printing);
    const struct standard_item *items;
    size_t item_count;
    const struct signature *signatures;
    size_t signature_count;
};

static const char *words_of(const struct printing *printing, const char *name)
{
    const struct resource *resource = printing->resource;
    return field_words(printing->rq, resource, field_find(resource->fields, name, strlen(name)),
                       printing->record);
}

static const char *label_of(const struct printing *printing, const char *name)
{
    const struct resource *resource = printing->resource;
    return field_label(printing->rq, resource, field_find(resource->fields, name, strlen(name)));
}

static void compose_facts(struct paper *paper, const struct printing *printing)
{
    struct paper_fact facts[16];
    size_t count = 0;
    for (size_t i = 0; i < printing->fact_count && count < 16; i++)
        facts[count++] = (struct paper_fact){label_of(printing, printing->facts[i]),
                                             words_of(printing, printing->facts[i]), false};
    paper_facts(paper, facts, count);
}

/* "2.1 · photo · fatal": what else is to be known of an item. */
static const char *marks_of(struct request *rq, const struct standard_item *item)
{
    struct text marks = text_new(rq->cx.mem, 32);
    text_puts(&marks, item->term_number);
    if (item->photo)
        text_printf(&marks, "%s%s", marks.len ? " · " : "", word(rq, "standard_items.photo"));
    if (item->fatal)
        text_printf(&marks, "%s%s", marks.len ? " · " : "", word(rq, "standard_items.fatal"));
    return text_end(&marks);
}

static void compose_item(struct paper *paper, struct request *rq, const struct standard_item *item)
{
    paper_row(paper,
              (const char *const[]){
                  item->place,
                  *item->sample ? arena_printf(rq->cx.mem, "%s（%s）", item->text, item->sample)
                                : item->text,
                  item_words(rq, item, "method"), item_words(rq, item, "frequency"),
                  points_words(rq, item->points), points_words(rq, item->deduction),
                  marks_of(rq, item)});
}

/* A table for each category that has items. */
static enum result compose_items(struct paper *paper, const struct printing *printing)
{
    struct request *rq = printing->rq;
    const struct paper_column columns[] = {
        {word(rq, "standard_items.place"), 16, PAPER_LEFT},
        {word(rq, "standard_items.text"), 44, PAPER_LEFT},
        {word(rq, "standard_items.method"), 12, PAPER_LEFT},
        {word(rq, "standard_items.frequency"), 12, PAPER_LEFT},
        {word(rq, "standard_items.points"), 8, PAPER_RIGHT},
        {word(rq, "standard_items.deduction"), 10, PAPER_RIGHT},
        {word(rq, "standard_items.marks"), 16, PAPER_LEFT},
    };
    for (enum category category = CATEGORY_QUALIFICATION; category <= CATEGORY_RECORDS;
         category++) {
        bool begun = false;
        for (size_t i = 0; i < printing->item_count; i++) {
            const struct standard_item *item = &printing->items[i];
            if (item->category != category)
                continue;
            if (!begun) {
                paper_heading(paper, item_words(rq, item, "category"));
                paper_table_begin(paper, columns, sizeof columns / sizeof columns[0]);
            }
            begun = true;
            compose_item(paper, rq, item);
        }
        if (begun)
            paper_table_end(paper);
    }
    return OK;
}

static enum result compose_parts(struct paper *paper, const struct printing *printing)
{
    static const char *const PARTS[] = {"contracting", "standards", "evaluation", "assessment"};
    for (size_t i = 0; i < sizeof PARTS / sizeof PARTS[0]; i++) {
        paper_heading(paper, label_of(printing, PARTS[i]));
        paper_text(paper, words_of(printing, PARTS[i]));
    }
    return OK;
}

static void compose_signatures(struct paper *paper, const struct printing *printing)
{
    struct paper_signature shown[4];
    size_t count = 0;
    for (size_t i = 0; i < printing->signature_count && count < 4; i++) {
        const struct signature *signature = &printing->signatures[i];
        if (signature->valid)
            shown[count++] =
                (struct paper_signature){words_of(printing, "unit_name"), signature->person_name,
                                         signature->signed_at, signature->sha256};
    }
    if (count)
        paper_signatures(paper, shown, count);
}

static enum result compose(struct paper *paper, void *host)
{
    const struct printing *printing = host;
    paper_title(paper, words_of(printing, "name"));
    compose_facts(paper, printing);
    TRY(printing->body(paper, printing));
    compose_signatures(paper, printing);
    paper_note(paper, own_word(printing->rq, printing->resource, "clause_note"));
    return OK;
}

static enum result print(struct request *rq, struct printing *printing)
{
    struct signature *signatures;
    const int64_t id = ((const struct record *)printing->record)->id;
    printing->rq = rq;
    TRY(signatures_list(&rq->cx, printing->resource, id, &signatures, &printing->signature_count));
    printing->signatures = signatures;
    TRY(export_note(&rq->cx, EXPORT_PRINT, printing->resource, printing->record, NULL, ""));
    return reply_paper(
        rq, (struct paper_head){.title = words_of(printing, "name"), .form = PAPER_SHEET},
        words_of(printing, "name"), compose, printing);
}

enum result standard_print_get(struct request *rq)
{
    static const char *const FACTS[] = {"unit_name",   "service",    "revision",    "state",
                                        "from",        "to",         "author_name", "rules_name",
                                        "approved_by", "approved_at"};
    struct printing *printing = ARENA_NEW(rq->cx.mem, struct printing);
    struct standard *standard = ARENA_NEW(rq->cx.mem, struct standard);
    struct standard_item *items;
    TRY(record_of_path(rq, &STANDARDS, standard));
    TRY(standard_items(&rq->cx, standard->id, &items, &printing->item_count));
    printing->items = items;
    printing->resource = &STANDARDS;
    printing->record = standard;
    printing->facts = FACTS;
    printing->fact_count = sizeof FACTS / sizeof FACTS[0];
    printing->body = compose_items;
    return print(rq, printing);
}

enum result division_rule_print_get(struct request *rq)
{
    static const char *const FACTS[] = {"unit_name",   "revision", "from",     "to",
                                        "state",       "filed_by", "filed_at", "receipt",
                                        "received_by", "mandatory"};
    struct printing *printing = ARENA_NEW(rq->cx.mem, struct printing);
    struct division_rule *rules = ARENA_NEW(rq->cx.mem, struct division_rule);
    TRY(record_of_path(rq, &DIVISION_RULES, rules));
    printing->resource = &DIVISION_RULES;
    printing->record = rules;
    printing->facts = FACTS;
    printing->fact_count = sizeof FACTS / sizeof FACTS[0];
    printing->body = compose_parts;
    return print(rq, printing);
}
