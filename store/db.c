/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/log.h"
#include "store/db_private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- connections ---- */

struct db *db_open(const struct driver *driver, const char *place, const char *beside, bool writes)
{
    struct db *db = calloc(1, sizeof *db);
    if (!db)
        abort();
    *db = (struct db){.driver = driver, .place = place, .beside = beside, .writes = writes};
    if (driver->open(db) == DONE)
        return db;
    log_error("store: cannot open: %s", db->message);
    db_close(db);
    return NULL;
}

void db_close(struct db *db)
{
    statements_forget(db);
    db->driver->close(db);
    free(db);
}

bool db_reopen(struct db *db)
{
    if (db->running > 0)
        return false;
    log_warn("store: connection lost, connecting anew: %s", db->message);
    statements_forget(db);
    db->driver->close(db);
    return db->driver->open(db) == DONE;
}

enum engine db_engine(const struct db *db)
{
    return db->driver->engine;
}

/* ---- what went wrong ---- */

static const struct {
    const char *code;
    enum result result;
    bool is_logged;
} FAULTS[OUTCOME_COUNT] = {
    [EXISTS] = {"record.exists", CONFLICT, false}, [REFUSED] = {"record.refused", CONFLICT, false},
    [LOCKED] = {"store.locked", BUSY, true},       [TIMED_OUT] = {"store.timed_out", BUSY, true},
    [LOST] = {"store.lost", BUSY, true},           [FAILED] = {"store.broken", BROKEN, true},
};

enum result db_fault(struct ctx *cx, enum outcome outcome, const char *name)
{
    if (cx->db->failure == DONE)
        cx->db->failure = outcome;
    if (FAULTS[outcome].is_logged)
        log_error("%s: %s: %s", name, FAULTS[outcome].code, cx->db->message);
    return fail(cx, FAULTS[outcome].result, FAULTS[outcome].code, name);
}

enum result db_script(struct ctx *cx, const char *name, const char *sql)
{
    enum outcome outcome = cx->db->driver->script(cx->db, sql);
    return outcome == DONE ? OK : db_fault(cx, outcome, name);
}

enum result db_snapshot(struct ctx *cx, enum result (*run)(struct ctx *cx, void *host), void *host)
{
    const struct driver *driver = cx->db->driver;
    if (driver->in_transaction(cx->db))
        return run(cx, host);
    TRY(db_script(cx, "snapshot", driver->snapshot));
    enum result result = run(cx, host);
    const enum outcome ended = driver->script(cx->db, "COMMIT"); /* it wrote nothing */
    return result == OK && ended != DONE ? db_fault(cx, ended, "snapshot") : result;
}

/* ---- running a statement ---- */

/* A statement under way. */
struct run {
    const char *name;
    struct statement *statement;
};

static enum outcome run_try(struct ctx *cx, const char *sql, struct params params, bool bytes,
                            struct statement **out)
{
    enum outcome outcome = statement_take(cx->db, sql, out);
    if (outcome != DONE)
        return outcome;
    outcome = cx->db->driver->start(cx, *out, params, bytes);
    if (outcome != DONE)
        statement_give_back(cx->db, *out);
    return outcome;
}

static enum result run_start(struct ctx *cx, const struct query *query, struct params params,
                             bool bytes, struct run *out)
{
    struct db *db = cx->db;
    assert(params.count == query->params);
    const char *sql = query->sql[db->driver->engine];
    out->name = query->name;
    enum outcome outcome = run_try(cx, sql, params, bytes, &out->statement);
    /* A read can be asked again; a write's transaction is gone with its connection. */
    if (outcome == LOST && !db->writes && db_reopen(db))
        outcome = run_try(cx, sql, params, bytes, &out->statement);
    return outcome == DONE ? OK : db_fault(cx, outcome, query->name);
}

static void run_end(struct ctx *cx, struct run *run)
{
    statement_give_back(cx->db, run->statement);
}

static enum result run_next(struct ctx *cx, struct run *run, bool *out_row)
{
    enum outcome outcome = cx->db->driver->next(cx->db, run->statement);
    *out_row = outcome == ROW;
    return outcome == ROW || outcome == DONE ? OK : db_fault(cx, outcome, run->name);
}

/* The next row into `out`. */
static enum result run_read(struct ctx *cx, struct run *run, const struct field *fields, void *out,
                            bool *out_row)
{
    TRY(run_next(cx, run, out_row));
    if (!*out_row)
        return OK;
    TRY(statement_map(cx, run->statement, run->name, fields));
    statement_read(cx, run->statement, fields, out);
    return OK;
}

