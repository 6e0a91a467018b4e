/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/letters/test_letters.h"
#include "app/scores/test_schemes.h"

#include <string.h>

/* ---- steps as somebody ---- */

enum step { CONSULT, RETRACT, REVISE };
struct deed {
    int64_t id, out;
    enum step step;
};

static enum result deed_run(struct ctx *cx, void *host)
{
    struct deed *deed = host;
    struct scheme scheme;
    TRY(record_get(cx, &SCHEMES, deed->id, &scheme));
    switch (deed->step) {
    case CONSULT:
        return scheme_consult(cx, &scheme, &deed->out);
    case RETRACT:
        return scheme_retract(cx, &scheme);
    default:
        return scheme_revise(cx, &scheme, &deed->out);
    }
}

static enum result deed_as(const struct story *story, int64_t id, enum step step, int64_t *out)
{
    struct deed deed = {.id = id, .step = step};
    act(story->world, story->provider);
    enum result result = attempt(story->world, deed_run, &deed);
    *out = deed.out;
    return result;
}

static struct scheme scheme_of(const struct story *story, int64_t id)
{
    struct scheme scheme;
    act(story->world, &ACTOR_SYSTEM);
    get(story->world, &SCHEMES, id, &scheme);
    return scheme;
}

static struct story calls_of(void **state)
{
    static const struct letter_type *const TYPES[] = {&LETTER_SCHEME_CONSENT, NULL};
    const struct story story = story_of(state);
    letters_use(TYPES);
    tamper(story.world, "UPDATE contracts SET service = 'outbound_call', state = 'active'");
    return story;
}

static int64_t consented(const struct story *story, int64_t id)
{
    int64_t letter;
    assert_int_equal(deed_as(story, id, CONSULT, &letter), OK);
    assert_int_equal(send_as(story, story->provider, letter), OK);
    assert_int_equal(step_as(story, story->division, letter, "approve", "Agreed"), OK);
    assert_int_equal(step_as(story, story->division, letter, "execute", ""), OK);
    return letter;
}

/* ---- C2.4 ---- */

static void C2_4_a_scheme_comes_into_force_by_the_clients_consent(void **state)
{
    const struct story story = calls_of(state);
    const int64_t id = a_scheme(story.world, story.contract);
    const int64_t letter = consented(&story, id);
    const struct scheme scheme = scheme_of(&story, id);
    assert_int_equal(scheme.state, SCHEME_IN_FORCE);
    assert_int_equal(scheme.letter_id, letter);
    struct scheme found;
    struct ctx *cx = &story.world->test.cx;
    const struct month first = scheme.from_month, before = {scheme.from_month.months - 1};
    assert_int_equal(scheme_for(cx, story.contract, SCHEME_AGENT, first, &found), OK);
    assert_int_equal(found.id, id);
    assert_int_equal(scheme_for(cx, story.contract, SCHEME_AGENT, before, &found), NOT_FOUND);
    assert_int_equal(scheme_for(cx, story.contract, SCHEME_MANAGER, first, &found), NOT_FOUND);
}

static void C2_4_the_scheme_that_begins_last_holds_whichever_was_written_first(void **state)
{
    const struct story story = calls_of(state);
    const int64_t later = a_scheme(story.world, story.contract),
                  earlier = a_scheme(story.world, story.contract);
    struct scheme found;
    tamper(story.world, "UPDATE schemes SET state = 'in_force', from_month = '2026-06'");
    tamper(story.world, arena_printf(story.world->test.arena,
                                     "UPDATE schemes SET from_month = '2026-02' WHERE id = %lld",
                                     (long long)earlier));
    assert_int_equal(scheme_for(&story.world->test.cx, story.contract, SCHEME_AGENT,
                                month_of(date_of(2026, 7, 1)), &found),
                     OK);
    assert_int_equal(found.id, later);
}

