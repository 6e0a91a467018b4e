/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/calls/call_exception.h"

#include <string.h>

static const char *const STATES[] = {"open", "explained", "settled", NULL};

static const struct field EXCEPTION_FIELDS[] = {
    RECORD_FIELDS(call_exception),
    FIELD(call_exception, day, .use = LISTED | FILTERED | SORTED),
    FIELD_ENUM(call_exception, kind, ALLOWANCES, .use = LISTED | FILTERED, .clause = "C1.2",
               .among = "!ok,late_record,agent_unknown,agent_disabled,mode_not_permitted,"
                        "caller_unknown,caller_suspended,caller_not_assigned"),
    FIELD_REF(call_exception, contract_id, "contracts", .use = FILTERED | CHOSEN,
              .among = "service=outbound_call"),
    FIELD(call_exception, contract_number, .column = "c.number"),
    FIELD(call_exception, contract_name, .column = "COALESCE(c.name, t.contract_said)",
          .use = LISTED),
    FIELD_REF(call_exception, unit_id, "units", .use = NO_DIFF | HIDDEN),
    FIELD_REF(call_exception, provider_id, "organisations", .use = FILTERED),
    FIELD_REF(call_exception, agent_id, "agents", .use = FILTERED | CHOSEN),
    FIELD(call_exception, agent_code, .column = "a.code"),
    FIELD(call_exception, agent_name, .column = "p.name", .use = LISTED),
    FIELD(call_exception, contract_said),
    FIELD(call_exception, agent_said, .use = LISTED | SEARCHED),
    FIELD(call_exception, caller_said, .use = LISTED | SEARCHED),
    FIELD(call_exception, count, .use = LISTED),
    FIELD_REF(call_exception, last_call_id, "calls"),
    FIELD(call_exception, last_gate_id),
    FIELD_ENUM(call_exception, state, STATES, .use = LISTED | FILTERED),
    FIELD(call_exception, reason, .use = LONG_TEXT),
    FIELD(call_exception, search_key, .use = HIDDEN),
    FIELDS_END,
};

/* As it is shown everywhere else. */
static void exception_derive(struct ctx *cx, void *record)
{
    struct call_exception *exception = record;
    exception->caller_said = callee_dialled(cx->mem, exception->caller_said);
    number_mask(cx, &exception->caller_said);
}

const struct resource CALL_EXCEPTIONS = {
    .derive = exception_derive,
    .name = "call_exceptions",
    .clause = "C1.2",
    .fields = EXCEPTION_FIELDS,
    .size = sizeof(struct call_exception),
    .joins = "LEFT JOIN contracts c ON c.id = t.contract_id "
             "LEFT JOIN agents a ON a.id = t.agent_id LEFT JOIN people p ON p.id = a.person_id",
    .title = "agent_said",
    .sort = "-day",
    .scope = {[SIDE_CLIENT] = "", [SIDE_PROVIDER] = "@provider_id = :org"},
    .unit = "unit_id",
    /* Of an unknown contract: whoever has one of outbound calling with that provider. */
    .beyond_units = "@contract_id IS NULL AND @provider_id IN (SELECT oc.provider_id "
                    "FROM contracts oc JOIN units ou ON ou.id = oc.unit_id "
                    "JOIN units mine ON mine.id = :unit WHERE oc.service = 'outbound_call' "
                    "AND SUBSTR(ou.path, 1, LENGTH(mine.path)) = mine.path)",
};

enum result exception_explain(struct ctx *cx, const struct call_exception *before,
                              const char *reason)
{
    struct call_exception after = *before;
    if (before->state != EXCEPTION_OPEN)
        return fail(cx, CONFLICT, "call_exception.wrong_state");
    check_reason(cx, reason);
    TRY(rejected(cx));
    after.state = EXCEPTION_EXPLAINED;
    after.reason = reason;
    return record_change(cx, &CALL_EXCEPTIONS, "explain", before, &after);
}

/* ---- what is owed ---- */

static enum result judge_open(struct ctx *cx, const void *record, struct duty *duty,
                              enum owing *out)
{
    const struct call_exception *exception = record;
    *out = exception->state == EXCEPTION_EXPLAINED ? OWING_MET : OWING_NOTHING;
    if (exception->state != EXCEPTION_OPEN || !exception->provider_id)
        return OK;
    char day[DATE_MAX_TEXT];
    date_format(exception->day, day);
    *out = OWING_DUTY;
    duty->title =
        arena_printf(cx->mem, "%s · %s · %s",
                     exception->contract_id ? exception->contract_name : exception->contract_said,
                     exception->agent_said, day);
    duty->contract_id = exception->contract_id;
    duty->organisation_id = exception->provider_id;
    duty->owner_side = SIDE_PROVIDER;
    duty->owner_role = ROLES[ROLE_DUTY - 1];
    duty->due_at = due_of(cx, &CALL_DUTIES[0], exception->updated_at);
    return OK;
}

const struct duty_rule CALL_DUTIES[] = {
    {"explain_exception", "C1.2", &CALL_EXCEPTIONS, judge_open, {DUE_WORKING_DAYS, .count = 3}},
    DUTY_RULES_END,
};
