/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "main/import_calls.h"

#include "app/calls/call.h"
#include "base/texts.h"

#include <stdio.h>
#include <string.h>

#define AT_ONCE 10000 /* lines of a transaction */

struct calls_job {
    struct import_job *job;
    struct ctx *cx;
    struct call_line *lines;
    size_t count;
    struct arena_mark mark; /* what the lines at hand take lies behind it */
    int64_t rows, bad, accepted, duplicates, revised;
};

static void say_bad(struct calls_job *calls, const struct call_rejected *rejected)
{
    struct arena *arena = calls->cx->mem;
    const struct field_fault fault = {.field = rejected->field, .code = rejected->code};
    const char *words =
        texts_get(arena_printf(arena, "calls.fault.%s", rejected->code), calls->cx->lang);
    if (*rejected->field)
        words = arena_printf(arena, "%s (%s %s)", words, rejected->field, rejected->value);
    calls->bad++;
    import_bad_row(calls->job, rejected->row, &fault, words);
}

static enum result take(struct calls_job *calls)
{
    struct call_receipt receipt = {0};
    if (calls->count > 0 && !calls->job->world->config.dry_run)
        TRY(calls_take(calls->cx, calls->lines, calls->count, 0, &receipt));
    calls->accepted += receipt.accepted;
    calls->duplicates += receipt.duplicates;
    calls->revised += receipt.revised;
    for (size_t i = 0; i < receipt.rejected_count; i++)
        say_bad(calls, &receipt.rejected[i]);
    calls->count = 0;
    arena_rewind(calls->cx->mem, calls->mark);
    return OK;
}

static enum result each_line(void *host, const struct call_line *line)
{
    struct calls_job *calls = host;
    calls->rows++;
    if (line->fault) {
        const struct call_rejected rejected = call_rejection(line);
        say_bad(calls, &rejected);
        return OK;
    }
    if (calls->count == 0)
        calls->mark = arena_mark(calls->cx->mem);
    calls->lines[calls->count++] = *line;
    return calls->count == AT_ONCE ? take(calls) : OK;
}

static enum result run(struct calls_job *calls, enum call_profile profile)
{
    const struct import_job *job = calls->job;
    TRY(directory_renew(calls->cx));
    TRY(call_lines_read(calls->cx, profile, job->bytes, job->len, each_line, calls));
    return take(calls);
}

int import_calls(struct import_job *job)
{
    struct world *world = job->world;
    const char *name = world->config.profile;
    const enum call_profile profile = choice_find(CALL_PROFILES, name, strlen(name));
    struct calls_job calls = {.job = job, .cx = &world->cx};
    if (!profile) {
        fprintf(stderr, "luyue: --profile wants one of");
        for (const char *const *one = CALL_PROFILES; *one; one++)
            fprintf(stderr, " %s", *one);
        fputc('\n', stderr);
        return IMPORT_WRONG_USE;
    }
    calls.lines = ARENA_ARRAY(world->arena, struct call_line, AT_ONCE);
    calls.mark = arena_mark(calls.cx->mem);
    if (run(&calls, profile) != OK) {
        world_complain(world, &world->cx, job->path);
        return IMPORT_FAILED;
    }
    job->counts.rows = calls.rows;
    job->counts.good = calls.rows - calls.bad;
    job->counts.unchanged = calls.duplicates;
    printf("rows %lld, good %lld, unchanged %lld, refused %lld, revised %lld\n",
           (long long)calls.rows, (long long)(calls.rows - calls.bad), (long long)calls.duplicates,
           (long long)calls.bad, (long long)calls.revised);
    return calls.bad ? IMPORT_SOME_REFUSED : IMPORT_ALL_IN;
}
