/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/scores/scoring.h"

#include <stdlib.h>
#include <string.h>

#define HUNDRED INT64_C(100)
#define WHOLE (100 * HUNDRED) /* 100 per cent, in hundredths */

const char *const SCORING_METHODS[] = {
    "deduct_per_event", "banded", "linear_base_target", "ratio_cap", "rank", "veto", "bonus",
    "manual",           NULL};
const char *const NOTHING_POLICIES[] = {"reweigh", "full", "zero", NULL};

#define VALUE_MOST (1000000 * HUNDRED)
const struct field INDICATOR_FIELDS[] = {
    FIELD(indicator, code, .in = MAY, .max = 30),
    FIELD(indicator, name, .in = MUST, .max = 40),
    FIELD(indicator, measure, .in = MAY, .max = 40),
    FIELD_ENUM(indicator, method, SCORING_METHODS, .in = MUST),
    FIELD(indicator, weight, .in = MAY, .max = SCORING_BASE * HUNDRED),
    FIELD(indicator, base, .in = MAY, .max = VALUE_MOST),
    FIELD(indicator, target, .in = MAY, .max = VALUE_MOST),
    FIELD(indicator, step, .in = MAY, .max = SCORING_BASE * HUNDRED),
    FIELD(indicator, share, .in = MAY, .max = 2 * WHOLE),
    FIELD(indicator, bands, .in = MAY, .max = 200),
    FIELD(indicator, fewer, .in = MAY),
    FIELD_ENUM(indicator, nothing, NOTHING_POLICIES, .in = MAY),
    FIELD(indicator, needed, .in = MAY),
    FIELDS_END,
};

/* ---- exact values ---- */

/* Half up; both not negative, `by` more than 0. */
static int64_t divided(__int128 amount, __int128 by)
{
    return (int64_t)((amount + by / 2) / by);
}

/* The value times 100 against a limit in hundredths, without dividing. */
static bool reaches(const struct measured *value, struct points limit)
{
    return (__int128)value->numerator * HUNDRED >= (__int128)limit.hundredths * value->denominator;
}

struct points measured_shown(const struct measured *value)
{
    if (!is_measured(value))
        return (struct points){0};
    return points_share((struct points){HUNDRED}, value->numerator, value->denominator);
}

/* ---- the methods: points in hundredths ---- */

static int64_t by_events(const struct indicator *indicator, const struct measured *value)
{
    return divided((__int128)indicator->step.hundredths * value->numerator, value->denominator);
}

static int64_t deducted(const struct indicator *indicator, const struct measured *value)
{
    const int64_t less = by_events(indicator, value);
    return less < indicator->weight.hundredths ? indicator->weight.hundredths - less : 0;
}

static int64_t banded(const struct indicator *indicator, const struct measured *value)
{
    struct band bands[BANDS_MOST];
    size_t count = 0;
    (void)bands_parse(indicator->bands, WHOLE, bands, &count);
    for (size_t i = 0; i < count; i++) {
        if (reaches(value, bands[i].from))
            return divided((__int128)indicator->weight.hundredths * bands[i].share.hundredths,
                           WHOLE);
    }
    return 0;
}

/* How far from base to target, as way / whole; turned round where less is better. */
static int64_t linear(const struct indicator *indicator, const struct measured *value)
{
    const int64_t base = indicator->base.hundredths, target = indicator->target.hundredths;
    const int64_t floor = indicator->share.hundredths, weight = indicator->weight.hundredths;
    const int sign = target < base ? -1 : 1;
    const __int128 whole = (__int128)(target - base) * sign * value->denominator;
    __int128 way =
        ((__int128)value->numerator * HUNDRED - (__int128)base * value->denominator) * sign;
    way = way < 0 ? 0 : way > whole ? whole : way;
    if (!whole) /* no way between them: all or the floor */
        return reaches(value, indicator->target) ? weight
                                                 : divided((__int128)weight * floor, WHOLE);
    return divided(weight * (floor * whole + (WHOLE - floor) * way), WHOLE * whole);
}

