/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/migrate.h"

#include "base/hash.h"
#include "base/log.h"
#include "store/db_private.h"
#include "store/migrate.sql.h"

#include <string.h>

#define MIGRATIONS_MOST 10000

static const char CHANGES_TABLE[] = "CREATE TABLE IF NOT EXISTS schema_changes ("
                                    "version BIGINT PRIMARY KEY, name TEXT NOT NULL,"
                                    "sha256 TEXT NOT NULL, applied_at BIGINT NOT NULL)";

/* ---- one text for both engines ---- */

static bool is_word(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static size_t length_through(const char *s, size_t from, const char *end)
{
    const char *found = strstr(s + from, end);
    return found ? (size_t)(found - s) + strlen(end) : strlen(s);
}

/* The next piece that is copied or translated as a whole: a quoted text or name, a comment, a word,
 * or one other character. (A doubled quote is two quoted texts side by side.) */
static size_t piece_length(const char *s)
{
    if (*s == '\'' || *s == '"')
        return length_through(s, 1, *s == '"' ? "\"" : "'");
    if (strncmp(s, "--", 2) == 0)
        return strcspn(s, "\n");
    if (strncmp(s, "/*", 2) == 0)
        return length_through(s, 2, "*/");
    size_t len = 0;
    while (is_word(s[len]))
        len++;
    return len > 0 ? len : 1;
}

/* The mark that begins what another engine alone runs, up to its end; 0: it is none. */
static size_t foreign_length(const struct driver *driver, const char *sql, struct span piece)
{
    static const char *const MARKS[ENGINE_COUNT] = {"-- @sqlite", "-- @postgres"};
    for (enum engine engine = 0; engine < ENGINE_COUNT; engine++)
        if (engine != driver->engine && span_is(piece, MARKS[engine]))
            return length_through(sql, 0, "-- @end");
    return 0;
}

static const char *engine_text(struct arena *arena, const struct driver *driver, const char *sql)
{
    struct text out = text_new(arena, strlen(sql) + 256);
    for (size_t len; *sql; sql += len) {
        len = piece_length(sql);
        struct span piece = {sql, len};
        const size_t foreign = foreign_length(driver, sql, piece);
        if (foreign)
            len = foreign;
        else if (span_is(piece, "IDENTITY"))
            text_puts(&out, driver->identity);
        else if (span_is(piece, "NUMBER_KEY"))
            text_puts(&out, driver->number_key);
        else if (span_is(piece, "BLOB"))
            text_puts(&out, driver->blob);
        else if (span_is(piece, "THEN_ID"))
            text_puts(&out, driver->then_id);
        else
            text_put(&out, sql, len);
    }
    return text_end(&out);
}

/* ---- what ran ---- */

struct applied {
    int32_t version;
    const char *name, *sha256;
};

static const struct field APPLIED_FIELDS[] = {
    FIELD(applied, version),
    FIELD(applied, name),
    FIELD(applied, sha256),
    FIELDS_END,
};

static bool is_same(const struct migration *migration, const struct applied *applied)
{
    char sha256[SHA256_HEX];
    sha256_hex(migration->sql, strlen(migration->sql), sha256);
    return migration->version == applied->version && strcmp(sha256, applied->sha256) == 0;
}

/* How many of `all` ran, seen through cx->db: they must be its first ones, unchanged. */
static enum result applied_count(struct ctx *cx, const struct migration *all, size_t count,
                                 size_t *out)
{
    int64_t exists;
    *out = 0;
    TRY(db_int(cx, &q_schema_exists, NO_PARAMS, &exists));
    if (!exists)
        return OK;
    struct applied *applied;
    TRY(db_list(cx, &q_schema_applied, NO_PARAMS, APPLIED_FIELDS, sizeof *applied, MIGRATIONS_MOST,
                &applied, out));
    int latest = count > 0 ? all[count - 1].version : 0;
    for (size_t i = 0; i < *out; i++) {
        if (applied[i].version > latest)
            return fail(cx, CONFLICT, "schema.unknown", applied[i].name);
        if (i >= count || !is_same(&all[i], &applied[i]))
            return fail(cx, CONFLICT, "schema.changed", applied[i].name);
    }
    return OK;
}

static enum result applied_read(struct ctx *cx, struct store *store, const struct migration *all,
                                size_t count, size_t *out)
{
    struct db *before = cx->db;
    cx->db = store_reader(store);
    enum result result =
        cx->db ? applied_count(cx, all, count, out) : fail(cx, BROKEN, "store.cannot_open");
    cx->db = before;
    return result;
}

enum result schema_check(struct ctx *cx, struct store *store, const struct migration *all,
                         size_t count, int *out_pending)
{
    size_t applied = 0;
    TRY(applied_read(cx, store, all, count, &applied));
    *out_pending = (int)(count - applied);
    return OK;
}

/* ---- running the pending ones ---- */

struct step {
    struct ctx *cx;
    const struct migration *all;
    size_t count, index;
    bool has_run;
};

static enum result step_apply(struct step *step)
{
    struct ctx *cx = step->cx;
    const struct migration *migration = &step->all[step->index];
    char sha256[SHA256_HEX];
    sha256_hex(migration->sql, strlen(migration->sql), sha256);
    TRY(db_script(cx, migration->name, engine_text(cx->mem, cx->db->driver, migration->sql)));
    return db_change_one(cx, &q_schema_add,
                         PARAMS(P((int32_t)migration->version), P(migration->name),
                                P((const char *)sha256), P(cx->now)));
}

static enum result step_run(struct db *db, void *host)
{
    struct step *step = host;
    struct ctx *cx = step->cx;
    cx->db = db;
    cx->fault = (struct fault){0};
    TRY(db_script(cx, "schema_changes", CHANGES_TABLE));
    /* Another process may have been faster. */
    size_t applied;
    TRY(applied_count(cx, step->all, step->count, &applied));
    step->has_run = applied == step->index;
    return step->has_run ? step_apply(step) : OK;
}

enum result schema_migrate(struct ctx *cx, struct store *store, const struct migration *all,
                           size_t count, int *out_applied)
{
    *out_applied = 0;
    size_t applied = 0;
    TRY(applied_read(cx, store, all, count, &applied));
    struct ctx stepping = *cx;
    enum result result = OK;
    for (size_t i = applied; i < count && result == OK; i++) {
        struct step step = {.cx = &stepping, .all = all, .count = count, .index = i};
        result = store_write_now(store, step_run, &step);
        if (result != OK || !step.has_run)
            continue;
        log_info("schema: %s applied", all[i].name);
        ++*out_applied;
    }
    cx->fault = stepping.fault;
    return result;
}
