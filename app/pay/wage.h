/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From a month's result to a month's pay (C2.4, C2.5): the one place where it is worked out.
 *
 * The score moves the performance part alone. What law guards stands here and cannot be switched
 * off: there are no fines; days that were not worked are not paid, and cost no more than that; only
 * compensation for a loss is deducted, at most the stated share of
 * the month's wage, and never below the local minimum wage (Interim Provisions on Payment of Wages
 * 15 and 16); a wage that performance pulled below the minimum is made up to it; a sick day is paid
 * at least by the stated share of the minimum (80 per cent by law). Rewards are the client's, stand
 * apart, and count for none of these limits. */
#ifndef WAGE_H
#define WAGE_H

#include "app/scores/scoring.h"

enum pay_method { PAY_PROPORTIONAL = 1, PAY_BANDED };
enum unscored { UNSCORED_FULL = 1, UNSCORED_NONE };

#define FACTOR_MOST (200 * INT64_C(100)) /* per cent */

/* How a total becomes the share of the performance base that is paid. */
struct pay_way {
    enum pay_method method;
    const char
        *bands; /* of PAY_BANDED: "95=120, 90=110, 0=0": from which total on which per cent */
    enum unscored unscored;   /* of whoever could not be measured by anything */
    struct points month_days; /* that a month's base is for: 21.75 */
    struct points sick_share; /* of the base, per cent, that a sick day is paid */
};

struct wage_facts {
    struct money base, performance_base; /* for a whole month */
    int32_t days, of_days;               /* paid days: employed in it, and how many it has */
    struct points unpaid, absent, sick;  /* days not worked: on leave without pay, away, ill */
    bool is_scored;
    struct points total;
    struct money reward, adjustment; /* an adjustment may be less than nothing */
    struct money owed;               /* compensation that is still to be deducted */
    struct money minimum;            /* wage of a whole month; 0: none is known */
    struct points deduction_share;   /* of the wage, per cent */
    struct points sick_floor;        /* of the minimum, per cent, below which no sick day is paid */
};

struct wage {
    struct money base, performance_base; /* for the days employed */
    struct money missed;                 /* of the base, for days that were not worked */
    struct points factor;                /* per cent of the performance base */
    struct money performance, adjustment;
    struct money made_up; /* to the minimum wage */
    struct money reward;
    struct money deducted;  /* compensation */
    struct money left_over; /* compensation that this month's limits left for later ones */
    /* base - missed + performance + adjustment + made_up + reward - deducted */
    struct money total;
};

/* Days that a month is paid for: Mondays to Fridays, holidays among them as they are. */
int32_t pay_days(struct date from, struct date to);
struct wage wage_work(const struct pay_way *way, const struct wage_facts *facts);
/* Of a banded way: are its bands right? */
bool pay_bands_valid(const char *bands);

#endif
