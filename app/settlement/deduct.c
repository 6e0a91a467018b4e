/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/settlement/deduct.h"

#include "base/field.h"
#include "base/texts.h"

#include <string.h>

const char *const DEDUCT_FUNCTIONS[] = {"threshold_linear",
                                        "per_point_amount",
                                        "assessment_pool",
                                        "deduction_allowance",
                                        "fixed_per_event",
                                        "percent_of_monthly_fee",
                                        "attendance_prorata",
                                        "external_event",
                                        "cap",
                                        NULL};
const char *const DEDUCT_TRIGGERS[] = {"result",   "findings", "event", "attendance",
                                       "external", "always",   NULL};

#define WHOLE 10000 /* a hundred per cent; a hundred points */
#define POINT 100

/* ---- the functions ---- */

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static struct points below(const struct deduct_terms *terms, const struct deduct_facts *facts)
{
    const int64_t short_of = terms->line.hundredths - facts->total.hundredths;
    return (struct points){facts->scored && short_of > 0 ? short_of : 0};
}

static struct money threshold_linear(const struct deduct_terms *terms,
                                     const struct deduct_facts *facts)
{
    if (!below(terms, facts).hundredths)
        return (struct money){0};
    const int64_t paid = least(WHOLE, terms->share.hundredths + facts->total.hundredths);
    return money_share(facts->fee, WHOLE - paid, WHOLE);
}

static struct money per_point(const struct deduct_terms *terms, const struct deduct_facts *facts)
{
    return money_share(terms->rate, below(terms, facts).hundredths, POINT);
}

static struct money pool(const struct deduct_terms *terms, const struct deduct_facts *facts)
{
    const int64_t counted = facts->events > terms->free ? facts->events - terms->free : 0;
    const int64_t withheld = least(WHOLE, least(counted, WHOLE) * terms->step.hundredths);
    const struct money all = money_share(facts->fee, terms->share.hundredths, WHOLE);
    return money_share(all, withheld, WHOLE);
}

static struct money allowance(const struct deduct_terms *terms, const struct deduct_facts *facts)
{
    const int64_t beyond = facts->taken.hundredths - terms->line.hundredths;
    return money_share(terms->rate, beyond > 0 ? beyond : 0, POINT);
}

static struct money fixed(const struct deduct_terms *terms, const struct deduct_facts *facts)
{
    const int64_t further = facts->events > 1 ? facts->events - 1 : 0;
    const int64_t times = (facts->events > 0) + further * terms->factor;
    return (struct money){terms->rate.fen * times};
}

static struct money percent(const struct deduct_terms *terms, const struct deduct_facts *facts)
{
    const int64_t share = least(facts->events, WHOLE) * terms->share.hundredths;
    return money_share(facts->fee, least(WHOLE, share), WHOLE);
}

static struct money attendance(const struct deduct_terms *terms, const struct deduct_facts *facts)
{
    (void)terms;
    if (facts->person_days <= 0 || facts->missing <= 0)
        return (struct money){0};
    return money_share(facts->fee, least(facts->missing, facts->person_days), facts->person_days);
}

static struct money external(const struct deduct_terms *terms, const struct deduct_facts *facts)
{
    struct money sum = {0};
    for (int32_t i = 0; i < facts->events; i++) {
        const int64_t stated = facts->amounts[i].fen;
        sum.fen += stated < terms->rate.fen ? terms->rate.fen : least(stated, terms->most.fen);
    }
    return sum;
}

/* ---- the table ---- */

enum { LINE = 1, SHARE = 2, STEP = 4, RATE = 8, MOST = 16, FREE = 32, FACTOR = 64 };
#define ON(trigger) (1u << TRIGGER_##trigger)

static const struct {
    struct money (*work)(const struct deduct_terms *, const struct deduct_facts *);
    unsigned uses, triggers;
} FUNCTIONS[] = {
    [DEDUCT_THRESHOLD_LINEAR] = {threshold_linear, LINE | SHARE, ON(RESULT)},
    [DEDUCT_PER_POINT] = {per_point, LINE | RATE, ON(RESULT)},
    [DEDUCT_POOL] = {pool, SHARE | STEP | FREE, ON(FINDINGS) | ON(EVENT)},
    [DEDUCT_ALLOWANCE] = {allowance, LINE | RATE, ON(FINDINGS) | ON(EVENT)},
    [DEDUCT_FIXED] = {fixed, RATE | FACTOR, ON(FINDINGS) | ON(EVENT)},
    [DEDUCT_PERCENT] = {percent, SHARE, ON(FINDINGS) | ON(EVENT)},
    [DEDUCT_ATTENDANCE] = {attendance, 0, ON(ATTENDANCE)},
    [DEDUCT_EXTERNAL] = {external, RATE | MOST, ON(EXTERNAL)},
    [DEDUCT_CAP] = {NULL, SHARE | STEP, ON(ALWAYS)},
};

bool deduct_may_rest_on(enum deduct_function function, enum deduct_trigger trigger)
{
    return function && trigger && FUNCTIONS[function].triggers & 1u << trigger;
}

struct money deduct(const struct deduct_terms *terms, const struct deduct_facts *facts)
{
    if (!FUNCTIONS[terms->function].work)
        return (struct money){0};
    const struct money amount = FUNCTIONS[terms->function].work(terms, facts);
    return (struct money){least(amount.fen, facts->fee.fen)};
}

