/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What call systems write, as tables: which of their names is which of ours, and in what shape.
 * Where several lead to the same member, the first that says anything counts. */
#include "app/calls/reported.h"
#include "base/json.h"
#include "base/text.h"
#include "sheets/sheets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const CALL_PROFILES[] = {
    "plain", "asterisk_csv", "asterisk_custom", "freeswitch_json", "kamailio_flat", "vicidial",
    NULL};
const char *const CALL_RESULTS[] = {"success", "contacted", "no_answer", "busy",
                                    "failed",  "refused",   NULL};

/* ---- shapes ---- */

enum shape {
    TEXT,
    GATE_ID,      /* a number, perhaps behind a G */
    INSTANT,      /* RFC 3339, or a local time */
    LOCAL_TIME,   /* 2026-09-17 14:44:15, in Shanghai */
    EPOCH,        /* seconds since 1970, perhaps with a fraction; 0: none */
    EPOCH_US,     /* microseconds; 0: none */
    SECONDS,      /* whole, or with a fraction that is rounded */
    RESULT,       /* in our words */
    DISPOSITION,  /* Asterisk's */
    HANGUP_CAUSE, /* FreeSWITCH's */
    SIP_CODE,
    VICIDIAL_STATUS,
    USER_FIELD, /* gate=…;contract=…;result=…;rec=… */
};

struct column {
    const char *from; /* of CSV: the header's word; of JSON: "variables.uuid" */
    enum shape shape;
    size_t member;
};
#define TO(member_) offsetof(struct call_line, member_)
#define COLUMNS_END                                                                                \
    {                                                                                              \
        .from = NULL                                                                               \
    }

static bool read_local_time(struct arena *arena, const char *text, struct instant *out)
{
    return strlen(text) >= 19 && text[10] == ' ' &&
           instant_parse(arena_printf(arena, "%.10sT%.8s+08:00", text, text + 11), out);
}

/* 2026-11-28 10:00:00, 2026/11/28 9:00: as people and their sheets write it. */
static bool read_office_time(struct arena *arena, const char *text, struct instant *out)
{
    const size_t len = strcspn(text, " ");
    const char *time = text + len + (text[len] == ' ');
    struct date day;
    char date[DATE_MAX_TEXT];
    if (!date_read(arena_copy(arena, text, len), false, &day))
        return false;
    date_format(day, date);
    const char *zero = strcspn(time, ":") == 1 ? "0" : "", *seconds = strlen(time) < 6 ? ":00" : "";
    return instant_parse(arena_printf(arena, "%sT%s%s%s+08:00", date, zero, time, seconds), out);
}

/* ---- words of others for what became of a call ---- */

struct word {
    const char *word;
    enum call_result result;
};
#define WORDS_END                                                                                  \
    {                                                                                              \
        .word = NULL                                                                               \
    }
static const struct word DISPOSITIONS[] = {
    {"ANSWERED", CALL_CONTACTED}, {"NO ANSWER", CALL_NO_ANSWER}, {"BUSY", CALL_BUSY},
    {"FAILED", CALL_FAILED},      {"CONGESTION", CALL_FAILED},   WORDS_END,
};
static const struct word HANGUP_CAUSES[] = {
    {"NORMAL_CLEARING", CALL_CONTACTED},   {"USER_BUSY", CALL_BUSY},
    {"NO_ANSWER", CALL_NO_ANSWER},         {"NO_USER_RESPONSE", CALL_NO_ANSWER},
    {"ORIGINATOR_CANCEL", CALL_NO_ANSWER}, {"ALLOTTED_TIMEOUT", CALL_CONTACTED},
    {"CALL_REJECTED", CALL_REFUSED},       WORDS_END,
};
static const struct word SIP_CODES[] = {
    {"200", CALL_CONTACTED}, {"486", CALL_BUSY},      {"600", CALL_BUSY},
    {"480", CALL_NO_ANSWER}, {"408", CALL_NO_ANSWER}, {"487", CALL_NO_ANSWER},
    {"403", CALL_REFUSED},   {"603", CALL_REFUSED},   WORDS_END,
};

