/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/contracts/test_contracts.h"

/* ---- drafts ---- */

static void a_new_contract_is_an_unbriefed_draft_of_whoever_wrote_it(void **state)
{
    struct world *world = *state;
    struct contract contract = contract_draft(world), read;
    const struct actor *division = member_of(world, world->division, R(DIVISION));
    contract.client_id = 0;
    contract.state = CONTRACT_ACTIVE;
    contract.briefing = BRIEFING_DONE;
    act(world, division);
    assert_int_equal(add(world, &CONTRACTS, &contract), OK);
    read = contract_of(world, contract.id);
    assert_int_equal(read.state, CONTRACT_DRAFT);
    assert_int_equal(read.briefing, BRIEFING_MISSING);
    assert_int_equal(read.client_id, world->client);
    assert_string_equal(read.state_by, division->person_name);
    assert_int_equal(read.alert_days, 60);
}

/* One thing wrong with a draft at a time. */
struct flaw {
    const char *field, *code, *clause;
    void (*spoil)(struct world *world, struct contract *contract);
};

static void ends_early(struct world *world, struct contract *contract)
{
    contract->ends_on = date_add(contract->starts_on, -1);
}

static void number_again(struct world *world, struct contract *contract)
{
    contract->number = contract_of(world, 1).number;
}

static void negative_deposit(struct world *world, struct contract *contract)
{
    contract->deposit_fen.fen = -1;
}

static void net_above_gross(struct world *world, struct contract *contract)
{
    contract->net_amount_fen.fen = contract->amount_fen.fen + 1;
}

static void warranty_of_a_continuous_one(struct world *world, struct contract *contract)
{
    contract->warranty_months = 12;
}

static void client_as_provider(struct world *world, struct contract *contract)
{
    contract->provider_id = world->client;
}

static void provider_as_client(struct world *world, struct contract *contract)
{
    contract->client_id = world->provider;
    contract->unit_id = 0;
}

static void executor_of_the_provider(struct world *world, struct contract *contract)
{
    contract->executor_id = a_person(world, world->provider, 0);
}

static void contact_who_has_left(struct world *world, struct contract *contract)
{
    contract->contact_id = a_person(world, world->client, world->project);
    tamper(world, arena_printf(world->test.arena,
                               "UPDATE people SET left_on = '2026-03-01' WHERE id = %lld",
                               (long long)contract->contact_id));
}

static void blacklisted_provider(struct world *world, struct contract *contract)
{
    tamper(world, "UPDATE organisations SET state = 'blacklisted' WHERE side = 'provider'");
}

static void unit_of_another_company(struct world *world, struct contract *contract)
{
    struct unit unit = {.organisation_id = an_organisation(world, "Rival", SIDE_CLIENT),
                        .kind = UNIT_PROJECT};
    fields_blank(UNITS.fields, &unit);
    unit.name = "Theirs";
    assert_int_equal(add(world, &UNITS, &unit), OK);
    contract->unit_id = unit.id;
}

static void a_draft_says_what_is_wrong_with_it(void **state)
{
    static const struct flaw FLAWS[] = {
        {"ends_on", "ends_before_start", "", ends_early},
        {"number", "duplicate_number", "V5.1.1", number_again},
        {"deposit_fen", "negative", "", negative_deposit},
        {"net_amount_fen", "above_gross", "", net_above_gross},
        {"warranty_months", "one_off_only", "", warranty_of_a_continuous_one},
        {"provider_id", "wrong_side", "", client_as_provider},
        {"executor_id", "not_clients_person", "", executor_of_the_provider},
        {"contact_id", "not_clients_person", "", contact_who_has_left},
        {"unit_id", "not_clients_unit", "", unit_of_another_company},
        {"provider_id", "provider_unfit", "X5", blacklisted_provider},
    };
    struct world *world = *state;
    a_contract(world, world->project, world->provider);
    for (size_t i = 0; i < sizeof FLAWS / sizeof FLAWS[0]; i++) {
        struct contract contract = contract_draft(world);
        FLAWS[i].spoil(world, &contract);
        assert_int_equal(add(world, &CONTRACTS, &contract), INVALID);
        assert_only_fault(world, FLAWS[i].field, FLAWS[i].code, FLAWS[i].clause);
    }
    struct contract reversed = contract_draft(world);
    provider_as_client(world, &reversed);
    assert_int_equal(add(world, &CONTRACTS, &reversed), INVALID);
    assert_true(was_rejected(world, "client_id", "wrong_side"));
}

