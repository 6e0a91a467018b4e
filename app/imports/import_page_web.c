/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages of imports show: choices of columns, the first rows, wrong cells to be mended. */
#include "app/imports/imports_web.h"
#include "app/imports/pass.h"
#include "base/texts.h"

#include <string.h>

static const char *label_of(struct request *rq, const struct import_spec *spec, const char *field)
{
    return texts_get(arena_printf(rq->cx.mem, "%s.%s", spec->resource->name, field), rq->cx.lang);
}

static const char *column_label(struct request *rq, const struct import_spec *spec,
                                const struct import_column *column)
{
    const char *label = label_of(rq, spec, column->field);
    return column->also
               ? arena_printf(rq->cx.mem, "%s + %s", label, label_of(rq, spec, column->also))
               : label;
}

/* ---- the mapping ---- */

static void put_options(struct request *rq, struct doc *doc, const struct import_spec *spec,
                        const struct import_column *chosen)
{
    struct doc **options = ARENA_ARRAY(rq->cx.mem, struct doc *, FIELDS_MAX);
    size_t count = 0;
    for (const struct import_column *column = spec->columns; column->field; column++) {
        struct doc *option = options[count++] = doc_new(rq->cx.mem);
        doc_text(option, "value", column_name(rq->cx.mem, column));
        doc_text(option, "label", column_label(rq, spec, column));
        doc_flag(option, "selected", column == chosen);
    }
    doc_docs(doc, "options", options, count);
}

static void put_mapping(struct request *rq, const struct import_spec *spec,
                        const struct preview *preview, const struct plan *plan)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, (size_t)plan->width);
    int unmapped = 0;
    for (int i = 0; i < plan->width; i++) {
        struct doc *doc = docs[i] = doc_new(rq->cx.mem);
        const char *sample = "";
        for (int r = 0; r < preview->count && !*sample; r++)
            if (preview->rows[r].number > plan->header_row && i < preview->rows[r].count)
                sample = preview->rows[r].cells[i];
        doc_int(doc, "number", i + 1);
        doc_text(doc, "title", plan->titles[i]);
        doc_text(doc, "sample", sample);
        doc_flag(doc, "unmapped", !plan->columns[i]);
        put_options(rq, doc, spec, plan->columns[i]);
        unmapped += !plan->columns[i];
    }
    doc_docs(rq->doc, "mapping_columns", docs, (size_t)plan->width);
    doc_int(rq->doc, "unmapped", unmapped);
}

/* Columns without which no row can be good. */
static void put_missing(struct request *rq, const struct import_spec *spec, const struct plan *plan)
{
    struct text names = text_new(rq->cx.mem, 64);
    for (const struct import_column *column = spec->columns; column->field; column++) {
        const struct field *field =
            field_find(spec->resource->fields, column->field, strlen(column->field));
        if ((field->in != MUST && !column->missing) || column->also ||
            plan_column_of(plan, column->field) >= 0)
            continue;
        text_puts(&names, names.len ? texts_get("list.comma", rq->cx.lang) : "");
        text_puts(&names, label_of(rq, spec, column->field));
    }
    doc_text(rq->doc, "missing_columns", text_end(&names));
}

/* The first rows as they stand in the file, to say which one is the header. */
static void put_preview(struct request *rq, const struct preview *preview, int header_row)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, (size_t)preview->count);
    for (int i = 0; i < preview->count; i++) {
        docs[i] = doc_new(rq->cx.mem);
        doc_int(docs[i], "number", preview->rows[i].number);
        doc_flag(docs[i], "chosen", preview->rows[i].number == header_row);
        doc_texts(docs[i], "cells", preview->rows[i].cells, (size_t)preview->rows[i].count);
    }
    doc_docs(rq->doc, "preview", docs, (size_t)preview->count);
}

/* ---- the bad rows ---- */

static struct doc *wrong_doc(struct request *rq, const struct import_spec *spec,
                             const struct plan *plan, const struct import_row *row,
                             const struct field_fault *fault, int64_t cell)
{
    struct doc *doc = doc_new(rq->cx.mem);
    const int column = plan_column_of(plan, fault->field);
    doc_text(doc, "field", fault->field);
    doc_text(doc, "label", column < 0 ? label_of(rq, spec, fault->field) : plan->titles[column]);
    doc_text(doc, "message", row_fault_words(rq->cx.mem, spec, fault, rq->cx.lang));
    doc_flag(doc, "mendable", column >= 0);
    doc_text(doc, "value", column >= 0 && column < row->cell_count ? row->cells[column] : "");
    doc_text(doc, "id", arena_printf(rq->cx.mem, "c%lld-%d", (long long)row->number, column));
    doc_int(doc, "row", row->number);
    doc_int(doc, "at", cell);
    return doc;
}

static void put_rows(struct request *rq, const struct import_spec *spec, const struct plan *plan,
                     const struct import_row *rows, size_t count)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count);
    const int key = plan_column_of(plan, spec->resource->import_key);
    const int name = plan_column_of(plan, "name");
    int64_t cell = 0; /* all corrections of the page are one form */
    for (size_t i = 0; i < count; i++) {
        struct doc **wrong = ARENA_ARRAY(rq->cx.mem, struct doc *, FIELDS_MAX);
        size_t wrong_count = 0;
        for (const struct field_fault *fault = rows[i].faults; fault; fault = fault->next)
            wrong[wrong_count++] = wrong_doc(rq, spec, plan, &rows[i], fault, cell++);
        docs[i] = doc_new(rq->cx.mem);
        doc_int(docs[i], "number", rows[i].number);
        doc_text(docs[i], "key", key >= 0 && key < rows[i].cell_count ? rows[i].cells[key] : "");
        doc_text(docs[i], "name",
                 name >= 0 && name != key && name < rows[i].cell_count ? rows[i].cells[name] : "");
        doc_docs(docs[i], "wrong", wrong, wrong_count);
    }
    doc_docs(rq->doc, "bad_list", docs, count);
}

