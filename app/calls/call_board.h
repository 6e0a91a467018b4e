/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The board of outbound calling: volume, rates and time of contracts over a period, by day, by hour
 * and by weekday and hour, beside the period before. Read from the roll-ups alone. */
#ifndef CALL_BOARD_H
#define CALL_BOARD_H

#include "app/calls/call.h"
#include "app/calls/call_formula.h"

#define BOARD_DAYS 366 /* at most */

struct call_period {
    struct date from, to;               /* both included */
    struct date before_from, before_to; /* what it is compared with */
};
/* A month (up to today), beside as many days of the month before. */
struct call_period period_of_month(struct month month, struct date today);
/* Any span, beside as many days right before it. */
struct call_period period_of_days(struct date from, struct date to);

struct call_board {
    struct call_sums total, before;
    struct call_sums days[BOARD_DAYS]; /* from period.from on */
    struct call_sums hours[24];        /* of the day, in Shanghai */
    struct call_sums week[7][24];      /* Monday first */
    int first_hour, last_hour;         /* with calls; 0 and -1 when there are none */
};
MUST_USE enum result call_board_read(struct ctx *cx, const int64_t *contract_ids, size_t contracts,
                                     const struct call_period *period, struct call_board *out);

#endif
