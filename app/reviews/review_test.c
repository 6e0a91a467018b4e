/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/calls/test_centre.h"
#include "app/reviews/recording.h"
#include "app/reviews/review.h"

/* ---- the score ---- */

#define POINTS(weight_, hundredths_)                                                               \
    {                                                                                              \
        .kind = ITEM_SCORE, .weight = (weight_), .mark = MARK_POINTS, .points = {(hundredths_) }   \
    }
#define SCORE(...)                                                                                 \
    score((const struct review_item[]){__VA_ARGS__},                                               \
          sizeof((const struct review_item[]){__VA_ARGS__}) / sizeof(struct review_item))

static bool fatal;

static int64_t score(const struct review_item *items, size_t count)
{
    return review_score(items, count, &fatal).hundredths;
}

static void a_score_is_the_points_given_of_those_that_apply(void **state)
{
    const struct review_item na = {.kind = ITEM_SCORE, .weight = 60, .mark = MARK_NA};
    const struct review_item hit = {.kind = ITEM_FATAL, .mark = MARK_HIT},
                             clear = {.kind = ITEM_FATAL, .mark = MARK_CLEAR};
    assert_int_equal(SCORE(POINTS(100, 0)), 0);
    assert_int_equal(SCORE(POINTS(100, 1)), 1);
    assert_int_equal(SCORE(POINTS(100, 9999)), 9999);
    assert_int_equal(SCORE(POINTS(100, 10000)), 10000);
    assert_int_equal(SCORE(POINTS(40, 4000), na), 10000);
    assert_int_equal(SCORE(POINTS(40, 2000), na), 5000);
    assert_int_equal(SCORE(POINTS(30, 1000), na), 3333); /* 33.333 */
    assert_int_equal(SCORE(POINTS(30, 2000), na), 6667); /* 66.667 */
    assert_int_equal(SCORE(POINTS(80, 1), na), 1);       /* 0.0125 */
    assert_int_equal(SCORE(POINTS(80, 2), na), 3);       /* 0.025: half goes up */
    assert_int_equal(SCORE(na), 0);
    assert_int_equal(SCORE(POINTS(100, 10000), clear), 10000);
    assert_false(fatal);
    assert_int_equal(SCORE(POINTS(100, 10000), hit), 0);
    assert_true(fatal);
}

/* ---- what it takes ---- */

static struct {
    const struct actor *reviewer, *agent, *duty, *client;
    int64_t form;
} cast;

struct doing {
    int64_t id;
    enum result (*act)(struct ctx *cx, const struct doing *doing);
    const struct review_mark *marks;
    size_t count;
    const char *words;
    const struct call *next;
};

static enum result doing_run(struct ctx *cx, void *host)
{
    const struct doing *doing = host;
    return doing->act(cx, doing);
}

static enum result enforce(struct ctx *cx, const struct doing *doing)
{
    struct review_form form;
    TRY(record_get(cx, &REVIEW_FORMS, doing->id, &form));
    return form_enforce(cx, &form);
}

#define STEP(name, call)                                                                           \
    static enum result name(struct ctx *cx, const struct doing *doing)                             \
    {                                                                                              \
        struct review review;                                                                      \
        TRY(record_get(cx, &REVIEWS, doing->id, &review));                                         \
        return call;                                                                               \
    }
STEP(mark, review_mark(cx, &review, doing->marks, doing->count, ""))
STEP(publish, review_publish(cx, &review))
STEP(appeal, review_appeal(cx, &review, doing->words))
STEP(leave, review_skip(cx, &review, doing->words, doing->next))
STEP(decide, review_decide(cx, &review, doing->marks, doing->count, doing->words))

static enum result does(struct world *world, const struct actor *actor, struct doing doing)
{
    act(world, actor);
    return attempt(world, doing_run, &doing);
}

static enum result sweep(struct ctx *cx, const struct doing *doing)
{
    (void)doing;
    return reviews_sweep(cx);
}

