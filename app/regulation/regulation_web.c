/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/regulation/regulation_web.h"

#include "app/contracts/contract.h"
#include "app/duties/duty_web.h"
#include "app/records/export_log.h"
#include "app/records/record_page.h"
#include "app/regulation/own_clause.h"
#include "app/regulation/regulation.h"
#include "base/texts.h"
#include "web/stream.h"

#include <string.h>

/* ---- what is asked for ---- */

struct asked {
    int64_t contract_id;
    struct set states;
    const char *search;
};

static void read_states(struct request *rq, const char *value, struct set *out)
{
    while (*value) {
        const size_t len = strcspn(value, ",");
        const unsigned state = choice_find(CLAUSE_STATES, value, len);
        if (state)
            out->bits |= UINT64_C(1) << (state - 1);
        else
            reject(&rq->cx, "state", "malformed");
        value += len + (value[len] == ',');
    }
}

static enum result asked_read(struct request *rq, struct asked *out)
{
    const char *contract = query_text(rq, "contract_id");
    *out = (struct asked){.search = query_text(rq, "q")};
    if (*contract && (!int_parse(contract, &out->contract_id) || out->contract_id <= 0))
        reject(&rq->cx, "contract_id", "malformed");
    read_states(rq, query_text(rq, "state"), &out->states);
    return rejected(&rq->cx);
}

/* ---- the document ---- */

static struct doc *figure_doc(struct request *rq, const struct figure *figure)
{
    struct doc *doc = doc_new(rq->cx.mem);
    doc_root(doc, FIGURE_FIELDS, figure);
    doc_text(doc, "label", word(rq, arena_printf(rq->cx.mem, "figure.%s", figure->name)));
    return doc;
}

static void put_figures(struct request *rq, struct doc *doc, const struct clause *clause)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, clause->figure_count);
    for (size_t i = 0; i < clause->figure_count; i++)
        docs[i] = figure_doc(rq, &clause->figures[i]);
    doc_docs(doc, "figures", docs, clause->figure_count);
}

static struct doc *clause_doc(struct request *rq, const struct clause *clause)
{
    struct doc *doc = doc_new(rq->cx.mem);
    doc_root(doc, CLAUSE_FIELDS, clause);
    put_figures(rq, doc, clause);
    return doc;
}

/* How many clauses stand how, as a record of numbers: {"met": 12, …}. */
static void put_counts(struct request *rq, const struct regulation *regulation)
{
    struct doc *counts = doc_new(rq->cx.mem);
    for (unsigned state = CLAUSE_MET; state <= CLAUSE_IDLE; state++)
        doc_int(counts, choice_name(CLAUSE_STATES, state), regulation_count(regulation, state));
    doc_doc(rq->doc, "counts", counts);
    doc_int(rq->doc, "total", regulation_count(regulation, 0));
}

static enum result clauses_get(struct request *rq)
{
    struct asked asked;
    struct regulation all;
    TRY(asked_read(rq, &asked));
    TRY(regulation_read(&rq->cx, asked.contract_id, &all));
    struct regulation sought = regulation_seek(&rq->cx, &all, asked.states, asked.search);
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, sought.count);
    for (size_t i = 0; i < sought.count; i++)
        docs[i] = clause_doc(rq, &sought.clauses[i]);
    doc_docs(rq->doc, "items", docs, sought.count);
    put_counts(rq, &all);
    return OK;
}

/* ---- the page ---- */

/* One line of the map: the clauses of a chapter right below a part, or those of the part itself. */
struct map_line {
    const struct clause *chapter;
    struct doc **cells;
    size_t count;
};

static const struct clause *chapter_above(const struct regulation *regulation, size_t index)
{
    const struct clause *part = NULL, *chapter = NULL;
    for (size_t i = 0; i < index; i++) {
        const struct clause *clause = &regulation->clauses[i];
        if (clause->level == 0)
            part = clause;
        if (clause->level <= 1)
            chapter = clause->chapter ? clause : part;
    }
    return regulation->clauses[index].level == 1 ? part : chapter;
}

static struct doc *cell_doc(struct request *rq, const struct clause *clause)
{
    struct doc *doc = doc_new(rq->cx.mem);
    doc_root(doc, CLAUSE_FIELDS, clause);
    return doc;
}

