/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Training (C2.2): the client trains the provider's duty managers, supervisors and QA inspectors;
 * supervisors or duty managers train the agents. Who may train whom follows from the subject's
 * tier, and is enforced; a subject that the contract requires must be passed before an agent is
 * opened on it. */
#ifndef TRAINING_H
#define TRAINING_H

#include "app/contracts/contract.h"
#include "app/parties/parties.h"
#include "app/scores/measure.h"

enum training_tier { TIER_MANAGERS = 1, TIER_AGENTS };

struct training_subject {
    RECORD_MEMBERS;
    int64_t contract_id;
    const char *contract_name;
    enum training_tier tier;
    const char *name, *edition;
    struct points pass_score;
    bool required; /* before an agent is opened; of the tier of agents */
    enum subject_state { SUBJECT_IN_FORCE = 1, SUBJECT_RETIRED } state;
};
extern const struct resource TRAINING_SUBJECTS;

#define TRAINEES_MOST 500
struct trainee {
    int64_t person_id;
    const char *name;
    struct points score; /* of 100 */
    bool absent;
};
extern const struct field TRAINEE_FIELDS[];

struct training {
    RECORD_MEMBERS;
    int64_t contract_id;
    const char *contract_name;
    int64_t subject_id;
    const char *subject_name;
    enum training_tier tier;
    struct date held_on;
    int64_t trainer_id;
    const char *trainer_name;
    const char *place, *note;
    const char *trainees; /* canonical JSON of trainee */
    int32_t trained, passed;
    const char *reason;
    enum training_state { TRAINING_DRAFT = 1, TRAINING_CONFIRMED, TRAINING_VOID } state;
};
extern const struct resource TRAININGS;

/* How somebody did in one that is confirmed. */
struct training_score {
    RECORD_MEMBERS;
    int64_t training_id, person_id;
    const char *person_name;
    struct points score;
    bool absent, passed;
    int64_t contract_id; /* of the training, as the rest */
    struct date held_on;
    const char *subject_name;
    enum training_state state;
};
extern const struct resource TRAINING_SCORES;

MUST_USE enum result training_trainees(struct ctx *cx, const struct training *training,
                                       struct trainee **out, size_t *out_count);
/* Who could be trained: the provider's people of the tier's jobs, by name, the first
 * TRAINEES_MOST. */
MUST_USE enum result training_eligible(struct ctx *cx, const struct training *training,
                                       struct trainee **out, size_t *out_count);

/* Does the actor's side train this tier? */
bool training_is_own(const struct ctx *cx, const struct training *training);
/* draft -> confirmed: its scores count from now on, and never change. Results: CONFLICT
 * training.wrong_state; FORBIDDEN training.other_side; INVALID without trainees. */
MUST_USE enum result training_confirm(struct ctx *cx, const struct training *training);
/* confirmed -> void, with a reason: its scores count no more. Results: as before. */
MUST_USE enum result training_void(struct ctx *cx, const struct training *training,
                                   const char *reason);

/* The first subject that the contract requires of an agent and this person has not passed; "" when
 * there is none (C2.2). */
MUST_USE enum result training_missing(struct ctx *cx, int64_t contract_id, int64_t person_id,
                                      const char **out_subject);

extern const struct measure TRAINING_MEASURES[];
extern const struct right STAFFING_RIGHTS[];

#endif