/* Start, and go to the first row if there is one. Must be ended when OK. */
static enum result run_first(struct ctx *cx, const struct query *query, struct params params,
                             bool bytes, struct run *out, bool *out_row)
{
    TRY(run_start(cx, query, params, bytes, out));
    enum result result = run_next(cx, out, out_row);
    if (result != OK)
        run_end(cx, out);
    return result;
}

/* ---- reading ---- */

enum result db_one(struct ctx *cx, const struct query *query, struct params params,
                   const struct field *fields, void *out)
{
    struct run run;
    bool is_row;
    TRY(run_start(cx, query, params, false, &run));
    enum result result = run_read(cx, &run, fields, out, &is_row);
    run_end(cx, &run);
    return result == OK && !is_row ? NOT_FOUND : result;
}

struct rows {
    char *at;
    size_t size, count, room;
};

static void *rows_room(struct arena *arena, struct rows *rows, size_t limit)
{
    if (rows->count == rows->room) {
        size_t room = rows->room == 0 ? 16 : rows->room * 2;
        rows->room = room < limit ? room : limit;
        char *larger = arena_array(arena, rows->room, rows->size);
        if (rows->count > 0)
            memcpy(larger, rows->at, rows->count * rows->size);
        rows->at = larger;
    }
    return rows->at + rows->count * rows->size;
}

enum result db_list(struct ctx *cx, const struct query *query, struct params params,
                    const struct field *fields, size_t size, size_t limit, void *out_rows,
                    size_t *out_count)
{
    struct rows rows = {.size = size};
    struct run run;
    TRY(run_start(cx, query, params, false, &run));
    enum result result = OK;
    bool is_row = true;
    while (result == OK && is_row && rows.count < limit) {
        void *row = rows_room(cx->mem, &rows, limit);
        result = run_read(cx, &run, fields, row, &is_row);
        if (result == OK && is_row)
            rows.count++;
    }
    run_end(cx, &run);
    memcpy(out_rows, &rows.at, sizeof rows.at);
    *out_count = rows.count;
    return result;
}

enum result db_each(struct ctx *cx, const struct query *query, struct params params,
                    const struct field *fields, size_t size, db_row each, void *host)
{
    struct run run;
    TRY(run_start(cx, query, params, false, &run));
    enum result result = OK;
    bool is_row = true;
    while (result == OK && is_row) {
        struct arena_mark mark = arena_mark(cx->mem);
        void *row = arena_alloc(cx->mem, size);
        result = run_read(cx, &run, fields, row, &is_row);
        if (result == OK && is_row)
            result = each(host, row);
        /* A failure's words live in this memory. */
        if (result == OK)
            arena_rewind(cx->mem, mark);
    }
    run_end(cx, &run);
    return result;
}

enum result db_each_numbers(struct ctx *cx, const struct query *query, struct params params,
                            db_numbers each, void *host)
{
    const struct driver *driver = cx->db->driver;
    int64_t numbers[NUMBERS_MAX];
    struct run run;
    bool is_row;
    TRY(run_first(cx, query, params, false, &run, &is_row));
    const int columns = driver->columns(run.statement);
    assert(columns <= NUMBERS_MAX);
    enum result result = OK;
    while (result == OK && is_row) {
        for (int i = 0; i < columns; i++)
            numbers[i] = driver->number(run.statement, i);
        each(host, numbers);
        result = run_next(cx, &run, &is_row);
    }
    run_end(cx, &run);
    return result;
}

enum result db_int(struct ctx *cx, const struct query *query, struct params params, int64_t *out)
{
    struct run run;
    bool is_row;
    *out = 0;
    TRY(run_first(cx, query, params, false, &run, &is_row));
    if (is_row)
        *out = cx->db->driver->number(run.statement, 0);
    run_end(cx, &run);
    return OK;
}

/* FNV-1a */
static void mix(uint64_t *hash, const void *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        *hash = (*hash ^ ((const unsigned char *)bytes)[i]) * UINT64_C(0x100000001b3);
}

static uint64_t question_of(const char *sql, struct params params)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    mix(&hash, sql, strlen(sql));
    for (int i = 0; i < params.count; i++) {
        const struct param *param = &params.at[i];
        mix(&hash, &param->number, sizeof param->number);
        if (param->text)
            mix(&hash, param->text, strlen(param->text) + 1);
    }
    return hash;
}

enum result db_int_lately(struct ctx *cx, const struct query *query, struct params params,
                          int64_t age_ms, int64_t *out)
{
    const uint64_t question = question_of(query->sql[cx->db->driver->engine], params);
    struct answer *answer = &cx->db->answers[question % ANSWERS_KEPT];
    if (answer->question != question || cx->now.ms < answer->at_ms ||
        cx->now.ms - answer->at_ms > age_ms) {
        int64_t value;
        TRY(db_int(cx, query, params, &value));
        *answer = (struct answer){question, cx->now.ms, value};
    }
    *out = answer->value;
    return OK;
}

