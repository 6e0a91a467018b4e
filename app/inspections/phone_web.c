/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a phone needs to inspect where there is no network: a page that is the same for everybody,
 * so that it may be kept, and one document with all that somebody may have to look at. */
#include "app/inspections/inspections_web.h"
#include "app/inspections/trust.h"
#include "app/records/record_page.h"

#include <stdlib.h>
#include <string.h>

#define CONTRACTS_MOST 200

static enum result phone_get(struct request *rq)
{
    rq->doc->page_only = true;
    doc_text(rq->doc, "title", word(rq, "inspections.phone"));
    rq->doc->page_only = false;
    return OK;
}

static const struct field KIT_AREA_FIELDS[] = {FIELD(area, id), FIELD(area, name),
                                               FIELD(area, place), FIELDS_END};

/* With the method in words, as the page knows none. */
static void put_items(struct request *rq, struct doc *doc, const struct inspection_item *items,
                      size_t count)
{
    const struct field *method = field_find(STANDARD_ITEMS.fields, "method", strlen("method"));
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count + 1);
    for (size_t i = 0; i < count; i++) {
        docs[i] = doc_new(rq->cx.mem);
        doc_root(docs[i], INSPECTION_ITEM_FIELDS, &items[i]);
        doc_text(
            docs[i], "method_words",
            choice_words(rq, &STANDARD_ITEMS, method, choice_name(ITEM_METHODS, items[i].method)));
    }
    doc_docs(doc, "items", docs, count);
}

/* A contract that can be inspected: its areas, its standard, and the items of that. NULL when it
 * cannot be. */
static enum result contract_doc(struct request *rq, int64_t contract_id, struct doc **out)
{
    struct contract contract;
    struct standard standard;
    struct inspection_item *items;
    struct area *areas;
    size_t count, area_count;
    *out = NULL;
    TRY(record_get(&rq->cx, &CONTRACTS, contract_id, &contract));
    if (contract.state != CONTRACT_ACTIVE || !contract.briefed_on.days)
        return OK;
    enum result found = inspection_standard(&rq->cx, &contract, &standard, &items, &count);
    if (found != OK)
        return found == NOT_FOUND ? OK : found;
    TRY(areas_of_contract(&rq->cx, &contract, &areas, &area_count));
    struct doc *doc = *out = doc_new(rq->cx.mem);
    doc_int(doc, "id", contract.id);
    doc_text(doc, "name", contract.name);
    doc_text(doc, "provider_name", contract.provider_name);
    doc_int(doc, "standard_id", standard.id);
    doc_text(doc, "standard_name", standard.name);
    doc_records(doc, "areas", KIT_AREA_FIELDS, areas, area_count, sizeof *areas);
    put_items(rq, doc, items, count);
    return OK;
}

/* Contracts without repetition, in the order in which they were asked for. */
struct wanted {
    int64_t ids[CONTRACTS_MOST];
    size_t count;
};

static void want(struct wanted *wanted, int64_t id)
{
    for (size_t i = 0; i < wanted->count; i++)
        if (wanted->ids[i] == id)
            return;
    if (wanted->count < CONTRACTS_MOST)
        wanted->ids[wanted->count++] = id;
}

/* Of a project everything; above it what tasks are about, and what was asked for by name. */
struct kit_asked {
    int64_t contract_id;
};
static const struct field KIT_QUERY[] = {
    FIELD_REF(kit_asked, contract_id, "contracts", .in = MAY),
    FIELDS_END,
};

static enum result want_own(struct request *rq, struct wanted *wanted)
{
    struct kit_asked asked = {0};
    struct list_query query = {.limit = LIST_MOST, .sort = "id"};
    struct list list;
    TRY(query_read(rq, KIT_QUERY, &asked));
    if (asked.contract_id && record_is_seen(rq, &CONTRACTS, asked.contract_id))
        want(wanted, asked.contract_id);
    if (!rq->cx.actor->is_leaf_unit)
        return OK;
    list_conditions(&rq->cx, &CONTRACTS, "state=active", &query);
    TRY(record_list(&rq->cx, &CONTRACTS, &query, &list));
    const struct contract *contracts = list.rows;
    for (size_t i = 0; i < list.count; i++)
        want(wanted, contracts[i].id);
    return OK;
}

