/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What was planned and done, counted by project and month from the records that the actor sees. */
#include "app/inspections/inspection.h"
#include "app/inspections/rectification.h"

#include <string.h>

const struct field SUPERVISION_FIGURE_FIELDS[] = {
    FIELD_REF(supervision_figure, unit_id, "units"),
    FIELD(supervision_figure, unit_name),
    FIELD(supervision_figure, planned),
    FIELD(supervision_figure, done),
    FIELD(supervision_figure, late),
    FIELD(supervision_figure, missed),
    FIELD(supervision_figure, open),
    FIELD(supervision_figure, inspections),
    FIELD(supervision_figure, unplanned),
    FIELD(supervision_figure, failed),
    FIELD(supervision_figure, rectifications),
    FIELD(supervision_figure, rectified),
    FIELD(supervision_figure, rectified_late),
    FIELD(supervision_figure, overdue),
    FIELD(supervision_figure, repeated),
    FIELDS_END,
};

#define SUM_OF(condition) "SUM(CASE WHEN " condition " THEN 1 ELSE 0 END)"
/* clang-format off */
static const struct {
    const struct resource *resource;
    const char *columns, *where;
} COUNTS[] = {
    {&INSPECTION_TASKS,
     "COUNT(*) AS planned, "
     SUM_OF("t.state = 'done'") " AS done, " SUM_OF("t.state = 'done' AND t.late = TRUE") " AS late, "
     SUM_OF("t.state = 'missed'") " AS missed, " SUM_OF("t.state = 'open'") " AS open",
     "t.state <> 'dropped' AND CAST($2 AS BIGINT) > 0"},
    {&INSPECTIONS,
     "COUNT(*) AS inspections, " SUM_OF("t.task_id IS NULL") " AS unplanned, SUM(t.failed) AS failed",
     "t.state IN ('finished', 'countersigned') AND CAST($2 AS BIGINT) > 0"},
    {&RECTIFICATIONS,
     "COUNT(*) AS rectifications, " SUM_OF("t.state = 'closed'") " AS rectified, "
     SUM_OF("t.state = 'closed' AND t.late = TRUE") " AS rectified_late, "
     SUM_OF("t.state = 'issued' AND t.due_at < CAST($2 AS BIGINT)") " AS overdue, " SUM_OF("t.round > 1") " AS repeated",
     "t.state <> 'withdrawn' AND CAST($2 AS BIGINT) > 0"},
};
/* clang-format on */

/* One count of each unit of the month. */
static enum result count_by_unit(struct ctx *cx, size_t which, struct month month, int64_t unit_id,
                                 struct supervision_figure **out, size_t *out_count)
{
    struct param_list params = {.count = 2};
    struct text sql = text_new(cx->mem, 1024);
    params.at[0] = param_month(month);
    params.at[1] = param_instant(cx->now);
    text_printf(&sql,
                "SELECT t.unit_id AS unit_id, u.name AS unit_name, %s FROM %s t "
                "JOIN units u ON u.id = t.unit_id WHERE t.month = $1 AND %s AND ",
                COUNTS[which].columns, COUNTS[which].resource->name, COUNTS[which].where);
    if (unit_id) {
        params.at[params.count++] = param_id(unit_id);
        text_printf(&sql, "t.unit_id = $%d AND ", params.count);
    }
    scope_sql(cx, COUNTS[which].resource, "t", &params, &sql);
    text_puts(&sql, " GROUP BY t.unit_id, u.name ORDER BY t.unit_id LIMIT 2000");
    const struct query query = db_query("supervision_figures", text_end(&sql), params.count);
    return db_list(cx, &query, (struct params){params.at, params.count}, SUPERVISION_FIGURE_FIELDS,
                   sizeof **out, FIGURE_UNITS_MOST, out, out_count);
}

/* What one count says of a unit goes to what is known of it; both are in the order of units. */
static void merge(struct supervision_figure *all, size_t *count,
                  const struct supervision_figure *found, size_t found_count)
{
    for (size_t i = 0; i < found_count; i++) {
        size_t at = 0;
        while (at < *count && all[at].unit_id < found[i].unit_id)
            at++;
        if (at == *count || all[at].unit_id != found[i].unit_id) {
            memmove(&all[at + 1], &all[at], (*count - at) * sizeof *all);
            all[at] = (struct supervision_figure){.unit_id = found[i].unit_id,
                                                  .unit_name = found[i].unit_name};
            ++*count;
        }
        for (const struct field *field = SUPERVISION_FIGURE_FIELDS; field->name; field++)
            if (field->type == FIELD_INT)
                *FIELD_AT(int32_t, field, &all[at]) += *FIELD_AT(const int32_t, field, &found[i]);
    }
}

enum result supervision_figures(struct ctx *cx, struct month month, int64_t unit_id,
                                struct supervision_figure **out, size_t *out_count)
{
    const size_t kinds = sizeof COUNTS / sizeof COUNTS[0];
    *out = ARENA_ARRAY(cx->mem, struct supervision_figure, kinds * FIGURE_UNITS_MOST + 1);
    *out_count = 0;
    for (size_t which = 0; which < kinds; which++) {
        struct supervision_figure *found;
        size_t count;
        TRY(count_by_unit(cx, which, month, unit_id, &found, &count));
        merge(*out, out_count, found, count);
    }
    return OK;
}
