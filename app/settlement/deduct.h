/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* clang-format off */
/* From facts to deductions (V3.3, X2): the nine functions by which contracts of this trade take
 * money off, pure, in whole fen and hundredths of points. Every share is rounded by money_share
 * (half up), and nothing else rounds.
 *
 * Their parameters stand in one struct; a table says which of them a function uses, and on which
 * kind of fact it may rest. "per cent" is hundredths of a per cent: 1500 = 15 %.
 *
 *   function               what it takes off                                    met in practice in
 *   threshold_linear       nothing from `line` points on; below, the fee is     property management
 *                          paid to (`share` + points) per cent                  of a city: 85, 15 %
 *   per_point_amount       `rate` for each point below `line`, parts of a       lift maintenance:
 *                          point pro rata                                       200 yuan; greening: 10
 *   assessment_pool        `share` of the fee is the pool: of it `step` per     cleaning: 5 %, the
 *                          cent for each event beyond the first `free`          first time is free
 *   deduction_allowance    `rate` for each point deducted beyond `line`, which  cleaning of estates:
 *                          are free                                             80 or 100 points
 *   fixed_per_event        `rate` for the first event of a month, `factor`      cleaning: 200 to 2000
 *                          times that for each further one                      yuan, doubled
 *   percent_of_monthly_fee `share` of the fee for each event                    greening: 10 %, 40 %
 *   attendance_prorata     the fee's part of the person-days that were missing  cleaning of schools
 *   external_event         the amount stated for each event, at least `rate`    property management
 *                          and at most `most`                                   of a city: 500 to 5000
 *   cap                    limits what all others take off: in a month to       ours
 *                          `share` of the fee, in all to `step` of the
 *                          contract's amount
 *
 * Whatever is taken off lies between nothing and the fee. */
/* clang-format on */
#ifndef DEDUCT_H
#define DEDUCT_H

#include "base/ctx.h"
#include "base/units.h"

enum deduct_function {
    DEDUCT_THRESHOLD_LINEAR = 1,
    DEDUCT_PER_POINT,
    DEDUCT_POOL,
    DEDUCT_ALLOWANCE,
    DEDUCT_FIXED,
    DEDUCT_PERCENT,
    DEDUCT_ATTENDANCE,
    DEDUCT_EXTERNAL,
    DEDUCT_CAP
};
extern const char *const DEDUCT_FUNCTIONS[];

/* The kinds of facts. */
enum deduct_trigger {
    TRIGGER_RESULT = 1, /* the total of the final evaluation */
    TRIGGER_FINDINGS,   /* findings of inspections that cost points, by problem */
    TRIGGER_EVENT,      /* recorded with evidence */
    TRIGGER_ATTENDANCE, /* person-days that the contract asks for and that were missing */
    TRIGGER_EXTERNAL,   /* criticism from above or outside, recorded with evidence */
    TRIGGER_ALWAYS      /* of the cap */
};
extern const char *const DEDUCT_TRIGGERS[];
bool deduct_may_rest_on(enum deduct_function function, enum deduct_trigger trigger);

struct deduct_terms {
    enum deduct_function function;
    struct points line;        /* points */
    struct points share, step; /* per cent */
    struct money rate, most;
    int32_t free, factor;
};
/* Rejects, as members of `prefix` ("lines.2."), parameters that the function wants and has not, or
 * has and does not want, or that make no sense. */
void deduct_check(struct ctx *cx, const struct deduct_terms *terms, const char *prefix);

struct deduct_facts {
    struct money fee;
    bool scored;
    struct points total;         /* of the evaluation, when scored */
    struct points taken;         /* points that findings or events deducted */
    int32_t events;              /* how many */
    const struct money *amounts; /* stated for each event, of external ones */
    int32_t person_days, missing;
};
/* What the function takes off: 0 of the cap, and of one that rests on a result when there is none.
 */
struct money deduct(const struct deduct_terms *terms, const struct deduct_facts *facts);
/* The same told in words, with its figures. */
const char *deduct_words(struct ctx *cx, const struct deduct_terms *terms,
                         const struct deduct_facts *facts, enum lang lang);

/* What a cap leaves of `sum`, taken off in a month of this fee, after `before` in earlier months of
 * a contract of this amount (0: none is stated, and no total cap holds). `*out_reached`: the total
 * cap is used up. */
struct money deduct_capped(const struct deduct_terms *cap, struct money sum, struct money fee,
                           struct money before, struct money contract_amount, bool *out_reached);

#endif