static void C2_4_without_consent_nothing_is_in_force(void **state)
{
    const struct story story = calls_of(state);
    const int64_t id = a_scheme(story.world, story.contract);
    int64_t letter, none;
    assert_int_equal(deed_as(&story, id, CONSULT, &letter), OK);
    assert_int_equal(send_as(&story, story.provider, letter), OK);
    assert_int_equal(deed_as(&story, id, RETRACT, &none), CONFLICT);
    assert_code(story.world, "scheme.asked");
    assert_int_equal(step_as(&story, story.division, letter, "refuse", "Too hard"), OK);
    assert_int_equal(scheme_of(&story, id).state, SCHEME_CONSULTING);
    assert_int_equal(deed_as(&story, id, RETRACT, &none), OK);
    assert_int_equal(scheme_of(&story, id).state, SCHEME_DRAFT);
    struct scheme found;
    assert_int_equal(scheme_for(&story.world->test.cx, story.contract, SCHEME_AGENT,
                                month_of(date_of(2026, 12, 1)), &found),
                     NOT_FOUND);
}

static void C2_4_what_consent_was_asked_for_does_not_change(void **state)
{
    const struct story story = calls_of(state);
    const int64_t id = a_scheme(story.world, story.contract);
    int64_t letter;
    assert_int_equal(deed_as(&story, id, CONSULT, &letter), OK);
    struct scheme before = scheme_of(&story, id), after = before;
    after.note = "Otherwise";
    act(story.world, story.provider);
    assert_int_equal(change(story.world, &SCHEMES, &before, &after), CONFLICT);
    assert_code(story.world, "scheme.wrong_state");
    assert_int_equal(send_as(&story, story.provider, letter), OK);
    tamper(story.world, "UPDATE schemes SET note = 'Otherwise'");
    assert_int_equal(step_as(&story, story.division, letter, "approve", "Agreed"), INVALID);
    assert_true(was_rejected(story.world, "lines.0.scheme_id", "scheme_changed"));
}

static void C2_4_a_scheme_says_all_it_must_before_consent_is_asked(void **state)
{
    static const struct {
        const char *spoilt, *field, *code;
    } CASES[] = {
        {"DELETE FROM documents WHERE subject = 'schemes'", "documents", "consultation_missing"},
        {"UPDATE schemes SET from_month = '2026-03'", "from_month", "month_begun"},
        {"UPDATE schemes SET indicators = ''", "indicators", "weights_sum"},
        {"UPDATE schemes SET grades = ''", "grades", "last_from_zero"},
        {"UPDATE schemes SET grades = "
         "'[{\"grade\":\"good\",\"from\":\"50.00\"},{\"grade\":\"excellent\",\"from\":\"0.00\"}]'",
         "grades.1.from", "not_falling"},
        {"UPDATE schemes SET indicators = replace(indicators, 'calls.success', 'calls.none')",
         "indicators.0.measure", "unknown_measure"},
        {"UPDATE schemes SET indicators = replace(indicators, 'quality', 'success')",
         "indicators.1.code", "twice"},
        {"UPDATE schemes SET indicators = replace(indicators, '\"zero\"', '\"\"')",
         "indicators.0.nothing", "required"},
        {"UPDATE schemes SET indicators = replace(indicators, '300.00', '0.00')",
         "indicators.0.target", "required"},
    };
    const struct story story = calls_of(state);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        int64_t letter;
        const int64_t id = a_scheme(story.world, story.contract);
        tamper(story.world, CASES[i].spoilt);
        assert_int_equal(deed_as(&story, id, CONSULT, &letter), INVALID);
        assert_true(was_rejected(story.world, CASES[i].field, CASES[i].code));
        tamper(story.world, "DELETE FROM documents WHERE subject = 'schemes'");
    }
}

