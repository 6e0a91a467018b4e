/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/imports/imports.h"

#include "app/documents/documents.h"
#include "app/documents/sniff.h"
#include "app/imports/imports.sql.h"
#include "app/imports/imports_private.h"
#include "app/records/trail.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/texts.h"

#include <string.h>

#define KEPT_DAYS 183
#define DAY_MS INT64_C(86400000)
#define SEALED_PREVIEW "imports.preview"

static const char *const STATES[] = {"uploaded", "checking", "checked", "running",
                                     "done",     "refused",  "failed",  NULL};

static const struct field IMPORT_FIELDS[] = {
    RECORD_FIELDS(import),
    FIELD_REF(import, account_id, "accounts", .use = HIDDEN),
    FIELD(import, file_name, .use = LISTED),
    FIELD(import, resource, .use = LISTED | FILTERED),
    FIELD_ENUM(import, state, STATES, .use = LISTED | FILTERED),
    FIELD(import, rows, .use = LISTED),
    FIELD(import, good, .use = LISTED),
    FIELD(import, unchanged, .use = LISTED),
    FIELD(import, bad_rows, .use = LISTED),
    FIELD(import, imported, .use = LISTED),
    FIELD(import, made_by, .use = LISTED),
    FIELD(import, header_row),
    FIELD(import, good_rows),
    FIELD(import, failure),
    FIELD(import, failure_detail),
    FIELD(import, sha256),
    FIELD(import, mapping),
    FIELD(import, withheld),
    FIELD(import, preview, .use = HIDDEN),
    FIELD(import, rights, .use = HIDDEN),
    FIELD(import, creates, .use = HIDDEN),
    FIELDS_END,
};

const struct resource IMPORTS = {
    .name = "imports",
    .fields = IMPORT_FIELDS,
    .size = sizeof(struct import),
    .title = "file_name",
    .sort = "-id",
    .scope =
        {
            [SIDE_CLIENT] = "@account_id = :account",
            [SIDE_PROVIDER] = "@account_id = :account",
            [SIDE_THIRD_PARTY] = "@account_id = :account",
        },
};

/* ---- how its file is read ---- */

enum result import_plan(struct ctx *cx, const struct import *import, struct preview *out_preview,
                        struct plan *out)
{
    struct preview *preview = out_preview ? out_preview : ARENA_NEW(cx->mem, struct preview);
    const struct import_spec *spec = import_spec_find(import->resource);
    const char *text = open_text(cx->mem, cx->keys, SEALED_PREVIEW, import->preview);
    *out = (struct plan){.header_row = 0};
    if (!spec || !text || !preview_parse(cx->mem, text, preview))
        return fail(cx, BROKEN, "record.seal_broken");
    if (import->header_row) {
        plan_guess(cx->mem, spec, preview, import->header_row, out);
        plan_map(cx->mem, spec, import->mapping, out);
    }
    return OK;
}

/* ---- rights: it runs with those that whoever asked for it had, and no more ---- */

static bool names_word(const char *words, const char *word)
{
    const size_t len = strlen(word);
    for (const char *at = words; (at = strstr(at, word)) != NULL; at += len)
        if ((at == words || at[-1] == ' ') && (at[len] == ' ' || !at[len]))
            return true;
    return false;
}

static bool add_right(struct ctx *cx, struct text *rights, const struct resource *resource)
{
    const char *right = arena_printf(cx->mem, "%s.write", resource->name);
    if (!actor_may(cx->actor, right))
        return false;
    text_printf(rights, "%s%s", rights->len ? " " : "", right);
    return true;
}

static enum result rights_of(struct ctx *cx, const struct import_spec *spec, const char *withheld,
                             const char **out)
{
    struct text rights = text_new(cx->mem, 128);
    if (!add_right(cx, &rights, spec->resource))
        return demand_right(cx, arena_printf(cx->mem, "%s.write", spec->resource->name));
    for (const struct import_column *column = spec->columns; column->field; column++)
        if (column->link && !names_word(withheld, column->link->resource->name))
            (void)add_right(cx, &rights, column->link->resource);
    *out = text_end(&rights);
    return OK;
}

/* ---- upload ---- */

