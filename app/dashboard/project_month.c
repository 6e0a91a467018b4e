/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What each record counts for, and how the sums follow from it. */
#include "app/dashboard/project_month.h"

#include "app/dashboard/dashboard.sql.h"
#include "app/evaluation/audit.h"
#include "app/inspections/rectification.h"
#include "app/settlement/settlement.h"
#include "app/staffing/head_count.h"
#include "app/staffing/subcontracting.h"
#include "base/hash.h"

#include <stdio.h>
#include <string.h>

const struct field PROJECT_MONTH_FIELDS[] = {
    FIELD_REF(project_month, unit_id, "units"),
    FIELD(project_month, month),
    FIELD(project_month, planned),
    FIELD(project_month, done),
    FIELD(project_month, done_late),
    FIELD(project_month, missed),
    FIELD(project_month, inspected),
    FIELD(project_month, passed),
    FIELD(project_month, failed),
    FIELD(project_month, rectifications),
    FIELD(project_month, rectified),
    FIELD(project_month, rectified_late),
    FIELD(project_month, repeated),
    FIELD(project_month, evaluated),
    FIELD(project_month, total),
    FIELD(project_month, excellent),
    FIELD(project_month, good),
    FIELD(project_month, pass),
    FIELD(project_month, fail),
    FIELD(project_month, settled),
    FIELD(project_month, fee_fen),
    FIELD(project_month, deducted_fen),
    FIELD(project_month, head_counts),
    FIELD(project_month, required),
    FIELD(project_month, shortfall),
    FIELD(project_month, strangers),
    FIELD(project_month, cases),
    FIELD(project_month, confirmed),
    FIELD(project_month, findings),
    FIELDS_END,
};
#define SUMS (PROJECT_MONTH_FIELDS + 2) /* those that are added up */

/* A number of a sum, whatever its unit. */
static int64_t sum_get(const struct field *field, const struct project_month *sum)
{
    return field->type == FIELD_INT ? *FIELD_AT(const int32_t, field, sum)
                                    : *FIELD_AT(const int64_t, field, sum);
}

static bool sum_add(struct project_month *to, const struct project_month *what, int sign)
{
    bool any = false;
    for (const struct field *field = SUMS; field->name; field++) {
        const int64_t more = sign * sum_get(field, what);
        if (field->type == FIELD_INT)
            *FIELD_AT(int32_t, field, to) += (int32_t)more;
        else
            *FIELD_AT(int64_t, field, to) += more;
        any = any || sum_get(field, to);
    }
    return any;
}

/* ---- what a record counts for: unit, month, and what it adds; nothing without a month ---- */

static struct month month_at(struct instant at)
{
    return month_of(instant_date(at, SHANGHAI_OFFSET_MIN));
}

static enum result of_task(struct ctx *cx, const void *record, struct project_month *out)
{
    const struct inspection_task *task = record;
    (void)cx;
    out->unit_id = task->unit_id;
    out->month = task->month;
    out->planned = task->state != TASK_DROPPED;
    out->done = task->state == TASK_DONE;
    out->done_late = task->state == TASK_DONE && task->late;
    out->missed = task->state == TASK_MISSED;
    return OK;
}

static bool inspection_counts(const struct inspection *inspection)
{
    return inspection->state == INSPECTION_FINISHED ||
           inspection->state == INSPECTION_COUNTERSIGNED;
}

static enum result of_inspection(struct ctx *cx, const void *record, struct project_month *out)
{
    const struct inspection *inspection = record;
    (void)cx;
    if (!inspection_counts(inspection))
        return OK;
    out->unit_id = inspection->unit_id;
    out->month = inspection->month;
    out->inspected = 1;
    out->passed = inspection->passed;
    out->failed = inspection->failed;
    return OK;
}

static enum result of_rectification(struct ctx *cx, const void *record, struct project_month *out)
{
    const struct rectification *notice = record;
    (void)cx;
    if (notice->state == RECTIFICATION_WITHDRAWN)
        return OK;
    out->unit_id = notice->unit_id;
    out->month = notice->month;
    out->rectifications = 1;
    out->rectified = notice->state == RECTIFICATION_CLOSED;
    out->rectified_late = notice->state == RECTIFICATION_CLOSED && notice->late;
    out->repeated = notice->round > 1;
    return OK;
}

