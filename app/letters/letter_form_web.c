/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Writing a letter: its form, with the lines as a table that is typed in, pasted or uploaded. */
#include "app/letters/letter_web.h"

#include "app/records/record_page.h"
#include "base/texts.h"
#include "sheets/sheets.h"

#include <string.h>

#define BLANK_ROWS 3

/* ---- the form ---- */

/* Is there a contract of the service that the actor may write about? The chosen one, if one is. */
static enum result is_served(struct request *rq, const struct letter *letter, enum service service,
                             bool *out)
{
    struct list_query query = {.limit = 1};
    struct list list;
    struct contract contract = {.state = 0};
    struct fault kept = fault_take(&rq->cx); /* a refused form is being shown again */
    const bool is_chosen = letter->contract_id &&
                           record_get(&rq->cx, &CONTRACTS, letter->contract_id, &contract) == OK;
    rq->cx.fault = (struct fault){0};
    list_conditions(&rq->cx, &CONTRACTS, LETTER_CONTRACTS, &query);
    (void)list_condition(&rq->cx, &CONTRACTS, "service", choice_name(SERVICES, service), &query);
    if (service && !is_chosen)
        TRY(record_list(&rq->cx, &CONTRACTS, &query, &list));
    rq->cx.fault = kept;
    *out = !service || (is_chosen ? contract.service == service : list.count > 0);
    return OK;
}

/* The types that the actor's side may send, on such contracts as there are. */
static enum result put_types(struct request *rq, const struct letter *letter)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, letter_types_count());
    size_t count = 0;
    for (size_t i = 0; i < letter_types_count(); i++) {
        const struct letter_type *type = letter_types_at(i);
        bool is_offered = false;
        if (type->from & 1u << rq->cx.actor->side)
            TRY(is_served(rq, letter, type->service, &is_offered));
        if (!is_offered)
            continue;
        struct doc *doc = docs[count++] = doc_new(rq->cx.mem);
        doc_text(doc, "value", type->name);
        doc_text(doc, "label",
                 texts_get(arena_printf(rq->cx.mem, "letters.type.%s", type->name), rq->cx.lang));
        doc_text(doc, "type_clause", type->clause);
        doc_flag(doc, "selected", strcmp(type->name, letter->type) == 0);
    }
    doc_docs(rq->doc, "types", docs, count);
    return OK;
}

/* Whoever a line names works for the contract's provider. */
static const struct field *fields_for(struct request *rq, const struct letter_type *type,
                                      const struct letter *letter)
{
    struct field *fields = ARENA_ARRAY(rq->cx.mem, struct field, FIELDS_MAX + 1);
    size_t width = 0;
    for (const struct field *field = type->line_fields; field->name; field++) {
        fields[width] = *field;
        if (field->refers && strcmp(field->refers, PEOPLE.name) == 0)
            fields[width].among = arena_printf(
                rq->cx.mem, "organisation_id=%lld&left_on=", (long long)letter->provider_id);
        width++;
    }
    fields[width] = (struct field){.name = NULL};
    return fields;
}

static enum result put_rows(struct request *rq, const struct letter_type *type,
                            const struct letter *letter, const void *lines, size_t count)
{
    struct resource resource = lines_resource(type);
    resource.fields = fields_for(rq, type, letter);
    struct doc **rows = ARENA_ARRAY(rq->cx.mem, struct doc *, count + BLANK_ROWS);
    void *blank = arena_alloc(rq->cx.mem, type->line_size);
    fields_blank(type->line_fields, blank);
    for (size_t i = 0; i < count + BLANK_ROWS; i++) {
        const void *line = i < count ? (const char *)lines + i * type->line_size : blank;
        rows[i] = doc_new(rq->cx.mem);
        TRY(page_row(rq, &resource, arena_printf(rq->cx.mem, "lines.%zu.", i), line, rows[i]));
    }
    doc_docs(rq->doc, "rows", rows, count + BLANK_ROWS);
    return OK;
}

/* The form for `letter` with these lines, as kept or as just typed. */
static enum result put_form(struct request *rq, const struct letter *letter, const void *lines,
                            size_t count)
{
    const struct letter_type *type = letter_type_find(letter->type);
    TRY(page_form(rq, &LETTER_FACE, letter, !letter->id));
    rq->doc->page_only = true;
    doc_int(rq->doc, "letter_id", letter->id);
    doc_text(rq->doc, "type", letter->type);
    doc_text(rq->doc, "letter_contract", letter->id ? letter->contract_name : "");
    if (!letter->id)
        TRY(put_types(rq, letter));
    if (letter->id && type && type->line_fields)
        TRY(put_rows(rq, type, letter, lines, count));
    rq->doc->page_only = false;
    return OK;
}

