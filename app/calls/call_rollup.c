/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What calls add up to, by person, number and hour, in the transaction that puts them in. */
#include "app/calls/call.sql.h"
#include "app/calls/call_private.h"
#include "base/hash.h"

#include <stdlib.h>

struct figures {
    int64_t dials, connected, success, talk_s, duration_s;
};

struct sum {
    int64_t id;
    struct date day;
    int32_t hour;
    int64_t contract_id, whom, person_id;
    struct figures figures;
};

static int sum_order(const void *a, const void *b)
{
    const int64_t left = ((const struct sum *)a)->id, right = ((const struct sum *)b)->id;
    return (left > right) - (left < right);
}

/* Sums by id: a table of twice as many places as there may be sums, each the number of one. */
struct sums {
    struct sum *at;
    size_t count;
    uint32_t *places;
    uint64_t mask;
};

static struct sums sums_new(struct ctx *cx, size_t most)
{
    size_t places = 16;
    while (places < 2 * most)
        places *= 2;
    return (struct sums){.at =
                             (struct sum *)(void *)arena_buffer(cx->mem, most * sizeof(struct sum)),
                         .places = ARENA_ARRAY(cx->mem, uint32_t, places),
                         .mask = places - 1};
}

/* The sum of that id, for the caller to fill when it is new (id 0). */
static struct sum *sums_at(struct sums *sums, int64_t id)
{
    uint64_t at = hash_quick(&id, sizeof id);
    for (; sums->places[at & sums->mask]; at++) {
        struct sum *sum = &sums->at[sums->places[at & sums->mask] - 1];
        if (sum->id == id)
            return sum;
    }
    struct sum *made = &sums->at[sums->count++];
    sums->places[at & sums->mask] = (uint32_t)sums->count;
    *made = (struct sum){.id = 0};
    return made;
}

static void figures_add(struct figures *sum, const struct figures *one)
{
    sum->dials += one->dials;
    sum->connected += one->connected;
    sum->success += one->success;
    sum->talk_s += one->talk_s;
    sum->duration_s += one->duration_s;
}

/* Whom a roll-up counts, in the lower 32 bits of its id; of somebody unknown, the contract's. */
static int64_t sum_id(int64_t time, int64_t whom, int64_t contract_id)
{
    const int64_t low = whom ? whom : contract_id | INT64_C(1) << 31;
    return time << 32 | (low & UINT32_MAX);
}

/* A number may be permitted to several contracts at once: each has a row of its own. */
static int64_t number_day_id(int64_t day, int64_t number_id, int64_t contract_id)
{
    return day << 48 | number_id << 24 | contract_id;
}

static struct figures figures_of(enum call_result result, int32_t talk_s, int32_t duration_s)
{
    return (struct figures){
        .dials = 1,
        .connected = result == CALL_SUCCESS || result == CALL_CONTACTED,
        .success = result == CALL_SUCCESS,
        .talk_s = talk_s,
        .duration_s = duration_s,
    };
}

/* The five figures at the end of a roll-up's parameters. */
static void put_figures(struct param *params, const struct figures *sum)
{
    params[0] = param_number(sum->dials);
    params[1] = param_number(sum->connected);
    params[2] = param_number(sum->success);
    params[3] = param_number(sum->talk_s);
    params[4] = param_number(sum->duration_s);
}

static void put_agent_day(struct param *params, const struct sum *sum)
{
    params[2] = param_id(sum->contract_id);
    params[3] = param_id(sum->whom);
    params[4] = param_id(sum->person_id);
    put_figures(params + 5, &sum->figures);
}

static void put_number_day(struct param *params, const struct sum *sum)
{
    params[2] = param_id(sum->contract_id);
    params[3] = param_id(sum->whom);
    put_figures(params + 4, &sum->figures);
}

static void put_contract_hour(struct param *params, const struct sum *sum)
{
    params[2] = param_int(sum->hour);
    params[3] = param_id(sum->contract_id);
    put_figures(params + 4, &sum->figures);
}

enum rollup { AGENT_DAYS, NUMBER_DAYS, CONTRACT_HOURS, ROLLUP_COUNT };

