/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Providers beside each other, and each over time: means of what is final. */
#include "app/evaluation/evaluation.sql.h"
#include "app/evaluation/evaluation_private.h"

#include <stdlib.h>

#define PROVIDERS_MOST 2000
#define TREND_MOST 20000

const struct field RANKING_FIELDS[] = {
    FIELD(ranking_row, provider_id),
    FIELD(ranking_row, provider_name),
    FIELD(ranking_row, rank),
    FIELD(ranking_row, contracts),
    FIELD(ranking_row, mean),
    FIELD(ranking_row, lowest),
    FIELD(ranking_row, excellent),
    FIELD(ranking_row, good),
    FIELD(ranking_row, pass),
    FIELD(ranking_row, fail),
    FIELDS_END,
};
const struct field TREND_FIELDS[] = {
    FIELD(trend_row, provider_id),
    FIELD(trend_row, period),
    FIELD(trend_row, mean),
    FIELD(trend_row, contracts),
    FIELDS_END,
};

static int best_first(const void *a, const void *b)
{
    const struct ranking_row *left = a, *right = b;
    if (left->mean.hundredths != right->mean.hundredths)
        return left->mean.hundredths < right->mean.hundredths ? 1 : -1;
    return (left->provider_id > right->provider_id) - (left->provider_id < right->provider_id);
}

enum result evaluation_ranking(struct ctx *cx, enum service service, const char *period,
                               struct ranking_row **out, size_t *out_count)
{
    const char *from, *to;
    actor_paths(cx, &from, &to);
    TRY(db_list(cx, &q_evaluation_ranking,
                PARAMS(P(cx->actor->organisation_id), P(choice_name(SERVICES, service)), P(period),
                       P(from), P(to)),
                RANKING_FIELDS, sizeof **out, PROVIDERS_MOST, out, out_count));
    struct ranking_row *rows = *out;
    for (size_t i = 0; i < *out_count; i++)
        rows[i].mean = points_share((struct points){1}, rows[i].mean.hundredths, rows[i].contracts);
    if (*out_count)
        qsort(rows, *out_count, sizeof *rows, best_first);
    for (size_t i = 0; i < *out_count; i++)
        rows[i].rank = i && rows[i].mean.hundredths == rows[i - 1].mean.hundredths
                           ? rows[i - 1].rank
                           : (int32_t)i + 1;
    return OK;
}

enum result evaluation_month_last(struct ctx *cx, const char **out)
{
    return db_text(cx, &q_evaluation_month_last, PARAMS(P(cx->actor->organisation_id)), out);
}

enum result evaluation_trend(struct ctx *cx, enum service service, const char *first,
                             const char *last, struct trend_row **out, size_t *out_count)
{
    const char *from, *to;
    actor_paths(cx, &from, &to);
    TRY(db_list(cx, &q_evaluation_trend,
                PARAMS(P(cx->actor->organisation_id), P(choice_name(SERVICES, service)), P(first),
                       P(last), P(from), P(to)),
                TREND_FIELDS, sizeof **out, TREND_MOST, out, out_count));
    for (size_t i = 0; i < *out_count; i++)
        (*out)[i].mean =
            points_share((struct points){1}, (*out)[i].mean.hundredths, (*out)[i].contracts);
    return OK;
}