/* A refused form comes back as it was typed. */
static enum result form_again(struct request *rq, const struct letter *letter, const void *lines,
                              size_t count, enum result result)
{
    if (result == OK || rq->face != FACE_PAGE)
        return result;
    struct fault kept = rq->cx.fault;
    enum result shown = put_form(rq, letter, lines, count);
    rq->cx.fault = kept;
    return shown == OK ? result : shown;
}

/* ---- a new one ---- */

enum result letter_new_get(struct request *rq)
{
    struct letter letter = {.type = query_text(rq, "type")};
    (void)int_parse(query_text(rq, "contract_id"), &letter.contract_id);
    fields_blank(LETTERS.fields, &letter);
    return put_form(rq, &letter, NULL, 0);
}

/* Body and lines into the letter, whose type is known; *out_lines stays NULL when none were sent.
 */
static enum result read_body(struct request *rq, struct letter *letter, bool creating,
                             void *out_lines, size_t *out_count)
{
    const struct letter_type *type = letter_type_find(letter->type);
    void **lines = out_lines;
    enum result read = OK;
    if (type && type->line_fields)
        read = body_read_list(rq, "lines", type->line_fields, type->line_size, LETTER_LINES_MOST,
                              lines, out_count);
    enum result result = body_read(rq, LETTERS.fields, letter, creating, NULL);
    if (read == OK && result == OK && *lines)
        letter->lines = letter_lines_text(rq->cx.mem, type, *lines, *out_count);
    return read == OK ? result : read;
}

enum result letter_create_post(struct request *rq)
{
    struct letter letter = {.type = input_text(rq, "type")};
    void *lines = NULL;
    size_t count = 0;
    fields_blank(LETTERS.fields, &letter);
    enum result result = read_body(rq, &letter, true, &lines, &count);
    if (result == OK)
        result = record_add(&rq->cx, &LETTERS, &letter);
    TRY(form_again(rq, &letter, lines, count, result));
    TRY(record_get(&rq->cx, &LETTERS, letter.id, &letter));
    TRY(record_answer(rq, &LETTER_FACE, &letter));
    const struct letter_type *type = letter_type_find(letter.type);
    return created(rq, type->line_fields && !count ? "/letters/%lld/edit" : "/letters/%lld",
                   (long long)letter.id);
}

/* ---- lines from a workbook ---- */

/* Rows of a table on their way to lines. */
struct table {
    struct request *rq;
    struct resource resource;
    const struct field *columns[SHEET_COLUMNS];
    int width;
    bool begun;
    char *lines;
    size_t count;
};

static bool is_title(struct request *rq, const struct resource *resource, const struct field *field,
                     const char *text)
{
    const char *key = text_search_key(rq->cx.mem, text);
    if (strcmp(key, field->name) == 0)
        return true;
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        const char *label = texts_find(
            arena_printf(rq->cx.mem, "%s.%s", resource->name, field->name), (enum lang)lang);
        if (label && strcmp(text_search_key(rq->cx.mem, label), key) == 0)
            return true;
    }
    return false;
}

/* The columns by their titles; false when the first row holds none: then they stand in order. */
static bool read_titles(struct table *table, const struct row *row)
{
    bool any = false;
    for (int i = 0; i < row->count; i++)
        for (const struct field *field = table->resource.fields; field->name; field++)
            if (field->in != NEVER &&
                is_title(table->rq, &table->resource, field, row->cells[i].text)) {
                table->columns[i] = field;
                any = true;
            }
    table->width = row->count;
    if (any)
        return true;
    table->width = 0;
    for (const struct field *field = table->resource.fields; field->name; field++)
        if (field->in != NEVER)
            table->columns[table->width++] = field;
    return false;
}

static unsigned by_label(const void *host, const struct field *field, const char *text)
{
    const struct table *table = host;
    return choice_of_label(table->rq->cx.mem, &table->resource, field, text);
}

static void read_cell(struct table *table, const struct field *field, const struct cell *cell,
                      const char *place, void *line)
{
    struct ctx *cx = &table->rq->cx;
    const struct field_reading how = {cx->mem, cell->number, by_label, table};
    const char *code = field_read(field, cell->text, &how, line);
    if (!code)
        code = field_check(field, line, true);
    if (code)
        reject_clause(cx, field->clause ? field->clause : "", place, code, cell->text);
}

