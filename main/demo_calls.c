/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "main/demo_calls.h"

#include "app/calls/agent_state.h"
#include "app/gate/call_rule.h"
#include "app/gate/gate.h"
#include "base/hash.h"
#include "main/demo_deeds.h"
#include "main/demo_story.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define BATCH 5000
#define GATE_DAYS 5 /* whose calls the gate was asked for: a working day is among them */
#define ASTRAY "0571-5610 8899"
#define DAYS 74
#define STATE_DAYS_FEW 2 /* with agents' states, where the demo makes few calls */
#define STATES_OF_CALL 3 /* talking, wrapping up, idle again */
#define STATES_OF_DAY 8  /* beside those of calls */

struct calling {
    struct world *world;
    const struct directory *directory;
    const char *contract;
    int64_t provider_id; /* who reports them */
    struct list agents;
    struct call_line *lines;
    size_t count;
    struct state_line *states; /* of one agent's day */
    size_t state_count;
    uint64_t luck; /* the same in every demo world */
};

/* A number below `most`, by chance that can be told again. */
static int chance(struct calling *calling, int most)
{
    calling->luck = hash_stable(calling->luck, "luck", 4);
    return (int)((calling->luck >> 20) % (uint64_t)most);
}

static enum result hand_in(struct calling *calling)
{
    struct call_receipt receipt;
    TRY(calls_take(&calling->world->cx, calling->lines, calling->count, calling->provider_id,
                   &receipt));
    calling->count = 0;
    return OK;
}

/* How a call ends, in a hundred: by the skill of the agent and the hour of the day. */
static enum call_result outcome(struct calling *calling, int skill, int hour)
{
    static const struct {
        int below;
        enum call_result result;
    } OUTCOMES[] = {{9, CALL_SUCCESS}, {42, CALL_CONTACTED}, {76, CALL_NO_ANSWER},
                    {88, CALL_BUSY},   {97, CALL_FAILED},    {INT_MAX, CALL_REFUSED}};
    const int lucky = chance(calling, 100) - (hour >= 10 && hour < 12 ? 6 : 0) - skill;
    size_t i = 0;
    while (lucky >= OUTCOMES[i].below)
        i++;
    return OUTCOMES[i].result;
}

static struct call_line call_of(struct calling *calling, const struct agent *agent, struct date day,
                                int minute)
{
    struct arena *arena = calling->world->cx.mem;
    struct instant start = instant_of(day, minute, SHANGHAI_OFFSET_MIN);
    const int skill = (int)(agent->id * 7 % 11) - 4;
    struct call_line line = {
        .source = "dialer", .contract = calling->contract, .agent = agent->code, .recording = ""};
    start.ms += chance(calling, 60) * INT64_C(1000) + chance(calling, 1000);
    line.started_at = start;
    line.uid = arena_printf(arena, "%s-%llx", agent->code, (unsigned long long)start.ms);
    line.callee =
        arena_printf(arena, "1%d%08d", 30 + chance(calling, 69), chance(calling, 100000000));
    line.caller = directory_choose(calling->directory, calling->contract, start,
                                   (uint64_t)chance(calling, 1000));
    line.result = outcome(calling, skill, minute / 60);
    line.duration_s = 6 + chance(calling, 30);
    if (line.result <= CALL_CONTACTED) {
        line.talk_s = (line.result == CALL_SUCCESS ? 70 : 12) + chance(calling, 140);
        line.duration_s += line.talk_s;
        line.recording = arena_printf(arena, "%s.wav", line.uid);
    }
    return line;
}

/* Now and then somebody tries a number that nobody permitted. */
static void go_astray(struct calling *calling, struct call_line *line)
{
    if (chance(calling, 1500) == 0)
        line->caller = ASTRAY;
}

/* ---- what the agent does between the calls ---- */

static void enter(struct calling *calling, const struct agent *agent, struct instant at,
                  enum work_state state, const char *reason)
{
    calling->states[calling->state_count++] =
        (struct state_line){.source = "dialer",
                            .uid = arena_printf(calling->world->cx.mem, "%s-%llx-%d", agent->code,
                                                (unsigned long long)at.ms, (int)state),
                            .contract = calling->contract,
                            .agent = agent->code,
                            .at = at,
                            .state = state,
                            .reason = reason};
}

static void enter_at(struct calling *calling, const struct agent *agent, struct date day,
                     int minute, enum work_state state, const char *reason)
{
    struct instant at = instant_of(day, minute, SHANGHAI_OFFSET_MIN);
    at.ms += chance(calling, 240) * INT64_C(1000);
    enter(calling, agent, at, state, reason);
}

/* A call that was answered, and a little writing after it. */
static void enter_call(struct calling *calling, const struct agent *agent,
                       const struct call_line *line)
{
    const int64_t end = line->started_at.ms + line->duration_s * INT64_C(1000);
    if (!line->talk_s)
        return;
    enter(calling, agent, (struct instant){end - line->talk_s * INT64_C(1000)}, WORK_TALKING, "");
    enter(calling, agent, (struct instant){end}, WORK_WRAP_UP, "");
    enter(calling, agent, (struct instant){end + (10 + chance(calling, 40)) * INT64_C(1000)},
          WORK_IDLE, "");
}

