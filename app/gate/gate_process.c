/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which of the processes that share a database this one is. Its place goes into the ids of its
 * decisions, so that no two processes make the same; it is lent for a minute at a time, and a
 * process that could not renew it in time decides nothing until it has one again. */
#include "app/gate/gate.sql.h"
#include "app/gate/gate_private.h"
#include "base/log.h"

#include <stdatomic.h>
#include <string.h>
#include <time.h>

#define LENT_MS INT64_C(60000)
#define RENEWED_MS INT64_C(20000) /* after it was lent */

static struct {
    char holder[TOKEN_TEXT];
    _Atomic int64_t place;   /* 1 … 32; 0 none yet */
    _Atomic int64_t lent_at; /* by boot_ms */
} process;

int64_t boot_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct claim {
    struct ctx *asked;
    int64_t place;
};

/* The one it has, else the one that has been free for longest. */
static enum result claim_run(struct db *db, void *host)
{
    struct claim *claim = host;
    struct ctx cx = *claim->asked;
    const struct params mine = PARAMS(P((const char *)process.holder), P(cx.now),
                                      P(((struct instant){cx.now.ms + LENT_MS})));
    int64_t count;
    cx.db = db;
    TRY(db_change(&cx, &q_process_renew, mine, &count));
    if (!count)
        TRY(db_change(&cx, &q_process_claim, mine, &count));
    if (!count)
        return CONFLICT;
    return db_int(&cx, &q_process_place, PARAMS(P((const char *)process.holder)), &claim->place);
}

static enum result claim(struct ctx *cx)
{
    struct claim claim = {.asked = cx};
    const int64_t began = boot_ms();
    const enum result result = store_write_now(gate_host.store, claim_run, &claim);
    if (result == CONFLICT)
        return fail(cx, BUSY, "gate.processes");
    if (result != OK)
        return fail(cx, result, "server.busy");
    atomic_store(&process.place, claim.place);
    atomic_store(&process.lent_at, began);
    return OK;
}

enum result process_enter(struct ctx *cx)
{
    random_token(process.holder);
    atomic_store(&process.place, 0);
    atomic_store(&process.lent_at, boot_ms() - LENT_MS);
    const enum result claimed = claim(cx);
    if (claimed != BUSY || strcmp(cx->fault.code, "gate.processes") != 0)
        return claimed;
    /* All are lent, to servers that were killed within the minute: the gate opens when one is free
     * again (process_renew), everything else does now. */
    log_warn("the gate has no place among the processes yet, and permits nothing until it has");
    cx->fault = (struct fault){.result = OK};
    return OK;
}

enum result process_renew(struct ctx *cx)
{
    return boot_ms() - atomic_load(&process.lent_at) < RENEWED_MS ? OK : claim(cx);
}

static enum result leave_run(struct db *db, void *host)
{
    struct ctx cx = *(struct ctx *)host;
    cx.db = db;
    return db_change(&cx, &q_process_leave, PARAMS(P((const char *)process.holder), P(cx.now)),
                     NULL);
}

void process_leave(struct ctx *cx)
{
    (void)!store_write_now(gate_host.store, leave_run, cx); /* else it is free a minute later */
    atomic_store(&process.place, 0);
}

int process_place(void)
{
    const bool is_lent = boot_ms() - atomic_load(&process.lent_at) < LENT_MS;
    return is_lent ? (int)atomic_load(&process.place) - 1 : -1;
}

enum result process_is_alone(struct ctx *cx, bool *out)
{
    int64_t others;
    TRY(db_int(cx, &q_processes_beside, PARAMS(P((const char *)process.holder), P(cx->now)),
               &others));
    *out = others == 0;
    return OK;
}