static int64_t ratio(const struct indicator *indicator, const struct measured *value)
{
    const int64_t cap = indicator->share.hundredths ? indicator->share.hundredths : WHOLE;
    const int64_t weight = indicator->weight.hundredths;
    const int64_t most = divided((__int128)weight * cap, WHOLE);
    if (!indicator->target.hundredths) /* a ratio to nothing */
        return 0;
    const int64_t points = divided((__int128)weight * value->numerator * HUNDRED,
                                   (__int128)indicator->target.hundredths * value->denominator);
    return points < most ? points : most;
}

static int64_t by_place(const struct indicator *indicator, const struct measured *value)
{
    if (value->places < 2)
        return indicator->weight.hundredths;
    return divided((__int128)indicator->weight.hundredths * (value->places - value->place),
                   value->places - 1);
}

static int64_t bonus(const struct indicator *indicator, const struct measured *value)
{
    const int64_t points = by_events(indicator, value);
    return points < indicator->weight.hundredths ? points : indicator->weight.hundredths;
}

static int64_t given_by_hand(const struct indicator *indicator, const struct measured *value)
{
    const int64_t points = divided((__int128)value->numerator * HUNDRED, value->denominator);
    return points < indicator->weight.hundredths ? points : indicator->weight.hundredths;
}

static int64_t (*const METHODS[])(const struct indicator *indicator,
                                  const struct measured *value) = {
    [METHOD_DEDUCT_PER_EVENT] = deducted,
    [METHOD_BANDED] = banded,
    [METHOD_LINEAR_BASE_TARGET] = linear,
    [METHOD_RATIO_CAP] = ratio,
    [METHOD_RANK] = by_place,
    [METHOD_BONUS] = bonus,
    [METHOD_MANUAL] = given_by_hand,
};

/* ---- one indicator ---- */

static struct scored score_nothing(const struct indicator *indicator)
{
    struct scored scored = {.nothing = true};
    if (indicator->method == METHOD_VETO || indicator->method == METHOD_BONUS ||
        indicator->nothing == NOTHING_REWEIGH)
        return scored;
    scored.most = indicator->weight;
    if (indicator->nothing == NOTHING_FULL)
        scored.points = indicator->weight;
    return scored;
}

static struct scored score_veto(const struct indicator *indicator, const struct measured *value)
{
    const struct points from = {indicator->target.hundredths ? indicator->target.hundredths
                                                             : HUNDRED};
    return (struct scored){.vetoes = reaches(value, from)};
}

struct scored score_one(const struct indicator *indicator, const struct measured *value)
{
    if (!is_measured(value))
        return score_nothing(indicator);
    if (indicator->method == METHOD_VETO)
        return score_veto(indicator, value);
    const int64_t weight = indicator->weight.hundredths;
    const int64_t points = METHODS[indicator->method](indicator, value);
    struct scored scored = {.points = {points < weight ? points : weight},
                            .extra = {points > weight ? points - weight : 0},
                            .most = indicator->weight};
    if (indicator->method == METHOD_BONUS)
        scored = (struct scored){.extra = {points}};
    return scored;
}

/* ---- all of them ---- */

/* Per cent of the base that the strictest veto leaves. */
static int64_t left_by_vetoes(const struct indicator *indicators, const struct scored *lines,
                              size_t count)
{
    int64_t left = WHOLE;
    for (size_t i = 0; i < count; i++) {
        if (lines[i].vetoes && indicators[i].share.hundredths < left)
            left = indicators[i].share.hundredths;
    }
    return left;
}

struct score score_all(const struct indicator *indicators, const struct scored *lines, size_t count)
{
    struct score score = {0};
    bool lacks = false;
    for (size_t i = 0; i < count; i++) {
        lacks = lacks || (indicators[i].needed && lines[i].nothing);
        score.given.hundredths += lines[i].points.hundredths;
        score.of.hundredths += lines[i].most.hundredths;
        score.extra.hundredths += lines[i].extra.hundredths;
        score.vetoed = score.vetoed || lines[i].vetoes;
    }
    if (score.of.hundredths)
        score.total = points_share((struct points){SCORING_BASE * HUNDRED}, score.given.hundredths,
                                   score.of.hundredths);
    score.total.hundredths += score.extra.hundredths;
    score.most = score_most(indicators, count);
    if (score.vetoed)
        score.most.hundredths = divided(
            (__int128)SCORING_BASE * HUNDRED * left_by_vetoes(indicators, lines, count), WHOLE);
    if (score.total.hundredths > score.most.hundredths)
        score.total = score.most;
    score.empty = (!score.of.hundredths || lacks) && !score.vetoed;
    if (score.empty)
        score.total = (struct points){0};
    return score;
}