static void an_expiring_contract_says_so_while_it_is_open(void **state)
{
    static const struct {
        int days, alert_days;
        const char *state;
        enum expiry expiry;
    } CASES[] = {
        {-1, 60, "active", EXPIRY_PAST},      {0, 60, "active", EXPIRY_NEAR},
        {30, 60, "suspended", EXPIRY_NEAR},   {31, 60, "draft", EXPIRY_SOON},
        {60, 60, "active", EXPIRY_SOON},      {61, 60, "active", EXPIRY_FAR},
        {61, 90, "active", EXPIRY_SOON},      {10, 60, "ended", EXPIRY_NONE},
        {-10, 60, "terminated", EXPIRY_NONE},
    };
    struct world *world = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct contract contract = contract_draft(world);
        contract.ends_on = date_add(date_of(2026, 3, 2), CASES[i].days);
        contract.alert_days = CASES[i].alert_days;
        assert_int_equal(add(world, &CONTRACTS, &contract), OK);
        tamper(world,
               arena_printf(world->test.arena, "UPDATE contracts SET state = '%s' WHERE id = %lld",
                            CASES[i].state, (long long)contract.id));
        contract = contract_of(world, contract.id);
        assert_int_equal(contract.expiry, CASES[i].expiry);
        if (CASES[i].expiry != EXPIRY_NONE)
            assert_int_equal(contract.days_left, CASES[i].days);
    }
}

/* ---- amendments ---- */

static void what_was_agreed_changes_only_by_amendment_once_it_is_in_force(void **state)
{
    static const char *const FREE[] = {"executor_id",          "contact_id", "provider_contact",
                                       "provider_phone",       "alert_days", "remark",
                                       "letters_countersigned"};
    struct world *world = *state;
    struct contract other = contract_draft(world);
    other.number = "other";
    other.name = "other";
    other.kind = CONTRACT_ONE_OFF;
    other.unit_id = world->division;
    other.signed_on = date_of(2026, 2, 2);
    other.starts_on = date_of(2026, 2, 2);
    other.ends_on = date_of(2026, 2, 2);
    other.amount_fen.fen = other.net_amount_fen.fen = other.monthly_fee_fen.fen = 5;
    other.deposit_fen.fen = 5;
    other.payment_terms = other.assessment_clause = other.served_party_clause = "other";
    other.warranty_months = 6;
    other.retention_share.hundredths = 500;
    other.alert_days = 7;
    other.letters_countersigned = true;
    other.remark = other.provider_contact = "other";
    other.provider_phone.plain = "13812345678";
    other.executor_id = a_person(world, world->client, world->project);
    other.contact_id = a_person(world, world->client, world->project);
    for (const struct field *field = CONTRACTS.fields; field->name; field++) {
        if (field->in == NEVER || (field->use & FIXED) ||
            strcmp(field->name, "no_subcontracting") == 0) /* the next test's */
            continue;
        const struct contract before = contract_of(world, an_active_contract(world));
        struct contract after = before;
        bool is_free = false;
        field_copy(field, &after, &other);
        if (field_equal(field, &before, &after))
            fail_msg("%s: this test does not change it", field->name);
        for (size_t i = 0; i < sizeof FREE / sizeof FREE[0]; i++)
            is_free = is_free || strcmp(FREE[i], field->name) == 0;
        assert_int_equal(change(world, &CONTRACTS, &before, &after), is_free ? OK : INVALID);
        assert_int_equal(was_rejected(world, field->name, "needs_amendment"), !is_free);
    }
}

static void a_closed_contract_does_not_change_at_all(void **state)
{
    struct world *world = *state;
    int64_t id = an_active_contract(world);
    assert_int_equal(step(world, id, "terminate", "because"), OK);
    const struct contract before = contract_of(world, id);
    struct contract after = before;
    after.remark = "too late";
    assert_int_equal(change(world, &CONTRACTS, &before, &after), INVALID);
    assert_only_fault(world, "remark", "closed", "");
    struct term term = term_draft(id, "2");
    assert_int_equal(add(world, &TERMS, &term), INVALID);
    assert_only_fault(world, "contract_id", "closed", "");
}

struct amending {
    const struct contract *before;
    struct contract *after;
    struct date amended_on;
    const char *reason;
};

