/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/imports/row.h"

#include "app/records/record_web.h"
#include "base/texts.h"

#include <string.h>

#define SHOWN_CELL 40 /* characters of a wrong cell in the words about it */

/* ---- rows that are no data ---- */

static bool begins(const char *text, const char *beginning)
{
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

static bool is_aside_word(const char *key)
{
    static const char *const WORDS[] = {"合计",   "小计", "总计",   "累计",  "共计",  "本页合计",
                                        "制表",   "审核", "填报人", "编制",  "复核",  "批准",
                                        "负责人", "签字", "注:",    "备注:", "说明:", "total"};
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (begins(key, WORDS[i]))
            return true;
    return false;
}

static const struct cell *first_cell(const struct row *row, int *out_column)
{
    for (int i = 0; i < row->count; i++)
        if (*row->cells[i].text) {
            *out_column = i;
            return &row->cells[i];
        }
    return NULL;
}

/* Where the pages of a printed table were put one behind the other, its header comes again. */
static bool is_header(const struct plan *plan, const struct row *row)
{
    int same = 0;
    for (int i = 0; i < row->count; i++) {
        if (!*row->cells[i].text)
            continue;
        if (i >= plan->width || strcmp(row->cells[i].text, plan->titles[i]) != 0)
            return false;
        same++;
    }
    return same > 1;
}

enum row_kind row_kind(struct arena *arena, const struct plan *plan, const struct row *row)
{
    int column;
    const struct cell *first = first_cell(row, &column);
    if (!first)
        return ROW_BLANK;
    bool aside = is_aside_word(text_search_key(arena, first->text)) || is_header(plan, row);
    return aside ? ROW_ASIDE : ROW_DATA;
}

/* ---- cells ---- */

/* "—", "-", "/": an office's way to write nothing. */
static bool is_dash(const char *plain)
{
    static const char *const DASHES[] = {"-", "--", "---", "—",      "——",
                                         "–", "/",  "\\",  "\u2015", "\u2212"};
    for (size_t i = 0; i < sizeof DASHES / sizeof DASHES[0]; i++)
        if (strcmp(plain, DASHES[i]) == 0)
            return true;
    return false;
}

static unsigned choice_of_words(struct arena *arena, const struct import_choice *choice,
                                const struct field *field, const char *key)
{
    for (const char *at = choice->words; *at;) {
        size_t len = strcspn(at, "|");
        if (strcmp(text_search_key(arena, arena_copy(arena, at, len)), key) == 0)
            return choice_find(field->choices, choice->choice, strlen(choice->choice));
        at += len + (at[len] == '|');
    }
    return 0;
}

struct choosing {
    struct arena *arena;
    const struct import_spec *spec;
    struct lookup *known;
};

/* By the catalogue's labels in either language, then by the words of the spec. */
static unsigned choice_find_words(const struct choosing *choosing, const struct field *field,
                                  const char *text)
{
    struct arena *arena = choosing->arena;
    const char *key = text_search_key(arena, text);
    unsigned label = choice_of_label(arena, choosing->spec->resource, field, text);
    if (label)
        return label;
    for (const struct import_choice *choice = choosing->spec->choices; choice->field; choice++) {
        unsigned found = strcmp(choice->field, field->name) == 0
                             ? choice_of_words(arena, choice, field, key)
                             : 0;
        if (found)
            return found;
    }
    return 0;
}

#define NO_CHOICE (-1)

/* A file says the same few words over and over. */
static unsigned choice_by_words(const void *host, const struct field *field, const char *text)
{
    const struct choosing *choosing = host;
    struct slot *slot =
        lookup_at(choosing->known, arena_printf(choosing->arena, "%s=%s", field->name, text));
    if (!slot->number) {
        unsigned choice = choice_find_words(choosing, field, text);
        slot->number = choice ? (int64_t)choice : NO_CHOICE;
    }
    return slot->number == NO_CHOICE ? 0 : (unsigned)slot->number;
}

/* Why a cell cannot be read, by what it should hold. */
static const char *unreadable(const struct field *field, const char *verdict)
{
    static const char *const CODES[] = {
        [FIELD_MONEY] = "bad_amount", [FIELD_POINTS] = "bad_number", [FIELD_INT] = "bad_number",
        [FIELD_DATE] = "bad_date",    [FIELD_MONTH] = "bad_date",    [FIELD_INSTANT] = "bad_date",
        [FIELD_BOOL] = "bad_choice",  [FIELD_ENUM] = "bad_choice",   [FIELD_SET] = "bad_choice",
        [FIELD_SECRET] = NULL,
    };
    return strcmp(verdict, "malformed") == 0 && CODES[field->type] ? CODES[field->type] : verdict;
}

static const char *shown(struct arena *arena, const char *text)
{
    const char *end = text;
    int count = 0;
    for (; *end && count < SHOWN_CELL; count++)
        (void)utf8_next(&end);
    return arena_printf(arena, "%.*s%s", (int)(end - text), text, *end ? "…" : "");
}

#define DIGITS_KEPT 15 /* by a spreadsheet, of a number of any length */

/* A long number that went through a spreadsheet as a number: what stood behind its fifteenth digit
 * is gone for ever (440304198809261548 is kept as 440304198809261000, and shown as 4.40304E+17).
 * Nobody can tell it from one that ends in zeros by itself, so a person has to look. */
static bool digits_lost(struct arena *arena, const struct cell *cell)
{
    static const char DIGITS[] = "0123456789";
    const char *text = text_plain(arena, cell->text);
    const size_t whole = strspn(text, DIGITS);
    if (cell->mended)
        return false;
    if (whole && text[whole] == '.') {
        const size_t more = strspn(text + whole + 1, DIGITS);
        const char *power = text + whole + 1 + more;
        return more && (*power == 'E' || *power == 'e');
    }
    return whole > DIGITS_KEPT && !text[whole] &&
           (cell->number || strspn(text + DIGITS_KEPT, "0") == whole - DIGITS_KEPT);
}

static void read_value(struct ctx *cx, struct row_reading *reading, const struct field *field,
                       const char *text, bool number, void *record)
{
    const struct choosing choosing = {cx->mem, reading->spec, reading->choices};
    const struct field_reading how = {cx->mem, number, choice_by_words, &choosing};
    const char *verdict = field_read(field, text, &how, record);
    reading->filled |= UINT64_C(1) << (field - reading->spec->resource->fields);
    if (!verdict)
        return;
    const char *limit = field_limit(cx->mem, field, verdict);
    field_clear(field, record);
    reject(cx, field->name, unreadable(field, verdict),
           limit ? limit : shown(cx->mem, text_plain(cx->mem, text)));
}

/* An amount that names no unit has the table's. */
static const char *with_unit(struct arena *arena, const char *text, bool in_wan)
{
    const char *plain = text_plain(arena, text);
    size_t len = strlen(plain);
    bool bare = len && plain[len - 1] >= '0' && plain[len - 1] <= '9';
    return in_wan && bare ? arena_printf(arena, "%s万", plain) : text;
}

/* As the record itself would have it. */
static const char *name_written(struct arena *arena, const struct resource *resource,
                                const char *text)
{
    const struct field *title =
        field_find(resource->fields, resource->title, strlen(resource->title));
    void *record = arena_alloc(arena, resource->size);
    (void)field_read(title, text, &(struct field_reading){.arena = arena}, record);
    return *FIELD_AT(const char *, title, record);
}

static enum result read_name(struct ctx *cx, struct row_reading *reading,
                             const struct import_link *link, const struct field *field,
                             const char *text, void *record)
{
    struct name *name;
    TRY(name_find(cx, reading->names, link, name_written(cx->mem, link->resource, text), &name));
    reading->filled |= UINT64_C(1) << (field - reading->spec->resource->fields);
    *FIELD_AT(int64_t, field, record) = name->id;
    if (name->refusal)
        reject(cx, field->name, name->refusal, name->refusal_arg);
    else if (!name->id)
        reading->pending[reading->pending_count++] = (struct pending){field, link, name};
    return OK;
}

static enum result read_cell(struct ctx *cx, struct row_reading *reading, int index,
                             const struct cell *cell, void *record)
{
    const struct plan *plan = reading->plan;
    const struct import_column *column = plan->columns[index];
    const struct field *field = plan->fields[index];
    const char *text = cell->text, *second = "", *plain = text_plain(cx->mem, text);
    if (!*plain || is_dash(plain))
        return OK;
    if (column->meaning)
        text = column->meaning(cx->mem, text);
    if ((field->type == FIELD_TEXT || field->type == FIELD_SECRET) && digits_lost(cx->mem, cell)) {
        reject(cx, field->name, "digits_lost");
        return OK;
    }
    if (column->link)
        return read_name(cx, reading, column->link, field, text, record);
    if (column->split)
        column->split(cx->mem, text, &text, &second);
    if (field->type == FIELD_MONEY)
        text = with_unit(cx->mem, text, plan->in_wan[index]);
    if (*text)
        read_value(cx, reading, field, text, cell->number, record);
    if (*second)
        read_value(cx, reading, plan->also[index], second, false, record);
    return OK;
}

bool cell_is_rejected(const struct ctx *cx, const char *field)
{
    for (const struct field_fault *fault = cx->fault.fields; fault; fault = fault->next)
        if (strcmp(fault->field, field) == 0)
            return true;
    return false;
}

bool is_pending(const struct row_reading *reading, const char *field)
{
    for (int i = 0; i < reading->pending_count; i++)
        if (strcmp(reading->pending[i].field->name, field) == 0)
            return true;
    return false;
}

/* Fields that an import asks for although the resource would do without. */
static void demand_columns(struct ctx *cx, const struct row_reading *reading, const void *record)
{
    const struct field *fields = reading->spec->resource->fields;
    for (const struct import_column *column = reading->spec->columns; column->field; column++) {
        if (!column->missing || is_pending(reading, column->field) ||
            cell_is_rejected(cx, column->field))
            continue;
        const struct field *field = field_find(fields, column->field, strlen(column->field));
        if (field_is_none(field, record))
            reject(cx, column->field, column->missing);
    }
}

enum result row_read(struct ctx *cx, struct row_reading *reading, const struct row *row,
                     void *record)
{
    reading->pending_count = 0;
    reading->filled = 0;
    for (int i = 0; i < row->count && i < reading->plan->width; i++)
        if (reading->plan->columns[i])
            TRY(read_cell(cx, reading, i, &row->cells[i], record));
    demand_columns(cx, reading, record);
    return OK;
}
