/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Calls and clockings are kept whenever they arrive, an appeal against a review is decided whenever
 * it was made in time, and complaints and duties go on. A published sheet goes by what was there;
 * what came after that is told from what was altered. */
#include "app/appraisal/appraisal.sql.h"
#include "app/appraisal/month_private.h"

#include <string.h>

const struct field LATER_FIELDS[] = {
    FIELD(later_records, indicator),
    FIELD(later_records, name),
    FIELD(later_records, then),
    FIELD(later_records, now),
    FIELDS_END,
};

/* The kind of records behind an indicator's value, as q_arrived_since tells them apart; "" of those
 * that are refused once the month is published. */
static const char *kind_of(const struct measure *measure)
{
    static const char *const KINDS[] = {"calls", "attendance", "reviews", "issues", "duties"};
    if (!measure->records) /* who left */
        return "people";
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++) {
        const size_t len = strlen(KINDS[i]);
        if (strncmp(measure->records, KINDS[i], len) == 0 && measure->records[len] == '?')
            return KINDS[i];
    }
    return "";
}

static bool same_value(const struct sheet_line *a, const struct sheet_line *b)
{
    return a->numerator == b->numerator && a->denominator == b->denominator &&
           a->evidence_count == b->evidence_count;
}

/* Is there something else behind the line now because it came by itself? Calls have no time of
 * arrival: there are more of them, or a review of one was decided. */
static enum result arrived(struct ctx *cx, const struct sheet *sheet,
                           const struct indicator *indicator, const struct sheet_line *then,
                           const struct sheet_line *now, bool *out)
{
    const struct measure *measure = measure_find(indicator->measure);
    const char *kind = measure ? kind_of(measure) : "";
    int64_t since, count;
    *out = strcmp(kind, "calls") == 0 && now->evidence_count > then->evidence_count;
    if (*out || !*kind || same_value(then, now))
        return OK;
    /* A manager's value is of the whole team. */
    const bool own = measure->records && strstr(measure->records, "{person}");
    const struct date first = month_first(sheet->period), last = month_last(sheet->period);
    TRY(db_int(cx, &q_sheet_since, PARAMS(P(sheet->id)), &since));
    TRY(db_int(cx, &q_arrived_since,
               PARAMS(P(kind), param_number(own ? sheet->subject_id : 0), P(sheet->contract_id),
                      P(sheet->provider_id), P(first), P(last),
                      P(instant_of(first, 0, SHANGHAI_OFFSET_MIN)),
                      P(instant_of(date_add(last, 1), 0, SHANGHAI_OFFSET_MIN)), P(since)),
               &count));
    *out = count > 0;
    return OK;
}

static const struct indicator *indicator_of(const struct indicator *indicators, size_t count,
                                            const char *code)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(indicators[i].code, code) == 0)
            return &indicators[i];
    return NULL;
}

/* A place moves with other people's values. */
static bool moved_by_others(const struct sheet_line *a, const struct sheet_line *b)
{
    return same_value(a, b) && (a->place != b->place || a->places != b->places);
}

enum result sheet_moved_on(struct ctx *cx, const struct scheme *scheme, const struct sheet *sheet,
                           const struct sheet *now, bool *out)
{
    struct sheet_line *then_lines, *now_lines;
    struct indicator *indicators;
    size_t then_count, now_count, indicator_count;
    *out = false;
    TRY(sheet_lines(cx, sheet, &then_lines, &then_count));
    TRY(sheet_lines(cx, now, &now_lines, &now_count));
    TRY(scheme_indicators(cx, scheme, &indicators, &indicator_count));
    if (then_count != now_count || strcmp(now->lines, sheet->lines) == 0)
        return OK;
    for (size_t i = 0; i < then_count; i++) {
        const struct sheet_line *then = &then_lines[i], *line = &now_lines[i];
        const struct indicator *indicator =
            indicator_of(indicators, indicator_count, then->indicator);
        bool more = moved_by_others(then, line);
        if (strcmp(then->indicator, line->indicator) != 0)
            return OK;
        if (same_value(then, line) && then->points.hundredths == line->points.hundredths)
            continue;
        if (!more && indicator)
            TRY(arrived(cx, sheet, indicator, then, line, &more));
        if (!more)
            return OK;
    }
    *out = true;
    return OK;
}

enum result sheet_later(struct ctx *cx, const struct sheet *sheet,
                        const struct indicator *indicators, size_t indicator_count,
                        struct later_records **out, size_t *out_count)
{
    struct sheet_steps steps;
    struct sheet_line *lines;
    size_t count;
    *out = ARENA_ARRAY(cx->mem, struct later_records, SHEET_LINES_MOST);
    *out_count = 0;
    TRY(sheet_steps(cx, sheet, &steps));
    if (!steps.published_at.ms || sheet->state == SHEET_COMPUTED)
        return OK;
    TRY(sheet_lines(cx, sheet, &lines, &count));
    for (size_t i = 0; i < count; i++) {
        const struct indicator *indicator =
            indicator_of(indicators, indicator_count, lines[i].indicator);
        const struct measure *measure = indicator ? measure_find(indicator->measure) : NULL;
        const struct measuring ask = {.contract_id = sheet->contract_id,
                                      .from = month_first(sheet->period),
                                      .to = month_last(sheet->period),
                                      .ids = &sheet->subject_id,
                                      .count = 1};
        struct measured value = {0};
        bool more;
        if (!measure)
            continue;
        TRY(measure->run(cx, &ask, &value));
        const struct sheet_line now = {.numerator = value.numerator,
                                       .denominator = value.denominator,
                                       .evidence_count = value.records};
        TRY(arrived(cx, sheet, indicator, &lines[i], &now, &more));
        if (more)
            (*out)[(*out_count)++] = (struct later_records){lines[i].indicator, indicator->name,
                                                            lines[i].evidence_count, value.records};
    }
    return OK;
}
