/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* C2.3, C3.1, C3.2, C3.3: what counts of conduct, where findings go, who opens project data. */
#include "app/access/session.h"
#include "app/site/leak.h"
#include "app/site/patrol.h"
#include "app/site/undertaking.h"
#include "app/test_world.h"

#define DAY_MS (24 * 60 * 60 * INT64_C(1000))

static struct {
    struct world *world;
    const struct actor *lead, *duty, *agent, *contact, *resident;
    int64_t contract, rule, patrol, undertaking, leak;
} cast;

static int64_t a_worker(int64_t organisation, int64_t unit, enum job job, const char *name)
{
    struct person person = {
        .organisation_id = organisation, .unit_id = unit, .name = name, .job = job};
    fields_blank(PEOPLE.fields, &person);
    act(cast.world, &ACTOR_SYSTEM);
    assert_int_equal(add(cast.world, &PEOPLE, &person), OK);
    return person.id;
}

static const struct actor *worker(enum job job, const char *name, uint64_t mask)
{
    return actor_of(cast.world, a_worker(cast.world->provider, 0, job, name), mask);
}

static enum result rule_add(const char *points, enum repeat repeat, int days, int64_t *out_id)
{
    struct conduct_rule rule = {.number = "1.1", .text = "On time", .repeat = repeat};
    (void)points_parse(points, &rule.points);
    rule.from = date_add(instant_date(cast.world->test.cx.now, SHANGHAI_OFFSET_MIN), days);
    fields_blank(CONDUCT_RULES.fields, &rule);
    act(cast.world, cast.lead);
    const enum result result = add(cast.world, &CONDUCT_RULES, &rule);
    *out_id = rule.id;
    return result;
}

static void opened(void **state)
{
    struct world *world = cast.world = *state;
    act(world, &ACTOR_SYSTEM);
    cast.contract = a_contract(world, world->project, world->provider);
    cast.lead = worker(JOB_MANAGER, "Lead", R(PROVIDER));
    cast.duty = worker(JOB_DUTY_MANAGER, "Duty", R(DUTY));
    cast.agent = worker(JOB_AGENT, "Agent", R(AGENT));
    cast.resident = actor_of(
        world, a_worker(world->client, world->project, JOB_RESIDENT, "Resident"), R(RESIDENT));
    cast.contact = member_of(world, world->project, R(CLIENT));
    tamper(world, arena_printf(world->test.arena,
                               "UPDATE contracts SET service = 'outbound_call', state = 'active', "
                               "contact_id = %lld",
                               (long long)cast.contact->person_id));
    assert_int_equal(rule_add("2", REPEAT_DOUBLED, 0, &cast.rule), OK);
}

/* ---- deeds ---- */

enum deed_kind {
    STATE,
    CONFIRM,
    VOID,
    FIND,
    ACKNOWLEDGE,
    MAKE_VIOLATION,
    ENFORCE,
    SIGN,
    BLAME_PROVIDER,
    BLAME_CLIENT,
    CLOSE
};
struct deed {
    enum deed_kind kind;
    int64_t id, person_id;
    int64_t made;
};

static enum result with_violation(struct ctx *cx, const struct deed *deed)
{
    struct violation violation;
    TRY(record_get(cx, &VIOLATIONS, deed->id, &violation));
    if (deed->kind == STATE)
        return violation_state(cx, &violation, "The bus was late", true);
    return deed->kind == CONFIRM ? violation_decide(cx, &violation, true, "It was so")
                                 : violation_void(cx, &violation, "Wrong person");
}

static enum result with_patrol(struct ctx *cx, struct deed *deed)
{
    struct patrol patrol;
    struct site_rule *rules;
    size_t count;
    TRY(record_get(cx, &PATROLS, deed->id, &patrol));
    TRY(check_list(cx, patrol.contract_id, &rules, &count));
    struct patrol_finding finding = {
        .rule_id = rules[0].id, .person_id = deed->person_id, .words = "Shoes"};
    TRY(patrol_find(cx, &patrol, &finding, 1));
    deed->made = finding.id;
    return OK;
}

static enum result with_finding(struct ctx *cx, struct deed *deed)
{
    struct patrol_finding finding;
    TRY(record_get(cx, &PATROL_FINDINGS, deed->id, &finding));
    return deed->kind == ACKNOWLEDGE ? finding_acknowledge(cx, &finding, "Spoken with")
                                     : finding_violation(cx, &finding, cast.rule, &deed->made);
}

