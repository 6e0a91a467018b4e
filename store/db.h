/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One way to a database, two engines: SQLite (embedded) and PostgreSQL.
 *
 * A *store* is the opened database with its threads; a *db* is one connection lent to one thread.
 * Statements come from `.sql` files through tools/sqlgen.py, or are composed in app/records; the
 * text is the same for both engines: `$n` parameters, no `::`. Each connection keeps its prepared
 * statements by text. Columns are matched to members by name: a column without a member is BROKEN
 * store.unmapped, a member without a column stays blank. Only ids may be NULL (none); every other
 * column is NOT NULL, with '' or 0 for none, so that rows sort and page the same way on both
 * engines. Booleans are BOOLEAN, sets their names with spaces between. A secret is one TEXT column:
 * what may be shown, a newline, what is sealed (under the field's name as context); reading fills
 * `masked` and `sealed`, and `plain` stays "".
 *
 * Reading: store_reader() is this thread's own read-only connection; a write through it is refused
 * by the engine itself. Writing: store_write() queues work. One writer thread owns the one write
 * connection and commits whatever queued during the last fsync together (group commit), each piece
 * in its own savepoint; on PostgreSQL the writers of several processes take turns. The answer of a
 * piece of work is given after the commit only. The first statement
 * that an engine refuses (a fault of db_*) ends the work: PostgreSQL would run no other one, so
 * work that returns OK nevertheless is rolled back and BROKEN on both engines. */
#ifndef STORE_DB_H
#define STORE_DB_H

#include "base/ctx.h"
#include "base/field.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum engine { ENGINE_SQLITE, ENGINE_POSTGRES, ENGINE_COUNT };

struct store;
struct db;

struct query {
    const char *name;
    const char *sql[ENGINE_COUNT]; /* the same text unless a `-- @sqlite` / `-- @postgres` block
                                      parts them */
    int params;
};

/* ---- parameters ---- */
enum param_type { PARAM_NULL, PARAM_INT, PARAM_DATE, PARAM_MONTH, PARAM_TEXT, PARAM_BLOB };
struct param {
    enum param_type type;
    int64_t number;
    const char *text; /* PARAM_TEXT: NUL-terminated; PARAM_BLOB: `number` bytes */
};
struct param param_id(int64_t id); /* 0 -> NULL */
struct param param_int(int32_t value);
struct param param_number(int64_t value); /* a plain number, where 0 is 0 and not none */
struct param param_bool(bool value);
struct param param_text(const char *text);
struct param param_money(struct money value);
struct param param_points(struct points value);
struct param param_date(struct date value);       /* TEXT YYYY-MM-DD, none -> '' */
struct param param_month(struct month value);     /* TEXT YYYY-MM, none -> '' */
struct param param_instant(struct instant value); /* BIGINT ms, none -> 0 */
struct param param_blob(const void *bytes, size_t len);
/* A wrong C type does not compile. */
#define P(value)                                                                                   \
    _Generic((value),                                                                              \
        int64_t: param_id,                                                                         \
        int32_t: param_int,                                                                        \
        bool: param_bool,                                                                          \
        const char *: param_text,                                                                  \
        char *: param_text,                                                                        \
        struct money: param_money,                                                                 \
        struct points: param_points,                                                               \
        struct date: param_date,                                                                   \
        struct month: param_month,                                                                 \
        struct instant: param_instant)(value)
/* The member of a record as its column holds it (enums and sets by their names). A secret with a
 * `plain` is masked and sealed anew, else it stays as it was read. */
struct param param_field(struct ctx *cx, const struct field *field, const void *record);

struct params {
    const struct param *at;
    int count;
};
#define PARAMS_MAX 64 /* of a statement */
#define PARAMS(...)                                                                                \
    ((struct params){(const struct param[]){__VA_ARGS__},                                          \
                     (int)(sizeof((const struct param[]){__VA_ARGS__}) / sizeof(struct param))})
#define NO_PARAMS ((struct params){NULL, 0})

/* ---- statements: all run on cx->db, rows and texts live in cx->mem ----
 * All may return BUSY (the engine's lock, a time limit or a lost connection; trying again may help)
 * and BROKEN (logged). NOT_FOUND alone stores no fault: only the caller knows whether it is one. */

/* The first row, into a zeroed struct or one that was read before. Results: NOT_FOUND. */
MUST_USE enum result db_one(struct ctx *cx, const struct query *query, struct params params,
                            const struct field *fields, void *out);
/* Rows one behind the other in *out (`size` bytes each); at most `limit`. */
MUST_USE enum result db_list(struct ctx *cx, const struct query *query, struct params params,
                             const struct field *fields, size_t size, size_t limit, void *out_rows,
                             size_t *out_count);
/* Each row in turn; a callback result other than OK ends it. Everything the callback takes from
 * cx->mem is given back after it, so what shall stay belongs into another arena. It may run other
 * statements. PostgreSQL holds the whole result meanwhile. */
typedef enum result (*db_row)(void *host, const void *record);
MUST_USE enum result db_each(struct ctx *cx, const struct query *query, struct params params,
                             const struct field *fields, size_t size, db_row each, void *host);
/* The same of columns that are all numbers (NULL is 0): for rows by the ten thousand. */
#define NUMBERS_MAX 8
typedef void (*db_numbers)(void *host, const int64_t *numbers);
MUST_USE enum result db_each_numbers(struct ctx *cx, const struct query *query,
                                     struct params params, db_numbers each, void *host);
/* The first column of the first row; 0 / "" when there is no row or it is NULL. */
MUST_USE enum result db_int(struct ctx *cx, const struct query *query, struct params params,
                            int64_t *out);
/* The same, or the answer of up to `age_ms` ago on this connection: for what guides a way to the
 * result without deciding it. */
MUST_USE enum result db_int_lately(struct ctx *cx, const struct query *query, struct params params,
                                   int64_t age_ms, int64_t *out);
MUST_USE enum result db_text(struct ctx *cx, const struct query *query, struct params params,
                             const char **out);
/* A blob or text of any size: the first column of the first row, in the arena. Results: NOT_FOUND.
 */
MUST_USE enum result db_blob(struct ctx *cx, const struct query *query, struct params params,
                             const void **out, size_t *out_len);
/* INSERT/UPDATE/DELETE; *out_count (may be NULL) = rows changed. A violated UNIQUE is CONFLICT
 * "record.exists", a violated foreign key or CHECK is CONFLICT "record.refused". */
MUST_USE enum result db_change(struct ctx *cx, const struct query *query, struct params params,
                               int64_t *out_count);
/* The same for exactly one row. Results: CONFLICT record.stale when none was changed. */
MUST_USE enum result db_change_one(struct ctx *cx, const struct query *query, struct params params);
/* One statement for many rows, `columns` parameters each, one behind the other in `rows`.
 * *out_changed says for each whether it changed something; without it (NULL) SQLite takes several
 * rows at once, for which its text says VALUES ($1, …) once. The PostgreSQL text takes each column
 * as an array instead:
 *     INSERT … SELECT * FROM unnest(CAST($1 AS BIGINT[]), …) ON CONFLICT DO NOTHING RETURNING id
 * and tells by the first column which rows, by their first parameter, were changed. */
MUST_USE enum result db_change_rows(struct ctx *cx, const struct query *query,
                                    const struct param *rows, int columns, size_t count,
                                    bool *out_changed);
/* INSERT ... RETURNING id, which SQLite knows without RETURNING, too. Without a row (ON CONFLICT DO
 * NOTHING) it is CONFLICT record.exists. */
MUST_USE enum result db_insert(struct ctx *cx, const struct query *query, struct params params,
                               int64_t *out_id);
/* A query from text composed at run time (in cx->mem). `sql` serves both engines. */
struct query db_query(const char *name, const char *sql, int params);

enum engine db_engine(const struct db *db);

/* What `run` reads through a reader is of one moment, and its statements take no locks of their
 * own: for long readings, since SQLite's log cannot start over meanwhile. In a transaction it just
 * runs. */
MUST_USE enum result db_snapshot(struct ctx *cx, enum result (*run)(struct ctx *cx, void *host),
                                 void *host);

/* ---- store ---- */
struct store_options {
    const char *url; /* "sqlite" (DATA/luyue.db), "sqlite::memory:" (tests) or postgres://… */
    const char *data_dir; /* for sqlite files */
};
/* Fills cx->fault on failure (results: BROKEN; INVALID for a bad url). */
MUST_USE enum result store_open(struct ctx *cx, const struct store_options *options,
                                struct store **out);
void store_close(struct store *store);
enum engine store_engine(const struct store *store);
bool store_in_memory(const struct store *store); /* gone when it is closed: tests */

/* This thread's read connection, made on first use. NULL when it cannot be made (logged). */
struct db *store_reader(struct store *store);

/* ---- parts ----
 * Records that come by the million stand apart from the others, each part in a store of its own
 * with its own writer: an import into it never holds up the pages.
 * On SQLite a part is a file beside the main one, on PostgreSQL a schema. Its readers also see the
 * tables of the main store; its writer works on the part alone. `name`: letters, digits and _.
 * (A part of a store in memory lives while it is open.) */

/* Results: NOT_FOUND when it is not there and not to be made. */
MUST_USE enum result store_part(struct ctx *cx, const struct store *main, const char *name,
                                bool make, struct store **out);
/* The names of the parts that begin with `prefix`, sorted. */
MUST_USE enum result store_parts(struct ctx *cx, const struct store *main, const char *prefix,
                                 const char *const **out_names, size_t *out_count);

/* Work for the writer. `run` is called in a transaction; OK commits its part, anything else rolls
 * it back. `done` is called once, after the commit (or the failure), with what became of it. */
struct store_work {
    enum result (*run)(struct db *db, void *host);
    void (*done)(void *host, enum result result);
    void *host;
    bool alone;              /* long: shares no commit, and takes turns with all that does */
    struct store_work *next; /* private */
};
void store_write(struct store *store, struct store_work *work);
/* The same, alone and waiting for it: for jobs, the command line and tests; never on a server
 * thread. */
MUST_USE enum result store_write_now(struct store *store,
                                     enum result (*run)(struct db *db, void *host), void *host);

/* Raises with every commit that this process made; caches compare it. */
uint64_t store_commits(const struct store *store);

/* A consistent copy of a SQLite store into a new file (VACUUM INTO). Results: INVALID
 * store.copy_engine (PostgreSQL has pg_dump), CONFLICT store.copy_refused (the file exists, or
 * cannot be written). */
MUST_USE enum result store_copy(struct ctx *cx, struct store *store, const char *path);

/* Give back what deleted rows took, so that they are nowhere in its files (PostgreSQL: TRUNCATE
 * does so itself). Holds up those that write meanwhile. */
MUST_USE enum result store_compact(struct ctx *cx, struct store *store);

#endif
