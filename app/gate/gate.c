/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/gate/gate.h"

#include "app/gate/callee_list.h"
#include "app/gate/gate.sql.h"
#include "app/gate/gate_private.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

const char *const GATE_MODES[] = {"manual", "preview", "predictive", NULL};

#define LATENCIES 1024
#define TALLIES_MOST 512 /* the last one is of all further contracts, and shown to the company */

struct tally {
    int64_t contract_id, provider_id;
    int64_t second[64], asked[64], allowed[64];
    int64_t reasons[32];
};

struct gate_host gate_host;

static struct {
    pthread_mutex_t lock; /* of all that follows, and of what is decided first */
    struct memory *memory;
    struct frequency *frequency;
    int64_t last_id;
    struct { /* for the page; by contract, or provider where it is on none */
        struct arena *arena;
        struct tally *at[TALLIES_MOST];
        size_t count;
        int32_t latency_us[LATENCIES];
        size_t latency_count;
    } seen;
} gate = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* ---- what is asked ---- */

static void check_text(struct ctx *cx, const char *field, const char *text, size_t most,
                       bool required)
{
    if (required && !*text)
        reject(cx, field, "required");
    else if (strlen(text) > most)
        reject(cx, field, "too_long");
    else if (!utf8_valid(text, strlen(text)))
        reject(cx, field, "malformed"); /* no store would take it */
    else
        for (; *text; text++)
            if ((unsigned char)*text < ' ')
                reject(cx, field, "malformed");
}

static enum result check_ask(struct ctx *cx, const struct gate_ask *ask)
{
    check_text(cx, "node", ask->node, NODE_MOST, true);
    check_text(cx, "call_id", ask->call_id, CALL_ID_MOST, true);
    check_text(cx, "contract", ask->contract, NODE_MOST, false);
    check_text(cx, "agent", ask->agent, NODE_MOST, false);
    check_text(cx, "caller", ask->caller, NODE_MOST, false);
    check_text(cx, "callee", ask->callee, NODE_MOST, false);
    return rejected(cx);
}

/* ---- judging ---- */

/* Whom, and when: what the contract's rule says, and those who do not want to be called. How often
 * is seen when it is decided (keep). */
static enum allowance judge_callee(const struct directory *directory, const char *callee,
                                   const struct known_contract *contract, struct recent *recent)
{
    const struct known_rule *rule = contract->rule;
    if (!number_valid(callee)) /* a number in a spelling of its own would be on no list */
        return REFUSED_CALLEE;
    if (rule) {
        recent->max_s = rule->max_s;
        recent->is_recorded = rule->record;
        recent->per_day = rule->per_day;
        recent->per_week = rule->per_week;
    }
    if (callee_listed(LIST_DO_NOT_CALL, recent->callee_key, contract->client_id, contract->id,
                      recent->at))
        return REFUSED_DO_NOT_CALL;
    if (rule && rule->consent_required &&
        !callee_listed(LIST_CONSENTS, recent->callee_key, contract->client_id, contract->id,
                       recent->at))
        return REFUSED_CONSENT;
    return directory_is_open(directory, rule, recent->at) ? ALLOWED : REFUSED_HOURS;
}

static enum allowance judge(const struct directory *directory, const struct gate_ask *ask,
                            struct recent *recent)
{
    static const enum agent_permission MODES[] = {
        [GATE_MANUAL] = MAY_DIAL, [GATE_PREVIEW] = MAY_PREVIEW, [GATE_PREDICTIVE] = MAY_PREDICT};
    const bool chooses = !*ask->caller;
    const struct question question = {
        .contract = ask->contract,
        .agent = ask->agent,
        .caller = chooses ? directory_choose(directory, ask->contract, recent->at,
                                             (uint64_t)recent->callee_key)
                          : ask->caller,
        .mode = MODES[recent->mode],
        .at = recent->at,
    };
    struct finding found = directory_judge(directory, &question);
    if (found.contract && ask->asker && found.contract->provider_id != ask->asker)
        found = (struct finding){.allowance =
                                     REFUSED_CONTRACT_UNKNOWN}; /* to others it does not exist */
    recent->contract_id = found.contract ? found.contract->id : 0;
    recent->provider_id = found.contract ? found.contract->provider_id : ask->asker;
    recent->agent_id = found.agent ? found.agent->id : 0;
    recent->number_id = found.number ? found.number->id : 0;
    if (found.allowance != ALLOWED)
        return found.allowance;
    assert(found.contract && found.number); /* else it had not been allowed */
    if (!*ask->agent && recent->mode != GATE_PREDICTIVE)
        return REFUSED_AGENT_UNKNOWN;
    memcpy(recent->caller, found.number->number, strlen(found.number->number) + 1);
    return judge_callee(directory, ask->callee, found.contract, recent);
}