struct money deduct_capped(const struct deduct_terms *cap, struct money sum, struct money fee,
                           struct money before, struct money contract_amount, bool *out_reached)
{
    *out_reached = false;
    sum.fen = least(sum.fen, fee.fen);
    if (!cap)
        return sum;
    sum.fen = least(sum.fen, money_share(fee, cap->share.hundredths, WHOLE).fen);
    if (contract_amount.fen <= 0)
        return sum;
    const int64_t all = money_share(contract_amount, cap->step.hundredths, WHOLE).fen;
    const int64_t left = all > before.fen ? all - before.fen : 0;
    *out_reached = sum.fen >= left;
    return (struct money){least(sum.fen, left)};
}

/* ---- parameters ---- */

/* 0 = it is none; the most of it that makes sense. */
static const struct {
    unsigned bit;
    const char *member;
} MEMBERS[] = {{LINE, "line"},     {SHARE, "share"}, {STEP, "step"},    {RATE, "rate_fen"},
               {MOST, "most_fen"}, {FREE, "free"},   {FACTOR, "factor"}};

static int64_t value_of(const struct deduct_terms *terms, unsigned bit)
{
    switch (bit) {
    case LINE:
        return terms->line.hundredths;
    case SHARE:
        return terms->share.hundredths;
    case STEP:
        return terms->step.hundredths;
    case RATE:
        return terms->rate.fen;
    case MOST:
        return terms->most.fen;
    case FREE:
        return terms->free;
    default:
        return terms->factor;
    }
}

void deduct_check(struct ctx *cx, const struct deduct_terms *terms, const char *prefix)
{
    const unsigned uses = FUNCTIONS[terms->function].uses;
    for (size_t i = 0; i < sizeof MEMBERS / sizeof MEMBERS[0]; i++) {
        const char *member = arena_printf(cx->mem, "%s%s", prefix, MEMBERS[i].member);
        const bool has = value_of(terms, MEMBERS[i].bit) != 0;
        if (!has && uses & MEMBERS[i].bit && MEMBERS[i].bit != FREE)
            reject_clause(cx, "V3.3", member, "required");
        else if (has && !(uses & MEMBERS[i].bit))
            reject_clause(cx, "V3.3", member, "not_of_this_function");
    }
    if (terms->function == DEDUCT_EXTERNAL && terms->most.fen < terms->rate.fen)
        reject_clause(cx, "V3.3", arena_printf(cx->mem, "%smost_fen", prefix), "below_least");
}

/* ---- in words ---- */

static const char *points_words(struct ctx *cx, struct points points)
{
    char text[POINTS_MAX_TEXT];
    points_format(points, text);
    return arena_dup(cx->mem, text);
}

static const char *money_words(struct ctx *cx, struct money money)
{
    char text[MONEY_MAX_TEXT];
    money_format(money, true, text);
    return arena_dup(cx->mem, text);
}

/* The figures of each function's sentence: at most three. */
static void figures(struct ctx *cx, const struct deduct_terms *terms,
                    const struct deduct_facts *facts, const char *out[3])
{
    const char *events = arena_printf(cx->mem, "%d", facts->events);
    out[0] = out[1] = out[2] = NULL;
    switch (terms->function) {
    case DEDUCT_THRESHOLD_LINEAR:
        out[0] = facts->scored ? points_words(cx, facts->total) : "—";
        out[1] = points_words(cx, terms->line);
        out[2] = points_words(cx, terms->share);
        break;
    case DEDUCT_PER_POINT:
        out[0] = facts->scored ? points_words(cx, facts->total) : "—";
        out[1] = points_words(cx, terms->line);
        out[2] = money_words(cx, terms->rate);
        break;
    case DEDUCT_POOL:
        out[0] = points_words(cx, terms->share);
        out[1] = arena_printf(cx->mem, "%d − %d", facts->events, terms->free);
        out[2] = points_words(cx, terms->step);
        break;
    case DEDUCT_ALLOWANCE:
        out[0] = points_words(cx, facts->taken);
        out[1] = points_words(cx, terms->line);
        out[2] = money_words(cx, terms->rate);
        break;
    case DEDUCT_FIXED:
        out[0] = events;
        out[1] = money_words(cx, terms->rate);
        out[2] = arena_printf(cx->mem, "%d", terms->factor);
        break;
    case DEDUCT_PERCENT:
        out[0] = events;
        out[1] = points_words(cx, terms->share);
        break;
    case DEDUCT_ATTENDANCE:
        out[0] = arena_printf(cx->mem, "%d", facts->person_days);
        out[1] = arena_printf(cx->mem, "%d", facts->missing);
        break;
    case DEDUCT_EXTERNAL:
        out[0] = events;
        out[1] = money_words(cx, terms->rate);
        out[2] = money_words(cx, terms->most);
        break;
    case DEDUCT_CAP:
        out[0] = points_words(cx, terms->share);
        out[1] = points_words(cx, terms->step);
        break;
    }
}

const char *deduct_words(struct ctx *cx, const struct deduct_terms *terms,
                         const struct deduct_facts *facts, enum lang lang)
{
    const char *words[3];
    figures(cx, terms, facts, words);
    return texts_fill(
        cx->mem, arena_printf(cx->mem, "deduct.%s", choice_name(DEDUCT_FUNCTIONS, terms->function)),
        lang, words);
}
