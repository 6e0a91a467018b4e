/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The life of what is to be told, and the worker that tells it. */
#include "app/agents/agent.sql.h"
#include "app/agents/provision.h"
#include "base/log.h"
#include "base/texts.h"

#include <string.h>

/* ---- steps ---- */

static enum result wrong_state(struct ctx *cx, const struct provisioning *provisioning)
{
    return fail(cx, CONFLICT, "provisioning.wrong_state",
                arena_printf(cx->mem, "%lld", (long long)provisioning->id));
}

/* A call system that fetches the list by itself acknowledges what was never pushed. */
enum result provisioning_acknowledge(struct ctx *cx, const struct provisioning *provisioning,
                                     const char *failure)
{
    struct provisioning after = *provisioning;
    if (provisioning->state == PROVISIONING_ACKNOWLEDGED)
        return wrong_state(cx, provisioning);
    after.state = *failure ? PROVISIONING_FAILED : PROVISIONING_ACKNOWLEDGED;
    after.failure = failure;
    after.next_at = (struct instant){0};
    after.acknowledged_at = *failure ? (struct instant){0} : cx->now;
    return record_change(cx, &PROVISIONINGS, *failure ? "fail" : "acknowledge", provisioning,
                         &after);
}

enum result provisioning_retry(struct ctx *cx, const struct provisioning *provisioning)
{
    struct provisioning after = *provisioning;
    if (provisioning->state != PROVISIONING_FAILED)
        return wrong_state(cx, provisioning);
    after.state = PROVISIONING_WAITING;
    after.tries = 0;
    after.next_at = cx->now;
    return record_change(cx, &PROVISIONINGS, "retry", provisioning, &after);
}

/* ---- to where ---- */

static struct provision_target target = {.place = "", .secret = ""};
static const struct provisioner *provisioner; /* NULL: none */
static bool unsettled;                        /* the worker's: it pushed since it told everything */

void provisionings_use(const struct provision_target *chosen)
{
    target = *chosen;
    unsettled = true; /* whatever happened to it while we did not run */
    if (!*target.place)
        provisioner = NULL;
    else if (strncmp(target.place, "http://", 7) == 0 || strncmp(target.place, "https://", 8) == 0)
        provisioner = &HTTP_PUSH;
    else
        provisioner = &FILE_DROP;
}

/* ---- pushing ---- */

struct pushed {
    int64_t id;
    bool taken;
    struct outbox_answer answer;
    const char *failure;
};

/* Reads it again: it may have been acknowledged faster than we write that it was sent. */
static enum result pushed_run(struct ctx *cx, void *host)
{
    const struct pushed *pushed = host;
    struct provisioning before, after;
    TRY(record_get(cx, &PROVISIONINGS, pushed->id, &before));
    if (before.state != PROVISIONING_WAITING)
        return OK;
    after = before;
    after.tries++;
    after.failure = pushed->failure;
    after.next_at = (struct instant){0};
    if (pushed->taken) {
        after.state = PROVISIONING_SENT;
        after.sent_at = cx->now;
        return record_change(cx, &PROVISIONINGS, "send", &before, &after);
    }
    if (pushed->answer.retry)
        after.next_at = outbox_next_try(after.tries, pushed->answer.retry_after_s, cx->now);
    if (!after.next_at.ms)
        after.state = PROVISIONING_FAILED;
    return record_change(cx, &PROVISIONINGS, "fail", &before, &after);
}

static enum result push(struct worker *worker, struct ctx *cx, int64_t id)
{
    struct provisioning provisioning;
    struct pushed pushed = {.id = id, .failure = ""};
    TRY(record_get(cx, &PROVISIONINGS, id, &provisioning));
    pushed.taken = provisioner->push(cx, &target, &provisioning, &pushed.answer) == OK;
    if (!pushed.taken) {
        pushed.failure = fault_words(cx->mem, &cx->fault, LANG_ZH);
        log_warn("provisioning %lld: %s", (long long)id, cx->fault.code);
        cx->fault = (struct fault){.result = OK};
    }
    return worker_write(worker, cx, pushed_run, &pushed);
}

/* ---- what comes back ---- */

struct collecting {
    struct worker *worker;
    struct ctx *cx;
    int64_t id;
    const char *failure;
};

static enum result collect_run(struct ctx *cx, void *host)
{
    const struct collecting *collecting = host;
    struct provisioning provisioning;
    enum result result = record_get(cx, &PROVISIONINGS, collecting->id, &provisioning);
    if (result == OK && provisioning.state != PROVISIONING_ACKNOWLEDGED)
        return provisioning_acknowledge(cx, &provisioning, collecting->failure);
    if (result == NOT_FOUND) /* a file that names nothing of ours */
        cx->fault = (struct fault){.result = OK};
    return result == NOT_FOUND ? OK : result;
}

static enum result collect_one(void *host, int64_t id, const char *failure)
{
    struct collecting *collecting = host;
    collecting->id = id;
    collecting->failure = failure;
    return worker_write(collecting->worker, collecting->cx, collect_run, collecting);
}

/* ---- a turn ---- */

static enum result settle(struct ctx *cx)
{
    const char *snapshot;
    if (!unsettled || !provisioner->settle)
        return OK;
    struct arena *arena = arena_new();
    enum result result = provision_snapshot(cx, arena, &snapshot);
    if (result == OK)
        result = provisioner->settle(cx, &target, snapshot);
    arena_free(arena);
    unsettled = result != OK;
    return result;
}

enum result provisionings_turn(struct worker *worker, struct ctx *cx, bool *out_found)
{
    struct collecting collecting = {.worker = worker, .cx = cx};
    int64_t id;
    *out_found = false;
    if (!provisioner)
        return OK;
    if (provisioner->collect)
        TRY(provisioner->collect(cx, &target, collect_one, &collecting));
    TRY(db_int(cx, &q_provisioning_due, PARAMS(P(cx->now)), &id));
    if (!id)
        return settle(cx);
    *out_found = true;
    unsettled = true;
    return push(worker, cx, id);
}