static void answer_from(const struct recent *recent, struct gate_answer *out)
{
    *out = (struct gate_answer){.allow = recent->reason == ALLOWED,
                                .reason = recent->reason,
                                .gate_id = recent->gate_id,
                                .max_s = recent->reason == ALLOWED ? recent->max_s : 0,
                                .record = recent->reason == ALLOWED && recent->is_recorded};
    if (out->allow)
        memcpy(out->caller, recent->caller, sizeof out->caller);
}

/* ---- keeping ---- */

/* Milliseconds since 2020, five bits for the process, eight for those of one millisecond. */
static int64_t next_id(struct instant now, int place)
{
    const int64_t slot = (int64_t)place << 8;
    const int64_t first = call_id_at(now) | slot;
    if (first > gate.last_id)
        gate.last_id = first;
    else if ((gate.last_id & 0xff) < 0xff)
        gate.last_id++;
    else
        gate.last_id = (((gate.last_id >> CALL_SLOT_BITS) + 1) << CALL_SLOT_BITS) | slot;
    return gate.last_id;
}

static struct journal_entry entry_of(const struct recent *recent, const struct gate_ask *ask)
{
    return (struct journal_entry){
        .kind = JOURNAL_DECISION,
        .gate_id = recent->gate_id,
        .at = recent->at,
        .contract_id = recent->contract_id,
        .agent_id = recent->agent_id,
        .number_id = recent->number_id,
        .provider_id = recent->provider_id,
        .callee_key = recent->callee_key,
        .callee_code = recent->callee_code,
        .mode = recent->mode,
        .reason = recent->reason,
        .max_s = recent->max_s,
        .is_recorded = recent->is_recorded,
        .node = ask->node,
        .call_id = ask->call_id,
        .contract = ask->contract,
        .agent = ask->agent,
        .caller = ask->caller,
    };
}

static int64_t clock_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static struct tally *tally_of(const struct recent *recent)
{
    const int64_t provider_id = recent->contract_id ? 0 : recent->provider_id;
    size_t i = 0;
    while (i < gate.seen.count && (gate.seen.at[i]->contract_id != recent->contract_id ||
                                   gate.seen.at[i]->provider_id != provider_id))
        i++;
    if (i == TALLIES_MOST)
        return gate.seen.at[TALLIES_MOST - 1];
    if (i == gate.seen.count) {
        const bool is_last = i == TALLIES_MOST - 1;
        struct tally *made = ARENA_NEW(gate.seen.arena, struct tally);
        made->contract_id = is_last ? 0 : recent->contract_id;
        made->provider_id = is_last ? 0 : provider_id;
        gate.seen.at[gate.seen.count++] = made;
    }
    return gate.seen.at[i];
}

static void tallies_forget(void)
{
    if (gate.seen.arena)
        arena_free(gate.seen.arena);
    memset(&gate.seen, 0, sizeof gate.seen);
}

static void count(const struct recent *recent, int64_t began_us)
{
    const int64_t second = recent->at.ms / 1000;
    const size_t place = (size_t)(second & 63);
    struct tally *tally = tally_of(recent);
    if (tally->second[place] != second) {
        tally->second[place] = second;
        tally->asked[place] = tally->allowed[place] = 0;
    }
    tally->asked[place]++;
    tally->allowed[place] += recent->reason == ALLOWED;
    tally->reasons[recent->reason & 31]++;
    gate.seen.latency_us[gate.seen.latency_count++ % LATENCIES] = (int32_t)(clock_us() - began_us);
}

/* Two that ask for the same number at once are told apart here. */
static void judge_frequency(struct recent *recent)
{
    const struct date day = instant_date(recent->at, SHANGHAI_OFFSET_MIN);
    if (recent->reason == ALLOWED && !frequency_permits(gate.frequency, recent->callee_key, day,
                                                        recent->per_day, recent->per_week))
        recent->reason = REFUSED_FREQUENCY;
}

