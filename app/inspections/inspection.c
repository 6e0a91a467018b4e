/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An inspection: how it begins, what it may be, who signs it and who takes it back. */
#include "app/inspections/inspection.h"

#include "app/inspections/inspections.sql.h"
#include "app/inspections/rectification.h"
#include "app/inspections/trust.h"
#include "app/records/trail.h"
#include "app/signatures/signature.h"
#include "base/doc.h"

#include <string.h>

static const char *const STATES[] = {"open", "finished", "countersigned", "void", NULL};
#define DEGREES INT64_C(1000000)

static const struct field INSPECTION_FIELDS[] = {
    RECORD_FIELDS(inspection),
    FIELD(inspection, finished_at, .use = LISTED | SORTED | FILTERED | SIGNED),
    FIELD_REF(inspection, area_id, "areas", .use = FILTERED | NO_DIFF | SIGNED),
    FIELD(inspection, area_name, .column = "a.name", .use = LISTED),
    FIELD_REF(inspection, contract_id, "contracts", .use = FILTERED | NO_DIFF | SIGNED),
    FIELD(inspection, contract_name, .column = "c.name", .use = LISTED),
    FIELD(inspection, provider_name, .column = "o.name"),
    FIELD_ENUM(inspection, level, INSPECTION_LEVELS, .use = LISTED | FILTERED | NO_DIFF | SIGNED),
    FIELD_REF(inspection, inspector_id, "people", .use = FILTERED | NO_DIFF | SIGNED),
    FIELD(inspection, inspector_name, .column = "p.name", .use = LISTED),
    FIELD(inspection, passed),
    FIELD(inspection, failed, .use = LISTED, .known_by = "finished_at"),
    FIELD(inspection, not_applicable),
    FIELD(inspection, deducted),
    FIELD(inspection, score, .use = LISTED, .known_by = "finished_at"),
    FIELD(inspection, fatal, .use = LISTED | FILTERED),
    FIELD_REF(inspection, standard_id, "standards", .use = NO_DIFF | SIGNED),
    FIELD(inspection, standard_name, .column = "s.name"),
    FIELD_REF(inspection, task_id, "inspection_tasks", .use = FILTERED | NO_DIFF),
    FIELD(inspection, uid, .use = NO_DIFF),
    FIELD(inspection, started_at),
    FIELD(inspection, device_started_at, .use = SIGNED),
    FIELD(inspection, device_finished_at, .use = SIGNED),
    FIELD(inspection, latitude),
    FIELD(inspection, longitude),
    FIELD(inspection, items, .use = HIDDEN | TRAILED | SIGNED),
    FIELD(inspection, upheld, .use = HIDDEN | TRAILED),
    FIELD(inspection, month, .use = FILTERED | NO_DIFF),
    FIELD(inspection, remark, .use = SIGNED),
    FIELD(inspection, appeal_by),
    FIELD(inspection, countersigned_at),
    FIELD_REF(inspection, companion_id, "people"),
    FIELD(inspection, companion_name, .column = "b.name"),
    FIELD(inspection, objection),
    FIELD(inspection, doubtful, .use = HIDDEN | TRAILED),
    FIELD(inspection, void_reason),
    FIELD_REF(inspection, provider_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(inspection, client_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(inspection, unit_id, "units", .use = FILTERED | NO_DIFF),
    FIELD(inspection, unit_name, .column = "u.name", .use = LISTED),
    FIELD_ENUM(inspection, state, STATES, .use = LISTED | FILTERED),
    FIELD(inspection, sha256, .use = DERIVED),
    FIELDS_END,
};

const struct field INSPECTION_BEGINNING[] = {
    FIELD_REF(inspection, contract_id, "contracts", .in = MUST),
    FIELD_REF(inspection, area_id, "areas", .in = MUST),
    FIELD_REF(inspection, standard_id, "standards", .in = MAY),
    FIELD_REF(inspection, task_id, "inspection_tasks", .in = MAY),
    FIELD_ENUM(inspection, level, INSPECTION_LEVELS, .in = MAY),
    FIELD(inspection, uid, .in = MAY, .max = 60),
    FIELD(inspection, device_started_at, .in = MAY),
    FIELD(inspection, latitude, .in = MAY, .min = -90 * DEGREES, .max = 90 * DEGREES),
    FIELD(inspection, longitude, .in = MAY, .min = -180 * DEGREES, .max = 180 * DEGREES),
    FIELDS_END,
};

static void inspection_derive(struct ctx *cx, void *record)
{
    struct inspection *inspection = record;
    inspection->sha256 = inspection->state == INSPECTION_OPEN
                             ? ""
                             : record_digest(cx->mem, &INSPECTIONS, inspection);
}

/* What hangs at it are photos, which come by the way of their own. */
static enum result inspection_attach(struct ctx *cx, int64_t id)
{
    struct inspection inspection;
    TRY(record_get(cx, &INSPECTIONS, id, &inspection));
    return inspection.state == INSPECTION_OPEN &&
                   (cx->actor->is_system || inspection.inspector_id == cx->actor->person_id)
               ? OK
               : fail(cx, CONFLICT, "inspection.photos_stay", inspection.area_name);
}

/* Of doubts providers know nothing. */
static enum result inspection_history(struct ctx *cx, int64_t id, struct event *events,
                                      size_t *count)
{
    (void)id;
    for (size_t i = 0; i < *count && cx->actor->side == SIDE_PROVIDER; i++)
        event_leave_out(cx, &events[i], "doubtful");
    return OK;
}

/* The provider hears of it when it is finished. */
const struct resource INSPECTIONS = {
    .name = "inspections",
    .clause = "V3.5",
    .fields = INSPECTION_FIELDS,
    .size = sizeof(struct inspection),
    .joins = "JOIN contracts c ON c.id = t.contract_id "
             "JOIN organisations o ON o.id = t.provider_id JOIN units u ON u.id = t.unit_id "
             "JOIN areas a ON a.id = t.area_id JOIN standards s ON s.id = t.standard_id "
             "JOIN people p ON p.id = t.inspector_id "
             "LEFT JOIN people b ON b.id = t.companion_id",
    .title = "area_name",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@client_id = :org",
              [SIDE_PROVIDER] = "@provider_id = :org AND @state IN ('finished', 'countersigned')"},
    .unit = "unit_id",
    .derive = inspection_derive,
    .attach = inspection_attach,
    .history = inspection_history,
};

static enum result wrong_state(struct ctx *cx, const struct inspection *inspection)
{
    return fail(cx, CONFLICT, "inspection.wrong_state", inspection->area_name,
                state_name(cx, &INSPECTIONS, STATES, inspection->state));
}

/* ---- how it begins ---- */

static enum result demand_contract(struct ctx *cx, const struct inspection *inspection,
                                   struct contract *out)
{
    TRY(record_get(cx, &CONTRACTS, inspection->contract_id, out));
    if (!cx->actor->is_system && cx->actor->organisation_id != out->client_id)
        return fail(cx, FORBIDDEN, "inspection.client_only");
    if (out->state != CONTRACT_ACTIVE)
        reject_clause(cx, "V3.5", "contract_id", "not_active");
    if (!out->briefed_on.days)
        reject_clause(cx, "V5.1.2", "contract_id", "not_briefed");
    return check_area(cx, inspection->area_id, out);
}

/* Whoever declared an interest in the provider does not inspect it (V3.2). */
static enum result demand_disinterested(struct ctx *cx, int64_t provider_id)
{
    const char *interest = "";
    struct fault kept = fault_take(cx);
    const enum result found = db_text(cx, &q_inspector_interest,
                                      PARAMS(P(cx->actor->person_id), P(provider_id)), &interest);
    if (found != OK && found != NOT_FOUND)
        return found;
    cx->fault = kept;
    return found == NOT_FOUND || !*interest || strcmp(interest, "none") == 0
               ? OK
               : fail(cx, FORBIDDEN, "inspection.interested", cx->actor->person_name);
}

/* Frozen as they are in force. */
static enum result take_standard(struct ctx *cx, const struct contract *contract,
                                 enum plan_frequency comes, struct inspection *inspection)
{
    struct standard standard;
    struct inspection_item *items;
    size_t count, asked = 0;
    enum result found = inspection_standard(cx, contract, &standard, &items, &count);
    if (found == NOT_FOUND) {
        reject_clause(cx, "V3.5", "contract_id", "no_standard");
        return rejected(cx);
    }
    TRY(found);
    if (inspection->standard_id && inspection->standard_id != standard.id)
        return fail(cx, CONFLICT, "inspection.standard_changed", standard.name);
    inspection->standard_id = standard.id;
    for (size_t i = 0; i < count; i++)
        if (frequency_is_asked(comes, items[i].frequency))
            items[asked++] = items[i];
    inspection->items =
        json_rows_text(cx->mem, INSPECTION_ITEM_FIELDS, items, asked, sizeof *items);
    return OK;
}

static enum result take_task(struct ctx *cx, struct inspection *inspection,
                             enum plan_frequency *out_comes)
{
    struct inspection_task task;
    TRY(record_get(cx, &INSPECTION_TASKS, inspection->task_id, &task));
    if (task.contract_id != inspection->contract_id || task.area_id != inspection->area_id)
        reject_clause(cx, "V3.5", "task_id", "other_task");
    if (task.state == TASK_DONE)
        return fail(cx, CONFLICT, "inspection.task_over", task.area_name);
    if (!task_is_for(cx->actor, &task))
        return fail(cx, FORBIDDEN, "inspection.other_task", task.inspector_name);
    inspection->level = task.level;
    *out_comes = task.frequency;
    return OK;
}

/* The one that this inspector's phone calls so; none: NOT_FOUND without a fault. */
static enum result known_already(struct ctx *cx, const char *uid, struct inspection *out)
{
    struct list list = {.count = 0};
    if (*uid)
        TRY(record_select(cx, &INSPECTIONS, "uid", "t.inspector_id = $1 AND t.uid = $2 LIMIT 1",
                          PARAMS(P(cx->actor->person_id), P(uid)), &list));
    if (!list.count)
        return NOT_FOUND;
    *out = *(struct inspection *)list.rows;
    return OK;
}

static void begin_now(struct ctx *cx, const struct contract *contract,
                      struct inspection *inspection)
{
    inspection->provider_id = contract->provider_id;
    inspection->client_id = contract->client_id;
    inspection->unit_id = contract->unit_id;
    inspection->inspector_id = cx->actor->person_id;
    inspection->started_at = cx->now;
    if (!inspection->device_started_at.ms)
        inspection->device_started_at = cx->now;
    if (!*inspection->uid) {
        char token[TOKEN_TEXT];
        random_token(token);
        inspection->uid = arena_dup(cx->mem, token);
    }
    inspection->state = INSPECTION_OPEN;
}

enum result inspection_begin(struct ctx *cx, struct inspection *inspection)
{
    struct contract contract;
    enum plan_frequency comes = 0;
    enum result known = known_already(cx, inspection->uid, inspection);
    if (known != NOT_FOUND)
        return known;
    TRY(demand_contract(cx, inspection, &contract));
    TRY(demand_disinterested(cx, contract.provider_id));
    if (inspection->task_id)
        TRY(take_task(cx, inspection, &comes));
    else if (!inspection->level)
        inspection->level = level_of_actor(cx->actor);
    TRY(rejected(cx));
    if (!inspection->level || (!cx->actor->is_system &&
                               !(cx->actor->roles.bits << 1 & LEVEL_RULES[inspection->level].may)))
        return fail(cx, FORBIDDEN, "inspection.level");
    TRY(take_standard(cx, &contract, comes, inspection));
    begin_now(cx, &contract, inspection);
    TRY(record_add(cx, &INSPECTIONS, inspection));
    return record_get(cx, &INSPECTIONS, inspection->id, inspection);
}

/* ---- the provider's signature ---- */

static enum result tell_project(struct ctx *cx, const struct inspection *inspection,
                                const char *kind, const char *detail)
{
    const struct news news = {.kind = kind,
                              .subject = &INSPECTIONS,
                              .subject_id = inspection->id,
                              .title = inspection->area_name,
                              .detail = detail};
    TRY(notice_person(cx, inspection->inspector_id, &news));
    return notice_roles(cx, inspection->client_id, inspection->unit_id, R(PM), &news);
}

enum result inspection_countersign(struct ctx *cx, const struct inspection *inspection,
                                   const char *sha256_seen, const char *objection)
{
    struct inspection after = *inspection;
    if (cx->actor->organisation_id != inspection->provider_id)
        return fail(cx, FORBIDDEN, "inspection.provider_signs", inspection->provider_name);
    if (inspection->state != INSPECTION_FINISHED)
        return wrong_state(cx, inspection);
    if (strcmp(sha256_seen, inspection->sha256) != 0)
        return fail(cx, CONFLICT, "inspection.changed");
    if (utf8_count(objection) > REASON_MOST)
        reject(cx, "objection", "too_long", "1000");
    TRY(rejected(cx));
    TRY(signature_put(cx, &INSPECTIONS, inspection->id, "companion", sha256_seen));
    after.objection = objection;
    after.companion_id = cx->actor->person_id;
    after.countersigned_at = cx->now;
    after.state = INSPECTION_COUNTERSIGNED;
    TRY(record_change(cx, &INSPECTIONS, *objection ? "sign_objecting" : "sign", inspection,
                      &after));
    return *objection ? tell_project(cx, inspection, "inspection.objected", objection) : OK;
}

enum result judge_countersigning(struct ctx *cx, const void *record, struct duty *duty,
                                 enum owing *out)
{
    static const enum owing OWES[] = {[INSPECTION_OPEN] = OWING_NOTHING,
                                      [INSPECTION_FINISHED] = OWING_DUTY,
                                      [INSPECTION_COUNTERSIGNED] = OWING_MET,
                                      [INSPECTION_VOID] = OWING_NOTHING};
    const struct inspection *inspection = record;
    *out = OWES[inspection->state];
    duty->contract_id = inspection->contract_id;
    duty->organisation_id = inspection->provider_id;
    duty->owner_side = SIDE_PROVIDER;
    duty->owner_role = ROLES[ROLE_PROVIDER - 1];
    duty->due_at = due_of(cx, &INSPECTION_DUTIES[DUTY_COUNTERSIGN], inspection->finished_at);
    return OK;
}

/* ---- taken back ---- */

enum result inspections_of_task(struct ctx *cx, const struct inspection *inspection,
                                struct inspection **out, size_t *out_count)
{
    struct list list = {.count = 0};
    if (inspection->task_id)
        TRY(record_select(cx, &INSPECTIONS, "same_task",
                          "t.task_id = $1 AND t.id <> $2 AND t.state IN ('finished', "
                          "'countersigned') ORDER BY t.finished_at, t.id LIMIT 20",
                          PARAMS(P(inspection->task_id), param_number(inspection->id)), &list));
    *out = list.rows;
    *out_count = list.count;
    return OK;
}

static enum result demand_voider(struct ctx *cx, const struct inspection *inspection)
{
    struct inspection *others;
    size_t count;
    const bool own = cx->actor->person_id == inspection->inspector_id;
    if (inspection->state != INSPECTION_OPEN && inspection->state != INSPECTION_FINISHED)
        return wrong_state(cx, inspection);
    if (inspection->state == INSPECTION_OPEN && own)
        return OK;
    TRY(demand_right(cx, "inspections.void"));
    TRY(inspections_of_task(cx, inspection, &others, &count));
    for (size_t i = 0; i < count; i++)
        if (others[i].inspector_id == cx->actor->person_id && !cx->actor->is_system)
            return fail(cx, FORBIDDEN, "inspection.own_task");
    return own && !cx->actor->is_system ? fail(cx, FORBIDDEN, "inspection.own_void") : OK;
}

bool inspection_is_voidable(struct ctx *cx, const struct inspection *inspection)
{
    struct fault kept = fault_take(cx);
    const bool may = demand_voider(cx, inspection) == OK;
    cx->fault = kept;
    return may;
}

/* What both of one task had found was the earlier one's, and cost the later one nothing: from now
 * on it is the one's that counts. What is signed stays as it was signed. */
static enum result hand_over(struct ctx *cx, const struct inspection *voided,
                             const struct inspection *counts, const char *reason)
{
    struct inspection after = *counts;
    struct inspection_item *items;
    size_t count;
    const struct places upheld = places_read(counts->upheld);
    TRY(inspection_items(cx, counts, &items, &count));
    TRY(rectifications_hand_over(cx, voided->id, counts->id, items, count));
    TRY(marks_settle(cx, voided->id, counts->id, reason));
    if (counts->state != INSPECTION_FINISHED)
        return OK;
    const struct inspection_score score = inspection_score(items, count, &upheld);
    after.items = json_rows_text(cx->mem, INSPECTION_ITEM_FIELDS, items, count, sizeof *items);
    after.score = score.score;
    after.deducted = score.deducted;
    after.fatal = score.fatal;
    return record_change(cx, &INSPECTIONS, "hand_over", counts, &after);
}

enum result inspection_void(struct ctx *cx, const struct inspection *inspection, const char *reason)
{
    struct inspection after = *inspection, *others;
    size_t count;
    TRY(demand_voider(cx, inspection));
    check_reason(cx, reason);
    TRY(rejected(cx));
    after.void_reason = reason;
    after.state = INSPECTION_VOID;
    TRY(record_change(cx, &INSPECTIONS, "void", inspection, &after));
    TRY(inspections_of_task(cx, inspection, &others, &count));
    if (count)
        TRY(hand_over(cx, inspection, &others[0], reason));
    TRY(rectifications_withdraw(cx, inspection->id, 0));
    if (inspection->task_id && inspection->state == INSPECTION_FINISHED)
        TRY(task_undone(cx, inspection->task_id, inspection->id, count ? others[0].id : 0,
                        count ? others[0].finished_at : (struct instant){0}));
    return cx->actor->person_id == inspection->inspector_id
               ? OK
               : tell_project(cx, inspection, "inspection.void", reason);
}

enum result inspection_uphold(struct ctx *cx, int64_t id, int32_t place)
{
    struct inspection before, after;
    struct inspection_item *items;
    size_t count;
    TRY(record_get(cx, &INSPECTIONS, id, &before));
    TRY(inspection_items(cx, &before, &items, &count));
    after = before;
    struct places upheld = places_read(before.upheld);
    places_add(&upheld, place);
    const struct inspection_score score = inspection_score(items, count, &upheld);
    after.upheld = places_text(cx->mem, &upheld);
    after.score = score.score;
    after.deducted = score.deducted;
    after.passed = score.passed;
    after.failed = score.failed;
    after.fatal = score.fatal;
    return record_change(cx, &INSPECTIONS, "take_back", &before, &after);
}
