/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/hash.h"
#include "base/log.h"
#include "store/db_private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static struct statement **bucket_of(struct db *db, uint64_t hash)
{
    return &db->buckets[hash % STATEMENT_BUCKETS];
}

static void statement_drop(struct db *db, struct statement *statement)
{
    struct statement **at = bucket_of(db, statement->hash);
    while (*at != statement)
        at = &(*at)->next;
    *at = statement->next;
    db->statement_count--;
    db->driver->discard(db, statement);
    free(statement);
}

static void drop_least_recently_used(struct db *db)
{
    struct statement *oldest = NULL;
    for (size_t i = 0; i < STATEMENT_BUCKETS; i++) {
        for (struct statement *s = db->buckets[i]; s; s = s->next) {
            if (!s->is_running && (!oldest || s->last_use < oldest->last_use))
                oldest = s;
        }
    }
    if (oldest)
        statement_drop(db, oldest);
}

static enum outcome statement_make(struct db *db, const char *sql, size_t len, uint64_t hash,
                                   struct statement **out)
{
    if (db->statement_count >= STATEMENTS_MAX)
        drop_least_recently_used(db);
    struct statement *made = calloc(1, sizeof *made + len + 1);
    if (!made)
        abort();
    memcpy(made->sql, sql, len + 1);
    made->hash = hash;
    made->number = (int64_t)++db->uses;
    enum outcome outcome = db->driver->prepare(db, made);
    if (outcome != DONE) {
        free(made);
        return outcome;
    }
    struct statement **bucket = bucket_of(db, hash);
    made->next = *bucket;
    *bucket = made;
    db->statement_count++;
    *out = made;
    return DONE;
}

enum outcome statement_take(struct db *db, const char *sql, struct statement **out)
{
    size_t len = strlen(sql);
    uint64_t hash = hash_quick(sql, len);
    struct statement *found = *bucket_of(db, hash);
    while (found && (found->is_running || found->hash != hash || strcmp(found->sql, sql) != 0))
        found = found->next;
    if (!found) {
        enum outcome outcome = statement_make(db, sql, len, hash, &found);
        if (outcome != DONE)
            return outcome;
    }
    found->last_use = ++db->uses;
    found->is_running = true;
    db->running++;
    *out = found;
    return DONE;
}

void statement_give_back(struct db *db, struct statement *statement)
{
    db->driver->finish(statement);
    statement->is_running = false;
    db->running--;
}

void statements_forget(struct db *db)
{
    assert(db->running == 0);
    for (size_t i = 0; i < STATEMENT_BUCKETS; i++) {
        while (db->buckets[i])
            statement_drop(db, db->buckets[i]);
    }
}

enum result statement_map(struct ctx *cx, struct statement *statement, const char *name,
                          const struct field *fields)
{
    if (statement->fields == fields)
        return OK;
    const struct driver *driver = cx->db->driver;
    int columns = driver->columns(statement);
    statement->fields = NULL;
    for (int i = 0; i < columns; i++) {
        const char *column = driver->column_name(statement, i);
        const struct field *field = field_find(fields, column, strlen(column));
        if (!field || i >= FIELDS_MAX) {
            log_error("%s: column %s has no member", name, column);
            return fail(cx, BROKEN, "store.unmapped", name, arena_dup(cx->mem, column));
        }
        statement->members[i] = (uint8_t)(field - fields);
    }
    statement->fields = fields;
    return OK;
}

static struct secret secret_read(struct arena *arena, const char *stored, size_t len)
{
    const char *end = memchr(stored, '\n', len);
    if (!end)
        return (struct secret){"", "", ""};
    size_t masked = (size_t)(end - stored);
    return (struct secret){.plain = "",
                           .sealed = arena_copy(arena, end + 1, len - masked - 1),
                           .masked = arena_copy(arena, stored, masked)};
}

static void member_from_text(struct ctx *cx, const struct field *field, const char *text,
                             size_t len, void *record)
{
    void *member = (char *)record + field->offset;
    switch (field->type) {
    case FIELD_TEXT:
        *(const char **)member = len == 0 ? "" : arena_copy(cx->mem, text, len);
        break;
    case FIELD_DATE:
        if (!date_parse(text, member))
            field_clear(field, record);
        break;
    case FIELD_MONTH:
        if (!month_parse(text, member))
            field_clear(field, record);
        break;
    case FIELD_ENUM:
        *(unsigned *)member = choice_find(field->choices, text, len);
        break;
    case FIELD_SECRET:
        *(struct secret *)member = secret_read(cx->mem, text, len);
        break;
    default: { /* FIELD_SET; names that are no longer choices drop out */
        const struct field_reading reading = {.arena = cx->mem};
        field_clear(field, record);
        field_read(field, text, &reading, record);
    }
    }
}

/* What the slice no longer knows is none. */
static unsigned choice_read(const struct field *field, int64_t number)
{
    for (unsigned i = 0; field->choices[i]; i++)
        if (i + 1 == number)
            return i + 1;
    return 0;
}

static void member_read(struct ctx *cx, struct statement *statement, int column,
                        const struct field *field, void *record)
{
    void *member = (char *)record + field->offset;
    const struct driver *driver = cx->db->driver;
    switch (field->type) {
    case FIELD_ID:
        *(int64_t *)member = driver->number(statement, column);
        break;
    case FIELD_INT:
        *(int32_t *)member = (int32_t)driver->number(statement, column);
        break;
    case FIELD_BOOL:
        *(bool *)member = driver->number(statement, column) != 0;
        break;
    case FIELD_MONEY:
        ((struct money *)member)->fen = driver->number(statement, column);
        break;
    case FIELD_POINTS:
        ((struct points *)member)->hundredths = driver->number(statement, column);
        break;
    case FIELD_INSTANT:
        ((struct instant *)member)->ms = driver->number(statement, column);
        break;
    default: {
        size_t len;
        if (field->use & AS_NUMBER) {
            *(unsigned *)member = choice_read(field, driver->number(statement, column));
            return;
        }
        const char *text = driver->bytes(statement, column, &len);
        member_from_text(cx, field, text, len, record);
    }
    }
}

void statement_read(struct ctx *cx, struct statement *statement, const struct field *fields,
                    void *out)
{
    fields_blank(fields, out);
    int columns = cx->db->driver->columns(statement);
    for (int i = 0; i < columns; i++)
        member_read(cx, statement, i, &fields[statement->members[i]], out);
}
