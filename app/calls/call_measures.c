/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What calls say of people's work (C2.4): successful contacts, talk time and the rates, from the
 * roll-ups alone, so that it costs the same whatever the number of calls, and by the formulas of
 * the board, so that no figure is told in two ways. */
#include "app/calls/call_measures.h"

#include "app/calls/call.sql.h"
#include "app/calls/call_formula.h"
#include "app/calls/call_private.h"

#define PEOPLE_MOST 20000

struct person_calls {
    int64_t person_id;
    struct call_sums sums;
};
static const struct field PERSON_CALLS_FIELDS[] = {
    FIELD(person_calls, person_id),
    SUM_FIELD(person_calls, sums, "dials", DIALS),
    SUM_FIELD(person_calls, sums, "connected", CONNECTED),
    SUM_FIELD(person_calls, sums, "success", SUCCESS),
    SUM_FIELD(person_calls, sums, "talk_s", TALK_S),
    SUM_FIELD(person_calls, sums, "duration_s", DURATION_S),
    FIELDS_END,
};

struct asked {
    const struct measuring *ask;
    const struct call_formula *formula;
    struct measured *out;
};

/* In the measures' units, hours and per cent. Whoever called nobody was not measured: 0 of 0 calls
 * is no result. */
static struct measured measured_by(const struct call_formula *formula, const struct call_sums *sums)
{
    const struct formula_parts parts = formula_parts(formula, sums);
    const int64_t hundred = formula->unit == UNIT_PERCENT ? 100 : 1;
    const int64_t hour = formula->unit == UNIT_SECONDS ? 3600 : 1;
    if (!sums->at[SUM_DIALS])
        return (struct measured){.denominator = 0};
    return (struct measured){.numerator = parts.top * hundred,
                             .denominator = parts.bottom * hour,
                             .records = (int32_t)sums->at[SUM_DIALS]};
}

/* Once for all measures of a month. */
static enum result read_calls(struct ctx *cx, const struct measuring *ask,
                              struct person_calls **out, size_t *out_count)
{
    if (measuring_kept(ask, &q_measure_calls, out, out_count))
        return OK;
    TRY(db_list(cx, &q_measure_calls, PARAMS(P(ask->contract_id), P(ask->from), P(ask->to)),
                PERSON_CALLS_FIELDS, sizeof **out, PEOPLE_MOST, out, out_count));
    measuring_keep(ask, &q_measure_calls, *out, *out_count);
    return OK;
}

static enum result measure_month(struct ctx *cx, void *host)
{
    const struct asked *asked = host;
    const struct measuring *ask = asked->ask;
    struct person_calls *rows;
    size_t count;
    TRY(read_calls(cx, ask, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        struct measured *to = measured_of(ask, asked->out, rows[i].person_id);
        if (to)
            *to = measured_by(asked->formula, &rows[i].sums);
    }
    return OK;
}

static enum result run(struct ctx *cx, const struct measuring *ask, const char *formula,
                       struct measured *out)
{
    struct asked asked = {ask, call_formula(formula), out};
    return months_read(cx, calls_months(), month_of(ask->from), measure_month, &asked);
}

/* By the formula of that name. */
#define CALL_MEASURE(formula)                                                                      \
    static enum result formula##_run(struct ctx *cx, const struct measuring *ask,                  \
                                     struct measured *out)                                         \
    {                                                                                              \
        return run(cx, ask, #formula, out);                                                        \
    }

CALL_MEASURE(dials)
CALL_MEASURE(connected)
CALL_MEASURE(success)
CALL_MEASURE(talk_s)
CALL_MEASURE(duration_s)
CALL_MEASURE(connect_rate)
CALL_MEASURE(success_rate)

/* A line for each day and id of the person, which lead to the calls themselves. */
#define DAYS "call_days?contract_id={contract}&person_id={person}&day_from={from}&day_to={to}"

const struct measure CALL_MEASURES[] = {
    {"calls.success", "C2.4", IN_COUNT, 1, success_run, DAYS},
    {"calls.talk_hours", "C2.4", IN_HOURS, 1, talk_s_run, DAYS},
    {"calls.dials", "C2.4", IN_COUNT, 1, dials_run, DAYS},
    {"calls.connected", "C2.4", IN_COUNT, 1, connected_run, DAYS},
    {"calls.duration_hours", "C2.4", IN_HOURS, 1, duration_s_run, DAYS},
    {"calls.connect_rate", "C2.4", IN_PERCENT, 1, connect_rate_run, DAYS},
    {"calls.success_rate", "C2.4", IN_PERCENT, 1, success_rate_run, DAYS},
    MEASURES_END,
};