static bool evaluation_counts(const struct evaluation *evaluation, struct period *out)
{
    return evaluation->state == EVALUATION_FINAL && evaluation->scored &&
           period_parse(evaluation->period, out);
}

static enum result of_evaluation(struct ctx *cx, const void *record, struct project_month *out)
{
    const struct evaluation *evaluation = record;
    struct period period;
    (void)cx;
    if (!evaluation->contract_id || !evaluation_counts(evaluation, &period) || period.months != 1)
        return OK;
    out->unit_id = evaluation->unit_id;
    out->month = period.first;
    out->evaluated = 1;
    out->total = evaluation->total;
    out->excellent = evaluation->grade == GRADE_EXCELLENT;
    out->good = evaluation->grade == GRADE_GOOD;
    out->pass = evaluation->grade == GRADE_PASS;
    out->fail = evaluation->grade == GRADE_FAIL;
    return OK;
}

static enum result of_settlement(struct ctx *cx, const void *record, struct project_month *out)
{
    const struct settlement *settlement = record;
    (void)cx;
    if (settlement->state != SETTLEMENT_APPROVED && settlement->state != SETTLEMENT_PAID)
        return OK;
    out->unit_id = settlement->unit_id;
    out->month = settlement->month;
    if (settlement->kind !=
        SETTLEMENT_RETENTION) { /* its fee was counted with what it is kept from */
        out->settled = 1;
        out->fee_fen = settlement->fee_fen;
    }
    out->deducted_fen = settlement->deducted_fen;
    return OK;
}

static enum result of_head_count(struct ctx *cx, const void *record, struct project_month *out)
{
    const struct head_count *count = record;
    (void)cx;
    if (count->state == HEAD_COUNT_UPHELD)
        return OK;
    out->unit_id = count->unit_id;
    out->month = month_of(count->day);
    out->head_counts = 1;
    out->required = count->required;
    out->shortfall = count->shortfall;
    out->strangers = count->strangers;
    return OK;
}

/* A case about a provider altogether is no project's. */
static enum result of_case(struct ctx *cx, const void *record, struct project_month *out)
{
    const struct subcontracting_case *one = record;
    (void)cx;
    if (!one->unit_id || one->state == CASE_DISMISSED)
        return OK;
    out->unit_id = one->unit_id;
    out->month = month_at(one->found_at);
    out->cases = 1;
    out->confirmed = one->state == CASE_CONFIRMED;
    return OK;
}

static enum result of_finding(struct ctx *cx, const void *record, struct project_month *out)
{
    const struct audit_finding *finding = record;
    (void)cx;
    out->unit_id = finding->unit_id;
    out->month = month_at(finding->created_at);
    out->findings = 1;
    return OK;
}

/* ---- failed items ---- */

/* What an inspection found failing, added to the failures of its project and month, or taken off.
 */
static enum result put_failures(struct ctx *cx, const struct inspection *inspection, int32_t sign)
{
    struct inspection_item *items;
    size_t count;
    const struct places upheld = places_read(inspection->upheld);
    if (!inspection_counts(inspection) || !inspection->failed)
        return OK;
    TRY(inspection_items(cx, inspection, &items, &count));
    for (size_t i = 0; i < count; i++)
        if (items[i].result == RESULT_FAIL && !places_has(&upheld, (int32_t)i + 1))
            TRY(db_change_one(
                cx, &q_item_failed,
                PARAMS(P(inspection->unit_id), P(inspection->month), P(items[i].text), P(sign))));
    return OK;
}

static enum result follow_inspection(struct ctx *cx, const void *before, const void *after)
{
    const struct inspection *was = before, *is = after;
    if (was && inspection_counts(was) == inspection_counts(is) &&
        strcmp(was->upheld, is->upheld) == 0)
        return OK;
    if (was)
        TRY(put_failures(cx, was, -1));
    return put_failures(cx, is, 1);
}