static const struct form_item ITEMS[] = {{"Opening", "", ITEM_SCORE, 40},
                                         {"Needs", "", ITEM_SCORE, 60},
                                         {"False success", "", ITEM_FATAL, 0}};

static int64_t a_form(struct world *world, const struct form_item *items, size_t count)
{
    struct review_form form = {.name = "Form", .contract_id = centre.contract};
    form.items = form_items_text(world->test.arena, items, count);
    fields_blank(REVIEW_FORMS.fields, &form);
    assert_int_equal(add(world, &REVIEW_FORMS, &form), OK);
    return form.id;
}

static void some_calls(struct world *world, int first, int count)
{
    struct call_line *lines = arena_array(world->test.arena, (size_t)count, sizeof *lines);
    struct call_receipt receipt;
    for (int i = 0; i < count; i++)
        lines[i] = (struct call_line){
            .row = i + 1,
            .source = "dialer",
            .uid = arena_printf(world->test.arena, "c%d", first + i),
            .contract = centre.contract_number,
            .agent = i % 2 ? "1001" : "1002",
            .caller = "0571-8888 1234",
            .callee = "13812345678",
            .started_at = {at("2026-02-03T09:00:00+08:00").ms + (first + i) * INT64_C(60000)},
            .duration_s = 40,
            .talk_s = 25,
            .result = CALL_SUCCESS,
            .recording = ""};
    assert_int_equal(calls_take(&world->test.cx, lines, (size_t)count, 0, &receipt), OK);
    assert_int_equal(receipt.accepted, count);
}

/* Of each call; `recorded`: whether it is here, too. */
static void their_recordings(struct world *world, bool recorded)
{
    struct list list;
    const struct list_query query = {.limit = LIST_MOST};
    int64_t there;
    assert_int_equal(record_list(&world->test.cx, &CALLS, &query, &list), OK);
    for (size_t i = 0; i < list.count; i++) {
        const struct call *call = (const struct call *)list.rows + i;
        struct recording recording = {.call_id = call->id,
                                      .contract_id = call->contract_id,
                                      .provider_id = world->provider,
                                      .agent_id = call->agent_id,
                                      .name = call->uid,
                                      .duration_ms = 20000};
        const struct query known =
            db_query("known", "SELECT count(*) FROM recordings WHERE call_id = $1", 1);
        assert_int_equal(db_int(&world->test.cx, &known, PARAMS(P(call->id)), &there), OK);
        recording.state = recorded ? RECORDING_KEPT : RECORDING_REFERENCED;
        if (!there)
            assert_int_equal(add(world, &RECORDINGS, &recording), OK);
    }
}

static int cast_open(void **state)
{
    centre_open(state);
    struct world *world = *state;
    struct query behind = db_query("behind", "SELECT person_id FROM agents WHERE id = 71", 0);
    int64_t person;
    assert_int_equal(db_int(&world->test.cx, &behind, NO_PARAMS, &person), OK);
    cast.reviewer = outsider_of(world, world->provider, R(QA));
    cast.duty = outsider_of(world, world->provider, R(DUTY));
    cast.agent = actor_of(world, person, R(AGENT));
    cast.client = member_of(world, world->headquarters, R(CLIENT));
    cast.form = a_form(world, ITEMS, 3);
    assert_int_equal(does(world, &ACTOR_SYSTEM, (struct doing){cast.form, enforce}), OK);
    some_calls(world, 0, 40);
    their_recordings(world, true);
    return 0;
}
#define CAST_TEST(name) cmocka_unit_test_setup_teardown(name, cast_open, world_close)

/* ---- forms ---- */

