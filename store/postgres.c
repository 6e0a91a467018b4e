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
    .blob = "BYTEA",
    .then_id = ", id",
    .open = postgres_open,
    .close = postgres_close,
    .script = postgres_script,
    .in_transaction = postgres_in_transaction,
    .prepare = postgres_prepare,
    .discard = postgres_discard,
    .start = postgres_start,
    .next = postgres_next,
    .finish = postgres_finish,
    .changed = postgres_changed,
    .columns = postgres_columns,
    .column_name = postgres_column_name,
    .number = postgres_number,
    .bytes = postgres_bytes,
};
