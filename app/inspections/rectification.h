/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rectification (X1) and appeals against findings (X4).
 *
 * What fails is a notice to the provider, with the contract's term and until when. The provider
 * answers, with photos where the item wants them; the client looks again, and closes it or says
 * that it failed: then the next round begins at once, costs double, and the division hears of it. A
 * problem (an item of an area) has one open notice: inspections that see it meanwhile are linked to
 * it and deduct nothing. */
#ifndef RECTIFICATION_H
#define RECTIFICATION_H

#include "app/inspections/inspection.h"

enum rectification_state {
    RECTIFICATION_ISSUED = 1,
    RECTIFICATION_ANSWERED,
    RECTIFICATION_CLOSED,
    RECTIFICATION_FAILED,
    RECTIFICATION_WITHDRAWN /* its finding was taken back, or its inspection is void */
};
struct rectification {
    RECORD_MEMBERS;
    int64_t inspection_id;
    int32_t place;
    int64_t item_id;
    const char *item_text, *term;
    int64_t contract_id, provider_id, client_id, unit_id, area_id, inspector_id;
    const char *contract_name, *provider_name, *unit_name, *area_name, *inspector_name;
    const char *found;
    bool photo;
    struct points points; /* that the problem costs in this round */
    int32_t round;
    int64_t former_id;
    int32_t seen;
    struct instant issued_at, due_at;
    struct instant appeal_by; /* against its finding, or that it was not rectified before */
    const char *cause, *answer;
    struct instant answered_at;
    int64_t answered_by_id;
    const char *answered_by;
    bool late;
    struct instant judged_at;
    int64_t judge_id;
    const char *judge_name, *reason;
    struct month month;
    enum rectification_state state;
};
extern const struct resource RECTIFICATIONS;

/* Notices of what failed in an inspection that is about to be finished: fills rectification_id and
 * linked of its items. `due` by item, none: as usual. */
MUST_USE enum result rectifications_issue(struct ctx *cx, const struct inspection *inspection,
                                          struct inspection_item *items, const struct date *due,
                                          size_t count);
/* The notices of one inspection that another one's items are linked to become that one's, with all
 * their rounds; its items then cost what the notices do. */
MUST_USE enum result rectifications_hand_over(struct ctx *cx, int64_t from_id, int64_t to_id,
                                              struct inspection_item *items, size_t count);
/* What hangs at an inspection, or at one finding of it (place 0: all), is withdrawn: every round,
 * whatever became of it, for none of them costs anything any more. */
MUST_USE enum result rectifications_withdraw(struct ctx *cx, int64_t inspection_id, int32_t place);

/* By the provider. Results: CONFLICT rectification.wrong_state; FORBIDDEN
 * rectification.provider_answers; INVALID without words, photos where they are wanted. */
extern const struct field RECTIFICATION_ANSWER[]; /* of rectification */
MUST_USE enum result rectification_answer(struct ctx *cx, const struct rectification *notice,
                                          const struct rectification *answer, size_t photos);
/* By the client, who looked again. A failure issues the next round: *out_next (0 when closed).
 * Results: CONFLICT rectification.wrong_state; FORBIDDEN rectification.client_judges; INVALID
 * without reason. */
MUST_USE enum result rectification_judge(struct ctx *cx, const struct rectification *notice,
                                         bool passed, const char *reason, int64_t *out_next);
/* Another person found that it had been rectified before this later round: see
 * finding_appeal_decide. */
MUST_USE enum result rectification_uphold(struct ctx *cx, int64_t id, const char *reason);
/* May an appeal be made against it as a later round? By the provider, in its time. */
bool rectification_is_appealable(const struct ctx *cx, const struct rectification *notice);
bool rectification_is_answerable(const struct ctx *cx, const struct rectification *notice);
bool rectification_is_judgeable(const struct ctx *cx, const struct rectification *notice);

/* ---- appeals ---- */

struct inspection_appeal {
    RECORD_MEMBERS;
    int64_t inspection_id;
    int32_t place;
    int64_t rectification_id; /* the later round it is against; 0: against the finding */
    const char *item_text;
    int64_t contract_id, provider_id, client_id, unit_id, inspector_id;
    const char *contract_name, *provider_name, *unit_name, *area_name, *inspector_name;
    int64_t judge_id; /* who said that it was not rectified, of a later round */
    const char *judge_name;
    struct points points;
    const char *words;
    int64_t appellant_id;
    const char *appellant_name;
    int64_t decider_id;
    const char *decider_name;
    struct instant decided_at;
    const char *reason;
    enum inspection_appeal_state {
        FINDING_APPEAL_OPEN = 1,
        FINDING_APPEAL_UPHELD,
        FINDING_APPEAL_REJECTED
    } state;
};
extern const struct resource INSPECTION_APPEALS;
/* By somebody else than who inspected, or looked again. Upheld, the finding is taken back: its
 * notices are withdrawn and the inspection scored anew; or the round before it was rectified: that
 * one is closed, and this one with those after it withdrawn. Results: CONFLICT
 * inspection_appeal.wrong_state; FORBIDDEN inspection_appeal.own_finding; INVALID without reason.
 */
MUST_USE enum result finding_appeal_decide(struct ctx *cx, const struct inspection_appeal *appeal,
                                           bool upheld, const char *reason);
bool finding_appeal_is_decidable(const struct ctx *cx, const struct inspection_appeal *appeal);

MUST_USE enum result judge_rectifying(struct ctx *cx, const void *record, struct duty *duty,
                                      enum owing *out);
MUST_USE enum result judge_reinspecting(struct ctx *cx, const void *record, struct duty *duty,
                                        enum owing *out);
MUST_USE enum result judge_finding_appeal(struct ctx *cx, const void *record, struct duty *duty,
                                          enum owing *out);

#endif
