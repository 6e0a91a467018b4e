/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What call systems write about their agents, as lines of ours. */
#include "app/calls/agent_state.h"
#include "app/calls/reported.h"
#include "base/doc.h"
#include "sheets/sheets.h"

#include <stdlib.h>
#include <string.h>

const char *const WORK_STATES[] = {"signed_in", "idle",       "pause", "talking",
                                   "wrap_up",   "signed_out", NULL};
const char *const STATE_PROFILES[] = {"plain", "asterisk_queue", "vicidial", "freeswitch", NULL};

#define SPLIT_MOST 16 /* parts of a line that are looked at */

struct reading {
    struct ctx *cx;
    state_line_each each;
    void *host;
    int64_t row;
    const struct field *by_place[SHEET_COLUMNS]; /* CSV: which member each cell is */
    bool has_header;
};

static struct state_line blank_line(const struct reading *reading)
{
    return (struct state_line){
        .row = reading->row, .source = "", .uid = "", .contract = "", .agent = "", .reason = ""};
}

/* ---- whole? ---- */

#define STATE_MOST_MS INT64_C(43200000) /* 12 hours: a shift */

static const char *line_fault(const struct state_line *line, struct instant now)
{
    const char *const names[] = {line->contract, line->agent, line->reason, NULL};
    const char *fault = line->fault ? line->fault : reported_fault(line->uid, line->source, names);
    if (fault)
        return fault;
    if (!*line->agent)
        return "agent_required";
    if (!line->at.ms)
        return "at_required";
    if (!reported_in_time(line->at, now))
        return "at_range";
    if (!line->state)
        return "state_required";
    if (line->until.ms && line->until.ms < line->at.ms)
        return "ends_before_start";
    return line->until.ms > line->at.ms + STATE_MOST_MS ? "lasts_too_long" : NULL;
}

static enum result hand_out(const struct reading *reading, struct state_line *line)
{
    line->fault = line_fault(line, reading->cx->now);
    return reading->each(reading->host, line);
}

static enum result hand_fault(const struct reading *reading, const char *fault)
{
    struct state_line line = blank_line(reading);
    line.fault = fault;
    return hand_out(reading, &line);
}

/* ---- in our own names ---- */

struct plain {
    const char *source, *uid, *contract, *agent, *at, *until, *state, *reason;
};
static const struct field PLAIN_FIELDS[] = {
    FIELD(plain, source), FIELD(plain, uid),    FIELD(plain, contract),
    FIELD(plain, agent),  FIELD(plain, at),     FIELD(plain, until),
    FIELD(plain, state),  FIELD(plain, reason), FIELDS_END,
};

static enum result put_plain(struct reading *reading, const void *object)
{
    const struct plain *plain = object;
    struct state_line line = blank_line(reading);
    line.source = plain->source;
    line.uid = plain->uid;
    line.contract = plain->contract;
    line.agent = plain->agent;
    line.reason = plain->reason;
    line.state = choice_find(WORK_STATES, plain->state, strlen(plain->state));
    if ((*plain->at && !instant_parse(plain->at, &line.at)) ||
        (*plain->until && !instant_parse(plain->until, &line.until)) ||
        (*plain->state && !line.state))
        line.fault = "malformed";
    return hand_out(reading, &line);
}

/* ---- FreeSWITCH: events of mod_callcenter (telephony/freeswitch) ---- */

struct event {
    const char *core, *sequence, *name, *at, *action, *agent, *status, *state;
};
#define EVENT_FIELD(name_, member_)                                                                \
    {                                                                                              \
        .name = (name_), .type = FIELD_TEXT, .offset = offsetof(struct event, member_)             \
    }
static const struct field EVENT_FIELDS_[] = {
    EVENT_FIELD("Core-UUID", core),
    EVENT_FIELD("Event-Sequence", sequence),
    EVENT_FIELD("FreeSWITCH-Switchname", name),
    EVENT_FIELD("Event-Date-Timestamp", at),
    EVENT_FIELD("CC-Action", action),
    EVENT_FIELD("CC-Agent", agent),
    EVENT_FIELD("CC-Agent-Status", status),
    EVENT_FIELD("CC-Agent-State", state),
    FIELDS_END,
};

struct word {
    const char *word;
    enum work_state state;
};
#define WORDS_END                                                                                  \
    {                                                                                              \
        .word = NULL                                                                               \
    }
static const struct word STATUSES[] = {{"Available", WORK_IDLE},
                                       {"Available (On Demand)", WORK_IDLE},
                                       {"On Break", WORK_PAUSE},
                                       {"Logged Out", WORK_SIGNED_OUT},
                                       WORDS_END};
static const struct word STATES[] = {
    {"Waiting", WORK_IDLE}, {"In a queue call", WORK_TALKING}, WORDS_END};
