/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* GET /dashboard: the board of supervision. Every number leads to what it counts, and the chart
 * draws what its table says. */
#include "app/dashboard/dashboard_web.h"

#include "app/evaluation/evaluation.h"
#include "app/records/record_page.h"

#include <string.h>

#define PROVIDERS_SHOWN 10
#define FULL_TILES_MOST 150 /* more of them are drawn small */

/* ---- links to what is counted ---- */

/* Where what is open is listed, "/duties?state=overdue", and who may look there; behind a last "="
 * goes the time that it is now. */
static const struct {
    const char *right, *href;
} LISTS[OPEN_KINDS] = {
    [OPEN_DUTIES] = {"duties.read", "/duties?state=overdue"},
    [OPEN_DEFECTS] = {"rectifications.read", "/rectifications?state=issued,answered"},
    [OPEN_OVERDUE_DEFECTS] = {"rectifications.read", "/rectifications?state=issued&due_at_to="},
    [OPEN_DISPUTED] = {"settlements.read", "/settlements?state=disputed"},
    [OPEN_TOLD] = {"deduction_events.read",
                   "/deduction_events?state=told&settlement_id=none&object_by_from="},
    [OPEN_OBJECTED] = {"deduction_events.read", "/deduction_events?state=objected"},
    [OPEN_RETAINED] = {"settlements.read", "/settlements?keeps_back=true"},
};

/* "&unit_id_under=7" of a unit with what hangs under it; "" of everything. */
static const char *under(struct request *rq, int64_t unit_id)
{
    return unit_id ? arena_printf(rq->cx.mem, "&unit_id_under=%lld", (long long)unit_id) : "";
}

/* NULL: the reader may not look there. */
static const char *list_href(struct request *rq, enum open_kind kind, int64_t unit_id)
{
    char now[INSTANT_MAX_TEXT];
    const char *href = LISTS[kind].href;
    const size_t len = strlen(href);
    if (!actor_may(rq->cx.actor, LISTS[kind].right))
        return NULL;
    if (href[len - 1] == '=') { /* by the time that it is now */
        instant_format(rq->cx.now, now);
        href = arena_printf(rq->cx.mem, "%s%.19s%%2B08:00", href, now);
    }
    return arena_printf(rq->cx.mem, "%s%s", href, under(rq, unit_id));
}

/* A number with the list behind it. */
static struct doc *count_doc(struct request *rq, const struct board_unit *unit, enum open_kind kind)
{
    struct doc *doc = doc_new(rq->cx.mem);
    char amount[MONEY_MAX_TEXT] = "";
    money_format(unit->open[kind].amount_fen, true, amount);
    doc_text(doc, "label",
             word(rq, arena_printf(rq->cx.mem, "dashboard.open.%s", OPEN_NAMES[kind])));
    doc_int(doc, "count", unit->open[kind].count);
    doc_text(doc, "amount", unit->open[kind].amount_fen.fen ? arena_dup(rq->cx.mem, amount) : "");
    doc_flag(doc, "any", unit->open[kind].count > 0);
    if (unit->open[kind].count)
        doc_text(doc, "href", list_href(rq, kind, unit->unit_id));
    return doc;
}

static void put_counts(struct request *rq, struct doc *doc, const char *name,
                       const struct board_unit *unit, const enum open_kind *kinds, size_t count)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count + 1);
    for (size_t i = 0; i < count; i++)
        docs[i] = count_doc(rq, unit, kinds[i]);
    doc_docs(doc, name, docs, count);
}

/* ---- the map ---- */

static struct money at_risk(const struct board_unit *unit)
{
    return (struct money){
        unit->open[OPEN_DISPUTED].amount_fen.fen + unit->open[OPEN_TOLD].amount_fen.fen +
        unit->open[OPEN_OBJECTED].amount_fen.fen + unit->open[OPEN_RETAINED].amount_fen.fen};
}

static const char *money_words(struct request *rq, struct money money)
{
    char text[MONEY_MAX_TEXT];
    money_format(money, true, text);
    return arena_dup(rq->cx.mem, text);
}

static const char *grade_name(enum grade grade)
{
    return grade ? choice_name(GRADES, grade) : "none";
}

static const char *grade_words(struct request *rq, enum grade grade)
{
    return word(rq, grade ? arena_printf(rq->cx.mem, "schemes.grade.%s", grade_name(grade))
                          : "dashboard.ungraded");
}

/* Its area by what its contracts are worth, beside the largest: 1, 2, 4, 6 or 8 fields of the grid.
 */
