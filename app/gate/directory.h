/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What every call is asked against — contracts, agents, numbers and who may show them — as a copy
 * in memory that nobody changes. A new copy takes its place within a second of a change, in every
 * process; whoever holds the old one finishes with it. */
#ifndef GATE_DIRECTORY_H
#define GATE_DIRECTORY_H

#include "app/agents/agent.h"
#include "jobs/worker.h"

struct known_rule {
    int64_t client_id, contract_id; /* no contract: those of the client without a rule */
    const char *hours_from, *hours_to;
    bool working_days_only, record, consent_required;
    int32_t per_day, per_week, max_s;
    struct date gated_from;
};
struct known_permission {
    int64_t id, number_id, contract_id;
    enum number_permission_state state;
    struct date from, to;
    struct instant updated_at;
};
struct known_contract {
    int64_t id, client_id, provider_id;
    const char *number;
    enum contract_state state;
    struct instant state_at;
    struct date starts_on, ends_on;
    const struct known_rule *rule;              /* its own, or its client's; NULL none */
    const struct known_permission *permissions; /* one behind the other */
    size_t permission_count;
};
struct known_agent {
    int64_t id, contract_id, person_id;
    const char *code;
    struct set permissions;
    enum agent_state state;
    struct date from, to, left_on;
    struct instant updated_at;   /* of one that is disabled: when it was */
    struct instant untrained_at; /* since when the contract requires what was not passed; none */
};
struct known_number {
    int64_t id, owner_id;
    const char *number; /* as number_normalise makes it */
    enum number_state state;
    struct instant updated_at;
};
struct directory;

/* The latest copy; NULL before the first one was made. Any thread; let it go soon. */
const struct directory *directory_hold(void);
void directory_let_go(const struct directory *directory);
/* Was it compared with the store within the last minute? Else nothing is permitted from it. */
bool directory_is_fresh(void);
/* Make a copy of what cx->db shows and put it in place of the former one; the lists of numbers
 * (callee_list.h) follow. */
MUST_USE enum result directory_renew(struct ctx *cx);
/* A worker's turn: renew it when the trail says that something changed. */
MUST_USE enum result directory_turn(struct worker *worker, struct ctx *cx, bool *out_found);
/* At the end of the program: forget the copy, and the lists of numbers beside it. */
void directory_forget(void);

/* Each NULL when there is none. */
const struct known_contract *directory_contract(const struct directory *directory,
                                                const char *number);
/* By its id; looks at one after the other. */
const struct known_contract *directory_contract_at(const struct directory *directory, int64_t id);
const struct known_agent *directory_agent(const struct directory *directory, int64_t contract_id,
                                          const char *code);
const struct known_number *directory_number(const struct directory *directory, const char *normal);
const struct known_permission *directory_permission(const struct directory *directory,
                                                    int64_t number_id, int64_t contract_id);

/* Whose agent a code is when the call system does not say the contract: the one that may call then,
 * of that contract ("": of any), of that provider (0: of any). Two of them are none: NULL. */
const struct known_agent *directory_caller(const struct directory *directory, int64_t provider_id,
                                           const char *contract, const char *code,
                                           struct instant at,
                                           const struct known_contract **out_contract);
/* The contract that is meant: the one that is named, else the one on which that agent may call;
 * "" when there is none, or more than one. */
const char *directory_meant(struct arena *arena, int64_t provider_id, const char *contract,
                            const char *code, struct instant at);
size_t directory_agents(const struct directory *directory);
const struct known_agent *directory_agent_at(const struct directory *directory, size_t i);

/* Is the month of that contract published (C2.4), so that nothing in it changes any more? */
bool directory_is_published(const struct directory *directory, int64_t contract_id,
                            struct month month);

/* A number that may be shown on that contract at that moment, of the client's own before any other
 * (C1.2); the same for the same `seed` as long as the contract's numbers are the same; "" when
 * there is none. */
const char *directory_choose(const struct directory *directory, const char *contract,
                             struct instant at, uint64_t seed);

/* May be called at that moment by the rule (NULL: none)? */
bool directory_is_open(const struct directory *directory, const struct known_rule *rule,
                       struct instant at);

/* What is known of a call, and whether it may be (or could be) made: C1.1, C1.2. */
struct question {
    const char *contract;       /* its number */
    const char *agent;          /* its code; "" none yet */
    const char *caller;         /* as anybody writes it */
    enum agent_permission mode; /* 0: any */
    struct instant at;
};
struct finding {
    enum allowance allowance;
    const struct known_contract *contract;
    const struct known_agent *agent;
    const struct known_number *number;
    const struct known_permission *permission;
};
struct finding directory_judge(const struct directory *directory, const struct question *question);

#endif
