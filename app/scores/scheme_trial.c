/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A month by a scheme: everybody's values, points, total, place and grade. Trials and sheets are
 * worked out here alone. */
#include "app/scores/scheme.h"

#include "app/scores/scheme.sql.h"

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
    struct month month;
    struct trial *trial;
};

/* ---- whom it is about ---- */

static const struct field PERSON_FIELDS[] = {
    FIELD(trial_row, person_id), FIELD(trial_row, name),
    FIELD(trial_row, code),      FIELD(trial_row, joined_on),
    FIELD(trial_row, since),     FIELD(trial_row, until),
    FIELD(trial_row, elsewhere), FIELDS_END};

static enum result find_people(struct working *working)
{
    const struct scheme *scheme = working->scheme;
    const struct date first = month_first(working->month), last = month_last(working->month);
    struct trial *out = working->trial;
    if (scheme->subject == SCHEME_MANAGER)
        return db_list(working->cx, &q_trial_managers,
                       PARAMS(P(scheme->provider_id), P(first), P(last)), PERSON_FIELDS,
                       sizeof *out->rows, PEOPLE_MOST, &out->rows, &out->count);
    return db_list(working->cx, &q_trial_agents,
                   PARAMS(P(scheme->contract_id), P(first), P(last),
                          P(instant_of(first, 0, SHANGHAI_OFFSET_MIN))),
                   PERSON_FIELDS, sizeof *out->rows, PEOPLE_MOST, &out->rows, &out->count);
}

/* ---- who is treated in another way ---- */

static int32_t month_days(struct month month)
{
    return month_last(month).days - month_first(month).days + 1;
}

static int32_t days_there(const struct trial_row *row, struct month month)
{
    const struct date first = month_first(month), last = month_last(month);
    const int32_t from = row->since.days > first.days ? row->since.days : first.days;
    const int32_t to = row->until.days && row->until.days < last.days ? row->until.days : last.days;
    return to < from ? 0 : to - from + 1;
}

static bool applies(const struct scheme_option *option, const struct trial_row *row,
                    struct month month)
{
    const int32_t whole = month_days(month);
    const int32_t worked = month_last(month).days - row->joined_on.days + 1;
    switch (option->who) {
    case WHO_TRANSFER:
        return row->elsewhere;
    case WHO_PART_MONTH:
        return row->days < (option->days && option->days < whole ? option->days : whole);
    default:
        return row->joined_on.days && worked < option->days;
    }
}