/* The first column of the first row, if there is one, in the arena. */
static enum result first_value(struct ctx *cx, const struct query *query, struct params params,
                               bool bytes, const char **out, size_t *out_len, bool *out_row)
{
    struct run run;
    *out = "";
    *out_len = 0;
    TRY(run_first(cx, query, params, bytes, &run, out_row));
    if (*out_row) {
        const char *value = cx->db->driver->bytes(run.statement, 0, out_len);
        *out = arena_copy(cx->mem, value, *out_len);
    }
    run_end(cx, &run);
    return OK;
}

enum result db_text(struct ctx *cx, const struct query *query, struct params params,
                    const char **out)
{
    size_t len;
    bool is_row;
    return first_value(cx, query, params, false, out, &len, &is_row);
}

enum result db_blob(struct ctx *cx, const struct query *query, struct params params,
                    const void **out, size_t *out_len)
{
    const char *bytes;
    bool is_row;
    TRY(first_value(cx, query, params, true, &bytes, out_len, &is_row));
    *out = bytes;
    return is_row ? OK : NOT_FOUND;
}

/* ---- changing ---- */

/* Engines check foreign keys when the last row was fetched, so a change runs to its end. */
static enum result run_finish(struct ctx *cx, struct run *run, bool is_row)
{
    enum result result = OK;
    while (result == OK && is_row)
        result = run_next(cx, run, &is_row);
    return result;
}

enum result db_change(struct ctx *cx, const struct query *query, struct params params,
                      int64_t *out_count)
{
    struct run run;
    bool is_row;
    TRY(run_first(cx, query, params, false, &run, &is_row));
    enum result result = run_finish(cx, &run, is_row);
    if (result == OK && out_count)
        *out_count = cx->db->driver->changed(cx->db, run.statement);
    run_end(cx, &run);
    return result;
}

enum result db_change_one(struct ctx *cx, const struct query *query, struct params params)
{
    int64_t count;
    TRY(db_change(cx, query, params, &count));
    if (count == 0)
        return fail(cx, CONFLICT, "record.stale");
    if (count > 1) {
        log_error("%s: changed %lld rows instead of one", query->name, (long long)count);
        return fail(cx, BROKEN, "store.broken", query->name);
    }
    return OK;
}

static enum outcome change_rows(struct ctx *cx, const char *sql, const struct param *rows,
                                int columns, size_t count, bool *changed)
{
    struct statement *statement;
    enum outcome outcome = statement_take(cx->db, sql, &statement);
    if (outcome != DONE)
        return outcome;
    outcome = cx->db->driver->rows(cx, statement, rows, columns, count, changed);
    statement_give_back(cx->db, statement);
    return outcome;
}

enum result db_change_rows(struct ctx *cx, const struct query *query, const struct param *rows,
                           int columns, size_t count, bool *out_changed)
{
    const struct driver *driver = cx->db->driver;
    const char *sql = query->sql[driver->engine];
    enum outcome outcome = DONE;
    assert(columns == query->params);
    const size_t most = out_changed || !driver->group ? 0 : GROUP_PARAMS_MAX / (size_t)columns;
    const size_t grouped = most ? count / most * most : 0;
    if (grouped)
        outcome = change_rows(cx, driver->group(cx->mem, sql, columns, most), rows,
                              columns * (int)most, grouped / most, NULL);
    if (outcome == DONE && grouped < count)
        outcome = change_rows(cx, sql, rows + grouped * (size_t)columns, columns, count - grouped,
                              out_changed);
    return outcome == DONE ? OK : db_fault(cx, outcome, query->name);
}

enum result db_insert(struct ctx *cx, const struct query *query, struct params params,
                      int64_t *out_id)
{
    struct run run;
    bool is_row;
    *out_id = 0;
    TRY(run_first(cx, query, params, false, &run, &is_row));
    const struct driver *driver = cx->db->driver;
    if (is_row)
        *out_id = driver->number(run.statement, 0);
    else if (driver->new_id)
        *out_id = driver->new_id(cx->db, run.statement);
    enum result result = run_finish(cx, &run, is_row);
    run_end(cx, &run);
    if (result == OK && *out_id == 0)
        return fail(cx, CONFLICT, "record.exists");
    return result;
}

struct query db_query(const char *name, const char *sql, int params)
{
    return (struct query){.name = name, .sql = {sql, sql}, .params = params};
}
