/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Results beside each other: how totals are spread, a person's over the months, two months. */
#include "app/appraisal/sheet.h"

#include "app/appraisal/appraisal.sql.h"

#include <stdlib.h>
#include <string.h>

#define SHEETS_MOST 40000
#define SPREAD_MOST 2000
#define MONTHS_SHOWN 12

/* ---- how they are spread ---- */

const struct field SPREAD_FIELDS[] = {
    FIELD_ENUM(spread_row, subject, APPRAISED),
    FIELD(spread_row, team),
    FIELD(spread_row, from),
    FIELD(spread_row, people),
    FIELDS_END,
};

enum result month_spread(struct ctx *cx, const struct appraisal_month *month, bool by_team,
                         struct spread_row **out, size_t *out_count)
{
    return db_list(cx, &q_month_spread, PARAMS(P(month->id), P(by_team)), SPREAD_FIELDS,
                   sizeof **out, SPREAD_MOST, out, out_count);
}

/* ---- over the months ---- */

static int by_period(const void *a, const void *b)
{
    const struct sheet *left = a, *right = b;
    return (left->period.months > right->period.months) -
           (left->period.months < right->period.months);
}

enum result sheets_until(struct ctx *cx, const struct sheet *sheet, struct sheet **out,
                         size_t *out_count)
{
    char first[MONTH_MAX_TEXT], last[MONTH_MAX_TEXT];
    struct list_query query = {.limit = MONTHS_SHOWN};
    struct list list;
    month_format((struct month){sheet->period.months - MONTHS_SHOWN + 1}, first);
    month_format(sheet->period, last);
    list_conditions(cx, &SHEETS,
                    arena_printf(cx->mem,
                                 "subject_id=%lld&contract_id=%lld&subject=%s&period_from=%s&"
                                 "period_to=%s",
                                 (long long)sheet->subject_id, (long long)sheet->contract_id,
                                 choice_name(APPRAISED, sheet->subject), first, last),
                    &query);
    TRY(record_list(cx, &SHEETS, &query, &list));
    *out = list.rows;
    *out_count = list.count;
    if (list.count)
        qsort(list.rows, list.count, sizeof **out, by_period);
    return OK;
}

/* ---- two months ---- */

const struct field COMPARED_FIELDS[] = {
    FIELD_REF(compared_row, person_id, "people"),
    FIELD(compared_row, person_name),
    FIELD(compared_row, agent_code),
    FIELD_REF(compared_row, sheet_id, "sheets"),
    FIELD_REF(compared_row, sheet_id_before, "sheets"),
    FIELD(compared_row, appraised),
    FIELD(compared_row, appraised_before),
    FIELD(compared_row, total),
    FIELD(compared_row, total_before),
    FIELD(compared_row, moved),
    FIELD(compared_row, rose),
    FIELD(compared_row, rank),
    FIELD(compared_row, rank_before),
    FIELDS_END,
};

static enum result totals_of(struct ctx *cx, const struct appraisal_month *month,
                             enum scheme_subject subject, struct compared_row **out,
                             size_t *out_count)
{
    return db_list(cx, &q_month_totals, PARAMS(P(month->id), P(choice_name(APPRAISED, subject))),
                   COMPARED_FIELDS, sizeof **out, SHEETS_MOST, out, out_count);
}

static int most_moved_first(const void *a, const void *b)
{
    const struct compared_row *left = a, *right = b;
    const int64_t one = llabs(left->moved.hundredths), other = llabs(right->moved.hundredths);
    if (one != other)
        return (one < other) - (one > other);
    const int coded = strcmp(left->agent_code, right->agent_code);
    return coded ? coded
                 : (left->person_id > right->person_id) - (left->person_id < right->person_id);
}

static void put_before(struct compared_row *row, const struct compared_row *before)
{
    row->sheet_id_before = before->sheet_id;
    row->appraised_before = before->appraised;
    row->total_before = before->total;
    row->rank_before = before->rank;
    if (row->appraised && row->appraised_before)
        row->moved.hundredths = row->total.hundredths - row->total_before.hundredths;
    row->rose = row->moved.hundredths > 0;
}

/* Who was only there before. */
static struct compared_row gone(const struct compared_row *before)
{
    struct compared_row row = {.person_id = before->person_id,
                               .person_name = before->person_name,
                               .agent_code = before->agent_code};
    put_before(&row, before);
    return row;
}