static void put_map(struct request *rq, const struct regulation *regulation)
{
    struct map_line *lines = ARENA_ARRAY(rq->cx.mem, struct map_line, regulation->count + 1);
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, regulation->count + 1);
    size_t count = 0;
    for (size_t i = 0; i < regulation->count; i++) {
        const struct clause *clause = &regulation->clauses[i];
        const struct clause *chapter = chapter_above(regulation, i);
        size_t at = 0;
        if (clause->chapter || !chapter)
            continue;
        while (at < count && lines[at].chapter != chapter)
            at++;
        if (at == count)
            lines[count++] = (struct map_line){
                chapter, ARENA_ARRAY(rq->cx.mem, struct doc *, regulation->count), 0};
        lines[at].cells[lines[at].count++] = cell_doc(rq, clause);
    }
    for (size_t i = 0; i < count; i++) {
        docs[i] = doc_new(rq->cx.mem);
        doc_text(docs[i], "title", lines[i].chapter->title);
        doc_docs(docs[i], "cells", lines[i].cells, lines[i].count);
    }
    doc_docs(rq->doc, "map", docs, count);
}

/* A panel for each part: the part itself, and what hangs below it. */
static void put_parts(struct request *rq, const struct regulation *regulation)
{
    struct doc **parts = ARENA_ARRAY(rq->cx.mem, struct doc *, regulation->count);
    struct doc **rows = ARENA_ARRAY(rq->cx.mem, struct doc *, regulation->count);
    size_t count = 0, first = 0;
    for (size_t i = 0; i < regulation->count; i++) {
        const struct clause *clause = &regulation->clauses[i];
        rows[i] = clause_doc(rq, clause);
        if (clause->level == 0) {
            parts[count++] = rows[i];
            first = i + 1;
        }
        if (i + 1 == regulation->count || regulation->clauses[i + 1].level == 0)
            doc_docs(parts[count - 1], "rows", rows + first, i + 1 - first);
    }
    doc_docs(rq->doc, "parts", parts, count);
}

static void put_state_options(struct request *rq)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, CLAUSE_IDLE);
    for (unsigned state = CLAUSE_MET; state <= CLAUSE_IDLE; state++) {
        const char *name = choice_name(CLAUSE_STATES, state);
        struct doc *doc = docs[state - 1] = doc_new(rq->cx.mem);
        doc_text(doc, "value", name);
        doc_text(doc, "label", word(rq, arena_printf(rq->cx.mem, "clauses.state.%s", name)));
        doc_flag(doc, "selected", strcmp(query_text(rq, "state"), name) == 0);
    }
    doc_docs(rq->doc, "state_options", docs, CLAUSE_IDLE);
}

static enum result put_contract(struct request *rq, int64_t id)
{
    struct contract *contract = ARENA_NEW(rq->cx.mem, struct contract);
    if (!id)
        return OK;
    TRY(record_get(&rq->cx, &CONTRACTS, id, contract));
    doc_record(rq->doc, "contract", CONTRACTS.fields, contract);
    doc_int(rq->doc, "contract_id", id);
    return OK;
}

static enum result regulation_get(struct request *rq)
{
    struct asked asked;
    struct regulation all;
    TRY(asked_read(rq, &asked));
    TRY(regulation_read(&rq->cx, asked.contract_id, &all));
    struct regulation sought = regulation_seek(&rq->cx, &all, asked.states, asked.search);
    rq->doc->page_only = true;
    put_counts(rq, &all);
    put_map(rq, &all);
    put_parts(rq, &sought);
    put_state_options(rq);
    doc_text(rq->doc, "title", word(rq, "regulation"));
    doc_text(rq->doc, "q", asked.search);
    doc_text(rq->doc, "asked_state", query_text(rq, "state"));
    doc_flag(rq->doc, "any", sought.count > 0);
    doc_flag(rq->doc, "may_report", actor_may(rq->cx.actor, "exports.make"));
    TRY(put_contract(rq, asked.contract_id));
    rq->doc->page_only = false;
    return OK;
}

#define DUTIES_SHOWN 20

/* ---- one clause ---- */

/* The clause in both languages: one answers for what the other means. */
static void put_words(struct request *rq, const char *id)
{
    static const char *const NAMES[LANG_COUNT] = {"zh", "en"};
    const struct clause_words *words = clause_words_of(id);
    if (!words)
        return; /* the company's own: it has one language */
    for (size_t lang = 0; lang < LANG_COUNT; lang++) {
        struct doc *doc = doc_new(rq->cx.mem);
        doc_text(doc, "title", words->title[lang]);
        doc_text(doc, "text", words->text[lang]);
        doc_doc(rq->doc, NAMES[lang], doc);
    }
}

