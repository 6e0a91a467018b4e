/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/pay/wage.h"

#define WHOLE 10000 /* 100 per cent in hundredths */

bool pay_bands_valid(const char *bands)
{
    struct band parsed[BANDS_MOST];
    size_t count;
    return bands_parse(bands, FACTOR_MOST, parsed, &count);
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
    wage.performance = money_share(wage.performance_base, wage.factor.hundredths, WHOLE);
    const int64_t minimum = for_days(facts->minimum, facts).fen;
    const int64_t earned = wage.base.fen + wage.performance.fen + wage.adjustment.fen;
    wage.made_up.fen = earned < minimum ? minimum - earned : 0;
    const int64_t due = earned + wage.made_up.fen;
    wage.deducted.fen = deductible(facts, due, minimum);
    wage.left_over.fen = facts->owed.fen - wage.deducted.fen;
    wage.total.fen = due + wage.reward.fen - wage.deducted.fen;
    return wage;
}
