/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A month by a scheme: everybody's values, points, total, place and grade. Trials and sheets are
 * worked out here alone. */
#include "app/scores/scheme.h"

#include "app/scores/scheme.sql.h"
#include "app/scores/scheme_private.h"

#include <stdlib.h>
#include <string.h>

#define PEOPLE_MOST 20000 /* of one contract */

static given_source source;

void given_use(given_source of)
{
    source = of;
}

struct working {
    struct ctx *cx;
    const struct scheme *scheme;
    struct date from, to;
    struct trial *trial;
};

/* ---- whom it is about ---- */

static const struct field PERSON_FIELDS[] = {
    FIELD(trial_row, subject_id), FIELD(trial_row, name),
    FIELD(trial_row, code),       FIELD(trial_row, joined_on),
    FIELD(trial_row, since),      FIELD(trial_row, until),
    FIELD(trial_row, elsewhere),  FIELDS_END};

static enum result find_rows(struct working *working, const struct query *query,
                             struct params params)
{
    struct trial *out = working->trial;
    return db_list(working->cx, query, params, PERSON_FIELDS, sizeof *out->rows, PEOPLE_MOST,
                   &out->rows, &out->count);
}

/* A provider tries an evaluation scheme on its own contracts alone. */
static enum result find_below(struct working *working)
{
    const struct scheme *scheme = working->scheme;
    const struct actor *actor = working->cx->actor;
    const int64_t provider = actor->side == SIDE_PROVIDER ? actor->organisation_id : 0;
    const char *path;
    TRY(db_text(working->cx, &q_scheme_path, PARAMS(P(scheme->unit_id)), &path));
    if (scheme->subject == SCHEME_PROJECT)
        return find_rows(working, &q_trial_projects, PARAMS(P(path)));
    return find_rows(working, &q_trial_contracts,
                     PARAMS(P(path), P(choice_name(SERVICES, scheme->service)), P(working->from),
                            P(working->to), P(instant_of(working->from, 0, SHANGHAI_OFFSET_MIN)),
                            param_number(provider)));
}

static enum result find_subjects(struct working *working)
{
    const struct scheme *scheme = working->scheme;
    const struct date first = working->from, last = working->to;
    if (scheme_evaluates(scheme))
        return find_below(working);
    if (scheme->subject == SCHEME_MANAGER)
        return find_rows(working, &q_trial_managers,
                         PARAMS(P(scheme->provider_id), P(first), P(last), P(scheme->contract_id),
                                P(month_of(first))));
    return find_rows(working, &q_trial_agents, PARAMS(P(scheme->contract_id), P(first), P(last)));
}

/* ---- who is treated in another way ---- */

static int32_t all_days(const struct working *working)
{
    return working->to.days - working->from.days + 1;
}

static int32_t days_there(const struct working *working, const struct trial_row *row)
{
    const struct date first = working->from, last = working->to;
    const int32_t from = row->since.days > first.days ? row->since.days : first.days;
    const int32_t to = row->until.days && row->until.days < last.days ? row->until.days : last.days;
    return to < from ? 0 : to - from + 1;
}

static bool applies(const struct working *working, const struct scheme_option *option,
                    const struct trial_row *row)
{
    const int32_t whole = all_days(working);
    const int32_t worked = working->to.days - row->joined_on.days + 1;
    switch (option->who) {
    case WHO_TRANSFER:
        return row->elsewhere;
    case WHO_PART_MONTH:
    case WHO_TOO_SHORT:
        return row->days < (option->days && option->days < whole ? option->days : whole);
    default:
        return row->joined_on.days && worked < option->days;
    }
}

static void look_at_options(const struct working *working, struct trial_row *row)
{
    const struct trial *trial = working->trial;
    row->days = days_there(working, row);
    for (size_t i = 0; i < trial->option_count; i++) {
        const struct scheme_option *option = &trial->options[i];
        if (!applies(working, option, row))
            continue;
        row->options |= 1u << i;
        row->unranked = row->unranked || option->effect == EFFECT_UNRANKED;
        row->prorated = row->prorated || option->effect == EFFECT_PRORATE;
        row->left_out = row->left_out || option->effect == EFFECT_LEFT_OUT;
    }
}

