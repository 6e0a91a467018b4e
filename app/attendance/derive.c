/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/attendance/derive.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

const char *const ATTENDANCE_KINDS[] = {"present", "late", "early",    "missing",   "absent",
                                        "leave",   "free", "unjudged", "unclocked", NULL};

#define WHOLE 100 /* hundredths of a day */

bool clock_valid(const char *text)
{
    const bool shaped = strlen(text) == 5 && text[2] == ':' && strspn(text, "0123456789:") == 5 &&
                        strchr(text, ':') == text + 2 && strrchr(text, ':') == text + 2;
    return shaped && strncmp(text, "24", 2) < 0 && text[3] < '6';
}

int32_t clock_minutes(const char *text)
{
    if (!clock_valid(text))
        return -1;
    return ((text[0] - '0') * 10 + text[1] - '0') * 60 + (text[3] - '0') * 10 + text[4] - '0';
}

/* A shift that ends when it starts, or before, ends on the next day. */
static int32_t end_of(int32_t starts, int32_t ends)
{
    return ends > starts ? ends : ends + DAY_MINUTES;
}

int32_t shift_midnights(int32_t starts, int32_t ends)
{
    return (end_of(starts, ends) + DAY_MINUTES - 1) / DAY_MINUTES;
}

/* A machine writes the time of day alone: it is the one that lies nearest to what was expected, so
 * that 00:15 of a shift from 22:00 is late, and 00:30 after one until 18:00 is overtime. */
static int32_t nearest(int32_t minute, int32_t expected)
{
    int32_t best = minute;
    for (int32_t day = -1; day <= 1; day++) {
        const int32_t at = minute + day * DAY_MINUTES;
        if (abs(at - expected) < abs(best - expected))
            best = at;
    }
    return best;
}

/* What is left of the shift beside leave, and the punches on one line with it. */
struct span {
    int32_t from, to, net; /* net: minutes of work in it */
    int32_t share;         /* of the day, in hundredths */
    int32_t came, went;    /* -1: missing */
    bool is_nothing;       /* the punches say that nobody was there */
};

static struct span span_of(const struct day_facts *facts)
{
    const int32_t starts = facts->starts, ends = end_of(facts->starts, facts->ends);
    const int32_t middle = starts + (ends - starts) / 2;
    struct span span = {.from = facts->leave & LEAVE_FIRST_HALF ? middle : starts,
                        .to = facts->leave & LEAVE_SECOND_HALF ? middle : ends,
                        .share = facts->leave & LEAVE_WHOLE ? WHOLE / 2 : WHOLE,
                        .came = -1,
                        .went = -1};
    span.net = (ends - starts - facts->break_min) * span.share / WHOLE;
    if (facts->came >= 0)
        span.came = nearest(facts->came, span.from);
    if (facts->went >= 0)
        span.went = nearest(facts->went, span.to);
    span.is_nothing = (facts->came < 0 && facts->went < 0) ||
                      (facts->came >= 0 && span.came >= span.to) ||
                      (facts->went >= 0 && span.went <= span.from);
    return span;
}

static struct day_verdict on_leave(const struct day_facts *facts)
{
    const int32_t net = facts->has_shift
                            ? end_of(facts->starts, facts->ends) - facts->starts - facts->break_min
                            : 0;
    return (struct day_verdict){.kind = DAY_LEAVE, .minutes = net, .due = WHOLE, .on_leave = WHOLE};
}

static struct day_verdict absent(const struct span *span)
{
    return (struct day_verdict){.kind = DAY_ABSENT,
                                .minutes = span->net,
                                .due = WHOLE,
                                .absent = span->share,
                                .on_leave = WHOLE - span->share};
}

/* Without the machine's file nobody is away; what leave takes of the day stands nevertheless. */
static struct day_verdict unclocked(const struct span *span)
{
    return (struct day_verdict){
        .kind = DAY_UNCLOCKED, .due = WHOLE - span->share, .on_leave = WHOLE - span->share};
}

static enum attendance_kind kind_of(const struct day_facts *facts, const struct day_verdict *day)
{
    const bool half = facts->came < 0 || facts->went < 0;
    if (half && facts->is_over)
        return DAY_MISSING;
    if (day->late_min)
        return DAY_LATE;
    if (day->early_min)
        return DAY_EARLY;
    return day->on_leave ? DAY_LEAVE : DAY_PRESENT;
}

/* Minutes count from the shift itself, once they are more than the grace. */
static struct day_verdict attended(const struct day_facts *facts, const struct span *span)
{
    struct day_verdict day = {
        .due = WHOLE, .attended = span->share, .on_leave = WHOLE - span->share};
    if (facts->came >= 0 && span->came - span->from > facts->late_grace)
        day.late_min = span->came - span->from;
    if (facts->went >= 0 && span->to - span->went > facts->early_grace)
        day.early_min = span->to - span->went;
    day.kind = kind_of(facts, &day);
    day.minutes = day.kind == DAY_LATE    ? day.late_min
                  : day.kind == DAY_EARLY ? day.early_min
                  : day.kind == DAY_LEAVE ? span->net
                                          : 0;
    return day;
}

struct day_verdict day_judge(const struct day_facts *facts)
{
    if (facts->is_free)
        return (struct day_verdict){.kind = DAY_FREE};
    if ((facts->leave & LEAVE_WHOLE) == LEAVE_WHOLE)
        return on_leave(facts);
    if (!facts->has_shift)
        return (struct day_verdict){.kind = DAY_UNJUDGED};
    const struct span span = span_of(facts);
    if (!span.is_nothing)
        return attended(facts, &span);
    if (!facts->is_over)
        return (struct day_verdict){.kind = 0};
    return facts->is_clocked ? absent(&span) : unclocked(&span);
}