static void C2_4_a_form_comes_into_force_when_its_points_sum_to_100(void **state)
{
    static const struct form_item LESS[] = {{"Opening", "", ITEM_SCORE, 99}};
    struct world *world = *state;
    const int64_t less = a_form(world, LESS, 1);
    assert_int_equal(does(world, &ACTOR_SYSTEM, (struct doing){less, enforce}), INVALID);
    assert_only_fault(world, "items", "weights_sum", "C2.4");
    assert_int_equal(does(world, &ACTOR_SYSTEM, (struct doing){cast.form, enforce}), CONFLICT);
}

static void C2_4_a_form_in_force_never_changes(void **state)
{
    struct world *world = *state;
    struct review_form before, after;
    get(world, &REVIEW_FORMS, cast.form, &before);
    after = before;
    after.items = form_items_text(world->test.arena, ITEMS, 2);
    assert_int_equal(change(world, &REVIEW_FORMS, &before, &after), CONFLICT);
    assert_code(world, "review_form.in_force");
}

/* ---- samples ---- */

static struct review_sample sample_of(int32_t calls, const char *seed)
{
    return (struct review_sample){.contract_id = centre.contract,
                                  .form_id = cast.form,
                                  .from = date_of(2026, 2, 1),
                                  .to = date_of(2026, 2, 28),
                                  .newcomer_calls = calls,
                                  .other_calls = calls,
                                  .seed = seed};
}

static const struct drawn *draw(struct world *world, const char *seed, size_t *out_count)
{
    const struct review_sample sample = sample_of(3, seed);
    struct drawn *drawn;
    int32_t pool;
    assert_int_equal(sample_draw(&world->test.cx, &sample, &drawn, out_count, &pool), OK);
    assert_int_equal(pool, 40);
    return drawn;
}

static bool same(const struct drawn *a, const struct drawn *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (a[i].call_id != b[i].call_id)
            return false;
    return true;
}

static void C2_4_the_same_seed_draws_the_same_calls_and_another_one_others(void **state)
{
    struct world *world = *state;
    size_t count, again, other;
    const struct drawn *first = draw(world, "seed", &count), *second = draw(world, "seed", &again),
                       *third = draw(world, "other", &other);
    assert_int_equal(count, 6); /* three of each agent */
    assert_int_equal(again, 6);
    assert_int_equal(other, 6);
    assert_true(same(first, second, count));
    assert_false(same(first, third, count));
    int of_first = 0;
    for (size_t i = 0; i < count; i++)
        of_first += first[i].agent_id == centre.first;
    assert_int_equal(of_first, 3);
}

static size_t drawn_by_share(struct world *world, int32_t calls, int32_t per_cent)
{
    struct review_sample sample = sample_of(calls, "seed");
    struct drawn *drawn;
    size_t count;
    int32_t pool;
    sample.per_cent = per_cent;
    assert_int_equal(sample_draw(&world->test.cx, &sample, &drawn, &count, &pool), OK);
    return count;
}

/* Twenty calls of each of two agents. */
static void C2_4_a_share_is_drawn_where_it_is_more_than_the_number(void **state)
{
    struct world *world = *state;
    assert_int_equal(drawn_by_share(world, 3, 0), 6);
    assert_int_equal(drawn_by_share(world, 0, 10), 4);
    assert_int_equal(drawn_by_share(world, 0, 11), 6); /* 2.2: a begun call counts whole */
    assert_int_equal(drawn_by_share(world, 3, 10), 6);
    assert_int_equal(drawn_by_share(world, 0, 100), 40);
}

/* Forty more, which only the call system could play, are in no draw. */
static void C2_4_only_calls_whose_recording_is_here_are_drawn(void **state)
{
    struct world *world = *state;
    size_t count, again;
    const struct drawn *before = draw(world, "seed", &count);
    some_calls(world, 40, 40);
    their_recordings(world, false);
    const struct drawn *after = draw(world, "seed", &again);
    assert_int_equal(count, again);
    assert_true(same(before, after, count));
}

struct sampling {
    struct review_sample sample;
    struct call *calls;
    size_t count;
};