static const struct word VICIDIAL_STATUSES[] = {
    {"SALE", CALL_SUCCESS},  {"XFER", CALL_SUCCESS},
    {"NA", CALL_NO_ANSWER},  {"N", CALL_NO_ANSWER},
    {"A", CALL_NO_ANSWER},   {"AA", CALL_NO_ANSWER},
    {"AM", CALL_NO_ANSWER},  {"AL", CALL_NO_ANSWER},
    {"B", CALL_BUSY},        {"AB", CALL_BUSY},
    {"DC", CALL_FAILED},     {"ADC", CALL_FAILED},
    {"DROP", CALL_FAILED},   {"PDROP", CALL_FAILED},
    {"ERI", CALL_FAILED},    {"NI", CALL_CONTACTED},
    {"DNC", CALL_CONTACTED}, {"CALLBK", CALL_CONTACTED},
    {"NP", CALL_CONTACTED},  WORDS_END,
};

/* As our own pages and exports say it. */
static const struct word PLAIN_RESULTS[] = {
    {"成功访问", CALL_SUCCESS},
    {"成功", CALL_SUCCESS},
    {"已接通", CALL_CONTACTED},
    {"接通", CALL_CONTACTED},
    {"无人接听", CALL_NO_ANSWER},
    {"未接", CALL_NO_ANSWER},
    {"占线", CALL_BUSY},
    {"忙线", CALL_BUSY},
    {"失败", CALL_FAILED},
    {"拒接", CALL_REFUSED},
    WORDS_END,
};

static enum call_result word_result(const struct word *words, const char *text)
{
    for (; words->word; words++)
        if (strcmp(words->word, text) == 0)
            return words->result;
    return 0;
}

/* What no table knows did not work. */
static void put_result(struct call_line *line, const struct word *words, const char *text)
{
    const enum call_result result = word_result(words, text);
    if (!line->result)
        line->result = result ? result : CALL_FAILED;
}

/* ---- one value into the line ---- */

struct reading {
    struct ctx *cx;
    const struct profile *profile;
    call_line_each each;
    void *host;
    int64_t row;
    struct call_line line;
    /* A result in our own words counts before any that is concluded. */
    enum call_result said;
    const struct column *by_place[SHEET_COLUMNS]; /* CSV: which column each cell is */
    bool has_header;
};

static void put(struct reading *reading, const struct column *column, const char *text);

static void put_user_field(struct reading *reading, const char *text)
{
    static const struct column PARTS[] = {
        {"gate", GATE_ID, TO(gate_id)}, {"contract", TEXT, TO(contract)},
        {"result", RESULT, TO(result)}, {"rec", TEXT, TO(recording)},
        {"agent", TEXT, TO(agent)},     COLUMNS_END,
    };
    while (*text) {
        const size_t len = strcspn(text, ";"), name = strcspn(text, "=");
        for (const struct column *part = PARTS; part->from && name < len; part++)
            if (strlen(part->from) == name && memcmp(part->from, text, name) == 0)
                put(reading, part, arena_copy(reading->cx->mem, text + name + 1, len - name - 1));
        text += len + (text[len] == ';');
    }
}

/* Where several columns tell the time, the first that does so holds. */
static bool read_epoch(const char *text, bool is_us, struct instant *out)
{
    int64_t number;
    if (!reported_seconds(text, is_us ? 1 : 1000, &number))
        return false;
    if (number && !out->ms)
        out->ms = is_us ? number / 1000 : number;
    return true;
}

static void put(struct reading *reading, const struct column *column, const char *text)
{
    struct call_line *line = &reading->line;
    void *member = (char *)line + column->member;
    int64_t number = 0;
    bool fits = true;
    if (!*text)
        return;
    switch (column->shape) {
    case TEXT:
        *(const char **)member = **(const char **)member ? *(const char **)member : text;
        break;
    case GATE_ID:
        fits = int_parse(text + (*text == 'G'), (int64_t *)member) && *(int64_t *)member >= 0;
        break;
    case INSTANT:
        fits = instant_parse(text, member) || read_office_time(reading->cx->mem, text, member);
        break;
    case LOCAL_TIME:
        fits = line->started_at.ms || read_local_time(reading->cx->mem, text, member);
        break;
    case EPOCH:
    case EPOCH_US:
        fits = read_epoch(text, column->shape == EPOCH_US, member);
        break;
    case SECONDS:
        fits = reported_seconds(text, 10, &number) && number / 10 <= INT32_MAX - 1;
        *(int32_t *)member = fits ? (int32_t)((number + 5) / 10) : 0;
        break;
    case RESULT:
        reading->said = choice_find(CALL_RESULTS, text, strlen(text));
        if (!reading->said)
            reading->said = word_result(PLAIN_RESULTS, text);
        fits = reading->said != 0;
        break;
    case DISPOSITION:
        put_result(line, DISPOSITIONS, text);
        break;
    case HANGUP_CAUSE:
        put_result(line, HANGUP_CAUSES, text);
        break;
    case SIP_CODE:
        put_result(line, SIP_CODES, text);
        break;
    case VICIDIAL_STATUS:
        put_result(line, VICIDIAL_STATUSES, text);
        break;
    case USER_FIELD:
        put_user_field(reading, text);
        break;
    }
    if (!fits && !line->fault) {
        line->fault = "malformed";
        line->fault_field = column->from;
        line->fault_value = text;
    }
}