void score_beside(struct points beside, struct score *score)
{
    const int64_t most = score->most.hundredths;
    const int64_t total = score->total.hundredths + beside.hundredths;
    score->total.hundredths = score->empty || total < 0 ? 0 : total > most ? most : total;
}

struct points extra_most(const struct indicator *indicator)
{
    const int64_t weight = indicator->weight.hundredths, cap = indicator->share.hundredths;
    if (indicator->method == METHOD_BONUS)
        return indicator->weight;
    if (indicator->method == METHOD_RATIO_CAP && cap > WHOLE)
        return (struct points){divided((__int128)weight * cap, WHOLE) - weight};
    return (struct points){0};
}

struct points score_most(const struct indicator *indicators, size_t count)
{
    int64_t most = SCORING_BASE * HUNDRED;
    for (size_t i = 0; i < count; i++)
        most += extra_most(&indicators[i]).hundredths;
    return (struct points){most};
}

/* ---- places ---- */

static int compared(const struct measured *a, const struct measured *b)
{
    const __int128 left = (__int128)a->numerator * b->denominator;
    const __int128 right = (__int128)b->numerator * a->denominator;
    return (left > right) - (left < right);
}

/* The largest first; those without a value at the end. */
static int largest_first(const void *a, const void *b)
{
    const struct measured *left = *(struct measured *const *)a;
    const struct measured *right = *(struct measured *const *)b;
    if (!is_measured(left) || !is_measured(right))
        return is_measured(right) - is_measured(left);
    return compared(right, left);
}

void rank_values(struct arena *arena, struct measured *values, size_t count, bool fewer)
{
    struct measured **order = ARENA_ARRAY(arena, struct measured *, count + 1);
    size_t places = 0;
    for (size_t i = 0; i < count; i++) {
        order[i] = &values[i];
        places += is_measured(&values[i]);
    }
    if (count)
        qsort(order, count, sizeof *order, largest_first);
    const struct measured *better = NULL;
    for (size_t i = 0; i < places; i++) {
        struct measured *value = order[fewer ? places - 1 - i : i];
        const bool alike = better && compared(better, value) == 0;
        value->place = alike ? better->place : (int32_t)i + 1;
        value->places = (int32_t)places;
        better = value;
    }
}

/* ---- bands ---- */

/* "90=100": up to the next comma or the end. Returns what follows, NULL when it is none. */
static const char *band_parse(const char *text, struct band *out)
{
    char part[2 * POINTS_MAX_TEXT];
    const size_t len = strcspn(text, ",");
    const char *equals = memchr(text, '=', len);
    if (!equals || len >= sizeof part)
        return NULL;
    memcpy(part, text, len);
    part[len] = '\0';
    part[equals - text] = '\0';
    if (!points_parse(part, &out->from) || !points_parse(part + (equals - text) + 1, &out->share))
        return NULL;
    text += len;
    if (!*text)
        return text;
    text += 1 + strspn(text + 1, " ");
    return *text ? text : NULL;
}

/* Shares go one way, up or down: a band may not be worse than both its neighbours. */
static bool goes_on(const struct band *bands, size_t at)
{
    const int64_t first = bands[1].share.hundredths - bands[0].share.hundredths;
    const int64_t step = bands[at].share.hundredths - bands[at - 1].share.hundredths;
    return bands[at].from.hundredths < bands[at - 1].from.hundredths && step &&
           (step < 0) == (first < 0);
}

bool bands_parse(const char *text, int64_t most, struct band out[BANDS_MOST], size_t *out_count)
{
    *out_count = 0;
    while (*text && *out_count < BANDS_MOST) {
        struct band *band = &out[*out_count];
        text = band_parse(text, band);
        if (!text || band->from.hundredths < 0 || band->share.hundredths < 0 ||
            band->share.hundredths > most)
            return false;
        if (*out_count && !goes_on(out, *out_count))
            return false;
        (*out_count)++;
    }
    return *out_count > 0 && !*text;
}

