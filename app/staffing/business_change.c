/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/staffing/business_change.h"

#include "app/duties/calendar_day.h"
#include "app/staffing/business_change.sql.h"
#include "app/staffing/training.h"
#include "base/texts.h"

#include <string.h>

static const char *const KINDS[] = {"new_business", "large_change", NULL};
static const char *const WEEKS[] = {"natural_days", "working_days", NULL};
static const char *const STATES[] = {"running", "done", NULL};
static const char *const LOG_STATES[] = {"owed", "written", NULL};

enum { TRAIN_ON_SITE, WRITE_GUIDANCE };

static struct date today(const struct ctx *cx)
{
    return instant_date(cx->now, SHANGHAI_OFFSET_MIN);
}

/* ---- the change ---- */

/* Whoever guides there reads and writes it, also where the contract belongs to another unit. */
#define GUIDED(change)                                                                             \
    "EXISTS (SELECT 1 FROM guidance_logs g WHERE g.change_id = " change " AND g.guide_id = "       \
    ":person)"

static const struct field CHANGE_FIELDS[] = {
    RECORD_FIELDS(business_change),
    FIELD_REF(business_change, contract_id, "contracts", .use = FILTERED),
    FIELD(business_change, contract_name, .column = "c.name", .use = LISTED),
    FIELD_REF(business_change, letter_id, "letters", .clause = "C2.8"),
    FIELD_ENUM(business_change, kind, KINDS, .use = LISTED, .clause = "C2.8"),
    FIELD(business_change, name, .use = LISTED),
    FIELD(business_change, train_by, .use = LISTED),
    FIELD_REF(business_change, training_id, "trainings", .clause = "C2.8"),
    FIELD(business_change, guide_from, .use = LISTED),
    FIELD_ENUM(business_change, week, WEEKS, .clause = "C2.8"),
    FIELD(business_change, days, .use = LISTED),
    FIELD(business_change, written, .use = LISTED),
    FIELD(business_change, late, .use = LISTED),
    FIELD_ENUM(business_change, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

const struct resource BUSINESS_CHANGES = {
    .name = "business_changes",
    .clause = "C2.8",
    .fields = CHANGE_FIELDS,
    .size = sizeof(struct business_change),
    .joins = "JOIN contracts c ON c.id = t.contract_id",
    .title = "name",
    .sort = "-id",
    .parent = &CONTRACTS,
    .parent_field = "contract_id",
    .beyond_units = GUIDED("@id"),
};

static void settle(struct business_change *change)
{
    const bool done = change->training_id && change->written >= change->days;
    change->state = done ? BUSINESS_CHANGE_DONE : BUSINESS_CHANGE_RUNNING;
}

enum result business_change_train(struct ctx *cx, const struct business_change *before,
                                  int64_t training_id)
{
    struct business_change after = *before;
    struct training training;
    if (before->training_id)
        return fail(cx, CONFLICT, "business_change.trained", before->name);
    enum result there = record_get(cx, &TRAININGS, training_id, &training);
    if (there != OK && there != NOT_FOUND)
        return there;
    if (there == NOT_FOUND)
        cx->fault = (struct fault){.result = OK};
    if (there == NOT_FOUND || training.contract_id != before->contract_id ||
        training.state != TRAINING_CONFIRMED || training.tier != TIER_MANAGERS)
        reject_clause(cx, "C2.8", "training_id", "no_training_by_client");
    TRY(rejected(cx));
    after.training_id = training_id;
    settle(&after);
    return record_change(cx, &BUSINESS_CHANGES, "train", before, &after);
}

/* ---- its days ---- */

static const struct field LOG_FIELDS[] = {
    RECORD_FIELDS(guidance_log),
    FIELD_REF(guidance_log, change_id, "business_changes", .use = NO_DIFF),
    FIELD_REF(guidance_log, contract_id, "contracts", .use = FILTERED | NO_DIFF),
    FIELD(guidance_log, change_name, .column = "b.name", .use = LISTED),
    FIELD(guidance_log, number, .use = LISTED | NO_DIFF),
    FIELD(guidance_log, day, .use = LISTED | NO_DIFF),
    FIELD_REF(guidance_log, guide_id, "people", .in = MAY, .among = "job=manager,resident",
              .clause = "C2.8"),
    FIELD(guidance_log, guide_name, .column = "p.name", .use = LISTED),
    FIELD(guidance_log, guided, .in = MAY, .max = 2000, .use = LONG_TEXT, .clause = "C2.8"),
    FIELD(guidance_log, problems, .in = MAY, .max = 2000, .use = LONG_TEXT),
    FIELD(guidance_log, written_by, .use = NO_DIFF),
    FIELD(guidance_log, written_at, .use = NO_DIFF),
    FIELD(guidance_log, late, .use = LISTED),
    FIELD(guidance_log, missed, .use = DERIVED),
    FIELD_ENUM(guidance_log, state, LOG_STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

static struct instant log_due(struct ctx *cx, const struct guidance_log *log)
{
    return due_of(cx, &BUSINESS_CHANGE_DUTIES[WRITE_GUIDANCE],
                  instant_of(log->day, 0, SHANGHAI_OFFSET_MIN));
}

static void log_derive(struct ctx *cx, void *record)
{
    struct guidance_log *log = record;
    log->missed = log->state == GUIDANCE_OWED && cx->now.ms > log_due(cx, log).ms;
}

static enum result log_open(struct ctx *cx, const void *record)
{
    const struct guidance_log *log = record;
    if (log->state == GUIDANCE_WRITTEN)
        return fail(cx, CONFLICT, "guidance_log.written", log->change_name);
    return OK;
}

/* Written once, by the client's side, on its day or after. */
static enum result log_check(struct ctx *cx, void *record, const void *former)
{
    struct guidance_log *log = record;
    const struct guidance_log *before = former;
    struct list contract;
    int64_t employer = 0;
    if (!before)
        return OK;
    TRY(log_open(cx, before));
    TRY(record_select(cx, &CONTRACTS, "guided", "t.id = $1", PARAMS(P(log->contract_id)),
                      &contract));
    if (log->day.days > today(cx).days)
        reject_clause(cx, "C2.8", "day", "day_to_come");
    if (!*log->guided)
        reject_clause(cx, "C2.8", "guided", "required");
    if (!log->guide_id)
        log->guide_id = cx->actor->person_id;
    if (log->guide_id)
        TRY(person_works(cx, log->guide_id, log->day, &employer));
    if (employer != ((const struct contract *)contract.rows)->client_id)
        reject_clause(cx, "C2.8", "guide_id", "guide_of_client");
    log->written_by = cx->actor->person_name;
    log->written_at = cx->now;
    log->late = cx->now.ms > log_due(cx, log).ms;
    log->state = GUIDANCE_WRITTEN;
    return OK;
}

static enum result log_saved(struct ctx *cx, const void *record, const void *before)
{
    const struct guidance_log *log = record;
    struct business_change change, after;
    int64_t written, late;
    if (!before)
        return OK;
    TRY(record_get(cx, &BUSINESS_CHANGES, log->change_id, &change));
    TRY(db_int(cx, &q_guidance_count, PARAMS(P(change.id), P(false)), &written));
    TRY(db_int(cx, &q_guidance_count, PARAMS(P(change.id), P(true)), &late));
    after = change;
    after.written = (int32_t)written;
    after.late = (int32_t)late;
    settle(&after);
    return record_change(cx, &BUSINESS_CHANGES, "guide", &change, &after);
}

const struct resource GUIDANCE_LOGS = {
    .name = "guidance_logs",
    .clause = "C2.8",
    .fields = LOG_FIELDS,
    .size = sizeof(struct guidance_log),
    .joins =
        "JOIN business_changes b ON b.id = t.change_id LEFT JOIN people p ON p.id = t.guide_id",
    .title = "change_name",
    .sort = "-id",
    .parent = &CONTRACTS,
    .parent_field = "contract_id",
    .beyond_units = GUIDED("@change_id"),
    .check = log_check,
    .open = log_open,
    .saved = log_saved,
    .derive = log_derive,
};

/* ---- the letter ---- */

struct change_line {
    enum change_kind kind;
    const char *name;
    struct date train_by, guide_from;
    enum week week;
    const char *note;
};
static const struct field CHANGE_LINE_FIELDS[] = {
    FIELD_ENUM(change_line, kind, KINDS, .in = MUST, .use = LISTED, .clause = "C2.8"),
    FIELD(change_line, name, .in = MUST, .max = 60, .use = LISTED),
    FIELD(change_line, train_by, .in = MUST, .use = LISTED, .clause = "C2.8"),
    FIELD(change_line, guide_from, .in = MUST, .use = LISTED, .clause = "C2.8"),
    FIELD_ENUM(change_line, week, WEEKS, .in = MUST, .use = LISTED, .clause = "C2.8"),
    FIELD(change_line, note, .in = MAY, .max = 500, .use = LISTED),
    FIELDS_END,
};

/* People are trained before they work, and nobody announces what has begun. */
static enum result change_check(struct ctx *cx, const struct letter *letter, const void *rows,
                                size_t count)
{
    const struct change_line *line = rows;
    if (count != 1) {
        reject_clause(cx, "C2.8", "lines", "one_change");
        return OK;
    }
    if (line->train_by.days > line->guide_from.days)
        reject_clause(cx, "C2.8", "lines.0.train_by", "trained_after_start");
    if (letter_is_open(letter) && line->train_by.days < today(cx).days)
        reject_clause(cx, "C2.8", "lines.0.train_by", "period_over");
    return OK;
}

/* The day of guidance behind `day`. */
static struct date day_after(struct ctx *cx, enum week week, struct date day)
{
    static const struct due_rule NEXT = {.kind = DUE_WORKING_DAYS, .count = 1};
    if (week == WEEK_NATURAL_DAYS)
        return date_add(day, 1);
    const struct instant start = instant_of(day, 0, SHANGHAI_OFFSET_MIN);
    return instant_date(calendar_due(cx, &NEXT, start), SHANGHAI_OFFSET_MIN);
}

static enum result add_days(struct ctx *cx, const struct business_change *change)
{
    struct date day = date_add(change->guide_from, -1);
    for (int32_t number = 1; number <= change->days; number++) {
        day = day_after(cx, change->week, day);
        struct guidance_log log = {.change_id = change->id,
                                   .contract_id = change->contract_id,
                                   .number = number,
                                   .day = day,
                                   .state = GUIDANCE_OWED};
        fields_blank(LOG_FIELDS, &log);
        TRY(record_add(cx, &GUIDANCE_LOGS, &log));
    }
    return OK;
}

static enum result change_execute(struct ctx *cx, const struct letter *letter, const void *rows,
                                  size_t count, const char **out_answer)
{
    const struct change_line *line = rows;
    char from[DATE_MAX_TEXT] = "";
    struct business_change change = {.contract_id = letter->contract_id,
                                     .letter_id = letter->id,
                                     .kind = line->kind,
                                     .name = line->name,
                                     .train_by = line->train_by,
                                     .guide_from = line->guide_from,
                                     .week = line->week,
                                     .days = line->week == WEEK_NATURAL_DAYS ? 7 : 5,
                                     .state = BUSINESS_CHANGE_RUNNING};
    (void)count;
    TRY(record_add(cx, &BUSINESS_CHANGES, &change));
    TRY(add_days(cx, &change));
    date_format(change.guide_from, from);
    *out_answer = texts_fill(
        cx->mem, "business_change.answer", LANG_ZH,
        (const char *const[]){change.name, from, arena_printf(cx->mem, "%d", change.days)});
    return OK;
}

const struct letter_type LETTER_BUSINESS_CHANGE = {
    .name = "business_change",
    .clause = "C2.8",
    .prefix = "业务",
    .from = 1u << SIDE_CLIENT,
    .service = SERVICE_OUTBOUND_CALL,
    .line_fields = CHANGE_LINE_FIELDS,
    .line_size = sizeof(struct change_line),
    .needs_lines = true,
    .check = change_check,
    .execute = change_execute,
    .decide = {.kind = DUE_WORKING_DAYS, .count = 2},
    .execute_in = {.kind = DUE_WORKING_DAYS, .count = 1},
};

/* ---- what is owed ---- */

static enum result owed_by_client(struct ctx *cx, int64_t contract_id, struct duty *duty)
{
    struct contract contract;
    TRY(record_get(cx, &CONTRACTS, contract_id, &contract));
    duty->contract_id = contract.id;
    duty->organisation_id = contract.client_id;
    duty->unit_id = contract.unit_id;
    duty->owner_side = SIDE_CLIENT;
    duty->owner_role = ROLES[ROLE_CLIENT - 1];
    return OK;
}

static enum result judge_training(struct ctx *cx, const void *record, struct duty *duty,
                                  enum owing *out)
{
    const struct business_change *change = record;
    *out = change->training_id ? OWING_MET : OWING_DUTY;
    duty->title = change->name;
    duty->due_at = day_end(change->train_by);
    return owed_by_client(cx, change->contract_id, duty);
}

static enum result judge_log(struct ctx *cx, const void *record, struct duty *duty, enum owing *out)
{
    const struct guidance_log *log = record;
    *out = log->state == GUIDANCE_WRITTEN ? OWING_MET : OWING_DUTY;
    duty->title = arena_printf(cx->mem, "%s · %d", log->change_name, log->number);
    duty->opened_at = instant_of(log->day, 0, SHANGHAI_OFFSET_MIN);
    duty->due_at = log_due(cx, log);
    return owed_by_client(cx, log->contract_id, duty);
}

const struct duty_rule BUSINESS_CHANGE_DUTIES[] = {
    [TRAIN_ON_SITE] =
        {"train_on_site", "C2.8", &BUSINESS_CHANGES, judge_training, {.kind = DUE_DAYS}},
    [WRITE_GUIDANCE] = {"write_guidance",
                        "C2.8",
                        &GUIDANCE_LOGS,
                        judge_log,
                        {.kind = DUE_WORKING_DAYS, .count = 1}},
    DUTY_RULES_END,
};

#define R_GUIDES (R(OPS) | R(DIVISION) | R(CLIENT) | R(RESIDENT))

const struct right BUSINESS_CHANGE_RIGHTS[] = {
    {"business_changes.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "C2.8"},
    {"business_changes.train", R_GUIDES, "C2.8"},
    {"guidance_logs.read", R_CLIENT_SIDE | R_PROVIDER_SIDE, "C2.8"},
    {"guidance_logs.write", R_GUIDES, "C2.8"},
    RIGHTS_END,
};
