/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Records of calls against the limit: the same rows put into a bare table by SQLite itself, without
 * looking for doubles, roll-ups or indexes, at synchronous=NORMAL.
 *
 *     records FOLDER MILLIONS
 *
 * Prints a JSON object: rows a second of processor and by the clock of either, of the first and the
 * last million, bytes a row in the file and bytes written for a row. */
#include "app/calls/call_hours.h"
#include "main/slices.h"
#include "store/migrations.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define BATCH 10000
#define MILLION 1000000
#define AGENTS 10000
#define NUMBERS 200
#define A_SECOND 23 /* calls that begin in one: 20 million in a month of working days */

static void give_up(const char *what)
{
    fprintf(stderr, "records: %s\n", what);
    exit(1);
}

/* ---- the rows ---- */

static uint64_t luck = 1;

static int64_t chance(int64_t most)
{
    luck = luck * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int64_t)((luck >> 33) % (uint64_t)most);
}

struct batch {
    struct call_row rows[BATCH];
    struct call_line lines[BATCH];
    char uids[BATCH][20];
};

static const struct instant START = {INT64_C(1782835200000)}; /* 2026-07-01 00:00 in Shanghai */

/* The next ones in time; one in a hundred repeats the one before it. */
static void fill(struct batch *batch, int64_t from)
{
    for (int i = 0; i < BATCH; i++) {
        const bool again = i > 0 && chance(100) == 0;
        struct call_line *line = &batch->lines[i];
        struct call_row *row = &batch->rows[i];
        if (again) {
            *line = batch->lines[i - 1];
            *row = batch->rows[i - 1];
            row->line = line;
            continue;
        }
        const int64_t at = (from + i) * 1000 / A_SECOND;
        snprintf(batch->uids[i], sizeof batch->uids[i], "%016llx",
                 (unsigned long long)(from + i) * UINT64_C(0x9e3779b97f4a7c15));
        *line = (struct call_line){.row = i,
                                   .source = "dialer",
                                   .uid = batch->uids[i],
                                   .contract = "",
                                   .agent = "",
                                   .caller = "",
                                   .callee = "",
                                   .started_at = {START.ms + at},
                                   .duration_s = 20 + (int32_t)chance(60),
                                   .talk_s = (int32_t)chance(20),
                                   .result = (enum call_result)(1 + chance(6)),
                                   .recording = ""};
        *row = (struct call_row){.line = line,
                                 .found = ALLOWED,
                                 .contract_id = 1 + chance(50),
                                 .agent_id = 1 + chance(AGENTS),
                                 .number_id = 1 + chance(NUMBERS),
                                 .provider_id = 5,
                                 .callee_key = chance(INT32_MAX) << 31 | chance(INT32_MAX),
                                 .callee_code = chance(INT32_MAX) << 31 | chance(INT32_MAX)};
        row->person_id = row->agent_id;
        row->id = call_id_at(line->started_at) | chance(1 << CALL_SLOT_BITS);
    }
}

static int by_id(const void *a, const void *b)
{
    const int64_t left = ((const struct call_row *)a)->id, right = ((const struct call_row *)b)->id;
    return (left > right) - (left < right);
}

/* ---- measuring ---- */

struct cost {
    double processor_s, clock_s;
};

static double seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static struct cost now(void)
{
    return (struct cost){seconds(CLOCK_PROCESS_CPUTIME_ID), seconds(CLOCK_MONOTONIC)};
}

static void add(struct cost *sum, struct cost begin)
{
    const struct cost end = now();
    sum->processor_s += end.processor_s - begin.processor_s;
    sum->clock_s += end.clock_s - begin.clock_s;
}

static int64_t written_bytes(void)
{
    char line[128];
    long long bytes = 0;
    FILE *file = fopen("/proc/self/io", "r");
    while (file && fgets(line, sizeof line, file))
        (void)sscanf(line, "write_bytes: %lld", &bytes);
    if (file)
        fclose(file);
    return bytes;
}

static int64_t file_bytes(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 ? status.st_size : 0;
}

/* ---- the limit ---- */

static sqlite3 *bare_open(const char *path)
{
    sqlite3 *bare;
    if (sqlite3_open(path, &bare) != SQLITE_OK ||
        sqlite3_exec(bare,
                     "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
                     "PRAGMA cache_size = -65536; CREATE TABLE calls (id INTEGER PRIMARY KEY, "
                     "source_id, uid, contract_id, agent_id, number_id, gate_id, callee_key, "
                     "callee_code, duration_s, talk_s, result, recording)",
                     NULL, NULL, NULL) != SQLITE_OK)
        give_up(sqlite3_errmsg(bare));
    return bare;
}

