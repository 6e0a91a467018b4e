/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* FastAGI: Asterisk asks over TCP whether a call may go on, and is answered with variables of the
 * channel. A few threads wait for it; each call has `wait_ms` to say what it wants, and is hung up
 * on when it does not: the dialplan takes silence for a refusal. An address has half of the threads
 * at most, so that one which only connects keeps nobody else from asking; what else it asks waits
 * its turn. */
#ifndef AGI_H
#define AGI_H

#include "base/arena.h"

#include <stddef.h>

#define AGI_ARGS 8
#define AGI_SETS 8

struct agi_call {
    const char *script;    /* what follows the address: agi://host:port/SCRIPT */
    const char *unique_id; /* of the channel */
    const char *args[AGI_ARGS];
    size_t arg_count;
};
/* A variable. A value that is not made of letters, digits and + - . _ is sent as "". */
struct agi_set {
    const char *name, *value;
};

struct agi_host {
    void *app;
    int wait_ms; /* for what Asterisk says at first, and again for its answers */
    /* Fills `out` and says how many. On several threads at once; `arena` is emptied afterwards. */
    size_t (*answer)(void *app, struct arena *arena, const struct agi_call *call,
                     struct agi_set out[AGI_SETS]);
};

struct agi;
/* NULL when the address cannot be taken. Port 0: any. */
struct agi *agi_start(const char *address, int port, const struct agi_host *host);
int agi_port(const struct agi *agi);
void agi_stop(struct agi *agi);

#endif
