/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/imports/imports_web.h"

#include "app/imports/pass.h"
#include "app/records/record_page.h"
#include "app/records/trail.h"
#include "base/texts.h"
#include "sheets/sheets.h"
#include "web/stream.h"

#include <string.h>

#define ROWS_SHOWN 30 /* with all that can be wrong in them still a form that is taken whole */
#define SAMPLES_SHOWN 3
#define XLSX "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

/* ---- one import ---- */

/* The first values that stand under a header. */
static size_t samples_of(const struct preview *preview, const struct plan *plan, int column,
                         const char *samples[SAMPLES_SHOWN])
{
    size_t count = 0;
    for (int i = 0; i < preview->count && count < SAMPLES_SHOWN; i++) {
        const struct preview_row *row = &preview->rows[i];
        if (row->number > plan->header_row && column < row->count && *row->cells[column])
            samples[count++] = row->cells[column];
    }
    return count;
}

static void put_columns(struct request *rq, const struct preview *preview, const struct plan *plan)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, (size_t)plan->width);
    for (int i = 0; i < plan->width; i++) {
        const char **samples = ARENA_ARRAY(rq->cx.mem, const char *, SAMPLES_SHOWN);
        size_t count = samples_of(preview, plan, i, samples);
        docs[i] = doc_new(rq->cx.mem);
        doc_int(docs[i], "column", i + 1);
        doc_text(docs[i], "title", plan->titles[i]);
        doc_text(docs[i], "field",
                 plan->columns[i] ? column_name(rq->cx.mem, plan->columns[i]) : "");
        doc_texts(docs[i], "samples", samples, count);
    }
    doc_docs(rq->doc, "columns", docs, (size_t)plan->width);
}

static void put_creates(struct request *rq, const struct import *import)
{
    struct import_creates *creates;
    size_t count;
    struct doc *doc = doc_new(rq->cx.mem);
    import_creates(rq->cx.mem, import, &creates, &count);
    for (size_t i = 0; i < count; i++)
        doc_int(doc, creates[i].resource, creates[i].count);
    doc_doc(rq->doc, "creates", doc);
}

/* One entry for each thing that is wrong. */
static void put_bad(struct request *rq, const struct import *import, const struct import_row *rows,
                    size_t count)
{
    const struct import_spec *spec = import_spec_find(import->resource);
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count * FIELDS_MAX);
    size_t all = 0;
    for (size_t i = 0; i < count; i++)
        for (const struct field_fault *fault = rows[i].faults; fault; fault = fault->next) {
            struct doc *doc = docs[all++] = doc_new(rq->cx.mem);
            doc_int(doc, "row", rows[i].number);
            doc_text(doc, "field", fault->field);
            doc_text(doc, "code", fault->code);
            doc_text(doc, "message", row_fault_words(rq->cx.mem, spec, fault, rq->cx.lang));
        }
    doc_docs(rq->doc, "bad", docs, all);
}

static enum result import_show(struct request *rq, void *record)
{
    const struct import *import = record;
    struct preview preview;
    struct plan plan;
    struct import_row *rows;
    size_t count;
    int64_t after = 0;
    (void)int_parse(query_text(rq, "after"), &after);
    TRY(import_plan(&rq->cx, import, &preview, &plan));
    TRY(import_rows_bad(&rq->cx, import, after, ROWS_SHOWN + 1, &rows, &count));
    const bool more = count > ROWS_SHOWN;
    count -= more;
    put_columns(rq, &preview, &plan);
    put_creates(rq, import);
    put_bad(rq, import, rows, count);
    doc_text(rq->doc, "next",
             more ? arena_printf(rq->cx.mem, "%lld", (long long)rows[count - 1].number) : NULL);
    doc_int(rq->doc, "progress", import_progress(import->id));
    if (rq->face == FACE_PAGE)
        page_import(rq, import, &preview, &plan, rows, count);
    return OK;
}

