/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/scores/team.h"

#include "app/scores/scheme.sql.h"
#include "base/hash.h"

#define PEOPLE_MOST 20000

static const struct field ID_FIELDS[] = {FIELD(record, id), FIELDS_END};

/* The team, by person. */
static enum result team_of(struct ctx *cx, const struct measuring *ask, struct measuring *out)
{
    struct record *rows;
    int64_t *ids;
    *out = *ask;
    TRY(db_list(cx, &q_team, PARAMS(P(ask->contract_id), P(ask->from), P(ask->to)), ID_FIELDS,
                sizeof *rows, PEOPLE_MOST, &rows, &out->count));
    ids = ARENA_ARRAY(cx->mem, int64_t, out->count + 1);
    for (size_t i = 0; i < out->count; i++)
        ids[i] = rows[i].id;
    out->ids = ids;
    return OK;
}

static enum result all_alike(const struct measuring *ask, struct measured value,
                             struct measured *out)
{
    for (size_t i = 0; i < ask->count; i++)
        out[i] = value;
    return OK;
}

/* One of the people's measures over the team: tops over bottoms of those who have a value, which is
 * the mean of each where counts and hours are measured. `sum`: the tops alone. */
static enum result of_people(struct ctx *cx, const struct measuring *ask, const char *name,
                             bool sum, struct measured *out)
{
    const struct measure *measure = measure_find(name);
    struct measuring team;
    struct measured total = {0};
    TRY(team_of(cx, ask, &team));
    struct measured *values = ARENA_ARRAY(cx->mem, struct measured, team.count + 1);
    TRY(measure->run(cx, &team, values));
    for (size_t i = 0; i < team.count; i++) {
        total.numerator += values[i].numerator;
        total.denominator = sum && total.denominator ? total.denominator
                                                     : total.denominator + values[i].denominator;
        total.records += values[i].records;
    }
    return all_alike(ask, total, out);
}

#define TEAM_MEASURE(function, name, sum)                                                          \
    static enum result function##_run(struct ctx *cx, const struct measuring *ask,                 \
                                      struct measured *out)                                        \
    {                                                                                              \
        return of_people(cx, ask, name, sum, out);                                                 \
    }

TEAM_MEASURE(success, "calls.success", false)
TEAM_MEASURE(talk, "calls.talk_hours", false)
TEAM_MEASURE(score, "reviews.score", false)
TEAM_MEASURE(fatal, "reviews.fatal", true)
TEAM_MEASURE(training, "trainings.score", false)
TEAM_MEASURE(attendance, "attendance.rate", false)
TEAM_MEASURE(violations, "conduct.violations", true)

/* ---- of the contract ---- */

struct fact {
    int64_t top, bottom;
    int32_t records;
};
static const struct field FACT_FIELDS[] = {FIELD(fact, top), FIELD(fact, bottom),
                                           FIELD(fact, records), FIELDS_END};

static enum result of_contract(struct ctx *cx, const struct measuring *ask,
                               const struct query *query, struct params params,
                               struct measured *out)
{
    struct fact fact = {0};
    TRY(db_one(cx, query, params, FACT_FIELDS, &fact));
    return all_alike(ask, (struct measured){fact.top, fact.bottom, 0, 0, fact.records}, out);
}

#define FROM(ask) P(instant_of((ask)->from, 0, SHANGHAI_OFFSET_MIN))
#define BEFORE(ask) P(instant_of(date_add((ask)->to, 1), 0, SHANGHAI_OFFSET_MIN))

static enum result complaints_run(struct ctx *cx, const struct measuring *ask, struct measured *out)
{
    return of_contract(cx, ask, &q_team_complaints,
                       PARAMS(P(ask->contract_id), FROM(ask), BEFORE(ask)), out);
}

static enum result duties_run(struct ctx *cx, const struct measuring *ask, struct measured *out)
{
    return of_contract(cx, ask, &q_team_duties, PARAMS(P(ask->contract_id), FROM(ask), BEFORE(ask)),
                       out);
}

static enum result turnover_run(struct ctx *cx, const struct measuring *ask, struct measured *out)
{
    return of_contract(cx, ask, &q_team_turnover,
                       PARAMS(P(ask->contract_id), P(ask->from), P(ask->to)), out);
}

#define CALLS_OF "calls?contract_id={contract}&started_at_from={from}&started_at_to={to}"
#define REVIEWS_OF                                                                                 \
    "reviews?contract_id={contract}&started_at_from={from}&started_at_to={to}"                     \
    "&state=published,appealed,final"

const struct measure TEAM_MEASURES[] = {
    {"team.success", "C2.4", IN_COUNT, 1, success_run, CALLS_OF "&result=success"},
    {"team.talk_hours", "C2.4", IN_HOURS, 1, talk_run, CALLS_OF "&result=success,contacted"},
    {"team.score", "C2.4", IN_POINTS, 1, score_run, REVIEWS_OF},
    {"team.fatal", "C2.4", IN_COUNT, 1, fatal_run, REVIEWS_OF "&fatal=true"},
    {"team.complaints", "C2.4", IN_COUNT, 1, complaints_run,
     "issues?contract_id={contract}&kind=complaint&opened_at_from={from}&opened_at_to={to}"},
    {"team.violations", "C2.3", IN_COUNT, 1, violations_run,
     "violations?contract_id={contract}&state=confirmed&at_from={from}&at_to={to}"},
    {"team.attendance", "C2.3", IN_PERCENT, 1, attendance_run,
     "attendance?day_from={from}&day_to={to}"},
    {"team.training", "C2.2", IN_POINTS, 1, training_run,
     "training_scores?contract_id={contract}&held_on_from={from}&held_on_to={to}&state=confirmed"},
    {"team.turnover", "C2.1", IN_PERCENT, 1, turnover_run, NULL},
    {"team.duties", "C2.4", IN_PERCENT, 1, duties_run,
     "duties?contract_id={contract}&owner_side=provider&due_at_from={from}&due_at_to={to}"},
    MEASURES_END,
};
