/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "main/demo_calls.h"

#include "app/calls/call.h"
#include "base/hash.h"

#include <limits.h>
#include <string.h>

#define BATCH 5000
#define DAYS 56

struct calling {
    struct world *world;
    const struct directory *directory;
    const char *contract;
    int64_t provider_id; /* who reports them */
    struct list agents;
    struct call_line *lines;
    size_t count;
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
        line->caller = "0571-5610 8899";
}

static enum result agent_day(struct calling *calling, const struct agent *agent, struct date day)
{
    const int usual = calling->world->config.demo_calls;
    const int calls = usual - usual / 6 + (usual > 2 ? chance(calling, usual / 3) : 0);
    if (chance(calling, 25) == 0)
        return OK; /* on leave */
    for (int i = 0; i < calls; i++) {
        const int minute = 9 * 60 + i * (8 * 60) / calls + chance(calling, 5);
        struct call_line *line = &calling->lines[calling->count];
        *line = call_of(calling, agent, day, minute);
        go_astray(calling, line);
        if (++calling->count == BATCH)
            TRY(hand_in(calling));
    }
    return OK;
}

static bool is_open_on(const struct agent *agent, struct date day)
{
    const struct date changed = instant_date(agent->updated_at, SHANGHAI_OFFSET_MIN);
    return agent->from.days <= day.days &&
           (agent->state == AGENT_ACTIVE || day.days < changed.days);
}

static enum result call_on(struct calling *calling, struct date day)
{
    const struct agent *agents = calling->agents.rows;
    if (date_weekday(day) > 5)
        return OK;
    for (size_t i = 0; i < calling->agents.count; i++)
        if (is_open_on(&agents[i], day))
            TRY(agent_day(calling, &agents[i], day));
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
    TRY(hand_in(calling));
    TRY(call_long_ago(calling, date_add(today, -820)));
    return call_for_nobody(calling, date_add(today, -2));
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
    calling.directory = directory_hold();
    enum result result = call_all(&calling);
    directory_let_go(calling.directory);
    return result;
}
