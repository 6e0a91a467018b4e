/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Drawing calls for review: stratified by agent, and by nothing but the seed. */
#include "app/reviews/review.h"
#include "app/reviews/review.sql.h"
#include "app/reviews/sample.sql.h"
#include "app/scores/published.h"
#include "base/doc.h"
#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

#define NEWCOMER_DAYS 92 /* the first three months */
#define CALLS_MOST 20    /* of an agent in one sample, by number */
#define SHARE_MOST 200   /* by per cent */
#define AGENTS_MOST 2000
#define DRAWN_MOST 2000 /* of a sample: nobody listens to more */
#define DAYS_MOST 92

static const struct field SAMPLE_FIELDS[] = {
    RECORD_FIELDS(review_sample),
    FIELD_REF(review_sample, contract_id, "contracts", .in = MUST, .use = FIXED | FILTERED,
              .among = "service=outbound_call&state=active"),
    FIELD(review_sample, contract_number, .column = "c.number"),
    FIELD(review_sample, contract_name, .column = "c.name", .use = LISTED),
    FIELD_REF(review_sample, form_id, "review_forms", .in = MUST, .use = FIXED,
              .among = "state=in_force"),
    FIELD(review_sample, form_name, .column = "f.name", .use = LISTED),
    FIELD(review_sample, from, .in = MUST, .use = FIXED | LISTED),
    FIELD(review_sample, to, .in = MUST, .use = FIXED | LISTED),
    FIELD(review_sample, newcomer_calls, .in = MUST, .max = CALLS_MOST, .use = FIXED | LISTED),
    FIELD(review_sample, other_calls, .in = MUST, .max = CALLS_MOST, .use = FIXED | LISTED),
    FIELD(review_sample, per_cent, .in = MAY, .max = 100, .use = FIXED | LISTED),
    FIELD(review_sample, pool, .use = LISTED),
    FIELD(review_sample, seed),
    FIELD(review_sample, drawn),
    FIELD(review_sample, drawn_by, .use = LISTED),
    FIELDS_END,
};

/* ---- drawing ---- */

struct sample_agent {
    int64_t id;
    struct date from;
    struct drawn *lowest; /* in order of their ranks */
    int32_t wanted, room, count, calls;
};
static const struct field AGENT_FIELDS[] = {FIELD(sample_agent, id), FIELD(sample_agent, from),
                                            FIELDS_END};

struct drawing {
    const struct review_sample *sample;
    uint64_t seed;
    struct sample_agent *agents; /* by id */
    size_t agent_count;
    int32_t pool;
    const struct drawn *behind; /* only what comes after it in the drawn order; NULL: all */
};

static const struct field DRAWN_FIELDS[] = {FIELD(drawn, call_id), FIELD(drawn, agent_id),
                                            FIELDS_END};

