/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/agents/compare.h"

#include "app/agents/agent.sql.h"
#include "app/agents/agent_private.h"
#include "app/records/trail.h"
#include "base/texts.h"
#include "sheets/sheets.h"

#include <stdlib.h>
#include <string.h>

static const char *const KINDS[] = {"unknown_here", "open_there", "missing_there", "permissions",
                                    NULL};

const struct field THEIR_AGENT_FIELDS[] = {
    FIELD(their_agent, code, .in = MUST, .max = 20),
    FIELD_CHOICES(their_agent, permissions, AGENT_PERMISSIONS, .in = MAY),
    FIELD_ENUM(their_agent, state, AGENT_STATES, .in = MAY),
    FIELDS_END,
};
const struct field DIFFERENCE_FIELDS[] = {
    FIELD_ENUM(difference, kind, KINDS),
    FIELD(difference, code),
    FIELD(difference, person_name),
    FIELD_REF(difference, agent_id, "agents"),
    FIELD_CHOICES(difference, ours, AGENT_PERMISSIONS),
    FIELD_CHOICES(difference, theirs, AGENT_PERMISSIONS),
    FIELDS_END,
};

/* ---- their list as a sheet ---- */

struct reading {
    struct ctx *cx;
    const struct field *columns[SHEET_COLUMNS];
    int column_count; /* 0: the header was not read yet */
    struct their_agent *rows;
    size_t count;
};

static bool is_label(const char *key, const char *text)
{
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        const char *label = texts_find(key, (enum lang)lang);
        if (label && strcmp(label, text) == 0)
            return true;
    }
    return false;
}

static unsigned choice_labelled(const void *host, const struct field *field, const char *text)
{
    struct ctx *cx = (struct ctx *)(uintptr_t)host;
    for (unsigned i = 0; field->choices[i]; i++)
        if (is_label(arena_printf(cx->mem, "agents.%s.%s", field->name, field->choices[i]), text))
            return i + 1;
    return 0;
}

static enum result read_header(struct reading *reading, const struct row *row)
{
    struct ctx *cx = reading->cx;
    bool has_code = false;
    for (int i = 0; i < row->count; i++)
        for (const struct field *field = THEIR_AGENT_FIELDS; field->name; field++)
            if (strcmp(row->cells[i].text, field->name) == 0 ||
                is_label(arena_printf(cx->mem, "agents.%s", field->name), row->cells[i].text)) {
                reading->columns[i] = field;
                has_code = has_code || field == THEIR_AGENT_FIELDS;
            }
    reading->column_count = row->count;
    return has_code ? OK : fail(cx, INVALID, "compare.no_code");
}

static enum result read_row(void *host, const struct row *row)
{
    struct reading *reading = host;
    struct ctx *cx = reading->cx;
    const struct field_reading how = {
        .arena = cx->mem, .choice_by_label = choice_labelled, .host = cx};
    if (!row->count)
        return OK;
    if (!reading->column_count)
        return read_header(reading, row);
    if (reading->count == THEIR_AGENTS_MOST)
        return fail(cx, TOO_LARGE, "sheet.too_many_rows", text_count(cx->mem, THEIR_AGENTS_MOST));
    struct their_agent *theirs = &reading->rows[reading->count++];
    fields_blank(THEIR_AGENT_FIELDS, theirs);
    for (int i = 0; i < row->count && i < reading->column_count; i++) {
        const struct field *field = reading->columns[i];
        const char *text = arena_dup(cx->mem, row->cells[i].text);
        const char *code = field && *text ? field_read(field, text, &how, theirs) : NULL;
        if (code)
            reject(cx, arena_printf(cx->mem, "rows.%d.%s", row->number, field->name), code);
    }
    return OK;
}

