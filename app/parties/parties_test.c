/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/parties/parties.h"

#include "app/test_world.h"

/* ---- organisations ---- */

static struct organisation organisation_of(struct world *world, int64_t id)
{
    struct organisation organisation;
    get(world, &ORGANISATIONS, id, &organisation);
    return organisation;
}

static void a_new_provider_is_a_candidate_and_everybody_else_is_approved(void **state)
{
    struct world *world = *state;
    int64_t surveyor = an_organisation(world, "Surveyors", SIDE_THIRD_PARTY);
    assert_int_equal(organisation_of(world, world->provider).state, ORGANISATION_CANDIDATE);
    assert_int_equal(organisation_of(world, world->client).state, ORGANISATION_APPROVED);
    assert_int_equal(organisation_of(world, surveyor).state, ORGANISATION_APPROVED);
}

static void two_organisations_have_neither_name_nor_credit_code_in_common(void **state)
{
    struct world *world = *state;
    struct organisation first = {.name = "First", .side = SIDE_PROVIDER},
                        same_name = {.name = "First", .side = SIDE_THIRD_PARTY},
                        same_code = {.name = "Second", .side = SIDE_PROVIDER};
    fields_blank(ORGANISATIONS.fields, &first);
    fields_blank(ORGANISATIONS.fields, &same_name);
    fields_blank(ORGANISATIONS.fields, &same_code);
    first.credit_code = same_code.credit_code = "91350211M000100Y46";
    assert_int_equal(add(world, &ORGANISATIONS, &first), OK);
    assert_int_equal(add(world, &ORGANISATIONS, &same_name), INVALID);
    assert_only_fault(world, "name", "taken", "");
    assert_int_equal(add(world, &ORGANISATIONS, &same_code), CONFLICT);
    assert_code(world, "record.exists");
    same_code.credit_code = "91350211M000100Y47";
    assert_int_equal(add(world, &ORGANISATIONS, &same_code), INVALID);
    assert_only_fault(world, "credit_code", "malformed", "");
}

static void an_organisation_keeps_its_name_when_something_else_changes(void **state)
{
    struct world *world = *state;
    struct organisation before = organisation_of(world, world->provider), after = before;
    after.address = "1 River Road";
    assert_int_equal(change(world, &ORGANISATIONS, &before, &after), OK);
}

struct judging {
    int64_t id;
    enum organisation_state state;
    const char *reason;
};

static enum result judge_run(struct ctx *cx, void *host)
{
    const struct judging *judging = host;
    return organisation_judge(cx, judging->id, judging->state, judging->reason);
}

static enum result judge(struct world *world, int64_t id, enum organisation_state to,
                         const char *reason)
{
    struct judging judging = {id, to, reason};
    return attempt(world, judge_run, &judging);
}

static void a_provider_is_judged_with_a_reason(void **state)
{
    struct world *world = *state;
    assert_int_equal(judge(world, world->provider, ORGANISATION_BLACKLISTED, " \t "), INVALID);
    assert_only_fault(world, "reason", "required", "");
    assert_int_equal(judge(world, world->provider, 0, "so it is"), INVALID);
    assert_only_fault(world, "state", "required", "");
    assert_int_equal(judge(world, world->provider, ORGANISATION_BLACKLISTED, "Subcontracted"), OK);
    const struct organisation judged = organisation_of(world, world->provider);
    assert_int_equal(judged.state, ORGANISATION_BLACKLISTED);
    assert_string_equal(judged.state_reason, "Subcontracted");
}

static void only_providers_are_judged(void **state)
{
    struct world *world = *state;
    assert_int_equal(judge(world, world->client, ORGANISATION_WATCHED, "why not"), CONFLICT);
    assert_code(world, "organisation.not_provider");
    assert_int_equal(judge(world, 999999, ORGANISATION_WATCHED, "why not"), NOT_FOUND);
}

/* ---- fitness (X5) ---- */

