/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The filters above a list: a choice, a word or a range for each field that takes one, what the
 * address filters by beside them, and the rest of the address, which the form carries along. */
#include "app/records/filter_words.h"
#include "app/records/record_page.h"
#include "app/records/record_private.h"
#include "base/texts.h"

#include <string.h>

static bool is_offered(const struct field *field)
{
    return (field->use & FILTERED) && !(field->use & HIDDEN);
}

static const struct filter_words *known_words;

void filter_words_use(const struct filter_words *list)
{
    known_words = list;
}

static const struct filter_words *words_of(const struct resource *resource,
                                           const struct field *field)
{
    for (const struct filter_words *at = known_words; at && at->resource; at++)
        if (at->resource == resource && strcmp(at->field, field->name) == 0)
            return at;
    return NULL;
}

static bool is_choice(const struct resource *resource, const struct field *field)
{
    return is_offered(field) && (field->type == FIELD_ENUM || field->type == FIELD_BOOL ||
                                 field->use & CHOSEN || words_of(resource, field));
}

/* Records have ids, which people do not know by heart. */
static bool is_range(const struct field *field)
{
    return is_offered(field) && field_has_order(field) && field->type != FIELD_ID;
}

/* One that is written whole: a code, a number that was called. */
static bool is_typed(const struct field *field)
{
    return is_offered(field) && field->type == FIELD_TEXT;
}

static bool stands_above(const struct resource *resource, const struct field *field)
{
    return is_choice(resource, field) || is_typed(field);
}

/* ---- words ---- */

static const char *value_words(struct request *rq, const struct resource *resource,
                               const struct field *field, const char *value)
{
    const struct field_reading how = {.arena = rq->cx.mem};
    int64_t id;
    if (field->refers && strcmp(value, "none") == 0)
        return word(rq, "filter.none");
    if (field->refers) {
        const char *name = int_parse(value, &id) ? reference_words(rq, field->refers, id) : "";
        return *name ? name : value;
    }
    void *record = arena_alloc(rq->cx.mem, resource->size);
    fields_blank(resource->fields, record);
    if (field_read(field, value, &how, record))
        return value;
    const char *words = field_words(rq, resource, field, record);
    return *words ? words : value; /* "from 0" */
}

static const char *values_words(struct request *rq, const struct resource *resource,
                                const struct field *field, const char *values)
{
    struct text words = text_new(rq->cx.mem, 64);
    while (true) {
        const size_t len = strcspn(values, ",");
        text_puts(&words, value_words(rq, resource, field, arena_copy(rq->cx.mem, values, len)));
        if (!values[len])
            return text_end(&words);
        text_puts(&words, word(rq, "list.comma"));
        values += len + 1;
    }
}

/* ---- choices ---- */

#define OFFERED_MOST LIST_MOST

/* What narrows the list narrows its choices, too: of a contract that is asked for, its agents. */
static void narrow_alike(struct request *rq, const struct resource *resource,
                         const struct resource *target, struct list_query *query)
{
    for (const struct field *field = resource->fields; field->name; field++) {
        const char *value = field->use & CHOSEN ? query_text(rq, field->name) : "";
        const struct field *same = field_find(target->fields, field->name, strlen(field->name));
        if (*value && same && same->use & FILTERED)
            (void)list_condition(&rq->cx, target, same->name, value, query);
    }
}

/* Whoever may not read what a field refers to is offered none of it. */
static bool offers_records(struct request *rq, const struct field *field)
{
    return may_verb(rq, resource_find(field->refers), "read");
}

