/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A long-term contract owes the served party's judgement of every quarter (V5.1.5). */
#include "app/surveys/survey.h"

#include "app/surveys/survey.sql.h"

enum { SURVEY_QUARTER };
#define QUARTER 3

/* It is owed from the quarter's last month on, so that there is time to ask. */
static bool ends_quarter(struct month month)
{
    return month.months % QUARTER == 0;
}

static enum result judge_quarter(struct ctx *cx, const void *record, struct duty *duty,
                                 enum owing *out)
{
    const struct contract *contract = record;
    struct month month = {0};
    int64_t covered;
    if (contract->kind != CONTRACT_CONTINUOUS || contract->state != CONTRACT_ACTIVE ||
        !month_parse(duty->period, &month) || !ends_quarter(month))
        return OK;
    const struct period quarter = {{month.months - QUARTER + 1}, QUARTER};
    const struct date known = instant_date(contract->created_at, SHANGHAI_OFFSET_MIN);
    if (contract->starts_on.days > period_from(quarter).days ||
        known.days > period_from(quarter).days)
        return OK; /* it was not in force, or not in the ledger, all through it */
    TRY(db_int(cx, &q_survey_covers,
               PARAMS(P(contract->id), P(period_from(quarter)), P(period_to(quarter))), &covered));
    *out = covered ? OWING_MET : OWING_DUTY;
    duty->title = arena_printf(cx->mem, "%s · %s", contract->name, period_text(cx->mem, quarter));
    duty->contract_id = contract->id;
    duty_of_client(duty, contract->client_id, contract->unit_id, ROLE_PM);
    duty->due_at = due_of(cx, &SURVEY_DUTIES[SURVEY_QUARTER], day_end(period_to(quarter)));
    return OK;
}

const struct duty_rule SURVEY_DUTIES[] = {
    [SURVEY_QUARTER] = {"survey_quarter",
                        "V5.1.5",
                        &CONTRACTS,
                        judge_quarter,
                        {.kind = DUE_WORKING_DAYS, .count = 10},
                        .monthly = true,
                        .also = &SURVEYS,
                        .also_ids = &q_contract_of_survey},
    DUTY_RULES_END,
};