static enum result imports_list(struct request *rq, const struct list *list)
{
    const struct import *imports = list->rows;
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, list->count);
    for (size_t i = 0; rq->face == FACE_PAGE && i < list->count; i++) {
        docs[i] = doc_new(rq->cx.mem);
        doc_root(docs[i], IMPORTS.fields, &imports[i]);
        doc_text(docs[i], "resource_label", texts_get(imports[i].resource, rq->cx.lang));
    }
    rq->doc->page_only = true;
    if (rq->face == FACE_PAGE)
        doc_docs(rq->doc, "entries", docs, list->count);
    rq->doc->page_only = false;
    return OK;
}

static const struct record_face IMPORT_FACE = {
    .resource = &IMPORTS, .show = import_show, .list = imports_list};

/* ---- upload ---- */

static enum result import_new_get(struct request *rq)
{
    page_import_new(rq, query_text(rq, "resource"));
    return OK;
}

static enum result import_prepare_post(struct request *rq)
{
    struct import_upload *upload = ARENA_NEW(rq->cx.mem, struct import_upload);
    const struct part *file = input_file(rq, "file");
    const char *resource = input_text(rq, "resource");
    page_import_new(rq, resource);
    upload->resource = resource;
    upload->file_name = file ? file->file_name : "";
    upload->bytes = file ? file->bytes : "";
    upload->len = file ? file->len : 0;
    rq->prepared = upload;
    return import_prepare(&rq->cx, upload);
}

static enum result import_post(struct request *rq)
{
    struct import import;
    TRY(import_add(&rq->cx, rq->prepared, &import));
    rq->doc = doc_new(rq->cx.mem);
    TRY(record_answer(rq, &IMPORT_FACE, &import));
    return created(rq, "/imports/%lld", (long long)import.id);
}

/* ---- steps ---- */

struct mapping {
    int32_t header_row;
    const char *withheld;
};
static const struct field MAPPING_FIELDS[] = {
    FIELD(mapping, header_row, .in = MAY, .min = 1),
    FIELD(mapping, withheld, .in = MAY),
    FIELDS_END,
};
static const struct field COLUMN_FIELDS[] = {
    FIELD(column_choice, column, .in = MUST, .min = 1, .max = SHEET_COLUMNS),
    FIELD(column_choice, field, .in = MAY),
    FIELDS_END,
};

static const struct body_list COLUMN_LISTS[] = {
    {"columns", COLUMN_FIELDS, sizeof(struct column_choice), SHEET_COLUMNS},
    BODY_LISTS_END,
};

static enum result map(struct request *rq, const struct import *import)
{
    struct mapping mapping = {.header_row = import->header_row, .withheld = import->withheld};
    struct column_choice *columns;
    size_t count;
    TRY(body_read_rows(rq, &COLUMN_LISTS[0], &columns, &count));
    TRY(body_read(rq, MAPPING_FIELDS, &mapping, false, NULL));
    return import_map(&rq->cx, import, mapping.header_row, columns, count, mapping.withheld);
}

static enum result import_mapping_post(struct request *rq)
{
    struct import import;
    TRY(record_for_action(rq, &IMPORTS, &import));
    return record_acted(rq, &IMPORT_FACE, &import, map(rq, &import), NULL);
}

static const struct field CELL_FIELDS[] = {
    FIELD(cell_correction, row, .in = MUST, .min = 1),
    FIELD(cell_correction, field, .in = MUST),
    FIELD(cell_correction, value, .in = MAY, .max = 4000, .use = LONG_TEXT),
    FIELDS_END,
};
static const struct field NO_FIELDS[] = {FIELDS_END};

static const struct body_list CELL_LISTS[] = {
    {"cells", CELL_FIELDS, sizeof(struct cell_correction), CORRECTIONS_MOST},
    BODY_LISTS_END,
};

static enum result mend(struct request *rq, const struct import *import)
{
    struct cell_correction *cells;
    size_t count;
    TRY(body_read_rows(rq, &CELL_LISTS[0], &cells, &count));
    TRY(body_read(rq, NO_FIELDS, NULL, false, NULL));
    return import_mend(&rq->cx, import, cells, count);
}

