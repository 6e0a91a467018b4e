/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/imports/plan.h"

#include "base/json.h"
#include "base/texts.h"

#include <string.h>

#define PREVIEW_CELL 60 /* characters */
#define WORDS_MAX 2000  /* of all columns of a resource */
#define MATCHES_LEAST 2

/* ---- the first rows ---- */

struct previewing {
    struct arena *mem;
    struct preview *preview;
};

static const char *shortened(struct arena *arena, const char *text)
{
    const char *end = text;
    for (int i = 0; i < PREVIEW_CELL && *end; i++)
        (void)utf8_next(&end);
    return arena_copy(arena, text, (size_t)(end - text));
}

/* NOT_FOUND ends the reading: enough was seen. */
static enum result preview_row(void *host, const struct row *row)
{
    struct previewing *previewing = host;
    struct preview *preview = previewing->preview;
    if (row->count == 0)
        return OK;
    struct preview_row *seen = &preview->rows[preview->count++];
    *seen = (struct preview_row){
        .number = row->number,
        .count = row->count,
        .cells = ARENA_ARRAY(previewing->mem, const char *, (size_t)row->count),
    };
    for (int i = 0; i < row->count; i++)
        seen->cells[i] = shortened(previewing->mem, row->cells[i].text);
    return preview->count == PREVIEW_ROWS ? NOT_FOUND : OK;
}

enum result preview_read(struct ctx *cx, const void *bytes, size_t len, struct preview *out)
{
    struct previewing previewing = {cx->mem, out};
    out->count = 0;
    enum result result = sheet_read(cx, bytes, len, preview_row, &previewing);
    return result == NOT_FOUND ? OK : result;
}

const struct preview_row *preview_find(const struct preview *preview, int number)
{
    for (int i = 0; i < preview->count; i++)
        if (preview->rows[i].number == number)
            return &preview->rows[i];
    return NULL;
}

const char *preview_write(struct arena *arena, const struct preview *preview)
{
    struct text text = text_new(arena, 4096);
    struct json_writer json = {.out = &text};
    json_array(&json);
    for (int i = 0; i < preview->count; i++) {
        json_array(&json);
        json_number(&json, preview->rows[i].number);
        for (int c = 0; c < preview->rows[i].count; c++)
            json_string(&json, preview->rows[i].cells[c]);
        json_array_end(&json);
    }
    json_array_end(&json);
    return text_end(&text);
}

/* Behind the bracket that opens the row. */
static bool parse_row(struct json_reader *json, struct preview_row *out)
{
    int64_t number;
    const char *cells[SHEET_COLUMNS];
    if (json_next(json) != JSON_NUMBER || !json_int(json, &number))
        return false;
    *out = (struct preview_row){.number = (int)number};
    enum json_token token = json_next(json);
    for (; token == JSON_STRING && out->count < SHEET_COLUMNS; token = json_next(json))
        cells[out->count++] = json_text(json);
    out->cells = ARENA_ARRAY(json->arena, const char *, (size_t)out->count);
    memcpy(out->cells, cells, (size_t)out->count * sizeof *cells);
    return token == JSON_ARRAY_END;
}

bool preview_parse(struct arena *arena, const char *text, struct preview *out)
{
    struct json_reader json;
    out->count = 0;
    json_start(&json, arena, text, strlen(text));
    if (json_next(&json) != JSON_ARRAY)
        return false;
    enum json_token token = json_next(&json);
    for (; token == JSON_ARRAY && out->count < PREVIEW_ROWS; token = json_next(&json))
        if (!parse_row(&json, &out->rows[out->count++]))
            return false;
    return token == JSON_ARRAY_END;
}

/* ---- header words ---- */

/* Lower-case, without blanks, brackets, colons and the star of what must be filled in. `cut`:
 * without what stands in brackets: 合同金额（元）. */
static const char *header_key(struct arena *arena, const char *cell, bool cut)
{
    const char *key = text_search_key(arena, cell);
    struct text out = text_new(arena, strlen(key) + 1);
    for (; *key && !(cut && *key == '('); key++)
        if (!strchr("():*,", *key))
            text_putc(&out, *key);
    return text_end(&out);
}

struct word {
    const char *key;
    const struct import_column *column;
};
struct words {
    struct arena *arena;
    struct word at[WORDS_MAX];
    size_t count;
};

static void add_word(struct words *words, const struct import_column *column, const char *word)
{
    if (word && *word && words->count < WORDS_MAX)
        words->at[words->count++] = (struct word){header_key(words->arena, word, false), column};
}

/* What tells a column: its own words, and the labels of its field, so that an export can be read
 * again. A column that holds two fields is known by its own words alone. */
static struct words *words_of(struct arena *arena, const struct import_spec *spec)
{
    struct words *words = ARENA_NEW(arena, struct words);
    words->arena = arena;
    for (const struct import_column *column = spec->columns; column->field; column++) {
        const char *label = arena_printf(arena, "%s.%s", spec->resource->name, column->field);
        for (const char *at = column->words; *at;) {
            size_t len = strcspn(at, "|");
            add_word(words, column, arena_copy(arena, at, len));
            at += len + (at[len] == '|');
        }
        for (int lang = 0; lang < LANG_COUNT && !column->also; lang++)
            add_word(words, column, texts_find(label, (enum lang)lang));
        add_word(words, column, column->also ? NULL : column->field);
    }
    return words;
}

