/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Head-counts on a phone: one page with the provider's roster to be ticked, and room for whoever
 * does not stand on it, each with a photo. */
#include "app/staffing/head_count.h"

#include "app/documents/documents_web.h"
#include "app/records/record_page.h"
#include "app/staffing/staffing_web.h"

#include <stdlib.h>
#include <string.h>

#define STRANGERS_SHOWN 5 /* rows of the form for people on no roster */

static const char *job_words(struct request *rq, enum job job)
{
    return word(rq, arena_printf(rq->cx.mem, "people.job.%s", choice_name(JOBS, job)));
}

/* ---- the form ---- */

static const char *typed(struct request *rq, const char *list, size_t row, const char *member)
{
    return input_text(rq, arena_printf(rq->cx.mem, "%s.%zu.%s", list, row, member));
}

static struct doc *roster_doc(struct request *rq, const struct roster_person *person, size_t index)
{
    struct doc *doc = doc_new(rq->cx.mem);
    doc_int(doc, "index", (int64_t)index);
    doc_int(doc, "person_id", person->id);
    doc_text(doc, "name", person->name);
    doc_text(doc, "number", person->staff_number);
    doc_text(doc, "job", job_words(rq, person->job));
    doc_flag(doc, "lapsed", person->lapsed > 0);
    doc_flag(doc, "there", *typed(rq, "present", index, "person_id") != '\0');
    return doc;
}

static void put_strangers(struct request *rq)
{
    static const char *const MEMBERS[] = {"name", "employer", "note"};
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, STRANGERS_SHOWN);
    for (size_t i = 0; i < STRANGERS_SHOWN; i++) {
        bool any = false;
        docs[i] = doc_new(rq->cx.mem);
        doc_int(docs[i], "index", (int64_t)i);
        doc_int(docs[i], "number", (int64_t)i + 1);
        for (size_t k = 0; k < sizeof MEMBERS / sizeof MEMBERS[0]; k++) {
            const char *value = typed(rq, "strangers", i, MEMBERS[k]);
            doc_text(docs[i], MEMBERS[k], value);
            any = any || *value;
        }
        doc_flag(docs[i], "any", any);
    }
    doc_docs(rq->doc, "strangers", docs, STRANGERS_SHOWN);
}

static enum result put_roster(struct request *rq, const struct contract *contract)
{
    struct roster_person *roster;
    size_t count;
    TRY(head_count_roster(&rq->cx, contract, &roster, &count));
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count + 1);
    for (size_t i = 0; i < count; i++)
        docs[i] = roster_doc(rq, &roster[i], i);
    doc_docs(rq->doc, "roster", docs, count);
    doc_text(rq->doc, "contract_name", contract->name);
    doc_text(rq->doc, "provider_name", contract->provider_name);
    put_strangers(rq);
    return OK;
}

/* The contracts that can be counted: the only one is taken, else the page asks. */
static enum result put_contracts(struct request *rq, struct head_count *count)
{
    struct list_query query = {.limit = LIST_MOST, .sort = "id"};
    struct list list;
    list_conditions(&rq->cx, &CONTRACTS, "kind=continuous&state=active", &query);
    TRY(record_list(&rq->cx, &CONTRACTS, &query, &list));
    const struct contract *contracts = list.rows;
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, list.count + 1);
    size_t width = 0;
    for (size_t i = 0; i < list.count; i++)
        if (contracts[i].briefed_on.days)
            docs[width++] = option_doc(
                rq, arena_printf(rq->cx.mem, "%lld", (long long)contracts[i].id),
                arena_printf(rq->cx.mem, "%s · %s", contracts[i].name, contracts[i].provider_name),
                contracts[i].id == count->contract_id);
    doc_docs(rq->doc, "contracts", docs, width);
    return OK;
}

static enum result put_form(struct request *rq, struct head_count *count)
{
    struct contract contract;
    rq->doc->page_only = true;
    enum result result = put_contracts(rq, count);
    if (result == OK && count->contract_id)
        result = record_get(&rq->cx, &CONTRACTS, count->contract_id, &contract);
    if (result == OK && count->contract_id)
        result = put_roster(rq, &contract);
    doc_int(rq->doc, "contract_id", count->contract_id);
    doc_flag(rq->doc, "ready", result == OK && count->contract_id != 0);
    doc_text(rq->doc, "place", count->place);
    doc_text(rq->doc, "note", count->note);
    rq->doc->page_only = false;
    return result;
}

static enum result head_count_new_get(struct request *rq)
{
    struct head_count count = {.place = "", .note = ""};
    struct contract contract;
    count.contract_id = strtoll(query_text(rq, "contract_id"), NULL, 10);
    if (count.contract_id) {
        TRY(record_get(&rq->cx, &CONTRACTS, count.contract_id, &contract));
        TRY(head_count_check(&rq->cx, &contract));
        if (rejected(&rq->cx) != OK) { /* says why, and lets another one be chosen */
            struct fault kept = fault_take(&rq->cx);
            count.contract_id = 0;
            TRY(put_form(rq, &count));
            rq->cx.fault = kept;
            return INVALID;
        }
    }
    return put_form(rq, &count);
}