static enum result hand_in_states(struct calling *calling)
{
    struct call_receipt receipt;
    TRY(agent_states_take(&calling->world->cx, calling->states, calling->state_count,
                          calling->provider_id, &receipt));
    calling->state_count = 0;
    return OK;
}

/* In the morning the agent signs in, at noon there is lunch, in the afternoon tea. Now and then
 * somebody goes without signing out. */
static void enter_day(struct calling *calling, const struct agent *agent, struct date day)
{
    enter_at(calling, agent, day, 8 * 60 + 50, WORK_SIGNED_IN, "");
    enter_at(calling, agent, day, 8 * 60 + 56, WORK_IDLE, "");
    enter_at(calling, agent, day, 12 * 60 + 2, WORK_PAUSE, "午餐");
    enter_at(calling, agent, day, 12 * 60 + 55, WORK_IDLE, "");
    enter_at(calling, agent, day, 15 * 60 + 30, WORK_PAUSE, "小休");
    enter_at(calling, agent, day, 15 * 60 + 42, WORK_IDLE, "");
    if (chance(calling, 60) != 0)
        enter_at(calling, agent, day, 17 * 60 + 10, WORK_SIGNED_OUT, "");
}

static bool has_states(const struct calling *calling, struct date day)
{
    const struct date today = instant_date(calling->world->cx.now, SHANGHAI_OFFSET_MIN);
    return today.days - day.days <= (calling->world->config.demo_calls > 2 ? DAYS : STATE_DAYS_FEW);
}

/* Eight hours from nine on, without the one at noon. */
static int minute_of_call(struct calling *calling, int i, int calls)
{
    const int minute = 9 * 60 + i * (7 * 60) / calls + chance(calling, 5);
    return minute < 12 * 60 ? minute : minute + 60;
}

static enum result agent_day(struct calling *calling, const struct agent *agent, struct date day)
{
    const int usual = calling->world->config.demo_calls;
    const int calls = usual - usual / 6 + (usual > 2 ? chance(calling, usual / 3) : 0);
    const enum story_day_kind kind = story_person_day(agent->person_id, day);
    if (kind == DAY_ON_LEAVE || kind == DAY_AWAY)
        return OK;
    const bool states = has_states(calling, day);
    for (int i = 0; i < calls; i++) {
        struct call_line *line = &calling->lines[calling->count];
        *line = call_of(calling, agent, day, minute_of_call(calling, i, calls));
        go_astray(calling, line);
        if (states)
            enter_call(calling, agent, line);
        if (++calling->count == BATCH)
            TRY(hand_in(calling));
    }
    if (!states)
        return OK;
    enter_day(calling, agent, day);
    return hand_in_states(calling);
}

static bool is_open_on(const struct agent *agent, struct date day)
{
    const struct date changed = instant_date(agent->updated_at, SHANGHAI_OFFSET_MIN);
    return agent->from.days <= day.days &&
           (agent->state == AGENT_ACTIVE || day.days < changed.days);
}

/* ---- the gate, of the last days ---- */

static int by_start(const void *a, const void *b)
{
    const struct call_line *left = a, *right = b;
    return (left->started_at.ms > right->started_at.ms) -
           (left->started_at.ms < right->started_at.ms);
}

static enum result ask(struct calling *calling, const struct call_line *line, int64_t ms_before,
                       struct gate_answer *out)
{
    struct ctx *cx = &calling->world->cx;
    const struct instant now = cx->now;
    const struct gate_ask ask = {.node = "dialer",
                                 .call_id = line->uid,
                                 .contract = line->contract,
                                 .agent = line->agent,
                                 .caller = "",
                                 .callee = line->callee};
    cx->now = (struct instant){line->started_at.ms - ms_before};
    const enum result result = gate_decide(cx, &ask, out);
    cx->now = now;
    return result;
}

/* Somebody was too early, somebody took a number for another, and the new one has no id yet. */
static enum result ask_in_vain(struct calling *calling, const struct call_line *line)
{
    struct arena *arena = calling->world->cx.mem;
    struct call_line wrong[] = {*line, *line, *line, *line};
    struct gate_answer answer;
    const struct date day = instant_date(line->started_at, SHANGHAI_OFFSET_MIN);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        wrong[i].uid = arena_printf(arena, "%s-%zu", line->uid, i);
    wrong[0].started_at = instant_of(day, 8 * 60 + 31, SHANGHAI_OFFSET_MIN);
    wrong[1].started_at = instant_of(day, 8 * 60 + 34, SHANGHAI_OFFSET_MIN);
    wrong[2].callee = "转前台";
    wrong[3].agent = "1099";
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        TRY(ask(calling, &wrong[i], 0, &answer));
    return OK;
}

