/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A sheet (考核单): what a person came to in a month, each line down to the records behind it.
 *
 * It is frozen as canonical JSON with its SHA-256. Whoever it is about sees it once it is
 * published, acknowledges it, or appeals in time (X4); somebody else than the scorer and the
 * appellant decides, and what is upheld is computed anew, with before and after. */
#ifndef SHEET_H
#define SHEET_H

#include "app/appraisal/month.h"
#include "app/scores/sheet_line.h"

enum sheet_state { SHEET_COMPUTED = 1, SHEET_PUBLISHED, SHEET_ACKNOWLEDGED, SHEET_APPEALED };
struct sheet {
    RECORD_MEMBERS;
    int64_t month_id, contract_id, unit_id, provider_id, client_id, scheme_id;
    const char *contract_name, *scheme_name;
    enum scheme_subject subject;
    int64_t subject_id; /* person */
    const char *person_name, *agent_code;
    struct month period;
    bool appraised; /* false: there is no total, which is not 0 */
    struct points total, deducted, adjusted;
    int32_t rank; /* 0: no place */
    int32_t tied; /* how many others share it */
    enum grade grade;
    bool vetoed;
    /* The scheme's options that applied, with spaces between: "newcomer:unranked
     * part_month:prorate:18/30" with the days there of those of the month. */
    const char *options;
    const char *lines;       /* canonical JSON of sheet_line */
    bool lacking;            /* nothing was measured for one of them */
    int32_t place;           /* the rank; behind all others where there is none */
    const char *sort_points; /* of each indicator, five digits in the scheme's order */
    int32_t rule_version;
    const char *sha256;
    struct points total_before;
    int32_t rank_before;
    bool changed;
    const char *change_reason;
    struct instant acknowledged_at;
    bool silent; /* the time was over: counts as acknowledged */
    enum sheet_state state;
};
/* Lists are sorted by "points.success" as well, among the sheets of one month. */
#define SHEETS_BY_POINTS "points."
extern const struct resource SHEETS;
extern const char *const SHEET_STATES[];

MUST_USE enum result sheet_lines(struct ctx *cx, const struct sheet *sheet, struct sheet_line **out,
                                 size_t *out_count);

/* The scheme that it was made by: whoever sees the sheet sees by what. */
MUST_USE enum result scheme_of_sheet(struct ctx *cx, const struct sheet *sheet, struct scheme *out);
/* When it was computed, published and locked with its month; none: not yet. */
struct sheet_steps {
    struct instant computed_at, published_at, locked_at;
};
extern const struct field SHEET_STEP_FIELDS[];
MUST_USE enum result sheet_steps(struct ctx *cx, const struct sheet *sheet,
                                 struct sheet_steps *out);
/* How many have a place beside it. */
MUST_USE enum result sheet_places(struct ctx *cx, const struct sheet *sheet, int64_t *out);
/* Records behind a line of a published sheet that came or changed by themselves since, and do not
 * count. */
struct later_records {
    const char *indicator, *name;
    int32_t then, now; /* how many there were, and are */
};
extern const struct field LATER_FIELDS[];
MUST_USE enum result sheet_later(struct ctx *cx, const struct sheet *sheet,
                                 const struct indicator *indicators, size_t indicator_count,
                                 struct later_records **out, size_t *out_count);
/* Until when there is time for an appeal; none before publication. */
MUST_USE enum result sheet_appeal_by(struct ctx *cx, const struct sheet *sheet,
                                     struct instant *out);

/* ---- by the person it is about ---- */

/* Results: FORBIDDEN sheet.not_yours; CONFLICT sheet.wrong_state. */
MUST_USE enum result sheet_acknowledge(struct ctx *cx, const struct sheet *sheet);