static void count_callee(const struct recent *recent)
{
    if (recent->reason == ALLOWED)
        frequency_count(gate.frequency, recent->callee_key,
                        instant_date(recent->at, SHANGHAI_OFFSET_MIN));
}

/* The first to decide about a call decides, for as long as the question is the same; in the journal
 * before anybody can hear of it. */
static bool keep(const struct gate_ask *ask, struct recent *recent, int place, int64_t began_us,
                 struct gate_answer *out)
{
    bool kept = true;
    pthread_mutex_lock(&gate.lock);
    struct recent *there = memory_repeated(gate.memory, recent, !*ask->caller, ask->asker);
    if (!there) {
        recent->gate_id = next_id(recent->at, place);
        judge_frequency(recent);
        const struct journal_entry entry = entry_of(recent, ask);
        kept = journal_add(gate_host.journal, &entry);
        if (kept) {
            there = memory_add(gate.memory, recent);
            count_callee(recent);
        }
        count(recent, began_us);
    }
    if (kept)
        answer_from(there, out);
    pthread_mutex_unlock(&gate.lock);
    return kept;
}

/* What may be decided from; NULL: nothing may. To be let go. */
static const struct directory *hold_to_decide(int place)
{
    return place >= 0 && callee_lists_ready() && directory_is_fresh() ? directory_hold() : NULL;
}

enum result gate_decide(struct ctx *cx, const struct gate_ask *ask, struct gate_answer *out)
{
    const int64_t began_us = clock_us();
    TRY(check_ask(cx, ask));
    struct recent recent = {.at = cx->now,
                            .mode = ask->mode ? ask->mode : GATE_MANUAL,
                            .max_s = USUAL_MAX_S,
                            .is_recorded = true};
    const int place = process_place();
    const struct directory *directory = hold_to_decide(place);
    if (!directory)
        return fail(cx, BUSY, "server.busy");
    if (!callee_seal(cx->keys, ask->callee, &recent.callee_key, &recent.callee_code))
        recent.callee_key = recent.callee_code = 0;
    recent.key = call_key(ask->node, ask->call_id, recent.callee_key);
    memory_expect(gate.memory, recent.key);
    frequency_expect(gate.frequency, recent.callee_key);
    memcpy(recent.contract, ask->contract, strlen(ask->contract) + 1);
    recent.reason = judge(directory, ask, &recent);
    directory_let_go(directory);
    if (!keep(ask, &recent, place, began_us, out) || !journal_settle(gate_host.journal))
        return fail(cx, BROKEN, "gate.journal", "");
    return OK;
}

/* ---- afterwards ---- */

static bool recall(int64_t gate_id, struct instant now, struct recent *out, bool *out_open)
{
    pthread_mutex_lock(&gate.lock);
    const struct recent *there = gate.memory ? memory_by_gate(gate.memory, gate_id) : NULL;
    if (there) {
        *out = *there;
        *out_open = memory_is_open(gate.memory, there, now);
    }
    pthread_mutex_unlock(&gate.lock);
    return there != NULL;
}

/* Of several the last one that may take the call has it. */
static bool keep_bind(struct journal_entry *entry, int place)
{
    pthread_mutex_lock(&gate.lock);
    entry->bind_id = next_id(entry->at, place);
    const bool kept = journal_add(gate_host.journal, entry);
    struct recent *there = memory_by_gate(gate.memory, entry->gate_id);
    if (kept && there && entry->reason == ALLOWED)
        there->bound_id = entry->agent_id;
    pthread_mutex_unlock(&gate.lock);
    return kept;
}

