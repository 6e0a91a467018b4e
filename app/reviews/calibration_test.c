/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/reviews/calibration.h"

#include "app/documents/files.h"
#include "app/reviews/test_recording.h"
#include "base/doc.h"

/* ---- where they differ ---- */

static struct review_item points(int32_t weight, int64_t hundredths)
{
    return (struct review_item){.name = "Item",
                                .text = "",
                                .kind = ITEM_SCORE,
                                .weight = weight,
                                .mark = MARK_POINTS,
                                .points = {hundredths},
                                .comment = ""};
}

static struct review_item marked(enum item_kind kind, int32_t weight, enum item_mark mark)
{
    return (struct review_item){
        .name = "Item", .text = "", .kind = kind, .weight = weight, .mark = mark, .comment = ""};
}

static void points_agree_within_a_tenth_of_the_items_weight(void **state)
{
    const struct review_item ten = points(20, 1000), twelve = points(20, 1200),
                             more = points(20, 1201), na = marked(ITEM_SCORE, 20, MARK_NA),
                             hit = marked(ITEM_FATAL, 0, MARK_HIT),
                             clear = marked(ITEM_FATAL, 0, MARK_CLEAR);
    assert_true(items_agree(&ten, &twelve));
    assert_true(items_agree(&twelve, &ten));
    assert_false(items_agree(&ten, &more));
    assert_false(items_agree(&ten, &na));
    assert_true(items_agree(&na, &na));
    assert_true(items_agree(&hit, &hit));
    assert_false(items_agree(&hit, &clear));
}

static struct calibration_sheet sheet_of(struct world *world, int64_t opening, int64_t business,
                                         enum item_mark fatal, int64_t score)
{
    const struct review_item items[] = {points(40, opening), points(60, business),
                                        marked(ITEM_FATAL, 0, fatal)};
    return (struct calibration_sheet){
        .items = json_rows_text(world->test.arena, REVIEW_ITEM_FIELDS, items, 3, sizeof *items),
        .score = {score}};
}

static void agreement_is_told_by_item_by_person_and_in_all(void **state)
{
    struct world *world = *state;
    const struct calibration_sheet sheets[] = {sheet_of(world, 4000, 6000, MARK_CLEAR, 10000),
                                               sheet_of(world, 3800, 3000, MARK_CLEAR, 6800),
                                               sheet_of(world, 2000, 3000, MARK_HIT, 0)};
    struct comparison comparison;
    assert_int_equal(sheets_compare(&world->test.cx, sheets, 3, &comparison), OK);
    assert_int_equal(comparison.pairs, 9);
    assert_int_equal(comparison.agreed, 3);
    assert_int_equal(comparison.agreement.hundredths, 3333);
    assert_int_equal(comparison.by_item[0].agreed, 1);
    assert_int_equal(comparison.by_item[0].mean.hundredths, 3267); /* 98 / 3 */
    assert_int_equal(comparison.by_item[0].spread.hundredths, 2000);
    assert_int_equal(comparison.by_item[1].agreed, 1);
    assert_int_equal(comparison.by_item[2].agreed, 1);
    assert_false(comparison.by_item[2].scored);
    assert_int_equal(comparison.by_sheet[0].agreed, 2);
    assert_int_equal(comparison.by_sheet[0].pairs, 6);
    assert_int_equal(comparison.by_sheet[1].agreed, 3);
    assert_int_equal(comparison.by_sheet[2].agreed, 1);
    assert_int_equal(comparison.mean.hundredths, 5600);
    assert_int_equal(comparison.by_sheet[0].deviation.hundredths, 4400);
    assert_int_equal(comparison.by_sheet[2].deviation.hundredths, -5600);
}

/* ---- a session ---- */

static struct {
    const struct actor *lead, *first, *second, *agent;
    int64_t form, call;
} cast;

static enum result enforce(struct ctx *cx, void *host)
{
    struct review_form form;
    TRY(record_get(cx, &REVIEW_FORMS, *(const int64_t *)host, &form));
    return form_enforce(cx, &form);
}

