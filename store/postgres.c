/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* PostgreSQL through libpq: a connection per thread, statements prepared once on each. */
#include "base/log.h"
#include "store/db_private.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One writer at a time, whichever process it belongs to: nearly every write ends by adding to the
 * one audit trail, so writers side by side would only lose to each other. What is read behind the
 * lock is what its last holder left, because read committed looks anew at each statement. A number
 * of our own and the schema name the lock, as several schemas may live in one database. */
#define BEGIN_WRITING                                                                              \
    "BEGIN ISOLATION LEVEL READ COMMITTED;"                                                        \
    "SELECT pg_advisory_xact_lock(17213, hashtext(COALESCE(current_schema(), '')))"

/* ---- what happened ---- */

static const struct {
    const char *state; /* SQLSTATE, or the beginning of it */
    enum outcome outcome;
} STATES[] =
    {
        {"23505", EXISTS}, {"23", REFUSED},      {"40001", LOCKED},
        {"40P01", LOCKED}, {"57014", TIMED_OUT}, {"55P03", LOCKED},
        {"08", LOST},      {"57P", LOST},        {"53300", LOST}, /* too many connections */
};

static enum outcome outcome_of_state(const char *state)
{
    for (size_t i = 0; i < sizeof STATES / sizeof *STATES; i++) {
        if (strncmp(state, STATES[i].state, strlen(STATES[i].state)) == 0)
            return STATES[i].outcome;
    }
    return FAILED;
}

/* Only the primary message: the detail beside it quotes values of rows. */
static void note(struct db *db, const PGresult *result)
{
    const char *words = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    snprintf(db->message, sizeof db->message, "%s", words ? words : PQerrorMessage(db->handle));
}

static enum outcome outcome_of(struct db *db, const PGresult *result)
{
    switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_EMPTY_QUERY:
        return DONE;
    default:
        break;
    }
    note(db, result);
    if (PQstatus(db->handle) == CONNECTION_BAD)
        return LOST;
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    return state ? outcome_of_state(state) : FAILED;
}

/* ---- connections ---- */

static enum outcome postgres_script(struct db *db, const char *sql)
{
    PGresult *result = PQexec(db->handle, sql);
    enum outcome outcome = outcome_of(db, result);
    PQclear(result);
    return outcome;
}

static void log_notice(void *host, const char *message)
{
    log_debug("postgres: %s", message);
}

static enum outcome postgres_open(struct db *db)
{
    /* What stands before the URL may be changed by it. */
    const char *const keywords[] = {"connect_timeout", "application_name", "dbname", NULL};
    const char *const values[] = {"10", "luyue", db->place, NULL};
    db->handle = PQconnectdbParams(keywords, values, 1);
    if (PQstatus(db->handle) != CONNECTION_OK) {
        note(db, NULL);
        return LOST;
    }
    PQsetNoticeProcessor(db->handle, log_notice, NULL);
    /* Statements join in the order in which they are written: to try every other one takes longer
     * than to run them. Lists walk an index, and seeking costs a disk of today little. */
    enum outcome outcome =
        postgres_script(db, "SET client_encoding = 'UTF8'; SET join_collapse_limit = 1;"
                            "SET random_page_cost = 1.1; SET jit = off");
    if (outcome != DONE)
        return outcome;
    char sql[128];
    snprintf(sql, sizeof sql,
             db->writes ? "SET lock_timeout = %d"
                        : "SET default_transaction_read_only = on; SET statement_timeout = %d",
             db->writes ? LOCK_LIMIT_MS : READ_LIMIT_MS);
    return postgres_script(db, sql);
}

static void postgres_close(struct db *db)
{
    PQfinish(db->handle);
    db->handle = NULL;
}