static void look_at_options(const struct working *working, struct trial_row *row)
{
    const struct trial *trial = working->trial;
    row->days = days_there(row, working->month);
    for (size_t i = 0; i < trial->option_count; i++) {
        const struct scheme_option *option = &trial->options[i];
        if (!applies(option, row, working->month))
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
    if (!source)
        return OK;
    TRY(source(working->cx, working->scheme->contract_id, working->month, &given, &count));
    for (size_t i = 0; i < trial->count; i++) {
        struct trial_row *row = &trial->rows[i];
        while (at < count && given[at].person_id < row->person_id)
            at++;
        row->given = &given[at];
        for (; at < count && given[at].person_id == row->person_id; at++, row->given_count++) {
            if (given[at].kind == GIVEN_PENALTY)
                row->deducted.hundredths += given[at].points.hundredths;
            if (given[at].kind == GIVEN_ADJUSTMENT)
                row->adjusted.hundredths += given[at].points.hundredths;
        }
    }
    return OK;
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

/* What is asked of somebody who was there for a part of the month. */
static struct indicator prorated(const struct working *working, const struct indicator *indicator,
                                 const struct measure *measure, const struct trial_row *row)
{
    struct indicator part = *indicator;
    const bool grows = measure && (measure->unit == IN_COUNT || measure->unit == IN_HOURS);
    const bool aims =
        indicator->method == METHOD_RATIO_CAP || indicator->method == METHOD_LINEAR_BASE_TARGET;
    if (!row->prorated || !row->days || !grows || !aims)
        return part;
    part.base = points_share(part.base, row->days, month_days(working->month));
    part.target = points_share(part.target, row->days, month_days(working->month));
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
    else if (measure)
        TRY(measure->run(cx, ask, values));
    if (indicator->method == METHOD_RANK)
        rank_values(cx->mem, values, trial->count, indicator->fewer);
    for (size_t i = 0; i < trial->count; i++) {
        const struct indicator asked = prorated(working, indicator, measure, &trial->rows[i]);
        trial->rows[i].values[at] = values[i];
        trial->rows[i].lines[at] = score_one(&asked, &values[i]);
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
        ids[i] = row->person_id;
        row->values = ARENA_ARRAY(cx->mem, struct measured, trial->indicator_count + 1);
        row->lines = ARENA_ARRAY(cx->mem, struct scored, trial->indicator_count + 1);
        look_at_options(working, row);
    }
    const struct measuring ask = {working->scheme->contract_id,
                                  month_first(working->month),
                                  month_last(working->month),
                                  ids,
                                  trial->count,
                                  ARENA_NEW(cx->mem, struct measuring_memo)};
    for (size_t at = 0; at < trial->indicator_count; at++)
        TRY(measure_one(working, &ask, at));
    return OK;
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
                 : (left->person_id > right->person_id) - (left->person_id < right->person_id);
}

/* What was measured, less what evidence took, with what was set right: from 0 up to the most that
 * the scheme can give. */
static void add_up(const struct trial *trial, struct trial_row *row)
{
    const int64_t most = score_most(trial->indicators, trial->indicator_count).hundredths;
    row->score = score_all(trial->indicators, row->lines, trial->indicator_count);
    row->score.empty = row->score.empty || row->left_out;
    const int64_t total =
        row->score.total.hundredths + row->adjusted.hundredths - row->deducted.hundredths;
    row->score.total.hundredths = row->score.empty || total < 0 ? 0 : total > most ? most : total;
}

static void place_rows(struct trial *trial, const struct grade_from *grades, size_t grade_count)
{
    const struct trial_row *better = NULL;
    int32_t places = 0;
    for (size_t i = 0; i < trial->count; i++) {
        struct trial_row *row = &trial->rows[i];
        add_up(trial, row);
        row->grade = row->score.empty ? 0 : grade_of(grades, grade_count, row->score.total);
    }
    if (trial->count)
        qsort(trial->rows, trial->count, sizeof *trial->rows, best_first);
    for (size_t i = 0; i < trial->count; i++) {
        struct trial_row *row = &trial->rows[i];
        if (row->score.empty || row->unranked)
            continue;
        places++;
        row->rank = better && standing(better) == standing(row) ? better->rank : places;
        better = row;
    }
}

enum result scheme_trial(struct ctx *cx, const struct scheme *scheme, struct month month,
                         struct trial *out)
{
    struct working working = {cx, scheme, month, out};
    struct grade_from *grades;
    size_t grade_count;
    struct indicator *indicators;
    struct scheme_option *options;
    *out = (struct trial){0};
    TRY(scheme_indicators(cx, scheme, &indicators, &out->indicator_count));
    TRY(scheme_grades(cx, scheme, &grades, &grade_count));
    TRY(scheme_options(cx, scheme, &options, &out->option_count));
    out->indicators = indicators;
    out->options = options;
    TRY(find_people(&working));
    TRY(find_given(&working));
    TRY(measure_all(&working));
    place_rows(out, grades, grade_count);
    return OK;
}

/* ---- beside another one ---- */

static int by_person(const void *a, const void *b)
{
    const struct trial_row *left = a, *right = b;
    return (left->person_id > right->person_id) - (left->person_id < right->person_id);
}

enum result scheme_trial_before(struct ctx *cx, const struct scheme *scheme, struct month month,
                                struct trial *out)
{
    struct scheme before;
    *out = (struct trial){0};
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
    const struct trial_row key = {.person_id = person_id};
    return trial->count ? bsearch(&key, trial->rows, trial->count, sizeof key, by_person) : NULL;
}