/* ---- what was given beside ---- */

static enum result find_given(struct working *working)
{
    struct trial *trial = working->trial;
    struct given *given;
    size_t count, at = 0;
    if (!source || scheme_evaluates(working->scheme))
        return OK;
    TRY(source(working->cx, working->scheme->contract_id, month_of(working->from), &given, &count));
    for (size_t i = 0; i < trial->count; i++) {
        struct trial_row *row = &trial->rows[i];
        while (at < count && given[at].person_id < row->subject_id)
            at++;
        row->given = &given[at];
        for (; at < count && given[at].person_id == row->subject_id; at++)
            row->given_count++;
    }
    return OK;
}

static void sum_given(struct trial_row *row)
{
    for (size_t i = 0; i < row->given_count; i++) {
        if (row->given[i].kind == GIVEN_PENALTY)
            row->deducted.hundredths += row->given[i].points.hundredths;
        if (row->given[i].kind == GIVEN_ADJUSTMENT)
            row->adjusted.hundredths += row->given[i].points.hundredths;
    }
}

static void take_by_hand(const struct trial *trial, const struct indicator *indicator,
                         struct measured *values)
{
    for (size_t i = 0; i < trial->count; i++) {
        const struct trial_row *row = &trial->rows[i];
        for (size_t n = 0; n < row->given_count; n++) {
            if (row->given[n].kind == GIVEN_BY_HAND &&
                strcmp(row->given[n].indicator, indicator->code) == 0)
                values[i] = (struct measured){
                    .numerator = row->given[n].points.hundredths, .denominator = 100, .records = 1};
        }
    }
}

/* ---- what is measured ---- */

struct indicator indicator_prorated(const struct indicator *indicator, int32_t days, int32_t of)
{
    struct indicator part = *indicator;
    const struct measure *measure = measure_find(indicator->measure);
    const bool grows = measure && (measure->unit == IN_COUNT || measure->unit == IN_HOURS);
    const bool aims =
        indicator->method == METHOD_RATIO_CAP || indicator->method == METHOD_LINEAR_BASE_TARGET;
    if (!days || !of || !grows || !aims)
        return part;
    part.base = points_share(part.base, days, of);
    part.target = points_share(part.target, days, of);
    /* So few days that both are the same to the hundredth: as for all others. */
    return part.target.hundredths && part.target.hundredths != part.base.hundredths ? part
                                                                                    : *indicator;
}

/* One indicator's values into every row. */
static enum result measure_one(const struct working *working, const struct measuring *ask,
                               size_t at)
{
    struct ctx *cx = working->cx;
    struct trial *trial = working->trial;
    const struct indicator *indicator = &trial->indicators[at];
    const struct measure *measure = measure_find(indicator->measure);
    struct measured *values = ARENA_ARRAY(cx->mem, struct measured, trial->count + 1);
    if (indicator->method == METHOD_MANUAL)
        take_by_hand(trial, indicator, values);
    else if (measure && measure->of == scheme_measures(working->scheme->subject))
        TRY(measure->run(cx, ask, values));
    if (indicator->method == METHOD_RANK)
        rank_values(cx->mem, values, trial->count, indicator->fewer);
    for (size_t i = 0; i < trial->count; i++) {
        const struct trial_row *row = &trial->rows[i];
        const struct indicator asked =
            indicator_prorated(indicator, row->prorated ? row->days : 0, trial->days);
        trial->rows[i].values[at] = values[i];
        trial->rows[i].lines[at] = score_one(&asked, &values[i]);
    }
    return OK;
}

/* What there has to be before anything is graded, asked for by the scheme or not. */
static enum result measure_basis(const struct working *working, const struct measuring *ask)
{
    struct trial *trial = working->trial;
    const struct measure *measure;
    for (size_t i = 0; (measure = measure_at(i)) != NULL; i++) {
        struct measured *values = ARENA_ARRAY(working->cx->mem, struct measured, trial->count + 1);
        if (!measure->basis || measure->of != scheme_measures(working->scheme->subject))
            continue;
        TRY(measure->run(working->cx, ask, values));
        for (size_t at = 0; at < trial->count; at++)
            trial->rows[at].baseless = trial->rows[at].baseless || !is_measured(&values[at]);
    }
    return OK;
}