enum result gate_bind(struct ctx *cx, int64_t asker, int64_t gate_id, const char *agent,
                      enum allowance *out_reason)
{
    struct recent recent;
    bool is_open;
    check_text(cx, "agent", agent, NODE_MOST, true);
    TRY(rejected(cx));
    if (!recall(gate_id, cx->now, &recent, &is_open) || !recent_is_for(&recent, asker))
        return fail(cx, NOT_FOUND, "gate.unknown");
    if (recent.reason == ALLOWED && !is_open)
        return fail(cx, CONFLICT, "gate.over");
    const int place = process_place();
    const struct directory *directory = hold_to_decide(place);
    if (!directory)
        return fail(cx, BUSY, "server.busy");
    const struct finding found =
        directory_judge(directory, &(struct question){.contract = recent.contract,
                                                      .agent = agent,
                                                      .caller = recent.caller,
                                                      .mode = MAY_PREDICT,
                                                      .at = cx->now});
    struct journal_entry entry = {
        .kind = JOURNAL_BIND,
        .gate_id = gate_id,
        .at = cx->now,
        .contract_id = recent.contract_id,
        .provider_id = recent.provider_id,
        .agent_id = found.agent ? found.agent->id : 0,
        .reason = recent.reason != ALLOWED         ? recent.reason
                  : recent.mode != GATE_PREDICTIVE ? REFUSED_MODE
                                                   : found.allowance,
        .node = "",
        .call_id = "",
        .contract = recent.contract,
        .agent = agent,
        .caller = recent.caller,
    };
    directory_let_go(directory);
    if (!keep_bind(&entry, place) || !journal_settle(gate_host.journal))
        return fail(cx, BROKEN, "gate.journal", "");
    *out_reason = entry.reason;
    return OK;
}

enum result gate_recall(struct ctx *cx, int64_t gate_id, struct gate_known *out)
{
    struct recent recent;
    bool is_open;
    if (!recall(gate_id, cx->now, &recent, &is_open))
        return decision_read(cx, gate_id, out);
    *out = (struct gate_known){.contract_id = recent.contract_id,
                               .agent_id = recent_agent(&recent),
                               .number_id = recent.number_id,
                               .callee_key = recent.callee_key,
                               .reason = recent.reason,
                               .max_s = recent.max_s};
    return OK;
}

enum result gate_recall_agent(struct ctx *cx, int64_t gate_id, int64_t *out_agent_id)
{
    struct gate_known known = {0};
    const enum result there = decision_read(cx, gate_id, &known);
    *out_agent_id = there == OK ? known.agent_id : 0;
    return there == NOT_FOUND ? OK : there;
}

static bool close_one(int64_t gate_id, int64_t asker)
{
    pthread_mutex_lock(&gate.lock);
    struct recent *there = gate.memory ? memory_by_gate(gate.memory, gate_id) : NULL;
    const bool is_there = there && recent_is_for(there, asker);
    if (is_there)
        memory_close(gate.memory, there);
    pthread_mutex_unlock(&gate.lock);
    return is_there;
}

enum result gate_release(struct ctx *cx, int64_t asker, int64_t gate_id)
{
    return close_one(gate_id, asker) ? OK : fail(cx, NOT_FOUND, "gate.unknown");
}

void gate_closed(int64_t gate_id)
{
    (void)close_one(gate_id, 0);
}

/* ---- the page's figures ---- */

static int by_size(const void *a, const void *b)
{
    return *(const int32_t *)a - *(const int32_t *)b;
}

enum result outbound_contracts(struct ctx *cx, int64_t **out_ids, size_t *out_count)
{
    struct list_query query = {.limit = LIST_MOST, .sort = "id"};
    struct list list;
    *out_ids = NULL;
    *out_count = 0;
    (void)list_condition(cx, &CONTRACTS, "service", "outbound_call", &query);
    do {
        TRY(record_list(cx, &CONTRACTS, &query, &list));
        const struct contract *contracts = list.rows;
        int64_t *ids = ARENA_ARRAY(cx->mem, int64_t, *out_count + list.count + 1);
        if (*out_count)
            memcpy(ids, *out_ids, *out_count * sizeof *ids);
        for (size_t i = 0; i < list.count; i++)
            ids[(*out_count)++] = contracts[i].id;
        *out_ids = ids;
        query.after = list.next;
    } while (list.next);
    return OK;
}

enum result gate_view_of(struct ctx *cx, const struct gate_view **out)
{
    const struct actor *actor = cx->actor;
    struct gate_view *view = ARENA_NEW(cx->mem, struct gate_view);
    int64_t *ids;
    *out = NULL;
    if (actor->side == SIDE_CLIENT && actor->sees_company)
        return OK;
    TRY(outbound_contracts(cx, &ids, &view->count));
    view->contract_ids = ids;
    view->provider_id = actor->side == SIDE_PROVIDER ? actor->organisation_id : 0;
    *out = view;
    return OK;
}

