/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/agents/agent.h"

#include "app/agents/agent.sql.h"
#include "app/agents/agent_private.h"
#include "app/agents/provision.h"

#include <string.h>

const char *const AGENT_PERMISSIONS[] = {"manual_dial", "preview_dial", "predictive",
                                         "transfer",    "conference",   "listen_own_recordings",
                                         NULL};
const char *const AGENT_STATES[] = {"active", "disabled", NULL};
const char *const ALLOWANCES[] = {"ok",
                                  "contract_inactive",
                                  "agent_unknown",
                                  "agent_disabled",
                                  "mode_not_permitted",
                                  "caller_unknown",
                                  "caller_suspended",
                                  "caller_not_assigned",
                                  "callee_invalid",
                                  "callee_dnc",
                                  "contract_hours",
                                  "callee_frequency",
                                  "ungated",
                                  "missing_record",
                                  "late_record",
                                  "other_agent",
                                  "other_caller",
                                  "too_long",
                                  "second_record",
                                  "callee_consent",
                                  "agent_untrained",
                                  "contract_unknown",
                                  "called_refused",
                                  "other_callee",
                                  "uid_again",
                                  "success_untalked",
                                  "revised_locked",
                                  NULL};

struct date agents_today(const struct ctx *cx)
{
    return instant_date(cx->now, SHANGHAI_OFFSET_MIN);
}

bool period_holds(struct date from, struct date to, struct date day)
{
    return from.days <= day.days && (!to.days || day.days <= to.days);
}

/* ---- agents: read by both sides of their contract, written by letters ---- */

static const struct field AGENT_FIELDS[] = {
    RECORD_FIELDS(agent),
    FIELD(agent, code, .use = LISTED | FILTERED | SEARCHED, .clause = "C1.1"),
    FIELD_REF(agent, person_id, "people", .use = FILTERED),
    FIELD(agent, person_name, .column = "p.name", .use = LISTED),
    FIELD_REF(agent, contract_id, "contracts", .use = FILTERED),
    FIELD(agent, contract_number, .column = "c.number"),
    FIELD(agent, contract_name, .column = "c.name", .use = LISTED),
    FIELD_CHOICES(agent, permissions, AGENT_PERMISSIONS, .use = LISTED, .clause = "C1.1"),
    FIELD_ENUM(agent, state, AGENT_STATES, .use = LISTED | FILTERED),
    FIELD(agent, from, .use = LISTED),
    FIELD(agent, to, .use = LISTED | FILTERED),
    FIELD_REF(agent, letter_id, "letters", .use = NO_DIFF),
    FIELD(agent, letter_name, .column = "l.number"),
    FIELD(agent, search_key, .use = HIDDEN),
    FIELDS_END,
};

const struct resource AGENTS = {
    .name = "agents",
    .clause = "C1.1",
    .fields = AGENT_FIELDS,
    .size = sizeof(struct agent),
    .joins = "JOIN contracts c ON c.id = t.contract_id JOIN people p ON p.id = t.person_id "
             "LEFT JOIN letters l ON l.id = t.letter_id",
    .title = "code",
    .sort = "id",
    .parent = &CONTRACTS,
    .parent_field = "contract_id",
    .search_also = "p.search_key",
};

enum result agent_by_code(struct ctx *cx, int64_t contract_id, const char *code, int64_t *out_id)
{
    return db_int(cx, &q_agent_by_code, PARAMS(P(contract_id), P(code)), out_id);
}

/* ---- breaches ---- */

const char *const BREACH_SOURCES[] = {"gate", "calls", NULL};

static const struct field BREACH_FIELDS[] = {
    RECORD_FIELDS(breach),
    FIELD(breach, at, .use = LISTED | FILTERED | SORTED),
    FIELD_ENUM(breach, kind, ALLOWANCES, .use = LISTED | FILTERED, .clause = "C1.2",
               .among = "contract_inactive,agent_unknown,agent_disabled,mode_not_permitted,"
                        "caller_unknown,caller_suspended,caller_not_assigned,ungated"),
    FIELD_REF(breach, contract_id, "contracts", .use = FILTERED | CHOSEN,
              .among = "service=outbound_call"),
    FIELD(breach, contract_number, .column = "c.number"),
    FIELD(breach, contract_name, .column = "c.name", .use = LISTED),
    FIELD_REF(breach, agent_id, "agents", .use = FILTERED | CHOSEN),
    FIELD(breach, agent_code, .use = LISTED),
    FIELD(breach, agent_name, .column = "p.name", .use = LISTED),
    FIELD(breach, number, .use = LISTED),
    FIELD(breach, count, .use = LISTED | FILTERED),
    FIELD_ENUM(breach, source, BREACH_SOURCES, .use = LISTED),
    FIELD_REF(breach, last_call_id, "calls"),
    FIELD(breach, last_gate_id),
    FIELDS_END,
};

static void breach_derive(struct ctx *cx, void *record)
{
    number_mask(cx, &((struct breach *)record)->number);
}

const struct resource BREACHES = {
    .name = "breaches",
    .clause = "C1.2",
    .fields = BREACH_FIELDS,
    .size = sizeof(struct breach),
    .joins = "JOIN contracts c ON c.id = t.contract_id LEFT JOIN agents a ON a.id = t.agent_id "
             "LEFT JOIN people p ON p.id = a.person_id",
    .title = "agent_code",
    .sort = "-at",
    .parent = &CONTRACTS,
    .parent_field = "contract_id",
    .derive = breach_derive,
};

/* The provider's managers and the client's contact: one notice an hour, with how many. */
static enum result breach_tell(struct ctx *cx, int64_t contract_id)
{
    struct contract contract;
    TRY(record_get(cx, &CONTRACTS, contract_id, &contract));
    const struct news news = {
        .kind = "breach.found",
        .subject = &CONTRACTS,
        .subject_id = contract.id,
        .title = arena_printf(cx->mem, "%s · %s", contract.name, contract.number),
        .counted = true,
    };
    TRY(news_count(cx, &news));
    TRY(notice_roles(cx, contract.provider_id, 0, R(PROVIDER) | R(DUTY), &news));
    return contract.contact_id ? notice_person(cx, contract.contact_id, &news)
                               : notice_roles(cx, contract.client_id, contract.unit_id,
                                              R(CLIENT) | R(DIVISION), &news);
}

enum result breach_add(struct ctx *cx, struct breach breach)
{
    char normal[NUMBER_TEXT];
    if (number_normalise(breach.number, normal))
        breach.number = normal;
    TRY(record_add(cx, &BREACHES, &breach));
    return breach_tell(cx, breach.contract_id);
}

const struct right AGENT_RIGHTS[] = {
    {"agents.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "C1.1"},
    {"agents.compare", R_CALL_CLIENT | R(PROVIDER) | R(DUTY), "C1.1"},
    {"numbers.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "C1.2"},
    {"numbers.whole", R_CALL_CLIENT | R(AUDIT) | R(PROVIDER) | R(DUTY), "C3.3"},
    {"numbers.write", R_CALL_CLIENT | R(PROVIDER), "C1.2"},
    {"number_permissions.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "C1.2"},
    {"breaches.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "C1.2"},
    {"provisionings.read", R_CALL_CLIENT | R(AUDIT) | R(PROVIDER) | R(DUTY), "C1.1"},
    {"provisionings.retry", R(PROVIDER) | R(DUTY), "C1.1"},
    {"provisioning.acknowledge", R(PROVIDER) | R(DUTY), "C1.1"},
    RIGHTS_END,
};