static int tile_size(const struct board_unit *project, struct money most)
{
    static const int ABOVE[] = {75, 50, 25, 10}; /* per cent */
    for (int i = 0; i < 4; i++)
        if (project->amount_fen.fen * 100 > most.fen * ABOVE[i])
            return 5 - i;
    return 1;
}

static struct doc *tile_doc(struct request *rq, const struct board_unit *project, struct money most)
{
    struct doc *doc = doc_new(rq->cx.mem);
    doc_text(doc, "name", project->unit_name);
    doc_text(doc, "href",
             arena_printf(rq->cx.mem, "/dashboard?unit=%lld", (long long)project->unit_id));
    doc_text(doc, "grade", grade_name(project->grade));
    doc_text(doc, "words", grade_words(rq, project->grade));
    doc_int(doc, "size", tile_size(project, most));
    doc_text(doc, "amount", money_words(rq, project->amount_fen));
    doc_int(doc, "overdue", project->open[OPEN_DUTIES].count);
    return doc;
}

static struct money largest(const struct board *board)
{
    struct money most = {0};
    for (size_t i = 0; i < board->project_count; i++)
        if (board->projects[i].amount_fen.fen > most.fen)
            most = board->projects[i].amount_fen;
    return most;
}

/* How many projects stand at each grade, with the evaluations behind them. */
static void put_grades(struct request *rq, struct doc *doc, const struct board_unit *unit)
{
    static const enum grade ORDER[] = {GRADE_EXCELLENT, GRADE_GOOD, GRADE_PASS, GRADE_FAIL, 0};
    struct doc *docs[sizeof ORDER / sizeof ORDER[0]];
    for (size_t i = 0; i < sizeof ORDER / sizeof ORDER[0]; i++) {
        docs[i] = doc_new(rq->cx.mem);
        doc_text(docs[i], "grade", grade_name(ORDER[i]));
        doc_text(docs[i], "label", grade_words(rq, ORDER[i]));
        doc_int(docs[i], "count", unit->grades[ORDER[i]]);
        if (ORDER[i] && unit->grades[ORDER[i]] && actor_may(rq->cx.actor, "evaluations.read"))
            doc_text(docs[i], "href",
                     arena_printf(rq->cx.mem, "/evaluations?state=final&grade=%s%s",
                                  grade_name(ORDER[i]), under(rq, unit->unit_id)));
    }
    struct doc **kept = ARENA_ARRAY(rq->cx.mem, struct doc *, sizeof ORDER / sizeof ORDER[0]);
    memcpy(kept, docs, sizeof docs);
    doc_docs(doc, "grades", kept, sizeof ORDER / sizeof ORDER[0]);
}

/* Somebody of a project does not see its division. */
static bool is_within(const struct actor *actor, const struct board_unit *unit)
{
    return actor->sees_company ||
           strncmp(unit->path, actor->path_from, strlen(actor->path_from)) == 0;
}

static struct doc *division_doc(struct request *rq, const struct board *board,
                                const struct board_unit *division, struct money most)
{
    static const enum open_kind COLUMNS[] = {OPEN_DUTIES, OPEN_DEFECTS, OPEN_OVERDUE_DEFECTS};
    struct doc *doc = doc_new(rq->cx.mem);
    struct doc **tiles = ARENA_ARRAY(rq->cx.mem, struct doc *, (size_t)division->projects + 1);
    size_t count = 0;
    for (size_t i = 0; i < board->project_count; i++)
        if (board->projects[i].division_id == division->unit_id)
            tiles[count++] = tile_doc(rq, &board->projects[i], most);
    doc_text(doc, "name", division->unit_id ? division->unit_name : word(rq, "dashboard.outside"));
    if (division->unit_id && is_within(rq->cx.actor, division))
        doc_text(doc, "href",
                 arena_printf(rq->cx.mem, "/dashboard?unit=%lld", (long long)division->unit_id));
    doc_int(doc, "projects", division->projects);
    doc_int(doc, "contracts", division->contracts);
    doc_text(doc, "amount", money_words(rq, division->amount_fen));
    doc_text(doc, "risk", money_words(rq, at_risk(division)));
    doc_docs(doc, "tiles", tiles, count);
    put_grades(rq, doc, division);
    put_counts(rq, doc, "open", division, COLUMNS, sizeof COLUMNS / sizeof COLUMNS[0]);
    return doc;
}

