/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/dashboard/dashboard.h"

#include "app/dashboard/dashboard.sql.h"
#include "app/evaluation/evaluation.h"

#include <stdlib.h>
#include <string.h>

#define UNITS_MOST 20000

const char *const OPEN_NAMES[] = {"duties", "defects",  "overdue_defects", "disputed",
                                  "told",   "objected", "retained",        NULL};
const char *const BOARD_BY[] = {"contracts", "supervision", NULL};

#define CALLED(called, member)                                                                     \
    {                                                                                              \
        .name = (called), .type = FIELD_TYPE_OF(((struct board_unit *)0)->member),                 \
        .offset = offsetof(struct board_unit, member), .json_key = {                               \
            ",\"" called "\":",                                                                    \
            sizeof(",\"" called "\":") - 1                                                         \
        }                                                                                          \
    }
#define OPEN_FIELD(called, kind) CALLED(called, open[kind].count)
#define OPEN_MONEY(called, kind) CALLED(called, open[kind].amount_fen)
#define BOARD_OPEN_FIELDS                                                                          \
    OPEN_FIELD("overdue_duties", OPEN_DUTIES), OPEN_FIELD("defects", OPEN_DEFECTS),                \
        OPEN_FIELD("overdue_defects", OPEN_OVERDUE_DEFECTS),                                       \
        OPEN_FIELD("disputed", OPEN_DISPUTED), OPEN_MONEY("disputed_fen", OPEN_DISPUTED),          \
        OPEN_FIELD("told", OPEN_TOLD), OPEN_MONEY("told_fen", OPEN_TOLD),                          \
        OPEN_FIELD("objected", OPEN_OBJECTED), OPEN_MONEY("objected_fen", OPEN_OBJECTED),          \
        OPEN_FIELD("retained", OPEN_RETAINED), OPEN_MONEY("retained_fen", OPEN_RETAINED)

const struct field BOARD_PROJECT_FIELDS[] = {
    FIELD_REF(board_unit, unit_id, "units"),
    FIELD(board_unit, unit_name),
    FIELD_REF(board_unit, division_id, "units"),
    FIELD(board_unit, contracts),
    FIELD(board_unit, amount_fen),
    FIELD_ENUM(board_unit, grade, GRADES),
    FIELD(board_unit, graded_to),
    BOARD_OPEN_FIELDS,
    FIELDS_END,
};
const struct field BOARD_DIVISION_FIELDS[] = {
    FIELD_REF(board_unit, unit_id, "units"),
    FIELD(board_unit, unit_name),
    FIELD(board_unit, projects),
    FIELD(board_unit, contracts),
    FIELD(board_unit, amount_fen),
    CALLED("excellent", grades[GRADE_EXCELLENT]),
    CALLED("good", grades[GRADE_GOOD]),
    CALLED("pass", grades[GRADE_PASS]),
    CALLED("fail", grades[GRADE_FAIL]),
    CALLED("ungraded", grades[0]),
    BOARD_OPEN_FIELDS,
    FIELDS_END,
};
const struct field FAILED_ITEM_FIELDS[] = {FIELD(failed_item, item_text),
                                           FIELD(failed_item, failed), FIELDS_END};

/* ---- projects and the divisions above them ---- */

struct project_row {
    int64_t unit_id;
    const char *unit_name, *path;
    int32_t contracts, worst, own;
    struct money amount_fen;
    struct date graded_to, own_graded_to;
};
static const struct field PROJECT_ROW_FIELDS[] = {
    FIELD(project_row, unit_id),       FIELD(project_row, unit_name),
    FIELD(project_row, path),          FIELD(project_row, contracts),
    FIELD(project_row, worst),         FIELD(project_row, own),
    FIELD(project_row, amount_fen),    FIELD(project_row, graded_to),
    FIELD(project_row, own_graded_to), FIELDS_END,
};