/* Records by their names; where there are too many to choose from, it is said how to have fewer. */
static size_t reference_options(struct request *rq, const struct resource *resource,
                                const struct field *field, struct doc **out)
{
    const struct resource *target = resource_find(field->refers);
    const char *value = query_text(rq, field->name);
    struct list_query query = {.limit = OFFERED_MOST};
    struct list list = {.count = 0};
    struct fault kept = fault_take(&rq->cx);
    bool has_value = !*value || strchr(value, ',');
    size_t count = 0;
    if (field->among)
        list_conditions(&rq->cx, target, field->among, &query);
    narrow_alike(rq, resource, target, &query);
    if (offers_records(rq, field) && record_list(&rq->cx, target, &query, &list) != OK)
        list.count = 0;
    rq->cx.fault = kept;
    for (size_t i = 0; i < list.count; i++) {
        const void *row = (const char *)list.rows + i * target->size;
        const char *id =
            arena_printf(rq->cx.mem, "%lld", (long long)((const struct record *)row)->id);
        has_value = has_value || strcmp(id, value) == 0;
        out[count++] =
            option_doc(rq, id, record_called(rq->cx.mem, target, row), strcmp(id, value) == 0);
    }
    if (!has_value)
        out[count++] = option_doc(rq, value, values_words(rq, resource, field, value), true);
    if (list.next)
        out[count++] = option_doc(rq, value, word(rq, "filter.more"), false);
    return count;
}

/* An enum may name the choices that its lists can have ("gate,calls"), or after a "!" those that
 * they cannot. */
static bool is_among(const struct field *field, const char *choice)
{
    const char *at = field->among;
    const size_t len = strlen(choice);
    if (!at)
        return true;
    const bool is_wanted = *at != '!';
    for (at += !is_wanted; *at; at += *at == ',') {
        const size_t name = strcspn(at, ",");
        if (name == len && memcmp(at, choice, len) == 0)
            return is_wanted;
        at += name;
    }
    return !is_wanted;
}

/* What is offered under the words of a field. */
struct offers {
    struct request *rq;
    struct doc **docs;
    const char **names;
    size_t count;
    const char *value; /* what is chosen */
    bool has_value;
};

/* Once each. Some words have a place for what a record is called. */
static void offer(struct offers *offers, const char *name, const char *key)
{
    struct request *rq = offers->rq;
    const bool is_chosen = strcmp(name, offers->value) == 0;
    for (size_t i = 0; i < offers->count; i++)
        if (strcmp(offers->names[i], name) == 0)
            return;
    if (offers->count == OFFERED_MOST || !texts_find(key, rq->cx.lang))
        return;
    offers->has_value |= is_chosen;
    offers->names[offers->count] = name;
    offers->docs[offers->count++] = option_doc(
        rq, name, texts_fill(rq->cx.mem, key, rq->cx.lang, (const char *const[]){"…", "…", "…"}),
        is_chosen);
}

static void offer_between(struct offers *offers, const char *before, const char *after)
{
    struct arena *mem = offers->rq->cx.mem;
    size_t count;
    const char *const *names = texts_between(mem, before, after, &count);
    for (size_t i = 0; i < count; i++)
        offer(offers, names[i], arena_printf(mem, "%s%s", before, names[i]));
}

/* Of what may be done with any record, and with each kind. */
static void offer_of_each(struct offers *offers, const struct filter_words *words)
{
    struct request *rq = offers->rq;
    const char *narrowed = query_text(rq, "resource");
    offer_between(offers, arena_printf(rq->cx.mem, "record%s", words->before), words->after);
    for (size_t i = 0; i < resources_count(); i++)
        if (!*narrowed || strcmp(narrowed, resources_at(i)->name) == 0)
            offer_between(offers,
                          arena_printf(rq->cx.mem, "%s%s", resources_at(i)->name, words->before),
                          words->after);
}

static void put_names(struct request *rq, struct doc *doc, const struct filter_words *words,
                      const char *value)
{
    struct offers offers = {.rq = rq,
                            .docs = ARENA_ARRAY(rq->cx.mem, struct doc *, OFFERED_MOST + 1),
                            .names = ARENA_ARRAY(rq->cx.mem, const char *, OFFERED_MOST),
                            .value = value,
                            .has_value = !*value};
    if (words->before && *words->before == '.')
        offer_of_each(&offers, words);
    else if (words->before)
        offer_between(&offers, words->before, words->after);
    for (size_t i = 0; !words->before && i < resources_count(); i++)
        if (may_verb(rq, resources_at(i), "read"))
            offer(&offers, resources_at(i)->name, resources_at(i)->name);
    if (!offers.has_value)
        offers.docs[offers.count++] = option_doc(rq, value, value, true);
    doc_docs(doc, "options", offers.docs, offers.count);
}