static struct sample_agent *agent_of(struct drawing *drawing, int64_t id)
{
    size_t low = 0, high = drawing->agent_count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (drawing->agents[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < drawing->agent_count && drawing->agents[low].id == id ? &drawing->agents[low]
                                                                       : NULL;
}

static bool is_before(const struct drawn *a, const struct drawn *b)
{
    return a->rank != b->rank ? a->rank < b->rank : a->call_id < b->call_id;
}

static uint64_t rank_of(uint64_t seed, int64_t call_id)
{
    const uint64_t rank = hash_stable(seed, &call_id, sizeof call_id);
    return rank ^ (rank >> 32);
}

/* Into its place among the lowest of its agent; the last one falls out when there is no room. */
static enum result take(void *host, const void *record)
{
    struct drawing *drawing = host;
    struct drawn call = *(const struct drawn *)record;
    struct sample_agent *agent = agent_of(drawing, call.agent_id);
    if (!agent)
        return OK;
    call.rank = rank_of(drawing->seed, call.call_id);
    if (drawing->behind && !is_before(drawing->behind, &call))
        return OK;
    drawing->pool++;
    agent->calls++;
    int32_t place = agent->count;
    while (place > 0 && is_before(&call, &agent->lowest[place - 1]))
        place--;
    if (place >= agent->room)
        return OK;
    if (agent->count < agent->room)
        agent->count++;
    for (int32_t i = agent->count - 1; i > place; i--)
        agent->lowest[i] = agent->lowest[i - 1];
    agent->lowest[place] = call;
    return OK;
}

/* The number, or the share where that is more: a begun call counts whole. */
static int32_t taken_of(const struct review_sample *sample, const struct sample_agent *agent)
{
    const int32_t share = (int32_t)((INT64_C(99) + (int64_t)agent->calls * sample->per_cent) / 100);
    const int32_t wanted = share > agent->wanted ? share : agent->wanted;
    return wanted < agent->count ? wanted : agent->count;
}

static int by_rank(const void *a, const void *b)
{
    return is_before(a, b) ? -1 : 1;
}

static int64_t first_id(struct date date)
{
    return call_id_at(instant_of(date, 0, SHANGHAI_OFFSET_MIN));
}

static enum result read_calls(struct ctx *cx, struct drawing *drawing)
{
    const struct review_sample *sample = drawing->sample;
    return db_each(cx, &q_calls_to_draw,
                   PARAMS(P(sample->contract_id), param_number(first_id(sample->from)),
                          param_number(first_id(date_add(sample->to, 1)))),
                   DRAWN_FIELDS, sizeof(struct drawn), take, drawing);
}

static struct drawing drawing_of(const struct review_sample *sample)
{
    return (struct drawing){.sample = sample,
                            .seed = hash_stable(0, sample->seed, strlen(sample->seed))};
}

enum result sample_draw(struct ctx *cx, const struct review_sample *sample, struct drawn **out,
                        size_t *out_count, int32_t *out_pool)
{
    struct drawing drawing = drawing_of(sample);
    TRY(db_list(cx, &q_sample_agents, PARAMS(P(sample->contract_id)), AGENT_FIELDS,
                sizeof *drawing.agents, AGENTS_MOST, &drawing.agents, &drawing.agent_count));
    for (size_t i = 0; i < drawing.agent_count; i++) {
        struct sample_agent *agent = &drawing.agents[i];
        const bool is_new = agent->from.days > sample->to.days - NEWCOMER_DAYS;
        agent->wanted = is_new ? sample->newcomer_calls : sample->other_calls;
        agent->room = sample->per_cent ? SHARE_MOST : agent->wanted;
        agent->lowest = ARENA_ARRAY(cx->mem, struct drawn, (size_t)agent->room + 1);
    }
    TRY(read_calls(cx, &drawing));
    size_t most = 0;
    for (size_t i = 0; i < drawing.agent_count; i++)
        most += (size_t)drawing.agents[i].count;
    *out = ARENA_ARRAY(cx->mem, struct drawn, most + 1);
    *out_count = 0;
    for (size_t i = 0; i < drawing.agent_count; i++)
        for (int32_t k = 0; k < taken_of(sample, &drawing.agents[i]); k++)
            (*out)[(*out_count)++] = drawing.agents[i].lowest[k];
    if (*out_count)
        qsort(*out, *out_count, sizeof **out, by_rank);
    *out_pool = drawing.pool;
    return OK;
}

/* The last of the agent's in the drawn order. */
static enum result last_drawn(struct ctx *cx, const struct review *review, uint64_t seed,
                              struct drawn *out)
{
    struct drawn *calls;
    size_t count;
    TRY(db_list(cx, &q_calls_of_sample, PARAMS(P(review->sample_id), P(review->agent_id)),
                DRAWN_FIELDS, sizeof *calls, DRAWN_MOST, &calls, &count));
    *out = (struct drawn){0};
    for (size_t i = 0; i < count; i++) {
        calls[i].rank = rank_of(seed, calls[i].call_id);
        if (is_before(out, &calls[i]))
            *out = calls[i];
    }
    return OK;
}

enum result sample_next(struct ctx *cx, const struct review *review, struct call *out)
{
    struct review_sample sample;
    struct drawn lowest[2], last;
    struct sample_agent agent = {.id = review->agent_id, .lowest = lowest, .room = 1};
    *out = (struct call){0};
    TRY(record_get(cx, &REVIEW_SAMPLES, review->sample_id, &sample));
    struct drawing drawing = drawing_of(&sample);
    TRY(last_drawn(cx, review, drawing.seed, &last));
    drawing.agents = &agent;
    drawing.agent_count = 1;
    drawing.behind = &last;
    TRY(read_calls(cx, &drawing));
    return agent.count ? record_get(cx, &CALLS, lowest[0].call_id, out) : OK;
}

/* ---- a sample ---- */

static const char *drawn_text(struct ctx *cx, const struct drawn *drawn, size_t count)
{
    struct text text = text_new(cx->mem, 512);
    for (size_t i = 0; i < count; i++) {
        if (i)
            text_putc(&text, ' ');
        text_int(&text, drawn[i].call_id);
    }
    return text_end(&text);
}

enum result sample_again(struct ctx *cx, const struct review_sample *sample, bool *out_same,
                         int32_t *out_pool)
{
    struct drawn *drawn;
    size_t count;
    TRY(sample_draw(cx, sample, &drawn, &count, out_pool));
    *out_same = strcmp(drawn_text(cx, drawn, count), sample->drawn) == 0;
    return OK;
}

static enum result check_sample(struct ctx *cx, const struct review_sample *sample)
{
    struct contract contract;
    TRY(record_get(cx, &CONTRACTS, sample->contract_id, &contract));
    TRY(form_demand(cx, sample->form_id, &contract));
    if (sample->to.days < sample->from.days || sample->to.days - sample->from.days > DAYS_MOST)
        reject(cx, "from", "span", arena_printf(cx->mem, "%d", DAYS_MOST));
    TRY(rejected(cx));
    return demand_unpublished(cx, &(struct dated_fact){.contract_id = sample->contract_id,
                                                       .from = sample->from,
                                                       .to = sample->to});
}

enum result sample_prepare(struct ctx *cx, struct review_sample *sample, struct call **out_calls,
                           size_t *out_count)
{
    struct drawn *drawn;
    char seed[TOKEN_TEXT];
    TRY(check_sample(cx, sample));
    random_token(seed);
    sample->seed = arena_dup(cx->mem, seed);
    sample->drawn_by = cx->actor->person_name;
    TRY(sample_draw(cx, sample, &drawn, out_count, &sample->pool));
    if (!*out_count)
        reject_clause(cx, "C2.4", "from", "nothing_to_draw");
    if (*out_count > DRAWN_MOST)
        reject(cx, "per_cent", "too_many_drawn", arena_printf(cx->mem, "%d", DRAWN_MOST));
    TRY(rejected(cx));
    sample->drawn = drawn_text(cx, drawn, *out_count);
    *out_calls = ARENA_ARRAY(cx->mem, struct call, *out_count);
    for (size_t i = 0; i < *out_count; i++)
        TRY(record_get(cx, &CALLS, drawn[i].call_id, &(*out_calls)[i]));
    return OK;
}

/* ---- its reviews ---- */

static const struct field ID_FIELDS[] = {FIELD(record, id), FIELDS_END};
#define REVIEWERS_MOST 100

enum result reviewers_of(struct ctx *cx, int64_t contract_id, struct record **out,
                         size_t *out_count)
{
    struct contract contract;
    TRY(record_get(cx, &CONTRACTS, contract_id, &contract));
    return db_list(cx, &q_reviewers, PARAMS(P(contract.provider_id)), ID_FIELDS, sizeof **out,
                   REVIEWERS_MOST, out, out_count);
}

enum result sample_assign(struct ctx *cx, const struct review_sample *sample,
                          const struct call *call, int64_t reviewer_id, int64_t replaces_id)
{
    const char *reported, *items;
    struct contract contract;
    TRY(record_get(cx, &CONTRACTS, sample->contract_id, &contract));
    TRY(form_freeze(cx, sample->form_id, &items));
    TRY(db_text(cx, &q_review_call_result, PARAMS(P(call->id)), &reported));
    struct review review = {
        .call_id = call->id,
        .call_result =
            *reported ? choice_find(CALL_RESULTS, reported, strlen(reported)) : call->result,
        .started_at = call->started_at,
        .contract_id = contract.id,
        .unit_id = contract.unit_id,
        .provider_id = contract.provider_id,
        .client_id = contract.client_id,
        .agent_id = call->agent_id,
        .person_id = call->person_id,
        .sample_id = sample->id,
        .form_id = sample->form_id,
        .reviewer_id = reviewer_id,
        .replaces_id = replaces_id,
        .items = items,
        .carried = true,
        .state = REVIEW_DRAFT,
    };
    return record_add(cx, &REVIEWS, &review);
}

static const struct field PROGRESS_FIELDS[] = {FIELD(sample_progress, judged),
                                               FIELD(sample_progress, skipped),
                                               FIELD(sample_progress, waiting), FIELDS_END};

enum result sample_progress(struct ctx *cx, int64_t sample_id, struct sample_progress *out)
{
    return db_one(cx, &q_sample_progress, PARAMS(P(sample_id)), PROGRESS_FIELDS, out);
}

/* Turns go on where the last draw of the provider ended: many small samples burden nobody more. */
static enum result first_turn(struct ctx *cx, int64_t contract_id, const struct record *reviewers,
                              size_t count, size_t *out)
{
    struct contract contract;
    int64_t last;
    TRY(record_get(cx, &CONTRACTS, contract_id, &contract));
    TRY(db_int(cx, &q_reviewer_last, PARAMS(P(contract.provider_id)), &last));
    *out = 0;
    while (*out < count && reviewers[*out].id <= last)
        (*out)++;
    return OK;
}

/* The next in turn who did not make the call: nobody judges the own. */
static const struct record *in_turn(const struct record *reviewers, size_t count,
                                    const struct call *call, size_t *turn)
{
    for (size_t i = 0; i < count; i++) {
        const struct record *next = &reviewers[(*turn)++ % count];
        if (next->id != call->person_id)
            return next;
    }
    return NULL;
}

/* Each drawn call becomes the next of a reviewer, in the order in which they were drawn. */
enum result sample_add(struct ctx *cx, struct review_sample *sample, const struct call *calls,
                       size_t count)
{
    struct record *reviewers;
    size_t reviewer_count, turn;
    TRY(reviewers_of(cx, sample->contract_id, &reviewers, &reviewer_count));
    TRY(first_turn(cx, sample->contract_id, reviewers, reviewer_count, &turn));
    TRY(record_add(cx, &REVIEW_SAMPLES, sample));
    for (size_t i = 0; i < count; i++) {
        const struct record *reviewer = in_turn(reviewers, reviewer_count, &calls[i], &turn);
        if (!reviewer)
            return fail(cx, CONFLICT, "review_sample.no_reviewer");
        TRY(sample_assign(cx, sample, &calls[i], reviewer->id, 0));
    }
    return OK;
}

const struct resource REVIEW_SAMPLES = {
    .name = "review_samples",
    .clause = "C2.4",
    .fields = SAMPLE_FIELDS,
    .size = sizeof(struct review_sample),
    .joins = "JOIN contracts c ON c.id = t.contract_id JOIN review_forms f ON f.id = t.form_id",
    .title = "contract_name",
    .sort = "-id",
    .parent = &CONTRACTS,
    .parent_field = "contract_id",
};