static enum result with_undertaking(struct ctx *cx, const struct deed *deed)
{
    struct undertaking undertaking;
    TRY(record_get(cx, &UNDERTAKINGS, deed->id, &undertaking));
    return deed->kind == ENFORCE ? undertaking_enforce(cx, &undertaking)
                                 : undertaking_sign(cx, &undertaking, undertaking.sha256);
}

static enum result with_leak(struct ctx *cx, const struct deed *deed)
{
    struct leak leak;
    TRY(record_get(cx, &LEAKS, deed->id, &leak));
    if (deed->kind == CLOSE)
        return leak_close(cx, &leak, "USB ports closed");
    return leak_investigate(cx, &leak, "Copied on Friday",
                            deed->kind == BLAME_CLIENT ? SIDE_CLIENT : SIDE_PROVIDER);
}

static enum result deed_run(struct ctx *cx, void *host)
{
    struct deed *deed = host;
    if (deed->kind <= VOID)
        return with_violation(cx, deed);
    if (deed->kind == FIND)
        return with_patrol(cx, deed);
    if (deed->kind <= MAKE_VIOLATION)
        return with_finding(cx, deed);
    return deed->kind <= SIGN ? with_undertaking(cx, deed) : with_leak(cx, deed);
}

static enum result does(const struct actor *actor, enum deed_kind kind, int64_t id)
{
    struct deed deed = {kind, id, 0, 0};
    act(cast.world, actor);
    return attempt(cast.world, deed_run, &deed);
}

static int64_t recorded(int64_t rule)
{
    struct violation violation = {.contract_id = cast.contract,
                                  .person_id = cast.agent->person_id,
                                  .rule_id = rule,
                                  .at = cast.world->test.cx.now,
                                  .fact = "Late by ten minutes"};
    fields_blank(VIOLATIONS.fields, &violation);
    act(cast.world, cast.duty);
    assert_int_equal(add(cast.world, &VIOLATIONS, &violation), OK);
    return violation.id;
}

static int64_t confirmed(void)
{
    const int64_t id = recorded(cast.rule);
    assert_int_equal(does(cast.agent, STATE, id), OK);
    assert_int_equal(does(cast.lead, CONFIRM, id), OK);
    return id;
}

static struct violation violation_of(int64_t id)
{
    struct violation violation;
    act(cast.world, &ACTOR_SYSTEM);
    get(cast.world, &VIOLATIONS, id, &violation);
    return violation;
}

/* ---- conduct ---- */

static void C2_3_a_rule_that_was_used_is_succeeded_and_never_changed(void **state)
{
    struct conduct_rule before, after;
    int64_t second;
    opened(state);
    recorded(cast.rule);
    act(cast.world, cast.lead);
    get(cast.world, &CONDUCT_RULES, cast.rule, &before);
    after = before;
    after.points = (struct points){500};
    assert_int_equal(change(cast.world, &CONDUCT_RULES, &before, &after), CONFLICT);
    assert_code(cast.world, "conduct_rule.used");
    assert_int_equal(rule_add("5", REPEAT_SAME, -1, &second), INVALID);
    assert_int_equal(rule_add("5", REPEAT_SAME, 3, &second), OK);
    get(cast.world, &CONDUCT_RULES, second, &after);
    get(cast.world, &CONDUCT_RULES, cast.rule, &before);
    assert_int_equal(after.edition, 2);
    assert_int_equal(before.to.days, after.from.days - 1);
}

static void C2_3_the_person_speaks_first_and_another_one_decides(void **state)
{
    opened(state);
    const int64_t id = recorded(cast.rule);
    assert_int_equal(does(cast.lead, STATE, id), FORBIDDEN);
    assert_int_equal(does(cast.lead, CONFIRM, id), CONFLICT);
    assert_code(cast.world, "violation.statement_awaited");
    assert_int_equal(does(cast.agent, STATE, id), OK);
    assert_int_equal(does(cast.duty, CONFIRM, id), FORBIDDEN);
    assert_code(cast.world, "violation.own_decision");
    assert_int_equal(does(cast.lead, CONFIRM, id), OK);
    assert_int_equal(violation_of(id).points.hundredths, 200);
    assert_int_equal(does(cast.lead, CONFIRM, id), CONFLICT);
    const int64_t silent = recorded(cast.rule);
    cast.world->test.cx.now.ms += 10 * DAY_MS;
    assert_int_equal(does(cast.agent, STATE, silent), CONFLICT);
    assert_code(cast.world, "violation.statement_over");
    assert_int_equal(does(cast.lead, CONFIRM, silent), OK);
}

