/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* XLSX: relations lead from the package to the workbook and from there to its styles, shared
 * strings and sheets. Only the shared strings are kept; rows are handed out as they are read. */
#include "sheets/sheets_private.h"

#include <string.h>

#define MAP_MAX (4u << 20) /* of the workbook and of relations, which are kept */
#define STYLES_BYTES (64u << 20)
#define RELATIONS_MAX 4096
#define SHEETS_MAX 1024
#define STRINGS_MAX (4u << 20)
#define STRINGS_BYTES (64u << 20) /* of the strings, without the XML around them */
#define STYLES_MAX 65536u         /* of styles, and of the ids of number formats */
#define FORMATS_OWN 164u          /* numbers of formats below are built in */
#define ROW_LAST 1048576
#define COLUMN_LAST 16384

/* False when it is not a whole number up to `max`. */
static bool span_number(struct span s, uint32_t max, uint32_t *out)
{
    uint64_t value = 0;
    if (s.len == 0 || s.len > 10)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
        value = value * 10 + (uint64_t)(s.at[i] - '0');
    }
    *out = (uint32_t)value;
    return value <= max;
}

static bool span_true(struct span s)
{
    return span_is(s, "1") || span_is(s, "true");
}

/* ---- relations ---- */

struct relation {
    const char *id;
    const char *type; /* the last word of its address: officeDocument, worksheet, … */
    const char *path;
    struct relation *next;
};

struct relations {
    struct rows *rows;
    const char *folder; /* of the part whose relations they are: "xl/" */
    struct relation *first;
    int count;
};

static enum result relation_node(void *host, const struct node *node)
{
    struct relations *relations = host;
    if (!node_is(node, NODE_START, "Relationship"))
        return OK;
    if (++relations->count > RELATIONS_MAX)
        return rows_too_many(relations->rows, "sheet.too_many_parts", RELATIONS_MAX);
    struct span id = node_attribute(node, "Id");
    struct span type = node_attribute(node, "Type");
    struct span target = node_attribute(node, "Target");
    const char *slash = memrchr(type.at, '/', type.len);
    const char *word = slash ? slash + 1 : type.at;
    bool absolute = target.len > 0 && target.at[0] == '/';
    const char *folder = absolute ? "" : relations->folder;
    struct arena *mem = relations->rows->mem;
    struct relation *relation = ARENA_NEW(mem, struct relation);
    relation->id = arena_copy(mem, id.at, id.len);
    relation->type = arena_copy(mem, word, (size_t)(type.at + type.len - word));
    relation->path =
        arena_printf(mem, "%s%.*s", folder, (int)target.len - absolute, target.at + absolute);
    relation->next = relations->first;
    relations->first = relation;
    return OK;
}

/* `part`: "" for the package itself. */
static enum result relations_read(struct package *package, const char *part, struct relations *out)
{
    struct arena *mem = package->rows->mem;
    const char *slash = strrchr(part, '/');
    const char *name = slash ? slash + 1 : part;
    const char *folder = arena_copy(mem, part, (size_t)(name - part));
    *out = (struct relations){.rows = package->rows, .folder = folder};
    const char *path = arena_printf(mem, "%s_rels/%s.rels", folder, name);
    return package_has(package, path) ? package_walk(package, path, MAP_MAX, relation_node, out)
                                      : OK;
}

static const struct relation *relation_of_type(const struct relations *relations, const char *type)
{
    const struct relation *relation = relations->first;
    while (relation && strcmp(relation->type, type) != 0)
        relation = relation->next;
    return relation;
}

static const struct relation *relation_of_id(const struct relations *relations, const char *id)
{
    const struct relation *relation = relations->first;
    while (relation && strcmp(relation->id, id) != 0)
        relation = relation->next;
    return relation;
}

/* ---- the workbook ---- */

struct workbook {
    struct rows *rows;
    bool since_1904;
    int sheet_count;
    const char *sheets[SHEETS_MAX]; /* relation ids of the visible ones, in order */
};