static const struct {
    const struct query *query, *correct, *tidy;
    int columns;
    void (*put)(struct param *params, const struct sum *sum);
} ROLLUPS[ROLLUP_COUNT] = {
    [AGENT_DAYS] = {&q_agent_days_add, &q_agent_day_correct, &q_agent_day_tidy, 10, put_agent_day},
    [NUMBER_DAYS] = {&q_number_days_add, &q_number_day_correct, &q_number_day_tidy, 9,
                     put_number_day},
    [CONTRACT_HOURS] = {&q_contract_hours_add, &q_contract_hour_correct, &q_contract_hour_tidy, 9,
                        put_contract_hour},
};

#define EPOCH_DAYS 18262 /* from 1970 to 2020 */

#define EPOCH_DAY 737425 /* 2020-01-01 as a date */

int64_t rollup_id(struct date day)
{
    return (int64_t)(day.days - EPOCH_DAY) << 32;
}

int64_t agent_day_id(struct date day, int64_t agent_id, int64_t contract_id)
{
    return sum_id(day.days - EPOCH_DAY, agent_id, contract_id);
}

/* Days and hours of Shanghai since 2020, in which a call began. */
struct when {
    int64_t day, hour;
};

static struct when when_of(int64_t id)
{
    const int64_t hours = (call_instant(id).ms / 60000 + SHANGHAI_OFFSET_MIN) / 60;
    return (struct when){hours / 24 - EPOCH_DAYS, hours - EPOCH_DAYS * 24};
}

static void ids_of(const struct call_row *row, const struct when *when, int64_t out[ROLLUP_COUNT])
{
    out[AGENT_DAYS] = sum_id(when->day, row->agent_id, row->contract_id);
    out[NUMBER_DAYS] = number_day_id(when->day, row->number_id, row->contract_id);
    out[CONTRACT_HOURS] = sum_id(when->hour, 0, row->contract_id);
}

static void sum_begin(struct sum *sum, int64_t id, enum rollup rollup, const struct call_row *row,
                      const struct when *when)
{
    sum->id = id;
    sum->day = instant_date(call_instant(row->id), SHANGHAI_OFFSET_MIN);
    sum->hour = (int32_t)(when->hour % 24);
    sum->contract_id = row->contract_id;
    sum->whom = rollup == AGENT_DAYS ? row->agent_id : row->number_id;
    sum->person_id = row->person_id;
}

#define AT_ONCE 500 /* rows: their parameters stay in the processor's cache */

static enum result put_sums(struct ctx *cx, enum rollup rollup, const struct sums *sums)
{
    const size_t columns = (size_t)ROLLUPS[rollup].columns;
    const size_t room = sums->count < AT_ONCE ? sums->count : AT_ONCE;
    struct param *params = ARENA_ARRAY(cx->mem, struct param, room * columns + 1);
    struct date day = {0};
    const char *words = ""; /* of the day: many rows have the same */
    size_t count = 0;
    for (size_t i = 0; i < sums->count; i++) {
        struct param *row = params + count++ * columns;
        if (sums->at[i].day.days != day.days) {
            day = sums->at[i].day;
            char *text = arena_alloc(cx->mem, DATE_MAX_TEXT);
            date_format(day, text);
            words = text;
        }
        row[0] = param_number(sums->at[i].id);
        row[1] = param_text(words);
        ROLLUPS[rollup].put(row, &sums->at[i]);
        if (count == AT_ONCE || i + 1 == sums->count) {
            TRY(db_change_rows(cx, ROLLUPS[rollup].query, params, (int)columns, count, NULL));
            count = 0;
        }
    }
    return OK;
}

static void sums_add(struct sums sums[ROLLUP_COUNT], const struct call_row *row,
                     const struct figures *one)
{
    int64_t ids[ROLLUP_COUNT];
    const struct when when = when_of(row->id);
    ids_of(row, &when, ids);
    for (enum rollup k = 0; k < ROLLUP_COUNT; k++) {
        struct sum *sum = sums_at(&sums[k], ids[k]);
        if (!sum->id)
            sum_begin(sum, ids[k], k, row, &when);
        figures_add(&sum->figures, one);
    }
}

static struct call_row row_of_kept(const struct call_kept *kept)
{
    return (struct call_row){.id = kept->id,
                             .contract_id = kept->contract_id,
                             .agent_id = kept->agent_id,
                             .number_id = kept->number_id};
}

/* What it said until now counts no longer. */
static void sums_take_back(struct sums sums[ROLLUP_COUNT], const struct call_kept *kept)
{
    const struct call_row row = row_of_kept(kept);
    const struct figures one = figures_of(kept->result, kept->talk_s, kept->duration_s);
    const struct figures less = {-one.dials, -one.connected, -one.success, -one.talk_s,
                                 -one.duration_s};
    sums_add(sums, &row, &less);
}