static struct qualification qualification_draft(int64_t organisation_id, struct date valid_to)
{
    return (struct qualification){.organisation_id = organisation_id,
                                  .organisation_name = "",
                                  .kind = QUALIFICATION_LICENCE,
                                  .name = "Licence",
                                  .number = "",
                                  .issued_by = "",
                                  .valid_to = valid_to,
                                  .required = true};
}

static enum result fitness(struct world *world, struct date day)
{
    world->test.cx.fault = (struct fault){0};
    assert_int_equal(provider_fitness(&world->test.cx, world->provider, day, "provider_id"), OK);
    return rejected(&world->test.cx);
}

static void what_speaks_against_a_provider_is_its_state(void **state)
{
    static const enum organisation_state GOOD[] = {ORGANISATION_CANDIDATE, ORGANISATION_APPROVED,
                                                   ORGANISATION_WATCHED};
    static const enum organisation_state BAD[] = {ORGANISATION_SUSPENDED, ORGANISATION_REMOVED,
                                                  ORGANISATION_BLACKLISTED};
    struct world *world = *state;
    const struct date day = date_of(2026, 3, 2);
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        assert_int_equal(judge(world, world->provider, BAD[i], "because"), OK);
        assert_int_equal(fitness(world, day), INVALID);
        assert_only_fault(world, "provider_id", "provider_unfit", "X5");
        assert_int_equal(judge(world, world->provider, GOOD[i], "because"), OK);
        assert_int_equal(fitness(world, day), OK);
    }
}

static void a_required_qualification_must_hold_on_the_day(void **state)
{
    struct world *world = *state;
    struct qualification licence = qualification_draft(world->provider, date_of(2026, 3, 2));
    assert_int_equal(add(world, &QUALIFICATIONS, &licence), OK);
    assert_int_equal(fitness(world, date_of(2026, 3, 2)), OK); /* its last day */
    assert_int_equal(fitness(world, date_of(2026, 3, 3)), INVALID);
    assert_only_fault(world, "provider_id", "qualification_expired", "X5");
    assert_string_equal(world->test.cx.fault.fields->args[1], "Licence");
}

static void a_renewed_qualification_takes_over_from_its_first_day(void **state)
{
    struct world *world = *state;
    struct qualification old = qualification_draft(world->provider, date_of(2026, 3, 2)),
                         renewed = qualification_draft(world->provider, date_of(2027, 3, 2));
    renewed.valid_from = date_of(2026, 3, 4);
    assert_int_equal(add(world, &QUALIFICATIONS, &old), OK);
    assert_int_equal(add(world, &QUALIFICATIONS, &renewed), OK);
    assert_int_equal(fitness(world, date_of(2026, 3, 2)), OK);
    assert_int_equal(fitness(world, date_of(2026, 3, 3)), INVALID); /* between the two */
    assert_int_equal(fitness(world, date_of(2026, 3, 4)), OK);
}

static void what_is_not_required_or_has_no_end_may_be_there_or_not(void **state)
{
    struct world *world = *state;
    struct qualification optional = qualification_draft(world->provider, date_of(2020, 1, 1)),
                         endless = qualification_draft(world->provider, (struct date){0});
    optional.required = false;
    assert_int_equal(add(world, &QUALIFICATIONS, &optional), OK);
    assert_int_equal(add(world, &QUALIFICATIONS, &endless), OK);
    assert_int_equal(fitness(world, date_of(2026, 3, 2)), OK);
}

static void a_qualification_does_not_end_before_it_begins(void **state)
{
    struct world *world = *state;
    struct qualification licence = qualification_draft(world->provider, date_of(2026, 3, 2));
    licence.valid_from = date_of(2026, 3, 3);
    assert_int_equal(add(world, &QUALIFICATIONS, &licence), INVALID);
    assert_only_fault(world, "valid_to", "before_start", "");
    licence.valid_from = date_of(2026, 3, 2);
    assert_int_equal(add(world, &QUALIFICATIONS, &licence), OK);
}