static enum result table_row(void *host, const struct row *row)
{
    static const struct cell NONE = {.text = ""};
    struct table *table = host;
    struct request *rq = table->rq;
    const bool first = !table->begun;
    table->begun = true;
    if (!row->count || (first && read_titles(table, row)))
        return OK;
    if (table->count == LETTER_LINES_MOST) {
        reject(&rq->cx, "lines", "too_many", arena_printf(rq->cx.mem, "%d", LETTER_LINES_MOST));
        return rejected(&rq->cx);
    }
    void *line = table->lines + table->count * table->resource.size;
    fields_blank(table->resource.fields, line);
    for (int i = 0; i < table->width; i++)
        if (table->columns[i])
            read_cell(
                table, table->columns[i], i < row->count ? &row->cells[i] : &NONE,
                arena_printf(rq->cx.mem, "lines.%zu.%s", table->count, table->columns[i]->name),
                line);
    table->count++;
    return OK;
}

/* Cells that were copied in a spreadsheet: tabs between, a line each. */
static enum result pasted_rows(struct table *table, const char *text)
{
    struct cell *cells = ARENA_ARRAY(table->rq->cx.mem, struct cell, SHEET_COLUMNS);
    for (int number = 1; *text; number++) {
        size_t len = strcspn(text, "\r\n");
        char *at = arena_copy(table->rq->cx.mem, text, len);
        struct row row = {.number = number, .cells = cells};
        text += len + strspn(text + len, "\r\n");
        for (char *cell = at; cell && row.count < SHEET_COLUMNS; row.count++) {
            char *tab = strchr(cell, '\t');
            if (tab)
                *tab = '\0';
            cells[row.count] = (struct cell){.text = text_plain(table->rq->cx.mem, cell)};
            cell = tab ? tab + 1 : NULL;
        }
        TRY(table_row(table, &row));
    }
    return OK;
}

/* Lines that came as a table, read beside any transaction; NULL prepared when none did. */
enum result letter_lines_prepare(struct request *rq)
{
    struct letter letter;
    const struct part *file = input_file(rq, "file");
    const char *pasted = input_text(rq, "pasted");
    const bool has_file = file && file->len;
    void *lines;
    size_t count;
    if (!has_file && !*pasted)
        return OK;
    TRY(record_of_path(rq, &LETTERS, &letter));
    TRY(letter_lines(&rq->cx, &letter, &lines, &count));
    const struct letter_type *type = letter_type_find(letter.type);
    if (!type || !type->line_fields)
        return fail(&rq->cx, CONFLICT, "letter.has_no_lines");
    struct table *table = rq->prepared = ARENA_NEW(rq->cx.mem, struct table);
    table->rq = rq;
    table->resource = lines_resource(type);
    table->lines = arena_array(rq->cx.mem, LETTER_LINES_MOST, type->line_size);
    enum result result = has_file ? sheet_read(&rq->cx, file->bytes, file->len, table_row, table)
                                  : pasted_rows(table, pasted);
    if (result == OK && !table->count)
        reject(&rq->cx, "lines", "required");
    if (result == OK)
        result = rejected(&rq->cx);
    return form_again(rq, &letter, lines, count, result);
}

/* ---- a change ---- */

enum result letter_edit_get(struct request *rq)
{
    struct letter letter;
    void *lines;
    size_t count;
    TRY(record_of_path(rq, &LETTERS, &letter));
    TRY(letter_lines(&rq->cx, &letter, &lines, &count));
    return put_form(rq, &letter, lines, count);
}

static enum result change(struct request *rq, const struct letter *before, struct letter *after,
                          void *out_lines, size_t *out_count)
{
    after->version = 0;
    TRY(read_body(rq, after, false, out_lines, out_count));
    if (!after->version) {
        reject(&rq->cx, "version", "required");
        return rejected(&rq->cx);
    }
    TRY(record_fresh(&rq->cx, before, after->version));
    const struct table *table = rq->prepared;
    if (table)
        after->lines = letter_lines_text(rq->cx.mem, letter_type_find(after->type), table->lines,
                                         table->count);
    return record_change(&rq->cx, &LETTERS, "change", before, after);
}

enum result letter_change_patch(struct request *rq)
{
    struct letter before, after;
    void *lines = NULL;
    size_t count = 0;
    const bool goes_on = *input_text(rq, "autosave") || rq->prepared;
    (void)input_text(rq, "pasted"); /* the table is read already */
    TRY(record_of_path(rq, &LETTERS, &before));
    after = before;
    TRY(form_again(rq, &after, lines, count, change(rq, &before, &after, &lines, &count)));
    TRY(record_get(&rq->cx, &LETTERS, before.id, &after));
    TRY(record_answer(rq, &LETTER_FACE, &after));
    if (goes_on)
        return moved(rq, rq->prepared ? "flash.letter.lines" : NULL, "/letters/%lld/edit",
                     (long long)after.id);
    return moved(rq, "flash.changed", "/letters/%lld", (long long)after.id);
}
