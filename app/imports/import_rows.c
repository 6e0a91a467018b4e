/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The bad rows of an import: their cells (sealed, since ledgers hold phones), what was corrected in
 * them, and what is wrong. */
#include "app/imports/imports.sql.h"
#include "app/imports/imports_private.h"
#include "base/hash.h"
#include "base/json.h"

#include <string.h>

#define SEALED_CELLS "import_rows.cells"
#define SEALED_CORRECTIONS "import_rows.corrections"

static const struct field STORED_FIELDS[] = {
    FIELD(stored_row, number),
    FIELD(stored_row, cells),
    FIELD(stored_row, corrections),
    FIELD(stored_row, faults),
    FIELDS_END,
};

/* ---- writing ---- */

static const char *cells_write(struct arena *arena, const struct row *row)
{
    struct text text = text_new(arena, 512);
    struct json_writer json = {.out = &text};
    json_array(&json);
    for (int i = 0; i < row->count; i++)
        json_string(&json, row->cells[i].text);
    json_array_end(&json);
    return text_end(&text);
}

/* [[field, code, argument, argument, argument], …] */
static const char *faults_write(struct arena *arena, const struct field_fault *fault)
{
    struct text text = text_new(arena, 256);
    struct json_writer json = {.out = &text};
    json_array(&json);
    for (; fault; fault = fault->next) {
        json_array(&json);
        json_string(&json, fault->field);
        json_string(&json, fault->code);
        for (int i = 0; i < 3; i++)
            json_string(&json, fault->args[i] ? fault->args[i] : "");
        json_array_end(&json);
    }
    json_array_end(&json);
    return text_end(&text);
}

static const char *corrections_write(struct arena *arena, const struct correction *correction)
{
    struct text text = text_new(arena, 256);
    struct json_writer json = {.out = &text};
    json_array(&json);
    for (; correction; correction = correction->next) {
        json_number(&json, correction->column);
        json_string(&json, correction->text);
    }
    json_array_end(&json);
    return text_end(&text);
}

struct stored_row row_stored(struct ctx *cx, struct arena *arena, const struct bad_row *bad)
{
    return (struct stored_row){
        .number = bad->row->number,
        .cells = seal_text(arena, cx->keys, SEALED_CELLS, cells_write(cx->mem, bad->row)),
        .faults = faults_write(arena, bad->faults),
    };
}

enum result rows_forget(struct ctx *cx, int64_t import_id)
{
    TRY(db_change(cx, &q_import_rows_forget, PARAMS(P(import_id)), NULL));
    return db_change(cx, &q_import_rows_clear, PARAMS(P(import_id)), NULL);
}

enum result rows_put(struct ctx *cx, int64_t import_id, const struct stored_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        TRY(db_change(cx, &q_import_row_put,
                      PARAMS(P(import_id), P(rows[i].number), P(rows[i].cells), P(rows[i].faults)),
                      NULL));
    return OK;
}

/* ---- reading ---- */

/* NULL texts when the sealed one does not open: shown as an empty row. */
static void cells_read(struct ctx *cx, const char *sealed, struct import_row *out)
{
    const char *text = open_text(cx->mem, cx->keys, SEALED_CELLS, sealed);
    struct json_reader json;
    out->cells = ARENA_ARRAY(cx->mem, const char *, SHEET_COLUMNS);
    json_start(&json, cx->mem, text ? text : "", text ? strlen(text) : 0);
    if (json_next(&json) != JSON_ARRAY)
        return;
    while (out->cell_count < SHEET_COLUMNS && json_next(&json) == JSON_STRING)
        out->cells[out->cell_count++] = json_text(&json);
}

/* [column, text, column, text, …], the last one first. */
static const struct correction *corrections_read(struct ctx *cx, struct arena *arena,
                                                 const char *sealed)
{
    const struct correction *first = NULL;
    const char *text = *sealed ? open_text(cx->mem, cx->keys, SEALED_CORRECTIONS, sealed) : NULL;
    struct json_reader json;
    int64_t column;
    json_start(&json, arena, text ? text : "", text ? strlen(text) : 0);
    if (!text || json_next(&json) != JSON_ARRAY)
        return NULL;
    while (json_next(&json) == JSON_NUMBER && json_int(&json, &column) &&
           json_next(&json) == JSON_STRING && column >= 0 && column < SHEET_COLUMNS) {
        struct correction *correction = ARENA_NEW(arena, struct correction);
        *correction = (struct correction){(int)column, json_text(&json), first};
        first = correction;
    }
    return first;
}

