/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/imports/pass.h"

#include "app/imports/row.h"
#include "app/records/trail.h"
#include "base/hash.h"
#include "base/texts.h"

#include <string.h>

#define REMEMBERED_MOST ((size_t)200 << 20) /* keys and names */
#define PENDING_MOST ((size_t)32 << 20)     /* entries of the trail: then they are written */
#define GO_ON_ROWS 128

/* A row under judgement. */
struct judging {
    struct pass *pass;
    struct ctx *cx;
    struct row_reading reading;
    void *record;
    const char *key;
    bool unchanged;
};

static const struct field *key_field(const struct import_spec *spec)
{
    const char *key = spec->resource->import_key;
    return field_find(spec->resource->fields, key, strlen(key));
}

/* ---- known already? ---- */

/* Twice in the file: the first one counts. The fault's second argument is where that one stands. */
static void check_key(struct judging *judging, const struct row *row)
{
    struct ctx *cx = judging->cx;
    const struct import_spec *spec = judging->pass->spec;
    const struct field *field = key_field(spec);
    judging->key = *FIELD_AT(const char *, field, judging->record);
    if (!*judging->key || field_check(field, judging->record, true))
        return;
    struct slot *slot = lookup_at(judging->pass->keys, judging->key);
    if (slot->number)
        reject(cx, field->name, spec->taken, judging->key,
               arena_printf(cx->mem, "%lld", (long long)slot->number));
    else
        slot->number = row->number;
}

/* A second thing that nobody shares: two people of one identity number. */
static void check_once(struct judging *judging, const struct row *row)
{
    struct ctx *cx = judging->cx;
    const struct import_spec *spec = judging->pass->spec;
    const struct field *field =
        spec->once ? field_find(spec->resource->fields, spec->once, strlen(spec->once)) : NULL;
    const char *plain = field ? FIELD_AT(struct secret, field, judging->record)->plain : NULL;
    if (!plain || !*plain || cell_is_rejected(cx, spec->once))
        return;
    struct slot *slot =
        lookup_at(judging->pass->keys, arena_printf(cx->mem, "%s %s", spec->once, plain));
    if (slot->number)
        reject(cx, spec->once, spec->taken, "",
               arena_printf(cx->mem, "%lld", (long long)slot->number));
    else
        slot->number = row->number;
}

/* An export shows the mask: that is the same, too. */
static bool same_secret(struct ctx *cx, const struct field *field, const struct secret *written,
                        const struct secret *kept)
{
    const char *plain =
        *kept->sealed ? open_text(cx->mem, cx->keys, field->name, kept->sealed) : "";
    return plain &&
           (strcmp(plain, written->plain) == 0 || strcmp(kept->masked, written->plain) == 0);
}

/* The fields that the row gives another value than the record has; what a row does not say is left
 * as it is, and what is worked out from the others is shown otherwise than it is written. */
static const char *differences(struct judging *judging, const void *kept)
{
    struct ctx *cx = judging->cx;
    const struct field *fields = judging->pass->spec->resource->fields;
    struct text names = text_new(cx->mem, 64);
    for (const struct field *field = fields; field->name; field++) {
        if (!(judging->reading.filled >> (field - fields) & 1) || (field->use & DERIVED))
            continue;
        bool same = field->type == FIELD_SECRET
                        ? same_secret(cx, field, FIELD_AT(struct secret, field, judging->record),
                                      FIELD_AT(const struct secret, field, kept))
                        : field_equal(field, judging->record, kept);
        if (!same)
            text_printf(&names, "%s%s", names.len ? " " : "", field->name);
    }
    return text_end(&names);
}

static enum result compare_kept(struct judging *judging)
{
    struct ctx *cx = judging->cx;
    const struct import_spec *spec = judging->pass->spec;
    void *kept = arena_alloc(cx->mem, spec->resource->size);
    int64_t id;
    TRY(spec->find(cx, &judging->pass->names.importer, judging->key, &id));
    if (!id)
        return OK;
    enum result result = record_get(cx, spec->resource, id, kept);
    const char *differ = "";
    if (result == OK)
        differ = differences(judging, kept);
    else if (result == NOT_FOUND) /* somebody else's: that it is there is all that is said */
        cx->fault = (struct fault){.result = OK};
    else
        return result;
    judging->unchanged = result == OK && !*differ;
    if (!judging->unchanged)
        reject(cx, spec->resource->import_key, spec->taken, judging->key, differ);
    return OK;
}

