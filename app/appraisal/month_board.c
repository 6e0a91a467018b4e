/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the month board shows: how much of what there is, and whom nothing was measured for. */
#include "app/appraisal/appraisal.sql.h"
#include "app/appraisal/month_private.h"

const struct field MONTH_FIGURE_FIELDS[] = {
    FIELD(month_figures, evidence),     FIELD(month_figures, undecided),
    FIELD(month_figures, late),         FIELD(month_figures, sheets),
    FIELD(month_figures, acknowledged), FIELD(month_figures, silent),
    FIELD(month_figures, waiting),      FIELD(month_figures, without_total),
    FIELD(month_figures, lacking),      FIELD(month_figures, appeals),
    FIELD(month_figures, appeals_open), FIELDS_END,
};

enum result month_figures(struct ctx *cx, const struct appraisal_month *month,
                          struct month_figures *out)
{
    return db_one(cx, &q_month_figures, PARAMS(P(month->id)), MONTH_FIGURE_FIELDS, out);
}

const struct field MONTH_MISSING_FIELDS[] = {
    FIELD_REF(month_missing, person_id, "people"),
    FIELD(month_missing, person_name),
    FIELD(month_missing, agent_code),
    FIELD(month_missing, indicators),
    FIELDS_END,
};

static const char *names_missing(struct ctx *cx, const struct trial *trial,
                                 const struct trial_row *row)
{
    struct text text = text_new(cx->mem, 64);
    for (size_t i = 0; i < trial->indicator_count; i++) {
        if (row->lines[i].nothing && trial->indicators[i].method != METHOD_VETO &&
            trial->indicators[i].method != METHOD_BONUS)
            text_printf(&text, "%s%s", text.len ? ", " : "", trial->indicators[i].name);
    }
    return text_end(&text);
}

const struct field MONTH_LACK_FIELDS[] = {
    FIELD(month_lack, indicator),
    FIELD(month_lack, measure),
    FIELD(month_lack, people),
    FIELD(month_lack, of),
    FIELDS_END,
};

static void count_lacks(const struct trial *trial, struct month_gaps *gaps)
{
    for (size_t at = 0; at < trial->indicator_count; at++) {
        const struct indicator *indicator = &trial->indicators[at];
        struct month_lack lack = {.indicator = indicator->name,
                                  .measure = indicator->measure,
                                  .of = (int32_t)trial->count};
        for (size_t i = 0; i < trial->count; i++)
            lack.people += trial->rows[i].lines[at].nothing;
        if (lack.people && indicator->method != METHOD_VETO && indicator->method != METHOD_BONUS)
            gaps->lacks[gaps->lack_count++] = lack;
    }
}

static enum result missing_by(struct ctx *cx, const struct appraisal_month *month,
                              const struct scheme *scheme, struct month_gaps *gaps)
{
    struct trial trial;
    TRY(scheme_trial(cx, scheme, month->month, &trial));
    struct month_missing *all =
        ARENA_ARRAY(cx->mem, struct month_missing, gaps->people_count + trial.count + 1);
    for (size_t i = 0; i < gaps->people_count; i++)
        all[i] = gaps->people[i];
    for (size_t i = 0; i < trial.count; i++) {
        const char *names = names_missing(cx, &trial, &trial.rows[i]);
        if (*names)
            all[gaps->people_count++] = (struct month_missing){
                trial.rows[i].subject_id, trial.rows[i].name, trial.rows[i].code, names};
    }
    gaps->people = all;
    count_lacks(&trial, gaps);
    return OK;
}

enum result month_missing(struct ctx *cx, const struct appraisal_month *month,
                          struct month_gaps *out)
{
    struct scheme *schemes;
    size_t count;
    *out =
        (struct month_gaps){.lacks = ARENA_ARRAY(cx->mem, struct month_lack, 2 * INDICATORS_MOST)};
    TRY(month_schemes(cx, month, &schemes, &count));
    for (size_t i = 0; i < count; i++)
        TRY(missing_by(cx, month, &schemes[i], out));
    return OK;
}