static void put_map(struct request *rq, const struct board *board)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, board->division_count + 1);
    const struct money most = largest(board);
    for (size_t i = 0; i < board->division_count; i++)
        docs[i] = division_doc(rq, board, &board->divisions[i], most);
    doc_docs(rq->doc, "map", docs, board->division_count);
    int64_t rest = board->whole.open[OPEN_DUTIES].count; /* what no project owes */
    for (size_t i = 0; i < board->division_count; i++)
        rest -= board->divisions[i].open[OPEN_DUTIES].count;
    doc_int(rq->doc, "rest_duties", rest);
    doc_flag(rq->doc, "has_rest", rest > 0);
    doc_flag(rq->doc, "small_tiles", board->project_count > FULL_TILES_MOST);
    doc_flag(rq->doc, "any", board->project_count > 0);
    doc_flag(rq->doc, "several", board->division_count > 1);
}

/* ---- what fails, and how it goes ---- */

static void put_items(struct request *rq, const struct board *board)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, board->item_count + 1);
    const int32_t most = board->item_count ? board->items[0].failed : 1;
    for (size_t i = 0; i < board->item_count; i++) {
        docs[i] = doc_new(rq->cx.mem);
        doc_text(docs[i], "text", board->items[i].item_text);
        doc_int(docs[i], "failed", board->items[i].failed);
        doc_int(docs[i], "width", INT64_C(100) * board->items[i].failed / most);
    }
    doc_docs(rq->doc, "worst", docs, board->item_count);
    doc_flag(rq->doc, "may_rectify", actor_may(rq->cx.actor, "rectifications.read"));
    doc_text(rq->doc, "under", under(rq, board->unit.id));
}

/* Of a month, in hundredths; -1 where there is nothing to say it of. */
typedef int64_t (*month_value)(const struct project_month *month);

static int64_t share(int64_t part, int64_t whole)
{
    return whole > 0 ? points_share((struct points){10000}, part, whole).hundredths : -1;
}

static int64_t mean_total(const struct project_month *month)
{
    return month->evaluated
               ? points_share((struct points){1}, month->total.hundredths, month->evaluated)
                     .hundredths
               : -1;
}

static int64_t done_share(const struct project_month *month)
{
    return share(month->done, month->planned);
}

static int64_t passed_share(const struct project_month *month)
{
    return share(month->passed, month->passed + month->failed);
}

static int64_t rectified_share(const struct project_month *month)
{
    return share(month->rectified - month->rectified_late, month->rectifications);
}

static const struct {
    const char *name;
    month_value value;
} LINES[] = {{"total", mean_total},
             {"done", done_share},
             {"passed", passed_share},
             {"rectified", rectified_share}};
#define LINE_COUNT (sizeof LINES / sizeof LINES[0])

static void put_trend(struct request *rq, const struct board *board)
{
    struct doc **lines = ARENA_ARRAY(rq->cx.mem, struct doc *, LINE_COUNT);
    struct doc **months = ARENA_ARRAY(rq->cx.mem, struct doc *, BOARD_MONTHS);
    for (size_t i = 0; i < BOARD_MONTHS; i++) {
        char text[MONTH_MAX_TEXT];
        month_format(board->months[i].month, text);
        months[i] = doc_new(rq->cx.mem);
        doc_text(months[i], "month", arena_dup(rq->cx.mem, text));
    }
    for (size_t n = 0; n < LINE_COUNT; n++) {
        struct doc **cells = ARENA_ARRAY(rq->cx.mem, struct doc *, BOARD_MONTHS);
        for (size_t i = 0; i < BOARD_MONTHS; i++) {
            const int64_t value = LINES[n].value(&board->months[i]);
            char text[POINTS_MAX_TEXT] = "";
            if (value >= 0)
                points_format((struct points){value}, text);
            cells[i] = doc_new(rq->cx.mem);
            doc_text(cells[i], "value", arena_dup(rq->cx.mem, text));
        }
        lines[n] = doc_new(rq->cx.mem);
        doc_text(lines[n], "label",
                 word(rq, arena_printf(rq->cx.mem, "dashboard.line.%s", LINES[n].name)));
        doc_docs(lines[n], "cells", cells, BOARD_MONTHS);
    }
    doc_docs(rq->doc, "lines", lines, LINE_COUNT);
    doc_docs(rq->doc, "month_heads", months, BOARD_MONTHS);
}

/* ---- the page ---- */