static enum result read_projects(struct ctx *cx, enum board_by by, struct board *out)
{
    struct project_row *rows;
    const char *from, *to;
    actor_paths(cx, &from, &to);
    TRY(db_list(cx, &q_dashboard_projects, PARAMS(P(cx->actor->organisation_id), P(from), P(to)),
                PROJECT_ROW_FIELDS, sizeof *rows, UNITS_MOST, &rows, &out->project_count));
    out->projects = ARENA_ARRAY(cx->mem, struct board_unit, out->project_count + 1);
    for (size_t i = 0; i < out->project_count; i++)
        out->projects[i] = (struct board_unit){
            .unit_id = rows[i].unit_id,
            .unit_name = rows[i].unit_name,
            .path = rows[i].path,
            .projects = 1,
            .contracts = rows[i].contracts,
            .amount_fen = rows[i].amount_fen,
            .grade = (enum grade)(by == BY_CONTRACTS ? rows[i].worst : rows[i].own),
            .graded_to = by == BY_CONTRACTS ? rows[i].graded_to : rows[i].own_graded_to,
        };
    return OK;
}

static const struct field DIVISION_ROW_FIELDS[] = {
    FIELD(board_unit, unit_id), FIELD(board_unit, unit_name), FIELD(board_unit, path), FIELDS_END};

static void add_to(struct board_unit *sum, const struct board_unit *project)
{
    sum->projects++;
    sum->contracts += project->contracts;
    sum->amount_fen.fen += project->amount_fen.fen;
    sum->grades[project->grade]++;
    for (int kind = 0; kind < OPEN_KINDS; kind++) {
        sum->open[kind].count += project->open[kind].count;
        sum->open[kind].amount_fen.fen += project->open[kind].amount_fen.fen;
    }
}

/* Both in the order of paths, in which a division stands right before what hangs under it; of
 * divisions in each other the innermost one counts. Those without projects are left out. */
static enum result sum_divisions(struct ctx *cx, struct board *out)
{
    struct board_unit *all, *none = ARENA_NEW(cx->mem, struct board_unit);
    size_t count, kept = 0;
    TRY(db_list(cx, &q_dashboard_divisions, PARAMS(P(cx->actor->organisation_id)),
                DIVISION_ROW_FIELDS, sizeof *all, UNITS_MOST, &all, &count));
    *none = (struct board_unit){.unit_name = "", .path = ""};
    for (size_t i = 0; i < out->project_count; i++) {
        struct board_unit *project = &out->projects[i], *division = none;
        for (size_t n = 0; n < count; n++)
            if (strncmp(project->path, all[n].path, strlen(all[n].path)) == 0)
                division = &all[n];
        project->division_id = division->unit_id;
        add_to(division, project);
        add_to(&out->whole, project);
    }
    out->divisions = ARENA_ARRAY(cx->mem, struct board_unit, count + 1);
    for (size_t n = 0; n < count; n++)
        if (all[n].projects)
            out->divisions[kept++] = all[n];
    if (none->projects)
        out->divisions[kept++] = *none;
    out->division_count = kept;
    return OK;
}

/* ---- what is open ---- */

struct open_row {
    const char *kind;
    int64_t unit_id;
    int32_t count;
    struct money amount_fen;
    bool placed; /* at a project */
};
struct open_rows {
    struct open_row *at;
    size_t count;
};
static const struct field OPEN_ROW_FIELDS[] = {FIELD(open_row, kind), FIELD(open_row, unit_id),
                                               FIELD(open_row, count), FIELD(open_row, amount_fen),
                                               FIELDS_END};

static int by_unit(const void *a, const void *b)
{
    const struct open_row *left = a, *right = b;
    return (left->unit_id > right->unit_id) - (left->unit_id < right->unit_id);
}

static void put_open(struct board_unit *unit, const struct open_row *row)
{
    for (int kind = 0; kind < OPEN_KINDS; kind++)
        if (strcmp(OPEN_NAMES[kind], row->kind) == 0) {
            unit->open[kind].count += row->count;
            unit->open[kind].amount_fen.fen += row->amount_fen.fen;
        }
}

