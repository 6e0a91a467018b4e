/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Records of calls against the limit: the same rows put into a bare table, without looking for
 * doubles, roll-ups or what finds them again; on SQLite by SQLite itself at synchronous=NORMAL, on
 * PostgreSQL by the same array statement.
 *
 *     records FOLDER sqlite|postgres://… MILLIONS
 *
 * Ten days of calls of 10,000 agents. Prints a JSON object: rows a second of processor and by the
 * clock of either, of the first and the last million; rows a second, each in a transaction of its
 * own; bytes a row in the file and bytes written for a row; what a page of 50 costs by agent and
 * day, and by number called; a month's figures of all agents, and a bare step over their rows. */
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
#define SPAN_MS (INT64_C(10) * 24 * 3600 * 1000)
#define WATCHED_EVERY_MS 600000 /* one agent and one number are on a call of each ten minutes */
#define WATCHED_AGENT (AGENTS + 1)
#define WATCHED_CALLEE "13812345678"

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
static int64_t rows_in_all;
static int64_t watched_key, watched_code;

static void watch(struct call_row *row, int64_t at_ms, int64_t before_ms)
{
    if (at_ms / WATCHED_EVERY_MS == before_ms / WATCHED_EVERY_MS)
        return;
    row->agent_id = row->person_id = WATCHED_AGENT;
    row->callee_key = watched_key;
    row->callee_code = watched_code;
}

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
        const int64_t at = SPAN_MS * (from + i) / rows_in_all;
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
                                   .talk_s = 1 + (int32_t)chance(19),
                                   .result = (enum call_result)(1 + chance(6)),
                                   .recording = ""};
        *row = (struct call_row){.line = line,
                                 .found = ALLOWED,
                                 .contract_id = 1,
                                 .agent_id = 1 + chance(AGENTS),
                                 .number_id = 1 + chance(NUMBERS),
                                 .provider_id = 5,
                                 .callee_key = chance(INT32_MAX) << 31 | chance(INT32_MAX),
                                 .callee_code = chance(INT32_MAX) << 31 | chance(INT32_MAX)};
        row->person_id = row->agent_id;
        row->uid_hash = call_uid_hash(line, row->provider_id);
        watch(row, at, SPAN_MS * (from + i - 1) / rows_in_all);
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
    struct store *main, *month;
    struct batch *batch;
    int64_t accepted, duplicates;
    int64_t hour;        /* the first that is not sorted */
    size_t first, count; /* of the batch */
};

static enum result store_run(struct db *db, void *host)
{
    struct ours *ours = host;
    struct call_batch batch = {.rows = ours->batch->rows + ours->first, .count = ours->count};
    arena_reset(ours->cx.mem);
    ours->cx.db = db;
    TRY(calls_store(&ours->cx, &batch));
    for (size_t i = 0; i < batch.count; i++)
        *(batch.rows[i].is_new ? &ours->accepted : &ours->duplicates) += 1;
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
    ours->first = 0;
    ours->count = BATCH;
    if (store_write_now(ours->month, store_run, ours) != OK)
        give_up("a batch was not taken");
    for (; ours->hour < ours->batch->rows[0].id / HOUR_IDS; ours->hour++)
        if (store_write_now(ours->month, sort_run, ours) != OK)
            give_up("an hour was not sorted");
}

static void take_one_by_one(struct ours *ours, size_t count)
{
    ours->count = 1;
    for (ours->first = 0; ours->first < count; ours->first++)
        if (store_write_now(ours->month, store_run, ours) != OK)
            give_up("a row was not taken");
}

static struct ours ours_open(const char *folder, const char *url, struct keys *keys)
{
    struct ours ours = {.cx = {.mem = arena_new(),
                               .now = START,
                               .keys = keys,
                               .actor = &ACTOR_SYSTEM,
                               .origin = "",
                               .request = "bench"}};
    int applied;
    const struct store_options options = {.url = url, .data_dir = folder};
    if (store_open(&ours.cx, &options, &ours.main) != OK ||
        schema_migrate(&ours.cx, ours.main, MIGRATIONS, MIGRATION_COUNT, &applied) != OK)
        give_up("the store cannot be opened");
    struct months *months =
        months_open(ours.main, "calls", MONTH_MIGRATIONS, MONTH_MIGRATION_COUNT);
    calls_use(months, keys);
    if (months_store(&ours.cx, months, call_month(call_id_at(START)), true, &ours.month) != OK)
        give_up("the month cannot be opened");
    ours.hour = call_id_at(START) / HOUR_IDS;
    return ours;
}

/* ---- the limit on PostgreSQL: the same rows into a bare table with the same key ---- */

#define COLUMNS 13
static const char BARE_TABLE[] =
    "CREATE TABLE bare (id BIGINT PRIMARY KEY, source_id BIGINT, uid TEXT, contract_id BIGINT, "
    "agent_id BIGINT, number_id BIGINT, gate_id BIGINT, callee_key BIGINT, callee_code BIGINT, "
    "duration_s BIGINT, talk_s BIGINT, result BIGINT, recording TEXT)";
