/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The regulation on paper: each clause, where it stands and the figures behind it. */
#include "app/regulation/regulation_private.h"
#include "base/texts.h"
#include "paper/paper.h"

#include <string.h>

struct report {
    struct ctx *cx;
    struct regulation regulation;
    const char *scope; /* whose records it shows */
    const char *at;
};

static const char *words(const struct report *report, const char *key)
{
    return texts_get(key, report->cx->lang);
}

static const char *clause_state_words(const struct report *report, enum clause_state state)
{
    return words(report, arena_printf(report->cx->mem, "clauses.state.%s",
                                      choice_name(CLAUSE_STATES, state)));
}

/* "履行中的合同 12；无执行人 1": what is nothing is left out. */
static const char *figure_words(const struct report *report, const struct clause *clause)
{
    struct text text = text_new(report->cx->mem, 128);
    for (size_t i = 0; i < clause->figure_count; i++) {
        const struct figure *figure = &clause->figures[i];
        if (!figure->count)
            continue;
        text_printf(&text, "%s%s %d%s", text.len ? "\n" : "",
                    words(report, arena_printf(report->cx->mem, "figure.%s", figure->name)),
                    figure->count, figure->more ? "+" : "");
    }
    return text_end(&text);
}

static void facts(struct paper *paper, const struct report *report)
{
    struct paper_fact rows[4 + CLAUSE_IDLE];
    size_t count = 0;
    rows[count++] =
        (struct paper_fact){words(report, "regulation.report.scope"), report->scope, true};
    rows[count++] = (struct paper_fact){words(report, "regulation.report.by"),
                                        report->cx->actor->person_name, false};
    rows[count++] = (struct paper_fact){words(report, "regulation.report.at"), report->at, false};
    for (unsigned state = CLAUSE_MET; state <= CLAUSE_IDLE; state++)
        rows[count++] = (struct paper_fact){
            clause_state_words(report, state),
            arena_printf(report->cx->mem, "%d", regulation_count(&report->regulation, state)),
            false};
    paper_facts(paper, rows, count);
}

/* The clauses of one part, `first` behind it, as a table. */
static size_t part(struct paper *paper, const struct report *report, size_t first)
{
    const struct paper_column columns[] = {
        {words(report, "regulation.report.clause"), 10, PAPER_LEFT},
        {words(report, "regulation.report.rule"), 44, PAPER_LEFT},
        {words(report, "clauses.state"), 12, PAPER_LEFT},
        {words(report, "clauses.figures"), 34, PAPER_LEFT},
    };
    const struct regulation *regulation = &report->regulation;
    size_t i = first;
    paper_table_begin(paper, columns, sizeof columns / sizeof columns[0]);
    for (; i < regulation->count && regulation->clauses[i].level > 0; i++) {
        const struct clause *clause = &regulation->clauses[i];
        paper_row(paper,
                  (const char *const[]){clause->id,
                                        *clause->text ? arena_printf(report->cx->mem, "%s\n%s",
                                                                     clause->title, clause->text)
                                                      : clause->title,
                                        clause_state_words(report, clause->state),
                                        figure_words(report, clause)});
    }
    paper_table_end(paper);
    return i;
}

static enum result compose(struct paper *paper, void *host)
{
    const struct report *report = host;
    const struct regulation *regulation = &report->regulation;
    paper_title(paper, words(report, "regulation.report"));
    facts(paper, report);
    for (size_t i = 0; i < regulation->count;) {
        const struct clause *clause = &regulation->clauses[i];
        paper_heading(paper, arena_printf(report->cx->mem, "%s  %s", clause->id, clause->title));
        i = part(paper, report, i + 1);
    }
    paper_note(paper, words(report, "regulation.report.note"));
    return OK;
}

static enum result scope_of(struct ctx *cx, int64_t contract_id, const char **out)
{
    struct contract contract;
    const struct actor *actor = cx->actor;
    *out = actor->side != SIDE_CLIENT || !*actor->unit_name ? actor->organisation_name
                                                            : actor->unit_name;
    if (!contract_id)
        return OK;
    TRY(record_get(cx, &CONTRACTS, contract_id, &contract));
    *out = arena_printf(cx->mem, "%s %s", contract.number, contract.name);
    return OK;
}

enum result regulation_report(struct ctx *cx, int64_t contract_id, struct span *out)
{
    struct report report = {.cx = cx};
    char at[INSTANT_MAX_TEXT];
    instant_format(cx->now, at);
    report.at = arena_printf(cx->mem, "%.10s %.5s", at, at + 11); /* to the minute */
    TRY(scope_of(cx, contract_id, &report.scope));
    TRY(regulation_read(cx, contract_id, &report.regulation));
    return paper_bytes(cx,
                       &(struct paper_head){.title = texts_get("regulation.report", cx->lang),
                                            .made = cx->now,
                                            .form = PAPER_SHEET,
                                            .lang = cx->lang,
                                            .watermark = arena_printf(
                                                cx->mem, "%s %s", cx->actor->account, report.at)},
                       compose, &report, out);
}
