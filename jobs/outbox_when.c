/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "jobs/outbox.h"

#define DAY_S 86400

/* ---- again ---- */

/* Quick at first, for a server that restarts; the last ones reach over a night. */
static const int WAIT_MINUTES[] = {1, 5, 15, 60, 240, 480, 960};

struct instant outbox_next_try(int tries, int retry_after_s, struct instant failed)
{
    int count = sizeof(WAIT_MINUTES) / sizeof(WAIT_MINUTES[0]);
    if (tries < 1 || tries > count || !failed.ms)
        return (struct instant){0};
    int asked_s = retry_after_s < DAY_S ? retry_after_s : DAY_S;
    int wait_s = WAIT_MINUTES[tries - 1] * 60;
    return (struct instant){failed.ms + (wait_s > asked_s ? wait_s : asked_s) * INT64_C(1000)};
}

/* ---- quiet hours ---- */

struct instant quiet_hours_end(struct quiet_hours quiet, struct instant at, int offset_min)
{
    struct date day = instant_date(at, offset_min);
    bool over_midnight = quiet.from_minute > quiet.to_minute;
    struct date first = over_midnight ? date_add(day, -1) : day;
    /* Those that began yesterday, and those that begin today. */
    for (; day.days && first.days <= day.days; first = date_add(first, 1)) {
        struct date last = over_midnight ? date_add(first, 1) : first;
        struct instant from = instant_of(first, quiet.from_minute, offset_min);
        struct instant to = instant_of(last, quiet.to_minute, offset_min);
        if (at.ms >= from.ms && at.ms < to.ms)
            return to;
    }
    return at;
}
