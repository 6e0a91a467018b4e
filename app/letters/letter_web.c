/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/letters/letter_web.h"

#include "app/access/access_web.h"
#include "app/documents/documents_web.h"
#include "app/records/record_page.h"
#include "app/signatures/signature.h"

#include <string.h>

/* ---- the list ---- */

#define TAB_COUNT 5

static const struct tab *letter_tabs(struct request *rq)
{
    const enum side own = rq->cx.actor->side;
    const char *mine = choice_name(SIDES, own),
               *theirs = choice_name(SIDES, own == SIDE_CLIENT ? SIDE_PROVIDER : SIDE_CLIENT);
    struct tab *tabs = ARENA_ARRAY(rq->cx.mem, struct tab, TAB_COUNT);
    const struct tab all[TAB_COUNT] = {
        {"all", ""},
        {"todo", arena_printf(rq->cx.mem, "turn=%s", mine)},
        {"sent", arena_printf(
                     rq->cx.mem,
                     "from_side=%s&state=sent,returned,approved,refused,answered,withdrawn", mine)},
        {"received", arena_printf(rq->cx.mem, "from_side=%s", theirs)},
        {"draft", "state=draft"},
    };
    memcpy(tabs, all, sizeof all);
    return tabs;
}

static enum result letters_list(struct request *rq, const struct list *list)
{
    doc_tabs(rq, &LETTERS, letter_tabs(rq), TAB_COUNT);
    return OK;
}

static enum result letter_figures_get(struct request *rq)
{
    return doc_tab_figures(rq, &LETTERS, letter_tabs(rq), TAB_COUNT);
}

/* ---- lines ---- */

struct resource lines_resource(const struct letter_type *type)
{
    return (struct resource){
        .name = type->name, .fields = type->line_fields, .size = type->line_size};
}

const struct field *lines_said(struct arena *arena, const struct letter_type *type,
                               const void *lines, size_t count)
{
    struct field *said = ARENA_ARRAY(arena, struct field, FIELDS_MAX + 1);
    size_t width = 0;
    for (const struct field *field = type->line_fields; field->name; field++) {
        bool is_said = false;
        for (size_t i = 0; i < count && !is_said; i++)
            is_said = !field_is_none(field, (const char *)lines + i * type->line_size);
        if (is_said)
            said[width++] = *field;
    }
    said[width] = (struct field){.name = NULL};
    return said;
}

const char *line_words(struct request *rq, const struct resource *resource,
                       const struct field *field, const void *line)
{
    const struct resource *target = field->refers ? resource_find(field->refers) : NULL;
    if (field->in == MAY && field->type != FIELD_BOOL && field_is_idle(field, line))
        return ""; /* left out */
    if (!target || field_is_none(field, line))
        return field_words(rq, resource, field, line);
    void *record = arena_alloc(rq->cx.mem, target->size);
    struct fault kept = fault_take(&rq->cx);
    const enum result found =
        record_get(&rq->cx, target, *FIELD_AT(const int64_t, field, line), record);
    rq->cx.fault = kept;
    return found == OK ? record_title(rq->cx.mem, target, record)
                       : field_words(rq, resource, field, line);
}

static struct doc *line_doc(struct request *rq, const struct resource *resource, const void *line)
{
    struct doc *doc = doc_new(rq->cx.mem),
               **cells = ARENA_ARRAY(rq->cx.mem, struct doc *, FIELDS_MAX);
    size_t count = 0;
    for (const struct field *field = resource->fields; field->name; field++) {
        cells[count] = doc_new(rq->cx.mem);
        doc_text(cells[count], "label", field_label(rq, resource, field));
        if (field->refers && !field_is_none(field, line))
            doc_link(rq, cells[count], "href",
                     arena_printf(rq->cx.mem, "/%s/%lld", field->refers,
                                  (long long)*FIELD_AT(const int64_t, field, line)));
        doc_text(cells[count++], "text", line_words(rq, resource, field, line));
    }
    doc_docs(doc, "cells", cells, count);
    return doc;
}

static void put_table(struct request *rq, const struct letter_type *type, const void *lines,
                      size_t count)
{
    struct resource resource = lines_resource(type);
    resource.fields = lines_said(rq->cx.mem, type, lines, count);
    struct doc **columns = ARENA_ARRAY(rq->cx.mem, struct doc *, FIELDS_MAX);
    struct doc **rows = ARENA_ARRAY(rq->cx.mem, struct doc *, count);
    size_t width = 0;
    for (const struct field *field = resource.fields; field->name; field++) {
        columns[width] = doc_new(rq->cx.mem);
        doc_text(columns[width++], "label", field_label(rq, &resource, field));
    }
    for (size_t i = 0; i < count; i++)
        rows[i] = line_doc(rq, &resource, (const char *)lines + i * type->line_size);
    doc_docs(rq->doc, "line_columns", columns, width);
    doc_docs(rq->doc, "line_rows", rows, count);
}

