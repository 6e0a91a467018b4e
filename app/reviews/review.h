/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Quality reviews: people judge recorded calls by a form whose items weigh so many points.
 *
 * Which calls are judged is drawn, not picked, and each drawn call is one reviewer's next one. A
 * review that is published is seen by its agent, who may appeal within the time; somebody else than
 * the reviewer decides, and that is final. A fatal item makes the score 0 and strikes the call from
 * the successes: its result and the roll-ups of its month follow (call_strike). */
#ifndef REVIEW_H
#define REVIEW_H

#include "app/calls/call.h"
#include "app/duties/duty.h"
#include "app/letters/letter.h"

/* ---- forms ---- */

#define FORM_ITEMS_MOST 40
#define FORM_TOTAL 100 /* points of all scored items together */

struct form_item {
    const char *name, *text;
    enum item_kind { ITEM_SCORE = 1, ITEM_FATAL } kind;
    int32_t weight; /* points; 0 of fatal ones */
};
extern const struct field FORM_ITEM_FIELDS[];

struct review_form {
    RECORD_MEMBERS;
    int64_t provider_id, contract_id; /* 0: for all of the provider's contracts */
    const char *provider_name, *contract_name;
    const char *name;
    int32_t revision;
    int64_t former_id;
    const char *items; /* canonical JSON */
    enum form_state { FORM_DRAFT = 1, FORM_IN_FORCE, FORM_RETIRED } state;
};
extern const struct resource REVIEW_FORMS;

MUST_USE enum result form_items(struct ctx *cx, const struct review_form *form,
                                struct form_item **out, size_t *out_count);
/* As a review begins with them: judged by nobody yet. */
MUST_USE enum result form_freeze(struct ctx *cx, int64_t form_id, const char **out_items);
/* Rejects form_id when it is not in force, or not for this contract. */
MUST_USE enum result form_demand(struct ctx *cx, int64_t form_id, const struct contract *contract);
const char *form_items_text(struct arena *arena, const struct form_item *items, size_t count);
/* A draft comes into force: its weights sum to 100, and the revision before it retires. Results:
 * CONFLICT review_form.wrong_state; INVALID items. */
MUST_USE enum result form_enforce(struct ctx *cx, const struct review_form *form);
/* A draft of the next revision. Results: CONFLICT review_form.wrong_state. */
MUST_USE enum result form_revise(struct ctx *cx, const struct review_form *form, int64_t *out_id);

/* ---- reviews ---- */

/* An item of the form as it was when the call was drawn, and what the reviewer says of it. */
struct review_item {
    const char *name, *text;
    enum item_kind kind;
    int32_t weight;
    enum item_mark { MARK_POINTS = 1, MARK_NA, MARK_CLEAR, MARK_HIT } mark; /* 0: not yet */
    struct points points;
    const char *comment;
    int32_t at_ms; /* of the recording; 0 none */
};
extern const struct field REVIEW_ITEM_FIELDS[];
extern const char *const ITEM_MARKS[];

/* What a reviewer says of the item at `place`, from 1. */
struct review_mark {
    int32_t place;
    enum item_mark mark;
    struct points points;
    const char *comment;
    int32_t at_ms;
};
extern const struct field REVIEW_MARK_FIELDS[];

/* Items from their canonical JSON. */
MUST_USE enum result items_read(struct ctx *cx, const char *text, struct review_item **out,
                                size_t *out_count);
/* Marks into the items, and what they come to; what is not named stays as it is. Results: INVALID
 * items.N.…. */
struct judgement {
    const char *items;
    int32_t length_ms; /* of the recording, in which moments lie; 0: not known */
    struct points score;
    bool fatal;
};
MUST_USE enum result items_mark(struct ctx *cx, struct judgement *judgement,
                                const struct review_mark *marks, size_t count);
/* Results: INVALID while an item is not judged, or none is left to judge by. */
MUST_USE enum result items_demand_whole(struct ctx *cx, const char *text);
/* How long its recording is; 0: that is not known. */
MUST_USE enum result call_sound_ms(struct ctx *cx, int64_t call_id, int32_t *out);

/* The one place where a score is worked out: the points given of those that could be given, times
 * 100, in hundredths, half up; what does not apply leaves both. A fatal item makes it 0. */
struct points review_score(const struct review_item *items, size_t count, bool *out_fatal);

enum review_state {
    REVIEW_DRAFT = 1,
    REVIEW_PUBLISHED,
    REVIEW_APPEALED,
    REVIEW_FINAL,
    REVIEW_SKIPPED /* not judged, for a reason; the next in the drawn order came in its place */
};
struct review {
    RECORD_MEMBERS;
    int64_t call_id;
    enum call_result call_result;
    struct instant started_at;
    int64_t contract_id, unit_id, provider_id, client_id, agent_id, person_id;
    const char *contract_number, *contract_name, *agent_code, *agent_name;
    int64_t sample_id, form_id, reviewer_id;
    const char *form_name, *reviewer_name;
    const char *items; /* canonical JSON of review_item */
    const char *remark;
    bool fatal;
    struct points score;
    const char *first_items;   /* as published, where a decision changed them; "" otherwise */
    struct points first_score; /* as published; DERIVED */
    int64_t replaces_id;       /* the review of the drawn call that was skipped */
    struct instant published_at, appeal_by, appealed_at;
    const char *appeal;
    int64_t decider_id;
    const char *decided_by, *reason; /* of the decision, or why it was skipped */
    struct instant final_at;
    bool carried;
    enum review_state state;
};
extern const struct resource REVIEWS;