static void C2_3_repeated_events_cost_what_the_rule_says(void **state)
{
    (void)state;
    struct conduct_rule rule = {.points = {150}, .repeat = REPEAT_SAME};
    assert_int_equal(conduct_points(&rule, 4).hundredths, 150);
    rule.repeat = REPEAT_DOUBLED;
    assert_int_equal(conduct_points(&rule, 1).hundredths, 150);
    assert_int_equal(conduct_points(&rule, 4).hundredths, 300);
    rule.repeat = REPEAT_RISING;
    assert_int_equal(conduct_points(&rule, 4).hundredths, 600);
}

static void measured_now(struct measured out[2], struct measured count[2])
{
    const struct month month = month_of(instant_date(cast.world->test.cx.now, SHANGHAI_OFFSET_MIN));
    const int64_t people[] = {cast.duty->person_id, cast.agent->person_id};
    const struct measuring ask = {cast.contract, month_first(month), month_last(month), people, 2};
    assert_int_equal(CONDUCT_MEASURES[0].run(&cast.world->test.cx, &ask, out), OK);
    assert_int_equal(CONDUCT_MEASURES[1].run(&cast.world->test.cx, &ask, count), OK);
}

static void C2_3_only_confirmed_violations_count_and_none_is_zero(void **state)
{
    struct measured points[2] = {{0}}, count[2] = {{0}};
    opened(state);
    confirmed();
    const int64_t second = confirmed();
    recorded(cast.rule);
    measured_now(points, count);
    assert_true(is_measured(&points[0]));
    assert_int_equal(measured_shown(&points[0]).hundredths, 0);
    assert_int_equal(measured_shown(&points[1]).hundredths, 600); /* 2, and doubled 4 */
    assert_int_equal(measured_shown(&count[1]).hundredths, 200);
    assert_int_equal(does(cast.agent, VOID, second), FORBIDDEN);
    assert_int_equal(does(cast.lead, VOID, second), OK);
    measured_now(points, count);
    assert_int_equal(measured_shown(&points[1]).hundredths, 200);
}

/* ---- patrols ---- */

static enum result first_rules(struct ctx *cx, void *host)
{
    (void)host;
    return site_rules_begin(cx);
}

static void patrolled(void)
{
    struct patrol patrol = {.contract_id = cast.contract, .site = "Second floor"};
    act(cast.world, cast.lead);
    assert_int_equal(attempt(cast.world, first_rules, NULL), OK);
    assert_int_equal(attempt(cast.world, first_rules, NULL), CONFLICT);
    act(cast.world, cast.duty);
    fields_blank(PATROLS.fields, &patrol);
    assert_int_equal(add(cast.world, &PATROLS, &patrol), OK);
    assert_int_equal(patrol.checked, 4);
    cast.patrol = patrol.id;
}

static int64_t found(const struct actor *whom)
{
    struct deed deed = {FIND, cast.patrol, whom->person_id, 0};
    act(cast.world, cast.duty);
    assert_int_equal(attempt(cast.world, deed_run, &deed), OK);
    return deed.made;
}

static void C3_1_what_is_found_of_a_resident_goes_to_the_client_alone(void **state)
{
    opened(state);
    patrolled();
    const int64_t id = found(cast.resident);
    assert_int_equal(does(cast.duty, MAKE_VIOLATION, id), CONFLICT);
    assert_code(cast.world, "finding.clients_person");
    assert_int_equal(does(cast.duty, ACKNOWLEDGE, id), FORBIDDEN);
    assert_code(cast.world, "finding.other_side");
    assert_int_equal(does(cast.resident, ACKNOWLEDGE, id), FORBIDDEN);
    assert_code(cast.world, "finding.contact_only");
    assert_int_equal(does(cast.contact, ACKNOWLEDGE, id), OK);
    assert_int_equal(does(cast.contact, ACKNOWLEDGE, id), CONFLICT);
}

static void C3_2_what_is_found_of_the_providers_people_becomes_a_violation(void **state)
{
    struct deed deed;
    opened(state);
    patrolled();
    const int64_t id = found(cast.agent);
    assert_int_equal(does(cast.contact, ACKNOWLEDGE, id),
                     NOT_FOUND); /* no matter of the client's */
    assert_int_equal(does(cast.duty, ACKNOWLEDGE, id), FORBIDDEN);
    assert_int_equal(does(cast.agent, ACKNOWLEDGE, id), OK);
    deed = (struct deed){MAKE_VIOLATION, id, 0, 0};
    act(cast.world, cast.duty);
    assert_int_equal(attempt(cast.world, deed_run, &deed), OK);
    const struct violation violation = violation_of(deed.made);
    assert_int_equal(violation.person_id, cast.agent->person_id);
    assert_int_equal(violation.state, VIOLATION_OPEN);
    assert_int_equal(does(cast.duty, MAKE_VIOLATION, id), CONFLICT);
}

