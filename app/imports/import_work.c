/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The worker's side of imports: the check of a file, and the import in one transaction. */
#include "app/access/session.h"
#include "app/imports/imports.sql.h"
#include "app/imports/imports_private.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define STORED_AT_ONCE 500

/* One import at hand. */
struct job {
    struct worker *worker;
    struct ctx *cx; /* reads */
    struct import import;
    struct plan plan;
    struct lookup *corrections;
    struct arena *mem, *corrections_mem; /* of a pass; of the corrections */
    const char *bytes;
    size_t len;
    struct arena *bad_mem; /* of the rows that wait to be stored */
    struct stored_row bad[STORED_AT_ONCE];
    size_t bad_count;
    struct pass pass;
};

/* ---- how far it has come, for the pages of this process ---- */

static _Atomic int64_t progress_id, progress_rows;

int64_t import_progress(int64_t id)
{
    return progress_id == id ? progress_rows : 0;
}

static bool go_on(void *host, int64_t rows)
{
    const struct job *job = host;
    progress_rows = rows;
    return !worker_stopping(job->worker);
}

static const struct correction *corrections_of(void *host, int row)
{
    const struct job *job = host;
    char number[16];
    snprintf(number, sizeof number, "%d", row);
    return lookup_at(job->corrections, number)->thing;
}

/* ---- its end ---- */

struct ending {
    const struct import *before;
    struct import after;
    const char *action;
};

static enum result end_run(struct ctx *cx, void *host)
{
    struct ending *ending = host;
    struct import after = ending->after;
    return record_change(cx, &IMPORTS, ending->action, ending->before, &after);
}

static enum result end(struct job *job, const char *action, enum import_state state)
{
    struct ending ending = {&job->import, job->import, action};
    const struct pass *pass = &job->pass;
    ending.after.state = state;
    ending.after.rows = (int32_t)pass->rows;
    ending.after.good = (int32_t)pass->good;
    ending.after.unchanged = (int32_t)pass->unchanged;
    ending.after.bad_rows = (int32_t)pass->bad;
    ending.after.creates = creates_write(job->cx->mem, &pass->names);
    return worker_write(job->worker, job->cx, end_run, &ending);
}

/* Stopped by what nobody here can mend: the file, or the account. */
static enum result end_failed(struct job *job, enum import_state state)
{
    struct ending ending = {&job->import, job->import, "fail"};
    const struct fault *fault = &job->cx->fault;
    ending.after.state = state;
    ending.after.failure = fault->code ? fault->code : "server.broken";
    ending.after.failure_detail = fault->args[0] ? fault->args[0] : "";
    job->cx->fault = (struct fault){.result = OK};
    return worker_write(job->worker, job->cx, end_run, &ending);
}

/* ---- the check ---- */

static enum result store_run(struct ctx *cx, void *host)
{
    struct job *job = host;
    return rows_put(cx, job->import.id, job->bad, job->bad_count);
}

static enum result store_bad(struct job *job)
{
    if (job->bad_count)
        TRY(worker_write(job->worker, job->cx, store_run, job));
    job->bad_count = 0;
    arena_reset(job->bad_mem);
    return OK;
}

static enum result keep_bad(void *host, const struct bad_row *bad)
{
    struct job *job = host;
    job->bad[job->bad_count++] = row_stored(job->cx, job->bad_mem, bad);
    return job->bad_count == STORED_AT_ONCE ? store_bad(job) : OK;
}

static enum result forget_run(struct ctx *cx, void *host)
{
    return rows_forget(cx, ((struct job *)host)->import.id);
}

static void pass_new(struct job *job, struct ctx *cx)
{
    arena_reset(job->mem);
    job->pass = (struct pass){
        .cx = cx,
        .mem = job->mem,
        .spec = import_spec_find(job->import.resource),
        .plan = &job->plan,
        .host = job,
        .corrections = corrections_of,
        .go_on = go_on,
    };
}

static enum result check(struct job *job, enum import_state state)
{
    TRY(worker_write(job->worker, job->cx, forget_run, job));
    pass_new(job, job->cx);
    job->pass.bad_row = keep_bad;
    TRY(pass_run(&job->pass, job->bytes, job->len));
    TRY(store_bad(job));
    return end(job, "check", state);
}

