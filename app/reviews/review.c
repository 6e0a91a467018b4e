/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A review: what is marked, what comes of it, who may do what, and what is owed. */
#include "app/reviews/review.h"
#include "app/reviews/review.sql.h"
#include "app/scores/published.h"
#include "base/doc.h"

#include <string.h>

static const char *const STATES[] = {"draft", "published", "appealed", "final", "skipped", NULL};
static const char *const KINDS[] = {"score", "fatal", NULL};
const char *const ITEM_MARKS[] = {"points", "na", "clear", "hit", NULL};

const struct field REVIEW_ITEM_FIELDS[] = {
    FIELD(review_item, name),
    FIELD(review_item, text),
    FIELD_ENUM(review_item, kind, KINDS),
    FIELD(review_item, weight),
    FIELD_ENUM(review_item, mark, ITEM_MARKS),
    FIELD(review_item, points),
    FIELD(review_item, comment),
    FIELD(review_item, at_ms),
    FIELDS_END,
};

#define COMMENT_MOST 400
#define HOUR_MS 3600000
const struct field REVIEW_MARK_FIELDS[] = {
    FIELD(review_mark, place, .in = MUST, .min = 1, .max = FORM_ITEMS_MOST),
    FIELD_ENUM(review_mark, mark, ITEM_MARKS, .in = MAY),
    FIELD(review_mark, points, .in = MAY, .max = 100 * FORM_TOTAL),
    FIELD(review_mark, comment, .in = MAY, .max = COMMENT_MOST),
    FIELD(review_mark, at_ms, .in = MAY, .max = 24 * HOUR_MS),
    FIELDS_END,
};