static enum result sample_run(struct ctx *cx, void *host)
{
    struct sampling *sampling = host;
    return sample_add(cx, &sampling->sample, sampling->calls, sampling->count);
}

static int64_t a_sample(struct world *world, int32_t calls)
{
    struct sampling sampling = {.sample = sample_of(calls, "mine")};
    act(world, cast.duty);
    fields_blank(REVIEW_SAMPLES.fields, &sampling.sample);
    assert_int_equal(
        sample_prepare(&world->test.cx, &sampling.sample, &sampling.calls, &sampling.count), OK);
    assert_int_equal(attempt(world, sample_run, &sampling), OK);
    assert_string_not_equal(sampling.sample.seed, "mine"); /* nobody chooses it */
    return sampling.sample.id;
}

static struct list reviews(struct world *world, const struct actor *actor)
{
    struct list list;
    struct list_query query = {.limit = 50, .sort = "id"};
    act(world, actor);
    assert_int_equal(record_list(&world->test.cx, &REVIEWS, &query, &list), OK);
    return list;
}

static const struct review_mark GOOD[] = {
    {1, MARK_POINTS, {3500}, "", 0}, {2, MARK_NA, {0}, "", 0}, {3, MARK_CLEAR, {0}, "", 0}};
static const struct review_mark FATAL[] = {{1, MARK_POINTS, {4000}, "", 0},
                                           {2, MARK_POINTS, {6000}, "", 0},
                                           {3, MARK_HIT, {0}, "Never said so", 12000}};

static void C2_4_reviewers_judge_what_is_drawn_in_its_order(void **state)
{
    struct world *world = *state;
    a_sample(world, 2);
    const struct list drafts = reviews(world, cast.reviewer);
    const struct review *first = drafts.rows;
    assert_int_equal(drafts.count, 4);
    assert_int_equal(does(world, cast.reviewer, (struct doing){first[1].id, mark, GOOD, 3}),
                     FORBIDDEN);
    assert_code(world, "review.not_next");
    assert_int_equal(does(world, cast.duty, (struct doing){first[0].id, mark, GOOD, 3}), FORBIDDEN);
    assert_int_equal(does(world, cast.reviewer, (struct doing){first[0].id, publish}), INVALID);
    assert_int_equal(does(world, cast.reviewer, (struct doing){first[0].id, mark, GOOD, 3}), OK);
    assert_int_equal(does(world, cast.reviewer, (struct doing){first[0].id, publish}), OK);
    struct review review;
    get(world, &REVIEWS, first[0].id, &review);
    assert_int_equal(review.score.hundredths, 8750);
    assert_int_equal(review.state, REVIEW_PUBLISHED);
    assert_true(review.carried);
    assert_int_equal(does(world, cast.reviewer, (struct doing){first[1].id, mark, GOOD, 3}), OK);
}

/* Of twenty calls of each agent two are drawn: the third in the order comes for one that is left.
 */
static void C2_4_a_call_that_cannot_be_judged_is_left_with_a_reason_and_the_next_comes(void **state)
{
    struct world *world = *state;
    struct call next, another;
    a_sample(world, 2);
    const struct review *first = reviews(world, cast.reviewer).rows;
    assert_int_equal(sample_next(&world->test.cx, &first[0], &next), OK);
    assert_int_equal(next.agent_id, first[0].agent_id);
    for (int i = 0; i < 4; i++)
        assert_true(next.id != first[i].call_id);
    const struct doing skipping = {first[0].id, leave, .words = "Nothing but noise", .next = &next};
    assert_int_equal(does(world, cast.duty, skipping), FORBIDDEN);
    assert_int_equal(does(world, cast.reviewer, (struct doing){first[1].id, leave, .words = "No"}),
                     FORBIDDEN);
    assert_int_equal(does(world, cast.reviewer, (struct doing){first[0].id, leave, .words = " "}),
                     INVALID);
    assert_true(was_rejected(world, "reason", "required"));
    assert_int_equal(does(world, cast.reviewer, skipping), OK);
    const struct review *now = reviews(world, cast.reviewer).rows;
    assert_int_equal(now[0].state, REVIEW_SKIPPED);
    assert_string_equal(now[0].reason, "Nothing but noise");
    assert_int_equal(now[4].call_id, next.id);
    assert_int_equal(now[4].reviewer_id, cast.reviewer->person_id);
    assert_int_equal(now[4].replaces_id, first[0].id);
    assert_int_equal(now[4].state, REVIEW_DRAFT);
    assert_int_equal(reviews(world, cast.agent).count, 0);
    act(world, cast.reviewer);
    assert_int_equal(sample_next(&world->test.cx, &now[4], &another), OK);
    assert_true(another.id && another.id != next.id);
}