static struct doc *filter_doc(struct request *rq, const struct resource *resource,
                              const struct field *field)
{
    struct doc *doc = doc_new(rq->cx.mem);
    struct doc **options = ARENA_ARRAY(rq->cx.mem, struct doc *, OFFERED_MOST + FIELDS_MAX);
    const char *value = query_text(rq, field->name);
    size_t count = 0;
    doc_text(doc, "name", field->name);
    doc_text(doc, "label", field_label(rq, resource, field));
    doc_text(doc, "value", value);
    if (words_of(resource, field)) {
        put_names(rq, doc, words_of(resource, field), value);
        return doc;
    }
    if (strchr(value, ',')) /* a tab asks for several at once */
        options[count++] = option_doc(rq, value, values_words(rq, resource, field, value), true);
    if (field->type == FIELD_BOOL) {
        options[count++] = option_doc(rq, "1", word(rq, "yes"), strcmp(value, "1") == 0);
        options[count++] = option_doc(rq, "0", word(rq, "no"), strcmp(value, "0") == 0);
    }
    for (size_t i = 0; field->type == FIELD_ENUM && field->choices[i] && count < FIELDS_MAX; i++) {
        const char *choice = field->choices[i];
        const char *label = choice_label(rq->cx.mem, resource, field, choice, rq->cx.lang);
        if (label && is_among(field, choice)) /* without words it is none of this resource's */
            options[count++] = option_doc(rq, choice, label, strcmp(value, choice) == 0);
    }
    if (field->use & CHOSEN)
        count += reference_options(rq, resource, field, options + count);
    doc_docs(doc, "options", options, count);
    return doc;
}

static struct doc *typed_doc(struct request *rq, const struct resource *resource,
                             const struct field *field)
{
    struct doc *doc = doc_new(rq->cx.mem);
    doc_text(doc, "name", field->name);
    doc_text(doc, "label", field_label(rq, resource, field));
    doc_text(doc, "value", query_text(rq, field->name));
    return doc;
}

/* ---- ranges ---- */

/* As the browser's own control takes it: days as such, amounts and numbers as they were typed. */
static const char *bound_of(struct request *rq, const struct field *field, const char *name)
{
    const char *asked = query_text(rq, name);
    struct date date;
    char day[DATE_MAX_TEXT];
    if (field->type != FIELD_DATE && field->type != FIELD_INSTANT)
        return asked;
    if (!date_read(arena_copy(rq->cx.mem, asked, strcspn(asked, " T")), false, &date))
        return "";
    date_format(date, day);
    return arena_dup(rq->cx.mem, day);
}

static struct doc *range_doc(struct request *rq, const struct resource *resource,
                             const struct field *field)
{
    struct doc *doc = doc_new(rq->cx.mem);
    const bool is_day = field->type == FIELD_DATE || field->type == FIELD_INSTANT;
    const char *from = arena_printf(rq->cx.mem, "%s_from", field->name);
    const char *to = arena_printf(rq->cx.mem, "%s_to", field->name);
    doc_text(doc, "label", field_label(rq, resource, field));
    doc_text(doc, "kind", is_day ? "date" : field->type == FIELD_MONTH ? "month" : "text");
    doc_flag(doc, "money", field->type == FIELD_MONEY);
    doc_text(doc, "from_name", from);
    doc_text(doc, "to_name", to);
    doc_text(doc, "from", bound_of(rq, field, from));
    doc_text(doc, "to", bound_of(rq, field, to));
    return doc;
}

/* ---- what is on ---- */

static const char *condition_name(struct request *rq, const struct condition *condition)
{
    static const char *const ENDINGS[] = {
        [IS] = "", [FROM] = "_from", [TO] = "_to", [ANY_OF] = "", [UNDER] = "_under"};
    return arena_printf(rq->cx.mem, "%s%s", condition->field->name, ENDINGS[condition->compare]);
}

