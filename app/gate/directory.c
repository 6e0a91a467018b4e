/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/gate/directory.h"

#include "app/gate/callee_list.h"
#include "app/gate/directory.sql.h"
#include "app/gate/gate_private.h"
#include "base/calendar.h"
#include "base/hash.h"
#include "base/table.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#define MOST 10000000 /* rows of a kind: beyond all reason */

struct known_published {
    int64_t contract_id;
    struct month month;
};
struct directory {
    struct arena *arena;
    _Atomic int holders;
    struct known_contract *contracts;
    struct known_agent *agents;
    struct known_number *numbers;
    struct known_permission *permissions;
    struct known_rule *rules;
    struct known_published *published;
    struct calendar calendar;
    struct table by_contract, by_agent, by_number, by_permission;
    struct table number_by_id;
    size_t contract_count, agent_count, published_count;
    int64_t last_event; /* of the trail, when it was read */
};

static struct {
    pthread_rwlock_t lock;
    struct directory *now;
    _Atomic int64_t checked_at; /* against the store; by boot_ms */
} latest = {.lock = PTHREAD_RWLOCK_INITIALIZER};

/* ---- the one in place ---- */

const struct directory *directory_hold(void)
{
    pthread_rwlock_rdlock(&latest.lock);
    struct directory *directory = latest.now;
    if (directory)
        atomic_fetch_add(&directory->holders, 1);
    pthread_rwlock_unlock(&latest.lock);
    return directory;
}

void directory_let_go(const struct directory *directory)
{
    struct directory *held = (struct directory *)(uintptr_t)directory;
    if (held)
        atomic_fetch_sub(&held->holders, 1);
}

/* Whoever puts a new one in place waits until nobody holds the former: to give back the memory of a
 * hundred thousand agents takes longer than a request may. */
static void put_in_place(struct directory *directory)
{
    const struct timespec pause = {.tv_nsec = 1000000};
    pthread_rwlock_wrlock(&latest.lock);
    struct directory *former = latest.now;
    latest.now = directory;
    pthread_rwlock_unlock(&latest.lock);
    while (former && atomic_load(&former->holders) > 0)
        nanosleep(&pause, NULL);
    if (former)
        arena_free(former->arena);
}

void directory_forget(void)
{
    put_in_place(NULL);
    callee_lists_forget();
}

#define FRESH_MS INT64_C(60000)

bool directory_is_fresh(void)
{
    return boot_ms() - atomic_load(&latest.checked_at) < FRESH_MS;
}

/* ---- keys ---- */

static uint64_t hash_text(const char *text)
{
    return hash_quick(text, strlen(text));
}

static uint64_t hash_agent(int64_t contract_id, const char *code)
{
    return hash_text(code) ^ hash_quick(&contract_id, sizeof contract_id);
}

static uint64_t hash_pair(int64_t number_id, int64_t contract_id)
{
    const int64_t pair[] = {number_id, contract_id};
    return hash_quick(pair, sizeof pair);
}

/* ---- making one ---- */

static const struct field CONTRACT_ROW[] = {
    FIELD(known_contract, id),
    FIELD(known_contract, number),
    FIELD(known_contract, client_id),
    FIELD(known_contract, provider_id),
    FIELD_ENUM(known_contract, state, CONTRACT_STATES),
    FIELD(known_contract, state_at),
    FIELD(known_contract, starts_on),
    FIELD(known_contract, ends_on),
    FIELDS_END,
};
static const struct field AGENT_ROW[] = {
    FIELD(known_agent, id),
    FIELD(known_agent, contract_id),
    FIELD(known_agent, person_id),
    FIELD(known_agent, code),
    FIELD_CHOICES(known_agent, permissions, AGENT_PERMISSIONS),
    FIELD_ENUM(known_agent, state, AGENT_STATES),
    FIELD(known_agent, updated_at),
    FIELD(known_agent, from),
    FIELD(known_agent, to),
    FIELD(known_agent, left_on),
    FIELD(known_agent, untrained_at),
    FIELDS_END,
};
static const struct field NUMBER_ROW[] = {
    FIELD(known_number, id),         FIELD(known_number, owner_id),
    FIELD(known_number, number),     FIELD_ENUM(known_number, state, NUMBER_STATES),
    FIELD(known_number, updated_at), FIELDS_END,
};
static const struct field PERMISSION_ROW[] = {
    FIELD(known_permission, id),          FIELD(known_permission, number_id),
    FIELD(known_permission, contract_id), FIELD_ENUM(known_permission, state, PERMISSION_STATES),
    FIELD(known_permission, updated_at),  FIELD(known_permission, from),
    FIELD(known_permission, to),          FIELDS_END,
};