static const int64_t *reviewers_in_turn(struct world *world, size_t count)
{
    const struct list drafts = reviews(world, cast.duty);
    int64_t *ids = arena_array(world->test.arena, count, sizeof *ids);
    assert_int_equal(drafts.count, count);
    for (size_t i = 0; i < count; i++)
        ids[i] = ((const struct review *)drafts.rows)[i].reviewer_id;
    return ids;
}

static void C2_4_turns_go_on_where_the_last_draw_ended(void **state)
{
    struct world *world = *state;
    const int64_t first = cast.reviewer->person_id,
                  second = outsider_of(world, world->provider, R(QA))->person_id,
                  third = outsider_of(world, world->provider, R(QA))->person_id;
    for (int i = 0; i < 3; i++)
        a_sample(world, 1); /* two calls, one of each agent */
    const int64_t *turns = reviewers_in_turn(world, 6);
    const int64_t wanted[] = {first, second, third, first, second, third};
    for (int i = 0; i < 6; i++)
        assert_int_equal(turns[i], wanted[i]);
}

/* The agent of half of the calls reviews, too. */
static void C2_4_nobody_is_given_or_judges_the_own_call(void **state)
{
    struct world *world = *state;
    struct sampling sampling = {.sample = sample_of(2, "mine")};
    const int64_t caller = cast.agent->person_id;
    tamper(world, arena_printf(world->test.arena,
                               "UPDATE accounts SET roles = 'agent qa' WHERE person_id = %lld",
                               (long long)caller));
    a_sample(world, 3);
    const struct list drafts = reviews(world, cast.duty);
    const struct review *rows = drafts.rows;
    size_t his = 0, own = 0;
    for (size_t i = 0; i < drafts.count; i++) {
        his += rows[i].reviewer_id == caller;
        own += rows[i].reviewer_id == rows[i].person_id;
    }
    assert_true(his > 0);
    assert_int_equal(own, 0);
    size_t of_agent = 0;
    while (rows[of_agent].agent_id != centre.first)
        of_agent++;
    tamper(world, arena_printf(world->test.arena, "UPDATE reviews SET reviewer_id = %lld",
                               (long long)caller));
    assert_int_equal(does(world, cast.agent, (struct doing){rows[of_agent].id, mark, GOOD, 3}),
                     FORBIDDEN);
    assert_code(world, "review.own_call");
    tamper(world, arena_printf(world->test.arena,
                               "UPDATE accounts SET roles = 'duty' "
                               "WHERE person_id = %lld",
                               (long long)cast.reviewer->person_id));
    act(world, cast.duty);
    fields_blank(REVIEW_SAMPLES.fields, &sampling.sample);
    assert_int_equal(
        sample_prepare(&world->test.cx, &sampling.sample, &sampling.calls, &sampling.count), OK);
    assert_int_equal(attempt(world, sample_run, &sampling), CONFLICT);
    assert_code(world, "review_sample.no_reviewer");
}