/* The day's calls, from the first to the last, as the dialer asked for them. */
static enum result ask_for_calls(struct calling *calling)
{
    struct gate_answer answer;
    qsort(calling->lines, calling->count, sizeof *calling->lines, by_start);
    TRY(ask_in_vain(calling, &calling->lines[0]));
    for (size_t i = 0; i < calling->count; i++) {
        struct call_line *line = &calling->lines[i];
        if (strcmp(line->caller, ASTRAY) == 0)
            continue; /* past the gate, too */
        TRY(ask(calling, line, 900, &answer));
        if (!answer.allow)
            continue;
        line->gate_id = answer.gate_id;
        line->caller = arena_dup(calling->world->cx.mem, answer.caller);
    }
    return gate_fold(&calling->world->cx);
}

static bool has_gate(const struct calling *calling, struct date day)
{
    const struct date today = instant_date(calling->world->cx.now, SHANGHAI_OFFSET_MIN);
    return calling->world->config.demo_calls > 2 && today.days - day.days <= GATE_DAYS;
}

static enum result call_on(struct calling *calling, struct date day)
{
    const struct agent *agents = calling->agents.rows;
    struct arena *arena = calling->world->cx.mem;
    const struct arena_mark mark = arena_mark(arena); /* what a day takes lies behind it */
    if (date_weekday(day) > 5)
        return OK;
    for (size_t i = 0; i < calling->agents.count; i++)
        if (is_open_on(&agents[i], day))
            TRY(agent_day(calling, &agents[i], day));
    if (calling->count && has_gate(calling, day))
        TRY(ask_for_calls(calling));
    TRY(hand_in(calling));
    arena_rewind(arena, mark);
    return OK;
}

/* The call system had last year's contract in one of its campaigns. */
static enum result call_for_nobody(struct calling *calling, struct date day)
{
    const struct agent *agents = calling->agents.rows;
    for (int i = 0; i < 3; i++) {
        struct call_line *line = &calling->lines[calling->count++];
        *line = call_of(calling, &agents[i], day, 15 * 60 + i);
        line->contract = "HT-2024-0143";
    }
    return hand_in(calling);
}

/* Calls of a month whose time is over: the worker deletes them, and their certificate stays. */
static enum result call_long_ago(struct calling *calling, struct date day)
{
    const struct agent *agents = calling->agents.rows;
    for (int i = 0; i < 24; i++)
        calling->lines[calling->count++] =
            call_of(calling, &agents[i % 4], date_add(day, i / 12), 9 * 60 + 20 * (i % 12));
    return hand_in(calling);
}

static enum result call_all(struct calling *calling)
{
    struct ctx *cx = &calling->world->cx;
    const struct date today = instant_date(cx->now, SHANGHAI_OFFSET_MIN);
    for (int back = DAYS; back > 0; back--)
        TRY(call_on(calling, date_add(today, -back)));
    TRY(call_long_ago(calling, date_add(today, -820)));
    return call_for_nobody(calling, date_add(today, -2));
}

static enum result tell_rule(struct ctx *cx, void *host)
{
    struct actor client;
    struct call_rule rule = {.contract_id = *(const int64_t *)host};
    TRY(demo_become(cx, "client", &client));
    cx->actor = &client;
    call_rule_begin(&rule);
    const enum result result = record_add(cx, &CALL_RULES, &rule);
    cx->actor = &ACTOR_SYSTEM;
    return result;
}

/* Where the demo makes few calls, for tests, nobody says when they may be made. */
static enum result open_gate(struct world *world, const struct contract *contract)
{
    struct ctx *cx = &world->cx;
    int64_t contract_id = contract->id;
    const struct gate_options options = {.store = world->store,
                                         .months = world->months,
                                         .folder =
                                             arena_printf(cx->mem, "%s/gate", world->config.data)};
    if (world->config.demo_calls <= 2)
        return OK;
    if (!world_write(world, tell_rule, &contract_id))
        return fail(cx, BROKEN, "server.busy");
    TRY(directory_renew(cx));
    return gate_open(cx, &options);
}

enum result demo_calls(struct world *world)
{
    struct ctx *cx = &world->cx;
    struct calling calling = {.world = world, .luck = 2026};
    struct list_query query = {.limit = LIST_MOST, .sort = "id"};
    TRY(directory_renew(cx));
    TRY(record_list(cx, &AGENTS, &query, &calling.agents));
    if (!calling.agents.count || !world->config.demo_calls)
        return OK;
    struct contract contract;
    TRY(record_get(cx, &CONTRACTS, ((const struct agent *)calling.agents.rows)->contract_id,
                   &contract));
    calling.contract = contract.number;
    calling.provider_id = contract.provider_id;
    calling.lines = ARENA_ARRAY(cx->mem, struct call_line, BATCH);
    calling.states =
        ARENA_ARRAY(cx->mem, struct state_line,
                    (size_t)world->config.demo_calls * 2 * STATES_OF_CALL + STATES_OF_DAY);
    TRY(open_gate(world, &contract));
    calling.directory = directory_hold();
    enum result result = call_all(&calling);
    directory_let_go(calling.directory);
    gate_close(cx);
    return result;
}