/* ---- is an indicator right? ---- */

/* What each method needs, and what it has no use for. */
enum need { UNUSED, USED, NEEDED };
static const struct {
    enum need measure, weight, base, target, step, share, bands;
} NEEDS[] = {
    [METHOD_DEDUCT_PER_EVENT] = {NEEDED, NEEDED, UNUSED, UNUSED, NEEDED, UNUSED, UNUSED},
    [METHOD_BANDED] = {NEEDED, NEEDED, UNUSED, UNUSED, UNUSED, UNUSED, NEEDED},
    [METHOD_LINEAR_BASE_TARGET] = {NEEDED, NEEDED, USED, USED, UNUSED, USED, UNUSED},
    [METHOD_RATIO_CAP] = {NEEDED, NEEDED, UNUSED, NEEDED, UNUSED, USED, UNUSED},
    [METHOD_RANK] = {NEEDED, NEEDED, UNUSED, UNUSED, UNUSED, UNUSED, UNUSED},
    [METHOD_VETO] = {NEEDED, UNUSED, UNUSED, USED, UNUSED, USED, UNUSED},
    [METHOD_BONUS] = {NEEDED, NEEDED, UNUSED, UNUSED, NEEDED, UNUSED, UNUSED},
    [METHOD_MANUAL] = {UNUSED, NEEDED, UNUSED, UNUSED, UNUSED, UNUSED, UNUSED},
};

void indicator_clear(struct indicator *indicator)
{
    if (NEEDS[indicator->method].measure == UNUSED)
        indicator->measure = "";
    if (NEEDS[indicator->method].bands == UNUSED)
        indicator->bands = "";
    const struct {
        enum need need;
        struct points *points;
    } numbers[] = {{NEEDS[indicator->method].weight, &indicator->weight},
                   {NEEDS[indicator->method].base, &indicator->base},
                   {NEEDS[indicator->method].target, &indicator->target},
                   {NEEDS[indicator->method].step, &indicator->step},
                   {NEEDS[indicator->method].share, &indicator->share}};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (numbers[i].need == UNUSED)
            numbers[i].points->hundredths = 0;
    }
}

static const char *judged(enum need need, bool given)
{
    if (need == NEEDED && !given)
        return "required";
    return need == UNUSED && given ? "not_of_this_method" : NULL;
}

/* Of values that are there: the member that does not fit, and why. */
static const char *misfit(const struct indicator *indicator, const char **out_member)
{
    struct band bands[BANDS_MOST];
    size_t count;
    const int64_t share = indicator->share.hundredths;
    *out_member = "share";
    switch (indicator->method) {
    case METHOD_LINEAR_BASE_TARGET:
        if (share > WHOLE)
            return "over_hundred";
        *out_member = "target";
        return indicator->target.hundredths == indicator->base.hundredths ? "same_as_base" : NULL;
    case METHOD_VETO:
        return share > WHOLE ? "over_hundred" : NULL;
    case METHOD_RATIO_CAP:
        return share && share < WHOLE ? "under_hundred" : NULL;
    case METHOD_BANDED:
        *out_member = "bands";
        return bands_parse(indicator->bands, WHOLE, bands, &count) ? NULL : "bands_malformed";
    default:
        return NULL;
    }
}

bool indicator_check(const struct indicator *indicator, const char **out_member,
                     const char **out_code)
{
    const struct {
        const char *member;
        enum need need;
        bool given;
    } members[] = {
        {"measure", NEEDS[indicator->method].measure, *indicator->measure != '\0'},
        {"weight", NEEDS[indicator->method].weight, indicator->weight.hundredths > 0},
        {"base", NEEDS[indicator->method].base, indicator->base.hundredths > 0},
        {"target", NEEDS[indicator->method].target, indicator->target.hundredths > 0},
        {"step", NEEDS[indicator->method].step, indicator->step.hundredths > 0},
        {"share", NEEDS[indicator->method].share, indicator->share.hundredths > 0},
        {"bands", NEEDS[indicator->method].bands, *indicator->bands != '\0'},
    };
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        *out_member = members[i].member;
        *out_code = judged(members[i].need, members[i].given);
        if (*out_code)
            return false;
    }
    *out_code = misfit(indicator, out_member);
    return !*out_code;
}