/* What is owed under the clause now, the most urgent first. */
static enum result put_duties(struct request *rq, const struct clause *clause, int64_t contract_id)
{
    struct list_query query = {.limit = DUTIES_SHOWN, .sort = "due_at"};
    struct list list;
    if (!*clause->duties || !actor_may(rq->cx.actor, "duties.read"))
        return OK;
    (void)list_condition(&rq->cx, &DUTIES, "rule", clause->duties, &query);
    (void)list_condition(&rq->cx, &DUTIES, "live", "true", &query);
    if (contract_id)
        (void)list_condition(&rq->cx, &DUTIES, "contract_id",
                             arena_printf(rq->cx.mem, "%lld", (long long)contract_id), &query);
    TRY(record_list(&rq->cx, &DUTIES, &query, &list));
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, list.count);
    for (size_t i = 0; i < list.count; i++)
        docs[i] = duty_doc(rq, (const struct duty *)list.rows + i);
    doc_docs(rq->doc, "owed", docs, list.count);
    return OK;
}

static enum result clause_get(struct request *rq)
{
    struct asked asked;
    struct clause *clause = ARENA_NEW(rq->cx.mem, struct clause);
    TRY(asked_read(rq, &asked));
    TRY(clause_read(&rq->cx, path_text(rq, "clause"), asked.contract_id, clause));
    doc_root(rq->doc, CLAUSE_FIELDS, clause);
    put_figures(rq, rq->doc, clause);
    put_words(rq, clause->id);
    doc_controls(rq, clause->id);
    TRY(put_duties(rq, clause, asked.contract_id));
    rq->doc->page_only = true;
    TRY(put_contract(rq, asked.contract_id));
    rq->doc->page_only = false;
    return OK;
}

/* ---- the report ---- */

/* Names in the trail what was printed. */
static const struct resource PRINTED = {.name = "clauses"};

/* Apart from the writer, which the entry in the trail alone needs: it takes a while. */
static enum result report_prepare(struct request *rq)
{
    struct asked asked;
    struct span *pdf = ARENA_NEW(rq->cx.mem, struct span);
    TRY(asked_read(rq, &asked));
    TRY(regulation_report(&rq->cx, asked.contract_id, pdf));
    rq->prepared = pdf;
    return OK;
}

static enum result report_get(struct request *rq)
{
    const struct span *pdf = rq->prepared;
    TRY(export_note(&rq->cx, EXPORT_FILE, &PRINTED, NULL, NULL, rq->target));
    return reply_bytes(rq, pdf->at, pdf->len, "application/pdf",
                       arena_printf(rq->cx.mem, "%s.pdf", word(rq, "regulation.report")), true);
}

static const struct record_face OWN_CLAUSE_FACE = {.resource = &OWN_CLAUSES};

const struct route REGULATION_ROUTES[] = {
    {GET, "/regulation", "clauses.read", regulation_get, "regulation", .flags = PAGE_ONLY,
     .nav = "regulation"},
    {GET, "/regulation/report.pdf", "exports.make", report_get, "fault",
     .flags = PAGE_ONLY | STREAM | TRACED, .prepare = report_prepare},
    {GET, "/regulation/{clause}", "clauses.read", clause_get, "clause", .flags = PAGE_ONLY,
     .nav = "regulation"},
    RECORD_LIST("own_clauses", OWN_CLAUSE_FACE, "list"),
    RECORD_SHOW("own_clauses", OWN_CLAUSE_FACE, "record"),
    RECORD_CREATE("own_clauses", OWN_CLAUSE_FACE),
    RECORD_CHANGE("own_clauses", OWN_CLAUSE_FACE),
    RECORD_HISTORY("own_clauses", OWN_CLAUSE_FACE),
    RECORD_EXPORT("own_clauses", OWN_CLAUSE_FACE),
    {GET, "/clauses", "clauses.read", clauses_get, NULL, .flags = API_ONLY},
    {GET, "/clauses/{clause}", "clauses.read", clause_get, NULL, .flags = API_ONLY},
    ROUTES_END,
};