/* ---- what comes along ---- */

/* "people units", with one of them more or less. */
static const char *words_but(struct request *rq, const char *words, const char *but,
                             const char *more)
{
    struct text out = text_new(rq->cx.mem, 64);
    for (const char *at = words; *at; at += strspn(at, " ")) {
        const size_t len = strcspn(at, " ");
        if (strlen(but) != len || memcmp(at, but, len) != 0)
            text_printf(&out, "%s%.*s", out.len ? " " : "", (int)len, at);
        at += len;
    }
    if (*more)
        text_printf(&out, "%s%s", out.len ? " " : "", more);
    return text_end(&out);
}

static void put_creates(struct request *rq, const struct import *import)
{
    struct import_creates *creates;
    size_t count;
    struct text words = text_new(rq->cx.mem, 64);
    import_creates(rq->cx.mem, import, &creates, &count);
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count);
    for (size_t i = 0; i < count; i++) {
        const char *label = texts_get(creates[i].resource, rq->cx.lang);
        docs[i] = doc_new(rq->cx.mem);
        doc_root(docs[i], IMPORT_CREATES_FIELDS, &creates[i]);
        doc_text(docs[i], "label", label);
        doc_int(docs[i], "more", creates[i].count - creates[i].shown);
        doc_text(docs[i], "withhold",
                 words_but(rq, import->withheld, creates[i].resource, creates[i].resource));
        text_printf(&words, "%s%s %d", i ? texts_get("list.comma", rq->cx.lang) : "", label,
                    creates[i].count);
    }
    doc_docs(rq->doc, "creates_list", docs, count);
    doc_text(rq->doc, "creates_words", text_end(&words));
}

/* What the import must not make, each with the way to allow it again. */
static void put_withheld(struct request *rq, const struct import *import)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, LINKS_MAX);
    size_t count = 0;
    for (const char *at = import->withheld; *at && count < LINKS_MAX; at += strspn(at, " ")) {
        const char *name = arena_copy(rq->cx.mem, at, strcspn(at, " "));
        docs[count] = doc_new(rq->cx.mem);
        doc_text(docs[count], "label", texts_get(name, rq->cx.lang));
        doc_text(docs[count++], "allow", words_but(rq, import->withheld, name, ""));
        at += strlen(name);
    }
    doc_docs(rq->doc, "withheld_list", docs, count);
}

static void put_failure(struct request *rq, const struct import *import)
{
    const struct fault fault = {.code = import->failure, .args = {import->failure_detail}};
    if (*import->failure)
        doc_text(rq->doc, "failure_words", fault_words(rq->cx.mem, &fault, rq->cx.lang));
}

void page_import(struct request *rq, const struct import *import, const struct preview *preview,
                 const struct plan *plan, const struct import_row *rows, size_t row_count)
{
    const struct import_spec *spec = import_spec_find(import->resource);
    const bool busy = import->state == IMPORT_CHECKING || import->state == IMPORT_RUNNING;
    const bool judged = import->state == IMPORT_CHECKED || import->state == IMPORT_REFUSED;
    struct doc *doc = rq->doc;
    doc->page_only = true;
    doc_text(doc, "resource_label", texts_get(import->resource, rq->cx.lang));
    doc_text(doc, "resource_href", arena_printf(rq->cx.mem, "/%s", import->resource));
    doc_flag(doc, "busy", busy);
    doc_flag(doc, "judged", judged || import->state == IMPORT_DONE);
    doc_flag(doc, "may_map", !busy);
    doc_flag(doc, "may_run", judged && import->good);
    doc_flag(doc, "may_mend", judged);
    doc_flag(doc, "has_header", plan->header_row != 0);
    put_mapping(rq, spec, preview, plan);
    put_missing(rq, spec, plan);
    put_preview(rq, preview, plan->header_row);
    put_rows(rq, spec, plan, rows, row_count);
    put_creates(rq, import);
    put_withheld(rq, import);
    put_failure(rq, import);
    doc->page_only = false;
}

/* ---- upload ---- */

void page_import_new(struct request *rq, const char *resource)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, FIELDS_MAX);
    size_t count = 0;
    for (const struct import_spec *const *spec = IMPORT_SPECS; *spec; spec++) {
        const char *name = (*spec)->resource->name;
        if (!actor_may(rq->cx.actor, arena_printf(rq->cx.mem, "%s.write", name)))
            continue;
        struct doc *doc = docs[count++] = doc_new(rq->cx.mem);
        doc_text(doc, "value", name);
        doc_text(doc, "label", texts_get(name, rq->cx.lang));
        doc_flag(doc, "selected", strcmp(name, resource) == 0);
    }
    rq->doc->page_only = true;
    doc_text(rq->doc, "title", texts_get("imports.do.create", rq->cx.lang));
    doc_docs(rq->doc, "targets", docs, count);
    rq->doc->page_only = false;
}