static const char BARE_INSERT[] =
    "INSERT INTO bare SELECT * FROM unnest(CAST($1 AS BIGINT[]), CAST($2 AS BIGINT[]), CAST($3 AS "
    "TEXT[]), CAST($4 AS BIGINT[]), CAST($5 AS BIGINT[]), CAST($6 AS BIGINT[]), CAST($7 AS "
    "BIGINT[]), CAST($8 AS BIGINT[]), CAST($9 AS BIGINT[]), CAST($10 AS BIGINT[]), CAST($11 AS "
    "BIGINT[]), CAST($12 AS BIGINT[]), CAST($13 AS TEXT[])) ON CONFLICT (id) DO NOTHING";

static enum result array_insert(struct db *db, void *host)
{
    struct ours *ours = host;
    const struct query query = db_query("bare", BARE_INSERT, COLUMNS);
    arena_reset(ours->cx.mem);
    ours->cx.db = db;
    struct param *params = ARENA_ARRAY(ours->cx.mem, struct param, BATCH * COLUMNS);
    for (size_t i = 0; i < BATCH; i++) {
        const struct call_row *row = &ours->batch->rows[i];
        const struct param one[COLUMNS] = {
            param_number(row->id),           param_number(1),
            param_text(row->line->uid),      param_id(row->contract_id),
            param_id(row->agent_id),         param_id(row->number_id),
            param_id(row->gate_id),          param_number(row->callee_key),
            param_number(row->callee_code),  param_int(row->line->duration_s),
            param_int(row->line->talk_s),    param_int((int32_t)row->line->result),
            param_text(row->line->recording)};
        memcpy(params + i * COLUMNS, one, sizeof one);
    }
    return db_change_rows(&ours->cx, &query, params, COLUMNS, BATCH, NULL);
}

static enum result make_bare(struct db *db, void *host)
{
    struct ours *ours = host;
    const struct query query = db_query("bare", BARE_TABLE, 0);
    ours->cx.db = db;
    return db_change(&ours->cx, &query, NO_PARAMS, NULL);
}

/* ---- what people ask ---- */

#define PAGES 200

static double page_us(struct ours *ours, const char *name, const char *value)
{
    struct ctx *cx = &ours->cx;
    struct cost cost = {0, 0};
    for (int i = 0; i < PAGES; i++) {
        struct list_query query = {.limit = 50};
        struct list list;
        arena_reset(cx->mem);
        cx->db = store_reader(ours->main);
        if (!list_condition(cx, &CALLS, name, value, &query) ||
            !list_condition(cx, &CALLS, "started_at_from", "2026-07-04", &query) ||
            !list_condition(cx, &CALLS, "started_at_to", "2026-07-04", &query))
            give_up("no such filter");
        const struct cost begin = now();
        if (record_list(cx, &CALLS, &query, &list) != OK || list.count != 50)
            give_up("a page is not full");
        add(&cost, begin);
    }
    return cost.clock_s / PAGES * 1e6;
}

static double figures_ms(struct ours *ours)
{
    const int64_t contract = 1;
    struct ctx *cx = &ours->cx;
    struct cost cost = {0, 0};
    struct call_figure *figures;
    size_t count;
    for (int i = 0; i < 5; i++) {
        arena_reset(cx->mem);
        cx->db = store_reader(ours->main);
        const struct cost begin = now();
        if (call_figures(cx, &contract, 1, date_of(2026, 7, 1), date_of(2026, 7, 31), BY_AGENT,
                         &figures, &count) != OK ||
            count != AGENTS + 1)
            give_up("not the figures of all agents");
        add(&cost, begin);
    }
    return cost.processor_s / 5 * 1e3;
}

/* The agents' names; past all rules, as nothing else is there that they belong to. */
static void name_agents(const char *folder)
{
    char path[1024];
    sqlite3 *main;
    snprintf(path, sizeof path, "%s/luyue.db", folder);
    if (sqlite3_open(path, &main) != SQLITE_OK ||
        sqlite3_exec(
            main,
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <= 10000) "
            "INSERT INTO people SELECT i, 1, 0, 0, 1, NULL, 'Name ' || i, '', '', '', '', 'agent', "
            "'', '', '', '', '' FROM n;"
            "INSERT INTO agents SELECT id, 1, 0, 0, 1, id, 'A' || id, '', 'active', '', '', NULL, "
            "'' FROM people",
            NULL, NULL, NULL) != SQLITE_OK)
        give_up(sqlite3_errmsg(main));
    sqlite3_close(main);
}

/* The least that whoever adds them up has to do: read the same columns of the same rows. */
static double step_ms(const char *path)
{
    sqlite3 *db;
    sqlite3_stmt *rows;
    struct cost cost = {0, 0};
    int64_t sum = 0;
    if (sqlite3_open(path, &db) != SQLITE_OK ||
        sqlite3_exec(db, "PRAGMA mmap_size = 268435456", NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db,
                           "SELECT agent_id, dials, connected, success, talk_s, duration_s FROM "
                           "agent_days",
                           -1, &rows, NULL) != SQLITE_OK)
        give_up(sqlite3_errmsg(db));
    for (int i = 0; i < 5; i++) {
        const struct cost begin = now();
        while (sqlite3_step(rows) == SQLITE_ROW)
            for (int k = 0; k < 6; k++)
                sum += sqlite3_column_int64(rows, k);
        sqlite3_reset(rows);
        add(&cost, begin);
    }
    sqlite3_finalize(rows);
    sqlite3_close(db);
    if (!sum)
        give_up("no figures");
    return cost.processor_s / 5 * 1e3;
}

