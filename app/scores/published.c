/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/scores/published.h"

#include "app/scores/published.sql.h"

static const struct field PUBLISHED_FIELDS[] = {FIELD(published_month, month),
                                                FIELD(published_month, locked), FIELDS_END};

enum result fact_published(struct ctx *cx, const struct dated_fact *fact,
                           struct published_month *out)
{
    *out = (struct published_month){0};
    const enum result found = db_one(
        cx, &q_fact_published,
        PARAMS(param_number(fact->contract_id), param_number(fact->person_id),
               param_number(fact->provider_id), P(month_of(fact->from)), P(month_of(fact->to))),
        PUBLISHED_FIELDS, out);
    return found == NOT_FOUND ? OK : found;
}

enum result demand_unpublished(struct ctx *cx, const struct dated_fact *fact)
{
    struct published_month published;
    char text[MONTH_MAX_TEXT];
    TRY(fact_published(cx, fact, &published));
    month_format(published.month, text);
    return published.month.months
               ? fail(cx, CONFLICT, published.locked ? "month.locked" : "month.published",
                      arena_dup(cx->mem, text))
               : OK;
}

enum result demand_day_unpublished(struct ctx *cx, int64_t person_id, struct date day)
{
    return demand_unpublished(cx,
                              &(struct dated_fact){.person_id = person_id, .from = day, .to = day});
}