enum result put_lines(struct request *rq, const struct letter *letter)
{
    const struct letter_type *type = letter_type_find(letter->type);
    void *lines;
    size_t count;
    TRY(letter_lines(&rq->cx, letter, &lines, &count));
    if (!type || !type->line_fields) {
        doc_records(rq->doc, "lines", NULL, NULL, 0, 0);
        return OK;
    }
    doc_records(rq->doc, "lines", type->line_fields, lines, count, type->line_size);
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    put_table(rq, type, lines, count);
    rq->doc->page_only = false;
    return OK;
}

/* ---- one letter ---- */

/* `may`: a flag for each step that the actor could do now. */
static enum result put_may(struct request *rq, const struct letter *letter)
{
    const char *const *steps;
    size_t count;
    struct doc *may = doc_new(rq->cx.mem);
    TRY(letter_may(&rq->cx, letter, &steps, &count));
    for (size_t i = 0; i < count; i++)
        doc_flag(may, steps[i], true);
    doc_doc(rq->doc, "may", may);
    return OK;
}

static enum result letter_show(struct request *rq, void *record)
{
    struct letter *letter = record;
    const struct letter_type *type = letter_type_find(letter->type);
    struct signature *signatures;
    const char *warning;
    size_t count;
    bool owes;
    TRY(letter_digest(&rq->cx, letter, &letter->sha256)); /* of a draft: what would be signed */
    TRY(put_lines(rq, letter));
    TRY(signatures_list(&rq->cx, &LETTERS, letter->id, &signatures, &count));
    doc_records(rq->doc, "signatures", SIGNATURE_FIELDS, signatures, count, sizeof *signatures);
    TRY(put_may(rq, letter));
    TRY(letter_look(&rq->cx, letter, &warning, &owes));
    doc_text(rq->doc, "warning", warning);
    rq->doc->page_only = true;
    doc_flag(rq->doc, "two_signatures", type && letter_takes_two(letter, type));
    doc_flag(rq->doc, "executes", type && type->execute);
    doc_text(rq->doc, "type_clause", type ? type->clause : "");
    doc_text(rq->doc, "from_name",
             letter->from_side == SIDE_CLIENT ? letter->client_name : letter->provider_name);
    doc_text(rq->doc, "to_name",
             letter->from_side == SIDE_CLIENT ? letter->provider_name : letter->client_name);
    rq->doc->page_only = false;
    return documents_part(rq, &LETTERS, letter->id);
}

const struct record_face LETTER_FACE = {
    .resource = &LETTERS, .show = letter_show, .list = letters_list};

/* ---- steps ---- */

static enum result letter_send_post(struct request *rq)
{
    struct letter letter;
    TRY(record_of_path(rq, &LETTERS, &letter));
    enum result result = prove_demand(rq);
    if (result == OK)
        result = letter_send(&rq->cx, &letter, input_text(rq, "sha256"));
    return record_acted(rq, &LETTER_FACE, &letter, result, "flash.letter.signed");
}

/* A decision has its reason, an answer its words. */
struct stepping {
    const char *reason, *answer;
};
static const struct field STEP_INPUT[] = {
    FIELD(stepping, reason, .in = MAY, .max = 1000, .use = LONG_TEXT),
    FIELD(stepping, answer, .in = MAY, .max = 2000, .use = LONG_TEXT),
    FIELDS_END,
};

static enum result letter_step_post(struct request *rq)
{
    struct letter letter;
    const char *action = path_text(rq, "step");
    const char *reason = input_text(rq, "reason"), *answer = input_text(rq, "answer");
    TRY(record_for_action(rq, &LETTERS, &letter));
    return record_acted(
        rq, &LETTER_FACE, &letter,
        letter_step(&rq->cx, &letter, action, strcmp(action, "answer") == 0 ? answer : reason),
        arena_printf(rq->cx.mem, "flash.letter.%s", action));
}

static enum result letter_urge_post(struct request *rq)
{
    struct letter letter;
    TRY(record_for_action(rq, &LETTERS, &letter));
    return record_acted(rq, &LETTER_FACE, &letter, letter_urge(&rq->cx, &letter),
                        "flash.letter.urged");
}

