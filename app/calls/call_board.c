/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/calls/call_board.h"

#include "app/calls/call_board.sql.h"

#include <stdlib.h>
#include <string.h>

struct call_period period_of_days(struct date from, struct date to)
{
    const int days = to.days - from.days + 1;
    return (struct call_period){from, to, date_add(from, -days), date_add(from, -1)};
}

static struct date month_day(struct month month, int day)
{
    const int index = month.months - 1;
    return date_of(index / 12, index % 12 + 1, day);
}

struct call_period period_of_month(struct month month, struct date today)
{
    const struct month before = {month.months - 1};
    const struct date from = month_day(month, 1), before_from = month_day(before, 1);
    const struct date end = date_add(month_day((struct month){month.months + 1}, 1), -1);
    const struct date before_end = date_add(from, -1);
    if (today.days < from.days || today.days >= end.days)
        return (struct call_period){from, end, before_from, before_end};
    const struct date as_far = date_add(before_from, today.days - from.days);
    return (struct call_period){from, today, before_from,
                                as_far.days < before_end.days ? as_far : before_end};
}

/* ---- reading ---- */

struct sums_row {
    int64_t contract_id;
    struct date day;
    int32_t hour;
    struct call_sums sums;
};
static const struct field HOUR_FIELDS[] = {
    FIELD(sums_row, contract_id),
    FIELD(sums_row, day),
    FIELD(sums_row, hour),
    SUM_FIELD(sums_row, sums, "dials", DIALS),
    SUM_FIELD(sums_row, sums, "connected", CONNECTED),
    SUM_FIELD(sums_row, sums, "success", SUCCESS),
    SUM_FIELD(sums_row, sums, "talk_s", TALK_S),
    SUM_FIELD(sums_row, sums, "duration_s", DURATION_S),
    FIELDS_END,
};
static const struct field STATE_FIELDS[] = {
    FIELD(sums_row, contract_id),
    SUM_FIELD(sums_row, sums, "signed_s", SIGNED_S),
    SUM_FIELD(sums_row, sums, "idle_s", IDLE_S),
    SUM_FIELD(sums_row, sums, "pause_s", PAUSE_S),
    SUM_FIELD(sums_row, sums, "talking_s", TALKING_S),
    SUM_FIELD(sums_row, sums, "wrap_s", WRAP_S),
    FIELDS_END,
};

struct asked {
    struct ctx *cx;
    int64_t *contract_ids; /* sorted */
    size_t contracts;
    struct date from, to;
    struct call_board *board; /* NULL: the total alone */
    struct call_sums *total;
};

static int id_order(const void *a, const void *b)
{
    const int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static bool is_asked(const struct asked *asked, int64_t contract_id)
{
    return bsearch(&contract_id, asked->contract_ids, asked->contracts, sizeof contract_id,
                   id_order) != NULL;
}

static enum result each_hour(void *host, const void *record)
{
    struct asked *asked = host;
    const struct sums_row *row = record;
    if (!is_asked(asked, row->contract_id) || row->hour < 0 || row->hour > 23)
        return OK;
    call_sums_add(asked->total, &row->sums);
    if (!asked->board)
        return OK;
    call_sums_add(&asked->board->days[row->day.days - asked->from.days], &row->sums);
    call_sums_add(&asked->board->hours[row->hour], &row->sums);
    call_sums_add(&asked->board->week[date_weekday(row->day) - 1][row->hour], &row->sums);
    return OK;
}

static enum result each_contract(void *host, const void *record)
{
    struct asked *asked = host;
    const struct sums_row *row = record;
    if (is_asked(asked, row->contract_id))
        call_sums_add(asked->total, &row->sums);
    return OK;
}

static enum result read_month(struct ctx *cx, void *host)
{
    struct asked *asked = host;
    const struct params span = PARAMS(P(asked->from), P(asked->to));
    TRY(db_each(cx, &q_board_hours, span, HOUR_FIELDS, sizeof(struct sums_row), each_hour, asked));
    return db_each(cx, &q_board_states, span, STATE_FIELDS, sizeof(struct sums_row), each_contract,
                   asked);
}

static enum result read_span(struct asked *asked)
{
    const int last = month_of(asked->to).months;
    for (struct month month = month_of(asked->from); month.months <= last; month.months++)
        TRY(months_read(asked->cx, calls_months(), month, read_month, asked));
    return OK;
}

static void find_hours(struct call_board *board)
{
    board->first_hour = 0;
    board->last_hour = -1;
    for (int hour = 23; hour >= 0; hour--) {
        if (!board->hours[hour].at[SUM_DIALS])
            continue;
        board->first_hour = hour;
        board->last_hour = board->last_hour < 0 ? hour : board->last_hour;
    }
}

enum result call_board_read(struct ctx *cx, const int64_t *contract_ids, size_t contracts,
                            const struct call_period *period, struct call_board *out)
{
    struct asked asked = {.cx = cx,
                          .contract_ids = ARENA_ARRAY(cx->mem, int64_t, contracts + 1),
                          .contracts = contracts,
                          .from = period->from,
                          .to = period->to,
                          .board = out,
                          .total = &out->total};
    *out = (struct call_board){.first_hour = 0};
    if (contracts)
        memcpy(asked.contract_ids, contract_ids, contracts * sizeof *contract_ids);
    qsort(asked.contract_ids, contracts, sizeof *asked.contract_ids, id_order);
    TRY(read_span(&asked));
    find_hours(out);
    asked.board = NULL;
    asked.total = &out->before;
    asked.from = period->before_from;
    asked.to = period->before_to;
    return read_span(&asked);
}
