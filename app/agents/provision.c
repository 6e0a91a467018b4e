/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/agents/provision.h"

#include "app/agents/agent.sql.h"
#include "app/agents/agent_private.h"
#include "base/doc.h"

#include <string.h>

const char *const PROVISIONING_CHANGES[] = {"agent_add",  "agent_change",  "agent_disable",
                                            "number_add", "number_change", "number_stop",
                                            NULL};
static const char *const PROVISIONING_STATES[] = {"waiting", "sent", "acknowledged", "failed",
                                                  NULL};

static const struct field PROVISIONING_FIELDS[] = {
    RECORD_FIELDS(provisioning),
    FIELD_ENUM(provisioning, change, PROVISIONING_CHANGES, .use = LISTED | FILTERED),
    FIELD_REF(provisioning, agent_id, "agents", .use = FILTERED),
    FIELD(provisioning, code, .column = "a.code", .use = LISTED),
    FIELD_REF(provisioning, number_id, "numbers", .use = FILTERED),
    FIELD(provisioning, number, .column = "n.shown", .use = LISTED),
    FIELD_REF(provisioning, contract_id, "contracts", .use = FILTERED),
    FIELD(provisioning, contract_number, .column = "c.number", .use = LISTED),
    FIELD_ENUM(provisioning, state, PROVISIONING_STATES, .use = LISTED | FILTERED),
    FIELD(provisioning, tries, .use = LISTED),
    FIELD(provisioning, next_at, .use = NO_DIFF),
    FIELD(provisioning, sent_at, .use = LISTED),
    FIELD(provisioning, acknowledged_at, .use = LISTED),
    FIELD(provisioning, failure, .use = LISTED | LONG_TEXT),
    FIELD(provisioning, payload, .use = NO_DIFF | LONG_TEXT),
    FIELDS_END,
};

const struct resource PROVISIONINGS = {
    .name = "provisionings",
    .clause = "C1.1",
    .fields = PROVISIONING_FIELDS,
    .size = sizeof(struct provisioning),
    .joins = "JOIN contracts c ON c.id = t.contract_id LEFT JOIN agents a ON a.id = t.agent_id "
             "LEFT JOIN numbers n ON n.id = t.number_id",
    .sort = "-id",
    .parent = &CONTRACTS,
    .parent_field = "contract_id",
};

/* ---- what is told: no more of an agent than a call system needs ---- */

static const struct field TOLD_AGENT[] = {
    FIELD(agent, contract_number),
    FIELD(agent, code),
    FIELD(agent, person_name),
    FIELD_CHOICES(agent, permissions, AGENT_PERMISSIONS),
    FIELD_ENUM(agent, state, AGENT_STATES),
    FIELD(agent, from),
    FIELD(agent, to),
    FIELDS_END,
};
static const struct field TOLD_NUMBER[] = {
    FIELD(number_permission, contract_number),
    FIELD(number_permission, number),
    FIELD_ENUM(number_permission, state, PERMISSION_STATES),
    FIELD(number_permission, from),
    FIELD(number_permission, to),
    FIELDS_END,
};

static const char *payload_of(struct ctx *cx, enum provisioning_change change, const char *what,
                              const struct field *fields, const void *record)
{
    struct text text = text_new(cx->mem, 256);
    struct json_writer json = {.out = &text};
    json_object(&json);
    json_key(&json, "change");
    json_string(&json, choice_name(PROVISIONING_CHANGES, change));
    json_key(&json, what);
    json_record(&json, fields, record);
    json_object_end(&json);
    return text_end(&text);
}

/* As the system reads it: numbers are told in full, whoever executed the letter. */
static enum result get_whole(struct ctx *cx, const struct resource *resource, int64_t id, void *out)
{
    const struct actor *actor = cx->actor;
    cx->actor = &ACTOR_SYSTEM;
    enum result result = record_get(cx, resource, id, out);
    cx->actor = actor;
    return result;
}

static enum provisioning_change change_of(struct ctx *cx, const char *kind, const char *act)
{
    const char *name = arena_printf(cx->mem, "%s_%s", kind, act);
    return choice_find(PROVISIONING_CHANGES, name, strlen(name));
}

static enum result enqueue(struct ctx *cx, struct provisioning *provisioning)
{
    provisioning->state = PROVISIONING_WAITING;
    provisioning->next_at = cx->now;
    return record_add(cx, &PROVISIONINGS, provisioning);
}

enum result provision_agent(struct ctx *cx, int64_t agent_id, const char *act)
{
    struct agent agent;
    TRY(get_whole(cx, &AGENTS, agent_id, &agent));
    struct provisioning provisioning = {
        .contract_id = agent.contract_id,
        .agent_id = agent_id,
        .change = change_of(cx, "agent", act),
    };
    provisioning.payload = payload_of(cx, provisioning.change, "agent", TOLD_AGENT, &agent);
    return enqueue(cx, &provisioning);
}

enum result provision_number(struct ctx *cx, int64_t permission_id, const char *act)
{
    struct number_permission permission;
    TRY(get_whole(cx, &NUMBER_PERMISSIONS, permission_id, &permission));
    struct provisioning provisioning = {
        .contract_id = permission.contract_id,
        .number_id = permission.number_id,
        .change = change_of(cx, "number", act),
    };
    provisioning.payload = payload_of(cx, provisioning.change, "number", TOLD_NUMBER, &permission);
    return enqueue(cx, &provisioning);
}

/* ---- everything at once ---- */

struct telling {
    struct json_writer json;
    const struct field *fields;
};

static enum result tell_one(void *host, const void *record)
{
    struct telling *telling = host;
    json_record(&telling->json, telling->fields, record);
    return OK;
}

static enum result tell_all(struct ctx *cx, struct telling *telling, const char *name,
                            const struct resource *resource, const struct field *fields)
{
    struct list_query query = {.sort = "id"};
    telling->fields = fields;
    (void)list_condition(cx, resource, "state", "active", &query);
    json_key(&telling->json, name);
    json_array(&telling->json);
    TRY(record_each(cx, resource, &query, tell_one, telling));
    json_array_end(&telling->json);
    return OK;
}

enum result provision_snapshot(struct ctx *cx, struct arena *arena, const char **out)
{
    struct text text = text_new(arena, 4096);
    struct telling telling = {.json = {.out = &text}};
    char at[INSTANT_MAX_TEXT];
    instant_format(cx->now, at);
    json_object(&telling.json);
    json_key(&telling.json, "at");
    json_string(&telling.json, at);
    TRY(tell_all(cx, &telling, "agents", &AGENTS, TOLD_AGENT));
    TRY(tell_all(cx, &telling, "numbers", &NUMBER_PERMISSIONS, TOLD_NUMBER));
    json_object_end(&telling.json);
    *out = text_end(&text);
    return OK;
}
