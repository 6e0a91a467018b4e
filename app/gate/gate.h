/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The gate: may this call be made, now? Answered from memory; the decision is the first record of
 * the call, in the journal before it is answered (C1.1, C1.2). It fails closed: whatever goes wrong
 * is no permission. */
#ifndef GATE_H
#define GATE_H

#include "app/gate/call_id.h"
#include "app/gate/directory.h"
#include "store/months.h"

enum gate_mode { GATE_MANUAL = 1, GATE_PREVIEW, GATE_PREDICTIVE };
extern const char *const GATE_MODES[];

#define NODE_MOST 60
#define CALL_ID_MOST 200

struct gate_ask {
    const char *node, *call_id; /* who asks, and what it calls the call: both together once */
    const char *contract;       /* its number */
    const char *agent;          /* its code; may be "" for predictive dialling alone */
    const char *caller;         /* "": the gate chooses one */
    const char *callee;
    enum gate_mode mode; /* 0: manual */
    int64_t asker;       /* provider that asks; 0: the company, for all of them */
};
struct gate_answer {
    bool allow;
    enum allowance reason;
    int64_t gate_id;
    char caller[NUMBER_TEXT]; /* that is to be shown; "" when refused */
    int32_t max_s;            /* the call may last */
    bool record;              /* it is to be recorded */
};

/* Where decisions go; once at start. `folder`: of the journal. Results: BROKEN when it cannot be
 * written. What earlier processes left in it is folded into the months first. */
struct gate_options {
    struct store *store; /* the company's, where processes that share it find each other */
    struct months *months;
    const char *folder;
    bool sync_before; /* on the disk before the answer, not within 100 ms after it */
};
MUST_USE enum result gate_open(struct ctx *cx, const struct gate_options *options);
void gate_close(struct ctx *cx);

/* Decide, or repeat what was decided about the same call: when the same was asked, at most two
 * minutes ago, and the call is not over. Any thread; waits for nothing but memory
 * and the journal. Results: INVALID with fields; BUSY when nothing can be decided. */
MUST_USE enum result gate_decide(struct ctx *cx, const struct gate_ask *ask,
                                 struct gate_answer *out);
/* The agent that an answered call is given to (predictive dialling; the last one that may take it).
 * *out_reason: ALLOWED, or why the call has to end. Results: NOT_FOUND, for the decisions of
 * another provider than `asker` too; CONFLICT when the call is over. */
MUST_USE enum result gate_bind(struct ctx *cx, int64_t asker, int64_t gate_id, const char *agent,
                               enum allowance *out_reason);
/* The call is over, or was never made. Results: NOT_FOUND, as above. */
MUST_USE enum result gate_release(struct ctx *cx, int64_t asker, int64_t gate_id);
/* What was decided, for the record of the call when it comes. */
struct gate_known {
    int64_t contract_id, agent_id, number_id; /* the agent: as bound, where it was later */
    int64_t callee_key;
    enum allowance reason;
    int32_t max_s;
};
/* From the memory, else from the month that cx->db reads or writes. Results: NOT_FOUND. */
MUST_USE enum result gate_recall(struct ctx *cx, int64_t gate_id, struct gate_known *out);
/* From the month alone: the agent that it was given to, maybe by another process; 0 none. */
MUST_USE enum result gate_recall_agent(struct ctx *cx, int64_t gate_id, int64_t *out_agent_id);
/* A record came: the call is over. */
void gate_closed(int64_t gate_id);

/* Put what the journal has into the months; what was put there before stays as it is. */
MUST_USE enum result gate_fold(struct ctx *cx);
/* Take up what other processes decided, as far as the months know it. */
MUST_USE enum result gate_follow(struct ctx *cx);
/* A worker's turn: both of them. */
MUST_USE enum result gate_turn(struct worker *worker, struct ctx *cx, bool *out_found);

/* A call that was allowed and is not over. */
struct open_call {
    struct instant since;
    int64_t contract_id, number_id, agent_id; /* no agent: it is bound later */
    int64_t callee_key, callee_code;
    /* As people know it, from open_call_name. */
    int32_t seconds;
    const char *lasts;                                                      /* these: "0:03:12" */
    const char *contract_name, *agent_code, *person_name, *caller, *callee; /* masked */
};
#define OPEN_CALLS_SHOWN 20

/* What it looks like now, for the page. */
struct gate_live {
    int32_t open;                               /* allowed, not over */
    struct open_call longest[OPEN_CALLS_SHOWN]; /* of these, as many as there are */
    int32_t asked[60];       /* by second, the last minute; 59 is the last whole second */
    int32_t refused[60];     /* of them */
    int32_t minute, allowed; /* asked and allowed in the last minute */
    int32_t reasons[32];     /* refused since the start, by enum allowance */
    int32_t measured;        /* decisions, of the last thousand */
    int32_t p50_us, p99_us;  /* of one of them */
};
/* Whose calls somebody sees: those on contracts, and of a provider what it asked for on none. */
struct gate_view {
    const int64_t *contract_ids;
    size_t count;
    int64_t provider_id;
};
/* All that the actor sees; *out NULL: all there is. */
MUST_USE enum result gate_view_of(struct ctx *cx, const struct gate_view **out);
/* The contracts of outbound calling that the actor sees. */
MUST_USE enum result outbound_contracts(struct ctx *cx, int64_t **out_ids, size_t *out_count);
/* `view` NULL: all. How long decisions take is the server's, whoever asks. */
void gate_live(struct instant now, const struct gate_view *view, struct gate_live *out);
/* For one of gate_live's. Results: NOT_FOUND. */
MUST_USE enum result open_call_name(struct ctx *cx, struct open_call *call);

extern const struct right GATE_RIGHTS[];

#endif