static const struct import_column *column_known(const struct words *words, const char *cell)
{
    for (int cut = 0; cut < 2; cut++) {
        const char *key = header_key(words->arena, cell, cut);
        for (size_t i = 0; *key && i < words->count; i++)
            if (strcmp(words->at[i].key, key) == 0)
                return words->at[i].column;
    }
    return NULL;
}

/* ---- the plan ---- */

static bool holds(const struct import_column *column, const char *field)
{
    return strcmp(column->field, field) == 0 || (column->also && strcmp(column->also, field) == 0);
}

static bool is_taken(const struct plan *plan, const struct import_column *column)
{
    return plan_column_of(plan, column->field) >= 0 ||
           (column->also && plan_column_of(plan, column->also) >= 0);
}

/* Of two columns that may mean the same field the first counts. */
static int match_columns(const struct words *words, const struct preview_row *row,
                         struct plan *plan)
{
    int matches = 0;
    memset(plan->columns, 0, sizeof plan->columns);
    for (int i = 0; i < row->count; i++) {
        const struct import_column *column = column_known(words, row->cells[i]);
        if (column && !is_taken(plan, column)) {
            plan->columns[i] = column;
            matches++;
        }
    }
    return matches;
}

static const struct preview_row *find_header(const struct words *words,
                                             const struct preview *preview)
{
    const struct preview_row *header = NULL;
    struct plan tried;
    int most = MATCHES_LEAST - 1;
    for (int i = 0; i < preview->count; i++) {
        int matches = match_columns(words, &preview->rows[i], &tried);
        if (matches > most) {
            header = &preview->rows[i];
            most = matches;
        }
    }
    return header;
}

/* 单位：万元 above the table, or 合同金额（万元） in the header. */
static void find_units(struct arena *arena, const struct preview *preview, struct plan *plan)
{
    bool all = false;
    for (int i = 0; i < preview->count && preview->rows[i].number < plan->header_row; i++)
        for (int c = 0; c < preview->rows[i].count; c++)
            all = all || strstr(text_search_key(arena, preview->rows[i].cells[c]), "单位:万");
    for (int i = 0; i < plan->width; i++)
        plan->in_wan[i] = all || strstr(plan->titles[i], "万元");
}

static const struct field *field_named(const struct import_spec *spec, const char *name)
{
    return name ? field_find(spec->resource->fields, name, strlen(name)) : NULL;
}

/* Every row asks for them. */
static void find_fields(const struct import_spec *spec, struct plan *plan)
{
    for (int i = 0; i < plan->width; i++) {
        const struct import_column *column = plan->columns[i];
        plan->fields[i] = column ? field_named(spec, column->field) : NULL;
        plan->also[i] = column ? field_named(spec, column->also) : NULL;
    }
}

void plan_guess(struct arena *arena, const struct import_spec *spec, const struct preview *preview,
                int header_row, struct plan *out)
{
    struct words *words = words_of(arena, spec);
    const struct preview_row *header =
        header_row ? preview_find(preview, header_row) : find_header(words, preview);
    *out = (struct plan){.header_row = 0};
    if (!header)
        return;
    out->header_row = header->number;
    out->width = header->count;
    for (int i = 0; i < header->count; i++)
        out->titles[i] = header->cells[i];
    (void)match_columns(words, header, out);
    find_fields(spec, out);
    find_units(arena, preview, out);
}

/* ---- mappings ---- */

const char *column_name(struct arena *arena, const struct import_column *column)
{
    return column->also ? arena_printf(arena, "%s+%s", column->field, column->also) : column->field;
}

const char *plan_mapping(struct arena *arena, const struct plan *plan)
{
    struct text text = text_new(arena, 256);
    for (int i = 0; i < plan->width; i++) {
        if (i)
            text_putc(&text, ',');
        if (plan->columns[i])
            text_puts(&text, column_name(arena, plan->columns[i]));
    }
    return text_end(&text);
}

static const struct import_column *column_named(struct arena *arena, const struct import_spec *spec,
                                                const char *name)
{
    for (const struct import_column *column = spec->columns; column->field; column++)
        if (strcmp(column_name(arena, column), name) == 0)
            return column;
    return NULL;
}

void plan_map(struct arena *arena, const struct import_spec *spec, const char *mapping,
              struct plan *plan)
{
    memset(plan->columns, 0, sizeof plan->columns);
    for (int i = 0; i < plan->width; i++) {
        size_t len = strcspn(mapping, ",");
        plan->columns[i] = column_named(arena, spec, arena_copy(arena, mapping, len));
        mapping += len + (mapping[len] == ',');
    }
    find_fields(spec, plan);
}

int plan_column_of(const struct plan *plan, const char *field)
{
    for (int i = 0; i < SHEET_COLUMNS; i++)
        if (plan->columns[i] && holds(plan->columns[i], field))
            return i;
    return -1;
}