static enum result workbook_node(void *host, const struct node *node)
{
    struct workbook *workbook = host;
    if (node_is(node, NODE_START, "workbookPr"))
        workbook->since_1904 = span_true(node_attribute(node, "date1904"));
    struct span state = node_attribute(node, "state");
    if (!node_is(node, NODE_START, "sheet") || span_is(state, "hidden") ||
        span_is(state, "veryHidden"))
        return OK;
    if (workbook->sheet_count == SHEETS_MAX)
        return rows_too_many(workbook->rows, "sheet.too_many_parts", SHEETS_MAX);
    struct span id = node_attribute(node, "id");
    workbook->sheets[workbook->sheet_count++] = arena_copy(workbook->rows->mem, id.at, id.len);
    return OK;
}

/* ---- styles: which of them show a date ---- */

struct styles {
    bool in_cell_formats;
    uint32_t count;
    bool format_dates[STYLES_MAX]; /* by id of the number format */
    bool dates[STYLES_MAX];        /* by style */
};

static enum result style_node(void *host, const struct node *node)
{
    struct styles *styles = host;
    uint32_t id;
    if (node->kind != NODE_TEXT && strcmp(node->name, "cellXfs") == 0)
        styles->in_cell_formats = node->kind == NODE_START;
    if (node->kind != NODE_START)
        return OK;
    if (strcmp(node->name, "numFmt") == 0) {
        if (span_number(node_attribute(node, "numFmtId"), STYLES_MAX - 1, &id))
            styles->format_dates[id] = format_code_is_date(node_attribute(node, "formatCode"));
    } else if (styles->in_cell_formats && strcmp(node->name, "xf") == 0) {
        bool known = span_number(node_attribute(node, "numFmtId"), STYLES_MAX - 1, &id);
        if (styles->count < STYLES_MAX)
            styles->dates[styles->count++] = known && styles->format_dates[id];
    }
    return OK;
}

static struct styles *styles_new(struct arena *mem)
{
    struct styles *styles = ARENA_NEW(mem, struct styles);
    for (unsigned id = 0; id < FORMATS_OWN; id++)
        styles->format_dates[id] = format_is_date(id);
    return styles;
}

/* ---- runs of text, of which strings and cells are made ---- */

struct run {
    struct text text;
    bool open;
    bool phonetic; /* how a text is pronounced; not a part of it */
};

static struct run run_new(struct arena *mem)
{
    struct run run = {.text = text_new(mem, 1024)};
    run.text.max = CELL_MAX;
    return run;
}

static void run_reset(struct run *run)
{
    run->open = run->phonetic = false;
    run->text.len = 0;
}

static void run_node(struct run *run, const struct node *node)
{
    if (node->kind == NODE_TEXT) {
        if (run->open)
            text_put(&run->text, node->text.at, node->text.len);
    } else if (strcmp(node->name, "rPh") == 0) {
        run->phonetic = node->kind == NODE_START;
    } else if (strcmp(node->name, "t") == 0 || strcmp(node->name, "v") == 0) {
        run->open = node->kind == NODE_START && !run->phonetic;
    }
}

static struct span text_span(const struct text *text)
{
    return (struct span){text->at, text->len};
}

/* ---- shared strings ---- */

struct strings {
    struct rows *rows;
    struct run run;
    struct text bytes;
    uint32_t count, room;
    uint32_t *ends; /* in `bytes` */
};

static void strings_grow(struct strings *strings)
{
    uint32_t room = strings->room ? strings->room * 2 : 1024;
    uint32_t *ends = ARENA_ARRAY(strings->rows->mem, uint32_t, room);
    if (strings->count)
        memcpy(ends, strings->ends, strings->count * sizeof *ends);
    strings->ends = ends;
    strings->room = room;
}

static enum result string_node(void *host, const struct node *node)
{
    struct strings *strings = host;
    if (!node_is(node, NODE_END, "si")) {
        run_node(&strings->run, node);
        return OK;
    }
    if (strings->run.text.full)
        return rows_fail(strings->rows, "sheet.broken");
    unescape(text_span(&strings->run.text), &strings->bytes);
    run_reset(&strings->run);
    if (strings->bytes.full || strings->count == STRINGS_MAX)
        return rows_too_many(strings->rows, "sheet.too_many_parts", STRINGS_MAX);
    if (strings->count == strings->room)
        strings_grow(strings);
    strings->ends[strings->count++] = (uint32_t)strings->bytes.len;
    return OK;
}