enum result months_compare(struct ctx *cx, const struct appraisal_month *month,
                           const struct appraisal_month *before, enum scheme_subject subject,
                           struct month_comparison *out)
{
    struct compared_row *now, *then;
    size_t now_count, then_count, at = 0;
    *out = (struct month_comparison){0};
    TRY(totals_of(cx, month, subject, &now, &now_count));
    TRY(totals_of(cx, before, subject, &then, &then_count));
    out->rows = ARENA_ARRAY(cx->mem, struct compared_row, now_count + then_count + 1);
    for (size_t i = 0; i < now_count; i++) {
        for (; at < then_count && then[at].person_id < now[i].person_id; at++)
            out->rows[out->people++] = gone(&then[at]);
        struct compared_row *row = &out->rows[out->people++];
        *row = now[i];
        if (at < then_count && then[at].person_id == row->person_id)
            put_before(row, &then[at++]);
        out->up += row->rose;
        out->down += row->moved.hundredths < 0;
    }
    for (; at < then_count; at++)
        out->rows[out->people++] = gone(&then[at]);
    if (out->people)
        qsort(out->rows, (size_t)out->people, sizeof *out->rows, most_moved_first);
    return OK;
}

/* ---- indicator by indicator ---- */

const struct field COMPARED_LINE_FIELDS[] = {
    FIELD(compared_line, indicator), FIELD(compared_line, name),
    FIELD(compared_line, there),     FIELD(compared_line, there_before),
    FIELD(compared_line, points),    FIELD(compared_line, points_before),
    FIELD(compared_line, both),      FIELD(compared_line, moved),
    FIELD(compared_line, rose),      FIELDS_END,
};

struct one_month {
    struct sheet_line *lines;
    struct indicator *indicators;
    size_t line_count, indicator_count;
};

/* Past the scope: whoever sees the month's results sees its sheets. */
static enum result read_month(struct ctx *cx, int64_t sheet_id, struct one_month *out)
{
    struct list list;
    struct scheme scheme;
    TRY(record_select(cx, &SHEETS, "compared", "t.id = $1", PARAMS(P(sheet_id)), &list));
    if (!list.count)
        return fail(cx, NOT_FOUND, "record.not_found");
    TRY(sheet_lines(cx, list.rows, &out->lines, &out->line_count));
    TRY(scheme_of_sheet(cx, list.rows, &scheme));
    return scheme_indicators(cx, &scheme, &out->indicators, &out->indicator_count);
}

static struct compared_line *line_named(struct compared_line *lines, size_t count,
                                        const char *indicator)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(lines[i].indicator, indicator) == 0)
            return &lines[i];
    }
    return NULL;
}

/* Where nothing was measured there is nothing to compare, unless the scheme gave points for it. */
static bool has_value(const struct one_month *month, const char *code)
{
    for (size_t i = 0; i < month->line_count; i++) {
        if (month->lines[i].kind == LINE_INDICATOR && strcmp(month->lines[i].indicator, code) == 0)
            return !month->lines[i].nothing || month->lines[i].points.hundredths > 0;
    }
    return false;
}

static void put_indicators(const struct one_month *month, bool is_before,
                           struct compared_line *lines, size_t *count)
{
    for (size_t i = 0; i < month->indicator_count; i++) {
        struct compared_line *line = line_named(lines, *count, month->indicators[i].code);
        if (!line) {
            line = &lines[(*count)++];
            *line = (struct compared_line){.indicator = month->indicators[i].code,
                                           .name = month->indicators[i].name};
        }
        *(is_before ? &line->there_before : &line->there) =
            has_value(month, month->indicators[i].code);
    }
}

static void add_points(const struct one_month *month, bool is_before, struct compared_line *lines,
                       size_t count)
{
    for (size_t i = 0; i < month->line_count; i++) {
        const struct sheet_line *of = &month->lines[i];
        struct compared_line *line =
            line_named(lines, count, of->kind == LINE_INDICATOR ? of->indicator : "");
        const int64_t points = of->points.hundredths + of->extra.hundredths;
        if (line)
            (is_before ? &line->points_before : &line->points)->hundredths += points;
    }
}

enum result compared_lines(struct ctx *cx, const struct compared_row *row,
                           struct compared_line **out, size_t *out_count)
{
    struct one_month now = {0}, then = {0};
    *out_count = 0;
    if (!row->sheet_id || !row->sheet_id_before)
        return OK;
    TRY(read_month(cx, row->sheet_id, &now));
    TRY(read_month(cx, row->sheet_id_before, &then));
    struct compared_line *lines = *out =
        ARENA_ARRAY(cx->mem, struct compared_line, now.indicator_count + then.indicator_count + 1);
    put_indicators(&now, false, lines, out_count);
    put_indicators(&then, true, lines, out_count);
    lines[(*out_count)++] =
        (struct compared_line){.indicator = "", .name = "", .there = true, .there_before = true};
    add_points(&now, false, lines, *out_count);
    add_points(&then, true, lines, *out_count);
    for (size_t i = 0; i < *out_count; i++) {
        lines[i].both = lines[i].there && lines[i].there_before;
        if (lines[i].both)
            lines[i].moved.hundredths =
                lines[i].points.hundredths - lines[i].points_before.hundredths;
        lines[i].rose = lines[i].moved.hundredths > 0;
    }
    return OK;
}
