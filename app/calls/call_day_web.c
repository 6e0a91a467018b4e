/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A person's day: the figures, what the agent was doing when, the calls, and the gaps between. */
#include "app/calls/call_day.h"
#include "app/calls/call_web.h"
#include "base/texts.h"

#include <string.h>

/* ---- POST /api/agent_states ---- */

struct sending {
    struct request *rq;
    struct lines lines; /* of struct state_line */
    struct call_receipt receipt;
};

static enum result keep_line(void *host, const struct state_line *line)
{
    struct sending *sending = host;
    return lines_add(&sending->rq->cx, &sending->lines, line, sizeof *line);
}

enum result agent_states_prepare(struct request *rq)
{
    struct sending *sending = ARENA_NEW(rq->cx.mem, struct sending);
    const struct actor *actor = rq->cx.actor;
    const char *name = query_text(rq, "profile");
    const enum state_profile profile =
        *name ? choice_find(STATE_PROFILES, name, strlen(name)) : STATES_PLAIN;
    sending->rq = rq;
    rq->prepared = sending;
    if (!profile)
        reject(&rq->cx, "profile", "unknown");
    TRY(rejected(&rq->cx));
    TRY(state_lines_read(&rq->cx, profile, rq->body, rq->body_len, keep_line, sending));
    return agent_states_take(&rq->cx, sending->lines.at, sending->lines.count,
                             actor->side == SIDE_PROVIDER ? actor->organisation_id : 0,
                             &sending->receipt);
}

enum result agent_states_post(struct request *rq)
{
    const struct sending *sending = rq->prepared;
    doc_receipt(rq, &sending->receipt, "agent_states.fault");
    return OK;
}

/* ---- a day ---- */

#define CALLS_MOST 2000
#define GAP_S 900    /* between two calls: from here on it is shown */
#define PICTURE 1000 /* units of the picture's width */
#define HOUR_MS INT64_C(3600000)

struct day {
    struct request *rq;
    const struct call_day *record;
    struct call *calls;
    size_t call_count;
    struct state_span *spans;
    size_t span_count;
    int64_t from, to; /* ms: the whole hours in which anything happened */
};

static enum result day_read(struct request *rq, const struct call_day *record, struct day *out)
{
    *out = (struct day){.rq = rq, .record = record};
    TRY(call_day_calls(&rq->cx, record, CALLS_MOST, &out->calls, &out->call_count));
    if (record->agent_id)
        TRY(agent_states_of(&rq->cx, record->agent_id, record->day, &out->spans, &out->span_count));
    return OK;
}

/* ---- gaps ---- */

struct gap {
    struct instant from, to;
    int32_t seconds;
    enum work_state state;      /* in which most of it passed; 0: nothing is known of it */
    const char *reason, *lasts; /* as people read the seconds */
};
static const struct field GAP_FIELDS[] = {
    FIELD(gap, from),   FIELD(gap, to),    FIELD(gap, seconds), FIELD_ENUM(gap, state, WORK_STATES),
    FIELD(gap, reason), FIELD(gap, lasts), FIELDS_END,
};

static int64_t shared_ms(const struct state_span *span, const struct gap *gap)
{
    const int64_t from = span->from.ms > gap->from.ms ? span->from.ms : gap->from.ms;
    const int64_t to = span->to.ms < gap->to.ms ? span->to.ms : gap->to.ms;
    return to > from ? to - from : 0;
}

static void explain_gap(const struct day *day, struct gap *gap)
{
    int64_t most = 0;
    gap->reason = "";
    for (size_t i = 0; i < day->span_count; i++) {
        const struct state_span *span = &day->spans[i];
        const int64_t ms = shared_ms(span, gap);
        if (ms <= most)
            continue;
        most = ms;
        gap->state = span->state;
        gap->reason = span->reason;
    }
}

static void put_gaps(struct day *day)
{
    struct gap *gaps = ARENA_ARRAY(day->rq->cx.mem, struct gap, day->call_count + 1);
    struct instant free_from = {0};
    size_t count = 0;
    const bool is_of_one = day->record->agent_id != 0; /* between calls of many there is none */
    for (size_t i = 0; is_of_one && i < day->call_count; i++) {
        const struct call *call = &day->calls[i];
        const int64_t seconds = (call->started_at.ms - free_from.ms) / 1000;
        const int64_t end = call->started_at.ms + call->duration_s * INT64_C(1000);
        if (i > 0 && seconds >= GAP_S) {
            gaps[count] = (struct gap){free_from,
                                       call->started_at,
                                       (int32_t)seconds,
                                       0,
                                       "",
                                       seconds_words(day->rq->cx.mem, seconds)};
            explain_gap(day, &gaps[count++]);
        }
        free_from.ms = end > free_from.ms ? end : free_from.ms;
    }
    doc_records(day->rq->doc, "gaps", GAP_FIELDS, gaps, count, sizeof *gaps);
}

/* ---- figures ---- */

static void put_figures(struct request *rq, const struct call_day *record)
{
    const struct call_sums sums = call_day_sums(record);
    struct doc **docs = ARENA_ARRAY(rq->cx.mem, struct doc *, CALL_FORMULA_COUNT);
    size_t count = 0;
    for (size_t i = 0; i < CALL_FORMULA_COUNT; i++) {
        const struct call_formula *formula = &CALL_FORMULAS[i];
        const char *words = formula_words(rq->cx.mem, formula, &sums);
        struct doc *doc = docs[count++] = doc_new(rq->cx.mem);
        doc_text(doc, "label",
                 texts_get(arena_printf(rq->cx.mem, "call_board.%s", formula->name), rq->cx.lang));
        doc_text(doc, "words", words);
        doc_text(doc, "formula",
                 formula->bottom ? formula_text(rq->cx.mem, formula, true, rq->cx.lang) : "");
    }
    doc_docs(rq->doc, "figures", docs, count);
}

