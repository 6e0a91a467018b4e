/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a rule of deduction is about, recorded with evidence, told, objected to and decided (X4). */
#include "app/duties/calendar_day.h"
#include "app/notices/notice.h"
#include "app/settlement/settlement.h"
#include "app/settlement/settlement.sql.h"
#include "base/texts.h"

#include <string.h>

static const char *const STATES[] = {"drafted", "told", "objected", "stands", "dropped", NULL};
#define POINTS_MOST 10000
#define AMOUNT_MOST (1000 * 1000 * INT64_C(100))
/* The provider's time to object, both sides' holidays left out. */
static const struct due_rule OBJECT_IN = {.kind = DUE_WORKING_DAYS, .count = 5};

static const struct field EVENT_FIELDS[] = {
    RECORD_FIELDS(deduction_event),
    FIELD_REF(deduction_event, contract_id, "contracts", .in = MUST, .use = FIXED | FILTERED,
              .among = "state=active,suspended"),
    FIELD(deduction_event, contract_name, .column = "c.name", .use = LISTED),
    FIELD_REF(deduction_event, rule_id, "deduction_rules", .in = MUST, .use = FIXED,
              .clause = "V3.3"),
    FIELD(deduction_event, rule_name, .column = "r.name", .use = LISTED),
    FIELD(deduction_event, term, .column = "r.term", .use = LISTED),
    FIELD(deduction_event, day, .in = MUST, .use = FIXED | LISTED),
    FIELD(deduction_event, month, .use = FILTERED),
    FIELD(deduction_event, fact, .in = MUST, .max = 1000, .use = LONG_TEXT),
    FIELD(deduction_event, points, .in = MAY, .max = POINTS_MOST, .use = LISTED,
          .known_by = "points"),
    FIELD(deduction_event, amount_fen, .in = MAY, .max = AMOUNT_MOST, .use = LISTED),
    FIELD_REF(deduction_event, recorder_id, "people", .use = NO_DIFF),
    FIELD(deduction_event, recorded_by, .column = "p.name", .use = LISTED),
    FIELD(deduction_event, told_at),
    FIELD(deduction_event, object_by, .use = FILTERED, .clause = "X4"),
    FIELD(deduction_event, objection, .clause = "X4"),
    FIELD_REF(deduction_event, objector_id, "people", .use = NO_DIFF),
    FIELD(deduction_event, objected_by, .column = "COALESCE(o.name, '')"),
    FIELD(deduction_event, objected_at),
    FIELD_REF(deduction_event, decider_id, "people", .use = NO_DIFF),
    FIELD(deduction_event, decided_by, .column = "COALESCE(d.name, '')"),
    FIELD(deduction_event, reason),
    FIELD(deduction_event, decided_at),
    FIELD_REF(deduction_event, settlement_id, "settlements", .use = FILTERED),
    FIELD_REF(deduction_event, provider_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(deduction_event, client_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_REF(deduction_event, unit_id, "units", .use = HIDDEN | FILTERED | NO_DIFF),
    FIELD_ENUM(deduction_event, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

static enum result wrong_state(struct ctx *cx, const struct deduction_event *event)
{
    return fail(cx, CONFLICT, "deduction_event.wrong_state", event->rule_name,
                texts_get(arena_printf(cx->mem, "deduction_events.state.%s",
                                       choice_name(STATES, event->state)),
                          cx->lang));
}

/* ---- recorded ---- */

static enum result check_rule(struct ctx *cx, const struct deduction_event *event)
{
    struct deduction_rule rule, *held;
    size_t count;
    bool holds = false;
    TRY(record_get(cx, &DEDUCTION_RULES, event->rule_id, &rule));
    TRY(deduction_rules_for(cx, event->contract_id, event->month, &held, &count));
    for (size_t i = 0; i < count; i++)
        holds = holds || held[i].id == rule.id;
    if (!holds)
        reject_clause(cx, "V3.3", "rule_id", "rule_not_in_force");
    if (rule.rests_on != TRIGGER_EVENT && rule.rests_on != TRIGGER_EXTERNAL)
        reject_clause(cx, "V3.3", "rule_id", "rule_without_events");
    if (rule.function == DEDUCT_EXTERNAL && event->amount_fen.fen <= 0)
        reject_clause(cx, "V3.3", "amount_fen", "required");
    if (rule.function != DEDUCT_EXTERNAL && event->amount_fen.fen)
        reject_clause(cx, "V3.3", "amount_fen", "not_of_this_function");
    if (rule.function == DEDUCT_ALLOWANCE && !event->points.hundredths)
        reject_clause(cx, "V3.3", "points", "required");
    return OK;
}

/* What was told is not touched any more, its evidence neither. */
static enum result event_open(struct ctx *cx, const void *record)
{
    const struct deduction_event *event = record;
    if (!event->id || event->state == EVENT_DRAFTED)
        return OK;
    return wrong_state(cx, event);
}

static enum result check_change(struct ctx *cx, const struct deduction_event *event,
                                const struct deduction_event *before)
{
    const bool same = strcmp(event->fact, before->fact) == 0 &&
                      event->points.hundredths == before->points.hundredths &&
                      event->amount_fen.fen == before->amount_fen.fen;
    if (same)
        return OK;
    TRY(event_open(cx, before));
    return check_rule(cx, event);
}

static enum result event_check(struct ctx *cx, void *record, const void *before)
{
    struct deduction_event *event = record;
    struct contract contract;
    if (before)
        return check_change(cx, event, before);
    if (!event->contract_id || !event->rule_id || !event->day.days)
        return OK;
    TRY(record_get(cx, &CONTRACTS, event->contract_id, &contract));
    event->month = month_of(event->day);
    event->provider_id = contract.provider_id;
    event->client_id = contract.client_id;
    event->unit_id = contract.unit_id;
    event->recorder_id = cx->actor->person_id;
    event->state = EVENT_DRAFTED;
    if (event->day.days > instant_date(cx->now, SHANGHAI_OFFSET_MIN).days)
        reject_clause(cx, "V3.3", "day", "in_the_future");
    return check_rule(cx, event);
}

static enum result event_attach(struct ctx *cx, int64_t id)
{
    struct deduction_event event;
    TRY(record_get(cx, &DEDUCTION_EVENTS, id, &event));
    return event_open(cx, &event);
}

const struct resource DEDUCTION_EVENTS = {
    .name = "deduction_events",
    .clause = "V3.3",
    .fields = EVENT_FIELDS,
    .size = sizeof(struct deduction_event),
    .joins = "JOIN contracts c ON c.id = t.contract_id JOIN deduction_rules r ON r.id = t.rule_id "
             "JOIN people p ON p.id = t.recorder_id LEFT JOIN people o ON o.id = t.objector_id "
             "LEFT JOIN people d ON d.id = t.decider_id",
    .title = "rule_name",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@client_id = :org",
              [SIDE_PROVIDER] = "@provider_id = :org AND @told_at > 0"},
    .unit = "unit_id",
    .check = event_check,
    .open = event_open,
    .attach = event_attach,
};

/* ---- its life ---- */

static enum result tell(struct ctx *cx, const struct deduction_event *event, const char *kind,
                        bool to_provider)
{
    const struct news news = {.kind = kind,
                              .subject = &DEDUCTION_EVENTS,
                              .subject_id = event->id,
                              .title = event->rule_name,
                              .detail = event->contract_name};
    if (to_provider)
        return notice_roles(cx, event->provider_id, 0, R(PROVIDER) | R(DUTY), &news);
    TRY(notice_person(cx, event->recorder_id, &news));
    return notice_roles(cx, event->client_id, event->unit_id, R(DIVISION), &news);
}

bool deduction_event_counts(const struct ctx *cx, const struct deduction_event *event)
{
    return event->state == EVENT_STANDS ||
           (event->state == EVENT_TOLD && cx->now.ms > event->object_by.ms);
}

enum result deduction_event_tell(struct ctx *cx, const struct deduction_event *event)
{
    struct deduction_event after = *event;
    int64_t evidence;
    if (event->state != EVENT_DRAFTED)
        return wrong_state(cx, event);
    TRY(db_int(cx, &q_evidence_count, PARAMS(P(event->id)), &evidence));
    if (!evidence)
        return fail(cx, CONFLICT, "deduction_event.no_evidence", event->rule_name);
    after.told_at = cx->now;
    after.object_by = calendar_due(cx, &OBJECT_IN, cx->now);
    after.state = EVENT_TOLD;
    TRY(record_change(cx, &DEDUCTION_EVENTS, "tell", event, &after));
    return tell(cx, &after, "deduction_event.told", true);
}

enum result deduction_event_accept(struct ctx *cx, const struct deduction_event *event)
{
    struct deduction_event after = *event;
    if (event->state != EVENT_TOLD)
        return wrong_state(cx, event);
    after.state = EVENT_STANDS;
    after.decided_at = cx->now;
    return record_change(cx, &DEDUCTION_EVENTS, "accept", event, &after);
}

enum result deduction_event_object(struct ctx *cx, const struct deduction_event *event,
                                   const char *objection)
{
    struct deduction_event after = *event;
    if (event->state != EVENT_TOLD)
        return wrong_state(cx, event);
    if (cx->now.ms > event->object_by.ms)
        return fail(cx, CONFLICT, "deduction_event.time_over", event->rule_name);
    after.objection = text_plain(cx->mem, objection);
    if (!*after.objection)
        reject_clause(cx, "X4", "objection", "required");
    check_words(cx, "objection", after.objection, REASON_MOST);
    TRY(rejected(cx));
    after.objector_id = cx->actor->person_id;
    after.objected_at = cx->now;
    after.state = EVENT_OBJECTED;
    TRY(record_change(cx, &DEDUCTION_EVENTS, "object", event, &after));
    return tell(cx, &after, "deduction_event.objected", false);
}

static enum result end(struct ctx *cx, const struct deduction_event *event, const char *action,
                       enum deduction_event_state state, const char *reason)
{
    struct deduction_event after = *event;
    after.reason = text_plain(cx->mem, reason);
    check_reason(cx, after.reason);
    TRY(rejected(cx));
    after.decider_id = cx->actor->person_id;
    after.decided_at = cx->now;
    after.state = state;
    TRY(record_change(cx, &DEDUCTION_EVENTS, action, event, &after));
    return event->told_at.ms ? tell(cx, &after, "deduction_event.decided", true) : OK;
}

enum result deduction_event_decide(struct ctx *cx, const struct deduction_event *event, bool upheld,
                                   const char *reason)
{
    if (event->state != EVENT_OBJECTED)
        return wrong_state(cx, event);
    if (event->recorder_id == cx->actor->person_id)
        return fail(cx, FORBIDDEN, "deduction_event.own", event->rule_name);
    return end(cx, event, upheld ? "uphold" : "reject", upheld ? EVENT_DROPPED : EVENT_STANDS,
               reason);
}

enum result deduction_event_drop(struct ctx *cx, const struct deduction_event *event,
                                 const char *reason)
{
    const bool open = event->state == EVENT_DRAFTED || event->state == EVENT_TOLD;
    if (!open || event->settlement_id)
        return wrong_state(cx, event);
    return end(cx, event, "drop", EVENT_DROPPED, reason);
}
