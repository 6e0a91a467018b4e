/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What goes outside, to whom, and when. */
#include "app/notices/delivery.h"
#include "app/notices/notice.h"
#include "app/test_world.h"

static const struct outbox WITH_MAIL = {.mail = {.host = "mail.example.com"}};

static int open_with_mail(void **state)
{
    deliveries_use(&WITH_MAIL, "");
    return world_open(state);
}
#define MAIL_TEST(name) cmocka_unit_test_setup_teardown(name, open_with_mail, world_close)

static struct instant at_hour(int hour)
{
    return instant_of(date_of(2026, 3, 2), hour * 60, SHANGHAI_OFFSET_MIN);
}

static void choose(struct world *world, const struct actor *person, enum notice_takes takes)
{
    struct notice_choice choice = {.account_id = person->account_id,
                                   .mail = "pm@example.com",
                                   .takes = takes,
                                   .quiet_from = QUIET_FROM,
                                   .quiet_to = QUIET_TO};
    fields_blank(NOTICE_CHOICES.fields, &choice);
    assert_int_equal(add(world, &NOTICE_CHOICES, &choice), OK);
}

static struct group_robot robot_draft(int64_t organisation_id, int64_t unit_id)
{
    struct group_robot robot = {.organisation_id = organisation_id,
                                .unit_id = unit_id,
                                .name = "Group",
                                .channel = ROBOT_WECOM,
                                .url.plain = "https://robot.example.com/send?key=0123456789",
                                .takes = TAKES_ALL,
                                .quiet_from = QUIET_FROM,
                                .quiet_to = QUIET_TO};
    fields_blank(ROBOTS.fields, &robot);
    return robot;
}

static int64_t a_robot(struct world *world, int64_t organisation_id, int64_t unit_id,
                       enum notice_takes takes)
{
    struct group_robot robot = robot_draft(organisation_id, unit_id);
    robot.takes = takes;
    assert_int_equal(add(world, &ROBOTS, &robot), OK);
    return robot.id;
}

struct telling {
    int64_t person_id, organisation_id, unit_id;
    bool urgent;
};

static enum result tell_run(struct ctx *cx, void *host)
{
    const struct telling *telling = host;
    const struct news news = {.kind = "test", .title = "Contract", .urgent = telling->urgent};
    return telling->person_id ? notice_person(cx, telling->person_id, &news)
                              : notice_roles(cx, telling->organisation_id, telling->unit_id,
                                             R(PM) | R(PROVIDER), &news);
}

static void tell(struct world *world, struct telling telling)
{
    world->test.cx.now.ms += 1; /* another event */
    assert_int_equal(attempt(world, tell_run, &telling), OK);
}

static size_t sent_to(struct world *world, const struct actor *person, struct delivery **out)
{
    size_t count;
    assert_int_equal(deliveries_of_account(&world->test.cx, person->account_id, out, &count), OK);
    return count;
}

static size_t sent_to_robot(struct world *world, int64_t robot_id)
{
    struct delivery *deliveries;
    size_t count;
    assert_int_equal(deliveries_of_robot(&world->test.cx, robot_id, &deliveries, &count), OK);
    return count;
}

/* ---- by mail ---- */

static void mail_goes_as_each_has_chosen(void **state)
{
    struct world *world = *state;
    static const struct {
        enum notice_takes takes;
        size_t mails;
    } CASES[] = {{TAKES_ALL, 2}, {TAKES_URGENT, 1}, {TAKES_NONE, 0}};
    for (size_t i = 0; i < 3; i++) {
        const struct actor *pm = member_of(world, world->project, R(PM));
        struct delivery *deliveries;
        choose(world, pm, CASES[i].takes);
        tell(world, (struct telling){.person_id = pm->person_id});
        tell(world, (struct telling){.person_id = pm->person_id, .urgent = true});
        assert_int_equal(sent_to(world, pm, &deliveries), CASES[i].mails);
    }
}

static void without_a_mail_server_no_mail_waits(void **state)
{
    struct world *world = *state;
    const struct actor *pm = member_of(world, world->project, R(PM));
    struct delivery *deliveries;
    choose(world, pm, TAKES_ALL);
    deliveries_use(&(struct outbox){.mail = {.host = ""}}, "");
    tell(world, (struct telling){.person_id = pm->person_id});
    assert_int_equal(sent_to(world, pm, &deliveries), 0);
}

static void in_quiet_hours_only_urgent_news_do_not_wait(void **state)
{
    struct world *world = *state;
    const struct actor *pm = member_of(world, world->project, R(PM));
    struct delivery *deliveries;
    choose(world, pm, TAKES_ALL);
    world->test.cx.now = at_hour(22);
    tell(world, (struct telling){.person_id = pm->person_id});
    tell(world, (struct telling){.person_id = pm->person_id, .urgent = true});
    assert_int_equal(sent_to(world, pm, &deliveries), 2);
    assert_int_equal(deliveries[0].next_at.ms, world->test.cx.now.ms);
    assert_int_equal(deliveries[1].next_at.ms, at_hour(24 + 8).ms);
}

