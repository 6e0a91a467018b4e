/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What calls say of people's work (C2.4): successful contacts, talk time and the rates, from the
 * roll-ups alone, so that it costs the same whatever the number of calls. */
#include "app/calls/call_measures.h"

#include "app/calls/call.sql.h"
#include "app/calls/call_private.h"

#define PEOPLE_MOST 20000

struct person_calls {
    int64_t person_id;
    int32_t dials, connected, success, talk_s, duration_s;
};
static const struct field PERSON_CALLS_FIELDS[] = {
    FIELD(person_calls, person_id),
    FIELD(person_calls, dials),
    FIELD(person_calls, connected),
    FIELD(person_calls, success),
    FIELD(person_calls, talk_s),
    FIELD(person_calls, duration_s),
    FIELDS_END,
};

/* Whoever called nobody was not measured: 0 of 0 calls is no result. */
typedef struct measured (*of_calls)(const struct person_calls *calls);

struct asked {
    const struct measuring *ask;
    of_calls of;
    struct measured *out;
};

static enum result measure_month(struct ctx *cx, void *host)
{
    const struct asked *asked = host;
    const struct measuring *ask = asked->ask;
    struct person_calls *rows;
    size_t count;
    TRY(db_list(cx, &q_measure_calls, PARAMS(P(ask->contract_id), P(ask->from), P(ask->to)),
                PERSON_CALLS_FIELDS, sizeof *rows, PEOPLE_MOST, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        struct measured *to = measured_of(ask, asked->out, rows[i].person_id);
        if (to)
            *to = asked->of(&rows[i]);
    }
    return OK;
}

static enum result run(struct ctx *cx, const struct measuring *ask, of_calls of,
                       struct measured *out)
{
    struct asked asked = {ask, of, out};
    return months_read(cx, calls_months(), month_of(ask->from), measure_month, &asked);
}

static struct measured ratio(int64_t numerator, int64_t denominator)
{
    return (struct measured){.numerator = numerator, .denominator = denominator};
}

/* A name, and what it takes from a person's sums. */
#define CALL_MEASURE(name, value)                                                                  \
    static struct measured name##_of(const struct person_calls *calls)                             \
    {                                                                                              \
        return value;                                                                              \
    }                                                                                              \
    static enum result name##_run(struct ctx *cx, const struct measuring *ask,                     \
                                  struct measured *out)                                            \
    {                                                                                              \
        return run(cx, ask, name##_of, out);                                                       \
    }

CALL_MEASURE(dials, ratio(calls->dials, calls->dials > 0))
CALL_MEASURE(connected, ratio(calls->connected, calls->dials > 0))
CALL_MEASURE(success, ratio(calls->success, calls->dials > 0))
CALL_MEASURE(talk, ratio(calls->talk_s, calls->dials > 0 ? 3600 : 0))
CALL_MEASURE(duration, ratio(calls->duration_s, calls->dials > 0 ? 3600 : 0))
CALL_MEASURE(connect_rate, ratio(INT64_C(100) * calls->connected, calls->dials))
CALL_MEASURE(success_rate, ratio(INT64_C(100) * calls->success, calls->connected))

const struct measure CALL_MEASURES[] = {
    {"calls.success", "C2.4", IN_COUNT, 1, success_run},
    {"calls.talk_hours", "C2.4", IN_HOURS, 1, talk_run},
    {"calls.dials", "C2.4", IN_COUNT, 1, dials_run},
    {"calls.connected", "C2.4", IN_COUNT, 1, connected_run},
    {"calls.duration_hours", "C2.4", IN_HOURS, 1, duration_run},
    {"calls.connect_rate", "C2.4", IN_PERCENT, 1, connect_rate_run},
    {"calls.success_rate", "C2.4", IN_PERCENT, 1, success_rate_run},
    MEASURES_END,
};
