/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Agents' states into their months, and the days that they change summed anew from what is there:
 * so it does not matter in what order they come. */
#include "app/calls/agent_state.h"

#include "app/calls/agent_state.sql.h"
#include "app/calls/call_private.h"

#include <stdlib.h>
#include <string.h>

#define REACH_MS INT64_C(43200000) /* 12 hours: no state is followed longer */
#define STATES_MOST 20000          /* of an agent and two days */

const struct field STATE_SPAN_FIELDS[] = {
    FIELD(state_span, from),
    FIELD(state_span, to),
    FIELD_ENUM(state_span, state, WORK_STATES),
    FIELD(state_span, reason),
    FIELD(state_span, source),
    FIELDS_END,
};

struct kept_state {
    int64_t id;
    struct instant at, until;
    enum work_state state;
    const char *reason, *source;
};
static const struct field ROW_FIELDS[] = {
    FIELD(kept_state, id),
    FIELD(kept_state, at),
    FIELD(kept_state, until),
    FIELD_ENUM(kept_state, state, WORK_STATES, .use = AS_NUMBER),
    FIELD(kept_state, reason),
    FIELD(kept_state, source),
    FIELDS_END,
};

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* ---- a day, from the states around it ---- */

struct around {
    int64_t from, to; /* the day, ms */
    struct kept_state *rows;
    size_t count;
};

static enum result read_around(struct ctx *cx, int64_t agent_id, struct date day,
                               struct around *out)
{
    out->from = instant_of(day, 0, SHANGHAI_OFFSET_MIN).ms;
    out->to = instant_of(date_add(day, 1), 0, SHANGHAI_OFFSET_MIN).ms;
    return db_list(
        cx, &q_states_of,
        PARAMS(P(agent_id), param_number(out->from - REACH_MS), param_number(out->to + REACH_MS)),
        ROW_FIELDS, sizeof *out->rows, STATES_MOST, &out->rows, &out->count);
}

/* Where the i-th state ends; 0: nothing ended it. */
static int64_t end_of(const struct around *around, size_t i)
{
    const struct kept_state *row = &around->rows[i];
    const int64_t next = i + 1 < around->count ? around->rows[i + 1].at.ms : INT64_MAX;
    if (row->until.ms)
        return earlier(row->until.ms, next);
    return next - row->at.ms <= REACH_MS ? next : 0;
}

/* Seconds of the i-th state that its successor says to be its own. */
static int64_t overlap_of(const struct around *around, size_t i)
{
    const struct kept_state *row = &around->rows[i];
    const int64_t next = i + 1 < around->count ? around->rows[i + 1].at.ms : INT64_MAX;
    return row->until.ms > next ? (row->until.ms - next) / 1000 : 0;
}

struct day_sums {
    int64_t state_ms[WORK_SIGNED_OUT + 1];
    int64_t overlap_s, unended;
};

static struct day_sums sums_of(const struct around *around)
{
    struct day_sums sums = {.unended = 0};
    for (size_t i = 0; i < around->count; i++) {
        const struct kept_state *row = &around->rows[i];
        const int64_t end = end_of(around, i);
        const int64_t ms = earlier(end, around->to) - later(row->at.ms, around->from);
        const bool begins_here = row->at.ms >= around->from && row->at.ms < around->to;
        if (ms > 0)
            sums.state_ms[row->state] += ms;
        if (begins_here) {
            sums.overlap_s += overlap_of(around, i);
            sums.unended += !end && row->state != WORK_SIGNED_OUT;
        }
    }
    return sums;
}

/* A day on which nothing was done is none, unless there were calls. */
static enum result put_day(struct ctx *cx, const struct known_agent *agent, struct date day)
{
    struct around around;
    const int64_t id = agent_day_id(day, agent->id, agent->contract_id);
    TRY(read_around(cx, agent->id, day, &around));
    const struct day_sums sums = sums_of(&around);
    const int64_t *ms = sums.state_ms;
    const int64_t signed_ms =
        ms[WORK_SIGNED_IN] + ms[WORK_IDLE] + ms[WORK_PAUSE] + ms[WORK_TALKING] + ms[WORK_WRAP_UP];
    if (!signed_ms && !sums.unended)
        return db_change(cx, &q_state_day_clear, PARAMS(P(id)), NULL);
    return db_change_one(
        cx, &q_state_day_put,
        PARAMS(P(id), P(day), P(agent->contract_id), P(agent->id), P(agent->person_id),
               param_number(signed_ms / 1000), param_number(ms[WORK_IDLE] / 1000),
               param_number(ms[WORK_PAUSE] / 1000), param_number(ms[WORK_TALKING] / 1000),
               param_number(ms[WORK_WRAP_UP] / 1000), param_number(sums.overlap_s),
               param_number(sums.unended)));
}

