/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who is told of what, once, and what of it was read. */
#include "app/access/account.h"
#include "app/notices/notice.h"
#include "app/test_world.h"

static const struct news NEWS = {.kind = "test", .title = "Night cleaning"};

/* To a person, to roles, or to both, in one transaction. */
struct telling {
    int64_t person_id, organisation_id, unit_id;
    uint64_t roles;
    struct news news;
};

static enum result tell_run(struct ctx *cx, void *host)
{
    const struct telling *telling = host;
    if (telling->person_id)
        TRY(notice_person(cx, telling->person_id, &telling->news));
    return telling->roles ? notice_roles(cx, telling->organisation_id, telling->unit_id,
                                         telling->roles, &telling->news)
                          : OK;
}

static void tell(struct world *world, struct telling telling)
{
    if (!telling.news.kind)
        telling.news = NEWS;
    assert_int_equal(attempt(world, tell_run, &telling), OK);
}

static void tell_person(struct world *world, const struct actor *hearer)
{
    tell(world, (struct telling){.person_id = hearer->person_id});
}

static int64_t unread(struct world *world, const struct actor *hearer)
{
    const struct actor *before = world->test.cx.actor;
    int64_t count;
    act(world, hearer);
    assert_int_equal(notices_unread(&world->test.cx, &count), OK);
    act(world, before);
    return count;
}

/* ---- who ---- */

static void whoever_is_told_as_person_and_for_a_role_is_told_once(void **state)
{
    struct world *world = *state;
    const struct actor *pm = member_of(world, world->project, R(PM) | R(EXECUTOR));
    tell(world, (struct telling){.person_id = pm->person_id,
                                 .organisation_id = world->client,
                                 .roles = R(PM) | R(EXECUTOR)});
    assert_int_equal(unread(world, pm), 1);
}

static void the_same_again_later_is_told_again(void **state)
{
    struct world *world = *state;
    const struct actor *pm = member_of(world, world->project, R(PM));
    tell_person(world, pm);
    world->test.cx.now.ms += 1;
    tell_person(world, pm);
    assert_int_equal(unread(world, pm), 2);
}

static void news_about_no_record_are_told_apart_by_their_title(void **state)
{
    struct world *world = *state;
    const struct actor *pm = member_of(world, world->project, R(PM));
    tell_person(world, pm);
    tell(world, (struct telling){.person_id = pm->person_id,
                                 .news = {.kind = "test", .title = "Day cleaning"}});
    assert_int_equal(unread(world, pm), 2);
}

static void whoever_acts_is_not_told(void **state)
{
    struct world *world = *state;
    const struct actor *pm = member_of(world, world->project, R(PM));
    const struct actor *other = member_of(world, world->project, R(PM));
    act(world, pm);
    tell(world, (struct telling){
                    .person_id = pm->person_id, .organisation_id = world->client, .roles = R(PM)});
    assert_int_equal(unread(world, pm), 0);
    assert_int_equal(unread(world, other), 1);
}

static void a_person_without_account_is_told_nothing(void **state)
{
    struct world *world = *state;
    tell(world, (struct telling){.person_id = a_person(world, world->client, world->project)});
}

static void whoever_has_left_or_is_disabled_is_told_nothing(void **state)
{
    struct world *world = *state;
    const struct actor *left = member_of(world, world->project, R(PM));
    const struct actor *disabled = member_of(world, world->project, R(PM));
    tamper(world, arena_printf(world->test.arena,
                               "UPDATE people SET left_on = '2026-03-01' WHERE id = %lld",
                               (long long)left->person_id));
    tamper(world,
           arena_printf(world->test.arena, "UPDATE accounts SET state = 'disabled' WHERE id = %lld",
                        (long long)disabled->account_id));
    tell_person(world, left);
    tell_person(world, disabled);
    tell(world, (struct telling){.organisation_id = world->client, .roles = R(PM)});
    assert_int_equal(unread(world, left) + unread(world, disabled), 0);
}

static void roles_are_told_in_the_unit_and_above_it(void **state)
{
    struct world *world = *state;
    const int64_t other = a_unit(world, world->headquarters, UNIT_DIVISION);
    const int64_t below = a_unit(world, world->project, UNIT_PROJECT);
    const struct {
        int64_t unit_id;
        uint64_t roles;
        int told;
    } CASES[] = {
        {world->project, R(PM), 1}, {world->division, R(PM), 1}, {world->headquarters, R(PM), 1},
        {other, R(PM), 0},          {below, R(PM), 0},           {world->project, R(CLIENT), 0},
    };
    const struct actor *hearers[6];
    for (size_t i = 0; i < 6; i++)
        hearers[i] = member_of(world, CASES[i].unit_id, CASES[i].roles);
    tell(world, (struct telling){
                    .organisation_id = world->client, .unit_id = world->project, .roles = R(PM)});
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(unread(world, hearers[i]), CASES[i].told);
}

