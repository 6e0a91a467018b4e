/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/pay/wage.h"

#define WHOLE 10000 /* 100 per cent in hundredths */

bool pay_bands_valid(const char *bands)
{
    struct band parsed[BANDS_MOST];
    size_t count;
    return bands_parse(bands, FACTOR_MOST, parsed, &count);
}

int32_t pay_days(struct date from, struct date to)
{
    int32_t days = 0;
    for (; from.days <= to.days; from = date_add(from, 1))
        days += date_weekday(from) <= 5;
    return days;
}

static struct points factor_of(const struct pay_way *way, const struct wage_facts *facts)
{
    struct band bands[BANDS_MOST];
    size_t count = 0;
    if (!facts->is_scored)
        return (struct points){way->unscored == UNSCORED_FULL ? WHOLE : 0};
    if (way->method == PAY_PROPORTIONAL)
        return facts->total;
    (void)bands_parse(way->bands, FACTOR_MOST, bands, &count);
    for (size_t i = 0; i < count; i++)
        if (facts->total.hundredths >= bands[i].from.hundredths)
            return bands[i].share;
    return (struct points){0};
}

static struct money for_days(struct money month, const struct wage_facts *facts)
{
    return facts->days == facts->of_days ? month : money_share(month, facts->days, facts->of_days);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static struct money for_part(struct money month, int64_t days, const struct pay_way *way)
{
    return money_share(month, days, way->month_days.hundredths);
}

/* What days that were not worked take from the base: what the base gives for them, less what a sick
 * day is paid nevertheless. */
static int64_t missed(const struct pay_way *way, const struct wage_facts *facts)
{
    const int64_t away = facts->unpaid.hundredths + facts->absent.hundredths;
    const int64_t sick = facts->sick.hundredths;
    const int64_t by_share =
        for_part(money_share(facts->base, way->sick_share.hundredths, WHOLE), sick, way).fen;
    const int64_t by_floor =
        for_part(money_share(facts->minimum, facts->sick_floor.hundredths, WHOLE), sick, way).fen;
    const int64_t paid = by_share > by_floor ? by_share : by_floor;
    const int64_t given = for_part(facts->base, sick, way).fen;
    return for_part(facts->base, away, way).fen + (given > paid ? given - paid : 0);
}

/* Nobody is owed a whole month's minimum for a part of one. */
static int64_t guarded(const struct pay_way *way, const struct wage_facts *facts)
{
    const int64_t away = facts->unpaid.hundredths + facts->absent.hundredths;
    const struct money less_ill =
        money_share(facts->minimum, WHOLE - facts->sick_floor.hundredths, WHOLE);
    const int64_t left = for_days(facts->minimum, facts).fen -
                         for_part(facts->minimum, away, way).fen -
                         for_part(less_ill, facts->sick.hundredths, way).fen;
    return left < 0 ? 0 : left;
}

/* Rounded down: a limit is not passed by half a fen either. */
static int64_t deductible(const struct wage_facts *facts, int64_t wage, int64_t minimum)
{
    const int64_t share = wage * facts->deduction_share.hundredths / WHOLE;
    const int64_t room = wage - minimum;
    const int64_t most = least(share, room);
    return most < 0 ? 0 : least(most, facts->owed.fen);
}

struct wage wage_work(const struct pay_way *way, const struct wage_facts *facts)
{
    struct wage wage = {
        .base = for_days(facts->base, facts),
        .performance_base = for_days(facts->performance_base, facts),
        .factor = factor_of(way, facts),
        .adjustment = facts->adjustment,
        .reward = facts->reward,
    };
    wage.missed.fen = least(missed(way, facts), wage.base.fen);
    wage.performance = money_share(wage.performance_base, wage.factor.hundredths, WHOLE);
    const int64_t minimum = guarded(way, facts);
    const int64_t earned =
        wage.base.fen - wage.missed.fen + wage.performance.fen + wage.adjustment.fen;
    wage.made_up.fen = earned < minimum ? minimum - earned : 0;
    const int64_t due = earned + wage.made_up.fen;
    wage.deducted.fen = deductible(facts, due, minimum);
    wage.left_over.fen = facts->owed.fen - wage.deducted.fen;
    wage.total.fen = due + wage.reward.fen - wage.deducted.fen;
    return wage;
}