/* ---- the rules ---- */

/* What is INVALID the faults say. */
static enum result heard(enum result verdict)
{
    return verdict == INVALID ? OK : verdict;
}

/* In a dry run all that is wrong is gathered; in an import the row's first fault is enough. */
static enum result judge_rules(struct judging *judging)
{
    struct ctx *cx = judging->cx;
    const bool found = cx->fault.fields != NULL;
    if (found && judging->pass->writes)
        return OK;
    if (judging->pass->writes && !judging->reading.pending_count)
        return heard(record_add(cx, judging->pass->spec->resource, judging->record));
    return heard(record_check(cx, judging->pass->spec->resource, judging->record));
}

/* Faults that say something of their own: one a field, none of a field whose record is still to be
 * made. What is required and not there is "missing" in a file. */
static void keep_own_faults(struct judging *judging)
{
    struct fault *fault = &judging->cx->fault;
    struct field_fault *all = fault->fields, *next;
    *fault = (struct fault){.result = OK};
    for (; all; all = next) {
        next = all->next;
        const bool required = strcmp(all->code, "required") == 0;
        if (cell_is_rejected(judging->cx, all->field) ||
            (required && is_pending(&judging->reading, all->field)))
            continue;
        if (required)
            all->code = "missing";
        all->next = NULL;
        if (fault->last)
            fault->last->next = all;
        else
            fault->fields = all;
        fault->last = all;
    }
}

/* The records that the row mentions and nobody has, then the row itself. */
static enum result write_pending(struct judging *judging)
{
    struct ctx *cx = judging->cx;
    struct row_reading *reading = &judging->reading;
    for (int i = 0; i < reading->pending_count; i++) {
        struct pending *pending = &reading->pending[i];
        if (!pending->name->id)
            TRY(name_make(cx, reading->names, pending->link, pending->name));
        *FIELD_AT(int64_t, pending->field, judging->record) = pending->name->id;
    }
    return record_add(cx, judging->pass->spec->resource, judging->record);
}

static enum result judge_row(struct judging *judging, const struct row *row)
{
    const struct import_spec *spec = judging->pass->spec;
    fields_blank(spec->resource->fields, judging->record);
    spec->begin(&judging->pass->names.importer, judging->record);
    TRY(row_read(judging->cx, &judging->reading, row, judging->record));
    if (spec->complete)
        spec->complete(judging->cx, judging->record);
    check_key(judging, row);
    check_once(judging, row);
    if (!judging->cx->fault.fields && *judging->key)
        TRY(compare_kept(judging));
    if (judging->unchanged)
        return OK;
    TRY(judge_rules(judging));
    keep_own_faults(judging);
    return OK;
}

/* ---- one row ---- */

static enum result take_bad(struct pass *pass, const struct row *row)
{
    const struct bad_row bad = {row, pass->cx->fault.fields};
    pass->bad++;
    if (pass->writes && !pass->good_rows) {
        pass->cx->fault = (struct fault){.result = OK};
        return fail(pass->cx, CONFLICT, "import.bad_rows",
                    arena_printf(pass->cx->mem, "%d", row->number));
    }
    enum result result = pass->bad_row ? pass->bad_row(pass->host, &bad) : OK;
    if (result == OK)
        pass->cx->fault = (struct fault){.result = OK};
    return result;
}

static enum result take_row(struct pass *pass, const struct row *row)
{
    struct judging judging = {
        .pass = pass,
        .cx = pass->cx,
        .reading = {.spec = pass->spec,
                    .plan = pass->plan,
                    .names = &pass->names,
                    .choices = pass->choices},
        .record = arena_alloc(pass->cx->mem, pass->spec->resource->size),
    };
    TRY(judge_row(&judging, row));
    if (pass->cx->fault.fields)
        return take_bad(pass, row);
    if (judging.unchanged) {
        pass->unchanged++;
        return OK;
    }
    pass->good++;
    for (int i = 0; i < judging.reading.pending_count; i++)
        name_want(&pass->names, judging.reading.pending[i].link, judging.reading.pending[i].name);
    return pass->writes && judging.reading.pending_count ? write_pending(&judging) : OK;
}

