/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* C2.8: which days a week of guidance has, when a log is late, and when the change is done. */
#include "app/letters/test_letters.h"
#include "app/staffing/business_change.h"
#include "app/staffing/training.h"

struct announcing {
    const struct letter_type *type;
    const struct letter *letter;
    const void *line;
    const char *answer;
};

static enum result announce_run(struct ctx *cx, void *host)
{
    struct announcing *announcing = host;
    return announcing->type->execute(cx, announcing->letter, announcing->line, 1,
                                     &announcing->answer);
}

/* As the provider carries out the letter with this line; its days in order. */
static struct list announced(const struct story *story, const char *text)
{
    struct world *world = story->world;
    struct list list;
    void *line = arena_alloc(world->test.arena, LETTER_BUSINESS_CHANGE.line_size);
    letter_line_read(world, &LETTER_BUSINESS_CHANGE, text, line);
    const int64_t id = drafted(story, story->division, letter_draft(story));
    const struct letter letter = letter_of(story, id);
    struct announcing announcing = {&LETTER_BUSINESS_CHANGE, &letter, line, ""};
    act(world, &ACTOR_SYSTEM);
    assert_int_equal(attempt(world, announce_run, &announcing), OK);
    assert_int_equal(record_select(&world->test.cx, &GUIDANCE_LOGS, "all", "1 = 1 ORDER BY t.id",
                                   NO_PARAMS, &list),
                     OK);
    return list;
}

#define LINE "kind=large_change;name=Renewals;train_by=2026-04-01;guide_from="

static void C2_8_a_week_is_seven_natural_days_or_five_working_days(void **state)
{
    const struct story story = story_of(state);
    const struct list natural = announced(&story, LINE "2026-04-03;week=natural_days");
    const struct guidance_log *days = natural.rows;
    assert_int_equal(natural.count, 7);
    assert_int_equal(days[6].day.days - days[0].day.days, 6);
    const struct list working = announced(&story, LINE "2026-04-03;week=working_days");
    assert_int_equal(working.count, 12);
    days = (const struct guidance_log *)working.rows + 7;
    /* Friday; then the weekend with Qingming, which is Sunday, and its Monday off. */
    assert_int_equal(days[0].day.days, date_of(2026, 4, 3).days);
    assert_int_equal(days[1].day.days, date_of(2026, 4, 7).days);
    assert_int_equal(days[4].day.days, date_of(2026, 4, 10).days);
}

static enum result write_run(struct ctx *cx, void *host)
{
    const struct guidance_log *before = host;
    struct guidance_log after = *before;
    after.guide_id = cx->actor->person_id;
    after.guided = "Listened to thirty calls";
    return record_change(cx, &GUIDANCE_LOGS, "change", before, &after);
}

static struct business_change the_change(struct world *world)
{
    struct business_change change;
    act(world, &ACTOR_SYSTEM);
    get(world, &BUSINESS_CHANGES, 1, &change);
    return change;
}

static void C2_8_a_gap_is_shown_and_a_late_log_says_so(void **state)
{
    const struct story story = story_of(state);
    struct world *world = story.world;
    const struct actor *guide = member_of(world, world->headquarters, R(CLIENT));
    const struct list list = announced(&story, LINE "2026-04-13;week=natural_days");
    struct guidance_log log = *(const struct guidance_log *)list.rows;
    assert_false(log.missed);
    world->test.cx.now = day_end(date_of(2026, 4, 12));
    act(world, guide);
    assert_int_equal(attempt(world, write_run, &log), INVALID);
    assert_true(was_rejected(world, "day", "day_to_come"));
    world->test.cx.now.ms = day_end(date_of(2026, 4, 14)).ms + 1; /* the next working day is over */
    get(world, &GUIDANCE_LOGS, log.id, &log);
    assert_true(log.missed);
    assert_int_equal(attempt(world, write_run, &log), OK);
    get(world, &GUIDANCE_LOGS, log.id, &log);
    assert_true(log.late);
    const struct business_change change = the_change(world);
    assert_int_equal(change.written, 1);
    assert_int_equal(change.late, 1);
    assert_int_equal(change.state, BUSINESS_CHANGE_RUNNING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(C2_8_a_week_is_seven_natural_days_or_five_working_days),
        WORLD_TEST(C2_8_a_gap_is_shown_and_a_late_log_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