enum result import_prepare(struct ctx *cx, struct import_upload *upload)
{
    const struct import_spec *spec = import_spec_find(upload->resource);
    const char *rights;
    if (!spec)
        reject(cx, "resource", "unknown");
    if (!upload->len)
        reject(cx, "file", "required");
    TRY(rejected(cx));
    TRY(rights_of(cx, spec, "", &rights));
    TRY(preview_read(cx, upload->bytes, upload->len, &upload->preview));
    const struct file_kind *kind = file_kind_sniff(upload->bytes, upload->len, upload->file_name);
    if (!kind)
        return fail(cx, INVALID, "sheet.kind");
    plan_guess(cx->mem, spec, &upload->preview, 0, &upload->plan);
    upload->media_type = kind->media_type;
    upload->clean_name = file_name_clean(cx->mem, upload->file_name, kind);
    return files_stage(cx, upload->bytes, upload->len, &upload->staged);
}

/* The file hangs at the import as a document, so that it is kept and erased like any other. */
static enum result keep_file(struct ctx *cx, const struct import_upload *upload,
                             const struct import *import)
{
    struct document document = {
        .name = upload->clean_name,
        .media_type = upload->media_type,
        .size = (int32_t)upload->len,
        .sha256 = upload->staged.sha256,
        .subject = IMPORTS.name,
        .subject_id = import->id,
        .retention = RETENTION_STANDARD,
        .keep_until = date_add(instant_date(cx->now, SHANGHAI_OFFSET_MIN), KEPT_DAYS),
        .uploaded_by = import->made_by,
        .state = DOCUMENT_KEPT,
    };
    fields_blank(DOCUMENTS.fields, &document);
    TRY(record_add(cx, &DOCUMENTS, &document));
    return files_keep(cx, &upload->staged);
}

enum result import_add(struct ctx *cx, const struct import_upload *upload, struct import *out)
{
    const struct actor *actor = cx->actor;
    const char *preview = preview_write(cx->mem, &upload->preview);
    *out = (struct import){
        .account_id = actor->account_id,
        .made_by = *actor->person_name ? actor->person_name : actor->account,
        .resource = upload->resource,
        .file_name = upload->clean_name,
        .sha256 = upload->staged.sha256,
        .state = IMPORT_UPLOADED,
        .header_row = upload->plan.header_row,
        .mapping = plan_mapping(cx->mem, &upload->plan),
        .preview = seal_text(cx->mem, cx->keys, SEALED_PREVIEW, preview),
    };
    fields_blank(IMPORT_FIELDS, out);
    TRY(rights_of(cx, import_spec_find(upload->resource), "", &out->rights));
    TRY(record_add(cx, &IMPORTS, out));
    return keep_file(cx, upload, out);
}

/* ---- steps ---- */

static enum result demand_rest(struct ctx *cx, const struct import *import)
{
    if (import->state == IMPORT_CHECKING || import->state == IMPORT_RUNNING)
        return fail(cx, CONFLICT, "import.busy", import->file_name);
    return OK;
}

static enum result step(struct ctx *cx, const struct import *before, struct import *after,
                        const char *action, enum import_state state)
{
    TRY(rights_of(cx, import_spec_find(before->resource), after->withheld, &after->rights));
    after->state = state;
    after->failure = after->failure_detail = "";
    return record_change(cx, &IMPORTS, action, before, after);
}

static bool column_known(struct ctx *cx, const struct import_spec *spec, const char *name)
{
    for (const struct import_column *column = spec->columns; column->field; column++)
        if (strcmp(column_name(cx->mem, column), name) == 0)
            return true;
    return !*name;
}

static void choose_column(struct ctx *cx, const struct import_spec *spec,
                          const struct column_choice *choice, size_t index, const char **names,
                          int width)
{
    const char *field = arena_printf(cx->mem, "columns.%zu.field", index);
    if (choice->column < 1 || choice->column > width)
        reject(cx, arena_printf(cx->mem, "columns.%zu.column", index), "unknown");
    else if (!column_known(cx, spec, choice->field))
        reject(cx, field, "unknown");
    else
        names[choice->column - 1] = choice->field;
}

/* The plan's columns with the choices in them, each field once. */
static enum result choose(struct ctx *cx, const struct import_spec *spec,
                          const struct column_choice *choices, size_t count, struct plan *plan)
{
    const char *names[SHEET_COLUMNS];
    struct text mapping = text_new(cx->mem, 256);
    for (int i = 0; i < plan->width; i++)
        names[i] = plan->columns[i] ? column_name(cx->mem, plan->columns[i]) : "";
    for (size_t i = 0; i < count; i++)
        choose_column(cx, spec, &choices[i], i, names, plan->width);
    for (int i = 0; i < plan->width; i++) {
        for (int earlier = 0; earlier < i; earlier++)
            if (*names[i] && strcmp(names[earlier], names[i]) == 0)
                reject(cx, "columns", "column_twice", plan->titles[earlier], plan->titles[i]);
        text_printf(&mapping, "%s%s", i ? "," : "", names[i]);
    }
    TRY(rejected(cx));
    plan_map(cx->mem, spec, text_end(&mapping), plan);
    return OK;
}

