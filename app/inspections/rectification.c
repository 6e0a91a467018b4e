/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/inspections/rectification.h"

#include "app/inspections/inspections.sql.h"

#include <string.h>

static const char *const STATES[] = {"issued", "answered", "closed", "failed", "withdrawn", NULL};
#define ANSWER_MOST 2000
#define TIMES_COSTLIER 2 /* each further round */

static const struct field RECTIFICATION_FIELDS[] = {
    RECORD_FIELDS(rectification),
    FIELD(rectification, due_at, .use = LISTED | SORTED | FILTERED),
    FIELD(rectification, item_text, .use = LISTED | FILTERED | NO_DIFF),
    FIELD_REF(rectification, area_id, "areas", .use = FILTERED | NO_DIFF),
    FIELD(rectification, area_name, .column = "a.name", .use = LISTED),
    FIELD_REF(rectification, contract_id, "contracts", .use = FILTERED | NO_DIFF),
    FIELD(rectification, contract_name, .column = "c.name", .use = LISTED),
    FIELD(rectification, provider_name, .column = "o.name"),
    FIELD(rectification, term, .use = NO_DIFF),
    FIELD(rectification, found, .use = NO_DIFF),
    FIELD(rectification, points, .use = LISTED | NO_DIFF, .clause = "X1"),
    FIELD(rectification, round, .use = LISTED | FILTERED | NO_DIFF),
    FIELD_REF(rectification, former_id, "rectifications", .use = NO_DIFF),
    FIELD(rectification, seen, .use = NO_DIFF),
    FIELD(rectification, photo, .use = NO_DIFF),
    FIELD_REF(rectification, inspection_id, "inspections", .use = FILTERED),
    FIELD(rectification, place, .use = NO_DIFF),
    FIELD(rectification, item_id, .use = NO_DIFF),
    FIELD_REF(rectification, inspector_id, "people", .use = NO_DIFF),
    FIELD(rectification, inspector_name, .column = "p.name"),
    FIELD(rectification, issued_at, .use = NO_DIFF),
    FIELD(rectification, appeal_by, .use = NO_DIFF, .clause = "X4"),
    FIELD(rectification, cause),
    FIELD(rectification, answer),
    FIELD(rectification, answered_at),
    FIELD_REF(rectification, answered_by_id, "people"),
    FIELD(rectification, answered_by, .column = "b.name"),
    FIELD(rectification, late, .use = LISTED | FILTERED),
    FIELD(rectification, judged_at),
    FIELD_REF(rectification, judge_id, "people"),
    FIELD(rectification, judge_name, .column = "j.name"),
    FIELD(rectification, reason),
    FIELD(rectification, month, .use = FILTERED | NO_DIFF),
    FIELD_REF(rectification, provider_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(rectification, client_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(rectification, unit_id, "units", .use = FILTERED | NO_DIFF),
    FIELD(rectification, unit_name, .column = "u.name"),
    FIELD_ENUM(rectification, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

const struct field RECTIFICATION_ANSWER[] = {
    FIELD(rectification, cause, .in = MAY, .max = 500, .use = LONG_TEXT),
    FIELD(rectification, answer, .in = MUST, .max = ANSWER_MOST, .use = LONG_TEXT),
    FIELDS_END,
};

/* Photos are added with the answer, and until it is judged; both sides may. */
static enum result rectification_attach(struct ctx *cx, int64_t id)
{
    struct rectification notice;
    TRY(record_get(cx, &RECTIFICATIONS, id, &notice));
    return notice.state == RECTIFICATION_ISSUED || notice.state == RECTIFICATION_ANSWERED
               ? OK
               : fail(cx, CONFLICT, "rectification.wrong_state", notice.item_text);
}

const struct resource RECTIFICATIONS = {
    .name = "rectifications",
    .clause = "X1",
    .fields = RECTIFICATION_FIELDS,
    .size = sizeof(struct rectification),
    .joins = "JOIN contracts c ON c.id = t.contract_id "
             "JOIN organisations o ON o.id = t.provider_id JOIN units u ON u.id = t.unit_id "
             "JOIN areas a ON a.id = t.area_id JOIN people p ON p.id = t.inspector_id "
             "LEFT JOIN people b ON b.id = t.answered_by_id "
             "LEFT JOIN people j ON j.id = t.judge_id",
    .title = "item_text",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@client_id = :org", [SIDE_PROVIDER] = "@provider_id = :org"},
    .unit = "unit_id",
    .attach = rectification_attach,
};

static enum result wrong_state(struct ctx *cx, const struct rectification *notice)
{
    return fail(cx, CONFLICT, "rectification.wrong_state", notice->item_text);
}

static struct news news_of(const struct rectification *notice, const char *kind, const char *detail)
{
    return (struct news){.kind = kind,
                         .subject = &RECTIFICATIONS,
                         .subject_id = notice->id,
                         .title = notice->item_text,
                         .detail = detail};
}

/* ---- issuing ---- */

static enum result tell_issued(struct ctx *cx, const struct rectification *notice)
{
    char due[DATE_MAX_TEXT] = "";
    date_format(instant_date(notice->due_at, SHANGHAI_OFFSET_MIN), due);
    const struct news news =
        news_of(notice, notice->round > 1 ? "rectification.again" : "rectification.issued",
                arena_dup(cx->mem, due));
    TRY(notice_roles(cx, notice->provider_id, 0, R(PROVIDER), &news));
    return notice->round > 1
               ? notice_roles(cx, notice->client_id, notice->unit_id, R(DIVISION), &news)
               : OK;
}

/* The open notice of this problem; NOT_FOUND without a fault when there is none. */
static enum result open_notice(struct ctx *cx, int64_t area_id, const char *item_text,
                               struct rectification *out)
{
    struct list list;
    TRY(record_select(cx, &RECTIFICATIONS, "open",
                      "t.area_id = $1 AND t.item_text = $2 AND t.state IN ('issued', 'answered') "
                      "LIMIT 1",
                      PARAMS(P(area_id), P(item_text)), &list));
    if (!list.count)
        return NOT_FOUND;
    *out = *(struct rectification *)list.rows;
    return OK;
}

static enum result issue(struct ctx *cx, const struct inspection *inspection,
                         const struct inspection_item *item, int32_t place, struct date due,
                         int64_t *out_id)
{
    struct rectification notice = {
        .inspection_id = inspection->id,
        .place = place,
        .item_id = item->item_id,
        .item_text = item->text,
        .term = item->term,
        .contract_id = inspection->contract_id,
        .provider_id = inspection->provider_id,
        .client_id = inspection->client_id,
        .unit_id = inspection->unit_id,
        .area_id = inspection->area_id,
        .inspector_id = inspection->inspector_id,
        .found = item->note,
        .photo = item->photo,
        .points = item->deducted,
        .round = 1,
        .issued_at = cx->now,
        .appeal_by = appeal_end(cx),
        .due_at = due.days ? day_end(due) : due_of(cx, &INSPECTION_DUTIES[DUTY_RECTIFY], cx->now),
        .cause = "",
        .answer = "",
        .reason = "",
        .month = month_of(instant_date(cx->now, SHANGHAI_OFFSET_MIN)),
        .state = RECTIFICATION_ISSUED,
    };
    TRY(record_add(cx, &RECTIFICATIONS, &notice));
    *out_id = notice.id;
    return tell_issued(cx, &notice);
}

enum result rectifications_issue(struct ctx *cx, const struct inspection *inspection,
                                 struct inspection_item *items, const struct date *due,
                                 size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct rectification open;
        if (items[i].result != RESULT_FAIL)
            continue;
        enum result found = open_notice(cx, inspection->area_id, items[i].text, &open);
        if (found == OK) {
            items[i].linked = true;
            items[i].deducted = (struct points){0};
            items[i].rectification_id = open.id;
            TRY(db_change_one(cx, &q_rectification_seen, PARAMS(P(open.id))));
        } else if (found == NOT_FOUND) {
            TRY(issue(cx, inspection, &items[i], (int32_t)i + 1, due[i],
                      &items[i].rectification_id));
        } else {
            return found;
        }
    }
    return OK;
}

/* The notices of one finding, or of a whole inspection (place 0), round by round. */
static enum result notices_of(struct ctx *cx, int64_t inspection_id, int32_t place,
                              struct list *out)
{
    return record_select(cx, &RECTIFICATIONS, "of_finding",
                         "t.inspection_id = $1 AND ($2 = 0 OR t.place = $2) AND "
                         "t.state <> 'withdrawn' ORDER BY t.id",
                         PARAMS(P(inspection_id), P(place)), out);
}

static enum result hand_over(struct ctx *cx, const struct rectification *linked, int64_t to_id,
                             int32_t place)
{
    struct list list;
    TRY(notices_of(cx, linked->inspection_id, linked->place, &list));
    const struct rectification *notices = list.rows;
    for (size_t i = 0; i < list.count; i++) {
        struct rectification after = notices[i];
        after.inspection_id = to_id;
        after.place = place;
        TRY(record_change(cx, &RECTIFICATIONS, "hand_over", &notices[i], &after));
    }
    return OK;
}

enum result rectifications_hand_over(struct ctx *cx, int64_t from_id, int64_t to_id,
                                     struct inspection_item *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct rectification linked;
        if (!items[i].linked || !items[i].rectification_id)
            continue;
        TRY(record_get(cx, &RECTIFICATIONS, items[i].rectification_id, &linked));
        if (linked.inspection_id != from_id || linked.state == RECTIFICATION_WITHDRAWN)
            continue;
        TRY(hand_over(cx, &linked, to_id, (int32_t)i + 1));
        items[i].linked = false;
        items[i].deducted = linked.points;
    }
    return OK;
}

static enum result withdraw(struct ctx *cx, const struct rectification *notice)
{
    struct rectification after = *notice;
    after.state = RECTIFICATION_WITHDRAWN;
    return record_change(cx, &RECTIFICATIONS, "withdraw", notice, &after);
}

enum result rectifications_withdraw(struct ctx *cx, int64_t inspection_id, int32_t place)
{
    struct list list;
    TRY(notices_of(cx, inspection_id, place, &list));
    const struct rectification *notices = list.rows;
    for (size_t i = 0; i < list.count; i++)
        TRY(withdraw(cx, &notices[i]));
    return OK;
}

enum result rectification_uphold(struct ctx *cx, int64_t id, const char *reason)
{
    struct rectification notice, before, after;
    struct list list;
    TRY(record_get(cx, &RECTIFICATIONS, id, &notice));
    TRY(record_get(cx, &RECTIFICATIONS, notice.former_id, &before));
    TRY(notices_of(cx, notice.inspection_id, notice.place, &list));
    const struct rectification *notices = list.rows;
    for (size_t i = 0; i < list.count; i++)
        if (notices[i].round >= notice.round)
            TRY(withdraw(cx, &notices[i]));
    after = before;
    after.reason = reason;
    after.judge_id = cx->actor->person_id;
    after.judged_at = cx->now;
    after.state = RECTIFICATION_CLOSED;
    return record_change(cx, &RECTIFICATIONS, "close", &before, &after);
}

bool rectification_is_appealable(const struct ctx *cx, const struct rectification *notice)
{
    return notice->round > 1 && notice->state != RECTIFICATION_WITHDRAWN &&
           cx->actor->organisation_id == notice->provider_id && cx->now.ms <= notice->appeal_by.ms;
}

/* ---- answering ---- */

bool rectification_is_answerable(const struct ctx *cx, const struct rectification *notice)
{
    return notice->state == RECTIFICATION_ISSUED && cx->actor->side == SIDE_PROVIDER;
}

enum result rectification_answer(struct ctx *cx, const struct rectification *notice,
                                 const struct rectification *answer, size_t photos)
{
    struct rectification after = *notice;
    int64_t kept;
    if (cx->actor->organisation_id != notice->provider_id)
        return fail(cx, FORBIDDEN, "rectification.provider_answers", notice->provider_name);
    if (notice->state != RECTIFICATION_ISSUED)
        return wrong_state(cx, notice);
    TRY(db_int(cx, &q_photos_of_answer, PARAMS(P(notice->id)), &kept));
    if (notice->photo && !photos && !kept)
        reject_clause(cx, "X1", "photos", "photo_wanted");
    check_words(cx, "answer", answer->answer, ANSWER_MOST);
    TRY(rejected(cx));
    after.cause = answer->cause;
    after.answer = answer->answer;
    after.answered_at = cx->now;
    after.answered_by_id = cx->actor->person_id;
    after.late = cx->now.ms > notice->due_at.ms;
    after.state = RECTIFICATION_ANSWERED;
    TRY(record_change(cx, &RECTIFICATIONS, "answer", notice, &after));
    const struct news news = news_of(notice, "rectification.answered", notice->area_name);
    TRY(notice_person(cx, notice->inspector_id, &news));
    return notice_roles(cx, notice->client_id, notice->unit_id, R(PM), &news);
}

/* ---- looking again ---- */

bool rectification_is_judgeable(const struct ctx *cx, const struct rectification *notice)
{
    const bool over = notice->state == RECTIFICATION_ISSUED && cx->now.ms > notice->due_at.ms;
    return cx->actor->side == SIDE_CLIENT && (notice->state == RECTIFICATION_ANSWERED || over);
}

/* The next round of what was not rectified: as long as the first one was given, and twice as dear.
 */
static enum result issue_again(struct ctx *cx, const struct rectification *failed,
                               const char *reason, int64_t *out_id)
{
    struct rectification next = *failed;
    next.id = next.version = 0;
    next.former_id = failed->id;
    next.round = failed->round + 1;
    next.points.hundredths = failed->points.hundredths * TIMES_COSTLIER;
    next.found = reason;
    next.seen = 0;
    next.issued_at = cx->now;
    next.appeal_by = appeal_end(cx);
    next.due_at = due_of(cx, &INSPECTION_DUTIES[DUTY_RECTIFY], cx->now);
    next.cause = next.answer = next.reason = "";
    next.answered_at = next.judged_at = (struct instant){0};
    next.answered_by_id = next.judge_id = 0;
    next.late = false;
    next.month = month_of(instant_date(cx->now, SHANGHAI_OFFSET_MIN));
    next.state = RECTIFICATION_ISSUED;
    TRY(record_add(cx, &RECTIFICATIONS, &next));
    *out_id = next.id;
    return tell_issued(cx, &next);
}

enum result rectification_judge(struct ctx *cx, const struct rectification *notice, bool passed,
                                const char *reason, int64_t *out_next)
{
    struct rectification after = *notice;
    *out_next = 0;
    if (cx->actor->organisation_id != notice->client_id)
        return fail(cx, FORBIDDEN, "rectification.client_judges");
    if (!rectification_is_judgeable(cx, notice))
        return wrong_state(cx, notice);
    if (passed && notice->state != RECTIFICATION_ANSWERED)
        reject_clause(cx, "X1", "passed", "not_answered");
    check_reason(cx, reason);
    TRY(rejected(cx));
    after.reason = reason;
    after.judged_at = cx->now;
    after.judge_id = cx->actor->person_id;
    after.late = after.late || notice->state == RECTIFICATION_ISSUED;
    after.state = passed ? RECTIFICATION_CLOSED : RECTIFICATION_FAILED;
    TRY(record_change(cx, &RECTIFICATIONS, passed ? "close" : "fail", notice, &after));
    if (!passed)
        return issue_again(cx, notice, reason, out_next);
    const struct news news = news_of(notice, "rectification.closed", notice->area_name);
    return notice_roles(cx, notice->provider_id, 0, R(PROVIDER), &news);
}

/* ---- what is owed ---- */

static void owed(const struct rectification *notice, struct duty *duty)
{
    duty->title = notice->item_text;
    duty->contract_id = notice->contract_id;
}

enum result judge_rectifying(struct ctx *cx, const void *record, struct duty *duty, enum owing *out)
{
    static const enum owing OWES[] = {[RECTIFICATION_ISSUED] = OWING_DUTY,
                                      [RECTIFICATION_ANSWERED] = OWING_MET,
                                      [RECTIFICATION_CLOSED] = OWING_MET,
                                      [RECTIFICATION_FAILED] = OWING_NOTHING,
                                      [RECTIFICATION_WITHDRAWN] = OWING_NOTHING};
    const struct rectification *notice = record;
    (void)cx;
    *out = OWES[notice->state];
    owed(notice, duty);
    duty->organisation_id = notice->provider_id;
    duty->owner_side = SIDE_PROVIDER;
    duty->owner_role = ROLES[ROLE_PROVIDER - 1];
    duty->due_at = notice->due_at;
    return OK;
}

/* By whoever found it; a later round by the division, to which it went up. */
enum result judge_reinspecting(struct ctx *cx, const void *record, struct duty *duty,
                               enum owing *out)
{
    static const enum owing OWES[] = {[RECTIFICATION_ISSUED] = OWING_NOTHING,
                                      [RECTIFICATION_ANSWERED] = OWING_DUTY,
                                      [RECTIFICATION_CLOSED] = OWING_MET,
                                      [RECTIFICATION_FAILED] = OWING_MET,
                                      [RECTIFICATION_WITHDRAWN] = OWING_NOTHING};
    const struct rectification *notice = record;
    const bool first = notice->round == 1;
    *out = OWES[notice->state];
    owed(notice, duty);
    duty->organisation_id = notice->client_id;
    duty->unit_id = notice->unit_id;
    duty->owner_side = SIDE_CLIENT;
    duty->owner_role = ROLES[(first ? ROLE_PM : ROLE_DIVISION) - 1];
    duty->owner_id = first ? notice->inspector_id : 0;
    duty->due_at = due_of(cx, &INSPECTION_DUTIES[DUTY_REINSPECT], notice->answered_at);
    return OK;
}
