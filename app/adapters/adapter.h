/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Call systems that cannot speak our API: Kamailio's passwords, Asterisk (FastAGI and realtime),
 * FreeSWITCH (XML). Each asks in its own words and gets the same decision of the same gate.
 *
 * What is answered may be looked at by a switch that expands and executes what it reads, so nothing
 * goes out but what these narrow patterns let through. */
#ifndef ADAPTER_H
#define ADAPTER_H

#include "app/gate/gate.h"
#include "base/md5.h"

#define ADAPTER_WORD 60
bool adapter_word(const char *text);   /* [0-9A-Za-z_.-]{1,60}: agents, contracts, nodes, realms */
bool adapter_number(const char *text); /* [+]?[0-9]{3,20} */

/* A decision in the words of the switch. Whoever asks with an agent alone means the contract on
 * which it may call; a number to be shown that is none, or the agent's own, lets the gate choose.
 * What does not fit the patterns is refused. Never anything but a decision: what goes wrong is
 * refused with the reason "unavailable". */
struct verdict {
    bool allow;
    bool unavailable; /* nothing could be decided */
    const char *reason;
    int64_t gate_id;
    char caller[NUMBER_TEXT];
    int32_t max_s;
};
struct verdict adapter_ask(struct ctx *cx, const struct gate_ask *ask);

/* ---- telephones ---- */

/* An agent's password follows from the master key: nothing is stored, and an agent that is disabled
 * has none at once. Results: NOT_FOUND adapter.no_phone. */
struct phone {
    int64_t agent_id;
    const char *agent, *contract; /* both fit adapter_word, or the contract is "" */
    const char *password;
};
MUST_USE enum result adapter_phone(struct ctx *cx, int64_t provider_id, const char *contract,
                                   const char *agent, struct phone *out);
/* All of a provider's (0: of all) whose code begins so; at most `most`. */
MUST_USE enum result adapter_phones(struct ctx *cx, int64_t provider_id, const char *begins,
                                    struct phone *out, size_t most, size_t *out_count);
void adapter_ha1(struct arena *arena, const struct phone *phone, const char *realm,
                 char out[MD5_HEX]);

/* ---- FastAGI ---- */

struct agi_call;
struct agi_set;
/* What Asterisk is told (GATE, GATE_ID, GATE_CALLER, GATE_MAX, GATE_REASON); the script's name is
 * an API token with the right gate.ask. Arguments: agent, caller, contract, callee, mode. */
size_t adapter_agi(struct ctx *cx, const struct agi_call *call, struct agi_set *out);

extern const struct right ADAPTER_RIGHTS[];

#endif
