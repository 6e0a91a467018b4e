/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between the files of this slice. */
#ifndef CALL_PRIVATE_H
#define CALL_PRIVATE_H

#include "app/calls/call.h"
#include "app/gate/call_finding.h"

extern const struct apart CALLS_APART;

/* A call as it stands in its month. */
struct call_kept {
    int64_t id, source_id;
    const char *uid;
    int64_t contract_id, agent_id, number_id, gate_id, callee_key, callee_code;
    int32_t duration_s, talk_s;
    enum call_result result;
    enum call_result reported; /* of a struck call: what its record says; 0: it is not struck */
    const char *recording;
};

/* What counts of a call whose record says `reported`: a success that is struck is none. */
enum call_result struck_result(enum call_result reported, bool is_struck);

/* A call as the month keeps it, made from a line by what the directory knows. */
struct call_row {
    int64_t id; /* the first that it may have; then the one that it has */
    int64_t contract_id, agent_id, person_id, number_id, gate_id;
    int64_t provider_id; /* whose source it is: of the contract, or who reports it */
    int64_t callee_key, callee_code;
    int64_t source_id; /* in its month; found when it is put there */
    int64_t sender_id; /* the person who sends it */
    int32_t max_s;     /* that the gate allowed, where it is known */
    uint64_t uid_hash; /* of provider, source and uid */
    const struct call_line *line;
    enum allowance found;
    bool is_untalked;  /* it says success, and that nobody talked */
    bool is_listed;    /* who was called had said that they do not want it */
    bool is_anothers;  /* the decision that it names: another provider's, which it leaves alone */
    const char *fault; /* code, when it could not be kept */
    bool is_new;       /* it was kept, and was not there before */
    bool is_again;     /* it is there, and may say something else now */
    bool is_elsewhere; /* the same uid was said with another start */
    bool is_struck;    /* a review says that it is no success, whatever its record does */
    bool is_settled;   /* it says something else, but its month is published */
    bool is_revised;
    const struct call_kept *before; /* in the transaction: what it said before it was revised */
};

uint64_t call_uid_hash(const struct call_line *line, int64_t provider_id);
/* Where it is looked for first. */
int64_t call_first_place(const struct call_line *line, uint64_t uid_hash);

/* A call begins at most so long before or after the gate is asked for it. */
#define GATE_SPAN_MS INT64_C(600000)

/* Up to where decisions were looked at whose calls may last that long. */
struct gate_wait {
    int64_t id, checked; /* the first: seconds */
};
extern const struct field GATE_WAIT_FIELDS[];
#define GATE_WAITS_MOST 1000

/* One month's share, in its writer's transaction: what is new goes in with its roll-ups and
 * findings. */
struct call_batch {
    struct call_row *rows; /* sorted by id */
    size_t count;
};
MUST_USE enum result calls_store(struct ctx *cx, struct call_batch *batch);
/* Its parts: sums of what is new, and the hours in which it began. */
MUST_USE enum result calls_roll_up(struct ctx *cx, const struct call_batch *batch);
/* call_revise.c: rows that are there already and say something else. */
MUST_USE enum result calls_revise(struct ctx *cx, struct call_batch *batch);
extern const struct field CALL_KEPT_FIELDS[];
enum call_result row_result(const struct call_row *row);
/* Whether the record says what the call says already, but for when it began. */
bool call_says(const struct call_kept *kept, const struct call_row *row);
/* call_uids.c: the call to which a uid was given last, as far as this process remembers; 0 none.
 * From now on it is `id`. */
void uids_lock(void); /* around the next two */
void uids_unlock(void);
void uid_expect(uint64_t uid_hash); /* it is asked for soon */
int64_t uid_remember(uint64_t uid_hash, int64_t id);
void uids_forget(void);
/* The month's id of a call system of that provider; made when it is new. */
MUST_USE enum result call_source_id(struct ctx *cx, const char *name, int64_t provider_id,
                                    int64_t *out_id);
/* The first id of that day in agent_days. */
int64_t rollup_id(struct date day);
MUST_USE enum result hours_touch(struct ctx *cx, const struct call_batch *batch);
/* Once that is committed: hours of that month may be waiting to be sorted. */
void hours_wake(struct month month);
/* And what was found in it, to be carried. */
void findings_wake(struct month month);
/* In the writer's transaction of a month: is its time over? Then nothing is taken any more
 * (call_months.h). */
MUST_USE enum result month_is_closed(struct ctx *cx, bool *out);
/* In the writer's transaction of its month, too: struck or no longer, and the roll-ups with it. */
MUST_USE enum result call_judge(struct ctx *cx, int64_t id, bool is_struck,
                                enum call_result *out_result);

/* The id of an agent's day among the roll-ups (agent_days). */
int64_t agent_day_id(struct date day, int64_t agent_id, int64_t contract_id);

#endif