static struct span string_at(const struct strings *strings, uint32_t index)
{
    uint32_t start = index ? strings->ends[index - 1] : 0;
    return (struct span){strings->bytes.at + start, strings->ends[index] - start};
}

/* ---- a sheet ---- */

struct sheet {
    struct rows *rows;
    const struct strings *strings;
    const struct styles *styles;
    bool since_1904;
    bool inside; /* of sheetData: other parts of a sheet have rows and cells of their own */
    /* the cell being read */
    uint32_t column; /* from 1 */
    char type;       /* of its `t`: s b d n, or t for texts */
    bool date_style;
    struct run run;
    struct text value;
    struct text shown; /* of a day number */
};

static enum result sheet_broken(struct sheet *sheet)
{
    return rows_fail(sheet->rows, "sheet.broken");
}

static enum result row_start(struct sheet *sheet, const struct node *node)
{
    struct span written = node_attribute(node, "r");
    uint32_t number = (uint32_t)sheet->rows->number + 1;
    bool fine = written.len == 0 || span_number(written, ROW_LAST, &number);
    if (!fine || number <= (uint32_t)sheet->rows->number || number > ROW_LAST)
        return sheet_broken(sheet);
    rows_begin(sheet->rows, (int)number);
    sheet->column = 0;
    return OK;
}

/* The column of "AB12", from 1; 0 when it is none. */
static uint32_t reference_column(struct span reference)
{
    uint32_t column = 0;
    for (size_t i = 0; i < reference.len && i < 4; i++) {
        char c = reference.at[i];
        if (c < 'A' || c > 'Z')
            return column;
        column = column * 26 + (uint32_t)(c - 'A') + 1;
    }
    return 0;
}

static char type_letter(struct span type)
{
    static const char *const PLAIN[] = {"s", "b", "d", "n"};
    if (type.len == 0)
        return 'n';
    for (size_t i = 0; i < sizeof PLAIN / sizeof *PLAIN; i++)
        if (span_is(type, PLAIN[i]))
            return PLAIN[i][0];
    return 't'; /* str, inlineStr, e: their text is what the cell shows */
}

static enum result cell_start(struct sheet *sheet, const struct node *node)
{
    struct span reference = node_attribute(node, "r");
    sheet->column = reference.len ? reference_column(reference) : sheet->column + 1;
    if (sheet->column == 0 || sheet->column > COLUMN_LAST)
        return sheet_broken(sheet);
    uint32_t style;
    bool styled = span_number(node_attribute(node, "s"), STYLES_MAX - 1, &style);
    sheet->date_style = styled && sheet->styles->dates[style];
    sheet->type = type_letter(node_attribute(node, "t"));
    run_reset(&sheet->run);
    return OK;
}

static enum result cell_put(struct sheet *sheet, struct span text, enum cell_kind kind)
{
    return rows_cell(sheet->rows, sheet->column - 1, text, kind);
}

static enum result number_put(struct sheet *sheet, struct span written)
{
    if (!number_shortest(written, &sheet->value))
        return cell_put(sheet, written, CELL_TEXT);
    struct span number = text_span(&sheet->value);
    if (!sheet->date_style)
        return cell_put(sheet, number, CELL_NUMBER);
    enum cell_kind kind = serial_date(number, sheet->since_1904, &sheet->shown);
    return cell_put(sheet, kind == CELL_NUMBER ? number : text_span(&sheet->shown), kind);
}

/* 2026-03-01T00:00:00, as some programs write instead of a day number. */
static enum result iso_date_put(struct sheet *sheet, struct span written)
{
    struct date date;
    struct span day = {written.at, written.len < 10 ? written.len : 10};
    text_put(&sheet->value, day.at, day.len);
    bool is_date = date_parse(text_end(&sheet->value), &date);
    return cell_put(sheet, is_date ? day : written, is_date ? CELL_DATE : CELL_TEXT);
}