static bool postgres_in_transaction(struct db *db)
{
    PGTransactionStatusType status = PQtransactionStatus(db->handle);
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

/* ---- parts: schemas beside the main one's ---- */

/* The texts of a query's first column, in the arena. */
static enum outcome names_of(struct arena *arena, struct db *db, const char *sql, const char *value,
                             const char *const **out_names, size_t *out_count)
{
    PGresult *result = PQexecParams(db->handle, sql, 1, NULL, &value, NULL, NULL, 0);
    enum outcome outcome = outcome_of(db, result);
    size_t count = outcome == DONE ? (size_t)PQntuples(result) : 0;
    const char **names = ARENA_ARRAY(arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        names[i] = arena_dup(arena, PQgetvalue(result, (int)i, 0));
    PQclear(result);
    *out_names = names;
    *out_count = count;
    return outcome;
}

/* "public_calls_2026_07": several stores may live in one database. */
static enum outcome part_find(struct arena *arena, struct db *db, struct part *part)
{
    const char *const *schema, *const *there;
    size_t count;
    enum outcome outcome =
        names_of(arena, db, "SELECT current_schema() || '_' || $1", part->name, &schema, &count);
    if (outcome != DONE)
        return outcome;
    outcome = names_of(arena, db, "SELECT nspname FROM pg_namespace WHERE nspname = $1", schema[0],
                       &there, &count);
    part->is_there = count > 0;
    const size_t main_len = strlen(schema[0]) - strlen(part->name) - 1;
    part->place =
        arena_printf(arena, "%s%coptions=-csearch_path%%3D%s%%2C%.*s", db->place,
                     strchr(db->place, '?') ? '&' : '?', schema[0], (int)main_len, schema[0]);
    return outcome;
}

static enum outcome part_make(struct arena *arena, struct db *db, struct part *part)
{
    const char *const *script;
    size_t count;
    enum outcome outcome = names_of(
        arena, db, "SELECT format('CREATE SCHEMA IF NOT EXISTS %I', current_schema() || '_' || $1)",
        part->name, &script, &count);
    return outcome == DONE ? postgres_script(db, script[0]) : outcome;
}

static enum outcome part_list(struct arena *arena, struct db *db, struct part *part)
{
    return names_of(arena, db,
                    "SELECT substr(nspname, length(current_schema()) + 2) FROM pg_namespace "
                    "WHERE starts_with(nspname, current_schema() || '_' || $1) ORDER BY 1",
                    part->name, &part->names, &part->count);
}

/* On a connection that lives for this alone. */
static enum outcome connected(struct arena *arena, const char *main, struct part *part,
                              enum outcome (*run)(struct arena *arena, struct db *db,
                                                  struct part *part))
{
    struct db *db = db_open(&POSTGRES_DRIVER, main, NULL, true);
    if (!db)
        return FAILED;
    enum outcome outcome = run(arena, db, part);
    if (outcome != DONE)
        log_error("store: part %s: %s", part->name, db->message);
    db_close(db);
    return outcome;
}

static enum outcome postgres_part_find(struct arena *arena, const char *main, struct part *part)
{
    return connected(arena, main, part, part_find);
}

static enum outcome postgres_part_make(struct arena *arena, const char *main, struct part *part)
{
    return connected(arena, main, part, part_make);
}

static enum outcome postgres_part_list(struct arena *arena, const char *main, struct part *part)
{
    return connected(arena, main, part, part_list);
}

/* ---- statements ---- */

#define STATEMENT_NAME 32

static void statement_name(const struct statement *statement, char out[STATEMENT_NAME])
{
    snprintf(out, STATEMENT_NAME, "q%lld", (long long)statement->number);
}

static enum outcome postgres_prepare(struct db *db, struct statement *statement)
{
    char name[STATEMENT_NAME];
    statement_name(statement, name);
    PGresult *result = PQprepare(db->handle, name, statement->sql, 0, NULL);
    enum outcome outcome = outcome_of(db, result);
    PQclear(result);
    return outcome;
}

/* Inside a failed transaction the server refuses this; its names are never used twice. */
static void postgres_discard(struct db *db, struct statement *statement)
{
    char name[STATEMENT_NAME], sql[STATEMENT_NAME + 16];
    if (PQstatus(db->handle) != CONNECTION_OK)
        return;
    statement_name(statement, name);
    snprintf(sql, sizeof sql, "DEALLOCATE %s", name);
    PQclear(PQexec(db->handle, sql));
}

/* Parameters in the shape that libpq takes. */
struct arguments {
    const char **values;
    int *lengths, *formats;
};

static void argument_set(struct ctx *cx, struct arguments *arguments, int i,
                         const struct param *param)
{
    switch (param->type) {
    case PARAM_NULL:
        break;
    case PARAM_INT:
        arguments->values[i] = arena_printf(cx->mem, "%lld", (long long)param->number);
        break;
    case PARAM_DATE:
    case PARAM_MONTH:
    case PARAM_TEXT:
        arguments->values[i] = param_words(cx->mem, param);
        break;
    case PARAM_BLOB:
        arguments->values[i] = param->text ? param->text : "";
        arguments->lengths[i] = (int)param->number;
        arguments->formats[i] = 1;
        break;
    }
}

static enum outcome postgres_start(struct ctx *cx, struct statement *statement,
                                   struct params params, bool bytes)
{
    size_t count = (size_t)params.count;
    struct arguments arguments = {
        .values = ARENA_ARRAY(cx->mem, const char *, count),
        .lengths = ARENA_ARRAY(cx->mem, int, count),
        .formats = ARENA_ARRAY(cx->mem, int, count),
    };
    for (int i = 0; i < params.count; i++)
        argument_set(cx, &arguments, i, &params.at[i]);
    char name[STATEMENT_NAME];
    statement_name(statement, name);
    /* In the binary format texts and bytea are their bytes; in the text format bytea is hex. */
    statement->result = PQexecPrepared(cx->db->handle, name, params.count, arguments.values,
                                       arguments.lengths, arguments.formats, bytes);
    statement->row = -1;
    return outcome_of(cx->db, statement->result);
}

static enum outcome postgres_next(struct db *db, struct statement *statement)
{
    statement->row++;
    return statement->row < PQntuples(statement->result) ? ROW : DONE;
}

static void postgres_finish(struct statement *statement)
{
    PQclear(statement->result);
    statement->result = NULL;
}

/* "{1,NULL,\"a b\"}": one parameter of every row. */
static const char *array_of(struct ctx *cx, const struct param *first, int columns, size_t count)
{
    struct text out = text_new(cx->mem, count * 12 + 16);
    text_putc(&out, '{');
    for (size_t i = 0; i < count; i++) {
        const struct param *param = first + i * (size_t)columns;
        if (i > 0)
            text_putc(&out, ',');
        if (param->type == PARAM_NULL) {
            text_puts(&out, "NULL");
        } else if (param->type == PARAM_INT) {
            text_int(&out, param->number);
        } else {
            text_putc(&out, '"');
            for (const char *c = param_words(cx->mem, param); *c;) {
                const size_t plain = strcspn(c, "\"\\");
                text_put(&out, c, plain);
                c += plain;
                if (*c) {
                    text_putc(&out, '\\');
                    text_putc(&out, *c++);
                }
            }
            text_putc(&out, '"');
        }
    }
    text_putc(&out, '}');
    return text_end(&out);
}

static int by_number(const void *a, const void *b)
{
    const int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* Which rows, by their first parameter, came back. */
static void mark_changed(struct ctx *cx, const PGresult *result, const struct param *rows,
                         int columns, size_t count, bool *changed)
{
    const size_t returned = (size_t)PQntuples(result);
    int64_t *numbers = ARENA_ARRAY(cx->mem, int64_t, returned + 1);
    for (size_t i = 0; i < returned; i++)
        numbers[i] = strtoll(PQgetvalue(result, (int)i, 0), NULL, 10);
    qsort(numbers, returned, sizeof *numbers, by_number);
    for (size_t i = 0; i < count; i++)
        changed[i] = bsearch(&rows[i * (size_t)columns].number, numbers, returned, sizeof *numbers,
                             by_number) != NULL;
}

static enum outcome postgres_rows(struct ctx *cx, struct statement *statement,
                                  const struct param *rows, int columns, size_t count,
                                  bool *changed)
{
    struct param *arrays = ARENA_ARRAY(cx->mem, struct param, (size_t)columns);
    for (int i = 0; i < columns; i++)
        arrays[i] = param_text(array_of(cx, rows + i, columns, count));
    enum outcome outcome = postgres_start(cx, statement, (struct params){arrays, columns}, false);
    if (outcome == DONE && changed)
        mark_changed(cx, statement->result, rows, columns, count, changed);
    return outcome;
}

static int64_t postgres_changed(struct db *db, struct statement *statement)
{
    return strtoll(PQcmdTuples(statement->result), NULL, 10);
}

static int postgres_columns(struct statement *statement)
{
    return PQnfields(statement->result);
}

static const char *postgres_column_name(struct statement *statement, int column)
{
    return PQfname(statement->result, column);
}

static int64_t postgres_number(struct statement *statement, int column)
{
    const char *text = PQgetvalue(statement->result, statement->row, column);
    return *text == 't' ? 1 : strtoll(text, NULL, 10); /* booleans are t and f */
}

static const char *postgres_bytes(struct statement *statement, int column, size_t *out_len)
{
    *out_len = (size_t)PQgetlength(statement->result, statement->row, column);
    return PQgetvalue(statement->result, statement->row, column);
}

const struct driver POSTGRES_DRIVER = {
    .engine = ENGINE_POSTGRES,
    .begin = BEGIN_WRITING,
    .snapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    .identity = "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY",
    .number_key = "BIGINT PRIMARY KEY",
    .blob = "BYTEA",
    .then_id = ", id",
    .open = postgres_open,
    .close = postgres_close,
    .script = postgres_script,
    .in_transaction = postgres_in_transaction,
    .part_find = postgres_part_find,
    .part_make = postgres_part_make,
    .part_list = postgres_part_list,
    .prepare = postgres_prepare,
    .discard = postgres_discard,
    .start = postgres_start,
    .rows = postgres_rows,
    .next = postgres_next,
    .finish = postgres_finish,
    .changed = postgres_changed,
    .columns = postgres_columns,
    .column_name = postgres_column_name,
    .number = postgres_number,
    .bytes = postgres_bytes,
};
