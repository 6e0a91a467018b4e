/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What quality reviews say of people's work (C2.4). */
#include "app/reviews/review_measures.h"

#include "app/reviews/review.h"
#include "app/reviews/review.sql.h"

#define PEOPLE_MOST 20000

struct person_reviews {
    int64_t person_id;
    int32_t reviews;
    struct points score; /* their sum */
    int32_t fatal;
};
static const struct field PERSON_REVIEWS_FIELDS[] = {
    FIELD(person_reviews, person_id), FIELD(person_reviews, reviews), FIELD(person_reviews, score),
    FIELD(person_reviews, fatal), FIELDS_END};

typedef struct measured (*of_reviews)(const struct person_reviews *reviews);

static enum result run(struct ctx *cx, const struct measuring *ask, of_reviews of,
                       struct measured *out)
{
    struct person_reviews *rows;
    size_t count;
    if (!measuring_kept(ask, &q_measure_reviews, &rows, &count)) {
        TRY(db_list(cx, &q_measure_reviews,
                    PARAMS(P(ask->contract_id), P(instant_of(ask->from, 0, SHANGHAI_OFFSET_MIN)),
                           P(instant_of(date_add(ask->to, 1), 0, SHANGHAI_OFFSET_MIN))),
                    PERSON_REVIEWS_FIELDS, sizeof *rows, PEOPLE_MOST, &rows, &count));
        measuring_keep(ask, &q_measure_reviews, rows, count);
    }
    for (size_t i = 0; i < count; i++) {
        struct measured *to = measured_of(ask, out, rows[i].person_id);
        if (to)
            *to = of(&rows[i]);
    }
    return OK;
}

static struct measured score_of(const struct person_reviews *reviews)
{
    return (struct measured){.numerator = reviews->score.hundredths,
                             .denominator = INT64_C(100) * reviews->reviews,
                             .records = reviews->reviews};
}

static struct measured fatal_of(const struct person_reviews *reviews)
{
    return (struct measured){
        .numerator = reviews->fatal, .denominator = 1, .records = reviews->fatal};
}

static enum result score_run(struct ctx *cx, const struct measuring *ask, struct measured *out)
{
    return run(cx, ask, score_of, out);
}

static enum result fatal_run(struct ctx *cx, const struct measuring *ask, struct measured *out)
{
    return run(cx, ask, fatal_of, out);
}

#define PUBLISHED                                                                                  \
    "reviews?contract_id={contract}&person_id={person}&started_at_from={from}&started_at_to={to}"  \
    "&state=published,appealed,final"

const struct measure REVIEW_MEASURES[] = {
    {"reviews.score", "C2.4", IN_POINTS, 1, score_run, PUBLISHED},
    {"reviews.fatal", "C2.4", IN_COUNT, 1, fatal_run, PUBLISHED "&fatal=true"},
    MEASURES_END,
};
