/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What somebody or something came to, frozen line by line: value, formula and its version, points,
 * and the records behind them. Sheets of people and evaluations of contracts keep them as canonical
 * JSON, from which the points can be worked out again. */
#ifndef SHEET_LINE_H
#define SHEET_LINE_H

#include "app/scores/scheme.h"

#define SHEET_LINES_MOST 200
/* A line: an indicator's, or points taken by evidence ("penalty.7"), or given and taken by a
 * correction ("adjustment.3"). */
struct sheet_line {
    const char *indicator;
    enum sheet_line_kind { LINE_INDICATOR = 1, LINE_PENALTY, LINE_ADJUSTMENT } kind;
    int64_t numerator, denominator; /* the value as it was measured, exact */
    struct points value;            /* the same for people to read */
    enum measure_unit unit;
    int32_t place, places; /* of a rank */
    struct points points, extra, max;
    bool nothing;           /* there was nothing to measure */
    const char *formula;    /* "calls.success@1": the measure and its version */
    int32_t evidence_count; /* records behind it */
    int64_t record_id;      /* of a penalty or an adjustment */
    const char *reason;     /* of these, and of what a person gave by hand */
};
extern const struct field SHEET_LINE_FIELDS[];
extern const char *const SHEET_LINE_KINDS[];

/* As canonical JSON. */
const char *trial_lines_text(struct ctx *cx, const struct trial *trial,
                             const struct trial_row *row);
/* What frozen lines give by these indicators and that version of the scoring: what was measured is
 * taken as it stands there. False: the points of a line do not follow from its value. */
bool lines_score(const struct indicator *indicators, size_t indicator_count,
                 const struct sheet_line *lines, size_t count, int32_t version, struct score *out);
/* What the line of that code (all: "") is short of the most that it can give, of evidence and
 * corrections what they took; together no more than the total is short of its most. */
struct points lines_lack(const struct indicator *indicators, size_t indicator_count,
                         const struct sheet_line *lines, size_t count, const char *code);
/* Rejects `points` given by an appeal or an objection that are more than that (X4): what was right
 * all along gets none. */
void points_given_check(struct ctx *cx, struct points points, struct points lack);

#endif
