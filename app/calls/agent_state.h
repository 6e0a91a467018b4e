/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What agents do between their calls (part C2.4: attendance and hours): signed in, idle, pausing,
 * talking, wrapping up, signed out, as call systems report it. Kept by month beside the calls, each
 * report once, and summed by person, contract and day in the same transaction.
 *
 * A state holds until its own end, or until the agent's next one, whichever is earlier. Where two
 * hold at once the later one counts, and the seconds said twice are kept as `overlap_s`. One that
 * nothing ends within 12 hours counts nothing and is `unended`; so is one at a month's end. */
#ifndef AGENT_STATE_H
#define AGENT_STATE_H

#include "app/calls/call.h"

enum work_state {
    WORK_SIGNED_IN = 1, /* and nothing more is known */
    WORK_IDLE,
    WORK_PAUSE,
    WORK_TALKING,
    WORK_WRAP_UP,
    WORK_SIGNED_OUT,
};
extern const char *const WORK_STATES[];

struct state_line {
    int64_t row;              /* in the file or body, from 1 */
    const char *source, *uid; /* the call system, and what it calls this change */
    const char *contract, *agent;
    bool contract_is_hint;    /* the name of a queue: it counts only when it is a contract's */
    struct instant at, until; /* no end: until the next one */
    enum work_state state;
    const char *reason; /* of a pause */
    const char *fault;  /* code, when it is none: then nothing else counts but `row` */
};

enum state_profile {
    STATES_PLAIN = 1,      /* CSV with our names, NDJSON or a JSON array */
    STATES_ASTERISK_QUEUE, /* queue_log */
    STATES_VICIDIAL,       /* rows of vicidial_agent_log: four states each */
    STATES_FREESWITCH,     /* events of mod_callcenter, as JSON */
};
extern const char *const STATE_PROFILES[];

typedef enum result (*state_line_each)(void *host, const struct state_line *line);
/* Each line in turn, as call_lines_read. Results: INVALID calls.not_json, calls.no_header, sheet.…
 */
MUST_USE enum result state_lines_read(struct ctx *cx, enum state_profile profile, const char *bytes,
                                      size_t len, state_line_each each, void *host);

/* Take lines in: durable, nothing twice, summed, when it returns. Waits for the months' writers:
 * never within a transaction nor on a server thread. `reporter` as in calls_take. An agent that
 * nobody knows has no day to count for: its line is among the rejected. */
MUST_USE enum result agent_states_take(struct ctx *cx, struct state_line *lines, size_t count,
                                       int64_t reporter, struct call_receipt *out);

/* ---- read again ---- */

/* From one state to its end, as it counts. */
struct state_span {
    struct instant from, to; /* `to` none: nothing ended it */
    enum work_state state;
    const char *reason, *source;
};
extern const struct field STATE_SPAN_FIELDS[];
/* An agent's spans of that day, in order; those of the day before that reach into it begin with
 * it. */
MUST_USE enum result agent_states_of(struct ctx *cx, int64_t agent_id, struct date day,
                                     struct state_span **out, size_t *out_count);

#endif