static void a_provider_registers_its_own_qualifications_alone(void **state)
{
    struct world *world = *state;
    a_contract(world, world->project, world->provider);
    tamper(world, "UPDATE contracts SET state = 'active'"); /* so that it knows its client */
    struct qualification own = qualification_draft(world->provider, date_of(2027, 1, 1)),
                         other = qualification_draft(world->client, date_of(2027, 1, 1));
    act(world, outsider_of(world, world->provider, R(PROVIDER)));
    assert_int_equal(add(world, &QUALIFICATIONS, &own), OK);
    assert_int_equal(add(world, &QUALIFICATIONS, &other), INVALID);
    assert_only_fault(world, "organisation_id", "other_organisation", "");
}

static void whether_its_qualification_holds_is_not_a_providers_to_say(void **state)
{
    struct world *world = *state;
    struct qualification draft = qualification_draft(world->provider, date_of(2026, 3, 1)), before;
    assert_int_equal(add(world, &QUALIFICATIONS, &draft), OK);
    const struct actor *provider = outsider_of(world, world->provider, R(PROVIDER));
    act(world, provider);
    get(world, &QUALIFICATIONS, draft.id, &before);
    struct qualification later = before, earlier = before, optional = before, renamed = before;
    later.valid_to = date_of(2027, 3, 1);
    earlier.valid_from = date_of(2025, 3, 1);
    optional.required = false;
    struct qualification *const claims[] = {&later, &earlier, &optional};
    for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++) {
        assert_int_equal(change(world, &QUALIFICATIONS, &before, claims[i]), INVALID);
        assert_only_fault(world, "valid_to", "client_decides", "X5");
    }
    renamed.number = "B-7";
    assert_int_equal(change(world, &QUALIFICATIONS, &before, &renamed), OK);
    struct qualification own = qualification_draft(world->provider, date_of(2027, 3, 1));
    assert_int_equal(add(world, &QUALIFICATIONS, &own), OK);
    get(world, &QUALIFICATIONS, own.id, &before);
    assert_false(before.required);
}

/* ---- units (V2) ---- */

static void a_unit_lies_on_the_path_of_those_above_it(void **state)
{
    struct world *world = *state;
    struct unit headquarters, project;
    get(world, &UNITS, world->headquarters, &headquarters);
    get(world, &UNITS, world->project, &project);
    assert_string_equal(headquarters.path,
                        arena_printf(world->test.arena, "/%lld/", (long long)world->headquarters));
    assert_string_equal(project.path,
                        arena_printf(world->test.arena, "/%lld/%lld/%lld/",
                                     (long long)world->headquarters, (long long)world->division,
                                     (long long)world->project));
    assert_int_equal(project.parent_id, world->division);
}

static void a_unit_hangs_under_one_of_its_own_organisation(void **state)
{
    struct world *world = *state;
    struct unit unit = {
        .organisation_id = world->provider, .parent_id = world->headquarters, .kind = UNIT_PROJECT};
    fields_blank(UNITS.fields, &unit);
    unit.name = "Branch";
    assert_int_equal(add(world, &UNITS, &unit), INVALID);
    assert_only_fault(world, "parent_id", "other_organisation", "");
}

static void units_of_an_organisation_differ_in_name(void **state)
{
    struct world *world = *state;
    struct unit unit = {.organisation_id = world->client, .kind = UNIT_PROJECT}, elsewhere;
    fields_blank(UNITS.fields, &unit);
    unit.name = "Riverside";
    elsewhere = unit;
    elsewhere.organisation_id = world->provider;
    assert_int_equal(add(world, &UNITS, &unit), OK);
    assert_int_equal(add(world, &UNITS, &unit), INVALID);
    assert_only_fault(world, "name", "taken", "");
    assert_int_equal(add(world, &UNITS, &elsewhere), OK);
}

/* ---- people ---- */

static struct person person_draft(int64_t organisation_id, const char *name)
{
    struct person person = {.organisation_id = organisation_id, .job = JOB_AGENT};
    fields_blank(PEOPLE.fields, &person);
    person.name = name;
    return person;
}