static const struct field RULE_ROW[] = {
    FIELD(known_rule, client_id),
    FIELD(known_rule, contract_id),
    FIELD(known_rule, hours_from),
    FIELD(known_rule, hours_to),
    FIELD(known_rule, working_days_only),
    FIELD(known_rule, per_day),
    FIELD(known_rule, per_week),
    FIELD(known_rule, max_s),
    FIELD(known_rule, record),
    FIELD(known_rule, consent_required),
    FIELD(known_rule, gated_from),
    FIELDS_END,
};
static const struct field PUBLISHED_ROW[] = {FIELD(known_published, contract_id),
                                             FIELD(known_published, month), FIELDS_END};
static const struct field DAY_ROW[] = {FIELD(calendar_day, date), FIELD(calendar_day, working),
                                       FIELDS_END};

struct counts {
    size_t contracts, agents, numbers, permissions, rules;
};

static uint64_t hash_id(int64_t id)
{
    return hash_quick(&id, sizeof id);
}

/* Every contract gets its own rule, else the one that its client has for all. */
static void put_rules(struct directory *made, const struct counts *counts)
{
    struct table of = table_new(made->arena, counts->rules);
    for (uint32_t i = 0; i < counts->rules; i++)
        table_add(&of, hash_pair(made->rules[i].client_id, made->rules[i].contract_id), i);
    for (size_t i = 0; i < counts->contracts; i++) {
        struct known_contract *contract = &made->contracts[i];
        const int64_t whose[] = {contract->id, 0};
        uint32_t at;
        for (int k = 0; !contract->rule && k < 2; k++)
            for (struct seek seek = table_seek(&of, hash_pair(contract->client_id, whose[k]));
                 table_next(&seek, &at);)
                if (made->rules[at].client_id == contract->client_id &&
                    made->rules[at].contract_id == whose[k])
                    contract->rule = &made->rules[at];
    }
}

/* Both are sorted by the contract. */
static void put_permissions(struct directory *made, const struct counts *counts)
{
    size_t at = 0;
    for (size_t i = 0; i < counts->contracts; i++) {
        struct known_contract *contract = &made->contracts[i];
        while (at < counts->permissions && made->permissions[at].contract_id < contract->id)
            at++;
        contract->permissions = made->permissions + at;
        while (at < counts->permissions && made->permissions[at].contract_id == contract->id)
            at++;
        contract->permission_count = (size_t)(made->permissions + at - contract->permissions);
    }
}

static void put_tables(struct directory *made, const struct counts *counts)
{
    struct arena *arena = made->arena;
    made->by_contract = table_new(arena, counts->contracts);
    for (uint32_t i = 0; i < counts->contracts; i++)
        table_add(&made->by_contract, hash_text(made->contracts[i].number), i);
    made->by_agent = table_new(arena, counts->agents);
    for (uint32_t i = 0; i < counts->agents; i++)
        table_add(&made->by_agent, hash_agent(made->agents[i].contract_id, made->agents[i].code),
                  i);
    made->by_number = table_new(arena, counts->numbers);
    for (uint32_t i = 0; i < counts->numbers; i++)
        table_add(&made->by_number, hash_text(made->numbers[i].number), i);
    made->number_by_id = table_new(arena, counts->numbers);
    for (uint32_t i = 0; i < counts->numbers; i++)
        table_add(&made->number_by_id, hash_id(made->numbers[i].id), i);
    made->by_permission = table_new(arena, counts->permissions);
    for (uint32_t i = 0; i < counts->permissions; i++) {
        const struct known_permission *one = &made->permissions[i];
        table_add(&made->by_permission, hash_pair(one->number_id, one->contract_id), i);
    }
}

