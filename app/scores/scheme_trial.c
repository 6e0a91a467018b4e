/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A month by a scheme: everybody's values, points, total, place and grade. */
#include "app/scores/scheme.h"

#include "app/scores/scheme.sql.h"

#include <stdlib.h>
#include <string.h>

#define PEOPLE_MOST 20000 /* of one contract */

static const struct field PERSON_FIELDS[] = {FIELD(trial_row, person_id), FIELD(trial_row, name),
                                             FIELD(trial_row, code), FIELDS_END};

static enum result find_people(struct ctx *cx, const struct scheme *scheme, struct month month,
                               struct trial *out)
{
    const struct date first = month_first(month), last = month_last(month);
    if (scheme->subject == SCHEME_MANAGER)
        return db_list(cx, &q_trial_managers, PARAMS(P(scheme->provider_id), P(first), P(last)),
                       PERSON_FIELDS, sizeof *out->rows, PEOPLE_MOST, &out->rows, &out->count);
    return db_list(cx, &q_trial_agents,
                   PARAMS(P(scheme->contract_id), P(first), P(last),
                          P(instant_of(first, 0, SHANGHAI_OFFSET_MIN))),
                   PERSON_FIELDS, sizeof *out->rows, PEOPLE_MOST, &out->rows, &out->count);
}

/* One indicator's values into every row. */
static enum result measure_one(struct ctx *cx, const struct measuring *ask, struct trial *trial,
                               size_t at)
{
    const struct indicator *indicator = &trial->indicators[at];
    const struct measure *measure = measure_find(indicator->measure);
    struct measured *values = ARENA_ARRAY(cx->mem, struct measured, trial->count + 1);
    memset(values, 0, (trial->count + 1) * sizeof *values);
    if (measure)
        TRY(measure->run(cx, ask, values));
    if (indicator->method == METHOD_RANK)
        rank_values(cx->mem, values, trial->count, indicator->fewer);
    for (size_t i = 0; i < trial->count; i++) {
        trial->rows[i].values[at] = values[i];
        trial->rows[i].lines[at] = score_one(indicator, &values[i]);
    }
    return OK;
}

static enum result measure_all(struct ctx *cx, const struct scheme *scheme, struct month month,
                               struct trial *trial)
{
    int64_t *ids = ARENA_ARRAY(cx->mem, int64_t, trial->count + 1);
    for (size_t i = 0; i < trial->count; i++) {
        struct trial_row *row = &trial->rows[i];
        ids[i] = row->person_id;
        row->values = ARENA_ARRAY(cx->mem, struct measured, trial->indicator_count + 1);
        row->lines = ARENA_ARRAY(cx->mem, struct scored, trial->indicator_count + 1);
    }
    const struct measuring ask = {scheme->contract_id, month_first(month), month_last(month), ids,
                                  trial->count};
    for (size_t at = 0; at < trial->indicator_count; at++)
        TRY(measure_one(cx, &ask, trial, at));
    return OK;
}

static int best_first(const void *a, const void *b)
{
    const struct trial_row *left = a, *right = b;
    const int64_t one = left->score.empty ? -1 : left->score.total.hundredths;
    const int64_t other = right->score.empty ? -1 : right->score.total.hundredths;
    if (one != other)
        return (one < other) - (one > other);
    const int order = strcmp(left->code, right->code);
    return order ? order : strcmp(left->name, right->name);
}

static void place_rows(struct trial *trial, const struct grade_from *grades, size_t grade_count)
{
    for (size_t i = 0; i < trial->count; i++) {
        struct trial_row *row = &trial->rows[i];
        row->score = score_all(trial->indicators, row->lines, trial->indicator_count);
        row->grade = row->score.empty ? 0 : grade_of(grades, grade_count, row->score.total);
    }
    if (trial->count)
        qsort(trial->rows, trial->count, sizeof *trial->rows, best_first);
    for (size_t i = 0; i < trial->count; i++) {
        struct trial_row *row = &trial->rows[i];
        const bool alike = i > 0 && row[-1].score.total.hundredths == row->score.total.hundredths;
        row->rank = row->score.empty ? 0 : alike ? row[-1].rank : (int32_t)i + 1;
    }
}

enum result scheme_trial(struct ctx *cx, const struct scheme *scheme, struct month month,
                         struct trial *out)
{
    struct grade_from *grades;
    size_t grade_count;
    struct indicator *indicators;
    *out = (struct trial){0};
    TRY(scheme_indicators(cx, scheme, &indicators, &out->indicator_count));
    TRY(scheme_grades(cx, scheme, &grades, &grade_count));
    out->indicators = indicators;
    TRY(find_people(cx, scheme, month, out));
    TRY(measure_all(cx, scheme, month, out));
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
