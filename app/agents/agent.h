/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Agent ids and permissions (C1.1), caller numbers and who may show them (C1.2).
 *
 * Both change by letters alone: the client asks in writing, the provider verifies and executes, and
 * only executing writes here. An owner registers its numbers itself; a number may be shown on a
 * contract once a letter permitted it, the provider's own numbers included. Whether a call may be
 * made the gate says (app/gate). */
#ifndef AGENT_H
#define AGENT_H

#include "app/letters/letter.h"

/* ---- agents ---- */

enum agent_permission {
    MAY_DIAL = 1, /* a number typed by hand */
    MAY_PREVIEW,  /* sees the customer first, then dials */
    MAY_PREDICT,  /* is given calls that were answered */
    MAY_TRANSFER,
    MAY_CONFER,
    MAY_LISTEN, /* to recordings of the own calls */
};
extern const char *const AGENT_PERMISSIONS[];
enum agent_state { AGENT_ACTIVE = 1, AGENT_DISABLED };
extern const char *const AGENT_STATES[];

struct agent {
    RECORD_MEMBERS;
    int64_t contract_id, person_id;
    const char *contract_number, *contract_name, *person_name;
    const char *code; /* stands for one person at a provider, for ever */
    struct set permissions;
    enum agent_state state;
    struct date from, to;    /* both days count; none: without end; disabled: until that day */
    int64_t letter_id;       /* that said so last */
    const char *letter_name; /* its number */
    const char *search_key;
};
extern const struct resource AGENTS;

/* ---- numbers ---- */

enum number_state { NUMBER_ACTIVE = 1, NUMBER_SUSPENDED, NUMBER_RETIRED };
extern const char *const NUMBER_STATES[];

struct number {
    RECORD_MEMBERS;
    int64_t owner_id;
    const char *owner_name;
    const char *number; /* +8657188881234 */
    const char *shown;  /* 0571-8888 1234 */
    const char *carrier, *proof, *purpose;
    enum number_state state;
    const char *state_reason;
    const char *search_key;
};
extern const struct resource NUMBERS;
/* Who need not know a number in full sees its two ends (C3.3). */
void number_mask(struct ctx *cx, const char **number);

/* As calls compare it (E.164; service numbers of China by +86 likewise), from what people and call
 * systems write. False when it is no whole number: a local one without its area code. */
#define NUMBER_TEXT 18
bool number_normalise(const char *typed, char out[NUMBER_TEXT]);
bool number_valid(const char *typed);
/* "suspend", "resume", "retire", by its owner; takes effect with the commit. Results: FORBIDDEN
 * number.not_yours; INVALID without the reason that it needs; CONFLICT number.wrong_state. */
MUST_USE enum result number_step(struct ctx *cx, const struct number *number, const char *action,
                                 const char *reason);

enum number_permission_state { PERMISSION_ACTIVE = 1, PERMISSION_ENDED };
extern const char *const PERMISSION_STATES[];

struct number_permission {
    RECORD_MEMBERS;
    int64_t number_id, contract_id, owner_id, client_id,
        unit_id; /* the last three: of the joined */
    const char *number, *shown, *owner_name, *contract_number, *contract_name;
    const char *contract_state;
    enum number_permission_state state;
    struct date from, to;
    int64_t letter_id;
    const char *letter_name;
    int32_t days_left; /* while it has an end and holds */
};
extern const struct resource NUMBER_PERMISSIONS;

/* ---- may this call be made? ---- */

enum allowance {
    ALLOWED = 1,
    REFUSED_CONTRACT, /* not in force */
    REFUSED_AGENT_UNKNOWN,
    REFUSED_AGENT_DISABLED, /* or before or after its days */
    REFUSED_MODE,           /* not among the agent's permissions */
    REFUSED_NUMBER_UNKNOWN,
    REFUSED_NUMBER_SUSPENDED,
    REFUSED_NUMBER_NOT_PERMITTED, /* on this contract, today */
    REFUSED_CALLEE,               /* no number that could be called */
    REFUSED_DO_NOT_CALL,          /* the person said so */
    REFUSED_HOURS,                /* not at this time of day */
    REFUSED_FREQUENCY,            /* called often enough */
    /* Found when the record of the call came, or did not. */
    FOUND_UNGATED, /* the gate had never heard of it */
    FOUND_MISSING, /* the gate allowed it, and no record came */
    FOUND_LATE,    /* one came after all */
    FOUND_OTHER_AGENT,
    FOUND_OTHER_CALLER,
    FOUND_TOO_LONG,
    FOUND_SECOND_RECORD,      /* of one decision */
    REFUSED_CONSENT,          /* nobody proved that the person agreed */
    REFUSED_UNTRAINED,        /* in what the contract requires of its agents */
    REFUSED_CONTRACT_UNKNOWN, /* there is none of that number */
    FOUND_REFUSED,            /* the gate had said no, and it was made all the same */
    FOUND_OTHER_CALLEE,
    FOUND_UID_AGAIN, /* one uid of a source with two starts */
    FOUND_UNTALKED,  /* a success in which nobody talked */
    FOUND_LOCKED,    /* a record of a published month came once more, and says something else */
};
extern const char *const ALLOWANCES[]; /* "ok", "contract_inactive", "agent_unknown" … */

struct breach {
    RECORD_MEMBERS;
    enum allowance kind;
    int64_t contract_id, agent_id;
    const char *contract_number, *contract_name, *agent_name;
    const char *agent_code, *number;
    struct instant at;
    int32_t count;                      /* calls of that day */
    int64_t last_call_id, last_gate_id; /* of them; 0: none */
    enum breach_source {
        BREACH_GATE = 1, /* refused when the call was to be made */
        BREACH_CALLS,    /* found in call records */
    } source;
};
extern const struct resource BREACHES;
extern const char *const BREACH_SOURCES[];
/* Keep what was refused, or found afterwards, on a known contract; both sides are told. */
MUST_USE enum result breach_add(struct ctx *cx, struct breach breach);

/* Agents are asked for by the first, numbers of the client's own by the second, the use of the
 * provider's by the third. */
extern const struct letter_type LETTER_AGENT_CHANGE, LETTER_NUMBER_CHANGE, LETTER_NUMBER_PERMISSION;
extern const struct duty_rule AGENT_DUTIES[];
/* Who of the client decides about calls. */
#define R_CALL_CLIENT (R(OPS) | R(DIVISION) | R(CLIENT))
extern const struct right AGENT_RIGHTS[];

#endif