enum result compare_read(struct ctx *cx, const void *bytes, size_t len, struct their_agent **out,
                         size_t *out_count)
{
    struct reading reading = {.cx = cx};
    reading.rows = ARENA_ARRAY(cx->mem, struct their_agent, THEIR_AGENTS_MOST);
    TRY(sheet_read(cx, bytes, len, read_row, &reading));
    TRY(rejected(cx));
    *out = reading.rows;
    *out_count = reading.count;
    return OK;
}

/* ---- ours beside theirs ---- */

struct comparing {
    const struct agent *ours;
    bool *seen; /* theirs has it, too */
    size_t count, difference_count;
    struct difference *differences;
    struct date today;
};

static int by_code(const void *key, const void *entry)
{
    return strcmp(key, ((const struct agent *)entry)->code);
}

static bool is_open(const struct comparing *comparing, const struct agent *agent)
{
    return agent->state == AGENT_ACTIVE && period_holds(agent->from, agent->to, comparing->today);
}

static void differ(struct comparing *comparing, enum difference_kind kind, const struct agent *ours,
                   const struct their_agent *theirs)
{
    comparing->differences[comparing->difference_count++] = (struct difference){
        .kind = kind,
        .code = theirs ? theirs->code : ours->code,
        .person_name = ours ? ours->person_name : "",
        .agent_id = ours ? ours->id : 0,
        .ours = ours ? ours->permissions : (struct set){0},
        .theirs = theirs ? theirs->permissions : (struct set){0},
    };
}

static void compare_one(struct comparing *comparing, const struct their_agent *theirs)
{
    const struct agent *ours = comparing->count
                                   ? bsearch(theirs->code, comparing->ours, comparing->count,
                                             sizeof *comparing->ours, by_code)
                                   : NULL;
    const bool open_there = theirs->state != AGENT_DISABLED;
    if (ours && open_there)
        comparing->seen[ours - comparing->ours] = true;
    if (!ours)
        differ(comparing, DIFFERENCE_UNKNOWN_HERE, NULL, theirs);
    else if (open_there && !is_open(comparing, ours))
        differ(comparing, DIFFERENCE_OPEN_THERE, ours, theirs);
    else if (open_there && theirs->permissions.bits &&
             theirs->permissions.bits != ours->permissions.bits)
        differ(comparing, DIFFERENCE_PERMISSIONS, ours, theirs);
}

static int by_kind(const void *a, const void *b)
{
    const struct difference *first = a, *second = b;
    if (first->kind != second->kind)
        return first->kind < second->kind ? -1 : 1;
    return strcmp(first->code, second->code);
}

enum result agents_compare(struct ctx *cx, int64_t contract_id, const struct their_agent *theirs,
                           size_t count, struct difference **out, size_t *out_count)
{
    struct comparing comparing = {.today = agents_today(cx)};
    struct contract contract;
    struct agent *ours;
    TRY(record_get(cx, &CONTRACTS, contract_id, &contract));
    TRY(db_list(cx, &q_agents_of_contract, PARAMS(P(contract_id)), AGENTS.fields, sizeof *ours,
                THEIR_AGENTS_MOST, &ours, &comparing.count));
    comparing.ours = ours;
    comparing.seen = ARENA_ARRAY(cx->mem, bool, comparing.count + 1);
    comparing.differences = ARENA_ARRAY(cx->mem, struct difference, comparing.count + count + 1);
    for (size_t i = 0; i < count; i++)
        compare_one(&comparing, &theirs[i]);
    for (size_t i = 0; i < comparing.count; i++)
        if (!comparing.seen[i] && is_open(&comparing, &ours[i]))
            differ(&comparing, DIFFERENCE_MISSING_THERE, &ours[i], NULL);
    qsort(comparing.differences, comparing.difference_count, sizeof *comparing.differences,
          by_kind);
    *out = comparing.differences;
    *out_count = comparing.difference_count;
    trail_add(cx, "compare", &CONTRACTS, &contract, "",
              arena_printf(cx->mem, "%zu", comparing.difference_count));
    return OK;
}