static enum result amend_run(struct ctx *cx, void *host)
{
    const struct amending *amending = host;
    return contract_amend(cx, amending->before, amending->after, amending->amended_on,
                          amending->reason);
}

static enum result amend(struct world *world, const struct contract *before, int64_t amount,
                         const char *reason)
{
    struct contract after = *before;
    struct amending amending = {before, &after, date_of(2026, 3, 2), reason};
    after.amount_fen.fen = amount;
    return attempt(world, amend_run, &amending);
}

static void what_activation_asked_for_is_not_taken_away_in_force(void **state)
{
    static const struct {
        const char *field, *clause;
    } NEEDED[] = {{"executor_id", "V5.1.1"},
                  {"no_subcontracting", "V5.1.4"},
                  {"served_party_clause", "V5.1.5"},
                  {"contact_id", "C2.7"}};
    static const char *const STATES[] = {"active", "suspended"};
    struct world *world = *state;
    const int64_t id = an_active_contract(world);
    for (size_t s = 0; s < sizeof STATES / sizeof STATES[0]; s++) {
        tamper(world,
               arena_printf(world->test.arena, "UPDATE contracts SET state = '%s'", STATES[s]));
        const struct contract before = contract_of(world, id);
        for (size_t i = 0; i < sizeof NEEDED / sizeof NEEDED[0]; i++) {
            struct contract after = before;
            struct amending amending = {&before, &after, date_of(2026, 3, 2), "Agreed"};
            field_clear(field_find(CONTRACTS.fields, NEEDED[i].field, strlen(NEEDED[i].field)),
                        &after);
            assert_int_equal(attempt(world, amend_run, &amending), INVALID);
            assert_only_fault(world, NEEDED[i].field, "needed_in_force", NEEDED[i].clause);
        }
        struct contract blank = before;
        struct amending amending = {&before, &blank, date_of(2026, 3, 2), "Agreed"};
        blank.served_party_clause = " \u3000 ";
        assert_int_equal(attempt(world, amend_run, &amending), INVALID);
        assert_only_fault(world, "served_party_clause", "needed_in_force", "V5.1.5");
    }
}

static struct amendment amendment_of(struct world *world, size_t index, size_t expected)
{
    const struct list_query query = {.limit = 10, .sort = "id"};
    struct list list;
    assert_int_equal(record_list(&world->test.cx, &AMENDMENTS, &query, &list), OK);
    assert_int_equal(list.count, expected);
    return ((struct amendment *)list.rows)[index];
}

static void an_amendment_keeps_the_old_values_and_asks_for_a_new_briefing(void **state)
{
    struct world *world = *state;
    struct contract before = contract_of(world, an_active_contract(world));
    assert_int_equal(amend(world, &before, 13000000, "One more at night"), OK);
    before = contract_of(world, before.id);
    assert_int_equal(before.amount_fen.fen, 13000000);
    assert_int_equal(before.briefing, BRIEFING_SUPERSEDED);
    assert_int_equal(before.state, CONTRACT_ACTIVE);
    assert_int_equal(amend(world, &before, 14000000, "And another one"), OK);
    const struct amendment first = amendment_of(world, 0, 2), second = amendment_of(world, 1, 2);
    assert_int_equal(first.number, 1);
    assert_int_equal(second.number, 2);
    assert_string_equal(first.reason, "One more at night");
    assert_string_equal(first.changes, "[{\"field\":\"amount_fen\",\"before\":\"12000000\","
                                       "\"after\":\"13000000\"}]");
}

static void a_term_changes_in_force_by_an_amendment_alone(void **state)
{
    struct world *world = *state;
    const int64_t id = an_active_contract(world);
    struct term term = term_draft(id, "8");
    assert_int_equal(add(world, &TERMS, &term), INVALID);
    assert_true(was_rejected(world, "amended_on", "needs_amendment"));
    assert_true(was_rejected(world, "basis", "needs_amendment"));
    term = term_draft(id, "8");
    term.amended_on = date_of(2026, 3, 1);
    term.basis = "Supplement 1: grounds as well";
    assert_int_equal(add(world, &TERMS, &term), OK);
    const struct amendment amendment = amendment_of(world, 0, 1);
    assert_int_equal(amendment.signed_on.days, term.amended_on.days);
    assert_string_equal(amendment.reason, term.basis);
    assert_string_equal(amendment.changes, "[{\"field\":\"term\",\"before\":\"\","
                                           "\"after\":\"8 Garage and grounds, every night.\"}]");
    assert_int_equal(contract_of(world, id).briefing, BRIEFING_SUPERSEDED);
}

