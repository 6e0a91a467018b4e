/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/staffing/training.h"

#include "app/access/account.h"
#include "app/scores/published.h"
#include "app/staffing/training.sql.h"
#include "base/doc.h"

#include <string.h>

static const char *const TIERS[] = {"managers", "agents", NULL};
static const char *const SUBJECT_STATES[] = {"in_force", "retired", NULL};
static const char *const STATES[] = {"draft", "confirmed", "void", NULL};

#define SCORE_MOST (100 * INT64_C(100))

/* Who trains whom (C2.2): the side that trains, and the jobs of both. */
static const struct {
    enum side trains;
    unsigned trainers; /* bits of jobs; 0: whoever works there */
    unsigned trainees;
} TIER[] = {
    [TIER_MANAGERS] = {SIDE_CLIENT, 0,
                       1u << JOB_DUTY_MANAGER | 1u << JOB_SUPERVISOR | 1u << JOB_QA},
    [TIER_AGENTS] = {SIDE_PROVIDER, 1u << JOB_DUTY_MANAGER | 1u << JOB_SUPERVISOR, 1u << JOB_AGENT},
};

bool training_is_own(const struct ctx *cx, const struct training *training)
{
    return cx->actor->is_system || cx->actor->side == TIER[training->tier].trains;
}

static enum result demand_side(struct ctx *cx, const struct training *training)
{
    return training_is_own(cx, training) ? OK : fail(cx, FORBIDDEN, "training.other_side");
}

/* ---- subjects ---- */

static const struct field SUBJECT_FIELDS[] = {
    RECORD_FIELDS(training_subject),
    FIELD_REF(training_subject, contract_id, "contracts", .in = MUST, .use = FIXED | FILTERED,
              .among = "service=outbound_call", .clause = "C2.2"),
    FIELD(training_subject, contract_name, .column = "c.name", .use = LISTED),
    FIELD_ENUM(training_subject, tier, TIERS, .in = MUST, .use = FIXED | LISTED | FILTERED),
    FIELD(training_subject, name, .in = MUST, .max = 60, .use = LISTED),
    FIELD(training_subject, edition, .in = MAY, .max = 40, .use = LISTED),
    FIELD(training_subject, pass_score, .in = MUST, .max = SCORE_MOST, .use = LISTED),
    FIELD(training_subject, required, .in = MAY, .use = LISTED | FILTERED, .clause = "C2.2"),
    FIELD_ENUM(training_subject, state, SUBJECT_STATES, .in = MAY, .use = LISTED | FILTERED),
    FIELDS_END,
};

static enum result subject_check(struct ctx *cx, void *record, const void *before)
{
    struct training_subject *subject = record;
    struct contract contract;
    if (!subject->state)
        subject->state = SUBJECT_IN_FORCE;
    if (subject->required && subject->tier == TIER_MANAGERS)
        reject_clause(cx, "C2.2", "required", "of_agents_only");
    if (before)
        return OK;
    TRY(record_get(cx, &CONTRACTS, subject->contract_id, &contract));
    if (contract.service != SERVICE_OUTBOUND_CALL)
        reject_clause(cx, "C2.2", "contract_id", "not_outbound_call", contract.number);
    return OK;
}

const struct resource TRAINING_SUBJECTS = {
    .name = "training_subjects",
    .clause = "C2.2",
    .fields = SUBJECT_FIELDS,
    .size = sizeof(struct training_subject),
    .joins = "JOIN contracts c ON c.id = t.contract_id",
    .title = "name",
    .sort = "-id",
    .parent = &CONTRACTS,
    .parent_field = "contract_id",
    .check = subject_check,
};

/* ---- trainings ---- */

const struct field TRAINEE_FIELDS[] = {
    FIELD_REF(trainee, person_id, "people", .in = MUST),
    FIELD(trainee, name),
    FIELD(trainee, score, .in = MAY, .max = SCORE_MOST),
    FIELD(trainee, absent, .in = MAY),
    FIELDS_END,
};