static enum result read_rows(struct ctx *cx, struct directory *made, struct counts *counts)
{
    const struct params most = PARAMS(param_number(MOST));
    TRY(db_list(cx, &q_directory_contracts, most, CONTRACT_ROW, sizeof *made->contracts, MOST,
                &made->contracts, &counts->contracts));
    TRY(db_list(cx, &q_directory_agents, most, AGENT_ROW, sizeof *made->agents, MOST, &made->agents,
                &counts->agents));
    TRY(db_list(cx, &q_directory_numbers, most, NUMBER_ROW, sizeof *made->numbers, MOST,
                &made->numbers, &counts->numbers));
    TRY(db_list(cx, &q_directory_permissions, most, PERMISSION_ROW, sizeof *made->permissions, MOST,
                &made->permissions, &counts->permissions));
    TRY(db_list(cx, &q_directory_published, most, PUBLISHED_ROW, sizeof *made->published, MOST,
                &made->published, &made->published_count));
    return db_list(cx, &q_directory_rules, most, RULE_ROW, sizeof *made->rules, MOST, &made->rules,
                   &counts->rules);
}

static enum result read_calendar(struct ctx *cx, struct directory *made)
{
    struct calendar_day *days;
    size_t count;
    TRY(db_list(cx, &q_directory_days, PARAMS(param_number(MOST)), DAY_ROW, sizeof *days, MOST,
                &days, &count));
    made->calendar = calendar_with(made->arena, calendar_china(made->arena), days, count);
    return OK;
}

/* One moment's view of the store: the trail's last entry and the rows belong together. */
static enum result read_all(struct ctx *cx, void *host)
{
    struct directory *made = host;
    struct counts counts;
    TRY(db_int(cx, &q_directory_last, NO_PARAMS, &made->last_event));
    TRY(read_rows(cx, made, &counts));
    TRY(read_calendar(cx, made));
    put_tables(made, &counts);
    put_permissions(made, &counts);
    made->contract_count = counts.contracts;
    made->agent_count = counts.agents;
    put_rules(made, &counts);
    return OK;
}

/* What the store said at that moment is what is in place. */
static enum result checked(struct ctx *cx, int64_t began)
{
    TRY(callee_lists_renew(cx));
    atomic_store(&latest.checked_at, began);
    return OK;
}

enum result directory_renew(struct ctx *cx)
{
    const int64_t began = boot_ms();
    struct arena *arena = arena_new(), *before = cx->mem;
    struct directory *made = ARENA_NEW(arena, struct directory);
    made->arena = arena;
    cx->mem = arena;
    enum result result = db_snapshot(cx, read_all, made);
    cx->mem = before;
    if (result != OK) {
        arena_free(arena);
        return result;
    }
    put_in_place(made);
    return checked(cx, began);
}

enum result directory_turn(struct worker *worker, struct ctx *cx, bool *out_found)
{
    const int64_t began = boot_ms();
    int64_t changed;
    (void)worker;
    const int64_t last_event =
        latest.now ? latest.now->last_event : 0; /* put there by this thread */
    TRY(db_int(cx, &q_directory_changed, PARAMS(param_number(last_event)), &changed));
    *out_found = changed > 0;
    return changed > 0 || !latest.now ? directory_renew(cx) : checked(cx, began);
}

/* ---- asking ---- */

const struct known_contract *directory_contract(const struct directory *directory,
                                                const char *number)
{
    uint32_t i;
    for (struct seek seek = table_seek(&directory->by_contract, hash_text(number));
         table_next(&seek, &i);)
        if (strcmp(directory->contracts[i].number, number) == 0)
            return &directory->contracts[i];
    return NULL;
}

const struct known_contract *directory_contract_at(const struct directory *directory, int64_t id)
{
    for (size_t i = 0; i < directory->contract_count; i++)
        if (directory->contracts[i].id == id)
            return &directory->contracts[i];
    return NULL;
}

