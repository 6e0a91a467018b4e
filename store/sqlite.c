/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* SQLite: a connection per thread, write-ahead log, one commit for many pieces of work. */
#include "store/db_private.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Instructions of SQLite's machine between two looks at the clock: about a millisecond. */
#define STEPS_BETWEEN_LOOKS 100000

static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static enum outcome outcome_of(struct db *db, int code)
{
    if (code == SQLITE_OK || code == SQLITE_DONE)
        return DONE;
    if (code == SQLITE_ROW)
        return ROW;
    snprintf(db->message, sizeof db->message, "%s", sqlite3_errmsg(db->handle));
    switch (sqlite3_extended_errcode(db->handle)) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        return EXISTS;
    }
    switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
        return REFUSED;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return LOCKED;
    case SQLITE_INTERRUPT:
        return TIMED_OUT;
    default:
        return FAILED;
    }
}

/* ---- connections ---- */

/* Counting all its memory would make every thread wait at one lock for each allocation. */
static void library_start(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static int is_over_time(void *host)
{
    const struct db *db = host;
    return clock_ms() > db->deadline_ms;
}

static enum outcome sqlite_script(struct db *db, const char *sql)
{
    return outcome_of(db, sqlite3_exec(db->handle, sql, NULL, NULL, NULL));
}

/* Names that the part does not have are then looked for in the main store. */
static enum outcome attach(struct db *db, const char *place)
{
    char *sql = sqlite3_mprintf("ATTACH %Q AS company", place);
    enum outcome outcome = sql ? sqlite_script(db, sql) : FAILED;
    sqlite3_free(sql);
    return outcome;
}

static enum outcome sqlite_open(struct db *db)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, library_start);
    sqlite3 *handle = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
    int code = sqlite3_open_v2(db->place, &handle, flags, NULL);
    db->handle = handle;
    if (code != SQLITE_OK)
        return outcome_of(db, code);
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_busy_timeout(handle, LOCK_LIMIT_MS);
    enum outcome outcome = sqlite_script(db, "PRAGMA journal_mode = WAL;"
                                             "PRAGMA synchronous = FULL;"
                                             "PRAGMA foreign_keys = ON;"
                                             "PRAGMA cache_size = -8192;"
                                             "PRAGMA mmap_size = 268435456;");
    /* An import's transaction changes many pages: they fit into the cache, and what undoes a single
     * statement into memory. */
    if (outcome == DONE && db->writes)
        return sqlite_script(db, "PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;"
                                 "PRAGMA wal_autocheckpoint = 4000");
    if (outcome == DONE && db->beside)
        outcome = attach(db, db->beside);
    if (outcome != DONE)
        return outcome;
    sqlite3_progress_handler(handle, STEPS_BETWEEN_LOOKS, is_over_time, db);
    return sqlite_script(db, "PRAGMA query_only = ON");
}

static void sqlite_close(struct db *db)
{
    sqlite3_close(db->handle);
    db->handle = NULL;
}

static bool sqlite_in_transaction(struct db *db)
{
    return !sqlite3_get_autocommit(db->handle);
}

/* The file's own file system is named, or a database in memory would be copied into memory. */
static enum outcome sqlite_copy(struct arena *arena, struct db *db, const char *path)
{
    struct text sql = text_new(arena, 256);
    text_puts(&sql, "VACUUM INTO 'file:");
    text_url(&sql, path, strlen(path));
    text_puts(&sql, "?vfs=unix'");
    return sqlite_script(db, text_end(&sql));
}

/* ---- parts: files beside the main one ---- */

#define PART_ENDING ".db"

/* A database in memory has no file: its parts are there while somebody has them open. */
static bool is_in_memory(const char *main)
{
    return strncmp(main, "file:", 5) == 0;
}

static const char *folder_of(struct arena *arena, const char *main)
{
    const char *slash = strrchr(main, '/');
    return slash ? arena_copy(arena, main, (size_t)(slash - main)) : ".";
}