static const struct field TRAINING_FIELDS[] = {
    RECORD_FIELDS(training),
    FIELD(training, held_on, .in = MUST, .use = LISTED),
    FIELD_REF(training, contract_id, "contracts", .use = FILTERED | NO_DIFF),
    FIELD(training, contract_name, .column = "c.name", .use = LISTED),
    FIELD_REF(training, subject_id, "training_subjects", .in = MUST, .use = FIXED | FILTERED,
              .among = "state=in_force", .clause = "C2.2"),
    FIELD(training, subject_name, .column = "s.name", .use = LISTED),
    FIELD_ENUM(training, tier, TIERS, .use = LISTED | FILTERED),
    FIELD_REF(training, trainer_id, "people", .in = MUST, .use = FILTERED, .clause = "C2.2"),
    FIELD(training, trainer_name, .column = "p.name", .use = LISTED),
    FIELD(training, place, .in = MAY, .max = 60),
    FIELD(training, note, .in = MAY, .max = 500, .use = LONG_TEXT),
    FIELD(training, trainees, .use = HIDDEN | TRAILED),
    FIELD(training, trained, .use = LISTED),
    FIELD(training, passed, .use = LISTED),
    FIELD(training, reason),
    FIELD_ENUM(training, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

static enum result wrong_state(struct ctx *cx, const struct training *training)
{
    return fail(cx, CONFLICT, "training.wrong_state", training->subject_name,
                state_name(cx, &TRAININGS, STATES, training->state));
}

/* Rejects `member` unless the person works for `organisation_id` then, in one of `jobs`. */
static enum result demand_person(struct ctx *cx, int64_t person_id, struct date day,
                                 int64_t organisation_id, unsigned jobs, const char *member,
                                 const char *code, const char **out_name)
{
    struct list list;
    int64_t employer;
    TRY(person_works(cx, person_id, day, &employer));
    TRY(record_select(cx, &PEOPLE, "trained", "t.id = $1", PARAMS(P(person_id)), &list));
    const struct person *person = list.rows;
    const bool fits = list.count && employer == organisation_id &&
                      (!jobs || (person->job && jobs >> person->job & 1u));
    *out_name = list.count ? person->name : "";
    if (!fits)
        reject_clause(cx, "C2.2", member, code);
    return OK;
}

/* Each once, of the right job; their names are those of the roster. */
static enum result demand_trainees(struct ctx *cx, struct training *training, int64_t provider_id)
{
    struct trainee *trainees;
    size_t count;
    TRY(training_trainees(cx, training, &trainees, &count));
    for (size_t i = 0; i < count; i++) {
        const char *member = arena_printf(cx->mem, "trainees.%zu.person_id", i);
        size_t same = 0;
        while (trainees[same].person_id != trainees[i].person_id)
            same++;
        if (same < i)
            reject_clause(cx, "C2.2", member, "person_twice");
        TRY(demand_person(cx, trainees[i].person_id, training->held_on, provider_id,
                          TIER[training->tier].trainees, member, "wrong_trainee",
                          &trainees[i].name));
    }
    training->trainees = json_rows_text(cx->mem, TRAINEE_FIELDS, trainees, count, sizeof *trainees);
    return OK;
}

static enum result training_begin(struct ctx *cx, struct training *training)
{
    struct training_subject subject;
    TRY(record_get(cx, &TRAINING_SUBJECTS, training->subject_id, &subject));
    training->contract_id = subject.contract_id;
    training->tier = subject.tier;
    training->state = TRAINING_DRAFT;
    return OK;
}

static enum result demand_open_month(struct ctx *cx, const struct training *training)
{
    return demand_unpublished(cx, &(struct dated_fact){.contract_id = training->contract_id,
                                                       .from = training->held_on,
                                                       .to = training->held_on});
}

/* Once it is confirmed, nothing of it changes but its state. */
static enum result training_check(struct ctx *cx, void *record, const void *former)
{
    struct training *training = record;
    const struct training *before = former;
    struct contract contract;
    const char *name;
    if (before && before->state != TRAINING_DRAFT)
        return training->state == before->state ? wrong_state(cx, before)
                                                : demand_open_month(cx, training);
    if (!before)
        TRY(training_begin(cx, training));
    TRY(demand_open_month(cx, training));
    TRY(demand_side(cx, training));
    TRY(record_get(cx, &CONTRACTS, training->contract_id, &contract));
    if (training->held_on.days > instant_date(cx->now, SHANGHAI_OFFSET_MIN).days)
        reject_clause(cx, "C2.2", "held_on", "not_held_yet");
    const bool by_client = TIER[training->tier].trains == SIDE_CLIENT;
    TRY(demand_person(cx, training->trainer_id, training->held_on,
                      by_client ? contract.client_id : contract.provider_id,
                      TIER[training->tier].trainers, "trainer_id",
                      by_client ? "trainer_of_client" : "trainer_of_provider", &name));
    return demand_trainees(cx, training, contract.provider_id);
}

static enum result training_open(struct ctx *cx, const void *record)
{
    const struct training *training = record;
    return !training->id || training->state == TRAINING_DRAFT ? OK : wrong_state(cx, training);
}

const struct resource TRAININGS = {
    .name = "trainings",
    .clause = "C2.2",
    .fields = TRAINING_FIELDS,
    .size = sizeof(struct training),
    .joins = "JOIN contracts c ON c.id = t.contract_id "
             "JOIN training_subjects s ON s.id = t.subject_id JOIN people p ON p.id = t.trainer_id",
    .title = "subject_name",
    .sort = "-id",
    .parent = &CONTRACTS,
    .parent_field = "contract_id",
    .check = training_check,
    .open = training_open,
};

static const struct field SCORE_FIELDS[] = {
    RECORD_FIELDS(training_score),
    FIELD_REF(training_score, training_id, "trainings", .use = FILTERED | NO_DIFF),
    FIELD_REF(training_score, person_id, "people", .use = FILTERED | NO_DIFF),
    FIELD(training_score, person_name, .column = "p.name", .use = LISTED),
    FIELD_REF(training_score, contract_id, "contracts", .column = "r.contract_id", .use = FILTERED),
    FIELD(training_score, held_on, .column = "r.held_on", .use = LISTED | FILTERED),
    FIELD(training_score, subject_name, .column = "s.name", .use = LISTED),
    FIELD(training_score, score, .use = LISTED),
    FIELD(training_score, absent, .use = LISTED),
    FIELD(training_score, passed, .use = LISTED),
    FIELD_ENUM(training_score, state, STATES, .column = "r.state", .use = FILTERED),
    FIELDS_END,
};

const struct resource TRAINING_SCORES = {
    .name = "training_scores",
    .clause = "C2.2",
    .fields = SCORE_FIELDS,
    .size = sizeof(struct training_score),
    .joins = "JOIN people p ON p.id = t.person_id JOIN trainings r ON r.id = t.training_id "
             "JOIN training_subjects s ON s.id = r.subject_id",
    .title = "person_name",
    .sort = "-id",
    .parent = &TRAININGS,
    .parent_field = "training_id",
    /* What stands behind the own points is read by the person, too. */
    .scope = {[SIDE_PROVIDER] = "(" BEYOND_AGENTS " OR @person_id = :person)"},
};

enum result training_trainees(struct ctx *cx, const struct training *training, struct trainee **out,
                              size_t *out_count)
{
    return json_rows_read(cx->mem, training->trainees, TRAINEE_FIELDS, sizeof **out, TRAINEES_MOST,
                          out, out_count)
               ? OK
               : fail(cx, BROKEN, "training.broken", training->subject_name);
}

enum result training_eligible(struct ctx *cx, const struct training *training, struct trainee **out,
                              size_t *out_count)
{
    struct contract contract;
    const char *jobs = " ";
    TRY(record_get(cx, &CONTRACTS, training->contract_id, &contract));
    for (enum job job = JOB_AGENT; job <= JOB_OTHER; job++) {
        if (TIER[training->tier].trainees >> job & 1u)
            jobs = arena_printf(cx->mem, "%s%s ", jobs, choice_name(JOBS, job));
    }
    return db_list(
        cx, &q_training_eligible,
        PARAMS(P(contract.provider_id), P(training->held_on), P(jobs), P((int32_t)TRAINEES_MOST)),
        TRAINEE_FIELDS, sizeof **out, TRAINEES_MOST, out, out_count);
}

/* ---- its life ---- */

static enum result add_scores(struct ctx *cx, struct training *training,
                              const struct trainee *trainees, size_t count)
{
    struct training_subject subject;
    TRY(record_get(cx, &TRAINING_SUBJECTS, training->subject_id, &subject));
    training->trained = training->passed = 0;
    for (size_t i = 0; i < count; i++) {
        struct training_score score = {
            .training_id = training->id,
            .person_id = trainees[i].person_id,
            .score = trainees[i].absent ? (struct points){0} : trainees[i].score,
            .absent = trainees[i].absent,
        };
        score.passed = !score.absent && score.score.hundredths >= subject.pass_score.hundredths;
        training->trained += !score.absent;
        training->passed += score.passed;
        TRY(record_add(cx, &TRAINING_SCORES, &score));
    }
    return OK;
}

enum result training_confirm(struct ctx *cx, const struct training *training)
{
    struct training after = *training;
    struct trainee *trainees;
    size_t count;
    if (training->state != TRAINING_DRAFT)
        return wrong_state(cx, training);
    TRY(demand_side(cx, training));
    TRY(training_trainees(cx, training, &trainees, &count));
    if (!count)
        reject_clause(cx, "C2.2", "trainees", "required");
    for (size_t i = 0; i < count; i++) {
        if (!trainees[i].absent && !trainees[i].score.hundredths)
            reject_clause(cx, "C2.2", arena_printf(cx->mem, "trainees.%zu.score", i),
                          "score_or_absent");
    }
    TRY(rejected(cx));
    TRY(add_scores(cx, &after, trainees, count));
    after.state = TRAINING_CONFIRMED;
    return record_change(cx, &TRAININGS, "confirm", training, &after);
}

enum result training_void(struct ctx *cx, const struct training *training, const char *reason)
{
    struct training after = *training;
    if (training->state != TRAINING_CONFIRMED)
        return wrong_state(cx, training);
    TRY(demand_side(cx, training));
    check_reason(cx, reason);
    TRY(rejected(cx));
    after.reason = reason;
    after.state = TRAINING_VOID;
    return record_change(cx, &TRAININGS, "void", training, &after);
}

/* ---- what others ask ---- */

struct missing {
    const char *name;
};
static const struct field MISSING_FIELDS[] = {FIELD(missing, name), FIELDS_END};

enum result training_missing(struct ctx *cx, int64_t contract_id, int64_t person_id,
                             const char **out_subject)
{
    struct missing *missing;
    size_t count;
    TRY(db_list(cx, &q_training_missing, PARAMS(P(contract_id), P(person_id)), MISSING_FIELDS,
                sizeof *missing, 1, &missing, &count));
    *out_subject = count ? missing->name : "";
    return OK;
}

#define PEOPLE_MOST 20000

struct person_trainings {
    int64_t person_id;
    int32_t trainings;
    struct points score;
};
static const struct field PERSON_TRAININGS_FIELDS[] = {FIELD(person_trainings, person_id),
                                                       FIELD(person_trainings, trainings),
                                                       FIELD(person_trainings, score), FIELDS_END};

/* The mean of the month's scores; whoever was absent has 0 there. */
static enum result score_run(struct ctx *cx, const struct measuring *ask, struct measured *out)
{
    struct person_trainings *rows;
    size_t count;
    TRY(db_list(cx, &q_measure_trainings, PARAMS(P(ask->contract_id), P(ask->from), P(ask->to)),
                PERSON_TRAININGS_FIELDS, sizeof *rows, PEOPLE_MOST, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        struct measured *to = measured_of(ask, out, rows[i].person_id);
        if (to)
            *to = (struct measured){.numerator = rows[i].score.hundredths,
                                    .denominator = INT64_C(100) * rows[i].trainings,
                                    .records = rows[i].trainings};
    }
    return OK;
}

const struct measure TRAINING_MEASURES[] = {
    {"trainings.score", "C2.4", IN_POINTS, 1, score_run,
     "training_scores?contract_id={contract}&person_id={person}&held_on_from={from}"
     "&held_on_to={to}&state=confirmed"},
    MEASURES_END,
};

#define R_TRAINERS                                                                                 \
    (R(OPS) | R(DIVISION) | R(CLIENT) | R(RESIDENT) | R(PROVIDER) | R(DUTY) | R(SUPERVISOR))

const struct right STAFFING_RIGHTS[] = {
    {"training_subjects.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "C2.2"},
    {"training_subjects.write", R(OPS) | R(DIVISION) | R(CLIENT), "C2.2"},
    {"training_scores.read", R_CLIENT_SIDE | R_PROVIDER_SIDE | R(AGENT), "C2.2", true},
    {"trainings.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "C2.2"},
    {"trainings.write", R_TRAINERS, "C2.2"},
    RIGHTS_END,
};