const struct known_agent *directory_agent(const struct directory *directory, int64_t contract_id,
                                          const char *code)
{
    uint32_t i;
    for (struct seek seek = table_seek(&directory->by_agent, hash_agent(contract_id, code));
         table_next(&seek, &i);)
        if (directory->agents[i].contract_id == contract_id &&
            strcmp(directory->agents[i].code, code) == 0)
            return &directory->agents[i];
    return NULL;
}

const struct known_number *directory_number(const struct directory *directory, const char *normal)
{
    uint32_t i;
    for (struct seek seek = table_seek(&directory->by_number, hash_text(normal));
         table_next(&seek, &i);)
        if (strcmp(directory->numbers[i].number, normal) == 0)
            return &directory->numbers[i];
    return NULL;
}

const struct known_permission *directory_permission(const struct directory *directory,
                                                    int64_t number_id, int64_t contract_id)
{
    uint32_t i;
    for (struct seek seek =
             table_seek(&directory->by_permission, hash_pair(number_id, contract_id));
         table_next(&seek, &i);)
        if (directory->permissions[i].number_id == number_id &&
            directory->permissions[i].contract_id == contract_id)
            return &directory->permissions[i];
    return NULL;
}

/* ---- judging ---- */

static bool within(struct date from, struct date to, struct date day)
{
    return from.days <= day.days && (!to.days || day.days <= to.days);
}

/* What was closed later than the call does not speak against it. */
static bool closed_by(bool is_closed, struct instant since, struct instant at)
{
    return is_closed && at.ms >= since.ms;
}

static bool is_in_force(const struct known_contract *contract, struct instant at)
{
    return !closed_by(contract->state != CONTRACT_ACTIVE, contract->state_at, at) &&
           within(contract->starts_on, contract->ends_on, instant_date(at, SHANGHAI_OFFSET_MIN));
}

static enum allowance judge_agent(const struct known_agent *agent, const struct question *question,
                                  struct date day)
{
    if (!agent)
        return REFUSED_AGENT_UNKNOWN;
    if (closed_by(agent->state != AGENT_ACTIVE, agent->updated_at, question->at) ||
        !within(agent->from, agent->to, day) ||
        (agent->left_on.days && agent->left_on.days < day.days))
        return REFUSED_AGENT_DISABLED;
    if (closed_by(agent->untrained_at.ms > 0, agent->untrained_at, question->at))
        return REFUSED_UNTRAINED;
    if (question->mode && !(agent->permissions.bits >> (question->mode - 1) & 1))
        return REFUSED_MODE;
    return ALLOWED;
}

static enum allowance judge_number(const struct finding *found, const struct question *question,
                                   struct date day)
{
    const struct known_permission *permission = found->permission;
    if (!found->number)
        return REFUSED_NUMBER_UNKNOWN;
    if (closed_by(found->number->state != NUMBER_ACTIVE, found->number->updated_at, question->at))
        return REFUSED_NUMBER_SUSPENDED;
    if (!permission ||
        closed_by(permission->state != PERMISSION_ACTIVE, permission->updated_at, question->at) ||
        !within(permission->from, permission->to, day))
        return REFUSED_NUMBER_NOT_PERMITTED;
    return ALLOWED;
}

struct finding directory_judge(const struct directory *directory, const struct question *question)
{
    const struct date day = instant_date(question->at, SHANGHAI_OFFSET_MIN);
    struct finding found = {.contract = directory_contract(directory, question->contract)};
    char normal[NUMBER_TEXT];
    if (number_normalise(question->caller, normal))
        found.number = directory_number(directory, normal);
    found.allowance = REFUSED_CONTRACT_UNKNOWN;
    if (!found.contract)
        return found;
    found.allowance = REFUSED_CONTRACT;
    if (*question->agent)
        found.agent = directory_agent(directory, found.contract->id, question->agent);
    if (found.number)
        found.permission = directory_permission(directory, found.number->id, found.contract->id);
    if (!is_in_force(found.contract, question->at))
        return found;
    found.allowance = *question->agent ? judge_agent(found.agent, question, day) : ALLOWED;
    if (found.allowance == ALLOWED)
        found.allowance = judge_number(&found, question, day);
    return found;
}

