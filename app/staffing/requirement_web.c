/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Staff on the web: the requirements, and the table of jobs and days in which a shortfall stands
 * out. */
#include "app/staffing/requirement.h"

#include "app/records/record_page.h"
#include "app/staffing/manager_addition.h"
#include "app/staffing/staffing_web.h"

#include <string.h>

#define DAYS_SHOWN 14

static enum result requirement_begin(struct request *rq, void *record)
{
    struct staff_requirement *requirement = record;
    if (!requirement->from.days)
        requirement->from = instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN);
    return OK;
}

static const struct record_face REQUIREMENT_FACE = {.resource = &STAFF_REQUIREMENTS,
                                                    .begin = requirement_begin};

/* ---- day by day ---- */

static struct date day_asked(struct request *rq, const char *name, struct date usual)
{
    struct date day = usual;
    if (*query_text(rq, name) && !date_parse(query_text(rq, name), &day))
        reject(&rq->cx, name, "malformed");
    return day;
}

static enum result contracts_list(struct request *rq, struct list *out)
{
    struct list_query query = {.limit = LIST_MOST, .sort = "id"};
    list_conditions(&rq->cx, &CONTRACTS, "service=outbound_call&state=active,suspended", &query);
    return record_list(&rq->cx, &CONTRACTS, &query, out);
}

static void put_contracts(struct request *rq, const struct list *list, int64_t chosen)
{
    const struct contract *contracts = list->rows;
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, list->count);
    for (size_t i = 0; i < list->count; i++)
        docs[i] = option_doc(rq, arena_printf(rq->cx.mem, "%lld", (long long)contracts[i].id),
                             contracts[i].name, contracts[i].id == chosen);
    doc_docs(rq->doc, "contracts", docs, list->count);
}

/* "30" of "2026-11-30", and the month where one begins. */
static struct doc *head_doc(struct request *rq, struct date day, struct date today, bool first)
{
    const struct ymd ymd = date_ymd(day);
    struct doc *doc = doc_new(rq->cx.mem);
    doc_int(doc, "day", ymd.day);
    if (first || ymd.day == 1)
        doc_int(doc, "month", ymd.month);
    doc_flag(doc, "today", day.days == today.days);
    return doc;
}

static struct doc *job_doc(struct request *rq, const struct staff_day *days, size_t count,
                           struct date today)
{
    struct doc *doc = doc_new(rq->cx.mem), **cells = ARENA_ARRAY(rq->cx.mem, struct doc *, count);
    const char *label =
        word(rq, arena_printf(rq->cx.mem, "people.job.%s", choice_name(JOBS, days->job)));
    for (size_t i = 0; i < count; i++) {
        cells[i] = doc_new(rq->cx.mem);
        doc_root(cells[i], STAFF_DAY_FIELDS, &days[i]);
        doc_flag(cells[i], "short", days[i].shortfall > 0);
        doc_flag(cells[i], "today", days[i].day.days == today.days);
        doc_text(cells[i], "label", label);
        if (days[i].day.days == today.days)
            doc_doc(doc, "now", cells[i]);
    }
    doc_text(doc, "label", label);
    doc_docs(doc, "cells", cells, count);
    return doc;
}

static void put_table(struct request *rq, const struct staff_day *rows, size_t count,
                      struct date from, struct date to)
{
    const struct date today = instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN);
    const size_t days = (size_t)(to.days - from.days) + 1, jobs = count / days;
    struct doc **heads = ARENA_ARRAY(rq->cx.mem, struct doc *, days),
               **lines = ARENA_ARRAY(rq->cx.mem, struct doc *, jobs);
    for (size_t i = 0; i < days; i++)
        heads[i] = head_doc(rq, date_add(from, (int)i), today, i == 0);
    for (size_t i = 0; i < jobs; i++)
        lines[i] = job_doc(rq, rows + i * days, days, today);
    doc_docs(rq->doc, "heads", heads, days);
    doc_docs(rq->doc, "jobs", lines, jobs);
    doc_flag(rq->doc, "any", jobs > 0);
}

static enum result put_loads(struct request *rq, const struct contract *contract)
{
    struct workload *loads = ARENA_ARRAY(rq->cx.mem, struct workload, WORKLOADS);
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, WORKLOADS);
    TRY(workloads_of(&rq->cx, contract, loads));
    for (size_t i = 0; i < WORKLOADS; i++) {
        docs[i] = doc_new(rq->cx.mem);
        doc_root(docs[i], WORKLOAD_FIELDS, &loads[i]);
        doc_text(
            docs[i], "label",
            word(rq, arena_printf(rq->cx.mem, "people.job.%s", choice_name(JOBS, loads[i].job))));
    }
    doc_docs(rq->doc, "loads", docs, WORKLOADS);
    doc_flag(rq->doc, "may_ask",
             rq->cx.actor->side == SIDE_CLIENT && may_verb(rq, &LETTERS, "write"));
    return OK;
}

