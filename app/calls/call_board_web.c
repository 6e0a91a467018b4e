/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* GET /call_board: the figures as a document, which the page's tables and charts show. */
#include "app/calls/call_board.h"
#include "app/calls/call_web.h"
#include "app/records/record_web.h"
#include "base/texts.h"

#include <string.h>

static const char *words_of(struct request *rq, const char *key)
{
    return texts_get(key, rq->cx.lang);
}

/* ---- the period ---- */

static enum result read_days(struct request *rq, struct call_period *out)
{
    struct date from, to;
    const char *from_text = query_text(rq, "from"), *to_text = query_text(rq, "to");
    if (!date_parse(from_text, &from))
        reject(&rq->cx, "from", *from_text ? "malformed" : "required");
    if (!date_parse(to_text, &to))
        reject(&rq->cx, "to", *to_text ? "malformed" : "required");
    TRY(rejected(&rq->cx));
    if (from.days > to.days || to.days - from.days >= BOARD_DAYS)
        reject(&rq->cx, "from", "span", "366");
    *out = period_of_days(from, to);
    return rejected(&rq->cx);
}

static enum result read_period(struct request *rq, struct call_period *out)
{
    const struct date today = instant_date(rq->cx.now, SHANGHAI_OFFSET_MIN);
    const char *text = query_text(rq, "month");
    struct month month = month_of(today);
    if (!*text && (*query_text(rq, "from") || *query_text(rq, "to")))
        return read_days(rq, out);
    if (*text && !month_parse(text, &month))
        reject(&rq->cx, "month", "malformed");
    TRY(rejected(&rq->cx));
    *out = period_of_month(month, today);
    return OK;
}

static void put_date(struct request *rq, const char *name, struct date date)
{
    char text[DATE_MAX_TEXT];
    date_format(date, text);
    doc_text(rq->doc, name, arena_dup(rq->cx.mem, text));
}

/* ---- figures ---- */

/* A percentage as text ("43.21"), as the API gives points; anything else a whole number. */
static void put_value(struct doc *doc, const char *name, const struct call_formula *formula,
                      const struct call_sums *sums)
{
    int64_t value;
    if (!formula_value(formula, sums, &value))
        doc_text(doc, name, NULL);
    else if (formula->unit == UNIT_PERCENT)
        doc_text(doc, name,
                 arena_printf(doc->arena, "%lld.%02lld", (long long)(value / 100),
                              (long long)(value % 100)));
    else
        doc_int(doc, name, value);
}

/* "+12.3%" of what it was; of percentages the difference, in points. */
static const char *change_words(struct request *rq, const struct call_formula *formula, int64_t now,
                                int64_t before)
{
    const bool is_rate = formula->unit == UNIT_PERCENT;
    const int64_t change = is_rate ? now - before : before ? (now - before) * 1000 / before : 0;
    const int64_t scale = is_rate ? 100 : 10, size = change < 0 ? -change : change;
    const char *sign = change < 0 ? "−" : "+";
    if (!is_rate && !before)
        return "";
    return arena_printf(rq->cx.mem, is_rate ? "%s%lld.%02lld%s" : "%s%lld.%lld%s", sign,
                        (long long)(size / scale), (long long)(size % scale),
                        words_of(rq, is_rate ? "call_board.points" : "call_board.percent"));
}

static struct doc *figure_doc(struct request *rq, const struct call_formula *formula,
                              const struct call_board *board)
{
    struct doc *doc = doc_new(rq->cx.mem);
    int64_t now, before;
    const bool has_now = formula_value(formula, &board->total, &now);
    const bool has_before = formula_value(formula, &board->before, &before);
    doc_text(doc, "name", formula->name);
    doc_int(doc, "version", formula->version);
    doc_text(doc, "unit", choice_name(FORMULA_UNITS, formula->unit));
    put_value(doc, "value", formula, &board->total);
    put_value(doc, "before", formula, &board->before);
    doc->page_only = true;
    doc_text(doc, "label", words_of(rq, arena_printf(rq->cx.mem, "call_board.%s", formula->name)));
    doc_text(doc, "words", formula_words(rq->cx.mem, formula, &board->total));
    doc_text(doc, "before_words", formula_words(rq->cx.mem, formula, &board->before));
    doc_text(doc, "formula", formula_text(rq->cx.mem, formula, true, rq->cx.lang));
    doc_text(doc, "change", has_now && has_before ? change_words(rq, formula, now, before) : "");
    doc->page_only = false;
    return doc;
}

static void put_figures(struct request *rq, const struct call_board *board)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, CALL_FORMULA_COUNT);
    for (size_t i = 0; i < CALL_FORMULA_COUNT; i++)
        docs[i] = figure_doc(rq, &CALL_FORMULAS[i], board);
    doc_docs(rq->doc, "figures", docs, CALL_FORMULA_COUNT);
}

/* ---- rows: what charts draw and tables say ---- */

static const char *const MEASURES[] = {"dials",        "connected", "success", "connect_rate",
                                       "success_rate", "talk_s",    NULL};

/* {key, dials, …}, and for the page the same in words. */
static struct doc *row_doc(struct request *rq, const char *key, const struct call_sums *sums)
{
    struct doc *doc = doc_new(rq->cx.mem), *words = doc_new(rq->cx.mem);
    doc_text(doc, "key", key);
    for (const char *const *name = MEASURES; *name; name++) {
        const struct call_formula *formula = call_formula(*name);
        put_value(doc, *name, formula, sums);
        doc_text(words, *name, formula_words(rq->cx.mem, formula, sums));
    }
    doc->page_only = true;
    doc_doc(doc, "words", words);
    doc->page_only = false;
    return doc;
}