static void bare_insert(sqlite3 *bare, sqlite3_stmt *insert, const struct batch *batch)
{
    sqlite3_exec(bare, "BEGIN", NULL, NULL, NULL);
    for (int i = 0; i < BATCH; i++) {
        const struct call_row *row = &batch->rows[i];
        const int64_t numbers[] = {1,
                                   0,
                                   row->contract_id,
                                   row->agent_id,
                                   row->number_id,
                                   0,
                                   row->callee_key,
                                   row->callee_code,
                                   row->line->duration_s,
                                   row->line->talk_s,
                                   row->line->result};
        for (int k = 0; k < 11; k++)
            sqlite3_bind_int64(insert, k + 1, numbers[k]);
        sqlite3_bind_text(insert, 2, row->line->uid, -1, SQLITE_STATIC);
        sqlite3_bind_null(insert, 6);
        sqlite3_bind_text(insert, 12, "", -1, SQLITE_STATIC);
        if (sqlite3_step(insert) != SQLITE_DONE)
            give_up(sqlite3_errmsg(bare));
        sqlite3_reset(insert);
    }
    sqlite3_exec(bare, "COMMIT", NULL, NULL, NULL);
}

/* ---- ours ---- */

struct ours {
    struct ctx cx;
    struct store *month;
    struct batch *batch;
    int64_t accepted, duplicates;
    int64_t hour; /* the first that is not sorted */
};

static enum result store_run(struct db *db, void *host)
{
    struct ours *ours = host;
    struct call_batch batch = {.rows = ours->batch->rows, .count = BATCH};
    arena_reset(ours->cx.mem);
    ours->cx.db = db;
    TRY(calls_store(&ours->cx, &batch));
    ours->accepted += batch.accepted;
    ours->duplicates += batch.duplicates;
    return OK;
}

static enum result sort_run(struct db *db, void *host)
{
    struct ours *ours = host;
    arena_reset(ours->cx.mem);
    ours->cx.db = db;
    return hour_sort(&ours->cx, ours->hour);
}

/* A batch, and the hours that it leaves behind as the worker does. */
static void take(struct ours *ours)
{
    if (store_write_now(ours->month, store_run, ours) != OK)
        give_up("a batch was not taken");
    for (; ours->hour < ours->batch->rows[0].id / HOUR_IDS; ours->hour++)
        if (store_write_now(ours->month, sort_run, ours) != OK)
            give_up("an hour was not sorted");
}

static struct ours ours_open(const char *folder, struct keys *keys)
{
    struct ours ours = {
        .cx = {.mem = arena_new(), .now = START, .keys = keys, .origin = "", .request = "bench"}};
    struct store *main;
    int applied;
    const struct store_options options = {.url = "sqlite", .data_dir = folder};
    if (store_open(&ours.cx, &options, &main) != OK ||
        schema_migrate(&ours.cx, main, MIGRATIONS, MIGRATION_COUNT, &applied) != OK)
        give_up("the store cannot be opened");
    struct months *months = months_open(main, "calls", MONTH_MIGRATIONS, MONTH_MIGRATION_COUNT);
    calls_use(months, keys);
    if (months_store(&ours.cx, months, call_month(call_id_at(START)), true, &ours.month) != OK)
        give_up("the month cannot be opened");
    return ours;
}

int main(int argc, char **argv)
{
    static struct batch batch;
    static struct keys keys;
    static const unsigned char MASTER[32] = "bench";
    const int millions = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 1;
    char path[1024];
    sqlite3_stmt *insert;
    struct cost bare_cost = {0, 0}, all = {0, 0}, first = {0, 0}, last = {0, 0};
    if (argc < 2)
        give_up("FOLDER MILLIONS");
    hash_start();
    slices_start();
    keys_derive(&keys, MASTER);
    struct ours ours = ours_open(argv[1], &keys);
    ours.batch = &batch;
    ours.hour = call_id_at(START) / HOUR_IDS;
    snprintf(path, sizeof path, "%s/bare.db", argv[1]);
    sqlite3 *bare = bare_open(path);
    sqlite3_prepare_v2(bare, "INSERT INTO calls VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                       -1, &insert, NULL);
    int64_t written = 0;
    for (int64_t from = 0; from < (int64_t)millions * MILLION; from += BATCH) {
        fill(&batch, from);
        if (from < MILLION) { /* turn by turn, so that both meet the same machine */
            const struct cost begin = now();
            bare_insert(bare, insert, &batch);
            add(&bare_cost, begin);
        }
        qsort(batch.rows, BATCH, sizeof *batch.rows, by_id);
        const struct cost begin = now();
        const int64_t before = written_bytes();
        take(&ours);
        written += written_bytes() - before;
        add(&all, begin);
        if (from < MILLION)
            add(&first, begin);
        if (from >= (int64_t)(millions - 1) * MILLION)
            add(&last, begin);
    }
    sqlite3_finalize(insert);
    sqlite3_close(bare);
    const int64_t rows = ours.accepted;
    store_close(ours.month); /* what stands in the log goes into the file */
    snprintf(path, sizeof path, "%s/calls_2026_07.db", argv[1]);
    printf("{\"rows\": %lld, \"duplicates\": %lld, \"bare\": %.0f, \"bare_clock\": %.0f, "
           "\"first\": %.0f, \"first_clock\": %.0f, \"last\": %.0f, \"last_clock\": %.0f, "
           "\"bytes\": %.1f, \"written\": %.0f}\n",
           (long long)rows, (long long)ours.duplicates, MILLION / bare_cost.processor_s,
           MILLION / bare_cost.clock_s, MILLION / first.processor_s, MILLION / first.clock_s,
           MILLION / last.processor_s, MILLION / last.clock_s,
           (double)file_bytes(path) / (double)rows, (double)written / (double)rows);
    return 0;
}
