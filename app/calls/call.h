/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Records of calls (part C): taken in from any call system, each exactly once, rolled up by person,
 * number and hour in the same transaction; kept by month (store/months.h).
 *
 * A call that was made is kept, whoever made it: one of an agent, a number or a contract that is
 * unknown or was not permitted is a finding beside it (C1.1, C1.2), not a reason to refuse it. */
#ifndef CALL_H
#define CALL_H

#include "app/access/account.h"
#include "app/gate/call_id.h"
#include "app/gate/directory.h"
#include "store/months.h"

enum call_result {
    CALL_SUCCESS = 1, /* 成功访问 */
    CALL_CONTACTED,   /* somebody answered */
    CALL_NO_ANSWER,
    CALL_BUSY,
    CALL_FAILED,
    CALL_REFUSED,
};
extern const char *const CALL_RESULTS[];

/* ---- what a call system reports, a line for each call ---- */

struct call_line {
    int64_t row;              /* in the file or body, from 1 */
    const char *source, *uid; /* the call system, and what it calls this call */
    int64_t gate_id;          /* 0: it does not say */
    const char *contract, *agent, *caller, *callee;
    struct instant started_at;
    int32_t duration_s, talk_s;
    enum call_result result;
    const char *recording; /* path or URL; "" none */
    const char *fault;     /* code, when it is none: then nothing else counts but `row`, and */
    const char *fault_field, *fault_value; /* which of its values, as it was written; may be NULL */
};

enum call_profile {
    PROFILE_PLAIN = 1, /* CSV with our names, NDJSON or a JSON array */
    PROFILE_ASTERISK_CSV,
    PROFILE_ASTERISK_CUSTOM,
    PROFILE_FREESWITCH_JSON,
    PROFILE_KAMAILIO_FLAT,
    PROFILE_VICIDIAL,
};
extern const char *const CALL_PROFILES[];

typedef enum result (*call_line_each)(void *host, const struct call_line *line);
/* Each line in turn, its texts in cx->mem. Lines that are wrong are handed out with their fault.
 * Results: INVALID calls.…, sheet.…, when the whole cannot be read as this. */
MUST_USE enum result call_lines_read(struct ctx *cx, enum call_profile profile, const char *bytes,
                                     size_t len, call_line_each each, void *host);

/* Lines that gather while a body is read; at most CALL_LINES_MOST, then TOO_LARGE. */
#define CALL_LINES_MOST 100000
struct lines {
    void *at;
    size_t count, room;
};
MUST_USE enum result lines_add(struct ctx *cx, struct lines *lines, const void *line, size_t size);

/* Is each line of these bytes a record by itself, so that it can be read again alone? */
bool call_lines_apart(enum call_profile profile, const char *bytes, size_t len);

/* ---- taking them in ---- */

struct call_rejected {
    int64_t row;
    const char *code;
    const char *field, *value; /* as they were written; "" it is about none */
};
/* The same of a line with a fault. */
struct call_rejected call_rejection(const struct call_line *line);
struct call_receipt {
    int64_t accepted, duplicates;
    int64_t revised; /* were there, and say something else from now on */
    struct call_rejected *rejected;
    size_t rejected_count;
};

/* Where calls are kept; once at start. */
void calls_use(struct months *months, const struct keys *keys);
struct months *calls_months(void);

/* Take lines in: durable, and nothing twice, when it returns (or `done` is called). `reporter`: the
 * organisation that sends them; of a provider only calls on its own contracts are taken as such; 0:
 * the company itself. The lines and the receipt lie in cx->mem. */
MUST_USE enum result calls_take(struct ctx *cx, const struct call_line *lines, size_t count,
                                int64_t reporter, struct call_receipt *out);
/* The same without waiting; `done` is called once, on another thread. */
void calls_take_later(struct ctx *cx, const struct call_line *lines, size_t count, int64_t reporter,
                      struct call_receipt *out, void (*done)(void *host, enum result result),
                      void *host);

/* ---- one call ---- */

/* Whoever is an agent and nothing else sees those of the own ids (C2.4: what the own points come
 * from); for scopes of what has an agent. */
#define OWN_CALLS                                                                                  \
    "(" BEYOND_AGENTS " OR @agent_id IN (SELECT g.id FROM agents g WHERE g.person_id = :person))"

struct call {
    RECORD_MEMBERS;
    struct instant started_at;
    int64_t contract_id, agent_id, person_id, number_id, gate_id;
    const char *contract_number, *contract_name, *agent_code, *agent_name, *caller;
    const char *callee; /* masked */
    int64_t callee_key, callee_code;
    int32_t duration_s, talk_s;
    enum call_result result;
    const char *source;
    const char *uid;       /* the callee in it masked: of such names many are made */
    const char *said_uid;  /* as the source says it: to compare with, never to show */
    const char *recording; /* path or URL, the callee in it masked; "" none */
};
extern const struct resource CALLS;

/* A review struck it, or none does any longer: struck, a success is none, whatever its record says
 * now or later. *out_result is what counts from now on, also in its figures. Waits for the writer
 * of the call's month: for workers, never within a transaction. Results: NOT_FOUND. */
MUST_USE enum result call_strike(struct ctx *cx, int64_t id, bool is_struck,
                                 enum call_result *out_result);

/* ---- figures, from the roll-ups alone ---- */

/* A worker's turn: sort hours that are over (call_hours.h), so that lists find in them. */
struct worker;
MUST_USE enum result call_hours_turn(struct worker *worker, struct ctx *cx, bool *out_found);

enum figures_by { BY_AGENT = 1, BY_DAY, BY_NUMBER, BY_HOUR };
extern const char *const FIGURES_BY[];

struct call_figure {
    const char *key; /* agent's code, day, number, hour of the day */
    int64_t agent_id, number_id;
    const char *name; /* of the agent's person; "" */
    int32_t dials, connected, success, talk_s, duration_s;
};
extern const struct field CALL_FIGURE_FIELDS[];
/* Of these contracts together, from and to inclusive, sorted by key. */
MUST_USE enum result call_figures(struct ctx *cx, const int64_t *contract_ids, size_t contracts,
                                  struct date from, struct date to, enum figures_by by,
                                  struct call_figure **out, size_t *out_count);

/* The contract of that number, when the actor may see it; "": all contracts of outbound calling
 * that the actor sees. Results: NOT_FOUND. */
MUST_USE enum result call_contracts(struct ctx *cx, const char *number, int64_t **out_ids,
                                    size_t *out_count);

extern const struct right CALL_RIGHTS[];

#endif
