/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "main/import_command.h"

#include "app/parties/parties.h"
#include "app/records/trail.h"
#include "base/json.h"
#include "main/import_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- the file ---- */

static bool open_file(struct import_job *job)
{
    struct stat status;
    int fd = open(job->path, O_RDONLY | O_CLOEXEC);
    bool opened = fd >= 0 && fstat(fd, &status) == 0;
    void *bytes = MAP_FAILED;
    if (opened && status.st_size > 0)
        bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes == MAP_FAILED)
        fprintf(stderr, "luyue: %s: %s\n", job->path,
                opened && status.st_size == 0 ? "empty" : strerror(errno));
    if (fd >= 0)
        close(fd);
    job->bytes = bytes;
    job->len = bytes == MAP_FAILED ? 0 : (size_t)status.st_size;
    return bytes != MAP_FAILED;
}

static enum result make_plan(struct import_job *job)
{
    struct ctx *cx = &job->world->cx;
    struct preview *preview = ARENA_NEW(cx->mem, struct preview);
    TRY(preview_read(cx, job->bytes, job->len, preview));
    plan_guess(cx->mem, job->spec, preview, 0, &job->plan);
    return job->plan.header_row ? OK : fail(cx, INVALID, "import.no_header");
}

/* ---- what is refused, as it is found ---- */

static void report_fault(struct import_job *job, int64_t row, const struct field_fault *fault,
                         const char *words)
{
    struct text text = text_new(job->world->arena, 256);
    struct json_writer json = {.out = &text};
    json_object(&json);
    json_key(&json, "row");
    json_number(&json, row);
    json_key(&json, "field");
    json_string(&json, fault->field);
    json_key(&json, "code");
    json_string(&json, fault->code);
    json_key(&json, "message");
    json_string(&json, words);
    json_object_end(&json);
    fprintf(job->report, "%s\n  %s", job->any_reported ? "," : "", text_end(&text));
    job->any_reported = true;
}

void import_bad_row(struct import_job *job, int64_t row, const struct field_fault *fault,
                    const char *words)
{
    fprintf(stderr, "row %lld: %s: %s\n", (long long)row, fault->code, words);
    if (job->report)
        report_fault(job, row, fault, words);
}

static enum result say_bad(void *host, const struct bad_row *bad)
{
    struct import_job *job = host;
    struct ctx *cx = job->pass.cx;
    fprintf(stderr, "row %d:", bad->row->number);
    for (const struct field_fault *fault = bad->faults; fault; fault = fault->next) {
        const char *words = row_fault_words(cx->mem, job->spec, fault, cx->lang);
        fprintf(stderr, "%s %s %s: %s", fault == bad->faults ? "" : ";", fault->field, fault->code,
                words);
        if (job->report)
            report_fault(job, bad->row->number, fault, words);
    }
    fputc('\n', stderr);
    return OK;
}

static bool report_begin(struct import_job *job)
{
    const char *path = job->world->config.report;
    if (!*path)
        return true;
    job->report = fopen(path, "we");
    if (!job->report) {
        fprintf(stderr, "luyue: %s: %s\n", path, strerror(errno));
        return false;
    }
    fputs("{\"bad\": [", job->report);
    return true;
}

static bool report_end(struct import_job *job)
{
    if (!job->report)
        return true;
    fprintf(job->report, "%s], \"rows\": %lld, \"good\": %lld, \"unchanged\": %lld}\n",
            job->any_reported ? "\n" : "", (long long)job->counts.rows, (long long)job->counts.good,
            (long long)job->counts.unchanged);
    bool written = !ferror(job->report);
    return fclose(job->report) == 0 && written;
}

/* ---- the two passes ---- */

static void pass_new(struct import_job *job, struct ctx *cx)
{
    arena_reset(job->mem);
    job->pass = (struct pass){.cx = cx,
                              .mem = job->mem,
                              .spec = job->spec,
                              .plan = &job->plan,
                              .organisation_id = job->organisation_id,
                              .host = job};
}