static enum result import_rows_post(struct request *rq)
{
    struct import import;
    TRY(record_for_action(rq, &IMPORTS, &import));
    return record_acted(rq, &IMPORT_FACE, &import, mend(rq, &import), NULL);
}

struct running {
    bool good_rows, create;
};
static const struct field RUNNING_FIELDS[] = {
    FIELD(running, good_rows, .in = MAY),
    FIELD(running, create, .in = MAY),
    FIELDS_END,
};

static enum result start(struct request *rq, const struct import *import)
{
    struct running running = {false, false};
    TRY(body_read(rq, RUNNING_FIELDS, &running, false, NULL));
    return import_start(&rq->cx, import, running.good_rows, running.create);
}

static enum result import_run_post(struct request *rq)
{
    struct import import;
    TRY(record_for_action(rq, &IMPORTS, &import));
    return record_acted(rq, &IMPORT_FACE, &import, start(rq, &import), NULL);
}

/* ---- the bad rows as a workbook: the file's own columns, and why ---- */

struct bad_book {
    struct import import;
    struct plan plan;
    const struct import_spec *spec;
    struct sheet_writer *writer;
};

static const char *reasons(struct request *rq, const struct import_spec *spec,
                           const struct field_fault *fault)
{
    struct text text = text_new(rq->cx.mem, 128);
    for (; fault; fault = fault->next)
        text_printf(&text, "%s%s: %s", text.len ? "; " : "",
                    texts_get(arena_printf(rq->cx.mem, "%s.%s", spec->resource->name, fault->field),
                              rq->cx.lang),
                    row_fault_words(rq->cx.mem, spec, fault, rq->cx.lang));
    return text_end(&text);
}

static enum result write_rows(struct request *rq, struct bad_book *book)
{
    const char *cells[SHEET_COLUMNS + 1];
    const int width = book->plan.width;
    for (int64_t after = 0; after >= 0;) {
        struct arena_mark mark = arena_mark(rq->cx.mem);
        struct import_row *rows;
        size_t count;
        TRY(import_rows_bad(&rq->cx, &book->import, after, ROWS_SHOWN, &rows, &count));
        for (size_t i = 0; i < count; i++) {
            for (int c = 0; c < width; c++)
                cells[c] = c < rows[i].cell_count ? rows[i].cells[c] : "";
            cells[width] = reasons(rq, book->spec, rows[i].faults);
            TRY(sheet_write(book->writer, cells));
        }
        after = count == ROWS_SHOWN ? rows[count - 1].number : -1;
        arena_rewind(rq->cx.mem, mark);
    }
    return OK;
}

static enum result write_book(struct request *rq, FILE *file, void *host)
{
    struct bad_book *book = host;
    struct sheet_column columns[SHEET_COLUMNS + 1] = {0};
    char at[INSTANT_MAX_TEXT];
    instant_format(rq->cx.now, at);
    const char *note = texts_fill(rq->cx.mem, "export.note", rq->cx.lang,
                                  (const char *const[]){rq->cx.actor->account, at, rq->cx.request});
    for (int i = 0; i < book->plan.width; i++)
        columns[i].title = book->plan.titles[i];
    columns[book->plan.width].title = texts_get("imports.reason", rq->cx.lang);
    TRY(sheet_begin(&rq->cx, SHEET_XLSX, file, texts_get("imports.bad", rq->cx.lang), note, columns,
                    book->plan.width + 1, &book->writer));
    enum result result = write_rows(rq, book);
    enum result ended = sheet_end(book->writer);
    return result == OK ? ended : result;
}

