/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The life that leave, corrections and swaps have in common. */
#include "app/attendance/asked_private.h"

#include "app/attendance/attendance.sql.h"
#include "app/notices/notice.h"

const char *const ASKED_STATES[] = {"asked", "agreed", "approved", "refused", "withdrawn", NULL};

static enum result wrong_state(struct ctx *cx, const struct asked *asked)
{
    return fail(cx, CONFLICT, "asked.wrong_state", asked->person_name,
                state_name(cx, &LEAVES, ASKED_STATES, asked->state));
}

enum result asked_begin(struct ctx *cx, struct asked *asked, struct date day)
{
    const struct actor *actor = cx->actor;
    int64_t employer;
    if (!asked->person_id)
        asked->person_id = actor->person_id;
    asked->asked_by = actor->person_id;
    asked->decided_by = 0;
    asked->decision = "";
    asked->state = ASKED;
    TRY(person_works(cx, asked->person_id, day, &employer));
    asked->organisation_id = actor->is_system ? employer : actor->organisation_id;
    if (!employer || employer != asked->organisation_id)
        reject_clause(cx, "C2.3", "person_id", "works_elsewhere");
    if (asked->person_id != actor->person_id && !attendance_plans(cx))
        reject_clause(cx, "C2.3", "person_id", "own_only");
    return OK;
}

enum result asked_open(struct ctx *cx, const void *record)
{
    const struct asked *asked = record;
    const bool is_own = !asked->person_id || asked->person_id == cx->actor->person_id;
    if (asked->id)
        return wrong_state(cx, asked); /* what was asked is decided, not rewritten */
    return is_own || attendance_plans(cx) ? OK : fail(cx, FORBIDDEN, "asked.not_yours");
}

/* ---- who may what ---- */

/* Of a swap the other one; 0: it is none. */
static int64_t other_of(const struct resource *resource, const struct asked *asked)
{
    return resource == &SHIFT_SWAPS ? ((const struct swap *)(const void *)asked)->other_id : 0;
}

static bool is_party(const struct ctx *cx, const struct resource *resource,
                     const struct asked *asked)
{
    const int64_t other = other_of(resource, asked);
    const int64_t me = cx->actor->person_id;
    return me && (me == asked->person_id || me == asked->asked_by || me == other);
}

static bool may_decide(const struct ctx *cx, const struct resource *resource)
{
    return actor_may(cx->actor, arena_printf(cx->mem, "%s.decide", resource->name));
}

/* A second person decides; a swap once the other one agreed. */
static enum result demand_decision(struct ctx *cx, const struct resource *resource,
                                   const struct asked *asked)
{
    const enum asked_state ready = other_of(resource, asked) ? ASKED_AGREED : ASKED;
    if (asked->state != ready)
        return wrong_state(cx, asked);
    if (!may_decide(cx, resource))
        return fail(cx, FORBIDDEN, "asked.not_yours");
    return is_party(cx, resource, asked) ? fail(cx, FORBIDDEN, "asked.own") : OK;
}

static enum result demand_agreement(struct ctx *cx, const struct resource *resource,
                                    const struct asked *asked)
{
    const int64_t other = other_of(resource, asked);
    if (!other || asked->state != ASKED)
        return wrong_state(cx, asked);
    return other == cx->actor->person_id ? OK : fail(cx, FORBIDDEN, "asked.not_yours");
}

static enum result demand_refusal(struct ctx *cx, const struct resource *resource,
                                  const struct asked *asked)
{
    const int64_t other = other_of(resource, asked);
    const bool is_other = other && other == cx->actor->person_id;
    if (is_other)
        return asked->state == ASKED ? OK : wrong_state(cx, asked);
    if (other && asked->state == ASKED && may_decide(cx, resource))
        return is_party(cx, resource, asked) ? fail(cx, FORBIDDEN, "asked.own") : OK;
    return demand_decision(cx, resource, asked);
}

static enum result demand_withdrawal(struct ctx *cx, const struct resource *resource,
                                     const struct asked *asked)
{
    const int64_t me = cx->actor->person_id;
    const bool is_own = me && (me == asked->person_id || me == asked->asked_by);
    if (asked->state == ASKED || asked->state == ASKED_AGREED)
        return is_own ? OK : fail(cx, FORBIDDEN, "asked.not_yours");
    if (asked->state != ASKED_APPROVED || other_of(resource, asked))
        return wrong_state(cx, asked);
    if (!may_decide(cx, resource))
        return fail(cx, FORBIDDEN, "asked.not_yours");
    return is_own ? fail(cx, FORBIDDEN, "asked.own") : OK;
}

typedef enum result (*demand)(struct ctx *cx, const struct resource *resource,
                              const struct asked *asked);
