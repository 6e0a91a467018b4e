/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A report on supervision on paper: as the division and the operations centre keep it. */
#include "app/supervision/supervision_web.h"

#include "app/records/export_log.h"
#include "app/records/paper_web.h"
#include "app/records/record_page.h"
#include "app/signatures/signature.h"

#include <string.h>

struct printing {
    struct request *rq;
    struct supervision_report report;
    struct report_figure *figures;
    size_t figure_count;
    struct signature *signatures;
    size_t signature_count;
};

static struct paper_fact fact(struct request *rq, const char *name, const void *report)
{
    const struct field *field = field_find(SUPERVISION_REPORTS.fields, name, strlen(name));
    return (struct paper_fact){field_label(rq, &SUPERVISION_REPORTS, field),
                               field_words(rq, &SUPERVISION_REPORTS, field, report), false};
}

static void compose_facts(struct paper *paper, const struct printing *printing)
{
    static const char *const NAMES[] = {"unit_name",   "month",    "revision", "state",
                                        "filed_by",    "filed_at", "receipt",  "received_by",
                                        "received_at", "noted_by", "noted_at", "correction"};
    struct paper_fact facts[sizeof NAMES / sizeof NAMES[0]];
    size_t count = 0;
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        const struct field *field =
            field_find(SUPERVISION_REPORTS.fields, NAMES[i], strlen(NAMES[i]));
        if (!field_is_none(field, &printing->report))
            facts[count++] = fact(printing->rq, NAMES[i], &printing->report);
    }
    paper_facts(paper, facts, count);
}

/* The figures of one section, `first` behind it. */
static size_t compose_section(struct paper *paper, const struct printing *printing, size_t first)
{
    struct request *rq = printing->rq;
    const struct report_figure *figures = printing->figures;
    const struct paper_column columns[] = {
        {word(rq, "supervision_reports.figure"), 60, PAPER_LEFT},
        {word(rq, "supervision_reports.count"), 40, PAPER_LEFT},
    };
    size_t i = first;
    paper_heading(paper, report_section_label(rq, &figures[first]));
    paper_table_begin(paper, columns, sizeof columns / sizeof columns[0]);
    for (; i < printing->figure_count && strcmp(figures[i].section, figures[first].section) == 0;
         i++)
        paper_row(paper, (const char *const[]){report_figure_label(rq, &figures[i]),
                                               report_figure_words(rq, &figures[i])});
    paper_table_end(paper);
    return i;
}

static void compose_signatures(struct paper *paper, const struct printing *printing)
{
    struct paper_signature shown[4];
    size_t count = 0;
    for (size_t i = 0; i < printing->signature_count && count < 4; i++) {
        const struct signature *signature = &printing->signatures[i];
        if (signature->valid)
            shown[count++] =
                (struct paper_signature){printing->report.unit_name, signature->person_name,
                                         signature->signed_at, signature->sha256};
    }
    if (count)
        paper_signatures(paper, shown, count);
}

static enum result compose(struct paper *paper, void *host)
{
    const struct printing *printing = host;
    struct request *rq = printing->rq;
    paper_title(paper, arena_printf(rq->cx.mem, "%s %s", printing->report.name,
                                    word(rq, "supervision_reports.one")));
    compose_facts(paper, printing);
    for (size_t i = 0; i < printing->figure_count;)
        i = compose_section(paper, printing, i);
    paper_heading(paper, word(rq, "supervision_reports.body"));
    if (*printing->report.body)
        paper_text(paper, printing->report.body);
    compose_signatures(paper, printing);
    paper_note(paper, word(rq, "supervision_reports.clause_note"));
    return OK;
}

enum result report_print_get(struct request *rq)
{
    struct printing *printing = ARENA_NEW(rq->cx.mem, struct printing);
    printing->rq = rq;
    struct supervision_report *report = &printing->report;
    TRY(record_of_path(rq, &SUPERVISION_REPORTS, report));
    TRY(report_figures(&rq->cx, report, &printing->figures, &printing->figure_count));
    TRY(signatures_list(&rq->cx, &SUPERVISION_REPORTS, report->id, &printing->signatures,
                        &printing->signature_count));
    TRY(export_note(&rq->cx, EXPORT_PRINT, &SUPERVISION_REPORTS, report, NULL, ""));
    return reply_paper(rq, (struct paper_head){.title = report->name, .form = PAPER_SHEET},
                       report->name, compose, printing);
}
