/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/scores/sheet_line.h"

#include "base/doc.h"

#include <string.h>

const char *const SHEET_LINE_KINDS[] = {"indicator", "penalty", "adjustment", NULL};

const struct field SHEET_LINE_FIELDS[] = {
    FIELD(sheet_line, indicator),
    FIELD_ENUM(sheet_line, kind, SHEET_LINE_KINDS),
    FIELD(sheet_line, numerator),
    FIELD(sheet_line, denominator),
    FIELD(sheet_line, value),
    FIELD_ENUM(sheet_line, unit, MEASURE_UNITS),
    FIELD(sheet_line, place),
    FIELD(sheet_line, places),
    FIELD(sheet_line, points),
    FIELD(sheet_line, extra),
    FIELD(sheet_line, max),
    FIELD(sheet_line, nothing),
    FIELD(sheet_line, formula),
    FIELD(sheet_line, evidence_count),
    FIELD(sheet_line, record_id),
    FIELD(sheet_line, reason),
    FIELDS_END,
};

/* ---- from the engine's row to the frozen text ---- */

static struct sheet_line indicator_line(const struct trial *trial, const struct trial_row *row,
                                        size_t at)
{
    const struct indicator *indicator = &trial->indicators[at];
    const struct measure *measure = measure_find(indicator->measure);
    const struct measured *value = &row->values[at];
    struct sheet_line line = {.indicator = indicator->code,
                              .kind = LINE_INDICATOR,
                              .numerator = value->numerator,
                              .denominator = value->denominator,
                              .value = measured_shown(value),
                              .unit = measure ? measure->unit : IN_POINTS,
                              .place = value->place,
                              .places = value->places,
                              .points = row->lines[at].points,
                              .extra = row->lines[at].extra,
                              .max = row->lines[at].most,
                              .nothing = row->lines[at].nothing,
                              .formula = trial->formulas[at],
                              .evidence_count = value->records,
                              .reason = ""};
    for (size_t i = 0; i < row->given_count; i++) {
        if (row->given[i].kind == GIVEN_BY_HAND &&
            strcmp(row->given[i].indicator, indicator->code) == 0) {
            line.reason = row->given[i].reason;
            line.record_id = row->given[i].record_id;
        }
    }
    return line;
}

static struct sheet_line given_line(struct ctx *cx, const struct given *given)
{
    const bool penalty = given->kind == GIVEN_PENALTY;
    return (struct sheet_line){
        .indicator = arena_printf(cx->mem, "%s.%lld", penalty ? "penalty" : "adjustment",
                                  (long long)given->record_id),
        .kind = penalty ? LINE_PENALTY : LINE_ADJUSTMENT,
        .points = {penalty ? -given->points.hundredths : given->points.hundredths},
        .unit = IN_POINTS,
        .formula = "",
        .evidence_count = 1,
        .record_id = given->record_id,
        .reason = given->reason};
}

const char *trial_lines_text(struct ctx *cx, const struct trial *trial, const struct trial_row *row)
{
    size_t count = 0;
    struct sheet_line *lines =
        ARENA_ARRAY(cx->mem, struct sheet_line, trial->indicator_count + row->given_count + 1);
    for (size_t i = 0; i < trial->indicator_count; i++)
        lines[count++] = indicator_line(trial, row, i);
    for (size_t i = 0; i < row->given_count; i++) {
        if (row->given[i].kind != GIVEN_BY_HAND)
            lines[count++] = given_line(cx, &row->given[i]);
    }
    return json_table_text(cx->mem, SHEET_LINE_FIELDS, lines, count, sizeof *lines);
}

/* ---- and back ---- */

static const struct sheet_line *line_of(const struct sheet_line *lines, size_t count,
                                        const char *code)
{
    for (size_t i = 0; i < count; i++) {
        if (lines[i].kind == LINE_INDICATOR && strcmp(lines[i].indicator, code) == 0)
            return &lines[i];
    }
    return NULL;
}

bool lines_score(const struct indicator *indicators, size_t indicator_count,
                 const struct sheet_line *lines, size_t count, int32_t version, struct score *out)
{
    struct scored scored[INDICATORS_MOST];
    int64_t beside = 0;
    for (size_t i = 0; i < indicator_count; i++) {
        const struct sheet_line *line = line_of(lines, count, indicators[i].code);
        if (!line)
            return false;
        const struct measured value = {line->numerator, line->denominator, line->place,
                                       line->places, line->evidence_count};
        scored[i] = score_one(&indicators[i], &value);
        if (scored[i].points.hundredths != line->points.hundredths ||
            scored[i].most.hundredths != line->max.hundredths ||
            scored[i].extra.hundredths != line->extra.hundredths)
            return false;
    }
    for (size_t i = 0; i < count; i++)
        beside += lines[i].kind == LINE_INDICATOR ? 0 : lines[i].points.hundredths;
    *out = score_all(indicators, scored, indicator_count);
    if (version < 2)
        out->most = score_most(indicators, indicator_count);
    score_beside((struct points){beside}, out);
    return true;
}

static int64_t line_lacks(const struct indicator *indicators, size_t indicator_count,
                          const struct sheet_line *line)
{
    int64_t lacks = line->max.hundredths - line->points.hundredths - line->extra.hundredths;
    if (line->kind != LINE_INDICATOR)
        lacks = -line->points.hundredths;
    for (size_t i = 0; i < indicator_count && line->kind == LINE_INDICATOR; i++) {
        const bool counts = line->max.hundredths || indicators[i].method == METHOD_BONUS;
        if (counts && strcmp(indicators[i].code, line->indicator) == 0)
            lacks += extra_most(&indicators[i]).hundredths;
    }
    return lacks > 0 ? lacks : 0;
}

struct points lines_lack(const struct indicator *indicators, size_t indicator_count,
                         const struct sheet_line *lines, size_t count, const char *code)
{
    struct score score;
    int64_t lack = 0;
    if (!lines_score(indicators, indicator_count, lines, count, SCORING_VERSION, &score))
        return (struct points){0};
    for (size_t i = 0; i < count; i++) {
        if (!*code || strcmp(lines[i].indicator, code) == 0)
            lack += line_lacks(indicators, indicator_count, &lines[i]);
    }
    if (lack > score.most.hundredths - score.total.hundredths)
        lack = score.most.hundredths - score.total.hundredths;
    return (struct points){lack};
}

void points_given_check(struct ctx *cx, struct points points, struct points lack)
{
    char text[POINTS_MAX_TEXT];
    points_format(lack, text);
    if (points.hundredths < 0)
        reject_clause(cx, "X4", "points", "points_of_base");
    else if (points.hundredths > lack.hundredths)
        reject_clause(cx, "X4", "points", "over_lack", arena_dup(cx->mem, text));
}