static void a_centre_beside_the_divisions_sees_every_unit(void **state)
{
    struct world *world = *state;
    const int64_t centre = a_unit(world, world->headquarters, UNIT_OPERATIONS_CENTRE);
    const struct actor *ops = member_of(world, centre, R(OPS));
    tell(world, (struct telling){
                    .organisation_id = world->client, .unit_id = world->project, .roles = R(OPS)});
    assert_int_equal(unread(world, ops), 1);
}

static void a_provider_is_told_whatever_the_unit(void **state)
{
    struct world *world = *state;
    const struct actor *manager = outsider_of(world, world->provider, R(PROVIDER));
    const struct actor *other =
        outsider_of(world, an_organisation(world, "Other", SIDE_PROVIDER), R(PROVIDER));
    tell(world, (struct telling){.organisation_id = world->provider,
                                 .unit_id = world->project,
                                 .roles = R(PROVIDER)});
    assert_int_equal(unread(world, manager), 1);
    assert_int_equal(unread(world, other), 0);
}

/* ---- reading ---- */

static enum result read_up_to(struct ctx *cx, void *host)
{
    return notices_read(cx, *(const int64_t *)host);
}

static enum result read_one(struct ctx *cx, void *host)
{
    return notice_read(cx, host);
}

/* The hearer's notices, newest first. */
static struct list list_of(struct world *world, const struct actor *hearer)
{
    const struct list_query all = {.limit = LIST_MOST};
    struct list list;
    act(world, hearer);
    assert_int_equal(record_list(&world->test.cx, &NOTICES, &all, &list), OK);
    return list;
}

static void all_is_read_but_what_came_after_the_newest_that_was_seen(void **state)
{
    struct world *world = *state;
    const struct actor *pm = member_of(world, world->project, R(PM));
    const struct actor *other = member_of(world, world->project, R(PM));
    for (int i = 0; i < 3; i++) {
        world->test.cx.now.ms += 1;
        tell(world, (struct telling){.organisation_id = world->client, .roles = R(PM)});
    }
    int64_t seen = ((const struct notice *)list_of(world, pm).rows)[1].id;
    assert_int_equal(attempt(world, read_up_to, &seen), OK);
    assert_int_equal(unread(world, pm), 1);
    assert_int_equal(unread(world, other), 3);
}

static void a_notice_keeps_when_it_was_read_first(void **state)
{
    struct world *world = *state;
    const struct actor *pm = member_of(world, world->project, R(PM));
    const struct instant first = world->test.cx.now;
    struct notice notice;
    tell_person(world, pm);
    notice = *(const struct notice *)list_of(world, pm).rows;
    assert_int_equal(attempt(world, read_one, &notice), OK);
    world->test.cx.now.ms += 60000;
    assert_int_equal(attempt(world, read_one, &notice), OK);
    get(world, &NOTICES, notice.id, &notice);
    assert_false(notice.unread);
    assert_int_equal(notice.read_at.ms, first.ms);
}

static enum result sweep(struct ctx *cx, void *host)
{
    return notices_sweep(cx);
}

static void after_a_year_only_the_unread_is_kept(void **state)
{
    struct world *world = *state;
    const struct actor *pm = member_of(world, world->project, R(PM));
    tell_person(world, pm);
    struct notice read = *(const struct notice *)list_of(world, pm).rows;
    act(world, &ACTOR_SYSTEM);
    assert_int_equal(attempt(world, read_one, &read), OK);
    world->test.cx.now.ms += 1;
    tell_person(world, pm);
    world->test.cx.now.ms += 366 * INT64_C(86400000);
    assert_int_equal(attempt(world, sweep, NULL), OK);
    struct list left = list_of(world, pm);
    assert_int_equal(left.count, 1);
    assert_true(((const struct notice *)left.rows)->unread);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(whoever_is_told_as_person_and_for_a_role_is_told_once),
        WORLD_TEST(the_same_again_later_is_told_again),
        WORLD_TEST(news_about_no_record_are_told_apart_by_their_title),
        WORLD_TEST(whoever_acts_is_not_told),
        WORLD_TEST(a_person_without_account_is_told_nothing),
        WORLD_TEST(whoever_has_left_or_is_disabled_is_told_nothing),
        WORLD_TEST(roles_are_told_in_the_unit_and_above_it),
        WORLD_TEST(a_centre_beside_the_divisions_sees_every_unit),
        WORLD_TEST(a_provider_is_told_whatever_the_unit),
        WORLD_TEST(all_is_read_but_what_came_after_the_newest_that_was_seen),
        WORLD_TEST(a_notice_keeps_when_it_was_read_first),
        WORLD_TEST(after_a_year_only_the_unread_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
