/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What contracts are measured by: what closed surveys say. One that is not representative says
 * nothing here, so that the scheme weighs the others instead, and says so. */
#include "app/surveys/survey.h"

#include "app/surveys/survey.sql.h"

#define CONTRACTS_MOST 20000

struct voice {
    int64_t id, top, bottom;
    int32_t records;
};
static const struct field VOICE_FIELDS[] = {
    FIELD(voice, id), FIELD(voice, top), FIELD(voice, bottom), FIELD(voice, records), FIELDS_END};

/* A survey belongs to the span in which its period ends: that of a quarter counts for the quarter,
 * for its last month and for the year. */
static enum result run(struct ctx *cx, const struct measuring *ask, const char *kind,
                       struct measured *out)
{
    struct voice *voices;
    size_t count;
    TRY(db_list(cx, &q_measure_surveys, PARAMS(P(kind), P(ask->from), P(ask->to)), VOICE_FIELDS,
                sizeof *voices, CONTRACTS_MOST, &voices, &count));
    for (size_t i = 0; i < count; i++) {
        struct measured *to = measured_of(ask, out, voices[i].id);
        if (to)
            *to = (struct measured){.numerator = voices[i].top,
                                    .denominator = voices[i].bottom,
                                    .records = voices[i].records};
    }
    return OK;
}

static enum result judged_run(struct ctx *cx, const struct measuring *ask, struct measured *out)
{
    return run(cx, ask, "served_party", out);
}

static enum result surveyed_run(struct ctx *cx, const struct measuring *ask, struct measured *out)
{
    return run(cx, ask, "third_party", out);
}

#define CLOSED                                                                                     \
    "surveys?contract_id={contract}&state=closed&representative=true&last_day_from={from}"         \
    "&last_day_to={to}&kind="
const struct measure SURVEY_MEASURES[] = {
    {"contract.judged", "V5.1.5", IN_PERCENT, 1, judged_run, CLOSED "served_party", OF_CONTRACTS,
     .served_party = true},
    {"contract.surveyed", "V5.1.7", IN_PERCENT, 1, surveyed_run, CLOSED "third_party",
     OF_CONTRACTS},
    MEASURES_END,
};