static const struct field REVIEW_FIELDS[] = {
    RECORD_FIELDS(review),
    FIELD(review, started_at, .use = LISTED | FILTERED | NO_DIFF),
    FIELD(review, call_id, .use = FILTERED | NO_DIFF),
    FIELD_ENUM(review, call_result, CALL_RESULTS, .use = NO_DIFF),
    FIELD_REF(review, contract_id, "contracts", .use = FILTERED | CHOSEN | NO_DIFF,
              .among = "service=outbound_call"),
    FIELD(review, contract_number, .column = "c.number"),
    FIELD(review, contract_name, .column = "c.name", .use = LISTED),
    FIELD_REF(review, unit_id, "units", .use = NO_DIFF | HIDDEN),
    FIELD_REF(review, provider_id, "organisations", .use = NO_DIFF),
    FIELD_REF(review, client_id, "organisations", .use = NO_DIFF | HIDDEN),
    FIELD_REF(review, agent_id, "agents", .use = FILTERED | CHOSEN | NO_DIFF),
    FIELD(review, agent_code, .column = "a.code", .use = LISTED),
    FIELD_REF(review, person_id, "people", .use = FILTERED | NO_DIFF),
    FIELD(review, agent_name, .column = "p.name", .use = LISTED),
    FIELD_REF(review, sample_id, "review_samples", .use = FILTERED | NO_DIFF),
    FIELD_REF(review, form_id, "review_forms", .use = NO_DIFF),
    FIELD(review, form_name, .column = "f.name"),
    FIELD_REF(review, reviewer_id, "people", .use = FILTERED | CHOSEN | NO_DIFF, .among = "job=qa"),
    FIELD(review, reviewer_name, .column = "r.name", .use = LISTED),
    FIELD(review, items, .use = HIDDEN | TRAILED),
    FIELD(review, remark),
    FIELD(review, fatal, .use = LISTED | FILTERED),
    FIELD(review, score, .use = LISTED),
    FIELD(review, first_items, .use = HIDDEN),
    FIELD(review, first_score, .use = DERIVED),
    FIELD_REF(review, replaces_id, "reviews", .use = NO_DIFF),
    FIELD(review, published_at),
    FIELD(review, appeal_by),
    FIELD(review, appealed_at),
    FIELD(review, appeal),
    FIELD_REF(review, decider_id, "people"),
    FIELD(review, decided_by, .column = "d.name"),
    FIELD(review, reason),
    FIELD(review, final_at),
    FIELD(review, carried, .use = HIDDEN | TRAILED),
    FIELD_ENUM(review, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

static void review_derive(struct ctx *cx, void *record)
{
    struct review *review = record;
    struct review_item *items;
    size_t count;
    bool fatal;
    review->first_score = review->score;
    if (*review->first_items && json_rows_read(cx->mem, review->first_items, REVIEW_ITEM_FIELDS,
                                               sizeof *items, FORM_ITEMS_MOST, &items, &count))
        review->first_score = review_score(items, count, &fatal);
}

/* An agent sees the own ones, once they are published; who runs the call centre sees all. */
const struct resource REVIEWS = {
    .name = "reviews",
    .clause = "C2.4",
    .fields = REVIEW_FIELDS,
    .size = sizeof(struct review),
    .joins = "JOIN contracts c ON c.id = t.contract_id JOIN review_forms f ON f.id = t.form_id "
             "JOIN people r ON r.id = t.reviewer_id LEFT JOIN agents a ON a.id = t.agent_id "
             "LEFT JOIN people p ON p.id = t.person_id LEFT JOIN people d ON d.id = t.decider_id",
    .title = "agent_code",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@client_id = :org AND @state <> 'draft'",
              [SIDE_PROVIDER] = "@provider_id = :org AND ((@person_id = :person AND @state NOT IN "
                                "('draft', 'skipped')) OR " BEYOND_AGENTS ")"},
    .unit = "unit_id",
    .derive = review_derive,
};

enum result items_read(struct ctx *cx, const char *text, struct review_item **out,
                       size_t *out_count)
{
    if (!json_rows_read(cx->mem, text, REVIEW_ITEM_FIELDS, sizeof **out, FORM_ITEMS_MOST, out,
                        out_count))
        return fail(cx, BROKEN, "review_form.broken", text);
    return OK;
}

/* ---- the score ---- */

struct points review_score(const struct review_item *items, size_t count, bool *out_fatal)
{
    int64_t given = 0, most = 0;
    *out_fatal = false;
    for (size_t i = 0; i < count; i++) {
        if (items[i].mark == MARK_HIT)
            *out_fatal = true;
        if (items[i].mark != MARK_POINTS)
            continue;
        given += items[i].points.hundredths;
        most += INT64_C(100) * items[i].weight;
    }
    if (*out_fatal || !most)
        return (struct points){0};
    return points_share((struct points){100 * FORM_TOTAL}, given, most);
}

/* ---- marking ---- */

static enum result wrong_state(struct ctx *cx, const struct review *review)
{
    return fail(cx, CONFLICT, "review.wrong_state", review->agent_code,
                state_name(cx, &REVIEWS, STATES, review->state));
}

static void mark_item(struct ctx *cx, const struct review_mark *mark, int32_t length_ms,
                      struct review_item *item)
{
    const char *place = arena_printf(cx->mem, "items.%d", mark->place - 1);
    const bool scored = mark->mark == MARK_POINTS || mark->mark == MARK_NA;
    if (mark->mark && scored != (item->kind == ITEM_SCORE))
        reject(cx, arena_printf(cx->mem, "%s.mark", place), "other_kind");
    if (mark->mark == MARK_POINTS &&
        (mark->points.hundredths < 0 || mark->points.hundredths > INT64_C(100) * item->weight))
        reject(cx, arena_printf(cx->mem, "%s.points", place), "too_large",
               arena_printf(cx->mem, "%d", item->weight));
    if (length_ms && mark->at_ms > length_ms)
        reject(cx, arena_printf(cx->mem, "%s.at_ms", place), "beyond_sound");
    item->mark = mark->mark;
    item->points = mark->mark == MARK_POINTS ? mark->points : (struct points){0};
    item->comment = mark->comment;
    item->at_ms = mark->at_ms;
}

enum result items_mark(struct ctx *cx, struct judgement *judgement, const struct review_mark *marks,
                       size_t count)
{
    struct review_item *items;
    size_t item_count;
    TRY(items_read(cx, judgement->items, &items, &item_count));
    for (size_t i = 0; i < count; i++) {
        if (marks[i].place < 1 || (size_t)marks[i].place > item_count)
            reject(cx, arena_printf(cx->mem, "items.%zu.place", i), "unknown");
        else
            mark_item(cx, &marks[i], judgement->length_ms, &items[marks[i].place - 1]);
    }
    TRY(rejected(cx));
    judgement->items =
        json_rows_text(cx->mem, REVIEW_ITEM_FIELDS, items, item_count, sizeof *items);
    judgement->score = review_score(items, item_count, &judgement->fatal);
    return OK;
}

enum result call_sound_ms(struct ctx *cx, int64_t call_id, int32_t *out)
{
    int64_t length;
    TRY(db_int(cx, &q_call_sound_ms, PARAMS(P(call_id)), &length));
    *out = (int32_t)length;
    return OK;
}

static enum result apply(struct ctx *cx, struct review *review, const struct review_mark *marks,
                         size_t count)
{
    struct judgement judgement = {.items = review->items};
    TRY(call_sound_ms(cx, review->call_id, &judgement.length_ms));
    TRY(items_mark(cx, &judgement, marks, count));
    review->items = judgement.items;
    review->score = judgement.score;
    review->fatal = judgement.fatal;
    return OK;
}

/* Of the call's day. */
static enum result demand_open_month(struct ctx *cx, const struct review *review)
{
    const struct date day = instant_date(review->started_at, SHANGHAI_OFFSET_MIN);
    return demand_unpublished(
        cx, &(struct dated_fact){.contract_id = review->contract_id, .from = day, .to = day});
}

/* The reviewer's oldest draft, but for those whose month was published meanwhile. 0: none is left.
 */
static enum result find_next(struct ctx *cx, int64_t reviewer_id, int64_t *out)
{
    struct list list;
    *out = 0;
    TRY(record_select(cx, &REVIEWS, "drafts",
                      "t.reviewer_id = $1 AND t.state = 'draft' "
                      "AND COALESCE(t.person_id, 0) <> $1 ORDER BY t.id",
                      PARAMS(P(reviewer_id)), &list));
    const struct review *drafts = list.rows;
    for (size_t i = 0; i < list.count && !*out; i++) {
        const struct date day = instant_date(drafts[i].started_at, SHANGHAI_OFFSET_MIN);
        const struct dated_fact fact = {
            .contract_id = drafts[i].contract_id, .from = day, .to = day};
        struct published_month published;
        TRY(fact_published(cx, &fact, &published));
        if (!published.month.months)
            *out = drafts[i].id;
    }
    return OK;
}

static enum result demand_next(struct ctx *cx, const struct review *review)
{
    int64_t next;
    if (review->state != REVIEW_DRAFT)
        return wrong_state(cx, review);
    if (review->reviewer_id != cx->actor->person_id)
        return fail(cx, FORBIDDEN, "review.other_reviewer", review->reviewer_name);
    if (review->person_id == cx->actor->person_id)
        return fail(cx, FORBIDDEN, "review.own_call");
    TRY(demand_open_month(cx, review));
    TRY(find_next(cx, review->reviewer_id, &next));
    return next == review->id ? OK : fail(cx, FORBIDDEN, "review.not_next");
}

enum result review_next(struct ctx *cx, struct review *out)
{
    int64_t next;
    TRY(find_next(cx, cx->actor->person_id, &next));
    return next ? record_get(cx, &REVIEWS, next, out) : fail(cx, NOT_FOUND, "review.none_left");
}

enum result review_mark(struct ctx *cx, const struct review *review,
                        const struct review_mark *marks, size_t count, const char *remark)
{
    struct review after = *review;
    TRY(demand_next(cx, review));
    after.remark = remark;
    TRY(apply(cx, &after, marks, count));
    return record_change(cx, &REVIEWS, "mark", review, &after);
}

enum result review_skip(struct ctx *cx, const struct review *review, const char *reason,
                        const struct call *next)
{
    struct review after = *review;
    struct review_sample sample;
    int64_t taken = 0;
    TRY(demand_next(cx, review));
    check_reason(cx, reason);
    TRY(rejected(cx));
    if (next)
        TRY(db_int(cx, &q_review_of_sample, PARAMS(P(review->sample_id), P(next->id)), &taken));
    if (taken)
        return fail(cx, CONFLICT, "record.stale");
    after.reason = reason;
    after.fatal = false;
    after.final_at = cx->now;
    after.state = REVIEW_SKIPPED;
    TRY(record_change(cx, &REVIEWS, "skip", review, &after));
    if (!next)
        return OK;
    TRY(record_get(cx, &REVIEW_SAMPLES, review->sample_id, &sample));
    return sample_assign(cx, &sample, next, review->reviewer_id, review->id);
}

enum result items_demand_whole(struct ctx *cx, const char *text)
{
    struct review_item *items;
    size_t count;
    bool scored = false;
    TRY(items_read(cx, text, &items, &count));
    for (size_t i = 0; i < count; i++) {
        if (!items[i].mark)
            reject_clause(cx, "C2.4", arena_printf(cx->mem, "items.%zu.mark", i), "required");
        scored = scored || items[i].mark == MARK_POINTS || items[i].mark == MARK_HIT;
    }
    if (!scored && !cx->fault.fields)
        reject_clause(cx, "C2.4", "items", "nothing_to_judge_by");
    return rejected(cx);
}

/* ---- its life ---- */

static enum result tell(struct ctx *cx, const struct review *review, const char *kind,
                        int64_t person_id)
{
    const struct news news = {.kind = kind,
                              .subject = &REVIEWS,
                              .subject_id = review->id,
                              .title = review->agent_code,
                              .detail = review->contract_name};
    return person_id ? notice_person(cx, person_id, &news) : OK;
}

/* Does the call know whether it is struck? */
static bool is_carried(const struct review *before, const struct review *after)
{
    const bool struck = before->state != REVIEW_DRAFT && before->fatal;
    return before->carried && struck == after->fatal;
}

enum result review_publish(struct ctx *cx, const struct review *review)
{
    struct review after = *review;
    TRY(demand_next(cx, review));
    TRY(items_demand_whole(cx, review->items));
    after.published_at = cx->now;
    after.appeal_by = due_of(cx, &REVIEW_DUTIES[0], cx->now);
    after.state = REVIEW_PUBLISHED;
    after.carried = is_carried(review, &after);
    TRY(record_change(cx, &REVIEWS, "publish", review, &after));
    return tell(cx, &after, "review.published", after.person_id);
}

enum result review_appeal(struct ctx *cx, const struct review *review, const char *words)
{
    struct review after = *review;
    if (review->state != REVIEW_PUBLISHED)
        return wrong_state(cx, review);
    if (!review->person_id || review->person_id != cx->actor->person_id)
        return fail(cx, FORBIDDEN, "review.not_yours");
    if (cx->now.ms > review->appeal_by.ms)
        return fail(cx, CONFLICT, "review.appeal_over");
    if (!*text_plain(cx->mem, words))
        reject_clause(cx, "C2.4", "appeal", "required");
    TRY(rejected(cx));
    after.appeal = words;
    after.appealed_at = cx->now;
    after.state = REVIEW_APPEALED;
    TRY(record_change(cx, &REVIEWS, "appeal", review, &after));
    return tell(cx, &after, "review.appealed", after.reviewer_id);
}

enum result review_decide(struct ctx *cx, const struct review *review,
                          const struct review_mark *marks, size_t count, const char *reason)
{
    struct review after = *review;
    const int64_t person = cx->actor->person_id;
    if (review->state != REVIEW_APPEALED)
        return wrong_state(cx, review);
    if (!person || person == review->reviewer_id || person == review->person_id)
        return fail(cx, FORBIDDEN, "review.own_decision");
    check_reason(cx, reason);
    TRY(rejected(cx));
    TRY(apply(cx, &after, marks, count));
    if (count && strcmp(after.items, review->items) == 0)
        reject_clause(cx, "C2.4", "items", "unchanged");
    TRY(rejected(cx));
    TRY(items_demand_whole(cx, after.items));
    if (count)
        after.first_items = review->items;
    after.reason = reason;
    after.decider_id = person;
    after.final_at = cx->now;
    after.state = REVIEW_FINAL;
    after.carried = is_carried(review, &after);
    TRY(record_change(cx, &REVIEWS, count ? "change_score" : "uphold", review, &after));
    TRY(tell(cx, &after, "review.final", after.person_id));
    return tell(cx, &after, "review.final", after.reviewer_id);
}

#define SWEEP_MOST 300
static const struct field ID_FIELDS[] = {FIELD(record, id), FIELDS_END};

enum result reviews_sweep(struct ctx *cx)
{
    struct record *rows;
    size_t count;
    TRY(db_list(cx, &q_reviews_unappealed, PARAMS(P(cx->now), param_int(SWEEP_MOST)), ID_FIELDS,
                sizeof *rows, SWEEP_MOST, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        struct review review, after;
        TRY(record_get(cx, &REVIEWS, rows[i].id, &review));
        after = review;
        after.final_at = cx->now;
        after.state = REVIEW_FINAL;
        TRY(record_change(cx, &REVIEWS, "expire", &review, &after));
    }
    return OK;
}

/* ---- what is owed ---- */

static enum result owed(struct ctx *cx, const struct review *review, struct duty *duty)
{
    duty->title = arena_printf(cx->mem, "%s %s · %s", review->agent_code, review->agent_name,
                               review->contract_name);
    duty->contract_id = review->contract_id;
    duty->organisation_id = review->provider_id;
    duty->owner_side = SIDE_PROVIDER;
    return OK;
}

/* Open while the agent may still appeal; read and let pass is as good. */
static enum result judge_reading(struct ctx *cx, const void *record, struct duty *duty,
                                 enum owing *out)
{
    const struct review *review = record;
    *out = review->state == REVIEW_DRAFT || !review->person_id ? OWING_NOTHING : OWING_MET;
    if (review->state != REVIEW_PUBLISHED || !review->person_id)
        return OK;
    *out = OWING_DUTY;
    duty->owner_role = ROLES[ROLE_AGENT - 1];
    duty->owner_id = review->person_id;
    duty->due_at = review->appeal_by;
    return owed(cx, review, duty);
}

static enum result judge_decision(struct ctx *cx, const void *record, struct duty *duty,
                                  enum owing *out)
{
    const struct review *review = record;
    *out = review->decider_id ? OWING_MET : OWING_NOTHING;
    if (review->state != REVIEW_APPEALED)
        return OK;
    *out = OWING_DUTY;
    duty->owner_role = ROLES[ROLE_DUTY - 1];
    duty->due_at = due_of(cx, &REVIEW_DUTIES[1], review->appealed_at);
    return owed(cx, review, duty);
}

static enum result judge_judging(struct ctx *cx, const void *record, struct duty *duty,
                                 enum owing *out)
{
    const struct review *review = record;
    *out = review->state == REVIEW_SKIPPED ? OWING_NOTHING : OWING_MET;
    if (review->state != REVIEW_DRAFT)
        return OK;
    *out = OWING_DUTY;
    duty->owner_role = ROLES[ROLE_QA - 1];
    duty->owner_id = review->reviewer_id;
    duty->due_at = due_of(cx, &REVIEW_DUTIES[2], review->created_at);
    duty->internal = true;
    return owed(cx, review, duty);
}

const struct duty_rule REVIEW_DUTIES[] = {
    {"read_review", "C2.4", &REVIEWS, judge_reading, {DUE_WORKING_DAYS, .count = 3}, NULL},
    {"decide_appeal", "C2.4", &REVIEWS, judge_decision, {DUE_WORKING_DAYS, .count = 3}, NULL},
    {"judge_call", "C2.4", &REVIEWS, judge_judging, {DUE_WORKING_DAYS, .count = 5}, NULL},
    DUTY_RULES_END,
};

#define R_LISTENERS (R(OPS) | R(DIVISION) | R(PM) | R(CLIENT) | R(RESIDENT) | R_PROVIDER_SIDE)

const struct right REVIEW_RIGHTS[] = {
    {"recordings.read", R_CLIENT_SIDE | R_PROVIDER_SIDE | R(AGENT), "C2.4", true},
    {"recordings.write", R(PROVIDER) | R(DUTY) | R(QA), "C2.4"},
    {"recordings.listen", R_LISTENERS | R(AGENT), "C2.4", true},
    {"recording_arrivals.read", R(OPS) | R(PROVIDER) | R(DUTY) | R(QA), "C2.4", true},
    {"listenings.read", R(OPS) | R(AUDIT) | R(CLIENT) | R(PROVIDER), "C2.4", true},
    {"review_forms.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "C2.4"},
    {"review_forms.write", R(PROVIDER) | R(QA), "C2.4"},
    {"review_samples.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "C2.4", true},
    {"review_samples.write", R(PROVIDER) | R(DUTY), "C2.4"},
    {"calibrations.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "C2.4", true},
    {"calibrations.write", R(PROVIDER) | R(DUTY), "C2.4"},
    {"calibrations.score", R_LISTENERS, "C2.4", true},
    {"reviews.read", R_CLIENT_SIDE | R_PROVIDER_SIDE | R(AGENT), "C2.4", true},
    {"reviews.write", R(QA), "C2.4"},
    {"reviews.listen", R_LISTENERS | R(AGENT), "C2.4", true},
    {"reviews.appeal", R(AGENT), "C2.4"},
    {"reviews.decide", R(PROVIDER) | R(DUTY) | R(SUPERVISOR), "C2.4"},
    RIGHTS_END,
};