static const demand DEMANDS[] = {
    [STEP_AGREE] = demand_agreement,
    [STEP_APPROVE] = demand_decision,
    [STEP_REFUSE] = demand_refusal,
    [STEP_WITHDRAW] = demand_withdrawal,
};

bool asked_may(struct ctx *cx, const struct resource *resource, const struct asked *asked,
               enum asked_step step)
{
    struct fault kept = fault_take(cx);
    const bool may = DEMANDS[step](cx, resource, asked) == OK;
    cx->fault = kept;
    return may;
}

/* ---- steps ---- */

static enum result step(struct ctx *cx, const struct resource *resource, const struct asked *asked,
                        const char *action, enum asked_state state, const char *decision)
{
    struct asked *after = arena_alloc(cx->mem, resource->size);
    for (size_t i = 0; i < resource->size; i++)
        ((char *)after)[i] = ((const char *)asked)[i];
    after->state = state;
    after->decision = decision;
    if (state != ASKED_AGREED)
        after->decided_by = cx->actor->person_id;
    return record_change(cx, resource, action, asked, after);
}

enum result asked_agree(struct ctx *cx, const struct asked *swap)
{
    TRY(demand_agreement(cx, &SHIFT_SWAPS, swap));
    return step(cx, &SHIFT_SWAPS, swap, "agree", ASKED_AGREED, "");
}

enum result asked_approve(struct ctx *cx, const struct resource *resource,
                          const struct asked *asked)
{
    TRY(demand_decision(cx, resource, asked));
    return step(cx, resource, asked, "approve", ASKED_APPROVED, "");
}

enum result asked_refuse(struct ctx *cx, const struct resource *resource, const struct asked *asked,
                         const char *reason)
{
    TRY(demand_refusal(cx, resource, asked));
    check_reason(cx, reason);
    TRY(rejected(cx));
    return step(cx, resource, asked, "refuse", ASKED_REFUSED, reason);
}

enum result asked_withdraw(struct ctx *cx, const struct resource *resource,
                           const struct asked *asked)
{
    TRY(demand_withdrawal(cx, resource, asked));
    return step(cx, resource, asked, "withdraw", ASKED_WITHDRAWN, asked->decision);
}

/* ---- who hears of it ---- */

static enum result tell(struct ctx *cx, const struct resource *resource, const struct asked *asked,
                        int64_t person_id, const char *what)
{
    const struct news news = {
        .kind = arena_printf(cx->mem, "%s.%s", resource->name, what),
        .subject = resource,
        .subject_id = asked->id,
        .title = asked->person_name ? asked->person_name : "",
        .detail = asked->decision,
    };
    return person_id ? notice_person(cx, person_id, &news) : OK;
}

enum result asked_tell(struct ctx *cx, const struct resource *resource, const struct asked *asked,
                       const struct asked *before)
{
    const int64_t other = other_of(resource, asked);
    if (before && before->state == asked->state)
        return OK;
    if (asked->state == ASKED && other)
        return tell(cx, resource, asked, other, "asked");
    if (asked->state != ASKED_APPROVED && asked->state != ASKED_REFUSED)
        return OK;
    const char *what = choice_name(ASKED_STATES, asked->state);
    TRY(tell(cx, resource, asked, asked->person_id, what));
    return tell(cx, resource, asked, other, what);
}

/* ---- how often ---- */

static const struct field RULE_FIELDS[] = {
    RECORD_FIELDS(attendance_rule),
    FIELD_REF(attendance_rule, organisation_id, "organisations", .use = NO_DIFF),
    FIELD(attendance_rule, organisation_name, .column = "o.name", .use = LISTED),
    FIELD(attendance_rule, swaps_month, .in = MUST, .max = 31, .use = LISTED),
    FIELD(attendance_rule, corrections_month, .in = MAY, .max = 31, .use = LISTED),
    FIELDS_END,
};

static enum result rule_check(struct ctx *cx, void *record, const void *before)
{
    struct attendance_rule *rule = record;
    if (!before && !rule->organisation_id)
        rule->organisation_id = cx->actor->organisation_id;
    return OK;
}

const struct resource ATTENDANCE_RULES = {
    .name = "attendance_rules",
    .clause = "C2.3",
    .fields = RULE_FIELDS,
    .size = sizeof(struct attendance_rule),
    .joins = "JOIN organisations o ON o.id = t.organisation_id",
    .title = "organisation_name",
    .sort = "-id",
    .scope = {[SIDE_PROVIDER] = "@organisation_id = :org"},
    .withheld = true,
    .check = rule_check,
};

enum result rule_of(struct ctx *cx, int64_t organisation_id, struct attendance_rule *out)
{
    *out = (struct attendance_rule){.swaps_month = SWAPS_MONTH_USUAL};
    const enum result result = db_one(cx, &q_rule, PARAMS(P(organisation_id)), RULE_FIELDS, out);
    return result == NOT_FOUND ? OK : result;
}
