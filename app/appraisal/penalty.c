/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What changes a month's points beside the measures. */
#include "app/appraisal/penalty.h"

#include "app/appraisal/appraisal.sql.h"
#include "app/appraisal/month_private.h"

#include <string.h>

#define MOST (100 * INT64_C(100)) /* points of one entry */
#define GIVEN_MOST 100000

/* A month's, seen by whoever sees the month. */
#define OF_A_MONTH .parent = &MONTHS, .parent_field = "month_id"

/* ---- evidence ---- */

static const char *const PENALTY_STATES[] = {"proposed", "upheld", "rejected",
                                             "void",     "kept",   NULL};

static const struct field PENALTY_FIELDS[] = {
    RECORD_FIELDS(penalty),
    FIELD_REF(penalty, month_id, "months", .use = FILTERED | NO_DIFF),
    FIELD(penalty, month, .use = LISTED | NO_DIFF),
    FIELD_REF(penalty, contract_id, "contracts", .use = FILTERED | NO_DIFF),
    FIELD(penalty, contract_name, .column = "c.name"),
    FIELD_REF(penalty, letter_id, "letters", .use = FILTERED | NO_DIFF),
    FIELD(penalty, letter_number, .column = "l.number", .use = LISTED),
    FIELD(penalty, agent_code, .use = LISTED),
    FIELD_REF(penalty, person_id, "people", .use = FILTERED | NO_DIFF),
    FIELD(penalty, person_name, .column = "p.name", .use = LISTED),
    FIELD(penalty, call_id),
    FIELD(penalty, second),
    FIELD(penalty, fact, .use = LISTED),
    FIELD(penalty, proposal),
    FIELD(penalty, handed_in_at, .use = LISTED, .clause = "C2.4"),
    FIELD(penalty, late, .use = LISTED | FILTERED, .clause = "C2.4"),
    FIELD(penalty, points, .use = LISTED),
    FIELD(penalty, reason, .use = LONG_TEXT),
    FIELD_REF(penalty, decider_id, "people"),
    FIELD(penalty, decided_by, .column = "COALESCE(d.name, '')"),
    FIELD(penalty, decided_at),
    FIELD_ENUM(penalty, state, PENALTY_STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

const struct resource PENALTIES = {
    .name = "penalties",
    .clause = "C2.4",
    .fields = PENALTY_FIELDS,
    .size = sizeof(struct penalty),
    .joins = "JOIN contracts c ON c.id = t.contract_id JOIN letters l ON l.id = t.letter_id "
             "JOIN people p ON p.id = t.person_id LEFT JOIN people d ON d.id = t.decider_id",
    .title = "agent_code",
    .sort = "-id",
    OF_A_MONTH,
    /* Whoever is only an agent sees what was taken from the own points, once they are published. */
    .scope = {[SIDE_PROVIDER] = "(" BEYOND_AGENTS " OR (@person_id = :person AND @state = 'upheld' "
                                "AND @month_id IN (SELECT m.id FROM months m WHERE m.state IN "
                                "('published', 'locked'))))"},
};

/* Only what came in time, while the month can still be computed. */
static enum result decide(struct ctx *cx, const struct penalty *penalty, struct penalty *after,
                          const char *action)
{
    struct appraisal_month month;
    if (penalty->late)
        return fail(cx, CONFLICT, "penalty.late", penalty->letter_number);
    if (penalty->state != PENALTY_PROPOSED && penalty->state != PENALTY_KEPT)
        return fail(cx, CONFLICT, "penalty.wrong_state", penalty->agent_code,
                    state_name(cx, &PENALTIES, PENALTY_STATES, penalty->state));
    TRY(month_demand_unpublished(cx, penalty->month_id, &month));
    check_reason(cx, after->reason);
    TRY(rejected(cx));
    after->decider_id = cx->actor->person_id;
    after->decided_at = cx->now;
    return record_change(cx, &PENALTIES, action, penalty, after);
}

enum result penalty_uphold(struct ctx *cx, const struct penalty *penalty, struct points points,
                           const char *reason)
{
    struct penalty after = *penalty;
    if (points.hundredths < 1 || points.hundredths > MOST)
        reject_clause(cx, "C2.4", "points", "points_of_base");
    after.points = points;
    after.reason = reason;
    after.state = PENALTY_UPHELD;
    return decide(cx, penalty, &after, "uphold");
}

enum result penalty_reject(struct ctx *cx, const struct penalty *penalty, const char *reason)
{
    struct penalty after = *penalty;
    after.reason = reason;
    after.state = PENALTY_REJECTED;
    return decide(cx, penalty, &after, "reject");
}

/* ---- corrections ---- */

static const char *const ADJUSTMENT_KINDS[] = {"correction", "appeal", NULL};
static const char *const ADJUSTMENT_STATES[] = {"proposed", "approved", "refused", NULL};

static const struct field ADJUSTMENT_FIELDS[] = {
    RECORD_FIELDS(adjustment),
    FIELD_REF(adjustment, month_id, "months", .in = MUST, .use = FIXED | FILTERED),
    FIELD(adjustment, month, .column = "m.month", .use = LISTED),
    FIELD_REF(adjustment, contract_id, "contracts", .use = FILTERED | NO_DIFF),
    FIELD_ENUM(adjustment, kind, ADJUSTMENT_KINDS, .use = LISTED | NO_DIFF),
    FIELD(adjustment, about_month, .in = MUST, .use = FIXED | LISTED),
    FIELD_REF(adjustment, person_id, "people", .in = MUST, .use = FIXED | FILTERED),
    FIELD(adjustment, person_name, .column = "p.name", .use = LISTED),
    FIELD(adjustment, points, .in = MUST, .min = -MOST, .max = MOST, .use = LISTED),
    FIELD(adjustment, reason, .in = MUST, .max = 500, .use = LISTED | LONG_TEXT),
    FIELD_REF(adjustment, maker_id, "people", .use = NO_DIFF),
    FIELD(adjustment, made_by, .column = "COALESCE(k.name, '')", .use = LISTED),
    FIELD_REF(adjustment, decider_id, "people", .use = NO_DIFF),
    FIELD(adjustment, decided_by, .column = "COALESCE(d.name, '')", .use = LISTED),
    FIELD(adjustment, decided_at, .use = NO_DIFF),
    FIELD(adjustment, decision),
    FIELD_ENUM(adjustment, state, ADJUSTMENT_STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

/* What is locked never changes: what is found about it later counts in a month that is not
 * published yet. */
static enum result adjustment_check(struct ctx *cx, void *record, const void *before)
{
    struct adjustment *adjustment = record;
    struct appraisal_month into, about;
    if (before)
        return OK;
    adjustment->state = adjustment->kind == ADJUST_APPEAL ? ADJUST_APPROVED : ADJUST_PROPOSED;
    if (adjustment->kind == ADJUST_APPEAL)
        return OK;
    TRY(month_demand_unpublished(cx, adjustment->month_id, &into));
    enum result found = month_of_contract(cx, into.contract_id, adjustment->about_month, &about);
    if (found != OK && found != NOT_FOUND)
        return found;
    if (found == NOT_FOUND || about.state != MONTH_LOCKED)
        reject_clause(cx, "C2.4", "about_month", "month_not_locked");
    if (!adjustment->points.hundredths)
        reject_clause(cx, "C2.4", "points", "required");
    adjustment->contract_id = into.contract_id;
    adjustment->kind = ADJUST_CORRECTION;
    adjustment->maker_id = cx->actor->person_id;
    return OK;
}

/* Another person than who made it has to look at it. */
static enum result adjustment_saved(struct ctx *cx, const void *record, const void *before)
{
    const struct adjustment *adjustment = record;
    struct appraisal_month month;
    struct adjustment whole;
    if (before || adjustment->state != ADJUST_PROPOSED)
        return OK;
    TRY(record_get(cx, &MONTHS, adjustment->month_id, &month));
    TRY(record_get(cx, &ADJUSTMENTS, adjustment->id, &whole));
    return notice_roles(cx, month.provider_id, 0, R(PROVIDER) | R(DUTY),
                        &(struct news){.kind = "adjustment.proposed",
                                       .subject = &ADJUSTMENTS,
                                       .subject_id = whole.id,
                                       .title = whole.person_name,
                                       .detail = whole.reason});
}

/* No form leads where it would be refused: nothing is put into a published month. */
static enum result month_open(struct ctx *cx, int64_t month_id)
{
    struct appraisal_month month;
    return month_id ? month_demand_unpublished(cx, month_id, &month) : OK;
}

static enum result adjustment_open(struct ctx *cx, const void *record)
{
    return month_open(cx, ((const struct adjustment *)record)->month_id);
}

static enum result manual_open(struct ctx *cx, const void *record)
{
    return month_open(cx, ((const struct manual_score *)record)->month_id);
}

const struct resource ADJUSTMENTS = {
    .name = "adjustments",
    .clause = "C2.4",
    .fields = ADJUSTMENT_FIELDS,
    .size = sizeof(struct adjustment),
    .joins = "JOIN months m ON m.id = t.month_id JOIN people p ON p.id = t.person_id "
             "LEFT JOIN people k ON k.id = t.maker_id LEFT JOIN people d ON d.id = t.decider_id",
    .title = "person_name",
    .sort = "-id",
    OF_A_MONTH,
    .check = adjustment_check,
    .open = adjustment_open,
    .saved = adjustment_saved,
};

static enum result adjustment_decide(struct ctx *cx, const struct adjustment *adjustment,
                                     struct adjustment *after, const char *action)
{
    struct appraisal_month month;
    const int64_t decider = cx->actor->person_id;
    if (adjustment->state != ADJUST_PROPOSED)
        return fail(cx, CONFLICT, "adjustment.wrong_state", adjustment->person_name);
    if (decider == adjustment->maker_id || decider == adjustment->person_id)
        return fail(cx, FORBIDDEN, "adjustment.second_person", adjustment->made_by);
    TRY(month_demand_unpublished(cx, adjustment->month_id, &month));
    after->decider_id = decider;
    after->decided_at = cx->now;
    return record_change(cx, &ADJUSTMENTS, action, adjustment, after);
}

enum result adjustment_approve(struct ctx *cx, const struct adjustment *adjustment)
{
    struct adjustment after = *adjustment;
    after.state = ADJUST_APPROVED;
    return adjustment_decide(cx, adjustment, &after, "approve");
}

enum result adjustment_refuse(struct ctx *cx, const struct adjustment *adjustment,
                              const char *reason)
{
    struct adjustment after = *adjustment;
    check_reason(cx, reason);
    TRY(rejected(cx));
    after.decision = reason;
    after.state = ADJUST_REFUSED;
    return adjustment_decide(cx, adjustment, &after, "refuse");
}

/* ---- by hand ---- */

static const struct field MANUAL_FIELDS[] = {
    RECORD_FIELDS(manual_score),
    FIELD_REF(manual_score, month_id, "months", .in = MUST, .use = FIXED | FILTERED),
    FIELD(manual_score, month, .column = "m.month", .use = LISTED),
    FIELD_REF(manual_score, contract_id, "contracts", .use = HIDDEN | NO_DIFF),
    FIELD_REF(manual_score, person_id, "people", .in = MUST, .use = FIXED | FILTERED),
    FIELD(manual_score, person_name, .column = "p.name", .use = LISTED),
    FIELD(manual_score, indicator, .in = MUST, .max = 40, .use = FIXED | LISTED),
    FIELD(manual_score, points, .in = MUST, .max = MOST, .use = LISTED),
    FIELD(manual_score, reason, .in = MUST, .max = 500, .use = LISTED | LONG_TEXT),
    FIELD_REF(manual_score, giver_id, "people", .use = NO_DIFF),
    FIELD(manual_score, given_by, .column = "COALESCE(g.name, '')", .use = LISTED),
    FIELDS_END,
};

/* The manual indicator of that code, or of that name as people call it, in a scheme of the month;
 * NULL: there is none. */
static enum result find_manual(struct ctx *cx, const struct appraisal_month *month,
                               const char *code, const struct indicator **out)
{
    struct scheme *schemes;
    size_t scheme_count;
    *out = NULL;
    TRY(schemes_of_month(cx, month->contract_id, month->month, &schemes, &scheme_count));
    for (size_t s = 0; s < scheme_count; s++) {
        struct indicator *indicators;
        size_t count;
        TRY(scheme_indicators(cx, &schemes[s], &indicators, &count));
        for (size_t i = 0; i < count; i++) {
            if (indicators[i].method == METHOD_MANUAL &&
                (strcmp(indicators[i].code, code) == 0 || strcmp(indicators[i].name, code) == 0))
                *out = &indicators[i];
        }
    }
    return OK;
}

static enum result manual_check(struct ctx *cx, void *record, const void *before)
{
    struct manual_score *score = record;
    struct appraisal_month month;
    const struct indicator *indicator;
    char most[POINTS_MAX_TEXT];
    (void)before;
    TRY(month_demand_unpublished(cx, score->month_id, &month));
    TRY(find_manual(cx, &month, score->indicator, &indicator));
    if (indicator)
        score->indicator = indicator->code;
    if (!indicator) {
        reject_clause(cx, "C2.4", "indicator", "not_manual", score->indicator);
    } else if (score->points.hundredths > indicator->weight.hundredths) {
        points_format(indicator->weight, most);
        reject_clause(cx, "C2.4", "points", "too_large", arena_dup(cx->mem, most));
    }
    if (score->person_id && score->person_id == cx->actor->person_id)
        reject_clause(cx, "C2.4", "person_id", "oneself");
    score->contract_id = month.contract_id;
    score->giver_id = cx->actor->person_id;
    return OK;
}

const struct resource MANUAL_SCORES = {
    .name = "manual_scores",
    .clause = "C2.4",
    .fields = MANUAL_FIELDS,
    .size = sizeof(struct manual_score),
    .joins = "JOIN months m ON m.id = t.month_id JOIN people p ON p.id = t.person_id "
             "LEFT JOIN people g ON g.id = t.giver_id",
    .title = "person_name",
    .sort = "-id",
    OF_A_MONTH,
    .check = manual_check,
    .open = manual_open,
};

/* ---- what the engine asks ---- */

static const char *const GIVEN_KINDS[] = {"by_hand", "penalty", "adjustment", NULL};
static const struct field GIVEN_FIELDS[] = {FIELD(given, person_id),
                                            FIELD_ENUM(given, kind, GIVEN_KINDS),
                                            FIELD(given, record_id),
                                            FIELD(given, indicator),
                                            FIELD(given, points),
                                            FIELD(given, reason),
                                            FIELDS_END};

enum result given_of(struct ctx *cx, int64_t contract_id, struct month month, struct given **out,
                     size_t *out_count)
{
    return db_list(cx, &q_given, PARAMS(P(contract_id), P(month)), GIVEN_FIELDS, sizeof **out,
                   GIVEN_MOST, out, out_count);
}