static enum outcome sqlite_part_find(struct arena *arena, const char *main, struct part *part)
{
    if (is_in_memory(main)) {
        part->place = arena_printf(arena, "%.*s-%s%s", (int)strcspn(main, "?"), main, part->name,
                                   main + strcspn(main, "?"));
        return DONE;
    }
    part->place = arena_printf(arena, "%s/%s" PART_ENDING, folder_of(arena, main), part->name);
    part->is_there = access(part->place, F_OK) == 0;
    return DONE;
}

static enum outcome sqlite_part_make(struct arena *arena, const char *main, struct part *part)
{
    return DONE; /* by opening it */
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum outcome sqlite_part_list(struct arena *arena, const char *main, struct part *part)
{
    static const size_t ENDING = sizeof PART_ENDING - 1;
    DIR *folder = is_in_memory(main) ? NULL : opendir(folder_of(arena, main));
    const char **names = ARENA_ARRAY(arena, const char *, PARTS_MOST);
    for (struct dirent *entry; folder && part->count < PARTS_MOST && (entry = readdir(folder));) {
        const size_t len = strlen(entry->d_name);
        if (strncmp(entry->d_name, part->name, strlen(part->name)) == 0 && len > ENDING &&
            strcmp(entry->d_name + len - ENDING, PART_ENDING) == 0)
            names[part->count++] = arena_copy(arena, entry->d_name, len - ENDING);
    }
    if (folder)
        closedir(folder);
    qsort(names, part->count, sizeof *names, by_name);
    part->names = names;
    return DONE;
}

/* ---- statements ---- */

/* `$2` is a name to SQLite, which numbers the names as they appear. */
static enum outcome sqlite_prepare(struct db *db, struct statement *statement)
{
    sqlite3_stmt *handle = NULL;
    int code = sqlite3_prepare_v3(db->handle, statement->sql, -1, SQLITE_PREPARE_PERSISTENT,
                                  &handle, NULL);
    statement->handle = handle;
    const int count = handle ? sqlite3_bind_parameter_count(handle) : 0;
    assert(count <= GROUP_PARAMS_MAX);
    for (int i = 0; i < count; i++)
        statement->numbers[i] =
            (uint16_t)strtol(sqlite3_bind_parameter_name(handle, i + 1) + 1, NULL, 10);
    return outcome_of(db, code);
}

static void sqlite_discard(struct db *db, struct statement *statement)
{
    sqlite3_finalize(statement->handle);
}

static int bind(struct ctx *cx, sqlite3_stmt *handle, int at, const struct param *param)
{
    switch (param->type) {
    case PARAM_INT:
        return sqlite3_bind_int64(handle, at, param->number);
    case PARAM_DATE:
    case PARAM_MONTH:
    case PARAM_TEXT:
        return sqlite3_bind_text(handle, at, param_words(cx->mem, param), -1, SQLITE_STATIC);
    case PARAM_BLOB:
        if (param->number == 0)
            return sqlite3_bind_zeroblob(handle, at, 0);
        return sqlite3_bind_blob64(handle, at, param->text, (sqlite3_uint64)param->number,
                                   SQLITE_STATIC);
    case PARAM_NULL:
        break;
    }
    return sqlite3_bind_null(handle, at);
}

static enum outcome sqlite_start(struct ctx *cx, struct statement *statement, struct params params,
                                 bool bytes)
{
    sqlite3_stmt *handle = statement->handle;
    int count = sqlite3_bind_parameter_count(handle);
    for (int at = 1; at <= count; at++) {
        const int number = statement->numbers[at - 1];
        assert(number >= 1 && number <= params.count);
        int code = bind(cx, handle, at, &params.at[number - 1]);
        if (code != SQLITE_OK)
            return outcome_of(cx->db, code);
    }
    /* A statement inside another's rows does not lengthen that one's time. */
    if (!cx->db->writes && cx->db->running == 1)
        cx->db->deadline_ms = clock_ms() + READ_LIMIT_MS;
    return DONE;
}

static enum outcome sqlite_next(struct db *db, struct statement *statement)
{
    return outcome_of(db, sqlite3_step(statement->handle));
}

static void sqlite_finish(struct statement *statement)
{
    sqlite3_reset(statement->handle);
}

static int64_t sqlite_changed(struct db *db, struct statement *statement)
{
    return sqlite3_changes64(db->handle);
}

static int64_t sqlite_new_id(struct db *db, struct statement *statement)
{
    return sqlite3_changes64(db->handle) ? sqlite3_last_insert_rowid(db->handle) : 0;
}

/* The same tuple for the nth of several rows: "($1, $2, 0)" -> "($5, $6, 0)". */
static void put_tuple(struct text *out, const char *tuple, const char *end, long first)
{
    while (tuple < end) {
        const size_t plain = strcspn(tuple, "$)");
        text_put(out, tuple, plain + 1);
        tuple += plain + 1;
        if (tuple < end) {
            char *behind;
            text_int(out, first + strtol(tuple, &behind, 10));
            tuple = behind;
        }
    }
}

/* "VALUES ($1, $2)" -> "VALUES ($1, $2), ($3, $4)": beginning and ending a statement costs as much
 * as several of its rows. */
static const char *sqlite_group(struct arena *arena, const char *sql, int columns, size_t rows)
{
    const char *values = strstr(sql, "VALUES (");
    assert(values);
    const char *tuple = strchr(values, '('), *end = strchr(values, ')') + 1;
    struct text out = text_new(arena, strlen(sql) + rows * (size_t)(end - tuple + columns));
    text_put(&out, sql, (size_t)(tuple - sql));
    for (size_t row = 0; row < rows; row++) {
        if (row > 0)
            text_puts(&out, ", ");
        put_tuple(&out, tuple, end, (long)row * columns);
    }
    text_puts(&out, end);
    return text_end(&out);
}

static enum outcome sqlite_rows(struct ctx *cx, struct statement *statement,
                                const struct param *rows, int columns, size_t count, bool *changed)
{
    enum outcome outcome = DONE;
    for (size_t i = 0; i < count && outcome == DONE; i++) {
        const struct params params = {rows + i * (size_t)columns, columns};
        outcome = sqlite_start(cx, statement, params, false);
        if (outcome == DONE)
            outcome = sqlite_next(cx->db, statement);
        while (outcome == ROW) /* what it returns, PostgreSQL alone needs */
            outcome = sqlite_next(cx->db, statement);
        if (changed)
            changed[i] = outcome == DONE && sqlite_changed(cx->db, statement) > 0;
        sqlite_finish(statement);
    }
    return outcome;
}

static int sqlite_columns(struct statement *statement)
{
    return sqlite3_column_count(statement->handle);
}

static const char *sqlite_column_name(struct statement *statement, int column)
{
    return sqlite3_column_name(statement->handle, column);
}

static int64_t sqlite_number(struct statement *statement, int column)
{
    return sqlite3_column_int64(statement->handle, column);
}

static const char *sqlite_bytes(struct statement *statement, int column, size_t *out_len)
{
    const char *text = (const char *)sqlite3_column_text(statement->handle, column);
    *out_len = (size_t)sqlite3_column_bytes(statement->handle, column);
    return text ? text : "";
}

const struct driver SQLITE_DRIVER = {
    .engine = ENGINE_SQLITE,
    .begin = "BEGIN IMMEDIATE",
    .compact = "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)",
    .snapshot = "BEGIN",
    .identity = "INTEGER PRIMARY KEY AUTOINCREMENT",
    .number_key = "INTEGER PRIMARY KEY",
    .blob = "BLOB",
    .then_id = "", /* the row's own: a column of that name could not be compared with it */
    .open = sqlite_open,
    .close = sqlite_close,
    .script = sqlite_script,
    .in_transaction = sqlite_in_transaction,
    .copy = sqlite_copy,
    .part_find = sqlite_part_find,
    .part_make = sqlite_part_make,
    .part_list = sqlite_part_list,
    .prepare = sqlite_prepare,
    .discard = sqlite_discard,
    .start = sqlite_start,
    .group = sqlite_group,
    .rows = sqlite_rows,
    .next = sqlite_next,
    .finish = sqlite_finish,
    .changed = sqlite_changed,
    .new_id = sqlite_new_id,
    .columns = sqlite_columns,
    .column_name = sqlite_column_name,
    .number = sqlite_number,
    .bytes = sqlite_bytes,
};
