/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Calibration: several people judge one call by one form, blind; then they see where they differ,
 * talk about it, and write down what holds from now on. Nothing of it counts: no score of an agent,
 * no figure, no struck call. */
#ifndef CALIBRATION_H
#define CALIBRATION_H

#include "app/reviews/review.h"

enum calibration_state { CALIBRATION_OPEN = 1, CALIBRATION_COMPARED, CALIBRATION_CLOSED };

struct calibration {
    RECORD_MEMBERS;
    int64_t call_id, contract_id, agent_id, person_id, form_id;
    struct instant started_at; /* the call; DERIVED */
    const char *contract_name, *agent_code, *agent_name, *form_name;
    const char *items; /* of the form as it was, not judged */
    const char *opened_by;
    int32_t sheets;
    int32_t pairs, agreed;
    struct points agreement; /* agreed of pairs, in per cent */
    struct instant compared_at;
    const char *outcome, *closed_by;
    struct instant closed_at;
    enum calibration_state state;
};
extern const struct resource CALIBRATIONS;

/* One person's judgement; while the session is open nobody else sees it. */
struct calibration_sheet {
    RECORD_MEMBERS;
    int64_t calibration_id, reviewer_id;
    const char *reviewer_name;
    const char *items, *remark;
    bool fatal;
    struct points score;
};
extern const struct resource CALIBRATION_SHEETS;

/* In two steps, as calls lie apart from the store: read the call, outside any transaction; then
 * begin. Results: INVALID call_id, form_id. */
MUST_USE enum result calibration_prepare(struct ctx *cx, struct calibration *calibration);
MUST_USE enum result calibration_begin(struct ctx *cx, struct calibration *calibration);

/* All: CONFLICT calibration.wrong_state.
 *
 * Judge the call, or judge it anew; every item. Results: FORBIDDEN calibration.own_call; INVALID as
 * marks are. */
MUST_USE enum result calibration_score(struct ctx *cx, const struct calibration *calibration,
                                       const struct review_mark *marks, size_t count,
                                       const char *remark);
/* End the judging and compare. Results: CONFLICT calibration.one_alone. */
MUST_USE enum result calibration_compare(struct ctx *cx, const struct calibration *calibration);
/* Results: INVALID without outcome. */
MUST_USE enum result calibration_close(struct ctx *cx, const struct calibration *calibration,
                                       const char *outcome);

/* The sheets that the actor may see, in the order in which they came. */
#define SHEETS_MOST 50
MUST_USE enum result calibration_sheets(struct ctx *cx, const struct calibration *calibration,
                                        struct calibration_sheet **out, size_t *out_count);

/* ---- where they differ ---- */

/* Two judgements of an item agree when both say that it does not apply, or both give points and
 * those differ by a tenth of the item's weight at most; of a fatal item, when both say the same. */
bool items_agree(const struct review_item *a, const struct review_item *b);

/* In per cent; 0 of none. */
struct points agreement_of(int32_t agreed, int32_t pairs);

struct item_spread {
    int32_t pairs, agreed;
    struct points mean, spread; /* of the points given; the most less the least */
    bool scored;                /* somebody gave points */
};
struct sheet_spread {
    int32_t pairs, agreed;   /* that it has a part in */
    struct points deviation; /* of its score from the mean of all scores */
};
struct comparison {
    size_t item_count, sheet_count;
    const struct review_item **items; /* by sheet: its items */
    struct item_spread *by_item;
    struct sheet_spread *by_sheet;
    struct points mean; /* of the scores */
    int32_t pairs, agreed;
    struct points agreement;
};
MUST_USE enum result sheets_compare(struct ctx *cx, const struct calibration_sheet *sheets,
                                    size_t count, struct comparison *out);

#endif