static int cast_open(void **state)
{
    static const struct form_item ITEMS[] = {{"Opening", "", ITEM_SCORE, 40},
                                             {"Needs", "", ITEM_SCORE, 60},
                                             {"False success", "", ITEM_FATAL, 0}};
    centre_open(state);
    files_use(NULL);
    struct world *world = *state;
    struct review_form form = {.name = "Form", .contract_id = centre.contract};
    struct query behind = db_query("behind", "SELECT person_id FROM agents WHERE id = 71", 0);
    int64_t person;
    assert_int_equal(db_int(&world->test.cx, &behind, NO_PARAMS, &person), OK);
    cast.lead = outsider_of(world, world->provider, R(DUTY));
    cast.first = outsider_of(world, world->provider, R(QA));
    cast.second = outsider_of(world, world->provider, R(QA));
    cast.agent = actor_of(world, person, R(QA));
    form.items = form_items_text(world->test.arena, ITEMS, 3);
    fields_blank(REVIEW_FORMS.fields, &form);
    act(world, &ACTOR_SYSTEM);
    assert_int_equal(add(world, &REVIEW_FORMS, &form), OK);
    cast.form = form.id;
    assert_int_equal(attempt(world, enforce, &cast.form), OK);
    cast.call = centre_call(world, "a", "").id;
    return 0;
}
#define CAST_TEST(name) cmocka_unit_test_setup_teardown(name, cast_open, world_close)

struct keeping {
    struct recording_upload upload;
    struct recording out;
};

static enum result keep_run(struct ctx *cx, void *host)
{
    struct keeping *keeping = host;
    return recording_keep(cx, &keeping->upload, &keeping->out);
}

static void bring_its_sound(struct world *world)
{
    struct keeping keeping = {
        .upload = {
            .call_id = cast.call, .name = "a.wav", .bytes = SMALL_WAV, .len = sizeof SMALL_WAV}};
    (void)fault_take(&world->test.cx); /* of what was refused before */
    assert_int_equal(recording_stage(&world->test.cx, &keeping.upload), OK);
    assert_int_equal(attempt(world, keep_run, &keeping), OK);
}

static enum result begin_run(struct ctx *cx, void *host)
{
    return calibration_begin(cx, host);
}

static enum result begin(struct world *world, int64_t *out_id)
{
    struct calibration calibration = {.call_id = cast.call, .form_id = cast.form};
    act(world, cast.lead);
    fields_blank(CALIBRATIONS.fields, &calibration);
    TRY(calibration_prepare(&world->test.cx, &calibration));
    TRY(attempt(world, begin_run, &calibration));
    *out_id = calibration.id;
    return OK;
}

struct doing {
    int64_t id;
    enum result (*act)(struct ctx *cx, const struct calibration *calibration,
                       const struct doing *doing);
    struct review_mark marks[3];
    const char *words;
};

static enum result doing_run(struct ctx *cx, void *host)
{
    const struct doing *doing = host;
    struct calibration calibration;
    TRY(record_get(cx, &CALIBRATIONS, doing->id, &calibration));
    return doing->act(cx, &calibration, doing);
}

static enum result score(struct ctx *cx, const struct calibration *calibration,
                         const struct doing *doing)
{
    return calibration_score(cx, calibration, doing->marks, 3, "");
}

static enum result compare(struct ctx *cx, const struct calibration *calibration,
                           const struct doing *doing)
{
    return calibration_compare(cx, calibration);
}

static enum result finish(struct ctx *cx, const struct calibration *calibration,
                          const struct doing *doing)
{
    return calibration_close(cx, calibration, doing->words);
}

static enum result does(struct world *world, const struct actor *actor, struct doing doing)
{
    act(world, actor);
    return attempt(world, doing_run, &doing);
}

static enum result scores(struct world *world, const struct actor *actor, int64_t id,
                          int64_t opening, enum item_mark fatal)
{
    return does(world, actor,
                (struct doing){id, score,
                               .marks = {{1, MARK_POINTS, {opening}, "", 0},
                                         {2, MARK_NA, {0}, "", 0},
                                         {3, fatal, {0}, "", 0}}});
}

static size_t sheets_seen(struct world *world, const struct actor *actor, int64_t id)
{
    struct calibration calibration;
    struct calibration_sheet *sheets;
    size_t count;
    act(world, actor);
    get(world, &CALIBRATIONS, id, &calibration);
    assert_int_equal(calibration_sheets(&world->test.cx, &calibration, &sheets, &count), OK);
    return count;
}