/* ---- last grades: of a contract wherever it stands, or of a project ---- */

static enum result follow_evaluation(struct ctx *cx, const void *before, const void *after)
{
    const struct evaluation *evaluation = after;
    struct period period;
    (void)before; /* what is final stays so */
    if (!evaluation_counts(evaluation, &period))
        return OK;
    return db_change(cx, &q_grade_put,
                     PARAMS(param_number(evaluation->contract_id ? 0 : evaluation->unit_id),
                            param_number(evaluation->contract_id), P(evaluation->id),
                            P(period_to(period)), P(evaluation->total),
                            P(choice_name(GRADES, evaluation->grade))),
                     NULL);
}

/* ---- following ---- */

static const struct source {
    const struct resource *resource;
    enum result (*of)(struct ctx *cx, const void *record, struct project_month *out);
    enum result (*also)(struct ctx *cx, const void *before, const void *after);
} SOURCES[] = {
    {&INSPECTION_TASKS, of_task, NULL},        {&INSPECTIONS, of_inspection, follow_inspection},
    {&RECTIFICATIONS, of_rectification, NULL}, {&EVALUATIONS, of_evaluation, follow_evaluation},
    {&SETTLEMENTS, of_settlement, NULL},       {&HEAD_COUNTS, of_head_count, NULL},
    {&SUBCONTRACTING_CASES, of_case, NULL},    {&AUDIT_FINDINGS, of_finding, NULL},
};
#define SOURCE_COUNT (sizeof SOURCES / sizeof SOURCES[0])

/* INSERT INTO project_months (…) VALUES (…) ON CONFLICT … DO UPDATE SET planned =
 * project_months.planned + excluded.planned, … */
static enum result put_sum(struct ctx *cx, const struct project_month *sum)
{
    struct param params[PARAMS_MAX];
    struct text sql = text_new(cx->mem, 2048), values = text_new(cx->mem, 256),
                more = text_new(cx->mem, 1024);
    int count = 0;
    text_puts(&sql, "INSERT INTO project_months (");
    for (const struct field *field = PROJECT_MONTH_FIELDS; field->name; field++) {
        const char *comma = count ? ", " : "";
        params[count++] = param_field(cx, field, sum);
        text_printf(&sql, "%s%s", comma, field->name);
        text_printf(&values, "%s$%d", comma, count);
        if (field >= SUMS)
            text_printf(&more, "%s%s = project_months.%s + excluded.%s", field > SUMS ? ", " : "",
                        field->name, field->name, field->name);
    }
    text_printf(&sql, ") VALUES (%s) ON CONFLICT (month, unit_id) DO UPDATE SET %s",
                text_end(&values), text_end(&more));
    const struct query query = db_query("project_months.put", text_end(&sql), count);
    return db_change_one(cx, &query, (struct params){params, count});
}

static bool same_row(const struct project_month *a, const struct project_month *b)
{
    return a->unit_id == b->unit_id && a->month.months == b->month.months;
}

static enum result put_difference(struct ctx *cx, const struct project_month *was,
                                  struct project_month *is)
{
    struct project_month less = {.unit_id = was->unit_id, .month = was->month};
    if (was->month.months && same_row(was, is)) {
        return sum_add(is, was, -1) ? put_sum(cx, is) : OK;
    }
    if (was->month.months && sum_add(&less, was, -1))
        TRY(put_sum(cx, &less));
    return is->month.months ? put_sum(cx, is) : OK;
}

static enum result follow(struct ctx *cx, const struct source *source, const void *before,
                          const void *after)
{
    struct project_month was = {0}, is = {0};
    if (before)
        TRY(source->of(cx, before, &was));
    TRY(source->of(cx, after, &is));
    TRY(put_difference(cx, &was, &is));
    return source->also ? source->also(cx, before, after) : OK;
}

enum result project_months_follow(struct ctx *cx, const struct resource *resource,
                                  const void *before, const void *after)
{
    const struct arena_mark mark = arena_mark(cx->mem);
    size_t i = 0;
    while (i < SOURCE_COUNT && SOURCES[i].resource != resource)
        i++;
    if (i == SOURCE_COUNT)
        return OK;
    TRY(follow(cx, &SOURCES[i], before, after));
    arena_rewind(cx->mem, mark); /* of a thousand records in one transaction nothing stays */
    return OK;
}

