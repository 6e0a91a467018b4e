/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How many issues there were, and how many of them were answered and solved in time. */
#include "app/desk/desk_private.h"

const struct field ISSUE_FIGURE_FIELDS[] = {
    FIELD(issue_figure, month),
    FIELD(issue_figure, issues),
    FIELD(issue_figure, open),
    FIELD(issue_figure, overdue),
    FIELD(issue_figure, answer_due),
    FIELD(issue_figure, answered_in_time),
    FIELD(issue_figure, solve_due),
    FIELD(issue_figure, solved_in_time),
    FIELD(issue_figure, reopened),
    FIELD(issue_figure, rated),
    FIELD(issue_figure, satisfaction_sum),
    FIELDS_END,
};

/* One pass over the index issues_figures. $1 is now. */
static const char SUMS[] =
    "SELECT t.month AS month, count(*) AS issues, "
    "count(CASE WHEN t.state NOT IN ('solved', 'closed') THEN 1 END) AS open, "
    "count(CASE WHEN t.state NOT IN ('solved', 'closed') AND (t.due_at < $1 OR "
    "(t.answered_at = 0 AND t.answer_due_at < $1)) THEN 1 END) AS overdue, "
    "count(CASE WHEN t.answered_at > 0 OR t.answer_due_at < $1 THEN 1 END) AS answer_due, "
    "count(CASE WHEN t.answered_at > 0 AND t.answered_late = FALSE THEN 1 END) AS "
    "answered_in_time, "
    "count(CASE WHEN t.solved_at > 0 OR t.due_at < $1 THEN 1 END) AS solve_due, "
    "count(CASE WHEN t.solved_at > 0 AND t.solved_late = FALSE THEN 1 END) AS solved_in_time, "
    "count(CASE WHEN t.reopened > 0 THEN 1 END) AS reopened, "
    "count(CASE WHEN t.satisfaction > 0 THEN 1 END) AS rated, "
    "COALESCE(sum(t.satisfaction), 0) AS satisfaction_sum "
    "FROM issues t WHERE t.month >= $2 AND t.month <= $3";

static void put_param(struct param_list *params, struct param param)
{
    params->at[params->count++] = param;
}

static struct query sums_query(struct ctx *cx, int64_t contract_id, struct month from,
                               struct month to, struct param_list *params)
{
    struct text sql = text_new(cx->mem, 2048);
    text_puts(&sql, SUMS);
    put_param(params, P(cx->now));
    put_param(params, P(from));
    put_param(params, P(to));
    if (contract_id) {
        put_param(params, P(contract_id));
        text_printf(&sql, " AND t.contract_id = $%d", params->count);
    }
    text_puts(&sql, " AND ");
    scope_sql(cx, &ISSUES, "t", params, &sql);
    text_puts(&sql, " GROUP BY t.month ORDER BY t.month");
    return db_query("issues.figures", text_end(&sql), params->count);
}

static void add_up(struct issue_figure *total, const struct issue_figure *one)
{
    total->issues += one->issues;
    total->open += one->open;
    total->overdue += one->overdue;
    total->answer_due += one->answer_due;
    total->answered_in_time += one->answered_in_time;
    total->solve_due += one->solve_due;
    total->solved_in_time += one->solved_in_time;
    total->reopened += one->reopened;
    total->rated += one->rated;
    total->satisfaction_sum += one->satisfaction_sum;
}

enum result issue_figures(struct ctx *cx, int64_t contract_id, struct month from, struct month to,
                          struct issue_figure **out, size_t *out_count)
{
    struct param_list params = {.count = 0};
    struct issue_figure *rows;
    size_t count;
    if (from.months > to.months)
        reject(cx, "from", "after_to");
    else if (to.months - from.months >= ISSUE_MONTHS_MOST)
        reject(cx, "from", "too_many_months", arena_printf(cx->mem, "%d", ISSUE_MONTHS_MOST));
    TRY(rejected(cx));
    if (contract_id)
        TRY(record_seen(cx, &CONTRACTS, contract_id));
    const struct query query = sums_query(cx, contract_id, from, to, &params);
    TRY(db_list(cx, &query, (struct params){params.at, params.count}, ISSUE_FIGURE_FIELDS,
                sizeof *rows, ISSUE_MONTHS_MOST, &rows, &count));
    struct issue_figure *all = *out = ARENA_ARRAY(cx->mem, struct issue_figure, count + 1);
    for (size_t i = 0; i < count; i++) {
        all[i + 1] = rows[i];
        add_up(&all[0], &rows[i]);
    }
    *out_count = count + 1;
    return OK;
}

const char *figure_ratio(struct arena *arena, int64_t part, int64_t whole, int64_t unit)
{
    char text[POINTS_MAX_TEXT];
    if (!whole)
        return NULL;
    points_format(points_share((struct points){part * unit * 100}, 1, whole), text);
    return arena_dup(arena, text);
}