static struct doc *active_doc(struct request *rq, const struct resource *resource,
                              const struct condition *condition)
{
    static const char *const WORDS[] = {[IS] = "filter.is",
                                        [FROM] = "filter.from",
                                        [TO] = "filter.to",
                                        [ANY_OF] = "filter.is",
                                        [UNDER] = "filter.under"};
    struct doc *doc = doc_new(rq->cx.mem);
    const char *args[3] = {field_label(rq, resource, condition->field),
                           values_words(rq, resource, condition->field, condition->value), NULL};
    doc_text(doc, "words", texts_fill(rq->cx.mem, WORDS[condition->compare], rq->cx.lang, args));
    doc_text(doc, "href", link_with(rq, condition_name(rq, condition), NULL));
    return doc;
}

/* Those that no choice above shows, in the order of the address. */
static void put_active(struct request *rq, const struct resource *resource,
                       const struct list_query *query)
{
    size_t count = 0, at;
    for (const struct condition *c = query->conditions; c; c = c->next)
        count += !stands_above(resource, c->field);
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count);
    at = count;
    for (const struct condition *c = query->conditions; c; c = c->next)
        if (!stands_above(resource, c->field))
            docs[--at] = active_doc(rq, resource, c);
    doc_docs(rq->doc, "active", docs, count);
}

/* ---- what the form carries along ---- */

static bool has_control(const struct resource *resource, const char *name)
{
    const struct field *choice = field_find(resource->fields, name, strlen(name));
    const char *ending = strrchr(name, '_');
    if (strcmp(name, "q") == 0 || strcmp(name, "after") == 0 ||
        (choice && stands_above(resource, choice)))
        return true;
    if (!ending || (strcmp(ending, "_from") != 0 && strcmp(ending, "_to") != 0))
        return false;
    const struct field *range = field_find(resource->fields, name, (size_t)(ending - name));
    return range && is_range(range);
}

static void put_kept(struct request *rq, const struct resource *resource)
{
    size_t count = 0;
    for (const struct part *part = rq->query; part; part = part->next)
        count++;
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count);
    count = 0;
    for (const struct part *part = rq->query; part; part = part->next) {
        if (!*part->value || has_control(resource, part->name))
            continue;
        docs[count] = doc_new(rq->cx.mem);
        doc_text(docs[count], "name", part->name);
        doc_text(docs[count++], "value", part->value);
    }
    doc_docs(rq->doc, "kept", docs, count);
}

/* What the box of ranges holds. */
static const char *ranges_label(struct request *rq, const struct resource *resource)
{
    bool days = false, amounts = false, numbers = false;
    for (const struct field *field = resource->fields; field->name; field++) {
        if (!is_range(field))
            continue;
        amounts = amounts || field->type == FIELD_MONEY;
        numbers = numbers || field->type == FIELD_INT || field->type == FIELD_POINTS;
        days = days || field->type == FIELD_DATE || field->type == FIELD_MONTH ||
               field->type == FIELD_INSTANT;
    }
    return word(rq, amounts && days ? "page.list.ranges"
                    : amounts       ? "page.list.ranges.amounts"
                    : numbers       ? "page.list.ranges.numbers"
                                    : "page.list.ranges.days");
}

void page_filters(struct request *rq, const struct resource *resource,
                  const struct list_query *query)
{
    struct doc **filters = ARENA_ARRAY(rq->cx.mem, struct doc *, FIELDS_MAX);
    struct doc **ranges = ARENA_ARRAY(rq->cx.mem, struct doc *, FIELDS_MAX);
    struct doc **typed = ARENA_ARRAY(rq->cx.mem, struct doc *, FIELDS_MAX);
    size_t filter_count = 0, range_count = 0, typed_count = 0;
    for (const struct field *field = resource->fields; field->name; field++) {
        if (field->use & CHOSEN && !*query_text(rq, field->name) && !offers_records(rq, field))
            continue;
        if (is_choice(resource, field))
            filters[filter_count++] = filter_doc(rq, resource, field);
        else if (is_typed(field))
            typed[typed_count++] = typed_doc(rq, resource, field);
        else if (is_range(field))
            ranges[range_count++] = range_doc(rq, resource, field);
    }
    doc_docs(rq->doc, "filters", filters, filter_count);
    doc_docs(rq->doc, "typed", typed, typed_count);
    doc_docs(rq->doc, "ranges", ranges, range_count);
    doc_text(rq->doc, "ranges_label", ranges_label(rq, resource));
    put_active(rq, resource, query);
    put_kept(rq, resource);
}
