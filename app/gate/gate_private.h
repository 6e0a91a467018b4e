/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between the files of this slice. */
#ifndef GATE_PRIVATE_H
#define GATE_PRIVATE_H

#include "app/contracts/client_rule.h"
#include "app/gate/journal.h"

/* ---- recent decisions, in memory: so that a call that is asked for again hears the same ---- */

struct call_key {
    uint64_t first, second; /* of node and call id; both 0: none */
};
struct recent {
    struct call_key key;
    int64_t gate_id;
    struct instant at;
    int64_t contract_id, agent_id, number_id, provider_id, callee_key, callee_code;
    char contract[NODE_MOST + 1]; /* its number, for a bind */
    char caller[NUMBER_TEXT];
    int32_t max_s, per_day, per_week;
    enum allowance reason;
    enum gate_mode mode;
    bool is_open, is_recorded;
    uint32_t next_call, next_gate; /* of the same bucket: place + 1 */
};

/* The last ones, this many: two minutes of a thousand a second. The oldest go first. */
#define RECENT_MOST (UINT32_C(1) << 17)

struct memory;
struct memory *memory_new(void);
void memory_free(struct memory *memory);
struct call_key call_key(const char *node, const char *call_id);
struct recent *memory_by_call(struct memory *memory, struct call_key key);
struct recent *memory_by_gate(struct memory *memory, int64_t gate_id);
/* A copy of it in the place of the oldest. */
struct recent *memory_add(struct memory *memory, const struct recent *recent);
/* It is as if it had never been. */
void memory_take_back(struct memory *memory, struct recent *recent);
int32_t memory_open(const struct memory *memory, struct instant now);

/* ---- how often a number was called ---- */

#define PER_MOST 100 /* that a rule may permit */

struct frequency;
struct frequency *frequency_new(void);
void frequency_free(struct frequency *frequency);
/* Once more on that day? 0: any number of times. */
bool frequency_permits(struct frequency *frequency, int64_t callee_key, struct date day,
                       int32_t per_day, int32_t per_week);
void frequency_count(struct frequency *frequency, int64_t callee_key, struct date day);

/* ---- rules ---- */

#define USUAL_MAX_S 7200

/* ---- into the months ---- */

struct gate_host {
    struct months *months;
    struct journal *journal;
};
extern struct gate_host gate_host;
MUST_USE enum result fold_entries(struct ctx *cx, const struct journal_entry *entries,
                                  size_t count);
/* A decision from the month at hand. Results: NOT_FOUND. */
MUST_USE enum result decision_read(struct ctx *cx, int64_t gate_id, struct gate_known *out);
/* What was decided in the last minutes, from the months into the memory: after a start. */
MUST_USE enum result memory_load(struct ctx *cx, struct memory *memory);
/* The same of the calls of the last days. */
MUST_USE enum result frequency_load(struct ctx *cx, struct frequency *frequency);

#endif