static void the_same_person_is_registered_once_in_an_organisation(void **state)
{
    struct world *world = *state;
    struct person first = person_draft(world->provider, "Li Wei"), again, elsewhere;
    first.id_card.plain = "11010519491231002X";
    again = elsewhere = first;
    again.name = "Li W.";
    elsewhere.organisation_id = world->client;
    assert_int_equal(add(world, &PEOPLE, &first), OK);
    assert_int_equal(add(world, &PEOPLE, &again), INVALID);
    assert_only_fault(world, "id_card", "taken", "");
    assert_int_equal(add(world, &PEOPLE, &elsewhere), OK);
}

static void a_person_may_be_changed_beside_the_identity_card(void **state)
{
    struct world *world = *state;
    struct person person = person_draft(world->provider, "Li Wei"), before, after;
    person.id_card.plain = "11010519491231002X";
    assert_int_equal(add(world, &PEOPLE, &person), OK);
    get(world, &PEOPLE, person.id, &before);
    after = before;
    after.name = "Li Wei Wei";
    assert_int_equal(change(world, &PEOPLE, &before, &after), OK);
    struct person same = person_draft(world->provider, "Li Wei");
    same.id_card.plain = "11010519491231002X";
    assert_int_equal(add(world, &PEOPLE, &same), INVALID); /* still known by it */
}

static void identifiers_have_their_check_digits(void **state)
{
    struct world *world = *state;
    struct person person = person_draft(world->provider, "Li Wei");
    person.id_card.plain = "110105194912310021";
    person.phone.plain = "12345";
    assert_int_equal(add(world, &PEOPLE, &person), INVALID);
    assert_true(was_rejected(world, "id_card", "malformed"));
    assert_true(was_rejected(world, "phone", "malformed"));
}

static void nobody_leaves_before_joining(void **state)
{
    struct world *world = *state;
    struct person person = person_draft(world->provider, "Li Wei");
    person.joined_on = date_of(2026, 3, 2);
    person.left_on = date_of(2026, 3, 1);
    assert_int_equal(add(world, &PEOPLE, &person), INVALID);
    assert_only_fault(world, "left_on", "before_start", "");
}

static void a_person_sits_in_a_unit_of_the_own_organisation(void **state)
{
    struct world *world = *state;
    struct person person = person_draft(world->provider, "Li Wei");
    person.unit_id = world->project;
    assert_int_equal(add(world, &PEOPLE, &person), INVALID);
    assert_only_fault(world, "unit_id", "other_organisation", "");
    person.organisation_id = world->client;
    assert_int_equal(add(world, &PEOPLE, &person), OK);
}

static void a_provider_registers_people_of_its_own_alone(void **state)
{
    struct world *world = *state;
    a_contract(world, world->project, world->provider);
    tamper(world, "UPDATE contracts SET state = 'active'");
    struct person own = person_draft(world->provider, "Own"),
                  other = person_draft(world->client, "Other");
    act(world, outsider_of(world, world->provider, R(PROVIDER)));
    assert_int_equal(add(world, &PEOPLE, &own), OK);
    assert_int_equal(add(world, &PEOPLE, &other), INVALID);
    assert_only_fault(world, "organisation_id", "other_organisation", "");
}

static void where_somebody_with_an_account_works_is_the_administrators_to_say(void **state)
{
    struct world *world = *state;
    const struct actor *ops = member_of(world, world->headquarters, R(OPS));
    const struct actor *admin = member_of(world, world->headquarters, R(ADMIN));
    const struct actor *holder = member_of(world, world->project, R(PM));
    struct person before;
    get(world, &PEOPLE, holder->person_id, &before);
    struct person gone = before, moved = before, renamed = before;
    gone.left_on = date_of(2026, 3, 2);
    moved.unit_id = world->division;
    renamed.name = "Li Wei";
    act(world, ops);
    assert_int_equal(change(world, &PEOPLE, &before, &gone), INVALID);
    assert_only_fault(world, "left_on", "account_holder", "");
    assert_int_equal(change(world, &PEOPLE, &before, &moved), INVALID);
    assert_only_fault(world, "unit_id", "account_holder", "");
    assert_int_equal(change(world, &PEOPLE, &before, &renamed), OK);
    get(world, &PEOPLE, holder->person_id, &before);
    moved = before;
    moved.unit_id = world->division;
    act(world, admin);
    assert_int_equal(change(world, &PEOPLE, &before, &moved), OK);
}

