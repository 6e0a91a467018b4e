/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/agents/agent_web.h"
#include "app/agents/compare.h"
#include "base/texts.h"

/* ---- the form: one of the outbound-call contracts, and their list ---- */

static enum result put_contracts(struct request *rq, int64_t chosen)
{
    struct list_query query = {.limit = LIST_MOST, .sort = "-id"};
    struct list list;
    (void)list_condition(&rq->cx, &CONTRACTS, "service", "outbound_call", &query);
    TRY(record_list(&rq->cx, &CONTRACTS, &query, &list));
    const struct contract *contracts = list.rows;
    struct doc **options = ARENA_ARRAY(rq->cx.mem, struct doc *, list.count);
    for (size_t i = 0; i < list.count; i++) {
        options[i] = doc_new(rq->cx.mem);
        doc_text(options[i], "value", arena_printf(rq->cx.mem, "%lld", (long long)contracts[i].id));
        doc_text(options[i], "label",
                 arena_printf(rq->cx.mem, "%s %s", contracts[i].number, contracts[i].name));
        doc_flag(options[i], "selected", contracts[i].id == chosen);
    }
    rq->doc->page_only = true;
    doc_docs(rq->doc, "contracts", options, list.count);
    rq->doc->page_only = false;
    return OK;
}

static enum result compare_get(struct request *rq)
{
    return put_contracts(rq, 0);
}

/* ---- the report ---- */

static void put_report(struct request *rq, const struct difference *differences, size_t count)
{
    struct doc **rows = ARENA_ARRAY(rq->cx.mem, struct doc *, count);
    for (size_t i = 0; rq->face == FACE_PAGE && i < count; i++) {
        const struct difference *difference = &differences[i];
        const struct field *permissions = field_find(AGENTS.fields, "permissions", 11);
        const struct agent ours = {.permissions = difference->ours},
                           theirs = {.permissions = difference->theirs};
        const char *kind = choice_name(DIFFERENCE_FIELDS[0].choices, difference->kind);
        rows[i] = doc_new(rq->cx.mem);
        doc_text(rows[i], "kind_label",
                 texts_get(arena_printf(rq->cx.mem, "compare.kind.%s", kind), rq->cx.lang));
        doc_text(rows[i], "code", difference->code);
        doc_text(rows[i], "person_name", difference->person_name);
        if (difference->agent_id)
            doc_text(rows[i], "href",
                     arena_printf(rq->cx.mem, "/agents/%lld", (long long)difference->agent_id));
        doc_text(rows[i], "ours_words", field_words(rq, &AGENTS, permissions, &ours));
        doc_text(rows[i], "theirs_words", field_words(rq, &AGENTS, permissions, &theirs));
    }
    doc_records(rq->doc, "items", DIFFERENCE_FIELDS, differences, count, sizeof *differences);
    rq->doc->page_only = true;
    doc_flag(rq->doc, "compared", true);
    doc_int(rq->doc, "difference_count", (int64_t)count);
    doc_docs(rq->doc, "rows", rows, rq->face == FACE_PAGE ? count : 0);
    rq->doc->page_only = false;
}

static const struct body_list COMPARING_LISTS[] = {
    {"items", THEIR_AGENT_FIELDS, sizeof(struct their_agent), THEIR_AGENTS_MOST},
    BODY_LISTS_END,
};

static enum result compare(struct request *rq, int64_t contract_id)
{
    const struct part *file = input_file(rq, "file");
    struct their_agent *theirs;
    struct difference *differences;
    size_t count, difference_count;
    if (file)
        TRY(compare_read(&rq->cx, file->bytes, file->len, &theirs, &count));
    else
        TRY(body_read_rows(rq, &COMPARING_LISTS[0], &theirs, &count));
    TRY(agents_compare(&rq->cx, contract_id, theirs, count, &differences, &difference_count));
    put_report(rq, differences, difference_count);
    return OK;
}

static enum result compare_post(struct request *rq)
{
    int64_t contract_id = 0;
    (void)int_parse(input_text(rq, "contract_id"), &contract_id);
    TRY(put_contracts(rq, contract_id));
    return compare(rq, contract_id);
}

struct comparing {
    int64_t contract_id;
};
static const struct field COMPARING_INPUT[] = {
    FIELD_REF(comparing, contract_id, "contracts", .in = MUST),
    FIELDS_END,
};

const struct route COMPARE_ROUTES[] = {
    {GET, "/agents/compare", "agents.compare", compare_get, "agent_compare", .flags = PAGE_ONLY,
     .nav = "agents"},
    {POST, "/agents/compare", "agents.compare", compare_post, "agent_compare", .flags = UPLOAD,
     .input = COMPARING_INPUT, .lists = COMPARING_LISTS, .nav = "agents"},
    ROUTES_END,
};