static const struct word QUEUE_EVENTS[] = {{"ADDMEMBER", WORK_IDLE},
                                           {"AGENTLOGIN", WORK_IDLE},
                                           {"AGENTCALLBACKLOGIN", WORK_IDLE},
                                           {"UNPAUSE", WORK_IDLE},
                                           {"UNPAUSEALL", WORK_IDLE},
                                           {"PAUSE", WORK_PAUSE},
                                           {"PAUSEALL", WORK_PAUSE},
                                           {"CONNECT", WORK_TALKING},
                                           {"COMPLETEAGENT", WORK_IDLE},
                                           {"COMPLETECALLER", WORK_IDLE},
                                           {"TRANSFER", WORK_IDLE},
                                           {"BLINDTRANSFER", WORK_IDLE},
                                           {"ATTENDEDTRANSFER", WORK_IDLE},
                                           {"AGENTDUMP", WORK_IDLE},
                                           {"REMOVEMEMBER", WORK_SIGNED_OUT},
                                           {"AGENTLOGOFF", WORK_SIGNED_OUT},
                                           {"AGENTCALLBACKLOGOFF", WORK_SIGNED_OUT},
                                           WORDS_END};

static enum work_state state_of(const struct word *words, const char *text)
{
    for (; words->word; words++)
        if (strcmp(words->word, text) == 0)
            return words->state;
    return 0;
}

static enum result put_event(struct reading *reading, const void *object)
{
    const struct event *event = object;
    struct arena *arena = reading->cx->mem;
    struct state_line line = blank_line(reading);
    const bool is_status = strcmp(event->action, "agent-status-change") == 0;
    if (!is_status && strcmp(event->action, "agent-state-change") != 0)
        return OK; /* it says nothing of an agent */
    line.state = is_status ? state_of(STATUSES, event->status) : state_of(STATES, event->state);
    if (!line.state)
        return OK; /* it rings */
    line.source = *event->name ? event->name : "freeswitch";
    line.uid = arena_printf(arena, "%s-%s", event->core, event->sequence);
    line.agent = arena_copy(arena, event->agent, strcspn(event->agent, "@"));
    if (!int_parse(event->at, &line.at.ms))
        line.fault = "malformed";
    line.at.ms /= 1000;
    return hand_out(reading, &line);
}

/* ---- JSON ---- */

struct shape {
    const struct field *fields;
    size_t size;
    enum result (*put)(struct reading *reading, const void *object);
};
static const struct shape PLAIN = {PLAIN_FIELDS, sizeof(struct plain), put_plain};
static const struct shape EVENT = {EVENT_FIELDS_, sizeof(struct event), put_event};

static enum result put_object(struct reading *reading, const struct shape *shape, const char *text,
                              size_t len)
{
    void *objects;
    size_t count;
    const char *array = arena_printf(reading->cx->mem, "[%.*s]", (int)len, text);
    if (!json_rows_read(reading->cx->mem, array, shape->fields, shape->size, 2, &objects, &count) ||
        count != 1)
        return hand_fault(reading, "not_json");
    return shape->put(reading, objects);
}

static enum result put_array(struct reading *reading, const struct shape *shape, const char *bytes,
                             size_t len)
{
    struct json_reader json;
    json_start(&json, reading->cx->mem, bytes, len);
    (void)json_next(&json); /* the bracket */
    for (size_t from = json.at; json_skip(&json); from = json.at) {
        while (from < json.at && strchr(", \t\r\n", bytes[from]))
            from++;
        reading->row++;
        TRY(put_object(reading, shape, bytes + from, json.at - from));
    }
    return !json.error && json_next(&json) == JSON_DONE
               ? OK
               : fail(reading->cx, INVALID, "calls.not_json");
}

/* ---- lines with bars between ---- */

struct parts {
    const char *at[SPLIT_MOST]; /* "" where there are fewer */
};

static struct parts split(struct arena *arena, const char *line, size_t len)
{
    struct parts parts;
    const char *rest = arena_copy(arena, line, len);
    for (size_t i = 0; i < SPLIT_MOST; i++) {
        const size_t part = strcspn(rest, "|");
        parts.at[i] = arena_copy(arena, rest, part);
        rest += part + (rest[part] == '|');
    }
    return parts;
}

/* epoch|call|queue|agent|event|…; of "PJSIP/1001" the agent is 1001, and of "Local/1001@agents/n",
 * too. What says nothing of an agent is no record. */