/* All: CONFLICT review.wrong_state.
 *
 * By the reviewer, of the next one only. Results: FORBIDDEN review.other_reviewer, review.not_next;
 * INVALID items.N.…. */
MUST_USE enum result review_mark(struct ctx *cx, const struct review *review,
                                 const struct review_mark *marks, size_t count, const char *remark);
/* Results: as before; INVALID while an item is not judged, or none is left to judge by. */
MUST_USE enum result review_publish(struct ctx *cx, const struct review *review);
/* By the person behind the agent's id, in time. Results: FORBIDDEN review.not_yours; CONFLICT
 * review.appeal_over; INVALID without words. */
MUST_USE enum result review_appeal(struct ctx *cx, const struct review *review, const char *words);
/* By somebody else than the reviewer and the agent: marks that change it, or none to uphold it.
 * Results: FORBIDDEN review.own_decision; INVALID without reason, as marks are, or when they change
 * nothing. */
MUST_USE enum result review_decide(struct ctx *cx, const struct review *review,
                                   const struct review_mark *marks, size_t count,
                                   const char *reason);
/* The reviewer's next one cannot be judged (nothing can be understood): it is left, with a reason,
 * and `next` (sample_next; NULL: none is left to draw) takes its place at the end of the row.
 * Results: as with review_mark; INVALID reason; CONFLICT record.stale when another took `next`. */
MUST_USE enum result review_skip(struct ctx *cx, const struct review *review, const char *reason,
                                 const struct call *next);
/* The reviewer's next one, the oldest draft. Results: NOT_FOUND review.none_left. */
MUST_USE enum result review_next(struct ctx *cx, struct review *out);

/* A worker's turn: one call takes the result that a review says, in its month first and then in the
 * store, so that twice is once. */
struct worker;
MUST_USE enum result reviews_turn(struct worker *worker, struct ctx *cx, bool *out_found);
/* An hourly job: what nobody appealed against in time is final. */
MUST_USE enum result reviews_sweep(struct ctx *cx);

/* ---- samples ---- */

struct review_sample {
    RECORD_MEMBERS;
    int64_t contract_id, form_id;
    const char *contract_number, *contract_name, *form_name;
    struct date from, to;                /* both days with it */
    int32_t newcomer_calls, other_calls; /* of each agent */
    int32_t per_cent;                    /* of each agent's calls, where that is more */
    const char *seed;                    /* whoever has it draws the same */
    int32_t pool;
    const char *drawn; /* ids of calls with spaces between */
    const char *drawn_by;
};
extern const struct resource REVIEW_SAMPLES;

/* People of the contract's provider who judge, by id. */
MUST_USE enum result reviewers_of(struct ctx *cx, int64_t contract_id, struct record **out,
                                  size_t *out_count);

struct drawn {
    int64_t call_id, agent_id;
    uint64_t rank;
};
/* Draw by the sample's seed among the calls whose recording is at hand: of each agent those with
 * the lowest ranks, all by rank. Nothing is written, and no transaction is needed. *out_pool: from
 * how many. */
MUST_USE enum result sample_draw(struct ctx *cx, const struct review_sample *sample,
                                 struct drawn **out, size_t *out_count, int32_t *out_pool);

/* Draw again as it was drawn: are they the same? Calls that came late may have joined the pool. */
MUST_USE enum result sample_again(struct ctx *cx, const struct review_sample *sample,
                                  bool *out_same, int32_t *out_pool);

/* Of its reviews, whoever sees them. */
struct sample_progress {
    int32_t judged, skipped, waiting;
};
MUST_USE enum result sample_progress(struct ctx *cx, int64_t sample_id,
                                     struct sample_progress *out);

/* What would have been drawn next of the agent of this review. out->id 0: nothing is left. No
 * transaction is needed. */
MUST_USE enum result sample_next(struct ctx *cx, const struct review *review, struct call *out);

/* In two steps, as calls lie apart from the store: draw outside any transaction, by a seed that
 * nobody chooses; then keep the sample, and each call of it as the next of a reviewer. Results:
 * INVALID with what is wrong in it; CONFLICT review_sample.no_reviewer. */
MUST_USE enum result sample_prepare(struct ctx *cx, struct review_sample *sample,
                                    struct call **out_calls, size_t *out_count);
MUST_USE enum result sample_add(struct ctx *cx, struct review_sample *sample,
                                const struct call *calls, size_t count);
/* A call of the sample becomes the last of a reviewer. `replaces_id`: in the place of that review.
 */
MUST_USE enum result sample_assign(struct ctx *cx, const struct review_sample *sample,
                                   const struct call *call, int64_t reviewer_id,
                                   int64_t replaces_id);

/* ---- to the provider, in writing ---- */

#define PENALTY_EVIDENCE "penalty_evidence" /* the type of letter; app/appraisal declares it */
struct evidence_line {
    const char *agent_code, *person_name;
    struct month month; /* that it counts for; none: that of the call */
    int64_t call_id;
    int32_t second; /* of the recording */
    const char *fact, *proposal;
};
extern const struct field EVIDENCE_FIELDS[];
/* A draft with the call, its agent and the moment in it: *out_id. */
struct evidence {
    int64_t call_id, contract_id;
    const char *agent_code, *agent_name;
    int32_t at_ms;
    const char *fact;
};
MUST_USE enum result evidence_begin(struct ctx *cx, struct evidence evidence, int64_t *out_id);

extern const struct duty_rule REVIEW_DUTIES[];
extern const struct right REVIEW_RIGHTS[];

#endif