static void hours_of_a_day_are_four_digits(void **state)
{
    static const char *const WRONG[] = {"", "8:00", "24:00", "08:60", "0800", "08:0x", "08:000"};
    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++)
        assert_false(time_of_day_valid(WRONG[i]));
    assert_true(time_of_day_valid("00:00"));
    assert_true(time_of_day_valid("23:59"));
}

/* ---- to groups ---- */

static void a_group_hears_what_concerns_its_unit_and_those_below(void **state)
{
    struct world *world = *state;
    const int64_t other = a_unit(world, world->headquarters, UNIT_DIVISION);
    const int64_t whole = a_robot(world, world->client, 0, TAKES_ALL);
    const int64_t division = a_robot(world, world->client, world->division, TAKES_ALL);
    const int64_t beside = a_robot(world, world->client, other, TAKES_ALL);
    const int64_t provider = a_robot(world, world->provider, 0, TAKES_ALL);
    tell(world, (struct telling){.organisation_id = world->client, .unit_id = world->project});
    assert_int_equal(sent_to_robot(world, whole), 1);
    assert_int_equal(sent_to_robot(world, division), 1);
    assert_int_equal(sent_to_robot(world, beside), 0);
    assert_int_equal(sent_to_robot(world, provider), 0);
}

static void a_group_hears_nothing_while_paused_nor_what_a_person_is_told(void **state)
{
    struct world *world = *state;
    const struct actor *pm = member_of(world, world->project, R(PM));
    const int64_t paused = a_robot(world, world->client, 0, TAKES_NONE);
    const int64_t urgent = a_robot(world, world->client, 0, TAKES_URGENT);
    tell(world, (struct telling){.person_id = pm->person_id, .urgent = true});
    tell(world, (struct telling){.organisation_id = world->client});
    assert_int_equal(sent_to_robot(world, urgent), 0);
    tell(world, (struct telling){.organisation_id = world->client, .urgent = true});
    assert_int_equal(sent_to_robot(world, urgent), 1);
    assert_int_equal(sent_to_robot(world, paused), 0);
}

static void the_url_of_a_group_is_sealed(void **state)
{
    struct world *world = *state;
    struct group_robot robot;
    get(world, &ROBOTS, a_robot(world, world->client, 0, TAKES_ALL), &robot);
    assert_null(strstr(robot.url.masked, "key="));
    assert_null(strstr(robot.url.sealed, "example"));
}

static void below_the_centres_a_group_belongs_to_a_unit(void **state)
{
    struct world *world = *state;
    struct group_robot robot = robot_draft(0, 0);
    act(world, member_of(world, world->division, R(DIVISION)));
    assert_int_equal(add(world, &ROBOTS, &robot), INVALID);
    assert_only_fault(world, "unit_id", "required", "");
    robot = robot_draft(0, world->project);
    assert_int_equal(add(world, &ROBOTS, &robot), OK);
    assert_int_equal(robot.organisation_id, world->client);
}

/* ---- whose turn it is ---- */

static enum result claim_run(struct ctx *cx, void *host)
{
    return delivery_claim(cx, host);
}

static int64_t claim(struct world *world)
{
    int64_t id;
    assert_int_equal(attempt(world, claim_run, &id), OK);
    return id;
}

static void what_one_has_taken_is_not_given_to_another_until_that_one_is_late(void **state)
{
    struct world *world = *state;
    a_robot(world, world->client, 0, TAKES_ALL);
    tell(world, (struct telling){.organisation_id = world->client});
    const int64_t id = claim(world);
    assert_int_not_equal(id, 0);
    assert_int_equal(claim(world), 0);
    world->test.cx.now.ms += 10 * INT64_C(60000);
    assert_int_equal(claim(world), id);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MAIL_TEST(mail_goes_as_each_has_chosen),
        MAIL_TEST(without_a_mail_server_no_mail_waits),
        MAIL_TEST(in_quiet_hours_only_urgent_news_do_not_wait),
        MAIL_TEST(hours_of_a_day_are_four_digits),
        MAIL_TEST(a_group_hears_what_concerns_its_unit_and_those_below),
        MAIL_TEST(a_group_hears_nothing_while_paused_nor_what_a_person_is_told),
        MAIL_TEST(the_url_of_a_group_is_sealed),
        MAIL_TEST(below_the_centres_a_group_belongs_to_a_unit),
        MAIL_TEST(what_one_has_taken_is_not_given_to_another_until_that_one_is_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