struct appeal {
    RECORD_MEMBERS;
    int64_t sheet_id, month_id, contract_id, unit_id, provider_id, client_id;
    struct month month;
    int64_t person_id;
    const char *person_name;
    const char *line; /* of the sheet: its `indicator`; "" the whole */
    const char *words;
    struct instant decide_by;
    int64_t decider_id;
    const char *decided_by;
    struct instant decided_at;
    const char *reason;
    struct points points; /* that upholding it gave back */
    struct points total_before, total_after;
    int32_t rank_before, rank_after;
    enum appeal_state { APPEAL_OPEN = 1, APPEAL_UPHELD, APPEAL_REJECTED } state;
};
extern const struct resource APPEALS;
/* Results: FORBIDDEN sheet.not_yours; CONFLICT sheet.wrong_state, appeal.over; INVALID. */
MUST_USE enum result appeal_make(struct ctx *cx, const struct sheet *sheet, const char *line,
                                 const char *words, int64_t *out_id);
/* The most that upholding it may give: what the line is short of, and the total of the scheme's
 * most.
 */
MUST_USE enum result appeal_most(struct ctx *cx, const struct appeal *appeal, struct points *out);
/* By another person than the scorer and the appellant. `points`: what the appellant gets back, at
 * most that (of a penalty: all of it, whatever is said). The sheet is computed anew and the places
 * of all with it. Results: FORBIDDEN appeal.own_decision; CONFLICT appeal.wrong_state; INVALID. */
MUST_USE enum result appeal_uphold(struct ctx *cx, const struct appeal *appeal,
                                   struct points points, const char *reason);
MUST_USE enum result appeal_reject(struct ctx *cx, const struct appeal *appeal, const char *reason);

/* ---- beside each other ---- */

/* How many have a total from `from` on, below the next ten points; from 100 on all in one. */
struct spread_row {
    enum scheme_subject subject;
    const char *team; /* the provider's unit; "" none, or not for whoever asks */
    int32_t from, people;
};
extern const struct field SPREAD_FIELDS[];
MUST_USE enum result month_spread(struct ctx *cx, const struct appraisal_month *month, bool by_team,
                                  struct spread_row **out, size_t *out_count);

/* The person's sheets on the same contract up to this one, a year at most and the oldest first, as
 * whoever asks may see them. */
MUST_USE enum result sheets_until(struct ctx *cx, const struct sheet *sheet, struct sheet **out,
                                  size_t *out_count);

/* A month beside another one of its contract. */
struct compared_row {
    int64_t person_id;
    const char *person_name, *agent_code;
    int64_t sheet_id, sheet_id_before; /* 0: not in that month */
    bool appraised, appraised_before;
    struct points total, total_before, moved; /* moved: of those who have both */
    bool rose;
    int32_t rank, rank_before;
};
extern const struct field COMPARED_FIELDS[];
struct month_comparison {
    int32_t people, up, down;  /* up and down: by their totals */
    struct compared_row *rows; /* whose total moves most first */
};
MUST_USE enum result months_compare(struct ctx *cx, const struct appraisal_month *month,
                                    const struct appraisal_month *before,
                                    enum scheme_subject subject, struct month_comparison *out);

/* What an indicator gave in the one month and in the other; of evidence and corrections together
 * under the name "". */
struct compared_line {
    const char *indicator, *name;
    bool there, there_before, both; /* the scheme of that month has it, and it had a value */
    struct points points, points_before, moved;
    bool rose;
};
extern const struct field COMPARED_LINE_FIELDS[];
/* Of somebody in both months: the newer scheme's first, then what only the older one had. Empty
 * when the person was not in one of them. */
MUST_USE enum result compared_lines(struct ctx *cx, const struct compared_row *row,
                                    struct compared_line **out, size_t *out_count);

/* ---- proof ---- */

/* Recompute every published sheet from the records. *out_sheets: how many are as they were;
 * *out_broken: the first that is not (0: none), and what of it differs; else *out_what says of how
 * many records arrived after publication, "" of none. */
MUST_USE enum result sheets_verify(struct ctx *cx, int64_t *out_sheets, int64_t *out_broken,
                                   const char **out_what);

#endif
