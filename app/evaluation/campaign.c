/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Campaigns (V3.1): all contracts or projects of a company are evaluated for a period. The clock
 * opens the drafts, and ends the times of audit and of objections. */
#include "app/evaluation/evaluation.sql.h"
#include "app/evaluation/evaluation_private.h"
#include "base/texts.h"

#include <string.h>

#define ROWS_MOST 20000
#define SWEEP_MOST 200
#define WORKED_COLUMNS 6

static const char *const STATES[] = {"planned", "open", "closed", NULL};
static const struct field ID_FIELDS[] = {FIELD(record, id), FIELDS_END};

static const struct field CAMPAIGN_FIELDS[] = {
    RECORD_FIELDS(evaluation_campaign),
    FIELD(evaluation_campaign, name, .in = MAY, .max = 60, .use = LISTED),
    FIELD_REF(evaluation_campaign, organisation_id, "organisations", .use = HIDDEN | NO_DIFF),
    FIELD_ENUM(evaluation_campaign, subject, SCHEME_SUBJECTS, .in = MAY, .use = FIXED | LISTED),
    FIELD(evaluation_campaign, period, .in = MUST, .max = 7, .use = FIXED | LISTED,
          .clause = "V3.1"),
    FIELD(evaluation_campaign, submit_by, .in = MAY, .use = FIXED | LISTED),
    FIELD(evaluation_campaign, repeats, .in = MAY, .use = LISTED),
    FIELD_REF(evaluation_campaign, opener_id, "people", .use = NO_DIFF),
    FIELD(evaluation_campaign, opened_by, .column = "COALESCE(p.name, '')"),
    FIELD(evaluation_campaign, opened_at, .use = LISTED),
    FIELD(evaluation_campaign, worked_at, .use = NO_DIFF, .clause = "V6.1.1"),
    FIELD_ENUM(evaluation_campaign, state, STATES, .use = LISTED | FILTERED),
    FIELDS_END,
};

/* The last day for submitting: five working days after the period, unless somebody says another. */
static struct date usual_day(struct ctx *cx, struct period period)
{
    return instant_date(due_of(cx, &EVALUATION_DUTIES[SUBMIT_RULE], day_end(period_to(period))),
                        SHANGHAI_OFFSET_MIN);
}

static enum result campaign_check(struct ctx *cx, void *record, const void *before)
{
    struct evaluation_campaign *campaign = record;
    struct period period;
    if (before)
        return OK;
    if (!campaign->subject)
        campaign->subject = SCHEME_CONTRACT;
    if (campaign->subject != SCHEME_CONTRACT && campaign->subject != SCHEME_PROJECT)
        reject_clause(cx, "V3.1", "subject", "not_evaluated");
    if (!campaign->organisation_id)
        campaign->organisation_id = cx->actor->organisation_id;
    if (!campaign->opener_id)
        campaign->opener_id = cx->actor->person_id;
    campaign->state = CAMPAIGN_PLANNED;
    if (!period_parse(campaign->period, &period)) {
        reject_clause(cx, "V3.1", "period", "not_a_period");
        return OK;
    }
    if (!campaign->submit_by.days)
        campaign->submit_by = usual_day(cx, period);
    if (campaign->submit_by.days <= period_to(period).days)
        reject_clause(cx, "V3.1", "submit_by", "after_the_period");
    if (!*campaign->name)
        campaign->name =
            texts_fill(cx->mem,
                       campaign->subject == SCHEME_PROJECT ? "evaluation_campaigns.usual.project"
                                                           : "evaluation_campaigns.usual.contract",
                       LANG_ZH, (const char *const[]){campaign->period, NULL, NULL});
    return OK;
}

const struct resource EVALUATION_CAMPAIGNS = {
    .name = "evaluation_campaigns",
    .clause = "V3.1",
    .fields = CAMPAIGN_FIELDS,
    .size = sizeof(struct evaluation_campaign),
    .joins = "LEFT JOIN people p ON p.id = t.opener_id",
    .title = "name",
    .sort = "-id",
    .scope = {[SIDE_CLIENT] = "@organisation_id = :org"},
    .check = campaign_check,
};

