/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Passwords hashed in processes of their own, at the lowest priority. Each password maps and unmaps
 * 64 MiB, and whoever of the same process wants memory meanwhile waits for that. A hasher is this
 * program again, at the other end of a pair of sockets; it ends when the server does, however that
 * ends, and one that died is replaced when the next password comes. */
#ifndef JOBS_HASHER_H
#define JOBS_HASHER_H

#include "base/ctx.h"
#include "base/password.h"

#define HASHER_COMMAND "hasher" /* the program's first argument */

/* From here on until hashers_stop; else (commands, tests) it is done where it is asked for. For the
 * whole process: children that end are not waited for any more. */
void hashers_start(void);
/* Nobody asks any more. */
void hashers_stop(void);
/* As of base/password.h, and as slow: on no server's or writer's thread. Results: BUSY
 * password.unavailable when there is no hasher and none can be made; nothing matches then. */
MUST_USE enum result hasher_hash(struct ctx *cx, const char *password, char out[PASSWORD_TEXT]);
MUST_USE enum result hasher_compare(struct ctx *cx, const char *password, const char *stored,
                                    bool *out_matches);

/* A hasher's own life: answers at standard input until nobody is there. The program's status. */
int hasher_main(void);

#endif