static void an_amendment_has_a_reason_a_day_and_a_difference(void **state)
{
    struct world *world = *state;
    const struct contract before = contract_of(world, an_active_contract(world));
    assert_int_equal(amend(world, &before, 13000000, ""), INVALID);
    assert_only_fault(world, "reason", "required", "");
    assert_int_equal(amend(world, &before, before.amount_fen.fen, "Nothing"), INVALID);
    assert_code(world, "contract.nothing_amended");
    struct contract after = before;
    struct amending undated = {&before, &after, {0}, "Undated"};
    after.amount_fen.fen = 1;
    assert_int_equal(attempt(world, amend_run, &undated), INVALID);
    assert_only_fault(world, "amended_on", "required", "");
    assert_int_equal(contract_of(world, before.id).version, before.version);
}

static void a_refused_amendment_leaves_the_contract_as_it_was(void **state)
{
    struct world *world = *state;
    const struct contract before = contract_of(world, an_active_contract(world));
    assert_int_equal(amend(world, &before, -1, "Below nothing"), INVALID);
    assert_true(was_rejected(world, "amount_fen", "negative"));
    assert_int_equal(contract_of(world, before.id).amount_fen.fen, before.amount_fen.fen);
}

static void only_a_contract_in_force_is_amended(void **state)
{
    static const char *const STATES[] = {"draft", "ended", "terminated"};
    struct world *world = *state;
    for (size_t i = 0; i < sizeof STATES / sizeof STATES[0]; i++) {
        int64_t id = a_contract(world, world->project, world->provider);
        tamper(world,
               arena_printf(world->test.arena, "UPDATE contracts SET state = '%s' WHERE id = %lld",
                            STATES[i], (long long)id));
        const struct contract before = contract_of(world, id);
        assert_int_equal(amend(world, &before, 1, "because"), CONFLICT);
        assert_code(world, "contract.not_amendable");
    }
}

static void another_executor_has_to_be_briefed(void **state)
{
    struct world *world = *state;
    const struct contract before = contract_of(world, an_active_contract(world));
    struct contract after = before;
    after.executor_id = a_person(world, world->client, world->project);
    assert_int_equal(change(world, &CONTRACTS, &before, &after), OK);
    assert_int_equal(contract_of(world, before.id).briefing, BRIEFING_SUPERSEDED);
}

static void an_executor_named_before_any_briefing_supersedes_nothing(void **state)
{
    struct world *world = *state;
    const struct contract before =
        contract_of(world, a_contract(world, world->project, world->provider));
    struct contract after = before;
    after.executor_id = a_person(world, world->client, world->project);
    assert_int_equal(change(world, &CONTRACTS, &before, &after), OK);
    assert_int_equal(contract_of(world, before.id).briefing, BRIEFING_MISSING);
}

static void a_new_term_has_to_be_explained(void **state)
{
    struct world *world = *state;
    int64_t id = an_active_contract(world);
    a_term(world, id, "2");
    assert_int_equal(contract_of(world, id).briefing, BRIEFING_SUPERSEDED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_new_contract_is_an_unbriefed_draft_of_whoever_wrote_it),
        WORLD_TEST(a_draft_says_what_is_wrong_with_it),
        WORLD_TEST(an_expiring_contract_says_so_while_it_is_open),
        WORLD_TEST(what_was_agreed_changes_only_by_amendment_once_it_is_in_force),
        WORLD_TEST(what_activation_asked_for_is_not_taken_away_in_force),
        WORLD_TEST(a_closed_contract_does_not_change_at_all),
        WORLD_TEST(an_amendment_keeps_the_old_values_and_asks_for_a_new_briefing),
        WORLD_TEST(a_term_changes_in_force_by_an_amendment_alone),
        WORLD_TEST(an_amendment_has_a_reason_a_day_and_a_difference),
        WORLD_TEST(a_refused_amendment_leaves_the_contract_as_it_was),
        WORLD_TEST(only_a_contract_in_force_is_amended),
        WORLD_TEST(another_executor_has_to_be_briefed),
        WORLD_TEST(an_executor_named_before_any_briefing_supersedes_nothing),
        WORLD_TEST(a_new_term_has_to_be_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