static enum result cell_end(struct sheet *sheet)
{
    struct span written = text_span(&sheet->run.text);
    uint32_t index;
    if (sheet->run.text.full)
        return sheet_broken(sheet);
    sheet->value.len = sheet->shown.len = 0;
    if (written.len == 0)
        return OK;
    switch (sheet->type) {
    case 's':
        if (sheet->strings->count == 0 || !span_number(written, sheet->strings->count - 1, &index))
            return sheet_broken(sheet);
        return cell_put(sheet, string_at(sheet->strings, index), CELL_TEXT);
    case 'b':
        return cell_put(sheet, span_true(written) ? SPAN("TRUE") : SPAN("FALSE"), CELL_TEXT);
    case 'd':
        return iso_date_put(sheet, written);
    case 'n':
        return number_put(sheet, written);
    default:
        unescape(written, &sheet->value);
        return cell_put(sheet, text_span(&sheet->value), CELL_TEXT);
    }
}

static enum result sheet_node(void *host, const struct node *node)
{
    struct sheet *sheet = host;
    if (node->kind != NODE_TEXT && strcmp(node->name, "sheetData") == 0)
        sheet->inside = node->kind == NODE_START;
    if (!sheet->inside)
        return OK;
    if (node_is(node, NODE_START, "row"))
        return row_start(sheet, node);
    if (node_is(node, NODE_END, "row"))
        return rows_end(sheet->rows);
    if (node_is(node, NODE_START, "c"))
        return cell_start(sheet, node);
    if (node_is(node, NODE_END, "c"))
        return cell_end(sheet);
    run_node(&sheet->run, node);
    return OK;
}

/* ---- all together ---- */

static enum result strings_read(struct package *package, const struct relations *relations,
                                struct strings *out)
{
    struct arena *mem = package->rows->mem;
    *out = (struct strings){.rows = package->rows, .run = run_new(mem)};
    out->bytes = text_new(mem, 4096);
    out->bytes.max = STRINGS_BYTES;
    const struct relation *relation = relation_of_type(relations, "sharedStrings");
    return relation ? package_walk(package, relation->path, UNPACKED_MAX, string_node, out) : OK;
}

static enum result styles_read(struct package *package, const struct relations *relations,
                               struct styles *out)
{
    const struct relation *relation = relation_of_type(relations, "styles");
    return relation ? package_walk(package, relation->path, STYLES_BYTES, style_node, out) : OK;
}

static enum result sheets_read(struct package *package, struct rows *rows,
                               const struct workbook *workbook, const struct relations *relations)
{
    struct styles *styles = styles_new(rows->mem);
    struct strings strings;
    TRY(styles_read(package, relations, styles));
    TRY(strings_read(package, relations, &strings));
    struct sheet sheet = {.rows = rows,
                          .strings = &strings,
                          .styles = styles,
                          .since_1904 = workbook->since_1904,
                          .run = run_new(rows->mem),
                          .value = text_new(rows->mem, 1024),
                          .shown = text_new(rows->mem, DATE_MAX_TEXT)};
    sheet.value.max = CELL_MAX;
    for (int i = 0; i < workbook->sheet_count && !rows->any; i++) {
        const struct relation *relation = relation_of_id(relations, workbook->sheets[i]);
        if (!relation)
            return rows_fail(rows, "sheet.broken");
        if (strcmp(relation->type, "worksheet") != 0)
            continue; /* a sheet that is a chart */
        rows_begin(rows, 0);
        TRY(package_walk(package, relation->path, UNPACKED_MAX, sheet_node, &sheet));
    }
    return OK;
}

static enum result package_read(struct package *package, struct rows *rows)
{
    struct relations relations;
    TRY(relations_read(package, "", &relations));
    const struct relation *document = relation_of_type(&relations, "officeDocument");
    if (!document)
        return fail(rows->cx, INVALID, "sheet.kind");
    struct workbook *workbook = ARENA_NEW(rows->mem, struct workbook);
    workbook->rows = rows;
    TRY(package_walk(package, document->path, MAP_MAX, workbook_node, workbook));
    if (workbook->sheet_count == 0)
        return fail(rows->cx, INVALID, "sheet.kind"); /* a text document, say */
    TRY(relations_read(package, document->path, &relations));
    return sheets_read(package, rows, workbook, &relations);
}

enum result xlsx_read(struct rows *rows, const void *bytes, size_t len)
{
    struct package package;
    TRY(package_open(rows, bytes, len, &package));
    enum result result = package_read(&package, rows);
    package_close(&package);
    return result;
}