static enum result put_contracts(struct request *rq, const struct wanted *wanted)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, wanted->count + 1);
    size_t count = 0;
    for (size_t i = 0; i < wanted->count; i++) {
        TRY(contract_doc(rq, wanted->ids[i], &docs[count]));
        count += docs[count] != NULL;
    }
    doc_docs(rq->doc, "contracts", docs, count);
    return OK;
}

static enum result put_open(struct request *rq)
{
    struct list_query query = {.limit = LIST_USUAL, .sort = "-id"};
    struct list list;
    list_conditions(&rq->cx, &INSPECTIONS,
                    arena_printf(rq->cx.mem, "state=open&inspector_id=%lld",
                                 (long long)rq->cx.actor->person_id),
                    &query);
    TRY(record_list(&rq->cx, &INSPECTIONS, &query, &list));
    doc_records(rq->doc, "open", INSPECTIONS.fields, list.rows, list.count, INSPECTIONS.size);
    return OK;
}

/* What the actor submitted, and another one for the same task: until somebody says which counts. */
static enum result put_twice(struct request *rq)
{
    static const struct field TWICE_FIELDS[] = {FIELD(inspection_mark, inspection_id),
                                                FIELD(inspection_mark, other_id), FIELDS_END};
    struct list list;
    TRY(marks_of_twice(&rq->cx, &list));
    doc_records(rq->doc, "twice", TWICE_FIELDS, list.rows, list.count, INSPECTION_MARKS.size);
    return OK;
}

/* The levels at which "all the rest passes" may be said. */
static void put_levels(struct request *rq)
{
    const char **names = ARENA_ARRAY(rq->cx.mem, const char *, LEVEL_MYSTERY);
    size_t count = 0;
    for (enum inspection_level level = LEVEL_OWNER; level <= LEVEL_MYSTERY; level++)
        if (LEVEL_RULES[level].rest_passes)
            names[count++] = INSPECTION_LEVELS[level - 1];
    doc_texts(rq->doc, "rest_passes", names, count);
    doc_text(rq->doc, "level", choice_name(INSPECTION_LEVELS, level_of_actor(rq->cx.actor)));
}

/* Which items are looked at in a task that comes so often, by their own frequency. */
static void put_asked(struct request *rq)
{
    struct doc *doc = doc_new(rq->cx.mem);
    for (enum plan_frequency comes = EVERY_DAY; comes <= EVERY_QUARTER; comes++) {
        const char **names = ARENA_ARRAY(rq->cx.mem, const char *, FREQUENCY_YEARLY);
        size_t count = 0;
        for (enum item_frequency item = FREQUENCY_EACH_TIME; item <= FREQUENCY_YEARLY; item++)
            if (frequency_is_asked(comes, item))
                names[count++] = choice_name(ITEM_FREQUENCIES, item);
        doc_texts(doc, choice_name(PLAN_FREQUENCIES, comes), names, count);
    }
    doc_doc(rq->doc, "asks", doc);
}

static enum result kit_get(struct request *rq)
{
    struct inspection_task *tasks;
    size_t count;
    struct wanted *wanted = ARENA_NEW(rq->cx.mem, struct wanted);
    char now[INSTANT_MAX_TEXT] = "";
    instant_format(rq->cx.now, now);
    TRY(tasks_own(&rq->cx, &tasks, &count));
    TRY(want_own(rq, wanted));
    for (size_t i = 0; i < count; i++)
        want(wanted, tasks[i].contract_id);
    doc_text(rq->doc, "account", rq->cx.actor->account);
    doc_text(rq->doc, "person", rq->cx.actor->person_name);
    doc_text(rq->doc, "now", arena_dup(rq->cx.mem, now));
    put_levels(rq);
    put_asked(rq);
    doc_records(rq->doc, "tasks", INSPECTION_TASKS.fields, tasks, count, sizeof *tasks);
    TRY(put_contracts(rq, wanted));
    TRY(put_twice(rq));
    return put_open(rq);
}

/* clang-format off */
const struct route PHONE_ROUTES[] = {
    {GET, "/inspections/phone", "inspections.write", phone_get, "bare_inspect", .flags = PAGE_ONLY},
    {GET, "/inspections/kit", "inspections.write", kit_get, NULL, .flags = API_ONLY, .query = KIT_QUERY},
    ROUTES_END,
};
/* clang-format on */