static enum result put_queue_line(void *host, const char *text, size_t len)
{
    struct reading *reading = host;
    struct arena *arena = reading->cx->mem;
    const struct parts parts = split(arena, text, len);
    struct state_line line = blank_line(reading);
    const char *agent = strchr(parts.at[3], '/');
    line.state = state_of(QUEUE_EVENTS, parts.at[4]);
    if (!line.state)
        return OK;
    agent = agent ? agent + 1 : parts.at[3];
    line.agent = arena_copy(arena, agent, strcspn(agent, "@/"));
    line.source = "asterisk";
    line.uid = arena_printf(arena, "%s|%s|%s|%s|%s", parts.at[0], parts.at[1], parts.at[2],
                            parts.at[3], parts.at[4]);
    line.contract = parts.at[2];
    line.contract_is_hint = true;
    if (line.state == WORK_PAUSE)
        line.reason = parts.at[5];
    if (!reported_seconds(parts.at[0], 1000, &line.at.ms))
        line.fault = "malformed";
    return hand_out(reading, &line);
}

/* The rows that telephony/vicidial asks its database for:
 * agent_log_id|user|campaign_id|pause_epoch|pause_sec|wait_epoch|wait_sec|talk_epoch|talk_sec|
 * dispo_epoch|dispo_sec|sub_status; an epoch that is none (0, NULL) is a state that was not. */
static enum result put_vicidial_line(void *host, const char *text, size_t len)
{
    struct reading *reading = host;
    static const struct {
        const char *name;
        size_t at;
        enum work_state state;
    } STATES_OF[] = {{"pause", 3, WORK_PAUSE},
                     {"wait", 5, WORK_IDLE},
                     {"talk", 7, WORK_TALKING},
                     {"dispo", 9, WORK_WRAP_UP}};
    struct arena *arena = reading->cx->mem;
    const struct parts parts = split(arena, text, len);
    int64_t seconds;
    for (size_t i = 0; i < sizeof STATES_OF / sizeof STATES_OF[0]; i++) {
        const char *epoch = parts.at[STATES_OF[i].at], *lasts = parts.at[STATES_OF[i].at + 1];
        struct state_line line = blank_line(reading);
        if (!*epoch || strcmp(epoch, "0") == 0 || strcmp(epoch, "NULL") == 0)
            continue;
        line.source = "vicidial";
        line.uid = arena_printf(arena, "%s-%s", parts.at[0], STATES_OF[i].name);
        line.agent = parts.at[1];
        line.contract = parts.at[2];
        line.contract_is_hint = true;
        line.state = STATES_OF[i].state;
        line.reason = line.state == WORK_PAUSE ? parts.at[11] : "";
        if (!reported_seconds(epoch, 1000, &line.at.ms) || !int_parse(lasts, &seconds) ||
            seconds < 0 || seconds > INT32_MAX)
            line.fault = "malformed";
        else
            line.until.ms = line.at.ms + seconds * 1000;
        TRY(hand_out(reading, &line));
    }
    return OK;
}

static enum result put_json_line(void *host, const char *text, size_t len)
{
    return put_object(host, &PLAIN, text, len);
}

static enum result put_event_line(void *host, const char *text, size_t len)
{
    return put_object(host, &EVENT, text, len);
}

/* ---- CSV with our names ---- */

static enum result each_row(void *host, const struct row *row)
{
    struct reading *reading = host;
    struct plain plain = {.source = ""};
    const struct field_reading how = {.arena = reading->cx->mem};
    if (row->count == 0)
        return OK;
    if (!reading->has_header) {
        for (int i = 0; i < row->count; i++)
            reading->by_place[i] =
                field_find(PLAIN_FIELDS, row->cells[i].text, strlen(row->cells[i].text));
        reading->has_header = true;
        return reading->by_place[0] ? OK : fail(reading->cx, INVALID, "calls.no_header");
    }
    reading->row = row->number;
    fields_blank(PLAIN_FIELDS, &plain);
    for (int i = 0; i < row->count; i++)
        if (reading->by_place[i] &&
            field_read(reading->by_place[i], row->cells[i].text, &how, &plain))
            return hand_fault(reading, "malformed");
    return put_plain(reading, &plain);
}

enum result state_lines_read(struct ctx *cx, enum state_profile profile, const char *bytes,
                             size_t len, state_line_each each, void *host)
{
    static const reported_line READERS[] = {[STATES_PLAIN] = put_json_line,
                                            [STATES_ASTERISK_QUEUE] = put_queue_line,
                                            [STATES_VICIDIAL] = put_vicidial_line,
                                            [STATES_FREESWITCH] = put_event_line};
    struct reading *reading = ARENA_NEW(cx->mem, struct reading);
    const char first = reported_first(&bytes, &len);
    *reading = (struct reading){.cx = cx, .each = each, .host = host};
    if (first == '[')
        return put_array(reading, profile == STATES_FREESWITCH ? &EVENT : &PLAIN, bytes, len);
    if (profile == STATES_PLAIN && first && first != '{')
        return sheet_read(cx, bytes, len, each_row, reading);
    return reported_lines(bytes, len, &reading->row, READERS[profile], reading);
}