static void put_days(struct request *rq, const struct call_period *period,
                     const struct call_board *board)
{
    const int count = period->to.days - period->from.days + 1;
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, (size_t)count);
    for (int i = 0; i < count; i++) {
        char text[DATE_MAX_TEXT];
        date_format(date_add(period->from, i), text);
        docs[i] = row_doc(rq, arena_dup(rq->cx.mem, text), &board->days[i]);
    }
    doc_docs(rq->doc, "by_day", docs, (size_t)count);
}

static void put_hours(struct request *rq, const struct call_board *board)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, 24);
    size_t count = 0;
    for (int hour = board->first_hour; hour <= board->last_hour; hour++)
        docs[count++] = row_doc(rq, arena_printf(rq->cx.mem, "%02d", hour), &board->hours[hour]);
    doc_docs(rq->doc, "by_hour", docs, count);
}

/* ---- the week: a row for each weekday, darker the more calls ---- */

#define SHADES 9

static int64_t busiest(const struct call_board *board)
{
    int64_t most = 1;
    for (int day = 0; day < 7; day++)
        for (int hour = 0; hour < 24; hour++)
            if (board->week[day][hour].at[SUM_DIALS] > most)
                most = board->week[day][hour].at[SUM_DIALS];
    return most;
}

static struct doc *weekday_doc(struct request *rq, const struct call_board *board, int day,
                               int64_t most)
{
    struct doc *doc = doc_new(rq->cx.mem), **cells = ARENA_ARRAY(rq->cx.mem, struct doc *, 24);
    size_t count = 0;
    for (int hour = board->first_hour; hour <= board->last_hour; hour++) {
        const struct call_sums *sums = &board->week[day][hour];
        struct doc *cell = row_doc(rq, arena_printf(rq->cx.mem, "%02d", hour), sums);
        cell->page_only = true;
        doc_int(cell, "shade", (sums->at[SUM_DIALS] * SHADES + most - 1) / most);
        cell->page_only = false;
        cells[count++] = cell;
    }
    doc_int(doc, "weekday", day + 1);
    doc->page_only = true;
    doc_text(doc, "label",
             words_of(rq, arena_printf(rq->cx.mem, "call_board.weekday.%d", day + 1)));
    doc->page_only = false;
    doc_docs(doc, "hours", cells, count);
    return doc;
}

static void put_week(struct request *rq, const struct call_board *board)
{
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, 7);
    const int64_t most = busiest(board);
    for (int day = 0; day < 7; day++)
        docs[day] = weekday_doc(rq, board, day, most);
    doc_docs(rq->doc, "by_weekday_hour", docs, 7);
}

/* ---- what may be chosen ---- */

static enum result put_choices(struct request *rq, const struct call_period *period)
{
    struct list_query query = {.limit = LIST_MOST, .sort = "id"};
    struct list list;
    const char *chosen = query_text(rq, "contract");
    (void)list_condition(&rq->cx, &CONTRACTS, "service", "outbound_call", &query);
    TRY(record_list(&rq->cx, &CONTRACTS, &query, &list));
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, list.count + 1);
    const struct contract *contracts = list.rows;
    for (size_t i = 0; i < list.count; i++) {
        docs[i] = doc_new(rq->cx.mem);
        doc_text(docs[i], "value", contracts[i].number);
        doc_text(docs[i], "label", contracts[i].name);
        doc_flag(docs[i], "selected", strcmp(contracts[i].number, chosen) == 0);
    }
    const bool by_days = !*query_text(rq, "month") && *query_text(rq, "from");
    char month[MONTH_MAX_TEXT];
    month_format(month_of(period->from), month);
    doc_docs(rq->doc, "contracts", docs, list.count);
    doc_flag(rq->doc, "contract_chosen", *chosen != '\0');
    doc_text(rq->doc, "month", by_days ? "" : arena_dup(rq->cx.mem, month));
    doc_flag(rq->doc, "by_days", by_days);
    return OK;
}

enum result call_board_get(struct request *rq)
{
    struct ctx *cx = &rq->cx;
    struct call_period *period = ARENA_NEW(cx->mem, struct call_period);
    struct call_board *board = ARENA_NEW(cx->mem, struct call_board);
    int64_t *contract_ids;
    size_t contracts;
    TRY(read_period(rq, period));
    TRY(call_contracts(cx, query_text(rq, "contract"), &contract_ids, &contracts));
    TRY(call_board_read(cx, contract_ids, contracts, period, board));
    put_date(rq, "from", period->from);
    put_date(rq, "to", period->to);
    put_date(rq, "before_from", period->before_from);
    put_date(rq, "before_to", period->before_to);
    put_figures(rq, board);
    put_days(rq, period, board);
    put_hours(rq, board);
    put_week(rq, board);
    doc_formulas(rq->doc, cx->lang);
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    TRY(put_choices(rq, period));
    if (*query_text(rq, "contract"))
        doc_int(rq->doc, "contract_id", contract_ids[0]); /* for links to what was counted */
    doc_flag(rq->doc, "any", board->total.at[SUM_DIALS] > 0);
    rq->doc->page_only = false;
    return OK;
}
