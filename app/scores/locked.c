/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/scores/locked.h"

#include "app/scores/locked.sql.h"

enum result fact_locked(struct ctx *cx, const struct dated_fact *fact, struct month *out)
{
    const char *month;
    TRY(db_text(cx, &q_fact_locked,
                PARAMS(param_number(fact->contract_id), param_number(fact->person_id),
                       param_number(fact->provider_id), P(month_of(fact->from)),
                       P(month_of(fact->to))),
                &month));
    *out = (struct month){0};
    (void)month_parse(month, out);
    return OK;
}

enum result demand_unlocked(struct ctx *cx, const struct dated_fact *fact)
{
    struct month month;
    char text[MONTH_MAX_TEXT];
    TRY(fact_locked(cx, fact, &month));
    month_format(month, text);
    return month.months ? fail(cx, CONFLICT, "month.locked", arena_dup(cx->mem, text)) : OK;
}

enum result demand_day_unlocked(struct ctx *cx, int64_t person_id, struct date day)
{
    return demand_unlocked(cx,
                           &(struct dated_fact){.person_id = person_id, .from = day, .to = day});
}
