/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/calendar.h"

#include "base/text.h"

#include <string.h>

#define NAME_MAX_CHARACTERS 40

/* ---- the exceptions ---- */

/* Where the day is, or where it would have to stand. */
static size_t place_of(const struct calendar_day *days, size_t count, struct date date)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (days[middle].date.days < date.days)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct calendar calendar_with(struct arena *arena, struct calendar calendar,
                              const struct calendar_day *added, size_t count)
{
    struct calendar_day *days = ARENA_ARRAY(arena, struct calendar_day, calendar.count + count + 1);
    size_t len = calendar.count;
    if (len)
        memcpy(days, calendar.days, len * sizeof(days[0]));
    for (size_t i = 0; i < count; i++) {
        size_t at = place_of(days, len, added[i].date);
        if (at == len || days[at].date.days != added[i].date.days) {
            memmove(days + at + 1, days + at, (len - at) * sizeof(days[0]));
            len++;
        }
        days[at] = added[i];
    }
    calendar.days = days;
    calendar.count = len;
    return calendar;
}

const struct calendar_day *calendar_find(const struct calendar *calendar, struct date date)
{
    size_t at = place_of(calendar->days, calendar->count, date);
    bool found = at < calendar->count && calendar->days[at].date.days == date.days;
    return found ? calendar->days + at : NULL;
}

bool calendar_settled(const struct calendar *calendar, int year)
{
    size_t at = place_of(calendar->days, calendar->count, date_of(year, 1, 1));
    size_t end = place_of(calendar->days, calendar->count, date_of(year + 1, 1, 1));
    for (size_t i = at; i < end; i++)
        if (calendar->days[i].provisional)
            return false;
    return at < end;
}

/* ---- counting ---- */

bool calendar_is_working(const struct calendar *calendar, struct date date)
{
    const struct calendar_day *day = calendar_find(calendar, date);
    return day ? day->working : date_weekday(date) <= 5;
}

struct date calendar_add(const struct calendar *calendar, struct date date, int working_days)
{
    int step = working_days < 0 ? -1 : 1;
    while (working_days && date.days) {
        date = date_add(date, step);
        working_days -= calendar_is_working(calendar, date) ? step : 0;
    }
    return date;
}

struct date calendar_next(const struct calendar *calendar, struct date date)
{
    while (date.days && !calendar_is_working(calendar, date))
        date = date_add(date, 1);
    return date;
}

int calendar_between(const struct calendar *calendar, struct date from, struct date to)
{
    int step = to.days < from.days ? -1 : 1, count = 0;
    while (from.days != to.days) {
        from.days += step;
        count += calendar_is_working(calendar, from) ? step : 0;
    }
    return count;
}

/* ---- reading ---- */

/* The text up to the next comma; *at is then behind it, or NULL when that was the last. */
static const char *next_cell(char **at)
{
    char *cell = *at, *comma = strchr(cell, ',');
    *at = comma ? comma + 1 : NULL;
    if (comma)
        *comma = '\0';
    return cell;
}

static bool kind_read(const char *cell, bool *out_working)
{
    static const struct {
        const char *word;
        bool working;
    } KINDS[] = {{"holiday", false}, {"放假", false}, {"workday", true}, {"上班", true}};
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++) {
        *out_working = KINDS[i].working;
        if (strcmp(cell, KINDS[i].word) == 0)
            return true;
    }
    return false;
}

/* What is wrong with the line, or NULL. */
static const char *line_read(struct arena *arena, char *line, struct calendar_day *out)
{
    const char *cells[3];
    for (size_t i = 0; i < 3; i++) {
        if (!line)
            return "calendar_form";
        cells[i] = text_plain(arena, next_cell(&line));
    }
    if (line)
        return "calendar_form";
    if (!date_read(cells[0], false, &out->date))
        return "calendar_date";
    if (!kind_read(cells[1], &out->working))
        return "calendar_kind";
    if (!*cells[2] || utf8_count(cells[2]) > NAME_MAX_CHARACTERS)
        return "calendar_name";
    out->name = cells[2];
    return NULL;
}

static void take_line(struct ctx *cx, struct span bytes, size_t number, struct calendar_day *days,
                      size_t *count)
{
    char *text = arena_copy(cx->mem, bytes.at, bytes.len);
    bool readable = strlen(text) == bytes.len && utf8_valid(text, bytes.len);
    const char *plain = readable ? text_plain(cx->mem, text) : "";
    if (readable && (!*plain || *plain == '#'))
        return;
    struct calendar_day day = {0};
    const char *wrong = line_read(cx->mem, arena_dup(cx->mem, plain), &day);
    for (size_t i = 0; !wrong && i < *count; i++)
        if (days[i].date.days == day.date.days)
            wrong = "calendar_twice";
    if (wrong)
        reject(cx, "days", wrong, arena_printf(cx->mem, "%zu", number));
    else
        days[(*count)++] = day;
}

enum result calendar_read(struct ctx *cx, const char *bytes, size_t len, struct calendar_day **out,
                          size_t *out_count)
{
    const char *end = bytes + len;
    size_t lines = 1;
    for (const char *at = bytes; at < end; at++)
        lines += *at == '\n';
    *out = ARENA_ARRAY(cx->mem, struct calendar_day, lines);
    *out_count = 0;
    for (size_t number = 1; bytes < end; number++) {
        const char *feed = memchr(bytes, '\n', (size_t)(end - bytes));
        const char *stop = feed ? feed : end;
        take_line(cx, (struct span){bytes, (size_t)(stop - bytes)}, number, *out, out_count);
        bytes = feed ? feed + 1 : end;
    }
    return rejected(cx);
}