static void C3_1_only_who_is_on_site_is_found_and_on_the_day_alone(void **state)
{
    struct deed deed;
    opened(state);
    patrolled();
    deed = (struct deed){FIND, cast.patrol, cast.contact->person_id, 0};
    act(cast.world, cast.duty);
    assert_int_equal(attempt(cast.world, deed_run, &deed), INVALID);
    assert_only_fault(cast.world, "findings.0.person_id", "not_on_site", "C3.1");
    cast.world->test.cx.now.ms += DAY_MS;
    assert_int_equal(attempt(cast.world, deed_run, &deed), CONFLICT);
    assert_code(cast.world, "patrol.over");
}

/* ---- confidentiality ---- */

static int64_t edition(const char *text)
{
    struct undertaking undertaking = {.text = text};
    fields_blank(UNDERTAKINGS.fields, &undertaking);
    act(cast.world, cast.lead);
    assert_int_equal(add(cast.world, &UNDERTAKINGS, &undertaking), OK);
    return undertaking.id;
}

/* As the account stands after it signed in anew. */
static bool reads_calls(const struct actor *actor)
{
    struct identity identity;
    struct actor again;
    assert_int_equal(identity_of_account(&cast.world->test.cx, actor->account_id, &identity), OK);
    identity_actor(cast.world->test.arena, &identity, &again);
    return actor_may(&again, "calls.read") && actor_may(&again, "recordings.listen");
}

static void C3_3_project_data_are_withheld_until_the_edition_in_force_is_signed(void **state)
{
    opened(state);
    const int64_t first = edition("Nothing leaves."), second = edition("Nothing at all leaves.");
    assert_true(reads_calls(cast.resident));
    assert_int_equal(does(cast.lead, ENFORCE, first), OK);
    assert_false(reads_calls(cast.resident));
    assert_true(reads_calls(cast.duty)); /* who is the provider's */
    assert_int_equal(does(cast.duty, SIGN, first), FORBIDDEN);
    assert_int_equal(does(cast.resident, SIGN, first), OK);
    assert_true(reads_calls(cast.resident));
    assert_false(reads_calls(cast.contact));
    assert_int_equal(does(cast.resident, SIGN, first), CONFLICT);
    assert_int_equal(does(cast.lead, ENFORCE, second), OK);
    assert_false(reads_calls(cast.resident));
    assert_int_equal(does(cast.resident, SIGN, first), CONFLICT);
    assert_code(cast.world, "undertaking.wrong_state");
}

static void C3_3_for_its_residents_the_client_is_liable(void **state)
{
    opened(state);
    struct leak leak = {.contract_id = cast.contract,
                        .what = "A list of numbers",
                        .channel = LEAK_USB,
                        .happened_at = cast.world->test.cx.now,
                        .found_by = "Duty",
                        .person_id = cast.resident->person_id};
    fields_blank(LEAKS.fields, &leak);
    act(cast.world, cast.contact);
    assert_int_equal(add(cast.world, &LEAKS, &leak), OK);
    assert_int_equal(does(cast.contact, BLAME_CLIENT, leak.id), FORBIDDEN);
    assert_int_equal(does(cast.lead, BLAME_PROVIDER, leak.id), INVALID);
    assert_only_fault(cast.world, "liability", "client_is_liable", "C3.3");
    assert_int_equal(does(cast.lead, CLOSE, leak.id), CONFLICT);
    assert_int_equal(does(cast.lead, BLAME_CLIENT, leak.id), OK);
    assert_int_equal(does(cast.lead, CLOSE, leak.id), FORBIDDEN);
    assert_int_equal(does(cast.contact, CLOSE, leak.id), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(C2_3_a_rule_that_was_used_is_succeeded_and_never_changed),
        WORLD_TEST(C2_3_the_person_speaks_first_and_another_one_decides),
        WORLD_TEST(C2_3_repeated_events_cost_what_the_rule_says),
        WORLD_TEST(C2_3_only_confirmed_violations_count_and_none_is_zero),
        WORLD_TEST(C3_1_what_is_found_of_a_resident_goes_to_the_client_alone),
        WORLD_TEST(C3_2_what_is_found_of_the_providers_people_becomes_a_violation),
        WORLD_TEST(C3_1_only_who_is_on_site_is_found_and_on_the_day_alone),
        WORLD_TEST(C3_3_project_data_are_withheld_until_the_edition_in_force_is_signed),
        WORLD_TEST(C3_3_for_its_residents_the_client_is_liable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