/* ---- counting once more ---- */

/* Sums by project and month, in an arena of their own: cx->mem is taken back behind each row. */
struct tally {
    struct ctx *cx;
    struct arena *arena;
    struct project_month *at; /* open addressing; unit_id 0: free */
    size_t room, count;
    const struct source *source;
    bool also; /* put what follows beside the sums, too */
};

static struct project_month *tally_slot(struct project_month *at, size_t room, int64_t unit_id,
                                        struct month month)
{
    const int64_t key[2] = {unit_id, month.months};
    size_t i = hash_quick(key, sizeof key) & (room - 1);
    while (at[i].unit_id && (at[i].unit_id != unit_id || at[i].month.months != month.months))
        i = (i + 1) & (room - 1);
    return &at[i];
}

static void tally_grow(struct tally *tally)
{
    const size_t room = tally->room * 2;
    struct project_month *at = ARENA_ARRAY(tally->arena, struct project_month, room);
    for (size_t i = 0; i < tally->room; i++)
        if (tally->at[i].unit_id)
            *tally_slot(at, room, tally->at[i].unit_id, tally->at[i].month) = tally->at[i];
    tally->at = at;
    tally->room = room;
}

static enum result tally_one(struct tally *tally, const void *record)
{
    struct project_month is = {0};
    TRY(tally->source->of(tally->cx, record, &is));
    if (tally->also && tally->source->also)
        TRY(tally->source->also(tally->cx, NULL, record));
    if (!is.month.months)
        return OK;
    if (2 * tally->count >= tally->room)
        tally_grow(tally);
    struct project_month *slot = tally_slot(tally->at, tally->room, is.unit_id, is.month);
    if (!slot->unit_id) {
        slot->unit_id = is.unit_id;
        slot->month = is.month;
        tally->count++;
    }
    (void)sum_add(slot, &is, 1);
    return OK;
}

/* Page by page, as PostgreSQL would hold all rows at once otherwise. */
static enum result tally_source(struct tally *tally)
{
    struct ctx *cx = tally->cx;
    char cursor[32] = "";
    do {
        const struct arena_mark mark = arena_mark(cx->mem);
        const struct resource *resource = tally->source->resource;
        const struct list_query query = {.limit = LIST_MOST, .sort = "id", .after = cursor};
        struct list list;
        TRY(record_list(cx, resource, &query, &list));
        for (size_t i = 0; i < list.count; i++)
            TRY(tally_one(tally, (const char *)list.rows + i * resource->size));
        snprintf(cursor, sizeof cursor, "%s", list.next ? list.next : "");
        arena_rewind(cx->mem, mark);
    } while (*cursor);
    return OK;
}

static enum result tally_all(struct tally *tally)
{
    tally->room = 1024;
    tally->at = ARENA_ARRAY(tally->arena, struct project_month, tally->room);
    for (size_t i = 0; i < SOURCE_COUNT; i++) {
        tally->source = &SOURCES[i];
        TRY(tally_source(tally));
    }
    return OK;
}

static enum result recount(struct ctx *cx, struct arena *arena)
{
    struct tally tally = {.cx = cx, .arena = arena, .also = true};
    TRY(db_change(cx, &q_recount_lock, NO_PARAMS, NULL));
    TRY(db_change(cx, &q_months_clear, NO_PARAMS, NULL));
    TRY(db_change(cx, &q_failures_clear, NO_PARAMS, NULL));
    TRY(db_change(cx, &q_grades_clear, NO_PARAMS, NULL));
    TRY(tally_all(&tally));
    for (size_t i = 0; i < tally.room; i++) {
        const struct arena_mark mark = arena_mark(cx->mem);
        if (tally.at[i].unit_id)
            TRY(put_sum(cx, &tally.at[i]));
        arena_rewind(cx->mem, mark);
    }
    return db_change(cx, &q_recount_end, NO_PARAMS, NULL);
}