static void C2_4_consent_never_works_backwards(void **state)
{
    const struct story story = calls_of(state);
    int64_t letter;
    const int64_t id = a_scheme(story.world, story.contract);
    assert_int_equal(deed_as(&story, id, CONSULT, &letter), OK);
    assert_int_equal(send_as(&story, story.provider, letter), OK);
    assert_int_equal(step_as(&story, story.division, letter, "approve", "Agreed"), OK);
    story.world->test.cx.now = instant_of(date_of(2026, 12, 1), 0, SHANGHAI_OFFSET_MIN);
    assert_int_equal(step_as(&story, story.division, letter, "execute", ""), INVALID);
    assert_true(was_rejected(story.world, "lines.0.from_month", "month_begun"));
    assert_int_equal(scheme_of(&story, id).state, SCHEME_CONSULTING);
}

static void C2_4_a_new_revision_ends_the_one_before(void **state)
{
    const struct story story = calls_of(state);
    const int64_t id = a_scheme(story.world, story.contract);
    int64_t next, none;
    assert_int_equal(deed_as(&story, id, REVISE, &none), CONFLICT);
    consented(&story, id);
    assert_int_equal(deed_as(&story, id, REVISE, &next), OK);
    assert_int_equal(scheme_of(&story, next).revision, 2);
    assert_int_equal(deed_as(&story, id, REVISE, &none), CONFLICT);
    tamper(story.world, arena_printf(story.world->test.arena,
                                     "UPDATE schemes SET from_month = '2027-02' WHERE id = %lld",
                                     (long long)next));
    tamper(story.world, arena_printf(story.world->test.arena,
                                     "UPDATE documents SET subject_id = %lld", (long long)next));
    consented(&story, next);
    const struct scheme former = scheme_of(&story, id);
    assert_int_equal(former.state, SCHEME_RETIRED);
    assert_int_equal(former.to_month.months, month_of(date_of(2027, 1, 1)).months);
    struct scheme found;
    struct ctx *cx = &story.world->test.cx;
    assert_int_equal(scheme_for(cx, story.contract, SCHEME_AGENT, former.to_month, &found), OK);
    assert_int_equal(found.id, id);
    assert_int_equal(scheme_for(cx, story.contract, SCHEME_AGENT,
                                (struct month){former.to_month.months + 1}, &found),
                     OK);
    assert_int_equal(found.id, next);
}

static void a_client_sees_what_it_is_asked_for_and_no_draft(void **state)
{
    const struct story story = calls_of(state);
    const int64_t id = a_scheme(story.world, story.contract);
    int64_t letter;
    struct scheme seen;
    act(story.world, story.division);
    assert_int_equal(record_get(&story.world->test.cx, &SCHEMES, id, &seen), NOT_FOUND);
    assert_int_equal(deed_as(&story, id, CONSULT, &letter), OK);
    act(story.world, story.division);
    assert_int_equal(record_get(&story.world->test.cx, &SCHEMES, id, &seen), OK);
}

/* ---- whom a scheme is about ---- */

static int64_t somebody(const struct story *story, const char *name, enum job job)
{
    struct person person = {.organisation_id = story->world->provider, .name = name, .job = job};
    fields_blank(PEOPLE.fields, &person);
    act(story->world, &ACTOR_SYSTEM);
    assert_int_equal(add(story->world, &PEOPLE, &person), OK);
    return person.id;
}

static void an_id(const struct story *story, int64_t person, const char *code, const char *state,
                  const char *to)
{
    tamper(story->world,
           arena_printf(story->world->test.arena,
                        "INSERT INTO agents (version, created_at, updated_at, contract_id, "
                        "person_id, code, permissions, state, \"from\", \"to\", search_key) VALUES "
                        "(1, 0, 0, %lld, %lld, '%s', '', '%s', '2026-01-01', '%s', '')",
                        (long long)story->contract, (long long)person, code, state, to));
}

static struct trial trial_of(const struct story *story, int64_t id, int month)
{
    struct trial trial;
    const struct scheme scheme = scheme_of(story, id);
    act(story->world, story->provider);
    assert_int_equal(
        scheme_trial(&story->world->test.cx, &scheme, month_of(date_of(2026, month, 1)), &trial),
        OK);
    return trial;
}