/* ---- agents without their contract ---- */

const struct known_agent *directory_caller(const struct directory *directory, int64_t provider_id,
                                           const char *contract, const char *code,
                                           struct instant at,
                                           const struct known_contract **out_contract)
{
    const struct date day = instant_date(at, SHANGHAI_OFFSET_MIN);
    const struct known_agent *found = NULL;
    for (size_t i = 0; i < directory->contract_count; i++) {
        const struct known_contract *one = &directory->contracts[i];
        if ((*contract && strcmp(one->number, contract) != 0) ||
            (provider_id && one->provider_id != provider_id) || one->state != CONTRACT_ACTIVE ||
            !is_in_force(one, at))
            continue;
        const struct known_agent *agent = directory_agent(directory, one->id, code);
        if (judge_agent(agent, &(struct question){.at = at}, day) != ALLOWED)
            continue;
        if (found)
            return NULL;
        found = agent;
        *out_contract = one;
    }
    return found;
}

const char *directory_meant(struct arena *arena, int64_t provider_id, const char *contract,
                            const char *code, struct instant at)
{
    const struct known_contract *known;
    const struct directory *directory = *contract ? NULL : directory_hold();
    const char *number = contract;
    if (directory && directory_caller(directory, provider_id, "", code, at, &known))
        number = arena_dup(arena, known->number);
    directory_let_go(directory);
    return number;
}

size_t directory_agents(const struct directory *directory)
{
    return directory->agent_count;
}

const struct known_agent *directory_agent_at(const struct directory *directory, size_t i)
{
    return &directory->agents[i];
}

/* ---- the hours ---- */

static int minute_of(const char *time) /* "HH:MM", which its field made sure of */
{
    return (time[0] * 10 + time[1]) * 60 + time[3] * 10 + time[4] - '0' * (660 + 11);
}

bool directory_is_open(const struct directory *directory, const struct known_rule *rule,
                       struct instant at)
{
    const struct date day = instant_date(at, SHANGHAI_OFFSET_MIN);
    const int64_t minute = (at.ms - instant_of(day, 0, SHANGHAI_OFFSET_MIN).ms) / 60000;
    if (!rule)
        return true;
    if (rule->working_days_only && !calendar_is_working(&directory->calendar, day))
        return false;
    return minute >= minute_of(rule->hours_from) && minute < minute_of(rule->hours_to);
}

bool directory_is_published(const struct directory *directory, int64_t contract_id,
                            struct month month)
{
    for (size_t i = 0; i < directory->published_count; i++)
        if (directory->published[i].contract_id == contract_id &&
            directory->published[i].month.months == month.months)
            return true;
    return false;
}

/* ---- choosing a number ---- */

static const struct known_number *number_of(const struct directory *directory, int64_t id)
{
    uint32_t i;
    for (struct seek seek = table_seek(&directory->number_by_id, hash_id(id));
         table_next(&seek, &i);)
        if (directory->numbers[i].id == id)
            return &directory->numbers[i];
    return NULL;
}

const char *directory_choose(const struct directory *directory, const char *contract_number,
                             struct instant at, uint64_t seed)
{
    const struct known_contract *contract = directory_contract(directory, contract_number);
    const struct date day = instant_date(at, SHANGHAI_OFFSET_MIN);
    const size_t count = contract ? contract->permission_count : 0;
    const char *others = "";
    for (size_t i = 0; i < count; i++) {
        const struct known_permission *permission = &contract->permissions[(seed + i) % count];
        const struct finding found = {.number = number_of(directory, permission->number_id),
                                      .permission = permission};
        if (judge_number(&found, &(struct question){.at = at}, day) != ALLOWED)
            continue;
        if (found.number->owner_id == contract->client_id)
            return found.number->number;
        if (!*others)
            others = found.number->number;
    }
    return others;
}