static void points_beyond_an_item_and_marks_of_the_other_kind_are_refused(void **state)
{
    static const struct review_mark MORE[] = {{1, MARK_POINTS, {4001}, "", 0}},
                                    OTHER[] = {{3, MARK_NA, {0}, "", 0}},
                                    NONE[] = {{4, MARK_NA, {0}, "", 0}},
                                    LATE[] = {{1, MARK_NA, {0}, "", 20001}};
    struct world *world = *state;
    a_sample(world, 1);
    const int64_t id = ((const struct review *)reviews(world, cast.reviewer).rows)->id;
    assert_int_equal(does(world, cast.reviewer, (struct doing){id, mark, MORE, 1}), INVALID);
    assert_true(was_rejected(world, "items.0.points", "too_large"));
    assert_int_equal(does(world, cast.reviewer, (struct doing){id, mark, OTHER, 1}), INVALID);
    assert_true(was_rejected(world, "items.2.mark", "other_kind"));
    assert_int_equal(does(world, cast.reviewer, (struct doing){id, mark, NONE, 1}), INVALID);
    assert_int_equal(does(world, cast.reviewer, (struct doing){id, mark, LATE, 1}), INVALID);
    assert_true(was_rejected(world, "items.0.at_ms", "beyond_sound"));
}

/* All drafts published as fatal; the id of the one about agent 71. */
static int64_t published(struct world *world)
{
    int64_t of_agent = 0;
    a_sample(world, 1);
    const struct list drafts = reviews(world, cast.reviewer);
    for (size_t i = 0; i < drafts.count; i++) {
        const struct review *draft = (const struct review *)drafts.rows + i;
        assert_int_equal(does(world, cast.reviewer, (struct doing){draft->id, mark, FATAL, 3}), OK);
        assert_int_equal(does(world, cast.reviewer, (struct doing){draft->id, publish}), OK);
        if (draft->agent_id == centre.first)
            of_agent = draft->id;
    }
    return of_agent;
}

static void C2_4_each_sees_what_concerns_it_and_no_drafts_leave_the_provider(void **state)
{
    struct world *world = *state;
    const struct actor *other =
        outsider_of(world, an_organisation(world, "Other", SIDE_PROVIDER), R(PROVIDER));
    published(world);
    a_sample(world, 1);
    assert_int_equal(reviews(world, cast.reviewer).count, 4);
    assert_int_equal(reviews(world, cast.client).count, 2);
    assert_int_equal(reviews(world, cast.agent).count, 1);
    assert_int_equal(reviews(world, other).count, 0);
}

static void C2_4_the_agent_appeals_and_somebody_else_decides(void **state)
{
    struct world *world = *state;
    struct review review;
    const int64_t id = published(world);
    get(world, &REVIEWS, id, &review);
    assert_true(review.fatal);
    assert_int_equal(review.score.hundredths, 0);
    assert_false(review.carried); /* the call is no success any more */
    assert_int_equal(does(world, cast.duty, (struct doing){id, appeal, .words = "No"}), FORBIDDEN);
    assert_int_equal(does(world, cast.agent, (struct doing){id, appeal, .words = " "}), INVALID);
    assert_int_equal(does(world, cast.agent, (struct doing){id, appeal, .words = "Heard wrong"}),
                     OK);
    assert_int_equal(does(world, cast.reviewer, (struct doing){id, decide, GOOD, 3, "I was wrong"}),
                     FORBIDDEN);
    assert_code(world, "review.own_decision");
    assert_int_equal(does(world, cast.agent, (struct doing){id, decide, GOOD, 3, "Mine"}),
                     FORBIDDEN);
    assert_int_equal(does(world, cast.duty, (struct doing){id, decide, GOOD, 3, ""}), INVALID);
    assert_int_equal(does(world, cast.duty, (struct doing){id, decide, FATAL, 3, "As it was"}),
                     INVALID);
    assert_only_fault(world, "items", "unchanged", "C2.4");
    assert_int_equal(does(world, cast.duty, (struct doing){id, decide, GOOD, 3, "Said so"}), OK);
    const char *published_items = review.items;
    get(world, &REVIEWS, id, &review);
    assert_string_equal(review.first_items, published_items); /* both sheets stay */
    assert_int_equal(review.first_score.hundredths, 0);
    assert_int_equal(review.state, REVIEW_FINAL);
    assert_int_equal(review.score.hundredths, 8750);
    assert_false(review.fatal);
    assert_int_equal(does(world, cast.agent, (struct doing){id, appeal, .words = "Again"}),
                     CONFLICT);
}