static void a_month_is_of_those_who_had_an_id_in_it(void **state)
{
    const struct story story = calls_of(state);
    const int64_t id = a_scheme(story.world, story.contract);
    an_id(&story, somebody(&story, "Works", JOB_AGENT), "1001", "active", "");
    an_id(&story, somebody(&story, "Left", JOB_AGENT), "1002", "disabled", "2026-02-10");
    assert_int_equal(trial_of(&story, id, 1).count, 2);
    const struct trial february = trial_of(&story, id, 2);
    assert_int_equal(february.count, 2);
    assert_int_equal(february.rows[0].days + february.rows[1].days, 28 + 10);
    const struct trial march = trial_of(&story, id, 3);
    assert_int_equal(march.count, 1);
    assert_string_equal(march.rows[0].name, "Works");
}

static void a_scheme_of_managers_is_of_managers(void **state)
{
    const struct story story = calls_of(state);
    const int64_t id = a_scheme(story.world, story.contract);
    tamper(story.world, "UPDATE schemes SET subject = 'manager'");
    an_id(&story, somebody(&story, "Agent", JOB_AGENT), "1001", "active", "");
    somebody(&story, "Duty", JOB_DUTY_MANAGER);
    somebody(&story, "Quality", JOB_QA);
    const struct trial trial = trial_of(&story, id, 3);
    assert_int_equal(trial.count, 2);
    assert_string_equal(trial.rows[0].name, "Duty");
    assert_string_equal(trial.rows[1].name, "Quality");
    assert_int_equal(trial.rows[0].rank, trial.rows[1].rank); /* nothing is known of either */
}

/* Of two contracts that have the month the first one's results are theirs. */
static void C2_4_a_manager_is_appraised_on_one_contract(void **state)
{
    const struct story story = calls_of(state);
    const int64_t first = a_scheme(story.world, story.contract);
    const int64_t other = a_contract(story.world, story.world->project, story.world->provider);
    tamper(story.world, "UPDATE contracts SET service = 'outbound_call', state = 'active'");
    const int64_t second = a_scheme(story.world, other);
    tamper(story.world, "UPDATE schemes SET subject = 'manager'");
    tamper(story.world,
           "INSERT INTO months (version, created_at, updated_at, contract_id, unit_id, "
           "provider_id, client_id, month, evidence_by, closed_at, computed_at, people, sha256, "
           "published_at, appeal_by, locked_at, reopen_asked_at, reopen_reason, state) SELECT 1, "
           "0, 0, id, unit_id, provider_id, client_id, '2026-03', 0, 0, 0, 0, '', 0, 0, 0, 0, '', "
           "'collecting' FROM contracts");
    somebody(&story, "Duty", JOB_DUTY_MANAGER);
    assert_int_equal(trial_of(&story, first, 3).count, 1);
    assert_int_equal(trial_of(&story, second, 3).count, 0);
    assert_int_equal(trial_of(&story, second, 2).count, 1); /* that month is nobody's yet */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(C2_4_a_scheme_comes_into_force_by_the_clients_consent),
        WORLD_TEST(C2_4_the_scheme_that_begins_last_holds_whichever_was_written_first),
        WORLD_TEST(C2_4_without_consent_nothing_is_in_force),
        WORLD_TEST(C2_4_what_consent_was_asked_for_does_not_change),
        WORLD_TEST(C2_4_a_scheme_says_all_it_must_before_consent_is_asked),
        WORLD_TEST(C2_4_consent_never_works_backwards),
        WORLD_TEST(C2_4_a_new_revision_ends_the_one_before),
        WORLD_TEST(a_client_sees_what_it_is_asked_for_and_no_draft),
        WORLD_TEST(a_month_is_of_those_who_had_an_id_in_it),
        WORLD_TEST(a_scheme_of_managers_is_of_managers),
        WORLD_TEST(C2_4_a_manager_is_appraised_on_one_contract),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