/* ---- counting ---- */

/* Rows that are left empty are none: the photos of row 2 may be of the first stranger. */
static size_t strangers_before(struct request *rq, size_t row)
{
    size_t count = 0;
    for (size_t i = 0; i < row; i++)
        count += *typed(rq, "strangers", i, "name") != '\0';
    return count;
}

static enum result keep_photos(struct request *rq, const struct head_count *count,
                               const struct head_count_found *found)
{
    struct photo_bag *bag = rq->prepared; /* "photos.1": of the stranger in row 1 */
    for (size_t i = 0; i < bag->count; i++) {
        struct upload *photo = &bag->photos[i];
        const char *row = strchr(photo->field, '.');
        const size_t at = row ? strangers_before(rq, strtoul(row + 1, NULL, 10)) : 0;
        struct document document;
        photo->subject = HEAD_COUNTS.name;
        photo->subject_id = count->id;
        photo->retention = RETENTION_LONG;
        if (row && at < found->stranger_count)
            photo->clean_name =
                arena_printf(rq->cx.mem, "%s · %s", found->strangers[at].name, photo->clean_name);
        TRY(document_add(&rq->cx, photo, &document));
    }
    return OK;
}

static const struct body_list COUNT_LISTS[] = {
    {"present", PRESENT_INPUT, sizeof(struct head_count_person), ROSTER_MOST},
    {"strangers", STRANGER_INPUT, sizeof(struct head_count_person), STRANGERS_MOST},
    BODY_LISTS_END,
};

static enum result head_count_add(struct request *rq, struct head_count *count)
{
    struct head_count_found found = {.present = NULL};
    enum result present = body_read_rows(rq, &COUNT_LISTS[0], &found.present, &found.present_count);
    enum result strangers =
        body_read_rows(rq, &COUNT_LISTS[1], &found.strangers, &found.stranger_count);
    TRY(body_read(rq, HEAD_COUNTS.fields, count, true, NULL));
    TRY(present);
    TRY(strangers);
    TRY(head_count_take(&rq->cx, count, &found));
    return keep_photos(rq, count, &found);
}

/* ---- a count ---- */

enum { ROWS_BY_JOB, ROWS_PEOPLE };
static const struct record_rows HEAD_COUNT_ROWS[] = {
    [ROWS_BY_JOB] = {"by_job", .fields = HEAD_COUNT_LINE_FIELDS,
                     .size = sizeof(struct head_count_line)},
    [ROWS_PEOPLE] = {"people", .records = &HEAD_COUNT_PEOPLE},
    {"documents", .records = &DOCUMENTS},
    RECORD_ROWS_END,
};

static enum result put_lines(struct request *rq, const struct head_count *count)
{
    struct head_count_line *lines;
    size_t width;
    TRY(head_count_lines(&rq->cx, count, &lines, &width));
    doc_rows(rq->doc, &HEAD_COUNT_ROWS[ROWS_BY_JOB], lines, width);
    if (rq->face != FACE_PAGE)
        return OK;
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, width + 1);
    for (size_t i = 0; i < width; i++) {
        docs[i] = doc_new(rq->cx.mem);
        doc_root(docs[i], HEAD_COUNT_LINE_FIELDS, &lines[i]);
        doc_text(docs[i], "label", job_words(rq, lines[i].job));
        doc_flag(docs[i], "short", lines[i].shortfall > 0);
    }
    doc_docs(rq->doc, "jobs", docs, width);
    return OK;
}

static struct doc *person_doc(struct request *rq, const struct head_count_person *person)
{
    struct doc *doc = doc_new(rq->cx.mem);
    doc_root(doc, HEAD_COUNT_PEOPLE.fields, person);
    if (person->job)
        doc_text(doc, "job_words", job_words(rq, person->job));
    if (person->person_id)
        doc_link(rq, doc, "person_href",
                 arena_printf(rq->cx.mem, "/people/%lld", (long long)person->person_id));
    if (person->case_id)
        doc_link(
            rq, doc, "case_href",
            arena_printf(rq->cx.mem, "/subcontracting_cases/%lld", (long long)person->case_id));
    return doc;
}

/* Those of the roster, and whoever stands on none. */
static enum result put_people(struct request *rq, const struct head_count *count)
{
    struct list list;
    TRY(head_count_people(&rq->cx, count->id, &list));
    const struct head_count_person *people = list.rows;
    doc_rows(rq->doc, &HEAD_COUNT_ROWS[ROWS_PEOPLE], people, list.count);
    if (rq->face != FACE_PAGE)
        return OK;
    struct doc **there = ARENA_ARRAY(rq->cx.mem, struct doc *, list.count + 1);
    struct doc **others = ARENA_ARRAY(rq->cx.mem, struct doc *, list.count + 1);
    size_t known = 0, unknown = 0;
    for (size_t i = 0; i < list.count; i++) {
        struct doc *doc = person_doc(rq, &people[i]);
        if (people[i].person_id)
            there[known++] = doc;
        else
            others[unknown++] = doc;
    }
    doc_docs(rq->doc, "there", there, known);
    doc_docs(rq->doc, "others", others, unknown);
    return OK;
}