/* ---- the import ---- */

static enum result import_run(struct ctx *cx, void *host)
{
    struct job *job = host;
    struct import after = job->import;
    int64_t claimed;
    TRY(db_change(cx, &q_import_claim, PARAMS(P(after.id)), &claimed));
    if (!claimed)
        return fail(cx, CONFLICT, "record.stale");
    pass_new(job, cx);
    job->pass.writes = true;
    job->pass.good_rows = job->import.good_rows;
    TRY(pass_run(&job->pass, job->bytes, job->len));
    after.state = IMPORT_DONE;
    after.imported += (int32_t)job->pass.good;
    after.unchanged = (int32_t)job->pass.unchanged;
    after.good = (int32_t)job->pass.good;
    after.bad_rows = (int32_t)job->pass.bad;
    return record_change(cx, &IMPORTS, "done", &job->import, &after);
}

/* ---- one import ---- */

static enum result open_file(struct job *job)
{
    uint64_t size;
    int fd;
    TRY(files_open(job->cx, job->import.sha256, &fd, &size));
    void *bytes = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (bytes == MAP_FAILED)
        return fail(job->cx, BROKEN, "document.storage");
    job->bytes = bytes;
    job->len = (size_t)size;
    return OK;
}

static bool is_of_rows(const struct fault *fault)
{
    return fault->code && strcmp(fault->code, "import.bad_rows") == 0;
}

/* A check that the file itself stops leads back to the question how it is to be read. */
static enum result do_job(struct job *job)
{
    const bool runs = job->import.state == IMPORT_RUNNING;
    TRY(import_plan(job->cx, &job->import, NULL, &job->plan));
    TRY(rows_corrections(job->cx, job->import.id, job->corrections_mem, &job->corrections));
    enum result result =
        runs ? worker_write(job->worker, job->cx, import_run, job) : check(job, IMPORT_CHECKED);
    if (result == CONFLICT && runs && is_of_rows(&job->cx->fault)) {
        job->cx->fault = (struct fault){.result = OK};
        result = check(job, IMPORT_REFUSED);
    }
    if (result == OK || result == BUSY)
        return result;
    if (job->cx->fault.code && strcmp(job->cx->fault.code, "record.stale") == 0)
        return OK; /* another server did it */
    return end_failed(job, runs ? IMPORT_FAILED : IMPORT_UPLOADED);
}

/* Whoever asked for it, as the account is now, with the rights that it had then. */
static enum result act_as_owner(struct job *job, struct actor *actor)
{
    struct ctx *cx = job->cx;
    struct identity identity;
    enum result result = identity_of_account(cx, job->import.account_id, &identity);
    if (result == NOT_FOUND)
        return fail(cx, CONFLICT, "import.no_account");
    TRY(result);
    identity_actor(cx->mem, &identity, actor);
    actor_restrict(actor, job->import.rights);
    actor->is_leaf_unit = false; /* units may come to hang under its own meanwhile */
    cx->actor = actor;
    return OK;
}

static enum result take_job(struct job *job)
{
    struct actor actor;
    enum result result = act_as_owner(job, &actor);
    if (result == OK)
        result = open_file(job);
    if (result == OK) {
        result = do_job(job);
        munmap((void *)(uintptr_t)job->bytes, job->len);
    } else if (result != BUSY) {
        result = end_failed(job, IMPORT_FAILED);
    }
    return result;
}

enum result imports_turn(struct worker *worker, struct ctx *cx, bool *out_found)
{
    struct job *job = ARENA_NEW(cx->mem, struct job);
    int64_t id;
    TRY(db_int(cx, &q_import_waiting, NO_PARAMS, &id));
    *out_found = id != 0;
    if (!id)
        return OK;
    job->worker = worker;
    job->cx = cx;
    cx->request = arena_printf(cx->mem, "import-%lld", (long long)id);
    TRY(record_get(cx, &IMPORTS, id, &job->import));
    progress_rows = 0;
    progress_id = id;
    job->mem = arena_new();
    job->bad_mem = arena_new();
    job->corrections_mem = arena_new();
    enum result result = take_job(job);
    arena_free(job->corrections_mem);
    arena_free(job->bad_mem);
    arena_free(job->mem);
    progress_id = 0;
    return result;
}