/* Of the contract, or of the first one in force when none is named. */
static enum result show_days(struct request *rq, int64_t contract_id, struct date from,
                             struct date to)
{
    struct contract contract;
    struct staff_day *rows = NULL;
    struct list contracts;
    size_t count = 0;
    TRY(contracts_list(rq, &contracts));
    if (!contract_id && contracts.count)
        contract_id = ((const struct contract *)contracts.rows)->id;
    if (contract_id) {
        TRY(record_get(&rq->cx, &CONTRACTS, contract_id, &contract));
        TRY(staff_days(&rq->cx, &contract, from, to, &rows, &count));
    }
    doc_records(rq->doc, "items", STAFF_DAY_FIELDS, rows, count, sizeof *rows);
    if (rq->face != FACE_PAGE)
        return OK;
    char first[DATE_MAX_TEXT] = "", last[DATE_MAX_TEXT] = "";
    date_format(from, first);
    date_format(to, last);
    rq->doc->page_only = true;
    put_contracts(rq, &contracts, contract_id);
    put_table(rq, rows, count, from, to);
    if (contract_id)
        TRY(put_loads(rq, &contract));
    doc_text(rq->doc, "from", arena_dup(rq->cx.mem, first));
    doc_text(rq->doc, "to", arena_dup(rq->cx.mem, last));
    doc_int(rq->doc, "contract_id", contract_id);
    doc_flag(rq->doc, "may_write", contract_id && may_verb(rq, &STAFF_REQUIREMENTS, "write"));
    rq->doc->page_only = false;
    return OK;
}

/* ?contract_id=&from=&to= : the fortnight from yesterday on when none is named. */
static enum result staff_days_get(struct request *rq)
{
    const struct date today = instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN);
    const struct date from = day_asked(rq, "from", date_add(today, -1)),
                      to = day_asked(rq, "to", date_add(from, DAYS_SHOWN - 1));
    int64_t contract = 0;
    if (*query_text(rq, "contract_id") && !int_parse(query_text(rq, "contract_id"), &contract))
        reject(&rq->cx, "contract_id", "malformed");
    TRY(rejected(&rq->cx));
    return show_days(rq, contract, from, to);
}

struct asking {
    int64_t contract_id;
    enum job job;
    int32_t count;
    const char *reason;
};
static const struct field ASKING_INPUT[] = {
    FIELD_REF(asking, contract_id, "contracts", .in = MUST),
    FIELD_ENUM(asking, job, JOBS, .in = MUST),
    FIELD(asking, count, .in = MUST, .min = 1, .max = 100),
    FIELD(asking, reason, .in = MUST, .max = 500),
    FIELDS_END,
};

/* The page as it was, beside what is wrong. */
static enum result days_again(struct request *rq, int64_t contract_id, enum result result)
{
    const struct date from = date_add(instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN), -1);
    if (rq->face != FACE_PAGE)
        return result;
    struct fault kept = fault_take(&rq->cx);
    enum result shown = show_days(rq, contract_id, from, date_add(from, DAYS_SHOWN - 1));
    if (shown == OK)
        rq->cx.fault = kept;
    return shown == OK ? result : shown;
}

/* Drafts the letter that asks for more managers (C2.9). */
static enum result staff_days_ask_post(struct request *rq)
{
    struct asking asking = {.reason = ""};
    int64_t id;
    enum result result = body_read(rq, ASKING_INPUT, &asking, true, NULL);
    if (result == OK)
        result = manager_addition_begin(&rq->cx, asking.contract_id, asking.job, asking.count,
                                        asking.reason, &id);
    if (result != OK)
        return days_again(rq, asking.contract_id, result);
    struct letter *letter = ARENA_NEW(rq->cx.mem, struct letter);
    TRY(record_get(&rq->cx, &LETTERS, id, letter));
    doc_root(rq->doc, LETTERS.fields, letter);
    return created(rq, "/letters/%lld", (long long)id);
}

/* clang-format off */
const struct route REQUIREMENT_ROUTES[] = {
    {GET, "/staff_days", "staff_requirements.read", staff_days_get, "staff_days", .nav = "staff_days"},
    {POST, "/staff_days/ask", "letters.write", staff_days_ask_post, "staff_days", .input = ASKING_INPUT, .nav = "staff_days"},
    RECORD_LIST("staff_requirements", REQUIREMENT_FACE, "list"),
    RECORD_SHOW("staff_requirements", REQUIREMENT_FACE, "record"),
    RECORD_CREATE("staff_requirements", REQUIREMENT_FACE),
    RECORD_CHANGE("staff_requirements", REQUIREMENT_FACE),
    RECORD_HISTORY("staff_requirements", REQUIREMENT_FACE),
    RECORD_EXPORT("staff_requirements", REQUIREMENT_FACE),
    ROUTES_END,
};
/* clang-format on */