/* ---- whom there is ---- */

const struct field CAMPAIGN_ROW_FIELDS[] = {
    FIELD(campaign_row, subject_id),
    FIELD(campaign_row, unit_id),
    FIELD(campaign_row, evaluation_id),
    FIELD(campaign_row, provider_id, .use = HIDDEN),
    FIELD(campaign_row, scheme_id, .use = HIDDEN),
    FIELD(campaign_row, path, .use = HIDDEN),
    FIELD(campaign_row, name),
    FIELD(campaign_row, unit_name),
    FIELD(campaign_row, provider_name),
    FIELD_ENUM(campaign_row, service, SERVICES),
    FIELD(campaign_row, briefed),
    FIELD(campaign_row, state),
    FIELD(campaign_row, grade),
    FIELD(campaign_row, ungraded),
    FIELD(campaign_row, scored),
    FIELD(campaign_row, total, .known_by = "scored"),
    FIELD(campaign_row, lacks),
    FIELDS_END,
};

enum result campaign_rows(struct ctx *cx, const struct evaluation_campaign *campaign,
                          struct campaign_row **out, size_t *out_count)
{
    struct period period = {.months = 1};
    struct unit_scheme *schemes;
    size_t scheme_count;
    const char *from, *to;
    (void)period_parse(campaign->period, &period);
    actor_paths(cx, &from, &to);
    TRY(db_list(cx,
                campaign->subject == SCHEME_PROJECT ? &q_campaign_projects : &q_campaign_contracts,
                PARAMS(P(campaign->organisation_id), P(campaign->period), P(period_from(period)),
                       P(period_to(period)),
                       P(instant_of(period_from(period), 0, SHANGHAI_OFFSET_MIN)), P(from), P(to)),
                CAMPAIGN_ROW_FIELDS, sizeof **out, ROWS_MOST, out, out_count));
    TRY(schemes_of_units(cx, campaign->subject, period_last_month(period), &schemes,
                         &scheme_count));
    struct campaign_row *rows = *out;
    for (size_t i = 0; i < *out_count; i++) {
        rows[i].scheme_id = scheme_nearest(schemes, scheme_count, rows[i].path, rows[i].service);
        rows[i].lacks = rows[i].scheme_id ? "" : "scheme";
        if (!rows[i].briefed)
            rows[i].lacks = "briefing";
        if (!*rows[i].lacks && !period_is_over(cx->now, period))
            rows[i].lacks = "period";
        if (rows[i].evaluation_id)
            rows[i].lacks = "";
    }
    return OK;
}

/* ---- opening ---- */

static enum result open_draft(struct ctx *cx, const struct evaluation_campaign *campaign,
                              const struct campaign_row *row)
{
    struct evaluation evaluation = {.subject = campaign->subject,
                                    .contract_id =
                                        campaign->subject == SCHEME_CONTRACT ? row->subject_id : 0,
                                    .unit_id = row->unit_id,
                                    .provider_id = row->provider_id,
                                    .client_id = campaign->organisation_id,
                                    .service = row->service,
                                    .scheme_id = row->scheme_id,
                                    .campaign_id = campaign->id,
                                    .submit_by = day_end(campaign->submit_by)};
    fields_blank(EVALUATIONS.fields, &evaluation);
    evaluation.period = campaign->period;
    return record_add(cx, &EVALUATIONS, &evaluation);
}

