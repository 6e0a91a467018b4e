/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From facts to points (C2.4, V6.1.1): the one place where anything is scored.
 *
 * An indicator gives so many points of the base of 100 for a value that was measured, by one of a
 * few methods. Values are exact (a numerator and a denominator), points are hundredths, and each
 * line is rounded once, half up. The same input gives the same output bit for bit, in whatever
 * order the indicators stand. */
#ifndef SCORING_H
#define SCORING_H

#include "base/field.h"

/* Of the functions below, kept with every result. 1: what was given beside came after the veto. */
#define SCORING_VERSION 2
#define SCORING_BASE 100 /* points that the weights of the base must come to */
#define INDICATORS_MOST 30
#define BANDS_MOST 12

enum scoring_method {
    METHOD_DEDUCT_PER_EVENT = 1, /* the weight less `step` for each unit, down to nothing */
    METHOD_BANDED,               /* `bands`: from which value on which share of the weight */
    METHOD_LINEAR_BASE_TARGET,   /* `share` per cent at `base` and beneath, all at `target`, between
                                  * them in proportion; a target below the base: less is better */
    METHOD_RATIO_CAP, /* the weight by value : `target`, at most `share` per cent of it (0: 100) */
    METHOD_RANK,      /* the best has all, the last nothing, those between by their place */
    METHOD_VETO,   /* a value of `target` or more (0: of 1) leaves `share` per cent of the base */
    METHOD_BONUS,  /* `step` for each unit, at most the weight; beyond the base */
    METHOD_MANUAL, /* as a person gives, with a reason */
};
extern const char *const SCORING_METHODS[];

/* What counts when there was nothing to measure; it is never left unsaid. */
enum nothing_policy {
    NOTHING_REWEIGH = 1, /* the others weigh more */
    NOTHING_FULL,
    NOTHING_ZERO,
};
extern const char *const NOTHING_POLICIES[];

struct indicator {
    const char *code;    /* within its scheme: "success" */
    const char *name;    /* as people call it */
    const char *measure; /* a measure's name; "" of manual ones */
    enum scoring_method method;
    struct points weight; /* of a veto 0, of a bonus the most that it gives */
    struct points base, target, step, share;
    const char *bands; /* "90=100, 80=75.5, 60=50": from which value on which per cent, falling */
    bool fewer;        /* of a rank: the smallest value is the best */
    enum nothing_policy nothing;
    bool needed; /* without a value of it nothing is graded */
};
extern const struct field INDICATOR_FIELDS[];

/* A value as it was measured; a denominator of 0: there was nothing to measure. */
struct measured {
    int64_t numerator, denominator;
    int32_t place, places; /* of a rank: 1 of 60; those alike share the better place */
    int32_t records;       /* that stand behind the value */
};
static inline bool is_measured(const struct measured *value)
{
    return value->denominator > 0;
}
/* In hundredths, half up, for people to read. */
struct points measured_shown(const struct measured *value);

/* What an indicator comes to. */
struct scored {
    struct points points; /* within the weight; of a bonus beyond the base */
    struct points extra;  /* above the weight (ratio_cap beyond 100 per cent) */
    struct points most;   /* that could be reached: 0 when it is weighed into the others */
    bool nothing;         /* there was nothing to measure */
    bool vetoes;
};
struct scored score_one(const struct indicator *indicator, const struct measured *value);

struct score {
    struct points given, of; /* of the base: their ratio is the result */
    struct points extra;     /* bonuses and what lies above weights */
    struct points total;
    struct points most; /* that it can come to: what the strictest veto leaves */
    bool vetoed;
    bool empty; /* nothing at all could be scored: there is no total, which is not 0 */
};
/* Together. Never outside 0 .. the base and what score_most() says may come on top. */
struct score score_all(const struct indicator *indicators, const struct scored *lines,
                       size_t count);
/* With points given or taken beside what was measured: from 0 up to the most that there can be. No
 * points lift what is vetoed; a veto falls with the fact that it rests on. */
void score_beside(struct points beside, struct score *score);
/* The most that an indicator gives beyond the base. */
struct points extra_most(const struct indicator *indicator);
/* The most that the indicators can come to. */
struct points score_most(const struct indicator *indicators, size_t count);

/* Places of values, the best first: those alike share the better place (1, 2, 2, 4), those that
 * were not measured have none and are not counted. */
void rank_values(struct arena *arena, struct measured *values, size_t count, bool fewer);

/* ---- bands ---- */

struct band {
    struct points from, share; /* from this value on, this per cent of the weight */
};
/* Values fall, shares from 0 to `most` hundredths of a per cent go one way (down, or up where less
 * is better); false: malformed. */
bool bands_parse(const char *text, int64_t most, struct band out[BANDS_MOST], size_t *out_count);

/* Without what its method has no use for, as a form that hides those fields sends it. */
void indicator_clear(struct indicator *indicator);
/* Is it right in itself? Else the member that is not, and the code of the field fault. */
bool indicator_check(const struct indicator *indicator, const char **out_member,
                     const char **out_code);

#endif