/* ---- one month's share, in its writer's transaction ---- */

struct state_row {
    const struct state_line *line;
    struct known_agent agent; /* its texts are the directory's: not used */
    int64_t provider_id;
    struct month month;
};

struct touched_day {
    struct known_agent agent;
    struct date day;
};

struct share {
    struct ctx cx;
    struct month month;
    const struct state_row *rows;
    size_t count;
    struct touched_day *days;
    size_t day_count;
    const struct state_row *source_of; /* whose source that is; NULL none yet */
    int64_t source_id;
    int64_t accepted, duplicates;
    bool is_closed; /* the month's time is over: nothing was taken */
};

static int day_order(const void *a, const void *b)
{
    const struct touched_day *left = a, *right = b;
    if (left->agent.id != right->agent.id)
        return left->agent.id < right->agent.id ? -1 : 1;
    return left->day.days - right->day.days;
}

/* A state reaches half a day to both sides: into the day before it ends one, into the day after it
 * may last. */
static void touch(struct share *share, const struct state_row *row)
{
    static const int64_t REACHES[] = {-REACH_MS, 0, REACH_MS};
    struct date last = {0};
    for (size_t i = 0; i < sizeof REACHES / sizeof REACHES[0]; i++) {
        const struct instant at = {row->line->at.ms + REACHES[i]};
        const struct date day = instant_date(at, SHANGHAI_OFFSET_MIN);
        if (day.days != last.days && month_of(day).months == share->month.months)
            share->days[share->day_count++] = (struct touched_day){row->agent, day};
        last = day;
    }
}

/* A file is of one call system: its source is asked for once. */
static enum result find_source(struct share *share, const struct state_row *row)
{
    const struct state_row *last = share->source_of;
    if (last && last->provider_id == row->provider_id &&
        strcmp(last->line->source, row->line->source) == 0)
        return OK;
    share->source_of = row;
    return call_source_id(&share->cx, row->line->source, row->provider_id, &share->source_id);
}

static enum result put_row(struct share *share, const struct state_row *row)
{
    struct ctx *cx = &share->cx;
    const struct state_line *line = row->line;
    int64_t changed;
    TRY(find_source(share, row));
    TRY(db_change(cx, &q_state_add,
                  PARAMS(P(share->source_id), P(line->uid), P(row->agent.id),
                         param_number(line->at.ms), param_number(line->until.ms),
                         P((int32_t)line->state), P(line->reason)),
                  &changed));
    *(changed ? &share->accepted : &share->duplicates) += 1;
    if (changed)
        touch(share, row);
    return OK;
}

static enum result share_run(struct db *db, void *host)
{
    struct share *share = host;
    share->cx.db = db;
    share->cx.fault = (struct fault){.result = OK};
    share->accepted = share->duplicates = 0;
    share->day_count = 0;
    share->source_of = NULL;
    TRY(month_is_closed(&share->cx, &share->is_closed));
    if (share->is_closed)
        return OK;
    for (size_t i = 0; i < share->count; i++)
        TRY(put_row(share, &share->rows[i]));
    qsort(share->days, share->day_count, sizeof *share->days, day_order);
    for (size_t i = 0; i < share->day_count; i++)
        if (i == 0 || day_order(&share->days[i - 1], &share->days[i]) != 0)
            TRY(put_day(&share->cx, &share->days[i].agent, share->days[i].day));
    return OK;
}

static enum result share_take(struct ctx *cx, const struct state_row *rows, size_t count,
                              struct call_receipt *receipt)
{
    struct store *store;
    struct share share = {.cx = *cx, .month = rows[0].month, .rows = rows, .count = count};
    share.cx.pending = NULL;
    share.days = ARENA_ARRAY(cx->mem, struct touched_day, 3 * count);
    TRY(months_store(cx, calls_months(), rows[0].month, true, &store));
    const enum result result = store_write_now(store, share_run, &share);
    months_release(calls_months(), store);
    if (result != OK)
        cx->fault = share.cx.fault;
    receipt->accepted += result == OK ? share.accepted : 0;
    receipt->duplicates += result == OK ? share.duplicates : 0;
    for (size_t i = 0; result == OK && share.is_closed && i < count; i++)
        receipt->rejected[receipt->rejected_count++] =
            (struct call_rejected){rows[i].line->row, "month_over"};
    return result;
}