static void line_begin(struct reading *reading)
{
    reading->line = (struct call_line){
        .source = "",
        .uid = "",
        .contract = "",
        .agent = "",
        .caller = "",
        .callee = "",
        .recording = "",
    };
    reading->said = 0;
}

/* ---- the profiles ---- */

struct profile {
    const char *source; /* when the lines name none */
    const struct column *columns;
    const char *const *order; /* CSV without a header: its columns; NULL: the header names them */
    char separator;           /* of such lines when they are no CSV: '|' */
};

static const struct column PLAIN[] = {
    {"source", TEXT, TO(source)},
    {"uid", TEXT, TO(uid)},
    {"gate_id", GATE_ID, TO(gate_id)},
    {"contract", TEXT, TO(contract)},
    {"agent", TEXT, TO(agent)},
    {"caller", TEXT, TO(caller)},
    {"callee", TEXT, TO(callee)},
    {"started_at", INSTANT, TO(started_at)},
    {"duration_s", SECONDS, TO(duration_s)},
    {"talk_s", SECONDS, TO(talk_s)},
    {"result", RESULT, TO(result)},
    {"recording", TEXT, TO(recording)},
    /* a sheet of the office, in the words of our own pages */
    {"来源", TEXT, TO(source)},
    {"呼叫系统", TEXT, TO(source)},
    {"编号", TEXT, TO(uid)},
    {"通话编号", TEXT, TO(uid)},
    {"呼叫系统编号", TEXT, TO(uid)},
    {"闸口编号", GATE_ID, TO(gate_id)},
    {"合同", TEXT, TO(contract)},
    {"合同编号", TEXT, TO(contract)},
    {"工号", TEXT, TO(agent)},
    {"主叫", TEXT, TO(caller)},
    {"主叫号码", TEXT, TO(caller)},
    {"被叫", TEXT, TO(callee)},
    {"被叫号码", TEXT, TO(callee)},
    {"开始时间", INSTANT, TO(started_at)},
    {"呼叫时长", SECONDS, TO(duration_s)},
    {"呼叫时长（秒）", SECONDS, TO(duration_s)},
    {"通话时长", SECONDS, TO(talk_s)},
    {"通话时长（秒）", SECONDS, TO(talk_s)},
    {"结果", RESULT, TO(result)},
    {"录音", TEXT, TO(recording)},
    COLUMNS_END,
};

/* cdr_csv of Asterisk, with uniqueid and userfield logged. */
static const char *const ASTERISK_ORDER[] = {
    "accountcode", "src",      "dst",      "dcontext",  "clid", "channel",  "dstchannel",
    "lastapp",     "lastdata", "start",    "answer",    "end",  "duration", "billsec",
    "disposition", "amaflags", "uniqueid", "userfield", NULL};
static const struct column ASTERISK[] = {
    {"accountcode", TEXT, TO(agent)},
    {"src", TEXT, TO(caller)},
    {"dst", TEXT, TO(callee)},
    {"start", LOCAL_TIME, TO(started_at)},
    {"duration", SECONDS, TO(duration_s)},
    {"billsec", SECONDS, TO(talk_s)},
    {"disposition", DISPOSITION, TO(result)},
    {"uniqueid", TEXT, TO(uid)},
    {"userfield", USER_FIELD, 0},
    COLUMNS_END,
};

/* Our own columns of cdr_custom (telephony/asterisk): times to the microsecond. */
static const char *const ASTERISK_CUSTOM_ORDER[] = {
    "uniqueid", "linkedid",   "sequence",  "accountcode", "src",     "dst",
    "start",    "answer",     "end",       "duration",    "billsec", "disposition",
    "channel",  "dstchannel", "userfield", NULL};