static enum result read_open(struct ctx *cx, struct board *out, struct open_rows *rows)
{
    const char *from, *to;
    actor_paths(cx, &from, &to);
    TRY(db_list(cx, &q_dashboard_open,
                PARAMS(P(cx->actor->organisation_id), P(from), P(to), P(cx->now)), OPEN_ROW_FIELDS,
                sizeof *rows->at, UNITS_MOST * OPEN_KINDS, &rows->at, &rows->count));
    if (rows->count)
        qsort(rows->at, rows->count, sizeof *rows->at, by_unit);
    for (size_t i = 0; i < out->project_count && rows->count; i++) {
        const struct open_row key = {.unit_id = out->projects[i].unit_id};
        struct open_row *row = bsearch(&key, rows->at, rows->count, sizeof *rows->at, by_unit);
        while (row && row > rows->at && row[-1].unit_id == key.unit_id)
            row--;
        for (; row && row < rows->at + rows->count && row->unit_id == key.unit_id; row++) {
            put_open(&out->projects[i], row);
            row->placed = true;
        }
    }
    return OK;
}

/* What hangs at no project is a division's own, or the company's. */
static void put_rest(struct board *out, const struct open_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        const struct open_row *row = &rows->at[i];
        if (row->placed)
            continue;
        put_open(&out->whole, row);
        for (size_t n = 0; n < out->division_count && row->unit_id; n++)
            if (out->divisions[n].unit_id == row->unit_id)
                put_open(&out->divisions[n], row);
    }
}

/* ---- the whole ---- */

static enum result read_all(struct ctx *cx, enum board_by by, struct board *out)
{
    const struct month now = month_of(instant_date(cx->now, SHANGHAI_OFFSET_MIN));
    const struct month since = {now.months - BOARD_ITEM_MONTHS + 1};
    struct open_rows open;
    const char *from, *to;
    actor_paths(cx, &from, &to);
    TRY(read_projects(cx, by, out));
    TRY(read_open(cx, out, &open));
    TRY(sum_divisions(cx, out));
    put_rest(out, &open);
    TRY(project_months_summed(cx, (struct month){now.months - BOARD_MONTHS + 1}, now, out->months));
    TRY(db_list(
        cx, &q_dashboard_items,
        PARAMS(P(cx->actor->organisation_id), P(from), P(to), P(since), P(now), P(BOARD_ITEMS)),
        FAILED_ITEM_FIELDS, sizeof *out->items, BOARD_ITEMS, &out->items, &out->item_count));
    TRY(evaluation_month_last(cx, &out->ranked));
    return evaluation_ranking(cx, 0, out->ranked, &out->providers, &out->provider_count);
}

/* As if the actor were confined to that unit: every statement then is. */
static struct actor confined(struct ctx *cx, const struct unit *unit)
{
    struct actor actor = *cx->actor;
    char *path_to = arena_dup(cx->mem, unit->path);
    path_to[strlen(path_to) - 1] = '0';
    actor.is_system = actor.sees_company = false;
    actor.organisation_id = unit->organisation_id;
    actor.unit_id = unit->id;
    actor.unit_name = unit->name;
    actor.path_from = unit->path;
    actor.path_to = path_to;
    actor.is_leaf_unit = unit->kind == UNIT_PROJECT;
    return actor;
}

enum result board_read(struct ctx *cx, int64_t unit_id, enum board_by by, struct board *out)
{
    const struct actor *actor = cx->actor;
    struct actor inner;
    *out = (struct board){.unit = {.name = ""}};
    if (unit_id) {
        TRY(record_get(cx, &UNITS, unit_id, &out->unit));
        inner = confined(cx, &out->unit);
        cx->actor = &inner;
    }
    const enum result result = read_all(cx, by, out);
    cx->actor = actor;
    return result;
}

const struct right DASHBOARD_RIGHTS[] = {
    {"dashboard.read", R_SUPERVISION | R(AUDIT) | R(FINANCE), "V3.1"},
    RIGHTS_END,
};