/* The month's sheets went by what was there: what is decided since is told on them. */
static void C2_4_an_appeal_in_time_is_decided_also_once_the_month_is_published(void **state)
{
    struct world *world = *state;
    struct review review;
    const int64_t id = published(world);
    a_sample(world, 1);
    const int64_t draft = ((const struct review *)reviews(world, cast.reviewer).rows)[2].id;
    centre_month_published(world);
    assert_int_equal(does(world, cast.reviewer, (struct doing){draft, mark, GOOD, 3}), CONFLICT);
    assert_code(world, "month.published");
    assert_int_equal(does(world, cast.agent, (struct doing){id, appeal, .words = "Heard wrong"}),
                     OK);
    assert_int_equal(does(world, cast.duty, (struct doing){id, decide, GOOD, 3, "Said so"}), OK);
    get(world, &REVIEWS, id, &review);
    assert_int_equal(review.state, REVIEW_FINAL);
    assert_int_equal(review.score.hundredths, 8750);
}

static void C2_4_what_nobody_appealed_against_in_time_is_final(void **state)
{
    struct world *world = *state;
    struct review review;
    const int64_t id = published(world);
    get(world, &REVIEWS, id, &review);
    world->test.cx.now = review.appeal_by;
    assert_int_equal(does(world, &ACTOR_SYSTEM, (struct doing){id, sweep}), OK);
    get(world, &REVIEWS, id, &review);
    assert_int_equal(review.state, REVIEW_PUBLISHED);
    world->test.cx.now.ms++;
    assert_int_equal(does(world, cast.agent, (struct doing){id, appeal, .words = "Late"}),
                     CONFLICT);
    assert_code(world, "review.appeal_over");
    assert_int_equal(does(world, &ACTOR_SYSTEM, (struct doing){id, sweep}), OK);
    get(world, &REVIEWS, id, &review);
    assert_int_equal(review.state, REVIEW_FINAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_score_is_the_points_given_of_those_that_apply),
        CAST_TEST(C2_4_a_form_comes_into_force_when_its_points_sum_to_100),
        CAST_TEST(C2_4_a_form_in_force_never_changes),
        CAST_TEST(C2_4_a_share_is_drawn_where_it_is_more_than_the_number),
        CAST_TEST(C2_4_the_same_seed_draws_the_same_calls_and_another_one_others),
        CAST_TEST(C2_4_reviewers_judge_what_is_drawn_in_its_order),
        CAST_TEST(C2_4_only_calls_whose_recording_is_here_are_drawn),
        CAST_TEST(C2_4_a_call_that_cannot_be_judged_is_left_with_a_reason_and_the_next_comes),
        CAST_TEST(C2_4_turns_go_on_where_the_last_draw_ended),
        CAST_TEST(C2_4_nobody_is_given_or_judges_the_own_call),
        CAST_TEST(points_beyond_an_item_and_marks_of_the_other_kind_are_refused),
        CAST_TEST(C2_4_each_sees_what_concerns_it_and_no_drafts_leave_the_provider),
        CAST_TEST(C2_4_the_agent_appeals_and_somebody_else_decides),
        CAST_TEST(C2_4_an_appeal_in_time_is_decided_also_once_the_month_is_published),
        CAST_TEST(C2_4_what_nobody_appealed_against_in_time_is_final),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