/* ---- what letters rest on ---- */

static enum result agreement_show(struct request *rq, void *record)
{
    return documents_part(rq, &SIGNATURE_AGREEMENTS, ((struct record *)record)->id);
}

static const struct record_face AGREEMENT_FACE = {.resource = &SIGNATURE_AGREEMENTS,
                                                  .show = agreement_show};
static const struct record_face DELEGATION_FACE = {.resource = &DELEGATIONS};

struct checking {
    const char *sha256;
};
static const struct field CHECK_INPUT[] = {
    FIELD(checking, sha256, .in = MUST, .max = 64),
    FIELDS_END,
};

/* Lines may also come as a table: a file, or cells that were copied in a spreadsheet. */
struct table_input {
    const char *pasted;
};
static const struct field TABLE_INPUT[] = {
    FIELD(table_input, pasted, .in = MAY, .max = 100000, .use = LONG_TEXT),
    FIELDS_END,
};

/* Those of its type. */
static const struct body_list LINE_LISTS[] = {
    {"lines", NULL, 0, LETTER_LINES_MOST},
    BODY_LISTS_END,
};

const struct route LETTER_ROUTES[] = {
    RECORD_LIST("letters", LETTER_FACE, "letters"),
    {GET, "/letters/figures", "letters.read", letter_figures_get, "tabs", .nav = "letters"},
    {GET, "/letters/new", "letters.write", letter_new_get, "letter_form", .flags = PAGE_ONLY,
     .subject = &LETTER_FACE, .nav = "letters"},
    {POST, "/letters", "letters.write", letter_create_post, "letter_form", .flags = RECORDED,
     .subject = &LETTER_FACE, .lists = LINE_LISTS, .nav = "letters"},
    RECORD_SHOW("letters", LETTER_FACE, "letter"),
    {GET, "/letters/{id}/edit", "letters.write", letter_edit_get, "letter_form", .flags = PAGE_ONLY,
     .subject = &LETTER_FACE, .nav = "letters"},
    {PATCH, "/letters/{id}", "letters.write", letter_change_patch, "letter_form",
     .flags = UPLOAD | RECORDED, .prepare = letter_lines_prepare, .subject = &LETTER_FACE,
     .input = TABLE_INPUT, .lists = LINE_LISTS, .nav = "letters"},
    RECORD_HISTORY("letters", LETTER_FACE),
    RECORD_EXPORT("letters", LETTER_FACE),
    {GET, "/letters/{id}/print.pdf", "letters.read", letter_print_get, "fault",
     .flags = STREAM | TRACED},
    {GET, "/letters/{id}/evidence.zip", "letters.read", letter_evidence_get, "fault",
     .flags = STREAM | TRACED},
    {GET, "/check", PUBLIC, letter_check_ask, "check", .flags = PAGE_ONLY},
    {GET, "/check/{code}", PUBLIC, letter_check_get, "check"},
    {POST, "/check/{code}", PUBLIC, letter_check_post, "check", .input = CHECK_INPUT},
    {POST, "/letters/{id}/send", "letters.write", letter_send_post, "letter",
     .flags = SESSION_ONLY | RECORDED, .prepare = prove_prepare, .input = SIGNING_INPUT,
     .nav = "letters"},
    {POST, "/letters/{id}/urge", "letters.write", letter_urge_post, "letter", .flags = RECORDED,
     .nav = "letters"},
    /* Who may decide is a matter of the rules: a stand-in holds no such right. */
    {POST, "/letters/{id}/{step}", "letters.read", letter_step_post, "letter", .flags = RECORDED,
     .input = STEP_INPUT, .nav = "letters"},
    RECORD_LIST("signature_agreements", AGREEMENT_FACE, "list"),
    RECORD_SHOW("signature_agreements", AGREEMENT_FACE, "agreement"),
    RECORD_CREATE("signature_agreements", AGREEMENT_FACE),
    RECORD_CHANGE("signature_agreements", AGREEMENT_FACE),
    RECORD_HISTORY("signature_agreements", AGREEMENT_FACE),
    RECORD_LIST("delegations", DELEGATION_FACE, "list"),
    RECORD_SHOW("delegations", DELEGATION_FACE, "record"),
    RECORD_CREATE("delegations", DELEGATION_FACE),
    RECORD_CHANGE("delegations", DELEGATION_FACE),
    RECORD_HISTORY("delegations", DELEGATION_FACE),
    ROUTES_END,
};
