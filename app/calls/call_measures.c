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
    enum call_sum records; /* of the calls that it is shown by */
    struct measured *out;
};

/* In the measures' units, hours and per cent. Whoever called nobody was not measured: 0 of 0 calls
 * is no result. */
static struct measured measured_by(const struct call_formula *formula, enum call_sum records,
                                   const struct call_sums *sums)
{
    const struct formula_parts parts = formula_parts(formula, sums);
    const int64_t hundred = formula->unit == UNIT_PERCENT ? 100 : 1;
    const int64_t hour = formula->unit == UNIT_SECONDS ? 3600 : 1;
    if (!sums->at[SUM_DIALS])
        return (struct measured){.denominator = 0};
    return (struct measured){.numerator = parts.top * hundred,
                             .denominator = parts.bottom * hour,
                             .records = (int32_t)sums->at[records]};
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
            *to = measured_by(asked->formula, asked->records, &rows[i].sums);
    }
    return OK;
}

static enum result run(struct ctx *cx, const struct measuring *ask, const char *formula,
                       enum call_sum records, struct measured *out)
{
    struct asked asked = {ask, call_formula(formula), records, out};
    return months_read(cx, calls_months(), month_of(ask->from), measure_month, &asked);
}

/* By the formula of that name, and by which of somebody's calls it is shown. */
#define CALL_MEASURE(formula, records)                                                             \
    static enum result formula##_run(struct ctx *cx, const struct measuring *ask,                  \
                                     struct measured *out)                                         \
    {                                                                                              \
        return run(cx, ask, #formula, records, out);                                               \
    }

CALL_MEASURE(dials, SUM_DIALS)
CALL_MEASURE(connected, SUM_CONNECTED)
CALL_MEASURE(success, SUM_SUCCESS)
CALL_MEASURE(talk_s, SUM_CONNECTED)
CALL_MEASURE(duration_s, SUM_DIALS)
CALL_MEASURE(connect_rate, SUM_DIALS)
CALL_MEASURE(success_rate, SUM_CONNECTED)

/* The calls themselves. */
#define CALLS_OF                                                                                   \
    "calls?contract_id={contract}&person_id={person}&started_at_from={from}&started_at_to={to}"
#define CONNECTED_OF CALLS_OF "&result=success,contacted"
#define SUCCESS_OF CALLS_OF "&result=success"

const struct measure CALL_MEASURES[] = {
    {"calls.success", "C2.4", IN_COUNT, 1, success_run, SUCCESS_OF},
    {"calls.talk_hours", "C2.4", IN_HOURS, 1, talk_s_run, CONNECTED_OF},
    {"calls.dials", "C2.4", IN_COUNT, 1, dials_run, CALLS_OF},
    {"calls.connected", "C2.4", IN_COUNT, 1, connected_run, CONNECTED_OF},
    {"calls.duration_hours", "C2.4", IN_HOURS, 1, duration_s_run, CALLS_OF},
    {"calls.connect_rate", "C2.4", IN_PERCENT, 1, connect_rate_run, CALLS_OF},
    {"calls.success_rate", "C2.4", IN_PERCENT, 1, success_rate_run, CONNECTED_OF},
    MEASURES_END,
};