static struct field_fault *fault_read(struct json_reader *json)
{
    const char *texts[5] = {"", "", "", "", ""};
    for (int i = 0; i < 5 && json_next(json) == JSON_STRING; i++)
        texts[i] = json_text(json);
    (void)json_next(json); /* the bracket that closes it */
    struct field_fault *fault = ARENA_NEW(json->arena, struct field_fault);
    *fault = (struct field_fault){
        .field = texts[0], .code = texts[1], .args = {texts[2], texts[3], texts[4]}, .clause = ""};
    return fault;
}

static const struct field_fault *faults_read(struct arena *arena, const char *text)
{
    struct field_fault *first = NULL, **last = &first;
    struct json_reader json;
    json_start(&json, arena, text, strlen(text));
    if (json_next(&json) != JSON_ARRAY)
        return NULL;
    while (json_next(&json) == JSON_ARRAY) {
        *last = fault_read(&json);
        last = &(*last)->next;
    }
    return first;
}

static struct import_row row_opened(struct ctx *cx, const struct stored_row *stored)
{
    struct import_row row = {.number = stored->number};
    cells_read(cx, stored->cells, &row);
    row.faults = faults_read(cx->mem, stored->faults);
    return row;
}

enum result import_rows_bad(struct ctx *cx, const struct import *import, int64_t after,
                            size_t limit, struct import_row **out, size_t *out_count)
{
    struct stored_row *stored;
    TRY(db_list(cx, &q_import_rows_bad,
                PARAMS(P(import->id), param_number(after), P((int32_t)limit)), STORED_FIELDS,
                sizeof *stored, limit, &stored, out_count));
    *out = ARENA_ARRAY(cx->mem, struct import_row, *out_count);
    for (size_t i = 0; i < *out_count; i++)
        (*out)[i] = row_opened(cx, &stored[i]);
    return OK;
}

static enum result row_stored_as(struct ctx *cx, int64_t import_id, int64_t number,
                                 struct stored_row *out)
{
    enum result result =
        db_one(cx, &q_import_row, PARAMS(P(import_id), P(number)), STORED_FIELDS, out);
    if (result == NOT_FOUND)
        return fail(cx, NOT_FOUND, "import.no_row",
                    arena_printf(cx->mem, "%lld", (long long)number));
    return result;
}

enum result row_bad(struct ctx *cx, int64_t import_id, int64_t number, struct import_row *out)
{
    struct stored_row stored;
    TRY(row_stored_as(cx, import_id, number, &stored));
    *out = row_opened(cx, &stored);
    return OK;
}

/* ---- corrections ---- */

struct gathering {
    struct ctx *cx;
    struct arena *arena;
    struct lookup *lookup;
};

static enum result gather_corrections(void *host, const void *record)
{
    struct gathering *gathering = host;
    const struct stored_row *row = record;
    const char *number = arena_printf(gathering->cx->mem, "%lld", (long long)row->number);
    lookup_at(gathering->lookup, number)->thing =
        (void *)(uintptr_t)corrections_read(gathering->cx, gathering->arena, row->corrections);
    return OK;
}

enum result rows_corrections(struct ctx *cx, int64_t import_id, struct arena *arena,
                             struct lookup **out)
{
    struct gathering gathering = {cx, arena, lookup_new(arena)};
    *out = gathering.lookup;
    return db_each(cx, &q_import_rows_corrected, PARAMS(P(import_id)), STORED_FIELDS,
                   sizeof(struct stored_row), gather_corrections, &gathering);
}

/* Those of before stay unless the same cell is corrected again: the later one wins when read. */
enum result row_correct(struct ctx *cx, int64_t import_id, int64_t number,
                        const struct correction *corrections)
{
    struct stored_row row;
    TRY(row_stored_as(cx, import_id, number, &row));
    const struct correction *all = corrections;
    for (const struct correction *former = corrections_read(cx, cx->mem, row.corrections); former;
         former = former->next) {
        bool again = false;
        for (const struct correction *newer = corrections; newer; newer = newer->next)
            again = again || newer->column == former->column;
        if (again)
            continue;
        struct correction *kept = ARENA_NEW(cx->mem, struct correction);
        *kept = (struct correction){former->column, former->text, all};
        all = kept;
    }
    const char *sealed =
        seal_text(cx->mem, cx->keys, SEALED_CORRECTIONS, corrections_write(cx->mem, all));
    return db_change_one(cx, &q_import_row_correct, PARAMS(P(import_id), P(number), P(sealed)));
}