static void people_below_the_centres_stay_in_a_unit(void **state)
{
    struct world *world = *state;
    struct person person = person_draft(world->client, "Li Wei"), before;
    act(world, member_of(world, world->project, R(PM)));
    assert_int_equal(add(world, &PEOPLE, &person), OK);
    get(world, &PEOPLE, person.id, &before);
    assert_int_equal(before.unit_id, world->project);
    struct person after = before;
    after.unit_id = 0;
    assert_int_equal(change(world, &PEOPLE, &before, &after), INVALID);
    assert_only_fault(world, "unit_id", "required", "");
    act(world, member_of(world, 0, R(PM))); /* who is in none has none to put anybody in */
    struct person other = person_draft(world->client, "Li Na");
    assert_int_equal(add(world, &PEOPLE, &other), INVALID);
    assert_only_fault(world, "unit_id", "required", "");
}

/* ---- by name, for imports ---- */

static void a_name_leads_to_its_record_or_to_none(void **state)
{
    struct world *world = *state;
    struct person person = person_draft(world->provider, "Li Wei");
    int64_t id;
    assert_int_equal(add(world, &PEOPLE, &person), OK);
    assert_int_equal(organisation_by_name(&world->test.cx, "Call centre", &id), OK);
    assert_int_equal(id, world->provider);
    assert_int_equal(organisation_by_name(&world->test.cx, "Nobody", &id), OK);
    assert_int_equal(id, 0);
    assert_int_equal(person_by_name(&world->test.cx, world->provider, "Li Wei", &id), OK);
    assert_int_equal(id, person.id);
    assert_int_equal(person_by_name(&world->test.cx, world->client, "Li Wei", &id), OK);
    assert_int_equal(id, 0);
    struct unit project;
    get(world, &UNITS, world->project, &project);
    assert_int_equal(unit_by_name(&world->test.cx, world->client, project.name, &id), OK);
    assert_int_equal(id, world->project);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_new_provider_is_a_candidate_and_everybody_else_is_approved),
        WORLD_TEST(two_organisations_have_neither_name_nor_credit_code_in_common),
        WORLD_TEST(an_organisation_keeps_its_name_when_something_else_changes),
        WORLD_TEST(a_provider_is_judged_with_a_reason),
        WORLD_TEST(only_providers_are_judged),
        WORLD_TEST(what_speaks_against_a_provider_is_its_state),
        WORLD_TEST(a_required_qualification_must_hold_on_the_day),
        WORLD_TEST(a_renewed_qualification_takes_over_from_its_first_day),
        WORLD_TEST(what_is_not_required_or_has_no_end_may_be_there_or_not),
        WORLD_TEST(a_qualification_does_not_end_before_it_begins),
        WORLD_TEST(a_provider_registers_its_own_qualifications_alone),
        WORLD_TEST(whether_its_qualification_holds_is_not_a_providers_to_say),
        WORLD_TEST(a_unit_lies_on_the_path_of_those_above_it),
        WORLD_TEST(a_unit_hangs_under_one_of_its_own_organisation),
        WORLD_TEST(units_of_an_organisation_differ_in_name),
        WORLD_TEST(the_same_person_is_registered_once_in_an_organisation),
        WORLD_TEST(a_person_may_be_changed_beside_the_identity_card),
        WORLD_TEST(identifiers_have_their_check_digits),
        WORLD_TEST(nobody_leaves_before_joining),
        WORLD_TEST(a_person_sits_in_a_unit_of_the_own_organisation),
        WORLD_TEST(a_provider_registers_people_of_its_own_alone),
        WORLD_TEST(where_somebody_with_an_account_works_is_the_administrators_to_say),
        WORLD_TEST(people_below_the_centres_stay_in_a_unit),
        WORLD_TEST(a_name_leads_to_its_record_or_to_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