static const struct column ASTERISK_CUSTOM[] = {
    {"uniqueid", TEXT, TO(uid)},      {"accountcode", TEXT, TO(agent)},
    {"src", TEXT, TO(caller)},        {"dst", TEXT, TO(callee)},
    {"start", EPOCH, TO(started_at)}, {"duration", SECONDS, TO(duration_s)},
    {"billsec", SECONDS, TO(talk_s)}, {"disposition", DISPOSITION, TO(result)},
    {"userfield", USER_FIELD, 0},     COLUMNS_END,
};

static const struct column FREESWITCH[] = {
    {"switchname", TEXT, TO(source)},
    {"variables.uuid", TEXT, TO(uid)},
    {"variables.cc_gate_id", GATE_ID, TO(gate_id)},
    {"variables.cc_contract", TEXT, TO(contract)},
    {"variables.cc_agent", TEXT, TO(agent)},
    {"variables.sip_auth_username", TEXT, TO(agent)},
    {"variables.effective_caller_id_number", TEXT, TO(caller)},
    {"callflow.caller_profile.caller_id_number", TEXT, TO(caller)},
    {"callflow.caller_profile.destination_number", TEXT, TO(callee)},
    {"variables.start_uepoch", EPOCH_US, TO(started_at)},
    {"variables.duration", SECONDS, TO(duration_s)},
    {"variables.billsec", SECONDS, TO(talk_s)},
    {"variables.cc_result", RESULT, TO(result)},
    {"variables.hangup_cause", HANGUP_CAUSE, TO(result)},
    {"variables.record_path", TEXT, TO(recording)},
    COLUMNS_END,
};

/* The record of telephony/kamailio, as JSON or as a line of db_flatstore. */
static const char *const KAMAILIO_ORDER[] = {
    "start_time", "end_time", "duration", "idem_key", "call_id",  "gate_id",   "agent",
    "caller",     "callee",   "contract", "sip_code", "ended_by", "invite_at", NULL};
static const struct column KAMAILIO[] = {
    {"idem_key", TEXT, TO(uid)},          {"gate_id", GATE_ID, TO(gate_id)},
    {"agent", TEXT, TO(agent)},           {"caller", TEXT, TO(caller)},
    {"callee", TEXT, TO(callee)},         {"contract", TEXT, TO(contract)},
    {"invite_at", EPOCH, TO(started_at)}, {"duration", SECONDS, TO(talk_s)},
    {"sip_code", SIP_CODE, TO(result)},   COLUMNS_END,
};

/* The rows that telephony/vicidial asks its database for. */
static const char *const VICIDIAL_ORDER[] = {
    "uniqueid", "campaign_id",  "start_epoch", "end_epoch",    "length_in_sec", "talk_sec",
    "status",   "phone_number", "user",        "outbound_cid", "location",      "gate_id",
    NULL};
static const struct column VICIDIAL[] = {
    {"uniqueid", TEXT, TO(uid)},
    {"campaign_id", TEXT, TO(contract)},
    {"start_epoch", EPOCH, TO(started_at)},
    {"length_in_sec", SECONDS, TO(duration_s)},
    {"talk_sec", SECONDS, TO(talk_s)},
    {"status", VICIDIAL_STATUS, TO(result)},
    {"phone_number", TEXT, TO(callee)},
    {"user", TEXT, TO(agent)},
    {"outbound_cid", TEXT, TO(caller)},
    {"location", TEXT, TO(recording)},
    {"gate_id", GATE_ID, TO(gate_id)},
    COLUMNS_END,
};

static const struct profile PROFILES[] = {
    [PROFILE_PLAIN] = {"", PLAIN, NULL, 0},
    [PROFILE_ASTERISK_CSV] = {"asterisk", ASTERISK, ASTERISK_ORDER, 0},
    [PROFILE_ASTERISK_CUSTOM] = {"asterisk", ASTERISK_CUSTOM, ASTERISK_CUSTOM_ORDER, 0},
    [PROFILE_FREESWITCH_JSON] = {"freeswitch", FREESWITCH, NULL, 0},
    [PROFILE_KAMAILIO_FLAT] = {"kamailio", KAMAILIO, KAMAILIO_ORDER, '|'},
    [PROFILE_VICIDIAL] = {"vicidial", VICIDIAL, VICIDIAL_ORDER, '|'},
};

static const struct column *column_of(const struct profile *profile, const char *name)
{
    for (const struct column *column = profile->columns; column->from; column++)
        if (strcmp(column->from, name) == 0)
            return column;
    return NULL;
}

/* ---- a line is whole ---- */