static struct row with_corrections(struct arena *arena, const struct row *row,
                                   const struct correction *correction)
{
    struct cell *cells = ARENA_ARRAY(arena, struct cell, SHEET_COLUMNS);
    struct row corrected = {row->number, cells, row->count};
    for (int i = 0; i < SHEET_COLUMNS; i++)
        cells[i] = i < row->count ? row->cells[i] : (struct cell){.text = ""};
    for (; correction; correction = correction->next) {
        cells[correction->column] = (struct cell){.text = correction->text, .mended = true};
        if (corrected.count <= correction->column)
            corrected.count = correction->column + 1;
    }
    return corrected;
}

/* ---- the file ---- */

struct running {
    struct pass *pass;
    const void *bytes;
    size_t len;
    struct arena_mark mark;
    size_t start; /* of cx's arena */
};

/* A dry run keeps nothing of a row. In an import the trail's entries wait for the end in cx, where
 * they would fill the memory: every so often they are written before it. */
static enum result give_back(struct running *running)
{
    struct ctx *cx = running->pass->cx;
    if (running->pass->writes) {
        if (arena_used(cx->mem) - running->start < PENDING_MOST)
            return OK;
        TRY(trail_flush(cx));
    }
    arena_rewind(cx->mem, running->mark);
    return OK;
}

static enum result data_row(struct pass *pass, const struct row *row)
{
    if (++pass->rows > IMPORT_ROWS_MOST)
        return fail(pass->cx, INVALID, "import.too_many_rows",
                    text_count(pass->cx->mem, IMPORT_ROWS_MOST));
    if (arena_used(pass->mem) > REMEMBERED_MOST)
        return fail(pass->cx, INVALID, "import.too_large",
                    text_size(pass->cx->mem, REMEMBERED_MOST));
    if (pass->go_on && pass->rows % GO_ON_ROWS == 0 && !pass->go_on(pass->host, pass->rows))
        return fail(pass->cx, BUSY, "import.stopped");
    const struct correction *corrections =
        pass->corrections ? pass->corrections(pass->host, row->number) : NULL;
    if (!corrections)
        return take_row(pass, row);
    const struct row corrected = with_corrections(pass->cx->mem, row, corrections);
    return take_row(pass, &corrected);
}

static enum result each_row(void *host, const struct row *row)
{
    struct running *running = host;
    struct pass *pass = running->pass;
    if (row->number <= pass->plan->header_row ||
        row_kind(pass->cx->mem, pass->plan, row) != ROW_DATA)
        return OK;
    TRY(data_row(pass, row));
    return give_back(running);
}

static enum result each_row_of_file(struct ctx *cx, void *host)
{
    const struct running *running = host;
    return sheet_read(cx, running->bytes, running->len, each_row, host);
}

enum result pass_run(struct pass *pass, const void *bytes, size_t len)
{
    struct importer importer;
    pass->rows = pass->good = pass->unchanged = pass->bad = 0;
    TRY(importer_find(pass->cx, pass->spec, pass->organisation_id, &importer));
    names_start(&pass->names, pass->mem, importer);
    pass->keys = lookup_new(pass->mem);
    pass->choices = lookup_new(pass->mem);
    struct running running = {.pass = pass,
                              .bytes = bytes,
                              .len = len,
                              .mark = arena_mark(pass->cx->mem),
                              .start = arena_used(pass->cx->mem)};
    TRY(db_snapshot(pass->cx, each_row_of_file, &running));
    return pass->rows ? OK : fail(pass->cx, INVALID, "import.no_rows");
}

/* ---- words ---- */

static const char *field_labels(struct arena *arena, const struct import_spec *spec,
                                const char *names, enum lang lang)
{
    struct text labels = text_new(arena, 64);
    for (; *names; names += strspn(names, " ")) {
        size_t len = strcspn(names, " ");
        const char *key = arena_printf(arena, "%s.%.*s", spec->resource->name, (int)len, names);
        text_puts(&labels, labels.len ? texts_get("list.comma", lang) : "");
        text_puts(&labels, texts_get(key, lang));
        names += len;
    }
    return text_end(&labels);
}

const char *row_fault_words(struct arena *arena, const struct import_spec *spec,
                            const struct field_fault *fault, enum lang lang)
{
    const char *words = field_fault_words(arena, fault, lang), *where = fault->args[1];
    if (strcmp(fault->code, spec->taken) != 0 || !where || !*where)
        return words;
    bool in_file = where[0] >= '0' && where[0] <= '9';
    const char *args[3] = {in_file ? where : field_labels(arena, spec, where, lang), NULL, NULL};
    return arena_printf(
        arena, "%s%s", words,
        texts_fill(arena, in_file ? "import.twice_in_file" : "import.differs", lang, args));
}