/* Only what the file's cells may name. */
static const char *withheld_known(struct ctx *cx, const struct import_spec *spec,
                                  const char *withheld)
{
    struct text known = text_new(cx->mem, 32);
    for (const struct import_column *column = spec->columns; column->field; column++) {
        const char *name = column->link && column->link->make ? column->link->resource->name : "";
        if (*name && names_word(withheld, name) && !names_word(text_end(&known), name))
            text_printf(&known, "%s%s", known.len ? " " : "", name);
    }
    return text_end(&known);
}

enum result import_map(struct ctx *cx, const struct import *before, int32_t header_row,
                       const struct column_choice *choices, size_t count, const char *withheld)
{
    const struct import_spec *spec = import_spec_find(before->resource);
    struct import after = *before;
    struct preview preview;
    struct plan plan;
    TRY(demand_rest(cx, before));
    TRY(import_plan(cx, before, &preview, &plan));
    if (header_row && header_row != before->header_row)
        plan_guess(cx->mem, spec, &preview, header_row, &plan);
    else
        TRY(choose(cx, spec, choices, count, &plan));
    if (!plan.header_row)
        reject(cx, "header_row", "header_missing");
    TRY(rejected(cx));
    after.header_row = plan.header_row;
    after.mapping = plan_mapping(cx->mem, &plan);
    after.withheld = withheld_known(cx, spec, withheld);
    return step(cx, before, &after, "map", IMPORT_CHECKING);
}

/* ---- mending ---- */

/* What a cell says, for the trail: no more of a secret than its mask. */
static const char *cell_words(struct ctx *cx, const struct plan *plan, int column, const char *text)
{
    const struct field *fields[] = {plan->fields[column], plan->also[column]};
    for (size_t i = 0; i < 2; i++)
        if (fields[i] && fields[i]->type == FIELD_SECRET && *text)
            return secret_mask(cx->mem, text);
    return *text ? text : "—";
}

/* The corrections of one row that say something new, the last one first, and the words for it. */
static struct correction *corrections_of_row(struct ctx *cx, const struct plan *plan,
                                             const struct import_row *row,
                                             const struct cell_correction *cells, size_t count,
                                             struct text *note)
{
    struct correction *first = NULL;
    for (size_t i = 0; i < count; i++) {
        if (cells[i].row != row->number)
            continue;
        const int column = plan_column_of(plan, cells[i].field);
        const char *before = column < row->cell_count ? row->cells[column] : "";
        if (strcmp(before, cells[i].value) == 0)
            continue;
        struct correction *correction = ARENA_NEW(cx->mem, struct correction);
        *correction = (struct correction){column, cells[i].value, first};
        first = correction;
        text_printf(note, "%s%s：%s → %s", note->len ? "；" : "", plan->titles[column],
                    cell_words(cx, plan, column, before),
                    cell_words(cx, plan, column, cells[i].value));
    }
    return first;
}

static enum result mend_row(struct ctx *cx, const struct import *import, const struct plan *plan,
                            const struct cell_correction *cells, size_t count)
{
    struct import_row row;
    struct text note = text_new(cx->mem, 128);
    TRY(row_bad(cx, import->id, cells[0].row, &row));
    struct correction *corrections = corrections_of_row(cx, plan, &row, cells, count, &note);
    if (!corrections)
        return OK;
    trail_add(cx, "mend", &IMPORTS, import, "",
              arena_printf(cx->mem, "%s %d · %s", texts_get("imports.row", LANG_ZH), cells[0].row,
                           text_end(&note)));
    return row_correct(cx, import->id, cells[0].row, corrections);
}

static bool row_came_before(const struct cell_correction *cells, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (cells[i].row == cells[at].row)
            return true;
    return false;
}

enum result import_mend(struct ctx *cx, const struct import *before,
                        const struct cell_correction *corrections, size_t count)
{
    struct import after = *before;
    struct plan plan;
    TRY(demand_rest(cx, before));
    TRY(import_plan(cx, before, NULL, &plan));
    for (size_t i = 0; i < count; i++)
        if (plan_column_of(&plan, corrections[i].field) < 0)
            reject(cx, arena_printf(cx->mem, "cells.%zu.field", i), "unknown");
    if (!count)
        reject(cx, "cells", "required");
    TRY(rejected(cx));
    for (size_t i = 0; i < count; i++)
        if (!row_came_before(corrections, i))
            TRY(mend_row(cx, before, &plan, &corrections[i], count - i));
    return step(cx, before, &after, "recheck", IMPORT_CHECKING);
}