#define LASTS_MOST (24 * 3600) /* seconds: no call does */

static struct call_rejected fault_of(const struct call_line *line, struct instant now)
{
    const char *const names[] = {line->contract, line->agent, line->caller, NULL};
    const char *fault = reported_fault(line->uid, line->source, names);
    if (fault)
        return (struct call_rejected){.code = fault};
    if (strlen(line->recording) > REPORTED_UID_MOST)
        return (struct call_rejected){0, "too_long", "recording", line->recording};
    if (!utf8_valid(line->recording, strlen(line->recording)))
        return (struct call_rejected){.code = "not_text"};
    if (!line->started_at.ms)
        return (struct call_rejected){0, "started_at_required", "started_at", ""};
    if (!reported_in_time(line->started_at, now))
        return (struct call_rejected){.code = "started_at_range", .field = "started_at"};
    if (!callee_fits(line->callee))
        return (struct call_rejected){0, "callee_malformed", "callee", line->callee};
    if (!line->result)
        return (struct call_rejected){0, "result_required", "result", ""};
    if (line->duration_s > LASTS_MOST)
        return (struct call_rejected){.code = "duration_range", .field = "duration_s"};
    if (line->talk_s > line->duration_s)
        return (struct call_rejected){.code = "talk_longer_than_call", .field = "talk_s"};
    return (struct call_rejected){.code = NULL};
}

/* A value that is too long is not said back whole, and one that is no text not at all. */
struct call_rejected call_rejection(const struct call_line *line)
{
    enum { SAID_MOST = 60 };
    const char *value = line->fault_value ? line->fault_value : "";
    const size_t len = strlen(value);
    return (struct call_rejected){line->row, line->fault,
                                  line->fault_field ? line->fault_field : "",
                                  len <= SAID_MOST && utf8_valid(value, len) ? value : ""};
}

static void find_fault(struct reading *reading, struct call_line *line)
{
    char at[INSTANT_MAX_TEXT];
    if (line->fault)
        return;
    const struct call_rejected fault = fault_of(line, reading->cx->now);
    line->fault = fault.code;
    line->fault_field = fault.field;
    line->fault_value = fault.value;
    if (!fault.code || !fault.field || fault.value)
        return;
    if (fault.field[0] == 's') { /* started_at; the others are seconds */
        instant_format(line->started_at, at);
        line->fault_value = arena_dup(reading->cx->mem, at);
        return;
    }
    line->fault_value = arena_printf(reading->cx->mem, "%d",
                                     fault.field[0] == 't' ? line->talk_s : line->duration_s);
}

static enum result line_end(struct reading *reading)
{
    struct call_line *line = &reading->line;
    line->row = reading->row;
    if (reading->said)
        line->result = reading->said;
    if (!*line->source)
        line->source = reading->profile->source;
    /* Some count from the answer; the call began when it was asked for. */
    if (line->duration_s < line->talk_s && reading->profile->separator)
        line->duration_s = line->talk_s;
    find_fault(reading, line);
    return reading->each(reading->host, line);
}

/* ---- CSV ---- */

static enum result read_header(struct reading *reading, const struct row *row)
{
    bool any = false;
    for (int i = 0; i < row->count; i++) {
        reading->by_place[i] = column_of(reading->profile, row->cells[i].text);
        any = any || reading->by_place[i];
    }
    reading->has_header = true;
    return any ? OK : fail(reading->cx, INVALID, "calls.no_header");
}

static enum result each_row(void *host, const struct row *row)
{
    struct reading *reading = host;
    if (row->count == 0)
        return OK;
    if (!reading->has_header)
        return read_header(reading, row);
    line_begin(reading);
    reading->row = row->number;
    for (int i = 0; i < row->count; i++)
        if (reading->by_place[i])
            put(reading, reading->by_place[i], arena_dup(reading->cx->mem, row->cells[i].text));
    return line_end(reading);
}

static void use_order(struct reading *reading)
{
    const char *const *order = reading->profile->order;
    for (int i = 0; order && order[i]; i++)
        reading->by_place[i] = column_of(reading->profile, order[i]);
    reading->has_header = order != NULL;
}

/* ---- lines that are no CSV ---- */

static enum result separated_line(void *host, const char *line, size_t len)
{
    struct reading *reading = host;
    const char *const end = line + len;
    line_begin(reading);
    for (int i = 0; i < SHEET_COLUMNS && line <= end; i++) {
        const char *stop = memchr(line, reading->profile->separator, (size_t)(end - line));
        const size_t cell = (size_t)((stop ? stop : end) - line);
        if (reading->by_place[i])
            put(reading, reading->by_place[i], arena_copy(reading->cx->mem, line, cell));
        line += cell + 1;
    }
    return line_end(reading);
}