enum result project_months_sweep(struct ctx *cx)
{
    int64_t asked;
    TRY(db_int(cx, &q_recount_asked, NO_PARAMS, &asked));
    if (!asked)
        return OK;
    struct arena *arena = arena_new();
    const enum result result = recount(cx, arena);
    arena_free(arena);
    return result;
}

/* Of each sum that is kept: is it the one that was counted? */
struct proof {
    struct tally tally;
    int64_t count, broken;
    const char *what;
};

static enum result prove_one(void *host, const void *row)
{
    struct proof *proof = host;
    const struct project_month *kept = row;
    struct project_month none = {0};
    const struct project_month *counted =
        tally_slot(proof->tally.at, proof->tally.room, kept->unit_id, kept->month);
    if (!counted->unit_id)
        counted = &none;
    for (const struct field *field = SUMS; field->name; field++)
        if (sum_get(field, kept) != sum_get(field, counted) && !proof->broken) {
            proof->broken = kept->unit_id;
            proof->what = field->name;
        }
    proof->count += !proof->broken;
    return OK;
}

static enum result prove(struct ctx *cx, struct arena *arena, struct proof *proof)
{
    struct tally *tally = &proof->tally;
    int64_t differs;
    *tally = (struct tally){.cx = cx, .arena = arena};
    TRY(tally_all(tally));
    TRY(db_each(cx, &q_months_all, NO_PARAMS, PROJECT_MONTH_FIELDS, sizeof(struct project_month),
                prove_one, proof));
    TRY(db_int(cx, &q_failures_differ, NO_PARAMS, &differs));
    for (size_t i = 0; i < tally->room && !proof->broken; i++) {
        int64_t there;
        if (!tally->at[i].unit_id)
            continue;
        TRY(db_int(cx, &q_month_there, PARAMS(P(tally->at[i].unit_id), P(tally->at[i].month)),
                   &there));
        proof->broken = there ? 0 : tally->at[i].unit_id;
        proof->what = "month";
    }
    if (differs && !proof->broken) {
        proof->broken = differs;
        proof->what = "item_failures";
    }
    return OK;
}

enum result project_months_verify(struct ctx *cx, int64_t *out_count, int64_t *out_broken,
                                  const char **out_what)
{
    struct proof proof = {.what = ""};
    struct arena *arena = arena_new();
    const enum result result = prove(cx, arena, &proof);
    arena_free(arena);
    *out_count = proof.count;
    *out_broken = proof.broken;
    *out_what = proof.what;
    return result;
}

/* ---- reading ---- */

enum result project_months_summed(struct ctx *cx, struct month first, struct month last,
                                  struct project_month *out)
{
    struct text sql = text_new(cx->mem, 2048);
    struct project_month *rows;
    const char *from, *to;
    size_t count;
    actor_paths(cx, &from, &to);
    text_puts(&sql, "SELECT m.month");
    for (const struct field *field = SUMS; field->name; field++)
        text_printf(&sql, ", CAST(SUM(m.%s) AS BIGINT) AS %s", field->name, field->name);
    /* "+ 0": by month, and not for each unit through all months. */
    text_puts(&sql, " FROM project_months m WHERE m.month >= $1 AND m.month <= $2 AND m.unit_id + "
                    "0 IN (SELECT u.id FROM units u WHERE u.organisation_id = $3 AND ($4 = '' OR "
                    "(u.path >= $4 AND u.path < $5))) GROUP BY m.month ORDER BY m.month");
    const struct query query = db_query("project_months.summed", text_end(&sql), 5);
    TRY(db_list(cx, &query,
                PARAMS(P(first), P(last), P(cx->actor->organisation_id), P(from), P(to)),
                PROJECT_MONTH_FIELDS, sizeof *rows, MONTHS_MOST, &rows, &count));
    for (int32_t n = 0; n <= last.months - first.months; n++)
        out[n] = (struct project_month){.month = {first.months + n}};
    for (size_t i = 0; i < count; i++)
        out[rows[i].month.months - first.months] = rows[i];
    return OK;
}
