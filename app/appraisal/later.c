/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Calls and clockings are kept whenever they arrive, also when their month is locked. A locked
 * sheet goes by what was there; what is more than that is told from what was altered. */
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

/* May a record behind this indicator arrive by itself, and did one since? Calls have no time of
 * arrival: there are more of them. */
static enum result arrived(struct ctx *cx, const struct appraisal_month *month, int64_t person_id,
                           const struct indicator *indicator, const struct sheet_line *then,
                           int32_t records_now, bool *out)
{
    const struct measure *measure = measure_find(indicator->measure);
    int64_t clockings;
    *out = false;
    if (!measure || month->state != MONTH_LOCKED)
        return OK;
    if (strncmp(measure->records, "calls?", 6) == 0) {
        *out = records_now > then->evidence_count;
        return OK;
    }
    if (strncmp(measure->records, "attendance?", 11) != 0)
        return OK;
    TRY(db_int(cx, &q_clockings_since,
               PARAMS(P(person_id), P(month->provider_id), P(month_first(month->month)),
                      P(month_last(month->month)), P(month->locked_at)),
               &clockings));
    *out = clockings > 0;
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

static bool same_value(const struct sheet_line *a, const struct sheet_line *b)
{
    return a->numerator == b->numerator && a->denominator == b->denominator &&
           a->evidence_count == b->evidence_count;
}

/* A place moves with other people's values. */
static bool moved_by_others(const struct sheet_line *a, const struct sheet_line *b)
{
    return same_value(a, b) && (a->place != b->place || a->places != b->places);
}

enum result sheet_moved_on(struct ctx *cx, const struct appraisal_month *month,
                           const struct scheme *scheme, const struct sheet *sheet,
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
            TRY(arrived(cx, month, sheet->subject_id, indicator, then, line->evidence_count,
                        &more));
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
    struct appraisal_month month;
    struct sheet_line *lines;
    size_t count;
    *out = ARENA_ARRAY(cx->mem, struct later_records, SHEET_LINES_MOST);
    *out_count = 0;
    TRY(record_get(cx, &MONTHS, sheet->month_id, &month));
    if (month.state != MONTH_LOCKED)
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
        struct measured now = {0};
        bool more;
        if (!measure)
            continue;
        TRY(measure->run(cx, &ask, &now));
        TRY(arrived(cx, &month, sheet->subject_id, indicator, &lines[i], now.records, &more));
        if (more)
            (*out)[(*out_count)++] = (struct later_records){lines[i].indicator, indicator->name,
                                                            lines[i].evidence_count, now.records};
    }
    return OK;
}