static enum result measure_all(const struct working *working)
{
    struct ctx *cx = working->cx;
    struct trial *trial = working->trial;
    int64_t *ids = ARENA_ARRAY(cx->mem, int64_t, trial->count + 1);
    for (size_t i = 0; i < trial->count; i++) {
        struct trial_row *row = &trial->rows[i];
        ids[i] = row->subject_id;
        row->values = ARENA_ARRAY(cx->mem, struct measured, trial->indicator_count + 1);
        row->lines = ARENA_ARRAY(cx->mem, struct scored, trial->indicator_count + 1);
        look_at_options(working, row);
        sum_given(row);
    }
    const struct measuring ask = {working->scheme->contract_id,
                                  working->from,
                                  working->to,
                                  ids,
                                  trial->count,
                                  trial->memo ? trial->memo
                                              : ARENA_NEW(cx->mem, struct measuring_memo)};
    for (size_t at = 0; at < trial->indicator_count; at++)
        TRY(measure_one(working, &ask, at));
    return measure_basis(working, &ask);
}

/* ---- total, place and grade ---- */

static int64_t standing(const struct trial_row *row)
{
    return row->score.empty ? -1 : row->score.total.hundredths;
}

static int best_first(const void *a, const void *b)
{
    const struct trial_row *left = a, *right = b;
    const int64_t one = standing(left), other = standing(right);
    if (one != other)
        return (one < other) - (one > other);
    const int order = strcmp(left->code, right->code);
    if (order)
        return order;
    const int named = strcmp(left->name, right->name);
    return named ? named
                 : (left->subject_id > right->subject_id) - (left->subject_id < right->subject_id);
}

/* What was measured, less what evidence took, with what was set right: from 0 up to the most that
 * the scheme can give. */
static void add_up(const struct trial *trial, struct trial_row *row)
{
    row->score = score_all(trial->indicators, row->lines, trial->indicator_count);
    row->score.empty = row->score.empty || row->left_out || (row->baseless && !row->score.vetoed);
    score_beside((struct points){row->adjusted.hundredths - row->deducted.hundredths}, &row->score);
}

static void grade_rows(struct trial *trial, const struct grade_from *grades, size_t grade_count)
{
    for (size_t i = 0; i < trial->count; i++) {
        struct trial_row *row = &trial->rows[i];
        add_up(trial, row);
        row->grade = row->score.empty ? 0 : grade_of(grades, grade_count, row->score.total);
        /* What vetoes a contract fails it, whatever else was measured or not (V5.1.4). */
        if (row->score.vetoed && !row->score.empty && trial->subject == SCHEME_CONTRACT)
            row->grade = GRADE_FAIL;
    }
}

/* Values that count by weight; what a person gives does where nothing is measured at all. */
static bool weighs(const struct trial *trial, size_t at, bool by_hand)
{
    const enum scoring_method method = trial->indicators[at].method;
    return method != METHOD_VETO && method != METHOD_BONUS && (method == METHOD_MANUAL) == by_hand;
}

static bool any_measured(const struct trial *trial)
{
    bool any = false;
    for (size_t i = 0; i < trial->indicator_count; i++)
        any = any || weighs(trial, i, false);
    return any;
}

/* Points that a policy gave to all alike are nobody's merit. */
static void know_rows(struct trial *trial)
{
    const bool by_hand = !any_measured(trial);
    for (size_t i = 0; i < trial->count; i++) {
        struct trial_row *row = &trial->rows[i];
        for (size_t at = 0; at < trial->indicator_count; at++)
            row->known =
                row->known || (weighs(trial, at, by_hand) && is_measured(&row->values[at]));
    }
}

