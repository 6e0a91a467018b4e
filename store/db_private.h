/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of store/ share: a connection, its statements, and what an engine must do.
 *
 * Everything that differs between the engines stands in its driver (sqlite.c, postgres.c). */
#ifndef STORE_DB_PRIVATE_H
#define STORE_DB_PRIVATE_H

#include "store/db.h"

/* What became of a call to an engine, in words that both have. */
enum outcome {
    DONE,
    ROW,
    EXISTS,    /* a UNIQUE was violated */
    REFUSED,   /* a foreign key, CHECK or NOT NULL was */
    LOCKED,    /* somebody else writes */
    TIMED_OUT, /* a reader's time limit */
    LOST,      /* no connection */
    FAILED,    /* anything else; db->message says what */
    OUTCOME_COUNT
};

#define READ_LIMIT_MS 30000
#define LOCK_LIMIT_MS 30000

/* Of a statement that takes several rows at once. */
#define GROUP_PARAMS_MAX 255

/* A prepared statement. `members` are positions in `fields`, the table it was last read with. */
struct statement {
    void *handle;    /* sqlite3_stmt */
    void *result;    /* PGresult */
    int row;         /* the current row of `result` */
    int64_t number;  /* PostgreSQL: the statement is called "q<number>" */
    bool is_running; /* between start and finish; a nested use of the same text gets its own */
    uint64_t last_use;
    uint64_t hash;
    struct statement *next; /* of the same bucket */
    const struct field *fields;
    uint8_t members[FIELDS_MAX];
    uint16_t numbers[GROUP_PARAMS_MAX]; /* SQLite: which parameter its nth name means */
    char sql[];
};

#define PARTS_MOST 1200

struct part {
    const char *name;
    const char *place;
    bool is_there;
    const char *const *names;
    size_t count;
};

struct driver {
    enum engine engine;
    const char *begin;    /* a transaction that writes: no other one in the world until it ends */
    const char *compact;  /* gives back what deleted rows took; NULL: it does that itself */
    const char *snapshot; /* one that reads: all its statements see the same */
    const char *identity, *number_key, *blob, *then_id; /* the portable words of schema texts */
    /* Connect to db->place and fill db->handle; db->writes says what for. On failure db->handle may
     * be set, and close() still clears up. */
    enum outcome (*open)(struct db *db);
    void (*close)(struct db *db);
    /* Statements without parameters or rows, one behind the other. */
    enum outcome (*script)(struct db *db, const char *sql);
    bool (*in_transaction)(struct db *db);
    /* Copy the whole database into a new file; NULL when the engine has its own tools for that. */
    enum outcome (*copy)(struct arena *arena, struct db *db, const char *path);
    /* Parts of the main store at that place: where the one of that name is and whether it is there;
     * make it; find the names that begin with part->name. */
    enum outcome (*part_find)(struct arena *arena, const char *main, struct part *part);
    enum outcome (*part_make)(struct arena *arena, const char *main, struct part *part);
    enum outcome (*part_list)(struct arena *arena, const char *main, struct part *part);

    enum outcome (*prepare)(struct db *db, struct statement *statement);
    void (*discard)(struct db *db, struct statement *statement);
    /* `bytes`: the columns will be read as bytes() alone, whatever their type. */
    enum outcome (*start)(struct ctx *cx, struct statement *statement, struct params params,
                          bool bytes);
    /* The text of a statement that takes one row, for so many at once. NULL: it takes arrays. */
    const char *(*group)(struct arena *arena, const char *sql, int columns, size_t rows);
    /* db_change_rows; `changed` may be NULL. */
    enum outcome (*rows)(struct ctx *cx, struct statement *statement, const struct param *rows,
                         int columns, size_t count, bool *changed);
    enum outcome (*next)(struct db *db, struct statement *statement); /* ROW or DONE */
    void (*finish)(struct statement *statement);
    int64_t (*changed)(struct db *db, struct statement *statement);
    /* Of the row that an INSERT without RETURNING made; 0 when it made none. NULL: not known. */
    int64_t (*new_id)(struct db *db, struct statement *statement);

    int (*columns)(struct statement *statement);
    const char *(*column_name)(struct statement *statement, int column);
    /* A value of the current row; NULL is 0, or "" of length 0. Valid until next() or finish(). */
    int64_t (*number)(struct statement *statement, int column);
    const char *(*bytes)(struct statement *statement, int column, size_t *out_len);
};

extern const struct driver SQLITE_DRIVER, POSTGRES_DRIVER;

/* What db_int_lately asked last; each question has one place, where another one may replace it. */
struct answer {
    uint64_t question;
    int64_t at_ms, value;
};
#define ANSWERS_KEPT 128

#define STATEMENT_BUCKETS 128
#define STATEMENTS_MAX 256

struct db {
    const struct driver *driver;
    const char *place;  /* file or URL; the store's */
    const char *beside; /* of a part's reader: the main store's place; else NULL */
    bool writes;
    void *handle;         /* sqlite3 or PGconn */
    enum outcome failure; /* the first one since the writer cleared it */
    int running;          /* statements between start and finish */
    int64_t deadline_ms;  /* SQLite readers: when the running statement must end */
    struct answer answers[ANSWERS_KEPT];
    char message[256]; /* of the last failure, without values of rows */
    struct statement *buckets[STATEMENT_BUCKETS];
    int statement_count;
    uint64_t uses; /* the clock of `last_use` */
};

/* NULL when it cannot be opened (logged). */
struct db *db_open(const struct driver *driver, const char *place, const char *beside, bool writes);
void db_close(struct db *db);
/* Connect anew, forgetting all statements; false when it failed or one of them is running. */
bool db_reopen(struct db *db);
/* Store and log the fault that an outcome is; `name` says which statement. */
MUST_USE enum result db_fault(struct ctx *cx, enum outcome outcome, const char *name);
/* Statements without rows, on cx->db. */
MUST_USE enum result db_script(struct ctx *cx, const char *name, const char *sql);

/* ---- params.c ---- */

/* The text of a PARAM_TEXT, PARAM_DATE or PARAM_MONTH. */
const char *param_words(struct arena *arena, const struct param *param);

/* ---- statement.c ---- */

/* The connection's statement for this text, prepared if it was not, and marked as running. */
enum outcome statement_take(struct db *db, const char *sql, struct statement **out);
void statement_give_back(struct db *db, struct statement *statement);
void statements_forget(struct db *db);
/* Match the columns to the members of `fields`. Results: BROKEN store.unmapped. */
MUST_USE enum result statement_map(struct ctx *cx, struct statement *statement, const char *name,
                                   const struct field *fields);
/* The current row into a struct; texts go to cx->mem. */
void statement_read(struct ctx *cx, struct statement *statement, const struct field *fields,
                    void *out);

#endif
