/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/evaluation/period.h"

#include <string.h>

#define QUARTER 3
#define YEAR 12

bool period_parse(const char *text, struct period *out)
{
    char month[MONTH_MAX_TEXT] = "0000-01";
    const size_t len = strlen(text);
    const bool quarter = len == 7 && text[5] == 'Q' && text[6] >= '1' && text[6] <= '4';
    if ((len != 4 && len != 7) || (len == 7 && text[4] != '-'))
        return false;
    memcpy(month, text, quarter ? 5 : len);
    out->months = len == 4 ? YEAR : quarter ? QUARTER : 1;
    if (!month_parse(month, &out->first))
        return false;
    if (quarter)
        out->first.months += (text[6] - '1') * QUARTER;
    return true;
}

const char *period_text(struct arena *arena, struct period period)
{
    char month[MONTH_MAX_TEXT];
    month_format(period.first, month);
    if (period.months == YEAR)
        return arena_printf(arena, "%.4s", month);
    if (period.months == QUARTER)
        return arena_printf(arena, "%.4s-Q%d", month, period.first.months % YEAR / QUARTER + 1);
    return arena_dup(arena, month);
}

struct period period_add(struct period period, int32_t count)
{
    period.first.months += count * period.months;
    return period;
}

struct month period_last_month(struct period period)
{
    return (struct month){period.first.months + period.months - 1};
}

struct date period_from(struct period period)
{
    return month_first(period.first);
}

struct date period_to(struct period period)
{
    return month_last(period_last_month(period));
}

bool period_is_over(struct instant now, struct period period)
{
    return period_to(period).days < instant_date(now, SHANGHAI_OFFSET_MIN).days;
}
