/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A division's report: the sum of what its projects filed for the month, with their reports behind
 * each figure, and who filed none. */
#include "app/supervision/supervision_private.h"
#include "app/supervision/supervision_report.sql.h"
#include "base/doc.h"

#include <string.h>

#define PROJECTS_MOST 2000

struct below {
    int64_t unit_id, report_id;
    const char *figures;
    bool late;
};
static const struct field BELOW_FIELDS[] = {FIELD(below, unit_id), FIELD(below, report_id),
                                            FIELD(below, figures), FIELD(below, late), FIELDS_END};

/* The first section of a division's report: its projects and what they filed. */
enum { PROJECTS, FILED, LATE, MISSING, OWN_FIGURES };
static const struct {
    const char *name;
    const struct resource *resource;
    bool bad;
} OWN[OWN_FIGURES] = {
    [PROJECTS] = {"projects", &UNITS, false},
    [FILED] = {"filed", &SUPERVISION_REPORTS, false},
    [LATE] = {"late", &SUPERVISION_REPORTS, true},
    [MISSING] = {"missing", &UNITS, true},
};

/* A figure that grows while the projects pass. */
struct growing {
    struct report_figure figure;
    struct text records;
    int32_t behind;
    int64_t minutes; /* each average as often as it was counted */
};
struct summing {
    struct growing at[REPORT_FIGURES_MOST];
    size_t count;
};

static void put_record(struct growing *growing, int64_t id)
{
    if (growing->behind++ < REPORT_RECORDS_MOST)
        text_printf(&growing->records, "%s%lld", growing->records.len ? " " : "", (long long)id);
}

static struct growing *add_figure(struct ctx *cx, struct summing *summing, const char *section,
                                  const char *name, const struct resource *resource, bool bad)
{
    struct growing *growing = &summing->at[summing->count++];
    *growing = (struct growing){
        .figure = {.section = section, .name = name, .resource = resource->name, .bad = bad},
        .records = text_new(cx->mem, 64)};
    return growing;
}

static enum result begin_sums(struct ctx *cx, struct summing *summing)
{
    for (int i = 0; i < OWN_FIGURES; i++)
        (void)add_figure(cx, summing, "reports", OWN[i].name, OWN[i].resource, OWN[i].bad);
    for (size_t i = 0; report_section_at(i); i++)
        for (const struct report_figure_rule *rule = report_section_at(i)->figures; rule->name;
             rule++) {
            if (summing->count == REPORT_FIGURES_MOST)
                return fail(cx, BROKEN, "supervision_report.broken_rule", rule->name);
            (void)add_figure(cx, summing, report_section_at(i)->name, rule->name,
                             &SUPERVISION_REPORTS, rule->bad);
        }
    return OK;
}

static void count_own(struct summing *summing, int which, int64_t id)
{
    summing->at[which].figure.count++;
    put_record(&summing->at[which], id);
}

/* What a project filed; figures that nobody asks for any more are left out. */
static enum result add_report(struct ctx *cx, struct summing *summing, const struct below *below)
{
    struct report_figure *figures;
    size_t count;
    if (!json_rows_read(cx->mem, below->figures, REPORT_FIGURE_FIELDS, sizeof *figures,
                        REPORT_FIGURES_MOST, &figures, &count))
        return fail(cx, BROKEN, "supervision_report.broken_figures", "");
    for (size_t i = OWN_FIGURES; i < summing->count; i++) {
        struct report_figure *sum = &summing->at[i].figure;
        const char *name = arena_printf(cx->mem, "%s.%s", sum->section, sum->name);
        const struct report_figure *figure = report_figure_find(figures, count, name);
        if (!figure || !figure->count)
            continue;
        sum->count += figure->count;
        sum->amount_fen.fen += figure->amount_fen.fen;
        summing->at[i].minutes += (int64_t)figure->minutes * figure->count;
        put_record(&summing->at[i], below->report_id);
    }
    return OK;
}

static enum result add_project(struct ctx *cx, struct summing *summing, const struct below *below)
{
    count_own(summing, PROJECTS, below->unit_id);
    if (!below->report_id) {
        count_own(summing, MISSING, below->unit_id);
        return OK;
    }
    count_own(summing, FILED, below->report_id);
    if (below->late)
        count_own(summing, LATE, below->report_id);
    return add_report(cx, summing, below);
}

enum result figures_sum(struct ctx *cx, const struct unit *unit, struct month month,
                        struct report_figure **out, size_t *out_count)
{
    struct summing *summing = ARENA_NEW(cx->mem, struct summing);
    struct below *projects;
    char *path_to = arena_dup(cx->mem, unit->path);
    size_t count;
    path_to[strlen(path_to) - 1] = '0';
    TRY(begin_sums(cx, summing));
    TRY(db_list(cx, &q_reports_below,
                PARAMS(P(unit->path), P(path_to), P(month), P(month_last(month)),
                       P(day_begin(month_first(month)))),
                BELOW_FIELDS, sizeof *projects, PROJECTS_MOST, &projects, &count));
    for (size_t i = 0; i < count; i++)
        TRY(add_project(cx, summing, &projects[i]));
    *out = ARENA_ARRAY(cx->mem, struct report_figure, summing->count);
    *out_count = summing->count;
    for (size_t i = 0; i < summing->count; i++) {
        struct growing *growing = &summing->at[i];
        growing->figure.records = text_end(&growing->records);
        if (growing->figure.count)
            growing->figure.minutes = (int32_t)(growing->minutes / growing->figure.count);
        (*out)[i] = growing->figure;
    }
    return OK;
}