/* Where that was the only call, nothing is left. */
static enum result tidy(struct ctx *cx, const struct call_kept *kept)
{
    const struct call_row row = row_of_kept(kept);
    const struct when when = when_of(row.id);
    int64_t ids[ROLLUP_COUNT];
    ids_of(&row, &when, ids);
    for (int i = 0; i < ROLLUP_COUNT; i++)
        TRY(db_change(cx, ROLLUPS[i].tidy, PARAMS(param_number(ids[i])), NULL));
    return OK;
}

/* A row that was revised is taken back where it stood, too. */
static size_t most_sums(const struct call_batch *batch)
{
    size_t most = 0;
    for (size_t i = 0; i < batch->count; i++)
        most += batch->rows[i].before ? 2 : batch->rows[i].is_new;
    return most;
}

enum result calls_roll_up(struct ctx *cx, const struct call_batch *batch)
{
    struct sums sums[ROLLUP_COUNT];
    const size_t most = most_sums(batch);
    for (int i = 0; i < ROLLUP_COUNT; i++)
        sums[i] = sums_new(cx, most);
    for (size_t i = 0; i < batch->count; i++) {
        const struct call_row *row = &batch->rows[i];
        if (!row->is_new && !row->before)
            continue;
        const struct figures one =
            figures_of(row_result(row), row->line->talk_s, row->line->duration_s);
        sums_add(sums, row, &one);
        if (row->before)
            sums_take_back(sums, row->before);
    }
    for (enum rollup i = 0; i < ROLLUP_COUNT; i++) {
        if (sums[i].count)
            qsort(sums[i].at, sums[i].count, sizeof *sums[i].at, sum_order);
        TRY(put_sums(cx, i, &sums[i]));
    }
    for (size_t i = 0; i < batch->count; i++)
        if (batch->rows[i].before)
            TRY(tidy(cx, batch->rows[i].before));
    return OK;
}

/* ---- judged anew ---- */

struct judged {
    int64_t contract_id, agent_id, number_id;
    enum call_result result, reported;
};
static const struct field JUDGED_FIELDS[] = {
    FIELD(judged, contract_id),
    FIELD(judged, agent_id),
    FIELD(judged, number_id),
    FIELD_ENUM(judged, result, CALL_RESULTS, .use = AS_NUMBER),
    FIELD_ENUM(judged, reported, CALL_RESULTS, .use = AS_NUMBER),
    FIELDS_END,
};

static enum result correct(struct ctx *cx, int64_t id, const struct judged *judged,
                           enum call_result result)
{
    int64_t ids[ROLLUP_COUNT];
    const struct call_row row = {.id = id,
                                 .contract_id = judged->contract_id,
                                 .agent_id = judged->agent_id,
                                 .number_id = judged->number_id};
    const struct when when = when_of(id);
    const struct figures before = figures_of(judged->result, 0, 0),
                         after = figures_of(result, 0, 0);
    ids_of(&row, &when, ids);
    TRY(db_change_one(cx, &q_revision_add,
                      PARAMS(P(id), P(cx->now), P("judged"), P(cx->actor->person_id))));
    for (int i = 0; i < ROLLUP_COUNT; i++)
        TRY(db_change_one(cx, ROLLUPS[i].correct,
                          PARAMS(param_number(ids[i]),
                                 param_number(after.connected - before.connected),
                                 param_number(after.success - before.success))));
    return OK;
}

enum result call_judge(struct ctx *cx, int64_t id, bool is_struck, enum call_result *out_result)
{
    struct judged judged;
    enum result there = db_one(cx, &q_call_judged, PARAMS(P(id)), JUDGED_FIELDS, &judged);
    if (there != OK)
        return there == NOT_FOUND ? fail(cx, NOT_FOUND, "record.not_found") : there;
    const enum call_result said = judged.reported ? judged.reported : judged.result;
    *out_result = struck_result(said, is_struck);
    if ((judged.reported != 0) == is_struck)
        return OK;
    if (*out_result != judged.result)
        TRY(correct(cx, id, &judged, *out_result));
    return db_change_one(
        cx, &q_call_judge,
        PARAMS(P(id), P((int32_t)*out_result), param_id(is_struck ? (int64_t)said : 0)));
}