static void C2_4_what_cannot_be_heard_cannot_be_judged(void **state)
{
    struct world *world = *state;
    int64_t id;
    assert_int_equal(begin(world, &id), INVALID);
    assert_only_fault(world, "call_id", "no_sound_here", "C2.4");
    bring_its_sound(world);
    assert_int_equal(begin(world, &id), OK);
}

static void C2_4_judging_is_blind_until_the_sheets_are_compared(void **state)
{
    struct world *world = *state;
    const struct list_query every = {.limit = SHEETS_MOST};
    struct calibration calibration;
    struct list others;
    int64_t id = 0;
    bring_its_sound(world);
    assert_int_equal(begin(world, &id), OK);
    assert_int_equal(scores(world, cast.first, id, 4000, MARK_CLEAR), OK);
    assert_int_equal(does(world, cast.lead, (struct doing){id, compare}), CONFLICT);
    assert_code(world, "calibration.one_alone");
    assert_int_equal(scores(world, cast.second, id, 2000, MARK_HIT), OK);
    assert_int_equal(scores(world, cast.first, id, 3000, MARK_CLEAR),
                     OK); /* thought better of it */
    assert_int_equal(sheets_seen(world, cast.first, id), 1);
    assert_int_equal(sheets_seen(world, cast.second, id), 1);
    assert_int_equal(sheets_seen(world, cast.lead, id), 0);
    assert_int_equal(does(world, cast.lead, (struct doing){id, compare}), OK);
    assert_int_equal(sheets_seen(world, cast.first, id), 2);
    act(world,
        outsider_of(world, an_organisation(world, "Other", SIDE_PROVIDER), R(QA) | R(PROVIDER)));
    assert_int_equal(record_list(&world->test.cx, &CALIBRATION_SHEETS, &every, &others), OK);
    assert_int_equal(others.count, 0); /* nor does another provider ever see one */
    act(world, cast.lead);
    get(world, &CALIBRATIONS, id, &calibration);
    assert_int_equal(calibration.pairs, 3);
    assert_int_equal(calibration.agreed, 1); /* that the second item does not apply */
    assert_int_equal(scores(world, cast.first, id, 2000, MARK_HIT), CONFLICT);
}

static void C2_4_a_session_closes_with_what_came_of_it(void **state)
{
    struct world *world = *state;
    int64_t id = 0;
    bring_its_sound(world);
    assert_int_equal(begin(world, &id), OK);
    assert_int_equal(does(world, cast.lead, (struct doing){id, finish, .words = "Agreed"}),
                     CONFLICT);
    assert_int_equal(scores(world, cast.first, id, 4000, MARK_CLEAR), OK);
    assert_int_equal(scores(world, cast.second, id, 4000, MARK_CLEAR), OK);
    assert_int_equal(does(world, cast.lead, (struct doing){id, compare}), OK);
    assert_int_equal(does(world, cast.lead, (struct doing){id, finish, .words = " "}), INVALID);
    assert_int_equal(does(world, cast.lead, (struct doing){id, finish, .words = "Agreed"}), OK);
}

static void C2_4_nobody_judges_the_own_call_and_none_of_it_counts(void **state)
{
    struct world *world = *state;
    struct call call;
    struct list list;
    struct list_query query = {.limit = 1};
    int64_t id = 0;
    bring_its_sound(world);
    assert_int_equal(begin(world, &id), OK);
    assert_int_equal(scores(world, cast.agent, id, 4000, MARK_CLEAR), FORBIDDEN);
    assert_code(world, "calibration.own_call");
    assert_int_equal(scores(world, cast.first, id, 4000, MARK_HIT), OK);
    assert_int_equal(scores(world, cast.second, id, 4000, MARK_HIT), OK);
    assert_int_equal(does(world, cast.lead, (struct doing){id, compare}), OK);
    get(world, &CALLS, cast.call, &call);
    assert_int_equal(call.result, CALL_SUCCESS);
    assert_int_equal(record_list(&world->test.cx, &REVIEWS, &query, &list), OK);
    assert_int_equal(list.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_agree_within_a_tenth_of_the_items_weight),
        CAST_TEST(agreement_is_told_by_item_by_person_and_in_all),
        CAST_TEST(C2_4_what_cannot_be_heard_cannot_be_judged),
        CAST_TEST(C2_4_judging_is_blind_until_the_sheets_are_compared),
        CAST_TEST(C2_4_a_session_closes_with_what_came_of_it),
        CAST_TEST(C2_4_nobody_judges_the_own_call_and_none_of_it_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
