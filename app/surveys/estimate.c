/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/surveys/estimate.h"

#define BEST 100000 /* thousandths of a per cent */

/* ---- Student's t: 97.5 % of it lie below, in thousandths ---- */

static const int32_t T[] = {0,    12706, 4303, 3182, 2776, 2571, 2447, 2365, 2306, 2262, 2228,
                            2201, 2179,  2160, 2145, 2131, 2120, 2110, 2101, 2093, 2086, 2080,
                            2074, 2069,  2064, 2060, 2056, 2052, 2048, 2045, 2042};
#define T_COUNT ((int64_t)(sizeof T / sizeof T[0]))
/* Beyond, for so many degrees or more: what holds for the fewest of them. */
static const struct {
    int64_t from;
    int32_t t;
} T_BEYOND[] = {{1000, 1962}, {500, 1965}, {200, 1972}, {120, 1980},
                {80, 1990},   {60, 2000},  {40, 2021},  {T_COUNT, 2040}};

static int64_t t_of(int64_t degrees)
{
    size_t i = 0;
    if (degrees < T_COUNT)
        return T[degrees];
    while (degrees < T_BEYOND[i].from)
        i++;
    return T_BEYOND[i].t;
}

/* Rounded down. */
static int64_t root_of(int64_t square)
{
    int64_t root = 0;
    for (int64_t bit = INT64_C(1) << 31; bit; bit >>= 1)
        if ((root + bit) <= square / (root + bit))
            root += bit;
    return root;
}

static int64_t half_up(int64_t top, int64_t bottom)
{
    return (top + bottom / 2) / bottom;
}

/* Half of the interval's width, for the variance of the mean. */
static int64_t half_width(int64_t variance, int64_t degrees)
{
    const int64_t t = t_of(degrees);
    return half_up(root_of(variance * t * t), 1000);
}

/* ---- one stratum ---- */

/* Variance of the mean of its answers, the finite population corrected; none of a single one. */
static int64_t variance_of_mean(const struct stratum_sums *stratum)
{
    const int64_t n = stratum->answered, population = stratum->population;
    if (n < 2)
        return 0;
    const int64_t spread = stratum->squares - stratum->sum * stratum->sum / n;
    const int64_t variance = spread / (n - 1);
    if (!population)
        return variance / n;
    return population > n ? variance * (population - n) / population / n : 0;
}

/* ---- all of them ---- */

static bool may_weigh(const struct stratum_sums *strata, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strata[i].answered < 2 || !strata[i].population)
            return false;
    return count > 1;
}

static struct stratum_sums together(const struct stratum_sums *strata, size_t count)
{
    struct stratum_sums all = {0};
    for (size_t i = 0; i < count; i++) {
        all.population += strata[i].population;
        all.sample += strata[i].sample;
        all.answered += strata[i].answered;
        all.sum += strata[i].sum;
        all.squares += strata[i].squares;
    }
    return all;
}

static void weigh(const struct stratum_sums *strata, size_t count, struct estimate *out,
                  int64_t *out_variance)
{
    int64_t mean = 0;
    *out_variance = 0;
    for (size_t i = 0; i < count; i++) {
        const int64_t share = strata[i].population;
        mean += half_up(strata[i].sum * 100, strata[i].answered) * share;
        /* The larger factor is divided first: nothing overflows, and what is lost is far below one.
         */
        *out_variance +=
            variance_of_mean(&strata[i]) * share / out->population * share / out->population;
    }
    out->mean = half_up(mean, out->population * 100);
    out->weighted = true;
}

struct estimate estimate_of(const struct stratum_sums *strata, size_t count)
{
    const struct stratum_sums all = together(strata, count);
    struct estimate out = {
        .population = all.population, .sample = all.sample, .answered = all.answered};
    int64_t variance, degrees = all.answered - 1;
    out.measured = all.answered >= ANSWERS_TOLD;
    if (!out.measured)
        return out;
    out.representative =
        all.answered >= ANSWERS_LEAST && all.sample && all.answered * 2 >= all.sample;
    if (may_weigh(strata, count)) {
        weigh(strata, count, &out, &variance);
        degrees = all.answered - (int64_t)count;
    } else {
        out.mean = half_up(all.sum, all.answered);
        variance = variance_of_mean(&all);
    }
    const int64_t half = half_width(variance, degrees);
    out.low = out.mean > half ? out.mean - half : 0;
    out.high = out.mean + half < BEST ? out.mean + half : BEST;
    return out;
}

int64_t response_of(int64_t answered, int64_t sample)
{
    return sample ? answered * 100 / sample : 0;
}