/* All drafts of the campaign that the actor sees. */
static enum result find_drafts(struct ctx *cx, const struct evaluation_campaign *campaign,
                               struct evaluation **out, size_t *out_count)
{
    struct evaluation *all = *out = ARENA_ARRAY(cx->mem, struct evaluation, ROWS_MOST);
    struct list list = {.count = 1};
    const char *from, *to;
    int64_t last = 0;
    size_t count = 0;
    actor_paths(cx, &from, &to);
    while (list.count && count < ROWS_MOST) {
        TRY(record_select(cx, &EVALUATIONS, "drafts",
                          "t.campaign_id = $1 AND t.state = 'drafted' AND t.id > $2 AND ($3 = '' "
                          "OR (u.path >= $3 AND u.path < $4)) ORDER BY t.id LIMIT 1000",
                          PARAMS(P(campaign->id), param_number(last), P(from), P(to)), &list));
        const size_t room = ROWS_MOST - count, taken = list.count < room ? list.count : room;
        memcpy(all + count, list.rows, taken * sizeof *all);
        count += taken;
        last = count ? all[count - 1].id : 0;
    }
    *out_count = count;
    return OK;
}

static bool differs(const struct evaluation *now, const struct evaluation *kept)
{
    return now->scored != kept->scored || now->total.hundredths != kept->total.hundredths ||
           now->grade != kept->grade || now->ungraded != kept->ungraded ||
           now->vetoed != kept->vetoed;
}

enum result campaign_work_out(struct ctx *cx, const struct evaluation_campaign *campaign,
                              int64_t *out_drafts)
{
    struct evaluation *drafts;
    const char *from, *to;
    size_t count, columns = 0;
    if (campaign->state != CAMPAIGN_OPEN)
        return fail(cx, CONFLICT, "campaign.not_open", campaign->name);
    TRY(find_drafts(cx, campaign, &drafts, &count));
    struct evaluation *now = ARENA_ARRAY(cx->mem, struct evaluation, count + 1);
    memcpy(now, drafts, count * sizeof *now);
    TRY(evaluations_work_out(cx, now, count));
    struct param *params = ARENA_ARRAY(cx->mem, struct param, count * WORKED_COLUMNS + 1);
    for (size_t i = 0; i < count; i++) {
        if (!differs(&now[i], &drafts[i]))
            continue;
        params[columns++] = P(now[i].id);
        params[columns++] = P(now[i].scored);
        params[columns++] = P(now[i].total);
        params[columns++] = P(choice_name(GRADES, now[i].grade));
        params[columns++] = P(choice_name(UNGRADED, now[i].ungraded));
        params[columns++] = P(now[i].vetoed);
    }
    TRY(db_change_rows(cx, &q_evaluations_worked, params, WORKED_COLUMNS, columns / WORKED_COLUMNS,
                       NULL));
    *out_drafts = (int64_t)count;
    actor_paths(cx, &from, &to);
    /* Nobody decided anything: the trail has nothing to tell. */
    return *from ? OK /* confined to a part of them */
                 : db_change(cx, &q_campaign_worked, PARAMS(P(campaign->id), P(cx->now)), NULL);
}

