/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/duties/calendar_day.h"

#include "app/duties/duty.sql.h"
#include "app/records/trail.h"
#include "base/hash.h"

#include <pthread.h>
#include <string.h>

#define DAYS_MOST 5000 /* more than a century of them */

static const char *const KINDS[] = {"holiday", "workday", NULL};

static const struct field EXCEPTION_FIELDS[] = {
    RECORD_FIELDS(exception),
    FIELD(exception, date, .in = MUST, .use = LISTED | FILTERED | SORTED),
    FIELD_ENUM(exception, kind, KINDS, .in = MUST, .use = LISTED | FILTERED),
    FIELD(exception, name, .in = MUST, .max = 40, .use = LISTED),
    FIELDS_END,
};

static enum result exception_check(struct ctx *cx, void *record, const void *before)
{
    const struct exception *exception = record;
    int64_t known;
    TRY(db_int(cx, &q_calendar_day, PARAMS(P(exception->date)), &known));
    if (known && known != exception->id)
        reject(cx, "date", "taken");
    return OK;
}

/* Another day than before: everybody's copy is old, and open duties have to be dated anew. */
static enum result day_changed(struct ctx *cx, const struct exception *day)
{
    char stamp[TOKEN_TEXT];
    random_token(stamp);
    TRY(db_change(cx, &q_calendar_stamps_clear, NO_PARAMS, NULL));
    TRY(db_change_one(cx, &q_calendar_stamp_set, PARAMS(P(arena_dup(cx->mem, stamp)))));
    return db_change_one(cx, &q_calendar_changed, PARAMS(P(day->date), P(day->name)));
}

static enum result exception_saved(struct ctx *cx, const void *record, const void *before)
{
    const struct exception *now = record, *then = before;
    if (then && then->date.days == now->date.days && then->kind == now->kind)
        return OK; /* its name alone */
    if (then && then->date.days != now->date.days)
        TRY(day_changed(cx, then));
    return day_changed(cx, now);
}

const struct resource CALENDAR_DAYS = {
    .name = "calendar_days",
    .fields = EXCEPTION_FIELDS,
    .size = sizeof(struct exception),
    .title = "date",
    .sort = "-date",
    .scope = {[SIDE_CLIENT] = "", [SIDE_PROVIDER] = "", [SIDE_THIRD_PARTY] = ""},
    .check = exception_check,
    .saved = exception_saved,
};

enum result calendar_day_remove(struct ctx *cx, const struct exception *day)
{
    trail_add(cx, "remove", &CALENDAR_DAYS, day, trail_diff(cx->mem, EXCEPTION_FIELDS, NULL, day),
              "");
    TRY(db_change_one(cx, &q_calendar_day_remove, PARAMS(P(day->id))));
    return day_changed(cx, day);
}

static enum result import_day(struct ctx *cx, const struct calendar_day *day)
{
    struct exception before = {0}, after;
    int64_t id;
    TRY(db_int(cx, &q_calendar_day, PARAMS(P(day->date)), &id));
    if (id)
        TRY(record_get(cx, &CALENDAR_DAYS, id, &before));
    after = before;
    after.date = day->date;
    after.kind = day->working ? DAY_WORKDAY : DAY_HOLIDAY;
    after.name = day->name;
    return id ? record_change(cx, &CALENDAR_DAYS, "change", &before, &after)
              : record_add(cx, &CALENDAR_DAYS, &after);
}

enum result calendar_import(struct ctx *cx, const char *text)
{
    struct calendar_day *days;
    size_t count;
    TRY(calendar_read(cx, text, strlen(text), &days, &count));
    if (!count)
        reject(cx, "days", "required");
    else if (count > DAYS_MOST)
        reject(cx, "days", "too_long", arena_printf(cx->mem, "%d", DAYS_MOST));
    TRY(rejected(cx));
    for (size_t i = 0; i < count; i++)
        TRY(import_day(cx, &days[i]));
    return OK;
}

/* ---- everybody's copy ---- */

static struct {
    pthread_mutex_t mutex;
    struct arena *arena; /* lives as long as the program */
    const char *stamp;
    struct calendar calendar;
} copy = {.mutex = PTHREAD_MUTEX_INITIALIZER};

struct row {
    struct date date;
    enum day_kind kind;
    const char *name;
};
static const struct field ROW_FIELDS[] = {
    FIELD(row, date),
    FIELD_ENUM(row, kind, KINDS),
    FIELD(row, name),
    FIELDS_END,
};

static enum result copy_renew(struct ctx *cx, const char *stamp)
{
    struct row *rows;
    size_t count;
    TRY(db_list(cx, &q_calendar_days, NO_PARAMS, ROW_FIELDS, sizeof *rows, DAYS_MOST, &rows,
                &count));
    if (copy.arena)
        arena_reset(copy.arena);
    else
        copy.arena = arena_new();
    struct calendar_day *days = ARENA_ARRAY(copy.arena, struct calendar_day, count);
    for (size_t i = 0; i < count; i++)
        days[i] = (struct calendar_day){.date = rows[i].date,
                                        .working = rows[i].kind == DAY_WORKDAY,
                                        .name = arena_dup(copy.arena, rows[i].name)};
    copy.calendar = calendar_with(copy.arena, calendar_china(copy.arena), days, count);
    copy.stamp = arena_dup(copy.arena, stamp);
    return OK;
}

/* Whoever imports days sees them at once, others once that is committed: a stamp tells. */
static enum result copy_check(struct ctx *cx)
{
    const char *stamp;
    TRY(db_text(cx, &q_calendar_stamp, NO_PARAMS, &stamp));
    return copy.stamp && strcmp(copy.stamp, stamp) == 0 ? OK : copy_renew(cx, stamp);
}

struct instant calendar_due(struct ctx *cx, const struct due_rule *rule, struct instant start)
{
    struct instant due = {0};
    pthread_mutex_lock(&copy.mutex);
    if (copy_check(cx) == OK) /* otherwise the transaction cannot be committed */
        due = due_instant(&copy.calendar, rule, start, SHANGHAI_OFFSET_MIN);
    pthread_mutex_unlock(&copy.mutex);
    return due;
}

const struct right CALENDAR_RIGHTS[] = {
    {"calendar_days.read", R_CLIENT_SIDE | R_PROVIDER_SIDE | R(ADMIN), NULL},
    {"calendar_days.write", R(OPS) | R(ADMIN), NULL},
    RIGHTS_END,
};