static enum result put_month(struct request *rq, const struct head_count *count)
{
    int32_t days, missing;
    TRY(head_count_missing(&rq->cx, count->contract_id, month_of(count->day), &days, &missing));
    doc_int(rq->doc, "month_days", days);
    doc_int(rq->doc, "month_missing", missing);
    return OK;
}

static void put_acts(struct request *rq, const struct head_count *count)
{
    const struct actor *actor = rq->cx.actor;
    doc_link(rq, rq->doc, "contract_href",
             arena_printf(rq->cx.mem, "/contracts/%lld", (long long)count->contract_id));
    doc_flag(rq->doc, "may_answer",
             count->state == HEAD_COUNT_COUNTED && actor_may(actor, "head_counts.answer") &&
                 actor->organisation_id == count->provider_id);
    doc_flag(rq->doc, "may_decide",
             actor_may(actor, "head_counts.decide") && head_count_is_decidable(&rq->cx, count));
}

static enum result head_count_show(struct request *rq, void *record)
{
    const struct head_count *count = record;
    TRY(put_month(rq, count));
    TRY(put_lines(rq, count));
    TRY(put_people(rq, count));
    rq->doc->page_only = true;
    put_acts(rq, count);
    rq->doc->page_only = false;
    return documents_part(rq, &HEAD_COUNTS, count->id);
}

static const struct record_face HEAD_COUNT_FACE = {
    .resource = &HEAD_COUNTS, .show = head_count_show, .rows = HEAD_COUNT_ROWS};

static enum result head_count_post(struct request *rq)
{
    struct head_count *count = ARENA_NEW(rq->cx.mem, struct head_count);
    fields_blank(HEAD_COUNTS.fields, count);
    enum result result = head_count_add(rq, count);
    if (result != OK) {
        struct fault kept = rq->cx.fault;
        if (rq->face == FACE_PAGE && put_form(rq, count) == OK)
            rq->cx.fault = kept;
        return result;
    }
    TRY(record_get(&rq->cx, &HEAD_COUNTS, count->id, count));
    TRY(record_answer(rq, &HEAD_COUNT_FACE, count));
    return created(rq, "/head_counts/%lld", (long long)count->id);
}

/* ---- what is said to it ---- */

static const struct field ANSWER_INPUT[] = {
    FIELD(head_count, objection, .in = MAY, .max = REASON_MOST, .use = LONG_TEXT), FIELDS_END};

static enum result head_count_answer_post(struct request *rq)
{
    struct head_count count, said = {.objection = ""};
    TRY(record_for_action(rq, &HEAD_COUNTS, &count));
    enum result result = body_read(rq, ANSWER_INPUT, &said, true, NULL);
    if (result == OK)
        result = head_count_answer(&rq->cx, &count, said.objection);
    return record_acted(rq, &HEAD_COUNT_FACE, &count, result,
                        *said.objection ? "flash.head_count.objected"
                                        : "flash.head_count.acknowledged");
}

static enum result decide(struct request *rq, bool uphold)
{
    struct head_count count;
    TRY(record_for_action(rq, &HEAD_COUNTS, &count));
    return record_acted(rq, &HEAD_COUNT_FACE, &count,
                        head_count_decide(&rq->cx, &count, uphold, input_text(rq, "reason")),
                        "flash.head_count.decided");
}

static enum result head_count_uphold_post(struct request *rq)
{
    return decide(rq, true);
}

static enum result head_count_reject_post(struct request *rq)
{
    return decide(rq, false);
}

/* clang-format off */
const struct route HEAD_COUNT_ROUTES[] = {
    RECORD_LIST("head_counts", HEAD_COUNT_FACE, "list"),
    {GET, "/head_counts/new", "head_counts.write", head_count_new_get, "head_count_new", .flags = PAGE_ONLY,
     .nav = "head_counts"},
    {POST, "/head_counts", "head_counts.write", head_count_post, "head_count_new", .flags = UPLOAD,
     .prepare = photos_prepare, .subject = &HEAD_COUNT_FACE, .lists = COUNT_LISTS, .nav = "head_counts"},
    RECORD_SHOW("head_counts", HEAD_COUNT_FACE, "head_count"),
    RECORD_HISTORY("head_counts", HEAD_COUNT_FACE),
    RECORD_EXPORT("head_counts", HEAD_COUNT_FACE),
    {POST, "/head_counts/{id}/answer", "head_counts.answer", head_count_answer_post, "head_count",
     .flags = RECORDED, .input = ANSWER_INPUT, .nav = "head_counts"},
    {POST, "/head_counts/{id}/uphold", "head_counts.decide", head_count_uphold_post, "head_count",
     .flags = RECORDED, .input = REASON_INPUT, .nav = "head_counts"},
    {POST, "/head_counts/{id}/reject", "head_counts.decide", head_count_reject_post, "head_count",
     .flags = RECORDED, .input = REASON_INPUT, .nav = "head_counts"},
    ROUTES_END,
};
/* clang-format on */