static void put_providers(struct request *rq, const struct board *board)
{
    const bool may = actor_may(rq->cx.actor, "evaluations.read");
    const size_t count =
        board->provider_count < PROVIDERS_SHOWN ? board->provider_count : PROVIDERS_SHOWN;
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, count + 1);
    for (size_t i = 0; i < count; i++) {
        docs[i] = doc_new(rq->cx.mem);
        doc_record(docs[i], "row", RANKING_FIELDS, &board->providers[i]);
        if (may)
            doc_text(docs[i], "href",
                     arena_printf(rq->cx.mem, "/evaluations?provider_id=%lld&period=%s%s",
                                  (long long)board->providers[i].provider_id, board->ranked,
                                  under(rq, board->unit.id)));
    }
    doc_docs(rq->doc, "ranking", docs, count);
    doc_flag(rq->doc, "may_rank", actor_may(rq->cx.actor, "evaluations.rank"));
}

static void put_page(struct request *rq, const struct board *board, enum board_by by)
{
    static const enum open_kind RISKS[] = {OPEN_DISPUTED, OPEN_OBJECTED, OPEN_TOLD,
                                           OPEN_RETAINED, OPEN_DEFECTS,  OPEN_OVERDUE_DEFECTS,
                                           OPEN_DUTIES};
    struct doc *heads[] = {count_doc(rq, &board->whole, OPEN_DUTIES),
                           count_doc(rq, &board->whole, OPEN_DEFECTS)};
    doc_text(rq->doc, "title",
             board->unit.id             ? board->unit.name
             : *rq->cx.actor->unit_name ? rq->cx.actor->unit_name
                                        : rq->cx.actor->organisation_name);
    doc_flag(rq->doc, "confined", board->unit.id != 0);
    doc_flag(rq->doc, "by_supervision", by == BY_SUPERVISION);
    doc_doc(rq->doc, "head_duties", heads[0]);
    doc_doc(rq->doc, "head_defects", heads[1]);
    doc_text(rq->doc, "amount", money_words(rq, board->whole.amount_fen));
    doc_text(rq->doc, "risk", money_words(rq, at_risk(&board->whole)));
    doc_text(rq->doc, "by_contracts_href", link_with(rq, "by", NULL));
    doc_text(rq->doc, "by_supervision_href", link_with(rq, "by", "supervision"));
    put_grades(rq, rq->doc, &board->whole);
    put_counts(rq, rq->doc, "risks", &board->whole, RISKS, sizeof RISKS / sizeof RISKS[0]);
    put_map(rq, board);
    put_items(rq, board);
    put_providers(rq, board);
    put_trend(rq, board);
}

struct board_asked {
    int64_t unit;     /* a division or project that the board is confined to; 0: everything */
    enum board_by by; /* what units are graded by: their contracts, or their own evaluation */
};
static const struct field BOARD_QUERY[] = {
    FIELD_REF(board_asked, unit, "units", .in = MAY),
    FIELD_ENUM(board_asked, by, BOARD_BY, .in = MAY),
    FIELDS_END,
};

static enum result dashboard_get(struct request *rq)
{
    struct board *board = ARENA_NEW(rq->cx.mem, struct board);
    struct board_asked asked = {0};
    TRY(query_read(rq, BOARD_QUERY, &asked));
    const enum board_by by = asked.by ? asked.by : BY_CONTRACTS;
    TRY(board_read(&rq->cx, asked.unit, by, board));
    board->whole.unit_id = board->unit.id;
    doc_text(rq->doc, "by", BOARD_BY[by - 1]);
    if (board->unit.id)
        doc_int(rq->doc, "unit_id", board->unit.id);
    doc_record(rq->doc, "whole", BOARD_DIVISION_FIELDS, &board->whole);
    doc_records(rq->doc, "divisions", BOARD_DIVISION_FIELDS, board->divisions,
                board->division_count, sizeof *board->divisions);
    doc_records(rq->doc, "projects", BOARD_PROJECT_FIELDS, board->projects, board->project_count,
                sizeof *board->projects);
    doc_records(rq->doc, "items", FAILED_ITEM_FIELDS, board->items, board->item_count,
                sizeof *board->items);
    doc_records(rq->doc, "months", PROJECT_MONTH_FIELDS, board->months, BOARD_MONTHS,
                sizeof *board->months);
    doc_text(rq->doc, "ranked", board->ranked);
    doc_records(rq->doc, "providers", RANKING_FIELDS, board->providers, board->provider_count,
                sizeof *board->providers);
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    put_page(rq, board, by);
    rq->doc->page_only = false;
    return OK;
}

const struct route DASHBOARD_ROUTES[] = {
    {GET, "/dashboard", "dashboard.read", dashboard_get, "dashboard", .query = BOARD_QUERY,
     .nav = "dashboard"},
    ROUTES_END,
};