/* Whose it is, when the operator says so. */
static enum result find_organisation(struct import_job *job)
{
    struct ctx *cx = &job->world->cx;
    const char *name = job->world->config.organisation;
    if (*name)
        TRY(organisation_by_name(cx, name, &job->organisation_id));
    return *name && !job->organisation_id ? fail(cx, NOT_FOUND, "import.no_organisation", name)
                                          : OK;
}

static enum result check(struct import_job *job)
{
    TRY(find_organisation(job));
    TRY(make_plan(job));
    pass_new(job, &job->world->cx);
    job->pass.bad_row = say_bad;
    return pass_run(&job->pass, job->bytes, job->len);
}

static enum result write_rows(struct ctx *cx, void *host)
{
    struct import_job *job = host;
    const char *slash = strrchr(job->path, '/');
    pass_new(job, cx);
    job->pass.writes = true;
    job->pass.good_rows = job->world->config.good_rows;
    TRY(pass_run(&job->pass, job->bytes, job->len));
    trail_add(cx, "import", job->spec->resource, NULL, "",
              arena_printf(cx->mem, "%s: %lld/%lld", slash ? slash + 1 : job->path,
                           (long long)job->pass.good, (long long)job->pass.rows));
    return OK;
}

static void say_result(const struct import_job *job, bool written)
{
    const struct pass *pass = &job->pass;
    printf("rows %lld, good %lld, unchanged %lld, refused %lld\n", (long long)pass->rows,
           (long long)pass->good, (long long)pass->unchanged, (long long)pass->bad);
    for (int i = 0; i < pass->names.link_count; i++)
        if (pass->names.made[i].count)
            printf("%s %s: %lld\n", written ? "created" : "to be created",
                   pass->names.made[i].link->resource->name, (long long)pass->names.made[i].count);
    if (!written && !job->world->config.dry_run && pass->good)
        printf("nothing was imported\n");
}

static int run_job(struct import_job *job)
{
    struct world *world = job->world;
    const struct config *config = &world->config;
    if (check(job) != OK) {
        world_complain(world, &world->cx, job->path);
        return IMPORT_FAILED;
    }
    const bool refused = job->pass.bad > 0;
    const bool writes = !config->dry_run && job->pass.good > 0 && (!refused || config->good_rows);
    if (writes && !world_write(world, write_rows, job))
        return IMPORT_FAILED;
    job->counts.rows = job->pass.rows;
    job->counts.good = job->pass.good;
    job->counts.unchanged = job->pass.unchanged;
    say_result(job, writes);
    return refused ? IMPORT_SOME_REFUSED : IMPORT_ALL_IN;
}

int import_command(struct world *world)
{
    struct import_job job = {.world = world, .path = world->config.words[1]};
    bool is_calls = false;
    if (world->config.word_count == 2) {
        job.spec = import_spec_find(world->config.words[0]);
        is_calls = strcmp(world->config.words[0], "calls") == 0;
    }
    if (!job.spec && !is_calls) {
        fprintf(stderr, "luyue: import RESOURCE FILE, where RESOURCE is one of calls");
        for (const struct import_spec *const *spec = IMPORT_SPECS; *spec; spec++)
            fprintf(stderr, " %s", (*spec)->resource->name);
        fputc('\n', stderr);
        return IMPORT_WRONG_USE;
    }
    if (!world_schema(world, false) || !open_file(&job) || !report_begin(&job))
        return IMPORT_FAILED;
    job.mem = arena_new();
    int status = is_calls ? import_calls(&job) : run_job(&job);
    arena_free(job.mem);
    munmap((void *)(uintptr_t)job.bytes, job.len);
    if (!report_end(&job)) {
        fprintf(stderr, "luyue: %s could not be written\n", world->config.report);
        return IMPORT_FAILED;
    }
    return status;
}