const char *trial_blank(struct ctx *cx, const struct trial *trial)
{
    struct text text = text_new(cx->mem, 64);
    for (size_t at = 0; trial->count && at < trial->indicator_count; at++) {
        bool blank = weighs(trial, at, false);
        for (size_t i = 0; blank && i < trial->count; i++)
            blank = !is_measured(&trial->rows[i].values[at]);
        if (blank)
            text_printf(&text, "%s%s", text.len ? ", " : "", trial->indicators[at].name);
    }
    return text_end(&text);
}

static void place_rows(struct trial *trial)
{
    const struct trial_row *better = NULL;
    int32_t places = 0;
    if (trial->count)
        qsort(trial->rows, trial->count, sizeof *trial->rows, best_first);
    for (size_t i = 0; i < trial->count; i++) {
        struct trial_row *row = &trial->rows[i];
        if (row->score.empty || row->unranked || !row->known)
            continue;
        places++;
        row->rank = better && standing(better) == standing(row) ? better->rank : places;
        better = row;
    }
}

/* "calls.success@1" of each indicator. */
static const char **formulas(struct ctx *cx, const struct trial *trial)
{
    const char **names = ARENA_ARRAY(cx->mem, const char *, trial->indicator_count + 1);
    for (size_t i = 0; i < trial->indicator_count; i++) {
        const struct measure *measure = measure_find(trial->indicators[i].measure);
        names[i] = measure ? arena_printf(cx->mem, "%s@%d", measure->name, measure->version) : "";
    }
    return names;
}

static enum result measure_rows(const struct working *working)
{
    struct ctx *cx = working->cx;
    const struct scheme *scheme = working->scheme;
    struct trial *out = working->trial;
    struct grade_from *grades;
    size_t grade_count;
    struct indicator *indicators;
    struct scheme_option *options;
    out->subject = scheme->subject;
    out->days = all_days(working);
    TRY(scheme_indicators(cx, scheme, &indicators, &out->indicator_count));
    TRY(scheme_grades(cx, scheme, &grades, &grade_count));
    TRY(scheme_options(cx, scheme, &options, &out->option_count));
    out->indicators = indicators;
    out->options = options;
    out->formulas = formulas(cx, out);
    TRY(measure_all(working));
    grade_rows(out, grades, grade_count);
    return OK;
}

enum result scheme_trial(struct ctx *cx, const struct scheme *scheme, struct month month,
                         struct trial *out)
{
    struct working working = {cx, scheme, month_first(month), month_last(month), out};
    *out = (struct trial){0};
    TRY(scheme_demand_tried(cx, scheme));
    TRY(find_subjects(&working));
    TRY(find_given(&working));
    TRY(measure_rows(&working));
    know_rows(out);
    place_rows(out);
    return OK;
}

enum result scheme_score(struct ctx *cx, const struct scheme *scheme, struct date from,
                         struct date to, struct trial *out)
{
    const struct working working = {cx, scheme, from, to, out};
    return measure_rows(&working);
}

/* ---- beside another one ---- */

static int by_person(const void *a, const void *b)
{
    const struct trial_row *left = a, *right = b;
    return (left->subject_id > right->subject_id) - (left->subject_id < right->subject_id);
}

enum result scheme_trial_before(struct ctx *cx, const struct scheme *scheme, struct month month,
                                struct trial *out)
{
    struct scheme before;
    *out = (struct trial){0};
    if (scheme_evaluates(scheme))
        return OK;
    enum result found = scheme_for(cx, scheme->contract_id, scheme->subject, month, &before);
    if (found == NOT_FOUND)
        cx->fault = (struct fault){.result = OK};
    if (found == NOT_FOUND || (found == OK && before.id == scheme->id))
        return OK;
    TRY(found);
    TRY(scheme_trial(cx, &before, month, out));
    if (out->count)
        qsort(out->rows, out->count, sizeof *out->rows, by_person);
    return OK;
}

const struct trial_row *trial_person(const struct trial *trial, int64_t person_id)
{
    const struct trial_row key = {.subject_id = person_id};
    return trial->count ? bsearch(&key, trial->rows, trial->count, sizeof key, by_person) : NULL;
}
