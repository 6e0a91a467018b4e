/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between the files of this slice. */
#ifndef GATE_PRIVATE_H
#define GATE_PRIVATE_H

#include "app/gate/gate.h"
#include "app/gate/journal.h"

/* ---- recent decisions, in memory: so that a call that is asked for again hears the same ---- */

struct call_key {
    uint64_t first, second; /* of node, call id and the number that is called */
};
struct recent {
    struct call_key key;
    int64_t gate_id;
    struct instant at;
    int64_t contract_id, agent_id, number_id, provider_id, callee_key, callee_code;
    int64_t bound_id; /* the agent it was given to later; 0: none */
    int32_t max_s, per_day, per_week;
    enum allowance reason;
    enum gate_mode mode;
    bool is_recorded;
    char caller[NUMBER_TEXT];
    char contract[NODE_MOST + 1]; /* its number, for a bind */
};

/* As many as this and twice as many at most are kept: a minute or two of a thousand a second. */
#define GENERATION (UINT32_C(1) << 16)

struct memory;
struct memory *memory_new(void);
void memory_free(struct memory *memory);
struct call_key call_key(const char *node, const char *call_id, int64_t callee_key);
/* It is asked for soon. Without the lock that the others need. */
void memory_expect(struct memory *memory, struct call_key key);
/* The one it was given to, else the one that asked. */
int64_t recent_agent(const struct recent *recent);
/* To a provider (`asker`; 0: the company) what others asked for does not exist. */
bool recent_is_for(const struct recent *recent, int64_t asker);
/* The decision that answers `asked`, too: of the same call to the same number by the same agent of
 * the same contract, under the same number (`any_caller`: whatever it was), made not long ago, and
 * the call is not over. NULL: there is none. */
struct recent *memory_repeated(struct memory *memory, const struct recent *asked, bool any_caller,
                               int64_t asker);
/* NULL when it is not known (any more). */
struct recent *memory_by_gate(struct memory *memory, int64_t gate_id);
/* A copy of it; open when it was allowed. */
struct recent *memory_add(struct memory *memory, const struct recent *recent);
void memory_close(struct memory *memory, const struct recent *recent);
/* Allowed, and neither closed nor out of its time? */
bool memory_is_open(struct memory *memory, const struct recent *recent, struct instant now);
bool view_has(const struct gate_view *view, int64_t contract_id, int64_t provider_id);
/* How many calls are open, of those in the view (NULL: of all); of these the `most` longest. */
int32_t memory_open(const struct memory *memory, struct instant now, const struct gate_view *view,
                    struct open_call *longest, int32_t most);

/* ---- how often a number was called ---- */

#define PER_MOST 100 /* that a rule may permit */

struct frequency;
struct frequency *frequency_new(void);
void frequency_free(struct frequency *frequency);
/* It is asked for soon. Without a lock. */
void frequency_expect(struct frequency *frequency, int64_t callee_key);
/* Once more on that day? 0: any number of times. */
bool frequency_permits(struct frequency *frequency, int64_t callee_key, struct date day,
                       int32_t per_day, int32_t per_week);
void frequency_count(struct frequency *frequency, int64_t callee_key, struct date day);

/* ---- rules ---- */

#define USUAL_MAX_S 7200

/* ---- into the months ---- */

struct gate_host {
    struct store *store;
    struct months *months;
    struct journal *journal;
};
extern struct gate_host gate_host;
MUST_USE enum result fold_entries(struct ctx *cx, const struct journal_entry *entries,
                                  size_t count);
/* A decision from the month at hand. Results: NOT_FOUND. */
MUST_USE enum result decision_read(struct ctx *cx, int64_t gate_id, struct gate_known *out);
/* What was decided in the last minutes, from the months, for the memory: after a start. */
typedef void (*decision_taken)(void *host, const struct recent *recent, bool is_closed);
MUST_USE enum result decisions_load(struct ctx *cx, decision_taken take, void *host);
/* The same of what other processes than the one of that place decided just now. */
MUST_USE enum result decisions_follow(struct ctx *cx, int place, decision_taken take, void *host);
/* The calls of the last days. */
MUST_USE enum result frequency_load(struct ctx *cx, struct frequency *frequency);

/* ---- which process this is ---- */

/* Of a clock that nobody sets and that runs on while the machine sleeps. */
int64_t boot_ms(void);

/* Results: BUSY gate.processes when there are too many. */
MUST_USE enum result process_enter(struct ctx *cx);
MUST_USE enum result process_renew(struct ctx *cx);
void process_leave(struct ctx *cx);
/* 0..31, in the ids of its decisions; -1: nothing may be decided. */
int process_place(void);
/* Nobody else decides. */
MUST_USE enum result process_is_alone(struct ctx *cx, bool *out);

#endif