enum result campaign_open(struct ctx *cx, const struct evaluation_campaign *campaign,
                          int64_t *out_drafts)
{
    struct evaluation_campaign after = *campaign;
    struct campaign_row *rows;
    struct period period;
    size_t count;
    int64_t worked;
    *out_drafts = 0;
    if (campaign->state == CAMPAIGN_CLOSED)
        return fail(cx, CONFLICT, "campaign.not_open", campaign->name);
    if (!period_parse(campaign->period, &period) || !period_is_over(cx->now, period))
        return fail(cx, CONFLICT, "campaign.period_runs", campaign->period);
    TRY(campaign_rows(cx, campaign, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        if (rows[i].evaluation_id || *rows[i].lacks)
            continue;
        TRY(open_draft(cx, campaign, &rows[i]));
        ++*out_drafts;
    }
    if (campaign->state == CAMPAIGN_PLANNED) {
        after.state = CAMPAIGN_OPEN;
        after.opened_at = cx->now;
        TRY(record_change(cx, &EVALUATION_CAMPAIGNS, "open", campaign, &after));
    }
    return campaign_work_out(cx, &after, &worked);
}

enum result campaign_close(struct ctx *cx, const struct evaluation_campaign *campaign)
{
    struct evaluation_campaign after = *campaign;
    int64_t drafts;
    if (campaign->state != CAMPAIGN_OPEN)
        return fail(cx, CONFLICT, "campaign.not_open", campaign->name);
    TRY(db_int(cx, &q_campaign_drafts, PARAMS(P(campaign->id)), &drafts));
    if (drafts)
        return fail(cx, CONFLICT, "campaign.drafts_left",
                    arena_printf(cx->mem, "%lld", (long long)drafts));
    after.state = CAMPAIGN_CLOSED;
    return record_change(cx, &EVALUATION_CAMPAIGNS, "close", campaign, &after);
}

/* ---- the clock ---- */

typedef enum result (*each_run)(struct ctx *cx, int64_t id);

static enum result each_of(struct ctx *cx, const struct query *query, struct params params,
                           each_run run)
{
    struct record *rows;
    size_t count;
    TRY(db_list(cx, query, params, ID_FIELDS, sizeof *rows, SWEEP_MOST, &rows, &count));
    for (size_t i = 0; i < count; i++)
        TRY(run(cx, rows[i].id));
    return OK;
}

static enum result open_over(struct ctx *cx, int64_t id)
{
    struct evaluation_campaign campaign;
    struct period period;
    int64_t drafts;
    TRY(record_get(cx, &EVALUATION_CAMPAIGNS, id, &campaign));
    return period_parse(campaign.period, &period) && period_is_over(cx->now, period)
               ? campaign_open(cx, &campaign, &drafts)
               : OK;
}

static enum result work_out_again(struct ctx *cx, int64_t id)
{
    struct evaluation_campaign campaign;
    int64_t drafts;
    TRY(record_get(cx, &EVALUATION_CAMPAIGNS, id, &campaign));
    return campaign_work_out(cx, &campaign, &drafts);
}

static enum result plan_next(struct ctx *cx, int64_t id)
{
    struct evaluation_campaign campaign;
    struct period period;
    TRY(record_get(cx, &EVALUATION_CAMPAIGNS, id, &campaign));
    if (!period_parse(campaign.period, &period))
        return OK;
    struct evaluation_campaign next = {.organisation_id = campaign.organisation_id,
                                       .subject = campaign.subject,
                                       .repeats = true,
                                       .opener_id = campaign.opener_id};
    fields_blank(CAMPAIGN_FIELDS, &next);
    next.period = period_text(cx->mem, period_add(period, 1));
    return record_add(cx, &EVALUATION_CAMPAIGNS, &next);
}

static enum result pass_silently(struct ctx *cx, int64_t id)
{
    struct evaluation evaluation;
    TRY(record_get(cx, &EVALUATIONS, id, &evaluation));
    return evaluation_let_pass(cx, &evaluation, "audit_time_over");
}

static enum result finish_silently(struct ctx *cx, int64_t id)
{
    struct evaluation evaluation;
    TRY(record_get(cx, &EVALUATIONS, id, &evaluation));
    return evaluation_finish(cx, &evaluation, "objection_time_over");
}

enum result evaluations_sweep(struct ctx *cx)
{
    const struct param most = param_int(SWEEP_MOST);
    TRY(each_of(cx, &q_evaluations_passing, PARAMS(P(cx->now), most), pass_silently));
    TRY(each_of(cx, &q_evaluations_ending, PARAMS(P(cx->now), most), finish_silently));
    TRY(each_of(cx, &q_campaigns_repeating, PARAMS(most), plan_next));
    TRY(each_of(cx, &q_campaigns_waiting, PARAMS(most), open_over));
    return each_of(
        cx, &q_campaigns_aged,
        PARAMS(P(instant_of(instant_date(cx->now, SHANGHAI_OFFSET_MIN), 0, SHANGHAI_OFFSET_MIN)),
               most),
        work_out_again);
}