/* ---- JSON ---- */

#define PATH_MOST 200

/* Where the reader is: "variables.uuid"; places in arrays have no name. */
struct path {
    char text[PATH_MOST];
    size_t len;
    size_t marks[JSON_DEPTH];
    unsigned depth;
};

static void path_key(struct path *path, const struct json_reader *json)
{
    const size_t from = path->marks[path->depth];
    path->len = from;
    if (from + json->text.len + 2 > PATH_MOST)
        return;
    if (from > 0)
        path->text[path->len++] = '.';
    memcpy(path->text + path->len, json->text.at, json->text.len);
    path->len += json->text.len;
}

static void path_value(struct reading *reading, struct path *path, const struct json_reader *json)
{
    path->text[path->len] = '\0';
    const struct column *column = column_of(reading->profile, path->text);
    if (column)
        put(reading, column, json_text(json));
}

/* One record, from its `{`, which has been read. False when it is broken. */
static bool json_record(struct reading *reading, struct json_reader *json)
{
    struct path path = {.len = 0};
    const unsigned outside = json->depth - 1;
    line_begin(reading);
    while (json->depth > outside) {
        switch (json_next(json)) {
        case JSON_KEY:
            path_key(&path, json);
            break;
        case JSON_STRING:
        case JSON_NUMBER:
            path_value(reading, &path, json);
            break;
        case JSON_OBJECT:
        case JSON_ARRAY:
            if (path.depth + 1 < JSON_DEPTH)
                path.marks[++path.depth] = path.len;
            break;
        case JSON_OBJECT_END:
        case JSON_ARRAY_END:
            path.depth -= path.depth > 0;
            break;
        case JSON_ERROR:
        case JSON_DONE:
            return false;
        default:
            break;
        }
    }
    return true;
}

static enum result json_line(void *host, const char *line, size_t len)
{
    struct reading *reading = host;
    struct json_reader json;
    json_start(&json, reading->cx->mem, line, len);
    const bool whole = json_next(&json) == JSON_OBJECT && json_record(reading, &json) &&
                       json_next(&json) == JSON_DONE;
    if (!whole) {
        line_begin(reading);
        reading->line.fault = "not_json";
    }
    return line_end(reading);
}

static enum result json_array_lines(struct reading *reading, const char *bytes, size_t len)
{
    struct json_reader json;
    json_start(&json, reading->cx->mem, bytes, len);
    (void)json_next(&json); /* the bracket */
    for (enum json_token token = json_next(&json); token != JSON_ARRAY_END;
         token = json_next(&json)) {
        reading->row++;
        line_begin(reading);
        if (token == JSON_ERROR || (token == JSON_OBJECT && !json_record(reading, &json)))
            return fail(reading->cx, INVALID, "calls.not_json");
        if (token == JSON_ARRAY)
            return fail(reading->cx, INVALID, "calls.not_json");
        if (token != JSON_OBJECT)
            reading->line.fault = "not_json";
        TRY(line_end(reading));
    }
    return json_next(&json) == JSON_DONE ? OK : fail(reading->cx, INVALID, "calls.not_json");
}

bool call_lines_apart(enum call_profile profile, const char *bytes, size_t len)
{
    const char first = reported_first(&bytes, &len);
    return first == '{' || (first != '[' && PROFILES[profile].order);
}

enum result call_lines_read(struct ctx *cx, enum call_profile profile, const char *bytes,
                            size_t len, call_line_each each, void *host)
{
    struct reading *reading = ARENA_NEW(cx->mem, struct reading);
    *reading =
        (struct reading){.cx = cx, .profile = &PROFILES[profile], .each = each, .host = host};
    const char first = reported_first(&bytes, &len);
    use_order(reading);
    if (first == '[')
        return json_array_lines(reading, bytes, len);
    if (first == '{')
        return reported_lines(bytes, len, &reading->row, json_line, reading);
    if (profile == PROFILE_FREESWITCH_JSON && first)
        return fail(cx, INVALID, "calls.not_json");
    if (PROFILES[profile].separator)
        return reported_lines(bytes, len, &reading->row, separated_line, reading);
    return first ? sheet_read(cx, bytes, len, each_row, reading) : OK;
}