/* "人员 3、项目 2" */
static const char *creates_words(struct ctx *cx, const struct import *import)
{
    struct import_creates *creates;
    size_t count;
    struct text words = text_new(cx->mem, 64);
    import_creates(cx->mem, import, &creates, &count);
    for (size_t i = 0; i < count; i++)
        text_printf(&words, "%s%s %d", i ? texts_get("list.comma", cx->lang) : "",
                    texts_get(creates[i].resource, cx->lang), creates[i].count);
    return text_end(&words);
}

enum result import_start(struct ctx *cx, const struct import *before, bool good_rows, bool creates)
{
    struct import after = *before;
    TRY(demand_rest(cx, before));
    if (before->state != IMPORT_CHECKED && before->state != IMPORT_REFUSED)
        return fail(cx, CONFLICT, "import.not_checked", before->file_name);
    if (before->bad_rows && !good_rows)
        return fail(cx, CONFLICT, "import.has_bad_rows",
                    arena_printf(cx->mem, "%d", before->bad_rows));
    if (!before->good)
        return fail(cx, CONFLICT, "import.nothing");
    const char *made = creates_words(cx, before);
    if (*made && !creates)
        reject(cx, "create", "confirm_creates", made);
    TRY(rejected(cx));
    after.good_rows = good_rows;
    return step(cx, before, &after, "run", IMPORT_RUNNING);
}

/* ---- what comes along ---- */

const struct field IMPORT_CREATES_FIELDS[] = {
    FIELD(import_creates, resource),
    FIELD(import_creates, count),
    FIELD(import_creates, names),
    FIELDS_END,
};

/* [resource, count, [name, …], resource, …] */
const char *creates_write(struct arena *arena, const struct names *names)
{
    struct text text = text_new(arena, 256);
    struct json_writer json = {.out = &text};
    json_array(&json);
    for (int i = 0; i < names->link_count; i++) {
        const struct made *made = &names->made[i];
        size_t kept = 0;
        if (!made->count)
            continue;
        json_string(&json, made->link->resource->name);
        json_number(&json, made->count);
        json_array(&json);
        for (const struct name *name = made->first; name && kept < CREATES_MOST;
             name = name->next_wanted, kept++)
            json_string(&json, name->text);
        json_array_end(&json);
    }
    json_array_end(&json);
    return text_end(&text);
}

#define SHOWN_MOST 50

static void creates_read(struct json_reader *json, struct import_creates *out)
{
    int64_t count = 0;
    struct text names = text_new(json->arena, 256);
    if (json_next(json) == JSON_NUMBER)
        (void)json_int(json, &count);
    out->count = (int32_t)count;
    out->all = ARENA_ARRAY(json->arena, const char *, CREATES_MOST);
    enum json_token token = json_next(json);
    if (token == JSON_STRING) /* written before all of them were kept */
        out->names = json_text(json);
    if (token != JSON_ARRAY)
        return;
    while (json_next(json) == JSON_STRING && out->all_count < CREATES_MOST) {
        const char *name = out->all[out->all_count++] = json_text(json);
        if (out->shown < SHOWN_MOST)
            text_printf(&names, "%s%s", out->shown++ ? "、" : "", name);
    }
    out->names = text_end(&names);
}

void import_creates(struct arena *arena, const struct import *import, struct import_creates **out,
                    size_t *out_count)
{
    struct json_reader json;
    *out = ARENA_ARRAY(arena, struct import_creates, LINKS_MAX);
    *out_count = 0;
    json_start(&json, arena, import->creates, strlen(import->creates));
    if (json_next(&json) != JSON_ARRAY)
        return;
    while (*out_count < LINKS_MAX && json_next(&json) == JSON_STRING) {
        struct import_creates *made = &(*out)[(*out_count)++];
        *made = (struct import_creates){.resource = json_text(&json), .names = ""};
        creates_read(&json, made);
    }
}

enum result imports_sweep(struct ctx *cx)
{
    struct instant since = {cx->now.ms - KEPT_DAYS * DAY_MS};
    return db_change(cx, &q_import_rows_sweep, PARAMS(P(since)), NULL);
}