/* ---- the picture: two lanes over the hours in which anything happened ---- */

static void stretch(struct day *day, int64_t from, int64_t to)
{
    day->from = day->from && day->from < from ? day->from : from;
    day->to = day->to > to ? day->to : to;
}

static void find_hours(struct day *day)
{
    for (size_t i = 0; i < day->call_count; i++)
        stretch(day, day->calls[i].started_at.ms,
                day->calls[i].started_at.ms + day->calls[i].duration_s * INT64_C(1000));
    for (size_t i = 0; i < day->span_count; i++)
        if (day->spans[i].state != WORK_SIGNED_OUT)
            stretch(day, day->spans[i].from.ms,
                    day->spans[i].to.ms ? day->spans[i].to.ms : day->spans[i].from.ms);
    day->from -= day->from % HOUR_MS;
    day->to += (HOUR_MS - day->to % HOUR_MS) % HOUR_MS;
}

struct bar {
    int32_t x, width;
    const char *kind; /* a state, or a result */
    const char *words;
};
static const struct field BAR_FIELDS[] = {FIELD(bar, x), FIELD(bar, width), FIELD(bar, kind),
                                          FIELD(bar, words), FIELDS_END};

static struct bar bar_of(const struct day *day, int64_t from, int64_t to, const char *kind,
                         const char *prefix)
{
    const int64_t span = day->to - day->from;
    struct arena *arena = day->rq->cx.mem;
    const int32_t x = (int32_t)((from - day->from) * PICTURE / span);
    const int32_t end = (int32_t)((to - day->from) * PICTURE / span);
    struct text words = text_new(arena, 64);
    const int minute = (int)((from / 60000 + SHANGHAI_OFFSET_MIN) % 1440);
    text_printf(&words, "%02d:%02d ", minute / 60, minute % 60);
    text_puts(&words, texts_get(arena_printf(arena, "%s.%s", prefix, kind), day->rq->cx.lang));
    return (struct bar){x, end - x > 1 ? end - x : 1, kind, text_end(&words)};
}

static void put_bars(struct day *day)
{
    struct arena *arena = day->rq->cx.mem;
    struct bar *states = ARENA_ARRAY(arena, struct bar, day->span_count + 1);
    struct bar *calls = ARENA_ARRAY(arena, struct bar, day->call_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < day->span_count; i++)
        if (day->spans[i].state != WORK_SIGNED_OUT && day->spans[i].to.ms)
            states[count++] =
                bar_of(day, day->spans[i].from.ms, day->spans[i].to.ms,
                       choice_name(WORK_STATES, day->spans[i].state), "agent_states.state");
    doc_records(day->rq->doc, "state_bars", BAR_FIELDS, states, count, sizeof *states);
    for (size_t i = 0; i < day->call_count; i++)
        calls[i] = bar_of(day, day->calls[i].started_at.ms,
                          day->calls[i].started_at.ms + day->calls[i].duration_s * INT64_C(1000),
                          choice_name(CALL_RESULTS, day->calls[i].result), "calls.result");
    doc_records(day->rq->doc, "call_bars", BAR_FIELDS, calls, day->call_count, sizeof *calls);
}

static void put_hours(struct day *day)
{
    const int64_t count = (day->to - day->from) / HOUR_MS;
    const int64_t first = (day->from / 60000 + SHANGHAI_OFFSET_MIN) / 60 % 24;
    struct doc **docs = ARENA_ARRAY(day->rq->cx.mem, struct doc *, (size_t)count + 1);
    for (int64_t i = 0; i < count; i++) {
        docs[i] = doc_new(day->rq->cx.mem);
        doc_text(docs[i], "hour", arena_printf(day->rq->cx.mem, "%02d", (int)((first + i) % 24)));
        doc_int(docs[i], "x", i * PICTURE / count);
    }
    doc_docs(day->rq->doc, "hours", docs, (size_t)count);
}

static void put_picture(struct day *day)
{
    find_hours(day);
    if (day->to <= day->from)
        return;
    put_bars(day);
    put_hours(day);
}

static enum result put_others(struct request *rq, const struct call_day *record)
{
    struct call_day *others = NULL;
    size_t count;
    TRY(call_day_others(&rq->cx, record, &others, &count));
    doc_records(rq->doc, "others", CALL_DAYS.fields, others, count, sizeof *others);
    return OK;
}

static enum result day_show(struct request *rq, void *record)
{
    struct day *day = ARENA_NEW(rq->cx.mem, struct day);
    TRY(day_read(rq, record, day));
    doc_records(rq->doc, "states", STATE_SPAN_FIELDS, day->spans, day->span_count,
                sizeof *day->spans);
    doc_records(rq->doc, "calls", CALLS.fields, day->calls, day->call_count, sizeof *day->calls);
    put_gaps(day);
    TRY(put_others(rq, record));
    doc_formulas(rq->doc, rq->cx.lang);
    if (rq->face != FACE_PAGE)
        return OK;
    rq->doc->page_only = true;
    doc_int(rq->doc, "state_count", (int64_t)day->span_count);
    put_figures(rq, record);
    put_picture(day);
    rq->doc->page_only = false;
    return OK;
}

const struct record_face CALL_DAY_FACE = {
    .resource = &CALL_DAYS, .show = day_show, .icon = "user-bolt"};
