/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The provider's appeal against a finding, and who decides it (X4). */
#include "app/inspections/rectification.h"

static const char *const STATES[] = {"open", "upheld", "rejected", NULL};

static const struct field APPEAL_FIELDS[] = {
    RECORD_FIELDS(inspection_appeal),
    FIELD_REF(inspection_appeal, inspection_id, "inspections", .in = MUST, .use = FILTERED | FIXED),
    FIELD(inspection_appeal, place, .in = MUST, .min = 1, .max = INSPECTION_ITEMS_MOST,
          .use = FIXED),
    FIELD_REF(inspection_appeal, rectification_id, "rectifications", .in = MAY,
              .use = FILTERED | FIXED, .clause = "X4"),
    FIELD(inspection_appeal, item_text, .use = LISTED | NO_DIFF),
    FIELD(inspection_appeal, area_name, .column = "a.name", .use = LISTED),
    FIELD(inspection_appeal, points, .use = LISTED | NO_DIFF),
    FIELD(inspection_appeal, words, .in = MUST, .max = 2000, .use = LONG_TEXT | FIXED,
          .clause = "X4"),
    FIELD_REF(inspection_appeal, contract_id, "contracts", .use = FILTERED | NO_DIFF),
    FIELD(inspection_appeal, contract_name, .column = "c.name", .use = LISTED),
    FIELD(inspection_appeal, provider_name, .column = "o.name", .use = LISTED),
    FIELD_REF(inspection_appeal, inspector_id, "people", .use = NO_DIFF),
    FIELD(inspection_appeal, inspector_name, .column = "p.name"),
    FIELD_REF(inspection_appeal, judge_id, "people", .column = "COALESCE(f.judge_id, 0)",
              .use = HIDDEN | NO_DIFF),
    FIELD(inspection_appeal, judge_name, .column = "COALESCE(j.name, '')"),
    FIELD_REF(inspection_appeal, appellant_id, "people", .use = NO_DIFF),
    FIELD(inspection_appeal, appellant_name, .column = "q.name"),
    FIELD_REF(inspection_appeal, decider_id, "people"),
    FIELD(inspection_appeal, decider_name, .column = "d.name"),
    FIELD(inspection_appeal, decided_at),
    FIELD(inspection_appeal, reason),
    FIELD_REF(inspection_appeal, provider_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(inspection_appeal, client_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(inspection_appeal, unit_id, "units", .use = HIDDEN | NO_DIFF),
    FIELD(inspection_appeal, unit_name, .column = "u.name"),
    FIELD_ENUM(inspection_appeal, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

static void appeal_of(const struct inspection *inspection, struct inspection_appeal *appeal)
{
    appeal->contract_id = inspection->contract_id;
    appeal->provider_id = inspection->provider_id;
    appeal->client_id = inspection->client_id;
    appeal->unit_id = inspection->unit_id;
    appeal->inspector_id = inspection->inspector_id;
    appeal->area_name = inspection->area_name;
}

/* Against a later round, which a re-inspection issued. */
static enum result check_round(struct ctx *cx, struct inspection_appeal *appeal)
{
    struct rectification notice;
    TRY(record_get(cx, &RECTIFICATIONS, appeal->rectification_id, &notice));
    if (notice.inspection_id != appeal->inspection_id || notice.place != appeal->place ||
        notice.round == 1) {
        reject_clause(cx, "X4", "rectification_id", "no_later_round");
        return OK;
    }
    if (notice.state == RECTIFICATION_WITHDRAWN)
        return fail(cx, CONFLICT, "rectification.wrong_state", notice.item_text);
    if (cx->now.ms > notice.appeal_by.ms)
        return fail(cx, CONFLICT, "inspection_appeal.too_late", notice.area_name);
    appeal->points = notice.points;
    return OK;
}

/* By the provider, against an item that failed, in time. */
static enum result appeal_check(struct ctx *cx, void *record, const void *before)
{
    struct inspection_appeal *appeal = record;
    struct inspection inspection;
    struct inspection_item *items;
    size_t count;
    if (before || !appeal->inspection_id || !appeal->place)
        return OK;
    TRY(record_get(cx, &INSPECTIONS, appeal->inspection_id, &inspection));
    if (!cx->actor->is_system && cx->actor->organisation_id != inspection.provider_id)
        return fail(cx, FORBIDDEN, "inspection_appeal.provider_only", inspection.provider_name);
    if (inspection.state != INSPECTION_FINISHED && inspection.state != INSPECTION_COUNTERSIGNED)
        return fail(cx, CONFLICT, "inspection.wrong_state", inspection.area_name);
    if (!appeal->rectification_id && cx->now.ms > inspection.appeal_by.ms)
        return fail(cx, CONFLICT, "inspection_appeal.too_late", inspection.area_name);
    TRY(inspection_items(cx, &inspection, &items, &count));
    if ((size_t)appeal->place > count || items[appeal->place - 1].result != RESULT_FAIL) {
        reject_clause(cx, "X4", "place", "did_not_fail");
        return OK;
    }
    appeal_of(&inspection, appeal);
    appeal->item_text = items[appeal->place - 1].text;
    appeal->points = items[appeal->place - 1].deducted;
    appeal->appellant_id = cx->actor->person_id;
    appeal->state = FINDING_APPEAL_OPEN;
    return appeal->rectification_id ? check_round(cx, appeal) : OK;
}

static struct news news_of(const struct inspection_appeal *appeal, const char *kind,
                           const char *detail)
{
    return (struct news){.kind = kind,
                         .subject = &INSPECTION_APPEALS,
                         .subject_id = appeal->id,
                         .title = appeal->item_text,
                         .detail = detail};
}

static enum result appeal_saved(struct ctx *cx, const void *record, const void *before)
{
    const struct inspection_appeal *appeal = record;
    const struct news news = news_of(appeal, "inspection_appeal.made", appeal->area_name);
    return before
               ? OK
               : notice_roles(cx, appeal->client_id, appeal->unit_id, R(PM) | R(DIVISION), &news);
}

const struct resource INSPECTION_APPEALS = {
    .name = "inspection_appeals",
    .clause = "X4",
    .fields = APPEAL_FIELDS,
    .size = sizeof(struct inspection_appeal),
    .joins = "JOIN inspections i ON i.id = t.inspection_id JOIN areas a ON a.id = i.area_id "
             "JOIN contracts c ON c.id = t.contract_id "
             "JOIN organisations o ON o.id = t.provider_id JOIN units u ON u.id = t.unit_id "
             "JOIN people p ON p.id = t.inspector_id JOIN people q ON q.id = t.appellant_id "
             "LEFT JOIN people d ON d.id = t.decider_id "
             "LEFT JOIN rectifications r ON r.id = t.rectification_id "
             "LEFT JOIN rectifications f ON f.id = r.former_id "
             "LEFT JOIN people j ON j.id = f.judge_id",
    .title = "item_text",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@client_id = :org", [SIDE_PROVIDER] = "@provider_id = :org"},
    .unit = "unit_id",
    .check = appeal_check,
    .saved = appeal_saved,
};

bool finding_appeal_is_decidable(const struct ctx *cx, const struct inspection_appeal *appeal)
{
    return appeal->state == FINDING_APPEAL_OPEN && cx->actor->side == SIDE_CLIENT &&
           cx->actor->person_id != appeal->inspector_id && cx->actor->person_id != appeal->judge_id;
}

enum result finding_appeal_decide(struct ctx *cx, const struct inspection_appeal *appeal,
                                  bool upheld, const char *reason)
{
    struct inspection_appeal after = *appeal;
    if (appeal->state != FINDING_APPEAL_OPEN)
        return fail(cx, CONFLICT, "inspection_appeal.wrong_state", appeal->item_text);
    if (!finding_appeal_is_decidable(cx, appeal))
        return fail(cx, FORBIDDEN, "inspection_appeal.own_finding");
    check_reason(cx, reason);
    TRY(rejected(cx));
    after.reason = reason;
    after.decider_id = cx->actor->person_id;
    after.decided_at = cx->now;
    after.state = upheld ? FINDING_APPEAL_UPHELD : FINDING_APPEAL_REJECTED;
    TRY(record_change(cx, &INSPECTION_APPEALS, upheld ? "uphold_appeal" : "reject_appeal", appeal,
                      &after));
    if (upheld && appeal->rectification_id) {
        TRY(rectification_uphold(cx, appeal->rectification_id, reason));
    } else if (upheld) {
        TRY(inspection_uphold(cx, appeal->inspection_id, appeal->place));
        TRY(rectifications_withdraw(cx, appeal->inspection_id, appeal->place));
    }
    const struct news news =
        news_of(appeal, upheld ? "inspection_appeal.upheld" : "inspection_appeal.rejected", reason);
    TRY(notice_person(cx, appeal->inspector_id, &news));
    return notice_roles(cx, appeal->provider_id, 0, R(PROVIDER), &news);
}

enum result judge_finding_appeal(struct ctx *cx, const void *record, struct duty *duty,
                                 enum owing *out)
{
    const struct inspection_appeal *appeal = record;
    *out = appeal->state == FINDING_APPEAL_OPEN ? OWING_DUTY : OWING_MET;
    duty->title = appeal->item_text;
    duty->contract_id = appeal->contract_id;
    duty->organisation_id = appeal->client_id;
    duty->unit_id = appeal->unit_id;
    duty->owner_side = SIDE_CLIENT;
    duty->owner_role = ROLES[ROLE_DIVISION - 1];
    duty->due_at = due_of(cx, &INSPECTION_DUTIES[DUTY_DECIDE_FINDING], appeal->created_at);
    return OK;
}