static enum result import_bad_get(struct request *rq)
{
    struct bad_book *book = ARENA_NEW(rq->cx.mem, struct bad_book);
    TRY(record_of_path(rq, &IMPORTS, &book->import));
    TRY(import_plan(&rq->cx, &book->import, NULL, &book->plan));
    book->spec = import_spec_find(book->import.resource);
    trail_add(&rq->cx, "download", &IMPORTS, &book->import, "", texts_get("imports.bad", LANG_ZH));
    return reply_written(
        rq, write_book, book, XLSX,
        arena_printf(rq->cx.mem, "%s.xlsx", texts_get("imports.bad", rq->cx.lang)));
}

/* ---- all that will be made along, as a workbook ---- */

struct creates_book {
    struct import_creates *creates;
    size_t count;
};

static enum result write_creates(struct request *rq, struct sheet_writer *writer,
                                 const struct import_creates *made)
{
    const char *cells[2] = {texts_get(made->resource, rq->cx.lang), ""};
    for (size_t i = 0; i < made->all_count; i++) {
        cells[1] = made->all[i];
        TRY(sheet_write(writer, cells));
    }
    if ((size_t)made->count == made->all_count)
        return OK;
    cells[1] =
        texts_fill(rq->cx.mem, "imports.and_more", rq->cx.lang,
                   (const char *const[]){
                       text_count(rq->cx.mem, made->count - (int64_t)made->all_count), NULL, NULL});
    return sheet_write(writer, cells);
}

static enum result write_creates_book(struct request *rq, FILE *file, void *host)
{
    const struct creates_book *book = host;
    const char *title = texts_get("imports.creates", rq->cx.lang);
    const struct sheet_column columns[2] = {{.title = texts_get("imports.kind", rq->cx.lang)},
                                            {.title = texts_get("imports.name", rq->cx.lang)}};
    struct sheet_writer *writer;
    enum result result = OK;
    TRY(sheet_begin(&rq->cx, SHEET_XLSX, file, title, "", columns, 2, &writer));
    for (size_t i = 0; i < book->count && result == OK; i++)
        result = write_creates(rq, writer, &book->creates[i]);
    enum result ended = sheet_end(writer);
    return result == OK ? ended : result;
}

static enum result import_creates_get(struct request *rq)
{
    struct creates_book *book = ARENA_NEW(rq->cx.mem, struct creates_book);
    struct import import;
    TRY(record_of_path(rq, &IMPORTS, &import));
    import_creates(rq->cx.mem, &import, &book->creates, &book->count);
    return reply_written(
        rq, write_creates_book, book, XLSX,
        arena_printf(rq->cx.mem, "%s.xlsx", texts_get("imports.creates", rq->cx.lang)));
}

/* clang-format off */
const struct route IMPORTS_ROUTES[] = {
    {GET, "/imports", "imports.make", record_list_get, "imports", .subject = &IMPORT_FACE, .nav = "imports"},
    {GET, "/imports/new", "imports.make", import_new_get, "import_new", .flags = PAGE_ONLY, .nav = "imports"},
    {POST, "/imports", "imports.make", import_post, "import_new", .flags = UPLOAD,
     .prepare = import_prepare_post, .nav = "imports"},
    {GET, "/imports/{id}", "imports.make", record_show_get, "import", .subject = &IMPORT_FACE, .nav = "imports"},
    {GET, "/imports/{id}/history", "imports.make", record_history_get, "history",
     .subject = &IMPORT_FACE, .nav = "imports"},
    {POST, "/imports/{id}/mapping", "imports.make", import_mapping_post, "import", .input = MAPPING_FIELDS,
     .lists = COLUMN_LISTS, .nav = "imports"},
    {POST, "/imports/{id}/rows", "imports.make", import_rows_post, "import", .lists = CELL_LISTS, .nav = "imports"},
    {POST, "/imports/{id}/run", "imports.make", import_run_post, "import", .input = RUNNING_FIELDS, .nav = "imports"},
    {GET, "/imports/{id}/creates", "imports.make", import_creates_get, "fault", .flags = STREAM},
    {GET, "/imports/{id}/bad", "imports.make", import_bad_get, "fault", .flags = STREAM | TRACED},
    ROUTES_END,
};
/* clang-format on */