/* ---- one after the other ---- */

struct measured {
    struct cost bare, first, last, single;
    int64_t written;
};
#define SINGLES 2000

static void measure(struct ours *ours, sqlite3 *bare, sqlite3_stmt *insert, struct measured *out)
{
    const bool is_sqlite = bare != NULL;
    if (!is_sqlite && store_write_now(ours->month, make_bare, ours) != OK)
        give_up("no bare table");
    for (int64_t from = 0; from < rows_in_all; from += BATCH) {
        fill(ours->batch, from);
        if (from < MILLION && is_sqlite) { /* turn by turn, so that both meet the same machine */
            const struct cost begin = now();
            bare_insert(bare, insert, ours->batch);
            add(&out->bare, begin);
        }
        qsort(ours->batch->rows, BATCH, sizeof *ours->batch->rows, by_id);
        if (from < MILLION && !is_sqlite) {
            const struct cost begin = now();
            if (store_write_now(ours->month, array_insert, ours) != OK)
                give_up("a bare batch was not taken");
            add(&out->bare, begin);
        }
        const struct cost begin = now();
        const int64_t before = written_bytes();
        take(ours);
        out->written += written_bytes() - before;
        if (from < MILLION)
            add(&out->first, begin);
        if (from >= rows_in_all - MILLION)
            add(&out->last, begin);
    }
}

static void print_rates(const struct measured *measured)
{
    const struct {
        const char *name;
        const struct cost *cost;
    } RATES[] = {{"bare", &measured->bare}, {"first", &measured->first}, {"last", &measured->last}};
    for (size_t i = 0; i < sizeof RATES / sizeof *RATES; i++)
        printf("\"%s\": %.0f, \"%s_clock\": %.0f, ", RATES[i].name,
               MILLION / RATES[i].cost->processor_s, RATES[i].name,
               MILLION / RATES[i].cost->clock_s);
    printf("\"single\": %.0f, ", SINGLES / measured->single.clock_s);
}

int main(int argc, char **argv)
{
    static struct batch batch;
    static struct keys keys;
    static const unsigned char MASTER[32] = "bench";
    struct measured measured = {.written = 0};
    char path[1024];
    sqlite3 *bare = NULL;
    sqlite3_stmt *insert = NULL;
    if (argc != 4)
        give_up("FOLDER sqlite|postgres://… MILLIONS");
    const bool is_sqlite = strcmp(argv[2], "sqlite") == 0;
    rows_in_all = strtol(argv[3], NULL, 10) * MILLION;
    hash_start();
    slices_start();
    keys_derive(&keys, MASTER);
    callee_seal(&keys, WATCHED_CALLEE, &watched_key, &watched_code);
    struct ours ours = ours_open(argv[1], argv[2], &keys);
    ours.batch = &batch;
    if (is_sqlite) {
        snprintf(path, sizeof path, "%s/bare.db", argv[1]);
        bare = bare_open(path);
        sqlite3_prepare_v2(bare,
                           "INSERT INTO calls VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                           -1, &insert, NULL);
        name_agents(argv[1]);
    }
    measure(&ours, bare, insert, &measured);
    const int64_t rows = ours.accepted;
    for (const int64_t end = call_id_at((struct instant){START.ms + SPAN_MS}) / HOUR_IDS;
         ours.hour < end; ours.hour++)
        if (store_write_now(ours.month, sort_run, &ours) != OK)
            give_up("an hour was not sorted");
    const double by_agent = page_us(&ours, "agent_id", "10001"),
                 by_callee = page_us(&ours, "callee", WATCHED_CALLEE);
    const double figures = is_sqlite ? figures_ms(&ours) : 0;
    fill(&batch, rows_in_all);
    const struct cost begin = now();
    take_one_by_one(&ours, SINGLES);
    add(&measured.single, begin);
    sqlite3_finalize(insert);
    sqlite3_close(bare);
    store_close(ours.month); /* what stands in the log goes into the file */
    snprintf(path, sizeof path, "%s/calls_2026_07.db", argv[1]);
    printf("{\"rows\": %lld, \"duplicates\": %lld, ", (long long)rows, (long long)ours.duplicates);
    print_rates(&measured);
    printf("\"bytes\": %.1f, \"written\": %.0f, \"agent_us\": %.0f, \"callee_us\": %.0f, "
           "\"figures_ms\": %.1f, \"step_ms\": %.1f}\n",
           (double)file_bytes(path) / (double)rows, (double)measured.written / (double)rows,
           by_agent, by_callee, figures, is_sqlite ? step_ms(path) : 0);
    return 0;
}
