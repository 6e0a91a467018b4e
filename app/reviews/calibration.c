/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A calibration session: who judges, when it is compared, and what comes of it. */
#include "app/reviews/calibration.h"

#include "app/reviews/calibration.sql.h"
#include "app/reviews/recording.h"

static const char *const STATES[] = {"open", "compared", "closed", NULL};

static const struct field CALIBRATION_FIELDS[] = {
    RECORD_FIELDS(calibration),
    FIELD(calibration, started_at, .use = LISTED | DERIVED),
    FIELD(calibration, call_id, .in = MUST, .use = FIXED | NO_DIFF),
    FIELD_REF(calibration, contract_id, "contracts", .use = FILTERED | NO_DIFF),
    FIELD(calibration, contract_name, .column = "c.name", .use = LISTED),
    FIELD_REF(calibration, agent_id, "agents", .use = NO_DIFF),
    FIELD(calibration, agent_code, .column = "a.code", .use = LISTED),
    FIELD(calibration, agent_name, .column = "p.name", .use = LISTED),
    FIELD_REF(calibration, person_id, "people", .use = NO_DIFF | HIDDEN),
    FIELD_REF(calibration, form_id, "review_forms", .in = MUST, .use = FIXED | NO_DIFF,
              .among = "state=in_force"),
    FIELD(calibration, form_name, .column = "f.name", .use = LISTED),
    FIELD(calibration, items, .use = HIDDEN | TRAILED),
    FIELD(calibration, opened_by, .use = LISTED),
    FIELD(calibration, sheets, .use = LISTED),
    FIELD(calibration, pairs),
    FIELD(calibration, agreed),
    FIELD(calibration, agreement, .use = LISTED),
    FIELD(calibration, compared_at),
    FIELD(calibration, outcome),
    FIELD(calibration, closed_by),
    FIELD(calibration, closed_at),
    FIELD_ENUM(calibration, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

static void calibration_derive(struct ctx *cx, void *record)
{
    struct calibration *calibration = record;
    (void)cx;
    calibration->started_at = call_instant(calibration->call_id);
}

const struct resource CALIBRATIONS = {
    .name = "calibrations",
    .clause = "C2.4",
    .fields = CALIBRATION_FIELDS,
    .size = sizeof(struct calibration),
    .joins = "JOIN contracts c ON c.id = t.contract_id JOIN review_forms f ON f.id = t.form_id "
             "LEFT JOIN agents a ON a.id = t.agent_id LEFT JOIN people p ON p.id = t.person_id",
    .title = "agent_code",
    .sort = "-id",
    .parent = &CONTRACTS,
    .parent_field = "contract_id",
    .derive = calibration_derive,
};

static const struct field SHEET_FIELDS[] = {
    RECORD_FIELDS(calibration_sheet),
    FIELD_REF(calibration_sheet, calibration_id, "calibrations", .use = FILTERED | NO_DIFF),
    FIELD_REF(calibration_sheet, reviewer_id, "people", .use = NO_DIFF),
    FIELD(calibration_sheet, reviewer_name, .column = "r.name", .use = LISTED),
    FIELD(calibration_sheet, items, .use = HIDDEN | TRAILED),
    FIELD(calibration_sheet, remark),
    FIELD(calibration_sheet, fatal, .use = LISTED),
    FIELD(calibration_sheet, score, .use = LISTED),
    FIELDS_END,
};

/* Of the own contracts; and blind: the own one alone, until they are compared. */
#define BLIND(side)                                                                                \
    "EXISTS (SELECT 1 FROM calibrations k JOIN contracts o ON o.id = k.contract_id "               \
    "WHERE k.id = @calibration_id AND o." side " = :org "                                          \
    "AND (@reviewer_id = :person OR k.state <> 'open'))"

const struct resource CALIBRATION_SHEETS = {
    .name = "calibration_sheets",
    .clause = "C2.4",
    .fields = SHEET_FIELDS,
    .size = sizeof(struct calibration_sheet),
    .joins = "JOIN people r ON r.id = t.reviewer_id",
    .title = "reviewer_name",
    .sort = "id",
    .scope = {[SIDE_CLIENT] = BLIND("client_id"), [SIDE_PROVIDER] = BLIND("provider_id")},
};

/* ---- its beginning ---- */

enum result calibration_prepare(struct ctx *cx, struct calibration *calibration)
{
    struct call call;
    struct contract contract;
    TRY(record_get(cx, &CALLS, calibration->call_id, &call));
    if (!call.contract_id) {
        reject(cx, "call_id", "no_contract");
        return rejected(cx);
    }
    TRY(record_get(cx, &CONTRACTS, call.contract_id, &contract));
    TRY(form_demand(cx, calibration->form_id, &contract));
    TRY(rejected(cx));
    calibration->contract_id = call.contract_id;
    calibration->agent_id = call.agent_id;
    calibration->person_id = call.person_id;
    return OK;
}

/* What cannot be heard cannot be judged. */
static enum result demand_sound(struct ctx *cx, int64_t call_id)
{
    struct recording recording;
    enum result there = recording_of_call(cx, call_id, &recording);
    if (there != OK && there != NOT_FOUND)
        return there;
    if (there == NOT_FOUND || !recording_is_here(&recording) || recording.silent)
        reject_clause(cx, "C2.4", "call_id", "no_sound_here");
    return rejected(cx);
}

static enum result tell_reviewers(struct ctx *cx, const struct calibration *calibration)
{
    const struct news news = {.kind = "calibration.open",
                              .subject = &CALIBRATIONS,
                              .subject_id = calibration->id,
                              .title = calibration->agent_code,
                              .detail = calibration->contract_name};
    struct record *reviewers;
    size_t count;
    TRY(reviewers_of(cx, calibration->contract_id, &reviewers, &count));
    for (size_t i = 0; i < count; i++)
        TRY(notice_person(cx, reviewers[i].id, &news));
    return OK;
}

enum result calibration_begin(struct ctx *cx, struct calibration *calibration)
{
    TRY(demand_sound(cx, calibration->call_id));
    TRY(form_freeze(cx, calibration->form_id, &calibration->items));
    calibration->opened_by = cx->actor->person_name;
    calibration->state = CALIBRATION_OPEN;
    TRY(record_add(cx, &CALIBRATIONS, calibration));
    TRY(record_get(cx, &CALIBRATIONS, calibration->id, calibration));
    return tell_reviewers(cx, calibration);
}

/* ---- judging ---- */

static enum result demand_state(struct ctx *cx, const struct calibration *calibration,
                                enum calibration_state state)
{
    return calibration->state == state
               ? OK
               : fail(cx, CONFLICT, "calibration.wrong_state", calibration->agent_code,
                      state_name(cx, &CALIBRATIONS, STATES, calibration->state));
}

/* A new sheet, or the own one judged anew. */
static enum result keep_sheet(struct ctx *cx, const struct calibration_sheet *judged)
{
    struct calibration_sheet before, after;
    int64_t id;
    TRY(db_int(cx, &q_calibration_sheet, PARAMS(P(judged->calibration_id), P(judged->reviewer_id)),
               &id));
    if (!id) {
        after = *judged;
        return record_add(cx, &CALIBRATION_SHEETS, &after);
    }
    TRY(record_get(cx, &CALIBRATION_SHEETS, id, &before));
    after = before;
    after.items = judged->items;
    after.remark = judged->remark;
    after.score = judged->score;
    after.fatal = judged->fatal;
    return record_change(cx, &CALIBRATION_SHEETS, "change", &before, &after);
}

enum result calibration_score(struct ctx *cx, const struct calibration *calibration,
                              const struct review_mark *marks, size_t count, const char *remark)
{
    struct judgement judgement = {.items = calibration->items};
    struct calibration after = *calibration;
    const int64_t person = cx->actor->person_id;
    int64_t sheets;
    TRY(demand_state(cx, calibration, CALIBRATION_OPEN));
    if (!person || person == calibration->person_id)
        return fail(cx, FORBIDDEN, "calibration.own_call", calibration->agent_code);
    TRY(call_sound_ms(cx, calibration->call_id, &judgement.length_ms));
    TRY(items_mark(cx, &judgement, marks, count));
    TRY(items_demand_whole(cx, judgement.items));
    TRY(keep_sheet(cx, &(struct calibration_sheet){.calibration_id = calibration->id,
                                                   .reviewer_id = person,
                                                   .items = judgement.items,
                                                   .remark = remark,
                                                   .fatal = judgement.fatal,
                                                   .score = judgement.score}));
    TRY(db_int(cx, &q_calibration_sheets, PARAMS(P(calibration->id)), &sheets));
    after.sheets = (int32_t)sheets;
    return record_change(cx, &CALIBRATIONS, "score", calibration, &after);
}

enum result calibration_sheets(struct ctx *cx, const struct calibration *calibration,
                               struct calibration_sheet **out, size_t *out_count)
{
    struct list_query query = {.limit = SHEETS_MOST, .sort = "id"};
    struct list list;
    list_conditions(cx, &CALIBRATION_SHEETS,
                    arena_printf(cx->mem, "calibration_id=%lld", (long long)calibration->id),
                    &query);
    TRY(record_list(cx, &CALIBRATION_SHEETS, &query, &list));
    *out = list.rows;
    *out_count = list.count;
    return OK;
}

/* ---- comparing ---- */

enum result calibration_compare(struct ctx *cx, const struct calibration *calibration)
{
    struct calibration after = *calibration;
    struct calibration_sheet *sheets;
    struct comparison comparison;
    struct list all;
    TRY(demand_state(cx, calibration, CALIBRATION_OPEN));
    if (calibration->sheets < 2)
        return fail(cx, CONFLICT, "calibration.one_alone", calibration->agent_code);
    TRY(record_select(cx, &CALIBRATION_SHEETS, "compare", "t.calibration_id = $1 ORDER BY t.id",
                      PARAMS(P(calibration->id)), &all)); /* past the blind: nobody is shown them */
    sheets = all.rows;
    TRY(sheets_compare(cx, sheets, all.count, &comparison));
    after.pairs = comparison.pairs;
    after.agreed = comparison.agreed;
    after.agreement = comparison.agreement;
    after.compared_at = cx->now;
    after.state = CALIBRATION_COMPARED;
    return record_change(cx, &CALIBRATIONS, "compare", calibration, &after);
}

enum result calibration_close(struct ctx *cx, const struct calibration *calibration,
                              const char *outcome)
{
    struct calibration after = *calibration;
    TRY(demand_state(cx, calibration, CALIBRATION_COMPARED));
    if (!*text_plain(cx->mem, outcome))
        reject_clause(cx, "C2.4", "outcome", "required");
    TRY(rejected(cx));
    after.outcome = outcome;
    after.closed_by = cx->actor->person_name;
    after.closed_at = cx->now;
    after.state = CALIBRATION_CLOSED;
    return record_change(cx, &CALIBRATIONS, "close", calibration, &after);
}