static void tally_add(const struct tally *tally, struct instant now, struct gate_live *out)
{
    for (int i = 0; i < 60; i++) {
        const int64_t second = now.ms / 1000 - 60 + i;
        const size_t place = (size_t)(second & 63);
        if (tally->second[place] != second)
            continue;
        out->asked[i] += (int32_t)tally->asked[place];
        out->refused[i] += (int32_t)(tally->asked[place] - tally->allowed[place]);
        out->minute += (int32_t)tally->asked[place];
        out->allowed += (int32_t)tally->allowed[place];
    }
    for (int i = 0; i < 32; i++)
        out->reasons[i] += (int32_t)tally->reasons[i];
}

void gate_live(struct instant now, const struct gate_view *view, struct gate_live *out)
{
    int32_t latencies[LATENCIES];
    *out = (struct gate_live){0};
    pthread_mutex_lock(&gate.lock);
    for (size_t i = 0; i < gate.seen.count; i++)
        if (view_has(view, gate.seen.at[i]->contract_id, gate.seen.at[i]->provider_id))
            tally_add(gate.seen.at[i], now, out);
    const size_t measured =
        gate.seen.latency_count < LATENCIES ? gate.seen.latency_count : LATENCIES;
    memcpy(latencies, gate.seen.latency_us, measured * sizeof *latencies);
    out->open =
        gate.memory ? memory_open(gate.memory, now, view, out->longest, OPEN_CALLS_SHOWN) : 0;
    pthread_mutex_unlock(&gate.lock);
    out->measured = (int32_t)measured;
    if (!measured)
        return;
    qsort(latencies, measured, sizeof *latencies, by_size);
    out->p50_us = latencies[measured / 2];
    out->p99_us = latencies[measured * 99 / 100];
}

static const struct field NAMED_FIELDS[] = {
    FIELD(open_call, contract_name),
    FIELD(open_call, agent_code),
    FIELD(open_call, person_name),
    FIELD(open_call, caller),
    FIELDS_END,
};

enum result open_call_name(struct ctx *cx, struct open_call *call)
{
    const char *callee = callee_open(cx->mem, cx->keys, call->callee_key, call->callee_code);
    call->seconds = (int32_t)((cx->now.ms - call->since.ms) / 1000);
    call->lasts = seconds_words(cx->mem, call->seconds);
    call->callee = secret_mask(cx->mem, callee_dialled(cx->mem, callee));
    TRY(db_one(cx, &q_open_call,
               PARAMS(P(call->contract_id), P(call->agent_id), P(call->number_id)), NAMED_FIELDS,
               call));
    number_mask(cx, &call->caller);
    return OK;
}

/* ---- what was decided elsewhere, or before ---- */

static void remember(void *host, const struct recent *recent, bool is_closed)
{
    (void)host;
    const struct recent *there = memory_add(gate.memory, recent);
    if (is_closed)
        memory_close(gate.memory, there);
}

/* Of another process: it counts from now on here, too. */
static void take_up(void *host, const struct recent *recent, bool is_closed)
{
    pthread_mutex_lock(&gate.lock);
    if (!memory_by_gate(gate.memory, recent->gate_id)) {
        remember(host, recent, is_closed);
        count_callee(recent);
    }
    pthread_mutex_unlock(&gate.lock);
}

enum result gate_follow(struct ctx *cx)
{
    bool is_alone;
    TRY(process_is_alone(cx, &is_alone));
    return is_alone ? OK : decisions_follow(cx, process_place(), take_up, NULL);
}

/* ---- opening and closing ---- */

enum result gate_open(struct ctx *cx, const struct gate_options *options)
{
    gate_host.store = options->store;
    gate_host.months = options->months;
    TRY(process_enter(cx));
    TRY(journal_open(cx, options->folder, options->sync_before, &gate_host.journal));
    gate.memory = memory_new();
    gate.frequency = frequency_new();
    gate.last_id = 0;
    tallies_forget();
    gate.seen.arena = arena_new();
    TRY(gate_fold(cx));
    TRY(decisions_load(cx, remember, NULL));
    return frequency_load(cx, gate.frequency);
}

void gate_close(struct ctx *cx)
{
    if (!gate_host.journal)
        return;
    journal_close(gate_host.journal);
    process_leave(cx);
    tallies_forget();
    memory_free(gate.memory);
    frequency_free(gate.frequency);
    gate_host.journal = NULL;
    gate.memory = NULL;
}