/* ---- whose state it is ---- */

/* By its contract; without one (or with a queue that is none) by its code alone, when one agent of
 * the reporter's has it. */
static const char *find_agent(const struct directory *directory, int64_t reporter,
                              const struct state_line *line, struct state_row *out)
{
    const struct known_contract *contract = directory_contract(directory, line->contract);
    const struct known_agent *agent = NULL;
    if (contract && reporter && contract->provider_id != reporter)
        contract = NULL; /* to them it is unknown */
    if (contract)
        agent = directory_agent(directory, contract->id, line->agent);
    else if (*line->contract && !line->contract_is_hint)
        return "contract_unknown";
    else
        agent = directory_caller(directory, reporter, "", line->agent, line->at, &contract);
    if (!agent)
        return "agent_unknown";
    out->agent = *agent;
    out->provider_id = contract->provider_id;
    return NULL;
}

static int row_order(const void *a, const void *b)
{
    const struct state_row *left = a, *right = b;
    if (left->month.months != right->month.months)
        return left->month.months - right->month.months;
    return left->line->row < right->line->row ? -1 : left->line->row > right->line->row;
}

static size_t rows_make(const struct directory *directory, struct state_line *lines, size_t count,
                        int64_t reporter, struct state_row *rows, struct call_receipt *out)
{
    size_t made = 0;
    for (size_t i = 0; i < count; i++) {
        struct state_line *line = &lines[i];
        if (!line->fault)
            line->fault = find_agent(directory, reporter, line, &rows[made]);
        if (line->fault) {
            out->rejected[out->rejected_count++] = (struct call_rejected){line->row, line->fault};
            continue;
        }
        rows[made].line = line;
        rows[made++].month = month_of(instant_date(line->at, SHANGHAI_OFFSET_MIN));
    }
    qsort(rows, made, sizeof *rows, row_order);
    return made;
}

enum result agent_states_take(struct ctx *cx, struct state_line *lines, size_t count,
                              int64_t reporter, struct call_receipt *out)
{
    struct state_row *rows = ARENA_ARRAY(cx->mem, struct state_row, count + 1);
    const struct directory *directory = directory_hold();
    *out = (struct call_receipt){.rejected = ARENA_ARRAY(cx->mem, struct call_rejected, count + 1)};
    if (!directory)
        return fail(cx, BUSY, "server.busy");
    const size_t made = rows_make(directory, lines, count, reporter, rows, out);
    directory_let_go(directory);
    for (size_t from = 0, end; from < made; from = end) {
        for (end = from; end < made && rows[end].month.months == rows[from].month.months; end++)
            ;
        TRY(share_take(cx, rows + from, end - from, out));
    }
    return OK;
}

/* ---- read again ---- */

struct asked {
    int64_t agent_id;
    struct date day;
    struct state_span *spans;
    size_t count;
};

static enum result read_spans(struct ctx *cx, void *host)
{
    struct asked *asked = host;
    struct around around;
    TRY(read_around(cx, asked->agent_id, asked->day, &around));
    asked->spans = ARENA_ARRAY(cx->mem, struct state_span, around.count + 1);
    for (size_t i = 0; i < around.count; i++) {
        const struct kept_state *row = &around.rows[i];
        const int64_t end = end_of(&around, i);
        const bool begins_here = row->at.ms >= around.from && row->at.ms < around.to;
        if (!begins_here && (row->at.ms >= around.to || end <= around.from))
            continue;
        asked->spans[asked->count++] =
            (struct state_span){.from = {later(row->at.ms, around.from)},
                                .to = {end ? earlier(end, around.to) : 0},
                                .state = row->state,
                                .reason = row->reason,
                                .source = row->source};
    }
    return OK;
}

enum result agent_states_of(struct ctx *cx, int64_t agent_id, struct date day,
                            struct state_span **out, size_t *out_count)
{
    struct asked asked = {.agent_id = agent_id, .day = day};
    TRY(months_read(cx, calls_months(), month_of(day), read_spans, &asked));
    *out = asked.spans;
    *out_count = asked.count;
    return OK;
}
