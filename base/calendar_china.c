/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The holidays of mainland China. Sources: for 2025 the notice of the State Council's General
 * Office of 2024-11-12 (国办发明电〔2024〕12号), for 2026 that of 2025-11-04, for 2027 article 2 of
 * 《全国年节及纪念日放假办法》 as amended on 2024-11-10. */
#include "base/calendar.h"

enum kind { HOLIDAY, WORKDAY, BY_LAW };

static const struct {
    enum kind kind;
    struct ymd first, last;
    const char *name;
} CHINA[] = {
    {HOLIDAY, {2025, 1, 1}, {2025, 1, 1}, "元旦"},
    {HOLIDAY, {2025, 1, 28}, {2025, 2, 4}, "春节"},
    {WORKDAY, {2025, 1, 26}, {2025, 1, 26}, "春节"},
    {WORKDAY, {2025, 2, 8}, {2025, 2, 8}, "春节"},
    {HOLIDAY, {2025, 4, 4}, {2025, 4, 6}, "清明节"},
    {HOLIDAY, {2025, 5, 1}, {2025, 5, 5}, "劳动节"},
    {WORKDAY, {2025, 4, 27}, {2025, 4, 27}, "劳动节"},
    {HOLIDAY, {2025, 5, 31}, {2025, 6, 2}, "端午节"},
    {HOLIDAY, {2025, 10, 1}, {2025, 10, 8}, "国庆节、中秋节"},
    {WORKDAY, {2025, 9, 28}, {2025, 9, 28}, "国庆节、中秋节"},
    {WORKDAY, {2025, 10, 11}, {2025, 10, 11}, "国庆节、中秋节"},

    {HOLIDAY, {2026, 1, 1}, {2026, 1, 3}, "元旦"},
    {WORKDAY, {2026, 1, 4}, {2026, 1, 4}, "元旦"},
    {HOLIDAY, {2026, 2, 15}, {2026, 2, 23}, "春节"},
    {WORKDAY, {2026, 2, 14}, {2026, 2, 14}, "春节"},
    {WORKDAY, {2026, 2, 28}, {2026, 2, 28}, "春节"},
    {HOLIDAY, {2026, 4, 4}, {2026, 4, 6}, "清明节"},
    {HOLIDAY, {2026, 5, 1}, {2026, 5, 5}, "劳动节"},
    {WORKDAY, {2026, 5, 9}, {2026, 5, 9}, "劳动节"},
    {HOLIDAY, {2026, 6, 19}, {2026, 6, 21}, "端午节"},
    {HOLIDAY, {2026, 9, 25}, {2026, 9, 27}, "中秋节"},
    {HOLIDAY, {2026, 10, 1}, {2026, 10, 7}, "国庆节"},
    {WORKDAY, {2026, 9, 20}, {2026, 9, 20}, "国庆节"},
    {WORKDAY, {2026, 10, 10}, {2026, 10, 10}, "国庆节"},

    {BY_LAW, {2027, 1, 1}, {2027, 1, 1}, "元旦"},
    /* New year's eve to the third day. The new moon comes four minutes before midnight of
     * 6 February in Beijing; programs that round it into the 7th are a day late. */
    {BY_LAW, {2027, 2, 5}, {2027, 2, 8}, "春节"},
    {BY_LAW, {2027, 4, 5}, {2027, 4, 5}, "清明节"},
    {BY_LAW, {2027, 5, 1}, {2027, 5, 2}, "劳动节"},
    {BY_LAW, {2027, 6, 9}, {2027, 6, 9}, "端午节"},
    {BY_LAW, {2027, 9, 15}, {2027, 9, 15}, "中秋节"},
    {BY_LAW, {2027, 10, 1}, {2027, 10, 3}, "国庆节"},
};
enum { ROWS = sizeof(CHINA) / sizeof(CHINA[0]), LONGEST = 9 };

struct calendar calendar_china(struct arena *arena)
{
    struct calendar week = {.opens_minute = 9 * 60, .closes_minute = 18 * 60};
    struct calendar_day *days = ARENA_ARRAY(arena, struct calendar_day, ROWS * LONGEST);
    size_t count = 0;
    for (size_t i = 0; i < ROWS; i++) {
        struct ymd first = CHINA[i].first, last = CHINA[i].last;
        struct date end = date_of(last.year, last.month, last.day);
        for (struct date date = date_of(first.year, first.month, first.day); date.days <= end.days;
             date = date_add(date, 1))
            days[count++] = (struct calendar_day){.date = date,
                                                  .working = CHINA[i].kind == WORKDAY,
                                                  .provisional = CHINA[i].kind == BY_LAW,
                                                  .name = CHINA[i].name};
    }
    return calendar_with(arena, week, days, count);
}
